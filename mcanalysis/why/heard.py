"""What a panel said, worked out once for its report: groups, contradictions, what holds for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.analysis import DIMENSIONS, Analysis
from mcanalysis.errors import MethodError
from mcanalysis.language import marked, phrase
from mcanalysis.names import Called, Names
from mcanalysis.robustness import Ranking, rank_systems
from mcanalysis.swot import SwotPriorities, prioritise_factors
from mcanalysis.weights import (
    PanelWeights,
    reconsider_judgements,
    split_by_group,
    weigh_groups,
    weigh_panel,
)
from mcanalysis.weights.shown import OTHERS, as_series, shown_groups, split_by_chance
from mcanalysis.why.sure import exact_to
from mcanalysis.wording import clause, lower_first

CONSISTENT = 0.1
"""Consistency ratio up to which a judge's comparisons are taken to fit together (Saaty)."""
MOST_REPAIRED = 12
"""Judges for whom the fewest answers to reconsider are looked up, least consistent first."""
FIRST = 3
"""Places that count as first ones."""

__all__ = ["CONSISTENT", "FIRST", "OTHERS", "Heard", "Topic", "exact_to", "hear"]


@dataclass(frozen=True)
class Topic:
    """What a panel said on one topic.

    Attributes
    ----------
    names : Names
    topic : str
        "dimensions", or the stakeholder whose benefits were judged.
    found : PanelWeights
    groups : dict of str to list of str
        Group -> its judges, see `shown_groups`; empty where nobody is shown apart.
    weights : DataFrame, index item, columns group
        Aggregated priorities of those groups.
    splits : DataFrame or None
        See `split_by_group`, for those groups; ``chance`` as in `split_by_chance`.
    """

    names: Names
    topic: str
    found: PanelWeights
    groups: dict[str, list[str]]
    weights: pd.DataFrame
    splits: pd.DataFrame | None

    @property
    def title(self) -> str:
        """The topic as a heading has it."""
        if self.topic == DIMENSIONS:
            return phrase("Dimensions of integration")
        return phrase("Benefits of {group}", group=self.names.stakeholder(self.topic).inside)

    @property
    def inside(self) -> str:
        """The topic inside a sentence."""
        return lower_first(self.title)

    def name(self, item: object) -> Called:
        """Name an item as lists have it."""
        named = self.names.dimension if self.topic == DIMENSIONS else self.names.benefit
        return named(str(item))

    def in_sentence(self, item: object) -> str:
        """Name an item inside a sentence."""
        return lower_first(self.name(item))

    @property
    def order(self) -> pd.Series:
        """Weights of the whole panel, greatest first."""
        return self.found.weights.sort_values(ascending=False, kind="stable")

    def always_first(self, places: int = FIRST) -> list[str]:
        """Return the items that are among the first of every group."""
        if self.weights.empty:
            return []
        rank = self.weights.rank(ascending=False, method="min")
        return [str(i) for i in self.order.index if (rank.loc[i] <= places).all()]


@dataclass(frozen=True)
class Heard:
    """All that a panel said.

    Attributes
    ----------
    a : Analysis
        With the panel in force.
    judges : int
    topics : tuple of Topic
        Dimensions first, then benefits of stakeholders.
    boards : tuple of SwotPriorities
        Factors of systems.
    silent : dict of str to str
        Topics that cannot be weighed, and why.
    contradictions : DataFrame
        Judges whose comparisons contradict each other, the worst first: part (see `parts`),
        judge_id, cr.
    repairs : DataFrame
        Fewest answers to reconsider of the first of these: part, judge_id and the columns of
        `reconsider_judgements`.
    rankings : dict of str to Ranking
        Ranks of the systems under the weights of each group.
    """

    a: Analysis
    judges: int
    topics: tuple[Topic, ...]
    boards: tuple[SwotPriorities, ...]
    silent: dict[str, str]
    contradictions: pd.DataFrame
    repairs: pd.DataFrame
    rankings: dict[str, Ranking]

    def group(self, name: str) -> str:
        """Name a group as a heading has it."""
        return phrase("All other judges") if name == OTHERS else self.a.names.stakeholder(name)

    def inside(self, name: str) -> str:
        """Name a group inside a sentence."""
        if name == OTHERS:
            return phrase("all other judges")
        return self.a.names.stakeholder(name).inside

    def parts(self) -> Iterator[tuple[str, PanelWeights]]:
        """Go through all that was judged in one go: the topic, and of a board ``system/part``."""
        for t in self.topics:
            yield t.topic, t.found
        for board in self.boards:
            for part, found in board.parts.items():
                yield f"{board.system}/{part}", found

    def title(self, part: str) -> str:
        """Name what was judged in one go, see `parts`."""
        for t in self.topics:
            if t.topic == part:
                return t.title
        system, _, of = part.partition("/")
        return phrase(
            "{system}: {part}", system=self.a.names.system(system), part=phrase(PARTS.get(of, of))
        )

    def held_by_all(self) -> pd.DataFrame | None:
        """Tell which pairs of systems are settled the same way under every group's weights.

        Returns
        -------
        DataFrame, shape (n, n), or None
            True where the system of the row is surely ahead of that of the column for all groups;
            None where no groups are shown.
        """
        if not self.rankings:
            return None
        order = self.a.ranked
        ahead = [r.ahead.loc[order, order] >= r.threshold for r in self.rankings.values()]
        return pd.DataFrame(np.logical_and.reduce([x.to_numpy() for x in ahead]), order, order)


PARTS = {
    "strength": marked("strengths"),
    "weakness": marked("weaknesses"),
    "opportunity": marked("opportunities"),
    "threat": marked("threats"),
    "groups": marked("the four groups"),
    "top-factors": marked("top factors of the groups"),
}
"""What of a SWOT board was judged in one go, as a list names it."""


def hear(a: Analysis) -> Heard:
    """Work out what the panel in force said.

    Parameters
    ----------
    a : Analysis
        With a panel.

    Returns
    -------
    Heard

    Raises
    ------
    MethodError
        If no panel is in force.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> heard = hear(analyse(read_study("data"), draws=1000, panel="illustrative"))
    >>> heard.judges, [t.topic for t in heard.topics], list(heard.topics[0].groups)
    (24, ['dimensions', 'learners', 'hei', 'employers'], ['learners', 'hei', 'employers'])
    """
    if a.panel is None:
        raise MethodError("A panel report needs a panel. Name one: panel=NAME.")
    said = a.judgements
    topics: list[Topic] = []
    boards: list[SwotPriorities] = []
    silent: dict[str, str] = {}
    for topic in _in_order(a, said):
        try:
            if topic in set(a.study.systems["system_id"]):
                boards.append(prioritise_factors(a.study, said, topic))
            else:
                topics.append(_topic(a, said, topic))
        except MethodError as error:
            silent[topic] = clause(str(error).splitlines()[0])
    heard = Heard(
        a, int(said["judge_id"].nunique()), tuple(topics), tuple(boards), silent,
        pd.DataFrame(), pd.DataFrame(), _rankings(a, topics),
    )  # fmt: skip
    contradictions, repairs = _contradictions(heard)
    return Heard(
        a, heard.judges, heard.topics, heard.boards, silent, contradictions, repairs,
        heard.rankings,
    )  # fmt: skip


def _in_order(a: Analysis, said: pd.DataFrame) -> list[str]:
    asked = {str(topic) for topic in said["topic"].unique()}
    known = [DIMENSIONS, *a.study.stakeholders["stakeholder_id"], *a.study.systems["system_id"]]
    first = [str(topic) for topic in known if topic in asked]
    return [*first, *sorted(asked - set(first))]


def _topic(a: Analysis, said: pd.DataFrame, topic: str) -> Topic:
    own = a.study.benefits[a.study.benefits["stakeholder_id"] == topic]
    items = a.dimensions if topic == DIMENSIONS else [str(b) for b in own["benefit_id"]]
    if not items:
        raise MethodError("The study knows no such topic.")
    found = a.judged if topic == DIMENSIONS and a.judged else weigh_panel(said, topic, items)
    rows = said[said["topic"] == topic].drop_duplicates("judge_id")
    groups = shown_groups(rows.set_index("judge_id")["stakeholder_id"])
    judges = found.judges[[j for own_ in groups.values() for j in own_]]
    weights = weigh_groups(judges, as_series(groups)) if groups else pd.DataFrame()
    splits = None
    if groups:
        splits = split_by_group(judges, as_series(groups))
        splits["chance"] = split_by_chance(judges, as_series(groups), a.ranking.seed)
    return Topic(a.names, topic, found, groups, weights, splits)


def _rankings(a: Analysis, topics: list[Topic]) -> dict[str, Ranking]:
    if not topics or topics[0].topic != DIMENSIONS or len(a.ranked) < 2:
        return {}
    r, t = a.ranking, topics[0]
    return {
        name: rank_systems(
            a.evidence, r.min_dimensions, r.draws, r.seed, r.threshold,
            weights=t.found.judges[judges], vary=r.vary,
        )
        for name, judges in t.groups.items()
    }  # fmt: skip


def _contradictions(heard: Heard) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find judges who contradict themselves, and the fewest answers that would mend it."""
    over: list[tuple[float, str, str]] = []
    parts = dict(heard.parts())
    for part, found in parts.items():
        if found.pairs is None:
            continue
        ratio = found.pairs.consistency["cr"]
        over += [(float(cr), part, str(j)) for j, cr in ratio[ratio > CONSISTENT].items()]
    over.sort(key=lambda each: (-each[0], each[1], each[2]))
    repairs = []
    for _, part, judge in over[:MOST_REPAIRED]:
        pairs = parts[part].pairs
        assert pairs is not None
        place = list(pairs.weights.columns).index(judge)
        fewest = reconsider_judgements(
            pairs.matrices[:, :, place], list(pairs.weights.index), CONSISTENT, pairs.random_index
        )
        repairs.append(fewest.assign(part=part, judge_id=judge))
    table = pd.DataFrame(
        [(part, judge, cr) for cr, part, judge in over], columns=["part", "judge_id", "cr"]
    )
    return table, pd.concat(repairs, ignore_index=True) if repairs else pd.DataFrame()
