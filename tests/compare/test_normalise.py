"""Scales made comparable: by hand, at the edges, and what must always hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import (
    constant_columns,
    fixed_goalposts,
    min_max,
    norm_scaling,
    piecewise_values,
    z_score,
)
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
NONE = np.nan
matrices = arrays.arrays(
    float,
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    elements=st.one_of(st.just(NONE), st.integers(-50, 50).map(float)),
)


def of_each(x):
    return (fixed_goalposts(x, -50, 50), min_max(x), z_score(x), norm_scaling(x))


@properly
@given(matrices)
def test_gaps_stay_gaps_and_nothing_else_becomes_one(x):
    for made in of_each(x):
        assert (np.isnan(made) == np.isnan(x)).all()


@properly
@given(matrices)
def test_no_normalisation_turns_an_order(x):
    for made in of_each(x):
        lead, was = made[:, None] - made, x[:, None] - x
        assert not (lead * was < -1e-12).any()


@properly
@given(matrices)
def test_a_cost_is_the_mirror_of_a_benefit(x):
    np.testing.assert_allclose(fixed_goalposts(x, -50, 50, -1), 1 - fixed_goalposts(x, -50, 50))
    np.testing.assert_allclose(z_score(x, -1), -z_score(x), atol=1e-12)
    flat = constant_columns(x)
    np.testing.assert_allclose(min_max(x, -1)[:, ~flat], 1 - min_max(x)[:, ~flat])


@properly
@given(matrices)
def test_z_scores_have_mean_0_and_the_standard_deviation_of_a_sample(x):
    made = z_score(x)
    for column in made[:, ~constant_columns(x)].T:
        known = column[~np.isnan(column)]
        assert known.mean() == pytest.approx(0, abs=1e-12)
        assert known.std(ddof=1) == pytest.approx(1)


@pytest.mark.parametrize("scale", [min_max, z_score])
def test_a_constant_column_counts_nothing(scale):
    x = np.array([[0.1 + 0.2, 7, NONE, 0], [0.3, NONE, NONE, 0], [0.3, NONE, NONE, 0]])
    assert constant_columns(x).tolist() == [True, True, True, True]
    made = scale(x)
    assert (made[~np.isnan(x)] == 0).all()


def test_a_column_of_zeros_stays_zero_when_scaled_by_its_norm():
    assert norm_scaling([[0, 1], [0, 1]], order=1).tolist() == [[0, 0.5], [0, 0.5]]


def test_values_beyond_the_goalposts_count_as_the_goalpost():
    assert fixed_goalposts([[-1, 5]], 0, [3, 4]).tolist() == [[0, 1]]
    assert fixed_goalposts([[-1, 5]], 0, [3, 4], -1).tolist() == [[1, 0]]


def test_all_fills_are_normalised_at_once():
    x = np.arange(24.0).reshape(2, 4, 3) ** 2
    for scale in (min_max, z_score, norm_scaling):
        np.testing.assert_array_equal(scale(x), [scale(x[0]), scale(x[1])])


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda: fixed_goalposts([[1]], 3, 3), "from 3 to 3: each low limit must be below"),
        (lambda: fixed_goalposts([[1]], NONE, 3), "each low limit must be below"),
        (lambda: min_max([[1, 2]], [1, 0]), r"Directions are \[1, 0\] for 2 dimensions"),
        (lambda: min_max([[1, 2]], [1, 1, 1]), "for 2 dimensions. Give 1"),
        (lambda: z_score([1, 2]), r"shape \(2,\): give systems in rows"),
        (lambda: z_score(np.empty((0, 2))), "at least one of each"),
        (lambda: norm_scaling([[np.inf]]), "A value is infinite"),
        (lambda: norm_scaling([[1]], order=0), "Choose 1 .sum. or 2"),
        (lambda: piecewise_values([1], [0, 0], [0, 1]), "ascending order"),
        (lambda: piecewise_values([1], [0, 1], [0]), "one worth for each cutoff"),
    ],
)
def test_what_cannot_be_normalised_is_refused(act, said):
    with pytest.raises(MethodError, match=said):
        act()
