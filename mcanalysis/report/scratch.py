"""Temporary folders that go with the process that made them, or with the next run."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mcanalysis.report.lock import take

PREFIX = "mcanalysis-run-"
_LOCK = ".lock"
_JUST = 60.0
"""Seconds in which a folder without a lock may be one that is being made."""


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder for as long as the context lasts; remove those that killed runs left.

    Whoever makes one holds a lock in it, which the system frees when that process ends, however it
    ends. The number of a process would not tell: containers that share a folder for temporary files
    count their own.

    Yields
    ------
    Path
    """
    _sweep()
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        lock = folder / _LOCK
        making = lock if sys.platform == "win32" else folder / f"{_LOCK}.new"
        handle = os.open(making, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            with contextlib.suppress(OSError):  # a file system without locks: nobody sweeps there
                take(handle)
            if making != lock:  # nobody finds it free; Windows renames no open file
                making.rename(lock)
            yield folder
        finally:
            os.close(handle)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # it belongs to somebody else, or has gone meanwhile
            if _left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _left(folder: Path) -> bool:
    """Tell whether nobody works in a folder any more."""
    try:
        handle = os.open(folder / _LOCK, os.O_RDWR)
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime > _JUST
    try:
        return take(handle)
    finally:
        os.close(handle)
