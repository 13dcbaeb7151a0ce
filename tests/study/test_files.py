from __future__ import annotations

import csv
import io
import os
import stat
from pathlib import Path

import pytest

from mcanalysis.study.cells import Cells
from mcanalysis.study.files import read_csv, replacing, write_csv

NAMES = ["key", "text", "number"]
PLAIN = 'key,text,number\na,"one, two",1\nb,Grüße – „x“,2\n'
EXPECTED = [["a", "one, two", "1"], ["b", "Grüße – „x“", "2"]]


def read(tmp_path: Path, data: bytes | str) -> Cells:
    path = tmp_path / "t.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_csv(path, "t.csv", NAMES)


def cells(found: Cells) -> list[list[str]]:
    columns = [column.values[column.codes].tolist() for column in found.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def redelimited(text: str, mark: str) -> str:
    out = io.StringIO()
    rows = csv.reader(io.StringIO(text))
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        b"\xfe\xff" + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        PLAIN.encode("cp1252"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.rstrip("\n").encode(),
        redelimited(PLAIN, ";").encode("cp1252"),
        redelimited(PLAIN, "\t").encode("utf-16"),
        redelimited(PLAIN, "|").encode(),
        b"sep=;\r\n" + redelimited(PLAIN, ";").encode(),
        PLAIN.replace(",text,", "\u00a0, text\u2003,").replace("b,", "\u200bb \u00a0,").encode(),
        PLAIN.replace(',"one', ', "one').encode(),
        PLAIN.replace(",1\n", ",1,,\n").encode(),
    ],
    ids=[
        "utf-8", "mark", "utf-16", "utf-16-be", "utf-32", "cp1252", "crlf", "cr", "no last newline",
        "semicolon", "tab", "bar", "sep line", "blanks", "blank before quote", "blank extra cells",
    ],
)  # fmt: skip
def test_the_same_table_is_read_however_a_program_wrote_it(tmp_path: Path, data: bytes) -> None:
    found = read(tmp_path, data)
    assert found.problems == ()
    assert found.header == ("key", "text", "number")
    assert cells(found) == EXPECTED
    assert found.rows.tolist() == [2, 3]


def test_a_record_is_one_row_whatever_line_breaks_its_cells_have(tmp_path: Path) -> None:
    found = read(tmp_path, 'key,text,number\na,"1\n2\r\n3",1\n\n,,\n b ,"say ""x""",2\n')
    assert found.rows.tolist() == [2, 5]
    assert cells(found) == [["a", "1\n2\n3", "1"], ["b", 'say "x"', "2"]]


def test_blank_rows_above_the_header_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "\n,,\n" + PLAIN)
    assert found.header_row == 3
    assert found.rows.tolist() == [4, 5]


def test_rows_with_other_numbers_of_cells_are_named(tmp_path: Path) -> None:
    found = read(tmp_path, "key,text,number\na,b\nc,d,1,,x\ne,f,2\n")
    assert found.odd == {2: 2, 3: 5}
    assert cells(found) == [["a", "b", ""], ["c", "d", "1"], ["e", "f", "2"]]


def test_formulas_and_the_word_na_are_text(tmp_path: Path) -> None:
    found = read(tmp_path, "key,text,number\nNA,=1+1,nan\n")
    assert cells(found) == [["NA", "=1+1", "nan"]]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n , \r\n", "is empty"),
        (PLAIN.encode("utf-16-le"), "holds zero bytes"),
        (PLAIN.encode("utf-16")[:-1], "begins like UTF-16 but is damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0", "holds zero bytes"),
        (b"PK\x03\x04rest", "is a workbook"),
    ],
)
def test_what_is_no_csv_text_is_refused_with_a_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    found = read(tmp_path, data)
    assert not found.complete
    assert [problem.row for problem in found.problems] == [None]
    assert reason in found.problems[0].reason


@pytest.mark.parametrize(
    ("text", "row", "reason"),
    [
        ('key,text,number\na,b,1\n\nc,"d,1\ne,f,2\n', 4, "is never closed"),
        ('key,text,number\na,"b\nc",1\nc,"d,1\ne,"f",2\n', 3, "text after the quotation mark"),
        ('key,"text,number\n', 1, "is never closed"),
    ],
)
def test_an_unclosed_quote_is_reported_in_the_row_where_it_opened(
    tmp_path: Path, text: str, row: int, reason: str
) -> None:
    found = read(tmp_path, text)
    assert not found.complete
    assert [problem.row for problem in found.problems] == [row]
    assert reason in found.problems[0].reason


def test_rows_before_an_unclosed_quote_are_kept(tmp_path: Path) -> None:
    many = "".join(f"a{i},b,1\n" for i in range(3000))
    found = read(tmp_path, f'key,text,number\n{many}c,"d,1\n')
    assert len(found.rows) == 3000
    assert found.problems[0].row == 3002


def test_a_mix_of_encodings_is_not_guessed_at(tmp_path: Path) -> None:
    data = PLAIN.encode() + "c,größer,3\n".encode("cp1252")
    found = read(tmp_path, data)
    assert cells(found)[1] == EXPECTED[1]
    assert "\udcf6" in cells(found)[2][1]  # stays visible, and is a problem of its cell


def test_a_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    found = read_csv(tmp_path / "none.csv", "none.csv", NAMES)
    assert "cannot be read" in found.problems[0].reason


def test_writing_quotes_only_where_needed(tmp_path: Path) -> None:
    out = io.StringIO(newline="")
    write_csv(out, ["a", "b"], [["x", 'say "y"'], ["1,2", "line\nbreak"]])
    assert out.getvalue() == 'a,b\r\nx,"1,2"\r\n"say ""y""","line\nbreak"\r\n'


def test_a_file_is_replaced_only_when_all_went_well(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    target.write_text("old")

    def fail_half_way() -> None:
        with replacing(target) as aside:
            aside.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["t.csv"]
    with replacing(target) as aside:
        aside.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert os.listdir(tmp_path) == ["t.csv"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_new_file_has_the_permissions_that_others_get(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with replacing(tmp_path / "new") as aside:
        aside.write_text("x")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == stat.S_IMODE(
        (tmp_path / "usual").stat().st_mode
    )


def test_a_cell_that_swallows_the_rest_of_a_file_is_refused_whatever_other_libraries_set(
    tmp_path: Path,
) -> None:
    usual = csv.field_size_limit(131_072)  # a global setting, which frictionless changes
    try:
        found = read(tmp_path, f'key,text,number\na,b,1\nc,"{"d" * 140_000}",2\n')
    finally:
        csv.field_size_limit(usual)
    assert [problem.row for problem in found.problems] == [3]
    assert "more than 131,072 characters" in found.problems[0].reason
