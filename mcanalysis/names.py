"""Names of a study's rows as they stand in a sentence, in the language that is spoken."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcanalysis.language import ORIGINAL, phrase, spoken
from mcanalysis.model import TABLES, TRANSLATABLE, Study
from mcanalysis.wording import lower_first, verbatim


class Called(str):
    """A name that knows how it stands in a sentence; a phrase asks for ``{system.of}``.

    Attributes
    ----------
    of, within, to : str
        "of Germany", "in Germany" and "to Germany" where it is the name of a system, else empty.
    """

    of: str
    within: str
    to: str

    def __new__(cls, name: str, of: str = "", within: str = "", to: str = "") -> Called:
        """Make a name with its forms."""
        called = super().__new__(cls, name)
        called.of, called.within, called.to = of, within, to
        return called

    @property
    def inside(self) -> str:
        """The name of a dimension, benefit or group as it stands inside a sentence."""
        return self.lower() if spoken() == "en" else lower_first(self)


_last: list[Any] = []
"""A study and its names."""


class Names:
    """Names of a study's rows by id, as text needs them, in the language that is spoken.

    Where the study has no translation, the name stays as it is.

    Parameters
    ----------
    study : Study

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> names = Names(read_study("data"))
    >>> names.system("NL"), names.in_sentence("NL"), names.in_sentence("NL").within
    ('Netherlands', 'the Netherlands', 'in the Netherlands')
    >>> names.dimension("legislation"), names.dimension("legislation").inside
    ('Legal basis', 'legal basis')
    """

    def __init__(self, study: Study) -> None:
        self._tables = {
            name: getattr(study, name).set_index(TABLES[name].key[0]).to_dict("index")
            for name in TRANSLATABLE
        }
        self._translated = {
            language: dict(
                zip(zip(rows["table"], rows["id"], rows["column"], strict=True), rows["text"],
                    strict=True)
            )
            for language, rows in study.translations.items()
        }  # fmt: skip

    @classmethod
    def of(cls, study: Study) -> Names:
        """Return the names of a study, made once for the one that was asked for last."""
        if not _last or _last[0] is not study:
            _last[:] = [study, cls(study)]
        names: Names = _last[1]
        return names

    def _find(self, table: str, row: str, column: str) -> str | None:
        """Return a translation; None where there is none."""
        found = self._translated.get(spoken(), {}).get((table, row, column))
        return None if found is None else verbatim(str(found))

    def text(self, table: str, row: str, column: str) -> str:
        """Return a text of the study, translated where it is; empty where the cell is.

        Parameters
        ----------
        table, row, column : str
            Name of a table of `TRANSLATABLE`, id of a row and name of a column.
        """
        found = self._find(table, row, column)
        if found is None:
            found = self._tables[table][row][column]
        return "" if pd.isna(found) else verbatim(str(found))

    def system(self, system_id: str) -> str:
        """Name for lists and charts."""
        return self.text("systems", system_id, "short_name")

    def full(self, system_id: str) -> str:
        """Name in full, for titles."""
        return self.text("systems", system_id, "name")

    def in_sentence(self, system_id: str) -> Called:
        """Name with its article, if it has one, and its forms for a sentence."""

        def form(column: str) -> str | None:
            return self._find("systems", system_id, f"name.{column}")

        name, article = self.system(system_id), self._tables["systems"][system_id]["article"]
        if spoken() == ORIGINAL and not pd.isna(article):
            name = f"{verbatim(str(article))} {name}"
        name = form("in_sentence") or name
        return Called(
            name,
            form("of") or phrase("of {name}", name=name),
            form("within") or phrase("in {name}", name=name),
            form("to") or phrase("to {name}", name=name),
        )

    def dimension(self, dimension_id: str) -> Called:
        """Name of a dimension in full."""
        return Called(self.text("dimensions", dimension_id, "name"))

    def short(self, dimension_id: str) -> Called:
        """Name of a dimension for charts."""
        return Called(self.text("dimensions", dimension_id, "short_name"))

    def question(self, dimension_id: str) -> str:
        """Question that the level on a dimension answers."""
        return self.text("dimensions", dimension_id, "question")

    def criterion(self, dimension_id: str, level: int) -> str:
        """Criterion of a level in the coding manual."""
        return self.text("dimensions", dimension_id, f"level_{level}")

    def stakeholder(self, stakeholder_id: str) -> Called:
        """Name of a stakeholder group."""
        return Called(self.text("stakeholders", stakeholder_id, "name"))

    def short_stakeholder(self, stakeholder_id: str) -> Called:
        """Name of a stakeholder group in a word: the last of its name, unless a translator says."""
        short = self._find("stakeholders", stakeholder_id, "short_name")
        return Called(short or self.stakeholder(stakeholder_id).split()[-1].capitalize())

    def benefit(self, benefit_id: str) -> Called:
        """Label of a benefit."""
        return Called(self.text("benefits", benefit_id, "label"))

    def description(self, benefit_id: str) -> str:
        """Benefit in a sentence."""
        return self.text("benefits", benefit_id, "description")

    def theme(self, benefit_id: str) -> Called:
        """Group of related benefits."""
        return Called(self.text("benefits", benefit_id, "theme"))
