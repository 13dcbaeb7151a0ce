"""What a run changed in the conclusions: the study of the last run beside the site, compared."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from mcanalysis.errors import DataError, McAnalysisError
from mcanalysis.model import Study
from mcanalysis.report.record import read_record, write_aside
from mcanalysis.wording import capital, count, counted

STATE = ".state"
"""Folder of the site that holds what the next run compares with; not for readers."""
MOST_RUNS = 50
"""Runs that the history keeps; runs in a row that changed nothing count as one."""
MOST_ROWS = 100
"""Rows and factors of a run that the history keeps; the rest is counted."""
FIRST, NONE = "First run, nothing to compare with.", "No conclusion changed."


@dataclass(frozen=True)
class News:
    """What a run has to tell.

    Attributes
    ----------
    status : str
        ``first``; ``anew``: what the last run kept cannot be read; ``changed``; ``none``: no
        conclusion changed; ``waiting``: not all pages show the study as it is yet, so that what it
        does to the conclusions is told by a later run.
    said : str
        The same as a sentence.
    entry : dict
        What this run added to the history; empty where it added nothing.
    history : sequence of dict
        Runs of all pages, the newest first: at, kind (``first``, ``changed``, ``none``, ``anew``),
        said; for ``none`` also runs and since; for ``changed`` what `conclusions_with_rows` found,
        ``more`` (what of that is not kept), id and failing (titles).
    feed : str
        Id of the feed.
    """

    status: str
    said: str
    entry: Mapping[str, Any] = field(default_factory=dict)
    history: Sequence[Mapping[str, Any]] = ()
    feed: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return status, sentence and conclusions with their rows, for JSON."""
        names = ("conclusions", "rows", "factors", "tables", "more")
        found = {name: self.entry[name] for name in names if name in self.entry}
        return {"status": self.status, "said": self.said, "conclusions": [], **found}


def follow(
    out: Path,
    study: Study,
    digests: Mapping[str, str],
    pages: Sequence[str],
    done: Sequence[str],
    failing: Sequence[str],
    at: datetime,
    usual: bool = True,
) -> News:
    """Compare a study with that of the last run, and keep it for the next.

    What a run is compared with moves on only when every page of the catalogue has been brought up
    to the study as it is now, by one run or by several: reports on different schedules, or
    ``--only``, leave nothing out. A page that failed has had its turn; it is named. Both are
    analysed by the library as it is now: what a new version of it does is told by its changelog.

    Parameters
    ----------
    out : Path
        Root of the site.
    study : Study
    digests : dict
        Table file -> SHA-256.
    pages, done : sequence of str
        All pages of the catalogue; those of this run.
    failing : sequence of str
        Titles of pages that show an earlier state, because they fail.
    at : datetime
        When the run began.
    usual : bool
        False where parameters were given: then the pages show something else.

    Returns
    -------
    News
    """
    folder = out / STATE
    state = read_record(folder / "state.json")
    now = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    before: dict[str, str] = state.get("shown", {})
    shown = {page: before[page] for page in pages if page in before and page not in done}
    shown |= dict.fromkeys(done, now) if usual else {}
    showing = sum(shown.get(page) == now for page in pages)
    history, then = list(state.get("history", [])), state.get("study")
    state |= {"shown": shown, "feed": state.get("feed") or _id("feed", now, at)}
    if showing < len(pages):
        write_state(folder, state)
        news = News("none", NONE) if then == now else _waiting(then, showing, len(pages))
        return _with(news, history, state)
    entry: dict[str, Any] = {"kind": "none", "said": NONE, "runs": 1}
    if then is None:
        entry = {"kind": "first", "said": FIRST}
    elif then != now:
        entry = _compared(folder / str(state.get("folder")), study)
    entry = {**entry, "at": _iso(at), "id": _id(str(then), now, at)}
    if failing:
        entry["failing"] = list(failing)
    if then != now:
        state |= {"study": now, "folder": _keep(folder, study, now)}
    state["history"] = _add(history, entry)[:MOST_RUNS]
    write_state(folder, state)
    _sweep(folder, state["folder"])
    return _with(News(entry["kind"], entry["said"], entry), state["history"], state)


def _with(news: News, history: Sequence[Mapping[str, Any]], state: Mapping[str, Any]) -> News:
    return News(news.status, news.said, news.entry, tuple(history), state["feed"])


def _waiting(then: str | None, showing: int, of: int) -> News:
    so_far = f"{count(showing)} of {counted(of, 'page')}"
    if then is None:
        said = "Nothing to compare with until all pages are made as the catalogue has them"
        return News("waiting", f"{said}: {so_far} so far.")
    return News(
        "waiting",
        "The study has changed. What that does to the conclusions is told when all pages show it: "
        f"{so_far} {'does' if showing == 1 else 'do'} so far.",
    )


def _compared(place: Path, study: Study) -> dict[str, Any]:
    """Compare with the study kept by the last run."""
    from mcanalysis.analysis import analyse
    from mcanalysis.editions import compare_editions, conclusions_with_rows
    from mcanalysis.study import read_study

    try:
        old = read_study(place)
    except McAnalysisError:
        said = "The study of the run before can no longer be read: comparing starts anew."
        return {"kind": "anew", "said": said}
    was, now = (analyse(s, min_dimensions=min(8, len(s.dimensions))) for s in (old, study))
    found = conclusions_with_rows(compare_editions(was, now))
    n, moved = len(found["conclusions"]), len(found["rows"]) + len(found["factors"])
    if not n:
        rest = f" {capital(counted(moved, 'row'))} moved." if moved else ""
        return {"kind": "none", "said": f"{NONE}{rest}", "runs": 1}
    more = {name: max(0, len(found[name]) - MOST_ROWS) for name in ("rows", "factors")}
    for name in more:
        found[name] = found[name][:MOST_ROWS]
    said = f"{capital(counted(n, 'conclusion'))} changed."
    return {"kind": "changed", "said": said, **found, "more": more}


def _add(history: Sequence[Mapping[str, Any]], entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Put a run on top; one that changed nothing joins another such run under it."""
    if not history or any(run["kind"] != "none" or "failing" in run for run in (history[0], entry)):
        return [entry, *history]
    under = history[0]
    if under["said"] != entry["said"]:
        return [entry, *history]
    joined = {"runs": under["runs"] + 1, "since": under.get("since", under["at"])}
    return [{**entry, **joined}, *history[1:]]


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _id(one: str, other: str, at: datetime) -> str:
    """Return an id that this run alone has, and has again when it is told again."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"mcanalysis {one} {other} {_iso(at)}").urn


def write_state(folder: Path, state: Mapping[str, Any]) -> None:
    """Move a state into place, if it differs from the one that is there."""
    text = json.dumps(state, indent=1, ensure_ascii=False, sort_keys=True)
    if read_record(folder / "state.json") != state:
        write_aside(folder / "state.json", f"{text}\n".encode())


def _keep(folder: Path, study: Study, digest: str) -> str:
    """Write a study aside and move it into place; return the name of its folder."""
    from mcanalysis.study import write_study

    place, aside = folder / f"study-{digest[:16]}", folder / "study.part"
    if not place.exists():
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        try:
            write_study(study, aside)
        except DataError as error:
            # A full disk is no problem of the study.
            raise error.__cause__ if isinstance(error.__cause__, OSError) else error from None
        os.replace(aside, place)
    return place.name


def _sweep(folder: Path, kept: str) -> None:
    """Remove studies of earlier runs; the state no longer names them."""
    for path in folder.glob("study*"):
        if path.name != kept:
            with contextlib.suppress(OSError):
                shutil.rmtree(path)
