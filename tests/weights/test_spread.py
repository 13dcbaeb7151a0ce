"""Random weights that keep within a panel's spread or an order of importance."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.errors import MethodError
from mcanalysis.weights import (
    aggregate_priorities,
    draw_ordered_weights,
    draw_panel_weights,
    weigh_order,
)

DRAWS = 200_000


def drawn_from(seed=0):
    return np.random.default_rng(seed)


def log_ratios(weights, axis):
    logs = np.log(weights)
    return logs - logs.mean(axis=axis, keepdims=True)


@pytest.fixture
def judges():
    return drawn_from(3).dirichlet([6, 4, 3, 2], 7).T


def test_drawn_weights_have_the_mean_and_covariance_of_the_judges_as_aitchison_defines_them(judges):
    # Aitchison & Shen (1980): the log-ratios are normal.
    got = log_ratios(draw_panel_weights(drawn_from(), DRAWS, judges), 1)
    want = log_ratios(judges, 0)
    spread = np.cov(want)
    error = 5 * np.sqrt(spread.diagonal() / DRAWS)
    assert (np.abs(got.mean(axis=0) - want.mean(axis=1)) < error).all()
    # The standard error of a covariance of normal numbers is at most root 2 times the variances.
    near = 5 * np.sqrt(2 / DRAWS) * spread.diagonal().max()
    np.testing.assert_allclose(np.cov(got.T), spread, rtol=0, atol=near)
    excess = (((got - got.mean(axis=0)) / got.std(axis=0)) ** 4).mean(axis=0) - 3
    assert (np.abs(excess) < 5 * np.sqrt(24 / DRAWS)).all()


def test_the_median_of_drawn_ratios_is_that_of_the_aggregated_priorities(judges):
    w = draw_panel_weights(drawn_from(), DRAWS, judges)
    together = aggregate_priorities(judges, np.ones(7))
    ratio = np.median(w[:, 0] / w[:, 3])
    assert ratio == pytest.approx(together[0] / together[3], rel=0.02)


def test_a_single_judge_is_followed_in_every_draw():
    own = np.array([[0.7], [0.3], [0.0]])
    w = draw_panel_weights(drawn_from(), 5, own)
    np.testing.assert_allclose(w, np.tile([0.7 * 0.999, 0.3 * 0.999, 0.001], (5, 1)))


def test_judges_who_agree_leave_nothing_to_chance():
    same = np.repeat([[0.5], [0.3], [0.2]], 6, axis=1)
    np.testing.assert_allclose(draw_panel_weights(drawn_from(), 9, same), same.T[[0] * 9])


def test_a_weight_of_0_becomes_small_and_keeps_the_ratios_of_the_others():
    # Martín-Fernández et al. (2003): multiplicative replacement.
    judges = np.array([[0.8, 0.8], [0.2, 0.2], [0.0, 0.0]])
    w = draw_panel_weights(drawn_from(), 3, judges)
    np.testing.assert_allclose(w[:, 0] / w[:, 1], 4)
    np.testing.assert_allclose(w[:, 2], 0.001)


def test_the_same_seed_gives_the_same_draws_and_longer_draws_begin_alike(judges):
    one, two = (draw_panel_weights(drawn_from(0), n, judges) for n in (1000, 3000))
    np.testing.assert_array_equal(one[:512], two[:512])
    np.testing.assert_allclose(one, two[:1000])
    assert not np.allclose(one, draw_panel_weights(drawn_from(1), 1000, judges))


def test_judges_who_are_far_apart_overflow_nothing():
    judges = np.array([[1 - 1e-300, 1e-300], [1e-300, 1 - 1e-300]])
    w = draw_panel_weights(drawn_from(), 1000, judges)
    assert np.isfinite(w).all()
    np.testing.assert_allclose(w.sum(axis=1), 1)


@pytest.mark.parametrize(
    ("judges", "says"),
    [
        ([[0.5, 0.5], [0.5, 0.2]], "those of judge 2 sum to 0.7"),
        ([[1.5], [-0.5]], "judge 1 has one that is missing, negative or infinite"),
        ([[np.nan], [1]], "judge 1 has one that is missing"),
        ([0.5, 0.5], r"shape \(2,\) holds no judges' weights"),
        (np.empty((3, 0)), r"shape \(3, 0\) holds no judges' weights"),
    ],
)
def test_what_are_no_weights_of_judges_is_refused(judges, says):
    with pytest.raises(MethodError, match=says):
        draw_panel_weights(drawn_from(), 10, np.array(judges))


def test_all_judges_whose_weights_do_not_fit_are_named_at_once():
    with pytest.raises(MethodError) as error:
        draw_panel_weights(drawn_from(), 10, np.array([[0.5, 2], [-0.5, 2]]))
    assert len(str(error.value).split("\n")) == 2


@settings(deadline=None, max_examples=40)
@given(
    order=st.permutations(range(6)),
    cuts=st.sets(st.integers(1, 5), max_size=5),
    seed=st.integers(0, 99),
)
def test_no_weight_of_a_later_group_is_greater_than_one_of_an_earlier(order, cuts, seed):
    ends = [0, *sorted(cuts), 6]
    groups = [order[a:b] for a, b in pairwise(ends)]
    w = draw_ordered_weights(drawn_from(seed), 50, groups)
    np.testing.assert_allclose(w.sum(axis=1), 1)
    assert (w > 0).all()
    for earlier, later in pairwise(groups):
        assert (w[:, earlier].min(axis=1) >= w[:, later].max(axis=1)).all()


def test_a_strict_order_has_the_rank_order_centroid_as_its_mean():
    # Barron & Barrett (1996).
    w = draw_ordered_weights(drawn_from(), DRAWS, [[2], [0], [3], [1]])
    want = weigh_order(["2", "0", "3", "1"]).weights[["0", "1", "2", "3"]]
    np.testing.assert_allclose(w.mean(axis=0), want, atol=0.002)


def test_a_strict_order_is_drawn_uniformly_as_its_corners_mixed_uniformly():
    # A simplex is an affine image of any other: mixtures of the corners are uniform on it too.
    corners = weigh_order(list("abcd")).vertices.to_numpy()
    mixed = drawn_from(1).dirichlet(np.ones(4), DRAWS) @ corners
    w = draw_ordered_weights(drawn_from(), DRAWS, [[0], [1], [2], [3]])
    np.testing.assert_allclose(np.cov(w.T), np.cov(mixed.T), atol=2e-4)
    shares = np.linspace(0.05, 0.95, 10)
    np.testing.assert_allclose(
        np.quantile(w, shares, axis=0), np.quantile(mixed, shares, axis=0), atol=0.004
    )


def test_groups_are_drawn_as_uniform_weights_that_happen_to_keep_the_order():
    groups = [[1, 3], [0, 2, 4]]
    w = draw_ordered_weights(drawn_from(), DRAWS, groups)
    free = drawn_from(1).dirichlet(np.ones(5), 400_000)
    kept = free[free[:, groups[0]].min(axis=1) >= free[:, groups[1]].max(axis=1)]
    assert len(kept) > 30_000  # one in ten
    np.testing.assert_allclose(w.mean(axis=0), kept.mean(axis=0), atol=0.003)
    np.testing.assert_allclose(np.cov(w.T), np.cov(kept.T), atol=6e-4)
    np.testing.assert_allclose(np.median(w, axis=0), np.median(kept, axis=0), atol=0.004)


def test_one_group_of_all_items_is_the_whole_simplex():
    w = draw_ordered_weights(drawn_from(), DRAWS, [[0, 1, 2]])
    np.testing.assert_allclose(w.mean(axis=0), 1 / 3, atol=0.003)
    # Each weight is beta(1, 2): variance 1/18, covariance -1/36.
    want = np.where(np.eye(3, dtype=bool), 1 / 18, -1 / 36)
    np.testing.assert_allclose(np.cov(w.T), want, atol=1e-3)


@pytest.mark.parametrize("order", [[], [[]], [[0], [0]], [[0], [2]], [[1]], [[0], []], [[-1], [0]]])
def test_an_order_that_does_not_name_each_position_once_is_refused(order):
    with pytest.raises(MethodError, match="does not name each of the positions"):
        draw_ordered_weights(drawn_from(), 10, order)
