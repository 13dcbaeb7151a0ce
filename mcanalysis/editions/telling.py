"""What differs between two editions, for a reader at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Any

import pandas as pd

from mcanalysis.change import CAUSES
from mcanalysis.editions.behind import moved_rows
from mcanalysis.editions.names import NamesOfBoth
from mcanalysis.editions.record import Changes
from mcanalysis.editions.sentences import parts_in_tenths, signed
from mcanalysis.frames import each_row

MOST = 20
"""Lines of a part that are printed; the rest is counted."""


def changes_as_text(changes: Changes, width: int = 100) -> str:
    """Lay out what differs: conclusions first, then what moved, then counts.

    Parameters
    ----------
    changes : Changes
    width : int
        Characters in a line.

    Returns
    -------
    str
        At most 20 lines of each part, the rest counted; `Changes.as_dict` holds everything.
    """
    called = NamesOfBoth(changes)
    said = [
        textwrap.fill(f"- {sentence}", width, subsequent_indent="  ", break_on_hyphens=False)
        for sentence in changes.conclusions_changed
    ]
    lines = [*_editions(changes), "", "Conclusions", *_some(said)]
    for title, part in (
        ("Levels", _levels(changes, called, width)),
        ("Expected ranks", _ranks(changes, called)),
    ):
        if part:
            lines += ["", title, *_some(part)]
    counts = [
        f"  {name:<22} " + ", ".join(f"{n} {kind}" for kind, n in kinds.items() if n)
        for name, kinds in changes.counts().items()
    ]
    return "\n".join([*lines, "", "Counts", *(counts or ["  nothing differs"])])


def _some(lines: list[str]) -> list[str]:
    left = len(lines) - MOST
    # One line more is as short as the line that counts it.
    return lines if left <= 1 else [*lines[:MOST], f"  and {left} more (--format json has all)"]


def _editions(changes: Changes) -> Iterable[str]:
    for name, a in (("Old", changes.old), ("New", changes.new)):
        yield (
            f"{name}  evidence up to {a.evidence.as_of}: {len(a.evidence.rows)} rows, "
            f"{len(a.evidence.levels)} systems, {len(a.ranked)} ranked"
        )


def _levels(changes: Changes, called: NamesOfBoth, width: int) -> list[str]:
    """Write the levels that moved, appeared or went, those that moved first."""
    lines = []
    for row in each_row(moved_rows(changes)):
        side = "old" if row.kind == "removed" else "new"
        was = _level(row.old_level, row.old_confidence)
        now = _level(row.new_level, row.new_confidence)
        text = (
            f"{called.system(row.system_id)}, {called.dimension(row.dimension_id)}: {was} → {now}. "
            f"{getattr(row, f'{side}_statement')} [{getattr(row, f'{side}_source_id')}]"
        )
        lines.append(
            textwrap.fill(
                text, width, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False
            )
        )
    return lines


def _level(level: Any, confidence: Any) -> str:
    if pd.isna(level):
        return "none"
    return f"{level} (low confidence)" if confidence == "low" else str(level)


def _ranks(changes: Changes, called: NamesOfBoth) -> list[str]:
    """Write the expected ranks that moved, with their causes."""
    ranks = changes.ranks[changes.ranks["change"].abs() >= 0.05]
    if ranks.empty:
        return []
    order = ranks["change"].abs().sort_values(ascending=False, kind="stable").index
    ranks = ranks.loc[order]
    parts = pd.DataFrame(
        [
            parts_in_tenths(row.old_rank, row.new_rank, [getattr(row, c) for c in CAUSES])
            for row in each_row(ranks)
        ],
        columns=list(CAUSES),
    )
    shown = [c for c in CAUSES if parts[c].any()]
    words = {"evidence": "own rows", "company": "others"}
    head = f"  {'':<19}{'old':>6}{'90 %':>8}{'new':>8}{'90 %':>8}{'change':>9}"
    lines = [head + "".join(f"{words.get(c, c):>10}" for c in shown)]
    for row, why in zip(each_row(ranks), parts[shown].to_numpy().tolist(), strict=True):
        old, new = (
            f"{getattr(row, f'{side}_best_rank')}-{getattr(row, f'{side}_worst_rank')}"
            for side in ("old", "new")
        )
        lines.append(
            f"  {called.system(row.system_id)[:18]:<19}{row.old_rank:>6.1f}{old:>8}"
            f"{row.new_rank:>8.1f}{new:>8}{signed(sum(why)):>9}"
            + "".join(f"{signed(part):>10}" for part in why)
        )
    return lines
