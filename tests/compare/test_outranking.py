"""PROMETHEE II and Copeland: by hand, both ways of counting, gaps."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import copeland, promethee_flows, promethee_net_flow
from mcanalysis.compare.outranking import PAIRS_UP_TO, flows_by_pairs, flows_by_sorting
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
NONE = np.nan


def by_loops(x, w, q, p):
    """Net flow as the book has it: one pair and one dimension after the other."""
    x, w = np.asarray(x, float), np.asarray(w, float)

    def preference(d, q, p):
        return float(d > 0) if p == 0 else min(max((d - q) / (p - q), 0), 1)

    net = np.zeros(len(x))
    for i in range(len(x)):
        for j in range(len(x)):
            both = [k for k in range(len(w)) if not np.isnan(x[i, k] + x[j, k])]
            total = sum(w[k] for k in both)
            for k in both if total > 0 else []:
                lead = x[i, k] - x[j, k]
                net[i] += w[k] / total * (preference(lead, q, p) - preference(-lead, q, p))
    net[~((~np.isnan(x)) & (w > 0)).any(axis=1)] = NONE
    return net / max(len(x) - 1, 1)


@st.composite
def problems(draw, gaps=True):
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 4)))
    some = st.integers(0, 12).map(lambda k: k / 4)
    x = draw(arrays.arrays(float, shape, elements=st.one_of(some, st.just(NONE)) if gaps else some))
    w = draw(arrays.arrays(float, shape[1], elements=st.integers(0, 5).map(float)))
    w[0] += 1
    q, p = draw(st.sampled_from([(0, 0), (0, 1), (0.5, 1.25), (0.1, 0.3)]))
    return x, w, q, p


@properly
@given(problems())
def test_net_flows_are_those_of_the_definition(drawn):
    np.testing.assert_allclose(promethee_net_flow(*drawn), by_loops(*drawn), rtol=0, atol=1e-12)


@properly
@given(problems(gaps=False))
def test_sorting_counts_what_all_pairs_count(drawn):
    x, _, q, p = drawn
    ends = np.full(x.shape[1], float(q)), np.full(x.shape[1], float(p))
    for one, other in zip(flows_by_sorting(x, *ends), flows_by_pairs(x, *ends), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


def test_sorting_and_pairs_agree_on_many_systems_and_mixed_thresholds():
    x = np.random.default_rng(1).normal(1e3, 1, (700, 4))
    x[:, 2] = x[:, 2].round()
    q, p = np.array([0, 0.2, 0, 0]), np.array([0.5, 1.0, 0, 1e3])
    for one, other in zip(flows_by_sorting(x, q, p), flows_by_pairs(x, q, p), strict=True):
        np.testing.assert_allclose(one / 699, other / 699, rtol=0, atol=1e-12)


def test_nothing_jumps_where_sorting_takes_over():
    x = np.random.default_rng(2).integers(0, 4, (PAIRS_UP_TO + 1, 5)) / 3
    gap = x.copy()
    gap[:, 4] = NONE
    np.testing.assert_allclose(
        promethee_net_flow(x, [1, 2, 3, 4, 0]), promethee_net_flow(gap, [1, 2, 3, 4, 5]), atol=1e-12
    )


def test_flows_of_many_systems_take_no_time():
    x = np.random.default_rng(1).random((5000, 11))
    start = time.perf_counter()
    promethee_net_flow(x, np.ones(11), 0.05, 0.3)
    # All pairs take seconds.
    assert time.perf_counter() - start < 0.5


@properly
@given(problems())
def test_what_some_win_others_lose(drawn):
    positive, negative = promethee_flows(*drawn)
    assert np.nansum(positive) == pytest.approx(np.nansum(negative))
    score = copeland(*drawn[:2])
    assert np.nansum(score) == pytest.approx(0)
    for one in (positive, negative, np.abs(score)):
        assert not (one > 1 + 1e-12).any()


@properly
@given(problems())
def test_stretching_a_scale_changes_no_usual_flow_and_no_majority(drawn):
    x, w, _, _ = drawn
    for aggregate in (promethee_net_flow, copeland):
        np.testing.assert_allclose(aggregate(x**3 + x, w), aggregate(x, w), rtol=0, atol=1e-12)


def test_a_majority_counts_weights_and_not_leads():
    x = [[3, 0, 0], [0, 1, 1]]
    assert copeland(x, [1, 1, 1]).tolist() == [-1, 1]
    assert copeland(x, [0.2, 0.1, 0.1]).tolist() == [0, 0]
    assert copeland(x, [3, 1, 1]).tolist() == [1, -1]


def test_a_majority_that_only_floating_point_sees_is_a_draw():
    assert copeland([[1, 1, 0], [0, 0, 1]], [0.1, 0.2, 0.3]).tolist() == [0, 0]


def test_a_pair_is_compared_on_what_both_have():
    x = [[1, NONE, 0], [0, 1, NONE], [NONE, NONE, NONE], [NONE, 0, NONE]]
    w = [1, 1, 8]
    # The first and the last have nothing in common, the third has nothing at all.
    assert copeland(x, w)[[0, 1, 3]].tolist() == [1 / 3, 0, -1 / 3]
    assert promethee_net_flow(x, w)[[0, 1, 3]].tolist() == [1 / 3, 0, -1 / 3]
    assert np.isnan(copeland(x, w)[2])
    assert np.isnan(promethee_net_flow(x, w)[2])


def test_alone_there_is_nobody_to_beat():
    assert promethee_net_flow([[1, 2]], [1, 1]).tolist() == [0]
    assert copeland([[1, NONE]], [1, 1]).tolist() == [0]


@pytest.mark.parametrize(
    ("q", "p"), [(1, 1), (2, 1), (-1, 1), (0, -1), (NONE, 1), ([0, 0], 1), (0, [1, 1])]
)
def test_thresholds_that_do_not_fit_are_refused(q, p):
    with pytest.raises(MethodError, match=r"p above q and q at least 0"):
        promethee_flows([[1, 0, 2], [0, 1, 1]], [1, 1, 1], q, p)


def test_only_one_table_is_compared_at_a_time():
    with pytest.raises(MethodError, match="one table of systems"):
        copeland(np.zeros((2, 3, 2)), [1, 1])
