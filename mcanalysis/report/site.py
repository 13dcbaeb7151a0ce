"""A site of pages: what has to be made, making it, the index that leads to it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from mcanalysis.errors import ReportError
from mcanalysis.language import LANGUAGES, ORIGINAL, speaking
from mcanalysis.model import Study
from mcanalysis.report.bundle import plotly_bundle
from mcanalysis.report.catalogue import EACH, Job, Report, folder_of, pages_of
from mcanalysis.report.engine import NAME
from mcanalysis.report.execution import describe
from mcanalysis.report.following import STATE, Last, News, follow
from mcanalysis.report.frame import CHANGES, FEED, INDEX
from mcanalysis.report.index import Entry, links_of, render_index, standing_of
from mcanalysis.report.lock import WAIT, only_run
from mcanalysis.report.news import last_changes, newest_change, render_changes, render_feed
from mcanalysis.report.page import language_switch
from mcanalysis.report.pdf import print_pages
from mcanalysis.report.record import (
    BESIDE,
    beside,
    publish,
    read_record,
    sweep,
    tidy,
    up_to_date,
    write_aside,
)
from mcanalysis.report.since import parts_of, shown
from mcanalysis.report.taking import STUDY, archive_is_of, study_archive
from mcanalysis.report.work import (
    about_system,
    addresses,
    digest_of,
    evidence_of,
    known_before,
    shared_by,
    task_of,
)
from mcanalysis.report.workers import Runner, run_tasks


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
    printed : tuple of str
        Pages whose PDF was made.
    unprinted : dict
        Page -> why its PDF could not be made.
    """

    index: Path
    outcomes: tuple[Outcome, ...]
    removed: tuple[str, ...]
    news: News
    started: str
    seconds: float
    printed: tuple[str, ...] = ()
    unprinted: Mapping[str, str] = field(default_factory=dict)

    def count(self, status: str) -> int:
        """Return how many pages have a status."""
        return sum(o.status == status for o in self.outcomes)

    @property
    def exit_code(self) -> int:
        """0 if every page is as it should be, 1 if one failed."""
        return 1 if self.count("failed") or self.unprinted else 0

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
            "pdf": {"made": list(self.printed), "failed": dict(self.unprinted)},
            "changes": {
                **self.news.as_dict(),
                "page": (place / CHANGES).as_posix(),
                "feed": (place / FEED).as_posix(),
            },
        }


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
    chromium: str | None = None,
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
    chromium : str or None
        From `find_chromium`: what prints each of these pages; None makes no PDF.
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
    languages = catalogue[0].languages if catalogue else (ORIGINAL,)
    bundle = plotly_bundle()
    shared = shared_by(jobs, study, digests, catalogue, None if single_file else bundle.name)
    edition, inputs, reach = (shared[name] for name in ("edition", "study", "reach"))
    known = {job.page: known_before(job, shared) for job in jobs}
    about = {job.page: about_system(job, shared) for job in jobs}
    outcomes: dict[str, Outcome] = {}
    try:
        with only_run(out, wait, say) as check:
            sweep([out, out / "assets", out / STATE, *_folders(catalogue, out)])
            if not single_file and not (out / "assets" / bundle.name).is_file():
                write_aside(out / "assets" / bundle.name, bundle.script.encode())
            key = digest_of([digests, shared["library"]])
            if not archive_is_of(out / STUDY, key):
                write_aside(out / STUDY, study_archive(study, key))
            for job in jobs:
                if not force and up_to_date(
                    out / job.page, known[job.page]["key"], partial(reach.cited, about[job.page])
                ):
                    tidy(out / job.page)
                    outcomes[job.page] = Outcome(job.page, job.title, "unchanged")
                    progress(outcomes[job.page])
            last = Last(out, study, digests)
            todo = [job for job in jobs if job.page not in outcomes]
            evidence = {job.page: evidence_of(job, shared) for job in todo}
            changed = parts_of(todo, evidence, partial(_changed_before, out), last)
            tasks = {
                job.page: task_of(
                    job, study_path, shared, engine, shown(changed[job.page], job.parameters)
                ).as_dict()
                for job in todo
            }
            results = run_tasks(tasks, workers)
            standing = standing_of(study)  # while they begin
            for page, result in results:
                check()
                cited = reach.cited(about[page], result["sources"])
                made_of = {**known[page], "cited": cited, "changed": changed[page]}
                record = publish(out / page, made_of, result)
                message = describe(record["error"]) if record["status"] == "failed" else None
                outcomes[page] = Outcome(
                    page, record["title"], record["status"], record["seconds"], message,
                    record.get("since"),
                )  # fmt: skip
                progress(outcomes[page])
            check()
            printed, unprinted = print_pages(
                out,
                [job.page for job in jobs] if chromium else [],
                shared["library"],
                chromium or "",
            )
            check()
            every = pages_of(catalogue, study)
            pages = [job.page for job in every]
            removed = _remove_orphans(catalogue, set(pages), out)
            entries = {code: _entries(every, out, code) for code in languages}
            failing = [e.title for some in entries.values() for e in some if e.status == "failed"]
            news = follow(out, study, digests, pages, list(outcomes), failing, at, usual, last)
            run = Run(
                out / INDEX, tuple(outcomes[job.page] for job in jobs), removed, news,
                at.isoformat(timespec="seconds"), round(time.monotonic() - clock, 3),
                tuple(printed), unprinted,
            )  # fmt: skip
            counts = {**run.as_dict(), "changes": newest_change(news)}
            for code in languages:
                with speaking(code):
                    place, switch = folder_of(code, languages), addresses(code, languages, INDEX)
                    changes = render_changes(
                        news, links_of(study, entries[code]), edition,
                        root="../" if place else "",
                        switch=language_switch(addresses(code, languages, CHANGES)),
                    )  # fmt: skip
                    _write_if_new(out / place / CHANGES, changes)
                    html = render_index(
                        study, entries[code], edition, inputs, counts, standing,
                        root="../" if place else "", switch=language_switch(switch),
                        changed=last_changes(news),
                    )  # fmt: skip
                write_aside(out / place / INDEX, html.encode())
            _write_if_new(out / FEED, render_feed(news))
    except OSError as error:
        raise ReportError(_unwritable(out, error)) from error
    return run


def _unwritable(out: Path, error: OSError) -> str:
    """Say what cannot be written, and how to mend it."""
    place, other = out, "choose another folder with --out"
    if error.filename and tempfile.tempdir:
        lost, temporary = Path(error.filename).absolute(), Path(tempfile.tempdir).absolute()
        if lost.is_relative_to(temporary) and not lost.is_relative_to(out.absolute()):
            place, other = temporary, "set TMPDIR to another folder for temporary files"
    return (
        f"{place} cannot be written: {error.strerror or error}. What was there is as it was. "
        f"Make room, mend its permissions or {other}."
    )


def _changed_before(out: Path, page: str) -> Any:
    """Return what a page said of the last edition when it was made last."""
    return read_record(out / f"{page}.json").get("changed")


def _write_if_new(place: Path, text: str) -> None:
    """Write a page of changes or the feed, if it differs from the one that is there."""
    content = text.encode()
    if not place.is_file() or place.read_bytes() != content:
        write_aside(place, content)


def _entries(every: Sequence[Job], out: Path, language: str) -> list[Entry]:
    """Return every page in a language as its record has it, whatever this run made."""
    entries = []
    for job in (job for job in every if job.language == language):
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
                pdf_exists="pdf" in record and (out / f"{job.page}.pdf").is_file(),
                description=job.report.description,
            )
        )
    return entries


def _folders(catalogue: Sequence[Report], out: Path) -> list[Path]:
    """Return every folder that pages of a report may be in, of all languages there are."""
    places = [out, *(out / code for code in LANGUAGES)]
    return [*places[1:], *(place / r.name for place in places for r in catalogue)]


def _remove_orphans(catalogue: Sequence[Report], wanted: set[str], out: Path) -> tuple[str, ...]:
    """Take off the site what we made for what is no longer in the study, or in the catalogue.

    That is a page of a system that has gone, and all pages in a language that is given up.
    """
    spoken = {folder_of(code, r.languages) for r in catalogue for code in r.languages}
    removed = []
    for place in ("", *(f"{code}/" for code in LANGUAGES)):
        for r in catalogue:
            every = r.each in EACH or place not in spoken
            for path in sorted((out / place / r.name).glob("*.json")) if every else []:
                page = f"{place}{r.name}/{path.stem}"
                if page in wanted or read_record(path).get("report") != r.name:
                    continue
                for ending in BESIDE:
                    beside(out / page, ending).unlink(missing_ok=True)
                removed.append(page)
        if place not in spoken and any(page.startswith(place) for page in removed):
            for name in (INDEX, CHANGES):
                (out / place / name).unlink(missing_ok=True)
    return tuple(removed)
