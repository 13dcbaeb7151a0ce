"""What follows if some levels were different, in sentences."""

from __future__ import annotations

import pandas as pd

from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.why.claims import Claim
from mcanalysis.why.sure import pool_in_words
from mcanalysis.why.what_if import (
    WhatIf,
    assumed_in_words,
    evidence_on,
    gains,
    suggested,
    suggestion_in_words,
)
from mcanalysis.why.what_moves import CAUSE, movers_claim, pairs_claim, together_claim
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed,
    listed_some,
    plural,
)

__all__ = ["CAUSE", "what_if_claims"]

_CELL = ["system_id", "dimension_id"]


def what_if_claims(w: WhatIf) -> tuple[Claim, ...]:
    """Say in short what a scenario assumes and what that does.

    Parameters
    ----------
    w : WhatIf

    Returns
    -------
    tuple of Claim
        What is assumed; who moves most and why; whether rising together brings less; which orders
        of two are sure; who gains; what the indicators suggest; what does not change. None for a
        study without scenarios.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> from mcanalysis.why.what_if import suppose
    >>> w = suppose(analyse(read_study("data"), draws=1000))
    >>> what_if_claims(w)[0].plain
    'Ten levels are assumed: level 2 on recognition in ten systems. No source says so.'
    """
    if w.scenario is None:
        return ()
    if w.live.empty:
        return (
            Claim(
                phrase(
                    "**This scenario changes nothing**: every level that it assumes is coded "
                    "already."
                ),
                plural(
                    len(w.rows),
                    "one row of the scenario.",
                    "{n} rows of the scenario.",
                    "no rows of the scenario.",
                ),
                phrase(
                    "A row of a scenario counts if its level differs from the coded one, fills a "
                    "gap or makes a low-confidence level certain."
                ),
                note=pool_in_words(w.now),
            ),
        )
    parts = (_assumed, movers_claim, together_claim, pairs_claim, _groups, _suggested, _unchanged)
    return tuple(claim for claim in (part(w) for part in parts) if claim is not None)


def _assumed(w: WhatIf) -> Claim:
    live, names = w.live, w.now.names
    n = len(live)
    idle = len(w.rows) - n
    value = clauses(
        *(
            f"{names.system(r.system_id)}, {names.short(r.dimension_id).inside}: "
            f"{phrase('no evidence') if pd.isna(r.coded) else r.coded} → {r.level}"
            for r in each_row(live)
        )
    )
    rows = evidence_on(w, live)
    formula = phrase(
        "An assumed level takes the place of the coded one, or of a gap, and counts as certain. "
        "Every other row stays."
    )
    if idle:
        repeats = plural(
            idle,
            "One row of the scenario repeats what is coded and changes nothing.",
            "{n} rows of the scenario repeat what is coded and change nothing.",
            n=capital(count(idle)),
        )
        formula += f" {repeats}"
    return Claim(
        plural(
            n,
            "**One level is assumed**: {levels}. No source says so.",
            "**{n} levels are assumed**: {levels}. No source says so.",
            n=capital(count(n)),
            levels=assumed_in_words(w),
        ),
        value + ".",
        formula,
        rows,
        phrase("The rows that give way:")
        if len(rows)
        else phrase("Only gaps are filled: no row gives way."),
        more=(phrase("Each of them"), "#what-is-assumed"),
    )


def _groups(w: WhatIf) -> Claim | None:
    by, names = gains(w), w.now.names
    if by.abs().max() < 0.0005 or by.empty:
        return None
    if by.iloc[0] < 0.0005:
        by = by[::-1]
    first = names.stakeholder(str(by.index[0])).inside
    gain = by.iloc[0] > 0

    def points(change: float) -> str:
        return decimal(100 * change, 1, sign=True).replace("-", "−")

    others = listed(
        f"{names.stakeholder(str(s)).inside} {points(v)}" for s, v in by.iloc[1:].items()
    )
    if len(by) > 1:
        lead = (
            phrase("{group} gain most", group=first)
            if gain
            else phrase("{group} lose most", group=first)
        )
    else:
        lead = (
            phrase("{group} gain by it", group=first)
            if gain
            else phrase("{group} lose by it", group=first)
        )
    passed = w.changes.benefits
    passed = passed[passed["crossed"] & passed["system_id"].isin(w.live["system_id"])]
    say = phrase(
        "**{finding}**: on average over the systems with assumed levels {points} points of what "
        "their benefits depend on",
        finding=capital(lead),
        points=points(by.iloc[0]),
    )
    say = (clauses(say, others) if others else say) + "."
    if len(passed):
        where = passed["system_id"].nunique()
        which = passed["benefit_id"].value_counts()
        passing = plural(
            where,
            "In one system benefits pass a third or two thirds of what they depend on, {all} in "
            "all; most often “{benefit}”.",
            "In {n} systems benefits pass a third or two thirds of what they depend on, {all} in "
            "all; most often “{benefit}”.",
            all=count(len(passed)),
            benefit=names.benefit(str(which.index[0])),
        )
        say += f" {passing}"
    changes = clauses(*(f"{names.stakeholder(str(s))} {points(v)}" for s, v in by.items()))
    return Claim(
        say,
        phrase("{changes} points.", changes=changes),
        phrase(
            "A benefit is realised to the share of its enabling levels that is reached, weighted "
            "by strength 1 to 3; the figure of a group is the mean over its benefits, here "
            "averaged over the systems with assumed levels."
        ),
        evidence_on(w, w.live),
        phrase(
            "{n} links of benefits to dimensions, and the rows that give way:",
            n=len(w.now.study.benefit_enablers),
        ),
        more=(phrase("System by system"), "#for-whom"),
    )


def _suggested(w: WhatIf) -> Claim | None:
    derived, names = w.changes.derived, w.now.names
    if derived.empty:
        return None
    parts = [
        phrase(
            "{suggestion} in {systems}",
            suggestion=suggestion_in_words(w, kind, q, d),
            systems=listed_some([names.in_sentence(s) for s in some["system_id"]], 3),
        )
        for kind, q, d, some in suggested(w)
    ]
    still = derived.merge(w.live[_CELL], on=_CELL, how="left", indicator=True)
    still = still[(still["_merge"] == "left_only") & (still["new_quadrant"] == "weakness")]
    say = phrase(
        "**The levels suggest other SWOT factors**: {suggestions}.", suggestions=clauses(*parts)
    )
    if len(still):
        n = still["system_id"].nunique()
        stands = plural(
            n,
            "One system with a new weakness stands still there while the median of the others "
            "rises.",
            "{n} systems with a new weakness stand still there while the median of the others "
            "rises.",
            n=capital(count(n)),
        )
        say += f" {stands}"
    value = clauses(
        *(
            f"{names.system(r.system_id)}, {names.short(r.dimension_id).inside}: "
            f"{r.old_rule if pd.notna(r.old_rule) else phrase('nothing')} → "
            f"{r.new_rule if pd.notna(r.new_rule) else phrase('nothing')}"
            for r in each_row(derived)
        )
    )
    return Claim(
        say,
        value + ".",
        phrase(
            "A level above the median of the other ranked systems suggests a strength, one below "
            "it a weakness; a low-confidence level suggests neither. Opportunities and threats lie "
            "outside a system and are not suggested."
        ),
        evidence_on(w, derived),
        phrase("The rows that count now, of the systems named:"),
        more=(phrase("Factor by factor"), "#what-it-does-to-the-swot"),
    )


def _unchanged(w: WhatIf) -> Claim:
    new, names = w.changes.new, w.now.names
    both = [s for s in new.ranked if s in w.now.ranked]
    said = []
    if len(both) > 1:
        first = [str(a.ranking.table["mean_rank"].idxmin()) for a in (w.now, new)]
        if first[0] == first[1]:
            said.append(
                phrase("{system} keeps the best expected rank", system=names.in_sentence(first[0]))
            )
        old_sure, new_sure = (
            a.ranking.ahead.loc[both, both].to_numpy() >= a.ranking.threshold for a in (w.now, new)
        )
        if old_sure.any():
            kept = int((old_sure & new_sure).sum())
            said.append(
                phrase(
                    "{kept} of {n} pairs in a sure order stay so",
                    kept=kept,
                    n=int(old_sure.sum()),
                )
            )
        outside = int(w.changes.ranks["crossed"].sum())
        said.append(
            phrase(
                "{kept} of {n} expected ranks stay inside their former range",
                kept=len(both) - outside,
                n=len(both),
            )
            if outside
            else phrase("no expected rank leaves its former range")
        )
    groups = w.changes.groups
    if w.now.stakeholders and not groups["crossed"].any():
        said.append(phrase("no group's share in place passes a third or two thirds in any system"))
    every = len(w.now.evidence.rows)
    said.append(
        phrase(
            "{kept} of {n} rows of evidence and every coded factor stand as they are",
            kept=every - len(evidence_on(w, w.live)),
            n=every,
        )
    )
    return Claim(
        phrase("**What does not change**: {facts}.", facts=clauses(*said)),
        phrase(
            "{systems} ranked systems, {rows} rows of evidence.",
            systems=len(w.changes.ranks),
            rows=every,
        ),
        phrase("Both sides compared table by table, with the same date, draws, seed and weights."),
        note=pool_in_words(w.now),
    )
