"""IFE and EFE: published, by hand, on the shipped evidence, and what always holds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.compare import ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.swot import (
    evaluate_factors,
    ife_efe,
    name_position,
    prioritise_factors,
    swot_matrix,
)

properly = settings(deadline=None, max_examples=40)
CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "reference" / "swot.json").read_text(encoding="utf-8")
    )
}


def rated_equally(study, system):
    """Priorities of a panel that finds all groups and all factors of a group the same."""
    board = swot_matrix(study, system)
    items = [*(q for q in board if len(board[q])), *pd.concat(board.values())["factor_id"]]
    panel = pd.DataFrame({"left": items, "value": 1.0}).assign(
        judge_id="j1", topic=system, kind="rating", right=None
    )
    return prioritise_factors(study, panel, system)


@pytest.fixture(scope="module")
def ireland(study):
    return rated_equally(study, "IE")


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


# The shipped evidence


def test_weights_are_the_priorities_of_each_side_and_ratings_follow_the_declared_rule(
    study, evidence, ireland
):
    ranked = ranked_systems(evidence)
    found = ife_efe(study, evidence, ireland, ranked)
    table = found.factors
    assert table.groupby("side")["weight"].sum().to_dict() == pytest.approx(
        {"inside": 1, "outside": 1}
    )
    share = ireland.factors.set_index("factor_id")["global"]
    inside = table[table["side"] == "inside"].set_index("factor_id")["weight"]
    np.testing.assert_allclose(inside, share[inside.index] / share[inside.index].sum())
    others = evidence.levels.loc[[s for s in ranked if s != "IE"]]
    for f in table.itertuples():
        level, median = evidence.levels.at["IE", f.dimension_id], others[f.dimension_id].median()
        if evidence.low.at["IE", f.dimension_id] or np.isnan(level):
            assert np.isnan(f.rating)
            continue
        top = level > median and not (others[f.dimension_id] > level).any()
        side = np.sign(level - median)
        wanted = {
            "strength": 4 if side > 0 else 3,
            "weakness": 1 if side < 0 else 2,
        }.get(f.quadrant, 4 if top else 2 + side)
        assert f.rating == wanted, f.factor_id
    assert table["derived"].all()
    assert found.notes == ()
    assert found.inside.total == pytest.approx(
        (table["weight"] * table["rating"])[table["side"] == "inside"].sum()
    )


def test_given_ratings_take_the_place_of_derived_ones(study, evidence, ireland):
    given = dict.fromkeys(ireland.factors["factor_id"], 2)
    found = ife_efe(study, evidence, ireland, ranked_systems(evidence), given)
    assert not found.factors["derived"].any()
    assert (found.inside.total, found.outside.total) == (2, 2)
    assert found.position.posture == "WT"
    assert found.sure
    strengths = (ireland.factors["quadrant"] == "strength").sum()
    assert len(found.notes) == strengths
    some = ife_efe(study, evidence, ireland, ranked_systems(evidence), {"ie-t01": 1})
    told = some.factors.set_index("factor_id")
    assert told.loc["ie-t01", ["rating", "derived", "rule"]].to_list() == [1, False, "given"]
    assert told["derived"].sum() == len(told) - 1


def test_a_posture_that_a_missing_rating_may_change_is_not_sure(study, evidence):
    ranked = ranked_systems(evidence)
    found = ife_efe(study, evidence, rated_equally(study, "DE"), ranked)
    assert found.inside.coverage < 1
    assert found.inside.lower < 2.5 < found.inside.upper
    assert not found.sure


def test_ratings_that_cannot_be_derived_are_asked_for(study, evidence, ireland):
    ranked = ranked_systems(evidence)
    with pytest.raises(MethodError) as refused:
        ife_efe(study, evidence, rated_equally(study, "EU"), ranked)
    lines = str(refused.value).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("EU: no rating of eu-s01, ")
    assert all(line.endswith("Give ratings.") for line in lines)
    with pytest.raises(MethodError) as refused:
        ife_efe(study, evidence, ireland, ranked, {"ie-s1": 3, "ie-s01": 7})
    told = str(refused.value)
    assert 'ie-s1 is no factor of IE. Did you mean "ie-s01"?' in told
    assert "7 of ie-s01 is not from 1 to 4" in told


def test_every_board_with_two_sides_is_evaluated_or_asks_for_ratings(study, evidence):
    ranked = ranked_systems(evidence)
    for system in ranked:
        if swot_matrix(study, system)["strength"].empty:
            continue
        found = ife_efe(study, evidence, rated_equally(study, system), ranked)
        for side in (found.inside, found.outside):
            assert 1 <= side.lower <= side.total <= side.upper <= 4
            assert (side.lower == side.upper) == (side.coverage == pytest.approx(1))


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
