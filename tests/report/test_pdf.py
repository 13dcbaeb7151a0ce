"""Pages on paper, printed by a real Chromium."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from mcanalysis.errors import ReportError
from mcanalysis.report import pdf
from mcanalysis.report.pdf import NAMES, Chromium, dated, find_chromium, print_pages
from mcanalysis.report.record import publish, read_record
from tests.test_site import result

SMALL = (
    '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Eine Seite</title><style>'
    "@page { size: A4; margin: 16mm 15mm } section { break-before: page } "
    "@media print { .toc { display: block } }</style></head><body><h1>Eine Seite</h1>"
    '<nav class="toc"><ol><li><a href="#one">One</a></li><li><a href="#two">Two</a></li></ol></nav>'
    '<p><a href="../index.html">All</a> <a href="https://example.org/">out</a></p>'
    '<section id="one"><h2>One</h2><p>1</p><p style="break-before: page">on</p></section>'
    '<section id="two"><h2>Two</h2></section></body></html>'
)


def test_where_there_is_no_chromium_the_message_says_how_to_mend_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(ReportError, match=r"apt-get install chromium.*CHROMIUM"):
        find_chromium()
    monkeypatch.setenv("CHROMIUM", "/no/such/thing")
    with pytest.raises(ReportError, match=r'CHROMIUM is "/no/such/thing", which is no program'):
        find_chromium()
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert find_chromium() == sys.executable


def test_where_pypdf_is_missing_the_message_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(ReportError, match=r'pip install "mcanalysis\[pdf\]"'):
        find_chromium()


def test_a_browser_that_does_not_start_is_tried_once_and_named_for_every_page(tmp_path):
    for name in ("DE", "FR"):
        publish(tmp_path / name, {"edition": "2026-11-23"}, result())
    printed, failed = print_pages(
        tmp_path, ["DE", "FR", "gone"], "lib", shutil.which("false") or ""
    )
    assert printed == []
    assert set(failed) == {"DE", "FR"}
    assert "ended by itself" in failed["DE"]
    assert not list(tmp_path.glob("*.pdf"))


def test_a_browser_that_never_answers_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "PATIENCE", 0.3)
    mute = tmp_path / "mute"
    mute.write_text("#!/bin/sh\nexec sleep 60\n")
    mute.chmod(0o755)
    monkeypatch.setattr(subprocess.Popen, "wait", _impatient(subprocess.Popen.wait))
    with pytest.raises(ReportError, match="did not answer"), Chromium(str(mute)):
        pass


def _impatient(wait: Any) -> Any:
    def instead(self: Any, timeout: float | None = None) -> int:
        return wait(self, timeout and 0.1)

    return instead


def test_the_date_of_a_pdf_is_that_of_its_edition_and_nothing_moves():
    made = b"/CreationDate (D:20261128175500+00'00')\n/ModDate (D:20261128175500+00'00')>>"
    assert dated(made, "2026-11-23") == (
        b"/CreationDate (D:20261123000000+00'00')\n/ModDate (D:20261123000000+00'00')>>"
    )


@pytest.fixture(scope="module")
def chromium():
    if not any(map(shutil.which, NAMES)):
        assert not os.environ.get("CI"), "CI needs Chromium: apt-get install chromium"
        pytest.skip("no Chromium here")
    with Chromium(find_chromium()) as started:
        yield started


def annotations(page: Any) -> list[dict[str, Any]]:
    return [a.get_object() for a in page.get("/Annots", [])]


def outside(reader: PdfReader) -> list[str]:
    found = [a["/A"].get("/URI") for p in reader.pages for a in annotations(p) if "/A" in a]
    return [str(uri) for uri in found if uri]


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_is_printed_tagged_with_title_language_outline_and_numbered_contents(
    chromium, tmp_path
):
    page = tmp_path / "small.html"
    page.write_text(SMALL, encoding="utf-8")
    printed = chromium.print_page(page)
    reader = PdfReader(io.BytesIO(printed))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "de"
    assert reader.metadata is not None
    assert reader.metadata.title == "Eine Seite"
    assert "Two" in str(reader.outline)
    assert len(reader.pages) == 4
    assert re.findall(r"(One|Two)\s*(\d+)", reader.pages[0].extract_text()) == [
        ("One", "2"), ("Two", "4"),
    ]  # fmt: skip
    assert outside(reader) == ["https://example.org/"]  # the site is not where the file goes
    assert str(tmp_path).encode() not in printed
    assert dated(printed, "2026-01-01") == dated(chromium.print_page(page), "2026-01-01")


@pytest.mark.slow
@pytest.mark.browser
def test_a_page_that_goes_wrong_costs_its_own_pdf_only(chromium, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "PATIENCE", 5.0)
    endless = SMALL.replace("<h1>", "<script>while (true);</script><h1>")
    for name, html in {"a": SMALL, "b": endless, "c": SMALL}.items():
        publish(tmp_path / name, {"edition": "2026-11-23"}, result(html))
    pages = ["a", "b", "c"]
    printed, failed = print_pages(tmp_path, pages, "lib", find_chromium())
    assert printed == ["a", "c"]
    assert list(failed) == ["b"]
    assert read_record(tmp_path / "a.json")["pdf"]["library"] == "lib"
    before = (tmp_path / "a.pdf").read_bytes()
    (tmp_path / "c.pdf").unlink()
    publish(tmp_path / "b", {"edition": "2026-11-23"}, result(SMALL))
    assert print_pages(tmp_path, pages, "lib", find_chromium())[0] == ["b", "c"]
    assert (tmp_path / "a.pdf").read_bytes() == before == (tmp_path / "c.pdf").read_bytes()


@pytest.fixture(scope="module", params=["country/DE", "comparison/comparison"])
def paper(chromium, site: Path, request) -> PdfReader:
    return PdfReader(io.BytesIO(chromium.print_page(site / f"{request.param}.html")))


def said(paper: PdfReader) -> list[str]:
    """Text of each page; a font may write "fi" as one sign."""
    texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in paper.pages]
    return [" ".join(text.split()) for text in texts]


@pytest.mark.slow
@pytest.mark.browser
def test_the_contents_name_the_page_on_which_each_section_stands(paper):
    texts = said(paper)
    first = next(n for n, text in enumerate(texts) if "On this page" in text)
    contents = texts[first].partition("On this page")[2]
    _, sections = paper.outline[:2]
    titles = [str(entry.title) for entry in sections if not isinstance(entry, list)]
    assert len(titles) >= 8
    for title in titles:
        listed = re.search(rf"{re.escape(title)} ?(\d+)\b", contents)
        assert listed, title
        assert title in texts[int(listed[1]) - 1], title


@pytest.mark.slow
@pytest.mark.browser
def test_sources_stand_at_the_end_and_every_link_leads_out_or_inside(paper):
    texts = said(paper)
    sources = next(n for n, text in enumerate(texts) if "order of their first mention" in text)
    made = next(
        n for n, text in enumerate(texts) if "How this page was made" in text and n >= sources
    )
    assert made >= len(texts) - 2
    assert outside(paper)
    assert all(uri.startswith(("http://", "https://")) for uri in outside(paper))
    inside = [str(a["/Dest"]) for page in paper.pages for a in annotations(page) if "/Dest" in a]
    known = {name.lstrip("/") for name in paper.named_destinations}
    assert inside
    assert {name.lstrip("/") for name in inside} <= known


@pytest.mark.slow
@pytest.mark.browser
def test_sentences_in_short_show_their_formula_and_sources_on_paper_and_not_their_rows(paper):
    short = " ".join(said(paper)[:3]).partition("In short")[2]
    assert short.count("Formula:") >= 3
    assert re.search(r"Sources:\D{0,12}\d", short)
    assert "Rows used" not in short
