"""Systems against each other: evidence, index, scores by named methods, peers.

``evidence`` takes the rows that count; ``index`` and ``peers`` compare systems on them.
``normalise``, ``aggregate`` and ``outranking`` hold the methods on arrays; ``scores`` puts them
together, checks and names (`score_systems`).
"""

from mcanalysis.compare.aggregate import (
    FLOOR,
    arithmetic_mean,
    competition_ranks,
    geometric_mean,
    topsis,
)
from mcanalysis.compare.evidence import (
    TOP,
    Evidence,
    bounds,
    check_known,
    levels_of,
    newest_evidence,
    ranked_systems,
)
from mcanalysis.compare.index import equal_weights, fitting_weights, integration_index
from mcanalysis.compare.normalise import (
    constant_columns,
    fixed_goalposts,
    min_max,
    norm_scaling,
    piecewise_values,
    z_score,
)
from mcanalysis.compare.outranking import copeland, promethee_flows, promethee_net_flow
from mcanalysis.compare.peers import dominance, peer_range, where_to_look, who_has_solved
from mcanalysis.compare.scores import (
    AGGREGATIONS,
    NEEDS_SHARES,
    NORMALISATIONS,
    OUTRANKING,
    Scores,
    score_systems,
    score_values,
)

__all__ = [
    "AGGREGATIONS",
    "FLOOR",
    "NEEDS_SHARES",
    "NORMALISATIONS",
    "OUTRANKING",
    "TOP",
    "Evidence",
    "Scores",
    "arithmetic_mean",
    "bounds",
    "check_known",
    "competition_ranks",
    "constant_columns",
    "copeland",
    "dominance",
    "equal_weights",
    "fitting_weights",
    "fixed_goalposts",
    "geometric_mean",
    "integration_index",
    "levels_of",
    "min_max",
    "newest_evidence",
    "norm_scaling",
    "peer_range",
    "piecewise_values",
    "promethee_flows",
    "promethee_net_flow",
    "ranked_systems",
    "score_systems",
    "score_values",
    "topsis",
    "where_to_look",
    "who_has_solved",
    "z_score",
]
