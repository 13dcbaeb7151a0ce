"""A system evaluated inside and outside: its factors weighed by a panel, rated by its levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.compare import Evidence, peer_range
from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError, nearest
from mcanalysis.frames import each_row
from mcanalysis.model import QUADRANTS, Study
from mcanalysis.swot.board import swot_matrix
from mcanalysis.swot.evaluation import FactorEvaluation, Position, evaluate_factors, name_position
from mcanalysis.swot.priorities import SwotPriorities

SIDES = {"inside": QUADRANTS[:2], "outside": QUADRANTS[2:]}


@dataclass(frozen=True, repr=False)
class SwotEvaluation(Shown):
    """Internal and external evaluation of a system.

    Attributes
    ----------
    system : str
    factors : DataFrame
        factor_id, quadrant, dimension_id, side (inside, outside), weight (sums to 1 on each side),
        rating (NaN where none can be derived), score, level, median (of the other ranked systems),
        derived (False where the rating was given), rule (how the rating came about).
    inside, outside : FactorEvaluation
    position : Position
    sure : bool
        Whether every rating that is missing leaves the posture as it is.
    notes : tuple of str
        Ratings that break the convention.
    """

    system: str
    factors: pd.DataFrame
    inside: FactorEvaluation
    outside: FactorEvaluation
    position: Position
    sure: bool
    notes: tuple[str, ...]

    def _card(self) -> Card:
        p = self.position
        figures = {
            "inside (IFE)": f"{p.ife:.2f} of 4",
            "outside (EFE)": f"{p.efe:.2f} of 4",
            "posture": f"{p.posture}{'' if self.sure else ', not sure: ratings are missing'}",
            "region": p.region,
        }
        columns = ["quadrant", "weight", "rating", "score"]
        table = self.factors.set_index("factor_id")[columns]
        return Card(f"SWOT evaluation of {self.system}", figures, table, " ".join(self.notes))


def ife_efe(
    study: Study,
    evidence: Evidence,
    priorities: SwotPriorities,
    ranked: list[str],
    ratings: Mapping[str, float] | None = None,
) -> SwotEvaluation:
    """Evaluate a system inside and outside, with weights from a panel.

    Weights are the global priorities, divided by their sum on each side. A rating that is not given
    is derived from the level of the factor's dimension, held against the other ranked systems:

    - strength: 4 (major) above their median, else 3 (minor);
    - weakness: 1 (major) below their median, else 2 (minor);
    - opportunity or threat, by the response that the level stands for: 1 (poor) below their median,
      2 (average) at it, 3 (above average) above it, 4 (superior) above it where none of them stands
      higher.

    Only the order of levels is used. Where there is no level, none of the others', or one of low
    confidence, there is no rating, and the total becomes an interval.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    priorities : SwotPriorities
        From `prioritise_factors`; its system is evaluated.
    ranked : list of str
        Systems whose levels are the measure; the system itself is left out.
    ratings : mapping of factor_id to number, optional
        1 to 4, for some factors or all; they take the place of derived ones.

    Returns
    -------
    SwotEvaluation

    Raises
    ------
    MethodError
        For a rating of no factor of the system or outside 1 to 4, a side without factors, without
        priority, or without any rating.

    References
    ----------
    David, F. R. (2011), *Strategic Management: Concepts and Cases*, 13th ed. Prentice Hall.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> from mcanalysis.swot.priorities import prioritise_factors
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> items = ["strength", "weakness", "opportunity", "threat"]
    >>> items += study.swot_factors.query("system_id == 'IE'")["factor_id"].to_list()
    >>> panel = pd.DataFrame({"left": items, "value": 1.0}).assign(
    ...     judge_id="j1", topic="IE", kind="rating", right=None
    ... )
    >>> priorities = prioritise_factors(study, panel, "IE")
    >>> found = ife_efe(study, evidence, priorities, ranked_systems(evidence))
    >>> found.position.posture, found.sure
    ('SO', True)
    """
    system = priorities.system
    board = pd.concat(swot_matrix(study, system).values(), ignore_index=True)
    weight = priorities.factors.set_index("factor_id")["global"]
    given = pd.Series(dict(ratings or {}), dtype=float)
    wrong = [
        f"priorities: {f} has none. Draw the priorities from this study."
        for f in board["factor_id"]
        if f not in weight.index
    ]
    known = board["factor_id"].to_list()
    wrong += [
        f"ratings: {f} is no factor of {system}.{nearest(f, known)}"
        for f in map(str, given.index)
        if f not in known
    ]
    wrong += [
        f"ratings: {value:g} of {f} is not from 1 to 4. Use 1, 2, 3 or 4."
        for f, value in given.items()
        if not 1 <= value <= 4
    ]
    if wrong:
        raise MethodError("\n".join(wrong))
    factors = _rated(board, evidence, system, ranked, given)
    factors.insert(3, "side", np.where(factors["quadrant"].isin(SIDES["inside"]), *SIDES))
    share = factors["factor_id"].map(weight).astype(float)
    total = share.groupby(factors["side"]).transform("sum")
    factors.insert(4, "weight", share / total.where(total > 0))
    factors.insert(6, "score", factors["weight"] * factors["rating"])
    for side, quadrants in SIDES.items():
        own = factors[factors["side"] == side]
        if not own["weight"].sum() > 0:
            wrong.append(
                f"{system}: no {' or '.join(quadrants)} has a priority. Code and judge one."
            )
        elif own["rating"].isna().all():
            wrong.append(
                f"{system}: no rating of {', '.join(own['factor_id'])} can be derived, as there "
                "are no firm levels. Give ratings."
            )
    if wrong:
        raise MethodError("\n".join(wrong))
    by = factors.set_index("factor_id")
    inside, outside = (
        evaluate_factors(own["weight"], own["rating"], own["quadrant"])
        for own in (by[by["side"] == side] for side in SIDES)
    )
    position = name_position(inside.total, outside.total)
    corners = {
        name_position(x, y).posture
        for x in (inside.lower, inside.upper)
        for y in (outside.lower, outside.upper)
    }
    return SwotEvaluation(
        system,
        factors,
        inside,
        outside,
        position,
        corners == {position.posture},
        (*inside.notes, *outside.notes),
    )


def _rated(
    board: pd.DataFrame, evidence: Evidence, system: str, ranked: list[str], given: pd.Series
) -> pd.DataFrame:
    """Give each factor of the board its rating, and say by which rule."""
    others = evidence.levels.loc[[s for s in ranked if s != system]]
    level = evidence.levels.T.reindex(columns=[system])[system]
    low = evidence.low.T.reindex(columns=[system])[system].eq(True)
    measure = pd.DataFrame({"level": level, "low": low, "highest": others.max()})
    measure["median"] = peer_range(evidence, ranked, leave_out=system)["median"]
    table = board[["factor_id", "quadrant", "dimension_id"]].join(measure, on="dimension_id")
    told: list[tuple[float, bool, str]] = []
    for f in each_row(table):
        if f.factor_id in given.index:
            told.append((float(given[f.factor_id]), False, "given"))
        else:
            told.append(_derive(f))
    table[["rating", "derived", "rule"]] = pd.DataFrame(told, index=table.index)
    columns = ["factor_id", "quadrant", "dimension_id", "rating", "level", "median", "derived"]
    return table[[*columns, "rule"]].astype({"rating": float, "derived": bool})


def _derive(f: Any) -> tuple[float, bool, str]:
    """Return rating, True and rule of a factor: its quadrant, level, low, median and highest."""
    if np.isnan(f.level):
        return np.nan, True, "no level"
    if np.isnan(f.median):
        return np.nan, True, "no other ranked system has a level"
    if f.low:
        return np.nan, True, f"level {f.level:g}, of low confidence"
    side = int(f.level > f.median) - int(f.level < f.median)
    place = {1: "above", 0: "at", -1: "below"}[side]
    rule = f"level {f.level:g}, {place} the median {f.median:g} of the ranked systems"
    if f.quadrant == "strength":
        return 4.0 if side > 0 else 3.0, True, rule
    if f.quadrant == "weakness":
        return 1.0 if side < 0 else 2.0, True, rule
    if side > 0 and f.level >= f.highest:
        return 4.0, True, f"{rule}, and none stands higher"
    return 2.0 + side, True, rule
