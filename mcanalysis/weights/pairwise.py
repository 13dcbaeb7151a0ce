"""Pairwise comparisons as arrays: weights, inconsistency, missing judgements.

A matrix holds in ``a[i, j]`` how many times as important item i is as item j. Matrices of many
judges are one array of shape (n, n, m), judges along the last axis, so that each step of a method
runs over contiguous memory. NaN is a judgement that was not made.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mcanalysis.weights.indices import random_index

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

CHUNK = 1024
"""Matrices that are worked on at a time: few enough for the processor's cache."""
PRECISE = 1e-13
"""Change of a weight in one step below which an iteration has ended."""
STRIDE = 3
"""Steps of the power iteration between two looks at the change."""
MOST_STEPS = 201
"""Steps of the power iteration before a matrix is given to `numpy.linalg.eig`."""
MOST_ROUNDS = 1000
"""Rounds in which missing judgements are adjusted."""
REMEMBERED = 5
"""Earlier rounds that each of them learns from."""


def chunks(matrices: int) -> list[slice]:
    """Return the places of as many matrices, those that are worked on at a time together."""
    return [slice(start, start + CHUNK) for start in range(0, matrices, CHUNK)]


def principal_eigenvector(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the eigenvector of the largest eigenvalue, and that eigenvalue, by power iteration.

    Parameters
    ----------
    matrices : array, shape (n, n, m)
        Positive, without gaps.

    Returns
    -------
    weights : array, shape (n, m)
        Positive, columns sum to 1.
    largest : array, shape (m,)
        At least n for reciprocal matrices.

    References
    ----------
    Saaty, T. L. (1977), *A scaling method for priorities in hierarchical structures*. Journal of
    Mathematical Psychology 15, 234-281.

    Examples
    --------
    >>> weights, largest = principal_eigenvector(np.array([[1, 3], [1 / 3, 1]])[:, :, None])
    >>> weights[:, 0].round(6).tolist(), largest.round(6).tolist()
    ([0.75, 0.25], [2.0])
    """
    n, _, m = matrices.shape
    weights, largest = np.empty((n, m)), np.empty(m)
    for part in chunks(m):
        weights[:, part], largest[part] = _iterate(np.ascontiguousarray(matrices[:, :, part]))
    return weights, largest


def _iterate(a: Floats) -> tuple[Floats, Floats]:
    weights, largest = np.empty(a.shape[1:]), np.empty(a.shape[2])
    still = np.arange(a.shape[2])
    w = a.prod(axis=1) ** (1 / len(a))
    product = np.empty_like(a)
    for _ in range(MOST_STEPS // STRIDE):
        for _ in range(STRIDE - 1):
            w = np.multiply(a, w, out=product).sum(axis=1)
        w /= w.sum(axis=0)
        moved = np.multiply(a, w, out=product).sum(axis=1)
        value = moved.sum(axis=0)
        moved /= value
        slow = np.abs(moved - w).max(axis=0) >= PRECISE
        w = moved
        # Matrices that are done are left behind when they are most of those still worked on.
        if np.count_nonzero(slow) * 3 <= len(slow):
            weights[:, still], largest[still] = w, value
            if not slow.any():
                return weights, largest
            a, w, still = np.ascontiguousarray(a[:, :, slow]), w[:, slow], still[slow]
            product = np.empty_like(a)
    # Circular judgements turn the vector round for long; few matrices are so.
    values, vectors = np.linalg.eig(a.transpose(2, 0, 1))
    first = values.real.argmax(axis=1)
    found = np.abs(vectors[np.arange(len(still)), :, first].real).T
    weights[:, still] = found / found.sum(axis=0)
    largest[still] = values.real.max(axis=1)
    return weights, largest


def geometric_mean(matrices: Floats) -> Floats:
    """Return the geometric means of the rows, summing to 1 (logarithmic least squares).

    References
    ----------
    Crawford, G. & Williams, C. (1985), *A note on the analysis of subjective judgment matrices*.
    Journal of Mathematical Psychology 29, 387-405.
    """
    w = matrices.prod(axis=1) ** (1 / len(matrices))
    return np.asarray(w / w.sum(axis=0))


def column_mean(matrices: Floats) -> Floats:
    """Return the means of the rows after each column was divided by its sum."""
    return np.asarray((matrices / matrices.sum(axis=0)).mean(axis=1))


def least_squares(matrices: Floats) -> Floats:
    """Return the weights with the least sum of squares of ``a[i, j] w[j] - w[i]``.

    A linear system with one positive solution, unlike the sum of squares of
    ``a[i, j] - w[i] / w[j]``, which can have many minima.

    References
    ----------
    Chu, A. T. W., Kalaba, R. E. & Spingarn, K. (1979), *A comparison of two methods for determining
    the weights of belonging to fuzzy sets*. J. of Optimization Theory and Applications 27, 531-538.
    Blankmeyer, E. (1987), *Approaches to consistency adjustment*. Ibid. 54, 479-488.
    """
    n, _, m = matrices.shape
    a = matrices.transpose(2, 0, 1)
    system = np.ones((m, n + 1, n + 1))
    system[:, :n, :n] = -(a + a.transpose(0, 2, 1))
    i = np.arange(n)
    system[:, i, i] = n - 2 + (a**2).sum(axis=1)
    system[:, n, n] = 0
    right = np.zeros((m, n + 1, 1))
    right[:, n] = 1
    return np.asarray(np.linalg.solve(system, right)[:, :n, 0].T)


METHODS: dict[str, Callable[[Floats], Floats]] = {
    "eigenvector": lambda matrices: principal_eigenvector(matrices)[0],
    "geometric-mean": geometric_mean,
    "least-squares": least_squares,
    "column-mean": column_mean,
}
"""How weights are drawn from complete matrices, by the name in a result."""


def connected(matrices: Floats) -> Booleans:
    """Tell for each matrix whether its judgements link all items, directly or over others.

    Examples
    --------
    >>> gap = np.nan
    >>> a = np.array([[1, 2, gap], [0.5, 1, gap], [gap, gap, 1]])
    >>> connected(a[:, :, None]).tolist()
    [False]
    """
    linked = ~np.isnan(matrices)
    reached = linked[0]
    for _ in range(len(matrices) - 1):
        reached = (linked & reached[:, None]).any(axis=0) | reached
    return np.asarray(reached.all(axis=0))


def logarithmic_least_squares(matrices: Floats) -> Floats:
    """Return the weights whose ratios are nearest to the judgements made, on a log scale.

    Parameters
    ----------
    matrices : array, shape (n, n, m)
        NaN where a judgement is missing; connected (`connected`).

    Returns
    -------
    array, shape (n, m)
        The geometric means of the rows where nothing is missing.

    References
    ----------
    Bozóki, S., Fülöp, J. & Rónyai, L. (2010), *On optimal completion of incomplete pairwise
    comparison matrices*. Mathematical and Computer Modelling 52, 318-333 (section 4).

    Examples
    --------
    >>> gap = np.nan
    >>> a = np.array([[1, 2, gap], [0.5, 1, 2], [gap, 0.5, 1]])
    >>> logarithmic_least_squares(a[:, :, None])[:, 0].round(6).tolist()
    [0.571429, 0.285714, 0.142857]
    """
    incomplete = np.isnan(matrices).any(axis=(0, 1))
    w = geometric_mean(matrices)
    if incomplete.any():
        w[:, incomplete] = _nearest_ratios(matrices[:, :, incomplete])
    return w


def _nearest_ratios(matrices: Floats) -> Floats:
    n = len(matrices)
    logs = np.log(matrices).transpose(2, 0, 1)
    known = ~np.isnan(logs)
    # The Laplacian of the graph of judgements; 1/n everywhere fixes the sum of the logs at 0.
    system = np.where(known, -1.0, 0.0) + 1 / n
    i = np.arange(n)
    system[:, i, i] += known.sum(axis=2)
    right = np.nansum(logs, axis=2)
    w = np.exp(np.linalg.solve(system, right[:, :, None])[:, :, 0].T)
    return np.asarray(w / w.sum(axis=0))


def least_inconsistent(matrices: Floats) -> Floats:
    """Fill missing judgements so that the largest eigenvalue is as small as it can be.

    In the logs of the missing judgements the eigenvalue is convex; where it is least,
    ``a[i, j] = r[i] / r[j]`` with r the root of right over left eigenvector, which is iterated
    (`_mixed`).

    Parameters
    ----------
    matrices : array, shape (n, n, m)
        NaN where a judgement is missing; connected (`connected`).

    References
    ----------
    Bozóki, S., Fülöp, J. & Rónyai, L. (2010), *On optimal completion of incomplete pairwise
    comparison matrices*. Mathematical and Computer Modelling 52, 318-333.

    Examples
    --------
    >>> gap = np.nan
    >>> a = np.array([[1, 2, gap], [0.5, 1, 2], [gap, 0.5, 1]])
    >>> least_inconsistent(a[:, :, None])[0, 2].round(6).tolist()
    [4.0]
    """
    missing = np.isnan(matrices)
    y = np.log(logarithmic_least_squares(matrices))
    filled = np.where(missing, np.exp(y[:, None] - y), matrices)
    open_ = np.flatnonzero(missing.any(axis=(0, 1)))
    y, history = y[:, open_], np.empty((2, 0, len(matrices), len(open_)))
    for _ in range(MOST_ROUNDS):
        if not len(open_):
            break
        a = filled[:, :, open_]
        right, left = principal_eigenvector(a)[0], principal_eigenvector(a.transpose(1, 0, 2))[0]
        turned = np.log(right / left) / 2
        turned -= turned.mean(axis=0)
        history = np.concatenate([history, [[turned - y], [turned]]], axis=1)[:, -REMEMBERED - 1 :]
        y = _mixed(history)
        moved = np.where(missing[:, :, open_], np.exp(y[:, None] - y), a)
        filled[:, :, open_] = moved
        change = np.abs(np.log(moved / a)).max(axis=(0, 1))
        slow = change > 1e-10
        open_, y, history = open_[slow], y[:, slow], history[:, :, :, slow]
    return np.asarray(filled)


def _mixed(history: Floats) -> Floats:
    """Take the next step of a fixed-point iteration, Anderson-accelerated.

    Parameters
    ----------
    history : array, shape (2, rounds, n, m)
        What the last rounds changed, and where they led to.

    References
    ----------
    Walker, H. F. & Ni, P. (2011), *Anderson acceleration for fixed-point iterations*. SIAM Journal
    on Numerical Analysis 49(4), 1715-1735.
    """
    (changes, leads), (residual, led) = np.diff(history, axis=1), history[:, -1]
    if not len(changes):
        return np.asarray(led)
    square = np.einsum("anm,bnm->mab", changes, changes)
    right = np.einsum("anm,nm->ma", changes, residual)
    i = np.arange(len(changes))
    # Rounds that changed the same way leave the system singular but for this.
    square[:, i, i] += 1e-12 * square[:, i, i].sum(axis=1, keepdims=True) + 1e-300
    share = np.linalg.solve(square, right[:, :, None])[:, :, 0]
    return np.asarray(led - np.einsum("ma,anm->nm", share, leads))


def geometric_consistency(matrices: Floats) -> Floats:
    """Return the geometric consistency index: mean squared error of the logs per degree of freedom.

    Missing judgements take a degree of freedom each; with none left the index is 0.

    References
    ----------
    Aguarón, J. & Moreno-Jiménez, J. M. (2003), *The geometric consistency index: approximated
    thresholds*. European Journal of Operational Research 147, 137-145. Their thresholds are .31
    for three items, .35 for four and .37 for more.
    """
    n = len(matrices)
    w = logarithmic_least_squares(matrices)
    error = np.log(matrices * w / w[:, None])
    known = (~np.isnan(error)).sum(axis=(0, 1)) - n
    free = known / 2 - (n - 1)
    squares = np.nansum(error**2, axis=(0, 1)) / 2
    return np.asarray(np.where(free > 0, squares / np.maximum(free, 1), 0.0))


def inconsistency(matrices: Floats, table: str = "alonso-lamata") -> dict[str, Floats]:
    """Measure how far judgements are from being consistent with any weights.

    Missing judgements are first filled as well as they can be (`least_inconsistent`), and the
    random index shrinks with their number k, to ``1 - 2 k / ((n - 1) (n - 2))`` of the table's.

    Parameters
    ----------
    matrices : array, shape (n, n, m)
        NaN where a judgement is missing; connected.
    table : str
        See `random_index`.

    Returns
    -------
    dict of arrays, shape (m,)
        ``missing`` (number of judgements), ``lambda_max``, ``ci`` (consistency index),
        ``random_index``, ``cr`` (consistency ratio; 0 where nothing can be inconsistent), ``gci``
        (geometric consistency index).

    References
    ----------
    Saaty, T. L. (1980), *The Analytic Hierarchy Process*. McGraw-Hill.
    Ágoston, K. C. & Csató, L. (2022), *Inconsistency thresholds for incomplete pairwise comparison
    matrices*. Omega 108, 102576.

    Examples
    --------
    >>> a = np.array([[1, 2, 8], [1 / 2, 1, 2], [1 / 8, 1 / 2, 1]])[:, :, None]
    >>> found = inconsistency(a)
    >>> {name: round(float(found[name][0]), 4) for name in ("lambda_max", "ci", "cr", "gci")}
    {'lambda_max': 3.0536, 'ci': 0.0268, 'cr': 0.0511, 'gci': 0.1602}
    """
    n = len(matrices)
    missing = np.isnan(matrices).sum(axis=(0, 1)) / 2
    complete = least_inconsistent(matrices) if missing.any() else matrices
    largest = principal_eigenvector(complete)[1]
    ci = np.maximum(largest - n, 0) / max(n - 1, 1)
    most = (n - 1) * (n - 2) / 2
    expected = random_index(n, table) * (1 - missing / most if most else np.zeros_like(missing))
    cr = np.divide(ci, expected, out=np.zeros_like(ci), where=expected > 1e-12)
    return {
        "missing": missing,
        "lambda_max": largest,
        "ci": ci,
        "random_index": expected,
        "cr": cr,
        "gci": geometric_consistency(matrices),
    }
