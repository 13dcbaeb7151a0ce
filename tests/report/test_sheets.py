from __future__ import annotations

import io
import time
import zipfile

import openpyxl
import pytest

from mcanalysis.report import sheets
from mcanalysis.report.sheets import Sheet, archive, number, sheet_names, workbook

DAY = "2026-11-23"


def opened(*made: Sheet):
    return openpyxl.load_workbook(io.BytesIO(workbook(made, "A <title> & more", DAY)))


def column(*texts: str) -> list[object]:
    book = opened(Sheet("S", ["x"], [[t] for t in texts]))
    return [cell.value for cell in book["S"]["A"][1:]]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+49 30", "-x", "@SUM(A1)", "\tx", "1-3", "007", "1e5", "1,5", "12:30", "TRUE",
     "_x0041_", "<b>&amp;\"'", "ימי \u202e abc", "line\nline", " a  b ", "#REF!", "%", "-", "−"],
)  # fmt: skip
def test_what_is_no_plain_number_is_a_text_as_it_stands(text):
    book = opened(Sheet("S", ["x"], [[text]]))
    cell = book["S"]["A2"]
    assert (cell.value.replace("_x005F_", "_"), cell.data_type) == (text, "s")
    assert cell.number_format == "@"


def test_numbers_and_percentages_are_numbers():
    assert column("2", "−0.25", "+0.8", ".67", "37%", "0%", "2.5%") == [
        2, -0.25, 0.8, 0.67, 0.37, 0, 0.025,
    ]  # fmt: skip
    book = opened(Sheet("S", ["2"], [["37%"]]))
    assert book["S"]["A1"].value == "2"  # a head is a text
    assert book["S"]["A2"].number_format == "0%"


def test_signs_that_xml_forbids_are_left_out_and_very_long_texts_end_in_a_mark():
    assert column("a\x00\x0b\ud800\uffffb") == ["ab"]
    [long] = column("ä" * 40_000)
    assert len(long) == sheets.LONGEST_CELL
    assert long.endswith("ä…")


def test_rows_may_be_shorter_than_the_head_and_sheets_empty():
    book = opened(Sheet("One", ["a", "b"], [["x"], ["", "y"]]), Sheet("None", [], []))
    assert [[c.value for c in row] for row in book["One"].rows] == [
        ["a", "b"], ["x", None], [None, "y"],
    ]  # fmt: skip
    assert book.sheetnames == ["One", "None"]
    assert book.properties.title == "A <title> & more"
    assert book.properties.created.isoformat().startswith(DAY)


def test_names_of_sheets_are_short_legal_and_unique():
    names = sheet_names(["x" * 40, "x" * 40, "X" * 40, "a/b:c*[d]?\\", "", "''"])
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[3:] == ["a b c d", "Sheet", "Sheet 2"]


def test_the_same_sheets_make_the_same_bytes_at_another_time(monkeypatch):
    made = [Sheet("S", ["a"], [["b"]])]
    first = workbook(made, "T", DAY)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert workbook(made, "T", DAY) == first


def test_an_archive_keeps_order_content_and_comment():
    packed = archive({"b": b"1", "a/ä": "ö".encode()}, "why")
    with zipfile.ZipFile(io.BytesIO(packed)) as found:
        assert found.namelist() == ["b", "a/ä"]
        assert found.read("a/ä").decode() == "ö"
        assert found.comment == b"why"


@pytest.mark.parametrize("text", ["", "%", ".", "-", "1 000", "00", "1" * 16, "1.2.3", "½", "١"])
def test_only_plain_numbers_are_numbers(text):
    assert number(text) is None
