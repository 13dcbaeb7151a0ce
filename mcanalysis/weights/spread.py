"""Random weights that keep within what is known: a panel's spread, an order of importance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mcanalysis.weights.pairwise import Floats
from mcanalysis.weights.stated import refuse

LEAST = 0.001
"""Share that stands in for a weight of 0, whose log-ratio to the others would be infinite."""
ROUNDING = 0.02
"""How far a judge's weights may sum to something else than 1: published ones are rounded."""
CHUNK = 512
"""Draws worked on at a time: they fit in the cache, and BLAS starts no threads for so little."""


def draw_panel_weights(generator: np.random.Generator, draws: int, judges: Floats) -> Floats:
    """Draw weights that vary as the judges of a panel do (logistic-normal distribution).

    The centred log-ratios of the drawn weights have the mean of the judges' and their covariance
    (that with m - 1). Each draw adds to the mean the judges' deviations from it times standard
    normal numbers, so that the covariance itself is never formed; with few judges, only what they
    disagree on varies.

    Parameters
    ----------
    generator : Generator
        Gives one normal number per draw and judge, draw by draw.
    draws : int
    judges : array, shape (n, m)
        Weights of m judges, columns sum to 1. A weight of 0 is replaced by `LEAST` and the others
        of that judge are made smaller in proportion (multiplicative replacement).

    Returns
    -------
    array, shape (draws, n)
        Positive, rows sum to 1. A single judge's own weights in every row; the mean of the draws is
        near the judges' geometric mean (aggregated priorities), not the arithmetic one.

    Raises
    ------
    MethodError
        For no items or judges, a weight that is missing, negative or infinite, or weights of a
        judge that do not sum to 1.

    References
    ----------
    Aitchison, J. & Shen, S. M. (1980), *Logistic-normal distributions: some properties and uses*.
    Biometrika 67(2), 261-272.
    Martín-Fernández, J. A., Barceló-Vidal, C. & Pawlowsky-Glahn, V. (2003), *Dealing with zeros and
    missing values in compositional data sets using nonparametric imputation*. Mathematical Geology
    35(3), 253-278.

    Examples
    --------
    >>> judges = np.array([[0.6, 0.5], [0.3, 0.3], [0.1, 0.2]])
    >>> w = draw_panel_weights(np.random.default_rng(0), 1000, judges)
    >>> w.shape, w.sum(axis=1).round(12).min().item(), w.mean(axis=0).round(2).tolist()
    ((1000, 3), 1.0, [0.55, 0.3, 0.16])
    """
    w = np.asarray(judges, dtype=float)
    if w.ndim != 2 or 0 in w.shape:
        refuse([
            f"panel weights: an array of shape {w.shape} holds no judges' weights. Hand in shape "
            "(items, judges)."
        ])  # fmt: skip
    refuse(_unfit(w))
    none = w == 0
    w = np.where(none, LEAST, w / w.sum(axis=0) * (1 - LEAST * none.sum(axis=0)))
    logs = np.log(w)
    ratios = logs - logs.mean(axis=0)
    mean = ratios.mean(axis=1)
    m = w.shape[1]
    if m == 1:
        return np.tile(w[:, 0], (draws, 1))
    apart = (ratios - mean[:, None]).T / np.sqrt(m - 1)
    drawn = np.empty((draws, len(w)))
    for start in range(0, draws, CHUNK):
        part = drawn[start : start + CHUNK]
        np.matmul(generator.standard_normal((len(part), m)), apart, out=part)
        part += mean
        # A far outlier must not overflow.
        part -= part.max(axis=1, keepdims=True)
        np.exp(part, out=part)
        part /= part.sum(axis=1, keepdims=True)
    return drawn


def _unfit(w: Floats) -> list[str]:
    wrong = []
    for k in range(w.shape[1]):
        own = w[:, k]
        if not (np.isfinite(own).all() and (own >= 0).all()):
            wrong.append(
                f"panel weights: judge {k + 1} has one that is missing, negative or infinite. Give "
                "each item a weight of 0 or more."
            )
        elif abs(own.sum() - 1) > ROUNDING:
            wrong.append(
                f"panel weights: those of judge {k + 1} sum to {own.sum():.3g}. Divide them by "
                "their sum, so that together they are 1."
            )
    return wrong


def draw_ordered_weights(
    generator: np.random.Generator, draws: int, order: Sequence[Sequence[int]]
) -> Floats:
    """Draw weights uniformly among all that keep an order of importance.

    Uniform weights from the whole simplex are sorted; the greatest go to the first group of the
    order, and inside a group they are shuffled. Each weight in a group is then at least as great as
    each in a later one.

    Parameters
    ----------
    generator : Generator
    draws : int
    order : sequence of sequences of int
        Positions of the items, 0 to n - 1, each once: most important group first. Inside a group
        any order is possible (in `weigh_order` the items of a group matter the same).

    Returns
    -------
    array, shape (draws, n)
        Column i holds the weights of item i; rows sum to 1.

    Raises
    ------
    MethodError
        For an empty group, or positions that are not 0 to n - 1, each once.

    References
    ----------
    Barron, F. H. & Barrett, B. E. (1996), *Decision quality using ranked attribute weights*.
    Management Science 42(11), 1515-1523: for a strict order the mean is the rank-order centroid.
    Rubinstein, R. Y. (1982), *Generating random vectors uniformly distributed inside and on the
    surface of different regions*. European Journal of Operational Research 10(2), 205-209.

    Examples
    --------
    >>> w = draw_ordered_weights(np.random.default_rng(0), 10_000, [[1], [0, 2]])
    >>> bool((w[:, 1] >= w[:, [0, 2]].max(axis=1)).all()), w.mean(axis=0).round(2).tolist()
    (True, [0.19, 0.61, 0.19])
    """
    groups = [[int(place) for place in group] for group in order]
    places = [place for group in groups for place in group]
    if not places or not all(groups) or sorted(places) != list(range(len(places))):
        refuse([
            f"order of importance: {groups} does not name each of the positions 0 to n - 1 once, "
            "at least one per group. List every item in one group."
        ])  # fmt: skip
    w = generator.standard_exponential((draws, len(places)))
    w /= w.sum(axis=1, keepdims=True)
    w.sort(axis=1)
    drawn = np.empty_like(w)
    taken = len(places)
    for group in groups:
        greatest = w[:, taken - len(group) : taken]
        if len(group) > 1:
            greatest = generator.permuted(greatest, axis=1)
        drawn[:, group] = greatest
        taken -= len(group)
    return drawn
