"""Judgements that no weights follow from are refused: what, where, how to mend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mcanalysis.errors import MethodError
from mcanalysis.weights import (
    measure_concordance,
    random_index,
    read_judgements,
    reconsider_judgements,
    split_by_group,
    weigh_best_worst,
    weigh_equally,
    weigh_hierarchy,
    weigh_order,
    weigh_pairs,
    weigh_panel,
    weigh_ratings,
)

ITEMS = ["law", "credits", "funding"]
GAP = np.nan


def pairs(**above):
    """A consistent matrix of three items with some cells replaced, ``ij=value``."""
    a = np.array([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]])
    for cell, value in above.items():
        a[int(cell[1]), int(cell[2])] = value
    return a


def panel(*rows):
    columns = ["judge_id", "stakeholder_id", "topic", "kind", "left", "right", "value"]
    return pd.DataFrame(
        [("j1", "hei", "dimensions", "pairwise", *row) for row in rows], columns=columns
    )


@pytest.mark.parametrize(
    ("matrix", "says"),
    [
        (pairs(c01=3), "judge j, law over credits: 3 but credits over law is 0.5: they are not"),
        (pairs(c01=-2), "judge j, law over credits: -2 is not positive"),
        (pairs(c01=0), "judge j, law over credits: 0 is not positive"),
        (pairs(c01=np.inf), "judge j, law over credits: inf is not positive"),
        (pairs(c01=10, c10=0.1), "judge j, law over credits: 10 is outside the scale"),
        (pairs(c11=2), "judge j, credits over credits: 2 is not 1"),
        (
            pairs(c02=GAP, c20=GAP, c12=GAP, c21=GAP),
            "judge j: no comparison links law, credits | funding. Ask for 1 more",
        ),
        (np.where(np.eye(3) == 1, 1, GAP), "judge j answered nothing"),
        (np.full((3, 3), GAP), "judge j answered nothing"),
        (np.ones((2, 3)), "no square matrix"),
    ],
)
def test_a_matrix_that_is_no_judgement_is_refused(matrix, says):
    with pytest.raises(MethodError) as error:
        weigh_pairs(matrix, ITEMS, ["j"])
    assert says in str(error.value)


def test_all_that_is_wrong_with_all_judges_is_said_at_once():
    a = np.stack([pairs(c01=-2, c12=20), pairs(), pairs(c01=3)], axis=2)
    with pytest.raises(MethodError) as error:
        weigh_pairs(a, ITEMS, ["a", "b", "c"])
    lines = str(error.value).split("\n")
    assert [line.split(",")[0] for line in lines] == ["judge a"] * 3 + ["judge c"]


def test_inverses_that_were_rounded_are_no_contradiction():
    found = weigh_pairs(pairs(c20=0.25, c10=0.51), ITEMS)
    assert found.matrices[0, 1, 0] * found.matrices[1, 0, 0] == pytest.approx(1)


def test_judgements_of_several_judges_are_reconsidered_one_by_one():
    with pytest.raises(MethodError, match="2 judges at once"):
        reconsider_judgements(np.stack([pairs(), pairs()], axis=2))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"method": "eigen-vector"}, 'Did you mean "eigenvector"?'),
        ({"completion": "none"}, "Use one of logarithmic-least-squares"),
        ({"random_index": "saaty"}, 'Did you mean "saaty-'),
        ({"items": ["law", "law", "credits"]}, "law is named more than once"),
        ({"items": ["law", "credits"]}, "2 items and 1 judges are named, the array holds 3 and 1"),
    ],
)
def test_names_that_are_not_known_are_refused(wrong, says):
    with pytest.raises(MethodError) as error:
        weigh_pairs(pairs(), **wrong)
    assert says in str(error.value)


def test_a_random_index_beyond_its_table_is_refused_unless_it_has_a_rule():
    assert random_index(20) == pytest.approx((2.7699 * 20 - 4.3513 - 20) / 19)
    with pytest.raises(MethodError, match="ends at 15 items, here are 16"):
        random_index(16, "saaty-1980")
    with pytest.raises(MethodError, match="0 items"):
        random_index(0)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            [("law", "credits", 3.0), ("credits", "law", 3.0)],
            "judge j1, topic dimensions, pairwise, credits over law: 3 contradicts the earlier "
            "answer, 0.333",
        ),
        (
            [("law", "credits", 3.0), ("law", "credits", 5.0)],
            "law over credits: 5 contradicts the earlier answer, 3",
        ),
        ([("law", "credits", -3.0)], "law over credits: -3 is not positive"),
        ([("law", "credits", 0.0)], "law over credits: 0 is not positive"),
        ([("law", "credits", 12.0)], "12 is outside the scale. Use a number from 1/9 to 9"),
        ([("law", "law", 2.0)], "law over law: 2. An item is as important as itself"),
        ([("law", "credit", 2.0)], 'credit is no item of the topic. Did you mean "credits"?'),
        ([("law", None, 2.0)], "law over None: None is no item"),
        ([("law", "credits", GAP)], "judge j1, topic dimensions: answered nothing"),
    ],
)
def test_a_panel_with_answers_that_contradict_or_mean_nothing_is_refused(rows, says):
    with pytest.raises(MethodError) as error:
        read_judgements(panel(*rows), "dimensions", ITEMS)
    assert says in str(error.value)


def test_all_problems_of_a_panel_come_at_once():
    with pytest.raises(MethodError) as error:
        read_judgements(
            panel(("law", "credits", 12.0), ("law", "funding", -1.0)), "dimensions", ITEMS
        )
    assert len(str(error.value).split("\n")) == 2


def test_a_topic_that_nobody_was_asked_about_is_refused():
    with pytest.raises(MethodError, match='Did you mean "dimensions"'):
        weigh_panel(panel(("law", "credits", 3.0)), "dimension")


def test_a_panel_without_its_columns_or_judges_is_refused():
    table = panel(("law", "credits", 3.0))
    with pytest.raises(MethodError, match="column value is missing"):
        read_judgements(table.drop(columns="value"), "dimensions")
    with pytest.raises(MethodError, match="1 rows on dimensions name no judge"):
        read_judgements(table.assign(judge_id=None), "dimensions")


def test_a_judge_who_is_asked_in_two_ways_or_speaks_for_two_groups_is_refused():
    table = panel(("law", "credits", 3.0), ("law", "funding", 3.0))
    with pytest.raises(MethodError, match=r"asked in several ways \(pairwise, rating\)"):
        read_judgements(table.assign(kind=["pairwise", "rating"]), "dimensions")
    with pytest.raises(MethodError, match="speaks for hei and for learners"):
        read_judgements(table.assign(stakeholder_id=["hei", "learners"]), "dimensions")
    with pytest.raises(MethodError, match="kind pair is not known"):
        read_judgements(table.assign(kind="pair"), "dimensions")
    with pytest.raises(MethodError, match="only best-to-other is answered"):
        read_judgements(table.assign(kind="best-to-other"), "dimensions")
    with pytest.raises(MethodError, match="law and credits are both named as best"):
        read_judgements(
            panel(("law", "funding", 3.0), ("credits", "funding", 2.0)).assign(
                kind="best-to-other"
            ),
            "dimensions",
        )


def test_comparisons_that_leave_an_item_out_are_refused_with_the_items_named():
    with pytest.raises(MethodError, match=r"no comparison links law, credits \| funding"):
        weigh_panel(panel(("law", "credits", 3.0)), "dimensions", ITEMS)


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ({}, "judge j1 has none"),
        ({"j1": 0}, "0 of judge j1 is not positive"),
        ({"j1": 1, "j2": 1}, "no judge is called j2"),
    ],
)
def test_judge_weights_that_do_not_fit_the_judges_are_refused(shares, says):
    with pytest.raises(MethodError, match=says):
        weigh_panel(panel(("law", "credits", 3.0)), "dimensions", judge_weights=shares)


def test_judgements_of_ratings_cannot_be_aggregated():
    table = panel(("law", None, 3.0), ("credits", None, 1.0)).assign(kind="rating")
    with pytest.raises(MethodError, match="not every judge compared pairwise"):
        weigh_panel(table, "dimensions", aggregation="judgements")
    with pytest.raises(MethodError, match='"mean" is not known'):
        weigh_panel(table, "dimensions", aggregation="mean")


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ([None, 2, 8], [8, 4, 0.5], "not clear which item"),
        ([None, None, 8], [8, 4, None], "best-to-other is empty for law and credits"),
        ([None] * 3, [None] * 3, "answered nothing"),
        ([None, 2, 12], [12, 4, None], "best-to-other: 12 for funding is outside the scale"),
        ([None, 0.5, 8], [8, 4, None], "best-to-other: 0.5 for credits is outside the scale"),
        ([None, 2, 8], [7, 4, None], "law is 8 times as important as funding in best-to-other and"),
        ([None, 2, 8], [None, 4, 8], "not clear which item"),
    ],
)
def test_best_worst_judgements_that_are_not_whole_are_refused(first, last, says):
    with pytest.raises(MethodError) as error:
        weigh_best_worst(pd.DataFrame({"j": first}, ITEMS), pd.DataFrame({"j": last}, ITEMS))
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("ratings", "says"),
    [
        ([GAP, GAP, GAP], "judge j rated nothing"),
        ([1, GAP, 2], "judge j did not rate credits"),
        ([1, -1, 2], "judge j: rating of credits is no number from 0 up"),
        ([0, 0, 0], "judge j rated every item 0"),
    ],
)
def test_ratings_that_are_not_whole_are_refused(ratings, says):
    with pytest.raises(MethodError) as error:
        weigh_ratings(pd.DataFrame({"j": ratings}, ITEMS))
    assert says in str(error.value)


def test_weights_of_a_hierarchy_that_do_not_fit_are_refused_at_once():
    groups = pd.Series({"strength": 0.9, "weakness": 0.3})
    with pytest.raises(MethodError) as error:
        weigh_hierarchy(groups, {"threat": pd.Series({"law": 0.7})})
    lines = str(error.value).split("\n")
    assert [line.split(":")[0] for line in lines] == [
        "local weights",
        "weights of the groups",
        "weights of threat",
    ]


def test_nothing_to_weigh_and_items_named_twice_are_refused():
    with pytest.raises(MethodError, match="no items are named"):
        weigh_equally([])
    with pytest.raises(MethodError, match="law is named more than once"):
        weigh_order(["law", ["credits", "law"]])


def test_agreement_of_a_single_judge_or_with_gaps_is_refused():
    with pytest.raises(MethodError, match="3 items ranked by 1 judges"):
        measure_concordance(np.ones((3, 1)))
    with pytest.raises(MethodError, match="items without a value"):
        measure_concordance(np.array([[1, GAP], [2, 3]]))


def test_a_split_needs_two_groups_and_a_group_for_each_judge():
    weights = pd.DataFrame({"a": [0.5, 0.5], "b": [0.4, 0.6]}, index=ITEMS[:2])
    with pytest.raises(MethodError, match="all judges speak for hei"):
        split_by_group(weights, pd.Series({"a": "hei", "b": "hei"}))
    with pytest.raises(MethodError, match="judge b belongs to no group"):
        split_by_group(weights, pd.Series({"a": "hei", "b": None}))
