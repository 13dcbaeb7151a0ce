"""What matters to a stakeholder, by a panel, against what systems bring about."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import BenefitImportance, importance_against_realisation
from mcanalysis.frames import cell, each_row
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval, key, letters
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.benefits import percent_axis
from mcanalysis.tables.weighed import the_panel, was_asked
from mcanalysis.texts import strong
from mcanalysis.why.findings import is_ranked
from mcanalysis.wording import clauses, listed_some, percent, plural

FOLLOWS = {
    "concentrate here": marked("important, below average: **concentrate here**"),
    "keep up the good work": marked("important, above average: **keep it up**"),
    "low priority": marked("less important, below average: **can wait**"),
    "possible overkill": marked("less important, above average: **perhaps more than needed**"),
}
"""Quadrant -> what it means and what follows, in the order in which they are shown."""
_SIDES = {
    "l3": marked("surely below|average"),
    "l2": marked("below, not sure|average"),
    "l1": marked("above, not sure|average"),
    "l0": marked("surely above|average"),
}
"""Shade -> on which side of the average, in the order in which they are shown."""


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
        return nothing(phrase("No panel has judged what is important among the benefits."))
    if not is_ranked(a, system):
        return nothing(
            phrase("Too little evidence: every benefit may be realised to nearly any degree.")
        )
    found = [_held(a, s, system) for s in groups]
    judges = len({j for f in found for j in f.weights.judges.columns})
    bodies = "".join(_body(a, f) for f in found)
    columns = (
        f'<th scope="col" role="columnheader">{phrase("Benefit")}</th>'
        f'<th scope="col" role="columnheader" class="n">{phrase("Importance")}</th>'
        f'<th scope="col" role="columnheader" class="trk">{percent_axis()}</th>'
        f'<th scope="col" role="columnheader" class="hold">{phrase("So|what follows")}</th>'
    )
    what = phrase(
        "Importance to {panel}, as a share of all that matters to a group, against the share "
        "realised; above and below average: of the benefits of the same group",
        panel=the_panel(a, judges),
    )
    caption = phrase(
        "Importance of each benefit to the panel, share realised, and what follows, by stakeholder"
    )
    note = phrase(
        "Not sure: another way to fill the gaps, or a low-confidence level one higher or lower, "
        "would move the benefit across the average."
    )
    ranges = phrase("realised, and range over gaps and low-confidence levels")
    html = figure(
        _title(a, found),
        what,
        key(
            f"{interval(0.25, 0.8, 0.5, kind='k')} {ranges}",
            f'<span class="iv k" style="--p:50"><u></u></span> {phrase("average of the group")}',
        ),
        f'<table class="ben imp" role="table"><caption class="vh">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{columns}</tr></thead>{bodies}</table>',
        f'<p class="note">{note}</p>',
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
        return phrase("What matters most to the panel is realised at least as far as the rest")
    return phrase(
        "Most important to the panel of what is realised below average: {benefits}",
        benefits=listed_some(urgent, 3),
    )


def _in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Sort benefits by quadrant, then importance; those of which nothing is known come last."""
    place = frame["quadrant"].map({q: n for n, q in enumerate(FOLLOWS)})
    order = frame.assign(place=place.fillna(len(FOLLOWS)))
    return order.sort_values(["place", "importance"], ascending=[True, False], kind="stable")


def _body(a: Analysis, f: BenefitImportance) -> str:
    letter, name = letters(a.study)[f.stakeholder]
    average = plural(len(f.weights.judges.columns), "one judge", "{n} judges")
    if not pd.isna(f.realised_at):
        both = phrase(
            "average importance {importance}, realised {realised}",
            importance=percent(f.importance_at),
            realised=percent(f.realised_at),
        )
        average = clauses(both, average)
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
        said = phrase("how far it is realised is not known")
    else:
        said = strong(phrase(FOLLOWS[r.quadrant]))
        if not r.sure:
            said += f" {phrase('(not sure)')}"
    value = "–"
    if not pd.isna(r.realised):
        value = phrase("{share} realised", share=percent(r.realised))
    spoken = phrase("from {low} to {high}", low=percent(r.lower), high=percent(r.upper))
    return (
        f'<tr role="row"><th scope="row" role="rowheader">{escape(a.names.benefit(str(r.Index)))}'
        f'</th><td class="n" role="cell">{percent(r.importance)}</td>'
        f'<td class="trk" role="cell">{interval(r.lower, r.upper, r.realised, f.realised_at)}'
        f'<span class="vh">{value}, {spoken}</span></td>'
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
        return nothing(phrase("No panel has judged what is important among these benefits."))
    if not a.ranked:
        return nothing(phrase("No system has enough evidence to be ranked."))
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
    title = phrase("What matters to the panel is nowhere realised below average")
    if urgent:
        worst = max(urgent, key=lambda b: urgent[b])
        title = phrase(
            "Important to the panel and most often realised below average: {benefit}, in {some} of "
            "{total} ranked systems",
            benefit=a.names.benefit(worst).inside,
            some=urgent[worst],
            total=n,
        )
    what = phrase(
        "Importance to {panel}, and the number of ranked systems that realise the benefit below "
        "and above the average of this group's benefits; important is what has at least {share}; "
        "open a benefit for the systems",
        panel=the_panel(a, judges),
        share=percent(first.importance_at),
    )
    return block(
        a.study,
        figure(
            title,
            what,
            key(
                *(f'<span class="sc"><i class="{c}"></i> {phrase(side)}</span>'
                  for c, side in _SIDES.items())
            ),
            table(
                phrase("Importance of each benefit, and systems below and above average"),
                [phrase("Benefit"), phrase(">Importance"), phrase("Ranked systems")],
                lines,
                "imps",
            ),
        ),
        title,
    )  # fmt: skip


def _across(
    a: Analysis,
    benefit: str,
    share: float,
    low: list[str],
    high: list[str],
    sure: set[str],
    important: bool,
) -> list[str]:
    sides = {
        "l3": [s for s in low if s in sure],
        "l2": [s for s in low if s not in sure],
        "l1": [s for s in high if s not in sure],
        "l0": [s for s in high if s in sure],
    }
    parts = [(shade, len(some)) for shade, some in sides.items() if some]
    stack = "".join(f'<span class="{shade}" style="flex:{n}">{n}</span>' for shade, n in parts)
    spoken = ", ".join(
        phrase("{n} surely below average", n=n) if shade == "l3" else f"{n} {phrase(_SIDES[shade])}"
        for shade, n in parts
    )
    where = _where(a, low, sure, important)
    return [
        f'<details class="by"><summary>{escape(a.names.benefit(benefit))}</summary>'
        f"<p class=note>{escape(where)}</p></details>",
        percent(share),
        f'<span class="stack" aria-hidden="true">{stack}</span><span class="vh">'
        f"{spoken or phrase('nothing is known')}</span>",
    ]


def _where(a: Analysis, low: list[str], sure: set[str], important: bool) -> str:
    """Name the systems that realise a benefit below average, and say what follows."""
    if not low:
        return phrase("Nowhere realised below average.")
    unsure = phrase("(not sure)")
    named = ", ".join(
        a.names.system(s) if s in sure else f"{a.names.system(s)} {unsure}" for s in low
    )
    if important:
        return plural(
            len(low),
            "Important, below average in one of {total} systems, concentrate here: {systems}.",
            "Important, below average in {n} of {total} systems, concentrate here: {systems}.",
            total=len(a.ranked),
            systems=named,
        )
    return plural(
        len(low),
        "Less important, below average in one of {total} systems, can wait: {systems}.",
        "Less important, below average in {n} of {total} systems, can wait: {systems}.",
        total=len(a.ranked),
        systems=named,
    )
