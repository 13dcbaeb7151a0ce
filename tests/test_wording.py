from __future__ import annotations

import pytest

from mcanalysis.wording import (
    capital,
    clause,
    count,
    counted,
    grouped,
    listed,
    listed_some,
    lower_first,
    ordinal,
    percent,
)


@pytest.mark.parametrize("share", [0.0001, 0.004, 0.0049])
def test_a_small_share_is_not_written_as_none(share: float):
    assert percent(share) == "under 1%"


@pytest.mark.parametrize("share", [0.995, 0.9999])
def test_a_large_share_is_not_written_as_all(share: float):
    assert percent(share) == "over 99%"


def test_a_half_is_rounded_up_not_to_even():
    assert [percent(v) for v in (0, 0.125, 0.5, 1)] == ["0%", "13%", "50%", "100%"]


def test_numbers_are_words_up_to_twelve_and_grouped_digits_above():
    assert [count(n) for n in (0, 1, 12, 13)] == ["none", "one", "twelve", "13"]
    assert count(12345) == grouped(12345) == "12\u202f345"


def test_one_thing_is_singular_none_and_several_are_plural():
    assert [counted(n, "level") for n in (0, 1, 2)] == ["no levels", "one level", "two levels"]


@pytest.mark.parametrize("number", [11, 12, 13, 111, 112, 113])
def test_the_teens_take_th_in_every_hundred(number: int):
    assert ordinal(number) == f"{number}th"


def test_a_list_of_none_is_empty_and_one_left_over_is_named_not_counted():
    assert listed([]) == ""
    assert listed_some(["a", "b", "c"], 2) == "a, b and c"
    assert listed_some(["a", "b", "c", "d"], 2) == "a, b and two more"


def test_a_comma_parts_items_that_hold_an_and_of_their_own():
    assert listed(["law", "funding and incentives"]) == "law, and funding and incentives"


@pytest.mark.parametrize("text", ["EU goals", "ECTS", "2030 target", ""])
def test_abbreviations_digits_and_nothing_keep_their_first_letter(text: str):
    assert lower_first(text) == text


@pytest.mark.parametrize("text", ["Őszi félév", "ימי עיון", "“Quoted”", "学分"])
def test_letters_of_any_script_pass_through(text: str):
    assert capital(text) == text
    assert clause(text + ".") == text
    assert listed([text, text]) == f"{text} and {text}"
