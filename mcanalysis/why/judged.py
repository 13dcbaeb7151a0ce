"""What a panel's answers come to, as sentences with all that they rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.frames import cell, each_row
from mcanalysis.language import marked, phrase
from mcanalysis.swot import SwotPriorities
from mcanalysis.weights.shown import SHUFFLES
from mcanalysis.why.answers import consistency_claim, shown_claim
from mcanalysis.why.claims import Claim
from mcanalysis.why.heard import FIRST, Heard, Topic
from mcanalysis.wording import (
    capital,
    cited,
    clauses,
    count,
    decimal,
    grouped,
    listed,
    lower_first,
    percent,
    percent_to,
    plural,
)

ALIKE = (
    (0.75, marked("The judges agree in large part")),
    (0.5, marked("The judges agree in part")),
    (0.0, marked("The judges disagree in large part")),
)
"""From which consensus on what is said (Goepel's bands, fewer)."""
PLAIN = 0.05
"""Chance up to which a split between groups is taken to be one."""
_WAYS = {
    "pairwise": (marked("one comparing pairwise"), marked("{n} comparing pairwise")),
    "best-worst": (
        marked("one by the best-worst method"),
        marked("{n} by the best-worst method"),
    ),
    "rating": (marked("one rating"), marked("{n} rating")),
}
_WEIGHTIEST = {
    "strength": marked(
        "Of the SWOT factors {system.of}, the {n} judges give most weight to one strength: "
        "**{statement}** ({share})."
    ),
    "weakness": marked(
        "Of the SWOT factors {system.of}, the {n} judges give most weight to one weakness: "
        "**{statement}** ({share})."
    ),
    "opportunity": marked(
        "Of the SWOT factors {system.of}, the {n} judges give most weight to one opportunity: "
        "**{statement}** ({share})."
    ),
    "threat": marked(
        "Of the SWOT factors {system.of}, the {n} judges give most weight to one threat: "
        "**{statement}** ({share})."
    ),
}


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
    return [*claims, consistency_claim(heard), shown_claim(heard)]


def weight_claim(t: Topic) -> Claim:
    """Say which item of a topic has most weight, which least, and what every group puts first."""
    order, n = t.order, len(t.found.judges.columns)
    same = t.always_first()
    if len(order) > 1:
        say = plural(
            n,
            "On the {topic}, the one judge gives **{first}** the most weight ({most}) and {last} "
            "the least ({least})",
            "On the {topic}, the {n} judges give **{first}** the most weight ({most}) and {last} "
            "the least ({least})",
            topic=t.inside,
            first=t.in_sentence(order.index[0]),
            most=percent(order.iloc[0]),
            last=t.in_sentence(order.index[-1]),
            least=percent(order.iloc[-1]),
        )
    else:
        say = phrase("On the {topic} there is one item only", topic=t.inside)
    if t.groups and same:
        all_say = phrase(
            "every group has {items} among its first {n}",
            items=listed(t.in_sentence(i) for i in same),
            n=count(FIRST),
        )
        say = clauses(say, all_say)
    elif t.groups:
        say = clauses(say, phrase("no item is among the first {n} of every group", n=count(FIRST)))
    return Claim(
        f"{say}.",
        clauses(*(f"{t.name(i)} {percent_to(w, 1)}" for i, w in order.items())) + ".",
        phrase(
            "Weights of each judge from the answers; of the whole their geometric mean, divided by "
            "the sum (aggregation of individual priorities, Forman & Peniwati 1998)."
        ),
        note=_asked(t),
        more=(phrase("By group"), "#what-has-weight"),
    )


def _asked(t: Topic) -> str:
    kinds = t.found.consistency["kind"].value_counts()
    return plural(
        len(t.found.judges.columns),
        "Answers of one judge: {ways}.",
        "Answers of {n} judges: {ways}.",
        ways=listed(plural(int(n), *_WAYS[str(k)]) for k, n in kinds.items()),
    )


def alike(consensus: float) -> str:
    """Say how far judges agree, as a sentence without its full stop."""
    return phrase(next(words for least, words in ALIKE if consensus >= least))


def _agreement_claim(t: Topic) -> Claim | None:
    c, w = t.found.consensus, t.found.concordance
    if np.isnan(c.consensus) or w is None:
        return None
    if np.isnan(w.w):
        order = phrase("all rank all items alike")
    elif w.p < 0.05:
        order = phrase(
            "on the order they agree to {share}, which chance alone does not give",
            share=percent(w.w),
        )
    else:
        order = phrase(
            "on the order they agree to {share}, no more than chance might give",
            share=percent(w.w),
        )
    say = phrase(
        "**{judges_agree}:** consensus {share}",
        judges_agree=alike(c.consensus),
        share=percent(c.consensus),
    )
    value = [
        phrase(
            "Consensus {consensus} (beta diversity {beta})",
            consensus=decimal(c.consensus, 3),
            beta=decimal(c.beta, 3),
        )
    ]
    if not np.isnan(w.w):
        value.append(
            phrase(
                "Kendall's W {w}, chi-square {chi2} with {df} degrees of freedom, p {p}",
                w=decimal(w.w, 3),
                chi2=decimal(w.chi2, 1),
                df=w.df,
                p=decimal(float(f"{w.p:.2g}"), None),
            )
        )
    return Claim(
        clauses(say, order) + ".",
        clauses(*value) + ".",
        phrase(
            "Consensus by Shannon's alpha and beta entropy (Goepel 2013): 0 if each judge favoured "
            "another item as far as the scale goes, 1 if all gave the same weights. W is 0 for no "
            "common order and 1 for one order (Kendall & Babington Smith 1939)."
        ),
        note=phrase("Weights of {n} judges on {topic}.", n=count(w.judges), topic=t.inside),
        more=(phrase("Topic by topic"), "#how-far-the-judges-agree"),
    )


def _split_claim(heard: Heard, t: Topic) -> Claim | None:
    if t.splits is None or t.splits.empty or pd.isna(t.splits["between"].iloc[0]):
        return None  # or all judges say the same
    top = t.splits.iloc[0]
    say = phrase(
        "The groups differ most on **{item}**: {high} give it {most}, {low} {least}",
        item=t.in_sentence(t.splits.index[0]),
        high=heard.inside(str(top["highest_group"])),
        most=percent(top["highest"]),
        low=heard.inside(str(top["lowest_group"])),
        least=percent(top["lowest"]),
    )
    verdict = (
        phrase("more than judges put into groups at random would")
        if top["chance"] <= PLAIN
        else phrase("not clearly more than judges put into groups at random would")
    )
    value = clauses(
        phrase("Gap {points} points", points=decimal(100 * top["gap"], 1)),
        phrase(
            "{share} of the variance of the judges' weights lies between the groups",
            share=percent(top["between"]),
        ),
        phrase(
            "judges put into groups at random are so divided on some item in {chance} of {n} tries",
            chance=percent(top["chance"]),
            n=SHUFFLES,
        ),
    )
    return Claim(
        clauses(say, verdict) + ".",
        f"{value}.",
        phrase(
            "Weights of a group: geometric mean over its judges, divided by the sum. Share between "
            "groups: eta squared, held against the greatest over all items when judges are "
            "shuffled (Westfall & Young 1993)."
        ),
        note=phrase(
            "Groups: {groups}.",
            groups=listed(f"{heard.inside(g)} ({len(j)})" for g, j in t.groups.items()),
        ),
        more=(phrase("Item by item"), "#who-splits-on-what"),
    )


def _held_claim(heard: Heard) -> Claim | None:
    held = heard.held_by_all()
    if held is None:
        return None
    a, n = heard.a, len(held)
    settled = int(held.to_numpy().sum())
    lead = never_behind(heard)
    said = [
        plural(
            settled,
            "**One of {pairs} pairs of systems is settled whichever group's weights count**",
            "**{n} of {pairs} pairs of systems are settled whichever group's weights count**",
            "**None of {pairs} pairs of systems are settled whichever group's weights count**",
            n=capital(count(settled)),
            pairs=n * (n - 1) // 2,
        )
    ]
    if lead:
        said.append(
            plural(
                len(lead),
                "{systems} is surely behind nobody under any of them",
                "{systems} are surely behind nobody under any of them",
                systems=listed(a.names.in_sentence(s) for s in lead),
            )
        )
    settled_by = {
        g: int((r.ahead >= r.threshold).to_numpy().sum()) for g, r in heard.rankings.items()
    }
    value = (
        plural(many, "{group}: {n} pair settled", "{group}: {n} pairs settled",
               group=heard.group(g), n=many)
        for g, many in settled_by.items()
    )  # fmt: skip
    return Claim(
        clauses(*said) + ".",
        clauses(*value) + ".",
        phrase(
            "A pair is settled for a group if one system is ahead in at least {share} of {draws} "
            "draws, weights varying as the judges of the group do; it holds if that is so for "
            "every group, the same way round.",
            share=percent(a.ranking.threshold),
            draws=grouped(a.ranking.draws),
        ),
        note=capital(phrase("{n} ranked systems.", n=count(n))),
        more=(phrase("System by system"), "#what-holds-whoever-is-asked"),
    )


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
    shares = each_row(f.rename(columns={"global": "share"}).head(5))
    return Claim(
        plural(
            len(board.judges),
            "Of the SWOT factors {system.of}, the one judge gives most weight to **{statement}** "
            "({share}).",
            _WEIGHTIEST[str(first["quadrant"])],
            system=a.names.in_sentence(board.system),
            statement=cited(lower_first(str(row["statement"]).rstrip("."))),
            share=percent(first["global"]),
        ),
        clauses(*(f"{r.factor_id} {percent_to(r.share, 1)}" for r in shares)) + ".",
        phrase(
            "Priority of a factor: that of its group times its own within the group (A'WOT, "
            "Kurttila et al. 2000)."
        ),
        note=plural(
            len(f), "One factor judged.", "{n} factors judged.", n=capital(count(len(f)))
        ),
        cites=((str(row["source_id"]), "" if pd.isna(row["locator"]) else str(row["locator"])),),
    )  # fmt: skip
