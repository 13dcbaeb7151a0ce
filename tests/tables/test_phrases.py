"""Sentences that are put together of whole clauses, so that they can be said in other languages."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.charts import group_chart, rank_histogram
from mcanalysis.language import speaking
from mcanalysis.study import read_study
from mcanalysis.tables import comparison_claims
from mcanalysis.tables.methods import _breaks_most
from mcanalysis.tables.robustness import _settled_in_words
from mcanalysis.tables.scenario import _moves_in_words


@pytest.fixture(scope="module")
def a():
    return analyse(read_study("data"), draws=500)


@pytest.mark.parametrize(
    ("settled", "pairs", "said"),
    [
        (1, 1, "The one pair is settled"),
        (3, 3, "All three pairs are settled"),
        (0, 1, "None of one pair are settled; in the other one neither is surely ahead"),
        (1, 3, "One of three pairs is settled; in the other two neither is surely ahead"),
        (2, 3, "Two of three pairs are settled; in the other one neither is surely ahead"),
    ],
)
def test_each_number_of_settled_pairs_has_a_sentence_that_reads_right(settled, pairs, said):
    assert _settled_in_words(settled, pairs) == said


@pytest.mark.parametrize(
    ("up", "down", "said"),
    [
        (0, 0, "No system moves by half a place"),
        (1, 0, "One system gains half a place or more, none lose as much"),
        (0, 1, "No systems gain half a place or more, one loses as much"),
        (3, 2, "Three systems gain half a place or more, two lose as much"),
    ],
)
def test_each_number_of_systems_that_move_has_a_sentence_that_reads_right(up, down, said):
    assert _moves_in_words(up, down) == said


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"one": "gaps"}, "The treatment of gaps breaks one of one conclusion that can fail"),
        ({"one": "gaps", "two": "values"}, "breaks one of two conclusions that can fail"),
        ({"one": "gaps", "two": "gaps"}, "The treatment of gaps breaks two of two conclusions"),
    ],
)
def test_the_choice_that_breaks_most_is_said_for_any_number_of_conclusions(broken, said):
    table = pd.DataFrame({"conclusion": list(broken), "choice": list(broken.values())})
    assert said in _breaks_most(table)


def test_charts_write_their_numbers_as_the_language_does(a):
    with speaking("de"):
        histogram, group = rank_histogram(a, "DE"), group_chart(a, "learners")
    assert histogram.spec["layout"]["yaxis"]["ticksuffix"] == "\u202f%"
    assert "%{y:.1f}\u202f%" in histogram.spec["data"][0]["hovertemplate"]
    assert group.spec["layout"]["xaxis"]["ticktext"][1] == "25\u202f%"


def test_claims_of_a_comparison_write_no_decimal_point_in_german(a):
    with speaking("de"):
        html = comparison_claims(a).html
    assert re.search(r"\d,\d\d", html)
    assert not re.search(r"\b\d\.\d\d\b", html)
