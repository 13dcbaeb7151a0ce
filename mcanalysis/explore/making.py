"""A report made in a process of its own, while the view stays at work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from mcanalysis.errors import ParameterError

OUT = "explored"
"""Folder beside ``reports.toml`` for what views make: the published site is left alone."""


class Making:
    """One run of ``mcanalysis report``.

    Parameters
    ----------
    command : sequence of str
    study : Path or None
    told : callable
        Called once a second and at the end.

    Attributes
    ----------
    page : Path or None
        The page, once it is there.
    failed : str
        What went wrong.
    """

    def __init__(
        self, command: Sequence[str], study: Path | None, told: Callable[[], None]
    ) -> None:
        self.root = project_of(study)
        self.page: Path | None = None
        self.failed = ""
        self.lines: list[str] = []
        self._told = told
        self._clock = time.monotonic()
        words = [*command[1:], "--out", OUT, "--single-file", "--format", "json"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mcanalysis", *words], cwd=self.root, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
            encoding="utf-8", env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        self.seconds = 0.0
        self.running = True
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def wait(self, seconds: float = 300) -> Path:
        """Wait for the page.

        Raises
        ------
        ParameterError
            If it failed.
        """
        self._thread.join(seconds)
        if self.page is None:
            raise ParameterError(self.failed or "The report is not ready yet.")
        return self.page

    def as_html(self) -> str:
        """Return how far it is, or where the page is."""
        if self.running:
            return (
                f'<p class="run"><progress aria-label="Making the report"></progress> '
                f"Making the report, {self.seconds:.0f} s …</p>"
            )
        if self.page is None:
            lines = "".join(f"<li>{escape(line)}</li>" for line in self.failed.splitlines())
            return f'<div class="notice warn" role="alert"><b>No report.</b><ul>{lines}</ul></div>'
        shown = self.page.relative_to(self.root).as_posix()
        return (
            f'<p class="run">Made in {self.seconds:.0f} s: '
            f'<a data-page="{self.page.stem}-{id(self)}" target="_blank">Open the page</a> '
            f"<code>{escape(shown)}</code></p>"
        )

    def _follow(self) -> None:
        reader = threading.Thread(target=self._listen, daemon=True)
        reader.start()
        said: list[str] = []
        out = threading.Thread(
            target=lambda: said.append(self._process.stdout.read()),  # type: ignore[union-attr]
            daemon=True,
        )
        out.start()
        while out.is_alive():
            out.join(1)
            self.seconds = time.monotonic() - self._clock
            if out.is_alive():
                self._told()
        reader.join()
        self._process.wait()
        self._end(said[0] if said else "")
        self.running = False
        self._told()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        self.lines += [line.rstrip() for line in self._process.stderr]

    def _end(self, out: str) -> None:
        try:
            page = json.loads(out)["pages"][0]
            made = self.root / OUT / f"{page['page']}.html"
        except (ValueError, LookupError, TypeError):
            page, made = {}, Path()
        if self._process.returncode == 0 and made.is_file():
            self.page = made
        else:
            self.failed = page.get("message") or "\n".join(self.lines) or "The report ended early."


def project_of(study: Path | None) -> Path:
    """Find the folder of ``reports.toml``: upwards from here, then from the study.

    Raises
    ------
    ParameterError
        If there is none.

    Examples
    --------
    >>> (project_of(Path("data").resolve()) / "reports.toml").is_file()
    True
    """
    starts = [Path.cwd(), *([study.parent] if study else [])]
    for start in starts:
        for folder in (start, *start.parents):
            if (folder / "reports.toml").is_file():
                return folder
    raise ParameterError(
        f"There is no reports.toml above {' or '.join(map(str, starts))}. Open the notebook in the "
        "folder of the project."
    )
