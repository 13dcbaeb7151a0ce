"""Sentences with everything that they rest on.

A `Claim` is a sentence that can be pulled on: pages print it with its chain folded in, `mcanalysis
why` prints it as text; neither can say more than the rows bear out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import held_back_by
from mcanalysis.compare import peer_range
from mcanalysis.frames import cell, each_row, row_of
from mcanalysis.model import ANALYST_JUDGEMENT
from mcanalysis.wording import capital, counted, listed, percent

_SHOWN = ["system_id", "dimension_id", "year", "level", "confidence", "source_id", "locator"]


@dataclass(frozen=True)
class Claim:
    """A sentence that can be pulled on.

    Attributes
    ----------
    say : str
        The sentence; ``**`` around what carries the answer.
    value, formula : str
        The figures it rests on, unrounded where that matters, and how they came about.
    rows : DataFrame
        Rows of evidence used: at least the columns system_id, dimension_id, year, level,
        confidence, source_id and locator; may be empty.
    note : str
        What to know about the rows, or which rows they are when there are too many to list.
    cites : tuple of (str, str)
        Source and place of what it rests on beside the rows.
    more : tuple of (str, str)
        Label and anchor of the place on the page that shows more; empty when there is none.
    """

    say: str
    value: str
    formula: str
    rows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=_SHOWN))
    note: str = ""
    cites: tuple[tuple[str, str], ...] = ()
    more: tuple[str, str] | tuple[()] = ()

    @property
    def plain(self) -> str:
        """The sentence without marks of emphasis."""
        return self.say.replace("**", "")

    def citations(self) -> list[tuple[str, str]]:
        """Return source_id and locator of what it rests on, each pair once, in order."""
        pairs = zip(self.rows["source_id"], self.rows["locator"], strict=True)
        return list(dict.fromkeys([*((str(s), str(loc)) for s, loc in pairs), *self.cites]))


def index_claims(a: Analysis, system: str) -> tuple[Claim, ...]:
    """Explain the integration index of a system: its value, or why none is given.

    Parameters
    ----------
    a : Analysis
    system : str

    Returns
    -------
    tuple of Claim
        Empty for a system without coded levels.
    """
    if system not in a.index.index:
        return ()
    row, rows, name = row_of(a.index, system), a.rows(system), a.names.in_sentence(system)
    n, most = len(a.dimensions), 3 * len(a.dimensions)
    levels = rows["level"].astype(int).tolist()
    bounds = f"between **{row['lower']:.2f} and {row['upper']:.2f}**"
    low, gaps = int(row["low_confidence"]), n - len(levels)
    if system not in a.ranked:
        say = (
            f"Integration index of {name}: anywhere {bounds} on a scale from 0 to 1. The mean "
            f"over the {counted(len(levels), 'level')} found would mislead and is not used."
        )
    elif row["lower"] == row["upper"]:
        say = f"Integration index of {name}: **{row['index']:.2f}** on a scale from 0 to 1."
    else:
        causes = [
            *([f"the {counted(gaps, 'gap')} were filled in every possible way"] if gaps else []),
            *(["the low-confidence levels are off by one"] if low else []),
        ]
        say = (
            f"Integration index of {name}: **{row['index']:.2f}** over the evidence present, on a "
            f"scale from 0 to 1; {bounds} if {listed(causes)}."
        )
    formula = (
        f"Lowest: gaps at 0, low-confidence levels one down, {row['lower'] * most:.0f} / {most}; "
        f"highest: gaps at 3, low-confidence levels one up, {row['upper'] * most:.0f} / {most}. "
        "All dimensions count the same here; ranks do not assume this."
    )
    if system in a.ranked:
        total, top = sum(levels), 3 * len(levels)
        formula = (
            "Sum of the levels divided by the highest possible sum, "
            f"({' + '.join(map(str, levels))}) / (3 × {len(levels)}) = {total} / {top} = "
            f"{total / top:.4f}. {formula}"
        )
    value = f"{row['lower']:.4f} to {row['upper']:.4f}"
    if system in a.ranked:
        value = f"{row['index']:.4f}; {value}"
    note = f"The {counted(len(rows), 'row')} of {name}, newest per dimension."
    return (Claim(say, value + ".", formula, rows, note),)


def dimension_claims(a: Analysis, system: str, dimension: str) -> tuple[Claim, ...]:
    """Explain the level of a system on a dimension and where the ranked systems stand.

    Parameters
    ----------
    a : Analysis
    system, dimension : str

    Returns
    -------
    tuple of Claim
    """
    name, what = a.names.in_sentence(system), a.names.dimension(dimension).inside
    manual = a.study.dimensions.set_index("dimension_id").loc[dimension]
    level = a.level(system, dimension)
    every = a.study.indicators
    years = every[(every["system_id"] == system) & (every["dimension_id"] == dimension)]
    years = years.sort_values("year", ascending=False)
    if level is None:
        first = Claim(
            f"No evidence was found for {name} on {what}.",
            "A gap: not found, which is never level 0.",
            f"The question: {manual['question']}",
        )
    else:
        rows = a.rows(system)
        rows = rows[rows["dimension_id"] == dimension]
        first = Claim(
            f"{capital(name)} stands at **level {level}** of 3 on {what}.",
            str(rows["statement"].iloc[0]),
            f"Level {level} of the coding manual: {manual[f'level_{level}']}",
            rows,
        )
    claims = [first]
    if len(years) > 1:
        moves = ", ".join(f"{r.year}: level {r.level}" for r in each_row(years.iloc[::-1]))
        claims.append(
            Claim(
                f"There is evidence for {counted(len(years), 'year')}; the newest counts.",
                moves + ".",
                " ".join(f"{r.year}: {r.statement}" for r in each_row(years)),
                years,
            )
        )
    peers = row_of(peer_range(a.evidence, a.ranked, leave_out=system), dimension)
    if peers["count"]:
        others = a.evidence.rows
        others = others[
            (others["dimension_id"] == dimension)
            & others["system_id"].isin(a.ranked)
            & (others["system_id"] != system)
        ]
        claims.append(
            Claim(
                f"Of the {int(peers['count'])} other ranked systems with evidence, "
                f"{int(peers['at_two'])} are at level 2 or 3; their median is "
                f"**{peers['median']:g}**.",
                f"Middle half {peers['lower_quartile']:g} to {peers['upper_quartile']:g}.",
                "Median and quartiles of the newest levels of the other ranked systems.",
                others,
            )
        )
    return tuple(claims)


def benefit_claims(a: Analysis, system: str, benefit: str) -> tuple[Claim, ...]:
    """Explain how far a benefit is realised in a system, and what holds it back.

    Parameters
    ----------
    a : Analysis
    system, benefit : str

    Returns
    -------
    tuple of Claim
    """
    name = a.names.in_sentence(system)
    links = a.study.benefit_enablers
    links = links[links["benefit_id"] == benefit].set_index("dimension_id")
    known = a.rows(system)
    known = known[known["dimension_id"].isin(links.index)]
    found = a.benefits[(a.benefits["system_id"] == system) & (a.benefits["benefit_id"] == benefit)]
    label = a.names.benefit(benefit)
    if found.empty or pd.isna(found["realised"].iloc[0]):
        needs = listed(a.names.dimension(d).inside for d in links.index)
        return (
            Claim(
                f"How far “{label}” is realised in {name} cannot be said: it depends on {needs}, "
                "and none of them has evidence.",
                "Anything from 0% to 100%.",
                "Strength-weighted share of the enabling levels that is reached.",
            ),
        )
    row = found.iloc[0]
    parts = [
        f"{cell(links, r.dimension_id, 'strength')} × {r.level}/3 ({a.names.short(r.dimension_id)})"
        for r in each_row(known)
    ]
    weight = int(links.loc[known["dimension_id"], "strength"].sum())
    gaps = [a.names.dimension(d).inside for d in links.index if d not in set(known["dimension_id"])]
    note = f"No evidence on {listed(gaps)}." if gaps else ""
    claims = [
        Claim(
            f"“{label}” is realised to **{percent(row['realised'])}** in {name}, "
            f"between {percent(row['lower'])} and {percent(row['upper'])} over gaps and "
            "low-confidence levels.",
            f"{row['realised']:.4f}; {row['lower']:.4f} to {row['upper']:.4f}.",
            f"Strength-weighted mean of the enabling levels: ({' + '.join(parts)}) / {weight}.",
            known,
            note,
        )
    ]
    back = held_back_by(a.study, a.evidence, system)
    back = back[back["benefit_id"] == benefit]
    if len(back):
        dims = [a.names.dimension(d).inside for d in back["dimension_id"]]
        claims.append(
            Claim(
                f"It is held back most by **{listed(dims)}**.",
                listed(
                    f"{a.names.short(r.dimension_id)}: level {r.level:g}, missing {r.missing:.2f}"
                    for r in each_row(back)
                )
                + ".",
                "Largest strength × missing share of the levels.",
                known[known["dimension_id"].isin(back["dimension_id"])],
            )
        )
    claims.append(
        Claim(
            f"The benefit depends on {counted(len(links), 'dimension')}.",
            listed(
                f"{a.names.short(d)} (strength {cell(links, d, 'strength')})" for d in links.index
            )
            + ".",
            " ".join(f"{a.names.short(d)}: {cell(links, d, 'rationale')}" for d in links.index),
            note="The links are an analyst's judgement; a source is named where a page shows the "
            "mechanism at work.",
            cites=tuple((s, "") for s in links["source_id"] if s != ANALYST_JUDGEMENT),
        )
    )
    return tuple(claims)
