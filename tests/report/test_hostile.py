"""Text from the evidence is data: a hostile study in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from mcanalysis.study import check_study
from tests.hostile import REFUSED, squeezed, unlike, write_hostile
from tests.test_downloads import rows, taken
from tests.test_pages import KINDS, Visits, open_all, sideways

pytestmark = [pytest.mark.slow, pytest.mark.browser]
GERMAN = "de/country/DE"
"""A page with names of the study from its translations."""
every_kind = pytest.mark.parametrize("kind", [*KINDS, GERMAN])
charted = pytest.mark.parametrize("kind", ["rich", "comparison", "how sure", "group"])
TAGS = set(
    re.findall(
        r"\w+",
        "a b bdi body br button caption circle code dd details div dl dt em fieldset figcaption "
        "figure footer form g h1 h2 h3 h4 head header html i input label legend li line link "
        "main meta nav noscript ol output p path pre rect script section span strong style "
        "summary svg table tbody td template text th thead title tr u ul wbr",
    )
)
SCHEMES = re.compile(r"(https?:|mailto:|#|(?![a-z+.-]*:)[\w./#?=&%-]*$)", re.IGNORECASE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, str]]:
    """The site of a hostile study, and what its texts say."""
    folder = tmp_path_factory.mktemp("hostile")
    said = write_hostile(folder / "study")
    mine = [sys.executable, "-m", "mcanalysis", "--study", str(folder / "study"), "report",
            "--out", str(folder / "site")]  # fmt: skip
    places = [Path(place).parts for place in KINDS.values() if "/" in place]
    many = [name for report, name in places if report != name]
    single = [report for report, name in places if report == name]
    for words in (
        ["country", "stakeholders", "panel", "--only", ",".join(many), "-p", "language=en"],
        [*single, "-p", "language=en"],
        ["country", "--only", "DE", "-p", "language=de"],
    ):
        done = subprocess.run([*mine, *words], capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
    return folder / "site", said


@pytest.fixture
def visit(browser: Any, hostile: tuple[Path, dict[int, str]]) -> Iterator[Visits]:
    visits = Visits(browser, hostile[0])
    yield visits
    visits.end()  # nothing was fetched, nothing complained


def opened(visit: Visits, kind: str, width: int = 1280) -> Any:
    page = visit(kind, width)
    page.on("dialog", lambda d: visit.heard.append(f"dialog: {d.message}"))
    open_all(page)
    return page


@every_kind
def test_no_script_runs_and_no_element_is_made(visit, kind):
    page = opened(visit, kind)
    # What waits for a pointer, the focus or a failed picture gets it.
    page.evaluate(
        """() => { for (const e of document.querySelectorAll('body *'))
          for (const kind of ['mouseover', 'focus', 'error', 'load', 'begin'])
            e.dispatchEvent(new Event(kind)); }"""
    )
    assert page.evaluate("typeof window.hacked") == "undefined"
    plots = "!e.closest('.plot')"
    tags = page.evaluate(
        f"""() => [...new Set([...document.querySelectorAll('*')].filter((e) => {plots})
          .map((e) => e.tagName.toLowerCase()))]"""
    )
    assert sorted(set(tags) - TAGS) == []
    attributes = page.evaluate(
        """() => [...new Set([...document.querySelectorAll('*')]
          .flatMap((e) => e.getAttributeNames()))]"""
    )
    odd = [a for a in attributes if a.startswith("on") or not re.fullmatch(r"[A-Za-z_:-]+\d*", a)]
    assert odd == []
    assert not {"srcdoc", "autofocus", "formaction"} & set(attributes)


@every_kind
def test_every_link_leads_to_a_page_or_a_place_on_it(visit, kind):
    page = opened(visit, kind)
    links = page.evaluate(
        """() => [...document.querySelectorAll('[href], [src], [action], [data]')].map((e) =>
          ['href', 'src', 'action', 'data'].map((n) => e.getAttribute(n)).find((v) => v !== null))
        """
    )
    assert links
    assert [link for link in links if not SCHEMES.match(link.strip())] == []
    within = page.evaluate(
        """() => [...document.querySelectorAll('a[href^="#"]')]
          .filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.outerHTML)"""
    )
    assert within == []


SPOKEN = """() => {
  const said = [document.title]; // A citation (pre) is escaped as its form asks for.
  const skip = 'script, style, noscript, pre';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());)
    if (!node.parentElement.closest(skip)) said.push(node.data);
  for (const e of document.querySelectorAll('[aria-label], [title], [data-locator]'))
    said.push('\\n', e.getAttribute('aria-label') || '', '\\n', e.getAttribute('title') || '');
  return said.join('');
}"""


@every_kind
def test_what_the_evidence_says_stands_there_as_it_is(visit, kind, hostile):
    wrong, right = unlike(opened(visit, kind).evaluate(SPOKEN), hostile[1])
    assert wrong == []
    assert right >= {"changes": 0}.get(kind, 40)


@every_kind
def test_texts_are_not_lost_in_the_table_of_a_small_screen(visit, kind):
    page = opened(visit, kind)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        assert sideways(page) == [], width


@charted
def test_a_chart_writes_and_tells_the_text_itself(visit, kind, hostile):
    page = opened(visit, kind)
    made = page.evaluate(
        "[...document.querySelectorAll('.plot svg a, .plot svg image[href^=http]')]"
    )
    assert made == []
    told, wrong = 0, []
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        for across in range(1, 8):
            for down in range(1, 8):
                page.mouse.move(
                    box["x"] + box["width"] * across / 8, box["y"] + box["height"] * down / 8
                )
                hover = plot.locator(".hoverlayer")
                said = hover.text_content() or ""
                if "⟦" in said:
                    told += 1
                    wrong += unlike(said, hostile[1])[0]
                assert hover.locator("a").count() == 0
    assert wrong == []
    if kind in ("comparison", "group"):
        assert told > 0
    labels = page.evaluate(
        """() => [...document.querySelectorAll('.plot .main-svg text')].map((t) =>
          t.textContent).join('\\n')"""
    )
    assert unlike(labels, hostile[1])[0] == []


TURNED = """() => {
  // A word of ours after a text of the evidence stands to the right of it or on a later line.
  const found = [];
  for (const mark of document.querySelectorAll('main *')) {
    if (!mark.checkVisibility() || mark.closest('.vh, .plot, svg')) continue;
    for (const node of mark.childNodes) {
      if (node.nodeType !== 3 || node.data.trim().length < 2) continue;
      const word = node.data.match(/[A-Za-z]{3,}/);
      if (!word) continue;
      const range = document.createRange();
      range.setStart(node, word.index); range.setEnd(node, word.index + 1);
      const first = range.getBoundingClientRect();
      range.setStart(node, word.index + 2); range.setEnd(node, word.index + 3);
      const third = range.getBoundingClientRect();
      if (first.width && third.width && Math.abs(first.top - third.top) < 2
          && third.left < first.left) found.push(node.data.slice(0, 80));
    }
  }
  return found;
}"""


@every_kind
def test_a_text_turned_around_turns_nothing_but_itself(visit, kind):
    turned = opened(visit, kind).evaluate(TURNED)
    assert [said for said in turned if "turned" not in said] == []


TAKEN = ["rich", "comparison", "group", GERMAN]


@pytest.mark.parametrize("kind", TAKEN)
def test_a_workbook_holds_the_texts_and_no_formula(hostile, kind):
    site, said = hostile
    book = openpyxl.load_workbook(site / f"{KINDS.get(kind, kind)}.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    # The first sheet names the others, whose names Excel wants short.
    names = {cell.coordinate for cell in book.worksheets[0]["A"]}
    texts = [
        str(cell.value)
        for cell in cells
        if cell.data_type == "s"
        and not (cell.parent is book.worksheets[0] and cell.coordinate in names)
    ]
    wrong, right = unlike("\n".join(texts), said)
    assert wrong == []
    assert right > 40
    assert any(text.startswith("=") for text in texts)  # as text
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert [link for link in links if not link.startswith(("http://", "https://"))] == []


@pytest.mark.parametrize("kind", TAKEN)
def test_tables_taken_as_csv_hold_the_texts_and_nothing_to_calculate(visit, kind, hostile):
    page, right = opened(visit, kind), 0
    for button in page.locator(".take [data-as=csv]").all():
        _, content = taken(page, button)
        fields = [field for row in rows(content) for field in row]
        assert [f for f in fields if re.match(r"[=+@\t\r]|-(?!\d+(\.\d+)?%?$)", f)] == []
        wrong, found = unlike("\n".join(fields), hostile[1])
        assert wrong == []
        right += found
    assert right > 40


@pytest.mark.parametrize("kind", TAKEN)
def test_what_machines_are_told_is_the_texts(visit, kind, hostile):
    told = opened(visit, kind).evaluate(
        "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
    )

    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                yield from strings(inner)
        else:
            yield str(value)

    texts = list(strings(told))
    wrong, right = unlike("\n".join(texts), hostile[1])
    assert wrong == []
    assert right > 5
    assert [t for t in texts if re.match(r"\s*(javascript|data|vbscript):", t, re.I)] == []


def test_the_index_finds_a_text_of_odd_letters(visit, hostile):
    page = visit("index")
    cards = page.locator(".card").count()
    page.locator("#q").fill("DE")
    assert 0 < page.locator(".card:visible").count() < cards
    page.locator("#q").fill("onerror")
    found = page.locator(".card:visible")
    assert 0 < found.count() < cards
    assert all("onerror" in text for text in found.all_text_contents())


@pytest.mark.parametrize("sign", REFUSED)
def test_signs_that_are_no_text_are_refused_by_row_and_column(folder, sign):
    place = folder / "systems.csv"
    place.write_text(place.read_text().replace("Germany,Germany", f"Ger{sign}many,Germany"))
    (problem,) = check_study(folder)
    assert (problem.file, problem.row, problem.column) == ("systems.csv", 4, "name")
    assert "control character" in problem.reason


def test_a_file_with_a_nul_is_refused(folder):
    place = folder / "systems.csv"
    place.write_text(place.read_text().replace("Germany,Germany", "Ger\x00many,Germany"))
    assert {p.file for p in check_study(folder)} == {"systems.csv"}


def test_an_address_that_is_none_of_the_web_is_refused(folder):
    place = folder / "sources.csv"
    for address in ("javascript:hacked=1", "data:text/html;x", "//example.org", " vbscript:x"):
        text = place.read_text()
        place.write_text(text.replace("https://example.org/act", address))
        assert [p.column for p in check_study(folder)] == ["url"], address
        place.write_text(text)


def test_a_text_is_compared_letter_by_letter():
    said = {7: "7 <b>x</b>"}
    assert unlike("say ⟦7 <B>X</b>⟧", said) == ([], 1)
    assert unlike("say ⟦7 x⟧", said)[0]
    assert squeezed("A \n b") == "ab"
