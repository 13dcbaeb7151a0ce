"""The coded strengths and weaknesses of a system, held against what its levels suggest."""

from __future__ import annotations

from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.marks import QUADRANT_LETTER, confidence, src
from mcanalysis.model import QUADRANTS
from mcanalysis.swot import FINDINGS, hold_against
from mcanalysis.texts import statement
from mcanalysis.wording import capital, clauses, count, decimal, listed, plural

_CONTRARY = {
    "strength": marked("strengths where the level is below the others' median"),
    "weakness": marked("weaknesses where the level is above the others' median"),
}
_NOT_CODED = {
    ("strength",): marked("Suggested by the levels, and not coded as strengths"),
    ("weakness",): marked("Suggested by the levels, and not coded as weaknesses"),
    ("strength", "weakness"): marked(
        "Suggested by the levels, and not coded as strengths or weaknesses"
    ),
}


def swot_letter(quadrant: str) -> str:
    """Mark a quadrant by its letter in its colour."""
    letter = QUADRANT_LETTER[quadrant]
    return f'<span class="sw {letter}">{letter}</span>'


def against_levels(a: Analysis, system: str) -> str:
    """Return the box that holds board and levels against each other.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    str
        Contradictions in full, blind spots by dimension, agreements and factors that the levels
        neither support nor contradict counted; empty for a system without levels or factors
        inside.
    """
    found = hold_against(a.study, a.evidence, system, a.ranked)
    found["factors"] = found["factor_ids"].astype(str).map(_ids)
    coded = _size(found)
    if a.rows(system).empty or not coded:
        return ""
    against, blind, agree, neither = (found[found["finding"] == name] for name in FINDINGS)
    alike, contrary = _size(agree), _size(against)
    same_way = plural(
        alike,
        "one of {coded} coded strengths and weaknesses points the same way as the levels",
        "{n} of {coded} coded strengths and weaknesses point the same way as the levels",
        "none of {coded} coded strengths and weaknesses point the same way as the levels",
        coded=count(coded),
    )
    other_way = plural(contrary, "one the other way", "{n} the other way", "none the other way")
    title = f"{capital(same_way)}, {other_way}"
    if len(blind):
        more = plural(
            len(blind),
            "one more is suggested by the levels alone",
            "{n} more are suggested by the levels alone",
        )
        title = clauses(title, more)
    caution = phrase(
        "They answer different questions: a factor may speak of the whole system, a level only of "
        "microcredentials. Read both before quoting either."
    )
    parts = [
        f"<h3>{title}</h3>",
        f'<p class="side">{caution}</p>',
        _contradictions(a, against),
        _blind_spots(a, blind),
        _neither(neither),
    ]
    return f'<div class="quarrel">{"".join(parts)}</div>'


def _ids(listed_: str) -> list[str]:
    return [i for i in listed_.split(";") if i]


def _size(found: pd.DataFrame) -> int:
    """Return how many factors some findings speak of."""
    return sum(map(len, found["factors"]))


def _contradictions(a: Analysis, found: pd.DataFrame) -> str:
    if found.empty:
        return ""
    factors = a.study.swot_factors.set_index("factor_id")
    some = found.assign(place=found["quadrant"].map(QUADRANTS.index))
    items = []
    for r in each_row(some.sort_values("place", kind="stable").explode("factors")):
        f = factors.loc[r.factors]
        measured = phrase(
            "{dimension}: level {level}, median of the others {median}",
            dimension=a.names.short(str(r.dimension_id)),
            level=decimal(r.level, None),
            median=decimal(r.median, None),
        )
        items.append(
            f"<li>{swot_letter(str(r.quadrant))}<span>"
            f'{statement(str(f["statement"]))} <span class="meta">{escape(measured)} '
            f"{src(str(f['source_id']), f['locator'])}</span></span></li>"
        )
    sides = [phrase(words) for q, words in _CONTRARY.items() if (found["quadrant"] == q).any()]
    title = phrase("The other way: {which}", which=listed(sides))
    return f"<h4>{escape(title, quote=False)}</h4><ul>{''.join(items)}</ul>"


def _blind_spots(a: Analysis, found: pd.DataFrame) -> str:
    if found.empty:
        return ""
    items = []
    for r in each_row(found):
        name = a.names.dimension(str(r.dimension_id))
        rule = phrase("{dimension}: {rule}", dimension=name, rule=r.rule)
        items.append(
            f"<li>{swot_letter(str(r.quadrant))}<span>{escape(rule)} "
            f'<span class="meta">{confidence(str(r.confidence))} '
            f"{src(str(r.source_id), r.locator)}</span></span></li>"
        )
    kinds = tuple(q for q in _CONTRARY if (found["quadrant"] == q).any())
    return f"<h4>{phrase(_NOT_CODED[kinds])}</h4><ul>{''.join(items)}</ul>"


def _neither(found: pd.DataFrame) -> str:
    """Count the factors that the levels neither support nor contradict, by the reason."""
    if not _size(found):
        return ""
    gap, low = found["level"].isna(), found["confidence"] == "low"
    alone = ~gap & found["median"].isna()
    reasons = [
        (phrase("at the median and has not moved that way"), found[~gap & ~low & ~alone]),
        (phrase("of low confidence"), found[low & ~alone]),
        (phrase("missing|level"), found[gap]),
        (phrase("known of no other ranked system"), found[alone]),
    ]
    said = [f"{why} ({count(_size(some))})" for why, some in reasons if _size(some)]
    told = plural(
        _size(found),
        "The levels neither support nor contradict one other: there the level is {reasons}.",
        "The levels neither support nor contradict {n} others: there the level is {reasons}.",
        reasons=listed(said, "or"),
    )
    return f"<p>{told}</p>"
