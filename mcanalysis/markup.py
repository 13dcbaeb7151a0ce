"""Blocks of a page: they show themselves in JupyterLab and in an exported page.

Alone in a notebook a block brings its own style and sources; in a page it takes the style, the
numbering of sources and the script of that page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from importlib.resources import files
from typing import Any
from zlib import crc32

import pandas as pd

from mcanalysis.frames import each_row
from mcanalysis.identifiers import identifiers
from mcanalysis.language import ORIGINAL, marked, phrase, spoken
from mcanalysis.marks import confidence_word, src
from mcanalysis.model import Study
from mcanalysis.texts import marked_up, plain, settled, strong
from mcanalysis.why.claims import Claim

MIME = "application/vnd.mcanalysis.v1+json"


_MARK = re.compile(r'<a class="src" data-source="([^"]*)" data-locator="([^"]*)"></a>')


@dataclass(frozen=True)
class Block:
    """A piece of a page: markup, the sources that it cites, the charts that it draws.

    Attributes
    ----------
    html : str
        Markup, without page numbers of sources; empty when there is nothing to say.
    text : str
        The same in short for a terminal.
    sources : dict
        source_id -> row of ``sources.csv``, for each source mark in the markup.
    charts : tuple of dict
        Plotly specifications drawn inside the markup, each with its ``id``.
    """

    html: str
    text: str = ""
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    charts: tuple[Mapping[str, Any], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.html)

    def payload(self) -> dict[str, Any]:
        """Return the block as plain data, which a page is made from."""
        return {
            "html": self.html,
            "sources": {k: dict(v) for k, v in self.sources.items()},
            "charts": [dict(chart) for chart in self.charts],
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": self.text, MIME: self.payload()}
        bundle["text/html"] = alone(self) if self.html else f"<p><em>{escape(self.text)}</em></p>"
        return bundle


def block(study: Study, html: str, text: str = "") -> Block:
    """Make a block whose source marks are looked up in a study."""
    ids = dict.fromkeys(unescape(m.group(1)) for m in _MARK.finditer(html))
    return Block(html, text or plain(html), source_records(study, ids))


def nothing(reason: str) -> Block:
    """Make a block that a page leaves out; JupyterLab shows why."""
    return Block("", reason)


def source_records(study: Study, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return rows of ``sources.csv`` by id as plain data, without missing values."""
    wanted = list(ids)
    columns = [str(c) for c in study.sources.columns if c != "source_id"]
    places = pd.Index(study.sources["source_id"]).get_indexer(pd.Index(wanted, dtype="str"))
    if unknown := [i for i, place in zip(wanted, places, strict=True) if place < 0]:
        raise KeyError(unknown[0])
    rows = study.sources[columns].iloc[places].to_numpy(dtype=object).tolist()
    return {
        i: {column: value for column, value in zip(columns, row, strict=True) if pd.notna(value)}
        for i, row in zip(wanted, rows, strict=True)
    }


def number_sources(html: str, start: dict[str, list[str]]) -> str:
    """Replace source marks by numbered links to the list of sources.

    Parameters
    ----------
    html : str
    start : dict
        source_id -> places mentioned so far; extended in place, its order gives the numbers.

    Returns
    -------
    str
    """

    def number(mark: re.Match[str]) -> str:
        source, locator = unescape(mark.group(1)), unescape(mark.group(2))
        places = start.setdefault(source, [])
        if locator and locator not in places:
            places.append(locator)
        n = list(start).index(source) + 1
        return f'<a class="src" href="#s{n}"><span class="vh">{phrase("source")} </span>{n}</a>'

    return _MARK.sub(number, html)


def from_root(html: str, root: str) -> str:
    """Let links to other pages start at the root of the site; the same letters in a text stay."""
    return html.replace('<a href="{root}', f'<a href="{escape(root)}')


def source_list(
    cited: Mapping[str, Sequence[str]], sources: Mapping[str, Mapping[str, Any]]
) -> str:
    """Return the numbered list of sources with link, locators and language."""
    items = []
    for n, (source_id, places) in enumerate(cited.items(), 1):
        s = sources[source_id]
        title, url, tongue = escape(str(s["title"])), str(s.get("url", "")), s.get("language", "en")
        foreign = f' lang="{escape(tongue)}"' if spoken() not in (ORIGINAL, tongue) else ""
        if url.startswith(("http://", "https://")):
            title = f'<a href="{escape(url)}">{title}</a>'
        year = f" ({s['year']})" if "year" in s else ""
        kind = f", {escape(_kind(str(s['doc_type'])))}" if "doc_type" in s else ""
        written = escape(_language(str(tongue)))
        written += "".join(f", {k} {escape(v)}" for k, v in identifiers(s, places).items())
        read = ""
        if places:
            read = " " + escape(phrase("Read at: {places}.", places="; ".join(places)))
        items.append(
            f'<li id="s{n}" data-source="{escape(source_id)}">'
            f'<span class="t"{foreign}>{title}</span> '
            f'<span class="m">{escape(str(s["publisher"]))}{year}{kind}{written}.{read}</span>'
            f'<span class="u">{escape(url)}</span></li>'
        )
    return f'<ol class="sources">{"".join(items)}</ol>'


_LANGUAGES = {
    "da": marked("Danish"), "de": marked("German"), "en": marked("English"),
    "es": marked("Spanish"), "et": marked("Estonian"), "fi": marked("Finnish"),
    "fr": marked("French"), "hu": marked("Hungarian"), "is": marked("Icelandic"),
    "it": marked("Italian"), "ja": marked("Japanese"), "nl": marked("Dutch"),
    "no": marked("Norwegian"), "pl": marked("Polish"), "pt": marked("Portuguese"),
    "sk": marked("Slovak"), "sl": marked("Slovene"), "sv": marked("Swedish"),
    "tr": marked("Turkish"),
}  # fmt: skip


_KINDS = {
    "web": marked("web page"), "report": marked("report|source"), "policy": marked("policy|source"),
    "journal": marked("journal|source"), "law": marked("law|source"),
    "survey": marked("survey|source"),
}  # fmt: skip


def _kind(given: str) -> str:
    return phrase(_KINDS[given]) if given in _KINDS else given


def _language(code: str) -> str:
    if code == spoken():
        return ""
    name = phrase(_LANGUAGES[code]) if code in _LANGUAGES else code
    return f", {phrase('in {language}', language=name)}"


def stylesheet() -> str:
    """Return the stylesheet that every page carries inside, its words in the language spoken."""
    return _stylesheet(spoken())


@cache
def _stylesheet(language: str) -> str:
    text = (files("mcanalysis.report") / "template" / "report.css").read_text(encoding="utf-8")
    if language == ORIGINAL:
        return text
    return STYLE_WORDS.sub(lambda found: f'content: "{phrase(found.group(1))}"', text)


STYLE_WORDS = re.compile(r'content: "([^"\\]*[a-z][^"\\]*)"')
"""Words in the stylesheet, which are phrases, too."""


_DARK = "@media screen and (prefers-color-scheme: dark)"


def notebook_style() -> str:
    """Return the stylesheet for blocks in a notebook: inside them only, in the theme of the lab.

    A block is as wide as its cell, not as the screen: what depends on the width asks the block.
    The lab says its theme on its body; elsewhere the system's preference counts.
    """
    return _scoped(stylesheet())


@cache
def _scoped(sheet: str) -> str:
    light = re.search(r":root \{(.*?)\n\}", sheet, re.S)
    dark = re.search(re.escape(_DARK) + r" \{\s*:root \{(.*?)\}", sheet, re.S)
    assert light
    assert dark
    sheet = re.sub(r"@media (?:screen and )?\((min|max)-width", r"@container (\1-width", sheet)
    themes = "".join(
        f'[data-jp-theme-light="{is_light}"] .mca {{{found[1]} color-scheme: {word};}}'
        for is_light, word, found in (("true", "light", light), ("false", "dark", dark))
    )
    # Inside a scope a selector starts below its root, which only :scope names.
    sheet = re.sub(r":root|\.mca\b", ":scope", sheet)
    return f"@scope (.mca) {{{sheet}}}{themes}"


def with_sources(b: Block) -> str:
    """Return the markup of a block with its sources numbered and listed under it."""
    cited: dict[str, list[str]] = {}
    html = settled(from_root(number_sources(b.html, cited), "../reports/"))
    # Several blocks stand in one notebook: each numbers its own sources.
    prefix = f"n{crc32(b.html.encode())}-"
    html = re.sub(r'(href="#)(s\d+")', rf"\g<1>{prefix}\g<2>", html)
    notes = source_list(cited, b.sources).replace('id="s', f'id="{prefix}s') if cited else ""
    if notes:
        head = f"<summary>{phrase('Sources')}</summary>"
        notes = f'<details id="{prefix}notes">{head}{settled(notes)}</details>'
    return html + notes


def alone(b: Block) -> str:
    """Return a block with its own style and sources, for a notebook."""
    style = notebook_style()
    return f'<div class="mca"><style>{style}</style>{with_sources(b)}</div>'


def figure(title: str, subtitle: str, *content: str) -> str:
    """Return a figure headed by what it shows; the grey line says what is drawn."""
    return (
        f'<figure><figcaption><span class="ft">{escape(title, quote=False)}</span> '
        f'<span class="fs">{escape(subtitle, quote=False)}</span></figcaption>'
        f"{''.join(content)}</figure>"
    )


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    kind: str = "plain",
    hidden: bool = True,
) -> str:
    """Return a table with caption and header scopes; the first cell of a row is its header.

    Parameters
    ----------
    caption : str
        What the table shows, for readers who cannot see the picture; hidden when `hidden`.
    head : sequence of str
        Column headers; one that begins with ``>`` is set flush right.
    rows : iterable of sequence of str
    kind : str
        Class of the table.

    Returns
    -------
    str
    """
    right = [h.startswith(">") for h in head]
    top = "".join(
        f'<th scope="col" role="columnheader"{" class=n" if r else ""}>{h.removeprefix(">")}</th>'
        for h, r in zip(head, right, strict=True)
    )
    body = []
    for row in rows:
        cells = [f'<th scope="row" role="rowheader">{row[0]}</th>']
        cells += [
            f'<td role="cell"{" class=n" if r else ""}>{cell}</td>'
            for cell, r in zip(row[1:], right[1:], strict=True)
        ]
        body.append(f'<tr role="row">{"".join(cells)}</tr>')
    label = f"<caption{' class=vh' if hidden else ''}>{escape(caption)}</caption>"
    return (
        f'<table class="{kind}" role="table">{label}<thead role="rowgroup"><tr role="row">{top}'
        f'</tr></thead><tbody role="rowgroup">{"".join(body)}</tbody></table>'
    )


def scrolling(label: str, content: str) -> str:
    """Let a wide table scroll inside the page, by keyboard too."""
    return (
        f'<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(label)}">{content}</div>'
    )


def chain(claim: Claim, short: Mapping[str, str], opened: bool = False) -> str:
    """Return a sentence to pull on: it opens value, formula, rows and sources.

    Parameters
    ----------
    claim : Claim
    short : dict
        dimension_id -> short name, for the table of rows.
    opened : bool
        Whether it stands open from the start.
    """
    more = ""
    if claim.more:
        label, target = claim.more
        href = target if target.startswith("#") else f"{{root}}{_page(target)}"
        more = f' <a href="{escape(href)}">{escape(label)}</a>'
    rows = marked_up(claim.note)
    if len(claim.rows):
        rows += _row_table(claim.rows, short)
    cites = " ".join(src(s, place) for s, place in claim.citations())
    parts = [
        (phrase("Value"), marked_up(claim.value) + more),
        (phrase("Formula"), marked_up(claim.formula)),
        (phrase("Rows"), rows),
        (phrase("Sources"), cites),
    ]
    pulled = "".join(f"<div><dt>{dt}</dt><dd>{dd}</dd></div>" for dt, dd in parts if dd)
    return (
        f'<details class="chain"{" open" if opened else ""}><summary>'
        f'<span class="say">{strong(claim.say)}</span> <span class="why">{phrase("why")}</span>'
        "</summary>"
        f'<dl class="pull">{pulled}</dl></details>'
    )


def _page(target: str) -> str:
    report, _, anchor = target.partition("#")
    return f"{report}/{report}.html#{anchor}"


def _row_table(rows: pd.DataFrame, short: Mapping[str, str]) -> str:
    several = rows["system_id"].nunique() > 1
    head = [
        *([phrase("System")] if several else []),
        phrase("Dimension"),
        phrase(">Level"),
        phrase(">Year"),
        phrase("Confidence"),
        phrase("Source"),
    ]
    lines = []
    for r in each_row(rows):
        cells = [escape(short[str(r.dimension_id)]), str(r.level), str(r.year)]
        cells += [confidence_word(str(r.confidence)), src(r.source_id, r.locator)]
        lines.append([*([escape(str(r.system_id))] if several else []), *cells])
    return table(phrase("Rows used"), head, lines, "mini several" if several else "mini")
