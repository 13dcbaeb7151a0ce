"""The work on one page: what it is made from, which key tells that, what makes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mcanalysis.language import LANGUAGES, phrase, speaking
from mcanalysis.model import Study
from mcanalysis.names import Names
from mcanalysis.report.catalogue import Job, Report, folder_of, items_of
from mcanalysis.report.execution import Task
from mcanalysis.report.frame import CHANGES, INDEX
from mcanalysis.report.library import library_digest, versions
from mcanalysis.report.page import PageContext
from mcanalysis.report.reach import Reach, asks_about_one_system, of_language
from mcanalysis.report.taking import STUDY


def notebook_digest(path: Path) -> str:
    """Return the SHA-256 of what a notebook does: cells and tags, not outputs."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [
        [c["cell_type"], c.get("metadata", {}).get("tags", []), "".join(c["source"])] for c in cells
    ]
    return digest_of(kept)


def digest_of(value: Any) -> str:
    """Return the SHA-256 of plain data."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def edition_of(study: Study) -> str:
    """Return the date of a study: the newest day on which a source was read.

    Where no source says, the end of the newest year that the evidence describes.
    """
    days, years = study.sources["accessed"].dropna(), study.indicators["year"].dropna()
    if len(days):
        return str(days.max())
    return f"{years.max() if len(years) else 1970}-12-31"


def inputs_of(study: Study, digests: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Return table file -> (rows, SHA-256)."""
    rows = {f"{name}.csv": len(frame) for name, frame in study.tables().items()}
    rows |= {f"panels/{name}.csv": len(frame) for name, frame in study.panels.items()}
    rows |= {f"scenarios/{name}.csv": len(frame) for name, frame in study.scenarios.items()}
    rows |= {f"translations/{name}.csv": len(frame) for name, frame in study.translations.items()}
    total = sum(rows.values())
    return {name: (rows.get(name, total), digest) for name, digest in digests.items()}


def shared_by(
    jobs: Sequence[Job],
    study: Study,
    digests: Mapping[str, str],
    catalogue: Sequence[Report],
    plotly: str | None,
) -> dict[str, Any]:
    """Work out once what the pages of a run share.

    Parameters
    ----------
    jobs : sequence of Job
    study : Study
    digests : dict
        Table file -> SHA-256, from `study_digests`.
    catalogue : sequence of Report
        All reports, for the links.
    plotly : str or None
        Name of the shared plotly.js; None puts it inside each page.
    """
    notebooks = {job.report.notebook for job in jobs}
    return {
        "reach": Reach(study, digests),
        "about_one": {n for n in notebooks if asks_about_one_system(n)},
        "study": inputs_of(study, digests),
        "edition": edition_of(study),
        "links": {code: _links(catalogue, study, code) for code in LANGUAGES},
        "systems": {code: _names(study, code) for code in LANGUAGES},
        "plotly": plotly,
        "library": library_digest(),
        "notebooks": {n: notebook_digest(n) for n in notebooks},
    }


def _links(catalogue: Sequence[Report], study: Study, language: str) -> list[tuple[str, str]]:
    """Return label and address of what every page of a language links in its header."""
    with speaking(language):
        names = Names.of(study)
        links = [(phrase("All reports"), INDEX)]
        for r in catalogue:
            if r.each == "stakeholders":
                links += [
                    (str(names.short_stakeholder(i)), f"{r.name}/{i}.html")
                    for i in items_of(r, study)
                ]
            elif r.each is None:
                links.append((phrase(r.name.capitalize()), f"{r.name}/{r.name}.html"))
        return [*links, (phrase("Changes"), CHANGES)]


def addresses(language: str, languages: Sequence[str], page: str) -> tuple[tuple[str, str], ...]:
    """Return each language of the site and the address there of a page, seen from the page.

    Parameters
    ----------
    language : str
        That of the page.
    languages : sequence of str
        Those of the site.
    page : str
        Address below the index of its language.
    """
    up = "../" * f"{folder_of(language, languages)}{page}".count("/")
    return tuple((code, f"{up}{folder_of(code, languages)}{page}") for code in languages)


def about_system(job: Job, shared: Mapping[str, Any]) -> str | None:
    """Return the system that a page is about, if it shows nothing but what is said of that."""
    one = job.report.each == "systems" and job.report.notebook in shared["about_one"]
    return job.item if one else None


def evidence_of(job: Job, shared: Mapping[str, Any]) -> str:
    """Return the digest of the evidence that a page may show, whatever its parameters."""
    only: dict[str, Any] = {"language": job.language}
    return digest_of(shared["reach"].all_of(only, about_system(job, shared)))


def known_before(job: Job, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the record of a page holds before it is made; the key tells if it must be."""
    inputs = of_language(shared["study"], job.language)
    made_from = {
        "notebook": shared["notebooks"][job.report.notebook],
        "study": {name: digest for name, (_, digest) in inputs.items()},
        "library": shared["library"],
    }
    parameters = dict(job.parameters)
    used = [
        made_from["notebook"], made_from["library"],
        shared["reach"].all_of(parameters, about_system(job, shared)),
    ]  # fmt: skip
    return {
        "report": job.report.name,
        "item": job.item,
        "title": job.title,
        "language": job.language,
        "edition": shared["edition"],
        "parameters": parameters,
        "seed": parameters.get("seed"),
        "versions": versions(),
        "inputs": made_from,
        "key": digest_of(
            [
                used,
                parameters,
                job.title,
                shared["links"][job.language],
                shared["plotly"],
                job.language,
                job.report.languages,
            ]
        ),
    }


def task_of(
    job: Job,
    study_path: Path,
    shared: Mapping[str, Any],
    engine: str,
    changed: Mapping[str, Any] | None = None,
) -> Task:
    """Return what makes a page; it may be told what changed since the last edition."""
    *links, (label, href) = shared["links"][job.language]
    # Where a conclusion about a system has changed, the page of changes has this anchor.
    links.append((label, f"{href}#{job.item}" if job.report.each == "systems" else href))
    up = "../" * job.page.count("/")
    context = PageContext(
        report=job.report.name,
        item=job.item,
        title=job.title,
        parameters=job.parameters,
        inputs=of_language(shared["study"], job.language),
        edition=shared["edition"],
        versions=versions(),
        root="../",
        plotly=shared["plotly"] and f"{up}assets/{shared['plotly']}",
        links=tuple((label, f"../{href}") for label, href in links),
        language=job.language,
        systems=_systems_of(job, shared["systems"][job.language]),
        study=shared["plotly"] and f"{up}{STUDY}",
        languages=addresses(job.language, job.report.languages, f"{job.place}.html"),
        changed=changed or {},
    )
    notebook, study = str(job.report.notebook.resolve()), str(study_path.resolve())
    return Task(notebook, study, job.parameters, asdict(context), engine=engine)


def _names(study: Study, language: str) -> dict[str, str]:
    """Return the names of all systems in a language."""
    with speaking(language):
        names = Names.of(study)
        return {str(s): str(names.full(s)) for s in study.systems["system_id"]}


def _systems_of(job: Job, systems: Mapping[str, str]) -> dict[str, str]:
    """Return the systems that a page is about: its own, or all."""
    own = {s: name for s, name in systems.items() if s == job.item}
    return own if job.report.each == "systems" else dict(systems)
