"""Whether a panel's answers fit together, and whose are shown, as sentences."""

from __future__ import annotations

import pandas as pd

from mcanalysis.language import phrase
from mcanalysis.weights.shown import LEAST
from mcanalysis.why.claims import Claim
from mcanalysis.why.heard import CONSISTENT, MOST_REPAIRED, OTHERS, Heard
from mcanalysis.wording import capital, cited, clauses, count, decimal, listed, plural


def consistency_claim(heard: Heard) -> Claim:
    """Say how many sets of comparisons contradict themselves, and what would mend it."""
    measured = [
        found.pairs.consistency["cr"] for _, found in heard.parts() if found.pairs is not None
    ]
    formula = phrase(
        "How far a judge's pairwise comparisons contradict each other, as a share of what random "
        "answers would; up to {limit} counts as consistent (Saaty 1980; for comparisons not made, "
        "Ágoston & Csató 2022).",
        limit=decimal(CONSISTENT),
    )
    if not measured:
        return Claim(
            phrase("Whether answers fit together cannot be said: nobody compared pairwise."),
            phrase("No pairwise comparisons."),
            formula,
        )
    ratio = pd.concat(measured)
    return Claim(
        _clash_in_words(heard, len(ratio)),
        phrase(
            "Consistency ratio: median {median}, highest {highest}.",
            median=decimal(ratio.median(), 3),
            highest=decimal(ratio.max(), 3),
        ),
        formula,
        note=phrase("A set is all that one judge compared in one go. All answers count as given."),
        more=(phrase("Answers to reconsider"), "#do-the-answers-fit-together"),
    )


def _clash_in_words(heard: Heard, sets: int) -> str:
    """Say how many sets of comparisons contradict themselves, and how few answers would mend it."""
    over = len(heard.contradictions)
    if not over:
        return plural(
            sets,
            "**The one set of comparisons fits together** (consistency ratio at most {limit}).",
            "**All {n} sets of comparisons fit together** (consistency ratio at most {limit}).",
            limit=decimal(CONSISTENT),
        )
    said = [
        plural(
            over,
            "**One of {sets} sets of comparisons contradicts itself** noticeably",
            "**{n} of {sets} sets of comparisons contradict themselves** noticeably",
            n=capital(count(over)),
            sets=count(sets),
        )
        if sets > 1
        else phrase("**The one set of comparisons contradicts itself** noticeably")
    ]
    changed = heard.repairs.groupby(["part", "judge_id"]).size()
    most = int(changed.max()) if len(changed) else 0
    if most and over <= MOST_REPAIRED:
        said.append(
            plural(
                most,
                "to think one answer over again would mend it",
                "to think at most {n} answers each over again would mend it",
            )
        )
    elif most:
        said.append(
            plural(
                most,
                "to think one answer over again would mend the {worst} worst",
                "to think at most {n} answers each over again would mend the {worst} worst",
                worst=count(MOST_REPAIRED),
            )
        )
    return clauses(*said) + "."


def shown_claim(heard: Heard) -> Claim:
    """Say whose answers are shown apart, and what could not be weighed."""
    hidden = [t.inside for t in heard.topics if not t.groups]
    pooled = [t.inside for t in heard.topics if OTHERS in t.groups]
    said = []
    if heard.silent:
        said.append(
            phrase(
                "**Not weighed:** the answers on {topics} do not suffice yet.",
                topics=listed(heard.silent),
            )
        )
    said.append(
        phrase(
            "**Judges bear ids only, and groups under {n} are not shown alone.**", n=count(LEAST)
        )
    )
    if pooled:
        said.append(phrase("On {topics} smaller groups stand together.", topics=listed(pooled)))
    if hidden:
        said.append(
            phrase(
                "On {topics} there are no two groups that could be shown apart.",
                topics=listed(hidden),
            )
        )
    value = plural(
        heard.judges,
        "One judge in all.",
        "{n} judges in all.",
        n=capital(count(heard.judges)),
    )
    why = clauses(*(f"{topic}: {cited(reason)}" for topic, reason in heard.silent.items()))
    return Claim(
        " ".join(said),
        f"{value} {why}".strip(),
        phrase(
            "A group of fewer than {n} judges joins the others that are too small, and the "
            "smallest larger one where these are still too few, so that no one can be worked out "
            "from the rest.",
            n=count(LEAST),
        ),
    )
