"""What some assumed levels do to the ranks: the page of a scenario."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.editions.sentences import NOTABLE, signed
from mcanalysis.frames import cell, each_row
from mcanalysis.marks import fact_meta, interval, key
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.notice import notice
from mcanalysis.tables.overview import claim_list, coverage_in_words
from mcanalysis.why.sure import in_nine_of_ten
from mcanalysis.why.what_follows import CAUSE, what_if_claims
from mcanalysis.why.what_if import WhatIf, assumed_in_words, moved
from mcanalysis.wording import capital, count, counted, grouped, listed, ordinal

NOTHING = "The study has no scenario, or this one changes nothing."


def scenario_head(w: WhatIf) -> Block:
    """Show what is assumed before anything else, as the lines above and under the title."""
    a = w.now
    cells = len(a.ranked) * len(a.dimensions)
    known = coverage_in_words(a.rows_of(a.ranked), cells, "cells")
    name = "no scenario" if w.scenario is None else f"scenario “{escape(w.scenario)}”"
    eyebrow = (
        f'<p class="eyebrow">What if <span>{name}; {len(a.ranked)} ranked systems, evidence in '
        f"{known}</span></p>"
    )
    return block(a.study, f"{eyebrow}{_banner(w)}{notice(a)}")


def _banner(w: WhatIf) -> str:
    n = len(w.live)
    if w.scenario is None:
        return (
            '<p class="notice"><b>Nothing is assumed: the study has no scenario.</b> Write one as '
            "a file <code>scenarios/NAME.csv</code> with the columns system_id, dimension_id, "
            "level (0 to 3) and note: each row is a level as it might be, the note says what would "
            "have to happen. Until then this page shows what it takes to reach a target.</p>"
        )
    if not n:
        return (
            '<p class="notice"><b>This scenario changes nothing.</b> Every level that it assumes '
            "is coded already.</p>"
        )
    label = (
        " Its author calls every one of them illustrative: they show what such a page tells, and "
        "nothing that rests on them may be quoted."
        if w.illustrative
        else ""
    )
    return (
        f'<p class="notice warn" role="note"><b>What if: {counted(n, "level")} '
        f"{'is' if n == 1 else 'are'} assumed. Nothing here is evidence.</b> Assumed is "
        f"{escape(assumed_in_words(w), quote=False)}; all else is as the study has it.{label}</p>"
    )


def scenario_claims(w: WhatIf) -> Block:
    """Say in short what a scenario assumes and what follows; each sentence opens its chain."""
    claims = what_if_claims(w)
    return claim_list(w.now, claims) if claims else nothing(NOTHING)


def arrow(old: Any, new: Any, label: str = "", far: bool = True) -> str:
    """Write a value as it is and as it would be."""
    spoken = '<span aria-hidden="true">→</span><span class="vh">to</span>'
    under = f' <span class="lab">{label}</span>' if label else ""
    return f'<span class="ar{" mv" if far else ""}">{old} {spoken} {new}</span>{under}'


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
        return nothing(NOTHING)
    cells = w.live[["dimension_id", "level"]].drop_duplicates()
    html = "".join(
        _assumed(w, c.dimension_id, c.level, w.live.merge(cells.loc[[c.Index]]))
        for c in each_row(cells)
    )
    return block(w.now.study, html + _left_open(w))


def _assumed(w: WhatIf, dimension: str, level: int, some: pd.DataFrame) -> str:
    a = w.now
    manual = str(cell(a.study.dimensions.set_index("dimension_id"), dimension, f"level_{level}"))
    notes = some["note"].dropna().unique()
    same = len(notes) == 1 and len(some) > 1 and bool(some["note"].notna().all())
    facts = {str(r.system_id): r for r in each_row(a.evidence.rows) if r.dimension_id == dimension}
    lines = []
    for r in each_row(some):
        fact = facts.get(str(r.system_id))
        label = {"raises": "up", "lowers": "down", "fills": "fills a gap"}.get(
            r.effect, "was of low confidence"
        )
        told = (
            "No evidence found."
            if fact is None
            else f"{escape(str(fact.statement))} {fact_meta(fact)}"
        )
        cells = [
            escape(a.names.system(str(r.system_id))),
            arrow("–" if pd.isna(r.coded) else r.coded, r.level, label),
            told,
        ]
        note = "" if pd.isna(r.note) else escape(str(r.note))
        lines.append([*cells, *([] if same else [note])])
    head = ["System", "Now, assumed", "What is coded now", *([] if same else ["The assumption"])]
    name = a.names.dimension(dimension)
    note = (
        f'<p class="intro">The assumption, for each of them: {escape(str(notes[0]))}</p>'
        if same
        else ""
    )
    return figure(
        f"{name}, level {level}: {manual}",
        f"Level {level} in the words of the coding manual; {counted(len(some), 'system')}",
        note,
        table(
            f"Levels that are assumed on {name.lower()}, beside what is coded now",
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
            names = listed(a.names.in_sentence(s) for s in gaps)
            said.append(f"{a.names.dimension(d).inside}: {names}")
    if not said:
        return ""
    return (
        '<p class="note">Nothing is assumed for ranked systems without evidence there; any level '
        f"remains possible for them ({escape('; '.join(said), quote=False)}).</p>"
    )


def on_phone(label: str) -> str:
    """Return a label that stands in a cell where a narrow screen has no room for headers."""
    return f'<span class="wl" aria-hidden="true">{escape(label)} </span>'


def before_after_key() -> str:
    """Return the legend of ranges that are drawn one above the other."""
    was, then = interval(0.1, 0.7, 0.4, kind="k was"), interval(0.3, 0.9, 0.6, kind="k")
    return key(f"{was} above: as it is", f"{then} below: with the assumed levels")


def moved_table(w: WhatIf) -> Block:
    """Show how ranks move and why: interval before above after, split into causes.

    Parameters
    ----------
    w : WhatIf

    Returns
    -------
    Block
        The systems whose expected rank moves by half a place or that leave their interval; the
        others unfolded on demand. Figures in a row add up.
    """
    ranks, new = moved(w), w.changes.new
    if w.live.empty:
        return nothing(NOTHING)
    if ranks.empty:
        return nothing("No system is ranked on both sides.")
    far = (ranks["change"].abs() >= NOTABLE) | ranks["crossed"]
    causes = [c for c in CAUSE if ranks[c].any()]
    up = int((ranks.loc[far, "change"] < 0).sum())
    down = int(far.sum()) - up
    title = (
        f"{capital(counted(up, 'system'))} {'gains' if up == 1 else 'gain'} half a place or more, "
        f"{count(down)} {'loses' if down == 1 else 'lose'} as much"
        if far.any()
        else "No system moves by half a place"
    )
    shown, rest = ranks[far].sort_values("change", kind="stable"), ranks[~far]
    silent = listed(CAUSE[c] for c in CAUSE if c in ("weights", "method") and c not in causes)
    note = (
        "Minus is better. The parts of a change are Shapley values, in tenths of a place; in each "
        "row they add up to the change."
        + (f" {capital(silent)} are the same on both sides and explain nothing." if silent else "")
        + f" {_sides(w)}"
    )
    more = (
        f'<details class="more-d"><summary>The {counted(len(rest), "system")} that '
        f"{'moves' if len(rest) == 1 else 'move'} less</summary>"
        f"{_moved_rows(w, rest, causes)}</details>"
        if len(rest)
        else ""
    )
    html = figure(
        title,
        f"Rank of {len(new.ranked)} {in_nine_of_ten(new.ranking)}, dot: expected rank; then what "
        "the change comes from",
        before_after_key(),
        _moved_rows(w, shown, causes) if len(shown) else "",
        more,
        f'<p class="note">{escape(note, quote=False)}</p>',
    )
    return block(w.now.study, html, title)


def _sides(w: WhatIf) -> str:
    """Tell who is ranked on one side only."""
    return " ".join(
        f"{capital(str(kind))}: {listed(w.now.names.system(s) for s in some['system_id'])}."
        for kind, some in w.changes.systems.groupby("kind", sort=False)
    )


def _moved_rows(w: WhatIf, ranks: pd.DataFrame, causes: list[str]) -> str:
    n = max(len(w.now.ranked), len(w.changes.new.ranked))
    scale = max(n - 1, 1)
    live = set(w.live["system_id"])
    lines = []
    for r in each_row(ranks):
        marks, said = [], []
        for side in ("old", "new"):
            best, worst, mean = (
                getattr(r, f"{side}_{what}") for what in ("best_rank", "worst_rank", "rank")
            )
            low, high, at = ((x - 1) / scale for x in (best, worst, mean))
            marks.append(interval(low, high, at, kind="was" if side == "old" else ""))
            said.append(f"{best}" if best == worst else f"{best}–{worst}")
        star = ' <span class="tag">assumed</span>' if r.system_id in live else ""
        parts = [float(getattr(r, c)) for c in causes]
        lines.append(
            [
                f"{escape(w.now.names.system(r.system_id))}{star}",
                f'<span class="ba" aria-hidden="true">{"".join(marks)}</span>',
                on_phone("nine of ten") + arrow(said[0], said[1], far=False),
                on_phone("expected") + arrow(f"{r.old_rank:.1f}", f"{r.new_rank:.1f}", far=False),
                f"{on_phone('change')}<b>{signed(sum(parts))}</b>",
                *(
                    f"{on_phone(CAUSE[c])}{signed(part) if part else '0'}"
                    for c, part in zip(causes, parts, strict=True)
                ),
            ]
        )
    heads = [f">{capital(CAUSE[c])}" for c in causes]
    ends = f"<span>1st</span><span>{ordinal(n)}</span>"
    axis = f'<span class="vh">Rank, drawn</span><span class="ax" aria-hidden="true">{ends}</span>'
    return table(
        "Rank intervals and expected ranks as they are and with the assumed levels, and what "
        "each change comes from",
        ["System", axis, "Nine of ten", "Expected rank", ">Change", *heads],
        lines,
        "wif",
    )


def scenario_certainty(w: WhatIf) -> Block:
    """Say how sure the differences are, and how to compare two editions of a study.

    Parameters
    ----------
    w : WhatIf

    Returns
    -------
    Block
    """
    r, n = w.changes.new.ranking, len(w.changes.new.ranked)
    said = [
        "<p>An assumed level counts as certain; what is not known stays not known: gaps, "
        "low-confidence levels and what each level is worth vary as on every page of this study. "
        "A scenario is no forecast: it says nothing of how likely the levels are, or of what else "
        "would change with them.</p>"
    ]
    if n > 1:
        said.append(
            f"<p>Expected ranks rest on {grouped(r.draws)} draws and are exact to "
            f"{_exact_rank(w):.2f} places; both sides start from the same seed. A share of the "
            f"draws is exact to {196 * r.error():.1f} points. Exact to: 19 of 20 repeats with "
            "other random numbers would differ by no more.</p>"
        )
    said.append(
        "<p>Two editions of a study are compared in the same way: "
        "<code>mcanalysis changes OLD NEW</code>.</p>"
    )
    return block(w.now.study, f'<div class="told">{"".join(said)}</div>')


def _exact_rank(w: WhatIf) -> float:
    """Return the half-width of the 95 % interval of the least exact expected rank, rounded up."""
    widest = 0.0
    for a in (w.now, w.changes.new):
        share = a.ranking.acceptability.to_numpy(float)
        if share.size:
            rank = np.arange(1, share.shape[1] + 1)
            spread = share @ rank**2 - (share @ rank) ** 2
            widest = max(widest, float(spread.max()))
    return float(np.ceil(196 * np.sqrt(widest / w.now.ranking.draws)) / 100)
