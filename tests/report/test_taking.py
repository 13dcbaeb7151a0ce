"""What lies beside a page, and what its head says of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mcanalysis import analyse, tables
from mcanalysis.marks import src
from mcanalysis.markup import block, table
from mcanalysis.report import taking
from mcanalysis.report.linked import place
from mcanalysis.report.page import Page, PageContext, render_page
from mcanalysis.report.taking import archive_is_of, study_archive
from mcanalysis.study import read_study

CONTEXT = PageContext(
    report="country",
    item="DE",
    title="Germany: how microcredentials fit in",
    parameters={"system": "DE", "as_of": None, "seed": 0},
    inputs={"indicators.csv": (1234, "0123456789abcdef" * 4)},
    edition="2026-11-23",
    versions={"mcanalysis": "1.2.3"},
    root="../",
    plotly="../assets/plotly.js",
    systems={"DE": "Germany"},
    study="../study.zip",
)


def page_of(*made, **context) -> Page:
    outputs = [new_output("display_data", data=m._repr_mimebundle_()) for m in made]
    cells = [new_markdown_cell("## In short"), new_code_cell("", outputs=outputs)]
    return render_page(new_notebook(cells=cells), replace(CONTEXT, **context))


@pytest.fixture(scope="module")
def page(a) -> Page:
    return page_of(tables.in_short(a, "DE"), tables.profile_table(a, "DE"),
                   tables.swot_board(a, "DE"))  # fmt: skip


def book(page: Page):
    assert page.workbook is not None
    return openpyxl.load_workbook(io.BytesIO(page.workbook))


def graph(page: Page) -> list[dict]:
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.html)
    return json.loads(text)["@graph"]


def rows(sheet) -> list[list[object]]:
    return [[cell.value for cell in row] for row in sheet.rows]


def test_the_workbook_says_what_the_page_is_and_lists_its_sheets(page):
    found = book(page)
    about = {str(what): str(said) for what, said in rows(found["About"])}
    assert about["Title"] == CONTEXT.title
    assert "data checksum 0123456789ab, mcanalysis 1.2.3" in about["How to cite"]
    assert about["EU authority table"].endswith("/country/DEU")
    assert about["In short"].startswith("Seven of the 19 other ranked systems")
    assert "Parameter as_of" not in about
    assert [f"Sheet {name}" for name in found.sheetnames[1:]] == [
        what for what in about if what.startswith("Sheet ")
    ]
    assert any(name.startswith("Level of Germany") for name in found.sheetnames)
    assert "SWOT factors" in found.sheetnames


def test_sources_of_the_workbook_are_numbered_as_on_the_page(page, a):
    head, *found = rows(book(page)["Sources"])
    assert [row[1] for row in found] == list(page.sources)
    assert [row[0] for row in found] == list(range(1, len(found) + 1))
    titles = a.study.sources.set_index("source_id")["title"]
    assert [row[2] for row in found] == [titles[i] for i in page.sources]
    assert head[-4:] == ["CELEX", "DOI", "ISBN", "Note"]


def test_identifiers_of_a_source_stand_in_list_workbook_and_head(study):
    made = page_of(block(study, f"<p>{src('eu-council-rec-2022')}</p>"))
    assert ", CELEX 32022H0627(02)." in made.html
    head, row = rows(book(made)["Sources"])
    assert row[head.index("CELEX")] == "32022H0627(02)"
    [source] = graph(made)[0]["citation"]
    assert source["identifier"] == [
        {"@type": "PropertyValue", "propertyID": "CELEX", "value": "32022H0627(02)"}
    ]


def test_formulas_of_the_evidence_are_text_in_the_workbook(study):
    evil = "=HYPERLINK(0)"
    made = page_of(block(study, table("@c", ["+a", "-b"], [[evil, "@x"]])), title=evil)
    found = book(made)
    cells = [cell for sheet in found for row in sheet.rows for cell in row if cell.value]
    assert {cell.data_type for cell in cells if str(cell.value)[0] in "=+-@"} == {"s"}
    assert [cell.value for cell in cells].count(evil) == 2


def test_a_page_on_invented_judgements_says_so_wherever_it_goes(study):
    weighed = analyse(study, draws=300, panel="illustrative")
    made = page_of(tables.glance(weighed, "DE"), tables.in_short(weighed, "DE"))
    about = dict(rows(book(made)["About"]))
    assert "invented" in about["Note"]
    assert "Illustrative" in about["How to cite"]
    assert "invented" in graph(made)[0]["creativeWorkStatus"]
    assert 'data-name="DE-illustrative"' in made.html
    assert "Illustrative: it rests on invented judgements" in made.html


def test_a_page_on_evidence_alone_is_not_called_illustrative(page):
    assert "Note" not in dict(rows(book(page)["About"]))
    assert "creativeWorkStatus" not in graph(page)[0]
    assert 'data-name="DE"' in page.html


def test_the_head_says_what_the_page_is_about_and_rests_on(page):
    report, dataset = graph(page)
    assert (report["@type"], dataset["@type"]) == ("Report", "Dataset")
    assert report["isBasedOn"] == {"@id": dataset["@id"]}
    assert report["about"] == [place("DE", "Germany")]
    assert report["about"][0]["@id"].endswith("/country/DEU")
    assert len(report["citation"]) == len(page.sources)
    assert report["encoding"][0]["contentUrl"] == "DE.xlsx"
    assert dataset["distribution"][0]["contentUrl"] == "../study.zip"
    assert report["datePublished"] == dataset["version"] == "2026-11-23"


def test_machines_are_told_of_the_study_in_the_language_of_the_page(study):
    report, dataset = graph(page_of(block(study, "<p>x</p>"), language="de"))
    assert report["inLanguage"] == "de"
    assert dataset["name"] == "Einbindung von Microcredentials in Bildungssysteme"
    assert dataset["description"].startswith("Kodierte Fakten und SWOT-Faktoren")
    assert dataset["inLanguage"] == "en"  # that of the evidence


def test_a_file_of_its_own_offers_no_file_beside_it(study):
    made = page_of(block(study, "<p>x</p>"), plotly=None, study=None)
    assert made.workbook is None
    assert ".xlsx" not in made.html
    assert "study.zip" not in made.html
    assert 'id="take"' in made.html


def test_places_that_are_part_of_a_country_are_not_called_that_country():
    part = place("BE-FL", "Belgium (Flemish)")
    assert "@id" not in part
    assert part["containedInPlace"]["@id"].endswith("/country/BEL")
    assert place("EU", "European Union")["@type"] == "AdministrativeArea"
    assert place("mine", "Mine") == {
        "@type": "AdministrativeArea", "name": "Mine", "identifier": "mine",
    }  # fmt: skip


def test_the_archive_of_a_study_is_that_study(study, tmp_path):
    packed = study_archive(study, "k")
    assert packed == study_archive(study, "k")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert "datapackage.json" in archive.namelist()
        archive.extractall(tmp_path / "study")
    again = read_study(tmp_path / "study")
    assert all(again.tables()[n].equals(frame) for n, frame in study.tables().items())
    assert list(again.panels) == list(study.panels)


def test_an_archive_is_kept_while_it_is_whole_and_of_this_state(folder, tmp_path):
    place = tmp_path / "study.zip"
    assert not archive_is_of(place, "k")
    place.write_bytes(study_archive(read_study(folder), "k"))
    assert archive_is_of(place, "k")
    assert not archive_is_of(place, "other")
    spoilt = bytearray(place.read_bytes())
    spoilt[60] ^= 1
    place.write_bytes(bytes(spoilt))
    assert not archive_is_of(place, "k")
    place.write_bytes(b"PK")
    assert not archive_is_of(place, "k")


def test_every_system_is_listed_with_its_identifier_where_a_page_is_about_all(study):
    systems = dict(zip(study.systems["system_id"], study.systems["name"], strict=True))
    made = page_of(block(study, "<p>x</p>"), item=None, report="comparison", systems=systems)
    _, *found = rows(book(made)["Systems of the study"])
    assert len(found) == len(study.systems)
    assert all(row[2] or row[3] for row in found)
    assert taking.STUDY in made.html
