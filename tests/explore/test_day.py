"""The analyst's day in a real JupyterLab, driven by a real browser; and the same views in Voila."""

from __future__ import annotations

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from mcanalysis import read_study
from tests.explore.lab import jupyterlab, notebook, opened, voila

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WAIT = 60_000
HERE = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")


@pytest.fixture
def project(tmp_path) -> Path:
    """The shipped study with its notebooks and catalogue, to be edited."""
    place = tmp_path / "project"
    for name in ("data", "notebooks"):
        shutil.copytree(name, place / name)
    shutil.copy("reports.toml", place)
    notebook(
        place / "day.ipynb", 'from mcanalysis import explore\nexplore.explore("data")', "1 + 1"
    )
    return place


@pytest.fixture
def page(browser):
    """A page that remembers what leaves the machine and what fails in it."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.set_default_timeout(WAIT)
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))

    def asked(request):
        if not request.url.startswith(HERE):
            page.wrong.append(request.url)

    page.on("request", asked)
    yield page
    page.close()


def unfolded(details):
    """Open details, again if the kernel has drawn them anew meanwhile."""
    steady = 0
    while steady < 4:
        if details.get_attribute("open") is None:
            details.locator("summary").click()
            steady = 0
        details.page.wait_for_timeout(500)
        steady = steady + 1 if details.get_attribute("open") is not None else 0


def part(page, name):
    return page.locator(f'[data-part="{name}"]')


def test_an_analyst_spends_a_day_in_jupyterlab(project, page, tmp_path):
    with jupyterlab(project, tmp_path / "home") as address:
        # load
        opened(page, address, "day.ipynb")
        said = part(page, "priorities/said")
        said.get_by_text("pairs settled").wait_for()
        before = said.inner_text()

        # move priorities by keyboard
        page.get_by_label("Recognition", exact=True).focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "(old) => document.querySelector('.said').innerText !== old", arg=before
        )
        assert page.get_by_label("Recognition", exact=True).input_value() == "8"
        assert (
            page.get_by_label("Recognition", exact=True).get_attribute("aria-valuetext")
            == "8 of 10, 1."
        )
        # a list obeys the arrows too, and the active cell stays
        page.get_by_label("The sliders say").focus()
        page.keyboard.press("ArrowDown")
        page.wait_for_function(
            "() => document.querySelector('.mcx output').innerText.endsWith('%')"
        )
        assert page.evaluate("() => document.activeElement.name") == "meaning"
        assert page.locator(".jp-Cell.jp-mod-active .mcx").count() == 1 or (
            page.locator(".jp-Cell").nth(1).get_attribute("class").count("jp-mod-active") == 0
        )

        # open a source
        page.get_by_role("tab", name="Priorities").focus()
        page.keyboard.press("ArrowRight")
        page.get_by_label("System", exact=True).locator("visible=true").select_option("IE")
        board = part(page, "swot/board")
        board.locator("details.factor[id*=ie-]").first.wait_for()  # not the board before
        first = board.locator("details.factor").first
        first.locator("summary").focus()
        page.keyboard.press("Enter")
        link = first.locator("a[href^=http]")
        link.wait_for()
        assert link.get_attribute("target") == "_blank"

        # add a factor
        page.get_by_role("button", name="Add a factor").press("Enter")
        form = part(page, "swot/draft")
        form.get_by_label("The factor, in a sentence").fill(
            "Registers are linked across providers."
        )
        form.get_by_label("opportunity").check()
        form.get_by_role("button", name="Keep as a draft").click()
        part(page, "swot/alert").get_by_text("dimension, confidence").wait_for()
        form.get_by_label("Dimension").select_option("transparency-registers" if form.locator(
            "option[value=transparency-registers]").count() else {"index": 1})  # fmt: skip
        form.get_by_label("How sure").select_option("medium")
        form.get_by_label("Source", exact=True).select_option(index=2)
        form.get_by_label("Place in the source").fill("p. 3")
        form.get_by_role("button", name="Keep as a draft").click()
        part(page, "drafts").get_by_text("1 draft", exact=True).wait_for()
        kept = list((project / "data" / ".drafts").glob("*.json"))
        assert [e["table"] for e in json.loads(kept[0].read_text())["edits"]] == ["swot_factors"]
        assert "linked across" not in (project / "data" / "swot_factors.csv").read_text()

        # save a scenario
        page.get_by_role("tab", name="Scenario").click()
        assume = page.get_by_role("form", name="Assume a level")
        assume.get_by_label("System").select_option("DE")
        assume.get_by_label("Dimension").select_option("recognition")
        assume.get_by_label("Level").select_option("3")
        assume.get_by_label("What would have to happen").fill("Illustrative: a law binds all.")
        assume.get_by_role("button", name="Assume it").press("Enter")
        part(page, "scenario/moved").locator("table").first.wait_for()
        keep = page.get_by_role("form", name="Keep it as a scenario")
        keep.get_by_label("Name").fill("bold")
        keep.get_by_role("button", name="Save the scenario").click()
        part(page, "drafts").get_by_text("Saved: 1 row").wait_for()
        assert read_study(project / "data").scenarios["bold"]["level"].tolist() == [3]

        # make the report: with a draft open it says why not; saved, it is made and opens
        report = page.get_by_role("tabpanel", name="Scenario").get_by_role(
            "button", name="Make the report"
        )
        report.click()
        part(page, "scenario/alert").get_by_text("Save them first").wait_for()
        page.get_by_role("button", name="Save into the study").click()
        part(page, "drafts").get_by_text("Saved: 1 row").wait_for()
        assert "linked across" in (project / "data" / "swot_factors.csv").read_text()
        report.click()
        done = page.get_by_role("tabpanel", name="Scenario").get_by_role(
            "link", name="Open the page"
        )
        done.wait_for(timeout=2 * WAIT)
        page.wait_for_function(
            "() => document.querySelector('a[data-page]')?.href.startsWith('blob:')"
        )
        with page.context.expect_page() as new:
            done.click()
        new.value.get_by_role("heading", level=1).wait_for()
        assert "What if" in new.value.title()
        assert (project / "explored" / "scenario" / "scenario.html").is_file()
        assert not (project / "reports").exists()
        new.value.close()

        # restart the kernel and take the draft up again, and what stood in a form
        page.get_by_role("tab", name="Evidence").click()
        page.get_by_role("button", name="Ireland, Recognition: no evidence").click()
        page.get_by_label("The fact, in a sentence").locator("visible=true").fill("Half a senten")
        page.wait_for_timeout(1_000)
        page.get_by_role("tab", name="SWOT board").click()
        board = part(page, "swot/board")
        unfolded(board.locator("details.factor").first)
        board.get_by_role("button", name="Take off").locator("visible=true").first.click()
        part(page, "drafts").get_by_text("1 draft", exact=True).wait_for()
        page.get_by_role("menuitem", name="Kernel", exact=True).click()
        page.get_by_role("menuitem", name="Restart Kernel and Run All Cells").click()
        page.get_by_role("button", name="Confirm Kernel Restart").or_(
            page.get_by_role("button", name="Restart", exact=True)).click()  # fmt: skip
        part(page, "drafts").get_by_text("from an earlier session").wait_for()
        page.get_by_role("button", name="Take them up again").press("Enter")
        part(page, "drafts").get_by_text("1 draft", exact=True).wait_for()
        page.get_by_role("tab", name="Evidence").click()
        page.get_by_role("button", name="Ireland, Recognition: no evidence").click()
        typed = page.get_by_label("The fact, in a sentence").locator("visible=true")
        assert typed.input_value() == "Half a senten"
    assert page.wrong == []


def test_every_control_has_a_name_and_a_label(project, page, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    with jupyterlab(project, tmp_path / "home") as address:
        opened(page, address, "day.ipynb")
        part(page, "priorities/said").get_by_text("pairs settled").wait_for()
        for name in ("Priorities", "SWOT board", "Compare", "Benefits", "Scenario", "Evidence"):
            page.get_by_role("tab", name=name).click()
            panel = page.get_by_role("tabpanel", name=name)
            panel.get_by_role("button", name="Make the report").wait_for()
            if name == "SWOT board":
                page.get_by_role("button", name="Add a factor").click()
            if name == "Evidence":
                page.get_by_role("button", name="Ireland, Recognition").click()
            page.wait_for_timeout(500)
            options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
            found = Axe().run(page, context=".mcx", options=options)
            bad = [(v["id"], [n["html"][:150] for n in v["nodes"]][:3])
                   for v in found.response["violations"]]  # fmt: skip
            assert bad == [], name


@pytest.mark.skipif(find_spec("voila") is None, reason="voila: requirements-voila.lock")
def test_voila_shows_the_same_views_with_no_network(project, page, tmp_path):
    page.route(lambda url: not url.startswith(HERE), lambda route: route.abort())
    with voila(project, tmp_path / "home", "day.ipynb") as address:
        page.goto(address)
        said = part(page, "priorities/said")
        said.get_by_text("pairs settled").wait_for()
        before = said.inner_text()
        page.get_by_label("Recognition", exact=True).focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "(old) => document.querySelector('.said').innerText !== old", arg=before
        )
        for name in ("SWOT board", "Compare", "Benefits", "Scenario", "Evidence"):
            page.get_by_role("tab", name=name).click()
            page.get_by_role("tabpanel", name=name).get_by_role(
                "button", name="Make the report"
            ).wait_for()
        assert page.locator(".emap button").count() == 220
    # Voila's own template asks for icons, which no view uses; the views ask nobody.
    assert [w for w in page.wrong if "/@fortawesome/fontawesome-free@" not in w] == []
