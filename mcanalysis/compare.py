"""Systems against each other: index, intervals, peers, dominance, who has solved what."""

from __future__ import annotations

from collections.abc import Iterable
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
        If the study has no indicators, or none as old as `as_of`.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> newest_evidence(read_study("data")).levels.shape
    (52, 11)
    """
    rows = study.indicators
    if rows.empty:
        raise MethodError("The study has no indicators. Add at least one row to indicators.csv.")
    year = int(rows["year"].max()) if as_of is None else as_of
    if year < rows["year"].min():
        raise MethodError(
            f"as_of is {year}, before the oldest evidence. "
            f"Choose a year from {rows['year'].min()} on, or none for the newest."
        )
    rows = rows[rows["year"] <= year]
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
    found = rows["system_id"].unique()

    def matrix(values: pd.Series) -> pd.DataFrame:
        wide = rows.assign(v=values).pivot(index="system_id", columns="dimension_id", values="v")
        return wide.reindex(index=found, columns=dimensions)

    levels = matrix(rows["level"].astype(float))
    low = matrix(rows["confidence"].eq("low").astype(float)).eq(1.0)
    return Evidence(rows, levels, low, year)


def check_known(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raise MethodError, naming the nearest, for the first name that is not known."""
    there = [str(name) for name in known]
    for name in names:
        if name not in there:
            hint = nearest(name, there) or f" Choose from: {', '.join(there)}."
            raise MethodError(f'There is no {what} "{name}".{hint}')


def levels_of(evidence: Evidence, system: str) -> pd.Series:
    """Return the levels of a system by dimension; MethodError if it has no evidence at all."""
    check_known("system with evidence", [system], evidence.levels.index)
    return pd.Series(evidence.levels.loc[system])


def equal_weights(evidence: Evidence) -> pd.Series:
    """Return the same weight for every dimension: dimension_id -> 1 / n, together 1."""
    return pd.Series(1 / evidence.levels.shape[1], index=evidence.levels.columns)


def bounds(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lowest and the highest level that each cell may have.

    A gap may be 0 or 3, a low-confidence level one lower or higher (but 0 to 3), others are firm.
    """
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
        evidence; dimensions and low_confidence, counts. Where all evidence has weight 0 the index
        is NaN.

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
    >>> table.loc["DE", ["index", "lower", "upper"]].astype(float).round(4).to_list()
    [0.3939, 0.3333, 0.4848]
    """
    dimensions = evidence.levels.columns
    if weights is None:
        w = equal_weights(evidence)
    else:
        check_known("dimension", weights.index, dimensions)
        if len(weights) != len(dimensions) or not weights.index.is_unique:
            raise MethodError(
                f"Weights given: {len(weights)}, dimensions: {len(dimensions)}. "
                f"Give one for each of: {', '.join(dimensions)}."
            )
        w = weights.reindex(dimensions).astype(float)
        if not (w >= 0).all() or not np.isclose(w.sum(), 1):
            raise MethodError(
                f"The weights sum to {w.sum():g} and the least is {w.min():g}. "
                "Divide them by their sum, with none missing or below 0."
            )
    value, known = evidence.levels / TOP, evidence.levels.notna()
    coverage = (known * w).sum(axis=1)
    low, high = bounds(evidence)
    return pd.DataFrame(
        {
            # Rounded where floating point ends, so that 9 of 24 prints as 0.38 and not as 0.37.
            "index": ((value * w).sum(axis=1) / coverage.where(coverage > 0)).round(12),
            "lower": (low / TOP * w).sum(axis=1).round(12),
            "upper": (high / TOP * w).sum(axis=1).round(12),
            "coverage": coverage,
            "dimensions": known.sum(axis=1),
            "low_confidence": evidence.low.sum(axis=1),
        }
    )


def ranked_systems(evidence: Evidence, min_dimensions: int = 8) -> list[str]:
    """Return the systems with evidence on enough dimensions to be ranked.

    Parameters
    ----------
    evidence : Evidence
    min_dimensions : int
        From 1 to the number of dimensions of the study.

    Returns
    -------
    list of str
        In the order of the study; may be empty.

    Raises
    ------
    MethodError
        If `min_dimensions` is out of range.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> len(ranked_systems(newest_evidence(read_study("data"))))
    20
    """
    n = evidence.levels.shape[1]
    if not 1 <= min_dimensions <= n:
        raise MethodError(
            f"min_dimensions is {min_dimensions}, and the study has {n} dimensions. "
            f"Choose a number from 1 to {n}."
        )
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

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> others = peer_range(evidence, ranked_systems(evidence), leave_out="DE")
    >>> float(others["median"]["recognition"])
    1.0
    """
    check_known("system with evidence", systems, evidence.levels.index)
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
        higher on one. Then no weights and no worth of the levels put the column ahead on these
        dimensions; gaps and low confidence are not looked at.

    Raises
    ------
    MethodError
        If there is no evidence on one of the systems.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> int(dominance(evidence, ranked_systems(evidence)).loc["HR"].sum())
    13
    """
    check_known("system with evidence", systems, evidence.levels.index)
    x = evidence.levels.loc[systems].to_numpy(float)
    both = ~np.isnan(x)[:, None, :] & ~np.isnan(x)[None, :, :]
    difference = np.where(both, x[:, None, :] - x[None, :, :], 0)
    wins = (both.sum(-1) >= min_shared) & (difference >= 0).all(-1) & (difference > 0).any(-1)
    return pd.DataFrame(wins, index=systems, columns=systems)


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
        of levels on the other dimensions that both have) and shared (their number). Most alike
        first, by distance to one decimal, then the
        higher level, the exact distance, the id. Empty where nobody has.

    Raises
    ------
    MethodError
        If there is no evidence on the system, or no such dimension.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> found = who_has_solved(newest_evidence(read_study("data")), "DE", "credits-stackability")
    >>> found["system_id"].head(3).to_list()
    ['AT', 'FI', 'BE-FL']
    """
    check_known("dimension", [dimension], evidence.levels.columns)
    own = levels_of(evidence, system)[dimension]
    others = evidence.levels.drop(columns=dimension)
    rows = evidence.rows
    rows = rows[(rows["dimension_id"] == dimension) & (rows["confidence"] != "low")]
    needed = 2 if np.isnan(own) else max(2, own + 1)
    rows = rows[(rows["level"] >= needed) & (rows["system_id"] != system)]
    apart = (others - others.loc[system]).abs().reindex(rows["system_id"])
    rows = rows.assign(
        distance=apart.mean(axis=1).to_numpy(), shared=apart.notna().sum(axis=1).to_numpy()
    )
    rows = rows[rows["shared"] >= min_shared]
    rows = rows.assign(near=rows["distance"].round(1)).sort_values(
        ["near", "level", "distance", "system_id"], ascending=[True, False, True, True]
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
        With or without evidence.

    Returns
    -------
    DataFrame
        One row per dimension without evidence, most often closed first, then in the order of the
        study: closed and of (other systems of the region with evidence there, and with any),
        level_0 to level_3, gaps (counts), publishers (at most two with two rows or more, as
        (publisher, rows), the most frequent first).

    Raises
    ------
    MethodError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> where_to_look(study, newest_evidence(study), "BG").index[0]
    'definition-strategy'
    """
    check_known("system", [system], study.systems["system_id"])
    region = study.systems.set_index("system_id")["region"]
    others = [s for s in evidence.levels.index if s != system and region[s] == region[system]]
    open_ = evidence.levels.reindex([system]).isna().to_numpy()[0]
    levels = evidence.levels.loc[others, open_]
    table = pd.DataFrame({"closed": levels.notna().sum(), "of": len(others)})
    for level in range(TOP + 1):
        table[f"level_{level}"] = (levels == level).sum()
    table["gaps"] = table["of"] - table["closed"]
    rows = evidence.rows[evidence.rows["system_id"].isin(others)]
    names = rows["source_id"].map(study.sources.set_index("source_id")["publisher"])
    often = {d: names[rows["dimension_id"] == d].value_counts().head(2) for d in levels.columns}
    named = [[(str(name), int(n)) for name, n in some.items() if n >= 2] for some in often.values()]
    table["publishers"] = pd.Series(named, index=table.index, dtype=object)
    return table.sort_values("closed", ascending=False, kind="stable")
