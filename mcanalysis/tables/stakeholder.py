"""What microcredentials bring a stakeholder, and where: the stakeholder page."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.charts.benefits import of_group
from mcanalysis.frames import each_row
from mcanalysis.marks import fact_meta, interval, src
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.notice import notice
from mcanalysis.tables.overview import claim_list, coverage_in_words
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, counted, listed, listed_some, percent


def stakeholder_head(a: Analysis, stakeholder: str) -> Block:
    """Show who is meant, as the line above the title and a sentence under it."""
    a.check_stakeholder(stakeholder)
    row = a.study.stakeholders.set_index("stakeholder_id").loc[stakeholder]
    n = int((a.study.benefits["stakeholder_id"] == stakeholder).sum())
    cells = len(a.ranked) * len(a.dimensions)
    known = coverage_in_words(a.rows_of(a.ranked), cells, "cells")
    said = f"{counted(n, 'benefit')} in {len(a.ranked)} ranked systems; evidence in {known}"
    return block(
        a.study,
        f'<p class="eyebrow">Stakeholder report <span>{said}</span></p>{notice(a)}'
        f'<p class="standfirst">{escape(str(row["description"]))} {src(str(row["source_id"]))}</p>',
    )


def stakeholder_claims(a: Analysis, stakeholder: str) -> Block:
    """Say in short what microcredentials bring a stakeholder, and where.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Block
    """
    g, b = of_group(a, stakeholder)
    if g.empty:
        return nothing("No system has enough evidence to be ranked.")
    who, n = a.names.stakeholder(stakeholder).inside, len(g)
    best = g.head(3)
    middle = float(g["realised"].median())
    rows = a.evidence.rows
    links = f"{len(a.study.benefit_enablers)} links of benefits to dimensions."
    mean = (
        "A benefit is realised to the share of its enabling levels that is reached, weighted by "
        "strength 1 to 3; the figure of a system is the mean over the benefits of the group."
    )
    claims = [
        Claim(
            f"**{capital(listed(a.names.in_sentence(str(s)) for s in best['system_id']))}** "
            f"serve {who} "
            f"best: {listed(percent(v) for v in best['realised'])} of what their benefits depend "
            f"on is "
            f"in place, against {percent(middle)} in the median of {n} ranked systems.",
            "; ".join(
                f"{a.names.system(str(r.system_id))} {r.realised:.3f} ({r.lower:.2f} to "
                f"{r.upper:.2f})"
                for r in each_row(best)
            ) + ".",
            mean, rows[rows["system_id"].isin(best["system_id"])], links,
            more=("All systems", "#systems-that-serve-this-group"),
        )
    ]  # fmt: skip
    by = b.groupby("benefit_id")["realised"].median().sort_values(ascending=False)
    claims.append(
        Claim(
            f"In the median system **{a.names.benefit(str(by.index[0])).inside}** is realised "
            f"most "
            f"({percent(by.iloc[0])}) and **{a.names.benefit(str(by.index[-1])).inside}** least "
            f"({percent(by.iloc[-1])}).",
            "; ".join(f"{a.names.benefit(str(i))} {v:.2f}" for i, v in by.items()) + ".",
            "Median over the ranked systems of the share realised of each benefit.",
            note=links, more=("Benefit by benefit", "#benefits-by-system"),
        )
    )  # fmt: skip
    short = _shortfalls(a, stakeholder)
    d = str(short.index[0])
    lead = a.leading_steps
    lead = lead[lead["stakeholder_id"] == stakeholder]
    common = lead["dimension_id"].value_counts()
    claims.append(
        Claim(
            f"**{a.names.dimension(d)} holds {who} back most:** on average it costs "
            f"{100 * short.iloc[0]:.0f} points of what could be realised.",
            "; ".join(
                f"{a.names.dimension(str(i))} {v:.3f}" for i, v in short.head(4).items()
            ) + ".",
            "Mean weight of a dimension in the benefits of the group, times the share of its "
            "levels not "
            "yet reached; mean over the ranked systems with evidence.",
            rows[(rows["dimension_id"] == d) & rows["system_id"].isin(a.ranked)],
            more=("Dimension by dimension", "#what-holds-benefits-back"),
        )
    )  # fmt: skip
    if len(common):
        step = str(common.index[0])
        claims.append(
            Claim(
                f"The step that would help most is the same nearly everywhere: **"
                f"{a.names.dimension(step).inside}** leads in {common.iloc[0]} of {n} ranked "
                f"systems."
                if common.iloc[0] > n / 2
                else "The step that would help most differs: "
                + listed(
                    f"{a.names.dimension(str(i)).inside} in {c}" for i, c in common.head(3).items()
                )
                + f" of {n} ranked systems.",
                "; ".join(f"{a.names.dimension(str(i))} {c}" for i, c in common.items()) + ".",
                "One level more in one dimension: the one that adds most to the mean share "
                "realised.",
                note=links,
            )
        )
    wide = g.assign(width=g["upper"] - g["lower"])
    few = len(a.evidence.levels) - n
    claims.append(
        Claim(
            f"**How sure:** over gaps and low-confidence levels the figure of the median system "
            f"moves "
            f"by {100 * float(wide['width'].median()):.0f} points; {few} systems have too little "
            "evidence to say for whom microcredentials work there.",
            f"Widest: {a.names.system(str(wide.sort_values('width')['system_id'].iloc[-1]))}, "
            f"{100 * float(wide['width'].max()):.0f} points.",
            "Upper less lower end over every way to fill the gaps, low-confidence levels one up "
            "or down.",
            note=links,
        )
    )
    return claim_list(a, claims)


def _range(r: Any) -> str:
    """Say over what range a share may move."""
    if r.upper - r.lower < 0.005:
        return "no gaps and no doubtful levels"
    return f"between {percent(r.lower)} and {percent(r.upper)}"


def _shortfalls(a: Analysis, stakeholder: str) -> pd.Series:
    """Return what each dimension costs a stakeholder on average in the ranked systems."""
    weights = implied_weights(a.study, stakeholder)
    missing = (3 - a.evidence.levels.loc[a.ranked, list(weights.index)]).mean() / 3
    return (weights * missing).dropna().sort_values(ascending=False)


def held_back_table(a: Analysis, stakeholder: str) -> Block:
    """Show which dimensions hold the benefits of a stakeholder back, and where.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Block
    """
    a.check_stakeholder(stakeholder)
    short = _shortfalls(a, stakeholder)
    if short.empty:
        return nothing("No dimension with evidence enables a benefit of this group.")
    links = a.study.benefit_enablers.merge(a.study.benefits[["benefit_id", "stakeholder_id"]])
    links = links[links["stakeholder_id"] == stakeholder]
    weights = implied_weights(a.study, stakeholder)
    steps_ = a.leading_steps
    lead = (
        steps_.loc[steps_["stakeholder_id"] == stakeholder, "dimension_id"].value_counts().to_dict()
    )
    most = float(short.max()) or 1.0
    rows = []
    for d, v in short.items():
        on = a.evidence.levels.loc[a.ranked, str(d)].dropna()
        low = [a.names.system(str(s)) for s in on.index[on <= 1]]
        where = f"{len(low)} of {len(on)}" if len(on) else "none with evidence"
        depends = "".join(
            f"<li>{escape(a.names.benefit(str(r.benefit_id)))} (strength {r.strength}): "
            f"{escape(str(r.rationale))} "
            + (src(str(r.source_id)) if str(r.source_id) in set(a.study.sources["source_id"]) else
               '<span class="meta">analyst\'s judgement</span>')
            + "</li>"
            for r in each_row(links[links["dimension_id"] == d])
        )  # fmt: skip
        listed_low = f" At level 0 or 1: {escape(listed(low))}." if low else ""
        detail = (
            f'<details class="by"><summary>{escape(a.names.dimension(str(d)))}</summary>'
            f"<p class=note>Weight {percent(float(weights[str(d)]))}; next step of "
            f"{int(lead.get(d, 0))} "
            f"systems.{listed_low}</p><ul>{depends}</ul></details>"
        )
        bar = f'<span class="bar" style="--v:{100 * v / most:.3g}" aria-hidden="true"></span>'
        rows.append([detail, f"{100 * v:.1f}", bar, where])
    d = str(short.index[0])
    return block(
        a.study,
        figure(
            f"{a.names.dimension(d)} costs {a.names.stakeholder(stakeholder).inside} most",
            "Points of the share realised that are missing on average because a dimension is "
            "below level "
            "3; open a dimension to see which benefits depend on it and why",
            table(
                "Dimensions by what they cost this group",
                ["Dimension", ">Points", '<span class="vh">Bar</span>', ">Systems at level 0 or 1"],
                rows,
                "holds back",
            ),
        ),
    )


def serves_best(a: Analysis, stakeholder: str) -> Block:
    """Show which systems serve a stakeholder best, and by which facts.

    Parameters
    ----------
    a : Analysis
    stakeholder : str

    Returns
    -------
    Block
        The three systems where most is in place, each with the facts on the two dimensions that
        contribute most.
    """
    g, _ = of_group(a, stakeholder)
    if g.empty:
        return nothing("No system has enough evidence to be ranked.")
    weights = implied_weights(a.study, stakeholder)
    items = []
    for r in each_row(g.head(3)):
        rows = a.rows(str(r.system_id))
        rows = rows[rows["dimension_id"].isin(weights.index)].copy()
        rows["gives"] = (
            rows["level"].astype(int) / 3 * rows["dimension_id"].map(weights).astype(float)
        )
        best = rows.sort_values("gives", ascending=False, kind="stable").head(2)
        facts = "".join(
            f"<li><p><b>{escape(a.names.dimension(str(f.dimension_id)))}</b> "
            f'<span class="lvt">level '
            f"{f.level}</span></p><p>{escape(str(f.statement))}</p>{fact_meta(f)}</li>"
            for f in each_row(best)
        )
        items.append(
            f'<div class="solve"><div '
            f'class="need"><h3>{escape(a.names.full(str(r.system_id)))}</h3>'
            f'<p class="now"><b class="at">{percent(r.realised)}</b> '
            f"{interval(r.lower, r.upper, r.realised)}</p>"
            f'<p class="next">{_range(r)}; '
            f'<a href="{{root}}country/{escape(str(r.system_id))}.html">country page</a></p></div>'
            f"<div><ul>{facts}</ul></div></div>"
        )
    low = [a.names.system(str(s)) for s in g["system_id"].tail(3)]
    return block(
        a.study,
        "<p class=intro>The three systems where most is in place, with the facts on the two "
        "dimensions "
        f'that contribute most.</p><div class="solves">{"".join(items)}</div>'
        f'<p class="note">Least is in place in {escape(listed_some(low, 3))}.</p>',
    )
