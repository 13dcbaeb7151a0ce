"""The tables of a page as rows of text: what a reader without the picture is told.

What screen readers pass over is left out; numbered marks of sources become a column of their own.
`take.js` reads the same tables in the browser by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape

from mcanalysis.language import marked, phrase

_TABLE = re.compile(r"<table\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(.*?)</table>", re.DOTALL)
_BOARD = re.compile(r'<div class="quad ([SWOT])">(.*?)(?=<div class="quad |</figure>|$)', re.DOTALL)
_TOKEN = re.compile(r"<(/?)([a-zA-Z][\w-]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>|([^<]+|<)", re.DOTALL)
# Tables inside a chain: their rows are those of the study.
_UNTAKEN = re.compile(r'class="?mini\b')
_VOID = {"br", "col", "hr", "img", "input", "wbr"}
_BEFORE, _AFTER = re.compile(r"\s+([,.;:%)\]])"), re.compile(r"([(\[])\s+")
SIDES = {
    "S": marked("strength"), "W": marked("weakness"), "O": marked("opportunity"),
    "T": marked("threat"),
}  # fmt: skip
"""Letter of a quadrant -> its name."""


@dataclass(frozen=True)
class Taken:
    """A table as a reader takes it along.

    Attributes
    ----------
    caption : str
    head : tuple of str
    rows : tuple of tuple of str
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class _Cell:
    parts: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        # Words of two elements do not run together: "1" and "80%" are not 180%.
        text = " ".join(" ".join(self.parts).split())
        return _BEFORE.sub(r"\1", _AFTER.sub(r"\1", text))


def taken_tables(html: str, sources: str = "Sources", words: str = "In words") -> list[Taken]:
    """Read the tables of a page, those inside chains left out.

    Parameters
    ----------
    html : str
        Markup with numbered sources.
    sources : str
        Head of the column that holds the numbers of sources.
    words : str
        Head of a column whose own is a picture.

    Returns
    -------
    list of Taken
        In the order of the page; a column that holds only pictures is left out.

    Examples
    --------
    >>> from mcanalysis.markup import table
    >>> taken_tables(table("Levels", ["System", "Level"], [["Ö &amp; Ä", "2"]]))[0].rows
    (('Ö & Ä', '2'),)
    """
    found = []
    for attributes, inner in _TABLE.findall(html):
        if not _UNTAKEN.search(attributes):
            caption, head, rows = _read(inner)
            found.append(_narrowed(caption, head, rows, sources, words))
    return [t for t in found if t.rows]


def taken_factors(html: str, head: Sequence[str]) -> Taken | None:
    """Read the SWOT board of a page.

    Parameters
    ----------
    html : str
    head : sequence of str
        Caption and six column headers: factor, quadrant, statement, dimension, more, sources.

    Returns
    -------
    Taken or None
        One row per factor; None where there is no board.
    """
    rows = []
    for side, inner in _BOARD.findall(html):
        for part in re.split(r'<li data-factor="', inner)[1:]:
            name, _, rest = part.partition('"')
            body = rest[rest.index(">") + 1 :].partition("</li>")[0]
            statement, _, meta = body.partition("</p>" if "</p>" in body else '<span class="meta">')
            dimension = re.search(r'<span class="dim">(.*?)</span>', meta)
            meta = meta.replace(dimension[0], "") if dimension else meta
            cells = [_inline(t) for t in (statement, dimension[1] if dimension else "", meta)]
            marks = "; ".join(dict.fromkeys(m for c in cells for m in c.marks))
            rows.append((unescape(name), phrase(SIDES[side]), *(c.text for c in cells), marks))
    return Taken(head[0], tuple(head[1:]), tuple(rows)) if rows else None


def _heard(html: str) -> Iterator[tuple[str, str, str]]:
    """Yield what is not hidden from screen readers: kind, tag or text, attributes."""
    hidden, depth = "", 0
    for end, tag, attributes, text in _TOKEN.findall(html):
        tag = tag.lower()
        if hidden:
            if tag == hidden and not attributes.endswith("/"):
                depth += -1 if end else 1
            if not depth:
                hidden = ""
            continue
        if text:
            yield "text", unescape(text), ""
            continue
        if not end and tag not in _VOID and not attributes.endswith("/"):
            mute = tag in ("script", "style", "svg", "template", "button")
            if mute or 'aria-hidden="true"' in attributes or 'class="ax"' in attributes:
                hidden, depth = tag, 1
                continue
        yield "end" if end else "start", tag, attributes


def _fill(cell: _Cell, kind: str, what: str, attributes: str, mark: bool) -> bool:
    """Add to a cell; return whether a mark of a source is open."""
    if kind == "text":
        if mark:
            number = what.strip()
            if number.isdigit() and number not in cell.marks:
                cell.marks.append(number)
        else:
            cell.parts.append(what)
    elif what == "a":
        mark = kind == "start" and 'class="src"' in attributes
    return mark


def _inline(html: str) -> _Cell:
    cell, mark = _Cell(), False
    for token in _heard(html):
        mark = _fill(cell, *token, mark)
    return cell


def _read(inner: str) -> tuple[str, list[_Cell], list[list[_Cell]]]:
    caption, head, rows = _Cell(), [], []
    cell: _Cell | None = None
    row: list[_Cell] = []
    in_head = mark = False
    for kind, what, attributes in _heard(inner):
        if kind == "text":
            if cell is not None:
                mark = _fill(cell, kind, what, attributes, mark)
        elif what == "thead":
            in_head = kind == "start"
        elif what == "caption":
            cell = caption if kind == "start" else None
        elif what == "tr":
            if kind == "start":
                row, cell = [], None
            elif in_head:
                head = row
            else:
                rows.append(row)
        elif what in ("th", "td"):
            cell = None
            if kind == "start":
                cell = _Cell()
                span = re.search(r'colspan="?(\d+)', attributes)
                row += [cell, *(_Cell() for _ in range(1, min(int(span[1]), 100) if span else 1))]
        elif cell is not None:
            mark = _fill(cell, kind, what, attributes, mark)
    return caption.text, head, rows


def _narrowed(
    caption: str, head: list[_Cell], rows: list[list[_Cell]], sources: str, words: str
) -> Taken:
    """Leave out columns without text, and put the sources into one of their own."""
    width = max([len(head), *map(len, rows)], default=0)
    names = [c.text for c in head] + [""] * (width - len(head))
    texts = [[c.text for c in row] + [""] * (width - len(row)) for row in rows]
    kept = [c for c in range(width) if any(row[c] for row in texts)]
    marks = ["; ".join(dict.fromkeys(m for c in row for m in c.marks)) for row in rows]
    cited = any(marks)
    return Taken(
        caption,
        (*(names[c] or (words if c else "") for c in kept), *([sources] if cited else [])),
        tuple(
            (*(row[c] for c in kept), *([mark] if cited else []))
            for row, mark in zip(texts, marks, strict=True)
        ),
    )
