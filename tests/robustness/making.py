"""Evidence made of a matrix of levels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.compare import Evidence

NONE = np.nan


def evidence_of(levels, low=None):
    """Make evidence of a matrix of levels; NaN is a gap."""
    x = np.array(levels, float)
    names = [f"S{i}" for i in range(len(x))]
    columns = [f"d{i}" for i in range(x.shape[1])]
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool) & ~np.isnan(x)
    frames = (pd.DataFrame(m, index=names, columns=columns) for m in (x, doubt))
    return Evidence(pd.DataFrame(), *frames, 2020)
