"""What microcredentials bring to whom: by hand, on the shipped evidence, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.benefits import (
    benefits_by_stakeholder,
    enabler_strengths,
    held_back_by,
    implied_weights,
    leading_steps,
    next_steps,
    realise_benefits,
    realised_shares,
)
from mcanalysis.compare import TOP, Evidence, ranked_systems
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
NONE = np.nan
WHO = ["learners", "hei", "employers"]


def with_levels(study, levels, low=None):
    """Make evidence of one system, X, on the dimensions of a study; not named is a gap."""
    columns = list(study.dimensions["dimension_id"])
    frame = pd.DataFrame([levels], index=["X"], columns=columns).astype(float)
    doubt = pd.DataFrame(False, index=["X"], columns=columns)
    doubt.loc["X", low or []] = True
    return Evidence(pd.DataFrame(), frame, doubt, 2030)


@pytest.fixture(scope="module")
def small(study):
    """A study with two benefits of learners and one of employers that depends on nothing."""
    return replace(
        study,
        dimensions=study.dimensions.iloc[:3].assign(dimension_id=["a", "b", "c"]),
        stakeholders=study.stakeholders.iloc[:3],
        benefits=pd.DataFrame(
            [["l1", "learners"], ["l2", "learners"], ["e1", "employers"]],
            columns=["benefit_id", "stakeholder_id"],
        ),
        benefit_enablers=pd.DataFrame(
            [["l1", "a", 3], ["l1", "b", 1], ["l2", "b", 2], ["l2", "c", 2]],
            columns=["benefit_id", "dimension_id", "strength"],
        ).astype({"strength": "Int64"}),
        indicators=study.indicators.iloc[:0],
    )


# By hand


def test_strengths_are_zero_where_there_is_no_link(small):
    assert enabler_strengths(small).to_numpy().tolist() == [[3, 1, 0], [0, 2, 2], [0, 0, 0]]


def test_a_benefit_is_the_strength_weighted_mean_of_its_enablers(small):
    table = realise_benefits(small, with_levels(small, {"a": 2, "b": 1, "c": NONE}, low=["b"]))
    table = table.set_index("benefit_id")
    l1, l2 = table.loc["l1"], table.loc["l2"]
    assert l1["realised"] == pytest.approx((3 * 2 / 3 + 1 / 3) / 4)
    assert l1["lower"] == pytest.approx((3 * 2 / 3 + 0) / 4)
    assert l1["upper"] == pytest.approx((3 * 2 / 3 + 2 / 3) / 4)
    assert l1["coverage"] == 1
    assert l2["realised"] == pytest.approx(1 / 3)
    assert (l2["lower"], l2["coverage"]) == (0, 0.5)
    assert l2["upper"] == pytest.approx((2 * 2 / 3 + 2) / 4)


def test_a_benefit_without_enablers_may_lie_anywhere(small):
    table = realise_benefits(small, with_levels(small, {"a": 3, "b": 3, "c": 3}))
    row = table.set_index("benefit_id").loc["e1"]
    assert pd.isna(row["realised"])
    assert row[["lower", "upper", "coverage"]].to_list() == [0, 1, 0]


def test_stakeholders_without_benefits_are_left_out(small):
    benefits = realise_benefits(small, with_levels(small, {"a": 2, "b": 1, "c": NONE}))
    table = benefits_by_stakeholder(small, benefits).set_index("stakeholder_id")
    assert list(table.index) == ["learners", "employers"]
    assert table.loc["learners", "realised"] == pytest.approx((7 / 12 + 1 / 3) / 2)
    assert table.loc["learners", "coverage"] == 0.75
    assert pd.isna(table.loc["employers", "realised"])


def test_what_holds_a_benefit_back_is_strength_times_missing_levels(small):
    found = held_back_by(small, with_levels(small, {"a": 2, "b": 0, "c": 0}), "X")
    expected = [["l1", "a", 2, 1], ["l1", "b", 0, 1], ["l2", "b", 0, 2], ["l2", "c", 0, 2]]
    assert found.to_numpy().tolist() == expected


def test_nothing_holds_back_what_is_reached_or_not_known(small):
    found = held_back_by(small, with_levels(small, {"a": 3, "b": 3, "c": NONE}), "X")
    assert found.empty


def test_implied_weights_by_hand(small):
    weights = implied_weights(small, "learners")
    assert weights.to_dict() == {"a": 3 / 8, "b": 3 / 8, "c": 2 / 8}


def test_next_steps_go_by_gain_then_shortfall_then_the_order_of_the_study(small):
    order = {
        (2, 1, 1): ["b", "a", "c"],  # a and b gain the same; b is further from the top
        (1, 1, 1): ["a", "b", "c"],
        (3, NONE, 2): ["c"],
    }
    for levels, expected in order.items():
        evidence = with_levels(small, dict(zip("abc", levels, strict=True)))
        table = next_steps(small, evidence, "X", "learners")
        assert list(table.index) == expected
    assert table.loc["c", ["level", "gain", "shortfall"]].to_list() == pytest.approx(
        [2, 1 / 12, 1 / 12]
    )
    assert table.loc["c", "criterion"] == small.dimensions["level_3"].iloc[2]


def test_no_step_is_left_at_the_top(small):
    evidence = with_levels(small, {"a": 3, "b": 3, "c": 3})
    assert next_steps(small, evidence, "X", "learners").empty


def test_a_stakeholder_whose_benefits_depend_on_nothing_is_refused(small):
    with pytest.raises(MethodError, match=r"Add rows to benefit_enablers\.csv"):
        implied_weights(small, "employers")


# The shipped evidence


@pytest.mark.parametrize(
    ("who", "realised", "lower", "upper"),
    [
        ("hei", 0.451, 0.37, 0.53),
        ("learners", 0.375, 0.32, 0.46),
        ("employers", 0.365, 0.23, 0.53),
    ],
)
def test_benefits_of_germany(study, evidence, who, realised, lower, upper):
    table = benefits_by_stakeholder(study, realise_benefits(study, evidence))
    row = table[(table["system_id"] == "DE") & (table["stakeholder_id"] == who)].iloc[0]
    assert row["realised"] == pytest.approx(realised, abs=0.0005)
    assert row[["lower", "upper"]].astype(float).round(2).to_list() == [lower, upper]


def test_what_learners_in_germany_lack_most(study, evidence):
    shortfall = next_steps(study, evidence, "DE", "learners")["shortfall"].sort_values()
    assert shortfall.index[:-4:-1].to_list() == [
        "recognition",
        "qualifications-framework",
        "digital-credentials",
    ]
    assert shortfall.iloc[:-4:-1].round(3).to_list() == [0.094, 0.084, 0.082]


def test_recognition_leads_for_learners_in_sixteen_of_twenty_systems(study, evidence):
    steps = leading_steps(study, evidence, ranked_systems(evidence))
    learners = steps[steps["stakeholder_id"] == "learners"]
    assert len(learners) == 20
    assert (learners["dimension_id"] == "recognition").sum() == 16


def test_every_benefit_of_every_system_has_a_row_in_the_order_of_the_study(study, evidence):
    table = realise_benefits(study, evidence)
    systems, benefits = list(evidence.levels.index), list(study.benefits["benefit_id"])
    assert table["system_id"].to_list() == [s for s in systems for _ in benefits]
    assert table["benefit_id"].to_list() == benefits * len(systems)
    of = study.benefits.set_index("benefit_id")["stakeholder_id"]
    assert (table["stakeholder_id"] == table["benefit_id"].map(of)).all()


def test_the_leading_step_is_the_first_of_the_next_steps(study, evidence):
    ranked = ranked_systems(evidence)
    steps = leading_steps(study, evidence, ranked)
    assert list(dict.fromkeys(steps["system_id"])) == ranked
    for step in steps.itertuples():
        first = next_steps(study, evidence, step.system_id, step.stakeholder_id).iloc[0]
        assert (step.dimension_id, step.gain) == (first.name, first["gain"])


@pytest.mark.parametrize("who", WHO)
def test_a_gain_is_what_one_level_more_adds(study, evidence, who):
    steps = next_steps(study, evidence, "DE", who)
    assert len(steps)

    def realised(levels):
        changed = Evidence(evidence.rows, levels, evidence.low, evidence.as_of)
        table = benefits_by_stakeholder(study, realise_benefits(study, changed))
        return table.set_index(["system_id", "stakeholder_id"]).loc[("DE", who), "realised"]

    for dimension, gain in steps["gain"].items():
        risen = evidence.levels.copy()
        risen.loc["DE", dimension] += 1
        assert realised(risen) - realised(evidence.levels) == pytest.approx(gain)


def test_systems_that_took_a_step_moved_and_those_that_reached_it_stand_there(study, evidence):
    rows = study.indicators[study.indicators["comparable"] == "yes"]
    steps = next_steps(study, evidence, "DE", "learners")
    for dimension, step in steps.iterrows():
        on = rows[rows["dimension_id"] == dimension].sort_values("year")
        for system in filter(None, step["took"].split(";")):
            levels = on.loc[on["system_id"] == system, "level"].to_list()
            assert levels[0] <= step["level"] < levels[-1]
        for system in filter(None, step["reached"].split(";")):
            assert evidence.levels.at[system, dimension] > step["level"]
            assert not evidence.low.at[system, dimension]
    assert "DE" not in ";".join(steps["took"] + ";" + steps["reached"]).split(";")
    assert set(steps.loc["legislation", "took"].split(";")) == {"EE", "SI", "SK", "IS", "RS"}


@pytest.mark.parametrize("who", WHO)
def test_implied_weights_sum_to_one(study, who):
    weights = implied_weights(study, who)
    assert weights.sum() == pytest.approx(1)
    assert (weights > 0).all()


def test_misspelt_names_are_refused_with_the_nearest(study, evidence):
    with pytest.raises(MethodError, match='Did you mean "learners"'):
        implied_weights(study, "learner")
    with pytest.raises(MethodError, match='no stakeholder with benefits "government"'):
        next_steps(study, evidence, "DE", "government")
    for call in (held_back_by, lambda *a: next_steps(*a, "hei")):
        with pytest.raises(MethodError, match='no system with evidence "EU"'):
            call(study, evidence, "EU")
    with pytest.raises(MethodError, match='no system with evidence "XX"'):
        leading_steps(study, evidence, ["XX"])


# What always holds


@properly
@given(
    arrays.arrays(float, (3, 5), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE])),
    arrays.arrays(float, (4, 5), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0])),
    st.lists(st.integers(0, TOP), min_size=15, max_size=15),
)
def test_a_share_realised_lies_between_the_fills(levels, strengths, fill):
    filled = np.where(np.isnan(levels), np.array(fill, float).reshape(3, 5), levels)
    low, high = (np.where(np.isnan(levels), end, levels) for end in (0.0, TOP))
    ends = [realised_shares(x, strengths) for x in (low, filled, high)]
    linked = strengths.sum(axis=1) > 0
    assert (np.diff(ends, axis=0)[:, :, linked] >= -1e-12).all()
    found = realised_shares(levels, strengths)
    known = ~np.isnan(found)
    assert (found[known] >= ends[0][known] - 1e-12).all()
    assert (found[known] <= ends[2][known] + 1e-12).all()


def test_every_interval_contains_its_value(study, evidence):
    benefits = realise_benefits(study, evidence)
    for table in (benefits, benefits[benefits["coverage"] == 1]):
        known = table.dropna(subset=["realised"])
        assert (known["lower"] <= known["realised"] + 1e-12).all()
        assert (known["realised"] <= known["upper"] + 1e-12).all()
    groups = benefits_by_stakeholder(study, benefits).dropna()
    assert (groups["lower"] <= groups["realised"] + 1e-12).all()
    assert (groups["realised"] <= groups["upper"] + 1e-12).all()
