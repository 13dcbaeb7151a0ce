"""How fast questionnaires are read, checked and put together, and how much memory that takes.

    python benchmarks/panels.py [--judges 10000]

Some hundred questionnaires on the dimensions are filled in at random, one in twenty with a faulty
cell, and copied until there are as many as asked for. Read are a tenth of them, then all: memory
is flat if all take hardly more than the tenth. As many judges are then read from one export of a
form.
Aim: more than 100 questionnaires a second on two cores, and less than 20 % more memory to read and
to put together ten times as many.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import openpyxl

from mcanalysis.panels import ask, gather_panel, read_mapping, write_mapping, write_questionnaire
from mcanalysis.study import read_study
from mcanalysis.weights import weigh_panel

DIFFERENT = 200
FAULTY = 20
"""One in so many questionnaires has a fault."""


def write_filled(folder: Path, judges: int, seed: int = 1) -> None:
    """Fill in questionnaires at random, and copy them."""
    random = np.random.default_rng(seed)
    study = read_study("data")
    worth = {d: w for d, w in zip(study.dimensions["dimension_id"], random.uniform(1, 5, 11))}  # noqa: B905, C416
    groups = list(study.stakeholders["name"])
    made = []
    for k in range(min(DIFFERENT, judges)):
        path = folder / f"q{k:06d}.xlsx"
        design = write_questionnaire(ask(study, "dimensions", copy=k % 5), path)
        labels = [answer for (kind, answer) in design.answers if kind == "pairwise"]
        book = openpyxl.load_workbook(path)
        sheet = book[design.sheet]
        for q in design.questions:
            if q.kind == "stakeholder":
                sheet.cell(q.row, q.column).value = groups[k % len(groups)]
                continue
            log = np.log(worth[q.left] / worth[q.right]) + random.normal(0, 0.4)
            times = min(9, max(1, round(np.exp(abs(log)))))
            sheet.cell(q.row, q.column).value = labels[int(8 - np.sign(log) * (times - 1))]
        if k % FAULTY == 0:
            sheet.cell(design.questions[5].row, design.questions[5].column).value = "much more"
        book.save(path)
        made.append(path)
    for k in range(len(made), judges):
        shutil.copy(made[k % len(made)], folder / f"q{k:06d}.xlsx")


def write_export(folder: Path, judges: int, seed: int = 1) -> None:
    """Write the export of a form with as many replies, and its mapping file."""
    random = np.random.default_rng(seed)
    study = read_study("data")
    write_mapping(ask(study, "dimensions", "rating"), folder / "form.toml")
    mapping = read_mapping(folder / "form.toml")
    groups = list(study.stakeholders["name"])
    with (folder / "export.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["Timestamp", mapping.group, *(q.text for q in mapping.questions)])
        for k in range(judges):
            ratings = random.integers(1, 11, len(mapping.questions)).tolist()
            table.writerow([f"2026-11-20 {k}", groups[k % len(groups)], *ratings])


def read_all(folder: Path, kind: str, judges: int) -> None:
    """Read what is there, and print seconds, judges, problems and memory."""
    study = read_study("data")
    mapping = read_mapping(folder / "form.toml") if kind == "csv" else None
    files = sorted(folder.glob(f"*.{kind}"))[:judges]
    from tqdm import tqdm

    begin = time.perf_counter()
    with tqdm(total=len(files), unit="file", leave=False, disable=None) as bar:
        found = gather_panel(study, files, mapping, progress=bar.update)
    read, own = time.perf_counter() - begin, peak(resource.RUSAGE_SELF)
    weigh_panel(found.panel, "dimensions")
    whole = time.perf_counter() - begin
    judges = found.panel["judge_id"].nunique()
    after, child = peak(resource.RUSAGE_SELF), peak(resource.RUSAGE_CHILDREN)
    print(read, whole - read, judges, len(found.problems), own, child, after)


def peak(who: int) -> float:
    """Return the most memory so far, in MiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss * unit / 2**20


def measured(folder: Path, kind: str, judges: int) -> list[float]:
    """Read in a process of its own, so that its memory is its own."""
    command = [sys.executable, __file__, "--read", kind, str(folder), "--judges", str(judges)]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    """Print the measures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--judges", type=int, default=10_000)
    options.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.read:
        read_all(Path(given.read[1]), given.read[0], given.judges)
        return
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_filled(folder, given.judges)
        print("workbooks    read and checked, memory + a worker    put together, memory   problems")
        peaks = []
        for judges in (given.judges // 10, given.judges):
            read, weighed, _, problems, own, child, after = measured(folder, "xlsx", judges)
            peaks.append((own + child, after))
            print(
                f"{judges:>9,} {read:8.1f} s {judges / read:5.0f} a s {own:8.0f} + {child:.0f} MiB"
                f" {weighed:12.2f} s {after:6.0f} MiB {problems:9.0f}"
            )
        read, weighed = (most / less for less, most in zip(*peaks, strict=True))
        print(f"memory for ten times as many: read {read:.2f} times, weighed {weighed:.2f} times")
        write_export(folder, given.judges)
        read, weighed, judges, problems, own, _, after = measured(folder, "csv", 1)
        print(
            f"one export of {judges:,.0f} replies: {read:.1f} s, {judges / read:.0f} a s, "
            f"{own:.0f} MiB; put together {weighed:.2f} s, {after:.0f} MiB"
        )


if __name__ == "__main__":
    main()
