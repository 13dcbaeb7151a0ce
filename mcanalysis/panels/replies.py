"""What a judge answered, checked: good answers become judgements, the others say how to mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from mcanalysis.errors import Problem, nearest
from mcanalysis.language import ORIGINAL, phrase, spoken
from mcanalysis.model import ID_PATTERN
from mcanalysis.panels.asking import SCALE
from mcanalysis.panels.layout import Question
from mcanalysis.weights.comparing import balance
from mcanalysis.weights.pairwise import Booleans, connected
from mcanalysis.wording import decimal

Row = tuple[str, str | None, str | None, float]
"""Kind, left, right and value of a judgement."""
Wrong = tuple[str, str]
"""What is wrong with an answer, and how to mend it."""
HINTED = 12
"""Possible answers that are named one by one."""


@dataclass(frozen=True)
class Fault:
    """A problem, and the cell to be marked: row and column from 1."""

    problem: Problem
    row: int
    column: int


@dataclass(frozen=True)
class Reply:
    """What one judge answered on one topic.

    Attributes
    ----------
    where, topic : str
    judge : str
        Its id; "" where the questionnaire bears none.
    group : str
        The stakeholder group; "" where that is missing or wrong.
    rows : tuple of Row
        Judgements that can be used; none where the group is not known.
    faults : tuple of Fault
    asked : int
        Questions, that for the group left out.
    place : (int, int)
        Cell that stands for the judge.
    language : str
        In which it was asked.
    """

    where: str
    topic: str
    judge: str = ""
    group: str = ""
    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    asked: int = 0
    place: tuple[int, int] = (1, 1)
    language: str = ORIGINAL


@dataclass(frozen=True)
class Sheet:
    """How cells of a source of answers are named in messages, and what its answers mean.

    Attributes
    ----------
    where : str
        Name of the file (and sheet).
    answers : dict of (str, str) to str
        See `Design`; answers to comparisons may be plain numbers too where `numbers` says so.
    columns : dict of int to str
        Name of a column for messages; its letter where it has none.
    numbers : bool
    highest : float
        Greatest rating.
    lenient : bool
        Whether capitals and blanks count.
    """

    where: str
    answers: Mapping[tuple[str, str], str]
    columns: Mapping[int, str] = field(default_factory=dict)
    numbers: bool = False
    highest: float = 10

    def fault(self, q: Question, text: str, wrong: Wrong) -> Fault:
        """Say what is wrong with an answer."""
        name = self.columns.get(q.column) or _letter(q.column)
        problem = Problem(self.where, q.row, name, text or None, *wrong)
        return Fault(problem, q.row, q.column)


def check_reply(
    sheet: Sheet,
    topic: str,
    judge: str,
    said: Sequence[tuple[Question, str]],
    known: frozenset[str],
) -> Reply:
    """Check the answers of a judge.

    Parameters
    ----------
    sheet : Sheet
    topic : str
    judge : str
    said : sequence of (Question, str)
        Every question with its answer, trimmed; "" where there is none.
    known : frozenset of str
        Ids that the study knows, of items and groups.

    Returns
    -------
    Reply
        A part of the questionnaire counts when its good answers suffice: ratings of all items, a
        best and a worst item with all their comparisons, or comparisons that link all items. Where
        they do not, the empty cells that would be needed are faults too.
    """
    faults: list[Fault] = []
    group, group_question = "", next((q for q, _ in said if q.kind == "stakeholder"), None)
    parts: dict[str, list[tuple[Question, str]]] = {}
    for q, text in said:
        if q is group_question:
            found = sheet.answers.get(("stakeholder", text), "")
            if found in known and found:
                group = found
            else:
                faults.append(sheet.fault(q, text, _choice(sheet, "stakeholder", text)))
        else:
            parts.setdefault(q.part, []).append((q, text))
    rows: list[Row] = []
    asked = sum(len(own) for own in parts.values())
    if not any(text for own in parts.values() for _, text in own):
        first = next(iter(parts.values()))[0][0]
        mend = phrase("Answer the questions, or leave this questionnaire out.")
        faults.append(sheet.fault(first, "", (phrase("is empty like all others"), mend)))
    else:
        for own in parts.values():
            good, wrong = _part(sheet, own, known)
            rows += good
            faults += wrong
    faults.sort(key=lambda fault: (fault.row, fault.column))
    place = (group_question.row, group_question.column) if group_question else (1, 1)
    counted = tuple(rows) if group else ()
    return Reply(sheet.where, topic, judge, group, counted, tuple(faults), asked, place)


def _part(
    sheet: Sheet, own: Sequence[tuple[Question, str]], known: frozenset[str]
) -> tuple[list[Row], list[Fault]]:
    kinds = {q.kind for q, _ in own}
    if "best" in kinds:
        return _ends(sheet, own, known)
    values: dict[Question, float] = {}
    faults: list[Fault] = []
    for q, text in own:
        strange = [i for i in (q.left, q.right) if i and i not in known]
        if strange:
            wrong = phrase("asks about {item}, which the study does not know", item=strange[0])
            faults.append(sheet.fault(q, text, (wrong, _ask_again())))
        elif text:
            _value(sheet, q, text, values, faults)
    rows: list[Row] = [(q.kind, q.left, q.right or None, v) for q, v in values.items()]
    empty = [q for q, text in own if not text]
    if "rating" in kinds:
        wrong, mend = phrase("is empty"), phrase("Rate this item too.")
        faults += [sheet.fault(q, "", (wrong, mend)) for q in empty]
        return (rows if len(values) == len(own) else []), faults
    items = list(dict.fromkeys(i for q, _ in own for i in (q.left, q.right)))
    linked = _linked(items, list(values))
    if linked.all():
        return rows, faults
    # Only an answer between items that nothing else links is missed.
    wrong = phrase("is empty, and no other answers link its two items")
    faults += [
        sheet.fault(q, "", (wrong, phrase("Choose an answer.")))
        for q in empty
        if not linked[items.index(q.left), items.index(q.right)]
    ]
    return [], faults


def _linked(items: Sequence[str], answered: Sequence[Question]) -> Booleans:
    """Tell which items are linked by answers, directly or by way of others."""
    a = np.full((len(items), len(items), 1), np.nan)
    for q in answered:
        a[items.index(q.left), items.index(q.right), 0] = 1.0
    a = balance(a)
    if connected(a)[0]:
        return np.ones(a.shape[:2], dtype=bool)
    step = (~np.isnan(a[:, :, 0])).astype(float)
    return np.asarray(np.linalg.matrix_power(step, len(items)) > 0)


def _ends(
    sheet: Sheet, own: Sequence[tuple[Question, str]], known: frozenset[str]
) -> tuple[list[Row], list[Fault]]:
    """Check best-worst answers: the two ends, then the best to all and all to the worst."""
    faults: list[Fault] = []
    ends: dict[str, str] = {}
    for q, text in own:
        if q.kind not in ("best", "worst"):
            continue
        kind = f"item {q.part}"
        found = sheet.answers.get((kind, text), "")
        if not found:
            faults.append(sheet.fault(q, text, _choice(sheet, kind, text)))
        elif found not in known:
            wrong = phrase("is {item}, which the study does not know", item=found)
            faults.append(sheet.fault(q, text, (wrong, _ask_again())))
        elif found in ends.values():
            wrong = phrase("is also the most important item")
            mend = phrase("Choose another as the least important.")
            faults.append(sheet.fault(q, text, (wrong, mend)))
        else:
            ends[q.kind] = found
    best, worst = ends.get("best"), ends.get("worst")
    values: dict[Question, float] = {}
    needed = 0
    for q, text in own:
        if q.kind in ("best", "worst"):
            continue
        item = q.left or q.right
        idle = item == best or (q.kind == "other-to-worst" and item == worst)
        if best and worst and not idle:
            needed += 1
            if not text:
                faults.append(sheet.fault(q, "", (phrase("is empty"), _number("1", SCALE))))
        if text and (not idle or text.strip() != "1"):
            if idle and best and worst:
                wrong = phrase("compares an item with itself, or the best with the worst again")
                faults.append(sheet.fault(q, text, (wrong, phrase("Empty the cell."))))
            else:
                _value(sheet, q, text, values, faults)
    if not (best and worst) or len(values) < needed:
        return [], faults
    rows: list[Row] = [
        (q.kind, best, q.right, v) if q.kind == "best-to-other" else (q.kind, q.left, worst, v)
        for q, v in values.items()
    ]
    whole = next(v for q, v in values.items() if q.kind == "best-to-other" and q.right == worst)
    over = [(q, v) for q, v in values.items() if v > whole]
    for q, v in over:
        wrong = phrase(
            "is more than {whole}, the best over the worst, the two that lie furthest apart",
            whole=decimal(whole, None),
        )
        mend = phrase("Write {whole} or less, or raise the other.", whole=decimal(whole, None))
        faults.append(sheet.fault(q, decimal(v, None), (wrong, mend)))
    return ([] if over else rows), faults


def _value(
    sheet: Sheet, q: Question, text: str, values: dict[Question, float], faults: list[Fault]
) -> None:
    """Read an answer that is a number."""
    meaning = sheet.answers.get((q.kind, text))
    plain = sheet.numbers or q.kind != "pairwise"
    value = read_number(meaning if meaning is not None else text if plain else "")
    least, most = 1.0, float(SCALE)
    if q.kind == "rating":
        most = sheet.highest
    elif q.kind == "pairwise":
        least = 1 / SCALE
    if value is None:
        listed = any(kind == q.kind for kind, _ in sheet.answers)
        wrong = (
            _choice(sheet, q.kind, text)
            if listed
            else (phrase("is not a number"), _number("1", most))
        )
        faults.append(sheet.fault(q, text, wrong))
    elif not least - 1e-9 <= value <= most + 1e-9:
        low = f"1/{SCALE}" if q.kind == "pairwise" else "1"
        wrong = phrase("is outside the scale"), _number(low, most)
        faults.append(sheet.fault(q, text, wrong))
    else:
        values[q] = value


def _choice(sheet: Sheet, kind: str, text: str) -> Wrong:
    known = [answer for own, answer in sheet.answers if own == kind]
    mend = (
        phrase("Choose one from the list: {answers}.", answers="; ".join(known))
        if len(known) <= HINTED
        else phrase("Choose one from the list.")
    )
    hint = nearest(text, known) if text and spoken() == ORIGINAL else ""  # which is English
    said = phrase("is not one of the answers") if text else phrase("is empty")
    return said, f"{hint} {mend}".strip()


def _ask_again() -> str:
    return phrase("Ask again with a new questionnaire.")


def _number(least: str, most: float) -> str:
    return phrase("Write a number from {least} to {most}.", least=least, most=decimal(most, None))


def read_number(text: str) -> float | None:
    """Read a number as people and programs write it; None if it is none.

    Examples
    --------
    >>> read_number("3"), read_number("2,5"), read_number("1/4"), read_number("three")
    (3.0, 2.5, 0.25, None)
    """
    found = re.fullmatch(r"(\d+(?:[.,]\d+)?)(?:\s*/\s*(\d+(?:[.,]\d+)?))?", text.strip())
    if found is None:
        return None
    above, below = (float(part.replace(",", ".")) if part else 1.0 for part in found.groups())
    return above / below if below else None


def bad_code(code: str) -> Wrong | None:
    """Say why a code cannot be the id of a judge, if it cannot."""
    if re.fullmatch(ID_PATTERN, code):
        return None
    return (
        "is not an id",
        "Give each judge a code of letters, digits, - and _; never a name or an address.",
    )


def _letter(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def each_fault(replies: Sequence[Reply]) -> Iterator[Problem]:
    """Go through the problems of replies."""
    for reply in replies:
        for fault in reply.faults:
            yield fault.problem
