"""Many questionnaires to one panel."""

from __future__ import annotations

import shutil
import subprocess
import sys

import openpyxl
import pytest

from mcanalysis import language
from mcanalysis.errors import ParameterError
from mcanalysis.language import speaking
from mcanalysis.panels import ask, gather_panel, gathering, write_panel, write_questionnaire
from mcanalysis.panels.layout import DESIGN
from mcanalysis.study import check_study, read_study
from mcanalysis.weights import weigh_panel
from mcanalysis.weights.shown import LEAST, OTHERS, shown_groups
from tests.panels.filling import fill, sincere

WORTH = {"recognition": 6.0, "legislation": 2.0}


@pytest.fixture
def judged(study, tmp_path):
    """Fill in questionnaires of several judges, one of them coded."""

    def make(judges=3, topic="dimensions", method="rating", codes=("", "x1", "")):
        files = []
        for k in range(judges):
            path = tmp_path / f"{topic}-{k}.xlsx"
            design = write_questionnaire(ask(study, topic, method), path, codes[k % len(codes)])
            group = ("learners", "hei")[k % 2]
            files.append(fill(path, design, sincere(design, WORTH, group)))
        return files

    return make


def test_judges_without_a_code_are_numbered_in_the_order_of_the_files(study, judged):
    files = judged()
    found = gather_panel(study, files)
    assert (found.full, found.part, found.none) == (3, 0, 0)
    assert list(found.panel["judge_id"].unique()) == ["j01", "x1", "j02"]
    assert gather_panel(study, files).panel.equals(found.panel)


def test_a_questionnaire_that_cannot_be_read_yet_keeps_its_number(study, judged, tmp_path):
    files = judged()
    good = files[0].read_bytes()
    files[0].write_bytes(b"")
    found = gather_panel(study, files)
    assert list(found.panel["judge_id"].unique()) == ["x1", "j02"]
    files[0].write_bytes(good)
    assert list(gather_panel(study, files).panel["judge_id"].unique()) == ["j01", "x1", "j02"]


def test_no_id_is_given_twice(study, judged):
    found = gather_panel(study, judged(codes=("", "j01", "")))
    assert list(found.panel["judge_id"].unique()) == ["j02", "j01", "j03"]


def test_who_answers_twice_on_a_topic_counts_once_and_is_told(study, judged, tmp_path):
    files = judged(codes=("x1",))
    found = gather_panel(study, files, back=tmp_path / "back")
    assert (found.full, found.none) == (1, 2)
    assert [str(p) for p in found.problems] == [
        f'{path.name}, row 6, column C: "x1" has answered in {files[0].name} already. Keep one of '
        "the two, or give each judge a code of its own."
        for path in files[1:]
    ]
    assert len(found.marked) == 2
    other = judged(1, topic="hei", codes=("x1",))
    assert gather_panel(study, [files[0], *other]).full == 2


def test_only_faulty_questionnaires_are_given_back_under_their_own_names(study, judged, tmp_path):
    files = judged()
    twin = tmp_path / "more" / files[1].name
    twin.parent.mkdir()
    for path in files[1:2]:
        book = openpyxl.load_workbook(path)
        book["Questions"]["C11"] = "?"
        book["Questions"]["C12"] = "?"
        book.save(path)
        shutil.copy(path, twin)
    found = gather_panel(study, [*files, twin], back=tmp_path / "back")
    assert sorted(p.name for p in found.marked) == ["dimensions-1-2.xlsx", "dimensions-1.xlsx"]
    assert sorted(p.name for p in (tmp_path / "back").iterdir()) == sorted(
        p.name for p in found.marked
    )


def test_the_panel_is_part_of_the_study_and_weighs_as_it_was_answered(study, judged, tmp_path):
    folder = shutil.copytree("data", tmp_path / "study")
    panel = gather_panel(study, [*judged(method="pairwise"), *judged(2, "IE")]).panel
    written = write_panel(study, folder, "delphi", panel)
    assert written == folder / "panels" / "delphi.csv"
    assert check_study(folder) == []
    back = read_study(folder).panels["delphi"]
    assert len(back) == len(panel)
    before, after = (weigh_panel(p, "dimensions").weights for p in (panel, back))
    assert after.to_dict() == pytest.approx(before.to_dict())
    package = (folder / "datapackage.json").read_text(encoding="utf-8")
    assert "panels/delphi.csv" in package
    assert "panels/illustrative.csv" in package


def test_a_study_in_a_workbook_takes_a_panel_too(study, judged, tmp_path):
    from mcanalysis.study import write_study

    place = tmp_path / "study.xlsx"
    write_study(study, place)
    write_panel(study, place, "delphi", gather_panel(study, judged()).panel)
    assert set(read_study(place).panels) == {"delphi", "illustrative"}


def test_invented_answers_are_marked_in_each_row(study, judged):
    assert set(gather_panel(study, judged(), illustrative=True).panel["illustrative"]) == {"yes"}
    assert gather_panel(study, judged()).panel["illustrative"].isna().all()


def test_files_of_other_kinds_are_refused_before_anything_is_read(study, tmp_path):
    with pytest.raises(ParameterError) as caught:
        gather_panel(study, [tmp_path / "a.csv", tmp_path / "b.ods"])
    assert "--form" in str(caught.value)
    assert "b.ods is neither" in str(caught.value)


@pytest.mark.slow
def test_several_processes_read_the_same(study, judged, monkeypatch):
    files = judged(9)
    one = gather_panel(study, files)
    monkeypatch.setattr(gathering, "MANY", 5)
    monkeypatch.setattr(gathering, "CHUNK", 2)
    told = []
    several = gather_panel(study, files, progress=told.append)
    assert several.panel.equals(one.panel)
    assert sum(told) == 9


@pytest.mark.slow
def test_a_script_that_calls_itself_again_in_each_process_is_told_so(judged, tmp_path):
    judged(3)
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom mcanalysis import read_study\n"
        "from mcanalysis.panels import gathering\ngathering.MANY = 1\n"
        "files = sorted(Path(sys.argv[1]).rglob('*.xlsx'))\n"
        "gathering.gather_panel(read_study('data'), files)\n"
    )
    command = [sys.executable, str(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert 'below `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def groups_of(**sizes):
    import pandas as pd

    names = [name for name, n in sizes.items() for _ in range(n)]
    return shown_groups(pd.Series(names, index=[f"j{k}" for k in range(len(names))], dtype=object))


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 5, "b": 6}, {"a": 5, "b": 6}),
        ({"a": 4, "b": 6}, {}),  # a would be what is left of all without b
        ({"a": 4, "b": 6, "c": 7}, {"c": 7, OTHERS: 10}),
        ({"a": 4, "b": 4, "c": 7}, {"c": 7, OTHERS: 8}),
        ({"a": 9}, {}),
        ({"a": 1, "b": 2}, {}),
    ],
)
def test_no_group_under_five_is_shown_or_can_be_worked_out(sizes, shown):
    found = groups_of(**sizes)
    assert {name: len(own) for name, own in found.items()} == shown
    assert all(len(own) >= LEAST for own in found.values())


def test_a_workbook_comes_back_with_comments_in_the_language_in_which_it_asks(
    study, tmp_path, monkeypatch
):
    german = {"is not a number": "ist keine Zahl", "is empty": "ist leer"}
    monkeypatch.setattr(language, "words", lambda code: german)
    path = tmp_path / "q.xlsx"
    with speaking("de"):
        design = write_questionnaire(ask(study, "dimensions", "rating"), path)
    fill(path, design, sincere(design, WORTH, "hei") | {design.questions[1]: "x"})
    found = gather_panel(study, [path], back=tmp_path / "back")
    assert [p.reason for p in found.problems] == ["is not a number"]
    sheet = openpyxl.load_workbook(found.marked[0])[design.sheet]
    cell = sheet.cell(design.questions[1].row, design.questions[1].column)
    assert cell.comment.text.startswith("“x” ist keine Zahl.")


def test_a_workbook_that_does_not_say_its_language_comes_back_in_english(study, judged, tmp_path):
    path = judged(1)[0]
    book = openpyxl.load_workbook(path)
    book[DESIGN]["E1"] = None
    book["Questions"]["C11"] = "?"
    book.save(path)
    found = gather_panel(study, [path], back=tmp_path / "back")
    comments = [
        c.comment.text
        for row in openpyxl.load_workbook(found.marked[0])["Questions"].iter_rows()
        for c in row
        if c.comment
    ]
    assert comments == ["“?” is not a number. Write a number from 1 to 10."]
