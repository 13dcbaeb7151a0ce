"""How sure a rank is, in words: what was drawn, how often a system is where, what would settle it.

The words for draws and their shares are kept here, so that no page speaks of all priorities where a
panel's or an order of importance is in force.
"""

from __future__ import annotations

from math import ceil

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.robustness import Ranking, confidence_table, rank_conditions
from mcanalysis.robustness.drivers import REPLAYED
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, count, counted, grouped, listed, percent

FRACTIONS = {
    "a tenth": 1 / 10,
    "a fifth": 1 / 5,
    "a quarter": 1 / 4,
    "a third": 1 / 3,
    "two fifths": 2 / 5,
    "half": 1 / 2,
}
NEAR = 0.02
"""A limit this little below a fraction is said as that fraction."""
MET = (0.02, 0.6)
"""Share of the draws that fulfil a condition worth telling: rarer is far-fetched, more often is no
condition."""
TOLD = 3
"""Conditions told of one system."""
HARDLY = 0.01
"""A system that is first less often is spoken of in terms of other ranks."""


def drawn_in_words(r: Ranking) -> str:
    """Say what is drawn at random for a ranking, and what is not."""
    known = (
        "equal weights"
        if r.weights is None
        else "weights as given"
        if isinstance(r.weights, pd.Series)
        else "weights of the panel"
        if isinstance(r.weights, pd.DataFrame)
        else "weights that stand for the order of importance"
    )
    free = (
        "random weights"
        if r.weights is None
        else "weights that vary as those of the panel's judges do"
        if isinstance(r.weights, pd.DataFrame)
        else "random weights that keep the order of importance"
    )
    said = {
        "weights": (free, known),
        "values": ("random worth of levels 1 and 2 in order", "equal steps between levels"),
        "gaps": ("gaps filled at random", "gaps left out"),
        "confidence": (
            "low-confidence levels moved at random",
            "low-confidence levels as coded",
        ),
    }
    return ", ".join(on if kind in r.vary else off for kind, (on, off) in said.items())


def counted_in_words(r: Ranking) -> str:
    """Say how ranks come out of the draws, as one sentence."""
    return f"In each of {grouped(r.draws)} draws: {drawn_in_words(r)}; then ranks are counted."


def in_nine_of_ten(r: Ranking) -> str:
    """Say what a 90 % rank interval covers."""
    return f"in nine of ten {'weightings' if 'weights' in r.vary else 'draws'}" + (
        " of the panel" if isinstance(r.weights, pd.DataFrame) else ""
    )


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
        return "of the draws"
    if r.weights is None:
        return "of all priorities"
    if isinstance(r.weights, pd.DataFrame):
        return "of the panel's draws"
    return "of all priorities that keep the order of importance"


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
    return f"exact to {points:.1f} points"


def share_in_words(limit: float) -> str:
    """Say a least share of the weight, rounded up, so that what holds above it still does.

    Examples
    --------
    >>> [share_in_words(x) for x in (0.19, 0.2, 0.201, 0.324, 0.61)]
    ['a fifth', 'a fifth', '21%', 'a third', '61%']
    """
    for words, share in FRACTIONS.items():
        if limit <= share <= limit + NEAR:
            return words
    return f"{ceil(round(100 * limit, 9))}%"


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
        what = (
            "its weights of the dimensions stand in the place of all possible weights"
            if a.judged is not None
            else "it was not asked about the dimensions, so that ranks rest on no opinion"
        )
        return f"the panel “{a.panel}” ({counted(judges, 'judge')}): {what}"
    order = a.ranking.weights
    if isinstance(order, pd.Series):
        shares = order[order > 0].sort_values(ascending=False, kind="stable")
        said = [f"{a.names.dimension(str(d)).lower()} {percent(w)}" for d, w in shares.items()]
        return f"weights that were given: {listed(said)}"
    if order is None or isinstance(order, pd.DataFrame):
        return ""
    groups = [[place] if isinstance(place, str) else list(place) for place in order]
    first, *then = (listed(a.names.dimension(d).inside for d in group) for group in groups)
    rest = len({d for group in groups for d in group}) < len(a.dimensions)
    said = [f"{first} first", *(f"then {some}" for some in then), *(["then all others"] * rest)]
    return f"an order of importance: {', '.join(said)}"


def pool_in_words(a: Analysis) -> str:
    """Say which rows a rank rests on."""
    levels = a.evidence.levels.loc[a.ranked]
    return (
        f"The newest row per dimension of {len(levels)} systems: "
        f"{int(levels.notna().sum().sum())} levels, {int(levels.isna().sum().sum())} gaps."
    )


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
    rarely = "never first" if first == 0 else f"first in {percent(first)}"
    if first >= HARDLY or not places:
        say = f"It is **first in {percent(first)} {share_of(r)}**{_exactly(first, r)}"
        if 0 < first < 1 and "weights" in r.vary:
            sure = float(cell(confidence_table(a.evidence, r), system, "confidence_factor"))
            say += f"; with the weights typical of those that put it first, in {percent(sure)}."
            central = row_of(r.central, system).sort_values(ascending=False, kind="stable")
            most = listed(
                f"{a.names.dimension(str(d)).inside} {percent(w)}"
                for d, w in central.head(3).items()
            )
            value = f" The weights typical of those that put it first lie most on {most}."
            formula += (
                " Typical weights: the mean of all with which the system is first; they are kept, "
                "and all else is drawn again 10\u202f000 times."
            )
        else:
            say += "."
    elif often:
        share = among_first(a, system, often)
        say = (
            f"It is **among the first {count(often)} in {percent(share)} {share_of(r)}**"
            f"{_exactly(share, r)}, and {rarely}."
        )
    else:
        share = 1 - among_first(a, system, n // 2)
        say = (
            f"It is **in the lower half in {percent(share)} {share_of(r)}**"
            f"{_exactly(share, r)}, and {rarely}."
        )
    told = "; ".join(
        [f"First in {100 * first:.2f}%", *(
            f"among the first {count(k)} in {100 * among_first(a, system, k):.2f}%" for k in places
        )]
    )  # fmt: skip
    return Claim(
        say,
        f"{told} of the draws.{value}",
        f"{formula} Exact to: 19 of 20 repeats with other random numbers would differ by no more.",
        note=pool_in_words(a),
        more=("How sure is this", "#how-sure-is-this"),
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
    given = isinstance(r.weights, pd.DataFrame)
    sides, new = [], True
    for side, words in (("behind", "surely behind"), ("ahead", "surely ahead of")):
        parts = []
        for c in each_row(some[some["side"] == side]):
            limit = f"more than {share_in_words(c.more_than)}{' of all weight' if new else ''}"
            what = a.names.dimension(str(c.dimension_id)).inside
            parts.append(
                f"{name(str(c.other))} where the panel puts {limit} on {what}"
                if given
                else f"{name(str(c.other))} if {limit} lies on {what}"
            )
            new = False
        if parts:
            sides.append(f"**{words}** {listed(parts)}")
    value = "; ".join(
        f"{a.names.system(str(c.other))}: more than {100 * c.more_than:.1f}% on "
        f"{a.names.dimension(str(c.dimension_id)).inside}, as in {percent(c.met)} of the draws"
        for c in each_row(some)
    )
    own = a.evidence.rows
    own = own[
        own["system_id"].isin([system, *some["other"]])
        & own["dimension_id"].isin(some["dimension_id"])
    ]
    return Claim(
        f"{capital(name(system))} is {'; it is '.join(sides)}.",
        value + ".",
        "Of the draws in which a dimension has more weight than that, at least "
        f"{percent(r.threshold)} put the one system ahead of the other; all else varies as before. "
        "Told of the nearest in the ranking that it cannot be told apart from, where the weight is "
        f"above an equal share and found in {percent(MET[0])} to {percent(MET[1])} of the draws, "
        f"counted in the first {grouped(min(r.draws, REPLAYED))}; limits are rounded up.",
        own.reset_index(drop=True),
        "Levels on the dimensions named, of the systems named:",
    )


def _conditions(a: Analysis, system: str) -> pd.DataFrame:
    """Return the few conditions on weights that a reader can use, nearest systems first."""
    found = rank_conditions(a.evidence, a.ranking, system, a.replay)
    usable = found["met"].between(*MET) & (found["more_than"] > 1 / len(a.dimensions))
    place = {s: i for i, s in enumerate(a.ranked)}
    some = found[usable]
    some = some.assign(far=(some["other"].map(place).astype(int) - place[system]).abs())
    return some.sort_values(["far", "met"], ascending=[True, False], kind="stable").head(TOLD)
