"""How a page was made: its inputs, its parameters, what the draws vary, the methods in a line."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from mcanalysis.language import marked, phrase
from mcanalysis.markup import table
from mcanalysis.wording import day, grouped, listed

_WEIGHTS = marked(
    "None assumed: every draw takes weights from all possible ones with equal chance."
)
_PANEL = marked(
    "Those of the panel named: every draw varies them as its judges differ (logistic-normal, mean "
    "and covariance of the judges' log-ratios). The index weighs all dimensions the same."
)
_ORDER = marked(
    "Every draw takes weights with equal chance from all that keep the order of importance."
)
_ONE_SET = marked("One set: equal, or the centre of the panel or the order of importance named.")
_DRAWN = (
    (
        "values",
        marked("Levels"),
        marked("Ordered only: every draw gives levels 1 and 2 a worth between 0 and 1, in order."),
        marked("In equal steps from 0 to 3."),
    ),
    (
        "gaps",
        marked("Gaps"),
        marked("A missing level takes each of the four levels with equal chance."),
        marked("Left out: the mean over the evidence present counts."),
    ),
    (
        "confidence",
        marked("Low confidence"),
        marked("A low-confidence level stays, rises or falls by one with equal chance."),
        marked("Low-confidence levels count as coded."),
    ),
)
_METHOD = (
    (marked("Surely ahead"), marked("Higher in at least 90% of the draws.")),
    (
        marked("Tiers"),
        marked(
            "The first holds the systems that nobody is surely ahead of, the next those that only "
            "these are ahead of, and so on. They hang on the threshold."
        ),
    ),
    (
        marked("Ranges of index and benefits"),
        marked("Over every way to fill the gaps, low-confidence levels one up or down."),
    ),
    (
        marked("Pairs of factors"),
        marked(
            "Same dimension first; then the sum of the smaller strengths over benefits of "
            "stakeholders whom both name; a factor and a dimension at most once per group."
        ),
    ),
    (
        marked("Most alike"),
        marked(
            "Smallest mean difference of levels over at least five other shared dimensions; "
            "nobody counts as ahead on low confidence."
        ),
    ),
)


def file_name(name: str) -> str:
    """Return the name of a table's file as HTML; a line may break after its folder."""
    return f"<code>{escape(name).replace('/', '/<wbr>')}</code>"


def how_made(
    inputs: Mapping[str, tuple[int, str]],
    edition: str,
    version: str,
    parameters: Mapping[str, Any],
) -> str:
    """Return the section that says how a page was made, as HTML.

    Parameters
    ----------
    inputs : dict
        Table file -> (rows, SHA-256).
    edition, version : str
        ISO date of the study, version of mcanalysis.
    parameters : dict
        All effective parameters of the notebook.
    """
    rows = [
        [file_name(name), grouped(n), f"<code>{digest[:12]}</code>"]
        for name, (n, digest) in inputs.items()
    ]
    head = [phrase("Table"), phrase(">Rows"), phrase("SHA-256, first 12")]
    tables = table(phrase("Inputs of this page"), head, rows, hidden=False)
    given = ", ".join(
        f"{name} {_given(name, value)}"
        for name, value in parameters.items()
        if name != "language"  # which a reader sees
    )
    facts = [
        (phrase("Edition"), f"{day(edition)}; mcanalysis {version}"),
        (phrase("Parameters"), given or phrase("none|value")),
        *_drawn(parameters),
        *((phrase(name), phrase(said)) for name, said in _METHOD),
    ]
    kv = "".join(f"<div><dt>{escape(k)}</dt><dd>{escape(v)}</dd></div>" for k, v in facts)
    return f'<div class="made">{tables}<dl class="kv">{kv}</dl></div>'


def _given(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return listed(_given(name, each) for each in value) or phrase("none|value")
    if value is None:
        return phrase("all|value") if name in ("as_of", "systems") else phrase("none|value")
    return str(value)


def _drawn(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say what the draws vary, and what they do not, as the parameters have it."""
    known = parameters.get("panel"), parameters.get("order")
    vary = parameters.get("vary", ["weights", *(kind for kind, *_ in _DRAWN)])
    weights = _PANEL if known[0] else _ORDER if known[1] else _WEIGHTS
    if "weights" not in vary:
        weights = _ONE_SET
    return [
        (phrase("Weights"), phrase(weights)),
        *((phrase(name), phrase(on if kind in vary else off)) for kind, name, on, off in _DRAWN),
    ]
