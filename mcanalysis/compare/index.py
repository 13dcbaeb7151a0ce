"""The integration index: the weighted mean of the levels, and its interval over all fills."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcanalysis.compare.evidence import TOP, Evidence, bounds, check_known
from mcanalysis.errors import MethodError


def equal_weights(evidence: Evidence) -> pd.Series:
    """Return the same weight for every dimension: dimension_id -> 1 / n, together 1."""
    return pd.Series(1 / evidence.levels.shape[1], index=evidence.levels.columns)


def fitting_weights(evidence: Evidence, weights: pd.Series) -> pd.Series:
    """Return weights in the order of the dimensions.

    Parameters
    ----------
    evidence : Evidence
    weights : Series
        dimension_id -> weight in [0, 1], together 1; in any order.

    Raises
    ------
    MethodError
        If they do not fit the dimensions, are negative or missing, or do not sum to 1.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> from mcanalysis.compare import newest_evidence
    >>> evidence = newest_evidence(read_study("data"))
    >>> weights = equal_weights(evidence)
    >>> fitting_weights(evidence, weights[::-1]).equals(weights)
    True
    """
    dimensions = evidence.levels.columns
    check_known("dimension", weights.index, dimensions)
    if len(weights) != len(dimensions) or not weights.index.is_unique:
        raise MethodError(
            f"Weights given: {len(weights)}, dimensions: {len(dimensions)}. "
            f"Give one for each of: {', '.join(dimensions)}."
        )
    w = weights.reindex(dimensions).astype(float)
    if not (w >= 0).all() or not np.isclose(w.sum(), 1):
        raise MethodError(
            f"The weights sum to {w.sum():g} and the least is {w.min():g}. "
            "Divide them by their sum, with none missing or below 0."
        )
    return w


def integration_index(evidence: Evidence, weights: pd.Series | None = None) -> pd.DataFrame:
    """Aggregate the levels of each system.

    Parameters
    ----------
    evidence : Evidence
    weights : Series, optional
        dimension_id -> weight in [0, 1], together 1; by default all the same.

    Returns
    -------
    DataFrame
        One row per system with evidence: index, the weighted mean of level / 3 over the evidence
        present, in [0, 1]; lower and upper, over every way to fill the gaps and every
        low-confidence level one lower or higher; coverage, the weight of the dimensions with
        evidence; dimensions and low_confidence, counts. Where all evidence has weight 0 the index
        is NaN.

    Raises
    ------
    MethodError
        If the weights do not fit the dimensions, are negative, or do not sum to 1.

    References
    ----------
    OECD/JRC (2008), *Handbook on Constructing Composite Indicators*, steps 5 and 6.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> table = integration_index(newest_evidence(read_study("data")))
    >>> table.loc["DE", ["index", "lower", "upper"]].astype(float).round(4).to_list()
    [0.3939, 0.3333, 0.4848]
    """
    w = equal_weights(evidence) if weights is None else fitting_weights(evidence, weights)
    value, known = evidence.levels / TOP, evidence.levels.notna()
    coverage = (known * w).sum(axis=1)
    low, high = bounds(evidence)
    return pd.DataFrame(
        {
            # Rounded where floating point ends, so that 9 of 24 prints as 0.38 and not as 0.37.
            "index": ((value * w).sum(axis=1) / coverage.where(coverage > 0)).round(12),
            "lower": (low / TOP * w).sum(axis=1).round(12),
            "upper": (high / TOP * w).sum(axis=1).round(12),
            "coverage": coverage,
            "dimensions": known.sum(axis=1),
            "low_confidence": evidence.low.sum(axis=1),
        }
    )
