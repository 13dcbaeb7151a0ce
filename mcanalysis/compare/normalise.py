"""Scales made comparable: pure functions on arrays of systems in rows, dimensions in columns.

All take leading axes (draws, fills) before these two, and keep NaN, which is never taken for 0.
Costs are turned before anything is scaled, so that higher is better in every result.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mcanalysis.errors import MethodError

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

NOISE = 1e-12
"""Values that differ by less than this share of the largest are equal."""


def fixed_goalposts(
    values: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    directions: npt.ArrayLike = 1,
) -> Floats:
    """Scale between limits that are the same whoever is compared.

    A system that is added or taken away changes no other value, so that no ranks are reversed.

    Parameters
    ----------
    values : array, shape (..., n_systems, n_dimensions)
    low, high : float or array, shape (n_dimensions,)
        Limits of each scale. Values beyond them count as the limit.
    directions : int or array, shape (n_dimensions,)
        1 where higher is better, -1 where lower is.

    Returns
    -------
    array, same shape
        In [0, 1]; 1 is best.

    Raises
    ------
    MethodError
        If a low limit is not below its high limit, or a direction is neither 1 nor -1.

    References
    ----------
    UNDP, *Human Development Report, Technical notes*: calculating the human development indices.

    Examples
    --------
    >>> fixed_goalposts([[0, 2], [3, np.nan]], 0, 3, directions=[1, -1]).round(3).tolist()
    [[0.0, 0.333], [1.0, nan]]
    """
    x = _turned(values, directions)
    signs = np.asarray(directions, dtype=np.float64)
    ends = np.asarray(low, dtype=np.float64) * signs, np.asarray(high, dtype=np.float64) * signs
    least, most = np.minimum(*ends), np.maximum(*ends)
    if not np.all(np.less(low, high)):
        raise MethodError(
            f"Goalposts from {np.asarray(low).tolist()} to {np.asarray(high).tolist()}: each "
            "low limit must be below its high limit. "
            "Give the ends of the scale."
        )
    return np.asarray(np.clip((x - least) / (most - least), 0, 1))


def min_max(values: npt.ArrayLike, directions: npt.ArrayLike = 1) -> Floats:
    """Scale between the lowest and the highest value of the systems compared.

    Depends on who is compared: a system that is added can change the order of others.

    Parameters
    ----------
    values, directions
        See `fixed_goalposts`.

    Returns
    -------
    array, same shape
        In [0, 1]; 1 is best. A constant column (see `constant_columns`) is 0.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, step 5.

    Examples
    --------
    >>> min_max([[1, 5], [3, 5], [2, np.nan]]).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.5, nan]]
    """
    x = _turned(values, directions)
    low, high = _extremes(x)
    flat = constant_columns(x)[..., None, :]
    return np.asarray(np.where(flat, 0 * x, (x - low) / np.where(flat, 1, high - low)))


def z_score(values: npt.ArrayLike, directions: npt.ArrayLike = 1) -> Floats:
    """Count by how many standard deviations a value lies above the mean of the systems compared.

    The standard deviation is that of a sample (n - 1), over the systems with a value.

    Parameters
    ----------
    values, directions
        See `fixed_goalposts`.

    Returns
    -------
    array, same shape
        Mean 0, standard deviation 1. A constant column (see `constant_columns`) is 0.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, step 5.

    Examples
    --------
    >>> z_score([[1, 5], [3, 5], [2, np.nan]]).tolist()
    [[-1.0, 0.0], [1.0, 0.0], [0.0, nan]]
    """
    x = _turned(values, directions)
    flat = constant_columns(x)[..., None, :]
    known = np.maximum((~np.isnan(x)).sum(axis=-2, keepdims=True), 1)
    apart = x - np.nansum(x, axis=-2, keepdims=True) / known
    variance = np.nansum(apart**2, axis=-2, keepdims=True) / np.maximum(known - 1, 1)
    return np.asarray(np.where(flat, 0 * x, apart / np.where(flat, 1, np.sqrt(variance))))


def norm_scaling(values: npt.ArrayLike, order: float = 2, directions: npt.ArrayLike = 1) -> Floats:
    """Divide each column by its norm: vector scaling (order 2) or sum scaling (order 1).

    What TOPSIS and the weighted product were published with; depends on who is compared.

    Parameters
    ----------
    values, directions
        See `fixed_goalposts`.
    order : float
        At least 1.

    Returns
    -------
    array, same shape
        Costs are negative. A column of zeros stays 0.

    References
    ----------
    Hwang, C. L. & Yoon, K. (1981), *Multiple Attribute Decision Making*, ch. 3.

    Examples
    --------
    >>> norm_scaling([[3, 1], [4, 3]]).round(2).tolist()
    [[0.6, 0.32], [0.8, 0.95]]
    >>> norm_scaling([[3, 1], [4, 3]], order=1).round(2).tolist()
    [[0.43, 0.25], [0.57, 0.75]]
    """
    if not order >= 1:
        raise MethodError(f"Order of the norm: {order}. Choose 1 (sum) or 2 (vector).")
    x = _turned(values, directions)
    norm = np.nansum(np.abs(x) ** order, axis=-2, keepdims=True) ** (1 / order)
    return np.asarray(x / np.where(norm > 0, norm, 1))


def piecewise_values(
    values: npt.ArrayLike, cutoffs: npt.ArrayLike, worths: npt.ArrayLike
) -> Floats:
    """Read values off a piecewise linear value function.

    Parameters
    ----------
    values : array
        Beyond the first and last cutoff the worth of that cutoff counts.
    cutoffs : array, shape (k,)
        Ascending.
    worths : array, shape (k,)

    Returns
    -------
    array, same shape as values

    Raises
    ------
    MethodError
        If the cutoffs do not ascend, or there is not one worth for each.

    Examples
    --------
    >>> piecewise_values([0, 1, 1.5, 3, np.nan], [0, 1, 2, 3], [0, 0.6, 0.8, 1]).tolist()
    [0.0, 0.6, 0.7, 1.0, nan]
    """
    at, worth = np.asarray(cutoffs, dtype=np.float64), np.asarray(worths, dtype=np.float64)
    if at.ndim != 1 or at.shape != worth.shape or not len(at) or not (np.diff(at) > 0).all():
        raise MethodError(
            f"Value function with cutoffs {at.tolist()} and worths {worth.tolist()}: "
            "give one worth for each cutoff, and the cutoffs in ascending order."
        )
    return np.asarray(np.interp(np.asarray(values, dtype=np.float64), at, worth))


def constant_columns(values: npt.ArrayLike) -> Booleans:
    """Tell which columns do not tell systems apart: equal values (up to noise), or at most one.

    Returns
    -------
    array of bool, shape (..., n_dimensions)

    Examples
    --------
    >>> constant_columns([[0.3, 1, np.nan], [0.1 + 0.2, 2, 1]]).tolist()
    [True, False, True]
    """
    low, high = _extremes(_turned(values, 1))
    span = high - low
    apart = span > NOISE * np.maximum(np.abs(low), np.abs(high))
    return np.asarray(~apart[..., 0, :])


def _extremes(x: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and the highest known value of each column, NaN where there is none."""
    return np.fmin.reduce(x, axis=-2, keepdims=True), np.fmax.reduce(x, axis=-2, keepdims=True)


def _turned(values: npt.ArrayLike, directions: npt.ArrayLike) -> Floats:
    """Return values as an array in which higher is better."""
    x, signs = np.asarray(values, dtype=np.float64), np.asarray(directions, dtype=np.float64)
    if x.ndim < 2 or not x.size:
        raise MethodError(
            f"Values of shape {x.shape}: give systems in rows and dimensions in columns, "
            "at least one of each."
        )
    if np.isinf(x).any():
        raise MethodError("A value is infinite. Give numbers, and NaN where nothing is known.")
    if not np.isin(signs, (1, -1)).all() or signs.shape not in ((), x.shape[-1:]):
        raise MethodError(
            f"Directions are {np.asarray(directions).tolist()} for {x.shape[-1]} dimensions. "
            "Give 1 (higher is better) or -1 (lower is better) for each."
        )
    return np.asarray(x * signs + 0.0)
