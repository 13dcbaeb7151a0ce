"""The command that makes reports."""

from __future__ import annotations

import contextlib
import gc
import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mcanalysis.commands.shared import form_option, guard, hint, progress

if TYPE_CHECKING:
    from mcanalysis.report.cluster import Cluster
    from mcanalysis.report.workers import Crew


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--only", default="", metavar="ID,ID", help="Make these systems or stakeholders only."
)
@click.option(
    "-p", "--parameter", "given", multiple=True, metavar="KEY=VALUE",
    help="A parameter of the notebooks; may be repeated.",
)  # fmt: skip
@click.option(
    "--jobs", "at_once", type=click.IntRange(1), help="Pages at a time.  [default: cores]"
)
@click.option("--force", is_flag=True, help="Make what is up to date, too.")
@click.option(
    "--out", default="reports", show_default=True, metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False), help="Root of the site.",
)  # fmt: skip
@click.option("--single-file", is_flag=True, help="Put everything inside each page.")
@click.option(
    "--pdf", is_flag=True, help="Print each page to a tagged PDF beside it; needs Chromium."
)
@click.option(
    "--no-wait", is_flag=True, help="Stop where another run holds the folder, and say which."
)
@click.option(
    "--engine", type=click.Choice(["mcanalysis", "nbclient"]), default="mcanalysis",
    show_default=True,
    help="What runs the notebooks: processes forked from one with the libraries loaded, where the "
    "system can do that, or ordinary Jupyter kernels.",
)  # fmt: skip
@click.option(
    "--cluster", metavar="ADDRESS",
    help="Have the pages made by the workers of this Dask scheduler (tcp://host:port); --jobs then "
    "says how many are there at a time.  [default: two per thread]",
)  # fmt: skip
@form_option
@click.pass_obj
@guard
def report(
    study_path: Path,
    names: tuple[str, ...],
    only: str,
    given: tuple[str, ...],
    at_once: int | None,
    force: bool,
    out: Path,
    single_file: bool,
    pdf: bool,
    no_wait: bool,
    engine: str,
    cluster: str | None,
    form: str,
) -> int:
    """Make the reports of reports.toml that are missing or out of date.

    \b
    Examples: mcanalysis report
              mcanalysis report country --only DE,IE
              mcanalysis report comparison -p systems=DE,IE,EE --force
              mcanalysis report country --only IE --pdf
              mcanalysis report --cluster tcp://localhost:8786
    """
    import time

    clock = time.monotonic()
    # A scheduler's polite end is like Ctrl-C: kernels and workers must not stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    chromium = None
    if pdf:
        from mcanalysis.report.pdf import find_chromium

        chromium = find_chromium()
    with _crew(at_once, cluster) as crew:
        with _lasting():
            from mcanalysis.report.catalogue import plan, read_catalogue
            from mcanalysis.study import read_study, study_digests

            catalogue = read_catalogue(Path("reports.toml"))
            hint(study_path)
            study = read_study(study_path)
            chosen = [part.strip() for part in only.split(",") if part.strip()]
            jobs = plan(catalogue, study, names, chosen, _pairs(given))
            from mcanalysis.report.lock import WAIT
            from mcanalysis.report.site import make_site

        with progress(len(jobs), "page") as advance:
            run = make_site(
                study, study_path, study_digests(study_path), catalogue, jobs, out,
                workers=crew, force=force, single_file=single_file, engine=engine,
                chromium=chromium,
                usual=not given, wait=0 if no_wait else WAIT,
                say=lambda line: click.echo(line, err=True), progress=lambda _: advance(1),
            )  # fmt: skip
    for outcome in run.outcomes:
        if outcome.status == "failed":
            kept = out / f"{outcome.page}.failed.ipynb"
            where = f" (see {kept})" if kept.exists() else ""
            click.echo(f"{outcome.page} failed{where}: {outcome.message}", err=True)
    for why in dict.fromkeys(run.unprinted.values()):
        pages = [page for page, reason in run.unprinted.items() if reason == why]
        more = f" and {len(pages) - 3} more" if len(pages) > 3 else ""
        click.echo(f"Not printed: {', '.join(pages[:3])}{more}. {why}", err=True)
    for page in run.removed:
        click.echo(f"{page} removed: it is no longer in the study.", err=True)
    counts = [f"{run.count(status)} {status}" for status in ("made", "unchanged", "failed")]
    counts += [f"{len(run.printed)} printed"] if pdf else []
    counts += [f"{len(run.removed)} removed"] if run.removed else []
    click.echo(f"{', '.join(counts)} in {time.monotonic() - clock:.0f} s", err=True)
    for line in _told(run.news.said, run.as_dict()["changes"]):
        click.echo(line, err=True)
    if form == "json":
        click.echo(json.dumps(run.as_dict(), indent=1, ensure_ascii=False))
    else:
        click.echo(run.index)
    return run.exit_code


@contextlib.contextmanager
def _lasting() -> Iterator[None]:
    """Let the garbage collector pass over what is loaded here, as it stays to the end."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _crew(at_once: int | None, cluster: str | None) -> Crew | Cluster:
    """Return who makes the pages: processes of this machine, or a cluster."""
    if cluster is not None:
        from mcanalysis.report.cluster import Cluster

        return Cluster(cluster, at_once)
    from mcanalysis.report.workers import Crew, default_workers

    return Crew(at_once or default_workers())


def _told(said: str, changes: dict[str, Any], most: int = 5) -> Iterator[str]:
    """Say what a run changed in the conclusions; in one line if nothing."""
    found = [conclusion["said"] for conclusion in changes["conclusions"]]
    yield f"{said} See {changes['page']}" if found else said
    yield from (f"- {text}" for text in found[:most])
    if len(found) > most:
        yield f"- and {len(found) - most} more"


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    from mcanalysis.errors import ParameterError

    problems, pairs = [], {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            problems.append(f'-p "{text}" is not a pair. Write -p key=value.')
        elif name.strip() in pairs:
            problems.append(f'-p "{name.strip()}" is given twice. Give it once.')
        pairs[name.strip()] = value
    if problems:
        raise ParameterError("\n".join(problems))
    return pairs
