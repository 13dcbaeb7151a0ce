from __future__ import annotations

import pytest

from mcanalysis.robustness import rank_systems


@pytest.fixture(scope="session")
def ranking(evidence):
    return rank_systems(evidence)
