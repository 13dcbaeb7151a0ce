"""A real JupyterLab, or Voila, on a port of its own, for tests and the benchmark."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")

_IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"


def _listens(port: int) -> bool:
    """Tell whether a server answers: its log names the port before it does."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def server(folder: Path, home: Path, *words: str) -> Iterator[str]:
    """Run a Jupyter server in a folder; yield its address."""
    places = {"JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run",
              "JUPYTER_CONFIG_DIR": "conf",
              "IPYTHONDIR": "ipython", "JUPYTERLAB_SETTINGS_DIR": "settings",
              "JUPYTERLAB_WORKSPACES_DIR": "spaces"}  # fmt: skip
    home.mkdir(exist_ok=True)
    log = home / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *words], cwd=folder, stdout=out, stderr=out,
            env={**os.environ, **{name: str(home / place) for name, place in places.items()}},
        )  # fmt: skip
    try:
        for _ in range(300):
            found = _ADDRESS.search(log.read_text(encoding="utf-8"))
            if found and _listens(int(found[1])):
                yield f"http://127.0.0.1:{found[1]}"
                return
            assert process.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.2)
        raise AssertionError(log.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@contextmanager
def jupyterlab(folder: Path, home: Path) -> Iterator[str]:
    """Run JupyterLab without a password on the loopback address alone."""
    options = ["--no-browser", "--ip=127.0.0.1", "--port=0", "--IdentityProvider.token=",
               "--ServerApp.password=", "--ServerApp.allow_root=True", "--LabApp.news_url=None",
               "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
               "--ServerApp.terminals_enabled=False"]  # fmt: skip
    with server(folder, home, "jupyterlab", *options) as address:
        yield address


@contextmanager
def voila(folder: Path, home: Path, notebook: str) -> Iterator[str]:
    """Run Voila on one notebook."""
    with socket.socket() as probe:  # Voila does not tell which port it chose itself
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--no-browser", "--Voila.ip=127.0.0.1", f"--port={port}", notebook]
    with server(folder, home, "voila", *options) as address:
        yield address


def notebook(path: Path, *cells: str) -> None:
    """Write a notebook of some code cells."""
    import nbformat

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(made, path)


def opened(page: Any, address: str, path: str) -> None:
    """Open a notebook in JupyterLab and run all its cells."""
    # On a busy machine the server may be slow to answer, which JupyterLab tells in a dialog.
    told = page.locator("dialog.jp-Dialog")
    page.add_locator_handler(told, _dismissed, no_wait_after=True)
    page.goto(f"{address}/lab/tree/{path}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
    # A notebook that is run before its kernel has a name is asked which one to take.
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").first.wait_for(timeout=90_000)
    page.wait_for_selector(_IDLE, timeout=90_000)
    run_all(page)
    page.remove_locator_handler(told)


def _dismissed(told: Any) -> None:
    """Close a dialog, and say in what a failed test shows what it was about."""
    sys.stderr.write(f"JupyterLab asked: {told.first.text_content()}\n")
    told.first.locator(".jp-mod-accept").click()
    told.page.wait_for_timeout(500)


def run_all(page: Any) -> None:
    """Run all cells, from the menu as a user does; again if the kernel was not there yet."""
    from playwright.sync_api import TimeoutError as TooLate

    # The first prompt may be that of a text cell, which stays empty.
    begun = """() => [...document.querySelectorAll('.jp-InputPrompt')]
        .some((prompt) => /[\\d*]/.test(prompt.textContent))"""
    for last in (False, False, True):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            page.wait_for_function(begun, timeout=15_000)
            return
        except TooLate:
            if last:
                raise
