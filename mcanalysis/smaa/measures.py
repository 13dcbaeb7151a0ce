"""What the draws say: central weights, confidence factors, acceptability in one figure, causes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mcanalysis.smaa.counting import Tally, count_ranks
from mcanalysis.smaa.drawing import (
    VARY,
    Draws,
    Floats,
    Integers,
    Uncertain,
    additive_values,
    block_sizes,
    draw_block,
)

PARTS = 10
"""Equal parts into which a weight or a worth is cut when its share of the variance is measured."""
FIELD = {"weights": "weights", "values": "worths", "gaps": "gaps", "confidence": "doubtful"}
"""Where the draws hold each kind of uncertainty."""


def standard_error(share: Floats, draws: int) -> Floats:
    """Return the Monte-Carlo standard error of shares of the draws; at most 0.5 / sqrt(draws).

    Examples
    --------
    >>> standard_error(np.array([0.5, 1.0]), 10_000).tolist()
    [0.005, 0.0]
    """
    return np.sqrt(share * (1 - share) / draws)


def central_weights(counted: Tally) -> tuple[Floats, Floats]:
    """Return the mean of the weights with which each alternative is first.

    Parameters
    ----------
    counted : Tally
        With details.

    Returns
    -------
    central : array, shape (n, n_dimensions)
        The priorities of a typical supporter; rows sum to 1, NaN where an alternative is never
        first.
    error : array, same shape
        Monte-Carlo standard error; NaN for fewer than two draws.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2*. Operations Research 49(3), 444-454, section 3.

    Examples
    --------
    >>> ranks, first = np.array([[2, 0], [0, 2]]), np.array([[1.5, 0.5], [0, 0]])
    >>> central, error = central_weights(Tally(2, ranks, np.zeros((0, 0)), first, first**2 / 2))
    >>> central.tolist(), error.tolist()
    ([[0.75, 0.25], [nan, nan]], [[0.0, 0.0], [nan, nan]])
    """
    times = counted.ranks[:, :1].sum(axis=1, keepdims=True).astype(float)
    central = counted.first_weights / np.where(times > 0, times, np.nan)
    variance = counted.first_squares - times * central**2
    free = np.where(times > 1, times * (times - 1), np.nan)
    return central, np.sqrt(np.maximum(variance, 0) / free)


def holistic_acceptability(acceptability: Floats) -> Floats:
    """Weigh the acceptability of all ranks into one figure, by centroid meta-weights.

    Parameters
    ----------
    acceptability : array, shape (n, n_ranks)
        Rows sum to 1.

    Returns
    -------
    array, shape (n,)
        1 for one that is always first; a rank r of n counts ``sum(1 / k, k = r..n)`` divided by
        what rank 1 counts. A figure for sorting, not a share of anything.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2*. Operations Research 49(3), 444-454, section 3.

    Examples
    --------
    >>> holistic_acceptability(np.array([[1, 0], [0.5, 0.5], [0, 1]])).round(3).tolist()
    [1.0, 0.667, 0.333]
    """
    return np.asarray(acceptability @ _meta_weights(acceptability.shape[1]))


def holistic_error(acceptability: Floats, draws: int) -> Floats:
    """Return the Monte-Carlo standard error of `holistic_acceptability`.

    Examples
    --------
    >>> holistic_error(np.array([[1, 0], [0.5, 0.5]]), 10_000).round(5).tolist()
    [0.0, 0.00333]
    """
    meta = _meta_weights(acceptability.shape[1])
    variance = acceptability @ meta**2 - (acceptability @ meta) ** 2
    return np.asarray(np.sqrt(np.maximum(variance, 0) / draws))


def _meta_weights(ranks: int) -> Floats:
    tail = np.cumsum(1 / np.arange(ranks, 0, -1))[::-1]
    return np.asarray(tail / tail[0])


def confidence_factors(model: Uncertain, central: Floats, draws: int, seed: int) -> Floats:
    """Return how often each alternative is first with its own central weights.

    Parameters
    ----------
    model : Uncertain
        All that it varies but the weights is drawn afresh.
    central : array, shape (n, n_dimensions)
        NaN where an alternative is never first.
    draws, seed : int

    Returns
    -------
    array, shape (n,)
        In [0, 1], a tie for the first place counting in full; NaN without central weights. Low
        means: even those who would choose it cannot be sure, as the evidence is too thin.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2*. Operations Research 49(3), 444-454, section 3.
    """
    first = np.where(np.isnan(central[:, 0]), np.nan, 0.0)
    for block, size in enumerate(block_sizes(draws, len(central))):
        drawn = draw_block(replace(model, weights=np.zeros(central.shape[1])), seed, block, size)
        for i in np.flatnonzero(~np.isnan(first)):
            fixed = replace(drawn, weights=np.broadcast_to(central[i], drawn.weights.shape))
            value = additive_values(model, fixed)
            first[i] += np.count_nonzero(value[:, i] >= value.max(axis=1) - 1e-12)
    return first / draws


def sobol_indices(base: Floats, other: Floats, mixed: Floats) -> tuple[Floats, Floats, Floats]:
    """Split the variance of results by one input, or one group of inputs.

    Parameters
    ----------
    base, other : array, shape (n_draws, …)
        Results of two independent samples of all inputs.
    mixed : array, same shape
        Results where the input comes from `other` and all else from `base`.

    Returns
    -------
    first_order : array
        Share of the variance that the input explains alone.
    total_order : array
        Share that it explains alone or together with others. Both are 0 where nothing varies.
    error : array
        The larger of the two Monte-Carlo standard errors.

    References
    ----------
    Saltelli, A. et al. (2010), *Variance based sensitivity analysis of model output*. Computer
    Physics Communications 181(2), 259-270, table 2 (b) and (f).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> a, b = rng.random((2, 100_000, 2))
    >>> mixed = np.stack([b[:, 0], a[:, 1]], axis=1)
    >>> first, total, _ = sobol_indices(*(x @ [2, 1] for x in (a, b, mixed)))
    >>> float(first.round(2)), float(total.round(2))
    (0.8, 0.8)
    """
    variance = np.concatenate([base, other]).var(axis=0)
    share = np.divide(1, variance, out=np.zeros_like(variance), where=variance > 0)
    centre = base.mean(axis=0)
    alone = (other - centre) * (mixed - base)
    together = (base - mixed) ** 2 / 2
    error = np.maximum(alone.std(axis=0), together.std(axis=0)) / np.sqrt(len(base))
    return alone.mean(axis=0) * share, together.mean(axis=0) * share, error * share


def rank_variance(
    model: Uncertain, draws: int, seed: int, result: Callable[[Floats], Floats] | None = None
) -> dict[str, tuple[Floats, Floats, Floats]]:
    """Split the variance of each rank by what is uncertain: weights, values, gaps, confidence.

    Parameters
    ----------
    model : Uncertain
    draws, seed : int
    result : callable, optional
        What is explained, from values of shape (n_draws, n); ranks when left out.

    Returns
    -------
    dict
        Kind, for what is varied -> first order, total order and error, each of shape (n,); see
        `sobol_indices`.
    """
    explained = result or (lambda value: count_ranks(value)[0].astype(float))
    kinds = [kind for kind in VARY if kind in model.vary]
    found: dict[str, list[Floats]] = {name: [] for name in ("base", "other", *kinds)}
    for block, size in enumerate(block_sizes(draws, len(model.levels))):
        one, two = (draw_block(model, seed, 2 * block + k, size) for k in (0, 1))
        mixes: dict[str, Draws] = {"base": one, "other": two}
        for kind in kinds:
            mixes[kind] = replace(one, **{FIELD[kind]: getattr(two, FIELD[kind])})
        for name, drawn in mixes.items():
            found[name].append(explained(additive_values(model, drawn)))
    all_ = {name: np.concatenate(parts) for name, parts in found.items()}
    return {kind: sobol_indices(all_["base"], all_["other"], all_[kind]) for kind in kinds}


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


def explained_share(result: Integers, part: Integers) -> Floats:
    """Return the variance of the means of the parts as a share of the variance of results.

    Parameters
    ----------
    result : array of number, shape (n_draws,) or (n_draws, n)
    part : array of int, shape (n_draws,)
        0 or above: the part that each draw belongs to.

    Returns
    -------
    array, shape () or (n,)
        In [0, 1]; 0 where a result does not vary.

    Examples
    --------
    >>> explained_share(np.array([1, 1, 3, 3]), np.array([0, 0, 1, 1])).tolist()
    1.0
    >>> explained_share(np.array([[1, 1], [3, 1], [1, 1], [3, 1]]), np.array([0, 0, 1, 1])).tolist()
    [0.0, 0.0]
    """
    apart = np.asarray(result - result.mean(axis=0), dtype=np.float64)
    member = part[:, None] == np.arange(part.max() + 1)
    size = member.sum(axis=0)
    sums = member.T.astype(float) @ apart
    between = (sums.T**2 / np.maximum(size, 1)).sum(axis=-1) / len(part)
    variance = (apart**2).mean(axis=0)
    none = np.zeros_like(between)
    return np.asarray(np.divide(between, variance, out=none, where=variance > 0))
