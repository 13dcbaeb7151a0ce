"""Results as accessible tables and the parts of a page that are made of them."""

from mcanalysis.tables.agreement import panel_agreement, panel_consistency, panel_splits
from mcanalysis.tables.assumed import assumed_table
from mcanalysis.tables.benefits import benefits_table
from mcanalysis.tables.board import factors_naming, strategy_pairs, swot_board
from mcanalysis.tables.certainty import certainty
from mcanalysis.tables.comparison import (
    comparison_claims,
    comparison_head,
    ranking,
    unranked_table,
)
from mcanalysis.tables.consequences import gains_table, swot_changes
from mcanalysis.tables.country import changes_table, profile_table, solved_table
from mcanalysis.tables.gaps import cannot_say_table, where_to_look_table
from mcanalysis.tables.importance import importance_across, importance_table
from mcanalysis.tables.methods import what_breaks, what_holds
from mcanalysis.tables.orders import stakeholder_orders
from mcanalysis.tables.overview import glance, in_short
from mcanalysis.tables.panel import panel_head, panel_holds, panel_in_short, panel_weights
from mcanalysis.tables.priorities import priorities
from mcanalysis.tables.profiles import side_by_side
from mcanalysis.tables.reasons import supporters, what_matters
from mcanalysis.tables.research import research_table
from mcanalysis.tables.robustness import (
    head_to_head,
    rank_shares,
    robustness_claims,
    robustness_head,
)
from mcanalysis.tables.scenario import (
    moved_table,
    scenario_certainty,
    scenario_claims,
    scenario_head,
)
from mcanalysis.tables.stability import lead_ends, weight_room
from mcanalysis.tables.stakeholder import (
    held_back_table,
    serves_best,
    stakeholder_claims,
    stakeholder_head,
)
from mcanalysis.tables.targets import target_steps
from mcanalysis.why.heard import hear
from mcanalysis.why.what_if import suppose

__all__ = [
    "assumed_table",
    "benefits_table",
    "cannot_say_table",
    "certainty",
    "changes_table",
    "comparison_claims",
    "comparison_head",
    "factors_naming",
    "gains_table",
    "glance",
    "head_to_head",
    "hear",
    "held_back_table",
    "importance_across",
    "importance_table",
    "in_short",
    "lead_ends",
    "moved_table",
    "panel_agreement",
    "panel_consistency",
    "panel_head",
    "panel_holds",
    "panel_in_short",
    "panel_splits",
    "panel_weights",
    "priorities",
    "profile_table",
    "rank_shares",
    "ranking",
    "research_table",
    "robustness_claims",
    "robustness_head",
    "scenario_certainty",
    "scenario_claims",
    "scenario_head",
    "serves_best",
    "side_by_side",
    "solved_table",
    "stakeholder_claims",
    "stakeholder_head",
    "stakeholder_orders",
    "strategy_pairs",
    "supporters",
    "suppose",
    "swot_board",
    "swot_changes",
    "target_steps",
    "unranked_table",
    "weight_room",
    "what_breaks",
    "what_holds",
    "what_matters",
    "where_to_look_table",
]
