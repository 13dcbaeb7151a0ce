"""Blocks, source numbers, tables; and text from the evidence comes out as text everywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mcanalysis import analyse, charts, tables
from mcanalysis.marks import src
from mcanalysis.markup import (
    MIME,
    Block,
    alone,
    block,
    chain,
    figure,
    nothing,
    number_sources,
    source_list,
    table,
)
from mcanalysis.model import TABLES
from mcanalysis.report.page import PageContext, render_page
from mcanalysis.texts import plain, strong
from mcanalysis.why import Claim, system_claims

HOSTILE = "⟦</script><script>x(1)</script> <b>& &amp; \"q\" 'q' {root} “žlutý” ימי 学分⟧"
BOLD = "⟦a **b** c⟧"
SOURCE = {"title": "A title", "publisher": "A house"}


def poisoned(study, text: str):
    """Put a text into every free-text column of a study, as names, statements and locators."""
    keep = {"locator", "article", "short_name", "name"}
    done = {}
    for name in ("systems", "dimensions", "indicators", "swot_factors", "stakeholders", "benefits",
                 "benefit_enablers", "sources"):  # fmt: skip
        frame = getattr(study, name).copy()
        for column in TABLES[name].columns:
            if column.kind == "text" and column.name in frame:
                old = frame[column.name]
                new = old.astype("string") + f" {text}" if column.name in keep else old.map(
                    lambda _: text, na_action="ignore"
                )  # fmt: skip
                frame[column.name] = new
        done[name] = frame
    what_if = {name: frame.assign(note=text) for name, frame in study.scenarios.items()}
    return replace(study, **done, scenarios=what_if)


@pytest.fixture(scope="module")
def hostile(study):
    return analyse(poisoned(study, HOSTILE), draws=300)


@pytest.fixture(scope="module")
def bold(study):
    return analyse(poisoned(study, BOLD), draws=300)


SYSTEMS = ("DE", "AT", "BG", "EU")
OF_A_SYSTEM = ("benefits_table", "cannot_say_table", "certainty", "changes_table", "glance",
               "importance_table", "in_short", "profile_table", "solved_table", "strategy_pairs",
               "swot_board", "where_to_look_table")  # fmt: skip
OF_A_GROUP = ("factors_naming", "held_back_table", "importance_across", "serves_best",
              "stakeholder_claims", "stakeholder_head")  # fmt: skip
OF_A_SCENARIO = ("assumed_table", "gains_table", "moved_table", "scenario_certainty",
                 "scenario_claims", "scenario_head", "swot_changes")  # fmt: skip
OF_A_PANEL = ("panel_agreement", "panel_consistency", "panel_head", "panel_holds",
              "panel_in_short", "panel_splits", "panel_weights")  # fmt: skip
OF_ALL = ("comparison_claims", "comparison_head", "head_to_head", "lead_ends", "priorities",
          "rank_shares", "ranking", "research_table", "robustness_claims", "robustness_head",
          "side_by_side", "supporters", "weight_room", "what_breaks", "what_matters",
          "stakeholder_orders", "target_steps", "unranked_table", "what_holds")  # fmt: skip
CHARTS_OF_A_GROUP = ("benefit_map", "group_chart")
CHARTS_OF_ALL = ("coverage_map", "dimension_maps", "evidence_map", "ranking_chart")


def every_block(a) -> Iterator[tuple[str, Any]]:
    for name in OF_A_SYSTEM:
        for s in SYSTEMS:
            yield f"{name} {s}", getattr(tables, name)(a, s)
    for name in OF_A_GROUP:
        yield name, getattr(tables, name)(a, "learners")
    for name in OF_ALL:
        yield name, getattr(tables, name)(a)
    supposed = tables.suppose(a)
    for name in OF_A_SCENARIO:
        yield name, getattr(tables, name)(supposed)
    if a.panel:
        heard = tables.hear(a)
        yield from ((name, getattr(tables, name)(heard)) for name in OF_A_PANEL)


def every_chart(a) -> Iterator[tuple[str, Any]]:
    for name in CHARTS_OF_A_GROUP:
        yield name, getattr(charts, name)(a, "learners")
    for name in CHARTS_OF_ALL:
        yield name, getattr(charts, name)(a)
    yield "profile_chart", charts.profile_chart(a, "DE")
    yield "rank_histogram", charts.rank_histogram(a, "DE")


def test_every_public_table_and_chart_is_tried_here():
    blocks = {*OF_A_SYSTEM, *OF_A_GROUP, *OF_ALL, *OF_A_SCENARIO, *OF_A_PANEL}
    assert blocks == set(tables.__all__) - {"hear", "suppose"}
    drawn = {*CHARTS_OF_A_GROUP, *CHARTS_OF_ALL, "profile_chart", "rank_histogram", "Chart"}
    assert drawn == set(charts.__all__)


@pytest.fixture(scope="module")
def blocks(hostile) -> list[tuple[str, Any]]:
    weighed = analyse(hostile.study, draws=300, panel="illustrative")
    return [*every_block(hostile), *((f"{w}, panel", b) for w, b in every_block(weighed))]


@pytest.fixture(scope="module")
def drawn(hostile) -> list[tuple[str, Any]]:
    return list(every_chart(hostile))


class Read(HTMLParser):
    """What a browser reads: tags with attributes, and text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def all_text(self) -> str:
        """Text and what attributes say, one behind the other."""
        said = [v or "" for _, attrs in self.tags for v in attrs.values()]
        return "\n".join(["".join(self.texts), *said])


def read(html: str) -> Read:
    return Read(html)


def assert_verbatim(text: str, given: str, where: str) -> int:
    """Check that a text which begins like the given one is the given one; count how often."""
    text = re.sub(r"\s+", " ", text.replace("\u2060", ""))  # parts asterisks of a name
    starts = [m.start() for m in re.finditer("⟦", text)]
    for start in starts:
        assert text[start : start + len(given)].lower() == given.lower(), where
    return len(starts)


def spoken_by_plotly(text: str) -> str:
    """Return what plotly draws for a label: its few tags are taken out, its few entities read."""
    known = {"amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "times": "×", "plusmn": "±"}
    shown = re.sub(r"<br>", " ", text)
    shown = re.sub(r"</?b>|<span style='font-size:\d+px'>|</span>", "", shown)
    assert not re.search(r"<[^>]*>", shown), f"a tag in a label: {shown}"
    return re.sub(
        r"&(#\d+|#x[\da-fA-F]+|[a-z]+);",
        lambda m: (
            chr(int(m[1][2:], 16)) if m[1].startswith("#x")
            else chr(int(m[1][1:])) if m[1].startswith("#")
            else known.get(m[1], m[0])
        ),
        shown,
    )  # fmt: skip


def labels(value: Any, name: str = "") -> Iterator[str]:
    """Go through all texts that plotly draws: labels, ticks, titles, hover texts."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield from labels(v, k)
    elif isinstance(value, list):
        for v in value:
            yield from labels(v, name)
    elif isinstance(value, str) and name in ("text", "ticktext", "hovertext"):
        yield value


def test_text_from_the_evidence_is_text_in_every_block(blocks):
    live = '<script type="application/json" id="live-data">'
    for where, made in blocks:
        # The block as it stands alone: its markup, and the list of its sources.
        html = re.sub(r"<style>.*?</style>", "", alone(made), flags=re.S)
        html = re.sub(live + ".*?</script>", "", html, flags=re.S)
        page = read(html)
        assert not [tag for tag, _ in page.tags if tag == "script"], where
        assert_verbatim(page.all_text, HOSTILE, where)


def test_what_a_terminal_prints_of_a_block_is_the_text_itself(blocks):
    for where, made in blocks:
        assert "&lt;" not in made.text, where
        assert "&#x27;" not in made.text, where


def test_text_from_the_evidence_is_text_in_every_chart(drawn):
    seen = 0
    for where, made in drawn:
        for spec in (made.spec, made._titled()):
            for label in labels(dict(spec)):
                seen += assert_verbatim(spoken_by_plotly(label), HOSTILE, where)
        assert not [tag for tag, _ in read(made.html).tags if tag == "script"]
        assert_verbatim(read(made.html).all_text, HOSTILE, where)
    assert seen > 500


def test_asterisks_in_a_fact_a_caption_or_a_chart_are_no_emphasis(bold):
    for where, made in (*every_chart(bold), *every_block(bold)):
        assert_verbatim(read(made.html).all_text, BOLD, where)


def test_names_and_facts_stand_as_they_are_in_the_sentences_of_a_system(hostile):
    for s in SYSTEMS:
        for claim in system_claims(hostile, s):
            assert_verbatim(claim.plain, HOSTILE, s)


def test_text_from_the_evidence_is_text_in_a_whole_page(blocks, drawn):
    payloads = [
        *({MIME: made.payload()} for _, made in blocks),
        *({MIME: made._repr_mimebundle_()[MIME]} for _, made in drawn),
    ]
    cell = new_code_cell("", outputs=[new_output("display_data", data=p) for p in payloads])
    context = PageContext(
        "country", None, HOSTILE, {"systems": [HOSTILE]}, {}, "2026-11-23", {"mcanalysis": "1"},
        "../", "plotly.js", ((HOSTILE, "a.html"),),
    )  # fmt: skip
    page = render_page(new_notebook(cells=[new_markdown_cell("## All"), cell]), context)
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", page.html, flags=re.S)
    specs = [text for attrs, text in scripts if "application/json" in attrs]
    assert len(scripts) == len(specs) + 4  # what draws and what takes along, plotly, JSON-LD
    [linked] = [text for attrs, text in scripts if "ld+json" in attrs]
    assert json.loads(linked)["@graph"][0]["name"] == HOSTILE
    assert len(specs) == page.charts + 2  # and the live priorities, without and with a panel
    assert all(json.loads(text) for text in specs)
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page.html, flags=re.S)
    # BibTeX and JSON have signs of their own, see tests/report/test_citing.py
    body = re.sub(r'<pre class="cite".*?</pre>', "", body, flags=re.S)
    assert assert_verbatim(read(body).all_text, HOSTILE, "page") > 1000


def test_live_priorities_carry_names_as_data(hostile):
    html = tables.priorities(hostile).html
    data = json.loads(re.search(r'id="live-data">(.*?)</script>', html, flags=re.S)[1])
    assert any("</script>" in s["name"] for s in data["systems"])


def test_sources_are_numbered_by_first_mention_and_each_place_is_collected_once():
    cited: dict[str, list[str]] = {}
    html = number_sources(src("b", "p. 1") + src("a") + src("b", "p. 1") + src("b", "p. 2"), cited)
    assert re.findall(r'href="#s(\d)"', html) == ["1", "2", "1", "1"]
    assert cited == {"b": ["p. 1", "p. 2"], "a": []}


def test_numbers_go_on_from_one_section_to_the_next():
    cited: dict[str, list[str]] = {}
    number_sources(src("a"), cited)
    assert 'href="#s1"' in number_sources(src("a"), cited)
    assert 'href="#s2"' in number_sources(src("c"), cited)


def test_a_source_number_is_said_to_be_one():
    assert plain(number_sources(src("a"), {})) == "source 1"


def test_a_mark_spelt_in_a_text_is_no_source(study):
    made = block(study, f"<p>{strong(src('act', 'p. 1'))}</p>")
    assert not made.sources
    assert plain(made.html) == src("act", "p. 1")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.b", ""])
def test_only_addresses_of_the_web_are_links(url: str):
    html = source_list({"a": []}, {"a": {**SOURCE, "url": url}})
    assert not [tag for tag, _ in read(html).tags if tag == "a"]
    assert "A title" in html


def test_a_source_says_title_publisher_year_kind_language_and_places():
    row = {**SOURCE, "year": 2024, "doc_type": "law", "language": "de",
           "url": "https://example.org/?a=1&b=2"}  # fmt: skip
    html = source_list({"a": ["p. 1", "p. 2"]}, {"a": row})
    assert ("a", {"href": "https://example.org/?a=1&b=2"}) in read(html).tags
    assert plain(html).startswith("A title A house (2024), law, in German. Read at: p. 1; p. 2.")


def test_a_source_without_year_kind_or_places_says_no_more():
    assert plain(source_list({"a": []}, {"a": SOURCE})) == "A title A house."


def test_a_block_brings_the_sources_it_marks_and_no_others(study):
    ids = study.sources["source_id"].tolist()
    made = block(study, f"<p>{src(ids[3])}{src(ids[1], 'p. 1')}{src(ids[3], 'p. 2')}</p>")
    assert list(made.sources) == [ids[3], ids[1]]
    assert all(v == v for row in made.sources.values() for v in row.values())


def test_a_block_with_nothing_to_say_is_false_and_says_why_in_a_notebook():
    made = nothing("No <level> yet.")
    assert not made
    assert made.payload()["html"] == ""
    bundle = made._repr_mimebundle_()
    assert bundle["text/plain"] == "No <level> yet."
    assert plain(bundle["text/html"]) == "No <level> yet."


def test_a_block_shows_itself_in_a_notebook_with_style_sources_and_payload(study):
    made = block(study, f"<p>A fact {src(study.sources['source_id'].iloc[0], 'p. 1')}</p>")
    bundle = made._repr_mimebundle_()
    assert bundle["text/html"].startswith('<div class="mca"><style>@scope (.mca)')
    assert "Read at: p. 1." in bundle["text/html"]
    assert json.loads(json.dumps(bundle[MIME])) == made.payload()


def test_blocks_of_one_notebook_do_not_share_anchors(study):
    mark = src(study.sources["source_id"].iloc[0])
    one, two = (alone(block(study, f"<p>{text} {mark}</p>")) for text in ("one", "two"))
    ids = [set(re.findall(r'id="(n\d+-s\d+)"', html)) for html in (one, two)]
    assert all(ids)
    assert not ids[0] & ids[1]
    for html in (one, two):
        assert set(re.findall(r'href="#(n\d+-s\d+)"', html)) == set(
            re.findall(r'id="(n\d+-s\d+)"', html)
        )


def test_a_table_has_caption_and_scopes():
    page = read(table("Who & what", ["System", ">Level"], [["Germany", "2"], ["Malta", "1"]]))
    scopes = [attrs["scope"] for tag, attrs in page.tags if tag == "th"]
    assert scopes == ["col", "col", "row", "row"]
    assert [tag for tag, _ in page.tags][:2] == ["table", "caption"]
    assert "Who & what" in page.texts
    assert [a.get("class") for t, a in page.tags if t == "td"] == ["n", "n"]


def test_a_row_that_does_not_fit_the_head_is_refused():
    for row in (["1"], ["1", "2", "3"]):
        with pytest.raises(ValueError, match="argument 2 is"):
            table("Caption", ["a", "b"], [row])


def test_a_figure_is_headed_by_title_and_what_is_drawn():
    assert plain(figure("A & b", "Bars", "<p>x</p>")) == "A & b Bars x"


def test_a_chain_opens_value_formula_rows_and_sources(a):
    claim = system_claims(a, "DE")[0]
    page = read(chain(claim, {d: a.names.short(d) for d in a.dimensions}))
    tags = [tag for tag, _ in page.tags]
    assert tags[:2] == ["details", "summary"]
    assert "open" not in page.tags[0][1]
    assert [t for t in page.texts if t in ("Value", "Formula", "Rows", "Sources")] == [
        "Value", "Formula", "Rows", "Sources",
    ]  # fmt: skip
    assert tags.count("tr") == 1 + len(claim.rows)
    marks = [attrs for tag, attrs in page.tags if attrs.get("class") == "src"]
    assert {m["data-source"] for m in marks} == {s for s, _ in claim.citations()}


def test_a_chain_leaves_out_what_it_has_not():
    page = read(chain(Claim("So.", "1", "2"), {}))
    assert "Rows" not in page.texts
    assert "Sources" not in page.texts


def test_a_link_to_another_report_starts_at_the_root_of_the_site(a):
    html = chain(system_claims(a, "DE")[0], {d: d for d in a.dimensions})
    assert 'href="{root}comparison/comparison.html#ranking"' in html


def test_a_block_is_plain_data(study):
    assert json.dumps(Block("<p>x</p>", charts=({"id": "a", "data": []},)).payload())
