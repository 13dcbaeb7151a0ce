"""A papermill engine that runs each notebook in a process forked from this one.

The libraries are loaded once, here; every notebook starts from that state and cannot leave
anything behind. There is no kernel and there are no sockets to it. Where forking is not to be had,
the ordinary kernel runs the notebook.

papermill imports this module while it is itself being imported, so it imports papermill late.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

NAME = "mcanalysis"
"""Name of the engine, for ``papermill --engine``."""
MEMORY_LIMIT = 4 * 2**30
"""Bytes that the processes of a notebook may hold."""
OUTPUT_LIMIT = 64 * 2**20
"""Bytes that a notebook may show."""
OPTIONS = ("report_timeout", "memory_limit", "output_limit", "meanwhile")
"""Those that papermill's own engine does not know."""
_KERNELS = ("python3", "python")
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_CHECKERS = ("rfc3987_syntax", "isoduration")
own_descriptors: list[int] = []
"""Descriptors of this process that its notebooks' processes close."""
adopts = False
"""Whether this process is the parent of what its notebooks' processes leave behind."""


class ForkEngine:
    """What papermill asks of an engine."""

    @staticmethod
    def nb_kernel_name(nb: Any, name: str | None = None) -> str:
        """Return the name of the kernel that a notebook asks for."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @staticmethod
    def nb_language(nb: Any, language: str | None = None) -> str:
        """Return the language of a notebook."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: bool | dict[str, Any] = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        *,
        fork: bool = True,
        begun: Callable[[Any], object] = lambda _: None,
        **options: Any,
    ) -> Any:
        """Run a notebook, in a forked process where that is possible.

        Parameters
        ----------
        nb : NotebookNode
        kernel_name : str
        output_path, progress_bar, log_output, autosave_cell_every
            As for every engine of papermill.
        fork : bool
            False asks for the ordinary kernel.
        begun : callable
            Called with the notebook that fills with outputs, which is there also when this fails.
        **options
            Those of papermill's own engine, and `OPTIONS`, see
            `mcanalysis.report.forked.ForkedClient`.

        Returns
        -------
        NotebookNode
        """
        from papermill.engines import NBClientEngine, NotebookExecutionManager
        from papermill.log import logger

        language = cls.nb_language(nb) if "language_info" in nb.metadata else "python"
        reason = why_not_fork(kernel_name, language) if fork else "it was asked for"
        manager = NotebookExecutionManager(
            nb, output_path, log_output, progress_bar, autosave_cell_every
        )
        begun(manager.nb)
        manager.notebook_start()
        try:
            if reason is None:
                from mcanalysis.report.forked import execute_managed_notebook

                execute_managed_notebook(manager, log_output=log_output, **options)
            else:
                logger.info(f"The ordinary kernel runs this notebook: {reason}.")
                for name in OPTIONS:
                    options.pop(name, None)
                NBClientEngine.execute_managed_notebook(
                    manager, kernel_name, log_output=log_output, **options
                )
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb


def why_not_fork(kernel_name: str = "python3", language: str = "python") -> str | None:
    """Say why a notebook cannot run in a process forked from this one; None where it can.

    Only Linux has all that this rests on: forking is unsafe with system frameworks of macOS and
    unknown to Windows. A lock that another thread holds would stay locked in the fork for ever, so
    this process may have one thread, counting those of C libraries.
    """
    if sys.platform != "linux":
        return f"forking is not safe on {sys.platform}"
    if language != "python":
        return f"it is written in {language}"
    if kernel_name not in _KERNELS:
        return f"it asks for the kernel {kernel_name}"
    threads = len(os.listdir("/proc/self/task"))
    if threads > 1:
        return f"this process has {threads} threads"
    return None


@contextlib.contextmanager
def without_format_checks() -> Iterator[None]:
    """Keep jsonschema from loading what checks IRIs, which takes a second, and durations.

    Nothing here checks these formats. Where jsonschema is there already, nothing happens.
    """
    names = [] if "jsonschema" in sys.modules else [n for n in _CHECKERS if n not in sys.modules]
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)


def load_libraries() -> None:
    """Import what every report needs, so that forked processes find it there."""
    # A pool of threads would be lost in the fork, and keep this process from forking at all.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    with without_format_checks():
        import papermill.execute  # noqa: F401

    import mcanalysis.report.page
    import mcanalysis.tables

    if sys.platform == "linux":
        import mcanalysis.report.forked  # noqa: F401


def become_worker() -> None:
    """Prepare, in a process that does nothing else, all that its forks need."""
    load_libraries()
    if sys.platform == "linux":
        from mcanalysis.report import notebook, remember

        notebook.shell()
        remember.install()


def end_with_parent(parent: int, how: signal.Signals) -> None:
    """Have this process sent a signal when its parent ends; end it at once if it has."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def adopt_orphans() -> None:
    """Make what a notebook's process leaves behind a child of this one, which then ends it.

    For processes that have no other children.
    """
    global adopts
    done = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    adopts = done == 0
