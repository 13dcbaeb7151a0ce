"""The parameters that a notebook declares, and the values that they take."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcanalysis.errors import ParameterError, nearest

_SCALARS: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


@dataclass(frozen=True)
class Kind:
    """What a parameter takes.

    Attributes
    ----------
    name : str
        ``str``, ``int``, ``float``, ``bool``, ``list``, ``dict`` or ``any``.
    optional : bool
        Whether it may be None.
    items : Kind or None
        What a list holds.
    """

    name: str
    optional: bool = False
    items: Kind | None = None

    def __str__(self) -> str:
        shown = f"list[{self.items}]" if self.items else self.name
        return f"{shown} | None" if self.optional else shown

    def accepts(self, value: Any) -> bool:
        """Tell whether a value fits; a bool is no number, an int may stand for a float.

        Examples
        --------
        >>> Kind("int").accepts(True), Kind("float").accepts(1), Kind("str", True).accepts(None)
        (False, True, True)
        """
        if value is None:
            return self.optional or self.name == "any"
        if self.name == "list":
            items = self.items or Kind("any")
            return isinstance(value, list) and all(items.accepts(item) for item in value)
        if self.name == "float" and isinstance(value, float | int) and not isinstance(value, bool):
            return math.isfinite(value)
        if self.name in _SCALARS:
            return type(value) is _SCALARS[self.name]
        return (self.name == "any" or isinstance(value, dict)) and _as_json(value)

    def read(self, text: str) -> Any:
        """Read a value from the command line; text that does not fit stays as it is.

        Examples
        --------
        >>> Kind("int", optional=True).read("2024"), Kind("list", items=Kind("str")).read("DE,IE")
        (2024, ['DE', 'IE'])
        >>> Kind("int", optional=True).read("none"), Kind("bool").read("yes"), Kind("str").read("1")
        (None, True, '1')
        >>> Kind("int").read("three")
        'three'

        Lists inside a list are written as JSON where they hold several values.

        >>> nested = Kind("list", items=Kind("list", items=Kind("str")))
        >>> nested.read('[["credits"], ["law", "funding"]]'), nested.read("credits,law")
        ([['credits'], ['law', 'funding']], [['credits'], ['law']])
        """
        word = text.strip().lower()
        if self.optional and word in ("", "none"):
            return None
        if self.name == "list":
            items = self.items or Kind("str")
            if items.name == "list" and word.startswith("["):
                try:
                    return json.loads(text)
                except ValueError:
                    return text
            return [items.read(part.strip()) for part in text.split(",") if part.strip()]
        if self.name == "bool" and word in (*_YES, *_NO):
            return word in _YES
        try:
            if self.name in ("int", "float"):
                return _SCALARS[self.name](text)
            if self.name == "dict":
                return json.loads(text)
        except ValueError:
            pass
        return text


@dataclass(frozen=True)
class Parameter:
    """A parameter of a notebook: its name, what it takes, its default."""

    name: str
    kind: Kind
    default: Any


def notebook_parameters(notebook: Path) -> dict[str, Parameter]:
    """Return the parameters that a notebook declares in its cell tagged ``parameters``.

    Parameters
    ----------
    notebook : Path

    Returns
    -------
    dict
        Name -> Parameter, in the order of the cell.

    Raises
    ------
    ParameterError
        If the notebook cannot be read, has no such cell, or sets in it what is not a plain value.

    Examples
    --------
    >>> found = notebook_parameters(Path("notebooks/country.ipynb"))
    >>> str(found["as_of"].kind), found["seed"].default
    ('int | None', 1)
    """
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError(
            f"{notebook.name} cannot be read as a notebook: {error or type(error).__name__}. "
            "Save it again from JupyterLab."
        ) from None
    if not tagged:
        raise ParameterError(
            f'{notebook.name} has no cell tagged "parameters". Tag the cell that sets them '
            "(JupyterLab: property inspector), so that they can be given."
        )
    try:
        body = ast.parse("".join(tagged[0]["source"])).body
    except SyntaxError as error:
        raise ParameterError(
            f'{notebook.name}: the cell tagged "parameters" is not plain Python: {error.msg}. '
            "Leave only assignments in it."
        ) from None
    found: dict[str, Parameter] = {}
    for node in body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = _parameter(
                notebook, node.target.id, node.annotation, node.value
            )
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found[name] = _parameter(notebook, name, None, node.value)
    return found


def _parameter(notebook: Path, name: str, said: ast.expr | None, value: ast.expr) -> Parameter:
    try:
        default = ast.literal_eval(value)
    except (ValueError, TypeError):
        raise ParameterError(
            f'{notebook.name}: the default of "{name}", {ast.unparse(value)}, is no plain value. '
            "Write a number, text, True, False, None, or a list of these."
        ) from None
    own = next((k for k, t in _SCALARS.items() if type(default) is t), None)
    own = own or next((k.__name__ for k in (list, dict) if isinstance(default, k)), "any")
    return Parameter(name, _kind(said) if said else Kind(own), default)


def _kind(node: ast.expr) -> Kind:
    """Read an annotation; what is neither plain nor a list takes any value that JSON knows."""
    if isinstance(node, ast.Name) and node.id in (*_SCALARS, "list", "dict"):
        return Kind(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        left, right = ast.unparse(node.left), ast.unparse(node.right)
        if "None" in (left, right):
            inner = _kind(node.left if right == "None" else node.right)
            return Kind(inner.name, True, inner.items)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        if node.value.id == "list":
            return Kind("list", items=_kind(node.slice))
        if node.value.id == "dict":
            return Kind("dict")
        if node.value.id == "Optional":
            inner = _kind(node.slice)
            return Kind(inner.name, True, inner.items)
    return Kind("any")


def _as_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def effective(
    notebook: Path,
    settled: Mapping[str, Any],
    given: Mapping[str, str],
    own: str | None = None,
) -> dict[str, Any]:
    """Return every parameter of a notebook with its value, checked; without ``study`` and ``own``.

    Parameters
    ----------
    notebook : Path
    settled : dict
        Values from the catalogue, as they are.
    given : dict
        Values from the command line, as text; they go before those of the catalogue.
    own : str, optional
        The parameter that receives what a page is made for.

    Returns
    -------
    dict

    Raises
    ------
    ParameterError
        With all that is unknown, missing or of the wrong type, a line each.
    """
    declared, file = notebook_parameters(notebook), notebook.name
    reserved = {"study": "Use --study to choose one.", own: f"Use --only to choose a {own}."}
    problems = [
        f'{file} has no parameter "{name}", which the report needs. Add it to the cell tagged '
        '"parameters".'
        for name in reserved
        if name is not None and name not in declared
    ]
    free = [name for name in declared if name not in reserved]
    values = {name: declared[name].default for name in free}
    for name, value in {**settled, **given}.items():
        if name in reserved:
            problems.append(f'{file}: "{name}" is set for each page. {reserved[name]}')
        elif name not in declared:
            problems.append(
                f'{file} has no parameter "{name}".{nearest(name, free)} '
                f"It knows: {', '.join(free)}."
            )
        else:
            kind = declared[name].kind
            values[name] = kind.read(value) if name in given else value
            if not kind.accepts(values[name]):
                problems.append(
                    f'{file}, parameter "{name}": "{value}" is not {_meaning(kind)}. '
                    f"The default is {declared[name].default!r}."
                )
    if problems:
        raise ParameterError("\n".join(problems))
    return values


def _meaning(kind: Kind) -> str:
    """Say in words what a parameter takes."""
    words = {
        "str": "a text", "int": "a whole number", "float": "a number", "bool": "yes or no",
        "dict": 'a table (JSON, {"key": value})', "any": "a plain value",
        "list": 'a list of lists (JSON, [["a"], ["b", "c"]])'
        if kind.items and kind.items.name == "list"
        else f"a list of values of type {kind.items}, with commas between" if kind.items
        else "a list, with commas between",
    }  # fmt: skip
    return words[kind.name] + (", nor none" if kind.optional else "")
