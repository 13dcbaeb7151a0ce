"""What a run changed in the conclusions: the study of the last run beside the site, compared."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcanalysis.errors import DataError, McAnalysisError
from mcanalysis.language import LANGUAGES, ORIGINAL, marked, phrase, speaking, spoken
from mcanalysis.model import Study
from mcanalysis.report.record import read_record, write_aside
from mcanalysis.wording import capital, cited, count, plural

if TYPE_CHECKING:
    from mcanalysis.editions import Changes

STATE = ".state"
"""Folder of the site that holds what the next run compares with; not for readers."""
MOST_RUNS = 50
"""Runs that the history keeps; runs in a row that changed nothing count as one."""
MOST_ROWS = 100
"""Rows and factors of a run that the history keeps; the rest is counted."""
FIRST, NONE = "First run, nothing to compare with.", "No conclusion changed."
ANEW = "The study of the run before can no longer be read: comparing starts anew."
_FIRST = marked("first run, nothing to compare with")
_ANEW = marked("the study of the run before can no longer be read: comparing starts anew")


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
        The same as a sentence, in English.
    entry : dict
        What this run added to the history; empty where it added nothing.
    history : sequence of dict
        Runs of all pages, the newest first: at, kind (``first``, ``changed``, ``none``, ``anew``),
        said; for ``none`` also runs and since; for ``changed`` what `conclusions_with_rows` found,
        ``more`` (what of that is not kept), id and failing (titles); ``moved``, how many rows did
        where no conclusion changed; ``translated``, what is said in the other languages.
    feed : str
        Id of the feed.
    showing : tuple of int
        How many pages show the study as it is, and of how many, where a run is waiting.
    """

    status: str
    said: str
    entry: Mapping[str, Any] = field(default_factory=dict)
    history: Sequence[Mapping[str, Any]] = ()
    feed: str = ""
    showing: tuple[int, int] = (0, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return status, sentence and conclusions with their rows, for JSON."""
        names = ("conclusions", "rows", "factors", "tables", "more")
        found = {name: self.entry[name] for name in names if name in self.entry}
        return {"status": self.status, "said": self.said, "conclusions": [], **found}


class Last:
    """The study of the last run beside the one of this run.

    Parameters
    ----------
    out : Path
        Root of the site.
    study : Study
        Of this run.
    digests : dict
        Table file -> SHA-256 of it.

    Attributes
    ----------
    state : dict
        What runs keep for the next.
    now : str
        Tells the study of this run apart.
    """

    def __init__(self, out: Path, study: Study, digests: Mapping[str, str]) -> None:
        self.folder, self.study = out / STATE, study
        self.state = read_record(self.folder / "state.json")
        self.now = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()

    @property
    def then(self) -> str | None:
        """Tells the study of the last run apart; None where there was none."""
        return self.state.get("study")

    @cached_property
    def changes(self) -> Changes | None:
        """What the two studies differ in, worked out when it is asked for.

        None where there is nothing to compare with, it cannot be read, or it is the same.
        """
        if self.then in (None, self.now):
            return None
        return _differences(self.folder / str(self.state.get("folder")), self.study)


@speaking(ORIGINAL)
def follow(
    out: Path,
    study: Study,
    digests: Mapping[str, str],
    pages: Sequence[str],
    done: Sequence[str],
    failing: Sequence[str],
    at: datetime,
    usual: bool = True,
    last: Last | None = None,
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
    last : Last, optional
        The study of the last run, where it was asked for before.

    Returns
    -------
    News
        In English; its entry holds what the pages of changes in other languages say, too.
    """
    last = last or Last(out, study, digests)
    folder, now, state = last.folder, last.now, dict(last.state)
    before: dict[str, str] = state.get("shown", {})
    shown = {page: before[page] for page in pages if page in before and page not in done}
    shown |= dict.fromkeys(done, now) if usual else {}
    showing = sum(shown.get(page) == now for page in pages)
    history, then = list(state.get("history", [])), last.then
    state |= {"shown": shown, "feed": state.get("feed") or _id("feed", now, at)}
    if showing < len(pages):
        write_state(folder, state)
        news = News("none", NONE) if then == now else _waiting(then, showing, len(pages))
        return _with(news, history, state)
    entry: dict[str, Any] = {"kind": "none", "said": NONE, "runs": 1}
    if then is None:
        entry = {"kind": "first", "said": FIRST}
    elif then != now:
        entry = _compared(last.changes)
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
    return replace(news, history=tuple(history), feed=state["feed"])


def _waiting(then: str | None, showing: int, of: int) -> News:
    said = waiting_in_words(then is None, showing, of)
    return News("waiting", said, showing=(showing, of))


def waiting_in_words(first: bool, showing: int, of: int) -> str:
    """Say that not all pages show the study as it is, in the language that is spoken."""
    pages = plural(of, "one page", "{n} pages")
    if first:
        return plural(
            showing,
            "Nothing to compare with until all pages are made as the catalogue has them: one of "
            "{pages} so far.",
            "Nothing to compare with until all pages are made as the catalogue has them: {n} of "
            "{pages} so far.",
            pages=pages,
        )
    changed = phrase("The study has changed.")
    told = plural(
        showing,
        "What that does to the conclusions is told when all pages show it: one of {pages} does so "
        "far.",
        "What that does to the conclusions is told when all pages show it: {n} of {pages} do so "
        "far.",
        pages=pages,
    )
    return f"{changed} {told}"


def run_in_words(run: Mapping[str, Any]) -> str:
    """Say in the language that is spoken what came of a run, as a clause."""
    if run["kind"] == "first":
        return phrase(_FIRST)
    if run["kind"] == "anew":
        return phrase(_ANEW)
    n = len(run.get("conclusions", ()))
    return plural(n, "one conclusion changed", "{n} conclusions changed", "no conclusion changed")


def rows_in_words(run: Mapping[str, Any]) -> str:
    """Say in the language that is spoken how many rows moved, where no conclusion changed."""
    if run["kind"] != "none":
        return ""
    if "moved" not in run:  # of the time before there were languages
        return cited(str(run.get("said", "")).partition(". ")[2])
    n = run["moved"]
    return plural(n, "One row moved.", "{n} rows moved.", n=capital(count(n)))


def _whole(entry: Mapping[str, Any]) -> str:
    return " ".join(filter(None, (f"{capital(run_in_words(entry))}.", rows_in_words(entry))))


def _differences(place: Path, study: Study) -> Changes | None:
    """Compare with the study kept by the last run; None where it cannot be read."""
    from mcanalysis.analysis import analyse
    from mcanalysis.editions import compare_editions
    from mcanalysis.study import read_study

    try:
        old = read_study(place)
    except McAnalysisError:
        return None
    was, now = (analyse(s, min_dimensions=min(8, len(s.dimensions))) for s in (old, study))
    return compare_editions(was, now)


def _compared(changes: Changes | None) -> dict[str, Any]:
    """Tell what differs from the study kept by the last run."""
    from mcanalysis.editions import conclusions_with_rows

    if changes is None:
        return {"kind": "anew", "said": ANEW}
    found = conclusions_with_rows(changes)
    n, moved = len(found["conclusions"]), len(found["rows"]) + len(found["factors"])
    if not n:
        quiet: dict[str, Any] = {"kind": "none", "runs": 1}
        if moved:
            quiet["moved"] = moved
        return {**quiet, "said": _whole(quiet)}
    more = {name: max(0, len(found[name]) - MOST_ROWS) for name in ("rows", "factors")}
    for name in more:
        found[name] = found[name][:MOST_ROWS]
    translated = {}
    for language in LANGUAGES:
        if language != ORIGINAL:
            with speaking(language):
                translated[language] = _words(conclusions_with_rows(changes))
    entry = {"kind": "changed", **found, "more": more, "translated": translated}
    return {**entry, "said": _whole(entry)}


def _words(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the conclusions and rows is words of ours or names: it has a language."""
    return {
        "conclusions": [{"said": one["said"]} for one in found["conclusions"]],
        "rows": [
            {name: row[name] for name in ("system", "what", "was", "now")}
            for row in found["rows"][:MOST_ROWS]
        ],
    }


def in_language_spoken(run: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run of the history with its words in the language that is spoken.

    A run of the time before there were languages keeps its English words, marked as such.
    """
    if spoken() == ORIGINAL or run["kind"] != "changed":
        return dict(run)
    words = run.get("translated", {}).get(spoken())
    if words is None:
        said = [{**one, "said": cited(one["said"])} for one in run["conclusions"]]
        return {**run, "conclusions": said}
    return {
        **run,
        **{
            name: [{**one, **other} for one, other in zip(run[name], words[name], strict=True)]
            for name in ("conclusions", "rows")
        },
    }


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
