"""Sheets of an ``.xlsx`` workbook to cells and back."""

from __future__ import annotations

import datetime
import io
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcanalysis.errors import Problem
from mcanalysis.model import Table
from mcanalysis.study.cells import Cells, gather, refused, trim
from mcanalysis.study.form import GUIDE, furnish, row_height, write_guide

LONGEST_CELL = 32_767
LONGEST_NAME = 31
MOST_ROWS = 1_048_576

_MEND = "Open it in a spreadsheet program and save it as .xlsx (Excel workbook)."


def read_workbook(path: Path, wanted: Callable[[str], bool]) -> dict[str, Cells]:
    """Read sheets of an ``.xlsx`` workbook.

    Parameters
    ----------
    path : Path
        The workbook.
    wanted : callable
        Says of a sheet's name whether to read its cells; the others come back empty.

    Returns
    -------
    dict of str to Cells
        By sheet name; under the name ``""`` why the workbook as a whole could not be read. A date
        becomes ``2026-03-01 00:00:00``, a whole number ``2``; a formula is a problem.
    """
    import openpyxl

    try:
        data = path.read_bytes()
        if data.startswith(bytes.fromhex("d0cf11e0")):
            reason = "is protected by a password, or in the old format of Excel 97"
            return {"": refused(path.name, reason, f"Remove the password. {_MEND}")}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, not about cells
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            try:
                return {
                    sheet.title: _sheet(path.name, sheet) if wanted(sheet.title) else Cells("")
                    for sheet in book.worksheets
                }
            finally:
                book.close()
    except OSError as error:
        if error.strerror:
            reason = f"cannot be read ({error.strerror})"
            return {"": refused(path.name, reason, "Make the file readable.")}
    except Exception:  # a broken file makes openpyxl raise nearly anything
        pass
    return {"": refused(path.name, "is damaged or not an .xlsx workbook", _MEND)}


def write_workbook(
    path: Path,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]],
    forms: Mapping[str, Table] | None = None,
) -> None:
    """Write tables as sheets of a workbook in which every cell is text.

    Excel makes no date of ``1-3`` and no formula of ``=1+1`` in such a cell, even when it is
    edited later.

    Parameters
    ----------
    path : Path
        The workbook.
    sheets : mapping of str to (header, columns)
        By sheet name.
    forms : mapping of str to Table, optional
        Sheets that are tables of a study: they get drop-downs, rules and meanings, and a sheet
        before them says how to fill them in.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment

    forms = forms or {}
    book = openpyxl.Workbook(write_only=True)
    if forms:
        write_guide(book.create_sheet(GUIDE))
    for name, (header, columns) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        layout = Alignment(vertical="top", wrap_text=True) if name in forms else None

        def text_cell(text: str, sheet: Any = sheet, layout: Any = layout) -> Any:
            cell = WriteOnlyCell(sheet, _escaped(text) or None)
            if text:
                cell.data_type = "s"
            cell.number_format = "@"
            if layout is not None:
                cell.alignment = layout
            return cell

        if name in forms:
            sheet.append(furnish(sheet, forms[name]))
        else:
            sheet.append([text_cell(title) for title in header])
        for number, row in enumerate(zip(*columns, strict=True), 2):
            height = row_height(forms[name], row) if name in forms else None
            if height is not None:
                sheet.row_dimensions[number].height = height
            sheet.append([text_cell(text) for text in row])
            sheet.row_dimensions.pop(number, None)  # it is written: large tables need the room
    book.save(path)


def _sheet(book: str, sheet: Any) -> Cells:
    """Read the cells of one sheet."""
    where = f'{book}, sheet "{sheet.title}"'
    sheet.reset_dimensions()  # some programs state a size that is too small
    formulas: list[tuple[int, int, str]] = []

    def records() -> Iterator[list[str]]:
        width = 0
        for number, row in enumerate(sheet.iter_rows(), 1):
            texts: list[str] = []
            for place, cell in enumerate(row):
                if cell.data_type == "f":
                    formulas.append((number, place, str(cell.value)))
                texts.append(_text(cell.value))
            width = width or (len(texts) if any(texts) else 0)
            # a workbook does not keep the empty cells at the end of a row
            yield texts + [""] * (width - len(texts))

    cells = gather(where, records())
    found = tuple(
        Problem(
            where,
            row,
            cells.header[place] if place < len(cells.header) else None,
            formula,
            "is a formula",
            "Copy the column and paste it as values: a study holds no formulas.",
        )
        for row, place, formula in formulas
    )
    return replace(cells, problems=cells.problems + found)


def _text(value: object) -> str:
    """Write what a workbook holds as text: a number plainly, a date as ISO date and time."""
    if value is None:
        return ""
    if isinstance(value, str):
        if "_x" in value:
            value = _CODE.sub(lambda code: "_" if "5" in code[0] else "\n", value)
        return trim(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime.date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, bool):
        return str(value).upper()
    return str(value)


# a protected underscore, and the carriage return of a Windows program; openpyxl leaves both
_CODE = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)|_x000D_\n?")


def _escaped(text: str) -> str:
    """Protect text that Excel would read as the code of a character, such as ``_x0041_``."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
