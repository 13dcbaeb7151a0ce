"""What a rank depends on: uncertainties, conditions, and the evidence that would settle most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mcanalysis.compare import TOP, Evidence, check_known
from mcanalysis.robustness.ranking import INTERVAL, Ranking, model_of
from mcanalysis.robustness.replays import Replay, replay
from mcanalysis.smaa import (
    SAME,
    explained_share,
    rank_quantiles,
    rank_variance,
)
from mcanalysis.smaa.drawing import Floats

LEAST = 200
"""Draws that a condition must rest on."""
_AT_A_TIME = 8192


def rank_drivers(
    evidence: Evidence, ranking: Ranking, system: str, again: Replay | None = None
) -> pd.DataFrame:
    """Tell what the rank of a system depends on most.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; its first draws are made again.
    system : str
    again : Replay, optional
        From `replay`, where it is there already.

    Returns
    -------
    DataFrame
        kind (weight, worth, gap, confidence), item (dimension_id, or the level whose worth is
        meant: "1" or "2"), share: variance of the mean rank given that uncertainty alone, divided
        by the variance of the rank, in [0, 1]. Weights and worths are cut into ten equal parts;
        gaps and low-confidence levels of the system go by the level drawn. Largest first. The
        shares need not sum to 1: what others' gaps and combinations explain is not listed.

    Raises
    ------
    MethodError
        If the system is not ranked, or the ranking was made from other evidence.

    References
    ----------
    Saltelli, A. et al. (2008), *Global Sensitivity Analysis: The Primer*, chapter 4 (first-order
    index).

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.robustness import rank_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> drivers = rank_drivers(evidence, rank_systems(evidence), "DE")
    >>> drivers.loc[0, ["kind", "item"]].to_list()
    ['confidence', 'transparency-registers']
    """
    again = again or replay(evidence, ranking)
    at, dimensions = _place(again, system), evidence.levels.columns
    names = {"weight": list(dimensions), "worth": [str(i + 1) for i in range(TOP - 1)]}
    found = [(kind, str(names[kind][i]), share[at]) for kind, i, share in again.shares]
    found += [
        (kind, str(dimensions[d]), explained_share(again.ranks[:, at], levels.astype(np.int64)))
        for kind, s, d, levels in _cells(again)
        if s == at
    ]
    table = pd.DataFrame(found, columns=["kind", "item", "share"]).astype({"share": float})
    return table.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _place(again: Replay, system: str) -> int:
    check_known("ranked system", [system], again.systems)
    return again.systems.index(system)


def _cells(again: Replay) -> list[tuple[str, int, int, Floats]]:
    """Return the cells drawn: kind, place of system and dimension, levels."""
    return [
        (kind, int(s), int(d), levels[: len(again.ranks)])
        for kind, cells, drawn in (
            ("gap", again.model.open_gaps, again.drawn.gaps),
            ("confidence", again.model.doubtful, again.drawn.doubtful),
        )
        for (s, d), levels in zip(np.argwhere(cells), drawn, strict=True)
    ]


def rank_if_confirmed(
    evidence: Evidence,
    ranking: Ranking,
    system: str,
    dimensions: Sequence[str],
    again: Replay | None = None,
) -> tuple[int, int]:
    """Return the 90 % rank interval of a system if some of its doubtful levels were confirmed.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; all else is drawn as it was there.
    system : str
    dimensions : sequence of str
        Dimensions whose low-confidence level is taken as coded; others change nothing.
    again : Replay, optional
        From `replay`, where it is there already.

    Returns
    -------
    tuple of int
        Best and worst rank.

    Raises
    ------
    MethodError
        If the system is not ranked, a dimension is not known, or the ranking was made from other
        evidence.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.robustness import rank_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> ranking = rank_systems(evidence)
    >>> rank_if_confirmed(evidence, ranking, "DE", [])
    (10, 20)
    """
    again = again or replay(evidence, ranking)
    at, model, drawn = _place(again, system), again.model, again.drawn
    check_known("dimension", dimensions, evidence.levels.columns)
    weights = drawn.weights
    ends = np.zeros(len(weights)), np.ones(len(weights))
    worth = np.column_stack([ends[0], drawn.worths, ends[1]])
    draws, more = np.arange(len(weights)), np.zeros(len(weights))
    for (s, d), levels in zip(np.argwhere(model.doubtful), drawn.doubtful, strict=True):
        if s == at and evidence.levels.columns[d] in dimensions:
            coded = int(model.levels[s, d])
            more += weights[:, d] * (worth[:, coded] - worth[draws, levels])
    if "gaps" not in model.vary:
        known = weights @ ~np.isnan(model.levels[at])
        more = np.divide(more, known, out=np.zeros_like(more), where=known > 0)
    own = again.values[:, at] + more
    places = np.empty(len(own), dtype=np.int64)
    for start in range(0, len(own), _AT_A_TIME):  # what is compared stays in the cache
        some = slice(start, start + _AT_A_TIME)
        ahead = again.values[some] > (own[some] + SAME)[:, None]
        ahead[:, at] = False
        places[some] = 1 + np.count_nonzero(ahead, axis=1)
    counts = np.bincount(places, minlength=len(ranking.table) + 1)[None, 1:]
    best, _, worst = rank_quantiles(counts, INTERVAL)[:, 0]
    return int(best), int(worst)


def uncertainty_shares(evidence: Evidence, ranking: Ranking, draws: int = 8192) -> pd.DataFrame:
    """Split the variation of each rank by weights, worth of levels, gaps and low confidence.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; what it varies is split.
    draws : int
        Base draws; each kind of uncertainty costs as many again.

    Returns
    -------
    DataFrame
        One row per ranked system and kind of uncertainty, in the order of the ranking: system_id,
        kind (weights, values, gaps, confidence), first_order (share of the variance of the rank
        that it explains alone), total_order (alone or together with others), error (Monte-Carlo
        standard error). First orders sum to at most 1 but for that error; what is missing comes of
        combinations.

    Raises
    ------
    MethodError
        If the ranking was made from other evidence.

    References
    ----------
    Sobol', I. M. (2001), *Global sensitivity indices for nonlinear mathematical models*.
    Mathematics and Computers in Simulation 55, 271-280 (groups of inputs).
    Saltelli, A. et al. (2010), *Variance based sensitivity analysis of model output*. Computer
    Physics Communications 181(2), 259-270.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.robustness import rank_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> shares = uncertainty_shares(evidence, rank_systems(evidence))
    >>> shares[shares["system_id"] == "NZ"].set_index("kind")["first_order"].idxmax()
    'weights'
    """
    systems, model = model_of(evidence, ranking)
    kinds = rank_variance(model, draws, ranking.seed)
    parts = [
        pd.DataFrame(
            {"kind": kind, "first_order": first, "total_order": total, "error": error},
            index=pd.Index(systems, name="system_id"),
        )
        for kind, (first, total, error) in kinds.items()
    ]
    columns = ["system_id", "kind", "first_order", "total_order", "error"]
    if not parts:
        return pd.DataFrame(columns=columns)
    place = {s: i for i, s in enumerate(ranking.table.index)}
    table = pd.concat(parts).reset_index()
    order = table["system_id"].map(place).sort_values(kind="stable").index
    return table.loc[order, columns].reset_index(drop=True)


def research_list(
    evidence: Evidence, ranking: Ranking, again: Replay | None = None
) -> pd.DataFrame:
    """List the gaps and doubtful levels by how much knowing them would narrow the ranks.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; its first draws are made again.
    again : Replay, optional
        From `replay`, where it is there already.

    Returns
    -------
    DataFrame
        One row per gap and low-confidence level of the ranked systems, most helpful first:
        system_id, dimension_id, kind (gap, confidence), level (as coded; NaN for a gap), own, the
        share of the variance of the system's own rank that would go on average, and all, the same
        of the sum of the variances of all ranks. Both in [0, 1].

    Raises
    ------
    MethodError
        If the ranking was made from other evidence.

    References
    ----------
    Oakley, J. E. & O'Hagan, A. (2004), *Probabilistic sensitivity analysis of complex models: a
    Bayesian approach*. Journal of the Royal Statistical Society B 66, 751-769 (expected reduction
    of variance).

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.robustness import rank_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> research_list(evidence, rank_systems(evidence))["kind"].iloc[0]
    'gap'
    """
    again = again or replay(evidence, ranking)
    variance = again.ranks.var(axis=0)
    total = float(variance.sum()) or 1.0
    found = []
    for kind, s, d, levels in _cells(again):
        share = explained_share(again.ranks, levels.astype(np.int64))
        system, dimension = again.systems[s], evidence.levels.columns[d]
        level = again.model.levels[s, d]
        found.append((system, dimension, kind, level, share[s], float(share @ variance) / total))
    columns = ["system_id", "dimension_id", "kind", "level", "own", "all"]
    table = pd.DataFrame(found, columns=columns).astype(
        {"level": float, "own": float, "all": float}
    )
    return table.sort_values("all", ascending=False, kind="stable", ignore_index=True)


def rank_conditions(
    evidence: Evidence, ranking: Ranking, system: str, again: Replay | None = None
) -> pd.DataFrame:
    """Tell what would put a system surely ahead of, or behind, those it cannot be told apart from.

    Parameters
    ----------
    evidence : Evidence
    ranking : Ranking
        Made from that evidence; its first draws are made again.
    system : str
    again : Replay, optional
        From `replay`, where it is there already.

    Returns
    -------
    DataFrame
        other; side ("ahead": the system is surely ahead of the other, "behind"); dimension_id;
        more_than: where the dimension counts for more than this share of all weight, that is so in
        at least the ranking's threshold of the draws; met: share of the draws that fulfil the
        condition (at least `LEAST` draws). For each other and side the dimension whose condition is
        met most often; conditions that are met most often first. Empty where nothing is so, or
        weights are not varied.

    Raises
    ------
    MethodError
        If the system is not ranked, or the ranking was made from other evidence.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.robustness import rank_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> conditions = rank_conditions(evidence, rank_systems(evidence), "IE")
    >>> bool(conditions["more_than"].between(0, 1).all())
    True
    """
    again = again or replay(evidence, ranking)
    at = _place(again, system)
    columns = ["other", "side", "dimension_id", "more_than", "met"]
    if "weights" not in ranking.vary or ranking.draws < LEAST:
        return pd.DataFrame(columns=columns).astype({"more_than": float, "met": float})
    ahead = ranking.ahead.loc[again.systems, again.systems].to_numpy(float)
    sure = np.maximum(ahead[at], ahead[:, at]) >= ranking.threshold
    open_ = [int(i) for i in np.flatnonzero(~sure) if i != at]
    ranks = again.ranks.T.astype(np.int32, order="C")
    lead = (ranks[open_] > ranks[at]).astype(np.int8) - (ranks[open_] < ranks[at])
    # A tie counts half, so that a share of t of the draws is a lead of 2 t - 1 a draw.
    needed = np.ceil((2 * ranking.threshold - 1) * np.arange(1, lead.shape[1] + 1)).astype(np.int32)
    found: dict[tuple[str, str], tuple[int, str, float]] = {}
    for d, dimension in enumerate(evidence.levels.columns):
        order = again.by_weight[d]
        leads = np.take(lead, order, axis=1).cumsum(axis=1, dtype=np.int32)
        for side, held in (("ahead", leads >= needed), ("behind", leads <= -needed)):
            held[:, : LEAST - 1] = False
            for j in np.flatnonzero(held.any(axis=1)):
                other, count = again.systems[open_[j]], lead.shape[1] - int(held[j, ::-1].argmax())
                if count > found.get((other, side), (0,))[0]:
                    least = float(again.drawn.weights[order[count - 1], d])
                    found[other, side] = (count, str(dimension), least)
    rows = [(o, side, d, least, n / len(again.ranks)) for (o, side), (n, d, least) in found.items()]
    table = pd.DataFrame(rows, columns=columns).astype({"more_than": float, "met": float})
    return table.sort_values("met", ascending=False, kind="stable", ignore_index=True)
