"""The chain from a figure to the rows and sources behind it, as `mcanalysis why` prints it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis, analyse
from mcanalysis.display import Card, Shown
from mcanalysis.errors import ParameterError, nearest
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.model import Study
from mcanalysis.why.claims import Claim, benefit_claims, dimension_claims, index_claims
from mcanalysis.why.findings import is_ranked, system_claims
from mcanalysis.why.sure import condition_claim, opinion_in_words


@dataclass(frozen=True, repr=False)
class Explanation(Shown):
    """The chain behind a system, one of its dimensions or one of its benefits.

    Attributes
    ----------
    title : str
    claims : tuple of Claim
    sources : DataFrame
        Rows of ``sources.csv`` that the claims cite, in order of first mention.
    opinion : str
        Whose opinion the figures rest on, and whether it is invented; empty where it is none.
    """

    title: str
    claims: tuple[Claim, ...]
    sources: pd.DataFrame
    opinion: str = ""

    def _card(self) -> Card:
        said = {f"{n}.": c.say.replace("**", "") for n, c in enumerate(self.claims, 1)}
        note = "print(….as_text()) tells value, formula, rows and sources of each"
        return Card(self.title, said, note=note)

    def as_text(self, width: int = 100) -> str:
        """Print the chain for a terminal, wrapped to `width` characters."""

        def block(label: str, text: str) -> list[str]:
            return textwrap.wrap(
                text,
                width,
                initial_indent=f"  {label:<9}",
                subsequent_indent=" " * 11,
                break_on_hyphens=False,
            )

        lines = [self.title, "=" * min(len(self.title), width)]
        if self.opinion:
            lines += ["", *textwrap.wrap(self.opinion, width)]
        for claim in self.claims:
            lines += ["", *textwrap.wrap(claim.plain, width)]
            lines += block("value", claim.value)
            lines += block("formula", claim.formula)
            if claim.note:
                lines += block("rows", claim.note)
            for number, row in enumerate(each_row(claim.rows), 1):
                label = "rows" if number == 1 and not claim.note else ""
                lines += block(
                    label,
                    f"{row.system_id} {row.dimension_id} {row.year}: level {row.level}, "
                    f"{row.confidence} confidence [{row.source_id}, {row.locator}]",
                )
            if claim.cites:
                places = (f"{s}, {place}" if place else s for s, place in claim.cites)
                lines += block("sources", " ".join(f"[{each}]" for each in places))
        lines += ["", "Sources"]
        for source in each_row(self.sources):
            year = "" if pd.isna(source.year) else f" ({source.year})"
            url = "" if pd.isna(source.url) else f" {source.url}"
            lines += textwrap.wrap(
                f"[{source.source_id}] {source.title}. {source.publisher}{year}.{url}",
                width,
                initial_indent="  ",
                subsequent_indent="    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the chain as plain data, for JSON."""

        def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
            plain = frame.astype(object).where(frame.notna(), None)
            return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]

        return {
            "title": self.title,
            "opinion": self.opinion,
            "claims": [
                {
                    "sentence": claim.plain,
                    "value": claim.value,
                    "formula": claim.formula,
                    "note": claim.note,
                    "rows": records(claim.rows),
                }
                for claim in self.claims
            ],
            "sources": records(self.sources),
        }


def explain(study: Study, system: str, subject: str | None = None, **options: Any) -> Explanation:
    """Show the chain from a figure of a system to its rows and sources.

    Parameters
    ----------
    study : Study
    system : str
        Id of a system.
    subject : str, optional
        Id of a dimension or a benefit; by default the system as a whole.
    **options
        Passed to `analyse`: as_of, min_dimensions, draws, seed, panel, order.

    Returns
    -------
    Explanation

    Raises
    ------
    ParameterError
        If the study knows no such system, dimension or benefit; names the nearest.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> chain = explain(read_study("data"), "DE", "recognition", draws=1000)
    >>> chain.claims[0].plain
    'Germany stands at level 1 of 3 on recognition.'
    """
    a = analyse(study, **options)
    a.check_system(system)
    if subject is None:
        title = f"{a.names.full(system)}: how microcredentials fit in"
        settled = condition_claim(a, system) if is_ranked(a, system) else None
        claims = (*system_claims(a, system), *([settled] if settled else []))
        claims += index_claims(a, system)
    elif subject in a.dimensions:
        title = f"{a.names.full(system)}: {a.names.dimension(subject)}"
        claims = dimension_claims(a, system, subject)
    elif subject in set(study.benefits["benefit_id"]):
        title = f"{a.names.full(system)}: {a.names.benefit(subject)}"
        claims = benefit_claims(a, system, subject)
    else:
        known = [*a.dimensions, *study.benefits["benefit_id"]]
        raise ParameterError(
            f'The study has neither a dimension nor a benefit "{subject}".'
            f"{nearest(subject, known)} It knows: {', '.join(known)}."
        )
    return Explanation(title, claims, cited_sources(study, claims), _opinion(a))


def _opinion(a: Analysis) -> str:
    """Say whose opinion counts, and that it is invented where it is."""
    whose = opinion_in_words(a)
    if not whose:
        return ""
    said = phrase("These figures use {opinion}.", opinion=whose)
    if not a.invented:
        return said
    invented = phrase("Illustrative: the judgements are invented, and may not be quoted.")
    return f"{invented} {said}"


def cited_sources(study: Study, claims: Iterable[Claim]) -> pd.DataFrame:
    """Return the rows of ``sources.csv`` that claims cite, in order of first mention."""
    ids = list(dict.fromkeys(s for c in claims for s, _ in c.citations()))
    return study.sources.set_index("source_id", drop=False).loc[ids].reset_index(drop=True)
