"""What holds benefits back, and the step that would help a stakeholder most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.benefits.realised import enabler_strengths, implied_weights
from mcanalysis.compare import TOP, Evidence, check_known, levels_of
from mcanalysis.model import Study


def held_back_by(study: Study, evidence: Evidence, system: str) -> pd.DataFrame:
    """Find what holds each benefit of a system back most.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system : str

    Returns
    -------
    DataFrame
        benefit_id, dimension_id, level, missing (strength times the share of the levels not
        reached): per benefit the dimension with the largest, two at most when equal; none where
        nothing is missing or known. In the order of the study.

    Raises
    ------
    MethodError
        If there is no evidence on the system.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> found = held_back_by(study, newest_evidence(study), "DE").set_index("benefit_id")
    >>> found.loc["l-stackable-degree", "dimension_id"].to_list()
    ['qualifications-framework', 'credits-stackability']
    """
    level = levels_of(evidence, system)
    missing = enabler_strengths(study) * (TOP - level) / TOP
    links = missing.reset_index().melt("benefit_id", var_name="dimension_id", value_name="missing")
    links["level"] = links["dimension_id"].map(level)
    links = links[links["missing"] > 0]
    most = links.groupby("benefit_id")["missing"].transform("max")
    top = links[np.isclose(links["missing"], most)].groupby("benefit_id").head(2)
    place = top["benefit_id"].map({b: i for i, b in enumerate(missing.index)})
    top = top.loc[place.sort_values(kind="stable").index]
    return top[["benefit_id", "dimension_id", "level", "missing"]].reset_index(drop=True)


@dataclass(frozen=True)
class Prospects:
    """What next steps are read from.

    Attributes
    ----------
    gains : dict
        stakeholder_id -> gain and shortfall of each system and dimension, see `next_steps`; NaN
        where no step is known.
    first, last : DataFrame
        Systems by dimensions: the oldest and the newest comparable level.
    firm : DataFrame
        The levels that count, NaN also for those on low confidence.
    """

    gains: Mapping[str, tuple[pd.DataFrame, pd.DataFrame]]
    first: pd.DataFrame
    last: pd.DataFrame
    firm: pd.DataFrame


def prospects(study: Study, evidence: Evidence, *stakeholders: str) -> Prospects:
    """Work out what the next steps of all systems are read from, for some stakeholders."""
    gains = {who: _gains(study, evidence, who) for who in stakeholders}
    firm = evidence.levels.mask(evidence.low)
    return Prospects(gains, *_first_and_last(study, evidence), firm)


def _gains(study: Study, evidence: Evidence, stakeholder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return gain and shortfall, rounded: equal but for the order of adding is equal."""
    weights = implied_weights(study, stakeholder)
    levels = evidence.levels[list(weights.index)]
    gain = (levels < TOP).mul(weights / TOP).where(levels < TOP)
    shortfall = (TOP - levels).mul(weights / TOP).where(levels < TOP)
    return gain.round(12), shortfall.round(12)


def next_steps(
    study: Study,
    evidence: Evidence,
    system: str,
    stakeholder: str,
    known: Prospects | None = None,
) -> pd.DataFrame:
    """List what one level more would bring a stakeholder, dimension by dimension.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system, stakeholder : str
    known : Prospects, optional
        From `prospects`, for that stakeholder too, where it is there already.

    Returns
    -------
    DataFrame
        One row per enabling dimension with evidence below level 3, most helpful first (by gain,
        shortfall, order of the study): level; gain, what one level more adds to the share realised
        of the stakeholder's benefits, on average and once all enablers are known: implied weight
        / 3; shortfall, implied weight times the share of the levels not reached; criterion, the
        manual's words for the next level; took, other systems whose comparable rows moved from at
        most this level to the next or beyond; reached, systems that stand there on more than low
        confidence (both `;` lists in the order of the study).

    Raises
    ------
    MethodError
        If there is no evidence on the system, or no benefit for the stakeholder.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> steps = next_steps(study, newest_evidence(study), "DE", "learners")
    >>> steps.index[0], steps["shortfall"].iloc[:1].round(3).to_list()
    ('recognition', [0.094])
    """
    level = levels_of(evidence, system)
    known = known or prospects(study, evidence, stakeholder)
    gain, shortfall = known.gains[stakeholder]
    table = pd.DataFrame(
        {"level": level, "gain": gain.loc[system], "shortfall": shortfall.loc[system]}
    )
    table = table.reindex(gain.columns).dropna().astype({"level": int})
    table = table.sort_values(["gain", "shortfall"], ascending=False, kind="stable")
    manual = study.dimensions.set_index("dimension_id")
    at = table["level"].to_numpy()
    first, last, firm = (f[table.index].to_numpy() for f in (known.first, known.last, known.firm))
    moved, there = (first <= at) & (last > at), firm > at
    systems = known.firm.index
    return table.assign(
        criterion=[str(manual.at[d, f"level_{n + 1}"]) for d, n in table["level"].items()],
        took=[";".join(systems[some]) for some in moved.T],
        reached=[";".join(systems[some]) for some in there.T],
    )


def _first_and_last(study: Study, evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return systems by dimensions: the oldest and the newest comparable level, NaN for none."""
    rows = study.indicators
    rows = rows[(rows["comparable"] == "yes") & (rows["year"] <= evidence.as_of)]
    rows = rows.sort_values("year", kind="stable").astype({"level": float})
    key = ["system_id", "dimension_id"]
    first, last = (
        rows.drop_duplicates(key, keep=which)
        .pivot(index="system_id", columns="dimension_id", values="level")
        .reindex_like(evidence.levels)
        for which in ("first", "last")
    )
    return first, last


def leading_steps(study: Study, evidence: Evidence, systems: Sequence[str]) -> pd.DataFrame:
    """Return the most helpful step of each system and stakeholder with benefits.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    systems : sequence of str

    Returns
    -------
    DataFrame
        system_id, stakeholder_id, dimension_id, gain: the first row of `next_steps` for each; no
        row where no step is left.

    Raises
    ------
    MethodError
        If there is no evidence on one of the systems.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> steps = leading_steps(study, evidence, ranked_systems(evidence))
    >>> learners = steps[steps["stakeholder_id"] == "learners"]
    >>> int((learners["dimension_id"] == "recognition").sum())
    16
    """
    check_known("system with evidence", systems, evidence.levels.index)
    gaining = set(study.benefits["stakeholder_id"])
    found = []
    for who in (s for s in study.stakeholders["stakeholder_id"] if s in gaining):
        gain, shortfall = (x.loc[list(systems)] for x in _gains(study, evidence, who))
        gain, shortfall = gain.dropna(how="all"), shortfall.dropna(how="all")
        best = gain.max(axis=1)
        lead = shortfall.where(gain.eq(best, axis=0)).idxmax(axis=1)
        found.append(pd.DataFrame({"stakeholder_id": who, "dimension_id": lead, "gain": best}))
    if not found:
        return pd.DataFrame(columns=["system_id", "stakeholder_id", "dimension_id", "gain"])
    table = pd.concat(found).rename_axis("system_id").reset_index()
    order = table["system_id"].map({s: i for i, s in enumerate(systems)})
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
