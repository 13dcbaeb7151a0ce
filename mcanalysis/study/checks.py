"""Every problem in the cells of a study: kinds, ranges, keys, references.

What a column may hold is declared in `model.TABLES`; here is what it takes to find where a cell
does not. A column is checked at once, each different text once; Python looks at single rows only
where something is wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from mcanalysis.errors import Problem, nearest
from mcanalysis.model import TABLES, TRANSLATABLE, Table
from mcanalysis.study.cells import Cells, Coded
from mcanalysis.study.kinds import read_texts, shown

_MOST_HINTS = 2_000

Values = dict[str, Coded]  # by column: what its texts mean; None where empty or wrong


def check_cells(
    sheets: Mapping[str, Cells], tables: Mapping[str, Table], *, unfinished: bool = False
) -> tuple[list[Problem], dict[str, Values]]:
    """Find every problem of a study, and read its values.

    Parameters
    ----------
    sheets : mapping of str to Cells
        The files of a study, in the order in which problems are to be listed. Nothing that refers
        to a table that is missing, or was not read to its end, is reported for it.
    tables : mapping of str to Table
        What each of them is.
    unfinished : bool
        Whether tables without which a study says nothing may still be empty.

    Returns
    -------
    problems : list of Problem
        In the order of the files, then of rows, then of columns.
    values : dict of str to dict of str to Coded
        By file and column.
    """
    values: dict[str, Values] = {}
    found: dict[str, list[Problem]] = {}
    for name, sheet in sheets.items():
        table = tables[name]
        values[name], wrong = _read_columns(sheet, table)
        found[name] = [
            *sheet.problems,
            *_header(sheet, table, unfinished),
            *_odd_rows(sheet, table),
            *wrong,
            *_repeated_keys(sheet, table, values[name]),
            *(
                problem
                for rule in _RULES.get(table.name, ())
                for problem in rule(sheet, values[name])
            ),
        ]
    known = {
        name: _Known(sheets[name].where, values[name][table.key[0]])
        for name, table in TABLES.items()
        if name in sheets and sheets[name].complete and table.key[0] in values[name]
    }
    for name, sheet in sheets.items():
        found[name] += _references(sheet, tables[name], values[name], known)
        if tables[name].name == "translations":
            found[name] += _translated(sheet, values[name], known)
        found[name] = _in_order(sheet, found[name])
    return [problem for problems in found.values() for problem in problems], values


def _in_order(sheet: Cells, problems: list[Problem]) -> list[Problem]:
    """Sort by row and column; of a row whose cells are shifted, keep only that."""
    places = {name: place for place, name in reversed(list(enumerate(sheet.header)))}
    shifted = {p.row for p in problems if p.row in sheet.odd and p.column is None}
    kept = [p for p in problems if p.row not in shifted or p.column is None]
    return sorted(kept, key=lambda p: (p.row or 0, places.get(p.column or "", len(places))))


def _header(sheet: Cells, table: Table, unfinished: bool) -> Iterator[Problem]:
    if not sheet.header:
        return
    row = sheet.header_row
    missing = [name for name in table.column_names if name not in sheet.header]
    for place, name in enumerate(sheet.header):
        if not name:
            yield Problem(
                sheet.where,
                row,
                None,
                None,
                f"has no name for column {place + 1}",
                "Name it, or delete the column.",
            )
        elif name in sheet.header[:place]:
            yield Problem(
                sheet.where, row, name, None, "is there twice", "Delete one of the columns."
            )
        elif name not in table.column_names:
            hint = nearest(name.casefold(), missing) or nearest(name, table.column_names)
            yield Problem(
                sheet.where,
                row,
                None,
                shown(name),
                f"is not a column of {table.name}",
                f"{hint} Rename it, or delete the column.".strip(),
            )
    for name in missing:
        column = next(column for column in table.columns if column.name == name)
        mend = "Add it." if column.required else "Add it; its cells may be empty."
        yield Problem(sheet.where, row, name, None, "is missing", mend)
    if table.needed and not unfinished and sheet.complete and not len(sheet.rows):
        yield Problem(
            sheet.where,
            None,
            None,
            None,
            "has a header and no rows",
            "Add at least one row.",
        )


def _odd_rows(sheet: Cells, table: Table) -> Iterator[Problem]:
    width = len(sheet.header)
    required = {column.name for column in table.columns if column.required}
    for row, length in sheet.odd.items():
        reason = f"has {length} cell{'s' * (length != 1)}, but the header has {width}"
        if length > width:
            mend = "Put text that holds the delimiter into quotation marks, or delete the rest."
        elif required & set(sheet.header[length:]):
            mend = "Fill in the missing cells; text with a line break needs quotation marks."
        else:
            continue
        yield Problem(sheet.where, row, None, None, reason, mend)


def _read_columns(sheet: Cells, table: Table) -> tuple[Values, list[Problem]]:
    values: Values = {}
    problems: list[Problem] = []
    for column in table.columns:
        if column.name not in sheet.header:
            continue
        cells = sheet.columns[sheet.header.index(column.name)]
        read, wrong = read_texts(column, cells.values)
        values[column.name] = Coded(read, cells.codes)
        problems += [
            Problem(sheet.where, row, column.name, shown(cells.values[code]), *wrong[code])
            for row, code in _rows(sheet, cells, wrong)
        ]
    return values, problems


def _rows(sheet: Cells, cells: Coded, codes: Collection[int]) -> Iterator[tuple[int, int]]:
    """Go through the rows that have one of some codes: row number, code."""
    wanted = np.zeros(len(cells.values), dtype=bool)
    wanted[list(codes)] = True
    found = np.flatnonzero(wanted[cells.codes]) if codes else np.zeros(0, dtype=np.intp)
    return zip(sheet.rows[found].tolist(), cells.codes[found].tolist(), strict=True)


def _repeated_keys(sheet: Cells, table: Table, values: Values) -> Iterator[Problem]:
    if not all(name in values for name in table.key):
        return
    columns = [column for column in table.columns if column.name in table.key]
    whole = np.ones(len(sheet.rows), dtype=bool)
    combined = np.zeros(len(sheet.rows), dtype=np.int64)
    for column in columns:
        cells = values[column.name]
        # two texts may mean the same: 2 and 2.0
        meanings, different = pd.factorize(cells.values)
        codes = meanings[cells.codes]
        if column.required:
            whole &= codes >= 0
        combined = pd.factorize(combined * (len(different) + 1) + codes + 1)[0].astype(np.int64)
    rows = np.flatnonzero(whole)
    keys = pd.Series(combined[rows])
    again = keys.duplicated().to_numpy()
    if not again.any():
        return
    first = dict(zip(keys[~again].tolist(), sheet.rows[rows[~again]].tolist(), strict=True))
    for index, key in zip(rows[again].tolist(), keys[again].tolist(), strict=True):
        parts = [values[name].values[values[name].codes[index]] for name in table.key]
        single = len(parts) == 1
        yield Problem(
            sheet.where,
            int(sheet.rows[index]),
            table.key[0] if single else None,
            ", ".join("" if part is None else str(part) for part in parts),
            f"is in row {first[key]} already",
            f"Give it another {table.key[0]}, or keep one of the two rows."
            if single
            else f"Keep one of the two rows: {_joined(table.key)} together name a row once.",
        )


def _references(
    sheet: Cells, table: Table, values: Values, known: Mapping[str, _Known]
) -> Iterator[Problem]:
    for column in table.columns:
        target = known.get(column.refers or "")
        if column.name not in values or target is None:
            continue
        cells = values[column.name]
        allowed = target.ids | set(column.besides)
        unknown = {
            code: [part for part in value.split(";") if part not in allowed]
            for code, value in enumerate(cells.values)
            if value is not None and value not in allowed
        }
        for row, code in _rows(sheet, cells, unknown):
            for part in unknown[code]:
                yield Problem(
                    sheet.where,
                    row,
                    column.name,
                    part,
                    f"is not in {target.where}",
                    target.mend(part, column.besides),
                )


class _Known:
    """The ids of a table that others refer to, and which of them is most like a word."""

    def __init__(self, where: str, key: Coded) -> None:
        self.where = where
        # the ids of rows with other problems count too: one mistake is one problem
        self.ids = {value for value in key.values if value is not None}
        self._forward = sorted(self.ids)
        self._backward = sorted(value[::-1] for value in self.ids)
        self._folded = {value.casefold(): value for value in self._forward}
        self._mends: dict[str, str] = {}

    def mend(self, word: str, besides: Iterable[str]) -> str:
        """Say what to do about a word that is not among the ids."""
        if word not in self._mends:
            same = self._folded.get(word.casefold())
            alike = [same] if same else self._alike(word, besides)
            # comparing takes a millisecond: with so many unknown ids the table is another one
            hint = nearest(same or word, alike) if len(self._mends) < _MOST_HINTS else ""
            self._mends[word] = f"{hint} Correct it, or add a row to {self.where}.".strip()
        return self._mends[word]

    def _alike(self, word: str, besides: Iterable[str]) -> list[str]:
        """Choose ids with the same beginning or end; comparing with all would take too long."""
        here = bisect_left(self._forward, word)
        there = bisect_left(self._backward, word[::-1])
        near = self._forward[max(0, here - 50) : here + 50]
        near += [text[::-1] for text in self._backward[max(0, there - 50) : there + 50]]
        return sorted({*near, *besides})


def _translated(sheet: Cells, values: Values, known: Mapping[str, _Known]) -> Iterator[Problem]:
    """Find translations of what the table named has not: a row, a column."""
    if not {"table", "id", "column"} <= values.keys():
        return
    cells = [values[name].values[values[name].codes] for name in ("table", "id", "column")]
    for row, table, id_, column in zip(sheet.rows.tolist(), *cells, strict=True):
        if table is None:
            continue
        target = known.get(table)
        if id_ is not None and target is not None and id_ not in target.ids:
            reason, mend = f"is not in {target.where}", target.mend(id_, ())
            yield Problem(sheet.where, row, "id", id_, reason, mend)
        if column is not None and column not in TRANSLATABLE[table]:
            reason = f"is not translated in {table}"
            mend = f"It can be one of: {', '.join(TRANSLATABLE[table])}."
            yield Problem(sheet.where, row, "column", column, reason, mend)


def _tiles(sheet: Cells, values: Values) -> Iterator[Problem]:
    """Find systems with half a place on the tile map, or with one that is taken."""
    names = ("tile_column", "tile_row")
    if not all(name in values for name in names):
        return
    cells = [sheet.columns[sheet.header.index(name)] for name in names]
    taken: dict[tuple[int, int], int] = {}
    for index, row in enumerate(sheet.rows.tolist()):
        texts = [column.values[column.codes[index]] for column in cells]
        place = [values[name].values[values[name].codes[index]] for name in names]
        if bool(texts[0]) != bool(texts[1]):
            empty = names[0] if not texts[0] else names[1]
            other = names[1] if not texts[0] else names[0]
            yield Problem(
                sheet.where,
                row,
                empty,
                None,
                f"is empty, but {other} is not",
                "Fill in both, or leave both empty.",
            )
        elif None not in place and taken.setdefault((place[0], place[1]), row) != row:
            yield Problem(
                sheet.where,
                row,
                names[0],
                shown(texts[0]),
                f"and {names[1]} {place[1]} are the tile of row {taken[place[0], place[1]]}",
                "Give each system a tile of its own.",
            )


def _answers(sheet: Cells, values: Values) -> Iterator[Problem]:
    """Find answers about the wrong number of items: a rating is about one, others about two."""
    if "kind" not in values or "right" not in values:
        return
    kind, right = values["kind"], values["right"]
    blank = (sheet.columns[sheet.header.index("right")].values == "")[right.codes]
    rating = (kind.values == "rating")[kind.codes]
    other = np.array([value not in (None, "rating") for value in kind.values], dtype=bool)
    for index in np.flatnonzero(rating & ~blank).tolist():
        said = right.values[right.codes[index]]
        yield Problem(
            sheet.where,
            int(sheet.rows[index]),
            "right",
            said,
            "stands beside a rating, which is about one item",
            "Leave the cell empty, or correct the kind.",
        )
    for index in np.flatnonzero(other[kind.codes] & blank).tolist():
        yield Problem(
            sheet.where,
            int(sheet.rows[index]),
            "right",
            None,
            f"is empty, but {kind.values[kind.codes[index]]} compares two items",
            "Write the id of the second item, or correct the kind.",
        )


_RULES: dict[str, tuple[Callable[[Cells, Values], Iterator[Problem]], ...]] = {
    "systems": (_tiles,),
    "panels": (_answers,),
}


def _joined(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
