"""Stochastic multicriteria acceptability analysis: draw what is uncertain, value it, count ranks.

Every step is a function of arrays with draws along the first axis. Draws come in chunks, so that
memory stays bounded; the size of the chunks changes no result.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mcanalysis.compare import TOP

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Booleans = npt.NDArray[np.bool_]

CHUNK = 4096
"""Most draws that are worked on at a time: few enough for the processor's cache."""
PAIRS = 2**22
"""Most comparisons of two alternatives that are held in memory at a time."""

PARTS = 10
"""Equal parts into which a weight or a worth is cut when its share of the variance is measured."""


@dataclass(frozen=True)
class Draws:
    """What is drawn at random, one row per draw.

    Attributes
    ----------
    weights : array, shape (n_draws, n_dimensions)
        Uniform on the simplex.
    worths : array, shape (n_draws, 2)
        Worth of levels 1 and 2, ascending, in [0, 1]; levels 0 and 3 are worth 0 and 1.
    levels : array of int8, shape (n_draws, n_systems, n_dimensions)
        The evidence with gaps filled and doubtful levels drawn.
    """

    weights: Floats
    worths: Floats
    levels: Levels


def draw_weights(generator: np.random.Generator, draws: int, dimensions: int) -> Floats:
    """Draw weights uniformly from the simplex: exponential numbers divided by their sum.

    References
    ----------
    Tervonen, T. & Lahdelma, R. (2007), *Implementing stochastic multicriteria acceptability
    analysis*. European Journal of Operational Research 178(2), 500-513.

    Examples
    --------
    >>> draw_weights(np.random.default_rng(0), 5, 3).sum(axis=1).round(12).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    w = generator.standard_exponential((draws, dimensions))
    return np.asarray(w / w.sum(axis=1, keepdims=True))


def draw_worths(generator: np.random.Generator, draws: int) -> Floats:
    """Draw the worth of the levels between lowest and highest: sorted uniform numbers.

    One worth holds for all dimensions, as for criteria on a common ordinal scale.

    References
    ----------
    Lahdelma, R., Miettinen, K. & Salminen, P. (2003), *Ordinal criteria in stochastic multicriteria
    acceptability analysis (SMAA)*. European Journal of Operational Research 147, 117-127.
    """
    return np.sort(generator.random((draws, TOP - 1)), axis=1)


def draw_levels(
    generator: np.random.Generator, draws: int, levels: Floats, low: Booleans
) -> Levels:
    """Draw the levels: a gap takes each with equal chance, a doubtful one stays or moves by one.

    Parameters
    ----------
    generator : Generator
        Gives one uniform number per draw and uncertain cell, cells in the order of the matrix.
    draws : int
    levels : array, shape (n_systems, n_dimensions)
        0 to 3; NaN is a gap.
    low : array of bool, same shape
        Levels that may as well be one lower or higher (but 0 to 3).

    Returns
    -------
    array of int8, shape (n_draws, n_systems, n_dimensions)
    """
    gap = np.isnan(levels)
    uncertain = gap | low
    chance = generator.random((draws, int(uncertain.sum())))
    coded = np.nan_to_num(levels).astype(np.int8)
    moved = coded[uncertain] + np.floor(3 * chance) - 1
    filled = np.floor((TOP + 1) * chance)
    drawn: Levels = np.broadcast_to(coded, (draws, *coded.shape)).copy()
    drawn[:, uncertain] = np.where(gap[uncertain], filled, np.clip(moved, 0, TOP))
    return drawn


def draw_chunks(levels: Floats, low: Booleans, draws: int, seed: int) -> Iterator[Draws]:
    """Draw everything that is uncertain, a chunk at a time.

    Weights, worths and levels have a random stream each, read in order: the n-th weights are the
    same whatever cells are uncertain and however the draws are cut into chunks.

    Parameters
    ----------
    levels, low : arrays, shape (n_systems, n_dimensions)
        See `draw_levels`.
    draws, seed : int

    Yields
    ------
    Draws
        Together `draws` rows.
    """
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(3)]
    size = min(CHUNK, max(1, PAIRS // max(1, len(levels) ** 2)))
    for start in range(0, draws, size):
        n = min(size, draws - start)
        yield Draws(
            draw_weights(streams[0], n, levels.shape[1]),
            draw_worths(streams[1], n),
            draw_levels(streams[2], n, levels, low),
        )


def additive_values(drawn: Draws) -> Floats:
    """Return the value of each system: the weights of the dimensions times the worth of its levels.

    Returns
    -------
    array, shape (n_draws, n_systems)
        In [0, 1]. Systems with the same levels have exactly the same value.

    Examples
    --------
    >>> one = Draws(np.array([[0.75, 0.25]]), np.array([[0.4, 0.8]]), np.int8([[[2, 0], [1, 3]]]))
    >>> additive_values(one).round(2).tolist()
    [[0.6, 0.55]]
    """

    def weight_at(level: int) -> Floats:
        # not a matrix product: its order of adding differs between rows, and ties would be lost
        return np.asarray(np.einsum("nsd,nd->ns", drawn.levels == level, drawn.weights))

    value = weight_at(TOP)
    for level in range(1, TOP):
        value += drawn.worths[:, level - 1, None] * weight_at(level)
    return value


def count_ranks(value: Floats) -> tuple[Integers, Floats]:
    """Rank alternatives in each draw, and count the draws in which each beats each other.

    Parameters
    ----------
    value : array, shape (n_draws, n)
        Higher is better.

    Returns
    -------
    ranks : array of int, shape (n_draws, n)
        1 plus the number of strictly better ones: equal ones share the better place.
    wins : array, shape (n, n)
        Draws in which the row is ahead of the column, a tie counting one half; row + column is
        the number of draws, also on the diagonal.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2: stochastic multicriteria acceptability analysis for
    group decision making*. Operations Research 49(3), 444-454.

    Examples
    --------
    >>> ranks, wins = count_ranks(np.array([[0.9, 0.5, 0.5], [0.2, 0.4, 0.1]]))
    >>> ranks.tolist()
    [[1, 2, 2], [2, 1, 3]]
    >>> wins.tolist()
    [[1.0, 1.0, 2.0], [1.0, 1.0, 1.5], [0.0, 0.5, 1.0]]
    """
    v = np.ascontiguousarray(value.T)
    more = v[:, None, :] > v[None, :, :]
    ranks: Integers = 1 + more.view(np.int8).sum(axis=0, dtype=np.int32).T.astype(np.int64)
    strict = np.count_nonzero(more, axis=2).astype(float)
    ties = len(value) - strict - strict.T
    return ranks, strict + ties / 2


def tiers(ahead: Floats, threshold: float) -> Integers:
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

    Examples
    --------
    >>> ahead = np.array([[0.5, 0.95, 0.7], [0.05, 0.5, 0.2], [0.3, 0.8, 0.5]])
    >>> tiers(ahead, 0.9).tolist(), tiers(ahead, 0.75).tolist()
    ([1, 2, 1], [1, 2, 1])
    >>> tiers(ahead, 0.6).tolist()
    [1, 3, 2]
    """
    sure = ahead >= threshold
    np.fill_diagonal(sure, False)
    tier: Integers = np.zeros(len(ahead), dtype=np.int64)
    number = 0
    while (tier == 0).any():
        number += 1
        left = tier == 0
        free = left & ~sure[left].any(axis=0)
        # "Surely ahead" could run in a circle of many; then the circle and the rest are one tier.
        tier[free if free.any() else left] = number
    return tier


def rank_quantiles(counts: Integers, shares: Sequence[float]) -> Integers:
    """Return the smallest ranks that are reached or bettered in some shares of the draws.

    Parameters
    ----------
    counts : array of int, shape (n, n_ranks)
        Draws in which each alternative takes each rank.
    shares : sequence of float
        In (0, 1].

    Returns
    -------
    array of int, shape (n_shares, n)

    Examples
    --------
    >>> rank_quantiles(np.array([[6, 3, 1], [0, 1, 9]]), [0.05, 0.5, 0.95]).tolist()
    [[1, 2], [1, 3], [3, 3]]
    """
    reached = counts.cumsum(axis=1)
    needed = np.array(shares)[:, None, None] * reached[None, :, -1:]
    return np.asarray(1 + (reached[None, :, :] < needed).sum(axis=2), dtype=np.int64)


def equal_parts(drawn: Floats) -> Integers:
    """Cut drawn numbers into ten parts of equal size by their order.

    Returns
    -------
    array of int, shape (n_draws,)
        The part of each, from 0 on.

    Examples
    --------
    >>> equal_parts(np.linspace(1, 0, 10)).tolist()
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    """
    place = np.empty(len(drawn), dtype=np.int64)
    place[np.argsort(drawn, kind="stable")] = np.arange(len(drawn))
    return np.asarray(place * PARTS // len(drawn))


def explained_share(result: Integers, part: Integers) -> float:
    """Return the variance of the means of the parts as a share of the variance of a result.

    Parameters
    ----------
    result : array of number, shape (n_draws,)
    part : array of int, shape (n_draws,)
        0 or above: the part that each draw belongs to.

    Returns
    -------
    float
        In [0, 1]; 0 where the result does not vary.

    Examples
    --------
    >>> explained_share(np.array([1, 1, 3, 3]), np.array([0, 0, 1, 1]))
    1.0
    >>> explained_share(np.array([1, 3, 1, 3]), np.array([0, 0, 1, 1]))
    0.0
    """
    size = np.bincount(part)
    mean = np.bincount(part, weights=result) / np.maximum(size, 1)
    variance = float(result.var())
    between = float(size @ (mean - result.mean()) ** 2) / len(result)
    return between / variance if variance else 0.0
