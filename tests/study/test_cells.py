from __future__ import annotations

import pytest

from mcanalysis.study.cells import BLANKS, coded, gather, trim


def test_every_white_space_character_is_a_blank() -> None:
    assert {chr(i) for i in range(0x110000) if chr(i).isspace()} <= set(BLANKS)


@pytest.mark.parametrize(
    ("text", "trimmed"),
    [(" a\u00a0", "a"), ("\ufeffa b\u200b", "a b"), ("a\r\nb\rc\n", "a\nb\nc"), ("\u2003", "")],
)
def test_blanks_at_the_ends_are_not_content(text: str, trimmed: str) -> None:
    assert trim(text) == trimmed


def test_a_column_holds_each_text_once() -> None:
    column = coded(["b", "a", "b", ""])
    assert column.values.tolist() == ["b", "a", ""]
    assert column.codes.tolist() == [0, 1, 0, 2]


def test_many_rows_are_gathered_in_their_order() -> None:
    records = [["a", "b"], *([str(i), "same"] for i in range(5000)), ["", ""], ["end", "x"]]
    found = gather("t", iter(records))
    first = found.columns[0]
    assert first.values[first.codes].tolist() == [*(str(i) for i in range(5000)), "end"]
    assert found.rows.tolist() == [*range(2, 5002), 5003]
