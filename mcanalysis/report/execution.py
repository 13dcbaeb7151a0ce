"""One page: run its notebook through papermill and lay out what it shows.

A task and its result are plain data, and nothing is written where readers look: a task can run in
this process, in another one, or on another machine. `site` puts results in their place.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sysconfig
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mcanalysis.errors import McAnalysisError
from mcanalysis.report.engine import MEMORY_LIMIT, NAME, ForkEngine, without_format_checks

TIMEOUT = 600
"""Seconds that a cell may take."""
REPORT_TIMEOUT = 1800
"""Seconds that a notebook may take."""
START_TIMEOUT = 120
"""Seconds that a kernel may take to start."""


@dataclass(frozen=True)
class Task:
    """All that is needed to make a page.

    Attributes
    ----------
    notebook, study : str
        Absolute paths.
    parameters : dict
        Without the place of the study, which is known at execution only.
    context : dict
        Fields of `PageContext`.
    timeout, report_timeout : int
        Seconds that a cell and the whole notebook may take; the second holds for forks only.
    memory : int
        Bytes that a fork and what it starts may hold.
    engine : str
        ``mcanalysis`` runs the notebook in a process forked from this one where that is possible,
        ``nbclient`` in an ordinary kernel.
    """

    notebook: str
    study: str
    parameters: Mapping[str, Any]
    context: Mapping[str, Any]
    timeout: int = TIMEOUT
    report_timeout: int = REPORT_TIMEOUT
    memory: int = MEMORY_LIMIT
    engine: str = NAME

    def as_dict(self) -> dict[str, Any]:
        """Return the task as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Result:
    """What became of a task.

    Attributes
    ----------
    html : str or None
        The page; None where it failed.
    sources : tuple of str
        Ids of the sources that it cites.
    charts : int
    error : dict or None
        ``cell`` (its number in the executed notebook), ``line`` (the first line of that cell),
        both None where no cell is to blame, and ``message``.
    notebook : str or None
        The executed notebook where it failed, as far as it got.
    started : str
        ISO time.
    seconds : float
    workbook : bytes or None
        Data of the page, to lie beside it.
    """

    html: str | None
    sources: tuple[str, ...]
    charts: int
    error: Mapping[str, Any] | None
    notebook: str | None
    started: str
    seconds: float
    workbook: bytes | None = None


def failure(message: str, started: str) -> dict[str, Any]:
    """Return the result of a task that never came back."""
    error = {"cell": None, "line": None, "message": message}
    return asdict(Result(None, (), 0, error, None, started, 0.0))


def run_task(task: Mapping[str, Any]) -> dict[str, Any]:
    """Run one notebook and lay out its page; a failure is a result, not an exception.

    Parameters
    ----------
    task : dict
        Fields of `Task`.

    Returns
    -------
    dict
        Fields of `Result`.
    """
    from mcanalysis.report.page import PageContext, render_page

    t = Task(**task)
    started, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    html: str | None = None
    sources: tuple[str, ...] = ()
    charts, kept, workbook = 0, None, None
    with tempfile.TemporaryDirectory(prefix="mcanalysis-", ignore_cleanup_errors=True) as folder:
        notebook, error = _execute(t, Path(folder))
        if error is None:
            try:
                page = render_page(notebook, PageContext(**t.context))
                html, sources, charts = page.html, page.sources, page.charts
                workbook = page.workbook
            except Exception as problem:  # whatever it is, it costs this page only
                error = {"cell": None, "line": None, "message": _layout_problem(problem)}
        if error is not None:
            error["message"] = error["message"].replace(t.study, "the study")
            kept = _without_places(notebook, t, folder)
    seconds = round(time.monotonic() - clock, 2)
    return asdict(Result(html, sources, charts, error, kept, started, seconds, workbook))


def _layout_problem(problem: Exception) -> str:
    """Say what went wrong outside the notebook, and where in the code."""
    if isinstance(problem, McAnalysisError):
        return str(problem)
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    place = f"{Path(frame.filename).name}, line {frame.lineno}"
    return f"The page could not be laid out: {type(problem).__name__}: {problem} ({place})"


def _without_places(notebook: Any, t: Task, folder: str) -> str | None:
    """Return the notebook as text without the paths that it was given."""
    if notebook is None:
        return None
    import nbformat

    text: str = nbformat.writes(notebook)
    name = Path(t.notebook).name
    for path, word in ((t.study, "study"), (folder, ""), (t.notebook, name)):
        text = text.replace(json.dumps(path)[1:-1], word)
    return text


def _execute(t: Task, folder: Path) -> tuple[Any, dict[str, Any] | None]:
    """Run the notebook; return it, as far as it got, and what went wrong."""
    with without_format_checks():
        import papermill
    from jupyter_client.kernelspec import NoSuchKernel
    from nbclient.exceptions import DeadKernelError
    from papermill.engines import papermill_engines
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import raise_for_execution_errors
    from papermill.utils import chdir

    from mcanalysis.report.page import prepare_page

    logging.getLogger("papermill").setLevel(logging.ERROR)
    papermill_engines.register(NAME, ForkEngine)  # also where the package is not installed
    begun: list[Any] = []
    said: str
    try:
        with (
            environment(),
            open(os.devnull, "w") as quiet,
            contextlib.redirect_stderr(quiet),
        ):
            # papermill's own call would write the notebook at its end, also where nobody reads it.
            prepared = papermill.execute_notebook(
                t.notebook,
                None,
                parameters={**t.parameters, "study": t.study},
                engine_name=NAME,
                kernel_name="python3",
                prepare_only=True,
            )
            with chdir(str(Path(t.notebook).parent)):
                papermill_engines.execute_notebook_with_engine(
                    NAME,
                    prepared,
                    kernel_name="python3",
                    fork=t.engine == NAME,
                    begun=begun.append,
                    progress_bar=False,
                    log_output=False,
                    execution_timeout=t.timeout,
                    report_timeout=t.report_timeout,
                    memory_limit=t.memory,
                    meanwhile=prepare_page,
                    start_timeout=START_TIMEOUT,
                    shutdown_kernel="immediate",
                    extra_arguments=["--HistoryManager.enabled=False", "--log-level=CRITICAL"],
                    **_transport(folder),
                )
            raise_for_execution_errors(begun[0], None)
    except PapermillExecutionError as error:
        said = f"{error.ename}: {error.evalue}" if error.evalue else error.ename
    except DeadKernelError as error:
        said = str(error).replace("Kernel died", "The kernel died.")
    except TimeoutError:
        said = f"The cell took longer than {t.timeout} s."
    except NoSuchKernel:
        said = "There is no Python kernel here. Install ipykernel."
    except RuntimeError as error:
        said = f"The kernel did not start: {error}"
    except Exception as error:  # whatever it is, it costs this page only
        said = f"{type(error).__name__}: {error}"
    else:
        # papermill takes sys.exit() for a good end, whatever cells come after it.
        if all(_run(cell).get("exception") is False for cell in _cells(begun[0])):
            return begun[0], None
        said = "The cell ended the notebook with sys.exit()."
    notebook = begun[0] if begun else None
    cell, line = _stopped_at(notebook)
    said = re.sub(r"\x1b\[[0-9;]*m", "", said).strip()
    return notebook, {"cell": cell, "line": line, "message": said}


def inherited() -> dict[str, str]:
    """Return what kernels and workers inherit of the environment, beside what is set already."""
    own = {
        "PYTHONHASHSEED": "0",  # the order of a set must not change a page
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "JUPYTER_PREFER_ENV_PATH": "1",  # this environment's kernel before another of that name
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    # The package that makes the page is the one that the kernel must import.
    here = Path(__file__).resolve().parents[2]
    if here != Path(sysconfig.get_path("purelib")).resolve():
        paths = [str(here), *filter(None, [os.environ.get("PYTHONPATH")])]
        own["PYTHONPATH"] = os.pathsep.join(paths)
    return own


@contextlib.contextmanager
def environment() -> Iterator[None]:
    """Set what kernels and workers inherit, and put it back."""
    own = inherited()
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _transport(folder: Path) -> dict[str, Any]:
    """Speak to the kernel through files where the system can: no ports, so no races for them."""
    file = folder / "kernel.json"
    if os.name == "nt" or len(str(file)) > 90:  # a socket's path may have about 100 characters
        return {}
    from traitlets.config import Config

    return {"config": Config({"KernelManager": {"transport": "ipc", "connection_file": str(file)}})}


def _cells(notebook: Any) -> list[Any]:
    """Return the code cells of a notebook that hold code."""
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def _run(cell: Any) -> dict[str, Any]:
    """Return what papermill notes on a cell; its status is no help, it is set afterwards too."""
    return dict(cell.metadata.get("papermill", {}))


def _stopped_at(notebook: Any) -> tuple[int | None, str | None]:
    """Return the number and first line of the last cell that was begun."""
    begun = [cell for cell in _cells(notebook) if _run(cell).get("start_time")] if notebook else []
    if not begun:
        return None, None
    lines = [line.strip() for line in begun[-1].source.splitlines()]
    return len(begun), next((line for line in lines if line and line[0] != "#"), "")


def describe(error: Mapping[str, Any]) -> str:
    """Say in one line where and why a page failed.

    Examples
    --------
    >>> describe({"cell": 3, "line": "1 / 0", "message": "ZeroDivisionError: division by zero"})
    'cell 3 (1 / 0): ZeroDivisionError: division by zero'
    """
    where = f"cell {error['cell']} ({error['line']}): " if error.get("cell") else ""
    first = str(error["message"]).partition("\n")[0]
    return where + (first if len(first) <= 300 else first[:299] + "…")
