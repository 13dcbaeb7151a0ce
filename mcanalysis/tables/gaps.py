"""What the evidence on a system does not allow to be said, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.compare import where_to_look
from mcanalysis.frames import each_indexed
from mcanalysis.language import phrase
from mcanalysis.marks import key
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.country import LIKE_ENOUGH
from mcanalysis.why.findings import is_ranked
from mcanalysis.wording import capital, count, listed, plural


def cannot_say_table(a: Analysis, system: str) -> Block:
    """Show which parts of a report the evidence on a system does not allow, and what it would take.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        Nothing for a ranked system.
    """
    a.check_system(system)
    if is_ranked(a, system):
        return nothing(phrase("The evidence allows every part of the report."))
    rows, factors = a.rows(system), a.study.swot_factors
    lines: list[Sequence[str]] = [
        [phrase("Index and rank"), *_too_few(a, len(rows))],
        [
            phrase("For whom it works"),
            _touched(a, list(rows["dimension_id"])),
            phrase("Levels on the dimensions that most benefits depend on."),
        ],
    ]
    if not (factors["system_id"] == system).any():
        lines.append(
            [
                phrase("Coded SWOT factors"),
                phrase("No factor of this system has been coded."),
                phrase(
                    "Strengths and weaknesses from a source on the system, opportunities and "
                    "threats from one on its surroundings."
                ),
            ]
        )
    if len(rows) < LIKE_ENOUGH:
        lines.append(
            [
                phrase("Who has solved this"),
                phrase("Too few dimensions are shared with any system to call one alike."),
                phrase("Evidence on at least {n} dimensions.", n=count(LIKE_ENOUGH)),
            ]
        )
    if a.changes[a.changes["system_id"] == system].empty:
        one = phrase("Evidence for one year only.")
        lines.append(
            [
                phrase("What changed"),
                one if len(rows) else phrase("No evidence by year."),
                phrase("A second year on any dimension."),
            ]
        )
    return block(
        a.study,
        table(
            phrase("Parts of the report that the evidence does not allow"),
            [phrase("Part"), phrase("Why not"), phrase("What it would take")],
            lines,
            "cannot",
        ),
    )


def _too_few(a: Analysis, known: int) -> list[str]:
    """Say on how many dimensions there is evidence, and on how many more it takes for a rank."""
    have = plural(
        known,
        "one of {total} dimensions has evidence.",
        "{n} of {total} dimensions have evidence.",
        "none of {total} dimensions have evidence.",
        total=len(a.dimensions),
    )
    takes = plural(
        a.ranking.min_dimensions - known,
        "Evidence on one more dimension.",
        "Evidence on {n} more dimensions.",
    )
    return [capital(have), takes]


def _touched(a: Analysis, dimensions: list[str]) -> str:
    """Say how many benefits depend on what is known."""
    if not dimensions:
        return phrase("No level that a benefit depends on is known.")
    links = a.study.benefit_enablers
    reached = links.loc[links["dimension_id"].isin(dimensions), "benefit_id"].nunique()
    if not reached:
        return phrase("No benefit depends on what was found.")
    some = plural(reached, "one", "{n}")
    return plural(
        len(dimensions),
        "The one level found touches {some} of {total} benefits, and none closely enough.",
        "The {n} levels found touch {some} of {total} benefits, and none closely enough.",
        some=some,
        total=len(a.study.benefits),
    )


def where_to_look_table(a: Analysis, system: str) -> Block:
    """Show the gaps of a system that were closed for most of its region, and where that was found.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    Block
        Nothing for a ranked system.
    """
    a.check_system(system)
    if is_ranked(a, system):
        return nothing(phrase("The system has enough evidence to be ranked."))
    if a.rows(system).empty:
        return nothing(phrase("No level has been coded: the system is here for its factors."))
    look = where_to_look(a.study, a.evidence, system)
    if look.empty:
        return nothing(phrase("There are no gaps."))
    lines = []
    for d, r in each_indexed(look):
        levels = [int(r[f"level_{level}"]) for level in range(4)]
        stack = "".join(
            f'<span class="l{level}" style="flex:{n}">{n}</span>'
            for level, n in enumerate(levels) if n
        )  # fmt: skip
        if r["gaps"]:
            stack += f'<span class="g" style="flex:{int(r["gaps"])}"></span>'
        spoken = [
            phrase("{n} at level {level}", n=n, level=level) for level, n in enumerate(levels) if n
        ]
        spoken.append(phrase("{n} without evidence", n=int(r["gaps"])))
        publishers = ", ".join(f"{p} ({n})" for p, n in r["publishers"])
        lines.append(
            [
                f"{escape(a.names.dimension(str(d)))}<span "
                f'class="qq">{escape(a.names.question(str(d)))}</span>',
                f'<span class="stack" aria-hidden="true">{stack}</span>'
                f'<span class="vh">{", ".join(spoken)}</span>',
                escape(publishers) or phrase("each at another publisher"),
            ]
        )
    of = int(look["of"].iloc[0])
    most = [
        a.names.dimension(str(d)).inside for d, r in each_indexed(look) if r["closed"] > of / 2
    ][:3]
    title = phrase("No gap was closed for most of the region")
    if most:
        title = phrase(
            "Most other systems of the region could be coded on {dimensions}",
            dimensions=listed(most),
        )
    scale = "".join(f'<i class="l{level}">{level}</i>' for level in range(4))
    return block(
        a.study,
        figure(
            title,
            plural(
                of,
                "Levels of the {n} other system of the region, and the publishers whose pages "
                "decided most of them",
                "Levels of the {n} other systems of the region, and the publishers whose pages "
                "decided most of them",
                n=of,
            ),
            key(
                f'<span class="sc">{scale} {phrase("number of systems at each level")}</span>',
                f'<span class="sc"><i class="c0"></i> {phrase("no evidence found")}</span>',
            ),
            table(
                phrase(
                    "Gaps {system.of}, what is known of the other systems of its region, and where "
                    "it was found",
                    system=a.names.in_sentence(system),
                ),
                [
                    phrase("Dimension"),
                    phrase("Other systems of the region"),
                    phrase("Found most often at (rows)"),
                ],
                lines,
                "look",
            ),
        ),
        title,
    )
