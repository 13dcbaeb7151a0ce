"""The levels that a scenario assumes, beside what is coded."""

from __future__ import annotations

from html import escape

import pandas as pd

from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.marks import fact_meta
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.scenario import NOTHING, arrow
from mcanalysis.texts import marked_up, statement
from mcanalysis.why.what_if import WhatIf
from mcanalysis.wording import cited, clauses, listed, plural

_EFFECT = {
    "raises": marked("up|level"),
    "lowers": marked("down|level"),
    "fills": marked("fills a gap"),
}
_CERTAIN = marked("was of low confidence")
"""What an assumed level does to the coded one; otherwise it makes a doubtful one certain."""


def assumed_table(w: WhatIf) -> Block:
    """Show each level that is assumed, beside what is coded, with its note.

    Parameters
    ----------
    w : WhatIf

    Returns
    -------
    Block
        By dimension and level, headed by the manual's words for it; then which systems keep a gap
        there, because nothing is assumed for them.
    """
    if w.live.empty:
        return nothing(phrase(NOTHING))
    cells = w.live[["dimension_id", "level"]].drop_duplicates()
    html = "".join(
        _assumed(w, c.dimension_id, c.level, w.live.merge(cells.loc[[c.Index]]))
        for c in each_row(cells)
    )
    return block(w.now.study, html + _left_open(w))


def _assumed(w: WhatIf, dimension: str, level: int, some: pd.DataFrame) -> str:
    a = w.now
    notes = some["note"].dropna().unique()
    same = len(notes) == 1 and len(some) > 1 and bool(some["note"].notna().all())
    facts = {str(r.system_id): r for r in each_row(a.evidence.rows) if r.dimension_id == dimension}
    lines = []
    for r in each_row(some):
        fact = facts.get(str(r.system_id))
        label = phrase(_EFFECT.get(r.effect, _CERTAIN))
        told = (
            phrase("No evidence found.")
            if fact is None
            else f"{statement(str(fact.statement))} {fact_meta(fact)}"
        )
        cells = [
            escape(a.names.system(str(r.system_id))),
            arrow("–" if pd.isna(r.coded) else r.coded, r.level, label),
            told,
        ]
        note = "" if pd.isna(r.note) else statement(str(r.note))
        lines.append([*cells, *([] if same else [note])])
    head = [
        phrase("System"),
        phrase("Now, assumed"),
        phrase("What is coded now"),
        *([] if same else [phrase("The assumption")]),
    ]
    name = a.names.dimension(dimension)
    each = ""
    if same:
        said = phrase("The assumption, for each of them: {note}", note=cited(str(notes[0])))
        each = f'<p class="intro">{marked_up(said)}</p>'
    return figure(
        phrase(
            "{dimension}, level {level}: {criterion}",
            dimension=name,
            level=level,
            criterion=a.names.criterion(dimension, level),
        ),
        plural(
            len(some),
            "Level {level} in the words of the coding manual; one system",
            "Level {level} in the words of the coding manual; {n} systems",
            level=level,
        ),
        each,
        table(
            phrase(
                "Levels that are assumed on {dimension}, beside what is coded now",
                dimension=name.inside,
            ),
            head,
            lines,
            "chg sup" if same else "chg",
        ),
    )


def _left_open(w: WhatIf) -> str:
    """Name the ranked systems that keep a gap on a dimension on which others are assumed."""
    a, said = w.now, []
    for d in w.live["dimension_id"].unique():
        mine = set(w.live.loc[w.live["dimension_id"] == d, "system_id"])
        gaps = [s for s in a.ranked if a.level(s, d) is None and s not in mine]
        if gaps:
            said.append(
                phrase(
                    "{dimension}: {systems}",
                    dimension=a.names.dimension(d).inside,
                    systems=listed(a.names.in_sentence(s) for s in gaps),
                )
            )
    if not said:
        return ""
    told = phrase(
        "Nothing is assumed for ranked systems without evidence there; any level remains possible "
        "for them ({where}).",
        where=clauses(*said),
    )
    return f'<p class="note">{escape(told, quote=False)}</p>'
