"""The head of a country page and its last word: figures at a glance, in short, how sure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.ranks import rank_histogram
from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.marks import fact_meta, interval, pips
from mcanalysis.markup import Block, block, chain, figure, table
from mcanalysis.robustness import rank_drivers, rank_if_confirmed
from mcanalysis.tables.country import short_names
from mcanalysis.tables.notice import notice
from mcanalysis.why.claims import Claim
from mcanalysis.why.findings import confidence_counts, is_ranked, surely, system_claims
from mcanalysis.why.sure import condition_claim, in_nine_of_ten
from mcanalysis.wording import capital, count, counted, listed_some, ordinal, percent


def glance(a: Analysis, system: str) -> Block:
    """Show a system in four figures: standing, for whom it works, strongest and weakest, evidence.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        Without rank and averages for a system with too little evidence.
    """
    a.check_system(system)
    rows = a.rows(system)
    cells = [
        _standing_cell(a, system),
        _groups_cell(a, system) if is_ranked(a, system) else _index_cell(a, system),
        _extremes_cell(a, rows),
        _evidence_cell(a, system, rows),
    ]
    inner = "".join(f"<div><dt>{dt}</dt><dd>{dd}</dd></div>" for dt, dd in cells)
    scope = cell(a.study.systems.set_index("system_id"), system, "evidence_scope")
    scope = "" if pd.isna(scope) else f"{scope}; "
    known = coverage_in_words(rows, len(a.dimensions), "dimensions")
    said = f" <span>{escape(scope)}evidence on {known}</span>"
    return block(
        a.study,
        f'<p class="eyebrow">Country report{said}</p>{notice(a)}<dl class="glance">{inner}</dl>',
    )


def coverage_in_words(rows: pd.DataFrame, cells: int, what: str) -> str:
    """Say how much evidence there is and how sure it is, before anything is made of it."""
    by = ", ".join(f"{n} {name}" for name, n in confidence_counts(rows).items() if n)
    return f"{len(rows)} of {cells} {what}" + (f" ({by} confidence)" if by else "")


def _standing_cell(a: Analysis, system: str) -> tuple[str, str]:
    if not is_ranked(a, system):
        n, most = len(a.rows(system)), len(a.dimensions)
        said = f"too little evidence to rank: {n} of {most} dimensions, "
        return (
            "Standing",
            f"<b>Not ranked</b> <span>{said}{a.ranking.min_dimensions} are needed</span>",
        )
    row, n = row_of(a.ranking.table, system), len(a.ranked)
    ahead, behind = surely(a, system)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    place = f"{ordinal(best)} to {ordinal(worst)}" if best < worst else ordinal(best)
    scale = max(n - 1, 1)
    bar = interval(
        (best - 1) / scale, (worst - 1) / scale, (row["median_rank"] - 1) / scale, kind="rank"
    )
    said = (
        f"of {n} {in_nine_of_ten(a.ranking)}; {count(len(ahead))} surely ahead, "
        f"{count(len(behind))} surely behind"
    )
    ends = f'<span class="ends"><span>1st</span><span>{ordinal(n)}</span></span>'
    return (
        "Standing",
        f'<b>{place}</b> <span>{said}</span><span class="gl" aria-hidden="true">{bar}{ends}</span>',
    )


def _groups_cell(a: Analysis, system: str) -> tuple[str, str]:
    mine = a.groups[a.groups["system_id"] == system]
    lines = [
        f'<span class="wr"><span>{escape(_short_group(a, str(r.stakeholder_id)))}</span>'
        f"{interval(r.lower, r.upper, r.realised)}"
        f'<span class="wn">{percent(r.realised)}</span></span>'
        for r in each_row(mine)
    ]
    return "For whom it works", "".join(lines)


def _short_group(a: Analysis, stakeholder: str) -> str:
    return a.names.short_stakeholder(stakeholder)


def _index_cell(a: Analysis, system: str) -> tuple[str, str]:
    if system not in a.index.index:
        return "Index", "<b>None</b> <span>no level has been coded</span>"
    r = row_of(a.index, system)
    ends = '<span class="ends"><span>0</span><span>1</span></span>'
    return (
        "Index",
        f"<b>{r['lower']:.2f} to {r['upper']:.2f}</b> <span>of a scale from 0 to 1: the gaps leave "
        f'it open</span><span class="gl" aria-hidden="true">{interval(r["lower"], r["upper"])}'
        f"{ends}</span>",
    )


def _extremes_cell(a: Analysis, rows: pd.DataFrame) -> tuple[str, str]:
    if rows.empty:
        return "Known", "<b>SWOT factors</b> <span>only</span>"
    top, bottom = int(rows["level"].max()), int(rows["level"].min())

    def named(level: int) -> str:
        some = rows.loc[rows["level"] == level, "dimension_id"]
        return escape(listed_some([a.names.short(d).inside for d in some], 4))

    if len(rows) == 1:
        r = rows.iloc[0]
        said = f"{r['year']}, {r['confidence']} confidence"
        return (
            "Known",
            f'<span class="up"><b>Level {top}</b> {named(top)}</span><span>{said}</span>',
        )
    if top == bottom:
        return "Levels", f'<span class="up"><b>Level {top}</b> throughout</span>'
    return (
        "Strongest, weakest",
        f'<span class="up"><b>Level {top}</b> {named(top)}</span>'
        f'<span class="dn2"><b>Level {bottom}</b> {named(bottom)}</span>',
    )


def _evidence_cell(a: Analysis, system: str, rows: pd.DataFrame) -> tuple[str, str]:
    low = int((rows["confidence"] == "low").sum())
    said = "dimensions" + (f", {count(low)} with low confidence" if low else "")
    levels = [a.level(system, d) for d in a.dimensions]
    return (
        "Evidence",
        f"<b>{len(rows)} of {len(a.dimensions)}</b> <span>{said}</span>"
        f'<span class="gl">{pips(levels)}</span>',
    )


def in_short(a: Analysis, system: str) -> Block:
    """Say in short how microcredentials fit into a system; each sentence opens its chain.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
    """
    return claim_list(a, system_claims(a, system))


def claim_list(a: Analysis, claims: Sequence[Claim]) -> Block:
    """Show claims as a list of sentences to pull on."""
    items = "".join(f"<li>{chain(c, short_names(a))}</li>" for c in claims)
    return block(a.study, f"<ol class=claims>{items}</ol>", "\n".join(c.plain for c in claims))


def certainty(a: Analysis, system: str) -> Block:
    """Show how sure the results on a system are, what matters most, what to look for next.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        For a ranked system: its rank acceptability, what its rank depends on, with which weights it
        would surely be ahead of its neighbours or behind them, its evidence by confidence, and the
        cells that would settle most. For another: its evidence alone.
    """
    a.check_system(system)
    rows = a.rows(system)
    if not is_ranked(a, system):
        return block(a.study, _thin_certainty(a, system, rows))
    drivers = rank_drivers(a.evidence, a.ranking, system, a.replay)
    histogram = rank_histogram(a, system)
    settled = condition_claim(a, system)
    html = (
        f'<div class="two">{histogram.html}{_drivers_figure(a, system, drivers)}</div>'
        + (
            f'<div class="index-line told">{chain(settled, short_names(a))}</div>'
            if settled
            else ""
        )
        + f"{_confidence_figure(a, rows)}{_todo(a, system, drivers)}"
    )
    made = block(a.study, html)
    return Block(made.html, made.text, made.sources, histogram.charts)


def _driver_name(a: Analysis, kind: str, item: str) -> str:
    if kind == "worth":
        return f"What <b>level {escape(item)}</b> is worth"
    dimension = escape(a.names.dimension(item).inside)
    return {
        "weight": f"How much <b>{dimension}</b> counts",
        "gap": f"Level of <b>{dimension}</b> (no evidence)",
        "confidence": f"Level of <b>{dimension}</b> (low confidence)",
    }[kind]


def _drivers_figure(a: Analysis, system: str, drivers: pd.DataFrame) -> str:
    top = drivers.head(6)
    most = float(top["share"].max()) or 1.0
    lines = [
        [
            _driver_name(a, str(r.kind), str(r.item)),
            percent(r.share),
            f'<span class="bar" style="--v:{100 * r.share / most:.3g}" aria-hidden="true"></span>',
        ]
        for r in each_row(top)
    ]
    first = drivers.iloc[0]
    item = str(first["item"])
    what = {
        "worth": f"what level {item} is worth",
        "weight": f"how much {a.names.dimension(item).inside} counts"
        if first["kind"] == "weight"
        else "",
    }.get(str(first["kind"]))
    if what is None:
        state = "is missing" if first["kind"] == "gap" else "rests on low confidence"
        what = f"its level on {a.names.dimension(item).inside}, which {state}"
    rest = len(drivers) - len(top)
    return figure(
        f"The rank hangs most on {what}",
        f"Share of the rank's variation explained by each uncertainty alone; these "
        f"{count(len(top))} make {percent(float(top['share'].sum()))}, the rest is shared among "
        f"{count(rest)} others and their interplay",
        table(
            f"What the rank of {a.names.in_sentence(system)} depends on most",
            ["Uncertainty", ">Share", "Bar"],
            lines,
            "drv",
        ),
    )


def _confidence_bar(a: Analysis, rows: pd.DataFrame) -> str:
    by, gaps = confidence_counts(rows), len(a.dimensions) - len(rows)
    segments = [
        f'<span class="seg c{3 - i}" style="flex:{n}">{n} {name}</span>'
        for i, (name, n) in enumerate(by.items())
        if n
    ]
    if gaps:
        segments.append(f'<span class="seg c0" style="flex:{gaps}">{gaps} no evidence</span>')
    label = ", ".join(f"{n} {name} confidence" for name, n in by.items() if n)
    label += f"{', ' if label else ''}{gaps} without evidence" if gaps else ""
    return f'<div class="cbar" role="img" aria-label="{label}">{"".join(segments)}</div>'


def _confidence_figure(a: Analysis, rows: pd.DataFrame) -> str:
    n, high = len(a.dimensions), confidence_counts(rows)["high"]
    have = f"All {n}" if len(rows) == n else f"{capital(count(len(rows)))} of {n}"
    title = (
        f"{have} dimensions have evidence; {counted(high, 'level')} "
        f"{'is' if high == 1 else 'are'} well secured"
    )
    years = (
        f"evidence describes {rows['year'].min()} to {rows['year'].max()}, median "
        f"{rows['year'].median():.0f}"
    )
    return figure(
        title, f"Newest row per dimension by confidence; {years}", _confidence_bar(a, rows)
    )


def _todo(a: Analysis, system: str, drivers: pd.DataFrame) -> str:
    cells = drivers[drivers["kind"].isin(["gap", "confidence"])].head(3)
    if cells.empty:
        return ""
    questions = a.study.dimensions.set_index("dimension_id")["question"]
    rows = {str(r.dimension_id): r for r in each_row(a.rows(system))}
    items = []
    for r in each_row(cells):
        now = "No evidence was found."
        if r.kind == "confidence":
            fact = rows[str(r.item)]
            now = f"Now level {fact.level}. {fact_meta(fact)}"
        items.append(
            f"<li><b>{escape(a.names.dimension(str(r.item)))}</b>: "
            f"{escape(str(questions[r.item]))} {now}</li>"
        )
    weak = [str(d) for d in cells.loc[cells["kind"] == "confidence", "item"]]
    said = ""
    if weak:
        low, high = rank_if_confirmed(a.evidence, a.ranking, system, weak, a.replay)
        row = row_of(a.ranking.table, system)
        these = (
            "this level were"
            if len(weak) == 1
            else f"the {count(len(weak))} low-confidence levels were"
        )
        said = (
            f"<p>If {these} confirmed as coded, the rank would lie between {ordinal(low)} and "
            f"{ordinal(high)} instead of {ordinal(int(row['best_rank']))} to "
            f"{ordinal(int(row['worst_rank']))}.</p>"
        )
    return (
        f'<div class="todo"><h3>The next source worth '
        f"finding</h3><ol>{''.join(items)}</ol>{said}</div>"
    )


def _thin_certainty(a: Analysis, system: str, rows: pd.DataFrame) -> str:
    name = escape(a.names.in_sentence(system))
    if rows.empty:
        return f"<p>No level of {name} has been coded; its factors stand for themselves.</p>"
    newest, as_of = int(rows["year"].max()), a.evidence.as_of
    age = as_of - newest
    old = f", {counted(age, 'year')} before the newest evidence of this study" if age > 2 else ""
    note = cell(a.study.systems.set_index("system_id"), system, "note")
    remark = "" if pd.isna(note) else f" {escape(str(note).rstrip('.'))}."
    by = confidence_counts(rows)
    weak = "" if by["high"] else " None of it is of high confidence."
    what = "The one level found describes" if len(rows) == 1 else "The newest level describes"
    caution = (
        f" Nothing here should be quoted as a finding on {name} without a newer or firmer source."
        if not by["high"] or age > 5
        else f" What stands here are single facts on {name}, not a picture of the whole."
    )
    return (
        f"<p class=intro>{what} {newest}{old}.{remark}{weak}{caution}</p>{_confidence_bar(a, rows)}"
    )
