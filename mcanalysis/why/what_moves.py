"""Who moves if some levels were different, and which orders of two become sure, in sentences."""

from __future__ import annotations

from mcanalysis.analysis import Analysis
from mcanalysis.editions.sentences import NOTABLE, signed
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.names import Called
from mcanalysis.why.claims import Claim, begun
from mcanalysis.why.draws import counted_in_words, in_nine_of_ten, pool_in_words
from mcanalysis.why.what_if import WhatIf, evidence_on, moved, place_in_words
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed_some,
    percent,
    percent_to,
    plural,
)

CAUSE = {
    "evidence": marked("its own levels"),
    "company": marked("the others"),
    "weights": marked("weights"),
    "method": marked("method"),
}
"""What a rank changes for, in the order in which a page tells it."""
_ORDERS = {
    "reversed": (
        marked("**one pair turns round** ({pairs})"),
        marked("**{n} pairs turn round** ({pairs})"),
    ),
    "sure": (
        marked("**one pair comes into a sure order** ({pairs})"),
        marked("**{n} pairs come into a sure order** ({pairs})"),
    ),
    "unsure": (
        marked("**one pair is no longer in a sure order** ({pairs})"),
        marked("**{n} pairs are no longer in a sure order** ({pairs})"),
    ),
}


def movers_claim(w: WhatIf) -> Claim | None:
    """Tell whose expected rank moves most and why, and how many move."""
    ranks, r, names = moved(w), w.changes.new.ranking, w.now.names
    if ranks.empty:
        return None
    top = next(each_row(ranks))
    n_old, n_new = len(w.now.ranked), len(w.changes.new.ranked)
    why = [f"{phrase(CAUSE[c])} {signed(getattr(top, c))}" for c in CAUSE if getattr(top, c)]
    old_rank, new_rank = decimal(top.old_rank, 1), decimal(top.new_rank, 1)
    was, now = (
        place_in_words(getattr(top, f"{side}_best_rank"), getattr(top, f"{side}_worst_rank"))
        for side in ("old", "new")
    )
    far = ranks[ranks["change"].abs() >= NOTABLE]
    if old_rank == new_rank and not why:
        say = phrase("**No expected rank moves** by as much as a tenth of a place.")
    else:
        fields = {
            "system": names.in_sentence(top.system_id),
            "old": old_rank,
            "new": new_rank,
            "n_old": n_old,
            "n_new": n_new,
        }
        moves = (
            phrase(
                "**{system} moves most**: its expected rank, the mean over all draws, goes from "
                "{old} to {new} of {n_new}",
                **fields,
            )
            if n_old == n_new
            else phrase(
                "**{system} moves most**: its expected rank, the mean over all draws, goes from "
                "{old} of {n_old} to {new} of {n_new}",
                **fields,
            )
        )
        say = begun(moves)
        if why:
            say += f" ({phrase('{causes}; minus is better', causes=', '.join(why))})"
        stands = (
            phrase("{how_often} it stands {now}, as before", how_often=in_nine_of_ten(r), now=now)
            if was == now
            else phrase(
                "{how_often} it stands {now}, before {was}",
                how_often=in_nine_of_ten(r),
                now=now,
                was=was,
            )
        )
        how_many = plural(
            len(far),
            "One of {total} ranked systems moves by half a place or more.",
            "{n} of {total} ranked systems move by half a place or more.",
            n=capital(count(len(far))),
            total=len(ranks),
        )
        say = f"{clauses(say, stands)}. {how_many}"
    say += _company(w)
    value = clauses(
        *(
            f"{names.system(m.system_id)} {decimal(m.old_rank)} → {decimal(m.new_rank)}"
            for m in each_row(ranks)
        )
    )
    expected = phrase(
        "Expected rank: the mean over the draws; 1 is best, so that minus is better. Both sides "
        "start from the same seed. A change is split into its causes by Shapley values: what a "
        "cause changes, averaged over all orders in which they can act."
    )
    return Claim(
        say,
        value + ".",
        f"{counted_in_words(r)} {expected}",
        evidence_on(w, w.live),
        f"{pool_in_words(w.now)} {phrase('Of them, the rows that give way:')}",
        more=(phrase("All ranks"), "#what-it-does-to-the-ranks"),
    )


def _company(w: WhatIf) -> str:
    """Tell who is ranked then and not now, or the other way round."""
    said = ""
    for kind, some in w.changes.systems.groupby("kind", sort=False):
        who = listed_some([w.now.names.in_sentence(s) for s in some["system_id"]], 3)
        told = (
            plural(
                len(some),
                "{systems} is newly ranked.",
                "{systems} are newly ranked.",
                systems=Called(who),
            )
            if kind == "newly ranked"
            else plural(
                len(some),
                "{systems} is no longer ranked.",
                "{systems} are no longer ranked.",
                systems=Called(who),
            )
        )
        said += f" {capital(told)}"
    return said


def together_claim(w: WhatIf) -> Claim | None:
    """Tell whether systems whose levels rise together take places from each other."""
    ranks = w.changes.ranks
    mine = ranks[ranks["system_id"].isin(w.live["system_id"]) & ranks["evidence"].notna()]
    own, others = float(mine["evidence"].mean()), float(mine["company"].mean())
    if len(mine) < 2 or own > -0.05 or others < 0.05:
        return None
    names = w.now.names
    value = clauses(
        *(
            phrase(
                "{system} {own} and {others}",
                system=names.system(m.system_id),
                own=signed(m.evidence),
                others=signed(m.company),
            )
            for m in each_row(mine)
        )
    )
    return Claim(
        phrase(
            "**Who rises together takes places from each other**: on average the {n} ranked "
            "systems with assumed levels gain {own} places by their own levels and lose {others} "
            "to the others.",
            n=count(len(mine)),
            own=decimal(-own, 1),
            others=decimal(others, 1),
        ),
        phrase("Own levels and the others: {changes}.", changes=value),
        phrase("Means of the parts of each change, by Shapley values; places gained are minus."),
        note=pool_in_words(w.now),
        more=(phrase("Each of them"), "#what-it-does-to-the-ranks"),
    )


def _sure(a: Analysis, systems: list[str]) -> int:
    return int((a.ranking.ahead.loc[systems, systems] >= a.ranking.threshold).to_numpy().sum())


def pairs_claim(w: WhatIf) -> Claim | None:
    """Tell which orders of two become sure, no longer are, or turn round."""
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
                phrase(
                    "{left} ahead of {right}",
                    left=names.system(p.left),
                    right=names.system(p.right),
                )
                for p in each_row(some)
            ]
            said.append(plural(len(some), one, many, pairs=listed_some(named, 3)))
    in_order = phrase(
        "Of {pairs} pairs {now} are in a sure order, before {was}.",
        pairs=len(both) * (len(both) - 1) // 2,
        now=now,
        was=was,
    )
    value = clauses(
        *(
            phrase(
                "{left} over {right}: {old} → {new}",
                left=names.system(p.left),
                right=names.system(p.right),
                old=percent_to(p.old_share, 1),
                new=percent_to(p.new_share, 1),
            )
            for p in each_row(pairs)
        )
    )
    sure = phrase(
        "Sure: the same system is ahead in at least {share} of the draws. Differences that may be "
        "chance between draws are not listed.",
        share=percent(r.threshold),
    )
    return Claim(
        f"{begun('; '.join(said))}. {in_order}",
        phrase("Share of the draws in which the first is ahead: {shares}.", shares=value),
        f"{counted_in_words(r)} {sure}",
        note=pool_in_words(w.now),
    )
