"""Combinations of choices: every one is a ranking, and the counts are those of the table."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mcanalysis.compare import copeland, equal_weights, promethee_net_flow, score_systems
from mcanalysis.errors import MethodError
from mcanalysis.multiverse import (
    CHOICES,
    MEANS,
    ORDER_ALONE,
    WORTHS,
    breaking_options,
    choices,
    conclusions,
    options,
)


@pytest.fixture(scope="module")
def table(a):
    return choices(a)


def test_there_is_one_row_for_each_combination_that_is_defined_and_differs(a, table):
    # Three normalisations of the arithmetic mean, two of the geometric one and of TOPSIS, each for
    # three ways to read levels; two outrankings that look at the order of levels alone.
    assert len(table) == ((3 + 2 + 2) * 3 + 2) * (1 + len(a.stakeholders)) * 3
    assert not table.duplicated(list(CHOICES)).any()
    means = table.groupby("aggregation")["normalisation"].unique().map(set)
    assert means["arithmetic mean"] == {"goalposts", "min-max", "z-score"}
    assert means["geometric mean"] == means["TOPSIS"] == {"goalposts", "min-max"}
    assert means["PROMETHEE II"] == means["Copeland"] == {ORDER_ALONE}


def test_outranking_is_left_out_where_it_would_only_repeat_itself(a):
    levels = a.evidence.levels.loc[a.ranked].to_numpy(float)
    w = equal_weights(a.evidence).to_numpy()
    for aggregate in (promethee_net_flow, copeland):
        expected = aggregate(levels, w)
        for one, two in WORTHS.values():
            read = np.interp(levels, [0, 1, 2, 3], [0, one, two, 1])
            np.testing.assert_allclose(aggregate(read, w), expected, atol=1e-12)


@pytest.mark.parametrize("aggregation", MEANS)
def test_ranks_are_those_of_the_method_by_itself(a, table, aggregation):
    scale = ORDER_ALONE if MEANS[aggregation] in ("PROMETHEE II", "Copeland") else "goalposts"
    row = table[
        table["values"].isin(["equal steps", ORDER_ALONE])
        & (table["normalisation"] == scale)
        & (table["aggregation"] == MEANS[aggregation])
        & (table["weights"] == "equal")
        & (table["gaps"] == "left out")
    ]
    assert len(row) == 1
    found = score_systems(a.evidence, aggregation=aggregation, systems=a.ranked)
    assert row.iloc[0][a.ranked].to_list() == found.table.loc[a.ranked, "rank"].to_list()


def test_options_are_those_of_the_table(a, table):
    tried = options(table)
    assert list(tried) == list(CHOICES)
    assert tried["values"] == list(WORTHS)
    assert tried["aggregation"] == list(MEANS.values())
    assert tried["weights"] == ["equal", *(a.names.stakeholder(s) for s in a.stakeholders)]
    assert ORDER_ALONE not in tried["normalisation"]


def test_weights_of_a_panel_are_tried_like_any_others(a, table):
    w = pd.Series(np.arange(1.0, 12) / 66, index=a.dimensions)
    more = choices(a, {"Panel": w[::-1]})
    assert len(more) == len(table) + len(table) // (1 + len(a.stakeholders))
    known = more[more["weights"] != "Panel"].reset_index(drop=True)
    pd.testing.assert_frame_equal(known, table)
    own = more[more["weights"] == "Panel"].iloc[0]
    found = score_systems(a.evidence, w, systems=a.ranked).table
    assert own[a.ranked].to_list() == found.loc[a.ranked, "rank"].to_list()
    assert options(more)["weights"][-1] == "Panel"


def test_weights_that_do_not_fit_are_refused_all_at_once(a):
    w = equal_weights(a.evidence)
    with pytest.raises(MethodError) as error:
        choices(a, {"equal": w, "half": w / 2, "few": w[:3]})
    lines = str(error.value).split("\n")
    assert lines[0] == 'Weights "equal" are there already. Give yours another name.'
    assert lines[1].startswith('Weights "half": The weights sum to 0.5')
    assert lines[2].startswith('Weights "few": Weights given: 3')


def test_systems_without_evidence_that_counts_share_the_last_place(a):
    levels = a.evidence.levels.copy()
    lone = a.ranked[3]
    levels.loc[lone, a.dimensions[1:]] = np.nan
    w = pd.Series([0.0, *[0.1] * 10], index=a.dimensions)
    less = replace(a, evidence=replace(a.evidence, levels=levels))
    own = choices(less, {"Panel": w}).query("weights == 'Panel' and gaps == 'left out'")
    assert (own[lone] == len(a.ranked)).all()


def test_each_combination_ranks_all_ranked_systems_with_ties_at_the_better_place(a, table):
    for ranks in table[a.ranked].to_numpy():
        expected = pd.Series(ranks).rank(method="min").to_numpy()
        assert (ranks == expected).all()


def test_equal_steps_and_weights_without_gaps_give_the_order_of_the_index(a, table):
    row = table.query(
        "values == 'equal steps' and normalisation == 'goalposts' and "
        "aggregation == 'arithmetic mean' and weights == 'equal' and gaps == 'left out'"
    ).iloc[0]
    index = a.ranking.table["index"].round(9)
    expected = index.rank(ascending=False, method="min").astype(int)
    assert (row[a.ranked].astype(int) == expected[a.ranked]).all()


def test_a_gap_at_level_0_never_helps_a_system_under_equal_weights(a, table):
    same = table[
        (table["weights"] == "equal")
        & (table["aggregation"] == "arithmetic mean")
        & (table["normalisation"] == "goalposts")
    ]
    gaps = a.evidence.levels.loc[a.ranked].isna().sum(axis=1)
    most = str(gaps.idxmax())
    by = same.set_index(["values", "gaps"])[most]
    assert all(by[w, "level 0"] >= by[w, "left out"] for w in WORTHS)


def test_a_system_without_gaps_keeps_its_value_however_gaps_are_filled(a):
    full = a.evidence.levels.loc[a.ranked].dropna()
    only = replace(
        a,
        ranking=replace(a.ranking, table=a.ranking.table.loc[list(full.index)]),
    )
    table = choices(only)
    by = table.groupby(list(CHOICES[:-1]), sort=False)[only.ranked].nunique()
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


def test_breaking_options_count_the_combinations_with_each_option(a, table):
    found = breaking_options(a, table)
    names = conclusions(a, table)
    assert list(found["conclusion"].unique()) == list(names["conclusion"])
    assert len(found) == len(names) * sum(len(tried) for tried in options(table).values())
    top = a.names.system(a.ranking.table["mean_rank"].idxmin())
    first = a.ranking.table["mean_rank"].idxmin()
    row = found[(found["conclusion"] == f"{top} is first") & (found["option"] == "level 0")].iloc[0]
    own = table[table["gaps"] == "level 0"][first]
    rest = table[table["gaps"] != "level 0"][first]
    assert (row["choice"], row["holds"], row["of"]) == ("gaps", (own == 1).sum(), len(own))
    assert row["share"] == pytest.approx((own == 1).mean())
    assert row["otherwise"] == pytest.approx((rest == 1).mean())


def test_the_option_that_breaks_a_conclusion_most_often_comes_first(a, table):
    for _, options_ in breaking_options(a, table).groupby("conclusion"):
        assert options_["share"].is_monotonic_increasing
    found = breaking_options(a, table).set_index("conclusion")
    sure = conclusions(a, table).query("holds == of")["conclusion"]
    assert (found.loc[sure, "share"] == 1).all()


def test_of_a_complete_choice_the_options_add_up_to_the_whole(a, table):
    found = breaking_options(a, table)
    for choice in ("aggregation", "weights", "gaps"):
        by = found[found["choice"] == choice].groupby("conclusion")[["holds", "of"]].sum()
        whole = conclusions(a, table).set_index("conclusion")[["holds", "of"]]
        pd.testing.assert_frame_equal(by, whole.loc[by.index], check_names=False)


def test_conclusions_need_three_ranked_systems(a, table):
    few = replace(a, ranking=replace(a.ranking, table=a.ranking.table.head(2)))
    with pytest.raises(MethodError, match="2 systems are ranked, three are needed"):
        conclusions(few, table)


def test_without_ranked_systems_nothing_is_combined(a):
    none = replace(a, ranking=replace(a.ranking, table=a.ranking.table.head(0)))
    assert choices(none).empty


def test_all_combinations_take_no_time(a):
    start = time.perf_counter()
    choices(a)
    assert time.perf_counter() - start < 0.3
