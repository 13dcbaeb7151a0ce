"""What a panel makes of a system's factors: priorities, consistency, inside against outside."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.errors import MethodError
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.model import QUADRANTS
from mcanalysis.swot import SwotEvaluation, SwotPriorities, ife_efe, prioritise_factors
from mcanalysis.swot.evaluation import AVERAGE
from mcanalysis.why.claims import Claim
from mcanalysis.wording import (
    capital,
    cited,
    clause,
    clauses,
    count,
    decimal,
    listed,
    lower_first,
    percent,
    percent_to,
    plural,
)

_GROUP = {
    "strength": marked("strengths"),
    "weakness": marked("weaknesses"),
    "opportunity": marked("opportunities"),
    "threat": marked("threats"),
}
CONSISTENT = 0.1
"""Consistency ratio up to which a judge's comparisons are taken to fit together (Saaty)."""

_POSTURES = {
    "SO": marked(
        "**Strong inside, well prepared for what lies outside: its strengths can take its "
        "opportunities.**"
    ),
    "WO": marked(
        "**Weak inside, well prepared for what lies outside: its opportunities can mend its "
        "weaknesses.**"
    ),
    "ST": marked(
        "**Strong inside, badly prepared for what lies outside: its strengths must guard against "
        "its threats.**"
    ),
    "WT": marked(
        "**Weak inside, badly prepared for what lies outside: its weaknesses lie open to its "
        "threats.**"
    ),
    "average": marked("**Exactly average inside or outside: no direction follows.**"),
}


def the_panel(a: Analysis, judges: int | None = None) -> str:
    """Name the panel in a sentence, and say in each that its judgements are invented if they are.

    Parameters
    ----------
    a : Analysis
        With a panel.
    judges : int, optional
        How many answered.

    Returns
    -------
    str
    """
    said = [plural(judges, "one judge", "{n} judges")] if judges is not None else []
    if a.invented:
        said.append(phrase("invented|judgements"))
    name = phrase("the panel “{panel}”", panel=a.panel)
    return f"{name} ({', '.join(said)})" if said else name


def was_asked(a: Analysis, topic: str) -> bool:
    """Tell whether the panel in force answered something on a topic."""
    said = a.judgements
    return bool((said["topic"].eq(topic) & said["value"].notna()).any())


def priorities_of(a: Analysis, system: str) -> SwotPriorities | None:
    """Return the priorities of a system's factors, or None where no panel has judged them.

    Raises
    ------
    MethodError
        If the judgements do not fit the factors of the system, see `prioritise_factors`.
    """
    coded = a.study.swot_factors["system_id"].eq(system).any()
    if not coded or not was_asked(a, system):
        return None
    return prioritise_factors(a.study, a.judgements, system)


def weighed_claims(a: Analysis, found: SwotPriorities) -> tuple[Claim, ...]:
    """Say what a panel gives priority, how well its answers fit together, and what follows.

    Parameters
    ----------
    a : Analysis
    found : SwotPriorities

    Returns
    -------
    tuple of Claim
    """
    claims = (_priority_claim(a, found), _consistency_claim(found), _position_claim(a, found))
    return tuple(claim for claim in claims if claim is not None)


def _priority_claim(a: Analysis, found: SwotPriorities) -> Claim:
    groups = found.groups["priority"].sort_values(ascending=False, kind="stable")
    lead, rest = str(groups.index[0]), groups.iloc[1:]
    factors = found.factors.sort_values("rank", kind="stable")
    coded = a.study.swot_factors.set_index("factor_id")
    first = factors.iloc[0]
    f = coded.loc[first["factor_id"]]
    say = phrase(
        "{panel} gives **{group} {share}** of all priority",
        panel=capital(the_panel(a, len(found.judges))),
        group=phrase(_GROUP[lead]),
        share=percent(groups.iloc[0]),
    )
    if len(rest):
        say += f", {listed(f'{phrase(_GROUP[str(q)])} {percent(v)}' for q, v in rest.items())}"
    most = phrase(
        "One factor has most, {share}: {statement}.",
        share=percent(first["global"]),
        statement=cited(lower_first(clause(str(f["statement"])))),
    )
    ordered = factors.rename(columns={"global": "share"}).head(5)
    order = clauses(*(f"{r.factor_id} {percent_to(r.share, 1)}" for r in each_row(ordered)))
    value = phrase("Highest: {factors}.", factors=order)
    parts = ", ".join(
        f"{_part(str(part))} {decimal(agreed)}" for part, agreed in found.consensus.dropna().items()
    )
    if parts:
        value += f" {phrase('Agreement of the judges, 0 to 1: {parts}.', parts=parts)}"
    rows = plural(
        len(factors),
        "Judgements of {judges} on the one factor.",
        "Judgements of {judges} on the {n} factors.",
        judges=listed(found.judges),
    )
    return Claim(
        f"{say}. {most}",
        value,
        phrase(
            "Priority of a factor: that of its group times its own within the group, each the "
            "geometric mean over the judges; together 100%."
        ),
        note=" ".join([rows, *found.notes]),
        cites=((str(f["source_id"]), "" if pd.isna(f["locator"]) else str(f["locator"])),),
    )


def _part(part: str) -> str:
    """Name what the judges compared."""
    if part == "groups":
        return phrase("groups|of factors")
    return phrase(_GROUP[part]) if part in _GROUP else phrase("top factors")


def _consistency_claim(found: SwotPriorities) -> Claim | None:
    """Say how many judges contradict themselves; None where nobody compared more than two."""
    ratio = found.consistency.dropna(subset=["cr"]).groupby("judge_id")["cr"].max()
    if ratio.empty:
        return None
    over = int((ratio > CONSISTENT).sum())
    if over:
        say = plural(
            over,
            "**One of {judges} contradicts itself noticeably** in at least one set of comparisons "
            "(consistency ratio above {limit}); all answers count.",
            "**{n} of {judges} contradict themselves noticeably** in at least one set of "
            "comparisons (consistency ratio above {limit}); all answers count.",
            n=capital(count(over)),
            judges=plural(len(ratio), "one judge", "{n} judges"),
            limit=decimal(CONSISTENT),
        )
    else:
        say = plural(
            len(ratio),
            "**The answers of one judge fit together** (consistency ratio at most {limit}).",
            "**The answers of {n} judges fit together** (consistency ratio at most {limit}).",
            limit=decimal(CONSISTENT),
        )
    ratios = ", ".join(f"{j} {decimal(v)}" for j, v in ratio.items())
    return Claim(
        say,
        phrase("Highest ratio of each: {ratios}.", ratios=ratios),
        phrase(
            "How far a judge's pairwise comparisons contradict each other, as a share of what "
            "random answers would; up to {limit} counts as consistent (Saaty).",
            limit=decimal(CONSISTENT),
        ),
        note=phrase("Comparisons of the groups, and of the factors within each."),
    )


def _position_claim(a: Analysis, found: SwotPriorities) -> Claim:
    formula = phrase(
        "Ratings, from the level held against the other ranked systems. Strength: 4 above their "
        "median, else 3; weakness: 1 below, else 2; opportunity or threat, by the answer that the "
        "level stands for: 1 below, 2 at, 3 above, 4 above and nobody higher. Each times its "
        "priority as a share of its side; {average} is average (David's factor evaluation).",
        average=decimal(AVERAGE, 1),
    )
    try:
        e = ife_efe(a.study, a.evidence, found, a.ranked)
    except MethodError as error:
        return Claim(
            phrase(
                "How {system} stands inside and outside cannot be said: too little can be rated.",
                system=a.names.in_sentence(found.system),
            ),
            cited(" ".join(str(error).splitlines())),
            formula,
            note=phrase("The levels on the dimensions of its factors."),
        )
    return _position(a, e, formula)


def _position(a: Analysis, e: SwotEvaluation, formula: str) -> Claim:
    p = e.position
    if not e.sure:
        sure = phrase("This is not sure: ratings that are missing could change it.")
    elif min(e.inside.coverage, e.outside.coverage) > 1 - 1e-9:
        sure = phrase("Every factor could be rated.")
    else:
        sure = phrase("This is sure: no missing rating could change it.")
    rows = a.rows(e.system)
    rated = e.factors.dropna(subset=["rating"])["dimension_id"]
    return Claim(
        f"{phrase(_POSTURES[p.posture])} {clauses(_inside(p.ife), _outside(p.efe))} {sure}",
        phrase(
            "Inside {inside_low} to {inside_high}, outside {outside_low} to {outside_high} over "
            "every missing rating; {inside_rated} and {outside_rated} of the priority is rated.",
            inside_low=decimal(e.inside.lower),
            inside_high=decimal(e.inside.upper),
            outside_low=decimal(e.outside.lower),
            outside_high=decimal(e.outside.upper),
            inside_rated=percent_to(e.inside.coverage, 0),
            outside_rated=percent_to(e.outside.coverage, 0),
        ),
        formula,
        rows[rows["dimension_id"].isin(rated)].reset_index(drop=True),
        phrase("Levels behind the ratings; a gap or a low-confidence level gives none:"),
    )


def _inside(score: float) -> str:
    """Say how a system stands inside, as a clause."""
    both = {"score": decimal(score), "average": decimal(AVERAGE, 1)}
    if score > AVERAGE:
        return phrase(
            "Inside it scores {score}, above the average of {average} on a scale from 1 to 4",
            **both,
        )
    if score < AVERAGE:
        return phrase(
            "Inside it scores {score}, below the average of {average} on a scale from 1 to 4",
            **both,
        )
    return phrase(
        "Inside it scores {score}, at the average of {average} on a scale from 1 to 4", **both
    )


def _outside(score: float) -> str:
    """Say how a system answers what lies outside, as a clause after that on the inside."""
    said = decimal(score)
    if score > AVERAGE:
        return phrase("in its answer to what lies outside {score}, above it.", score=said)
    if score < AVERAGE:
        return phrase("in its answer to what lies outside {score}, below it.", score=said)
    return phrase("in its answer to what lies outside {score}, at it.", score=said)


def by_priority(frame: pd.DataFrame, found: SwotPriorities | None) -> pd.DataFrame:
    """Order the factors of a quadrant by priority, with it as column ``share``; NaN without any."""
    if found is None:
        return frame.assign(share=float("nan"))
    share = found.factors.set_index("factor_id")["global"]
    frame = frame.assign(share=frame["factor_id"].map(share).astype(float))
    return frame.sort_values("share", ascending=False, kind="stable")


def group_shares(found: SwotPriorities | None) -> dict[str, str]:
    """Return what to add to the head of each quadrant."""
    if found is None:
        return dict.fromkeys(QUADRANTS, "")
    shares = {q: percent(float(found.groups["priority"].get(q, 0.0))) for q in QUADRANTS}
    return {q: phrase("{share} of priority", share=share) for q, share in shares.items()}
