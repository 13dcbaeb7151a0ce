from __future__ import annotations

import io
import json
import os
import signal
import time
import zipfile
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from mcanalysis.report import workers
from mcanalysis.report.execution import Task, describe, failure, run_task
from mcanalysis.report.workers import run_tasks

ACTS = Path(__file__).parent / "notebooks" / "acts.ipynb"


def task(study: Path, system: str = "DE", timeout: int = 60, **parameters: Any) -> dict[str, Any]:
    context = {
        "report": "country",
        "item": system,
        "title": f"A page on {system}",
        "parameters": {"system": system, **parameters},
        "inputs": {"systems.csv": (3, "a" * 64)},
        "edition": "2024-05-01",
        "versions": {"mcanalysis": "0"},
        "study": "../study.zip",
        "root": "../",
        "plotly": "../assets/plotly.js",
        "links": (),
    }
    given = {"system": system, **parameters}
    return Task(str(ACTS), str(study), given, context, timeout).as_dict()


def test_a_failure_is_described_in_one_line_of_bearable_length():
    error = {"cell": 4, "line": "read(x)", "message": "KeyError: 'x'\nand more"}
    assert describe(error) == "cell 4 (read(x)): KeyError: 'x'"
    assert describe({"cell": None, "line": None, "message": "Gone."}) == "Gone."
    assert len(describe({"cell": None, "line": None, "message": "x" * 1000})) == 300


def test_a_task_that_never_came_back_has_a_result_of_the_same_form():
    lost = failure("Its process was killed.", "2026-01-01T00:00:00+00:00")
    assert lost["html"] is None
    assert describe(lost["error"]) == "Its process was killed."


@pytest.mark.slow
def test_a_notebook_becomes_a_page_that_does_not_know_where_the_study_lies(folder: Path):
    before = dict(os.environ)
    result = run_task(task(folder, "NA", share=0.5))
    assert result["error"] is None
    assert "NA [] 0.5 True notebooks" in result["html"]
    assert "the end" in result["html"]
    with zipfile.ZipFile(io.BytesIO(result.pop("workbook"))) as book:
        inside = "".join(book.read(name).decode() for name in book.namelist())
    assert "NA [] 0.5 True notebooks" not in inside  # no table, so only what the page is
    assert str(folder.parent) not in inside
    assert str(folder.parent) not in json.dumps(result)
    assert str(ACTS.parent.parent) not in json.dumps(result)
    assert result["seconds"] < 60
    assert dict(os.environ) == before
    assert not list(ACTS.parent.glob("kernel*"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("act", "message"),
    [
        ("raise", "RuntimeError: told to fail,\nin the study"),
        ("die", "The kernel died."),
        ("leave", "The cell ended the notebook with sys.exit()."),
        ("loop", "The cell took longer than 3 s."),
    ],
)
def test_a_failing_notebook_names_its_cell_and_is_kept(folder: Path, act: str, message: str):
    result = run_task(task(folder, timeout=3, failing=["DE"], act=act))
    assert result["html"] is None
    assert result["error"] == {"cell": 4, "line": "if system in failing:", "message": message}
    assert "DE ['DE'] None True notebooks" in result["notebook"]
    assert str(folder.parent) not in result["notebook"]


@pytest.mark.slow
def test_a_page_that_cannot_be_laid_out_is_a_failure_too(folder: Path):
    broken = task(folder)
    broken["context"]["edition"] = "no date"
    result = run_task(broken)
    assert result["error"]["message"].startswith("The page could not be laid out: ValueError: ")
    assert ".py, line " in result["error"]["message"]
    assert result["notebook"] is not None


@pytest.mark.slow
def test_a_kernel_that_does_not_start_is_a_clear_message(folder: Path, monkeypatch):
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    def nothing(self: object, name: str) -> None:
        raise NoSuchKernel(name)

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", nothing)
    error = run_task(task(folder))["error"]
    assert error["message"] == "There is no Python kernel here. Install ipykernel."


@pytest.mark.slow
def test_two_workers_make_the_bytes_that_one_makes(folder: Path):
    tasks = {system: task(folder, system) for system in ("DE", "NA", "EU")}
    alone, together = (
        {name: result["html"] for name, result in run_tasks(tasks, n)} for n in (1, 2)
    )
    assert None not in alone.values()
    assert alone == together


@pytest.mark.slow
def test_a_task_that_kills_its_worker_costs_that_page_only(folder: Path):
    tasks = {
        system: task(folder, system, failing=["NA"], act="kill the worker")
        for system in ("DE", "NA", "EU")
    }
    results = dict(run_tasks(tasks, 2))
    assert describe(results["NA"]["error"]) == "Its process was killed three times."
    assert results["DE"]["error"] is None
    assert results["EU"]["error"] is None


@pytest.mark.slow
def test_stopping_a_run_leaves_no_worker_behind(folder: Path):
    tasks = {name: task(folder, failing=["DE"], act="loop") for name in ("one", "two")}
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    began = time.monotonic()
    try:
        signal.setitimer(signal.ITIMER_REAL, 6)
        with pytest.raises(KeyboardInterrupt):
            list(run_tasks(tasks, 2))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 6 + workers.PATIENCE + 1
    assert not active_children()
