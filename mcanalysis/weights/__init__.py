"""Weights from people: judgements, their consistency, and how far judges agree.

``pairwise`` and ``best_worst`` hold the methods on arrays, judges along the last axis, and
``indices`` the tables of the random index; ``comparing``, ``reconsider`` and ``stated`` check and
name; ``groups`` brings judges together, ``shown`` says which groups may be shown; ``judgements``
reads and ``writing`` writes a panel's table; ``panel`` does all at once (`weigh_panel`); ``spread``
draws weights at random from a panel or an order of importance; ``illustrative`` invents a panel.
"""

from mcanalysis.weights.best_worst import BestWorstWeights, linear_best_worst, weigh_best_worst
from mcanalysis.weights.comparing import PairwiseWeights, check_matrices, weigh_pairs
from mcanalysis.weights.groups import (
    Concordance,
    Consensus,
    aggregate_judgements,
    aggregate_priorities,
    chi_square_tail,
    measure_concordance,
    measure_consensus,
    split_by_group,
    weigh_groups,
)
from mcanalysis.weights.illustrative import illustrative_panel
from mcanalysis.weights.indices import RANDOM_INDICES, random_index
from mcanalysis.weights.judgements import Judgements, read_judgements
from mcanalysis.weights.pairwise import (
    METHODS,
    connected,
    geometric_consistency,
    inconsistency,
    least_inconsistent,
    logarithmic_least_squares,
    principal_eigenvector,
)
from mcanalysis.weights.panel import PanelWeights, weigh_panel
from mcanalysis.weights.reconsider import reconsider_judgements
from mcanalysis.weights.spread import draw_ordered_weights, draw_panel_weights
from mcanalysis.weights.stated import (
    OrderWeights,
    weigh_equally,
    weigh_hierarchy,
    weigh_order,
    weigh_ratings,
)
from mcanalysis.weights.writing import write_best_worst, write_judgements, write_ratings

__all__ = [
    "METHODS",
    "RANDOM_INDICES",
    "BestWorstWeights",
    "Concordance",
    "Consensus",
    "Judgements",
    "OrderWeights",
    "PairwiseWeights",
    "PanelWeights",
    "aggregate_judgements",
    "aggregate_priorities",
    "check_matrices",
    "chi_square_tail",
    "connected",
    "draw_ordered_weights",
    "draw_panel_weights",
    "geometric_consistency",
    "illustrative_panel",
    "inconsistency",
    "least_inconsistent",
    "linear_best_worst",
    "logarithmic_least_squares",
    "measure_concordance",
    "measure_consensus",
    "principal_eigenvector",
    "random_index",
    "read_judgements",
    "reconsider_judgements",
    "split_by_group",
    "weigh_best_worst",
    "weigh_equally",
    "weigh_groups",
    "weigh_hierarchy",
    "weigh_order",
    "weigh_pairs",
    "weigh_panel",
    "weigh_ratings",
    "write_best_worst",
    "write_judgements",
    "write_ratings",
]
