"""What every chart brings: a finding, words for those who cannot see it, data, sources."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest

from mcanalysis import charts
from mcanalysis.charts.record import COLOURS, Chart, as_label, chart, wrapped
from mcanalysis.markup import MIME
from mcanalysis.texts import plain

KINDS = sorted(set(charts.__all__) - {"Chart"})
each = pytest.mark.parametrize("kind", KINDS)


def colours(value: Any, name: str = "") -> set[str]:
    """Collect what stands under a key that names a colour."""
    if isinstance(value, dict):
        return {c for k, v in value.items() for c in colours(v, k)}
    if isinstance(value, list):
        return {c for v in value for c in colours(v, name)}
    return {value} if "color" in name and isinstance(value, str) else set()


@each
def test_a_chart_has_a_finding_as_title_and_says_what_is_drawn(drawn, kind: str):
    made = drawn[kind]
    assert " " in made.title
    assert made.subtitle
    assert not made.title[0].islower()
    assert not made.title.endswith(".")


@each
def test_the_text_alternative_states_figures_and_ends_as_a_sentence(drawn, kind: str):
    assert re.search(r"\d", drawn[kind].alt)
    assert drawn[kind].alt.endswith(".")
    assert "nan" not in drawn[kind].alt.split()


@each
def test_the_data_of_a_chart_are_a_table_without_holes(drawn, kind: str):
    data = drawn[kind].data
    assert len(data)
    assert not data.isna().any().any()
    assert all(str(c)[0].isupper() for c in data.columns)


@each
def test_a_specification_is_strict_json(drawn, kind: str):
    spec = dict(drawn[kind].spec)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec


@each
def test_every_colour_is_one_that_a_page_can_map_to_its_scheme(drawn, kind: str):
    used = colours(dict(drawn[kind].spec))
    assert used - {"rgba(0,0,0,0)"} <= set(COLOURS.values())
    assert used & set(COLOURS.values())


def test_each_colour_stands_once_so_that_it_can_be_told_which_is_meant():
    assert len(set(COLOURS.values())) == len(COLOURS)


@each
def test_a_plotly_figure_carries_the_title(drawn, kind: str):
    figure = drawn[kind].figure()
    said = re.sub(r"<[^>]*>", " ", figure.layout.title.text)
    assert " ".join(drawn[kind].title.split()) in " ".join(said.split())
    assert len(figure.data) == len(drawn[kind].spec["data"])
    assert figure.layout.meta is None


@each
def test_a_chart_shows_itself_to_jupyter_and_to_a_page(drawn, kind: str):
    bundle = drawn[kind]._repr_mimebundle_()
    assert bundle["application/vnd.plotly.v1+json"]["data"] == drawn[kind].spec["data"]
    assert "meta" not in bundle["application/vnd.plotly.v1+json"]["layout"]
    assert drawn[kind].title in bundle["text/plain"]
    payload = bundle[MIME]
    assert payload["charts"][0]["id"] == drawn[kind].name
    assert json.dumps(bundle)


@each
def test_the_markup_has_alternative_data_table_and_place_for_the_picture(drawn, kind: str):
    made = drawn[kind]
    assert f'id="{made.name}"' in made.html
    assert 'role="img" aria-label="' in made.html
    assert "<caption" in made.html
    assert made.title in plain(made.html)
    assert made.html.count("<tr") == len(made.data) + 1


@each
def test_every_source_that_the_markup_marks_is_brought_along(drawn, kind: str):
    marked = set(re.findall(r'data-source="([^"]+)"', drawn[kind].html))
    assert marked == set(drawn[kind].study_sources)


@each
def test_text_that_cannot_be_read_on_a_phone_is_drawn_otherwise_there(drawn, kind: str):
    """Where labels need room beside the picture, a narrow page gets less of it."""
    layout = drawn[kind].spec["layout"]
    left = layout.get("margin", {}).get("l", 0)
    if left > 100:
        assert layout["meta"]["narrow"]["margin"]["l"] < left


def made_of(a, data: list[dict[str, Any]], **more: Any) -> Chart:
    frame = pd.DataFrame({"X": [1]})
    return chart(a, "name", "A title", "What", "One 1.", data, {"height": 100}, frame, **more)


def test_what_is_missing_is_drawn_as_nothing(a):
    made = made_of(a, [{"type": "scatter", "x": [float("nan"), 1.0]}])
    assert made.spec["data"][0]["x"] == [None, 1.0]


def test_rows_of_evidence_are_the_sources_of_a_chart_each_place_once(a):
    rows = pd.concat([a.rows("DE"), a.rows("DE")])
    made = made_of(a, [], rows=rows)
    assert len(made.sources) == len(set(made.sources))
    assert {s for s, _ in made.sources} == set(rows["source_id"])
    assert list(made.study_sources) == list(dict.fromkeys(s for s, _ in made.sources))


def test_a_value_that_is_no_json_is_refused(a):
    with pytest.raises(TypeError, match="object cannot be written as JSON"):
        made_of(a, [{"x": object()}])


def test_a_label_keeps_quotes_which_plotly_would_not_read_back():
    assert as_label("<b> & \"q\" 'q'") == "&lt;b&gt; &amp; \"q\" 'q'"


def test_a_hover_text_is_broken_between_words():
    assert wrapped("one two three <four>", 9) == "one two<br>three<br>&lt;four&gt;"


@pytest.mark.slow
@pytest.mark.browser
def test_the_title_of_a_figure_of_its_own_is_whole(drawn, browser, tmp_path):
    place = tmp_path / "figure.html"
    drawn["benefit_map"].figure().write_html(place)
    page = browser.new_page(viewport={"width": 900, "height": 500})
    page.goto(place.as_uri())
    above = """() => document.querySelector('.gtitle').getBoundingClientRect().top
        - document.querySelector('.plotly-graph-div').getBoundingClientRect().top"""
    page.wait_for_selector(".gtitle")
    assert page.evaluate(above) >= 0
    page.close()
