"""The pages as a reader meets them, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mcanalysis.analysis import Analysis
from mcanalysis.charts.record import COLOURS
from tests.browsing import DRAWN, until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

KINDS = {
    "rich": "country/DE",
    "thin": "country/BG",
    "without factors": "country/ZA",
    "factors only": "country/EU",
    "in between": "country/AT",
    "comparison": "comparison/comparison",
    "how sure": "robustness/robustness",
    "what if": "scenario/scenario",
    "group": "stakeholders/learners",
    "panel": "panel/illustrative",
    "index": "index",
    "changes": "changes",
}
CHARTED = [kind for kind in KINDS if kind in {"rich", "comparison", "group"}]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
every_kind = pytest.mark.parametrize("kind", KINDS)
every_charted = pytest.mark.parametrize("kind", CHARTED)


class Visits:
    """Pages opened with their charts drawn; at the end nothing was fetched, nothing complained."""

    def __init__(self, browser: Any, site: Path) -> None:
        self.browser, self.site = browser, site
        self.contexts: list[Any] = []
        self.heard: list[str] = []

    def __call__(self, kind: str, width: int = 1280, **options: Any) -> Any:
        context = self.browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.contexts.append(context)
        page, heard = context.new_page(), self.heard
        page.on("console", lambda m: m.type in ("error", "warning") and heard.append(m.text))
        page.on("pageerror", lambda e: heard.append(str(e)))
        page.on("request", lambda r: r.url.startswith("file:") or heard.append(r.url))
        page.goto((self.site / f"{KINDS.get(kind, kind)}.html").as_uri())
        if options.get("java_script_enabled", True):
            drawn(page)
        return page

    def end(self) -> None:
        for context in self.contexts:
            context.close()
        assert self.heard == []


@pytest.fixture
def visit(browser: Any, site: Path) -> Iterator[Visits]:
    visits = Visits(browser, site)
    yield visits
    visits.end()


@pytest.fixture(scope="module", params=[(k, w) for k in CHARTED for w in (1280, 712, 360)], ids=str)
def charted(browser: Any, site: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page with charts, wide or on a phone, only looked at."""
    visits = Visits(browser, site)
    yield visits(*request.param)
    visits.end()


def drawn(page: Any) -> None:
    until(page, DRAWN)


def open_all(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")


def violations(page: Any) -> list[str]:
    """Return what axe-core finds against WCAG A and AA, with the elements."""
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['help']}: {n['html'][:160]}" for v in found for n in v["nodes"][:5]]


def sideways(page: Any) -> list[str]:
    """Return what makes the body scroll sideways, outermost first."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          const scrolls = (e) => e.parentElement?.closest('.scroll, .vh');
          const over = [...document.body.querySelectorAll('*')]
            .filter((e) => e.getBoundingClientRect().right > wide + 1 && !scrolls(e));
          return ['scrolls'].concat(over.slice(0, 5).map((e) => e.outerHTML.slice(0, 160)));
        }"""
    )


@every_kind
def test_a_page_meets_wcag_closed_and_open_on_a_wide_screen(visit, kind):
    page = visit(kind)
    assert violations(page) == []
    open_all(page)
    assert violations(page) == []


@every_kind
def test_no_page_scrolls_sideways(visit, kind):
    page = visit(kind)
    open_all(page)
    for width in (1280, 768, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        until(
            page,
            "[...document.querySelectorAll('.plot')].every(p => "
            "p.querySelector('.main-svg').clientWidth <= p.clientWidth)",
        )
        assert sideways(page) == [], width


WRITING = """() => [...document.querySelectorAll('.plot')].flatMap((plot) => {
  const box = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.main-svg text')]
    .filter((t) => t.textContent.trim()).map((t) => {
      const at = t.getBoundingClientRect(), inner = t.querySelector('tspan') || t;
      return {chart: plot.id, said: t.textContent, colour: getComputedStyle(inner).fill,
              left: at.left - box.left, right: box.right - at.right,
              top: at.top - box.top, bottom: box.bottom - at.bottom,
              x: at.left, y: at.top, w: at.width, h: at.height};
    });
})"""


def test_the_writing_in_a_chart_is_whole(charted):
    written = charted.evaluate(WRITING)
    assert written
    cut = [
        (w["chart"], w["said"], side, round(w[side], 1))
        for w in written
        for side in ("left", "right", "top", "bottom")
        if w[side] < -2
    ]
    assert cut == []


def test_no_label_of_an_axis_is_left_out_for_want_of_room(charted):
    hidden = charted.evaluate(
        """() => [...document.querySelectorAll('.xtick text, .ytick text')]
          .filter((t) => getComputedStyle(t).display === 'none').map((t) => t.textContent)"""
    )
    assert hidden == []


def test_the_labels_of_an_axis_do_not_run_into_each_other(charted):
    clashes = charted.evaluate(
        r"""() => [...document.querySelectorAll('.plot')].flatMap((plot) => {
          const labels = [...plot.querySelectorAll('.xtick text, .ytick text')]
            .filter((t) => t.getBoundingClientRect().width
                        && !/rotate\((?!0)/.test(t.getAttribute('transform')))
            .map((t) => [t.textContent, t.getBoundingClientRect()]);
          return labels.flatMap(([a, p], i) => labels.slice(i + 1)
            .filter(([, q]) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 1
                            && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 3)
            .map(([b]) => plot.id + ': ' + a + ' / ' + b));
        })"""
    )
    assert clashes == []


def channels(colour: str) -> list[int]:
    if colour.startswith("#"):
        return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return [int(c) for c in re.findall(r"\d+", colour)[:3]]


def luminance(colour: str) -> float:
    parts = [c / 255 for c in channels(colour)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


COLOURS_NOW = """(names) => {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((n) => [n, style.getPropertyValue('--' + n).trim()]));
}"""


def test_colours_of_a_specification_give_readable_digits():
    for level in range(4):
        assert contrast(COLOURS[f"l{level}"], COLOURS[f"l{level}t"]) >= 4.5


@every_charted
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_writing_in_a_chart_stands_out_from_what_is_under_it(visit, kind, scheme):
    page = visit(kind, color_scheme=scheme)
    css = page.evaluate(COLOURS_NOW, list(COLOURS))
    for level in range(4):
        assert contrast(css[f"l{level}"], css[f"l{level}t"]) >= 4.5, level
    faint = [
        (chart, said, colour, ground)
        for chart, said, colour, ground in page.evaluate(GROUNDS)
        if contrast(colour, ground or css["paper"]) < (3 if said in MARKS else 4.5)
    ]
    assert faint == []


MARKS = {"·"}  # a gap is drawn, not written: it needs the contrast of a graphic
GROUNDS = """() => [...document.querySelectorAll('.plot')].flatMap((plot) => {
  const heats = plot.data.filter((d) => d.type === 'heatmap');
  const under = (x, y, axes) => {
    for (const heat of heats) {
      if ((heat.xaxis || 'x') !== axes[0] || (heat.yaxis || 'y') !== axes[1]) continue;
      const z = (heat.z[Math.round(y)] || [])[Math.round(x)];
      if (z === null || z === undefined) continue;
      const share = (z - heat.zmin) / (heat.zmax - heat.zmin);
      return heat.colorscale.filter(([stop]) => stop <= share).at(-1)[1];
    }
    return '';
  };
  const plain = (text) => text.replace(/<[^>]+>/g, ' ').trim();
  const traces = plot.data.filter((d) => (d.mode || '').includes('text')).flatMap((d) =>
    d.text.map((said, i) => [plot.id, plain(said), d.textfont.color,
                             under(d.x[i], d.y[i], [d.xaxis || 'x', d.yaxis || 'y'])]));
  const notes = (plot.layout.annotations || []).map((n) => [plot.id, plain(n.text),
    n.font?.color || plot.layout.font.color, under(n.x, n.y, [n.xref || 'x', n.yref || 'y'])]);
  const labels = [...plot.querySelectorAll('.xtick text, .ytick text, .legendtext')].map((t) =>
    [plot.id, t.textContent, getComputedStyle(t).fill, '']);
  return [...traces, ...notes, ...labels];
})"""


def test_a_chart_stays_inside_its_figure_and_is_not_empty(charted):
    for place in charted.query_selector_all(".plot"):
        box = place.bounding_box()
        svg = place.query_selector(".main-svg").bounding_box()
        name = place.get_attribute("id")
        assert svg["width"] <= box["width"] + 1, name
        assert abs(svg["height"] - box["height"]) <= 24, name
        assert svg["width"] >= min(box["width"], 240), name
        shapes = "path, image, rect, circle, use"
        assert len(place.query_selector_all(f".plot-container :is({shapes})")) > 3, name


@every_charted
def test_charts_follow_the_width_and_the_scheme_of_the_page(visit, kind):
    page = visit(kind)
    wide = page.evaluate(WRITING)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(500)
    dark = page.evaluate(WRITING)
    assert {w["colour"] for w in wide} != {w["colour"] for w in dark}
    page.set_viewport_size({"width": 360, "height": 900})
    until(page, "[...document.querySelectorAll('.main-svg')].every(s => s.clientWidth <= 360)")


def test_the_keyboard_reaches_links_and_sentences_and_no_part_of_a_chart(visit):
    page = visit("comparison")
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "() => { const e = document.activeElement;"
                " return [e.tagName, e.className.toString(), !!e.closest('.plot')]; }"
            )
        )
    assert reached[0][1] == "skip"
    assert any(tag == "SUMMARY" for tag, _, _ in reached)
    assert not any(inside for _, _, inside in reached)


def test_every_focusable_part_shows_that_it_has_the_focus(visit):
    page = visit("rich")
    page.keyboard.press("Tab")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return [s.outlineStyle, parseFloat(s.outlineWidth)]; }"
        )
        assert outline[0] != "none"
        assert outline[1] >= 2


@pytest.mark.parametrize("kind", ["rich", "thin", "factors only", "comparison", "group"])
def test_a_sentence_opens_by_key_and_by_click(visit, kind):
    page = visit(kind)
    shut = page.locator("details.chain").evaluate_all("all => all.findIndex(d => !d.open)")
    chain = page.locator("details.chain").nth(shut)
    summary = chain.locator("summary")
    assert not chain.locator("dl.pull").is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert chain.locator("dl.pull").is_visible()
    shown = chain.locator("dt").all_inner_texts()
    assert shown[:2] == ["Value", "Formula"]
    assert set(shown) & {"Rows", "Sources"}
    summary.click()
    assert not chain.locator("dl.pull").is_visible()


def test_a_source_mark_leads_to_its_entry(visit):
    page = visit("rich")
    mark = page.locator(".profile a.src").first
    target = mark.get_attribute("href")
    mark.click()
    entry = page.locator(target)
    assert page.url.endswith(target)
    assert entry.is_visible()
    assert entry.evaluate("e => e.matches(':target')")


@every_kind
def test_without_scripts_everything_but_the_pictures_is_there(visit, kind):
    page = visit(kind, java_script_enabled=False)
    with_scripts = visit(kind)
    said = page.locator("main").text_content()
    for section in page.locator("section > h2").all():
        assert section.is_visible()
    for table in with_scripts.locator("main table").all():
        assert table.locator("caption").text_content() in said
    hints = page.locator("noscript")
    if with_scripts.locator(".plot").count():
        assert "charts need JavaScript" in hints.first.text_content()
        assert page.locator("details.data").count()
    if kind not in ("index", "changes"):
        assert page.locator("ol.sources li").count()


def expected_order(data: dict[str, Any], weights: list[int]) -> list[tuple[str, str, str]]:
    """Rank, name and index of each system under weights, highest first, ties as they stand."""
    found = {}
    for system in data["systems"]:
        known = [(w, v) for w, v in zip(weights, system["levels"], strict=True) if v is not None]
        total = sum(w for w, _ in known)
        found[system["name"]] = Fraction(sum(w * v for w, v in known), 3 * total)
    ordered = sorted(found, key=found.__getitem__, reverse=True)
    ranks = {name: 1 + sum(v > found[name] for v in found.values()) for name in found}
    return [(str(ranks[n]), n, f"{float(found[n]):.2f}") for n in ordered]


def order_on(page: Any) -> list[tuple[str, str, str]]:
    """Rank, name and index as the live table shows them."""
    shown = page.locator("#live tbody tr").evaluate_all(
        "rows => rows.map(r => [0, 1, 3].map(i => r.cells[i].textContent))"
    )
    return [tuple(row) for row in shown]


def test_priorities_change_the_order_as_the_levels_say(visit, a: Analysis):
    page = visit("comparison")
    data = json.loads(page.locator("#live-data").text_content())
    assert [s["levels"] for s in data["systems"]] == [
        [a.level(str(s), d) for d in a.dimensions] for s in a.ranked
    ]
    sliders = page.locator("#live input[type=range]")
    weights = [int(s.input_value()) for s in sliders.all()]
    start = order_on(page)
    assert sorted(start[1:]) == sorted(expected_order(data, weights)[1:])

    sliders.nth(2).focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    weights[2], weights[3] = 10, 0
    assert [int(s.input_value()) for s in sliders.all()] == weights
    assert order_on(page) == expected_order(data, weights)
    assert order_on(page) != start
    assert page.locator("#live output").nth(2).inner_text() == f"{1000 / sum(weights):.0f}%"
    assert sliders.nth(2).get_attribute("aria-valuetext") == f"{1000 / sum(weights):.0f}%"
    assert page.locator("[name=preset]:checked").count() == 0

    page.locator("[name=preset]").nth(1).focus()
    page.keyboard.press("Space")
    assert [int(s.input_value()) for s in sliders.all()] == data["presets"][1]
    assert order_on(page) == expected_order(data, data["presets"][1])

    page.locator("[name=preset]").nth(0).check()
    same = {name: value for _, name, value in start}
    assert {name: value for _, name, value in order_on(page)} == same


def test_no_weight_at_all_gives_no_order_and_says_so(visit):
    page = visit("comparison")
    for slider in page.locator("#live input[type=range]").all():
        slider.focus()
        page.keyboard.press("Home")
    assert {(rank, value) for rank, _, value in order_on(page)} == {("–", "–")}
    assert set(page.locator("#live output").all_inner_texts()) == {"–"}


@pytest.mark.parametrize(
    ("typed", "holds"),
    [("germany", "Germany"), ("türkiye", "Türkiye"), ("turkiye", "Türkiye"), ("de", "Germany")],
)
def test_the_index_finds_a_system_as_one_types(visit, typed, holds):
    page = visit("index")
    page.locator("#q").press_sequentially(typed)
    shown = page.locator(".card:visible h4").all_inner_texts()
    assert holds in shown
    assert len(shown) < page.locator(".card").count()
    if typed != "de":
        assert shown == [holds]
        assert page.locator("#found").inner_text() == "1 system found"
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"country/[A-Z-]+\.html$"))
        assert holds in page.locator("h1").inner_text()


def test_the_index_finds_what_a_system_is_strong_or_weak_on(visit):
    page = visit("index")
    page.locator("#q").fill("recognition")
    shown = page.locator(".card:visible")
    assert 0 < shown.count() < page.locator(".card").count()
    strong_or_weak = shown.locator(".hl").all_text_contents()
    assert len(strong_or_weak) == shown.count()
    assert all("recognition" in text for text in strong_or_weak)
    assert page.locator("#found").inner_text().startswith(f"{shown.count()} systems")
    page.locator("#q").fill("")
    assert page.locator(".card:visible").count() == page.locator(".card").count()
    assert page.locator("#found").inner_text() == ""


def test_the_index_says_when_nothing_is_found(visit):
    page = visit("index")
    page.locator("#q").fill("atlantis")
    assert page.locator(".card:visible").count() == 0
    assert page.locator(".region:visible").count() == 0
    assert page.locator("#found").inner_text().startswith("Nothing found.")
    assert page.locator("#found").is_visible()


PAPER = 680  # pixels between the margins of A4 at 96 to the inch


@pytest.mark.parametrize("kind", ["rich", "thin", "comparison", "how sure", "group", "index"])
def test_a_page_prints_whole(visit, kind, tmp_path):
    page = visit(kind, PAPER, color_scheme="dark")
    page.emulate_media(media="print")
    page.wait_for_timeout(500)
    drawn(page)
    over = page.evaluate(
        """(paper) => [...document.querySelectorAll('figure, table, .main-svg, .board, .live')]
          .filter((e) => e.checkVisibility() && !e.closest('.scroll')
                         && e.getBoundingClientRect().right > paper + 1)
          .map((e) => e.outerHTML.slice(0, 160))""",
        PAPER,
    )
    assert over == []
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"
    css = page.evaluate(COLOURS_NOW, list(COLOURS))
    light = {f"rgb({', '.join(map(str, channels(value)))})" for value in css.values()}
    assert {w["colour"] for w in page.evaluate(WRITING)} <= light
    for gone in (".toc", ".skip", "header.site nav", ".why", ".search"):
        assert not page.locator(gone).first.is_visible()
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 2 <= sheets <= 30


@every_charted
def test_charts_go_to_paper_in_its_width_and_in_ink_on_white(visit, kind):
    page = visit(kind, color_scheme="dark")
    page.evaluate(
        """() => { window.drawings = []; const react = Plotly.react;
          Plotly.react = (place, data, layout, config) => {
            if (matchMedia('print').matches) drawings.push([layout.width, layout.font.color]);
            return react(place, data, layout, config);
          }; }"""
    )
    page.pdf(prefer_css_page_size=True)
    drawings = page.evaluate("window.drawings")
    assert len(drawings) == page.locator(".plot").count()
    assert all(width <= PAPER + 1 for width, _ in drawings)
    assert {ink for _, ink in drawings} == {COLOURS["ink"]}
