"""How the stakeholders would order the systems, how alike their orders are, and why they differ."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import StakeholderOrders, compare_orders
from mcanalysis.frames import cell, each_row
from mcanalysis.marks import interval, letters
from mcanalysis.markup import Block, block, chain, figure, nothing, table
from mcanalysis.tables.country import short_names
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, count, listed, ordinal, percent

EXPLAINED = 3
"""Systems whose difference is explained: those that divide the stakeholders most."""
NOTABLE = 0.02
"""Least share that a dimension adds or takes to be named."""
_ALIKE = ((0.7, "much alike"), (0.4, "alike in large part"), (0.1, "alike in small part"),
          (-1.0, "unlike"))  # fmt: skip


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
        return nothing("Fewer than two stakeholders have benefits.")
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
        "System",
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
            "Rank within the group (left), range over gaps and low-confidence levels, share in "
            "place",
            table(
                "Rank and share realised for each group in the ranked systems", head, rows, "stk"
            ),
        )
        + (f'<div class="index-line told">{said}</div>' if said else ""),
        "\n".join([title, *(c.plain for c in claims)]),
    )


def _place(found: StakeholderOrders, system: str, who: str, r: Any) -> str:
    rank = cell(found.ranks, system, who)
    known = not pd.isna(rank)
    return (
        f'<span class="sk"><span class="n">{rank if known else "–"}</span>'
        f"{interval(r['lower'], r['upper'], r['realised'])}"
        f'<span class="pc">{percent(r["realised"]) if known else "not known"}</span></span>'
    )


def _title(a: Analysis, found: StakeholderOrders) -> str:
    tau = found.agreement["tau_b"]
    orders = f"The {count(len(a.stakeholders))} orders"
    if tau.isna().any():
        alike = f"{orders} cannot be compared throughout: one ties all systems"
    else:
        word = next(w for least, w in _ALIKE if tau.min() >= least)
        alike = f"{orders} are {word}"
    if found.widest.empty or not found.widest["beyond"].max() > 0:
        return alike
    widest = str(found.widest["beyond"].idxmax())
    places = listed(
        f"{ordinal(int(rank))} for {a.names.stakeholder(w).inside}"
        for w in a.stakeholders
        if not pd.isna(rank := cell(found.ranks, widest, w))
    )
    return f"{alike}; {a.names.in_sentence(widest)} divides them most ({places})"


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
            f"{a.names.stakeholder(str(r.one)).inside} and "
            f"{a.names.stakeholder(str(r.other)).inside}",
            _same_order(found.shares[r.one], found.shares[r.other]),
            r.tau_b,
        )
        for r in each_row(found.agreement)
    ]
    known = sorted((p for p in pairs if not np.isnan(p[1])), key=lambda p: -p[1])
    if not known:
        return []
    (first, share, _), *rest = known
    say = f"Of 100 pairs of systems, {first} put **{100 * share:.0f}** in the same order"
    for who, share, _ in rest:
        say += f"; {who} **{100 * share:.0f}**"
    return [
        Claim(
            f"{say}.",
            "Kendall's tau-b: "
            + "; ".join(f"{who} {tau:.2f}" for who, _, tau in known if not np.isnan(tau))
            + ".",
            "Pairs that either ties are left out of the shares; tau-b is 1 for the same order and "
            "-1 for the reverse, and allows for ties.",
            note=f"Shares realised in {len(found.shares)} ranked systems.",
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

    def named(p: Any, verb: str = "") -> str:
        level = "no evidence" if pd.isna(p.level) else f"level {p.level:g}"
        return (
            f"{a.names.dimension(str(p.dimension_id)).inside} ({level}) {verb}"
            f"{100 * abs(p.contribution):.0f}"
        )

    say = (
        f"**{capital(a.names.in_sentence(system))}** stands {ordinal(int(r['rank_more']))} for "
        f"{more} and {ordinal(int(r['rank_less']))} for {less}. Compared with the average ranked "
        f"system, it favours {more} over {less} by **{100 * r['beyond']:.0f} points**"
    )
    if len(adds):
        first, *rest = each_row(adds)
        say += f": {listed([named(first, 'brings '), *(named(p) for p in rest)])}"
        if len(takes):
            say += f"; {named(next(each_row(takes)), 'takes ')} back"
    say += "."
    every = "; ".join(
        f"{a.names.short(str(p.dimension_id))} {100 * p.contribution:+.1f}"
        for p in each_row(parts)
        if round(1000 * p.contribution)
    )
    rows = a.rows(system)
    told = [*adds["dimension_id"], *takes["dimension_id"]]
    return Claim(
        say,
        f"Share realised for {more} less that for {less}: {100 * r['difference']:.1f} points, in "
        f"the mean ranked system {100 * r['usual']:.1f}. By dimension: {every}; together "
        f"{100 * r['beyond']:+.1f}.",
        "A share realised is the sum over the dimensions of weight times level / 3, the weights "
        "being those that the benefits of the group give the dimensions with evidence. So a "
        "difference of shares is a sum over the dimensions; from each the mean over the ranked "
        "systems is taken. A gap counts: its weight falls to the other dimensions.",
        rows[rows["dimension_id"].isin(told)].reset_index(drop=True),
        f"Levels of {a.names.in_sentence(system)} on the dimensions named:",
    )
