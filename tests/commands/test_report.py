"""The command that makes reports."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mcanalysis.cli import main

ROOT = Path(__file__).parents[2]
MCANALYSIS = [sys.executable, "-m", "mcanalysis"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_a_folder_without_a_catalogue_is_a_message(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused = run("report")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("There is no reports.toml in this folder.")


def test_a_study_with_problems_makes_no_report(project, no_kernel):
    rows = project / "data" / "indicators.csv"
    rows.write_text(rows.read_text().replace("2020,1,", "2020,5,"))
    refused = run("report")
    assert refused.exit_code == 1
    assert "indicators.csv, row 2, column level" in refused.stderr
    assert refused.stderr.endswith("The study has 1 problem.\n")


@pytest.mark.slow
def test_a_run_ends_with_one_line_and_prints_where_the_index_is(project):
    first = run("report", "--jobs", "1", "-p", "failing=DE")
    assert first.exit_code == 1, first.stderr
    assert first.stdout == "reports/index.html\n"
    failed, ended, told = first.stderr.splitlines()
    assert told.startswith("Nothing to compare with until all pages are made as the catalogue has")
    assert failed == (
        "country/DE failed (see reports/country/DE.failed.ipynb): "
        "cell 4 (if system in failing:): RuntimeError: told to fail,"
    )
    assert ended.startswith("1 made, 0 unchanged, 1 failed in ")
    assert str(project) not in (project / "reports" / "country" / "DE.json").read_text()
    second = run("report", "--only", "DE", "--format", "json")
    assert second.exit_code == 0
    found = json.loads(second.stdout)
    assert found["index"] == "reports/index.html"
    assert (found["made"], found["unchanged"], found["failed"]) == (1, 0, 0)
    assert found["pages"][0]["page"] == "country/DE"
    assert not (project / "reports" / "country" / "DE.failed.ipynb").exists()
    third = run("report", "--only", "DE")
    assert third.stderr.startswith("0 made, 1 unchanged, 0 failed in ")
    rows = project / "data"
    for name in ("systems", "indicators"):
        text = (rows / f"{name}.csv").read_text()
        kept = [row for row in text.splitlines(keepends=True) if not row.startswith("NA,")]
        (rows / f"{name}.csv").write_text("".join(kept))
    fourth = run("report", "--only", "DE", "--jobs", "1")
    removed, ended, told = fourth.stderr.splitlines()
    assert told == "First run, nothing to compare with."
    assert removed == "country/NA removed: it is no longer in the study."
    assert ended.startswith("1 made, 0 unchanged, 0 failed, 1 removed in ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("engine", "jobs"), [("mcanalysis", "1"), ("mcanalysis", "2"), ("nbclient", "2")]
)
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_leaves_no_process_and_no_file_behind(project, engine, jobs, sent, code):
    import psutil

    scratch = project / "temporary"
    scratch.mkdir()
    command = [*MCANALYSIS, "report", "--engine", engine, "--jobs", jobs]
    command += ["-p", "failing=DE,NA", "-p", "act=loop"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"TMPDIR": str(scratch), "PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    # A notebook's process is a child of a worker, which is a child of the run.
    run, below, notebooks = psutil.Process(process.pid), set(), set()
    while len(notebooks) < int(jobs):
        assert process.poll() is None
        notebooks = set(run.children(recursive=True)) - set(run.children())
        below |= set(run.children(recursive=True))
        time.sleep(0.1)
    time.sleep(2)
    began = time.monotonic()
    process.send_signal(sent)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == code
    assert time.monotonic() - began < 4
    assert stdout == ""
    lines = ["Stopped. What is finished is kept; the same command goes on."]
    assert stderr.splitlines() == (lines if sent is signal.SIGINT else [])
    left = psutil.wait_procs(below, timeout=1)[1]
    assert not [child for child in left if child.status() != psutil.STATUS_ZOMBIE]
    assert not list(scratch.iterdir())
    assert not list((project / "reports").glob("country/*"))
