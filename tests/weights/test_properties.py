"""What must always hold of weights from judgements."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.weights import (
    METHODS,
    aggregate_judgements,
    aggregate_priorities,
    inconsistency,
    least_inconsistent,
    linear_best_worst,
    measure_concordance,
    measure_consensus,
    principal_eigenvector,
    reconsider_judgements,
    weigh_order,
    weigh_pairs,
)

properly = settings(deadline=None, max_examples=40)
"""How much is tried of what must always hold; a busy machine is no failure."""

SCALE = [*(1 / k for k in range(9, 1, -1)), *range(1, 10)]


@st.composite
def matrices(draw, least=2, most=7):
    """A reciprocal matrix on the scale."""
    n = draw(st.integers(least, most))
    a = np.ones((n, n))
    for i in range(n):
        for j in range(i + 1, n):
            a[i, j] = draw(st.sampled_from(SCALE))
            a[j, i] = 1 / a[i, j]
    return a


@st.composite
def best_worst(draw):
    """Judgements against the best and against the worst, the first item and the last."""
    n = draw(st.integers(2, 8))
    most = draw(st.integers(1, 9))
    between = st.lists(st.integers(1, most), min_size=n - 2, max_size=n - 2)
    first = np.array([1, *draw(between), most], float)
    last = np.array([most, *draw(between), 1], float)
    return first[:, None], last[:, None]


weights = st.integers(2, 9).flatmap(
    lambda n: st.lists(st.floats(0.1, 0.9), min_size=n, max_size=n).map(np.array)
)


@pytest.mark.parametrize("method", METHODS)
@properly
@given(a=matrices(), seed=st.integers(0, 99))
def test_weights_are_positive_sum_to_1_and_follow_their_items(method, a, seed):
    w = METHODS[method](a[:, :, None])[:, 0]
    assert (w > 0).all()
    assert w.sum() == pytest.approx(1)
    order = np.random.default_rng(seed).permutation(len(a))
    moved = METHODS[method](a[np.ix_(order, order)][:, :, None])[:, 0]
    np.testing.assert_allclose(moved, w[order], atol=1e-9)


@properly
@given(w=weights)
def test_consistent_judgements_give_the_same_weights_by_every_method_and_no_inconsistency(w):
    a = w[:, None] / w
    for method in METHODS:
        found = weigh_pairs(a, method=method)
        np.testing.assert_allclose(found.weights["1"], w / w.sum(), atol=1e-9)
        assert found.consistency.loc["1", ["cr", "gci"]].max() == pytest.approx(0, abs=1e-9)
    assert reconsider_judgements(a).empty


@properly
@given(a=matrices(3))
def test_the_eigenvector_is_that_of_a_general_solver_even_for_circular_judgements(a):
    w, largest = principal_eigenvector(a[:, :, None])
    values, vectors = np.linalg.eig(a)
    first = values.real.argmax()
    exact = np.abs(vectors[:, first].real)
    assert largest[0] == pytest.approx(values[first].real, rel=1e-10)
    np.testing.assert_allclose(w[:, 0], exact / exact.sum(), atol=1e-10)


@properly
@given(a=matrices(), m=st.integers(1, 5))
def test_judges_who_say_the_same_are_together_as_one(a, m):
    same = np.repeat(a[:, :, None], m, axis=2)
    share = np.arange(1.0, m + 1)
    np.testing.assert_allclose(aggregate_judgements(same, share), a, rtol=1e-12)
    w = principal_eigenvector(same)[0]
    np.testing.assert_allclose(aggregate_priorities(w, share), w[:, 0], rtol=1e-12)
    assert m == 1 or measure_consensus(w).consensus == pytest.approx(1)


@properly
@given(a=matrices(3), seed=st.integers(0, 99))
def test_a_batch_gives_what_each_matrix_gives_alone(a, seed):
    generator = np.random.default_rng(seed)
    order = [generator.permutation(len(a)) for _ in range(5)]
    batch = np.stack([a[np.ix_(o, o)] for o in order], axis=2)
    batch[0, 1, 2:] = batch[1, 0, 2:] = np.nan
    together = inconsistency(batch)
    for k in range(5):
        alone = inconsistency(batch[:, :, [k]])
        for name, values in alone.items():
            assert together[name][k] == pytest.approx(values[0], abs=1e-8), name


@settings(deadline=None, max_examples=15)
@given(a=matrices(4, 6), seed=st.integers(0, 99))
def test_no_other_completion_is_less_inconsistent(a, seed):
    generator = np.random.default_rng(seed)
    a[0, 1] = a[1, 0] = a[0, 2] = a[2, 0] = np.nan
    best = least_inconsistent(a[:, :, None])
    other = np.repeat(best, 50, axis=2)
    for i, j in ((0, 1), (0, 2)):
        other[i, j] *= np.exp(generator.normal(0, 0.05, 50))
        other[j, i] = 1 / other[i, j]
    assert principal_eigenvector(best)[1][0] <= principal_eigenvector(other)[1].min() + 1e-9


@settings(deadline=None, max_examples=15)
@given(a=matrices(3, 5))
def test_suggested_changes_bring_the_ratio_to_the_threshold_and_no_further(a):
    steps = reconsider_judgements(a)
    before = inconsistency(a[:, :, None])["cr"][0]
    assert steps.empty == (before <= 0.1)
    for step in steps.itertuples():
        i, j = int(step.left) - 1, int(step.right) - 1
        assert a[i, j] == pytest.approx(step.value)
        a[i, j], a[j, i] = step.suggested, 1 / step.suggested
        assert inconsistency(a[:, :, None])["cr"][0] == pytest.approx(step.cr_after, abs=1e-8)
    if len(steps):
        assert steps["cr_after"].iloc[-1] == pytest.approx(0.1, abs=1e-6)
        assert steps["suggested"].between(1 / 9 - 1e-9, 9 + 1e-9).all()


def test_the_one_judgement_that_was_swapped_is_the_one_to_reconsider():
    w = np.array([5, 3, 2, 1, 1])
    a = w[:, None] / w
    a[0, 4], a[4, 0] = 1 / 5, 5
    steps = reconsider_judgements(a, list("abcde"))
    assert steps[["left", "right"]].to_numpy().tolist() == [["a", "e"]]
    assert steps["suggested"].item() < 5
    a[1, 2] = a[2, 1] = np.nan
    again = reconsider_judgements(a, list("abcde"))
    assert again[["left", "right"]].to_numpy().tolist() == [["a", "e"]]


def test_a_chain_of_judgements_has_nothing_to_reconsider():
    a = np.array([[1, 2, np.nan], [0.5, 1, 9], [np.nan, 1 / 9, 1]])
    assert reconsider_judgements(a, threshold=0).empty


@properly
@given(said=best_worst(), seed=st.integers(0, 99))
def test_best_worst_weights_keep_within_xi_and_follow_their_items(said, seed):
    first, last = said
    n = len(first)
    w, xi = linear_best_worst(first, last, np.array([0]), np.array([n - 1]))
    assert w.sum() == pytest.approx(1)
    assert (w >= 0).all()
    apart = [np.abs(w[0] - first[:, 0] * w[:, 0]), np.abs(w[:, 0] - last[:, 0] * w[-1])]
    assert np.max(apart) == pytest.approx(xi[0], abs=1e-9)
    order = np.random.default_rng(seed).permutation(n)
    ends = [np.flatnonzero(order == 0), np.flatnonzero(order == n - 1)]
    moved, same = linear_best_worst(first[order], last[order], *ends)
    np.testing.assert_allclose(moved, w[order], atol=1e-8)
    assert same == pytest.approx(xi, abs=1e-9)


@properly
@given(said=best_worst(), seed=st.integers(0, 99))
def test_no_other_weights_deviate_less_than_the_best_worst_model_finds(said, seed):
    first, last = said[0][:, 0], said[1][:, 0]
    w, xi = linear_best_worst(*said, np.array([0]), np.array([len(first) - 1]))
    near = w[:, 0] * np.exp(np.random.default_rng(seed).normal(0, 0.05, (2000, len(first))))
    near /= near.sum(axis=1, keepdims=True)
    apart = np.maximum(
        np.abs(near[:, [0]] - first * near).max(axis=1), np.abs(near - last * near[:, [-1]]).max(1)
    )
    assert xi[0] <= apart.min() + 1e-9


@properly
@given(n=st.integers(2, 6), m=st.integers(2, 6), seed=st.integers(0, 999))
def test_concordance_and_consensus_lie_between_0_and_1(n, m, seed):
    w = np.random.default_rng(seed).dirichlet(np.ones(n), m).T
    found = measure_concordance(w)
    assert 0 <= found.w <= 1
    assert 0 <= found.p <= 1
    agreed = measure_consensus(w)
    assert 0 <= agreed.consensus <= 1
    assert agreed.alpha * agreed.beta == pytest.approx(agreed.gamma)


@properly
@given(order=st.permutations("abcdef"))
def test_an_order_of_importance_gives_falling_weights_inside_its_corners(order):
    found = weigh_order(list(order))
    assert list(found.weights.index) == list(order)
    assert found.weights.is_monotonic_decreasing
    assert (found.vertices.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None)
    pd.testing.assert_series_equal(
        found.weights, found.vertices.mean(), check_names=False, check_index_type=False
    )
    assert found.weights.iloc[0] == pytest.approx(sum(1 / k for k in range(1, 7)) / 6)
