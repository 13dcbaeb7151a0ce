"""What a reader takes along from a page: its data as a workbook, the study, a citation."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from mcanalysis.identifiers import country, identifiers
from mcanalysis.language import marked, phrase
from mcanalysis.model import Study
from mcanalysis.report.citing import ADDRESS, Work, as_bibtex, as_csl, as_text
from mcanalysis.report.reading import SIDES, Taken, taken_factors, taken_tables
from mcanalysis.report.scratch import scratch_folder
from mcanalysis.report.sheets import Sheet, archive, sheet_names, workbook
from mcanalysis.texts import plain

STUDY = "study.zip"
"""The study as a Data Package, at the root of a site."""

INVENTED = '<p class="notice warn"'
"""How the banner of a page that rests on invented judgements begins."""

_NOTICE = re.compile(r'<p class="notice[^"]*"[^>]*>.*?</p>', re.DOTALL)
_SAID = re.compile(r'<span class="say">(.*?)</span> <span class="why">', re.DOTALL)
_LABELS = {
    "csv": marked("CSV: the data of “{title}”"), "svg": marked("SVG: the chart “{title}”"),
    "png": marked("PNG: the chart “{title}”"),
}  # fmt: skip


@dataclass(frozen=True)
class Content:
    """What a page says, as far as it goes along.

    Attributes
    ----------
    work : Work
        The page as it is cited.
    html : str
        All of it, with numbered sources.
    lead : str
        What it says in short; markup.
    made : str
        How it was made; markup.
    sources : dict
        source_id -> (row of ``sources.csv``, places in it), in the order of their numbers.
    systems : dict
        system_id -> name, of what the page is about.
    parameters : dict
    """

    work: Work
    html: str
    lead: str
    made: str
    sources: Mapping[str, tuple[Mapping[str, Any], Sequence[str]]]
    systems: Mapping[str, str]
    parameters: Mapping[str, Any]

    @property
    def notice(self) -> str:
        """What a reader must know first: whose opinion counts, whether it is invented."""
        found = _NOTICE.search(self.html)
        return plain(found[0]) if found else ""

    @property
    def abstract(self) -> str:
        """The sentences that the page says in short."""
        said = [plain(s) for s in _SAID.findall(self.lead)]
        return " ".join(re.sub(r" ([.,;:)%])", r"\1", " ".join(s.split())) for s in said)


def page_workbook(content: Content) -> bytes:
    """Write the data of a page as a workbook, in the language that is spoken.

    Parameters
    ----------
    content : Content

    Returns
    -------
    bytes
        ``.xlsx``: what the page is, its tables and factors as its reader sees them, its sources.
    """
    tables = taken_tables(content.html, phrase("Sources"), phrase("In words"))
    factors = taken_factors(content.html, _factor_head())
    tables += [factors] if factors else []
    tables += [_sources(content.sources)] if content.sources else []
    tables += taken_tables(content.made)
    if len(content.systems) > 1:
        tables.append(_systems(content.systems))
    names = sheet_names([phrase("About"), *(t.caption or phrase("Table") for t in tables)])
    about = _about(content, list(zip(names[1:], tables, strict=True)))
    sheets = [about, *(Sheet(n, t.head, t.rows) for n, t in zip(names[1:], tables, strict=True))]
    return workbook(sheets, content.work.title, content.work.edition)


def _about(content: Content, tables: Sequence[tuple[str, Taken]]) -> Sheet:
    rows = [
        (phrase("Title"), content.work.title),
        (phrase("How to cite"), as_text(content.work)),
    ]
    if content.notice:
        rows.append((phrase("Note"), content.notice))
    if len(content.systems) == 1:
        [(system, name)] = content.systems.items()
        rows.append((phrase("System"), f"{name} ({system})"))
        if found := country(system):
            uri, own = found
            rows.append((phrase("EU authority table") if own else phrase("Part of"), uri))
    if content.abstract:
        rows.append((phrase("In short"), content.abstract))
    given = ((k, "" if v is None else str(v)) for k, v in content.parameters.items())
    rows += [(phrase("Parameter {name}", name=name), value) for name, value in given if value]
    rows += [
        (
            phrase("Numbers"),
            phrase("As on the page, rounded; the study itself has every row in full."),
        ),
        (phrase("Licence"), phrase("Evidence: CC BY 4.0. The sources keep their rights.")),
        *((phrase("Sheet {name}", name=name), table.caption) for name, table in tables),
    ]
    return Sheet(phrase("About"), (phrase("What"), phrase("Content")), rows)


def _factor_head() -> tuple[str, ...]:
    """Return what `taken_factors` needs: a caption and the heads of its columns."""
    return (
        phrase("SWOT factors"), phrase("Factor"), phrase("Quadrant"), phrase("Statement"),
        phrase("Dimension"), phrase("Notes"), phrase("Sources"),
    )  # fmt: skip


def _sources(sources: Mapping[str, tuple[Mapping[str, Any], Sequence[str]]]) -> Taken:
    names = ("title", "publisher", "year", "url", "doc_type", "language", "accessed")
    rows = []
    for n, (source_id, (row, places)) in enumerate(sources.items(), 1):
        known = identifiers(row, places)
        rows.append(
            (
                str(n), source_id, *(str(row.get(name, "")) for name in names), "; ".join(places),
                *(known.get(kind, "") for kind in ("CELEX", "DOI", "ISBN")),
                str(row.get("note", "")),
            )
        )  # fmt: skip
    head = (
        phrase("No."), phrase("Source"), phrase("Title"), phrase("Publisher"), phrase("Year"),
        phrase("Address"), phrase("Kind"), phrase("Language"), phrase("Read on"),
        phrase("Place|in a source"), "CELEX", "DOI", "ISBN", phrase("Note"),
    )  # fmt: skip
    return Taken(phrase("Sources"), head, tuple(rows))


def _systems(systems: Mapping[str, str]) -> Taken:
    rows = []
    for system, name in systems.items():
        uri, own = country(system) or ("", True)
        rows.append((system, name, uri if own else "", "" if own else uri))
    head = (phrase("System"), phrase("Name"), phrase("EU authority table"), phrase("Part of"))
    return Taken(phrase("Systems of the study"), head, tuple(rows))


def take_along(content: Content, name: str, study: str | None) -> str:
    """Return the section of a page that offers its data and its citation.

    Parameters
    ----------
    content : Content
    name : str
        Id of the page, which files are named after.
    study : str or None
        Relative address of the study; None where neither it nor a workbook lies beside the page.

    Returns
    -------
    str
        Markup. What works only with scripts is put in its place by `take.js`.
    """
    items = []
    if study:
        items += [
            (
                f'<a href="{escape(name)}.xlsx" download>{phrase("Data of this page")}</a>',
                phrase("Excel workbook: every table, the factors, the sources"),
            ),
            (
                f'<a href="{escape(study)}" download>{phrase("The study")}</a>',
                phrase("Data Package (zip of CSV tables): every row of evidence with its source"),
            ),
        ]
    items.append(
        (
            phrase("Each table and chart"),
            phrase(
                "CSV under it, a chart also as SVG and PNG; where scripts are switched off, its "
                "rows stand in the page"
            ),
        )
    )
    listed = "".join(f'<li>{what} <span class="note">{how}</span></li>' for what, how in items)
    prefix = f"{name}-illustrative" if INVENTED in content.html else name
    labels = "".join(f' data-{kind}="{escape(phrase(text))}"' for kind, text in _LABELS.items())
    labels += f' data-factors="{escape("|".join(_factor_head()))}"'
    labels += f' data-sides="{escape("|".join(phrase(side) for side in SIDES.values()))}"'
    buttons = "".join(
        f'<button type="button" data-as="{kind}">{kind.upper()}</button>' for kind in _LABELS
    )
    cited = as_text(content.work)
    forms = "".join(
        f"<details><summary>{label}</summary>"
        f'<pre class="cite" tabindex="0" role="region" aria-label="{label}">'
        f"{_with_address(text, form)}</pre></details>"
        for label, text, form in (
            ("BibTeX", as_bibtex(content.work), ",\n  url = {%}"),
            ("CSL-JSON", as_csl(content.work), ',\n  "URL": "%"'),
        )
    )
    return (
        f'<ul class="takes">{listed}</ul><h3>{phrase("How to cite this page")}</h3>'
        f'<p class="cite">{_with_address(cited + ADDRESS, " %")}</p>{forms}'
        f'<template id="take" data-name="{escape(prefix)}" data-sources="{phrase("Sources")}" '
        f'data-words="{phrase("In words")}" data-copied="{phrase("Copied")}"{labels}>'
        f'<p class="take"><span class="vh">{phrase("Download:")} </span>{buttons}</p>'
        f'<p class="take"><button type="button">{phrase("Copy")}</button> '
        '<span role="status"></span></p>'
        "</template>"
    )


def _with_address(text: str, form: str) -> str:
    """Leave a place for the address of the page, which the browser fills in."""
    before, _, after = escape(text, quote=False).partition(ADDRESS)
    here = f'<span class="here" data-form="{escape(form)}"></span>'
    return f"{before}{here}{after}"


def study_archive(study: Study, key: str) -> bytes:
    """Pack a study as a Data Package; the same study and key make the same bytes.

    Parameters
    ----------
    study : Study
    key : str
        What tells its state apart, kept in the archive as its comment.

    Returns
    -------
    bytes
        A ZIP archive with ``datapackage.json`` and the tables.
    """
    from mcanalysis.study import write_study

    with scratch_folder() as folder:
        root = folder / "study"
        write_study(study, root)
        found = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
        return archive({name: (root / name).read_bytes() for name in found}, key)


def archive_is_of(path: Path, key: str) -> bool:
    """Tell whether an archive is whole and was packed with this key."""
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.comment == key.encode() and packed.testzip() is None
    except Exception:  # whatever is wrong with it, it is packed anew
        return False
