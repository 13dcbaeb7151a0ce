from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import analyse, tables
from mcanalysis.swot import ife_efe, prioritise_factors, tows_pairs
from mcanalysis.tables import strategy_pairs, swot_board
from mcanalysis.tables.weighed import priorities_of, weighed_claims
from mcanalysis.texts import plain
from mcanalysis.wording import percent

each = pytest.mark.parametrize("system", ["DE", "IE"])


def squeezed(html: str) -> str:
    return " ".join(plain(html).split())


def on_board(html: str) -> list[str]:
    return re.findall(r'<li data-factor="([^"]+)"', html)


@each
def test_factors_stand_in_the_order_of_their_priority_with_its_share(judged, system: str):
    found = prioritise_factors(judged.study, judged.judgements, system).factors
    share = found.set_index("factor_id")["global"]
    html = swot_board(judged, system).html
    assert sorted(on_board(html)) == sorted(share.index)
    for quadrant in html.split('<div class="quad ')[1:]:
        shares = [share[f] for f in on_board(quadrant)]
        assert shares == sorted(shares, reverse=True)
    for item in re.findall(r'<li data-factor=".*?</li>', html, flags=re.S):
        (factor,) = on_board(item)
        assert f"{percent(share[factor])} of all priority" in squeezed(item)


@each
def test_each_quadrant_and_the_first_sentence_tell_the_priority_of_the_groups(judged, system):
    groups = prioritise_factors(judged.study, judged.judgements, system).groups["priority"]
    text = squeezed(swot_board(judged, system).html)
    first = weighed_claims(judged, priorities_of(judged, system))[0].plain
    for quadrant, share in groups.items():
        plural = {"weakness": "weaknesses", "opportunity": "opportunities"}.get(
            quadrant, f"{quadrant}s"
        )
        head = re.search(rf"{plural.capitalize()} (?:in|out)side[^;]*; (\S+) of priority", text)
        assert head[1] == percent(share)
        assert f"{plural} {percent(share)}" in first
    assert f"gives {'strengths' if system == 'DE' else 'weaknesses'}" in first


def test_invented_judgements_are_called_so_wherever_they_are_told(judged):
    assert "(nine judges, invented)" in squeezed(swot_board(judged, "DE").html)
    assert "(nine judges, invented)" in squeezed(strategy_pairs(judged, "DE").html)


@each
def test_judges_who_contradict_themselves_are_counted(judged, system: str):
    found = priorities_of(judged, system)
    ratio = found.consistency.groupby("judge_id")["cr"].max()
    words = {3: "Three", 4: "Four"}
    said = weighed_claims(judged, found)[1]
    assert said.plain.startswith(
        f"{words[int((ratio > 0.1).sum())]} of nine judges contradict themselves noticeably"
    )
    assert all(f"{judge} {value:.2f}" in said.value for judge, value in ratio.items())


@each
def test_inside_and_outside_are_those_of_the_evaluation_and_sure_only_if_they_are(judged, system):
    found = priorities_of(judged, system)
    e = ife_efe(judged.study, judged.evidence, found, judged.ranked)
    said = weighed_claims(judged, found)[-1].plain
    assert f"Inside it scores {e.position.ife:.2f}" in said
    assert f"outside {e.position.efe:.2f}" in said
    assert said.startswith("Strong inside" if e.position.posture[0] == "S" else "Weak inside")
    assert ("badly prepared" in said) == (e.position.posture[1] == "T")
    assert ("This is not sure" in said) == (not e.sure)
    assert e.position.region not in said


@each
def test_pairs_are_those_that_priorities_put_first(judged, system: str):
    found = priorities_of(judged, system)
    shown = tows_pairs(judged.study, system, found).query("shown")
    factors = judged.study.swot_factors.set_index("factor_id")["statement"]
    text = squeezed(strategy_pairs(judged, system).html)
    places = [text.index(factors[p.inside]) for p in shown.itertuples()]
    assert len(places) == len(shown)
    assert strategy_pairs(judged, system).html.count("<li>") == len(shown)


def test_a_panel_that_was_not_asked_about_a_system_leaves_its_board_as_it_was(a, judged):
    for system in ("NZ", "AT", "EU"):
        assert on_board(swot_board(judged, system).html) == on_board(swot_board(a, system).html)
        text = squeezed(swot_board(judged, system).html)
        assert "order of the dimensions: the panel “illustrative” (invented) was not asked" in text
        assert 'class="pri"' not in swot_board(judged, system).html
        assert strategy_pairs(judged, system).html == strategy_pairs(a, system).html
        assert priorities_of(judged, system) is None


@each
def test_without_a_panel_nobody_is_said_to_have_weighed_anything(a, system: str):
    html = swot_board(a, system).html
    assert "in the order of the dimensions: no panel has weighed them yet." in squeezed(html)
    assert "of priority" not in html
    assert 'class="pri"' not in html
    assert priorities_of(a, system) is None


def test_judges_who_rate_cannot_contradict_themselves_and_are_not_said_to(study):
    factors = study.swot_factors.query("system_id == 'IE'")["factor_id"].to_list()
    rows = pd.DataFrame(
        {"left": [*factors, "strength", "weakness", "opportunity", "threat"], "value": 2.0}
    ).assign(
        judge_id="j1",
        stakeholder_id="hei",
        topic="IE",
        kind="rating",
        right=None,
        illustrative="no",
    )
    a = analyse(replace(study, panels={"firm": rows}), draws=200, panel="firm")
    claims = weighed_claims(a, priorities_of(a, "IE"))
    assert len(claims) == 2
    assert not any("contradict" in c.plain or "invented" in c.plain for c in claims)


def test_where_nothing_can_be_rated_the_position_is_not_made_up(judged):
    found = priorities_of(judged, "DE")
    low = judged.evidence.levels.notna()
    doubtful = replace(judged, evidence=replace(judged.evidence, low=low))
    said = weighed_claims(doubtful, found)[-1]
    assert said.plain == (
        "How Germany stands inside and outside cannot be said: too little can be rated."
    )
    assert said.value.startswith("DE: no rating of")


def test_texts_of_the_study_are_escaped_wherever_a_panel_adds_some(study):
    odd = '<i>"&'
    strange = replace(
        study,
        swot_factors=study.swot_factors.assign(statement=odd),
        benefits=study.benefits.assign(label=odd),
        dimensions=study.dimensions.assign(name=odd, short_name=odd),
        systems=study.systems.assign(name=odd, short_name=odd),
        stakeholders=study.stakeholders.assign(name=odd),
        panels={odd: study.panels["illustrative"]},
    )
    a = analyse(strange, draws=2000, panel=odd)
    made = [swot_board(a, "DE"), strategy_pairs(a, "DE"), tables.importance_table(a, "DE"),
            tables.importance_across(a, "learners"), tables.stakeholder_orders(a),
            tables.comparison_claims(a), tables.in_short(a, "IE"), tables.certainty(a, "IE"),
            tables.glance(a, "IE"), tables.priorities(a)]  # fmt: skip
    for block in made:
        assert block.html
        assert "<i>" not in block.html.replace('<i aria-hidden="true">', "").replace(
            "<i></i>", ""
        ), block.html[:200]
