"""Records show themselves: in a notebook as markup, in a terminal as text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest

from mcanalysis import analyse, compare_editions, explain
from mcanalysis.display import Card, Shown
from mcanalysis.swot import ife_efe, prioritise_factors
from mcanalysis.weights import weigh_order


@pytest.fixture(scope="module")
def records(study):
    a = analyse(study, draws=300, panel="illustrative")
    weighed = prioritise_factors(study, a.judgements, "DE")
    return {
        "Study": study, "Evidence": a.evidence, "Analysis": a, "Ranking": a.ranking,
        "PanelWeights": a.judged, "PairwiseWeights": a.judged.pairs, "SwotPriorities": weighed,
        "SwotEvaluation": ife_efe(study, a.evidence, weighed, a.ranked),
        "OrderWeights": weigh_order(["credits", "law"]),
        "Changes": compare_editions(a, analyse(study, draws=300, as_of=2023)),
        "Explanation": explain(study, "DE"),
    }  # fmt: skip


class Balanced(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", ["Study", "Evidence", "Analysis", "Ranking", "PanelWeights",
                                  "PairwiseWeights", "SwotPriorities", "SwotEvaluation",
                                  "OrderWeights", "Changes", "Explanation"])  # fmt: skip
def test_a_record_shows_itself_in_a_few_lines_and_as_sound_markup(records, name):
    record = records[name]
    assert type(record).__name__ == name
    assert 1 <= len(repr(record).splitlines()) < 120
    page = Balanced()
    page.feed(record._repr_html_())
    assert page.open == []
    assert page.seen & {"table", "pre"}


def test_a_display_has_no_colour_of_its_own(records):
    for record in records.values():
        assert not re.search(r"#[0-9a-f]{3}|rgb\(", record._repr_html_())


def test_the_ranking_tells_who_is_first_and_how_exact_it_is(records):
    shown = repr(records["Ranking"])
    assert "NZ" in shown
    assert "300, seed 1" in shown
    assert "exact to 5.7 points" in shown


class Hostile(Shown):
    def _card(self):
        frame = pd.DataFrame({"a": [float("nan")] * 20}, index=["<b>x</b>"] * 20)
        return Card("<script>", {"<i>": "</td>"}, frame)


def test_what_stands_in_a_record_is_no_markup_and_a_gap_is_a_dash():
    html = Hostile()._repr_html_()
    assert "<script>" not in html
    assert "<b>x" not in html
    assert ">–<" in html
    assert "… and 8 more" in html
