"""The way into a site: every page, grouped and searchable, with a line on each system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

import pandas as pd

from mcanalysis import __version__
from mcanalysis.analysis import Analysis, analyse
from mcanalysis.frames import row_of
from mcanalysis.marks import key, pips
from mcanalysis.markup import table
from mcanalysis.model import TABLES, Study
from mcanalysis.report import linked
from mcanalysis.report.citing import checksum
from mcanalysis.report.frame import CHANGES, INDEX, frame
from mcanalysis.report.page import day, json_in_html
from mcanalysis.report.taking import STUDY
from mcanalysis.why.findings import REGIONS
from mcanalysis.wording import counted, grouped, listed_some, lower_first, ordinal


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
        ("reports", "Reports across systems", _across(across)),
        ("systems", "Systems", _systems(a, systems)),
        ("cite", "How to cite", _cite(levels, edition, inputs)),
        ("data", "Data", _data(inputs)),
        ("run", "State of the last run", _run(entries, last_run)),
    ]
    standfirst = (
        f"Evidence on {len(levels)} education systems: "
        f"{grouped(len(study.indicators))} coded facts on {len(study.dimensions)} dimensions and "
        f"{grouped(len(study.swot_factors))} SWOT factors, each with its source. {ranked} "
        f"systems have "
        f"enough evidence to be ranked. Edition of {day(edition)}."
    )
    script = (files("mcanalysis.report") / "template" / "index.js").read_text(encoding="utf-8")
    search = (
        '<form class="search" role="search"><label for="q">Find a system, a report, or what one is '
        'strong or weak on</label><span><input type="search" id="q" name="q" autocomplete="off">'
        '</span><p class="note" id="found" role="status"></p></form>'
    )
    news = last_run.get("changes")
    return frame(
        "How well do microcredentials fit into national education systems?",
        f'<p class="standfirst">{standfirst}</p>{search}',
        sections,
        [link for link in links_of(study, entries) if news is not None or link[1] != CHANGES],
        INDEX,
        day(edition),
        eyebrow="Study",
        skip="Skip to the reports",
        feed=news is not None,
        script=script,
        head=_linked(study, edition),
    )


def _linked(study: Study, edition: str) -> str:
    """Return the study in terms that machines know."""
    systems = dict(zip(study.systems["system_id"], study.systems["name"], strict=True))
    said = {"@context": "https://schema.org", **linked.study(edition, systems, STUDY)}
    return f'<script type="application/ld+json">{json_in_html(said)}</script>\n'


def links_of(study: Study, entries: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return label and address of what a page at the root of the site links in its header."""
    systems = set(study.systems["system_id"])
    across = [e for e in entries if e.item not in systems and e.page_exists]
    named = [(_label(e).split()[-1].capitalize(), e.href) for e in across]
    return [("All reports", INDEX), *named, ("Changes", CHANGES)]


def _label(e: Entry) -> str:
    return e.title.split(":")[0].split(",")[0] if e.item else e.report.capitalize()


def _link(e: Entry, label: str) -> str:
    return f'<a href="{escape(e.href)}">{escape(label)}</a>' if e.page_exists else escape(label)


def _pdf(e: Entry) -> str:
    if not e.pdf_exists:
        return ""
    href = escape(f"{e.href.removesuffix('.html')}.pdf")
    return f' <a href="{href}">PDF<span class="vh"> of {escape(e.title)}</span></a>'


def _state(e: Entry) -> str:
    if e.status != "failed":
        return "up to date" if e.page_exists else "not made yet"
    since = f" since {escape(e.since[:10])}" if e.since else ""
    kept = "; the page is of an earlier run" if e.page_exists else ""
    return f"<b>failed</b>{since}{kept}"


def _across(entries: Sequence[Entry]) -> str:
    if not entries:
        return "<p>None in the catalogue.</p>"
    rows = [[_link(e, _label(e)) + _pdf(e), escape(e.description), _state(e)] for e in entries]
    return table("Reports across systems", ["Report", "Answers", "State"], rows, "reps")


def _systems(a: Analysis, entries: Mapping[str | None, Entry]) -> str:
    short = ", ".join(a.names.short(d).lower() for d in a.dimensions)
    parts = [
        "<p class=intro>Each column is a dimension, its height the level. Sorted by name: a list "
        "is "
        "not a ranking.</p>",
        key(
            f"{pips([1, 2, 3])} level 1, 2, 3",
            f"{pips([0])} level 0",
            f"{pips([None])} no evidence found",
        ),
        f'<p class="note">In the order: {escape(short)}.</p>',
    ]
    systems = a.study.systems.sort_values("name", key=lambda s: s.str.casefold())
    for region, label in REGIONS.items():
        some = systems[(systems["region"] == region) & systems["system_id"].isin(entries)]
        if some.empty:
            continue
        ids = [str(s) for s in some["system_id"]]
        cards = "".join(_card(a, entries[s], s) for s in ids)
        n = sum(s in a.ranked for s in ids)
        parts.append(
            f'<div class="region"><h3 class="reg">{escape(label)} <span>{len(ids)} systems, {n} '
            f"with "
            f'enough evidence to be ranked</span></h3><ul class="cards">{cards}</ul></div>'
        )
    return "".join(parts)


def _card(a: Analysis, entry: Entry, system: str) -> str:
    values = {d: a.level(system, d) for d in a.dimensions}
    known = {d: v for d, v in values.items() if v is not None}
    lines = []
    for extreme in dict.fromkeys((max(known.values()), min(known.values())) if known else ()):
        on = [a.names.short(d).lower() for d, v in known.items() if v == extreme]
        said = "throughout" if len(on) == len(known) and len(on) > 1 else listed_some(on, 3)
        lines.append(f"<span><b>Level {extreme}</b> {escape(said)}</span>")
    spoken = ", ".join(
        f"{a.names.short(d)} {'no evidence' if v is None else v}" for d, v in values.items()
    )
    failed = f'<p class="fail">{_state(entry)}</p>' if entry.status == "failed" else ""
    evidence = f"{_coverage(a, system, known)}{_pdf(entry)}"
    unranked = "" if system in a.ranked else " un"
    return (
        f'<li class="card{unranked}" data-find="{escape(system)}"><h4>'
        f'{_link(entry, a.names.full(system))}</h4><p class="r">{_place(a, system, known)}</p>'
        f'{pips(list(values.values()), "spark")}<span class="vh">Levels: {escape(spoken)}.</span>'
        f'<p class="hl">{"".join(lines)}</p><p>{evidence}</p>{failed}</li>'
    )


def _place(a: Analysis, system: str, known: Mapping[str, int]) -> str:
    if system not in a.ranked:
        return "Too little evidence to rank" if known else "SWOT factors only"
    row = row_of(a.ranking.table, system)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    return f"Ranks {ordinal(best)} to {ordinal(worst)} of {len(a.ranked)}"


def _coverage(a: Analysis, system: str, known: Mapping[str, int]) -> str:
    parts = [f"{len(known)} of {len(a.dimensions)} dimensions"]
    if known:
        parts.append(f"newest {a.rows(system)['year'].max()}")
    moved = a.changes.loc[a.changes["system_id"] == system, "change"].dropna()
    for word, n in (("risen", int((moved > 0).sum())), ("fallen", int((moved < 0).sum()))):
        if n:
            parts.append(f"{counted(n, 'level')} {word}")
    return ", ".join(parts)


def _cite(levels: pd.DataFrame, edition: str, inputs: Mapping[str, tuple[int, str]]) -> str:
    return (
        f'<p class="cite">mcanalysis {__version__}: Integration of microcredentials in '
        f"{len(levels)} "
        f"education systems. Edition of {day(edition)}. Data checksum {checksum(inputs)}.</p>"
    )


def _data(inputs: Mapping[str, tuple[int, str]]) -> str:
    meaning = {f"{t.name}.csv": t.meaning for t in TABLES.values()}
    rows = [
        [f"<code>{escape(name)}</code>", escape(meaning.get(name, "table of the study")),
         grouped(n), f"<code>{digest[:12]}</code>"]
        for name, (n, digest) in inputs.items()
    ]  # fmt: skip
    whole = (
        f'<p><a href="{STUDY}" download>Download the study</a> as a Data Package (zip of CSV '
        "tables), as the pages use it.</p>"
    )
    return whole + table(
        "Tables of the study", ["Table", "A row is", ">Rows", "SHA-256"], rows, "reps"
    )


def _run(entries: Sequence[Entry], last_run: Mapping[str, Any]) -> str:
    failed = [e for e in entries if e.status == "failed"]
    said = "None." if not failed else ""
    items = "".join(
        f"<li>{_link(e, e.title)}: {escape(e.message or 'failed')} ({_state(e)})</li>"
        for e in failed
    )
    missing = [e for e in entries if not e.page_exists and e.status != "failed"]
    facts = [
        ("Made", counted(int(last_run["made"]), "page")),
        ("Unchanged", counted(int(last_run["unchanged"]), "page")),
        ("Failed", said or f"<ul>{items}</ul>"),
        *([("Not made yet", counted(len(missing), "page"))] if missing else []),
        *([("Conclusions", _news(last_run["changes"]))] if "changes" in last_run else []),
    ]
    inner = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts)
    return f'<dl class="kv run">{inner}</dl>'


def _news(newest: Mapping[str, str]) -> str:
    """Say when a conclusion changed last; quiet runs leave these words as they are."""
    if not newest:
        return f'None has <a href="{CHANGES}">changed</a> yet.'
    said = lower_first(escape(newest["said"])).replace(
        "changed", f'<a href="{CHANGES}">changed</a>'
    )
    return f"{day(newest['at'][:10])}: {said}"
