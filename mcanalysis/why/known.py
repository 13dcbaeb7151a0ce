"""What a page says in short of the evidence itself: what changed in it, how sure it is."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, clauses, count, listed, plural


def changed_claim(a: Analysis, system: str) -> Claim | None:
    """Say which levels of a system have risen or fallen; None without comparable evidence."""
    changes = a.changes[a.changes["system_id"] == system]
    comparable = changes.dropna(subset=["change"])
    if comparable.empty:
        return None
    moved = comparable[comparable["change"] != 0]
    still = len(comparable) - len(moved)
    since = int(comparable["first_year"].min())
    risen, fallen = moved[moved["change"] > 0], moved[moved["change"] < 0]
    parts = []
    if len(risen):
        parts.append(
            plural(
                len(risen),
                "**one level has risen** ({dimensions})",
                "**{n} levels have risen** ({dimensions})",
                dimensions=_moves(a, risen),
            )
        )
    if len(fallen):
        parts.append(
            plural(
                len(fallen),
                "**one level has fallen** ({dimensions})",
                "**{n} levels have fallen** ({dimensions})",
                dimensions=_moves(a, fallen),
            )
        )
    if parts:
        say = phrase("Since {year} {changes}", year=since, changes=listed(parts))
    else:
        say = phrase("Since {year} **no level has moved**", year=since)
    if parts and still:
        again = plural(
            still,
            "one dimension was looked at again and had not moved",
            "{n} dimensions were looked at again and had not moved",
        )
        say = clauses(say, again)
    elif still:
        again = plural(
            still, "one dimension was looked at again", "{n} dimensions were looked at again"
        )
        say = phrase("{finding}: {more}", finding=say, more=again)
    every = a.study.indicators
    rows = every[
        (every["system_id"] == system) & every["dimension_id"].isin(comparable["dimension_id"])
    ]
    return Claim(
        say + ".",
        capital(
            plural(
                len(comparable),
                "{moved} of one dimension with comparable evidence for two or more years.",
                "{moved} of {n} dimensions with comparable evidence for two or more years.",
                moved=phrase("one|of the dimensions") if len(moved) == 1 else count(len(moved)),
            )
        ),
        phrase(
            "Level of the newest row less level of the oldest; rows marked not comparable are left "
            "out."
        ),
        rows.reset_index(drop=True),
        more=(phrase("Both statements"), "#what-changed"),
    )


def _moves(a: Analysis, changes: pd.DataFrame) -> str:
    return listed(
        phrase(
            "{dimension}, {first} to {last}",
            dimension=a.names.dimension(r.dimension_id).inside,
            first=r.first_level,
            last=r.last_level,
        )
        for r in each_row(changes)
    )


def confidence_counts(rows: pd.DataFrame) -> dict[str, int]:
    """Count rows by confidence: high, medium, low."""
    return {c: int((rows["confidence"] == c).sum()) for c in ("high", "medium", "low")}


def how_sure_claim(a: Analysis, system: str) -> Claim:
    """Say on how sure evidence the levels of a system rest, and what is missing."""
    rows = a.rows(system)
    by = confidence_counts(rows)
    gaps = len(a.dimensions) - len(rows)
    low = rows[rows["confidence"] == "low"]
    say = plural(
        by["high"],
        "**How sure:** one of the {levels} levels rests on high-confidence evidence",
        "**How sure:** {n} of the {levels} levels rest on high-confidence evidence",
        "**How sure:** none of the {levels} levels rest on high-confidence evidence",
        levels=count(len(rows)),
    )
    medium = plural(by["medium"], "one on medium", "{n} on medium", "none on medium")
    weak = plural(by["low"], "one on low", "{n} on low", "none on low")
    say = phrase("{high}, {medium} and {low}", high=say, medium=medium, low=weak)
    if len(low):
        say += f" ({listed(a.names.dimension(d).inside for d in low['dimension_id'])})"
    if gaps:
        missing = [d for d in a.dimensions if d not in set(rows["dimension_id"])]
        named = listed(a.names.dimension(d).inside for d in missing)
        say = clauses(say, phrase("nothing was found on {dimensions}", dimensions=named))
    return Claim(
        say + ".",
        phrase(
            "High {high}, medium {medium}, low {low}, no evidence {gaps}; years {first} to {last}.",
            gaps=gaps,
            first=rows["year"].min(),
            last=rows["year"].max(),
            **by,
        ),
        phrase("Count of the newest row per dimension by its confidence mark."),
        rows,
        more=(phrase("How sure is this"), "#how-sure-is-this"),
    )
