"""The SWOT board of a system, and the pairs of inside and outside factors that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.marks import (
    QUADRANT_LETTER,
    confidence,
    confidence_key,
    fact_meta,
    key,
    letters,
    src,
    whom,
)
from mcanalysis.markup import Block, block, chain, nothing
from mcanalysis.model import QUADRANTS
from mcanalysis.names import Called
from mcanalysis.swot import GROUPS, SwotPriorities, derived_factors, swot_matrix, tows_pairs
from mcanalysis.tables.coded_and_derived import against_levels, swot_letter
from mcanalysis.tables.country import short_names
from mcanalysis.tables.weighed import (
    by_priority,
    group_shares,
    priorities_of,
    the_panel,
    weighed_claims,
)
from mcanalysis.texts import statement, strong, verbatim
from mcanalysis.wording import capital, clauses, listed, percent, plural

_TITLE = {
    "strength": marked("Strengths"),
    "weakness": marked("Weaknesses"),
    "opportunity": marked("Opportunities"),
    "threat": marked("Threats"),
}
_SIDE = {
    "strength": marked("inside the system"),
    "weakness": marked("inside the system"),
    "opportunity": marked("outside it"),
    "threat": marked("outside it"),
}


_MOVES = {
    "use": (marked("Use|heading"), marked("a strength to take an opportunity")),
    "mend": (marked("Mend|heading"), marked("a weakness that an opportunity helps with")),
    "guard": (marked("Guard|heading"), marked("a strength against a threat")),
    "retreat": (marked("Retreat|heading"), marked("a weakness exposed to a threat")),
}


def _quadrant(quadrant: str, number: str, items: list[str]) -> str:
    letter = QUADRANT_LETTER[quadrant]
    inner = (
        f"<ul>{''.join(items)}</ul>" if items else f'<p class="none">{phrase("None coded.")}</p>'
    )
    return (
        f'<div class="quad {letter}"><h3>{swot_letter(quadrant)} {phrase(_TITLE[quadrant])} '
        f'<span class="side">{phrase(_SIDE[quadrant])}, {number}</span></h3>{inner}</div>'
    )


def swot_board(a: Analysis, system: str) -> Block:
    """Show the strengths, weaknesses, opportunities and threats of a system, each with its source.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        Where a panel has judged the factors, by their priority, and what it comes to. For a system
        without coded factors it says so, and shows what the indicators suggest, marked as derived.

    References
    ----------
    Weihrich, H. (1982), *The TOWS matrix: a tool for situational analysis*. Long Range Planning 15.
    """
    a.check_system(system)
    factors = swot_matrix(a.study, system)
    if all(frame.empty for frame in factors.values()):
        return _derived_board(a, system)
    found = priorities_of(a, system)
    heads = group_shares(found)
    most = 1.0 if found is None else float(found.factors["global"].max())
    quads, known = [], letters(a.study)
    for quadrant in QUADRANTS:
        items = [
            f'<li data-factor="{escape(str(f.factor_id))}"><p>{statement(str(f.statement))}</p>'
            f'<span class="meta">{_priority(f.share, most)}'
            f'<span class="dim">{escape(a.names.short(str(f.dimension_id)))}'
            f"</span> {whom(known, f.stakeholders)} {confidence(str(f.confidence))} "
            f"{src(str(f.source_id), f.locator)}</span></li>"
            for f in each_row(by_priority(factors[quadrant], found))
        ]
        number = str(len(factors[quadrant]))
        number = clauses(number, heads[quadrant]) if heads[quadrant] else number
        quads.append(_quadrant(quadrant, number, items))
    boxes = [f"<b>{letter}</b> {escape(name.inside)}" for letter, name in known.values()]
    claims = () if found is None else weighed_claims(a, found)
    said = "".join(chain(c, short_names(a)) for c in claims)
    intro = f"{_ordered(a, found)} {phrase('Inside the system above, outside it below.')}"
    html = (
        f"<p class=intro>{escape(intro, quote=False)}</p>"
        + key(*boxes, confidence_key(), kind="key who-key")
        + f'<div class="board">{"".join(quads)}</div>'
        + (f'<div class="index-line told">{said}</div>' if said else "")
        + against_levels(a, system)
    )
    sizes = phrase(
        "SWOT board {system.of}: {strengths} strengths, {weaknesses} weaknesses, {opportunities} "
        "opportunities, {threats} threats.",
        system=a.names.in_sentence(system),
        strengths=len(factors["strength"]),
        weaknesses=len(factors["weakness"]),
        opportunities=len(factors["opportunity"]),
        threats=len(factors["threat"]),
    )
    return block(a.study, html, sizes)


def _ordered(a: Analysis, found: SwotPriorities | None) -> str:
    """Say in what order the factors stand, and why."""
    if found is not None:
        return phrase(
            "Factors coded from sources, in the order of their priority to {panel}. Bar and "
            "figure: share of all priority; those of all factors make 100%.",
            panel=the_panel(a, len(found.judges)),
        )
    if a.panel is None:
        return phrase(
            "Factors coded from sources, in the order of the dimensions: no panel has weighed them "
            "yet."
        )
    return phrase(
        "Factors coded from sources, in the order of the dimensions: {panel} was not asked to "
        "weigh them.",
        panel=the_panel(a),
    )


def _priority(share: float, most: float) -> str:
    """Mark the priority of a factor by a bar and its share; nothing where none is known."""
    if pd.isna(share):
        return ""
    return (
        f'<span class="pri"><span class="bar" style="--v:{100 * share / most:.3g}" '
        f'aria-hidden="true"></span>{percent(share)}<span class="vh"> '
        f"{phrase('of all priority')}</span></span> "
    )


def _derived_board(a: Analysis, system: str) -> Block:
    """Return what the indicators of a system without coded factors suggest."""
    intro = phrase(
        "No SWOT factor has been coded for {system}. What follows is **derived** from its levels "
        "by a rule: above the median of the ranked systems counts as a strength, below it as a "
        "weakness, low confidence as neither. Opportunities and threats lie outside the system and "
        "cannot be derived from it.",
        system=verbatim(a.names.in_sentence(system)),
    )
    said = f"<p class=intro>{strong(intro)}</p>"
    derived = (
        derived_factors(a.evidence, system, a.ranked)
        if system in a.evidence.levels.index
        else pd.DataFrame()
    )
    if derived.empty:
        neither = phrase("By this rule its levels suggest neither a strength nor a weakness.")
        return block(a.study, f"{said}<p>{neither}</p>")
    quads = []
    for quadrant in ("strength", "weakness"):
        some = derived[derived["quadrant"] == quadrant]
        items = [
            f"<li><p>{statement(str(f.statement))}</p>"
            f'<span class="meta"><span class="tag">{phrase("derived")}</span> '
            f"{escape(str(f.rule))} </span>"
            f"{fact_meta(f)}</li>"
            for f in each_row(some)
        ]
        quads.append(_quadrant(quadrant, phrase("{n} derived", n=len(some)), items))
    html = f'{said}{key(confidence_key())}<div class="board derived">{"".join(quads)}</div>'
    return block(a.study, html)


def strategy_pairs(a: Analysis, system: str) -> Block:
    """Show the few pairs of an inside and an outside factor that belong together.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        At most two pairs for each of use, mend, guard and retreat; the rest is counted.
    """
    found = priorities_of(a, system)
    pairs = tows_pairs(a.study, system, found, a.shared_benefits)
    if pairs.empty:
        return nothing(
            phrase("There are no pairs: the system has no inside or no outside factors.")
        )
    coded = a.study.swot_factors
    factors = {str(f.factor_id): f for f in each_row(coded[coded["system_id"] == system])}
    groups, known = [], letters(a.study)
    for group, (title, side) in _MOVES.items():
        some = pairs[pairs["group"] == group]
        items = [_pair(a, factors, known, p) for p in each_row(some[some["shown"]])]
        inner = f"<ul>{''.join(items)}</ul>" if items else ""
        groups.append(
            f'<div class="move"><h3>{phrase(title)} <span class="side">{phrase(side)}</span></h3>'
            f'{inner}<p class="more">{_rest(some, found is not None)}</p></div>'
        )
    weighed = ""
    if found is not None:
        said = phrase(
            "Among pairs that are related in the same way, those come first whose factors have "
            "most priority to {panel}.",
            panel=the_panel(a, len(found.judges)),
        )
        weighed = f"<p class=intro>{escape(said, quote=False)}</p>"
    return block(a.study, f'{weighed}<div class="moves">{"".join(groups)}</div>')


def _rest(pairs: pd.DataFrame, weighed: bool) -> str:
    """Say how many pairs there are and how many of them are shown."""
    shown = int(pairs["shown"].sum())
    if pairs.empty:
        return phrase("No pair belongs together.")
    same = int((pairs["relation"] == "same dimension").sum())
    parts = []
    if same:
        parts.append(
            plural(same, "one pair on the same dimension", "{n} pairs on the same dimension")
        )
    if len(pairs) > same:
        through = plural(
            len(pairs) - same, "one through shared benefits", "{n} through shared benefits"
        )
        parts.append(through)
    if shown == len(pairs):
        told = phrase("all shown.")
    elif weighed:
        told = plural(shown, "the first one shown.", "the first {n} shown.")
    else:
        told = plural(shown, "the closest one shown.", "the closest {n} shown.")
    return clauses(capital(", ".join(parts)), told)


def _pair(
    a: Analysis, factors: Mapping[str, Any], known: Mapping[str, tuple[str, Called]], pair: Any
) -> str:
    lines = []
    for quadrant, factor_id in zip(GROUPS[pair.group], (pair.inside, pair.outside), strict=True):
        f = factors[factor_id]
        lines.append(
            f"<p>{swot_letter(quadrant)} <span>{statement(str(f.statement))} "
            f"{src(str(f.source_id), f.locator)}</span></p>"
        )
    dimensions = [
        a.names.dimension(str(factors[i].dimension_id)).inside for i in (pair.inside, pair.outside)
    ]
    if pair.relation == "same dimension":
        why = phrase("Both on {dimension}", dimension=dimensions[0])
    else:
        inside, outside = (
            a.names.short(str(factors[i].dimension_id)).inside for i in (pair.inside, pair.outside)
        )
        benefits = [a.names.benefit(b).inside for b in str(pair.benefits).split(";") if b]
        shared = listed(benefits)
        if len(benefits) > 2:
            shared = phrase("{n} benefits", n=len(benefits))
        why = phrase(
            "{inside} and {outside} both enable {benefits}",
            inside=capital(inside),
            outside=outside,
            benefits=shared,
        )
    return (
        f'<li><div class="tie">{"".join(lines)}</div>'
        f'<span class="meta">{escape(why)} {whom(known, pair.stakeholders or pd.NA)}</span></li>'
    )


def factors_naming(a: Analysis, stakeholder: str) -> Block:
    """Show the SWOT factors of all systems that name a stakeholder, by quadrant.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Block
    """
    a.check_stakeholder(stakeholder)
    f = a.study.swot_factors
    mine = f[f["stakeholders"].fillna("").str.split(";").map(lambda s: stakeholder in s)]
    if mine.empty:
        return nothing(phrase("No factor names this group."))
    quads = []
    for quadrant in QUADRANTS:
        some = mine[mine["quadrant"] == quadrant]
        rows = []
        for dimension in a.dimensions:
            on = some[some["dimension_id"] == dimension]
            if on.empty:
                continue
            items = "".join(
                f'<li data-factor="{escape(str(r.factor_id))}"><b>'
                f"{escape(a.names.system(str(r.system_id)))}</b> {statement(str(r.statement))} "
                f'<span class="meta">{confidence(str(r.confidence))} '
                f"{src(str(r.source_id), r.locator)}</span></li>"
                for r in each_row(on)
            )
            rows.append(
                f'<details class="by"><summary>{escape(a.names.dimension(dimension))} '
                f'<span class="side">{len(on)}</span></summary><ul>{items}</ul></details>'
            )
        letter = QUADRANT_LETTER[quadrant]
        quads.append(
            f'<div class="quad {letter}"><h3>{swot_letter(quadrant)} {phrase(_TITLE[quadrant])} '
            f'<span class="side">{phrase("{n}, by dimension", n=len(some))}</span></h3>'
            f"{''.join(rows)}</div>"
        )
    systems = int(mine["system_id"].nunique())
    lead = plural(
        systems,
        "**{some} of {total} factors** in {n} system name {group}. Open a dimension to read them.",
        "**{some} of {total} factors** in {n} systems name {group}. Open a dimension to read them.",
        n=systems,
        some=len(mine),
        total=len(f),
        group=verbatim(a.names.stakeholder(stakeholder).inside),
    )
    intro = f"<p class=intro>{strong(lead)}</p>{key(confidence_key())}"
    return block(a.study, f'{intro}<div class="board">{"".join(quads)}</div>')
