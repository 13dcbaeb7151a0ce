from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from mcanalysis.report.catalogue import Report, plan
from mcanalysis.report.reach import Reach, asks_about_one_system
from mcanalysis.report.site import Run, make_site
from mcanalysis.study import read_study, study_digests

ROOT = Path(__file__).parents[2]
COUNTRY = ROOT / "notebooks" / "country.ipynb"
SYSTEMS = ["DE", "NL", "AT", "DK", "BG", "EU"]


def edit(folder: Path, table: str, change) -> None:
    place = folder / f"{table}.csv"
    frame = pd.read_csv(place, dtype=str, keep_default_na=False)
    changed = change(frame)
    (frame if changed is None else changed).to_csv(place, index=False)


def first(frame: pd.DataFrame, **where: str) -> int:
    found = pd.Series(True, index=frame.index)
    for column, value in where.items():
        found &= frame[column] == value
    return int(frame.index[found][0])


def statement(frame):
    frame.loc[first(frame, source_id="nl-faq"), "statement"] += " Told anew."


def factor(frame):
    frame.loc[first(frame, system_id="DE"), "statement"] += " Told anew."


def new_factor(frame):
    row = frame.loc[[first(frame, system_id="DE", quadrant="strength")]]
    return pd.concat([frame, row.assign(factor_id="de-new", statement="One more.")])


def level(frame):
    at = first(frame, system_id="NL")
    frame.loc[at, "level"] = "1" if frame.loc[at, "level"] != "1" else "2"


def title(frame):
    frame.loc[first(frame, source_id="nl-faq"), "title"] = "A source by another name"


def note(frame):
    frame.loc[first(frame, system_id="DK"), "name"] = "Kingdom of Denmark"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Country pages of a copy of the shipped study; returns the run and the pages' words."""
    place = tmp_path_factory.mktemp("reach")
    shutil.copytree(ROOT / "data", place / "data")
    catalogue = [Report("country", COUNTRY, "{name}", "About one.", "systems")]

    def run(out: str, force: bool = False) -> tuple[Run, dict[str, str]]:
        study = read_study(place / "data")
        jobs = plan(catalogue, study, only=SYSTEMS, given={"draws": "2000"})
        done = make_site(
            study, place / "data", study_digests(place / "data"), catalogue, jobs, place / out,
            workers=2, force=force,
        )  # fmt: skip
        return done, {s: words(place / out / f"country/{s}.html") for s in SYSTEMS}

    run("out")
    return place / "data", run


PROVENANCE = (
    r'<meta http-equiv="Content-Security-Policy".*?>',  # holds a digest of the edition's day
    r'<script type="application/ld\+json">.*?</script>',
    r'<section id="data-and-citation".*?</section>',
    r'<section id="how-it-was-made".*',
    r"edition of [^.<\"]*",
)


def words(page: Path) -> str:
    """Return a page without what it says of the files that it was made from."""
    html = page.read_text(encoding="utf-8")
    for part in PROVENANCE:
        html, found = re.subn(part, "", html, flags=re.S)
        assert found, part
    return html


@pytest.mark.slow
@pytest.mark.parametrize(
    ("table", "change", "made"),
    [
        ("indicators", statement, {"NL", "DE", "AT"}),
        ("swot_factors", factor, {"DE"}),
        ("swot_factors", new_factor, {"DE"}),
        ("sources", title, {"NL", "DE", "AT"}),
        ("indicators", level, set(SYSTEMS)),
        ("systems", note, set(SYSTEMS)),
    ],
)
def test_a_change_remakes_the_pages_that_show_it_and_leaves_no_page_behind(
    site, table, change, made
):
    data, run = site
    edit(data, table, change)
    done, pages = run("out")
    assert {o.page.split("/")[1] for o in done.outcomes if o.status == "made"} == made
    _, anew = run("again", force=True)
    assert pages == anew
    assert run("out")[0].count("unchanged") == len(SYSTEMS)


def test_a_page_goes_by_the_panel_that_it_names_and_by_no_other(study):
    digests = study_digests(ROOT / "data")
    reach = Reach(study, digests)
    bare = Reach(study.__class__(**{**vars(study), "panels": {}}), digests)
    assert reach.all_of({"panel": None}, "DE") == bare.all_of({}, "DE")
    named = {"panel": "illustrative"}
    assert reach.all_of(named, "DE") != bare.all_of(named, "DE")


def test_a_page_that_may_show_anything_goes_by_every_table(study):
    reach = Reach(study, {"indicators.csv": "1"})
    assert reach.all_of({}, None) != Reach(study, {"indicators.csv": "2"}).all_of({}, None)
    assert reach.cited(None, ["nl-faq"]) is None


@pytest.mark.parametrize(
    "line",
    [
        "a.study.indicators",
        "tables.factors_naming(a, 'learners')",
        "import pandas as pd",
        "tables.glance(a, 'FR')",
        "system = 'FR'",
        "system: str = 'FR'",
        "for s in ['FR']: print(s)",
        "a = analyse(read_study('elsewhere'))",
        "glance(",
    ],
)
def test_a_notebook_that_asks_for_more_may_show_anything(tmp_path, line):
    notebook = json.loads(COUNTRY.read_text(encoding="utf-8"))
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": [line]})
    (tmp_path / "own.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert asks_about_one_system(COUNTRY)
    assert not asks_about_one_system(tmp_path / "own.ipynb")
