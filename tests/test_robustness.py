"""Robust comparison: figures of the shipped evidence, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis import smaa
from mcanalysis.compare import Evidence, dominance, ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.robustness import rank_drivers, rank_if_confirmed, rank_systems, tiers_at

properly = settings(deadline=None, max_examples=25)
NONE = np.nan


def evidence_of(levels, low=None):
    """Make evidence of a matrix of levels; NaN is a gap."""
    x = np.array(levels, float)
    names = [f"S{i}" for i in range(len(x))]
    columns = [f"d{i}" for i in range(x.shape[1])]
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool) & ~np.isnan(x)
    frames = (pd.DataFrame(m, index=names, columns=columns) for m in (x, doubt))
    return Evidence(pd.DataFrame(), *frames, 2020)


@st.composite
def evidences(draw):
    levels = draw(
        arrays.arrays(
            float,
            st.tuples(st.integers(2, 6), st.integers(2, 4)),
            elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE]),
        )
    )
    return evidence_of(levels, draw(arrays.arrays(bool, levels.shape)))


@pytest.fixture(scope="module")
def ranking(evidence):
    return rank_systems(evidence)


# Figures of the shipped evidence (20 000 draws, seed 1)


def test_twenty_systems_are_ranked_and_the_others_are_not(ranking, evidence):
    assert len(ranking.table) == 20
    assert len(ranking.unranked) == 32
    assert set(ranking.table.index) | set(ranking.unranked.index) == set(evidence.levels.index)
    order = [s for s in evidence.levels.index if s not in ranking.table.index]
    assert list(ranking.unranked.index) == order


def test_first_places_of_the_shipped_evidence(ranking):
    first = ranking.table["first_share"]
    np.testing.assert_allclose(first[["NZ", "HR", "IE"]], [0.71, 0.19, 0.07], atol=0.015)


@pytest.mark.parametrize(
    ("system", "best", "worst"), [("NZ", 1, 4), ("HR", 1, 9), ("IE", 1, 12), ("DE", 10, 20)]
)
def test_rank_intervals_of_the_shipped_evidence(ranking, system, best, worst):
    row = ranking.table.loc[system]
    assert abs(row["best_rank"] - best) <= 1
    assert abs(row["worst_rank"] - worst) <= 1


def test_who_is_surely_ahead_of_germany(ranking):
    row = ranking.table.loc["DE"]
    assert (row["behind"], row["ahead_of"], row["undecided"]) == (7, 0, 12)
    assert abs(row["median_rank"] - 17) <= 1
    ahead = ranking.ahead.index[ranking.ahead["DE"] >= 0.9]
    assert set(ahead) == {"NZ", "HR", "IE", "CA-ON", "AU", "SG", "EE"}


@pytest.mark.parametrize(
    ("threshold", "sizes"), [(0.8, [2, 6, 7, 5]), (0.9, [3, 13, 4]), (0.95, [3, 16, 1])]
)
def test_tiers_of_the_shipped_evidence(ranking, threshold, sizes):
    found = tiers_at(ranking, threshold).value_counts().sort_index().to_list()
    # one pair of systems within a point of the threshold may move a system by a tier
    assert len(found) == len(sizes)
    assert all(abs(one - other) <= 1 for one, other in zip(found, sizes, strict=True))


def test_what_germanys_rank_depends_on(ranking, evidence):
    drivers = rank_drivers(evidence, ranking, "DE").set_index(["kind", "item"])["share"]
    expected = {
        ("confidence", "transparency-registers"): 0.10,
        ("confidence", "employer-engagement"): 0.08,
        ("weight", "qualifications-framework"): 0.07,
        ("worth", "1"): 0.05,
    }
    for what, share in expected.items():
        assert drivers[what] == pytest.approx(share, abs=0.012)
    assert drivers.is_monotonic_decreasing
    assert (drivers.index.get_level_values("kind") == "confidence").sum() == 3


def test_germanys_interval_narrows_where_doubtful_levels_are_confirmed(ranking, evidence):
    doubtful = ["transparency-registers", "employer-engagement", "qualifications-framework"]
    best, worst = rank_if_confirmed(evidence, ranking, "DE", doubtful)
    assert abs(best - 13) <= 1
    assert worst == 20


# What a ranking holds


def test_the_table_agrees_with_the_shares(ranking):
    n = len(ranking.table)
    table, ahead, accepted = ranking.table, ranking.ahead, ranking.acceptability
    for frame in (ahead, accepted):
        assert list(frame.index) == list(table.index)
    np.testing.assert_allclose(ahead + ahead.T, 1)
    np.testing.assert_allclose(accepted.sum(axis=1), 1)
    np.testing.assert_allclose(table["mean_rank"], accepted @ np.arange(1, n + 1))
    np.testing.assert_allclose(table["first_share"], accepted[1])
    assert (table["ahead_of"] + table["behind"] + table["undecided"] == n - 1).all()
    assert (table["tier"].to_numpy() == tiers_at(ranking, 0.9).to_numpy()).all()
    assert (table["best_rank"] <= table["median_rank"]).all()
    assert (table["median_rank"] <= table["worst_rank"]).all()
    for rank, name in ((table["best_rank"], "best"), (table["worst_rank"], "worst")):
        inside = [accepted.loc[s, : r if name == "worst" else r - 1].sum() for s, r in rank.items()]
        assert all(share >= 0.95 if name == "worst" else share < 0.05 for share in inside)


def test_systems_stand_by_tier_then_mean_rank(ranking):
    keys = list(zip(ranking.table["tier"], ranking.table["mean_rank"], strict=True))
    assert keys == sorted(keys)


def test_pairs_near_the_threshold_are_named(ranking):
    near = ranking.borderline
    assert ((near["share"] - 0.9).abs() <= 0.01).all()
    for pair in near.itertuples():
        assert ranking.ahead.at[pair.left, pair.right] == pair.share
    assert len(near) == int(((ranking.ahead - 0.9).abs() <= 0.01).sum().sum())


@properly
@given(evidences(), st.integers(0, 5))
def test_shares_sum_to_one(evidence, seed):
    ranking = rank_systems(evidence, min_dimensions=1, draws=50, seed=seed)
    np.testing.assert_allclose(ranking.acceptability.sum(axis=1), 1)
    np.testing.assert_allclose(ranking.ahead + ranking.ahead.T, 1)


@properly
@given(evidences(), st.integers(0, 5))
def test_whoever_dominates_on_full_evidence_is_never_behind(evidence, seed):
    full = evidence_of(evidence.levels.fillna(1))
    ranking = rank_systems(full, min_dimensions=1, draws=50, seed=seed)
    names = list(full.levels.index)
    over = dominance(full, names, min_shared=1)
    for one in names:
        for other in names:
            if over.at[one, other]:
                assert ranking.ahead.at[one, other] == 1


@properly
@given(evidences())
def test_the_order_of_the_systems_changes_nothing(evidence):
    turned = Evidence(evidence.rows, evidence.levels.iloc[::-1], evidence.low.iloc[::-1], 2020)
    one = rank_systems(evidence, min_dimensions=1, draws=40)
    other = rank_systems(turned, min_dimensions=1, draws=40)
    for name in ("table", "ahead", "acceptability"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_same_seed_same_result_and_zero_is_a_seed(evidence):
    by_seed = [rank_systems(evidence, draws=500, seed=s).ahead for s in (0, 0, 1)]
    pd.testing.assert_frame_equal(by_seed[0], by_seed[1])
    assert set(by_seed[0].index) == set(by_seed[2].index)
    assert not by_seed[0].equals(by_seed[2].loc[by_seed[0].index, by_seed[0].index])


def test_the_size_of_the_chunks_changes_no_ranking(evidence, monkeypatch):
    whole = rank_systems(evidence, draws=1000)
    monkeypatch.setattr(smaa, "CHUNK", 77)
    cut = rank_systems(evidence, draws=1000)
    pd.testing.assert_frame_equal(whole.table, cut.table)
    pd.testing.assert_frame_equal(
        rank_drivers(evidence, whole, "DE"), rank_drivers(evidence, cut, "DE")
    )


def test_equal_systems_share_every_rank():
    ranking = rank_systems(evidence_of([[1, 2], [1, 2], [0, 0]]), min_dimensions=2, draws=100)
    assert ranking.ahead.at["S0", "S1"] == 0.5
    assert ranking.table["mean_rank"].to_list() == [1, 1, 3]
    assert ranking.table["first_share"].to_list() == [1, 1, 0]


def test_nobody_is_ranked_where_nobody_has_enough_evidence():
    evidence = evidence_of([[1, NONE, 2], [NONE, NONE, 3]])
    ranking = rank_systems(evidence, min_dimensions=3, draws=10)
    assert ranking.table.empty
    assert ranking.ahead.empty
    assert ranking.borderline.empty
    assert list(ranking.unranked.index) == ["S0", "S1"]
    assert tiers_at(ranking, 0.8).empty


def test_a_single_system_is_first_of_one():
    ranking = rank_systems(evidence_of([[1, 2], [NONE, 1]]), min_dimensions=2, draws=10)
    row = ranking.table.loc["S0"]
    assert (row["tier"], row["best_rank"], row["worst_rank"], row["undecided"]) == (1, 1, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"draws": 0}, "at least 1 draw"),
        ({"seed": -1}, "a seed from 0 on"),
        ({"threshold": 0.5}, "above 0.5"),
        ({"threshold": 1.1}, "at most 1"),
        ({"min_dimensions": 12}, "from 1 to 11"),
    ],
)
def test_parameters_out_of_range_are_refused(evidence, wrong, said):
    with pytest.raises(MethodError, match=said):
        rank_systems(evidence, **wrong)


def test_tiers_at_a_threshold_that_is_no_majority_are_refused(ranking):
    with pytest.raises(MethodError, match=r"threshold is 0\.3"):
        tiers_at(ranking, 0.3)


# What a rank depends on


def test_the_only_gap_explains_all_of_a_rank_between_firm_neighbours():
    evidence = evidence_of([[NONE, 0], [1, 0]])
    ranking = rank_systems(evidence, min_dimensions=1, draws=2000)
    drivers = rank_drivers(evidence, ranking, "S0").set_index(["kind", "item"])["share"]
    assert drivers[("gap", "d0")] == pytest.approx(1)
    assert drivers[("weight", "d0")] == pytest.approx(0, abs=0.01)


def test_drivers_of_a_rank_that_never_moves_are_nothing():
    evidence = evidence_of([[3, 3], [0, 0]])
    ranking = rank_systems(evidence, min_dimensions=2, draws=200)
    assert (rank_drivers(evidence, ranking, "S0")["share"] == 0).all()


def test_a_drivers_share_is_the_variance_of_the_mean_rank_given_it(evidence, ranking):
    systems = sorted(ranked_systems(evidence))
    at = systems.index("SE")
    gap = list(evidence.levels.columns).index("quality-assurance")
    ranks, levels = [], []
    frames = (evidence.levels, evidence.low)
    for drawn in smaa.draw_chunks(*(f.loc[systems].to_numpy() for f in frames), 20_000, 1):
        ranks.append(smaa.count_ranks(smaa.additive_values(drawn))[0][:, at])
        levels.append(drawn.levels[:, at, gap])
    frame = pd.DataFrame({"rank": np.concatenate(ranks), "level": np.concatenate(levels)})
    given_level = frame.groupby("level")["rank"].transform("mean")
    share = given_level.var(ddof=0) / frame["rank"].var(ddof=0)
    drivers = rank_drivers(evidence, ranking, "SE").set_index(["kind", "item"])["share"]
    assert drivers[("gap", "quality-assurance")] == pytest.approx(share)


def test_confirming_nothing_or_what_is_firm_leaves_the_interval(evidence, ranking):
    row = ranking.table.loc["DE"]
    for dimensions in ([], ["definition-strategy"]):
        assert rank_if_confirmed(evidence, ranking, "DE", dimensions) == (
            row["best_rank"],
            row["worst_rank"],
        )


def test_a_confirmed_level_is_taken_as_coded():
    evidence = evidence_of([[1, 1], [1, 1]], [[True, True], [False, False]])
    ranking = rank_systems(evidence, min_dimensions=2, draws=2000)
    assert ranking.table.loc["S0", "worst_rank"] == 2
    assert rank_if_confirmed(evidence, ranking, "S0", ["d0", "d1"]) == (1, 1)


def test_names_that_are_not_ranked_are_refused(evidence, ranking):
    with pytest.raises(MethodError, match='no ranked system "BG"'):
        rank_drivers(evidence, ranking, "BG")
    with pytest.raises(MethodError, match='no dimension "registers"'):
        rank_if_confirmed(evidence, ranking, "DE", ["registers"])


def test_a_ranking_of_other_evidence_is_refused(evidence, ranking):
    fewer = Evidence(evidence.rows, evidence.levels.drop("NZ"), evidence.low.drop("NZ"), 2026)
    with pytest.raises(MethodError, match="made from other evidence"):
        rank_drivers(fewer, ranking, "DE")
