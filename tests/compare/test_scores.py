"""Scores by a named method: intervals against every fill, what must always hold, refusals."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import (
    AGGREGATIONS,
    NEEDS_SHARES,
    NORMALISATIONS,
    OUTRANKING,
    TOP,
    bounds,
    competition_ranks,
    integration_index,
    ranked_systems,
    score_systems,
)
from mcanalysis.errors import MethodError
from tests.making import NONE, evidence_of

properly = settings(deadline=None, max_examples=40)
for_each = settings(deadline=None, max_examples=15)
"""What is tried with every method is tried less often with each."""
METHODS = [
    pair
    for pair in product(NORMALISATIONS, AGGREGATIONS)
    if not (pair[0] == "z-score" and pair[1] in NEEDS_SHARES)
]
OWN = [name for name in AGGREGATIONS if name not in OUTRANKING]
methods = pytest.mark.parametrize(("normalisation", "aggregation"), METHODS)


@st.composite
def tables(draw, least=2, most=5):
    """Levels with gaps, doubts about some, and weights."""
    shape = draw(st.tuples(st.integers(least, most), st.integers(1, 4)))
    levels = arrays.arrays(float, shape, elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE]))
    parts = arrays.arrays(float, shape[1], elements=st.integers(0, 4).map(float))
    w = draw(parts.filter(lambda w: w.sum() > 0))
    weights = pd.Series(w / w.sum(), index=[f"d{i}" for i in range(shape[1])])
    return draw(levels), draw(arrays.arrays(bool, shape)), weights


def everyone(evidence):
    return list(evidence.levels.index)


def fills(evidence, most=300):
    """Every way in which the cells may be; none where there are too many."""
    low, high = (frame.to_numpy().ravel() for frame in bounds(evidence))
    if np.prod(high - low + 1) > most:
        return []
    ways = product(*(np.arange(a, b + 1) for a, b in zip(low, high, strict=True)))
    return [np.reshape(way, evidence.levels.shape) for way in ways]


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@settings(deadline=None, max_examples=25)
@given(drawn=tables(most=3))
def test_intervals_are_reached_and_never_left_by_any_fill(aggregation, drawn):
    levels, low, weights = drawn
    evidence = evidence_of(levels, low)
    every = fills(evidence)
    assume(every)
    table = score_systems(evidence, weights, "goalposts", aggregation, everyone(evidence)).table
    table = table.loc[everyone(evidence)]
    scores = [AGGREGATIONS[aggregation](x / TOP, weights.to_numpy()) for x in every]
    scores, ranks = np.stack(scores), competition_ranks(scores)
    np.testing.assert_allclose(table["lower"], scores.min(axis=0), atol=1e-11)
    np.testing.assert_allclose(table["upper"], scores.max(axis=0), atol=1e-11)
    if aggregation in OUTRANKING:
        assert table[["best_rank", "worst_rank"]].isna().all(axis=None)
    else:
        assert table["best_rank"].to_list() == ranks.min(axis=0).tolist()
        assert table["worst_rank"].to_list() == ranks.max(axis=0).tolist()


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@properly
@given(drawn=tables(), data=st.data())
def test_a_fill_lies_inside_the_interval(aggregation, drawn, data):
    levels, low, weights = drawn
    evidence = evidence_of(levels, low)
    least, most = (frame.to_numpy() for frame in bounds(evidence))
    up = data.draw(arrays.arrays(float, least.shape, elements=st.integers(0, 3).map(float)))
    filled = evidence_of(np.minimum(least + up, most))
    names = everyone(evidence)
    ends = score_systems(evidence, weights, "goalposts", aggregation, names).table.loc[names]
    table = score_systems(filled, weights, "goalposts", aggregation, names).table.loc[names]
    assert (table["score"] >= ends["lower"] - 1e-11).all()
    assert (table["score"] <= ends["upper"] + 1e-11).all()
    if aggregation in OWN:
        assert (table["rank"] >= ends["best_rank"]).all()
        assert (table["rank"] <= ends["worst_rank"]).all()


@pytest.mark.parametrize("aggregation", [*OWN, "copeland"])
@properly
@given(drawn=tables())
def test_the_score_of_the_evidence_present_lies_inside_its_interval(aggregation, drawn):
    levels, low, weights = drawn
    evidence = evidence_of(levels, low)
    table = score_systems(evidence, weights, "goalposts", aggregation, everyone(evidence)).table
    known = table.dropna(subset="score")
    assert (known["score"] >= known["lower"] - 1e-11).all()
    assert (known["score"] <= known["upper"] + 1e-11).all()


def test_promethee_of_the_evidence_present_may_lie_outside_as_its_text_says():
    evidence = evidence_of([[0, NONE], [1, 0]])
    row = score_systems(evidence, None, "goalposts", "promethee", ["S0", "S1"]).table.loc["S0"]
    assert (row["score"], row["lower"], row["upper"]) == (-1, -0.5, 0)


@properly
@given(drawn=tables())
def test_arithmetic_with_goalposts_is_the_integration_index(drawn):
    levels, low, weights = drawn
    evidence = evidence_of(levels, low)
    names = everyone(evidence)
    table = score_systems(evidence, weights, systems=names).table.loc[names]
    index = integration_index(evidence, weights)
    for ours, theirs in [("score", "index"), *((c, c) for c in ("lower", "upper", "coverage"))]:
        np.testing.assert_allclose(table[ours], index[theirs], atol=1e-11)
    assert (table["dimensions"] == index["dimensions"]).all()


@methods
@for_each
@given(drawn=tables(), random=st.randoms())
def test_the_order_of_the_systems_changes_no_rank(normalisation, aggregation, drawn, random):
    levels, low, weights = drawn
    evidence = evidence_of(levels, low)
    names = everyone(evidence)
    table = score_systems(evidence, weights, normalisation, aggregation, names).table
    random.shuffle(names)
    other = score_systems(evidence, weights, normalisation, aggregation, names).table
    pd.testing.assert_frame_equal(other.loc[table.index], table, rtol=0, atol=1e-10)


@pytest.mark.parametrize("aggregation", OWN)
@properly
@given(drawn=tables())
def test_a_dominated_system_that_is_added_turns_no_order_with_goalposts(aggregation, drawn):
    levels, low, weights = drawn
    evidence = evidence_of(levels, low)
    more = evidence_of(
        np.vstack([levels, np.zeros(levels.shape[1])]),
        np.vstack([low, np.zeros(levels.shape[1], bool)]),
    )
    names = everyone(evidence)
    table = score_systems(evidence, weights, "goalposts", aggregation, names).table
    other = score_systems(more, weights, "goalposts", aggregation, everyone(more)).table
    pd.testing.assert_series_equal(other.loc[table.index, "rank"], table["rank"])


def test_with_min_max_a_system_that_is_added_can_turn_an_order():
    levels = [[2, 1], [1, 3], [1, 1]]
    two = score_systems(evidence_of(levels), None, "min-max", systems=["S0", "S1"]).table["score"]
    wide = [*levels, [0, 1], [3, 1]]
    evidence = evidence_of(wide)
    more = score_systems(evidence, None, "min-max", systems=everyone(evidence)).table["score"]
    assert two["S0"] == two["S1"]
    assert more["S0"] < more["S1"]


@pytest.mark.parametrize(
    ("normalisation", "aggregation"), [pair for pair in METHODS if pair[0] != "goalposts"]
)
@for_each
@given(drawn=tables(), level=st.integers(0, 3), data=st.data())
def test_a_constant_column_changes_no_rank_gaps_or_not(
    normalisation, aggregation, drawn, level, data
):
    levels, _, weights = drawn
    evidence = evidence_of(levels)
    names = everyone(evidence)
    found = score_systems(evidence, weights, normalisation, aggregation, names)
    # Where all columns are constant there is nothing but them.
    assume(weights.drop(list(found.constant)).sum() > 0)
    gaps = data.draw(arrays.arrays(bool, len(levels)))
    more = evidence_of(np.column_stack([levels, np.where(gaps, NONE, level)]))
    w = pd.concat([weights / 2, pd.Series({f"d{len(weights)}": 0.5})])
    other = score_systems(more, w, normalisation, aggregation, names)
    assert other.constant == (*found.constant, f"d{len(weights)}")
    pd.testing.assert_series_equal(other.table["rank"], found.table["rank"])


def test_dimensions_that_are_equal_for_all_are_listed_and_left_out():
    evidence = evidence_of([[2, 0, 1], [2, 3, NONE], [NONE, 1, 2]])
    found = score_systems(evidence, None, "min-max", systems=everyone(evidence))
    assert found.constant == ("d0",)
    assert found.weights.to_list() == [0, 0.5, 0.5]
    assert found.remarks[-1] == "Left out, as all systems compared are equal there: d0."
    assert found.table.loc["S0", "score"] == 0
    assert found.normalised.loc["S2", "d1"] == pytest.approx(1 / 3)
    assert np.isnan(found.normalised.loc["S2", "d0"])
    # Coverage speaks of the evidence, whatever the method makes of it.
    assert found.table.loc["S1", "coverage"] == pytest.approx(2 / 3)
    assert score_systems(evidence, systems=everyone(evidence)).constant == ()


def test_where_all_systems_are_equal_all_are_first():
    evidence = evidence_of([[1, 2], [1, 2]])
    for normalisation, aggregation in METHODS:
        found = score_systems(evidence, None, normalisation, aggregation, ["S0", "S1"])
        assert found.table["rank"].to_list() == [1, 1]


def test_a_system_without_evidence_that_counts_has_no_rank_and_stands_last():
    evidence = evidence_of([[NONE, 3], [1, 2]])
    weights = pd.Series({"d0": 1.0, "d1": 0.0})
    table = score_systems(evidence, weights, systems=["S0", "S1"]).table
    assert list(table.index) == ["S1", "S0"]
    assert table["rank"].isna().to_list() == [False, True]
    assert table.loc["S0", ["lower", "upper", "best_rank", "worst_rank"]].to_list() == [0, 1, 1, 2]


def test_by_default_the_ranked_systems_of_the_shipped_study_are_compared(evidence):
    found = score_systems(evidence)
    assert sorted(found.table.index) == sorted(ranked_systems(evidence))
    assert found.table["rank"].is_monotonic_increasing
    assert (found.normalisation, found.aggregation, found.remarks) == (
        "goalposts", "arithmetic", ()
    )  # fmt: skip
    widest = found.table.loc["NZ"]
    assert (widest["best_rank"], widest["rank"]) == (1, 1)


def test_in_a_study_with_few_dimensions_systems_with_all_of_them_are_compared():
    evidence = evidence_of([[1, 2], [NONE, 2]])
    assert list(score_systems(evidence).table.index) == ["S0"]


@methods
def test_where_no_interval_is_exact_none_is_given_and_it_is_said(
    evidence, normalisation, aggregation
):
    found = score_systems(evidence, None, normalisation, aggregation)
    exact = normalisation == "goalposts" or aggregation in OUTRANKING
    assert found.table["lower"].notna().all() == exact
    assert any("No interval is given" in said for said in found.remarks) != exact
    assert found.table["best_rank"].notna().all() == (exact and aggregation in OWN)
    assert any("no interval of ranks" in s for s in found.remarks) == (aggregation in OUTRANKING)


def test_normalisation_changes_no_outranking(evidence):
    for aggregation in OUTRANKING:
        first, *rest = (
            score_systems(evidence, None, scale, aggregation).table for scale in NORMALISATIONS
        )
        for table in rest:
            pd.testing.assert_frame_equal(table, first)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"normalisation": "minmax"}, 'no normalisation "minmax". Did you mean "min-max"?'),
        ({"aggregation": "topsys"}, 'no aggregation "topsys". Did you mean "topsis"?'),
        ({"systems": ["S9"]}, 'no system with evidence "S9".'),
        ({"systems": []}, "No systems to compare are named."),
        ({"systems": ["S0", "S1", "S0"]}, "Systems named twice: S0."),
        ({"weights": pd.Series({"d0": 1.0})}, "Weights given: 1, dimensions: 2."),
        (
            {"normalisation": "z-score", "aggregation": "geometric"},
            '"geometric" is not defined for z-scores',
        ),
    ],
)
def test_what_does_not_fit_is_refused(given, said):
    with pytest.raises(MethodError) as error:
        score_systems(evidence_of([[1, 2], [0, 3]]), **given)
    assert said in str(error.value)


def test_all_that_does_not_fit_is_told_at_once():
    with pytest.raises(MethodError) as error:
        score_systems(
            evidence_of([[1, 2]]),
            pd.Series({"d0": 2.0, "d1": 0.0}),
            "none",
            "sum",
            ["S0", "S0", "X"],
        )
    assert len(str(error.value).split("\n")) == 5


def test_where_nobody_has_enough_evidence_one_is_told_to_name_systems():
    with pytest.raises(MethodError, match="Name the systems to compare"):
        score_systems(evidence_of([[1, NONE]]))
