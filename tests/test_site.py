from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mcanalysis.errors import ReportError
from mcanalysis.report import record as records
from mcanalysis.report import site, work
from mcanalysis.report.catalogue import Report, plan
from mcanalysis.report.execution import Result
from mcanalysis.report.record import publish, read_record, up_to_date, write_aside, write_record
from mcanalysis.report.site import Run, make_site
from mcanalysis.report.work import edition_of, notebook_digest
from mcanalysis.study import read_study, study_digests

ACTS = Path(__file__).parent / "notebooks" / "acts.ipynb"
NOW = "2026-01-01T00:00:00+00:00"


def result(
    html: str | None = "<p>",
    error: str | None = None,
    started: str = NOW,
    book: bytes | None = None,
):
    said = error and {"cell": 4, "line": "fail()", "message": error}
    return vars(Result(html, ("act",), 1, said, "{}" if error else None, started, 0.1, book))


def files_in(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """Make pages without kernels; list what was made."""
    names: list[str] = []

    def instead(tasks: dict[str, Any], workers: int):
        for name, task in tasks.items():
            names.append(name)
            bad = task["parameters"]["system"] in task["parameters"]["failing"]
            yield name, result(None, "told to fail") if bad else result(f"<p>{name}")

    monkeypatch.setattr(site, "run_tasks", instead)
    return names


@pytest.fixture
def build(folder: Path, tmp_path: Path):
    """Make a site of the small study."""
    notebook = Path(shutil.copy(ACTS, tmp_path))

    def run(only=(), given=None, **kwargs) -> Run:
        kwargs.setdefault("usual", not given)
        catalogue = [Report("country", notebook, "{name}: a page", "About one.", "systems")]
        small = read_study(folder)
        jobs = plan(catalogue, small, only=only, given=given)
        return make_site(
            small, folder, study_digests(folder), catalogue, jobs, tmp_path / "out", **kwargs
        )

    return run


def test_a_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    place = tmp_path / "deep" / "page.html"
    write_aside(place, b"first")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(records.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_aside(place, b"second")
    assert place.read_bytes() == b"first"
    assert files_in(tmp_path) == ["deep/page.html"]


def test_a_page_is_up_to_date_when_key_and_bytes_are_those_recorded(tmp_path):
    page = tmp_path / "country" / "DE"
    assert not up_to_date(page, "k")
    publish(page, {"key": "k"}, result("<p>ä"))
    assert up_to_date(page, "k")
    assert not up_to_date(page, "other")
    page.with_suffix(".html").write_text("changed", encoding="utf-8")
    assert not up_to_date(page, "k")
    page.with_suffix(".html").unlink()
    assert not up_to_date(page, "k")
    page.with_suffix(".json").write_text("[", encoding="utf-8")
    assert not up_to_date(page, "k")


def test_a_page_is_made_again_when_its_workbook_is_missing_or_another(tmp_path):
    page, book = tmp_path / "DE", tmp_path / "DE.xlsx"
    publish(page, {"key": "k"}, result(book=b"one"))
    assert book.read_bytes() == b"one"
    assert up_to_date(page, "k")
    book.write_bytes(b"two")
    assert not up_to_date(page, "k")
    book.unlink()
    assert not up_to_date(page, "k")
    publish(page, {"key": "k"}, result(None, "told to fail"))
    assert read_record(tmp_path / "DE.json")["workbook_sha256"]  # of the page that stands there
    publish(page, {"key": "k"}, result(book=b"one"))
    publish(page, {"key": "k"}, result())  # a file of its own
    assert up_to_date(page, "k")
    assert files_in(tmp_path) == ["DE.html", "DE.json"]


def test_a_pdf_stays_while_its_page_is_the_same_and_goes_when_it_changes(tmp_path):
    page, pdf = tmp_path / "DE", tmp_path / "DE.pdf"
    made = publish(page, {"key": "1"}, result("<p>one"))
    pdf.write_bytes(b"%PDF")
    write_record(page, {**made, "pdf": {"sha256": "x"}})
    assert publish(page, {"key": "2"}, result("<p>one"))["pdf"] == {"sha256": "x"}
    assert publish(page, {"key": "3"}, result(None, "told to fail"))["pdf"] == {"sha256": "x"}
    assert pdf.exists()
    assert "pdf" not in publish(page, {"key": "3"}, result("<p>two"))
    assert not pdf.exists()


def test_a_failure_keeps_the_good_page_and_says_since_when_it_fails(tmp_path):
    page = tmp_path / "DE"
    good = publish(page, {"key": "1"}, result("<p>good"))
    publish(page, {"key": "2"}, result(None, "first", "2026-02-01T00:00:00+00:00"))
    again = publish(page, {"key": "2"}, result(None, "second", "2026-03-01T00:00:00+00:00"))
    assert again == read_record(tmp_path / "DE.json")
    assert again["status"] == "failed"
    assert again["since"] == "2026-02-01T00:00:00+00:00"
    assert again["error"] == {"cell": 4, "line": "fail()", "message": "second"}
    assert again["page_sha256"] == good["page_sha256"]
    assert (tmp_path / "DE.html").read_text() == "<p>good"
    assert not up_to_date(page, "2")
    assert files_in(tmp_path) == ["DE.failed.ipynb", "DE.html", "DE.json"]
    mended = publish(page, {"key": "2"}, result("<p>mended"))
    assert "since" not in mended
    assert files_in(tmp_path) == ["DE.html", "DE.json"]


def test_what_a_notebook_does_is_told_apart_from_what_it_showed(tmp_path):
    def digest(name: str, **changed: Any) -> str:
        notebook = json.loads(ACTS.read_text(encoding="utf-8"))
        notebook["cells"][3] |= changed
        (tmp_path / name).write_text(json.dumps(notebook), encoding="utf-8")
        return notebook_digest(tmp_path / name)

    plain = notebook_digest(ACTS)
    assert digest("run.ipynb", execution_count=7, outputs=[{"output_type": "stream"}]) == plain
    source = "".join(json.loads(ACTS.read_text(encoding="utf-8"))["cells"][3]["source"])
    assert digest("text.ipynb", source=source) == plain
    assert digest("code.ipynb", source=source + "\n") != plain
    assert digest("tags.ipynb", metadata={"tags": ["hidden"]}) != plain


def test_the_edition_is_the_newest_day_on_which_a_source_was_read(folder):
    small = read_study(folder)
    assert edition_of(small) == "2024-05-01"
    never = small.sources.assign(accessed=None)
    assert edition_of(replace(small, sources=never)) == "2024-12-31"


def test_what_is_up_to_date_is_not_made_again(build, made, tmp_path):
    first = build()
    assert made == ["country/NA", "country/DE"]
    assert [o.status for o in first.outcomes] == ["made", "made"]
    record = read_record(tmp_path / "out" / "country" / "DE.json")
    assert record["report"] == "country"
    assert record["item"] == "DE"
    assert record["parameters"]["system"] == "DE"
    assert record["sources"] == ["act"]
    assert record["inputs"]["study"].keys() >= {"systems.csv", "indicators.csv"}
    assert record["versions"].keys() >= {"mcanalysis", "python", "papermill", "nbconvert", "pandas"}
    assert str(tmp_path) not in json.dumps(record)
    made.clear()
    assert build().count("unchanged") == 2
    assert made == []
    assert build(force=True).count("made") == 2


@pytest.mark.parametrize("what", ["study", "notebook", "parameter", "mode", "library"])
def test_a_page_is_made_again_when_what_it_is_made_from_changed(
    build, made, folder, tmp_path, monkeypatch, what
):
    build()
    given, single_file = None, False
    if what == "study":
        rows = folder / "indicators.csv"
        rows.write_text(rows.read_text().replace("A fact.", "A new fact."))
    elif what == "notebook":
        notebook = tmp_path / "acts.ipynb"
        notebook.write_text(notebook.read_text().replace("the end", "the very end"))
    elif what == "parameter":
        given = {"share": "0.25"}
    elif what == "mode":
        single_file = True
    else:
        monkeypatch.setattr(work, "library_digest", lambda: "another")
    assert build(["DE"], given, single_file=single_file).count("made") == 1


def test_a_failing_page_does_not_stop_the_others(build, made, tmp_path):
    run = build(given={"failing": "NA"})
    assert {o.page: o.status for o in run.outcomes} == {
        "country/NA": "failed",
        "country/DE": "made",
    }
    assert run.outcomes[0].message == "cell 4 (fail()): told to fail"
    assert run.as_dict()["failed"] == 1
    index = run.index.read_text(encoding="utf-8")
    assert "told to fail" in index
    assert "2026-01-01" in index
    assert (tmp_path / "out" / "country" / "NA.failed.ipynb").exists()


def test_the_index_has_every_page_whatever_was_made_in_this_run(build, made):
    run = build(["DE"])
    assert made == ["country/DE"]
    build(["NA"])
    index = run.index.read_text(encoding="utf-8")
    assert 'href="country/DE.html"' in index
    assert 'href="country/NA.html"' in index
    run.index.unlink()
    build(["NA"])
    assert run.index.read_text(encoding="utf-8").count("country/") == index.count("country/")


def test_a_page_of_what_left_the_study_is_removed_when_we_made_it(build, made, folder, tmp_path):
    build()
    out = tmp_path / "out"
    for ending in (".xlsx", ".pdf", ".failed.ipynb"):
        (out / "country" / f"NA{ending}").write_text("beside it")
    (out / "country" / "FR.html").write_text("not ours")
    (out / "country" / "XX.json").write_text('{"report": "something else"}')
    for name in ("systems", "indicators"):
        rows = folder / f"{name}.csv"
        rows.write_text(re.sub("(?m)^NA,.*\n", "", rows.read_text()))
    assert build().removed == ("country/NA",)
    assert files_in(out / "country") == ["DE.html", "DE.json", "FR.html", "XX.json"]


def test_plotly_is_there_once_for_the_site_unless_each_page_holds_it(build, made, tmp_path):
    build(["DE"], single_file=True)
    out = tmp_path / "out"
    assert files_in(out) == [
        ".state/state.json", "changes.html", "changes.xml",
        "country/DE.html", "country/DE.json", "index.html", "study.zip",
    ]  # fmt: skip
    build(["DE"])
    assert [name for name in files_in(out) if name.startswith("assets/plotly-")]


def test_a_site_that_cannot_be_written_is_a_clear_message(build, made, tmp_path, monkeypatch):
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(ReportError, match=r"out cannot be written: .*File exists.* --out"):
        build()


def test_it_says_so_where_temporary_files_cannot_be_written(build, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(ReportError, match=r"gone cannot be written: No such file.* set TMPDIR"):
        build()
    assert not (tmp_path / "out" / "index.html").exists()


@pytest.mark.slow
def test_same_inputs_make_the_same_bytes_with_one_worker_and_with_two(build, tmp_path):
    pages = [tmp_path / "out" / "country" / f"{system}.html" for system in ("NA", "DE")]
    build()
    first = [page.read_bytes() for page in pages]
    index = (tmp_path / "out" / "index.html").read_bytes()
    assert b"NA [] None True" in first[0]
    assert build(force=True, workers=2).count("made") == 2
    assert [page.read_bytes() for page in pages] == first
    assert (tmp_path / "out" / "index.html").read_bytes() == index


@pytest.mark.slow
def test_the_last_good_page_stays_when_its_notebook_fails(build, tmp_path):
    build(["DE"])
    page = tmp_path / "out" / "country" / "DE.html"
    good = page.read_bytes()
    run = build(["DE"], {"failing": "DE"})
    assert run.outcomes[0].message == (
        "cell 4 (if system in failing:): RuntimeError: told to fail,"
    )
    assert page.read_bytes() == good
    assert build(["DE"]).count("made") == 1
    assert files_in(page.parent) == ["DE.html", "DE.json", "DE.xlsx"]
