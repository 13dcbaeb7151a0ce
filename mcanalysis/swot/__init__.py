"""SWOT of a system: board, priorities, evaluation, pairs, and what the indicators suggest.

``board`` holds the factors by quadrant; ``priorities`` weighs them by a panel (A'WOT);
``evaluation`` is the matrix of weights and ratings (IFE, EFE), ``rated`` that of a system; ``tows``
pairs inside with outside; ``derived`` holds them against the indicators.
"""

from mcanalysis.swot.board import swot_matrix
from mcanalysis.swot.derived import FINDINGS, derived_factors, disagreements, hold_against
from mcanalysis.swot.evaluation import (
    FactorEvaluation,
    Position,
    evaluate_factors,
    name_position,
)
from mcanalysis.swot.priorities import WAYS, SwotPriorities, prioritise_factors
from mcanalysis.swot.rated import SwotEvaluation, ife_efe
from mcanalysis.swot.tows import GROUPS, SHOWN, Shared, shared_benefits, tows_pairs

__all__ = [
    "FINDINGS",
    "GROUPS",
    "SHOWN",
    "WAYS",
    "FactorEvaluation",
    "Position",
    "Shared",
    "SwotEvaluation",
    "SwotPriorities",
    "derived_factors",
    "disagreements",
    "evaluate_factors",
    "hold_against",
    "ife_efe",
    "name_position",
    "prioritise_factors",
    "shared_benefits",
    "swot_matrix",
    "tows_pairs",
]
