"""Systems evaluated on the shipped evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mcanalysis.compare import ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.swot import ife_efe, prioritise_factors, swot_matrix


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
