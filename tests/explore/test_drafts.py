"""Nothing typed is lost: drafts are written at once, checked as a whole, merged on save."""

from __future__ import annotations

import json

import pytest

from mcanalysis import DataError, ParameterError, read_study, write_study
from mcanalysis.explore.drafts import Drafts, edit, open_drafts, with_edits


@pytest.fixture
def drafts(folder) -> Drafts:
    return Drafts(read_study(folder), folder)


def factor(study, **more):
    row = {"factor_id": "na-s1", "system_id": "NA", "quadrant": "strength", "locator": "p. 9",
           "dimension_id": "credits", "statement": "A new one.", "source_id": "act",
           "confidence": "low"}  # fmt: skip
    return edit(study, "swot_factors", {**row, **more}, "New factor")


def level(study, value, system="NA", year="2020"):
    row = {"system_id": system, "dimension_id": "recognition", "year": year, "level": value,
           "statement": "A fact.", "source_id": "act", "locator": "p. 1", "confidence": "high",
           "comparable": "yes"}  # fmt: skip
    return edit(study, "indicators", row, f"level {value}")


def test_an_edit_is_on_the_disk_at_once_but_not_in_the_study(drafts, folder):
    drafts.add([factor(drafts.study)])
    told = json.loads(drafts.file.read_text(encoding="utf-8"))
    assert [e["row"]["factor_id"] for e in told["edits"]] == ["na-s1"]
    assert "na-s1" in set(drafts.study.swot_factors["factor_id"])
    assert "na-s1" not in set(read_study(folder).swot_factors["factor_id"])


def test_saving_merges_the_edits_and_leaves_no_draft_behind(drafts, folder):
    drafts.add([factor(drafts.study), level(drafts.study, "2")])
    assert drafts.save() == 2
    study = read_study(folder)
    assert study.indicators["level"].tolist() == [2, 0, 2]
    assert "na-s1" in set(study.swot_factors["factor_id"])
    assert not drafts.folder.exists()


def test_saving_one_table_leaves_the_other_drafts(drafts, folder):
    drafts.add([factor(drafts.study), level(drafts.study, "2")])
    assert drafts.save("indicators") == 1
    assert [e["table"] for e in drafts.edits] == ["swot_factors"]
    assert "na-s1" not in set(read_study(folder).swot_factors["factor_id"])
    assert "na-s1" in set(drafts.study.swot_factors["factor_id"])


def test_a_bad_edit_is_refused_with_every_problem_and_changes_nothing(drafts):
    with pytest.raises(DataError) as caught:
        drafts.add([factor(drafts.study, source_id="nowhere", confidence="sure"),
                    level(drafts.study, "three")])  # fmt: skip
    said = str(caught.value)
    assert 'column source_id: "nowhere"' in said
    assert 'column confidence: "sure"' in said
    assert 'column level: "three"' in said
    assert drafts.edits == []
    assert len(drafts.study.swot_factors) == 2


def test_what_is_typed_into_a_form_is_kept_and_goes_when_the_form_is_sent(drafts):
    drafts.keep("factor NA new", {"statement": "Half a"})
    again = Drafts(drafts.base, drafts.path)
    again._name = "other.json"
    ((_, told),) = again.waiting()
    assert told["forms"] == {"factor NA new": {"statement": "Half a"}}
    drafts.add([factor(drafts.study)], "factor NA new")
    assert drafts.forms == {}


def test_a_restarted_kernel_takes_the_drafts_up_again(drafts):
    drafts.add([factor(drafts.study)])
    drafts.keep("x", {"statement": "Half a"})
    after = Drafts(drafts.base, drafts.path)
    after._name = "after.json"
    ((file, _),) = after.waiting()
    after.take_up(file.name)
    assert [e["said"] for e in after.edits] == ["New factor"]
    assert after.forms["x"] == {"statement": "Half a"}
    assert after.waiting() == []
    assert after.file.is_file()


def test_drafts_that_no_longer_fit_stay_where_they_are(drafts, folder):
    drafts.add([factor(drafts.study, source_id="spare")])
    study = read_study(folder)
    sources = folder / "sources.csv"
    text = "\n".join(line for line in sources.read_text().splitlines() if "spare" not in line)
    sources.write_text(text + "\n", encoding="utf-8")
    after = Drafts(read_study(folder), folder)
    after._name = "after.json"
    ((file, _),) = after.waiting()
    with pytest.raises(DataError, match="spare"):
        after.take_up(file.name)
    assert file.is_file()
    assert len(study.sources) == 3


def test_a_row_that_changed_on_the_disk_is_not_overwritten_unless_one_insists(drafts, folder):
    drafts.add([level(drafts.study, "3")])
    changed = with_edits(read_study(folder), [level(drafts.base, "2")], folder)
    write_study(changed, folder)
    with pytest.raises(DataError, match="was changed in the study after you had drafted it"):
        drafts.save()
    assert read_study(folder).indicators["level"].tolist()[0] == 2
    drafts.insist()
    drafts.save()
    assert read_study(folder).indicators["level"].tolist()[0] == 3


def test_an_edit_taken_back_or_undone_by_hand_leaves_no_trace(drafts):
    drafts.add([level(drafts.study, "3")])
    drafts.add([level(drafts.study, "1")])
    assert drafts.edits == []
    drafts.add([factor(drafts.study)])
    drafts.undo(0)
    assert drafts.edits == []
    assert not drafts.file.exists()


def test_a_new_row_stands_below_the_others_of_its_system(drafts):
    drafts.add([level(drafts.study, "3", year="2023")])
    assert drafts.study.indicators["system_id"].tolist() == ["NA", "NA", "DE", "DE"]


def test_a_row_can_be_taken_out(drafts, folder):
    drafts.add([edit(drafts.study, "swot_factors", None, "off", factor_id="de-s1")])
    drafts.save()
    assert read_study(folder).swot_factors["factor_id"].tolist() == ["de-t1"]


def test_a_study_in_memory_is_not_edited(folder):
    drafts = open_drafts(read_study(folder))
    with pytest.raises(ParameterError, match="Open it by its path"):
        drafts.add([factor(drafts.study)])


def test_a_damaged_file_of_drafts_is_passed_over(drafts):
    drafts.folder.mkdir()
    (drafts.folder / "bad.json").write_text("{", encoding="utf-8")
    (drafts.folder / "worse.json").write_text("[]", encoding="utf-8")
    assert drafts.waiting() == []


def test_a_workbook_keeps_its_drafts_beside_it(folder, tmp_path):
    path = tmp_path / "mine.xlsx"
    write_study(read_study(folder), path)
    drafts = open_drafts(path)
    drafts.add([factor(drafts.study)])
    assert drafts.file.parent == tmp_path / ".mine.drafts"
    drafts.save()
    assert "na-s1" in set(read_study(path).swot_factors["factor_id"])
