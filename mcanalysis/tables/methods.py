"""Which conclusions hold under every choice of method, and which choice breaks what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.markup import Block, block, figure, nothing, table
from mcanalysis.multiverse import WORTHS, breaking_options, choices, conclusions, options
from mcanalysis.why.methods import option_in_words, tried_weights
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    listed,
    listed_some,
    percent,
    plural,
)

CHOICES = {
    "values": marked("worth of levels|choice"),
    "normalisation": marked("normalisation|choice"),
    "aggregation": marked("aggregation|choice"),
    "weights": marked("weights|choice"),
    "gaps": marked("gaps|choice"),
}
"""What is chosen in each combination, as it is named to a reader."""
_BREAKING = {
    "values": marked("the worth of levels|breaks"),
    "normalisation": marked("the normalisation|breaks"),
    "aggregation": marked("the aggregation|breaks"),
    "weights": marked("the choice of weights|breaks"),
    "gaps": marked("the treatment of gaps|breaks"),
}
_HOLDS = (
    (1, marked("holds|conclusion")),
    (0.95, marked("nearly always|conclusion")),
    (0.6, marked("mostly|conclusion")),
    (0.4, marked("open|conclusion")),
    (0, marked("mostly not|conclusion")),
)
"""From which share of the combinations on a conclusion is told how."""
_TOO_FEW = marked("Fewer than three systems are ranked.")


def what_holds(a: Analysis) -> Block:
    """Show which conclusions hold under every combination of defensible choices.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        With a panel its weights are one more choice.
    """
    if len(a.ranked) < 3:
        return nothing(phrase(_TOO_FEW))
    tried = choices(a, tried_weights(a))
    found = conclusions(a, tried)
    rows = []
    for r in each_row(found):
        share = r.holds / r.of
        said = next(word for least, word in _HOLDS if share >= least)
        bar = f'<span class="bar tr" style="--v:{100 * share:.4g}" aria-hidden="true"></span>'
        rows.append([escape(str(r.conclusion)), bar, _of(r.holds, r.of), phrase(said)])
    title = plural(
        int((found["holds"] == found["of"]).sum()),
        "One of {total} conclusions holds under every choice tried",
        "{n} of {total} conclusions hold under every choice tried",
        "None of {total} conclusions hold under every choice tried",
        total=count(len(found)),
    )
    head = [
        phrase("Conclusion"),
        f'<span class="vh">{phrase("Share")}</span>',
        phrase(">Combinations"),
        phrase("So it|holds"),
    ]
    return block(
        a.study,
        figure(
            capital(title),
            phrase(
                "Number of {n} combinations of choices under which each conclusion is true",
                n=int(found["of"].iloc[0]),
            ),
            table(
                phrase("Conclusions and the number of combinations under which they hold"),
                head,
                rows,
                "holds",
            ),
            f"<p class=note>{escape(_tried_in_words(a, options(tried)), quote=False)}</p>",
        ),
        capital(title),
    )


def _of(holds: int, total: int) -> str:
    return phrase("{n} of {total}", n=holds, total=total)


def _tried_in_words(a: Analysis, tried: Mapping[str, Sequence[str]]) -> str:
    """List the options that were combined."""
    worths = [
        phrase(name)
        if name == "equal steps"
        else phrase("{one} and {two}", one=decimal(WORTHS[name][0]), two=decimal(WORTHS[name][1]))
        for name in tried["values"]
    ]
    groups = [a.names.stakeholder(s).inside for s in a.stakeholders]
    weights = [phrase("equal")]
    if groups:
        weights.append(phrase("implied by the benefits of {groups}", groups=listed(groups, "or")))
    if a.judged is not None:
        weights.append(phrase("those of the panel “{panel}”", panel=a.panel))

    def named(choice: str) -> str:
        return ", ".join(phrase(o) for o in tried[choice])

    said = phrase(
        "Choices: worth of levels 1 and 2 ({worths}), normalisation ({normalisations}), "
        "aggregation ({aggregations}), weights ({weights}), gaps ({gaps}).",
        worths=clauses(*worths),
        normalisations=named("normalisation"),
        aggregations=named("aggregation"),
        weights=clauses(*weights),
        gaps=named("gaps"),
    )
    limits = phrase(
        "PROMETHEE II and Copeland look at the order of levels alone and count once for all values "
        "and normalisations; the geometric mean and TOPSIS are not defined for z-scores."
    )
    return f"{said} {limits}"


def what_breaks(a: Analysis) -> Block:
    """Show under which option of method each conclusion fails most often.

    Parameters
    ----------
    a : Analysis

    Returns
    -------
    Block
        With a panel its weights are one more choice.
    """
    if len(a.ranked) < 3:
        return nothing(phrase(_TOO_FEW))
    extra = tried_weights(a)
    broken = breaking_options(a, choices(a, extra))
    broken = broken[broken["share"] < broken["otherwise"]]
    rows = []
    for said, some in broken.groupby("conclusion", sort=False):
        worst = some[some["share"] == some["share"].min()]
        one = worst.iloc[0]
        where = [option_in_words(a, str(w.choice), str(w.option)) for w in each_row(worst)]
        rows.append(
            [
                escape(str(said)),
                escape(capital(listed_some(where, 2))),
                _of(one["holds"], one["of"]),
                percent(float(one["otherwise"])),
            ]
        )
    if not rows:
        return nothing(phrase("Every conclusion holds under every choice of method."))
    title = _breaks_most(broken)
    drawn = phrase(
        "For each conclusion that does not always hold, the one option with which it holds least "
        "often."
    )
    if extra:
        more = phrase("The weights of the panel “{panel}” are one more choice here.", panel=a.panel)
        drawn = f"{drawn} {more}"
    return block(
        a.study,
        figure(
            title,
            drawn,
            table(
                phrase("Option of method with which each conclusion holds least often"),
                [
                    phrase("Conclusion"),
                    phrase("Fails most often with"),
                    phrase(">Holds there"),
                    phrase(">Elsewhere|otherwise"),
                ],
                rows,
                "breaks",
            ),
        ),
        title,
    )


def _breaks_most(broken: pd.DataFrame) -> str:
    """Say which choice breaks most of the conclusions that can fail."""
    worst = broken.drop_duplicates("conclusion")["choice"].value_counts()
    breaks, total = int(worst.iloc[0]), int(worst.sum())
    choice = capital(phrase(_BREAKING[str(worst.index[0])]))
    if breaks == 1:
        return plural(
            total,
            "{choice} breaks one of one conclusion that can fail",
            "{choice} breaks one of {n} conclusions that can fail",
            choice=choice,
        )
    return phrase(
        "{choice} breaks {n} of {total} conclusions that can fail",
        choice=choice,
        n=count(breaks),
        total=count(total),
    )
