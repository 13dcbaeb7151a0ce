"""Ranks when weights, the worth of levels, gaps and doubtful levels are all uncertain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.compare import Evidence, check_known, integration_index, ranked_systems
from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError
from mcanalysis.robustness.priorities import Weights, central_priorities, sample_weights
from mcanalysis.smaa import (
    VARY,
    Uncertain,
    central_weights,
    check_vary,
    confidence_factors,
    holistic_acceptability,
    holistic_error,
    rank_quantiles,
    standard_error,
    tally,
    tiers,
)

NEAR = 0.01
"""A pair whose share is this close to the threshold is named: the tiers hang on it."""
INTERVAL = (0.05, 0.5, 0.95)
"""Quantiles of the ranks: the ends of the 90 % rank interval and the median between them."""


@dataclass(frozen=True, repr=False)
class Ranking(Shown):
    """Robust comparison of the systems with enough evidence.

    Attributes
    ----------
    table : DataFrame
        Ranked systems by tier, then mean rank: index, lower, upper, coverage, dimensions (see
        `integration_index`); tier; mean_rank, median_rank; best_rank and worst_rank, the 5th and
        95th percentile (the 90 % rank interval; 1 is best); ahead_of, behind, undecided, how many
        systems it is surely ahead of, are surely ahead of it, cannot be told apart from it;
        first_share, in what share of the draws it is first; holistic, the acceptability of all
        ranks in one figure (see `holistic_acceptability`), and holistic_error, its Monte-Carlo
        standard error.
    unranked : DataFrame
        Systems with too little evidence, in the order of the study: index, lower, upper, coverage,
        dimensions.
    ahead : DataFrame, shape (n, n)
        Pairwise winning index: share of the draws in which the row has the higher value; equal
        values count half for each.
    acceptability : DataFrame, shape (n, n)
        Rank acceptability index: share of the draws in which a system takes each rank; systems
        with equal values share the better rank.
    central, central_error : DataFrame, shape (n, n_dimensions)
        Central weights, the mean weights with which a system is first, and their Monte-Carlo
        standard error; NaN where it never is.
    borderline : DataFrame
        Pairs left, right whose share is within a point of the threshold.
    min_dimensions, draws, seed : int
    threshold : float
        Share of the draws from which on a system is surely ahead.
    weights : None, Series, DataFrame or sequence
        What was known of the weights, see `sample_weights`.
    vary : tuple of str
        What was drawn at random, in the order of `VARY`.
    """

    table: pd.DataFrame
    unranked: pd.DataFrame
    ahead: pd.DataFrame
    acceptability: pd.DataFrame
    central: pd.DataFrame
    central_error: pd.DataFrame
    borderline: pd.DataFrame
    min_dimensions: int
    draws: int
    seed: int
    threshold: float
    weights: Weights
    vary: tuple[str, ...]

    def error(self, share: float = 0.5) -> float:
        """Return the Monte-Carlo standard error of a share of the draws; by default the largest."""
        return float(standard_error(np.asarray(share), self.draws))

    def _card(self) -> Card:
        settled = int(self.table["ahead_of"].sum())
        n = len(self.table)
        varied = ", ".join(self.vary) or "nothing"
        return Card(
            f"Ranking of {n} systems",
            {
                "draws": f"{self.draws}, seed {self.seed}, "
                f"a share exact to {196 * self.error():.1f} points",
                "varied": varied,
                "pairs settled": f"{settled} of {n * (n - 1) // 2}, "
                f"at {self.threshold:.0%} of the draws",
                "too little evidence": f"{len(self.unranked)} systems",
            },
            self.table[["mean_rank", "best_rank", "worst_rank", "first_share", "coverage", "tier"]],
            "best and worst rank: in nine of ten draws",
        )


def rank_systems(
    evidence: Evidence,
    min_dimensions: int = 8,
    draws: int = 100_000,
    seed: int = 1,
    threshold: float = 0.9,
    *,
    systems: Sequence[str] | None = None,
    weights: Weights = None,
    vary: Collection[str] = VARY,
    threads: int | None = None,
) -> Ranking:
    """Rank systems when nothing uncertain is assumed away.

    In each draw weights are uniform on the simplex (or within what is known of them), levels 1 and
    2 are worth two ordered uniform numbers, a gap takes each of the four levels with equal chance,
    and a low-confidence level stays, falls or rises by one with equal chance. Systems are drawn in
    the order of their ids: the order of the study changes nothing.

    Parameters
    ----------
    evidence : Evidence
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked.
    draws, seed : int
        Same seed, same result; 0 is a seed. A share has a standard error of at most
        0.5 / sqrt(draws).
    threshold : float
        Share of the draws from which on a system is surely ahead of another, in (0.5, 1].
    systems : sequence of str, optional
        Rank exactly these, whatever their coverage.
    weights : None, Series, DataFrame or sequence, optional
        What is known of the weights, see `sample_weights`; nothing when left out.
    vary : collection of str
        What is drawn at random, of "weights", "values", "gaps", "confidence". Where "weights" are
        not: one set, see `central_priorities`; "values": equal steps between levels; "gaps": the
        mean over the evidence present; "confidence": low-confidence levels as coded.
    threads : int, optional
        Blocks of draws worked on at a time; the result is the same for any number.

    Returns
    -------
    Ranking
        With empty tables where no system has enough evidence; all are in `unranked` then.

    Raises
    ------
    MethodError
        If a parameter is out of range, weights do not fit, or a system has no evidence, or none
        where its weights lie.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2: stochastic multicriteria acceptability analysis for
    group decision making*. Operations Research 49(3), 444-454.
    Lahdelma, R., Miettinen, K. & Salminen, P. (2003), *Ordinal criteria in stochastic multicriteria
    acceptability analysis (SMAA)*. European Journal of Operational Research 147(1), 117-127.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> ranking = rank_systems(newest_evidence(read_study("data")))
    >>> ranking.table.index[0], int(ranking.table["worst_rank"].iloc[0])
    ('NZ', 4)
    """
    _check_draws(draws, seed)
    _check_threshold(threshold)
    varied = check_vary(vary) - ({"weights"} if isinstance(weights, pd.Series) else set())
    chosen = ranked_systems(evidence, min_dimensions) if systems is None else list(systems)
    check_known("system with evidence", chosen, evidence.levels.index)
    chosen = sorted(set(chosen))
    model = uncertain_model(evidence, chosen, weights, varied)
    found = tally(model, draws, seed, threads=threads)
    n = len(chosen)
    places = range(1, n + 1)
    ahead = found.wins / draws
    sure = ahead >= threshold
    best, median, worst = rank_quantiles(found.ranks, INTERVAL) if n else np.zeros((3, 0), int)
    index = integration_index(evidence, weights if isinstance(weights, pd.Series) else None)
    index = index.drop(columns="low_confidence")
    accepted = found.ranks / draws
    table = index.loc[chosen].assign(
        tier=tiers(ahead, threshold),
        mean_rank=accepted @ np.array(places),
        median_rank=median,
        best_rank=best,
        worst_rank=worst,
        ahead_of=sure.sum(axis=1),
        behind=sure.sum(axis=0),
        undecided=n - 1 - sure.sum(axis=1) - sure.sum(axis=0),
        first_share=accepted[:, 0] if n else 0.0,
        holistic=holistic_acceptability(accepted) if n else 0.0,
        holistic_error=holistic_error(accepted, draws) if n else 0.0,
    )
    table = table.sort_values(["tier", "mean_rank"], kind="stable")
    order = list(table.index)
    square = pd.DataFrame(ahead, index=chosen, columns=chosen).loc[order, order]
    share = square.to_numpy()
    right, left = np.nonzero(np.abs(share.T - threshold) <= NEAR)
    names = square.index
    near = pd.DataFrame({"left": names[left], "right": names[right], "share": share[left, right]})
    central, central_error = (
        pd.DataFrame(part, chosen, evidence.levels.columns).loc[order]
        for part in central_weights(found)
    )
    return Ranking(
        table=table,
        unranked=index[~index.index.isin(chosen)],
        ahead=square,
        acceptability=pd.DataFrame(accepted, index=chosen, columns=places).loc[order],
        central=central,
        central_error=central_error,
        borderline=near.sort_values("share", ascending=False, kind="stable", ignore_index=True),
        min_dimensions=min_dimensions,
        draws=draws,
        seed=seed,
        threshold=threshold,
        weights=weights,
        vary=tuple(kind for kind in VARY if kind in varied),
    )


def uncertain_model(
    evidence: Evidence, systems: Sequence[str], weights: Weights, vary: frozenset[str]
) -> Uncertain:
    """Return what is certain and what is drawn about some systems, as arrays."""
    dimensions = list(evidence.levels.columns)
    levels = evidence.levels.loc[list(systems)].to_numpy(float)
    low = evidence.low.loc[list(systems)].to_numpy(bool)
    sampled = sample_weights(weights, dimensions)
    if "weights" not in vary:
        sampled = central_priorities(weights, dimensions).to_numpy()
    if not callable(sampled) and "gaps" not in vary:
        for system, row in zip(systems, levels, strict=True):
            if not sampled[~np.isnan(row)].sum() > 0:
                raise MethodError(
                    f"{system} has no evidence on a dimension with weight, and gaps are not "
                    'varied. Leave it out, or vary "gaps" as well.'
                )
    return Uncertain(levels, low, sampled, vary)


def model_of(evidence: Evidence, ranking: Ranking) -> tuple[list[str], Uncertain]:
    """Return the systems of a ranking in the order of their draws, and what was drawn."""
    systems = sorted(ranking.table.index)
    if not set(systems) <= set(evidence.levels.index) or not np.allclose(
        integration_index(evidence)["dimensions"].reindex(systems),
        ranking.table["dimensions"].reindex(systems),
    ):
        raise MethodError("The ranking was made from other evidence. Rank this evidence first.")
    return systems, uncertain_model(evidence, systems, ranking.weights, frozenset(ranking.vary))


def confidence_table(evidence: Evidence, ranking: Ranking, draws: int = 10_000) -> pd.DataFrame:
    """Tell with which weights each system is first, and how sure it would be with them.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence.
    draws : int
        Draws of worths, gaps and doubtful levels for each system.

    Returns
    -------
    DataFrame
        One row per ranked system, in the order of the ranking: first_share; error, its Monte-Carlo
        standard error; confidence_factor, in what share of the draws it is first with its own
        central weights, and confidence_error; NaN for a system that is never first.

    Raises
    ------
    MethodError
        If the ranking was made from other evidence.

    References
    ----------
    Lahdelma, R. & Salminen, P. (2001), *SMAA-2*. Operations Research 49(3), 444-454.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> table = confidence_table(evidence, rank_systems(evidence), draws=2000)
    >>> table["confidence_factor"].idxmax()
    'NZ'
    """
    _check_draws(draws, ranking.seed)
    systems, model = model_of(evidence, ranking)
    factors = confidence_factors(
        model, ranking.central.loc[systems].to_numpy(), draws, ranking.seed
    )
    factor = pd.Series(factors, index=systems).reindex(ranking.table.index)
    share = ranking.table["first_share"]
    return pd.DataFrame(
        {
            "first_share": share,
            "error": standard_error(np.asarray(share, dtype=np.float64), ranking.draws),
            "confidence_factor": factor,
            "confidence_error": standard_error(np.asarray(factor, dtype=np.float64), draws),
        }
    )


def _check_draws(draws: int, seed: int) -> None:
    if draws < 1 or seed < 0:
        raise MethodError(
            f"draws is {draws} and seed is {seed}. Choose at least 1 draw and a seed from 0 on."
        )


def _check_threshold(threshold: float) -> None:
    if not 0.5 < threshold <= 1:
        raise MethodError(f"threshold is {threshold:g}. Choose a share above 0.5 and at most 1.")


def tiers_at(ranking: Ranking, threshold: float) -> pd.Series:
    """Return the tier of each ranked system at another threshold.

    Parameters
    ----------
    ranking : Ranking
    threshold : float
        Share of the draws from which on a system is surely ahead of another, in (0.5, 1].

    Returns
    -------
    Series
        system_id -> tier; the first holds the systems that nobody is surely ahead of, the next
        those that only systems of the tiers before are surely ahead of.

    Raises
    ------
    MethodError
        If the threshold is out of range.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> ranking = rank_systems(newest_evidence(read_study("data")))
    >>> tiers_at(ranking, 0.9).value_counts().sort_index().to_list()
    [3, 13, 4]
    """
    _check_threshold(threshold)
    return pd.Series(tiers(ranking.ahead.to_numpy(), threshold), index=ranking.ahead.index)
