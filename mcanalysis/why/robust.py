"""Sentences on how sure the ranks are: who is first, what decides it, what would change it."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.compare import integration_index
from mcanalysis.frames import cell, each_indexed, each_row
from mcanalysis.robustness import (
    Ranking,
    central_priorities,
    confidence_table,
    research_list,
    smallest_flips,
    uncertainty_shares,
    weight_stability,
)
from mcanalysis.why.claims import Claim
from mcanalysis.why.methods import methods_claim
from mcanalysis.why.sure import counted_in_words, exact_to, pool_in_words, share_of
from mcanalysis.wording import capital, count, counted, grouped, listed, listed_some, percent

KINDS = {
    "weights": "priorities",
    "values": "worth of levels",
    "gaps": "gaps",
    "confidence": "low confidence",
}
"""Kinds of uncertainty as they are named to a reader."""
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
        _end_of_lead(a),
        methods_claim(a),
        _research(a),
    )
    return tuple(claim for claim in made if claim is not None)


def _first(a: Analysis) -> Claim:
    r, name = a.ranking, a.names.in_sentence
    share = r.table["first_share"].sort_values(ascending=False, kind="stable")
    top, top_share = str(share.index[0]), float(share.iloc[0])
    exact = exact_to(top_share, r)
    say = f"**{capital(name(top))} is first in {percent(top_share)} {share_of(r)}**"
    say += f" ({exact})" if exact else ""
    others = [str(s) for s in share.index[1:] if share[s] >= 0.01]
    if others:
        say += ", " + listed(f"{name(s)} in {percent(float(share[s]))}" for s in others[:3])
    say += "."
    formula = counted_in_words(r)
    value = "; ".join(f"{a.names.system(str(s))} {100 * v:.2f}%" for s, v in share.head(6).items())
    if "weights" in r.vary and len(r.vary) > 1:
        sure = confidence_table(a.evidence, r)["confidence_factor"]
        said = [f"{name(top)} would be first in {percent(float(sure[top]))} of the draws"]
        said += [f"{name(s)} in {percent(float(sure[s]))}" for s in others[:3]]
        say += f" With the weights of a typical supporter, {listed(said)}."
        value += "; with the weights of a typical supporter: " + "; ".join(
            f"{a.names.system(s)} {100 * sure[s]:.1f}%" for s in (top, *others[:3])
        )
        formula += (
            " Weights of a typical supporter: the mean of all with which a system is first; they "
            "are kept, and all else is drawn again 10\u202f000 times (confidence factor)."
        )
    return Claim(
        say, value + ".", formula, note=pool_in_words(a),
        more=("Who puts whom first", "#who-puts-whom-first"),
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
        all_ = "The one pair is" if pairs == 1 else f"All {counted(pairs, 'pair')} are"
        say = f"**{all_} settled**"
    else:
        say = (
            f"**{capital(count(settled, 'none'))} of {counted(pairs, 'pair')} "
            f"{'is' if settled == 1 else 'are'} settled**, one system ahead of the other in at "
            f"least {percent(r.threshold)} {share_of(r)}; the other {count(open_)} cannot be told "
            "apart"
        )
    half = counted(int(width.median()), "place")
    say += (
        f". Half of the rank intervals span {half} or more of {n}"
        if few.iloc[-1] > 1
        else ". Each system keeps its rank in nine of ten draws"
    )
    if few.iloc[0] < width.median():
        say += f"; the narrowest, of {listed_some(narrow, 3)}, {count(int(few.iloc[0]))}"
    return Claim(
        say + ".",
        f"{settled} of {pairs} pairs; median width {width.median():g} places, narrowest "
        f"{few.iloc[0]}, widest {few.iloc[-1]}.",
        f"{counted_in_words(r)} Width: last less first place of the 90% interval, plus one.",
        note=pool_in_words(a),
        more=("Pair by pair", "#pair-by-pair"),
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
    rest = listed(f"{KINDS[str(k)]} {percent(float(v))}" for k, v in mean.iloc[1:].items())
    own = split.drop(columns="together").idxmax(axis=1)
    other = [
        f"{KINDS[str(k)]} for {listed_some([a.names.in_sentence(s) for s in some.index], 2)}"
        for k, some in own[own != lead].groupby(own, sort=False)
    ]
    say = (
        f"**What matters most: {KINDS[lead]}.** Alone, {_pronoun(lead)} {percent(mean.iloc[0])} of "
        f"how much a rank varies, on average over {counted(len(split), 'system')}; {rest}; the "
        f"other {percent(float(split['together'].mean()))} is their interplay."
    )
    if other:
        say += f" Others lead for some: {'; '.join(other)}."
    return Claim(
        say,
        "; ".join(
            f"{KINDS.get(str(k), 'interplay')} {100 * v:.1f}%" for k, v in split.mean().items()
        )
        + ".",
        "First-order share of the variance of each rank (Sobol), estimates below 0 taken as 0, "
        f"mean over the systems; {grouped(SPLIT_DRAWS)} base draws, each share exact to about "
        f"{100 * split_error(a):.1f} points.",
        note=pool_in_words(a),
        more=("System by system", "#what-matters-most"),
    )


def _pronoun(kind: str) -> str:
    return "they explain" if kind in ("weights", "gaps") else "it explains"


def centre_in_words(r: Ranking) -> str:
    """Say which weights stand for what is known, from which changes are measured."""
    if r.weights is None:
        return "equal weights"
    if isinstance(r.weights, pd.Series):
        return "the weights given"
    if isinstance(r.weights, pd.DataFrame):
        return "the weights of the whole panel"
    return "the weights that stand for the order of importance"


def leaders(a: Analysis) -> list[str]:
    """Return who has the highest index with the weights that stand for what is known; ties all."""
    if not a.ranked:
        return []
    central = central_priorities(a.ranking.weights, a.dimensions)
    index = integration_index(a.evidence, central)["index"].reindex(a.ranked)
    return [str(s) for s in index.index[index == index.max()]]


def points(share: float) -> str:
    """Write a share of all weight as points of 100.

    Examples
    --------
    >>> points(0.0455), points(0.01), points(0.0002), points(0.3)
    ('4.5 points', '1 point', 'under 0.1 points', '30 points')
    """
    if 0 < share < 0.0005:
        return "under 0.1 points"
    said = f"{100 * share:.1f}".removesuffix(".0")
    return f"{said} point{'' if said == '1' else 's'}"


def moved_in_words(a: Analysis, sources: str, to: str) -> str:
    """Say between which dimensions weight moves; sources are a `;` list."""
    given = listed(a.names.dimension(d).inside for d in sources.split(";"))
    return f"from {given} to {a.names.dimension(to).inside}"


def _end_of_lead(a: Analysis) -> Claim | None:
    r, name, first = a.ranking, a.names.in_sentence, leaders(a)
    flips = smallest_flips(a.evidence, a.ranked, r.weights)
    more = ("How far weights can move", "#how-far-weights-can-move")
    formula = (
        f"Start: {centre_in_words(r)}, equal steps between levels, levels as coded. Least sum of "
        "weights that must move for a lead on the dimensions that both systems have evidence on "
        "to vanish."
    )
    if not first:
        return None
    if len(first) > 1:
        return Claim(
            f"**{capital(listed(map(name, first)))} are level at the top** with "
            f"{centre_in_words(r)}: any change of the weights decides between them.",
            f"Highest index of {counted(len(first), 'system')}.",
            "Weighted mean of the levels over the evidence present.",
            a.rows_of(first),
            more=more,
        )
    top = first[0]
    better = [str(s) for s in flips.loc[flips["behind"] == top, "ahead"]]
    mine = flips[(flips["ahead"] == top) & flips["moved"].notna()]
    if better:
        return Claim(
            f"**The lead of {name(top)} hangs on gaps:** on the dimensions that both have evidence "
            f"on, {listed_some([name(s) for s in better], 3)} "
            f"{'stands' if len(better) == 1 else 'stand'} higher with {centre_in_words(r)}.",
            f"{capital(counted(len(better), 'system'))}.",
            formula,
            a.rows_of([top, *better]),
            more=more,
        )
    if mine.empty:
        return Claim(
            f"**No change of weights ends the lead of {name(top)}:** no other ranked system stands "
            "higher on a dimension where both have evidence.",
            f"{capital(counted(len(a.ranked) - 1, 'pair'))}.",
            formula,
            a.rows_of([top]),
            more=more,
        )
    least = mine.iloc[0]
    rival = str(least["behind"])
    say = (
        f"**{capital(name(top))} stays first until {points(least['moved'])} of weight (of 100) "
        f"move** {moved_in_words(a, least['sources'], least['to'])}; then {name(rival)} is level. "
        f"{_one_weight_alone(a, top)}"
    )
    return Claim(
        say,
        "; ".join(
            f"{a.names.system(str(f.behind))} {points(f.moved)}" for f in each_row(mine.head(5))
        )
        + ".",
        formula,
        a.rows_of([top, rival], [*str(least["sources"]).split(";"), str(least["to"])]),
        "Levels on the dimensions between which weight moves:",
        more=more,
    )


def _one_weight_alone(a: Analysis, top: str) -> str:
    """Say which single weights, the others in proportion, could take a system off its place."""
    room = weight_stability(a.evidence, a.ranked, a.ranking.weights, top)
    ends = [
        f"{a.names.dimension(d).inside} ({side} {100 * limit:.1f}%)"
        for d, r in each_indexed(room)
        for side, limit, none in (("below", r["lower"], 0), ("above", r["upper"], 1))
        if limit != none
    ]
    if not ends:
        return "No weight could end its lead alone, whatever it is."
    return f"Of single weights, the others in proportion, only these end it: {listed(ends)}."


def _research(a: Analysis) -> Claim | None:
    todo = research_list(a.evidence, a.ranking, a.replay)
    if todo.empty:
        return None
    one = todo.iloc[0]
    system, dimension = str(one["system_id"]), str(one["dimension_id"])
    what = a.names.dimension(dimension).inside
    gap = one["kind"] == "gap"
    gaps = int((todo["kind"] == "gap").sum())
    say = (
        f"**Most worth finding out: {what} in {a.names.in_sentence(system)}**, "
        f"{'where no evidence was found' if gap else 'where confidence is low'}. Knowing it would "
        f"take away {percent(one['own'])} of the uncertainty of that rank, and "
        f"{percent(one['all'])} of that of all ranks together: "
    )
    say += (
        "no single source settles much."
        if one["all"] < 0.05
        else "one source would help more than any other."
    )
    kinds = [
        *([counted(gaps, "gap")] if gaps else []),
        *([counted(len(todo) - gaps, "low-confidence level")] if gaps < len(todo) else []),
    ]
    return Claim(
        say,
        f"Own rank {100 * one['own']:.1f}%, all ranks {100 * one['all']:.1f}%; the next: "
        f"{_next(a, todo)}.",
        f"Expected reduction of the variance of the ranks, over {listed(kinds)} of the ranked "
        "systems.",
        a.rows(system) if gap else a.rows_of([system], [dimension]),
        f"The gap has no row; those of {a.names.in_sentence(system)}:"
        if gap
        else "The level as it is coded:",
        more=("The ten most helpful", "#what-to-research-next"),
    )


def _next(a: Analysis, todo: pd.DataFrame) -> str:
    some = [
        f"{a.names.short(str(r.dimension_id)).inside} in {a.names.in_sentence(str(r.system_id))} "
        f"({100 * cell(todo, r.Index, 'all'):.1f}%)"
        for r in each_row(todo.iloc[1:4])
    ]
    return listed(some) or "none"
