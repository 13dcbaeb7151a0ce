"""Sentences on a scenario and on a target: each agrees with the results that it is made from."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcanalysis import analyse
from mcanalysis.change import CAUSES, Target, apply_scenario
from mcanalysis.errors import MethodError, ParameterError
from mcanalysis.study import read_study
from mcanalysis.why.what_follows import what_if_claims
from mcanalysis.why.what_if import WhatIf, assumed_in_words, gains, moved, suppose
from mcanalysis.why.what_it_takes import (
    cannot_aim,
    lowest_that_can,
    make_target,
    proof_in_words,
    target_claim,
    what_it_takes,
)

DRAWS = 3000
NAME = "recognition-in-the-eu"


@pytest.fixture(scope="module")
def now(study):
    return analyse(study, draws=DRAWS)


@pytest.fixture(scope="module")
def w(now) -> WhatIf:
    return suppose(now)


def assuming(study, *rows: tuple[str, str, int], **more) -> WhatIf:
    """Suppose the levels of a small scenario."""
    table = pd.DataFrame(rows, columns=["system_id", "dimension_id", "level"]).astype(
        {"level": "Int64"}
    )
    named = replace(study, scenarios={"bold": table.assign(note="So be it.")})
    return suppose(analyse(named, **{"draws": 100, **more}))


def plain(w: WhatIf) -> str:
    return " ".join(c.plain for c in what_if_claims(w))


def test_the_shipped_scenario_is_every_ranked_system_of_the_eu_below_level_2_on_recognition(now):
    region = now.study.systems.set_index("system_id")["region"]
    low = {s for s in now.ranked if region[s] == "eu" and now.level(s, "recognition") in (0, 1)}
    table = now.study.scenarios[NAME]
    assert set(table["system_id"]) == low
    assert set(table["dimension_id"]) == {"recognition"}
    assert set(table["level"]) == {2}
    assert table["note"].str.startswith("Illustrative: ").all()


def test_both_sides_have_the_same_date_draws_seed_and_weights(study):
    a = analyse(study, as_of=2024, draws=500, seed=7, min_dimensions=6, panel="illustrative")
    changes = suppose(a).changes
    new = changes.new
    assert new.evidence.as_of == 2024
    for name in ("draws", "seed", "min_dimensions", "vary"):
        assert getattr(new.ranking, name) == getattr(a.ranking, name)
    assert new.panel == a.panel
    assert changes.settings.empty


def test_an_order_of_importance_is_kept_on_both_sides(study):
    a = analyse(study, draws=300, order=["recognition", ["legislation", "credits-stackability"]])
    assert suppose(a).changes.settings.empty


def test_without_a_scenario_nothing_is_assumed_and_nothing_changes(study):
    w = suppose(analyse(replace(study, scenarios={}), draws=300))
    assert w.scenario is None
    assert w.live.empty
    assert w.changes.counts() == {}
    assert what_if_claims(w) == ()


def test_a_scenario_that_is_not_there_is_refused_with_the_nearest(now):
    with pytest.raises(MethodError, match=rf'no scenario "recognition-eu".*"{NAME}"'):
        suppose(now, "recognition-eu")


def test_a_scenario_that_repeats_what_is_coded_changes_nothing(study, now):
    w = assuming(study, ("DE", "legislation", now.level("DE", "legislation")))
    (claim,) = what_if_claims(w)
    assert claim.plain.startswith("This scenario changes nothing")
    assert not w.illustrative


def test_the_parts_of_a_change_add_up_as_printed(w):
    for r in moved(w).itertuples():
        parts = sum(getattr(r, c) for c in CAUSES)
        assert round(r.new_rank, 1) - round(r.old_rank, 1) == pytest.approx(parts)


def test_only_own_levels_and_the_others_explain_what_a_scenario_does(w):
    ranks = moved(w)
    assert (ranks[["weights", "method"]] == 0).all(axis=None)
    still = ~ranks["system_id"].isin(w.live["system_id"])
    assert (ranks.loc[still, "evidence"] == 0).all()


def test_who_moves_most_is_named_with_ranks_before_and_after(w):
    ranks = w.changes.ranks.set_index("system_id")
    top = ranks.loc[ranks["change"].abs().idxmax()]
    claim = what_if_claims(w)[1]
    name = w.now.names.system(ranks["change"].abs().idxmax())
    assert claim.plain.startswith(f"{name} moves most")
    assert f"from {top['old_rank']:.1f} to {top['new_rank']:.1f} of {len(w.now.ranked)}" in (
        claim.plain
    )


def test_the_pairs_in_a_sure_order_are_counted_on_both_sides(w):
    was, now = (
        int((a.ranking.ahead >= a.ranking.threshold).to_numpy().sum())
        for a in (w.now, w.changes.new)
    )
    n = len(w.now.ranked)
    assert f"Of {n * (n - 1) // 2} pairs {now} are in a sure order, before {was}" in plain(w)


def test_gains_are_the_mean_over_the_systems_with_assumed_levels(w):
    old, new = (
        a.groups.set_index(["system_id", "stakeholder_id"])["realised"]
        for a in (w.now, w.changes.new)
    )
    for who, change in gains(w).items():
        by = [new[s, who] - old[s, who] for s in w.live["system_id"]]
        assert change == pytest.approx(sum(by) / len(by))
    assert gains(w).is_monotonic_decreasing
    assert gains(w).index[0] == "learners"


def test_what_a_scenario_claims_rests_on_coded_rows_only(w):
    known = set(w.now.study.sources["source_id"])
    for claim in what_if_claims(w):
        assert {s for s, _ in claim.citations()} <= known
        assert claim.note


def test_a_weakness_that_others_cause_is_told_as_standing_still(w):
    appeared = w.changes.derived.query("new_quadrant == 'weakness'")
    assert not set(appeared["system_id"]) & set(w.live["system_id"])
    assert "with a new weakness stand still there" in plain(w)


def test_factors_to_be_read_again_are_coded_ones_that_levels_touch(w):
    coded = w.now.study.swot_factors.set_index("factor_id")
    assert len(w.factors)
    for f in w.factors.itertuples():
        assert coded.loc[f.factor_id, "system_id"] == f.system_id
        assert coded.loc[f.factor_id, "quadrant"] == f.quadrant
        raised = f.system_id in set(w.live["system_id"]) and f.quadrant == "weakness"
        assert raised or f.old != f.new


def test_a_level_that_falls_is_a_loss(study):
    w = assuming(study, ("NZ", "legislation", 0), ("NZ", "recognition", 0))
    said = plain(w)
    assert "Two levels are assumed: level 0 on legal basis and recognition in New Zealand." in said
    assert "lose most" in said
    assert "takes places from each other" not in said
    assert set(w.factors.loc[w.factors["old"] == w.factors["new"], "quadrant"]) <= {"strength"}


def test_a_filled_gap_can_bring_a_system_into_the_ranking(study, now):
    gap = next(d for d in now.dimensions if now.level("AT", d) is None)
    w = assuming(study, ("AT", gap, 2))
    assert "Austria is newly ranked." in plain(w)
    claim = what_if_claims(w)[0]
    assert "no evidence → 2" in claim.value
    assert claim.rows.empty


@pytest.mark.slow
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_every_scenario_can_be_told(folder, data):
    small = read_study(folder)
    cells = st.tuples(
        st.sampled_from(list(small.systems["system_id"])),
        st.sampled_from(list(small.dimensions["dimension_id"])),
        st.integers(0, 3),
    )
    rows = data.draw(st.lists(cells, min_size=1, max_size=4, unique_by=lambda c: c[:2]))
    needed = data.draw(st.integers(1, 2))
    w = assuming(small, *rows, draws=40, min_dimensions=needed)
    said = plain(w)
    assert not re.search(r"\bnan\b", said)
    if len(w.live):
        assert assumed_in_words(w) in said


def test_a_small_study_with_nobody_ranked_can_be_told(folder):
    w = assuming(read_study(folder), ("DE", "credits", 2), min_dimensions=2, draws=50)
    assert w.now.ranked == []
    assert w.changes.new.ranked == ["DE"]
    assert "Germany" in plain(w)
    nobody = assuming(read_study(folder), ("NA", "recognition", 3), min_dimensions=2, draws=50)
    assert nobody.changes.new.ranked == []
    assert "One level is assumed" in plain(nobody)


# Targets


def test_a_target_is_one_of_rank_index_and_benefit(now):
    assert make_target(now, index=0.5) == Target("index", 0.5)
    assert make_target(now, benefit="hei", share=0.4) == Target("realised", 0.4, "hei")
    with pytest.raises(ParameterError, match="more than one target: rank and index"):
        make_target(now, rank=3, index=0.5)


def test_in_a_study_without_benefits_the_target_is_the_upper_half(study):
    bare = replace(
        study, benefits=study.benefits.iloc[:0], benefit_enablers=study.benefit_enablers.iloc[:0]
    )
    assert make_target(analyse(bare, draws=50)) == Target("rank", 10)


def test_the_system_chosen_is_the_last_that_can_get_there(now):
    target = make_target(now)
    chosen = lowest_that_can(now, target)
    assert what_it_takes(now, chosen, target).status == "reachable"
    rank = now.ranking.table["mean_rank"]
    for s in rank.index[rank > rank[chosen]]:
        assert what_it_takes(now, s, target).status != "reachable"


def test_a_set_that_is_told_reaches_the_target_when_it_is_applied(now):
    target = Target("realised", 0.5, "learners")
    found = what_it_takes(now, "DE", target)
    first = found.sets[found.sets["number"] == 1]
    then = analyse(apply_scenario(now.study, first), draws=50).groups
    value = then.query("system_id == 'DE' and stakeholder_id == 'learners'")["realised"].item()
    assert value >= 0.5
    claim = target_claim(now, found)
    for s in first.itertuples():
        name = now.names.dimension(s.dimension_id).lower()
        assert f"{name} from level {s.coded} to {s.level}" in claim.plain
    steps = int(re.search(r"All (\d+) sets of at most two steps", claim.value)[1])
    assert steps == found.tried
    assert claim.plain.startswith("Germany reaches 50% of what the benefits of learners depend on "
                                  "with three steps")  # fmt: skip


def test_there_already_and_out_of_reach_are_answers(now):
    there = what_it_takes(now, "NZ", Target("rank", 5))
    assert "New Zealand is there already" in target_claim(now, there).plain
    assert "and it is 1st" in target_claim(now, there).plain
    gaps = what_it_takes(now, "LT", Target("realised", 1.0, "learners"))
    assert gaps.status in {"reachable", "out of reach"}
    weak = replace(
        what_it_takes(now, "LT", Target("rank", 1)), status="out of reach", cost=float("nan")
    )
    assert "cannot reach rank 1 of 20" in target_claim(now, weak).plain
    assert "no other set of steps goes further" in proof_in_words(weak)


def test_the_weights_of_the_panel_decide_on_a_rank(study):
    judged = analyse(study, draws=50, panel="illustrative")
    found = what_it_takes(judged, "DE", Target("rank", 10))
    assert "the panel's weights" in target_claim(judged, found).formula
    assert found.cost != what_it_takes(analyse(study, draws=50), "DE", Target("rank", 10)).cost or (
        found.count != what_it_takes(analyse(study, draws=50), "DE", Target("rank", 10)).count
    )


def test_what_cannot_be_said_is_said(now):
    assert "No level of EU is coded" in cannot_aim(now, "EU", Target("index", 0.5))
    assert "Bulgaria is not ranked" in cannot_aim(now, "BG", Target("rank", 5))
    assert cannot_aim(now, "DE", Target("rank", 5)) == ""
    with pytest.raises(ParameterError, match='no system "XX"'):
        cannot_aim(now, "XX", Target("rank", 5))
