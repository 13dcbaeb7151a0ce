"""Board, pairs, disagreements and derived factors: by hand and on the shipped evidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mcanalysis.compare import Evidence, ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.swot import (
    GROUPS,
    derived_factors,
    disagreements,
    shared_benefits,
    swot_matrix,
    tows_pairs,
)


def factors(*rows):
    """Make factors of DE from (factor_id, quadrant, dimension_id, stakeholders, confidence)."""
    columns = ["factor_id", "quadrant", "dimension_id", "stakeholders", "confidence"]
    frame = pd.DataFrame(rows, columns=columns).assign(system_id="DE", statement="A factor.")
    return frame.assign(source_id="act", locator="p. 1")


@pytest.fixture(scope="module")
def small(study):
    """A study in which one benefit joins a and b, and another joins b and c more strongly."""
    return replace(
        study,
        dimensions=study.dimensions.iloc[:4].assign(dimension_id=["a", "b", "c", "d"]),
        benefits=pd.DataFrame(
            [["l1", "learners"], ["h1", "hei"]], columns=["benefit_id", "stakeholder_id"]
        ),
        benefit_enablers=pd.DataFrame(
            [["l1", "a", 1], ["l1", "b", 2], ["h1", "b", 3], ["h1", "c", 2]],
            columns=["benefit_id", "dimension_id", "strength"],
        ).astype({"strength": "Int64"}),
    )


def test_the_board_has_four_quadrants_in_the_order_of_the_dimensions(study):
    order = list(study.dimensions["dimension_id"])
    for system in ("DE", "IE", "BG"):
        board = swot_matrix(study, system)
        assert list(board) == ["strength", "weakness", "opportunity", "threat"]
        for quadrant, some in board.items():
            assert (some["system_id"] == system).all()
            assert (some["quadrant"] == quadrant).all()
            places = some["dimension_id"].map(order.index).to_list()
            assert places == sorted(places)
    assert sum(len(some) for some in swot_matrix(study, "DE").values()) == 31


def test_a_system_without_factors_has_an_empty_board(study):
    assert all(some.empty for some in swot_matrix(study, "BG").values())
    pairs = tows_pairs(study, "BG")
    assert pairs.empty
    assert "shown" in pairs


def test_an_unknown_system_is_refused(study, evidence):
    for call in (swot_matrix, tows_pairs):
        with pytest.raises(MethodError, match='no system "XX"'):
            call(study, "XX")
    with pytest.raises(MethodError, match='no system "XX"'):
        disagreements(study, evidence, "XX", ["DE"])
    with pytest.raises(MethodError, match='no system with evidence "EU"'):
        derived_factors(evidence, "EU", ["DE"])


def test_shared_benefits_take_the_smaller_strength(small):
    found = shared_benefits(small)
    assert found["a", "b"] == found["b", "a"] == {"learners": {"l1": 1}}
    assert found["b", "c"] == {"hei": {"h1": 2}}
    assert found["b", "b"] == {"learners": {"l1": 2}, "hei": {"h1": 3}}
    assert ("a", "c") not in found


def test_factors_are_related_by_dimension_or_by_benefits_of_whom_both_name(small):
    study = replace(
        small,
        swot_factors=factors(
            ("s-a", "strength", "a", "learners", "high"),
            ("s-b", "strength", "b", "learners;hei", "high"),
            ("s-d", "strength", "d", None, "high"),
            ("o-b", "opportunity", "b", "hei;learners", "high"),
            ("o-c", "opportunity", "c", "learners", "high"),  # h1 is not the learners'
            ("o-d", "opportunity", "d", "hei", "high"),
        ),
    )
    pairs = tows_pairs(study, "DE")
    assert (pairs["group"] == "use").all()
    told = pairs.set_index(["inside", "outside"])[["relation", "strength", "stakeholders"]]
    assert {pair: tuple(row) for pair, row in told.iterrows()} == {
        ("s-b", "o-b"): ("same dimension", 5, "learners;hei"),
        ("s-d", "o-d"): ("same dimension", 0, ""),
        ("s-a", "o-b"): ("shared benefits", 1, "learners"),
    }
    assert pairs["benefits"].to_list() == ["l1;h1", "", "l1"]
    assert pairs["shown"].to_list() == [True, True, False]


def test_pairs_go_by_relation_strength_stakeholders_confidence_and_ids(small):
    study = replace(
        small,
        swot_factors=factors(
            ("w2", "weakness", "d", "hei", "high"),
            ("w1", "weakness", "d", "hei", "medium"),
            ("w3", "weakness", "d", "hei;learners", "low"),
            ("w4", "weakness", "b", "learners", "low"),
            ("t1", "threat", "d", "hei;learners", "high"),
            ("t2", "threat", "b", "learners", "high"),
        ),
    )
    pairs = tows_pairs(study, "DE")
    found = list(zip(pairs["inside"], pairs["outside"], strict=True))
    assert found == [("w4", "t2"), ("w3", "t1"), ("w2", "t1"), ("w1", "t1")]
    assert pairs["shown"].to_list() == [True, True, False, False]


@pytest.mark.parametrize(
    ("group", "same", "shared"),
    [("use", 6, 28), ("mend", 5, 12), ("guard", 7, 7), ("retreat", 4, 5)],
)
def test_pairs_of_germany(study, group, same, shared):
    pairs = tows_pairs(study, "DE")
    counts = pairs.loc[pairs["group"] == group, "relation"].value_counts()
    assert counts.to_dict() == {"same dimension": same, "shared benefits": shared}


def test_shown_pairs_repeat_no_factor_and_no_dimension(study):
    of = study.swot_factors.set_index("factor_id")["dimension_id"]
    for system in study.swot_factors["system_id"].unique():
        pairs = tows_pairs(study, system)
        for group in GROUPS:
            shown = pairs[(pairs["group"] == group) & pairs["shown"]]
            assert len(shown) <= 2
            assert shown["inside"].is_unique
            assert shown["outside"].is_unique
            dimensions = [{of[p.inside], of[p.outside]} for p in shown.itertuples()]
            assert sum(len(d) for d in dimensions) == len(set().union(*dimensions))


def test_a_related_pair_is_shown_in_every_group_that_has_one(study):
    pairs = tows_pairs(study, "DE")
    assert set(pairs.loc[pairs["shown"], "group"]) == set(pairs["group"]) == set(GROUPS)


def test_every_pair_has_an_inside_and_an_outside_factor(study):
    quadrant = study.swot_factors.set_index("factor_id")["quadrant"]
    pairs = tows_pairs(study, "DE")
    for group, (inside, outside) in GROUPS.items():
        some = pairs[pairs["group"] == group]
        assert (some["inside"].map(quadrant) == inside).all()
        assert (some["outside"].map(quadrant) == outside).all()


def test_board_and_levels_disagree_in_twelve_of_twenty_ranked_systems(study, evidence):
    ranked = ranked_systems(evidence)
    found = {s: disagreements(study, evidence, s, ranked) for s in ranked}
    assert sum(not table.empty for table in found.values()) == 12
    for table in found.values():
        strength = table["quadrant"] == "strength"
        assert (table.loc[strength, "level"] < table.loc[strength, "median"]).all()
        assert (table.loc[~strength, "level"] > table.loc[~strength, "median"]).all()
    assert found["DE"]["factor_id"].to_list() == ["de-s05", "de-s02", "de-s09", "de-s01"]


def test_nothing_disagrees_where_there_is_no_evidence(study, evidence):
    table = disagreements(study, evidence, "EU", ranked_systems(evidence))
    assert table.empty
    assert {"level", "median"} <= set(table)


def test_factors_are_derived_from_levels_that_differ_from_the_median():
    columns = ["a", "b", "c", "d", "e"]
    levels = pd.DataFrame(
        [[3, 0, 2, 3, 1], [1, 1, 2, 1, np.nan], [2, 1, 2, 1, np.nan]],
        index=["X", "Y", "Z"],
        columns=columns,
    )
    low = pd.DataFrame(False, index=levels.index, columns=columns)
    low.loc["X", "d"] = True
    rows = pd.DataFrame(
        {
            "system_id": "X",
            "dimension_id": columns,
            "year": 2020,
            "level": pd.array([3, 0, 2, 3, 1], dtype="Int64"),
            "statement": "A fact.",
            "source_id": "act",
            "locator": "p. 1",
            "confidence": ["high", "medium", "high", "low", "high"],
        }
    )
    table = derived_factors(Evidence(rows, levels, low, 2020), "X", ["X", "Y", "Z"])
    assert table["dimension_id"].to_list() == ["a", "b"]
    assert table["quadrant"].to_list() == ["strength", "weakness"]
    assert table["median"].to_list() == [1.5, 1]
    assert table["rule"].to_list() == [
        "level 3, above the median 1.5 of the ranked systems",
        "level 0, below the median 1 of the ranked systems",
    ]


def test_low_confidence_derives_no_factor(evidence):
    ranked = ranked_systems(evidence)
    for system in evidence.levels.index:
        assert (derived_factors(evidence, system, ranked)["confidence"] != "low").all()
