"""Choices of method as a reader is told of them: which were tried, and what fails with which."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.multiverse import breaking_options, choices, conclusions
from mcanalysis.why.claims import Claim
from mcanalysis.why.sure import pool_in_words
from mcanalysis.wording import capital, count


def tried_weights(a: Analysis) -> dict[str, pd.Series]:
    """Return the weights of the panel in force by name, as one more choice of weights."""
    return {} if a.judged is None else {f"the panel “{a.panel}”": a.judged.weights}


def option_in_words(a: Analysis, choice: str, option: str) -> str:
    """Say under which option of method a conclusion fails.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=100)
    >>> option_in_words(a, "gaps", "level 0"), option_in_words(a, "weights", "Learners")
    ('gaps taken as level 0', 'weights by what benefits of learners need')
    """
    if choice == "weights":
        if option in ("equal", *tried_weights(a)):
            return f"weights {option}" if option == "equal" else f"weights of {option}"
        return f"weights by what benefits of {option.lower()} need"
    if choice == "gaps":
        return "gaps left out" if option == "left out" else f"gaps taken as {option}"
    said = {
        "values": f"worth of levels: {option}",
        "normalisation": f"normalisation by {option}",
        "aggregation": f"aggregation by {option}",
    }
    return said[choice]


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
    say = (
        f"**{capital(count(len(sure), 'none'))} of {count(len(found))} conclusions "
        f"{'holds' if len(sure) == 1 else 'hold'} under every one of {total} combinations of "
        "method**"
    )
    if sure:
        say += f": {'; '.join(sure[:3])}" + (f"; and {count(len(sure) - 3)} more"
                                              if len(sure) > 3 else "")  # fmt: skip
    say += "."
    broken = breaking_options(a, table)
    broken = broken[broken["share"] < broken["otherwise"]].drop_duplicates("conclusion")
    headline = broken[broken["conclusion"].str.endswith(" is first")]
    if len(headline):
        one = headline.iloc[0]
        holds = int(found.set_index("conclusion").loc[one["conclusion"], "holds"])
        say += (
            f" That {one['conclusion']} holds under {holds}, and least often with "
            f"{option_in_words(a, one['choice'], one['option'])} ({one['holds']} of {one['of']})."
        )
    return Claim(
        say,
        "; ".join(f"{c.conclusion}: {c.holds} of {c.of}" for c in each_row(found)) + ".",
        "Normalisation, aggregation, weights, worth of levels and treatment of gaps, each "
        "defensible choice combined with each other.",
        note=pool_in_words(a),
        more=("Each conclusion", "#which-conclusions-hold"),
    )
