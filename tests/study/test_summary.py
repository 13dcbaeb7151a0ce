from __future__ import annotations

import json
from pathlib import Path

from mcanalysis.model import Study
from mcanalysis.study import read_study, summarise_study


def test_the_summary_says_what_a_study_holds_and_where_it_is_thin(folder: Path) -> None:
    assert summarise_study(read_study(folder), min_dimensions=1) == {
        "rows": {
            "systems": 3,
            "dimensions": 2,
            "indicators": 3,
            "swot_factors": 2,
            "stakeholders": 2,
            "benefits": 1,
            "benefit_enablers": 2,
            "sources": 3,
        },
        "systems_by_dimensions": [
            {"dimensions": 1, "systems": ["NA", "DE"]},
            {"dimensions": 0, "systems": ["EU"]},
        ],
        "min_dimensions": 1,
        "ranked": ["NA", "DE"],
        "not_ranked": ["EU"],
        "oldest": {"year": 2020, "where": ["NA recognition"]},
        "newest": {"year": 2024, "where": ["DE recognition"]},
        "confidence": {
            "indicators": {"high": 1, "medium": 1, "low": 1},
            "swot_factors": {"high": 2, "medium": 0, "low": 0},
        },
        "unused_sources": ["spare"],
        "factors_without_stakeholders": ["de-t1"],
    }


def test_the_summary_of_the_shipped_study_agrees_with_its_readme(study: Study) -> None:
    summary = json.loads(json.dumps(summarise_study(study)))
    assert len(summary["ranked"]) == 20
    assert len(summary["not_ranked"]) == 33
    assert summary["confidence"]["indicators"] == {"high": 158, "medium": 225, "low": 38}
    five = [each for each in summary["systems_by_dimensions"] if each["dimensions"] >= 5]
    assert sum(len(each["systems"]) for each in five) == 37
