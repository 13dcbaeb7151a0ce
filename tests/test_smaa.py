"""Drawing, valuing and counting against published cases and by what must always hold."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis import smaa

properly = settings(deadline=None, max_examples=40)
"""How much is tried of what must always hold; a busy machine is no failure."""

CASES = json.loads((Path(__file__).parent / "reference" / "smaa.json").read_text(encoding="utf-8"))


def acceptability(ranks):
    """Share of the draws in which each alternative takes each rank."""
    n = ranks.shape[1]
    return np.stack([(ranks == r).mean(axis=0) for r in range(1, n + 1)], axis=1)


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
    weights = smaa.draw_weights(np.random.default_rng(0), 100_000, 4)
    ranks, wins = smaa.count_ranks(weights @ np.array(case["measurements"], float))
    found = acceptability(ranks)
    np.testing.assert_allclose(found, case["rank_acceptability"], atol=case["tolerance"])
    np.testing.assert_allclose(wins / len(weights), 0.5, atol=case["tolerance"])


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


def test_gaps_take_each_level_and_doubtful_levels_move_by_one_with_equal_chance():
    levels = np.array([[np.nan, 2, 0, 3, 1]])
    low = np.array([[False, True, True, True, False]])
    drawn = smaa.draw_levels(np.random.default_rng(1), 100_000, levels, low)[:, 0]
    shares = [np.bincount(drawn[:, i], minlength=4) / len(drawn) for i in range(5)]
    expected = [
        [1 / 4, 1 / 4, 1 / 4, 1 / 4],
        [0, 1 / 3, 1 / 3, 1 / 3],
        [2 / 3, 1 / 3, 0, 0],
        [0, 0, 1 / 3, 2 / 3],
        [0, 1, 0, 0],
    ]
    np.testing.assert_allclose(shares, expected, atol=0.006)


@pytest.mark.parametrize("size", [1, 7, 100, 4096])
def test_the_size_of_the_chunks_changes_no_draw(size, monkeypatch):
    levels = np.array([[np.nan, 2, 0], [3, np.nan, 1]])
    low = np.array([[False, True, False], [False, False, True]])

    def all_draws():
        chunks = list(smaa.draw_chunks(levels, low, 250, seed=3))
        return [
            np.concatenate([getattr(c, a) for c in chunks]) for a in ("weights", "worths", "levels")
        ]

    whole = all_draws()
    monkeypatch.setattr(smaa, "CHUNK", size)
    for one, other in zip(whole, all_draws(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_chunks_shrink_when_there_are_many_systems(monkeypatch):
    monkeypatch.setattr(smaa, "PAIRS", 50)
    chunks = list(smaa.draw_chunks(np.zeros((5, 2)), np.zeros((5, 2), bool), 7, seed=0))
    assert [len(c.weights) for c in chunks] == [2, 2, 2, 1]


def test_weights_are_the_same_whatever_cells_are_uncertain():
    firm = next(smaa.draw_chunks(np.zeros((3, 4)), np.zeros((3, 4), bool), 10, seed=0))
    open_ = next(smaa.draw_chunks(np.full((3, 4), np.nan), np.zeros((3, 4), bool), 10, seed=0))
    np.testing.assert_array_equal(firm.weights, open_.weights)
    np.testing.assert_array_equal(firm.worths, open_.worths)


def test_a_value_is_the_sum_of_weights_times_worths():
    drawn = smaa.Draws(
        np.array([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]]),
        np.array([[0.1, 0.6], [0.5, 0.5]]),
        np.array([[[3, 1, 2], [0, 0, 0]], [[1, 2, 0], [3, 3, 3]]], np.int8),
    )
    expected = [[0.5 + 0.03 + 0.12, 0], [0.1 + 0.1, 1]]
    np.testing.assert_allclose(smaa.additive_values(drawn), expected, atol=1e-15)


@properly
@given(arrays.arrays(np.int8, (6, 7), elements=st.integers(0, 3)), st.integers(0, 2**32 - 1))
def test_systems_with_the_same_levels_tie_exactly(levels, seed):
    twice = np.vstack([levels, levels]).astype(float)
    drawn = next(smaa.draw_chunks(twice, np.zeros(twice.shape, bool), 50, seed))
    value = smaa.additive_values(drawn)
    np.testing.assert_array_equal(value[:, :6], value[:, 6:])


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


@properly
@given(
    arrays.arrays(
        float, st.tuples(st.integers(1, 8), st.integers(1, 6)), elements=st.floats(0, 1)
    ).filter(lambda v: all(len(set(draw)) == len(draw) for draw in v))
)
def test_without_ties_every_rank_is_taken_once(value):
    ranks, _ = smaa.count_ranks(value)
    np.testing.assert_allclose(acceptability(ranks).sum(axis=0), 1)


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


def test_equal_parts_are_equal_and_in_order():
    drawn = np.random.default_rng(0).random(1000)
    part = smaa.equal_parts(drawn)
    assert np.bincount(part).tolist() == [100] * 10
    assert drawn[part == 0].max() < drawn[part == 1].min()


@properly
@given(
    arrays.arrays(np.int64, 40, elements=st.integers(1, 9)),
    arrays.arrays(np.int64, 40, elements=st.integers(0, 3)),
)
def test_the_explained_share_lies_between_nothing_and_all(result, part):
    share = smaa.explained_share(result, part)
    assert -1e-12 <= share <= 1 + 1e-12
    within = sum(((result[part == p] - result[part == p].mean()) ** 2).sum() for p in set(part))
    assert share * result.var() * 40 + within == pytest.approx(result.var() * 40)
