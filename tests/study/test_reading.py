from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcanalysis.errors import DataError
from mcanalysis.model import ANALYST_JUDGEMENT, TABLES, Column, Study, Table
from mcanalysis.study import (
    check_study,
    read_study,
    study_digests,
    write_study,
)
from mcanalysis.study.cells import trim
from mcanalysis.study.kinds import closed, read_texts
from mcanalysis.study.reading import TEXT


def frames(study: Study) -> dict[str, pd.DataFrame]:
    inside = {f"panels.{name}": frame for name, frame in study.panels.items()}
    inside |= {f"scenarios.{name}": frame for name, frame in study.scenarios.items()}
    return study.tables() | inside


def assert_same(one: Study, other: Study) -> None:
    left, right = frames(one), frames(other)
    assert left.keys() == right.keys()
    for name, frame in left.items():
        pd.testing.assert_frame_equal(frame, right[name], obj=name)


PANEL = """\
judge_id,stakeholder_id,topic,kind,left,right,value,illustrative
j1,learners,dimensions,pairwise,recognition,credits,0.3333333333333333,yes
j1,learners,dimensions,rating,recognition,,70,yes
"""
SCENARIO = "system_id,dimension_id,level,note\nDE,credits,3,If they did.\n"


@pytest.fixture
def full_folder(folder: Path) -> Path:
    for name, text in {"panels/delphi": PANEL, "scenarios/bold": SCENARIO}.items():
        file = folder / f"{name}.csv"
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
    return folder


# Reading


def test_the_shipped_study_has_no_problem() -> None:
    assert check_study("data") == []


def test_columns_have_the_types_that_are_declared(study: Study) -> None:
    for name, frame in study.tables().items():
        assert frame.columns.tolist() == TABLES[name].column_names
        for column in TABLES[name].columns:
            expected = "Int64" if column.kind == "integer" else TEXT
            assert frame[column.name].dtype == expected, (name, column.name)


def test_the_id_na_is_an_id_and_empty_is_missing(folder: Path) -> None:
    study = read_study(folder)
    assert study.systems["system_id"].tolist() == ["EU", "NA", "DE"]
    assert study.indicators.loc[0, "system_id"] == "NA"
    assert study.systems["tile_row"].isna().tolist() == [True, False, False]
    assert study.swot_factors["stakeholders"].isna().tolist() == [False, True]
    assert not any((frame == "").any(axis=None) for frame in study.tables().values())


def test_panels_and_scenarios_are_read_by_name(full_folder: Path) -> None:
    study = read_study(full_folder)
    assert study.panels["delphi"]["value"].tolist() == [0.3333333333333333, 70.0]
    assert study.scenarios["bold"]["level"].tolist() == [3]
    assert study.panels["delphi"]["right"].isna().tolist() == [False, True]


def test_a_workbook_is_a_study_too(full_folder: Path, tmp_path: Path) -> None:
    study = read_study(full_folder)
    write_study(study, tmp_path / "s.xlsx")
    assert_same(read_study(tmp_path / "s.xlsx"), study)
    assert check_study(tmp_path / "s.xlsx") == []


def test_problems_of_a_workbook_name_its_sheets(folder: Path, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "s.xlsx"
    write_study(read_study(folder), path)
    book = openpyxl.load_workbook(path)
    book["indicators"]["D2"] = pd.Timestamp("2026-03-01").to_pydatetime()
    book["indicators"]["D3"] = 2.0
    book["indicators"]["D3"].number_format = "0.0"
    book["indicators"]["F4"] = "newss"
    book["sources"]["I2"] = "=A1"
    book["sources"]["H2"] = pd.Timestamp("2024-05-01").to_pydatetime()
    book.create_sheet("Notes")["A1"] = "mine"
    book.create_sheet("sources (2)")
    book.save(path)
    assert [str(problem) for problem in check_study(path)] == [
        's.xlsx, sheet "sources (2)": is not a table of a study, but nearly has the name of one. '
        'Did you mean "sources"? Rename it, or take it out of the study.',
        's.xlsx, sheet "indicators", row 2, column level: "2026-03-01 00:00:00" looks like a date '
        "that a spreadsheet made of something like 1-3. Format the column as text and type the "
        "value again.",
        's.xlsx, sheet "indicators", row 4, column source_id: "newss" is not in s.xlsx, sheet '
        '"sources". Did you mean "news"? Correct it, or add a row to s.xlsx, sheet "sources".',
        's.xlsx, sheet "sources", row 2, column note: "=A1" is a formula. Copy the column and '
        "paste it as values: a study holds no formulas.",
    ]


# Checking


def edit(folder: Path, name: str, change: Callable[[str], str]) -> None:
    file = folder / f"{name}.csv"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def test_all_problems_come_at_once_in_the_order_of_files_rows_and_columns(folder: Path) -> None:
    edit(folder, "sources", lambda text: text.replace("2019", "old").replace("https", "ftp"))
    edit(folder, "indicators", lambda text: text.replace(",1,A", ",three,A").replace("news", "no"))
    edit(folder, "systems", lambda text: text.replace("other", "Other"))
    found = [(p.file, p.row, p.column, p.value) for p in check_study(folder)]
    assert found == [
        ("systems.csv", 3, "region", "Other"),
        ("indicators.csv", 2, "level", "three"),
        ("indicators.csv", 4, "source_id", "no"),
        ("sources.csv", 2, "year", "old"),
        ("sources.csv", 2, "url", "ftp://example.org/act"),
    ]


def test_the_message_for_a_level_is_the_one_of_the_house(folder: Path) -> None:
    edit(folder, "indicators", lambda text: text.replace(",1,A", ",three,A"))
    assert [str(problem) for problem in check_study(folder)] == [
        'indicators.csv, row 2, column level: "three" is not a whole number from 0 to 3. '
        "Write 0, 1, 2 or 3, or leave the row out if there is no evidence."
    ]


def test_reading_raises_what_checking_lists(folder: Path) -> None:
    edit(folder, "indicators", lambda text: text.replace(",1,A", ",three,A"))
    with pytest.raises(DataError) as caught:
        read_study(folder)
    assert list(caught.value.problems) == check_study(folder)


def test_a_missing_table_is_one_problem_and_no_flood(folder: Path) -> None:
    (folder / "sources.csv").unlink()
    (problem,) = check_study(folder)
    assert problem.file == "sources.csv"
    assert "source_id,title,publisher" in problem.mend


def test_a_table_that_breaks_off_does_not_make_its_references_wrong(folder: Path) -> None:
    edit(folder, "sources", lambda text: text.replace("act,The", 'act,"The'))
    assert [(p.file, p.row) for p in check_study(folder)] == [("sources.csv", 2)]


# Writing


def test_writing_the_shipped_study_gives_the_shipped_bytes(study: Study, tmp_path: Path) -> None:
    write_study(study, tmp_path / "copy")
    copy = tmp_path / "copy"
    written = [file.relative_to(copy) for file in sorted(copy.rglob("*.*")) if file.is_file()]
    assert Path("panels", "illustrative.csv") in written
    for file in written:
        assert (copy / file).read_bytes() == Path("data", file).read_bytes(), file


def test_a_folder_is_written_with_panels_scenarios_and_descriptor(
    full_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "new" / "place"
    write_study(read_study(full_folder), target)
    assert (target / "panels" / "delphi.csv").read_text(encoding="utf-8") == PANEL
    package = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))
    assert all((target / resource["path"]).is_file() for resource in package["resources"])
    assert_same(read_study(target), read_study(full_folder))


def test_writing_over_a_study_leaves_nothing_beside_it(folder: Path) -> None:
    before = {*os.listdir(folder), "datapackage.json"}
    study = read_study(folder)
    write_study(study, folder)
    assert set(os.listdir(folder)) == before
    assert_same(read_study(folder), study)


def test_what_could_not_be_read_back_is_not_written(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder)
    bad = study.indicators.assign(level=7)
    with pytest.raises(DataError, match="row 2, column level") as caught:
        write_study(replace(study, indicators=bad), tmp_path / "new")
    assert len(caught.value.problems) == 3
    assert not (tmp_path / "new").exists()


def test_a_column_of_ones_own_is_refused_and_not_lost(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder)
    with pytest.raises(DataError, match='"mine" is not a column of systems'):
        write_study(replace(study, systems=study.systems.assign(mine="x")), tmp_path / "new")


def test_a_panel_that_is_there_already_is_neither_adopted_nor_removed(full_folder: Path) -> None:
    study = replace(read_study(full_folder), panels={})
    with pytest.raises(DataError, match=r"panels/delphi\.csv: is there already"):
        write_study(study, full_folder)
    assert (full_folder / "panels" / "delphi.csv").exists()


@pytest.mark.parametrize(
    ("target", "length", "reason"),
    [("s.xlsx", 32_768, "a workbook holds 32,767"), ("s", 100_001, "a cell may have 100,000")],
)
def test_text_that_a_file_would_cut_off_is_refused(
    folder: Path, tmp_path: Path, target: str, length: int, reason: str
) -> None:
    study = read_study(folder)
    long = study.sources.assign(note="x" * length)
    with pytest.raises(DataError, match=reason):
        write_study(replace(study, sources=long), tmp_path / target)
    write_study(replace(study, sources=long.assign(note="x" * (length - 1))), tmp_path / target)


def test_names_that_sheets_and_files_confuse_are_refused(full_folder: Path, tmp_path: Path) -> None:
    study = read_study(full_folder)
    panel = study.panels["delphi"]
    for names in (["a", "A"], ["two words"], ["a" * 30]):
        with pytest.raises(DataError, match="panels"):
            write_study(replace(study, panels=dict.fromkeys(names, panel)), tmp_path / "s.xlsx")


def test_a_place_that_cannot_be_written_is_a_problem(folder: Path) -> None:
    with pytest.raises(DataError, match="cannot be written"):
        write_study(read_study(folder), folder / "systems.csv")


def texts(column: Column) -> st.SearchStrategy[str]:
    """Text as awkward as a valid cell may be."""
    letters = st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")
    awkward = st.sampled_from(
        ["=1+1", "+1", "-1", "@SUM(A1)", "1-3", '"', ",", ";", "a\nb", "NA", "-", "'", "_x0041_"]
    )
    before = st.one_of(st.just(""), st.text(letters, max_size=4))
    parts = st.tuples(before, awkward, st.text(letters, max_size=2))
    return parts.map(lambda found: closed(trim("".join(found)))).filter(
        lambda text: not read_texts(column, [text])[1]
    )


IDS = (
    st.from_regex(re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,6}"), fullmatch=True)
    .filter(lambda text: not read_texts(Column("id", "", "id"), [text])[1])
    .filter(lambda text: text != ANALYST_JUDGEMENT)
)


def cells(column: Column, known: dict[str, list[str]]) -> st.SearchStrategy[Any]:
    if column.refers and column.kind == "list":
        values: st.SearchStrategy[Any] = st.lists(
            st.sampled_from(known[column.refers]), min_size=1, unique=True
        ).map(";".join)
    elif column.refers:
        values = st.sampled_from([*known[column.refers], *column.besides])
    elif column.kind == "integer":
        top = column.maximum if column.maximum is not None else 99
        values = st.integers(column.minimum or 0, top)
    elif column.kind == "number":
        values = st.floats(0, exclude_min=True, allow_infinity=False, allow_nan=False)
    elif column.kind == "choice":
        values = st.sampled_from(column.choices)
    elif column.kind == "date":
        values = st.dates().map(str)
    elif column.kind == "url":
        values = texts(column).map(lambda text: f"https://e.org/{re.sub(r'[^!-~]', '', text)}")
    else:
        values = IDS if column.kind == "id" else texts(column)
    return values if column.required else st.one_of(st.none(), values)


@st.composite
def tables(draw: st.DrawFn, table: Table, known: dict[str, list[str]]) -> pd.DataFrame:
    row = st.fixed_dictionaries({c.name: cells(c, known) for c in table.columns})
    key = st.lists(
        row,
        min_size=table.needed or table.name in ("sources", "stakeholders", "benefits"),
        max_size=2,
        unique_by=lambda cell: tuple(cell[name] for name in table.key),
    )
    rows = draw(key)
    for number, each in enumerate(rows):
        if table.name == "systems":
            has_tile = each["tile_column"] is not None
            each["tile_column"] = each["tile_row"] = number if has_tile else None
        if table.name == "panels":
            each["right"] = None if each["kind"] == "rating" else each["right"] or "other"
    if table.name == "panels":
        rows = list({tuple(each[name] for name in table.key): each for each in rows}.values())
    types = {"integer": "Int64", "number": "float64"}
    return pd.DataFrame(
        {
            c.name: pd.Series([each[c.name] for each in rows], dtype=types.get(c.kind, TEXT))
            for c in table.columns
        }
    )


@st.composite
def studies(draw: st.DrawFn) -> Study:
    known: dict[str, list[str]] = {}
    found: dict[str, pd.DataFrame] = {}
    order = ["sources", "systems", "dimensions", "stakeholders", "benefits"]
    for name in [*order, *(name for name in TABLES if name not in order)]:
        if TABLES[name].folder:
            continue
        found[name] = draw(tables(TABLES[name], known))
        known[name] = found[name].iloc[:, 0].tolist()
    inside = {
        folder: draw(st.dictionaries(IDS.map(str.lower), tables(TABLES[folder], known), max_size=2))
        for folder in ("panels", "scenarios")
    }
    return Study(**found, **inside)


@settings(
    deadline=None,
    max_examples=15,
    # a study has some two hundred cells: many drafts are too large for Hypothesis and given up
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
@given(study=studies())
def test_writing_and_reading_back_changes_nothing(
    study: Study, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for target in ("folder", "book.xlsx", "document.jsonld"):
        path = tmp_path_factory.mktemp("round") / target
        write_study(study, path)
        back = frames(read_study(path))
        assert back.keys() == frames(study).keys()
        for name, frame in frames(study).items():
            pd.testing.assert_frame_equal(frame, back[name], obj=name)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["folder", "book.xlsx", "document.jsonld"])
def test_the_shipped_study_comes_back_from_each_form(study: Study, tmp_path: Path, target: str):
    write_study(study, tmp_path / target)
    assert_same(read_study(tmp_path / target), study)


def test_a_study_to_fill_in_may_be_without_systems_but_not_wrong(folder: Path, tmp_path: Path):
    study = read_study(folder)
    empty = replace(
        study,
        systems=study.systems.iloc[:0],
        indicators=study.indicators.iloc[:0],
        swot_factors=study.swot_factors.iloc[:0],
    )
    with pytest.raises(DataError, match="has a header and no rows"):
        write_study(empty, tmp_path / "s")
    write_study(empty, tmp_path / "s", unfinished=True)
    assert {p.reason for p in check_study(tmp_path / "s")} == {"has a header and no rows"}
    with pytest.raises(DataError, match="sources"):
        write_study(replace(empty, sources=study.sources.iloc[:0]), tmp_path / "t", unfinished=True)


def test_what_a_descriptor_says_of_the_whole_is_kept(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder)
    write_study(study, tmp_path)
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    ours = package | {"title": "Ours", "licenses": [{"name": "CC0-1.0"}], "resources": []}
    (tmp_path / "datapackage.json").write_text(json.dumps(ours), encoding="utf-8")
    write_study(study, tmp_path)
    after = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert after == ours | {"resources": package["resources"]}
    (tmp_path / "datapackage.json").write_text("[1", encoding="utf-8")
    write_study(study, tmp_path)
    assert json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8")) == package


@pytest.mark.slow
def test_the_reference_implementation_accepts_panels_and_scenarios(
    full_folder: Path, tmp_path: Path
) -> None:
    from frictionless import Package

    write_study(read_study(full_folder), tmp_path / "s")
    report = Package(str(tmp_path / "s" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "note"])


# Digests


def test_digests_name_each_file_and_change_with_its_bytes(full_folder: Path) -> None:
    before = study_digests(full_folder)
    assert set(before) == {f"{name}.csv" for name, t in TABLES.items() if not t.folder} | {
        "panels/delphi.csv",
        "scenarios/bold.csv",
    }
    edit(full_folder, "sources", lambda text: text + "\n")
    after = study_digests(full_folder)
    assert [name for name in before if before[name] != after[name]] == ["sources.csv"]


def test_a_workbook_has_one_digest(folder: Path, tmp_path: Path) -> None:
    write_study(read_study(folder), tmp_path / "s.xlsx")
    assert list(study_digests(tmp_path / "s.xlsx")) == ["s.xlsx"]
    with pytest.raises(DataError):
        study_digests(tmp_path / "none")


def test_a_large_table_is_checked_column_by_column(folder: Path) -> None:
    rows = 20_000
    years = 1950 + np.arange(rows) % 100
    ids = [f"S{i // 100}" for i in range(rows)]
    systems = pd.read_csv(folder / "systems.csv", keep_default_na=False, dtype=str)
    more = pd.DataFrame({"system_id": sorted(set(ids)), "name": "x", "short_name": "x"})
    pd.concat([systems, more.assign(region="other")]).to_csv(folder / "systems.csv", index=False)
    first = pd.read_csv(folder / "indicators.csv", keep_default_na=False, dtype=str).iloc[
        [0] * rows
    ]
    table = first.assign(system_id=ids, year=years)
    table.iloc[[5, rows - 1], 3] = "x"
    table.to_csv(folder / "indicators.csv", index=False)
    assert [problem.row for problem in check_study(folder)] == [7, rows + 1]
