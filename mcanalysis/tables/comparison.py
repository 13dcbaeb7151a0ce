"""Systems set against each other: the comparison page."""

from __future__ import annotations

from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.levels import evidence_table
from mcanalysis.charts.ranks import ranking_chart
from mcanalysis.compare import dominance
from mcanalysis.frames import cell, each_indexed, each_row
from mcanalysis.marks import interval
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.multiverse import WORTHS, choices, conclusions, options
from mcanalysis.tables.notice import notice
from mcanalysis.tables.overview import claim_list, coverage_in_words
from mcanalysis.why.claims import Claim
from mcanalysis.why.sure import (
    among_first,
    condition_claim,
    counted_in_words,
    exact_to,
    share_of,
)
from mcanalysis.wording import capital, count, listed, ordinal, percent

WORDS = {"values": "worth of levels"}
"""Choices whose name in the table says too little to a reader."""


def comparison_head(a: Analysis) -> Block:
    """Show what is compared, as the line above the title."""
    systems = len(a.evidence.levels)
    known = coverage_in_words(a.evidence.rows, systems * len(a.dimensions), "cells")
    said = f"{systems} systems, {len(a.dimensions)} dimensions; evidence in {known}"
    return block(a.study, f'<p class="eyebrow">Comparison <span>{said}</span></p>{notice(a)}')


def comparison_claims(a: Analysis) -> Block:
    """Say in short how the ranked systems compare, and what is not known.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    t, r = a.ranking.table, a.ranking
    if len(t) < 2:
        return nothing("Fewer than two systems have enough evidence to be ranked.")
    n, name = len(t), a.names.in_sentence
    free = [str(s) for s in t.index[t["behind"] == 0]]
    draws = counted_in_words(r)
    levels = a.evidence.levels.loc[a.ranked]
    filled, empty = int(levels.notna().sum().sum()), int(levels.isna().sum().sum())
    pool = f"{filled} levels and {empty} gaps of {n} systems. Each system's page shows its rows."
    claims = [
        Claim(
            f"**No system is surely ahead of {listed(name(s) for s in free)}**: each of the other "
            f"{n - len(free)} ranked systems has at least one that is.",
            "; ".join(
                f"{a.names.system(s)} {ordinal(int(cell(t, s, 'best_rank')))} to "
                f"{ordinal(int(cell(t, s, 'worst_rank')))}" for s in free
            ) + ".",
            f"{draws} Surely ahead: higher in at least {percent(r.threshold)} of the draws.",
            note=pool, more=("All ranks", "#ranking"),
        )
    ]  # fmt: skip
    claims += _first_claims(a, pool)
    width = (t["worst_rank"] - t["best_rank"] + 1).median()
    undecided = (t["undecided"] / (n - 1)).median()
    claims.append(
        Claim(
            f"**The middle is wide:** half of all rank intervals span {width:.0f} places or more "
            f"of "
            f"{n}, and the median system cannot be told apart from {percent(float(undecided))} "
            f"of the "
            "others. A single rank should not be quoted.",
            f"Median width {width:g} of {n} places.",
            "90% interval of the rank in the draws: last place less first place plus one.",
            note=pool, more=("All intervals", "#ranking"),
        )
    )  # fmt: skip
    means = levels.mean().sort_values()
    weak = str(means.index[0])
    on = levels[weak].dropna()
    rows = a.evidence.rows
    weak_rows = rows[(rows["dimension_id"] == weak) & rows["system_id"].isin(a.ranked)]
    low = int((on <= 1).sum())
    claims.append(
        Claim(
            f"**{a.names.dimension(weak)} is the common weakness:** {count(low)} of the "
            f"{len(on)} ranked systems with evidence stand at level 0 or 1.",
            f"Mean level {means.iloc[0]:.2f}; next lowest: "
            f"{a.names.dimension(str(means.index[1])).inside}, {means.iloc[1]:.2f}.",
            "Mean of the newest levels of the ranked systems with evidence, by dimension.",
            weak_rows, more=("Level by level", "#levels-system-by-system"),
        )
    )  # fmt: skip
    every = a.evidence.levels
    cells = len(every) * len(a.dimensions)
    gaps = int(every.isna().sum().sum())
    claims.append(
        Claim(
            f"**What is not known:** {len(every) - n} of {len(every)} systems have too little "
            f"evidence to rank, and {percent(gaps / cells)} of all {cells} cells are empty.",
            f"{gaps} of {cells} cells; {r.min_dimensions} of {len(a.dimensions)} dimensions are "
            f"needed "
            "to be ranked.",
            "Systems with evidence by dimensions; a cell without a row is a gap, never level 0.",
            more=("Where", "#where"),
        )
    )  # fmt: skip
    return claim_list(a, claims)


def _first_claims(a: Analysis, pool: str) -> list[Claim]:
    """Say how sure the first places are: in what share of the draws, and on what they depend."""
    t, r, name = a.ranking.table, a.ranking, a.names.in_sentence
    of, draws = share_of(r), counted_in_words(r)
    by_first = t["first_share"].sort_values(ascending=False, kind="stable")
    top, share = str(by_first.index[0]), float(by_first.iloc[0])
    tried = _choices(a)
    first = int((tried[top] == 1).sum())
    exact = exact_to(share, r)
    exact = f" ({exact})" if exact else ""
    claims = [
        Claim(
            f"**{capital(name(top))} is first** in {percent(share)} {of}{exact}, and under {first} "
            f"of {len(tried)} combinations of defensible choices of method.",
            "; ".join(
                f"{a.names.system(str(s))} {percent(float(v))}" for s, v in by_first.head(4).items()
            )
            + f" {of}.",
            f"{draws} Combinations of "
            + listed(f"{WORDS.get(c, c)} ({len(each)})" for c, each in options(tried).items())
            + ", less those that are not defined or would repeat another.",
            note=pool,
            more=("Which conclusions hold", "#which-conclusions-hold"),
        )
    ]
    others = [str(s) for s in t.sort_values("mean_rank").index if s != top][:2]
    if len(t) > 3:
        said = "; ".join(
            f"**{capital(name(s))}** is first in {percent(among_first(a, s, 1))} {of}, among the "
            f"first three in {percent(among_first(a, s, 3))}"
            for s in others
        )
        claims.append(
            Claim(
                f"{said}.",
                "; ".join(
                    f"{a.names.system(s)} mean rank {cell(t, s, 'mean_rank'):.1f}"
                    for s in [top, *others]
                )
                + ".",
                draws,
                note=pool,
                more=("All ranks", "#ranking"),
            )
        )
    settled = (condition_claim(a, s) for s in [top, *others])
    return [*claims, *[c for c in settled if c is not None][:1]]


def _choices(a: Analysis) -> pd.DataFrame:
    """Try every choice of method, and with a panel its weights as well."""
    return choices(a, {_panel(a): a.judged.weights} if a.judged is not None else None)


def _panel(a: Analysis) -> str:
    return f"the panel “{a.panel}”"


def unranked_table(a: Analysis) -> Block:
    """Show the systems with too little evidence to rank, by name, each level with its source."""
    some = sorted(a.ranking.unranked.index, key=lambda s: a.names.system(str(s)))
    if not some:
        return nothing("Every system with evidence is ranked.")
    caption = f"Levels of the {len(some)} systems with too little evidence to rank"
    return block(
        a.study,
        f'<details class="more-d"><summary>The {len(some)} systems with too little evidence to '
        f"rank, "
        f"in alphabetical order</summary>{evidence_table(a, some, caption)}</details>",
    )


def ranking(a: Analysis) -> Block:
    """Show rank intervals with tiers, what holds whatever the weights, and who is not ranked.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    if not a.ranked:
        return nothing("No system has enough evidence to be ranked.")
    picture = ranking_chart(a)
    wins = dominance(a.evidence, a.ranked)
    total, pairs = int(wins.to_numpy().sum()), len(wins) * (len(wins) - 1)
    most = wins.sum(axis=1)
    top = str(most.idxmax())
    dominant = (
        f"<p class=note>Without any weights: {total} of the {pairs} ordered pairs are settled by "
        f"the "
        "levels alone, where one system is at least as high on every shared dimension (six or "
        "more) "
        f"and higher on one. {escape(capital(a.names.in_sentence(top)))} is ahead in "
        f"{int(most.max())} of them.</p>"
    )
    un = a.ranking.unranked
    rows = [
        [
            escape(a.names.system(str(s))),
            f"{interval(r['lower'], r['upper'])}",
            f"{r['lower']:.2f} to {r['upper']:.2f}",
            f"{r['dimensions']:g} of {len(a.dimensions)}",
        ]
        for s, r in sorted(each_indexed(un), key=lambda item: a.names.system(str(item[0])))
    ]
    rest = (
        f'<details class="more-d"><summary>Too little evidence to rank: {len(un)} systems, with '
        f"the "
        "interval of their index</summary>"
        + table(
            "Interval of the index of the systems that are not ranked",
            ["System", "Index, 0 to 1", ">Interval", ">Dimensions"],
            rows,
            "rank un",
        )
        + "</details>"
        if len(un)
        else ""
    )
    made = block(a.study, picture.html + dominant + rest)
    return Block(made.html, picture.alt, {**picture.study_sources, **made.sources}, picture.charts)


def what_holds(a: Analysis) -> Block:
    """Show which conclusions hold under every combination of defensible choices.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    if len(a.ranked) < 3:
        return nothing("Fewer than three systems are ranked.")
    table_ = _choices(a)
    found = conclusions(a, table_)
    n = int(found["of"].iloc[0])
    word = [
        (1, "holds"),
        (0.95, "nearly always"),
        (0.6, "mostly"),
        (0.4, "open"),
        (0, "mostly not"),
    ]
    rows = []
    for r in each_row(found):
        share = r.holds / r.of
        said = next(w for limit, w in word if share >= limit)
        bar = f'<span class="bar tr" style="--v:{100 * share:.4g}" aria-hidden="true"></span>'
        rows.append([escape(str(r.conclusion)), bar, f"{r.holds} of {r.of}", said])
    sure = int((found["holds"] == found["of"]).sum())
    title = (
        f"{capital(count(sure, 'none'))} of {count(len(found))} conclusions "
        f"{'holds' if sure == 1 else 'hold'} under every choice tried"
    )
    tried = options(table_)
    implied = [w for w in tried["weights"] if w not in ("equal", _panel(a))]
    groups = listed((w.lower() for w in implied), "or")
    worths = "; ".join(
        "equal steps" if name == "equal steps" else " and ".join(f"{v:.2f}" for v in WORTHS[name])
        for name in tried["values"]
    )
    weights = f"equal; implied by the benefits of {groups}" if groups else "equal"
    if _panel(a) in tried["weights"]:
        weights += f"; those of {_panel(a)}"
    return block(
        a.study,
        figure(
            title,
            f"Number of {n} combinations of choices under which each conclusion is true",
            table(
                "Conclusions and the number of combinations under which they hold",
                ["Conclusion", '<span class="vh">Share</span>', ">Combinations", "So it"],
                rows,
                "holds",
            ),
            f"<p class=note>Choices: worth of levels 1 and 2 ({worths}), normalisation "
            f"({', '.join(tried['normalisation'])}), aggregation "
            f"({', '.join(tried['aggregation'])}), weights ({escape(weights)}), gaps "
            f"({', '.join(tried['gaps'])}). PROMETHEE II and Copeland look at the order of levels "
            "alone and count once for all values and normalisations; the geometric mean and TOPSIS "
            "are not defined for z-scores.</p>",
        ),
        title,
    )
