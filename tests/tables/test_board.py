from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.model import QUADRANTS
from mcanalysis.swot import tows_pairs
from mcanalysis.tables import factors_naming, strategy_pairs, swot_board
from mcanalysis.tables.coded_and_derived import against_levels
from mcanalysis.texts import plain


@pytest.mark.parametrize("system", ["DE", "NZ", "AT", "EU"])
def test_each_factor_stands_on_the_board_once_with_its_source(a, system: str):
    html = swot_board(a, system).html
    factors = a.study.swot_factors[a.study.swot_factors["system_id"] == system]
    items = dict(re.findall(r'<li data-factor="([^"]+)">(.*?)</li>', html, flags=re.S))
    assert Counter(re.findall(r'data-factor="([^"]+)"', html)) == Counter(factors["factor_id"])
    for f in factors.itertuples():
        assert f.statement in plain(items[f.factor_id])
        assert f'data-source="{f.source_id}"' in items[f.factor_id]
        assert f"{f.confidence} confidence" in plain(items[f.factor_id])


def test_inside_stands_above_outside_and_counts_are_those_of_the_factors(a):
    html = swot_board(a, "DE").html
    factors = a.study.swot_factors[a.study.swot_factors["system_id"] == "DE"]
    counts = factors["quadrant"].value_counts()
    heads = re.findall(r"<h3>.*?</span> (\w+) .*?(inside|outside)[^,]*, (\d+)</span></h3>", html)
    assert [h[0] for h in heads] == ["Strengths", "Weaknesses", "Opportunities", "Threats"]
    assert [h[1] for h in heads] == ["inside", "inside", "outside", "outside"]
    assert [int(h[2]) for h in heads] == [counts[q] for q in QUADRANTS]


def test_factors_stand_in_the_order_of_the_dimensions(a):
    html = swot_board(a, "DE").html
    on = a.study.swot_factors.set_index("factor_id")["dimension_id"]
    for quadrant in html.split('<div class="quad ')[1:]:
        found = [a.dimensions.index(on[f]) for f in re.findall(r'data-factor="([^"]+)"', quadrant)]
        assert found == sorted(found)


def test_a_quadrant_without_factors_says_so(a):
    only = a.study.swot_factors[
        (a.study.swot_factors["system_id"] == "DE")
        & (a.study.swot_factors["quadrant"] == "strength")
    ]
    made = swot_board(replace(a, study=replace(a.study, swot_factors=only)), "DE")
    assert plain(made.html).count("None coded.") == 3


def test_board_and_levels_are_held_against_each_other_under_the_board(a):
    for system in ("DE", "IE", "HU", "EU"):
        board, _, box = swot_board(a, system).html.partition('<div class="quarrel">')
        assert board.endswith("</div>")
        assert ('<div class="quarrel">' + box if box else "") == against_levels(a, system)


def test_a_system_without_factors_gets_what_its_levels_suggest_marked_as_derived(a):
    coded = set(a.study.swot_factors["system_id"])
    none = [s for s in a.study.systems["system_id"] if s not in coded]
    assert none
    for system in none:
        text = plain(swot_board(a, system).html)
        assert text.startswith("No SWOT factor has been coded for ")
        assert "derived" in text
        assert "Opportunities and threats lie outside the system" in text
        assert "data-factor" not in swot_board(a, system).html


def test_derived_factors_rest_on_more_than_low_confidence_and_name_their_rule(a):
    none = a.study.swot_factors.iloc[:0]
    html = swot_board(replace(a, study=replace(a.study, swot_factors=none)), "DE").html
    items = re.findall("<li>(.*?)</li>", html, flags=re.S)
    assert items
    for item in items:
        assert 'class="tag">derived</span>' in item
        assert "median" in plain(item)
        assert 'class="cf c1"' not in item
    assert html.count('<div class="quad') == 2


@pytest.mark.parametrize("system", ["DE", "NZ", "AT", "EU"])
def test_at_most_two_pairs_a_group_are_shown_and_the_rest_is_counted(a, system: str):
    pairs = tows_pairs(a.study, system)
    moves = strategy_pairs(a, system).html.split('<div class="move">')[1:]
    assert len(moves) == 4
    for move, group in zip(moves, ("use", "mend", "guard", "retreat"), strict=True):
        some = pairs[pairs["group"] == group]
        assert move.count("<li>") == some["shown"].sum() <= 2
        assert plain(move).lower().startswith(group)
        if some.empty:
            assert "No pair belongs together." in move


def test_a_pair_shows_both_factors_with_their_sources(a):
    pairs = tows_pairs(a.study, "DE")
    html = strategy_pairs(a, "DE").html
    factors = a.study.swot_factors.set_index("factor_id")
    for p in pairs[pairs["shown"]].itertuples():
        for factor in (p.inside, p.outside):
            assert factors.loc[factor, "statement"] in plain(html)
            assert f'data-source="{factors.loc[factor, "source_id"]}"' in html


def test_without_pairs_there_is_nothing_but_a_reason(a):
    coded = set(a.study.swot_factors["system_id"])
    none = next(s for s in a.study.systems["system_id"] if s not in coded)
    assert not strategy_pairs(a, none)
    assert "no pairs" in strategy_pairs(a, none).text


@pytest.mark.parametrize("group", ["learners", "hei", "employers"])
def test_factors_that_name_a_group_stand_once_each_and_no_others(a, group: str):
    factors = a.study.swot_factors
    named = factors[
        factors["stakeholders"].fillna("").map(lambda s: group in re.split(r"\s*;\s*", s))
    ]
    made = factors_naming(a, group)
    found = re.findall(r'data-factor="([^"]+)"', made.html)
    assert sorted(found) == sorted(named["factor_id"])
    assert f"{len(named)} of {len(factors)} factors" in plain(made.html)


def test_unknown_names_are_named_with_the_nearest(a):
    with pytest.raises(ParameterError, match=r'Did you mean "GB-ENG"\?'):
        swot_board(a, "GB_ENG")
    with pytest.raises(ParameterError, match=r'Did you mean "learners"\?'):
        factors_naming(a, "learner")
