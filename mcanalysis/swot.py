"""SWOT of a system: the board, pairs of inside and outside factors, what the indicators suggest."""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd

from mcanalysis.compare import Evidence, check_known, peer_range
from mcanalysis.frames import each_row
from mcanalysis.model import CONFIDENCES, QUADRANTS, Study

GROUPS = {
    "use": ("strength", "opportunity"),
    "mend": ("weakness", "opportunity"),
    "guard": ("strength", "threat"),
    "retreat": ("weakness", "threat"),
}
"""The four groups of pairs: SO, WO, ST and WT strategies of Weihrich."""
SHOWN = 2
"""Pairs shown per group."""


def swot_matrix(study: Study, system: str) -> dict[str, pd.DataFrame]:
    """Return the factors of a system by quadrant.

    Parameters
    ----------
    study : Study
    system : str

    Returns
    -------
    dict of str to DataFrame
        strength, weakness, opportunity, threat -> rows of ``swot_factors.csv`` in the order of the
        dimensions; empty where nothing is coded.

    Raises
    ------
    MethodError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> {q: len(f) for q, f in swot_matrix(read_study("data"), "DE").items()}
    {'strength': 9, 'weakness': 8, 'opportunity': 9, 'threat': 5}
    """
    check_known("system", [system], study.systems["system_id"])
    place = {d: i for i, d in enumerate(study.dimensions["dimension_id"])}
    mine = study.swot_factors[study.swot_factors["system_id"] == system]
    mine = mine.loc[mine["dimension_id"].map(place).sort_values(kind="stable").index]
    return {q: mine[mine["quadrant"] == q].reset_index(drop=True) for q in QUADRANTS}


def _named(value: Any) -> frozenset[str]:
    """Return the parts of a `;` list; none for a missing one."""
    return frozenset() if pd.isna(value) else frozenset(s.strip() for s in str(value).split(";"))


def shared_benefits(study: Study) -> dict[tuple[str, str], dict[str, dict[str, float]]]:
    """Return which benefits two dimensions enable both, and how strongly.

    Returns
    -------
    dict
        (dimension, dimension) -> stakeholder_id -> benefit_id -> the smaller of the two strengths.
    """
    links = study.benefit_enablers[["benefit_id", "dimension_id", "strength"]]
    links = links.merge(study.benefits[["benefit_id", "stakeholder_id"]], on="benefit_id")
    both = links.merge(links, on=["benefit_id", "stakeholder_id"], suffixes=("", "_b"))
    found: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for r in each_row(both):
        by = found.setdefault((r.dimension_id, r.dimension_id_b), {})
        by.setdefault(r.stakeholder_id, {})[r.benefit_id] = float(min(r.strength, r.strength_b))
    return found


def tows_pairs(study: Study, system: str) -> pd.DataFrame:
    """Pair the inside factors of a system with the outside factors that belong to them.

    Two factors are related when they lie on the same dimension, else when their dimensions enable
    the same benefits of a stakeholder whom both name.

    Parameters
    ----------
    study : Study
    system : str

    Returns
    -------
    DataFrame
        All related pairs: group (use, mend, guard, retreat), inside, outside (factor_id), relation
        (same dimension, shared benefits), strength (sum over the shared benefits of the smaller
        enabling strength), stakeholders (`;` list that both name), benefits (`;` list), shown.
        Within a group: same dimension first, then strength, then the number of stakeholders that
        both name, then confidence, then ids. Shown are the first two of a group in which no factor
        and no dimension comes twice.

    Raises
    ------
    MethodError
        If the study has no such system.

    References
    ----------
    Weihrich, H. (1982), *The TOWS matrix: a tool for situational analysis*. Long Range Planning
    15(2), 54-66.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> pairs = tows_pairs(read_study("data"), "DE")
    >>> pairs.loc[pairs["group"] == "guard", "relation"].value_counts().to_dict()
    {'same dimension': 7, 'shared benefits': 7}
    """
    board, shared = swot_matrix(study, system), shared_benefits(study)
    order = list(study.stakeholders["stakeholder_id"])
    found: list[list[Any]] = []
    for group, (inside, outside) in GROUPS.items():
        pairs = []
        for f, g in product(each_row(board[inside]), each_row(board[outside])):
            named = _named(f.stakeholders) & _named(g.stakeholders)
            both = [who for who in order if who in named]
            by = shared.get((f.dimension_id, g.dimension_id), {})
            benefits = {b: s for who in both for b, s in by.get(who, {}).items()}
            same = f.dimension_id == g.dimension_id
            if same or benefits:
                strength = sum(benefits.values())
                doubt = CONFIDENCES.index(f.confidence) + CONFIDENCES.index(g.confidence)
                place = (not same, -strength, -len(both), doubt, f.factor_id, g.factor_id)
                relation = "same dimension" if same else "shared benefits"
                row = [f.factor_id, g.factor_id, relation, strength, ";".join(both),
                       ";".join(benefits)]  # fmt: skip
                two, on = {f.factor_id, g.factor_id}, {f.dimension_id, g.dimension_id}
                pairs.append((place, two, on, row))
        pairs.sort(key=lambda pair: pair[0])
        names: set[str] = set()
        dimensions: set[str] = set()
        shown = 0
        for _, two, on, row in pairs:
            show = shown < SHOWN and names.isdisjoint(two) and dimensions.isdisjoint(on)
            if show:
                names, dimensions, shown = names | two, dimensions | on, shown + 1
            found.append([group, *row, show])
    columns = ["group", "inside", "outside", "relation", "strength", "stakeholders", "benefits",
               "shown"]  # fmt: skip
    return pd.DataFrame(found, columns=columns).astype({"shown": bool, "strength": float})


def disagreements(study: Study, evidence: Evidence, system: str, ranked: list[str]) -> pd.DataFrame:
    """Find the factors that point the other way than the level of their dimension.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system : str
    ranked : list of str
        Systems whose median is the measure; the system itself is left out.

    Returns
    -------
    DataFrame
        Columns of the factor, level and median: each strength on a dimension where the level is
        below the median of the others, each weakness where it is above; strengths first, in the
        order of the dimensions. Empty where nothing disagrees or there is no evidence.

    Raises
    ------
    MethodError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> disagreements(study, evidence, "DE", ranked_systems(evidence))["factor_id"].to_list()
    ['de-s05', 'de-s02', 'de-s09', 'de-s01']
    """
    board = swot_matrix(study, system)
    level = evidence.levels.T.reindex(columns=[system])[system]
    median = peer_range(evidence, ranked, leave_out=system)["median"]
    factors = pd.concat([board["strength"], board["weakness"]], ignore_index=True)
    factors = factors.assign(
        level=factors["dimension_id"].map(level).astype(float),
        median=factors["dimension_id"].map(median).astype(float),
    )
    below = (factors["quadrant"] == "strength") & (factors["level"] < factors["median"])
    above = (factors["quadrant"] == "weakness") & (factors["level"] > factors["median"])
    return factors[below | above].reset_index(drop=True)


def derived_factors(evidence: Evidence, system: str, ranked: list[str]) -> pd.DataFrame:
    """Derive strengths and weaknesses of a system from its levels, by a declared rule.

    A level above the median of the other ranked systems suggests a strength, one below it a
    weakness, a low-confidence level neither. Opportunities and threats lie outside the system and
    cannot be derived from its indicators.

    Parameters
    ----------
    evidence : Evidence
    system : str
    ranked : list of str

    Returns
    -------
    DataFrame
        Columns of the row of evidence, quadrant, median (of the others; NaN rows are left out) and
        rule (what made it one), in the order of the dimensions. May be empty.

    Raises
    ------
    MethodError
        If there is no evidence on the system.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> derived_factors(evidence, "DE", ranked_systems(evidence))["quadrant"].to_list()
    ['weakness', 'weakness', 'weakness', 'strength']
    """
    check_known("system with evidence", [system], evidence.levels.index)
    rows = evidence.rows
    rows = rows[(rows["system_id"] == system) & (rows["confidence"] != "low")]
    median = peer_range(evidence, ranked, leave_out=system)["median"]
    rows = rows.assign(median=rows["dimension_id"].map(median).astype(float))
    level = rows["level"].astype(float)
    above, below = level > rows["median"], level < rows["median"]
    rows = rows.assign(quadrant=above.map({True: "strength", False: "weakness"}))[above | below]
    rule = [
        f"level {r.level}, {'above' if r.quadrant == 'strength' else 'below'} the median "
        f"{r.median:g} of the ranked systems"
        for r in each_row(rows)
    ]
    return rows.assign(rule=rule).reset_index(drop=True)
