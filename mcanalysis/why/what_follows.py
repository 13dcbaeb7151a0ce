"""What follows if some levels were different, in sentences."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.editions.sentences import NOTABLE, signed
from mcanalysis.frames import each_row
from mcanalysis.why.claims import Claim
from mcanalysis.why.sure import counted_in_words, in_nine_of_ten, pool_in_words
from mcanalysis.why.what_if import (
    WhatIf,
    assumed_in_words,
    evidence_on,
    gains,
    moved,
    place_in_words,
    suggested,
    suggestion_in_words,
)
from mcanalysis.wording import capital, count, counted, listed, listed_some, percent

CAUSE = {
    "evidence": "its own levels",
    "company": "the others",
    "weights": "weights",
    "method": "method",
}
"""What a rank changes for, in the order in which a page tells it."""
_CELL = ["system_id", "dimension_id"]
_ORDERS = {
    "reversed": ("turns round", "turn round"),
    "sure": ("comes into a sure order", "come into a sure order"),
    "unsure": ("is no longer in a sure order", "are no longer in a sure order"),
}


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
                "**This scenario changes nothing**: every level that it assumes is coded already.",
                f"{counted(len(w.rows), 'row')} of the scenario.",
                "A row of a scenario counts if its level differs from the coded one, fills a gap "
                "or makes a low-confidence level certain.",
                note=pool_in_words(w.now),
            ),
        )
    parts = (_assumed, _movers, _together, _pairs, _groups, _suggested, _unchanged)
    return tuple(claim for claim in (part(w) for part in parts) if claim is not None)


def _assumed(w: WhatIf) -> Claim:
    live, names = w.live, w.now.names
    n = len(live)
    idle = len(w.rows) - n
    value = "; ".join(
        f"{names.system(r.system_id)}, {names.short(r.dimension_id).inside}: "
        f"{'no evidence' if pd.isna(r.coded) else r.coded} → {r.level}"
        for r in each_row(live)
    )
    rows = evidence_on(w, live)
    return Claim(
        f"**{capital(counted(n, 'level'))} {'is' if n == 1 else 'are'} assumed**: "
        f"{assumed_in_words(w)}. No source says so.",
        value + ".",
        "An assumed level takes the place of the coded one, or of a gap, and counts as certain. "
        "Every other row stays."
        + (
            f" {capital(counted(idle, 'row'))} of the scenario "
            f"{'repeats' if idle == 1 else 'repeat'} what is coded and "
            f"{'changes' if idle == 1 else 'change'} nothing."
            if idle
            else ""
        ),
        rows,
        "The rows that give way:" if len(rows) else "Only gaps are filled: no row gives way.",
        more=("Each of them", "#what-is-assumed"),
    )


def _movers(w: WhatIf) -> Claim | None:
    ranks, r, names = moved(w), w.changes.new.ranking, w.now.names
    if ranks.empty:
        return None
    top = next(each_row(ranks))
    n_old, n_new = len(w.now.ranked), len(w.changes.new.ranked)
    why = [f"{CAUSE[c]} {signed(getattr(top, c))}" for c in CAUSE if getattr(top, c)]
    causes = f" ({', '.join(why)}; minus is better)" if why else ""
    of_old = f" of {n_old}" if n_old != n_new else ""
    was, now = (
        place_in_words(getattr(top, f"{side}_best_rank"), getattr(top, f"{side}_worst_rank"))
        for side in ("old", "new")
    )
    before = "as before" if was == now else f"before {was}"
    far = ranks[ranks["change"].abs() >= NOTABLE]
    if f"{top.old_rank:.1f}" == f"{top.new_rank:.1f}" and not why:
        say = "**No expected rank moves** by as much as a tenth of a place."
    else:
        say = (
            f"**{capital(names.in_sentence(top.system_id))} moves most**: its expected rank, the "
            f"mean over all draws, goes from {top.old_rank:.1f}{of_old} to "
            f"{top.new_rank:.1f} of {n_new}{causes}; {in_nine_of_ten(r)} it stands {now}, "
            f"{before}. {capital(count(len(far)))} of {len(ranks)} ranked systems "
            f"{'moves' if len(far) == 1 else 'move'} by half a place or more."
        )
    say += _company(w)
    value = "; ".join(
        f"{names.system(m.system_id)} {m.old_rank:.2f} → {m.new_rank:.2f}" for m in each_row(ranks)
    )
    return Claim(
        say,
        value + ".",
        f"{counted_in_words(r)} Expected rank: the mean over the draws; 1 is best, so that minus "
        "is better. Both sides start from the same seed. A change is split into its causes by "
        "Shapley values: what a cause changes, averaged over all orders in which they can act.",
        evidence_on(w, w.live),
        f"{pool_in_words(w.now)} Of them, the rows that give way:",
        more=("All ranks", "#what-it-does-to-the-ranks"),
    )


def _company(w: WhatIf) -> str:
    """Tell who is ranked then and not now, or the other way round."""
    said = ""
    for kind, some in w.changes.systems.groupby("kind", sort=False):
        who = listed_some([w.now.names.in_sentence(s) for s in some["system_id"]], 3)
        said += f" {capital(who)} {'is' if len(some) == 1 else 'are'} {kind}."
    return said


def _together(w: WhatIf) -> Claim | None:
    """Tell whether systems whose levels rise together take places from each other."""
    ranks = w.changes.ranks
    mine = ranks[ranks["system_id"].isin(w.live["system_id"]) & ranks["evidence"].notna()]
    own, others = float(mine["evidence"].mean()), float(mine["company"].mean())
    if len(mine) < 2 or own > -0.05 or others < 0.05:
        return None
    names = w.now.names
    value = "; ".join(
        f"{names.system(m.system_id)} {signed(m.evidence)} and {signed(m.company)}"
        for m in each_row(mine)
    )
    return Claim(
        f"**Who rises together takes places from each other**: on average the "
        f"{count(len(mine))} ranked systems with assumed levels gain {-own:.1f} places "
        f"by their own levels and lose {others:.1f} to the others.",
        f"Own levels and the others: {value}.",
        "Means of the parts of each change, by Shapley values; places gained are minus.",
        note=pool_in_words(w.now),
        more=("Each of them", "#what-it-does-to-the-ranks"),
    )


def _sure(a: Analysis, systems: list[str]) -> int:
    return int((a.ranking.ahead.loc[systems, systems] >= a.ranking.threshold).to_numpy().sum())


def _pairs(w: WhatIf) -> Claim | None:
    pairs = w.changes.pairs[~w.changes.pairs["chance"]]
    if pairs.empty:
        return None
    names, r = w.now.names, w.changes.new.ranking
    both = [s for s in w.changes.new.ranked if s in w.now.ranked]
    was, now = _sure(w.now, both), _sure(w.changes.new, both)
    said = []
    for kind, (one, many) in _ORDERS.items():
        some = pairs[pairs["kind"] == kind]
        if len(some):
            named = [
                f"{names.system(p.left)} ahead of {names.system(p.right)}" for p in each_row(some)
            ]
            verb = one if len(some) == 1 else many
            said.append(f"**{counted(len(some), 'pair')} {verb}** ({listed_some(named, 3)})")
    first, *rest = said
    value = "; ".join(
        f"{names.system(p.left)} over {names.system(p.right)}: {100 * p.old_share:.1f}% → "
        f"{100 * p.new_share:.1f}%"
        for p in each_row(pairs)
    )
    return Claim(
        f"**{capital(first.removeprefix('**'))}{''.join(f'; {other}' for other in rest)}. Of "
        f"{len(both) * (len(both) - 1) // 2} pairs {now} are in a sure order, before {was}.",
        f"Share of the draws in which the first is ahead: {value}.",
        f"{counted_in_words(r)} Sure: the same system is ahead in at least {percent(r.threshold)} "
        "of the draws. Differences that may be chance between draws are not listed.",
        note=pool_in_words(w.now),
    )


def _groups(w: WhatIf) -> Claim | None:
    by, names = gains(w), w.now.names
    if by.abs().max() < 0.0005 or by.empty:
        return None
    if by.iloc[0] < 0.0005:
        by = by[::-1]
    verb = "gain" if by.iloc[0] > 0 else "lose"

    def points(change: float) -> str:
        return f"{100 * change:+.1f}".replace("-", "−")

    others = listed(
        f"{names.stakeholder(str(s)).inside} {points(v)}" for s, v in by.iloc[1:].items()
    )
    passed = w.changes.benefits
    passed = passed[passed["crossed"] & passed["system_id"].isin(w.live["system_id"])]
    say = (
        f"**{capital(names.stakeholder(str(by.index[0])).inside)} {verb} "
        f"{'most' if len(by) > 1 else 'by it'}**: on average over the systems with assumed levels "
        f"{points(by.iloc[0])} points of what their benefits depend on"
        f"{f'; {others}' if others else ''}."
    )
    if len(passed):
        where = passed["system_id"].nunique()
        which = passed["benefit_id"].value_counts()
        top = names.benefit(str(which.index[0]))
        say += (
            f" In {counted(where, 'system')} benefits pass a third or two thirds of what they "
            f"depend on, {count(len(passed))} in all; most often “{top}”."
        )
    return Claim(
        say,
        "; ".join(f"{names.stakeholder(str(s))} {points(v)}" for s, v in by.items()) + " points.",
        "A benefit is realised to the share of its enabling levels that is reached, weighted by "
        "strength 1 to 3; the figure of a group is the mean over its benefits, here averaged over "
        "the systems with assumed levels.",
        evidence_on(w, w.live),
        f"{len(w.now.study.benefit_enablers)} links of benefits to dimensions, and the rows that "
        "give way:",
        more=("System by system", "#for-whom"),
    )


def _suggested(w: WhatIf) -> Claim | None:
    derived, names = w.changes.derived, w.now.names
    if derived.empty:
        return None
    parts = [
        f"{suggestion_in_words(w, kind, q, d)} in "
        f"{listed_some([names.in_sentence(s) for s in some['system_id']], 3)}"
        for kind, q, d, some in suggested(w)
    ]
    still = derived.merge(w.live[_CELL], on=_CELL, how="left", indicator=True)
    still = still[(still["_merge"] == "left_only") & (still["new_quadrant"] == "weakness")]
    say = f"**The levels suggest other SWOT factors**: {'; '.join(parts)}."
    if len(still):
        n = still["system_id"].nunique()
        say += (
            f" {capital(counted(n, 'system'))} with a new weakness "
            f"{'stands' if n == 1 else 'stand'} still there while the median of the others rises."
        )
    value = "; ".join(
        f"{names.system(r.system_id)}, {names.short(r.dimension_id).inside}: "
        f"{r.old_rule if pd.notna(r.old_rule) else 'nothing'} → "
        f"{r.new_rule if pd.notna(r.new_rule) else 'nothing'}"
        for r in each_row(derived)
    )
    return Claim(
        say,
        value + ".",
        "A level above the median of the other ranked systems suggests a strength, one below it a "
        "weakness; a low-confidence level suggests neither. Opportunities and threats lie outside "
        "a system and are not suggested.",
        evidence_on(w, derived),
        "The rows that count now, of the systems named:",
        more=("Factor by factor", "#what-it-does-to-the-swot"),
    )


def _unchanged(w: WhatIf) -> Claim:
    new, names = w.changes.new, w.now.names
    both = [s for s in new.ranked if s in w.now.ranked]
    said = []
    if len(both) > 1:
        first = [str(a.ranking.table["mean_rank"].idxmin()) for a in (w.now, new)]
        if first[0] == first[1]:
            said.append(f"{names.in_sentence(first[0])} keeps the best expected rank")
        old_sure, new_sure = (
            a.ranking.ahead.loc[both, both].to_numpy() >= a.ranking.threshold for a in (w.now, new)
        )
        if old_sure.any():
            kept = int((old_sure & new_sure).sum())
            said.append(f"{kept} of {int(old_sure.sum())} pairs in a sure order stay so")
        outside = int(w.changes.ranks["crossed"].sum())
        said.append(
            "no expected rank leaves its former range"
            if not outside
            else f"{len(both) - outside} of {len(both)} expected ranks stay inside their former "
            "range"
        )
    groups = w.changes.groups
    if w.now.stakeholders and not groups["crossed"].any():
        said.append("no group's share in place passes a third or two thirds in any system")
    rows = len(w.now.evidence.rows) - len(evidence_on(w, w.live))
    said.append(f"{rows} of {len(w.now.evidence.rows)} rows of evidence and every coded factor "
                "stand as they are")  # fmt: skip
    return Claim(
        f"**What does not change**: {'; '.join(said)}.",
        f"{len(w.changes.ranks)} ranked systems, {len(w.now.evidence.rows)} rows of evidence.",
        "Both sides compared table by table, with the same date, draws, seed and weights.",
        note=pool_in_words(w.now),
    )
