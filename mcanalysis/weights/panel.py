"""All that follows from a panel's judgements on one topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError, nearest
from mcanalysis.weights.best_worst import weigh_best_worst
from mcanalysis.weights.comparing import PairwiseWeights, weigh_pairs
from mcanalysis.weights.groups import (
    Concordance,
    Consensus,
    aggregate_judgements,
    aggregate_priorities,
    measure_concordance,
    measure_consensus,
    split_by_group,
    weigh_groups,
)
from mcanalysis.weights.judgements import read_judgements
from mcanalysis.weights.stated import refuse, weigh_ratings


@dataclass(frozen=True, repr=False)
class PanelWeights(Shown):
    """Weights from a panel, with each step to them.

    Attributes
    ----------
    topic : str
    weights : Series, index item
        Of the whole panel; sums to 1.
    judges : DataFrame, index item, columns judge_id
        Weights of each judge.
    groups : DataFrame, index item, columns stakeholder_id
        Weights of each stakeholder group, priorities aggregated; no columns where none is named.
    splits : DataFrame or None
        Where groups differ, see `split_by_group`; None for fewer than two groups, or a judge
        without one.
    consistency : DataFrame, index judge_id
        How each judge was asked (``kind``) and the measures of that method, see `weigh_pairs` and
        `weigh_best_worst`; ratings have none.
    consensus : Consensus
    concordance : Concordance or None
        Every judge counts the same here. None for a single judge or item.
    judge_weights : Series, index judge_id
        Sum to 1.
    aggregation : str
        "judgements" (AIJ) or "priorities" (AIP).
    pairs : PairwiseWeights or None
        Pairwise comparisons of the judges who made some; names method and random-index table.
    whole : PairwiseWeights or None
        Aggregated judgements as one matrix, with its consistency; None for priorities.
    """

    topic: str
    weights: pd.Series
    judges: pd.DataFrame
    groups: pd.DataFrame
    splits: pd.DataFrame | None
    consistency: pd.DataFrame
    consensus: Consensus
    concordance: Concordance | None
    judge_weights: pd.Series
    aggregation: str
    pairs: PairwiseWeights | None
    whole: PairwiseWeights | None

    def _card(self) -> Card:
        figures = {
            "topic": self.topic,
            "judges": self.judges.shape[1],
            "consensus": f"{self.consensus.consensus:.2f}",
            "aggregated": self.aggregation,
        }
        table = self.weights.sort_values(ascending=False, kind="stable").to_frame("weight")
        return Card("Weights from a panel", figures, table.join(self.groups))


def weigh_panel(
    panel: pd.DataFrame,
    topic: str,
    items: Sequence[str] | None = None,
    aggregation: str = "priorities",
    judge_weights: Mapping[str, float] | None = None,
    method: str = "eigenvector",
    completion: str = "logarithmic-least-squares",
    random_index: str = "alonso-lamata",
    scale: float = 9,
) -> PanelWeights:
    """Draw weights from a panel's judgements on one topic.

    Parameters
    ----------
    panel, topic, items, scale
        See `read_judgements`. Judges may have been asked in different ways.
    aggregation : str
        "priorities": geometric mean of the judges' weights, for judges who speak for themselves or
        their group; "judgements": of their comparisons, for a panel that acts as one. The latter
        needs every judge to have compared pairwise.
    judge_weights : mapping of judge_id to number, optional
        Positive, one for each judge; equal when left out.
    method, completion, random_index
        See `weigh_pairs`.

    Raises
    ------
    MethodError
        See `read_judgements`, `weigh_pairs`, `weigh_best_worst` and `weigh_ratings`.

    References
    ----------
    Forman, E. & Peniwati, K. (1998), European Journal of Operational Research 108, 165-169.

    Examples
    --------
    >>> from mcanalysis.weights.writing import write_judgements
    >>> a = np.array([[[1, 1], [3, 1 / 2]], [[1 / 3, 2], [1, 1]]])
    >>> groups = {"j1": "hei", "j2": "learners"}
    >>> panel = write_judgements(a, ["law", "credits"], ["j1", "j2"], "dimensions", groups)
    >>> found = weigh_panel(panel, "dimensions")
    >>> found.weights.round(3).to_dict()
    {'law': 0.551, 'credits': 0.449}
    >>> found.splits.loc["law", ["highest_group", "lowest_group"]].tolist()
    ['hei', 'learners']
    """
    if aggregation not in ("priorities", "judgements"):
        raise MethodError(
            f'aggregation: "{aggregation}" is not known. Use "priorities" or "judgements".'
        )
    said = read_judgements(panel, topic, items, scale)
    weights, measured = [], []
    pairs = whole = None
    if said.pair_judges:
        pairs = weigh_pairs(
            said.pairs, said.items, said.pair_judges, method, completion, random_index, scale,
            copy=aggregation == "judgements",
        )  # fmt: skip
        weights.append(pairs.weights)
        measured.append(pairs.consistency.assign(kind="pairwise"))
    if len(said.best_to.columns):
        ends = weigh_best_worst(said.best_to, said.to_worst, scale)
        weights.append(ends.weights)
        measured.append(ends.consistency.assign(kind="best-worst"))
    if len(said.ratings.columns):
        weights.append(weigh_ratings(said.ratings))
        measured.append(pd.DataFrame({"kind": "rating"}, index=said.ratings.columns))
    order = said.stakeholders.index
    judges = pd.concat(weights, axis=1)[list(order)].rename_axis(columns="judge_id")
    share = _shares(judge_weights, list(order))
    if aggregation == "judgements":
        if list(judges.columns) != said.pair_judges:
            raise MethodError(
                f"topic {topic}: not every judge compared pairwise, so that judgements cannot be "
                'aggregated. Use aggregation "priorities".'
            )
        mean = aggregate_judgements(said.pairs, share.to_numpy())
        whole = weigh_pairs(mean, said.items, ["panel"], method, completion, random_index, scale)
        total = whole.weights["panel"].to_numpy()
    else:
        total = aggregate_priorities(judges.to_numpy(), share.to_numpy())
    groups = weigh_groups(judges, said.stakeholders, share)
    several = len(groups.columns) > 1 and not said.stakeholders.isna().any()
    enough = min(judges.shape) > 1
    consistency = pd.concat(measured).loc[list(order)].rename_axis("judge_id")
    consistency.insert(0, "kind", consistency.pop("kind"))
    return PanelWeights(
        topic=topic,
        weights=pd.Series(total, index=judges.index, name="weight"),
        judges=judges,
        groups=groups,
        splits=split_by_group(judges, said.stakeholders, share) if several else None,
        consistency=consistency,
        consensus=measure_consensus(judges.to_numpy(), share.to_numpy(), scale),
        concordance=measure_concordance(judges.to_numpy()) if enough else None,
        judge_weights=share,
        aggregation=aggregation,
        pairs=pairs,
        whole=whole,
    )


def _shares(judge_weights: Mapping[str, float] | None, judges: Sequence[str]) -> pd.Series:
    given = dict.fromkeys(judges, 1.0) if judge_weights is None else dict(judge_weights)
    wrong = [f"judge weights: judge {j} has none. Name one." for j in judges if j not in given]
    wrong += [
        f"judge weights: no judge is called {j}.{nearest(str(j), judges)}"
        for j in given
        if j not in judges
    ]
    wrong += [
        f"judge weights: {value:g} of judge {j} is not positive. Leave the judge out instead."
        for j, value in given.items()
        if not (value > 0 and np.isfinite(value))
    ]
    refuse(wrong)
    share = pd.Series([given[judge] for judge in judges], index=pd.Index(judges, name="judge_id"))
    return (share / share.sum()).rename("weight")
