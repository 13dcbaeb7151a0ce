"""Systems set against each other: the comparison page."""

from __future__ import annotations

from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.charts.levels import evidence_table
from mcanalysis.charts.ranks import ranking_chart
from mcanalysis.compare import dominance
from mcanalysis.frames import cell, each_indexed
from mcanalysis.language import phrase
from mcanalysis.marks import interval
from mcanalysis.markup import Block, block, nothing, table
from mcanalysis.multiverse import choices, options
from mcanalysis.tables.methods import CHOICES
from mcanalysis.tables.notice import eyebrow, notice
from mcanalysis.tables.overview import claim_list, coverage_in_words
from mcanalysis.why.claims import Claim
from mcanalysis.why.methods import tried_weights
from mcanalysis.why.sure import (
    among_first,
    condition_claim,
    counted_in_words,
    exact_to,
    share_of,
)
from mcanalysis.wording import (
    capital,
    clauses,
    decimal,
    listed,
    ordinal,
    percent,
    plural,
)


def comparison_head(a: Analysis) -> Block:
    """Show what is compared, as the line above the title."""
    systems = len(a.evidence.levels)
    said = phrase(
        "{systems} systems, {dimensions} dimensions; evidence in {known}",
        systems=systems,
        dimensions=len(a.dimensions),
        known=coverage_in_words(a.evidence.rows, systems * len(a.dimensions), "cells"),
    )
    return block(a.study, f"{eyebrow(phrase('Comparison|kind of page'), said)}{notice(a)}")


def comparison_claims(a: Analysis) -> Block:
    """Say in short how the ranked systems compare, and what is not known.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
    """
    if len(a.ranked) < 2:
        return nothing(phrase("Fewer than two systems have enough evidence to be ranked."))
    levels = a.evidence.levels.loc[a.ranked]
    pool = phrase(
        "{levels} levels and {gaps} gaps of {systems} systems. Each system's page shows its rows.",
        levels=int(levels.notna().sum().sum()),
        gaps=int(levels.isna().sum().sum()),
        systems=len(a.ranked),
    )
    claims = [
        _nobody_ahead(a, pool),
        *_first_claims(a, pool),
        _middle(a, pool),
        _weakness(a),
        _not_known(a),
    ]
    return claim_list(a, claims)


def _nobody_ahead(a: Analysis, pool: str) -> Claim:
    t, r, name = a.ranking.table, a.ranking, a.names.in_sentence
    free = [str(s) for s in t.index[t["behind"] == 0]]
    value = clauses(
        *(
            phrase(
                "{system} {best} to {worst}",
                system=a.names.system(s),
                best=ordinal(int(cell(t, s, "best_rank"))),
                worst=ordinal(int(cell(t, s, "worst_rank"))),
            )
            for s in free
        )
    )
    surely = phrase(
        "Surely ahead: higher in at least {share} of the draws.", share=percent(r.threshold)
    )
    return Claim(
        phrase(
            "**No system is surely ahead of {systems}**: each of the other {n} ranked systems has "
            "at least one that is.",
            systems=listed(name(s) for s in free),
            n=len(t) - len(free),
        ),
        f"{value}.",
        f"{counted_in_words(r)} {surely}",
        note=pool,
        more=(phrase("All ranks"), "#ranking"),
    )


def _middle(a: Analysis, pool: str) -> Claim:
    t, n = a.ranking.table, len(a.ranked)
    width = float((t["worst_rank"] - t["best_rank"] + 1).median())
    undecided = float((t["undecided"] / (n - 1)).median())
    return Claim(
        phrase(
            "**The middle is wide:** half of all rank intervals span {width} places or more of "
            "{n}, and the median system cannot be told apart from {share} of the others. A single "
            "rank should not be quoted.",
            width=decimal(width, 0),
            n=n,
            share=percent(undecided),
        ),
        phrase("Median width {width} of {n} places.", width=decimal(width, None), n=n),
        phrase("90% interval of the rank in the draws: last place less first place plus one."),
        note=pool,
        more=(phrase("All intervals"), "#ranking"),
    )


def _weakness(a: Analysis) -> Claim:
    levels, rows = a.evidence.levels.loc[a.ranked], a.evidence.rows
    means = levels.mean().sort_values()
    weak, following = (str(d) for d in means.index[:2])
    on = levels[weak].dropna()
    weak_rows = rows[(rows["dimension_id"] == weak) & rows["system_id"].isin(a.ranked)]
    return Claim(
        plural(
            int((on <= 1).sum()),
            "**{dimension} is the common weakness:** one of the {total} ranked systems with "
            "evidence stand at level 0 or 1.",
            "**{dimension} is the common weakness:** {n} of the {total} ranked systems with "
            "evidence stand at level 0 or 1.",
            "**{dimension} is the common weakness:** none of the {total} ranked systems with "
            "evidence stand at level 0 or 1.",
            dimension=a.names.dimension(weak),
            total=len(on),
        ),
        phrase(
            "Mean level {mean}; next lowest: {dimension}, {next}.",
            mean=decimal(means.iloc[0]),
            dimension=a.names.dimension(following).inside,
            next=decimal(means.iloc[1]),
        ),
        phrase("Mean of the newest levels of the ranked systems with evidence, by dimension."),
        weak_rows,
        more=(phrase("Level by level"), "#levels-system-by-system"),
    )


def _not_known(a: Analysis) -> Claim:
    every = a.evidence.levels
    cells, gaps = every.size, int(every.isna().sum().sum())
    return Claim(
        phrase(
            "**What is not known:** {few} of {systems} systems have too little evidence to rank, "
            "and {share} of all {cells} cells are empty.",
            few=len(every) - len(a.ranked),
            systems=len(every),
            share=percent(gaps / cells),
            cells=cells,
        ),
        phrase(
            "{gaps} of {cells} cells; {least} of {dimensions} dimensions are needed to be ranked.",
            gaps=gaps,
            cells=cells,
            least=a.ranking.min_dimensions,
            dimensions=len(a.dimensions),
        ),
        phrase(
            "Systems with evidence by dimensions; a cell without a row is a gap, never level 0."
        ),
        more=(phrase("Where|link"), "#where"),
    )


def _first_claims(a: Analysis, pool: str) -> list[Claim]:
    """Say how sure the first places are: in what share of the draws, and on what they depend."""
    t, r, name = a.ranking.table, a.ranking, a.names.in_sentence
    of, draws = share_of(r), counted_in_words(r)
    by_first = t["first_share"].sort_values(ascending=False, kind="stable")
    top, share = str(by_first.index[0]), float(by_first.iloc[0])
    tried = choices(a, tried_weights(a))
    first = int((tried[top] == 1).sum())
    exact = exact_to(share, r)
    leads = phrase(
        "**{system} is first** in {share} {of_draws}",
        system=capital(name(top)),
        share=percent(share),
        of_draws=of,
    )
    leads += f" ({exact})" if exact else ""
    shares = clauses(
        *(f"{a.names.system(str(s))} {percent(float(v))}" for s, v in by_first.head(4).items())
    )
    combined = phrase(
        "Combinations of {choices}, less those that are not defined or would repeat another.",
        choices=listed(f"{phrase(CHOICES[c])} ({len(each)})" for c, each in options(tried).items()),
    )
    claims = [
        Claim(
            phrase(
                "{leads}, and under {first} of {total} combinations of defensible choices of "
                "method.",
                leads=leads,
                first=first,
                total=len(tried),
            ),
            f"{shares} {of}.",
            f"{draws} {combined}",
            note=pool,
            more=(phrase("Which conclusions hold"), "#which-conclusions-hold"),
        )
    ]
    others = [str(s) for s in t.sort_values("mean_rank").index if s != top][:2]
    if len(t) > 3:
        said = clauses(
            *(
                phrase(
                    "**{system}** is first in {first} {of_draws}, among the first three in {three}",
                    system=capital(name(s)),
                    first=percent(among_first(a, s, 1)),
                    of_draws=of,
                    three=percent(among_first(a, s, 3)),
                )
                for s in others
            )
        )
        means = clauses(
            *(
                phrase(
                    "{system} mean rank {mean}",
                    system=a.names.system(s),
                    mean=decimal(cell(t, s, "mean_rank"), 1),
                )
                for s in [top, *others]
            )
        )
        claims.append(
            Claim(
                f"{said}.", f"{means}.", draws, note=pool,
                more=(phrase("All ranks"), "#ranking"),
            )
        )  # fmt: skip
    settled = (condition_claim(a, s) for s in [top, *others])
    return [*claims, *[c for c in settled if c is not None][:1]]


def unranked_table(a: Analysis) -> Block:
    """Show the systems with too little evidence to rank, by name, each level with its source."""
    some = sorted(a.ranking.unranked.index, key=lambda s: a.names.system(str(s)))
    if not some:
        return nothing(phrase("Every system with evidence is ranked."))
    caption = phrase("Levels of the {n} systems with too little evidence to rank", n=len(some))
    summary = phrase(
        "The {n} systems with too little evidence to rank, in alphabetical order", n=len(some)
    )
    return block(
        a.study,
        f'<details class="more-d"><summary>{summary}</summary>'
        f"{evidence_table(a, some, caption)}</details>",
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
        return nothing(phrase("No system has enough evidence to be ranked."))
    picture = ranking_chart(a)
    wins = dominance(a.evidence, a.ranked)
    total, pairs = int(wins.to_numpy().sum()), len(wins) * (len(wins) - 1)
    most = wins.sum(axis=1)
    top = str(most.idxmax())
    settled = phrase(
        "Without any weights: {total} of the {pairs} ordered pairs are settled by the levels "
        "alone, where one system is at least as high on every shared dimension (six or more) and "
        "higher on one. {system} is ahead in {most} of them.",
        total=total,
        pairs=pairs,
        system=capital(a.names.in_sentence(top)),
        most=int(most.max()),
    )
    html = f"{picture.html}<p class=note>{escape(settled, quote=False)}</p>{_not_ranked(a)}"
    made = block(a.study, html)
    return Block(made.html, picture.alt, {**picture.study_sources, **made.sources}, picture.charts)


def _not_ranked(a: Analysis) -> str:
    """Fold in the systems with too little evidence, with the interval of their index."""
    un = a.ranking.unranked
    if un.empty:
        return ""
    rows = [
        [
            escape(a.names.system(str(s))),
            f"{interval(r['lower'], r['upper'])}",
            phrase("{low} to {high}", low=decimal(r["lower"]), high=decimal(r["upper"])),
            phrase("{n} of {total}", n=decimal(r["dimensions"], None), total=len(a.dimensions)),
        ]
        for s, r in sorted(each_indexed(un), key=lambda item: a.names.system(str(item[0])))
    ]
    summary = phrase(
        "Too little evidence to rank: {n} systems, with the interval of their index", n=len(un)
    )
    made = table(
        phrase("Interval of the index of the systems that are not ranked"),
        [phrase("System"), phrase("Index, 0 to 1"), phrase(">Interval"), phrase(">Dimensions")],
        rows,
        "rank un",
    )
    return f'<details class="more-d"><summary>{summary}</summary>{made}</details>'
