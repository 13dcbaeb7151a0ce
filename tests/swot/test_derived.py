"""Coded factors against what the indicators suggest: by hand and on the shipped evidence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mcanalysis.compare import newest_evidence, ranked_systems
from mcanalysis.errors import MethodError
from mcanalysis.swot import derived_factors, disagreements, hold_against

DIMENSIONS = list("abcdefghij")
MEDIAN = 1  # of Y, Z and V on every dimension


def indicator(system, dimension, level, year=2024, confidence="high", comparable="yes"):
    return {
        "system_id": system, "dimension_id": dimension, "year": year, "level": level,
        "statement": "A fact.", "source_id": f"s{year}", "locator": "p. 1",
        "confidence": confidence, "comparable": comparable,
    }  # fmt: skip


def held(study, rows, coded, as_of=None):
    """Hold factors (quadrant, dimension) of X against rows, others being at level 1."""
    first = study.dimensions.iloc[0]
    dimensions = pd.DataFrame([first] * len(DIMENSIONS)).assign(dimension_id=DIMENSIONS)
    others = [indicator(s, d, MEDIAN, 2020) for s in ("Y", "Z", "V") for d in DIMENSIONS[:-1]]
    table = pd.DataFrame([*rows, *others]).astype({"level": "Int64", "year": "Int64"})
    factors = pd.DataFrame(coded, columns=["quadrant", "dimension_id"])
    factors["factor_id"] = [f"f{i}" for i in range(len(factors))]
    small = replace(
        study,
        systems=pd.DataFrame([study.systems.iloc[0]] * 4).assign(system_id=list("XYZV")),
        dimensions=dimensions,
        indicators=table,
        swot_factors=factors.assign(system_id="X"),
    )
    found = hold_against(small, newest_evidence(small, as_of), "X", list("XYZV"))
    return {(f.dimension_id, f.quadrant): f for f in found.itertuples()}


def test_each_finding_by_hand(study):
    rows = [indicator("X", d, level) for d, level in zip("abcdef", [2, 2, 0, 0, 1, 1], strict=True)]
    coded = [
        ("strength", "a"), ("strength", "a"), ("weakness", "b"), ("strength", "c"),
        ("weakness", "d"), ("strength", "e"), ("weakness", "g"),
    ]  # fmt: skip
    found = held(study, rows, coded)
    assert {key: f.finding for key, f in found.items()} == {
        ("a", "strength"): "agreement",
        ("b", "strength"): "blind spot",
        ("b", "weakness"): "contradiction",
        ("c", "strength"): "contradiction",
        ("c", "weakness"): "blind spot",
        ("d", "weakness"): "agreement",
        ("e", "strength"): "unsupported",
        ("g", "weakness"): "unsupported",
    }
    assert found["a", "strength"].factor_ids == "f0;f1"
    assert found["b", "strength"].factor_ids == ""
    assert found["a", "strength"].rule == "level 2, above the median 1 of the ranked systems"
    assert found["g", "weakness"].rule == "no level"
    assert np.isnan(found["g", "weakness"].level)
    told = found["d", "weakness"]
    assert (told.year, told.source_id, told.locator) == (2024, "s2024", "p. 1")


def test_at_the_median_a_level_that_moved_suggests_a_factor_in_motion(study):
    rows = [indicator("X", d, MEDIAN) for d in "ab"]
    rows += [indicator("X", "a", 0, 2019), indicator("X", "b", 3, 2018)]
    found = held(study, rows, [("weakness", "a"), ("weakness", "b")])
    assert {key: f.finding for key, f in found.items()} == {
        ("a", "strength"): "blind spot",
        ("a", "weakness"): "unsupported",  # a rise to the median does not contradict it
        ("b", "weakness"): "agreement",
    }
    risen = found["a", "strength"]
    assert risen.rule == "level 1, at the median 1 of the ranked systems, up from 0 in 2019"
    assert risen.since == 2019
    assert found["b", "weakness"].rule.endswith("down from 3 in 2018")


@pytest.mark.parametrize(
    "earlier",
    [
        indicator("X", "a", 0, 2019, confidence="low"),
        indicator("X", "a", 0, 2019, comparable="no"),
        indicator("X", "a", 1, 2019),
    ],
    ids=["low confidence", "not comparable", "no change"],
)
def test_no_change_is_read_from_a_row_that_does_not_bear_it(study, earlier):
    found = held(study, [indicator("X", "a", 1), earlier], [("strength", "a")])
    assert found["a", "strength"].finding == "unsupported"
    assert pd.isna(found["a", "strength"].since)


def test_no_change_is_read_where_the_newest_row_is_not_comparable(study):
    rows = [indicator("X", "a", 0, 2018), indicator("X", "a", 1, 2020)]
    rows.append(indicator("X", "a", 1, 2024, comparable="no"))
    assert held(study, rows, [("strength", "a")])["a", "strength"].finding == "unsupported"
    earlier = held(study, rows, [("strength", "a")], as_of=2021)
    assert earlier["a", "strength"].finding == "agreement"


def test_the_level_outweighs_the_change(study):
    rows = [indicator("X", "a", 0), indicator("X", "a", 3, 2019)]
    rows += [indicator("X", "b", 2), indicator("X", "b", 3, 2019)]
    found = held(study, rows, [("strength", "b")])
    assert found["a", "weakness"].finding == "blind spot"
    assert found["b", "strength"].finding == "agreement"
    assert found["b", "strength"].rule.endswith("above the median 1 of the ranked systems, "
                                                "down from 3 in 2019")  # fmt: skip


def test_low_confidence_and_a_level_without_peers_suggest_nothing(study):
    rows = [indicator("X", "a", 3, confidence="low"), indicator("X", "j", 3)]
    found = held(study, rows, [("strength", "a"), ("weakness", "j")])
    assert {f.finding for f in found.values()} == {"unsupported"}
    assert found["a", "strength"].rule == "level 3, of low confidence"
    assert found["j", "weakness"].rule == "level 3, and no other ranked system has one"


# The shipped evidence


def test_contradictions_are_the_disagreements_that_rest_on_firm_levels(study, evidence):
    ranked = ranked_systems(evidence)
    for system in ranked:
        found = hold_against(study, evidence, system, ranked)
        told = found.loc[found["finding"] == "contradiction", "factor_ids"]
        ids = {f for some in told for f in some.split(";")}
        against = disagreements(study, evidence, system, ranked)
        firm = ~against["dimension_id"].map(evidence.low.loc[system])
        assert ids == set(against.loc[firm, "factor_id"])


def test_every_inside_factor_stands_in_one_finding(study, evidence):
    ranked = ranked_systems(evidence)
    factors = study.swot_factors
    inside = factors[factors["quadrant"].isin(["strength", "weakness"])]
    for system in factors["system_id"].unique():
        found = hold_against(study, evidence, system, ranked)
        ids = [f for some in found["factor_ids"] for f in some.split(";") if f]
        assert sorted(ids) == sorted(inside.loc[inside["system_id"] == system, "factor_id"])
        blank = found["finding"] == "blind spot"
        assert (found["factor_ids"].eq("") == blank).all()


def test_every_factor_derived_from_a_level_agrees_or_is_a_blind_spot(study, evidence):
    ranked = ranked_systems(evidence)
    for system in ranked:
        found = hold_against(study, evidence, system, ranked)
        found = found[found["finding"].isin(["agreement", "blind spot"])]
        suggested = set(zip(found["dimension_id"], found["quadrant"], strict=True))
        derived = derived_factors(evidence, system, ranked)
        by_level = set(zip(derived["dimension_id"], derived["quadrant"], strict=True))
        assert by_level <= suggested
        at_median = found[found["level"] == found["median"]]
        assert len(suggested) - len(by_level) == len(at_median)
        assert at_median["since"].notna().all()


def test_a_system_without_evidence_supports_nothing(study, evidence):
    found = hold_against(study, evidence, "EU", ranked_systems(evidence))
    assert set(found["finding"]) == {"unsupported"}
    assert set(found["rule"]) == {"no level"}
    assert found["year"].isna().all()


def test_an_unknown_system_is_refused(study, evidence):
    with pytest.raises(MethodError, match='no system "XX"'):
        hold_against(study, evidence, "XX", ["DE"])
