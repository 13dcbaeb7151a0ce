"""Draws in words: what was drawn, what a share of the draws is of, whose opinion it rests on.

They are kept here, so that no page speaks of all priorities where a panel's or an order of
importance is in force.
"""

from __future__ import annotations

from math import ceil

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.language import marked, phrase
from mcanalysis.robustness import Ranking
from mcanalysis.wording import decimal, grouped, listed, percent, plural

FRACTIONS = {
    marked("a tenth"): 1 / 10,
    marked("a fifth"): 1 / 5,
    marked("a quarter"): 1 / 4,
    marked("a third"): 1 / 3,
    marked("two fifths"): 2 / 5,
    marked("half"): 1 / 2,
}
NEAR = 0.02
"""A limit this little below a fraction is said as that fraction."""


def drawn_in_words(r: Ranking) -> str:
    """Say what is drawn at random for a ranking, and what is not."""
    known = (
        phrase("equal weights")
        if r.weights is None
        else phrase("weights as given")
        if isinstance(r.weights, pd.Series)
        else phrase("weights of the panel")
        if isinstance(r.weights, pd.DataFrame)
        else phrase("weights that stand for the order of importance")
    )
    free = (
        phrase("random weights")
        if r.weights is None
        else phrase("weights that vary as those of the panel's judges do")
        if isinstance(r.weights, pd.DataFrame)
        else phrase("random weights that keep the order of importance")
    )
    said = {
        "weights": (free, known),
        "values": (
            phrase("random worth of levels 1 and 2 in order"),
            phrase("equal steps between levels"),
        ),
        "gaps": (phrase("gaps filled at random"), phrase("gaps left out")),
        "confidence": (
            phrase("low-confidence levels moved at random"),
            phrase("low-confidence levels as coded"),
        ),
    }
    return ", ".join(on if kind in r.vary else off for kind, (on, off) in said.items())


def counted_in_words(r: Ranking) -> str:
    """Say how ranks come out of the draws, as one sentence."""
    return phrase(
        "In each of {n} draws: {drawn}; then ranks are counted.",
        n=grouped(r.draws),
        drawn=drawn_in_words(r),
    )


def in_nine_of_ten(r: Ranking) -> str:
    """Say what a 90 % rank interval covers."""
    if isinstance(r.weights, pd.DataFrame):
        if "weights" in r.vary:
            return phrase("in nine of ten weightings of the panel")
        return phrase("in nine of ten draws of the panel")
    if "weights" in r.vary:
        return phrase("in nine of ten weightings")
    return phrase("in nine of ten draws")


def share_of(r: Ranking) -> str:
    """Say what a share of the draws is a share of.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> study = read_study("data")
    >>> share_of(analyse(study, draws=100).ranking)
    'of all priorities'
    >>> share_of(analyse(study, draws=100, panel="illustrative").ranking)
    "of the panel's draws"
    """
    if "weights" not in r.vary:
        return phrase("of the draws")
    if r.weights is None:
        return phrase("of all priorities")
    if isinstance(r.weights, pd.DataFrame):
        return phrase("of the panel's draws")
    return phrase("of all priorities that keep the order of importance")


def exact_to(share: float, r: Ranking) -> str:
    """Say how exact a share of the draws is: 95 % of repeats lie within; nothing for 0 and 1.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> exact_to(0.5, analyse(read_study("data"), draws=1000).ranking)
    'exact to 3.1 points'
    """
    if not 0 < share < 1:
        return ""
    points = ceil(round(10 * 196 * r.error(share), 6)) / 10
    return phrase("exact to {points} points", points=decimal(points, 1))


def share_in_words(limit: float) -> str:
    """Say a least share of the weight, rounded up, so that what holds above it still does.

    Examples
    --------
    >>> [share_in_words(x) for x in (0.19, 0.2, 0.201, 0.324, 0.61)]
    ['a fifth', 'a fifth', '21%', 'a third', '61%']
    """
    for words, share in FRACTIONS.items():
        if limit <= share <= limit + NEAR:
            return phrase(words)
    return percent(ceil(round(100 * limit, 9)) / 100)


def opinion_in_words(a: Analysis) -> str:
    """Say whose opinion an analysis rests on, as the end of a sentence; nothing where it is none.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> opinion_in_words(analyse(read_study("data"), draws=100, order=["recognition"]))
    'an order of importance: recognition first, then all others'
    """
    if a.panel is not None:
        judges = a.judgements["judge_id"].nunique()
        who = plural(judges, "one judge", "{n} judges")
        if a.judged is not None:
            return phrase(
                "the panel “{panel}” ({judges}): its weights of the dimensions stand in the place "
                "of all possible weights",
                panel=a.panel,
                judges=who,
            )
        return phrase(
            "the panel “{panel}” ({judges}): it was not asked about the dimensions, so that ranks "
            "rest on no opinion",
            panel=a.panel,
            judges=who,
        )
    order = a.ranking.weights
    if isinstance(order, pd.Series):
        shares = order[order > 0].sort_values(ascending=False, kind="stable")
        said = [f"{a.names.dimension(str(d)).inside} {percent(w)}" for d, w in shares.items()]
        return phrase("weights that were given: {weights}", weights=listed(said))
    if order is None or isinstance(order, pd.DataFrame):
        return ""
    groups = [[place] if isinstance(place, str) else list(place) for place in order]
    first, *then = (listed(a.names.dimension(d).inside for d in group) for group in groups)
    said = [
        phrase("{dimensions} first", dimensions=first),
        *(phrase("then {dimensions}", dimensions=some) for some in then),
    ]
    if len({d for group in groups for d in group}) < len(a.dimensions):
        said.append(phrase("then all others"))
    return phrase("an order of importance: {places}", places=", ".join(said))


def pool_in_words(a: Analysis) -> str:
    """Say which rows a rank rests on."""
    levels = a.evidence.levels.loc[a.ranked]
    return phrase(
        "The newest row per dimension of {systems} systems: {levels} levels, {gaps} gaps.",
        systems=len(levels),
        levels=int(levels.notna().sum().sum()),
        gaps=int(levels.isna().sum().sum()),
    )
