"""Results as charts that carry their text alternative, their data and their sources.

A `Chart` is one record: the plotly specification as a plain dict (figure objects cost 25 times as
much to build), the finding as its title, what it shows in words, the data behind it. It shows
itself in JupyterLab and in an exported page; `.figure()` gives a plotly Figure to work on.
Colours in a specification are those of the light page; a page maps them to its own scheme.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.errors import MethodError
from mcanalysis.language import ORIGINAL, phrase, spoken
from mcanalysis.marks import src
from mcanalysis.markup import MIME, Block, block, scrolling, source_records, table
from mcanalysis.texts import strong

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


COLOURS = {
    "paper": "#ffffff", "ink": "#17212b", "ink2": "#46525e", "line": "#dcdfe2", "edge": "#7d8893",
    "accent": "#27408b", "range": "#7284b8",
    "l0": "#fefefe", "l1": "#d5def2", "l2": "#8fa5d8", "l3": "#27408a",
    "l0t": "#17212c", "l1t": "#17212d", "l2t": "#0d1730", "l3t": "#fffffe",
}  # fmt: skip


"""Colours of the light page by the name of their CSS variable; each stands once, so that a page
can map them to its scheme."""


FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", '
    '"Liberation Sans", Arial, sans-serif'
)


DOTS = {"high": "•••", "medium": "••", "low": "•"}


@dataclass(frozen=True)
class Chart:
    """A chart with all that a reader needs to understand and check it.

    Attributes
    ----------
    name : str
        Id on the page.
    title, subtitle : str
        The finding as a sentence, and what is drawn.
    alt : str
        What the chart shows, for readers who cannot see it.
    spec : dict
        Plotly figure: ``data`` and ``layout``. ``layout.meta.narrow``, if there, holds what
        differs on a phone, ``layout.meta.tight`` what differs on a tablet and on paper.
    data : DataFrame
        The figures behind it, columns named for a reader.
    sources : tuple of (str, str)
        source_id and locator of the rows drawn.
    study_sources : dict
        source_id -> row of ``sources.csv``.
    note : str
        Small print under the chart.
    tabular : str
        Markup of the data table where its cells carry source marks; by default made from `data`.
    """

    name: str
    title: str
    subtitle: str
    alt: str
    spec: Mapping[str, Any]
    data: pd.DataFrame
    sources: tuple[tuple[str, str], ...] = ()
    study_sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    note: str = ""
    tabular: str = ""

    def figure(self) -> Figure:
        """Return the chart as a plotly Figure, titled, for further work in a notebook."""
        from plotly.graph_objects import Figure

        figure = Figure(self._titled())
        figure.layout.meta = None
        return figure

    def _titled(self) -> dict[str, Any]:
        """Return the figure with title and subtitle above it, as it stands alone."""
        lines = [f"<b>{as_label(line)}</b>" for line in textwrap.wrap(self.title, 80)]
        lines += [
            f"<span style='font-size:13px'>{as_label(line)}</span>"
            for line in textwrap.wrap(self.subtitle, 105)
        ]
        layout = dict(self.spec["layout"])
        above = 22 * len(lines) + 30
        layout |= {
            "title": {
                "text": "<br>".join(lines), "x": 0, "xref": "container", "xanchor": "left",
                "y": 1, "yref": "container", "yanchor": "top", "pad": {"l": 8, "t": 20},
                "font": {"size": 16},
            },
            "margin": {**layout["margin"], "t": layout["margin"]["t"] + above},
            "height": layout["height"] + above,
        }  # fmt: skip
        return {"data": self.spec["data"], "layout": layout}

    @property
    def html(self) -> str:
        """Markup of the chart for a page: caption, drawing area, data table, sources."""
        marks = "".join(src(s, place) for s, place in self.sources)
        cited = f'<p class="cites">{phrase("Sources of the data:")} {marks}</p>' if marks else ""
        note = f'<p class="note">{strong(self.note)}</p>' if self.note else ""
        height = self.spec["layout"].get("height", 400)
        return (
            f'<figure class="chart"><figcaption><span class="ft">{as_label(self.title)}</span> '
            f'<span class="fs">{as_label(self.subtitle)}</span></figcaption>'
            f'<div class="plot" id="{self.name}" style="min-height:{height}px" role="img" '
            f'aria-label="{escape(self.alt)}"></div>{note}'
            f'<details class="data"><summary>{phrase("Data of this chart")}</summary>'
            f"{self.tabular or scrolling(self.alt, self._table())}{cited}</details></figure>"
        )

    def _table(self) -> str:
        cells = [[escape(str(c)) for c in row] for row in self.data.astype(str).to_numpy()]
        return table(self.alt, [escape(c) for c in self.data.columns], cells, "plain small")

    @property
    def charts(self) -> tuple[Mapping[str, Any], ...]:
        """The specification with its id, as a page needs it."""
        return ({"id": self.name, **self.spec},)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        titled = self._titled()
        titled["layout"] = {k: v for k, v in titled["layout"].items() if k != "meta"}
        return {
            "text/plain": f"{self.title}. {self.alt}",
            "application/vnd.plotly.v1+json": {**titled, "config": {"displayModeBar": False}},
            MIME: Block(self.html, "", self.study_sources, self.charts).payload(),
        }


def chart(
    a: Analysis,
    name: str,
    title: str,
    subtitle: str,
    alt: str,
    data: Sequence[Mapping[str, Any]],
    layout: Mapping[str, Any],
    frame: pd.DataFrame,
    rows: pd.DataFrame | None = None,
    note: str = "",
    tabular: str = "",
) -> Chart:
    """Make a chart in the look of the project; `rows` of evidence give its sources."""
    cited: tuple[tuple[str, str], ...] = ()
    if rows is not None:
        pairs = zip(rows["source_id"].astype(str), rows["locator"].astype(str), strict=True)
        cited = tuple(dict.fromkeys(pairs))
    base: dict[str, Any] = {
        "font": {"family": FONT, "size": 13, "color": COLOURS["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {
            "bgcolor": COLOURS["paper"],
            "bordercolor": COLOURS["edge"],
            "font": {"family": FONT, "size": 13, "color": COLOURS["ink"]},
            "align": "left",
        },
        "dragmode": False,
    }
    if spoken() != ORIGINAL:
        base["separators"] = ",\u202f"  # of decimals and thousands
    spec = json.loads(
        json.dumps({"data": list(data), "layout": {**base, **layout}}, default=_plain),
        parse_constant=lambda _: None,  # NaN is no JSON, and draws as nothing
    )
    found = {
        **source_records(a.study, dict.fromkeys(s for s, _ in cited)),
        **block(a.study, tabular).sources,
    }
    return Chart(name, title, subtitle, alt, spec, frame, cited, found, note, tabular)


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def need_ranked(a: Analysis) -> None:
    """Raise MethodError if there is nobody to draw."""
    if not a.ranked:
        raise MethodError(
            "No system has enough evidence to be ranked. Lower min_dimensions, or code more of "
            "the dimensions."
        )


def axis(**more: Any) -> dict[str, Any]:
    """Return a quiet axis: no zoom, no box, thin grid."""
    return {
        "fixedrange": True, "zeroline": False, "showline": False, "ticks": "",
        "gridcolor": COLOURS["line"], "automargin": False,
        "tickfont": {"color": COLOURS["ink2"], "size": 13}, **more,
    }  # fmt: skip


def as_label(text: str) -> str:
    """Escape a text for a label: plotly reads few entities, and none for quotes."""
    return escape(text, quote=False)


def wrapped(text: str, width: int = 60) -> str:
    """Break a text for a hover label."""
    return "<br>".join(as_label(line) for line in textwrap.wrap(text, width))


LEVEL_SCALE = [
    [0, COLOURS["l0"]], [0.25, COLOURS["l0"]], [0.25, COLOURS["l1"]], [0.5, COLOURS["l1"]],
    [0.5, COLOURS["l2"]], [0.75, COLOURS["l2"]], [0.75, COLOURS["l3"]], [1, COLOURS["l3"]],
]  # fmt: skip
