from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mcanalysis import __version__
from mcanalysis.cli import main

ROOT = Path(__file__).parent.parent
ACTS = Path(__file__).parent / "notebooks" / "acts.ipynb"
MCANALYSIS = [sys.executable, "-m", "mcanalysis"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_help_names_every_command_and_the_exit_codes():
    shown = run("--help")
    assert shown.exit_code == 0
    for word in (
        "check",
        "report",
        "why",
        "changes",
        "schedule",
        "new",
        "export",
        "doctor",
        "0 done",
        "1 the study has problems",
        "2 wrong",
    ):
        assert word in " ".join(shown.stdout.split())
    for command in ("check", "report", "why", "changes", "schedule", "new", "export", "doctor"):
        assert "Example" in run(command, "--help").stdout


def test_version_is_told():
    assert run("--version").stdout == f"mcanalysis, version {__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], ["check"]])
def test_light_commands_load_no_heavy_library(arguments):
    light = {"plotly", "papermill", "nbconvert", "nbclient", "openpyxl", "tqdm"}
    heavy = light if arguments == ["check"] else light | {"pandas", "numpy"}
    code = (
        "import sys; from mcanalysis.cli import main\n"
        f"try: main({arguments!r})\n"
        f"except SystemExit as end: assert end.code == 0\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1] == "[]"


def test_help_answers_at_once():
    took = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([*MCANALYSIS, "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.5


def test_check_tells_what_a_good_study_holds(project):
    text = run("check")
    assert text.exit_code == 0
    assert "  indicators                 3\n" in text.stdout
    assert "   1 dimensions        2   NA DE\n" in text.stdout
    assert text.stderr == "No problem in data.\n"
    found = json.loads(run("check", "--format", "json").stdout)
    assert found["problems"] == []
    assert found["summary"]["rows"]["indicators"] == 3


def test_check_lists_every_problem_and_exits_with_1(project):
    rows = project / "data" / "indicators.csv"
    rows.write_text(rows.read_text().replace("2020,1,", "2020,5,").replace("news,", "nws,"))
    text = run("check")
    assert text.exit_code == 1
    assert len(text.stdout.splitlines()) == 2
    assert 'indicators.csv, row 2, column level: "5"' in text.stdout
    assert text.stderr == "2 problems in data.\n"
    found = run("--study", "data", "check", "--format", "json")
    assert found.exit_code == 1
    assert [p["row"] for p in json.loads(found.stdout)["problems"]] == [2, 4]


def test_a_study_that_is_not_there_is_a_message(project):
    gone = run("--study", "nowhere", "check")
    assert gone.exit_code == 1
    assert "nowhere" in gone.stdout


def test_why_shows_a_chain_as_text_and_for_programs(monkeypatch):
    monkeypatch.chdir(ROOT)
    text = run("why", "DE", "recognition")
    assert text.exit_code == 0
    assert text.stdout.startswith("Germany: Recognition\n")
    assert isinstance(json.loads(run("why", "DE", "--format", "json").stdout), dict)


def test_why_lets_a_panel_count_and_names_the_nearest(monkeypatch):
    monkeypatch.chdir(ROOT)
    text = run("why", "DE", "--panel", "illustrative")
    assert text.exit_code == 0
    assert text.stdout.splitlines()[3].startswith("Illustrative: the judgements are invented")
    assert "of the panel's draws" in " ".join(text.stdout.split())
    wrong = run("why", "DE", "--panel", "ilustrative")
    assert wrong.exit_code == 2
    assert 'no panel "ilustrative". Did you mean "illustrative"?' in wrong.stderr


@pytest.fixture
def editions(project: Path) -> Path:
    """Stand in a folder with a small study, a later edition of it and a scenario."""
    later = project / "later"
    shutil.copytree(project / "data", later)
    rows = later / "indicators.csv"
    rows.write_text(rows.read_text().replace("2020,1,A fact.", "2020,3,A fact."))
    (later / "scenarios").mkdir()
    (later / "scenarios" / "bold.csv").write_text(
        "system_id,dimension_id,level,note\nDE,recognition,3,A law.\nNA,recognition,3,\n"
    )
    return project


def test_changes_tells_conclusions_first_and_everything_to_programs(editions):
    text = run("changes", "data", "later", "--min-dimensions", "1")
    assert text.exit_code == 0
    assert text.stderr == ""
    lines = text.stdout.splitlines()
    assert lines[0] == "Old  evidence up to 2024: 2 rows, 2 systems, 2 ranked"
    assert lines[3] == "Conclusions"
    assert lines[4].startswith("- Namibia ")
    assert "  Namibia, Recognition: 1 → 3. A fact. [act]" in lines
    assert lines.index("Counts") > lines.index("Expected ranks") > lines.index("Levels")
    found = json.loads(
        run("changes", "data", "later", "--min-dimensions", "1", "--format", "json").stdout
    )
    assert found["rows"][0]["change"] == 2
    assert found["counts"]["rows"] == {"level": 1}
    assert found["conclusions_changed"][0] in " ".join(text.stdout.split())


def test_changes_compares_two_years_of_one_study(editions):
    text = run("changes", "data", "--old-as-of", "2020", "--min-dimensions", "1")
    assert text.exit_code == 0
    assert "Old  evidence up to 2020" in text.stdout
    assert "Germany, Recognition: 0 (low confidence) → 2. Another fact." in text.stdout
    both = run("changes", "data", "later", "--new-as-of", "2020", "--min-dimensions", "1")
    assert "New  evidence up to 2020" in both.stdout


def test_changes_applies_a_scenario_and_tells_what_changes_nothing(editions):
    text = run("changes", "later", "--scenario", "bold", "--min-dimensions", "1")
    assert text.exit_code == 0
    assert "Germany, Recognition: 2 → 3. Assumed, level 2 is coded: A law." in text.stdout
    assert text.stderr == "Scenario bold, row 3 changes nothing: NA recognition.\n"


def test_changes_of_a_study_and_its_copy_says_that_none_changed(editions):
    shutil.copytree("data", "copy")
    text = run("changes", "data", "copy", "--min-dimensions", "1")
    assert text.exit_code == 0
    assert "- No conclusion changed." in text.stdout


def test_changes_lists_the_problems_of_both_studies(editions):
    for name, level in (("data", "2020,1,"), ("later", "2020,3,")):
        rows = editions / name / "indicators.csv"
        rows.write_text(rows.read_text().replace(level, "2020,7,"))
    refused = run("changes", "data", "later")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert 'data: indicators.csv, row 2, column level: "7"' in refused.stderr
    assert 'later: indicators.csv, row 2, column level: "7"' in refused.stderr
    assert refused.stderr.endswith("1 problem in data, 1 problem in later.\n")
    gone = run("changes", "data", "nowhere")
    assert gone.exit_code == 1
    assert "nowhere: " in gone.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["data"], "There is nothing to compare. Name a second study, or give --scenario"),
        (["data", "--old-as-of", "2020", "--new-as-of", "2020"], "There is nothing to compare."),
        (["later", "--scenario", "bald"], 'no scenario "bald". Did you mean "bold"?'),
        (["data", "--scenario", "bold"], 'no scenario "bold", nor any other.'),
        (["data", "--old-as-of", "1960"], "as_of is 1960, before the oldest evidence."),
        (["data", "later"], "min_dimensions is 8, and the study has 2 dimensions."),
        ([], "Missing argument 'OLD'"),
    ],
)
def test_changes_refuses_wrong_usage(editions, arguments, said):
    refused = run("changes", *arguments)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert refused.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["why", "DEE", "--min-dimensions", "1"], 'Did you mean "DE"?'),
        (["why", "DE", "recogntion", "--min-dimensions", "1"], 'Did you mean "recognition"?'),
        (["why", "DE"], "min_dimensions is 8, and the study has 2 dimensions."),
        (["report", "contry"], 'There is no report "contry". Did you mean "country"?'),
        (["report", "--only", "DEE"], 'no report named here is made for "DEE"'),
        (["report", "-p", "shre=1"], 'acts.ipynb has no parameter "shre". Did you mean "share"?'),
        (["report", "-p", "share=three"], '"three" is not a number, nor none.'),
        (["report", "-p", "share"], '-p "share" is not a pair. Write -p key=value.'),
        (["report", "-p", "act=a", "-p", "act=b"], '-p "act" is given twice. Give it once.'),
        (["report", "--jobs", "0"], "0 is not in the range x>=1"),
        (["report", "--onyl", "DE"], "No such option '--onyl'"),
    ],
)
def test_wrong_usage_is_a_message_and_exit_code_2(project, no_kernel, arguments, said):
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert said in refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
    assert not (project / "reports").exists()


def test_a_reader_who_has_left_is_no_error():
    command = f"{sys.executable} -m mcanalysis why NZ | true"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
