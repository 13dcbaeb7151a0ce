"""What some assumed levels do to the ranks: the page of a scenario."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.editions.sentences import NOTABLE, signed
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval, key
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.notice import eyebrow, notice
from mcanalysis.tables.overview import claim_list, coverage_in_words
from mcanalysis.texts import strong
from mcanalysis.why.sure import in_nine_of_ten
from mcanalysis.why.what_follows import CAUSE, what_if_claims
from mcanalysis.why.what_if import WhatIf, assumed_in_words, moved
from mcanalysis.wording import (
    capital,
    clauses,
    decimal,
    grouped,
    listed,
    ordinal,
    plural,
)

NOTHING = marked("The study has no scenario, or this one changes nothing.")
_FILE = "scenarios/NAME.csv"
_CHANGE = {
    "evidence": marked(">Its own levels|part of a change"),
    "company": marked(">The others|part of a change"),
    "weights": marked(">Weights|part of a change"),
    "method": marked(">Method|part of a change"),
}
_SIDE = {
    "newly ranked": marked("Newly ranked: {systems}."),
    "no longer ranked": marked("No longer ranked: {systems}."),
}


def scenario_head(w: WhatIf) -> Block:
    """Show what is assumed before anything else, as the lines above and under the title."""
    a = w.now
    cells = len(a.ranked) * len(a.dimensions)
    known = coverage_in_words(a.rows_of(a.ranked), cells, "cells")
    name = (
        phrase("no scenario")
        if w.scenario is None
        else phrase("scenario “{name}”", name=w.scenario)
    )
    rests = phrase(
        "{systems} ranked systems, evidence in {known}", systems=len(a.ranked), known=known
    )
    line = eyebrow(phrase("What if|kind of page"), clauses(name, rests))
    return block(a.study, f"{line}{_banner(w)}{notice(a)}")


def _banner(w: WhatIf) -> str:
    n = len(w.live)
    if w.scenario is None:
        said = strong(
            phrase(
                "**Nothing is assumed: the study has no scenario.** Write one as a file {file} "
                "with the columns system_id, dimension_id, level (0 to 3) and note: each row is a "
                "level as it might be, the note says what would have to happen. Until then this "
                "page shows what it takes to reach a target.",
                file=_FILE,
            )
        )
        return f'<p class="notice">{said.replace(_FILE, f"<code>{_FILE}</code>")}</p>'
    if not n:
        said = phrase(
            "**This scenario changes nothing.** Every level that it assumes is coded already."
        )
        return f'<p class="notice">{strong(said)}</p>'
    said = plural(
        n,
        "**What if: one level is assumed. Nothing here is evidence.** Assumed is {what}; all else "
        "is as the study has it.",
        "**What if: {n} levels are assumed. Nothing here is evidence.** Assumed is {what}; all "
        "else is as the study has it.",
        what=assumed_in_words(w),
    )
    if w.illustrative:
        label = phrase(
            "Its author calls every one of them illustrative: they show what such a page tells, "
            "and nothing that rests on them may be quoted."
        )
        said = f"{said} {label}"
    return f'<p class="notice warn" role="note">{strong(said)}</p>'


def scenario_claims(w: WhatIf) -> Block:
    """Say in short what a scenario assumes and what follows; each sentence opens its chain."""
    claims = what_if_claims(w)
    return claim_list(w.now, claims) if claims else nothing(phrase(NOTHING))


def arrow(old: Any, new: Any, label: str = "", far: bool = True) -> str:
    """Write a value as it is and as it would be."""
    to = phrase("to|from one value to another")
    spoken = f'<span aria-hidden="true">→</span><span class="vh">{to}</span>'
    under = f' <span class="lab">{label}</span>' if label else ""
    return f'<span class="ar{" mv" if far else ""}">{old} {spoken} {new}</span>{under}'


def on_phone(label: str) -> str:
    """Return a label that stands in a cell where a narrow screen has no room for headers."""
    return f'<span class="wl" aria-hidden="true">{escape(label)} </span>'


def before_after_key() -> str:
    """Return the legend of ranges that are drawn one above the other."""
    was, then = interval(0.1, 0.7, 0.4, kind="k was"), interval(0.3, 0.9, 0.6, kind="k")
    above, below = phrase("above: as it is"), phrase("below: with the assumed levels")
    return key(f"{was} {above}", f"{then} {below}")


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
        return nothing(phrase(NOTHING))
    if ranks.empty:
        return nothing(phrase("No system is ranked on both sides."))
    far = (ranks["change"].abs() >= NOTABLE) | ranks["crossed"]
    causes = [c for c in CAUSE if ranks[c].any()]
    up = int((ranks.loc[far, "change"] < 0).sum())
    title = _moves_in_words(up, int(far.sum()) - up)
    shown, rest = ranks[far].sort_values("change", kind="stable"), ranks[~far]
    more = ""
    if len(rest):
        summary = plural(
            len(rest), "The one system that moves less", "The {n} systems that move less"
        )
        more = (
            f'<details class="more-d"><summary>{summary}</summary>'
            f"{_moved_rows(w, rest, causes)}</details>"
        )
    html = figure(
        title,
        phrase(
            "Rank of {n} {how_often}, dot: expected rank; then what the change comes from",
            n=len(new.ranked),
            how_often=in_nine_of_ten(new.ranking),
        ),
        before_after_key(),
        _moved_rows(w, shown, causes) if len(shown) else "",
        more,
        f'<p class="note">{escape(_parts_in_words(w, causes), quote=False)}</p>',
    )
    return block(w.now.study, html, title)


def _moves_in_words(up: int, down: int) -> str:
    """Say how many systems gain and lose half a place."""
    if not up + down:
        return phrase("No system moves by half a place")
    gain = plural(
        up,
        "one system gains half a place or more",
        "{n} systems gain half a place or more",
        "no systems gain half a place or more",
    )
    lose = plural(down, "one loses as much", "{n} lose as much", "none lose as much")
    return capital(f"{gain}, {lose}")


def _parts_in_words(w: WhatIf, causes: list[str]) -> str:
    """Say what the parts of a change are, and who is ranked on one side only."""
    said = [
        phrase(
            "Minus is better. The parts of a change are Shapley values, in tenths of a place; in "
            "each row they add up to the change."
        )
    ]
    if not {"weights", "method"} & set(causes):
        said.append(phrase("Weights and method are the same on both sides and explain nothing."))
    elif "weights" not in causes:
        said.append(phrase("Weights are the same on both sides and explain nothing."))
    elif "method" not in causes:
        said.append(phrase("Method is the same on both sides and explains nothing."))
    sides = [
        phrase(_SIDE[str(kind)], systems=listed(w.now.names.system(s) for s in some["system_id"]))
        for kind, some in w.changes.systems.groupby("kind", sort=False)
    ]
    return " ".join([*said, " ".join(sides)])


def _moved_rows(w: WhatIf, ranks: pd.DataFrame, causes: list[str]) -> str:
    n = max(len(w.now.ranked), len(w.changes.new.ranked))
    scale = max(n - 1, 1)
    live, assumed = set(w.live["system_id"]), phrase("assumed|level")
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
        star = f' <span class="tag">{assumed}</span>' if r.system_id in live else ""
        parts = [float(getattr(r, c)) for c in causes]
        lines.append(
            [
                f"{escape(w.now.names.system(r.system_id))}{star}",
                f'<span class="ba" aria-hidden="true">{"".join(marks)}</span>',
                on_phone(phrase("nine of ten|ranks")) + arrow(said[0], said[1], far=False),
                on_phone(phrase("expected|rank"))
                + arrow(decimal(r.old_rank, 1), decimal(r.new_rank, 1), far=False),
                f"{on_phone(phrase('change|of rank'))}<b>{signed(sum(parts))}</b>",
                *(
                    f"{on_phone(phrase(CAUSE[c]))}{signed(part) if part else '0'}"
                    for c, part in zip(causes, parts, strict=True)
                ),
            ]
        )
    ends = f"<span>{ordinal(1)}</span><span>{ordinal(n)}</span>"
    drawn = phrase("Rank, drawn")
    axis = f'<span class="vh">{drawn}</span><span class="ax" aria-hidden="true">{ends}</span>'
    return table(
        phrase(
            "Rank intervals and expected ranks as they are and with the assumed levels, and what "
            "each change comes from"
        ),
        [
            phrase("System"),
            axis,
            phrase("Nine of ten|ranks"),
            phrase("Expected rank"),
            phrase(">Change|of rank"),
            *(phrase(_CHANGE[c]) for c in causes),
        ],
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
        phrase(
            "An assumed level counts as certain; what is not known stays not known: gaps, "
            "low-confidence levels and what each level is worth vary as on every page of this "
            "study. A scenario is no forecast: it says nothing of how likely the levels are, or of "
            "what else would change with them."
        )
    ]
    if n > 1:
        said.append(
            phrase(
                "Expected ranks rest on {draws} draws and are exact to {places} places; both sides "
                "start from the same seed. A share of the draws is exact to {points} points. Exact "
                "to: 19 of 20 repeats with other random numbers would differ by no more.",
                draws=grouped(r.draws),
                places=decimal(_exact_rank(w)),
                points=decimal(196 * r.error(), 1),
            )
        )
    said.append(
        phrase(
            "Two editions of a study are compared in the same way: {command}.",
            command="<code>mcanalysis changes OLD NEW</code>",
        )
    )
    told = "".join(f"<p>{each}</p>" for each in said)
    return block(w.now.study, f'<div class="told">{told}</div>')


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
