"""The way into a site: every page, grouped and searchable, with a line on each system."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize

import pandas as pd

from mcanalysis import __version__
from mcanalysis.analysis import Analysis, analyse
from mcanalysis.frames import row_of
from mcanalysis.language import ORIGINAL, phrase, spoken
from mcanalysis.marks import key, pips
from mcanalysis.markup import table
from mcanalysis.model import TABLES, Study
from mcanalysis.names import Names
from mcanalysis.report import linked
from mcanalysis.report.citing import checksum
from mcanalysis.report.frame import CHANGES, INDEX, frame
from mcanalysis.report.made import file_name
from mcanalysis.report.page import json_in_html
from mcanalysis.report.taking import STUDY
from mcanalysis.texts import strong
from mcanalysis.why.findings import REGIONS
from mcanalysis.wording import day, grouped, listed_some, ordinal, plural


@dataclass(frozen=True)
class Entry:
    """A page of the catalogue, made or not.

    Attributes
    ----------
    report, item, title, href : str
        Report, id of what it is made for (None for a single page), title, address relative to
        the index.
    status : str
        ``made``, ``unchanged`` or ``failed``.
    message, since : str or None
        Why and since when it fails.
    page_exists : bool
        Whether there is a page to link, maybe an older one.
    description : str
        What the report answers.
    pdf_exists : bool
        Whether it lies beside the page as PDF.
    """

    report: str
    item: str | None
    title: str
    href: str
    status: str
    message: str | None
    since: str | None
    page_exists: bool
    description: str = ""
    pdf_exists: bool = False


def standing_of(study: Study, min_dimensions: int = 8) -> Analysis:
    """Work out where systems stand; a small study is ranked by the dimensions that it has."""
    return analyse(study, min_dimensions=min(min_dimensions, len(study.dimensions)))


def render_index(
    study: Study,
    entries: Sequence[Entry],
    edition: str,
    inputs: Mapping[str, tuple[int, str]],
    last_run: Mapping[str, Any],
    standing: Analysis | None = None,
    root: str = "",
    switch: str = "",
    changed: Mapping[str, str] | None = None,
) -> str:
    """Make the index of a site.

    Parameters
    ----------
    study : Study
    entries : sequence of Entry
        Every page of the catalogue, in its order.
    edition : str
        ISO date of the study.
    inputs : dict
        Table file -> (rows, SHA-256).
    last_run : dict
        Counts ``made``, ``unchanged``, ``failed`` of the run that wrote this index; changes: date
        and sentence of the newest run that changed a conclusion, empty if none did.
    standing : Analysis, optional
        What `standing_of` returns, where it is there already.
    root, switch : str
        Relative path to the root of the site; links to the index in other languages.
    changed : dict, optional
        System -> when a conclusion about it changed last, from `last_changes`.

    Returns
    -------
    str
        Same study, entries and run, same bytes.
    """
    systems = {e.item: e for e in entries if e.item in set(study.systems["system_id"])}
    across = [e for e in entries if e.item not in systems]
    a = standing or standing_of(study)
    levels, ranked = a.evidence.levels, len(a.ranked)
    sections = [
        ("reports", phrase("Reports across systems"), _across(across)),
        ("systems", phrase("Systems"), _systems(a, systems, changed or {})),
        ("cite", phrase("How to cite"), _cite(levels, edition, inputs)),
        ("data", phrase("Data"), _data(inputs, root)),
        ("run", phrase("State of the last run"), _run(entries, last_run)),
    ]
    standfirst = phrase(
        "Evidence on {systems} education systems: {facts} coded facts on {dimensions} dimensions "
        "and {factors} SWOT factors, each with its source. {ranked} systems have enough evidence "
        "to be ranked. Edition of {day}.",
        systems=len(levels),
        facts=grouped(len(study.indicators)),
        dimensions=len(study.dimensions),
        factors=grouped(len(study.swot_factors)),
        ranked=ranked,
        day=day(edition),
    )
    label = phrase("Find a system, a report, or what one is strong or weak on")
    search = (
        f'<form class="search" role="search"><label for="q">{label}</label><span><input '
        'type="search" id="q" name="q" autocomplete="off">'
        '</span><p class="note" id="found" role="status"></p></form>'
    )
    news = last_run.get("changes")
    return frame(
        phrase("How well do microcredentials fit into national education systems?"),
        f'<p class="standfirst">{standfirst}</p>{search}',
        sections,
        [
            link
            for link in links_of(study, entries)
            if news is not None or not link[1].endswith(CHANGES)
        ],
        INDEX,
        day(edition),
        eyebrow=phrase("Study"),
        skip=phrase("Skip to the reports"),
        feed=news is not None,
        script=_script(),
        root=root,
        switch=switch,
        head=_linked(study, edition, root),
    )


def _linked(study: Study, edition: str, root: str) -> str:
    """Return the study in terms that machines know."""
    systems = dict(zip(study.systems["system_id"], study.systems["name"], strict=True))
    said = {"@context": "https://schema.org", **linked.study(edition, systems, f"{root}{STUDY}")}
    return f'<script type="application/ld+json">{json_in_html(said)}</script>\n'


def links_of(study: Study, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return label and address of what a page beside the index links in its header."""
    systems = {*study.systems["system_id"], *study.panels}
    across = [e for e in entries if e.item not in systems and e.page_exists]
    names = Names.of(study)
    named = [(names.short_stakeholder(e.item) if e.item else _label(e), e.href) for e in across]
    return [(phrase("All reports"), INDEX), *named, (phrase("Changes"), CHANGES)]


def _label(e: Entry) -> str:
    if not e.item:
        return phrase(e.report.capitalize())
    return (e.title.rpartition(": ")[0] or e.title.partition(",")[0]).rstrip()


def _link(e: Entry, label: str) -> str:
    return f'<a href="{escape(e.href)}">{escape(label)}</a>' if e.page_exists else escape(label)


def _pdf(e: Entry) -> str:
    if not e.pdf_exists:
        return ""
    href = escape(f"{e.href.removesuffix('.html')}.pdf")
    return f' <a href="{href}">PDF<span class="vh">: {escape(e.title)}</span></a>'


def _state(e: Entry) -> str:
    if e.status != "failed":
        return phrase("up to date") if e.page_exists else phrase("not made yet")
    said = phrase("**failed**")
    if e.since:
        said = phrase("**failed** since {day}", day=e.since[:10])
    if e.page_exists:
        said = phrase("{failed}; the page is of an earlier run", failed=said)
    return strong(said)


def _across(entries: Sequence[Entry]) -> str:
    if not entries:
        return f"<p>{phrase('None in the catalogue.')}</p>"
    rows = [
        [_link(e, _label(e)) + _pdf(e), escape(phrase(e.description)), _state(e)] for e in entries
    ]
    head = [phrase("Report"), phrase("Answers"), phrase("State")]
    return table(phrase("Reports across systems"), head, rows, "reps")


def _systems(a: Analysis, entries: Mapping[str | None, Entry], changed: Mapping[str, str]) -> str:
    short = ", ".join(a.names.short(d).inside for d in a.dimensions)
    intro = phrase(
        "Each column is a dimension, its height the level. Sorted by name: a list is not a ranking."
    )
    parts = [
        f"<p class=intro>{intro}</p>",
        key(
            f"{pips([1, 2, 3])} {phrase('level 1, 2, 3')}",
            f"{pips([0])} {phrase('level 0')}",
            f"{pips([None])} {phrase('no evidence found')}",
        ),
        f'<p class="note">{escape(phrase("In the order: {dimensions}.", dimensions=short))}</p>',
    ]
    regions = a.study.systems.set_index("system_id")["region"]
    systems = sorted(map(str, regions.index), key=lambda s: _sorted_as(a.names.full(s)))
    newest = a.evidence.rows.groupby("system_id")["year"].max()
    moves = a.changes.dropna(subset=["change"]).groupby("system_id")["change"].agg(list).to_dict()
    for region, label in REGIONS.items():
        ids = [s for s in systems if regions[s] == region and s in entries]
        if not ids:
            continue
        cards = "".join(
            _card(a, entries[s], s, changed.get(s), newest.get(s), moves.get(s, [])) for s in ids
        )
        n = sum(s in a.ranked for s in ids)
        known = phrase(
            "{n} systems, {ranked} with enough evidence to be ranked", n=len(ids), ranked=n
        )
        parts.append(
            f'<div class="region"><h3 class="reg">{escape(phrase(label))} <span>{known}</span></h3>'
            f'<ul class="cards">{cards}</ul></div>'
        )
    return "".join(parts)


def _sorted_as(name: str) -> str:
    """Return what a name is sorted by: in other languages, letters without their marks."""
    if spoken() == ORIGINAL:
        return name.casefold()
    return "".join(c for c in normalize("NFD", name) if not combining(c)).casefold()


def _card(
    a: Analysis,
    entry: Entry,
    system: str,
    changed: str | None,
    newest: int | None,
    moves: Sequence[float],
) -> str:
    values = {d: a.level(system, d) for d in a.dimensions}
    known = {d: v for d, v in values.items() if v is not None}
    lines = []
    for extreme in dict.fromkeys((max(known.values()), min(known.values())) if known else ()):
        on = [a.names.short(d).inside for d, v in known.items() if v == extreme]
        if len(on) == len(known) and len(on) > 1:
            said = strong(phrase("**Level {level}** throughout", level=extreme))
        else:
            level = phrase("Level {level}", level=extreme)
            said = f"<b>{level}</b> {escape(listed_some(on, 3))}"
        lines.append(f"<span>{said}</span>")
    read_out = ", ".join(
        f"{a.names.short(d)} {phrase('no evidence') if v is None else v}" for d, v in values.items()
    )
    levels = escape(phrase("Levels: {levels}.", levels=read_out))
    told = ""
    if changed:
        told = phrase("Conclusion changed {day}", day=day(changed[:10]))
        told = f'<p><a href="{CHANGES}#{escape(system)}">{escape(told)}</a></p>'
    failed = f'<p class="fail">{_state(entry)}</p>' if entry.status == "failed" else ""
    evidence = f"{_coverage(a, known, newest, moves)}{_pdf(entry)}"
    unranked = "" if system in a.ranked else " un"
    return (
        f'<li class="card{unranked}" data-find="{escape(system)}"><h4>'
        f'{_link(entry, a.names.full(system))}</h4><p class="r">{_place(a, system, known)}</p>'
        f'{pips(list(values.values()), "spark")}<span class="vh">{levels}</span>'
        f'<p class="hl">{"".join(lines)}</p><p>{evidence}</p>{told}{failed}</li>'
    )


def _place(a: Analysis, system: str, known: Mapping[str, int]) -> str:
    if system not in a.ranked:
        return phrase("Too little evidence to rank") if known else phrase("SWOT factors only")
    row = row_of(a.ranking.table, system)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    return phrase(
        "Ranks {best} to {worst} of {n}", best=ordinal(best), worst=ordinal(worst), n=len(a.ranked)
    )


def _coverage(
    a: Analysis, known: Mapping[str, int], newest: int | None, moves: Sequence[float]
) -> str:
    parts = [phrase("{known} of {n} dimensions", known=len(known), n=len(a.dimensions))]
    if known:
        parts.append(phrase("newest {year}", year=newest))
    risen, fallen = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    if risen:
        parts.append(plural(risen, "one level risen", "{n} levels risen"))
    if fallen:
        parts.append(plural(fallen, "one level fallen", "{n} levels fallen"))
    return ", ".join(parts)


def _cite(levels: pd.DataFrame, edition: str, inputs: Mapping[str, tuple[int, str]]) -> str:
    said = phrase(
        "mcanalysis {version}: Integration of microcredentials in {n} education systems. Edition "
        "of {day}. Data checksum {digest}.",
        version=__version__,
        n=len(levels),
        day=day(edition),
        digest=checksum(inputs),
    )
    return f'<p class="cite">{said}</p>'


def _data(inputs: Mapping[str, tuple[int, str]], root: str) -> str:
    meaning = {f"{t.name}.csv": phrase(t.meaning) for t in TABLES.values()}
    kinds = {
        "panels": phrase("One answer of one judge"),
        "scenarios": phrase("A level that is assumed"),
        "translations": phrase("A name of the study in another language"),
    }
    rows = [
        [file_name(name),
         escape(meaning.get(name) or kinds.get(name.split("/")[0]) or phrase("table of the study")),
         grouped(n), f"<code>{digest[:12]}</code>"]
        for name, (n, digest) in inputs.items()
    ]  # fmt: skip
    whole = re.sub(
        r"\[(.+?)\]", rf'<a href="{root}{STUDY}" download>\1</a>',
        escape(phrase("[Download the study] as a Data Package: the tables as the pages use them.")),
    )  # fmt: skip
    head = [phrase("Table"), phrase("A row is"), phrase(">Rows"), "SHA-256"]
    return f"<p>{whole}</p>" + table(phrase("Tables of the study"), head, rows, "reps")


def _script() -> str:
    """Return the script of the index, with what it says."""
    words = {
        "system": [phrase("{n} system|found"), phrase("{n} systems|found")],
        "report": [phrase("{n} report|found"), phrase("{n} reports|found")],
        "both": phrase("{one} and {other} found"),
        "single": phrase("{one} found"),
        "none": phrase("Nothing found. Try the name of a system or of a dimension."),
    }
    text = (files("mcanalysis.report") / "template" / "index.js").read_text(encoding="utf-8")
    return text.replace("__WORDS__", json.dumps(words, ensure_ascii=False))


def _run(entries: Sequence[Entry], last_run: Mapping[str, Any]) -> str:
    failed = [e for e in entries if e.status == "failed"]
    items = "".join(
        f"<li>{_link(e, e.title)}: {escape(e.message or phrase('failed'))} ({_state(e)})</li>"
        for e in failed
    )
    missing = [e for e in entries if not e.page_exists and e.status != "failed"]
    facts = [
        (phrase("Made"), _pages(int(last_run["made"]))),
        (phrase("Unchanged"), _pages(int(last_run["unchanged"]))),
        (phrase("Failed"), f"<ul>{items}</ul>" if failed else _pages(0)),
        *([(phrase("Not made yet"), _pages(len(missing)))] if missing else []),
        *([(phrase("Conclusions"), _news(last_run["changes"]))] if "changes" in last_run else []),
    ]
    inner = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts)
    return f'<dl class="kv run">{inner}</dl>'


def _pages(number: int) -> str:
    return plural(number, "one page", "{n} pages", "no pages")


def _news(newest: Mapping[str, Any]) -> str:
    """Say when a conclusion changed last; quiet runs leave these words as they are."""
    if not newest:
        said = phrase("None has [changed] yet.")
    else:
        n = len(newest["conclusions"])
        said = plural(n, "{day}: one conclusion [changed].", "{day}: {n} conclusions [changed].",
                      day=day(newest["at"][:10]))  # fmt: skip
    return re.sub(r"\[(.+?)\]", rf'<a href="{CHANGES}">\1</a>', escape(said))
