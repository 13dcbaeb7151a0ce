"""A workspace of one's own: a study to fill in, its workbook, the notebooks, the catalogue."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from mcanalysis.errors import McAnalysisError, ParameterError, nearest
from mcanalysis.model import ANALYST_JUDGEMENT, TABLES, Study
from mcanalysis.study import column_documentation, read_study, write_study

_AT_ONCE = 60.0  # seconds; a copy or a checkout gives files times that say nothing
_OTHER_FORMS = (".csv", ".tsv", ".txt", ".json", ".zip", ".xls", ".xlsm", ".xlsb", ".ods")

_README = """\
# A study of one's own

Made by `mcanalysis new`. {holds}

| what | is |
| --- | --- |
| `data/` | the study: a table a file, columns in `data/COLUMNS.md`; also a Data Package |
| `data.xlsx` | the same as a workbook, with drop-downs and a sheet on how to fill it in |
| `notebooks/` | one for each kind of page, and `workbench.ipynb` to start from in JupyterLab |
| `reports.toml` | which pages are made, from which notebook, for what each of |
| `reports/` | the pages, once they are made |

## Fill it in

Work in **one** of the two, the tables or the workbook: commands read `data/` unless `--study`
says otherwise.

- Tables: edit `data/*.csv` in a text editor or a spreadsheet.
- Workbook: fill in `data.xlsx`, check it, and take it over into `data/`:

      mcanalysis --study data.xlsx check
      mcanalysis --study data.xlsx export data --force

First `sources.csv`: every fact names the page it comes from. Then `systems.csv`, one row each;
then `indicators.csv`, the highest level of `dimensions.csv` that the fact meets; then
`swot_factors.csv`. What was not found is left out: a missing row means "not assessed", never
level 0. A system needs evidence on 8 dimensions to be ranked; below that its page tells what is
known.

## Use it

    mcanalysis check              every problem at once, with row, column and how to mend it
    mcanalysis report             all pages; open reports/index.html
    mcanalysis why SYSTEM         the rows and sources behind a figure
    mcanalysis export study.xlsx  to pass the study on (also .jsonld, or a folder)
    mcanalysis doctor             when something does not work

## Where the rows come from

{rows} are those that ship with mcanalysis {version}; `data/SHIPPED.md` says how they were coded.
They are under CC BY 4.0: name their origin when you pass them on. A panel or scenario that came
along is an illustration, not evidence. Your own rows are yours: `data/datapackage.json` names the
licence of the whole, and what you change there above `resources` is kept.
"""
_MANUAL = "Dimensions, stakeholders, benefits and what they depend on"


def shipped() -> Path:
    """Find the folder with the study, notebooks and catalogue that come with this package.

    Returns
    -------
    Path
        Inside an installed package, or the root of the repository.

    Raises
    ------
    McAnalysisError
        If neither is there.

    Examples
    --------
    >>> (shipped() / "reports.toml").is_file()
    True
    """
    package = Path(__file__).parent
    for place in (package / "shipped", package.parent):
        if (place / "data" / "systems.csv").is_file() and (place / "reports.toml").is_file():
            return place
    raise McAnalysisError(
        "The study that ships with mcanalysis is not in this installation. Install it again."
    )


def keep_systems(study: Study, systems: Sequence[str]) -> Study:
    """Reduce a study to some systems, in the order of the study.

    Parameters
    ----------
    study : Study
    systems : sequence of str
        Ids; none at all leaves the coding manual, stakeholders and benefits.

    Returns
    -------
    Study
        Without the evidence, judgements, assumed levels and translated names of other systems,
        without scenarios that are empty then, and without sources that nothing cites any more;
        without systems there are no panels.

    Raises
    ------
    ParameterError
        If a system is unknown, with the nearest.

    Examples
    --------
    >>> some = keep_systems(read_study("data"), ["IE", "DE"])
    >>> some.systems["system_id"].tolist(), len(some.sources) < 334
    (['DE', 'IE'], True)
    """
    known = study.systems["system_id"].tolist()
    problems = [
        f'There is no system "{one}".{nearest(one, known)} It can be: {", ".join(known)}.'
        for one in systems
        if one not in known
    ]
    if problems:
        raise ParameterError("\n".join(problems))
    others = set(known) - set(systems)
    of_others = {
        name: frame.loc[~frame["system_id"].isin(others)].reset_index(drop=True)
        for name, frame in study.tables().items()
        if "system_id" in frame
    }
    panels = {
        name: frame.loc[~frame["topic"].isin(others)].reset_index(drop=True)
        for name, frame in study.panels.items()
        if systems
    }
    scenarios = {
        name: some.reset_index(drop=True)
        for name, frame in study.scenarios.items()
        if len(some := frame.loc[~frame["system_id"].isin(others)])
    }
    translations = {
        language: rows.loc[(rows["table"] != "systems") | ~rows["id"].isin(others)].reset_index(
            drop=True
        )
        for language, rows in study.translations.items()
    }
    kept = replace(
        study, panels=panels, scenarios=scenarios, translations=translations, **of_others
    )
    cited: set[str] = {
        source
        for name, frame in kept.tables().items()
        for column in TABLES[name].columns
        if column.refers == "sources"
        for source in frame[column.name].dropna()
    }
    used = kept.sources["source_id"].isin(cited - {ANALYST_JUDGEMENT})
    return replace(kept, sources=kept.sources.loc[used].reset_index(drop=True))


def start_workspace(folder: Path, systems: Sequence[str] | None = None) -> Study:
    """Make a folder with a study to fill in, its workbook, notebooks and ``reports.toml``.

    Everything is made beside and moved into place at the end.

    Parameters
    ----------
    folder : Path
        New, or empty but for hidden files.
    systems : sequence of str, optional
        Ids of shipped systems that come along with their evidence; by default all.

    Returns
    -------
    Study
        What it holds.

    Raises
    ------
    ParameterError
        If the folder is not empty, or a system is unknown.
    McAnalysisError
        If it cannot be written.
    """
    _refuse_full(folder)
    source = shipped()
    study = read_study(source / "data")
    if systems is not None:
        study = keep_systems(study, systems)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as aside:
            _fill(Path(aside), source, study, systems)
            for made in sorted(Path(aside).iterdir()):
                os.replace(made, folder / made.name)
    except OSError as error:
        raise McAnalysisError(
            f"{folder} cannot be written ({error.strerror}). Choose a place that you may write to."
        ) from error
    return study


def _refuse_full(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ParameterError(f"{folder} is a file. Name a folder that is new or empty.")
    try:
        inside = sorted(p.name for p in folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise McAnalysisError(
            f"{folder} cannot be read ({error.strerror}). Name another folder."
        ) from error
    # a folder with .git or .venv alone is one that somebody has just set up
    inside = [name for name in inside if not name.startswith(".")]
    if inside:
        more = f" and {len(inside) - 3} more" if len(inside) > 3 else ""
        raise ParameterError(
            f"{folder} is not empty: it holds {', '.join(inside[:3])}{more}. "
            "Name a folder that is new or empty; nothing was written."
        )


def _fill(place: Path, source: Path, study: Study, systems: Sequence[str] | None) -> None:
    from mcanalysis import __version__

    data = place / "data"
    # the workbook first: it is not newer than the tables
    write_study(study, place / "data.xlsx", unfinished=True)
    write_study(study, data, unfinished=True)
    (data / "COLUMNS.md").write_text(column_documentation(), encoding="utf-8", newline="\n")
    shutil.copyfile(source / "data" / "README.md", data / "SHIPPED.md")
    shutil.copyfile(source / "reports.toml", place / "reports.toml")
    (place / "notebooks").mkdir()
    for notebook in sorted((source / "notebooks").glob("*.ipynb")):
        text = notebook.read_text(encoding="utf-8")
        if systems:
            text = with_defaults(text, study.systems["system_id"].tolist())
        (place / "notebooks" / notebook.name).write_text(text, encoding="utf-8", newline="\n")
    n = len(study.systems)
    holds = (
        f"It holds {n} system{'s' * (n != 1)} with the evidence that ships, to edit or replace."
        if n
        else "It holds the coding manual, stakeholders and benefits; systems and evidence are "
        "yours to add."
    )
    rows = f"{_MANUAL}, and the evidence," if n else _MANUAL
    readme = _README.format(holds=holds, rows=rows, version=__version__)
    (place / "README.md").write_text(readme, encoding="utf-8", newline="\n")


def with_defaults(notebook: str, systems: Sequence[str]) -> str:
    """Let a notebook's parameters ``system`` and ``beside`` begin with systems that are there.

    Parameters
    ----------
    notebook : str
        JSON of the notebook.
    systems : sequence of str
        Ids, at least one.

    Returns
    -------
    str
        JSON of the notebook; the same where it has no such parameters.
    """
    content: dict[str, Any] = json.loads(notebook)
    for cell in content["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            text = "".join(cell["source"])
            for name, value in (("system: str", systems[0]), ("beside: list[str]", systems[1:4])):
                given = f"{name} = {json.dumps(value)}"
                text = re.sub(rf"(?m)^{re.escape(name)} = [^#\n]*?(?=\s*(#|$))", given, text)
            cell["source"] = text.splitlines(keepends=True)
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def export_study(study: Study, target: Path, *, force: bool = False) -> int:
    """Write a study where and as the name of the target says.

    Parameters
    ----------
    study : Study
    target : Path
        ``….xlsx``: a workbook; ``….jsonld``: linked data; else a folder of CSV files that is a Data
        Package. `mcanalysis.study.read_study` reads each of them back without loss.
    force : bool
        Replace what is there.

    Returns
    -------
    int
        Number of rows written.

    Raises
    ------
    ParameterError
        If the ending means another form, or something is there and `force` is not given.
    DataError
        If the study cannot be written so that it reads back as it is.
    """
    if target.suffix.lower() in _OTHER_FORMS and not target.is_dir():
        raise ParameterError(
            f'A study is not written as "{target.suffix}". Name a file that ends in .xlsx or '
            ".jsonld, or a folder for CSV files and their Data Package."
        )
    if not force and (target.is_file() or (target.is_dir() and any(target.iterdir()))):
        raise ParameterError(f"{target} is there already. Name another place, or add --force.")
    write_study(study, target)
    frames: list[pd.DataFrame] = [
        *study.tables().values(),
        *study.panels.values(),
        *study.scenarios.values(),
        *study.translations.values(),
    ]
    return sum(map(len, frames))


def newer_workbook(study: Path) -> str:
    """Say so if the workbook beside a study folder was changed after the tables in it.

    Who fills in ``data.xlsx`` and forgets to take it over would wait for pages to change.

    Examples
    --------
    >>> newer_workbook(Path("data"))
    ''
    """
    book = study.with_suffix(".xlsx")
    if not (study.is_dir() and book.is_file()):
        return ""
    newest = max((f.stat().st_mtime for f in study.rglob("*.csv")), default=0.0)
    if book.stat().st_mtime <= newest + _AT_ONCE:
        return ""
    return (
        f"{book} was changed after {study}, which is what is read. To take it over: "
        f"mcanalysis --study {book} export {study} --force"
    )
