from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mcanalysis.model import ID_PATTERN, TABLES, Study
from mcanalysis.study import column_documentation, data_package

MEND = (
    "run: python -c \"from mcanalysis import *; write_study(read_study(), 'data')\" "
    "and, for COLUMNS.md: python -c \"from mcanalysis.study import *; open('data/COLUMNS.md', 'w', "
    "encoding='utf-8', newline='').write(column_documentation())\""
)


def test_the_shipped_descriptor_is_what_the_model_says(study: Study) -> None:
    shipped = json.loads(Path("data/datapackage.json").read_text(encoding="utf-8"))
    assert shipped == data_package(study), MEND


def test_the_shipped_documentation_of_columns_is_what_the_model_says() -> None:
    shipped = Path("data/COLUMNS.md").read_text(encoding="utf-8")
    assert shipped == column_documentation(), MEND


def test_every_column_is_documented() -> None:
    text = column_documentation()
    for table in TABLES.values():
        for column in table.columns:
            assert f"`{column.name}`" in text
            assert column.meaning in text


def test_the_declared_tables_fit_together() -> None:
    for name, table in TABLES.items():
        assert table.name == name
        assert set(table.key) <= set(table.column_names)
        assert len(set(table.column_names)) == len(table.columns)
        for column in table.columns:
            assert column.refers is None or len(TABLES[column.refers].key) == 1
            assert bool(column.choices) == (column.kind == "choice")
            assert all(re.fullmatch(ID_PATTERN, word) for word in column.besides)


def test_a_panel_and_a_scenario_are_resources_of_their_own(study: Study) -> None:
    empty = study.systems.iloc[:0]
    fuller = Study(**study.tables(), panels={"delphi": empty}, scenarios={"Bold": empty})
    resources = {r["name"]: r["path"] for r in data_package(fuller)["resources"]}
    assert resources["panels.delphi"] == "panels/delphi.csv"
    assert resources["scenarios.bold"] == "scenarios/Bold.csv"


def test_the_data_are_under_their_own_licence(study: Study) -> None:
    assert [each["name"] for each in data_package(study)["licenses"]] == ["CC-BY-4.0"]


def test_the_descriptor_names_keys_across_tables_and_leaves_the_exceptions_out(
    study: Study,
) -> None:
    schemas = {r["name"]: r["schema"] for r in data_package(study)["resources"]}
    keys = {
        (name, key["fields"][0], key["reference"]["resource"])
        for name, schema in schemas.items()
        for key in schema.get("foreignKeys", [])
    }
    assert ("indicators", "source_id", "sources") in keys
    assert ("benefit_enablers", "source_id", "sources") not in keys  # may be analyst-judgement


@pytest.mark.slow
def test_the_reference_implementation_accepts_the_shipped_package() -> None:
    from frictionless import Package

    report = Package("data/datapackage.json").validate()
    assert report.valid, report.flatten(["type", "note"])


def test_a_study_prints_its_size(study: Study) -> None:
    assert repr(study).startswith("Study(systems 53, dimensions 11, indicators 421,")
