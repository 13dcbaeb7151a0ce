"""A filled questionnaire workbook to a `Reply`."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mcanalysis.errors import Problem
from mcanalysis.language import LANGUAGES, ORIGINAL
from mcanalysis.panels.layout import DESIGN, Design, read_design
from mcanalysis.panels.replies import Fault, Reply, Sheet, bad_code, check_reply
from mcanalysis.study.cells import trim

NO_QUESTIONNAIRE = (
    "is not a questionnaire made by mcanalysis panel new",
    "Send the questionnaire again; for the export of an online form, name its mapping file "
    "with --form.",
)


def read_questionnaire(path: Path, known: frozenset[str]) -> Reply:
    """Read and check a filled questionnaire.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` workbook made by `write_questionnaire`, filled in with any program.
    known : frozenset of str
        Ids that the study knows, of items and groups.

    Returns
    -------
    Reply
        With all that is wrong; where the file cannot be read, a single fault without topic.
    """
    import openpyxl

    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        return refusal(path.name, reason, "Make the file readable.")
    if data.startswith(bytes.fromhex("d0cf11e0")):
        reason = "is protected by a password, or in the old format of Excel 97"
        return refusal(path.name, reason, "Remove the password and save it as .xlsx.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, not about cells
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                found = _cells(book)
            finally:
                book.close()
    except Exception:  # a broken file makes openpyxl raise nearly anything
        reason = "is damaged or not an .xlsx workbook"
        return refusal(path.name, reason, "Open it in a spreadsheet program and save it as .xlsx.")
    if found is None:
        return refusal(path.name, *NO_QUESTIONNAIRE)
    design, cells = found
    said = [(q, _text(cells, q.row, q.column)) for q in design.questions]
    sheet = Sheet(path.name, design.answers)
    reply = check_reply(sheet, design.topic, design.judge, said, known)
    wrong = bad_code(design.judge) if design.judge else None
    if wrong:
        return refusal(path.name, f'bears the code "{design.judge}", which {wrong[0]}', wrong[1])
    return replace(reply, language=design.language if design.language in LANGUAGES else ORIGINAL)


def refusal(where: str, reason: str, mend: str) -> Reply:
    """Make the reply of a file that cannot be read."""
    return Reply(where, "", faults=(Fault(Problem(where, None, None, None, reason, mend), 1, 1),))


def _cells(book: Any) -> tuple[Design, list[Sequence[Any]]] | None:
    if DESIGN not in book.sheetnames:
        return None
    design = read_design(_rows(book[DESIGN], 1, 6))
    if design is None or design.sheet not in book.sheetnames:
        return None
    last = max(q.row for q in design.questions)
    return design, _rows(book[design.sheet], last, max(q.column for q in design.questions))


def _rows(sheet: Any, least: int, columns: int) -> list[Sequence[Any]]:
    sheet.reset_dimensions()  # some programs state a size that is too small
    rows: list[Sequence[Any]] = [
        [*row[:columns], *[None] * (columns - len(row))]
        for row in sheet.iter_rows(values_only=True)
    ]
    return rows + [[None] * columns] * (least - len(rows))


def _text(cells: Sequence[Sequence[Any]], row: int, column: int) -> str:
    value = cells[row - 1][column - 1]
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return trim(str(value))
