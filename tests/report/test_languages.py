"""A site in several languages: where its pages stand, how they lead to each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.report import site
from mcanalysis.report.catalogue import plan, read_catalogue
from mcanalysis.report.execution import Result
from mcanalysis.report.site import make_site
from mcanalysis.study import read_study, study_digests

CELL = 'system: str = "DE"\nlanguage: str = "en"\nstudy: str = ""\n'
HEAD = 'languages = ["en", "de"]\n'
BODY = '[country]\nnotebook = "n/page.ipynb"\ntitle = "{name}: how microcredentials fit in"\n'
GERMAN = "table,id,column,text\nsystems,DE,name,Deutschland\n"


@pytest.fixture
def build(folder: Path, tmp_path: Path, monkeypatch):
    """Make a site of the small study without kernels; say which pages were made, and of what."""
    asked: dict[str, Any] = {}

    def instead(tasks: dict[str, Any], workers: int):
        for name, task in tasks.items():
            asked[name] = task
            yield name, vars(Result("<p>", (), 0, None, None, "2026-01-01T00:00:00+00:00", 0.1))

    def run(head: str = HEAD, given: dict[str, str] | None = None, cell: str = CELL):
        asked.clear()
        (tmp_path / "n").mkdir(exist_ok=True)
        cells = [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": cell}]
        (tmp_path / "n" / "page.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        (tmp_path / "reports.toml").write_text(head + BODY + 'each = "systems"\n', encoding="utf-8")
        catalogue, study = read_catalogue(tmp_path / "reports.toml"), read_study(folder)
        jobs = plan(catalogue, study, given=given)
        made = make_site(study, folder, study_digests(folder), catalogue, jobs, tmp_path / "out")
        return made, dict(asked)

    monkeypatch.setattr(site, "run_tasks", instead)
    return run


def test_the_first_language_stands_at_the_root_and_each_other_in_its_folder(build, tmp_path):
    _, asked = build()
    assert list(asked) == ["country/NA", "country/DE", "de/country/NA", "de/country/DE"]
    for name, lang in (("index.html", "en"), ("de/index.html", "de")):
        html = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert f'<html lang="{lang}">' in html
    assert (tmp_path / "out" / "changes.html").is_file()
    assert (tmp_path / "out" / "de" / "changes.html").is_file()


def test_a_page_leads_to_itself_in_every_language_and_finds_what_all_share(build):
    _, asked = build()
    own, other = asked["country/DE"]["context"], asked["de/country/DE"]["context"]
    assert own["languages"] == (("en", "../country/DE.html"), ("de", "../de/country/DE.html"))
    assert other["languages"] == (
        ("en", "../../country/DE.html"),
        ("de", "../../de/country/DE.html"),
    )
    assert own["links"][-1] == ("Changes", "../changes.html#DE")
    assert other["links"][-1][1] == "../changes.html#DE"
    assert own["plotly"].startswith("../assets/")
    assert other["plotly"].startswith("../../assets/")
    assert [asked[p]["parameters"]["language"] for p in asked] == ["en", "en", "de", "de"]


def test_an_index_leads_to_its_own_pages_and_to_the_other_index(build, tmp_path, read):
    build()
    page = read((tmp_path / "out" / "de" / "index.html").read_text(encoding="utf-8"))
    places = [str(a["href"]) for a in page.all("a")]
    assert {"country/DE.html", "../index.html", "changes.html"} <= set(places)
    for place in places:
        if not place.startswith("#"):
            assert (tmp_path / "out" / "de" / place.partition("#")[0]).is_file(), place
    tongues = [a for a in page.all("a") if a.get("hreflang")]
    assert [a["lang"] for a in tongues] == ["en", "de"]
    assert [a.get("aria-current") for a in tongues] == [None, "true"]


def test_a_title_has_words_and_names_of_its_language(build, folder):
    (folder / "translations").mkdir()
    (folder / "translations" / "de.csv").write_text(GERMAN, encoding="utf-8")
    made, _ = build()
    titles = {o.page: o.title for o in made.outcomes}
    assert titles["country/DE"] == "Germany: how microcredentials fit in"
    assert titles["de/country/DE"] == "Deutschland: Wie Microcredentials ins System passen"


def test_a_new_translation_makes_the_pages_of_its_language_only(build, folder):
    build()
    (folder / "translations").mkdir()
    (folder / "translations" / "de.csv").write_text(GERMAN, encoding="utf-8")
    _, asked = build()
    assert list(asked) == ["de/country/NA", "de/country/DE"]


def test_a_language_that_is_given_up_is_taken_off_the_site(build, tmp_path):
    build()
    made, asked = build(head='languages = ["en"]\n')
    assert made.removed == ("de/country/DE", "de/country/NA")
    assert not list((tmp_path / "out" / "de").rglob("*.*"))
    assert len(asked) == 2  # they led to pages that are gone


def test_a_language_given_for_a_run_makes_its_pages_only(build):
    assert list(build(given={"language": "de"})[1]) == ["de/country/NA", "de/country/DE"]
    assert list(build(head="", given={"language": "fr"})[1]) == ["country/NA", "country/DE"]


def test_a_site_of_one_language_has_no_links_to_others(build, tmp_path):
    build(head="")
    assert "hreflang" not in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('languages = ["en", "it"]\n', 'no words in the language "it"'),
        ('languages = ["en", "en"]\n', '"en" is there twice'),
        ('languages = "en"\n', "not a list"),
        ("languages = []\n", "not a list"),
    ],
)
def test_languages_that_cannot_be_made_are_refused(build, head, said):
    with pytest.raises(ParameterError, match=said):
        build(head=head)


def test_a_notebook_that_cannot_speak_is_named_with_what_to_add(build):
    silent = 'system: str = "DE"\nstudy: str = ""\n'
    with pytest.raises(ParameterError, match=r'page\.ipynb has no parameter "language"'):
        build(cell=silent)
    assert list(build(head="", cell=silent)[1]) == ["country/NA", "country/DE"]


def test_a_language_on_the_command_line_that_is_unknown_is_refused(build):
    with pytest.raises(ParameterError, match="It can be one of: en, de, fr, es"):
        build(given={"language": "xx"})
