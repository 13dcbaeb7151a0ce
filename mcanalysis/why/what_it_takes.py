"""What it takes to reach a target: a target in words, and the smallest changes as a sentence."""

from __future__ import annotations

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.change import SmallestChanges, Target, smallest_changes
from mcanalysis.errors import ParameterError
from mcanalysis.frames import cell, each_row
from mcanalysis.robustness.priorities import central_priorities
from mcanalysis.why.claims import Claim
from mcanalysis.wording import capital, count, grouped, listed, ordinal, percent


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
        return f"No level of {name} is coded, so that no step can be named."
    if target.kind == "rank" and system not in a.ranked:
        return (
            f"{capital(name)} is not ranked: there is evidence on {len(a.rows(system))} of "
            f"{len(a.dimensions)} dimensions, and {a.ranking.min_dimensions} are needed."
        )
    if target.kind == "realised":
        for table, key in ((a.benefits, "benefit_id"), (a.groups, "stakeholder_id")):
            mine = table[(table["system_id"] == system) & (table[key] == target.of)]
            if mine["realised"].isna().any():
                return f"Nothing that this target depends on is coded for {name}."
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
        of = f" of {len(a.ranked)}" if target.value <= len(a.ranked) else ""
        return f"rank {target.value:g}{of}{' or better' if target.value > 1 else ''}"
    if target.kind == "index":
        return f"an integration index of {target.value:.2f}"
    if target.of in set(a.study.benefits["benefit_id"]):
        return f"{percent(target.value)} of what “{a.names.benefit(str(target.of))}” depends on"
    who = a.names.stakeholder(str(target.of)).inside
    return f"{percent(target.value)} of what the benefits of {who} depend on"


def reached_in_words(target: Target, value: float) -> str:
    """Say how far along a target a value is.

    Examples
    --------
    >>> reached_in_words(Target("rank", 5), 18), reached_in_words(Target("index", 0.5), 0.4512)
    ('18th', '0.45')
    """
    if target.kind == "rank":
        return ordinal(int(value))
    return f"{value:.2f}" if target.kind == "index" else percent(value)


def set_in_words(a: Analysis, found: SmallestChanges, number: int) -> str:
    """Say what one of the cheapest sets changes."""
    some = found.sets[found.sets["number"] == number]
    return listed(
        f"{a.names.dimension(s.dimension_id).inside} from level {s.coded} to {s.level}"
        for s in each_row(some)
    )


def proof_in_words(found: SmallestChanges) -> str:
    """Say why there is no cheaper way."""
    if found.status == "out of reach":
        return (
            "Level 3 on every dimension with evidence was tried: no other set of steps goes "
            "further."
        )
    if found.tried <= 1:
        return "Nothing is cheaper but to change nothing, which is not enough."
    fewer = int(found.cost) - 1
    steps = f"{count(fewer)} {'step' if fewer == 1 else 'steps'}"
    return (
        f"All {grouped(found.tried)} sets of at most {steps} were tried, on the dimensions that "
        "this target depends on: none reaches it."
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
    n = int(found.cost) if found.status == "reachable" else 0
    steps = f"{count(n)} {'step' if n == 1 else 'steps'}"
    has = "is" if target.kind == "rank" else "has"
    if found.status == "there":
        say = f"**{capital(name)} is there already**: the target is {goal}, and it {has} {now}."
    elif found.status == "out of reach":
        best = reached_in_words(target, found.best)
        say = (
            f"**{capital(name)} cannot reach {goal}** by levels alone: with level 3 on every "
            f"dimension with evidence it would {'be' if has == 'is' else 'have'} {best}, now it "
            f"{has} {now}."
        )
    else:
        one = found.count == 1
        must = [a.names.dimension(str(d)).inside for d in found.share[found.share == 1].index]
        say = (
            f"**{capital(name)} reaches {goal} with {steps}**: {set_in_words(a, found, 1)}. "
            + (
                f"No other set of {steps} does."
                if one
                else f"{capital(count(found.count))} sets of {steps} do"
                + (f"; {listed(must)} {'is' if len(must) == 1 else 'are'} in each." if must else
                   "; no dimension is in all of them.")
            )
        )  # fmt: skip
    value = f"Now {now}; at best {reached_in_words(target, found.best)}."
    if len(found.sets):
        reached = float(cell(found.sets, found.sets.index[0], "reached"))
        value = f"Now {now}, then {reached_in_words(target, reached)}. {proof_in_words(found)}"
    elif found.status == "out of reach":
        value += f" {proof_in_words(found)}"
    return Claim(say, value, _formula(a, target), _rows(a, found), _gaps(a, found))


def _formula(a: Analysis, target: Target) -> str:
    if target.kind == "realised":
        how = (
            "A benefit is realised to the share of its enabling levels that is reached, weighted "
            "by strength 1 to 3; a group has the mean of its benefits."
        )
    else:
        whose = {True: "equal weights", False: "the panel's weights"}[a.judged is None]
        if a.judged is None and a.ranking.weights is not None:
            whose = "weights that stand for the order of importance"
        how = (
            f"Integration index: mean of level / 3 over the dimensions with evidence, {whose}"
            f"{'; systems with the same index share the better rank' * (target.kind == 'rank')}."
        )
    return f"{how} Every step of one level costs the same; the other systems stay as they are."


def _rows(a: Analysis, found: SmallestChanges) -> pd.DataFrame:
    raised = list(found.share.index)
    return a.rows_of([found.system], raised).reset_index(drop=True)


def _gaps(a: Analysis, found: SmallestChanges) -> str:
    name = a.names.in_sentence(found.system)
    gaps = listed(a.names.dimension(d).inside for d in found.gaps)
    said = f"No evidence on {gaps}: neither counted nor raised. " if gaps else ""
    what = (
        f"Levels of {name} that one of the cheapest sets raises:"
        if len(found.share)
        else f"Levels of {name}:"
    )
    return said + what
