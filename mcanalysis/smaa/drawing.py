"""Draw what is uncertain and value the systems in each draw.

Draws come in blocks. Each block and each kind of uncertainty has a random stream of its own, so
that a block can be drawn on any thread, and switching one kind off leaves the others as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from mcanalysis.compare import TOP
from mcanalysis.errors import MethodError, nearest

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]
Booleans = npt.NDArray[np.bool_]
Sampler = Callable[[np.random.Generator, int], Floats]
T = TypeVar("T")

VARY = ("weights", "values", "gaps", "confidence")
"""What is uncertain: weights of dimensions, worth of levels, missing and low-confidence levels."""
EQUAL_STEPS = (1 / 3, 2 / 3)
"""Worth of levels 1 and 2 where the worth of levels is not varied."""
BLOCK = 4096
"""Draws in a block: few enough for the processor's cache."""
CELLS = 2**22
"""Most values (draws times systems) in a block."""
SMALL = 2**18
"""Multiplications up to which OpenBLAS uses one thread."""


@dataclass(frozen=True)
class Uncertain:
    """What is known of some systems, and what is to be drawn.

    Attributes
    ----------
    levels : array, shape (n_systems, n_dimensions)
        0 to 3; NaN is a gap.
    low : array of bool, same shape
        Levels that may as well be one lower or higher (but 0 to 3).
    weights : callable or array, shape (n_dimensions,)
        Gives so many random weights, shape (n, n_dimensions), or the weights of every draw; used
        only if "weights" are varied, or fixed, respectively.
    vary : frozenset of str
        Which of `VARY` are drawn. Weights that are not: as given, or equal. Worths: equal steps.
        Gaps: the mean over the evidence present. Low-confidence levels: as coded.
    """

    levels: Floats
    low: Booleans
    weights: Sampler | Floats
    vary: frozenset[str] = frozenset(VARY)

    @property
    def open_gaps(self) -> Booleans:
        """Cells without a level that are filled at random."""
        return np.isnan(self.levels) & ("gaps" in self.vary)

    @property
    def doubtful(self) -> Booleans:
        """Cells with a level that moves at random."""
        return self.low & ~np.isnan(self.levels) & ("confidence" in self.vary)


@dataclass(frozen=True)
class Draws:
    """What was drawn, one row per draw; cells in the order of the matrix.

    Attributes
    ----------
    weights : array, shape (n, n_dimensions)
        Rows sum to 1.
    worths : array, shape (n, 2)
        Worth of levels 1 and 2, ascending, in [0, 1]; levels 0 and 3 are worth 0 and 1.
    gaps, doubtful : array of int, shape (n_cells, n)
        Level of each open gap and of each doubtful cell.
    """

    weights: Floats
    worths: Floats
    gaps: Levels
    doubtful: Levels


def check_vary(vary: Collection[str]) -> frozenset[str]:
    """Return what is varied as a set; MethodError, naming the nearest, for an unknown word."""
    wrong = [
        f'vary: "{word}" is not known.{nearest(word, VARY)} Choose from: {", ".join(VARY)}.'
        for word in vary
        if word not in VARY
    ]
    if wrong:
        raise MethodError("\n".join(wrong))
    return frozenset(vary)


def draw_weights(generator: np.random.Generator, draws: int, dimensions: int) -> Floats:
    """Draw weights uniformly from the simplex: exponential numbers divided by their sum.

    References
    ----------
    Tervonen, T. & Lahdelma, R. (2007), *Implementing stochastic multicriteria acceptability
    analysis*. European Journal of Operational Research 178(2), 500-513.

    Examples
    --------
    >>> draw_weights(np.random.default_rng(0), 5, 3).sum(axis=1).round(12).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0]
    """
    w = generator.standard_exponential((draws, dimensions))
    w /= w.sum(axis=1, keepdims=True)
    return w


def draw_worths(generator: np.random.Generator, draws: int) -> Floats:
    """Draw the worth of the levels between lowest and highest: sorted uniform numbers.

    One worth holds for all dimensions, as for criteria on a common ordinal scale.

    References
    ----------
    Lahdelma, R., Miettinen, K. & Salminen, P. (2003), *Ordinal criteria in stochastic multicriteria
    acceptability analysis (SMAA)*. European Journal of Operational Research 147, 117-127.
    """
    return np.sort(generator.random((draws, TOP - 1)), axis=1)


def draw_gaps(generator: np.random.Generator, draws: int, cells: int) -> Levels:
    """Draw the level of each gap: all four with equal chance; shape (cells, draws)."""
    return generator.integers(0, TOP + 1, (cells, draws), dtype=np.uint8)


def draw_doubtful(generator: np.random.Generator, draws: int, coded: Levels) -> Levels:
    """Draw doubtful levels: each stays or moves one down or up, with equal chance, within 0 to 3.

    Examples
    --------
    >>> levels = draw_doubtful(np.random.default_rng(0), 1000, np.uint8([0, 2]))
    >>> [sorted(set(row.tolist())) for row in levels]
    [[0, 1], [1, 2, 3]]
    """
    moved = generator.integers(0, 3, (len(coded), draws), dtype=np.uint8)
    moved += coded[:, None]
    # One is in 1 to 5 here, one too many, so that no number falls below 0.
    return np.clip(moved, 1, TOP + 1) - np.uint8(1)


def block_sizes(draws: int, systems: int) -> list[int]:
    """Cut draws into blocks; the size depends on the number of systems alone."""
    size = max(1, min(BLOCK, CELLS // max(1, systems)))
    return [min(size, draws - start) for start in range(0, draws, size)]


def draw_block(model: Uncertain, seed: int, block: int, draws: int) -> Draws:
    """Draw one block.

    Parameters
    ----------
    model : Uncertain
    seed, block : int
        Same seed and block, same draws, whatever else is drawn.
    draws : int
        Size of the block.

    Returns
    -------
    Draws
    """

    def stream(kind: str) -> np.random.Generator:
        own = np.random.SeedSequence(seed, spawn_key=(block, VARY.index(kind)))
        return np.random.Generator(np.random.PCG64(own))

    if callable(model.weights):
        weights = model.weights(stream("weights"), draws)
    else:
        weights = np.broadcast_to(model.weights, (draws, len(model.weights)))
    if "values" in model.vary:
        worths = draw_worths(stream("values"), draws)
    else:
        worths = np.broadcast_to(EQUAL_STEPS, (draws, TOP - 1))
    gaps = int(model.open_gaps.sum())
    coded = model.levels[model.doubtful].astype(np.uint8)
    none = np.zeros((0, draws), dtype=np.uint8)
    return Draws(
        weights,
        worths,
        draw_gaps(stream("gaps"), draws, gaps) if gaps else none,
        draw_doubtful(stream("confidence"), draws, coded) if len(coded) else none,
    )


def over_blocks(
    model: Uncertain,
    seed: int,
    draws: int,
    act: Callable[[Draws], T],
    threads: int | None = None,
) -> Iterator[T]:
    """Yield what a function makes of each block, in their order, several worked on at a time.

    Parameters
    ----------
    model : Uncertain
    seed, draws : int
    act : callable
        Called with the draws of a block, on any thread.
    threads : int, optional
        Blocks worked on at a time. By default one per processor where there are many blocks.
    """
    sizes = block_sizes(draws, len(model.levels))
    several = (_processors() if len(sizes) >= 16 else 1) if threads is None else threads

    def one(block: int) -> T:
        return act(draw_block(model, seed, block, sizes[block]))

    _keep_freed_memory()
    with ThreadPoolExecutor(several) as pool:
        yield from (pool.map if several > 1 else map)(one, range(len(sizes)))


def _keep_freed_memory() -> None:
    """Have the C library keep what one block frees for the next; else half of the time goes there.

    glibc gives memory above a threshold back at once, and raises the threshold to the largest piece
    it has seen freed, up to 32 MiB. The piece is never written to, so that it takes no memory.
    """
    np.empty(30 * 2**20, dtype=np.uint8)


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def additive_values(model: Uncertain, drawn: Draws) -> Floats:
    """Return the value of each system: the weights of the dimensions times the worth of its levels.

    Parameters
    ----------
    model : Uncertain
    drawn : Draws

    Returns
    -------
    array, shape (n_draws, n_systems)
        In [0, 1]. Where gaps are not filled, the mean over the evidence present, weights divided by
        their sum there; 0 where all evidence of a system has weight 0.

    Examples
    --------
    >>> certain = Uncertain(np.array([[2.0, 0], [1, 3]]), np.zeros((2, 2), bool), np.ones(2) / 2)
    >>> nothing = np.zeros((0, 1), np.uint8)
    >>> one = Draws(np.array([[0.75, 0.25]]), np.array([[0.4, 0.8]]), nothing, nothing)
    >>> additive_values(certain, one).round(2).tolist()
    [[0.6, 0.55]]
    """
    systems, dimensions = model.levels.shape
    gaps, doubtful = model.open_gaps, model.doubtful
    firm = np.where(gaps | doubtful, np.nan, model.levels)
    steps = drawn.worths[:1]
    if gaps.any() or doubtful.any() or (drawn.worths != steps).any():
        # worth[d, l] is weight times worth of level l on dimension d, draws along the last axis.
        worth = np.zeros((dimensions, TOP + 1, len(drawn.weights)))
        worth[:, TOP] = drawn.weights.T
        for level in range(1, TOP):
            np.multiply(worth[:, TOP], drawn.worths[:, level - 1], out=worth[:, level])
        known = firm[:, :, None] == np.arange(1, TOP + 1)
        value = _product(
            worth[:, 1:].reshape(dimensions * TOP, -1).T, known.reshape(systems, -1).T.astype(float)
        )
    else:  # a third of the multiplications
        scale = np.concatenate([[0.0], *steps, [1.0, 0.0]])
        at = np.nan_to_num(firm, nan=TOP + 1).astype(np.intp)
        value = _product(drawn.weights, scale[at].T)
    place = np.arange(len(drawn.weights))
    for cells, levels in ((gaps, drawn.gaps), (doubtful, drawn.doubtful)):
        for (s, d), level in zip(np.argwhere(cells), levels, strict=True):
            at = np.multiply(level, len(place), dtype=np.intp)
            at += place
            value[:, s] += worth[d].ravel().take(at)
    if "gaps" not in model.vary and np.isnan(model.levels).any():
        known = _product(drawn.weights, (~np.isnan(model.levels)).T.astype(float))
        value = np.divide(value, known, out=np.zeros_like(value), where=known > 0)
    return np.asarray(value)


def _product(draws: Floats, systems: Floats) -> Floats:
    """Multiply in pieces so small that the linear algebra library starts no threads of its own.

    They would fight with the threads that work on other blocks.
    """
    n, inner = draws.shape
    found = np.empty((n, systems.shape[1]))
    size = max(8, SMALL // max(1, inner * systems.shape[1]))
    for start in range(0, n, size):
        np.matmul(draws[start : start + size], systems, out=found[start : start + size])
    return found
