from __future__ import annotations

from typing import Any

import pytest

from mcanalysis.model import TABLES, Column
from mcanalysis.study.kinds import LONGEST, expected, read_texts, shown, write

LEVEL = Column("level", "", "integer", minimum=0, maximum=3)
TILE = Column("tile_row", "", "integer", False, minimum=0)
ID = Column("id", "", "id")
TEXT = Column("text", "")
NUMBER = Column("value", "", "number")
CHOICE = Column("confidence", "", "choice", choices=("high", "medium", "low"))
LIST = Column("stakeholders", "", "list", False)
URL = Column("url", "", "url", False)
DATE = Column("accessed", "", "date", False)
A_DATE = "looks like a date that a spreadsheet made"


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (LEVEL, "2", 2),
        (LEVEL, "2.0", 2),
        (LEVEL, "2,0", 2),
        (LEVEL, "+2", 2),
        (LEVEL, "0", 0),
        (TILE, "1000", 1000),
        (TILE, "", None),
        (NUMBER, "3", 3.0),
        (NUMBER, "0,5", 0.5),
        (NUMBER, "0.125", 0.125),
        (NUMBER, "0,125", 0.125),
        (NUMBER, "2.125", 2.125),
        (NUMBER, "1E-05", 1e-5),
        (ID, "NA", "NA"),
        (ID, "1-3", "1-3"),
        (ID, "nan", "nan"),
        (ID, "mar-01", "mar-01"),
        (ID, "dec-2022", "dec-2022"),
        (ID, "1-step", "1-step"),
        (TEXT, "=1+1", "=1+1"),
        (TEXT, "1-3", "1-3"),
        (TEXT, "2021-06-16", "2021-06-16"),
        (TEXT, "12. Mai 2023", "12. Mai 2023"),
        (TEXT, "a\u00a0b\n\tc", "a\u00a0b\n\tc"),
        (TEXT, "a \u202eb \u2067c", "a \u202eb \u2067c\u2069\u202c"),
        (TEXT, "a \u2067b \u202ec\u2069 d", "a \u2067b \u202ec\u2069 d"),
        (TEXT, "a \u202cb\u200b\u2069 \u202ac\u202c", "a \u202cb\u200b\u2069 \u202ac\u202c"),
        (CHOICE, "low", "low"),
        (LIST, "learners; hei", "learners;hei"),
        (URL, "https://example.org/a?b#c", "https://example.org/a?b#c"),
        (DATE, "2024-02-29", "2024-02-29"),
        (DATE, "2024-02-29 00:00:00", "2024-02-29"),
    ],
)
def test_a_text_means_this_value(column: Column, text: str, value: Any) -> None:
    values, wrong = read_texts(column, [text])
    assert wrong == {}
    assert values.tolist() == [value]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        (LEVEL, "", "is empty"),
        (LEVEL, "three", "is not a whole number from 0 to 3"),
        (LEVEL, "4", "is not a whole number from 0 to 3"),
        (LEVEL, "-1", "is not a whole number from 0 to 3"),
        (LEVEL, "2.5", "is not a whole number from 0 to 3"),
        (LEVEL, "2,000", "is not a whole number from 0 to 3"),
        (LEVEL, "٢", "is not a whole number from 0 to 3"),
        (LEVEL, "1-Mar", A_DATE),
        (LEVEL, "01. Mrz", A_DATE),
        (LEVEL, "Jan-03", A_DATE),
        (LEVEL, "1-Mar-26", A_DATE),
        (LEVEL, "01.03.2026", A_DATE),
        (LEVEL, "3/1/2026", A_DATE),
        (LEVEL, "2026-03-01 00:00:00", A_DATE),
        (TILE, "-1", "is not a whole number of 0 or more"),
        (NUMBER, "0", "is not a number above 0"),
        (NUMBER, "-2", "is not a number above 0"),
        (NUMBER, "nan", "is not a number above 0"),
        (NUMBER, "1e999", "is not a number above 0"),
        (NUMBER, "1,000", "could mean 1.000 or 1000"),
        (ID, "two words", "is not an id"),
        (ID, "-a", "is not an id"),
        (ID, "é", "is not an id"),
        (ID, "D\u200bE", "is not an id"),
        (ID, "1-Mar", A_DATE),
        (ID, "Mar-01", A_DATE),
        (ID, "2026-03-01", A_DATE),
        (TEXT, "3-Jan", A_DATE),
        (TEXT, "2026-03-01 00:00:00", A_DATE),
        (TEXT, "#N/A", "is an error of a spreadsheet"),
        (TEXT, "#NAME?", "is an error of a spreadsheet"),
        (TEXT, "#WERT!", "is an error of a spreadsheet"),
        (TEXT, "########", "is an error of a spreadsheet"),
        (TEXT, "a\x07b", "holds a control character"),
        (TEXT, "a\x85b", "holds a control character"),
        (TEXT, "a\ufffdb", "the mark of a letter that an earlier program could not read"),
        (TEXT, "Gr\udcf6\udcdfe", "holds bytes that are not UTF-8"),
        (TEXT, "x" * (LONGEST + 1), "has 100,001 characters"),
        (CHOICE, "High", "is not high, medium or low"),
        (LIST, "learners, hei", "is not a list of ids"),
        (LIST, "hei;;learners", "is not a list of ids"),
        (LIST, "hei; hei", "names something twice"),
        (URL, "www.example.org", "is not a web address"),
        (URL, "https://", "is not a web address"),
        (URL, "javascript:alert(1)", "is not a web address"),
        (DATE, "01.05.2024", "is not a day of the calendar"),
        (DATE, "2024-02-30", "is not a day of the calendar"),
    ],
)
def test_a_text_is_refused_with_a_reason(column: Column, text: str, reason: str) -> None:
    values, wrong = read_texts(column, ["", text] if text and not column.required else [text])
    ((said, mend),) = wrong.values()
    assert reason in said
    assert mend.endswith(".")
    assert values[-1] is None


def test_a_wrong_choice_in_capitals_is_recognised() -> None:
    _, wrong = read_texts(CHOICE, ["High"])
    assert wrong[0][1] == 'Did you mean "high"? Write high, medium or low.'


def test_every_declared_column_can_say_what_it_wants() -> None:
    for table in TABLES.values():
        for column in table.columns:
            assert expected(column)
            assert write(column).startswith("Write ")
            assert ("leave" in write(column)) == (not column.required or bool(column.otherwise))


def test_messages_show_a_long_or_broken_text_on_one_short_line() -> None:
    assert shown("a\nb\x07\udcff") == "a b\ufffd\ufffd"
    assert shown("x" * 100) == "x" * 57 + "..."
    assert shown("") is None
