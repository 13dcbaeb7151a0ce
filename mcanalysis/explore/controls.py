"""Controls as markup: each has a visible label that is also its name for a screen reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape


def options(choices: Mapping[str, str], value: str = "") -> str:
    """Return the options of a list: value -> label."""
    return "".join(
        f'<option value="{escape(v)}"{" selected" if v == value else ""}>{escape(label)}</option>'
        for v, label in choices.items()
    )


def select(
    uid: str, name: str, label: str, choices: Mapping[str, str], value: str = "", do: str = ""
) -> str:
    """Return a list to choose from; with `do` a choice is told at once, else with its form.

    Examples
    --------
    >>> select("v", "who", "Who", {"hei": "Universities"}).count("</label>")
    1
    """
    told = f' data-do="{do}"' if do else ""
    return (
        f'<div class="ctl"><label for="{uid}-{name}">{escape(label)}</label>'
        f'<select id="{uid}-{name}" name="{name}"{told}>{options(choices, value)}</select></div>'
    )


def slider(uid: str, name: str, label: str, value: int, top: int, said: str) -> str:
    """Return a slider from 0 to `top`; each move is told, the newest wins."""
    return (
        f'<div class="sl"><label for="{uid}-{name}">{escape(label)}</label>'
        f'<input type="range" id="{uid}-{name}" name="{escape(name)}" data-do="weigh" min="0" '
        f'max="{top}" value="{value}" aria-valuetext="{escape(f"{value} of {top}, {said}")}">'
        f"<output>{escape(said)}</output></div>"
    )


def text(
    uid: str, name: str, label: str, value: str = "", kind: str = "text", hint: str = ""
) -> str:
    """Return a line to type into."""
    under = f'<span class="hint" id="{uid}-{name}-h">{escape(hint)}</span>' if hint else ""
    told = f' aria-describedby="{uid}-{name}-h"' if hint else ""
    return (
        f'<div class="ctl"><label for="{uid}-{name}">{escape(label)}</label>'
        f'<input type="{kind}" id="{uid}-{name}" name="{name}" value="{escape(value)}"{told}>'
        f"{under}</div>"
    )


def area(uid: str, name: str, label: str, value: str = "") -> str:
    """Return lines to type into."""
    return (
        f'<div class="ctl wide"><label for="{uid}-{name}">{escape(label)}</label>'
        f'<textarea id="{uid}-{name}" name="{name}" rows="3">{escape(value)}</textarea></div>'
    )


def radios(uid: str, name: str, legend: str, choices: Mapping[str, str], value: str = "") -> str:
    """Return a choice of one of a few, each with its words."""
    each = "".join(
        f'<label for="{uid}-{name}-{escape(v)}"><input type="radio" id="{uid}-{name}-{escape(v)}" '
        f'name="{name}" value="{escape(v)}"{" checked" if v == value else ""}> '
        f"{escape(label)}</label>"
        for v, label in choices.items()
    )
    return f'<fieldset class="pre wide"><legend>{escape(legend)}</legend>{each}</fieldset>'


def checks(
    uid: str, name: str, legend: str, choices: Mapping[str, str], values: Iterable[str] = ()
) -> str:
    """Return a choice of any number of a few."""
    on = set(values)
    each = "".join(
        f'<label for="{uid}-{name}-{escape(v)}"><input type="checkbox" '
        f'id="{uid}-{name}-{escape(v)}" name="{name}" value="{escape(v)}"'
        f"{' checked' if v in on else ''}> {escape(label)}</label>"
        for v, label in choices.items()
    )
    return f'<fieldset class="pre row wide"><legend>{escape(legend)}</legend>{each}</fieldset>'


def button(uid: str, do: str, label: str, value: str = "", kind: str = "", spoken: str = "") -> str:
    """Return a button; `spoken` is its name where the label alone says too little."""
    name = f' aria-label="{escape(spoken)}"' if spoken else ""
    return (
        f'<button type="button" class="btn {kind}" id="{uid}-{do}-{escape(value)}" '
        f'data-do="{do}" value="{escape(value)}"{name}>{escape(label)}</button>'
    )


def form(name: str, act: str, title: str, content: str, buttons: str, note: str = "") -> str:
    """Return a form that is kept while it is typed into, and told as a whole when it is sent."""
    under = f'<p class="note">{escape(note)}</p>' if note else ""
    return (
        f'<form class="frm" data-form="{escape(name)}" data-act="{act}" '
        f'aria-label="{escape(title)}">'
        f'<h4>{escape(title)}</h4><div class="ctls">{content}</div>{under}'
        f'<p class="btns">{buttons}</p></form>'
    )


def submit(label: str) -> str:
    """Return the button that sends a form."""
    return f'<button type="submit" class="btn main">{escape(label)}</button>'
