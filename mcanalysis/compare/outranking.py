"""One score from many duels: PROMETHEE II and Copeland, which compare systems pair by pair.

Nothing is made up for by the size of a lead alone: who is ahead counts. A pair is compared on the
dimensions that both have (NaN is a gap), the weights of these scaled up to 1; a pair with nothing
in common is a draw, and a system without anything that has weight has no score (NaN).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from mcanalysis.compare.aggregate import check_values
from mcanalysis.compare.normalise import NOISE, Floats
from mcanalysis.errors import MethodError

PAIRS_UP_TO = 50
"""Systems up to which looking at all pairs is as quick as sorting."""
BLOCK = 50_000
"""Numbers that are worked on at a time, so that they stay in the cache."""


def promethee_net_flow(
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    q: npt.ArrayLike = 0.0,
    p: npt.ArrayLike = 0.0,
) -> Floats:
    """Aggregate by the net flow of PROMETHEE II: the mean lead over the others, less the mean lag.

    Parameters
    ----------
    values, weights, q, p
        See `promethee_flows`.

    Returns
    -------
    array, shape (..., n_systems)
        In [-1, 1]; 1 is ahead of everybody on everything.

    Raises
    ------
    MethodError
        If shapes or numbers do not fit.

    References
    ----------
    Brans, J. P. & Vincke, P. (1985), *A preference ranking organisation method*. Management Science
    31(6), 647-656.

    Examples
    --------
    >>> promethee_net_flow([[2, 0], [1, 2], [0, 1]], [0.75, 0.25]).tolist()
    [0.5, 0.25, -0.75]
    """
    positive, negative = promethee_flows(values, weights, q, p)
    return positive - negative


def promethee_flows(
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    q: npt.ArrayLike = 0.0,
    p: npt.ArrayLike = 0.0,
) -> tuple[Floats, Floats]:
    """Return the positive and the negative flow of PROMETHEE.

    The preference for a system that is ahead by d grows from 0 at ``d <= q`` to 1 at ``d >= p``.
    With q = p = 0 any lead counts in full (usual criterion, for ordinal levels); with q = 0 it is
    the V-shape, else the linear criterion.

    Parameters
    ----------
    values : array, shape (n_systems, n_dimensions)
        NaN is a gap.
    weights : array, shape (..., n_dimensions)
        At least 0, not all 0.
    q, p : float or array, shape (n_dimensions,)
        Thresholds of indifference and preference: ``0 <= q < p``, or both 0.

    Returns
    -------
    positive, negative : array, shape (..., n_systems)
        Mean preference over the others, and of the others over it, in [0, 1].

    Raises
    ------
    MethodError
        If shapes or numbers do not fit.

    Notes
    -----
    Without gaps the cost grows with n log n for each dimension: over sorted values a flow is a
    difference of running sums. With gaps all pairs are looked at.

    References
    ----------
    Brans, J. P. & Vincke, P. (1985), *A preference ranking organisation method*. Management Science
    31(6), 647-656.
    Calders, T. & Van Assche, D. (2018), *PROMETHEE is not quadratic: an O(qn log(n)) algorithm*.
    Omega 76, 63-69.

    Examples
    --------
    >>> positive, negative = promethee_flows([[2, 0], [1, 2], [0, 1]], [0.75, 0.25])
    >>> positive.tolist(), negative.tolist()
    ([0.75, 0.625, 0.125], [0.25, 0.375, 0.875])
    """
    x, w = _check_duels(values, weights)
    low, high = _thresholds(q, p, x.shape[1])
    others = max(len(x) - 1, 1)
    if np.isnan(x).any():
        blocks = list(duels(x, x, w, low, high))
        ahead = np.concatenate([block[1].sum(axis=-1) for block in blocks], axis=-1)
        behind = np.concatenate([block[2].sum(axis=-1) for block in blocks], axis=-1)
        some = ((~np.isnan(x)) @ w[..., None])[..., 0] > 0
        return (
            np.asarray(np.where(some, ahead / others, np.nan)),
            np.asarray(np.where(some, behind / others, np.nan)),
        )
    of_each = flows_by_pairs if len(x) <= PAIRS_UP_TO else flows_by_sorting
    positive, negative = of_each(x, low, high)
    share = w / w.sum(axis=-1, keepdims=True)
    return share @ positive.T / others, share @ negative.T / others


def copeland(values: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """Aggregate by majorities: of the other systems, how many it beats less how many beat it.

    A system beats another if the dimensions on which it is higher weigh more than those on which it
    is lower; by how much it is higher does not count.

    Parameters
    ----------
    values : array, shape (n_systems, n_dimensions)
        NaN is a gap.
    weights : array, shape (..., n_dimensions)
        At least 0, not all 0.

    Returns
    -------
    array, shape (..., n_systems)
        In [-1, 1]; 1 beats all others.

    Raises
    ------
    MethodError
        If shapes or numbers do not fit.

    References
    ----------
    Copeland, A. H. (1951), *A reasonable social welfare function*. University of Michigan.
    Munda, G. & Nardo, M. (2009), *Noncompensatory/nonlinear composite indicators for ranking
    countries*. Applied Economics 41(12), 1513-1523.

    Examples
    --------
    >>> copeland([[3, 0, 0], [1, 1, 1], [0, 0, 1]], [1, 1, 1]).tolist()
    [-0.5, 1.0, -0.5]
    """
    x, w = _check_duels(values, weights)
    low, high = _thresholds(0.0, 0.0, x.shape[1])
    won = [majority(ahead, behind).sum(axis=-1) for _, ahead, behind in duels(x, x, w, low, high)]
    some = ((~np.isnan(x)) @ w[..., None])[..., 0] > 0
    score = np.concatenate(won, axis=-1) / max(len(x) - 1, 1)
    return np.asarray(np.where(some, score, np.nan))


def majority(ahead: Floats, behind: Floats) -> Floats:
    """Return 1 where more weight is ahead than behind, -1 where less, 0 where as much."""
    margin = ahead - behind
    return np.asarray(np.where(np.abs(margin) > NOISE, np.sign(margin), 0.0))


def duels(
    rows: Floats, columns: Floats, weights: Floats, q: Floats, p: Floats
) -> Iterator[tuple[int, Floats, Floats]]:
    """Compare systems with others, some rows at a time.

    Parameters
    ----------
    rows : array, shape (a, n_dimensions)
    columns : array, shape (b, n_dimensions)
    weights : array, shape (..., n_dimensions)
    q, p : array, shape (n_dimensions,)

    Yields
    ------
    first : int
        Number of the first row of the block.
    ahead, behind : array, shape (..., rows of the block, b)
        Preference for the row over the column and the reverse, in [0, 1], over the dimensions that
        both have; both 0 where none has weight.
    """
    size = max(1, BLOCK // columns.size)
    complete = not (np.isnan(rows).any() or np.isnan(columns).any())
    flat = weights.reshape(-1, weights.shape[-1]).T

    def weighed(of_each: npt.NDArray[np.generic]) -> Floats:
        made = np.moveaxis(of_each.astype(np.float64) @ flat, -1, 0)
        return made.reshape(*weights.shape[:-1], *made.shape[1:])

    for first in range(0, len(rows), size):
        lead = rows[first : first + size, None, :] - columns
        total = weights.sum(axis=-1)[..., None, None] if complete else weighed(~np.isnan(lead))
        total = np.where(total > 0, total, 1)
        yield (
            first,
            weighed(_preference(lead, q, p)) / total,
            weighed(_preference(-lead, q, p)) / total,
        )


def flows_by_pairs(x: Floats, q: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Sum the preferences over all others, dimension by dimension, by looking at every pair.

    Parameters
    ----------
    x : array, shape (n_systems, n_dimensions)
        Without gaps.
    q, p : array, shape (n_dimensions,)

    Returns
    -------
    positive, negative : array, shape (n_systems, n_dimensions)
    """
    positive, negative = np.empty(x.shape), np.empty(x.shape)
    size = max(1, BLOCK // x.size)
    for first in range(0, len(x), size):
        lead = x[first : first + size, None, :] - x
        positive[first : first + size] = _preference(lead, q, p).sum(axis=1)
        negative[first : first + size] = _preference(-lead, q, p).sum(axis=1)
    return positive, negative


def flows_by_sorting(x: Floats, q: Floats, p: Floats) -> tuple[Floats, Floats]:
    """Sum the preferences over all others, dimension by dimension, by running sums.

    Of the values in order, those further below than p count 1 each; those between q and p below
    count ``(d - q) / (p - q)`` each, whose sum follows from their number and their running sum.

    Parameters
    ----------
    x, q, p
        See `flows_by_pairs`.

    Returns
    -------
    positive, negative : array, shape (n_systems, n_dimensions)
        The same as from all pairs.
    """
    n = len(x)
    positive, negative = np.empty(x.shape), np.empty(x.shape)
    order = np.argsort(x, axis=0)
    for d in range(x.shape[1]):
        at = order[:, d]
        # Sums of values near 0 lose fewest digits.
        s = x[at, d] - x[:, d].mean() if p[d] > 0 else x[at, d]
        if p[d] == 0:
            below, above = np.searchsorted(s, s, "left"), n - np.searchsorted(s, s, "right")
            positive[at, d], negative[at, d] = below, above
            continue
        running = np.concatenate([[0.0], np.cumsum(s)])
        far, near = np.searchsorted(s, s - p[d]), np.searchsorted(s, s - q[d])
        part = (near - far) * (s - q[d]) - (running[near] - running[far])
        positive[at, d] = far + part / (p[d] - q[d])
        near, far = np.searchsorted(s, s + q[d]), np.searchsorted(s, s + p[d])
        part = (running[far] - running[near]) - (far - near) * (s + q[d])
        negative[at, d] = n - far + part / (p[d] - q[d])
    return positive, negative


def _preference(lead: Floats, q: Floats, p: Floats) -> npt.NDArray[np.generic]:
    """Return the preference for each lead; none where it is not known."""
    step = lead > 0
    if not p.any():
        return step
    slope = np.clip((np.nan_to_num(lead) - q) / np.where(p > 0, p - q, 1), 0, 1)
    return np.asarray(np.where(p > 0, slope, step))


def _check_duels(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, w = check_values(values, weights)
    if x.ndim != 2:
        raise MethodError(
            f"Values of shape {x.shape}: pairs are compared for one table of systems and "
            "dimensions at a time."
        )
    return x, w


def _thresholds(q: npt.ArrayLike, p: npt.ArrayLike, n: int) -> tuple[Floats, Floats]:
    low, high = np.asarray(q, dtype=np.float64), np.asarray(p, dtype=np.float64)
    fits = low.shape in ((), (n,)) and high.shape in ((), (n,))
    if not fits or not np.all((low >= 0) & ((high > low) | ((high == 0) & (low == 0)))):
        raise MethodError(
            f"Thresholds q = {low.tolist()}, p = {high.tolist()} for {n} dimensions. Give one, or "
            "one for each, with p above q and q at least 0, or both 0 where any lead counts."
        )
    return np.broadcast_to(low, (n,)), np.broadcast_to(high, (n,))
