"""What is known of the weights: nothing, an order of importance, a panel, or all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mcanalysis.compare import check_known
from mcanalysis.errors import MethodError
from mcanalysis.smaa import draw_weights
from mcanalysis.smaa.drawing import Floats, Sampler
from mcanalysis.weights import aggregate_priorities, draw_ordered_weights, draw_panel_weights
from mcanalysis.weights.stated import check_items, refuse, weigh_order

Weights = pd.Series | pd.DataFrame | Sequence[str | Sequence[str]] | None
"""Nothing; one weight for each dimension (Series); a panel's spread (DataFrame, dimensions by
judges); an order of importance, most important first, inner sequences without an order."""


def sample_weights(weights: Weights, dimensions: Sequence[str]) -> Sampler | Floats:
    """Return a function that draws weights, or the weights themselves where all is known.

    Parameters
    ----------
    weights : None, Series, DataFrame or sequence
        None: uniform on the simplex. Series (dimension_id -> weight, together 1): these, always.
        DataFrame (dimensions by judges, columns sum to 1): logistic-normal with the judges' mean
        and covariance, see `draw_panel_weights`. Sequence: uniform among the weights that keep the
        order; dimensions that are not named come last, in no order among themselves.
    dimensions : sequence of str
        Order of the weights in an array.

    Returns
    -------
    callable or array, shape (n_dimensions,)

    Raises
    ------
    MethodError
        If dimensions are unknown, missing or named twice, or weights do not sum to 1.

    Examples
    --------
    >>> draw = sample_weights([["credits"]], ["law", "credits"])
    >>> w = draw(np.random.default_rng(0), 1000)
    >>> bool((w[:, 1] >= w[:, 0]).all())
    True
    """
    n = len(dimensions)
    if weights is None:
        return lambda generator, draws: draw_weights(generator, draws, n)
    if isinstance(weights, pd.Series | pd.DataFrame):
        _check_complete(weights, dimensions)
        own = weights.reindex(list(dimensions)).to_numpy(float)
        if isinstance(weights, pd.Series):
            return own
        return lambda generator, draws: draw_panel_weights(generator, draws, own)
    at = {d: i for i, d in enumerate(dimensions)}
    order = [[at[d] for d in group] for group in _groups(weights, dimensions)]
    return lambda generator, draws: draw_ordered_weights(generator, draws, order)


def central_priorities(weights: Weights, dimensions: Sequence[str]) -> pd.Series:
    """Return one set of weights that stands for what is known, in the order of the dimensions.

    Returns
    -------
    Series
        Equal weights; the weights given; the panel's priorities, aggregated; the rank-order
        centroid. Together 1.

    Examples
    --------
    >>> central_priorities([["credits"], ["law"]], ["law", "credits"]).to_dict()
    {'law': 0.25, 'credits': 0.75}
    """
    if weights is None:
        return pd.Series(1 / len(dimensions), index=list(dimensions))
    if isinstance(weights, pd.Series | pd.DataFrame):
        _check_complete(weights, dimensions)
        if isinstance(weights, pd.Series):
            return weights.reindex(list(dimensions)).astype(float)
        values = weights.reindex(list(dimensions)).to_numpy(float)
        return pd.Series(aggregate_priorities(values, np.ones(values.shape[1])), list(dimensions))
    return weigh_order(_groups(weights, dimensions)).weights.reindex(list(dimensions))


def _groups(order: Sequence[str | Sequence[str]], dimensions: Sequence[str]) -> list[list[str]]:
    """Return an order of importance as groups that name every dimension once."""
    places = [order] if isinstance(order, str) else order
    groups = [[place] if isinstance(place, str) else list(place) for place in places]
    named = [d for group in groups for d in group]
    check_known("dimension", named, dimensions)
    check_items("order of importance", named)
    rest = [d for d in dimensions if d not in named]
    return [group for group in (*groups, rest) if group]


def _check_complete(weights: pd.Series | pd.DataFrame, dimensions: Sequence[str]) -> None:
    check_known("dimension", weights.index, dimensions)
    wrong = [f"weights: {d} has none. Give one for each dimension." for d in dimensions
             if d not in weights.index]  # fmt: skip
    twice = sorted({str(d) for d in weights.index[weights.index.duplicated()]})
    wrong += [f"weights: {d} is named more than once. Name each once." for d in twice]
    refuse(wrong)
    values = weights.to_numpy(float)
    if values.size == 0 or not (values >= 0).all() or not np.allclose(values.sum(axis=0), 1):
        raise MethodError(
            "weights: they do not sum to 1, or one is missing or negative. Divide them by their "
            "sum."
        )
