"""How the stakeholders would order the systems, how alike their orders are, and why they differ."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import StakeholderOrders, compare_orders
from mcanalysis.frames import cell, each_row
from mcanalysis.language import marked, phrase
from mcanalysis.marks import interval, letters
from mcanalysis.markup import Block, block, chain, figure, nothing, table
from mcanalysis.tables.country import short_names
from mcanalysis.why.claims import Claim
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed,
    ordinal,
    percent,
)

EXPLAINED = 3
"""Systems whose difference is explained: those that divide the stakeholders most."""
NOTABLE = 0.02
"""Least share that a dimension adds or takes to be named."""
_ALIKE = (
    (0.7, marked("The {n} orders are much alike")),
    (0.4, marked("The {n} orders are alike in large part")),
    (0.1, marked("The {n} orders are alike in small part")),
    (-1.0, marked("The {n} orders are unlike")),
)
"""What is said from which least tau-b on."""


def stakeholder_orders(a: Analysis) -> Block:
    """Show how the stakeholders would order the ranked systems by what their benefits depend on.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        Rank and share realised for each; then how alike the orders are, and which dimensions set
        the stakeholders apart in the systems that divide them most.
    """
    g = a.groups[a.groups["system_id"].isin(a.ranked)]
    if g.empty or len(a.stakeholders) < 2:
        return nothing(phrase("Fewer than two stakeholders have benefits."))
    found = compare_orders(a.study, a.evidence, a.ranked)
    order = found.shares.mean(axis=1).sort_values(ascending=False, kind="stable").index
    at = g.set_index(["system_id", "stakeholder_id"])
    rows = []
    for s in order:
        cells = [_place(found, str(s), who, at.loc[(s, who)]) for who in a.stakeholders]
        rows.append(
            [f'<span class="w">{escape(a.names.system(str(s)))}</span>'
             f'<span class="c" aria-hidden="true">{escape(str(s))}</span>', *cells]
        )  # fmt: skip
    known = letters(a.study)
    head = [
        phrase("System"),
        *(
            f'<b class="let" aria-hidden="true">{known[w][0]}</b> {escape(known[w][1])}'
            for w in a.stakeholders
        ),
    ]
    title = _title(a, found)
    claims = [*_agreement_claim(a, found), *_reason_claims(a, found)]
    said = "".join(chain(c, short_names(a)) for c in claims)
    return block(
        a.study,
        figure(
            title,
            phrase(
                "Rank within the group (left), range over gaps and low-confidence levels, share in "
                "place"
            ),
            table(
                phrase("Rank and share realised for each group in the ranked systems"),
                head,
                rows,
                "stk",
            ),
        )
        + (f'<div class="index-line told">{said}</div>' if said else ""),
        "\n".join([title, *(c.plain for c in claims)]),
    )


def _place(found: StakeholderOrders, system: str, who: str, r: Any) -> str:
    rank = cell(found.ranks, system, who)
    known = not pd.isna(rank)
    share = percent(r["realised"]) if known else phrase("not known|share")
    return (
        f'<span class="sk"><span class="n">{rank if known else "–"}</span>'
        f"{interval(r['lower'], r['upper'], r['realised'])}"
        f'<span class="pc">{share}</span></span>'
    )


def _title(a: Analysis, found: StakeholderOrders) -> str:
    tau, n = found.agreement["tau_b"], count(len(a.stakeholders))
    if tau.isna().any():
        alike = phrase("The {n} orders cannot be compared throughout: one ties all systems", n=n)
    else:
        alike = phrase(next(said for least, said in _ALIKE if tau.min() >= least), n=n)
    if found.widest.empty or not found.widest["beyond"].max() > 0:
        return alike
    widest = str(found.widest["beyond"].idxmax())
    places = listed(
        phrase("{rank} for {group}", rank=ordinal(int(rank)), group=a.names.stakeholder(w).inside)
        for w in a.stakeholders
        if not pd.isna(rank := cell(found.ranks, widest, w))
    )
    divides = phrase(
        "{system} divides them most ({places})", system=a.names.in_sentence(widest), places=places
    )
    return clauses(alike, divides)


def _same_order(x: pd.Series, y: pd.Series) -> float:
    """Return the share of the pairs that neither ties which both put in the same order."""
    both = x.notna() & y.notna()
    i, j = np.triu_indices(int(both.sum()), 1)
    way = np.prod([np.sign(v[both].to_numpy()[i] - v[both].to_numpy()[j]) for v in (x, y)], axis=0)
    told = way != 0
    return float((way[told] > 0).mean()) if told.any() else float("nan")


def _agreement_claim(a: Analysis, found: StakeholderOrders) -> list[Claim]:
    pairs = [
        (
            phrase(
                "{one} and {other}|groups",
                one=a.names.stakeholder(str(r.one)).inside,
                other=a.names.stakeholder(str(r.other)).inside,
            ),
            _same_order(found.shares[r.one], found.shares[r.other]),
            r.tau_b,
        )
        for r in each_row(found.agreement)
    ]
    known = sorted((p for p in pairs if not np.isnan(p[1])), key=lambda p: -p[1])
    if not known:
        return []
    (first, share, _), *rest = known
    say = clauses(
        phrase(
            "Of 100 pairs of systems, {groups} put **{n}** in the same order",
            groups=first,
            n=decimal(100 * share, 0),
        ),
        *(f"{who} **{decimal(100 * share, 0)}**" for who, share, _ in rest),
    )
    taus = clauses(*(f"{who} {decimal(tau)}" for who, _, tau in known if not np.isnan(tau)))
    return [
        Claim(
            f"{say}.",
            phrase("Kendall's tau-b: {values}.", values=taus),
            phrase(
                "Pairs that either ties are left out of the shares; tau-b is 1 for the same order "
                "and -1 for the reverse, and allows for ties."
            ),
            note=phrase("Shares realised in {n} ranked systems.", n=len(found.shares)),
        )
    ]


def _reason_claims(a: Analysis, found: StakeholderOrders) -> list[Claim]:
    """Explain the systems where two stakeholders stand furthest apart, compared with the others."""
    apart = found.widest.sort_values("beyond", ascending=False, kind="stable").head(EXPLAINED)
    if len(found.widest) < 2:
        return []
    return [_reason(a, found, str(s), r) for s, r in apart.iterrows() if r["beyond"] >= NOTABLE]


def _reason(a: Analysis, found: StakeholderOrders, system: str, r: Any) -> Claim:
    more, less = (a.names.stakeholder(str(r[side])).inside for side in ("more", "less"))
    parts = found.reasons[found.reasons["system_id"] == system]
    adds = parts[parts["contribution"] >= NOTABLE].head(3)
    takes = parts[parts["contribution"] <= -NOTABLE].head(1)

    def named(p: Any) -> dict[str, str]:
        level = (
            phrase("no evidence")
            if pd.isna(p.level)
            else phrase("level {level}", level=decimal(p.level, None))
        )
        return {
            "dimension": a.names.dimension(str(p.dimension_id)).inside,
            "level": level,
            "points": decimal(100 * abs(p.contribution), 0),
        }

    stands = phrase(
        "**{system}** stands {high} for {more} and {low} for {less}.",
        system=capital(a.names.in_sentence(system)),
        high=ordinal(int(r["rank_more"])),
        more=more,
        low=ordinal(int(r["rank_less"])),
        less=less,
    )
    favours = phrase(
        "Compared with the average ranked system, it favours {more} over {less} by **{points} "
        "points**",
        more=more,
        less=less,
        points=decimal(100 * r["beyond"], 0),
    )
    if len(adds):
        first, *rest = each_row(adds)
        brings = [
            phrase("{dimension} ({level}) brings {points}", **named(first)),
            *(phrase("{dimension} ({level}) {points}", **named(p)) for p in rest),
        ]
        favours = phrase("{finding}: {reasons}", finding=favours, reasons=listed(brings))
        if len(takes):
            back = phrase(
                "{dimension} ({level}) takes {points} back", **named(next(each_row(takes)))
            )
            favours = clauses(favours, back)
    every = clauses(
        *(
            f"{a.names.short(str(p.dimension_id))} {decimal(100 * p.contribution, 1, sign=True)}"
            for p in each_row(parts)
            if round(1000 * p.contribution)
        )
    )
    rows = a.rows(system)
    told = [*adds["dimension_id"], *takes["dimension_id"]]
    return Claim(
        f"{stands} {favours}.",
        phrase(
            "Share realised for {more} less that for {less}: {difference} points, in the mean "
            "ranked system {usual}. By dimension: {parts}; together {beyond}.",
            more=more,
            less=less,
            difference=decimal(100 * r["difference"], 1),
            usual=decimal(100 * r["usual"], 1),
            parts=every,
            beyond=decimal(100 * r["beyond"], 1, sign=True),
        ),
        phrase(
            "A share realised is the sum over the dimensions of weight times level / 3, the "
            "weights being those that the benefits of the group give the dimensions with evidence. "
            "So a difference of shares is a sum over the dimensions; from each the mean over the "
            "ranked systems is taken. A gap counts: its weight falls to the other dimensions."
        ),
        rows[rows["dimension_id"].isin(told)].reset_index(drop=True),
        phrase("Levels {system.of} on the dimensions named:", system=a.names.in_sentence(system)),
    )
