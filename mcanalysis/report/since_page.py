"""What changed since the last edition, as a page says it: conclusions first, then what moved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from mcanalysis.language import marked, phrase
from mcanalysis.marks import src
from mcanalysis.markup import table
from mcanalysis.texts import marked_up, statement
from mcanalysis.wording import capital, count, day, plural

QUADRANTS = {
    "strength": marked("strength"),
    "weakness": marked("weakness"),
    "opportunity": marked("opportunity"),
    "threat": marked("threat"),
}
FACTOR = {
    "added": marked("Added|factor"),
    "removed": marked("Removed|factor"),
    "moved": marked("Moved|factor"),
    "reworded": marked("Reworded|factor"),
}
"""What happened to a factor."""


def since_html(told: Mapping[str, Any], own: bool) -> str:
    """Say what changed since the last edition.

    Parameters
    ----------
    told : dict
        From `changes_about`, with ``was`` and ``now``, the ISO dates of both editions.
    own : bool
        Whether it is about one system, which rows need not name then.

    Returns
    -------
    str
        Markup with source marks; links begin at the root of the site.
    """
    was, now = day(told["was"]), day(told["now"])
    if not any(told[name] for name in ("conclusions", "levels", "told", "factors")):
        if was == now:
            said = phrase(
                "Nothing has changed here since the edition before, of the same day ({now}): no "
                "conclusion, no level, no statement, no factor.",
                now=now,
            )
        else:
            said = phrase(
                "Nothing has changed here since the edition of {was}: no conclusion, no level, no "
                "statement, no factor.",
                was=was,
            )
        return f"<p>{said}</p>"
    if was == now:
        said = phrase("The edition of {now} against the one before, of the same day.", now=now)
    else:
        said = phrase("The edition of {now} against that of {was}.", now=now, was=was)
    parts = [f"<p class=intro>{said}</p>", _conclusions(told["conclusions"])]
    for name, caption in (
        ("levels", phrase("Levels that moved")),
        ("told", phrase("Statements that were reworded")),
    ):
        if told[name]:
            head = (phrase("Dimension"), phrase("Level|heading"))
            parts.append(_table(caption, head, [_row(r, own) for r in told[name]]))
    if told["factors"]:
        head = (phrase("Dimension"), phrase("Factor"))
        rows = [_factor(r, own) for r in told["factors"]]
        parts.append(_table(phrase("Factors that changed"), head, rows))
    left = sum(told["more"].values())
    if left:
        said = plural(
            left,
            "One more change stands on the page of [changes].",
            "{n} more changes stand on the page of [changes].",
            n=capital(count(left)),
        )
        link = escape(said).replace("[", '<a href="{root}changes.html">').replace("]", "</a>")
        parts.append(f'<p class="more">{link}</p>')
    return "".join(parts)


def _conclusions(found: Sequence[Mapping[str, Any]]) -> str:
    if not found:
        return f'<p class="news">{phrase("No conclusion changed.")}</p>'
    items = []
    for one in found:
        others = ""
        if one["others"]:
            said = plural(
                one["others"],
                "One row of other ranked systems bears it, too.",
                "{n} rows of other ranked systems bear it, too.",
                n=capital(count(one["others"])),
            )
            others = f' <span class="note">{said}</span>'
        items.append(f"<li><p>{marked_up(one['said'])}{others}</p></li>")
    return f'<ol class="news">{"".join(items)}</ol>'


def _table(caption: str, head: tuple[str, str], rows: Sequence[Sequence[str]]) -> str:
    columns = [*head, phrase("Before"), phrase("Now|heading")]
    return f"<h3>{caption}</h3>" + table(caption, columns, rows, "chg since")


def _row(row: Mapping[str, Any], own: bool) -> list[str]:
    was, now = row["was"], row["now"]
    move = was["what"] if was["what"] == now["what"] else f"{was['what']} → {now['what']}"
    whole = re.sub(r" (?=[\d→])", "\N{NO-BREAK SPACE}", move)
    return [_place(row, own), escape(whole), *_sides(row)]


def _factor(row: Mapping[str, Any], own: bool) -> list[str]:
    was, now = (phrase(QUADRANTS[q]) if (q := row[s]["what"]) else "" for s in ("was", "now"))
    quadrant = f"{was} → {now}" if row["kind"] == "moved" else now or was
    what = escape(f"{phrase(FACTOR[row['kind']])}, {quadrant}")
    return [_place(row, own), what, *_sides(row)]


def _place(row: Mapping[str, Any], own: bool) -> str:
    return ", ".join(
        escape(name) for name in (row["dimension"], "" if own else row["system"]) if name
    )


def _sides(row: Mapping[str, Any]) -> list[str]:
    """Return what the two editions say, each under a word where a small screen has no columns."""
    cells = []
    for name, word in (("was", phrase("Before")), ("now", phrase("Now|heading"))):
        side, when = row[name], f'<span class="wl" aria-hidden="true">{word}: </span>'
        if side["statement"]:
            mark = src(side["source_id"], side["locator"]) if side["source_id"] else ""
            said = f'{statement(side["statement"])} <span class="meta">{mark}</span>'
        else:
            said = f'<span class="note">{phrase("none|statement")}</span>'
        cells.append(when + said)
    return cells
