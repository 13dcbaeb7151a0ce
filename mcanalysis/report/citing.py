"""How a page is cited: as text, as BibTeX, as CSL-JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mcanalysis.language import marked, phrase

STUDY_TITLE = marked("Integration of microcredentials into education systems")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}  # fmt: skip
ADDRESS = "\ue000"
"""Stands where the browser, which alone knows it, puts the address of the page."""


@dataclass(frozen=True)
class Work:
    """What is cited.

    Attributes
    ----------
    key : str
        Short name, for example ``mcanalysis-country-DE``.
    title : str
    edition : str
        ISO date.
    note : str
        Edition, checksum of the data and version, in sentences.
    language : str
    """

    key: str
    title: str
    edition: str
    note: str
    language: str = "en"


def checksum(inputs: Mapping[str, tuple[int, str]]) -> str:
    """Return what tells the evidence of an edition apart: twelve signs of a digest."""
    _, digest = inputs.get("indicators.csv") or next(iter(inputs.values()), (0, ""))
    return digest[:12]


def as_text(work: Work) -> str:
    """Cite in a sentence.

    Examples
    --------
    >>> as_text(Work("k", "Germany", "2026-11-23", "Edition 1."))
    'Germany. In: Integration of microcredentials into education systems. Edition 1.'
    """
    title = work.title if work.title[-1:] in ("?", "!", ".") else f"{work.title}."
    return f"{title} {phrase('In: {work}.', work=phrase(STUDY_TITLE))} {work.note}"


def as_bibtex(work: Work) -> str:
    r"""Cite as a BibTeX entry, with a mark where its address goes.

    Examples
    --------
    >>> print(as_bibtex(Work("k", "A & B", "2026-11-23", "Edition 1")).replace(ADDRESS, ""))
    @misc{k,
      title = {{A \& B}},
      howpublished = {Integration of microcredentials into education systems},
      year = {2026},
      month = nov,
      note = {Edition 1},
      language = {en}
    }
    """
    year, month, _ = work.edition.split("-")
    fields = {
        "title": f"{{{{{_tex(work.title)}}}}}", "howpublished": f"{{{_tex(phrase(STUDY_TITLE))}}}",
        "year": f"{{{year}}}", "month": _MONTHS[int(month) - 1], "note": f"{{{_tex(work.note)}}}",
        "language": f"{{{work.language}}}",
    }  # fmt: skip
    lines = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    return f"@misc{{{re.sub(r'[^A-Za-z0-9-]', '-', work.key)},\n{lines}{ADDRESS}\n}}"


def as_csl(work: Work) -> str:
    """Cite as CSL-JSON, with a mark where its address goes.

    Examples
    --------
    >>> found = json.loads(as_csl(Work("k", "A", "2026-11-23", "Edition 1")).replace(ADDRESS, ""))
    >>> found[0]["issued"]
    {'date-parts': [[2026, 11, 23]]}
    """
    item = {
        "id": work.key, "type": "report", "title": work.title,
        "container-title": phrase(STUDY_TITLE),
        "issued": {"date-parts": [[int(part) for part in work.edition.split("-")]]},
        "note": work.note, "language": work.language,
    }  # fmt: skip
    lines = ",\n".join(f'  "{k}": {json.dumps(v, ensure_ascii=False)}' for k, v in item.items())
    return f"[{{\n{lines}{ADDRESS}\n}}]"


def _tex(text: str) -> str:
    return "".join(_SIGNS.get(sign, sign) for sign in text)
