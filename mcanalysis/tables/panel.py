"""What a panel said: weights by group, agreement, contradictions, and what holds for all."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.marks import interval, key
from mcanalysis.markup import Block, block, chain, figure, nothing, scrolling, table
from mcanalysis.panels.groups import LEAST
from mcanalysis.tables.country import short_names
from mcanalysis.tables.notice import notice
from mcanalysis.tables.overview import claim_list
from mcanalysis.tables.robustness import named
from mcanalysis.why.claims import Claim
from mcanalysis.why.heard import CONSISTENT, MOST_REPAIRED, Heard, Topic
from mcanalysis.why.judged import (
    PLAIN,
    alike,
    board_claim,
    never_behind,
    panel_claims,
    weight_claim,
)
from mcanalysis.wording import capital, clause, count, counted, listed, lower_first, percent

SPREAD = (0.1, 0.9)
"""Quantiles of the judges' weights that a range shows."""
MOST_FACTORS = 8
"""Factors of a system that are listed."""


def panel_head(heard: Heard) -> Block:
    """Say who was asked what."""
    a, topics = heard.a, [lower_first(t.title) for t in heard.topics]
    topics += [f"the SWOT factors of {a.names.in_sentence(b.system)}" for b in heard.boards]
    groups = a.judgements["stakeholder_id"].nunique()
    said = f"{counted(heard.judges, 'judge')} from {counted(groups, 'group')}"
    asked = listed(topics) or "nothing that can be weighed yet"
    return block(
        a.study,
        f'<p class="eyebrow">Panel report <span>{said}</span></p>{notice(a)}'
        f'<p class="standfirst">What the panel was asked about: {escape(asked)}. Weights are '
        "opinions: this page shows whose they are, how far they agree, and what does not depend on "
        "them.</p>",
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
        return nothing("Nothing that the panel was asked about can be weighed.")
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
        rows.append([escape(t.names[str(item)]), percent(float(weight)), drawn, *groups])
    n = counted(len(own.columns), "judge")
    head = ["Item", ">All", '<span class="vh">Spread over the judges</span>']
    head += [f">{escape(heard.group(g))}" for g in t.groups]
    content = table(f"Weights: {lower_first(t.title)}", head, rows, "pan wgt")
    told = "" if t is heard.topics[0] else _told(heard, weight_claim(t))
    title = (
        f"{t.names[str(order.index[0])]} has most weight"
        if len(order) > 1
        else f"{t.names[str(order.index[0])]} stands alone"
    )
    return (
        figure(
            f"{t.title}: {lower_first(title)}",
            f"Weight with all {n} (dot), and where eight of ten of them lie (bar, up to "
            f"{percent(most)})"
            + (f"; then each group of {count(LEAST)} judges or more" if t.groups else ""),
            scrolling(f"Weights: {lower_first(t.title)}", content),
        )
        + told
    )


def _told(heard: Heard, claim: Claim) -> str:
    return f'<div class="index-line told">{chain(claim, short_names(heard.a))}</div>'


def _factors(heard: Heard, place: int) -> str:
    board, a = heard.boards[place], heard.a
    coded = a.study.swot_factors.set_index("factor_id")["statement"]
    f = board.factors.sort_values("rank", kind="stable").rename(columns={"global": "share"})
    most = float(f["share"].max()) or 1.0
    rows = [
        [
            f'<span class="sw {str(r.quadrant)[0].upper()}" aria-hidden="true">'
            f"{str(r.quadrant)[0].upper()}</span> "
            f'<span class="vh">{r.quadrant}: </span>{escape(str(coded[r.factor_id]))}',
            percent(r.share),
            f'<span class="bar" style="--v:{100 * r.share / most:.3g}" aria-hidden="true"></span>',
        ]
        for r in each_row(f.head(MOST_FACTORS))
    ]
    name = a.names.in_sentence(board.system)
    rest = len(f) - len(rows)
    groups = listed(
        f"{_QUADRANTS[str(q)]} {percent(float(v))}"
        for q, v in board.groups["priority"].sort_values(ascending=False, kind="stable").items()
    )
    caption = f"Priorities of the SWOT factors of {name}"
    note = f"<p class=note>{rest} more factors have less.</p>" if rest > 0 else ""
    return figure(
        f"SWOT factors of {name}: {groups}",
        f"Priority of each factor among all {len(f)}, {counted(len(board.judges), 'judge')}",
        table(caption, ["Factor", ">Priority", '<span class="vh">Bar</span>'], rows, "pan fac"),
        note,
    ) + _told(heard, board_claim(heard, board))


_QUADRANTS = {
    "strength": "strengths",
    "weakness": "weaknesses",
    "opportunity": "opportunities",
    "threat": "threats",
}


def panel_splits(heard: Heard) -> Block:
    """Show on which items groups differ, and whether that is more than chance.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
    """
    parts = []
    for t in heard.topics:
        if t.splits is None or t.splits.empty:
            continue
        rows = [
            [
                escape(t.names[str(item)]),
                f"{escape(heard.group(str(r['highest_group'])))} "
                f"<b>{percent(float(r['highest']))}</b>",
                f"{escape(heard.group(str(r['lowest_group'])))} "
                f"<b>{percent(float(r['lowest']))}</b>",
                f"{100 * float(r['gap']):.0f}",
                "–" if pd.isna(r["between"]) else percent(float(r["between"])),
                "–" if pd.isna(r["chance"]) else f"{float(r['chance']):.3f}",
            ]
            for item, r in t.splits.iterrows()
        ]
        head = ["Item", "Most weight with", "Least weight with", ">Gap, points",
                ">Between groups", ">Chance"]  # fmt: skip
        first = t.names[str(t.splits.index[0])]
        plain = int((t.splits["chance"] <= PLAIN).sum())
        many = count(len(t.splits))
        told = f"all {many}" if plain == len(t.splits) else f"{count(plain)} of {many}"
        parts.append(
            figure(
                f"{t.title}: groups differ most on {lower_first(first)}; "
                f"{told} items divide them more than chance would",
                "Between groups: share of the differences among judges that lies between their "
                "groups; chance: how often judges put into groups at random are so divided on some "
                "item",
                scrolling(
                    f"Where groups differ: {lower_first(t.title)}",
                    table(f"Where groups differ: {lower_first(t.title)}", head, rows, "pan spl"),
                ),
            )
        )
    if not parts:
        return nothing("No two groups of five judges or more answered on the same topic.")
    return block(heard.a.study, "".join(parts))


def panel_agreement(heard: Heard) -> Block:
    """Show for each topic how far the judges agree.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
    """
    rows, known = [], []
    for title, found in heard.parts():
        c, w = found.consensus.consensus, found.concordance
        if np.isnan(c) or w is None:
            continue
        known.append((title, c))
        order = "–" if np.isnan(w.w) else f"{w.w:.2f}"
        chance = "–" if np.isnan(w.p) else "&lt;.001" if w.p < 0.001 else f"{w.p:.3f}"
        rows.append(
            [escape(title), str(len(found.judges.columns)), percent(c), interval(0, c, c),
             order, chance]
        )  # fmt: skip
    if not rows:
        return nothing("Fewer than two judges answered on any topic.")
    most, least = max(known, key=lambda k: k[1]), min(known, key=lambda k: k[1])
    title = f"{most[0]}: the judges {alike(most[1])}"
    if len(known) > 1:
        title = f"Most agreement on “{most[0]}”, least on “{least[0]}”"
    head = ["Topic", ">Judges", ">Consensus", '<span class="vh">Bar</span>', ">Order (W)",
            ">By chance (p)"]  # fmt: skip
    caption = "How far the judges agree, by topic"
    return block(
        heard.a.study,
        figure(
            title,
            "Consensus: 100% if all gave the same weights. W: 1 if all have the same order; p: the "
            "chance of as much agreement if all ordered at random",
            scrolling(caption, table(caption, head, rows, "pan agr")),
        ),
    )


def panel_consistency(heard: Heard) -> Block:
    """Show whose comparisons contradict each other, and the fewest answers to think over again.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    Block
        Ids of judges only, not their groups.
    """
    sets = sum(len(f.pairs.weights.columns) for _, f in heard.parts() if f.pairs is not None)
    if not sets:
        return nothing("Nobody compared pairwise.")
    over = heard.contradictions
    if over.empty:
        fit = f"All {counted(sets, 'set')} of comparisons fit together"
        return block(heard.a.study, f"<p>{fit} (consistency ratio at most {CONSISTENT:.2f}).</p>")
    rows = []
    for r in each_row(over.head(MOST_REPAIRED)):
        own = heard.repairs
        own = own[(own["topic"] == r.topic) & (own["judge_id"] == r.judge_id)]
        answers = "".join(f"<li>{_repair(heard, each)}</li>" for each in each_row(own))
        rows.append(
            [f"<b>{escape(str(r.judge_id))}</b>", escape(str(r.topic)), f"{r.cr:.2f}",
             f"<ul>{answers}</ul>"]
        )  # fmt: skip
    rest = len(over) - len(rows)
    caption = "Answers to think over again"
    return block(
        heard.a.study,
        figure(
            f"{capital(count(len(over)))} of {counted(sets, 'set')} of comparisons do not fit "
            "together",
            "The fewest answers that, changed as little as can be, would bring the consistency "
            f"ratio down to {CONSISTENT:.2f}: a reason to ask again, never a correction",
            scrolling(
                caption,
                table(caption, ["Judge", "On", ">Ratio", "Answers to reconsider"], rows, "pan rec"),
            ),
            f"<p class=note>{rest} more sets are above {CONSISTENT:.2f}.</p>" if rest else "",
        ),
    )


def _repair(heard: Heard, r: Any) -> str:
    """Say what was answered, and what would fit the other answers."""
    left, right = _item(heard, r.left), _item(heard, r.right)
    said, fits = float(r.value), float(r.suggested)
    if said < 1:
        left, right, said, fits = right, left, 1 / said, 1 / fits
    meant = "as much as" if said == 1 else f"{said:.3g} times as much as"
    mend = (
        f"about {fits:.2g} times would fit"
        if fits >= 1.05
        else "the same would fit"
        if fits > 0.95
        else f"the other way round, about {1 / fits:.2g} times, would fit"
    )
    return f"“{left}” <b>{meant}</b> “{right}”: {mend}"


def _item(heard: Heard, item: object) -> str:
    for t in heard.topics:
        if str(item) in t.names:
            return escape(t.names[str(item)])
    coded = heard.a.study.swot_factors.set_index("factor_id")["statement"]
    return escape(clause(str(coded.get(str(item), _QUADRANTS.get(str(item), str(item))))))


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
        return nothing("No two groups of five judges or more gave weights to the dimensions.")
    a, n = heard.a, len(held)
    settled, pairs = int(held.to_numpy().sum()), n * (n - 1) // 2
    ahead, behind = held.sum(axis=1), held.sum(axis=0)
    rows = []
    for s in a.ranked:
        cells = [_ranks(row_of(r.table, s), n) for r in heard.rankings.values()]
        rows.append([named(a, s), *cells, str(int(ahead[s])), str(int(behind[s]))])
    head = [
        "System",
        *(escape(heard.group(g)) for g in heard.rankings),
        ">Ahead of, for all",
        ">Behind, for all",
    ]
    lead = never_behind(heard)
    first = (
        f"; {listed(a.names.in_sentence(s) for s in lead)} "
        f"{'is' if len(lead) == 1 else 'are'} surely behind nobody"
        if lead
        else ""
    )
    caption = "Ranks of the systems under the weights of each group"
    return block(
        a.study,
        figure(
            f"{capital(count(settled, 'none'))} of {pairs} pairs of systems are settled under "
            f"every group's weights{first}",
            "Ranks in nine of ten draws, weights varying as the judges of a group do (1 is best); "
            "then how many systems each is surely ahead of, and surely behind, whichever group is "
            "asked",
            key("bar: 90% of the draws", "dot: median rank"),
            scrolling(caption, table(caption, head, rows, "pan hold")),
        ),
    )


def _ranks(row: pd.Series, n: int) -> str:
    best, middle, worst = (float(row[k]) for k in ("best_rank", "median_rank", "worst_rank"))
    low, high, dot = ((rank - 1) / max(n - 1, 1) for rank in (best, worst, middle))
    drawn = interval(low, high, dot)
    return f'<span class="rk">{drawn}<span class="rg">{_range(best, worst)}</span></span>'


def _range(best: float, worst: float) -> str:
    return f"{best:g}" if best == worst else f"{best:g}–{worst:g}"
