"""What differs between two editions, as a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.display import Card, Shown
from mcanalysis.frames import each_row

FRAMES = (
    *("settings", "rows", "systems", "index", "ranks", "pairs"),
    *("benefits", "groups", "factors", "derived", "tables"),
)
"""Names of the tables of a record, in the order of a reader's questions."""


@dataclass(frozen=True, eq=False, repr=False)
class Changes(Shown):
    """What differs between two editions, and what it does.

    In every table a column ``old_x`` and a column ``new_x`` hold the two values, missing where an
    edition has none. Rows stand in the order of the new edition, what only the old one has at the
    end.

    Attributes
    ----------
    old, new : Analysis
    conclusions_changed : tuple of str
        What a reader of the old edition must unlearn, in short sentences, the gravest first; one
        sentence that says so if there is nothing.
    settings : DataFrame
        setting (as_of, min_dimensions, vary, weights), old, new: those that differ.
    rows : DataFrame
        Rows of evidence that count and differ: system_id, dimension_id; kind (``added``,
        ``removed``, ``level``: it moved, ``told``: the rest of the row differs); differs (`;` list
        of columns); change of the level; old_ and new_ year, level, statement, source_id, locator,
        confidence, comparable.
    systems : DataFrame
        system_id; kind (``newly ranked``, ``no longer ranked``); old_dimensions, new_dimensions
        (with evidence), missing where the study has no such system.
    index : DataFrame
        Systems whose index, interval or coverage differs: system_id, change (of the index), old_
        and new_ index, lower, upper, coverage, see `integration_index`.
    ranks : DataFrame
        All systems that are ranked in one of the editions: system_id; old_rank, new_rank (expected
        rank) and their change; old_ and new_ best_rank, worst_rank (the 90 % rank interval);
        crossed, whether the new expected rank lies outside the old interval; evidence, weights,
        method, company, the parts of the change, see `split_rank_change` (missing for a system
        ranked in one edition only).
    pairs : DataFrame
        Pairs ranked in both editions whose order became sure, unsure, or turned round: left (who is
        surely ahead now, or was), right; kind (``sure``, ``unsure``, ``reversed``); old_share,
        new_share of the draws in which left is ahead; chance, whether so small a difference may be
        one between draws.
    benefits : DataFrame
        Benefits whose share realised or interval differs: system_id, benefit_id, stakeholder_id,
        change; old_ and new_ realised, lower, upper; old_third, new_third (1 to 3, of the scale
        from 0 to 1); crossed, whether these differ.
    groups : DataFrame
        The same by stakeholder: without benefit_id.
    factors : DataFrame
        Coded SWOT factors: factor_id, system_id; kind (``added``, ``removed``, ``moved`` to another
        quadrant, ``reworded``, ``told``: the rest of the row differs); differs; old_ and new_
        quadrant, dimension_id, statement, stakeholders, source_id, locator, confidence.
    derived : DataFrame
        Factors that the indicators suggest, of systems that are ranked in one of the editions:
        system_id, dimension_id; kind (``appeared``, ``disappeared``, ``turned``); old_ and new_
        quadrant, rule.
    tables : DataFrame
        All else in the two studies: table; key; kind (``added``, ``removed``, ``changed``); column,
        old, new for what changed. Indicators are here if they count in neither edition.
    """

    old: Analysis
    new: Analysis
    conclusions_changed: tuple[str, ...]
    settings: pd.DataFrame
    rows: pd.DataFrame
    systems: pd.DataFrame
    index: pd.DataFrame
    ranks: pd.DataFrame
    pairs: pd.DataFrame
    benefits: pd.DataFrame
    groups: pd.DataFrame
    factors: pd.DataFrame
    derived: pd.DataFrame
    tables: pd.DataFrame

    def counts(self) -> dict[str, dict[str, int]]:
        """Count what differs: table -> kind -> rows."""
        found = {
            name: {str(k): int(n) for k, n in getattr(self, name)["kind"].value_counts().items()}
            for name in ("rows", "systems", "pairs", "factors", "derived")
        }
        for name in ("index", "ranks", "benefits", "groups"):
            frame = getattr(self, name)
            found[name] = {"changed": int(frame["change"].abs().gt(1e-9).sum())}
            if "crossed" in frame:
                found[name]["crossed"] = int(frame["crossed"].sum())
        for row in each_row(self.tables.drop_duplicates(["table", "key"])):
            kinds = found.setdefault(row.table, {})
            kinds[row.kind] = kinds.get(row.kind, 0) + 1
        return {name: kinds for name, kinds in found.items() if any(kinds.values())}

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON: a missing value is None."""

        def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
            plain = frame.astype(object).where(frame.notna(), None)
            return [{str(k): _plain(v) for k, v in r.items()} for r in plain.to_dict("records")]

        def edition(a: Analysis) -> dict[str, Any]:
            return {
                "as_of": a.evidence.as_of,
                "min_dimensions": a.ranking.min_dimensions,
                "draws": a.ranking.draws,
                "seed": a.ranking.seed,
                "rows": len(a.evidence.rows),
                "ranked": a.ranked,
            }

        return {
            "old": edition(self.old),
            "new": edition(self.new),
            "conclusions_changed": list(self.conclusions_changed),
            "counts": self.counts(),
            **{name: records(getattr(self, name)) for name in FRAMES},
        }

    def _card(self) -> Card:
        told = {f"{n}.": said for n, said in enumerate(self.conclusions_changed, 1)}
        return Card(
            "What changed, and what it does",
            told,
            self.ranks.set_index("system_id")[["old_rank", "new_rank", "change"]],
        )


def _plain(value: Any) -> Any:
    """Return a NumPy scalar as a Python one; numbers that only rounding parts from 0 are 0."""
    value = value.item() if hasattr(value, "item") else value
    return round(value, 12) if isinstance(value, float) else value
