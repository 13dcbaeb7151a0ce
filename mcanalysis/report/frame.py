"""The frame of a page that is made without a notebook: index, changes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mcanalysis import __version__
from mcanalysis.language import marked, phrase, spoken
from mcanalysis.report.page import page_style
from mcanalysis.report.policy import policy
from mcanalysis.texts import settled

INDEX, CHANGES, FEED = "index.html", "changes.html", "changes.xml"
FEED_TITLE = marked("Microcredentials in national education systems: changed conclusions")


def frame(
    title: str,
    lead: str,
    sections: Sequence[tuple[str, str, str]],
    links: Sequence[tuple[str, str]],
    current: str,
    edition: str,
    *,
    eyebrow: str,
    skip: str,
    feed: bool = True,
    script: str = "",
    head: str = "",
    root: str = "",
    switch: str = "",
) -> str:
    """Put sections into the frame that all pages without a notebook share.

    Parameters
    ----------
    title : str
        Also the heading of the page; text.
    lead : str
        HTML under the heading.
    sections : sequence of tuple
        Id, heading (HTML) and HTML of each.
    links : sequence of tuple
        Label and address of the links in the header; text.
    current : str
        Address of this page.
    edition : str
        Date of the study, as a reader writes it.
    eyebrow, skip : str
        What stands above the heading, and where the first link leads; text.
    feed : bool
        Whether there is a feed of changes.
    script : str
        JavaScript of the page.
    head : str
        More HTML for the head.
    root : str
        Relative path from the page to the root of the site.
    switch : str
        HTML of the links to the page in other languages.

    Returns
    -------
    str
    """
    sections = [(i, settled(heading), settled(html)) for i, heading, html in sections]
    toc = "".join(f'<li><a href="#{i}">{heading}</a></li>' for i, heading, _ in sections)
    body = "".join(
        f'<section id="{i}" aria-labelledby="{i}-h"><h2 id="{i}-h">{heading}</h2>{html}</section>'
        for i, heading, html in sections
    )
    nav = "".join(
        f'<li><a href="{escape(href)}"{" aria-current=page" if href == current else ""}>'
        f"{settled(escape(label))}</a></li>"
        for label, href in links
    )
    title_of_feed = escape(phrase(FEED_TITLE))
    alternate = (
        f'<link rel="alternate" type="application/atom+xml" title="{title_of_feed}" '
        f'href="{root}{FEED}">\n'
    )
    foot = phrase(
        "mcanalysis {version}, edition of {day}. The sources keep their rights.",
        version=__version__,
        day=edition,
    )
    scripts = f"<script>{script}</script>\n" if script else ""
    style = page_style(edition)
    return (
        f'<!doctype html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" '
        f'content="{policy([script] if script else [], style)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="mcanalysis {__version__}">\n'
        f"<title>{escape(title)} | mcanalysis</title>\n{alternate if feed else ''}{head}"
        f"<style>{style}</style>\n</head>\n"
        f'<body class="{current.removesuffix(".html")}">'
        f'<a class="skip" href="#main">{escape(skip)}</a>\n'
        '<header class="site"><div class="in"><a class="brand" href="index.html">mcanalysis</a> '
        f'<span class="tagline">{phrase("Microcredentials in national education systems")}</span>'
        f'<nav aria-label="{phrase("Reports")}"><ul>{nav}</ul></nav>{switch}</div></header>\n'
        f'<main id="main" tabindex="-1"><div class="lead"><p class="eyebrow">{escape(eyebrow)}</p>'
        f"<h1>{escape(title)}</h1>{lead}</div>"
        f'<nav class="toc" aria-labelledby="toc-h"><p id="toc-h">{phrase("On this page")}</p>'
        f'<ol>{toc}</ol></nav><div class="body">{body}</div></main>\n'
        f'<footer class="site"><div class="in"><p>{foot}</p></div></footer>\n'
        f"{scripts}</body>\n</html>\n"
    )
