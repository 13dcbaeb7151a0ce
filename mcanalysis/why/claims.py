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
from mcanalysis.language import phrase
from mcanalysis.model import ANALYST_JUDGEMENT
from mcanalysis.wording import capital, cited, clauses, count, decimal, listed, percent, plural

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


def begun(say: str) -> str:
    """Begin a sentence with a capital letter, behind the mark of emphasis where it begins with one.

    Examples
    --------
    >>> begun("**the EU** is ranked."), begun("two are.")
    ('**The EU** is ranked.', 'Two are.')
    """
    return f"**{capital(say[2:])}" if say.startswith("**") else capital(say)


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
    bounds = {"lower": decimal(row["lower"]), "upper": decimal(row["upper"])}
    if system not in a.ranked:
        found = plural(
            len(levels),
            "The mean over the one level found would mislead and is not used.",
            "The mean over the {n} levels found would mislead and is not used.",
        )
        anywhere = phrase(
            "Integration index {system.of}: anywhere between **{lower} and {upper}** on a scale "
            "from 0 to 1.",
            system=name,
            **bounds,
        )
        say = f"{anywhere} {found}"
    elif row["lower"] == row["upper"]:
        say = phrase(
            "Integration index {system.of}: **{index}** on a scale from 0 to 1.",
            system=name,
            index=decimal(row["index"]),
        )
    else:
        causes = []
        if n > len(levels):
            causes.append(
                plural(
                    n - len(levels),
                    "the one gap were filled in every possible way",
                    "the {n} gaps were filled in every possible way",
                )
            )
        if int(row["low_confidence"]):
            causes.append(phrase("the low-confidence levels are off by one"))
        say = phrase(
            "Integration index {system.of}: **{index}** over the evidence present, on a scale from "
            "0 to 1; between **{lower} and {upper}** if {causes}.",
            system=name,
            index=decimal(row["index"]),
            causes=listed(causes),
            **bounds,
        )
    formula = phrase(
        "Lowest: gaps at 0, low-confidence levels one down, {least} / {of}; highest: gaps at 3, "
        "low-confidence levels one up, {most} / {of}. All dimensions count the same here; ranks do "
        "not assume this.",
        least=decimal(row["lower"] * most, 0),
        most=decimal(row["upper"] * most, 0),
        of=most,
    )
    value = phrase(
        "{low} to {high}|numbers", low=decimal(row["lower"], 4), high=decimal(row["upper"], 4)
    )
    if system in a.ranked:
        total, top = sum(levels), 3 * len(levels)
        quotient = phrase(
            "Sum of the levels divided by the highest possible sum, {sum} = {quotient}.",
            sum=f"({' + '.join(map(str, levels))}) / (3 × {len(levels)}) = {total} / {top}",
            quotient=decimal(total / top, 4),
        )
        formula = f"{quotient} {formula}"
        value = clauses(decimal(row["index"], 4), value)
    note = plural(
        len(rows),
        "The one row {system.of}, newest per dimension.",
        "The {n} rows {system.of}, newest per dimension.",
        system=name,
    )
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
    level = a.level(system, dimension)
    every = a.study.indicators
    years = every[(every["system_id"] == system) & (every["dimension_id"] == dimension)]
    years = years.sort_values("year", ascending=False)
    if level is None:
        first = Claim(
            phrase("No evidence was found for {system} on {dimension}.", system=name,
                   dimension=what),
            phrase("A gap: not found, which is never level 0."),
            phrase("The question: {question}", question=a.names.question(dimension)),
        )  # fmt: skip
    else:
        rows = a.rows(system)
        rows = rows[rows["dimension_id"] == dimension]
        say = phrase(
            "{system} stands at **level {level}** of 3 on {dimension}.",
            system=name,
            level=level,
            dimension=what,
        )
        first = Claim(
            capital(say),
            cited(str(rows["statement"].iloc[0])),
            phrase(
                "Level {level} of the coding manual: {criterion}",
                level=level,
                criterion=a.names.criterion(dimension, level),
            ),
            rows,
        )
    claims = [first]
    if len(years) > 1:
        moves = ", ".join(
            phrase("{year}: level {level}", year=r.year, level=r.level)
            for r in each_row(years.iloc[::-1])
        )
        claims.append(
            Claim(
                phrase("There is evidence for {n} years; the newest counts.", n=count(len(years))),
                moves + ".",
                " ".join(f"{r.year}: {cited(r.statement)}" for r in each_row(years)),
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
                phrase(
                    "Of the {n} other ranked systems with evidence, {high} are at level 2 or 3; "
                    "their median is **{median}**.",
                    n=int(peers["count"]),
                    high=int(peers["at_two"]),
                    median=decimal(peers["median"], None),
                ),
                phrase(
                    "Middle half {low} to {high}.",
                    low=decimal(peers["lower_quartile"], None),
                    high=decimal(peers["upper_quartile"], None),
                ),
                phrase("Median and quartiles of the newest levels of the other ranked systems."),
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
        say = phrase(
            "How far “{benefit}” is realised {system.within} cannot be said: it depends on "
            "{dimensions}, and none of them has evidence.",
            benefit=label,
            system=name,
            dimensions=needs,
        )
        anything = phrase("Anything from {least} to {most}.", least=percent(0), most=percent(1))
        formula = phrase("Strength-weighted share of the enabling levels that is reached.")
        return (Claim(say, anything, formula),)
    row = found.iloc[0]
    parts = [
        f"{cell(links, r.dimension_id, 'strength')} × {r.level}/3 ({a.names.short(r.dimension_id)})"
        for r in each_row(known)
    ]
    weight = int(links.loc[known["dimension_id"], "strength"].sum())
    gaps = [a.names.dimension(d).inside for d in links.index if d not in set(known["dimension_id"])]
    note = phrase("No evidence on {dimensions}.", dimensions=listed(gaps)) if gaps else ""
    claims = [
        Claim(
            phrase(
                "“{benefit}” is realised to **{share}** {system.within}, between {low} and {high} "
                "over gaps and low-confidence levels.",
                benefit=label,
                share=percent(row["realised"]),
                system=name,
                low=percent(row["lower"]),
                high=percent(row["upper"]),
            ),
            phrase(
                "{value}; {low} to {high}.",
                value=decimal(row["realised"], 4),
                low=decimal(row["lower"], 4),
                high=decimal(row["upper"], 4),
            ),
            phrase(
                "Strength-weighted mean of the enabling levels: {mean}.",
                mean=f"({' + '.join(parts)}) / {weight}",
            ),
            known,
            note,
        )
    ]
    back = held_back_by(a.study, a.evidence, system)
    back = back[back["benefit_id"] == benefit]
    if len(back):
        dims = [a.names.dimension(d).inside for d in back["dimension_id"]]
        missing = listed(
            phrase(
                "{dimension}: level {level}, missing {missing}",
                dimension=a.names.short(r.dimension_id),
                level=decimal(r.level, None),
                missing=decimal(r.missing),
            )
            for r in each_row(back)
        )
        claims.append(
            Claim(
                phrase("It is held back most by **{dimensions}**.", dimensions=listed(dims)),
                missing + ".",
                phrase("Largest strength × missing share of the levels."),
                known[known["dimension_id"].isin(back["dimension_id"])],
            )
        )
    strengths = listed(
        phrase(
            "{dimension} (strength {strength})",
            dimension=a.names.short(d),
            strength=cell(links, d, "strength"),
        )
        for d in links.index
    )
    claims.append(
        Claim(
            plural(
                len(links),
                "The benefit depends on one dimension.",
                "The benefit depends on {n} dimensions.",
            ),
            strengths + ".",
            " ".join(
                f"{a.names.short(d)}: {cited(str(cell(links, d, 'rationale')))}"
                for d in links.index
            ),
            note=phrase(
                "The links are an analyst's judgement; a source is named where a page shows the "
                "mechanism at work."
            ),
            cites=tuple((s, "") for s in links["source_id"] if s != ANALYST_JUDGEMENT),
        )
    )
    return tuple(claims)
