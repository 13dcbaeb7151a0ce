"""Where an edit comes from: a source of the study, or a new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from mcanalysis.errors import ParameterError
from mcanalysis.explore.controls import select, text
from mcanalysis.explore.drafts import Edit, as_text, edit
from mcanalysis.frames import each_row
from mcanalysis.model import Study

NEW = "+"
"""Value of the choice "a new source"."""


def source_fields(
    uid: str, study: Study, told: Mapping[str, str], first: Sequence[str] = ()
) -> str:
    """Return the fields of a source: those of `first` stand above the others in the list."""
    titles = {
        str(r.source_id): f"{str(r.title)[:70]} ({r.source_id})" for r in each_row(study.sources)
    }
    order = dict.fromkeys([s for s in first if s in titles])
    choices = {"": "choose", NEW: "a new source, below", **{s: titles[s] for s in order}}
    choices |= dict(sorted(titles.items(), key=lambda item: item[1].lower()))
    fields = "".join(
        text(uid, f"new_{name}", label, told.get(f"new_{name}", ""), kind)
        for name, label, kind in (
            ("title", "Title", "text"), ("publisher", "Publisher", "text"),
            ("year", "Year", "number"), ("url", "Address", "url"),
            ("language", "Language, two letters", "text"), ("accessed", "Read on", "date"),
        )
    )  # fmt: skip
    opened = " open" if told.get("source_id") == NEW else ""
    return (
        select(uid, "source_id", "Source", choices, told.get("source_id", ""))
        + text(uid, "locator", "Place in the source", told.get("locator", ""), hint="page, section")
        + f'<details class="wide" id="{uid}-newsource"{opened}><summary>A new source</summary>'
        f'<div class="ctls">{fields}</div></details>'
    )


def source_of(study: Study, told: Mapping[str, str]) -> tuple[str, list[Edit]]:
    """Return the id of the source that a form names, and the edit that adds it if it is new.

    Raises
    ------
    ParameterError
        If the form names none.
    """
    chosen = told.get("source_id", "")
    if chosen and chosen != NEW:
        return chosen, []
    title = told.get("new_title", "").strip()
    if not title:
        raise ParameterError(
            "Nothing without a source: choose one of the study, or give a new one a title."
        )
    known = set(study.sources["source_id"])
    words = re.findall(r"[a-z0-9]+", f"{told.get('new_publisher', '')} {title}".lower())
    stem = "-".join([*words[:3], *([told["new_year"]] if told.get("new_year") else [])]) or "source"
    name = next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, 999))) if n not in known)
    row = {"source_id": name, **{k.removeprefix("new_"): v for k, v in told.items()
                                 if k.startswith("new_")}}  # fmt: skip
    return name, [edit(study, "sources", row, f"New source: {title}")]


def cited(study: Study, source_id: object, locator: object) -> str:
    """Return a source in full: title with its address, publisher, year, and the place in it."""
    rows = study.sources[study.sources["source_id"] == source_id]
    if rows.empty:
        return ""
    row: Any = next(each_row(rows))
    title, url = escape(str(row.title)), as_text(row.url)
    if url.startswith(("http://", "https://")):
        title = f'<a href="{escape(url)}">{title}</a>'
    year = "" if pd.isna(row.year) else f", {row.year}"
    place = f" At: {escape(as_text(locator))}." if as_text(locator) else ""
    publisher = escape(str(row.publisher))
    return f'<span class="quoted">{title} <span class="m">{publisher}{year}.{place}</span></span>'
