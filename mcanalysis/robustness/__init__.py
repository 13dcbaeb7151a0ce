"""Ranks under other weights, levels and gaps: how sure, and what they depend on.

``ranking`` ranks under all that is uncertain, ``priorities`` says what is known of the weights,
``replays`` makes the draws again, ``drivers`` reads from them what a rank depends on, ``stability``
tells how far weights can move before systems change places.
"""

from mcanalysis.robustness.drivers import (
    rank_conditions,
    rank_drivers,
    rank_if_confirmed,
    research_list,
    uncertainty_shares,
)
from mcanalysis.robustness.priorities import Weights, central_priorities, sample_weights
from mcanalysis.robustness.ranking import Ranking, confidence_table, rank_systems, tiers_at
from mcanalysis.robustness.replays import Replay, replay
from mcanalysis.robustness.stability import (
    crossings,
    least_moves,
    smallest_flips,
    weight_stability,
)

__all__ = [
    "Ranking",
    "Replay",
    "Weights",
    "central_priorities",
    "confidence_table",
    "crossings",
    "least_moves",
    "rank_conditions",
    "rank_drivers",
    "rank_if_confirmed",
    "rank_systems",
    "replay",
    "research_list",
    "sample_weights",
    "smallest_flips",
    "tiers_at",
    "uncertainty_shares",
    "weight_stability",
]
