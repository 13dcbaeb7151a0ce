"""What it takes to reach a target: the smallest changes of a system, step by step."""

from __future__ import annotations

from html import escape
from typing import Any

from mcanalysis.analysis import Analysis
from mcanalysis.change import SmallestChanges, Target
from mcanalysis.compare import who_has_solved
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.marks import steps
from mcanalysis.markup import Block, block, chain, figure, nothing, table
from mcanalysis.tables.country import LIKE_ENOUGH, SHOWN_SOLVERS, short_names, solver_item
from mcanalysis.texts import strong
from mcanalysis.why.what_it_takes import (
    cannot_aim,
    lowest_that_can,
    make_target,
    proof_in_words,
    reached_in_words,
    set_in_words,
    target_claim,
    target_in_words,
    what_it_takes,
)
from mcanalysis.wording import capital, clauses, grouped, listed, listed_some, plural

SHOWN_SETS = 5
"""Sets of changes that are written out; the rest is counted."""


def target_steps(
    a: Analysis,
    system: str | None = None,
    *,
    rank: int | None = None,
    index: float | None = None,
    benefit: str | None = None,
    share: float = 0.5,
) -> Block:
    """Show the smallest changes with which a system reaches a target, from the levels as coded.

    Parameters
    ----------
    a : Analysis
    system : str, optional
        By default the system with the last expected rank that is not there yet and can get there.
    rank, index, benefit, share : optional
        See `make_target`; by default half of what the benefits of the first stakeholder depend on.

    Returns
    -------
    Block
        The cheapest set with the manual's words for each step and who stands there, further sets,
        and why nothing is cheaper. That a target is reached already or cannot be is an answer too;
        nothing where no system is ranked and none is named.

    Raises
    ------
    ParameterError
        If the study has no such system, or more than one target is named.
    MethodError
        If the target does not fit the study.
    """
    target = make_target(a, rank, index, benefit, share)
    chosen = lowest_that_can(a, target) if system is None else system
    if chosen is None:
        return nothing(phrase("No system has enough evidence to be ranked. Name a target_system."))
    why = cannot_aim(a, chosen, target)
    if why:
        return block(a.study, f"<p>{escape(why, quote=False)}</p>")
    found = what_it_takes(a, chosen, target, SHOWN_SETS)
    parts = [f"<p class=intro>{escape(_intro(a, found, system is None), quote=False)}</p>"]
    claim = target_claim(a, found)
    parts.append(f'<div class="index-line">{chain(claim, short_names(a))}</div>')
    if found.status == "reachable":
        one = found.sets[found.sets["number"] == 1]
        items = "".join(_step(a, chosen, r) for r in each_row(one))
        parts.append(f'<div class="solves">{items}</div>')
        parts.append(_other_sets(a, found))
    return block(a.study, "".join(parts), claim.plain)


def _intro(a: Analysis, found: SmallestChanges, chosen: bool) -> str:
    target: Target = found.target
    who = a.names.in_sentence(found.system)
    parts = [
        phrase(
            "From the levels as they are coded, with nothing assumed: the fewest steps with which "
            "{system} gets to {target}.",
            system=who,
            target=target_in_words(a, target),
        )
    ]
    if chosen and found.status == "reachable":
        last = phrase(
            "Of the ranked systems that are not there yet and can get there, {system} is the last.",
            system=who,
        )
        parts.append(last)
    parts.append(_assumed(a, target))
    if target.kind == "rank":
        rank = phrase(
            "The rank here is that of the integration index, with gaps left out; rank intervals "
            "also look at other weights and at what the gaps may hold."
        )
        parts.append(rank)
    return " ".join(parts)


def _assumed(a: Analysis, target: Target) -> str:
    """Say what is taken for granted where steps are counted."""
    if target.kind == "realised":
        return phrase(
            "Assumed: every step of one level is as hard as any other, and the other systems stay "
            "where they are."
        )
    if a.ranking.weights is None:
        return phrase(
            "Assumed: equal weights of the dimensions, every step of one level is as hard as any "
            "other, and the other systems stay where they are."
        )
    if a.judged is not None:
        return phrase(
            "Assumed: the panel's weights of the dimensions, every step of one level is as hard as "
            "any other, and the other systems stay where they are."
        )
    return phrase(
        "Assumed: weights that stand for the order of importance of the dimensions, every step of "
        "one level is as hard as any other, and the other systems stay where they are."
    )


def _step(a: Analysis, system: str, r: Any) -> str:
    """Show one step: from which level to which, in the manual's words, and who stands there."""
    found = who_has_solved(a.evidence, system, r.dimension_id, LIKE_ENOUGH)
    there = found[found["level"] >= r.level]
    lead = ""
    if there.empty and len(found):
        nobody = phrase("Nobody alike stands at level {level} yet; the nearest:", level=r.level)
        lead = f'<p class="more">{nobody}</p>'
    else:
        found = there
    solvers = [solver_item(a, s) for s in each_row(found.head(SHOWN_SOLVERS))]
    if not solvers:
        nobody = phrase("**Nobody yet.** No comparable system stands there.")
        solvers = [f"<li><p>{strong(nobody)}</p></li>"]
    rest = [capital(a.names.system(str(s))) for s in found["system_id"][SHOWN_SOLVERS:]]
    names = listed_some(rest, 5)
    more = phrase("Also there: {systems}.", systems=names)
    if lead:
        more = phrase("Also higher: {systems}.", systems=names)
    more = f'<p class="more">{escape(more)}</p>' if rest else ""
    words = "".join(
        f'<p class="next"><span>{phrase("Level {level}:", level=level)}</span> '
        f"{escape(a.names.criterion(r.dimension_id, level))}</p>"
        for level in range(r.coded + 1, r.level + 1)
    )
    at = phrase("level {level}", level=r.coded)
    return (
        f'<div class="solve"><div class="need"><h3>{escape(a.names.dimension(r.dimension_id))}</h3>'
        f'<p class="now">{steps(r.coded)}<span class="at">{at} '
        f'<span aria-hidden="true">→</span><span class="vh">{phrase("to|level")}</span> '
        f"{r.level}</span></p>{words}</div><div>{lead}<ul>{''.join(solvers)}</ul>{more}</div></div>"
    )


def _other_sets(a: Analysis, found: SmallestChanges) -> str:
    shown = int(found.sets["number"].max())
    proof = f'<p class="note">{escape(proof_in_words(found))}</p>'
    if found.count == 1:
        return proof
    lines = []
    for number in range(1, shown + 1):
        reached = found.sets.loc[found.sets["number"] == number, "reached"].iloc[0]
        lines.append(
            [
                str(number),
                escape(capital(set_in_words(a, found, number))),
                reached_in_words(found.target, float(reached)),
            ]
        )
    left = found.count - shown
    often = found.share.sort_values(ascending=False, kind="stable").head(3)
    common = listed(
        phrase(
            "{dimension} in {n}",
            dimension=a.names.dimension(str(d)).inside,
            n=round(v * found.count),
        )
        for d, v in often.items()
    )
    title = plural(
        int(found.cost),
        "{sets} sets of one step reach the target",
        "{sets} sets of {n} steps reach the target",
        sets=grouped(found.count),
    )
    order = phrase("Those that go furthest first, then those that touch the fewest dimensions")
    if left:
        more = plural(left, "{n} more is not listed", "{n} more are not listed", n=grouped(left))
        order = clauses(order, more)
    most = phrase(
        "Found most often: {dimensions} of {sets}.", dimensions=common, sets=grouped(found.count)
    )
    return figure(
        title,
        order,
        table(
            phrase("The cheapest sets of steps"),
            [phrase(">No."), phrase("Raise"), phrase(">Then")],
            lines,
            "plain sets",
        ),
        f'<p class="note">{escape(f"{most} {proof_in_words(found)}")}</p>',
    )
