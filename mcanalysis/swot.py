"""SWOT of a system: the board, pairs of inside and outside factors, what the indicators suggest."""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd

from mcanalysis.compare import Evidence, peer_range
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

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> {q: len(f) for q, f in swot_matrix(read_study("data"), "DE").items()}
    {'strength': 9, 'weakness': 8, 'opportunity': 9, 'threat': 5}
    """
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
    for r in both.itertuples():
        by = found.setdefault((str(r.dimension_id), str(r.dimension_id_b)), {})
        by.setdefault(str(r.stakeholder_id), {})[str(r.benefit_id)] = float(
            min(r.strength, r.strength_b)
        )
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

    References
    ----------
    Weihrich, H. (1982), *The TOWS matrix: a tool for situational analysis*. Long Range Planning 15.
    """
    board, shared = swot_matrix(study, system), shared_benefits(study)
    order = list(study.stakeholders["stakeholder_id"])
    found = []
    for group, (inside, outside) in GROUPS.items():
        pairs = []
        for f, g in product(board[inside].itertuples(), board[outside].itertuples()):
            both = _named(f.stakeholders) & _named(g.stakeholders)
            by = shared.get((str(f.dimension_id), str(g.dimension_id)), {})
            benefits = {b: s for who in order if who in both for b, s in by.get(who, {}).items()}
            same = f.dimension_id == g.dimension_id
            if not (same or benefits):
                continue
            doubt = CONFIDENCES.index(str(f.confidence)) + CONFIDENCES.index(str(g.confidence))
            strength = sum(benefits.values())
            pairs.append(
                (
                    (not same, -strength, -len(both), doubt, str(f.factor_id), str(g.factor_id)),
                    (str(f.dimension_id), str(g.dimension_id)),
                    [group, str(f.factor_id), str(g.factor_id),
                     "same dimension" if same else "shared benefits", float(strength),
                     ";".join(s for s in order if s in both), ";".join(benefits)],
                )
            )  # fmt: skip
        pairs.sort(key=lambda pair: pair[0])
        taken: set[str] = set()
        left = SHOWN
        for _, dimensions, row in pairs:
            names = {row[1], row[2], *dimensions}
            show = left > 0 and not names & taken
            if show:
                taken |= names
                left -= 1
            found.append([*row, show])
    columns = [
        "group",
        "inside",
        "outside",
        "relation",
        "strength",
        "stakeholders",
        "benefits",
        "shown",
    ]
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
        below the median of the others, each weakness where it is above. May be empty.
    """
    factors = study.swot_factors[study.swot_factors["system_id"] == system]
    if system not in evidence.levels.index:
        return factors.iloc[:0].assign(level=0.0, median=0.0)
    median = peer_range(evidence, ranked, leave_out=system)["median"]
    factors = factors.assign(
        level=factors["dimension_id"].map(evidence.levels.loc[system]).astype(float),
        median=factors["dimension_id"].map(median).astype(float),
    )
    below = (factors["quadrant"] == "strength") & (factors["level"] < factors["median"])
    above = (factors["quadrant"] == "weakness") & (factors["level"] > factors["median"])
    place = {d: i for i, d in enumerate(study.dimensions["dimension_id"])}
    some = factors[below | above]
    order = some["quadrant"].eq("weakness") * len(place) + some["dimension_id"].map(place)
    return some.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


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
        Columns of the row of evidence, quadrant, median and rule (a sentence). May be empty.
    """
    rows = evidence.rows
    rows = rows[(rows["system_id"] == system) & (rows["confidence"] != "low")]
    median = peer_range(evidence, ranked, leave_out=system)["median"]
    rows = rows.assign(median=rows["dimension_id"].map(median).astype(float))
    level = rows["level"].astype(float)
    rows = rows.assign(
        quadrant=level.gt(rows["median"]).map({True: "strength", False: "weakness"})
    )[level != rows["median"]].dropna(subset=["median"])
    rule = [
        f"level {r.level}, {'above' if r.quadrant == 'strength' else 'below'} the median "
        f"{r.median:g} of the ranked systems"
        for r in rows.itertuples()
    ]
    return rows.assign(rule=rule).reset_index(drop=True)
