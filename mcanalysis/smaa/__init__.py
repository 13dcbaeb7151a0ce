"""Stochastic multicriteria acceptability analysis, on arrays with draws along the first axis.

``drawing`` draws what is uncertain and values the systems, ``counting`` counts ranks, wins and
winners, ``measures`` says what follows from the counts.
"""

from mcanalysis.smaa.counting import SAME, Tally, count_ranks, rank_quantiles, tally, tiers
from mcanalysis.smaa.drawing import (
    BLOCK,
    VARY,
    Draws,
    Uncertain,
    additive_values,
    check_vary,
    draw_block,
    draw_doubtful,
    draw_gaps,
    draw_weights,
    draw_worths,
    over_blocks,
)
from mcanalysis.smaa.measures import (
    central_weights,
    confidence_factors,
    equal_parts,
    explained_share,
    holistic_acceptability,
    holistic_error,
    rank_variance,
    sobol_indices,
    standard_error,
)

__all__ = [
    "BLOCK",
    "SAME",
    "VARY",
    "Draws",
    "Tally",
    "Uncertain",
    "additive_values",
    "central_weights",
    "check_vary",
    "confidence_factors",
    "count_ranks",
    "draw_block",
    "draw_doubtful",
    "draw_gaps",
    "draw_weights",
    "draw_worths",
    "equal_parts",
    "explained_share",
    "holistic_acceptability",
    "holistic_error",
    "over_blocks",
    "rank_quantiles",
    "rank_variance",
    "sobol_indices",
    "standard_error",
    "tally",
    "tiers",
]
