"""Exports of online forms, as four programs write them."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.panels import ask, gather_panel, read_export, read_mapping, write_mapping

ITEMS = ["h-outreach", "h-test-innovate", "h-shared-responsibility", "h-invest-grow",
         "h-business-opportunity"]  # fmt: skip


@pytest.fixture
def rating(study, tmp_path):
    path = tmp_path / "hei.toml"
    write_mapping(ask(study, "hei", "rating"), path)
    return path


def texts(mapping) -> list[str]:
    return [mapping.group, *(q.text for q in mapping.questions)]


def write(path: Path, rows, delimiter=",", encoding="utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def told(export) -> list[str]:
    return [str(fault.problem) for reply in export.replies for fault in reply.faults]


def answers(export) -> list[tuple[str, list[float]]]:
    return [(reply.group, [value for *_, value in reply.rows]) for reply in export.replies]


def google(mapping):
    yield ["Timestamp", "Email Address", *texts(mapping)]
    yield ["2026/11/20 9:12:33 AM GMT+1", "a@example.org", "Learners", 9, 7, 5, 3, 1]
    yield ["2026/11/20 9:40:01 AM GMT+1", "b@example.org", "Employers", 1, 2, 3, 4, 5]


def microsoft(mapping):
    yield ["ID", "Start time", "Completion time", "Email", "Name", *texts(mapping)]
    yield [1, "11/20/26 9:10:00", "11/20/26 9:12:33", "anonymous", "", "Learners", 9, 7, 5, 3, 1]
    yield [2, "11/20/26 9:30:00", "11/20/26 9:40:01", "anonymous", "", "Employers", 1, 2, 3, 4, 5]


def limesurvey(mapping):
    heads = [f"<p>{text}</p>" for text in texts(mapping)]
    yield ["id", "submitdate", "lastpage", "startlanguage", "seed", *heads]
    yield [1, "2026-11-20 09:12:33", 1, "en", 17, "Learners", 9, 7, 5, 3, 1]
    yield [2, "", 1, "en", 18, "Learners", 2, "", "", "", ""]
    yield [3, "2026-11-20 09:40:01", 1, "en", 19, "Employers", 1, 2, 3, 4, 5]


def limesurvey_with_codes(mapping):
    head, *replies = limesurvey(mapping)
    yield [*head[:5], *(f"G01Q{n:02d}. {text}" for n, text in enumerate(head[5:], 1))]
    yield from replies


def qualtrics(mapping):
    codes = [f"Q{n}" for n in range(1, 7)]
    yield ["StartDate", "Status", "Finished", "ResponseId", *codes]
    yield ["Start Date", "Response Type", "Finished", "Response ID", *texts(mapping)]
    yield [f'{{"ImportId":"{name}"}}' for name in ("startDate", "status", "finished", "_recordId")
           ] + [f'{{"ImportId":"QID{n}"}}' for n in range(1, 7)]  # fmt: skip
    yield ["2026-11-20 09:12:33", "IP Address", "True", "R_1", "Learners", 9, 7, 5, 3, 1]
    yield ["2026-11-20 09:13:33", "Survey Preview", "True", "R_2", "Learners", 1, 1, 1, 1, 2]
    yield ["2026-11-20 09:14:33", "IP Address", "False", "R_3", "Learners", 1, "", "", "", ""]
    yield ["2026-11-20 09:40:01", "IP Address", "True", "R_4", "Employers", 1, 2, 3, 4, 5]


FORMS = {"google": (google, 0), "microsoft": (microsoft, 0), "limesurvey": (limesurvey, 1),
         "limesurvey, codes and texts": (limesurvey_with_codes, 1),
         "qualtrics": (qualtrics, 2)}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_export_of_every_program_gives_the_same_replies(rating, known, tmp_path, form):
    rows, skipped = FORMS[form]
    mapping = read_mapping(rating)
    export = read_export(write(tmp_path / "export.csv", rows(mapping)), mapping, known)
    assert told(export) == []
    assert answers(export) == [("learners", [9, 7, 5, 3, 1]), ("employers", [1, 2, 3, 4, 5])]
    assert export.skipped == skipped


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"),
                                                     (";", "cp1252")])  # fmt: skip
def test_delimiters_and_encodings_are_found_out(rating, known, tmp_path, delimiter, encoding):
    mapping = read_mapping(rating)
    path = write(tmp_path / "export.csv", google(mapping), delimiter, encoding)
    assert len(answers(read_export(path, mapping, known))) == 2


@pytest.mark.parametrize("method", ["pairwise", "best-worst", "rating"])
@pytest.mark.parametrize("topic", ["dimensions", "IE"])
def test_the_mapping_that_is_made_can_be_read_back(study, tmp_path, method, topic):
    asked = ask(study, topic, method)
    write_mapping(asked, tmp_path / "m.toml")
    mapping = read_mapping(tmp_path / "m.toml")
    assert mapping.topic == topic
    told = [q.text for q in mapping.questions]
    assert len(set(told)) == len(told)
    pairs = sum(len(part.pairs) for part in asked.parts)
    assert sum(q.kind == "pairwise" for q in mapping.questions) == pairs


def test_comparisons_are_read_in_words_and_in_numbers(study, known, tmp_path):
    write_mapping(ask(study, "employers", "pairwise"), tmp_path / "m.toml")
    mapping = read_mapping(tmp_path / "m.toml")
    said = ["◀ left, 3 times", "right, 5 times ▶", "both the same", "1/4", "0,5", "2"]
    path = write(tmp_path / "e.csv", [texts(mapping), ["Employers", *said]], ";")
    export = read_export(path, mapping, known)
    assert told(export) == []
    assert answers(export)[0][1] == pytest.approx([3, 1 / 5, 1, 1 / 4, 1 / 2, 2])


def test_best_worst_answers_come_from_a_form_too(study, known, tmp_path):
    write_mapping(ask(study, "employers", "best-worst"), tmp_path / "m.toml")
    mapping = read_mapping(tmp_path / "m.toml")
    label = {m: a for (kind, a), m in mapping.answers.items() if kind == "item "}
    items = list(label)
    best_to, to_worst = ["", 2, 4, 8], ["", 4, 2, ""]
    row = ["Employers", label[items[0]], label[items[3]], *best_to, *to_worst]
    path = write(tmp_path / "e.csv", [texts(mapping), row])
    export = read_export(path, mapping, known)
    assert told(export) == []
    assert len(export.replies[0].rows) == 5


def test_faults_of_a_form_are_named_by_row_and_question(rating, known, tmp_path):
    mapping = read_mapping(rating)
    rows = [*google(mapping)]
    rows[1][4], rows[2][2], rows[2][7] = "seven", "Nobody", 12
    export = read_export(write(tmp_path / "e.csv", rows), mapping, known)
    found = told(export)
    assert len(found) == 3
    assert found[0].startswith("e.csv, row 2, column “How much does this matter, from 1 to 10")
    assert '"seven" is not a number' in found[0]
    assert '"Nobody" is not one of the answers' in found[1]
    assert '"12" is outside the scale' in found[2]


def test_a_question_that_the_export_lacks_or_has_twice_stops_the_reading(rating, known, tmp_path):
    mapping = read_mapping(rating)
    rows = [*google(mapping)]
    rows[0][3] = rows[0][3].replace("How much", "How mcuh")
    rows[0][5] = rows[0][4]
    export = read_export(write(tmp_path / "e.csv", rows), mapping, known)
    assert [r.rows for r in export.replies] == [()], "one file that was not read, not three"
    assert "is not a question of this export. Did you mean" in told(export)[0]
    assert "is there twice" in told(export)[1]


def test_codes_of_judges_are_ids_and_never_addresses(rating, known, tmp_path):
    text = rating.read_text(encoding="utf-8").replace(
        "[groups]", 'code = "Email Address"\n\n[groups]'
    )
    rating.write_text(text, encoding="utf-8")
    mapping = read_mapping(rating)
    rows = [*google(mapping)]
    rows[2][1] = "p7"
    export = read_export(write(tmp_path / "e.csv", rows), mapping, known)
    assert [(r.judge, len(r.rows)) for r in export.replies] == [("", 0), ("p7", 5)]
    assert '"a@example.org" is not an id' in told(export)[0]


def test_the_export_comes_back_as_a_workbook_with_red_cells(study, rating, tmp_path):
    mapping = read_mapping(rating)
    rows = [*qualtrics(mapping)]
    rows[3][5] = "=1+1"
    path = write(tmp_path / "e.csv", rows)
    found = gather_panel(study, [path], mapping, tmp_path / "back")
    assert found.marked == (tmp_path / "back" / "e.xlsx",)
    sheet = openpyxl.load_workbook(found.marked[0]).active
    cell = sheet.cell(4, 6)
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert "is not a number" in cell.comment.text
    assert [[str(c.value or "") for c in row] for row in sheet.iter_rows()] == [
        [str(text) for text in row] for row in rows
    ]


def test_all_that_is_wrong_in_a_mapping_file_comes_at_once(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text(
        """
topik = "hei"
group = 3
highest = 1
[groups]
[answers]
"a" = true
[[questions]]
text = "One?"
kind = "paarwise"
[[questions]]
kind = "pairwise"
left = "a"
[[questions]]
text = "Two?"
kind = "rating"
itm = "a"
""",
        encoding="utf-8",
    )
    with pytest.raises(ParameterError) as caught:
        read_mapping(path)
    said = str(caught.value).split("\n")
    assert all(line.startswith("m.toml: ") for line in said)
    for part in ('unknown key "topik". Did you mean "topic"?', "topic is missing",
                 "group: 3 is not a text", "highest: 1", "groups is missing", 'answers, "a": True',
                 'question 1: kind "paarwise" is not known. Did you mean "pairwise"?',
                 "question 2: text is missing", "question 2: right is missing",
                 "question 3: item is missing", 'question 3: unknown key "itm"'):  # fmt: skip
        assert any(part in line for line in said), part


def test_a_mapping_file_that_is_missing_or_no_toml_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="There is no mapping file"):
        read_mapping(tmp_path / "none.toml")
    (tmp_path / "m.toml").write_text("a = ", encoding="utf-8")
    with pytest.raises(ParameterError, match="cannot be read"):
        read_mapping(tmp_path / "m.toml")
