"""Draws have the distributions that they claim, and values are what the draws say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis import smaa
from mcanalysis.errors import MethodError
from mcanalysis.smaa import drawing

properly = settings(deadline=None, max_examples=40)
NONE = np.nan


def uniform(dimensions):
    return lambda generator, draws: smaa.draw_weights(generator, draws, dimensions)


def model_of(levels, low=None, vary=smaa.VARY, weights=None):
    x = np.array(levels, float)
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool)
    return smaa.Uncertain(x, doubt, weights or uniform(x.shape[1]), frozenset(vary))


def level_matrices():
    return arrays.arrays(
        float,
        st.tuples(st.integers(1, 6), st.integers(1, 5)),
        elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE]),
    )


def values_by_hand(model, drawn):
    """Value each system in each draw from its levels, one cell at a time."""
    found = np.zeros((len(drawn.weights), len(model.levels)))
    for n, (w, t) in enumerate(zip(drawn.weights, drawn.worths, strict=True)):
        worth = [0, *t, 1]
        levels = model.levels.copy()
        levels[model.open_gaps] = drawn.gaps[:, n]
        levels[model.doubtful] = drawn.doubtful[:, n]
        for s, row in enumerate(levels):
            known = ~np.isnan(row)
            if w[known].sum() > 0:
                reached = sum(w[d] * worth[int(row[d])] for d in np.flatnonzero(known))
                found[n, s] = reached / (w[known].sum() if "gaps" not in model.vary else 1)
    return found


def test_weights_are_uniform_on_the_simplex():
    # A weight exceeds t with probability (1 - t) ** (n - 1) there.
    weights = smaa.draw_weights(np.random.default_rng(1), 100_000, 5)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    for t in (0.1, 0.3, 0.6):
        np.testing.assert_allclose((weights > t).mean(axis=0), (1 - t) ** 4, atol=0.006)


def test_worths_are_two_uniform_numbers_in_order():
    worths = smaa.draw_worths(np.random.default_rng(1), 100_000)
    assert (worths[:, 0] <= worths[:, 1]).all()
    np.testing.assert_allclose(worths.mean(axis=0), [1 / 3, 2 / 3], atol=0.005)


def test_gaps_take_each_level_with_equal_chance():
    drawn = smaa.draw_gaps(np.random.default_rng(1), 100_000, 2)
    for row in drawn:
        np.testing.assert_allclose(np.bincount(row, minlength=4) / len(row), 1 / 4, atol=0.006)


def test_doubtful_levels_stay_or_move_by_one_with_equal_chance_inside_the_scale():
    drawn = smaa.draw_doubtful(np.random.default_rng(1), 100_000, np.uint8([2, 0, 3]))
    shares = [np.bincount(row, minlength=4) / len(row) for row in drawn]
    expected = [[0, 1 / 3, 1 / 3, 1 / 3], [2 / 3, 1 / 3, 0, 0], [0, 0, 1 / 3, 2 / 3]]
    np.testing.assert_allclose(shares, expected, atol=0.006)


def test_a_block_is_the_same_whatever_else_is_drawn():
    firm = model_of(np.zeros((3, 4)))
    open_ = model_of(np.full((3, 4), NONE))
    one, other = (smaa.draw_block(m, 0, 5, 100) for m in (firm, open_))
    np.testing.assert_array_equal(one.weights, other.weights)
    np.testing.assert_array_equal(one.worths, other.worths)
    assert not (smaa.draw_block(firm, 0, 6, 100).weights == one.weights).any()
    assert not (smaa.draw_block(firm, 1, 5, 100).weights == one.weights).any()


@pytest.mark.parametrize("off", smaa.VARY)
def test_switching_one_uncertainty_off_leaves_the_draws_of_the_others(off):
    model = model_of([[NONE, 2, 1], [0, 3, NONE]], [[False, True, False], [True, False, False]])
    fixed = replace(
        model,
        vary=model.vary - {off},
        weights=np.ones(3) / 3 if off == "weights" else model.weights,
    )
    one, other = smaa.draw_block(model, 3, 0, 50), smaa.draw_block(fixed, 3, 0, 50)
    for kind, name in zip(smaa.VARY, ("weights", "worths", "gaps", "doubtful"), strict=True):
        same = np.array_equal(getattr(one, name), getattr(other, name))
        assert same == (kind != off), kind


def test_blocks_shrink_when_there_are_many_systems():
    assert drawing.block_sizes(10_000, 20) == [4096, 4096, 1808]
    assert drawing.block_sizes(3, 2**22) == [1, 1, 1]


@properly
@given(
    level_matrices(),
    st.data(),
    st.sets(st.sampled_from(smaa.VARY)),
    st.integers(0, 2**32 - 1),
)
def test_a_value_is_the_sum_of_weights_times_worths(levels, data, vary, seed):
    low = data.draw(arrays.arrays(bool, levels.shape))
    d = levels.shape[1]
    weights = uniform(d) if "weights" in vary else np.full(d, 1 / d)
    model = smaa.Uncertain(levels, low, weights, frozenset(vary))
    drawn = smaa.draw_block(model, seed, 0, 7)
    np.testing.assert_allclose(
        smaa.additive_values(model, drawn), values_by_hand(model, drawn), atol=1e-12
    )


def test_an_unknown_kind_of_uncertainty_is_refused_with_the_nearest():
    with pytest.raises(MethodError, match=r'"weigths" is not known\. Did you mean "weights"'):
        smaa.check_vary(["weigths"])
