"""What a panel's answers come to, as sentences with all that they rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.frames import cell, each_row
from mcanalysis.panels.groups import LEAST, SHUFFLES
from mcanalysis.swot import SwotPriorities
from mcanalysis.why.claims import Claim
from mcanalysis.why.heard import CONSISTENT, FIRST, MOST_REPAIRED, OTHERS, Heard, Topic
from mcanalysis.wording import capital, count, counted, listed, lower_first, percent

ALIKE = ((0.75, "agree in large part"), (0.5, "agree in part"), (0.0, "disagree in large part"))
"""From which consensus on which words are used (Goepel's bands, fewer)."""
PLAIN = 0.05
"""Chance up to which a split between groups is taken to be one."""


def panel_claims(heard: Heard) -> list[Claim]:
    """Say in short what a panel gives weight, who agrees, and what holds whoever is asked.

    Parameters
    ----------
    heard : Heard

    Returns
    -------
    list of Claim
    """
    claims = []
    if heard.topics:
        t = heard.topics[0]
        found = [weight_claim(t), _agreement_claim(t), _split_claim(heard, t), _held_claim(heard)]
        claims += [claim for claim in found if claim is not None]
    else:
        claims += [board_claim(heard, board) for board in heard.boards]
    return [*claims, _consistency_claim(heard), _small_claim(heard)]


def _judges(n: int) -> str:
    return counted(n, "judge")


def weight_claim(t: Topic) -> Claim:
    """Say which item of a topic has most weight, which least, and what every group puts first."""
    order, n = t.order, len(t.found.judges.columns)
    first, last = str(order.index[0]), str(order.index[-1])
    same = t.always_first()
    what = lower_first(t.title)
    say = (
        f"On the {what}, the {_judges(n)} give **{lower_first(t.names[first])}** the most weight "
        f"({percent(order.iloc[0])}) and {lower_first(t.names[last])} the least "
        f"({percent(order.iloc[-1])})"
        if len(order) > 1
        else f"On the {what} there is one item only"
    )
    if t.groups:
        named = listed(lower_first(t.names[i]) for i in same)
        say += (
            f"; every group has {named} among its first {count(FIRST)}."
            if same
            else f"; no item is among the first {count(FIRST)} of every group."
        )
    else:
        say += "."
    return Claim(
        say,
        "; ".join(f"{t.names[str(i)]} {100 * w:.1f}%" for i, w in order.items()) + ".",
        "Weights of each judge from the answers; of the whole their geometric mean, divided by the "
        "sum (aggregation of individual priorities, Forman & Peniwati 1998).",
        note=_asked(t),
        more=("By group", "#what-has-weight"),
    )


def _asked(t: Topic) -> str:
    kinds = t.found.consistency["kind"].value_counts()
    ways = {"pairwise": "comparing pairwise", "best-worst": "by the best-worst method",
            "rating": "rating"}  # fmt: skip
    told = listed(f"{count(int(n))} {ways[str(k)]}" for k, n in kinds.items())
    return f"Answers of {_judges(len(t.found.judges.columns))}: {told}."


def alike(consensus: float) -> str:
    """Say in words how far judges agree."""
    return next(words for least, words in ALIKE if consensus >= least)


def _agreement_claim(t: Topic) -> Claim | None:
    c, w = t.found.consensus, t.found.concordance
    if np.isnan(c.consensus) or w is None:
        return None
    order = (
        f"on the order they agree to {percent(w.w)}, "
        + ("which chance alone does not give" if w.p < 0.05 else "no more than chance might give")
        if not np.isnan(w.w)
        else "all rank all items alike"
    )
    return Claim(
        f"**The judges {alike(c.consensus)}:** consensus {percent(c.consensus)}; {order}.",
        f"Consensus {c.consensus:.3f} (beta diversity {c.beta:.3f}); Kendall's W {w.w:.3f}, "
        f"chi-square {w.chi2:.1f} with {w.df} degrees of freedom, p {w.p:.2g}.",
        "Consensus by Shannon's alpha and beta entropy (Goepel 2013): 0 if each judge favoured "
        "another item as far as the scale goes, 1 if all gave the same weights. W is 0 for no "
        "common order and 1 for one order (Kendall & Babington Smith 1939).",
        note=f"Weights of {_judges(w.judges)} on {lower_first(t.title)}.",
        more=("Topic by topic", "#how-far-the-judges-agree"),
    )


def _split_claim(heard: Heard, t: Topic) -> Claim | None:
    if t.splits is None or t.splits.empty:
        return None
    top = t.splits.iloc[0]
    item = str(t.splits.index[0])
    high, low = (heard.group(str(top[end])).lower() for end in ("highest_group", "lowest_group"))
    plain = top["chance"] <= PLAIN
    verdict = (
        "more than judges put into groups at random would"
        if plain
        else "not clearly more than judges put into groups at random would"
    )
    return Claim(
        f"The groups differ most on **{lower_first(t.names[item])}**: {high} give it "
        f"{percent(top['highest'])}, {low} {percent(top['lowest'])}; {verdict}.",
        f"Gap {100 * top['gap']:.1f} points; {percent(top['between'])} of the variance of the "
        f"judges' weights lies between the groups; judges put into groups at random are so divided "
        f"on some item in {percent(top['chance'])} of {SHUFFLES} tries.",
        "Weights of a group: geometric mean over its judges, divided by the sum. Share between "
        "groups: eta squared, held against the greatest over all items when judges are shuffled "
        "(Westfall & Young 1993).",
        note=f"Groups: {_groups(heard, t)}.",
        more=("Item by item", "#who-splits-on-what"),
    )


def _groups(heard: Heard, t: Topic) -> str:
    return listed(f"{heard.group(g).lower()} ({len(j)})" for g, j in t.groups.items())


def _held_claim(heard: Heard) -> Claim | None:
    held = heard.held_by_all()
    if held is None:
        return None
    a, n = heard.a, len(held)
    pairs, settled = n * (n - 1) // 2, int(held.to_numpy().sum())
    lead = never_behind(heard)
    names = listed(a.names.in_sentence(s) for s in lead)
    verb = "is" if len(lead) == 1 else "are"
    say = (
        f"**{capital(count(settled, 'none'))} of {pairs} pairs of systems are settled whichever "
        f"group's weights count**"
    )
    say += f"; {names} {verb} surely behind nobody under any of them." if lead else "."
    return Claim(
        say,
        "; ".join(
            f"{heard.group(g)}: {int((r.ahead >= r.threshold).to_numpy().sum())} pairs settled"
            for g, r in heard.rankings.items()
        ) + ".",
        f"A pair is settled for a group if one system is ahead in at least "
        f"{percent(a.ranking.threshold)} of {a.ranking.draws:,} draws, weights varying as the "
        "judges of the group do; it holds if that is so for every group, the same way round.",
        note=f"{counted(n, 'ranked system')}.",
        more=("System by system", "#what-holds-whoever-is-asked"),
    )  # fmt: skip


def never_behind(heard: Heard) -> list[str]:
    """Return the ranked systems that nobody is surely ahead of, under any group's weights."""
    tables = [r.table for r in heard.rankings.values()]
    return [s for s in heard.a.ranked if not any(int(cell(t, s, "behind")) for t in tables)]


def board_claim(heard: Heard, board: SwotPriorities) -> Claim:
    """Say which SWOT factor of a system has most weight."""
    a = heard.a
    f = board.factors.sort_values("rank", kind="stable")
    coded = a.study.swot_factors.set_index("factor_id")
    first = f.iloc[0]
    row = coded.loc[first["factor_id"]]
    statement = lower_first(str(row["statement"]).rstrip("."))
    return Claim(
        f"Of the SWOT factors of {a.names.in_sentence(board.system)}, the "
        f"{_judges(len(board.judges))} give most weight to one "
        f"{first['quadrant']}: **{statement}** ({percent(first['global'])}).",
        "; ".join(f"{r.factor_id} {100 * r.share:.1f}%"
                  for r in each_row(f.rename(columns={"global": "share"}).head(5))) + ".",
        "Priority of a factor: that of its group times its own within the group (A'WOT, Kurttila "
        "et al. 2000).",
        note=f"{capital(count(len(f)))} factors judged.",
        cites=((str(row["source_id"]), "" if pd.isna(row["locator"]) else str(row["locator"])),),
    )  # fmt: skip


def _consistency_claim(heard: Heard) -> Claim:
    measured = [
        found.pairs.consistency["cr"] for _, found in heard.parts() if found.pairs is not None
    ]
    formula = (
        "How far a judge's pairwise comparisons contradict each other, as a share of what random "
        f"answers would; up to {CONSISTENT:.2f} counts as consistent (Saaty 1980; for comparisons "
        "not made, Ágoston & Csató 2022)."
    )
    if not measured:
        return Claim(
            "Whether answers fit together cannot be said: nobody compared pairwise.",
            "No pairwise comparisons.",
            formula,
        )
    ratio = pd.concat(measured)
    over = heard.contradictions
    sets = counted(len(ratio), "set")
    if over.empty:
        say = f"**All {sets} of comparisons fit together** (consistency ratio at most 0.10)."
    else:
        verb = "contradicts itself" if len(over) == 1 else "contradict themselves"
        say = f"**{capital(count(len(over)))} of {sets} of comparisons {verb}** noticeably"
        changed = heard.repairs.groupby(["topic", "judge_id"]).size()
        most = int(changed.max()) if len(changed) else 0
        alone = "one answer" if most == 1 else f"at most {count(most)} answers each"
        where = "it" if len(over) <= MOST_REPAIRED else f"the {count(MOST_REPAIRED)} worst"
        say += f"; to think {alone} over again would mend {where}." if most else "."
    return Claim(
        say,
        f"Consistency ratio: median {ratio.median():.3f}, highest {ratio.max():.3f}.",
        formula,
        note="A set is all that one judge compared in one go. All answers count as given.",
        more=("Answers to reconsider", "#do-the-answers-fit-together"),
    )


def _small_claim(heard: Heard) -> Claim:
    hidden = [t for t in heard.topics if not t.groups]
    pooled = [t for t in heard.topics if OTHERS in t.groups]
    if heard.silent:
        topics = listed(heard.silent)
        why = "; ".join(f"{topic}: {reason}" for topic, reason in heard.silent.items())
        say = f"**Not weighed:** the answers on {topics} do not suffice yet. "
    else:
        say, why = "", ""
    shown = f"**Judges bear ids only, and groups under {count(LEAST)} are not shown alone.**"
    if pooled:
        shown += (
            f" On {listed(lower_first(t.title) for t in pooled)} smaller groups stand together."
        )
    if hidden:
        shown += (
            f" On {listed(lower_first(t.title) for t in hidden)} there are no two groups that "
            "could be shown apart."
        )
    return Claim(
        say + shown,
        f"{_judges(heard.judges).capitalize()} in all. {why}".strip(),
        f"A group of fewer than {count(LEAST)} judges joins the others that are too small, and the "
        "smallest larger one where these are still too few, so that no one can be worked out from "
        "the rest.",
    )
