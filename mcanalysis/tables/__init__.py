"""Results as accessible tables and the parts of a page that are made of them."""

from mcanalysis.tables.board import factors_naming, strategy_pairs, swot_board
from mcanalysis.tables.comparison import (
    comparison_claims,
    comparison_head,
    ranking,
    stakeholder_orders,
    unranked_table,
    what_holds,
)
from mcanalysis.tables.country import (
    benefits_table,
    changes_table,
    profile_table,
    solved_table,
)
from mcanalysis.tables.gaps import cannot_say_table, where_to_look_table
from mcanalysis.tables.overview import certainty, glance, in_short
from mcanalysis.tables.priorities import priorities
from mcanalysis.tables.profiles import side_by_side
from mcanalysis.tables.stakeholder import (
    held_back_table,
    serves_best,
    stakeholder_claims,
    stakeholder_head,
)

__all__ = [
    "benefits_table",
    "cannot_say_table",
    "certainty",
    "changes_table",
    "comparison_claims",
    "comparison_head",
    "factors_naming",
    "glance",
    "held_back_table",
    "in_short",
    "priorities",
    "profile_table",
    "ranking",
    "serves_best",
    "side_by_side",
    "solved_table",
    "stakeholder_claims",
    "stakeholder_head",
    "stakeholder_orders",
    "strategy_pairs",
    "swot_board",
    "unranked_table",
    "what_holds",
    "where_to_look_table",
]
