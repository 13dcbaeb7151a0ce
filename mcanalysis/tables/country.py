"""A system dimension by dimension: levels, who has solved what, what changed."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.compare import peer_range, who_has_solved
from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.language import phrase
from mcanalysis.marks import confidence, confidence_key, fact_meta, key, src, steps
from mcanalysis.markup import Block, block, chain, figure, nothing, table
from mcanalysis.texts import statement, strong
from mcanalysis.why.claims import index_claims
from mcanalysis.wording import capital, clauses, count, decimal, listed, plural

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
        return nothing(phrase("No level has been coded."))
    peers = peer_range(a.evidence, a.ranked, leave_out=system)
    facts = {str(r.dimension_id): r for r in each_row(rows)}
    lines = [_profile_row(a, d, facts.get(d), row_of(peers, d)) for d in a.dimensions]
    n, gaps = len(a.dimensions), len(a.dimensions) - len(facts)
    others = len([s for s in a.ranked if s != system])
    below = len(weak_dimensions(a, system))
    above = sum(int(f.level) > cell(peers, d, "median") for d, f in facts.items())
    if gaps > n / 2:
        title = plural(
            len(facts),
            "one dimension of {total} has evidence; the rest is not known",
            "{n} dimensions of {total} have evidence; the rest is not known",
            total=n,
        )
    else:
        lower = plural(
            below,
            "one dimension lies below the median of the ranked systems",
            "{n} dimensions lie below the median of the ranked systems",
            "no dimensions lie below the median of the ranked systems",
        )
        title = f"{lower}, {plural(above, 'one above', '{n} above', 'none above')}"
    title = capital(title)
    axis = "".join(f'<text x="{6 + 40 * v}" y="12">{v}</text>' for v in range(4))
    head = [
        phrase("Dimension"),
        f"{phrase('Level|heading')}<br>"
        '<svg class="steps axis" viewBox="0 0 132 14" width="132" height="14" '
        f'aria-hidden="true">{axis}</svg>',
        phrase("The fact that decides it"),
    ]
    keys = key(
        f"{steps(2)} {phrase('level, three steps')}",
        '<svg class="steps" viewBox="0 0 46 14" width="46" height="14"><path class="pr" '
        'd="M3 7H43M3 3.5v7M43 3.5v7"/><circle class="pm" cx="23" cy="7" r="3.6"/></svg> '
        f"{phrase('ranked systems: middle half, median')}",
        '<svg class="steps" viewBox="0 0 40 14" width="40" height="14"><rect class="sg" x="1" '
        f'y="1" width="38" height="12"/></svg> {phrase("no evidence")}',
        confidence_key(),
    )
    content = table(
        phrase(
            "Level {system.of} on each of the {n} dimensions, the range of the ranked systems, and "
            "the fact that decides the level",
            system=a.names.in_sentence(system),
            n=n,
        ),
        head,
        lines,
        "profile",
    )
    html = figure(
        title,
        plural(
            others,
            "Level 0 to 3 on each dimension, against {n} other ranked system",
            "Level 0 to 3 on each dimension, against {n} other ranked systems",
            n=others,
        ),
        keys,
        content,
    )
    index = "".join(chain(c, short_names(a)) for c in index_claims(a, system))
    return block(a.study, html + f'<div class="index-line">{index}</div>', title)


def _profile_row(a: Analysis, dimension: str, fact: Any, peers: Any) -> list[str]:
    level = None if fact is None else int(fact.level)
    spoken = phrase("No evidence found")
    if level is not None:
        spoken = phrase("Level {level} of 3", level=level)
    if peers["count"]:
        low, high = (decimal(peers[k], None) for k in ("lower_quartile", "upper_quartile"))
        half = low if low == high else phrase("{low} to {high}", low=low, high=high)
        others = phrase(
            "middle half of the ranked systems {half}, median {median}",
            half=half,
            median=decimal(peers["median"], None),
        )
        spoken = clauses(spoken, others)
    shown = '<b class="lv gap">–</b>' if level is None else f'<b class="lv">{level}</b>'
    picture = (
        f'<span class="lvw" aria-hidden="true">{shown}{steps(level, peers)}</span>'
        f'<span class="vh">{spoken}.</span>'
    )
    if fact is None:
        told = ""
        if peers["count"]:
            told = plural(
                int(peers["at_two"]),
                "Of the {known} ranked systems with evidence, one is at level 2 or 3.",
                "Of the {known} ranked systems with evidence, {n} are at level 2 or 3.",
                "Of the {known} ranked systems with evidence, none are at level 2 or 3.",
                known=int(peers["count"]),
            )
        said = (
            f'<span class="none">{phrase("No evidence found.")} '
            f'<span class="meta">{told}</span></span>'
        )
    else:
        said = f"{statement(str(fact.statement))} {fact_meta(fact)}"
    return [f'<span class="dn">{escape(a.names.dimension(dimension))}</span>', picture, said]


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
        return nothing(phrase("Too few dimensions to call another system alike."))
    weak = weak_dimensions(a, system)
    wanted = list(weak)
    if a.stakeholders:
        ahead = a.next_steps(system, a.stakeholders[0])
        wanted += [str(d) for d in ahead.index[:1] if d not in wanted]
    if not wanted:
        return nothing(phrase("No dimension lies below the median of the ranked systems."))
    items = "".join(_solve(a, system, d) for d in wanted)
    extra = [d for d in wanted if d not in weak]
    why = _why_wanted(a, len(weak), extra[0] if extra else None)
    return block(a.study, f'<p class=intro>{escape(why)}</p><div class="solves">{items}</div>')


def _why_wanted(a: Analysis, weak: int, helpful: str | None) -> str:
    """Say of which dimensions solutions are shown, and what makes one."""
    for_weak = plural(
        weak,
        "for the one dimension below the median of the ranked systems",
        "for the {n} dimensions below the median of the ranked systems",
    )
    parts = [for_weak] if weak else []
    if helpful is not None:
        for_helpful = phrase(
            "for {dimension}, whose next level would help {group} most",
            dimension=a.names.dimension(helpful).inside,
            group=a.names.stakeholder(a.stakeholders[0]).inside,
        )
        parts.append(for_helpful)
    both = phrase("{first} and {second}", first=parts[0], second=parts[-1])
    return phrase(
        "{what}: systems that stand higher there, at level 2 or 3 on more than low confidence, and "
        "are most alike on at least five other dimensions.",
        what=capital(both if len(parts) > 1 else parts[0]),
    )


def _solve(a: Analysis, system: str, dimension: str) -> str:
    level = a.level(system, dimension) or 0
    found = who_has_solved(a.evidence, system, dimension, LIKE_ENOUGH)
    solvers = [_solver(a, r) for r in each_row(found.head(SHOWN_SOLVERS))]
    rest = [capital(a.names.system(str(s))) for s in found["system_id"][SHOWN_SOLVERS:]]
    more = phrase("Also higher there: {systems}.", systems=listed(rest))
    more = f'<p class="more">{escape(more)}</p>' if rest else ""
    if not solvers:
        nobody = phrase("**Nobody yet.** No comparable system stands higher there.")
        solvers = [f"<li><p>{strong(nobody)}</p></li>"]
    would = phrase("Level {level} would mean:", level=level + 1)
    return (
        f'<div class="solve"><div class="need"><h3>{escape(a.names.dimension(dimension))}</h3>'
        f'<p class="now">{steps(level)}<span class="vh">{phrase("Level|heading")} </span>'
        f'<span class="at">{level}<span aria-hidden="true"> {phrase("of 3|level")}</span></span>'
        "</p>"
        f'<p class="next"><span>{would}</span> '
        f"{escape(a.names.criterion(dimension, level + 1))}</p></div>"
        f"<div><ul>{''.join(solvers)}</ul>{more}</div></div>"
    )


def _solver(a: Analysis, r: Any) -> str:
    apart = phrase(
        "{distance} levels apart on {n} other dimensions",
        distance=decimal(r.distance, 1),
        n=decimal(r.shared, None),
    )
    return solver_item(a, r, f' <span class="like">{apart}</span>')


def solver_item(a: Analysis, r: Any, more: str = "") -> str:
    """Return who stands where another could be: level, statement, year, confidence, source.

    Parameters
    ----------
    a : Analysis
    r : namedtuple
        A row of `who_has_solved`.
    more : str
        Markup to add at the end.

    Returns
    -------
    str
    """
    level = phrase("level {level}", level=decimal(r.level, None))
    return (
        f"<li><p><b>{escape(capital(a.names.system(str(r.system_id))))}</b> "
        f'<span class="lvt">{level}</span></p><p>{statement(str(r.statement))}</p>'
        f'<span class="meta"><span class="yr">{r.year}</span> '
        f"{confidence(str(r.confidence), True)} "
        f"{src(str(r.source_id), r.locator)}{more}</span></li>"
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
        return nothing(phrase("There is evidence for one year only."))
    mine["moved"] = mine["change"].fillna(0) != 0
    mine = mine.sort_values("moved", ascending=False, kind="stable")
    lines = [_change_row(a, r) for r in each_row(mine)]
    moved, known = int(mine["moved"].sum()), int(mine["change"].notna().sum())
    if known == 1 and moved:
        said = phrase(
            "The one dimension with comparable evidence for more than one year has moved."
        )
    elif known == 1:
        said = phrase(
            "The one dimension with comparable evidence for more than one year has not moved."
        )
    else:
        said = capital(_moved(moved, known))
    return block(
        a.study,
        f"<p class=intro>{said}</p>"
        + table(
            phrase("Dimensions with evidence for two or more years"),
            [
                phrase("Dimension"),
                phrase("Level|heading"),
                phrase("First evidence"),
                phrase("Newest evidence"),
            ],
            lines,
            "chg",
        ),
        said,
    )


def _moved(moved: int, known: int) -> str:
    """Say how many of several dimensions have moved."""
    if not known:
        return phrase("No dimension has comparable evidence for more than one year.")
    return plural(
        moved,
        "one of {known} dimensions with comparable evidence for more than one year moved.",
        "{n} of {known} dimensions with comparable evidence for more than one year moved.",
        "none of {known} dimensions with comparable evidence for more than one year moved.",
        known=count(known),
    )


def _change_row(a: Analysis, r: Any) -> list[str]:
    if pd.isna(r.change):
        label = phrase("not comparable")
    elif r.change == 0:
        label = phrase("same level")
    elif r.change > 0:
        label = plural(int(r.change), "up by one", "up by {n}")
    else:
        label = plural(-int(r.change), "down by one", "down by {n}")
    moved = not pd.isna(r.change) and r.change != 0
    arrow = (
        f'<span class="ar{" mv" if moved else ""}">{r.first_level:g} <span aria-hidden="true">→'
        f'</span><span class="vh">{phrase("to|level")}</span> {r.last_level:g}</span> <span '
        f'class="lab">{label}</span>'
    )
    told = [
        f'<span class="yr">{getattr(r, f"{when}_year")}</span> '
        f"{statement(str(getattr(r, f'{when}_statement')))} "
        f'<span class="meta">{confidence(str(getattr(r, f"{when}_confidence")))} '
        f"{src(str(getattr(r, f'{when}_source_id')), getattr(r, f'{when}_locator'))}</span>"
        for when in ("first", "last")
    ]
    return [escape(a.names.dimension(str(r.dimension_id))), arrow, *told]
