"""Robust comparison: figures of the shipped evidence, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.compare import Evidence, dominance
from mcanalysis.errors import MethodError
from mcanalysis.robustness import (
    central_priorities,
    confidence_table,
    rank_systems,
    tiers_at,
)
from tests.making import NONE, evidence_of, tables

properly = settings(deadline=None, max_examples=25)


def evidences():
    return tables((2, 6), (2, 4)).map(lambda cells: evidence_of(*cells))


# Figures of the shipped evidence (100 000 draws, seed 1)


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


def test_any_number_of_threads_gives_the_same_ranking(evidence):
    one, two = (rank_systems(evidence, draws=70_000, threads=n) for n in (1, 2))
    for name in ("table", "ahead", "acceptability", "central"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(two, name))


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


# What is known of the weights


def test_weights_that_are_given_leave_only_the_evidence_uncertain(evidence):
    w = pd.Series(1 / 11, index=evidence.levels.columns)
    ranking = rank_systems(evidence, draws=2000, weights=w, vary=["weights", "gaps"])
    assert ranking.vary == ("gaps",)
    full = [s for s in ranking.table.index if ranking.table.at[s, "dimensions"] == 11]
    assert ranking.ahead.loc["NZ", [s for s in full if s != "NZ"]].isin([0, 0.5, 1]).all()


def test_nothing_varied_gives_the_order_of_the_index(evidence):
    ranking = rank_systems(evidence, draws=10, vary=[])
    ranks = ranking.table["index"].round(9).rank(ascending=False, method="min")
    np.testing.assert_allclose(ranking.table["mean_rank"], ranks)
    assert (ranking.table["best_rank"] == ranking.table["worst_rank"]).all()


def test_an_order_of_importance_narrows_the_ranks(evidence):
    order = ["recognition", ["quality-assurance", "legislation"]]
    free, bound = (rank_systems(evidence, draws=5000, weights=w) for w in (None, order))
    assert set(free.table.index) == set(bound.table.index)
    heavy = bound.central.dropna()
    assert (heavy["recognition"] >= heavy.drop(columns="recognition").max(axis=1)).all()


def test_a_panel_that_agrees_acts_as_its_weights(evidence):
    w = pd.Series(np.arange(1.0, 12) / 66, index=evidence.levels.columns)
    judges = pd.DataFrame({"j1": w, "j2": w})
    panel, fixed = (rank_systems(evidence, draws=3000, weights=x) for x in (judges, w))
    pd.testing.assert_frame_equal(panel.ahead, fixed.ahead)


def test_the_spread_of_a_panel_lies_between_its_mean_and_no_knowledge(evidence):
    rng = np.random.default_rng(0)
    judges = pd.DataFrame(
        rng.dirichlet(np.full(11, 20), 12).T, index=evidence.levels.columns,
        columns=[f"j{i}" for i in range(12)],
    )  # fmt: skip

    def width(weights):
        return (
            rank_systems(evidence, draws=5000, weights=weights)
            .table.eval("worst_rank - best_rank")
            .sum()
        )

    assert width(central_priorities(judges, list(judges.index))) <= width(judges) <= width(None)


def test_systems_can_be_named_whatever_their_coverage(evidence):
    ranking = rank_systems(evidence, draws=100, systems=["BG", "DE", "IE"])
    assert set(ranking.table.index) == {"BG", "DE", "IE"}
    assert "NZ" in ranking.unranked.index


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        (pd.Series({"recognition": 1.0}), "legislation has none"),
        (["recognitoin"], 'no dimension "recognitoin".*recognition'),
        (["recognition", "recognition"], "more than once"),
        (pd.DataFrame({"j": pd.Series(1.0, ["law"])}), 'no dimension "law"'),
    ],
)
def test_weights_that_do_not_fit_are_refused(evidence, weights, said):
    with pytest.raises(MethodError, match=said):
        rank_systems(evidence, draws=10, weights=weights)


def test_weights_that_do_not_sum_to_one_are_refused(evidence):
    with pytest.raises(MethodError, match="do not sum to 1"):
        rank_systems(evidence, draws=10, weights=pd.Series(0.2, evidence.levels.columns))


def test_a_system_without_evidence_where_the_weight_lies_is_refused_unless_gaps_vary():
    evidence = evidence_of([[1, NONE], [2, 2]])
    w = pd.Series({"d0": 0.0, "d1": 1.0})
    with pytest.raises(MethodError, match="S0 has no evidence on a dimension with weight"):
        rank_systems(evidence, 1, draws=10, weights=w, vary=[])
    assert len(rank_systems(evidence, 1, draws=10, weights=w).table) == 2


# Central weights and confidence


def test_central_weights_sum_to_one_and_are_missing_where_nobody_is_first(ranking):
    sums = ranking.central.sum(axis=1, min_count=1)
    np.testing.assert_allclose(sums.dropna(), 1)
    assert (ranking.central.isna().all(axis=1) == (ranking.table["first_share"] == 0)).all()
    # Who is first more often is known better.
    errors = ranking.central_error.mean(axis=1)
    assert errors["NZ"] < errors["HR"] < errors["IE"] < 0.01
    assert (ranking.table["holistic_error"] < 0.002).all()


def test_with_its_central_weights_a_system_is_first_more_often(ranking, evidence):
    table = confidence_table(evidence, ranking, draws=4000)
    first = table.dropna()
    assert list(table.index) == list(ranking.table.index)
    assert (
        first["confidence_factor"] + 3 * first["confidence_error"] >= first["first_share"]
    ).all()
    assert table.loc[ranking.table["first_share"] == 0, "confidence_factor"].isna().all()


def test_the_error_of_a_share_is_largest_for_one_half(ranking):
    assert ranking.error() == pytest.approx(0.5 / np.sqrt(ranking.draws))
    assert ranking.error(0.1) < ranking.error()
    assert ranking.error(1.0) == 0


def test_holistic_acceptability_follows_first_shares_of_one_who_is_always_first():
    ranking = rank_systems(evidence_of([[3, 3], [0, 0]]), min_dimensions=2, draws=100)
    assert ranking.table["holistic"].to_list() == pytest.approx([1, 1 / 3])


@properly
@given(evidences(), st.integers(0, 5))
def test_adding_a_dominated_system_leaves_the_shares_of_the_others(evidence, seed):
    last = pd.DataFrame(0.0, ["S9"], evidence.levels.columns)
    more = Evidence(
        evidence.rows,
        pd.concat([evidence.levels, last]),
        pd.concat([evidence.low, last.astype(bool)]),
        2020,
    )
    one, other = (rank_systems(e, min_dimensions=1, draws=60, seed=seed) for e in (evidence, more))
    names = list(one.ahead.index)
    np.testing.assert_array_equal(one.ahead, other.ahead.reindex(index=names, columns=names))
    first = other.table["first_share"].reindex(names)
    np.testing.assert_array_equal(one.table["first_share"], first)
