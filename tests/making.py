"""Evidence made of a matrix of levels, and edits of a study, for tests of several floors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.compare import Evidence

NONE = np.nan
LEVELS = st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE])


def evidence_of(levels, low=None, systems=None):
    """Make evidence of a matrix of levels, and of doubts about them; NaN is a gap."""
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


@st.composite
def tables(draw, systems=(1, 6), dimensions=(1, 5)):
    """Levels with gaps, and doubts about some."""
    shape = draw(st.tuples(st.integers(*systems), st.integers(*dimensions)))
    return draw(arrays.arrays(float, shape, elements=LEVELS)), draw(arrays.arrays(bool, shape))


def edit(folder: Path, table: str, old: str, new: str) -> None:
    """Replace a text in a table of a study that lies in a folder."""
    place = folder / f"{table}.csv"
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")
