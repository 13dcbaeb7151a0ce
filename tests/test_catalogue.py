from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.report.catalogue import Report, items_of, pages_of, plan, read_catalogue
from mcanalysis.report.parameters import Kind, effective, notebook_parameters
from mcanalysis.study import read_study

ROOT = Path(__file__).parent.parent
ORDER = Kind("list", True, Kind("list", items=Kind("str")))
CELL = """\
system: str = "DE"  # what the page is made for
systems: list[str] | None = None
as_of: int | None = None
weights: dict[str, float] = {}
share: float = 0.5
quick: bool = False
seed = 1
study: str = "../data"
"""


def notebook(place: Path, source: str = CELL, tag: str = "parameters") -> Path:
    cell = {"cell_type": "code", "metadata": {"tags": [tag]}, "source": source}
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    return place


def catalogue(folder: Path, text: str) -> Path:
    place = folder / "reports.toml"
    place.write_text(text, encoding="utf-8")
    return place


def refusal(*args, **kwargs) -> list[str]:
    call, *rest = args
    with pytest.raises(ParameterError) as caught:
        call(*rest, **kwargs)
    return str(caught.value).split("\n")


def test_the_shipped_catalogue_leads_to_a_page_for_every_system_with_evidence(study):
    every = plan(read_catalogue(ROOT / "reports.toml"), study)
    jobs = [job for job in every if job.language == "en"]
    pages = [job.page for job in jobs]
    assert {job.language for job in every} == {"en", "de", "fr", "es"}
    assert {job.page.removeprefix("de/") for job in every if job.language == "de"} == set(pages)
    assert pages[0] == "country/EU"
    assert pages[-6:] == [
        "robustness/robustness",
        "scenario/scenario",
        "stakeholders/learners",
        "stakeholders/hei",
        "stakeholders/employers",
        "panel/illustrative",
    ]
    with_evidence = {*study.indicators["system_id"], *study.swot_factors["system_id"]}
    assert {job.item for job in jobs if job.report.name == "country"} == with_evidence
    titles = {job.page: job.title for job in jobs}
    assert titles["country/DE"] == "Germany: how microcredentials fit in"
    assert all("study" not in job.parameters for job in jobs)
    listed = pages_of(read_catalogue(ROOT / "reports.toml"), study)
    assert sorted(job.page for job in listed) == sorted(job.page for job in every)


def test_all_problems_of_a_catalogue_come_at_once(tmp_path):
    notebook(tmp_path / "notebooks" / "country.ipynb")
    place = catalogue(
        tmp_path,
        """
version = 1
[country]
notebok = "notebooks/country.ipynb"
notebook = "notebooks/contry.ipynb"
title = "{nam}: a title"
each = "system"
schedule = 7
["a/b"]
notebook = "notebooks/country.ipynb"
title = "{name} alone and {"
[comparison]
parameters = 3
schedule = "0 25 * * moon"
[single]
notebook = "notebooks/country.ipynb"
title = "About {name}"
""",
    )
    assert refusal(read_catalogue, place) == [
        'reports.toml, "version" stands outside any report. Write a heading [name] above it.',
        'reports.toml, [country]: unknown key "notebok". Did you mean "notebook"? It knows: '
        "notebook, title, description, each, schedule, parameters.",
        "reports.toml, [country], schedule: 7 is not a text. Put it in quotes.",
        "reports.toml, [country], notebook: there is no file notebooks/contry.ipynb. Did you mean "
        '"notebooks/country.ipynb"?',
        'reports.toml, [country], each: "system" is unknown. Did you mean "systems"? It can be '
        "systems or stakeholders; leave it out for a single page.",
        'reports.toml, [country], title: unknown field "{nam}". It knows {name} only.',
        "reports.toml, [a/b]: the name is also a folder of the site, so it may have letters, "
        "digits, - and _ only, and be neither assets nor a language. Choose another.",
        "reports.toml, [a/b], title: a brace stands alone. Write {name}, or {{ and }} for braces.",
        "reports.toml, [comparison]: notebook is missing. Add notebook = and a text.",
        "reports.toml, [comparison]: title is missing. Add title = and a text.",
        "reports.toml, [comparison], parameters: not a table. Write a heading "
        "[comparison.parameters].",
        'reports.toml, [comparison], schedule: hour "25": 25 is out of range. It can hold 0 to 23.',
        'reports.toml, [comparison], schedule: day of the week "moon": "moon" is unknown. Did you '
        'mean "mon"? It can hold 0 to 7, or sun to sat.',
        "reports.toml, [single], title: {name} has no meaning on a single page. Leave it out, or "
        "add each.",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "reports.toml holds no report. Write a heading"),
        ("[country\n", "reports.toml cannot be read: "),
    ],
)
def test_a_catalogue_without_reports_is_refused(tmp_path, text, message):
    assert refusal(read_catalogue, catalogue(tmp_path, text))[0].startswith(message)


def test_a_missing_catalogue_is_a_clear_message(tmp_path):
    assert refusal(read_catalogue, tmp_path / "reports.toml") == [
        "There is no reports.toml in this folder. Run the command where it lies."
    ]


def test_a_notebook_tells_names_types_and_defaults_of_its_parameters(tmp_path):
    found = notebook_parameters(notebook(tmp_path / "n.ipynb"))
    assert {name: str(p.kind) for name, p in found.items()} == {
        "system": "str",
        "systems": "list[str] | None",
        "as_of": "int | None",
        "weights": "dict",
        "share": "float",
        "quick": "bool",
        "seed": "int",
        "study": "str",
    }
    assert found["share"].default == 0.5


@pytest.mark.parametrize(
    ("source", "tag", "message"),
    [
        (CELL, "other", 'n.ipynb has no cell tagged "parameters". Tag the cell'),
        ("%time\nx = 1", "parameters", "is not plain Python: invalid syntax. Leave only"),
        ("x = 1 + one", "parameters", 'default of "x", 1 + one, is no plain value. Write'),
    ],
)
def test_a_notebook_whose_parameters_cannot_be_known_is_refused(tmp_path, source, tag, message):
    place = notebook(tmp_path / "n.ipynb", source, tag)
    assert message in refusal(notebook_parameters, place)[0]


def test_what_is_not_a_notebook_is_refused(tmp_path):
    place = tmp_path / "n.ipynb"
    place.write_text("[1, 2]", encoding="utf-8")
    assert refusal(notebook_parameters, place)[0].startswith("n.ipynb cannot be read as a notebook")


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind("int"), "7", 7),
        (Kind("int"), "7.5", "7.5"),
        (Kind("float"), "7", 7.0),
        (Kind("float"), "nan", None),
        (Kind("str"), "none", "none"),
        (Kind("str", True), "none", None),
        (Kind("bool"), "No", False),
        (Kind("bool"), "maybe", "maybe"),
        (Kind("list", items=Kind("int")), "1, 2", [1, 2]),
        (Kind("list", True, Kind("str")), "DE", ["DE"]),
        (Kind("list", True, Kind("str")), "none", None),
        (Kind("dict"), '{"a": 1}', {"a": 1}),
        (ORDER, '[["a"], ["b", "c"]]', [["a"], ["b", "c"]]),
        (ORDER, "a, b", [["a"], ["b"]]),
        (ORDER, "none", None),
        (ORDER, '[["a"]', '[["a"]'),
    ],
)
def test_a_value_from_the_command_line_is_read_as_the_notebook_declares_it(kind, text, value):
    read = kind.read(text)
    if text == "nan":
        assert not kind.accepts(read)
    else:
        assert read == value
        assert type(read) is type(value)


def test_values_are_those_of_the_command_line_then_the_catalogue_then_the_notebook(tmp_path):
    place = notebook(tmp_path / "n.ipynb")
    values = effective(place, {"seed": 2, "share": 1}, {"seed": "3", "systems": "DE,IE"}, "system")
    assert values == {
        "systems": ["DE", "IE"],
        "as_of": None,
        "weights": {},
        "share": 1,
        "quick": False,
        "seed": 3,
    }


def test_all_wrong_parameters_are_refused_at_once(tmp_path):
    place = notebook(tmp_path / "n.ipynb")
    given = {"sytems": "DE", "as_of": "three", "quick": "maybe", "study": "x", "system": "DE"}
    assert refusal(effective, place, {"seed": "1", "weights": [1]}, given, "system") == [
        'n.ipynb, parameter "seed": "1" is not a whole number. The default is 1.',
        'n.ipynb, parameter "weights": "[1]" is not a table (JSON, {"key": value}). The default '
        "is {}.",
        'n.ipynb has no parameter "sytems". Did you mean "systems"? It knows: systems, as_of, '
        "weights, share, quick, seed.",
        'n.ipynb, parameter "as_of": "three" is not a whole number, nor none. The default is None.',
        'n.ipynb, parameter "quick": "maybe" is not yes or no. The default is False.',
        'n.ipynb: "study" is set for each page. Use --study to choose one.',
        'n.ipynb: "system" is set for each page. Use --only to choose a system.',
    ]


@pytest.mark.parametrize("order", ['[["a"]', '["a", "b"]', "[[1]]"])
def test_a_list_of_lists_that_cannot_be_read_is_refused_with_an_example(tmp_path, order):
    place = notebook(tmp_path / "n.ipynb", "order: list[list[str]] | None = None")
    said = refusal(effective, place, {}, {"order": order})[-1]
    assert said.startswith('n.ipynb, parameter "order": ')
    assert 'is not a list of lists (JSON, [["a"], ["b", "c"]]), nor none.' in said


def test_a_notebook_without_the_parameter_that_receives_the_item_is_refused(tmp_path):
    place = notebook(tmp_path / "n.ipynb", "seed = 1")
    assert refusal(effective, place, {}, {}, "system") == [
        f'n.ipynb has no parameter "{name}", which the report needs. Add it to the cell tagged '
        '"parameters".'
        for name in ("study", "system")
    ]


def test_unknown_names_items_and_parameters_are_refused_together(tmp_path, folder):
    small = read_study(folder)
    reports = [
        Report("country", notebook(tmp_path / "c.ipynb"), "{name}", each="systems"),
        Report("compare", notebook(tmp_path / "o.ipynb", "study = 'x'\nsystems = []"), "All"),
    ]
    assert refusal(plan, reports, small, ["country", "compar"], ["DEE"], {"seed": "x"}) == [
        'There is no report "compar". Did you mean "compare"? It can be one of: country, compare.',
        '--only: no report named here is made for "DEE". Did you mean "DE"? It can be one or more '
        "of: NA, DE.",
    ]
    assert refusal(plan, reports, small, given={"seed": "2"}) == [
        'o.ipynb has no parameter "seed". It knows: systems.'
    ]
    assert refusal(plan, reports, small, ["compare"], ["DE"]) == [
        "--only DE: what is named here is a single page. Leave --only out."
    ]


def test_pages_are_made_for_what_the_study_holds_evidence_on(tmp_path, folder):
    small = read_study(folder)
    place = notebook(tmp_path / "c.ipynb")
    country = Report("country", place, "{name}!", each="systems")
    groups = Report("groups", place, "{name}", each="stakeholders")
    assert items_of(country, small) == {"NA": "Namibia", "DE": "Germany"}
    assert items_of(groups, small) == {"learners": "Learners"}
    jobs = plan([country], small, only=["DE"], given={"seed": "5"})
    assert [(job.page, job.title) for job in jobs] == [("country/DE", "Germany!")]
    assert jobs[0].parameters["system"] == "DE"
    assert jobs[0].parameters["seed"] == 5


def test_only_leaves_out_the_reports_that_are_not_made_for_it(tmp_path, folder):
    small = read_study(folder)
    reports = [
        Report("country", notebook(tmp_path / "c.ipynb"), "{name}", each="systems"),
        Report("compare", notebook(tmp_path / "o.ipynb"), "All"),
    ]
    assert [job.page for job in plan(reports, small, only=["NA"])] == ["country/NA"]
    assert [job.page for job in plan(reports, small)] == [
        "country/NA",
        "country/DE",
        "compare/compare",
    ]


def test_a_report_on_panels_has_a_page_for_each_and_follows_the_panel_that_others_are_told(study):
    catalogue = read_catalogue(ROOT / "reports.toml")
    two = replace(study, panels={**study.panels, "delphi-2026": study.panels["illustrative"]})
    jobs = [job for job in plan(catalogue, two, ["panel"]) if job.language == "en"]
    assert [(job.page, job.title.split(":")[0]) for job in jobs] == [
        ("panel/illustrative", "Illustrative panel"),
        ("panel/delphi-2026", "Delphi 2026 panel"),
    ]
    told = plan(catalogue, two, ["panel", "comparison"], given={"panel": "delphi-2026"})
    told = [job for job in told if job.language == "en"]
    assert [job.page for job in told] == ["comparison/comparison", "panel/delphi-2026"]
    assert told[1].parameters["panel"] == "delphi-2026"
    assert 'no panel "delfi". Did you mean "delphi-2026"?' in "".join(
        refusal(plan, catalogue, two, ["panel"], given={"panel": "delfi-2026"})
    ).replace("delfi-2026", "delfi")
