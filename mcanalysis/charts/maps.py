"""Tile maps: every system one tile of the same size, at its place in the study."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.charts.record import COLOURS, LEVEL_SCALE, Chart, as_label, axis, chart
from mcanalysis.errors import MethodError
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.wording import capital, count, listed, plural


def _tiles(a: Analysis) -> pd.DataFrame:
    """Return the systems with evidence and a place: system_id, tile_column, tile_row."""
    t = a.study.systems.dropna(subset=["tile_column", "tile_row"])
    t = t[t["system_id"].isin(a.evidence.levels.index)]
    if t.empty:
        raise MethodError(
            "No system with evidence has a place on the tile map. Fill tile_column and tile_row in "
            "systems.csv."
        )
    return t.astype({"tile_column": int, "tile_row": int})[["system_id", "tile_column", "tile_row"]]


def _grid(tiles: pd.DataFrame, values: dict[str, Any]) -> list[list[Any]]:
    grid: list[list[Any]] = [
        [None] * (tiles["tile_column"].max() + 1) for _ in range(tiles["tile_row"].max() + 1)
    ]
    for t in each_row(tiles):
        grid[t.tile_row][t.tile_column] = values.get(str(t.system_id))
    return grid


def coverage_map(a: Analysis) -> Chart:
    """Draw on how many dimensions each system has evidence.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Chart

    Raises
    ------
    MethodError
        If no system with evidence has a place on the map.
    """
    tiles = _tiles(a)
    n = len(a.dimensions)
    known = a.evidence.levels.notna().sum(axis=1)
    shade = {
        str(s): 0 if k <= 2 else 1 if k <= n / 2 + 1 else 2 if k < n else 3
        for s, k in known.items()
    }
    heat = _heat(_grid(tiles, shade), 3)
    heat["text"] = _grid(
        tiles,
        {
            str(s): phrase(
                "{system}: {known} of {n} dimensions",
                system=as_label(a.names.full(str(s))),
                known=k,
                n=n,
            )
            for s, k in known.items()
        },
    )
    marks = [
        {"x": t.tile_column, "y": t.tile_row, "showarrow": False, "captureevents": False,
         "text": f"{str(t.system_id).replace('-', '<br>')}<br><b>{known[t.system_id]}</b>",
         "font": {"size": 11, "color": COLOURS[f"l{shade[str(t.system_id)]}t"]}}
        for t in each_row(tiles)
    ]  # fmt: skip
    frames = [
        {"type": "rect", "x0": t.tile_column - 0.48, "x1": t.tile_column + 0.48,
         "y0": t.tile_row - 0.48, "y1": t.tile_row + 0.48,
         "line": {"color": COLOURS["ink" if t.system_id in a.ranked else "edge"],
                  "width": 2.5 if t.system_id in a.ranked else 1}}
        for t in each_row(tiles)
    ]  # fmt: skip
    few = [(a.names.system(str(s)), k) for s, k in known.items() if k <= 4]
    columns, rows = tiles["tile_column"].max() + 1, tiles["tile_row"].max() + 1
    layout = {
        "height": 50 * rows + 8, "annotations": marks, "shapes": frames,
        "margin": {"l": 2, "r": 2, "t": 4, "b": 4},
        "xaxis": axis(visible=False, range=[-0.52, columns - 0.48]),
        "yaxis": axis(visible=False, range=[rows - 0.48, -0.52]),
        "meta": {"narrow": {"height": 44 * rows + 8}, "widest": 50 * columns},
    }  # fmt: skip
    least = a.ranking.min_dimensions
    many = plural(
        len(a.ranked),
        "One system has evidence on {least} or more dimensions",
        "{n} systems have evidence on {least} or more dimensions",
        "No systems have evidence on {least} or more dimensions",
        least=phrase("one|or more dimensions") if least == 1 else count(least),
    )
    rest = plural(len(few), "one on four or fewer", "{n} on four or fewer", "none on four or fewer")
    title = capital(f"{many}, {rest}")
    ranked = {True: phrase("yes|ranked"), False: phrase("no|ranked")}
    frame = pd.DataFrame(
        {
            phrase("System"): [a.names.system(str(s)) for s in known.index],
            phrase("Dimensions with evidence"): known.tolist(),
            phrase("Ranked|heading"): [ranked[s in a.ranked] for s in known.index],
        }
    )
    return chart(
        a, "coverage", title,
        phrase(
            "One tile per system, each the same size, with the number of the {n} dimensions that "
            "have evidence; a strong frame: ranked",
            n=n,
        ),
        phrase(
            "Tile map of {n} systems. Four dimensions or fewer: {systems}.",
            n=len(tiles),
            systems=listed(f"{name} {k}" for name, k in few),
        ),
        [heat], layout, frame, a.evidence.rows,
    )  # fmt: skip


def _heat(z: list[list[Any]], top: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "heatmap", "z": z, "zmin": -0.5, "zmax": top + 0.5, "colorscale": LEVEL_SCALE,
        "showscale": False, "xgap": 3, "ygap": 3, "hoverongaps": False,
        "hovertemplate": "%{text}<extra></extra>", **more,
    }  # fmt: skip


def dimension_maps(a: Analysis, columns: int = 4) -> Chart:
    """Draw the level of every system on each dimension, one small tile map per dimension.

    Parameters
    ----------
    a : Analysis
    columns : int
        Small maps in a row; two on a phone.

    Returns
    -------
    Chart

    Raises
    ------
    MethodError
        If no system with evidence has a place on the map.
    """
    tiles = _tiles(a)
    data, shapes = [], []
    layout: dict[str, Any] = {"margin": {"l": 2, "r": 2, "t": 0, "b": 0}}
    narrow: dict[str, Any] = {"annotations": [], "margin": layout["margin"]}
    width, depth = tiles["tile_column"].max() + 1, tiles["tile_row"].max() + 1
    titles, points = [], []
    for n, d in enumerate(a.dimensions):
        suffix = "" if n == 0 else str(n + 1)
        levels = {str(s): a.level(str(s), d) for s in tiles["system_id"]}
        # Minus a half lies below the scale's first colour: a gap is a tile with nothing in it.
        data.append(
            _heat(_grid(tiles, levels), 3, xaxis=f"x{suffix}", yaxis=f"y{suffix}", xgap=1, ygap=1)
            | {
                "text": _grid(
                    tiles,
                    {
                        s: phrase(
                            "{system}: level {level}", system=as_label(a.names.system(s)), level=v
                        )
                        for s, v in levels.items()
                        if v is not None
                    },
                )
            }
        )
        gaps = [t for t in each_row(tiles) if levels[str(t.system_id)] is None]
        points.append(
            {"type": "scatter", "mode": "markers", "xaxis": f"x{suffix}", "yaxis": f"y{suffix}",
             "x": [t.tile_column for t in gaps], "y": [t.tile_row for t in gaps],
             "marker": {"size": 3, "color": COLOURS["edge"]}, "hoverinfo": "skip"}
        )  # fmt: skip
        # One path for all tiles of a map: a shape for each is most of the page, and slow to draw.
        path = "".join(_square(t) for t in each_row(tiles) if t not in gaps)
        shapes += [
            {"type": "path", "xref": f"x{suffix}", "yref": f"y{suffix}", "path": path,
             "line": {"color": COLOURS["edge"], "width": 0.8}}
        ] if path else []  # fmt: skip
        counts = [sum(v == level for v in levels.values()) for level in (3, 2, 1, 0)]
        titles.append((a.names.short(d), counts, len(gaps)))
        for where, per_row in ((layout, columns), (narrow, 2)):
            x, y = _domains(n, len(a.dimensions), per_row)
            where[f"xaxis{suffix}"] = {"domain": x} | (
                axis(visible=False, range=[-0.6, width - 0.4]) if where is layout else {}
            )
            where[f"yaxis{suffix}"] = {"domain": y} | (
                axis(visible=False, range=[depth - 0.4, -0.6]) if where is layout else {}
            )
    for where, per_row in ((layout, columns), (narrow, 2)):
        labels = []
        for n, (name, counts, _) in enumerate(titles):
            x, y = _domains(n, len(titles), per_row)
            said = " ".join(
                f"{c}×{level}" for c, level in zip(counts, (3, 2, 1, 0), strict=True) if c
            )
            labels.append(
                {"xref": "paper", "yref": "paper", "x": x[0], "y": y[1], "xanchor": "left",
                 "yanchor": "bottom", "align": "left", "showarrow": False,
                 "text": f"<b>{as_label(name)}</b><br><span style='font-size:11px'>{said}</span>",
                 "font": {"size": 13, "color": COLOURS["ink"]}}
            )  # fmt: skip
        where["annotations"] = labels
        rows = -(-len(titles) // per_row)
        where["height"] = rows * (290 if where is layout else 250)
    layout["shapes"] = shapes
    layout["meta"] = {"narrow": narrow}
    frame = pd.DataFrame(
        [
            [a.names.dimension(d), *counts, gaps]
            for d, (_, counts, gaps) in zip(a.dimensions, titles, strict=True)
        ],
        columns=[
            phrase("Dimension"),
            *(phrase("Level {level}", level=level) for level in (3, 2, 1, 0)),
            phrase("No evidence|heading"),
        ],
    )
    told = (
        phrase(
            "{dimension}: {three} at level 3, {two} at 2, {one} at 1, {zero} at 0, {gaps} gaps.",
            dimension=name,
            three=c[0],
            two=c[1],
            one=c[2],
            zero=c[3],
            gaps=gaps,
        )
        for name, c, gaps in titles
    )
    return chart(
        a, "dimension-maps",
        _most_and_least(a, [counts[0] for _, counts, _ in titles]),
        phrase(
            "The same tiles by dimension: the fuller the shade, the higher the level; a point: no "
            "evidence found. 12×1: twelve systems at level 1"
        ),
        " ".join([phrase("Small tile maps."), *told]),
        [*data, *points], layout, frame, a.evidence.rows,
    )  # fmt: skip


def _most_and_least(a: Analysis, reached: list[int]) -> str:
    """Say on which dimensions most and fewest systems reach level 3."""
    order = sorted(range(len(reached)), key=lambda i: -reached[i])
    best, worst = order[0], order[-1]
    most = plural(
        reached[best],
        "Level 3 is reached most often on {dimension} (one system)",
        "Level 3 is reached most often on {dimension} ({n} systems)",
        "Level 3 is reached most often on {dimension} (no systems)",
        dimension=a.names.dimension(a.dimensions[best]).inside,
    )
    least = plural(
        reached[worst],
        "least often on {dimension} (one)",
        "least often on {dimension} ({n})",
        "least often on {dimension} (none)",
        dimension=a.names.dimension(a.dimensions[worst]).inside,
    )
    return f"{most}, {least}"


def _square(tile: Any) -> str:
    x, y = tile.tile_column, tile.tile_row
    return f"M{x - 0.45:.2f},{y - 0.45:.2f}H{x + 0.45:.2f}V{y + 0.45:.2f}H{x - 0.45:.2f}Z"


def _domains(n: int, of: int, per_row: int) -> tuple[list[float], list[float]]:
    """Return the place of the n-th small picture: x from the left, y from the top."""
    rows = -(-of // per_row)
    column, row = n % per_row, n // per_row
    gap = 0.03
    width = (1 - gap * (per_row - 1)) / per_row
    top = 1 - row / rows
    return (
        [column * (width + gap), column * (width + gap) + width],
        [max(0.0, top - 0.97 / rows), top - 0.2 / rows],
    )
