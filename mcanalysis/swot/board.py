"""The board of a system: its factors by quadrant."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.compare import check_known
from mcanalysis.model import QUADRANTS, Study


def swot_matrix(study: Study, system: str) -> dict[str, pd.DataFrame]:
    """Return the factors of a system by quadrant.

    Parameters
    ----------
    study : Study
    system : str

    Returns
    -------
    dict of str to DataFrame
        strength, weakness, opportunity, threat -> rows of ``swot_factors.csv`` in the order of the
        dimensions; empty where nothing is coded.

    Raises
    ------
    MethodError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> {q: len(f) for q, f in swot_matrix(read_study("data"), "DE").items()}
    {'strength': 9, 'weakness': 8, 'opportunity': 9, 'threat': 5}
    """
    check_known("system", [system], study.systems["system_id"])
    place = {d: i for i, d in enumerate(study.dimensions["dimension_id"])}
    mine = study.swot_factors[study.swot_factors["system_id"] == system]
    order = np.argsort([place[d] for d in mine["dimension_id"]], kind="stable")
    mine = mine.iloc[order]
    quadrant = mine["quadrant"].to_numpy(str)
    return {q: mine[quadrant == q].reset_index(drop=True) for q in QUADRANTS}
