from __future__ import annotations

import re

import pytest

from mcanalysis.compare import dominance
from mcanalysis.errors import ParameterError
from mcanalysis.multiverse import choices, conclusions, options
from mcanalysis.tables import (
    comparison_claims,
    comparison_head,
    ranking,
    side_by_side,
    unranked_table,
    what_holds,
)
from mcanalysis.tables.profiles import SHOWN_SIDE_BY_SIDE, chosen_systems
from mcanalysis.texts import plain
from mcanalysis.why.sure import condition_claim
from mcanalysis.wording import percent


def squeezed(html: str) -> str:
    return " ".join(plain(html).split())


def test_the_head_counts_systems_dimensions_and_cells_with_evidence(a):
    text = squeezed(comparison_head(a).html)
    levels = a.evidence.levels
    assert f"{len(levels)} systems, {len(a.dimensions)} dimensions" in text
    assert f"evidence in {len(a.evidence.rows)} of {levels.size} cells" in text
    for confidence, n in a.evidence.rows["confidence"].value_counts().items():
        assert f"{n} {confidence}" in text


def test_in_short_counts_are_those_of_the_ranking(a):
    text = comparison_claims(a).text
    t = a.ranking.table
    free = t.index[t["behind"] == 0]
    first = next(x for x in text.split("\n") if x.startswith("No system is surely ahead of"))
    assert all(a.names.in_sentence(s) in first for s in free)
    assert f"each of the other {len(t) - len(free)} ranked systems" in first
    top = t["first_share"].idxmax()
    tried = choices(a)
    times = int((tried[top] == 1).sum())
    share = percent(t["first_share"].max())
    assert f"{a.names.system(top)} is first in {share} of all priorities (exact to" in text
    assert f"under {times} of {len(tried)} combinations" in text
    method = squeezed(comparison_claims(a).html)
    assert (
        "Combinations of worth of levels (3), normalisation (3), aggregation (5), "
        f"weights ({1 + len(a.stakeholders)}) and gaps (3), "
        "less those that are not defined or would repeat another."
    ) in method


def test_the_next_two_are_told_their_share_of_the_first_places(a):
    t = a.ranking.table
    top = t["first_share"].idxmax()
    for s in [s for s in t.sort_values("mean_rank").index if s != top][:2]:
        first, three = (a.ranking.acceptability.loc[s].iloc[:k].sum() for k in (1, 3))
        assert (
            f"{a.names.system(s)} is first in {percent(first)} of all priorities, among the first "
            f"three in {percent(three)}"
        ) in comparison_claims(a).text


def test_what_would_settle_the_first_place_is_told(a, judged):
    assert condition_claim(a, "NZ").plain in comparison_claims(a).text
    assert condition_claim(judged, "NZ") is None
    assert condition_claim(judged, "HR").plain in comparison_claims(judged).text


def test_with_a_panel_no_share_is_of_all_priorities_and_its_weights_are_tried(judged):
    text = comparison_claims(judged).text + squeezed(comparison_claims(judged).html)
    assert "of all priorities" not in text
    assert "of the panel's draws" in text
    tried = choices(judged, {"the panel “illustrative”": judged.judged.weights})
    assert f"of {len(tried)} combinations" in text
    holds = squeezed(what_holds(judged).html)
    assert f"Number of {len(tried)} combinations" in holds
    assert (
        "weights (equal; implied by the benefits of learners, higher education institutions or "
        "employers; those of the panel “illustrative”)"
    ) in holds


def test_in_short_counts_gaps_of_all_systems(a):
    levels = a.evidence.levels
    text = comparison_claims(a).text
    assert f"{len(levels) - 20} of {len(levels)} systems have too little evidence to rank" in text
    share = levels.isna().sum().sum() / levels.size
    assert f"{percent(share)} of all {levels.size} cells are empty" in text


def test_the_common_weakness_is_the_dimension_with_the_lowest_mean(a):
    levels = a.evidence.levels.loc[a.ranked]
    weak = levels.mean().idxmin()
    on = levels[weak].dropna()
    assert f"{a.names.dimension(weak)} is the common weakness" in comparison_claims(a).text
    assert f"of the {len(on)} ranked systems with evidence" in comparison_claims(a).text


def test_the_ranking_counts_what_levels_alone_settle(a):
    wins = dominance(a.evidence, a.ranked)
    made = ranking(a)
    assert f"{int(wins.to_numpy().sum())} of the 380 ordered pairs" in squeezed(made.html)
    assert [c["id"] for c in made.charts] == ["ranks"]


def test_systems_that_are_not_ranked_have_an_interval_and_no_rank(a):
    rest = ranking(a).html.partition('<details class="more-d">')[2]
    un = a.ranking.unranked
    assert f"Too little evidence to rank: {len(un)} systems" in rest
    for s, r in un.iterrows():
        assert f"{a.names.system(s)}</th>" in rest
        assert f"{r['lower']:.2f} to {r['upper']:.2f}" in rest


def test_unranked_systems_stand_by_name_with_a_source_for_each_level(a):
    html = unranked_table(a).html
    names = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', html)
    assert names == sorted(names)
    rows = a.evidence.rows[a.evidence.rows["system_id"].isin(a.ranking.unranked.index)]
    assert html.count('class="src"') == len(rows)


def test_by_default_four_systems_spread_over_the_ranking_stand_side_by_side(a):
    chosen = chosen_systems(a, None)
    order = list(a.ranking.table.sort_values("mean_rank").index)
    assert len(chosen) == SHOWN_SIDE_BY_SIDE
    assert (chosen[0], chosen[-1]) == (order[0], order[-1])


def test_systems_side_by_side_are_those_asked_for_once_and_in_order(a):
    html = side_by_side(a, ["DE", "BG", "DE", "NZ"]).html
    head = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)
    assert head == ["Dimension", "Germany", "Bulgaria", "New Zealand"]
    levels = [a.level(s, d) for d in a.dimensions for s in ("DE", "BG", "NZ")]
    shown = re.findall(r'level </span>(\d)</b>|<b class="lv gap"', html)
    assert shown == ["" if v is None else str(v) for v in levels]
    assert html.count('class="src"') == sum(v is not None for v in levels)


def test_side_by_side_counts_levels_of_two_or_more(a):
    high = {s: sum((a.level(s, d) or 0) >= 2 for d in a.dimensions) for s in ("DE", "NZ")}
    words = {3: "three", 8: "eight", 9: "nine", 10: "ten"}
    assert side_by_side(a, ["DE", "NZ"]).text == (
        f"New Zealand reaches level 2 or more on {words[high['NZ']]} dimensions, Germany on "
        f"{words[high['DE']]}"
    )


def test_a_system_without_evidence_cannot_stand_side_by_side(a):
    with pytest.raises(ParameterError, match='No evidence on a system "EU"'):
        side_by_side(a, ["DE", "EU"])
    with pytest.raises(ParameterError, match=r'Did you mean "GB-ENG"\?'):
        side_by_side(a, ["GB_ENG"])


def test_conclusions_are_shown_with_their_counts_and_a_word(a):
    found = conclusions(a, choices(a))
    text = squeezed(what_holds(a).html)
    for r in found.itertuples():
        assert f"{r.conclusion} {r.holds} of {r.of} " in text
    word = re.findall(r'<td role="cell">(holds|nearly always|mostly|open|mostly not)</td>', (
        what_holds(a).html
    ))  # fmt: skip
    assert len(word) == len(found)
    assert word.count("holds") == (found["holds"] == found["of"]).sum()


def test_the_note_on_conclusions_names_every_option_that_was_tried(a):
    text = squeezed(what_holds(a).html)
    tried = options(choices(a))
    for choice in ("normalisation", "aggregation", "gaps"):
        assert f"{choice} ({', '.join(tried[choice])})" in text
    assert "worth of levels 1 and 2 (equal steps; 0.60 and 0.85; 0.15 and 0.40)" in text
    for group in a.stakeholders:
        assert a.names.stakeholder(group).lower() in text
    assert "those of the panel" not in text
    assert f"Number of {len(choices(a))} combinations" in text
