"""The benchmarks run, and say what they could not measure."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

METHODS = str(Path("benchmarks", "methods.py").resolve())
EXPLORE = str(Path("benchmarks", "explore.py").resolve())
PAGES = str(Path("benchmarks", "pages.py").resolve())
TINY = ("--draws", "500", "--matrices", "100", "--repeats", "1", "--quick")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def printed(tmp_path_factory) -> str:
    """What the benchmark of the methods prints where the other packages cannot be imported."""
    hidden = tmp_path_factory.mktemp("hidden")
    for name in ("ahpy", "pymcdm"):
        hidden.joinpath(f"{name}.py").write_text("raise ImportError", encoding="utf-8")
    path = os.pathsep.join([str(hidden), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, METHODS, *TINY],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ratio(printed: str, name: str) -> float:
    """The ratio in the line of a contestant."""
    found = re.search(rf"^  {re.escape(name)} .* ms +([\d.,]+) times", printed, flags=re.M)
    assert found, f"no line of {name} in:\n{printed}"
    return float(found.group(1).replace(",", ""))


def test_without_the_other_packages_it_says_how_to_install_them(printed):
    assert 'pip install -e ".[peers]"' in printed
    assert "ahpy missing, pymcdm missing" in printed


@pytest.mark.parametrize(
    "name",
    [
        "numpy.linalg.eig, one call",
        "numpy.linalg.eig, loop *",
        "NumPy, loop",
        "NumPy, argsort of argsort *",
        "tally, all uncertainties at once",
        "import mcanalysis",
    ],
)
def test_without_the_other_packages_numpy_is_measured_all_the_same(printed, name):
    assert ratio(printed, name) > 0


@pytest.mark.parametrize("asked", ["at least 8", "at most 5", "at most 500", "at most 1.1"])
def test_it_says_whether_what_was_asked_for_is_reached(printed, asked):
    assert re.search(rf"\| {re.escape(asked)}: (not )?reached$", printed, flags=re.M)


def test_results_are_held_against_each_other_before_they_are_timed(printed):
    counts = "counts of ranks here and by NumPy, loop differ by 0.0e+00 at most"
    assert printed.index(counts) < printed.index("  tally ")
    assert "weights here and from numpy.linalg.eig differ by" in printed


def test_the_time_of_one_draw_and_of_one_judge_is_told_for_each_size(printed):
    each = printed.split("\nSMAA by draws\n")[1]
    sizes = re.findall(r"^ +([\d,]+) +[\d.,]+ ms +[\d.,]+ µs each$", each, flags=re.M)
    assert sizes[:5] == ["5", "15", "50", "150", "500"]
    assert sizes[5:10] == ["1", "3", "10", "30", "100"]


@pytest.mark.parametrize(
    ("script", "options"),
    [
        (METHODS, ["--draws", "--matrices", "--repeats", "--quick", "--peak"]),
        (PAGES, ["--repeats", "--cards", "--quick"]),
    ],
)
def test_help_says_what_can_be_set(script, options):
    command = [sys.executable, script, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    for option in options:
        assert option in done.stdout


def test_few_questionnaires_are_read_and_measured():
    done = subprocess.run(
        [sys.executable, str(Path("benchmarks", "panels.py")), "--judges", "40"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^ +40 .* a s .* MiB +2$", done.stdout, flags=re.M), done.stdout
    assert "one export of 40 replies" in done.stdout


@pytest.mark.browser
def test_pages_are_weighed_and_timed_and_their_sizes_are_as_promised(browser):
    command = [sys.executable, PAGES, "--quick", "--repeats", "1", "--cards", "60"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    for promise in ("250 kB", "1000 kB"):
        assert re.search(rf" kB gzip\) \| below {promise}: reached$", done.stdout, flags=re.M)
    times = re.findall(r"^  (.+?) +(\d+) ms \(", done.stdout, flags=re.M)
    assert {name for name, _ in times} >= {
        "country, file: first content", "country, HTTP: last chart",
        "country, one file: last chart", "index of 60 pages: can be used",
        "index: slowest of six keys to its list",
    }  # fmt: skip
    assert all(int(time) > 0 for _, time in times)


@pytest.mark.browser
def test_every_key_press_after_a_rest_is_timed_until_the_ranking_shows_it(browser):
    small = ["--moves", "4", "--systems", "12", "--dimensions", "9"]
    done = subprocess.run(
        [sys.executable, EXPLORE, *small, "--json"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    rested = {name: f["changes"] for name, f in figures.items() if "a rest after" in name}
    held = {name: f["changes"] for name, f in figures.items() if "held down" in name}
    assert list(rested.values()) == [4, 4], figures
    assert [1 <= n <= 4 for n in held.values()] == [True, True], figures
    assert all(0 < f["median"] <= f["p95"] < 5_000 for f in figures.values()), figures
