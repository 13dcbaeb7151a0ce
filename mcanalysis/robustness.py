"""Ranks when weights, the worth of levels, gaps and doubtful levels are all uncertain (SMAA)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.compare import TOP, Evidence, integration_index, ranked_systems
from mcanalysis.errors import MethodError, nearest

Array = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int8]

CHUNK = 4096
"""Draws worked on at a time: small enough to stay in the processor's cache."""
PARTS = 10
"""Equal parts into which a weight or a worth is cut when its share of the variance is measured."""
NEAR = 0.01
"""A pair this close to the threshold is named: the tiers hang on it."""


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


@dataclass(frozen=True)
class Draws:
    """What is drawn at random, one row per draw.

    Attributes
    ----------
    weights : array, shape (n_draws, n_dimensions)
        Uniform on the simplex.
    worths : array, shape (n_draws, 2)
        Worth of levels 1 and 2, in order, in [0, 1]; levels 0 and 3 are worth 0 and 1.
    levels : array of int8, shape (n_draws, n_systems, n_dimensions)
        Evidence with gaps filled and doubtful levels drawn.
    """

    weights: Array
    worths: Array
    levels: Levels


def draw_weights(generator: np.random.Generator, draws: int, dimensions: int) -> Array:
    """Draw weights uniformly from the simplex: normalised exponentials."""
    w = generator.standard_exponential((draws, dimensions))
    return np.asarray(w / w.sum(axis=1, keepdims=True))


def draw_worths(generator: np.random.Generator, draws: int) -> Array:
    """Draw the worth of levels 1 and 2: two uniform numbers, in order."""
    return np.sort(generator.random((draws, TOP - 1)), axis=1)


def draw_levels(
    generator: np.random.Generator, draws: int, levels: Array, low: npt.NDArray[np.bool_]
) -> Levels:
    """Draw the levels: a gap takes each with equal chance, a doubtful one stays or moves by one.

    Only uncertain cells use random numbers, in the order of the matrix.
    """
    filled = np.nan_to_num(levels).astype(np.int8)
    result: Levels = np.broadcast_to(filled, (draws, *levels.shape)).copy()
    gaps, doubtful = np.isnan(levels), low & ~np.isnan(levels)
    result[:, gaps] = generator.integers(0, TOP + 1, (draws, int(gaps.sum())), dtype=np.int8)
    moved = filled[doubtful] + generator.integers(
        -1, 2, (draws, int(doubtful.sum())), dtype=np.int8
    )
    result[:, doubtful] = np.clip(moved, 0, TOP)
    return result


def draw(evidence: Evidence, systems: Sequence[str], draws: int, seed: int) -> Draws:
    """Draw everything that is uncertain; each kind has a random stream of its own.

    Streams of their own keep the weights of draw k the same whatever cells are uncertain, so that
    two runs that differ in one cell differ by that cell alone.
    """
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3)]
    x = evidence.levels.loc[list(systems)].to_numpy(float)
    low = evidence.low.loc[list(systems)].to_numpy(bool)
    return Draws(
        draw_weights(streams[0], draws, x.shape[1]),
        draw_worths(streams[1], draws),
        draw_levels(streams[2], draws, x, low),
    )


def values(drawn: Draws, start: int, stop: int) -> Array:
    """Return the additive value of each system in some draws, shape (draws, systems)."""
    part = slice(start, stop)
    worth = np.zeros((min(stop, len(drawn.weights)) - start, TOP + 1))
    worth[:, 1:TOP], worth[:, TOP] = drawn.worths[part], 1.0
    x = np.take_along_axis(worth[:, None, :], drawn.levels[part].astype(np.intp), axis=2)
    return np.asarray(np.matmul(x, drawn.weights[part][:, :, None])[:, :, 0])


def count_ranks(value: Array) -> tuple[npt.NDArray[np.int64], Array]:
    """Count in how many draws each alternative takes each rank, and beats each other.

    Parameters
    ----------
    value : array, shape (n_draws, n)
        Higher is better.

    Returns
    -------
    ranks : array of int, shape (n_draws, n)
        1 plus the number of strictly better ones: ties take the better place.
    wins : array, shape (n, n)
        Draws in which the row beats the column, a tie counting one half.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2: stochastic multicriteria acceptability analysis
    for group decision making*. Operations Research 49(3), 444-454.
    """
    more = value[:, :, None] > value[:, None, :]
    ranks = 1 + more.sum(axis=1)
    strict = more.sum(axis=0).astype(float)
    ties = len(value) - strict - strict.T
    return ranks, strict + ties / 2


def tiers(ahead: Array, threshold: float) -> npt.NDArray[np.int64]:
    """Put alternatives in tiers: the first that nobody is surely ahead of, then the rest so.

    Parameters
    ----------
    ahead : array, shape (n, n)
        Share of the draws in which the row is ahead of the column.
    threshold : float
        Share from which on that is sure, above one half.

    Returns
    -------
    array of int, shape (n,)
        1 for the first tier.
    """
    sure = ahead >= threshold
    np.fill_diagonal(sure, False)
    tier = np.zeros(len(ahead), dtype=np.int64)
    number = 0
    while (tier == 0).any():
        number += 1
        left = tier == 0
        free = left & ~sure[left].any(axis=0)
        # Above one half "surely ahead" rarely runs in a circle; where it does, the circle is one tier.
        tier[free if free.any() else left] = number
    return tier


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
    stays, falls or rises by one with equal chance.

    Parameters
    ----------
    evidence : Evidence
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked.
    draws, seed : int
        Same seed, same result; 0 is a seed.
    threshold : float
        Share of the draws from which on a system is surely ahead of another, in (0.5, 1].

    Returns
    -------
    Ranking
        With empty tables where no system has enough evidence.

    Raises
    ------
    MethodError
        If a parameter is out of range.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2*. Operations Research 49(3), 444-454.
    Lahdelma, R., Miettinen, K. & Salminen, P. (2003), *Ordinal criteria in stochastic
    multicriteria acceptability analysis (SMAA)*. European Journal of Operational Research 147.

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
            f"draws is {draws} and seed {seed}. Choose at least 1 draw and a seed of 0 or more."
        )
    if not 0.5 < threshold <= 1:
        raise MethodError(f"threshold is {threshold:g}. Choose a share above 0.5, at most 1.")
    systems = ranked_systems(evidence, min_dimensions)
    ranks, wins = _simulate(draw(evidence, systems, draws, seed))
    n = len(systems)
    ahead = wins / draws
    np.fill_diagonal(ahead, 0.5)
    sure = ahead >= threshold
    shares = np.stack([(ranks == r).mean(axis=0) for r in range(1, n + 1)], axis=1) if n else ahead
    low, mid, high = (
        np.quantile(ranks, [0.05, 0.5, 0.95], axis=0, method="nearest") if n else np.zeros((3, 0))
    )
    columns = ["index", "lower", "upper", "coverage", "dimensions"]
    index = integration_index(evidence)[columns]
    table = index.loc[systems].assign(
        tier=tiers(ahead, threshold),
        mean_rank=ranks.mean(axis=0) if n else [],
        median_rank=mid.astype(int),
        best_rank=low.astype(int),
        worst_rank=high.astype(int),
        ahead_of=sure.sum(axis=1),
        behind=sure.sum(axis=0),
        undecided=n - 1 - sure.sum(axis=1) - sure.sum(axis=0),
        first_share=shares[:, 0] if n else [],
    )
    table = table.sort_values(["tier", "mean_rank"], kind="stable")
    order = list(table.index)
    square = pd.DataFrame(ahead, index=systems, columns=systems).loc[order, order]
    left, right = np.nonzero(np.abs(square.to_numpy() - threshold) <= NEAR)
    borderline = pd.DataFrame(
        [(order[i], order[j], square.iat[i, j]) for i, j in zip(left, right, strict=True)],
        columns=["left", "right", "share"],
    )
    return Ranking(
        table=table,
        unranked=index.loc[[s for s in index.index if s not in systems]],
        ahead=square,
        acceptability=pd.DataFrame(shares, index=systems, columns=range(1, n + 1)).loc[order],
        borderline=borderline.sort_values("share", ascending=False, ignore_index=True),
        min_dimensions=min_dimensions,
        draws=draws,
        seed=seed,
        threshold=threshold,
    )


def _simulate(drawn: Draws) -> tuple[npt.NDArray[np.int64], Array]:
    """Rank the systems in every draw, a chunk at a time."""
    draws, n = len(drawn.weights), drawn.levels.shape[1]
    ranks = np.empty((draws, n), dtype=np.int64)
    wins = np.zeros((n, n))
    for start in range(0, draws, CHUNK):
        stop = min(start + CHUNK, draws)
        ranks[start:stop], won = count_ranks(values(drawn, start, stop))
        wins += won
    return ranks, wins


def tiers_at(ranking: Ranking, threshold: float) -> pd.Series:
    """Return the tier of each ranked system at another threshold."""
    square = ranking.ahead.to_numpy()
    return pd.Series(tiers(square, threshold), index=ranking.ahead.index)


def _check_ranked(ranking: Ranking, system: str) -> None:
    if system not in ranking.table.index:
        known = [str(s) for s in ranking.table.index]
        raise MethodError(f'The system "{system}" is not ranked.{nearest(system, known)}')


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
        meant), share: variance of the mean rank given that uncertainty, divided by the variance of
        the rank, in [0, 1]. Weights and worths are cut into ten equal parts; gaps and doubtful
        levels go by the level drawn. Largest first.

    Raises
    ------
    MethodError
        If the system is not ranked.

    References
    ----------
    Saltelli, A. et al. (2008), *Global Sensitivity Analysis: The Primer*, eq. 4.4 (first order).
    """
    _check_ranked(ranking, system)
    systems = ranked_systems(evidence, ranking.min_dimensions)
    drawn = draw(evidence, systems, ranking.draws, ranking.seed)
    at = systems.index(system)
    rank = _simulate(drawn)[0][:, at].astype(float)
    dimensions = list(evidence.levels.columns)
    own, low = evidence.levels.loc[system], evidence.low.loc[system]
    found = [
        ("weight", d, _explained(rank, _parts(drawn.weights[:, i])))
        for i, d in enumerate(dimensions)
    ]
    found += [
        ("worth", str(i + 1), _explained(rank, _parts(drawn.worths[:, i]))) for i in range(TOP - 1)
    ]
    for i, d in enumerate(dimensions):
        kind = "gap" if np.isnan(own[d]) else "confidence" if low[d] else ""
        if kind:
            found.append((kind, d, _explained(rank, drawn.levels[:, at, i].astype(np.int64))))
    table = pd.DataFrame(found, columns=["kind", "item", "share"])
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _parts(drawn: Array) -> npt.NDArray[np.int64]:
    """Cut drawn numbers into parts of equal size, by their order."""
    order = np.empty(len(drawn), dtype=np.int64)
    order[np.argsort(drawn, kind="stable")] = np.arange(len(drawn))
    return order * PARTS // len(drawn)


def _explained(rank: Array, part: npt.NDArray[np.int64]) -> float:
    """Return the variance of the mean of each part, as a share of the variance."""
    size = np.bincount(part)
    total = np.bincount(part, weights=rank)
    mean = np.divide(total, size, out=np.zeros(len(size)), where=size > 0)
    spread = rank.var()
    return float((size * (mean - rank.mean()) ** 2).sum() / len(rank) / spread) if spread else 0.0


def rank_if_confirmed(
    evidence: Evidence, ranking: Ranking, system: str, dimensions: Sequence[str]
) -> tuple[int, int]:
    """Return the 90 % rank interval of a system if some of its doubtful levels were confirmed.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
    system : str
    dimensions : sequence of str
        Dimensions on which the low-confidence level is taken as coded.

    Returns
    -------
    tuple of int
        Best and worst rank, 5th and 95th percentile.

    Raises
    ------
    MethodError
        If the system is not ranked.
    """
    _check_ranked(ranking, system)
    low = evidence.low.copy()
    low.loc[system, list(dimensions)] = False
    firm = Evidence(evidence.rows, evidence.levels, low, evidence.as_of)
    systems = ranked_systems(firm, ranking.min_dimensions)
    ranks = _simulate(draw(firm, systems, ranking.draws, ranking.seed))[0][:, systems.index(system)]
    best, worst = np.quantile(ranks, [0.05, 0.95], method="nearest")
    return int(best), int(worst)
