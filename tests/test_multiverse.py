"""Combinations of choices: every one is a ranking, and the counts are those of the table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mcanalysis.multiverse import WORTHS, choices, conclusions


@pytest.fixture(scope="module")
def table(a):
    return choices(a)


def test_there_is_one_row_for_each_combination(a, table):
    assert len(table) == 3 * 2 * (1 + len(a.stakeholders)) * 3
    assert not table.duplicated(["worth", "mean", "weights", "gaps"]).any()


def test_each_combination_ranks_all_ranked_systems_with_ties_at_the_better_place(a, table):
    for ranks in table[a.ranked].to_numpy():
        expected = pd.Series(ranks).rank(method="min").to_numpy()
        assert (ranks == expected).all()


def test_equal_steps_and_weights_without_gaps_give_the_order_of_the_index(a, table):
    row = table.query(
        "worth == 'equal steps' and mean == 'arithmetic' and weights == 'equal' "
        "and gaps == 'left out'"
    ).iloc[0]
    index = a.ranking.table["index"].round(9)
    expected = index.rank(ascending=False, method="min").astype(int)
    assert (row[a.ranked].astype(int) == expected[a.ranked]).all()


def test_a_gap_at_level_0_never_helps_a_system_under_equal_weights(a, table):
    same = table[(table["weights"] == "equal") & (table["mean"] == "arithmetic")]
    gaps = a.evidence.levels.loc[a.ranked].isna().sum(axis=1)
    most = str(gaps.idxmax())
    by = same.set_index(["worth", "gaps"])[most]
    assert all(by[w, "level 0"] >= by[w, "left out"] for w in WORTHS)


def test_a_system_without_gaps_keeps_its_value_however_gaps_are_filled(a):
    full = a.evidence.levels.loc[a.ranked].dropna()
    only = replace(
        a,
        ranking=replace(a.ranking, table=a.ranking.table.loc[list(full.index)]),
    )
    table = choices(only)
    by = table.groupby(["worth", "mean", "weights"], sort=False)[only.ranked].nunique()
    assert (by == 1).all().all()


def test_conclusions_count_the_combinations_in_which_they_are_true(a, table):
    found = conclusions(a, table).set_index("conclusion")
    order = list(a.ranking.table.sort_values("mean_rank").index)
    first, last = order[0], order[-1]
    name = a.names.system
    assert found.loc[f"{name(first)} is first", "holds"] == (table[first] == 1).sum()
    assert found.loc[f"{name(last)} is last", "holds"] == (table[last] == len(order)).sum()
    assert (found["of"] == len(table)).all()
    assert found["holds"].between(0, len(table)).all()


def test_what_holds_most_often_comes_first(a, table):
    holds = conclusions(a, table)["holds"].to_numpy()
    assert (np.diff(holds) <= 0).all()


def test_the_first_is_no_more_often_first_than_among_the_first_three(a, table):
    found = conclusions(a, table).set_index("conclusion")["holds"]
    top = a.names.system(a.ranking.table["mean_rank"].idxmin())
    assert found[f"{top} is first"] <= found[f"{top} is among the first three"]
