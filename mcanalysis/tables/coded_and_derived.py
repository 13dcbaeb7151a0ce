"""The coded strengths and weaknesses of a system, held against what its levels suggest."""

from __future__ import annotations

from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.marks import QUADRANT_LETTER, confidence, src
from mcanalysis.model import QUADRANTS
from mcanalysis.swot import FINDINGS, hold_against
from mcanalysis.wording import capital, count, counted, listed

_PLURAL = {"strength": "strengths", "weakness": "weaknesses"}


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
    title = (
        f"{capital(count(alike))} of {count(coded)} coded strengths and weaknesses "
        f"{'points' if alike == 1 else 'point'} the same way as the levels, {count(contrary)} the "
        "other way"
    )
    if len(blind):
        title += f"; {counted(len(blind), 'more is', 'more are')} suggested by the levels alone"
    parts = [
        f"<h3>{title}</h3>",
        '<p class="side">They answer different questions: a factor may speak of the whole system, '
        "a level only of microcredentials. Read both before quoting either.</p>",
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
        items.append(
            f"<li>{swot_letter(str(r.quadrant))}<span>"
            f'{escape(str(f["statement"]))} <span class="meta">'
            f"{escape(a.names.short(str(r.dimension_id)))}: level {r.level:g}, median of the "
            f"others {r.median:g} {src(str(f['source_id']), f['locator'])}</span></span></li>"
        )
    sides = [
        f"{_PLURAL[q]} where the level is {side} the others' median"
        for q, side in (("strength", "below"), ("weakness", "above"))
        if (found["quadrant"] == q).any()
    ]
    return f"<h4>The other way: {listed(sides)}</h4><ul>{''.join(items)}</ul>"


def _blind_spots(a: Analysis, found: pd.DataFrame) -> str:
    if found.empty:
        return ""
    items = [
        f"<li>{swot_letter(str(r.quadrant))}<span>"
        f"{escape(a.names.dimension(str(r.dimension_id)))}: {escape(str(r.rule))} "
        f'<span class="meta">{confidence(str(r.confidence))} '
        f"{src(str(r.source_id), r.locator)}</span></span></li>"
        for r in each_row(found)
    ]
    quadrants = [q for q in _PLURAL if (found["quadrant"] == q).any()]
    what = listed((_PLURAL[q] for q in quadrants), "or")
    return f"<h4>Suggested by the levels, and not coded as {what}</h4><ul>{''.join(items)}</ul>"


def _neither(found: pd.DataFrame) -> str:
    """Count the factors that the levels neither support nor contradict, by the reason."""
    if not _size(found):
        return ""
    gap, low = found["level"].isna(), found["confidence"] == "low"
    alone = ~gap & found["median"].isna()
    reasons = {
        "at the median and has not moved that way": found[~gap & ~low & ~alone],
        "of low confidence": found[low & ~alone],
        "missing": found[gap],
        "known of no other ranked system": found[alone],
    }
    said = [f"{why} ({count(_size(some))})" for why, some in reasons.items() if _size(some)]
    return (
        f"<p>The levels neither support nor contradict {counted(_size(found), 'other')}: there the "
        f"level is {listed(said, 'or')}.</p>"
    )
