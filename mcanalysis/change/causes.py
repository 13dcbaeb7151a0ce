"""Why a rank changed: own evidence, weights, method, company, by Shapley values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.compare import Evidence, check_known, ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.robustness import Weights
from mcanalysis.robustness.ranking import uncertain_model
from mcanalysis.smaa import VARY, tally

CAUSES = ("evidence", "weights", "method", "company")
"""What a rank can change for: the system's own rows; the weights; the method, that is which
dimensions are looked at, what is varied and how much evidence it takes to be ranked; the other
ranked systems and their rows."""


def shapley(value: Callable[[frozenset[str]], float], causes: Sequence[str]) -> pd.Series:
    """Split what some causes do together among them: the mean over all orders of adding them.

    Parameters
    ----------
    value : callable
        Result when the causes in the set have acted and the others have not; called once for each
        of the 2 ** n sets.
    causes : sequence of str
        A few different names.

    Returns
    -------
    Series
        cause -> its part; the parts add up to ``value(all) - value(none)``. A cause that changes
        nothing in any company has part 0, and causes that do the same have equal parts.

    References
    ----------
    Shapley, L. S. (1953), *A value for n-person games*. In: Contributions to the Theory of Games
    II, 307-317.

    Examples
    --------
    One left and two right gloves; a pair is worth 1.

    >>> pairs = lambda who: float("left" in who and len(who) > 1)
    >>> shapley(pairs, ["left", "right", "other right"]).round(4).to_list()
    [0.6667, 0.1667, 0.1667]
    """
    n = len(causes)
    sets = [frozenset(s) for size in range(n + 1) for s in combinations(causes, size)]
    worth = {s: value(s) for s in sets}
    share = [factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)]
    parts = {
        cause: sum(share[len(s)] * (worth[s | {cause}] - worth[s]) for s in sets if cause not in s)
        for cause in causes
    }
    return pd.Series(parts, dtype=float)


@dataclass(frozen=True, eq=False)
class Basis:
    """What a ranking was made from.

    Attributes
    ----------
    evidence : Evidence
        Its dimensions are those that the method looks at.
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked.
    weights : Series, DataFrame, sequence of str or of sequences of str, or None
        As for `rank_systems`; they may name more dimensions than the evidence has.
    vary : collection of str
        As for `rank_systems`.
    """

    evidence: Evidence
    min_dimensions: int = 8
    weights: Weights = None
    vary: Collection[str] = VARY


def split_rank_change(
    old: Basis,
    new: Basis,
    systems: Sequence[str] | None = None,
    draws: int = 100_000,
    seed: int = 1,
) -> pd.DataFrame:
    """Split the change of each system's expected rank into its causes.

    The causes are `CAUSES`. For each of the sixteen ways to take each of them from the old or the
    new side, the systems are ranked and the expected rank is read; what has the same content is
    ranked once. A dimension that only one side has belongs to the method; the evidence of the other
    side is a gap there.

    Parameters
    ----------
    old, new : Basis
    systems : sequence of str, optional
        By default all that are ranked on both sides.
    draws, seed : int
        As for `rank_systems`; old and new ranks are exactly those of rankings with these.

    Returns
    -------
    DataFrame
        One row per system, in the order of the new evidence: old_rank, new_rank (expected rank, the
        mean over the draws; 1 is best); total, new less old; evidence, weights, method, company,
        which add up to the total. Negative is better; exactly 0 for a cause that does not differ.

    Raises
    ------
    MethodError
        If a system is not ranked on both sides, or weights are silent on a dimension that only the
        other side has.

    References
    ----------
    Shapley, L. S. (1953), *A value for n-person games*. In: Contributions to the Theory of Games
    II, 307-317.

    Examples
    --------
    >>> from mcanalysis.change.scenario import apply_scenario
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> bold = pd.DataFrame({"system_id": ["DE", "SI"], "dimension_id": "recognition", "level": 3})
    >>> then = newest_evidence(apply_scenario(study, bold))
    >>> parts = split_rank_change(Basis(newest_evidence(study)), Basis(then), ["DE", "NZ"], 2000)
    >>> (parts[["evidence", "company"]] > 0).to_numpy().tolist()
    [[False, True], [False, True]]
    >>> float(parts.loc["NZ", "evidence"])
    0.0
    """
    if same_weights(old.weights, new.weights):
        old = replace(old, weights=new.weights)
    sides = old, new
    seen = {(e, m): _seen(sides[e].evidence, sides[m]) for e in (0, 1) for m in (0, 1)}
    weights = {(w, m): _weights_on(sides[m], sides[w].weights) for w in (0, 1) for m in (0, 1)}
    both = [s for s in seen[1, 1].ranked if s in seen[0, 0].ranked]
    systems = both if systems is None else list(systems)
    check_known("system that is ranked on both sides", systems, both)
    ranks: dict[Any, pd.Series] = {}

    def expected_rank(system: str, changed: frozenset[str]) -> float:
        own, weigh, method, company = (int(cause in changed) for cause in CAUSES)
        evidence = _together(system, seen[own, method], seen[company, method])
        vary = frozenset(sides[method].vary)
        key = (id(sides[weigh].weights), vary, *_content(evidence.levels, evidence.low))
        if key not in ranks:
            who = list(evidence.levels.index)
            model = uncertain_model(evidence, who, weights[weigh, method], vary)
            accepted = tally(model, draws, seed, details=False).ranks / draws
            ranks[key] = pd.Series(accepted @ np.arange(1, len(who) + 1), who)
        return float(ranks[key][system])

    found = {}
    for system in systems:
        # A cause that does not differ has part 0 whatever the others do, so it need not be tried.
        live = [c for c in CAUSES if _differs(c, system, sides, seen)]
        parts = shapley(partial(expected_rank, system), live).reindex(CAUSES, fill_value=0.0)
        was, now = expected_rank(system, frozenset()), expected_rank(system, frozenset(live))
        found[system] = {"old_rank": was, "new_rank": now, "total": now - was, **parts}
    columns = ["old_rank", "new_rank", "total", *CAUSES]
    table = pd.DataFrame.from_dict(found, orient="index", columns=columns, dtype=float)
    return table.rename_axis("system_id")


@dataclass(frozen=True, eq=False)
class _Seen:
    """Evidence of one side as the method of a side looks at it: its dimensions, who is ranked."""

    levels: pd.DataFrame
    low: pd.DataFrame
    ranked: list[str]


def _seen(evidence: Evidence, method: Basis) -> _Seen:
    dimensions = method.evidence.levels.columns
    levels = evidence.levels.reindex(columns=dimensions)
    low = evidence.low.reindex(columns=dimensions, fill_value=False)
    ranked = ranked_systems(replace(evidence, levels=levels, low=low), method.min_dimensions)
    return _Seen(levels, low, ranked)


def _together(system: str, own: _Seen, company: _Seen) -> Evidence:
    """Put the rows of a system from one side among the ranked others of a side."""
    others = [s for s in company.ranked if s != system]
    levels = pd.concat([company.levels.loc[others], own.levels.loc[[system]]]).sort_index()
    low = pd.concat([company.low.loc[others], own.low.loc[[system]]]).sort_index()
    # A ranking looks at levels and confidence only.
    return Evidence(pd.DataFrame(), levels, low, 0)


def _content(levels: pd.DataFrame, low: pd.DataFrame) -> tuple[Any, ...]:
    values = levels.to_numpy(float).tobytes(), low.to_numpy(bool).tobytes()
    return tuple(levels.index), tuple(levels.columns), *values


def _differs(
    cause: str, system: str, sides: tuple[Basis, Basis], seen: dict[tuple[int, int], _Seen]
) -> bool:
    """Tell whether a cause differs between the sides, as one system meets it."""
    old, new = sides
    if cause == "weights":
        return old.weights is not new.weights
    if cause == "method":
        dimensions = [list(side.evidence.levels.columns) for side in sides]
        rules = [(side.min_dimensions, frozenset(side.vary)) for side in sides]
        return dimensions[0] != dimensions[1] or rules[0] != rules[1]
    for method in (0, 1):
        content = []
        for side in (0, 1):
            known = seen[side, method]
            who = [system] if cause == "evidence" else sorted(set(known.ranked) - {system})
            content.append(_content(known.levels.loc[who], known.low.loc[who]))
        if content[0] != content[1]:
            return True
    return False


def same_weights(one: Weights, other: Weights) -> bool:
    """Tell whether two statements of what is known of the weights are the same.

    Examples
    --------
    >>> same_weights(["law"], ["law"]), same_weights(["law"], pd.Series({"law": 1.0}))
    (True, False)
    """
    if isinstance(one, pd.Series) and isinstance(other, pd.Series):
        return one.equals(other)
    if isinstance(one, pd.DataFrame) and isinstance(other, pd.DataFrame):
        return one.equals(other)
    framed = pd.Series | pd.DataFrame
    return not isinstance(one, framed) and not isinstance(other, framed) and one == other


def _weights_on(method: Basis, weights: Weights) -> Weights:
    """Return weights for the dimensions that a method looks at."""
    dimensions = list(method.evidence.levels.columns)
    if weights is None:
        return None
    if not isinstance(weights, pd.Series | pd.DataFrame):
        groups = [[place] if isinstance(place, str) else list(place) for place in weights]
        kept = [[d for d in group if d in dimensions] for group in groups]
        return [group for group in kept if group]
    missing = [d for d in dimensions if d not in weights.index]
    if missing:
        raise MethodError(
            f"The weights are silent on the dimension {', '.join(missing)}. Name every dimension "
            "of both sides; a weight may be 0."
        )
    if len(weights) == len(dimensions):
        return weights
    some = weights.loc[dimensions]
    return some / some.sum()
