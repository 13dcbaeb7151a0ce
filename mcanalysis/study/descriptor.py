"""What the model says of a study, for other programs and for readers: package and columns."""

from __future__ import annotations

from typing import Any

from mcanalysis.model import ID_PATTERN, TABLES, Column, Study, Table


def data_package(study: Study) -> dict[str, Any]:
    """Describe the files of a study as a Data Package (v2).

    Parameters
    ----------
    study : Study
        Says which panels and scenarios there are; all else comes from `TABLES`.

    Returns
    -------
    dict
        Content of ``datapackage.json``.

    References
    ----------
    Data Package Standard v2.0 (2024), https://datapackage.org.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> data_package(study)["resources"][0]["path"]
    'systems.csv'
    """
    resources = [
        _resource(name, f"{name}.csv", table) for name, table in TABLES.items() if not table.folder
    ]
    for folder, table in TABLES.items():
        if table.folder:
            resources += [
                _resource(f"{folder}.{name}".lower(), f"{folder}/{name}.csv", table)
                for name in getattr(study, folder)
            ]
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "microcredentials",
        "title": "Integration of microcredentials into education systems",
        "description": "A study for mcanalysis: coded facts and SWOT factors, each with its "
        "source. An empty cell means not assessed, never 0.",
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "title": "Creative Commons Attribution 4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
            }
        ],
        "resources": resources,
    }


def _resource(name: str, path: str, table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
    }
    foreign_keys = [
        {
            "fields": [column.name],
            "reference": {
                "resource": column.refers,
                "fields": [TABLES[column.refers].key[0]],
            },
        }
        for column in table.columns
        # the standard knows no keys inside a list and no exceptions
        if column.refers and column.kind != "list" and not column.besides
    ]
    if foreign_keys:
        schema["foreignKeys"] = foreign_keys
    return {
        "name": name,
        "path": path,
        "type": "table",
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    if column.kind == "number":
        constraints["exclusiveMinimum"] = 0
    if column.kind == "id":
        constraints["pattern"] = ID_PATTERN
    if column.kind == "list":
        constraints["pattern"] = f"{ID_PATTERN}(;{ID_PATTERN})*"
    field: dict[str, Any] = {"name": column.name, "description": described(column)}
    field["type"] = {"integer": "integer", "number": "number", "date": "date"}.get(
        column.kind, "string"
    )
    if column.kind == "url":
        field["format"] = "uri"
    if constraints:
        field["constraints"] = constraints
    return field


def described(column: Column) -> str:
    """Say what a column means, and what else than its kind it may hold."""
    besides = f"; or {' or '.join(column.besides)}" if column.besides else ""
    inside = f"; ids of {column.refers}, with ; between" if column.kind == "list" else ""
    return f"{column.meaning}{besides}{inside}"


def column_documentation() -> str:
    """Write the documentation of every table and column as Markdown (``data/COLUMNS.md``).

    Examples
    --------
    >>> column_documentation().splitlines()[0]
    '# Tables and columns of a study'
    """
    lines = [
        "# Tables and columns of a study",
        "",
        "Made from `mcanalysis/model.py`, like `datapackage.json`. Files are UTF-8 CSV with one",
        "header row. An empty cell means not assessed or none, never 0. An id has letters, digits,",
        "`-` and `_` and begins with a letter or digit. Columns marked * must be filled in.",
    ]
    for table in TABLES.values():
        file = f"{table.name}/*.csv" if table.folder else f"{table.name}.csv"
        key = " + ".join(f"`{name}`" for name in table.key)
        lines += ["", f"## {file}", "", f"One row: {_lowered(table.meaning)}. Key: {key}."]
        if table.folder:
            lines += ["", "Optional: a folder with any number of files of this form."]
        lines += ["", "| column | holds | meaning |", "| --- | --- | --- |"]
        lines += [
            f"| `{column.name}`{'*' if column.required else ''} | {holds(column)} "
            f"| {column.meaning} |"
            for column in table.columns
        ]
    return "\n".join(lines) + "\n"


def holds(column: Column) -> str:
    """Say what a cell of a column holds, in Markdown."""
    if column.kind == "choice":
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.kind == "integer":
        if column.maximum is None:
            return f"whole number, {column.minimum} or more"
        return f"whole number, {column.minimum} to {column.maximum}"
    if column.refers:
        ids = "ids, `;` between them," if column.kind == "list" else "id"
        besides = "".join(f" or `{word}`" for word in column.besides)
        return f"{ids} of {column.refers}{besides}"
    return {
        "number": "number above 0",
        "url": "http or https address",
        "date": "day, YYYY-MM-DD",
    }.get(column.kind, column.kind)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
