"""What can go wrong, and how to mend it.

::

    McAnalysisError
    ├── DataError          a study has problems; all of them are in ``.problems``
    ├── ParameterError     a name or value that a command or notebook does not know
    ├── MethodError        a method cannot be applied to this evidence
    └── ReportError        a report failed; names the notebook and the cell
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a study: what, where, how to mend.

    Attributes
    ----------
    file : str
        File name inside the study, or ``workbook.xlsx, sheet "systems"``.
    row : int or None
        Row as a spreadsheet shows it (the header is row 1); None when the whole file is meant.
    column : str or None
        Column name; None when the whole row is meant.
    value : str or None
        What stands there, as text.
    reason : str
        What is wrong with it, one clause.
    mend : str
        What to do, one sentence.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    reason: str
    mend: str

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column is not None:
            where += f", column {self.column}"
        said = f'"{self.value}" ' if self.value is not None else ""
        return f"{where}: {said}{self.reason}. {self.mend}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the problem as a plain dict, for JSON."""
        return asdict(self)


class McAnalysisError(Exception):
    """Base of everything that mcanalysis raises on purpose."""


class DataError(McAnalysisError):
    """A study has problems.

    Parameters
    ----------
    problems : sequence of Problem
        All problems, in file and row order.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ParameterError(McAnalysisError):
    """A name or value that a command or notebook does not know."""


class MethodError(McAnalysisError):
    """A method cannot be applied to this evidence."""


class ReportError(McAnalysisError):
    """A report failed while its notebook ran."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Name the known word that is most alike, as a sentence to append to a message.

    Capitals do not count: who types "de" means "DE".

    Examples
    --------
    >>> nearest("sytems", ["systems", "seed"])
    ' Did you mean "systems"?'
    >>> nearest("zzz", ["systems"])
    ''
    """
    by_lower = {name.lower(): name for name in known}
    match = difflib.get_close_matches(word.lower(), list(by_lower), n=1)
    return f' Did you mean "{by_lower[match[0]]}"?' if match else ""
