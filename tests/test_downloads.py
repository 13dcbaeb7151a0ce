"""What a reader takes along from a page, in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from mcanalysis.markup import table
from mcanalysis.report.reading import taken_tables

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def opened(browser: Any, site: Path):
    """Open a file or a page of the site; nothing may complain."""
    contexts, heard = [], []

    def instead(place: str | Path, **options: Any) -> Any:
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: m.type in ("error", "warning") and heard.append(m.text))
        page.on("pageerror", lambda e: heard.append(str(e)))
        page.goto((site / place).resolve().as_uri())
        return page

    yield instead
    for context in contexts:
        context.close()
    assert heard == []


def taken(page: Any, button: Any) -> tuple[str, bytes]:
    """Press a button, wherever it is; return name and content of the file."""
    button.evaluate(
        "b => { for (let d = b.closest('details'); d; d = d.parentElement.closest('details')) "
        "d.open = true; }"
    )
    with page.expect_download() as found:
        button.click()
    return found.value.suggested_filename, Path(found.value.path()).read_bytes()


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("place", ["country/DE", "country/BG", "comparison/comparison"])
def test_each_table_gives_the_rows_that_the_workbook_has(opened, site, place):
    page = opened(f"{place}.html")
    html = (site / f"{place}.html").read_text(encoding="utf-8")
    main = html[html.index('<main id="main"') : html.index('id="how-it-was-made"')]
    expected = taken_tables(main)
    buttons = page.locator(":not(.board) + .take [data-as=csv]").all()
    assert len(buttons) == len(expected) > 2
    for button, wanted in zip(buttons, expected, strict=True):
        name, content = taken(page, button)
        assert re.fullmatch(r"[A-Za-z]+-[a-z0-9-]+\.csv", name)
        assert rows(content) == [
            [text.replace("−", "-").removeprefix("+") if re.fullmatch(r"[−+][\d.]+%?", text)
             else text for text in row] for row in (wanted.head, *wanted.rows)
        ]  # fmt: skip


@pytest.mark.parametrize("place", ["country/DE", "stakeholders/learners", "de/country/DE"])
def test_a_swot_board_gives_the_rows_that_the_workbook_has(opened, site, place):
    page = opened(f"{place}.html")
    _, content = taken(page, page.locator(".board + .take [data-as=csv]"))
    name = "SWOT-Faktoren" if place.startswith("de/") else "SWOT factors"
    sheet = openpyxl.load_workbook(site / f"{place}.xlsx")[name]
    wanted = [
        ["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)
    ]
    assert len(wanted) > 5
    assert rows(content) == wanted


def test_a_chart_is_taken_along_on_white_with_its_title(opened):
    page = opened("country/DE.html", color_scheme="dark")
    title = page.locator(".chart .ft").first.text_content()
    name, content = taken(page, page.locator(".take [data-as=svg]").first)
    svg = ElementTree.fromstring(content)
    assert name.endswith(".svg")
    assert svg.find(f"{SVG}title").text == title
    assert svg.find(f"{SVG}desc").text.startswith("Histogram of the ranks of Germany")
    assert title in " ".join(" ".join(t.itertext()) for t in svg.iter(f"{SVG}text"))
    paper = svg.find(f"{SVG}rect")
    assert (paper.get("width"), paper.get("height")) == (svg.get("width"), svg.get("height"))
    assert "fill: rgb(255, 255, 255); fill-opacity: 1" in paper.get("style")
    _, png = taken(page, page.locator(".take [data-as=png]").first)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) == 2 * round(float(svg.get("width")))


EVIL = ("=1+1", "+cmd|x", "-x", "@SUM(A1)", "＝1", '"q", x', "−0.5", "37%", "+2", "a\u202eb", "")


def test_what_a_spreadsheet_would_calculate_stays_text(opened, site, tmp_path):
    html = (site / "country/BG.html").read_text(encoding="utf-8")
    cells = [[text.replace('"', "&quot;")] for text in ("x", *EVIL)]
    evil = f"<main><div>{table('=evil()', ['=head', 'b'], [['r', *c] for c in cells])}</div>"
    place = tmp_path / "evil.html"
    place.write_text(html.replace('<main id="main" tabindex="-1">', evil), encoding="utf-8")
    page = opened(place)
    name, content = taken(page, page.locator(".take [data-as=csv]").first)
    assert name == "BG-evil.csv"
    head, *found = rows(content)
    assert head == ["'=head", "b"]
    assert [row[1] for row in found] == [
        "x", "'=1+1", "'+cmd|x", "'-x", "'@SUM(A1)", "'＝1", '"q", x', "-0.5", "37%", "2",
        "a\u202eb", "",
    ]  # fmt: skip


def test_a_page_in_one_file_gives_tables_and_charts_too(opened, tmp_path):
    command = [sys.executable, "-m", "mcanalysis", "report", "country", "--only", "DE",
               "--single-file", "--out", str(tmp_path)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    page = opened(tmp_path / "country" / "DE.html")
    for kind in ("csv", "svg", "png"):
        name, content = taken(page, page.locator(f".chart .take [data-as={kind}]"))
        assert name.endswith(f".{kind}")
        assert len(content) > 100
    assert page.get_by_role("link", name="Data of this page").count() == 0
    assert not list(tmp_path.rglob("*.xlsx"))


def test_a_citation_is_copied_and_says_so(opened):
    page = opened("country/DE.html", permissions=["clipboard-read", "clipboard-write"])
    button = page.locator("#data-and-citation .take button").first
    button.click()
    page.locator("#data-and-citation .take [role=status]", has_text="Copied").wait_for()
    said = page.evaluate("navigator.clipboard.readText()")
    assert said.startswith("Germany: how microcredentials fit in. In: ")
    assert said.endswith(".")


def test_on_a_web_server_citations_name_the_address_of_the_page(browser, site):
    html = (site / "country/BG.html").read_text(encoding="utf-8")
    context = browser.new_context()
    context.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
    page = context.new_page()
    page.goto("http://policy.test/country/BG.html?x=1#sources")
    text, bibtex, csl = page.locator("#data-and-citation .cite").all_text_contents()
    context.close()
    address = "http://policy.test/country/BG.html"
    assert text.endswith(f". {address}")
    assert f"  url = {{{address}}}\n}}" in bibtex
    assert json.loads(csl)[0]["URL"] == address


def test_without_scripts_the_files_are_linked_and_no_button_is_shown(opened, site):
    page = opened("country/DE.html", java_script_enabled=False)
    assert page.locator(".take").count() == 0
    assert page.locator("#data-and-citation .cite").count() == 3
    with page.expect_download() as found:
        page.get_by_role("link", name="Data of this page").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(found.value.path()).read_bytes()))
    assert "SWOT factors" in book.sheetnames
    with page.expect_download() as found:
        page.get_by_role("link", name="The study", exact=True).click()
    with zipfile.ZipFile(found.value.path()) as archive:
        assert "datapackage.json" in archive.namelist()


def test_buttons_are_reached_by_keyboard_and_say_what_they_give(opened):
    page = opened("country/DE.html")
    for button in page.locator(".take [data-as]").all():
        label, text = button.get_attribute("aria-label"), button.text_content()
        assert label.startswith(f"{text}: ")
        assert "“" in label
        button.focus()
        assert button.evaluate("b => b === document.activeElement")
