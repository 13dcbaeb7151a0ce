"""The way into a site: every page, grouped and searchable, with a line on each system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from typing import Any

import pandas as pd

from mcanalysis import __version__
from mcanalysis.compare import newest_evidence
from mcanalysis.marks import key, pips
from mcanalysis.markup import stylesheet, table
from mcanalysis.model import TABLES, Study
from mcanalysis.report.page import day
from mcanalysis.why.findings import REGIONS
from mcanalysis.wording import Names, counted, grouped, listed_some


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
    summary: Mapping[str, Any] = field(default_factory=dict)


def render_index(
    study: Study,
    entries: Sequence[Entry],
    edition: str,
    inputs: Mapping[str, tuple[int, str]],
    last_run: Mapping[str, Any],
    min_dimensions: int = 8,
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
        Counts ``made``, ``unchanged``, ``failed`` of the run that wrote this index.
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked.

    Returns
    -------
    str
        Same study, entries and run, same bytes.
    """
    systems = {e.item: e for e in entries if e.item in set(study.systems["system_id"])}
    across = [e for e in entries if e.item not in systems]
    levels = newest_evidence(study).levels
    ranked = int((levels.notna().sum(axis=1) >= min_dimensions).sum())
    sections = [
        ("reports", "Reports across systems", _across(across)),
        ("systems", "Systems", _systems(study, levels, systems, min_dimensions)),
        ("cite", "How to cite", _cite(study, levels, edition, inputs)),
        ("data", "Data", _data(inputs)),
        ("run", "State of the last run", _run(entries, last_run)),
    ]
    toc = "".join(f'<li><a href="#{i}">{title}</a></li>' for i, title, _ in sections)
    body = "".join(
        f'<section id="{i}" aria-labelledby="{i}-h"><h2 id="{i}-h">{title}</h2>{html}</section>'
        for i, title, html in sections
    )
    standfirst = (
        f"Evidence on {len(levels)} education systems in Europe and beyond: "
        f"{grouped(len(study.indicators))} coded facts on {len(study.dimensions)} dimensions and "
        f"{grouped(len(study.swot_factors))} SWOT factors, each with its source. {ranked} systems have "
        f"enough evidence to be ranked. Edition of {day(edition)}."
    )
    script = (files("mcanalysis.report") / "template" / "index.js").read_text(encoding="utf-8")
    search = (
        '<form class="search" role="search"><label for="q">Find a system, a report, or what one is '
        'strong or weak on</label><span><input type="search" id="q" name="q" autocomplete="off">'
        '</span><p class="note" id="found" role="status"></p></form>'
    )
    links = "".join(
        f'<li><a href="{escape(e.href)}">{escape(_label(e))}</a></li>'
        for e in across
        if e.page_exists
    )
    title = "How well do microcredentials fit into national education systems?"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="mcanalysis {__version__}">\n'
        f"<title>{title} | mcanalysis</title>\n<style>{stylesheet()}\n"
        f':root {{ --edition: "mcanalysis, edition of {day(edition)}"; }}</style>\n</head>\n'
        '<body class="index"><a class="skip" href="#main">Skip to the reports</a>\n'
        '<header class="site"><div class="in"><a class="brand" href="index.html">mcanalysis</a> '
        '<span class="tagline">Microcredentials in national education systems</span>'
        f'<nav aria-label="Reports"><ul><li><a href="index.html" aria-current="page">All reports</a>'
        f"</li>{links}</ul></nav></div></header>\n"
        f'<main id="main" tabindex="-1"><div class="lead"><p class="eyebrow">Study</p>'
        f'<h1>{title}</h1><p class="standfirst">{standfirst}</p>{search}</div>'
        f'<nav class="toc" aria-labelledby="toc-h"><p id="toc-h">On this page</p><ol>{toc}</ol></nav>'
        f'<div class="body">{body}</div></main>\n'
        f'<footer class="site"><div class="in"><p>mcanalysis {__version__}, edition of {day(edition)}. '
        "Evidence under CC BY 4.0; the sources keep their rights.</p></div></footer>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _label(e: Entry) -> str:
    return e.title.split(":")[0].split(",")[0] if e.item else e.report.capitalize()


def _link(e: Entry, label: str) -> str:
    return f'<a href="{escape(e.href)}">{escape(label)}</a>' if e.page_exists else escape(label)


def _state(e: Entry) -> str:
    if e.status != "failed":
        return "up to date" if e.page_exists else "not made yet"
    since = f" since {escape(e.since[:10])}" if e.since else ""
    kept = "; the page is of an earlier run" if e.page_exists else ""
    return f"<b>failed</b>{since}{kept}"


def _across(entries: Sequence[Entry]) -> str:
    if not entries:
        return "<p>None in the catalogue.</p>"
    rows = [[_link(e, _label(e)), escape(e.description), _state(e)] for e in entries]
    return table("Reports across systems", ["Report", "Answers", "State"], rows, "reps")


def _systems(
    study: Study, levels: pd.DataFrame, entries: Mapping[str | None, Entry], least: int
) -> str:
    names = Names(study)
    parts = [
        "<p class=intro>Each column is a dimension, its height the level. Sorted by name: a list is "
        "not a ranking.</p>",
        key(
            f"{pips([1, 2, 3])} level 1, 2, 3",
            f"{pips([0])} level 0",
            f"{pips([None])} no evidence found",
        ),
        '<p class="note">In the order: '
        + escape(", ".join(str(d).lower() for d in study.dimensions["short_name"]))
        + ".</p>",
    ]
    table_ = study.systems.sort_values("name", key=lambda s: s.str.casefold())
    for region, label in REGIONS.items():
        some = table_[(table_["region"] == region) & table_["system_id"].isin(entries)]
        if some.empty:
            continue
        cards = [
            _card(study, names, levels, entries[str(s)], str(s), least) for s in some["system_id"]
        ]
        known = [s for s in some["system_id"] if s in levels.index]
        n = int((levels.loc[known].notna().sum(axis=1) >= least).sum())
        parts.append(
            f'<div class="region"><h3 class="reg">{escape(label)} <span>{len(some)} systems, {n} with '
            f'enough evidence to be ranked</span></h3><ul class="cards">{"".join(cards)}</ul></div>'
        )
    return "".join(parts)


def _card(
    study: Study, names: Names, levels: pd.DataFrame, entry: Entry, system: str, least: int
) -> str:
    dims = list(study.dimensions["dimension_id"])
    row = levels.loc[system] if system in levels.index else pd.Series(float("nan"), index=dims)
    values = [None if pd.isna(row[d]) else int(row[d]) for d in dims]
    known = {d: v for d, v in zip(dims, values, strict=True) if v is not None}
    factors = int((study.swot_factors["system_id"] == system).sum())
    lines = []
    for extreme in dict.fromkeys((max(known.values()), min(known.values())) if known else ()):
        on = [names.short(d).lower() for d, v in known.items() if v == extreme]
        said = "throughout" if len(on) == len(known) and len(on) > 1 else listed_some(on, 3)
        lines.append(f"<span><b>Level {extreme}</b> {escape(said)}</span>")
    enough = len(known) >= least
    rank = "" if enough else '<p class="r">Too little evidence to rank</p>'
    if not known:
        rank = '<p class="r">SWOT factors only</p>'
    newest = study.indicators.loc[study.indicators["system_id"] == system, "year"].max()
    coverage = f"{len(known)} of {len(dims)}" + (f", newest {newest}" if known else "")
    coverage += f"; {factors} factors" if factors else "; no factors"
    spoken = ", ".join(
        f"{names.short(d)} {'no evidence' if v is None else v}"
        for d, v in zip(dims, values, strict=True)
    )
    failed = f'<p class="fail">{_state(entry)}</p>' if entry.status == "failed" else ""
    return (
        f'<li class="card{"" if enough else " un"}" data-find="{escape(system)}"><h4>'
        f"{_link(entry, names.full(system))}</h4>{rank}{pips(values, 'spark')}"
        f'<span class="vh">Levels: {escape(spoken)}.</span><p class="hl">{"".join(lines)}</p>'
        f"<p>{escape(coverage)}</p>{failed}</li>"
    )


def _cite(
    study: Study, levels: pd.DataFrame, edition: str, inputs: Mapping[str, tuple[int, str]]
) -> str:
    digest = (
        inputs["indicators.csv"][1][:12]
        if "indicators.csv" in inputs
        else next(iter(inputs.values()))[1][:12]
    )
    return (
        f'<p class="cite">mcanalysis {__version__}: Integration of microcredentials in {len(levels)} '
        f"education systems. Edition of {day(edition)}. Data checksum {digest}.</p>"
    )


def _data(inputs: Mapping[str, tuple[int, str]]) -> str:
    meaning = {f"{t.name}.csv": t.meaning for t in TABLES.values()}
    rows = [
        [f"<code>{escape(name)}</code>", escape(meaning.get(name, "table of the study")), grouped(n),
         f"<code>{digest[:12]}</code>"]
        for name, (n, digest) in inputs.items()
    ]  # fmt: skip
    return table("Tables of the study", ["Table", "A row is", ">Rows", "SHA-256"], rows, "reps")


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
    ]
    inner = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts)
    return f'<dl class="kv run">{inner}</dl>'
