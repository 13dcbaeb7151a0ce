"""What some assumed levels do to benefits and SWOT factors."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from mcanalysis.frames import each_row, row_of
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval, src
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.scenario import NOTHING, arrow, before_after_key, on_phone
from mcanalysis.texts import statement
from mcanalysis.why.what_if import WhatIf, gains, suggested, suggestion_in_words
from mcanalysis.wording import capital, clauses, decimal, listed, percent, plural

FINDING = {
    "agreement": marked("supported by the level|coded factor"),
    "contradiction": marked("contradicted by the level|coded factor"),
    "unsupported": marked("neither supported nor contradicted|coded factor"),
}
"""What a level says of a coded factor, see `hold_against`."""
_QUADRANT = {
    "strength": marked("Strength: {why}"),
    "weakness": marked("Weakness: {why}"),
    "opportunity": marked("Opportunity: {why}"),
    "threat": marked("Threat: {why}"),
}
_ASSUMED = {
    "raises": marked("its level is assumed to rise from {old} to {new}"),
    "lowers": marked("its level is assumed to fall from {old} to {new}"),
}


def gains_table(w: WhatIf) -> Block:
    """Show what the assumed levels bring to whom: shares in place before above after.

    Parameters
    ----------
    w : WhatIf

    Returns
    -------
    Block
        Systems with assumed levels by stakeholder, then the benefits that pass a third or two
        thirds of what they depend on.
    """
    a, by = w.now, gains(w)
    if by.empty:
        if w.live.empty:
            return nothing(phrase(NOTHING))
        return nothing(phrase("No benefit depends on what is assumed."))
    sides = [x.groups.set_index(["system_id", "stakeholder_id"]) for x in (a, w.changes.new)]
    mine = w.changes.groups[w.changes.groups["system_id"].isin(w.live["system_id"])]
    order = mine.groupby("system_id")["change"].sum().sort_values(ascending=False, kind="stable")
    whom = [s for s in a.stakeholders if s in by.index]
    lines = []
    for s in order.index:
        cells = [escape(a.names.system(str(s)))]
        for who in whom:
            was, then = (row_of(side, (s, who)) for side in sides)
            cells.append(on_phone(a.names.short_stakeholder(who)) + _share(was, then))
        lines.append(cells)
    top = str(by.index[0])
    title = (
        phrase(
            "{group} gain most: {points} points on average",
            group=a.names.stakeholder(top),
            points=decimal(100 * by.iloc[0], 1, sign=True),
        )
        if by.iloc[0] >= 0.0005
        else phrase("No group gains")
    )
    html = figure(
        title,
        phrase(
            "Share of what the benefits of a group depend on that is in place, with its range over "
            "gaps and low-confidence levels (each line runs from 0 to 100%); systems with assumed "
            "levels, largest change first"
        ),
        before_after_key(),
        table(
            phrase("Share in place for each group, as it is and with the assumed levels"),
            [phrase("System"), *(escape(a.names.stakeholder(s)) for s in whom)],
            lines,
            "wif who3",
        ),
    )
    return block(a.study, (html if lines else "") + _crossing(w), title)


def _share(old: Any, new: Any) -> str:
    if pd.isna(old["realised"]) or pd.isna(new["realised"]):
        return f'<span class="none">{phrase("not known|share")}</span>'
    marks = [
        interval(x["lower"], x["upper"], x["realised"], kind=kind)
        for x, kind in ((old, "was"), (new, ""))
    ]
    was, now = percent(old["realised"]), percent(new["realised"])
    figures = f'<span class="ar">{was}</span>' if was == now else arrow(was, now, far=False)
    return f'<span class="ba">{"".join(marks)}</span> {figures}'


def _crossing(w: WhatIf) -> str:
    """List the benefits that pass a third or two thirds, by benefit."""
    a, b = w.now, w.changes.benefits
    b = b[b["crossed"] & b["system_id"].isin(w.live["system_id"])]
    if b.empty:
        none = phrase("No benefit passes a third or two thirds of what it depends on.")
        return f'<p class="note">{none}</p>'
    lines = []
    for benefit, some in sorted(b.groupby("benefit_id", sort=False), key=lambda g: -len(g[1])):
        who = a.names.stakeholder(str(some["stakeholder_id"].iloc[0]))
        where = clauses(
            *(
                f"{escape(a.names.system(r.system_id))}\u00a0"
                f"{arrow(percent(r.old_realised), percent(r.new_realised), far=False)}"
                for r in each_row(some)
            )
        )
        lines.append([f"{escape(a.names.benefit(str(benefit)))}", escape(who), where])
    passes = plural(
        len(lines),
        "One benefit passes a third or two thirds of what they depend on in at least one system",
        "{n} benefits pass a third or two thirds of what they depend on in at least one system",
    )
    return figure(
        capital(passes),
        phrase(
            "Share of what a benefit depends on that is in place, as it is and with the assumed "
            "levels"
        ),
        table(
            phrase("Benefits that pass a third or two thirds of what they depend on"),
            [phrase("Benefit"), phrase("Whose|group"), phrase("Where|systems")],
            lines,
            "chg ben3",
        ),
    )


def swot_changes(w: WhatIf) -> Block:
    """Show what the assumed levels do to the SWOT: suggested factors, and coded ones to reread.

    Parameters
    ----------
    w : WhatIf

    Returns
    -------
    Block
    """
    if w.live.empty:
        return nothing(phrase(NOTHING))
    return block(w.now.study, _suggested(w) + _reread(w))


def _suggested(w: WhatIf) -> str:
    a, lines = w.now, []
    for kind, quadrant, d, some in suggested(w):
        rules = dict.fromkeys(
            (r.old_rule if pd.isna(r.new_rule) else r.new_rule) for r in each_row(some)
        )
        because = clauses(*rules)
        if kind == "disappeared":
            because = phrase("{rule}, today", rule=because)
        lines.append(
            [
                escape(capital(suggestion_in_words(w, kind, quadrant, d))),
                escape(listed(a.names.system(s) for s in some["system_id"])),
                escape(because),
            ]
        )
    if not lines:
        same = phrase("The levels suggest the same strengths and weaknesses as now.")
        return f'<p class="note">{same}</p>'
    return figure(
        plural(
            int(w.changes.derived["system_id"].nunique()),
            "In one system the levels suggest other strengths or weaknesses",
            "In {n} systems the levels suggest other strengths or weaknesses",
        ),
        phrase(
            "A level above the median of the other ranked systems suggests a strength, one below "
            "it a weakness; so a system that stands still can lose by what others do"
        ),
        table(
            phrase("Factors that the levels suggest otherwise"),
            [phrase("Suggested then"), phrase("Where|systems"), phrase("Because|heading")],
            lines,
            "chg sug",
        ),
    )


def _reread(w: WhatIf) -> str:
    a = w.now
    if w.factors.empty:
        none = phrase("No coded strength or weakness would have to be read again.")
        return f'<p class="note">{none}</p>'
    coded = a.study.swot_factors.set_index("factor_id")
    levels = {(r.system_id, r.dimension_id): r for r in each_row(w.live)}
    lines = []
    for r in each_row(w.factors):
        f: Any = coded.loc[r.factor_id]
        lines.append(
            [
                escape(a.names.system(r.system_id)),
                f"{statement(str(f['statement']))} {src(str(f['source_id']), f['locator'])}",
                escape(phrase(_QUADRANT[r.quadrant], why=_why_reread(r, levels))),
            ]
        )
    title = plural(
        len(lines),
        "One coded factor would have to be read again",
        "{n} coded factors would have to be read again",
    )
    return figure(
        capital(title),
        phrase(
            "Weaknesses on what is assumed to improve, strengths on what is assumed to fall, and "
            "factors on which the level then says something else"
        ),
        table(
            phrase("Coded factors to be read again"),
            [phrase("System"), phrase("Factor|SWOT"), phrase("Why|heading")],
            lines,
            "chg sug",
        ),
    )


def _why_reread(factor: Any, levels: Mapping[tuple[str, str], Any]) -> str:
    """Say why a coded factor would have to be read again."""
    r = levels.get((factor.system_id, factor.dimension_id))
    said = []
    if r is not None and r.effect in _ASSUMED:
        said.append(phrase(_ASSUMED[r.effect], old=r.coded, new=r.level))
    if factor.old != factor.new:
        said.append(
            phrase(
                "now {old}, then {new} ({rule})",
                old=phrase(FINDING[factor.old]),
                new=phrase(FINDING[factor.new]),
                rule=factor.new_rule,
            )
        )
    return f"{clauses(*said)}."
