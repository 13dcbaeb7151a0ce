from __future__ import annotations

from pathlib import Path

import pytest

from mcanalysis.model import TABLES
from mcanalysis.study import check_study, read_study, write_study


def only_problem(path: Path | str) -> str:
    (problem,) = check_study(path)
    return str(problem)


def test_a_path_that_does_not_exist_names_the_nearest(folder: Path) -> None:
    said = only_problem(f"{folder}l")
    assert said.startswith(f'{folder}l: does not exist. Did you mean "small"? A study is a folder')


def test_a_folder_that_is_no_study_says_what_one_is(tmp_path: Path) -> None:
    said = only_problem(tmp_path)
    assert "is not a study: it holds none of the tables" in said
    assert all(f"{name}.csv" in said for name, table in TABLES.items() if not table.folder)


def test_a_folder_beside_a_study_is_led_to_it(folder: Path) -> None:
    assert f'Did you mean "{folder}"?' in only_problem(folder.parent)
    (folder / "panels").mkdir()
    assert f'Did you mean "{folder}"?' in only_problem(folder / "panels")
    assert f'Did you mean "{folder}"?' in only_problem(folder / "systems.csv")


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for name, hint in {"a.ods": "Save it as .xlsx.", "a.txt": "A study is a folder"}.items():
        (tmp_path / name).write_bytes(b"x")
        said = only_problem(tmp_path / name)
        assert "is neither a folder nor an .xlsx workbook" in said
        assert hint in said


def test_a_workbook_without_any_table_says_what_a_study_is(tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert "has no sheet that is a table. A study is a folder" in only_problem(tmp_path / "a.xlsx")


def test_a_misnamed_file_is_found(folder: Path) -> None:
    (folder / "indicators.csv").rename(folder / "Indicator.csv")
    first, second = check_study(folder)
    assert 'Did you mean "indicators"?' in str(first)
    assert "indicators.csv: is missing from small" in str(second)


@pytest.mark.parametrize("name", ["sources (2).csv", "sources.tsv", "source.xlsx", "panel/"])
def test_what_nearly_has_the_name_of_a_table_is_not_passed_over(folder: Path, name: str) -> None:
    if name.endswith("/"):
        (folder / name).mkdir()
    else:
        (folder / name).write_text("x", encoding="utf-8")
    assert "nearly has the name of one" in only_problem(folder)


@pytest.mark.parametrize(
    "name", ["README.md", "my remarks.csv", ".~lock.sources.csv#", "~$sources.xlsx", ".git/"]
)
def test_other_files_of_a_folder_are_let_be(folder: Path, name: str) -> None:
    if name.endswith("/"):
        (folder / name).mkdir()
    else:
        (folder / name).write_text("x", encoding="utf-8")
    assert check_study(folder) == []


def test_a_panel_whose_name_is_no_id_is_a_problem(folder: Path) -> None:
    (folder / "panels").mkdir()
    (folder / "panels" / "two words.csv").write_text(
        "judge_id,stakeholder_id,topic,kind,left,right,value,illustrative\n", encoding="utf-8"
    )
    assert 'is named "two words", which is not an id' in only_problem(folder)


def test_a_sheet_that_is_missing_is_named_with_its_first_row(folder: Path, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "s.xlsx"
    write_study(read_study(folder), path)
    book = openpyxl.load_workbook(path)
    del book["swot_factors"]
    book.save(path)
    said = only_problem(path)
    assert said.startswith(
        's.xlsx, sheet "swot_factors": is missing from s.xlsx. Add it. Its first'
    )


def test_a_path_may_be_text_and_end_with_a_slash(folder: Path) -> None:
    assert check_study(f"{folder}/") == []


def test_the_current_folder_can_be_a_study(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert check_study(".") == []
    (folder / "sources.csv").unlink()
    assert "sources.csv: is missing from ." in only_problem(".")
