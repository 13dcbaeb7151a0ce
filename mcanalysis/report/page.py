"""An executed notebook becomes a page: sections, numbered sources, how it was made."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from mcanalysis.charts.record import COLOURS
from mcanalysis.language import LANGUAGES, ORIGINAL, marked, phrase, speaking, spoken
from mcanalysis.markup import MIME, from_root, number_sources, source_list, stylesheet, table
from mcanalysis.report.bundle import need_kinds, pack, plotly_bundle
from mcanalysis.report.engine import without_iri_grammar
from mcanalysis.report.policy import policy
from mcanalysis.wording import day, grouped, listed

LEAD_SECTION = "In short"


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
    language : str
        Code of the language of the page.
    languages : tuple of (str, str)
        Code and relative address of this page in each language of the site.
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
    language: str = ORIGINAL
    languages: tuple[tuple[str, str], ...] = ()


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
    """

    html: str
    sources: tuple[str, ...]
    charts: int


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
    sections, payloads = _sections(notebook)
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
         "html": _made(context)}
    )  # fmt: skip
    need_kinds(charts)
    scripts = [("charts", _script("page.js"))] if charts else []
    if any('id="live"' in html for _, html, _ in drawn):
        scripts.append(("live", _script("live.js")))
    inside = charts and context.plotly is None
    trusted = [text for _, text in scripts] + ([plotly_bundle().script] if inside else [])
    style = page_style(day(context.edition))
    body = {
        "lang": spoken(), "phrase": phrase, "title": context.title, "report": context.report,
        "eyebrow": eyebrow, "lead": lead, "sections": shown, "style": style, "scripts": scripts,
        "policy": policy(trusted, style, loads=bool(charts) and not inside),
        "version": context.versions["mcanalysis"], "edition": day(context.edition),
        "root": context.root, "links": _links(context),
        "switch": language_switch(context.languages),
        "charts": [
            {"id": c["id"], "json": pack(_json(c)) if inside else _json_in_html(c)} for c in charts
        ],
        "plotly": context.plotly,
        "packed": plotly_bundle().packed if inside else "",
    }  # fmt: skip
    html, _ = _exporter().from_notebook_node(notebook, resources={"page": body})
    return Page(html, tuple(cited), len(charts))


def _sections(notebook: Any) -> tuple[list[_Section], list[dict[str, Any]]]:
    sections, payloads = [_Section("", [])], []
    intro = ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            heading = re.match(r"##\s+(.+?)\s*(?:\n|$)(.*)", cell.source, flags=re.S)
            if heading:
                sections.append(_Section(heading.group(1), []))
                intro = heading.group(2).strip()
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
    stylesheet()


@cache
def _exporter() -> Any:
    """Make the nbconvert exporter with our template, once per process."""
    with without_iri_grammar():
        from nbconvert.exporters.templateexporter import TemplateExporter

    folder = files("mcanalysis.report") / "template"
    exporter: Any = TemplateExporter
    # Validated once, not after each preprocessor.
    return exporter(template_file=str(folder / "index.html.j2"), optimistic_validation=True)


@cache
def _script(name: str) -> str:
    text = (files("mcanalysis.report") / "template" / name).read_text(encoding="utf-8")
    return text.replace("__COLOURS__", json.dumps(COLOURS))


def page_style(edition: str) -> str:
    """Return the stylesheet of a page, with what stands at the foot of each sheet of paper."""
    ours = phrase("mcanalysis, edition of {day}", day=edition)
    return f'{stylesheet()}\n:root {{ --edition: "{ours}"; }}'


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _json_in_html(value: Any) -> str:
    return (
        _json(value)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _links(context: PageContext) -> Sequence[Mapping[str, Any]]:
    here = f"{context.report}/{context.item or context.report}.html"
    return [
        {"label": label, "href": href, "current": href.endswith(f"/{here}")}
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


_WEIGHTS = marked(
    "None assumed: every draw takes weights from all possible ones with equal chance."
)
_PANEL = marked(
    "Those of the panel named: every draw varies them as its judges differ (logistic-normal, mean "
    "and covariance of the judges' log-ratios). The index weighs all dimensions the same."
)
_ORDER = marked(
    "Every draw takes weights with equal chance from all that keep the order of importance."
)
_ONE_SET = marked("One set: equal, or the centre of the panel or the order of importance named.")
_DRAWN = (
    (
        "values",
        marked("Levels"),
        marked("Ordered only: every draw gives levels 1 and 2 a worth between 0 and 1, in order."),
        marked("In equal steps from 0 to 3."),
    ),
    (
        "gaps",
        marked("Gaps"),
        marked("A missing level takes each of the four levels with equal chance."),
        marked("Left out: the mean over the evidence present counts."),
    ),
    (
        "confidence",
        marked("Low confidence"),
        marked("A low-confidence level stays, rises or falls by one with equal chance."),
        marked("Low-confidence levels count as coded."),
    ),
)
_METHOD = (
    (marked("Surely ahead"), marked("Higher in at least 90% of the draws.")),
    (
        marked("Tiers"),
        marked(
            "The first holds the systems that nobody is surely ahead of, the next those that only "
            "these are ahead of, and so on. They hang on the threshold."
        ),
    ),
    (
        marked("Ranges of index and benefits"),
        marked("Over every way to fill the gaps, low-confidence levels one up or down."),
    ),
    (
        marked("Pairs of factors"),
        marked(
            "Same dimension first; then the sum of the smaller strengths over benefits of "
            "stakeholders whom both name; a factor and a dimension at most once per group."
        ),
    ),
    (
        marked("Most alike"),
        marked(
            "Smallest mean difference of levels over at least five other shared dimensions; "
            "nobody counts as ahead on low confidence."
        ),
    ),
)


def _given(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return listed(_given(name, each) for each in value) or phrase("none|value")
    if value is None:
        return phrase("all|value") if name in ("as_of", "systems") else phrase("none|value")
    return str(value)


def _drawn(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what the draws vary, and what they do not, as the parameters have it."""
    known = parameters.get("panel"), parameters.get("order")
    vary = parameters.get("vary", ["weights", *(kind for kind, *_ in _DRAWN)])
    weights = _PANEL if known[0] else _ORDER if known[1] else _WEIGHTS
    if "weights" not in vary:
        weights = _ONE_SET
    return [
        (phrase("Weights"), phrase(weights)),
        *((phrase(name), phrase(on if kind in vary else off)) for kind, name, on, off in _DRAWN),
    ]


def _made(context: PageContext) -> str:
    rows = [
        [f"<code>{escape(name)}</code>", grouped(n), f"<code>{digest[:12]}</code>"]
        for name, (n, digest) in context.inputs.items()
    ]
    head = [phrase("Table"), phrase(">Rows"), phrase("SHA-256, first 12")]
    inputs = table(phrase("Inputs of this page"), head, rows, hidden=False)
    given = ", ".join(
        f"{name} {_given(name, value)}"
        for name, value in context.parameters.items()
        if name != "language"  # which a reader sees
    )
    facts = [
        (phrase("Edition"), f"{day(context.edition)}; mcanalysis {context.versions['mcanalysis']}"),
        (phrase("Parameters"), given or phrase("none|value")),
        *_drawn(context.parameters),
        *((phrase(name), phrase(said)) for name, said in _METHOD),
    ]
    kv = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    return f'<div class="made">{inputs}<dl class="kv">{kv}</dl></div>'
