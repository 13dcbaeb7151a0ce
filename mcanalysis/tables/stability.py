"""How far weights can move, what to research next, and which choice of method breaks what."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_indexed, each_row, row_of
from mcanalysis.marks import fact_meta, interval
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.multiverse import breaking_options, choices
from mcanalysis.robustness import research_list, smallest_flips, weight_stability
from mcanalysis.tables.robustness import TOO_FEW, by_mean_rank
from mcanalysis.why.methods import option_in_words, tried_weights
from mcanalysis.why.robust import centre_in_words, leaders, moved_in_words, points
from mcanalysis.wording import capital, count, counted, listed, listed_some, lower_first, percent

RESEARCHED = 10
"""Cells on the list of what to research."""
ALMOST = 2
"""Systems that lack no more dimensions than this to be ranked are listed."""


def weight_room(a: Analysis) -> Block:
    """Show between which ends each weight can move before systems change places.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        Drawn for the first place where one system has it, and said for the whole order.
    """
    if len(a.ranked) < 2:
        return nothing(TOO_FEW)
    order = weight_stability(a.evidence, a.ranked, a.ranking.weights)
    first = leaders(a)
    top = first[0] if len(first) == 1 else None
    drawn = weight_stability(a.evidence, a.ranked, a.ranking.weights, top) if top else order
    ends = [v for v in (*drawn["lower"], *drawn["upper"]) if v < 1]
    scale = min(1.0, 1.15 * max(*ends, *drawn["weight"]))
    rows = []
    for d, r in each_indexed(drawn):
        whole = row_of(order, d)
        mark = interval(r["lower"] / scale, min(r["upper"] / scale, 1), r["weight"] / scale)
        own = [] if top is None else [f"{mark}<span class=lab>{_first_ends(a, r)}</span>"]
        full = f"{_share(whole['lower'])} to {_share(whole['upper'])}"
        rows.append(
            [
                escape(a.names.dimension(d)),
                f"{100 * r['weight']:.1f}%",
                *own,
                f"{'' if top else mark}{full}<span class=lab>{_swaps(a, whole)}</span>",
            ]
        )
    free = int(((drawn["lower"] <= 0) & (drawn["upper"] >= 1)).sum())
    swap = _first_swap(order)
    title = f"{swap} lets some two systems change places" if swap else "The order always stays"
    if top:
        who = capital(a.names.in_sentence(top))
        title = (
            f"{who} stays first whatever the weight of {count(free, 'no')} of "
            f"{counted(len(drawn), 'dimension')}"
        )
        title += f"; yet {lower_first(swap)} lets some two systems change places" if swap else ""
    head = ["Dimension", ">Weight now",
            *([f"{escape(capital(a.names.in_sentence(top)))} stays first"] if top else []),
            "The whole order stays"]  # fmt: skip
    caption = "Interval in which each weight can move"
    clipped = (
        f" Drawn from 0 to {percent(scale)}; a bar that reaches the right end goes on to 100%."
        if scale < 1
        else ""
    )
    return block(
        a.study,
        figure(
            title,
            "One weight moves, the others keep their proportions; dot: "
            f"{centre_in_words(a.ranking)}",
            table(caption, head, rows, "room" if top else "room one"),
            f"<p class=note>By the index over the evidence present, levels in equal steps. Systems "
            f"that are level now are left out: any move parts them.{clipped}</p>",
        ),
        title,
    )


def _first_swap(order: pd.DataFrame) -> str:
    """Say how far one weight must move for some two systems to change places; else nothing."""
    down = (order["weight"] - order["lower"]).where(order["lower_pair"] != "")
    up = (order["upper"] - order["weight"]).where(order["upper_pair"] != "")
    room = pd.concat([down, up], axis=1).min(axis=1).dropna()
    if room.empty:
        return ""
    least, most = float(room.min()), float(room.max())
    said = points(most)
    return f"A move of {said if least == most else f'{100 * least:.1f} to {said}'}"


def _share(value: float) -> str:
    return percent(value) if value in (0, 1) else f"{100 * value:.1f}%"


def _first_ends(a: Analysis, r: pd.Series) -> str:
    """Say beyond which weights who takes the first place."""
    if r["lower"] <= 0 and r["upper"] >= 1:
        return "First whatever it is"
    ends = [
        f"{side} {_share(r[end])}, "
        f"{escape(a.names.in_sentence(str(r[pair]).split(';')[1]))} is first"
        for end, pair, side in (
            ("lower", "lower_pair", "below"), ("upper", "upper_pair", "above"))
        if r[pair]
    ]  # fmt: skip
    return capital("; ".join(ends))


def _swaps(a: Analysis, r: pd.Series) -> str:
    """Say which two systems change places first on either side."""
    said = []
    for pair, side in (("lower_pair", "below"), ("upper_pair", "above")):
        if r[pair]:
            ahead, behind = (a.names.in_sentence(s) for s in str(r[pair]).split(";"))
            said.append(f"{side}, {escape(behind)} passes {escape(ahead)}")
    return capital("; ".join(said)) or "No pair changes places"


def lead_ends(a: Analysis) -> Block:
    """Show for neighbours in the ranking the smallest change of weights that ends the lead.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    if len(a.ranked) < 2:
        return nothing(TOO_FEW)
    flips = smallest_flips(a.evidence, a.ranked, a.ranking.weights)
    at = {frozenset((f.ahead, f.behind)): f for f in each_row(flips)}
    pairs = list(pairwise(by_mean_rank(a)))
    moves = [0.0 if (f := at.get(frozenset(p))) is None else float(f.moved) for p in pairs]
    scale = max((m for m in moves if m > 0), default=1.0)
    rows = [_neighbours(a, one, at.get(frozenset((one, other))), other, scale)
            for one, other in pairs]  # fmt: skip
    half = float(np.median(np.nan_to_num(moves, nan=np.inf)))
    title = (
        f"Half of the {count(len(pairs))} pairs of neighbours in the ranking change places once "
        f"{points(half)} of weight (of 100) move"
        if len(pairs) > 2 and np.isfinite(half)
        else "Some neighbours in the ranking keep their order under all weights"
        if np.isnan(moves).any()
        else f"Neighbours in the ranking change places once {points(max(moves))} of weight move"
    )
    return block(
        a.study,
        figure(
            title,
            f"Least weight, in points of 100, that must move from some dimensions to another; "
            f"start: {centre_in_words(a.ranking)}",
            table(
                "Smallest change of weights that ends the lead between neighbours",
                ["Neighbours by mean rank", '<span class="vh">Bar</span>', ">Weight that moves",
                 "Where"],
                rows,
                "ends",
            ),
            "<p class=note>On the dimensions that both have evidence on, levels in equal steps. "
            "Weight goes where the other leads most and comes from where it lags most.</p>",
        ),
        title,
    )  # fmt: skip


def _neighbours(a: Analysis, one: str, flip: Any, other: str, scale: float) -> list[str]:
    name = a.names.in_sentence
    if flip is None:
        both = escape(capital(f"{name(one)} and {name(other)}"))
        return [both, "", "0 points", "Level as it is"]
    pair = escape(capital(f"{name(flip.ahead)} ahead of {name(flip.behind)}"))
    if flip.ahead != one:
        pair += " <span class=lab>though behind it in the mean of all draws</span>"
    if pd.isna(flip.moved):
        return [pair, "", "none", "Ahead under all weights: nowhere lower where both have evidence"]
    share = 100 * flip.moved / scale
    bar = f'<span class="bar" style="--v:{share:.4g}" aria-hidden="true"></span>'
    where = capital(moved_in_words(a, flip.sources, flip.to))
    return [pair, bar, points(flip.moved), escape(where)]


def research_table(a: Analysis) -> Block:
    """Show the gaps and doubtful levels that would narrow the ranks most, and who is almost ranked.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    found = research_list(a.evidence, a.ranking, a.replay) if len(a.ranked) > 1 else pd.DataFrame()
    html = f"{_to_research(a, found)}{_almost_ranked(a)}"
    return block(a.study, html) if html else nothing("No gap or doubtful level is varied.")


def _to_research(a: Analysis, found: pd.DataFrame) -> str:
    if found.empty:
        return ""
    questions = a.study.dimensions.set_index("dimension_id")["question"]
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    top = found.head(RESEARCHED)
    most = float(top["own"].max()) or 1.0
    rows = []
    for r, share in zip(each_row(top), top["all"], strict=True):
        system, dimension = str(r.system_id), str(r.dimension_id)
        fact = facts.get((system, dimension))
        now = "no evidence found" if fact is None else f"level {fact.level} {fact_meta(fact)}"
        bar = f'<span class="bar" style="--v:{100 * r.own / most:.4g}" aria-hidden="true"></span>'
        rows.append(
            [
                f"<b>{escape(a.names.system(system))}</b>, "
                f"{escape(a.names.dimension(dimension).inside)}"
                f'<span class="qq">{escape(str(questions[dimension]))}</span>',
                now,
                bar,
                percent(r.own),
                f"{100 * share:.1f}%",
            ]
        )
    one = top.iloc[0]
    title = (
        f"Most would be won by knowing {a.names.dimension(str(one['dimension_id'])).inside} in "
        f"{a.names.in_sentence(str(one['system_id']))}: {percent(float(one['own']))} of the "
        "uncertainty of its rank"
    )
    return figure(
        title,
        f"The {count(len(top))} that would narrow all ranks together most, of {len(found)} gaps "
        "and doubtful levels of the ranked systems",
        table(
            "Gaps and doubtful levels most worth researching",
            ["What to find out", "Now", '<span class="vh">Bar</span>', ">Narrows its rank by",
             ">All ranks by"],
            rows,
            "todo-t",
        ),
        "<p class=note>Share of the variance of the rank, and of all ranks together, that would go "
        "on average if the level were known.</p>",
    )  # fmt: skip


def _almost_ranked(a: Analysis) -> str:
    least = a.ranking.min_dimensions
    some = a.ranking.unranked
    some = some[(some["dimensions"] >= least - ALMOST) & (some["dimensions"] < least)]
    if some.empty:
        return ""
    some = some.sort_values("dimensions", ascending=False, kind="stable")
    levels = a.evidence.levels
    rows = []
    for s, r in each_indexed(some):
        gaps = [a.names.short(d).inside for d in a.dimensions if pd.isna(cell(levels, s, d))]
        rows.append(
            [
                escape(a.names.system(s)),
                f"{r['dimensions']:g}",
                f"{least - r['dimensions']:g}",
                escape(listed(gaps)),
            ]
        )
    one = int((some["dimensions"] == least - 1).sum())
    title = f"{capital(counted(len(some), 'system'))} would be ranked with evidence on "
    title += f"{'one or two dimensions' if one < len(some) else 'one dimension'} more"
    return figure(
        title,
        f"{least} of {len(a.dimensions)} dimensions are needed; any of the gaps will do",
        table(
            "Systems that are almost ranked",
            ["System", ">With evidence", ">Missing", "Gaps"],
            rows,
            "almost",
        ),
    )


def what_breaks(a: Analysis) -> Block:
    """Show under which option of method each conclusion fails most often.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        With a panel its weights are one more choice.
    """
    if len(a.ranked) < 3:
        return nothing("Fewer than three systems are ranked.")
    extra = tried_weights(a)
    tried = choices(a, extra)
    broken = breaking_options(a, tried)
    broken = broken[broken["share"] < broken["otherwise"]]
    rows = []
    for said, some in broken.groupby("conclusion", sort=False):
        worst = some[some["share"] == some["share"].min()]
        one = worst.iloc[0]
        where = [option_in_words(a, str(w.choice), str(w.option)) for w in each_row(worst)]
        rows.append(
            [
                escape(str(said)),
                escape(capital(listed_some(where, 2))),
                f"{one['holds']} of {one['of']}",
                percent(float(one["otherwise"])),
            ]
        )
    if not rows:
        return nothing("Every conclusion holds under every choice of method.")
    by_choice = broken.drop_duplicates("conclusion")["choice"].value_counts()
    names = {"values": "the worth of levels", "gaps": "the treatment of gaps",
             "weights": "the choice of weights", "normalisation": "the normalisation",
             "aggregation": "the aggregation"}  # fmt: skip
    title = (
        f"{capital(names[str(by_choice.index[0])])} breaks {count(int(by_choice.iloc[0]))} of "
        f"{counted(len(rows), 'conclusion')} that can fail"
    )
    what = f" The weights of {next(iter(extra))} are one more choice here." if extra else ""
    return block(
        a.study,
        figure(
            title,
            "For each conclusion that does not always hold, the one option with which it holds "
            f"least often.{what}",
            table(
                "Option of method with which each conclusion holds least often",
                ["Conclusion", "Fails most often with", ">Holds there", ">Elsewhere"],
                rows,
                "breaks",
            ),
        ),
        title,
    )
