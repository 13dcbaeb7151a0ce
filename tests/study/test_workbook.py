from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from mcanalysis.study.cells import Cells
from mcanalysis.study.workbook import read_workbook, write_workbook


def cells(found: Cells) -> list[list[str]]:
    columns = [column.values[column.codes].tolist() for column in found.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def workbook(tmp_path: Path, rows: list[list[object]]) -> Cells:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "t"
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "b.xlsx")
    return read_workbook(tmp_path / "b.xlsx", lambda name: True)["t"]


def test_numbers_dates_and_truth_become_plain_text(tmp_path: Path) -> None:
    found = workbook(
        tmp_path,
        [
            ["a", "b"],
            [2.0, 0.5],
            [datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 4, 5)],
            [True, " x\u00a0"],
        ],
    )
    assert cells(found) == [
        ["2", "0.5"],
        ["2026-03-01 00:00:00", "2026-03-01 04:05:00"],
        ["TRUE", "x"],
    ]


def test_empty_cells_and_rows_are_as_in_a_spreadsheet(tmp_path: Path) -> None:
    found = workbook(tmp_path, [["a", "b", "c"], ["1"], [], [None, None, "3"]])
    assert found.rows.tolist() == [2, 4]
    assert cells(found) == [["1", "", ""], ["", "", "3"]]
    assert found.odd == {}


def test_a_cell_beyond_the_header_is_named(tmp_path: Path) -> None:
    assert workbook(tmp_path, [["a"], ["1", None, "x"]]).odd == {2: 3}


def test_a_formula_is_refused_with_its_place(tmp_path: Path) -> None:
    found = workbook(tmp_path, [["a", "b"], ["1", "=A2"]])
    (problem,) = found.problems
    assert (problem.file, problem.row, problem.column) == ('b.xlsx, sheet "t"', 2, "b")
    assert problem.value == "=A2"


def test_line_breaks_that_windows_programs_escape_are_line_breaks(tmp_path: Path) -> None:
    assert cells(workbook(tmp_path, [["a"], ["1_x000D_\n2"]])) == [["1\n2"]]


def test_text_stays_text_in_a_workbook(tmp_path: Path) -> None:
    texts = ["1-3", "=1+1", "007", "#N/A", "TRUE", "1e5", "_x0041_", "_x000D_", "a\nb", "-x", "@"]
    path = tmp_path / "b.xlsx"
    write_workbook(path, {"t": (["a", "b"], [texts, [""] * len(texts)])})
    found = read_workbook(path, lambda name: True)["t"]
    assert found.problems == ()
    assert [row[0] for row in cells(found)] == texts
    sheet = openpyxl.load_workbook(path)["t"]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert {cell.number_format for cell in sheet["A"]} == {"@"}
    assert {cell.value for cell in sheet["B"][1:]} == {None}


def test_sheets_that_are_not_wanted_are_named_only(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    write_workbook(path, {"t": (["a"], [["1"]]), "notes": (["b"], [["2"]])})
    found = read_workbook(path, lambda name: name == "t")
    assert found["notes"].header == ()


def damaged(path: Path) -> None:
    write_workbook(path, {"t": (["a"], [["1"]])})
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as broken:
        for name, part in parts.items():
            broken.writestr(name, part[:-40] if name.endswith("sheet1.xml") else part)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    damaged(path)
    assert "is damaged" in read_workbook(path, lambda name: True)[""].problems[0].reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is damaged or not an .xlsx workbook"),
        (b"key,text\n", "is damaged or not an .xlsx workbook"),
        (b"PK\x03\x04 cut off", "is damaged or not an .xlsx workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "is protected by a password, or in the old format"),
    ],
)
def test_what_is_no_workbook_is_refused_with_a_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    (problem,) = read_workbook(path, lambda name: True)[""].problems
    assert reason in problem.reason


def test_a_workbook_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    found = read_workbook(tmp_path / "none.xlsx", lambda name: True)
    assert "cannot be read" in found[""].problems[0].reason
