"""What it takes to reach a target: a target in words, and the smallest changes as a sentence."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.change import SmallestChanges, Target, smallest_changes
from mcanalysis.errors import ParameterError
from mcanalysis.frames import cell, each_row
from mcanalysis.language import phrase
from mcanalysis.robustness.priorities import central_priorities
from mcanalysis.why.claims import Claim, begun
from mcanalysis.wording import (
    capital,
    clauses,
    count,
    decimal,
    grouped,
    listed,
    ordinal,
    percent,
    plural,
)


def make_target(
    a: Analysis,
    rank: int | None = None,
    index: float | None = None,
    benefit: str | None = None,
    share: float = 0.5,
) -> Target:
    """Make a target from what a reader can name.

    Parameters
    ----------
    a : Analysis
    rank : int, optional
        At most this rank among the ranked systems, 1 is best.
    index : float, optional
        At least this integration index, in [0, 1].
    benefit : str, optional
        Id of a benefit or of a stakeholder.
    share : float
        Share of what that benefit depends on, or the benefits of that stakeholder on average.

    Returns
    -------
    Target
        Where nothing is named, that share for the first stakeholder with benefits; in a study
        without benefits, a rank in the upper half.

    Raises
    ------
    ParameterError
        If more than one of rank, index and benefit is named.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=100)
    >>> make_target(a), make_target(a, rank=5)
    (Target(kind='realised', value=0.5, of='learners'), Target(kind='rank', value=5, of=None))
    """
    given = {"rank": rank, "index": index, "benefit": benefit}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise ParameterError(
            f"There is more than one target: {listed(named)}. Name one of rank, index and benefit."
        )
    if rank is not None:
        return Target("rank", rank)
    if index is not None:
        return Target("index", index)
    if benefit is not None or a.stakeholders:
        return Target("realised", share, a.stakeholders[0] if benefit is None else benefit)
    return Target("rank", (len(a.ranked) + 1) // 2 or 1)


def cannot_aim(a: Analysis, system: str, target: Target) -> str:
    """Say why nothing can be said of a system and a target; nothing where something can.

    Raises
    ------
    ParameterError
        If the study has no such system.
    """
    a.check_system(system)
    name = a.names.in_sentence(system)
    if system not in a.evidence.levels.index:
        return phrase("No level {system.of} is coded, so that no step can be named.", system=name)
    if target.kind == "rank" and system not in a.ranked:
        said = phrase(
            "{system} is not ranked: there is evidence on {n} of {total} dimensions, and {least} "
            "are needed.",
            system=name,
            n=len(a.rows(system)),
            total=len(a.dimensions),
            least=a.ranking.min_dimensions,
        )
        return capital(said)
    if target.kind == "realised":
        for table, key in ((a.benefits, "benefit_id"), (a.groups, "stakeholder_id")):
            mine = table[(table["system_id"] == system) & (table[key] == target.of)]
            if mine["realised"].isna().any():
                return phrase(
                    "Nothing that this target depends on is coded for {system}.", system=name
                )
    return ""


def what_it_takes(a: Analysis, system: str, target: Target, most: int = 20) -> SmallestChanges:
    """Find the smallest changes with the weights of an analysis, each step counting the same.

    Parameters
    ----------
    a : Analysis
    system : str
    target : Target
    most : int
        Sets that are listed.

    Returns
    -------
    SmallestChanges
        With equal weights where none are known, else with those that stand for the panel or the
        order of importance.
    """
    return smallest_changes(
        a.study,
        a.evidence,
        system,
        target,
        weights=central_priorities(a.ranking.weights, a.dimensions),
        min_dimensions=a.ranking.min_dimensions,
        most=most,
    )


def lowest_that_can(a: Analysis, target: Target) -> str | None:
    """Choose the system with the last expected rank that is not there yet and can get there.

    Returns
    -------
    str or None
        Where no ranked system can, the last of them; None where nobody is ranked.
    """
    last = list(a.ranking.table["mean_rank"].sort_values(ascending=False, kind="stable").index)
    for system in last:
        if cannot_aim(a, system, target):
            continue
        if what_it_takes(a, system, target, most=1).status == "reachable":
            return str(system)
    return str(last[0]) if last else None


def target_in_words(a: Analysis, target: Target) -> str:
    """Say a target as the end of a sentence.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=100)
    >>> target_in_words(a, Target("rank", 5))
    'rank 5 of 20 or better'
    >>> target_in_words(a, Target("realised", 0.5, "learners"))
    '50% of what the benefits of learners depend on'
    """
    if target.kind == "rank":
        rank = decimal(target.value, None)
        if target.value > len(a.ranked):
            return phrase("rank {rank} or better", rank=rank)
        if target.value > 1:
            return phrase("rank {rank} of {n} or better", rank=rank, n=len(a.ranked))
        return phrase("rank {rank} of {n}", rank=rank, n=len(a.ranked))
    if target.kind == "index":
        return phrase("an integration index of {index}", index=decimal(target.value))
    share = percent(target.value)
    if target.of in set(a.study.benefits["benefit_id"]):
        return phrase(
            "{share} of what “{benefit}” depends on",
            share=share,
            benefit=a.names.benefit(str(target.of)),
        )
    return phrase(
        "{share} of what the benefits of {group} depend on",
        share=share,
        group=a.names.stakeholder(str(target.of)).inside,
    )


def reached_in_words(target: Target, value: float) -> str:
    """Say how far along a target a value is.

    Examples
    --------
    >>> reached_in_words(Target("rank", 5), 18), reached_in_words(Target("index", 0.5), 0.4512)
    ('18th', '0.45')
    """
    if target.kind == "rank":
        return ordinal(int(value))
    return decimal(value) if target.kind == "index" else percent(value)


def set_in_words(a: Analysis, found: SmallestChanges, number: int) -> str:
    """Say what one of the cheapest sets changes."""
    some = found.sets[found.sets["number"] == number]
    return listed(
        phrase(
            "{dimension} from level {before} to {after}",
            dimension=a.names.dimension(s.dimension_id).inside,
            before=s.coded,
            after=s.level,
        )
        for s in each_row(some)
    )


def proof_in_words(found: SmallestChanges) -> str:
    """Say why there is no cheaper way."""
    if found.status == "out of reach":
        return phrase(
            "Level 3 on every dimension with evidence was tried: no other set of steps goes "
            "further."
        )
    if found.tried <= 1:
        return phrase("Nothing is cheaper but to change nothing, which is not enough.")
    return plural(
        int(found.cost) - 1,
        "All {sets} sets of at most one step were tried, on the dimensions that this target "
        "depends on: none reaches it.",
        "All {sets} sets of at most {n} steps were tried, on the dimensions that this target "
        "depends on: none reaches it.",
        sets=grouped(found.tried),
    )


def target_claim(a: Analysis, found: SmallestChanges) -> Claim:
    """Say what it takes to reach a target, and how it is known that nothing less does.

    Parameters
    ----------
    a : Analysis
    found : SmallestChanges
        Of `what_it_takes`.

    Returns
    -------
    Claim

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> a = analyse(read_study("data"), draws=1000)
    >>> found = what_it_takes(a, "DE", Target("realised", 0.4, "learners"))
    >>> target_claim(a, found).plain[:60]
    'Germany reaches 40% of what the benefits of learners depend '
    """
    name, target = a.names.in_sentence(found.system), found.target
    goal = target_in_words(a, target)
    now = reached_in_words(target, found.now)
    fields = {"system": name, "goal": goal, "now": now}
    is_rank = target.kind == "rank"
    if found.status == "there":
        say = (
            phrase(
                "**{system} is there already**: the target is {goal}, and it is {now}.", **fields
            )
            if is_rank
            else phrase(
                "**{system} is there already**: the target is {goal}, and it has {now}.", **fields
            )
        )
    elif found.status == "out of reach":
        fields["best"] = reached_in_words(target, found.best)
        say = (
            phrase(
                "**{system} cannot reach {goal}** by levels alone: with level 3 on every dimension "
                "with evidence it would be {best}, now it is {now}.",
                **fields,
            )
            if is_rank
            else phrase(
                "**{system} cannot reach {goal}** by levels alone: with level 3 on every dimension "
                "with evidence it would have {best}, now it has {now}.",
                **fields,
            )
        )
    else:
        say = plural(
            int(found.cost),
            "**{system} reaches {goal} with one step**: {steps}.",
            "**{system} reaches {goal} with {n} steps**: {steps}.",
            system=name,
            goal=goal,
            steps=set_in_words(a, found, 1),
        )
        say = f"{say} {_other_sets(a, found)}"
    say = begun(say)
    value = phrase("Now {now}; at best {best}.", now=now, best=reached_in_words(target, found.best))
    if len(found.sets):
        reached = float(cell(found.sets, found.sets.index[0], "reached"))
        value = phrase("Now {now}, then {then}.", now=now, then=reached_in_words(target, reached))
        value += f" {proof_in_words(found)}"
    elif found.status == "out of reach":
        value += f" {proof_in_words(found)}"
    return Claim(say, value, _formula(a, target), _rows(a, found), _gaps(a, found))


def _other_sets(a: Analysis, found: SmallestChanges) -> str:
    """Say how many sets of steps cost no more, and what is in all of them."""
    n = int(found.cost)
    if found.count == 1:
        return plural(n, "No other set of one step does.", "No other set of {n} steps does.")
    said = plural(
        n,
        "{sets} sets of one step do",
        "{sets} sets of {n} steps do",
        sets=count(found.count),
    )
    must = [a.names.dimension(str(d)).inside for d in found.share[found.share == 1].index]
    if must:
        common = plural(
            len(must),
            "{dimensions} is in each",
            "{dimensions} are in each",
            dimensions=listed(must),
        )
    else:
        common = phrase("no dimension is in all of them")
    return clauses(capital(said), common) + "."


def _formula(a: Analysis, target: Target) -> str:
    if target.kind == "realised":
        how = phrase(
            "A benefit is realised to the share of its enabling levels that is reached, weighted "
            "by strength 1 to 3; a group has the mean of its benefits."
        )
    else:
        if a.judged is not None:
            whose = phrase("the panel's weights")
        elif a.ranking.weights is not None:
            whose = phrase("weights that stand for the order of importance")
        else:
            whose = phrase("equal weights")
        how = phrase(
            "Integration index: mean of level / 3 over the dimensions with evidence, {weights}",
            weights=whose,
        )
        if target.kind == "rank":
            how = clauses(how, phrase("systems with the same index share the better rank"))
        how += "."
    same = phrase("Every step of one level costs the same; the other systems stay as they are.")
    return f"{how} {same}"


def _rows(a: Analysis, found: SmallestChanges) -> pd.DataFrame:
    raised = list(found.share.index)
    return a.rows_of([found.system], raised).reset_index(drop=True)


def _gaps(a: Analysis, found: SmallestChanges) -> str:
    name = a.names.in_sentence(found.system)
    gaps = listed(a.names.dimension(d).inside for d in found.gaps)
    what = (
        phrase("Levels {system.of} that one of the cheapest sets raises:", system=name)
        if len(found.share)
        else phrase("Levels {system.of}:", system=name)
    )
    if not gaps:
        return what
    none = phrase("No evidence on {dimensions}: neither counted nor raised.", dimensions=gaps)
    return f"{none} {what}"
