from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.charts import benefit_map, group_chart
from mcanalysis.errors import MethodError, ParameterError
from mcanalysis.study import read_study
from mcanalysis.wording import capital, counted, percent


def test_systems_stand_in_order_of_what_is_in_place(a):
    for group in a.stakeholders:
        dots = group_chart(a, group).spec["data"][1]
        assert dots["x"] == sorted(dots["x"], reverse=True)
        assert len(dots["x"]) == len(a.ranked)


def test_every_dot_lies_on_its_bar(a, drawn):
    bars, dots = drawn["group_chart"].spec["data"]
    for low, width, value in zip(bars["base"], bars["x"], dots["x"], strict=True):
        assert low - 1e-9 <= value <= low + width + 1e-9


def test_the_title_counts_the_systems_with_half_in_place(a, drawn):
    g = a.groups[(a.groups["stakeholder_id"] == "learners") & a.groups["system_id"].isin(a.ranked)]
    half = int((g["realised"] >= 0.5).sum())
    said = capital(counted(half, "ranked system"))
    assert drawn["group_chart"].title.startswith(f"{said} of {len(g)} ")


def test_the_map_has_every_benefit_of_the_group_in_every_ranked_system(a, drawn):
    heat = drawn["benefit_map"].spec["data"][0]
    mine = a.study.benefits[a.study.benefits["stakeholder_id"] == "learners"]
    assert len(heat["z"]) == len(a.ranked)
    assert all(len(row) == len(mine) for row in heat["z"])
    assert set(drawn["benefit_map"].data.columns) == {"System", *mine["label"]}


def test_the_benefit_furthest_along_in_the_median_comes_first(a, drawn):
    b = a.benefits[
        (a.benefits["stakeholder_id"] == "learners") & a.benefits["system_id"].isin(a.ranked)
    ]
    medians = b.groupby("benefit_id")["realised"].median()
    first, last = drawn["benefit_map"].data.columns[[1, -1]]
    labels = {i: a.names.benefit(i) for i in medians.index}
    assert labels[medians.idxmax()] == first or medians.max() in [
        m for i, m in medians.items() if labels[i] == first
    ]
    assert drawn["benefit_map"].title == (
        f"{first} is furthest along, {last.lower()} is furthest off"
    )
    for i, m in medians.items():
        assert f"{labels[i]} {percent(m)}" in drawn["benefit_map"].alt


def test_a_benefit_without_evidence_is_a_gap_and_not_0(a):
    unknown = a.benefits.assign(
        realised=a.benefits["realised"].mask(
            (a.benefits["system_id"] == "DE")
            & (a.benefits["benefit_id"] == a.study.benefits["benefit_id"].iloc[0])
        )
    )
    made = benefit_map(replace(a, benefits=unknown), "learners")
    row = made.data["System"].tolist().index("Germany")
    z = made.spec["data"][0]["z"][row]
    assert z.count(None) == 1
    x = z.index(None)
    assert made.data.iloc[row, x + 1] == "no evidence"
    mark = next(m for m in made.spec["layout"]["annotations"] if (m["x"], m["y"]) == (x, row))
    assert mark["text"] == "·"
    assert "no evidence" in made.spec["data"][0]["text"][row][x]
    assert not pd.isna(made.data).any().any()


@pytest.mark.parametrize("draw", [group_chart, benefit_map])
def test_an_unknown_group_is_named_with_the_nearest(a, draw):
    with pytest.raises(ParameterError, match=r'"employer"\. Did you mean "employers"\?'):
        draw(a, "employer")


@pytest.mark.parametrize("draw", [group_chart, benefit_map])
def test_with_nobody_ranked_there_is_no_picture_but_a_word_on_what_to_do(folder, draw):
    small = analyse(read_study(folder), min_dimensions=2, draws=200)
    with pytest.raises(MethodError, match="Lower min_dimensions"):
        draw(small, "learners")
