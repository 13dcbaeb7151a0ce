from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mcanalysis import analyse
from mcanalysis.language import speaking
from mcanalysis.robustness import rank_drivers, rank_if_confirmed
from mcanalysis.tables import benefits_table, certainty, glance, in_short
from mcanalysis.texts import plain
from mcanalysis.why import system_claims


def test_at_a_glance_there_are_four_figures(a):
    for system in a.study.systems["system_id"]:
        html = glance(a, system).html
        assert html.count("<dt>") == html.count("<dd>") == 4


def test_the_standing_of_germany_at_a_glance(a):
    text = " ".join(plain(glance(a, "DE").html).split())
    assert "Standing 10th to 20th of 20 in nine of ten weightings; seven surely ahead" in text
    assert "Evidence 11 of 11 dimensions, three with low confidence" in text


@pytest.mark.parametrize("system", ["AT", "BG", "MT"])
def test_a_thin_system_has_no_rank_and_no_average_at_a_glance(a, system: str):
    text = " ".join(plain(glance(a, system).html).split())
    assert "Not ranked" in text
    assert "%" not in text
    row = a.index.loc[system]
    assert f"{row['lower']:.2f} to {row['upper']:.2f}" in text
    assert f" {row['index']:.2f} " not in text


def test_the_european_level_has_factors_only_at_a_glance(a):
    text = " ".join(plain(glance(a, "EU").html).split())
    assert "Index None no level has been coded" in text
    assert "Known SWOT factors only" in text
    assert "0 of 11" in text


@pytest.mark.parametrize("system", ["DE", "BG", "EU"])
def test_in_short_shows_each_sentence_with_its_chain(a, system: str):
    made = in_short(a, system)
    claims = system_claims(a, system)
    assert made.html.count('<details class="chain">') == len(claims)
    assert made.text == "\n".join(c.plain for c in claims)


def test_what_the_rank_hangs_on_most_is_the_largest_driver(a):
    made = certainty(a, "DE")
    drivers = rank_drivers(a.evidence, a.ranking, "DE")
    text = plain(made.html)
    assert "The rank hangs most on its level on transparency and registers, which rests on low" in (
        " ".join(text.split())
    )
    assert drivers.iloc[0]["item"] == "transparency-registers"
    assert made.charts[0]["id"] == "rank-histogram"


def test_the_next_source_is_sought_for_doubtful_levels_and_gaps(a):
    for system in ("DE", "SE"):
        drivers = rank_drivers(a.evidence, a.ranking, system)
        cells = drivers[drivers["kind"].isin(["gap", "confidence"])].head(3)
        todo = certainty(a, system).html.partition('<div class="todo">')[2]
        named = re.findall("<li><b>(.*?)</b>", todo)
        assert named == [a.names.dimension(d) for d in cells["item"]]


def test_the_rank_after_confirmation_is_that_of_the_same_draws(a):
    drivers = rank_drivers(a.evidence, a.ranking, "DE")
    weak = drivers[drivers["kind"] == "confidence"].head(3)["item"].tolist()
    low, high = rank_if_confirmed(a.evidence, a.ranking, "DE", weak)
    said = re.search(r"lie between (\d+)\w\w and (\d+)\w\w instead of 10th to 20th", certainty(
        a, "DE"
    ).text)  # fmt: skip
    assert (int(said[1]), int(said[2])) == (low, high)


def test_with_nothing_missing_there_is_nothing_to_seek(a):
    assert "todo" not in certainty(a, "NZ").html


@pytest.mark.parametrize("system", ["DE", "SE", "AT", "BG"])
def test_confidence_is_counted_in_words_for_screen_readers(a, system: str):
    label = re.search('role="img" aria-label="([^"]+)">(?:<span class="seg)', certainty(
        a, system
    ).html)[1]  # fmt: skip
    by = a.rows(system)["confidence"].value_counts()
    for name in ("high", "medium", "low"):
        assert (f"{by.get(name, 0)} {name} confidence" in label) == (name in by)
    gaps = len(a.dimensions) - len(a.rows(system))
    assert (f"{gaps} without evidence" in label) == (gaps > 0)


def test_how_sure_warns_of_a_single_weak_fact(a):
    text = certainty(a, "BG").text
    assert "The one level found describes 2018" in text
    assert "None of it is of high confidence." in text
    assert "Nothing here should be quoted as a finding on Bulgaria" in text


def test_the_factors_of_the_european_level_stand_for_themselves(a):
    assert "its factors stand for themselves" in certainty(a, "EU").text


def test_a_ranked_system_without_a_level_that_benefits_depend_on_says_so(study):
    """Of Bosnia and Herzegovina and of Bulgaria nothing is known that one group's benefits need."""
    one = analyse(study, min_dimensions=1, draws=300)
    unknown = one.groups[one.groups["realised"].isna()]
    assert set(unknown["system_id"]) == {"BA", "BG"}
    for system in ("BA", "BG"):
        text = " ".join(plain(glance(one, system).html).split())
        assert "– not known" in text.partition("For whom it works")[2]
        assert benefits_table(one, system).text.endswith("; of one group nothing is known")


def test_a_ranked_system_of_whose_benefits_nothing_is_known_says_so(study):
    one = analyse(study, min_dimensions=1, draws=300)
    bare = replace(one, groups=one.groups.assign(realised=float("nan")))
    text = " ".join(plain(glance(bare, "DE").html).split())
    assert "Not known no level that a benefit depends on has been coded" in text
    assert benefits_table(bare, "DE").text == "No level that a benefit depends on is known"
    none = replace(one, groups=one.groups.iloc[:0])
    assert "None the study names no benefit" in " ".join(plain(glance(none, "DE").html).split())


def test_the_figures_of_the_head_are_set_apart_in_every_language(a):
    with speaking("de"):
        html = glance(a, "DE").html
    assert "0,33" not in html
    assert html.count("<dt>") == html.count("<dd>") == 4
    assert "**" not in html


def test_one_low_confidence_level_is_spoken_of_as_one(a):
    said = " ".join(plain(glance(a, "DE").html).split())
    assert "dimensions, three with low confidence" in said
    rows = a.evidence.rows
    low = rows[(rows["system_id"] == "DE") & (rows["confidence"] == "low")].index
    fewer = a.evidence.rows.assign(
        confidence=rows["confidence"].where(~rows.index.isin(low[1:]), "high")
    )
    less = replace(a, evidence=replace(a.evidence, rows=fewer))
    assert "dimensions, one with low confidence" in " ".join(plain(glance(less, "DE").html).split())
