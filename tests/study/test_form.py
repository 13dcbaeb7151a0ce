from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mcanalysis.errors import nearest
from mcanalysis.model import TABLES, Study
from mcanalysis.study import read_study, write_study
from mcanalysis.study.form import GUIDE, row_height


@pytest.fixture
def book(folder: Path, tmp_path: Path) -> openpyxl.Workbook:
    write_study(read_study(folder), tmp_path / "s.xlsx")
    return openpyxl.load_workbook(tmp_path / "s.xlsx")


def rules(sheet: Worksheet) -> dict[str, DataValidation]:
    """Return the rule of each column by its name."""
    found = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    names = {cell.column_letter: cell.value for cell in sheet[1]}
    return {names[place[0]]: rule for place, rule in found.items()}


def test_choices_and_levels_are_drop_downs_of_what_the_model_allows(book: openpyxl.Workbook):
    found = rules(book["indicators"])
    assert found["confidence"].formula1 == '"high,medium,low"'
    assert found["level"].formula1 == '"0,1,2,3"'
    assert found["level"].error == (
        "Write 0, 1, 2 or 3, or leave the row out if there is no evidence."
    )
    assert {found[name].type for name in ("confidence", "level", "source_id")} == {"list"}
    assert str(found["level"].sqref) == "D2:D1048576"


def test_references_are_drop_downs_of_the_ids_in_the_other_sheet(book: openpyxl.Workbook):
    for name, table in TABLES.items():
        if table.folder:
            continue
        for column in table.columns:
            if column.refers and column.kind == "id":
                rule = rules(book[name])[column.name]
                assert f"{column.refers}!$A$2" in rule.formula1
                assert TABLES[column.refers].key == (TABLES[column.refers].columns[0].name,)
                # what may stand there and is in no sheet must not be refused
                assert rule.errorStyle == ("warning" if column.besides else "stop")


def test_every_heading_tells_its_meaning_and_whether_it_must_be_filled(book: openpyxl.Workbook):
    sheet = book["indicators"]
    assert "Highest level whose criterion the fact meets" in sheet["D1"].comment.text
    systems = {cell.value: cell.fill.fgColor.rgb for cell in book["systems"][1]}
    assert systems["name"] != systems["note"]


def test_cells_that_are_still_empty_are_text(book: openpyxl.Workbook):
    for letter in "ABCDEFGHI":
        assert book["indicators"].column_dimensions[letter].number_format == "@"


def test_the_first_sheet_says_how_to_fill_in_the_others_and_is_not_read(book: openpyxl.Workbook):
    assert book.sheetnames[0] == GUIDE
    told = {(row[0].value, row[1].value) for row in book[GUIDE].iter_rows(min_row=2)}
    for name, table in TABLES.items():
        sheet = f"{name}.NAME" if table.folder else name
        assert {(sheet, column.name) for column in table.columns} <= told
    assert not nearest(GUIDE, TABLES)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("https://e.org","x")', "=cmd|' /C calc'!A0"]


def with_formulas(study: Study) -> Study:
    """Let some locators look like formulas."""
    awkward = study.indicators["locator"].copy()
    awkward.iloc[: len(FORMULAS)] = FORMULAS[: len(awkward)]
    return replace(study, indicators=study.indicators.assign(locator=awkward))


@pytest.mark.slow
def test_no_cell_is_a_formula_whatever_a_text_begins_with(study: Study, tmp_path: Path) -> None:
    write_study(with_formulas(study), tmp_path / "s.xlsx")
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    kinds = {
        cell.data_type
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert kinds == {"s"}
    assert [cell.value for cell in book["indicators"]["G"][1:7]] == FORMULAS


def test_a_row_is_as_high_as_its_text_and_no_page(book: openpyxl.Workbook) -> None:
    table = TABLES["scenarios"]
    assert row_height(table, ["DE", "recognition", "2", "short"]) is None
    two = row_height(table, ["DE", "recognition", "2", "a\nb"])
    assert two is not None
    assert row_height(table, ["DE", "recognition", "2", "word " * 9999]) == 4 * two
    assert book["indicators"].row_dimensions[2].height is None


@pytest.mark.slow
def test_a_spreadsheet_program_keeps_every_cell_and_rule(study: Study, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    study = with_formulas(study)
    write_study(study, tmp_path / "s.xlsx")
    command = [office, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
               str(tmp_path / "s.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    saved = tmp_path / "out" / "s.xlsx"
    back = read_study(saved)
    for name, frame in study.tables().items():
        assert frame.equals(back.tables()[name]), name
    before, after = openpyxl.load_workbook(tmp_path / "s.xlsx"), openpyxl.load_workbook(saved)
    for name in study.tables():
        ours, theirs = rules(before[name]), rules(after[name])
        assert {n: r.formula1 for n, r in ours.items()} == {
            n: r.formula1 for n, r in theirs.items()
        }
