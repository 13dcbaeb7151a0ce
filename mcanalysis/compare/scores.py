"""Scores and ranks of systems by a named method, with the interval of what is not known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.compare.aggregate import (
    arithmetic_mean,
    competition_ranks,
    geometric_mean,
    topsis,
)
from mcanalysis.compare.evidence import TOP, Evidence, bounds, check_known, ranked_systems
from mcanalysis.compare.index import equal_weights, fitting_weights
from mcanalysis.compare.normalise import (
    NOISE,
    Booleans,
    Floats,
    constant_columns,
    fixed_goalposts,
    min_max,
    z_score,
)
from mcanalysis.compare.outranking import copeland, duels, majority, promethee_net_flow
from mcanalysis.errors import MethodError


def _goalposts(values: Floats) -> Floats:
    return fixed_goalposts(values, 0, 1)


NORMALISATIONS: dict[str, Callable[[Floats], Floats]] = {
    "goalposts": _goalposts,
    "min-max": min_max,
    "z-score": z_score,
}
"""Ways to make values in [0, 1] comparable, by name."""
AGGREGATIONS: dict[str, Callable[[Floats, Floats], Floats]] = {
    "arithmetic": arithmetic_mean,
    "geometric": geometric_mean,
    "topsis": topsis,
    "promethee": promethee_net_flow,
    "copeland": copeland,
}
"""Ways to make one score of many values, by name."""
OUTRANKING = ("promethee", "copeland")
"""Aggregations that look at the order on each dimension alone: normalisation changes nothing."""
NEEDS_SHARES = ("geometric", "topsis")
"""Aggregations of values in [0, 1]: not defined for z-scores, which have no fixed ends."""


@dataclass(frozen=True)
class Scores:
    """Systems scored and ranked by one method.

    Attributes
    ----------
    table : DataFrame
        One row per system, best first: score, rank (1 is best; equal scores share the better rank;
        missing where there is no score); lower and upper score, best_rank and worst_rank over every
        fill of the gaps and every low-confidence level one lower or higher, missing where they
        would not be exact; coverage, the weight of the dimensions with evidence; dimensions, their
        number.
    normalised : DataFrame, shape (n_systems, n_dimensions)
        What was aggregated; NaN is a gap.
    weights : Series
        dimension_id -> weight that was used, together 1.
    constant : tuple of str
        Dimensions left out because all systems compared are equal there (min-max, z-score).
    normalisation, aggregation : str
    remarks : tuple of str
        What a reader must know about the table, in sentences.
    """

    table: pd.DataFrame
    normalised: pd.DataFrame
    weights: pd.Series
    constant: tuple[str, ...]
    normalisation: str
    aggregation: str
    remarks: tuple[str, ...]


def score_systems(
    evidence: Evidence,
    weights: pd.Series | None = None,
    normalisation: str = "goalposts",
    aggregation: str = "arithmetic",
    systems: Sequence[str] | None = None,
) -> Scores:
    """Score and rank systems by a named normalisation and aggregation.

    Parameters
    ----------
    evidence : Evidence
    weights : Series, optional
        dimension_id -> weight in [0, 1], together 1; by default all the same.
    normalisation : {"goalposts", "min-max", "z-score"}
        Between levels 0 and 3; between the lowest and highest level of the systems compared; or
        in their sample standard deviations. With goalposts and one of the first three aggregations
        no system changes the order of others.
    aggregation : {"arithmetic", "geometric", "topsis", "promethee", "copeland"}
        Weighted means (the geometric one with its `FLOOR`), TOPSIS with fixed ideals, PROMETHEE II
        with the usual criterion, Copeland's majorities.
    systems : sequence of str, optional
        Who is compared; by default who has evidence on at least 8 dimensions (on all, in a study
        with fewer).

    Returns
    -------
    Scores
        The score is that of the evidence present: a gap is left out. For the two means and TOPSIS
        with goalposts a system's score hangs on its own levels alone and rises with each: the
        interval is exact with its own cells lowest and highest, the ranks with those of all others
        at the other end. A score by PROMETHEE or Copeland rises with its own levels and falls with
        those of others, so its interval is exact too, but a rank also hangs on third systems and
        has none; and PROMETHEE's score of the evidence present may lie outside, as no fill makes
        a gap worse than level 0. Normalised by min-max or z-scores, no interval is given.

    Raises
    ------
    MethodError
        If a name is not known, the weights do not fit, nobody can be compared, or the two methods
        do not go together (a geometric mean or TOPSIS of z-scores). All problems at once.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, steps 5 to 7.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> found = score_systems(evidence, aggregation="geometric")
    >>> found.table.index[0], found.table.loc["DE", ["lower", "upper"]].round(2).to_list()
    ('NZ', [0.25, 0.45])
    """
    w, chosen = _checked(evidence, weights, normalisation, aggregation, systems)
    levels = evidence.levels.loc[chosen]
    score, normalised, flat = score_values(
        levels.to_numpy(float) / TOP, w.to_numpy(float), normalisation, aggregation
    )
    exact = normalisation == "goalposts" or aggregation in OUTRANKING
    ends = _ends(evidence, chosen, w, aggregation) if exact else {}
    coverage = levels.notna().to_numpy() @ w.to_numpy(float)
    columns = {
        "score": score,
        "rank": competition_ranks(score),
        **{end: ends.get(end, np.full(len(chosen), np.nan)) for end in ENDS},
        "coverage": coverage,
        "dimensions": levels.notna().sum(axis=1).to_numpy(),
    }
    # Rounded where floating point ends, as the index is.
    table = pd.DataFrame(columns, index=levels.index).round(12)
    ranks = ["rank", "best_rank", "worst_rank"]
    table[ranks] = table[ranks].astype("Int64")
    constant = tuple(str(d) for d in levels.columns[flat])
    used = w.where(~levels.columns.isin(constant), 0.0)
    return Scores(
        table.sort_values("rank", kind="stable"),
        pd.DataFrame(normalised, index=levels.index, columns=levels.columns),
        used / used.sum() if used.sum() > 0 else w,
        constant,
        normalisation,
        aggregation,
        _remarks(normalisation, aggregation, exact, constant),
    )


ENDS = ("lower", "upper", "best_rank", "worst_rank")


def score_values(
    values: Floats, weights: Floats, normalisation: str, aggregation: str
) -> tuple[Floats, Floats, Booleans]:
    """Normalise and aggregate values in [0, 1].

    Columns that are constant under min-max or z-scores lose their weight: they tell systems apart
    neither by their value nor by their gaps. Where all are constant, they keep it.

    Parameters
    ----------
    values : array, shape (n_systems, n_dimensions)
        NaN is a gap.
    weights : array, shape (..., n_dimensions)
    normalisation, aggregation : str
        Keys of `NORMALISATIONS` and `AGGREGATIONS` that go together.

    Returns
    -------
    scores : array, shape (..., n_systems)
    normalised : array, shape (n_systems, n_dimensions)
    constant : array of bool, shape (n_dimensions,)
        None of them with goalposts, which are fixed.

    Examples
    --------
    >>> score_values(np.array([[0.2, 1], [0.6, 1]]), np.array([0.5, 0.5]), "min-max", "topsis")[0]
    array([0., 1.])
    """
    normalised = NORMALISATIONS[normalisation](values)
    flat = constant_columns(values) & (normalisation != "goalposts")
    kept = np.where(flat, 0, weights)
    kept = np.where(kept.sum(axis=-1, keepdims=True) > 0, kept, weights)
    return AGGREGATIONS[aggregation](normalised, kept), normalised, flat


def _ends(
    evidence: Evidence, systems: list[str], weights: pd.Series, aggregation: str
) -> dict[str, Floats]:
    """Return the ends of scores, and of ranks where they are exact, over all fills."""
    low, high = (end.loc[systems].to_numpy(float) / TOP for end in bounds(evidence))
    w = weights.to_numpy(float)
    if aggregation in OUTRANKING:
        return {
            "lower": _flow_between(low, high, w, aggregation),
            "upper": _flow_between(high, low, w, aggregation),
        }
    lower, upper = (AGGREGATIONS[aggregation](end, w) for end in (low, high))
    above = (lower[None, :] > upper[:, None] + NOISE).sum(axis=1)
    not_below = (upper[None, :] > lower[:, None] + NOISE).sum(axis=1)
    itself = upper > lower + NOISE
    return {
        "lower": lower,
        "upper": upper,
        "best_rank": above + 1.0,
        "worst_rank": not_below - itself + 1.0,
    }


def _flow_between(own: Floats, others: Floats, weights: Floats, aggregation: str) -> Floats:
    """Return the score of each system if its levels are in one table and the others' in another."""
    none = np.zeros(own.shape[1])
    score = np.empty(len(own))
    for first, ahead, behind in duels(own, others, weights, none, none):
        lead = majority(ahead, behind) if aggregation == "copeland" else ahead - behind
        rows = np.arange(len(lead))
        score[first + rows] = lead.sum(axis=1) - lead[rows, first + rows]
    return score / max(len(own) - 1, 1)


def _checked(
    evidence: Evidence,
    weights: pd.Series | None,
    normalisation: str,
    aggregation: str,
    systems: Sequence[str] | None,
) -> tuple[pd.Series, list[str]]:
    """Return weights and systems that fit; MethodError with all problems."""
    n = evidence.levels.shape[1]
    chosen = ranked_systems(evidence, min(8, n)) if systems is None else [str(s) for s in systems]
    w = equal_weights(evidence)
    problems = []
    for what, names, known in (
        ("normalisation", [normalisation], list(NORMALISATIONS)),
        ("aggregation", [aggregation], list(AGGREGATIONS)),
        ("system with evidence", chosen, list(evidence.levels.index)),
    ):
        try:
            check_known(what, names, known)
        except MethodError as error:
            problems.append(str(error))
    try:
        w = w if weights is None else fitting_weights(evidence, weights)
    except MethodError as error:
        problems.append(str(error))
    twice = sorted({s for s in chosen if chosen.count(s) > 1})
    if twice:
        problems.append(f"Systems named twice: {', '.join(twice)}. Name each once.")
    if not chosen:
        problems.append(
            "No system has evidence on enough dimensions. Name the systems to compare."
            if systems is None
            else "No systems to compare are named. Name at least one."
        )
    if normalisation == "z-score" and aggregation in NEEDS_SHARES:
        problems.append(
            f'"{aggregation}" is not defined for z-scores, which may be negative. '
            'Normalise by "goalposts" or "min-max".'
        )
    if problems:
        raise MethodError("\n".join(problems))
    return w, chosen


def _remarks(
    normalisation: str, aggregation: str, exact: bool, constant: tuple[str, ...]
) -> tuple[str, ...]:
    said = []
    if normalisation != "goalposts" and aggregation not in OUTRANKING:
        said.append(
            f"Normalised by {normalisation}: scores depend on who is compared, and a system that "
            "is added can change the order of others."
        )
    if not exact:
        said.append("No interval is given: what fills a gap would move the scale for all systems.")
    if aggregation in OUTRANKING:
        said.append(
            "Systems are compared pair by pair: normalisation changes nothing, a system that is "
            "added can change the order of others, and no interval of ranks is given."
        )
    if constant:
        said.append(f"Left out, as all systems compared are equal there: {', '.join(constant)}.")
    return tuple(said)
