"""What a reader must know first: what a page is and rests on, and whose opinion counts."""

from __future__ import annotations

from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.language import phrase
from mcanalysis.texts import strong
from mcanalysis.why.sure import opinion_in_words


def eyebrow(kind: str, said: str) -> str:
    """Return the line above the title of a page: its kind, and what it rests on.

    Examples
    --------
    >>> eyebrow("Report", "A & B")
    '<p class="eyebrow">Report <span>A &amp; B</span></p>'
    """
    return f'<p class="eyebrow">{escape(kind)} <span>{escape(said)}</span></p>'


def notice(a: Analysis) -> str:
    """Return the banner of a page that rests on a panel or an order of importance; else nothing.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> notice(analyse(read_study("data"), draws=100))
    ''
    >>> "invented" in notice(analyse(read_study("data"), draws=100, panel="illustrative"))
    True
    """
    whose = opinion_in_words(a)
    if not whose:
        return ""
    said = escape(phrase("This page uses {opinion}.", opinion=whose), quote=False)
    if not a.invented:
        return f'<p class="notice">{said}</p>'
    warning = strong(phrase("**Illustrative: the judgements on this page are invented.**"))
    after = phrase("They show what a panel adds; nothing that rests on them may be quoted.")
    return f'<p class="notice warn" role="note">{warning} {said} {after}</p>'
