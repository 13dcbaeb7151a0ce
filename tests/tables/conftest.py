from __future__ import annotations

import pytest

from mcanalysis import analyse
from mcanalysis.analysis import Analysis
from mcanalysis.model import Study


@pytest.fixture(scope="session")
def judged(study: Study) -> Analysis:
    """The analysis of the shipped study with its illustrative panel."""
    return analyse(study, panel="illustrative")
