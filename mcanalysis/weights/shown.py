"""Groups of judges as a report may show them: none so small that it gives a person away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from mcanalysis.weights.pairwise import Floats

SHUFFLES = 999
"""Random groupings that a split is held against."""
LEAST = 5
"""Judges that a group needs to be shown alone."""
OTHERS = ""
"""Name of the groups that are too small, taken together."""


def shown_groups(stakeholders: pd.Series) -> dict[str, list[str]]:
    """Put judges into groups of `LEAST` or more.

    Smaller groups are taken together. Where even these are too few, the smallest group that could
    be shown joins them: else their answers were what is left of the whole after the others.

    Parameters
    ----------
    stakeholders : Series, index judge_id
        Group each judge speaks for; missing where none is given.

    Returns
    -------
    dict of str to list of str
        Group -> its judges, in the order in which they first appear; `OTHERS` last. Empty where
        nobody can be shown apart from the rest.

    Examples
    --------
    >>> shown_groups(pd.Series(["hei"] * 5 + ["learners"] * 6 + ["vet"] * 2, range(13))).keys()
    dict_keys(['learners', ''])
    """
    group = stakeholders.fillna(OTHERS).astype(str)
    sizes = group.groupby(group, sort=False).size()
    large = {str(name): int(n) for name, n in sizes.items() if name and n >= LEAST}
    pooled = len(group) - sum(large.values())
    while 0 < pooled < LEAST and large:
        least = min(large, key=lambda name: large[name])
        pooled += large.pop(least)
    found = {name: [str(j) for j in group.index[group == name]] for name in large}
    rest = [str(j) for j in group.index[~group.isin(list(large))]]
    if rest and found:
        found[OTHERS] = rest
    return found if len(found) > 1 else {}


def as_series(groups: Mapping[str, list[str]]) -> pd.Series:
    """Return the group of each judge, index judge_id."""
    return pd.Series({judge: name for name, own in groups.items() for judge in own}, dtype=object)


def split_by_chance(weights: pd.DataFrame, groups: pd.Series, seed: int = 1) -> pd.Series:
    """Tell how often groups drawn at random split judges on some item as much as theirs do.

    The judges are shuffled among the groups; the share of the variance of an item's weights that
    lies between the groups is held against the greatest share over all items of each shuffle, so
    that to look at many items does not make splits out of nothing.

    Parameters
    ----------
    weights : DataFrame, index item, columns judge_id
    groups : Series, index judge_id
        At least two groups.
    seed : int

    Returns
    -------
    Series, index item
        Chance in (0, 1]; NaN where all judges give an item the same weight.

    References
    ----------
    Westfall, P. H. & Young, S. S. (1993), *Resampling-Based Multiple Testing*. Wiley, ch. 2.

    Examples
    --------
    >>> judges = pd.DataFrame([[0.9, 0.8, 0.9, 0.1, 0.2, 0.1]], ["law"], list("abcdef"))
    >>> chance = split_by_chance(judges, pd.Series(list("xxxyyy"), list("abcdef")))
    >>> bool(chance["law"] < 0.2)
    True
    """
    member = pd.get_dummies(groups.loc[weights.columns]).to_numpy(float)
    own = weights.to_numpy(float)
    own = own - own.mean(axis=1, keepdims=True)
    total = (own**2).sum(axis=1)
    differ = total > 1e-24
    own, total = own[differ], total[differ]

    def between(grouping: Floats) -> Floats:
        return np.asarray(((own @ grouping) ** 2 / grouping.sum(axis=0)).sum(axis=1) / total)

    random = np.random.default_rng(seed)
    most = np.array([between(random.permutation(member)).max(initial=0.0) for _ in range(SHUFFLES)])
    chance = np.full(len(weights), np.nan)
    reached = (most[:, None] >= between(member) - 1e-12).sum(axis=0)
    chance[differ] = (1 + reached) / (1 + SHUFFLES)
    return pd.Series(chance, index=weights.index, name="chance")
