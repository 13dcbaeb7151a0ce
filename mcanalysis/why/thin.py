"""What a page says in short about a system with too little evidence to rank."""

from __future__ import annotations

from mcanalysis.analysis import Analysis
from mcanalysis.compare import where_to_look
from mcanalysis.frames import cell, each_row
from mcanalysis.language import marked, phrase
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, cited, clause, clauses, count, listed, lower_first, plural

_CONFIDENCE = {
    "high": marked("high|confidence"),
    "medium": marked("medium|confidence"),
    "low": marked("low|confidence"),
}
_DESCRIBES = {
    "high": marked("The row describes {year} and has high confidence."),
    "medium": marked("The row describes {year} and has medium confidence."),
    "low": marked("The row describes {year} and has low confidence."),
}
_CLOSED = {
    "eu": (
        marked("This is the gap that was closed for most other EU systems ({n} of {of})."),
        marked("These are the gaps that were closed for most other EU systems ({n} of {of})."),
    ),
    "ehea-non-eu": (
        marked(
            "This is the gap that was closed for most others in the European Higher Education Area "
            "outside the EU ({n} of {of})."
        ),
        marked(
            "These are the gaps that were closed for most others in the European Higher Education "
            "Area outside the EU ({n} of {of})."
        ),
    ),
    "other": (
        marked(
            "This is the gap that was closed for most others beyond the European Higher Education "
            "Area ({n} of {of})."
        ),
        marked(
            "These are the gaps that were closed for most others beyond the European Higher "
            "Education Area ({n} of {of})."
        ),
    ),
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
    factors = int((a.study.swot_factors["system_id"] == system).sum())
    on_board = plural(factors, "one SWOT factor", "{n} SWOT factors", "no SWOT factors")
    if rows.empty:
        say = plural(
            factors,
            "For {system} no level has been coded: it is here for its **one SWOT factor** only.",
            "For {system} no level has been coded: it is here for its **{n} SWOT factors** only.",
            "For {system} no level has been coded: it is here for its **no SWOT factors** only.",
            system=a.names.full(system),
        )
    else:
        say = plural(
            len(rows),
            "For {system} evidence was found on **one of {total} dimensions**.",
            "For {system} evidence was found on **{n} of {total} dimensions**.",
            system=a.names.in_sentence(system),
            total=n,
        )
        say += " " + (
            phrase(
                "That is too little to rank the system or to say for whom microcredentials work "
                "there."
            )
            if len(rows) < 5
            else phrase("That is too little to rank the system.")
        )
    return Claim(
        say,
        phrase(
            "{n} of {total}; {least} are needed to be ranked.",
            n=len(rows),
            total=n,
            least=a.ranking.min_dimensions,
        ),
        phrase("Count of dimensions with at least one row."),
        rows,
        plural(
            len(rows),
            "One row of evidence and {factors}.",
            "{n} rows of evidence and {factors}.",
            "No rows of evidence and {factors}.",
            n=capital(count(len(rows))),
            factors=on_board,
        ),
    )


def _known(a: Analysis, system: str) -> Claim | None:
    rows = a.rows(system)
    if rows.empty:
        return None
    if len(rows) == 1:
        row = rows.iloc[0]
        what = phrase(
            "**What is known:** {statement} (level {level} of 3 on {dimension}).",
            statement=cited(lower_first(clause(row["statement"]))),
            level=row["level"],
            dimension=a.names.dimension(row["dimension_id"]).inside,
        )
        say = f"{what} {phrase(_DESCRIBES[row['confidence']], year=row['year'])}"
    else:
        parts = []
        for level in sorted(rows["level"].unique(), reverse=True):
            dims = rows.loc[rows["level"] == level, "dimension_id"]
            parts.append(
                phrase(
                    "level {level} on {dimensions}",
                    level=level,
                    dimensions=listed(a.names.dimension(d).inside for d in dims),
                )
            )
        say = phrase("**What is known:** {levels}.", levels=clauses(*parts))
    newest = clauses(
        *(
            f"{a.names.short(r.dimension_id)} {r.level} "
            f"({r.year}, {phrase(_CONFIDENCE[r.confidence])})"
            for r in each_row(rows)
        )
    )
    return Claim(
        say,
        newest + ".",
        phrase("The newest row of each dimension; levels 0 to 3 of the coding manual."),
        rows,
        more=(phrase("Every dimension"), "#where-it-stands"),
    )


def _gaps(a: Analysis, system: str) -> list[str]:
    return [d for d in a.dimensions if a.level(system, d) is None]


def _not_known(a: Analysis, system: str) -> Claim | None:
    gaps = _gaps(a, system)
    if not gaps:
        return None
    named = listed(a.names.dimension(d).inside for d in gaps)
    if len(gaps) < len(a.dimensions):
        say = phrase(
            "**What is not known:** everything else, namely {dimensions}.", dimensions=named
        )
    else:
        say = phrase("**What is not known:** {dimensions}.", dimensions=named)
    return Claim(
        say,
        phrase("{n} of {total} dimensions.", n=len(gaps), total=len(a.dimensions)),
        phrase("Dimensions without a row. A gap means “not found”, never level 0."),
    )


def _look_first(a: Analysis, system: str) -> Claim | None:
    look = where_to_look(a.study, a.evidence, system)
    look = look[look["closed"] > look["of"] / 2].head(3)
    if look.empty:
        return None
    region = cell(a.study.systems.set_index("system_id"), system, "region")
    one, many = _CLOSED[str(region)]
    of = int(look["of"].iloc[0])
    where = phrase(
        "**Where to look first:** {dimensions}.",
        dimensions=listed(a.names.dimension(d).inside for d in look.index),
    )
    closed = phrase(
        one if len(look) == 1 else many, n=listed(str(c) for c in look["closed"]), of=of
    )
    value = clauses(*(f"{a.names.dimension(str(d))} {c}" for d, c in look["closed"].items()))
    return Claim(
        f"{where} {closed}",
        value + ".",
        phrase("Number of other systems of its region with evidence on the dimension."),
        note=phrase("Newest rows of {n} other systems of the region.", n=of),
        more=(phrase("Where to look"), "#where-to-look"),
    )
