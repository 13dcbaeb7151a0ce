"""What changed between two editions about one system or group, or about all: plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mcanalysis.editions.behind import level_in_words, moved_rows
from mcanalysis.editions.names import NamesOfBoth
from mcanalysis.editions.record import Changes
from mcanalysis.editions.sentences import Conclusion, conclusions
from mcanalysis.frames import each_row

MOST = 20
"""Conclusions, rows and factors of each kind that are told; the rest is counted."""
_TOLD = ("statement", "source_id", "locator")


def changes_about(
    changes: Changes,
    system: str | None = None,
    group: str | None = None,
    found: Sequence[Conclusion] | None = None,
) -> dict[str, Any]:
    """Return what changed about a system, about a stakeholder group, or about all.

    Parameters
    ----------
    changes : Changes
    system, group : str, optional
        Id of the one that is asked for; by default all that changed.
    found : sequence of Conclusion, optional
        From `conclusions`, in the language that is spoken: whoever asks often works it out once.

    Returns
    -------
    dict
        Plain data for JSON, in the language that is spoken: ``conclusions``, each with ``said``
        and ``others`` (how many rows of other ranked systems bear it, too); ``levels`` that moved,
        appeared, went or became doubtful, ``told``, statements that were reworded at the same
        level, and ``factors`` that differ, each with ``was`` and ``now``; ``sources``, records by
        id; ``more``, how many of each kind are left out.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> from mcanalysis.change import apply_scenario
    >>> from mcanalysis.editions import compare_editions
    >>> study = read_study("data")
    >>> bold = pd.DataFrame({"system_id": "DE", "dimension_id": ["recognition"], "level": [3]})
    >>> then = analyse(apply_scenario(study, bold), draws=2000)
    >>> changes = compare_editions(analyse(study, draws=2000), then)
    >>> [(row["was"]["what"], row["now"]["what"]) for row in changes_about(changes, "DE")["levels"]]
    [('level 1', 'level 3')]
    >>> changes_about(changes, "AT")["levels"]
    []
    """
    called = NamesOfBoth(changes)
    found = conclusions(changes) if found is None else found
    levels, rows, factors = moved_rows(changes), changes.rows, changes.factors
    reworded = rows["kind"].eq("told") & ~rows["old_statement"].eq(rows["new_statement"])
    reworded &= rows["old_confidence"].eq("low") == rows["new_confidence"].eq("low")
    ranked = {*changes.old.ranked, *changes.new.ranked}
    others = int((levels["system_id"].isin(ranked) & levels["system_id"].ne(system or "")).sum())

    kept = {
        "levels": _about(levels, changes, system, group),
        "told": _about(rows[reworded], changes, system, group),
        "factors": _about(factors[factors["kind"] != "told"], changes, system, group),
    }
    said = [one for one in found if _is_about(one, system, group)]
    parts: dict[str, list[Any]] = {
        "conclusions": [
            {"said": one.said, "others": others if system and one.others else 0}
            for one in said[:MOST]
        ],
        **{
            name: [_row(name, row, called) for row in each_row(frame.head(MOST))]
            for name, frame in kept.items()
        },
    }
    more = {"conclusions": len(said) - MOST, **{name: len(f) - MOST for name, f in kept.items()}}
    return {
        **parts,
        "more": {name: n for name, n in more.items() if n > 0},
        "sources": _sources(changes, [r for name in kept for r in parts[name]]),
    }


def _is_about(found: Conclusion, system: str | None, group: str | None) -> bool:
    if system is None and group is None:
        return True
    if found.on == "tables":  # what is compared, and by which rules, concerns everybody
        return True
    return system in found.systems if system else group == found.group


def _about(
    rows: pd.DataFrame, changes: Changes, system: str | None, group: str | None
) -> pd.DataFrame:
    """Keep the rows of a system, or those that concern a group."""
    if system:
        return rows[rows["system_id"] == system]
    if not group:
        return rows
    if "new_stakeholders" in rows:
        named = rows["old_stakeholders"].fillna("") + ";" + rows["new_stakeholders"].fillna("")
        return rows[[group in [s.strip() for s in text.split(";")] for text in named]]
    enabling = set()
    for a in (changes.old, changes.new):
        benefits = a.study.benefits
        own = benefits.loc[benefits["stakeholder_id"] == group, "benefit_id"]
        enablers = a.study.benefit_enablers
        enabling |= set(enablers.loc[enablers["benefit_id"].isin(own), "dimension_id"])
    return rows[rows["dimension_id"].isin(enabling)]


def _row(name: str, row: Any, called: NamesOfBoth) -> dict[str, Any]:
    sides = {}
    for key, side in (("was", "old"), ("now", "new")):
        told = {c: _text(getattr(row, f"{side}_{c}")) for c in _TOLD}
        if name == "factors":
            what = _text(getattr(row, f"{side}_quadrant"))
        else:
            level, sure = (getattr(row, f"{side}_{c}") for c in ("level", "confidence"))
            what = level_in_words(level, sure)
        sides[key] = {"what": what, **told}
    dimension = (row.old_dimension_id if pd.isna(row.new_dimension_id) else row.new_dimension_id
                 ) if name == "factors" else row.dimension_id  # fmt: skip
    return {
        "system": str(called.system(row.system_id)),
        "dimension": "" if pd.isna(dimension) else str(called.dimension(dimension)),
        "kind": str(row.kind),
        **sides,
    }


def _sources(changes: Changes, rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return records of the sources of rows, of the new edition where it has them."""
    ids = {row[side]["source_id"] for row in rows for side in ("was", "now")} - {""}
    records: dict[str, dict[str, Any]] = {}
    for a in (changes.old, changes.new):
        table = a.study.sources.set_index("source_id")
        for key in sorted(ids & set(table.index)):
            known = table.loc[key].dropna().items()
            records[key] = {str(c): v.item() if hasattr(v, "item") else v for c, v in known}
    return records


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
