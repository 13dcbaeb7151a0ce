"""The hidden sheet of a questionnaire: what each cell asks, and what each answer means.

It makes a filled workbook readable by itself, in any language and whatever became of its file
name. Each row is a list of `WIDTH` cells, the first of which says what the row is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

DESIGN = "_design"
CHECK = "_check"
FORMAT = "mcanalysis questionnaire 1"
WIDTH = 6
CHOICES = ("stakeholder", "best", "worst")
"""Kinds of question that are answered by an id."""


@dataclass(frozen=True)
class Question:
    """One cell to fill in.

    Attributes
    ----------
    kind : str
        Kind of judgement, or one of `CHOICES`.
    part : str
        Part of the questionnaire, see `Part`.
    left, right : str
        Ids of the items; "" where there is none.
    row, column : int
        Of its cell, from 1.
    """

    kind: str
    part: str
    left: str
    right: str
    row: int
    column: int


@dataclass(frozen=True)
class Design:
    """What a questionnaire asks.

    Attributes
    ----------
    topic, sheet : str
        What it is about, and the name of the sheet with the questions.
    judge : str
        Id of the judge; "" for a questionnaire that everybody gets.
    questions : tuple of Question
    answers : dict of (str, str) to str
        Kind of question (with its part, for the best and worst item) and answer -> its meaning, a
        number or an id.
    language : str
        In which it asks; "" where the workbook does not say.
    """

    topic: str
    sheet: str
    judge: str
    questions: tuple[Question, ...]
    answers: dict[tuple[str, str], str] = field(default_factory=dict)
    language: str = ""

    def rows(self) -> Iterator[list[Any]]:
        """Return the rows of the hidden sheet."""
        yield [FORMAT, self.topic, self.sheet, self.judge, self.language, ""]
        for (kind, answer), meaning in self.answers.items():
            yield ["answer", answer, meaning, kind, "", ""]
        for q in self.questions:
            yield [q.kind, q.part, q.left, q.right, q.row, q.column]


def answer_rows(design: Design, kind: str) -> tuple[int, int]:
    """Return the first and last row of the hidden sheet that hold the answers of a kind."""
    rows = [at for at, (own, _) in enumerate(design.answers, 2) if own == kind]
    return rows[0], rows[-1]


def read_design(rows: Iterable[Sequence[Any]]) -> Design | None:
    """Read the rows of a hidden sheet; None if they are not those of a questionnaire.

    Examples
    --------
    >>> design = Design("hei", "Questions", "j1", (Question("rating", "", "a", "", 9, 3),))
    >>> read_design(design.rows()) == design
    True
    """
    found = [[("" if cell is None else cell) for cell in row] for row in rows]
    if not found or any(len(row) < WIDTH for row in found) or found[0][0] != FORMAT:
        return None
    topic, sheet, judge, language = (str(cell) for cell in found[0][1:5])
    answers = {(str(r[3]), str(r[1])): str(r[2]) for r in found[1:] if r[0] == "answer"}
    try:
        questions = tuple(
            Question(str(r[0]), str(r[1]), str(r[2]), str(r[3]), int(r[4]), int(r[5]))
            for r in found[1:]
            if r[0] != "answer" and r[0] != ""
        )
    except (TypeError, ValueError):
        return None
    return Design(topic, sheet, judge, questions, answers, language)
