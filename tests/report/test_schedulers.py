"""What others schedule: JupyterLab's scheduler, and Debian's cron, really run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ACTS = ROOT / "tests" / "notebooks" / "acts.ipynb"


def needed(found: object, what: str) -> None:
    """Skip where what a test needs is missing, but never in CI."""
    if not found:
        assert not os.environ.get("CI"), f"CI needs {what}"
        pytest.skip(f"no {what} here")


# A file of its own: the scheduler starts jobs as new processes that import the main module.
JOB = """
import json, sys, time
from jupyter_scheduler.environments import StaticEnvironmentManager
from jupyter_scheduler.models import CreateJob
from jupyter_scheduler.orm import create_tables
from jupyter_scheduler.scheduler import Scheduler

if __name__ == "__main__":
    root, parameters = sys.argv[1], json.loads(sys.argv[2])
    url = f"sqlite:///{root}/jobs.sqlite"
    create_tables(url)
    scheduler = Scheduler(root, StaticEnvironmentManager(), url)
    job = scheduler.create_job(CreateJob(
        input_uri="country.ipynb", name="country", runtime_environment_name="python3",
        output_formats=["ipynb", "html"], parameters=parameters))
    for _ in range(200):
        found = scheduler.get_job(job, job_files=False)
        if found.status in ("COMPLETED", "FAILED"):  # before it starts, a job counts as stopped
            break
        time.sleep(0.5)
    paths = scheduler.get_staging_paths(found)
    print(json.dumps({"status": found.status, "message": found.status_message, "paths": paths}))
"""


def test_jupyter_scheduler_runs_a_notebook_as_it_is(tmp_path):
    needed(find_spec("jupyter_scheduler"), "requirements-schedulers.lock")
    shutil.copy("notebooks/country.ipynb", tmp_path)
    (tmp_path / "job.py").write_text(JOB)
    # It writes values into the cell as they are: a text stands in quotes of its own.
    parameters = {"system": repr("IE"), "study": repr(str(ROOT / "data"))}
    home = {name: str(tmp_path / name) for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    done = subprocess.run(
        [sys.executable, tmp_path / "job.py", tmp_path, json.dumps(parameters)],
        env={**os.environ, **home}, capture_output=True, text=True, timeout=150,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["status"] == "COMPLETED", found["message"]
    notebook = json.loads(Path(found["paths"]["ipynb"]).read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert any("IE" in "".join(cell["source"]) for cell in cells[:2])
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error"]
    html = Path(found["paths"]["html"]).read_text(encoding="utf-8")
    assert "Ireland" in html
    assert "surely" in html


ISOLATED = """
mount -t tmpfs none /var/spool/cron/crontabs && mount -t tmpfs none /etc/cron.d &&
mount --bind /dev/null /etc/crontab && mount -t tmpfs none /run &&
crontab {crontab} && exec cron -f
"""


def test_a_real_cron_runs_the_line_that_is_printed(folder, tmp_path):
    """In a namespace of its own: the crontabs of this machine are neither read nor changed."""
    needed(shutil.which("cron") and shutil.which("unshare"), "cron: apt-get install cron")
    needed(os.geteuid() == 0, "the rights to start cron")
    place = tmp_path / "50 % here"
    place.mkdir()
    shutil.copytree(folder, place / "data")
    shutil.copy(ACTS, place / "acts.ipynb")
    (place / "reports.toml").write_text(
        '[acts]\nnotebook = "acts.ipynb"\ntitle = "Acts"\nschedule = "0 5 * * mon-fri"\n'
    )
    command = [sys.executable, "-m", "mcanalysis", "schedule", "--as", "cron"]
    printed = subprocess.run(command, cwd=place, capture_output=True, text=True, check=True).stdout
    every_minute = re.sub(r"(?m)^0 5 \* \* 1-5 ", "* * * * * ", printed)
    assert every_minute != printed
    path = f"PYTHONPATH={os.environ['PYTHONPATH']}\n" if "PYTHONPATH" in os.environ else ""
    crontab = tmp_path / "crontab"
    crontab.write_text(f"{path}{every_minute}")
    script = ISOLATED.format(crontab=crontab)
    # With the process ids of its own end all that cron has started.
    unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    with (tmp_path / "cron.out").open("w") as out:
        cron = subprocess.Popen(
            [*unshare, "sh", "-c", script], cwd="/", stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
    page, log = place / "reports" / "acts" / "acts.html", place / "reports.log"
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and not _ended(log):
            if cron.poll() is not None:
                pytest.fail(f"cron ended: {(tmp_path / 'cron.out').read_text()}")
            time.sleep(0.5)
    finally:
        cron.kill()
        cron.wait(10)
    assert _ended(log), log.read_text() if log.exists() else "nothing ran"
    assert "1 made, 0 unchanged, 0 failed" in log.read_text()
    assert page.is_file()
    assert str(crontab) not in _crontab_of_this_machine()


def _ended(log: Path) -> bool:
    return log.exists() and "nothing to compare with" in log.read_text()


def _crontab_of_this_machine() -> str:
    return subprocess.run(["crontab", "-l"], capture_output=True, text=True).stdout
