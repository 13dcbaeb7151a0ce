"""Temporary folders go with their process, or with the next run; those of others stay."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from mcanalysis.report.scratch import PREFIX, scratch_folder

HOLD = """
import sys, time
from mcanalysis.report.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "file").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def holder(temporary):
    """Another process that holds a folder."""
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "TMPDIR": str(temporary)}) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline().strip()
        yield process
        process.kill()


def names(folder):
    return sorted(place.name for place in folder.iterdir())


def test_a_folder_is_there_for_as_long_as_the_context_lasts(temporary):
    with scratch_folder() as folder:
        (folder / "file").write_text("x")
        assert names(temporary) == [folder.name]
    assert names(temporary) == []


def test_the_folder_of_a_process_that_was_killed_goes_at_the_next_run(temporary, holder):
    before = names(temporary)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert names(temporary) == before
    with scratch_folder() as folder:
        assert names(temporary) == [folder.name]


def test_the_folder_of_a_process_that_works_stays(temporary, holder):
    before = names(temporary)
    with scratch_folder():
        pass
    assert names(temporary) == before


@pytest.mark.skipif(not shutil.which("unshare") or os.geteuid() != 0, reason="needs namespaces")
def test_a_run_in_a_container_leaves_the_folder_of_one_outside_alone(temporary, holder):
    """Processes outside have no number there, so that they seem to have ended."""
    before = names(temporary)
    act = "from mcanalysis.report.scratch import scratch_folder\nwith scratch_folder(): pass"
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    subprocess.run([*unshare, sys.executable, "-c", act], check=True, timeout=60,
                   env={**os.environ, "TMPDIR": str(temporary)})  # fmt: skip
    assert names(temporary) == before


def test_a_folder_that_is_just_being_made_stays_and_an_old_one_without_a_lock_goes(temporary):
    new, old, other = (temporary / name for name in (f"{PREFIX}a", f"{PREFIX}b", "mcanalysis-x"))
    for place in (new, old, other):
        place.mkdir()
        os.utime(place, (time.time() - (0 if place is new else 3600),) * 2)
    with scratch_folder():
        pass
    assert names(temporary) == sorted([new.name, other.name])
