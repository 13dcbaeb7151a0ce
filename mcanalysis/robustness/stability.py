"""How far weights can move before systems change places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mcanalysis.compare import TOP, Evidence, check_known
from mcanalysis.robustness.priorities import Weights, central_priorities
from mcanalysis.smaa.drawing import Floats

TINY = 1e-12
"""Differences below this are floating-point noise."""
EDGE = 1e-9
"""Weights this near to 0 or 1 are 0 or 1, where nobody is left to change places with."""


def crossings(values: Floats, weights: Floats, dimension: int) -> tuple[Floats, Floats]:
    """Find the weights of one dimension nearest to its own at which two systems change places.

    The other weights keep their proportions. With gaps the index is a ratio of two linear functions
    of the weight, so that two systems are level at the roots of a quadratic.

    Parameters
    ----------
    values : array, shape (n, n_dimensions)
        In [0, 1]; NaN is a gap, left out of the mean.
    weights : array, shape (n_dimensions,)
        Together 1; that of the dimension below 1.
    dimension : int

    Returns
    -------
    below, above : array, shape (n, n)
        Nearest such weight under and over the present one, between 0 and 1; NaN where there is
        none, and for systems that are level now.

    References
    ----------
    Mareschal, B. (1988), *Weight stability intervals in multicriteria decision aid*. European
    Journal of Operational Research 33(1), 54-64.

    Examples
    --------
    >>> below, above = crossings(np.array([[1.0, 0], [0, 1]]), np.array([0.7, 0.3]), 0)
    >>> below.round(6).tolist(), above.tolist()
    ([[nan, 0.5], [0.5, nan]], [[nan, nan], [nan, nan]])
    """
    known = ~np.isnan(values)
    v = np.where(known, values, 0.0)
    rest = np.where(np.arange(len(weights)) == dimension, 0, weights) / (1 - weights[dimension])
    # Sum of weight times value, and of weight, over what is known: start, and slope in the weight.
    n0, k0 = v @ rest, known @ rest
    n1, k1 = v[:, dimension] - n0, known[:, dimension] - k0
    c = _difference(n0, k0)
    b = _difference(n0, k1) + _difference(n1, k0)
    a = _difference(n1, k1)
    now = weights[dimension]
    level = np.abs(a * now**2 + b * now + c) < TINY
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(np.where(b**2 >= 4 * a * c, b**2 - 4 * a * c, np.nan))
        half = -(b + np.where(b < 0, -root, root)) / 2
        roots = np.stack([half / a, c / half])
    inside = (roots > EDGE) & (roots < 1 - EDGE)
    roots = np.where(inside & ~level, roots, np.nan)
    # A double root touches and does not cross.
    touch = np.abs(roots[0] - roots[1]) < EDGE
    roots = np.where(touch, np.nan, roots)
    below = np.where(roots < now, roots, -np.inf).max(axis=0)
    above = np.where(roots > now, roots, np.inf).min(axis=0)
    return np.where(np.isinf(below), np.nan, below), np.where(np.isinf(above), np.nan, above)


def _difference(sums: Floats, shares: Floats) -> Floats:
    product = sums[:, None] * shares[None, :]
    return np.asarray(product - product.T)


def weight_stability(
    evidence: Evidence, systems: Sequence[str], weights: Weights = None, system: str | None = None
) -> pd.DataFrame:
    """Return the interval in which the weight of each dimension can move and the order stays.

    Parameters
    ----------
    evidence : Evidence
    systems : sequence of str
        The systems compared, by the index over the evidence present.
    weights : optional
        See `sample_weights`; equal when left out. The other weights keep their proportions.
    system : str, optional
        Only pairs with this system count: its rank stays.

    Returns
    -------
    DataFrame
        One row per dimension: weight; lower and upper, the ends of its stability interval in
        [0, 1] (0 and 1 where nothing changes up to there); lower_pair and upper_pair, the two
        systems (`;` list, the one ahead now first) that change places beyond; empty where none do.
        Pairs that are level now are left out: any move parts them.

    Raises
    ------
    MethodError
        If a system has no evidence, or the weights do not fit.

    References
    ----------
    Mareschal, B. (1988), *Weight stability intervals in multicriteria decision aid*. European
    Journal of Operational Research 33(1), 54-64.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> table = weight_stability(evidence, ["NZ", "HR"])
    >>> table.loc["transparency-registers", ["lower", "upper"]].to_list()
    [0.0, 1.0]
    """
    check_known("system with evidence", systems, evidence.levels.index)
    check_known("system compared", [] if system is None else [system], systems)
    values, w, dimensions = _arrays(evidence, systems, weights)
    index = _index(values, w)
    rows = []
    for d in range(len(dimensions)):
        row: list[object] = [w[d]]
        ends = crossings(values, w, d) if w[d] < 1 else (np.full((len(values),) * 2, np.nan),) * 2
        pairs = []
        for crossing, pick, none in zip(
            ends, (np.nanargmax, np.nanargmin), (0.0, 1.0), strict=True
        ):
            mine = crossing
            if system is not None:
                mine = np.where(
                    np.asarray([s == system for s in systems])[:, None], crossing, np.nan
                )
            if np.isnan(mine).all():
                row.append(none)
                pairs.append("")
                continue
            i, j = divmod(int(pick(mine)), len(values))
            first, second = (i, j) if index[i] >= index[j] else (j, i)
            row.append(float(mine[i, j]))
            pairs.append(f"{systems[first]};{systems[second]}")
        rows.append([*row, *pairs])
    columns = ["weight", "lower", "upper", "lower_pair", "upper_pair"]
    return pd.DataFrame(rows, index=pd.Index(dimensions, name="dimension_id"), columns=columns)


def _arrays(
    evidence: Evidence, systems: Sequence[str], weights: Weights
) -> tuple[Floats, Floats, list[str]]:
    dimensions = [str(d) for d in evidence.levels.columns]
    values = evidence.levels.loc[list(systems)].to_numpy(float) / TOP
    return values, central_priorities(weights, dimensions).to_numpy(float), dimensions


def _index(values: Floats, weights: Floats) -> Floats:
    known = ~np.isnan(values) @ weights
    sums = np.nan_to_num(values) @ weights
    unknown = np.full(len(sums), np.nan)
    return np.asarray(np.divide(sums, known, out=unknown, where=known > 0))


def least_moves(lead: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Find the least weight that must move from some dimensions to others to end a lead.

    Parameters
    ----------
    lead : array, shape (n_pairs, n_dimensions)
        Value of the one ahead less that of the other; 0 where one has a gap.
    weights : array, shape (n_dimensions,)
        Together 1.

    Returns
    -------
    moved : array, shape (n_pairs,)
        Least sum of the weights taken away, half the sum of all absolute changes, in [0, 1]; 0 for
        pairs without a lead, NaN where no weights end it.
    taken : array, shape (n_pairs, n_dimensions)
        How much each dimension gives; all goes to the one on which the other leads most (the first
        of several).

    Notes
    -----
    A weight w moved from k to l lowers the lead by ``w (lead[k] - lead[l])``. The best target is
    the least lead, the best sources are the greatest, each until it is used up: a fractional
    knapsack, so that the greedy choice is the least.

    Examples
    --------
    >>> moved, taken = least_moves(np.array([[1.0, 0, -1]]), np.array([0.5, 0.3, 0.2]))
    >>> moved.round(3).tolist(), taken.round(3).tolist()
    ([0.15], [[0.15, 0.0, 0.0]])
    """
    total = lead @ weights
    target = lead.min(axis=1)
    order = np.argsort(-lead, axis=1, kind="stable")
    gain = np.take_along_axis(lead, order, axis=1) - target[:, None]
    stock = weights[order]
    before = np.cumsum(gain * stock, axis=1) - gain * stock
    needed = np.maximum(total[:, None] - before, 0)
    given = np.minimum(stock, np.divide(needed, gain, out=np.zeros_like(gain), where=gain > TINY))
    taken = np.zeros_like(given)
    np.put_along_axis(taken, order, given, axis=1)
    moved = np.where(total <= TINY, 0.0, np.where(target < -TINY, taken.sum(axis=1), np.nan))
    return moved, np.where(np.isnan(moved)[:, None], 0.0, taken) * (total > TINY)[:, None]


def smallest_flips(
    evidence: Evidence, systems: Sequence[str], weights: Weights = None
) -> pd.DataFrame:
    """Return, for each pair of systems, the smallest change of weights that ends the lead.

    Parameters
    ----------
    evidence : Evidence
    systems : sequence of str
    weights : optional
        See `sample_weights`; equal when left out.

    Returns
    -------
    DataFrame
        One row per pair with a lead on the dimensions that both have evidence on, the one ahead
        first: ahead, behind; lead (weighted difference of level / 3); moved, the least share of all
        weight that must move, NaN where the one ahead is so under all weights; to, the dimension
        that takes it; sources, the dimensions that give, most first (`;` list). Smallest move
        first.

    Raises
    ------
    MethodError
        If a system has no evidence, or the weights do not fit.

    References
    ----------
    Triantaphyllou, E. & Sánchez, A. (1997), *A sensitivity analysis approach for some deterministic
    multi-criteria decision-making methods*. Decision Sciences 28(1), 151-194 (there for one weight
    at a time).

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> flips = smallest_flips(evidence, ["NZ", "HR"])
    >>> flips.loc[0, ["ahead", "behind"]].to_list()
    ['NZ', 'HR']
    """
    check_known("system with evidence", systems, evidence.levels.index)
    values, w, dimensions = _arrays(evidence, systems, weights)
    i, j = np.nonzero(~np.eye(len(values), dtype=bool))
    lead = np.nan_to_num(values[i] - values[j])
    total = lead @ w
    ahead = total > TINY
    moved, taken = least_moves(lead[ahead], w)
    names = np.array(dimensions)
    table = pd.DataFrame(
        {
            "ahead": np.array(systems)[i[ahead]],
            "behind": np.array(systems)[j[ahead]],
            "lead": total[ahead],
            "moved": moved,
            "to": np.where(np.isnan(moved), "", names[lead[ahead].argmin(axis=1)]),
            "sources": [
                ";".join(names[np.argsort(-given, kind="stable")[: int((given > TINY).sum())]])
                for given in taken
            ],
        }
    )
    return table.sort_values("moved", kind="stable", ignore_index=True)
