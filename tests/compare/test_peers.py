"""Systems among each other: where they stand, who is surely higher, who has solved what."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.compare import (
    dominance,
    peer_range,
    ranked_systems,
    where_to_look,
    who_has_solved,
)
from mcanalysis.errors import MethodError
from tests.making import NONE, evidence_of, tables

properly = settings(deadline=None, max_examples=40)


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
@given(tables(), st.integers(1, 3))
def test_dominance_never_goes_both_ways(drawn, min_shared):
    evidence = evidence_of(*drawn)
    found = dominance(evidence, list(evidence.levels.index), min_shared).to_numpy()
    assert not (found & found.T).any()


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
