"""Shapley values against closed forms, and rank changes that add up to the last digit."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.change import CAUSES, Basis, apply_scenario, shapley, split_rank_change
from mcanalysis.compare import newest_evidence
from mcanalysis.errors import MethodError
from mcanalysis.robustness import rank_systems

properly = settings(deadline=None, max_examples=40)
DRAWS = 400


def test_the_gloves_of_shapley_and_shubik():
    """The market of Shapley & Shubik (1969), two left and three right: counted over all orders."""

    def pairs(who):
        return float(min(sum(g[0] == "l" for g in who), sum(g[0] == "r" for g in who)))

    parts = shapley(pairs, ["l1", "l2", "r1", "r2", "r3"])
    assert parts["l1"] == pytest.approx(parts["l2"])
    assert parts["r1"] == pytest.approx(parts["r3"])
    assert parts[["l1", "r1"]].to_list() == pytest.approx([0.65, 0.7 / 3])


def test_the_airport_is_paid_for_as_littlechild_and_owen_say():
    """Littlechild & Owen (1973): all who need a part of the runway share its cost equally."""
    needs = {"small": 12.0, "middle": 20.0, "large": 29.0}
    parts = shapley(lambda who: max((needs[w] for w in who), default=0.0), list(needs))
    assert parts.to_list() == pytest.approx([12 / 3, 12 / 3 + 8 / 2, 12 / 3 + 8 / 2 + 9])


@given(st.lists(st.floats(-10, 10), min_size=16, max_size=16))
@properly
def test_parts_are_the_mean_over_all_orders_and_add_up(values):
    worth = dict(enumerate(values))

    def value(who):
        return worth[sum(1 << CAUSES.index(c) for c in who)]

    parts = shapley(value, CAUSES)
    assert parts.sum() == pytest.approx(worth[15] - worth[0], abs=1e-9)
    orders = list(permutations(CAUSES))
    for cause in CAUSES:
        gains = [
            value(frozenset(o[: o.index(cause) + 1])) - value(frozenset(o[: o.index(cause)]))
            for o in orders
        ]
        assert parts[cause] == pytest.approx(np.mean(gains), abs=1e-9)


def test_no_cause_has_no_part():
    assert shapley(lambda who: 1.0, []).empty


@pytest.fixture(scope="module")
def then(study):
    """Evidence with Germany raised twice and Slovenia once."""
    rows = [("DE", "recognition", 3), ("DE", "legislation", 3), ("SI", "recognition", 3)]
    bold = pd.DataFrame(rows, columns=["system_id", "dimension_id", "level"])
    return newest_evidence(apply_scenario(study, bold))


def adds_up(parts):
    return (parts[list(CAUSES)].sum(axis=1) - parts["total"]).abs().max() < 1e-9


def test_own_evidence_and_the_others_add_up_to_the_change(evidence, then):
    parts = split_rank_change(Basis(evidence), Basis(then), draws=DRAWS)
    assert len(parts) == 20
    assert adds_up(parts)
    assert (parts[["weights", "method"]] == 0).all(axis=None)
    own = parts["evidence"]
    assert set(own.index[own != 0]) == {"DE", "SI"}
    assert own["DE"] < own["SI"] < 0
    assert (parts["company"].drop(["DE", "SI"]) >= 0).mean() > 0.8


def test_old_and_new_are_the_ranks_that_rankings_have(evidence, then):
    parts = split_rank_change(Basis(evidence), Basis(then), draws=DRAWS, seed=3)
    for name, some in (("old_rank", evidence), ("new_rank", then)):
        ranks = rank_systems(some, 8, DRAWS, 3).table["mean_rank"]
        assert parts[name].to_dict() == ranks.loc[parts.index].to_dict()


def test_the_whole_change_is_its_own_where_nobody_else_changed(study, evidence):
    bold = pd.DataFrame({"system_id": "DE", "dimension_id": ["recognition"], "level": [3]})
    new = newest_evidence(apply_scenario(study, bold))
    parts = split_rank_change(Basis(evidence), Basis(new), draws=DRAWS)
    assert parts.loc["DE", "evidence"] == parts.loc["DE", "total"] < 0
    others = parts.drop("DE")
    assert (others["company"] == others["total"]).all()


def test_turned_round_the_parts_change_their_sign(evidence, then):
    there = split_rank_change(Basis(evidence), Basis(then), ["DE", "NZ"], DRAWS)
    back = split_rank_change(Basis(then), Basis(evidence), ["DE", "NZ"], DRAWS)
    columns = ["total", *CAUSES]
    assert back[columns].to_numpy() == pytest.approx(-there[columns].to_numpy())


def test_nothing_changes_nothing(evidence):
    parts = split_rank_change(Basis(evidence), Basis(evidence), draws=DRAWS)
    assert (parts[["total", *CAUSES]] == 0).all(axis=None)


def test_a_stricter_rule_is_the_method_only_where_the_evidence_is_the_same(evidence):
    parts = split_rank_change(Basis(evidence, 8), Basis(evidence, 10), draws=DRAWS)
    assert len(parts) < 20
    assert adds_up(parts)
    assert (parts["method"] == parts["total"]).all()
    assert (parts["total"] != 0).any()


def test_a_new_dimension_belongs_to_the_method(evidence):
    few = replace(
        evidence,
        levels=evidence.levels.drop(columns="recognition"),
        low=evidence.low.drop(columns="recognition"),
    )
    parts = split_rank_change(Basis(few, 8), Basis(evidence, 8), ["DE", "NZ"], DRAWS)
    assert adds_up(parts)
    assert (parts["method"] != 0).all()
    assert (parts["weights"] == 0).all()


def test_weights_and_evidence_and_method_are_told_apart(evidence, then):
    dimensions = list(evidence.levels.columns)
    equal = pd.Series(1 / len(dimensions), dimensions)
    tilted = pd.Series(np.arange(1, len(dimensions) + 1.0), dimensions)
    old = Basis(evidence, weights=equal)
    new = Basis(then, weights=tilted / tilted.sum(), vary=("values", "gaps"))
    parts = split_rank_change(old, new, ["DE", "NZ", "IE"], DRAWS)
    assert adds_up(parts)
    assert (parts["weights"] != 0).any()
    assert (parts["method"] != 0).any()
    assert parts.loc["NZ", "evidence"] == 0
    same = split_rank_change(old, replace(old, weights=equal.copy()), draws=DRAWS)
    assert (same["total"] == 0).all()


def test_an_order_of_importance_or_a_panel_may_be_what_changed(evidence):
    dimensions = list(evidence.levels.columns)
    judges = np.random.default_rng(0).dirichlet(np.ones(len(dimensions)), 4).T
    panel = pd.DataFrame(judges, dimensions)
    for weights in ([["recognition"], ["legislation"]], ["recognition"], panel):
        parts = split_rank_change(
            Basis(evidence), Basis(evidence, weights=weights), ["DE", "NZ"], DRAWS
        )
        assert (parts["weights"] == parts["total"]).all()
        assert (parts["total"] != 0).any()


def test_a_system_that_is_not_ranked_on_both_sides_is_refused(evidence):
    with pytest.raises(MethodError, match='ranked on both sides "BG"'):
        split_rank_change(Basis(evidence), Basis(evidence), ["BG"], DRAWS)


def test_weights_that_are_silent_on_a_dimension_of_the_other_side_are_refused(evidence):
    few = replace(
        evidence,
        levels=evidence.levels.drop(columns="recognition"),
        low=evidence.low.drop(columns="recognition"),
    )
    weights = pd.Series(0.1, few.levels.columns)
    with pytest.raises(MethodError, match="are silent on the dimension recognition"):
        split_rank_change(Basis(few, weights=weights), Basis(evidence), draws=DRAWS)
