"""What each view does with what a reader does, without a browser."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from mcanalysis import ParameterError, explore, read_study
from mcanalysis.explore import drafts as drafts_module
from mcanalysis.report.parameters import effective

PLACE = re.compile(r'data-part="([^"]+)"')


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A copy of the shipped study that may be edited."""
    monkeypatch.setattr(drafts_module, "_OPEN", {})
    shutil.copytree("data", tmp_path / "data")
    return tmp_path / "data"


def act(view, do, **more):
    """Do something in a view as the browser tells it; return what the view says is wrong."""
    view.stage.hear({"view": view.name, "do": do, "n": 1, **more})
    return view.stage.parts.get(f"{view.name}/alert", "")


def shown(view, part) -> str:
    return view.stage.parts[f"{view.name}/{part}"]


MAKERS = [explore.priorities, explore.swot_board, explore.compare, explore.benefits,
          explore.scenario, explore.evidence]  # fmt: skip


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_view_stands_alone_and_every_part_has_its_place(make, study):
    view = make(study, draws=300)
    places = set(PLACE.findall(view.stage.frame))
    assert set(view.stage.parts) <= places
    assert len(repr(view).splitlines()) == 1
    assert "application/vnd.jupyter.widget-view+json" in str(view._repr_mimebundle_())


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_control_has_a_label(make, study):
    view = make(study, draws=300)
    html = "".join(view.stage.parts.values())
    ids = set(re.findall(r'<(?:select|input|textarea)[^>]* id="([^"]+)"', html))
    named = set(re.findall(r'<label for="([^"]+)"', html))
    spoken = set(re.findall(r'<select id="([^"]+)"[^>]*aria-label=', html))
    assert ids <= named | spoken


def changed(make, study):
    """Return a view after a reader has changed what can be changed in it."""
    view = make(study, draws=300)
    a = view.analysis
    if make is explore.priorities:
        act(view, "weigh", name=a.dimensions[0], value="9", live=True)
    if make is explore.compare:
        act(view, "add", value="DE")
    if make is explore.scenario:
        act(view, "load", value="recognition-in-the-eu")
    return view


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_the_parameters_of_a_view_are_those_of_its_report(make, study):
    view = changed(make, study)
    notebook = Path("notebooks") / f"{view.report}.ipynb"
    words = view.command()
    given = dict(w.partition("=")[::2] for w in words if "=" in w)
    own = {"country": "system", "stakeholders": "stakeholder"}.get(view.report)
    values = effective(notebook, {}, given, own)
    assert view.parameters().items() <= values.items()
    assert ("--only" in words) == (own is not None)


def test_a_moved_slider_says_an_order_of_importance(study):
    view = explore.priorities(study, draws=300)
    assert view.parameters() == {"draws": 300}
    before = shown(view, "ranking")
    assert act(view, "weigh", name="recognition", value="9", live=True) == ""
    assert view.parameters()["order"][0] == ["recognition"]
    assert len(view.parameters()["order"][1]) == 10
    assert shown(view, "ranking") != before


def test_exact_weights_are_the_weights_of_the_report(study):
    view = explore.priorities(study, draws=300)
    act(view, "set", name="meaning", value="weights")
    act(view, "weigh", name="recognition", value="10", live=True)
    assert view.parameters()["weights"]["recognition"] == 10
    assert view.ranking().weights["recognition"] == pytest.approx(10 / 60)


def test_a_group_s_view_is_a_starting_point(study):
    view = explore.priorities(study, draws=300)
    start = next(label for label in view._starts() if "employers" in label)
    act(view, "set", name="start", value=start)
    assert len(set(view.parameters()["weights"].values())) > 2
    act(view, "reset")
    assert "weights" not in view.parameters()


def test_fewer_draws_stand_behind_a_move_than_at_rest_and_the_view_says_so(study):
    view = explore.priorities(study, draws=5_000)
    act(view, "weigh", name="recognition", value="9", live=True)
    assert "2\u202f000 draws, 5\u202f000 at rest" in shown(view, "ranking")
    act(view, "rest")
    view.settle()
    assert "5\u202f000 draws:" in shown(view, "ranking")


def test_all_sliders_at_nothing_is_an_error_in_the_view(study):
    view = explore.priorities(study, draws=300)
    act(view, "set", name="meaning", value="weights")
    for d in view.analysis.dimensions:
        said = act(view, "weigh", name=d, value="0", live=True)
    assert "Move at least one up" in said
    assert act(view, "weigh", name="recognition", value="3", live=True) == ""


def test_whatever_goes_wrong_is_said_in_the_view(study, monkeypatch):
    view = explore.compare(study, draws=300)
    assert "knows no" in act(view, "nonsense")
    monkeypatch.setattr(view, "draw", lambda: 1 / 0)
    said = act(view, "add", value="DE")
    assert "ZeroDivisionError" in said
    assert "What you typed is kept" in said


def test_two_to_six_systems_stand_side_by_side(study):
    view = explore.compare(study, ["DE", "IE"], draws=300)
    assert "Choose 2 to 6" in act(view, "remove", value="IE")
    for s in ("NZ", "EE", "FI", "HR"):
        assert act(view, "add", value=s) == ""
    assert "Choose 2 to 6" in act(view, "add", value="SE")
    assert view.parameters()["systems"] == ["DE", "IE", "NZ", "EE", "FI", "HR"]
    with pytest.raises(ParameterError, match="Did you mean"):
        explore.compare(study, ["DE", "IEE"], draws=300)


def test_the_board_shows_what_the_filter_leaves(study):
    view = explore.swot_board(study, "DE", draws=300)
    act(view, "set", name="who", value="employers")
    board = shown(view, "board")
    mine = study.swot_factors[study.swot_factors["system_id"] == "DE"]
    some = mine[mine["stakeholders"].str.contains("employers")]
    assert board.count("<li data-factor=") == len(some)
    assert f"{len(some)} of {len(mine)} factors" in board


FORM = {"quadrant": "threat", "dimension_id": "recognition", "statement": "A <b>bold</b> threat.",
        "confidence": "low", "source_id": "+", "new_title": "A new page", "locator": "p. 1",
        "new_publisher": "Ministry", "new_year": "2025",
        "stakeholders": "learners;hei"}  # fmt: skip


def test_a_factor_with_a_new_source_is_drafted_and_saved(data):
    view = explore.swot_board(data, "DE", draws=300)
    act(view, "edit", value="")
    assert act(view, "factor", form=FORM) == ""
    assert "A &lt;b&gt;bold&lt;/b&gt; threat." in shown(view, "board")
    assert act(view, "save") == ""
    study = read_study(data)
    row = study.swot_factors[study.swot_factors["statement"] == FORM["statement"]].iloc[0]
    assert row["source_id"] == "ministry-a-new-2025"
    assert row["source_id"] in set(study.sources["source_id"])


def test_a_factor_without_a_source_is_refused(data):
    view = explore.swot_board(data, "DE", draws=300)
    act(view, "edit", value="")
    assert "Nothing without a source" in act(view, "factor", form={**FORM, "new_title": ""})
    assert "lacks: statement" in act(view, "factor", form={**FORM, "statement": " "})
    said = act(view, "factor", form={**FORM, "new_year": "last year"})
    assert "is not a whole number" in said


def test_factors_are_put_in_order_and_the_report_follows_it(data):
    view = explore.swot_board(data, "IE", draws=300)
    before = view._shown()["weakness"]
    assert act(view, "up", value=before[-1]) == ""
    after = view._shown()["weakness"]
    assert after == [*before[:-2], before[-1], before[-2]]
    assert view.parameters()["panel"] == "workbench"
    assert act(view, "remove", value=after[0]) == ""
    assert view._shown()["weakness"] == after[1:]
    act(view, "edit", value="")
    assert act(view, "factor", form={**FORM, "quadrant": "weakness"}) == ""
    assert view._shown()["weakness"][-1].startswith("ie-w")
    assert act(view, "save") == ""
    assert (data / "panels" / "workbench.csv").is_file()


def test_a_gap_is_filled_and_every_view_knows_it(data):
    view, other = explore.evidence(data, draws=300), explore.compare(data, ["IE", "DE"], draws=300)
    assert "no evidence" in shown(other, "levels")
    other.stage  # noqa: B018
    act(view, "cell", value="IE|recognition")
    told = {"level": "2", "year": "2024", "statement": "It is so.", "confidence": "high",
            "comparable": "yes", "source_id": "ie-qqi-2021", "locator": "p. 1"}  # fmt: skip
    assert "lacks: level" in act(view, "fill", form={**told, "level": ""})
    assert act(view, "fill", form=told) == ""
    assert other.analysis.level("IE", "recognition") == 2
    assert "drafted" in shown(view, "map")
    act(view, "drop", value="2024")
    assert other.analysis.level("IE", "recognition") is None


def test_a_scenario_is_saved_as_a_file_and_its_report_needs_that(data):
    view = explore.scenario(data, draws=300)
    told = {"system": "DE", "dimension": "recognition", "level": "3", "note": "Illustrative."}
    assert "Choose a level" in act(view, "assume", form={**told, "level": ""})
    assert act(view, "assume", form=told) == ""
    assert "gain" in shown(view, "moved")
    assert "save it first" in act(view, "report")
    assert "no name" in act(view, "saveas", form={"name": "not a name"})
    assert act(view, "saveas", form={"name": "bold"}) == ""
    assert (data / "scenarios" / "bold.csv").is_file()
    assert view.parameters()["scenario"] == "bold"
    act(view, "level", name="row0", value="2")
    assert "save it first" in act(view, "report")


def test_a_report_waits_for_the_drafts_to_be_saved(data):
    view = explore.evidence(data, "IE", "recognition", draws=300)
    view.drafts.add(
        [drafts_module.edit(view.study, "swot_factors", None, "off", factor_id="ie-s01")]
    )
    assert "Save them first" in act(view, "report")


def test_benefits_of_a_group_and_of_a_system_lead_to_different_reports(study):
    view = explore.benefits(study, "employers", draws=300)
    assert view.command()[3:6] == ["report", "stakeholders", "--only"]
    act(view, "set", name="system", value="IE")
    assert (view.report, view.only()) == ("country", "IE")


def test_the_workbench_shows_a_view_when_its_tab_is_opened(study):
    w = explore.explore(study, draws=300)
    assert list(w.views) == ["priorities", "swot", "compare", "benefits", "scenario", "evidence"]
    assert "compare/levels" not in w.stage.parts
    w.stage.hear({"view": "", "do": "open", "value": "compare", "n": 1})
    assert w.stage.parts["compare/levels"]
    assert w.parameters().keys() == {"systems", "draws"}


@pytest.mark.slow
def test_the_report_of_a_view_is_made_beside_the_published_ones(data, monkeypatch):
    project = data.parent
    shutil.copytree("notebooks", project / "notebooks")
    shutil.copy("reports.toml", project)
    monkeypatch.chdir(project)
    view = explore.priorities(data, draws=2_000)
    act(view, "set", name="meaning", value="weights")
    act(view, "weigh", name="recognition", value="10", live=True)
    page = view.make_report().wait()
    assert page == project / "explored" / "robustness" / "robustness.html"
    assert "recognition 17%" in page.read_text(encoding="utf-8")
    assert "Open the page" in shown(view, "report")


def test_outside_a_project_the_view_says_what_is_missing(data, monkeypatch):
    monkeypatch.chdir(data.parent)
    view = explore.compare(data, ["DE", "IE"], draws=300)
    assert "no reports.toml" in act(view, "report")
