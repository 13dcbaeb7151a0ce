from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS

from mcanalysis.errors import DataError
from mcanalysis.model import Study
from mcanalysis.study import check_study, read_study, write_study
from mcanalysis.study.linked import _TYPES
from mcanalysis.study.places import FIXED

SPACE = "urn:x-mcanalysis:"
# rdflib's own parser uses what rdflib gives up
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture
def document(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "s.jsonld"
    write_study(read_study(folder), path)
    return path


def spoil(path: Path, change: Any) -> list[str]:
    """Change the document, and return the problems as text."""
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(change(content) or content), encoding="utf-8")
    return [str(problem) for problem in check_study(path)]


def test_a_record_holds_what_a_row_holds_and_leaves_empty_cells_out(document: Path) -> None:
    content = json.loads(document.read_text(encoding="utf-8"))
    assert content["indicators"][1] == {
        "@type": "Indicator",
        "system_id": "DE",
        "dimension_id": "recognition",
        "year": 2020,
        "level": 0,
        "statement": "A fact, with a comma.",
        "source_id": "act",
        "locator": "p. 2",
        "confidence": "low",
        "comparable": "yes",
    }
    assert content["swot_factors"][0]["stakeholders"] == ["learners", "hei"]
    assert "stakeholders" not in content["swot_factors"][1]


def test_another_program_reads_rows_as_things_and_references_as_links(document: Path) -> None:
    graph = Graph().parse(document, format="json-ld")
    facts = list(graph.subjects(RDF.type, URIRef(f"{SPACE}Indicator")))
    assert len(facts) == 3
    sources = {str(graph.value(fact, DCTERMS.source)) for fact in facts}
    assert sources == {f"{SPACE}sources/act", f"{SPACE}sources/news"}
    for source in sources:
        assert (URIRef(source), RDF.type, URIRef(f"{SPACE}Source")) in graph
    factor = URIRef(f"{SPACE}swot_factors/de-s1")
    concerned = graph.value(factor, URIRef(f"{SPACE}stakeholders"))
    assert concerned is not None
    assert [str(one) for one in Collection(graph, concerned)] == [
        f"{SPACE}stakeholders/learners",
        f"{SPACE}stakeholders/hei",
    ]


@pytest.mark.slow
def test_another_program_finds_every_row_of_the_shipped_study(study: Study, tmp_path: Path) -> None:
    write_study(study, tmp_path / "s.jsonld")
    graph = Graph().parse(tmp_path / "s.jsonld", format="json-ld")
    found = {
        name: sum(1 for _ in graph.subjects(RDF.type, URIRef(f"{SPACE}{_TYPES[name]}")))
        for name in (*FIXED, "panels", "scenarios")
    }
    rows = {name: len(frame) for name, frame in study.tables().items()}
    rows["panels"] = sum(map(len, study.panels.values()))
    rows["scenarios"] = sum(map(len, study.scenarios.values()))
    assert found == rows


def test_a_wrong_value_is_named_with_its_record_and_column(document: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["indicators"][1]["level"] = 7
        content["indicators"][2]["year"] = {"@value": 2024}
        content["sources"][0]["colour"] = "red"

    found = spoil(document, change)
    assert 's.jsonld, table "indicators", row 2, column level: "7" is not a whole' in found[0]
    assert "row 3, column year: is neither a text nor a number nor a list" in found[1]
    assert any('"colour" is not a column of sources' in problem for problem in found)


def test_a_table_that_is_missing_or_unknown_is_named(document: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["sorces"] = content.pop("sources")

    found = " ".join(spoil(document, change))
    assert 'table "sources": is missing from s.jsonld. Add it. Its records have source_id' in found
    assert 'Did you mean "sources"?' in found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not JSON"),
        ("[]", "is JSON, but not a study"),
        ("{}", "has no table"),
        ('{"systems": 1}', "is not a list of records"),
        ('{"systems": [], "panels": [{"rows": []}]}', 'is not a list of records with "name"'),
        ("[" * 100_000, "is nested too deeply"),
        ("\ud800", "is not UTF-8"),
    ],
)
def test_what_is_no_study_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str):
    path = tmp_path / "s.jsonld"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(DataError, match=reason):
        read_study(path)


def test_two_panels_of_one_name_are_refused(document: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["panels"] = [{"name": "p", "rows": []}, {"name": "p", "rows": []}]

    assert any("is there twice" in problem for problem in spoil(document, change))
