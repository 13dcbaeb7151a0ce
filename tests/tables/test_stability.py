"""How far weights can move, what to research, which choice of method breaks what."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.multiverse import breaking_options, choices
from mcanalysis.robustness import research_list, smallest_flips, weight_stability
from mcanalysis.study import read_study
from mcanalysis.tables import (
    head_to_head,
    lead_ends,
    research_table,
    weight_room,
    what_breaks,
    what_holds,
)
from mcanalysis.texts import plain
from mcanalysis.why.methods import option_in_words
from mcanalysis.why.robust import leaders, points, rank_claims


def squeezed(html: str) -> str:
    return " ".join(plain(html).split())


@pytest.fixture(scope="module")
def with_panel(study):
    return analyse(study, draws=2000, panel="illustrative")


def test_each_weight_has_the_ends_of_both_intervals_and_who_moves_there(a):
    first = weight_stability(a.evidence, a.ranked, system="NZ")
    order = weight_stability(a.evidence, a.ranked)
    text = squeezed(weight_room(a).html)
    for d in a.dimensions:
        line = text.partition(f"{a.names.dimension(d)} 9.1% ")[2][:300]
        free = (first.loc[d, "lower"], first.loc[d, "upper"]) == (0, 1)
        assert line.startswith("First whatever it is") == free
        lower, upper = order.loc[d, ["lower", "upper"]]
        assert re.search(rf"{100 * lower:.1f}%|0%", line)
        assert f"to {100 * upper:.1f}%" in line
    assert "Above 15.0%, Croatia is first" in text
    assert "below, Croatia passes New Zealand" in text.replace("Below", "below")


def test_the_title_counts_the_dimensions_that_cannot_end_the_first_place(a):
    first = weight_stability(a.evidence, a.ranked, system="NZ")
    free = ((first["lower"] == 0) & (first["upper"] == 1)).sum()
    assert free == 8
    assert weight_room(a).text.startswith(
        "New Zealand stays first whatever the weight of eight of eleven dimensions; "
    )


def test_with_a_panel_the_dot_is_the_weight_of_the_whole_panel(with_panel):
    html = weight_room(with_panel).html
    text = squeezed(html)
    assert "dot: the weights of the whole panel" in text
    for d, w in with_panel.judged.weights.items():
        assert f"{with_panel.names.dimension(d)} {100 * w:.1f}%" in text


def test_neighbours_stand_with_the_least_weight_that_ends_the_lead(a):
    flips = smallest_flips(a.evidence, a.ranked)
    at = {frozenset((f.ahead, f.behind)): f for f in flips.itertuples()}
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", lead_ends(a).html, flags=re.S)[1:]
    order = a.ranking.table.sort_values("mean_rank").index
    kinds = set()
    for (one, other), row in zip(pairwise(order), rows, strict=True):
        f, text = at.get(frozenset((one, other))), squeezed(row).lower()
        names = [a.names.in_sentence(s).lower() for s in (one, other)]
        if f is None:
            kinds.add("level")
            assert text == f"{names[0]} and {names[1]} 0 points level as it is"
            continue
        kinds.add("never" if pd.isna(f.moved) else "moves")
        pair = names if f.ahead == one else names[::-1]
        assert text.startswith(f"{pair[0]} ahead of {pair[1]} ")
        assert ("though behind it" in text) == (f.ahead != one)
        assert ("ahead under all weights" in text) == pd.isna(f.moved)
        if not pd.isna(f.moved):
            assert f" {points(f.moved)} from " in text
            assert text.endswith(f" to {a.names.dimension(f.to).lower()}")
    assert kinds == {"level", "never", "moves"}


def test_the_ten_most_helpful_cells_stand_with_their_question(a):
    found = research_list(a.evidence, a.ranking).head(10)
    questions = a.study.dimensions.set_index("dimension_id")["question"]
    text = squeezed(research_table(a).html)
    for r in found.itertuples():
        cell = f"{a.names.system(r.system_id)} , {a.names.dimension(r.dimension_id).lower()}"
        assert f"{cell} {questions[r.dimension_id]}" in text
    assert text.count("no evidence found") == (found["kind"] == "gap").sum()


def test_a_doubtful_level_on_the_list_shows_level_and_source(study):
    a = analyse(study, draws=2000, vary=["confidence"])
    html = research_table(a).html
    found = research_list(a.evidence, a.ranking).head(10)
    assert html.count('class="src"') == len(found)
    assert "no evidence found" not in html


def test_systems_that_lack_one_or_two_dimensions_are_named_with_their_gaps(a):
    un = a.ranking.unranked
    almost = un[un["dimensions"].between(6, 7)]
    text = squeezed(research_table(a).html)
    assert f"{len(almost)} systems would be ranked with evidence on one or two dimensions" in text
    for s, r in almost.iterrows():
        assert f"{a.names.system(s)} {r['dimensions']:g} {8 - r['dimensions']:g} " in text


def test_without_gaps_and_doubts_in_play_only_the_almost_ranked_are_listed(study):
    a = analyse(study, draws=200, vary=["weights"])
    text = squeezed(research_table(a).html)
    assert "would narrow" not in text
    assert "would be ranked" in text


def test_each_conclusion_that_can_fail_stands_with_what_breaks_it(a):
    broken = breaking_options(a, choices(a))
    broken = broken[broken["share"] < broken["otherwise"]]
    text = squeezed(what_breaks(a).html)
    worst = broken.drop_duplicates("conclusion")
    for r in worst.itertuples():
        assert f"{r.conclusion} {option_in_words(a, r.choice, r.option)}".lower() in text.lower()
        assert f"{r.holds} of {r.of} " in text
    assert worst["conclusion"].nunique() == what_breaks(a).html.count('<th scope="row"')


def test_with_a_panel_both_tables_count_the_same_combinations(with_panel):
    total = len(choices(with_panel, {"the panel": with_panel.judged.weights}))
    assert f"Number of {total} combinations" in squeezed(what_holds(with_panel).html)
    text = squeezed(what_breaks(with_panel).html)
    assert "The weights of the panel “illustrative” are one more choice here." in text


def test_where_two_systems_are_level_at_the_top_the_whole_order_is_drawn(study):
    twin = study.indicators[study.indicators["system_id"] == "NZ"].assign(system_id="DE")
    others = study.indicators[study.indicators["system_id"] != "DE"]
    a = analyse(replace(study, indicators=pd.concat([others, twin], ignore_index=True)), draws=200)
    assert sorted(leaders(a)) == ["DE", "NZ"]
    made = weight_room(a)
    assert made.text.startswith("A move of ")
    assert "stays first" not in made.html
    assert 'class="room one"' in made.html


def test_where_no_weight_changes_the_order_no_move_is_named(folder):
    small = read_study(folder)
    row = small.indicators.iloc[[0]].assign(dimension_id="credits")
    more = [row.assign(system_id=s) for s in ("NA", "DE")]
    small = replace(small, indicators=pd.concat([small.indicators, *more], ignore_index=True))
    a = analyse(small, draws=100, min_dimensions=2)
    assert a.ranked == ["DE", "NA"]
    assert weight_room(a).text == (
        "Germany stays first whatever the weight of two of two dimensions"
    )
    assert lead_ends(a).text == (
        "Some neighbours in the ranking keep their order under all weights"
    )
    assert head_to_head(a).text == "The one pair is settled"
    assert rank_claims(a)[1].plain == (
        "The one pair is settled. Each system keeps its rank in nine of ten draws."
    )
