"""Pages keep to their content security policy, as a file and over HTTP, in a real browser."""

from __future__ import annotations

import functools
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mcanalysis.language import LANGUAGES
from mcanalysis.markup import stylesheet
from mcanalysis.report.page import page_style
from tests.browsing import DRAWN, until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGES = {
    "rich": "country/DE",
    "thin": "country/BG",
    "comparison": "comparison/comparison",
    "group": "stakeholders/learners",
    "how sure": "robustness/robustness",
    "what if": "scenario/scenario",
    "index": "index",
    "changes": "changes",
}
WATCH = """window.broken = [];
document.addEventListener('securitypolicyviolation', (event) =>
  broken.push([event.effectiveDirective, event.blockedURI, event.sample].join(' ')));"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages with everything inside."""
    out = tmp_path_factory.mktemp("alone")
    for words in (["country", "--only", "DE"], ["comparison"]):
        command = [sys.executable, "-m", "mcanalysis", "report", *words, "--single-file"]
        done = subprocess.run([*command, "--out", str(out)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return out


@pytest.fixture
def opened(browser: Any) -> Iterator[Any]:
    """Open an address; what the browser complains of is in `heard`."""
    contexts = []

    def visit(address: str) -> Any:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.heard = []
        page.on("console", lambda m: m.type in ("error", "warning") and page.heard.append(m.text))
        page.on("pageerror", lambda e: page.heard.append(str(e)))
        page.add_init_script(WATCH)
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()


def use(page: Any) -> None:
    """Do what a reader does: open all, hover a chart, search, move a slider, print."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        plot.hover()
    if page.locator("#q").count():
        page.locator("#q").fill("germany")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    if page.locator("#live").count():
        page.locator("#live input[type=range]").first.press("ArrowRight")
        page.locator("#live input[type=range]").first.press("Enter")
    page.emulate_media(color_scheme="dark", media="print")


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("how", ["file", "http"])
def test_a_page_keeps_to_its_policy_whatever_a_reader_does(opened, site, served, kind, how):
    base = served if how == "http" else f"{site.as_uri()}/"
    page = opened(f"{base}{PAGES[kind]}.html")
    until(page, DRAWN)
    use(page)
    until(page, DRAWN)
    assert page.evaluate("broken") == []
    assert page.heard == []


def test_a_page_in_one_file_is_below_a_megabyte_in_every_language(alone):
    sizes = {p.relative_to(alone).as_posix(): p.stat().st_size for p in alone.rglob("*.html")}
    assert sum(name.endswith("comparison/comparison.html") for name in sizes) == len(LANGUAGES)
    assert {name: size for name, size in sizes.items() if size >= 1_000_000} == {}


def test_a_stylesheet_without_blanks_says_what_it_says_with_them(opened):
    page = opened("about:blank")
    rules = """text => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        return [...sheet.cssRules].map(rule => rule.cssText);
    }"""
    style, whole = page_style("2 March 2026"), stylesheet()
    assert len(style) < 0.9 * len(whole)
    *said, _ = page.evaluate(rules, style)
    assert said == page.evaluate(rules, whole)


@pytest.mark.parametrize("name", ["country/DE", "comparison/comparison"])
def test_a_page_in_one_file_draws_from_inside(opened, alone, name):
    page = opened((alone / f"{name}.html").as_uri())
    until(page, DRAWN)
    assert page.locator(".plot").count()
    use(page)
    assert page.evaluate("broken") == []
    assert page.heard == []


SMUGGLED = """<b id="smuggled" onclick="window.evil = 1">x</b><script>window.evil = 2</script>
<script src="evil.js"></script><style>body { color: red }</style><base href="http://127.0.0.1:9/">
<img src="http://127.0.0.1:9/x.png" alt=""><iframe src="http://127.0.0.1:9/"></iframe>
<object data="http://127.0.0.1:9/"></object>"""
BLOCKED = {
    "base-uri", "connect-src", "frame-src", "img-src", "object-src", "script-src-attr",
    "script-src-elem", "style-src-elem",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["index", "rich", "in one file"])
def test_what_was_smuggled_into_a_page_is_blocked(opened, site, alone, tmp_path, kind):
    file = alone / "country/DE.html" if kind == "in one file" else site / f"{PAGES[kind]}.html"
    head, tag, rest = file.read_text(encoding="utf-8").partition("<main")
    tampered = tmp_path / "page.html"
    tampered.write_text(f"{head}{SMUGGLED}{tag}{rest}", encoding="utf-8")
    (tmp_path / "evil.js").write_text("window.evil = 3")
    page = opened(tampered.as_uri())
    page.locator("#smuggled").click()
    page.evaluate("fetch('http://127.0.0.1:9/').catch(() => {})")
    # Some rules are broken more than once, so their number tells nothing.
    until(page, f"{sorted(BLOCKED)}.every(rule => broken.some(told => told.startsWith(rule)))")
    assert page.evaluate("window.evil") is None


def test_a_chart_can_be_taken_out_as_a_picture(opened, served):
    page = opened(f"{served}{PAGES['rich']}.html")
    until(page, DRAWN)
    for kind, begins in (("png", "data:image/png;base64,"), ("svg", "data:image/svg+xml")):
        made = page.evaluate(
            f"Plotly.toImage(document.querySelector('.plot'), {{format: '{kind}'}})"
        )
        assert made.startswith(begins)
        assert len(made) > 2000
    assert page.evaluate("broken") == []


def test_a_page_passed_on_without_its_script_says_so_and_shows_the_data(opened, site, tmp_path):
    lonely = tmp_path / "country" / "DE.html"
    lonely.parent.mkdir()
    lonely.write_bytes((site / "country" / "DE.html").read_bytes())
    page = opened(lonely.as_uri())
    until(page, "document.querySelector('.plot').textContent")
    assert "could not be drawn" in page.locator(".plot").inner_text()
    assert page.locator("figure.chart details.data table").is_visible()
