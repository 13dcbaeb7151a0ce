"""What a reader must know first: whose opinion counts, and whether it is invented."""

from __future__ import annotations

from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.why.sure import opinion_in_words


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
    said = f"This page uses {escape(whose, quote=False)}."
    if not a.invented:
        return f'<p class="notice">{said}</p>'
    return (
        '<p class="notice warn" role="note"><b>Illustrative: the judgements on this page are '
        f"invented.</b> {said} They show what a panel adds; nothing that rests on them may be "
        "quoted.</p>"
    )
