"""What a page says in short: sentences made from results, so that they cannot contradict them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_indexed, each_row, row_of
from mcanalysis.why.claims import Claim
from mcanalysis.why.sure import (
    counted_in_words,
    drawn_in_words,
    in_nine_of_ten,
    pool_in_words,
    rank_claim,
    share_of,
)
from mcanalysis.why.thin import thin_claims
from mcanalysis.wording import (
    capital,
    clause,
    count,
    counted,
    listed,
    listed_some,
    lower_first,
    ordinal,
    percent,
)

__all__ = [
    "REGIONS",
    "confidence_counts",
    "drawn_in_words",
    "in_nine_of_ten",
    "is_ranked",
    "share_of",
    "standing_in_words",
    "surely",
    "system_claims",
]

REGIONS = {
    "eu": "European Union",
    "ehea-non-eu": "European Higher Education Area outside the EU",
    "other": "Elsewhere",
}


def is_ranked(a: Analysis, system: str) -> bool:
    """Tell whether a system has enough evidence to be ranked."""
    return system in a.ranking.table.index


def system_claims(a: Analysis, system: str) -> tuple[Claim, ...]:
    """Say in short how microcredentials fit into a system.

    Parameters
    ----------
    a : Analysis
    system : str
        Id of a system.

    Returns
    -------
    tuple of Claim
        For a ranked system: where it stands and how sure that is, its highest and lowest
        dimensions, for whom it works best, the step that would help learners most, what changed,
        how sure this is. For another:
        what is known, what is not, and where to look first; no averages and no rank.

    Raises
    ------
    ParameterError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=1000)
    >>> system_claims(a, "BG")[0].plain[:60]
    'For Bulgaria evidence was found on one of 11 dimensions. Tha'
    """
    a.check_system(system)
    if is_ranked(a, system):
        claims = [
            _standing(a, system),
            rank_claim(a, system),
            _highest_and_lowest(a, system),
            _for_whom(a, system),
            _helpful_step(a, system),
            _changed(a, system),
            _how_sure(a, system),
        ]
    else:
        first, known, *rest = [*thin_claims(a, system), None, None]
        claims = [first, known, _changed(a, system), *rest]
    return tuple(claim for claim in claims if claim is not None)


def surely(a: Analysis, system: str) -> tuple[list[str], list[str]]:
    """Return the systems surely ahead of a ranked system and those surely behind it, as ranked."""
    ahead, limit = a.ranking.ahead, a.ranking.threshold
    others = [s for s in a.ranked if s != system]
    return (
        [s for s in others if cell(ahead, s, system) >= limit],
        [s for s in others if cell(ahead, system, s) >= limit],
    )


def standing_in_words(a: Analysis, system: str) -> str:
    """Say how many ranked systems are surely ahead, behind and undecided, as one clause."""
    ahead, behind = surely(a, system)
    open_ = len(a.ranked) - 1 - len(ahead) - len(behind)
    verb = "is" if len(ahead) == 1 else "are"
    return (
        f"{count(len(ahead))} of the {len(a.ranked) - 1} other ranked systems {verb} surely ahead "
        f"of {a.names.in_sentence(system)}, {count(len(behind))} surely behind, "
        f"{count(open_)} cannot be told apart"
    )


def _rows_of(a: Analysis, system: str, dimensions: Sequence[str]) -> pd.DataFrame:
    rows = a.rows(system).set_index("dimension_id", drop=False)
    return rows.loc[list(dimensions)].reset_index(drop=True)


def _standing(a: Analysis, system: str) -> Claim:
    r = a.ranking
    row, n = row_of(r.table, system), len(a.ranked)
    ahead, behind = surely(a, system)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    place = (
        f"{ordinal(best)} to {ordinal(worst)} of {n}" if best < worst else f"{ordinal(best)} of {n}"
    )
    say = f"**{capital(standing_in_words(a, system))}**; it ranks {place} {in_nine_of_ten(r)}."
    value = [
        *([f"Surely ahead: {listed(a.names.system(s) for s in ahead)}."] if ahead else []),
        *([f"Surely behind: {listed(a.names.system(s) for s in behind)}."] if behind else []),
        f"Rank: 90% of the draws between {ordinal(best)} and {ordinal(worst)}, median "
        f"{ordinal(round(row['median_rank']))}.",
    ]
    formula = (
        f"{counted_in_words(r)} Surely: higher in at least {percent(r.threshold)} of the draws."
    )
    note = f"{pool_in_words(a)} Of {a.names.in_sentence(system)}:"
    return Claim(
        say,
        " ".join(value),
        formula,
        a.rows(system),
        note,
        more=("All ranks", "comparison#ranking"),
    )


def _highest_and_lowest(a: Analysis, system: str) -> Claim:
    rows = a.rows(system)
    top, bottom = int(rows["level"].max()), int(rows["level"].min())
    high = rows[rows["level"] == top]
    low = rows[rows["level"] == bottom]

    def named(some: pd.DataFrame) -> str:
        return listed_some([a.names.dimension(d).lower() for d in some["dimension_id"]], 4)

    if top == bottom:
        say = f"It stands at **level {top}** of 3 throughout."
        rows = high
    else:
        say = f"It stands highest on **{named(high)}** (level {top} of 3)"
        say += f" and lowest on **{named(low)}** (level {bottom}"
        say += f": {clause(low['statement'].iloc[0])})." if len(low) == 1 else ")."
        rows = pd.concat([high, low], ignore_index=True)
    value = "; ".join(
        f"level {level}: {listed(a.names.dimension(d) for d in some['dimension_id'])}"
        for level, some in ((top, high), (bottom, low))
    )
    return Claim(
        say,
        capital(value) + ".",
        "Highest and lowest of the newest levels; ties are all named in the chain.",
        rows,
        more=("Every dimension", "#where-it-stands"),
    )


def _for_whom(a: Analysis, system: str) -> Claim | None:
    groups = a.groups[a.groups["system_id"] == system].dropna(subset=["realised"])
    groups = groups.sort_values("realised", ascending=False, kind="stable")
    if len(groups) < 2:
        return None
    best = groups.iloc[0]
    even = groups["realised"].map(percent) == percent(best["realised"])
    lead, rest = groups[even], groups[~even]
    whom = listed(a.names.stakeholder(s).lower() for s in lead["stakeholder_id"])
    how = "best for" if len(lead) == 1 else "about equally for"
    say = (
        f"Microcredentials work {how} **{whom}**: {percent(best['realised'])} of what their "
        "benefits depend on is in place"
    )
    if len(rest):
        others = listed(
            f"{percent(r.realised)} for {a.names.stakeholder(r.stakeholder_id).lower()}"
            for r in each_row(rest)
        )
        say += f", against {others}"
        if (rest["upper"] > best["lower"]).any():
            say += "; the ranges overlap, so this order is not certain"
    value = "; ".join(
        f"{a.names.stakeholder(r.stakeholder_id)} {r.realised:.3f} "
        f"(range {r.lower:.2f} to {r.upper:.2f})"
        for r in each_row(groups)
    )
    return Claim(
        say + ".",
        value + ".",
        "A benefit is realised to the share of its enabling levels that is reached, weighted by "
        "strength 1 to 3; a stakeholder's figure is the mean of its benefits.",
        a.rows(system),
        f"{len(a.study.benefit_enablers)} links of {len(a.study.benefits)} benefits to dimensions, "
        f"and the levels of {a.names.in_sentence(system)}:",
        more=("Each benefit", "#for-whom-it-works"),
    )


def _helpful_step(a: Analysis, system: str) -> Claim | None:
    if not a.stakeholders:
        return None
    group = a.stakeholders[0]
    steps = a.next_steps(system, group)
    if steps.empty:
        return None
    dimension, step = steps.index[0], steps.iloc[0]
    level = int(step["level"])
    who = a.names.stakeholder(group).lower()
    took = [s for s in step["took"].split(";") if s and s != system]
    reached = [s for s in step["reached"].split(";") if s and s != system and s not in took]
    say = (
        f"The step that would help {who} most is **{a.names.dimension(dimension).lower()}, from "
        f"level {level} to {level + 1}**: {lower_first(clause(step['criterion']))}."
    )
    if took:
        say += f" {capital(listed_some([a.names.in_sentence(s) for s in took], 3))} took it."
    elif reached:
        verb = "stands" if len(reached) == 1 else "stand"
        say += (
            f" {capital(listed_some([a.names.in_sentence(s) for s in reached], 3))} {verb} there "
            "already."
        )
    common = a.leading_steps
    same = common[(common["stakeholder_id"] == group) & (common["dimension_id"] == dimension)]
    if len(same) > len(a.ranked) / 2:
        say += (
            f" This is common: the same dimension leads in {len(same)} of {len(a.ranked)} ranked "
            "systems."
        )
    value = "; ".join(
        f"{a.names.dimension(d)} +{r['gain']:.3f}" for d, r in each_indexed(steps.head(3))
    )
    evidence = a.evidence.rows
    others = evidence[
        (evidence["dimension_id"] == dimension) & evidence["system_id"].isin([*took, *reached])
    ]
    rows = pd.concat([_rows_of(a, system, [dimension]), others], ignore_index=True)
    return Claim(
        say,
        f"What one level adds to the mean share realised for {who}: {value}.",
        f"Gain of a step: mean weight of the dimension in the benefits of {who}, divided by the "
        "three steps of the scale.",
        rows,
        "The level of the system, and those of the systems that stand at the next one or above:",
        more=("Who has solved this", "#who-has-solved-this"),
    )


def _changed(a: Analysis, system: str) -> Claim | None:
    changes = a.changes[a.changes["system_id"] == system]
    comparable = changes.dropna(subset=["change"])
    if comparable.empty:
        return None
    moved = comparable[comparable["change"] != 0]
    still = len(comparable) - len(moved)
    since = int(comparable["first_year"].min())
    parts = []
    for change, verb in (
        (moved[moved["change"] > 0], "risen"),
        (moved[moved["change"] < 0], "fallen"),
    ):
        if len(change):
            named = listed(
                f"{a.names.dimension(r.dimension_id).lower()}, {r.first_level} to {r.last_level}"
                for r in each_row(change)
            )
            has = "has" if len(change) == 1 else "have"
            parts.append(f"**{counted(len(change), 'level')} {has} {verb}** ({named})")
    say = f"Since {since} " + listed(parts) if parts else f"Since {since} **no level has moved**"
    if parts and still:
        was = "was" if still == 1 else "were"
        say += f"; {counted(still, 'dimension')} {was} looked at again and had not moved"
    elif still:
        was = "was" if still == 1 else "were"
        say += f": {counted(still, 'dimension')} {was} looked at again"
    every = a.study.indicators
    rows = every[
        (every["system_id"] == system) & every["dimension_id"].isin(comparable["dimension_id"])
    ]
    return Claim(
        say + ".",
        f"{capital(count(len(moved)))} of {counted(len(comparable), 'dimension')} with comparable "
        "evidence for two or more years.",
        "Level of the newest row less level of the oldest; rows marked not comparable are left "
        "out.",
        rows.reset_index(drop=True),
        more=("Both statements", "#what-changed"),
    )


def confidence_counts(rows: pd.DataFrame) -> dict[str, int]:
    """Count rows by confidence: high, medium, low."""
    return {c: int((rows["confidence"] == c).sum()) for c in ("high", "medium", "low")}


def _how_sure(a: Analysis, system: str) -> Claim:
    rows = a.rows(system)
    by = confidence_counts(rows)
    gaps = len(a.dimensions) - len(rows)
    low = rows[rows["confidence"] == "low"]
    say = (
        f"**How sure:** {count(by['high'])} of the {count(len(rows))} levels "
        f"{'rests' if by['high'] == 1 else 'rest'} on high-confidence evidence, "
        f"{count(by['medium'])} on medium and {count(by['low'])} on low"
    )
    if len(low):
        say += f" ({listed(a.names.dimension(d).lower() for d in low['dimension_id'])})"
    if gaps:
        missing = [d for d in a.dimensions if d not in set(rows["dimension_id"])]
        say += f"; nothing was found on {listed(a.names.dimension(d).lower() for d in missing)}"
    return Claim(
        say + ".",
        f"High {by['high']}, medium {by['medium']}, low {by['low']}, no evidence {gaps}; years "
        f"{rows['year'].min()} to {rows['year'].max()}.",
        "Count of the newest row per dimension by its confidence mark.",
        rows,
        more=("How sure is this", "#how-sure-is-this"),
    )
