"""Levels of several years compared: by hand and on the shipped evidence."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from mcanalysis.change import changes_over_time
from mcanalysis.compare import newest_evidence


def series(study, *rows):
    """Make a study with indicators of (system, dimension, year, level, comparable)."""
    columns = ["system_id", "dimension_id", "year", "level", "comparable"]
    frame = pd.DataFrame(rows, columns=columns).astype({"year": "Int64", "level": "Int64"})
    frame["statement"] = [f"Fact {i}." for i in range(len(frame))]
    frame = frame.assign(source_id="act", locator="p. 1", confidence="high")
    return replace(study, indicators=frame[study.indicators.columns])


def test_the_first_year_is_compared_with_the_newest(study):
    table = changes_over_time(
        series(
            study,
            ("DE", "recognition", 2024, 3, "yes"),
            ("DE", "recognition", 2020, 1, "yes"),
            ("DE", "recognition", 2022, 2, "yes"),
            ("DE", "legislation", 2022, 2, "yes"),
        )
    )
    assert len(table) == 1
    row = table.iloc[0]
    assert (row["first_year"], row["first_level"], row["first_statement"]) == (2020, 1, "Fact 1.")
    assert (row["last_year"], row["last_level"], row["last_statement"]) == (2024, 3, "Fact 0.")
    assert (row["years"], row["change"]) == (3, 2)


def test_a_row_that_is_not_comparable_is_left_out_of_the_comparison(study):
    table = changes_over_time(
        series(
            study,
            ("DE", "recognition", 2020, 2, "yes"),
            ("DE", "recognition", 2022, 3, "yes"),
            ("DE", "recognition", 2024, 1, "no"),
        )
    )
    row = table.iloc[0]
    assert (row["last_year"], row["last_level"], row["change"], row["years"]) == (2022, 3, 1, 3)


def test_no_change_is_read_where_fewer_than_two_rows_are_comparable(study):
    table = changes_over_time(
        series(
            study,
            ("DE", "recognition", 2020, 2, "yes"),
            ("DE", "recognition", 2024, 1, "no"),
        )
    )
    row = table.iloc[0]
    assert row["change"] is pd.NA
    assert (row["first_level"], row["last_level"]) == (2, 1)


def test_later_years_can_be_left_out(study):
    changed = series(
        study,
        ("DE", "recognition", 2020, 1, "yes"),
        ("DE", "recognition", 2022, 2, "yes"),
        ("DE", "recognition", 2024, 3, "yes"),
    )
    assert changes_over_time(changed, 2023)["change"].to_list() == [1]
    assert changes_over_time(changed, 2021).empty


def test_rows_stand_in_the_order_of_the_study(study):
    table = changes_over_time(study)
    systems, dimensions = list(study.systems["system_id"]), list(study.dimensions["dimension_id"])
    places = [
        (systems.index(s), dimensions.index(d))
        for s, d in zip(table["system_id"], table["dimension_id"], strict=True)
    ]
    assert places == sorted(places)


def test_one_of_six_dimensions_of_germany_moved(study):
    table = changes_over_time(study)
    germany = table[table["system_id"] == "DE"]
    assert len(germany) == 6
    moved = germany[germany["change"] != 0]
    assert moved["dimension_id"].to_list() == ["definition-strategy"]
    assert moved[["first_level", "last_level"]].to_numpy().tolist() == [[1, 2]]


def test_three_shipped_series_tell_no_change(study):
    table = changes_over_time(study)
    assert len(table) == 74
    assert int(table["change"].isna().sum()) == 3


def test_the_newest_comparable_row_is_the_one_that_counts_now(study, evidence):
    table = changes_over_time(study)
    told = table[table["change"].notna()]
    now = newest_evidence(study).rows.set_index(["system_id", "dimension_id"])
    rows = now.loc[pd.MultiIndex.from_frame(told[["system_id", "dimension_id"]])]
    comparable = (rows["comparable"] == "yes").to_numpy()
    assert (told["last_level"].to_numpy() == rows["level"].to_numpy())[comparable].all()
