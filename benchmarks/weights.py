"""How long weights of many judges take, beside NumPy's own eigenvalues of the same matrices.

    python benchmarks/weights.py [--judges 100000] [--items 7] [--repeats 5]

Aim: at least 8 times faster than one call of numpy.linalg.eig for all matrices; cost linear in
judges. Contestants take turns, so that other work on the machine slows all alike.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mcanalysis.weights import METHODS, inconsistency, linear_best_worst, principal_eigenvector

Floats = npt.NDArray[np.float64]


def judge_matrices(items: int, judges: int, seed: int = 1) -> Floats:
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


def solve_batched(matrices: Floats) -> tuple[Floats, Floats]:
    """Take the eigenvector from one call of numpy.linalg.eig for all matrices."""
    values, vectors = np.linalg.eig(matrices)
    first = values.real.argmax(axis=1)
    w = np.abs(vectors[np.arange(len(first)), :, first].real)
    return w / w.sum(axis=1, keepdims=True), values.real.max(axis=1)


def solve_in_loop(matrices: Floats) -> list[Floats]:
    """Take the eigenvector of one matrix after the other."""
    found = []
    for a in matrices:
        values, vectors = np.linalg.eig(a)
        w = np.abs(vectors[:, values.real.argmax()].real)
        found.append(w / w.sum())
    return found


def seconds(contestants: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Return the median time of each, taking turns."""
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repeats):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            taken[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--judges", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    last = judge_matrices(given.items, given.judges)
    first = np.ascontiguousarray(last.transpose(2, 0, 1))
    difference = np.abs(principal_eigenvector(last)[0].T - solve_batched(first)[0]).max()
    looped = first[: max(given.judges // 10, 1)]
    taken = seconds(
        {
            "principal_eigenvector": lambda: principal_eigenvector(last),
            "numpy.linalg.eig, batched": lambda: solve_batched(first),
            "numpy.linalg.eig, loop (a tenth)": lambda: solve_in_loop(looped),
            "inconsistency (all measures)": lambda: inconsistency(last),
            **{
                name: lambda run=run: run(last)
                for name, run in METHODS.items()
                if name != "eigenvector"
            },
        },
        given.repeats,
    )
    ours = taken["principal_eigenvector"]
    print(f"{given.judges} matrices of {given.items} items, median of {given.repeats}")
    print(f"largest difference of a weight from numpy.linalg.eig: {difference:.1e}")
    for name, value in taken.items():
        whole = value * (given.judges / len(looped) if "loop" in name else 1)
        print(f"  {name:34} {whole * 1000:9.1f} ms {whole / ours:7.2f} x principal_eigenvector")
    print("cost by number of judges")
    for judges in (100, 1_000, 10_000, 100_000):
        part = judge_matrices(given.items, judges)
        found = seconds({"": lambda part=part: principal_eigenvector(part)}, given.repeats)[""]
        print(f"  {judges:9} {found * 1000:9.2f} ms {found / judges * 1e6:7.2f} us each")
    n, judges = 9, 2_000
    between = np.random.default_rng(1).integers(1, 10, (2, n, judges)).astype(float)
    best_to, to_worst = between
    best_to[0], to_worst[-1] = 1, 1
    best_to[-1] = to_worst[0] = 9
    ends = np.zeros(judges, dtype=np.intp), np.full(judges, n - 1, dtype=np.intp)
    found = seconds({"": lambda: linear_best_worst(best_to, to_worst, *ends)}, given.repeats)[""]
    print(f"best-worst, {n} items, {judges} judges: {found / judges * 1e6:.0f} us each")


if __name__ == "__main__":
    main()
