"""Ranks, wins and winners are counted as by hand, ties are shared, threads change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis import smaa
from mcanalysis.smaa import counting, drawing

properly = settings(deadline=None, max_examples=40)
"""How much is tried of what must always hold; a busy machine is no failure."""
REFERENCE = Path(__file__).parents[1] / "reference" / "smaa.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))


def acceptability(ranks):
    """Share of the draws in which each alternative takes each rank."""
    n = ranks.shape[1]
    return np.stack([(ranks == r).mean(axis=0) for r in range(1, n + 1)], axis=1)


def model_of(levels, low=None):
    x = np.array(levels, float)
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool)
    return smaa.Uncertain(x, doubt, lambda g, n: smaa.draw_weights(g, n, x.shape[1]))


@pytest.mark.parametrize("name", ["pairwise-winning", "dominated"])
def test_ranks_and_wins_are_those_published_for_the_r_package_smaa_2023(name):
    case = CASES[name]
    value = np.einsum("nsd,nd->ns", np.array(case["measurements"]), np.array(case["weights"]))
    ranks, wins = smaa.count_ranks(value)
    tolerance = case["tolerance"]
    np.testing.assert_allclose(acceptability(ranks), case["rank_acceptability"], atol=tolerance)
    if "pairwise_winning" in case:
        share = wins / len(value)
        np.fill_diagonal(share, 0)
        np.testing.assert_allclose(share, case["pairwise_winning"], atol=tolerance)


def test_unit_vectors_are_equally_acceptable_as_lahdelma_and_salminen_2001_define_it():
    case = CASES["exact-unit-vectors"]
    # Level 3 is worth 1 and level 0 nothing: the levels are the unit vectors.
    found = smaa.tally(model_of(3 * np.array(case["measurements"], float)), 100_000, seed=0)
    share = found.ranks / found.draws
    np.testing.assert_allclose(share, case["rank_acceptability"], atol=case["tolerance"])
    np.testing.assert_allclose(found.wins / found.draws, 0.5, atol=case["tolerance"])
    central, _ = smaa.central_weights(found)
    np.testing.assert_allclose(central, case["central_weights"], atol=case["tolerance"])


UNCERTAIN = model_of(
    [[np.nan, 2, 0, 1], [3, np.nan, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [2, 0, np.nan, 3]],
    [[False, True, False, True], [False] * 4, [True] * 4, [False] * 4, [False] * 4],
)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same_result(threads):
    whole, cut = (smaa.tally(UNCERTAIN, 20_000, 7, threads=n) for n in (None, threads))
    for name in ("ranks", "wins", "first_weights", "first_squares"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(cut, name))


def test_a_tally_is_what_counting_each_draw_gives():
    found = smaa.tally(UNCERTAIN, 5000, 3)
    ranks, wins, first, squares = 0, 0, 0, 0
    for drawn in smaa.over_blocks(UNCERTAIN, 3, 5000, lambda drawn: drawn):
        placed, won = smaa.count_ranks(smaa.additive_values(UNCERTAIN, drawn))
        ranks = ranks + np.stack([(placed == r).sum(axis=0) for r in range(1, 6)], axis=1)
        wins = wins + won
        first = first + (placed == 1).T.astype(float) @ drawn.weights
        squares = squares + (placed == 1).T.astype(float) @ drawn.weights**2
    np.testing.assert_array_equal(found.ranks, ranks)
    np.testing.assert_array_equal(found.wins, wins)
    np.testing.assert_allclose(found.first_weights, first)
    np.testing.assert_allclose(found.first_squares, squares)
    assert found.wins[2, 3] != 2500  # the third varies around the fourth, and ties with it at times


def test_pairs_can_be_left_out():
    found = smaa.tally(UNCERTAIN, 1000, 3, details=False)
    assert found.wins.size == found.first_squares.size == 0
    np.testing.assert_array_equal(found.ranks, smaa.tally(UNCERTAIN, 1000, 3).ranks)


@properly
@given(
    arrays.arrays(
        float,
        st.tuples(st.integers(1, 6), st.integers(1, 5)),
        elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan]),
    ),
    st.data(),
    st.integers(0, 2**32 - 1),
)
def test_equal_systems_share_every_rank_and_half_of_the_wins(levels, data, seed):
    full = np.nan_to_num(levels, nan=1.0)
    order = np.array(data.draw(st.permutations(range(2 * len(full)))))
    twice = np.vstack([full, full])[order]
    found = smaa.tally(model_of(twice), 40, seed)
    for i in range(len(twice)):
        for j in np.flatnonzero((twice == twice[i]).all(axis=1)):
            np.testing.assert_array_equal(found.ranks[i], found.ranks[j])
            assert found.wins[i, j] == 20
            np.testing.assert_allclose(found.first_weights[i], found.first_weights[j])


@properly
@given(
    arrays.arrays(
        float,
        st.tuples(st.integers(1, 8), st.integers(1, 6)),
        elements=st.integers(0, 5).map(float),
    )
)
def test_ranks_and_wins_agree_with_counting_by_hand(value):
    ranks, wins = smaa.count_ranks(value)
    n = value.shape[1]
    for k, draw in enumerate(value):
        assert ranks[k].tolist() == [1 + sum(other > own for other in draw) for own in draw]
    np.testing.assert_allclose(wins + wins.T, len(value))
    for i in range(n):
        for j in range(n):
            halves = 2 * (value[:, i] > value[:, j]).sum() + (value[:, i] == value[:, j]).sum()
            assert wins[i, j] == halves / 2
    np.testing.assert_allclose(acceptability(ranks).sum(axis=1), 1)


def test_more_alternatives_than_a_byte_can_number_are_ranked_too():
    value = np.random.default_rng(0).random((3, 400))
    value[1, 7] = value[1, 300]
    ranks, wins = smaa.count_ranks(value)
    for k, draw in enumerate(value):
        assert (ranks[k] == 1 + (draw[None, :] > draw[:, None]).sum(axis=1)).all()
    ahead = (value[:, :, None] > value[:, None, :]).sum(axis=0)
    level = (value[:, :, None] == value[:, None, :]).sum(axis=0)
    np.testing.assert_allclose(wins, ahead + level / 2)


def test_sums_that_differ_by_the_order_of_adding_are_level():
    one = 0.1 + 0.2 + 0.3
    other = 0.3 + 0.2 + 0.1
    assert one != other
    assert smaa.count_ranks(np.array([[one, other, 0.5]]))[0].tolist() == [[1, 1, 3]]


def test_a_difference_far_above_noise_is_no_tie():
    assert smaa.count_ranks(np.array([[0.5, 0.5 + 1e-10]]))[0].tolist() == [[2, 1]]


def test_nobody_and_a_single_one_can_be_counted():
    assert smaa.tally(model_of(np.zeros((0, 3))), 10, 1).ranks.shape == (0, 0)
    alone = smaa.tally(model_of([[1, 2]]), 10, 1)
    assert alone.ranks.tolist() == [[10]]
    np.testing.assert_allclose(alone.first_weights.sum(), 10)


def test_a_large_block_is_cut_so_that_memory_stays_bounded():
    assert max(drawing.block_sizes(10**6, 5000)) * 5000 <= drawing.CELLS
    assert counting.EQUAL > 4 * 63


def test_the_next_tier_holds_those_that_only_tiers_before_are_surely_ahead_of():
    ahead = np.full((4, 4), 0.5)
    for i, j, share in ((0, 1, 0.95), (1, 2, 0.92), (0, 2, 0.99), (3, 2, 0.7)):
        ahead[i, j], ahead[j, i] = share, 1 - share
    assert smaa.tiers(ahead, 0.9).tolist() == [1, 2, 3, 1]
    assert smaa.tiers(ahead, 0.97).tolist() == [1, 1, 2, 1]
    assert smaa.tiers(ahead, 1.0).tolist() == [1, 1, 1, 1]


def test_a_circle_of_sure_pairs_is_one_tier():
    ahead = np.array([[0.5, 0.6, 0.4], [0.4, 0.5, 0.6], [0.6, 0.4, 0.5]])
    assert smaa.tiers(ahead, 0.55).tolist() == [1, 1, 1]


@properly
@given(arrays.arrays(float, (7, 7), elements=st.floats(0, 1)), st.floats(0.51, 1))
def test_tiers_are_a_partition_numbered_without_holes(upper, threshold):
    ahead = np.triu(upper, 1)
    ahead = ahead + np.tril(1 - ahead.T, -1) + np.eye(7) / 2
    tier = smaa.tiers(ahead, threshold)
    assert sorted(set(tier)) == list(range(1, tier.max() + 1))
    for t in range(1, tier.max()):
        # whoever is in a later tier has somebody surely ahead who comes no earlier than t
        for later in np.flatnonzero(tier > t):
            assert (ahead[tier >= t][:, later] >= threshold).any()


@properly
@given(
    arrays.arrays(np.int64, st.tuples(st.integers(1, 60), st.just(4)), elements=st.integers(1, 4)),
    st.sampled_from([0.05, 0.25, 0.5, 0.95, 1.0]),
)
def test_rank_quantiles_are_those_of_the_ranks_themselves(ranks, share):
    counts = np.stack([np.bincount(column, minlength=5)[1:] for column in ranks.T])
    found = smaa.rank_quantiles(counts, [share])[0]
    reached = np.array([[(c <= r).sum() for r in range(1, 5)] for c in ranks.T])
    expected = 1 + (reached < share * len(ranks)).sum(axis=1)
    np.testing.assert_array_equal(found, expected)
