"""What makes a workbook a form to fill in: drop-downs, rules and meanings, all from the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from mcanalysis.model import TABLES, Column, Table
from mcanalysis.study.descriptor import described, holds
from mcanalysis.study.kinds import write

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

GUIDE = "how to fill this in"
"""Name of the sheet that explains the others; it is no table, and is not read."""

_LAST = 1_048_576  # rows of a sheet: what is added below has the same rules
_FEW = 10
_WIDTHS = {"text": 56, "url": 40, "id": 24, "list": 24}
_LINE, _MOST_LINES = 13.5, 8  # points; a longer text is read in the line above the sheet
_SHORT_TEXTS = ("name", "short_name", "article", "label", "theme", "publisher", "locator")
_FONT = "Calibri"  # that of other cells
_TO_FILL, _MAY_STAY_EMPTY = "1F4E79", "7F96AD"

_WORDS = """\
Every sheet is a table; its first row names the columns and stays as it is. One row is one thing.
Dark headings must be filled in; cells under lighter ones may stay empty.
Point at a heading to read what it means; all of them are listed below.
An empty cell means not assessed, never 0. Cells are text: nothing turns into a date or a formula.
Begin with sources: each fact names its source. Then systems, indicators and SWOT factors.
A panel is a sheet panels.NAME, a scenario a sheet scenarios.NAME, with the columns told below.
Names in German, French or Spanish are sheets translations.de, .fr and .es.
Then run mcanalysis check on the workbook: it lists all that is wrong, with sheet, row and column.\
"""


def furnish(sheet: Any, table: Table) -> list[Any]:
    """Set the rules of a table's columns on an empty sheet, and return the cells of its header.

    Parameters
    ----------
    sheet : openpyxl write-only worksheet
    table : Table
        What the sheet holds.

    Returns
    -------
    list of openpyxl cells
        Named after the columns, each with its meaning as a comment.
    """
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    _print_whole_width(sheet)
    sheet.print_title_rows = "1:1"
    header = []
    for place, column in enumerate(table.columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _width(column)
        # cells that are still empty: what is typed there stays text
        sheet.column_dimensions[letter].number_format = "@"
        for rule in _rules(column, letter):
            sheet.data_validations.append(rule)
        cell = WriteOnlyCell(sheet, column.name)
        meaning = described(column).replace("`", "")
        cell.comment = Comment(f"{meaning}. {_complaint(column)}", "mcanalysis", 120, 320)
        _paint(cell, _TO_FILL if column.required else _MAY_STAY_EMPTY)
        header.append(cell)
    return header


def row_height(table: Table, texts: Sequence[str]) -> float | None:
    """Estimate the height in points that shows the wrapped texts of a row; None for one line.

    Programs fit a row to its text when it is edited, but not all do when a workbook is opened.

    Examples
    --------
    >>> row_height(TABLES["scenarios"], ["DE", "recognition", "2", "word " * 20])
    27.0
    """
    lines = max(
        sum(max(1, ceil(len(part) / _width(column))) for part in text.split("\n"))
        for column, text in zip(table.columns, texts, strict=True)
    )
    return min(lines, _MOST_LINES) * _LINE if lines > 1 else None


def _width(column: Column) -> int:
    """Return the width of a column in letters."""
    return 24 if column.name in _SHORT_TEXTS else _WIDTHS.get(column.kind, 14)


def write_guide(sheet: Any) -> None:
    """Write the sheet that explains the others."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    _print_whole_width(sheet)
    for letter, width in zip("ABCDE", (22, 22, 12, 48, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    title = WriteOnlyCell(sheet, "How to fill this in")
    title.font = Font(name=_FONT, bold=True, size=14)
    sheet.append([title])
    for line in _WORDS.splitlines():
        sheet.append([line])
    sheet.append([])
    titles = [WriteOnlyCell(sheet, t) for t in ("sheet", "column", "needed", "holds", "meaning")]
    for cell in titles:
        _paint(cell, _TO_FILL)
    sheet.append(titles)
    for table in TABLES.values():
        name = f"{table.name}.NAME" if table.folder else table.name
        titles = [WriteOnlyCell(sheet, t) for t in (name, None, None, None, table.meaning)]
        for cell in titles:
            cell.font = Font(name=_FONT, bold=True)
        sheet.append(titles)
        for column in table.columns:
            needed = "yes" if column.required else "no"
            # read without Markdown
            what, meaning = holds(column).replace("`", ""), described(column).replace("`", "")
            sheet.append([name, column.name, needed, what, meaning])


def _print_whole_width(sheet: Any) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0  # as many pages as it takes
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _paint(cell: Any, colour: str) -> None:
    from openpyxl.styles import Font, PatternFill

    cell.font = Font(name=_FONT, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=colour)
    cell.number_format = "@"


def _rules(column: Column, letter: str) -> Iterator[DataValidation]:
    """Make the rule of a column, if a spreadsheet can hold one: a drop-down or a condition."""
    from openpyxl.worksheet.datavalidation import DataValidation

    kind, formula = _condition(column, f"{letter}2")
    if formula:
        rule = DataValidation(
            type=kind,
            formula1=formula,
            allow_blank=True,
            showErrorMessage=True,
            # a drop-down cannot offer what stands in no other sheet: let that pass on request
            errorStyle="warning" if column.besides else "stop",
            errorTitle=column.name[:32],
            error=_complaint(column)[:225],
        )
        rule.add(f"{letter}2:{letter}{_LAST}")
        yield rule


def _condition(column: Column, cell: str) -> tuple[str, str]:
    """Say in the words of a spreadsheet what a column may hold: kind of rule, formula.

    Cells are text, so a number is the value of a text.

    Examples
    --------
    >>> _condition(Column("level", "", "integer", minimum=0, maximum=3), "D2")
    ('list', '"0,1,2,3"')
    >>> _condition(Column("value", "", "number"), "G2")
    ('custom', 'VALUE(G2)>0')
    """
    if column.kind == "choice":
        return "list", f'"{",".join(column.choices)}"'
    if column.refers and column.kind == "id":
        there = column.refers
        return "list", f"OFFSET({there}!$A$2,0,0,MAX(1,COUNTA({there}!$A:$A)-1),1)"
    if column.kind == "integer":
        low, high = column.minimum or 0, column.maximum
        if high is not None and high - low < _FEW:
            return "list", f'"{",".join(str(n) for n in range(low, high + 1))}"'
        above = "" if high is None else f",VALUE({cell})<={high}"
        return "custom", f"AND(VALUE({cell})=INT(VALUE({cell})),VALUE({cell})>={low}{above})"
    formulas = {
        "number": f"VALUE({cell})>0",
        "date": f"AND(LEN({cell})=10,ISNUMBER(DATEVALUE({cell})))",
        "url": f'OR(LEFT({cell},7)="http://",LEFT({cell},8)="https://")',
    }
    return "custom", formulas.get(column.kind, "")


def _complaint(column: Column) -> str:
    if not column.refers:
        return f"{write(column)}."
    besides = f", or {' or '.join(column.besides)}" if column.besides else ""
    ids = "ids that stand" if column.kind == "list" else "an id that stands"
    between = ", with ; between them" if column.kind == "list" else ""
    escape = "" if column.required else ", or leave the cell empty"
    return f"Write {ids} in the sheet {column.refers}{besides}{between}{escape}."
