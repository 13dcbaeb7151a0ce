"""A folder of CSV files, a workbook or JSON-LD to a `Study` and back; all its problems at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.errors import DataError, Problem
from mcanalysis.model import Column, Study
from mcanalysis.study.cells import Cells, Coded, coded, trim
from mcanalysis.study.checks import Values, check_cells
from mcanalysis.study.descriptor import data_package
from mcanalysis.study.files import replacing, write_csv
from mcanalysis.study.kinds import shown
from mcanalysis.study.linked import write_linked
from mcanalysis.study.places import (
    FIXED,
    FOLDERS,
    bad_names,
    is_linked,
    is_workbook,
    no_study,
    open_tables,
    table_files,
    table_of,
    where,
)
from mcanalysis.study.workbook import LONGEST_CELL, LONGEST_NAME, MOST_ROWS, write_workbook

# NaN is the missing text of pandas 3; said in full, pandas 2.3 makes the same columns
TEXT = pd.StringDtype(na_value=np.nan)

Content = dict[str, tuple[list[str], list[list[str]]]]  # by table: header, columns of text


def read_study(path: str | Path = "data") -> Study:
    """Read a study from a folder of CSV files, an ``.xlsx`` workbook or a ``.jsonld`` document.

    Parameters
    ----------
    path : str or Path
        A folder with ``systems.csv``, ``dimensions.csv``, …, or a workbook with one sheet per
        table; panels and scenarios are ``panels/NAME.csv`` or sheets ``panels.NAME``. Or a document
        that `write_study` wrote.

    Returns
    -------
    Study
        Every table, its columns in the order of `TABLES`, its rows as in the file. Blanks at the
        ends of a cell are cut; a cell without content is missing.

    Raises
    ------
    DataError
        If the study has problems; all of them are in ``.problems``.

    Examples
    --------
    >>> study = read_study("data")
    >>> study.systems.loc[study.systems["system_id"] == "DE", "name"].item()
    'Germany'
    """
    sheets, problems = open_tables(Path(path))
    found, values = check_cells(sheets, {name: table_of(name) for name in sheets})
    problems += found
    if problems:
        raise DataError(problems)
    return _study(values)


def check_study(path: str | Path) -> list[Problem]:
    """Find every problem of a study in one pass.

    Parameters
    ----------
    path : str or Path
        As for `read_study`.

    Returns
    -------
    list of Problem
        In the order of the tables, their rows and columns; empty when the study is fine.

    Examples
    --------
    >>> check_study("data")
    []
    """
    try:
        read_study(path)
    except DataError as error:
        return list(error.problems)
    return []


def study_of(frames: Mapping[str, pd.DataFrame], path: str | Path = "study") -> Study:
    """Make a study of frames whose cells may still be text, as typed into a form.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        By name of the table; a panel or scenario is ``panels.NAME`` or ``scenarios.NAME``.
    path : str or Path
        How problems name the place: a folder, or a workbook.

    Returns
    -------
    Study

    Raises
    ------
    DataError
        If there are problems; all of them are in ``.problems``.

    Examples
    --------
    >>> study = read_study("data")
    >>> len(study_of(study_frames(study)).systems) == len(study.systems)
    True
    """
    target = Path(path)
    sheets = {name: _cells(where(name, target), frame) for name, frame in frames.items()}
    problems, values = check_cells(sheets, {name: table_of(name) for name in sheets})
    problems += bad_names(sheets, target)
    if problems:
        raise DataError(problems)
    return _study(values)


def study_frames(study: Study) -> dict[str, pd.DataFrame]:
    """Return all frames of a study, under the names that their sheets have in a workbook.

    Examples
    --------
    >>> list(study_frames(read_study("data")))[-1]
    'translations.fr'
    """
    return dict(_frames(study))


def write_study(study: Study, path: str | Path, *, unfinished: bool = False) -> None:
    """Write a study so that reading it gives the same study.

    Files are written to the side and moved into place when all of them are complete.

    Parameters
    ----------
    study : Study
        What to write. Blanks at the ends of a text are cut, as `read_study` does.
    path : str or Path
        A folder, made if need be, which also gets ``datapackage.json`` (what one there says above
        its resources, such as title and licences, is kept); or a file that ends in
        ``.xlsx`` (a workbook that is also a form, with drop-downs) or ``.jsonld`` (linked data).
    unfinished : bool
        Let it be a study to fill in, which has no systems or indicators yet.

    Raises
    ------
    DataError
        If the study has problems or could not be read back as it is; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> study = read_study("data")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_study(study, f"{folder}/mine.xlsx")
    ...     len(read_study(f"{folder}/mine.xlsx").sources) == len(study.sources)
    True
    """
    target = Path(path)
    sheets = {name: _cells(where(name, target), frame) for name, frame in _frames(study)}
    tables = {name: table_of(name) for name in sheets}
    problems, values = check_cells(sheets, tables, unfinished=unfinished)
    problems += bad_names(sheets, target)
    if is_workbook(target):
        problems += _too_large(sheets)
    elif not is_linked(target):
        problems += _left_behind(study, target)
    if problems:
        raise DataError(problems)
    content: Content = {
        name: (table_of(name).column_names, [_texts(column) for column in columns.values()])
        for name, columns in values.items()
    }
    try:
        if is_workbook(target) or is_linked(target):
            _write_file(target, content)
        else:
            _write_folder(target, content, data_package(study) | _said_before(target))
    except OSError as error:
        reason = f"cannot be written ({error.strerror})"
        mend = "Choose a place that you may write to."
        raise DataError([Problem(str(target), None, None, None, reason, mend)]) from error


def study_digests(path: str | Path) -> dict[str, str]:
    """Compute the SHA-256 of each file that makes a study.

    Parameters
    ----------
    path : str or Path
        As for `read_study`.

    Returns
    -------
    dict of str to str
        Hexadecimal digest by file name inside the study (``panels/delphi.csv``); a workbook is one.

    Raises
    ------
    DataError
        If there is no study at `path`.

    Examples
    --------
    >>> sorted(study_digests("data"))[:2]
    ['benefit_enablers.csv', 'benefits.csv']
    """
    place = Path(path)
    problem = no_study(place)
    if problem:
        raise DataError([problem])
    files = table_files(place) if place.is_dir() else {}
    names = {where(name, place): file for name, file in files.items()} or {place.name: place}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in names.items()}


def _frames(study: Study) -> Iterator[tuple[str, pd.DataFrame]]:
    """Go through all frames of a study, under the names that their sheets have in a workbook."""
    yield from study.tables().items()
    for folder in FOLDERS:
        for name, frame in getattr(study, folder).items():
            yield f"{folder}.{name}", frame


def _study(values: dict[str, Values]) -> Study:
    """Make data frames of checked values."""
    frames = {
        name: pd.DataFrame({c.name: _series(c, columns[c.name]) for c in table_of(name).columns})
        for name, columns in values.items()
    }
    inside: dict[str, dict[str, pd.DataFrame]] = {
        folder: {
            name.removeprefix(f"{folder}."): frame
            for name, frame in frames.items()
            if name.startswith(f"{folder}.")
        }
        for folder in FOLDERS
    }
    return Study(**{name: frames[name] for name in FIXED}, **inside)  # type: ignore[arg-type]


def _series(column: Column, cells: Coded) -> Any:
    dtype: Any = {"integer": "Int64", "number": "float64"}.get(column.kind, TEXT)
    return pd.Series(cells.values, dtype=dtype).array.take(cells.codes)


def _cells(where: str, frame: pd.DataFrame) -> Cells:
    """Write a frame as the cells that a file of it would have."""
    columns = [coded([_plain(value) for value in frame[name].astype(object)]) for name in frame]
    rows = np.arange(2, len(frame) + 2)
    return Cells(where, header=tuple(map(str, frame.columns)), rows=rows, columns=tuple(columns))


def _plain(value: Any) -> str:
    """Write a value of a frame as the text of a cell."""
    if isinstance(value, str):
        return trim(value)
    if pd.isna(value):
        return ""
    return repr(float(value)).removesuffix(".0") if isinstance(value, float) else str(value)


def _texts(column: Coded) -> list[str]:
    texts = np.array([_plain(value) for value in column.values], dtype=object)
    return texts[column.codes].tolist()  # type: ignore[no-any-return]


def _too_large(sheets: dict[str, Cells]) -> Iterator[Problem]:
    """Find what a workbook has no room for."""
    mend = "Write the study to a folder."
    for name, sheet in sheets.items():
        if len(name) > LONGEST_NAME:
            yield Problem(sheet.where, None, None, name, "is too long for a sheet", mend)
        if len(sheet.rows) >= MOST_ROWS:
            yield Problem(sheet.where, None, None, None, "has too many rows for a sheet", mend)
        for title, column in zip(sheet.header, sheet.columns, strict=True):
            for code, text in enumerate(column.values):
                if len(text) > LONGEST_CELL:
                    row = int(sheet.rows[np.flatnonzero(column.codes == code)[0]])
                    reason = f"has {len(text):,} characters; a workbook holds {LONGEST_CELL:,}"
                    yield Problem(sheet.where, row, title, shown(text), reason, mend)


def _write_file(target: Path, content: Content) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with replacing(target) as aside:
        if is_linked(target):
            write_linked(aside, content)
            return
        write_workbook(aside, content, {name: table_of(name) for name in content})


def _write_folder(target: Path, content: Content, package: dict[str, Any]) -> None:
    with ExitStack() as all_or_nothing:
        for name, (header, columns) in content.items():
            file = target / where(name, target)
            file.parent.mkdir(parents=True, exist_ok=True)
            aside = all_or_nothing.enter_context(replacing(file))
            with aside.open("w", encoding="utf-8", newline="") as text:
                write_csv(text, header, columns)
        aside = all_or_nothing.enter_context(replacing(target / "datapackage.json"))
        text_of_package = json.dumps(package, indent=2, ensure_ascii=False)
        aside.write_text(f"{text_of_package}\n", encoding="utf-8", newline="\n")


def _said_before(folder: Path) -> dict[str, Any]:
    """Read what a descriptor that is there says of the whole: its title, its licences."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(package, dict):
        return {}
    return {key: said for key, said in package.items() if key not in ("$schema", "resources")}


def _left_behind(study: Study, folder: Path) -> Iterator[Problem]:
    """Find panels and scenarios that would join the study where it is written."""
    ours = {name for name, _ in _frames(study)}
    for name in table_files(folder):
        if name not in ours:
            reason = "is there already and does not belong to the study that is written"
            mend = "Remove it, or write to another folder."
            yield Problem(where(name, folder), None, None, None, reason, mend)
