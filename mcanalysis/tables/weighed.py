"""What a panel makes of a system's factors: priorities, consistency, inside against outside."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.errors import MethodError
from mcanalysis.frames import each_row
from mcanalysis.model import QUADRANTS
from mcanalysis.swot import SwotEvaluation, SwotPriorities, ife_efe, prioritise_factors
from mcanalysis.swot.evaluation import AVERAGE
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, clause, count, counted, listed, lower_first, percent

PLURAL = {
    "strength": "strengths",
    "weakness": "weaknesses",
    "opportunity": "opportunities",
    "threat": "threats",
}
CONSISTENT = 0.1
"""Consistency ratio up to which a judge's comparisons are taken to fit together (Saaty)."""

_POSTURES = {
    "SO": "Strong inside, well prepared for what lies outside: its strengths can take its "
    "opportunities",
    "WO": "Weak inside, well prepared for what lies outside: its opportunities can mend its "
    "weaknesses",
    "ST": "Strong inside, badly prepared for what lies outside: its strengths must guard against "
    "its threats",
    "WT": "Weak inside, badly prepared for what lies outside: its weaknesses lie open to its "
    "threats",
    "average": "Exactly average inside or outside: no direction follows",
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
    said = [
        *([counted(judges, "judge")] if judges is not None else []),
        *(["invented"] if a.invented else []),
    ]
    return f"the panel “{a.panel}”" + (f" ({', '.join(said)})" if said else "")


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
    who = capital(the_panel(a, len(found.judges)))
    say = f"{who} gives **{PLURAL[lead]} {percent(groups.iloc[0])}** of all priority"
    if len(rest):
        say += f", {listed(f'{PLURAL[str(q)]} {percent(v)}' for q, v in rest.items())}"
    say += (
        f". One factor has most, {percent(first['global'])}: "
        f"{lower_first(clause(str(f['statement'])))}."
    )
    parts = ", ".join(
        f"{'groups' if part == 'groups' else PLURAL.get(str(part), 'top factors')} {value:.2f}"
        for part, value in found.consensus.dropna().items()
    )
    order = "; ".join(
        f"{r.factor_id} {100 * r.share:.1f}%"
        for r in each_row(factors.rename(columns={"global": "share"}).head(5))
    )
    return Claim(
        say,
        f"Highest: {order}." + (f" Agreement of the judges, 0 to 1: {parts}." if parts else ""),
        "Priority of a factor: that of its group times its own within the group, each the "
        "geometric mean over the judges; together 100%.",
        note=" ".join(
            [f"Judgements of {listed(found.judges)} on the {count(len(factors))} factors.",
             *found.notes]
        ),
        cites=((str(f["source_id"]), "" if pd.isna(f["locator"]) else str(f["locator"])),),
    )  # fmt: skip


def _consistency_claim(found: SwotPriorities) -> Claim | None:
    """Say how many judges contradict themselves; None where nobody compared more than two."""
    ratio = found.consistency.dropna(subset=["cr"]).groupby("judge_id")["cr"].max()
    if ratio.empty:
        return None
    over, judges = int((ratio > CONSISTENT).sum()), counted(len(ratio), "judge")
    if over:
        verb = "contradicts itself" if over == 1 else "contradict themselves"
        say = (
            f"**{capital(count(over))} of {judges} {verb} noticeably** in at least one set of "
            "comparisons (consistency ratio above 0.10); all answers count."
        )
    else:
        say = f"**The answers of {judges} fit together** (consistency ratio at most 0.10)."
    return Claim(
        say,
        "Highest ratio of each: " + ", ".join(f"{j} {v:.2f}" for j, v in ratio.items()) + ".",
        "How far a judge's pairwise comparisons contradict each other, as a share of what random "
        "answers would; up to 0.10 counts as consistent (Saaty).",
        note="Comparisons of the groups, and of the factors within each.",
    )


def _position_claim(a: Analysis, found: SwotPriorities) -> Claim:
    name = a.names.in_sentence(found.system)
    formula = (
        "Ratings, from the level held against the other ranked systems. Strength: 4 above their "
        "median, else 3; weakness: 1 below, else 2; opportunity or threat, by the answer that the "
        "level stands for: 1 below, 2 at, 3 above, 4 above and nobody higher. Each times its "
        "priority as a share of its side; 2.5 is average (David's factor evaluation)."
    )
    try:
        e = ife_efe(a.study, a.evidence, found, a.ranked)
    except MethodError as error:
        return Claim(
            f"How {name} stands inside and outside cannot be said: too little can be rated.",
            " ".join(str(error).splitlines()),
            formula,
            note="The levels on the dimensions of its factors.",
        )
    return _position(a, e, formula)


def _position(a: Analysis, e: SwotEvaluation, formula: str) -> Claim:
    p = e.position
    sides = [f"{100 * s.coverage:.0f}%" for s in (e.inside, e.outside)]
    if e.sure:
        sure = "This is sure: no missing rating could change it."
        if min(e.inside.coverage, e.outside.coverage) > 1 - 1e-9:
            sure = "Every factor could be rated."
    else:
        sure = "This is not sure: ratings that are missing could change it."

    def place(score: float) -> str:
        return "above" if score > AVERAGE else "below" if score < AVERAGE else "at"

    rows = a.rows(e.system)
    rated = e.factors.dropna(subset=["rating"])["dimension_id"]
    return Claim(
        f"**{_POSTURES[p.posture]}.** Inside it scores {p.ife:.2f}, {place(p.ife)} the average of "
        f"2.5 on a scale from 1 to 4; in its answer to what lies outside {p.efe:.2f}, "
        f"{place(p.efe)} it. {sure}",
        f"Inside {e.inside.lower:.2f} to {e.inside.upper:.2f}, outside {e.outside.lower:.2f} to "
        f"{e.outside.upper:.2f} over every missing rating; {sides[0]} and {sides[1]} of the "
        "priority is rated.",
        formula,
        rows[rows["dimension_id"].isin(rated)].reset_index(drop=True),
        "Levels behind the ratings; a gap or a low-confidence level gives none:",
    )


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
    return {
        q: f"; {percent(float(found.groups['priority'].get(q, 0.0)))} of priority"
        for q in QUADRANTS
    }
