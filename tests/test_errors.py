from __future__ import annotations

import json

import pytest

from mcanalysis import errors
from mcanalysis.errors import DataError, McAnalysisError, Problem, nearest

PROBLEM = Problem(
    "indicators.csv",
    14,
    "level",
    "three",
    "is not a whole number from 0 to 3",
    "Write 0, 1, 2 or 3, or leave the row out if there is no evidence.",
)


def test_a_problem_says_what_where_and_how_to_mend() -> None:
    assert str(PROBLEM) == (
        'indicators.csv, row 14, column level: "three" is not a whole number from 0 to 3. '
        "Write 0, 1, 2 or 3, or leave the row out if there is no evidence."
    )


def test_a_problem_of_a_whole_file_names_no_row() -> None:
    assert str(Problem("a.csv", None, None, None, "is empty", "Fill it.")) == (
        "a.csv: is empty. Fill it."
    )


def test_a_problem_becomes_json() -> None:
    assert json.loads(json.dumps(PROBLEM.as_dict()))["row"] == 14


def test_a_data_error_keeps_all_problems_and_prints_each_on_a_line() -> None:
    error = DataError([PROBLEM, PROBLEM])
    assert error.problems == (PROBLEM, PROBLEM)
    assert str(error).splitlines() == [str(PROBLEM)] * 2


@pytest.mark.parametrize("name", ["DataError", "ParameterError", "MethodError", "ReportError"])
def test_every_error_has_one_base_and_stands_in_the_tree(name: str) -> None:
    assert issubclass(getattr(errors, name), McAnalysisError)
    assert name in (errors.__doc__ or "")


def test_the_nearest_word_is_named_only_when_it_is_near() -> None:
    assert nearest("sytems", ["systems", "seed"]) == ' Did you mean "systems"?'
    assert nearest("quite other", ["systems", "seed"]) == ""
