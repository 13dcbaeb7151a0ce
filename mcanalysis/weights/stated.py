"""Weights without comparisons: equal, rated, ordered, and passed down a hierarchy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError


def weigh_equally(items: Sequence[str]) -> pd.Series:
    """Give each item the same weight.

    Raises
    ------
    MethodError
        For no items, or one that is named twice.

    Examples
    --------
    >>> weigh_equally(["law", "credits"]).to_dict()
    {'law': 0.5, 'credits': 0.5}
    """
    check_items("equal weights", items)
    return pd.Series(1 / len(items), index=pd.Index(items, name="item"), name="weight")


def weigh_ratings(ratings: pd.DataFrame) -> pd.DataFrame:
    """Turn direct ratings of importance into weights: each judge's ratings divided by their sum.

    Parameters
    ----------
    ratings : DataFrame, index item, columns judge_id
        0 or more, on any scale of which 0 means "of no importance"; nothing missing.

    Returns
    -------
    DataFrame, same shape
        Columns sum to 1.

    Raises
    ------
    MethodError
        For a missing, negative or infinite rating, or a judge who rates everything 0.

    References
    ----------
    von Winterfeldt, D. & Edwards, W. (1986), *Decision Analysis and Behavioral Research*. Cambridge
    University Press, ch. 8.

    Examples
    --------
    >>> weigh_ratings(pd.DataFrame({"j1": [80, 20]}, index=["law", "credits"]))["j1"].to_dict()
    {'law': 0.8, 'credits': 0.2}
    """
    wrong = []
    for judge in ratings.columns:
        own = ratings[judge]
        gaps = [str(item) for item in own.index[own.isna()]]
        bad = [str(item) for item in own.index[(own < 0) | np.isinf(own)]]
        if len(gaps) == len(own):
            wrong.append(f"judge {judge} rated nothing. Leave the judge out, or ask again.")
        elif gaps:
            wrong.append(f"judge {judge} did not rate {', '.join(gaps)}. Ask for these ratings.")
        if bad:
            wrong.append(f"judge {judge}: rating of {', '.join(bad)} is no number from 0 up.")
        if not gaps and not bad and not own.sum() > 0:
            wrong.append(f"judge {judge} rated every item 0. At least one must matter.")
    refuse(wrong)
    return ratings / ratings.sum()


@dataclass(frozen=True, repr=False)
class OrderWeights(Shown):
    """Weights that follow from an order of importance.

    Attributes
    ----------
    weights : Series, index item
        Rank-order centroid: the mean over all weights that keep the order; sums to 1.
    vertices : DataFrame, one row per place in the order, columns items
        Corners of the set of all weights that keep the order: any of these weights is a mixture of
        the rows, and a uniform mixture is a uniform draw from the set.
    """

    weights: pd.Series
    vertices: pd.DataFrame

    def _card(self) -> Card:
        return Card("Weights from an order of importance", table=self.weights.to_frame("weight"))


def weigh_order(order: Sequence[str | Sequence[str]]) -> OrderWeights:
    """Turn an order of importance into weights.

    Parameters
    ----------
    order : sequence of str or of sequences of str
        Most important first; items of an inner sequence matter the same.

    Raises
    ------
    MethodError
        For no items, or one that is named twice.

    References
    ----------
    Barron, F. H. & Barrett, B. E. (1996), *Decision quality using ranked attribute weights*.
    Management Science 42(11), 1515-1523.

    Examples
    --------
    >>> found = weigh_order(["law", "credits"])
    >>> found.weights.to_dict()
    {'law': 0.75, 'credits': 0.25}
    >>> found.vertices.to_numpy().tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """
    places = [[place] if isinstance(place, str) else list(place) for place in order]
    items = [item for place in places for item in place]
    check_items("order of importance", items)
    sizes = np.array([len(place) for place in places])
    upto = np.cumsum(sizes)
    corners = (np.arange(len(items)) < upto[:, None]) / upto[:, None]
    vertices = pd.DataFrame(
        corners, index=pd.RangeIndex(1, len(places) + 1, name="place"), columns=items
    )
    return OrderWeights(vertices.mean().rename("weight").rename_axis("item"), vertices)


def weigh_hierarchy(
    group_weights: pd.Series, local_weights: Mapping[str, pd.Series]
) -> pd.DataFrame:
    """Pass the weights of groups down to their items: global = group x local weight.

    A level below is reached by handing in the result's weights as group weights again; items that
    stand in several groups, such as the alternatives of a decision, add up over the rows.

    Parameters
    ----------
    group_weights : Series, index group
        Sum to 1; as published, rounded, within .02.
    local_weights : mapping of group to Series, index item
        Sum to 1 within each group. A group that is not named here is an item itself.

    Returns
    -------
    DataFrame
        ``group``, ``item``, ``group_weight``, ``local_weight``, ``weight``, which sums to 1.

    Raises
    ------
    MethodError
        For a group without weight, or weights that do not sum to 1.

    References
    ----------
    Saaty, T. L. (1980), *The Analytic Hierarchy Process*. McGraw-Hill.
    Kurttila, M., Pesonen, M., Kangas, J. & Kajanus, M. (2000), *Utilizing the analytic hierarchy
    process (AHP) in SWOT analysis*. Forest Policy and Economics 1, 41-52.

    Examples
    --------
    >>> groups = pd.Series({"strength": 0.75, "weakness": 0.25})
    >>> table = weigh_hierarchy(groups, {"strength": pd.Series({"law": 0.8, "credits": 0.2})})
    >>> table.set_index("item")["weight"].round(6).to_dict()
    {'law': 0.6, 'credits': 0.15, 'weakness': 0.25}
    """
    wrong = [
        f"local weights: group {name} has no weight among "
        f"{', '.join(map(str, group_weights.index))}. Name it there or leave it out."
        for name in local_weights
        if name not in group_weights.index
    ]
    for what, values in [("the groups", group_weights), *local_weights.items()]:
        if not ((values >= 0).all() and abs(values.sum() - 1) <= 0.02):
            wrong.append(
                f"weights of {what}: they sum to {values.sum():.3g} or hold one that is negative "
                "or missing. Divide them by their sum, so that together they are 1."
            )
    refuse(wrong)
    parts = []
    for group, share in (group_weights / group_weights.sum()).items():
        local = local_weights.get(str(group), pd.Series({group: 1.0}))
        local = local / local.sum()
        parts.append(
            pd.DataFrame(
                {
                    "group": group,
                    "item": local.index,
                    "group_weight": share,
                    "local_weight": local.to_numpy(),
                    "weight": share * local.to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def check_items(what: str, items: Sequence[str]) -> None:
    """Refuse no items, and items that are named twice."""
    if not items:
        raise MethodError(f"{what}: no items are named. Name at least one.")
    twice = sorted(item for item, times in Counter(items).items() if times > 1)
    if twice:
        raise MethodError(f"{what}: {', '.join(twice)} is named more than once. Name each once.")


def refuse(wrong: Iterable[str]) -> None:
    """Raise one error that names all that is wrong, a line each; nothing when there is nothing."""
    lines = list(wrong)
    if lines:
        raise MethodError("\n".join(lines))
