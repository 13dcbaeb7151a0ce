"""The mapping file of an online form: which question of the form asks what.

A TOML file beside the export of the form::

    topic = "dimensions"
    group = "I speak for"            # the question for the group
    code = "Your code"               # optional: a code that was sent to each judge, never a name
    highest = 10                     # optional: greatest rating

    [groups]                         # answer -> id of the group
    "Learners" = "learners"

    [answers]                        # optional: answer -> number; plain numbers need no entry
    "strongly, left" = 5

    [items]                          # for the most and the least important: answer -> id
    "Legal basis" = "legislation"

    [[questions]]
    text = "Which matters more: Legal basis (left) or Recognition (right)?"
    kind = "pairwise"                # with left and right
    left = "legislation"
    right = "recognition"

    [[questions]]
    text = "How much does this matter: Legal basis?"
    kind = "rating"                  # or best-to-other, other-to-worst: with item
    item = "legislation"

    [[questions]]
    text = "Which of these matters most?"
    kind = "best"                    # or worst

Questions of a SWOT questionnaire have ``part`` (a quadrant, or groups) as well.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcanalysis.errors import ParameterError, nearest
from mcanalysis.panels.asking import HIGHEST_RATING, SCALE, Part, Questionnaire
from mcanalysis.panels.phrases import say
from mcanalysis.study.files import replacing

_KEYS = ("topic", "group", "code", "highest", "groups", "answers", "items", "questions")
_SIDES = {
    "pairwise": ("left", "right"),
    "rating": ("item",),
    "best-to-other": ("item",),
    "other-to-worst": ("item",),
    "best": (),
    "worst": (),
}


@dataclass(frozen=True)
class Asked:
    """A question of a form: its text there, and what it asks, as in `Question`."""

    text: str
    kind: str
    part: str
    left: str
    right: str


@dataclass(frozen=True)
class FormMapping:
    """What the questions and answers of an online form mean.

    Attributes
    ----------
    topic : str
    group, code : str
        Texts of the questions for the group and for the judge's code; the latter may be "".
    questions : tuple of Asked
    answers : dict of (str, str) to str
        See `Design`.
    highest : float
        Greatest rating.
    """

    topic: str
    group: str
    code: str
    questions: tuple[Asked, ...]
    answers: Mapping[tuple[str, str], str]
    highest: float


def read_mapping(path: Path) -> FormMapping:
    """Read the mapping file of a form.

    Parameters
    ----------
    path : Path

    Returns
    -------
    FormMapping

    Raises
    ------
    ParameterError
        With all that is wrong in it.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParameterError(f"There is no mapping file {path}. Name the right one.") from None
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path.name} cannot be read: {error}. Mend it.") from None
    wrong = [f"{path.name}: {problem}" for problem in _problems(found)]
    if wrong:
        raise ParameterError("\n".join(wrong))
    questions = tuple(_asked(q) for q in found["questions"])
    answers = {("stakeholder", str(k)): str(v) for k, v in found["groups"].items()}
    for kind in {q.kind for q in questions} - {"best", "worst"}:
        answers |= {(kind, str(k)): str(v) for k, v in found.get("answers", {}).items()}
    for part in {q.part for q in questions if q.kind == "best"}:
        answers |= {(f"item {part}", str(k)): str(v) for k, v in found.get("items", {}).items()}
    return FormMapping(
        found["topic"], found["group"], found.get("code", ""), questions, answers,
        float(found.get("highest", HIGHEST_RATING)),
    )  # fmt: skip


def _asked(q: Mapping[str, Any]) -> Asked:
    item = q.get("item", "")
    left = q.get("left", item if q["kind"] != "best-to-other" else "")
    right = q.get("right", item if q["kind"] == "best-to-other" else "")
    return Asked(q["text"], q["kind"], q.get("part", ""), left, right)


def _problems(found: Mapping[str, Any]) -> Iterator[str]:
    for key in found:
        if key not in _KEYS:
            yield f'unknown key "{key}".{nearest(key, _KEYS)} It knows: {", ".join(_KEYS)}.'
    for key in ("topic", "group", "code"):
        if key in found and not isinstance(found[key], str):
            yield f"{key}: {found[key]!r} is not a text. Put it in quotes."
        elif key not in found and key != "code":
            yield f"{key} is missing. Add {key} = and a text."
    highest = found.get("highest", HIGHEST_RATING)
    if not isinstance(highest, int | float) or isinstance(highest, bool) or highest <= 1:
        yield f"highest: {highest!r} is not a number above 1. Write the greatest rating."
    for key in ("groups", "answers", "items"):
        if not isinstance(found.get(key, {}), dict):
            yield f"{key} is no table. Write a heading [{key}] with lines answer = meaning."
    if not found.get("groups"):
        yield 'groups is missing. Write a heading [groups] with lines "answer" = "group id".'
    if isinstance(found.get("answers"), dict):
        for answer, value in found["answers"].items():
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                yield f'answers, "{answer}": {value!r} is no number. Write one, or "1/3".'
    questions = found.get("questions")
    if not isinstance(questions, list) or not questions:
        yield "questions are missing. Write [[questions]] with text and kind for each."
        return
    for number, q in enumerate(questions, 1):
        yield from (f"question {number}: {problem}" for problem in _question_problems(q))


def _question_problems(q: Any) -> Iterator[str]:
    if not isinstance(q, dict) or not all(isinstance(value, str) for value in q.values()):
        yield "not a table of texts. Write [[questions]] with text and kind."
        return
    for key in ("text", "kind"):
        if key not in q:
            yield f"{key} is missing. Add it."
    kind = q.get("kind", "best")
    if kind not in _SIDES:
        yield f'kind "{kind}" is not known.{nearest(kind, _SIDES)} Use {", ".join(_SIDES)}.'
        return
    for key in _SIDES[kind]:
        if key not in q:
            yield f"{key} is missing. A question of kind {kind} needs it."
    for key in q:
        allowed = ("text", "kind", "part", *_SIDES[kind])
        if key not in allowed:
            yield f'unknown key "{key}".{nearest(key, allowed)} It knows: {", ".join(allowed)}.'


def write_mapping(asked: Questionnaire, path: Path) -> None:
    """Write the mapping file of a form, with texts for its questions to paste into it.

    Parameters
    ----------
    asked : Questionnaire
    path : Path
        Replaced if it is there.
    """
    lines = [
        f"topic = {_quoted(asked.topic)}",
        f"group = {_quoted(say('group'))}",
        "",
        "[groups]",
        *(f"{_quoted(name)} = {_quoted(group)}" for group, name in asked.groups.items()),
    ]
    methods = {part.method for part in asked.parts}
    if "pairwise" in methods:
        lines += ["", "[answers]"]
        lines += [
            f"{_quoted(say('left_times', times=n))} = {n}" for n in range(SCALE, 1, -1)
        ]  # fmt: skip
        lines += [f"{_quoted(say('equal'))} = 1"]
        lines += [f'{_quoted(say("right_times", times=n))} = "1/{n}"' for n in range(2, SCALE + 1)]
    if "best-worst" in methods:
        lines += ["", "[items]"]
        lines += [
            f"{_quoted(item.label)} = {_quoted(item.id)}"
            for part in asked.parts
            if part.method == "best-worst"
            for item in part.items
        ]
    for part in asked.parts:
        for fields in _form_questions(part):
            lines += ["", "[[questions]]"]
            lines += [f"{key} = {_quoted(value)}" for key, value in fields.items()]
    with replacing(path) as aside:
        aside.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _form_questions(part: Part) -> Iterator[dict[str, str]]:
    def text(key: str, **fields: str) -> str:
        said = say(key, **fields)
        return say("form_in_part", part=part.heading, question=said) if part.heading else said

    own = {"part": part.name} if part.name else {}
    for i, j in part.pairs:
        left, right = part.items[i], part.items[j]
        asked = text("form_pairwise", left=left.label, right=right.label)
        yield {"text": asked, "kind": "pairwise", "left": left.id, "right": right.id, **own}
    if part.method == "rating":
        for item in part.items:
            asked = text("form_rating", item=item.label)
            yield {"text": asked, "kind": "rating", "item": item.id, **own}
    if part.method == "best-worst":
        for end in ("best", "worst"):
            yield {"text": text(f"form_{end}"), "kind": end, **own}
        for key, kind in (("form_best_to", "best-to-other"), ("form_to_worst", "other-to-worst")):
            for item in part.items:
                yield {"text": text(key, item=item.label), "kind": kind, "item": item.id, **own}


def _quoted(text: str) -> str:
    # a JSON text is a TOML text
    return json.dumps(text, ensure_ascii=False)
