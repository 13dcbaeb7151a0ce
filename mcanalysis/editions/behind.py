"""What stands behind the conclusions that changed: rows and sources that moved, as plain data."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcanalysis.editions.names import NamesOfBoth
from mcanalysis.editions.record import Changes
from mcanalysis.editions.sentences import Conclusion, conclusions
from mcanalysis.frames import each_row
from mcanalysis.language import phrase

MOVES = {"level": 0, "told": 1, "added": 2, "removed": 3}
"""Rows by what happened to them, in the order in which a reader wants them."""


def conclusions_with_rows(changes: Changes) -> dict[str, Any]:
    """Return the conclusions that changed, each with the rows behind it.

    Parameters
    ----------
    changes : Changes

    Returns
    -------
    dict
        Plain data for JSON that needs no study to be read later, in the language that is spoken:
        ``conclusions``, the gravest first, each with ``said``, ``systems`` (ids of those
        that it names), ``rows`` and ``factors`` (positions in the lists beside it) and ``others``
        (how many rows of other ranked systems bear it, too);
        ``rows`` of evidence whose level or doubt moved and ``factors`` that differ, with ``was``,
        ``now``, statement and source; ``tables``: table -> kind -> rows of all else that differs.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> from mcanalysis.change import apply_scenario
    >>> from mcanalysis.editions import compare_editions
    >>> study = read_study("data")
    >>> bold = pd.DataFrame({"system_id": "DE", "dimension_id": ["recognition"], "level": [3]})
    >>> then = analyse(apply_scenario(study, bold), draws=2000)
    >>> found = conclusions_with_rows(compare_editions(analyse(study, draws=2000), then))
    >>> [(row["system"], row["was"], row["now"]) for row in found["rows"]]
    [('Germany', 'level 1', 'level 3')]
    >>> found["conclusions"][0]["rows"]
    [0]
    """
    called = NamesOfBoth(changes)
    rows = moved_rows(changes)
    ranked = {*changes.old.ranked, *changes.new.ranked}
    factors = changes.factors[changes.factors["kind"] != "told"].reset_index(drop=True)

    def entry(found: Conclusion) -> dict[str, Any]:
        own = rows["system_id"].isin(found.systems) & (found.on == "rows")
        others = rows["system_id"].isin(ranked) & ~own & (found.others or not own.any())
        on_board = factors["system_id"].isin(found.systems) & (found.on == "factors")
        return {
            "said": found.said,
            "systems": list(found.systems),
            "rows": [int(i) for i in rows.index[own]],
            "others": int(others.sum()) if found.on == "rows" else 0,
            "factors": [int(i) for i in factors.index[on_board]],
        }

    counts = changes.counts()
    return {
        "conclusions": [entry(found) for found in conclusions(changes)],
        "rows": [
            {
                "system": str(called.system(row.system_id)),
                "what": str(called.dimension(row.dimension_id)),
                "was": level_in_words(row.old_level, row.old_confidence),
                "now": level_in_words(row.new_level, row.new_confidence),
                **_told(changes, row, row.kind == "removed"),
            }
            for row in each_row(rows)
        ],
        "factors": [
            {
                "system": str(called.system(row.system_id)),
                "what": row.kind,
                "was": _text(row.old_quadrant),
                "now": _text(row.new_quadrant),
                **_told(changes, row, row.kind == "removed"),
            }
            for row in each_row(factors)
        ],
        "tables": {
            name: kinds
            for name, kinds in counts.items()
            if name in set(changes.tables["table"]) - {"indicators"}
        },
    }


def moved_rows(changes: Changes) -> pd.DataFrame:
    """Return rows of evidence whose level or doubt moved, appeared or went, levels first."""
    rows = changes.rows
    doubt = rows["old_confidence"].eq("low") != rows["new_confidence"].eq("low")
    rows = rows[rows["kind"].ne("told") | doubt]
    order = rows["kind"].map(MOVES).sort_values(kind="stable").index
    return rows.loc[order].reset_index(drop=True)


def _told(changes: Changes, row: Any, gone: bool) -> dict[str, str]:
    """Return statement and source of a row, of the edition that has it."""
    side, editions = ("old", (changes.old, changes.new)) if gone else ("new", (changes.new,))
    found = {name: _text(getattr(row, f"{side}_{name}")) for name in ("statement", "locator")}
    key = getattr(row, f"{side}_source_id")
    for a in editions:
        source = a.study.sources.loc[a.study.sources["source_id"] == key]
        if len(source):
            title, url = (_text(source[name].iloc[0]) for name in ("title", "url"))
            return {**found, "source": title, "url": url}
    return {**found, "source": _text(key), "url": ""}


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def level_in_words(level: Any, confidence: Any) -> str:
    """Say a level, and that it is doubtful; a missing one is no evidence."""
    if pd.isna(level):
        return phrase("no evidence")
    if confidence == "low":
        return phrase("level {level}, low confidence", level=level)
    return phrase("level {level}", level=level)
