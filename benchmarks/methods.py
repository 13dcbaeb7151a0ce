"""How long the methods take, beside other packages and NumPy's own ways to the same numbers.

    python benchmarks/methods.py [--draws 1000000] [--matrices 100000] [--repeats 5] [--quick]

All that is compared takes turns, so that other work on the machine slows all alike, and the median
counts. Results are held against each other first. Slow baselines do a part of the work, and their
time is scaled up (*). The other packages come with: pip install -e ".[peers]"
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.compare import promethee_net_flow
from mcanalysis.smaa import Uncertain, draw_weights, tally
from mcanalysis.weights import (
    METHODS,
    inconsistency,
    linear_best_worst,
    principal_eigenvector,
    random_index,
    weigh_pairs,
    weigh_panel,
    write_judgements,
)

Floats = npt.NDArray[np.float64]
ITEMS = 7
SYSTEMS, DIMENSIONS = 50, 11
DRAWS, MATRICES, MANY = 1_000_000, 100_000, 5000
"""Draws of weights, judges, and systems that are compared pair by pair, when nothing is said."""
SAMPLE = 3000
"""Draws that a loop over another package does, and three times its matrices."""


@dataclass(frozen=True)
class Run:
    """Something that is timed: `share` is the part of the work that it does.

    Its time divided by that of the first of the race ought to be at least `least`, at most `most`.
    """

    name: str
    act: Callable[[], object]
    share: float = 1.0
    least: float | None = None
    most: float | None = None


def medians(runs: Sequence[Run], repeats: int) -> dict[str, float]:
    """Return the median time of each in seconds, for the whole work; all take turns."""
    taken: dict[str, list[float]] = {}
    for _ in range(repeats):
        for run in runs:
            start = time.perf_counter()
            run.act()
            spent = (time.perf_counter() - start) / run.share
            taken.setdefault(run.name, []).append(spent)
    return {name: statistics.median(times) for name, times in taken.items()}


def race(runs: Sequence[Run], repeats: int) -> None:
    """Time, and print each beside the first."""
    print_ratios(runs, medians(runs, repeats))


def print_ratios(runs: Sequence[Run], found: Mapping[str, float]) -> None:
    """Print what each takes in seconds, beside the first."""
    for run in runs:
        name, taken = run.name + (" *" if run.share < 1 else ""), found[run.name]
        ratio = taken / found[runs[0].name]
        line = f"  {name:45} {taken * 1e3:11,.1f} ms {ratio:9,.2f} times"
        print(line + verdict(ratio, run.least, run.most), flush=True)


def verdict(value: float, least: float | None = None, most: float | None = None) -> str:
    """Say whether what was asked for is reached."""
    if least is None and most is None:
        return ""
    reached = (least is None or value >= least) and (most is None or value <= most)
    asked = f"at least {least:g}" if most is None else f"at most {most:g}"
    return f" | {asked}: {'reached' if reached else 'not reached'}"


def agree(what: str, one: npt.ArrayLike, other: npt.ArrayLike, tolerance: float) -> None:
    """Print how far two results are apart; stop if that is too far."""
    difference = float(np.abs(np.asarray(one) - np.asarray(other)).max())
    print(f"  {what} differ by {difference:.1e} at most")
    if not difference <= tolerance:
        raise SystemExit(f"{what} differ by more than {tolerance:g}: the times would say nothing.")


def peer(name: str) -> ModuleType | None:
    """Import another package, if it is installed."""
    try:
        return import_module(name)
    except ImportError:
        return None


def judge_matrices(judges: int, items: int = ITEMS, seed: int = 1) -> Floats:
    """Draw judgements on the scale: true ratios with noise, so that ratios are around .05."""
    generator = np.random.default_rng(seed)
    weights = generator.dirichlet(np.full(items, 2.0), judges).T
    a = np.ones((items, items, judges))
    i, j = np.triu_indices(items, 1)
    log = np.log(weights[i] / weights[j]) + generator.normal(0, 0.3, (len(i), judges))
    steps = np.clip(np.round(np.exp(np.abs(log))), 1, 9)
    a[i, j] = np.where(log > 0, steps, 1 / steps)
    a[j, i] = 1 / a[i, j]
    return a


def ratios(largest: Floats, table: str = "alonso-lamata") -> Floats:
    """Return consistency ratios from largest eigenvalues."""
    return (largest - ITEMS) / (ITEMS - 1) / random_index(ITEMS, table)


def weigh(matrices: Floats) -> tuple[Floats, Floats]:
    """Return priority vectors and consistency ratios, the library's way."""
    weights, largest = principal_eigenvector(matrices)
    return weights, ratios(largest)


def weigh_by_eig(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the same from one call of numpy.linalg.eig."""
    values, vectors = np.linalg.eig(matrices)
    first = values.real.argmax(axis=1)
    w = np.abs(vectors[np.arange(len(first)), :, first].real)
    return (w / w.sum(axis=1, keepdims=True)).T, ratios(values.real.max(axis=1))


def weigh_in_loop(matrices: Floats) -> list[tuple[Floats, Floats]]:
    """Return the same, one matrix after the other."""
    return [weigh_by_eig(a[None]) for a in matrices]


def weigh_by_ahpy(ahpy: ModuleType, said: list[dict[tuple[str, str], float]]) -> list[Any]:
    """Return ahpy's objects, which hold the same, one after the other."""
    return [ahpy.Compare("all", answers) for answers in said]


def measure_weights(matrices: int, repeats: int, ahpy: ModuleType | None) -> None:
    """Measure the analytic hierarchy process."""
    print(f"\nAHP: weights and consistency ratio of {matrices:,} {ITEMS}×{ITEMS} matrices")
    last = judge_matrices(matrices)
    first = np.ascontiguousarray(last.transpose(2, 0, 1))
    few, some = min(matrices, SAMPLE // 3), max(matrices // 10, 1)
    agree("weights here and from numpy.linalg.eig", weigh(last)[0], weigh_by_eig(first)[0], 1e-10)
    runs = [
        Run("principal_eigenvector and ratio", partial(weigh, last)),
        Run("numpy.linalg.eig, one call", partial(weigh_by_eig, first), least=8),
        Run("numpy.linalg.eig, loop", partial(weigh_in_loop, first[:some]), some / matrices),
    ]
    if ahpy:
        names = [str(k) for k in range(ITEMS)]
        upper = list(zip(*np.triu_indices(ITEMS, 1), strict=True))
        said = [{(names[i], names[j]): float(a[i, j]) for i, j in upper} for a in first[:few]]
        loop = partial(weigh_by_ahpy, ahpy, said)
        theirs = [[one.local_weights[name] for name in names] for one in loop()]
        largest = principal_eigenvector(last[:, :, :few])[1]
        agree("weights here and from ahpy (4 digits)", weigh(last)[0][:, :few].T, theirs, 1.5e-4)
        theirs = [one.consistency_ratio for one in loop()]
        agree("ratios here and from ahpy (4 digits)", ratios(largest, "donegan-dodd"), theirs, 1e-4)
        runs.append(Run("ahpy, loop", loop, few / matrices, least=100))
    others = {name: run for name, run in METHODS.items() if name != "eigenvector"}
    named = partial(weigh_pairs, last[:, :, :some])
    runs += [
        *(Run(f"{name}, weights alone", partial(run, last)) for name, run in others.items()),
        Run("inconsistency: all measures", partial(inconsistency, last)),
        Run("weigh_pairs: checked, named, all measures", named, some / matrices),
    ]
    race(runs, repeats)


def uncertain(kind: str) -> Uncertain:
    """Make systems with levels 0 to 3: kind "weights" varies these alone, "all" everything."""
    generator = np.random.default_rng(1)
    levels = generator.integers(0, 4, (SYSTEMS, DIMENSIONS)).astype(float)
    gaps = generator.random(levels.shape) < 0.15
    low = generator.random(levels.shape) < 0.12
    draw = partial(draw_weights, dimensions=DIMENSIONS)
    if kind == "all":
        return Uncertain(np.where(gaps, np.nan, levels), low, draw)
    return Uncertain(levels, np.zeros_like(low), draw, frozenset({"weights"}))


def count_in_loop(score: Callable[[Floats], Floats], weights: Floats) -> npt.NDArray[np.int64]:
    """Score, rank and count draw by draw; a low score is good."""
    counts = np.zeros((SYSTEMS, SYSTEMS), dtype=np.int64)
    place = np.arange(SYSTEMS)
    for w in weights:
        counts[np.argsort(score(w)), place] += 1
    return counts


def count_by_argsort(levels: Floats, draws: int) -> npt.NDArray[np.int64]:
    """Draw, score, rank and count all draws at once, the textbook's way: argsort of argsort."""
    weights = draw_weights(np.random.default_rng(1), draws, DIMENSIONS)
    places = np.argsort(np.argsort(-(weights @ levels.T / 3), axis=1), axis=1)
    return np.array([np.bincount(column, minlength=SYSTEMS) for column in places.T])


def scores(levels: Floats, pymcdm: ModuleType | None) -> dict[str, Callable[[Floats], Floats]]:
    """Return ways to score all systems by one draw of weights; a low score is good.

    The loops over pymcdm validate nothing. Its weighted sum normalises in each call: by pymcdm's
    own quickest way that knows a zero, or by one that does nothing as all is done before. SPOTIS
    with fixed bounds is the weighted sum of what is missing to the best: the same ranks.
    """
    worth, types = levels / 3, np.ones(DIMENSIONS)
    found = {"NumPy, loop": lambda w: -(worth @ w)}
    if pymcdm:
        methods = pymcdm.methods
        own = methods.WSM(pymcdm.normalizations.max_normalization)
        done = methods.WSM(lambda column, **_: column)
        bounded = methods.SPOTIS(np.tile([0.0, 3.0], (DIMENSIONS, 1)))
        found |= {
            "pymcdm WSM, loop": lambda w: -own(levels, w, types, False),
            "pymcdm WSM, loop, all 0 to 1 before": lambda w: -done(worth, w, types, False),
            "pymcdm SPOTIS, loop": lambda w: bounded(levels, w, types, False),
        }
    return found


def measure_ranks(draws: int, repeats: int, pymcdm: ModuleType | None) -> None:
    """Measure stochastic acceptability analysis."""
    print(f"\nSMAA: {draws:,} draws of weights, {SYSTEMS} systems, {DIMENSIONS} dimensions")
    plain, full = uncertain("weights"), uncertain("all")
    few, some = min(draws, SAMPLE), max(draws // 10, 1)
    weights = draw_weights(np.random.default_rng(1), few, DIMENSIONS)
    given = Uncertain(plain.levels, plain.low, lambda _, n: weights[:n], plain.vary)
    ranks = tally(given, few, seed=1).ranks
    loops = scores(plain.levels, pymcdm)
    for name, score in loops.items():
        agree(f"counts of ranks here and by {name}", ranks, count_in_loop(score, weights), 0)
    shares = tally(plain, draws, seed=1, details=False).ranks / draws
    chance = 6 * np.sqrt(0.25 / some + 0.25 / draws)
    other = count_by_argsort(plain.levels, some) / some
    agree("shares of ranks here and by argsort, other draws,", shares, other, chance)
    count = partial(tally, draws=draws, seed=1, details=False)
    textbook = partial(count_by_argsort, plain.levels, some)
    runs = [
        Run("tally", partial(count, plain)),
        Run("tally, all uncertainties at once", partial(count, full), most=5),
        Run("NumPy, argsort of argsort", textbook, some / draws),
    ]
    for name, score in loops.items():
        least = 80 if "pymcdm" in name else None
        runs.append(Run(name, partial(count_in_loop, score, weights), few / draws, least))
    race(runs, repeats)


def measure_memory(draws: int) -> None:
    """Print the peak of memory of processes that do nothing else."""
    print(f"\nMemory of SMAA, {draws:,} draws: peak of a process of its own")
    for kind, varied in (("weights", "weights vary"), ("all", "all uncertainties at once")):
        command = [sys.executable, __file__, "--draws", str(draws), "--peak", kind]
        peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        print(f"  {varied:45} {peak:11,.0f} MiB{verdict(peak, most=500)}", flush=True)


def print_peak(kind: str, draws: int) -> None:
    """Count ranks, and print what memory that took, in MiB."""
    tally(uncertain(kind), draws, seed=1, details=False)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)


def measure_outranking(systems: int, repeats: int, pymcdm: ModuleType | None) -> None:
    """Measure PROMETHEE II."""
    print(f"\nPROMETHEE II: net flows of {systems:,} systems, {DIMENSIONS} dimensions")
    generator = np.random.default_rng(1)
    weights, types = generator.dirichlet(np.ones(DIMENSIONS)), np.ones(DIMENSIONS)
    q, p = np.full(DIMENSIONS, 0.1), np.full(DIMENSIONS, 0.4)
    levels = generator.integers(0, 4, (systems, DIMENSIONS)).astype(float)
    numbers = generator.random((systems, DIMENSIONS))

    def theirs(values: Floats, *how: object) -> Floats:
        # Made anew each time: its thresholds serve for one call.
        return pymcdm.methods.PROMETHEE_II(*how)(values, weights, types, False)

    for name, ours, loop in (
        ("levels", partial(promethee_net_flow, levels, weights), partial(theirs, levels, "usual")),
        (
            "numbers, linear",
            partial(promethee_net_flow, numbers, weights, q, p),
            partial(theirs, numbers, "vshape_2", p, q),
        ),
    ):
        runs = [Run(f"promethee_net_flow: {name}", ours)]
        if pymcdm:
            agree(f"net flows here and from pymcdm ({name})", ours(), loop(), 1e-10)
            runs.append(Run(f"pymcdm: {name}", loop, least=100))
        race(runs, min(repeats, 3))


def panel(judges: int) -> pd.DataFrame:
    """Write so many judges' comparisons of all dimensions as a panel's table."""
    names = [f"j{k}" for k in range(judges)]
    group = {name: f"group {k % 3}" for k, name in enumerate(names)}
    items = [f"d{k}" for k in range(DIMENSIONS)]
    return write_judgements(judge_matrices(judges, DIMENSIONS), items, names, "all", group)


def best_worst(judges: int, items: int = 9) -> tuple[npt.NDArray[np.generic], ...]:
    """Draw comparisons with the best and the worst item, which are the first and the last."""
    said = np.random.default_rng(1).integers(1, 10, (2, items, judges)).astype(float)
    said[0, 0], said[1, -1] = 1, 1
    said[0, -1] = said[1, 0] = 9
    return *said, np.zeros(judges, dtype=np.intp), np.full(judges, items - 1, dtype=np.intp)


def measure_sizes(draws: int, judges: int, repeats: int) -> None:
    """Show that cost is linear in draws and in judges."""
    shares = 0.01, 0.03, 0.1, 0.3, 1
    draw, judge = ([max(1, round(most * share)) for share in shares] for most in (draws, judges))
    count = partial(tally, uncertain("weights"), seed=1, details=False)
    for title, sizes, make in (
        ("SMAA by draws", draw, lambda n: partial(count, n)),
        ("AHP by judges: weights and ratio", judge, lambda n: partial(weigh, judge_matrices(n))),
        ("weigh_pairs by judges", judge[:3], lambda n: partial(weigh_pairs, judge_matrices(n))),
        ("weigh_panel by judges", (10, 100, 1000), lambda n: partial(weigh_panel, panel(n), "all")),
        ("best-worst by judges", (100, 1000), lambda n: partial(linear_best_worst, *best_worst(n))),
    ):
        print(f"\n{title}")
        found = medians([Run(str(size), make(size)) for size in sizes], repeats)
        for size, taken in found.items():
            each = taken / int(size) * 1e6
            print(f"  {int(size):45,} {taken * 1e3:11,.1f} ms {each:9,.2f} µs each", flush=True)


def import_seconds(code: str) -> float:
    """Return what an import takes by the clock of the fresh interpreter that does it."""
    clock = f"from time import perf_counter as now; start = now(); {code}; print(now() - start)"
    command = [sys.executable, "-c", clock]
    told = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    return float(told)


def measure_imports(repeats: int) -> None:
    """Compare imports in fresh interpreters, which take turns."""
    print("\nImport in a fresh interpreter, beside that of pandas")
    asked = {"import pandas": None, "import mcanalysis": 1.1,
             "import mcanalysis; mcanalysis.analyse": None}  # fmt: skip
    runs = [Run(code, partial(import_seconds, code), most=most) for code, most in asked.items()]
    taken = [[import_seconds(code) for code in asked] for _ in range(repeats)]
    print_ratios(runs, dict(zip(asked, np.median(taken, axis=0), strict=True)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, help=f"of weights; {DRAWS:,} when left out")
    parser.add_argument("--matrices", type=int, help=f"of judges; {MATRICES:,} when left out")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a hundredth of each size")
    parser.add_argument(
        "--peak", choices=["weights", "all"], help="only print the memory of counting ranks"
    )
    given = parser.parse_args()
    less = 100 if given.quick else 1
    draws, matrices = given.draws or DRAWS // less, given.matrices or MATRICES // less
    if given.peak:
        print_peak(given.peak, draws)
        return
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, {cores} cores")
    # First: on Linux a child begins with its parent's peak on its account.
    measure_memory(draws)
    peers = {name: peer(name) for name in ("ahpy", "pymcdm")}
    about = [f"{name} {version(name) if there else 'missing'}" for name, there in peers.items()]
    print(f"\nMedians of {given.repeats}; * scaled up from a part of the work; {', '.join(about)}")
    if not all(peers.values()):
        print('The other packages come with: pip install -e ".[peers]"')
    if (draws, matrices) != (DRAWS, MATRICES):
        print("What is to be reached is asked of the full sizes, not of these.")
    measure_weights(matrices, given.repeats, peers["ahpy"])
    measure_ranks(draws, given.repeats, peers["pymcdm"])
    measure_outranking(MANY // min(less, 10), given.repeats, peers["pymcdm"])
    measure_sizes(draws, matrices, min(given.repeats, 3))
    measure_imports(given.repeats)


if __name__ == "__main__":
    main()
