"""The last word of a country page: how sure its results are, and what to look for next."""

from __future__ import annotations

from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.ranks import rank_histogram
from mcanalysis.frames import each_row, row_of
from mcanalysis.language import phrase
from mcanalysis.marks import confidence_word, fact_meta, with_confidence
from mcanalysis.markup import Block, block, chain, figure, table
from mcanalysis.robustness import rank_drivers, rank_if_confirmed
from mcanalysis.tables.country import short_names
from mcanalysis.texts import strong, verbatim
from mcanalysis.why.findings import confidence_counts, is_ranked
from mcanalysis.why.sure import condition_claim
from mcanalysis.wording import capital, clause, clauses, count, ordinal, percent, plural


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
        return strong(phrase("What **level {level}** is worth", level=item))
    name = verbatim(a.names.dimension(item).inside)
    if kind == "weight":
        return strong(phrase("How much **{dimension}** counts", dimension=name))
    if kind == "gap":
        return strong(phrase("Level of **{dimension}** (no evidence)", dimension=name))
    return strong(phrase("Level of **{dimension}** (low confidence)", dimension=name))


def _hangs_on(a: Analysis, kind: str, item: str) -> str:
    """Say which uncertainty a rank depends on most."""
    if kind == "worth":
        return phrase("The rank hangs most on what level {level} is worth", level=item)
    name = a.names.dimension(item).inside
    if kind == "weight":
        return phrase("The rank hangs most on how much {dimension} counts", dimension=name)
    if kind == "gap":
        return phrase(
            "The rank hangs most on its level on {dimension}, which is missing", dimension=name
        )
    return phrase(
        "The rank hangs most on its level on {dimension}, which rests on low confidence",
        dimension=name,
    )


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
    alone = phrase("Share of the rank's variation explained by each uncertainty alone")
    these = plural(
        len(top),
        "this one makes {share}",
        "these {n} make {share}",
        share=percent(float(top["share"].sum())),
    )
    rest = plural(
        len(drivers) - len(top),
        "the rest is shared among one other and their interplay",
        "the rest is shared among {n} others and their interplay",
        "the rest is their interplay",
    )
    return figure(
        _hangs_on(a, str(first["kind"]), str(first["item"])),
        clauses(alone, f"{these}, {rest}"),
        table(
            phrase("What the rank {system.of} depends on most", system=a.names.in_sentence(system)),
            [
                phrase("Uncertainty"),
                phrase(">Share"),
                f'<span class="vh">{escape(phrase("Bar"))}</span>',
            ],
            lines,
            "drv",
        ),
    )


def _confidence_bar(a: Analysis, rows: pd.DataFrame) -> str:
    by, gaps = confidence_counts(rows), len(a.dimensions) - len(rows)
    segments = [
        f'<span class="seg c{3 - i}" style="flex:{n}">{n} {confidence_word(c)}</span>'
        for i, (c, n) in enumerate(by.items())
        if n
    ]
    parts = [f"{n} {with_confidence(c)}" for c, n in by.items() if n]
    if gaps:
        none = phrase("{n} no evidence", n=gaps)
        segments.append(f'<span class="seg c0" style="flex:{gaps}">{none}</span>')
        parts.append(phrase("{n} without evidence", n=gaps))
    label = escape(", ".join(parts))
    return f'<div class="cbar" role="img" aria-label="{label}">{"".join(segments)}</div>'


def _confidence_figure(a: Analysis, rows: pd.DataFrame) -> str:
    n = len(a.dimensions)
    have = phrase("all {n} dimensions have evidence", n=n)
    if len(rows) < n:
        have = plural(
            len(rows),
            "one of {total} dimensions has evidence",
            "{n} of {total} dimensions have evidence",
            total=n,
        )
    secured = plural(
        confidence_counts(rows)["high"],
        "one level is well secured",
        "{n} levels are well secured",
        "no levels are well secured",
    )
    years = phrase(
        "evidence describes {first} to {last}, median {median}",
        first=rows["year"].min(),
        last=rows["year"].max(),
        median=f"{rows['year'].median():.0f}",
    )
    return figure(
        capital(clauses(have, secured)),
        clauses(phrase("Newest row per dimension by confidence"), years),
        _confidence_bar(a, rows),
    )


def _todo(a: Analysis, system: str, drivers: pd.DataFrame) -> str:
    cells = drivers[drivers["kind"].isin(["gap", "confidence"])].head(3)
    if cells.empty:
        return ""
    rows = {str(r.dimension_id): r for r in each_row(a.rows(system))}
    items = []
    for r in each_row(cells):
        dimension = str(r.item)
        now = phrase("No evidence was found.")
        if r.kind == "confidence":
            fact = rows[dimension]
            now = f"{phrase('Now level {level}.', level=fact.level)} {fact_meta(fact)}"
        asked = phrase(
            "**{dimension}**: {question}",
            dimension=verbatim(a.names.dimension(dimension)),
            question=verbatim(a.names.question(dimension)),
        )
        items.append(f"<li>{strong(asked)} {now}</li>")
    weak = [str(d) for d in cells.loc[cells["kind"] == "confidence", "item"]]
    said = ""
    if weak:
        low, high = rank_if_confirmed(a.evidence, a.ranking, system, weak, a.replay)
        row = row_of(a.ranking.table, system)
        told = plural(
            len(weak),
            "If this level were confirmed as coded, the rank would lie between {low} and {high} "
            "instead of {best} to {worst}.",
            "If the {n} low-confidence levels were confirmed as coded, the rank would lie between "
            "{low} and {high} instead of {best} to {worst}.",
            low=ordinal(low),
            high=ordinal(high),
            best=ordinal(int(row["best_rank"])),
            worst=ordinal(int(row["worst_rank"])),
        )
        said = f"<p>{told}</p>"
    return (
        f'<div class="todo"><h3>{phrase("The next source worth finding")}</h3>'
        f"<ol>{''.join(items)}</ol>{said}</div>"
    )


def _thin_certainty(a: Analysis, system: str, rows: pd.DataFrame) -> str:
    name = a.names.in_sentence(system)
    if rows.empty:
        said = phrase(
            "No level {system.of} has been coded; its factors stand for themselves.", system=name
        )
        return f"<p>{escape(said)}</p>"
    parts = [_newest(a, rows)]
    note = a.names.text("systems", system, "note")
    if note:
        parts.append(f"{clause(note)}.")
    sure = confidence_counts(rows)["high"] > 0
    if not sure:
        parts.append(phrase("None of it is of high confidence."))
    if not sure or a.evidence.as_of - int(rows["year"].max()) > 5:
        caution = phrase(
            "Nothing here should be quoted as a finding on {system} without a newer or firmer "
            "source.",
            system=name,
        )
    else:
        caution = phrase(
            "What stands here are single facts on {system}, not a picture of the whole.",
            system=name,
        )
    said = escape(" ".join([*parts, caution]))
    return f"<p class=intro>{said}</p>{_confidence_bar(a, rows)}"


def _newest(a: Analysis, rows: pd.DataFrame) -> str:
    """Say which year the newest level describes, and how far that lies back."""
    newest = int(rows["year"].max())
    age = a.evidence.as_of - newest
    if age > 2:
        return plural(
            len(rows),
            "The one level found describes {year}, {age} years before the newest evidence of this "
            "study.",
            "The newest level describes {year}, {age} years before the newest evidence of this "
            "study.",
            year=newest,
            age=count(age),
        )
    return plural(
        len(rows),
        "The one level found describes {year}.",
        "The newest level describes {year}.",
        year=newest,
    )
