"""Factor evaluation (IFE, EFE): how well a system stands inside and answers what is outside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.errors import MethodError, nearest
from mcanalysis.model import QUADRANTS

AVERAGE = 2.5
"""Total weighted score of a system that is neither strong nor weak."""
RATINGS = {"strength": (3, 4), "weakness": (1, 2)}
"""Ratings that David's convention allows inside; outside factors take all from 1 to 4."""
SIDES = {"inside": QUADRANTS[:2], "outside": QUADRANTS[2:]}


@dataclass(frozen=True)
class FactorEvaluation:
    """Weighted scores of factors and what they come to.

    Attributes
    ----------
    table : DataFrame, index factor
        weight (sums to 1), rating (1 to 4; NaN where none is known), score (weight x rating).
    total : float
        Sum of the scores, 1 to 4; 2.5 is average. Where ratings are missing, the middle between
        lower and upper; NaN where all are.
    lower, upper : float
        Total over every rating that the missing ones may take.
    coverage : float
        Weight of the factors with a rating.
    notes : tuple of str
        Ratings that break the convention; the total counts them as they are.
    """

    table: pd.DataFrame
    total: float
    lower: float
    upper: float
    coverage: float
    notes: tuple[str, ...]


def evaluate_factors(
    weights: pd.Series, ratings: pd.Series, quadrants: pd.Series | None = None
) -> FactorEvaluation:
    """Weigh ratings of factors (internal or external factor evaluation matrix).

    Parameters
    ----------
    weights : Series, index factor
        0 or more, together 1; as published, rounded, within .02.
    ratings : Series, same index
        1 to 4. Inside: 1 major weakness, 2 minor weakness, 3 minor strength, 4 major strength.
        Outside: how the response to the factor is, 1 poor, 2 average, 3 above average, 4 superior.
        NaN where none is known.
    quadrants : Series, same index, optional
        With it, ratings that break the convention (strengths 3 or 4, weaknesses 1 or 2) are noted.

    Returns
    -------
    FactorEvaluation

    Raises
    ------
    MethodError
        All that is wrong: weights that are negative, missing or do not sum to 1, ratings outside
        1 to 4 or of other factors, no factors.

    References
    ----------
    David, F. R. (2011), *Strategic Management: Concepts and Cases*, 13th ed. Prentice Hall, ch. 3
    (EFE) and ch. 4 (IFE).

    Examples
    --------
    >>> weights = pd.Series({"law": 0.6, "credits": 0.4})
    >>> found = evaluate_factors(weights, pd.Series({"law": 4, "credits": 1}))
    >>> found.table["score"].to_list(), found.total
    ([2.4, 0.4], 2.8)
    """
    wrong = _problems(weights, ratings)
    if wrong:
        raise MethodError("\n".join(wrong))
    names = [str(name) for name in weights.index]
    weight = (weights / weights.sum()).to_numpy(float)
    rating = ratings.reindex(weights.index).to_numpy(float)
    sort = [""] * len(names) if quadrants is None else list(quadrants.reindex(weights.index))
    least, most = np.array([RATINGS.get(quadrant, (1, 4)) for quadrant in sort], float).T
    known = ~np.isnan(rating)
    # Rounded where floating point ends, so that an average total is exactly average.
    lower, upper = (
        round(float(weight @ np.where(known, rating, end)), 12) for end in (least, most)
    )
    broken = known & ((rating < least) | (rating > most))
    return FactorEvaluation(
        pd.DataFrame(
            {"weight": weight, "rating": rating, "score": weight * rating}, index=weights.index
        ),
        (lower + upper) / 2 if known.any() else float("nan"),
        lower,
        upper,
        float(weight[known].sum()),
        tuple(
            f"{names[i]} is a {sort[i]} rated {rating[i]:g}; the convention rates it "
            f"{least[i]:g} or {most[i]:g}."
            for i in np.flatnonzero(broken)
        ),
    )


def _problems(weights: pd.Series, ratings: pd.Series) -> list[str]:
    if weights.empty:
        return ["factor evaluation: there are no factors. Name at least one."]
    wrong = [
        f"{what}: {', '.join(map(str, values.index[values.index.duplicated()]))} is named more "
        "than once. Name each once."
        for what, values in (("weights", weights), ("ratings", ratings))
        if not values.index.is_unique
    ]
    known = [str(name) for name in weights.index]
    wrong += [
        f"ratings: no factor is called {name}.{nearest(str(name), known)}"
        for name in ratings.index
        if str(name) not in known
    ]
    if not ((weights >= 0).all() and abs(weights.sum() - 1) <= 0.02):
        wrong.append(
            f"weights of factors: they sum to {weights.sum():.3g} or hold one that is negative or "
            "missing. Divide them by their sum, so that together they are 1."
        )
    return wrong + [
        f"ratings: {value:g} of {name} is not from 1 to 4. Use 1, 2, 3 or 4."
        for name, value in ratings.items()
        if not pd.isna(value) and not 1 <= value <= 4
    ]


@dataclass(frozen=True)
class Position:
    """Where a system stands in the plane of internal and external evaluation.

    Attributes
    ----------
    ife, efe : float
        Total weighted scores, 1 to 4.
    posture : str
        By which side of 2.5 each lies on: "SO" (both above), "WO" (inside below), "ST" (outside
        below), "WT" (both below); "average" where one is exactly 2.5.
    region : str
        Of the internal-external matrix, cut at 2 and 3: "grow and build", "hold and maintain" or
        "harvest or divest".
    """

    ife: float
    efe: float
    posture: str
    region: str


def name_position(ife: float, efe: float) -> Position:
    """Name the position of a pair of total weighted scores.

    Parameters
    ----------
    ife, efe : float
        1 to 4.

    Raises
    ------
    MethodError
        For a score outside 1 to 4, or a missing one.

    References
    ----------
    David, F. R. (2011), *Strategic Management: Concepts and Cases*, 13th ed. Prentice Hall, ch. 6,
    the internal-external matrix; 2.5 as the average total: ch. 3 and 4.

    Examples
    --------
    >>> name_position(2.8, 2.1)
    Position(ife=2.8, efe=2.1, posture='ST', region='hold and maintain')
    """
    if not (1 <= ife <= 4 and 1 <= efe <= 4):
        raise MethodError(
            f"position: the scores {ife:g} (IFE) and {efe:g} (EFE) are not both from 1 to 4. "
            "Rate the factors first."
        )
    posture = "average"
    if AVERAGE not in (ife, efe):
        posture = ("S" if ife > AVERAGE else "W") + ("O" if efe > AVERAGE else "T")
    # Steps away from the best corner; the matrix groups its nine cells along the diagonals.
    away = sum(2 - (score >= 2) - (score >= 3) for score in (ife, efe))
    region = "grow and build" if away < 2 else "hold and maintain" if away == 2 else None
    return Position(ife, efe, posture, region or "harvest or divest")
