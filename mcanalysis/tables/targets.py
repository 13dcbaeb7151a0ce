"""What it takes to reach a target: the smallest changes of a system, step by step."""

from __future__ import annotations

from html import escape
from typing import Any

from mcanalysis.analysis import Analysis
from mcanalysis.change import SmallestChanges, Target
from mcanalysis.compare import who_has_solved
from mcanalysis.frames import cell, each_row
from mcanalysis.marks import confidence, src, steps
from mcanalysis.markup import Block, block, chain, figure, nothing, table
from mcanalysis.tables.country import LIKE_ENOUGH, SHOWN_SOLVERS, short_names
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
from mcanalysis.wording import capital, counted, grouped, listed, listed_some

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
        return nothing("No system has enough evidence to be ranked. Name a target_system.")
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
    whose = (
        "equal weights"
        if a.ranking.weights is None
        else "the panel's weights"
        if a.judged is not None
        else "weights that stand for the order of importance"
    )
    basis = f"{whose} of the dimensions, " if target.kind != "realised" else ""
    why = (
        f" Of the ranked systems that are not there yet and can get there, {who} is the last."
        if chosen and found.status == "reachable"
        else ""
    )
    rank = (
        " The rank here is that of the integration index, with gaps left out; rank intervals also "
        "look at other weights and at what the gaps may hold."
        if target.kind == "rank"
        else ""
    )
    return (
        f"From the levels as they are coded, with nothing assumed: the fewest steps with which "
        f"{who} gets to {target_in_words(a, target)}.{why} Assumed: {basis}every step of one level "
        f"is as hard as any other, and the other systems stay where they are.{rank}"
    )


def _step(a: Analysis, system: str, r: Any) -> str:
    """Show one step: from which level to which, in the manual's words, and who stands there."""
    manual = a.study.dimensions.set_index("dimension_id")
    found = who_has_solved(a.evidence, system, r.dimension_id, LIKE_ENOUGH)
    there = found[found["level"] >= r.level]
    lead = ""
    if there.empty and len(found):
        lead = f'<p class="more">Nobody alike stands at level {r.level} yet; the nearest:</p>'
    else:
        found = there
    solvers = [
        f"<li><p><b>{escape(capital(a.names.system(str(s.system_id))))}</b> "
        f'<span class="lvt">level {s.level:g}</span></p><p>{escape(str(s.statement))}</p>'
        f'<span class="meta"><span class="yr">{s.year}</span> '
        f"{confidence(str(s.confidence), True)} {src(str(s.source_id), s.locator)}</span></li>"
        for s in each_row(found.head(SHOWN_SOLVERS))
    ] or ["<li><p><b>Nobody yet.</b> No comparable system stands there.</p></li>"]
    rest = [capital(a.names.system(str(s))) for s in found["system_id"][SHOWN_SOLVERS:]]
    more = (
        f'<p class="more">Also {"higher" if lead else "there"}: {escape(listed_some(rest, 5))}.</p>'
        if rest
        else ""
    )
    words = "".join(
        f'<p class="next"><span>Level {level}:</span> '
        f"{escape(str(cell(manual, r.dimension_id, f'level_{level}')))}</p>"
        for level in range(r.coded + 1, r.level + 1)
    )
    return (
        f'<div class="solve"><div class="need"><h3>{escape(a.names.dimension(r.dimension_id))}</h3>'
        f'<p class="now">{steps(r.coded)}<span class="at">level {r.coded} '
        '<span aria-hidden="true">→</span><span class="vh">to</span> '
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
        f"{a.names.dimension(str(d)).inside} in {round(v * found.count)}" for d, v in often.items()
    )
    title = f"{grouped(found.count)} sets of {counted(int(found.cost), 'step')} reach the target"
    rest = f"; {grouped(left)} more {'is' if left == 1 else 'are'} not listed" if left else ""
    return figure(
        title,
        f"Those that go furthest first, then those that touch the fewest dimensions{rest}",
        table(
            "The cheapest sets of steps",
            [">No.", "Raise", ">Then"],
            lines,
            "plain sets",
        ),
        f'<p class="note">Found most often: {escape(common)} of {grouped(found.count)}. '
        f"{escape(proof_in_words(found))}</p>",
    )
