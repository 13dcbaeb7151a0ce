"""Which conclusions changed, run by run: a page and a feed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from mcanalysis.markup import scrolling, table
from mcanalysis.report.following import News
from mcanalysis.report.frame import CHANGES, FEED, FEED_TITLE, INDEX, frame
from mcanalysis.wording import capital, clause, counted, day, listed, lower_first

MOST_NAMED = 5
"""Rows under a sentence; the table under the sentences has them all."""
MOST_OPEN = 8
"""Sentences of the newest change up to which the rows under them stand open."""
_INTRO = (
    "What a reader of the pages of an earlier run must unlearn. A conclusion changes when an "
    "expected rank moves by half a place or leaves its former range, an order of two becomes sure "
    "or no longer is, a system is newly ranked or no longer, a stakeholder's share of benefits "
    "passes a third, the indicators suggest another strength or weakness, or a factor comes, goes "
    "or moves. Times are UTC."
)


def newest_change(news: News) -> Mapping[str, Any]:
    """Return the newest run that changed a conclusion; empty if none did."""
    return next((run for run in news.history if run["kind"] == "changed"), {})


def render_changes(news: News, links: Sequence[tuple[str, str]], edition: str) -> str:
    """Make the page of changes.

    Parameters
    ----------
    news : News
    links : sequence of tuple
        Label and address of the links in the header.
    edition : str
        ISO date of the study.

    Returns
    -------
    str
        Same news, same bytes.
    """
    newest = newest_change(news)
    sections = [(_anchor(run), _heading(run), _run(run, run is newest)) for run in news.history]
    if not sections:
        sections = [("none", "No run yet", f"<p>{escape(news.said)}</p>")]
    waiting = f'<p class="notice">{escape(news.said)}</p>' if news.status == "waiting" else ""
    last = news.history[0] if news.history else None
    said = ""
    if last:
        said = f"Last run of all pages, {_when(last['at'])}: {lower_first(escape(last['said']))} "
    return frame(
        "Which conclusions changed?",
        f'<p class="standfirst">{said}<a href="{FEED}">Follow as a feed</a>.</p>{waiting}'
        f'<p class="note">{_INTRO}</p>',
        sections,
        links,
        CHANGES,
        day(edition),
        eyebrow="Changes",
        skip="Skip to the changes",
    )


def _anchor(run: Mapping[str, Any]) -> str:
    return f"run-{run['id'].rpartition(':')[2][:8]}"


def _when(at: str) -> str:
    return f"{day(at[:10])} at {at[11:16]}"


def _heading(run: Mapping[str, Any]) -> str:
    date = day(run["at"][:10])
    if run.get("runs", 1) > 1 and day(run["since"][:10]) != date:
        date = f"{day(run['since'][:10])} to {date}"
    said = {"first": "first run", "anew": "comparing starts anew"}.get(run["kind"])
    return f"{date}: {said or lower_first(clause(run['said'].partition('. ')[0]))}"


def _run(run: Mapping[str, Any], opened: bool) -> str:
    """Return what a run changed, as HTML."""
    time = f"At {run['at'][11:16]}"
    if run.get("runs", 1) > 1:
        time = f"{capital(counted(run['runs'], 'run'))} in a row, the last at {run['at'][11:16]}"
    # The heading has the first sentence already, but for a run that compared nothing.
    said = run["said"].partition(". ")[2] if run["kind"] in ("changed", "none") else run["said"]
    parts = [f"<p>{time}. {escape(said)}</p>"]
    if run.get("failing"):
        pages = listed([escape(title) for title in run["failing"]])
        parts.append(
            f'<p class="notice warn"><b>Not up to date:</b> {pages}. These pages fail and show '
            f'an earlier state, see the <a href="{INDEX}#run">state of the last run</a>.</p>'
        )
    if run["kind"] != "changed":
        return "".join(parts)
    opened = opened and len(run["conclusions"]) <= MOST_OPEN
    items = "".join(
        f"<li>{_conclusion(found['said'], lines, opened)}</li>" for found, lines in _behind(run)
    )
    parts.append(f'<div class="short"><ol>{items}</ol></div>')
    if run["rows"]:
        left = run["more"]["rows"]
        caption = "Rows of evidence that moved" + (f", without {left} more" if left else "")
        rows = [
            [escape(row["system"]), escape(row["what"]), _move(row), _source(row)]
            for row in run["rows"]
        ]
        head = ["System", "Dimension", "Level", "Source"]
        parts.append(
            f'<details class="data"><summary>All {counted(len(rows) + left, "row")} of evidence '
            f"that moved</summary>{scrolling(caption, table(caption, head, rows))}</details>"
            if len(rows) > 1
            else ""
        )
    rest = [
        f"{name}.csv ({', '.join(f'{n} {kind}' for kind, n in kinds.items())})"
        for name, kinds in run["tables"].items()
    ]
    if rest:
        parts.append(f'<p class="note">Also differs: {escape(listed(rest))}.</p>')
    return "".join(parts)


def _conclusion(said: str, behind: Mapping[str, Sequence[str]], opened: bool) -> str:
    pulled = "".join(
        f"<div><dt>{label}</dt><dd>{'<br>'.join(lines)}</dd></div>"
        for label, lines in behind.items()
    )
    say = f'<span class="say">{escape(said)}</span>'
    if not pulled:
        return f"<p>{say}</p>"
    return (
        f'<details class="chain"{" open" if opened else ""}><summary>{say} '
        f'<span class="why">rows</span></summary><dl class="pull">{pulled}</dl></details>'
    )


def _behind(
    run: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], dict[str, Sequence[str]]]]:
    """Give each conclusion with what is behind it; a statement stands where it comes up first."""
    told: set[int] = set()
    for found in run["conclusions"]:
        rows, factors = [*_rows(run, found, told), *_others(found)], list(_factors(run, found))
        behind = {"Rows": rows, "Factors": factors}
        yield found, {label: lines for label, lines in behind.items() if lines}


def _rows(run: Mapping[str, Any], found: Mapping[str, Any], told: set[int]) -> Iterator[str]:
    kept = [i for i in found["rows"] if i < len(run["rows"])][:MOST_NAMED]
    for i in kept:
        row = run["rows"][i]
        statement = "" if i in told else f"{escape(row['statement'])} "
        yield (
            f"<b>{escape(row['system'])}, {escape(row['what'])}:</b> {_move(row)}. "
            f"{statement}{_source(row)}"
        )
        told.add(i)
    if len(found["rows"]) > len(kept):
        yield f"and {counted(len(found['rows']) - len(kept), 'more row', 'more rows')}"


def _others(found: Mapping[str, Any]) -> Iterator[str]:
    n = found["others"]
    if n:
        own = "and " if found["rows"] else "none of its own, "
        yield f"{own}{counted(n, 'row')} of other ranked systems"


def _factors(run: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    kept = [i for i in found["factors"] if i < len(run["factors"])][:MOST_NAMED]
    for factor in (run["factors"][i] for i in kept):
        quadrant = factor["now"] or factor["was"]
        if factor["what"] == "moved":
            quadrant = f"{factor['was']} → {factor['now']}"
        yield (
            f"<b>{capital(escape(factor['what']))}, {escape(quadrant)}:</b> "
            f"{escape(factor['statement'])} {_source(factor)}"
        )
    if len(found["factors"]) > len(kept):
        yield f"and {counted(len(found['factors']) - len(kept), 'more factor', 'more factors')}"


def _move(row: Mapping[str, str]) -> str:
    return f"{escape(row['was'])} → {escape(row['now'])}"


def _source(row: Mapping[str, str]) -> str:
    title = escape(row["source"])
    if row["url"].startswith(("http://", "https://")):
        title = f'<a href="{escape(row["url"])}">{title}</a>'
    return f"{title}{', ' if row['locator'] else ''}{escape(row['locator'])}"


def render_feed(news: News) -> str:
    """Make the feed of changes: an entry for each run that changed a conclusion.

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
