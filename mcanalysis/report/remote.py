"""What happens on a worker of a cluster: a parcel is unpacked, pages are made from what is in it.

A worker has threads, so it cannot fork; and a notebook that harms its process must not harm the
worker. Each page that is made at a time therefore has a helper: a process of its own with a `Crew`
of one, which isolates, limits and tries again as it does at home. A helper unpacks the parcel in
a temporary folder and ends, with that folder, when the run ends, when its worker ends in any way,
or when it was not asked for long.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, BinaryIO

from mcanalysis.report.execution import failure, inherited
from mcanalysis.report.library import library_digest, versions

IDLE = 600.0
"""Seconds after which a helper that nobody asks ends by itself."""
TRIES = 3
"""How often a page is tried whose helper is killed."""
STUDY, NOTEBOOKS = "study", "notebooks"
"""Folders of a parcel."""


class OtherLibraryError(Exception):
    """The library of a worker is not that of the publisher, so its pages would be others."""


def standing() -> dict[str, str]:
    """Return what decides whether pages come out the same here: digest and versions."""
    return {"library": library_digest(), **versions()}


def pack(study: Path, files: Iterable[str], notebooks: Iterable[Path]) -> bytes:
    """Pack a study and notebooks; the same files make the same bytes.

    Parameters
    ----------
    study : Path
        Folder or workbook.
    files : iterable of str
        Those that make the study, as `study_digests` names them.
    notebooks : iterable of Path
        Each keeps the name of its folder, which a page may show.

    Returns
    -------
    bytes
        A ZIP archive.
    """
    inside = {f"{STUDY}/{study.name}/{name}": study / name for name in sorted(files)}
    if study.is_file():
        inside = {f"{STUDY}/{study.name}": study}
    inside |= {in_parcel(path): path for path in sorted(notebooks)}
    parcel = io.BytesIO()
    with zipfile.ZipFile(parcel, "w") as archive:
        for name, path in inside.items():
            archive.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return parcel.getvalue()


def in_parcel(notebook: Path) -> str:
    """Return where a notebook lies in a parcel; those of one folder stay beside each other."""
    folder = hashlib.sha256(str(notebook.parent).encode()).hexdigest()[:8]
    return f"{NOTEBOOKS}/{folder}/{notebook.parent.name or NOTEBOOKS}/{notebook.name}"


def make_page(
    task: Mapping[str, Any], parcel: bytes, run: str, expected: Mapping[str, str]
) -> dict[str, Any]:
    """Make a page with a helper of this worker.

    Parameters
    ----------
    task : dict
        Fields of `Task`; notebook and study are places in the parcel.
    parcel : bytes
        From `pack`.
    run : str
        What ends together, see `end_run`.
    expected : dict
        The publisher's `standing`.

    Returns
    -------
    dict
        Fields of `Result`.

    Raises
    ------
    OtherLibraryError
        If this worker's helper stands otherwise.
    """
    for _ in range(TRIES):
        helper = _engage(run, parcel)
        try:
            if helper.standing is None:
                helper.standing = helper.hear()
            if helper.standing != dict(expected):
                helper.end()
                raise OtherLibraryError
            helper.say(dict(task))
            result: dict[str, Any] = helper.hear()
        except (EOFError, OSError, pickle.UnpicklingError):
            helper.end()
            continue
        helper.busy = False
        return result
    started = datetime.now(UTC).isoformat(timespec="seconds")
    return failure("Its process was killed three times.", started)


def end_run(run: str) -> None:
    """End the helpers of a run, busy or not, and begin no more for it."""
    with _lock:
        helpers = _helpers.pop(run, [])
        _ended.add(run)
    for helper in helpers:
        helper.dismiss()


_lock = Lock()
_helpers: dict[str, list[_Helper]] = {}
_ended: set[str] = set()


def _engage(run: str, parcel: bytes) -> _Helper:
    """Return a helper that has nothing to do, now busy."""
    with _lock:
        if run in _ended:
            raise RuntimeError("This run was ended.")
        for name in list(_helpers):
            _helpers[name] = [h for h in _helpers[name] if h.process.poll() is None]
            if not _helpers[name]:
                del _helpers[name]
        helpers = _helpers.setdefault(run, [])
        idle = next((h for h in helpers if not h.busy), None)
        if idle is None:
            idle = _Helper()
            helpers.append(idle)
        else:
            parcel = b""
        idle.busy = True
    if parcel:
        with contextlib.suppress(OSError):  # then it is dead, which hearing it will tell
            idle.say(parcel)
    return idle


class _Helper:
    """A process that makes one page at a time, seen from its worker."""

    def __init__(self) -> None:
        self.busy = True
        self.standing: dict[str, str] | None = None
        code = "from mcanalysis.report.remote import serve; serve()"
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            env={**os.environ, **inherited()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def say(self, value: Any) -> None:
        _write(self.process.stdin, value)

    def hear(self) -> Any:
        assert self.process.stdout is not None
        return pickle.load(self.process.stdout)

    def dismiss(self) -> None:
        """Have it end: it ends by itself when nobody can ask any more."""
        with contextlib.suppress(OSError):
            self.process.terminate()

    def end(self) -> None:
        """Make sure that it has gone."""
        self.dismiss()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for way in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                assert way is not None
                way.close()


def _write(way: Any, value: Any) -> None:
    pickle.dump(value, way)
    way.flush()


def serve() -> None:
    """Be a helper: unpack a parcel, make pages from it until nobody asks any more."""
    from mcanalysis.report.workers import Crew

    # What this process starts must neither read the questions nor write among the answers.
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the worker decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    asked: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(questions, asked), daemon=True).start()
    with Crew(1) as crew, contextlib.suppress(Empty, OSError):
        place = Path(tempfile.mkdtemp(dir=crew.scratch))
        with zipfile.ZipFile(io.BytesIO(asked.get(timeout=IDLE))) as archive:
            archive.extractall(place)
        _write(answers, standing())
        while True:
            task = asked.get(timeout=IDLE)
            here = {key: str(place / task[key]) for key in ("notebook", "study")}
            [(_, result)] = crew.run({"": {**task, **here}})
            _write(answers, result)


def _listen(questions: BinaryIO, asked: SimpleQueue[Any]) -> None:
    """Take in what is asked, while pages are made too; the end of it ends this process."""
    try:
        while True:
            asked.put(pickle.load(questions))
    except (EOFError, OSError, pickle.UnpicklingError):
        os.kill(os.getpid(), signal.SIGTERM)
