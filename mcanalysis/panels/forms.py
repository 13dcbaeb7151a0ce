"""The export of an online form to replies: Google Forms, LimeSurvey, Microsoft Forms, Qualtrics."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mcanalysis.errors import Problem, nearest
from mcanalysis.panels.layout import Question
from mcanalysis.panels.mapping import FormMapping
from mcanalysis.panels.replies import Fault, Reply, Sheet, bad_code, check_reply
from mcanalysis.study.cells import BLANKS, Cells
from mcanalysis.study.files import read_csv

UNFINISHED = {"finished": ("false", "0"), "submitdate": ("",)}
"""Column -> what it holds for a reply that was not sent off (Qualtrics, LimeSurvey)."""
TRIALS = {"status": ("survey preview", "survey test", "1", "2")}
"""Column -> what it holds for a reply that only tried the form out (Qualtrics)."""
LONGEST = 60
"""Letters of a question that a message repeats."""
CODED = re.compile(r"^[a-z]\w*(\[\w+\])?[.:] ")
"""What LimeSurvey writes before the text of a question, exporting codes and texts."""


@dataclass(frozen=True)
class Export:
    """What the export of a form holds.

    Attributes
    ----------
    replies : tuple of Reply
        Of all who sent the form off, in the order of the export.
    skipped : int
        Replies that were not sent off, or only tried the form out.
    rows : tuple of list of str
        The whole table, the first row being its header, to be given back marked.
    """

    replies: tuple[Reply, ...]
    skipped: int = 0
    rows: tuple[list[str], ...] = ()


def read_export(path: Path, mapping: FormMapping, known: frozenset[str]) -> Export:
    """Read and check the replies in the export of a form.

    Questions are found by their text: capitals, blanks, markup and the code that LimeSurvey can
    write before it do not count. Columns that the
    mapping does not name (names, addresses, times) are not looked at.

    Parameters
    ----------
    path : Path
        A CSV file, of any encoding and delimiter that `read_csv` knows. Of Qualtrics, the rows with
        question texts and import ids are taken for what they are.
    mapping : FormMapping
    known : frozenset of str
        Ids that the study knows, of items and groups.

    Returns
    -------
    Export
    """
    wanted = [mapping.group, *([mapping.code] if mapping.code else [])]
    wanted += [q.text for q in mapping.questions]
    cells = read_csv(path, path.name, wanted)
    if cells.problems or not cells.complete:
        faults = tuple(Fault(p, p.row or 1, 1) for p in cells.problems)
        return Export((Reply(path.name, "", faults=faults),) if faults else ())
    columns = [[column.values[code] for code in column.codes] for column in cells.columns]
    numbers = cells.rows.tolist()
    heads, first = _heads(cells, columns)
    places, wrong = _places(path.name, heads, wanted)
    if wrong:
        return Export((Reply(path.name, "", faults=tuple(Fault(p, 1, 1) for p in wrong)),))
    group, *others = places
    code = others.pop(0) if mapping.code else None
    names = {place + 1: _short(text) for place, text in zip(places, wanted, strict=True)}
    sheet = Sheet(path.name, mapping.answers, names, numbers=True, highest=mapping.highest)
    left_out = _left_out(heads, columns, len(numbers))
    replies, skipped = [], 0
    for at in range(first, len(numbers)):
        if left_out[at]:
            skipped += 1
            continue
        row = numbers[at]
        said = [(Question("stakeholder", "", "", "", row, group + 1), columns[group][at])]
        said += [
            (Question(q.kind, q.part, q.left, q.right, row, place + 1), columns[place][at])
            for q, place in zip(mapping.questions, others, strict=True)
        ]
        judge = "" if code is None else columns[code][at]
        reply = check_reply(sheet, mapping.topic, judge, said, known)
        replies.append(_with_code(reply, sheet, judge, row, code) if code is not None else reply)
    table = _table(cells, columns, numbers)
    return Export(tuple(replies), skipped, table)


def _with_code(reply: Reply, sheet: Sheet, judge: str, row: int, column: int) -> Reply:
    wrong = bad_code(judge) if judge else ("is empty", "Write the code that the judge was given.")
    place = (row, column + 1)
    if wrong is None:
        return replace(reply, place=place)
    fault = sheet.fault(Question("code", "", "", "", row, column + 1), judge, wrong)
    return replace(reply, judge="", rows=(), faults=(fault, *reply.faults), place=place)


def _heads(cells: Cells, columns: Sequence[Sequence[str]]) -> tuple[list[list[str]], int]:
    """Return the texts that head each column, and the place of the first reply."""
    heads = [[head] for head in cells.header]
    rows = len(cells.rows)
    told = next(
        (at for at in range(min(2, rows)) if any('"ImportId"' in own[at] for own in columns)), None
    )
    if told is None:
        return heads, 0
    for at in range(told):
        for head, own in zip(heads, columns, strict=True):
            head.append(own[at])
    return heads, told + 1


def _places(
    where: str, heads: Sequence[Sequence[str]], wanted: Sequence[str]
) -> tuple[list[int], list[Problem]]:
    """Find the column of each question, or say that it is missing or there twice."""
    by_text: dict[str, list[int]] = {}
    by_rest: dict[str, list[int]] = {}
    for place, texts in enumerate(heads):
        for text in {_key(text) for text in texts}:
            by_text.setdefault(text, []).append(place)
            by_rest.setdefault(CODED.sub("", text), []).append(place)
    places, problems = [], []
    known = [text for texts in heads for text in texts]
    for text in wanted:
        found = by_text.get(_key(text)) or by_rest.get(_key(text), [])
        if len(found) == 1:
            places.append(found[0])
            continue
        reason, mend = "is not a question of this export", "Correct the text in the mapping file."
        if found:
            reason, mend = (
                "is there twice",
                "Delete one of the columns, or rename it in both files.",
            )
        hint = "" if found else nearest(text, known)
        problems.append(Problem(where, 1, None, text, reason, f"{hint} {mend}".strip()))
    return places, problems


def _left_out(
    heads: Sequence[Sequence[str]], columns: Sequence[Sequence[str]], rows: int
) -> list[bool]:
    left_out = [False] * rows
    for texts, own in zip(heads, columns, strict=True):
        name = texts[0].casefold().split(".")[0].strip()
        values = UNFINISHED.get(name) or TRIALS.get(name)
        if values is None:
            continue
        left_out = [out or own[at].casefold() in values for at, out in enumerate(left_out)]
    return left_out


def _key(text: str) -> str:
    """Return a question without what programs change in it: markup, blanks, capitals."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return " ".join(plain.translate(dict.fromkeys(map(ord, BLANKS), " ")).split()).casefold()


def _short(text: str) -> str:
    return f"“{text}”" if len(text) <= LONGEST else f"“{text[:LONGEST].rstrip()}…”"


def _table(
    cells: Cells, columns: Sequence[Sequence[str]], numbers: Sequence[int]
) -> tuple[list[str], ...]:
    """Return the rows of a table as they stood, empty ones too."""
    rows: list[list[str]] = [[] for _ in range(numbers[-1] if numbers else 1)]
    rows[cells.header_row - 1] = list(cells.header)
    for at, number in enumerate(numbers):
        rows[number - 1] = [own[at] for own in columns]
    return tuple(rows)
