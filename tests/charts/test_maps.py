from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis.charts import coverage_map, dimension_maps
from mcanalysis.errors import MethodError
from mcanalysis.wording import counted


def placed(a) -> set[str]:
    """Systems with evidence and a place on the map."""
    systems = a.study.systems.dropna(subset=["tile_column", "tile_row"])
    return set(systems["system_id"]) & set(a.evidence.levels.index)


def test_there_is_one_tile_per_system_with_a_place(a, drawn):
    spec = drawn["coverage_map"].spec
    marks = spec["layout"]["annotations"]
    assert len(marks) == len(spec["layout"]["shapes"]) == len(placed(a))
    names = {re.sub(r"<br><b>\d+</b>$", "", m["text"]).replace("<br>", "-") for m in marks}
    assert names == placed(a)
    assert len({(m["x"], m["y"]) for m in marks}) == len(marks)


def test_the_number_in_a_tile_is_that_of_the_dimensions_with_evidence(a, drawn):
    known = a.evidence.levels.notna().sum(axis=1)
    for mark in drawn["coverage_map"].spec["layout"]["annotations"]:
        name, number = re.match(r"(.*)<br><b>(\d+)</b>$", mark["text"]).groups()
        assert known[name.replace("<br>", "-")] == int(number)


def test_ranked_systems_have_a_strong_frame_and_no_others(a, drawn):
    frames = drawn["coverage_map"].spec["layout"]["shapes"]
    assert sum(f["line"]["width"] > 2 for f in frames) == len(placed(a) & set(a.ranked))


def test_coverage_is_said_of_every_system_in_the_data(a, drawn):
    data = drawn["coverage_map"].data.set_index("System")
    assert len(data) == len(a.evidence.levels)
    assert data.loc["Bulgaria"].tolist() == [1, "no"]
    assert (data["Ranked"] == "yes").sum() == len(a.ranked)


def test_there_is_one_small_map_per_dimension_with_a_tile_per_level(a, drawn):
    spec = drawn["dimension_maps"].spec
    maps = [trace for trace in spec["data"] if trace["type"] == "heatmap"]
    for trace, d in zip(maps, a.dimensions, strict=True):
        tiles = [z for row in trace["z"] for z in row if z is not None]
        assert sorted(tiles) == sorted(v for s in placed(a) if (v := a.level(s, d)) is not None)


def test_a_gap_on_a_small_map_is_a_point_and_a_level_0_a_framed_tile(a, drawn):
    spec = drawn["dimension_maps"].spec
    points = [trace for trace in spec["data"] if trace["type"] == "scatter"]
    tiles = a.study.systems.set_index("system_id")[["tile_column", "tile_row"]]
    for trace, frame, d in zip(points, spec["layout"]["shapes"], a.dimensions, strict=True):
        levels = {s: a.level(s, d) for s in placed(a)}
        gaps = [tuple(tiles.loc[s]) for s, level in levels.items() if level is None]
        assert sorted(zip(trace["x"], trace["y"], strict=True)) == sorted(gaps)
        assert frame["path"].count("M") == len(levels) - len(gaps)
        assert {frame["xref"], trace["xaxis"]} == {trace["xaxis"]}


def test_the_counts_of_a_dimension_sum_to_the_systems_on_the_map(a, drawn):
    data = drawn["dimension_maps"].data
    counts = data.drop(columns="Dimension").sum(axis=1)
    assert (counts == len(placed(a))).all()
    best = data.loc[data["Level 3"].astype(int).idxmax()]
    said = f"on {best['Dimension'].lower()} ({counted(best['Level 3'], 'system')}), least"
    assert said in drawn["dimension_maps"].title


def test_small_maps_do_not_overlap_wide_or_narrow(drawn):
    layout = drawn["dimension_maps"].spec["layout"]
    for where in (layout, layout["meta"]["narrow"]):
        places = [
            (where[f"xaxis{n}"]["domain"], where[f"yaxis{n}"]["domain"])
            for n in ["", *range(2, 12)]
        ]
        for i, (x, y) in enumerate(places):
            assert 0 <= x[0] < x[1] <= 1.0001
            assert 0 <= y[0] < y[1] <= 1.0001
            for u, v in places[i + 1 :]:
                apart = x[1] <= u[0] or u[1] <= x[0] or y[1] <= v[0] or v[1] <= y[0]
                assert apart


def test_each_small_map_is_named_once_wide_and_once_narrow(a, drawn):
    layout = drawn["dimension_maps"].spec["layout"]
    for where in (layout, layout["meta"]["narrow"]):
        titles = [m["text"] for m in where["annotations"] if m["text"] != "·"]
        assert [re.match("<b>(.*?)</b>", t)[1] for t in titles] == [
            a.names.short(d) for d in a.dimensions
        ]


def test_a_system_without_a_place_is_not_drawn_but_counted_in_the_data(a):
    place = a.study.systems["tile_column"].mask(a.study.systems["system_id"] == "DE", pd.NA)
    other = replace(a, study=replace(a.study, systems=a.study.systems.assign(tile_column=place)))
    made = coverage_map(other)
    assert not [m for m in made.spec["layout"]["annotations"] if m["text"].startswith("DE<")]
    assert "Germany" in set(made.data["System"])


@pytest.mark.parametrize("draw", [coverage_map, dimension_maps])
def test_without_any_place_it_says_which_columns_to_fill(a, draw):
    nowhere = a.study.systems.assign(tile_row=pd.NA)
    other = replace(a, study=replace(a.study, systems=nowhere))
    with pytest.raises(MethodError, match=r"Fill tile_column and tile_row in systems\.csv"):
        draw(other)
