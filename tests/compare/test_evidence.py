"""What counts at a date, and who has enough evidence to be ranked."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis.compare import newest_evidence, ranked_systems
from mcanalysis.compare.evidence import check_known
from mcanalysis.errors import MethodError
from tests.making import evidence_of

NONE = float("nan")


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


def test_only_systems_with_enough_dimensions_are_ranked():
    evidence = evidence_of([[1, 2, 3], [1, NONE, 3], [NONE, NONE, 0]])
    assert ranked_systems(evidence, 3) == ["S0"]
    assert ranked_systems(evidence, 2) == ["S0", "S1"]


@pytest.mark.parametrize("wrong", [0, 12, -1])
def test_min_dimensions_out_of_range_is_refused(evidence, wrong):
    with pytest.raises(MethodError, match=rf"min_dimensions is {wrong}.*from 1 to 11"):
        ranked_systems(evidence, wrong)


def test_all_unknown_names_are_told_at_once():
    with pytest.raises(MethodError) as error:
        check_known("system", ["DEE", "XX", "FR"], ["DE", "FR"])
    assert str(error.value).split("\n") == [
        'There is no system "DEE". Did you mean "DE"?',
        'There is no system "XX". Choose from: DE, FR.',
    ]
