"""Pairs of inside and outside factors with priorities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mcanalysis.errors import MethodError
from mcanalysis.swot import GROUPS, prioritise_factors, swot_matrix, tows_pairs


def with_ratings(study, system, **ratings):
    """Priorities that follow from the ratings of one judge; 1 where none is named."""
    board = swot_matrix(study, system)
    items = [*board, *pd.concat(board.values())["factor_id"]]
    panel = pd.DataFrame({"left": items}).assign(
        judge_id="j1", topic=system, kind="rating", right=None,
        value=[float(ratings.get(item.replace("-", "_"), 1)) for item in items],
    )  # fmt: skip
    return prioritise_factors(study, panel, system)


def test_without_priorities_the_column_is_empty_and_the_order_as_it_was(study):
    pairs = tows_pairs(study, "DE")
    assert pairs["priority"].isna().all()
    for _, some in pairs.groupby("group", sort=False):
        place = list(zip(some["relation"] != "same dimension", -some["strength"], strict=True))
        assert place == sorted(place)


def test_a_priority_is_the_product_of_both_sides(study):
    priorities = with_ratings(study, "DE", strength=3, de_s01=5, de_t02=4)
    pairs = tows_pairs(study, "DE", priorities)
    share = priorities.factors.set_index("factor_id")["global"]
    want = pairs["inside"].map(share) * pairs["outside"].map(share)
    np.testing.assert_allclose(pairs["priority"], want)


def test_pairs_are_the_same_with_priorities_and_ordered_by_strength_times_priority(study):
    priorities = with_ratings(study, "DE", de_s01=9, de_s02=4, de_w03=7, de_o01=5, de_t02=4)
    pairs, plain = tows_pairs(study, "DE", priorities), tows_pairs(study, "DE")
    key = ["group", "inside", "outside"]
    left, right = (p.sort_values(key)[[*key, "relation", "strength"]] for p in (pairs, plain))
    pd.testing.assert_frame_equal(left.reset_index(drop=True), right.reset_index(drop=True))
    for _, some in pairs.groupby("group", sort=False):
        both = (some["strength"] * some["priority"]).round(9)
        place = list(
            zip(
                some["relation"] != "same dimension", -both, -some["priority"].round(9), strict=True
            )
        )
        assert place == sorted(place)
    assert pairs[key].to_numpy().tolist() != plain[key].to_numpy().tolist()


def test_a_weighty_pair_is_shown_before_a_close_one_of_no_weight(study):
    pairs = tows_pairs(study, "DE")
    for group in GROUPS:
        some = pairs[(pairs["group"] == group) & (pairs["relation"] == "same dimension")]
        weak = some[(some["strength"] > 0) & ~some["shown"]]
        if weak.empty:
            continue
        chosen = weak.iloc[0]
        ratings = {chosen[side].replace("-", "_"): 1000 for side in ("inside", "outside")}
        found = tows_pairs(study, "DE", with_ratings(study, "DE", **ratings))
        first = found[found["group"] == group].iloc[0]
        assert (first["inside"], first["outside"]) == (chosen["inside"], chosen["outside"])
        assert first["shown"]
        return
    pytest.fail("no group has a pair on the same dimension that is not shown")


def test_priorities_of_another_system_or_of_another_board_are_refused(study):
    priorities = with_ratings(study, "DE")
    with pytest.raises(MethodError, match="those of DE, not of IE"):
        tows_pairs(study, "IE", priorities)
    fewer = replace(priorities, factors=priorities.factors.query("factor_id != 'de-s01'"))
    with pytest.raises(MethodError, match="DE: no priority for de-s01"):
        tows_pairs(study, "DE", fewer)
