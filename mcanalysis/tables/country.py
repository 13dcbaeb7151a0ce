"""A system dimension by dimension: levels, benefits, who has solved what, what changed."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import held_back_by
from mcanalysis.compare import peer_range, who_has_solved
from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.marks import (
    confidence,
    confidence_key,
    fact_meta,
    interval,
    key,
    letters,
    src,
    steps,
)
from mcanalysis.markup import Block, block, chain, figure, nothing, table
from mcanalysis.why.claims import index_claims
from mcanalysis.why.findings import is_ranked
from mcanalysis.wording import capital, count, counted, listed, percent

LIKE_ENOUGH = 5


SHOWN_SOLVERS = 2


def short_names(a: Analysis) -> dict[str, str]:
    """Return the short name of each dimension by id."""
    return {d: a.names.short(d) for d in a.dimensions}


def weak_dimensions(a: Analysis, system: str) -> list[str]:
    """Return the dimensions on which a system is below the median of the other ranked systems."""
    peers = peer_range(a.evidence, a.ranked, leave_out=system)
    below = [d for d in a.dimensions if (a.level(system, d) or 0) < cell(peers, d, "median")]
    return [d for d in below if a.level(system, d) is not None]


def profile_table(a: Analysis, system: str) -> Block:
    """Show where a system stands on each dimension, against the others, with the deciding fact.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        One row per dimension: level as filled steps, middle half and median of the other ranked
        systems, statement, year, confidence, source. A gap says so. The index follows as a
        sentence to pull on.
    """
    a.check_system(system)
    rows = a.rows(system)
    if rows.empty:
        return nothing("No level has been coded.")
    peers = peer_range(a.evidence, a.ranked, leave_out=system)
    facts = {str(r.dimension_id): r for r in each_row(rows)}
    lines = [_profile_row(a, d, facts.get(d), row_of(peers, d)) for d in a.dimensions]
    n, gaps = len(a.dimensions), len(a.dimensions) - len(facts)
    others = len([s for s in a.ranked if s != system])
    below = len(weak_dimensions(a, system))
    above = sum(int(f.level) > cell(peers, d, "median") for d, f in facts.items())
    if gaps > n / 2:
        title = f"{capital(counted(len(facts), 'dimension'))} of {n} " + (
            "has evidence; the rest is not known"
            if len(facts) == 1
            else "have evidence; the rest is not known"
        )
    else:
        title = (
            f"{capital(counted(below, 'dimension'))} {'lies' if below == 1 else 'lie'} below the "
            f"median of the ranked systems, {count(above)} above"
        )
    axis = "".join(f'<text x="{6 + 40 * v}" y="12">{v}</text>' for v in range(4))
    head = [
        "Dimension",
        'Level<br><svg class="steps axis" viewBox="0 0 132 14" width="132" height="14" '
        f'aria-hidden="true">{axis}</svg>',
        "The fact that decides it",
    ]
    keys = key(
        f"{steps(2)} level, three steps",
        '<svg class="steps" viewBox="0 0 46 14" width="46" height="14"><path class="pr" '
        'd="M3 7H43M3 3.5v7M43 3.5v7"/><circle class="pm" cx="23" cy="7" r="3.6"/></svg> '
        "ranked systems: middle half, median",
        '<svg class="steps" viewBox="0 0 40 14" width="40" height="14"><rect class="sg" x="1" '
        'y="1" width="38" height="12"/></svg> no evidence',
        confidence_key(),
    )
    name = a.names.in_sentence(system)
    content = table(
        f"Level of {name} on each of the {n} dimensions, the range of the ranked systems, and the "
        "fact that decides the level",
        head,
        lines,
        "profile",
    )
    html = figure(
        title,
        f"Level 0 to 3 on each dimension, against {others} other ranked systems",
        keys,
        content,
    )
    index = "".join(chain(c, short_names(a)) for c in index_claims(a, system))
    return block(a.study, html + f'<div class="index-line">{index}</div>', title)


def _profile_row(a: Analysis, dimension: str, fact: Any, peers: Any) -> list[str]:
    level = None if fact is None else int(fact.level)
    low, high = peers["lower_quartile"], peers["upper_quartile"]
    half = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    spoken = "No evidence found" if level is None else f"Level {level} of 3"
    if peers["count"]:
        spoken += f"; middle half of the ranked systems {half}, median {peers['median']:g}"
    shown = '<b class="lv gap">–</b>' if level is None else f'<b class="lv">{level}</b>'
    picture = (
        f'<span class="lvw" aria-hidden="true">{shown}{steps(level, peers)}</span>'
        f'<span class="vh">{spoken}.</span>'
    )
    if fact is None:
        told = (
            f"Of the {int(peers['count'])} ranked systems with evidence, "
            f"{count(int(peers['at_two']))} {'is' if peers['at_two'] == 1 else 'are'} at level 2 "
            f"or 3."
            if peers["count"]
            else ""
        )
        said = f'<span class="none">No evidence found. <span class="meta">{told}</span></span>'
    else:
        said = f"{escape(str(fact.statement))} {fact_meta(fact)}"
    return [f'<span class="dn">{escape(a.names.dimension(dimension))}</span>', picture, said]


def benefits_table(a: Analysis, system: str) -> Block:
    """Show how far each benefit is realised in a system, by stakeholder, and what holds it back.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        Nothing for a system with too little evidence to be ranked.
    """
    a.check_system(system)
    if not is_ranked(a, system):
        return nothing("Too little evidence: every benefit may be realised to nearly any degree.")
    mine = a.benefits[a.benefits["system_id"] == system]
    others = [s for s in a.ranked if s != system]
    medians = (
        a.benefits[a.benefits["system_id"].isin(others)].groupby("benefit_id")["realised"].median()
    )
    group_of = a.groups[a.groups["system_id"].isin(others)]
    group_median = group_of.groupby("stakeholder_id")["realised"].median().reindex(a.stakeholders)
    back = held_back_by(a.study, a.evidence, system)
    bodies, less = [], 0
    for stakeholder in a.stakeholders:
        letter, name = letters(a.study)[stakeholder]
        g = a.groups[
            (a.groups["system_id"] == system) & (a.groups["stakeholder_id"] == stakeholder)
        ]
        head = g.iloc[0]
        less += head["realised"] < group_median[stakeholder]
        lines = [
            _benefit_row(
                f'<b class="let" aria-hidden="true">{letter}</b> {escape(name)}',
                head, group_median[stakeholder], "", "grp", "big",
            )
        ]  # fmt: skip
        some = mine[mine["stakeholder_id"] == stakeholder]
        for r in each_row(some.sort_values("realised", ascending=False, kind="stable")):
            hold = ", ".join(
                f'{escape(a.names.short(str(h.dimension_id)))} <span class="at">{h.level:g}</span>'
                for h in each_row(back[back["benefit_id"] == r.benefit_id])
            )
            label = escape(a.names.benefit(str(r.benefit_id)))
            lines.append(_benefit_row(label, r._asdict(), medians.get(r.benefit_id), hold))
        bodies.append(f'<tbody role="rowgroup">{"".join(lines)}</tbody>')
    groups = len(a.stakeholders)
    title = {
        0: f"For all {count(groups)} groups at least as much is in place as in the median ranked "
        f"system",
        groups: f"For all {count(groups)} groups less is in place than in the median ranked system",
    }.get(
        less,
        f"For {count(less)} of {count(groups)} groups less is in place than in the median ranked "
        f"system",
    )
    columns = (
        '<th scope="col" role="columnheader">Benefit</th>'
        '<th scope="col" class="n" role="columnheader">Realised</th>'
        '<th scope="col" role="columnheader" class="trk"><span class="ax"><span>0%</span>'
        "<span>50%</span><span>100%</span></span></th>"
        '<th scope="col" role="columnheader" class="hold">Held back most by '
        '<span class="th2">(level)</span></th>'
    )
    html = figure(
        title,
        "Share of what each benefit depends on that is in place",
        key(
            f"{interval(0.25, 0.8, 0.5, kind='k')} realised, and range over gaps and "
            "low-confidence levels",
            '<span class="iv k" style="--p:50"><u></u></span> median of the other ranked systems',
        ),
        '<table class="ben" role="table"><caption class="vh">How far each benefit is realised, by '
        "stakeholder, with range and the dimension that holds it back most</caption>"
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{"".join(bodies)}</table>',
        '<p class="note">The links between benefits and dimensions and their strengths are an '
        "analyst's judgement. Where no dimension is missing, only low-confidence levels widen the "
        f"range.{_step_note(a, system)}</p>",
    )
    return block(a.study, html, title)


def _benefit_row(label: str, r: Any, median: Any, hold: str, kind: str = "", mark: str = "") -> str:
    value, lower, upper = r["realised"], r["lower"], r["upper"]
    known = not pd.isna(value)
    spoken = f"from {percent(lower)} to {percent(upper)}"
    if median is not None and not pd.isna(median):
        spoken += f", median of the others {percent(median)}"
    scope = "rowgroup" if kind else "row"
    return (
        f'<tr role="row"{f" class={kind}" if kind else ""}><th scope="{scope}" role="rowheader">'
        f'{label}</th><td class="n" role="cell">{percent(value) if known else "–"}</td>'
        f'<td class="trk" role="cell">{interval(lower, upper, value, median, mark)}'
        f'<span class="vh">{spoken}</span></td><td class="hold" role="cell">'
        f"{'<span class=vh>held back by </span>' if hold else ''}{hold}</td></tr>"
    )


def _step_note(a: Analysis, system: str) -> str:
    """Say which step would help each stakeholder most."""
    parts = []
    for stakeholder in a.stakeholders:
        ahead = a.next_steps(system, stakeholder)
        if len(ahead):
            step = ahead.iloc[0]
            name = a.names.dimension(str(ahead.index[0])).inside
            parts.append(
                f"{a.names.stakeholder(stakeholder).inside}: {name}, level {step['level']:g} to "
                f"{step['level'] + 1:g} (+{100 * step['gain']:.1f} points)"
            )
    return f" The step that would help most, {escape('; '.join(parts))}." if parts else ""


def solved_table(a: Analysis, system: str) -> Block:
    """Show who has solved what a system has not: strong there, most alike elsewhere.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        For each dimension below the median of the ranked systems, and for the one whose next
        level would help the first stakeholder most: the two systems most alike, the rest counted;
        "nobody yet" where there is none.
    """
    a.check_system(system)
    if len(a.rows(system)) < LIKE_ENOUGH:
        return nothing("Too few dimensions to call another system alike.")
    weak = weak_dimensions(a, system)
    wanted = list(weak)
    if a.stakeholders:
        ahead = a.next_steps(system, a.stakeholders[0])
        wanted += [str(d) for d in ahead.index[:1] if d not in wanted]
    if not wanted:
        return nothing("No dimension lies below the median of the ranked systems.")
    manual = a.study.dimensions.set_index("dimension_id")
    items = "".join(_solve(a, system, d, row_of(manual, d)) for d in wanted)
    extra = [d for d in wanted if d not in weak]
    why = [
        *(
            [f"the {counted(len(weak), 'dimension')} below the median of the ranked systems"]
            if weak
            else []
        ),
        *(
            [
                f"{a.names.dimension(extra[0]).inside}, whose next level would help "
                f"{a.names.stakeholder(a.stakeholders[0]).inside} most"
            ]
            if extra
            else []
        ),
    ]
    intro = (
        f"For {' and for '.join(why)}: systems that stand higher there, at level 2 or 3 on more "
        f"than "
        "low confidence, and are most alike on at least five other dimensions."
    )
    return block(a.study, f'<p class=intro>{escape(intro)}</p><div class="solves">{items}</div>')


def _solve(a: Analysis, system: str, dimension: str, manual: Any) -> str:
    level = a.level(system, dimension) or 0
    found = who_has_solved(a.evidence, system, dimension, LIKE_ENOUGH)
    solvers = [
        f"<li><p><b>{escape(capital(a.names.system(str(r.system_id))))}</b> "
        f'<span class="lvt">level {r.level:g}</span></p><p>{escape(str(r.statement))}</p>'
        f'<span class="meta"><span class="yr">{r.year}</span> '
        f"{confidence(str(r.confidence), True)} "
        f'{src(str(r.source_id), r.locator)} <span class="like">{r.distance:.1f} levels apart on '
        f"{r.shared:g} other dimensions</span></span></li>"
        for r in each_row(found.head(SHOWN_SOLVERS))
    ]
    rest = [capital(a.names.system(str(s))) for s in found["system_id"][SHOWN_SOLVERS:]]
    more = f'<p class="more">Also higher there: {escape(listed(rest))}.</p>' if rest else ""
    if not solvers:
        solvers = ["<li><p><b>Nobody yet.</b> No comparable system stands higher there.</p></li>"]
    return (
        f'<div class="solve"><div class="need"><h3>{escape(a.names.dimension(dimension))}</h3>'
        f'<p class="now">{steps(level)}<span class="vh">Level </span><span class="at">{level}'
        '<span aria-hidden="true"> of 3</span></span></p>'
        f'<p class="next"><span>Level {level + 1} would mean:</span> '
        f"{escape(str(manual[f'level_{level + 1}']))}</p></div>"
        f"<div><ul>{''.join(solvers)}</ul>{more}</div></div>"
    )


def changes_table(a: Analysis, system: str) -> Block:
    """Show the dimensions of a system with two or more years: moves of a level first.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
    """
    a.check_system(system)
    mine = a.changes[a.changes["system_id"] == system].copy()
    if mine.empty:
        return nothing("There is evidence for one year only.")
    mine["moved"] = mine["change"].fillna(0) != 0
    mine = mine.sort_values("moved", ascending=False, kind="stable")
    lines = [_change_row(a, r) for r in each_row(mine)]
    moved, known = int(mine["moved"].sum()), int(mine["change"].notna().sum())
    if known == 1:
        has = "has moved" if moved else "has not moved"
        said = f"The one dimension with comparable evidence for more than one year {has}."
    else:
        said = (
            f"{capital(count(moved))} of {counted(known, 'dimension')} with comparable evidence "
            "for more than one year moved."
        )
    return block(
        a.study,
        f"<p class=intro>{said}</p>"
        + table(
            "Dimensions with evidence for two or more years",
            ["Dimension", "Level", "First evidence", "Newest evidence"],
            lines,
            "chg",
        ),
        said,
    )


def _change_row(a: Analysis, r: Any) -> list[str]:
    if pd.isna(r.change):
        label = "not comparable"
    elif r.change == 0:
        label = "same level"
    else:
        label = f"{'up' if r.change > 0 else 'down'} by {count(abs(int(r.change)))}"
    moved = not pd.isna(r.change) and r.change != 0
    arrow = (
        f'<span class="ar{" mv" if moved else ""}">{r.first_level:g} <span aria-hidden="true">→'
        f'</span><span class="vh">to</span> {r.last_level:g}</span> <span '
        f'class="lab">{label}</span>'
    )
    told = [
        f'<span class="yr">{getattr(r, f"{when}_year")}</span> '
        f"{escape(str(getattr(r, f'{when}_statement')))} "
        f'<span class="meta">{confidence(str(getattr(r, f"{when}_confidence")))} '
        f"{src(str(getattr(r, f'{when}_source_id')), getattr(r, f'{when}_locator'))}</span>"
        for when in ("first", "last")
    ]
    return [escape(a.names.dimension(str(r.dimension_id))), arrow, *told]
