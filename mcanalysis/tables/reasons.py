"""What the ranks hang on: the priorities that put a system first, the uncertainty that matters."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_indexed
from mcanalysis.marks import interval, key
from mcanalysis.markup import Block, block, figure, nothing, scrolling, table
from mcanalysis.robustness import central_priorities, confidence_table
from mcanalysis.tables.robustness import TOO_FEW, by_mean_rank, named, whole
from mcanalysis.why.robust import KINDS, centre_in_words, split_error, variation
from mcanalysis.wording import capital, count, counted, listed, listed_some, percent

SUPPORTED = 0.01
"""Systems that are first in this share of the draws are asked what puts them there."""
LEANING = 1.25
"""A dimension that counts this many times as much as at the start is what a supporter leans on."""
MARKED = {"weights": "c3", "values": "c1", "gaps": "c2", "confidence": "c4", "together": "c0"}
"""How the parts of a bar are told apart."""


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
        return nothing(TOO_FEW)
    if "weights" not in a.ranking.vary:
        return nothing("Weights are not varied: the same weights stand behind every rank.")
    sure = confidence_table(a.evidence, a.ranking)
    sure = sure.sort_values("first_share", ascending=False, kind="stable")
    some = [str(s) for s in sure.index[sure["first_share"] >= SUPPORTED]] or [str(sure.index[0])]
    start = central_priorities(a.ranking.weights, a.dimensions)
    central = a.ranking.central.loc[some]
    scale = max(float(central.to_numpy().max()), float(start.max())) or 1.0
    rows: list[Sequence[str]] = [
        ["<b>First in</b>", *(
            _plus_minus(cell(sure, s, "first_share"), cell(sure, s, "error")) for s in some
        )],
        ["<b>First with these weights</b>", *(
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
    now_and_then = rest.index[rest["first_share"] > 0]
    never = len(rest) - len(now_and_then)
    parts = [
        *(
            [f"{counted(len(now_and_then), 'other system')} "
             f"{'is' if len(now_and_then) == 1 else 'are'} first in "
             f"{percent(float(rest['first_share'].sum()))} of the draws "
             f"{'' if len(now_and_then) == 1 else 'together'}".rstrip()]
            if len(now_and_then) else []
        ),
        *([f"{counted(never, 'system')} never {'is' if never == 1 else 'are'}"] if never else []),
    ]  # fmt: skip
    rest_said = f"{capital(', '.join(parts))}. " if parts else ""
    title = _leanings(a, central, start)
    head = ["Of the draws", *(escape(a.names.system(s)) for s in some)]
    caption = "Weights of a typical supporter of each system, in per cent"
    return block(
        a.study,
        figure(
            title,
            f"Mean weights, in per cent, over the draws in which each system is first; tick: "
            f"{centre_in_words(a.ranking)}",
            scrolling(
                caption,
                table(caption, head, rows, "wts"),
            ),
            f"<p class=note>{rest_said}First with these weights (confidence factor): how often the "
            "system is first when its supporters' mean weights are kept and all else is drawn. "
            "Where that is low, even those who would choose it cannot be sure of their choice. "
            "After ±: 19 of 20 repeats with other random numbers lie within; mean weights differ "
            f"by at most {_within(a.ranking.central_error.loc[some])}.</p>",
        ),
        title,
    )


def _within(errors: pd.DataFrame) -> str:
    """Say how exact mean weights are at least, in points of 100."""
    worst = errors.to_numpy(float)
    if np.isnan(worst).any():
        return "an unknown margin"
    return f"{ceil(round(1960 * float(worst.max()), 6)) / 10:.1f} points"


def _plus_minus(share: float, error: float) -> str:
    off = ceil(round(1960 * error, 6)) / 10
    more = f' <span class="pm-e">± {off:.1f}</span>' if off else ""
    return f"<b>{100 * share:.1f}%</b>{more}"


def _leanings(a: Analysis, central: pd.DataFrame, start: pd.Series) -> str:
    """Say on which dimension the supporters of each system lean most."""
    leaning: dict[str, list[str]] = {}
    for s, weights in each_indexed(central):
        d = str((weights - start).idxmax())
        lean = d if weights[d] >= LEANING * start[d] else ""
        leaning.setdefault(lean, []).append(a.names.in_sentence(s))
    parts = [
        f"{listed_some(names, 4)} {'is' if len(names) == 1 else 'are'} first where "
        f"{a.names.dimension(d).inside} counts more than usual"
        for d, names in leaning.items()
        if d
    ]
    if "" in leaning:
        need = "needs" if len(leaning[""]) == 1 else "need"
        parts.insert(0, f"{listed_some(leaning[''], 4)} {need} no special priorities to be first")
    return capital("; ".join(parts))


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
        return nothing(TOO_FEW)
    kinds = [k for k in KINDS if k in a.ranking.vary]
    if len(kinds) < 2:
        return nothing("Fewer than two kinds of uncertainty are varied: nothing to compare.")
    split = variation(a)
    if split.empty:
        return nothing("No rank varies.")
    split = split.reindex([s for s in by_mean_rank(a) if s in split.index])
    rows = [[named(a, s), _bar({str(k): float(v) for k, v in r.items()})]
            for s, r in each_indexed(split)]  # fmt: skip
    lead = split[kinds].idxmax(axis=1).value_counts()
    n = len(split)
    first, *then = (f"{KINDS[str(k)]} for {count(int(v))}" for k, v in lead.items())
    head, _, rest = first.partition(" for ")
    verb = "matter" if lead.index[0] in ("weights", "gaps") else "matters"
    title = f"{capital(head)} {verb} most for {rest} of {counted(n, 'rank')}"
    title += f", {listed(then)}" if then else ""
    caption = "What the variation of each rank comes from, in per cent"
    return block(
        a.study,
        figure(
            title,
            "Share of the variance of each rank that each kind of uncertainty explains alone; "
            "together: what only their combinations explain",
            key(*(f'<span class="sc"><i class="{MARKED[k]}"></i> {_part(k)}</span>'
                  for k in (*kinds, "together"))),
            table(caption, ["System", "Per cent of the variation"], rows, "split"),
            f"<p class=note>Sobol indices of first order; typically exact to "
            f"{100 * split_error(a):.1f} points. Estimates below 0, which chance alone can give, "
            "are drawn as 0. Numbers are left out of parts under 8%.</p>",
        ),
        title,
    )  # fmt: skip


def _part(kind: str) -> str:
    return KINDS.get(kind, kind)


def _bar(parts: dict[str, float]) -> str:
    drawn = "".join(
        f'<span class="{MARKED[k]}" style="flex:{v:.4f}">{whole(v) if v >= 0.08 else ""}</span>'
        for k, v in parts.items()
        if v >= 0.001
    )
    spoken = ", ".join(f"{_part(k)} {100 * v:.0f}" for k, v in parts.items())
    return f'<span class="parts" aria-hidden="true">{drawn}</span><span class="vh">{spoken}</span>'
