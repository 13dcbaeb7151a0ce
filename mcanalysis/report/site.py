"""A site of pages: what has to be made, making it, the index that leads to it."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from mcanalysis.errors import ReportError
from mcanalysis.language import LANGUAGES, ORIGINAL, phrase, speaking
from mcanalysis.model import Study
from mcanalysis.report.bundle import plotly_bundle
from mcanalysis.report.catalogue import EACH, Job, Report, folder_of, items_of, pages_of
from mcanalysis.report.engine import NAME
from mcanalysis.report.execution import Task, describe
from mcanalysis.report.following import STATE, News, follow
from mcanalysis.report.frame import CHANGES, FEED, INDEX
from mcanalysis.report.index import Entry, links_of, render_index, standing_of
from mcanalysis.report.library import library_digest, versions
from mcanalysis.report.lock import WAIT, only_run
from mcanalysis.report.news import newest_change, render_changes, render_feed
from mcanalysis.report.page import PageContext, language_switch
from mcanalysis.report.reach import Reach, asks_about_one_system, of_language
from mcanalysis.report.record import publish, read_record, sweep, tidy, up_to_date, write_aside
from mcanalysis.report.workers import Runner, run_tasks
from mcanalysis.wording import Names


@dataclass(frozen=True)
class Outcome:
    """What became of one page.

    Attributes
    ----------
    page : str
        Address below the root of the site.
    title, status : str
        Status is ``made``, ``unchanged`` or ``failed``.
    seconds : float
    message : str or None
        Where and why it failed.
    since : str or None
        When it began to fail.
    """

    page: str
    title: str
    status: str
    seconds: float = 0.0
    message: str | None = None
    since: str | None = None


@dataclass(frozen=True)
class Run:
    """What became of a run.

    Attributes
    ----------
    index : Path
        The way into the site.
    outcomes : tuple of Outcome
    removed : tuple of str
        Pages taken off the site: what they were made for is no longer in the study.
    news : News
        What the run has to tell of the conclusions.
    started : str
    seconds : float
    """

    index: Path
    outcomes: tuple[Outcome, ...]
    removed: tuple[str, ...]
    news: News
    started: str
    seconds: float

    def count(self, status: str) -> int:
        """Return how many pages have a status."""
        return sum(o.status == status for o in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 if every page is as it should be, 1 if one failed."""
        return 1 if self.count("failed") else 0

    def as_dict(self) -> dict[str, Any]:
        """Return the run as plain data, for JSON."""
        place = self.index.parent
        return {
            "index": self.index.as_posix(),
            "started": self.started,
            "seconds": self.seconds,
            "exit_code": self.exit_code,
            **{s: self.count(s) for s in ("made", "unchanged", "failed")},
            "pages": [asdict(o) for o in self.outcomes],
            "removed": list(self.removed),
            "changes": {
                **self.news.as_dict(),
                "page": (place / CHANGES).as_posix(),
                "feed": (place / FEED).as_posix(),
            },
        }


def notebook_digest(path: Path) -> str:
    """Return the SHA-256 of what a notebook does: cells and tags, not outputs."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [
        [c["cell_type"], c.get("metadata", {}).get("tags", []), "".join(c["source"])] for c in cells
    ]
    return _digest(kept)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def edition_of(study: Study) -> str:
    """Return the date of a study: the newest day on which a source was read.

    Where no source says, the end of the newest year that the evidence describes.
    """
    days, years = study.sources["accessed"].dropna(), study.indicators["year"].dropna()
    if len(days):
        return str(days.max())
    return f"{years.max() if len(years) else 1970}-12-31"


def make_site(
    study: Study,
    study_path: Path,
    digests: Mapping[str, str],
    catalogue: Sequence[Report],
    jobs: Sequence[Job],
    out: Path,
    *,
    workers: int | Runner = 1,
    force: bool = False,
    single_file: bool = False,
    engine: str = NAME,
    usual: bool = True,
    at: datetime | None = None,
    wait: float = WAIT,
    say: Callable[[str], None] = lambda _: None,
    progress: Callable[[Outcome], None] = lambda _: None,
) -> Run:
    """Make what is missing or out of date, then the page of changes and the index.

    Parameters
    ----------
    study : Study
    study_path : Path
        Where the notebooks read it from.
    digests : dict
        Table file -> SHA-256, from `study_digests`.
    catalogue : sequence of Report
        All reports, for the index.
    jobs : sequence of Job
        Pages to make, from `plan`.
    out : Path
        Root of the site.
    workers : int or Runner
        Pages made at a time, or those who make them.
    force : bool
        Make what is up to date, too.
    single_file : bool
        Put plotly.js inside each page instead of beside them.
    engine : str
        What runs the notebooks, see `Task`.
    usual : bool
        False where parameters were given for this run, see `follow`.
    at : datetime, optional
        When the run began; by default now.
    wait : float
        Seconds to wait for another run on the same folder.
    say : callable
        Called with who holds the folder, before waiting.
    progress : callable
        Called with each outcome.

    Returns
    -------
    Run

    Raises
    ------
    ReportError
        If the folder of the site cannot be written, has gone meanwhile, or belongs to another run
        that does not end in time.
    """
    at, clock = at or datetime.now(UTC), time.monotonic()
    edition, inputs = edition_of(study), _inputs(study, digests)
    languages = catalogue[0].languages if catalogue else (ORIGINAL,)
    bundle = plotly_bundle()
    reach = Reach(study, digests)
    notebooks = {job.report.notebook for job in jobs}
    shared = {
        "reach": reach, "about_one": {n for n in notebooks if asks_about_one_system(n)},
        "study": inputs, "edition": edition,
        "links": {code: _links(catalogue, study, code) for code in LANGUAGES},
        "plotly": None if single_file else bundle.name, "library": library_digest(),
        "notebooks": {n: notebook_digest(n) for n in notebooks},
    }  # fmt: skip
    known = {job.page: _known(job, shared) for job in jobs}
    about = {job.page: _about(job, shared) for job in jobs}
    outcomes: dict[str, Outcome] = {}
    try:
        with only_run(out, wait, say) as check:
            sweep([out, out / "assets", out / STATE, *_folders(catalogue, out)])
            if not single_file and not (out / "assets" / bundle.name).is_file():
                write_aside(out / "assets" / bundle.name, bundle.script.encode())
            for job in jobs:
                if not force and up_to_date(
                    out / job.page, known[job.page]["key"], partial(reach.cited, about[job.page])
                ):
                    tidy(out / job.page)
                    outcomes[job.page] = Outcome(job.page, job.title, "unchanged")
                    progress(outcomes[job.page])
            tasks = {
                job.page: _task(job, study_path, shared, engine).as_dict()
                for job in jobs
                if job.page not in outcomes
            }
            results = run_tasks(tasks, workers)
            standing = standing_of(study)  # while they begin
            for page, result in results:
                check()
                cited = reach.cited(about[page], result["sources"])
                record = publish(out / page, {**known[page], "cited": cited}, result)
                message = describe(record["error"]) if record["status"] == "failed" else None
                outcomes[page] = Outcome(
                    page, record["title"], record["status"], record["seconds"], message,
                    record.get("since"),
                )  # fmt: skip
                progress(outcomes[page])
            check()
            removed = _remove_orphans(catalogue, study, out)
            entries = {code: _entries(catalogue, study, out, code) for code in languages}
            pages = [job.page for job in pages_of(catalogue, study)]
            failing = [e.title for some in entries.values() for e in some if e.status == "failed"]
            with speaking(languages[0]):
                news = follow(out, study, digests, pages, list(outcomes), failing, at, usual)
            run = Run(
                out / INDEX, tuple(outcomes[job.page] for job in jobs), removed, news,
                at.isoformat(timespec="seconds"), round(time.monotonic() - clock, 3),
            )  # fmt: skip
            counts = {**run.as_dict(), "changes": newest_change(news)}
            for code in languages:
                with speaking(code):
                    if code == languages[0]:
                        _write_news(out, news, links_of(study, entries[code]), edition)
                    place, switch = folder_of(code, languages), _switch(code, languages, INDEX)
                    html = render_index(
                        study, entries[code], edition, inputs, counts, standing,
                        root="../" if place else "", switch=language_switch(switch),
                    )  # fmt: skip
                write_aside(out / place / INDEX, html.encode())
    except OSError as error:
        raise ReportError(
            f"{out} cannot be written: {error.strerror or error}. What was there is as it was. "
            "Make room, mend its permissions or choose another folder with --out."
        ) from error
    return run


def _write_news(out: Path, news: News, links: Sequence[tuple[str, str]], edition: str) -> None:
    """Write the page and the feed of changes, if they differ from those that are there."""
    for name, text in ((CHANGES, render_changes(news, links, edition)), (FEED, render_feed(news))):
        place, content = out / name, text.encode()
        if not place.is_file() or place.read_bytes() != content:
            write_aside(place, content)


def _inputs(study: Study, digests: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Return table file -> (rows, SHA-256)."""
    rows = {f"{name}.csv": len(frame) for name, frame in study.tables().items()}
    rows |= {f"panels/{name}.csv": len(frame) for name, frame in study.panels.items()}
    rows |= {f"scenarios/{name}.csv": len(frame) for name, frame in study.scenarios.items()}
    rows |= {f"translations/{name}.csv": len(frame) for name, frame in study.translations.items()}
    total = sum(rows.values())
    return {name: (rows.get(name, total), digest) for name, digest in digests.items()}


def _links(catalogue: Sequence[Report], study: Study, language: str) -> list[tuple[str, str]]:
    """Return label and address of the reports that every page of a language links in its header."""
    with speaking(language):
        names = Names(study)
        links = [(phrase("All reports"), "index.html")]
        for r in catalogue:
            if r.each == "stakeholders":
                links += [
                    (str(names.short_stakeholder(i)), f"{r.name}/{i}.html")
                    for i in items_of(r, study)
                ]
            elif r.each is None:
                links.append((phrase(r.name.capitalize()), f"{r.name}/{r.name}.html"))
    return links


def _switch(language: str, languages: Sequence[str], page: str) -> tuple[tuple[str, str], ...]:
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


def _about(job: Job, shared: Mapping[str, Any]) -> str | None:
    """Return the system that a page is about, if it shows nothing but what is said of that."""
    one = job.report.each == "systems" and job.report.notebook in shared["about_one"]
    return job.item if one else None


def _known(job: Job, shared: Mapping[str, Any]) -> dict[str, Any]:
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
        shared["reach"].all_of(parameters, _about(job, shared)),
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
        "key": _digest(
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


def _task(job: Job, study_path: Path, shared: Mapping[str, Any], engine: str) -> Task:
    context = PageContext(
        report=job.report.name,
        item=job.item,
        title=job.title,
        parameters=job.parameters,
        inputs=of_language(shared["study"], job.language),
        edition=shared["edition"],
        versions=versions(),
        root="../",
        plotly=shared["plotly"] and f"{'../' * job.page.count('/')}assets/{shared['plotly']}",
        links=tuple((label, f"../{href}") for label, href in shared["links"][job.language]),
        language=job.language,
        languages=_switch(job.language, job.report.languages, f"{job.place}.html"),
    )
    notebook, study = str(job.report.notebook.resolve()), str(study_path.resolve())
    return Task(notebook, study, job.parameters, asdict(context), engine=engine)


def _entries(catalogue: Sequence[Report], study: Study, out: Path, language: str) -> list[Entry]:
    """Return every page in a language as its record has it, whatever this run made."""
    entries = []
    for job in (job for job in pages_of(catalogue, study) if job.language == language):
        record = read_record(out / f"{job.page}.json")
        failed = record.get("status") == "failed"
        entries.append(
            Entry(
                report=job.report.name,
                item=job.item,
                title=job.title,
                href=f"{job.place}.html",
                status="failed" if failed else "made",
                message=describe(record["error"]) if failed else None,
                since=record.get("since"),
                page_exists=(out / f"{job.page}.html").is_file(),
                description=job.report.description,
            )
        )
    return entries


def _folders(catalogue: Sequence[Report], out: Path) -> list[Path]:
    """Return every folder that pages of a report may be in, of all languages there are."""
    places = [out, *(out / code for code in LANGUAGES)]
    return [*places[1:], *(place / r.name for place in places for r in catalogue)]


def _remove_orphans(catalogue: Sequence[Report], study: Study, out: Path) -> tuple[str, ...]:
    """Take off the site what we made for what is no longer in the study, or in the catalogue.

    That is a page of a system that has gone, and all pages in a language that is given up.
    """
    wanted = {job.page for job in pages_of(catalogue, study)}
    spoken = {folder_of(code, r.languages) for r in catalogue for code in r.languages}
    removed = []
    for place in ("", *(f"{code}/" for code in LANGUAGES)):
        for r in catalogue:
            every = r.each in EACH or place not in spoken
            for path in sorted((out / place / r.name).glob("*.json")) if every else []:
                page = f"{place}{r.name}/{path.stem}"
                if page in wanted or read_record(path).get("report") != r.name:
                    continue
                for ending in (".html", ".failed.ipynb", ".json"):
                    (out / f"{page}{ending}").unlink(missing_ok=True)
                removed.append(page)
        if place not in spoken and any(page.startswith(place) for page in removed):
            (out / place / INDEX).unlink(missing_ok=True)
    return tuple(removed)
