"""Runs that are killed, crowded, starved or robbed: nothing is half there, the next ends right.

The faults are real: processes are killed at random moments, a small file system is filled up.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
ACTS = ROOT / "tests" / "notebooks" / "acts.ipynb"
REPORT = [sys.executable, "-m", "mcanalysis", "report"]
PAGES = ("DE", "NA")


@pytest.fixture
def project(folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(folder, tmp_path / "data")
    shutil.copy(ACTS, tmp_path / "acts.ipynb")
    (tmp_path / "reports.toml").write_text(
        '[country]\nnotebook = "acts.ipynb"\ntitle = "{name}: a page"\neach = "systems"\n'
    )
    return tmp_path


def start(project: Path, *more: str, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*REPORT, *more], cwd=project, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, **options,
    )  # fmt: skip


def end(run: subprocess.Popen[str]) -> tuple[int, str]:
    _, stderr = run.communicate(timeout=120)
    return run.returncode, stderr


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, "that never came true"
        time.sleep(0.02)


def assert_whole(out: Path) -> None:
    """Check that all that a reader or a program may meet is there in full or not at all."""
    for path in out.rglob("*"):
        if path.name.endswith(".part") or path.is_dir() or path.name == ".mcanalysis.lock":
            continue
        if path.suffix in (".xlsx", ".zip"):
            with zipfile.ZipFile(path) as packed:
                assert packed.testzip() is None, path
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            assert text.startswith("<!doctype html>"), path
            assert text.rstrip().endswith("</html>"), path
        elif path.suffix in (".json", ".ipynb"):
            json.loads(text)
        elif path.suffix == ".xml":
            assert text.rstrip().endswith("</feed>"), path
        elif path.suffix == ".js":
            assert len(text) > 1_000_000, path


def assert_right(project: Path) -> None:
    """Check that a normal run ends right, and that nothing of earlier ones is left."""
    out = project / "reports"
    code, said = end(start(project))
    assert code == 0, said
    assert " 0 failed" in said
    assert_whole(out)
    for page in PAGES:
        record = json.loads((out / "country" / f"{page}.json").read_text())
        html = (out / "country" / f"{page}.html").read_bytes()
        assert record["status"] == "made"
        assert record["page_sha256"] == hashlib.sha256(html).hexdigest()
        assert (out / "country" / f"{page}.xlsx").is_file()
        assert page in (out / "index.html").read_text()
    assert not [p for p in out.rglob("*") if p.name.endswith(".part") or "lock" in p.name]
    assert not list(out.rglob("*.failed.ipynb"))
    code, said = end(start(project))
    assert (code, said[:24]) == (0, "0 made, 2 unchanged, 0 f")


def test_a_run_killed_at_any_moment_leaves_whole_files_and_the_next_ends_right(project):
    chance, killed = random.Random(1), 0
    assert end(start(project))[0] == 0
    began = time.monotonic()
    assert end(start(project, "--force"))[0] == 0
    whole = time.monotonic() - began
    for number in range(50):
        # Every other time what each page shows is another, so that pages are replaced.
        more = ["--force", "-p", f"share={number % 2}", "--jobs", chance.choice(["1", "2"])]
        run, began = start(project, *more, start_new_session=True), time.monotonic()
        try:
            run.communicate(timeout=chance.uniform(0.05, 1.05) * whole)
        except subprocess.TimeoutExpired:
            if number % 3:
                run.send_signal(signal.SIGKILL)
            else:  # all that it started, too
                os.killpg(run.pid, signal.SIGKILL)
            run.communicate()
        else:  # it was faster
            whole = time.monotonic() - began
        killed += run.returncode == -signal.SIGKILL
        assert_whole(project / "reports")
    assert killed >= 30
    assert_right(project)


def test_two_runs_at_once_make_each_page_once(project):
    first = start(project)
    second = start(project)
    ends = [end(run) for run in (first, second)]
    assert [code for code, _ in ends] == [0, 0]
    counts = sorted(said.splitlines()[-2].split(" in ")[0] for _, said in ends)
    assert counts == ["0 made, 2 unchanged, 0 failed", "2 made, 0 unchanged, 0 failed"]
    assert any("is in use by process" in said for _, said in ends)
    assert_right(project)


def test_a_run_that_does_not_wait_says_who_is_at_work(project):
    first = start(project, "-p", "failing=DE", "-p", "act=loop")
    lock = project / "reports" / ".mcanalysis.lock"
    until(lambda: lock.exists() and lock.read_text())
    code, said = end(start(project, "--no-wait"))
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=30)
    assert code == 1
    assert f"is in use by process {first.pid}" in said
    assert "Traceback" not in said


def test_a_full_disk_is_a_clear_message_and_loses_nothing(project):
    place = project / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        out = place / "site"
        assert end(start(project, "--out", str(out)))[0] == 0
        before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
        (place / "filler").write_bytes(b"x" * shutil.disk_usage(place).free)
        code, said = end(start(project, "--out", str(out), "--force", "-p", "share=0.5"))
        assert code == 1
        assert "cannot be written: No space left on device" in said
        assert "Traceback" not in said
        assert_whole(out)
        assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
        (place / "filler").unlink()
        code, said = end(start(project, "--out", str(out), "--force", "-p", "share=0.5"))
        assert (code, said[:6]) == (0, "2 made")
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_folder_that_only_can_be_read_is_a_clear_message(project):
    place = project / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        code, said = end(start(project, "--out", str(place / "site")))
        assert code == 1
        assert "cannot be written: Read-only file system" in said
        assert "Traceback" not in said
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_study_that_vanishes_meanwhile_fails_its_pages_and_keeps_the_last_good_ones(project):
    assert end(start(project))[0] == 0
    pages = {p: (project / "reports/country" / f"{p}.html").read_bytes() for p in PAGES}
    slow = (
        "import time\nfrom pathlib import Path\nfrom mcanalysis import read_study\n"
        f"Path({str(project / 'begun')!r}).touch()\n"
        f"while Path({str(project / 'wait')!r}).exists():\n    time.sleep(0.05)\n"
        "read_study(study)\n"
    )
    notebook = json.loads((project / "acts.ipynb").read_text())
    first = next(c for c in notebook["cells"] if c["cell_type"] == "code"
                 and "parameters" not in c["metadata"].get("tags", []))  # fmt: skip
    first["source"] = slow + "".join(first["source"])
    (project / "acts.ipynb").write_text(json.dumps(notebook))
    (project / "wait").touch()
    run = start(project)
    until((project / "begun").exists)
    shutil.move(project / "data", project / "gone")
    (project / "wait").unlink()
    code, said = end(run)
    shutil.move(project / "gone", project / "data")
    assert code == 1, said
    assert "Traceback" not in said
    assert {p: (project / "reports/country" / f"{p}.html").read_bytes() for p in PAGES} == pages
    record = json.loads((project / "reports/country/DE.json").read_text())
    assert record["status"] == "failed"
    assert record["since"]
    assert "since" in (project / "reports/index.html").read_text()
    assert_right(project)
