"""Scenarios: what they do to the evidence, and that nothing is invented for them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis.benefits import next_steps
from mcanalysis.change import apply_scenario, changes_over_time, scenario_rows
from mcanalysis.compare import newest_evidence
from mcanalysis.errors import MethodError
from mcanalysis.study import check_study, read_study, write_study


def table(*rows):
    """Make a scenario of (system, dimension, level, note)."""
    return pd.DataFrame(rows, columns=["system_id", "dimension_id", "level", "note"])


BOLD = table(
    ("DE", "recognition", 3, "A law binds all."),
    ("NA", "recognition", 1, None),
    ("DE", "credits", 1, None),
    ("NA", "credits", 0, None),
)


@pytest.fixture
def small(folder):
    return read_study(folder)


def row(study, system, dimension):
    rows = newest_evidence(study).rows.set_index(["system_id", "dimension_id"])
    return rows.loc[(system, dimension)]


def test_each_row_of_a_scenario_is_told_by_its_effect(small):
    small.indicators.loc[0, "confidence"] = "low"
    found = scenario_rows(small, table(*BOLD.to_numpy(), ("EU", "credits", 0, None)))
    assert found["effect"].to_list() == ["raises", "confirms", "fills", "fills", "fills"]
    assert found["coded"].isna().to_list() == [False, False, True, True, True]
    lower = scenario_rows(
        small, table(("DE", "recognition", 1, None), ("NA", "recognition", 1, ""))
    )
    assert lower["effect"].to_list() == ["lowers", "confirms"]


def test_the_level_assumed_takes_the_place_of_the_newest_row(small):
    then = apply_scenario(small, BOLD)
    new = row(then, "DE", "recognition")
    assert (new["year"], new["level"]) == (2024, 3)
    assert (new["confidence"], new["comparable"]) == ("high", "no")
    assert new["statement"] == "Assumed, level 2 is coded: A law binds all."
    assert len(then.indicators) == len(small.indicators) + 2
    older = then.indicators.query("system_id == 'DE' and year == 2020")
    assert older["statement"].item() == "A fact, with a comma."


def test_a_gap_that_is_filled_gets_the_newest_year(small):
    new = row(apply_scenario(small, BOLD), "NA", "credits")
    assert (new["year"], new["level"], new["locator"]) == (2024, 0, "row 5")
    assert new["statement"] == "Assumed, nothing is coded."


def test_an_assumption_cites_no_source_but_itself(small):
    then = apply_scenario(small, BOLD)
    assert row(then, "DE", "recognition")["source_id"] == "scenario-what-if"
    source = then.sources.set_index("source_id").loc["scenario-what-if"]
    assert "assumed, not found in any source" in source["title"]
    assert pd.isna(source["url"])


def test_rows_that_change_nothing_keep_their_source(small):
    then = apply_scenario(small, table(("NA", "recognition", 1, "As now.")))
    assert then is small
    kept = row(apply_scenario(small, BOLD), "NA", "recognition")
    assert (kept["statement"], kept["source_id"]) == ("A fact.", "act")


def test_a_low_confidence_level_that_is_confirmed_is_not_varied_any_more(small):
    small.indicators.loc[0, "confidence"] = "low"
    then = newest_evidence(apply_scenario(small, table(("NA", "recognition", 1, None))))
    assert not then.low.loc["NA", "recognition"]
    assert newest_evidence(small).low.loc["NA", "recognition"]


def test_the_scenario_may_be_applied_at_an_earlier_year(small):
    then = apply_scenario(small, BOLD, as_of=2021)
    early = newest_evidence(then, 2021)
    assert early.levels.loc["DE"].to_list() == [3, 1]
    assert newest_evidence(then).levels.loc["DE", "recognition"] == 2
    assert early.rows["year"].max() <= 2021


def test_the_study_with_a_scenario_is_a_study(small, tmp_path):
    named = replace(small, scenarios={"bold": BOLD.astype({"level": "Int64"})})
    then = apply_scenario(named, "bold")
    write_study(then, tmp_path / "then")
    assert check_study(tmp_path / "then") == []
    for name, frame in then.tables().items():
        assert frame.dtypes.equals(getattr(small, name).dtypes), name
    again = apply_scenario(read_study(tmp_path / "then"), "bold")
    assert len(again.sources) == len(then.sources)


def test_a_scenario_file_is_applied_by_its_name(folder):
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "bold.csv").write_text(
        "system_id,dimension_id,level,note\nDE,recognition,3,A law.\n", encoding="utf-8"
    )
    then = apply_scenario(read_study(folder), "bold")
    new = row(then, "DE", "recognition")
    assert (new["level"], new["source_id"], new["locator"]) == (3, "scenario-bold", "row 2")


def test_no_change_over_the_years_is_read_from_an_assumption(study):
    bold = table(("DE", "definition-strategy", 3, None), ("AT", "recognition", 3, None))
    then = apply_scenario(study, bold)
    changed = changes_over_time(then).set_index(["system_id", "dimension_id"])["change"]
    assert changed.get(("DE", "definition-strategy"), pd.NA) is pd.NA
    took = next_steps(then, newest_evidence(then), "DE", "learners").loc["recognition", "took"]
    assert (
        took
        == next_steps(study, newest_evidence(study), "DE", "learners").loc["recognition", "took"]
    )


def test_the_study_itself_is_left_as_it_was(small):
    before = small.indicators.copy()
    apply_scenario(small, BOLD)
    pd.testing.assert_frame_equal(small.indicators, before)


def test_an_unknown_scenario_is_refused_with_the_nearest(small):
    with pytest.raises(MethodError, match=r'no scenario "bold", nor any other.*scenarios/bold.csv'):
        apply_scenario(small, "bold")
    named = replace(small, scenarios={"bold": BOLD})
    with pytest.raises(MethodError, match=r'no scenario "bald". Did you mean "bold"\?'):
        apply_scenario(named, "bald")


def test_everything_wrong_with_a_table_is_told_at_once(small):
    bad = table(
        ("DEE", "recognition", 3, None),
        ("DE", "recogntion", "much", None),
        ("NA", "credits", 4, None),
        ("NA", "credits", 1, None),
    )
    with pytest.raises(MethodError) as refused:
        apply_scenario(small, bad)
    said = str(refused.value).splitlines()
    assert len(said) == 5
    assert said[0] == 'Scenario, row 1: there is no system "DEE". Did you mean "DE"?'
    assert 'no dimension "recogntion". Did you mean "recognition"?' in said[1]
    assert 'level "much" is not a whole number from 0 to 3' in said[2]
    assert "row 3: level" in said[3]
    assert said[4] == "Scenario, row 4: NA and credits are there already."
    with pytest.raises(MethodError, match="no column level"):
        apply_scenario(small, bad.drop(columns="level"))


def test_a_source_of_that_name_is_not_taken_over(small):
    sources = small.sources.assign(source_id=["scenario-what-if", "news", "spare"])
    with pytest.raises(MethodError, match='another source "scenario-what-if"'):
        apply_scenario(replace(small, sources=sources), BOLD)
