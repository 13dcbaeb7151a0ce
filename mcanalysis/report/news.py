"""Which conclusions changed, run by run: a page and a feed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from mcanalysis.language import ORIGINAL, marked, phrase, speaking
from mcanalysis.markup import scrolling, table
from mcanalysis.report.following import (
    News,
    in_language_spoken,
    rows_in_words,
    run_in_words,
    waiting_in_words,
)
from mcanalysis.report.frame import CHANGES, FEED, FEED_TITLE, INDEX, frame
from mcanalysis.report.since_page import FACTOR, QUADRANTS
from mcanalysis.texts import strong
from mcanalysis.wording import capital, cited, count, day, listed, plural

MOST_NAMED = 5
"""Rows under a sentence; the table under the sentences has them all."""
MOST_OPEN = 8
"""Sentences of the newest change up to which the rows under them stand open."""
_INTRO = marked(
    "What a reader of the pages of an earlier run must unlearn. A conclusion changes when an "
    "expected rank moves by half a place or leaves its former range, an order of two becomes sure "
    "or no longer is, a system is newly ranked or no longer, a stakeholder's share of benefits "
    "passes a third, the indicators suggest another strength or weakness, or a factor comes, goes "
    "or moves. Times are UTC."
)
_TABLE_ROWS = {
    "added": marked("{n} added"),
    "removed": marked("{n} removed"),
    "changed": marked("{n} changed"),
}


def newest_change(news: News) -> Mapping[str, Any]:
    """Return the newest run that changed a conclusion; empty if none did."""
    return next((run for run in news.history if run["kind"] == "changed"), {})


def last_changes(news: News) -> dict[str, str]:
    """Return system -> when a run last changed a conclusion about it; not those that never did."""
    return {system: run["at"] for system, (run, _) in _newest_about(news).items()}


def _newest_about(news: News) -> dict[str, tuple[Mapping[str, Any], int]]:
    """Return system -> newest run that changed a conclusion about it, position of the first."""
    found: dict[str, tuple[Mapping[str, Any], int]] = {}
    for run in news.history:
        for position, one in enumerate(run.get("conclusions", ())):
            for system in one.get("systems", ()):  # none in runs of earlier versions
                found.setdefault(system, (run, position))
    return found


def render_changes(
    news: News,
    links: Sequence[tuple[str, str]],
    edition: str,
    root: str = "",
    switch: str = "",
) -> str:
    """Make the page of changes.

    Parameters
    ----------
    news : News
    links : sequence of tuple
        Label and address of the links in the header.
    edition : str
        ISO date of the study.
    root, switch : str
        Relative path to the root of the site, where the feed is; links to the page in other
        languages.

    Returns
    -------
    str
        In the language that is spoken, but for runs of the time before there were languages. Same
        news, same bytes.
    """
    newest, about = newest_change(news), _newest_about(news)
    sections = []
    for run in news.history:
        places = [(system, place) for system, (named, place) in about.items() if named is run]
        html = _run(in_language_spoken(run), run is newest, places)
        sections.append((_anchor(run), _heading(run), html))
    waiting = escape(waiting_in_words(not news.history, *news.showing), quote=False)
    if not sections:
        sections = [("none", phrase("No run yet"), f"<p>{waiting}</p>")]
    notice = f'<p class="notice">{waiting}</p>' if news.status == "waiting" else ""
    said = ""
    if news.history:
        last = news.history[0]
        came_of = f"{run_in_words(last)}. {rows_in_words(last)}".strip()
        said = phrase("Last run of all pages, {when}: {said}", when=_when(last["at"]), said=came_of)
        said = f"{_marked(said)} "
    feed = phrase("Follow as a feed")
    return frame(
        phrase("Which conclusions changed?"),
        f'<p class="standfirst">{said}<a href="{root}{FEED}">{feed}</a>.</p>{notice}'
        f'<p class="note">{phrase(_INTRO)}</p>',
        sections,
        links,
        CHANGES,
        day(edition),
        eyebrow=phrase("Changes"),
        skip=phrase("Skip to the changes"),
        root=root,
        switch=switch,
    )


def _anchor(run: Mapping[str, Any]) -> str:
    return f"run-{run['id'].rpartition(':')[2][:8]}"


def _when(at: str) -> str:
    return phrase("{day} at {time}", day=day(at[:10]), time=at[11:16])


def _heading(run: Mapping[str, Any]) -> str:
    date = day(run["at"][:10])
    if run.get("runs", 1) > 1 and day(run["since"][:10]) != date:
        date = phrase("{first} to {last}|days", first=day(run["since"][:10]), last=date)
    if run["kind"] == "first":
        said = phrase("first run")
    elif run["kind"] == "anew":
        said = phrase("comparing starts anew")
    else:
        said = run_in_words(run)
    return f"{date}: {escape(said)}"


def _run(run: Mapping[str, Any], opened: bool, places: Sequence[tuple[str, int]]) -> str:
    """Return what a run changed, as HTML; pages of systems lead to the conclusions in `places`."""
    time = phrase("At {time}.", time=run["at"][11:16])
    if run.get("runs", 1) > 1:
        time = phrase(
            "{n} runs in a row, the last at {time}.",
            n=capital(count(run["runs"])),
            time=run["at"][11:16],
        )
    # The heading has the first sentence already, but for a run that compared nothing.
    said = rows_in_words(run)
    if run["kind"] in ("first", "anew"):
        said = f"{capital(run_in_words(run))}."
    parts = [f"<p>{time} {_marked(said)}</p>"]
    if run.get("failing"):
        late = phrase(
            "**Not up to date:** {pages}. These pages fail and show an earlier state, see the "
            "[state of the last run].",
            pages=listed(run["failing"]),
        )
        link = re.sub(r"\[(.+?)\]\.$", rf'<a href="{INDEX}#run">\1</a>.', strong(late))
        parts.append(f'<p class="notice warn">{link}</p>')
    if run["kind"] != "changed":
        return "".join(parts)
    opened = opened and len(run["conclusions"]) <= MOST_OPEN
    items = "".join(
        f"<li>{''.join(_place(system) for system, at in places if at == position)}"
        f"{_conclusion(found['said'], lines, opened)}</li>"
        for position, (found, lines) in enumerate(_behind(run))
    )
    parts.append(f'<div class="short"><ol>{items}</ol></div>')
    if run["rows"]:
        left = run["more"]["rows"]
        caption = phrase("Rows of evidence that moved")
        if left:
            caption = phrase("Rows of evidence that moved, without {n} more", n=left)
        rows = [
            [escape(row["system"]), escape(row["what"]), _move(row), _source(row)]
            for row in run["rows"]
        ]
        head = [phrase("System"), phrase("Dimension"), phrase("Level"), phrase("Source")]
        every = plural(
            len(rows) + left,
            "All one row of evidence that moved",
            "All {n} rows of evidence that moved",
        )
        parts.append(
            f'<details class="data"><summary>{every}</summary>'
            f"{scrolling(caption, table(caption, head, rows))}</details>"
            if len(rows) > 1
            else ""
        )
    rest = [
        f"{name}.csv ({', '.join(phrase(_TABLE_ROWS[kind], n=n) for kind, n in kinds.items())})"
        for name, kinds in run["tables"].items()
    ]
    if rest:
        differs = phrase("Also differs: {tables}.", tables=listed(rest))
        parts.append(f'<p class="note">{escape(differs)}</p>')
    return "".join(parts)


def _place(system: str) -> str:
    return f'<span id="{escape(system)}"></span>'


def _conclusion(said: str, behind: Mapping[str, Sequence[str]], opened: bool) -> str:
    pulled = "".join(
        f"<div><dt>{label}</dt><dd>{'<br>'.join(lines)}</dd></div>"
        for label, lines in behind.items()
    )
    say = f'<span class="say">{_marked(said)}</span>'
    if not pulled:
        return f"<p>{say}</p>"
    return (
        f'<details class="chain"{" open" if opened else ""}><summary>{say} '
        f'<span class="why">{phrase("rows")}</span></summary>'
        f'<dl class="pull">{pulled}</dl></details>'
    )


def _marked(text: str) -> str:
    """Escape a text; what `cited` marked in it tells its language."""
    begin, end = "\u2068", "\u2069"
    return escape(text).replace(begin, f'<span lang="{ORIGINAL}">').replace(end, "</span>")


def _behind(
    run: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], dict[str, Sequence[str]]]]:
    """Give each conclusion with what is behind it; a statement stands where it comes up first."""
    told: set[int] = set()
    for found in run["conclusions"]:
        rows, factors = [*_rows(run, found, told), *_others(found)], list(_factors(run, found))
        behind = {phrase("Rows"): rows, phrase("Factors"): factors}
        yield found, {label: lines for label, lines in behind.items() if lines}


def _rows(run: Mapping[str, Any], found: Mapping[str, Any], told: set[int]) -> Iterator[str]:
    kept = [i for i in found["rows"] if i < len(run["rows"])][:MOST_NAMED]
    for i in kept:
        row = run["rows"][i]
        said = "" if i in told else f"{_quoted(row)} "
        yield (
            f"<b>{escape(row['system'])}, {escape(row['what'])}:</b> {_move(row)}. "
            f"{said}{_source(row)}"
        )
        told.add(i)
    if len(found["rows"]) > len(kept):
        left = len(found["rows"]) - len(kept)
        yield plural(left, "and one more row", "and {n} more rows")


def _others(found: Mapping[str, Any]) -> Iterator[str]:
    n = found["others"]
    if n:
        yield (
            plural(
                n,
                "and one row of other ranked systems",
                "and {n} rows of other ranked systems",
            )
            if found["rows"]
            else plural(
                n,
                "none of its own, one row of other ranked systems",
                "none of its own, {n} rows of other ranked systems",
            )
        )


def _factors(run: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    kept = [i for i in found["factors"] if i < len(run["factors"])][:MOST_NAMED]
    for factor in (run["factors"][i] for i in kept):
        was, now = (phrase(QUADRANTS[q]) if (q := factor[k]) else "" for k in ("was", "now"))
        quadrant = f"{was} → {now}" if factor["what"] == "moved" else now or was
        what = phrase(FACTOR[factor["what"]])
        yield (f"<b>{escape(what)}, {escape(quadrant)}:</b> {_quoted(factor)} {_source(factor)}")
    if len(found["factors"]) > len(kept):
        left = len(found["factors"]) - len(kept)
        yield plural(left, "and one more factor", "and {n} more factors")


def _quoted(row: Mapping[str, str]) -> str:
    return _marked(cited(row["statement"]))


def _move(row: Mapping[str, str]) -> str:
    return f"{escape(row['was'])} → {escape(row['now'])}"


def _source(row: Mapping[str, str]) -> str:
    title = escape(row["source"])
    if row["url"].startswith(("http://", "https://")):
        title = f'<a href="{escape(row["url"])}">{title}</a>'
    return f"{title}{', ' if row['locator'] else ''}{escape(row['locator'])}"


@speaking(ORIGINAL)
def render_feed(news: News) -> str:
    """Make the feed of changes, in English: an entry for each run that changed a conclusion.

    Parameters
    ----------
    news : News

    Returns
    -------
    str
        Same history, same bytes.

    References
    ----------
    RFC 4287 (2005), *The Atom Syndication Format*. Addresses are relative to that of the feed.
    """
    changed = [run for run in news.history if run["kind"] == "changed"]
    began = news.history[-1]["at"] if news.history else "1970-01-01T00:00:00+00:00"
    entries = "".join(
        f"<entry><id>{run['id']}</id><title>{escape(_title(run))}</title>"
        f"<updated>{run['at']}</updated>"
        f'<link rel="alternate" type="text/html" href="{CHANGES}#{_anchor(run)}"/>'
        f'<content type="html">{escape(_content(run))}</content></entry>\n'
        for run in changed
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" '
        f'xml:lang="en">\n<id>{news.feed}</id><title>{FEED_TITLE}</title>\n'
        f"<updated>{changed[0]['at'] if changed else began}</updated>\n"
        "<author><name>mcanalysis</name></author>\n"
        f'<link rel="self" type="application/atom+xml" href="{FEED}"/>\n'
        f'<link rel="alternate" type="text/html" href="{CHANGES}"/>\n{entries}</feed>\n'
    )


def _title(run: Mapping[str, Any]) -> str:
    first, *rest = (found["said"] for found in run["conclusions"])
    return f"{first} And {len(rest)} more." if rest else str(first)


def _content(run: Mapping[str, Any]) -> str:
    items = []
    for found, behind in _behind(run):
        lines = "".join(f"<li>{line}</li>" for some in behind.values() for line in some)
        items.append(f"<li>{escape(found['said'])}{f'<ul>{lines}</ul>' if lines else ''}</li>")
    return f"<ol>{''.join(items)}</ol>"
