"""A'WOT: published, by hand, refused, and what always holds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis.errors import MethodError
from mcanalysis.model import QUADRANTS
from mcanalysis.swot import prioritise_factors
from mcanalysis.weights import write_judgements

properly = settings(deadline=None, max_examples=40)
CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[1] / "reference" / "swot.json").read_text(encoding="utf-8")
    )
}
BOARD = {
    "strength": ["s1", "s2", "s3"],
    "weakness": ["w1", "w2"],
    "opportunity": ["o1", "o2", "o3"],
    "threat": ["t1"],
}
LOCAL = {"strength": [6, 3, 1], "weakness": [1, 3], "opportunity": [2, 1, 1]}
GROUPS = [4, 3, 2, 1]


def with_board(study, board):
    """Put a board on the desk: factors of X by quadrant, all on one dimension."""
    rows = [(f, q) for q, some in board.items() for f in some]
    frame = pd.DataFrame(rows, columns=["factor_id", "quadrant"])
    frame = frame.assign(
        system_id="X", dimension_id=study.dimensions["dimension_id"].iloc[0], statement="A factor.",
        stakeholders=None, source_id="act", locator="p. 1", confidence="high",
    )  # fmt: skip
    systems = study.systems.iloc[:1].assign(system_id="X")
    return replace(study, systems=systems, swot_factors=frame)


@pytest.fixture(scope="module")
def small(study):
    return with_board(study, BOARD)


def compared(items, importance, judge="j1", topic="X", **group):
    """Compare items exactly as their importance says."""
    importance = np.array(importance, float)
    ratios = (importance[:, None] / importance)[:, :, None]
    groups = {judge: group["group"]} if group else None
    return write_judgements(ratios, items, [judge], topic, groups)


def rated(items, values, judge="j1", topic="X"):
    return pd.DataFrame({"left": items, "value": np.array(values, float)}).assign(
        judge_id=judge, topic=topic, kind="rating", right=None, stakeholder_id=None
    )


def ends(best, worst, best_to, to_worst, judge):
    """Answer a best-worst question: of each item, how far from the best and from the worst."""
    rows = [("best-to-other", best, item, v) for item, v in best_to.items()]
    rows += [("other-to-worst", item, worst, v) for item, v in to_worst.items()]
    frame = pd.DataFrame(rows, columns=["kind", "left", "right", "value"])
    return frame.assign(judge_id=judge, topic="X", stakeholder_id=None)


def panel_of(judge="j1", local=LOCAL, groups=GROUPS, tops=None, **group):
    """Judge everything on the board BOARD, exactly."""
    parts = [compared(BOARD[q], local[q], judge, **group) for q in local]
    if groups is not None:
        parts.append(compared(list(QUADRANTS), groups, judge, **group))
    if tops is not None:
        parts.append(compared(list(tops), list(tops.values()), judge, **group))
    return pd.concat(parts, ignore_index=True)


def by_factor(found):
    return found.factors.set_index("factor_id")["global"]


# Published


@pytest.mark.parametrize("way", ["groups", "top-factors"])
def test_global_priorities_in_silva_fennica_7763_table_1(study, way):
    case = CASES["awot-karelia-forestry"]
    quadrants = dict(zip("SWOT", QUADRANTS, strict=True))
    local = case["inputs"]["local_weights"]
    board = {quadrants[k]: [f"{k.lower()}{i}" for i in range(len(v))] for k, v in local.items()}
    parts = [compared(board[quadrants[k]], v) for k, v in local.items()]
    items = list(QUADRANTS) if way == "groups" else [some[0] for some in board.values()]
    parts.append(compared(items, list(case["inputs"]["group_weights"].values())))
    found = prioritise_factors(with_board(study, board), pd.concat(parts), "X")
    assert found.method == way
    want = [w for k in "SWOT" for w in case["expected"]["global_weights"][k]]
    np.testing.assert_allclose(
        found.factors["global"], want, rtol=0, atol=case["tolerance"]["global_weights"]["atol"]
    )


# By hand


def test_global_priority_is_group_times_local_priority(small):
    found = prioritise_factors(small, panel_of(), "X")
    told = found.factors.set_index("factor_id")
    assert told.index.tolist() == [f for some in BOARD.values() for f in some]
    assert told["local"].round(9).to_list() == [0.6, 0.3, 0.1, 0.25, 0.75, 0.5, 0.25, 0.25, 1]
    assert told["group"].round(9).to_list() == [0.4] * 3 + [0.3] * 2 + [0.2] * 3 + [0.1]
    np.testing.assert_allclose(
        told["global"], [0.24, 0.12, 0.04, 0.075, 0.225, 0.1, 0.05, 0.05, 0.1], atol=1e-12
    )
    assert told["rank"].to_list() == [1, 3, 9, 6, 2, 4, 7, 7, 4]
    assert found.groups["top"].to_list() == ["s1", "w2", "o1", "t1"]
    assert found.groups["judges"].to_list() == [1, 1, 1, 0]
    assert found.groups["priority"].round(9).to_list() == [0.4, 0.3, 0.2, 0.1]
    assert found.notes == ()


def test_groups_are_weighed_by_their_top_factors_where_only_these_were_compared(small):
    tops = {"s1": 1, "w2": 2, "o1": 3, "t1": 4}
    found = prioritise_factors(small, panel_of(groups=None, tops=tops), "X")
    assert (found.method, found.answered) == ("top-factors", ("top-factors",))
    assert found.groups["priority"].round(9).to_list() == [0.1, 0.2, 0.3, 0.4]
    assert by_factor(found)["s1"] == pytest.approx(0.06)


def test_both_ways_may_be_answered_and_the_groups_are_used_unless_asked(small):
    panel = panel_of(tops={"s1": 1, "w2": 2, "o1": 3, "t1": 4})
    found = prioritise_factors(small, panel, "X")
    assert (found.method, found.answered) == ("groups", ("groups", "top-factors"))
    assert found.groups["priority"].round(9).to_list() == [0.4, 0.3, 0.2, 0.1]
    assert found.notes == (
        "Judges who compared the groups: 1; who compared their top factors: 1. "
        "The groups themselves are used.",
    )
    other = prioritise_factors(small, panel, "X", by="top-factors")
    assert other.groups["priority"].round(9).to_list() == [0.1, 0.2, 0.3, 0.4]
    pd.testing.assert_series_equal(other.parts["groups"].weights, found.parts["groups"].weights)


def test_a_factor_that_stands_for_its_group_and_is_not_its_top_is_noted(small):
    found = prioritise_factors(
        small, panel_of(groups=None, tops={"s3": 1, "w2": 1, "o1": 1, "t1": 1}), "X"
    )
    assert found.notes == (
        "Judge j1 compared s3 for its group, where s1 has the highest local priority.",
    )


def test_the_own_top_factor_of_a_judge_is_as_good_as_that_of_the_panel(small):
    other = {**LOCAL, "strength": [1, 1, 2]}
    parts = [panel_of("j1"), panel_of("j2", other, None, {"s3": 1, "w2": 1, "o1": 1, "t1": 1})]
    found = prioritise_factors(small, pd.concat(parts), "X", by="top-factors")
    assert found.groups.loc["strength", "top"] == "s1"
    assert not any("s3" in note for note in found.notes)


def test_judges_are_brought_together_part_by_part(small):
    other = {**LOCAL, "weakness": [3, 1]}
    panel = pd.concat([panel_of("j1", group="hei"), panel_of("j2", other, None, group="learners")])
    found = prioritise_factors(small, panel, "X")
    assert found.judges == ("j1", "j2")
    assert found.factors.set_index("factor_id").loc[["w1", "w2"], "local"].to_list() == (
        pytest.approx([0.5, 0.5])
    )
    assert found.groups["judges"].to_list() == [2, 2, 2, 0]
    assert found.consistency.groupby("part").size().to_dict() == {
        "groups": 1, "opportunity": 2, "strength": 2, "weakness": 2,
    }  # fmt: skip
    assert found.consensus["strength"] == pytest.approx(1)
    assert found.consensus["weakness"] < 1
    assert np.isnan(found.consensus["groups"])
    assert list(found.parts["weakness"].groups.columns) == ["hei", "learners"]


def test_judge_weights_count_in_every_part(small):
    panel = pd.concat([panel_of("j1"), panel_of("j2", groups=[1, 1, 1, 1])])
    heavy = prioritise_factors(small, panel, "X", judge_weights={"j1": 1e6, "j2": 1})
    alone = prioritise_factors(small, panel_of("j1"), "X")
    np.testing.assert_allclose(by_factor(heavy), by_factor(alone), atol=1e-4)


def test_aggregated_judgements_and_priorities_agree_for_consistent_judges(small):
    panel = pd.concat([panel_of("j1"), panel_of("j2", groups=[1, 1, 2, 1])])
    one, other = (
        prioritise_factors(small, panel, "X", aggregation=way)
        for way in ("priorities", "judgements")
    )
    np.testing.assert_allclose(by_factor(one), by_factor(other), atol=1e-9)


def test_ratings_and_best_worst_answers_serve_as_well(small):
    parts = [
        rated(["s1", "s2", "s3", "w1", "w2", *QUADRANTS], [6, 3, 1, 1, 3, *GROUPS], "j1"),
        ends("o1", "o2", {"o2": 2, "o3": 2}, {"o1": 2, "o3": 1}, "j1"),
    ]
    found = prioritise_factors(small, pd.concat(parts), "X")
    exact = prioritise_factors(small, panel_of(), "X")
    np.testing.assert_allclose(by_factor(found), by_factor(exact), atol=1e-9)
    kinds = found.consistency.set_index("part")["kind"].to_dict()
    assert kinds["strength"] == kinds["groups"] == "rating"
    assert kinds["opportunity"] == "best-worst"


def test_an_inconsistent_judge_is_measured_in_the_part_in_question(small):
    panel = panel_of()
    odd = (panel["left"] == "s1") & (panel["right"] == "s3")
    panel.loc[odd, ["left", "right"]] = ["s3", "s1"]
    found = prioritise_factors(small, panel, "X").consistency.set_index("part")
    assert found.loc["strength", "cr"] > 0.1
    assert found.drop(index="strength")["cr"].abs().max() < 1e-9


def test_a_group_without_factors_has_no_priority_and_the_others_share_it_out(study):
    board = {q: some for q, some in BOARD.items() if q != "threat"}
    found = prioritise_factors(with_board(study, board), panel_of(), "X")
    assert found.groups.index.to_list() == list(board)
    np.testing.assert_allclose(found.groups["priority"], np.array([4, 3, 2]) / 9)
    assert by_factor(found).sum() == pytest.approx(1)
    panel = panel_of()
    unasked = panel[(panel["left"] != "threat") & (panel["right"] != "threat")]
    same = prioritise_factors(with_board(study, board), unasked, "X")
    np.testing.assert_allclose(by_factor(same), by_factor(found), atol=1e-9)


def test_one_group_needs_no_comparison_of_groups(study):
    board = {"weakness": ["w1", "w2"]}
    found = prioritise_factors(with_board(study, board), compared(["w1", "w2"], [1, 3]), "X")
    assert (found.method, found.answered) == ("single-group", ())
    assert by_factor(found).round(9).to_list() == [0.25, 0.75]


def test_a_question_that_was_not_answered_leaves_the_judge_out_of_its_part_only(small):
    panel = pd.concat([panel_of("j1"), panel_of("j2")], ignore_index=True)
    silent = (panel["judge_id"] == "j2") & panel["left"].isin(QUADRANTS)
    panel.loc[silent, "value"] = np.nan
    found = prioritise_factors(small, panel, "X")
    of_groups = found.consistency[found.consistency["part"] == "groups"]
    assert of_groups["judge_id"].to_list() == ["j1"]


# Refused


def test_all_problems_of_a_panel_are_named_at_once(small):
    panel = panel_of(groups=None)
    panel = panel[~panel["left"].isin(["w1", "w2"])].replace({"s2": "s22"})
    panel = pd.concat(
        [
            panel,
            compared(["o1", "threat"], [2, 1]),
            compared(["s1", "t1"], [2, 1]),
            compared(["s3", "t1"], [2, 1]),
            rated(["s1"], [np.nan], "j9"),
        ]
    )
    with pytest.raises(MethodError) as refused:
        prioritise_factors(small, panel, "X")
    lines = str(refused.value).splitlines()
    for told in (
        'X: s22 is no factor of the system and no group. Did you mean "s2"?',
        "X: judge j9 answered nothing.",
        "X: judge j1, pairwise, o1 over threat: a factor is compared with a group.",
        "X, top-factors: judge j1 compares s1 and s3 of one group (strength)",
        "X, strength: nobody judged s2.",
        "X, weakness: nobody judged w1.",
        "X, weakness: nobody judged w2.",
    ):
        assert any(line.startswith(told) for line in lines), told
    assert len(set(lines)) == len(lines)


def test_groups_that_nobody_compared_are_asked_for(small):
    with pytest.raises(MethodError, match="X: nobody compared the groups"):
        prioritise_factors(small, panel_of(groups=None), "X")


def test_what_a_part_refuses_names_the_part_and_the_judge(small):
    panel = panel_of()
    panel.loc[panel["left"] == "s1", "value"] = 20.0
    lost = (panel["left"] == "o1") & (panel["right"] == "o2")
    lost |= (panel["left"] == "o2") & (panel["right"] == "o3")
    with pytest.raises(MethodError) as refused:
        prioritise_factors(small, panel[~lost], "X")
    lines = str(refused.value).splitlines()
    assert len([x for x in lines if "topic X, strength" in x and "outside the scale" in x]) == 2
    assert any(x.startswith("X, opportunity: judge j1: no comparison links o") for x in lines)


def test_an_unknown_kind_and_a_missing_item_are_named(small):
    panel = pd.concat([panel_of(), rated(["s1"], [1], "j2").assign(kind="ratng")])
    with pytest.raises(MethodError, match="X, strength: kind ratng is not known"):
        prioritise_factors(small, panel, "X")
    panel = panel_of()
    panel.loc[0, "right"] = None
    with pytest.raises(MethodError, match="an item is missing"):
        prioritise_factors(small, panel, "X")


def test_names_and_options_that_are_not_known_are_refused(small, study):
    with pytest.raises(MethodError, match='no system "Y"'):
        prioritise_factors(small, panel_of(), "Y")
    with pytest.raises(MethodError, match='no topic of the panel "X"'):
        prioritise_factors(small, panel_of().assign(topic="DE"), "X")
    with pytest.raises(MethodError, match='Did you mean "groups"'):
        prioritise_factors(small, panel_of(), "X", by="group")
    with pytest.raises(MethodError, match='nobody answered by "top-factors"'):
        prioritise_factors(small, panel_of(), "X", by="top-factors")
    with pytest.raises(MethodError, match="column kind, value is missing"):
        prioritise_factors(small, panel_of().drop(columns=["kind", "value"]), "X")
    with pytest.raises(MethodError, match="no judge is called j3"):
        prioritise_factors(small, panel_of(), "X", judge_weights={"j1": 1, "j3": 1})
    with pytest.raises(MethodError, match="judge j1 has none"):
        prioritise_factors(small, panel_of(), "X", judge_weights={})
    with pytest.raises(MethodError, match="no factors are coded"):
        prioritise_factors(with_board(study, {}), panel_of(), "X")


def test_all_weight_on_a_group_without_factors_is_refused(study):
    board = {"strength": ["s1"], "weakness": ["w1"]}
    panel = rated(list(QUADRANTS), [0, 0, 1, 0])
    with pytest.raises(MethodError, match="all weight to groups without factors"):
        prioritise_factors(with_board(study, board), panel, "X")


# What always holds


WEIGHTS = st.integers(1, 9)


@st.composite
def panels(draw):
    """Two judges, each exact in their own way."""
    parts = []
    for judge in ("j1", "j2"):
        local = {q: [draw(WEIGHTS) for _ in some] for q, some in LOCAL.items()}
        parts.append(panel_of(judge, local, [draw(WEIGHTS) for _ in QUADRANTS]))
    return pd.concat(parts, ignore_index=True)


@properly
@given(panels())
def test_priorities_sum_to_one_and_consistent_judgements_have_ratio_zero(small, panel):
    found = prioritise_factors(small, panel, "X")
    told = found.factors
    assert told["global"].sum() == pytest.approx(1)
    assert found.groups["priority"].sum() == pytest.approx(1)
    assert told.groupby("quadrant")["local"].sum().to_list() == pytest.approx([1] * 4)
    assert told.groupby("quadrant")["global"].sum().to_dict() == pytest.approx(
        found.groups["priority"].to_dict()
    )
    assert found.consistency["cr"].abs().max() < 1e-6
    assert len(found.consistency) == 2 * 4
    best = told.loc[told["global"].idxmax(), "rank"]
    assert best == 1


@properly
@given(panels(), st.randoms(use_true_random=False))
def test_the_order_of_rows_judges_and_factors_changes_nothing(study, small, panel, random):
    order = list(range(len(panel)))
    random.shuffle(order)
    board = {q: random.sample(some, len(some)) for q, some in BOARD.items()}
    one = prioritise_factors(small, panel, "X")
    other = prioritise_factors(with_board(study, board), panel.iloc[order], "X")
    other = other.factors.set_index("factor_id").loc[one.factors["factor_id"]]
    np.testing.assert_allclose(other["global"], one.factors["global"], atol=1e-9)
    assert other["rank"].to_list() == one.factors["rank"].to_list()
