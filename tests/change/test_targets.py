"""Smallest changes against trying everything, and on the shipped evidence."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.benefits import benefits_by_stakeholder, realise_benefits
from mcanalysis.change import Target, apply_scenario, smallest_changes
from mcanalysis.change import targets as module
from mcanalysis.compare import Evidence, integration_index, newest_evidence
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
D = ["a", "b", "c"]


def evidence_of(levels):
    frame = pd.DataFrame(levels, columns=D, dtype=float)
    frame.index = [f"S{i}" for i in range(len(frame))]
    return Evidence(pd.DataFrame(), frame, frame.isna() & False, 2024)


def study_of(study, strengths):
    """Make a study with benefits of one stakeholder, one per row of strengths."""
    rows = [
        (f"b{i}", d, s) for i, row in enumerate(strengths) for d, s in zip(D, row, strict=True) if s
    ]
    benefits = [(f"b{i}", "learners") for i in range(len(strengths))]
    return replace(
        study,
        dimensions=study.dimensions.iloc[:3].assign(dimension_id=D),
        benefits=pd.DataFrame(benefits, columns=["benefit_id", "stakeholder_id"]),
        benefit_enablers=pd.DataFrame(rows, columns=["benefit_id", "dimension_id", "strength"]),
    )


def value_of(study, evidence, target, weights):
    """Value of S0 by the functions that pages use."""
    if target.kind == "realised":
        table = realise_benefits(study, evidence)
        if target.of == "learners":
            table = benefits_by_stakeholder(study, table)
        else:
            table = table[table["benefit_id"] == target.of]
        return table.loc[table["system_id"] == "S0", "realised"].item()
    index = integration_index(evidence, weights)["index"]
    if target.kind == "index":
        return index["S0"]
    return 1 + int((index > index["S0"] + 1e-9).sum())


def reaches(value, target):
    return value <= target.value if target.kind == "rank" else value >= target.value - 1e-9


def brute(study, evidence, target, weights, costs):
    """Try every set of steps; return the least cost, the sets that have it, and what costs less."""
    own = evidence.levels.loc["S0"].to_numpy()
    room = [0 if np.isnan(v) else int(3 - v) for v in own]
    tried = {}
    for steps in product(*(range(r + 1) for r in room)):
        levels = evidence.levels.copy()
        levels.loc["S0"] = own + steps
        value = value_of(study, replace(evidence, levels=levels), target, weights)
        tried[steps] = (float(np.dot(steps, costs)), reaches(value, target))
    good = [cost for cost, there in tried.values() if there]
    if not good:
        return None
    least = min(good)
    return least, {s for s, (cost, there) in tried.items() if there and cost <= least + 1e-9}


level = st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan])
cases = st.tuples(
    st.lists(st.tuples(level, level, level), min_size=2, max_size=4).filter(
        lambda rows: all(not np.isnan(row).all() for row in rows)
    ),
    st.lists(st.integers(1, 4), min_size=3, max_size=3),
    st.lists(st.integers(1, 3), min_size=3, max_size=3),
    st.lists(st.lists(st.integers(0, 3), min_size=3, max_size=3), min_size=1, max_size=3),
    st.sampled_from(["rank", "index", "learners", "b0"]),
    st.integers(0, 12),
)


@given(cases)
@properly
def test_the_smallest_sets_are_those_that_trying_everything_finds(study, case):
    levels, weights, costs, strengths, kind, goal = case
    evidence, small = evidence_of(levels), study_of(study, strengths)
    w = pd.Series(weights, D) / sum(weights)
    target = {
        "rank": Target("rank", 1 + goal % 4),
        "index": Target("index", goal / 12),
    }.get(kind, Target("realised", goal / 12, kind))
    now = value_of(small, evidence, target, w)
    call = {"weights": w, "costs": pd.Series(costs, D), "min_dimensions": 1, "most": 1000}
    if np.isnan(now):
        with pytest.raises(MethodError, match="no evidence"):
            smallest_changes(small, evidence, "S0", target, **call)
        return
    found = smallest_changes(small, evidence, "S0", target, **call)
    assert found.now == pytest.approx(now)
    wanted = brute(small, evidence, target, w, costs)
    if reaches(now, target):
        assert (found.status, found.cost, found.count) == ("there", 0, 0)
    elif wanted is None:
        assert found.status == "out of reach"
        assert np.isnan(found.cost)
        assert not reaches(found.best, target)
    else:
        sets = {
            tuple(rows.set_index("dimension_id")["steps"].reindex(D, fill_value=0))
            for _, rows in found.sets.groupby("number")
        }
        assert found.status == "reachable"
        assert found.cost == pytest.approx(wanted[0])
        assert sets == wanted[1]
        assert found.count == len(sets)
        assert all(reaches(value, target) for value in found.sets["reached"])


def test_each_set_is_a_scenario_that_reaches_the_target(study, evidence):
    found = smallest_changes(study, evidence, "DE", Target("realised", 0.5, "learners"))
    for _, some in found.sets.groupby("number"):
        then = newest_evidence(apply_scenario(study, some))
        groups = benefits_by_stakeholder(study, realise_benefits(study, then))
        share = groups.set_index(["system_id", "stakeholder_id"])["realised"]["DE", "learners"]
        assert share >= 0.5
        assert share == pytest.approx(some["reached"].iloc[0])


def test_a_rank_is_reached_as_the_index_has_it(study, evidence):
    found = smallest_changes(study, evidence, "DE", Target("rank", 5))
    assert (found.status, found.now, found.best) == ("reachable", 18, 1)
    then = newest_evidence(apply_scenario(study, found.sets[found.sets["number"] == 1]))
    index = integration_index(then)
    index = index.loc[index["dimensions"] >= 8, "index"]
    assert 1 + int((index > index["DE"]).sum()) == found.sets["reached"].iloc[0] <= 5


def test_sets_are_capped_counted_and_summed_up(study, evidence):
    found = smallest_changes(study, evidence, "DE", Target("rank", 5), most=3)
    assert found.sets["number"].max() == 3
    assert found.count > 1000
    assert found.share.between(0, 1).all()
    all_of_them = smallest_changes(study, evidence, "LT", Target("realised", 0.9, "learners"))
    share = all_of_them.sets.groupby("dimension_id")["number"].nunique() / all_of_them.count
    assert all_of_them.share.sort_index().to_list() == share.sort_index().to_list()


def test_what_costs_less_was_tried(study):
    evidence = evidence_of([[0, 1, 3], [3, 3, 3]])
    found = smallest_changes(
        study_of(study, [[1, 1, 1]]), evidence, "S0", Target("index", 7 / 9), min_dimensions=1
    )
    assert (found.cost, found.count) == (3, 3)
    # Fewer than three steps, three left on a and two on b: 1 + 2 + 3.
    assert found.tried == 6


def test_there_already_and_out_of_reach_are_answers(study, evidence):
    there = smallest_changes(study, evidence, "NZ", Target("rank", 1))
    assert (there.status, there.cost, len(there.sets), there.tried) == ("there", 0, 0, 0)
    only = pd.Series(1.0, ["recognition"])
    never = smallest_changes(study, evidence, "DE", Target("rank", 1), costs=only)
    assert (never.status, never.count, never.tried) == ("out of reach", 0, 1)
    assert np.isnan(never.cost)
    assert never.best < never.now


def test_a_dimension_without_a_cost_is_not_raised(study, evidence):
    costs = pd.Series(1.0, evidence.levels.columns).drop("recognition")
    found = smallest_changes(
        study, evidence, "DE", Target("realised", 0.5, "learners"), costs=costs, most=1000
    )
    assert "recognition" not in set(found.sets["dimension_id"])


def test_gaps_are_named_and_not_raised(study, evidence):
    gaps = [s for s in evidence.levels.index if evidence.levels.loc[s].isna().sum() == 2]
    found = smallest_changes(study, evidence, gaps[0], Target("index", 0.9))
    assert len(found.gaps) == 2
    assert not set(found.gaps) & set(found.sets["dimension_id"])


@pytest.mark.parametrize(
    ("system", "target", "options", "said"),
    [
        ("DEE", Target("rank", 1), {}, 'no system with evidence "DEE". Did you mean "'),
        ("BG", Target("rank", 1), {}, 'no ranked system "BG"'),
        ("DE", Target("rank", 0), {}, "The rank is 0. Choose a whole number from 1 on."),
        ("DE", Target("rank", 2.5), {}, "The rank is 2.5"),
        ("DE", Target("index", 1.2), {}, "The target is 1.2. Choose a share from 0 to 1."),
        ("DE", Target("realised", 0.5, "learner"), {}, '"learner". Did you mean "learners"?'),
        ("DE", Target("realised", 0.5), {}, "There is no benefit or stakeholder"),
        ("DE", Target("rnk", 1), {}, 'no kind of target "rnk". Did you mean "rank"?'),
        ("DE", Target("rank", 1), {"costs": {"recogntion": 1}}, 'Did you mean "recognition"?'),
        ("DE", Target("rank", 1), {"costs": {"recognition": 0}}, "recognition costs 0"),
        ("DE", Target("rank", 1), {"weights": {"recognition": 1}}, "Weights given: 1"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(study, evidence, system, target, options, said):
    options = {name: pd.Series(values, dtype=float) for name, values in options.items()}
    with pytest.raises(MethodError) as refused:
        smallest_changes(study, evidence, system, target, **options)
    assert said in str(refused.value)


def test_too_many_sets_are_refused_before_memory_runs_out(study, evidence, monkeypatch):
    monkeypatch.setattr(module, "MOST_SETS", 100)
    with pytest.raises(MethodError, match="More than 100 sets"):
        smallest_changes(study, evidence, "DE", Target("index", 0.9))
