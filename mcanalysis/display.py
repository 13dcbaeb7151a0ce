"""How records show themselves: a title, a few figures, the start of a table.

The markup has no colours of its own, so that it suits a light theme and a dark one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

_ROWS = 12
_CELL = "padding:.15rem .9rem .15rem 0;border:0;"
_RULE = "border-bottom:1px solid color-mix(in srgb,currentColor 30%,transparent);"


@dataclass(frozen=True)
class Card:
    """What a record shows of itself.

    Attributes
    ----------
    title : str
    figures : dict of str to object
        Label -> value, each in a line.
    table : DataFrame or None
        Its first rows are shown.
    note : str
    """

    title: str
    figures: dict[str, Any] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    note: str = ""


class Shown:
    """A record with a display for notebooks and one for a terminal."""

    def _card(self) -> Card:
        raise NotImplementedError

    def __repr__(self) -> str:
        card = self._card()
        lines = [card.title, *(f"  {label}: {value}" for label, value in card.figures.items())]
        if card.table is not None and len(card.table):
            shown = card.table.head(_ROWS).map(_plain)
            lines += ["", shown.to_string(max_colwidth=48)]
            lines += [_more(card.table)] if len(card.table) > _ROWS else []
        return "\n".join([*lines, *([card.note] if card.note else [])])

    def _repr_html_(self) -> str:
        card = self._card()
        figures = "".join(
            f'<tr style="background:none"><th scope="row" style="{_CELL}text-align:left;'
            f'font-weight:400;opacity:.75">{escape(label)}</th>'
            f'<td style="{_CELL}text-align:left">{escape(str(value))}</td></tr>'
            for label, value in card.figures.items()
        )
        parts = [f'<p style="margin:0 0 .3rem"><b>{escape(card.title)}</b></p>']
        if figures:
            parts.append(
                f'<table style="margin:0 0 .5rem;border:0"><tbody>{figures}</tbody></table>'
            )
        if card.table is not None and len(card.table):
            parts.append(_table(card.table, card.title))
        if card.note:
            parts.append(f'<p style="margin:.3rem 0 0;opacity:.75">{escape(card.note)}</p>')
        return f'<div style="overflow-x:auto">{"".join(parts)}</div>'


def _table(frame: pd.DataFrame, caption: str) -> str:
    named = [str(frame.index.name or ""), *map(str, frame.columns)]
    head = "".join(
        f'<th scope="col" style="{_CELL}{_RULE}text-align:{"left" if n == 0 else "right"}">'
        f"{escape(name.replace('_', ' '))}</th>"
        for n, name in enumerate(named)
    )
    body = "".join(
        f'<tr style="background:none"><th scope="row" style="{_CELL}text-align:left">'
        f"{escape(str(index))}</th>"
        + "".join(f'<td style="{_CELL}text-align:right">{escape(_plain(v))}</td>' for v in row)
        + "</tr>"
        for index, row in zip(
            frame.index[:_ROWS], frame.head(_ROWS).itertuples(index=False), strict=True
        )
    )
    more = f'<p style="margin:0;opacity:.75">{_more(frame)}</p>' if len(frame) > _ROWS else ""
    return (
        f'<table style="margin:0;border:0"><caption style="position:absolute;clip-path:inset(50%);'
        f'width:1px;height:1px;overflow:hidden">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
    )


def _more(frame: pd.DataFrame) -> str:
    return f"… and {len(frame) - _ROWS} more"


def _plain(value: Any) -> str:
    """Write a cell: a gap as a dash, a fraction with two decimals."""
    if pd.api.types.is_scalar(value) and pd.isna(value):
        return "–"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) > 1 else f"{value:.2f}"
    return str(value)
