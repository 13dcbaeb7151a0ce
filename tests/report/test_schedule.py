from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from mcanalysis.cli import main
from mcanalysis.report.catalogue import read_catalogue
from mcanalysis.report.cron import read_cron
from mcanalysis.report.schedule import group_reports

ROOT = Path(__file__).parents[2]
ACTS = ROOT / "tests" / "notebooks" / "acts.ipynb"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def project(folder: Path, tmp_path: Path, monkeypatch) -> Path:
    """Stand in a folder whose name a shell, cron and systemd must be told to leave alone."""
    place = tmp_path / '50 % $HOME\'s "best"'
    place.mkdir()
    shutil.copytree(folder, place / "data")
    shutil.copy(ACTS, place / "acts.ipynb")
    monkeypatch.chdir(place)
    write_catalogue({"a": "0 5 * * mon-fri", "b": "@daily", "c": "0 5 * * 1-5"})
    return place


def write_catalogue(schedules: dict[str, str | None]) -> None:
    Path("reports.toml").write_text(
        "".join(
            f'[{name}]\nnotebook = "acts.ipynb"\ntitle = "{name}"\n'
            + (f'schedule = "{text}"\n' if text else "")
            for name, text in schedules.items()
        )
    )


def crontab_lines(text: str) -> list[tuple[str, str]]:
    """Read a crontab as cron does: times, and the command after its per cent signs are freed."""
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            *times, command = line.split(" ", 5)
            assert not re.search(r"(?<!\\)%", command)
            found.append((" ".join(times), command.replace(r"\%", "%")))
    return found


def test_the_shipped_reports_have_one_schedule(monkeypatch):
    monkeypatch.chdir(ROOT)
    (group,) = group_reports(read_catalogue(Path("reports.toml")))
    assert group.names == ()
    assert group.cron == read_cron("0 5 * * *")


def test_reports_with_the_same_schedule_share_a_command(project):
    groups = group_reports(read_catalogue(Path("reports.toml")))
    assert [(g.cron.line, g.names, g.unit) for g in groups] == [
        ("0 5 * * 1-5", ("a", "c"), "mcanalysis-a"),
        ("0 0 * * *", ("b",), "mcanalysis-b"),
    ]
    write_catalogue({"a": "@daily", "b": "0 0 * * *"})
    (group,) = group_reports(read_catalogue(Path("reports.toml")))
    assert (group.names, group.title, group.unit) == ((), "a, b", "mcanalysis")
    write_catalogue({"a": "@daily", "b": None})
    (group,) = group_reports(read_catalogue(Path("reports.toml")))
    assert group.names == ("a",)


def test_a_wrong_schedule_is_told_with_all_that_is_wrong_in_the_catalogue(project):
    write_catalogue({"a": "0 25 * * mon", "b": "@dayly", "_c": None})
    done = run("schedule", "--as", "cron")
    assert done.exit_code == 2
    assert done.stdout == ""
    first, second, third = done.stderr.splitlines()
    assert first == (
        'reports.toml, [a], schedule: hour "25": 25 is out of range. It can hold 0 to 23.'
    )
    assert second.startswith('reports.toml, [b], schedule: "@dayly" is no time that comes again.')
    assert third.startswith("reports.toml, [_c]: the name is also a folder of the site")


def test_a_catalogue_without_schedules_says_what_to_add(project):
    write_catalogue({"a": None})
    done = run("schedule", "--as", "systemd")
    assert done.exit_code == 2
    assert done.stderr.startswith('No report has a schedule. Add schedule = "0 5 * * *"')


def test_wrong_usage_is_told(project):
    assert run("schedule").exit_code == 2
    assert run("schedule", "--as", "anacron").exit_code == 2
    gone = run("--study", "nowhere", "schedule", "--as", "cron")
    assert gone.exit_code == 2
    assert gone.stderr == "There is no study at nowhere. Name one with --study.\n"


def test_the_lines_for_cron_have_five_fields_and_absolute_places(project):
    done = run("schedule", "--as", "cron")
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = crontab_lines(done.stdout)
    assert [times for times, _ in lines] == ["0 5 * * 1-5", "0 0 * * *"]
    for times, command in lines:
        assert read_cron(times).line == times
        assert sys.executable in command
        assert "$HOME" in command
    assert " report a c --out " in lines[0][1]
    assert " report b --out " in lines[1][1]


@pytest.mark.slow
def test_the_command_for_cron_works_from_anywhere_and_tells_of_failures(project):
    """Cron gives a command almost no environment and another folder."""
    (_, command), _ = crontab_lines(run("schedule", "--as", "cron").stdout)
    bare = {"PATH": "/usr/bin:/bin", "HOME": "/", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    shell = ["/bin/sh", "-c", command]
    done = subprocess.run(shell, cwd="/", env=bare, capture_output=True, text=True, timeout=120)
    log = (project / "reports.log").read_text()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), log
    assert "2 made, 0 unchanged, 0 failed" in log
    assert (project / "reports" / "c" / "c.html").is_file()
    Path("data/systems.csv").write_text("nonsense")
    done = subprocess.run(shell, cwd="/", env=bare, capture_output=True, text=True, timeout=120)
    assert done.stdout == f"mcanalysis report failed, see {project / 'reports.log'}\n"
    assert (project / "reports.log").read_text().startswith(log)


def units(text: str) -> dict[str, str]:
    """Part what is printed for systemd into its files."""
    parts = re.split(r"(?m)^# /etc/systemd/system/(\S+)\n", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("plain", [True, False])
def test_the_units_for_systemd_are_verified_by_it(project, tmp_path, plain):
    if plain:
        write_catalogue({"a": "0 5 1 * mon"})
    files = units(run("schedule", "--as", "systemd").stdout)
    names = ["mcanalysis"] if plain else ["mcanalysis-a", "mcanalysis-b"]
    assert list(files) == [f"{n}.{kind}" for n in names for kind in ("service", "timer")]
    for name in names:
        assert "WorkingDirectory=/" in files[f"{name}.service"]
        assert "50 %% " in files[f"{name}.service"]
        assert "$$HOME" in files[f"{name}.service"]
    if plain:
        times = re.findall("OnCalendar=(.*)", files["mcanalysis.timer"])
        assert times == ["*-*-01 05:00:00", "Mon *-*-* 05:00:00"]
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    verify = ["systemd-analyze", "verify", *(str(tmp_path / name) for name in files)]
    done = subprocess.run(verify, capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "mcanalysis" in line]
    assert (done.returncode, ours) == (0, [])


def test_the_workflow_is_yaml_with_schedules_installation_and_an_artifact(project):
    text = run("schedule", "--as", "github").stdout
    assert text.startswith("# .github/workflows/reports.yml\n")
    workflow = yaml.load(text, yaml.BaseLoader)
    assert workflow["on"]["schedule"] == [{"cron": "0 5 * * 1-5"}, {"cron": "0 0 * * *"}]
    assert "workflow_dispatch" in workflow["on"]
    steps = workflow["jobs"]["reports"]["steps"]
    used = [step["uses"].rpartition("@")[0] for step in steps if "uses" in step]
    assert used == [
        *("actions/checkout", "actions/setup-python", "actions/cache/restore"),
        *("actions/cache/save", "actions/upload-artifact"),
    ]
    made = {s["run"]: s["if"] for s in steps if s.get("name", "").startswith("Make")}
    assert list(made) == [
        "mcanalysis --study data report a c --out reports",
        "mcanalysis --study data report b --out reports",
    ]
    for condition, cron in zip(made.values(), ("0 5 * * 1-5", "0 0 * * *"), strict=True):
        assert f"github.event.schedule == '{cron}'" in condition
    assert "://" not in text
    assert "secrets" not in text
    assert str(project) not in text


def test_the_workflow_installs_from_the_lock_where_there_is_one(project, monkeypatch):
    def installed() -> str:
        steps = yaml.safe_load(run("schedule", "--as", "github").stdout)["jobs"]["reports"]["steps"]
        return next(step["run"] for step in steps if step.get("name") == "Install")

    assert re.fullmatch(r"pip install mcanalysis==\S+\n", installed())
    Path("requirements.lock").touch()
    assert installed().startswith("pip install --require-hashes -r requirements.lock\n")
    monkeypatch.chdir(ROOT)
    assert installed().endswith("pip install --no-deps --no-build-isolation -e .\n")


def test_a_workflow_cannot_reach_a_study_outside_the_repository(project, folder):
    done = run("--study", str(folder), "schedule", "--as", "github")
    assert done.exit_code == 2
    assert "outside the folder of reports.toml" in done.stderr


def test_a_place_with_a_line_break_is_refused(project):
    done = run("schedule", "--as", "cron", "--out", "re\nports")
    assert done.exit_code == 2
    assert "a line break" in done.stderr
