"""Ranks when weights, the worth of levels, gaps and doubtful levels are all uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.compare import TOP, Evidence, check_known, integration_index, ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.smaa import (
    Booleans,
    Floats,
    Integers,
    additive_values,
    count_ranks,
    draw_chunks,
    equal_parts,
    explained_share,
    rank_quantiles,
    tiers,
)

NEAR = 0.01
"""A pair whose share is this close to the threshold is named: the tiers hang on it."""
INTERVAL = (0.05, 0.5, 0.95)
"""Quantiles of the ranks: the ends of the 90 % rank interval and the median between them."""


@dataclass(frozen=True)
class Ranking:
    """Robust comparison of the systems with enough evidence.

    Attributes
    ----------
    table : DataFrame
        Ranked systems by tier, then mean rank: index, lower, upper, coverage, dimensions (see
        `integration_index`); tier; mean_rank, median_rank; best_rank and worst_rank, the 5th and
        95th percentile (the 90 % rank interval; 1 is best); ahead_of, behind, undecided, how many
        systems it is surely ahead of, are surely ahead of it, cannot be told apart from it;
        first_share, in what share of the draws it is first.
    unranked : DataFrame
        Systems with too little evidence, in the order of the study: index, lower, upper, coverage,
        dimensions.
    ahead : DataFrame, shape (n, n)
        Pairwise winning index: share of the draws in which the row has the higher value; equal
        values count half for each.
    acceptability : DataFrame, shape (n, n)
        Rank acceptability index: share of the draws in which a system takes each rank; systems
        with equal values share the better rank.
    borderline : DataFrame
        Pairs left, right whose share is within a point of the threshold.
    min_dimensions, draws, seed : int
    threshold : float
        Share of the draws from which on a system is surely ahead.
    """

    table: pd.DataFrame
    unranked: pd.DataFrame
    ahead: pd.DataFrame
    acceptability: pd.DataFrame
    borderline: pd.DataFrame
    min_dimensions: int
    draws: int
    seed: int
    threshold: float


def rank_systems(
    evidence: Evidence,
    min_dimensions: int = 8,
    draws: int = 20_000,
    seed: int = 1,
    threshold: float = 0.9,
) -> Ranking:
    """Rank systems when nothing uncertain is assumed away.

    In each draw weights are uniform on the simplex, levels 1 and 2 are worth two ordered uniform
    numbers, a gap takes each of the four levels with equal chance, and a low-confidence level
    stays, falls or rises by one with equal chance. Systems are drawn in the order of their ids: the
    order of the study changes nothing.

    Parameters
    ----------
    evidence : Evidence
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked.
    draws, seed : int
        Same seed, same result; 0 is a seed. A share has a standard error of at most
        0.5 / sqrt(draws).
    threshold : float
        Share of the draws from which on a system is surely ahead of another, in (0.5, 1].

    Returns
    -------
    Ranking
        With empty tables where no system has enough evidence; all are in `unranked` then.

    Raises
    ------
    MethodError
        If a parameter is out of range.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2: stochastic multicriteria acceptability analysis for
    group decision making*. Operations Research 49(3), 444-454.
    Lahdelma, R., Miettinen, K. & Salminen, P. (2003), *Ordinal criteria in stochastic multicriteria
    acceptability analysis (SMAA)*. European Journal of Operational Research 147(1), 117-127.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> ranking = rank_systems(newest_evidence(read_study("data")))
    >>> ranking.table.index[0], int(ranking.table["worst_rank"].iloc[0])
    ('NZ', 4)
    """
    if draws < 1 or seed < 0:
        raise MethodError(
            f"draws is {draws} and seed is {seed}. Choose at least 1 draw and a seed from 0 on."
        )
    _check_threshold(threshold)
    systems = sorted(ranked_systems(evidence, min_dimensions))
    n = len(systems)
    counts = np.zeros((n, n), dtype=np.int64)
    wins = np.zeros((n, n))
    for drawn in draw_chunks(*_matrices(evidence, systems), draws, seed):
        ranks, won = count_ranks(additive_values(drawn))
        counts += np.bincount((ranks - 1 + n * np.arange(n)).ravel(), minlength=n * n).reshape(n, n)
        wins += won
    return _ranking(evidence, systems, counts, wins, (min_dimensions, draws, seed, threshold))


def _ranking(
    evidence: Evidence,
    systems: list[str],
    counts: Integers,
    wins: Floats,
    parameters: tuple[int, int, int, float],
) -> Ranking:
    """Make the tables of a ranking from what was counted."""
    min_dimensions, draws, seed, threshold = parameters
    n = len(systems)
    places = range(1, n + 1)
    ahead = wins / draws
    sure = ahead >= threshold
    best, median, worst = rank_quantiles(counts, INTERVAL) if n else np.zeros((3, 0), np.int64)
    index = integration_index(evidence).drop(columns="low_confidence")
    acceptability = pd.DataFrame(counts / draws, index=systems, columns=places)
    table = index.loc[systems].assign(
        tier=tiers(ahead, threshold),
        mean_rank=counts @ np.array(places) / draws,
        median_rank=median,
        best_rank=best,
        worst_rank=worst,
        ahead_of=sure.sum(axis=1),
        behind=sure.sum(axis=0),
        undecided=n - 1 - sure.sum(axis=1) - sure.sum(axis=0),
        first_share=acceptability.get(1, 0.0),
    )
    table = table.sort_values(["tier", "mean_rank"], kind="stable")
    order = list(table.index)
    square = pd.DataFrame(ahead, index=systems, columns=systems).loc[order, order]
    near = square.rename_axis(index="left", columns="right").melt(
        ignore_index=False, value_name="share"
    )
    near = near[(near["share"] - threshold).abs() <= NEAR].reset_index()
    return Ranking(
        table=table,
        unranked=index[~index.index.isin(systems)],
        ahead=square,
        acceptability=acceptability.loc[order],
        borderline=near.sort_values("share", ascending=False, kind="stable", ignore_index=True),
        min_dimensions=min_dimensions,
        draws=draws,
        seed=seed,
        threshold=threshold,
    )


def _matrices(evidence: Evidence, systems: list[str]) -> tuple[Floats, Booleans]:
    return evidence.levels.loc[systems].to_numpy(float), evidence.low.loc[systems].to_numpy(bool)


def _check_threshold(threshold: float) -> None:
    if not 0.5 < threshold <= 1:
        raise MethodError(f"threshold is {threshold:g}. Choose a share above 0.5 and at most 1.")


def tiers_at(ranking: Ranking, threshold: float) -> pd.Series:
    """Return the tier of each ranked system at another threshold.

    Parameters
    ----------
    ranking : Ranking
    threshold : float
        Share of the draws from which on a system is surely ahead of another, in (0.5, 1].

    Returns
    -------
    Series
        system_id -> tier; the first holds the systems that nobody is surely ahead of, the next
        those that only systems of the tiers before are surely ahead of.

    Raises
    ------
    MethodError
        If the threshold is out of range.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> ranking = rank_systems(newest_evidence(read_study("data")))
    >>> tiers_at(ranking, 0.9).value_counts().sort_index().to_list()
    [3, 13, 4]
    """
    _check_threshold(threshold)
    return pd.Series(tiers(ranking.ahead.to_numpy(), threshold), index=ranking.ahead.index)


@dataclass(frozen=True)
class _Replay:
    """The draws of a ranking as one system meets them, one row per draw."""

    weights: Floats
    worths: Floats
    levels: Integers
    ranks: Integers


def _replay(
    evidence: Evidence, ranking: Ranking, system: str, confirmed: Sequence[str] = ()
) -> _Replay:
    """Draw again what a ranking was made from, with some levels of a system taken as coded."""
    systems = sorted(ranked_systems(evidence, ranking.min_dimensions))
    if systems != sorted(ranking.table.index):
        raise MethodError("The ranking was made from other evidence. Rank this evidence first.")
    check_known("ranked system", [system], systems)
    check_known("dimension", confirmed, evidence.levels.columns)
    at = systems.index(system)
    levels, low = _matrices(evidence, systems)
    firm = low[at] & evidence.levels.columns.isin(confirmed)
    parts = []
    for drawn in draw_chunks(levels, low, ranking.draws, ranking.seed):
        drawn.levels[:, at, firm] = levels[at, firm]
        value = additive_values(drawn)
        ranks = 1 + (value > value[:, [at]]).sum(axis=1)
        parts.append((drawn.weights, drawn.worths, drawn.levels[:, at].astype(np.int64), ranks))
    return _Replay(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def rank_drivers(evidence: Evidence, ranking: Ranking, system: str) -> pd.DataFrame:
    """Tell what the rank of a system depends on most.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; its draws are used again.
    system : str

    Returns
    -------
    DataFrame
        kind (weight, worth, gap, confidence), item (dimension_id, or the level whose worth is
        meant: "1" or "2"), share: variance of the mean rank given that uncertainty alone, divided
        by the variance of the rank, in [0, 1]. Weights and worths are cut into ten equal parts;
        gaps and low-confidence levels of the system go by the level drawn. Largest first. The
        shares need not sum to 1: what others' gaps and combinations explain is not listed.

    Raises
    ------
    MethodError
        If the system is not ranked, or the ranking was made from other evidence.

    References
    ----------
    Saltelli, A. et al. (2008), *Global Sensitivity Analysis: The Primer*, chapter 4 (first-order
    index).

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> drivers = rank_drivers(evidence, rank_systems(evidence), "DE")
    >>> drivers.loc[0, ["kind", "item"]].to_list()
    ['confidence', 'transparency-registers']
    """
    replay = _replay(evidence, ranking, system)
    own, low = evidence.levels.loc[system].to_numpy(), evidence.low.loc[system].to_numpy()
    found = []
    for i, d in enumerate(evidence.levels.columns):
        found.append(("weight", d, equal_parts(replay.weights[:, i])))
        if np.isnan(own[i]) or low[i]:
            found.append(("gap" if np.isnan(own[i]) else "confidence", d, replay.levels[:, i]))
    found += [("worth", str(i + 1), equal_parts(replay.worths[:, i])) for i in range(TOP - 1)]
    table = pd.DataFrame(
        [(kind, item, explained_share(replay.ranks, part)) for kind, item, part in found],
        columns=["kind", "item", "share"],
    )
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def rank_if_confirmed(
    evidence: Evidence, ranking: Ranking, system: str, dimensions: Sequence[str]
) -> tuple[int, int]:
    """Return the 90 % rank interval of a system if some of its doubtful levels were confirmed.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; all else is drawn as it was there.
    system : str
    dimensions : sequence of str
        Dimensions whose low-confidence level is taken as coded; others change nothing.

    Returns
    -------
    tuple of int
        Best and worst rank.

    Raises
    ------
    MethodError
        If the system is not ranked, a dimension is not known, or the ranking was made from other
        evidence.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> ranking = rank_systems(evidence)
    >>> rank_if_confirmed(evidence, ranking, "DE", [])
    (10, 20)
    """
    ranks = _replay(evidence, ranking, system, dimensions).ranks
    counts = np.bincount(ranks, minlength=len(ranking.table) + 1)[None, 1:]
    best, _, worst = rank_quantiles(counts, INTERVAL)[:, 0]
    return int(best), int(worst)
