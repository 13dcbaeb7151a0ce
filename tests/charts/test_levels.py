from __future__ import annotations

import re

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.charts import evidence_map, profile_chart
from mcanalysis.errors import MethodError, ParameterError
from mcanalysis.study import read_study


@pytest.fixture(scope="module")
def heat(drawn):
    return drawn["evidence_map"].spec["data"][0]


def test_a_gap_is_drawn_as_a_gap_and_level_0_as_level_0(a, heat):
    for row, s in zip(heat["z"], a.ranked, strict=True):
        assert row == [a.level(s, d) for d in a.dimensions]
    cells = [z for row in heat["z"] for z in row]
    assert None in cells
    assert 0 in cells


def test_level_0_has_a_frame_and_a_digit_and_a_gap_has_a_point(a, drawn):
    spec = drawn["evidence_map"].spec
    levels = [a.level(s, d) for s in a.ranked for d in a.dimensions]
    assert len(spec["layout"]["shapes"]) == levels.count(0)
    written = [t for trace in spec["data"][1:] for t in trace["text"]]
    assert written.count("·") == levels.count(None)
    assert written.count("<b>0</b>") == levels.count(0)


def test_every_level_has_its_digit_and_its_confidence_in_dots(a, drawn):
    written = [t for trace in drawn["evidence_map"].spec["data"][1:] for t in trace["text"]]
    rows = a.evidence.rows[a.evidence.rows["system_id"].isin(a.ranked)]
    assert sum(t.startswith("<b>") for t in written) == len(rows)
    for confidence, dots in (("high", "•••"), ("medium", "••"), ("low", "•")):
        assert written.count(dots) == (rows["confidence"] == confidence).sum()


def test_the_data_table_has_one_source_mark_per_level(a, drawn):
    rows = a.evidence.rows[a.evidence.rows["system_id"].isin(a.ranked)]
    marks = re.findall(r'data-source="([^"]+)" data-locator="[^"]+"', drawn["evidence_map"].tabular)
    assert sorted(marks) == sorted(rows["source_id"])


def test_title_and_alternative_count_the_gaps(a, drawn):
    levels = a.evidence.levels.loc[a.ranked]
    gaps = int(levels.isna().sum().sum())
    means = levels.mean()
    made = drawn["evidence_map"]
    assert made.title.endswith(f"{gaps} of {levels.size} cells are gaps")
    assert made.title.startswith(a.names.dimension(means.idxmax()))
    for d in a.dimensions:
        assert f"{a.names.short(d)} {means[d]:.2f}" in made.alt


def test_hover_says_level_year_confidence_and_fact_or_that_nothing_was_found(a, heat):
    text = heat["text"][a.ranked.index("DE")][a.dimensions.index("qualifications-framework")]
    assert text.startswith("<b>Germany</b>, qualifications framework<br>level 0, 2024, low conf")
    gap = next(
        heat["text"][y][x] for y, row in enumerate(heat["z"]) for x, z in enumerate(row)
        if z is None
    )  # fmt: skip
    assert gap.endswith("<br>no evidence found")


def test_systems_may_be_chosen_and_stand_in_the_order_given(a):
    made = evidence_map(a, ["BG", "DE"], name="two")
    assert made.data["System"].tolist() == ["Bulgaria", "Germany"]
    assert made.name == "two"
    assert "tier" not in made.subtitle


def test_a_profile_has_a_point_per_level_and_words_where_there_is_none(a):
    for s in ("DE", "SE", "BG"):
        spec = profile_chart(a, s).spec
        own = spec["data"][2]
        assert own["x"] == a.rows(s)["level"].tolist()
        gaps = spec["layout"]["annotations"]
        assert [g["text"] for g in gaps] == ["no evidence"] * (len(a.dimensions) - len(own["x"]))


def test_a_profile_counts_dimensions_above_and_below_the_others(a, drawn):
    others = [s for s in a.ranked if s != "DE"]
    medians = a.evidence.levels.loc[others].median()
    own = a.evidence.levels.loc["DE"]
    above, below = int((own > medians).sum()), int((own < medians).sum())
    words = {0: "none", 1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    title = drawn["profile_chart"].title
    assert f"on {words[above].replace('none', 'no')} dimension" in title
    assert title.endswith(f"below it on {words[below]}")
    assert drawn["profile_chart"].data["Median of the others"].tolist() == [
        f"{m:g}" for m in medians
    ]


def test_a_profile_of_an_unknown_system_names_the_nearest(a):
    with pytest.raises(ParameterError, match=r'Did you mean "GB-ENG"\?'):
        profile_chart(a, "GB_ENG")


def test_with_nobody_ranked_there_is_no_map_but_a_word_on_what_to_do(folder):
    small = analyse(read_study(folder), min_dimensions=2, draws=200)
    with pytest.raises(MethodError, match="Lower min_dimensions"):
        evidence_map(small)
    made = evidence_map(small, ["DE", "NA"])
    assert "nan" not in made.alt
    assert "Credits" not in made.title


def test_with_nobody_to_compare_a_profile_shows_the_system_alone(folder):
    small = analyse(read_study(folder), min_dimensions=2, draws=200)
    made = profile_chart(small, "DE")
    assert set(made.data["Median of the others"]) == {"–"}
    assert made.spec["data"][1]["x"] == [None, None]
    assert not pd.isna(made.data).any().any()
