"""Means, TOPSIS and ranks: by hand, at the edges, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import (
    FLOOR,
    arithmetic_mean,
    competition_ranks,
    copeland,
    geometric_mean,
    promethee_net_flow,
    topsis,
)
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
NONE = np.nan
OWN = [arithmetic_mean, geometric_mean, topsis]
"""Aggregations in which a score hangs on a system's own values alone."""
ALL = [*OWN, promethee_net_flow, copeland]


@st.composite
def problems(draw, gaps=True):
    """Values in [0, 1] with or without gaps, and weights."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 5)))
    some = [0.0, 1 / 3, 2 / 3, 1.0] + ([NONE] if gaps else [])
    x = draw(arrays.arrays(float, shape, elements=st.sampled_from(some)))
    weights = st.integers(0, 8).map(float)
    w = draw(arrays.arrays(float, shape[1], elements=weights).filter(lambda w: w.sum() > 0))
    return x, w


def test_means_with_a_gap_by_hand():
    x, w = [[1, 0.5, NONE], [NONE, NONE, NONE]], [2, 1, 5]
    np.testing.assert_allclose(arithmetic_mean(x, w), [2.5 / 3, NONE])
    inner = (1.0**2 * (FLOOR + (1 - FLOOR) * 0.5)) ** (1 / 3)
    np.testing.assert_allclose(geometric_mean(x, w), [(inner - FLOOR) / (1 - FLOOR), NONE])
    to_best, to_worst = 0.5 / 3, np.hypot(2 / 3, 0.5 / 3)
    np.testing.assert_allclose(topsis(x, w), [to_worst / (to_best + to_worst), NONE])


def test_what_is_present_without_weight_gives_no_score():
    for aggregate in ALL:
        score = aggregate([[1, NONE], [0, 1]], [0, 1])
        assert np.isnan(score).tolist() == [True, False]


def test_a_zero_lowers_a_geometric_mean_but_does_not_annul_it():
    none, one, both = geometric_mean([[0, 0], [0, 1], [1, 1]], [1, 1])
    assert none == pytest.approx(0, abs=1e-12)
    assert 0 < one < 0.5
    assert both == pytest.approx(1)


@properly
@given(problems())
def test_the_geometric_mean_is_never_above_the_arithmetic_one(drawn):
    apart = arithmetic_mean(*drawn) - geometric_mean(*drawn)
    assert not (apart < -1e-12).any()


def test_topsis_is_undefined_where_both_ideals_are_the_same():
    assert np.isnan(topsis([[0.5]], [1], 0.5, 0.5)).all()


@pytest.mark.parametrize("aggregate", ALL)
@properly
@given(drawn=problems(), random=st.randoms())
def test_the_order_of_the_systems_changes_no_score(aggregate, drawn, random):
    x, w = drawn
    order = list(range(len(x)))
    random.shuffle(order)
    np.testing.assert_allclose(aggregate(x[order], w), aggregate(x, w)[order], atol=1e-12)


@pytest.mark.parametrize("aggregate", ALL)
@properly
@given(drawn=problems(), random=st.randoms(), scale=st.sampled_from([0.001, 1 / 3, 7, 1e6]))
def test_weights_may_be_scaled_and_moved_with_their_columns(aggregate, drawn, random, scale):
    x, w = drawn
    order = list(range(len(w)))
    random.shuffle(order)
    moved = aggregate(x[:, order], w[order] * scale)
    np.testing.assert_allclose(moved, aggregate(x, w), atol=1e-12)


@pytest.mark.parametrize("aggregate", OWN)
@properly
@given(drawn=problems(), data=st.data())
def test_a_system_that_is_added_changes_no_other_score(aggregate, drawn, data):
    x, w = drawn
    dominated = np.nanmin(np.where(np.isnan(x), 1, x), axis=0)
    anything = data.draw(arrays.arrays(float, len(w), elements=st.floats(0, 1)))
    more = aggregate(np.vstack([x, dominated, anything]), w)
    np.testing.assert_array_equal(more[:-2], aggregate(x, w))


@pytest.mark.parametrize(
    "aggregate", [arithmetic_mean, geometric_mean, promethee_net_flow, copeland]
)
@properly
@given(drawn=problems(gaps=False), worth=st.sampled_from([0, 1 / 3, 1]), weight=st.integers(1, 9))
def test_a_constant_column_changes_no_rank(aggregate, drawn, worth, weight):
    x, w = drawn
    more = np.column_stack([x, np.full(len(x), worth)])
    ranks = competition_ranks(aggregate(more, [*w, weight]))
    assert ranks.tolist() == competition_ranks(aggregate(x, w)).tolist()


@pytest.mark.parametrize("aggregate", ALL)
@properly
@given(drawn=problems(), seed=st.integers(0, 99))
def test_many_draws_of_weights_are_scored_at_once(aggregate, drawn, seed):
    x, w = drawn
    many = np.stack([w, np.random.default_rng(seed).random(len(w)), np.ones(len(w))])
    np.testing.assert_allclose(
        aggregate(x, many), [aggregate(x, one) for one in many], rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("aggregate", OWN)
def test_many_fills_are_scored_at_once(aggregate):
    x = np.random.default_rng(0).random((3, 5, 4))
    scores = aggregate(x, [1, 2, 3, 4])
    np.testing.assert_allclose(scores, [aggregate(one, [1, 2, 3, 4]) for one in x])


@properly
@given(arrays.arrays(float, st.integers(1, 9), elements=st.sampled_from([0.0, 0.1, 0.7, NONE])))
def test_ranks_are_those_of_a_competition(scores):
    expected = pd.Series(scores).rank(ascending=False, method="min")
    np.testing.assert_array_equal(competition_ranks(scores), expected)


def test_what_floating_point_sets_apart_shares_a_rank():
    scores = np.array([[0.1 + 0.2, 0.3, 0.3 - 1e-9], [1e6, 1e6 + 1e-9, 2e6]])
    assert competition_ranks(scores).tolist() == [[1, 1, 3], [2, 2, 1]]


@pytest.mark.parametrize("aggregate", ALL)
@pytest.mark.parametrize(
    ("x", "w", "said"),
    [
        ([[1, 0]], [1], r"Weights of shape \(1,\) for 2 dimensions"),
        ([[1, 0]], 1, r"Weights of shape \(\) for 2 dimensions"),
        ([[1, 0]], [1, -1], "none below 0 and not all 0"),
        ([[1, 0]], [0, 0], "none below 0 and not all 0"),
        ([[1, 0]], [NONE, 1], "must be numbers"),
        ([1, 0], [1, 1], "systems in rows"),
        (np.empty((0, 2)), [1, 1], "at least one of each"),
        ([[np.inf, 0]], [1], "infinite.*|Weights of shape"),
    ],
)
def test_values_and_weights_that_do_not_fit_are_refused(aggregate, x, w, said):
    with pytest.raises(MethodError, match=said):
        aggregate(x, w)


def test_all_that_does_not_fit_is_told_at_once():
    with pytest.raises(MethodError) as error:
        arithmetic_mean([[np.inf, 0]], [-1])
    assert len(str(error.value).split("\n")) == 3


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (
            lambda: geometric_mean([[0.5, 0]], [1, 1], floor=0),
            "above 0; found 0 to 0.5.*set a floor",
        ),
        (lambda: geometric_mean([[-0.5, 1]], [1, 1]), r"needs values in \[0, 1\]; found -0.5 to 1"),
        (lambda: geometric_mean([[2.0, 1]], [1, 1]), "found 1 to 2"),
        (lambda: geometric_mean([[1]], [1], floor=1), "Floor of the geometric mean: 1"),
        (lambda: topsis([[1, 0]], [1, 1], [1, 1, 1]), r"Ideals of shape \(3,\)"),
        (lambda: competition_ranks([np.inf, 0]), "finite scores"),
    ],
)
def test_what_a_method_cannot_take_is_refused(act, said):
    with pytest.raises(MethodError, match=said):
        act()
