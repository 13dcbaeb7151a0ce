"""Where the tables of a study are: files of a folder, sheets of a workbook, parts of a document.

A table has one name in all: ``systems`` is ``systems.csv`` or the sheet ``systems``, the panel
``panels.delphi`` is ``panels/delphi.csv`` or the sheet ``panels.delphi``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from mcanalysis.errors import Problem, nearest
from mcanalysis.language import LANGUAGES, ORIGINAL
from mcanalysis.model import ID_PATTERN, TABLES, Table
from mcanalysis.study.cells import Cells
from mcanalysis.study.files import read_csv
from mcanalysis.study.linked import read_linked, table_in
from mcanalysis.study.workbook import read_workbook

FIXED = [name for name, table in TABLES.items() if not table.folder]
FOLDERS = [name for name, table in TABLES.items() if table.folder]
TRANSLATED = [code for code in LANGUAGES if code != ORIGINAL]

_STUDY = (
    f"A study is a folder with {', '.join(f'{name}.csv' for name in FIXED)}, "
    "or an .xlsx workbook with a sheet for each, or the .jsonld that mcanalysis export writes."
)


def table_of(name: str) -> Table:
    """Find the form of a table of a study.

    Examples
    --------
    >>> table_of("panels.delphi").name
    'panels'
    """
    return TABLES[name.partition(".")[0]]


def where(name: str, path: Path) -> str:
    """Name a table of the study at a path as messages name it.

    Examples
    --------
    >>> where("panels.delphi", Path("data")), where("systems", Path("data.xlsx"))
    ('panels/delphi.csv', 'data.xlsx, sheet "systems"')
    """
    if is_workbook(path):
        return f'{path.name}, sheet "{name}"'
    if is_linked(path):
        return table_in(path, name)
    return f"{name.replace('.', '/', 1)}.csv"


def is_workbook(path: Path) -> bool:
    """Tell whether a path means a workbook, not a folder."""
    return path.suffix.lower() == ".xlsx" and not path.is_dir()


def is_linked(path: Path) -> bool:
    """Tell whether a path means a JSON-LD document, not a folder."""
    return path.suffix.lower() == ".jsonld" and not path.is_dir()


def table_files(folder: Path) -> dict[str, Path]:
    """List the files with tables in a folder, in the order of `TABLES`, by name of the table."""
    files = {name: folder / f"{name}.csv" for name in FIXED}
    for name in FOLDERS:
        inside = sorted((folder / name).glob("*.csv"))
        files |= {f"{name}.{file.stem}": file for file in inside if file.name[0] != "."}
    return {name: file for name, file in files.items() if file.is_file()}


def open_tables(path: Path) -> tuple[dict[str, Cells], list[Problem]]:
    """Read the cells of every table of a study.

    Parameters
    ----------
    path : Path
        A folder, a workbook or a JSON-LD document.

    Returns
    -------
    cells : dict of str to Cells
        By name of the table, in the order of `TABLES`; a table that is missing holds that problem.
        Empty where there is no study.
    problems : list of Problem
        What is wrong with the place itself and the names in it.
    """
    problem = no_study(path)
    if problem:
        return {}, [problem]
    if path.is_file():
        found = read_linked(path) if is_linked(path) else read_workbook(path, _is_table)
        if "" in found:
            return {}, list(found[""].problems)
        others = {name: name for name in found if not _is_table(name)}
        if not found.keys() & FIXED:
            hint = _nearest_table(next(iter(others), ""))
            reason = f"has no {'table' if is_linked(path) else 'sheet that is a table'}"
            return {}, [_wrong(path.name, reason, f"{hint} {_STUDY}")]
    else:
        files = table_files(path)
        found = {
            name: read_csv(file, where(name, path), table_of(name).column_names)
            for name, file in files.items()
        }
        others = {file.name: file.stem for file in sorted(path.iterdir()) if _is_stray(file)}
    cells = {name: found.get(name) or _missing(name, path) for name in FIXED}
    for folder in FOLDERS:
        cells |= {name: found[name] for name in sorted(found) if name.startswith(f"{folder}.")}
    problems = [
        _wrong(
            where(other, path) if path.is_file() else other,
            "is not a table of a study, but nearly has the name of one",
            f"{hint} Rename it, or take it out of the study.",
        )
        for other, stem in others.items()
        if (hint := _nearest_table(stem))
    ]
    return cells, problems + bad_names(cells, path)


def no_study(path: Path) -> Problem | None:
    """Say why there is no study at a path, if there is none."""
    name = str(path)
    if not path.exists():
        siblings = path.parent.iterdir() if path.parent.is_dir() else ()
        hint = nearest(path.name, sorted(place.name for place in siblings))
        return _wrong(name, "does not exist", f"{hint} {_STUDY}")
    if path.is_dir():
        try:
            places = sorted(path.iterdir())
        except OSError as error:
            return _wrong(name, f"cannot be read ({error.strerror})", "Make the folder readable.")
        if table_files(path).keys() & FIXED:
            return None
        inside = [place for place in places if place.is_dir() and table_files(place).keys() & FIXED]
        if table_files(path.parent).keys() & FIXED:
            inside.append(path.parent)
        hint = f'Did you mean "{inside[0]}"?' if inside else ""
        return _wrong(name, "is not a study: it holds none of the tables", f"{hint} {_STUDY}")
    if is_workbook(path) or is_linked(path):
        return None
    hint = f'Did you mean "{path.parent}"?' if table_files(path.parent).keys() & FIXED else ""
    if path.suffix.lower() in (".xls", ".xlsm", ".xlsb", ".ods"):
        hint = "Save it as .xlsx."
    reason = "is neither a folder nor an .xlsx workbook nor a .jsonld document"
    return _wrong(name, reason, f"{hint} {_STUDY}")


def bad_names(names: Iterable[str], path: Path) -> list[Problem]:
    """Find panels and scenarios whose names are no ids, translations to no known language."""
    problems = []
    taken: dict[str, str] = {}
    for name in names:
        _, dot, rest = name.partition(".")
        if (other := taken.setdefault(name.casefold(), name)) != name:
            reason = f'differs from "{other}" only in capitals, which many systems ignore'
            problems.append(_wrong(where(name, path), reason, "Rename one of the two."))
        if dot and not re.fullmatch(ID_PATTERN, rest):
            reason = f'is named "{rest}", which is not an id'
            mend = "Rename it with letters, digits, - and _: commands ask for it by that name."
            problems.append(_wrong(where(name, path), reason, mend))
        elif dot and name.startswith("translations.") and rest not in TRANSLATED:
            reason = f'is named "{rest}", which is no language that pages are translated to'
            mend = f"Rename it; it can be one of: {', '.join(TRANSLATED)}."
            problems.append(_wrong(where(name, path), reason, mend))
    return problems


def _is_table(name: str) -> bool:
    folder, dot, _ = name.partition(".")
    return folder in FOLDERS if dot else name in FIXED


def _is_stray(place: Path) -> bool:
    """Tell whether a file or folder could be taken for a table and is none."""
    if place.name[0] in ".~":
        return False
    if place.is_dir():
        return place.name not in FOLDERS
    suffix = place.suffix.lower()
    if suffix not in (".csv", ".tsv", ".txt", ".xlsx"):
        return False
    return place.suffix != ".csv" or place.stem not in FIXED


def _nearest_table(name: str) -> str:
    return nearest(name.casefold(), TABLES).strip()


def _missing(name: str, path: Path) -> Cells:
    row = "Its records have" if is_linked(path) else "Its first row is"
    mend = f"Add it. {row} {','.join(table_of(name).column_names)}."
    reason = f"is missing from {path.name or path}"
    problem = _wrong(where(name, path), reason, mend)
    return Cells(where(name, path), problems=(problem,), complete=False)


def _wrong(place: str, reason: str, mend: str) -> Problem:
    return Problem(place, None, None, None, reason, mend.strip())
