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
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from multiprocessing import active_children, get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any

from mcanalysis.report.engine import adopt_orphans, become_worker, end_with_parent
from mcanalysis.report.execution import environment, failure, run_task

PATIENCE = 2.0
"""Seconds that a worker has to end its kernel when the run is stopped."""


def default_workers() -> int:
    """Return how many pages to make at a time on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_tasks(
    tasks: Mapping[str, Mapping[str, Any]], workers: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run tasks in one or more processes; yield each result when it is there.

    A worker that is killed breaks the pool, and all that waited with it: that is run again, once
    together and then each task alone, so that only the task that kills its worker fails.

    Parameters
    ----------
    tasks : dict
        Name -> fields of `Task`.
    workers : int

    Yields
    ------
    tuple of str and dict
        Name and fields of `Result`; every task once.
    """
    _sweep()
    if not tasks:
        return
    left = dict(tasks)
    prefix = f"mcanalysis-run-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as scratch:
        for _ in range(2):
            for name, result in _in_pool(left, workers, scratch):
                del left[name]
                yield name, result
            if not left:
                return
        for name, task in left.items():
            started = datetime.now(UTC).isoformat(timespec="seconds")
            found = dict(_in_pool({name: task}, 1, scratch))
            yield name, found.get(name) or failure("Its process was killed three times.", started)


def _in_pool(
    tasks: Mapping[str, Mapping[str, Any]], workers: int, scratch: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run tasks in a pool; those that it lost are not yielded."""
    pool = ProcessPoolExecutor(
        min(workers, len(tasks)), get_context("spawn"), initializer=_begin, initargs=(scratch,)
    )
    try:
        with environment():  # the pool starts its processes when it is given work
            waiting = {pool.submit(_work, task): name for name, task in tasks.items()}
        for done in as_completed(waiting):
            if not isinstance(done.exception(), BrokenProcessPool):
                yield waiting[done], done.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _stop_workers()
        raise
    finally:
        _end_groups(Path(scratch))
    pool.shutdown()


def _end_groups(scratch: Path) -> None:
    """End what the notebooks of a killed worker have started; one that lives has done it itself."""
    for file in scratch.glob("*/group"):
        with contextlib.suppress(OSError, ValueError):
            os.killpg(int(file.read_text()), signal.SIGKILL)
        shutil.rmtree(file.parent, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of runs that were killed."""
    for place in Path(tempfile.gettempdir()).glob("mcanalysis-run-*-*"):
        with contextlib.suppress(ValueError):
            number = int(place.name.split("-")[2])
            if not _runs(number):
                shutil.rmtree(place, ignore_errors=True)


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def _stop_workers() -> None:
    """Ask the workers to end their kernels and go; make them, when they do not."""
    children = active_children()
    for child in children:
        child.terminate()
    for child in children:
        child.join(PATIENCE)
        child.kill()


def _begin(scratch: str) -> None:
    """Make a fresh process a worker."""
    tempfile.tempdir = scratch  # the parent removes it, however this process ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parent = parent_process()
    if sys.platform == "linux":
        if parent is not None and parent.pid is not None:
            end_with_parent(parent.pid, signal.SIGTERM)  # which it can clean up after
        adopt_orphans()
    else:
        Thread(target=_end_with, args=(parent,), daemon=True).start()
    become_worker()
    gc.collect()
    gc.freeze()  # what all forks share must not be written to


def _end_with(parent: Any) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return run_task(task)
    except SystemExit:
        os._exit(1)  # the pool would take it for a result and go on with the next task
