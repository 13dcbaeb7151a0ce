"""What a page says in short: sentences made from results, so that they cannot contradict them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.frames import cell, each_indexed, each_row, row_of
from mcanalysis.language import marked, phrase
from mcanalysis.names import Called
from mcanalysis.why.claims import Claim
from mcanalysis.why.known import changed_claim, confidence_counts, how_sure_claim
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
    cited,
    clause,
    clauses,
    decimal,
    listed,
    listed_some,
    lower_first,
    ordinal,
    percent,
    plural,
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
    "eu": marked("European Union"),
    "ehea-non-eu": marked("European Higher Education Area outside the EU"),
    "other": marked("Elsewhere"),
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
            changed_claim(a, system),
            how_sure_claim(a, system),
        ]
    else:
        first, known, *rest = [*thin_claims(a, system), None, None]
        claims = [first, known, changed_claim(a, system), *rest]
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
    parts = [
        plural(
            len(ahead),
            "one of the {others} other ranked systems is surely ahead of {system}",
            "{n} of the {others} other ranked systems are surely ahead of {system}",
            "none of the {others} other ranked systems are surely ahead of {system}",
            others=len(a.ranked) - 1,
            system=a.names.in_sentence(system),
        ),
        plural(len(behind), "one surely behind", "{n} surely behind", "none surely behind"),
        plural(
            open_,
            "one cannot be told apart",
            "{n} cannot be told apart",
            "none cannot be told apart",
        ),
    ]
    return ", ".join(parts)


def _rows_of(a: Analysis, system: str, dimensions: Sequence[str]) -> pd.DataFrame:
    rows = a.rows(system).set_index("dimension_id", drop=False)
    return rows.loc[list(dimensions)].reset_index(drop=True)


def _standing(a: Analysis, system: str) -> Claim:
    r = a.ranking
    row, n = row_of(r.table, system), len(a.ranked)
    ahead, behind = surely(a, system)
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    place = (
        phrase("{best} to {worst} of {n}", best=ordinal(best), worst=ordinal(worst), n=n)
        if best < worst
        else phrase("{best} of {n}", best=ordinal(best), n=n)
    )
    say = phrase(
        "**{standing}**; it ranks {place} {how_often}.",
        standing=capital(standing_in_words(a, system)),
        place=place,
        how_often=in_nine_of_ten(r),
    )
    value = [
        phrase(
            "Rank: 90% of the draws between {best} and {worst}, median {median}.",
            best=ordinal(best),
            worst=ordinal(worst),
            median=ordinal(round(row["median_rank"])),
        )
    ]
    if behind:
        named = listed(a.names.system(s) for s in behind)
        value.insert(0, phrase("Surely behind: {systems}.", systems=named))
    if ahead:
        named = listed(a.names.system(s) for s in ahead)
        value.insert(0, phrase("Surely ahead: {systems}.", systems=named))
    surely_means = phrase(
        "Surely: higher in at least {share} of the draws.", share=percent(r.threshold)
    )
    formula = f"{counted_in_words(r)} {surely_means}"
    note = f"{pool_in_words(a)} {phrase('Of {system}:', system=a.names.in_sentence(system))}"
    return Claim(
        say,
        " ".join(value),
        formula,
        a.rows(system),
        note,
        more=(phrase("All ranks"), "comparison#ranking"),
    )


def _highest_and_lowest(a: Analysis, system: str) -> Claim:
    rows = a.rows(system)
    top, bottom = int(rows["level"].max()), int(rows["level"].min())
    high = rows[rows["level"] == top]
    low = rows[rows["level"] == bottom]

    def named(some: pd.DataFrame) -> str:
        return listed_some([a.names.dimension(d).inside for d in some["dimension_id"]], 4)

    both = {"high": named(high), "top": top, "low": named(low), "bottom": bottom}
    if top == bottom:
        say = phrase("It stands at **level {level}** of 3 throughout.", level=top)
        rows = high
    elif len(low) == 1:
        say = phrase(
            "It stands highest on **{high}** (level {top} of 3) and lowest on **{low}** (level "
            "{bottom}: {statement}).",
            statement=cited(clause(low["statement"].iloc[0])),
            **both,
        )
    else:
        say = phrase(
            "It stands highest on **{high}** (level {top} of 3) and lowest on **{low}** (level "
            "{bottom}).",
            **both,
        )
    if top != bottom:
        rows = pd.concat([high, low], ignore_index=True)
    value = clauses(
        *(
            phrase(
                "level {level}: {dimensions}",
                level=level,
                dimensions=listed(a.names.dimension(d) for d in some["dimension_id"]),
            )
            for level, some in ((top, high), (bottom, low))
        )
    )
    return Claim(
        say,
        capital(value) + ".",
        phrase("Highest and lowest of the newest levels; ties are all named in the chain."),
        rows,
        more=(phrase("Every dimension"), "#where-it-stands"),
    )


def _for_whom(a: Analysis, system: str) -> Claim | None:
    groups = a.groups[a.groups["system_id"] == system].dropna(subset=["realised"])
    groups = groups.sort_values("realised", ascending=False, kind="stable")
    if len(groups) < 2:
        return None
    best = groups.iloc[0]
    even = groups["realised"].map(percent) == percent(best["realised"])
    lead, rest = groups[even], groups[~even]
    whom = listed(a.names.stakeholder(s).inside for s in lead["stakeholder_id"])
    share = percent(best["realised"])
    if len(lead) == 1:
        say = phrase(
            "Microcredentials work best for **{groups}**: {share} of what their benefits depend "
            "on is in place",
            groups=whom,
            share=share,
        )
    else:
        say = phrase(
            "Microcredentials work about equally for **{groups}**: {share} of what their benefits "
            "depend on is in place",
            groups=whom,
            share=share,
        )
    if len(rest):
        others = listed(
            phrase(
                "{share} for {group}",
                share=percent(r.realised),
                group=a.names.stakeholder(r.stakeholder_id).inside,
            )
            for r in each_row(rest)
        )
        say = phrase("{finding}, against {others}", finding=say, others=others)
        if (rest["upper"] > best["lower"]).any():
            say = clauses(say, phrase("the ranges overlap, so this order is not certain"))
    value = clauses(
        *(
            phrase(
                "{group} {value} (range {low} to {high})",
                group=a.names.stakeholder(r.stakeholder_id),
                value=decimal(r.realised, 3),
                low=decimal(r.lower),
                high=decimal(r.upper),
            )
            for r in each_row(groups)
        )
    )
    return Claim(
        say + ".",
        value + ".",
        phrase(
            "A benefit is realised to the share of its enabling levels that is reached, weighted "
            "by strength 1 to 3; a stakeholder's figure is the mean of its benefits."
        ),
        a.rows(system),
        phrase(
            "{links} links of {benefits} benefits to dimensions, and the levels of {system}:",
            links=len(a.study.benefit_enablers),
            benefits=len(a.study.benefits),
            system=a.names.in_sentence(system),
        ),
        more=(phrase("Each benefit"), "#for-whom-it-works"),
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
    who = a.names.stakeholder(group).inside
    took = [s for s in step["took"].split(";") if s and s != system]
    reached = [s for s in step["reached"].split(";") if s and s != system and s not in took]
    say = phrase(
        "The step that would help {group} most is **{dimension}, from level {level} to {next}**: "
        "{criterion}.",
        group=who,
        dimension=a.names.dimension(dimension).inside,
        level=level,
        next=level + 1,
        criterion=lower_first(clause(a.names.criterion(dimension, level + 1))),
    )
    if took:
        names = _named(a, took)
        said = plural(len(took), "{systems} took it.|one", "{systems} took it.", systems=names)
        say += f" {capital(said)}"
    elif reached:
        said = plural(
            len(reached),
            "{systems} stands there already.",
            "{systems} stand there already.",
            systems=_named(a, reached),
        )
        say += f" {capital(said)}"
    common = a.leading_steps
    same = common[(common["stakeholder_id"] == group) & (common["dimension_id"] == dimension)]
    if len(same) > len(a.ranked) / 2:
        common_too = phrase(
            "This is common: the same dimension leads in {n} of {total} ranked systems.",
            n=len(same),
            total=len(a.ranked),
        )
        say += f" {common_too}"
    value = clauses(
        *(
            f"{a.names.dimension(d)} +{decimal(r['gain'], 3)}"
            for d, r in each_indexed(steps.head(3))
        )
    )
    evidence = a.evidence.rows
    others = evidence[
        (evidence["dimension_id"] == dimension) & evidence["system_id"].isin([*took, *reached])
    ]
    rows = pd.concat([_rows_of(a, system, [dimension]), others], ignore_index=True)
    return Claim(
        say,
        phrase(
            "What one level adds to the mean share realised for {group}: {gains}.",
            group=who,
            gains=value,
        ),
        phrase(
            "Gain of a step: mean weight of the dimension in the benefits of {group}, divided by "
            "the three steps of the scale.",
            group=who,
        ),
        rows,
        phrase(
            "The level of the system, and those of the systems that stand at the next one or above:"
        ),
        more=(phrase("Who has solved this"), "#who-has-solved-this"),
    )


def _named(a: Analysis, systems: Sequence[str]) -> Called:
    """Name some systems as the subject of a sentence."""
    return Called(listed_some([a.names.in_sentence(s) for s in systems], 3))
