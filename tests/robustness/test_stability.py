"""Where systems change places: against search over a grid, and by what must always hold."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.errors import MethodError
from mcanalysis.robustness import crossings, least_moves, smallest_flips, weight_stability
from tests.making import NONE, evidence_of

properly = settings(deadline=None, max_examples=60)


def index_at(values, weights, dimension, share):
    """Index of each system when one weight is a given share and the others keep proportions."""
    rest = np.delete(weights, dimension) / (1 - weights[dimension]) * (1 - share)
    w = np.insert(rest, dimension, share)
    known = ~np.isnan(values)
    return (np.nan_to_num(values) @ w) / (known @ w)


@properly
@given(
    arrays.arrays(float, (3, 4), elements=st.sampled_from([0, 1 / 3, 2 / 3, 1, np.nan])).filter(
        lambda v: ((~np.isnan(v)).sum(axis=1) >= 3).all()
    ),
    st.lists(st.integers(1, 9), min_size=4, max_size=4),
    st.integers(0, 3),
)
def test_no_pair_changes_places_before_its_crossing_and_every_pair_does_beyond(values, raw, d):
    w = np.array(raw, float) / sum(raw)
    below, above = crossings(values, w, d)
    now = index_at(values, w, d, w[d])
    for i, j in ((0, 1), (0, 2), (1, 2)):
        lead = now[i] - now[j]
        if abs(lead) < 1e-9:
            assert np.isnan(below[i, j])
            assert np.isnan(above[i, j])
            continue
        low = 0.001 if np.isnan(below[i, j]) else below[i, j]
        high = 0.999 if np.isnan(above[i, j]) else above[i, j]
        for share in np.linspace(low, high, 9)[1:-1]:
            there = index_at(values, w, d, share)
            assert (there[i] - there[j]) * lead > -1e-9
        for share, known in ((low - 1e-5, below[i, j]), (high + 1e-5, above[i, j])):
            if not np.isnan(known) and 0 < share < 1:
                there = index_at(values, w, d, share)
                assert (there[i] - there[j]) * lead < 1e-9


def test_two_opposites_change_places_where_their_weights_are_equal():
    table = weight_stability(
        evidence_of([[3, 0], [0, 3]]), ["S0", "S1"], pd.Series({"d0": 0.7, "d1": 0.3})
    )
    assert table.loc["d0", ["weight", "lower", "upper"]].to_list() == pytest.approx([0.7, 0.5, 1])
    assert table.loc["d0", ["lower_pair", "upper_pair"]].to_list() == ["S0;S1", ""]


def test_only_pairs_with_the_system_asked_for_count():
    evidence = evidence_of([[3, 0, 1], [0, 3, 1], [0, 0, 0]])
    w = pd.Series({"d0": 0.5, "d1": 0.3, "d2": 0.2})
    every = weight_stability(evidence, ["S0", "S1", "S2"], w)
    last = weight_stability(evidence, ["S0", "S1", "S2"], w, system="S2")
    assert every.loc["d0", "lower"] > 0
    assert (last["lower"] == 0).all()
    assert (last["upper"] == 1).all()


def test_a_weight_of_all_stays_what_it_is():
    w = pd.Series({"d0": 1.0, "d1": 0.0})
    table = weight_stability(evidence_of([[3, 0], [0, 3]]), ["S0", "S1"], w)
    assert table.loc["d0", ["lower", "upper"]].to_list() == [0, 1]
    assert table.loc["d1", ["lower", "upper"]].to_list() == pytest.approx([0, 0.5])


def least_move_by_search(lead, weights, step):
    """Least weight moved to end a lead, over a grid of all weights."""
    n, steps = len(weights), round(1 / step)
    best = np.inf
    for parts in product(range(steps + 1), repeat=n - 1):
        if sum(parts) <= steps:
            w = np.array([*parts, steps - sum(parts)]) * step
            if w @ lead <= 1e-9:
                best = min(best, np.abs(w - weights).sum() / 2)
    return best


@settings(deadline=None, max_examples=25)
@given(
    arrays.arrays(float, 3, elements=st.sampled_from([-1, -2 / 3, -1 / 3, 0, 1 / 3, 2 / 3, 1])),
    st.sampled_from([(0.5, 0.3, 0.2), (0.2, 0.2, 0.6), (0.1, 0.8, 0.1)]),
)
def test_no_smaller_move_of_weights_ends_a_lead(lead, weights):
    w = np.array(weights)
    moved, taken = least_moves(lead[None], w)
    if lead @ w <= 1e-12:
        assert moved[0] == 0
    elif lead.min() >= 0:
        assert np.isnan(moved[0])
    else:
        to = lead.argmin()
        changed = w - taken[0] + np.eye(3)[to] * taken[0].sum()
        assert changed @ lead == pytest.approx(0, abs=1e-12)
        assert (changed >= -1e-12).all()
        assert moved[0] <= least_move_by_search(lead, w, 0.05) + 1e-12


def test_every_lead_is_listed_once_smallest_move_first(evidence, ranking):
    systems = list(ranking.table.index)
    table = smallest_flips(evidence, systems)
    pairs = {frozenset((r.ahead, r.behind)) for r in table.itertuples()}
    assert len(pairs) == len(table)
    assert table["moved"].dropna().is_monotonic_increasing
    assert (table["lead"] > 0).all()
    assert table.loc[table["moved"].isna(), "sources"].eq("").all()


def test_a_lead_on_every_dimension_cannot_be_ended():
    table = smallest_flips(evidence_of([[3, 2], [1, NONE]]), ["S0", "S1"])
    assert table["moved"].isna().all()
    assert table.loc[0, ["ahead", "behind", "to"]].to_list() == ["S0", "S1", ""]


def test_a_move_names_who_gives_and_who_takes():
    table = smallest_flips(evidence_of([[3, 1, 0], [0, 1, 1]]), ["S0", "S1"])
    row = table.iloc[0]
    assert (row["ahead"], row["to"], row["sources"]) == ("S0", "d2", "d0")
    assert row["moved"] == pytest.approx(1 / 6)


def test_systems_without_evidence_are_refused(evidence):
    for method in (weight_stability, smallest_flips):
        with pytest.raises(MethodError, match='no system with evidence "XX"'):
            method(evidence, ["DE", "XX"])
