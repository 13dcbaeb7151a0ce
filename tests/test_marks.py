from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pandas as pd
import pytest

from mcanalysis.marks import confidence, interval, key, letters, pips, src, steps, whom
from mcanalysis.texts import plain


def kinds(picture: str) -> list[str]:
    """Return the classes of the boxes of a picture, which is well-formed by being parsed."""
    return [str(box.get("class")) for box in ElementTree.fromstring(picture).iter("rect")]


def test_a_gap_is_three_dotted_boxes_and_nothing_filled():
    assert kinds(steps(None)) == ["sg", "sg", "sg"]
    assert kinds(pips([None])) == ["sg"]


def test_level_0_is_a_mark_at_the_origin_and_differs_from_a_gap():
    assert kinds(steps(0)) == ["off", "off", "off", "on"]
    assert kinds(pips([0])) == ["off", "on"]
    assert steps(0) != steps(None)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_is_as_many_filled_steps(level: int):
    assert kinds(steps(level)).count("on") == level


def test_the_higher_the_level_the_taller_the_column():
    boxes = [b for b in ElementTree.fromstring(pips([0, 1, 2, 3])).iter() if b.get("class") == "on"]
    heights = [int(b.get("height")) for b in boxes]
    assert heights == sorted(set(heights))


def test_peers_are_drawn_only_where_somebody_has_evidence():
    peers = {"count": 5, "lower_quartile": 1.0, "median": 1.0, "upper_quartile": 2.0}
    assert 'class="pm"' in steps(1, peers)
    assert 'class="pr"' in steps(1, peers)
    assert 'class="pr"' not in steps(1, {**peers, "upper_quartile": 1.0})
    assert "circle" not in steps(1, {**peers, "count": 0, "median": float("nan")})


def test_pictures_are_hidden_from_screen_readers():
    for picture in (steps(1), pips([1]), interval(0, 1), key("a")):
        assert 'aria-hidden="true"' in picture


@pytest.mark.parametrize("level", ["high", "medium", "low"])
def test_confidence_is_said_in_words_not_by_dots_alone(level: str):
    assert plain(confidence(level)) == f"{level} confidence"
    assert plain(confidence(level, words=True)) == level


def test_a_range_draws_its_value_and_median_only_when_known():
    assert interval(0.25, 0.5, 0.4, 0.3).count("<") == interval(0.25, 0.5).count("<") + 4
    assert interval(0.25, 0.5, float("nan"), float("nan")) == interval(0.25, 0.5)
    assert "--a:25;--b:50" in interval(0.25, 0.5)


def test_a_source_mark_keeps_quotes_in_its_attributes():
    mark = src("act", 'p. 1 "x" <y>')
    assert mark.count('"') == 6
    assert "<y>" not in mark


@pytest.mark.parametrize("missing", [None, pd.NA, float("nan"), ""])
def test_a_missing_locator_is_empty(missing: object):
    assert 'data-locator=""' in src("act", missing)


def test_stakeholders_have_letters_of_their_own_whatever_their_ids(study):
    many = pd.DataFrame(
        {"stakeholder_id": ["a", "aa", "aaa", "b1", "ab", "9"], "name": list("uvwxyz")}
    )
    found = [letter for letter, _ in letters(replace(study, stakeholders=many)).values()]
    assert len(set(found)) == len(many)
    assert all(letter.isupper() for letter in found)


def test_whom_a_factor_concerns_is_said_by_name(study):
    assert plain(whom(letters(study), "hei;learners")).startswith(
        "Concerns learners and higher education institutions."
    )
    assert whom(letters(study), pd.NA) == ""
