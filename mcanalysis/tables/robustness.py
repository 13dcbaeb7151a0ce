"""How sure the ranks are: in what share of the draws, for whom, against whom, and what decides."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell
from mcanalysis.language import marked, phrase
from mcanalysis.marks import key
from mcanalysis.markup import Block, block, figure, nothing, scrolling, table
from mcanalysis.robustness import Ranking
from mcanalysis.tables.notice import eyebrow, notice
from mcanalysis.tables.overview import claim_list
from mcanalysis.why.robust import (
    centre_in_words,
    rank_claims,
    settled_pairs,
)
from mcanalysis.why.sure import exact_to, share_of
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    grouped,
    listed,
    listed_some,
    percent,
    plural,
)

SHOWN = 0.05
"""Shares of the draws below this are shown as absence: a number would only distract."""
SHADES = ((0.5, "l3"), (0.2, "l2"), (0.1, "l1"), (SHOWN, "lh"))
"""From which share on a rank has which shade."""
LEADS = ((0.7, "l2"), (0.5, "l1"))
"""The same for a lead that is not sure."""
TOO_FEW = marked("Fewer than two systems have enough evidence to be ranked.")
_WEIGHTS = {
    "all": marked("weights of the dimensions picked at random"),
    "panel": marked("weights of the dimensions as one of the panel's judges might set them"),
    "order": marked("weights picked at random among those that keep the order of importance"),
}
_DRAWN = {
    "values": (marked("another worth of levels 1 and 2"), marked("equal steps between levels")),
    "gaps": (marked("gaps filled at random"), marked("gaps left out")),
    "confidence": (marked("doubtful levels moved at random"), marked("doubtful levels as coded")),
}
"""What else differs from draw to draw, and how it is said where it does not."""


def robustness_head(a: Analysis) -> Block:
    """Say what is drawn at random, how often, how exact a share is, and whose opinion counts."""
    r = a.ranking
    exact = exact_to(0.5, r)
    said = plural(
        len(a.ranked),
        "one system ranked, {draws} draws, each share {exact} or better",
        "{n} systems ranked, {draws} draws, each share {exact} or better",
        "no systems ranked, {draws} draws, each share {exact} or better",
        draws=grouped(r.draws),
        exact=exact,
    )
    sure = phrase(
        "What comes out the same in nearly all draws is sure; what changes from draw to draw "
        "should not be quoted."
    )
    kind = phrase("Robustness|kind of page")
    return block(
        a.study,
        f'{eyebrow(kind, said)}{notice(a)}<p class="standfirst">{_drawn(r)} {sure}</p>',
    )


def _drawn(r: Ranking) -> str:
    """Say in plain words what differs from draw to draw, and what does not."""
    known = (
        "all" if r.weights is None else "panel" if isinstance(r.weights, pd.DataFrame) else "order"
    )
    told = {
        "weights": (phrase(_WEIGHTS[known]), centre_in_words(r)),
        **{kind: (phrase(on), phrase(off)) for kind, (on, off) in _DRAWN.items()},
    }
    free = listed(on for kind, (on, _) in told.items() if kind in r.vary)
    kept = listed(off for kind, (_, off) in told.items() if kind not in r.vary)
    said = (
        phrase("Each draw ranks the systems once, with {what}.", what=free)
        if free
        else phrase("Nothing is varied here.")
    )
    return f"{said} {phrase('The same in all draws: {what}.', what=kept)}" if kept else said


def robustness_claims(a: Analysis) -> Block:
    """Say in short how sure the ranks are, and what they hang on."""
    claims = rank_claims(a)
    return claim_list(a, claims) if claims else nothing(phrase(TOO_FEW))


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
        return nothing(phrase(TOO_FEW))
    t, accepted, order = a.ranking.table, a.ranking.acceptability, by_mean_rank(a)
    rows = [
        [
            named(a, s),
            f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}",
            *(_taken(cell(accepted, s, k)) for k in accepted.columns),
            decimal(cell(t, s, "holistic")),
        ]
        for s in order
    ]
    head = [
        phrase("System"),
        phrase(">90% of draws"),
        *(str(k) for k in accepted.columns),
        phrase(">All ranks in one"),
    ]
    title = capital(_firm_in_words(a))
    caption = phrase("Share of the draws in which each system takes each rank, in per cent")
    note = phrase(
        "90% of draws: from the best to the worst rank, one draw in twenty left out at each end. "
        "All ranks in one (holistic acceptability): 1 for a system that is always first, less for "
        "each lower rank; a figure for sorting, not a share of anything, exact to {exact}. Systems "
        "that are level share the better rank.",
        exact=decimal(1.96 * float(t["holistic_error"].max()), 3),
    )
    return block(
        a.study,
        figure(
            title,
            phrase(
                "Per cent {of_draws}, by rank; systems by mean rank", of_draws=share_of(a.ranking)
            ),
            key(
                _sample("l3", phrase("half of the draws or more")),
                _sample("l2", phrase("20% or more")),
                _sample("l1", phrase("10% or more")),
                _sample("lh", phrase("5% or more")),
                phrase("no number: under 5%"),
            ),
            scrolling(caption, table(caption, head, rows, "mx")),
            f"<p class=note>{note}</p>",
        ),
        title,
    )


def _sample(kind: str, said: str) -> str:
    """Return a shade with what it means, for the legend above a table."""
    return f'<span class="sc"><i class="{kind}"></i> {said}</span>'


def _firm_in_words(a: Analysis) -> str:
    """Say which systems keep to one rank in most draws, and how many to none."""
    peak, n = a.ranking.acceptability.max(axis=1), len(a.ranked)
    firm = [a.names.in_sentence(s) for s in by_mean_rank(a) if peak[s] > 0.5]
    systems = listed_some(firm, 3)
    if not firm:
        said = phrase("No system takes any one rank in more than half of the draws")
    elif len(firm) < n / 4:
        said = plural(
            len(firm),
            "Only {systems} takes one rank in more than half of the draws",
            "Only {systems} each take one rank in more than half of the draws",
            systems=systems,
        )
    else:
        said = plural(
            len(firm),
            "{systems} takes one rank in more than half of the draws",
            "{systems} each take one rank in more than half of the draws",
            systems=systems,
        )
    loose = int((peak < 0.25).sum())
    if not loose:
        return said
    rest = plural(
        loose,
        "for one of {total} no rank reaches a quarter",
        "for {n} of {total} no rank reaches a quarter",
        total=n,
    )
    return clauses(said, rest)


def _taken(share: float) -> str:
    shade = next((kind for limit, kind in SHADES if share >= limit), None)
    if shade is None:
        said = phrase("never|share of draws") if share == 0 else phrase("under 5|per cent")
        return f'<span class="vh">{said}</span>'
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
        return nothing(phrase(TOO_FEW))
    order, limit = by_mean_rank(a), a.ranking.threshold
    ahead = a.ranking.ahead.loc[order, order]
    rows = [[named(a, s), *(_against(cell(ahead, s, o), limit, s == o) for o in order)]
            for s in order]  # fmt: skip
    head = [
        phrase("System"),
        *(
            f'<span aria-hidden="true">{escape(s)}</span><span class="vh">'
            f"{escape(a.names.system(s))}</span>"
            for s in order
        ),
    ]
    title = _settled_in_words(*settled_pairs(a))
    caption = phrase(
        "Share of the draws in which the system of the row is ahead of that of the column, in per "
        "cent"
    )
    framed = phrase("framed: surely ahead, {share} or more", share=percent(limit))
    return block(
        a.study,
        figure(
            title,
            phrase(
                "Per cent {of_draws} in which the system of the row is ahead of that of the "
                "column; both by mean rank",
                of_draws=share_of(a.ranking),
            ),
            key(
                _sample("l3 sure", framed),
                _sample("l2", phrase("70% or more")),
                _sample("l1", phrase("half or more")),
                phrase("no shade: behind more often"),
                phrase("–: surely behind"),
            ),
            scrolling(caption, table(caption, head, rows, "mx sq")),
        ),
        title,
    )


def _settled_in_words(settled: int, pairs: int) -> str:
    """Say how many pairs of systems are settled."""
    if settled == pairs:
        return plural(pairs, "The one pair is settled", "All {n} pairs are settled")
    if pairs == 1:
        done = phrase("None of one pair are settled")
    else:
        done = plural(
            settled,
            "One of {pairs} pairs is settled",
            "{n} of {pairs} pairs are settled",
            "None of {pairs} pairs are settled",
            pairs=count(pairs),
        )
    rest = plural(
        pairs - settled,
        "in the other one neither is surely ahead",
        "in the other {n} neither is surely ahead",
    )
    return capital(clauses(done, rest))


def _against(share: float, limit: float, same: bool) -> str:
    if same:
        said = phrase("itself|system against itself")
        return f'<span class="v self"><span class="vh">{said}</span></span>'
    if share >= limit:
        said = phrase("surely ahead,|before a number")
        return f'<span class="v l3 sure"><span class="vh">{said} </span>{whole(share)}</span>'
    if share <= 1 - limit:
        said = phrase("surely behind,|before a number")
        return (
            f'<span class="v"><span aria-hidden="true">–</span><span class="vh">{said} '
            f"{whole(share)}</span></span>"
        )
    shade = next((f" {kind}" for least, kind in LEADS if share >= least), "")
    said = whole(share, [limit, *(least for least, _ in LEADS)])
    return f'<span class="v{shade}">{said}</span>'
