from __future__ import annotations

import pytest

from mcanalysis import charts


@pytest.fixture(scope="session")
def drawn(a) -> dict[str, charts.Chart]:
    """Every kind of chart of the shipped study, by its function."""
    return {
        "benefit_map": charts.benefit_map(a, "learners"),
        "coverage_map": charts.coverage_map(a),
        "dimension_maps": charts.dimension_maps(a),
        "evidence_map": charts.evidence_map(a),
        "group_chart": charts.group_chart(a, "learners"),
        "profile_chart": charts.profile_chart(a, "DE"),
        "rank_histogram": charts.rank_histogram(a, "DE"),
        "ranking_chart": charts.ranking_chart(a),
    }
