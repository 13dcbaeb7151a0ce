"""Ranks as charts: intervals of all systems, acceptability of one."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.record import COLOURS, Chart, as_label, axis, chart, need_ranked, wrapped
from mcanalysis.errors import MethodError
from mcanalysis.frames import each_indexed, each_row, row_of
from mcanalysis.why.findings import surely
from mcanalysis.why.sure import drawn_in_words, share_of
from mcanalysis.wording import capital, count, grouped, listed, listed_some, ordinal, percent


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
        labels[y] = f"<b>Tier {tier}</b>"
        y += 1
        ys += [y + i for i in range(len(some))]
        y += len(some) + 0.3
    hover = []
    for s, r in each_indexed(t):
        ahead, behind = surely(a, str(s))
        names = listed_some([a.names.system(i) for i in ahead], 6)
        hover.append(
            f"<b>{as_label(a.names.system(str(s)))}</b><br>rank {r['best_rank']:g} to "
            f"{r['worst_rank']:g}, median {r['median_rank']:g}<br>first in "
            f"{percent(r['first_share'])} {share_of(a.ranking)}<br>surely behind it: "
            f"{len(behind)}; surely ahead: {len(ahead)}"
            + (f"<br>{wrapped(names)}" if ahead else "")
        )
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
    title = f"No system is surely ahead of {listed(first)}"
    rest = int((t["tier"] == 2).sum())
    if rest > 1:
        title += f"; the {count(rest)} of the second tier cannot be put in order"
    ticks = sorted({1, *range(5, n + 1, 5), n} - ({n - 1} if n % 5 == 1 and n > 6 else set()))
    frame = pd.DataFrame(
        {
            "System": [a.names.system(str(s)) for s in t.index],
            "Tier": t["tier"].tolist(),
            "Rank, 90% of the draws": [
                f"{b:g}–{w:g}" for b, w in zip(t["best_rank"], t["worst_rank"], strict=True)
            ],
            "Median": [f"{m:g}" for m in t["median_rank"]],
            "First in": [percent(v) for v in t["first_share"]],
            "Surely ahead of": t["ahead_of"].tolist(),
            "Surely behind": t["behind"].tolist(),
            "Cannot be told apart": t["undecided"].tolist(),
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
    alt = (
        "Rank intervals over 90 per cent of the draws: "
        + "; ".join(
            f"{a.names.system(str(s))} {r['best_rank']:g} to {r['worst_rank']:g}"
            for s, r in each_indexed(t)
        )
        + "."
    )
    r = a.ranking
    note = (
        f"**Tiers order this list and are no headline**: they hang on the threshold of "
        f"{percent(r.threshold)}, and a system with gaps can stand high because nobody surely "
        f"beats "
        f"what is little known. {_borderline(a)}"
    )
    return chart(
        a, "ranks", title,
        f"Bar: rank in nine of ten of {grouped(r.draws)} draws ({drawn_in_words(r)}); dot: median",
        alt, [bars, dots], layout, frame,
        a.rows_of(a.ranked), note,
    )  # fmt: skip


def _borderline(a: Analysis) -> str:
    pairs = a.ranking.borderline
    if pairs.empty:
        return "No pair lies within a point of the threshold."
    named = [
        f"{a.names.system(str(r.left))} over {a.names.system(str(r.right))} ({100 * r.share:.1f}%)"
        for r in each_row(pairs)
    ]
    verb = "lies" if len(named) == 1 else "lie"
    return f"Within a point of it {verb}: {listed(named)}."


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
    title = (
        f"{capital(name)} comes {ordinal(mode)} most often "
        f"({percent(float(shares.iloc[mode - 1]))}), "
        f"and among the first {count(half)} in {percent(top)} {share_of(a.ranking)}"
    )
    bars = {
        "type": "bar", "x": ranks, "y": (100 * shares).tolist(),
        "marker": {"color": [COLOURS["accent" if i else "edge"] for i in inside]},
        "hovertemplate": "rank %{x}: %{y:.1f}% of the draws<extra></extra>",
    }  # fmt: skip
    layout = {
        "height": 220, "margin": {"l": 40, "r": 6, "t": 12, "b": 40}, "bargap": 0.12,
        "xaxis": axis(tickvals=sorted({1, *range(5, n + 1, 5), n}), showgrid=False,
                      title={"text": "rank", "font": {"size": 13, "color": COLOURS["ink2"]},
                             "standoff": 4}),
        "yaxis": axis(ticksuffix="%", nticks=5, rangemode="tozero"),
    }  # fmt: skip
    frame = pd.DataFrame(
        {"Rank": ranks, "Share of the draws": [percent(v) for v in shares.tolist()]}
    )
    alt = (
        f"Histogram of the ranks of {name}: most often {ordinal(mode)}, in nine of ten draws "
        f"between "
        f"{ordinal(best)} and {ordinal(worst)}."
    )
    return chart(
        a, "rank-histogram", title,
        f"Share of {grouped(a.ranking.draws)} draws by rank; blue: the 90% interval", alt,
        [bars], layout, frame, a.rows(system),
    )  # fmt: skip
