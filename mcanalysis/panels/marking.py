"""Give a questionnaire back: faulty cells red, each with a comment that says how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from mcanalysis.panels.layout import DESIGN, read_design
from mcanalysis.panels.replies import Fault
from mcanalysis.study.files import replacing
from mcanalysis.wording import capital

RED = "F4B6AC"
AUTHOR = "mcanalysis"


def mark_questionnaire(source: Path, target: Path, faults: Sequence[Fault]) -> None:
    """Write a copy of a filled questionnaire with its faults marked.

    Parameters
    ----------
    source, target : Path
    faults : sequence of Fault
        With the cells to mark; marks of an earlier reading are gone.
    """
    import openpyxl

    book = openpyxl.load_workbook(source)
    design = read_design(list(row) for row in book[DESIGN].iter_rows(values_only=True))
    assert design is not None  # its faults were found by it
    sheet = book[design.sheet]
    for q in design.questions:
        _clear(sheet.cell(q.row, q.column))
    _mark(sheet, faults)
    _save(book, target)


def mark_export(rows: Iterable[Sequence[str]], target: Path, faults: Sequence[Fault]) -> None:
    """Write the export of a form as a workbook with its faults marked.

    Parameters
    ----------
    rows : iterable of sequence of str
        The table, its header first.
    target : Path
    faults : sequence of Fault
    """
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            if text:
                cell = sheet.cell(number, column, text)
                cell.data_type = "s"  # no formula, no date
                cell.number_format = "@"
    sheet.freeze_panes = "A2"
    _mark(sheet, faults)
    _save(book, target)


def _mark(sheet: Any, faults: Sequence[Fault]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    said: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        p = fault.problem
        value = f"“{p.value}” " if p.value is not None else ""
        text = f"{capital(f'{value}{p.reason}')}. {p.mend}"
        said.setdefault((fault.row, fault.column), []).append(text)
    for (row, column), texts in said.items():
        cell = sheet.cell(row, column)
        cell.fill = PatternFill("solid", fgColor=RED)
        text = "\n".join(texts)
        cell.comment = Comment(text, AUTHOR, height=40 + 18 * (len(text) // 34 + 1), width=260)


def _clear(cell: Any) -> None:
    from openpyxl.styles import PatternFill

    if cell.comment is not None and cell.comment.author == AUTHOR:
        cell.comment = None
        cell.fill = PatternFill("solid", fgColor="FFF6CC")


def _save(book: Any, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as aside:
        book.save(aside)
