"""A scenario: some levels that differ from the study, and the study as it would be then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.compare import TOP, check_known, newest_evidence
from mcanalysis.errors import MethodError, nearest
from mcanalysis.frames import each_row
from mcanalysis.model import Study

_KEY = ["system_id", "dimension_id"]
UNNAMED = "what-if"
"""Name of a scenario that is given as a table."""


def scenario_rows(
    study: Study, scenario: str | pd.DataFrame, as_of: int | None = None
) -> pd.DataFrame:
    """Tell what each row of a scenario does to the evidence.

    Parameters
    ----------
    study : Study
    scenario : str or DataFrame
        Name of one of the study's scenarios, or a table with columns system_id, dimension_id, level
        (0 to 3) and, if need be, note; further columns are left alone.
    as_of : int, optional
        Rows that describe a later year do not count; by default all do.

    Returns
    -------
    DataFrame
        One row per row of the scenario, in its order: system_id, dimension_id; year and coded, of
        the row that counts (missing where there is none); level, the one assumed; note; effect:
        ``raises``, ``lowers``, ``fills`` a gap, ``confirms`` (the coded level, which was of low
        confidence) or ``nothing``.

    Raises
    ------
    MethodError
        If there is no such scenario, or the table is no scenario of this study: all that is wrong
        with it.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> bold = pd.DataFrame({"system_id": "DE", "dimension_id": ["recognition"], "level": [3]})
    >>> scenario_rows(read_study("data"), bold)[["coded", "level", "effect"]].to_numpy().tolist()
    [[1, 3, 'raises']]
    """
    table = _table(study, scenario)
    rows = newest_evidence(study, as_of).rows.rename(columns={"level": "coded"})
    found = table.merge(rows[[*_KEY, "year", "coded", "confidence"]], on=_KEY, how="left")
    difference = (found["level"] - found["coded"]).astype(float)
    found["effect"] = np.select(
        [
            found["coded"].isna(),
            difference > 0,
            difference < 0,
            found["confidence"].eq("low").fillna(False),
        ],
        ["fills", "raises", "lowers", "confirms"],
        "nothing",
    )
    return found[[*_KEY, "year", "coded", "level", "note", "effect"]]


def apply_scenario(study: Study, scenario: str | pd.DataFrame, as_of: int | None = None) -> Study:
    """Return the study as it would be if the levels of a scenario were so.

    An assumed level takes the place of the row that counts and keeps its year; where there is no
    row, it gets the newest year. No source says what is assumed, and none is invented: the row
    cites a source of its own, ``scenario-NAME``, whose title says that it is an assumption, with
    the row of the scenario as locator; its statement begins with "Assumed" and tells the coded
    level.
    Confidence is high, so that the level is not varied; it is not comparable, so that no change
    over the years is read from it. Rows that change nothing (see `scenario_rows`) leave the coded
    row and its source.

    Parameters
    ----------
    study : Study
    scenario : str or DataFrame
        As for `scenario_rows`.
    as_of : int, optional
        The newest row not after that year is the one that gives way.

    Returns
    -------
    Study
        Valid as any other: it can be written and read.

    Raises
    ------
    MethodError
        As `scenario_rows`; or if a source has the id ``scenario-NAME`` already.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> bold = pd.DataFrame({"system_id": "DE", "dimension_id": ["recognition"], "level": [3]})
    >>> study = apply_scenario(read_study("data"), bold.assign(note="A law binds all."))
    >>> study.indicators.query("source_id == 'scenario-what-if'")["statement"].item()
    'Assumed, level 1 is coded: A law binds all.'
    """
    rows = scenario_rows(study, scenario, as_of)
    live = rows[rows["effect"] != "nothing"]
    if live.empty:
        return study
    name = scenario if isinstance(scenario, str) else UNNAMED
    source = _source(study, name)
    newest = newest_evidence(study, as_of).as_of
    assumed = live[_KEY].assign(
        year=live["year"].fillna(newest).astype("Int64"),
        level=live["level"],
        statement=[_statement(row) for row in each_row(live)],
        source_id=source["source_id"],
        locator=[f"row {row + 2}" for row in live.index],
        confidence="high",
        comparable="no",
    )
    kinds = study.indicators.dtypes
    assumed = assumed[list(kinds.index)].astype(kinds.to_dict())
    key = [*_KEY, "year"]
    indicators = study.indicators.set_index(key)
    gaps = live["effect"].eq("fills").to_numpy()
    taken = assumed[~gaps].set_index(key)
    at = indicators.index.get_indexer(taken.index)
    kept = study.indicators.copy()
    for column in taken:
        kept.iloc[at, kept.columns.get_loc(column)] = taken[column].array  # type: ignore[index]
    sources = study.sources
    if source["source_id"] not in set(sources["source_id"]):
        row = pd.DataFrame([source], columns=sources.columns).astype(sources.dtypes.to_dict())
        sources = pd.concat([sources, row], ignore_index=True)
    return replace(
        study, indicators=pd.concat([kept, assumed[gaps]], ignore_index=True), sources=sources
    )


def _statement(row: Any) -> str:
    before = "nothing is coded" if pd.isna(row.coded) else f"level {row.coded} is coded"
    return f"Assumed, {before}." if pd.isna(row.note) else f"Assumed, {before}: {row.note}"


def _source(study: Study, name: str) -> dict[str, str]:
    source = {
        "source_id": f"scenario-{name}",
        "title": f'Scenario "{name}": levels that are assumed, not found in any source',
        "publisher": "Assumption of this study",
        "doc_type": "assumption",
    }
    known = study.sources.set_index("source_id")["title"]
    if known.get(source["source_id"], source["title"]) != source["title"]:
        raise MethodError(
            f'The study has another source "{source["source_id"]}". '
            "Rename that source, or the scenario."
        )
    return source


def _table(study: Study, scenario: str | pd.DataFrame) -> pd.DataFrame:
    """Return a scenario as a checked table: system_id, dimension_id, level, note."""
    if isinstance(scenario, str):
        if not study.scenarios:
            raise MethodError(
                f'The study has no scenario "{scenario}", nor any other. '
                f"Write one: scenarios/{scenario}.csv."
            )
        check_known("scenario", [scenario], study.scenarios)
        scenario = study.scenarios[scenario]
    missing = [c for c in (*_KEY, "level") if c not in scenario]
    if missing:
        raise MethodError(
            f"The table of a scenario has no column {', '.join(missing)}. "
            "It needs system_id, dimension_id and level."
        )
    table = scenario.reset_index(drop=True)
    level = pd.to_numeric(table["level"], errors="coerce").astype(float)
    known = {
        "system": ("system_id", list(study.systems["system_id"])),
        "dimension": ("dimension_id", list(study.dimensions["dimension_id"])),
    }
    problems = []
    for i, (row, twice) in enumerate(zip(each_row(table), table.duplicated(_KEY), strict=True), 1):
        for what, (column, ids) in known.items():
            value = str(getattr(row, column))
            if value not in ids:
                problems.append(f'row {i}: there is no {what} "{value}".{nearest(value, ids)}')
        if level[i - 1] not in range(TOP + 1):
            problems.append(f'row {i}: level "{row.level}" is not a whole number from 0 to {TOP}.')
        if twice:
            problems.append(f"row {i}: {row.system_id} and {row.dimension_id} are there already.")
    if problems:
        raise MethodError("\n".join(f"Scenario, {problem}" for problem in problems))
    if "note" not in table:
        table["note"] = pd.Series(pd.NA, index=table.index, dtype="string")
    return table[[*_KEY, "note"]].assign(level=level.astype("Int64"))
