"""What a reader must know first: whose opinion counts, and whether it is invented."""

from __future__ import annotations

from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.wording import counted


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
    if a.panel is None:
        return ""
    judges = a.judgements["judge_id"].nunique()
    what = (
        "its weights of the dimensions stand in the place of all possible weights"
        if a.judged is not None
        else "it was not asked about the dimensions, so that ranks rest on no opinion"
    )
    said = f"This page uses the panel “{escape(a.panel)}” ({counted(judges, 'judge')}): {what}."
    if not a.invented:
        return f'<p class="notice">{said}</p>'
    return (
        '<p class="notice warn" role="note"><b>Illustrative: the judgements on this page are '
        f"invented.</b> {said} They show what a panel adds; nothing that rests on them may be quoted.</p>"
    )
