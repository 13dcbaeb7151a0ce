"""Tasks run by a cluster: a Dask scheduler that runs already, and its workers.

What travels is plain data: once per run a parcel with the study and the notebooks, for each page
its task and its result. Workers need no shared disk, and write nothing where readers look; the
publisher puts results in their place, as it does with those of its own `Crew`. Dask itself gives a
task to another worker when one is lost; a page that was made twice comes back once.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from mcanalysis.errors import DataError, ParameterError, ReportError
from mcanalysis.report import remote
from mcanalysis.report.execution import failure
from mcanalysis.report.workers import TRIES, Task

CONNECT = 8.0
"""Seconds in which a scheduler must answer, and have a worker."""
GONE = 60.0
"""Seconds that a run waits for a worker when the last one is lost."""
AHEAD = 2
"""Pages that are sent for each thread of a worker, so that none waits for the publisher."""
_MISSING = re.compile(r"(?:No module named '|No package metadata was found for )([\w.-]+)")
_CLOSE = 2.0
_LOOK = 1.0
_ADDRESS = re.compile(r"(tcp|tls)://[^\s/:@]+:\d{1,5}|(tcp|tls)://\[[0-9a-fA-F:.]+\]:\d{1,5}")
_LOST = "What is finished is kept; the same command goes on."


class Cluster:
    """Workers of a Dask scheduler for a run; its `run` is that of a `Crew`.

    Leaving the context takes back what is not done and ends what its workers started for it.

    Parameters
    ----------
    address : str
        Of the scheduler: ``tcp://host:port``, or ``tls://`` with the certificates that Dask's own
        configuration names.
    at_once : int, optional
        Pages that are with the cluster at a time; by default two for each thread of its workers.
    """

    def __init__(self, address: str, at_once: int | None = None) -> None:
        if not _ADDRESS.fullmatch(address):
            raise ParameterError(
                f'--cluster: "{address}" is no address of a scheduler. Write tcp://host:port; '
                "dask scheduler says its own when it starts."
            )
        self.address, self.at_once = address, at_once
        self.name = uuid4().hex

    def __enter__(self) -> Self:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise ReportError(
                f"--cluster needs {error.name}, which is not installed. Install the extra: "
                'pip install "mcanalysis[cluster]".'
            ) from None
        for name in ("distributed", "distributed.client"):  # what matters is said here
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self.client = _in_time(lambda: self._connect(Client))
        except Exception as error:
            raise ReportError(
                f"No Dask scheduler answers at {self.address} ({_first_line(error)}). Start one "
                "with dask scheduler, or leave --cluster out to make the pages here."
            ) from None
        try:
            self._find_workers()
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        self._leave()

    def _connect(self, client: Callable[..., Any]) -> Any:
        place = urlsplit(self.address)
        # A door that is shut says so at once.
        socket.create_connection((place.hostname or "", place.port or 0), CONNECT).close()
        return client(self.address, timeout=CONNECT, set_as_default=False)

    def _leave(self) -> None:
        """Give up what is with the cluster; not for long, whatever state that is in."""
        client = self.client
        with contextlib.suppress(Exception):
            client.cancel(list(client.futures.values()), force=True)
        with contextlib.suppress(Exception):
            client.sync(client._run, remote.end_run, self.name, on_error="ignore",
                        callback_timeout=_CLOSE)  # fmt: skip
        with contextlib.suppress(Exception):
            client.close(timeout=_CLOSE)

    def _find_workers(self) -> None:
        """Make sure that there are workers, and that pages come out the same on each of them."""
        try:
            self.client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError:
            raise ReportError(
                f"The scheduler at {self.address} has no worker. Start one with dask worker "
                f"{self.address}."
            ) from None
        self.standing = remote.standing()
        self._check()

    def _check(self) -> None:
        """Raise if a worker has another library, or none."""
        try:
            found = self.client.run(remote.standing, on_error="return")
        except Exception:
            self._break_off()
        wrong = [
            f"Worker {address} {problem}"
            for address, theirs in sorted(found.items())
            for problem in _differences(self.standing, theirs)
        ]
        if wrong:
            raise ReportError(
                "\n".join(wrong) + "\nA page must come out the same wherever it is made. Install "
                "there what is installed here, and start the worker again."
            )

    def _break_off(self) -> Any:
        raise ReportError(f"The scheduler at {self.address} is gone. {_LOST}") from None

    def _room(self) -> int:
        """Return how many pages may be with the cluster now; 0 where no worker is left."""
        try:
            threads = sum(self.client.nthreads().values())
        except Exception:
            self._break_off()
        return (self.at_once or AHEAD * threads) if threads else 0

    def run(self, tasks: Mapping[str, Task]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Begin with tasks at once; yield each result when it is there, every task once.

        Parameters
        ----------
        tasks : dict
            Name -> fields of `Task`.

        Yields
        ------
        tuple of str and dict
            Name and fields of `Result`.

        Raises
        ------
        ReportError
            If the scheduler or all workers are gone, or a worker that came later has another
            library.
        """
        if not tasks:
            return iter(())
        # The result of a task, unlike data that are scattered, outlives the worker that holds it.
        parcel = self.client.submit(bytes, _parcel(tasks), pure=False)
        executor = self.client.get_executor(pure=False)  # what was made before is made again
        pages = _Pages(executor, parcel, self.name, self.standing, tasks)
        pages.send(self._room())
        return self._results(pages)

    def _results(self, pages: _Pages) -> Iterator[tuple[str, dict[str, Any]]]:
        looked = seen = time.monotonic()
        while pages.away or pages.left:
            done = pages.take(_LOOK)
            room, now = pages.room, time.monotonic()
            if now >= looked + _LOOK:
                room, looked = self._room(), now
                if room or done:
                    seen = now
                elif now > seen + GONE:
                    raise ReportError(f"No worker is left at {self.address}. {_LOST}")
            ready = [(name, self._judge(pages, name, future)) for name, future in done]
            pages.send(room)  # before the caller takes its time
            yield from ((name, result) for name, result in ready if result is not None)

    def _judge(self, pages: _Pages, name: str, future: Future[Any]) -> dict[str, Any] | None:
        """Return the result of a page; None where it has to be tried again."""
        from distributed import KilledWorker

        try:
            result: dict[str, Any] = future.result()
        except CancelledError:
            self._break_off()
        except KilledWorker:
            said = "The workers that made it were lost, one after the other."
        except Exception as error:
            self._check()
            if pages.again(name):
                return None
            said = f"The cluster could not make it: {type(error).__name__}: {_first_line(error)}"
        else:
            return result
        return failure(said, datetime.now(UTC).isoformat(timespec="seconds"))


class _Pages:
    """Which pages are with the cluster, and which are left."""

    def __init__(
        self, executor: Executor, parcel: Any, run: str, standing: Mapping[str, str],
        tasks: Mapping[str, Task],
    ) -> None:  # fmt: skip
        self.executor, self.given, self.tasks = executor, (parcel, run, dict(standing)), tasks
        self.left = deque(tasks)
        self.away: dict[Future[Any], str] = {}
        self.room = 0
        self.tried = Counter[str]()

    def send(self, room: int) -> None:
        self.room = room
        while self.left and len(self.away) < room:
            name = self.left.popleft()
            task = _for_parcel(self.tasks[name])
            self.away[self.executor.submit(remote.make_page, task, *self.given)] = name

    def take(self, seconds: float) -> list[tuple[str, Future[Any]]]:
        """Return pages that came back."""
        if not self.away:
            time.sleep(seconds)
        done, _ = wait(self.away, seconds, FIRST_COMPLETED)
        return [(self.away.pop(future), future) for future in done]

    def again(self, name: str) -> bool:
        """Put a page back, unless that was done often enough."""
        self.tried[name] += 1
        if self.tried[name] >= TRIES:
            return False
        self.left.append(name)
        return True


def _parcel(tasks: Mapping[str, Task]) -> bytes:
    """Pack what the notebooks of tasks read."""
    from mcanalysis.study import study_digests

    [study] = {Path(task["study"]) for task in tasks.values()}
    try:
        files = study_digests(study)
        return remote.pack(study, files, {Path(task["notebook"]) for task in tasks.values()})
    except (DataError, OSError) as error:
        raise ReportError(f"The study or a notebook cannot be read any more: {error}") from None


def _for_parcel(task: Task) -> dict[str, Any]:
    """Return a task with places in the parcel."""
    study = f"{remote.STUDY}/{Path(task['study']).name}"
    return {**task, "study": study, "notebook": remote.in_parcel(Path(task["notebook"]))}


def _differences(ours: Mapping[str, str], theirs: Any) -> Iterator[str]:
    """Say what a worker has not, or has otherwise."""
    if isinstance(theirs, OSError):
        return  # it has gone meanwhile
    if isinstance(theirs, Exception):  # Dask may give it as the text of another
        missing = _MISSING.search(str(theirs))
        if missing is None:
            yield f"has an mcanalysis that does not work: {type(theirs).__name__}: {theirs}"
        elif missing.group(1).startswith("mcanalysis."):
            yield f"has an mcanalysis other than {ours['mcanalysis']}."
        else:
            yield f"has no {missing.group(1)}."
    elif theirs["mcanalysis"] != ours["mcanalysis"]:
        yield f"has mcanalysis {theirs['mcanalysis']} instead of {ours['mcanalysis']}."
    else:
        for name, version in ours.items():
            if name != "library" and theirs.get(name) != version:
                yield f"has {name} {theirs.get(name)} instead of {version}."
        if theirs["library"] != ours["library"]:
            yield f"has mcanalysis {ours['mcanalysis']}, but with other code."


def _in_time(ask: Callable[[], Any]) -> Any:
    """Return what is asked for; Dask waits for ever for one who listens and never answers."""
    answers: SimpleQueue[Any] = SimpleQueue()

    def fetch() -> None:
        try:
            answers.put((ask(), None))
        except Exception as error:
            answers.put((None, error))

    Thread(target=fetch, daemon=True).start()
    try:
        answer, error = answers.get(timeout=CONNECT)
    except Empty:
        raise TimeoutError(f"no answer in {CONNECT:g} s") from None
    if error is not None:
        raise error
    return answer


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0]
