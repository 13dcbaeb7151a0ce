"""Inside the process of a notebook: cells run, and what they show goes to the parent.

This is what a kernel does, without a kernel: the shell, its display hook and its publisher are
those of ipykernel, with a session that writes to a socket pair.
"""

from __future__ import annotations

import asyncio
import base64
import builtins
import contextlib
import ctypes
import faulthandler
import getpass
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.jsonutil import json_clean
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session, json_packer
from traitlets.config import Config

from mcanalysis.report import engine, remember

HEADER = struct.Struct("!cI")
"""Kind and length of a frame."""
MESSAGE, REPLY, END, CELL = b"m", b"r", b"t", b"c"
"""Kinds of frames: a message, the end of a cell, the end of the notebook; a cell to run."""
STREAMS = {b"o": "stdout", b"e": "stderr", b"1": "stdout", b"2": "stderr"}
"""Frames of text: from Python, and from the descriptors."""
DESCRIPTORS = (b"1", b"2")
GROUP = "group"
"""File that holds the number of the process group, for those who clean up after the parent."""


class Channel:
    """The way to the parent; frames arrive in the order in which they are written.

    What C code and other programs write to the descriptors 1 and 2 lands in two files, so that it
    never waits for a reader; it is forwarded before whatever is said next.
    """

    def __init__(self, way: socket.socket, folder: Path) -> None:
        self.way, self.pid, self.lock = way, os.getpid(), threading.RLock()
        self.files = {}
        for kind in DESCRIPTORS:
            file = descriptor_file(folder, kind)
            to = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
            os.dup2(to, int(kind))
            os.close(to)
            self.files[kind] = [os.open(file, os.O_RDONLY), 0]

    def send(self, kind: bytes, content: bytes) -> None:
        """Send one frame."""
        with self.lock:
            self.forward()
            self._send(kind, content)

    def forward(self) -> None:
        """Send what stands in the files and was not sent."""
        for kind, place in self.files.items():
            while os.fstat(place[0]).st_size > place[1]:
                found = os.pread(place[0], 1 << 16, place[1])
                place[1] += len(found)
                self._send(kind, found)

    def _send(self, kind: bytes, content: bytes) -> None:
        self.way.sendall(HEADER.pack(kind, len(content)) + content)

    def receive(self) -> tuple[bytes, bytes]:
        """Wait for one frame; raise EOFError when the parent has gone."""
        kind, length = HEADER.unpack(self._read(HEADER.size))
        return kind, self._read(length)

    def _read(self, length: int) -> bytes:
        found = b""
        while len(found) < length:
            part = self.way.recv(length - len(found))
            if not part:
                raise EOFError
            found += part
        return found

    def message(self, kind: str, content: Any, buffers: Any = None) -> None:
        """Send a message of the Jupyter protocol."""
        said = {"msg_type": kind, "content": content}
        if buffers:
            said["buffers"] = [base64.b64encode(b).decode() for b in buffers]
        try:
            text = json_packer(said)
        except (TypeError, ValueError):
            text = json_packer(json_clean(said))
        self.send(MESSAGE, text)


class Stream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a notebook."""

    encoding, errors = "UTF-8", "replace"

    def __init__(self, channel: Channel, kind: bytes) -> None:
        self.channel, self.kind = channel, kind
        self.name = f"<{STREAMS[kind]}>"

    def write(self, text: str) -> int:
        """Send the text at once: nothing is lost when the process dies."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        content = text.encode("utf-8", "replace")
        if os.getpid() != self.channel.pid:  # a process that the notebook forked
            os.write(self.fileno(), content)
        elif content:
            self.channel.send(self.kind, content)
        return len(text)

    def fileno(self) -> int:
        """Return the descriptor that programs started here write to."""
        return 1 if self.kind == b"o" else 2

    def writable(self) -> bool:
        """Tell that it can be written."""
        return True


class _Session(Session):
    """A session whose messages go to the parent."""

    def send(  # type: ignore[override]
        self, stream: Channel, msg_or_type: Any, content: Any = None,
        *_: Any, buffers: Any = None, **__: Any,
    ) -> None:  # fmt: skip
        """Send a message, or one of a type and a content."""
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        stream.message(msg_or_type, content, buffers)


def descriptor_file(folder: Path, kind: bytes) -> Path:
    """Return the file that holds what was written to a descriptor."""
    return folder / STREAMS[kind]


def run_notebook(way: socket.socket, folder: Path, parent: int) -> NoReturn:
    """Be the process of a notebook until the parent ends it; never returns."""
    try:
        _settle(folder, parent)
        channel = Channel(way, folder)
        asyncio.run(_serve(_connect(channel), channel))
    finally:
        os._exit(1)  # without a token, whatever the status: the parent takes it for a failure


def _settle(folder: Path, parent: int) -> None:
    """Become a process of its own, that ends with its parent."""
    engine.end_with_parent(parent, signal.SIGKILL)
    os.setsid()
    (folder / GROUP).write_text(str(os.getpid()))
    # The caller's own, that must not run here; what a library has set up on other signals stays.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    with contextlib.suppress(OSError):  # when memory is short, this one goes first
        Path("/proc/self/oom_score_adj").write_text("1000")
    for number in engine.own_descriptors:
        with contextlib.suppress(OSError):
            os.close(number)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    own = folder / "tmp"
    own.mkdir()
    tempfile.tempdir = os.environ["TMPDIR"] = str(own)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    if "" not in sys.path:
        sys.path.insert(0, "")
    if "numpy.random" in sys.modules:  # random seeds itself after a fork
        sys.modules["numpy.random"].seed()


@cache
def shell() -> Any:
    """Make the shell; a worker does so before it forks."""
    InteractiveShell.clear_instance()
    return ZMQInteractiveShell.instance(
        config=Config(HistoryManager={"enabled": False}, IPKernelApp={"name": "mcanalysis"}),
        compiler_class=XCachingCompiler,
        kernel=SimpleNamespace(eventloop=None),  # asked when a cell says exit()
    )


def _connect(channel: Channel) -> Any:
    """Return the shell, with everything that it shows going to the channel."""
    sys.stdin = open(os.devnull)  # noqa: SIM115
    sys.stdout, sys.stderr = Stream(channel, b"o"), Stream(channel, b"e")
    faulthandler.enable(file=2)
    here = shell()
    session = _Session()
    for part in (here.displayhook, here.display_pub):
        part.session, part.pub_socket = session, channel
    here.displayhook.topic = b"execute_result"
    sys.displayhook = here.displayhook
    builtins.input, getpass.getpass = _refused("raw_input"), _refused("getpass")

    class Comm(BaseComm):
        """A comm of a widget; only the parent hears of it."""

        def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None,  # noqa: ARG002
                        buffers: Any = None, **keys: Any) -> None:  # fmt: skip
            content = json_clean({"data": data or {}, "comm_id": self.comm_id, **keys})
            channel.message(msg_type, content, buffers)

    comm.create_comm = Comm
    return here


def _refused(name: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise StdinNotImplementedError(
            f"{name} was called, but this frontend does not support input requests."
        )

    return refuse


async def _serve(shell: Any, channel: Channel) -> None:
    """Run cells as they come; the loop runs on between them, as a kernel's does."""
    asked = asyncio.Event()
    asyncio.get_running_loop().add_reader(channel.way, asked.set)
    while True:
        await asked.wait()
        kind, content = channel.receive()
        asked.clear()
        if kind == END:
            said = {"language": _language(), "asked": remember.asked()}
            channel.send(END, json.dumps(said).encode())
            os._exit(0)
        reply = await _run(shell, **json.loads(content))
        if os.getpid() != channel.pid:  # forked by the cell, and come here with it
            os._exit(0)
        ctypes.CDLL(None).fflush(None)
        channel.send(REPLY, json.dumps(json_clean(reply)).encode())
        if shell.exit_now:
            os._exit(0)


async def _run(shell: Any, code: str, store_history: bool, cell_id: str | None) -> Any:
    """Run one cell as `ipykernel.ipkernel.IPythonKernel.do_execute` does."""
    before = None
    try:
        transformed = shell.transform_cell(code)
    except Exception:  # the shell shows it as the cell's own error
        transformed, before = code, sys.exc_info()
    if shell.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=before):
        result = None
        try:
            result = await shell.run_cell_async(
                code, store_history=store_history, transformed_cell=transformed,
                preprocessing_exc_tuple=before, cell_id=cell_id,
            )  # fmt: skip
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
    else:
        result = shell.run_cell(code, store_history=store_history, cell_id=cell_id)
    shell.payload_manager.clear_payload()
    error = result.error_before_exec or result.error_in_exec
    reply = {"execution_count": shell.execution_count - 1}
    if result.success and not getattr(shell, "_last_traceback_during_displayhook", False):
        return {"status": "ok", **reply}
    traceback = getattr(shell, "_last_traceback", None) or []
    return {"status": "error", "ename": type(error).__name__, "evalue": str(error),
            "traceback": traceback, **reply}  # fmt: skip


def _language() -> dict[str, Any]:
    """Return what a kernel says of its language."""
    return {
        "name": "python",
        "version": sys.version.split()[0],
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
        "pygments_lexer": f"ipython{sys.version_info[0]}",
        "nbconvert_exporter": "python",
        "file_extension": ".py",
    }
