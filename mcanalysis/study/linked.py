"""A study as one JSON-LD document, and back: the rows as records, a context that links them.

A record holds what a row holds, under the names of its columns; an empty cell is left out. Read as
plain JSON that is all there is. The context, made from the model, says the rest to a linked-data
program: ids become names such as ``urn:x-mcanalysis:systems/DE``, references become links to them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mcanalysis.errors import Problem
from mcanalysis.model import TABLES, Column, Table
from mcanalysis.study.cells import Cells, gather, refused, trim

_MEND = "Write it again with mcanalysis export, or give the study as a folder or a workbook."

_SPACE = "urn:x-mcanalysis:"
_TYPES = {
    "systems": "System",
    "dimensions": "Dimension",
    "indicators": "Indicator",
    "swot_factors": "Factor",
    "stakeholders": "Stakeholder",
    "benefits": "Benefit",
    "benefit_enablers": "Enabler",
    "sources": "Source",
    "panels": "Judgement",
    "scenarios": "Assumption",
    "translations": "Translation",
}
_PLACE = "name"  # of a panel or scenario, language of translations
# terms that others know, where they mean the same; the rest are terms of this package
_TERMS = {
    "name": "schema:name",
    "short_name": "schema:alternateName",
    "title": "schema:name",
    "description": "schema:description",
    "publisher": "dc:publisher",
    "url": "schema:url",
    "language": "dc:language",
    "source_id": "dcterms:source",
    "rationale_source_id": "dcterms:source",
}
_XSD = {"date": "xsd:date", "number": "xsd:double"}


def linked_context() -> dict[str, Any]:
    """Make the context of the document from the model.

    References
    ----------
    JSON-LD 1.1, W3C Recommendation (2020), sections 4.1.8 (scoped contexts), 4.3.1 (lists).

    Examples
    --------
    >>> linked_context()["indicators"]["@context"]["system_id"]["@context"]
    {'@base': 'urn:x-mcanalysis:systems/'}
    """
    context: dict[str, Any] = {
        "@version": 1.1,
        "@vocab": _SPACE,
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "schema": "https://schema.org/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
    for name, table in TABLES.items():
        scope: dict[str, Any] = {} if table.folder else {"@base": f"{_SPACE}{name}/"}
        scope |= {column.name: _term(column, table) for column in table.columns}
        if table.folder:
            inside = {"@id": "rows", "@container": "@list", "@context": scope}
            scope = {"@base": f"{_SPACE}{name}/", _PLACE: "@id", "rows": inside}
        context[name] = {"@id": name, "@container": "@list", "@context": scope}
    return context


def _term(column: Column, table: Table) -> Any:
    """Say what a column is in linked data."""
    if table.key == (column.name,):
        return "@id"
    term: dict[str, Any] = {"@id": _TERMS.get(column.name, column.name)}
    if column.refers:
        term |= {"@type": "@id", "@context": {"@base": f"{_SPACE}{column.refers}/"}}
    elif column.kind == "url":
        term["@type"] = "@id"
    elif column.kind in _XSD:
        term["@type"] = _XSD[column.kind]
    if column.kind == "list":
        term["@container"] = "@list"
    return term


def write_linked(
    path: Path, tables: Mapping[str, tuple[Sequence[str], Iterable[Sequence[str]]]]
) -> None:
    """Write the tables of a study, each a header and columns of text, as JSON-LD."""
    document: dict[str, Any] = {"@context": linked_context(), "@id": "", "@type": "Study"}
    for name, (_, columns) in tables.items():
        folder, dot, place = name.partition(".")
        records = list(_records(TABLES[folder], columns))
        if dot:
            document.setdefault(folder, []).append({_PLACE: place, "rows": records})
        else:
            document[name] = records
    text = json.dumps(document, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def _records(table: Table, columns: Iterable[Sequence[str]]) -> Iterator[dict[str, Any]]:
    kind = _TYPES[table.name]
    for row in zip(*columns, strict=True):
        cells = zip(table.columns, row, strict=True)
        yield {"@type": kind} | {c.name: _value(c, text) for c, text in cells if text}


def _value(column: Column, text: str) -> Any:
    if column.kind == "list":
        return text.split(";")
    if column.kind == "integer":
        return int(text)
    return float(text) if column.kind == "number" else text


def read_linked(path: Path) -> dict[str, Cells]:
    """Read the tables of a study from the JSON-LD that `write_linked` writes.

    Parameters
    ----------
    path : Path
        The document. Its context is not asked: only the layout that `write_linked` gives is read.

    Returns
    -------
    dict of str to Cells
        By name of the table, rows counted from 1; under the name ``""`` why the document as a
        whole could not be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        return {"": refused(path.name, reason, "Make the file readable.")}
    except UnicodeDecodeError:
        return {"": refused(path.name, "is not UTF-8", _MEND)}
    except RecursionError:
        return {"": refused(path.name, "is nested too deeply to be a study", _MEND)}
    except json.JSONDecodeError as error:
        reason = f"is not JSON ({error.msg}, line {error.lineno}, column {error.colno})"
        return {"": refused(path.name, reason, f"Mend it there. {_MEND}")}
    if not isinstance(document, dict):
        return {"": refused(path.name, "is JSON, but not a study", _MEND)}
    found: dict[str, Cells] = {}
    for name, content in document.items():
        if name[:1] == "@":
            continue
        if name not in TABLES:
            found[name] = Cells(table_in(path, name))
        elif not TABLES[name].folder:
            found[name] = _cells(table_in(path, name), content, TABLES[name])
        elif isinstance(content, list) and all(map(_is_place, content)):
            for place in content:
                inside = f"{name}.{place[_PLACE]}"
                if inside in found:
                    again = "is there twice", "Rename or delete one of the two."
                    found[inside] = refused(table_in(path, inside), *again)
                else:
                    found[inside] = _cells(table_in(path, inside), place["rows"], TABLES[name])
        else:
            reason = 'is not a list of records with "name" and "rows"'
            return {"": refused(table_in(path, name), reason, _MEND)}
    return found


def table_in(path: Path, name: str) -> str:
    """Name a table of a document as messages name it.

    Examples
    --------
    >>> table_in(Path("study.jsonld"), "systems")
    'study.jsonld, table "systems"'
    """
    return f'{path.name}, table "{name}"'


def _is_place(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get(_PLACE), str) and "rows" in content


def _cells(where: str, records: Any, table: Table) -> Cells:
    """Collect records as cells of text; a record has its number, from 1."""
    if not isinstance(records, list) or not all(isinstance(r, dict) for r in records):
        return refused(where, "is not a list of records", _MEND)
    columns = list(dict.fromkeys(table.column_names))
    columns += [
        key for key in dict.fromkeys(k for r in records for k in r) if key[:1] != "@"
        if key not in columns
    ]  # fmt: skip
    problems: list[Problem] = []
    rows: list[list[str]] = [columns]
    for number, record in enumerate(records, 1):
        texts = []
        for name in columns:
            text = _text(record.get(name))
            if text is None:
                reason = "is neither a text nor a number nor a list of texts"
                problems.append(
                    Problem(
                        where, number, name, None, reason, "Write one of these, or leave it out."
                    )
                )
            texts.append(text or "")
        rows.append(texts)
    cells = gather(where, iter(rows))
    # the header of the table is no row here
    odd = {row - 1: length for row, length in cells.odd.items()}
    return Cells(
        where, 0, cells.header, cells.rows - 1, cells.columns, odd, (*cells.problems, *problems)
    )


def _text(value: Any) -> str | None:
    """Write a value of JSON as the text of a cell; None where it can be none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return trim(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    return None
