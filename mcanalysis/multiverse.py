"""Which conclusions hold under every defensible choice of method, and which choice breaks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.benefits import implied_weights
from mcanalysis.compare import (
    NEEDS_SHARES,
    NORMALISATIONS,
    OUTRANKING,
    competition_ranks,
    equal_weights,
    fitting_weights,
    piecewise_values,
    score_values,
)
from mcanalysis.errors import MethodError
from mcanalysis.language import marked, phrase
from mcanalysis.wording import listed

Floats = npt.NDArray[np.float64]

WORTHS = {
    marked("equal steps"): (1 / 3, 2 / 3),
    marked("early steps count"): (0.6, 0.85),
    marked("late steps count"): (0.15, 0.4),
}
"""Worth of levels 1 and 2 between 0 and 1: three ways to read an ordinal scale."""
MEANS = {
    "arithmetic": marked("arithmetic mean"),
    "geometric": marked("geometric mean"),
    "topsis": "TOPSIS",
    "promethee": "PROMETHEE II",
    "copeland": "Copeland",
}
"""Aggregations as they are named to a reader."""
CHOICES = ("values", "normalisation", "aggregation", "weights", "gaps")
"""What is chosen in each combination."""
ORDER_ALONE = marked("order alone")
"""Stands for values and normalisation where only the order of levels matters."""
NAMED = (marked("equal"), marked("left out"), marked("level 0"), marked("median of the dimension"),
         marked("goalposts"), marked("min-max"), marked("z-score"))  # fmt: skip
"""The other options whose names are words: `phrase` says the name of any option."""


def choices(a: Analysis, extra_weights: Mapping[str, pd.Series] | None = None) -> pd.DataFrame:
    """Rank the ranked systems under every combination of five choices of method.

    Parameters
    ----------
    a : Analysis
    extra_weights : mapping of str to Series, optional
        Further weights by name (a panel's), dimension_id -> weight, together 1.

    Returns
    -------
    DataFrame
        One row per combination: columns values, normalisation, aggregation, weights, gaps, then one
        per ranked system with its rank (1 is best; ties take the better place; who has no evidence
        that counts comes last). values: worth of levels, see `WORTHS`; normalisation: goalposts,
        min-max or z-score; aggregation: see `MEANS`; weights: equal, implied by the benefits of
        each stakeholder, or extra; gaps: left out, level 0, or the median of the dimension.

    Raises
    ------
    MethodError
        If extra weights do not fit, or have a name that is taken. All problems at once.

    Notes
    -----
    Two kinds of combination are left out. The geometric mean and TOPSIS of z-scores are not
    defined: z-scores may be negative and have no fixed ends. PROMETHEE II (usual criterion) and
    Copeland look at who is higher on each dimension; all values and normalisations keep that order,
    so they would only repeat one result, which is kept once, as `ORDER_ALONE`.

    References
    ----------
    Steegen, S., Tuerlinckx, F., Gelman, A. & Vanpaemel, W. (2016), *Increasing transparency through
    a multiverse analysis*. Perspectives on Psychological Science 11(5).

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> table = choices(analyse(read_study("data"), draws=1000))
    >>> len(table), [len(table[c].unique()) for c in CHOICES]
    (276, [4, 4, 5, 4, 3])
    """
    weights = _weights(a, extra_weights or {})
    levels = a.evidence.levels.loc[a.ranked]
    fills = {
        "left out": levels,
        "level 0": levels.fillna(0),
        "median of the dimension": levels.fillna(levels.median()),
    }
    methods = [
        *(
            (worth, normalisation, aggregation)
            for worth, normalisation, aggregation in product(WORTHS, NORMALISATIONS, MEANS)
            if aggregation not in OUTRANKING
            and not (normalisation == "z-score" and aggregation in NEEDS_SHARES)
        ),
        *((ORDER_ALONE, ORDER_ALONE, aggregation) for aggregation in OUTRANKING),
    ]
    rows = []
    if a.ranked:
        every = np.stack([w.to_numpy(float) for w in weights.values()])
        for (worth, normalisation, aggregation), (gaps, filled) in product(methods, fills.items()):
            steps = WORTHS.get(worth, WORTHS["equal steps"])
            value = piecewise_values(filled.to_numpy(float), [0, 1, 2, 3], [0, *steps, 1])
            scale = "goalposts" if normalisation == ORDER_ALONE else normalisation
            score = score_values(value, every, scale, aggregation)[0]
            for who, ranks in zip(weights, _places(score), strict=True):
                rows.append([worth, normalisation, MEANS[aggregation], who, gaps, *ranks])
    return pd.DataFrame(rows, columns=[*CHOICES, *a.ranked])


def _weights(a: Analysis, extra: Mapping[str, pd.Series]) -> dict[str, pd.Series]:
    """Return the weights that are tried, by name, in the order of the dimensions."""
    weights = {"equal": equal_weights(a.evidence)}
    for s in a.stakeholders:
        implied = implied_weights(a.study, s).reindex(a.dimensions).fillna(0)
        weights[a.names.stakeholder(s)] = implied
    problems = []
    for name, w in extra.items():
        if name in weights:
            problems.append(f'Weights "{name}" are there already. Give yours another name.')
            continue
        try:
            weights[name] = fitting_weights(a.evidence, w)
        except MethodError as error:
            problems.append(f'Weights "{name}": {error}')
    if problems:
        raise MethodError("\n".join(problems))
    return weights


def _places(score: Floats) -> npt.NDArray[np.int64]:
    """Return whole ranks; systems without a score share the last."""
    ranks = competition_ranks(score)
    known = (~np.isnan(score)).sum(axis=-1, keepdims=True)
    return np.where(np.isnan(ranks), known + 1, ranks).astype(np.int64)


def options(table: pd.DataFrame) -> dict[str, list[str]]:
    """Return what was tried for each choice, in the order of the table.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> options(choices(analyse(read_study("data"), draws=1000)))["normalisation"]
    ['goalposts', 'min-max', 'z-score']
    """
    return {c: [str(o) for o in table[c].unique() if o != ORDER_ALONE] for c in CHOICES}


def conclusions(a: Analysis, table: pd.DataFrame) -> pd.DataFrame:
    """Count under how many combinations conclusions that a reader might draw hold.

    Parameters
    ----------
    a : Analysis
    table : DataFrame
        From `choices`.

    Returns
    -------
    DataFrame
        Columns conclusion, holds, of; most often true first. The conclusions follow from the
        ranking: who is first and among the first three, who is last, whether each of some systems
        is ahead of the next of them, who is in the lower half.

    Raises
    ------
    MethodError
        If fewer than three systems are ranked.
    """
    frame = pd.DataFrame(
        [(said, int(true.sum()), len(table)) for said, true in _conclusions(a, table)],
        columns=["conclusion", "holds", "of"],
    )
    return frame.sort_values("holds", ascending=False, kind="stable").reset_index(drop=True)


def breaking_options(a: Analysis, table: pd.DataFrame) -> pd.DataFrame:
    """Tell under which single option each conclusion fails most often.

    Parameters
    ----------
    a : Analysis
    table : DataFrame
        From `choices`.

    Returns
    -------
    DataFrame
        One row per conclusion and option, conclusions in the order of `conclusions`, within each
        the option under which it holds least often first: conclusion, choice, option; holds and of,
        combinations with the option in which it is true, and all with it; share, of the two;
        otherwise, the share among the combinations with another option. Where share is below
        otherwise, the option speaks against the conclusion. Options do not meet all others (see
        `choices`): z-scores only meet the arithmetic mean.

    Raises
    ------
    MethodError
        If fewer than three systems are ranked.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=1000)
    >>> found = breaking_options(a, choices(a))
    >>> list(found.columns)
    ['conclusion', 'choice', 'option', 'holds', 'of', 'share', 'otherwise']
    """
    rows = []
    for said, true in _conclusions(a, table):
        for choice, tried in options(table).items():
            for option in tried:
                with_it = table[choice] == option
                holds, of = int(true[with_it].sum()), int(with_it.sum())
                rows.append((said, choice, option, holds, of, holds / of, true[~with_it].mean()))
    columns = ["conclusion", "choice", "option", "holds", "of", "share", "otherwise"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["conclusion"] = pd.Categorical(
        frame["conclusion"], list(conclusions(a, table)["conclusion"])
    )
    frame = frame.sort_values(["conclusion", "share"], kind="stable", ignore_index=True)
    return frame.astype({"conclusion": "str"})


def _conclusions(a: Analysis, table: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """Return each conclusion with the combinations in which it is true."""
    ranked, n = a.ranked, len(a.ranked)
    if n < 3:
        raise MethodError(
            f"Conclusions from ranks: {n} systems are ranked, three are needed. "
            "Ask for fewer dimensions with evidence, or add evidence."
        )
    by_mean = list(a.ranking.table.sort_values("mean_rank").index)
    ranks = table[ranked]
    first, last = by_mean[0], by_mean[-1]
    three = by_mean[:3]
    name = a.names.system
    found: list[tuple[str, pd.Series]] = [
        (first_in_words(a)[1], ranks[first] == 1),
        (phrase("{system} is among the first three", system=name(first)), ranks[first] <= 3),
        (
            phrase("{systems} are the first three", systems=listed(map(name, three))),
            (ranks[three] <= 3).all(axis=1),
        ),
        (phrase("{system} is last", system=name(last)), ranks[last] == n),
        (phrase("{system} is in the lower half", system=name(last)), ranks[last] > n / 2),
    ]
    for one, other in _spaced(by_mean, 6):
        said = phrase("{system} is ahead of {other}", system=name(one), other=name(other))
        found.append((said, ranks[one] < ranks[other]))
    return found


def first_in_words(a: Analysis) -> tuple[str, str]:
    """Return who has the best expected rank, and the conclusion that it is first."""
    first = str(a.ranking.table.sort_values("mean_rank").index[0])
    return first, phrase("{system} is first", system=a.names.system(first))


def _spaced(order: Sequence[str], some: int) -> list[tuple[str, str]]:
    """Return pairs of neighbours among evenly spaced members of an order."""
    at = np.unique(np.linspace(0, len(order) - 1, min(some, len(order))).round().astype(int))
    return list(pairwise([order[i] for i in at]))
