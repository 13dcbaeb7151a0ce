"""The parent's side of a notebook's process: start it, feed it, watch it, end it.

nbclient turns the messages into outputs, as it does for a kernel, and papermill keeps the account
of the cells.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.log import logger

from mcanalysis.report import engine, remember
from mcanalysis.report.engine import MEMORY_LIMIT, OPTIONS, OUTPUT_LIMIT
from mcanalysis.report.notebook import (
    CELL,
    DESCRIPTORS,
    END,
    HEADER,
    MESSAGE,
    REPLY,
    STREAMS,
    descriptor_file,
    run_notebook,
)

_TICK = 0.2
_SOON = 0.01
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_CHUNK = 1 << 18
_KEPT = 100_000
"""Bytes kept of a text in which a notebook died."""


class NotebookDiedError(DeadKernelError):
    """The process of a notebook ended, or was ended, before the notebook did; says why."""


class NotebookProcess:
    """A process forked from this one, in a session of its own with a folder of its own.

    Leaving the context ends it and all that it has started, whatever state it is in.

    Parameters
    ----------
    seconds : float or None
        How long the notebook may take.
    memory_limit, output_limit : int
        Bytes. Resident memory is watched: a limit on addresses would stop NumPy, which reserves
        far more than it uses, and would not count what the notebook's own processes hold.
    meanwhile : callable
        Called once, when the notebook first takes its time: what can be done on another core.
    """

    def __init__(
        self, seconds: float | None, memory_limit: int, output_limit: int,
        meanwhile: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self.seconds, self.memory_limit, self.output_limit = seconds, memory_limit, output_limit
        self.began = self._checked = time.monotonic()
        self.shown, self._came = 0, bytearray()
        self._meanwhile: Callable[[], object] | None = meanwhile
        self._forwarded = dict.fromkeys(DESCRIPTORS, 0)

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="mcanalysis-"))
        self.way, theirs = socket.socketpair()
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            with contextlib.suppress(AttributeError, ValueError, OSError):
                stream.flush()  # type: ignore[union-attr]  # else the fork would write it again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            self.way.close()
            run_notebook(theirs, self.folder, parent)
        try:
            theirs.close()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        # The group first: while its leader is not waited for, nobody else can have its number.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)  # if it had no time to have a group
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        self.way.close()
        if engine.adopts:
            end_orphans()
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, kind: bytes, content: bytes = b"") -> None:
        """Send one frame; what was wrong with the receiver shows at the answer."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.way.sendall(HEADER.pack(kind, len(content)) + content)

    def frames(self, until: float | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield frames as they come.

        Parameters
        ----------
        until : float, optional
            Deadline of the cell, as of `time.monotonic`.

        Raises
        ------
        TimeoutError
            At the deadline of the cell.
        NotebookDiedError
            If the process ended, or went beyond a limit of the notebook.
        """
        poll = select.poll()
        poll.register(self.way, select.POLLIN)
        while True:
            yield from self._frames()
            now = time.monotonic()
            if now >= self._checked + _TICK:
                self._check(now, until)
            if self._meanwhile is not None and not poll.poll(1000 * _SOON):
                act, self._meanwhile = self._meanwhile, None
                act()
            if not poll.poll(1000 * _TICK):
                continue
            try:
                part = self.way.recv(_CHUNK)
            except ConnectionResetError:
                part = b""
            if not part:
                yield from self._last_words()
                raise NotebookDiedError(self._cause())
            self._came += part

    def _frames(self) -> Iterator[tuple[bytes, bytes]]:
        start = 0
        try:
            while len(self._came) >= start + HEADER.size:
                kind, length = HEADER.unpack_from(self._came, start)
                end = start + HEADER.size + length
                if self.shown + length > self.output_limit:
                    self._too_much()
                if end > len(self._came):
                    break
                self.shown += length
                content = bytes(self._came[start + HEADER.size : end])
                start = end
                if kind in self._forwarded:
                    self._forwarded[kind] += length
                yield kind, content
        finally:  # also where the reader has what it waited for
            del self._came[:start]

    def _check(self, now: float, until: float | None) -> None:
        self._checked = now
        if self.seconds is not None and now >= self.began + self.seconds:
            raise NotebookDiedError(f"The notebook took longer than {self.seconds:g} s.")
        if until is not None and now >= until:
            raise TimeoutError
        if sum(_size(descriptor_file(self.folder, kind)) for kind in DESCRIPTORS) > (
            self.output_limit
        ):
            self._too_much()
        if _memory(self.pid) > self.memory_limit:
            gib = self.memory_limit / 2**30
            raise NotebookDiedError(f"The notebook held more than {gib:.3g} GiB of memory.")

    def _too_much(self) -> None:
        mib = self.output_limit / 2**20
        raise NotebookDiedError(f"The notebook showed more than {mib:.3g} MiB.")

    def _last_words(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield what was written to the descriptors and not forwarded."""
        for kind in DESCRIPTORS:
            with contextlib.suppress(OSError), descriptor_file(self.folder, kind).open("rb") as f:
                f.seek(self._forwarded[kind])
                yield kind, f.read(_KEPT)

    def _cause(self) -> str:
        try:  # it is only looked at, so that its number stays its own until all is ended
            found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:  # somebody else has waited for it
            found = None
        if found is None:
            return "The notebook's process ended."
        if found.si_code in (os.CLD_KILLED, os.CLD_DUMPED):
            name = signal.Signals(found.si_status).name
            return f"The notebook's process was killed by {name}."
        return f"The notebook's process ended with exit code {found.si_status}."


class ForkedClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of a notebook in a process forked from this one.

    Parameters
    ----------
    manager : NotebookExecutionManager
    report_timeout : float, optional
        Seconds that the notebook may take.
    memory_limit, output_limit : int
        Bytes, see `NotebookProcess`.
    meanwhile : callable
        See `NotebookProcess`.
    **options
        Traits of nbclient.
    """

    def __init__(
        self, manager: Any, report_timeout: float | None = None,
        memory_limit: int = MEMORY_LIMIT, output_limit: int = OUTPUT_LIMIT,
        meanwhile: Callable[[], object] = lambda: None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(manager, **options)
        self.limits = report_timeout, memory_limit, output_limit, meanwhile
        # An Output widget would talk back to a kernel.
        self.comm_open_handlers = {"jupyter.widget": lambda _: None}
        self.text: tuple[str, list[bytes]] | None = None  # of a stream, as long as it goes on

    def execute(self, **_: Any) -> Any:
        """Run all cells; return the notebook."""
        self.reset_execution_trackers()
        remember.work_out()
        with NotebookProcess(*self.limits) as self.process:
            self.papermill_execute_cells()
            self.process.send(END)
            said = self._until(END, None, -1)
        remember.learn(said["asked"])
        self.nb.metadata["language_info"] = said["language"]
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, store_history: bool = True) -> Any:
        """Run one cell; fill its outputs."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs, self.clear_before_next_output = [], False
        self.code_cells_executed += 1
        asked = {"code": cell.source, "store_history": store_history, "cell_id": cell.get("id")}
        self.process.send(CELL, json.dumps(asked).encode())
        seconds = self._get_timeout(cell)
        until = time.monotonic() + seconds if seconds else None
        try:
            reply = self._until(REPLY, cell, cell_index, until)
        except (NotebookDiedError, TimeoutError) as error:
            self._end_text(cell, cell_index, _KEPT)
            self.nb_man.cell_exception(cell, cell_index=cell_index, exception=error)
            if isinstance(error, NotebookDiedError):
                raise
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", seconds, cell
            ) from None
        cell.execution_count = reply["execution_count"]
        allowed = not self.force_raise_errors and (
            self.allow_errors
            or reply.get("ename") in self.allow_error_names
            or "raises-exception" in tags
        )
        if reply["status"] == "error" and not allowed:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell

    def _until(self, end: bytes, cell: Any, index: int, until: float | None = None) -> Any:
        """Take in what is shown, up to a frame that ends it; return its content."""
        for kind, content in self.process.frames(until):
            if kind == end:
                self._end_text(cell, index)
                return json.loads(content)
            if cell is None:  # shown after the last cell by a thread or a task
                continue
            if kind in STREAMS:
                name = STREAMS[kind]
                if self.text is None or self.text[0] != name:
                    self._end_text(cell, index)
                    self.text = (name, [])
                self.text[1].append(content)
            elif kind == MESSAGE:
                self._end_text(cell, index)
                self._take(json.loads(content), cell, index)
        raise AssertionError  # frames end with an exception

    def _end_text(self, cell: Any, index: int, most: int | None = None) -> None:
        """Make one output of what was written to a stream without a break."""
        if self.text is None or cell is None:
            self.text = None
            return
        (name, parts), self.text = self.text, None
        text = b"".join(parts)[:most].decode("utf-8", "replace")
        self._take({"msg_type": "stream", "content": {"name": name, "text": text}}, cell, index)

    def _take(self, message: dict[str, Any], cell: Any, index: int) -> None:
        """Let nbclient make an output of a message."""
        buffers = [base64.b64decode(b) for b in message.get("buffers", ())]
        header = {"msg_type": message["msg_type"]}
        self.process_message(
            {**message, "header": header, "parent_header": {}, "buffers": buffers}, cell, index
        )


def execute_managed_notebook(
    manager: Any, *, execution_timeout: int | None = None, **options: Any
) -> None:
    """Run a notebook with the options that papermill gives an engine; those of kernels are void."""
    known = {*PapermillNotebookClient.class_trait_names(), *OPTIONS} - {"config", "parent"}
    kept = {name: value for name, value in options.items() if name in known}
    if execution_timeout:
        kept["timeout"] = execution_timeout
    ForkedClient(manager, log=logger, **kept).execute()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _memory(pid: int) -> int:
    """Return the bytes that a process and its descendants hold."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * _PAGE + sum(_memory(child) for child in _children(pid))


def _children(pid: int) -> list[int]:
    """Return the processes that the first thread of a process, or one before it, has started."""
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def end_orphans() -> None:
    """End all children of this process, and theirs, which become children of it by and by."""
    while children := _children(os.getpid()):
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, 0)
