"""How long checking a large study takes, beside pandas.read_csv of the same files.

    python benchmarks/check.py [--rows 1000000] [--repeats 3]

A study is generated in a temporary folder, once without a problem and once with 1,000 bad cells.
Aim: at most 12 times pandas.read_csv, and below 2 GiB of memory.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from mcanalysis.study import check_study

WORDS = (  # noqa: SIM905
    "the ministry adopted guideline national agency register pilot universities credential "
    "micro-credentials framework, quality recognition credits levels of for and in by act "
    "published consultation providers learners funding vouchers sector council registers "
    "employers standards stackable towards degree since mandatory voluntary digital Österreich"
).split()
PEAK = """
import resource, sys
from mcanalysis.study import check_study
check_study(sys.argv[1])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak if sys.platform == "darwin" else peak * 1024)
"""


def statements(count: int, random: np.random.Generator) -> pd.Series:
    """Write sentences of 6 to 26 words, no two the same."""
    halves = [" ".join(random.choice(WORDS, random.integers(3, 13))) for _ in range(20_000)]
    pairs = random.integers(0, len(halves), (2, count))
    chosen = np.array(halves, dtype=object)[pairs]
    return pd.Series(chosen[0] + " " + chosen[1] + [f", case {i}." for i in range(count)])


def write_large_study(folder: Path, rows: int, seed: int = 1) -> None:
    """Write a valid study with so many indicators."""
    random = np.random.default_rng(seed)
    n_dimensions, n_years = 20, 20
    n_systems = -(-rows // (n_dimensions * n_years))
    n_sources = max(20, rows // 100)
    systems = [f"S{i:05d}" for i in range(n_systems)]
    dimensions = [f"dimension-{i:02d}" for i in range(n_dimensions)]
    sources = np.array([f"source-{i:06d}" for i in range(n_sources)], dtype=object)
    cell = np.arange(rows)
    texts = statements(rows, random)
    tables = {
        "systems": {
            "system_id": systems,
            "name": [f"System {i}" for i in range(n_systems)],
            "short_name": systems,
            "article": "",
            "region": "other",
            "evidence_scope": "",
            "note": "",
            "source_id": sources[0],
            "tile_column": range(n_systems),
            "tile_row": 0,
        },
        "dimensions": {
            "dimension_id": dimensions,
            "name": dimensions,
            "short_name": dimensions,
            "question": "How far?",
            **{f"level_{level}": f"Criterion {level}" for level in range(4)},
            "rationale_source_id": sources[0],
        },
        "indicators": {
            "system_id": np.array(systems, dtype=object)[cell // (n_dimensions * n_years)],
            "dimension_id": np.array(dimensions, dtype=object)[cell // n_years % n_dimensions],
            "year": 2000 + cell % n_years,
            "level": random.integers(0, 4, rows),
            "statement": texts,
            "source_id": sources[random.integers(0, n_sources, rows)],
            "locator": [f"page {number}" for number in random.integers(1, 400, rows)],
            "confidence": random.choice(["high", "medium", "low"], rows),
            "comparable": "yes",
        },
        "swot_factors": {
            "factor_id": ["s-1"],
            "system_id": systems[0],
            "quadrant": "strength",
            "dimension_id": dimensions[0],
            "statement": "A strength.",
            "stakeholders": "learners",
            "source_id": sources[0],
            "locator": "page 1",
            "confidence": "high",
        },
        "stakeholders": {
            "stakeholder_id": ["learners"],
            "name": "Learners",
            "description": "People who learn.",
            "source_id": sources[0],
        },
        "benefits": {
            "benefit_id": ["b-1"],
            "stakeholder_id": "learners",
            "label": "A benefit",
            "description": "What is gained.",
            "theme": "theme",
            "source_id": sources[0],
        },
        "benefit_enablers": {
            "benefit_id": ["b-1"],
            "dimension_id": dimensions[0],
            "strength": 3,
            "rationale": "Because.",
            "source_id": "analyst-judgement",
        },
        "sources": {
            "source_id": sources,
            "title": [f"Report {i}" for i in range(n_sources)],
            "publisher": "Agency",
            "year": 2020,
            "url": [f"https://example.org/{i}" for i in range(n_sources)],
            "doc_type": "web",
            "language": "en",
            "accessed": "2024-05-01",
            "note": "",
        },
    }
    for name, columns in tables.items():
        pd.DataFrame(columns).to_csv(folder / f"{name}.csv", index=False)


def write_spoilt_study(folder: Path, good: Path, bad: int = 1000, seed: int = 2) -> None:
    """Copy a study and spoil some cells: levels, references, empty cells, duplicate keys."""
    random = np.random.default_rng(seed)
    for file in good.glob("*.csv"):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        if file.stem == "indicators":
            rows = random.choice(np.arange(1, len(table)), min(bad, len(table) // 4), replace=False)
            level, source, locator, key = np.array_split(rows, 4)
            table.loc[level, "level"] = "three"
            table.loc[source, "source_id"] = [f"source-{i:06d}x" for i in range(len(source))]
            table.loc[locator, "locator"] = ""
            names = ["system_id", "dimension_id", "year"]
            table.loc[key, names] = table.loc[key - 1, names].to_numpy()
        table.to_csv(folder / file.name, index=False)


def seconds(act: Callable[[], object]) -> float:
    """Take the time."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def read_all(folder: Path) -> list[pd.DataFrame]:
    """Read the tables as pandas does when it is told nothing."""
    return [pd.read_csv(file) for file in sorted(folder.glob("*.csv"))]


def measure(title: str, folder: Path, repeats: int) -> None:
    """Print one line of figures for a study."""
    plain, checked = [], []
    for _ in range(repeats):  # by turns, so that a busy moment hits both
        plain.append(seconds(lambda: read_all(folder)))
        checked.append(seconds(lambda: check_study(folder)))
    found = len(check_study(folder))
    command = [sys.executable, "-c", PEAK, str(folder)]
    peak = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    size = sum(file.stat().st_size for file in folder.iterdir()) / 2**20
    base, ours = statistics.median(plain), statistics.median(checked)
    print(
        f"{title:>14}: {size:5.0f} MiB, {found:5d} problems | read_csv {base:6.2f} s | "
        f"check_study {ours:6.2f} s | {ours / base:5.2f} times | peak {peak / 2**30:.2f} GiB",
        flush=True,
    )


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        good, spoilt = Path(place, "good"), Path(place, "spoilt")
        good.mkdir()
        spoilt.mkdir()
        write_large_study(good, options.rows)
        write_spoilt_study(spoilt, good)
        print(f"{options.rows:,} indicators, median of {options.repeats}", flush=True)
        measure("valid", good, options.repeats)
        measure("1,000 bad", spoilt, options.repeats)


if __name__ == "__main__":
    main()
