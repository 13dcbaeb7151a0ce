"""Formulas that tell a judge, while answering, whether the answers fit together."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from mcanalysis.panels.asking import SCALE, Part
from mcanalysis.panels.layout import CHECK, DESIGN, Design, answer_rows
from mcanalysis.panels.phrases import say
from mcanalysis.weights.pairwise import Floats

THRESHOLDS = {3: 0.31, 4: 0.35}
"""Geometric consistency index up to which answers fit together, by number of items; else .37.

They stand for a consistency ratio of .10 (Aguarón & Moreno-Jiménez 2003, EJOR 147, 137-145).
"""
MORE_ITEMS = 0.37
APART = 2
"""Factor by which the way round over an item may differ in best-worst answers: a rule of thumb."""


def write_hints(sheet: Any, check: Any, design: Design, part: Part, first: int) -> None:
    """Write the hints of a part: one per line, and one for all above them.

    Parameters
    ----------
    sheet, check : worksheets
        With the questions, and with what is worked out on the way.
    design : Design
    part : Part
    first : int
        Row of the first question.
    """
    if part.method == "pairwise":
        _pairs(sheet, check, design, part, first)
    elif part.method == "best-worst":
        _ends(sheet, check, part, first)
    else:
        _ratings(sheet, part, first)
    _style(sheet, first, part)


def residual_projection(part: Part) -> Floats:
    """Return the matrix that takes the logs of the answers to what no weights can explain of them.

    With the comparisons as rows of +1 (left) and -1 (right), it is 1 less the projection on their
    columns (least squares of the logs). Its diagonal says how far an answer is checked by others.

    Returns
    -------
    array, shape (pairs, pairs)
        Symmetric.
    """
    sides = np.zeros((len(part.pairs), len(part.items)))
    for row, (i, j) in enumerate(part.pairs):
        sides[row, i], sides[row, j] = 1, -1
    found = np.eye(len(sides)) - sides @ np.linalg.pinv(sides)
    return np.where(np.abs(found) < 1e-12, 0.0, found)


def _pairs(sheet: Any, check: Any, design: Design, part: Part, first: int) -> None:
    """Fit weights to the logs of the answers by least squares, and look at what is left over.

    On the sheet `check`, a row per comparison: A log of the answer, B what is left over of it, C
    the same in standard deviations, D what the other answers say, E how far they check it, from G
    the matrix of `residual_projection`; above them the geometric consistency index and the greatest
    of C.
    """
    from openpyxl.utils import get_column_letter as letter

    m, free = len(part.pairs), len(part.pairs) - len(part.items) + 1
    top = check.max_row + 2
    start, end = top + 1, top + m
    said = f"$A${start}:$A${end}"
    low, high = answer_rows(design, "pairwise")
    labels = f"'{DESIGN}'!$B${low}:$B${high}"
    numbers = _ratios(design)
    matrix = residual_projection(part)
    for i in range(m):
        row, cell, column = start + i, f"'{sheet.title}'!$C${first + i}", letter(7 + i)
        known = f"MATCH({cell},{labels},0)"
        check.cell(row, 1, f'=IF({cell}="","",IFERROR(LN(CHOOSE({known},{numbers})),"?"))')
        left_over = f"SUMPRODUCT({column}${start}:{column}${end},{said})"
        check.cell(row, 2, f'=IF(COUNT({said})<{m},"",{left_over})')
        checked = round(float(matrix[i, i]), 12)
        check.cell(row, 5, checked)
        if checked > 0:
            check.cell(row, 3, f'=IF(B{row}="","",ABS(B{row})/SQRT(E{row}))')
            check.cell(row, 4, f'=IF(B{row}="","",A{row}-B{row}/E{row})')
        for j in range(m):
            check.cell(row, 7 + j, round(float(matrix[i, j]), 12))
    check.cell(top, 1, f'=IF(COUNT({said})<{m},"",SUMSQ(B{start}:B{end})/{max(free, 1)})')
    check.cell(top, 2, f'=IF(COUNT({said})<{m},"",MAX(C{start}:C{end}))')
    limit = THRESHOLDS.get(len(part.items), MORE_ITEMS)
    clash = f"AND(ISNUMBER('{CHECK}'!$A${top}),'{CHECK}'!$A${top}>{limit})"
    open_ = f"{m}-COUNT('{CHECK}'!{said})"
    sheet.cell(first - 1, 5).value = (
        f"=IF({open_}>0,{_text('open', open=open_)},IF({clash},{_text('pairs_clash')},"
        f"{_text('pairs_fit')}))"
    )
    for i in range(m):
        row = start + i
        own = f"'{CHECK}'!$D${row}"
        times = f"MIN({SCALE},MAX(1,ROUND(EXP(ABS({own})),0)))"
        says = f"INDEX({labels},{SCALE}-SIGN({own})*({times}-1))"
        worst = f"'{CHECK}'!$C${row}='{CHECK}'!$B${top}" if matrix[i, i] > 0 else "FALSE"
        sheet.cell(first + i, 5).value = (
            f"=IF('{CHECK}'!$A${row}=\"?\",{_text('not_an_answer')},"
            f'IF({clash},IF({worst},{_text("look_again")}&{says},""),""))'
        )


def _ratios(design: Design) -> str:
    """Return the meanings of the answers to a comparison as arguments of a formula."""
    return ",".join(meaning for (kind, _), meaning in design.answers.items() if kind == "pairwise")


def _ends(sheet: Any, check: Any, part: Part, first: int) -> None:
    """Compare the best with the worst directly and by way of each item."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    n, last = len(part.items), first + len(part.items) - 1
    best, worst = f"$C${first - 3}", f"$C${first - 2}"
    # not MATCH, which finds no text of more than 255 letters
    whole = f"SUMPRODUCT(--($B${first}:$B${last}={worst}),$C${first}:$C${last})"
    clashes = []
    for row in range(first, last + 1):
        item, ways = f"$B{row}", f"$C{row}*$D{row}"
        clash = (
            f"AND({item}<>{best},{item}<>{worst},ISNUMBER($C{row}),ISNUMBER($D{row}),"
            f"{whole}>0,OR({ways}>{APART}*{whole},{APART}*{ways}<{whole}))"
        )
        sheet.cell(row, 5).value = (
            f'=IF({best}="","",IF({item}={best},{_text("is_best")},IF({item}={worst},'
            f"{_text('is_worst')},IF(IFERROR({clash},FALSE),"
            f'{_text("ends_clash", times=ways, said=whole)},""))))'
        )
        at = check.max_row + 1
        away = clash.replace("$B", f"'{sheet.title}'!$B").replace("$C", f"'{sheet.title}'!$C")
        away = away.replace("$D", f"'{sheet.title}'!$D")
        check.cell(at, 1, f"=IF(IFERROR({away},FALSE),1,0)")
        clashes.append(at)
        grey = PatternFill("solid", bgColor="D9DEE4")
        for column, end in (("C", best), ("D", best), ("D", worst)):
            rule = FormulaRule(formula=[f"$B{row}={end}"], fill=grey)
            sheet.conditional_formatting.add(f"{column}{row}", rule)
    some = f"SUM('{CHECK}'!$A${clashes[0]}:$A${clashes[-1]})>0"
    # The best leaves both columns empty, the worst the second: 2 n - 3 numbers and two choices.
    open_ = f"{2 * n - 1}-COUNTA({best},{worst})-COUNT($C${first}:$D${last})"
    sheet.cell(first - 1, 5).value = (
        f'=IF(AND({best}<>"",{best}={worst}),{_text("same_ends")},IF({open_}>0,'
        f"{_text('open', open=open_)},IF({some},{_text('pairs_clash')},{_text('ends_fit')})))"
    )


def _ratings(sheet: Any, part: Part, first: int) -> None:
    n = len(part.items)
    cells = f"$C${first}:$C${first + n - 1}"
    sheet.cell(first - 1, 5).value = (
        f"=IF(COUNT({cells})<{n},{_text('open', open=f'{n}-COUNT({cells})')},"
        f"IF(MAX({cells})=MIN({cells}),{_text('ratings_same')},{_text('ratings_done')}))"
    )


def _style(sheet: Any, first: int, part: Part) -> None:
    from openpyxl.styles import Font

    rows = len(part.pairs) if part.method == "pairwise" else len(part.items)
    for row in range(first, first + rows):
        sheet.cell(row, 5).font = Font(color="A03A14", bold=True)


def _text(key: str, **cells: str) -> str:
    """Return a phrase as part of a formula, its fields being formulas themselves."""
    parts = [
        f"({cells[part[1:-1]]})" if part[0] == "{" else '"{}"'.format(part.replace('"', '""'))
        for part in re.split(r"(\{\w+\})", say(key))
        if part
    ]
    return "&".join(parts)
