"""The schedules of a catalogue, as cron, systemd and GitHub Actions take them."""

from __future__ import annotations

import getpass
import shlex
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mcanalysis import __version__
from mcanalysis.errors import ParameterError
from mcanalysis.report.catalogue import Report
from mcanalysis.report.cron import Cron, read_cron

LOG = "reports.log"
"""Beside the catalogue: where a run under cron writes what it says."""


@dataclass(frozen=True)
class Group:
    """Reports that are made at the same times, by one command.

    Attributes
    ----------
    cron : Cron
    names : tuple of str
        Reports to name in the command; none where the group is the whole catalogue.
    title : str
        All of them, for comments.
    unit : str
        Name for files of their own.
    """

    cron: Cron
    names: tuple[str, ...]
    title: str
    unit: str


def group_reports(catalogue: Sequence[Report]) -> list[Group]:
    """Put reports with the same schedule together, in the order of the catalogue.

    Raises
    ------
    ParameterError
        If no report has a schedule.
    """
    crons: dict[str, Cron] = {}
    names: dict[str, list[str]] = {}
    for r in catalogue:
        if r.schedule is not None:
            cron = read_cron(r.schedule)
            crons[cron.line] = cron
            names.setdefault(cron.line, []).append(r.name)
    if not names:
        raise ParameterError(
            'No report has a schedule. Add schedule = "0 5 * * *" (every day at 05:00) under its '
            "heading in reports.toml."
        )
    return [
        Group(
            crons[line],
            () if len(some) == len(catalogue) else tuple(some),
            ", ".join(some),
            "mcanalysis" if len(names) == 1 else f"mcanalysis-{some[0]}",
        )
        for line, some in names.items()
    ]


def _one_line(*paths: Path) -> None:
    broken = [str(path) for path in paths if not str(path).isprintable()]
    if broken:
        raise ParameterError(
            f"{broken[0]!r} has a line break or another sign that no schedule can hold. Rename it."
        )


def _command(group: Group, study: Path, out: Path) -> list[str]:
    return [
        sys.executable, "-m", "mcanalysis", "--study", str(study.resolve()), "report",
        *group.names, "--out", str(out.resolve()),
    ]  # fmt: skip


def as_cron(groups: Iterable[Group], folder: Path, study: Path, out: Path) -> str:
    """Return lines for a crontab.

    Parameters
    ----------
    groups : iterable of Group
    folder : Path
        Where the catalogue lies.
    study, out : Path
        What the reports are made of, and the root of their site.
    """
    folder = folder.resolve()
    log = folder / LOG
    _one_line(folder, study, out, Path(sys.executable))
    lines = [
        "# Add these lines with: crontab -e. Times are those of the machine.",
        f"# What a run says goes to {log}; cron mails a line when one fails.",
    ]
    for group in groups:
        at, to = shlex.quote(str(folder)), shlex.quote(str(log))
        failed = shlex.quote(f"mcanalysis report failed, see {log}")
        command = shlex.join(_command(group, study, out))
        line = f"cd {at} && {command} >> {to} 2>&1 || echo {failed}"
        # To cron a bare per cent sign is the end of the command.
        line = line.replace("%", r"\%")
        lines += [f"# {group.title}", f"{group.cron.line} {line}"]
    return "\n".join(lines)


def as_systemd(groups: Sequence[Group], folder: Path, study: Path, out: Path) -> str:
    """Return a service and a timer for each group, each under a comment with its file.

    Parameters
    ----------
    groups : sequence of Group
    folder, study, out : Path
        As for `as_cron`.
    """
    folder = folder.resolve()
    _one_line(folder, study, out, Path(sys.executable))
    timers = " ".join(f"{group.unit}.timer" for group in groups)
    parts = [
        "# Write each part to the file named above it, then:\n"
        f"#   systemctl daemon-reload && systemctl enable --now {timers}\n"
        f"# What a run says: journalctl -u {groups[0].unit}. Times are those of the machine."
    ]
    for group in groups:
        words = " ".join(_unit_word(word) for word in _command(group, study, out))
        times = "\n".join(f"OnCalendar={time}" for time in group.cron.on_calendar())
        parts += [
            f"# /etc/systemd/system/{group.unit}.service\n"
            "[Unit]\n"
            f"Description=mcanalysis reports: {group.title}\n\n"
            "[Service]\n"
            "Type=oneshot\n"
            f"User={getpass.getuser()}\n"
            f"WorkingDirectory={str(folder).replace('%', '%%')}\n"
            f"ExecStart={words}",
            f"# /etc/systemd/system/{group.unit}.timer\n"
            "[Unit]\n"
            f"Description=When to make mcanalysis reports: {group.title}\n\n"
            "[Timer]\n"
            f"{times}\n"
            "# Make up for a time at which the machine was off.\n"
            "Persistent=true\n\n"
            "[Install]\n"
            "WantedBy=timers.target",
        ]
    return "\n\n".join(parts)


def _unit_word(word: str) -> str:
    """Quote a word for ExecStart: per cent and dollar have a meaning there, even in quotes."""
    plain = word.replace("%", "%%").replace("$", "$$")
    if shlex.quote(word) == word:
        return plain
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_github(groups: Sequence[Group], folder: Path, study: Path, out: Path) -> str:
    """Return a workflow for GitHub Actions; the catalogue lies at the root of the repository.

    Parameters
    ----------
    groups : sequence of Group
    folder, study, out : Path
        As for `as_cron`; study and site lie inside the folder.

    Raises
    ------
    ParameterError
        If study or site lie elsewhere: a runner has nothing but the repository.
    """
    folder, places = folder.resolve(), []
    for name, path in (("--study", study), ("--out", out)):
        if not path.resolve().is_relative_to(folder):
            raise ParameterError(
                f"{name} {path} is outside the folder of reports.toml, and a workflow has nothing "
                "but the repository. Choose a place inside it."
            )
        places.append(path.resolve().relative_to(folder).as_posix())
    of, to = (shlex.quote(place) for place in places)
    install = [f"pip install mcanalysis=={__version__}"]
    if (folder / "requirements.lock").is_file():
        install = ["pip install --require-hashes -r requirements.lock"]
        ours = (folder / "mcanalysis" / "__init__.py").is_file()
        editable = "--no-build-isolation -e ." if ours else f"mcanalysis=={__version__}"
        install.append(f"pip install --no-deps {editable}")
    times = [f'    - cron: "{group.cron.line}" # {group.title}' for group in groups]
    runs: list[str] = []
    for group in groups:
        words = " ".join(["mcanalysis", "--study", of, "report", *group.names, "--out", to])
        runs.append(f"      - name: {_scalar(f'Make {group.title}')}")
        if len(groups) > 1:
            runs.append(
                "        if: ${{ !cancelled() && (github.event_name != 'schedule' || "
                f"github.event.schedule == '{group.cron.line}') }}}}"
            )
        runs.append(f"        run: {_scalar(words)}")
    lines = [
        "# .github/workflows/reports.yml",
        "name: Reports",
        "on:",
        "  schedule: # times are UTC",
        *times,
        "  workflow_dispatch:",
        "permissions:",
        "  contents: read",
        "concurrency:",
        "  group: reports",
        "jobs:",
        "  reports:",
        "    runs-on: ubuntu-latest",
        "    steps:",
        "      - uses: actions/checkout@v4",
        "      - uses: actions/setup-python@v5",
        "        with:",
        f'          python-version: "{sys.version_info.major}.{sys.version_info.minor}"',
        "      - name: Install",
        "        run: |",
        *(f"          {line}" for line in install),
        "      # The pages of the run before: what is up to date is kept, what changed is told.",
        "      - uses: actions/cache/restore@v4",
        "        with:",
        f"          path: {_scalar(places[1])}",
        "          key: reports-${{ github.run_id }}-${{ github.run_attempt }}",
        "          restore-keys: reports-",
        *runs,
        "      - uses: actions/cache/save@v4",
        "        if: ${{ !cancelled() }}",
        "        with:",
        f"          path: {_scalar(places[1])}",
        "          key: reports-${{ github.run_id }}-${{ github.run_attempt }}",
        "      # For GitHub Pages: upload-pages-artifact and deploy-pages in place of this.",
        "      - uses: actions/upload-artifact@v4",
        "        if: ${{ !cancelled() }}",
        "        with:",
        "          name: reports",
        f"          path: {_scalar(places[1])}",
    ]
    return "\n".join(lines)


def _scalar(text: str) -> str:
    """Write a text as YAML in single quotes, in which nothing but the quote has a meaning."""
    return "'" + text.replace("'", "''") + "'"


FORMS = {"cron": as_cron, "systemd": as_systemd, "github": as_github}
"""What `mcanalysis schedule --as` can print."""
