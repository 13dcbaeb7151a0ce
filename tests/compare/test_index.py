"""The integration index: by hand, on the shipped evidence, and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import (
    Evidence,
    bounds,
    equal_weights,
    fitting_weights,
    integration_index,
    ranked_systems,
)
from mcanalysis.errors import MethodError
from tests.making import NONE, evidence_of, tables

properly = settings(deadline=None, max_examples=40)


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
@given(tables(), st.data())
def test_the_interval_contains_the_index_of_every_fill(drawn, data):
    evidence = evidence_of(*drawn)
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
@given(tables())
def test_adding_a_dominated_system_changes_no_other_index(drawn):
    evidence = evidence_of(*drawn)
    last = np.zeros((1, evidence.levels.shape[1]))
    more = evidence_of(
        np.vstack([evidence.levels, last]), np.vstack([evidence.low, np.zeros(last.shape, bool)])
    )
    pd.testing.assert_frame_equal(
        integration_index(more).iloc[:-1], integration_index(evidence), check_names=False
    )


@properly
@given(tables(), st.randoms())
def test_the_order_of_systems_changes_no_index(drawn, random):
    evidence = evidence_of(*drawn)
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


def test_weights_may_come_in_any_order(evidence):
    weights = pd.Series(np.arange(1.0, 12), index=evidence.levels.columns) / 66
    assert fitting_weights(evidence, weights[::-1]).equals(weights)
    pd.testing.assert_frame_equal(
        integration_index(evidence, weights[::-1]), integration_index(evidence, weights)
    )
