"""Everything a page or a view needs to know about a study, worked out once."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from mcanalysis.benefits import (
    Prospects,
    benefits_by_stakeholder,
    leading_steps,
    next_steps,
    prospects,
    realise_benefits,
)
from mcanalysis.change import changes_over_time
from mcanalysis.compare import Evidence, integration_index, newest_evidence
from mcanalysis.display import Card, Shown
from mcanalysis.errors import ParameterError, nearest
from mcanalysis.model import TABLES, Study
from mcanalysis.names import Names
from mcanalysis.robustness import (
    Ranking,
    Replay,
    Weights,
    confidence_table,
    rank_systems,
    replay,
)
from mcanalysis.smaa import VARY
from mcanalysis.swot import Shared, shared_benefits
from mcanalysis.weights import PanelWeights, weigh_panel
from mcanalysis.wording import listed

DIMENSIONS = "dimensions"
"""Topic under which a panel judges the dimensions."""
_PANEL = TABLES["panels"].column_names


@dataclass(frozen=True, repr=False)
class Analysis(Shown):
    """A study with its first results; what every page starts from.

    Attributes
    ----------
    study : Study
    evidence : Evidence
        The rows that count: the newest of each system and dimension not after `as_of`.
    index : DataFrame
        Integration index of every system with evidence, see `integration_index`.
    ranking : Ranking
        Robust comparison of the systems with enough evidence.
    benefits, groups : DataFrame
        How far each benefit is realised, by system and benefit, and by system and stakeholder.
    changes : DataFrame
        Dimensions with two or more years, see `changes_over_time`.
    names : Names
        Names by id.
    panel : str or None
        Name of the panel whose judgements count; None for no opinion at all.
    judged : PanelWeights or None
        Weights of the dimensions from that panel; None where it was not asked about them, so that
        ranks rest on no opinion.
    """

    study: Study
    evidence: Evidence
    index: pd.DataFrame
    ranking: Ranking
    benefits: pd.DataFrame
    groups: pd.DataFrame
    changes: pd.DataFrame
    names: Names
    panel: str | None = None
    judged: PanelWeights | None = None

    @cached_property
    def replay(self) -> Replay:
        """The draws of the ranking, made again; what ranks depend on is read from them."""
        return replay(self.evidence, self.ranking)

    @cached_property
    def typical(self) -> pd.DataFrame:
        """How sure the first place of each system is at its typical supporter's weights."""
        return confidence_table(self.evidence, self.ranking)

    @cached_property
    def prospects(self) -> Prospects:
        """What the next steps of the systems are read from."""
        return prospects(self.study, self.evidence, *self.stakeholders)

    @cached_property
    def leading_steps(self) -> pd.DataFrame:
        """The most helpful step of each ranked system and stakeholder."""
        return leading_steps(self.study, self.evidence, self.ranked)

    def next_steps(self, system: str, stakeholder: str) -> pd.DataFrame:
        """List what one level more would bring a stakeholder, see `benefits.next_steps`."""
        key = system, stakeholder
        if key not in self._steps:
            given = self.study, self.evidence, system, stakeholder, self.prospects
            self._steps[key] = next_steps(*given)
        return self._steps[key]

    @cached_property
    def _steps(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    @cached_property
    def shared_benefits(self) -> Shared:
        """Which benefits two dimensions enable both, see `swot.shared_benefits`."""
        return shared_benefits(self.study)

    def warm(self) -> Analysis:
        """Work out at once what most pages ask for; return the analysis itself."""
        _ = self.leading_steps, self.prospects, self.shared_benefits
        if self.ranked:
            _ = self.replay.by_weight, self.replay.shares, self.typical
        return self

    def of(self, study: Study) -> Analysis:
        """Return the same results for an equal study, with all that is worked out already."""
        same = replace(self, study=study)
        same.__dict__.update({k: v for k, v in self.__dict__.items() if k not in same.__dict__})
        return same

    @property
    def ranked(self) -> list[str]:
        """Ids of the ranked systems, in the order of their ranking."""
        return list(self.ranking.table.index)

    @property
    def dimensions(self) -> list[str]:
        """Ids of the dimensions, in the order of the study."""
        return list(self.evidence.levels.columns)

    @property
    def stakeholders(self) -> list[str]:
        """Ids of the stakeholders that have benefits, in the order of the study."""
        gaining = set(self.study.benefits["stakeholder_id"])
        return [s for s in self.study.stakeholders["stakeholder_id"] if s in gaining]

    @property
    def judgements(self) -> pd.DataFrame:
        """Rows of the panel whose judgements count; none where there is no panel."""
        return self.study.panels.get(self.panel or "", pd.DataFrame(columns=_PANEL))

    @property
    def invented(self) -> bool:
        """Whether results rest on judgements that are marked as illustrative."""
        return bool(self.judgements["illustrative"].eq("yes").any())

    def rows(self, system: str) -> pd.DataFrame:
        """Rows that count for a system, in the order of the dimensions; none for one without."""
        if system not in self._rows:
            rows = self.evidence.rows
            self._rows[system] = rows[rows["system_id"] == system].reset_index(drop=True)
        return self._rows[system].copy()

    @cached_property
    def _rows(self) -> dict[str, pd.DataFrame]:
        return {}

    def rows_of(self, systems: Sequence[str], dimensions: Sequence[str] = ()) -> pd.DataFrame:
        """Rows that count for some systems, on some dimensions or on all."""
        rows = self.evidence.rows
        rows = rows[rows["system_id"].isin(systems)]
        return rows[rows["dimension_id"].isin(dimensions)] if dimensions else rows

    def level(self, system: str, dimension: str) -> int | None:
        """Level of a system on a dimension, or None where there is no evidence."""
        return self._levels.get(system, {}).get(dimension)

    @cached_property
    def _levels(self) -> dict[str, dict[str, int]]:
        table = self.evidence.levels
        rows = zip(table.index, table.to_numpy(float).tolist(), strict=True)
        return {
            str(system): {str(d): int(v) for d, v in zip(table, row, strict=True) if v == v}
            for system, row in rows
        }

    def check_system(self, system: str) -> None:
        """Raise ParameterError, naming the nearest, if the study has no such system."""
        known = list(self.study.systems["system_id"])
        if system not in known:
            raise ParameterError(
                f'The study has no system "{system}".{nearest(system, known)} '
                f"It knows: {', '.join(known)}."
            )

    def check_stakeholder(self, stakeholder: str) -> None:
        """Raise ParameterError, naming the nearest, if no benefit is that stakeholder's."""
        known = self.stakeholders
        if stakeholder not in known:
            raise ParameterError(
                f'No benefit in the study is for "{stakeholder}".{nearest(stakeholder, known)} '
                f"It knows: {', '.join(known)}."
            )

    def _card(self) -> Card:
        return Card(
            f"Analysis as of {self.evidence.as_of}",
            {
                "systems with evidence": len(self.evidence.levels),
                "ranked": f"{len(self.ranked)} ({self.ranking.min_dimensions} dimensions or more)",
                "panel": self.panel or "none: no opinion counts",
                "draws": f"{self.ranking.draws}, seed {self.ranking.seed}",
            },
            self.ranking.table[["index", "lower", "upper", "best_rank", "worst_rank"]],
        )


def analyse(
    study: Study,
    *,
    as_of: int | None = None,
    min_dimensions: int = 8,
    draws: int = 100_000,
    seed: int = 1,
    panel: str | None = None,
    order: Sequence[str | Sequence[str]] | None = None,
    weights: Mapping[str, float] | None = None,
    vary: Collection[str] = VARY,
) -> Analysis:
    """Work out what every page starts from.

    Parameters
    ----------
    study : Study
    as_of : int, optional
        Evidence that describes a later year is left out; by default all of it counts.
    min_dimensions : int
        Dimensions with evidence that a system needs to be ranked.
    draws, seed : int
        Size and seed of the robust comparison.
    panel : str, optional
        Name of a panel of the study (file in ``panels/`` without ``.csv``): ranks then vary over
        its judges' weights of the dimensions instead of over all weights, and its priorities of
        factors and benefits are there. By default no opinion counts.
    order : sequence of str or of sequences of str, optional
        Order of importance that weights keep, most important dimension first; dimensions of an
        inner sequence have no order among themselves, and those that are not named come last.
    weights : mapping of str to float, optional
        How much each dimension counts: these weights, always, divided by their sum; what is not
        named does not count.
    vary : collection of str
        What is drawn at random, see `rank_systems`.

    Returns
    -------
    Analysis

    Raises
    ------
    MethodError
        If a parameter is out of range for this study, or judgements of the panel contradict each
        other.
    ParameterError
        If the study has no such panel (names the nearest), more than one of panel, order and
        weights is given, or a weight is no number from 0 on.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> a = analyse(read_study("data"), draws=1000)
    >>> len(a.ranked), float(a.index.at["DE", "index"].round(2))
    (20, 0.39)
    """
    evidence = newest_evidence(study, as_of)
    benefits = realise_benefits(study, evidence)
    judged = _judged(study, panel, list(evidence.levels.columns))
    said = {"panel": panel is not None, "order": bool(order), "weights": weights is not None}
    if sum(said.values()) > 1:
        both = [f'"{name}"' for name, given in said.items() if given]
        raise ParameterError(
            f"Weights cannot follow {listed(both)} at once. Keep one of them and leave out the "
            "rest."
        )
    known: Weights = order or None if judged is None else judged.judges
    if weights is not None:
        known = _as_weights(weights, list(evidence.levels.columns))
    return Analysis(
        study=study,
        evidence=evidence,
        index=integration_index(evidence),
        ranking=rank_systems(evidence, min_dimensions, draws, seed, weights=known, vary=vary),
        benefits=benefits,
        groups=benefits_by_stakeholder(study, benefits),
        changes=changes_over_time(study, as_of),
        names=Names.of(study),
        panel=panel,
        judged=judged,
    )


def _as_weights(weights: Mapping[str, float], dimensions: Sequence[str]) -> pd.Series:
    """Return weights as given by name, together 1, in the order of the dimensions."""
    unknown = [f'"{d}"{nearest(str(d), dimensions)}' for d in weights if d not in dimensions]
    if unknown:
        raise ParameterError(
            f"weights: no dimension is called {' nor '.join(unknown)}. The study knows: "
            f"{', '.join(dimensions)}."
        )
    wrong = [
        f'"{d}" is {w!r}'
        for d, w in weights.items()
        if isinstance(w, bool) or not isinstance(w, int | float) or not 0 <= w < math.inf
    ]
    if wrong or not sum(weights.values()) > 0:
        found = "; ".join(wrong) or "all are 0"
        raise ParameterError(f"weights: {found}. Give numbers from 0 on, one of them above 0.")
    given = pd.Series(weights, dtype=float).reindex(list(dimensions)).fillna(0.0)
    return given / given.sum()


def _judged(study: Study, panel: str | None, dimensions: Sequence[str]) -> PanelWeights | None:
    if panel is None:
        return None
    if panel not in study.panels:
        known = ", ".join(study.panels) or "none"
        raise ParameterError(
            f'The study has no panel "{panel}".{nearest(panel, list(study.panels))} '
            f"It knows: {known}."
        )
    rows = study.panels[panel]
    if not rows["topic"].eq(DIMENSIONS).any():
        return None
    return weigh_panel(rows, DIMENSIONS, dimensions)
