"""What the wheel holds is enough: installed elsewhere, outside the repository, it does its work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.slow


def call(*command: str | Path, at: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command with nothing of this project in its environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        list(map(str, command)),
        cwd=at,
        env=kept | more,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def built(project: Path, place: Path) -> Path:
    """Build the wheel of a project into a folder."""
    call(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, at=project)
    (made,) = place.glob("*.whl")
    return made


def shipped(wheel: Path) -> set[str]:
    """Return what a workspace starts from, by name inside the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    start = "mcanalysis/shipped/"
    return {n.removeprefix(start) for n in names if n.startswith(start)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def mcanalysis(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel, and sees the libraries of this one."""
    place = tmp_path_factory.mktemp("elsewhere") / "env"
    call(sys.executable, "-m", "venv", place, at=place.parent)
    folder = "Scripts" if os.name == "nt" else "bin"
    pip = (place / folder / "python", "-m", "pip", "--disable-pip-version-check")
    call(*pip, "install", "--no-index", "--no-deps", wheel, at=place.parent)
    own = Path(
        call(
            place / folder / "python",
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
            at=place.parent,
        ).stdout.strip()
    )
    # libraries come after what is installed there, and the link to this repository is not followed
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return place / folder / "mcanalysis"


def test_the_wheel_holds_what_a_workspace_starts_from(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    command = ["git", "ls-files", "data", "notebooks", "reports.toml"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0 and listed.stdout:
        assert set(listed.stdout.splitlines()) <= shipped(wheel)
    assert {"data/systems.csv", "notebooks/country.ipynb", "reports.toml"} <= shipped(wheel)
    template = ROOT / "mcanalysis" / "report" / "template"
    held = {f"mcanalysis/report/template/{p.name}" for p in template.iterdir() if p.is_file()}
    assert held <= names


def test_drafts_and_pages_of_whoever_builds_it_stay_out_of_the_wheel(wheel: Path, tmp_path: Path):
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("pyproject.toml", ".gitignore", "README.md", "LICENSE", "reports.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "mcanalysis").mkdir()
    (tmp_path / "mcanalysis" / "__init__.py").touch()
    for own in ("data/.drafts/draft.json", "notebooks/explored/country/IE.html"):
        (tmp_path / own).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / own).touch()
    made = shipped(built(tmp_path, tmp_path / "dist"))
    assert made == shipped(wheel)
    assert not [name for name in made if ".drafts" in name or "explored" in name]


def test_installed_elsewhere_a_new_study_is_checked_and_reported(mcanalysis: Path, tmp_path: Path):
    # templates of nbconvert and the kernel lie in the environment, not among its libraries
    shared = {"JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}
    code = "import mcanalysis; print(mcanalysis.__file__)"
    there = call(mcanalysis.with_name("python"), "-c", code, at=tmp_path).stdout
    assert Path(there).is_relative_to(mcanalysis.parent.parent)

    call(mcanalysis, "new", "x", at=tmp_path)
    checked = call(mcanalysis, "check", at=tmp_path / "x")
    assert "No problem in data." in checked.stderr
    call(mcanalysis, "report", "country", "--only", "BG", at=tmp_path / "x", **shared)
    page = (tmp_path / "x" / "reports" / "country" / "BG.html").read_text(encoding="utf-8")
    assert "Bulgaria" in page

    told = json.loads(call(mcanalysis, "doctor", "--format", "json", at=tmp_path / "x").stdout)
    shipped = next(f["found"] for f in told["findings"] if f["name"] == "what ships")
    assert Path(shipped).is_relative_to(mcanalysis.parent.parent)


def test_installed_elsewhere_all_reports_of_a_small_study_are_made(
    mcanalysis: Path, tmp_path: Path
):
    shared = {"JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}
    call(mcanalysis, "new", "x", "--systems", "IE,NZ", at=tmp_path)
    done = call(mcanalysis, "report", at=tmp_path / "x", **shared)
    assert "0 failed" in done.stderr
    assert (tmp_path / "x" / "reports" / "index.html").is_file()
    for name in ("country/IE", "country/NZ", "comparison/comparison", "stakeholders/learners"):
        assert (tmp_path / "x" / "reports" / f"{name}.html").is_file()
