"""The smallest set of level changes with which a system reaches a target, proven by trying all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.benefits import enabler_strengths, realised_shares
from mcanalysis.compare import (
    TOP,
    Evidence,
    check_known,
    equal_weights,
    integration_index,
    levels_of,
    ranked_systems,
)
from mcanalysis.errors import MethodError, nearest
from mcanalysis.model import Study

Floats = npt.NDArray[np.float64]

EQUAL = 1e-9
"""Scores and costs that differ by less are equal: sums in another order differ by rounding."""
MOST_SETS = 20_000_000
"""More sets of changes than this are not tried: they would not fit in memory."""


@dataclass(frozen=True)
class Target:
    """What a system is to reach.

    Attributes
    ----------
    kind : str
        ``rank``: at most `value` among the ranked systems, by integration index, ties sharing the
        better rank; ``index``: an integration index of at least `value`; ``realised``: at least
        `value` of a benefit, or on average of the benefits of a stakeholder.
    value : float
        A whole number from 1 on, or a share in [0, 1].
    of : str, optional
        For ``realised``: id of a benefit or a stakeholder.
    """

    kind: Literal["rank", "index", "realised"]
    value: float
    of: str | None = None


@dataclass(frozen=True)
class SmallestChanges:
    """The cheapest ways to a target.

    Attributes
    ----------
    system : str
    target : Target
    status : str
        ``there``: it is reached as things are; ``reachable``; ``out of reach``: not even with level
        3 on every dimension that may be raised.
    now, best : float
        Rank, index or share realised as coded, and with level 3 on every dimension that may be
        raised.
    cost : float
        Least cost; 0 if it is reached already, NaN if it is out of reach.
    count : int
        Number of sets with that cost.
    sets : DataFrame
        The first of them: number (from 1), system_id, dimension_id, coded, level (the one needed),
        steps, reached (rank, index or share that the set brings). Each set is a scenario, see
        `apply_scenario`. Those that go furthest stand first, then those that touch the fewest
        dimensions, then by the order of the dimensions.
    share : Series
        dimension_id -> share of all the cheapest sets that raise it; 1: it cannot be avoided.
    tried : int
        Number of sets that cost less, of changes on the dimensions that the target depends on and
        that may be raised. Every one of them was tried and fails. 1 if the target is out of reach:
        the set that raises all to level 3; none goes further.
    gaps : tuple of str
        Dimensions without evidence: they are neither counted nor raised.
    """

    system: str
    target: Target
    status: Literal["there", "reachable", "out of reach"]
    now: float
    best: float
    cost: float
    count: int
    sets: pd.DataFrame
    share: pd.Series
    tried: int
    gaps: tuple[str, ...]


def smallest_changes(
    study: Study,
    evidence: Evidence,
    system: str,
    target: Target,
    *,
    weights: pd.Series | None = None,
    costs: pd.Series | None = None,
    min_dimensions: int = 8,
    most: int = 20,
) -> SmallestChanges:
    """Find the cheapest sets of level changes with which a system reaches a target.

    Levels are raised by whole steps on dimensions with evidence; the other systems stay as they
    are. First a set that suffices is made greedily. No cheapest set costs more than it; so every
    set that costs at most as much is tried, and the cheapest that reach the target are taken. That
    they are the cheapest needs no further argument: all that cost less were tried and fail.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system : str
    target : Target
    weights : Series, optional
        dimension_id -> weight, for rank and index as for `integration_index`; by default equal.
    costs : Series, optional
        dimension_id -> cost of one step, above 0. A dimension that it does not name cannot be
        raised. By default 1 for each.
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked, for a rank.
    most : int
        Sets that are listed; all are counted.

    Returns
    -------
    SmallestChanges

    Raises
    ------
    MethodError
        If there is no evidence on the system, or none that the target depends on; if the target,
        weights or costs do not fit; if there are more than 20 million sets to be tried.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> found = smallest_changes(study, evidence, "DE", Target("realised", 0.5, "learners"))
    >>> found.status, found.cost, found.count
    ('reachable', 3.0, 6)
    """
    coded = levels_of(evidence, system)
    parts = _parts(study, evidence, target, weights)
    others = _others(evidence, system, target, weights, min_dimensions)
    price = _prices(evidence, costs)
    now = _score(coded.to_numpy(float), parts)
    if np.isnan(now):
        raise MethodError(
            f'There is no evidence on "{system}" that this target depends on. '
            "Code one of its dimensions first."
        )
    # A level counts by its part of the score, the same at every step: no step adds evidence.
    gain_of = _gains(coded.to_numpy(float), parts)
    may = (coded < TOP) & price.notna() & (gain_of > 0)
    gain, room = gain_of[may.to_numpy()], (TOP - coded[may]).to_numpy(int)
    best = now + float(gain @ room)
    needed = _needed(target, others)

    def shown(score: float) -> float:
        return _rank(score, others) if target.kind == "rank" else round(score, 12)

    def found(
        status: Literal["there", "reachable", "out of reach"],
        cost: float,
        steps: npt.NDArray[np.int8],
        tried: int,
    ) -> SmallestChanges:
        dimensions = list(coded.index[may])
        reached = now + steps @ gain
        order = np.lexsort((*(-steps.T[::-1]), (steps > 0).sum(axis=1), -np.round(reached, 9)))[
            :most
        ]
        rows = [
            (number, system, d, int(coded[d]), int(coded[d]) + int(k), int(k), shown(score))
            for number, (one, score) in enumerate(
                zip(steps[order], reached[order], strict=True), start=1
            )
            for d, k in zip(dimensions, one, strict=True)
            if k
        ]
        columns = ["number", "system_id", "dimension_id", "coded", "level", "steps", "reached"]
        return SmallestChanges(
            system=system,
            target=target,
            status=status,
            now=shown(now),
            best=shown(best),
            cost=cost,
            count=len(steps),
            sets=pd.DataFrame(rows, columns=columns),
            share=_raised(steps, dimensions),
            tried=tried,
            gaps=tuple(coded.index[coded.isna()]),
        )

    none = np.zeros((0, len(room)), dtype=np.int8)
    if now >= needed - EQUAL:
        return found("there", 0.0, none, 0)
    if best < needed - EQUAL:
        return found("out of reach", float("nan"), none, 1)
    price_of = price[may].to_numpy(float)
    goal = min(needed, best) - EQUAL
    budget = _greedy_cost(gain, room, price_of, goal + EQUAL / 2 - now)
    steps = _sets_within(room, price_of, budget + EQUAL)
    cost, reaches = steps @ price_of, now + steps @ gain >= goal
    least = float(cost[reaches].min())
    cheapest = reaches & (cost <= least + EQUAL)
    return found("reachable", least, steps[cheapest], int((cost < least - EQUAL).sum()))


def _score(levels: Floats, parts: Floats) -> float:
    """Return the mean over the parts of the weighted mean of level / 3 over the evidence."""
    shares = realised_shares(levels[None], parts)[0]
    return float(shares[~np.isnan(shares)].mean()) if not np.isnan(shares).all() else np.nan


def _gains(levels: Floats, parts: Floats) -> Floats:
    """Return what one step on each dimension adds to the score; 0 where there is no evidence."""
    known = ~np.isnan(levels)
    total = parts @ known
    counted = total > 0
    share = parts[counted] / total[counted, None]
    return np.asarray(np.where(known, share.mean(axis=0) / TOP, 0.0))


def _raised(steps: npt.NDArray[np.int8], dimensions: list[str]) -> pd.Series:
    """Return the share of the sets that raise each dimension, without those that none raises."""
    share = pd.Series((steps > 0).sum(axis=0) / max(len(steps), 1), index=dimensions, dtype=float)
    return share[share > 0]


def _rank(score: float, others: Floats) -> int:
    return 1 + int((others > score + EQUAL).sum())


def _needed(target: Target, others: Floats) -> float:
    """Return the score that reaches the target."""
    if target.kind != "rank":
        return target.value
    place = int(target.value)
    return float(np.sort(others)[-place]) if place <= len(others) else 0.0


def _greedy_cost(gain: Floats, room: npt.NDArray[np.int_], price: Floats, missing: float) -> float:
    """Return the cost of a set that suffices: steps that gain most for their cost, one by one."""
    cost = 0.0
    for d in np.argsort(-gain / price, kind="stable"):
        steps = min(int(room[d]), max(0, int(np.ceil(missing / gain[d]))))
        cost, missing = cost + steps * price[d], missing - steps * gain[d]
    return cost


def _sets_within(room: npt.NDArray[np.int_], price: Floats, budget: float) -> npt.NDArray[np.int8]:
    """List every set of steps that costs no more than the budget, one row each."""
    steps = np.zeros((1, len(room)), dtype=np.int8)
    spent = np.zeros(1)
    for d, most in enumerate(room):
        taken = spent[:, None] + price[d] * np.arange(most + 1)
        row, count = np.nonzero(taken <= budget)
        if len(row) > MOST_SETS:
            raise MethodError(
                f"More than {MOST_SETS:,} sets of changes would have to be tried. "
                "Give the costs of those dimensions only that can be changed."
            )
        steps, spent = steps[row], taken[row, count]
        steps[:, d] = count
    return steps


def _parts(study: Study, evidence: Evidence, target: Target, weights: pd.Series | None) -> Floats:
    """Return the weights of the dimensions in each thing whose mean is the score."""
    _check(study, target)
    if target.kind == "realised":
        strengths = enabler_strengths(study)
        gains = (study.benefits["stakeholder_id"] == target.of).to_numpy()
        chosen = strengths.loc[[target.of]] if target.of in strengths.index else strengths[gains]
        return chosen.to_numpy(float)
    if weights is None:
        weights = equal_weights(evidence)
    else:
        integration_index(evidence, weights)  # refuses weights that do not fit
    return weights.reindex(evidence.levels.columns).to_numpy(float)[None]


def _check(study: Study, target: Target) -> None:
    kinds = ("rank", "index", "realised")
    check_known("kind of target", [target.kind], kinds)
    if target.kind == "rank":
        if not target.value >= 1 or target.value % 1:
            raise MethodError(f"The rank is {target.value:g}. Choose a whole number from 1 on.")
    elif not 0 <= target.value <= 1:
        raise MethodError(f"The target is {target.value:g}. Choose a share from 0 to 1.")
    known = [*study.benefits["benefit_id"], *study.benefits["stakeholder_id"].unique()]
    if target.kind == "realised" and target.of not in known:
        hint = nearest(str(target.of), known) or f" Choose from: {', '.join(known)}."
        raise MethodError(f'There is no benefit or stakeholder with benefits "{target.of}".{hint}')


def _others(
    evidence: Evidence,
    system: str,
    target: Target,
    weights: pd.Series | None,
    min_dimensions: int,
) -> Floats:
    """Return the indices of the other ranked systems, if the target is a rank."""
    if target.kind != "rank":
        return np.zeros(0)
    ranked = ranked_systems(evidence, min_dimensions)
    check_known("ranked system", [system], ranked)
    index = integration_index(evidence, weights)["index"]
    # An index that nothing is known of is ahead of nobody.
    return index.loc[[s for s in ranked if s != system]].fillna(-1.0).to_numpy(float)


def _prices(evidence: Evidence, costs: pd.Series | None) -> pd.Series:
    dimensions = evidence.levels.columns
    if costs is None:
        return pd.Series(1.0, index=dimensions)
    check_known("dimension", costs.index, dimensions)
    values = costs.astype(float)
    wrong = values[~(np.isfinite(values) & (values > 0))]
    if len(wrong) or not costs.index.is_unique:
        said = f"{wrong.index[0]} costs {wrong.iloc[0]:g}" if len(wrong) else "one is there twice"
        raise MethodError(
            f"Costs do not fit: {said}. Give each dimension one finite cost above 0, and leave out "
            "those that cannot be raised."
        )
    return values.reindex(dimensions)
