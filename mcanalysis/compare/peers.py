"""Systems among each other: where they stand, who is surely higher, who has solved what."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.compare.evidence import TOP, Evidence, check_known, levels_of
from mcanalysis.model import Study


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
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> others = peer_range(evidence, ranked_systems(evidence), leave_out="DE")
    >>> float(others["median"]["recognition"])
    1.0
    """
    check_known("system with evidence", systems, evidence.levels.index)
    all_ = evidence.levels
    levels = np.sort(all_.loc[[s for s in systems if s != leave_out]].to_numpy(float), axis=0)
    count = (~np.isnan(levels)).sum(axis=0)
    return pd.DataFrame(
        {
            "count": count,
            "lower_quartile": _quantile(levels, count, 0.25),
            "median": _quantile(levels, count, 0.5),
            "upper_quartile": _quantile(levels, count, 0.75),
            "at_two": (levels >= 2).sum(axis=0),
        },
        index=all_.columns,
    )


def _quantile(ordered: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    """Interpolate between the two nearest of some sorted numbers, column by column."""
    if not len(ordered):
        return np.full(ordered.shape[1], np.nan)
    place = share * np.maximum(count - 1, 0)
    low, columns = place.astype(int), np.arange(ordered.shape[1])
    below, above = ordered[low, columns], ordered[np.ceil(place).astype(int), columns]
    return np.asarray(below + (above - below) * (place - low))


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
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
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
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> found = who_has_solved(newest_evidence(read_study("data")), "DE", "credits-stackability")
    >>> found["system_id"].head(3).to_list()
    ['AT', 'FI', 'BE-FL']
    """
    check_known("dimension", [dimension], evidence.levels.columns)
    own = levels_of(evidence, system)[dimension]
    rows = evidence.rows
    rows = rows[(rows["dimension_id"] == dimension) & (rows["confidence"] != "low")]
    needed = 2 if np.isnan(own) else max(2, own + 1)
    rows = rows[(rows["level"] >= needed) & (rows["system_id"] != system)]
    columns = ["system_id", "level", "year", "statement", "source_id", "locator", "confidence"]
    ids, higher = rows["system_id"].to_numpy(str), rows["level"].to_numpy(float)
    levels = evidence.levels
    others = levels.to_numpy(float)[:, levels.columns != dimension]
    own_row, rest = levels.index.get_loc(system), levels.index.get_indexer(pd.Index(ids))
    apart = np.abs(others[rest] - others[own_row])
    shared = np.isfinite(apart).sum(axis=1)
    distance = np.nansum(apart, axis=1) / np.maximum(shared, 1)
    order = np.lexsort((ids, distance, -higher, distance.round(1)))
    order = order[shared[order] >= min_shared]
    found = rows[columns].assign(distance=distance, shared=shared)
    return pd.DataFrame(found.iloc[order].reset_index(drop=True))


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
    >>> from mcanalysis.compare import newest_evidence
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
