"""What a page says in short about a system with too little evidence to rank."""

from __future__ import annotations

from mcanalysis.analysis import Analysis
from mcanalysis.compare import where_to_look
from mcanalysis.frames import cell, each_row
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, clause, count, counted, listed, lower_first

_OTHERS_IN_REGION = {
    "eu": "other EU systems",
    "ehea-non-eu": "others in the European Higher Education Area outside the EU",
    "other": "others beyond the European Higher Education Area",
}


def thin_claims(a: Analysis, system: str) -> tuple[Claim, ...]:
    """Say what is known of a system, what is not, and where to look first; no averages, no rank.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    tuple of Claim
    """
    claims: list[Claim | None] = [_too_little(a, system)]
    if len(a.rows(system)):
        claims += [_known(a, system), _not_known(a, system), _look_first(a, system)]
    return tuple(claim for claim in claims if claim is not None)


def _too_little(a: Analysis, system: str) -> Claim:
    rows, n = a.rows(system), len(a.dimensions)
    name = a.names.in_sentence(system)
    factors = int((a.study.swot_factors["system_id"] == system).sum())
    if rows.empty:
        say = (
            f"For {a.names.full(system)} no level has been coded: it is here for its "
            f"**{counted(factors, 'SWOT factor')}** only."
        )
    else:
        say = (
            f"For {name} evidence was found on **{count(len(rows))} of {n} dimensions**. That is "
            "too little to rank the system"
        )
        say += " or to say for whom microcredentials work there." if len(rows) < 5 else "."
    return Claim(
        say,
        f"{len(rows)} of {n}; {a.ranking.min_dimensions} are needed to be ranked.",
        "Count of dimensions with at least one row.",
        rows,
        f"{capital(counted(len(rows), 'row'))} of evidence and {counted(factors, 'SWOT factor')}.",
    )


def _known(a: Analysis, system: str) -> Claim | None:
    rows = a.rows(system)
    if rows.empty:
        return None
    if len(rows) == 1:
        row = rows.iloc[0]
        say = (
            f"**What is known:** {lower_first(clause(row['statement']))} (level {row['level']} of "
            f"3 on {a.names.dimension(row['dimension_id']).inside}). The row describes "
            f"{row['year']} and has {row['confidence']} confidence."
        )
    else:
        parts = []
        for level in sorted(rows["level"].unique(), reverse=True):
            dims = rows.loc[rows["level"] == level, "dimension_id"]
            parts.append(f"level {level} on {listed(a.names.dimension(d).inside for d in dims)}")
        say = f"**What is known:** {'; '.join(parts)}."
    return Claim(
        say,
        "; ".join(
            f"{a.names.short(r.dimension_id)} {r.level} ({r.year}, {r.confidence})"
            for r in each_row(rows)
        )
        + ".",
        "The newest row of each dimension; levels 0 to 3 of the coding manual.",
        rows,
        more=("Every dimension", "#where-it-stands"),
    )


def _gaps(a: Analysis, system: str) -> list[str]:
    return [d for d in a.dimensions if a.level(system, d) is None]


def _not_known(a: Analysis, system: str) -> Claim | None:
    gaps = _gaps(a, system)
    if not gaps:
        return None
    named = listed(a.names.dimension(d).inside for d in gaps)
    what = f"everything else, namely {named}" if len(gaps) < len(a.dimensions) else named
    return Claim(
        f"**What is not known:** {what}.",
        f"{len(gaps)} of {len(a.dimensions)} dimensions.",
        "Dimensions without a row. A gap means “not found”, never level 0.",
    )


def _look_first(a: Analysis, system: str) -> Claim | None:
    look = where_to_look(a.study, a.evidence, system)
    look = look[look["closed"] > look["of"] / 2].head(3)
    if look.empty:
        return None
    region = cell(a.study.systems.set_index("system_id"), system, "region")
    others, of = _OTHERS_IN_REGION[str(region)], int(look["of"].iloc[0])
    named = listed(a.names.dimension(d).inside for d in look.index)
    this, was = ("This is the gap", "was") if len(look) == 1 else ("These are the gaps", "were")
    say = (
        f"**Where to look first:** {named}. {this} that {was} closed for most {others} "
        f"({listed(str(c) for c in look['closed'])} of {of})."
    )
    value = "; ".join(f"{a.names.dimension(str(d))} {c}" for d, c in look["closed"].items())
    return Claim(
        say,
        value + ".",
        "Number of other systems of its region with evidence on the dimension.",
        note=f"Newest rows of {of} other systems of the region.",
        more=("Where to look", "#where-to-look"),
    )
