"""One run at a time on a site: the second waits, or says who is at work."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from mcanalysis.errors import ReportError

NAME = ".mcanalysis.lock"
WAIT = 300.0
"""Seconds that a run waits for another to end."""
_EVERY = 0.2
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTTY)


@contextmanager
def only_run(
    out: Path, wait: float = WAIT, say: Callable[[str], None] = lambda _: None
) -> Iterator[Callable[[], None]]:
    """Hold a site for this run.

    The system itself holds the lock (``flock``, on Windows ``msvcrt.locking``) and frees it when
    the process ends, however it ends: what a killed run left never blocks. The file says who holds
    it, and goes when the run ends in good order.

    On a local disk that is certain. Over NFS (Linux since 2.6.12) and SMB (Linux since 5.5) such a
    lock holds between machines where the server supports locks, and lasts until the server has
    noticed that a crashed machine is gone. Where the file system knows no locks the run goes on
    without one and says so: each file is still moved into place whole, at worst some work is done
    twice.

    Parameters
    ----------
    out : Path
        Root of the site; made if need be.
    wait : float
        Seconds to wait for another run to end.
    say : callable
        Called once with who holds the site, before waiting.

    Yields
    ------
    callable
        Raises ReportError if the folder has gone or was replaced meanwhile, so that the lock no
        longer protects what stands there.

    Raises
    ------
    ReportError
        If another run holds the site and does not end in time.
    OSError
        If the folder cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    path, until, told = out / NAME, time.monotonic() + wait, False
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            taken = take(handle)
        except OSError as error:
            os.close(handle)
            if error.errno not in _NO_LOCKS:
                raise
            say(f"{out} lies on a file system without locks. Make sure that no second run uses it.")
            path.unlink(missing_ok=True)
            yield lambda: None
            return
        if taken and _is(path, handle):
            break
        who = _holder(path)
        os.close(handle)
        if taken:
            continue  # its holder removed the file while we opened it
        if time.monotonic() >= until:
            raise ReportError(
                f"{out} is in use by {who}. Nothing was made. Run again when that has ended, or "
                "choose another folder with --out."
            )
        if not told:
            told = True
            say(f"{out} is in use by {who}. Waiting for it to end.")
        time.sleep(_EVERY)
    try:
        _sign(handle)
        yield lambda: _check(path, handle)
    finally:
        # Windows removes no open file: there the name stays, and says nothing any more.
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
            if _is(path, handle):
                path.unlink()
        os.close(handle)


def take(handle: int) -> bool:
    """Lock an open file; False where another process has done so."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 1 << 30, os.SEEK_SET)  # beyond the text, which others have to read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            return False
        raise
    return True


def _is(path: Path, handle: int) -> bool:
    """Tell whether a path still leads to an open file."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except OSError:
        return False


def _check(path: Path, handle: int) -> None:
    if not _is(path, handle):
        raise ReportError(
            f"{path.parent} was removed or replaced while reports were made. "
            "Run again to make what is missing."
        )


def _sign(handle: int) -> None:
    """Write into the lock who holds it; without the full path of the program."""
    name = Path(sys.argv[0]).name
    who = {
        "pid": os.getpid(),
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": " ".join([name.replace("__main__.py", "mcanalysis"), *sys.argv[1:]]),
    }
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(who).encode())


def _holder(path: Path) -> str:
    """Say who holds a lock, as far as the file tells."""
    try:
        who: Any = json.loads(path.read_text(encoding="utf-8"))
        return f'process {who["pid"]}, running since {who["since"]} ("{who["command"]}")'
    except (OSError, ValueError, KeyError, TypeError):
        return "another run"
