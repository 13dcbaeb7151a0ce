"""Questionnaires, filled in as judges do."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from mcanalysis.panels.layout import Design, Question


def label(design: Design, kind: str, meaning: str) -> str:
    """The answer that means something."""
    return next(a for (own, a), m in design.answers.items() if own == kind and m == meaning)


def fill(path: Path, design: Design, answers: dict[Question, object]) -> Path:
    """Write answers into a questionnaire."""
    book = openpyxl.load_workbook(path)
    for q, value in answers.items():
        book[design.sheet].cell(q.row, q.column).value = value
    book.save(path)
    return path


def sincere(design: Design, worth: dict[str, float], group: str = "learners") -> dict:
    """The answers of a judge to whom each item has a worth; other items are worth 1."""
    answers: dict[Question, object] = {}
    ends: dict[str, tuple[str, str]] = {}
    for part in {q.part for q in design.questions if q.kind == "best"}:
        items = [m for (own, _), m in design.answers.items() if own == f"item {part}"]
        order = sorted(items, key=lambda i: -worth.get(i, 1))
        ends[part] = order[0], order[-1]

    def ratio(i: str, j: str) -> float:
        return worth.get(i, 1) / worth.get(j, 1)

    for q in design.questions:
        if q.kind == "stakeholder":
            answers[q] = label(design, "stakeholder", group)
        elif q.kind == "pairwise":
            r = ratio(q.left, q.right)
            times = min(9, max(1, round(max(r, 1 / r))))
            meaning = "1" if times == 1 else str(times) if r > 1 else f"1/{times}"
            answers[q] = label(design, "pairwise", meaning)
        elif q.kind == "rating":
            answers[q] = min(10, max(1, round(worth.get(q.left, 1))))
        elif q.kind in ("best", "worst"):
            item = ends[q.part][q.kind == "worst"]
            answers[q] = label(design, f"item {q.part}", item)
        else:
            best, worst = ends[q.part]
            item = q.right or q.left
            if item != best and not (q.kind == "other-to-worst" and item == worst):
                r = ratio(best, item) if q.kind == "best-to-other" else ratio(item, worst)
                answers[q] = min(9, max(1, round(r)))
    return answers
