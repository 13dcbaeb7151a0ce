"""Which conclusions hold under every defensible choice of method."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights

Array = npt.NDArray[np.float64]

WORTHS = {
    "equal steps": (1 / 3, 2 / 3),
    "early steps count": (0.6, 0.85),
    "late steps count": (0.15, 0.4),
}
"""Worth of levels 1 and 2 between 0 and 1: three ways to read an ordinal scale."""
FLOOR = 0.05
"""A geometric mean is taken of 0.05 + 0.95 v, so that one zero does not annul a system."""


def choices(a: Analysis) -> pd.DataFrame:
    """Rank the ranked systems under every combination of four choices of method.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    DataFrame
        One row per combination: columns worth, mean, weights, gaps, then one per ranked system
        with its rank (1 is best; ties take the better place). Worth of levels: see `WORTHS`; mean:
        arithmetic or geometric; weights: equal or implied by the benefits of each stakeholder;
        gaps: left out, level 0, or the median of the dimension.

    References
    ----------
    Steegen, S., Tuerlinckx, F., Gelman, A. & Vanpaemel, W. (2016), *Increasing transparency through
    a multiverse analysis*. Perspectives on Psychological Science 11(5).
    """
    levels = a.evidence.levels.loc[a.ranked]
    fills = {
        "left out": levels,
        "level 0": levels.fillna(0),
        "median of the dimension": levels.fillna(levels.median()),
    }
    n = len(a.dimensions)
    weights = {"equal": pd.Series(1 / n, index=a.dimensions)}
    for s in a.stakeholders:
        weights[a.names.stakeholder(s)] = (
            implied_weights(a.study, s).reindex(a.dimensions).fillna(0)
        )
    rows = []
    for (worth, steps), mean, (who, w), (gaps, filled) in product(
        WORTHS.items(), ("arithmetic", "geometric"), weights.items(), fills.items()
    ):
        read = np.interp(filled.to_numpy(float), [0, 1, 2, 3], [0, *steps, 1])
        value: Array = np.where(filled.isna(), np.nan, read)
        score = _aggregate(value, np.asarray(w, dtype=np.float64), mean)
        ranks = (score[None, :] > score[:, None] + 1e-12).sum(axis=1) + 1
        rows.append([worth, mean, who, gaps, *ranks])
    return pd.DataFrame(rows, columns=["worth", "mean", "weights", "gaps", *a.ranked])


def _aggregate(value: Array, weights: Array, mean: str) -> Array:
    """Return the weighted mean of each row over its known values; 0 where none has weight."""
    share = np.where(np.isnan(value), 0, weights)
    total = share.sum(axis=1)
    known = np.nan_to_num(value)
    if mean == "geometric":
        logs = (share * np.log(FLOOR + (1 - FLOOR) * known)).sum(axis=1)
        return np.asarray(np.where(total > 0, np.exp(logs / np.where(total > 0, total, 1)), 0))
    return np.asarray(
        np.where(total > 0, (share * known).sum(axis=1) / np.where(total > 0, total, 1), 0)
    )


def conclusions(a: Analysis, table: pd.DataFrame) -> pd.DataFrame:
    """Count under how many combinations conclusions that a reader might draw hold.

    Parameters
    ----------
    a : Analysis
    table : DataFrame
        From `choices`.

    Returns
    -------
    DataFrame
        Columns conclusion, holds, of; most often true first. The conclusions follow from the
        ranking: who is first and among the first three, who is last, whether each of some systems
        is ahead of the next of them, who is in the lower half.
    """
    ranked, n = a.ranked, len(a.ranked)
    by_mean = list(a.ranking.table.sort_values("mean_rank").index)
    ranks = table[ranked]
    first, last = by_mean[0], by_mean[-1]
    three = by_mean[:3]
    name = a.names.system
    found: list[tuple[str, pd.Series]] = [
        (f"{name(first)} is first", ranks[first] == 1),
        (f"{name(first)} is among the first three", ranks[first] <= 3),
        (
            f"{name(three[0])}, {name(three[1])} and {name(three[2])} are the first three",
            (ranks[three] <= 3).all(axis=1),
        ),
        (f"{name(last)} is last", ranks[last] == n),
        (f"{name(last)} is in the lower half", ranks[last] > n / 2),
    ]
    for one, other in _spaced(by_mean, 6):
        found.append((f"{name(one)} is ahead of {name(other)}", ranks[one] < ranks[other]))
    frame = pd.DataFrame(
        [(said, int(true.sum()), len(table)) for said, true in found],
        columns=["conclusion", "holds", "of"],
    )
    return frame.sort_values("holds", ascending=False, kind="stable").reset_index(drop=True)


def _spaced(order: Sequence[str], some: int) -> list[tuple[str, str]]:
    """Return pairs of neighbours among evenly spaced members of an order."""
    at = np.unique(np.linspace(0, len(order) - 1, min(some, len(order))).round().astype(int))
    return list(pairwise([order[i] for i in at]))
