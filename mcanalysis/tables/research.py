"""What to research next: gaps and doubtful levels that would narrow ranks, who is almost ranked."""

from __future__ import annotations

from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_indexed, each_row
from mcanalysis.language import phrase
from mcanalysis.marks import fact_meta
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.robustness import research_list
from mcanalysis.wording import capital, decimal, listed, percent, percent_to, plural

RESEARCHED = 10
"""Cells on the list of what to research."""
ALMOST = 2
"""Systems that lack no more dimensions than this to be ranked are listed."""


def research_table(a: Analysis) -> Block:
    """Show the gaps and doubtful levels that would narrow the ranks most, and who is almost ranked.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    found = research_list(a.evidence, a.ranking, a.replay) if len(a.ranked) > 1 else pd.DataFrame()
    html = f"{_to_research(a, found)}{_almost_ranked(a)}"
    if html:
        return block(a.study, html)
    return nothing(phrase("No gap or doubtful level is varied."))


def _to_research(a: Analysis, found: pd.DataFrame) -> str:
    if found.empty:
        return ""
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    top = found.head(RESEARCHED)
    most = float(top["own"].max()) or 1.0
    rows = []
    for r, share in zip(each_row(top), top["all"], strict=True):
        system, dimension = str(r.system_id), str(r.dimension_id)
        fact = facts.get((system, dimension))
        now = (
            phrase("no evidence found")
            if fact is None
            else f"{phrase('level {level}', level=fact.level)} {fact_meta(fact)}"
        )
        bar = f'<span class="bar" style="--v:{100 * r.own / most:.4g}" aria-hidden="true"></span>'
        rows.append(
            [
                f"<b>{escape(a.names.system(system))}</b>, "
                f"{escape(a.names.dimension(dimension).inside)}"
                f'<span class="qq">{escape(a.names.question(dimension))}</span>',
                now,
                bar,
                percent(r.own),
                percent_to(float(share), 1),
            ]
        )
    one = top.iloc[0]
    title = phrase(
        "Most would be won by knowing {dimension} {system.within}: {share} of the uncertainty of "
        "its rank",
        dimension=a.names.dimension(str(one["dimension_id"])).inside,
        system=a.names.in_sentence(str(one["system_id"])),
        share=percent(float(one["own"])),
    )
    note = phrase(
        "Share of the variance of the rank, and of all ranks together, that would go on average if "
        "the level were known."
    )
    return figure(
        title,
        plural(
            len(top),
            "The one that would narrow all ranks together most, of {total} gaps and doubtful "
            "levels of the ranked systems",
            "The {n} that would narrow all ranks together most, of {total} gaps and doubtful "
            "levels of the ranked systems",
            total=len(found),
        ),
        table(
            phrase("Gaps and doubtful levels most worth researching"),
            [
                phrase("What to find out"),
                phrase("Now|heading"),
                f'<span class="vh">{phrase("Bar|heading")}</span>',
                phrase(">Narrows its rank by"),
                phrase(">All ranks by|narrows"),
            ],
            rows,
            "todo-t",
        ),
        f"<p class=note>{note}</p>",
    )


def _almost_ranked(a: Analysis) -> str:
    least = a.ranking.min_dimensions
    some = a.ranking.unranked
    some = some[(some["dimensions"] >= least - ALMOST) & (some["dimensions"] < least)]
    if some.empty:
        return ""
    some = some.sort_values("dimensions", ascending=False, kind="stable")
    levels = a.evidence.levels
    rows = []
    for s, r in each_indexed(some):
        gaps = [a.names.short(d).inside for d in a.dimensions if pd.isna(cell(levels, s, d))]
        rows.append(
            [
                escape(a.names.system(s)),
                decimal(r["dimensions"], None),
                decimal(least - r["dimensions"], None),
                escape(listed(gaps)),
            ]
        )
    one = int((some["dimensions"] == least - 1).sum())
    title = (
        plural(
            len(some),
            "One system would be ranked with evidence on one or two dimensions more",
            "{n} systems would be ranked with evidence on one or two dimensions more",
        )
        if one < len(some)
        else plural(
            len(some),
            "One system would be ranked with evidence on one dimension more",
            "{n} systems would be ranked with evidence on one dimension more",
        )
    )
    return figure(
        capital(title),
        phrase(
            "{least} of {dimensions} dimensions are needed; any of the gaps will do",
            least=least,
            dimensions=len(a.dimensions),
        ),
        table(
            phrase("Systems that are almost ranked"),
            [
                phrase("System"),
                phrase(">With evidence"),
                phrase(">Missing"),
                phrase("Gaps|heading"),
            ],
            rows,
            "almost",
        ),
    )
