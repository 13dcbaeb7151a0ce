"""How far the benefits of each stakeholder are realised."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.compare import TOP, Evidence, bounds, check_known
from mcanalysis.errors import MethodError
from mcanalysis.model import Study

Floats = npt.NDArray[np.float64]


def enabler_strengths(study: Study) -> pd.DataFrame:
    """Return the strength of each link: benefits by dimensions, 1 to 3, 0 where there is none.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> enabler_strengths(read_study("data")).shape
    (19, 11)
    """
    wide = study.benefit_enablers.pivot(
        index="benefit_id", columns="dimension_id", values="strength"
    )
    wide = wide.reindex(
        index=study.benefits["benefit_id"], columns=study.dimensions["dimension_id"]
    )
    return wide.astype(float).fillna(0.0)


def realised_shares(levels: Floats, strengths: Floats) -> Floats:
    """Return the strength-weighted mean of level / 3 over the enablers with evidence.

    Parameters
    ----------
    levels : array, shape (n_systems, n_dimensions)
        0 to 3; NaN is a gap.
    strengths : array, shape (n_benefits, n_dimensions)
        0 where the benefit does not depend on the dimension.

    Returns
    -------
    array, shape (n_systems, n_benefits)
        In [0, 1]; NaN where no enabler has evidence.

    Examples
    --------
    >>> realised_shares(np.array([[3.0, 0.0, np.nan]]), np.array([[2.0, 1.0, 3.0]])).round(3)
    array([[0.667]])
    """
    known = ~np.isnan(levels) @ strengths.T
    reached = np.nan_to_num(levels) / TOP @ strengths.T
    return np.asarray(np.divide(reached, known, out=np.full(known.shape, np.nan), where=known > 0))


def realise_benefits(study: Study, evidence: Evidence) -> pd.DataFrame:
    """Tell how far each benefit is realised in each system through its enablers.

    Parameters
    ----------
    study : Study
    evidence : Evidence

    Returns
    -------
    DataFrame
        One row per system and benefit: system_id, benefit_id, stakeholder_id; realised, the
        strength-weighted mean of level / 3 over the enablers with evidence, in [0, 1], NaN where
        none has any; lower and upper, over every way to fill the gaps and every low-confidence
        level one lower or higher; coverage, the share of strength with evidence. A benefit
        without enablers has no value, may lie anywhere and has coverage 0.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> len(realise_benefits(study, newest_evidence(study))) == 52 * 19
    True
    """
    strength = enabler_strengths(study)
    links = strength.to_numpy()
    low, high = bounds(evidence)
    systems, benefits = evidence.levels.index, strength.index
    total = links.sum(axis=1)
    known = evidence.levels.notna().to_numpy() @ links.T
    return pd.DataFrame(
        {
            "system_id": systems.repeat(len(benefits)),
            "benefit_id": np.tile(benefits, len(systems)),
            "stakeholder_id": np.tile(study.benefits["stakeholder_id"], len(systems)),
            "realised": realised_shares(evidence.levels.to_numpy(), links).ravel(),
            "lower": np.nan_to_num(realised_shares(low.to_numpy(), links), nan=0.0).ravel(),
            "upper": np.nan_to_num(realised_shares(high.to_numpy(), links), nan=1.0).ravel(),
            "coverage": (known / np.maximum(total, 1)).ravel(),
        }
    )


def benefits_by_stakeholder(study: Study, benefits: pd.DataFrame) -> pd.DataFrame:
    """Average the benefits of each stakeholder in each system.

    Parameters
    ----------
    study : Study
    benefits : DataFrame
        From `realise_benefits`.

    Returns
    -------
    DataFrame
        One row per system and stakeholder with benefits, in the order of the study: system_id,
        stakeholder_id, realised (mean over the benefits that have a value; NaN where none has),
        lower, upper, coverage (means over all its benefits). Where some benefits have no value the
        three speak of more benefits than `realised`.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> table = benefits_by_stakeholder(study, realise_benefits(study, newest_evidence(study)))
    >>> table.loc[table["system_id"] == "DE", "realised"].round(3).to_list()
    [0.375, 0.451, 0.365]
    """
    means = benefits.groupby(["system_id", "stakeholder_id"])[
        ["realised", "lower", "upper", "coverage"]
    ].mean()
    gaining = [
        s for s in study.stakeholders["stakeholder_id"] if s in set(benefits["stakeholder_id"])
    ]
    order = pd.MultiIndex.from_product(
        [benefits["system_id"].unique(), gaining], names=means.index.names
    )
    return means.reindex(order).reset_index()


def implied_weights(study: Study, stakeholder: str) -> pd.Series:
    """Return the weights that the benefits of a stakeholder imply for the dimensions.

    Parameters
    ----------
    study : Study
    stakeholder : str

    Returns
    -------
    Series
        dimension_id -> mean over the benefits of its share of the benefit's strength; together 1.
        Dimensions that enable nothing and benefits without enablers are left out.

    Raises
    ------
    MethodError
        If no benefit with enablers is the stakeholder's.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> weights = implied_weights(read_study("data"), "learners")
    >>> weights.idxmax(), round(float(weights.max()), 3)
    ('recognition', 0.141)
    """
    check_known(
        "stakeholder with benefits", [stakeholder], study.benefits["stakeholder_id"].unique()
    )
    strength = enabler_strengths(study)[study.benefits["stakeholder_id"].eq(stakeholder).to_numpy()]
    strength = strength[strength.sum(axis=1) > 0]
    if strength.empty:
        raise MethodError(
            f'No benefit of "{stakeholder}" has an enabler. Add rows to benefit_enablers.csv.'
        )
    weights = pd.Series(strength.div(strength.sum(axis=1), axis=0).mean())
    return weights[weights > 0]
