"""Sentences of the robustness page: each figure is that of the ranking."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.compare import integration_index
from mcanalysis.multiverse import choices, conclusions
from mcanalysis.robustness import (
    confidence_table,
    research_list,
    smallest_flips,
    weight_stability,
)
from mcanalysis.why.methods import methods_claim, option_in_words, tried_weights
from mcanalysis.why.robust import leaders, points, rank_claims, split_error, variation
from mcanalysis.wording import percent

FEW = 500


@pytest.fixture(scope="module")
def said(a):
    return rank_claims(a)


def test_the_first_sentence_says_who_is_first_how_often_and_how_surely(a, said):
    sure = confidence_table(a.evidence, a.ranking)
    text = said[0].plain
    assert text.startswith(
        f"New Zealand is first in {percent(sure.loc['NZ', 'first_share'])} of all priorities "
        "(exact to 0.3 points), "
    )
    assert f"Croatia in {percent(sure.loc['HR', 'first_share'])}" in text
    factor = {s: percent(sure.loc[s, "confidence_factor"]) for s in ("NZ", "HR", "IE")}
    assert text.endswith(
        f"With the weights of a typical supporter, New Zealand would be first in {factor['NZ']} of "
        f"the draws, Croatia in {factor['HR']} and Ireland in {factor['IE']}."
    )


def test_pairs_and_widths_are_counted(a, said):
    t = a.ranking.table
    sure = int((a.ranking.ahead.to_numpy() >= a.ranking.threshold).sum())
    width = t["worst_rank"] - t["best_rank"] + 1
    assert said[1].plain.startswith(f"{sure} of 190 pairs are settled, ")
    assert f"the other {190 - sure} cannot be told apart" in said[1].plain
    assert f"span {int(width.median())} places or more of 20" in said[1].plain
    assert (width >= int(width.median())).mean() >= 0.5


def test_what_matters_most_is_the_kind_with_the_largest_mean_share(a, said):
    split = variation(a)
    mean = split.mean()
    assert mean.drop("together").idxmax() == "weights"
    assert said[2].plain.startswith(
        f"What matters most: priorities. Alone, they explain {percent(mean['weights'])} of how much"
    )
    assert f"the other {percent(mean['together'])} is their interplay" in said[2].plain


@pytest.mark.parametrize(
    ("vary", "columns"),
    [(["weights", "gaps"], ["weights", "gaps"]), (["confidence"], ["confidence"])],
)
def test_variation_is_split_into_shares_of_one(study, vary, columns):
    split = variation(analyse(study, draws=FEW, vary=vary))
    assert list(split.columns) == [*columns, "together"]
    assert (split >= 0).all(axis=None)
    assert split.sum(axis=1).to_numpy() == pytest.approx(1)


def test_a_rank_that_never_varies_is_not_split(study):
    a = analyse(study, draws=FEW, vary=["confidence"])
    split = variation(a)
    spread = a.ranking.acceptability.max(axis=1)
    still = set(a.ranked) - set(split.index)
    assert still
    assert (spread[list(still)] == 1).all()


def test_the_lead_ends_with_the_smallest_move_to_any_rival(a, said):
    flips = smallest_flips(a.evidence, a.ranked)
    least = flips[flips["ahead"] == "NZ"]["moved"].min()
    assert said[3].plain.startswith(
        f"New Zealand stays first until {points(least)} of weight (of 100) move from employer "
        "engagement to provision and uptake; then Croatia is level."
    )
    room = weight_stability(a.evidence, a.ranked, system="NZ")
    ends = room[(room["lower"] > 0) | (room["upper"] < 1)]
    for d in a.dimensions:
        named = f"{a.names.dimension(d).lower()} (" in said[3].plain
        assert named == (d in ends.index)


def test_moving_that_much_weight_makes_the_two_level_on_what_both_have(a):
    flip = smallest_flips(a.evidence, a.ranked).query("ahead == 'NZ'").iloc[0]
    w = dict.fromkeys(a.dimensions, 1 / len(a.dimensions))
    w[flip["sources"]] -= flip["moved"]
    w[flip["to"]] += flip["moved"]
    both = a.evidence.levels.loc[["NZ", flip["behind"]]].dropna(axis=1)
    one, other = (sum(w[d] * v for d, v in both.loc[s].items()) for s in both.index)
    assert one == pytest.approx(other)


def test_leaders_have_the_highest_index_with_the_weights_in_force(study):
    a = analyse(study, draws=FEW, panel="illustrative")
    index = integration_index(a.evidence, a.judged.weights)["index"].loc[a.ranked]
    assert leaders(a) == [index.idxmax()]


def test_the_methods_sentence_counts_conclusions(a, said):
    found = conclusions(a, choices(a))
    sure = (found["holds"] == found["of"]).sum()
    words = {1: "One", 2: "Two", 3: "Three", 4: "Four"}
    assert said[4].plain.startswith(
        f"{words[sure]} of ten conclusions hold under every one of {len(choices(a))} combinations"
    )
    assert "least often with gaps left out" in said[4].plain


def test_a_panel_is_one_more_choice_of_weights(study):
    a = analyse(study, draws=FEW, panel="illustrative")
    (name,) = tried_weights(a)
    assert option_in_words(a, "weights", name) == "weights of the panel “illustrative”"
    assert f"of {len(choices(a, tried_weights(a)))} combinations" in methods_claim(a).plain
    assert rank_claims(a)[0].plain.startswith("New Zealand is first in ")
    assert "of the panel's draws" in rank_claims(a)[0].plain


def test_the_cell_most_worth_finding_out_is_first_on_the_list(a, said):
    one = research_list(a.evidence, a.ranking).iloc[0]
    dimension = a.names.dimension(one["dimension_id"]).lower()
    name = a.names.in_sentence(one["system_id"])
    assert said[5].plain.startswith(
        f"Most worth finding out: {dimension} in {name}, where no evidence was found. Knowing it "
        f"would take away {percent(one['own'])} of the uncertainty of that rank"
    )


def test_what_is_not_varied_is_not_spoken_of(study):
    a = analyse(study, draws=FEW, vary=["weights"])
    text = "\n".join(c.plain for c in rank_claims(a))
    assert "What matters most" not in text
    assert "Most worth finding out" not in text
    assert "typical supporter" not in text
    fixed = "\n".join(c.plain for c in rank_claims(analyse(study, draws=FEW, vary=["gaps"])))
    assert "of all priorities" not in fixed
    assert "of the draws" in fixed


def test_an_order_of_importance_changes_who_leads_and_from_where_weight_moves(study):
    a = analyse(study, draws=FEW, order=[["recognition"], ["provision-uptake"]])
    text = "\n".join(c.plain for c in rank_claims(a))
    assert "of all priorities that keep the order of importance" in text
    lead = rank_claims(a)[3]
    assert lead.formula.startswith("Start: the weights that stand for the order of importance")


def test_every_sentence_has_value_and_formula(said):
    for claim in said:
        assert claim.value.endswith(".")
        assert claim.formula.endswith(".")
        assert claim.more[1].startswith("#")
        assert claim.note


def test_the_error_of_the_split_is_about_a_point(a):
    assert 0 < split_error(a) < 0.02


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 points"), (0.0004, "under 0.1 points"), (0.01, "1 point"), (0.123, "12.3 points")],
)
def test_weight_is_said_in_points(share, words):
    assert points(share) == words


def with_levels(study, system: str, levels: dict[str, int]):
    """Replace the rows of a system by these levels."""
    rows = study.indicators[study.indicators["system_id"] == "NZ"].drop_duplicates("dimension_id")
    mine = rows[rows["dimension_id"].isin(levels)].assign(system_id=system, confidence="high")
    mine = mine.assign(level=mine["dimension_id"].map(levels))
    others = study.indicators[study.indicators["system_id"] != system]
    return replace(study, indicators=pd.concat([others, mine], ignore_index=True))


def lead_said(study) -> str:
    (claim,) = (
        c
        for c in rank_claims(analyse(study, draws=FEW))
        if c.more == ("How far weights can move", "#how-far-weights-can-move")
    )
    return claim.plain


def test_two_that_are_level_at_the_top_are_said_to_be(a, study):
    nz = {d: a.level("NZ", d) for d in a.dimensions}
    text = lead_said(with_levels(study, "DE", nz))
    assert text.startswith("Germany and New Zealand are level at the top with equal weights")


def test_a_lead_that_no_weights_can_end_is_said_to_be_one(a, study):
    text = lead_said(with_levels(study, "NZ", dict.fromkeys(a.dimensions, 3)))
    assert text.startswith("No change of weights ends the lead of New Zealand: ")


def test_a_lead_that_hangs_on_gaps_is_said_to(a, study):
    some = a.dimensions[:8]
    above = {d: 3 if d in some else 0 for d in a.dimensions}
    best = with_levels(study, "DE", above)
    best = with_levels(best, "SG", {d: 2 if d == some[0] else 3 for d in some})
    text = lead_said(best)
    assert text.startswith("The lead of Singapore hangs on gaps: ")
    assert "Germany stands higher with equal weights" in text
