from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mcanalysis.compare import Evidence


def make_evidence(levels, low=None, systems=None):
    """Make evidence of a matrix of levels; NaN is a gap."""
    x = np.array(levels, float)
    names = systems or [f"S{i}" for i in range(len(x))]
    columns = [f"d{i}" for i in range(x.shape[1])]
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool) & ~np.isnan(x)
    frame = pd.DataFrame(x, index=names, columns=columns)
    rows = frame.rename_axis("system_id").reset_index().melt("system_id", var_name="dimension_id")
    rows = rows.rename(columns={"value": "level"})
    rows["confidence"] = np.where(doubt.ravel(order="F"), "low", "high")
    rows = rows.dropna().astype({"level": "Int64"})
    rows = rows.assign(year=2020, statement="A fact.", source_id="act", locator="p. 1", age=0)
    return Evidence(rows, frame, pd.DataFrame(doubt, index=names, columns=columns), 2020)


@pytest.fixture(scope="session")
def evidence_of():
    """Make evidence of a matrix of levels, and of doubts about them."""
    return make_evidence
