"""The SWOT board of a system, and the pairs of inside and outside factors that follow from it."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_row
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
from mcanalysis.swot import GROUPS, SwotPriorities, derived_factors, swot_matrix, tows_pairs
from mcanalysis.tables.coded_and_derived import against_levels, swot_letter
from mcanalysis.tables.country import short_names
from mcanalysis.tables.weighed import (
    PLURAL,
    by_priority,
    group_shares,
    priorities_of,
    the_panel,
    weighed_claims,
)
from mcanalysis.wording import capital, count, counted, listed, percent

_SIDE = {
    "strength": "inside the system",
    "weakness": "inside the system",
    "opportunity": "outside it",
    "threat": "outside it",
}


_MOVES = {
    "use": ("Use", "a strength to take an opportunity"),
    "mend": ("Mend", "a weakness that an opportunity helps with"),
    "guard": ("Guard", "a strength against a threat"),
    "retreat": ("Retreat", "a weakness exposed to a threat"),
}


def _title(quadrant: str) -> str:
    return PLURAL[quadrant].capitalize()


def _quadrant(quadrant: str, number: str, items: list[str]) -> str:
    letter = QUADRANT_LETTER[quadrant]
    inner = f"<ul>{''.join(items)}</ul>" if items else '<p class="none">None coded.</p>'
    return (
        f'<div class="quad {letter}"><h3>{swot_letter(quadrant)} {_title(quadrant)} '
        f'<span class="side">{_SIDE[quadrant]}, {number}</span></h3>{inner}</div>'
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
    quads = []
    for quadrant in QUADRANTS:
        items = [
            f'<li data-factor="{escape(str(f.factor_id))}"><p>{escape(str(f.statement))}</p>'
            f'<span class="meta">{_priority(f.share, most)}'
            f'<span class="dim">{escape(a.names.short(str(f.dimension_id)))}'
            f"</span> {whom(a.study, f.stakeholders)} {confidence(str(f.confidence))} "
            f"{src(str(f.source_id), f.locator)}</span></li>"
            for f in each_row(by_priority(factors[quadrant], found))
        ]
        quads.append(_quadrant(quadrant, f"{len(factors[quadrant])}{heads[quadrant]}", items))
    boxes = [f"<b>{letter}</b> {escape(name.inside)}" for letter, name in letters(a.study).values()]
    claims = () if found is None else weighed_claims(a, found)
    said = "".join(chain(c, short_names(a)) for c in claims)
    html = (
        f"<p class=intro>{escape(_ordered(a, found), quote=False)} Inside the system above, "
        "outside it below.</p>"
        + key(*boxes, confidence_key(), kind="key who-key")
        + f'<div class="board">{"".join(quads)}</div>'
        + (f'<div class="index-line told">{said}</div>' if said else "")
        + against_levels(a, system)
    )
    sizes = ", ".join(f"{len(factors[q])} {PLURAL[q]}" for q in QUADRANTS)
    return block(a.study, html, f"SWOT board of {a.names.in_sentence(system)}: {sizes}.")


def _ordered(a: Analysis, found: SwotPriorities | None) -> str:
    """Say in what order the factors stand, and why."""
    if found is not None:
        return (
            "Factors coded from sources, in the order of their priority to "
            f"{the_panel(a, len(found.judges))}. Bar and figure: share of all priority; those of "
            "all factors make 100%."
        )
    asked = (
        "no panel has weighed them yet"
        if a.panel is None
        else f"{the_panel(a)} was not asked to weigh them"
    )
    return f"Factors coded from sources, in the order of the dimensions: {asked}."


def _priority(share: float, most: float) -> str:
    """Mark the priority of a factor by a bar and its share; nothing where none is known."""
    if pd.isna(share):
        return ""
    return (
        f'<span class="pri"><span class="bar" style="--v:{100 * share / most:.3g}" '
        f'aria-hidden="true"></span>{percent(share)}<span class="vh"> of all priority</span>'
        "</span> "
    )


def _derived_board(a: Analysis, system: str) -> Block:
    """Return what the indicators of a system without coded factors suggest."""
    name = a.names.in_sentence(system)
    said = (
        f"<p class=intro>No SWOT factor has been coded for {escape(name)}. What follows is "
        "<b>derived</b> from its levels by a rule: above the median of the ranked systems counts "
        "as a strength, below it as a weakness, low confidence as neither. Opportunities and "
        "threats lie outside the system and cannot be derived from it.</p>"
    )
    derived = (
        derived_factors(a.evidence, system, a.ranked)
        if system in a.evidence.levels.index
        else pd.DataFrame()
    )
    if derived.empty:
        html = said + "<p>By this rule its levels suggest neither a strength nor a weakness.</p>"
        return block(a.study, html)
    quads = []
    for quadrant in ("strength", "weakness"):
        some = derived[derived["quadrant"] == quadrant]
        items = [
            f"<li><p>{escape(str(f.statement))}</p>"
            f'<span class="meta"><span class="tag">derived</span> {escape(str(f.rule))} </span>'
            f"{fact_meta(f)}</li>"
            for f in each_row(some)
        ]
        quads.append(_quadrant(quadrant, f"{len(some)} derived", items))
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
        return nothing("There are no pairs: the system has no inside or no outside factors.")
    factors = a.study.swot_factors.set_index("factor_id")
    groups = []
    for group, (title, side) in _MOVES.items():
        some = pairs[pairs["group"] == group]
        items = [_pair(a, factors, p) for p in each_row(some[some["shown"]])]
        inner = f"<ul>{''.join(items)}</ul>" if items else ""
        groups.append(
            f'<div class="move"><h3>{title} <span class="side">{side}</span></h3>{inner}'
            f'<p class="more">{_rest(some, "closest" if found is None else "first")}</p></div>'
        )
    weighed = (
        ""
        if found is None
        else "<p class=intro>Among pairs that are related in the same way, those come first whose "
        f"factors have most priority to {escape(the_panel(a, len(found.judges)), quote=False)}.</p>"
    )
    return block(a.study, f'{weighed}<div class="moves">{"".join(groups)}</div>')


def _rest(pairs: pd.DataFrame, which: str) -> str:
    shown = int(pairs["shown"].sum())
    if pairs.empty:
        return "No pair belongs together."
    same = int((pairs["relation"] == "same dimension").sum())
    parts = [
        *([f"{counted(same, 'pair')} on the same dimension"] if same else []),
        *([f"{count(len(pairs) - same)} through shared benefits"] if len(pairs) > same else []),
    ]
    if shown == len(pairs):
        return f"{capital(', '.join(parts))}; all shown."
    return f"{capital(', '.join(parts))}; the {which} {count(shown)} shown."


def _pair(a: Analysis, factors: pd.DataFrame, pair: Any) -> str:
    lines = []
    for quadrant, factor_id in zip(GROUPS[pair.group], (pair.inside, pair.outside), strict=True):
        f = factors.loc[factor_id]
        lines.append(
            f"<p>{swot_letter(quadrant)} <span>{escape(str(f['statement']))} "
            f"{src(str(f['source_id']), f['locator'])}</span></p>"
        )
    dimensions = [
        a.names.dimension(str(cell(factors, i, "dimension_id"))).inside
        for i in (pair.inside, pair.outside)
    ]
    if pair.relation == "same dimension":
        why = f"Both on {escape(dimensions[0])}"
    else:
        benefits = [a.names.benefit(b).inside for b in str(pair.benefits).split(";") if b]
        shared = f"{len(benefits)} benefits" if len(benefits) > 2 else listed(benefits)
        why = escape(
            f"{capital(a.names.short(str(cell(factors, pair.inside, 'dimension_id'))).inside)} "
            f"and "
            f"{a.names.short(str(cell(factors, pair.outside, 'dimension_id'))).inside} both "
            f"enable "
            f"{shared}"
        )
    return (
        f'<li><div class="tie">{"".join(lines)}</div>'
        f'<span class="meta">{why} {whom(a.study, pair.stakeholders or pd.NA)}</span></li>'
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
        return nothing("No factor names this group.")
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
                f"{escape(a.names.system(str(r.system_id)))}</b> {escape(str(r.statement))} "
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
            f'<div class="quad {letter}"><h3>{swot_letter(quadrant)} {_title(quadrant)} '
            f'<span class="side">{len(some)}, by dimension</span></h3>{"".join(rows)}</div>'
        )
    systems = mine["system_id"].nunique()
    lead = (
        f"<b>{len(mine)} of {len(f)} factors</b> in {systems} systems name "
        f"{escape(a.names.stakeholder(stakeholder).inside)}. Open a dimension to read them."
    )
    html = (
        f'<p class=intro>{lead}</p>{key(confidence_key())}<div class="board">{"".join(quads)}</div>'
    )
    return block(a.study, html)
