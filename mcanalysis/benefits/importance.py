"""Importance of benefits, as a panel sees it, against how far a system realises them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.compare import check_known
from mcanalysis.errors import MethodError, nearest
from mcanalysis.model import Study
from mcanalysis.weights import PanelWeights, weigh_panel

CROSSHAIRS = ("means", "medians")
"""Where the quadrants may meet: at the grand means or at the medians."""


def importance_performance(
    importance: pd.Series, performance: pd.Series, crosshair: str = "means"
) -> tuple[pd.Series, float, float]:
    """Sort attributes into the four quadrants of importance-performance analysis.

    Parameters
    ----------
    importance, performance : Series, same index
        On any scale. Attributes without a performance (NaN) get no quadrant.
    crosshair : str
        "means" or "medians", of the attributes that have both.

    Returns
    -------
    quadrant : Series
        "concentrate here" (important, performance low), "keep up the good work" (both high), "low
        priority" (both low) or "possible overkill" (performance high, not important); missing
        without a performance. What lies on the crosshair counts as high.
    importance_at, performance_at : float
        Where the quadrants meet; NaN where no attribute has both.

    Raises
    ------
    MethodError
        For another crosshair, other attributes in the one than in the other, or a missing
        importance.

    References
    ----------
    Martilla, J. A. & James, J. C. (1977), *Importance-performance analysis*. Journal of Marketing
    41(1), 77-79.

    Examples
    --------
    >>> importance = pd.Series({"price": 3.0, "speed": 1.0})
    >>> quadrant, *_ = importance_performance(importance, pd.Series({"price": 1.0, "speed": 4.0}))
    >>> quadrant.to_dict()
    {'price': 'concentrate here', 'speed': 'possible overkill'}
    """
    if crosshair not in CROSSHAIRS:
        raise MethodError(
            f'crosshair: "{crosshair}" is not known.{nearest(crosshair, CROSSHAIRS)} '
            f"Use {' or '.join(CROSSHAIRS)}."
        )
    if list(importance.index) != list(performance.index) or importance.isna().any():
        raise MethodError(
            "importance and performance: they do not speak of the same attributes in the same "
            "order, or an importance is missing. Give both for each attribute."
        )
    both = performance.notna()
    # Rounded where floating point ends, so that what is equal to the mean lies on it.
    x, y = importance.astype(float).round(12), performance.astype(float).round(12)
    middle = np.mean if crosshair == "means" else np.median
    if not both.any():
        return pd.Series(np.nan, index=x.index, dtype=object), np.nan, np.nan
    at_x, at_y = (round(float(middle(v[both].to_numpy())), 12) for v in (x, y))
    words = np.where(
        x >= at_x,
        np.where(y >= at_y, "keep up the good work", "concentrate here"),
        np.where(y >= at_y, "possible overkill", "low priority"),
    )
    return pd.Series(words, index=x.index, dtype=object).where(both), at_x, at_y


@dataclass(frozen=True)
class BenefitImportance:
    """Importance of a stakeholder's benefits against their realisation in a system.

    Attributes
    ----------
    stakeholder, system : str
    table : DataFrame, index benefit_id
        importance (sums to 1); realised, lower, upper, coverage, see `realise_benefits`; quadrant,
        missing where nothing is known; sure, whether every way to fill the gaps leaves the benefit
        on its side of the crosshair, the crosshair staying where it is. In the order of the study.
    crosshair : str
        "means" or "medians".
    importance_at, realised_at : float
        Where the quadrants meet.
    groups : DataFrame, index benefit_id, columns stakeholder_id
        Importance to each group of judges; no columns where fewer than two groups answered.
    weights : PanelWeights
        How the importance came about: judges, consistency, consensus, splits.
    """

    stakeholder: str
    system: str
    table: pd.DataFrame
    crosshair: str
    importance_at: float
    realised_at: float
    groups: pd.DataFrame
    weights: PanelWeights


def importance_against_realisation(
    study: Study,
    benefits: pd.DataFrame,
    panel: pd.DataFrame,
    stakeholder: str,
    system: str,
    crosshair: str = "means",
    judge_weights: Mapping[str, float] | None = None,
) -> BenefitImportance:
    """Set what matters to a stakeholder against what a system brings about.

    Parameters
    ----------
    study : Study
    benefits : DataFrame
        From `realise_benefits`.
    panel : DataFrame
        Columns of the table ``panels``; the rows whose topic is the stakeholder judge its benefits,
        by any kind of question.
    stakeholder, system : str
    crosshair : str
        "means" or "medians", of the benefits with a realised share.
    judge_weights : mapping of judge_id to number, optional
        See `weigh_panel`.

    Returns
    -------
    BenefitImportance

    Raises
    ------
    MethodError
        If the stakeholder has no benefits, there is no evidence on the system, or `weigh_panel`
        refuses the judgements.

    References
    ----------
    Martilla, J. A. & James, J. C. (1977), *Importance-performance analysis*. Journal of Marketing
    41(1), 77-79.

    Examples
    --------
    >>> from mcanalysis.benefits.realised import realise_benefits
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> items = study.benefits.query("stakeholder_id == 'employers'")["benefit_id"]
    >>> panel = pd.DataFrame({"left": items, "value": [4.0, 3.0, 2.0, 1.0]}).assign(
    ...     judge_id="j1", topic="employers", kind="rating", right=None
    ... )
    >>> benefits = realise_benefits(study, newest_evidence(study))
    >>> found = importance_against_realisation(study, benefits, panel, "employers", "DE")
    >>> found.table["quadrant"].to_list()[:3]
    ['keep up the good work', 'concentrate here', 'low priority']
    >>> found.table["sure"].to_list()
    [True, False, False, True]
    """
    check_known(
        "stakeholder with benefits", [stakeholder], study.benefits["stakeholder_id"].unique()
    )
    check_known("system with evidence", [system], benefits["system_id"].unique())
    own = study.benefits.loc[study.benefits["stakeholder_id"] == stakeholder, "benefit_id"]
    weights = weigh_panel(panel, stakeholder, own.to_list(), judge_weights=judge_weights)
    here = benefits[benefits["system_id"] == system].set_index("benefit_id")
    table = here.loc[own, ["realised", "lower", "upper", "coverage"]]
    table.insert(0, "importance", weights.weights.to_numpy())
    table["quadrant"], at_x, at_y = importance_performance(
        table["importance"], table["realised"], crosshair
    )
    above, below = table["lower"].round(12) >= at_y, table["upper"].round(12) < at_y
    table["sure"] = table["realised"].notna() & (above | below)
    groups = weights.groups.rename_axis("benefit_id")
    return BenefitImportance(
        stakeholder,
        system,
        table,
        crosshair,
        at_x,
        at_y,
        groups if len(groups.columns) > 1 else groups[[]],
        weights,
    )
