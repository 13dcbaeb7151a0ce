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
from mcanalysis.language import phrase
from mcanalysis.marks import confidence, confidence_word, src, with_confidence
from mcanalysis.markup import scrolling, table
from mcanalysis.wording import capital, clauses, decimal, listed, plural

WIDEST = 11
"""Letters of a dimension's short name that stand above its column without meeting the next."""


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
                line.append(f"{head}<br>{phrase('no evidence found')}")
                marks["gap"].append((x, y, "·"))
                continue
            line.append(f"{head}<br>{_told(fact)}")
            marks[f"l{fact.level}t"].append((x, y - 0.13, f"<b>{fact.level}</b>"))
            marks[f"l{fact.level}t dots"].append((x, y + 0.27, DOTS[str(fact.confidence)]))
        hover.append(line)
    gaps = int(levels.isna().sum().sum())
    means = levels.mean().dropna().sort_values()
    title = phrase(
        "{highest} stands highest on average, {lowest} lowest; {gaps} of {cells} cells are gaps",
        highest=a.names.dimension(str(means.index[-1])),
        lowest=a.names.dimension(str(means.index[0])).inside,
        gaps=gaps,
        cells=levels.size,
    )
    frame = pd.DataFrame(
        [
            [a.names.system(s), *(_level_in_words(facts.get((s, d))) for d in a.dimensions)]
            for s in chosen
        ],
        columns=[phrase("System"), *(a.names.short(d) for d in a.dimensions)],
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
    labels = [as_label(a.names.short(d)) for d in a.dimensions]
    slanted = max(map(len, labels), default=0) > WIDEST
    height = 36 * len(chosen) + (78 if slanted else 40)
    layout = {
        "height": height, "shapes": shapes,
        "margin": {"l": 138, "r": 44 if slanted else 4, "t": 70 if slanted else 32, "b": 4},
        "xaxis": axis(side="top", tickvals=list(range(len(a.dimensions))), showgrid=False,
                      ticktext=labels, tickangle=-35 if slanted else 0,
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
    alt = phrase(
        "Heat map of {systems} systems by {dimensions} dimensions, level 0 to 3. Mean {means}. "
        "{gaps} cells have no evidence.",
        systems=len(chosen),
        dimensions=len(a.dimensions),
        means=", ".join(
            f"{a.names.short(str(d))} {decimal(levels[d].mean())}" for d in levels if d in means
        ),
        gaps=gaps,
    )
    caption = plural(
        len(chosen),
        "Levels, confidence and sources of one system",
        "Levels, confidence and sources of {n} systems",
        "Levels, confidence and sources of no systems",
    )
    who = (
        plural(
            len(chosen),
            "one system by tier, then mean rank",
            "{n} systems by tier, then mean rank",
        )
        if systems is None
        else plural(len(chosen), "one system", "{n} systems", "no systems")
    )
    drawn = phrase(
        "level 0 to 3 of the newest evidence; dots: three high, two medium, one low confidence; a "
        "lone point: no evidence found"
    )
    return chart(
        a, name, title, capital(clauses(who, drawn)), alt,
        [heat, *_written(marks)], layout, frame,
        tabular=evidence_table(a, chosen, caption),
    )  # fmt: skip


def _told(fact: Any) -> str:
    """Say level, year, confidence and statement of a row of evidence under the pointer."""
    said = phrase(
        "level {level}, {year}, {confidence}",
        level=fact.level,
        year=fact.year,
        confidence=with_confidence(str(fact.confidence)),
    )
    return f"{said}<br>{wrapped(str(fact.statement))}"


def _level_in_words(fact: Any) -> str:
    if fact is None:
        return phrase("no evidence")
    return f"{fact.level} ({confidence_word(str(fact.confidence))})"


def evidence_table(a: Analysis, systems: Sequence[str], caption: str) -> str:
    """Return systems by dimensions as a table: level, confidence and source of each cell."""
    facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
    rows, none = [], phrase("no evidence")
    for s in systems:
        cells = []
        for d in a.dimensions:
            f = facts.get((s, d))
            cells.append(
                f'<span class="vh">{none}</span><span aria-hidden="true">–</span>'
                if f is None
                else f"<b>{f.level}</b> {confidence(str(f.confidence))} "
                f"{src(str(f.source_id), f.locator)}"
            )
        rows.append([escape(a.names.system(s)), *cells])
    head = [phrase("System"), *(escape(a.names.short(d)) for d in a.dimensions)]
    return scrolling(caption, table(caption, head, rows, "plain small ev"))


def _written(marks: Mapping[str, Sequence[tuple[float, float, str]]]) -> list[dict[str, Any]]:
    """Return the digits, dots and gap marks of a heat map, one trace per colour."""
    return [
        {"type": "scatter", "mode": "text", "x": [m[0] for m in some], "y": [m[1] for m in some],
         "text": [m[2] for m in some], "hoverinfo": "skip",
         "textfont": {"size": 9 if kind.endswith("dots") else 14,
                      "color": COLOURS["ink2" if kind == "gap" else kind.split()[0]]}}
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
    median = phrase("median of the others: {level}", level="%{x}")
    medians = {
        "type": "scatter", "mode": "markers", "x": peers["median"].tolist(), "y": ys,
        "marker": {"symbol": "line-ns", "size": 16, "line": {"width": 2, "color": COLOURS["ink2"]}},
        "hovertemplate": f"{median}<extra></extra>",
    }  # fmt: skip
    own = {
        "type": "scatter", "mode": "markers", "y": known,
        "x": [int(rows[a.dimensions[i]].level) for i in known],
        "marker": {"color": COLOURS["accent"], "size": 13},
        "text": [_told(rows[a.dimensions[i]]) for i in known],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    missing = [
        {"x": 0, "xanchor": "left", "xshift": 6, "y": i, "text": phrase("no evidence"),
         "showarrow": False, "font": {"size": 12, "color": COLOURS["ink2"]}} for i in gaps
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
            phrase("Dimension"): [a.names.dimension(d) for d in a.dimensions],
            phrase("Level|heading"): [
                str(rows[d].level) if d in rows else phrase("no evidence") for d in a.dimensions
            ],
            phrase("Year"): [str(rows[d].year) if d in rows else "–" for d in a.dimensions],
            phrase("Confidence"): [
                confidence_word(str(rows[d].confidence)) if d in rows else "–" for d in a.dimensions
            ],
            phrase("Median of the others"): [
                "–" if pd.isna(v) else decimal(v, None) for v in peers["median"]
            ],
            phrase("Middle half"): [
                "–"
                if pd.isna(x)
                else phrase("{low} to {high}", low=decimal(x, None), high=decimal(y, None))
                for x, y in zip(low, high, strict=True)
            ],
        }
    )
    stands = plural(
        above,
        "{system} lies above the median of the others on one dimension",
        "{system} lies above the median of the others on {n} dimensions",
        "{system} lies above the median of the others on no dimensions",
        system=capital(name),
    )
    falls = plural(below, "below it on one", "below it on {n}", "below it on none")
    levels = ", ".join(f"{a.names.short(d)} {r.level}" for d, r in rows.items())
    alt = phrase("Levels {system.of}: {levels}.", system=name, levels=levels)
    unknown = (
        phrase(
            "No evidence on {dimensions}.",
            dimensions=listed(a.names.short(a.dimensions[i]) for i in gaps),
        )
        if gaps
        else phrase("No evidence on none.")
    )
    return chart(
        a, "profile",
        f"{stands}, {falls}",
        phrase(
            "Dot: level of the newest evidence; bar and tick: middle half and median of the other "
            "ranked systems"
        ),
        f"{alt} {unknown}",
        [ranges, medians, own], layout, frame, a.rows(system),
    )  # fmt: skip
