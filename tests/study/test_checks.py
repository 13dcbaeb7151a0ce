from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mcanalysis.study import check_study

Change = Callable[[str], str]
PANEL = "judge_id,stakeholder_id,topic,kind,left,right,value,illustrative\n"


def without_last_column(text: str) -> str:
    return "\n".join(line.rpartition(",")[0] for line in text.splitlines())


CASES: list[tuple[str, str, Change, list[str]]] = [
    # headers
    (
        "a misspelt column is named with the one that is missing",
        "indicators",
        lambda text: text.replace("level,", "Levle,"),
        [
            'indicators.csv, row 1: "Levle" is not a column of indicators. Did you mean "level"? '
            "Rename it, or delete the column.",
            "indicators.csv, row 1, column level: is missing. Add it.",
        ],
    ),
    (
        "a missing column that may be empty says so",
        "sources",
        without_last_column,
        [
            "sources.csv, row 1, column note: is missing. Add it; its cells may be empty.",
        ],
    ),
    (
        "a column that is there twice is refused",
        "indicators",
        lambda text: text.replace("locator", "level"),
        [
            "indicators.csv, row 1, column level: is there twice. Delete one of the columns.",
            "indicators.csv, row 1, column locator: is missing. Add it.",
        ],
    ),
    (
        "a column without a name is counted from one",
        "indicators",
        lambda text: text.replace("locator", " "),
        [
            "indicators.csv, row 1: has no name for column 7. Name it, or delete the column.",
            "indicators.csv, row 1, column locator: is missing. Add it.",
        ],
    ),
    (
        "a needed table without rows is a problem",
        "indicators",
        lambda text: text.splitlines()[0],
        ["indicators.csv: has a header and no rows. Add at least one row."],
    ),
    ("a table without rows is fine", "swot_factors", lambda text: text.splitlines()[0], []),
    (
        "an empty file is a problem",
        "swot_factors",
        lambda text: "",
        ["swot_factors.csv: is empty. Its first row must hold the names of the columns."],
    ),
    (
        "columns in another order are fine",
        "stakeholders",
        lambda text: (
            "source_id,description,stakeholder_id,name\n"
            "act,People.,learners,Learners\nact,They.,hei,Institutions\n"
        ),
        [],
    ),
    # rows
    (
        "extra cells are one problem of the row and hide what they shift",
        "indicators",
        lambda text: text.replace('"A fact, with a comma."', "A fact, with a comma."),
        [
            "indicators.csv, row 3: has 10 cells, but the header has 9. Put text that holds the "
            "delimiter into quotation marks, or delete the rest.",
        ],
    ),
    (
        "missing cells are one problem of the row",
        "indicators",
        lambda text: text.replace(",act,p. 1,high,yes", ""),
        [
            "indicators.csv, row 2: has 5 cells, but the header has 9. Fill in the missing cells; "
            "text with a line break needs quotation marks.",
        ],
    ),
    (
        "missing cells that may be empty are fine",
        "sources",
        lambda text: text.replace("spare,Never used,Agency,,,,,,", "spare,Never used,Agency"),
        [],
    ),
    (
        "rows without content are skipped but counted",
        "indicators",
        lambda text: text.replace("NA,", "\n,,,,,,,,\n \u00a0,\nNA,").replace("2024,2", "2024,9"),
        [
            'indicators.csv, row 7, column level: "9" is not a whole number from 0 to 3. '
            "Write 0, 1, 2 or 3, or leave the row out if there is no evidence.",
        ],
    ),
    (
        "an empty cell that must be filled in is named",
        "indicators",
        lambda text: text.replace("p. 1", " "),
        ["indicators.csv, row 2, column locator: is empty. Write text."],
    ),
    # keys
    (
        "a repeated key names the earlier row, however its numbers are written",
        "indicators",
        lambda text: text + 'DE,recognition,"2020,0",1,x,act,p,high,yes\n',
        [
            'indicators.csv, row 5: "DE, recognition, 2020" is in row 3 already. Keep one of the '
            "two rows: system_id, dimension_id and year together name a row once.",
        ],
    ),
    (
        "a repeated id names the earlier row",
        "sources",
        lambda text: text + "act,b,c,,,,,,\nact,b,c,,,,,,\n",
        [
            f'sources.csv, row {row}, column source_id: "act" is in row 2 already. Give it '
            "another source_id, or keep one of the two rows."
            for row in (5, 6)
        ],
    ),
    # references
    (
        "a reference to nothing names the nearest id",
        "indicators",
        lambda text: text.replace("news", "newz").replace("DE,", "de,"),
        [
            'indicators.csv, row 3, column system_id: "de" is not in systems.csv. Did you mean '
            '"DE"? Correct it, or add a row to systems.csv.',
            'indicators.csv, row 4, column system_id: "de" is not in systems.csv. Did you mean '
            '"DE"? Correct it, or add a row to systems.csv.',
            'indicators.csv, row 4, column source_id: "newz" is not in sources.csv. Did you mean '
            '"news"? Correct it, or add a row to sources.csv.',
        ],
    ),
    (
        "each part of a list is a reference",
        "swot_factors",
        lambda text: text.replace("learners;hei", "hei; lerners"),
        [
            'swot_factors.csv, row 2, column stakeholders: "lerners" is not in stakeholders.csv. '
            'Did you mean "learners"? Correct it, or add a row to stakeholders.csv.',
        ],
    ),
    (
        "the exception that a column allows can be meant, too",
        "benefit_enablers",
        lambda text: text.replace("analyst-judgement", "analyst-judgment"),
        [
            'benefit_enablers.csv, row 3, column source_id: "analyst-judgment" is not in '
            'sources.csv. Did you mean "analyst-judgement"? Correct it, or add a row to '
            "sources.csv.",
        ],
    ),
    # the map of tiles
    (
        "two systems cannot be on one tile, and half a place is none",
        "systems",
        lambda text: text.replace("act,0,1", "act,1,1").replace("eu,,,,,", "eu,,,,4,"),
        [
            "systems.csv, row 2, column tile_row: is empty, but tile_column is not. Fill in both, "
            "or leave both empty.",
            'systems.csv, row 4, column tile_column: "1" and tile_row 1 are the tile of row 3. '
            "Give each system a tile of its own.",
        ],
    ),
]


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [case[1:] for case in CASES],
    ids=[case[0].replace(" ", "_") for case in CASES],
)
def test_problem(folder: Path, name: str, change: Change, expected: list[str]) -> None:
    file = folder / f"{name}.csv"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    assert [str(problem) for problem in check_study(folder)] == expected


def panel_problems(folder: Path, rows: str) -> list[tuple[int | None, str | None, str]]:
    (folder / "panels").mkdir()
    (folder / "panels" / "p.csv").write_text(PANEL + rows, encoding="utf-8")
    return [(p.row, p.column, p.reason) for p in check_study(folder)]


def test_a_rating_is_about_one_item_and_every_other_answer_about_two(folder: Path) -> None:
    assert panel_problems(
        folder,
        "j1,learners,dimensions,rating,credits,recognition,3,yes\n"
        "j1,learners,dimensions,pairwise,credits,,3,yes\n"
        "j2,learners,dimensions,rating,credits,,3,yes\n"
        "j2,learners,dimensions,best-to-other,credits,recognition,3,yes\n",
    ) == [
        (2, "right", "stands beside a rating, which is about one item"),
        (3, "right", "is empty, but pairwise compares two items"),
    ]


def test_the_key_of_a_panel_counts_an_empty_cell_as_such(folder: Path) -> None:
    assert panel_problems(
        folder,
        "j1,learners,dimensions,rating,credits,,3,yes\n"
        "j1,learners,dimensions,rating,recognition,,3,yes\n"
        "j1,learners,dimensions,rating,credits,,4,yes\n",
    ) == [(4, None, "is in row 2 already")]


def test_an_answer_is_a_positive_number_of_a_known_group(folder: Path) -> None:
    assert panel_problems(
        folder, 'j1,teachers,dimensions,rating,credits,,"0,0",yes\nj2,hei,d,rating,x,,"0,5",\n'
    ) == [
        (2, "stakeholder_id", "is not in stakeholders.csv"),
        (2, "value", "is not a number above 0"),
    ]


def test_a_scenario_refers_to_the_study(folder: Path) -> None:
    (folder / "scenarios").mkdir()
    text = "system_id,dimension_id,level,note\nDE,credit,4,\n"
    (folder / "scenarios" / "bold.csv").write_text(text, encoding="utf-8")
    assert [(p.file, p.column) for p in check_study(folder)] == [
        ("scenarios/bold.csv", "dimension_id"),
        ("scenarios/bold.csv", "level"),
    ]


def test_ids_of_rows_with_shifted_cells_are_known(folder: Path) -> None:
    file = folder / "sources.csv"
    text = file.read_text(encoding="utf-8").replace("web,en,,", "web,en,,seen, but briefly")
    file.write_text(text, encoding="utf-8")
    assert [(p.file, p.row) for p in check_study(folder)] == [("sources.csv", 3)]


def test_nothing_that_is_missing_or_unreadable_raises_anything_but_problems(folder: Path) -> None:
    for name in ("systems", "dimensions", "sources", "stakeholders"):
        (folder / f"{name}.csv").write_bytes(b"a;b\n\xff\x00")
    assert {p.file for p in check_study(folder)} == {
        "systems.csv",
        "dimensions.csv",
        "sources.csv",
        "stakeholders.csv",
    }


def translation_problems(folder: Path, rows: str, name: str = "de") -> list[str]:
    (folder / "translations").mkdir()
    text = f"table,id,column,text\n{rows}"
    (folder / "translations" / f"{name}.csv").write_text(text, encoding="utf-8")
    return [str(problem) for problem in check_study(folder)]


def test_a_translation_is_of_a_row_and_a_column_that_there_are(folder: Path) -> None:
    said = translation_problems(
        folder,
        "systems,DE,name,Deutschland\n"
        "systems,DE,name.of,Deutschlands\n"
        "systems,DEE,name,Deutschland\n"
        "systems,DE,question,Ist es so?\n"
        "indicators,DE,name,Deutschland\n"
        "systems,DE,name,Germania\n",
    )
    assert [line.partition(".csv, ")[2] for line in said] == [
        'row 4, column id: "DEE" is not in systems.csv. Did you mean "DE"? Correct it, or add a '
        "row to systems.csv.",
        'row 5, column column: "question" is not translated in systems. It can be one of: name, '
        "short_name, name.in_sentence, name.of, name.within, name.to, evidence_scope, note.",
        'row 6, column table: "indicators" is not systems, dimensions, stakeholders or benefits. '
        "Write systems, dimensions, stakeholders or benefits.",
        'row 7: "systems, DE, name" is in row 2 already. Keep one of the two rows: table, id and '
        "column together name a row once.",
    ]


def test_translations_to_a_language_that_pages_do_not_know_are_a_problem(folder: Path) -> None:
    assert translation_problems(folder, "systems,DE,name,Germania\n", "it") == [
        'translations/it.csv: is named "it", which is no language that pages are translated to. '
        "Rename it; it can be one of: de, fr, es."
    ]
