from __future__ import annotations

import re

import pytest

from mcanalysis.tables import cannot_say_table, where_to_look_table
from mcanalysis.texts import plain


def parts(html: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html)


def test_a_ranked_system_lacks_nothing(a):
    assert not cannot_say_table(a, "DE")
    assert not where_to_look_table(a, "DE")


def test_what_cannot_be_said_follows_from_what_is_missing(a):
    assert parts(cannot_say_table(a, "AT").html) == ["Index and rank", "For whom it works"]
    assert parts(cannot_say_table(a, "BG").html) == [
        "Index and rank", "For whom it works", "Coded SWOT factors", "Who has solved this",
        "What changed",
    ]  # fmt: skip
    assert "Coded SWOT factors" not in parts(cannot_say_table(a, "EU").html)


def test_what_it_would_take_is_counted(a):
    assert "Evidence on one more dimension." in plain(cannot_say_table(a, "AT").html)
    assert "Evidence on seven more dimensions." in plain(cannot_say_table(a, "BG").html)
    assert "Evidence on eight more dimensions." in plain(cannot_say_table(a, "EU").html)


def test_where_to_look_shows_each_gap_once_most_often_closed_first(a):
    html = where_to_look_table(a, "BG").html
    names = [re.sub("<span.*", "", p) for p in parts(html)]
    gaps = [d for d in a.dimensions if a.level("BG", d) is None]
    assert sorted(names) == sorted(a.names.dimension(d) for d in gaps)
    missing = [int(n) for n in re.findall(r"(\d+) without evidence", html)]
    assert missing == sorted(missing)


def test_the_systems_of_a_region_are_all_counted_by_level_or_as_gaps(a):
    html = where_to_look_table(a, "BG").html
    of = int(re.search(r"Levels of the (\d+) other systems", html)[1])
    for spoken in re.findall(r'<span class="vh">([^<]* without evidence)</span>', html):
        levels = sum(int(n) for n in re.findall(r"(\d+) at level", spoken))
        assert levels + int(re.search(r"(\d+) without", spoken)[1]) == of


def test_a_system_without_levels_is_not_told_where_to_look(a):
    assert not where_to_look_table(a, "EU")
    assert "for its factors" in where_to_look_table(a, "EU").text


@pytest.mark.parametrize("system", ["AT", "BG", "MY"])
def test_the_question_of_a_dimension_stands_under_its_name(a, system: str):
    questions = a.study.dimensions.set_index("dimension_id")["question"]
    text = plain(where_to_look_table(a, system).html)
    for d in a.dimensions:
        assert (questions[d] in text) == (a.level(system, d) is None)
