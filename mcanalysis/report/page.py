"""An executed notebook becomes a page: sections, numbered sources, the frame around them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from mcanalysis.language import LANGUAGES, ORIGINAL, phrase, speaking, spoken
from mcanalysis.markup import MIME, from_root, number_sources, source_list, stylesheet
from mcanalysis.report import linked
from mcanalysis.report.bundle import need_kinds, pack, plotly_bundle
from mcanalysis.report.citing import Work, checksum
from mcanalysis.report.engine import without_format_checks
from mcanalysis.report.made import how_made
from mcanalysis.report.policy import policy
from mcanalysis.report.since_page import since_html
from mcanalysis.report.taking import INVENTED, Content, page_workbook, take_along
from mcanalysis.texts import settled
from mcanalysis.wording import day

LEAD_SECTION = "In short"
SINCE_SECTION = "Since the last edition"
"""Heading under which a site says what changed; a notebook knows no other edition."""


@dataclass(frozen=True)
class PageContext:
    """What a page has to know beside its notebook.

    Attributes
    ----------
    report, item, title : str
        Report, id of what it was made for (or None), title of the page.
    parameters : dict
        All effective parameters of the notebook, without the place of the study.
    inputs : dict
        Table file -> (rows, SHA-256).
    edition : str
        ISO date of the study.
    versions : dict
        Package -> version; only that of mcanalysis is printed.
    root : str
        Relative path from the page to the root of the site.
    plotly : str or None
        Address of the shared plotly.js relative to the page; None puts it inside the file.
    links : tuple of (str, str)
        Label and relative address of the reports in the header.
    systems : dict
        system_id -> name, of what the page is about.
    study : str or None
        Address of the study as a Data Package relative to the page; None for a page that is
        passed on alone, which has no workbook beside it either.
    language : str
        Code of the language of the page.
    languages : tuple of (str, str)
        Code and relative address of this page in each language of the site.
    changed : dict
        What changed since the last edition, see `report.since`; empty where there is none.
    """

    report: str
    item: str | None
    title: str
    parameters: Mapping[str, Any]
    inputs: Mapping[str, tuple[int, str]]
    edition: str
    versions: Mapping[str, str]
    root: str
    plotly: str | None
    links: tuple[tuple[str, str], ...] = ()
    systems: Mapping[str, str] = field(default_factory=dict)
    study: str | None = None
    language: str = ORIGINAL
    languages: tuple[tuple[str, str], ...] = ()
    changed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What files of this page are named after."""
        return self.item or self.report


@dataclass(frozen=True)
class Page:
    """A finished page.

    Attributes
    ----------
    html : str
    sources : tuple of str
        Ids of the sources that it cites, in order of first mention.
    charts : int
        How many charts it draws.
    workbook : bytes or None
        Its data, to lie beside it; None for a page that is a file of its own.
    """

    html: str
    sources: tuple[str, ...]
    charts: int
    workbook: bytes | None = None


@dataclass
class _Section:
    title: str
    parts: list[str]

    @property
    def id(self) -> str:
        """The same in all languages: links lead there."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


def render_page(notebook: Any, context: PageContext) -> Page:
    """Make a page from an executed notebook.

    A second-level heading in a text cell opens a section; what the cells after it show is its
    content. A section whose cells have nothing to show is left out with its text, so that a
    system with little evidence gets a shorter page, not an emptier one. Code is not shown.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.
    context : PageContext

    Returns
    -------
    Page
        Same notebook outputs and context, same bytes.
    """
    with speaking(context.language):
        return _rendered(notebook, context)


def _rendered(notebook: Any, context: PageContext) -> Page:
    sections, payloads = _sections(notebook, _since(context))
    cited: dict[str, list[str]] = {}
    records: dict[str, Mapping[str, Any]] = {}
    charts: list[Mapping[str, Any]] = []
    for payload in payloads:
        records |= payload["sources"]
        charts += payload["charts"]
    eyebrow, drawn = "", []
    for section in sections:
        html = from_root("".join(section.parts), context.root)
        found = re.search(r'<p class="eyebrow">.*?</p>', html, flags=re.S)
        if found:
            eyebrow, html = found.group(), html.replace(found.group(), "")
        html = number_sources(html, cited)
        head = not section.title
        in_lead = section.title == LEAD_SECTION
        if in_lead:
            html = (
                f'<section id="{section.id}" class="short" aria-labelledby="{section.id}-h">'
                f'<h2 id="{section.id}-h">{phrase(section.title)}</h2>{html}</section>'
            )
        drawn.append((section, html, head or in_lead))
    lead = "".join(html for _, html, in_lead in drawn if in_lead)
    shown = [
        {"id": s.id, "title": phrase(s.title), "html": html, "in_lead": in_lead}
        for s, html, in_lead in drawn
        if s.title
    ]
    made = how_made(
        context.inputs, context.edition, context.versions["mcanalysis"], context.parameters
    )
    content = Content(
        _work(context, drawn), "".join(html for _, html, _ in drawn), lead, made,
        {i: (records[i], places) for i, places in cited.items()}, context.systems,
        context.parameters,
    )  # fmt: skip
    shown.append(
        {"id": "data-and-citation", "title": phrase("Data and citation"), "in_lead": False,
         "html": take_along(content, context.name, context.study)}
    )  # fmt: skip
    if cited:
        intro = phrase(
            "In the order of their first mention, each with the place in it that a page rests on."
        )
        shown.append(
            {
                "id": "sources", "title": phrase("Sources"), "in_lead": False,
                "html": f"<p class=intro>{intro}</p>{source_list(cited, records)}",
            }
        )  # fmt: skip
    shown.append(
        {"id": "how-it-was-made", "title": phrase("How this page was made"), "in_lead": False,
         "html": made}
    )  # fmt: skip
    for part in shown:
        part["html"] = settled(str(part["html"]))
    need_kinds(charts)
    scripts = [("charts", _script("page.js"))] if charts else []
    if any('id="live"' in html for _, html, _ in drawn):
        scripts.append(("live", _script("live.js")))
    scripts.append(("take", _script("take.js")))
    inside = charts and context.plotly is None
    trusted = [text for _, text in scripts] + ([plotly_bundle().script] if inside else [])
    style = page_style(day(context.edition))
    body = {
        "lang": spoken(), "phrase": phrase, "title": context.title, "report": context.report,
        "heading": settled(escape(context.title)),
        "eyebrow": settled(eyebrow), "lead": settled(lead),
        "sections": shown, "style": style, "scripts": scripts,
        "policy": policy(trusted, style, loads=bool(charts) and not inside),
        "version": context.versions["mcanalysis"], "edition": day(context.edition),
        "root": context.root, "links": _links(context),
        "switch": language_switch(context.languages),
        "linked": json_in_html(_linked(context, content)),
        "charts": [
            {"id": c["id"], "json": pack(_json(c)) if inside else json_in_html(c)} for c in charts
        ],
        "plotly": context.plotly,
        "packed": plotly_bundle().packed if inside else "",
    }  # fmt: skip
    html, _ = _exporter().from_notebook_node(notebook, resources={"page": body})
    book = page_workbook(content) if context.study else None
    return Page(html, tuple(cited), len(charts), book)


def _work(context: PageContext, drawn: Sequence[tuple[_Section, str, bool]]) -> Work:
    """Return the page as it is cited."""
    note = phrase(
        "Edition of {day}, data checksum {digest}, mcanalysis {version}.", day=day(context.edition),
        digest=checksum(context.inputs), version=context.versions["mcanalysis"],
    )  # fmt: skip
    if any(INVENTED in html for _, html, _ in drawn):
        note += " " + phrase("Illustrative: it rests on invented judgements.")
    key = "-".join(dict.fromkeys(("mcanalysis", context.report, context.name, context.edition)))
    return Work(key, context.title, context.edition, note, spoken())


def _linked(context: PageContext, content: Content) -> dict[str, Any]:
    """Return what the page is in terms that machines know."""
    said = linked.report(
        context.title, content.abstract, spoken(), context.edition, context.systems,
        [row for row, _ in content.sources.values()],
        f"{context.name}.xlsx" if context.study else None, content.notice,
    )  # fmt: skip
    study = linked.study(context.edition, {}, context.study)
    return {"@context": "https://schema.org", "@graph": [said, study]}


def _since(context: PageContext) -> dict[str, Any]:
    """Return what changed since the last edition, as a cell would show it."""
    told = context.changed
    html = since_html(told, len(context.systems) == 1) if told else ""
    return {"html": html, "sources": told.get("sources", {}), "charts": []}


def _sections(
    notebook: Any, since: Mapping[str, Any]
) -> tuple[list[_Section], list[dict[str, Any]]]:
    sections, payloads = [_Section("", [])], []
    intro = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = re.match(r"##\s+(.+?)\s*(?:\n|$)(.*)", cell.source, flags=re.S)
            if heading:
                sections.append(_Section(heading.group(1), []))
                intro = heading.group(2).strip()
                if heading.group(1) == SINCE_SECTION and since["html"]:
                    sections[-1].parts.append(since["html"])
                    payloads.append(dict(since))
            elif not cell.source.lstrip().startswith("# "):
                intro = cell.source.strip()
            continue
        for payload in (_payload(output) for output in cell.get("outputs", [])):
            if payload is None or not payload["html"]:
                continue
            if intro:
                sections[-1].parts.append(f'<div class="intro">{_markdown(phrase(intro))}</div>')
                intro = ""
            sections[-1].parts.append(payload["html"])
            payloads.append(payload)
    return [s for s in sections if s.parts], payloads


def _payload(output: Any) -> dict[str, Any] | None:
    data = output.get("data", {})
    if MIME in data:
        return dict(data[MIME])
    if "text/html" in data:
        return {"html": "".join(data["text/html"]), "sources": {}, "charts": []}
    if output.get("output_type") == "stream" and output.get("name") == "stderr":
        return None
    text = data.get("text/plain", output.get("text", ""))
    return {
        "html": f"<pre>{escape(''.join(text))}</pre>" if text else "",
        "sources": {},
        "charts": [],
    }


def _markdown(text: str) -> str:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    return str(markdown2html_mistune(text)).strip()


@cache
def prepare_page() -> None:
    """Load, once per process, what the first page would wait for."""
    _exporter().template  # noqa: B018  # compiles it
    _markdown("")
    _script("page.js")
    _script("take.js")
    stylesheet()


@cache
def _exporter() -> Any:
    """Make the nbconvert exporter with our template, once per process."""
    with without_format_checks():
        from nbconvert.exporters.templateexporter import TemplateExporter

    folder = files("mcanalysis.report") / "template"
    exporter: Any = TemplateExporter
    # Validated once, not after each preprocessor.
    return exporter(template_file=str(folder / "index.html.j2"), optimistic_validation=True)


@cache
def _script(name: str) -> str:
    from mcanalysis.charts.record import COLOURS  # what a run that makes no page need not load

    text = (files("mcanalysis.report") / "template" / name).read_text(encoding="utf-8")
    return text.replace("__COLOURS__", json.dumps(COLOURS))


def page_style(edition: str) -> str:
    """Return the stylesheet of a page, with what stands at the foot of each sheet of paper."""
    ours = phrase("mcanalysis, edition of {day}", day=edition)
    return f'{_tight(stylesheet())}:root{{--edition:"{ours}"}}'


@cache
def _tight(sheet: str) -> str:
    """Leave out of a stylesheet what only its writers read: comments and blanks."""
    parts = re.split(r"""("(?:[^"\\]|\\.)*"|/\*.*?\*/)""", sheet, flags=re.S)
    for i, part in enumerate(parts):
        if i % 2 == 0:
            part = re.sub(r"(?<=:) ", "", re.sub(r"\s+", " ", part))
            for sign in "{};,":
                part = part.replace(f" {sign}", sign).replace(f"{sign} ", sign)
            parts[i] = part.replace(";}", "}")
        elif part.startswith("/*"):
            parts[i] = ""
    return "".join(parts)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def json_in_html(value: Any) -> str:
    """Write a value as JSON that cannot end the script element around it."""
    return (
        _json(value)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _links(context: PageContext) -> Sequence[Mapping[str, Any]]:
    here = f"{context.report}/{context.name}.html"
    return [
        {"label": settled(escape(label)), "href": href, "current": href.endswith(f"/{here}")}
        for label, href in context.links
    ]


def language_switch(languages: Sequence[tuple[str, str]]) -> str:
    """Return links to a page in each language; nothing where there is one language.

    Parameters
    ----------
    languages : sequence of tuple
        Code and address of the page.
    """
    if len(languages) < 2:
        return ""
    items = "".join(
        f'<li><a href="{escape(href)}" lang="{code}" hreflang="{code}"'
        f"{' aria-current=true' if code == spoken() else ''}>{LANGUAGES[code]}</a></li>"
        for code, href in languages
    )
    return f'<nav class="tongues" aria-label="{escape(phrase("Language"))}"><ul>{items}</ul></nav>'
