"""Everything a page or a view needs to know about a study, worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mcanalysis.benefits import benefits_by_stakeholder, realise_benefits
from mcanalysis.change import changes_over_time
from mcanalysis.compare import Evidence, integration_index, newest_evidence
from mcanalysis.errors import ParameterError, nearest
from mcanalysis.frames import cell
from mcanalysis.model import Study
from mcanalysis.robustness import Ranking, rank_systems
from mcanalysis.wording import Names


@dataclass(frozen=True)
class Analysis:
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
    """

    study: Study
    evidence: Evidence
    index: pd.DataFrame
    ranking: Ranking
    benefits: pd.DataFrame
    groups: pd.DataFrame
    changes: pd.DataFrame
    names: Names

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

    def rows(self, system: str) -> pd.DataFrame:
        """Rows that count for a system, in the order of the dimensions; none for one without."""
        rows = self.evidence.rows
        return rows[rows["system_id"] == system].reset_index(drop=True)

    def rows_of(self, systems: Sequence[str], dimensions: Sequence[str] = ()) -> pd.DataFrame:
        """Rows that count for some systems, on some dimensions or on all."""
        rows = self.evidence.rows
        rows = rows[rows["system_id"].isin(systems)]
        return rows[rows["dimension_id"].isin(dimensions)] if dimensions else rows

    def level(self, system: str, dimension: str) -> int | None:
        """Level of a system on a dimension, or None where there is no evidence."""
        if system not in self.evidence.levels.index:
            return None
        level = cell(self.evidence.levels, system, dimension)
        return None if pd.isna(level) else int(level)

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


def analyse(
    study: Study,
    *,
    as_of: int | None = None,
    min_dimensions: int = 8,
    draws: int = 20_000,
    seed: int = 1,
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

    Returns
    -------
    Analysis

    Raises
    ------
    MethodError
        If a parameter is out of range for this study.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> a = analyse(read_study("data"), draws=1000)
    >>> len(a.ranked), float(round(cell(a.index, "DE", "index"), 2))
    (20, 0.39)
    """
    evidence = newest_evidence(study, as_of)
    benefits = realise_benefits(study, evidence)
    return Analysis(
        study=study,
        evidence=evidence,
        index=integration_index(evidence),
        ranking=rank_systems(evidence, min_dimensions, draws, seed),
        benefits=benefits,
        groups=benefits_by_stakeholder(study, benefits),
        changes=changes_over_time(study, as_of),
        names=Names(study),
    )
