"""What a panel said: who was asked, the weights of all and of each group, what holds for all."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd

from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval, key
from mcanalysis.markup import Block, block, chain, figure, nothing, scrolling, table
from mcanalysis.tables.country import short_names
from mcanalysis.tables.notice import eyebrow, notice
from mcanalysis.tables.overview import claim_list
from mcanalysis.tables.robustness import named
from mcanalysis.texts import statement
from mcanalysis.weights.shown import LEAST
from mcanalysis.why.claims import Claim
from mcanalysis.why.heard import PARTS, Heard, Topic
from mcanalysis.why.judged import board_claim, never_behind, panel_claims, weight_claim
from mcanalysis.wording import capital, clauses, count, decimal, listed, percent, plural

SPREAD = (0.1, 0.9)
"""Quantiles of the judges' weights that a range shows."""
MOST_FACTORS = 8
"""Factors of a system that are listed."""
_QUADRANTS = {
    "strength": marked("strength"),
    "weakness": marked("weakness"),
    "opportunity": marked("opportunity"),
    "threat": marked("threat"),
}


def panel_head(heard: Heard) -> Block:
    """Say who was asked what."""
    a, topics = heard.a, [t.inside for t in heard.topics]
    topics += [
        phrase("the SWOT factors {system.of}", system=a.names.in_sentence(b.system))
        for b in heard.boards
    ]
    said = plural(
        a.judgements["stakeholder_id"].nunique(),
        "{judges} from one group",
        "{judges} from {n} groups",
        "{judges} from no groups",
        judges=plural(heard.judges, "one judge", "{n} judges"),
    )
    asked = phrase(
        "What the panel was asked about: {topics}.",
        topics=listed(topics) or phrase("nothing that can be weighed yet"),
    )
    whose = phrase(
        "Weights are opinions: this page shows whose they are, how far they agree, and what does "
        "not depend on them."
    )
    return block(
        a.study,
        f"{eyebrow(phrase('Panel report'), said)}{notice(a)}"
        f'<p class="standfirst">{escape(asked)} {escape(whose)}</p>',
    )


def panel_in_short(heard: Heard) -> Block:
    """Say in short what the panel gives weight, who agrees, and what holds whoever is asked."""
    return claim_list(heard.a, panel_claims(heard))


def panel_weights(heard: Heard) -> Block:
    """Show the weights of each topic: the whole panel, its spread over judges, and each group.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
    """
    if not heard.topics and not heard.boards:
        return nothing(phrase("Nothing that the panel was asked about can be weighed."))
    parts = [_weights(heard, t) for t in heard.topics]
    parts += [_factors(heard, place) for place in range(len(heard.boards))]
    return block(heard.a.study, "".join(parts))


def _weights(heard: Heard, t: Topic) -> str:
    own, order = t.found.judges, t.order
    low, high = np.quantile(own.loc[order.index].to_numpy(), SPREAD, axis=1)
    most = max(float(high.max()), float(order.max())) or 1.0
    rows = []
    for (item, weight), least, greatest in zip(order.items(), low, high, strict=True):
        drawn = interval(least / most, greatest / most, weight / most)
        groups = [percent(float(cell(t.weights, item, g))) for g in t.groups]
        rows.append([escape(t.name(item)), percent(float(weight)), drawn, *groups])
    spread = f'<span class="vh">{escape(phrase("Spread over the judges"))}</span>'
    head = [phrase("Item"), phrase(">All|judges"), spread]
    head += [f">{escape(heard.group(g))}" for g in t.groups]
    caption = phrase("Weights: {topic}", topic=t.inside)
    told = "" if t is heard.topics[0] else _told(heard, weight_claim(t))
    first = t.in_sentence(order.index[0])
    title = (
        phrase("{topic}: {item} has most weight", topic=t.title, item=first)
        if len(order) > 1
        else phrase("{topic}: {item} stands alone", topic=t.title, item=first)
    )
    what = [
        plural(
            len(own.columns),
            "Weight with the one judge (dot), on a scale up to {most}",
            "Weight with all {n} judges (dot), and where eight of ten of them lie (bar, up to "
            "{most})",
            most=percent(most),
        )
    ]
    if t.groups:
        what.append(phrase("then each group of {n} judges or more", n=count(LEAST)))
    content = scrolling(caption, table(caption, head, rows, "pan wgt"))
    return figure(title, clauses(*what), content) + told


def _told(heard: Heard, claim: Claim) -> str:
    return f'<div class="index-line told">{chain(claim, short_names(heard.a))}</div>'


def _factors(heard: Heard, place: int) -> str:
    board, a = heard.boards[place], heard.a
    coded = a.study.swot_factors.set_index("factor_id")["statement"]
    f = board.factors.sort_values("rank", kind="stable").rename(columns={"global": "share"})
    most = float(f["share"].max()) or 1.0
    rows = []
    for r in each_row(f.head(MOST_FACTORS)):
        quadrant = str(r.quadrant)
        letter = quadrant[0].upper()
        bar = f'<span class="bar" style="--v:{100 * r.share / most:.3g}" aria-hidden="true"></span>'
        factor = (
            f'<span class="sw {letter}" aria-hidden="true">{letter}</span> '
            f'<span class="vh">{escape(phrase(_QUADRANTS[quadrant]))}: </span>'
            f"{statement(str(coded[r.factor_id]))}"
        )
        rows.append([factor, percent(r.share), bar])
    name = a.names.in_sentence(board.system)
    rest = len(f) - len(rows)
    groups = listed(
        f"{phrase(PARTS[str(q)])} {percent(float(v))}"
        for q, v in board.groups["priority"].sort_values(ascending=False, kind="stable").items()
    )
    less = plural(rest, "{n} more factor has less.", "{n} more factors have less.", n=rest)
    head = [
        phrase("Factor|SWOT"),
        phrase(">Priority"),
        f'<span class="vh">{escape(phrase("Bar"))}</span>',
    ]
    return figure(
        phrase("SWOT factors {system.of}: {groups}", system=name, groups=groups),
        plural(
            len(board.judges),
            "Priority of each factor among all {total}, one judge",
            "Priority of each factor among all {total}, {n} judges",
            total=len(f),
        ),
        table(phrase("Priorities of the SWOT factors {system.of}", system=name), head, rows,
              "pan fac"),
        f"<p class=note>{escape(less)}</p>" if rest > 0 else "",
    ) + _told(heard, board_claim(heard, board))  # fmt: skip


def panel_holds(heard: Heard) -> Block:
    """Show which conclusions on systems hold under every group's weights.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
        Rank intervals of each system by group, and how many systems it is surely ahead of, and
        behind, for all groups.
    """
    held = heard.held_by_all()
    if held is None:
        return nothing(
            phrase(
                "No two groups of {n} judges or more gave weights to the dimensions.",
                n=count(LEAST),
            )
        )
    a, n = heard.a, len(held)
    settled, pairs = int(held.to_numpy().sum()), n * (n - 1) // 2
    ahead, behind = held.sum(axis=1), held.sum(axis=0)
    rows = []
    for s in a.ranked:
        cells = [_ranks(row_of(r.table, s), n) for r in heard.rankings.values()]
        rows.append([named(a, s), *cells, str(int(ahead[s])), str(int(behind[s]))])
    head = [
        phrase("System"),
        *(escape(heard.group(g)) for g in heard.rankings),
        phrase(">Ahead of, for all"),
        phrase(">Behind, for all"),
    ]
    lead = never_behind(heard)
    title = [
        plural(
            settled,
            "One of {pairs} pairs of systems is settled under every group's weights",
            "{n} of {pairs} pairs of systems are settled under every group's weights",
            "None of {pairs} pairs of systems are settled under every group's weights",
            n=capital(count(settled)),
            pairs=pairs,
        )
    ]
    if lead:
        title.append(
            plural(
                len(lead),
                "{systems} is surely behind nobody",
                "{systems} are surely behind nobody",
                systems=listed(a.names.in_sentence(s) for s in lead),
            )
        )
    caption = phrase("Ranks of the systems under the weights of each group")
    return block(
        a.study,
        figure(
            clauses(*title),
            phrase(
                "Ranks in nine of ten draws, weights varying as the judges of a group do (1 is "
                "best); then how many systems each is surely ahead of, and surely behind, "
                "whichever group is asked"
            ),
            key(phrase("bar: 90% of the draws"), phrase("dot: median rank")),
            scrolling(caption, table(caption, head, rows, "pan hold")),
        ),
    )


def _ranks(row: pd.Series, n: int) -> str:
    best, middle, worst = (float(row[k]) for k in ("best_rank", "median_rank", "worst_rank"))
    low, high, dot = ((rank - 1) / max(n - 1, 1) for rank in (best, worst, middle))
    drawn = interval(low, high, dot)
    return f'<span class="rk">{drawn}<span class="rg">{_range(best, worst)}</span></span>'


def _range(best: float, worst: float) -> str:
    ends = decimal(best, None), decimal(worst, None)
    return ends[0] if best == worst else "–".join(ends)
