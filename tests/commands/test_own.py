from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mcanalysis import doctor
from mcanalysis.cli import main
from mcanalysis.study import read_study


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_new_tells_where_the_workspace_is_and_what_to_do_next(tmp_path: Path):
    done = run("new", str(tmp_path / "x"), "--systems", "IE, NZ")
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'x'}\n"
    assert "2 systems with evidence" in done.stderr
    assert "mcanalysis report" in done.stderr
    assert run("--study", str(tmp_path / "x" / "data"), "check").exit_code == 0


def test_new_without_systems_leads_to_filling_in(tmp_path: Path):
    done = run("new", str(tmp_path / "x"), "--systems", "none")
    assert "fill in data/ or data.xlsx, then mcanalysis check" in done.stderr
    checked = run("--study", str(tmp_path / "x" / "data"), "check")
    assert checked.exit_code == 1
    assert "systems.csv: has a header and no rows. Add at least one row." in checked.stdout


def test_new_into_a_folder_with_something_in_it_is_wrong_usage(tmp_path: Path):
    (tmp_path / "a").touch()
    done = run("new", str(tmp_path))
    assert done.exit_code == 2
    assert "is not empty" in done.stderr
    assert done.stdout == ""


def test_export_goes_by_the_ending_and_says_what_it_wrote(folder: Path, tmp_path: Path):
    done = run("--study", str(folder), "export", str(tmp_path / "s.jsonld"))
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 's.jsonld'}\n")
    assert "18 rows" in done.stderr
    again = run("--study", str(tmp_path / "s.jsonld"), "export", str(tmp_path / "s.jsonld"))
    assert again.exit_code == 2
    back = run("--study", str(tmp_path / "s.jsonld"), "export", str(tmp_path / "s.xlsx"))
    assert back.exit_code == 0
    assert read_study(tmp_path / "s.xlsx").systems.equals(read_study(folder).systems)


def test_export_of_a_study_with_problems_lists_them_and_writes_nothing(
    folder: Path, tmp_path: Path
):
    (folder / "systems.csv").write_text("system_id\n", encoding="utf-8")
    done = run("--study", str(folder), "export", str(tmp_path / "s.xlsx"))
    assert done.exit_code == 1
    assert "systems.csv" in done.stderr
    assert not (tmp_path / "s.xlsx").exists()


def test_doctor_ends_with_0_where_all_is_there_and_json_says_the_same():
    done = run("doctor", "--format", "json")
    assert done.exit_code == 0, done.stdout
    content = json.loads(done.stdout)
    assert content["ok"] is True
    assert set(content["findings"][0]) == {"group", "name", "state", "found", "mend"}
    assert "All that is needed is there." in run("doctor").stderr


def test_doctor_ends_with_1_and_names_what_is_missing(monkeypatch):
    monkeypatch.setattr(doctor, "_numbers", lambda text: (0,) if text == doctor_pandas else (1,))
    doctor_pandas = doctor.version("pandas")
    done = run("doctor")
    assert done.exit_code == 1
    assert "Needed and not right: pandas." in done.stderr
    assert 'pip install "pandas' in done.stdout


def test_check_and_report_tell_of_a_workbook_that_was_not_taken_over(tmp_path: Path, monkeypatch):
    import os

    monkeypatch.chdir(tmp_path)
    run("new", ".", "--systems", "IE")
    later = Path("data/systems.csv").stat().st_mtime + 3600
    os.utime("data.xlsx", (later, later))
    assert "data.xlsx was changed after data" in run("check").stderr


@pytest.mark.slow
def test_doctor_speaks_where_a_library_cannot_be_imported():
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "from mcanalysis.cli import main; main(['doctor'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "what ships" in done.stderr
