"""Choices of method as a reader is told of them: which were tried, and what fails with which."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_row
from mcanalysis.language import marked, phrase
from mcanalysis.multiverse import breaking_options, choices, conclusions, first_in_words
from mcanalysis.why.claims import Claim
from mcanalysis.why.sure import pool_in_words
from mcanalysis.wording import capital, clauses, count, plural

_OPTIONS = {
    ("weights", "equal"): marked("weights equal"),
    ("gaps", "left out"): marked("gaps left out"),
    ("gaps", "level 0"): marked("gaps taken as level 0"),
    ("gaps", "median of the dimension"): marked("gaps taken as median of the dimension"),
    ("values", "equal steps"): marked("worth of levels: equal steps"),
    ("values", "early steps count"): marked("worth of levels: early steps count"),
    ("values", "late steps count"): marked("worth of levels: late steps count"),
    ("normalisation", "goalposts"): marked("normalisation by goalposts"),
    ("normalisation", "min-max"): marked("normalisation by min-max"),
    ("normalisation", "z-score"): marked("normalisation by z-score"),
    ("aggregation", "arithmetic mean"): marked("aggregation by arithmetic mean"),
    ("aggregation", "geometric mean"): marked("aggregation by geometric mean"),
    ("aggregation", "TOPSIS"): marked("aggregation by TOPSIS"),
    ("aggregation", "PROMETHEE II"): marked("aggregation by PROMETHEE II"),
    ("aggregation", "Copeland"): marked("aggregation by Copeland"),
}


def tried_weights(a: Analysis) -> dict[str, pd.Series]:
    """Return the weights of the panel in force by name, as one more choice of weights."""
    if a.judged is None:
        return {}
    return {phrase("the panel “{panel}”", panel=a.panel): a.judged.weights}


def option_in_words(a: Analysis, choice: str, option: str) -> str:
    """Say under which option of method a conclusion fails.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=100)
    >>> option_in_words(a, "gaps", "level 0"), option_in_words(a, "weights", "Learners")
    ('gaps taken as level 0', 'weights by what benefits of learners need')
    """
    if (choice, option) in _OPTIONS:
        return phrase(_OPTIONS[choice, option])
    if option in tried_weights(a):
        return phrase("weights of {panel}", panel=option)
    groups = (a.names.stakeholder(s) for s in a.stakeholders)
    group = next((name.inside for name in groups if name == option), option)
    return phrase("weights by what benefits of {group} need", group=group)


def methods_claim(a: Analysis) -> Claim | None:
    """Say how many conclusions hold whatever the method, and what breaks the first of them.

    Returns
    -------
    Claim or None
        None where fewer than three systems are ranked.
    """
    if len(a.ranked) < 3:
        return None
    table = choices(a, tried_weights(a))
    found = conclusions(a, table)
    total = int(found["of"].iloc[0])
    sure = list(found.loc[found["holds"] == found["of"], "conclusion"])
    say = plural(
        len(sure),
        "**One of {conclusions} conclusions holds under every one of {total} combinations of "
        "method**",
        "**{n} of {conclusions} conclusions hold under every one of {total} combinations of "
        "method**",
        "**None of {conclusions} conclusions hold under every one of {total} combinations of "
        "method**",
        n=capital(count(len(sure))),
        conclusions=count(len(found)),
        total=total,
    )
    if sure:
        named = sure[:3]
        if len(sure) > 3:
            named.append(plural(len(sure) - 3, "and one more", "and {n} more"))
        say += f": {'; '.join(named)}"
    say += "."
    broken = breaking_options(a, table)
    broken = broken[broken["share"] < broken["otherwise"]].drop_duplicates("conclusion")
    first, said = first_in_words(a)
    headline = broken[broken["conclusion"] == said]
    if len(headline):
        one = headline.iloc[0]
        least = phrase(
            "That {system} is first holds under {holds}, and least often with {option} ({n} of "
            "{of}).",
            system=a.names.system(first),
            holds=int(cell(found.set_index("conclusion"), said, "holds")),
            option=option_in_words(a, one["choice"], one["option"]),
            n=one["holds"],
            of=one["of"],
        )
        say += f" {least}"
    return Claim(
        say,
        clauses(
            *(
                phrase("{conclusion}: {n} of {of}", conclusion=c.conclusion, n=c.holds, of=c.of)
                for c in each_row(found)
            )
        )
        + ".",
        phrase(
            "Normalisation, aggregation, weights, worth of levels and treatment of gaps, each "
            "defensible choice combined with each other."
        ),
        note=pool_in_words(a),
        more=(phrase("Each conclusion"), "#which-conclusions-hold"),
    )
