"""What of a study a page can show; the rest may change without the page being made again.

A notebook may read anything, so a page goes by the whole study. One that only asks functions of
`mcanalysis.tables` about its own system goes by less: its ranks follow the levels of all systems,
but of statements and factors it shows its own and those it cites.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mcanalysis.frames import each_indexed
from mcanalysis.model import Study

TEXTS = ["statement", "source_id", "locator"]
"""Columns of an indicator that are shown and that no result follows from."""
_ASKED = ["a", "system"]


class Reach:
    """Digests of the parts of a study.

    Parameters
    ----------
    study : Study
    digests : dict
        Table file -> SHA-256, from `study_digests`.
    """

    def __init__(self, study: Study, digests: Mapping[str, str]) -> None:
        parts = study.tables()
        indicators, factors = parts.pop("indicators"), parts.pop("swot_factors")
        sources = parts.pop("sources")
        self._all = dict(digests)
        self._panels, self._translations = study.panels, study.translations
        self._numbers = [_digest(frame) for frame in parts.values()]
        self._numbers += [_digest(indicators.drop(columns=TEXTS)), _digest(sources["source_id"])]
        self._own = {
            system: [_digest(t[t["system_id"] == system]) for t in (indicators, factors)]
            for system in study.systems["system_id"]
        }
        texts = indicators[["system_id", "dimension_id", "year", *TEXTS]]
        citing = dict(iter(texts.groupby("source_id")))
        self._cited = {
            str(source): [_digest(row), _digest(citing.get(source))]
            for source, row in each_indexed(sources.set_index("source_id"))
        }

    def all_of(self, parameters: Mapping[str, Any], system: str | None) -> list[Any]:
        """Return what a page goes by before it is known what it cites.

        Parameters
        ----------
        parameters : dict
            Of its notebook.
        system : str or None
            The system that it is about; None for a page that may show anything.
        """
        language = str(parameters.get("language"))
        if system is None:
            return [of_language(self._all, language)]
        panel = self._panels.get(parameters.get("panel") or "")
        names = self._translations.get(language)
        return [self._numbers, self._own[system], _digest(panel), _digest(names)]

    def cited(self, system: str | None, sources: Iterable[str]) -> str | None:
        """Return the digest of the sources that a page cites, with all rows that rest on them."""
        if system is None:
            return None
        return _sha([self._cited.get(source) for source in sources])


def of_language(files: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Leave out the translations to other languages, by name of a file: a page shows none of them.

    Examples
    --------
    >>> of_language({"systems.csv": 1, "translations/de.csv": 2, "translations/fr.csv": 3}, "de")
    {'systems.csv': 1, 'translations/de.csv': 2}
    """
    own = f"translations/{language}.csv"
    return {n: v for n, v in files.items() if not n.startswith("translations/") or n == own}


def asks_about_one_system(notebook: Path) -> bool:
    """Tell whether a notebook only shows what `mcanalysis.tables` says of its system.

    Parameters
    ----------
    notebook : Path

    Examples
    --------
    >>> [asks_about_one_system(Path(f"notebooks/{n}.ipynb")) for n in ("country", "comparison")]
    [True, False]
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return all(
        _is_parameters(c) or _only_asks("".join(c["source"]))
        for c in cells
        if c["cell_type"] == "code"
    )


def _is_parameters(cell: Mapping[str, Any]) -> bool:
    return "parameters" in cell.get("metadata", {}).get("tags", [])


def _only_asks(code: str) -> bool:
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return False
    return all(_asks(s.value) if isinstance(s, ast.Expr) else _prepares(s) for s in body)


def _asks(value: ast.expr) -> bool:
    """Tell whether an expression is ``tables.some_function(a, system)`` or sets the language."""
    return ast.unparse(value) == "speak(language)" or (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and ast.unparse(value.func.value) == "tables"
        and [ast.unparse(given) for given in value.args] == _ASKED
        and not value.keywords
    )


def _prepares(statement: ast.stmt) -> bool:
    """Tell whether a statement imports from the package or analyses the study."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "mcanalysis"
    return isinstance(statement, ast.Assign) and ast.unparse(statement).startswith(
        "a = analyse(read_study(study), "
    )


def _digest(value: pd.DataFrame | pd.Series | None) -> str:
    return _sha(None if value is None else value.to_csv())


def _sha(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
