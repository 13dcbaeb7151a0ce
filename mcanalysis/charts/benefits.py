"""Benefits of a stakeholder as charts, across systems."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.charts.record import COLOURS, LEVEL_SCALE, Chart, as_label, axis, chart, need_ranked
from mcanalysis.frames import cell, each_row
from mcanalysis.wording import capital, counted, percent


def of_group(a: Analysis, stakeholder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return groups and benefits of a stakeholder in the ranked systems, best system first."""
    a.check_stakeholder(stakeholder)
    g = a.groups[(a.groups["stakeholder_id"] == stakeholder) & a.groups["system_id"].isin(a.ranked)]
    b = a.benefits[
        (a.benefits["stakeholder_id"] == stakeholder) & a.benefits["system_id"].isin(a.ranked)
    ]
    return g.sort_values("realised", ascending=False, kind="stable"), b


def group_chart(a: Analysis, stakeholder: str) -> Chart:
    """Draw how far the benefits of a stakeholder are realised in each ranked system.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Chart

    Raises
    ------
    MethodError
        If no system is ranked.
    """
    g, _ = of_group(a, stakeholder)
    need_ranked(a)
    names = [a.names.system(str(s)) for s in g["system_id"]]
    ys = list(range(len(g)))
    text = [
        f"<b>{as_label(n)}</b><br>{percent(r.realised)} realised; {percent(r.lower)} to "
        f"{percent(r.upper)}"
        for n, r in zip(names, each_row(g), strict=True)
    ]
    bars = {
        "type": "bar", "orientation": "h", "y": ys, "base": [100 * v for v in g["lower"]],
        "x": [max(100 * (u - v), 0.6) for v, u in zip(g["lower"], g["upper"], strict=True)],
        "width": 0.3,
        "marker": {"color": COLOURS["range"], "cornerradius": 4},
        "text": text, "textposition": "none", "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    dots = {
        "type": "scatter", "mode": "markers", "x": [100 * v for v in g["realised"]], "y": ys,
        "marker": {"color": COLOURS["accent"], "size": 10,
                   "line": {"color": COLOURS["paper"], "width": 1.5}},
        "text": text, "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    who = a.names.stakeholder(stakeholder).inside
    half = int((g["realised"] >= 0.5).sum())
    layout = {
        "height": 27 * len(g) + 40, "margin": {"l": 138, "r": 16, "t": 28, "b": 6}, "bargap": 0,
        "xaxis": axis(side="top", range=[0, 101], tickvals=[0, 25, 50, 75, 100],
                      ticktext=["0%", "25%", "50%", "75%", "100%"]),
        "yaxis": axis(tickvals=ys, ticktext=[as_label(n) for n in names],
                      range=[len(g) - 0.4, -0.6], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "meta": {"narrow": {"margin": {"l": 112, "r": 20, "t": 28, "b": 6},
                            "yaxis": {"tickfont": {"size": 11}}}},
    }  # fmt: skip
    frame = pd.DataFrame(
        {"System": names, "Realised": [percent(v) for v in g["realised"]],
         "From": [percent(v) for v in g["lower"]], "To": [percent(v) for v in g["upper"]]}
    )  # fmt: skip
    return chart(
        a, "group",
        f"{capital(counted(half, 'ranked system'))} of {len(g)} {'has' if half == 1 else 'have'} "
        f"at least half in place of what the "
        f"benefits of {who} depend on",
        "Dot: mean share realised of the benefits of this group; bar: range over gaps and "
        "low-confidence levels",
        f"Share realised for {who}: "
        + ", ".join(f"{n} {percent(v)}" for n, v in zip(names, g["realised"], strict=True)) + ".",
        [bars, dots], layout, frame, _enabling(a, stakeholder),
    )  # fmt: skip


def benefit_map(a: Analysis, stakeholder: str) -> Chart:
    """Draw the benefits of a stakeholder by systems: the share realised, with its range.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Chart

    Raises
    ------
    MethodError
        If no system is ranked.
    """
    g, b = of_group(a, stakeholder)
    need_ranked(a)
    systems = [str(s) for s in g["system_id"]]
    value = b.pivot(index="system_id", columns="benefit_id", values="realised").loc[systems]
    order = list(value.median().sort_values(ascending=False, kind="stable").index)
    value = value[order]
    at = b.set_index(["system_id", "benefit_id"])
    z, text, marks = [], [], []
    for y, s in enumerate(systems):
        z.append([None if pd.isna(v) else v for v in np.asarray(value.loc[s], dtype=float)])
        line = []
        for x, i in enumerate(order):
            r = at.loc[(s, i)]
            head = f"<b>{as_label(a.names.system(s))}</b><br>{as_label(a.names.benefit(i))}"
            known = not pd.isna(r["realised"])
            said = f"{percent(r['realised'])} realised" if known else "no evidence"
            line.append(f"{head}<br>{said}; {percent(r['lower'])} to {percent(r['upper'])}")
            shade = 0 if not known else min(3, int(r["realised"] * 4))
            marks.append(
                {"x": x, "y": y, "showarrow": False, "captureevents": False,
                 "text": f"<b>{100 * r['realised']:.0f}</b>" if known else "·",
                 "font": {"size": 12, "color": COLOURS[f"l{shade}t" if known else "edge"]}}
            )  # fmt: skip
        text.append(line)
    heat = {
        "type": "heatmap", "z": z, "zmin": 0, "zmax": 1, "colorscale": LEVEL_SCALE,
        "showscale": False,
        "xgap": 2, "ygap": 2, "text": text, "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    labels = [_two_lines(a.names.benefit(i)) for i in order]
    layout = {
        "height": 29 * len(systems) + 176, "annotations": marks,
        "margin": {"l": 138, "r": 40, "t": 170, "b": 6},
        "xaxis": axis(side="top", tickvals=list(range(len(order))), ticktext=labels, tickangle=-55,
                      showgrid=False, range=[-0.5, len(order) - 0.5]),
        "yaxis": axis(tickvals=list(range(len(systems))),
                      ticktext=[as_label(a.names.system(s)) for s in systems],
                      range=[len(systems) - 0.5, -0.5], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "meta": {"tight": {"margin": {"r": 4, "t": 176}, "xaxis": {"tickangle": -90}},
                 "narrow": {"margin": {"l": 54, "r": 4, "t": 176, "b": 6},
                            "yaxis": {"ticktext": systems, "tickfont": {"size": 11}},
                            "xaxis": {"tickangle": -90, "tickfont": {"size": 11}}}},
    }  # fmt: skip
    frame = pd.DataFrame(
        [
            [a.names.system(s)]
            + [
                "no evidence" if pd.isna(cell(at, (s, i), "realised")) else
                f"{percent(cell(at, (s, i), 'realised'))} ({percent(cell(at, (s, i), 'lower'))} to "
                f"{percent(cell(at, (s, i), 'upper'))})"
                for i in order
            ]
            for s in systems
        ],
        columns=["System", *(a.names.benefit(i) for i in order)],
    )  # fmt: skip
    medians = value.median()
    who = a.names.stakeholder(stakeholder).inside
    return chart(
        a, "benefits",
        f"{a.names.benefit(order[0])} is furthest along, {a.names.benefit(order[-1]).inside} is "
        f"furthest off",
        "Per cent of what each benefit depends on that is in place; the fuller the shade, the "
        "more; ranges in the data",
        f"Heat map of the benefits of {who} in {len(systems)} systems. Median realised: "
        + ", ".join(f"{a.names.benefit(i)} {percent(medians[i])}" for i in order) + ".",
        [heat], layout, frame, _enabling(a, stakeholder),
    )  # fmt: skip


def _enabling(a: Analysis, stakeholder: str) -> pd.DataFrame:
    """Return the rows on the dimensions that enable the benefits of a stakeholder."""
    return a.rows_of(a.ranked, list(implied_weights(a.study, stakeholder).index))


def _two_lines(label: str) -> str:
    words = label.split()
    if len(label) <= 18 or len(words) < 2:
        return as_label(label)
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(label) / 2))
    return f"{as_label(' '.join(words[:cut]))}<br>{as_label(' '.join(words[cut:]))}"
