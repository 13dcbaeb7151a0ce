"""Pages made by a real Dask scheduler and its workers, which lie elsewhere and are lost."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import psutil
import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.report import remote
from mcanalysis.report.cluster import Cluster, _differences
from mcanalysis.study import read_study, write_study

ROOT = Path(__file__).parents[2]
ACTS = ROOT / "tests" / "notebooks" / "acts.ipynb"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
MARK = "MCANALYSIS_TEST_CLUSTER"


def command_of_readme(start: str, **instead: str) -> list[str]:
    """Return a command that the README shows, with what a reader puts in."""
    found = re.search(rf"^({start}[^#\n]*)", README, flags=re.M)
    assert found, start
    words = shlex.split(found.group(1))
    return [str(BIN / words[0]), *(instead.get(word, word) for word in words[1:])]


@dataclass
class Dask:
    """A scheduler, and workers in empty folders of their own."""

    place: Path
    address: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def worker(self, *more: str, path: Path = ROOT) -> subprocess.Popen[bytes]:
        number = len(self.running)
        cwd, scratch = self.place / f"worker-{number}", self.place / f"scratch-{number}"
        cwd.mkdir()
        scratch.mkdir()
        command = command_of_readme("dask worker", **{"tcp://HOST:8786": self.address, "-1": "1"})
        environment = {**os.environ, "PYTHONPATH": str(path), "TMPDIR": str(scratch),
                       MARK: str(self.place)}  # fmt: skip
        return self._start([*command, "--no-dashboard", *more], cwd, environment)

    def _start(self, command, cwd: Path, environment) -> subprocess.Popen[bytes]:
        with (self.place / f"{len(self.running)}.log").open("w") as log:
            self.running.append(subprocess.Popen(
                command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log,
            ))  # fmt: skip
        return self.running[-1]

    def processes(self, named: str) -> list[int]:
        """Return what runs for workers of this cluster, by a part of the command."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                marked = f"{MARK}={self.place}".encode() in (process / "environ").read_bytes()
                if marked and named.encode() in (process / "cmdline").read_bytes():
                    found.append(int(process.name))
            except OSError:
                continue
        return found


@pytest.fixture
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    if find_spec("distributed") is None:
        assert not os.environ.get("CI"), "CI needs requirements-cluster.lock"
        pytest.skip("the extra cluster is not installed here")
    place = tmp_path_factory.mktemp("dask")
    found, file = Dask(place, ""), place / "scheduler.json"
    command = command_of_readme("dask scheduler", **{"8786": "0", "HOST": "127.0.0.1"})
    found._start([*command, "--no-dashboard", "--scheduler-file", str(file)], place, os.environ)
    until(lambda: file.exists() and file.read_text().endswith("}"))
    found.address = json.loads(file.read_text())["address"]
    yield found
    for process in reversed(found.running):
        process.terminate()
    for process in reversed(found.running):
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    until(lambda: not found.processes(""))


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "that never came true"
        time.sleep(0.05)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A page for each of 25 systems, with a notebook that may not read the study in place.

    On a worker, that is: what is shown there must be what is shown here.
    """
    study = read_study("data")
    kept = {*study.systems["system_id"][:21], "AT", "DE", "EE", "FI", "IE", "NZ"}
    cut = {
        name: frame[frame["system_id"].isin(kept)]
        for name in ("systems", "indicators", "swot_factors")
        for frame in [getattr(study, name)]
    }
    write_study(replace(study, **cut, scenarios={}, translations={}), tmp_path / "data")
    notebook = json.loads(ACTS.read_text())
    first = next(c for c in notebook["cells"] if "Path.cwd" in "".join(c["source"]))
    first["source"] = "".join(first["source"]) + (
        "\nfrom mcanalysis import read_study\nprint(read_study(study).systems.to_csv())"
        f"\nif {MARK!r} in os.environ:\n    time.sleep(0.3)"
        f"\n    assert {str(tmp_path)!r} not in str(Path(study).resolve()) + str(Path.cwd())"
        f"\n    Path({str(tmp_path / 'begun')!r}).touch()"
    )
    (tmp_path / "acts.ipynb").write_text(json.dumps(notebook))
    (tmp_path / "reports.toml").write_text(
        '[country]\nnotebook = "acts.ipynb"\ntitle = "{name}: a page"\neach = "systems"\n'
    )
    return tmp_path


def start(project: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "mcanalysis", "report", *more], cwd=project, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def end(run: subprocess.Popen[str]) -> tuple[int, str, str]:
    stdout, stderr = run.communicate(timeout=240)
    assert "Traceback" not in stderr, stderr
    return run.returncode, stdout, stderr


def pages(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / "country").glob("*.html")}


def some_pages(out: Path, n: int) -> Callable[[], bool]:
    return lambda: len(list(out.glob("country/*.html"))) >= n


@pytest.mark.slow
def test_lost_workers_cost_no_page_and_no_page_differs_from_one_made_here(dask, project):
    watched, alone, _ = dask.worker(), dask.worker("--no-nanny"), dask.worker()
    out = project / "reports"
    run = start(project, "--cluster", dask.address, "--format", "json")
    until(some_pages(out, 3))
    alone.kill()  # for good
    until(some_pages(out, 12))
    # One that is started again, killed with pages in its hands.
    for process in psutil.Process(watched.pid).children():
        if "spawn_main" in " ".join(process.cmdline()):
            process.kill()
    code, stdout, stderr = end(run)
    assert code == 0, stderr
    made = json.loads(stdout)["pages"]
    assert {p["status"] for p in made} == {"made"}
    assert len({p["page"] for p in made}) == len(made) == len(pages(out)) > 20
    assert end(start(project, "--out", "here"))[0] == 0
    assert pages(out) == pages(project / "here")
    index = [(project / p / "index.html").read_text() for p in ("reports", "here")]
    assert all(page in index[0] and page in index[1] for page in pages(out))
    until(lambda: not dask.processes("report.remote"))
    assert not list(dask.place.glob("scratch-*/mcanalysis-*"))
    assert not [p for p in dask.place.glob("worker-*/*") if "dask" not in p.name]
    _, _, stderr = end(start(project, "--cluster", dask.address))
    assert stderr.startswith("0 made"), stderr


@pytest.mark.slow
def test_a_page_that_fails_or_kills_what_makes_it_fails_alone(dask, project):
    dask.worker()
    code, _, stderr = end(start(
        project, "--only", "DE,IE,NZ", "-p", "failing=DE,NZ", "-p", "act=kill the worker",
        "--cluster", dask.address, "--jobs", "2",
    ))  # fmt: skip
    assert code == 1
    assert "country/DE failed: Its process was killed three times." in stderr
    assert "1 made, 0 unchanged, 2 failed" in stderr
    code, _, stderr = end(start(
        project, "--only", "DE,IE", "-p", "failing=DE", "--cluster", dask.address
    ))  # fmt: skip
    assert "RuntimeError: told to fail," in stderr
    kept = (project / "reports/country/DE.failed.ipynb").read_text()
    assert str(dask.place) not in kept


@pytest.mark.slow
def test_stopping_a_run_takes_back_what_is_with_the_cluster(dask, project):
    dask.worker()
    run = start(project, "-p", "failing=DE,IE", "-p", "act=loop", "--only", "IE,DE,NZ",
                "--cluster", dask.address)  # fmt: skip
    until((project / "begun").exists)
    began = time.monotonic()
    run.send_signal(signal.SIGINT)
    code, _, stderr = end(run)
    assert time.monotonic() - began < 4
    assert (code, stderr[:8]) == (130, "Stopped.")
    until(lambda: not dask.processes("report.remote"), 10)
    code, _, stderr = end(start(project, "--only", "NZ", "--cluster", dask.address))
    assert code == 0, stderr  # the worker is free


@pytest.mark.slow
def test_workers_that_would_make_other_pages_are_named_before_anything_is_made(dask, project):
    code, _, stderr = end(start(project, "--cluster", dask.address))
    assert code == 1
    assert f"The scheduler at {dask.address} has no worker. Start one with" in stderr
    other = project / "other"
    shutil.copytree(ROOT / "mcanalysis", other / "mcanalysis")
    with (other / "mcanalysis" / "marks.py").open("a") as file:
        file.write("\n")
    without = project / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text(
        "import sys\nclass No:\n def find_spec(self, name, *_):\n  if name == 'mcanalysis':\n"
        "   raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, No())\n"
    )
    for path in (other, without):
        dask.worker(path=path)
    logs = [dask.place / f"{n}.log" for n in (1, 2)]
    until(lambda: all("Registered to" in log.read_text() for log in logs))
    code, _, stderr = end(start(project, "--cluster", dask.address))
    assert code == 1
    assert re.search(r"Worker tcp://\S+ has mcanalysis [\d.]+, but with other code\.", stderr)
    assert re.search(r"Worker tcp://\S+ has no mcanalysis\.", stderr)
    assert "start the worker again" in stderr
    assert not (project / "reports").exists()


@pytest.mark.slow
def test_a_worker_with_other_code_that_comes_later_makes_no_page(dask, project):
    dask.worker()
    other = project / "other"
    shutil.copytree(ROOT / "mcanalysis", other / "mcanalysis")
    with (other / "mcanalysis" / "report" / "frame.py").open("a") as file:
        file.write("\n")
    # The worker that may make pages makes one, and then has its hands full.
    run = start(project, "--only", "AT,DE,EE,FI", "-p", "failing=DE,EE,FI", "-p", "act=loop",
                "--cluster", dask.address)  # fmt: skip
    until(some_pages(project / "reports", 1))
    dask.worker(path=other)
    code, _, stderr = end(run)
    assert code == 1
    assert "but with other code" in stderr
    assert list(pages(project / "reports")) == ["AT.html"]
    until(lambda: not dask.processes("report.remote"))


@pytest.mark.slow
def test_a_scheduler_that_is_lost_is_a_message_and_what_is_done_is_kept(dask, project):
    dask.worker()
    run = start(project, "--cluster", dask.address)
    until(some_pages(project / "reports", 2))
    dask.running[0].kill()
    code, _, stderr = end(run)
    assert code == 1
    assert f"The scheduler at {dask.address} is gone. What is finished is kept" in stderr
    assert len(stderr.splitlines()) == 1
    code, _, stderr = end(start(project))
    assert code == 0
    assert not stderr.startswith("0 made")
    assert " 0 unchanged" not in stderr


@pytest.mark.slow
def test_a_place_where_no_scheduler_is_says_so_at_once(project):
    if find_spec("distributed") is None:
        pytest.skip("the extra cluster is not installed here")
    began = time.monotonic()
    code, _, stderr = end(start(project, "--cluster", "tcp://127.0.0.1:9"))
    assert time.monotonic() - began < 10
    assert code == 1
    assert stderr.startswith("No Dask scheduler answers at tcp://127.0.0.1:9 (")


def test_without_the_extra_the_message_names_it(monkeypatch):
    from mcanalysis.errors import ReportError

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ReportError, match=r'pip install "mcanalysis\[cluster\]"'):
        Cluster("tcp://127.0.0.1:8786").__enter__()


@pytest.mark.parametrize("address", ["localhost", "localhost:8786", "http://a:1", "tcp://a", ""])
def test_an_address_that_is_none_is_wrong_usage(address):
    with pytest.raises(ParameterError, match="Write tcp://host:port"):
        Cluster(address)


def test_a_parcel_holds_the_study_and_the_notebooks_and_nothing_else(folder, tmp_path):
    from mcanalysis.study import study_digests

    (folder / "secret.txt").write_text("not a table")
    files = study_digests(folder)
    parcel = remote.pack(folder, files, [ACTS])
    with zipfile.ZipFile(BytesIO(parcel)) as archive:
        inside = set(archive.namelist())
    assert inside == {*(f"study/small/{n}" for n in files), remote.in_parcel(ACTS)}
    assert remote.in_parcel(ACTS).endswith("/notebooks/acts.ipynb")
    os.utime(folder / "systems.csv", (1, 1))
    assert remote.pack(folder, files, [ACTS]) == parcel
    workbook = tmp_path / "study.xlsx"
    write_study(read_study(folder), workbook)
    with zipfile.ZipFile(
        BytesIO(remote.pack(workbook, study_digests(workbook), [ACTS]))
    ) as archive:
        assert "study/study.xlsx" in archive.namelist()


def test_all_that_a_worker_has_otherwise_is_said():
    ours = {"library": "a", "mcanalysis": "1", "pandas": "3", "plotly": "7"}
    assert list(_differences(ours, ours)) == []
    assert list(_differences(ours, {**ours, "pandas": "2", "plotly": "6", "library": "b"})) == [
        "has pandas 2 instead of 3.",
        "has plotly 6 instead of 7.",
        "has mcanalysis 1, but with other code.",
    ]
    assert list(_differences(ours, {**ours, "mcanalysis": "0", "library": "b"})) == [
        "has mcanalysis 0 instead of 1."
    ]
    for missing, said in (
        ("No module named 'mcanalysis.report.remote'", "has an mcanalysis other than 1."),
        ("No module named 'mcanalysis'", "has no mcanalysis."),
        ("No package metadata was found for plotly", "has no plotly."),
        ("odd", "has an mcanalysis that does not work: Exception: odd"),
    ):
        assert list(_differences(ours, Exception(missing))) == [said]
    assert list(_differences(ours, ConnectionError())) == []
