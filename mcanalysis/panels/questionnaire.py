"""A questionnaire as a workbook: instructions, drop-downs, and hints that are formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

from mcanalysis.language import spoken
from mcanalysis.panels.asking import HIGHEST_RATING, SCALE, Part, Questionnaire
from mcanalysis.panels.hints import write_hints
from mcanalysis.panels.layout import CHECK, DESIGN, Design, Question, answer_rows
from mcanalysis.panels.phrases import say
from mcanalysis.study.files import replacing

WIDTHS = {"A": 5, "B": 44, "C": 26, "D": 44, "E": 52}
NUMBER, LEFT, ANSWER, RIGHT, HINT = range(1, 6)
LINE = 15.5
"""Height of a line, in points."""
INK, PALE, GREY, BLANK = "1F2A37", "EEF2F6", "D9DEE4", "FFF6CC"
MARKED = "A03A14"


def write_questionnaire(asked: Questionnaire, path: Path, judge: str = "") -> Design:
    """Write a questionnaire as an ``.xlsx`` workbook.

    Parameters
    ----------
    asked : Questionnaire
    path : Path
        Replaced if it is there.
    judge : str, optional
        Id of the judge whom it goes to; left out for one that everybody gets.

    Returns
    -------
    Design
        What stands where.

    Examples
    --------
    >>> import tempfile
    >>> from mcanalysis.panels.asking import ask
    >>> from mcanalysis.study import read_study
    >>> asked = ask(read_study("data"), "hei", "rating")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     design = write_questionnaire(asked, Path(folder) / "hei.xlsx")
    >>> [q.kind for q in design.questions]
    ['stakeholder', 'rating', 'rating', 'rating', 'rating', 'rating']
    """
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = say("sheet_questions")
    page = _Page(sheet)
    design = Design(asked.topic, sheet.title, judge, (), _answers(asked), spoken())
    group = _head(page, asked, judge)
    places, questions = [], [Question("stakeholder", "", "", "", group, ANSWER)]
    for part in asked.parts:
        first, found = _part(page, part)
        places.append((part, first))
        questions += found
    page.text(say("save"), row=page.row + 1)
    design = replace(design, questions=tuple(questions))
    for q in questions:
        _answer_cell(sheet, design, q)
    _items(book, asked)
    hidden = book.create_sheet(DESIGN)
    for row in design.rows():
        hidden.append(row)
    check = book.create_sheet(CHECK)
    for part, first in places:
        write_hints(sheet, check, design, part, first)
    hidden.sheet_state = check.sheet_state = "hidden"
    _finish(sheet)
    book.properties.creator, book.properties.title = "mcanalysis", asked.title
    with replacing(path) as aside:
        book.save(aside)
    return design


class _Page:
    """A sheet that is filled from top to bottom."""

    def __init__(self, sheet: Any) -> None:
        self.sheet, self.row = sheet, 0

    def text(self, text: str, row: int | None = None, size: int = 11, bold: bool = False) -> int:
        """Write a line over the first four columns."""
        from openpyxl.styles import Alignment, Font

        self.row = (self.row + 1) if row is None else row
        self.sheet.merge_cells(
            start_row=self.row, end_row=self.row, start_column=NUMBER, end_column=RIGHT
        )
        cell = self.sheet.cell(self.row, NUMBER, text)
        cell.font = Font(size=size, bold=bold, color=INK)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        wide = sum(WIDTHS[c] for c in "ABCD") * 11 / size
        self.sheet.row_dimensions[self.row].height = ceil(len(text) / wide) * LINE * size / 11 + 3
        return self.row

    def line(self, cells: Sequence[Any], least: int = 1, bold: bool = False, fill: str = "") -> int:
        """Write a row of a table, as high as its longest cell needs."""
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        self.row += 1
        lines = 1
        for column, value in enumerate(cells, 1):
            cell = self.sheet.cell(self.row, column, value)
            cell.font = Font(bold=bold, color=INK)
            middle = column in (NUMBER, ANSWER)
            cell.alignment = Alignment(
                wrap_text=True, vertical="center", horizontal="center" if middle else "left"
            )
            cell.border = Border(bottom=Side("thin", color=GREY))
            if fill:
                cell.fill = PatternFill("solid", fgColor=fill)
            width = WIDTHS["ABCDE"[column - 1]] * (0.9 if bold else 1)
            lines = max(lines, ceil(len(str(value or "")) / width))
        self.sheet.row_dimensions[self.row].height = max(lines, least) * LINE + 4
        return self.row


def _head(page: _Page, asked: Questionnaire, judge: str) -> int:
    """Write title, instructions and the question for the group; return the row of that."""
    page.text(asked.title, size=18, bold=True)
    page.text(f"{say('time', questions=asked.questions + 1)} {say('privacy')}")
    page.text(say("meant", sheet=say("sheet_items")))
    page.row += 1
    if judge:
        page.line(["", say("code"), judge, "", ""], bold=True)
    return page.line(["", say("group"), None, say("group_help"), ""], bold=True)


_HEADS = {
    "pairwise": ("left", "answer", "right"),
    "best-worst": ("item", "best_to", "to_worst"),
    "rating": ("item", "rating", ""),
}
_HOW = {
    "pairwise": ("pairwise_how", "pairwise_scale", "pairwise_hint"),
    "best-worst": ("best_how", "best_times"),
    "rating": ("rating_how", "rating_scale"),
}


def _part(page: _Page, part: Part) -> tuple[int, list[Question]]:
    """Write the questions of a part; return the row of the first, and the questions."""
    page.row += 1
    if part.heading:
        page.text(part.heading, size=14, bold=True)
    page.text(" ".join(say(key) for key in _HOW[part.method]))
    questions = []
    if part.method == "best-worst":
        for kind in ("best", "worst"):
            row = page.line(["", say(kind), None, "", ""], 3, bold=True)
            questions.append(Question(kind, part.name, "", "", row, ANSWER))
    head = [say(key) if key else "" for key in _HEADS[part.method]]
    page.line(["", *head, say("hint")], bold=True, fill=PALE)
    first = page.row + 1
    if part.method == "pairwise":
        for number, (i, j) in enumerate(part.pairs, 1):
            left, right = part.items[i], part.items[j]
            row = page.line([number, left.label, None, right.label, None], 2)
            questions.append(Question("pairwise", part.name, left.id, right.id, row, ANSWER))
        return first, questions
    ends = part.method == "best-worst"
    for number, item in enumerate(part.items, 1):
        row = page.line([number, item.label, None, None, None], 3 if ends else 2)
        if part.method == "rating":
            questions.append(Question("rating", part.name, item.id, "", row, ANSWER))
        else:
            questions.append(Question("best-to-other", part.name, "", item.id, row, ANSWER))
            questions.append(Question("other-to-worst", part.name, item.id, "", row, RIGHT))
    return first, questions


def _answers(asked: Questionnaire) -> dict[tuple[str, str], str]:
    """Return every answer that can be chosen, by kind of question, with its meaning."""
    found = {("stakeholder", name): group for group, name in asked.groups.items()}
    methods = {part.method for part in asked.parts}
    if "pairwise" in methods:
        for times in range(SCALE, 1, -1):
            found["pairwise", say("left_times", times=times)] = str(times)
        found["pairwise", say("equal")] = "1"
        for times in range(2, SCALE + 1):
            found["pairwise", say("right_times", times=times)] = f"1/{times}"
    for part in asked.parts:
        if part.method == "best-worst":
            for item in part.items:
                found[f"item {part.name}", item.label] = item.id
    return found


def _answer_cell(sheet: Any, design: Design, q: Question) -> None:
    """Give a cell its colour, its list of answers, and free it from the protection of the sheet."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
    from openpyxl.worksheet.datavalidation import DataValidation

    cell = sheet.cell(q.row, q.column)
    cell.fill = PatternFill("solid", fgColor=BLANK)
    cell.protection = Protection(locked=False)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.font = Font(color=INK, bold=True)
    cell.border = Border(*[Side("thin", color=GREY)] * 4)
    if q.kind == "rating":
        listed = f'"{",".join(str(n) for n in range(1, HIGHEST_RATING + 1))}"'
    elif q.kind in ("best-to-other", "other-to-worst"):
        listed = f'"{",".join(str(n) for n in range(1, SCALE + 1))}"'
    else:
        kind = f"item {q.part}" if q.kind in ("best", "worst") else q.kind
        first, last = answer_rows(design, kind)
        listed = f"'{DESIGN}'!$B${first}:$B${last}"
    valid = DataValidation("list", formula1=listed, allow_blank=True, showErrorMessage=True)
    valid.error = say("not_an_answer")
    same = next((v for v in sheet.data_validations.dataValidation if v.formula1 == listed), None)
    if same is None:
        sheet.add_data_validation(valid)
    (same or valid).add(cell)


def _items(book: Any, asked: Questionnaire) -> None:
    """Write what each item stands for, on a sheet of its own."""
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet(say("sheet_items"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 60, 90
    for part in asked.parts:
        if part.heading:
            sheet.append([part.heading])
            sheet.cell(sheet.max_row, 1).font = Font(bold=True, size=14)
        for item in part.items:
            sheet.append([item.label, item.meaning or None])
            for cell in sheet[sheet.max_row]:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            long = max(len(item.label) / 60, len(item.meaning) / 90)
            sheet.row_dimensions[sheet.max_row].height = ceil(long) * LINE + 4
    sheet.protection.sheet = True


def _finish(sheet: Any) -> None:
    for letter, width in WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
