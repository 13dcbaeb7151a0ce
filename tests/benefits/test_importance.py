"""Importance against realisation: published, by hand, on the shipped evidence."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.benefits import (
    importance_against_realisation,
    importance_performance,
    realise_benefits,
)
from mcanalysis.errors import MethodError
from mcanalysis.weights import write_judgements

properly = settings(deadline=None, max_examples=40)
CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "reference" / "swot.json").read_text(encoding="utf-8")
    )
}


@pytest.fixture(scope="module")
def benefits(study, evidence):
    return realise_benefits(study, evidence)


def of(study, who):
    return study.benefits.loc[study.benefits["stakeholder_id"] == who, "benefit_id"].to_list()


def rated(items, values, judge="j1", group=None, topic="employers"):
    return pd.DataFrame({"left": items, "value": np.array(values, float)}).assign(
        judge_id=judge, stakeholder_id=group, topic=topic, kind="rating", right=None
    )


# Published


def test_quadrants_of_martilla_and_james_1977():
    case = CASES["ipa-martilla-james-1977"]
    inputs = case["inputs"]
    x, y = (pd.Series(inputs[key], index=inputs["labels"]) for key in ("importance", "performance"))
    quadrant, at_x, at_y = importance_performance(x, y)
    assert quadrant.to_list() == case["expected"]["quadrants"]
    assert (at_x, at_y) == pytest.approx((x.mean(), y.mean()))


# By hand


def test_the_crosshair_may_be_at_the_medians():
    x, y = pd.Series([1.0, 2, 9]), pd.Series([1.0, 8, 9])
    assert importance_performance(x, y)[0].to_list() == [
        "low priority", "possible overkill", "keep up the good work",
    ]  # fmt: skip
    quadrant, at_x, at_y = importance_performance(x, y, "medians")
    assert (at_x, at_y) == (2, 8)
    assert quadrant.to_list() == ["low priority", *["keep up the good work"] * 2]


def test_what_is_not_known_has_no_quadrant_and_moves_no_crosshair():
    x, y = pd.Series([1.0, 2, 50]), pd.Series([1.0, 2, np.nan])
    quadrant, at_x, at_y = importance_performance(x, y)
    assert (at_x, at_y) == (1.5, 1.5)
    assert quadrant.to_list()[:2] == ["low priority", "keep up the good work"]
    assert pd.isna(quadrant[2])
    nothing, at_x, _ = importance_performance(x, y * np.nan)
    assert nothing.isna().all()
    assert np.isnan(at_x)


def test_all_alike_is_on_the_crosshair_and_counts_as_high():
    alike = pd.Series([0.1] * 3)
    assert set(importance_performance(alike, alike)[0]) == {"keep up the good work"}


def test_a_quadrant_is_sure_where_no_fill_crosses_the_crosshair(study, benefits):
    items = of(study, "employers")
    table = benefits.set_index(["system_id", "benefit_id"]).copy()
    for item, (value, lower, upper) in zip(
        items, [(0.2, 0.1, 0.3), (0.4, 0.1, 0.6), (0.6, 0.4, 0.9), (0.8, 0.5, 1.0)], strict=True
    ):
        table.loc[("DE", item), ["realised", "lower", "upper"]] = value, lower, upper
    panel = rated(items, [2, 1, 1, 2])
    found = importance_against_realisation(study, table.reset_index(), panel, "employers", "DE")
    assert found.realised_at == pytest.approx(0.5)
    assert found.table["sure"].to_list() == [True, False, False, True]
    assert found.table["quadrant"].to_list() == [
        "concentrate here", "low priority", "possible overkill", "keep up the good work",
    ]  # fmt: skip


# The shipped evidence


def test_importance_and_realisation_are_those_of_panel_and_evidence(study, benefits):
    items = of(study, "employers")
    found = importance_against_realisation(
        study, benefits, rated(items[::-1], [1, 2, 3, 4]), "employers", "DE"
    )
    assert found.table.index.to_list() == items
    assert found.table["importance"].to_list() == pytest.approx([0.4, 0.3, 0.2, 0.1])
    here = benefits[benefits["system_id"] == "DE"].set_index("benefit_id").loc[items]
    pd.testing.assert_frame_equal(
        found.table[["realised", "lower", "upper", "coverage"]],
        here[["realised", "lower", "upper", "coverage"]],
    )
    assert (found.importance_at, found.crosshair) == (0.25, "means")
    assert found.groups.columns.empty


def test_each_group_of_judges_has_an_importance_of_its_own(study, benefits):
    items = of(study, "employers")
    ratios = np.array([4.0, 2, 1, 1])
    pairs = write_judgements(
        (ratios[:, None] / ratios)[:, :, None], items, ["j2"], "employers", {"j2": "hei"}
    )
    panel = pd.concat([rated(items, [1, 1, 1, 1], "j1", "employers"), pairs])
    found = importance_against_realisation(study, benefits, panel, "employers", "DE")
    assert found.groups["hei"].to_list() == pytest.approx([0.5, 0.25, 0.125, 0.125])
    assert found.groups["employers"].to_list() == pytest.approx([0.25] * 4)
    assert found.weights.splits is not None
    heavy = importance_against_realisation(
        study, benefits, panel, "employers", "DE", judge_weights={"j1": 1, "j2": 1e6}
    )
    assert heavy.table["importance"].to_list() == pytest.approx(found.groups["hei"], abs=1e-4)


def test_what_does_not_fit_is_refused(study, benefits):
    items = of(study, "employers")
    panel = rated(items, [1, 1, 1, 1])
    call = importance_against_realisation
    with pytest.raises(MethodError, match='Did you mean "employers"'):
        call(study, benefits, panel, "employer", "DE")
    with pytest.raises(MethodError, match='no system with evidence "EU"'):
        call(study, benefits, panel, "employers", "EU")
    with pytest.raises(MethodError, match='nobody was asked about "hei"'):
        call(study, benefits, panel, "hei", "DE")
    with pytest.raises(MethodError, match=f"did not rate {items[0]}"):
        call(study, benefits, panel.iloc[1:], "employers", "DE")
    with pytest.raises(MethodError, match="is no item of the topic"):
        call(study, benefits, panel.replace({items[0]: items[0] + "s"}), "employers", "DE")
    with pytest.raises(MethodError, match='Did you mean "medians"'):
        call(study, benefits, panel, "employers", "DE", "median")
    with pytest.raises(MethodError, match="do not speak of the same attributes"):
        importance_performance(pd.Series({"a": 1.0}), pd.Series({"b": 1.0}))


# What always holds


@properly
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=2, max_size=8),
    st.integers(1, 5),
    st.sampled_from(["means", "medians"]),
)
def test_quadrants_do_not_hang_on_the_scale_or_the_order(points, factor, crosshair):
    x, y = (pd.Series(values, dtype=float) for values in zip(*points, strict=True))
    quadrant = importance_performance(x, y, crosshair)[0]
    assert quadrant.notna().all()
    scaled = importance_performance(x * factor, y / 2, crosshair)[0]
    assert scaled.to_list() == quadrant.to_list()
    reverse = importance_performance(x[::-1], y[::-1], crosshair)[0]
    assert reverse.to_dict() == quadrant.to_dict()
