"""The project keeps its own rules, and its README tells the truth."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import mcanalysis

PROJECT = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
README = Path("README.md").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
EXTRAS = ("lab", "dev")
# Commands that no test runs: the tests themselves run in what these set up.
SET_UP = {"make report", "make test", "make lab"}


def run(*command: str, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout)


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", ["ruff check .", "ruff format --check .", "mypy", "lint-imports"]
)
def test_the_code_keeps_the_rules(command):
    tool, *rest = command.split()
    done = run(str(BIN / tool), *rest)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_version_is_told_once():
    assert PROJECT["version"] == mcanalysis.__version__


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(file: str = "requirements.lock") -> dict[str, list[str]]:
    """Return name -> lines of the lock file."""
    found: dict[str, list[str]] = {}
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", line):
            name = canonical(match.group(1))
        if line.strip() and not line.lstrip().startswith("#"):
            found.setdefault(name, []).append(line)
    return found


def test_the_lock_file_covers_every_dependency_with_hashes_and_no_address():
    lock = locked()
    wanted = [*PROJECT["dependencies"], *(d for e in EXTRAS for d in
              PROJECT["optional-dependencies"][e])]  # fmt: skip
    for requirement in wanted:
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        assert name is not None
        assert canonical(name.group()) in lock, requirement
    for name, lines in lock.items():
        assert any("--hash=sha256:" in line for line in lines), name
    text = Path("requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text


@pytest.mark.parametrize("extra", ["schedulers", "cluster", "voila"])
def test_the_lock_file_of_an_extra_adds_what_the_other_has_not_with_hashes(extra):
    file = f"requirements-{extra}.lock"
    lock = locked(file)
    for requirement in PROJECT["optional-dependencies"][extra]:
        assert canonical(requirement.partition(">=")[0]) in lock
    assert not lock.keys() & locked().keys()
    for name, lines in lock.items():
        assert any("--hash=sha256:" in line for line in lines), name
    assert "://" not in Path(file).read_text(encoding="utf-8")


def test_dependencies_have_lower_bounds_and_no_caps():
    for requirement in PROJECT["dependencies"]:
        assert re.fullmatch(r"[a-z0-9-]+>=[\d.]+", requirement)


def imported(*arguments: str) -> set[str]:
    """Return the top-level packages that a Python process imports."""
    done = run(sys.executable, "-X", "importtime", *arguments)
    assert done.returncode == 0, done.stderr
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}


def test_help_needs_none_of_the_heavy_libraries():
    heavy = {"pandas", "numpy", "plotly", "papermill", "nbconvert", "IPython"}
    assert not imported("-m", "mcanalysis", "--help") & heavy


def test_the_library_needs_no_library_for_reports():
    code = "import mcanalysis; mcanalysis.analyse; mcanalysis.read_study"
    heavy = {"plotly", "papermill", "nbconvert", "nbformat", "IPython", "click"}
    assert not imported("-c", code) & heavy


def test_every_public_name_is_there_and_in_the_readme():
    for name in mcanalysis.__all__:
        assert getattr(mcanalysis, name).__doc__, name
        assert re.search(rf"\b{name}\b", README), f"README does not tell of {name}"


def test_a_name_that_is_not_public_is_not_there():
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        mcanalysis.nothing_of_the_kind  # noqa: B018


def test_every_command_and_its_options_are_told():
    from mcanalysis.cli import main

    told = dict(main.commands)
    for name, command in main.commands.items():
        own = getattr(command, "commands", {})
        told |= {f"{name} {below}": c for below, c in own.items()}
    for name, command in told.items():
        assert f"mcanalysis {name}" in README
        assert command.help
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, parameter.name


def shell_commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.S)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_the_readme_shows_commands():
    ours = [c for c in shell_commands() if c.startswith("mcanalysis ")]
    assert len(ours) >= 4
    assert {c for c in shell_commands() if c not in ours} <= SET_UP


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(set(shell_commands()) - SET_UP))
def test_a_command_of_the_readme_works(command, tmp_path):
    words = shlex.split(command)
    assert words[0] == "mcanalysis"
    if "report" in words:
        words += ["--out", str(tmp_path)]
    if words[1] in ("new", "export"):
        words[2] = str(tmp_path / words[2])
    done = run(sys.executable, "-m", *words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.slow
def test_the_python_of_the_readme_works(tmp_path):
    for block in re.findall(r"```python\n(.*?)```", README, flags=re.S):
        done = run(sys.executable, "-W", "error", "-c", block)
        assert done.returncode == 0, done.stderr


def test_every_link_of_the_readme_leads_to_a_file():
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", README):
        if "://" not in target:
            assert Path(target).exists(), target
