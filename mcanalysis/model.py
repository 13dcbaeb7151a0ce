"""The tables of a study, declared once.

Checks (`study.py`), the package descriptor (`data/datapackage.json`), the column documentation
(`data/COLUMNS.md`) and the workbook all come from `TABLES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

Kind = Literal["id", "text", "integer", "number", "choice", "list", "url", "date"]

LEVELS = (0, 1, 2, 3)
CONFIDENCES = ("high", "medium", "low")
QUADRANTS = ("strength", "weakness", "opportunity", "threat")
ANALYST_JUDGEMENT = "analyst-judgement"
ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]*"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name, meaning : str
        Its header, and one sentence for the reader of the data.
    kind : str
        ``id`` (`ID_PATTERN`; nothing that looks like a date), ``text``, ``integer``, ``number``
        (above 0), ``choice`` (one of `choices`), ``list`` (`;` between ids, none twice), ``url``
        (http or https) or ``date`` (ISO).
    required : bool
        Whether a cell may be empty; empty means "not assessed" or "none", never 0.
    choices : tuple of str
        Allowed values of a ``choice``.
    minimum, maximum : int or None
        Range of a number, both ends included.
    refers : str or None
        Table whose key each value (of a list: each part) must be found in.
    besides : tuple of str
        Values that are allowed although the table referred to does not hold them.
    otherwise : str
        What to do who has nothing to write there, as a clause: "leave the row out if …".
    """

    name: str
    meaning: str
    kind: Kind = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    refers: str | None = None
    besides: tuple[str, ...] = ()
    otherwise: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a study: a CSV file, or a sheet of a workbook.

    Attributes
    ----------
    name, meaning : str
        File name without ``.csv``, and what one row is.
    key : tuple of str
        Columns that together name a row once.
    columns : tuple of Column
        In the order in which they are written.
    folder : bool
        True for ``panels`` and ``scenarios``: a folder with any number of files of this form.
    needed : bool
        Whether a study says nothing without a row here.
    """

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    folder: bool = False
    needed: bool = False

    @property
    def column_names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]


def _source(meaning: str, *besides: str) -> Column:
    return Column("source_id", meaning, "id", refers="sources", besides=besides)


_SYSTEM = Column("system_id", "Education system", "id", refers="systems")
_DIMENSION = Column("dimension_id", "Dimension of integration", "id", refers="dimensions")
_LOCATOR = Column("locator", "Place in the source: page, section, paragraph")
_CONFIDENCE = Column(
    "confidence", "How sure the coder is, see the coding README", "choice", choices=CONFIDENCES
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "systems",
            "A national or sub-national education system",
            ("system_id",),
            (
                Column("system_id", "Short stable id, ISO 3166 where there is one", "id"),
                Column("name", "Name in full"),
                Column("short_name", "Name for charts and lists"),
                Column("article", "Word before the name in a sentence", required=False),
                Column(
                    "region",
                    "Group for reading: European Union, rest of the European Higher Education "
                    "Area, other",
                    "choice",
                    choices=("eu", "ehea-non-eu", "other"),
                ),
                Column("evidence_scope", "Sectors that the evidence covers", required=False),
                Column("note", "What a reader should know", required=False),
                Column(
                    "source_id",
                    "Source that shows why the system is here",
                    "id",
                    required=False,
                    refers="sources",
                ),
                Column(
                    "tile_column", "Column on the tile map, from 0", "integer", False, minimum=0
                ),
                Column("tile_row", "Row on the tile map, from 0", "integer", False, minimum=0),
            ),
            needed=True,
        ),
        Table(
            "dimensions",
            "An aspect of integration, with the criterion of each level (the coding manual)",
            ("dimension_id",),
            (
                Column("dimension_id", "Short stable id", "id"),
                Column("name", "Name in full"),
                Column("short_name", "Name for charts"),
                Column("question", "The question that the level answers"),
                *(Column(f"level_{level}", f"Criterion for level {level}") for level in LEVELS),
                Column(
                    "rationale_source_id",
                    "Source of the reason to look at it",
                    "id",
                    refers="sources",
                ),
            ),
            needed=True,
        ),
        Table(
            "indicators",
            "One coded fact; where a system has several years, the newest counts",
            ("system_id", "dimension_id", "year"),
            (
                _SYSTEM,
                _DIMENSION,
                Column(
                    "year",
                    "Year that the evidence describes",
                    "integer",
                    minimum=1950,
                    maximum=2100,
                ),
                Column(
                    "level",
                    "Highest level whose criterion the fact meets",
                    "integer",
                    minimum=0,
                    maximum=3,
                    otherwise="leave the row out if there is no evidence",
                ),
                Column("statement", "The fact, in the coder's words"),
                _source("Source of the fact"),
                _LOCATOR,
                _CONFIDENCE,
                Column(
                    "comparable",
                    "`no`: no change is to be read from this row",
                    "choice",
                    choices=("yes", "no"),
                ),
            ),
            needed=True,
        ),
        Table(
            "swot_factors",
            "One strength, weakness (inside the system), opportunity or threat (outside it)",
            ("factor_id",),
            (
                Column("factor_id", "Short stable id", "id"),
                _SYSTEM,
                Column("quadrant", "Place on the board", "choice", choices=QUADRANTS),
                _DIMENSION,
                Column("statement", "The factor, in the coder's words"),
                Column(
                    "stakeholders",
                    "Whom it concerns",
                    "list",
                    required=False,
                    refers="stakeholders",
                ),
                _source("Source of the factor"),
                _LOCATOR,
                _CONFIDENCE,
            ),
        ),
        Table(
            "stakeholders",
            "A group that gains from microcredentials or shapes them",
            ("stakeholder_id",),
            (
                Column("stakeholder_id", "Short stable id", "id"),
                Column("name", "Name in full"),
                Column("description", "Who belongs to it"),
                _source("Source that names the group"),
            ),
        ),
        Table(
            "benefits",
            "What a stakeholder gains from microcredentials",
            ("benefit_id",),
            (
                Column("benefit_id", "Short stable id", "id"),
                Column("stakeholder_id", "Who gains", "id", refers="stakeholders"),
                Column("label", "Name for charts"),
                Column("description", "The benefit in a sentence"),
                Column("theme", "Group of related benefits"),
                _source("Source that names the benefit"),
            ),
        ),
        Table(
            "benefit_enablers",
            "A dimension that a benefit depends on",
            ("benefit_id", "dimension_id"),
            (
                Column("benefit_id", "The benefit", "id", refers="benefits"),
                Column("dimension_id", "What it depends on", "id", refers="dimensions"),
                Column(
                    "strength", "1 helps, 2 matters, 3 decides", "integer", minimum=1, maximum=3
                ),
                Column("rationale", "Why the benefit depends on it"),
                _source("Source that shows the link, or an analyst's judgement", ANALYST_JUDGEMENT),
            ),
        ),
        Table(
            "sources",
            "A page or document that was read",
            ("source_id",),
            (
                Column("source_id", "Short stable id", "id"),
                Column("title", "Title"),
                Column("publisher", "Who published it"),
                Column("year", "Year of publication", "integer", False, minimum=1900, maximum=2100),
                Column("url", "Address", "url", required=False),
                Column("doc_type", "Kind of document", required=False),
                Column("language", "ISO 639-1 code of its language", required=False),
                Column("accessed", "Day it was read", "date", required=False),
                Column("note", "What part was read, and other remarks", required=False),
            ),
        ),
        Table(
            "panels",
            "One answer of one judge",
            ("judge_id", "topic", "left", "right"),
            (
                Column("judge_id", "The judge; never a name", "id"),
                Column("stakeholder_id", "Group the judge speaks for", "id", refers="stakeholders"),
                Column("topic", "What was asked about: dimensions, a stakeholder, a system", "id"),
                Column(
                    "kind",
                    "Kind of question",
                    "choice",
                    choices=("pairwise", "rating", "best-to-other", "other-to-worst"),
                ),
                Column("left", "Item on the left, or the rated item", "id"),
                Column("right", "Item on the right; empty for a rating", "id", required=False),
                Column("value", "The answer", "number"),
                Column("illustrative", "`yes`: invented", "choice", False, choices=("yes", "no")),
            ),
            folder=True,
        ),
        Table(
            "scenarios",
            "One level that differs from the study",
            ("system_id", "dimension_id"),
            (
                _SYSTEM,
                _DIMENSION,
                Column("level", "Level assumed", "integer", minimum=0, maximum=3),
                Column("note", "What would have to happen", required=False),
            ),
            folder=True,
        ),
    )
}


@dataclass(frozen=True, eq=False)  # frames have no single answer to ==
class Study:
    """A study: its tables as data frames, read and checked.

    Integer columns are Int64, the value of a panel is float64, all others are text (``str``); an
    empty cell is missing (`pd.NA` or NaN), never 0 and never an empty string.

    Attributes
    ----------
    systems, dimensions, indicators, swot_factors, stakeholders, benefits, benefit_enablers, sources
        One frame per table of `TABLES`, columns in the order declared, rows as in the file.
    panels, scenarios : dict of str to DataFrame
        By file name without ``.csv``.
    """

    systems: pd.DataFrame
    dimensions: pd.DataFrame
    indicators: pd.DataFrame
    swot_factors: pd.DataFrame
    stakeholders: pd.DataFrame
    benefits: pd.DataFrame
    benefit_enablers: pd.DataFrame
    sources: pd.DataFrame
    panels: dict[str, pd.DataFrame] = field(default_factory=dict)
    scenarios: dict[str, pd.DataFrame] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the eight fixed tables by name, in the order of `TABLES`."""
        return {name: getattr(self, name) for name, t in TABLES.items() if not t.folder}

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables().items())
        return f"Study({rows})"


def data_package(study: Study) -> dict[str, Any]:
    """Describe the files of a study as a Data Package (v2).

    Parameters
    ----------
    study : Study
        Says which panels and scenarios there are; all else comes from `TABLES`.

    Returns
    -------
    dict
        Content of ``datapackage.json``.

    References
    ----------
    Data Package Standard v2.0 (2024), https://datapackage.org.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> data_package(study)["resources"][0]["path"]
    'systems.csv'
    """
    resources = [
        _resource(name, f"{name}.csv", table) for name, table in TABLES.items() if not table.folder
    ]
    for folder, table in TABLES.items():
        if table.folder:
            resources += [
                _resource(f"{folder}.{name}".lower(), f"{folder}/{name}.csv", table)
                for name in getattr(study, folder)
            ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "microcredentials",
        "title": "Integration of microcredentials into education systems",
        "description": "A study for mcanalysis: coded facts and SWOT factors, each with its "
        "source. An empty cell means not assessed, never 0.",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": resources,
    }


def _resource(name: str, path: str, table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    foreign_keys = [
        {
            "fields": [column.name],
            "reference": {
                "resource": column.refers,
                "fields": [TABLES[column.refers].key[0]],
            },
        }
        for column in table.columns
        # the standard knows no keys inside a list and no exceptions
        if column.refers and column.kind != "list" and not column.besides
    ]
    if foreign_keys:
        schema["foreignKeys"] = foreign_keys
    return {
        "name": name,
        "path": path,
        "type": "table",
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.kind == "number":
        constraints["exclusiveMinimum"] = 0
    if column.kind == "id":
        constraints["pattern"] = ID_PATTERN
    if column.kind == "list":
        constraints["pattern"] = f"{ID_PATTERN}(;{ID_PATTERN})*"
    described: dict[str, Any] = {"name": column.name, "description": _described(column)}
    described["type"] = {"integer": "integer", "number": "number", "date": "date"}.get(
        column.kind, "string"
    )
    if column.kind == "url":
        described["format"] = "uri"
    if constraints:
        described["constraints"] = constraints
    return described


def _described(column: Column) -> str:
    besides = f"; or {' or '.join(column.besides)}" if column.besides else ""
    inside = f"; ids of {column.refers}, with ; between" if column.kind == "list" else ""
    return f"{column.meaning}{besides}{inside}"


def column_documentation() -> str:
    """Write the documentation of every table and column as Markdown (``data/COLUMNS.md``).

    Examples
    --------
    >>> column_documentation().splitlines()[0]
    '# Tables and columns of a study'
    """
    lines = [
        "# Tables and columns of a study",
        "",
        "Made from `mcanalysis/model.py`, like `datapackage.json`. Files are UTF-8 CSV with one",
        "header row. An empty cell means not assessed or none, never 0. An id has letters, digits,",
        "`-` and `_` and begins with a letter or digit. Columns marked * must be filled in.",
    ]
    for table in TABLES.values():
        file = f"{table.name}/*.csv" if table.folder else f"{table.name}.csv"
        key = " + ".join(f"`{name}`" for name in table.key)
        lines += ["", f"## {file}", "", f"One row: {_lowered(table.meaning)}. Key: {key}."]
        if table.folder:
            lines += ["", "Optional: a folder with any number of files of this form."]
        lines += ["", "| column | holds | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| `{column.name}`{'*' if column.required else ''} | {_holds(column)} "
            f"| {column.meaning} |"
            for column in table.columns
        ]
    return "\n".join(lines) + "\n"


def _holds(column: Column) -> str:
    if column.kind == "choice":
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.kind == "integer":
        if column.maximum is None:
            return f"whole number, {column.minimum} or more"
        return f"whole number, {column.minimum} to {column.maximum}"
    if column.refers:
        ids = "ids, `;` between them," if column.kind == "list" else "id"
        besides = "".join(f" or `{word}`" for word in column.besides)
        return f"{ids} of {column.refers}{besides}"
    return {
        "number": "number above 0",
        "url": "http or https address",
        "date": "day, YYYY-MM-DD",
    }.get(column.kind, column.kind)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
