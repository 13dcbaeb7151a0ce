"""One run at a time on a site: the second waits or says who is at work, a dead one never blocks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mcanalysis.errors import ReportError
from mcanalysis.report.lock import NAME, only_run
from mcanalysis.report.record import sweep, write_aside

HOLD = """
import sys, time
from pathlib import Path
from mcanalysis.report.lock import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(out: Path, seconds: float) -> subprocess.Popen[str]:
    """Start a process that holds a site; return when it does."""
    command = [sys.executable, "-c", HOLD, str(out), str(seconds)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_site_is_held_by_name_and_free_afterwards(tmp_path):
    out = tmp_path / "site"
    with only_run(out):
        who = json.loads((out / NAME).read_text())
        assert who["pid"] == os.getpid()
        assert set(who) == {"pid", "since", "command"}
    assert list(out.iterdir()) == []


def test_a_second_run_that_does_not_wait_says_who_holds_the_site(tmp_path):
    holder = hold(tmp_path, 30)
    try:
        with pytest.raises(ReportError) as error, only_run(tmp_path, wait=0):
            pass
    finally:
        holder.kill()
        holder.communicate()
    assert f"is in use by process {holder.pid}, running since 20" in str(error.value)
    assert "Nothing was made" in str(error.value)


def test_a_second_run_waits_and_says_so_once(tmp_path):
    holder, said = hold(tmp_path, 1.0), []
    began = time.monotonic()
    with only_run(tmp_path, wait=20, say=said.append):
        assert 0.3 < time.monotonic() - began < 10
    holder.communicate()
    assert len(said) == 1
    assert str(holder.pid) in said[0]


def test_what_a_killed_run_left_does_not_block(tmp_path):
    holder = hold(tmp_path, 30)
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    assert (tmp_path / NAME).exists()
    with only_run(tmp_path, wait=0):
        assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()
    assert not (tmp_path / NAME).exists()


def test_a_folder_that_goes_meanwhile_is_noticed(tmp_path):
    out = tmp_path / "site"
    with only_run(out) as check:
        check()
        (out / NAME).unlink()
        out.rmdir()
        with pytest.raises(ReportError, match="was removed or replaced"):
            check()
        out.mkdir()
        with pytest.raises(ReportError, match="was removed or replaced"):
            check()


def test_only_what_runs_left_half_written_is_swept(tmp_path):
    write_aside(tmp_path / "DE.html", b"whole")
    kept = ["notes.part", ".DE.html.part", ".hidden"]
    for name in [*kept, ".DE.html.ab12cd_9.part"]:
        (tmp_path / name).write_text("x")
    sweep([tmp_path, tmp_path / "nowhere"])
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*kept, "DE.html"])
