"""Rows and cells of a frame for a type checker: the model, not pandas, says what they hold."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd


def each_row(frame: pd.DataFrame) -> Iterator[Any]:
    """Go through the rows of a frame, columns as attributes.

    Examples
    --------
    >>> [row.level for row in each_row(pd.DataFrame({"level": [1, 2]}))]
    [1, 2]
    """
    make = _row(tuple(map(str, frame.columns)))._make
    rows = frame.to_numpy(dtype=object).tolist()
    return (make((label, *row)) for label, row in zip(frame.index, rows, strict=True))


@cache
def _row(columns: tuple[str, ...]) -> Any:
    """Make the class of rows; `DataFrame.itertuples` makes one for every frame."""
    return namedtuple("Row", ("Index", *columns), rename=True)


def each_indexed(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Go through the rows of a frame whose index holds ids, columns by name.

    Examples
    --------
    >>> [(i, int(row["level"])) for i, row in each_indexed(pd.DataFrame({"level": [1]}, ["DE"]))]
    [('DE', 1)]
    """
    return ((str(i), row) for i, row in frame.iterrows())


def cell(frame: pd.DataFrame, row: object, column: object) -> Any:
    """Return one value of a frame by its labels.

    Examples
    --------
    >>> int(cell(pd.DataFrame({"level": [1]}, index=["DE"]), "DE", "level"))
    1
    """
    return frame.at[row, column]


def row_of(frame: pd.DataFrame, label: object) -> Any:
    """Return one row of a frame by its label, as a Series.

    Examples
    --------
    >>> int(row_of(pd.DataFrame({"level": [1]}, index=["DE"]), "DE")["level"])
    1
    """
    return frame.loc[label]  # type: ignore[call-overload]
