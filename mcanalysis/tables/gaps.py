"""What the evidence on a system does not allow to be said, and where to look."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mcanalysis.analysis import Analysis
from mcanalysis.compare import where_to_look
from mcanalysis.frames import each_indexed
from mcanalysis.marks import key
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.country import LIKE_ENOUGH
from mcanalysis.why.findings import is_ranked
from mcanalysis.wording import capital, count, counted, listed


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
        return nothing("The evidence allows every part of the report.")
    rows, n = a.rows(system), len(a.dimensions)
    factors = a.study.swot_factors
    touched = a.study.benefit_enablers["dimension_id"].isin(rows["dimension_id"])
    reached = a.study.benefit_enablers.loc[touched, "benefit_id"].nunique()
    least = a.ranking.min_dimensions
    lines: list[Sequence[str]] = [
        [
            "Index and rank",
            f"{capital(count(len(rows)))} of {n} dimensions {'has' if len(rows) == 1 else 'have'} "
            "evidence.",
            f"Evidence on {counted(least - len(rows), 'more dimension')}.",
        ],
        [
            "For whom it works",
            f"The {counted(len(rows), 'level')} found {'touches' if len(rows) == 1 else 'touch'} "
            f"{count(reached)} of {len(a.study.benefits)} benefits, and none closely enough."
            if len(rows)
            else "No level that a benefit depends on is known.",
            "Levels on the dimensions that most benefits depend on.",
        ],
    ]
    if not (factors["system_id"] == system).any():
        lines.append(
            [
                "Coded SWOT factors",
                "No factor of this system has been coded.",
                "Strengths and weaknesses from a source on the system, opportunities and threats "
                "from one on its surroundings.",
            ]
        )
    if len(rows) < LIKE_ENOUGH:
        lines.append(
            [
                "Who has solved this",
                "Too few dimensions are shared with any system to call one alike.",
                f"Evidence on at least {count(LIKE_ENOUGH)} dimensions.",
            ]
        )
    if a.changes[a.changes["system_id"] == system].empty:
        lines.append(
            ["What changed", "Evidence for one year only." if len(rows) else "No evidence by year.",
             "A second year on any dimension."]
        )  # fmt: skip
    return block(
        a.study,
        table(
            "Parts of the report that the evidence does not allow",
            ["Part", "Why not", "What it would take"],
            lines,
            "cannot",
        ),
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
        return nothing("The system has enough evidence to be ranked.")
    if a.rows(system).empty:
        return nothing("No level has been coded: the system is here for its factors.")
    look = where_to_look(a.study, a.evidence, system)
    if look.empty:
        return nothing("There are no gaps.")
    questions = a.study.dimensions.set_index("dimension_id")["question"]
    lines = []
    for d, r in each_indexed(look):
        levels = [int(r[f"level_{level}"]) for level in range(4)]
        stack = "".join(
            f'<span class="l{level}" style="flex:{n}">{n}</span>'
            for level, n in enumerate(levels) if n
        )  # fmt: skip
        if r["gaps"]:
            stack += f'<span class="g" style="flex:{int(r["gaps"])}"></span>'
        spoken = ", ".join(f"{n} at level {level}" for level, n in enumerate(levels) if n)
        lines.append(
            [
                f"{escape(a.names.dimension(str(d)))}<span "
                f'class="qq">{escape(str(questions[d]))}</span>',
                f'<span class="stack" aria-hidden="true">{stack}</span><span class="vh">{spoken}, '
                f"{int(r['gaps'])} without evidence</span>",
                escape(", ".join(f"{p} ({n})" for p, n in r["publishers"])) or "no publisher twice",
            ]
        )
    of = int(look["of"].iloc[0])
    most = [
        a.names.dimension(str(d)).inside for d, r in each_indexed(look) if r["closed"] > of / 2
    ][:3]
    title = (
        f"Most other systems of the region could be coded on {listed(most)}"
        if most
        else "No gap was closed for most of the region"
    )
    scale = "".join(f'<i class="l{level}">{level}</i>' for level in range(4))
    return block(
        a.study,
        figure(
            title,
            f"Levels of the {of} other systems of the region, and the publishers whose pages "
            f"decided "
            "most of them",
            key(
                f'<span class="sc">{scale} number of systems at each level</span>',
                '<span class="sc"><i class="g"></i> no evidence found</span>',
            ),
            table(
                f"Gaps of {a.names.in_sentence(system)}, what is known of the other systems of its "
                "region, and where it was found",
                ["Dimension", "Other systems of the region", "Found most often at (rows)"],
                lines,
                "look",
            ),
        ),
        title,
    )
