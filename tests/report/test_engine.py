"""Processes forked for notebooks show what kernels show, and contain what notebooks do."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mcanalysis.report import engine, workers
from mcanalysis.report.engine import NAME, why_not_fork, without_format_checks
from mcanalysis.report.execution import Task, describe
from mcanalysis.report.workers import run_tasks

PARITY = Path("tests/notebooks/parity.ipynb").resolve()
MARK = f"{987654000 + os.getpid()}.25"
"""What a process left behind is known by: seconds that nobody else sleeps."""
RUN = """
import sys
from mcanalysis.report import engine
engine.load_libraries()
import nbformat, papermill
from papermill.engines import papermill_engines
papermill_engines.register("mcanalysis", engine.ForkEngine)
source, target, fork = sys.argv[1:]
assert engine.why_not_fork() is None
begun = []
try:
    papermill.execute_notebook(source, None, engine_name="mcanalysis", progress_bar=False,
                               cwd=".", fork=fork == "fork", begun=begun.append)
except papermill.exceptions.PapermillExecutionError:
    pass  # cells that may raise do raise
nbformat.write(begun[0], target)
"""
DIFFERENCES = {
    'input("who? ")': "the traceback ends in our refusal, not in that of ipykernel",
    "import getpass; getpass.getpass()": "the same",
    "import subprocess": "what programs write stands where it was written, not after the cell's "
    "own text, and is one output with it",
    'os.system("echo': "a kernel on a busy machine may show it late or not at all",
    "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.fileno()": "another descriptor",
}
"""Cells of the parity notebook that show something else than under a kernel, and why."""


def seen(cell: Any) -> str:
    """What a cell shows, without what no two runs have in common."""
    text = json.dumps(cell.outputs, sort_keys=True, indent=1)
    for pattern, instead in (
        (r"/[\w/.-]*ipykernel_\d+/", "CELL/"),
        (r"0x[0-9a-f]{8,}", "ADDRESS"),
        (r'"model_id": "[0-9a-f]{32}"', "MODEL"),
        (r"[\d.]+(e[+-]\d+)? (ns|\\u03bcs|ms)", "TIME"),
    ):
        text = re.sub(pattern, instead, text)
    return text


@pytest.mark.slow
def test_a_fork_shows_what_a_kernel_shows_cell_by_cell(tmp_path):
    found = {}
    bare = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}  # ipykernel asks
    for how in ("fork", "kernel"):
        place = tmp_path / how / "here"
        place.mkdir(parents=True)
        (place / "written_script.py").write_text("print('in a script', __name__)")
        paths = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, "-c", RUN, str(PARITY), "executed.ipynb", how],
            cwd=place, capture_output=True, text=True, timeout=120,
            env={**bare, "PYTHONHASHSEED": "0", "PYTHONPATH": paths},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        found[how] = nbformat.read(place / "executed.ipynb", as_version=4)
    ours, theirs = found["fork"], found["kernel"]
    code = [c for c in ours.cells if c.cell_type == "code"]
    assert len(code) > 60
    assert code[-1].outputs[0].text == "the end\n"
    for a, b in zip(code, (c for c in theirs.cells if c.cell_type == "code"), strict=True):
        assert a.execution_count == b.execution_count, a.source
        known = next((why for start, why in DIFFERENCES.items() if a.source.startswith(start)), "")
        assert known or seen(a) == seen(b), f"{a.source}\n{seen(a)}\n{seen(b)}"
        status = [c.metadata.papermill["exception"] for c in (a, b)]
        assert status[0] == status[1], a.source
    assert ours.metadata.language_info == theirs.metadata.language_info
    models = [nb.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
              for nb in (ours, theirs)]  # fmt: skip
    assert len(models[0]) == len(models[1]) == 3


def test_where_forking_is_not_to_be_had_the_reason_is_told(monkeypatch):
    assert why_not_fork(language="r") == "it is written in r"
    assert why_not_fork("ir") == "it asks for the kernel ir"
    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    assert re.fullmatch(r"this process has \d+ threads", why_not_fork() or "")
    stop.set()
    other.join()
    monkeypatch.setattr(sys, "platform", "win32")
    assert why_not_fork() == "forking is not safe on win32"


def test_the_grammar_is_hidden_only_while_jsonschema_is_imported_first():
    code = (
        "import sys\nfrom mcanalysis.report.engine import without_format_checks\n"
        "with without_format_checks():\n    import jsonschema\n"
        "assert 'rfc3987_syntax' not in sys.modules\n"
        "with without_format_checks():\n    assert 'rfc3987_syntax' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    before = dict(sys.modules)
    with without_format_checks():
        assert "rfc3987_syntax" not in sys.modules or "rfc3987_syntax" in before


def test_papermill_knows_the_engine_by_its_name(tmp_path):
    """As an entry point, whichever of the two is imported first."""
    place = tmp_path / "mcanalysis_engine-0.dist-info"
    place.mkdir()
    (place / "METADATA").write_text("Metadata-Version: 2.1\nName: mcanalysis-engine\nVersion: 0\n")
    (place / "entry_points.txt").write_text(
        "[papermill.engine]\nmcanalysis = mcanalysis.report.engine:ForkEngine\n"
    )
    paths = os.pathsep.join([str(tmp_path), str(Path.cwd())])
    for first in ("mcanalysis.report.engine", "mcanalysis.report.forked", "papermill"):
        code = (
            f"import {first}\nfrom papermill.engines import papermill_engines\n"
            "print(papermill_engines.get_engine('mcanalysis').__name__)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                              timeout=60, env={**os.environ, "PYTHONPATH": paths})  # fmt: skip
        assert done.stdout == "ForkEngine\n", done.stderr


FAULTS = {
    "raise": ("raise RuntimeError('told to fail')", "RuntimeError: told to fail"),
    "sys.exit": ("import sys; sys.exit(0)", "The cell ended the notebook with sys.exit()."),
    "exit 3": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "os._exit 0": (
        "import os; os._exit(0)", "The notebook's process ended with exit code 0.",
    ),
    "os._exit 7": (
        "import os; os._exit(7)", "The notebook's process ended with exit code 7.",
    ),
    "kill -9": (
        "import os; os.kill(os.getpid(), 9)", "The notebook's process was killed by SIGKILL.",
    ),
    "segfault": (
        "import ctypes; ctypes.string_at(0)", "The notebook's process was killed by SIGSEGV.",
    ),
    "loop": ("while True: pass", "The cell took longer than 2 s."),
    "stubborn loop": (
        "import signal\nfor s in (2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass",
        "The cell took longer than 2 s.",
    ),
    "blocked signals": (
        "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65)); "
        "time.sleep(60)",
        "The cell took longer than 2 s.",
    ),
    "flood": (
        "for _ in range(1_000_000): print('x' * 100)",
        "The notebook showed more than 64 MiB.",
    ),
    "flood from below": (
        "import os\nwhile True: os.write(1, b'x' * 1_000_000)",
        "The notebook showed more than 64 MiB.",
    ),
    "flood at once": ("print('x' * 100_000_000)", "The notebook showed more than 64 MiB."),
    "input": (
        "input('who? ')",
        "StdinNotImplementedError: raw_input was called, but this frontend does not support "
        "input requests.",
    ),
    "broken answer": (
        "import socket, os\nfor n in range(3, 64):\n    try: os.write(n, b'nonsense' * 100)\n"
        "    except OSError: pass\nimport time; time.sleep(60)",
        "",
    ),
}  # fmt: skip
HARMLESS = {
    "child left behind": f"import subprocess; subprocess.Popen(['sleep', '{MARK}'])",
    "daemon left behind": "import subprocess; subprocess.Popen("
    f"['sh', '-c', 'sleep {MARK} & sleep {MARK}'], start_new_session=True)",
    "thread left behind": "import threading, time; threading.Thread(target=time.sleep, "
    "args=(60,)).start()",
    "task left behind": "import asyncio; t = asyncio.create_task(asyncio.sleep(60))",
    "patched library": "import pandas, mcanalysis, os, sys, builtins\n"
    "pandas.DataFrame = mcanalysis.read_study = builtins.print = None\n"
    "os.chdir('/'); os.environ['SPOILT'] = 'yes'; sys.path.clear(); sys.modules.pop('json')",
    "temporary file": "import tempfile; tempfile.mkdtemp(); open('/dev/null')",
}


def task(tmp_path: Path, act: str, **limits: Any) -> dict[str, Any]:
    """Make a task of a notebook that does something in its third cell."""
    cells = [
        "study = ''  # a place",
        "import os, pandas\nassert 'SPOILT' not in os.environ and pandas.DataFrame({'a': [1]}) is "
        "not None\nprint('begun in', os.path.basename(os.getcwd()))",
        f"# What it does\n{act}",
        "print('the end')",
    ]
    nodes = [nbformat.v4.new_code_cell(text) for text in cells]
    nodes[0].metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=nodes)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "", "language": "python"}
    place = tmp_path / "notebooks" / f"{abs(hash(act))}.ipynb"
    place.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, place)
    context = {
        "report": "country", "item": "DE", "title": "A page", "parameters": {},
        "inputs": {"systems.csv": (3, "a" * 64)}, "edition": "2024-05-01",
        "versions": {"mcanalysis": "0"}, "root": "../", "plotly": "../assets/plotly.js",
        "links": (),
    }  # fmt: skip
    return Task(str(place), str(tmp_path), {}, context, **{"timeout": 2, **limits}).as_dict()


def left_behind() -> list[str]:
    """Command lines of processes that a notebook has started."""
    lines = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(place.read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [line for line in lines if MARK in line]


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    """A folder for temporary files of our own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(workers.tempfile, "tempdir", str(place))
    return place


linux = pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux only")


@linux
@pytest.mark.slow
def test_whatever_a_notebook_does_costs_that_report_only(tmp_path, temporary):
    """One worker runs all: each report that fails is followed by one that does not."""
    tasks = {}
    for name, (act, _) in FAULTS.items():
        tasks[name] = task(tmp_path, act, timeout=60 if "flood" in name else 2)
        tasks[f"after {name}"] = task(tmp_path, f"'after {name}'")
    began = time.monotonic()
    results = dict(run_tasks(tasks, 1))
    for name, (act, message) in FAULTS.items():
        error = results[name]["error"]
        assert results[name]["html"] is None, name
        assert error["cell"] in (3, 4), name  # papermill adds a cell of parameters
        assert error["line"] == act.splitlines()[0].strip(), name
        assert message in error["message"], name
        assert "begun in notebooks" in results[name]["notebook"], name
        assert len(results[name]["notebook"]) < 1_000_000, name
        # Ended for what it did, not by the clock; or by the clock, not by luck.
        assert results[name]["seconds"] < (60 if "flood" in name else 20), name
        assert results[f"after {name}"]["error"] is None, name
        assert "the end" in results[f"after {name}"]["html"], name
    assert time.monotonic() - began < 180
    assert not list(temporary.iterdir())


@linux
@pytest.mark.slow
def test_what_a_notebook_leaves_behind_is_gone_and_the_next_report_is_right(tmp_path, temporary):
    tasks = {}
    for name, act in HARMLESS.items():
        tasks[name] = task(tmp_path, act)
        tasks[f"after {name}"] = task(tmp_path, f"'after {name}'")
    results = run_tasks(tasks, 1)
    for name, result in results:
        assert result["error"] is None or name == "patched library", (name, result["error"])
        assert not left_behind(), name
    assert not list(temporary.iterdir())


@linux
@pytest.mark.slow
@pytest.mark.parametrize("where", ["here", "in a child"])
def test_a_notebook_that_takes_too_much_memory_is_ended(tmp_path, where, monkeypatch):
    hog = "import numpy\nheld = [numpy.ones(10_000_000) for _ in range(2_000)]"
    if where == "in a child":
        hog = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {hog!r}])"
    bad, good = task(tmp_path, hog, timeout=60, memory=2**30), task(tmp_path, "1")
    results = dict(run_tasks({"bad": bad, "good": good}, 1))
    message = describe(results["bad"]["error"])
    assert message.endswith("The notebook held more than 1 GiB of memory.")
    assert results["good"]["error"] is None


@linux
@pytest.mark.slow
def test_a_notebook_ends_with_its_report_and_its_report_with_its_time(tmp_path):
    slow = task(tmp_path, "import time; time.sleep(60)", timeout=60, report_timeout=3)
    (_, result), = run_tasks({"slow": slow}, 1)  # fmt: skip
    assert describe(result["error"]).endswith("The notebook took longer than 3 s.")
    assert result["seconds"] < 5


@linux
@pytest.mark.slow
def test_forks_die_with_the_worker_that_is_killed(tmp_path):
    act = f"import subprocess, os; os.kill(os.getppid(), 9); subprocess.run(['sleep', '{MARK}'])"
    tasks = {"bad": task(tmp_path, act, timeout=60), "good": task(tmp_path, "1")}
    results, ended = dict(run_tasks(tasks, 2)), time.monotonic()
    assert describe(results["bad"]["error"]) == "Its process was killed three times."
    assert results["good"]["error"] is None
    while left_behind() and time.monotonic() < ended + 2:
        time.sleep(0.05)
    assert not left_behind()


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", ["mcanalysis", "nbclient"])
def test_no_fork_and_no_temporary_file_outlives_ctrl_c(tmp_path, temporary, name):
    import signal

    act = f"import subprocess; subprocess.run(['sleep', '{MARK}'])"
    tasks = {f"{n}": task(tmp_path, act, timeout=60, engine=name) for n in range(3)}
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 5)
        with pytest.raises(KeyboardInterrupt):
            list(run_tasks(tasks, 2))
        stopped = time.monotonic()
    finally:
        signal.signal(signal.SIGALRM, before)
    while left_behind() and time.monotonic() < stopped + 2:
        time.sleep(0.05)
    assert not left_behind()
    assert not list(temporary.iterdir())


def with_environment(entry: str) -> list[int]:
    """Numbers of the processes that were started with this in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*/environ"):
        try:
            if entry.encode() in place.read_bytes().split(b"\0"):
                found.append(int(place.parent.name))
        except OSError:
            continue
    return found


FOUR = [sys.executable, "-m", "mcanalysis", "report", "country", "--only", "DE,IE,BG,MT",
        "-p", "language=en", "--jobs", "2"]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> float:
    """Seconds that a run takes on this machine."""
    began = time.monotonic()
    subprocess.run([*FOUR, "--out", str(tmp_path_factory.mktemp("whole"))], check=True,
                   capture_output=True, timeout=60)  # fmt: skip
    return time.monotonic() - began


@linux
@pytest.mark.slow
@pytest.mark.parametrize("moment", [0.15, 0.35, 0.55, 0.75, 0.95])
def test_a_command_that_is_killed_leaves_no_process_and_the_next_run_is_right(
    tmp_path, whole, moment
):
    temporary, out = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    env = {**os.environ, "TMPDIR": str(temporary)}
    command = [*FOUR, "--out", str(out)]
    running = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)  # fmt: skip
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(moment * whole)
    running.kill()
    running.wait()
    until = time.monotonic() + 3
    while with_environment(f"TMPDIR={temporary}") and time.monotonic() < until:
        time.sleep(0.05)
    assert not with_environment(f"TMPDIR={temporary}")
    for page in out.glob("*/*.html"):
        assert page.read_text().rstrip().endswith("</html>")
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len(list(out.glob("country/*.html"))) == 4
    assert not list(temporary.iterdir())


@linux
@pytest.mark.slow
def test_a_handler_that_a_library_has_set_up_is_there_in_the_notebook_and_here(tmp_path):
    code = """
import signal, sys, os
from mcanalysis.report import engine
engine.load_libraries()
got = []
signal.signal(signal.SIGUSR1, lambda *_: got.append(os.getpid()) or print("handled"))
signal.signal(signal.SIGTERM, lambda *_: got.append("term"))
from mcanalysis.report.execution import run_task, Task
import json
result = run_task(json.load(open(sys.argv[1])))
assert "handled" in result["html"], result
assert got == []
os.kill(os.getpid(), signal.SIGTERM)
assert got == ["term"]
"""
    act = "import os, signal; os.kill(os.getpid(), signal.SIGUSR1)"
    (tmp_path / "task.json").write_text(json.dumps(task(tmp_path, act)))
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "task.json")],
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_both_engines_make_the_same_bytes_of_the_shipped_reports(tmp_path):
    asked = {
        "country": ["--only", "DE,IE", "-p", "language=de"],
        "comparison": ["-p", "language=en"],
    }
    for name in (NAME, "nbclient"):
        for report, options in asked.items():
            command = [sys.executable, "-m", "mcanalysis", "report", report, *options,
                       "--engine", name, "--out", str(tmp_path / name)]  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stderr
    made = (p.relative_to(tmp_path / NAME) for p in (tmp_path / NAME).rglob("*.html"))
    pages = sorted(p for p in made if p.parent.name in asked)
    assert len(pages) == 3
    for page in pages:
        assert (tmp_path / NAME / page).read_bytes() == (tmp_path / "nbclient" / page).read_bytes()


def test_the_engine_of_the_command_is_that_of_papermill():
    assert engine.NAME == NAME == "mcanalysis"
