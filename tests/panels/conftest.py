"""Questionnaires to fill in."""

from __future__ import annotations

import pytest

from mcanalysis.panels import ask, write_questionnaire
from mcanalysis.panels.gathering import _known


@pytest.fixture(scope="session")
def known(study) -> frozenset[str]:
    return _known(study)


@pytest.fixture
def made(study, tmp_path):
    """Make a questionnaire: its file and its design."""

    def make(topic="dimensions", method="pairwise", judge="", name="q.xlsx", copy=0):
        path = tmp_path / name
        return path, write_questionnaire(ask(study, topic, method, copy), path, judge)

    return make
