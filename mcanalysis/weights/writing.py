"""Judgements written as a panel's table."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from mcanalysis.model import TABLES
from mcanalysis.weights.judgements import BEST_WORST
from mcanalysis.weights.pairwise import Floats


def write_judgements(
    matrices: Floats,
    items: Sequence[str],
    judges: Sequence[str],
    topic: str,
    stakeholders: Mapping[str, str] | None = None,
    illustrative: bool = False,
) -> pd.DataFrame:
    """Write pairwise comparisons as a panel's table, one row per comparison made.

    Parameters
    ----------
    matrices : array, shape (n, n, m)
        See `weigh_pairs`.
    items, judges : sequences of str
    topic : str
    stakeholders : mapping of judge to stakeholder_id, optional
    illustrative : bool
        The judgements are invented.

    Returns
    -------
    DataFrame
        Columns of the table ``panels``; the item that matters at least as much stands on the left.

    Examples
    --------
    >>> a = np.array([[1, 1 / 3], [3, 1]])[:, :, None]
    >>> table = write_judgements(a, ["law", "credits"], ["j1"], "dimensions")
    >>> table[["left", "right", "value"]].to_numpy().tolist()
    [['credits', 'law', 3.0]]
    """
    rows = []
    for k, judge in enumerate(judges):
        for i, j in combinations(range(len(items)), 2):
            value = matrices[i, j, k]
            if np.isnan(value):
                value = 1 / matrices[j, i, k]
            if np.isnan(value):
                continue
            left, right = (i, j) if value >= 1 else (j, i)
            rows.append((judge, "pairwise", items[left], items[right], max(value, 1 / value)))
    return _table(rows, topic, stakeholders, illustrative)


def write_ratings(
    ratings: pd.DataFrame,
    topic: str,
    stakeholders: Mapping[str, str] | None = None,
    illustrative: bool = False,
) -> pd.DataFrame:
    """Write direct ratings as a panel's table, one row per rating given.

    Parameters
    ----------
    ratings : DataFrame, index item, columns judge_id
        See `weigh_ratings`; NaN where an item was not rated.
    topic, stakeholders, illustrative
        See `write_judgements`.

    Returns
    -------
    DataFrame
        Columns of the table ``panels``.

    Examples
    --------
    >>> table = write_ratings(pd.DataFrame({"j1": [80, 20]}, index=["law", "credits"]), "hei")
    >>> table[["judge_id", "kind", "left", "value"]].to_numpy().tolist()
    [['j1', 'rating', 'law', 80.0], ['j1', 'rating', 'credits', 20.0]]
    """
    rows = [
        (str(judge), "rating", item, None, value)
        for judge in ratings.columns
        for item, value in ratings[judge].dropna().items()
    ]
    return _table(rows, topic, stakeholders, illustrative)


def write_best_worst(
    best_to: pd.DataFrame,
    to_worst: pd.DataFrame,
    topic: str,
    stakeholders: Mapping[str, str] | None = None,
    illustrative: bool = False,
) -> pd.DataFrame:
    """Write best-worst judgements as a panel's table.

    Parameters
    ----------
    best_to, to_worst : DataFrame, index item, columns judge_id
        See `weigh_best_worst`; the best is left empty in `best_to`, the worst in `to_worst`.
    topic, stakeholders, illustrative
        See `write_judgements`.

    Returns
    -------
    DataFrame
        Columns of the table ``panels``. The best against the worst is written once, among the
        comparisons of the best.

    Examples
    --------
    >>> items = ["law", "credits", "funding"]
    >>> table = write_best_worst(
    ...     pd.DataFrame({"j1": [None, 2, 8]}, index=items),
    ...     pd.DataFrame({"j1": [8, 4, None]}, index=items),
    ...     "dimensions",
    ... )
    >>> table[["left", "right", "value"]].to_numpy().tolist()
    [['law', 'credits', 2.0], ['law', 'funding', 8.0], ['credits', 'funding', 4.0]]
    """
    rows = []
    for judge in best_to.columns:
        best, worst = (half.index[half[judge].isna()][0] for half in (best_to, to_worst))
        first, last = best_to[judge].dropna(), to_worst[judge].dropna().drop(best)
        rows += [(str(judge), BEST_WORST[0], best, item, value) for item, value in first.items()]
        rows += [(str(judge), BEST_WORST[1], item, worst, value) for item, value in last.items()]
    return _table(rows, topic, stakeholders, illustrative)


def _table(
    rows: Sequence[tuple[str, str, Hashable, Hashable, float]],
    topic: str,
    stakeholders: Mapping[str, str] | None,
    illustrative: bool,
) -> pd.DataFrame:
    """Make a panel's table of rows of judge, kind, left, right and value."""
    label = "yes" if illustrative else None
    groups = stakeholders or {}
    full = [
        (judge, groups.get(judge), topic, kind, left, right, float(value), label)
        for judge, kind, left, right, value in rows
    ]
    return pd.DataFrame(full, columns=TABLES["panels"].column_names)
