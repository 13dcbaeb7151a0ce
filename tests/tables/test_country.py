from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import tables
from mcanalysis.compare import who_has_solved
from mcanalysis.errors import ParameterError
from mcanalysis.tables import (
    benefits_table,
    changes_table,
    profile_table,
    solved_table,
)
from mcanalysis.tables.country import weak_dimensions
from mcanalysis.texts import plain
from mcanalysis.wording import percent


def rows_of(html: str) -> list[str]:
    """Return the body rows of the first table."""
    return re.findall(r'<tr role="row"[^>]*>(?!<th scope="col").*?</tr>', html, flags=re.S)


def test_a_profile_has_a_row_per_dimension_with_level_fact_and_source(a):
    for system in ("DE", "SE", "BG"):
        lines = rows_of(profile_table(a, system).html)[: len(a.dimensions)]
        facts = {r.dimension_id: r for r in a.rows(system).itertuples()}
        for line, d in zip(lines, a.dimensions, strict=True):
            assert a.names.dimension(d) in plain(line)
            if d not in facts:
                assert "No evidence found" in plain(line)
                assert 'class="on"' not in line
                assert 'class="sg"' in line
                continue
            assert f"Level {facts[d].level} of 3" in plain(line)
            assert facts[d].statement in plain(line)
            assert str(facts[d].year) in plain(line)
            assert f'data-source="{facts[d].source_id}"' in line


def test_level_0_in_a_profile_is_no_gap(a):
    lines = rows_of(profile_table(a, "DE").html)
    line = lines[a.dimensions.index("qualifications-framework")]
    assert "Level 0 of 3" in plain(line)
    assert "No evidence" not in plain(line)
    assert 'class="sg"' not in line


def test_a_profile_counts_what_lies_below_and_above_the_others(a):
    medians = a.evidence.levels.loc[[s for s in a.ranked if s != "DE"]].median()
    own = a.evidence.levels.loc["DE"].dropna()
    assert weak_dimensions(a, "DE") == [d for d in own.index if own[d] < medians[d]]
    below = len(weak_dimensions(a, "DE"))
    words = dict(enumerate(["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"]))
    assert profile_table(a, "DE").text.startswith(f"{words[below]} dimension")


def test_a_profile_with_mostly_gaps_says_that_the_rest_is_not_known(a):
    assert profile_table(a, "BG").text == "One dimension of 11 has evidence; the rest is not known"


def test_the_index_follows_the_profile_as_a_sentence_to_pull_on(a):
    html = profile_table(a, "DE").html
    assert html.count('<details class="chain"') == 1
    assert "Integration index of Germany" in plain(html)


def test_a_system_without_levels_has_no_profile(a):
    assert not profile_table(a, "EU")


def test_all_benefits_of_a_ranked_system_are_shown_with_their_share(a):
    for system in ("DE", "NZ", "SE"):
        lines = rows_of(benefits_table(a, system).html)
        mine = a.benefits[a.benefits["system_id"] == system].set_index("benefit_id")
        assert len(mine) == len(a.study.benefits) == 19
        assert len(lines) == 19 + len(a.stakeholders)
        for benefit, r in mine.iterrows():
            (line,) = [
                x for x in lines if plain(x).startswith(a.names.benefit(benefit) + " ")
                or plain(x).startswith(a.names.benefit(benefit) + "\n")
            ]  # fmt: skip
            assert f'<td class="n" role="cell">{percent(r["realised"])}</td>' in line
            assert f"from {percent(r['lower'])} to {percent(r['upper'])}" in plain(line)


def test_a_thin_system_has_no_benefits_but_a_reason(a):
    for system in ("AT", "BG", "EU"):
        made = benefits_table(a, system)
        assert not made
        assert "Too little evidence" in made.text


def test_benefits_do_not_need_another_ranked_system(a):
    alone = replace(a, ranking=replace(a.ranking, table=a.ranking.table.loc[["DE"]]))
    made = benefits_table(alone, "DE")
    assert len(rows_of(made.html)) == 19 + len(a.stakeholders)
    assert "median of the others" not in plain("".join(rows_of(made.html)))


def test_nobody_has_solved_anything_on_low_confidence(a):
    for system in ("DE", "AT", "BE-FL"):
        html = solved_table(a, system).html
        solvers = re.findall(r"<li><p><b>(.*?)</b>.*?</li>", html, flags=re.S)
        assert solvers
        assert "c1" not in re.findall(r'class="cf (c\d)"', html)


def test_solvers_stand_higher_and_are_the_two_most_alike(a):
    html = solved_table(a, "DE").html
    for part in html.split('<div class="solve">')[1:]:
        name = re.search("<h3>(.*?)</h3>", part)[1]
        d = next(d for d in a.dimensions if a.names.dimension(d) == name)
        found = who_has_solved(a.evidence, "DE", d)
        shown = re.findall(r"<b>([^<]+)</b> <span class=\"lvt\">level (\d)</span>", part)
        assert [n for n, _ in shown] == [
            s[:1].upper() + s[1:] for s in map(a.names.system, found["system_id"].head(2))
        ]
        assert all(int(level) > a.level("DE", d) for _, level in shown)
        assert int(re.search(r"Level </span><span class=\"at\">(\d)", part)[1]) == a.level("DE", d)


def test_where_nobody_stands_higher_it_says_nobody_yet(a):
    doubtful = a.evidence.rows.assign(confidence="low")
    low = a.evidence.levels.notna()
    nobody = replace(a, evidence=replace(a.evidence, rows=doubtful, low=low))
    html = solved_table(nobody, "DE").html
    assert html.count("Nobody yet.") == html.count('<div class="solve">') > 0
    assert 'class="lvt"' not in html


def test_each_weak_dimension_is_asked_about_with_the_words_of_the_next_level(a):
    manual = a.study.dimensions.set_index("dimension_id")
    text = plain(solved_table(a, "DE").html)
    for d in weak_dimensions(a, "DE"):
        assert manual.loc[d, f"level_{a.level('DE', d) + 1}"] in text


def test_with_too_few_dimensions_nobody_is_called_alike(a):
    assert not solved_table(a, "BG")
    assert solved_table(a, "AT")


def test_moves_of_a_level_come_first(a):
    for system in a.changes["system_id"].unique():
        labels = re.findall(r'<span class="lab">(.*?)</span>', changes_table(a, system).html)
        moved = [label.startswith(("up", "down")) for label in labels]
        assert moved == sorted(moved, reverse=True), system
        mine = a.changes[a.changes["system_id"] == system]
        assert sum(moved) == (mine["change"].fillna(0) != 0).sum()
        assert labels.count("not comparable") == mine["change"].isna().sum()


def test_a_change_shows_both_statements_with_their_sources(a):
    html = changes_table(a, "DE").html
    for r in a.changes[a.changes["system_id"] == "DE"].itertuples():
        for when in ("first", "last"):
            assert getattr(r, f"{when}_statement") in plain(html)
            assert f'data-source="{getattr(r, f"{when}_source_id")}"' in html


def test_evidence_for_one_year_is_no_change(a):
    assert not changes_table(a, "BG")
    assert changes_table(a, "BG").text == "There is evidence for one year only."


@pytest.mark.parametrize(
    "name", ["profile_table", "benefits_table", "solved_table", "changes_table", "glance",
             "certainty", "in_short", "cannot_say_table", "where_to_look_table"],
)  # fmt: skip
def test_an_unknown_system_is_named_with_the_nearest(a, name: str):
    with pytest.raises(ParameterError, match=r'Did you mean "GB-ENG"\?'):
        getattr(tables, name)(a, "GB_ENG")


def test_a_missing_level_never_shows_as_nan(a):
    for system in ("DE", "SE", "AT", "BG", "MY"):
        for make in (profile_table, changes_table):
            assert "nan" not in plain(make(a, system).html).split()
    assert pd.isna(a.evidence.levels.loc["BG", "recognition"])
