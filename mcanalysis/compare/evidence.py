"""The evidence that counts at a date, what each cell may be, and who has enough to be ranked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError, nearest
from mcanalysis.model import Study

TOP = 3
"""Highest level of the ordinal scale; the lowest is 0."""


@dataclass(frozen=True, repr=False)
class Evidence(Shown):
    """The rows of a study that count at a date.

    Attributes
    ----------
    rows : DataFrame
        The newest row of each system and dimension not after `as_of`, in the order of the study:
        columns of ``indicators.csv`` and ``age`` in years.
    levels : DataFrame of float, shape (n_systems, n_dimensions)
        Levels 0 to 3; NaN where there is no evidence. Only systems with a row.
    low : DataFrame of bool, same shape
        Whether the row has low confidence.
    as_of : int
        Year.
    """

    rows: pd.DataFrame
    levels: pd.DataFrame
    low: pd.DataFrame
    as_of: int

    def _card(self) -> Card:
        cells, known = self.levels.size, int(self.levels.notna().sum().sum())
        low = int(self.low.sum().sum())
        return Card(
            f"Evidence as of {self.as_of}",
            {
                "systems": len(self.levels),
                "dimensions": self.levels.shape[1],
                "levels": f"{known} of {cells} cells, {low} of low confidence",
            },
            self.levels,
        )


def newest_evidence(study: Study, as_of: int | None = None) -> Evidence:
    """Take the newest row of each system and dimension.

    Parameters
    ----------
    study : Study
    as_of : int, optional
        Rows that describe a later year are left out; by default the newest year of the study.

    Returns
    -------
    Evidence

    Raises
    ------
    MethodError
        If the study has no indicators, or none as old as `as_of`.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> newest_evidence(read_study("data")).levels.shape
    (52, 11)
    """
    rows = study.indicators
    if rows.empty:
        raise MethodError("The study has no indicators. Add at least one row to indicators.csv.")
    year = int(rows["year"].max()) if as_of is None else as_of
    if year < rows["year"].min():
        raise MethodError(
            f"as_of is {year}, before the oldest evidence. "
            f"Choose a year from {rows['year'].min()} on, or none for the newest."
        )
    rows = rows[rows["year"] <= year]
    systems, dimensions = list(study.systems["system_id"]), list(study.dimensions["dimension_id"])
    place = {s: i for i, s in enumerate(systems)}
    order = {d: i for i, d in enumerate(dimensions)}
    rows = (
        rows.assign(_s=rows["system_id"].map(place), _d=rows["dimension_id"].map(order))
        .sort_values(["_s", "_d", "year"], kind="stable")
        .drop_duplicates(["system_id", "dimension_id"], keep="last")
        .drop(columns=["_s", "_d"])
        .reset_index(drop=True)
    )
    rows["age"] = year - rows["year"]
    found = rows["system_id"].unique()

    def matrix(values: pd.Series) -> pd.DataFrame:
        wide = rows.assign(v=values).pivot(index="system_id", columns="dimension_id", values="v")
        return wide.reindex(index=found, columns=dimensions)

    levels = matrix(rows["level"].astype(float))
    low = matrix(rows["confidence"].eq("low").astype(float)).eq(1.0)
    return Evidence(rows, levels, low, year)


def check_known(what: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raise MethodError, naming the nearest, for each name that is not known."""
    there = [str(name) for name in known]
    problems = [
        f'There is no {what} "{name}".'
        + (nearest(str(name), there) or f" Choose from: {', '.join(there)}.")
        for name in names
        if name not in there
    ]
    if problems:
        raise MethodError("\n".join(problems))


def levels_of(evidence: Evidence, system: str) -> pd.Series:
    """Return the levels of a system by dimension; MethodError if it has no evidence at all."""
    check_known("system with evidence", [system], evidence.levels.index)
    return pd.Series(evidence.levels.loc[system])


def bounds(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lowest and the highest level that each cell may have.

    A gap may be 0 or 3, a low-confidence level one lower or higher (but 0 to 3), others are firm.
    """
    known, low = evidence.levels, evidence.low.astype(int)
    return (known - low).clip(lower=0).fillna(0), (known + low).clip(upper=TOP).fillna(TOP)


def ranked_systems(evidence: Evidence, min_dimensions: int = 8) -> list[str]:
    """Return the systems with evidence on enough dimensions to be ranked.

    Parameters
    ----------
    evidence : Evidence
    min_dimensions : int
        From 1 to the number of dimensions of the study.

    Returns
    -------
    list of str
        In the order of the study; may be empty.

    Raises
    ------
    MethodError
        If `min_dimensions` is out of range.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> len(ranked_systems(newest_evidence(read_study("data"))))
    20
    """
    n = evidence.levels.shape[1]
    if not 1 <= min_dimensions <= n:
        raise MethodError(
            f"min_dimensions is {min_dimensions}, and the study has {n} dimensions. "
            f"Choose a number from 1 to {n}."
        )
    known = evidence.levels.notna().sum(axis=1)
    return [str(s) for s in known.index[known >= min_dimensions]]
