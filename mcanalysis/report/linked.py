"""What a page is, for machines: schema.org terms as JSON-LD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcanalysis.identifiers import country, identifiers
from mcanalysis.language import ORIGINAL, marked, phrase
from mcanalysis.report.citing import STUDY_TITLE

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ABOUT_STUDY = marked(
    "Coded facts and SWOT factors on the integration of microcredentials into education systems, "
    "each with its source. An empty cell means not assessed, never 0."
)


def place(system: str, name: str) -> dict[str, Any]:
    """Return a system as a place, with its country in the EU's authority table.

    Examples
    --------
    >>> place("BE-FL", "Belgium (Flemish)")["containedInPlace"]["@id"]
    'http://publications.europa.eu/resource/authority/country/BEL'
    """
    found = country(system)
    said = {"@type": "AdministrativeArea", "name": name, "identifier": system}
    if found is None:
        return said
    uri, own = found
    if own:
        kind = "AdministrativeArea" if system == "EU" else "Country"
        return {"@type": kind, "@id": uri, "name": name, "identifier": system}
    return {**said, "containedInPlace": {"@type": "Country", "@id": uri}}


def study(edition: str, systems: Mapping[str, str], archive: str | None) -> dict[str, Any]:
    """Return the study as a dataset, its name in the language that is spoken; it has its own.

    Parameters
    ----------
    edition : str
        ISO date.
    systems : dict
        system_id -> name, of what it covers; may be empty.
    archive : str or None
        Relative address of its Data Package.
    """
    said: dict[str, Any] = {
        "@type": "Dataset", "@id": "#study", "name": phrase(STUDY_TITLE),
        "description": phrase(ABOUT_STUDY), "inLanguage": ORIGINAL, "license": LICENCE,
        "version": edition, "datePublished": edition,
    }  # fmt: skip
    if systems:
        said["spatialCoverage"] = [place(s, name) for s, name in systems.items()]
    if archive:
        said["distribution"] = [_file(archive, "application/zip", "DataDownload")]
    return said


def report(
    name: str,
    abstract: str,
    language: str,
    edition: str,
    systems: Mapping[str, str],
    sources: Sequence[Mapping[str, Any]],
    workbook: str | None,
    status: str = "",
) -> dict[str, Any]:
    """Return a page as a report that rests on the study and cites its sources.

    Parameters
    ----------
    name, abstract, language, edition : str
        Title, what it says in short, code of its language, ISO date.
    systems : dict
        system_id -> name, of what it is about.
    sources : sequence of dict
        Rows of ``sources.csv`` in the order of the page.
    workbook : str or None
        Relative address of its data.
    status : str
        What a reader must know first, for example that judgements are invented.
    """
    said: dict[str, Any] = {
        "@type": "Report", "@id": "#report", "name": name, "inLanguage": language,
        "datePublished": edition, "isBasedOn": {"@id": "#study"},
    }  # fmt: skip
    if abstract:
        said["abstract"] = abstract
    if status:
        said["creativeWorkStatus"] = status
    if systems:
        said["about"] = [place(s, name) for s, name in systems.items()]
    if workbook:
        said["encoding"] = [_file(workbook, WORKBOOK, "MediaObject")]
    if sources:
        said["citation"] = [_source(s) for s in sources]
    return said


def _file(address: str, kind: str, type_: str) -> dict[str, str]:
    return {"@type": type_, "contentUrl": address, "encodingFormat": kind}


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    kind = "Legislation" if source.get("doc_type") == "law" else "CreativeWork"
    said: dict[str, Any] = {"@type": kind, "name": str(source["title"])}
    url = str(source.get("url", ""))
    if url.startswith(("http://", "https://")):
        said["url"] = url
    if "publisher" in source:
        said["publisher"] = str(source["publisher"])
    if "year" in source:
        said["datePublished"] = str(source["year"])
    if source.get("language", "en") != "en":
        said["inLanguage"] = str(source["language"])
    known = identifiers(source)
    if known:
        said["identifier"] = [
            {"@type": "PropertyValue", "propertyID": name, "value": value}
            for name, value in known.items()
        ]
    return said
