"""How far weights can move before systems change places."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_indexed, each_row, row_of
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.robustness import smallest_flips, weight_stability
from mcanalysis.tables.robustness import TOO_FEW, by_mean_rank
from mcanalysis.why.robust import centre_in_words, leaders, moved_in_words, points
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed,
    percent,
    percent_to,
    plural,
)

_FIRST_BEYOND = {
    "lower": marked("below {share}, {system} is first"),
    "upper": marked("above {share}, {system} is first"),
}
_SWAPS_BEYOND = {
    "lower": marked("below, {behind} passes {ahead}"),
    "upper": marked("above, {behind} passes {ahead}"),
}
"""What happens beyond the lower and the upper end of a weight."""
_HIDDEN = '<span class="vh">{}</span>'


def weight_room(a: Analysis) -> Block:
    """Show between which ends each weight can move before systems change places.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        Drawn for the first place where one system has it, and said for the whole order.
    """
    if len(a.ranked) < 2:
        return nothing(phrase(TOO_FEW))
    order = weight_stability(a.evidence, a.ranked, a.ranking.weights)
    first = leaders(a)
    top = first[0] if len(first) == 1 else None
    drawn = weight_stability(a.evidence, a.ranked, a.ranking.weights, top) if top else order
    ends = [v for v in (*drawn["lower"], *drawn["upper"]) if v < 1]
    scale = min(1.0, 1.15 * max(*ends, *drawn["weight"]))
    rows = []
    for d, r in each_indexed(drawn):
        whole = row_of(order, d)
        mark = interval(r["lower"] / scale, min(r["upper"] / scale, 1), r["weight"] / scale)
        own = [] if top is None else [f"{mark}<span class=lab>{_first_ends(a, r)}</span>"]
        full = phrase("{low} to {high}", low=_share(whole["lower"]), high=_share(whole["upper"]))
        rows.append(
            [
                escape(a.names.dimension(d)),
                percent_to(float(r["weight"]), 1),
                *own,
                f"{'' if top else mark}{full}<span class=lab>{_swaps(a, whole)}</span>",
            ]
        )
    title = _room_in_words(a, order, drawn, top)
    stays = [phrase("{system} stays first", system=a.names.in_sentence(top))] if top else []
    head = [
        phrase("Dimension"),
        phrase(">Weight now"),
        *(escape(capital(each)) for each in stays),
        phrase("The whole order stays"),
    ]
    note = phrase(
        "By the index over the evidence present, levels in equal steps. Systems that are level now "
        "are left out: any move parts them."
    )
    if scale < 1:
        clipped = phrase(
            "Drawn from 0 to {end}; a bar that reaches the right end goes on to 100%.",
            end=percent(scale),
        )
        note = f"{note} {clipped}"
    return block(
        a.study,
        figure(
            title,
            phrase(
                "One weight moves, the others keep their proportions; dot: {weights}",
                weights=centre_in_words(a.ranking),
            ),
            table(
                phrase("Interval in which each weight can move"),
                head,
                rows,
                "room" if top else "room one",
            ),
            f"<p class=note>{note}</p>",
        ),
        title,
    )


def _room_in_words(a: Analysis, order: pd.DataFrame, drawn: pd.DataFrame, top: str | None) -> str:
    """Say which weights leave the first place alone, and how far one must move for any swap."""
    swap = _first_swap(order)
    if top is None:
        if not swap:
            return phrase("The order always stays")
        return phrase("A move of {points} lets some two systems change places", points=swap)
    total, name = len(drawn), capital(a.names.in_sentence(top))
    free = int(((drawn["lower"] <= 0) & (drawn["upper"] >= 1)).sum())
    if total == 1:
        said = (
            phrase("{system} stays first whatever the weight of one of one dimension", system=name)
            if free
            else phrase(
                "{system} stays first whatever the weight of no of one dimension", system=name
            )
        )
    else:
        said = plural(
            free,
            "{system} stays first whatever the weight of one of {total} dimensions",
            "{system} stays first whatever the weight of {n} of {total} dimensions",
            "{system} stays first whatever the weight of no of {total} dimensions",
            system=name,
            total=count(total),
        )
    if not swap:
        return said
    return clauses(
        said, phrase("yet a move of {points} lets some two systems change places", points=swap)
    )


def _first_swap(order: pd.DataFrame) -> str:
    """Say how far one weight must move for some two systems to change places; else nothing."""
    down = (order["weight"] - order["lower"]).where(order["lower_pair"] != "")
    up = (order["upper"] - order["weight"]).where(order["upper_pair"] != "")
    room = pd.concat([down, up], axis=1).min(axis=1).dropna()
    if room.empty:
        return ""
    least, most = float(room.min()), float(room.max())
    if least == most:
        return points(most)
    return phrase("{least} to {most}", least=decimal(100 * least, 1), most=points(most))


def _share(value: float) -> str:
    return percent(value) if value in (0, 1) else percent_to(value, 1)


def _first_ends(a: Analysis, r: pd.Series) -> str:
    """Say beyond which weights who takes the first place."""
    if r["lower"] <= 0 and r["upper"] >= 1:
        return phrase("First whatever it is")
    ends = [
        phrase(
            said,
            share=_share(r[end]),
            system=a.names.in_sentence(str(r[f"{end}_pair"]).split(";")[1]),
        )
        for end, said in _FIRST_BEYOND.items()
        if r[f"{end}_pair"]
    ]
    return escape(capital(clauses(*ends)))


def _swaps(a: Analysis, r: pd.Series) -> str:
    """Say which two systems change places first on either side."""
    said = []
    for end, passes in _SWAPS_BEYOND.items():
        if r[f"{end}_pair"]:
            ahead, behind = (a.names.in_sentence(s) for s in str(r[f"{end}_pair"]).split(";"))
            said.append(phrase(passes, behind=behind, ahead=ahead))
    return escape(capital(clauses(*said))) or phrase("No pair changes places")


def lead_ends(a: Analysis) -> Block:
    """Show for neighbours in the ranking the smallest change of weights that ends the lead.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    if len(a.ranked) < 2:
        return nothing(phrase(TOO_FEW))
    flips = smallest_flips(a.evidence, a.ranked, a.ranking.weights)
    at = {frozenset((f.ahead, f.behind)): f for f in each_row(flips)}
    pairs = list(pairwise(by_mean_rank(a)))
    moves = [0.0 if (f := at.get(frozenset(p))) is None else float(f.moved) for p in pairs]
    scale = max((m for m in moves if m > 0), default=1.0)
    rows = [_neighbours(a, one, at.get(frozenset((one, other))), other, scale)
            for one, other in pairs]  # fmt: skip
    half = float(np.median(np.nan_to_num(moves, nan=np.inf)))
    if len(pairs) > 2 and np.isfinite(half):
        title = phrase(
            "Half of the {n} pairs of neighbours in the ranking change places once {points} of "
            "weight (of 100) move",
            n=count(len(pairs)),
            points=points(half),
        )
    elif np.isnan(moves).any():
        title = phrase("Some neighbours in the ranking keep their order under all weights")
    else:
        title = phrase(
            "Neighbours in the ranking change places once {points} of weight move",
            points=points(max(moves)),
        )
    note = phrase(
        "On the dimensions that both have evidence on, levels in equal steps. Weight goes where "
        "the other leads most and comes from where it lags most."
    )
    return block(
        a.study,
        figure(
            title,
            phrase(
                "Least weight, in points of 100, that must move from some dimensions to another; "
                "start: {weights}",
                weights=centre_in_words(a.ranking),
            ),
            table(
                phrase("Smallest change of weights that ends the lead between neighbours"),
                [
                    phrase("Neighbours by mean rank"),
                    _HIDDEN.format(phrase("Bar|heading")),
                    phrase(">Weight that moves"),
                    phrase("Where|weight moves"),
                ],
                rows,
                "ends",
            ),
            f"<p class=note>{note}</p>",
        ),
        title,
    )


def _neighbours(a: Analysis, one: str, flip: Any, other: str, scale: float) -> list[str]:
    name = a.names.in_sentence
    if flip is None:
        both = escape(capital(listed([name(one), name(other)])))
        return [both, "", phrase("0 points"), phrase("Level as it is|tied")]
    ahead = phrase("{ahead} ahead of {behind}", ahead=name(flip.ahead), behind=name(flip.behind))
    pair = escape(capital(ahead))
    if flip.ahead != one:
        pair += f" <span class=lab>{phrase('though behind it in the mean of all draws')}</span>"
    if pd.isna(flip.moved):
        always = phrase("Ahead under all weights: nowhere lower where both have evidence")
        return [pair, "", phrase("none|weight"), always]
    share = 100 * flip.moved / scale
    bar = f'<span class="bar" style="--v:{share:.4g}" aria-hidden="true"></span>'
    where = capital(moved_in_words(a, flip.sources, flip.to))
    return [pair, bar, points(flip.moved), escape(where)]
