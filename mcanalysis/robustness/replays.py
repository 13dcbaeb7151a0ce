"""The first draws of a ranking, made again: what it depends on is read from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mcanalysis.compare import Evidence
from mcanalysis.robustness.ranking import Ranking, model_of
from mcanalysis.smaa import (
    BLOCK,
    Draws,
    Uncertain,
    additive_values,
    count_ranks,
    equal_parts,
    explained_share,
    over_blocks,
)
from mcanalysis.smaa.drawing import Floats, Integers

REPLAYED = 5 * BLOCK
"""Most draws that tell what ranks depend on: enough for shares to half a point."""
KEPT, CELLS = 25 * BLOCK, 25 * BLOCK * 20
"""Most draws made again, and most values of systems in them."""


@dataclass(frozen=True)
class Replay:
    """The first draws of a ranking, made again; what ranks depend on is read from them.

    Attributes
    ----------
    systems : list of str
        Ranked systems, in the order of the columns below.
    model : Uncertain
    drawn : Draws
    values : array, shape (n_draws, n_systems)
    ranks : array of int, shape (at most `REPLAYED`, n_systems)
    """

    systems: list[str]
    model: Uncertain
    drawn: Draws
    values: Floats
    ranks: Integers

    @cached_property
    def by_weight(self) -> Integers:
        """The draws of `ranks` from the greatest weight of each dimension down, one row each."""
        return np.argsort(-self.drawn.weights[: len(self.ranks)].T, axis=1, kind="stable")

    @cached_property
    def shares(self) -> list[tuple[str, int, Floats]]:
        """Of what all systems share: kind, number of the dimension or worth, explained shares."""
        drawn = {"weight": self.drawn.weights, "worth": self.drawn.worths}
        varied = {"weight": "weights", "worth": "values"}
        return [
            (kind, i, explained_share(self.ranks, equal_parts(numbers[: len(self.ranks), i])))
            for kind, numbers in drawn.items()
            if varied[kind] in self.model.vary
            for i in range(numbers.shape[1])
        ]


def replay(evidence: Evidence, ranking: Ranking) -> Replay:
    """Make the first draws of a ranking again.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence.

    Returns
    -------
    Replay
        What `drivers` works from; its functions make it themselves where it is not given.

    Raises
    ------
    MethodError
        If the ranking was made from other evidence.
    """
    systems, model = model_of(evidence, ranking)
    most = max(REPLAYED, min(KEPT, CELLS // max(1, len(systems))))

    def one(drawn: Draws) -> tuple[Draws, Floats]:
        return drawn, additive_values(model, drawn)

    blocks = over_blocks(model, ranking.seed, min(ranking.draws, most), one)
    parts, values = zip(*blocks, strict=True)
    drawn = Draws(
        np.concatenate([p.weights for p in parts]),
        np.concatenate([p.worths for p in parts]),
        np.concatenate([p.gaps for p in parts], axis=1),
        np.concatenate([p.doubtful for p in parts], axis=1),
    )
    value = np.concatenate(values)
    return Replay(systems, model, drawn, value, count_ranks(value[:REPLAYED])[0])
