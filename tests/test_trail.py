"""Every statement, level and factor on a page leads to its row of the study."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.language import LANGUAGES
from mcanalysis.model import Study

pytestmark = pytest.mark.slow

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "wbr"}
AT_THE_ROOT = ("index.html", "changes.html")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass
class Node:
    """An element of a page; its text is kept in order among its children."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inner: list[Node | str] = field(default_factory=list)

    def each(self) -> Iterator[Node]:
        yield self
        for child in self.inner:
            if isinstance(child, Node):
                yield from child.each()

    def all(self, tag: str = "", of_class: str = "", **attributes: str) -> list[Node]:
        return [
            n
            for n in self.each()
            if tag in ("", n.tag)
            and (not of_class or of_class in n.attributes.get("class", "").split())
            and all(n.attributes.get(k) == v for k, v in attributes.items())
        ]

    @property
    def text(self) -> str:
        said = "".join(i if isinstance(i, str) else i.text for i in self.inner)
        return re.sub(r"\s+", " ", said)


class Tree(HTMLParser):
    """Reads a page strictly: an end tag must close the element that is open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Node("document")
        self.open = [self.root]
        self.feed(text)
        assert self.open == [self.root], f"not closed: {[n.tag for n in self.open[1:]]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> has an attribute twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inner.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.open[-1].inner.append(data)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Node]:
    """Every page of the site in the language of the evidence as a tree, by its address."""
    places = [*site.glob("*.html"), *site.glob("*/*.html")]
    return {
        p.relative_to(site).as_posix(): Tree(p.read_text(encoding="utf-8")).root
        for p in sorted(places)
        if p.parent.name not in LANGUAGES
    }


@pytest.fixture(scope="module")
def reports(pages: dict[str, Node]) -> dict[str, Node]:
    return {name: page for name, page in pages.items() if name not in AT_THE_ROOT}


def sources_of(page: Node) -> dict[str, Node]:
    """Entries of the list of sources by the id that marks lead to."""
    return {li.attributes["id"]: li for li in page.all("li") if "data-source" in li.attributes}


def marks_in(node: Node) -> list[str]:
    return [a.attributes["href"].removeprefix("#") for a in node.all("a", "src")]


def leads_to(page: Node, node: Node, source_id: str, locator: object) -> bool:
    """Whether a source mark inside `node` leads to the source, and its entry names the place."""
    entries = sources_of(page)
    for mark in marks_in(node):
        entry = entries[mark]
        place = "" if pd.isna(locator) else re.sub(r"\s+", " ", str(locator))
        if entry.attributes["data-source"] == source_id and place in entry.text:
            return True
    return False


def test_there_is_a_page_for_every_system_and_group_of_the_study(pages, study: Study, a: Analysis):
    wanted = {f"country/{s}.html" for s in study.systems["system_id"]}
    wanted |= {f"stakeholders/{s}.html" for s in a.stakeholders}
    wanted |= {"comparison/comparison.html", "scenario/scenario.html", *AT_THE_ROOT}
    wanted |= {"robustness/robustness.html", "panel/illustrative.html"}
    assert set(pages) == wanted


def test_every_level_that_counts_leads_from_its_page_to_its_source(pages, a: Analysis):
    lost = []
    for row in each_row(a.evidence.rows):
        page = pages[f"country/{row.system_id}.html"]
        said = re.sub(r"\s+", " ", str(row.statement))
        (table,) = page.all("table", "profile")
        lines = [tr for tr in table.all("tr") if said in tr.text]
        name = a.names.dimension(str(row.dimension_id))
        found = [
            tr
            for tr in lines
            if tr.all("th")[0].text == name
            and f"Level {row.level} of 3" in tr.text
            and str(row.year) in tr.text
            and str(row.confidence) in tr.text
            and leads_to(page, tr, str(row.source_id), row.locator)
        ]
        if len(found) != 1:
            lost.append((row.system_id, row.dimension_id, len(lines)))
    assert lost == []


def test_a_profile_has_no_level_that_the_study_does_not_have(pages, a: Analysis):
    for system in a.study.systems["system_id"]:
        lines = pages[f"country/{system}.html"].all("table", "profile")
        told = sum("Level" in tr.text and bool(tr.all("td")) for t in lines for tr in t.all("tr"))
        gaps = sum("no evidence" in tr.text.lower() for t in lines for tr in t.all("tbody"))
        assert told == len(a.rows(system)) or gaps, system


def test_every_factor_stands_once_on_the_board_of_its_system_with_its_source(
    pages, study: Study, a: Analysis
):
    for system in study.systems["system_id"]:
        page = pages[f"country/{system}.html"]
        mine = study.swot_factors[study.swot_factors["system_id"] == system]
        boards = page.all("div", "board")
        on_board = [
            li for board in boards for li in board.all("li") if "data-factor" in li.attributes
        ]
        assert Counter(li.attributes["data-factor"] for li in on_board) == Counter(
            mine["factor_id"]
        ), system
        by_id = {li.attributes["data-factor"]: li for li in on_board}
        for f in each_row(mine):
            item = by_id[str(f.factor_id)]
            quadrant = str(f.quadrant)[0].upper()
            assert re.sub(r"\s+", " ", str(f.statement)) in item.text, f.factor_id
            assert a.names.short(str(f.dimension_id)) in item.text, f.factor_id
            assert leads_to(page, item, str(f.source_id), f.locator), f.factor_id
            (quad,) = page.all("div", quadrant)
            assert item in quad.all("li"), f"{f.factor_id} stands in another quadrant"


def test_a_factor_that_names_a_group_stands_on_the_page_of_the_group(pages, study, a: Analysis):
    for group in a.stakeholders:
        page = pages[f"stakeholders/{group}.html"]
        naming = study.swot_factors["stakeholders"].fillna("").str.split(";")
        mine = study.swot_factors[naming.map(lambda named, group=group: group in named)]
        items = {
            li.attributes["data-factor"]: li
            for li in page.all("li")
            if "data-factor" in li.attributes
        }
        assert set(items) == set(mine["factor_id"])
        for f in each_row(mine):
            assert leads_to(page, items[str(f.factor_id)], str(f.source_id), f.locator)


def test_every_cell_of_the_evidence_map_leads_to_its_source(pages, a: Analysis):
    page = pages["comparison/comparison.html"]
    bodies = [table.all("tbody")[0] for table in page.all("table", "ev")]
    lines = {tr.all("th")[0].text: tr for body in bodies for tr in body.all("tr")}
    assert len(lines) == len(a.evidence.levels), "the map and its continuation hold every system"
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    for system in map(str, a.evidence.levels.index):
        cells = lines[a.names.system(system)].all("td")
        for dimension, cell in zip(a.dimensions, cells, strict=True):
            fact = facts.get((system, dimension))
            if fact is None:
                assert "no evidence" in cell.text
                continue
            assert f"{fact.level} " in cell.text
            assert leads_to(page, cell, str(fact.source_id), fact.locator), (system, dimension)


def test_every_chain_of_a_sentence_shows_its_value_formula_and_sources(reports):
    for name, page in reports.items():
        for chain in page.all("details", "chain"):
            said = chain.all("summary")[0].text
            parts = {dt.text for dt in chain.all("dt")}
            assert {"Value", "Formula"} <= parts, (name, said)
            # What there is not has no rows, and what judges say is no evidence.
            without = name.startswith("panel/") or "What is not known" in said
            assert parts & {"Rows", "Sources"} or without, (name, said)
            if "Sources" in parts:
                assert marks_in(chain), (name, said)


def test_a_source_is_listed_once_with_title_publisher_and_link(reports, study: Study):
    known = study.sources.set_index("source_id")
    for name, page in reports.items():
        entries = sources_of(page)
        ids = [li.attributes["data-source"] for li in entries.values()]
        assert len(ids) == len(set(ids)), name
        marked = set(marks_in(page))
        assert marked == set(entries), f"{name}: sources nobody cites, or marks that lead nowhere"
        assert list(entries) == [f"s{n}" for n in range(1, len(entries) + 1)], name
        for li in entries.values():
            row = known.loc[li.attributes["data-source"]]
            assert re.sub(r"\s+", " ", str(row["title"])) in li.text
            assert re.sub(r"\s+", " ", str(row["publisher"])) in li.text
            links = [a.attributes["href"] for a in li.all("a")]
            url = "" if pd.isna(row["url"]) else str(row["url"])
            assert links == ([url] if url.startswith(("http://", "https://")) else []), url


def test_every_link_inside_the_site_leads_to_a_file_and_a_place(pages, site: Path):
    ids = {
        name: {n.attributes["id"] for n in page.each() if "id" in n.attributes}
        for name, page in pages.items()
    }
    for name, page in pages.items():
        here = (site / name).parent
        links = [n.attributes[k] for n in page.each() for k in ("href", "src") if k in n.attributes]
        for link in links:
            if link.startswith(("http://", "https://")):
                continue
            path, _, anchor = unquote(link).partition("#")
            target = (here / path).resolve() if path else (site / name)
            assert target.is_file(), f"{name}: {link}"
            # Where no conclusion about a system has changed, the page begins at its top.
            if anchor and not (path.endswith("changes.html") and anchor == Path(name).stem):
                there = target.relative_to(site.resolve()).as_posix() if path else name
                assert anchor in ids[there], f"{name}: {link}"


def test_every_outside_link_is_an_address_of_the_study(pages, study: Study):
    known = {*study.sources["url"].dropna(), LICENCE}
    for name, page in pages.items():
        for link in (a.attributes.get("href", "") for a in page.all("a")):
            if "://" in link:
                assert link in known, f"{name}: {link}"


def test_a_page_speaks_a_language_and_has_one_title_and_ordered_headings(pages):
    for name, page in pages.items():
        assert page.all("html")[0].attributes["lang"] == "en"
        levels = [int(n.tag[1]) for n in page.each() if re.fullmatch(r"h[1-6]", n.tag)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(b - a <= 1 for a, b in pairwise(levels)), name
        titles = page.all("title")[0].text
        assert page.all("h1")[0].text in titles


def test_ids_are_unique_and_what_points_at_one_finds_it(pages):
    for name, page in pages.items():
        ids = Counter(n.attributes["id"] for n in page.each() if "id" in n.attributes)
        assert [i for i, n in ids.items() if n > 1] == [], name
        for key in ("aria-labelledby", "aria-describedby", "aria-controls", "for", "data-for"):
            for node in page.each():
                for wanted in node.attributes.get(key, "").split():
                    assert wanted in ids, f"{name}: {key}={wanted}"


def test_every_table_has_a_caption_and_says_what_its_headers_head(pages):
    for name, page in pages.items():
        for table in page.all("table"):
            captions = table.all("caption")
            assert len(captions) == 1, name
            assert captions[0].text.strip(), name
            heads = table.all("th")
            assert heads, name
            for th in heads:
                assert th.attributes.get("scope") in {"col", "row", "colgroup", "rowgroup"}, name
            columns = len(table.all("thead")[0].all("th"))
            for tr in table.all("tr"):
                cells = len([c for c in tr.inner if isinstance(c, Node)])
                assert cells == columns, f"{name}: {captions[0].text}: {tr.text}"


def test_a_page_carries_its_style_and_asks_nobody_for_anything(pages):
    for name, page in pages.items():
        # A feed is offered, not fetched.
        links = [(n.attributes["rel"], n.attributes["href"]) for n in page.all("link")]
        assert links == ([("alternate", "changes.xml")] if name in AT_THE_ROOT else []), name
        assert len(page.all("style")) == 1, name
        style = page.all("style")[0].text
        assert "@import" not in style, name
        assert "url(" not in style, name
        for node in page.each():
            assert "://" not in node.attributes.get("src", ""), name
            assert not any(key.startswith("on") for key in node.attributes), name
        assert "{root}" not in page.text, name


def test_no_file_of_the_site_knows_the_machine_it_was_made_on(site: Path):
    home, here = str(Path.home()), str(Path.cwd())
    for path in site.rglob("*"):
        if path.suffix in {".html", ".json"}:
            text = path.read_text(encoding="utf-8")
            for secret in (here, str(site), "/tmp/", f"{home}/", "file://", "localhost"):
                assert secret not in text, f"{path.name}: {secret}"


def test_coverage_and_confidence_are_told_before_any_ranking(pages, a: Analysis):
    words = pages["comparison/comparison.html"].all("main")[0].text
    known = int(a.evidence.levels.notna().sum().sum())
    assert words.index(f"{known} of {a.evidence.levels.size} cells") < words.index("surely ahead")
    assert words.index("low confidence") < words.index("surely ahead")
    for system in a.ranked:
        words = pages[f"country/{system}.html"].all("main")[0].text
        coverage = f"{len(a.rows(system))} of {len(a.dimensions)} dimensions"
        assert words.index(coverage) < words.index(" of 20 "), system
        assert words.index("confidence") < words.index(" of 20 "), system


def test_a_page_says_how_it_was_made(reports):
    for name, page in reports.items():
        (made,) = page.all("section", id="how-it-was-made")
        assert "Edition" in made.text, name
        assert "draws 100000, seed 1" in made.text, name
        digests = [c.text for c in made.all("code") if re.fullmatch(r"[0-9a-f]{12}", c.text)]
        assert len(digests) >= 8, name


def test_charts_have_a_role_words_and_their_data(reports):
    drawn = 0
    for name, page in reports.items():
        specs = page.all("script", "spec")
        for place in page.all("div", "plot"):
            drawn += 1
            assert place.attributes["role"] == "img", name
            assert len(place.attributes["aria-label"]) > 40, name
        for figure in page.all("figure", "chart"):
            (data,) = figure.all("details", "data")
            assert data.all("table"), name
            assert marks_in(figure), f"{name}: a chart without the sources of its data"
            (area,) = data.all("div", "scroll")
            assert area.attributes["tabindex"] == "0", name
            assert area.attributes["aria-label"], name
        assert [s.attributes["data-for"] for s in specs] == [
            p.attributes["id"] for p in page.all("div", "plot")
        ], name
        assert bool(page.all("noscript")) == bool(specs), name
    assert drawn > 20
