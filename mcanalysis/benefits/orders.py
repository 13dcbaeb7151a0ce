"""How the stakeholders' orders of the systems differ, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from mcanalysis.benefits.realised import Floats, enabler_strengths
from mcanalysis.compare import TOP, Evidence, check_known
from mcanalysis.errors import MethodError
from mcanalysis.model import Study


def kendall_tau_b(x: Floats, y: Floats) -> float:
    """Measure how alike two orders are, corrected for ties (Kendall's tau-b).

    Parameters
    ----------
    x, y : arrays, shape (n,)
        Pairs with a NaN are left out.

    Returns
    -------
    float
        1 (the same order) to -1 (the reverse); NaN where one of them ties everything.

    References
    ----------
    Kendall, M. G. (1945), *The treatment of ties in ranking problems*. Biometrika 33(3), 239-251.

    Examples
    --------
    >>> kendall_tau_b(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])).__round__(3)
    0.333
    """
    both = ~(np.isnan(x) | np.isnan(y))
    i, j = np.triu_indices(int(both.sum()), 1)
    a, b = (np.sign(v[both][i] - v[both][j]) for v in (x, y))
    untied = float(np.sqrt((a != 0).sum()) * np.sqrt((b != 0).sum()))
    # Rounded, because a product of two roots of a number may miss it.
    return round(float(a @ b) / untied, 12) if untied else float("nan")


def dimension_weights(levels: Floats, strengths: Floats) -> Floats:
    """Return the weights that benefits give the dimensions on which a system has evidence.

    The mean over the benefits of each enabler's share of the strength with evidence: weights times
    level / 3 add up to the mean share realised. Without gaps they are the implied weights.

    Parameters
    ----------
    levels : array, shape (n_systems, n_dimensions)
        0 to 3; NaN is a gap.
    strengths : array, shape (n_benefits, n_dimensions)
        0 where the benefit does not depend on the dimension.

    Returns
    -------
    array, shape (n_systems, n_dimensions)
        Rows sum to 1; NaN for a system where no benefit has an enabler with evidence.

    Examples
    --------
    >>> dimension_weights(np.array([[3.0, 0.0, np.nan]]), np.array([[2.0, 1.0, 3.0]])).round(3)
    array([[0.667, 0.333, 0.   ]])
    """
    known = ~np.isnan(levels)
    linked = known[:, None, :] * strengths
    total = linked.sum(axis=2, keepdims=True)
    share = np.divide(linked, total, out=np.zeros_like(linked), where=total > 0)
    valued = (total > 0).sum(axis=1)
    weights = np.full(levels.shape, np.nan)
    return np.asarray(np.divide(share.sum(axis=1), valued, out=weights, where=valued > 0))


@dataclass(frozen=True)
class StakeholderOrders:
    """How the stakeholders' orders of the systems differ, and why.

    Attributes
    ----------
    shares : DataFrame, index system_id, columns stakeholder_id
        Mean share of the stakeholder's benefits that is realised, in [0, 1]; NaN where nothing is
        known. As in `benefits_by_stakeholder`.
    ranks : DataFrame, same shape
        Competition rank by share, 1 the highest; ties share the better rank; missing without one.
    agreement : DataFrame
        One row per pair of stakeholders: one, other (stakeholder_id), tau_b (1 the same order, -1
        the reverse; NaN where one ties all systems), systems (how many both rank).
    widest : DataFrame, index system_id
        The pair of stakeholders whose shares differ most, less what they differ in the mean system:
        more, less (stakeholder_id: who is served better than usual in comparison, and who worse),
        difference (share of more less share of less), usual (mean of that over the systems), beyond
        (difference less usual, 0 or more), rank_more, rank_less. Systems that fewer than two
        stakeholders rank are left out.
    reasons : DataFrame
        system_id, dimension_id, level (NaN for a gap), weight_more, weight_less (of the dimension
        to the two; 0 for a gap), contribution: what the dimension adds to the difference of the
        widest pair, less what it adds in the mean system. The contributions of a system add up to
        ``beyond``. Largest first, without regard to sign.
    """

    shares: pd.DataFrame
    ranks: pd.DataFrame
    agreement: pd.DataFrame
    widest: pd.DataFrame
    reasons: pd.DataFrame


def compare_orders(study: Study, evidence: Evidence, systems: Sequence[str]) -> StakeholderOrders:
    """Compare the orders that stakeholders' realised benefits give the systems.

    The share that a stakeholder realises is a sum over the dimensions of weight times level / 3.
    So the difference of two stakeholders is the sum of the differences of these products; less the
    mean over the systems, they tell why a system stands higher for one than for the other than is
    usual. The weights are those that the evidence of the system bears: without gaps the implied
    weights, with gaps those shared among the dimensions that are known.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    systems : sequence of str

    Returns
    -------
    StakeholderOrders

    Raises
    ------
    MethodError
        If there is no evidence on one of the systems, one is named twice, or fewer than two
        stakeholders have benefits.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> found = compare_orders(study, evidence, ranked_systems(evidence))
    >>> found.agreement["tau_b"].round(2).to_list()
    [0.66, 0.65, 0.58]
    >>> found.widest.loc["SK", ["more", "less"]].to_list()
    ['hei', 'employers']
    """
    check_known("system with evidence", systems, evidence.levels.index)
    if len(set(systems)) < len(systems):
        raise MethodError("compare orders: a system is named more than once. Name each once.")
    gaining = set(study.benefits["stakeholder_id"])
    who = [s for s in study.stakeholders["stakeholder_id"] if s in gaining]
    if len(who) < 2:
        raise MethodError(
            f"compare orders: {len(who)} stakeholders have benefits. Two are needed; add rows to "
            "benefits.csv."
        )
    links = enabler_strengths(study)
    levels = evidence.levels.loc[list(systems)]
    value = levels.to_numpy(float)
    mine = [study.benefits["stakeholder_id"].eq(s).to_numpy() for s in who]
    # Axes: stakeholder, system, dimension.
    weights = np.stack([dimension_weights(value, links.to_numpy()[own]) for own in mine])
    products = weights * np.nan_to_num(value) / TOP
    # Rounded where floating point ends, so that equal shares are ties.
    total = products.sum(axis=2).round(12)
    shares = pd.DataFrame(total.T, index=levels.index, columns=pd.Index(who, name="stakeholder_id"))
    ranks = shares.rank(method="min", ascending=False).astype("Int64")
    agreement = pd.DataFrame(
        [
            (who[a], who[b], kendall_tau_b(total[a], total[b]),
             int((~np.isnan(total[[a, b]]).any(axis=0)).sum()))
            for a, b in combinations(range(len(who)), 2)
        ],
        columns=["one", "other", "tau_b", "systems"],
    )  # fmt: skip
    widest, reasons = _explain(levels, who, weights, products, ranks)
    return StakeholderOrders(shares, ranks, agreement, widest, reasons)


def _explain(
    levels: pd.DataFrame,
    who: Sequence[str],
    weights: Floats,
    products: Floats,
    ranks: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find the widest pair of each system, and share its difference out among the dimensions."""
    pairs = list(combinations(range(len(who)), 2))
    apart = np.stack([products[a] - products[b] for a, b in pairs])
    known = ~np.isnan(apart).any(axis=2)
    count = known.sum(axis=1)[:, None]
    sums = np.where(known[:, :, None], apart, 0).sum(axis=1)
    usual = np.divide(sums, count, out=np.zeros_like(sums), where=count > 0)
    beyond = apart - usual[:, None, :]
    size = np.where(known, np.abs(beyond.sum(axis=2)).round(12), -1)
    rank = ranks.to_numpy(float, na_value=np.nan)
    widest, reasons = [], []
    for k in np.flatnonzero(known.any(axis=0)).tolist():
        p = int(size[:, k].argmax())
        a, b = pairs[p]
        sign = 1 if beyond[p, k].sum() >= 0 else -1
        more, less = (a, b) if sign > 0 else (b, a)
        parts = sign * beyond[p, k]
        widest.append(
            {
                "system_id": levels.index[k],
                "more": who[more],
                "less": who[less],
                "difference": sign * apart[p, k].sum(),
                "usual": sign * usual[p].sum(),
                "beyond": parts.sum(),
                "rank_more": int(rank[k, more]),
                "rank_less": int(rank[k, less]),
            }
        )
        order = np.argsort(-np.abs(parts).round(12), kind="stable")
        reasons.append(
            pd.DataFrame(
                {
                    "system_id": levels.index[k],
                    "dimension_id": levels.columns[order],
                    "level": levels.to_numpy()[k, order],
                    "weight_more": weights[more, k, order],
                    "weight_less": weights[less, k, order],
                    "contribution": parts[order],
                }
            )
        )
    columns = ["system_id", "more", "less", "difference", "usual", "beyond", "rank_more",
               "rank_less"]  # fmt: skip
    told = ["system_id", "dimension_id", "level", "weight_more", "weight_less", "contribution"]
    return (
        pd.DataFrame(widest, columns=columns).set_index("system_id"),
        pd.concat(reasons, ignore_index=True) if reasons else pd.DataFrame(columns=told),
    )
