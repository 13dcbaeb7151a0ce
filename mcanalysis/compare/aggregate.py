"""One score from many dimensions: weighted means, and closeness to an ideal; then ranks.

Pure functions on values (systems in rows, dimensions in columns, higher is better) and weights,
which need not sum to 1. Leading axes of both are kept: many draws of weights, or many fills of the
gaps, are scored at once. A gap (NaN) is left out and the weights of what is present are scaled up
to 1; a system without anything that has weight has no score (NaN).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mcanalysis.compare.normalise import NOISE, Floats
from mcanalysis.errors import MethodError

FLOOR = 0.05
"""A geometric mean is taken of 0.05 + 0.95 v, so that one zero does not annul a system."""


def arithmetic_mean(values: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """Aggregate by the weighted arithmetic mean: a low dimension is made up for by a high one.

    Parameters
    ----------
    values : array, shape (..., n_systems, n_dimensions)
        NaN is a gap.
    weights : array, shape (..., n_dimensions)
        At least 0, not all 0.

    Returns
    -------
    array, shape (..., n_systems)
        NaN where nothing with weight is present.

    Raises
    ------
    MethodError
        If shapes or numbers do not fit.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, step 6.

    Examples
    --------
    >>> arithmetic_mean([[1, 0, np.nan], [0, 1, 1]], [2, 1, 1]).round(3).tolist()
    [0.667, 0.5]
    """
    x, share = known_shares(values, weights)
    return _where_any(share, (share * x).sum(axis=-1))


def geometric_mean(values: npt.ArrayLike, weights: npt.ArrayLike, floor: float = FLOOR) -> Floats:
    """Aggregate by the weighted geometric mean: a low dimension is made up for in part only.

    A plain geometric mean makes a system 0 for good by one 0. So values in [0, 1] are moved to
    [floor, 1] first, and the mean back. With `floor` 0 the mean is plain and a 0 is refused.

    Parameters
    ----------
    values, weights
        See `arithmetic_mean`. In [0, 1], or above 0 with `floor` 0.
    floor : float
        In [0, 1).

    Returns
    -------
    array, shape (..., n_systems)
        Never above the arithmetic mean; NaN where nothing with weight is present.

    Raises
    ------
    MethodError
        If shapes or numbers do not fit.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, step 6.

    Examples
    --------
    >>> geometric_mean([[1, 0], [0.5, 0.5]], [1, 1]).round(3).tolist()
    [0.183, 0.5]
    >>> geometric_mean([[1, 4]], [1, 1], floor=0).round(3).tolist()
    [2.0]
    """
    x, share = known_shares(values, weights)
    given = np.asarray(values, dtype=np.float64)
    if not 0 <= floor < 1:
        raise MethodError(f"Floor of the geometric mean: {floor}. Choose a number from 0 to 0.5.")
    least, most = np.nanmin(given, initial=np.inf), np.nanmax(given, initial=-np.inf)
    if (least < 0 or most > 1) if floor > 0 else least <= 0:
        span = "above 0" if floor == 0 else "in [0, 1]"
        raise MethodError(
            f"A geometric mean with floor {floor:g} needs values {span}; found "
            f"{least:g} to {most:g}. Normalise by goalposts or min-max"
            f"{', and set a floor.' if floor == 0 else '.'}"
        )
    lifted = np.where(np.isnan(given), 1, floor + (1 - floor) * x)
    mean = (np.exp((share * np.log(lifted)).sum(axis=-1)) - floor) / (1 - floor)
    return _where_any(share, mean)


def topsis(
    values: npt.ArrayLike,
    weights: npt.ArrayLike,
    ideal: npt.ArrayLike = 1.0,
    anti_ideal: npt.ArrayLike = 0.0,
) -> Floats:
    """Aggregate by closeness to an ideal and distance from its opposite (TOPSIS).

    With the fixed ideals of the default no system changes the order of others. With ideals from
    the data (``values.max(axis=0)``, ``values.min(axis=0)``, as first published) one that is added
    can.

    Parameters
    ----------
    values, weights
        See `arithmetic_mean`. Normalised.
    ideal, anti_ideal : float or array, shape (n_dimensions,)

    Returns
    -------
    array, shape (..., n_systems)
        d- / (d+ + d-), in [0, 1]: 1 at the ideal, 0 at the anti-ideal. Distances are Euclidean,
        over the weighted dimensions that are present; NaN where none has weight, or where the two
        ideals are the same on all that have.

    Raises
    ------
    MethodError
        If shapes or numbers do not fit.

    References
    ----------
    Hwang, C. L. & Yoon, K. (1981), *Multiple Attribute Decision Making*, 128-140.
    García-Cascales, M. S. & Lamata, M. T. (2012), *On rank reversal and TOPSIS method*.
    Mathematical and Computer Modelling 56, 123-132 (fixed ideals).

    Examples
    --------
    >>> topsis([[1, 0], [0.5, 0.5], [1, np.nan]], [3, 1]).round(3).tolist()
    [0.75, 0.5, 1.0]
    """
    x, share = known_shares(values, weights)
    ends = np.asarray(ideal, dtype=np.float64), np.asarray(anti_ideal, dtype=np.float64)
    if any(end.shape not in ((), x.shape[-1:]) or not np.isfinite(end).all() for end in ends):
        raise MethodError(
            f"Ideals of shape {ends[0].shape} and {ends[1].shape} for {x.shape[-1]} dimensions. "
            "Give one number, or one for each dimension."
        )
    to_best = np.sqrt((share**2 * (ends[0] - x) ** 2).sum(axis=-1))
    to_worst = np.sqrt((share**2 * (x - ends[1]) ** 2).sum(axis=-1))
    both = to_best + to_worst
    return np.asarray(np.where(both > 0, to_worst / np.where(both > 0, both, 1), np.nan))


def competition_ranks(scores: npt.ArrayLike) -> Floats:
    """Rank scores: 1 is the highest; equal scores share the better rank (1, 1, 3).

    Scores within floating-point noise of the next one are equal.

    Parameters
    ----------
    scores : array, shape (..., n_systems)

    Returns
    -------
    array, same shape
        Whole numbers; NaN where there is no score.

    Examples
    --------
    >>> competition_ranks([0.3, 0.7, 0.1 + 0.2, np.nan, 0.1]).tolist()
    [2.0, 1.0, 2.0, nan, 4.0]
    """
    x = np.asarray(scores, dtype=np.float64)
    if not x.ndim or np.isinf(x).any():
        raise MethodError("Ranks are of finite scores in a row. Give NaN where there is no score.")
    order = np.argsort(-x, axis=-1, kind="stable")
    falling = np.take_along_axis(x, order, axis=-1)
    noise = NOISE * np.maximum(np.fmax.reduce(np.abs(x), axis=-1, keepdims=True, initial=1), 1)
    place = np.broadcast_to(np.arange(x.shape[-1]), x.shape)
    new = np.ones(x.shape, dtype=bool)
    new[..., 1:] = falling[..., :-1] - falling[..., 1:] > noise
    first = np.maximum.accumulate(np.where(new, place, 0), axis=-1)
    ranks = np.empty(x.shape)
    np.put_along_axis(ranks, order, first + 1.0, axis=-1)
    return np.asarray(np.where(np.isnan(x), np.nan, ranks))


def known_shares(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return values with 0 in the gaps, and the share of the weight that each known value has.

    Shares of a system sum to 1; they are 0 throughout where nothing with weight is present.
    """
    x, w = check_values(values, weights)
    gap = np.isnan(x)
    share = np.where(gap, 0, w[..., None, :])
    total = share.sum(axis=-1, keepdims=True)
    return np.where(gap, 0, x), np.asarray(share / np.where(total > 0, total, 1))


def check_values(values: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return values and weights as arrays; MethodError, with all problems, if they do not fit."""
    x, w = np.asarray(values, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    problems = []
    if x.ndim < 2 or not x.size:
        problems.append(
            f"Values of shape {x.shape}: give systems in rows and dimensions in columns, "
            "at least one of each."
        )
    elif not w.ndim or w.shape[-1] != x.shape[-1]:
        problems.append(
            f"Weights of shape {w.shape} for {x.shape[-1]} dimensions: give one for each."
        )
    if np.isinf(x).any():
        problems.append("A value is infinite. Give numbers, and NaN where nothing is known.")
    if not np.isfinite(w).all() or (w < 0).any() or (w.ndim and not (w.sum(axis=-1) > 0).all()):
        problems.append("Weights must be numbers, none below 0 and not all 0.")
    if problems:
        raise MethodError("\n".join(problems))
    return x, w


def _where_any(share: Floats, score: Floats) -> Floats:
    return np.asarray(np.where((share > 0).any(axis=-1), score, np.nan))
