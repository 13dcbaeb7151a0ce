"""What microcredentials bring a stakeholder, and where: the stakeholder page."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.charts.benefits import of_group
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.marks import fact_meta, interval, src
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.tables.notice import eyebrow, notice
from mcanalysis.tables.overview import claim_list, coverage_in_words
from mcanalysis.texts import statement
from mcanalysis.why.claims import Claim
from mcanalysis.wording import (
    capital,
    clauses,
    decimal,
    listed,
    listed_some,
    percent,
    plural,
)


def stakeholder_head(a: Analysis, stakeholder: str) -> Block:
    """Show who is meant, as the line above the title and a sentence under it."""
    a.check_stakeholder(stakeholder)
    row = a.study.stakeholders.set_index("stakeholder_id").loc[stakeholder]
    cells = len(a.ranked) * len(a.dimensions)
    said = plural(
        int((a.study.benefits["stakeholder_id"] == stakeholder).sum()),
        "one benefit in {systems} ranked systems; evidence in {known}",
        "{n} benefits in {systems} ranked systems; evidence in {known}",
        "no benefits in {systems} ranked systems; evidence in {known}",
        systems=len(a.ranked),
        known=coverage_in_words(a.rows_of(a.ranked), cells, "cells"),
    )
    described = a.names.text("stakeholders", stakeholder, "description")
    kind = phrase("Stakeholder report|kind of page")
    return block(
        a.study,
        f"{eyebrow(kind, said)}{notice(a)}"
        f'<p class="standfirst">{escape(described)} {src(str(row["source_id"]))}</p>',
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
        return nothing(phrase("No system has enough evidence to be ranked."))
    links = phrase("{n} links of benefits to dimensions.", n=len(a.study.benefit_enablers))
    claims = [
        _best_served(a, stakeholder, g, links),
        _most_and_least(a, b, links),
        _holds_back(a, stakeholder),
        _helpful_step(a, stakeholder, len(g), links),
        _how_sure(a, g, links),
    ]
    return claim_list(a, [claim for claim in claims if claim is not None])


def _best_served(a: Analysis, stakeholder: str, g: pd.DataFrame, links: str) -> Claim:
    best, rows = g.head(3), a.evidence.rows
    value = clauses(
        *(
            phrase(
                "{system} {share} ({low} to {high})",
                system=a.names.system(str(r.system_id)),
                share=decimal(r.realised, 3),
                low=decimal(r.lower),
                high=decimal(r.upper),
            )
            for r in each_row(best)
        )
    )
    return Claim(
        phrase(
            "**{systems}** serve {group} best: {shares} of what their benefits depend on is in "
            "place, against {median} in the median of {n} ranked systems.",
            systems=capital(listed(a.names.in_sentence(str(s)) for s in best["system_id"])),
            group=a.names.stakeholder(stakeholder).inside,
            shares=listed(percent(v) for v in best["realised"]),
            median=percent(float(g["realised"].median())),
            n=len(g),
        ),
        f"{value}.",
        phrase(
            "A benefit is realised to the share of its enabling levels that is reached, weighted "
            "by strength 1 to 3; the figure of a system is the mean over the benefits of the group."
        ),
        rows[rows["system_id"].isin(best["system_id"])],
        links,
        more=(phrase("All systems|link"), "#systems-that-serve-this-group"),
    )


def _most_and_least(a: Analysis, b: pd.DataFrame, links: str) -> Claim:
    by = b.groupby("benefit_id")["realised"].median().sort_values(ascending=False)
    value = clauses(*(f"{a.names.benefit(str(i))} {decimal(v)}" for i, v in by.items()))
    return Claim(
        phrase(
            "In the median system **{most}** is realised most ({high}) and **{least}** least "
            "({low}).",
            most=a.names.benefit(str(by.index[0])).inside,
            high=percent(by.iloc[0]),
            least=a.names.benefit(str(by.index[-1])).inside,
            low=percent(by.iloc[-1]),
        ),
        f"{value}.",
        phrase("Median over the ranked systems of the share realised of each benefit."),
        note=links,
        more=(phrase("Benefit by benefit"), "#benefits-by-system"),
    )


def _holds_back(a: Analysis, stakeholder: str) -> Claim:
    short, rows = _shortfalls(a, stakeholder), a.evidence.rows
    d = str(short.index[0])
    value = clauses(
        *(f"{a.names.dimension(str(i))} {decimal(v, 3)}" for i, v in short.head(4).items())
    )
    return Claim(
        phrase(
            "**{dimension} holds {group} back most:** on average it costs {points} points of what "
            "could be realised.",
            dimension=a.names.dimension(d),
            group=a.names.stakeholder(stakeholder).inside,
            points=decimal(100 * short.iloc[0], 0),
        ),
        f"{value}.",
        phrase(
            "Mean weight of a dimension in the benefits of the group, times the share of its "
            "levels not yet reached; mean over the ranked systems with evidence."
        ),
        rows[(rows["dimension_id"] == d) & rows["system_id"].isin(a.ranked)],
        more=(phrase("Dimension by dimension"), "#what-holds-benefits-back"),
    )


def _helpful_step(a: Analysis, stakeholder: str, ranked: int, links: str) -> Claim | None:
    lead = a.leading_steps
    common = lead.loc[lead["stakeholder_id"] == stakeholder, "dimension_id"].value_counts()
    if common.empty:
        return None
    if common.iloc[0] > ranked / 2:
        say = phrase(
            "The step that would help most is the same nearly everywhere: **{dimension}** leads in "
            "{systems} of {n} ranked systems.",
            dimension=a.names.dimension(str(common.index[0])).inside,
            systems=int(common.iloc[0]),
            n=ranked,
        )
    else:
        led = (
            phrase("{dimension} in {n}", dimension=a.names.dimension(str(i)).inside, n=n)
            for i, n in common.head(3).items()
        )
        say = phrase(
            "The step that would help most differs: {dimensions} of {n} ranked systems.",
            dimensions=listed(led),
            n=ranked,
        )
    value = clauses(*(f"{a.names.dimension(str(i))} {n}" for i, n in common.items()))
    return Claim(
        say,
        f"{value}.",
        phrase(
            "One level more in one dimension: the one that adds most to the mean share realised."
        ),
        note=links,
    )


def _how_sure(a: Analysis, g: pd.DataFrame, links: str) -> Claim:
    wide = g.assign(width=g["upper"] - g["lower"])
    return Claim(
        phrase(
            "**How sure:** over gaps and low-confidence levels the figure of the median system "
            "moves by {points} points; {few} systems have too little evidence to say for whom "
            "microcredentials work there.",
            points=decimal(100 * float(wide["width"].median()), 0),
            few=len(a.evidence.levels) - len(g),
        ),
        phrase(
            "Widest: {system}, {points} points.",
            system=a.names.system(str(wide.sort_values("width")["system_id"].iloc[-1])),
            points=decimal(100 * float(wide["width"].max()), 0),
        ),
        phrase(
            "Upper less lower end over every way to fill the gaps, low-confidence levels one up or "
            "down."
        ),
        note=links,
    )


def _range(r: Any) -> str:
    """Say over what range a share may move."""
    if r.upper - r.lower < 0.005:
        return phrase("no gaps and no doubtful levels")
    return phrase("between {low} and {high}", low=percent(r.lower), high=percent(r.upper))


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
        return nothing(phrase("No dimension with evidence enables a benefit of this group."))
    links = a.study.benefit_enablers.merge(a.study.benefits[["benefit_id", "stakeholder_id"]])
    links = links[links["stakeholder_id"] == stakeholder]
    weights = implied_weights(a.study, stakeholder)
    steps_ = a.leading_steps
    lead = (
        steps_.loc[steps_["stakeholder_id"] == stakeholder, "dimension_id"].value_counts().to_dict()
    )
    most = float(short.max()) or 1.0
    sources = set(a.study.sources["source_id"])
    rows = []
    for d, v in short.items():
        on = a.evidence.levels.loc[a.ranked, str(d)].dropna()
        low = [a.names.system(str(s)) for s in on.index[on <= 1]]
        where = (
            phrase("{n} of {total}", n=len(low), total=len(on))
            if len(on)
            else phrase("none with evidence|systems")
        )
        depends = "".join(
            f"<li>{_depends(a, r, sources)}</li>"
            for r in each_row(links[links["dimension_id"] == d])
        )
        note = phrase(
            "Weight {weight}; next step of {n} systems.",
            weight=percent(float(weights[str(d)])),
            n=int(lead.get(d, 0)),
        )
        if low:
            note = f"{note} {phrase('At level 0 or 1: {systems}.', systems=listed(low))}"
        detail = (
            f'<details class="by"><summary>{escape(a.names.dimension(str(d)))}</summary>'
            f"<p class=note>{escape(note)}</p><ul>{depends}</ul></details>"
        )
        bar = f'<span class="bar" style="--v:{100 * v / most:.3g}" aria-hidden="true"></span>'
        rows.append([detail, decimal(100 * v, 1), bar, where])
    d = str(short.index[0])
    return block(
        a.study,
        figure(
            phrase(
                "{dimension} costs {group} most",
                dimension=a.names.dimension(d),
                group=a.names.stakeholder(stakeholder).inside,
            ),
            phrase(
                "Points of the share realised that are missing on average because a dimension is "
                "below level 3; open a dimension to see which benefits depend on it and why"
            ),
            table(
                phrase("Dimensions by what they cost this group"),
                [
                    phrase("Dimension"),
                    phrase(">Points"),
                    f'<span class="vh">{phrase("Bar|heading")}</span>',
                    phrase(">Systems at level 0 or 1"),
                ],
                rows,
                "holds back",
            ),
        ),
    )


def _depends(a: Analysis, link: Any, sources: set[str]) -> str:
    """Say which benefit depends on a dimension, how much and why, with the source."""
    benefit = phrase(
        "{benefit} (strength {strength}):",
        benefit=a.names.benefit(str(link.benefit_id)),
        strength=link.strength,
    )
    judged = phrase("analyst's judgement")
    source = (
        src(str(link.source_id))
        if str(link.source_id) in sources
        else f'<span class="meta">{judged}</span>'
    )
    return f"{escape(benefit)} {statement(str(link.rationale))} {source}"


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
        return nothing(phrase("No system has enough evidence to be ranked."))
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
            f'<span class="lvt">{phrase("level {level}", level=f.level)}</span></p>'
            f"<p>{statement(str(f.statement))}</p>{fact_meta(f)}</li>"
            for f in each_row(best)
        )
        items.append(
            f'<div class="solve"><div '
            f'class="need"><h3>{escape(a.names.full(str(r.system_id)))}</h3>'
            f'<p class="now"><b class="at">{percent(r.realised)}</b> '
            f"{interval(r.lower, r.upper, r.realised)}</p>"
            f'<p class="next">{clauses(_range(r), _country_link(str(r.system_id)))}</p></div>'
            f"<div><ul>{facts}</ul></div></div>"
        )
    low = [a.names.system(str(s)) for s in g["system_id"].tail(3)]
    intro = phrase(
        "The three systems where most is in place, with the facts on the two dimensions that "
        "contribute most."
    )
    least = phrase("Least is in place in {systems}.", systems=listed_some(low, 3))
    return block(
        a.study,
        f'<p class=intro>{intro}</p><div class="solves">{"".join(items)}</div>'
        f'<p class="note">{escape(least)}</p>',
    )


def _country_link(system: str) -> str:
    return f'<a href="{{root}}country/{escape(system)}.html">{phrase("country page")}</a>'
