"""Who leads, and how far weights can move until that ends, in words."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.compare import integration_index
from mcanalysis.frames import each_indexed, each_row
from mcanalysis.language import phrase
from mcanalysis.names import Called
from mcanalysis.robustness import Ranking, central_priorities, smallest_flips, weight_stability
from mcanalysis.why.claims import Claim, begun
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed,
    listed_some,
    percent_to,
    plural,
)


def centre_in_words(r: Ranking) -> str:
    """Say which weights stand for what is known, from which changes are measured."""
    if r.weights is None:
        return phrase("equal weights")
    if isinstance(r.weights, pd.Series):
        return phrase("the weights given")
    if isinstance(r.weights, pd.DataFrame):
        return phrase("the weights of the whole panel")
    return phrase("the weights that stand for the order of importance")


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
        return phrase("under {number} points", number=decimal(0.1, 1))
    said = decimal(100 * share, 1)
    if said.endswith("0") and said[-2] in ".,":
        said = said[:-2]
    return (
        phrase("{number} point", number=said)
        if said == "1"
        else phrase("{number} points", number=said)
    )


def moved_in_words(a: Analysis, sources: str, to: str) -> str:
    """Say between which dimensions weight moves; sources are a `;` list."""
    given = listed(a.names.dimension(d).inside for d in sources.split(";"))
    return phrase(
        "from {dimensions} to {dimension}",
        dimensions=given,
        dimension=a.names.dimension(to).inside,
    )


def end_of_lead_claim(a: Analysis) -> Claim | None:
    """Say by how little the weights must change to end the lead, if they can."""
    r, name, first = a.ranking, a.names.in_sentence, leaders(a)
    flips = smallest_flips(a.evidence, a.ranked, r.weights)
    more = (phrase("How far weights can move"), "#how-far-weights-can-move")
    formula = phrase(
        "Start: {weights}, equal steps between levels, levels as coded. Least sum of weights that "
        "must move for a lead on the dimensions that both systems have evidence on to vanish.",
        weights=centre_in_words(r),
    )
    if not first:
        return None
    if len(first) > 1:
        say = phrase(
            "**{systems} are level at the top** with {weights}: any change of the weights decides "
            "between them.",
            systems=listed(map(name, first)),
            weights=centre_in_words(r),
        )
        return Claim(
            begun(say),
            phrase("Highest index of {n} systems.", n=count(len(first))),
            phrase("Weighted mean of the levels over the evidence present."),
            a.rows_of(first),
            more=more,
        )
    top = first[0]
    better = [str(s) for s in flips.loc[flips["behind"] == top, "ahead"]]
    mine = flips[(flips["ahead"] == top) & flips["moved"].notna()]
    if better:
        return Claim(
            plural(
                len(better),
                "**The lead {system.of} hangs on gaps:** on the dimensions that both have evidence "
                "on, {others} stands higher with {weights}.",
                "**The lead {system.of} hangs on gaps:** on the dimensions that both have evidence "
                "on, {others} stand higher with {weights}.",
                system=name(top),
                others=Called(listed_some([name(s) for s in better], 3)),
                weights=centre_in_words(r),
            ),
            plural(len(better), "One system.", "{n} systems.", n=capital(count(len(better)))),
            formula,
            a.rows_of([top, *better]),
            more=more,
        )
    if mine.empty:
        others = len(a.ranked) - 1
        return Claim(
            phrase(
                "**No change of weights ends the lead {system.of}:** no other ranked system stands "
                "higher on a dimension where both have evidence.",
                system=name(top),
            ),
            plural(others, "One pair.", "{n} pairs.", n=capital(count(others))),
            formula,
            a.rows_of([top]),
            more=more,
        )
    least = mine.iloc[0]
    rival = str(least["behind"])
    say = phrase(
        "**{system} stays first until {points} of weight (of 100) move** {where}; then {rival} is "
        "level.",
        system=name(top),
        points=points(least["moved"]),
        where=moved_in_words(a, least["sources"], least["to"]),
        rival=name(rival),
    )
    return Claim(
        f"{begun(say)} {_one_weight_alone(a, top)}",
        clauses(
            *(f"{a.names.system(str(f.behind))} {points(f.moved)}" for f in each_row(mine.head(5)))
        )
        + ".",
        formula,
        a.rows_of([top, rival], [*str(least["sources"]).split(";"), str(least["to"])]),
        phrase("Levels on the dimensions between which weight moves:"),
        more=more,
    )


def _one_weight_alone(a: Analysis, top: str) -> str:
    """Say which single weights, the others in proportion, could take a system off its place."""
    room = weight_stability(a.evidence, a.ranked, a.ranking.weights, top)
    ends = []
    for d, r in each_indexed(room):
        what = a.names.dimension(d).inside
        if r["lower"] != 0:
            limit = percent_to(r["lower"], 1)
            ends.append(phrase("{dimension} (below {limit})", dimension=what, limit=limit))
        if r["upper"] != 1:
            limit = percent_to(r["upper"], 1)
            ends.append(phrase("{dimension} (above {limit})", dimension=what, limit=limit))
    if not ends:
        return phrase("No weight could end its lead alone, whatever it is.")
    return phrase(
        "Of single weights, the others in proportion, only these end it: {weights}.",
        weights=listed(ends),
    )
