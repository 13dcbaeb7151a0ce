"""IFE and EFE: published, by hand, and what always holds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.errors import MethodError
from mcanalysis.swot import (
    evaluate_factors,
    name_position,
)

properly = settings(deadline=None, max_examples=40)
CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "reference" / "swot.json").read_text(encoding="utf-8")
    )
}


# Published


@pytest.mark.parametrize(
    ("name", "strengths"), [("ife-retail-computer-store", 9), ("ife-template-percent", 4)]
)
def test_weighted_scores_in_david_2011_table_4_10_and_in_a_worked_matrix(name, strengths):
    case = CASES[name]
    weights, ratings = (pd.Series(case["inputs"][key]) for key in ("weights", "ratings"))
    quadrants = pd.Series(np.where(weights.index < strengths, "strength", "weakness"))
    found = evaluate_factors(weights, ratings, quadrants)
    np.testing.assert_allclose(
        found.table["score"], case["expected"]["weighted_scores"], rtol=0, atol=1e-9
    )
    assert found.total == case["expected"]["total"] == found.lower == found.upper
    assert found.table["weight"].sum() == pytest.approx(case["expected"]["weight_sum"])
    broken = {
        "ife-retail-computer-store": (),
        "ife-template-percent": (
            "0 is a strength rated 2; the convention rates it 3 or 4.",
            "5 is a weakness rated 3; the convention rates it 1 or 2.",
        ),
    }
    assert found.notes == broken[name]


# By hand


def test_a_missing_rating_makes_an_interval():
    weights = pd.Series({"s": 0.5, "w": 0.3, "o": 0.2})
    quadrants = pd.Series({"s": "strength", "w": "weakness", "o": "opportunity"})
    found = evaluate_factors(weights, pd.Series({"s": 4}), quadrants)
    assert (found.lower, found.upper) == (2.5, 3.4)
    assert found.total == pytest.approx(2.95)
    assert found.coverage == pytest.approx(0.5)
    assert np.isnan(found.table.loc["w", "score"])
    assert np.isnan(evaluate_factors(weights, pd.Series(dtype=float), quadrants).total)


def test_the_matrix_of_david_2011_has_nine_cells_in_three_regions():
    scores = (3.5, 2.7, 1.5)
    regions = [[name_position(ife, efe).region for ife in scores] for efe in scores]
    grow, hold, harvest = "grow and build", "hold and maintain", "harvest or divest"
    assert regions == [[grow, grow, hold], [grow, hold, harvest], [hold, harvest, harvest]]
    assert name_position(3.0, 2.0).region == "grow and build"


def test_the_posture_is_the_side_of_the_average_on_which_each_score_lies():
    postures = {(3, 3): "SO", (2, 3): "WO", (3, 2): "ST", (2, 2): "WT", (2.5, 3): "average"}
    assert {pair: name_position(*pair).posture for pair in postures} == postures


def test_impossible_scores_weights_and_ratings_are_refused():
    with pytest.raises(MethodError, match="not both from 1 to 4"):
        name_position(np.nan, 2)
    with pytest.raises(MethodError, match="there are no factors"):
        evaluate_factors(pd.Series(dtype=float), pd.Series(dtype=float))
    with pytest.raises(MethodError) as refused:
        evaluate_factors(
            pd.Series({"law": 0.7, "credits": 0.7}), pd.Series({"law": 5, "credit": 1})
        )
    assert str(refused.value).splitlines() == [
        'ratings: no factor is called credit. Did you mean "credits"?',
        "weights of factors: they sum to 1.4 or hold one that is negative or missing. "
        "Divide them by their sum, so that together they are 1.",
        "ratings: 5 of law is not from 1 to 4. Use 1, 2, 3 or 4.",
    ]


# What always holds


@properly
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from([1, 2, 3, 4, None])), min_size=1, max_size=6
    ),
    st.integers(1, 4),
)
def test_the_interval_contains_the_total_of_every_rating(factors, fill):
    weights = pd.Series([w for w, _ in factors], dtype=float)
    ratings = pd.Series([r for _, r in factors], dtype=float)
    weights /= weights.sum()
    found = evaluate_factors(weights, ratings)
    filled = evaluate_factors(weights, ratings.fillna(fill))
    assert found.lower - 1e-9 <= filled.total <= found.upper + 1e-9
    reverse = evaluate_factors(weights[::-1], ratings)
    assert (reverse.lower, reverse.upper) == pytest.approx((found.lower, found.upper))
