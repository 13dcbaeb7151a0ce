"""Systems against each other, dimension by dimension: index, intervals, peers, who has solved what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.errors import MethodError, nearest
from mcanalysis.model import Study

TOP = 3
"""Highest level of the ordinal scale; the lowest is 0."""


@dataclass(frozen=True)
class Evidence:
    """The rows of a study that count at a date.

    Attributes
    ----------
    rows : DataFrame
        The newest row of each system and dimension not after `as_of`, in the order of the study:
        columns of ``indicators.csv`` and ``age`` in years.
    levels : DataFrame of float, shape (n_systems, n_dimensions)
        Levels 0 to 3; NaN where there is no evidence. Only systems with a row.
    low : DataFrame of bool, same shape
        Whether the row has low confidence.
    as_of : int
        Year.
    """

    rows: pd.DataFrame
    levels: pd.DataFrame
    low: pd.DataFrame
    as_of: int


def newest_evidence(study: Study, as_of: int | None = None) -> Evidence:
    """Take the newest row of each system and dimension.

    Parameters
    ----------
    study : Study
    as_of : int, optional
        Rows that describe a later year are left out; by default the newest year of the study.

    Returns
    -------
    Evidence

    Raises
    ------
    MethodError
        If no row is left.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> newest_evidence(read_study("data")).levels.shape
    (52, 11)
    """
    rows = study.indicators
    year = int(rows["year"].max()) if as_of is None and len(rows) else as_of
    if year is not None:
        rows = rows[rows["year"] <= year]
    if rows.empty or year is None:
        raise MethodError(
            f"The study has no indicator up to {as_of}. Choose a later year for as_of, or none."
            if as_of is not None
            else "The study has no indicators. Add at least one row to indicators.csv."
        )
    systems, dimensions = list(study.systems["system_id"]), list(study.dimensions["dimension_id"])
    place = {s: i for i, s in enumerate(systems)}
    order = {d: i for i, d in enumerate(dimensions)}
    rows = (
        rows.assign(_s=rows["system_id"].map(place), _d=rows["dimension_id"].map(order))
        .sort_values(["_s", "_d", "year"], kind="stable")
        .drop_duplicates(["system_id", "dimension_id"], keep="last")
        .drop(columns=["_s", "_d"])
        .reset_index(drop=True)
    )
    rows["age"] = year - rows["year"]
    found = [s for s in systems if s in set(rows["system_id"])]

    def matrix(values: pd.Series) -> pd.DataFrame:
        wide = rows.assign(v=values).pivot(index="system_id", columns="dimension_id", values="v")
        wide = wide.reindex(index=found, columns=dimensions)
        return wide.rename_axis(index="system_id", columns="dimension_id")

    levels = matrix(rows["level"].astype(float))
    low = matrix(rows["confidence"].eq("low").astype(float)).eq(1.0)
    return Evidence(rows, levels, low, year)


def equal_weights(evidence: Evidence) -> pd.Series:
    """Return the same weight for every dimension; together 1."""
    n = evidence.levels.shape[1]
    return pd.Series(1 / n, index=evidence.levels.columns)


def bounds(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lowest and highest level of each cell: gaps 0 or 3, low confidence one off."""
    known, low = evidence.levels, evidence.low.astype(int)
    return (known - low).clip(lower=0).fillna(0), (known + low).clip(upper=TOP).fillna(TOP)


def integration_index(evidence: Evidence, weights: pd.Series | None = None) -> pd.DataFrame:
    """Aggregate the levels of each system.

    Parameters
    ----------
    evidence : Evidence
    weights : Series, optional
        dimension_id -> weight in [0, 1], together 1; by default all the same.

    Returns
    -------
    DataFrame
        One row per system with evidence: index, the weighted mean of level / 3 over the evidence
        present, in [0, 1]; lower and upper, over every way to fill the gaps and every
        low-confidence level one lower or higher; coverage, the weight of the dimensions with
        evidence; dimensions and low_confidence, counts.

    Raises
    ------
    MethodError
        If the weights do not fit the dimensions, are negative, or do not sum to 1.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, steps 5 and 6.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> table = integration_index(newest_evidence(read_study("data")))
    >>> round(table.at["DE", "index"], 4)
    0.3939
    """
    w = equal_weights(evidence) if weights is None else weights
    if set(w.index) != set(evidence.levels.columns):
        raise MethodError("The weights do not name the dimensions of the study, each once.")
    w = w.reindex(evidence.levels.columns).astype(float)
    if (w < 0).any() or not np.isclose(w.sum(), 1):
        raise MethodError(
            f"The weights sum to {w.sum():g}, the least is {w.min():g}. Give none below 0, together 1."
        )
    value, known = evidence.levels / TOP, evidence.levels.notna()
    coverage = (known * w).sum(axis=1)
    low, high = bounds(evidence)
    return pd.DataFrame(
        {
            "index": (value * w).sum(axis=1) / coverage.where(coverage > 0),
            "lower": (low / TOP * w).sum(axis=1),
            "upper": (high / TOP * w).sum(axis=1),
            "coverage": coverage,
            "dimensions": known.sum(axis=1),
            "low_confidence": evidence.low.sum(axis=1),
        }
    )


def ranked_systems(evidence: Evidence, min_dimensions: int = 8) -> list[str]:
    """Return the systems with evidence on enough dimensions to be ranked.

    Raises
    ------
    MethodError
        If `min_dimensions` is not between 1 and the number of dimensions.
    """
    n = evidence.levels.shape[1]
    if not 1 <= min_dimensions <= n:
        raise MethodError(f"min_dimensions is {min_dimensions}. Choose a number from 1 to {n}.")
    known = evidence.levels.notna().sum(axis=1)
    return [str(s) for s in known.index[known >= min_dimensions]]


def peer_range(
    evidence: Evidence, systems: list[str], leave_out: str | None = None
) -> pd.DataFrame:
    """Describe where systems stand on each dimension.

    Parameters
    ----------
    evidence : Evidence
    systems : list of str
    leave_out : str, optional
        A system that is compared with the others.

    Returns
    -------
    DataFrame
        One row per dimension: count of systems with evidence, lower_quartile, median,
        upper_quartile of their levels (linear interpolation; NaN where count is 0), at_two, the
        number at level 2 or 3.
    """
    levels = evidence.levels.loc[[s for s in systems if s != leave_out]]
    return pd.DataFrame(
        {
            "count": levels.notna().sum(),
            "lower_quartile": levels.quantile(0.25),
            "median": levels.median(),
            "upper_quartile": levels.quantile(0.75),
            "at_two": (levels >= 2).sum(),
        }
    )


def dominance(evidence: Evidence, systems: list[str], min_shared: int = 6) -> pd.DataFrame:
    """Find the pairs that the levels settle whatever the weights.

    Parameters
    ----------
    evidence : Evidence
    systems : list of str
    min_shared : int
        Dimensions on which both need evidence.

    Returns
    -------
    DataFrame of bool, shape (n, n)
        True where the row is at least as high as the column on every dimension that both have, and
        higher on one.
    """
    x = evidence.levels.loc[systems].to_numpy(float)
    both = ~np.isnan(x)[:, None, :] & ~np.isnan(x)[None, :, :]
    difference = np.where(both, x[:, None, :] - x[None, :, :], 0)
    wins = (both.sum(-1) >= min_shared) & (difference >= 0).all(-1) & (difference > 0).any(-1)
    return pd.DataFrame(wins, index=systems, columns=systems)


def check_cell(evidence: Evidence, system: str, dimension: str) -> None:
    """Raise MethodError, naming the nearest, for a system or dimension without evidence."""
    for what, name, known in (
        ("system", system, list(evidence.levels.index)),
        ("dimension", dimension, list(evidence.levels.columns)),
    ):
        if name not in known:
            raise MethodError(f'There is no evidence on the {what} "{name}".{nearest(name, known)}')


def who_has_solved(
    evidence: Evidence, system: str, dimension: str, min_shared: int = 5
) -> pd.DataFrame:
    """Find the systems that stand higher on a dimension and are like a system elsewhere.

    Parameters
    ----------
    evidence : Evidence
    system, dimension : str
    min_shared : int
        Other dimensions on which both need evidence.

    Returns
    -------
    DataFrame
        Systems at a level above the system's own and at least 2, not on low confidence: system_id,
        level, year, statement, source_id, locator, confidence, distance (mean absolute difference
        of levels on the shared other dimensions) and shared (their number). Most alike first, by
        distance to one decimal, then the higher level, the exact distance, the id. May be empty.

    Raises
    ------
    MethodError
        If the system or the dimension has no evidence in the study.
    """
    check_cell(evidence, system, dimension)
    own = evidence.levels.at[system, dimension]
    others = evidence.levels.drop(columns=dimension)
    rows = evidence.rows
    rows = rows[(rows["dimension_id"] == dimension) & (rows["confidence"] != "low")]
    needed = max(2, (0 if np.isnan(own) else own) + 1)
    rows = rows[(rows["level"] >= needed) & (rows["system_id"] != system)]
    gap = (others - others.loc[system]).abs()
    rows = rows.assign(
        distance=gap.mean(axis=1).reindex(rows["system_id"]).to_numpy(),
        shared=gap.notna().sum(axis=1).reindex(rows["system_id"]).to_numpy(),
    )
    rows = rows[rows["shared"] >= min_shared]
    rows = rows.assign(_near=rows["distance"].round(1)).sort_values(
        ["_near", "level", "distance", "system_id"], ascending=[True, False, True, True]
    )
    columns = ["system_id", "level", "year", "statement", "source_id", "locator", "confidence"]
    return rows[[*columns, "distance", "shared"]].reset_index(drop=True)


def where_to_look(study: Study, evidence: Evidence, system: str) -> pd.DataFrame:
    """List the gaps of a system and how far the other systems of its region have closed them.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system : str

    Returns
    -------
    DataFrame
        One row per dimension without evidence, most often closed first: closed and of (other
        systems of the region with evidence there, and with any), level_0 to level_3, gaps (counts),
        publishers (at most two with two rows or more, as (publisher, rows)).
    """
    region = study.systems.set_index("system_id")["region"]
    others = [s for s in evidence.levels.index if s != system and region[s] == region[system]]
    levels = evidence.levels.loc[others]
    known = evidence.levels.loc[system] if system in evidence.levels.index else None
    gaps = [d for d in levels.columns if known is None or np.isnan(known[d])]
    rows = evidence.rows[evidence.rows["system_id"].isin(others)]
    publisher = study.sources.set_index("source_id")["publisher"]
    found = []
    for d in gaps:
        on = levels[d].dropna()
        names = rows.loc[rows["dimension_id"] == d, "source_id"].map(publisher).value_counts()
        often = [(str(p), int(n)) for p, n in names.head(2).items() if n >= 2]
        counts = {f"level_{v}": int((on == v).sum()) for v in range(TOP + 1)}
        found.append(
            {"dimension_id": d, "closed": len(on), "of": len(others), **counts,
             "gaps": len(others) - len(on), "publishers": often}
        )  # fmt: skip
    columns = ["dimension_id", "closed", "of", *(f"level_{v}" for v in range(TOP + 1)), "gaps",
               "publishers"]  # fmt: skip
    table = pd.DataFrame(found, columns=columns).set_index("dimension_id")
    return table.sort_values("closed", ascending=False, kind="stable")
