"""What changed since the last edition, on the page itself: night after night."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mcanalysis.language import speaking
from mcanalysis.markup import number_sources
from mcanalysis.report import following, site
from mcanalysis.report.catalogue import Report, plan
from mcanalysis.report.execution import Result
from mcanalysis.report.page import PageContext, render_page
from mcanalysis.report.since_page import since_html
from mcanalysis.report.site import make_site
from mcanalysis.study import read_study, study_digests
from tests.making import edit

pytestmark = pytest.mark.slow  # each night of one is a run
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NOW = "2026-01-01T00:00:00+00:00"
ROW = "DE,recognition,2024,2,Another fact.,news,opening,medium,no"


@pytest.fixture
def night(folder: Path, tmp_path: Path, monkeypatch):
    """Run the small study's site without kernels; returns page -> what it is told has changed."""
    languages = ("en", "de")
    catalogue = [
        Report("country", NOTEBOOKS / "country.ipynb", "{name}", "", "systems",
               languages=languages),
        Report("comparison", NOTEBOOKS / "comparison.ipynb", "All", "", None, languages=languages),
        Report("stakeholders", NOTEBOOKS / "stakeholders.ipynb", "{name}", "", "stakeholders",
               languages=languages),
    ]  # fmt: skip

    def once(reports=(), failing=(), given=None, **kwargs) -> dict[str, dict[str, Any]]:
        told = {}

        def instead(tasks: dict[str, Any], workers: int):
            for page, task in tasks.items():
                told[page] = task["context"]["changed"]
                if page in failing:
                    error = {"cell": 1, "line": "x", "message": "told to fail"}
                    yield page, vars(Result(None, (), 0, error, None, NOW, 0.1))
                else:
                    yield page, vars(Result("<p>", (), 0, None, None, NOW, 0.1))

        monkeypatch.setattr(site, "run_tasks", instead)
        small = read_study(folder)
        jobs = plan(catalogue, small, reports, given=given)
        make_site(small, folder, study_digests(folder), catalogue, jobs, tmp_path / "out",
                  usual=not given, **kwargs)  # fmt: skip
        return told

    return once


def raise_a_level(folder: Path) -> None:
    edit(folder, "indicators", ROW, ROW.replace(",2,Another", ",3,Quite another"))
    edit(folder, "sources", "2024-05-01", "2024-06-01")


def reword(folder: Path) -> None:
    edit(folder, "indicators", "A fact.,act", "A fact put otherwise.,act")
    edit(folder, "swot_factors", "A threat.", "Another threat.")


def test_the_first_edition_has_nothing_to_say_and_compares_nothing(night, monkeypatch):
    monkeypatch.setattr(following, "_differences", lambda *_: pytest.fail("compared"))
    told = night()
    assert len(told) > 6
    assert set(map(bool, told.values())) == {False}


def test_a_page_is_told_its_own_part_with_both_dates_statements_and_sources(night, folder):
    night()
    raise_a_level(folder)
    reword(folder)
    told = night()["country/DE"]
    assert (told["was"], told["now"]) == ("2024-05-01", "2024-06-01")
    said = [c["said"] for c in told["conclusions"]]
    assert said == ["Germany, SWOT factors: one reworded."]
    (row,) = told["levels"]
    assert row["was"] == {"what": "level 2", "statement": "Another fact.", "source_id": "news",
                          "locator": "opening"}  # fmt: skip
    assert (row["now"]["what"], row["now"]["statement"]) == ("level 3", "Quite another fact.")
    assert told["sources"]["news"]["title"] == "A page"


def test_pages_of_other_systems_are_told_that_nothing_of_theirs_changed(night, folder):
    night()
    raise_a_level(folder)
    told = night()["country/NA"]  # its ranks enter, so it is made again
    assert [told[name] for name in ("conclusions", "levels", "told", "factors")] == [[], [], [], []]
    assert told["was"] == "2024-05-01"


def test_the_comparison_is_told_all_and_a_group_what_concerns_it(night, folder):
    night()
    raise_a_level(folder)
    reword(folder)
    told = night()
    every = told["comparison/comparison"]
    assert [r["system"] for r in every["levels"] + every["told"]] == ["Germany", "Namibia"]
    assert [(f["kind"], f["now"]["statement"]) for f in every["factors"]] == [
        ("reworded", "Another threat.")
    ]
    group = told["stakeholders/learners"]
    assert [r["dimension"] for r in group["levels"]] == ["Recognition"]
    assert group["factors"] == []  # the threat names nobody


def test_each_language_says_it_in_its_words(night, folder):
    night()
    raise_a_level(folder)
    told = night()
    assert told["de/country/DE"]["levels"][0]["now"]["what"] == "Stufe 3"
    assert told["country/DE"]["levels"][0]["now"]["what"] == "level 3"


def test_whoever_makes_a_page_again_from_the_same_evidence_says_the_same(night, folder):
    night()
    raise_a_level(folder)
    once = night()
    assert night() == {}
    assert night(force=True) == once


def test_a_page_that_nothing_touches_keeps_what_it_said_of_an_earlier_edition(night, folder):
    night()
    raise_a_level(folder)
    before = night()
    edit(folder, "indicators", "A fact.,act", "A fact put otherwise.,act")
    made = night()
    assert "country/DE" not in made
    assert [r["now"]["statement"] for r in made["country/NA"]["told"]] == ["A fact put otherwise."]
    again = night(force=True)
    assert again["country/DE"] == before["country/DE"]
    assert {page: again[page] for page in made} == made


def test_a_page_that_failed_says_it_when_it_is_mended(night, folder):
    night()
    raise_a_level(folder)
    failed = night(failing=["country/DE"])
    assert night() == {"country/DE": failed["country/DE"]}


def test_pages_made_on_different_days_compare_with_the_same_edition(night, folder):
    night()
    raise_a_level(folder)
    night(["country"])
    reword(folder)
    told = night()
    assert told["country/DE"]["was"] == "2024-05-01"
    assert len(told["country/DE"]["levels"]) == 1
    assert len(told["country/DE"]["factors"]) == 1
    assert len(told["comparison/comparison"]["levels"]) == 1


def test_a_change_that_is_taken_back_is_not_told(night, folder):
    night()
    kept = {p: p.read_bytes() for p in folder.iterdir()}
    raise_a_level(folder)
    assert night(["country"])["country/DE"]["levels"]
    for place, content in kept.items():
        place.write_bytes(content)
    assert night()["country/DE"] == {}


def test_a_page_with_settings_of_its_own_says_nothing_and_the_usual_one_says_it_again(
    night, folder
):
    night()
    raise_a_level(folder)
    once = night()["country/DE"]
    assert night(["country"], given={"as_of": "2020"})["country/DE"] == {}
    assert night(["country"])["country/DE"] == once


def test_a_run_with_nothing_to_do_compares_nothing(night, folder, monkeypatch):
    night()
    raise_a_level(folder)
    night()
    monkeypatch.setattr(following, "_differences", lambda *_: pytest.fail("compared"))
    night()
    night(force=True)


def test_a_last_edition_that_cannot_be_read_is_not_compared_with(night, folder, tmp_path):
    night()
    for kept in (tmp_path / "out" / ".state").glob("study-*/systems.csv"):
        kept.write_text("nonsense")
    raise_a_level(folder)
    assert night()["country/DE"] == {}


# As a page says it


def page_of(told: dict[str, Any], **context: Any) -> str:
    shown = new_output("display_data", data={"text/html": "<p>There</p>"})
    cells = [new_markdown_cell("## What changed"), new_code_cell("", outputs=[shown]),
             new_markdown_cell("## Since the last edition"), new_code_cell("# here")]  # fmt: skip
    versions, systems = {"mcanalysis": "1"}, {"DE": "Germany"}
    made = PageContext("country", "DE", "Germany", {}, {}, "2024-06-01", versions, "../", "p.js",
                       systems=systems, changed=told, **context)  # fmt: skip
    return render_page(new_notebook(cells=cells), made).html


def test_a_page_without_an_edition_before_has_no_such_section():
    assert "Since the last edition" not in page_of({})


def test_conclusions_come_first_then_levels_then_words_then_factors(night, folder):
    night()
    raise_a_level(folder)
    reword(folder)
    edit(folder, "swot_factors", "A strength.", "A <b>strength</b> of {root} & [more].")
    told = night()["country/DE"]
    html = page_of(told)
    part = re.search('<section id="since-the-last-edition".*?</section>', html, re.S)[0]
    said = [m[1] for m in re.finditer(r"<h3>(.*?)</h3>", part)]
    assert said == ["Levels that moved", "Factors that changed"]
    assert part.index('<ol class="news">') < part.index("<h3>")
    assert "The edition of 1 June 2024 against that of 1 May 2024." in part
    assert "A &lt;b&gt;strength&lt;/b&gt; of {root} &amp; [more]." in part
    assert 'href="#s1"' in part  # sources are those of the page
    assert 'id="s1"' in html
    assert "A page" in html
    assert html.index("There") < html.index("since-the-last-edition-h")


def test_a_page_of_which_nothing_changed_says_so_in_one_line(night, folder):
    night()
    raise_a_level(folder)
    html = since_html(night()["country/NA"], own=True)
    assert html == (
        "<p>Nothing has changed here since the edition of 1 May 2024: no conclusion, no level, no "
        "statement, no factor.</p>"
    )


def test_editions_of_the_same_day_are_not_told_apart_by_it(night, folder):
    night()
    reword(folder)
    told = night()
    assert "the one before, of the same day" in since_html(told["country/DE"], own=True)
    with speaking("fr"):
        assert "par rapport à la précédente" in since_html(told["country/DE"], own=True)


def test_many_changes_are_told_up_to_a_limit_and_the_rest_leads_to_the_page_of_changes(
    night, folder
):
    night()
    with (folder / "swot_factors.csv").open("a", encoding="utf-8") as rows:
        rows.writelines(
            f"de-x{n},DE,strength,credits,One more.,,news,p. 1,high\n" for n in range(25)
        )
    told = night()
    assert len(told["country/DE"]["factors"]) == 20
    html = number_sources(since_html(told["country/DE"], own=True), {})
    assert (
        'Five more changes stand on the page of <a href="{root}changes.html">changes</a>.' in html
    )
