"""The best-worst method: the best item against all others, all others against the worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.display import Card, Shown
from mcanalysis.weights.pairwise import Floats
from mcanalysis.weights.stated import check_items, refuse

CONSISTENT = 1e-9
"""Relative deviation of a product of judgements below which they are consistent."""
CHUNK = 256
"""Judges that are worked on at a time: the corners of one take some hundred numbers."""


@dataclass(frozen=True, repr=False)
class BestWorstWeights(Shown):
    """Weights by the linear best-worst model.

    Attributes
    ----------
    weights : DataFrame, index item, columns judge_id
        Columns sum to 1.
    consistency : DataFrame, index judge_id
        ``best``, ``worst`` (items), ``xi`` (largest deviation in the linear model, its own measure
        of consistency; 0 is consistent), ``input_cr`` (input-based consistency ratio, 0 to 1:
        largest of ``|best-to-item x item-to-worst - best-to-worst|``, divided by its maximum).
    """

    weights: pd.DataFrame
    consistency: pd.DataFrame

    def _card(self) -> Card:
        worst = self.consistency["input_cr"].max()
        figures = {
            "judges": self.weights.shape[1],
            "largest input consistency ratio": f"{worst:.2f}",
        }
        return Card("Weights by the best-worst method", figures, self.weights)


def linear_best_worst(
    best_to: Floats, to_worst: Floats, best: npt.NDArray[np.intp], worst: npt.NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Solve the linear best-worst model exactly, for many judges at once.

    The model makes xi as small as it can be, with weights that sum to 1 and
    ``|w_best - a_j w_j| <= xi`` and ``|w_j - b_j w_worst| <= xi`` for all items j. Divided by xi it
    becomes: make the sum as large as it can be, with deviations of at most 1. Then the weight of
    every item between is set by those of the best and the worst, and the sum is largest at a
    corner in the plane of these two: all crossings of the lines that bound or bend it are tried.
    Where several corners are as good, their mean is taken, which does not hang on the order of
    items.

    Parameters
    ----------
    best_to, to_worst : arrays, shape (n, m)
        How many times as important the best is as each item, and each item as the worst; 1 or more.
    best, worst : arrays of int, shape (m,)
        Which item is the best and which the worst.

    Returns
    -------
    weights : array, shape (n, m)
        Columns sum to 1.
    xi : array, shape (m,)

    References
    ----------
    Rezaei, J. (2016), *Best-worst multi-criteria decision-making method: some properties and a
    linear model*. Omega 64, 126-130.

    Examples
    --------
    >>> best_to, to_worst = np.array([[1.0], [2.0], [8.0]]), np.array([[8.0], [4.0], [1.0]])
    >>> weights, xi = linear_best_worst(best_to, to_worst, np.array([0]), np.array([2]))
    >>> weights[:, 0].round(4).tolist(), xi.tolist()
    ([0.6154, 0.3077, 0.0769], [0.0])
    """
    n, m = best_to.shape
    weights, xi = np.empty((n, m)), np.zeros(m)
    judge = np.arange(m)
    most = best_to[worst, judge]
    consistent = (np.abs(best_to * to_worst / most - 1) < CONSISTENT).all(axis=0)
    plain = 1 / best_to
    weights[:, consistent] = (plain / plain.sum(axis=0))[:, consistent]
    open_ = np.flatnonzero(~consistent)
    for start in range(0, len(open_), CHUNK):
        part = open_[start : start + CHUNK]
        weights[:, part], xi[part] = _try_corners(
            best_to[:, part], to_worst[:, part], best[part], worst[part]
        )
    return weights, xi


def _try_corners(
    best_to: Floats, to_worst: Floats, best: npt.NDArray[np.intp], worst: npt.NDArray[np.intp]
) -> tuple[Floats, Floats]:
    n, m = best_to.shape
    judge = np.arange(m)
    most = best_to[worst, judge]
    between = np.ones((n, m), bool)
    between[best, judge] = between[worst, judge] = False
    where = np.nonzero(between.T)[1].reshape(m, n - 2).T
    a, b = best_to[where, judge], to_worst[where, judge]
    # Lines p x + q y = r, x the best and y the worst over xi: both at least 0, their own ratio,
    # and for each item between where its bounds meet and where the lower upper bound changes.
    one, none = np.ones_like(most), np.zeros_like(most)
    p = np.vstack([one, none, one, one, *[1 / a] * 3])
    q = np.vstack([none, one, -most, -most, *[-b] * 3])
    r = np.vstack([none, none, one, -one, 1 + 1 / a, -1 - 1 / a, 1 - 1 / a])
    i, j = np.triu_indices(len(p), 1)
    crossing = p[i] * q[j] - p[j] * q[i]
    parallel = np.abs(crossing) < 1e-12
    crossing[parallel] = 1
    x = np.where(parallel, np.nan, (r[i] * q[j] - r[j] * q[i]) / crossing)
    y = np.where(parallel, np.nan, (p[i] * r[j] - p[j] * r[i]) / crossing)
    upper = np.minimum((x + 1) / a[:, None], b[:, None] * y + 1)
    lower = np.maximum((x - 1) / a[:, None], b[:, None] * y - 1)
    slack = 1e-9 * (1 + np.abs(x) + np.abs(most * y))
    allowed = (x >= -slack) & (y >= -slack) & (np.abs(x - most * y) <= 1 + slack)
    allowed &= (lower <= upper + slack).all(axis=0)
    total = np.where(allowed, x + y + upper.sum(axis=0), -np.inf)
    top = total.max(axis=0)
    chosen = total >= top * (1 - 1e-9)
    count = chosen.sum(axis=0)
    weights = np.empty((n, m))
    weights[best, judge] = np.where(chosen, x, 0).sum(axis=0) / count
    weights[worst, judge] = np.where(chosen, y, 0).sum(axis=0) / count
    weights[where, judge] = np.where(chosen, upper, 0).sum(axis=1) / count
    # A weight of exactly 0 may come out a rounding error below.
    weights = np.maximum(weights, 0)
    return weights / weights.sum(axis=0), 1 / top


def weigh_best_worst(
    best_to: pd.DataFrame, to_worst: pd.DataFrame, scale: float = 9
) -> BestWorstWeights:
    """Draw weights from best-to-other and other-to-worst judgements.

    Parameters
    ----------
    best_to : DataFrame, index item, columns judge_id
        How many times as important the judge's best item is as each item, 1 to `scale`; the best
        item itself is the one that is left empty, or the only 1.
    to_worst : DataFrame, same items and judges
        How many times as important each item is as the judge's worst; the worst likewise.
    scale : float
        Strongest judgement.

    Raises
    ------
    MethodError
        All that is wrong: a missing judgement, one outside the scale, no single best or worst item,
        best and worst the same, two different judgements of the best against the worst.

    References
    ----------
    Rezaei, J. (2016), Omega 64, 126-130.
    Liang, F., Brunelli, M. & Rezaei, J. (2020), *Consistency issues in the best worst method:
    measurements and thresholds*. Omega 96, 102175.

    Examples
    --------
    >>> items = ["law", "credits", "funding"]
    >>> found = weigh_best_worst(
    ...     pd.DataFrame({"j1": [None, 2, 8]}, index=items),
    ...     pd.DataFrame({"j1": [8, 4, None]}, index=items),
    ... )
    >>> found.weights["j1"].round(4).to_dict()
    {'law': 0.6154, 'credits': 0.3077, 'funding': 0.0769}
    """
    items = [str(item) for item in best_to.index]
    check_items("best-worst judgements", items)
    first, last = best_to.astype(float), to_worst.reindex_like(best_to).astype(float)
    ends = {}
    wrong = []
    for judge in first.columns:
        best, worst = _end(first[judge]), _end(last[judge])
        if best is None or worst is None or best == worst:
            wrong.append(f"judge {judge}: {_ends_unclear(items, first[judge], last[judge])}")
            continue
        ends[judge] = best, worst
        first.loc[items[best], judge] = last.loc[items[worst], judge] = 1.0
        wrong += _problems(str(judge), items, first[judge], last[judge], worst, best, scale)
    refuse(wrong)
    a, b = first.to_numpy(), last.to_numpy()
    best_, worst_ = np.array(list(ends.values()), dtype=np.intp).reshape(-1, 2).T
    weights, xi = linear_best_worst(a, b, best_, worst_)
    most = a[worst_, np.arange(len(worst_))]
    excess = np.abs(a * b - most).max(axis=0)
    ratio = np.divide(excess, most**2 - most, out=np.zeros_like(excess), where=most > 1)
    consistency = pd.DataFrame(
        {
            "best": [items[i] for i in best_],
            "worst": [items[i] for i in worst_],
            "xi": xi,
            "input_cr": ratio,
        },
        index=first.columns,
    )
    return BestWorstWeights(pd.DataFrame(weights, best_to.index, first.columns), consistency)


def _end(judgements: pd.Series) -> int | None:
    """Return the place of the item that the others are compared with."""
    empty = np.flatnonzero(judgements.isna())
    ones = np.flatnonzero(judgements == 1)
    found = empty if len(empty) else ones
    return int(found[0]) if len(found) == 1 else None


def _ends_unclear(items: Sequence[str], first: pd.Series, last: pd.Series) -> str:
    if first.isna().all() and last.isna().all():
        return "answered nothing. Leave the judge out, or ask again."
    for kind, values in (("best-to-other", first), ("other-to-worst", last)):
        empty = [item for item, gap in zip(items, values.isna(), strict=True) if gap]
        if len(empty) > 1:
            return f"{kind} is empty for {' and '.join(empty)}. Only one item stays empty there."
    return (
        "it is not clear which item is the best and which the worst. Leave the best empty in "
        "best-to-other and another one, the worst, in other-to-worst."
    )


def _problems(
    judge: str,
    items: Sequence[str],
    first: pd.Series,
    last: pd.Series,
    worst: int,
    best: int,
    scale: float,
) -> list[str]:
    wrong = []
    for kind, values in (("best-to-other", first), ("other-to-worst", last)):
        bad = values[~((values >= 1) & (values <= scale))]
        wrong += [
            f"judge {judge}, {kind}: {value:g} for {item} is outside the scale. "
            f"Use a number from 1 to {scale:g}."
            for item, value in bad.items()
        ]
    if not np.isclose(first.iloc[worst], last.iloc[best]):
        wrong.append(
            f"judge {judge}: {items[best]} is {first.iloc[worst]:g} times as important as "
            f"{items[worst]} in best-to-other and {last.iloc[best]:g} times in other-to-worst. "
            "Give the same number in both."
        )
    return wrong
