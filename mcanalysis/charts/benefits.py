"""Benefits of a stakeholder as charts, across systems."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.charts.record import COLOURS, LEVEL_SCALE, Chart, as_label, axis, chart, need_ranked
from mcanalysis.frames import cell, each_row
from mcanalysis.language import phrase
from mcanalysis.wording import capital, decimal, percent, plural


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
        f"<b>{as_label(n)}</b><br>{_realised(r.realised, r.lower, r.upper)}"
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
                      ticktext=[percent(v / 4) for v in range(5)]),
        "yaxis": axis(tickvals=ys, ticktext=[as_label(n) for n in names],
                      range=[len(g) - 0.4, -0.6], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "meta": {"narrow": {"margin": {"l": 112, "r": 20, "t": 28, "b": 6},
                            "yaxis": {"tickfont": {"size": 11}}}},
    }  # fmt: skip
    frame = pd.DataFrame(
        {phrase("System"): names,
         phrase("Realised|share"): [percent(v) for v in g["realised"]],
         phrase("From|least share"): [percent(v) for v in g["lower"]],
         phrase("To|largest share"): [percent(v) for v in g["upper"]]}
    )  # fmt: skip
    title = plural(
        half,
        "One ranked system of {total} has at least half in place of what the benefits of {group} "
        "depend on",
        "{n} ranked systems of {total} have at least half in place of what the benefits of {group} "
        "depend on",
        "No ranked systems of {total} have at least half in place of what the benefits of {group} "
        "depend on",
        total=len(g),
        group=who,
    )
    shares = ", ".join(f"{n} {percent(v)}" for n, v in zip(names, g["realised"], strict=True))
    return chart(
        a, "group", capital(title),
        phrase(
            "Dot: mean share realised of the benefits of this group; bar: range over gaps and "
            "low-confidence levels"
        ),
        phrase("Share realised for {group}: {shares}.", group=who, shares=shares),
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
            line.append(f"{head}<br>{_realised(r['realised'], r['lower'], r['upper'])}")
            shade = 0 if not known else min(3, int(r["realised"] * 4))
            marks.append(
                {"x": x, "y": y, "showarrow": False, "captureevents": False,
                 "text": f"<b>{decimal(100 * r['realised'], 0)}</b>" if known else "·",
                 "font": {"size": 11, "color": COLOURS[f"l{shade}t" if known else "ink2"]}}
            )  # fmt: skip
        text.append(line)
    heat = {
        "type": "heatmap", "z": z, "zmin": 0, "zmax": 1, "colorscale": LEVEL_SCALE,
        "showscale": False,
        "xgap": 2, "ygap": 2, "text": text, "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip
    labels = [_two_lines(a.names.benefit(i)) for i in order]
    longest = max(len(a.names.benefit(i)) for i in order)
    upright = min(360, 6 * longest)  # pixels of a head in one line
    layout = {
        "height": 29 * len(systems) + 176, "annotations": marks,
        "margin": {"l": 138, "r": 84, "t": 170, "b": 6},
        "xaxis": axis(side="top", tickvals=list(range(len(order))), ticktext=labels, tickangle=-55,
                      ticklabeloverflow="allow", showgrid=False, range=[-0.5, len(order) - 0.5]),
        "yaxis": axis(tickvals=list(range(len(systems))),
                      ticktext=[as_label(a.names.system(s)) for s in systems],
                      range=[len(systems) - 0.5, -0.5], showgrid=False,
                      tickfont={"color": COLOURS["ink"], "size": 13}),
        "meta": {"tight": {"margin": {"r": 4, "t": 176}, "xaxis": {"tickangle": -90}},
                 "narrow": {"height": 29 * len(systems) + upright + 6,
                            "margin": {"l": 54, "r": 4, "t": upright, "b": 6},
                            "yaxis": {"ticktext": systems, "tickfont": {"size": 11}},
                            "xaxis": {"tickangle": -90, "tickfont": {"size": 11},
                                      "ticktext": [as_label(a.names.benefit(i)) for i in order]}}},
    }  # fmt: skip
    frame = pd.DataFrame(
        [
            [
                a.names.system(s),
                *(
                    phrase("no evidence")
                    if pd.isna(cell(at, (s, i), "realised"))
                    else phrase(
                        "{share} ({low} to {high})",
                        share=percent(cell(at, (s, i), "realised")),
                        low=percent(cell(at, (s, i), "lower")),
                        high=percent(cell(at, (s, i), "upper")),
                    )
                    for i in order
                ),
            ]
            for s in systems
        ],
        columns=[phrase("System"), *(a.names.benefit(i) for i in order)],
    )
    medians = value.median()
    return chart(
        a, "benefits",
        phrase(
            "{first} is furthest along, {last} is furthest off",
            first=a.names.benefit(order[0]),
            last=a.names.benefit(order[-1]).inside,
        ),
        phrase(
            "Per cent of what each benefit depends on that is in place; the fuller the shade, the "
            "more; ranges in the data"
        ),
        phrase(
            "Heat map of the benefits of {group} in {n} systems. Median realised: {benefits}.",
            group=a.names.stakeholder(stakeholder).inside,
            n=len(systems),
            benefits=", ".join(f"{a.names.benefit(i)} {percent(medians[i])}" for i in order),
        ),
        [heat], layout, frame, _enabling(a, stakeholder),
    )  # fmt: skip


def _realised(share: float, low: float, high: float) -> str:
    """Say a share realised, if it is known, and its range."""
    between = {"low": percent(low), "high": percent(high)}
    if pd.isna(share):
        return phrase("no evidence; {low} to {high}", **between)
    return phrase("{share} realised; {low} to {high}", share=percent(share), **between)


def _enabling(a: Analysis, stakeholder: str) -> pd.DataFrame:
    """Return the rows on the dimensions that enable the benefits of a stakeholder."""
    return a.rows_of(a.ranked, list(implied_weights(a.study, stakeholder).index))


def _two_lines(label: str) -> str:
    words = label.split()
    if len(label) <= 18 or len(words) < 2:
        return as_label(label)
    cut = min(range(1, len(words)), key=lambda i: abs(len(" ".join(words[:i])) - len(label) / 2))
    return f"{as_label(' '.join(words[:cut]))}<br>{as_label(' '.join(words[cut:]))}"
