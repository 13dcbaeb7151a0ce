"""Count ranks, wins and winners over the draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mcanalysis.smaa.drawing import (
    Booleans,
    Draws,
    Floats,
    Integers,
    Uncertain,
    additive_values,
    over_blocks,
)

EQUAL = 2**13
"""Values nearer than this many units in the last place of 1 (2e-12) are equal: ties are exact in
the levels, and adding in another order moves a sum by a few units only."""
SAME = EQUAL * 2.0**-52
"""The same as a difference."""


@dataclass(frozen=True)
class Tally:
    """What was counted.

    Attributes
    ----------
    draws : int
    ranks : array of int, shape (n, n_ranks)
        Draws in which each alternative takes each rank; equal ones share the better one.
    wins : array, shape (n, n)
        Draws in which the row is ahead of the column, a tie counting one half; row + column is the
        number of draws, also on the diagonal. Empty where details were not asked for.
    first_weights, first_squares : array, shape (n, n_dimensions)
        Sum of the weights, and of their squares, over the draws in which an alternative is first.
        Squares are empty where details were not asked for.
    """

    draws: int
    ranks: Integers
    wins: Floats
    first_weights: Floats
    first_squares: Floats


def tally(
    model: Uncertain, draws: int, seed: int, *, details: bool = True, threads: int | None = None
) -> Tally:
    """Draw, value and count.

    Parameters
    ----------
    model : Uncertain
    draws, seed : int
    details : bool
        Count wins, and the spread of the weights of the first, as well.
    threads : int, optional
        Blocks worked on at a time; the result is the same for any number. By default one per
        processor where there are many blocks.

    Returns
    -------
    Tally

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2: stochastic multicriteria acceptability analysis for
    group decision making*. Operations Research 49(3), 444-454.

    Examples
    --------
    >>> levels = np.array([[3.0, 0], [0, 3]])
    >>> from mcanalysis.smaa.drawing import draw_weights
    >>> even = Uncertain(levels, np.zeros((2, 2), bool), lambda g, n: draw_weights(g, n, 2))
    >>> found = tally(even, 10_000, seed=1)
    >>> (found.ranks / found.draws).round(1).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """

    def one(drawn: Draws) -> tuple[Integers, Floats, Floats, Floats]:
        return _count(additive_values(model, drawn), drawn.weights, details)

    n, d = model.levels.shape
    ranks = np.zeros((n, n), dtype=np.int64)
    first = np.zeros((n, d))
    wins, squares = (np.zeros(shape if details else (0, 0)) for shape in ((n, n), (n, d)))
    if not n:
        return Tally(draws, ranks, wins, first, squares)
    # In the order of the blocks, so that sums of floats are the same on any number of threads.
    for parts in over_blocks(model, seed, draws, one, threads):
        ranks += parts[0]
        wins += parts[1]
        first += parts[2]
        squares += parts[3]
    return Tally(draws, ranks, wins, first, squares)


def _count(
    value: Floats, weights: Floats, details: bool
) -> tuple[Integers, Floats, Floats, Floats]:
    n = value.shape[1]
    order, place, tied = _sorted(value)
    some = bool(tied.any())
    best = order[:, -1].copy()
    ranks = _scatter(order, place) if details or some else None

    def over_the_first(weighed: Floats) -> Floats:
        if ranks is None or not some:
            return _sum_by(best, weighed, n)
        clear = _sum_by(best, weighed * ~tied[:, None], n)
        return np.asarray(clear + (ranks[tied] == 0).T.astype(float) @ weighed[tied])

    none = np.zeros((0, 0))
    wins = _wins(ranks, some) if details and ranks is not None else none
    squares = over_the_first(weights**2) if details else none
    first = over_the_first(weights)
    order += n * place if some else n * place[0]
    counts = np.bincount(order.ravel(), minlength=n * n).reshape(n, n).T
    return np.asarray(counts, dtype=np.int64), wins, first, squares


def _sum_by(best: Integers, weights: Floats, n: int) -> Floats:
    """Sum the weights of the draws that each is best in, sorted: counting would hold up threads."""
    at = np.argsort(best.astype(np.uint8 if n < 256 else np.intp), kind="stable")
    who = best[at]
    start = np.flatnonzero(np.concatenate([[True], who[1:] != who[:-1]]))
    found = np.zeros((n, weights.shape[1]))
    found[who[start]] = np.add.reduceat(weights[at], start, axis=0)
    return found


def _sorted(value: Floats) -> tuple[Integers, Integers, Booleans]:
    """Sort the values of each draw, which lie in [0, 1].

    Adding 1 puts them all between two powers of two, where a float's bits read as an integer keep
    order and distance; the last bits carry the alternative's number, so that sorting whole numbers
    yields the order.

    Returns
    -------
    order : array of int, shape (n_draws, n)
        Alternatives from lowest to highest.
    place : array of int, same shape
        Number of better ones, from 0; equal ones share the least.
    tied : array of bool, shape (n_draws,)
        Draws in which some are equal.
    """
    draws, n = value.shape
    mask = (1 << max(1, (n - 1).bit_length())) - 1
    keys = (value + 1).view(np.int64)
    keys &= ~mask
    keys |= np.arange(n)
    keys.sort(axis=1)
    near = max(EQUAL, 4 * mask)
    place = np.broadcast_to(np.arange(n - 1, -1, -1), (draws, n))
    flat = keys.ravel()
    # One pass tells most blocks that nothing is equal. From the last of a draw down to the first of
    # the next is less than 0, which is huge as a number without sign.
    if n > 1 and (flat[1:] - flat[:-1]).view(np.uint64).min() >= near:
        keys &= mask
        return keys, place, np.zeros(draws, dtype=bool)
    equal = keys[:, 1:] - keys[:, :-1] < near
    keys &= mask
    tied = equal.any(axis=1)
    if tied.any():
        place = place.copy()
        at = np.arange(n)
        # Each stands where the run of equals that it is part of ends.
        end = np.where(np.pad(equal[tied], ((0, 0), (0, 1))), n - 1, at)
        place[tied] = n - 1 - np.minimum.accumulate(end[:, ::-1], axis=1)[:, ::-1]
    return keys, place, tied


def _scatter(order: Integers, place: Integers) -> Integers:
    """Return the place of each alternative in each draw, from 0, in as few bytes as will do."""
    draws, n = order.shape
    ranks = np.empty(draws * n, dtype=np.int8 if n < 128 else np.int32)
    ranks[order + n * np.arange(draws)[:, None]] = place
    return ranks.reshape(draws, n)


def _wins(ranks: Integers, ties: bool) -> Floats:
    draws, n = ranks.shape
    small = np.ascontiguousarray(ranks.T)
    wins = np.full((n, n), draws / 2)
    for i in range(n - 1):
        ahead = _true(small[i] < small[i + 1 :])
        behind = _true(small[i] > small[i + 1 :]) if ties else draws - ahead
        half = (draws - ahead - behind) / 2
        wins[i, i + 1 :], wins[i + 1 :, i] = ahead + half, behind + half
    return wins


def _true(flags: Booleans) -> Integers:
    return np.asarray(flags.view(np.uint8).sum(axis=1, dtype=np.int64))


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
        See `Tally`.

    Examples
    --------
    >>> ranks, wins = count_ranks(np.array([[0.9, 0.5, 0.5], [0.2, 0.4, 0.1]]))
    >>> ranks.tolist()
    [[1, 2, 2], [2, 1, 3]]
    >>> wins.tolist()
    [[1.0, 1.0, 2.0], [1.0, 1.0, 1.5], [0.0, 0.5, 1.0]]
    """
    least = float(value.min(initial=0.0))
    span = float(value.max(initial=0.0)) - least
    order, place, tied = _sorted((value - least) / (span or 1.0))
    ranks = _scatter(order, place)
    return ranks + np.int64(1), _wins(ranks, bool(tied.any()))


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
