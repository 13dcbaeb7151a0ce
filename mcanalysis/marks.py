"""The small marks on a page: sources, confidence, levels, ranges, stakeholders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.model import Study
from mcanalysis.names import Called, Names
from mcanalysis.wording import listed

DOTS = {"high": "c3", "medium": "c2", "low": "c1"}


_CONFIDENCES = {
    "high": marked("high|confidence"),
    "medium": marked("medium|confidence"),
    "low": marked("low|confidence"),
}
_WITH_CONFIDENCE = {
    "high": marked("high confidence"),
    "medium": marked("medium confidence"),
    "low": marked("low confidence"),
}
QUADRANT_LETTER = {"strength": "S", "weakness": "W", "opportunity": "O", "threat": "T"}


def src(source_id: str, locator: object = "") -> str:
    """Mark a source; the page numbers it. A locator may be missing."""
    place = "" if pd.isna(locator) else str(locator)  # type: ignore[call-overload]
    return f'<a class="src" data-source="{escape(source_id)}" data-locator="{escape(place)}"></a>'


def confidence(level: str, words: bool = False) -> str:
    """Mark confidence by three dots, two or one."""
    label = confidence_word(level) if words else f'<span class="vh">{with_confidence(level)}</span>'
    return f'<span class="cf {DOTS[level]}"><i aria-hidden="true"></i>{label}</span>'


def confidence_word(level: str) -> str:
    """Return the word for a degree of confidence, as it stands under a heading that says so."""
    return phrase(_CONFIDENCES[level])


def with_confidence(level: str) -> str:
    """Return a degree of confidence as it stands alone: "low confidence"."""
    return phrase(_WITH_CONFIDENCE[level])


def fact_meta(row: Any, words: bool = True) -> str:
    """Return year, confidence and source mark of a row of evidence."""
    return (
        f'<span class="meta"><span class="yr">{row.year}</span> '
        f"{confidence(row.confidence, words)} {src(row.source_id, row.locator)}</span>"
    )


def steps(level: int | None, peers: Any = None) -> str:
    """Draw a level as three steps; under it the middle half and median of others.

    Level 0 is a mark at the origin and a gap is dotted, so that neither is taken for the other.
    """

    def x(value: float) -> float:
        return 6 + 40 * value

    parts = []
    for step in range(3):
        kind = "sg" if level is None else "on" if step < level else "off"
        parts.append(f'<rect class="{kind}" x="{7 + 40 * step}" y="3" width="38" height="13"/>')
    if level == 0:
        parts.append('<rect class="on" x="3" y="0" width="5" height="19"/>')
    height = 20
    if peers is not None and peers["count"]:
        height = 32
        low, mid, high = (x(peers[k]) for k in ("lower_quartile", "median", "upper_quartile"))
        if low < high:
            parts.append(
                f'<path class="pr" d="M{low:g} 26H{high:g}M{low:g} 22.5v7M{high:g} 22.5v7"/>'
            )
        parts.append(f'<circle class="pm" cx="{mid:g}" cy="26" r="3.6"/>')
    return (
        f'<svg class="steps" viewBox="0 0 132 {height}" width="132" height="{height}" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def interval(
    lower: float,
    upper: float,
    value: float | None = None,
    tick: float | None = None,
    kind: str = "",
) -> str:
    """Draw a range with its value and the median of others, as shares of the track in [0, 1]."""
    style = f"--a:{lower * 100:.4g};--b:{upper * 100:.4g}"
    marks = "<i></i>"
    if tick is not None and not pd.isna(tick):
        style += f";--p:{tick * 100:.4g}"
        marks += "<u></u>"
    if value is not None and not pd.isna(value):
        style += f";--m:{value * 100:.4g}"
        marks += "<b></b>"
    return f'<span class="iv {kind}" style="{style}" aria-hidden="true">{marks}</span>'


def pips(levels: Sequence[int | None], kind: str = "pips") -> str:
    """Draw the levels of a system as a row of small columns."""
    parts = []
    for n, level in enumerate(levels):
        x = 13 * n
        if level is None:
            parts.append(f'<rect class="sg" x="{x + 0.75}" y=".75" width="9.5" height="16.5"/>')
            continue
        parts.append(f'<rect class="off" x="{x + 0.75}" y=".75" width="9.5" height="16.5"/>')
        height = 6 * level or 2
        parts.append(f'<rect class="on" x="{x}" y="{18 - height}" width="11" height="{height}"/>')
    width = 13 * len(levels) - 1
    return (
        f'<svg class="{kind}" viewBox="0 0 {width} 18" width="{width}" height="18" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def letters(study: Study) -> dict[str, tuple[str, Called]]:
    """Give each stakeholder a letter of its own and the word that explains it.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> [letter for letter, _ in letters(read_study("data")).values()]
    ['L', 'H', 'E', 'V', 'G', 'Q']
    """
    taken: dict[str, tuple[str, Called]] = {}
    names = Names.of(study)
    spare = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    for row in each_row(study.stakeholders):
        used = {letter for letter, _ in taken.values()}
        own = [c for c in str(row.stakeholder_id).upper() if c.isalpha() and c not in used]
        letter = own[0] if own else next(c for c in spare if c not in used)
        taken[str(row.stakeholder_id)] = (letter, names.stakeholder(str(row.stakeholder_id)))
    return taken


def whom(known: Mapping[str, tuple[str, Called]], stakeholders: object) -> str:
    """Mark the stakeholders that a `;` list names, by letter and for screen readers by name.

    Parameters
    ----------
    known : dict
        From `letters`.
    stakeholders : str or missing
    """
    if pd.isna(stakeholders):  # type: ignore[call-overload]
        return ""
    listed_ = {s.strip() for s in str(stakeholders).split(";")}
    named = [letter for s, letter in known.items() if s in listed_]
    boxes = "".join(f'<b title="{escape(name)}">{letter}</b>' for letter, name in named)
    words = escape(listed(name.inside for _, name in named))
    return (
        f'<span class="who"><span class="vh">{phrase("Concerns {groups}.", groups=words)} </span>'
        f'<span aria-hidden="true">{boxes}</span></span>'
    )


def key(*entries: str, kind: str = "key") -> str:
    """Return the legend above a picture."""
    return (
        f'<p class="{kind}" aria-hidden="true">{"".join(f"<span>{e}</span>" for e in entries)}</p>'
    )


def confidence_key() -> str:
    """Return the legend of the marks of confidence."""
    label = '<span class="cf {}"><i aria-hidden="true"></i>{}</span>'
    words = {"high": confidence_word("high"), "medium": confidence_word("medium")}
    words["low"] = with_confidence("low")
    return " ".join(label.format(DOTS[level], word) for level, word in words.items())
