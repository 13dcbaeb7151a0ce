r"""Cells of text: what every file of a study is before anybody asks what its columns mean.

Blanks at the ends of a cell (no-break and zero-width ones too) are not content and are cut; line
breaks inside it are ``\n``. A row has the number that a spreadsheet shows; rows without content are
left out but counted.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.errors import Problem

BLANKS = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\u200b\u2060\ufeff"
)
_CHUNK = 1_024


@dataclass(frozen=True)
class Coded:
    """A column of text, each different value once.

    Attributes
    ----------
    values : ndarray of str objects
        The different values, in the order in which they first occur.
    codes : ndarray of int, shape (n_rows,)
        Position in `values` of the text of each row.
    """

    values: np.ndarray[Any, Any]
    codes: np.ndarray[Any, Any]


@dataclass(frozen=True)
class Cells:
    """The cells of one file or sheet.

    Attributes
    ----------
    where : str
        Name for messages.
    header_row : int
        Row in which the header stands.
    header : tuple of str
        Names of the columns as they stand there.
    rows : ndarray of int
        Number of each row as a spreadsheet shows it.
    columns : tuple of Coded
        One per name of the header; a row that is too short is filled up with empty cells.
    odd : dict of int to int
        Rows with more or fewer cells than the header: row number, number of cells.
    problems : tuple of Problem
        Why cells could not be read.
    complete : bool
        False when reading stopped before the end.
    """

    where: str
    header_row: int = 1
    header: tuple[str, ...] = ()
    rows: np.ndarray[Any, Any] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    columns: tuple[Coded, ...] = ()
    odd: dict[int, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    complete: bool = True


def trim(text: str) -> str:
    r"""Cut the blanks at both ends of a cell, and write its line breaks as ``\n``.

    Examples
    --------
    >>> trim("\u00a0two words ")
    'two words'
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(BLANKS)


def coded(texts: Sequence[str]) -> Coded:
    """Find the different values of a column.

    Examples
    --------
    >>> coded(["b", "a", "b"]).codes.tolist()
    [0, 1, 0]
    """
    cells = np.empty(len(texts), dtype=object)
    cells[:] = texts
    codes, values = pd.factorize(cells)
    return Coded(np.asarray(values, dtype=object), codes.astype(np.int32))


def refused(where: str, reason: str, mend: str) -> Cells:
    """Make the cells of a file that could not be read at all."""
    return Cells(where, problems=(Problem(where, None, None, None, reason, mend),), complete=False)


def gather(where: str, records: Iterator[Sequence[str]]) -> Cells:
    """Collect records into columns; a record is a row of the spreadsheet."""
    header: tuple[str, ...] = ()
    header_row = 0
    problems: list[Problem] = []
    try:
        for record in records:
            header_row += 1
            header = tuple(map(trim, record))
            if any(header):
                break
        else:
            return refused(where, "is empty", "Its first row must hold the names of the columns.")
    except csv.Error as error:
        return Cells(where, problems=(_quote(where, header_row + 1, error),), complete=False)
    while not header[-1]:
        header = header[:-1]
    width = len(header)
    parts: list[list[str]] = [[] for _ in header]
    memo: list[dict[str, str] | None] = [{} for _ in header]
    kept = array("i")
    odd: dict[int, int] = {}
    last = header_row
    complete = True
    while complete:
        chunk: list[Sequence[str]] = []
        try:
            chunk.extend(islice(records, _CHUNK))
        except csv.Error as error:
            problems.append(_quote(where, last + len(chunk) + 1, error))
            complete = False
        if not chunk:
            break
        numbers: Iterable[int] = range(last + 1, last + 1 + len(chunk))
        last += len(chunk)
        if any(len(record) != width for record in chunk):
            numbers, chunk = _evened(numbers, chunk, width, odd)
        kept.extend(numbers)
        for j, column in enumerate(zip(*chunk, strict=True)):
            parts[j].extend(_shared([text.strip(BLANKS) for text in column], memo, j))
    columns = [coded(part) for part in _emptied(parts)]
    rows = np.array(kept, dtype=np.int32)
    blank = np.ones(len(rows), dtype=bool)
    for found in columns:
        blank &= (found.values == "")[found.codes] if len(found.values) else blank
    if blank.any():
        columns = [Coded(found.values, found.codes[~blank]) for found in columns]
        rows = rows[~blank]
    return Cells(where, header_row, header, rows, tuple(columns), odd, tuple(problems), complete)


def _evened(
    numbers: Iterable[int], records: Sequence[Sequence[str]], width: int, odd: dict[int, int]
) -> tuple[list[int], list[Sequence[str]]]:
    """Bring records to one width; note in `odd` those that had other cells with content."""
    even: list[Sequence[str]] = []
    rows: list[int] = []
    for number, record in zip(numbers, records, strict=True):
        cells = list(record)
        while len(cells) > width and not cells[-1].strip(BLANKS):
            cells.pop()
        if len(cells) != width:
            if not any(text.strip(BLANKS) for text in cells):
                continue
            odd[number] = len(cells)
            cells = (cells + [""] * width)[:width]
        even.append(cells)
        rows.append(number)
    return rows, even


def _shared(texts: list[str], memo: list[dict[str, str] | None], j: int) -> list[str]:
    """Let equal texts of a column be one object, as long as that saves memory."""
    known = memo[j]
    if known is None:
        return texts
    if len(known) > 20_000:
        memo[j] = None
    return [known.setdefault(text, text) for text in texts]


def _emptied(parts: list[list[str]]) -> Iterator[list[str]]:
    """Hand out the columns one by one and let go of each."""
    parts.reverse()
    while parts:
        yield parts.pop()


def _quote(where: str, row: int, error: csv.Error) -> Problem:
    if "field larger" in str(error):
        reason = f"has a cell of more than {csv.field_size_limit():,} characters"
        mend = "Most likely a quotation mark that opens a cell there is never closed: close it."
    elif "end of data" in str(error):
        reason = "has a quotation mark that opens a cell and is never closed"
        mend = 'Close it, or write "" for a quotation mark inside a quoted cell.'
    else:
        reason = "has text after the quotation mark that closes a cell"
        mend = (
            'Write "" for a quotation mark inside a quoted cell, or close it where the cell ends.'
        )
    return Problem(where, row, None, None, reason, f"{mend} What follows was not read.")
