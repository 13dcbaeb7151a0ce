"""The tables of a study, declared once.

Checks (`study.py`), the package descriptor (`data/datapackage.json`), the column documentation
(`data/COLUMNS.md`) and the workbook all come from `TABLES`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from mcanalysis.display import Card, Shown

Kind = Literal["id", "text", "integer", "number", "choice", "list", "url", "date"]

LEVELS = (0, 1, 2, 3)
CONFIDENCES = ("high", "medium", "low")
QUADRANTS = ("strength", "weakness", "opportunity", "threat")
ANALYST_JUDGEMENT = "analyst-judgement"
ID_PATTERN = "[A-Za-z0-9][A-Za-z0-9_-]*"
_FORMS = ("name.in_sentence", "name.of", "name.within", "name.to")
TRANSLATABLE = {
    "systems": ("name", "short_name", *_FORMS, "evidence_scope", "note"),
    "dimensions": ("name", "short_name", "question", *(f"level_{level}" for level in LEVELS)),
    "stakeholders": ("name", "short_name", "description"),
    "benefits": ("label", "description", "theme"),
}
"""What a study may give in other languages: names of its tables and their columns, and how the name
of a system stands in a sentence; evidence stays in its own."""


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
        True for ``panels``, ``scenarios`` and ``translations``: a folder with any number of files.
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
        Table(
            "translations",
            "A text of another table in the language that names the file",
            ("table", "id", "column"),
            (
                Column("table", "Table that has the text", "choice", choices=(*TRANSLATABLE,)),
                Column("id", "Id of the row there", "id"),
                Column(
                    "column",
                    "Column there; of a system also its name inside a sentence: `the Netherlands`, "
                    "`of the Netherlands`, `in the Netherlands`, `to the Netherlands`",
                    "choice",
                    choices=tuple(dict.fromkeys(c for some in TRANSLATABLE.values() for c in some)),
                ),
                Column("text", "The text in that language"),
            ),
            folder=True,
        ),
    )
}


@dataclass(frozen=True, eq=False, repr=False)  # frames have no single answer to ==
class Study(Shown):
    """A study: its tables as data frames, read and checked.

    Integer columns are Int64, the value of a panel is float64, all others are text (``str``); an
    empty cell is missing (`pd.NA` or NaN), never 0 and never an empty string.

    Attributes
    ----------
    systems, dimensions, indicators, swot_factors, stakeholders, benefits, benefit_enablers, sources
        One frame per table of `TABLES`, columns in the order declared, rows as in the file.
    panels, scenarios, translations : dict of str to DataFrame
        By file name without ``.csv``; translations by the code of their language.
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
    translations: dict[str, pd.DataFrame] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the eight fixed tables by name, in the order of `TABLES`."""
        return {name: getattr(self, name) for name, t in TABLES.items() if not t.folder}

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables().items())
        return f"Study({rows})"

    def _card(self) -> Card:
        years = self.indicators["year"].dropna()
        rows = {
            name.replace("_", " "): f"{len(frame)} rows" for name, frame in self.tables().items()
        }
        if len(years):
            rows["indicators"] += f", {years.min()} to {years.max()}"
        more = {name: ", ".join(getattr(self, name)) or "none" for name in ("panels", "scenarios")}
        return Card("A study", {**rows, **more})
