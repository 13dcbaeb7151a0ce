"""A panel's table of judgements, in and out, and what a panel says together."""

from __future__ import annotations

from math import exp

import numpy as np
import pandas as pd
import pytest

from mcanalysis.model import TABLES
from mcanalysis.weights import (
    chi_square_tail,
    measure_concordance,
    measure_consensus,
    read_judgements,
    split_by_group,
    weigh_best_worst,
    weigh_order,
    weigh_pairs,
    weigh_panel,
    write_best_worst,
    write_judgements,
    write_ratings,
)

ITEMS = ["law", "credits", "funding", "registers"]
JUDGES = ["j1", "j2", "j3", "j4", "j5"]
GROUPS = dict(zip(JUDGES, ["hei", "hei", "learners", "learners", "learners"], strict=True))


@pytest.fixture
def said():
    """Comparisons of five judges with noise; the third skipped one."""
    generator = np.random.default_rng(3)
    w = np.array([[4, 2, 1, 1], [4, 2, 1, 2], [1, 2, 4, 1], [1, 1, 3, 1], [1, 2, 4, 2]]).T
    a = w[:, None] / w
    i, j = np.triu_indices(4, 1)
    a[i, j] = np.clip(a[i, j] * np.exp(generator.normal(0, 0.2, (6, 5))), 1 / 9, 9)
    a[j, i] = 1 / a[i, j]
    a[0, 1, 2] = a[1, 0, 2] = np.nan
    return a


@pytest.fixture
def table(said):
    return write_judgements(said, ITEMS, JUDGES, "dimensions", GROUPS, illustrative=True)


def test_a_table_that_is_written_is_read_back_the_same(said, table):
    assert list(table.columns) == TABLES["panels"].column_names
    assert len(table) == 29
    assert (table["value"] >= 1).all()
    assert set(table["illustrative"]) == {"yes"}
    back = read_judgements(table.sample(frac=1, random_state=1), "dimensions", ITEMS)
    order = [back.pair_judges.index(judge) for judge in JUDGES]
    np.testing.assert_allclose(back.pairs[:, :, order], said)
    assert back.stakeholders.to_dict() == GROUPS


def test_a_comparison_may_be_given_twice_when_both_say_the_same():
    columns = ["judge_id", "topic", "kind", "left", "right", "value"]
    rows = [
        ("a", "t", "pairwise", "law", "credits", 3.0),
        ("a", "t", "pairwise", "law", "credits", 3.0),
        ("a", "t", "pairwise", "credits", "law", 0.33),
    ]
    pairs = read_judgements(pd.DataFrame(rows, columns=columns), "t").pairs
    assert pairs[0, 1, 0] == pytest.approx(np.sqrt(3 / 0.33))
    assert pairs[0, 1, 0] * pairs[1, 0, 0] == pytest.approx(1)


def test_a_panel_gives_each_judge_the_weights_of_the_judges_own_matrix(said, table):
    found = weigh_panel(table, "dimensions", ITEMS)
    alone = weigh_pairs(said, ITEMS, JUDGES)
    pd.testing.assert_frame_equal(found.judges, alone.weights)
    assert found.consistency.loc["j3", ["method", "missing"]].tolist() == [
        "logarithmic-least-squares",
        1,
    ]
    assert found.consistency["kind"].eq("pairwise").all()
    assert found.pairs.random_index == "alonso-lamata"
    mean = np.exp(np.log(found.judges).mean(axis=1))
    np.testing.assert_allclose(found.weights, mean / mean.sum())
    assert found.whole is None


def test_aggregated_judgements_are_one_matrix_with_its_own_consistency(said, table):
    found = weigh_panel(table, "dimensions", ITEMS, aggregation="judgements")
    mean = np.exp(np.nanmean(np.log(said), axis=2))
    np.testing.assert_allclose(found.whole.matrices[:, :, 0], mean)
    np.testing.assert_allclose(found.weights, weigh_pairs(mean).weights["1"])
    assert found.whole.consistency["cr"].item() < found.consistency["cr"].max()


def test_for_geometric_means_both_ways_of_aggregation_agree(said, table):
    # Aczél & Saaty (1983): with complete matrices and row geometric means the order is immaterial.
    whole = table[table["judge_id"] != "j3"]
    one = weigh_panel(whole, "dimensions", ITEMS, "judgements", method="geometric-mean")
    two = weigh_panel(whole, "dimensions", ITEMS, "priorities", method="geometric-mean")
    np.testing.assert_allclose(one.weights, two.weights)


def test_a_judge_with_nearly_all_the_weight_decides(table):
    shares = dict.fromkeys(JUDGES, 1e-9) | {"j4": 1.0}
    for aggregation in ("priorities", "judgements"):
        found = weigh_panel(table, "dimensions", ITEMS, aggregation, shares)
        np.testing.assert_allclose(found.weights, found.judges["j4"], atol=1e-6)
        assert found.judge_weights.sum() == pytest.approx(1)


def test_the_groups_split_on_the_items_on_which_they_were_made_to_differ(table):
    found = weigh_panel(table, "dimensions", ITEMS)
    assert set(found.splits.index[:2]) == {"law", "funding"}
    assert found.splits.loc["law", ["highest_group", "lowest_group"]].tolist() == [
        "hei",
        "learners",
    ]
    assert found.splits.loc["law", "between"] > 0.8
    assert found.splits["gap"].is_monotonic_decreasing
    np.testing.assert_allclose(found.groups.sum(), 1)
    assert list(found.groups.columns) == ["hei", "learners"]


def test_a_split_between_groups_that_agree_is_none():
    weights = pd.DataFrame({"a": [0.5, 0.5], "b": [0.5, 0.5]}, index=ITEMS[:2])
    table = split_by_group(weights, pd.Series({"a": "hei", "b": "learners"}))
    assert (table["gap"] == 0).all()
    assert table["between"].isna().all()


def test_judges_may_be_asked_in_different_ways():
    columns = ["judge_id", "topic", "kind", "left", "right", "value"]
    rows = [
        ("a", "t", "rating", "law", None, 80.0),
        ("a", "t", "rating", "credits", None, 10.0),
        ("a", "t", "rating", "funding", None, 10.0),
        ("b", "t", "best-to-other", "law", "credits", 8.0),
        ("b", "t", "best-to-other", "law", "funding", 8.0),
        ("b", "t", "other-to-worst", "law", "funding", 8.0),
        ("b", "t", "other-to-worst", "credits", "funding", 1.0),
        ("c", "t", "pairwise", "law", "credits", 8.0),
        ("c", "t", "pairwise", "law", "funding", 8.0),
        ("c", "other", "pairwise", "ships", "trains", 8.0),
    ]
    found = weigh_panel(pd.DataFrame(rows, columns=columns), "t")
    assert list(found.judges.columns) == ["a", "b", "c"]
    assert found.consistency["kind"].tolist() == ["rating", "best-worst", "pairwise"]
    np.testing.assert_allclose(found.judges.T, [[0.8, 0.1, 0.1]] * 3)
    np.testing.assert_allclose(found.weights, [0.8, 0.1, 0.1])
    assert found.consensus.consensus == pytest.approx(1)
    assert found.concordance.w == pytest.approx(1)
    assert found.splits is None
    assert found.groups.empty


def halves():
    """Best-worst judgements of two judges, the second of whom finds another item worst."""
    first = pd.DataFrame({"j1": [None, 2, 8, 3], "j2": [2, None, 3, 9]}, index=ITEMS, dtype=float)
    last = pd.DataFrame({"j1": [8, 4, None, 3], "j2": [5, 9, 2, None]}, index=ITEMS, dtype=float)
    return first, last


def test_best_worst_judgements_are_read_back_the_same_without_a_key_that_comes_twice():
    first, last = halves()
    table = write_best_worst(first, last, "dimensions", GROUPS, illustrative=True)
    assert len(table) == 2 * 5
    assert not table.duplicated(list(TABLES["panels"].key)).any()
    back = read_judgements(table.sample(frac=1, random_state=1), "dimensions", ITEMS)
    pd.testing.assert_frame_equal(back.best_to[["j1", "j2"]], first, check_names=False)
    pd.testing.assert_frame_equal(back.to_worst[["j1", "j2"]], last, check_names=False)
    found = weigh_panel(table, "dimensions", ITEMS)
    alone = weigh_best_worst(first, last).weights
    pd.testing.assert_frame_equal(found.judges, alone, check_names=False)


@pytest.mark.parametrize("kind", ["best-to-other", "other-to-worst"])
def test_the_best_against_the_worst_may_stand_in_either_half_or_in_both(kind):
    first, last = halves()
    table = write_best_worst(first, last, "dimensions")
    ends = table[(table["kind"] == "best-to-other") & (table["value"] >= 8)]
    rest = table.drop(ends.index)
    for rows in ([rest, ends.assign(kind=kind)], [table, ends.assign(kind="other-to-worst")]):
        back = read_judgements(pd.concat(rows), "dimensions", ITEMS)
        pd.testing.assert_frame_equal(back.best_to[["j1", "j2"]], first, check_names=False)
        pd.testing.assert_frame_equal(back.to_worst[["j1", "j2"]], last, check_names=False)


def test_ratings_are_read_back_the_same_and_what_was_not_rated_is_left_out():
    ratings = pd.DataFrame({"j1": [80.0, 20, 5, 1], "j2": [1, 2, np.nan, 3]}, index=ITEMS)
    table = write_ratings(ratings, "learners", GROUPS)
    assert len(table) == 7
    assert table["right"].isna().all()
    assert table["illustrative"].isna().all()
    back = read_judgements(table, "learners", ITEMS)
    pd.testing.assert_frame_equal(back.ratings, ratings, check_names=False)
    assert back.stakeholders.to_dict() == {"j1": "hei", "j2": "hei"}


def test_a_single_judge_is_a_panel_too(table):
    found = weigh_panel(table[table["judge_id"] == "j1"], "dimensions", ITEMS)
    pd.testing.assert_series_equal(found.weights, found.judges["j1"], check_names=False)
    assert found.concordance is None
    assert np.isnan(found.consensus.consensus)


def test_a_rating_of_0_by_one_judge_does_not_silence_the_others():
    columns = ["judge_id", "topic", "kind", "left", "right", "value"]
    rows = [
        ("a", "t", "rating", "law", None, 1.0),
        ("a", "t", "rating", "credits", None, 0.0),
        ("b", "t", "rating", "law", None, 1.0),
        ("b", "t", "rating", "credits", None, 1.0),
    ]
    found = weigh_panel(pd.DataFrame(rows, columns=columns), "t")
    np.testing.assert_allclose(found.weights, [0.75, 0.25])


@pytest.mark.parametrize(("n", "m"), [(3, 2), (3, 3), (4, 2), (5, 5), (3, 6)])
def test_consensus_is_0_when_each_judge_favours_another_item_as_goepel_2013_defines_it(n, m):
    w = np.ones((n, m))
    w[np.arange(m) % n, np.arange(m)] = 9
    found = measure_consensus(w / w.sum(axis=0))
    assert found.consensus == pytest.approx(0, abs=1e-12)
    assert found.beta > 1


def test_consensus_without_an_end_of_the_scale_is_0_for_judges_with_one_item_each():
    assert measure_consensus(np.eye(3), scale=np.inf).consensus == pytest.approx(0)
    assert measure_consensus(np.eye(3)).consensus == 0


def test_a_tie_of_all_items_leaves_no_concordance_to_measure():
    found = measure_concordance(np.ones((3, 4)))
    assert np.isnan(found.w)
    assert np.isnan(found.p)


@pytest.mark.parametrize(
    ("value", "df"), [(2.705543, 1), (4.605170, 2), (6.251389, 3), (9.236357, 5), (15.98718, 10)]
)
def test_a_tenth_lies_beyond_the_tabled_points_of_chi_square(value, df):
    # Abramowitz & Stegun (1964), table 26.8, Q = .1.
    assert chi_square_tail(value, df) == pytest.approx(0.1, abs=1e-6)


def test_chi_square_with_two_degrees_of_freedom_is_exponential():
    assert chi_square_tail(5.0, 2) == pytest.approx(exp(-2.5))
    assert chi_square_tail(0.0, 4) == 1


def test_items_of_one_place_in_an_order_share_their_weight():
    found = weigh_order(["law", ["credits", "funding"]])
    assert found.vertices.to_numpy().tolist() == [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]]
    assert found.weights["credits"] == found.weights["funding"]
    assert found.weights.sum() == pytest.approx(1)
