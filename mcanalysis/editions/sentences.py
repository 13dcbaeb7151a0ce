"""What a reader of the old edition must unlearn, in short sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from mcanalysis.change import CAUSES
from mcanalysis.frames import each_row
from mcanalysis.wording import capital, count, counted, listed, listed_some, percent

if TYPE_CHECKING:
    from mcanalysis.editions.record import Changes

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
NONE = "No conclusion changed."
_THIRDS = {1: "lower", 2: "middle", 3: "upper"}
_CAUSE = {
    "evidence": "its own evidence",
    "weights": "weights",
    "method": "method",
    "company": "the others",
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
    """

    said: str
    systems: tuple[str, ...] = ()
    others: bool = False
    on: str = "rows"


class Called:
    """Names in two editions: that of the new one, or of the old one where it alone has the row."""

    def __init__(self, changes: Changes) -> None:
        self._sides = (changes.new.names, changes.old.names)

    def _of(self, kind: str, key: str) -> str:
        for names in self._sides:
            try:
                return str(getattr(names, kind)(key))
            except KeyError:
                continue
        return key

    def system(self, key: str) -> str:
        """Name of a system for lists."""
        return self._of("system", key)

    def in_sentence(self, key: str) -> str:
        """Name of a system with its article."""
        return self._of("in_sentence", key)

    def dimension(self, key: str) -> str:
        """Name of a dimension."""
        return self._of("dimension", key)

    def stakeholder(self, key: str) -> str:
        """Name of a stakeholder group inside a sentence."""
        name = self._of("stakeholder", key)
        return name[:1].lower() + name[1:]


def signed(number: float) -> str:
    """Write a difference with its sign, to one decimal.

    Examples
    --------
    >>> signed(-1.64), signed(0.2), signed(-0.01)
    ('−1.6', '+0.2', '0.0')
    """
    text = f"{number:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


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
    called = Called(changes)
    parts = (_rules, _company, _first, _moves, _orders, _shares, _suggested, _boards)
    return tuple(found for part in parts for found in part(changes, called))


def _rules(changes: Changes, called: Called) -> Iterator[Conclusion]:
    """Tell what is compared and who is ranked by other rules."""
    tables = changes.tables
    dimensions = tables[(tables["table"] == "dimensions") & (tables["kind"] != "changed")]
    for row in each_row(dimensions):
        name = called.dimension(row.key)
        if row.kind == "added":
            yield Conclusion(f'A new dimension is compared: "{name}".', on="tables")
        else:
            yield Conclusion(f'The dimension "{name}" is no longer compared.', on="tables")
    for row in each_row(changes.settings):
        if row.setting == "min_dimensions":
            said = (
                f"A system needs evidence on {count(row.new)} dimensions to be ranked, before on "
                f"{count(row.old)}."
            )
        elif row.setting == "weights":
            said = f"Systems are ranked under {row.new}, before under {row.old}."
        elif row.setting == "vary":
            said = f"What is varied: {row.new or 'nothing'}; before {row.old or 'nothing'}."
        else:
            continue
        yield Conclusion(said, on="tables")


def _company(changes: Changes, called: Called) -> Iterator[Conclusion]:
    """Tell who is ranked that was not, and who no longer is."""
    ranks = changes.ranks.set_index("system_id")
    for kind, some in changes.systems.groupby("kind", sort=False):
        if len(some) > MOST_NAMED:
            names = listed([called.system(s) for s in some["system_id"]])
            said = f"{capital(count(len(some)))} systems are {kind}: {names}."
            yield Conclusion(said, tuple(some["system_id"]))
            continue
        for row in each_row(some):
            name = capital(called.in_sentence(row.system_id))
            if pd.isna(row.new_dimensions):
                yield Conclusion(f"{name} is no longer in the study.", (row.system_id,))
                continue
            on = f"evidence on {counted(int(row.new_dimensions), 'dimension')}"
            if pd.isna(row.old_dimensions):
                on += ", not in the study before"
            elif row.old_dimensions != row.new_dimensions:
                on += f", before on {count(int(row.old_dimensions))}"
            place = ""
            if kind == "newly ranked":
                rank = ranks["new_rank"][row.system_id]
                place = f"; expected rank {rank:.1f} of {len(changes.new.ranked)}"
            yield Conclusion(f"{name} is {kind}: {on}{place}.", (row.system_id,))


def _first(changes: Changes, called: Called) -> Iterator[Conclusion]:
    sides = [changes.ranks.sort_values(f"{side}_rank", kind="stable") for side in ("old", "new")]
    if changes.old.ranked and changes.new.ranked:
        was, now = (str(side["system_id"].iloc[0]) for side in sides)
        if was != now:
            said = (
                f"{capital(called.in_sentence(now))} has the best expected rank, "
                f"no longer {called.in_sentence(was)}."
            )
            yield Conclusion(said, (now, was))


def _moves(changes: Changes, called: Called) -> Iterator[Conclusion]:
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
        why = [f"{_CAUSE[c]} {signed(part)}" for c, part in zip(CAUSES, parts, strict=True) if part]
        outside = ""
        if row.crossed:
            outside = f"; outside its former range, {row.old_best_rank} to {row.old_worst_rank}"
        of = (f" of {of_old}", f" of {of_new}") if of_old != of_new else ("", "")
        said = (
            f"{capital(called.in_sentence(row.system_id))}: expected rank from "
            f"{row.old_rank:.1f}{of[0]} to {row.new_rank:.1f}{of[1]} ({', '.join(why)}){outside}."
        )
        others = bool(parts[CAUSES.index("company")])
        yield Conclusion(said, (row.system_id,), others)
    if len(along):
        some = far.loc[order.intersection(along, sort=False)]
        names = listed_some([called.in_sentence(s) for s in some["system_id"]], MOST_LISTED)
        said = (
            f"{capital(counted(len(some), 'system'))} move by up to "
            f"{some['change'].abs().max():.1f} places among {of_new} ranked instead of {of_old}, "
            f"none for its own evidence: {names}."
        )
        yield Conclusion(said, others=True)


def _orders(changes: Changes, called: Called) -> Iterator[Conclusion]:
    """Tell which orders of two became sure, no longer are, or turned round."""
    pairs = changes.pairs[~changes.pairs["chance"]]
    said = {
        "reversed": "{left} {is_are} surely ahead of {right} now, before surely behind.",
        "sure": "{left} {is_are} surely ahead of {right} now.",
        "unsure": "{left} {is_are} no longer surely ahead of {right}.",
    }
    for kind, some in pairs.groupby("kind", sort=False):
        # One sentence for each on the side with fewer different names.
        side = "right" if some["right"].nunique() < some["left"].nunique() else "left"
        for _, group in some.groupby(side, sort=False):
            left, right = (
                [called.in_sentence(s) for s in group[name].unique()] for name in ("left", "right")
            )
            text = said[str(kind)].format(
                left=capital(listed(left)),
                right=listed(right),
                is_are="is" if len(left) == 1 else "are",
            )
            yield Conclusion(text, tuple(dict.fromkeys([*group["left"], *group["right"]])))


def _shares(changes: Changes, called: Called) -> Iterator[Conclusion]:
    """Tell where the share realised of what a stakeholder gains moved to another third."""
    groups = changes.groups
    ranked = groups["system_id"].isin(changes.new.ranked)
    far = groups["crossed"] & (groups["change"].abs() >= NOTABLE_SHARE)
    for row in each_row(groups[ranked & far]):
        said = (
            f"{capital(called.in_sentence(row.system_id))}: of what "
            f"{called.stakeholder(row.stakeholder_id)} gain, {percent(row.new_realised)} is "
            f"realised, before {percent(row.old_realised)}: the {_THIRDS[row.new_third]} third, "
            f"before the {_THIRDS[row.old_third]}."
        )
        yield Conclusion(said, (row.system_id,))


def _suggested(changes: Changes, called: Called) -> Iterator[Conclusion]:
    """Tell where the indicators suggest another strength or weakness."""
    for system, some in changes.derived.groupby("system_id", sort=False):
        gone = some["kind"] == "disappeared"
        said = []
        for word, last, side, chosen in (
            ("now", "and", "new", some[~gone]),
            ("no longer", "or", "old", some[gone]),
        ):
            found = [
                f"a {quadrant} in {listed([called.dimension(d) for d in rows['dimension_id']])}"
                for quadrant, rows in chosen.groupby(f"{side}_quadrant", sort=False)
            ]
            if found:
                said.append(f"{word} suggest {listed(found, last)}")
        name = capital(called.in_sentence(str(system)))
        yield Conclusion(
            f"{name}: the indicators {', and '.join(said)}.", (str(system),), others=True
        )


def _boards(changes: Changes, called: Called) -> Iterator[Conclusion]:
    """Count what differs on the coded SWOT board of each system."""
    words = {
        "added": "added",
        "removed": "removed",
        "moved": "moved to another quadrant",
        "reworded": "reworded",
    }
    factors = changes.factors[changes.factors["kind"].isin(words)]
    for system, some in factors.groupby("system_id", sort=False):
        n = some["kind"].value_counts()
        said = listed([f"{count(int(n[k]))} {word}" for k, word in words.items() if k in n])
        name = capital(called.in_sentence(str(system)))
        yield Conclusion(f"{name}, SWOT factors: {said}.", (str(system),), on="factors")
