"""What matters to a stakeholder, by a panel, against what systems bring about."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import BenefitImportance, importance_against_realisation
from mcanalysis.frames import cell, each_row
from mcanalysis.marks import interval, key, letters
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.weighed import the_panel, was_asked
from mcanalysis.why.findings import is_ranked
from mcanalysis.wording import capital, count, counted, listed_some, percent

QUADRANTS = {
    "concentrate here": ("important, below average", "concentrate here"),
    "keep up the good work": ("important, above average", "keep it up"),
    "low priority": ("less important, below average", "can wait"),
    "possible overkill": ("less important, above average", "perhaps more than needed"),
}
"""Quadrant -> what it means and what follows, in the order in which they are shown."""


def importance_table(a: Analysis, system: str) -> Block:
    """Show what a panel finds important among the benefits against what a system realises.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        For each stakeholder whose benefits the panel judged: importance, share realised with its
        range, what follows and whether it is sure. Nothing without such judgements, or for a system
        with too little evidence.

    References
    ----------
    Martilla, J. A. & James, J. C. (1977), *Importance-performance analysis*. Journal of Marketing
    41(1), 77-79.
    """
    a.check_system(system)
    groups = [s for s in a.stakeholders if was_asked(a, s)]
    if not groups:
        return nothing("No panel has judged what is important among the benefits.")
    if not is_ranked(a, system):
        return nothing("Too little evidence: every benefit may be realised to nearly any degree.")
    found = [_held(a, s, system) for s in groups]
    judges = len({j for f in found for j in f.weights.judges.columns})
    bodies = "".join(_body(a, f) for f in found)
    columns = (
        '<th scope="col" role="columnheader">Benefit</th>'
        '<th scope="col" role="columnheader" class="n">Importance</th>'
        '<th scope="col" role="columnheader" class="trk"><span class="ax"><span>0%</span>'
        "<span>50%</span><span>100%</span></span></th>"
        '<th scope="col" role="columnheader" class="hold">So</th>'
    )
    html = figure(
        _title(a, found),
        f"Importance to {the_panel(a, judges)}, as a share of all that matters to a group, against "
        "the share realised; above and below average: of the benefits of the same group",
        key(
            f"{interval(0.25, 0.8, 0.5, kind='k')} realised, and range over gaps and "
            "low-confidence levels",
            '<span class="iv k" style="--p:50"><u></u></span> average of the group',
        ),
        '<table class="ben imp" role="table"><caption class="vh">Importance of each benefit to the '
        "panel, share realised, and what follows, by stakeholder</caption>"
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{bodies}</table>',
        '<p class="note">Not sure: another way to fill the gaps, or a low-confidence level one '
        "higher or lower, would move the benefit across the average.</p>",
    )
    return block(a.study, html, _title(a, found))


def _held(a: Analysis, stakeholder: str, system: str) -> BenefitImportance:
    return importance_against_realisation(a.study, a.benefits, a.judgements, stakeholder, system)


def _title(a: Analysis, found: list[BenefitImportance]) -> str:
    """Name what is important and realised below average, most important first in each group."""
    urgent = [
        f"{a.names.benefit(str(i)).inside} ({a.names.stakeholder(f.stakeholder).inside})"
        for f in found
        for i in _in_order(f.table).query("quadrant == 'concentrate here'").index[:1]
    ]
    if not urgent:
        return "What matters most to the panel is realised at least as far as the rest"
    return (
        f"Most important to the panel of what is realised below average: {listed_some(urgent, 3)}"
    )


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort benefits by quadrant, then importance; those of which nothing is known come last."""
    place = frame["quadrant"].map({q: n for n, q in enumerate(QUADRANTS)})
    order = frame.assign(place=place.fillna(len(QUADRANTS)))
    return order.sort_values(["place", "importance"], ascending=[True, False], kind="stable")


def _body(a: Analysis, f: BenefitImportance) -> str:
    letter, name = letters(a.study)[f.stakeholder]
    judges = counted(len(f.weights.judges.columns), "judge")
    average = judges
    if not pd.isna(f.realised_at):
        both = f"importance {percent(f.importance_at)}, realised {percent(f.realised_at)}"
        average = f"average {both}; {judges}"
    lines = [
        f'<tr role="row" class="grp"><th scope="rowgroup" role="rowheader">'
        f'<b class="let" aria-hidden="true">{letter}</b> {escape(name)}</th>'
        f'<td class="n" role="cell"></td><td class="trk" role="cell"></td>'
        f'<td class="hold" role="cell">{average}</td></tr>'
    ]
    lines += [_line(a, f, r) for r in each_row(_in_order(f.table))]
    return f'<tbody role="rowgroup">{"".join(lines)}</tbody>'


def _line(a: Analysis, f: BenefitImportance, r: Any) -> str:
    if pd.isna(r.quadrant):
        said = "how far it is realised is not known"
    else:
        meaning, follows = QUADRANTS[r.quadrant]
        sure = "" if r.sure else " (not sure)"
        said = f"{meaning}: <b>{follows}</b>{sure}"
    value = "–" if pd.isna(r.realised) else f"{percent(r.realised)} realised"
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(a.names.benefit(str(r.Index)))}'
        f'</th><td class="n" role="cell">{percent(r.importance)}</td>'
        f'<td class="trk" role="cell">{interval(r.lower, r.upper, r.realised, f.realised_at)}'
        f'<span class="vh">{value}, from {percent(r.lower)} to {percent(r.upper)}</span></td>'
        f'<td class="hold" role="cell">{said}</td></tr>'
    )


def importance_across(a: Analysis, stakeholder: str) -> Block:
    """Show in how many ranked systems what a panel finds important is realised below average.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Block
        One row per benefit, most important first: importance; in how many ranked systems it is
        realised below the average of the group's benefits, surely and not; their names. Nothing
        without a panel that judged the benefits of the group, or where nobody is ranked.
    """
    a.check_stakeholder(stakeholder)
    if not was_asked(a, stakeholder):
        return nothing("No panel has judged what is important among these benefits.")
    if not a.ranked:
        return nothing("No system has enough evidence to be ranked.")
    held = {s: _held(a, stakeholder, s) for s in a.ranked}
    first = held[a.ranked[0]]
    importance = first.table["importance"].sort_values(ascending=False, kind="stable")
    judges, n = len(first.weights.judges.columns), len(a.ranked)
    lines, urgent = [], {}
    for benefit, share in importance.items():
        below = {s: str(cell(f.table, benefit, "quadrant")) for s, f in held.items()}
        low = [s for s in a.ranked if below[s] in ("concentrate here", "low priority")]
        high = [s for s in a.ranked if below[s] in ("keep up the good work", "possible overkill")]
        sure = {s for s in a.ranked if cell(held[s].table, benefit, "sure")}
        important = bool(share >= first.importance_at)
        if important and low:
            urgent[str(benefit)] = len(low)
        lines.append(_across(a, str(benefit), float(share), low, high, sure, important))
    if urgent:
        worst = max(urgent, key=lambda b: urgent[b])
        title = (
            f"Important to the panel and most often realised below average: "
            f"{a.names.benefit(worst).inside}, in {urgent[worst]} of {n} ranked systems"
        )
    else:
        title = "What matters to the panel is nowhere realised below average"
    scale = (("l3", "surely below"), ("l2", "below, not sure"), ("l1", "above, not sure"),
             ("l0", "surely above"))  # fmt: skip
    return block(
        a.study,
        figure(
            title,
            f"Importance to {the_panel(a, judges)}, and the number of ranked systems that realise "
            "the benefit below and above the average of this group's benefits; important is what "
            f"has at least {percent(first.importance_at)}; open a benefit for the systems",
            key(*(f'<span class="sc"><i class="{c}"></i> {said}</span>' for c, said in scale)),
            table(
                "Importance of each benefit, and systems below and above average",
                ["Benefit", ">Importance", "Ranked systems"],
                lines,
                "imps",
            ),
        ),
        title,
    )


def _across(
    a: Analysis,
    benefit: str,
    share: float,
    low: list[str],
    high: list[str],
    sure: set[str],
    important: bool,
) -> list[str]:
    parts = [
        ("l3", [s for s in low if s in sure], "surely below average"),
        ("l2", [s for s in low if s not in sure], "below, not sure"),
        ("l1", [s for s in high if s not in sure], "above, not sure"),
        ("l0", [s for s in high if s in sure], "surely above"),
    ]
    stack = "".join(
        f'<span class="{c}" style="flex:{len(some)}">{len(some)}</span>'
        for c, some, _ in parts
        if some
    )
    spoken = ", ".join(f"{len(some)} {said}" for _, some, said in parts if some)
    follows = QUADRANTS["concentrate here" if important else "low priority"]
    names = [f"{escape(a.names.system(s))}{'' if s in sure else ' (not sure)'}" for s in low]
    where = (
        f"{capital(follows[0])} in {count(len(low))} of {len(a.ranked)} systems, {follows[1]}: "
        f"{', '.join(names)}."
        if low
        else "Nowhere realised below average."
    )
    return [
        f'<details class="by"><summary>{escape(a.names.benefit(benefit))}</summary>'
        f"<p class=note>{where}</p></details>",
        percent(share),
        f'<span class="stack" aria-hidden="true">{stack}</span><span class="vh">'
        f"{spoken or 'nothing is known'}</span>",
    ]
