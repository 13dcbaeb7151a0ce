"""Sentences on how sure the ranks are: who is first, what decides it, what would change it."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_row
from mcanalysis.language import marked, phrase
from mcanalysis.robustness import research_list, uncertainty_shares
from mcanalysis.why.claims import Claim, begun
from mcanalysis.why.lead import (
    centre_in_words,
    end_of_lead_claim,
    leaders,
    moved_in_words,
    points,
)
from mcanalysis.why.methods import methods_claim
from mcanalysis.why.sure import counted_in_words, exact_to, pool_in_words, share_of
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    grouped,
    listed,
    listed_some,
    percent,
    percent_to,
    plural,
)

__all__ = [
    "INTERPLAY",
    "KINDS",
    "centre_in_words",
    "leaders",
    "moved_in_words",
    "points",
    "rank_claims",
    "settled_pairs",
    "split_error",
    "variation",
]

KINDS = {
    "weights": marked("priorities"),
    "values": marked("worth of levels"),
    "gaps": marked("gaps"),
    "confidence": marked("low confidence"),
}
"""Kinds of uncertainty as they are named to a reader."""
INTERPLAY = marked("interplay")
_ALONE = {
    "weights": marked(
        "**What matters most: priorities.** Alone, they explain {share} of how much a rank varies, "
        "on average over {systems}"
    ),
    "values": marked(
        "**What matters most: worth of levels.** Alone, it explains {share} of how much a rank "
        "varies, on average over {systems}"
    ),
    "gaps": marked(
        "**What matters most: gaps.** Alone, they explain {share} of how much a rank varies, on "
        "average over {systems}"
    ),
    "confidence": marked(
        "**What matters most: low confidence.** Alone, it explains {share} of how much a rank "
        "varies, on average over {systems}"
    ),
}
SPLIT_DRAWS = 32_768
"""Base draws that split the variation of ranks: shares to about a point."""


def rank_claims(a: Analysis) -> tuple[Claim, ...]:
    """Say in short how sure the ranks are, and what they hang on.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    tuple of Claim
        Who is first and how surely, how wide the middle is, which uncertainty matters most, the
        smallest change of weights that would end the lead, what holds under every choice of method,
        and the cell most worth researching; each where it can be said. None where fewer than two
        systems are ranked.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> claims = rank_claims(analyse(read_study("data"), draws=1000))
    >>> len(claims), claims[0].plain[:20]
    (6, 'New Zealand is first')
    """
    if len(a.ranked) < 2:
        return ()
    made = (
        _first(a),
        _middle(a),
        _matters_most(a),
        end_of_lead_claim(a),
        methods_claim(a),
        _research(a),
    )
    return tuple(claim for claim in made if claim is not None)


def _first(a: Analysis) -> Claim:
    r, name = a.ranking, a.names.in_sentence
    share = r.table["first_share"].sort_values(ascending=False, kind="stable")
    top, top_share = str(share.index[0]), float(share.iloc[0])
    exact = exact_to(top_share, r)
    say = phrase(
        "**{system} is first in {share} {of_what}**",
        system=name(top),
        share=percent(top_share),
        of_what=share_of(r),
    )
    say = begun(say) + (f" ({exact})" if exact else "")
    others = [str(s) for s in share.index[1:] if share[s] >= 0.01]

    def named(shares: pd.Series) -> list[str]:
        return [
            phrase("{system} in {share}", system=name(s), share=percent(float(shares[s])))
            for s in others[:3]
        ]

    if others:
        say += ", " + listed(named(share))
    say += "."
    formula = counted_in_words(r)
    value = clauses(
        *(f"{a.names.system(str(s))} {percent_to(v, 2)}" for s, v in share.head(6).items())
    )
    if "weights" in r.vary and len(r.vary) > 1:
        sure = a.typical["confidence_factor"]
        would = phrase(
            "{system} would be first in {share} of the draws",
            system=name(top),
            share=percent(float(sure[top])),
        )
        typical = phrase(
            "With the weights of a typical supporter, {findings}.",
            findings=listed([would, *named(sure)]),
        )
        say += f" {typical}"
        exactly = phrase(
            "with the weights of a typical supporter: {shares}",
            shares=clauses(
                *(f"{a.names.system(s)} {percent_to(sure[s], 1)}" for s in (top, *others[:3]))
            ),
        )
        value = clauses(value, exactly)
        means = phrase(
            "Weights of a typical supporter: the mean of all with which a system is first; they "
            "are kept, and all else is drawn again {n} times (confidence factor).",
            n=grouped(10_000),
        )
        formula += f" {means}"
    return Claim(
        say, value + ".", formula, note=pool_in_words(a),
        more=(phrase("Who puts whom first"), "#who-puts-whom-first"),
    )  # fmt: skip


def settled_pairs(a: Analysis) -> tuple[int, int]:
    """Return how many pairs of ranked systems are settled, one surely ahead, and how many exist."""
    n = len(a.ranked)
    return int(a.ranking.table["ahead_of"].sum()), n * (n - 1) // 2


def _middle(a: Analysis) -> Claim:
    t, r, n = a.ranking.table, a.ranking, len(a.ranked)
    width = (t["worst_rank"] - t["best_rank"] + 1).astype(int)
    settled, pairs = settled_pairs(a)
    few = width.sort_values(kind="stable")
    narrow = [a.names.in_sentence(str(s)) for s in few.index[few == few.iloc[0]]]
    open_ = pairs - settled
    if not open_:
        say = plural(pairs, "**The one pair is settled**", "**All {n} pairs are settled**")
    else:
        some = plural(
            settled,
            "**One of {pairs} is settled**, one system ahead of the other in at least {share} "
            "{of_what}",
            "**{n} of {pairs} are settled**, one system ahead of the other in at least {share} "
            "{of_what}",
            "**None of {pairs} are settled**, one system ahead of the other in at least {share} "
            "{of_what}",
            n=capital(count(settled)),
            pairs=plural(pairs, "one pair", "{n} pairs"),
            share=percent(r.threshold),
            of_what=share_of(r),
        )
        rest = plural(
            open_,
            "the other one cannot be told apart",
            "the other {n} cannot be told apart",
        )
        say = clauses(some, rest)
    span = (
        plural(
            int(width.median()),
            "Half of the rank intervals span one place or more of {total}",
            "Half of the rank intervals span {n} places or more of {total}",
            "Half of the rank intervals span no places or more of {total}",
            total=n,
        )
        if few.iloc[-1] > 1
        else phrase("Each system keeps its rank in nine of ten draws")
    )
    say += f". {span}"
    if few.iloc[0] < width.median():
        narrowest = phrase(
            "the narrowest, of {systems}, {n}",
            systems=listed_some(narrow, 3),
            n=count(int(few.iloc[0])),
        )
        say = clauses(say, narrowest)
    last_less_first = phrase("Width: last less first place of the 90% interval, plus one.")
    return Claim(
        say + ".",
        phrase(
            "{settled} of {pairs} pairs; median width {median} places, narrowest {least}, widest "
            "{most}.",
            settled=settled,
            pairs=pairs,
            median=decimal(width.median(), None),
            least=few.iloc[0],
            most=few.iloc[-1],
        ),
        f"{counted_in_words(r)} {last_less_first}",
        note=pool_in_words(a),
        more=(phrase("Pair by pair"), "#pair-by-pair"),
    )


def variation(a: Analysis) -> pd.DataFrame:
    """Split the variation of each rank, estimates below 0 taken as 0.

    Returns
    -------
    DataFrame
        One row per ranked system whose rank varies, in the order of the ranking: a column for each
        kind of uncertainty varied, and ``together``, what only combinations explain; rows sum to 1.
    """
    shares = uncertainty_shares(a.evidence, a.ranking, SPLIT_DRAWS)
    table = shares.pivot(index="system_id", columns="kind", values="first_order")
    total = shares.pivot(index="system_id", columns="kind", values="total_order").sum(axis=1)
    moving = [s for s in a.ranked if s in total.index and total[s] > 0]
    alone = table.loc[moving, [k for k in KINDS if k in a.ranking.vary]].clip(lower=0)
    # More than the whole comes of the error of the draws alone.
    alone = alone.div(alone.sum(axis=1).clip(lower=1), axis=0)
    return alone.assign(together=1 - alone.sum(axis=1))


def split_error(a: Analysis) -> float:
    """Return how far shares of `variation` are typically off: 1.96 times the median error."""
    return float(1.96 * uncertainty_shares(a.evidence, a.ranking, SPLIT_DRAWS)["error"].median())


def _matters_most(a: Analysis) -> Claim | None:
    if len(a.ranking.vary) < 2:
        return None
    split = variation(a)
    if split.empty:
        return None
    mean = split.drop(columns="together").mean().sort_values(ascending=False, kind="stable")
    lead = str(mean.index[0])
    rest = listed(f"{phrase(KINDS[str(k)])} {percent(float(v))}" for k, v in mean.iloc[1:].items())
    own = split.drop(columns="together").idxmax(axis=1)
    other = [
        phrase(
            "{kind} for {systems}",
            kind=phrase(KINDS[str(k)]),
            systems=listed_some([a.names.in_sentence(s) for s in some.index], 2),
        )
        for k, some in own[own != lead].groupby(own, sort=False)
    ]
    over = plural(len(split), "one system", "{n} systems")
    alone = phrase(_ALONE[lead], share=percent(mean.iloc[0]), systems=over)
    interplay = phrase(
        "the other {share} is their interplay", share=percent(float(split["together"].mean()))
    )
    say = clauses(alone, rest, interplay) + "."
    if other:
        say += f" {phrase('Others lead for some: {kinds}.', kinds='; '.join(other))}"
    return Claim(
        say,
        clauses(
            *(
                f"{phrase(KINDS.get(str(k), INTERPLAY))} {percent_to(v, 1)}"
                for k, v in split.mean().items()
            )
        )
        + ".",
        phrase(
            "First-order share of the variance of each rank (Sobol), estimates below 0 taken as 0, "
            "mean over the systems; {n} base draws, each share exact to about {points} points.",
            n=grouped(SPLIT_DRAWS),
            points=decimal(100 * split_error(a), 1),
        ),
        note=pool_in_words(a),
        more=(phrase("System by system"), "#what-matters-most"),
    )


def _research(a: Analysis) -> Claim | None:
    todo = research_list(a.evidence, a.ranking, a.replay)
    if todo.empty:
        return None
    one = todo.iloc[0]
    system, dimension = str(one["system_id"]), str(one["dimension_id"])
    what = a.names.dimension(dimension).inside
    gap = one["kind"] == "gap"
    gaps = int((todo["kind"] == "gap").sum())
    fields = {"dimension": what, "system": a.names.in_sentence(system)}
    worth = (
        phrase(
            "**Most worth finding out: {dimension} {system.within}**, where no evidence was found.",
            **fields,
        )
        if gap
        else phrase(
            "**Most worth finding out: {dimension} {system.within}**, where confidence is low.",
            **fields,
        )
    )
    settles = (
        phrase("no single source settles much")
        if one["all"] < 0.05
        else phrase("one source would help more than any other")
    )
    takes = phrase(
        "Knowing it would take away {own} of the uncertainty of that rank, and {all} of that of "
        "all ranks together: {settles}.",
        own=percent(one["own"]),
        all=percent(one["all"]),
        settles=settles,
    )
    kinds = []
    if gaps:
        kinds.append(plural(gaps, "one gap", "{n} gaps"))
    if gaps < len(todo):
        kinds.append(
            plural(len(todo) - gaps, "one low-confidence level", "{n} low-confidence levels")
        )
    return Claim(
        f"{worth} {takes}",
        phrase(
            "Own rank {own}, all ranks {all}; the next: {next}.",
            own=percent_to(one["own"], 1),
            all=percent_to(one["all"], 1),
            next=_next(a, todo),
        ),
        phrase(
            "Expected reduction of the variance of the ranks, over {kinds} of the ranked systems.",
            kinds=listed(kinds),
        ),
        a.rows(system) if gap else a.rows_of([system], [dimension]),
        phrase("The gap has no row; those {system.of}:", system=a.names.in_sentence(system))
        if gap
        else phrase("The level as it is coded:"),
        more=(phrase("The ten most helpful"), "#what-to-research-next"),
    )


def _next(a: Analysis, todo: pd.DataFrame) -> str:
    some = [
        phrase(
            "{dimension} {system.within} ({share})",
            dimension=a.names.short(str(r.dimension_id)).inside,
            system=a.names.in_sentence(str(r.system_id)),
            share=percent_to(cell(todo, r.Index, "all"), 1),
        )
        for r in each_row(todo.iloc[1:4])
    ]
    return listed(some) or phrase("none")
