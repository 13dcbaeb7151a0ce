"""What a rank depends on: shares by hand, conditions that hold in the draws, what to look for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mcanalysis import smaa
from mcanalysis.compare import Evidence
from mcanalysis.errors import MethodError
from mcanalysis.robustness import (
    rank_conditions,
    rank_drivers,
    rank_if_confirmed,
    rank_systems,
    research_list,
    uncertainty_shares,
)
from mcanalysis.robustness.drivers import LEAST
from mcanalysis.robustness.ranking import model_of
from tests.making import NONE, evidence_of


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


def test_a_drivers_share_is_the_variance_of_the_mean_rank_given_it():
    evidence = evidence_of([[NONE, 2, 1], [1, 2, 1], [2, 1, 3]])
    ranking = rank_systems(evidence, min_dimensions=1, draws=5000)
    _, model = model_of(evidence, ranking)
    ranks, levels = [], []
    for drawn in smaa.over_blocks(model, 1, 5000, lambda drawn: drawn):
        ranks.append(smaa.count_ranks(smaa.additive_values(model, drawn))[0][:, 0])
        levels.append(drawn.gaps[0])
    frame = pd.DataFrame({"rank": np.concatenate(ranks), "level": np.concatenate(levels)})
    given_level = frame.groupby("level")["rank"].transform("mean")
    share = given_level.var(ddof=0) / frame["rank"].var(ddof=0)
    drivers = rank_drivers(evidence, ranking, "S0").set_index(["kind", "item"])["share"]
    assert drivers[("gap", "d0")] == pytest.approx(share)


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


def test_what_is_not_varied_is_no_driver(evidence):
    ranking = rank_systems(evidence, draws=3000, vary=["weights", "values"])
    assert set(rank_drivers(evidence, ranking, "SE")["kind"]) == {"weight", "worth"}


# How the variation splits


def test_first_orders_sum_to_no_more_than_all_and_totals_to_no_less(evidence, ranking):
    shares = uncertainty_shares(evidence, ranking)
    assert list(shares["system_id"].unique()) == list(ranking.table.index)
    by = shares.groupby("system_id", sort=False)[["first_order", "total_order", "error"]].sum()
    assert (by["first_order"] <= 1 + 3 * by["error"]).all()
    assert (by["total_order"] >= 1 - 3 * by["error"]).all()


def test_a_system_and_others_without_gaps_owe_nothing_to_gaps():
    evidence = evidence_of([[1, 2, 0], [2, 0, 1], [0, 1, 2]])
    shares = uncertainty_shares(evidence, rank_systems(evidence, 1, draws=500))
    gaps = shares[shares["kind"].isin(["gaps", "confidence"])]
    assert len(gaps) == 6
    assert (gaps[["first_order", "total_order"]] == 0).all(axis=None)


# What to look for


def test_the_list_holds_every_gap_and_doubtful_level_of_the_ranked_systems(evidence, ranking):
    found = research_list(evidence, ranking)
    ranked = list(ranking.table.index)
    gaps = int(evidence.levels.loc[ranked].isna().sum().sum())
    assert (found["kind"] == "gap").sum() == gaps
    assert (found["kind"] == "confidence").sum() == int(evidence.low.loc[ranked].sum().sum())
    assert found["all"].is_monotonic_decreasing
    assert found[["own", "all"]].ge(-1e-12).all(axis=None)
    assert found[["own", "all"]].le(1).all(axis=None)


def test_the_only_open_cell_would_settle_everything():
    evidence = evidence_of([[NONE, 1], [2, 1]])
    w = pd.Series({"d0": 1.0, "d1": 0.0})
    found = research_list(evidence, rank_systems(evidence, 1, draws=4000, weights=w))
    assert found[["system_id", "dimension_id", "kind"]].to_numpy().tolist() == [["S0", "d0", "gap"]]
    assert found[["own", "all"]].to_numpy().ravel() == pytest.approx([1, 1])


def test_a_cell_of_no_weight_settles_nothing():
    evidence = evidence_of([[NONE, NONE, 1], [2, 1, 1]])
    w = pd.Series({"d0": 1.0, "d1": 0.0, "d2": 0.0})
    found = research_list(evidence, rank_systems(evidence, 1, draws=4000, weights=w))
    assert found.set_index("dimension_id")["all"]["d1"] == pytest.approx(0, abs=0.01)


# Under what condition


@pytest.mark.parametrize("system", ["IE", "DE", "SE"])
def test_a_condition_makes_a_pair_sure_in_the_draws_that_meet_it(evidence, ranking, system):
    found = rank_conditions(evidence, ranking, system)
    assert len(found)
    systems, model = model_of(evidence, ranking)
    weights, ranks = [], []
    for drawn in smaa.over_blocks(model, ranking.seed, 20_480, lambda drawn: drawn):
        weights.append(drawn.weights)
        ranks.append(smaa.count_ranks(smaa.additive_values(model, drawn))[0])
    w, r = np.concatenate(weights), np.concatenate(ranks)
    for row in found.itertuples():
        met = w[:, list(evidence.levels.columns).index(row.dimension_id)] >= row.more_than
        own, other = (r[met, systems.index(s)] for s in (system, row.other))
        ahead = (own < other).mean() + (own == other).mean() / 2
        share = ahead if row.side == "ahead" else 1 - ahead
        assert share >= ranking.threshold - 1e-9
        assert met.mean() == pytest.approx(row.met, abs=1e-4)
        assert met.sum() >= LEAST
        assert max(ranking.ahead.at[system, row.other], ranking.ahead.at[row.other, system]) < 0.9


def test_without_varied_weights_there_is_no_condition(evidence):
    ranking = rank_systems(evidence, draws=500, vary=["values", "gaps"])
    assert rank_conditions(evidence, ranking, "IE").empty
