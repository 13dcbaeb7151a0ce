"""The head of a country page: figures at a glance, and what is to be said in short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row, row_of
from mcanalysis.language import marked, phrase
from mcanalysis.marks import confidence_word, interval, pips, with_confidence
from mcanalysis.markup import Block, block, chain
from mcanalysis.tables.country import short_names
from mcanalysis.tables.notice import eyebrow, notice
from mcanalysis.texts import strong, verbatim
from mcanalysis.why.claims import Claim
from mcanalysis.why.findings import confidence_counts, is_ranked, surely, system_claims
from mcanalysis.why.sure import in_nine_of_ten
from mcanalysis.wording import clauses, decimal, listed_some, ordinal, percent, plural

_COVERAGE = {
    "dimensions": marked("{n} of {total} dimensions"),
    "cells": marked("{n} of {total} cells"),
}


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
    scope = a.names.text("systems", system, "evidence_scope")
    known = coverage_in_words(rows, len(a.dimensions), "dimensions")
    said = phrase("evidence on {coverage}", coverage=known)
    said = clauses(scope, said) if scope else said
    return block(
        a.study,
        f'{eyebrow(phrase("Country report"), said)}{notice(a)}<dl class="glance">{inner}</dl>',
    )


def coverage_in_words(rows: pd.DataFrame, cells: int, what: str) -> str:
    """Say how much evidence there is and how sure it is, before anything is made of it.

    Parameters
    ----------
    rows : DataFrame
        Rows of evidence.
    cells : int
        How many there could be.
    what : str
        What is counted: ``dimensions`` or ``cells``.

    Returns
    -------
    str
    """
    known = phrase(_COVERAGE[what], n=len(rows), total=cells)
    by = ", ".join(f"{n} {confidence_word(c)}" for c, n in confidence_counts(rows).items() if n)
    if not by:
        return known
    return phrase("{coverage} ({counts} confidence)", coverage=known, counts=by)


def _headed(sentence: str) -> str:
    """Set what is emphasised in a sentence as a figure of its own, the rest small beside it."""
    parts = re.split(r"\*\*(.+?)\*\*", sentence)
    return " ".join(
        f"<b>{escape(part)}</b>" if i % 2 else f"<span>{escape(part.strip())}</span>"
        for i, part in enumerate(parts)
        if part.strip()
    )


def _standing_cell(a: Analysis, system: str) -> tuple[str, str]:
    name = phrase("Standing")
    if not is_ranked(a, system):
        said = phrase(
            "**Not ranked** too little evidence to rank: {n} of {total} dimensions, {least} are "
            "needed",
            n=len(a.rows(system)),
            total=len(a.dimensions),
            least=a.ranking.min_dimensions,
        )
        return name, _headed(said)
    row, n = row_of(a.ranking.table, system), len(a.ranked)
    ahead, behind = surely(a, system)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    place = ordinal(best)
    if best < worst:
        place = phrase("{best} to {worst}", best=ordinal(best), worst=ordinal(worst))
    scale = max(n - 1, 1)
    bar = interval(
        (best - 1) / scale, (worst - 1) / scale, (row["median_rank"] - 1) / scale, kind="rank"
    )
    said = phrase(
        "**{place}** of {n} {how_often}", place=place, n=n, how_often=in_nine_of_ten(a.ranking)
    )
    before = plural(len(ahead), "one surely ahead", "{n} surely ahead", "none surely ahead")
    after = plural(len(behind), "one surely behind", "{n} surely behind", "none surely behind")
    ends = f'<span class="ends"><span>{ordinal(1)}</span><span>{ordinal(n)}</span></span>'
    return (
        name,
        f"{_headed(clauses(said, f'{before}, {after}'))}"
        f'<span class="gl" aria-hidden="true">{bar}{ends}</span>',
    )


def _groups_cell(a: Analysis, system: str) -> tuple[str, str]:
    name = phrase("For whom it works")
    mine = a.groups[a.groups["system_id"] == system]
    if mine.empty:
        return name, _headed(phrase("**None** the study names no benefit"))
    if mine["realised"].isna().all():
        said = phrase("**Not known** no level that a benefit depends on has been coded")
        return name, _headed(said)
    unknown = f'<span aria-hidden="true">–</span><span class="vh">{phrase("not known")}</span>'
    lines = [
        f'<span class="wr"><span>{escape(a.names.short_stakeholder(str(r.stakeholder_id)))}</span>'
        f"{interval(r.lower, r.upper, r.realised)}"
        f'<span class="wn">{unknown if pd.isna(r.realised) else percent(r.realised)}</span></span>'
        for r in each_row(mine)
    ]
    return name, "".join(lines)


def _index_cell(a: Analysis, system: str) -> tuple[str, str]:
    name = phrase("Index")
    if system not in a.index.index:
        return name, _headed(phrase("**None** no level has been coded"))
    r = row_of(a.index, system)
    said = phrase(
        "**{low} to {high}** of a scale from 0 to 1: the gaps leave it open",
        low=decimal(r["lower"]),
        high=decimal(r["upper"]),
    )
    ends = '<span class="ends"><span>0</span><span>1</span></span>'
    return (
        name,
        f'{_headed(said)}<span class="gl" aria-hidden="true">{interval(r["lower"], r["upper"])}'
        f"{ends}</span>",
    )


def _extremes_cell(a: Analysis, rows: pd.DataFrame) -> tuple[str, str]:
    if rows.empty:
        return phrase("Known"), _headed(phrase("**SWOT factors** only"))
    top, bottom = int(rows["level"].max()), int(rows["level"].min())

    def named(level: int, kind: str) -> str:
        some = rows.loc[rows["level"] == level, "dimension_id"]
        names = listed_some([a.names.short(d).inside for d in some], 4)
        said = phrase("**Level {level}** {dimensions}", level=level, dimensions=verbatim(names))
        return f'<span class="{kind}">{strong(said)}</span>'

    if len(rows) == 1:
        r = rows.iloc[0]
        said = f"{r['year']}, {with_confidence(r['confidence'])}"
        return phrase("Known"), f"{named(top, 'up')}<span>{said}</span>"
    if top == bottom:
        said = phrase("**Level {level}** throughout", level=top)
        return phrase("Levels"), f'<span class="up">{strong(said)}</span>'
    return phrase("Strongest, weakest"), named(top, "up") + named(bottom, "dn2")


def _evidence_cell(a: Analysis, system: str, rows: pd.DataFrame) -> tuple[str, str]:
    said = plural(
        int((rows["confidence"] == "low").sum()),
        "**{known} of {total}** dimensions, one with low confidence",
        "**{known} of {total}** dimensions, {n} with low confidence",
        "**{known} of {total}** dimensions",
        known=len(rows),
        total=len(a.dimensions),
    )
    levels = [a.level(system, d) for d in a.dimensions]
    return phrase("Evidence"), f'{_headed(said)}<span class="gl">{pips(levels)}</span>'


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
