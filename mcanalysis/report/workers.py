"""Tasks run several at a time, in processes of their own that load the libraries once.

A worker has one thread, so that it can fork, and a hash seed of 0, which its forks inherit.
"""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Protocol, Self

from mcanalysis.report import engine
from mcanalysis.report.execution import environment, failure, run_task
from mcanalysis.report.scratch import scratch_folder

PATIENCE = 2.0
"""Seconds that a worker has to end its notebook when the run is stopped."""
TRIES = 3
"""How often a task is tried whose worker is killed."""

Task = Mapping[str, Any]


def default_workers() -> int:
    """Return how many pages to make at a time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Runner(Protocol):
    """Who runs tasks: the crew of this machine, or a cluster."""

    def run(self, tasks: Mapping[str, Task]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Begin with tasks at once; yield each result when it is there, every task once."""
        ...


class Crew:
    """Workers for a run; the first starts at once, and loads the libraries while others plan.

    Leaving the context ends them all, and all that they have started.

    Parameters
    ----------
    workers : int
        At most so many.
    """

    def __init__(self, workers: int) -> None:
        self.most = workers
        self.workers: list[_Worker] = []

    def __enter__(self) -> Self:
        self._held = scratch_folder()
        self.scratch = self._held.__enter__()
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        for worker in self.workers:
            worker.dismiss()
        for worker in self.workers:
            worker.end()
        self._held.__exit__(None, None, None)

    def _start(self) -> _Worker:
        self.workers.append(_Worker(tempfile.mkdtemp(dir=self.scratch)))
        return self.workers[-1]

    def _give(self, left: deque[str], tasks: Mapping[str, Task]) -> None:
        """Give tasks to those who have none."""
        while left:
            idle = next((w for w in self.workers if w.name is None), None)
            if idle is None and len(self.workers) >= self.most:
                return
            worker, name = idle or self._start(), left.popleft()
            worker.give(name, tasks[name])

    def run(self, tasks: Mapping[str, Task]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Begin with tasks at once; yield each result when it is there, every task once.

        A worker that is killed costs the others nothing. Its task is tried again, at last alone.

        Parameters
        ----------
        tasks : dict
            Name -> fields of `Task`.

        Yields
        ------
        tuple of str and dict
            Name and fields of `Result`.
        """
        left = deque(tasks)
        self._give(left, tasks)
        return self._results(left, tasks)

    def _results(
        self, left: deque[str], tasks: Mapping[str, Task]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        killed = Counter[str]()
        while True:
            self._give(left, tasks)
            busy = {w.way: w for w in self.workers if w.name is not None}
            if not busy:
                return
            done = []
            for way in wait(list(busy)):
                worker = busy[way]  # type: ignore[index]
                name, result = worker.answer()
                if result is None:
                    self.workers.remove(worker)
                    killed[name] += 1
                    if killed[name] < TRIES:
                        left.append(name)
                        continue
                    started = datetime.now(UTC).isoformat(timespec="seconds")
                    result = failure("Its process was killed three times.", started)
                done.append((name, result))
            self._give(left, tasks)  # before the caller takes its time
            yield from done


class _Worker:
    """A process that runs tasks, seen from here."""

    def __init__(self, scratch: str) -> None:
        self.scratch = Path(scratch)
        self.name: str | None = None  # of the task that it works on
        context = get_context("spawn")
        self.way, theirs = context.Pipe()
        with environment():
            self.process = context.Process(target=_serve, args=(theirs, scratch), daemon=True)
            self.process.start()
        theirs.close()  # so that its end is seen here

    def give(self, name: str, task: Task) -> None:
        self.name = name
        with contextlib.suppress(OSError):  # then it is dead, which the answer will tell
            self.way.send(dict(task))

    def answer(self) -> tuple[str, dict[str, Any] | None]:
        """Return the name of its task and the result; None where the process has ended."""
        assert self.name is not None
        name, self.name = self.name, None
        try:
            return name, self.way.recv()
        except (EOFError, OSError):
            self.end()
            return name, None

    def dismiss(self) -> None:
        """Have it go, whatever it works on."""
        self.process.terminate()

    def end(self) -> None:
        """Make sure that it has gone, and what its notebook has started."""
        self.way.close()
        self.process.join(PATIENCE)
        self.process.kill()
        self.process.join()
        for file in self.scratch.glob("*/group"):  # a worker that lives cleans up itself
            with contextlib.suppress(OSError, ValueError):
                os.killpg(int(file.read_text()), signal.SIGKILL)
        shutil.rmtree(self.scratch, ignore_errors=True)


def run_tasks(
    tasks: Mapping[str, Task], workers: int | Runner
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run tasks with a crew or a cluster, or with so many workers, see `Crew.run`."""
    return _run_alone(tasks, workers) if isinstance(workers, int) else workers.run(tasks)


def _run_alone(tasks: Mapping[str, Task], workers: int) -> Iterator[tuple[str, dict[str, Any]]]:
    if tasks:
        with Crew(workers) as crew:
            yield from crew.run(tasks)


def _serve(way: Connection[Any, Any], scratch: str) -> None:
    """Be a worker."""
    tempfile.tempdir = scratch  # the parent removes it, however this process ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parent = parent_process()
    assert parent is not None
    if sys.platform == "linux":
        # What forks must not hold open, else nobody would see this process end.
        engine.own_descriptors[:] = [int(n) for n in os.listdir("/proc/self/fd") if int(n) > 2]
        engine.end_with_parent(parent.pid or 0, signal.SIGTERM)  # so that it can clean up
        engine.adopt_orphans()
    else:
        Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    gc.disable()  # what is imported stays
    engine.become_worker()
    gc.freeze()  # what all forks share must not be written to
    gc.enable()
    while True:
        try:
            way.send(run_task(way.recv()))
        except (EOFError, OSError, SystemExit):
            os._exit(0)  # nobody asks any more; what the notebook had is cleaned up by now
