"""Many judges: one weight from all, how far they agree, and who splits on what."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, isinf, lgamma, log, sqrt

import numpy as np
import pandas as pd

from mcanalysis.errors import MethodError
from mcanalysis.weights.pairwise import Floats


def aggregate_judgements(matrices: Floats, judge_weights: Floats) -> Floats:
    """Aggregate individual judgements (AIJ): the weighted geometric mean of each comparison.

    Parameters
    ----------
    matrices : array, shape (n, n, m)
        NaN where a judge did not answer; a comparison is the mean over those who did.
    judge_weights : array, shape (m,)
        Positive.

    Returns
    -------
    array, shape (n, n)
        Reciprocal; NaN where nobody answered.

    References
    ----------
    Aczél, J. & Saaty, T. L. (1983), *Procedures for synthesizing ratio judgements*. Journal of
    Mathematical Psychology 27, 93-102.

    Examples
    --------
    >>> a = np.array([[[1, 1], [4, 9]], [[1 / 4, 1 / 9], [1, 1]]])
    >>> aggregate_judgements(a, np.ones(2)).round(6).tolist()
    [[1.0, 6.0], [0.166667, 1.0]]
    """
    logs = np.log(matrices)
    weight = np.where(np.isnan(logs), 0.0, judge_weights)
    total = weight.sum(axis=2)
    mean = np.divide(
        np.nansum(logs * weight, axis=2), total, out=np.full(total.shape, np.nan), where=total > 0
    )
    return np.asarray(np.exp(mean))


def aggregate_priorities(weights: Floats, judge_weights: Floats) -> Floats:
    """Aggregate individual priorities (AIP): the weighted geometric mean, summing to 1.

    Where an item has weight 0 with one judge (a rating of 0), the geometric mean would silence all
    others: then the arithmetic mean is taken for all items.

    Parameters
    ----------
    weights : array, shape (n, m)
        Columns sum to 1.
    judge_weights : array, shape (m,)
        Positive.

    References
    ----------
    Forman, E. & Peniwati, K. (1998), *Aggregating individual judgments and priorities with the
    analytic hierarchy process*. European Journal of Operational Research 108, 165-169.

    Examples
    --------
    >>> aggregate_priorities(np.array([[0.8, 0.2], [0.2, 0.8]]), np.ones(2)).tolist()
    [0.5, 0.5]
    """
    share = judge_weights / judge_weights.sum()
    mean = np.exp(np.log(weights) @ share) if (weights > 0).all() else weights @ share
    return np.asarray(mean / mean.sum())


@dataclass(frozen=True)
class Consensus:
    """How alike the weights of judges are.

    Attributes
    ----------
    alpha, beta, gamma : float
        Diversity (exponential of Shannon's entropy) of one judge's weights, between judges, and of
        the mean weights; alpha times beta is gamma. Beta is 1 when all judges agree.
    consensus : float
        0 (each judge for another item, as far as the scale goes) to 1 (all the same);
        NaN for one judge or item.
    """

    alpha: float
    beta: float
    gamma: float
    consensus: float


def measure_consensus(
    weights: Floats, judge_weights: Floats | None = None, scale: float = 9
) -> Consensus:
    """Measure the consensus of judges by Shannon's alpha and beta entropy.

    Parameters
    ----------
    weights : array, shape (n, m)
        One column per judge, summing to 1.
    judge_weights : array, shape (m,), optional
        Equal when left out.
    scale : float
        The strongest judgement that could be made.

    References
    ----------
    Goepel, K. D. (2013), *Implementing the analytic hierarchy process as a standard method for
    multi-criteria decision making in corporate enterprises*. Proceedings of the International
    Symposium on the AHP, Kuala Lumpur.
    Jost, L. (2006), *Entropy and diversity*. Oikos 113, 363-375.

    Examples
    --------
    >>> apart = np.array([[9, 1, 1], [1, 9, 1], [1, 1, 9]]) / 11
    >>> round(measure_consensus(apart).consensus, 6), measure_consensus(apart[:, [0, 0]]).consensus
    (0.0, 1.0)
    """
    n, m = weights.shape
    share = np.full(m, 1 / m) if judge_weights is None else judge_weights / judge_weights.sum()
    one = float(_entropy(weights) @ share)
    together = float(_entropy((weights @ share)[:, None])[0])
    beta = exp(max(together - one, 0.0))
    least, most = _extreme_entropies(n, min(m, n), scale)
    floor = exp(least - most)
    agreed = float("nan")
    if m > 1 and n > 1:
        # Ratings know no strongest answer and can lie further apart than the scale allows.
        agreed = min(max((1 / beta - floor) / (1 - floor), 0.0), 1.0)
    return Consensus(exp(one), beta, exp(together), agreed)


def _extreme_entropies(n: int, k: int, scale: float) -> tuple[float, float]:
    """Return the least entropy of one judge and the greatest of k judges' mean.

    Each favours another item by as much as the scale allows.
    """
    if isinf(scale):
        return 0.0, log(k)
    unit = 1 / (n + scale - 1)
    least = -scale * unit * log(scale * unit) - (n - 1) * unit * log(unit)
    most = -(n - k) * unit * log(unit) - (k + scale - 1) * unit * log((k + scale - 1) * unit / k)
    return least, most


def _entropy(weights: Floats) -> Floats:
    return np.asarray(-(weights * np.log(np.where(weights > 0, weights, 1))).sum(axis=0))


@dataclass(frozen=True)
class Concordance:
    """Kendall's coefficient of concordance and its test.

    Attributes
    ----------
    w : float
        0 (no agreement on the order) to 1 (one order); NaN when every judge ties all items.
    rank_sums : array, shape (n,)
        Rank 1 is the highest value; ties share the mean of their ranks.
    s : float
        Sum of squared deviations of the rank sums from their mean.
    ties : float
        Sum over judges and ties of ``t ** 3 - t``, t items being tied.
    chi2, p : float
        Test statistic, and the chance of one as high if judges ranked at random (n - 1 degrees of
        freedom; rough for fewer than eight items).
    df, judges : int
    """

    w: float
    rank_sums: Floats
    s: float
    ties: float
    chi2: float
    p: float
    df: int
    judges: int


def measure_concordance(values: Floats) -> Concordance:
    """Compute Kendall's W over judges, corrected for ties, with the chi-square test.

    Parameters
    ----------
    values : array, shape (n, m)
        One column per judge; higher is better. For ranks, hand in their negatives.

    Raises
    ------
    MethodError
        For fewer than two items or judges, or a missing value.

    References
    ----------
    Kendall, M. G. & Babington Smith, B. (1939), *The problem of m rankings*. Annals of Mathematical
    Statistics 10(3), 275-287.
    Siegel, S. & Castellan, N. J. (1988), *Nonparametric Statistics*, 2nd ed. McGraw-Hill, 262-272.

    Examples
    --------
    >>> found = measure_concordance(np.array([[3, 3], [2, 2], [1, 1]]))
    >>> found.w, found.chi2, round(found.p, 4)
    (1.0, 4.0, 0.1353)
    """
    n, m = values.shape
    if n < 2 or m < 2:
        raise MethodError(
            f"Kendall's W: {n} items ranked by {m} judges. Two of each are needed; ask more judges."
        )
    if np.isnan(values).any():
        raise MethodError(
            "Kendall's W: a judge has items without a value. Leave the judge or the items out."
        )
    # Equal up to the noise of an iteration is a tie.
    values = np.round(values, 10)
    ranks, ties = np.empty((n, m)), 0.0
    for k in range(m):
        _, place, size = np.unique(-values[:, k], return_inverse=True, return_counts=True)
        ranks[:, k] = (np.cumsum(size) - (size - 1) / 2)[place]
        ties += float((size.astype(float) ** 3 - size).sum())
    sums = ranks.sum(axis=1)
    s = float(((sums - sums.mean()) ** 2).sum())
    most = m**2 * (n**3 - n) - m * ties
    w = min(12 * s / most, 1.0) if most > 0 else float("nan")
    chi2 = m * (n - 1) * w
    return Concordance(w, sums, s, ties, chi2, chi_square_tail(chi2, n - 1), n - 1, m)


def chi_square_tail(value: float, df: int) -> float:
    """Return the chance that chi-square exceeds a value.

    The regularised gamma function is a finite sum here, as half the degrees of freedom is a
    multiple of one half.

    References
    ----------
    Abramowitz, M. & Stegun, I. A. (1964), *Handbook of Mathematical Functions*, 26.4.4 and 26.4.5.

    Examples
    --------
    >>> round(chi_square_tail(3.841459, 1), 6), round(chi_square_tail(18.307038, 10), 6)
    (0.05, 0.05)
    """
    x = value / 2
    if not x > 0:
        return 1.0 if x <= 0 else float("nan")
    a = 0.5 if df % 2 else 1.0
    tail = erfc(sqrt(x)) if df % 2 else exp(-x)
    while a < df / 2:
        tail += exp(a * log(x) - x - lgamma(a + 1))
        a += 1
    return min(tail, 1.0)


def split_by_group(
    weights: pd.DataFrame, groups: pd.Series, judge_weights: pd.Series | None = None
) -> pd.DataFrame:
    """Find the items on which groups of judges differ most.

    Parameters
    ----------
    weights : DataFrame, index item, columns judge_id
        Columns sum to 1.
    groups : Series, index judge_id
        The stakeholder group of each judge.
    judge_weights : Series, index judge_id, optional
        Weight of each judge within its group; equal when left out.

    Returns
    -------
    DataFrame, index item
        Widest gap first: ``highest_group``, ``highest``, ``lowest_group``, ``lowest`` (weights of
        whole groups, priorities aggregated), ``gap`` (highest - lowest), ``between`` (share of the
        variance of the judges' weights that lies between groups, 0 to 1; NaN where all agree),
        ``by_chance`` (that share on average if equal judges were put into groups at random: a split
        that is not well above it says little).

    Raises
    ------
    MethodError
        For fewer than two groups, or a judge without one.

    Examples
    --------
    >>> weights = pd.DataFrame({"j1": [0.8, 0.2], "j2": [0.4, 0.6]}, index=["law", "credits"])
    >>> table = split_by_group(weights, pd.Series({"j1": "hei", "j2": "learners"}))
    >>> table.loc["law", ["highest_group", "lowest_group"]].tolist()
    ['hei', 'learners']
    >>> float(table["gap"].round(6)["law"])
    0.4
    """
    without = [str(j) for j in weights.columns if j not in groups.index or pd.isna(groups[j])]
    if without:
        raise MethodError(
            f"splits between groups: judge {', '.join(without)} belongs to no group. "
            "Fill in stakeholder_id."
        )
    group = groups.reindex(weights.columns).astype(str)
    if group.nunique() < 2:
        raise MethodError(
            f"splits between groups: all judges speak for {group.iloc[0]}. "
            "At least two groups are needed."
        )
    whole = weigh_groups(weights, group, judge_weights)
    share = np.ones(len(group)) if judge_weights is None else judge_weights[group.index].to_numpy()
    own = weights.to_numpy(float)
    centre = np.average(own, axis=1, weights=share)
    total = ((own - centre[:, None]) ** 2) @ share
    explained = np.zeros(len(own))
    for name in whole.columns:
        inside = (group == name).to_numpy()
        mean = np.average(own[:, inside], axis=1, weights=share[inside])
        explained += (mean - centre) ** 2 * share[inside].sum()
    between = np.divide(
        explained, total, out=np.full(len(own), np.nan), where=total > len(own) * 1e-24
    )
    table = pd.DataFrame(
        {
            "highest_group": whole.idxmax(axis=1),
            "highest": whole.max(axis=1),
            "lowest_group": whole.idxmin(axis=1),
            "lowest": whole.min(axis=1),
            "gap": whole.max(axis=1) - whole.min(axis=1),
            "between": between,
            "by_chance": (group.nunique() - 1) / (len(group) - 1),
        },
        index=weights.index,
    )
    return table.sort_values("gap", ascending=False, kind="stable")


def weigh_groups(
    weights: pd.DataFrame, groups: pd.Series, judge_weights: pd.Series | None = None
) -> pd.DataFrame:
    """Aggregate the priorities of each group of judges.

    Parameters
    ----------
    weights, groups, judge_weights
        See `split_by_group`.

    Returns
    -------
    DataFrame, index item, columns group
        In the order in which groups first appear; columns sum to 1.

    Examples
    --------
    >>> weights = pd.DataFrame({"j1": [0.8, 0.2], "j2": [0.2, 0.8]}, index=["law", "credits"])
    >>> weigh_groups(weights, pd.Series({"j1": "hei", "j2": "hei"}))["hei"].tolist()
    [0.5, 0.5]
    """
    group = groups.reindex(weights.columns)
    columns = {}
    for name in group.dropna().unique():
        judges = group.index[group == name]
        share = np.ones(len(judges)) if judge_weights is None else judge_weights[judges].to_numpy()
        columns[str(name)] = aggregate_priorities(weights[judges].to_numpy(float), share)
    return pd.DataFrame(columns, index=weights.index)
