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

import numpy as np
import pandas as pd

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
        texts = indicators[["system_id", "dimension_id", "year", *TEXTS]]
        self._all = dict(digests)
        self._panels = {name: _digest(frame) for name, frame in study.panels.items()}
        self._names = {code: _digest(frame) for code, frame in study.translations.items()}
        self._numbers = [_digest(frame) for frame in parts.values()]
        self._numbers += [_digest(indicators.drop(columns=TEXTS)), _digest(sources[["source_id"]])]
        own = [_by(table, "system_id") for table in (indicators, factors)]
        self._own = {s: [some.get(s) for some in own] for s in study.systems["system_id"]}
        said, citing = _by(sources, "source_id"), _by(texts, "source_id")
        self._cited = {source: [said[source], citing.get(source)] for source in said}

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
        return [self._numbers, self._own[system], panel, self._names.get(language)]

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


def _rows(frame: pd.DataFrame) -> np.ndarray:
    """Return a number for each row that tells its cells."""
    return pd.util.hash_pandas_object(frame, index=False).to_numpy()


def _digest(frame: pd.DataFrame) -> str:
    return hashlib.sha256(_rows(frame).tobytes()).hexdigest()


def _by(frame: pd.DataFrame, column: str) -> dict[str, str]:
    """Return id -> digest of the rows that have it, in their order."""
    rows = _rows(frame)
    return {
        str(one): hashlib.sha256(rows[at].tobytes()).hexdigest()
        for one, at in frame.groupby(column).indices.items()
    }


def _sha(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
