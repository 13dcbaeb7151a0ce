"""How sure a rank is, in words: how often a system is where, and what would settle it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.language import phrase
from mcanalysis.robustness import Ranking, rank_conditions
from mcanalysis.robustness.replays import REPLAYED
from mcanalysis.why.claims import Claim, begun
from mcanalysis.why.draws import (
    FRACTIONS,
    NEAR,
    counted_in_words,
    drawn_in_words,
    exact_to,
    in_nine_of_ten,
    opinion_in_words,
    pool_in_words,
    share_in_words,
    share_of,
)
from mcanalysis.wording import capital, clauses, count, grouped, listed, percent, percent_to

__all__ = [
    "FRACTIONS",
    "HARDLY",
    "MET",
    "NEAR",
    "TOLD",
    "among_first",
    "condition_claim",
    "counted_in_words",
    "drawn_in_words",
    "exact_to",
    "in_nine_of_ten",
    "opinion_in_words",
    "pool_in_words",
    "rank_claim",
    "share_in_words",
    "share_of",
]

MET = (0.02, 0.6)
"""Share of the draws that fulfil a condition worth telling: rarer is far-fetched, more often is no
condition."""
TOLD = 3
"""Conditions told of one system."""
HARDLY = 0.01
"""A system that is first less often is spoken of in terms of other ranks."""


def among_first(a: Analysis, system: str, places: int) -> float:
    """Return in what share of the draws a ranked system is among the first so many."""
    return float(row_of(a.ranking.acceptability, system).iloc[:places].sum())


def rank_claim(a: Analysis, system: str) -> Claim | None:
    """Say how often a system is first or, where it hardly ever is, where else it is.

    Parameters
    ----------
    a : Analysis
    system : str
        A ranked system.

    Returns
    -------
    Claim or None
        None where nobody else is ranked.
    """
    r, n = a.ranking, len(a.ranked)
    if n < 2:
        return None
    first = among_first(a, system, 1)
    places = [k for k in sorted({3, 5, n // 2}) if 1 < k < n]
    often = next((k for k in places if among_first(a, system, k) >= 0.1), None)
    value, formula = "", counted_in_words(r)
    rarely = (
        phrase("never first") if first == 0 else phrase("first in {share}", share=percent(first))
    )
    if first >= HARDLY or not places:
        say = phrase(
            "It is **first in {share} {of_what}**", share=percent(first), of_what=share_of(r)
        ) + _exactly(first, r)
        if 0 < first < 1 and "weights" in r.vary:
            sure = float(cell(a.typical, system, "confidence_factor"))
            typical = phrase(
                "with the weights typical of those that put it first, in {share}",
                share=percent(sure),
            )
            say = clauses(say, typical)
            central = row_of(r.central, system).sort_values(ascending=False, kind="stable")
            most = listed(
                f"{a.names.dimension(str(d)).inside} {percent(w)}"
                for d, w in central.head(3).items()
            )
            where = phrase(
                "The weights typical of those that put it first lie most on {dimensions}.",
                dimensions=most,
            )
            value = f" {where}"
            means = phrase(
                "Typical weights: the mean of all with which the system is first; they are kept, "
                "and all else is drawn again {n} times.",
                n=grouped(10_000),
            )
            formula += f" {means}"
    else:
        if often:
            share = among_first(a, system, often)
            say = phrase(
                "It is **among the first {n} in {share} {of_what}**",
                n=count(often),
                share=percent(share),
                of_what=share_of(r),
            )
        else:
            share = 1 - among_first(a, system, n // 2)
            say = phrase(
                "It is **in the lower half in {share} {of_what}**",
                share=percent(share),
                of_what=share_of(r),
            )
        say = phrase("{finding}, and {rarely}", finding=say + _exactly(share, r), rarely=rarely)
    told = [
        phrase("first in {share}", share=percent_to(first, 2)),
        *(
            phrase(
                "among the first {n} in {share}",
                n=count(k),
                share=percent_to(among_first(a, system, k), 2),
            )
            for k in places
        ),
    ]
    exact = phrase("Exact to: 19 of 20 repeats with other random numbers would differ by no more.")
    return Claim(
        say + ".",
        phrase("{shares} of the draws.", shares=capital(clauses(*told))) + value,
        f"{formula} {exact}",
        note=pool_in_words(a),
        more=(phrase("How sure is this"), "#how-sure-is-this"),
    )


def _exactly(share: float, r: Ranking) -> str:
    exact = exact_to(share, r)
    return f" ({exact})" if exact else ""


def condition_claim(a: Analysis, system: str) -> Claim | None:
    """Say with which weights a system would surely be ahead of its neighbours, or behind them.

    Parameters
    ----------
    a : Analysis
    system : str
        A ranked system.

    Returns
    -------
    Claim or None
        Of the others that it cannot be told apart from, the nearest in the ranking; None where no
        condition can be told: met in 2 to 60 % of the draws, by more weight on one dimension than
        an equal share.
    """
    some = _conditions(a, system)
    if some.empty:
        return None
    r, name = a.ranking, a.names.in_sentence
    told = some.sort_values("side", ascending=False, kind="stable")
    conditions = [
        (c.side, _condition(a, name(str(c.other)), c, new=n == 0))
        for n, c in enumerate(each_row(told))
    ]
    behind, ahead = (
        listed(said for its, said in conditions if its == side) for side in ("behind", "ahead")
    )
    said = []
    if behind:
        said.append(
            phrase(
                "{system} is **surely behind** {conditions}", system=name(system), conditions=behind
            )
        )
    if ahead and behind:
        said.append(phrase("it is **surely ahead of** {conditions}", conditions=ahead))
    elif ahead:
        said.append(
            phrase(
                "{system} is **surely ahead of** {conditions}",
                system=name(system),
                conditions=ahead,
            )
        )
    value = clauses(
        *(
            phrase(
                "{system}: more than {limit} on {dimension}, as in {share} of the draws",
                system=a.names.system(str(c.other)),
                limit=percent_to(c.more_than, 1),
                dimension=a.names.dimension(str(c.dimension_id)).inside,
                share=percent(c.met),
            )
            for c in each_row(some)
        )
    )
    own = a.evidence.rows
    own = own[
        own["system_id"].isin([system, *some["other"]])
        & own["dimension_id"].isin(some["dimension_id"])
    ]
    return Claim(
        begun(clauses(*said)) + ".",
        value + ".",
        phrase(
            "Of the draws in which a dimension has more weight than that, at least {threshold} put "
            "the one system ahead of the other; all else varies as before. Told of the nearest in "
            "the ranking that it cannot be told apart from, where the weight is above an equal "
            "share and found in {rarest} to {most} of the draws, counted in the first {n}; limits "
            "are rounded up.",
            threshold=percent(r.threshold),
            rarest=percent(MET[0]),
            most=percent(MET[1]),
            n=grouped(min(r.draws, REPLAYED)),
        ),
        own.reset_index(drop=True),
        phrase("Levels on the dimensions named, of the systems named:"),
    )


def _condition(a: Analysis, other: str, found: Any, new: bool) -> str:
    """Name another system and the weight that decides; what a share is of, where it is new."""
    given = isinstance(a.ranking.weights, pd.DataFrame)
    fields = {
        "other": other,
        "share": share_in_words(found.more_than),
        "dimension": a.names.dimension(str(found.dimension_id)).inside,
    }
    if given and new:
        return phrase(
            "{other} where the panel puts more than {share} of all weight on {dimension}", **fields
        )
    if given:
        return phrase("{other} where the panel puts more than {share} on {dimension}", **fields)
    if new:
        return phrase("{other} if more than {share} of all weight lies on {dimension}", **fields)
    return phrase("{other} if more than {share} lies on {dimension}", **fields)


def _conditions(a: Analysis, system: str) -> pd.DataFrame:
    """Return the few conditions on weights that a reader can use, nearest systems first."""
    found = rank_conditions(a.evidence, a.ranking, system, a.replay)
    usable = found["met"].between(*MET) & (found["more_than"] > 1 / len(a.dimensions))
    place = {s: i for i, s in enumerate(a.ranked)}
    some = found[usable]
    some = some.assign(far=(some["other"].map(place).astype(int) - place[system]).abs())
    return some.sort_values(["far", "met"], ascending=[True, False], kind="stable").head(TOLD)
