"""Rows of a data frame for a type checker: what a column holds is said by the model, not by pandas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Go through the rows of a frame, columns as attributes.

    Examples
    --------
    >>> [row.level for row in each_row(pd.DataFrame({"level": [1, 2]}))]
    [1, 2]
    """
    return iter(frame.itertuples())


def each_indexed(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Go through the rows of a frame whose index holds ids, columns by name.

    Examples
    --------
    >>> [(i, row["level"]) for i, row in each_indexed(pd.DataFrame({"level": [1]}, index=["DE"]))]
    [('DE', 1)]
    """
    return ((str(i), row) for i, row in frame.iterrows())


def cell(frame: pd.DataFrame, row: object, column: object) -> Any:
    """Return one value of a frame by its labels.

    Examples
    --------
    >>> cell(pd.DataFrame({"level": [1]}, index=["DE"]), "DE", "level") == 1
    True
    """
    return frame.at[row, column]


def row_of(frame: pd.DataFrame, label: object) -> Any:
    """Return one row of a frame by its label, as a Series.

    Examples
    --------
    >>> row_of(pd.DataFrame({"level": [1]}, index=["DE"]), "DE")["level"] == 1
    True
    """
    return frame.loc[label]  # type: ignore[call-overload]
