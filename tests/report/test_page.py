"""Pages made from notebooks whose outputs are written by hand: no kernel runs here."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mcanalysis import charts, tables
from mcanalysis.errors import ReportError
from mcanalysis.marks import src
from mcanalysis.markup import Block, block, nothing
from mcanalysis.report.bundle import plotly_bundle
from mcanalysis.report.page import Page, PageContext, render_page
from mcanalysis.wording import day

CONTEXT = PageContext(
    report="country",
    item="DE",
    title="Germany: how microcredentials fit in",
    parameters={"system": "DE", "as_of": None, "seed": 0},
    inputs={"indicators.csv": (1234, "0123456789abcdef" * 4)},
    edition="2026-11-23",
    versions={"mcanalysis": "1.2.3", "python": "3.11"},
    root="../",
    plotly="../assets/plotly.js",
    links=(("Comparison", "../comparison/comparison.html"), ("All reports", "../index.html")),
)


def shows(*made: Any):
    """Make a cell that shows blocks and charts."""
    outputs = [new_output("display_data", data=m._repr_mimebundle_()) for m in made]
    return new_code_cell("call_of_the_library(a)", outputs=outputs)


def country(a, system: str):
    """A notebook like that of the country page."""
    cells = [new_markdown_cell("# A title that the page does not print"), shows(
        tables.glance(a, system)
    )]  # fmt: skip
    for title, made in {
        "In short": tables.in_short(a, system),
        "Where it stands": tables.profile_table(a, system),
        "SWOT board": tables.swot_board(a, system),
        "From SWOT to strategy": tables.strategy_pairs(a, system),
        "For whom it works": tables.benefits_table(a, system),
        "Who has solved this": tables.solved_table(a, system),
        "What changed": tables.changes_table(a, system),
        "What cannot be said yet": tables.cannot_say_table(a, system),
        "Where to look": tables.where_to_look_table(a, system),
        "How sure is this": tables.certainty(a, system),
    }.items():
        cells += [new_markdown_cell(f"## {title}\n\nA word on {title.lower()}."), shows(made)]
    return new_notebook(cells=cells)


@pytest.fixture(scope="module")
def pages(a) -> dict[str, Page]:
    return {s: render_page(country(a, s), CONTEXT) for s in ("DE", "AT", "BG", "EU")}


@pytest.fixture(scope="module")
def comparison(a) -> Page:
    notebook = new_notebook(
        cells=[
            shows(tables.comparison_head(a)),
            new_markdown_cell("## In short"),
            shows(tables.comparison_claims(a)),
            new_markdown_cell("## Levels"),
            shows(charts.evidence_map(a), tables.unranked_table(a)),
            new_markdown_cell("## Ranking"),
            shows(tables.ranking(a)),
            new_markdown_cell("## Your priorities"),
            shows(tables.priorities(a)),
            new_markdown_cell("## Where"),
            shows(charts.coverage_map(a), charts.dimension_maps(a)),
            new_markdown_cell("## Which conclusions hold"),
            shows(tables.stakeholder_orders(a), tables.what_holds(a)),
        ]
    )
    return render_page(notebook, replace(CONTEXT, report="comparison", item=None))


@pytest.fixture(scope="module")
def every(pages, comparison) -> dict[str, Page]:
    return {**pages, "comparison": comparison}


def simple(study, *made: Any, **context: Any) -> Page:
    """A page with one section that shows some blocks."""
    cells = [new_markdown_cell("## A section"), shows(*made)]
    return render_page(new_notebook(cells=cells), replace(CONTEXT, **context))


def test_a_page_has_one_h1_and_headings_in_order(every, read):
    for name, made in every.items():
        levels = [int(t[1]) for t, _ in read(made.html).tags if re.fullmatch(r"h\d", t)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name


def test_ids_are_given_once_and_every_link_inside_the_page_leads_somewhere(every, read):
    for name, made in every.items():
        page = read(made.html)
        ids = page.ids
        assert len(ids) == len(set(ids)), name
        inside = {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")}
        # The sections of a hand-made notebook are fewer than those that sentences point to.
        assert {i for i in inside if re.fullmatch(r"s\d+", i)} <= set(ids), name
        assert "main" in inside & set(ids)


def test_tables_have_captions_and_scopes(every, read):
    for name, made in every.items():
        page = read(made.html)
        assert len(page.all("caption")) == len(page.all("table")) > 0, name
        scopes = {th.get("scope") for th in page.all("th")}
        assert scopes <= {"col", "row", "rowgroup"}, name


def test_pictures_have_a_text_alternative_or_are_hidden(every, read):
    for made in every.values():
        page = read(made.html)
        for place in (attrs for _, attrs in page.tags if attrs.get("role") == "img"):
            assert place["aria-label"]
        legends = r'<p class="[^"]*key[^"]*" aria-hidden="true">.*?</p>'
        for svg in read(re.sub(legends, "", made.html, flags=re.S)).all("svg"):
            assert svg["aria-hidden"] == "true"


def test_a_page_says_its_language_and_title(every, read):
    for made in every.values():
        page = read(made.html)
        assert page.all("html") == [{"lang": "en"}]
        assert made.html.startswith("<!doctype html>")
        assert f"<title>{CONTEXT.title} | mcanalysis</title>" in made.html


def test_a_section_with_nothing_to_show_is_left_out_with_its_text(pages, read):
    heads = {s: re.findall(r'<h2 id="[^"]+">(.*?)</h2>', made.html) for s, made in pages.items()}
    assert "What cannot be said yet" not in heads["DE"]
    assert "For whom it works" in heads["DE"]
    assert "For whom it works" not in heads["BG"]
    assert "A word on for whom it works." not in read(pages["BG"].html).text
    assert "A word on what cannot be said yet." in read(pages["BG"].html).text
    assert "Where it stands" not in heads["EU"]
    assert "SWOT board" in heads["EU"]


def test_the_table_of_contents_lists_the_sections_that_are_shown(every, read):
    for made in every.values():
        toc = made.html.partition('<nav class="toc"')[2].partition("</nav>")[0]
        listed = re.findall(r'<a href="#([^"]+)">', toc)
        assert listed == re.findall(r'<section id="([^"]+)"', made.html)
        assert listed[-1] == "how-it-was-made"


def test_a_thin_page_has_no_rank_no_chart_and_loads_no_script(pages, read):
    for s in ("AT", "BG", "EU"):
        assert pages[s].charts == 0
        assert not [script for script in read(pages[s].html).all("script") if "src" in script]
        assert "TIGHT" not in pages[s].html  # what draws charts
        assert "in nine of ten weightings" not in pages[s].html


def test_sources_are_numbered_through_the_page_in_order_of_first_mention(every):
    for name, made in every.items():
        body = made.html.partition("<main")[2].partition('<ol class="sources">')[0]
        mentions = [int(n) for n in re.findall(r'class="src" href="#s(\d+)"', body)]
        firsts = list(dict.fromkeys(mentions))
        ids = re.findall(r'<li id="s(\d+)" data-source="([^"]+)"', made.html)
        assert [int(n) for n, _ in ids] == list(range(1, len(ids) + 1)), name
        assert tuple(s for _, s in ids) == made.sources, name
        assert sorted(firsts) == list(range(1, len(ids) + 1)), name
        # The head is drawn first and the rest follows in the order of the page.
        assert firsts == sorted(firsts), name


def test_each_place_in_a_source_is_listed_once(study):
    source = study.sources["source_id"].iloc[0]
    mark = src(source, "p. 7") + src(source, "p. 8")
    made = simple(study, block(study, f"<p>One {mark}</p>"), block(study, f"<p>Two {mark}</p>"))
    assert made.sources == (source,)
    assert made.html.count("Read at: p. 7; p. 8.") == 1


def test_a_page_without_sources_has_no_list_of_them(study):
    made = simple(study, Block("<p>Nothing cited.</p>"))
    assert made.sources == ()
    assert 'id="sources"' not in made.html


def test_how_a_page_was_made_is_said_at_its_end(pages, read):
    text = read(pages["DE"].html).text
    assert "23 November 2026; mcanalysis 1.2.3" in text
    assert "system DE, as_of all, seed 0" in text
    assert "1\u202f234" in text
    assert "0123456789ab" in text
    assert "3.11" not in text


def test_the_same_input_gives_the_same_bytes(a):
    one, two = (render_page(country(a, "BG"), CONTEXT).html for _ in range(2))
    assert one == two


def test_a_run_at_another_time_gives_the_same_bytes(a):
    one, two = country(a, "BG"), country(a, "BG")
    for n, cell in enumerate(two.cells):
        cell["id"] = f"other-{n}"
        cell["metadata"]["execution"] = {"iopub.status.idle": "2026-01-01T00:00:00"}
    assert render_page(one, CONTEXT).html == render_page(two, CONTEXT).html


def test_each_chart_has_its_place_and_its_specification(comparison, read):
    specs = re.findall(
        r'<script type="application/json" class="spec" data-for="([^"]+)">(.*?)</script>',
        comparison.html,
    )
    assert len(specs) == comparison.charts == 4
    ids = read(comparison.html).ids
    for name, text in specs:
        assert name in ids
        assert json.loads(text)["id"] == name
        assert "NaN" not in text


def test_a_page_with_charts_loads_the_shared_script_and_nothing_from_outside(comparison, read):
    page = read(comparison.html)
    addresses = [s["data-plotly"] for s in page.all("script") if "data-plotly" in s]
    assert addresses == ["../assets/plotly.js"]
    assert not [s for s in page.all("script") if "src" in s]
    assert not page.all("img")
    assert not page.all("iframe")
    assert not page.all("link")
    style = comparison.html.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_a_single_file_has_the_script_packed_inside_and_no_address(a):
    cells = [new_markdown_cell("## Ranks"), shows(charts.rank_histogram(a, "DE"))]
    html = render_page(new_notebook(cells=cells), replace(CONTEXT, plotly=None)).html
    packed = re.search(r'id="plotly">([^<]*)</script>', html)[1]
    assert gzip.decompress(base64.b64decode(packed)).decode() == plotly_bundle().script
    assert not re.search(r"<script[^>]*\bsrc=", html)
    assert 'data-plotly=""' in html


def test_a_kind_of_chart_that_pages_cannot_draw_is_refused_with_those_they_can(a):
    chart = charts.rank_histogram(a, "DE")
    spec = {**chart.spec, "data": [{"type": "pie"}, {"type": "bar"}, {}, {"type": "sankey"}]}
    with pytest.raises(ReportError) as refused:
        simple(a.study, replace(chart, spec=spec))
    said = str(refused.value)
    assert f'Chart {chart.name}: pages draw no "pie".' in said
    assert 'pages draw no "sankey".' in said
    assert "They draw bar, heatmap and scatter." in said


def test_the_end_of_a_script_in_a_label_does_not_end_the_page(a, read):
    chart = charts.rank_histogram(a, "DE")
    spec = {**chart.spec, "data": [{"type": "bar", "text": ["</script><b>&\u2028<!--"]}]}
    made = simple(a.study, replace(chart, spec=spec))
    text = re.search(r'class="spec"[^>]*>(.*?)</script>', made.html, flags=re.S)[1]
    assert "<" not in text
    assert json.loads(text)["data"][0]["text"] == ["</script><b>&\u2028<!--"]
    assert read(made.html).all("body")


def test_titles_parameters_and_links_are_text(study, read):
    evil = '<script>x</script>&"q" ימי'
    made = simple(
        study, Block("<p>x</p>"), title=evil, item=evil, parameters={"systems": [evil]},
        links=((evil, "a.html"),), inputs={evil: (1, "ab" * 32)},
    )  # fmt: skip
    page = read(made.html)
    assert page.all("script") == [{"type": "application/ld+json"}, {}]
    assert page.text.count(evil) >= 4


def test_a_mark_of_the_root_in_a_text_stays_and_in_a_link_becomes_the_root(study, read):
    html = '<p>{root} href=&quot;{root}x <a href="{root}country/DE.html">Germany</a></p>'
    page = read(simple(study, Block(html), root="../../").html)
    assert '{root} href="{root}x Germany' in page.text
    assert {"href": "../../country/DE.html"} in page.all("a")


def test_what_a_cell_prints_is_shown_as_text_and_complaints_are_not(study, read):
    cell = new_code_cell(
        "print()",
        outputs=[
            new_output("stream", name="stdout", text="1 < 2 & 3"),
            new_output("stream", name="stderr", text="a complaint"),
            new_output("execute_result", data={"text/plain": "<Figure>"}),
            new_output("execute_result", data={"text/html": "<p>a frame</p>"}),
        ],
    )
    cells = [new_markdown_cell("## Output"), cell]
    page = read(render_page(new_notebook(cells=cells), CONTEXT).html)
    assert "1 < 2 & 3" in page.text
    assert "<Figure>" in page.text
    assert "a frame" in page.text
    assert "a complaint" not in page.text


def test_code_and_the_title_of_the_notebook_are_not_shown(pages, read):
    text = read(pages["DE"].html).text
    assert "call_of_the_library" not in text
    assert "A title that the page does not print" not in text


def test_text_before_a_cell_with_nothing_stands_before_none(study, read):
    cells = [
        new_markdown_cell("## One"),
        shows(Block("<p>shown</p>")),
        new_markdown_cell("About nothing."),
        shows(nothing("no evidence")),
        new_markdown_cell("## Two\n\nAbout two."),
        shows(nothing("no evidence")),
    ]
    text = read(render_page(new_notebook(cells=cells), CONTEXT).html).text
    assert "shown" in text
    assert "About nothing." not in text
    assert "About two." not in text
    assert "no evidence" not in text


def test_a_page_of_which_nothing_can_be_said_is_still_a_page(read):
    made = render_page(new_notebook(cells=[]), CONTEXT)
    page = read(made.html)
    assert (made.charts, made.sources) == (0, ())
    assert len(page.all("h1")) == 1
    assert "How this page was made" in page.text


def test_words_of_any_script_pass_through(study, read):
    said = "Ő “žlutý kůň” – ימי עיון 学分 – 🎓 – \u200fעברית"
    assert said in read(simple(study, Block(f"<p>{said}</p>")).html).text


def test_a_date_is_written_as_a_reader_does():
    assert day("2026-01-05") == "5 January 2026"


@pytest.mark.parametrize(
    ("given", "said", "unsaid"),
    [
        ({"panel": None}, "panel none", "Those of the panel"),
        ({}, "None assumed: every draw takes weights", "Those of the panel"),
        ({"panel": "delphi"}, "Those of the panel named", "None assumed"),
        ({"order": [["recognition"], ["law"]]}, "order recognition and law", "None assumed"),
        ({"vary": ["weights"]}, "Low-confidence levels count as coded", "stays, rises or falls"),
        ({"vary": []}, "vary none", "None assumed"),
    ],
)
def test_how_it_was_made_follows_the_parameters(read, given, said, unsaid):
    context = replace(CONTEXT, parameters={**CONTEXT.parameters, **given})
    text = read(render_page(new_notebook(cells=[]), context).html).text
    assert said in text
    assert unsaid not in text
