"""What if …, and why it changed: years, scenarios, ways to a target, causes of a rank change."""

from mcanalysis.change.causes import CAUSES, Basis, shapley, split_rank_change
from mcanalysis.change.scenario import apply_scenario, scenario_rows
from mcanalysis.change.targets import SmallestChanges, Target, smallest_changes
from mcanalysis.change.years import changes_over_time

__all__ = [
    "CAUSES",
    "Basis",
    "SmallestChanges",
    "Target",
    "apply_scenario",
    "changes_over_time",
    "scenario_rows",
    "shapley",
    "smallest_changes",
    "split_rank_change",
]
