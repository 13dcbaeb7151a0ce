"""Results as charts that carry their text alternative, their data and their sources."""

from mcanalysis.charts.benefits import benefit_map, group_chart
from mcanalysis.charts.levels import evidence_map, profile_chart
from mcanalysis.charts.maps import coverage_map, dimension_maps
from mcanalysis.charts.ranks import rank_histogram, ranking_chart
from mcanalysis.charts.record import Chart

__all__ = [
    "Chart",
    "benefit_map",
    "coverage_map",
    "dimension_maps",
    "evidence_map",
    "group_chart",
    "profile_chart",
    "rank_histogram",
    "ranking_chart",
]
