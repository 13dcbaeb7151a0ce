"""Groups of judges as a report may show them: none so small that it gives a person away."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

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
