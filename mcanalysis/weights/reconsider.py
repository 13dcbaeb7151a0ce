"""Which judgements to think over again, so that an inconsistent set becomes consistent enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.errors import MethodError
from mcanalysis.weights.comparing import check_matrices, named
from mcanalysis.weights.pairwise import Floats, connected, inconsistency, least_inconsistent

HALVINGS = 40
"""Steps in which the least sufficient change is closed in on."""
TIED = 8
"""Decimals to which two changes must agree to count as equal: the first of them is suggested."""
COLUMNS = ["left", "right", "value", "suggested", "factor", "cr_before", "cr_after"]


def reconsider_judgements(
    matrix: pd.DataFrame | Floats,
    items: Sequence[str] | None = None,
    threshold: float = 0.1,
    random_index: str = "alonso-lamata",
    scale: float = 9,
) -> pd.DataFrame:
    """Find judgements whose change would repair an inconsistent matrix, changing little.

    Greedy: where one judgement alone can bring the consistency ratio to the threshold, that which
    has to move least (on a log scale) is moved just as far; otherwise the one that lowers the ratio
    most is moved to where it is lowest, and the search goes on. A suggestion to think again, never
    a correction to be made without the judge.

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
        Strongest judgement; suggestions stay on the scale.

    Returns
    -------
    DataFrame
        One row per step: ``left``, ``right``, ``value`` (left over right, before the step),
        ``suggested``, ``factor`` (suggested / value), ``cr_before``, ``cr_after``. Empty when the
        ratio is not above the threshold.

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
    """
    if isinstance(matrix, pd.DataFrame) and items is None:
        items = [str(name) for name in matrix.index]
    a, items, judges = named(np.asarray(matrix, dtype=float), items, None)
    if a.shape[2] > 1:
        raise MethodError(
            f"judgements to reconsider: {a.shape[2]} judges at once. Hand in one judge's matrix."
        )
    a = check_matrices(a, items, judges, scale)
    left, right = np.nonzero(np.triu(~np.isnan(a[:, :, 0]), 1))
    rows: list[dict[str, Any]] = []
    before = _ratio(a, random_index)[0]
    # A step that gains nothing would be taken for ever: a threshold of 0 ends at rounding errors.
    while before > threshold and (not rows or rows[-1]["cr_after"] < rows[-1]["cr_before"] - 1e-9):
        chosen, value, after = _step(a, left, right, threshold, random_index, scale)
        i, j = left[chosen], right[chosen]
        rows.append(
            {
                "left": items[i],
                "right": items[j],
                "value": a[i, j, 0],
                "suggested": value,
                "factor": value / a[i, j, 0],
                "cr_before": before,
                "cr_after": after,
            }
        )
        a[i, j], a[j, i] = value, 1 / value
        before = after
    return pd.DataFrame(rows, columns=COLUMNS)


def _step(
    a: Floats,
    left: npt.NDArray[np.intp],
    right: npt.NDArray[np.intp],
    threshold: float,
    table: str,
    scale: float,
) -> tuple[int, float, float]:
    """Return the comparison to change, its new value and the ratio then."""
    every = np.arange(len(left))
    tried = np.repeat(a, len(left), axis=2)
    tried[left, right, every] = tried[right, left, every] = np.nan
    # Without a comparison that alone links two parts nothing can contradict it.
    free = connected(tried)
    now = a[left, right, 0]
    target = now.copy()
    best = least_inconsistent(tried[:, :, free])[left[free], right[free], np.arange(free.sum())]
    target[free] = np.clip(best, 1 / scale, scale)

    def ratio(share: Floats) -> Floats:
        value = now * (target / now) ** share
        tried[left, right, every], tried[right, left, every] = value, 1 / value
        return _ratio(tried, table)

    # The ratio falls all the way from a judgement to its best value.
    high = np.ones(len(left))
    lowest = ratio(high)
    enough = lowest <= threshold
    if enough.any():
        low = np.zeros(len(left))
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            reached = ratio(middle) <= threshold
            high, low = np.where(reached, middle, high), np.where(reached, low, middle)
        high[~enough] = 1
        lowest = ratio(high)
        way = np.abs(np.log(target / now)) * high
        chosen = int(np.round(np.where(enough, way, np.inf), TIED).argmin())
    else:
        chosen = int(np.round(lowest, TIED).argmin())
    value = now[chosen] * (target[chosen] / now[chosen]) ** high[chosen]
    return chosen, float(value), float(lowest[chosen])


def _ratio(matrices: Floats, table: str) -> Floats:
    return inconsistency(matrices, table)["cr"]
