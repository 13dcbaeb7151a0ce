"""Ranks as charts: intervals of all systems, acceptability of one."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.record import COLOURS, Chart, as_label, axis, chart, need_ranked, wrapped
from mcanalysis.errors import MethodError
from mcanalysis.frames import each_indexed, each_row, row_of
from mcanalysis.language import phrase
from mcanalysis.why.findings import surely
from mcanalysis.why.sure import drawn_in_words, share_of
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    grouped,
    listed,
    listed_some,
    ordinal,
    percent,
    percent_sign,
    percent_to,
    plural,
)


def ranking_chart(a: Analysis) -> Chart:
    """Draw the 90 % rank interval and the median rank of each ranked system, by tier.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Chart
    """
    need_ranked(a)
    t, n = a.ranking.table, len(a.ranked)
    ys, y, labels = [], 0.0, {}
    for tier, some in t.groupby("tier", sort=True):
        labels[y] = f"<b>{phrase('Tier {n}', n=tier)}</b>"
        y += 1
        ys += [y + i for i in range(len(some))]
        y += len(some) + 0.3
    hover = []
    for s, r in each_indexed(t):
        ahead, behind = surely(a, str(s))
        lines = [
            f"<b>{as_label(a.names.system(str(s)))}</b>",
            phrase(
                "rank {best} to {worst}, median {median}",
                best=decimal(r["best_rank"], None),
                worst=decimal(r["worst_rank"], None),
                median=decimal(r["median_rank"], None),
            ),
            phrase(
                "first in {share} {of_draws}",
                share=percent(r["first_share"]),
                of_draws=share_of(a.ranking),
            ),
            phrase(
                "surely behind it: {behind}; surely ahead: {ahead}",
                behind=len(behind),
                ahead=len(ahead),
            ),
        ]
        if ahead:
            lines.append(wrapped(listed_some([a.names.system(i) for i in ahead], 6)))
        hover.append("<br>".join(lines))
    bars = {
        "type": "bar", "orientation": "h", "y": ys, "base": t["best_rank"].tolist(),
        "x": [max(w - b, 0.12) for b, w in zip(t["best_rank"], t["worst_rank"], strict=True)],
        "width": 0.3, "marker": {"color": COLOURS["range"], "cornerradius": 4},
        "text": hover, "hovertemplate": "%{text}<extra></extra>", "textposition": "none",
    }  # fmt: skip
    dots = {
        "type": "scatter", "mode": "markers", "x": t["median_rank"].tolist(), "y": ys,
        "marker": {"color": COLOURS["accent"], "size": 10,
                   "line": {"color": COLOURS["paper"], "width": 1.5}},
        "text": hover, "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    first = [a.names.in_sentence(str(s)) for s in t.index[t["tier"] == 1]]
    title = phrase("No system is surely ahead of {systems}", systems=listed(first))
    rest = int((t["tier"] == 2).sum())
    if rest > 1:
        level = phrase("the {n} of the second tier cannot be put in order", n=count(rest))
        title = clauses(title, level)
    ticks = sorted({1, *range(5, n + 1, 5), n} - ({n - 1} if n % 5 == 1 and n > 6 else set()))
    frame = pd.DataFrame(
        {
            phrase("System"): [a.names.system(str(s)) for s in t.index],
            phrase("Tier|heading"): t["tier"].tolist(),
            phrase("Rank, 90% of the draws"): [
                f"{b:g}–{w:g}" for b, w in zip(t["best_rank"], t["worst_rank"], strict=True)
            ],
            phrase("Median|rank"): [decimal(m, None) for m in t["median_rank"]],
            phrase("First in|share of draws"): [percent(v) for v in t["first_share"]],
            phrase("Surely ahead of|heading"): t["ahead_of"].tolist(),
            phrase("Surely behind|heading"): t["behind"].tolist(),
            phrase("Cannot be told apart|heading"): t["undecided"].tolist(),
        }
    )
    layout = {
        "height": int(27 * (y + 0.4)) + 40, "bargap": 0,
        "margin": {"l": 138, "r": 14, "t": 28, "b": 4},
        "xaxis": axis(side="top", range=[0.4, n + 0.6], tickvals=ticks),
        "yaxis": axis(tickvals=[*labels, *ys],
                      ticktext=[*labels.values(),
                                *(as_label(a.names.system(str(s))) for s in t.index)],
                      range=[y - 0.3, -0.6], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "meta": {"narrow": {"margin": {"l": 112, "r": 12, "t": 28, "b": 4},
                            "yaxis": {"tickfont": {"size": 11}}}},
    }  # fmt: skip
    ranks = clauses(
        *(
            phrase(
                "{system} {best} to {worst}",
                system=a.names.system(str(s)),
                best=decimal(r["best_rank"], None),
                worst=decimal(r["worst_rank"], None),
            )
            for s, r in each_indexed(t)
        )
    )
    alt = phrase("Rank intervals over 90 per cent of the draws: {ranks}.", ranks=ranks)
    r = a.ranking
    tiers = phrase(
        "**Tiers order this list and are no headline**: they hang on the threshold of {share}, and "
        "a system with gaps can stand high because nobody surely beats what is little known.",
        share=percent(r.threshold),
    )
    note = f"{tiers} {_borderline(a)}"
    return chart(
        a, "ranks", title,
        phrase(
            "Bar: rank in nine of ten of {draws} draws ({drawn}); dot: median",
            draws=grouped(r.draws),
            drawn=drawn_in_words(r),
        ),
        alt, [bars, dots], layout, frame,
        a.rows_of(a.ranked), note,
    )  # fmt: skip


def _borderline(a: Analysis) -> str:
    pairs = a.ranking.borderline
    if pairs.empty:
        return phrase("No pair lies within a point of the threshold.")
    named = [
        phrase(
            "{ahead} over {behind} ({share})",
            ahead=a.names.system(str(r.left)),
            behind=a.names.system(str(r.right)),
            share=percent_to(r.share, 1),
        )
        for r in each_row(pairs)
    ]
    return plural(
        len(named),
        "Within a point of it lies: {pairs}.",
        "Within a point of it lie: {pairs}.",
        pairs=listed(named),
    )


def rank_histogram(a: Analysis, system: str) -> Chart:
    """Draw the rank acceptability of a system: in what share of the draws it takes each rank.

    Parameters
    ----------
    a : Analysis
    system : str
        A ranked system.

    Returns
    -------
    Chart
    """
    a.check_system(system)
    if system not in a.ranked:
        raise MethodError(
            f"{capital(a.names.in_sentence(system))} has evidence on {len(a.rows(system))} of "
            f"{len(a.dimensions)} dimensions and is not ranked: {a.ranking.min_dimensions} are "
            "needed. Lower min_dimensions, or choose a ranked system."
        )
    shares = row_of(a.ranking.acceptability, system)
    row, n = row_of(a.ranking.table, system), len(shares)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    ranks = list(range(1, n + 1))
    inside = [best <= r <= worst for r in ranks]
    half = (n + 1) // 2
    top = float(shares.iloc[:half].sum())
    mode = int(shares.to_numpy().argmax()) + 1
    name = a.names.in_sentence(system)
    title = plural(
        half,
        "{system} comes {rank} most often ({share}), and among the first one in {top} {of_draws}",
        "{system} comes {rank} most often ({share}), and among the first {n} in {top} {of_draws}",
        system=capital(name),
        rank=ordinal(mode),
        share=percent(float(shares.iloc[mode - 1])),
        top=percent(top),
        of_draws=share_of(a.ranking),
    )
    told = phrase(
        "rank {rank}: {share} of the draws", rank="%{x}", share="%{y:.1f}" + percent_sign()
    )
    bars = {
        "type": "bar", "x": ranks, "y": (100 * shares).tolist(),
        "marker": {"color": [COLOURS["accent" if i else "edge"] for i in inside]},
        "hovertemplate": f"{told}<extra></extra>",
    }  # fmt: skip
    layout = {
        "height": 220, "margin": {"l": 40, "r": 6, "t": 12, "b": 40}, "bargap": 0.12,
        "xaxis": axis(tickvals=sorted({1, *range(5, n + 1, 5), n}), showgrid=False,
                      title={"text": phrase("rank|axis"), "standoff": 4,
                             "font": {"size": 13, "color": COLOURS["ink2"]}}),
        "yaxis": axis(ticksuffix=percent_sign(), nticks=5, rangemode="tozero"),
    }  # fmt: skip
    frame = pd.DataFrame(
        {
            phrase("Rank|heading"): ranks,
            phrase("Share of the draws"): [percent(v) for v in shares.tolist()],
        }
    )
    alt = phrase(
        "Histogram of the ranks {system.of}: most often {mode}, in nine of ten draws between "
        "{best} and {worst}.",
        system=name,
        mode=ordinal(mode),
        best=ordinal(best),
        worst=ordinal(worst),
    )
    return chart(
        a, "rank-histogram", title,
        phrase(
            "Share of {draws} draws by rank; blue: the 90% interval",
            draws=grouped(a.ranking.draws),
        ),
        alt,
        [bars], layout, frame, a.rows(system),
    )  # fmt: skip
