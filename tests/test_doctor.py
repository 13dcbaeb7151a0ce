from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from mcanalysis import doctor
from mcanalysis.doctor import Finding, as_text, examine


def found(name: str, study: Path = Path("data"), out: Path = Path("reports")) -> Finding:
    return next(f for f in examine(study, out) if f.name == name)


def versions(monkeypatch: pytest.MonkeyPatch, **told: str | None) -> None:
    real: Callable[[str], str] = doctor.version

    def version(name: str) -> str:
        if name in told:
            if (there := told[name]) is None:
                raise PackageNotFoundError(name)
            return there
        return real(name)

    monkeypatch.setattr(doctor, "version", version)


def test_every_dependency_and_extra_for_users_is_looked_for():
    names = {f.name for f in examine(Path("data"))}
    assert {"Python", "mcanalysis", "click", "pandas", "openpyxl", "ipykernel"} <= names
    assert {"jupyterlab", "ipywidgets", "distributed", "Chromium", "Jupyter kernel"} <= names
    assert {"what ships", "study", "reports.toml", "reports", "forked processes"} <= names
    assert "ruff" not in names


def test_a_library_that_is_needed_and_not_there_is_missing_and_its_mend_a_command(monkeypatch):
    versions(monkeypatch, pandas=None)
    finding = found("pandas")
    assert (finding.state, finding.found) == ("missing", "not installed")
    assert finding.mend == f'{Path(sys.executable).name} -m pip install "pandas>=2.3"'


def test_a_library_that_is_too_old_is_missing(monkeypatch):
    versions(monkeypatch, pandas="2.2.9", openpyxl="3.10")
    assert found("pandas").state == "missing"
    assert found("pandas").found == "2.2.9, older than 2.3"
    assert found("openpyxl").state == "ok"


def test_an_extra_that_is_not_there_is_optional(monkeypatch):
    versions(monkeypatch, distributed=None)
    assert found("distributed").state == "optional"
    assert "cluster" in found("distributed").group
    assert "distributed>=" in found("distributed").mend


def test_no_study_here_is_no_fault_but_told_how_to_begin(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert found("study").state == "optional"
    assert "mcanalysis new DIR" in found("study").mend
    assert "mcanalysis new DIR" in found("reports.toml").mend


def test_a_study_with_problems_leads_to_the_check(folder):
    (folder / "systems.csv").write_text("system_id\n", encoding="utf-8")
    assert found("study", folder).state == "optional"
    assert f"--study {folder} check" in found("study", folder).mend


def test_a_catalogue_with_problems_says_which(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("reports.toml").write_text('[a]\nnotebok = "x"\n')
    assert "notebok" in found("reports.toml").mend


def test_a_place_that_cannot_be_written_is_missing(tmp_path, monkeypatch):
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    finding = found("reports", out=tmp_path / "not" / "yet")
    assert finding.state == "missing"
    assert f"{tmp_path} cannot be written (Permission denied)" in finding.found


def test_a_kernel_is_needed_only_where_nothing_forks(monkeypatch):
    monkeypatch.setattr(doctor, "_kernel", lambda: "")
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    assert found("Jupyter kernel").state == "optional"
    monkeypatch.setattr(doctor.sys, "platform", "darwin")
    assert found("Jupyter kernel").state == "missing"
    assert found("forked processes").state == "optional"


def test_a_kernel_whose_python_is_gone_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "_kernel", lambda: "/gone/bin/python")
    assert found("Jupyter kernel").found == "/gone/bin/python is gone"


def test_an_installation_without_its_study_is_told(monkeypatch):
    from mcanalysis import workspace

    monkeypatch.setattr(workspace, "__file__", "/nowhere/mcanalysis/workspace.py")
    assert found("what ships").state == "missing"


def test_the_layout_for_a_reader_shows_state_and_mend():
    text = as_text([Finding("G", "a", "missing", "gone", "Do it."), Finding("H", "bb", "ok", "1")])
    assert text == "G\n  NO a     gone\n     -> Do it.\n\nH\n  ok bb    1"
