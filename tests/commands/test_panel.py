"""The commands for panels."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from mcanalysis.cli import main
from mcanalysis.panels.layout import DESIGN, read_design
from mcanalysis.study import check_study, read_study
from tests.panels.filling import fill, sincere


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["panel", *arguments], catch_exceptions=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch) -> Path:
    """Stand in a folder with the study that ships."""
    shutil.copytree("data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answered(path: Path, group: str = "learners", broken: bool = False) -> Path:
    book = openpyxl.load_workbook(path)
    design = read_design(list(row) for row in book[DESIGN].iter_rows(values_only=True))
    answers = sincere(design, {"recognition": 5.0}, group)
    if broken:
        answers[design.questions[2]] = "much more"
    return fill(path, design, answers)


def test_a_questionnaire_goes_out_and_comes_back_as_a_panel(here):
    made = run("new", "dimensions", "--judges", "3", "--out", "ask")
    assert (made.exit_code, made.stdout) == (0, "ask\n")
    assert "3 workbooks, each with 17 questions" in made.stderr
    assert sorted(p.name for p in Path("ask").iterdir()) == ["j01.xlsx", "j02.xlsx", "j03.xlsx"]
    for path in Path("ask").iterdir():
        answered(path)
    read = run("read", "ask", "--name", "delphi")
    assert (read.exit_code, read.stdout) == (0, "data/panels/delphi.csv\n")
    assert "3 questionnaires read: 3 without a fault" in read.stderr
    assert "dimensions: three judges; most weight: Recognition" in read.stderr
    assert check_study("data") == []
    panel = read_study("data").panels["delphi"]
    assert list(panel["judge_id"].unique()) == ["j01", "j02", "j03"]
    assert not Path("to-mend").exists()


def test_copies_ask_for_different_pairs(here):
    run("new", "dimensions", "--judges", "2", "--out", "ask")
    designs = []
    for path in sorted(Path("ask").iterdir()):
        rows = openpyxl.load_workbook(path)[DESIGN].iter_rows(values_only=True)
        design = read_design(list(row) for row in rows)
        designs.append({frozenset((q.left, q.right)) for q in design.questions})
    assert len(designs[0] & designs[1]) < len(designs[0]) / 2


def test_faulty_questionnaires_come_back_and_the_good_ones_count(here):
    run("new", "employers", "--method", "rating", "--judges", "2", "--out", "ask")
    answered(Path("ask/j01.xlsx"))
    answered(Path("ask/j02.xlsx"), broken=True)
    read = run("read", "ask", "--name", "delphi")
    assert read.exit_code == 1
    assert read.stdout == "data/panels/delphi.csv\n"
    assert "j02.xlsx, row" in read.stderr
    assert "1 file to mend in to-mend: see the red cells." in read.stderr
    assert [p.name for p in Path("to-mend").iterdir()] == ["j02.xlsx"]
    assert list(read_study("data").panels["delphi"]["judge_id"].unique()) == ["j01"]

    answered(Path("to-mend/j02.xlsx"))
    again = run("read", "ask/j01.xlsx", "to-mend/j02.xlsx", "--name", "delphi")
    assert again.exit_code == 2
    assert "The study has a panel delphi already" in again.stderr
    again = run("read", "ask/j01.xlsx", "to-mend/j02.xlsx", "--name", "delphi", "--replace")
    assert again.exit_code == 0
    assert list(read_study("data").panels["delphi"]["judge_id"].unique()) == ["j01", "j02"]


def test_a_program_gets_counts_and_problems(here):
    run("new", "hei", "--method", "rating", "--out", "q.xlsx")
    answered(Path("q.xlsx"), broken=True)
    read = run("read", "q.xlsx", "--name", "delphi", "--format", "json")
    said = json.loads(read.stdout)
    assert said["panel"] is None
    assert said["questionnaires"] == {
        "without_fault": 0, "in_part": 0, "none": 1, "not_sent_off": 0,
    }  # fmt: skip
    assert said["problems"][0]["reason"] == "is not a number"
    assert said["marked"] == ["to-mend/q.xlsx"]
    assert not Path("data/panels/delphi.csv").exists()


def test_a_form_is_mapped_and_read(here):
    made = run("new", "hei", "--method", "rating", "--form")
    assert made.stdout == "hei-rating.toml\n"
    texts = [
        line.split(" = ", 1)[1].strip('"')
        for line in Path("hei-rating.toml").read_text(encoding="utf-8").splitlines()
        if line.startswith(("text", "group ="))
    ]
    Path("export.csv").write_text(
        f"{','.join(f'{chr(34)}{t}{chr(34)}' for t in texts)}\nLearners,1,2,3,4,5\n",
        encoding="utf-8",
    )
    read = run("read", "export.csv", "--form", "hei-rating.toml", "--name", "survey")
    assert read.exit_code == 0, read.stderr
    assert read_study("data").panels["survey"]["value"].tolist() == [1, 2, 3, 4, 5]


def test_what_is_there_is_not_overwritten(here):
    assert run("new", "hei", "--out", "q.xlsx").exit_code == 0
    again = run("new", "hei", "--out", "q.xlsx")
    assert again.exit_code == 2
    assert "q.xlsx there already" in again.stderr
    assert run("new", "hei", "--out", "q.xlsx", "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["new", "dimension"], 'Did you mean "dimensions"?'),
        (["new", "hei", "--form", "--judges", "3"], "Leave --judges out."),
        (["new", "hei", "--out", "q.ods"], "must end in .xlsx"),
        (["read", "q.xlsx", "--name", "a b"], "is not an id"),
        (["read", "q.xlsx", "--name", "DE"], "a system or stakeholder bears that id"),
        (["read", "q.csv", "--name", "x"], "Name its mapping file with --form"),
        (["read", "data/scenarios", "--form", "none.toml", "--name", "x"], "no mapping file"),
        (["read", "empty", "--name", "x"], "There are no .xlsx or .csv files"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_read(here, arguments, said):
    Path("empty").mkdir()
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert set(read_study("data").panels) == {"illustrative"}


def test_a_file_that_is_not_there_is_a_problem_not_a_traceback(here):
    done = run("read", "gone.xlsx", "--name", "x")
    assert done.exit_code == 1
    assert "gone.xlsx: cannot be read" in done.stderr


def test_a_folder_that_cannot_be_made_is_told(here):
    Path("ask").write_text("a file")
    done = run("new", "hei", "--judges", "2", "--out", "ask")
    assert done.exit_code == 2
    assert "ask cannot be made" in done.stderr
