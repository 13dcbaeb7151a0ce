"""Which judgements to think over again, so that an inconsistent set becomes consistent enough."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.errors import MethodError
from mcanalysis.weights.comparing import check_matrices, named
from mcanalysis.weights.pairwise import (
    Floats,
    connected,
    inconsistency,
    least_inconsistent,
    principal_eigenvector,
)

Places = npt.NDArray[np.intp]

EXACT = 1e-9
"""How near to the largest eigenvalue that is allowed a change must end."""
MOST_STEPS = 100
"""Newton steps in one direction: many where it does no more than touch the limit."""
SECTIONS = 45
"""Golden sections of the circle of directions: down to some billionths of it."""
GOLDEN = (3 - 5**0.5) / 2
PART = 2048
"""Pairs of judgements that are tried at a time."""
TIED = 7
"""Decimals to which two changes must agree to count as equal: the first of them is suggested."""
COLUMNS = [
    *("left", "right", "value", "suggested", "factor"),
    *("cr_before", "cr_after", "proven"),
]


def reconsider_judgements(
    matrix: pd.DataFrame | Floats,
    items: Sequence[str] | None = None,
    threshold: float = 0.1,
    random_index: str = "alonso-lamata",
    scale: float = 9,
) -> pd.DataFrame:
    """Find the judgements that would repair an inconsistent matrix with the least change.

    As few judgements as possible are changed, and those as little as possible: the change is the
    root of the sum of squares of the logs of the factors. For one and for two judgements that is
    exact, because the largest eigenvalue is a convex function of the logs of the judgements: each
    judgement and each pair is tried. Where three or more are needed the search is greedy: the one
    that lowers the ratio most goes to where it is lowest, until one or two more suffice; then fewer
    or smaller changes may exist, and ``proven`` says so. A suggestion to think again, never a
    correction to be made without the judge.

    Parameters
    ----------
    matrix : DataFrame or array, shape (n, n)
        See `weigh_pairs`; NaN where a comparison was not made.
    items : sequence of str, optional
        Names; those of the frame, or numbers from 1, when left out.
    threshold : float
        Consistency ratio to be reached.
    random_index : str
        Table of the ratio, see `random_index`.
    scale : float
        Strongest judgement; suggestions stay on the scale, but are not rounded to whole numbers.

    Returns
    -------
    DataFrame
        One row per judgement to change, the greatest change first: ``left``, ``right``, ``value``
        (left over right as judged), ``suggested``, ``factor`` (suggested / value), ``cr_before``,
        ``cr_after`` (with the changes of the rows so far), ``proven`` (no set of fewer judgements
        and no smaller change of as many would do). Empty when the ratio is not above the threshold.
        Where no change helps any more above the threshold, the last ``cr_after`` shows it.

    Raises
    ------
    MethodError
        See `weigh_pairs`.

    References
    ----------
    Bozóki, S., Fülöp, J. & Poesz, A. (2015), *On reducing inconsistency of pairwise comparison
    matrices below an acceptance threshold*. Central European J. of Operations Research 23, 849-866.

    Examples
    --------
    >>> a = np.array([[1, 2, 1 / 8], [0.5, 1, 2], [8, 0.5, 1]])
    >>> found = reconsider_judgements(a, ["law", "credits", "funding"])
    >>> found[["left", "right"]].to_numpy().tolist()
    [['law', 'credits']]
    >>> found[["value", "suggested", "cr_before", "cr_after"]].round(2).to_numpy().tolist()
    [[2.0, 0.16, 1.42, 0.1]]
    >>> bool(found["proven"].all())
    True
    """
    if isinstance(matrix, pd.DataFrame) and items is None:
        items = [str(name) for name in matrix.index]
    a, items, judges = named(np.asarray(matrix, dtype=float), items, None)
    if a.shape[2] > 1:
        raise MethodError(
            f"judgements to reconsider: {a.shape[2]} judges at once. Hand in one judge's matrix."
        )
    said = check_matrices(a, items, judges, scale)
    now = inconsistency(said, random_index)
    if now["cr"][0] <= threshold:
        return pd.DataFrame(columns=COLUMNS).astype({"proven": bool})
    limit = len(said) + threshold * (len(said) - 1) * now["random_index"][0] - 2 * EXACT
    repaired, proven = _repair(said, limit, np.log(scale))
    return _tabulate(said, repaired, items, random_index).assign(proven=proven)


def _tabulate(said: Floats, repaired: Floats, items: Sequence[str], table: str) -> pd.DataFrame:
    """List the judgements that differ, and the ratio as one after the other is changed."""
    moved = np.log(repaired / said)[:, :, 0]
    left, right = np.nonzero(np.triu(np.abs(moved) > EXACT))
    order = np.argsort(-np.abs(moved[left, right]).round(TIED), kind="stable")
    left, right = left[order], right[order]
    stages = np.repeat(said, len(left) + 1, axis=2)
    for step, (i, j) in enumerate(zip(left, right, strict=True), 1):
        stages[i, j, step:], stages[j, i, step:] = repaired[i, j], repaired[j, i]
    ratios = inconsistency(stages, table)["cr"]
    rows = {
        "left": np.array(items, dtype=object)[left],
        "right": np.array(items, dtype=object)[right],
        "value": said[left, right, 0],
        "suggested": repaired[left, right, 0],
        "factor": np.exp(moved[left, right]),
        "cr_before": ratios[:-1],
        "cr_after": ratios[1:],
    }
    return pd.DataFrame(rows)


def _repair(said: Floats, limit: float, most: float) -> tuple[Floats, bool]:
    """Return the matrix changed until it is within the limit, and whether the change is least."""
    left, right = np.nonzero(np.triu(~np.isnan(said[:, :, 0]), 1))
    # Without a comparison that alone links two parts nothing can contradict it.
    bound = connected(_changed(said, left[None], right[None], np.full((1, len(left)), np.nan)))
    left, right = left[bound], right[bound]
    ones = np.arange(len(left))[None]
    twos = np.array(np.triu_indices(len(left), 1))
    a = said
    while True:
        for chosen in (ones, twos):
            found = _change_least(a, left[chosen], right[chosen], limit, most)
            if found is not None:
                return found, a is said
        target = _lowest(a, left[ones], right[ones], most)
        tried = _changed(a, left[ones], right[ones], target)
        value = _slopes(tried)[0]
        first = int(value.round(TIED).argmin())
        if not value[first] < _slopes(a)[0][0] - EXACT:
            return a, False
        a = tried[:, :, [first]]


def _change_least(a: Floats, i: Places, j: Places, limit: float, most: float) -> Floats | None:
    """Move to the limit that set of judgements which has to move least; None if none gets there.

    Each column of `i` and `j`, shape (1 or 2, k), is a set: rows and columns of the matrix.
    """
    value, slope = _slopes(a)
    pull = slope[i, j, 0]
    # A convex function lies above its tangent: no set gets to the limit in less than this.
    atleast = (value[0] - limit) / np.maximum(np.sqrt((pull**2).sum(axis=0)), EXACT)
    least, best = np.inf, None
    for start in range(0, i.shape[1], PART):
        part = np.arange(start, min(start + PART, i.shape[1]))
        part = part[atleast[part] < least]
        rows, columns = i[:, part], j[:, part]
        if len(i) == 1:
            way = -np.sign(pull[:, part])
            far = _reach(a, rows, columns, way, limit, most)[0]
        else:
            way, far = _nearest_ways(a, rows, columns, atleast[part], limit, most)
        k = int(far.round(TIED).argmin()) if len(far) else 0
        if len(far) and far[k] < least - 10.0**-TIED:
            least = far[k]
            logs = np.log(a[rows[:, [k]], columns[:, [k]], 0]) + least * way[:, [k]]
            best = _changed(a, rows[:, [k]], columns[:, [k]], logs)
    return best


def _nearest_ways(
    a: Floats, i: Places, j: Places, atleast: Floats, limit: float, most: float
) -> tuple[Floats, Floats]:
    """Find in which direction pairs of judgements come to the limit soonest, and how soon.

    What is within the limit is convex, and so is what of it lies in a circle around the judgements
    as they are: as the direction turns, the distance falls and then rises. Directions of pairs that
    cannot come first are not sought to the end.
    """
    target = _lowest(a, i, j, most)
    able = _slopes(_changed(a, i, j, target))[0] <= limit
    towards = target - np.log(a[i, j, 0])
    middle = np.arctan2(towards[1], towards[0])
    far, atleast = np.full(len(middle), np.inf), np.where(able, atleast, np.inf)

    def probe(angle: Floats, pairs: Places) -> Floats:
        way = np.array([np.cos(angle), np.sin(angle)])
        reached, tangent = _reach(a, i[:, pairs], j[:, pairs], way, limit, most)
        atleast[pairs] = np.maximum(atleast[pairs], tangent)
        return reached

    far[able] = probe(middle[able], np.flatnonzero(able))
    low, high = middle - np.pi, middle + np.pi
    for _ in range(SECTIONS):
        pairs = np.flatnonzero((atleast <= far.min(initial=np.inf)) & (far > atleast + 10.0**-TIED))
        if not len(pairs):
            break
        start, best, end = low[pairs], middle[pairs], high[pairs]
        upper = end - best > best - start
        tried = best + GOLDEN * np.where(upper, end - best, start - best)
        reached = probe(tried, pairs)
        better = reached < far[pairs]
        low[pairs] = np.where(better & upper, best, np.where(better | upper, start, tried))
        high[pairs] = np.where(better & ~upper, best, np.where(better | ~upper, end, tried))
        middle[pairs] = np.where(better, tried, best)
        far[pairs] = np.minimum(reached, far[pairs])
    return np.array([np.cos(middle), np.sin(middle)]), far


def _reach(
    a: Floats, i: Places, j: Places, way: Floats, limit: float, most: float
) -> tuple[Floats, Floats]:
    """Go with sets of judgements in a direction until the limit.

    Newton's method comes from the side that is not allowed and never jumps over the limit, as a
    convex function lies above its tangents.

    Returns
    -------
    far : array, shape (k,)
        Length of the way; inf where the limit is not met on the scale.
    tangent : array, shape (k,)
        Distance of the tangent to the limit there: in no direction is it met sooner. 0 if unknown.
    """
    now = np.log(a[i, j, 0])
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(way == 0, np.inf, (np.sign(way) * most - now) / way).min(axis=0)
    gone, far, tangent = np.zeros(i.shape[1]), np.full(i.shape[1], np.inf), np.zeros(i.shape[1])
    open_ = np.arange(i.shape[1])
    for _ in range(MOST_STEPS):
        if not len(open_):
            break
        rows, columns, along = i[:, open_], j[:, open_], way[:, open_]
        value, slope = _slopes(_changed(a, rows, columns, now[:, open_] + gone[open_] * along))
        pull = slope[rows, columns, np.arange(len(open_))]
        fall = -(pull * along).sum(axis=0)
        done, steepness = value <= limit + EXACT, np.sqrt((pull**2).sum(axis=0))
        met = open_[done]
        far[met] = gone[met]
        tangent[met] = gone[met] * (fall / np.maximum(steepness, EXACT))[done]
        step = np.divide(value - limit, fall, out=np.full(len(open_), np.inf), where=fall > 0)
        gone[open_] += step
        open_ = open_[~done & np.isfinite(gone[open_]) & (gone[open_] <= room[open_] + 1e-12)]
    return far, tangent


def _lowest(a: Floats, i: Places, j: Places, most: float) -> Floats:
    """Return the logs on the scale at which sets of judgements have the lowest largest eigenvalue.

    Parameters
    ----------
    a : array, shape (n, n, 1)
    i, j : arrays of int, shape (1 or 2, k)
    most : float
        Log of the strongest judgement.
    """
    open_ = _changed(a, i, j, np.full(i.shape, np.nan))
    # Two comparisons that together link two parts stand for each other: both go all the way.
    target = np.where(_slopes(a)[1][i, j, 0] > 0, -np.inf, np.inf)
    free = connected(open_)
    every = np.arange(i.shape[1])
    target[:, free] = _filled(open_[:, :, free], i[:, free], j[:, free])
    lowest = np.clip(target, -most, most)
    beyond = np.abs(target) > most
    if len(i) == 2 and beyond.any():
        # Then the lowest point on the scale lies where one of those beyond it is at its end.
        value = np.full(i.shape[1], np.inf)
        for one, other in ((0, 1), (1, 0)):
            k = every[beyond[one]]
            end = np.full((2, len(k)), np.nan)
            end[one] = np.clip(target[one, k], -most, most)
            fixed = _changed(a, i[:, k], j[:, k], end)
            end[other] = np.clip(_filled(fixed, i[[other]][:, k], j[[other]][:, k]), -most, most)
            reached = _slopes(_changed(a, i[:, k], j[:, k], end))[0]
            better = reached < value[k]
            value[k[better]], lowest[:, k[better]] = reached[better], end[:, better]
    return lowest


def _filled(matrices: Floats, i: Places, j: Places) -> Floats:
    """Return the logs of judgements that are missing, filled as well as they can be."""
    if not matrices.shape[2]:
        return np.empty(i.shape)
    return np.log(least_inconsistent(matrices)[i, j, np.arange(i.shape[1])])


def _slopes(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the largest eigenvalues and their derivatives by the logs of the judgements.

    Where judgements are missing it is the eigenvalue of the best completion, whose derivative is
    that of the completed matrix.

    References
    ----------
    Harker, P. T. (1987), *Derivatives of the Perron root of a positive reciprocal matrix: with
    application to the analytic hierarchy process*. Applied Mathematics and Computation 22, 217-232.
    """
    a = least_inconsistent(matrices) if np.isnan(matrices).any() else matrices
    right, value = principal_eigenvector(a)
    left = principal_eigenvector(a.transpose(1, 0, 2))[0]
    share = left[:, None] * a * right / (left * right).sum(axis=0)
    return value, share - share.transpose(1, 0, 2)


def _changed(a: Floats, i: Places, j: Places, logs: Floats) -> Floats:
    """Return copies of one matrix, a set of judgements replaced in each."""
    copies = np.repeat(a, i.shape[1], axis=2)
    every = np.arange(i.shape[1])
    for row, column, value in zip(i, j, np.exp(logs), strict=True):
        copies[row, column, every], copies[column, row, every] = value, 1 / value
    return copies
