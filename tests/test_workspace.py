from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from mcanalysis.errors import McAnalysisError, ParameterError
from mcanalysis.model import TABLES, Study
from mcanalysis.report.catalogue import plan, read_catalogue
from mcanalysis.study import check_study, read_study
from mcanalysis.workspace import (
    export_study,
    keep_systems,
    newer_workbook,
    shipped,
    start_workspace,
    with_defaults,
)


def same(one: Study, other: Study) -> bool:
    return all(frame.equals(other.tables()[name]) for name, frame in one.tables().items())


def parameters(notebook: Path) -> str:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return next(
        "".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", [])
    )


@pytest.mark.slow
def test_a_workspace_holds_the_shipped_study_in_both_forms_and_all_that_reports_need(
    study: Study, tmp_path: Path
) -> None:
    place = tmp_path / "deep" / "x"
    start_workspace(place)
    assert {p.name for p in place.iterdir()} == {
        "README.md", "data", "data.xlsx", "notebooks", "reports.toml",
    }  # fmt: skip
    assert same(read_study(place / "data"), study)
    assert same(read_study(place / "data.xlsx"), study)
    catalogue = read_catalogue(place / "reports.toml")
    assert plan(catalogue, read_study(place / "data"))
    assert {p.name for p in (place / "notebooks").iterdir()} == {
        p.name for p in (shipped() / "notebooks").glob("*.ipynb")
    }


@pytest.mark.slow
def test_chosen_systems_come_with_their_evidence_and_no_loose_ends(
    study: Study, tmp_path: Path
) -> None:
    start_workspace(tmp_path, ["NZ", "IE"])
    ours = read_study(tmp_path / "data")
    assert ours.systems["system_id"].tolist() == ["IE", "NZ"]
    theirs = study.indicators[study.indicators["system_id"].isin(["IE", "NZ"])]
    assert ours.indicators.equals(theirs.reset_index(drop=True))
    named = ours.translations["de"].query("table == 'systems'")["id"]
    assert set(named) == {"IE", "NZ"}
    assert set(ours.panels["illustrative"]["topic"]) == {
        "dimensions", "learners", "hei", "employers", "IE",
    }  # fmt: skip
    cited = {
        value
        for name, frame in ours.tables().items()
        for column in TABLES[name].columns
        if column.refers == "sources"
        for value in frame[column.name].dropna()
    }
    assert set(ours.sources["source_id"]) == cited - {"analyst-judgement"}
    assert 'system: str = "IE"' in parameters(tmp_path / "notebooks" / "country.ipynb")
    assert 'beside: list[str] = ["NZ"]  # ids' in parameters(
        tmp_path / "notebooks" / "workbench.ipynb"
    )


def test_without_systems_the_check_says_what_to_fill_in(study: Study, tmp_path: Path) -> None:
    start_workspace(tmp_path, [])
    for form in ("data", "data.xlsx"):
        problems = check_study(tmp_path / form)
        assert [p.reason for p in problems] == ["has a header and no rows"] * 2
        assert [p.mend for p in problems] == ["Add at least one row."] * 2
    manual = (tmp_path / "data" / "dimensions.csv").read_text(encoding="utf-8")
    assert manual == Path("data/dimensions.csv").read_text(encoding="utf-8")
    assert not (tmp_path / "data" / "panels").exists()


def test_a_study_filled_in_from_nothing_is_a_study(tmp_path: Path) -> None:
    start_workspace(tmp_path, [])
    rows = {
        "sources": "law,The law,Ministry,2024,https://example.org/,law,es,2026-01-02,",
        "systems": "CL,Chile,Chile,,other,,,law,,",
        "indicators": "CL,recognition,2024,2,A law names the steps.,law,art. 3,high,yes",
    }
    for name, row in rows.items():
        with (tmp_path / "data" / f"{name}.csv").open("a", encoding="utf-8", newline="") as file:
            file.write(f"{row}\r\n")
    assert check_study(tmp_path / "data") == []


def test_a_folder_that_is_not_empty_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    for name in ("b.txt", "a", "c", "d", ".git"):
        (tmp_path / name).mkdir()
    with pytest.raises(ParameterError, match=r"not empty: it holds a, b\.txt, c and 1 more"):
        start_workspace(tmp_path)
    assert len(list(tmp_path.iterdir())) == 5
    (tmp_path / "f").touch()
    with pytest.raises(ParameterError, match="is a file"):
        start_workspace(tmp_path / "f")


@pytest.mark.slow
def test_hidden_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    start_workspace(tmp_path, ["IE"])
    assert (tmp_path / "data").is_dir()
    assert {p.name for p in tmp_path.iterdir() if p.name[0] == "."} == {".git"}


def test_unknown_systems_are_named_all_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(ParameterError) as refused:
        start_workspace(tmp_path / "x", ["de", "Atlantis", "IE"])
    assert 'no system "de". Did you mean "DE"?' in str(refused.value)
    assert 'no system "Atlantis"' in str(refused.value)
    assert not (tmp_path / "x").exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(McAnalysisError, match="cannot be"):
        start_workspace(tmp_path / "f" / "x")


def test_keeping_every_system_changes_no_evidence(study: Study) -> None:
    kept = keep_systems(study, study.systems["system_id"].tolist())
    assert same(replace(kept, sources=study.sources), study)
    assert kept.panels["illustrative"].equals(study.panels["illustrative"])


def test_defaults_of_other_parameters_and_cells_stay() -> None:
    text = Path("notebooks/comparison.ipynb").read_text(encoding="utf-8")
    assert json.loads(with_defaults(text, ["IE"])) == json.loads(text)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["s.xlsx", "s.jsonld", "s", "my.study"])
def test_an_export_is_read_back_as_it_was(study: Study, tmp_path: Path, target: str) -> None:
    rows = export_study(study, tmp_path / target)
    names = sum(map(len, study.translations.values()))
    assert rows == sum(map(len, study.tables().values())) + 1436 + 10 + names
    assert same(read_study(tmp_path / target), study)


def test_an_export_replaces_nothing_unasked(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder)
    for target in (tmp_path / "s.xlsx", tmp_path / "s"):
        export_study(study, target)
        before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
        with pytest.raises(ParameterError, match=r"is there already.* --force"):
            export_study(study, target)
        assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before
        export_study(study, target, force=True)


@pytest.mark.parametrize("ending", ["csv", "json", "zip", "ods", "xls"])
def test_a_form_that_is_not_written_is_refused(folder: Path, tmp_path: Path, ending: str) -> None:
    with pytest.raises(ParameterError, match=r"\.xlsx or \.jsonld, or a folder"):
        export_study(read_study(folder), tmp_path / f"s.{ending}")
    assert not (tmp_path / f"s.{ending}").exists()


@pytest.mark.slow
def test_a_workbook_that_was_filled_in_and_not_taken_over_is_told(tmp_path: Path) -> None:
    start_workspace(tmp_path, ["IE"])
    data, book = tmp_path / "data", tmp_path / "data.xlsx"
    assert newer_workbook(data) == ""
    later = (data / "systems.csv").stat().st_mtime + 3600
    os.utime(book, (later, later))
    assert f"mcanalysis --study {book} export {data} --force" in newer_workbook(data)
    export_study(read_study(book), data, force=True)
    for file in data.glob("*.csv"):
        os.utime(file, (later, later))
    assert newer_workbook(data) == ""
    assert newer_workbook(book) == ""
