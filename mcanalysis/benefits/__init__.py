"""What microcredentials bring to each stakeholder, and what that depends on.

``realised`` tells how far benefits are realised; ``steps`` what would help most; ``importance``
sets them against what a panel finds important; ``orders`` compares the stakeholders.
"""

from mcanalysis.benefits.importance import (
    CROSSHAIRS,
    BenefitImportance,
    importance_against_realisation,
    importance_performance,
)
from mcanalysis.benefits.orders import (
    StakeholderOrders,
    compare_orders,
    dimension_weights,
    kendall_tau_b,
)
from mcanalysis.benefits.realised import (
    benefits_by_stakeholder,
    enabler_strengths,
    implied_weights,
    realise_benefits,
    realised_shares,
)
from mcanalysis.benefits.steps import Prospects, held_back_by, leading_steps, next_steps, prospects

__all__ = [
    "CROSSHAIRS",
    "BenefitImportance",
    "Prospects",
    "StakeholderOrders",
    "benefits_by_stakeholder",
    "compare_orders",
    "dimension_weights",
    "enabler_strengths",
    "held_back_by",
    "implied_weights",
    "importance_against_realisation",
    "importance_performance",
    "kendall_tau_b",
    "leading_steps",
    "next_steps",
    "prospects",
    "realise_benefits",
    "realised_shares",
]
