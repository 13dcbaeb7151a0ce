"""Sentences of the country pages: whole for some systems, recomputed for all of them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.why import system_claims
from mcanalysis.why.findings import surely
from mcanalysis.wording import count, ordinal, percent

WORDS = {count(n): n for n in range(1, 13)} | {"none": 0, "no": 0}


@pytest.fixture(scope="module")
def said(a):
    """Claims of every system by its id."""
    return {s: system_claims(a, s) for s in a.study.systems["system_id"]}


def number(word: str) -> int:
    return WORDS[word.lower()] if word.lower() in WORDS else int(word)


def beginning(claims, start: str):
    """Return the one claim that begins so, or None."""
    found = [c for c in claims if c.plain.startswith(start)]
    assert len(found) <= 1
    return found[0] if found else None


def test_germany_in_whole_sentences(said):
    plain = [c.plain for c in said["DE"]]
    assert plain[0] == (
        "Seven of the 19 other ranked systems are surely ahead of Germany, none surely behind, "
        "twelve cannot be told apart; it ranks 10th to 20th of 20 in nine of ten weightings."
    )
    assert plain[1] == (
        "It is in the lower half in 94% of all priorities (exact to 0.2 points), and never first."
    )
    assert plain[3] == (
        "Microcredentials work best for higher education institutions: 45% of what their benefits "
        "depend on is in place, against 37% for learners and 37% for employers; the ranges "
        "overlap, so this order is not certain."
    )
    assert plain[4].startswith(
        "The step that would help learners most is recognition, from level 1 to 2: "
    )
    assert plain[5] == (
        "Since 2022 one level has risen (definition and strategy, 1 to 2); five dimensions were "
        "looked at again and had not moved."
    )
    assert plain[6] == (
        "How sure: one of the eleven levels rests on high-confidence evidence, seven on medium and "
        "three on low (qualifications framework, employer engagement, and transparency and "
        "registers)."
    )


def test_bulgaria_says_the_one_thing_that_is_known_and_no_average(said):
    plain = [c.plain for c in said["BG"]]
    assert plain[0] == (
        "For Bulgaria evidence was found on one of 11 dimensions. That is too little to rank the "
        "system or to say for whom microcredentials work there."
    )
    assert plain[1].endswith(
        "(level 2 of 3 on qualifications framework). The row describes 2018 and has low confidence."
    )
    assert plain[3] == (
        "Where to look first: definition and strategy, provision and uptake, and legal basis. "
        "These are the gaps that were closed for most other EU systems (23, 22 and 19 of 27)."
    )


def test_austria_with_seven_dimensions_is_described_but_not_ranked(said):
    assert [c.plain for c in said["AT"]][:3] == [
        "For Austria evidence was found on seven of 11 dimensions. That is too little to rank the "
        "system.",
        "What is known: level 2 on definition and strategy, and credits and stackability; level 1 "
        "on legal basis, quality assurance, recognition, and provision and uptake; level 0 on "
        "qualifications framework.",
        "Since 2021 one level has risen (definition and strategy, 1 to 2); one dimension was "
        "looked at again and had not moved.",
    ]


def test_the_european_level_is_here_for_its_factors_only(said):
    (claim,) = said["EU"]
    assert claim.plain == (
        "For European Union (European level) no level has been coded: it is here for its 17 SWOT "
        "factors only."
    )
    assert claim.rows.empty


def test_every_sentence_has_value_and_formula_and_ends_as_one(said):
    for system, claims in said.items():
        for c in claims:
            assert c.value, (system, c.plain)
            assert c.formula, (system, c.plain)
            assert c.plain.endswith("."), (system, c.plain)
            assert c.say.count("**") == 2 * len(re.findall(r"\*\*.+?\*\*", c.say))


def test_what_speaks_of_levels_shows_the_rows_it_speaks_of(said):
    for system, claims in said.items():
        for c in claims:
            speaks = "level " in c.plain and not c.plain.startswith("Where to look")
            if speaks and system != "EU":
                assert len(c.rows), (system, c.plain)
                assert system in set(c.rows["system_id"])


def test_every_row_shown_stands_in_the_indicators_with_this_level(a, said):
    known = {
        (r.system_id, r.dimension_id, r.year): (r.level, r.source_id, r.locator)
        for r in a.study.indicators.itertuples()
    }
    for claims in said.values():
        for c in claims:
            for r in c.rows.itertuples():
                shown = (r.level, r.source_id, r.locator)
                assert known[r.system_id, r.dimension_id, r.year] == shown


def test_standing_counts_those_whom_the_draws_put_ahead_and_behind(a, said):
    ahead, limit = a.ranking.ahead, a.ranking.threshold
    for s in a.ranked:
        up = sum(ahead.loc[o, s] >= limit for o in a.ranked if o != s)
        down = sum(ahead.loc[s, o] >= limit for o in a.ranked if o != s)
        found = re.match(
            r"(\w+) of the (\d+) other ranked systems (?:is|are) surely ahead of .+?, "
            r"(\w+) surely behind, (\w+) cannot be told apart; it ranks (\w+)",
            said[s][0].plain,
        )
        others = len(a.ranked) - 1
        counts = [number(found[i]) for i in (1, 2, 3, 4)]
        assert counts == [up, others, down, others - up - down]
        assert found[5] == ordinal(int(a.ranking.table.loc[s, "best_rank"]))


def test_no_system_is_both_surely_ahead_and_surely_behind(a):
    for s in a.ranked:
        up, down = surely(a, s)
        assert s not in (*up, *down)
        assert not set(up) & set(down)
        assert all(s in surely(a, o)[1] for o in up)


def test_highest_and_lowest_are_those_of_the_newest_levels(a, said):
    for s in a.ranked:
        levels = a.evidence.levels.loc[s].dropna()
        (claim,) = [c for c in said[s] if "stands" in c.plain and "highest" in c.formula.lower()]
        extremes = levels[(levels == levels.max()) | (levels == levels.min())]
        assert set(claim.rows["dimension_id"]) == set(extremes.index)
        assert f"level {levels.max():g} of 3" in claim.plain


def test_for_whom_names_first_who_has_the_largest_share_and_then_all_others(a, said):
    for s in a.ranked:
        claim = beginning(said[s], "Microcredentials work")
        groups = a.groups[a.groups["system_id"] == s].set_index("stakeholder_id")["realised"]
        most = percent(groups.max())
        lead = [g for g in groups.index if percent(groups[g]) == most]
        first, _, rest = claim.say.partition(f"**: {most} of what their benefits depend on")
        assert rest
        assert ("best for" in first) == (len(lead) == 1)
        assert all(a.names.stakeholder(g).lower() in first for g in lead)
        for g in groups.index.difference(lead):
            assert f"{percent(groups[g])} for {a.names.stakeholder(g).lower()}" in rest


def test_an_order_whose_ranges_overlap_is_called_uncertain(a, said):
    for s in a.ranked:
        groups = a.groups[a.groups["system_id"] == s].sort_values("realised", ascending=False)
        best = groups.iloc[0]
        rest = groups[groups["realised"].map(percent) != percent(best["realised"])]
        claim = beginning(said[s], "Microcredentials work")
        assert ("not certain" in claim.plain) == (rest["upper"] > best["lower"]).any()


def test_a_step_is_one_level_up_from_the_level_that_the_system_has(a, said):
    for s in a.ranked:
        claim = beginning(said[s], "The step that would help")
        if claim is None:
            continue
        level, above = map(int, re.search(r"from level (\d) to (\d)", claim.plain).groups())
        own = claim.rows[claim.rows["system_id"] == s].iloc[0]
        assert (level, above) == (own["level"], own["level"] + 1)


def test_those_who_are_said_to_stand_there_already_do_on_more_than_low_confidence(a, said):
    for s in a.ranked:
        claim = beginning(said[s], "The step that would help")
        if claim is None or "already" not in claim.plain:
            continue
        others = claim.rows[claim.rows["system_id"] != s]
        own = claim.rows.loc[claim.rows["system_id"] == s, "level"].iloc[0]
        assert (others["level"] > own).all()
        assert (others["confidence"] != "low").all()


def test_moves_are_those_of_comparable_rows(a, said):
    rows = a.study.indicators
    rows = rows[rows["comparable"] != "no"].sort_values("year")
    ends = rows.groupby(["system_id", "dimension_id"])["level"].agg(["size", "first", "last"])
    ends = ends[ends["size"] > 1]
    for s, claims in said.items():
        claim = beginning(claims, "Since ")
        mine = ends.loc[[s]] if s in ends.index.get_level_values(0) else ends.iloc[:0]
        assert (claim is None) == mine.empty, s
        if claim is None:
            continue
        change = mine["last"].astype(int) - mine["first"].astype(int)
        for verb, n in (("risen", (change > 0).sum()), ("fallen", (change < 0).sum())):
            found = re.search(rf"(\w+) levels? ha(?:s|ve) {verb}", claim.plain)
            assert (number(found[1]) if found else 0) == n, (s, claim.plain)
        still = re.search(r"(\w+) dimensions? (?:(?:was|were) )?looked at again", claim.plain)
        assert (number(still[1]) if still else 0) == (change == 0).sum()


def test_confidence_is_counted_from_the_rows_shown(a, said):
    for s in a.ranked:
        claim = beginning(said[s], "How sure")
        by = claim.rows["confidence"].value_counts()
        found = re.search(
            r"(\w+) of the (\w+) levels rests? on high.+?, (\w+) on medium and (\w+) on low",
            claim.plain,
        )
        counts = [number(found[i]) for i in (1, 2, 3, 4)]
        assert counts == [by.get("high", 0), len(claim.rows), by.get("medium", 0), by.get("low", 0)]


def test_every_gap_of_a_system_is_named(a, said):
    for s, claims in said.items():
        gaps = [a.names.dimension(d).lower() for d in a.dimensions if a.level(s, d) is None]
        start = "How sure" if s in a.ranked else "What is not known"
        claim = beginning(claims, start)
        if s == "EU":
            continue
        assert all(gap in claim.plain for gap in gaps)


def test_thin_systems_are_told_no_rank_no_order_of_groups_and_no_average(a, said):
    thin = [s for s in said if s not in a.ranked]
    assert len(thin) == len(said) - 20
    for s in thin:
        text = " ".join(c.plain for c in said[s])
        assert "it ranks" not in text
        assert "work best" not in text
        assert "surely" not in text
        assert "%" not in text


def test_where_to_look_names_gaps_closed_for_most_of_the_region(a, said):
    region = a.study.systems.set_index("system_id")["region"]
    known = a.evidence.levels.notna()
    for s in (s for s in said if s not in a.ranked and s in known.index):
        others = [o for o in known.index if o != s and region[o] == region[s]]
        closed = known.loc[others].sum()
        most = [d for d in a.dimensions if a.level(s, d) is None and closed[d] > len(others) / 2]
        claim = beginning(said[s], "Where to look first")
        assert (claim is None) == (not most)
        if claim:
            assert f"of {len(others)})" in claim.plain
            named = [d for d in most if a.names.dimension(d).lower() in claim.plain]
            assert len(named) == min(3, len(most))


def test_every_place_that_a_sentence_points_to_is_named(said):
    for claims in said.values():
        for c in claims:
            if c.more:
                label, target = c.more
                assert label
                assert "#" in target


def test_an_unknown_system_is_named_with_the_nearest(a):
    with pytest.raises(ParameterError, match=r'no system "GBENG"\. Did you mean "GB-ENG"\?'):
        system_claims(a, "GBENG")


def test_words_of_any_script_pass_through(a):
    strange = a.evidence.rows.assign(statement="Ő “žlutý kůň” – ימי עיון 学分.")
    other = replace(a, evidence=replace(a.evidence, rows=strange))
    assert "“žlutý kůň” – ימי עיון 学分 (level 2" in system_claims(other, "BG")[1].plain
