"""How far benefits are realised in a system, by stakeholder, and what holds them back."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import held_back_by
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.marks import interval, key, letters
from mcanalysis.markup import Block, block, figure, nothing
from mcanalysis.why.findings import is_ranked
from mcanalysis.wording import clauses, count, decimal, percent, plural


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
        return nothing(
            phrase("Too little evidence: every benefit may be realised to nearly any degree.")
        )
    mine = a.benefits[a.benefits["system_id"] == system]
    others = [s for s in a.ranked if s != system]
    medians = (
        a.benefits[a.benefits["system_id"].isin(others)].groupby("benefit_id")["realised"].median()
    )
    group_of = a.groups[a.groups["system_id"].isin(others)]
    group_median = group_of.groupby("stakeholder_id")["realised"].median().reindex(a.stakeholders)
    back = held_back_by(a.study, a.evidence, system)
    bodies, less, known = [], 0, 0
    for stakeholder in a.stakeholders:
        letter, name = letters(a.study)[stakeholder]
        g = a.groups[
            (a.groups["system_id"] == system) & (a.groups["stakeholder_id"] == stakeholder)
        ]
        head = g.iloc[0]
        less += int(head["realised"] < group_median[stakeholder])
        known += int(pd.notna(head["realised"]))
        lines = [
            _benefit_row(
                f'<b class="let" aria-hidden="true">{letter}</b> {escape(name)}',
                head, group_median[stakeholder], "", "grp", "big",
            )
        ]  # fmt: skip
        some = mine[mine["stakeholder_id"] == stakeholder]
        for r in each_row(some.sort_values("realised", ascending=False, kind="stable")):
            hold = ", ".join(
                f"{escape(a.names.short(str(h.dimension_id)))}&nbsp;"
                f'<span class="at">{decimal(h.level, None)}</span>'
                for h in each_row(back[back["benefit_id"] == r.benefit_id])
            )
            label = escape(a.names.benefit(str(r.benefit_id)))
            lines.append(_benefit_row(label, r._asdict(), medians.get(r.benefit_id), hold))
        bodies.append(f'<tbody role="rowgroup">{"".join(lines)}</tbody>')
    title = _title(less, known, len(a.stakeholders) - known)
    columns = (
        f'<th scope="col" role="columnheader">{phrase("Benefit")}</th>'
        f'<th scope="col" class="n" role="columnheader">{phrase("Realised")}</th>'
        f'<th scope="col" role="columnheader" class="trk">{percent_axis()}</th>'
        f'<th scope="col" role="columnheader" class="hold">{phrase("Held back most by")} '
        f'<span class="th2">{phrase("(level)")}</span></th>'
    )
    caption = phrase(
        "How far each benefit is realised, by stakeholder, with range and the dimension that holds "
        "it back most"
    )
    note = phrase(
        "The links between benefits and dimensions and their strengths are an analyst's judgement. "
        "Where no dimension is missing, only low-confidence levels widen the range."
    )
    ranges = phrase("realised, and range over gaps and low-confidence levels")
    html = figure(
        title,
        phrase("Share of what each benefit depends on that is in place"),
        key(
            f"{interval(0.25, 0.8, 0.5, kind='k')} {ranges}",
            '<span class="iv k" style="--p:50"><u></u></span> '
            f"{phrase('median of the other ranked systems')}",
        ),
        f'<table class="ben" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{"".join(bodies)}</table>',
        f'<p class="note">{note}{_step_note(a, system)}</p>',
    )
    return block(a.study, html, title)


def _title(less: int, known: int, unknown: int) -> str:
    """Say for how many groups less is in place than elsewhere, and of how many nothing is known."""
    if not known:
        return phrase("No level that a benefit depends on is known")
    if not less:
        said = plural(
            known,
            "For the one group at least as much is in place as in the median ranked system",
            "For all {n} groups at least as much is in place as in the median ranked system",
        )
    elif less == known:
        said = plural(
            known,
            "For the one group less is in place than in the median ranked system",
            "For all {n} groups less is in place than in the median ranked system",
        )
    else:
        said = plural(
            less,
            "For one of {groups} groups less is in place than in the median ranked system",
            "For {n} of {groups} groups less is in place than in the median ranked system",
            groups=count(known),
        )
    if not unknown:
        return said
    rest = plural(unknown, "of one group nothing is known", "of {n} groups nothing is known")
    return clauses(said, rest)


def percent_axis() -> str:
    """Return the head of a column of bars from 0 to 100 %."""
    marks = "".join(f"<span>{percent(share)}</span>" for share in (0.0, 0.5, 1.0))
    return f'<span class="ax">{marks}</span>'


def _benefit_row(label: str, r: Any, median: Any, hold: str, kind: str = "", mark: str = "") -> str:
    value, lower, upper = r["realised"], r["lower"], r["upper"]
    known = not pd.isna(value)
    spoken = phrase("from {low} to {high}", low=percent(lower), high=percent(upper))
    if median is not None and not pd.isna(median):
        spoken += f", {phrase('median of the others {share}', share=percent(median))}"
    held = f"<span class=vh>{phrase('held back by')} </span>" if hold else ""
    scope = "rowgroup" if kind else "row"
    return (
        f'<tr role="row"{f" class={kind}" if kind else ""}><th scope="{scope}" role="rowheader">'
        f'{label}</th><td class="n" role="cell">{percent(value) if known else "–"}</td>'
        f'<td class="trk" role="cell">{interval(lower, upper, value, median, mark)}'
        f'<span class="vh">{spoken}</span></td><td class="hold" role="cell">'
        f"{held}{hold}</td></tr>"
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
                phrase(
                    "{group}: {dimension}, level {level} to {next} (+{gain} points)",
                    group=a.names.stakeholder(stakeholder).inside,
                    dimension=name,
                    level=decimal(step["level"], None),
                    next=decimal(step["level"] + 1, None),
                    gain=decimal(100 * step["gain"], 1),
                )
            )
    if not parts:
        return ""
    said = phrase("The step that would help most, {steps}.", steps=clauses(*parts))
    return f" {escape(said)}"
