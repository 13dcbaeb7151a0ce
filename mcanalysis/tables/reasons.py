"""What the ranks hang on: the priorities that put a system first, the uncertainty that matters."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_indexed
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval, key
from mcanalysis.markup import Block, block, figure, nothing, scrolling, table
from mcanalysis.robustness import central_priorities
from mcanalysis.tables.robustness import TOO_FEW, by_mean_rank, named, whole
from mcanalysis.texts import strong
from mcanalysis.why.robust import KINDS, centre_in_words, split_error, variation
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed,
    listed_some,
    percent,
    percent_to,
    plural,
)

SUPPORTED = 0.01
"""Systems that are first in this share of the draws are asked what puts them there."""
LEANING = 1.25
"""A dimension that counts this many times as much as at the start is what a supporter leans on."""
MARKED = {"weights": "c3", "values": "c1", "gaps": "c2", "confidence": "c4", "together": "c0"}
"""How the parts of a bar are told apart."""
_MATTERS = {
    "weights": marked("priorities matter most for {some} of {ranks}"),
    "values": marked("worth of levels matters most for {some} of {ranks}"),
    "gaps": marked("gaps matter most for {some} of {ranks}"),
    "confidence": marked("low confidence matters most for {some} of {ranks}"),
}


def supporters(a: Analysis) -> Block:
    """Show with which weights a system is first, how often, and how sure it would be with them.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        For the systems that are first in at least 1 % of the draws.
    """
    if len(a.ranked) < 2:
        return nothing(phrase(TOO_FEW))
    if "weights" not in a.ranking.vary:
        return nothing(phrase("Weights are not varied: the same weights stand behind every rank."))
    sure = a.typical.sort_values("first_share", ascending=False, kind="stable")
    some = [str(s) for s in sure.index[sure["first_share"] >= SUPPORTED]] or [str(sure.index[0])]
    start = central_priorities(a.ranking.weights, a.dimensions)
    central = a.ranking.central.loc[some]
    scale = max(float(central.to_numpy().max()), float(start.max())) or 1.0
    rows: list[Sequence[str]] = [
        [strong(phrase("**First in**")), *(
            _plus_minus(cell(sure, s, "first_share"), cell(sure, s, "error")) for s in some
        )],
        [strong(phrase("**First with these weights**")), *(
            _plus_minus(cell(sure, s, "confidence_factor"), cell(sure, s, "confidence_error"))
            for s in some
        )],
    ]  # fmt: skip
    for d in a.dimensions:
        bars = [
            f'<span class="wt">{interval(0, cell(central, s, d) / scale, tick=start[d] / scale)}'
            f"<span>{whole(cell(central, s, d))}</span></span>"
            for s in some
        ]
        rows.append([escape(a.names.dimension(d)), *bars])
    rest = sure.drop(index=some)
    title = _leanings(a, central, start)
    head = [phrase("Of the draws"), *(escape(a.names.system(s)) for s in some)]
    caption = phrase("Weights of a typical supporter of each system, in per cent")
    meaning = phrase(
        "First with these weights (confidence factor): how often the system is first when its "
        "supporters' mean weights are kept and all else is drawn. Where that is low, even those "
        "who would choose it cannot be sure of their choice."
    )
    exact = phrase("After ±: 19 of 20 repeats with other random numbers lie within")
    exact = clauses(exact, _within(a.ranking.central_error.loc[some]))
    note = " ".join([*_others(rest["first_share"]), meaning, exact])
    return block(
        a.study,
        figure(
            title,
            phrase(
                "Mean weights, in per cent, over the draws in which each system is first; tick: "
                "{weights}",
                weights=centre_in_words(a.ranking),
            ),
            scrolling(
                caption,
                table(caption, head, rows, "wts"),
            ),
            f"<p class=note>{escape(note, quote=False)}</p>",
        ),
        title,
    )


def _others(first: pd.Series) -> list[str]:
    """Say how often the other systems are first, as no sentence or one."""
    sometimes = int((first > 0).sum())
    parts = []
    if sometimes:
        now_and_then = plural(
            sometimes,
            "one other system is first in {share} of the draws",
            "{n} other systems are first in {share} of the draws together",
            share=percent(float(first.sum())),
        )
        parts.append(now_and_then)
    if len(first) > sometimes:
        never = plural(len(first) - sometimes, "one system never is", "{n} systems never are")
        parts.append(never)
    return [f"{capital(', '.join(parts))}."] if parts else []


def _within(errors: pd.DataFrame) -> str:
    """Say how exact mean weights are at least, in points of 100."""
    worst = errors.to_numpy(float)
    if np.isnan(worst).any():
        return phrase("mean weights differ by at most an unknown margin.")
    return phrase(
        "mean weights differ by at most {points} points.",
        points=decimal(ceil(round(1960 * float(worst.max()), 6)) / 10, 1),
    )


def _plus_minus(share: float, error: float) -> str:
    off = ceil(round(1960 * error, 6)) / 10
    more = f' <span class="pm-e">± {decimal(off, 1)}</span>' if off else ""
    return f"<b>{percent_to(share, 1)}</b>{more}"


def _leanings(a: Analysis, central: pd.DataFrame, start: pd.Series) -> str:
    """Say on which dimension the supporters of each system lean most."""
    leaning: dict[str, list[str]] = {}
    for s, weights in each_indexed(central):
        d = str((weights - start).idxmax())
        lean = d if weights[d] >= LEANING * start[d] else ""
        leaning.setdefault(lean, []).append(a.names.in_sentence(s))
    parts = [
        plural(
            len(names),
            "{systems} is first where {dimension} counts more than usual",
            "{systems} are first where {dimension} counts more than usual",
            systems=listed_some(names, 4),
            dimension=a.names.dimension(d).inside,
        )
        for d, names in leaning.items()
        if d
    ]
    if "" in leaning:
        anyway = plural(
            len(leaning[""]),
            "{systems} needs no special priorities to be first",
            "{systems} need no special priorities to be first",
            systems=listed_some(leaning[""], 4),
        )
        parts.insert(0, anyway)
    return capital(clauses(*parts))


def what_matters(a: Analysis) -> Block:
    """Show how much of the variation of each rank comes from which uncertainty.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        A bar per system: what each kind explains alone, and what only combinations do.
    """
    if len(a.ranked) < 2:
        return nothing(phrase(TOO_FEW))
    kinds = [k for k in KINDS if k in a.ranking.vary]
    if len(kinds) < 2:
        return nothing(
            phrase("Fewer than two kinds of uncertainty are varied: nothing to compare.")
        )
    split = variation(a)
    if split.empty:
        return nothing(phrase("No rank varies."))
    split = split.reindex([s for s in by_mean_rank(a) if s in split.index])
    rows = [[named(a, s), _bar({str(k): float(v) for k, v in r.items()})]
            for s, r in each_indexed(split)]  # fmt: skip
    lead = split[kinds].idxmax(axis=1).value_counts()
    (first, most), *then = ((str(k), int(v)) for k, v in lead.items())
    ranks = plural(len(split), "one rank", "{n} ranks")
    title = capital(phrase(_MATTERS[first], some=count(most), ranks=ranks))
    if then:
        others = (phrase("{kind} for {some}", kind=_part(k), some=count(v)) for k, v in then)
        title += f", {listed(others)}"
    caption = phrase("What the variation of each rank comes from, in per cent")
    note = phrase(
        "Sobol indices of first order; typically exact to {points} points. Estimates below 0, "
        "which chance alone can give, are drawn as 0. Numbers are left out of parts under 8%.",
        points=decimal(100 * split_error(a), 1),
    )
    return block(
        a.study,
        figure(
            title,
            phrase(
                "Share of the variance of each rank that each kind of uncertainty explains alone; "
                "together: what only their combinations explain"
            ),
            key(*(f'<span class="sc"><i class="{MARKED[k]}"></i> {_part(k)}</span>'
                  for k in (*kinds, "together"))),
            table(
                caption, [phrase("System"), phrase("Per cent of the variation")], rows, "split"
            ),
            f"<p class=note>{note}</p>",
        ),
        title,
    )  # fmt: skip


def _part(kind: str) -> str:
    return phrase(KINDS[kind]) if kind in KINDS else phrase("together|uncertainties")


def _bar(parts: dict[str, float]) -> str:
    drawn = "".join(
        f'<span class="{MARKED[k]}" style="flex:{v:.4f}">{whole(v) if v >= 0.08 else ""}</span>'
        for k, v in parts.items()
        if v >= 0.001
    )
    spoken = ", ".join(f"{_part(k)} {100 * v:.0f}" for k, v in parts.items())
    return f'<span class="parts" aria-hidden="true">{drawn}</span><span class="vh">{spoken}</span>'
