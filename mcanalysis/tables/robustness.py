"""How sure the ranks are: in what share of the draws, for whom, against whom, and what decides."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell
from mcanalysis.marks import key
from mcanalysis.markup import Block, block, figure, nothing, scrolling, table
from mcanalysis.robustness import Ranking
from mcanalysis.tables.notice import notice
from mcanalysis.tables.overview import claim_list
from mcanalysis.why.robust import (
    centre_in_words,
    rank_claims,
    settled_pairs,
)
from mcanalysis.why.sure import exact_to, share_of
from mcanalysis.wording import capital, count, counted, grouped, listed, listed_some, percent

SHOWN = 0.05
"""Shares of the draws below this are shown as absence: a number would only distract."""
SHADES = ((0.5, "l3"), (0.2, "l2"), (0.1, "l1"), (SHOWN, "lh"))
"""From which share on a rank has which shade."""
LEADS = ((0.7, "l2"), (0.5, "l1"))
"""The same for a lead that is not sure."""
TOO_FEW = "Fewer than two systems have enough evidence to be ranked."


def robustness_head(a: Analysis) -> Block:
    """Say what is drawn at random, how often, how exact a share is, and whose opinion counts."""
    r = a.ranking
    exact = exact_to(0.5, r)
    ranked = f"{counted(len(a.ranked), 'system')} ranked"
    said = f"{ranked}, {grouped(r.draws)} draws, each share {exact} or better"
    return block(
        a.study,
        f'<p class="eyebrow">Robustness <span>{said}</span></p>{notice(a)}'
        f'<p class="standfirst">{_drawn(r)} What comes out the same in nearly all draws is sure; '
        "what changes from draw to draw should not be quoted.</p>",
    )


def _drawn(r: Ranking) -> str:
    """Say in plain words what differs from draw to draw, and what does not."""
    weights = (
        "weights of the dimensions picked at random"
        if r.weights is None
        else "weights of the dimensions as one of the panel's judges might set them"
        if isinstance(r.weights, pd.DataFrame)
        else "weights picked at random among those that keep the order of importance"
    )
    told = {
        "weights": (weights, centre_in_words(r)),
        "values": ("another worth of levels 1 and 2", "equal steps between levels"),
        "gaps": ("gaps filled at random", "gaps left out"),
        "confidence": ("doubtful levels moved at random", "doubtful levels as coded"),
    }
    free = listed(on for kind, (on, _) in told.items() if kind in r.vary)
    kept = listed(off for kind, (_, off) in told.items() if kind not in r.vary)
    said = f"Each draw ranks the systems once, with {free}." if free else "Nothing is varied here."
    return f"{said} The same in all draws: {kept}." if kept else said


def robustness_claims(a: Analysis) -> Block:
    """Say in short how sure the ranks are, and what they hang on."""
    claims = rank_claims(a)
    return claim_list(a, claims) if claims else nothing(TOO_FEW)


def by_mean_rank(a: Analysis) -> list[str]:
    """Return the ranked systems in the order of their mean rank."""
    return [str(s) for s in a.ranking.table.sort_values("mean_rank", kind="stable").index]


def named(a: Analysis, system: str) -> str:
    """Return the name of a system for a narrow first column: the id stands in on a phone."""
    return (
        f'<span class="w">{escape(a.names.system(system))}</span>'
        f'<span class="c" aria-hidden="true">{escape(system)}</span>'
    )


def whole(share: float, limits: Sequence[float] = ()) -> str:
    """Write a share in per cent without its sign, and never as if it had reached a limit.

    Parameters
    ----------
    share : float
        In [0, 1]; what is not 0 or 1 does not look as if it were.
    limits : sequence of float, optional
        Shares from which on something else holds.

    Examples
    --------
    >>> whole(0.997), whole(0.002), whole(1.0), whole(0.896, [0.9]), whole(0.896)
    ('99', '1', '100', '89', '90')
    """
    if share in (0, 1):
        return f"{100 * share:.0f}"
    said = max(1, round(100 * share))
    over = [round(100 * limit) for limit in (*limits, 1) if share < limit]
    return f"{min(said, min(over) - 1)}"


def rank_shares(a: Analysis) -> Block:
    """Show in what share of the draws each system takes each rank.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        A table of systems by ranks, with the 90 % rank interval and the holistic acceptability.
    """
    if len(a.ranked) < 2:
        return nothing(TOO_FEW)
    t, accepted, order = a.ranking.table, a.ranking.acceptability, by_mean_rank(a)
    rows = [
        [
            named(a, s),
            f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}",
            *(_taken(cell(accepted, s, k)) for k in accepted.columns),
            f"{cell(t, s, 'holistic'):.2f}",
        ]
        for s in order
    ]
    head = ["System", ">90% of draws", *(str(k) for k in accepted.columns), ">All ranks in one"]
    peak = accepted.max(axis=1)
    firm = [a.names.in_sentence(s) for s in order if peak[s] > 0.5]
    loose = int((peak < 0.25).sum())
    n = len(order)
    title = (
        f"{'Only ' if len(firm) < n / 4 else ''}{listed_some(firm, 3)} "
        f"{'takes' if len(firm) == 1 else 'each take'} one rank in more than half of the draws"
        if firm
        else "No system takes any one rank in more than half of the draws"
    )
    if loose:
        title += f"; for {count(loose)} of {n} no rank reaches a quarter"
    caption = "Share of the draws in which each system takes each rank, in per cent"
    return block(
        a.study,
        figure(
            capital(title),
            f"Per cent {share_of(a.ranking)}, by rank; systems by mean rank",
            key(
                '<span class="sc"><i class="l3"></i> half of the draws or more</span>',
                '<span class="sc"><i class="l2"></i> 20% or more</span>',
                '<span class="sc"><i class="l1"></i> 10% or more</span>',
                '<span class="sc"><i class="lh"></i> 5% or more</span>',
                "no number: under 5%",
            ),
            scrolling(caption, table(caption, head, rows, "mx")),
            "<p class=note>90% of draws: from the best to the worst rank, one draw in twenty left "
            "out at each end. All ranks in one (holistic acceptability): 1 for a system that is "
            "always first, less for each lower rank; a figure for sorting, not a share of "
            f"anything, exact to {1.96 * float(t['holistic_error'].max()):.3f}. Systems that are "
            "level share the better rank.</p>",
        ),
        capital(title),
    )


def _taken(share: float) -> str:
    shade = next((kind for limit, kind in SHADES if share >= limit), None)
    if shade is None:
        return f'<span class="vh">{"never" if share == 0 else "under 5"}</span>'
    return f'<span class="v {shade}">{whole(share, [limit for limit, _ in SHADES])}</span>'


def head_to_head(a: Analysis) -> Block:
    """Show for each pair of ranked systems how often one is ahead of the other.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    if len(a.ranked) < 2:
        return nothing(TOO_FEW)
    order, limit = by_mean_rank(a), a.ranking.threshold
    ahead = a.ranking.ahead.loc[order, order]
    rows = [[named(a, s), *(_against(cell(ahead, s, o), limit, s == o) for o in order)]
            for s in order]  # fmt: skip
    head = [
        "System",
        *(
            f'<span aria-hidden="true">{escape(s)}</span><span class="vh">'
            f"{escape(a.names.system(s))}</span>"
            for s in order
        ),
    ]
    settled, pairs = settled_pairs(a)
    title = (
        f"{capital(count(settled, 'none'))} of {counted(pairs, 'pair')} "
        f"{'is' if settled == 1 else 'are'} settled; in the other {count(pairs - settled)} neither "
        "is surely ahead"
        if settled < pairs
        else "The one pair is settled"
        if pairs == 1
        else f"All {counted(pairs, 'pair')} are settled"
    )
    caption = (
        "Share of the draws in which the system of the row is ahead of that of the column, in per "
        "cent"
    )
    sure = percent(limit)
    return block(
        a.study,
        figure(
            title,
            f"Per cent {share_of(a.ranking)} in which the system of the row is ahead of that of "
            "the column; both by mean rank",
            key(
                f'<span class="sc"><i class="l3 sure"></i> framed: surely ahead, {sure} or '
                "more</span>",
                '<span class="sc"><i class="l2"></i> 70% or more</span>',
                '<span class="sc"><i class="l1"></i> half or more</span>',
                "no shade: behind more often",
                "–: surely behind",
            ),
            scrolling(caption, table(caption, head, rows, "mx sq")),
        ),
        title,
    )


def _against(share: float, limit: float, same: bool) -> str:
    if same:
        return '<span class="v self"><span class="vh">itself</span></span>'
    if share >= limit:
        spoken = '<span class="vh">surely ahead, </span>'
        return f'<span class="v l3 sure">{spoken}{whole(share)}</span>'
    if share <= 1 - limit:
        return (
            f'<span class="v"><span aria-hidden="true">–</span><span class="vh">surely behind, '
            f"{whole(share)}</span></span>"
        )
    shade = next((f" {kind}" for least, kind in LEADS if share >= least), "")
    said = whole(share, [limit, *(least for least, _ in LEADS)])
    return f'<span class="v{shade}">{said}</span>'
