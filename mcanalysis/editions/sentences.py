"""What a reader of the old edition must unlearn, in short sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from mcanalysis.change import CAUSES
from mcanalysis.editions.names import NamesOfBoth
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.names import Called
from mcanalysis.wording import (
    capital,
    count,
    decimal,
    listed,
    listed_some,
    percent,
    plural,
)

if TYPE_CHECKING:
    from mcanalysis.editions.record import Changes
    from mcanalysis.robustness import Weights

NOTABLE = 0.5
"""An expected rank that moves by less is no conclusion, unless it leaves its former interval."""
MOST_NAMED = 3
"""More systems than this that are newly ranked, or no longer, are told in one sentence."""
MOST_LISTED = 6
"""Names of systems that move along with others; the rest is counted."""
SLIGHT = 0.05
"""Places that are not seen where ranks are written to one decimal."""
NOTABLE_SHARE = 0.05
"""A share realised that moves by less is no conclusion, even where it passes a third."""
NONE = marked("No conclusion changed.")
_THIRDS = {
    1: (marked("the lower third"), marked("the lower|third")),
    2: (marked("the middle third"), marked("the middle|third")),
    3: (marked("the upper third"), marked("the upper|third")),
}
_CAUSE = {
    "evidence": marked("its own evidence"),
    "weights": marked("weights"),
    "method": marked("method"),
    "company": marked("the others"),
}
_VARIED = {
    "weights": marked("weights"),
    "values": marked("values|varied"),
    "gaps": marked("gaps"),
    "confidence": marked("confidence|varied"),
}
_ORDERS = {
    "reversed": (
        marked("{left} is surely ahead of {right} now, before surely behind."),
        marked("{left} are surely ahead of {right} now, before surely behind."),
    ),
    "sure": (
        marked("{left} is surely ahead of {right} now."),
        marked("{left} are surely ahead of {right} now."),
    ),
    "unsure": (
        marked("{left} is no longer surely ahead of {right}."),
        marked("{left} are no longer surely ahead of {right}."),
    ),
}
_FACTORS = {
    "strength": marked("a strength in {dimensions}"),
    "weakness": marked("a weakness in {dimensions}"),
}
_BOARD = {
    "added": (marked("one added"), marked("{n} added")),
    "removed": (marked("one removed"), marked("{n} removed")),
    "moved": (marked("one moved to another quadrant"), marked("{n} moved to another quadrant")),
    "reworded": (marked("one reworded"), marked("{n} reworded")),
}


class Conclusion(NamedTuple):
    """A conclusion that changed.

    Attributes
    ----------
    said : str
        The sentence.
    systems : tuple of str
        Ids of the systems whose rows bear it.
    others : bool
        Whether rows of other ranked systems bear it, too.
    on : str
        Table of `Changes` that these rows are in: ``rows``, ``factors`` or, where no system's rows
        bear it, ``tables``.
    group : str
        Id of the stakeholder group that it is about, if it is about one.
    """

    said: str
    systems: tuple[str, ...] = ()
    others: bool = False
    on: str = "rows"
    group: str = ""


def signed(number: float) -> str:
    """Write a difference with its sign, to one decimal.

    Examples
    --------
    >>> signed(-1.64), signed(0.2), signed(-0.01)
    ('−1.6', '+0.2', '0.0')
    """
    if f"{number:+.1f}" in ("+0.0", "-0.0"):
        return decimal(0, 1)
    return decimal(number, 1, sign=True).replace("-", "−")


def parts_in_tenths(old: float, new: float, parts: Sequence[float]) -> list[float]:
    """Round the parts of a change so that they add up to the difference of the rounded values.

    Parts that are exactly 0 stay so; the others take what is left, the nearest first.

    Examples
    --------
    >>> parts_in_tenths(2.066, 1.535, [-0.595, 0.064, 0.0])
    [-0.6, 0.0, 0.0]
    """
    exact = [10 * part for part in parts]
    whole = [round(part) for part in exact]
    left = round(10 * new) - round(10 * old) - sum(whole)
    moving = [i for i, part in enumerate(exact) if part] or [0]
    while left:
        step = 1 if left > 0 else -1
        at = max(moving, key=lambda i: step * (exact[i] - whole[i]))
        whole[at], left = whole[at] + step, left - step
    return [part / 10 for part in whole]


def conclusions(changes: Changes) -> tuple[Conclusion, ...]:
    """Say which conclusions changed, the gravest first."""
    called = NamesOfBoth(changes)
    parts = (_rules, _company, _first, _moves, _orders, _shares, _suggested, _boards)
    return tuple(found for part in parts for found in part(changes, called))


def _rules(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Tell what is compared and who is ranked by other rules."""
    tables = changes.tables
    dimensions = tables[(tables["table"] == "dimensions") & (tables["kind"] != "changed")]
    for row in each_row(dimensions):
        name = called.dimension(row.key)
        if row.kind == "added":
            said = phrase('A new dimension is compared: "{dimension}".', dimension=name)
        else:
            said = phrase('The dimension "{dimension}" is no longer compared.', dimension=name)
        yield Conclusion(said, on="tables")
    for row in each_row(changes.settings):
        if row.setting == "min_dimensions":
            said = phrase(
                "A system needs evidence on {new} dimensions to be ranked, before on {old}.",
                new=count(row.new),
                old=count(row.old),
            )
        elif row.setting == "weights":
            new, old = (_known(a.ranking.weights) for a in (changes.new, changes.old))
            said = phrase("Systems are ranked under {new}, before under {old}.", new=new, old=old)
        elif row.setting == "vary":
            new, old = (_varied(a.ranking.vary) for a in (changes.new, changes.old))
            said = phrase("What is varied: {new}; before {old}.", new=new, old=old)
        else:
            continue
        yield Conclusion(said, on="tables")


def _known(weights: Weights) -> str:
    """Say what kind of thing is known of the weights."""
    if weights is None:
        return phrase("any weights")
    if isinstance(weights, pd.Series):
        return phrase("given weights")
    if isinstance(weights, pd.DataFrame):
        return phrase("a panel of {n}", n=weights.shape[1])
    return phrase("an order of importance")


def _varied(kinds: Sequence[str]) -> str:
    return ", ".join(phrase(_VARIED[kind]) for kind in kinds) or phrase("nothing")


def _company(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Tell who is ranked that was not, and who no longer is."""
    ranks = changes.ranks.set_index("system_id")
    for kind, some in changes.systems.groupby("kind", sort=False):
        newly = kind == "newly ranked"
        if len(some) > MOST_NAMED:
            named = {
                "n": capital(count(len(some))),
                "systems": listed([called.system(s) for s in some["system_id"]]),
            }
            said = (
                phrase("{n} systems are newly ranked: {systems}.", **named)
                if newly
                else phrase("{n} systems are no longer ranked: {systems}.", **named)
            )
            yield Conclusion(said, tuple(some["system_id"]))
            continue
        for row in each_row(some):
            name = called.in_sentence(row.system_id)
            if pd.isna(row.new_dimensions):
                said = phrase("{system} is no longer in the study.", system=name)
                yield Conclusion(capital(said), (row.system_id,))
                continue
            facts = plural(
                int(row.new_dimensions),
                "evidence on one dimension",
                "evidence on {n} dimensions",
                "evidence on no dimensions",
            )
            if pd.isna(row.old_dimensions):
                facts += f", {phrase('not in the study before')}"
            elif row.old_dimensions != row.new_dimensions:
                facts += f", {phrase('before on {n}', n=count(int(row.old_dimensions)))}"
            if newly:
                place = phrase(
                    "expected rank {rank} of {n}",
                    rank=decimal(ranks["new_rank"][row.system_id], 1),
                    n=len(changes.new.ranked),
                )
                facts += f"; {place}"
            said = (
                phrase("{system} is newly ranked: {facts}.", system=name, facts=facts)
                if newly
                else phrase("{system} is no longer ranked: {facts}.", system=name, facts=facts)
            )
            yield Conclusion(capital(said), (row.system_id,))


def _first(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    sides = [changes.ranks.sort_values(f"{side}_rank", kind="stable") for side in ("old", "new")]
    if changes.old.ranked and changes.new.ranked:
        was, now = (str(side["system_id"].iloc[0]) for side in sides)
        if was != now:
            said = phrase(
                "{system} has the best expected rank, no longer {other}.",
                system=called.in_sentence(now),
                other=called.in_sentence(was),
            )
            said = capital(said)
            yield Conclusion(said, (now, was))


def _moves(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Tell which expected ranks moved, the largest move first, and why."""
    ranks = changes.ranks[changes.ranks["change"].notna()]
    far = ranks[(ranks["change"].abs() >= NOTABLE) | ranks["crossed"]]
    order = far["change"].abs().sort_values(ascending=False, kind="stable").index
    of_old, of_new = len(changes.old.ranked), len(changes.new.ranked)
    company = [c for c in CAUSES if c != "company"]
    along = far[~far["crossed"] & (far[company].abs() < SLIGHT).all(axis=1)].index
    if of_old == of_new or len(along) <= MOST_NAMED:
        along = far.index[:0]
    for row in each_row(far.loc[order.difference(along, sort=False)]):
        parts = parts_in_tenths(row.old_rank, row.new_rank, [getattr(row, c) for c in CAUSES])
        fields = {
            "system": called.in_sentence(row.system_id),
            "old": decimal(row.old_rank, 1),
            "new": decimal(row.new_rank, 1),
            "causes": ", ".join(
                f"{phrase(_CAUSE[c])} {signed(part)}"
                for c, part in zip(CAUSES, parts, strict=True)
                if part
            ),
        }
        said = (
            phrase("{system}: expected rank from {old} to {new} ({causes})", **fields)
            if of_old == of_new
            else phrase(
                "{system}: expected rank from {old} of {n_old} to {new} of {n_new} ({causes})",
                n_old=of_old,
                n_new=of_new,
                **fields,
            )
        )
        if row.crossed:
            outside = phrase(
                "outside its former range, {best} to {worst}",
                best=row.old_best_rank,
                worst=row.old_worst_rank,
            )
            said += f"; {outside}"
        others = bool(parts[CAUSES.index("company")])
        yield Conclusion(f"{capital(said)}.", (row.system_id,), others)
    if len(along):
        some = far.loc[order.intersection(along, sort=False)]
        said = phrase(
            "{n} systems move by up to {places} places among {new} ranked instead of {old}, none "
            "for its own evidence: {systems}.",
            n=capital(count(len(some))),
            places=decimal(some["change"].abs().max(), 1),
            new=of_new,
            old=of_old,
            systems=listed_some([called.in_sentence(s) for s in some["system_id"]], MOST_LISTED),
        )
        yield Conclusion(said, others=True)


def _orders(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Tell which orders of two became sure, no longer are, or turned round."""
    pairs = changes.pairs[~changes.pairs["chance"]]
    for kind, some in pairs.groupby("kind", sort=False):
        # One sentence for each on the side with fewer different names.
        side = "right" if some["right"].nunique() < some["left"].nunique() else "left"
        for _, group in some.groupby(side, sort=False):
            left, right = (
                [called.in_sentence(s) for s in group[name].unique()] for name in ("left", "right")
            )
            one, many = _ORDERS[str(kind)]
            text = plural(
                len(left), one, many, left=Called(listed(left)), right=Called(listed(right))
            )
            bearing = tuple(dict.fromkeys([*group["left"], *group["right"]]))
            yield Conclusion(capital(text), bearing)


def _shares(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Tell where the share realised of what a stakeholder gains moved to another third."""
    groups = changes.groups
    ranked = groups["system_id"].isin(changes.new.ranked)
    far = groups["crossed"] & (groups["change"].abs() >= NOTABLE_SHARE)
    for row in each_row(groups[ranked & far]):
        said = phrase(
            "{system}: of what {group} gain, {new} is realised, before {old}: {third}, "
            "before {before}.",
            system=called.in_sentence(row.system_id),
            group=called.stakeholder(row.stakeholder_id),
            new=percent(row.new_realised),
            old=percent(row.old_realised),
            third=phrase(_THIRDS[row.new_third][0]),
            before=phrase(_THIRDS[row.old_third][1]),
        )
        said = capital(said)
        yield Conclusion(said, (row.system_id,), group=row.stakeholder_id)


def _suggested(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Tell where the indicators suggest another strength or weakness."""
    for system, some in changes.derived.groupby("system_id", sort=False):
        gone = some["kind"] == "disappeared"
        new, old = (
            [
                phrase(
                    _FACTORS[str(quadrant)],
                    dimensions=listed([called.dimension(d) for d in rows["dimension_id"]]),
                )
                for quadrant, rows in chosen.groupby(f"{side}_quadrant", sort=False)
            ]
            for side, chosen in (("new", some[~gone]), ("old", some[gone]))
        )
        fields = {
            "system": called.in_sentence(str(system)),
            "new": listed(new),
            "old": listed(old, "or"),
        }
        if new and old:
            said = phrase(
                "{system}: the indicators now suggest {new}, and no longer suggest {old}.", **fields
            )
        elif new:
            said = phrase("{system}: the indicators now suggest {new}.", **fields)
        else:
            said = phrase("{system}: the indicators no longer suggest {old}.", **fields)
        yield Conclusion(capital(said), (str(system),), others=True)


def _boards(changes: Changes, called: NamesOfBoth) -> Iterator[Conclusion]:
    """Count what differs on the coded SWOT board of each system."""
    factors = changes.factors[changes.factors["kind"].isin(_BOARD)]
    for system, some in factors.groupby("system_id", sort=False):
        n = some["kind"].value_counts()
        said = phrase(
            "{system}, SWOT factors: {changes}.",
            system=called.in_sentence(str(system)),
            changes=listed([plural(int(n[k]), *words) for k, words in _BOARD.items() if k in n]),
        )
        yield Conclusion(capital(said), (str(system),), on="factors")
