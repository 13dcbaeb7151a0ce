"""Levels as charts: systems by dimensions, one system against the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.record import (
    COLOURS,
    DOTS,
    LEVEL_SCALE,
    Chart,
    as_label,
    axis,
    chart,
    need_ranked,
    wrapped,
)
from mcanalysis.compare import peer_range
from mcanalysis.frames import cell, each_row
from mcanalysis.marks import confidence, src
from mcanalysis.markup import scrolling, table
from mcanalysis.wording import capital, count, counted, listed


def evidence_map(
    a: Analysis, systems: Sequence[str] | None = None, name: str = "evidence"
) -> Chart:
    """Draw systems by dimensions: level as shade and digit, confidence as dots, gaps as gaps.

    Parameters
    ----------
    a : Analysis
    systems : sequence of str, optional
        Ids, top to bottom; by default the ranked systems by tier, then mean rank.
    name : str
        Id of the chart on its page.

    Returns
    -------
    Chart
    """
    if systems is None:
        need_ranked(a)
    chosen = list(a.ranked if systems is None else systems)
    levels = a.evidence.levels.loc[chosen]
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    hover: list[list[str]] = []
    marks: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for y, s in enumerate(chosen):
        line = []
        for x, d in enumerate(a.dimensions):
            fact = facts.get((s, d))
            head = f"<b>{as_label(a.names.system(s))}</b>, {as_label(a.names.dimension(d).inside)}"
            if fact is None:
                line.append(f"{head}<br>no evidence found")
                marks["gap"].append((x, y, "·"))
                continue
            line.append(
                f"{head}<br>level {fact.level}, {fact.year}, {fact.confidence} confidence<br>"
                f"{wrapped(str(fact.statement))}"
            )
            marks[f"l{fact.level}t"].append((x, y - 0.13, f"<b>{fact.level}</b>"))
            marks[f"l{fact.level}t dots"].append((x, y + 0.27, DOTS[str(fact.confidence)]))
        hover.append(line)
    gaps = int(levels.isna().sum().sum())
    means = levels.mean().dropna().sort_values()
    title = (
        f"{a.names.dimension(str(means.index[-1]))} stands highest on average, "
        f"{a.names.dimension(str(means.index[0])).inside} lowest; {gaps} of {levels.size} cells "
        f"are gaps"
    )
    frame = pd.DataFrame(
        [
            [a.names.system(s)]
            + [
                f"{f.level} ({f.confidence})" if (f := facts.get((s, d))) else "no evidence"
                for d in a.dimensions
            ]
            for s in chosen
        ],
        columns=["System", *(a.names.short(d) for d in a.dimensions)],
    )
    heat = {
        "type": "heatmap",
        "z": [[None if pd.isna(v) else v for v in row] for row in levels.to_numpy()],
        "x": list(range(len(a.dimensions))), "y": list(range(len(chosen))),
        "zmin": -0.5, "zmax": 3.5, "colorscale": LEVEL_SCALE, "showscale": False,
        "xgap": 2, "ygap": 2, "text": hover, "hovertemplate": "%{text}<extra></extra>",
        "hoverongaps": True,
    }  # fmt: skip
    shapes = [
        {"type": "rect", "x0": x - 0.46, "x1": x + 0.46, "y0": y - 0.45, "y1": y + 0.45,
         "line": {"color": COLOURS["edge"], "width": 1}}
        for y, s in enumerate(chosen) for x, d in enumerate(a.dimensions)
        if a.level(s, d) == 0
    ]  # fmt: skip
    height = 36 * len(chosen) + 40
    layout = {
        "height": height, "shapes": shapes,
        "margin": {"l": 138, "r": 4, "t": 32, "b": 4},
        "xaxis": axis(side="top", tickvals=list(range(len(a.dimensions))), showgrid=False,
                      ticktext=[as_label(a.names.short(d)) for d in a.dimensions], tickangle=0,
                      tickfont={"color": COLOURS["ink2"], "size": 11.5},
                      range=[-0.5, len(a.dimensions) - 0.5]),
        "yaxis": axis(tickvals=list(range(len(chosen))),
                      ticktext=[as_label(a.names.system(s)) for s in chosen],
                      range=[len(chosen) - 0.5, -0.5], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "meta": {"tight": {"margin": {"t": 88}, "xaxis": {"tickangle": -90}},
                 "narrow": {"height": height + 56, "margin": {"l": 54, "r": 2, "t": 88, "b": 4},
                            "yaxis": {"ticktext": chosen, "tickfont": {"size": 11}},
                            "xaxis": {"tickangle": -90, "tickfont": {"size": 12}}}},
    }  # fmt: skip
    alt = (
        f"Heat map of {len(chosen)} systems by {len(a.dimensions)} dimensions, level 0 to 3. Mean "
        + ", ".join(f"{a.names.short(str(d))} {levels[d].mean():.2f}" for d in levels if d in means)
        + f". {gaps} cells have no evidence."
    )
    caption = f"Levels, confidence and sources of {counted(len(chosen), 'system')}"
    return chart(
        a, name, title,
        f"{capital(counted(len(chosen), 'system'))} by tier, then mean rank; level 0 to 3 of the "
        "newest evidence; dots: three high, two medium, one low confidence; a lone point: no "
        "evidence found" if systems is None else
        f"{capital(counted(len(chosen), 'system'))}; level 0 to 3 of the newest evidence; dots: "
        "three high, two medium, one low confidence; a lone point: no evidence found",
        alt, [heat, *_written(marks)], layout, frame, tabular=evidence_table(a, chosen, caption),
    )  # fmt: skip


def evidence_table(a: Analysis, systems: Sequence[str], caption: str) -> str:
    """Return systems by dimensions as a table: level, confidence and source of each cell."""
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    rows = []
    for s in systems:
        cells = []
        for d in a.dimensions:
            f = facts.get((s, d))
            cells.append(
                '<span class="vh">no evidence</span><span aria-hidden="true">–</span>'
                if f is None
                else f"<b>{f.level}</b> {confidence(str(f.confidence))} "
                f"{src(str(f.source_id), f.locator)}"
            )
        rows.append([escape(a.names.system(s)), *cells])
    head = ["System", *(escape(a.names.short(d)) for d in a.dimensions)]
    return scrolling(caption, table(caption, head, rows, "plain small ev"))


def _written(marks: Mapping[str, Sequence[tuple[float, float, str]]]) -> list[dict[str, Any]]:
    """Return the digits, dots and gap marks of a heat map, one trace per colour."""
    return [
        {"type": "scatter", "mode": "text", "x": [m[0] for m in some], "y": [m[1] for m in some],
         "text": [m[2] for m in some], "hoverinfo": "skip",
         "textfont": {"size": 9 if kind.endswith("dots") else 14,
                      "color": COLOURS["edge" if kind == "gap" else kind.split()[0]]}}
        for kind, some in marks.items()
    ]  # fmt: skip


def profile_chart(a: Analysis, system: str) -> Chart:
    """Draw the levels of a system against the middle half and median of the ranked systems.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Chart
    """
    a.check_system(system)
    peers = peer_range(a.evidence, a.ranked, leave_out=system)
    rows = {str(r.dimension_id): r for r in each_row(a.rows(system))}
    n = len(a.dimensions)
    ys = list(range(n))
    known = [i for i, d in enumerate(a.dimensions) if d in rows]
    gaps = [i for i, d in enumerate(a.dimensions) if d not in rows]
    low, high = peers["lower_quartile"].tolist(), peers["upper_quartile"].tolist()
    ranges = {
        "type": "bar", "orientation": "h", "y": ys, "base": low, "width": 0.42,
        "x": [max(h - b, 0.03) for b, h in zip(low, high, strict=True)],
        "marker": {"color": COLOURS["l1"]}, "hoverinfo": "skip",
    }  # fmt: skip
    medians = {
        "type": "scatter", "mode": "markers", "x": peers["median"].tolist(), "y": ys,
        "marker": {"symbol": "line-ns", "size": 16, "line": {"width": 2, "color": COLOURS["ink2"]}},
        "hovertemplate": "median of the others: %{x}<extra></extra>",
    }  # fmt: skip
    own = {
        "type": "scatter", "mode": "markers", "y": known,
        "x": [int(rows[a.dimensions[i]].level) for i in known],
        "marker": {"color": COLOURS["accent"], "size": 13},
        "text": [
            f"level {rows[a.dimensions[i]].level}, {rows[a.dimensions[i]].year}, "
            f"{rows[a.dimensions[i]].confidence} confidence<br>"
            f"{wrapped(str(rows[a.dimensions[i]].statement))}" for i in known
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    missing = [
        {"x": 0, "xanchor": "left", "xshift": 6, "y": i, "text": "no evidence", "showarrow": False,
         "font": {"size": 12, "color": COLOURS["ink2"]}} for i in gaps
    ]  # fmt: skip
    name = a.names.in_sentence(system)
    above = sum(int(r.level) > cell(peers, d, "median") for d, r in rows.items())
    below = sum(int(r.level) < cell(peers, d, "median") for d, r in rows.items())
    layout = {
        "height": 34 * n + 44, "margin": {"l": 196, "r": 14, "t": 30, "b": 8}, "bargap": 0,
        "xaxis": axis(side="top", range=[-0.2, 3.2], tickvals=[0, 1, 2, 3]),
        "yaxis": axis(tickvals=ys, ticktext=[as_label(a.names.dimension(d)) for d in a.dimensions],
                      range=[n - 0.5, -0.5], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "annotations": missing,
        "meta": {"narrow": {"margin": {"l": 92, "r": 12, "t": 30, "b": 8},
                            "yaxis": {
                                "ticktext": [as_label(a.names.short(d)) for d in a.dimensions]}}},
    }  # fmt: skip
    frame = pd.DataFrame(
        {
            "Dimension": [a.names.dimension(d) for d in a.dimensions],
            "Level": [str(rows[d].level) if d in rows else "no evidence" for d in a.dimensions],
            "Year": [str(rows[d].year) if d in rows else "–" for d in a.dimensions],
            "Confidence": [str(rows[d].confidence) if d in rows else "–" for d in a.dimensions],
            "Median of the others": ["–" if pd.isna(v) else f"{v:g}" for v in peers["median"]],
            "Middle half": [
                "–" if pd.isna(x) else f"{x:g} to {y:g}" for x, y in zip(low, high, strict=True)
            ],
        }
    )
    return chart(
        a, "profile",
        f"{capital(name)} lies above the median of the others on "
        f"{counted(above, 'dimension', none='no')}, "
        f"below it on {count(below)}",
        "Dot: level of the newest evidence; bar and tick: middle half and median of the other "
        "ranked systems",
        f"Levels of {name}: "
        + ", ".join(f"{a.names.short(d)} {r.level}" for d, r in rows.items())
        + f". No evidence on {listed(a.names.short(a.dimensions[i]) for i in gaps) or 'none'}.",
        [ranges, medians, own], layout, frame, a.rows(system),
    )  # fmt: skip
