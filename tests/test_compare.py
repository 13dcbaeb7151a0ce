"""Systems against each other: by hand, on the shipped evidence, and what must always hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import (
    Evidence,
    bounds,
    dominance,
    equal_weights,
    integration_index,
    newest_evidence,
    peer_range,
    ranked_systems,
    where_to_look,
    who_has_solved,
)
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
NONE = np.nan


def evidence_of(levels, low=None, systems=None):
    """Make evidence of a matrix of levels; NaN is a gap."""
    x = np.array(levels, float)
    names = systems or [f"S{i}" for i in range(len(x))]
    columns = [f"d{i}" for i in range(x.shape[1])]
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool) & ~np.isnan(x)
    frame = pd.DataFrame(x, index=names, columns=columns)
    rows = frame.rename_axis("system_id").reset_index().melt("system_id", var_name="dimension_id")
    rows = rows.rename(columns={"value": "level"})
    rows["confidence"] = np.where(doubt.ravel(order="F"), "low", "high")
    rows = rows.dropna().astype({"level": "Int64"})
    rows = rows.assign(year=2020, statement="A fact.", source_id="act", locator="p. 1", age=0)
    return Evidence(rows, frame, pd.DataFrame(doubt, index=names, columns=columns), 2020)


matrices = arrays.arrays(
    float,
    st.tuples(st.integers(1, 6), st.integers(1, 5)),
    elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE]),
)


@st.composite
def evidences(draw):
    levels = draw(matrices)
    return evidence_of(levels, draw(arrays.arrays(bool, levels.shape)))


# What counts at a date


def test_the_newest_row_not_after_the_year_counts(study):
    rows = study.indicators
    rows = rows[(rows["system_id"] == "DE") & (rows["dimension_id"] == "definition-strategy")]
    assert rows["year"].to_list() == [2022, 2023]
    at = {year: newest_evidence(study, year) for year in (2022, 2023, 2030)}
    level = {year: e.levels.at["DE", "definition-strategy"] for year, e in at.items()}
    assert level == {2022: 1, 2023: 2, 2030: 2}
    assert max(at[2022].rows["year"]) == 2022


def test_the_age_of_a_row_is_counted_from_the_year_asked_for(evidence):
    rows = evidence.rows
    assert evidence.as_of == rows["year"].max()
    assert (rows["age"] == evidence.as_of - rows["year"]).all()


def test_there_is_one_row_per_system_and_dimension_in_the_order_of_the_study(study, evidence):
    rows = evidence.rows
    assert not rows.duplicated(["system_id", "dimension_id"]).any()
    systems, dimensions = list(study.systems["system_id"]), list(study.dimensions["dimension_id"])
    places = [
        (systems.index(s), dimensions.index(d))
        for s, d in zip(rows["system_id"], rows["dimension_id"], strict=True)
    ]
    assert places == sorted(places)
    assert int(evidence.levels.notna().sum().sum()) == len(rows)
    assert int(evidence.low.sum().sum()) == int((rows["confidence"] == "low").sum())


def test_the_order_of_the_rows_of_a_study_does_not_matter(study, evidence):
    shuffled = study.indicators.sample(frac=1, random_state=0)
    other = newest_evidence(replace(study, indicators=shuffled))
    pd.testing.assert_frame_equal(other.rows, evidence.rows)
    pd.testing.assert_frame_equal(other.levels, evidence.levels)


def test_a_year_before_all_evidence_is_refused_with_the_first_year(study):
    with pytest.raises(MethodError, match=r"1999, before the oldest evidence.*2015"):
        newest_evidence(study, 1999)


def test_a_study_without_indicators_is_refused(study):
    with pytest.raises(MethodError, match="Add at least one row"):
        newest_evidence(replace(study, indicators=study.indicators.iloc[:0]))


# Index


def test_index_of_a_small_system_by_hand():
    evidence = evidence_of([[3, NONE, 1, 0]], [[False, False, True, False]])
    row = integration_index(evidence).iloc[0]
    assert row["index"] == pytest.approx(4 / 9)
    assert row["lower"] == pytest.approx(3 / 12)
    assert row["upper"] == pytest.approx((3 + 3 + 2 + 0) / 12)
    assert (row["coverage"], row["dimensions"], row["low_confidence"]) == (0.75, 3, 1)


def test_index_with_weights_renormalises_over_the_evidence_present():
    evidence = evidence_of([[3, NONE, 0], [NONE, 2, NONE]])
    weights = pd.Series({"d2": 0.2, "d0": 0.3, "d1": 0.5})
    table = integration_index(evidence, weights)
    np.testing.assert_allclose(table["index"], [0.6, 2 / 3])
    np.testing.assert_allclose(table["coverage"], [0.5, 0.5])


def test_index_is_missing_where_all_evidence_has_no_weight():
    table = integration_index(evidence_of([[3, NONE]]), pd.Series({"d0": 0.0, "d1": 1.0}))
    assert np.isnan(table["index"].iloc[0])
    assert table[["lower", "upper", "coverage"]].iloc[0].to_list() == [0, 1, 0]


def test_figures_of_the_shipped_evidence(evidence):
    table = integration_index(evidence)
    ranked = ranked_systems(evidence)
    assert len(ranked) == 20
    assert len(table) == 52
    assert table.loc["DE", "index"] == pytest.approx(13 / 33)
    assert table.loc["DE", ["lower", "upper"]].astype(float).round(2).to_list() == [0.33, 0.48]
    assert table.loc[["NZ", "HR", "IE"], "index"].round(2).to_list() == [0.85, 0.81, 0.70]
    levels = evidence.levels.loc[ranked]
    assert int(levels.notna().sum().sum()) == 184
    assert int(levels.isna().sum().sum()) == 36


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"d0": 0.5, "d9": 0.5}, 'no dimension "d9". Choose from: d0, d1.'),
        ({"d0": 1.0}, "Weights given: 1, dimensions: 2. Give one for each of: d0, d1."),
        ({"d0": 0.5, "d1": 0.6}, "sum to 1.1"),
        ({"d0": 1.5, "d1": -0.5}, "the least is -0.5"),
        ({"d0": 1.0, "d1": NONE}, "none missing"),
    ],
)
def test_weights_that_do_not_fit_are_refused(weights, said):
    with pytest.raises(MethodError) as error:
        integration_index(evidence_of([[1, 2]]), pd.Series(weights))
    assert said in str(error.value)


@properly
@given(evidences(), st.data())
def test_the_interval_contains_the_index_of_every_fill(evidence, data):
    low, high = (frame.to_numpy() for frame in bounds(evidence))
    shift = data.draw(arrays.arrays(float, low.shape, elements=st.integers(0, 3).map(float)))
    filled = evidence_of(np.minimum(low + shift, high))
    table, index = integration_index(evidence), integration_index(filled)["index"]
    assert (index >= table["lower"] - 1e-12).all()
    assert (index <= table["upper"] + 1e-12).all()
    known = table.dropna()
    assert (known["index"] >= known["lower"] - 1e-12).all()
    assert (known["index"] <= known["upper"] + 1e-12).all()


@properly
@given(evidences())
def test_adding_a_dominated_system_changes_no_other_index(evidence):
    last = np.zeros((1, evidence.levels.shape[1]))
    more = evidence_of(
        np.vstack([evidence.levels, last]), np.vstack([evidence.low, np.zeros(last.shape, bool)])
    )
    pd.testing.assert_frame_equal(
        integration_index(more).iloc[:-1], integration_index(evidence), check_names=False
    )


@properly
@given(evidences(), st.randoms())
def test_the_order_of_systems_changes_no_index(evidence, random):
    order = list(evidence.levels.index)
    random.shuffle(order)
    turned = Evidence(evidence.rows, evidence.levels.loc[order], evidence.low.loc[order], 2020)
    pd.testing.assert_frame_equal(
        integration_index(turned), integration_index(evidence).loc[order], check_names=False
    )


def test_equal_weights_sum_to_one(evidence):
    weights = equal_weights(evidence)
    assert weights.sum() == pytest.approx(1)
    assert weights.nunique() == 1


# Who is ranked, where the others stand


def test_only_systems_with_enough_dimensions_are_ranked():
    evidence = evidence_of([[1, 2, 3], [1, NONE, 3], [NONE, NONE, 0]])
    assert ranked_systems(evidence, 3) == ["S0"]
    assert ranked_systems(evidence, 2) == ["S0", "S1"]


@pytest.mark.parametrize("wrong", [0, 12, -1])
def test_min_dimensions_out_of_range_is_refused(evidence, wrong):
    with pytest.raises(MethodError, match=rf"min_dimensions is {wrong}.*from 1 to 11"):
        ranked_systems(evidence, wrong)


def test_peer_range_by_hand():
    evidence = evidence_of([[0, 1], [1, NONE], [2, NONE], [3, NONE], [3, NONE]])
    table = peer_range(evidence, list(evidence.levels.index), leave_out="S0")
    assert table.loc["d0"].to_list() == [4, 1.75, 2.5, 3, 3]
    assert table.loc["d1", "count"] == 0
    assert table.loc["d1", "median":"upper_quartile"].isna().all()
    assert table.loc["d1", "at_two"] == 0


def test_a_misspelt_system_is_refused_with_the_nearest(evidence):
    with pytest.raises(MethodError, match=r'"BEFL"\. Did you mean "BE-FL"\?'):
        peer_range(evidence, ["BEFL"])
    with pytest.raises(MethodError, match=r'no system with evidence "XX"\. Choose from: AT, '):
        dominance(evidence, ["XX", "DE"])


def test_dominance_by_hand():
    evidence = evidence_of([[3, 2, 1], [2, 2, 1], [NONE, 2, 1], [0, 3, 0]])
    names = list(evidence.levels.index)
    found = dominance(evidence, names, min_shared=2)
    pairs = [(i, j) for i in names for j in names if found.at[i, j]]
    assert pairs == [("S0", "S1")]
    assert not dominance(evidence, names, min_shared=4).any(axis=None)


def test_dominance_on_the_shipped_evidence(evidence):
    found = dominance(evidence, ranked_systems(evidence))
    assert found.size - len(found) == 380
    assert int(found.sum().sum()) == 65
    assert int(found.loc["HR"].sum()) == 13


@properly
@given(evidences(), st.integers(1, 3))
def test_dominance_never_goes_both_ways(evidence, min_shared):
    found = dominance(evidence, list(evidence.levels.index), min_shared).to_numpy()
    assert not (found & found.T).any()


# Who has solved this


def test_who_has_solved_by_hand():
    evidence = evidence_of(
        [
            [0, 1, 1, 1, 1],  # S0 asks about d0
            [2, 1, 1, 2, 2],  # half a level apart, level 2
            [3, 1, 1, 2, 2],  # as far, but level 3
            [2, 1, 1, 1, 1],  # the same elsewhere
            [3, 1, 1, 1, 1],  # low confidence on d0
            [1, 1, 1, 1, 1],  # higher, but not at level 2
            [3, 1, NONE, NONE, NONE],  # too little is shared
            [3, 3, 3, 1, 1],  # far off, though on low confidence
        ],
        [
            [False] * 5,
            [False] * 5,
            [False] * 5,
            [False] * 5,
            [True, False, False, False, False],
            [False] * 5,
            [False] * 5,
            [False, True, True, False, False],
        ],
    )
    found = who_has_solved(evidence, "S0", "d0", min_shared=2)
    assert found["system_id"].to_list() == ["S3", "S2", "S1", "S7"]
    assert found["distance"].to_list() == [0, 0.5, 0.5, 1]
    assert found["shared"].to_list() == [4, 4, 4, 4]
    assert found["level"].to_list() == [2, 3, 2, 3]


def test_nobody_has_solved_what_is_nowhere_higher():
    evidence = evidence_of([[3, 1, 1], [3, 1, 1]])
    assert who_has_solved(evidence, "S0", "d0", min_shared=1).empty


def test_a_gap_is_solved_by_whoever_is_at_level_two():
    evidence = evidence_of([[NONE, 1, 1], [2, 1, 1], [1, 1, 1]])
    assert who_has_solved(evidence, "S0", "d0", 2)["system_id"].to_list() == ["S1"]


def test_who_has_solved_credits_for_germany(evidence):
    found = who_has_solved(evidence, "DE", "credits-stackability").set_index("system_id")
    assert found.loc[["AT", "FI"], "distance"].round(1).to_list() == [0.2, 0.3]
    assert found.loc[["AT", "FI"], "shared"].to_list() == [6, 9]
    assert (found["confidence"] != "low").all()
    assert (found["shared"] >= 5).all()
    near = found["distance"].round(1)
    assert near.is_monotonic_increasing


def test_who_has_solved_refuses_unknown_names(evidence):
    with pytest.raises(MethodError, match='Did you mean "recognition"'):
        who_has_solved(evidence, "DE", "recogniton")
    with pytest.raises(MethodError, match='no system with evidence "EU"'):
        who_has_solved(evidence, "EU", "recognition")


# Where to look


def test_where_to_look_for_bulgaria(study, evidence):
    table = where_to_look(study, evidence, "BG")
    assert table.index[0] == "definition-strategy"
    assert len(table) == 10
    assert table["closed"].is_monotonic_decreasing
    assert (table["closed"] + table["gaps"] == table["of"]).all()
    levels = table[[f"level_{v}" for v in range(4)]].sum(axis=1)
    assert (levels == table["closed"]).all()
    for publishers in table["publishers"]:
        assert len(publishers) <= 2
        assert all(rows >= 2 for _, rows in publishers)


def test_where_to_look_counts_other_systems_of_the_region_only(study, evidence):
    region = study.systems.set_index("system_id")["region"]
    others = [s for s in evidence.levels.index if region[s] == "eu" and s != "BG"]
    table = where_to_look(study, evidence, "BG")
    assert (table["of"] == len(others)).all()
    on = evidence.levels.loc[others, "recognition"]
    assert table.at["recognition", "closed"] == on.notna().sum()
    assert table.at["recognition", "level_1"] == (on == 1).sum()


def test_a_system_without_any_evidence_has_gaps_everywhere(study, evidence):
    assert len(where_to_look(study, evidence, "EU")) == len(study.dimensions)


def test_a_system_without_gaps_has_nowhere_to_look(study, evidence):
    table = where_to_look(study, evidence, "DE")
    assert table.empty
    assert "publishers" in table


def test_where_to_look_refuses_an_unknown_system(study, evidence):
    with pytest.raises(MethodError, match='no system "QQ"'):
        where_to_look(study, evidence, "QQ")
