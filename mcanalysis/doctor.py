"""What is installed, what is missing, and how to mend it.

This runs where much else does not: it imports what it looks for only while it looks.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from pathlib import Path
from typing import Literal

State = Literal["ok", "optional", "missing"]

FOR_USERS = {"lab": "JupyterLab and its widgets", "cluster": "report --cluster"}
"""Extras that somebody who makes reports may want, and what they are for."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PYTHON = (3, 11)
_LITTLE = 200 * 1024**2  # bytes; a site of the shipped study takes about a tenth


@dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    Attributes
    ----------
    group, name : str
        Where it belongs, and what it is.
    state : str
        ``ok``; ``optional``: not there, and only what it is for does not work; ``missing``: needed.
    found : str
        What is there, or why it is not.
    mend : str
        What to do; empty where nothing is to be done.
    """

    group: str
    name: str
    state: State
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the finding as a plain dict, for JSON."""
        return asdict(self)


def examine(study: Path, out: Path = Path("reports")) -> list[Finding]:
    """Look for everything that commands may need.

    Parameters
    ----------
    study : Path
        The study that commands would read here.
    out : Path
        Where reports would be written.

    Returns
    -------
    list of Finding
        Grouped, in the order in which to mend them.

    Examples
    --------
    >>> [f.name for f in examine(Path("data")) if f.state == "missing"]
    []
    """
    looks: list[Callable[[], Iterator[Finding]]] = [
        _python,
        _libraries,
        _running,
        _shipped,
        lambda: _here(study),
        lambda: _place(out),
        _extras,
        _browser,
    ]
    return [finding for look in looks for finding in look()]


def as_text(findings: list[Finding]) -> str:
    """Lay findings out for a reader.

    Examples
    --------
    >>> print(as_text([Finding("Tools", "Chromium", "optional", "not found", "Install it.")]))
    Tools
      -  Chromium    not found
         -> Install it.
    """
    signs = {"ok": "ok", "optional": "- ", "missing": "NO"}
    width = max(len(f.name) for f in findings) + 4
    lines: list[str] = []
    group = ""
    for f in findings:
        if f.group != group:
            lines += ["", f.group] if lines else [f.group]
            group = f.group
        lines.append(f"  {signs[f.state]} {f.name:<{width}}{f.found}".rstrip())
        if f.mend:
            lines.append(f"     -> {f.mend}")
    return "\n".join(lines)


def _python() -> Iterator[Finding]:
    group, here = "Program", f"{platform.python_version()} ({sys.executable})"
    least = ".".join(map(str, _PYTHON))
    enough = sys.version_info >= _PYTHON
    mend = "" if enough else f"Install Python {least} or newer, and mcanalysis in it."
    yield Finding(group, "Python", "ok" if enough else "missing", here, mend)
    from mcanalysis import __version__

    where = f"{__version__} ({Path(__file__).parent})"
    yield Finding(group, "mcanalysis", "ok", where)


def _libraries() -> Iterator[Finding]:
    """Compare what the package asks for with what is installed."""
    try:
        asked = requires("mcanalysis") or []
    except PackageNotFoundError:
        mend = "Run pip install -e . where its pyproject.toml lies."
        yield Finding("Libraries", "all", "missing", "mcanalysis is not installed", mend)
        return
    for requirement in asked:
        if "extra ==" not in requirement:
            yield _library("Libraries", requirement, "missing")


def _extras() -> Iterator[Finding]:
    try:
        asked = requires("mcanalysis") or []
    except PackageNotFoundError:
        return
    for extra, use in FOR_USERS.items():
        for requirement in asked:
            if re.search(rf"extra == ['\"]{extra}['\"]", requirement):
                group = f"Extra {extra} (optional: {use})"
                yield _library(group, requirement.partition(";")[0].strip(), "optional")


def _library(group: str, requirement: str, otherwise: State) -> Finding:
    """Look for one library: ``name>=least``."""
    name, _, least = requirement.partition(">=")
    install = f'{Path(sys.executable).name} -m pip install "{requirement}"'
    try:
        there = version(name)
    except PackageNotFoundError:
        return Finding(group, name, otherwise, "not installed", install)
    if _numbers(there) < _numbers(least):
        return Finding(group, name, otherwise, f"{there}, older than {least}", install)
    return Finding(group, name, "ok", there)


def _numbers(text: str) -> tuple[int, ...]:
    r"""Read a version as numbers.

    Examples
    --------
    >>> _numbers("2.10") > _numbers("2.9.1")
    True
    """
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("+")[0]))


def _running() -> Iterator[Finding]:
    """Look for what runs notebooks: a fork of a process, else a kernel."""
    group, name = "Running notebooks", "forked processes"
    # what hinders here beside the system, threads, is not there in the process that forks
    forks = sys.platform == "linux"
    if "mcanalysis" not in {found.name for found in entry_points(group="papermill.engine")}:
        mend = "Install mcanalysis again: its papermill engine is not registered."
        yield Finding(group, name, "missing", "the engine is unknown to papermill", mend)
    elif forks:
        yield Finding(group, name, "ok", "yes")
    else:
        mend = "Nothing to do: ordinary kernels run them."
        yield Finding(group, name, "optional", f"not safe on {sys.platform}", mend)
    program = _kernel()
    there = bool(program and shutil.which(program))
    state: State = "ok" if there else "optional" if forks else "missing"
    said = program if there else f"{program} is gone" if program else "no kernel python3"
    install = "ipykernel install --sys-prefix" if program else "pip install ipykernel"
    mend = "" if there else f"{Path(sys.executable).name} -m {install}"
    yield Finding(group, "Jupyter kernel", state, said, mend)


def _kernel() -> str:
    """Find the program of the kernel that notebooks ask for; empty if there is none."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return ""
    try:
        program = str(KernelSpecManager().get_kernel_spec("python3").argv[0])
    except (NoSuchKernel, IndexError):
        return ""
    # as jupyter_client does: a bare python is the one that runs
    return sys.executable if re.fullmatch(r"python[0-9.]*", program) else program


def _shipped() -> Iterator[Finding]:
    group = "Data"
    try:
        from mcanalysis.workspace import shipped

        yield Finding(group, "what ships", "ok", str(shipped()))
    except Exception as error:  # whatever is wrong, the rest is still worth a look
        yield Finding(group, "what ships", "missing", _line(error), "Install mcanalysis again.")


def _here(study: Path) -> Iterator[Finding]:
    """Look at the study and the catalogue of this folder."""
    group = "Data"
    begin = "mcanalysis new DIR makes one; --study DIR names another."
    if not study.exists():
        yield Finding(group, "study", "optional", f"none at {study}", begin)
    else:
        try:
            from mcanalysis.study import check_study

            n = len(check_study(study))
            said, mend = (
                f"{study}, {n} problem{'s' * (n != 1)}",
                f"mcanalysis --study {study} check",
            )
            yield Finding(group, "study", "optional" if n else "ok", said, mend if n else "")
        except ImportError as error:
            yield Finding(group, "study", "missing", _line(error), "Mend the libraries.")
    catalogue = Path("reports.toml")
    if not catalogue.is_file():
        mend = "Run commands where it lies, or begin with mcanalysis new DIR."
        yield Finding(group, "reports.toml", "optional", "none in this folder", mend)
        return
    try:
        from mcanalysis.errors import ParameterError
        from mcanalysis.report.catalogue import read_catalogue

        try:
            n = len(read_catalogue(catalogue))
            yield Finding(group, "reports.toml", "ok", f"{n} report{'s' * (n != 1)}")
        except ParameterError as error:
            yield Finding(group, "reports.toml", "optional", "has problems", _line(error))
    except ImportError as error:
        yield Finding(group, "reports.toml", "missing", _line(error), "Mend the libraries.")


def _place(out: Path) -> Iterator[Finding]:
    """See whether reports can be written."""
    group = "Place"
    place = next(p for p in (out.absolute(), *out.absolute().parents) if p.exists())
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"x")
    except OSError as error:
        mend = "Choose a folder that you may write to: mcanalysis report --out DIR."
        said = f"{place} cannot be written ({error.strerror})"
        yield Finding(group, "reports", "missing", said, mend)
    else:
        free = shutil.disk_usage(place).free
        said = f"{place} can be written, {free / 1024**3:.1f} GiB free"
        mend = "Make room." if free < _LITTLE else ""
        yield Finding(group, "reports", "missing" if mend else "ok", said, mend)


def _browser() -> Iterator[Finding]:
    group = "Tools (optional)"
    found = next(filter(None, map(shutil.which, (os.environ.get("CHROMIUM", ""), *BROWSERS))), None)
    if found:
        yield Finding(group, "Chromium", "ok", found)
    else:
        mend = "Install Chromium or Chrome to print pages as PDF: apt-get install chromium."
        yield Finding(group, "Chromium", "optional", "not found", mend)


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
