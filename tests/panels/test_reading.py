"""Filled questionnaires, read and checked."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from mcanalysis.language import speaking
from mcanalysis.panels import ask, mark_questionnaire, read_questionnaire
from mcanalysis.panels.layout import DESIGN
from mcanalysis.weights import weigh_panel
from tests.panels.filling import fill, label, sincere

WORTH = {"recognition": 6.0, "legislation": 2.0, "funding-incentives": 4.0, "l-recognition": 8.0}


def told(reply) -> list[str]:
    return [str(fault.problem) for fault in reply.faults]


@pytest.mark.parametrize("method", ["pairwise", "best-worst", "rating"])
@pytest.mark.parametrize("topic", ["dimensions", "learners", "IE"])
def test_a_filled_questionnaire_comes_back_as_it_was_answered(made, known, topic, method):
    path, design = made(topic, method, "j07")
    reply = read_questionnaire(fill(path, design, sincere(design, WORTH)), known)
    assert told(reply) == []
    assert (reply.topic, reply.judge, reply.group) == (topic, "j07", "learners")
    answered = sum(q.kind not in ("stakeholder", "best", "worst") for q in design.questions)
    idle = 3 * len({q.part for q in design.questions if q.kind == "best"})
    assert len(reply.rows) == answered - idle


@pytest.mark.parametrize("method", ["pairwise", "best-worst", "rating"])
def test_the_weights_are_those_that_the_judge_had_in_mind(study, made, method, known):
    path, design = made("dimensions", method, "j07")
    reply = read_questionnaire(fill(path, design, sincere(design, WORTH)), known)
    panel = pd.DataFrame(reply.rows, columns=["kind", "left", "right", "value"]).assign(
        judge_id="j07", stakeholder_id="hei", topic="dimensions"
    )
    weights = weigh_panel(panel, "dimensions").weights.sort_values(ascending=False)
    assert list(weights.index[:3]) == ["recognition", "funding-incentives", "legislation"]
    assert weights["recognition"] / weights["legislation"] == pytest.approx(3, rel=0.15)


def test_an_answer_left_open_is_no_fault_while_others_link_all_items(made, known):
    path, design = made()
    answers = sincere(design, WORTH)
    del answers[design.questions[3]]
    reply = read_questionnaire(fill(path, design, answers), known)
    assert told(reply) == []
    assert len(reply.rows) == 16


def test_too_many_open_answers_are_named_where_they_are_needed(made, known):
    path, design = made("employers")
    answers = sincere(design, WORTH)
    alone = design.questions[1].left
    missing = [q for q in design.questions if alone in (q.left, q.right)]
    for q in missing:
        del answers[q]
    reply = read_questionnaire(fill(path, design, answers), known)
    assert reply.rows == ()
    assert [fault.row for fault in reply.faults] == [q.row for q in missing]
    assert all("no other answers link its two items" in said for said in told(reply))


def test_every_fault_of_a_questionnaire_comes_at_once_in_the_order_of_the_cells(made, known):
    path, design = made("learners", "rating")
    answers = sincere(design, {})
    group, first, second, third, fourth, *_ = design.questions
    answers |= {group: "Lerners", first: "many", second: 11, third: 0, fourth: None}
    reply = read_questionnaire(fill(path, design, answers), known)
    assert (reply.group, reply.rows) == ("", ())
    assert told(reply) == [
        f'q.xlsx, row {group.row}, column C: "Lerners" is not one of the answers. Did you mean '
        '"Learners"? Choose one from the list: Learners; Higher education institutions; Employers; '
        "Vocational and training providers; Government; Quality assurance agencies.",
        f'q.xlsx, row {first.row}, column C: "many" is not a number. Write a number from 1 to 10.',
        f'q.xlsx, row {second.row}, column C: "11" is outside the scale. Write a number from 1 to '
        "10.",
        f'q.xlsx, row {third.row}, column C: "0" is outside the scale. Write a number from 1 to '
        "10.",
        f"q.xlsx, row {fourth.row}, column C: is empty. Rate this item too.",
    ]


def test_a_number_typed_for_a_comparison_is_not_guessed_at(made, known):
    path, design = made()
    answers = sincere(design, WORTH)
    answers[design.questions[2]] = 3
    reply = read_questionnaire(fill(path, design, answers), known)
    assert ['"3" is not one of the answers' in said for said in told(reply)] == [True]
    assert len(reply.rows) == 16  # the others link all items


def test_best_and_worst_must_differ_and_bound_the_other_answers(made, known):
    path, design = made("hei", "best-worst")
    answers = sincere(design, {"h-outreach": 6, "h-invest-grow": 0.9})
    best, worst = (next(q for q in design.questions if q.kind == k) for k in ("best", "worst"))
    both = read_questionnaire(fill(path, design, answers | {worst: answers[best]}), known)
    assert "is also the most important item" in told(both)[0]
    middle = next(
        q
        for q, v in answers.items()
        if q.kind == "best-to-other" and q.right not in ("h-outreach", "h-invest-grow")
    )
    over = read_questionnaire(fill(path, design, answers | {middle: 9}), known)
    assert "is more than 7" in told(over)[0]
    assert over.rows == ()


def test_a_cell_that_should_stay_empty_may_hold_the_one_that_it_means(made, known):
    path, design = made("hei", "best-worst")
    answers = sincere(design, {"h-outreach": 6})
    own = next(q for q in design.questions if q.kind == "best-to-other" and q.right == "h-outreach")
    assert told(read_questionnaire(fill(path, design, answers | {own: 1}), known)) == []
    more = read_questionnaire(fill(path, design, answers | {own: 3}), known)
    assert "compares an item with itself" in told(more)[0]


def test_a_part_with_a_fault_does_not_take_the_others_with_it(made, known):
    path, design = made("IE", "rating")
    answers = sincere(design, {})
    broken = next(q for q in design.questions if q.part == "strength")
    reply = read_questionnaire(fill(path, design, answers | {broken: "?"}), known)
    assert len(reply.faults) == 1
    parts = {q.left for q in design.questions if q.part == "strength"}
    assert reply.rows
    assert not {left for _, left, _, _ in reply.rows} & parts


def test_an_untouched_questionnaire_says_so_in_two_lines(made, known):
    path, _ = made()
    assert [said.split(": ", 1)[1][:26] for said in told(read_questionnaire(path, known))] == [
        "is empty. Choose one from ",
        "is empty like all others. ",
    ]


def test_items_that_the_study_no_longer_has_are_named(made, known):
    path, design = made("hei", "rating")
    fill(path, design, sincere(design, {}))
    reply = read_questionnaire(path, known - {"h-outreach"})
    assert "asks about h-outreach, which the study does not know" in told(reply)[0]


def test_files_that_are_no_questionnaires_are_refused_with_a_reason(made, known, tmp_path):
    cases = {
        "gone.xlsx": (None, "cannot be read"),
        "old.xlsx": (bytes.fromhex("d0cf11e0a1b11ae1"), "protected by a password, or in the old"),
        "text.xlsx": (b"hello", "is damaged or not an .xlsx workbook"),
        "empty.xlsx": (b"", "is damaged or not an .xlsx workbook"),
    }
    for name, (content, said) in cases.items():
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        reply = read_questionnaire(path, known)
        assert reply.topic == ""
        assert said in told(reply)[0]
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    assert "is not a questionnaire made by mcanalysis panel new" in told(
        read_questionnaire(other, known)
    )[0]  # fmt: skip
    path, _ = made()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "is damaged" in told(read_questionnaire(path, known))[0]


def test_a_hidden_sheet_that_was_tampered_with_is_refused(made, known):
    path, _ = made()
    book = openpyxl.load_workbook(path)
    book[DESIGN]["A1"] = "something else"
    book.save(path)
    assert "is not a questionnaire" in told(read_questionnaire(path, known))[0]
    book[DESIGN]["A1"] = "mcanalysis questionnaire 1"
    book[DESIGN]["E40"] = "nowhere"
    book.save(path)
    assert "is not a questionnaire" in told(read_questionnaire(path, known))[0]


def test_a_workbook_that_a_program_saved_anew_reads_the_same(made, known):
    path, design = made()
    fill(path, design, sincere(design, WORTH))
    before = read_questionnaire(path, known)
    book = openpyxl.load_workbook(path)
    book.move_sheet("Questions", 2)
    book["Questions"].column_dimensions["B"].width = 80
    book.save(path)
    assert read_questionnaire(path, known) == before


def test_names_are_asked_for_nowhere(study, made):
    path, _ = made()
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        texts = b"".join(parts.read(name) for name in parts.namelist()).decode("utf-8", "ignore")
    assert "Your name is not asked" in texts
    asked = ask(study, "dimensions")
    assert set(asked.groups) == set(study.stakeholders["stakeholder_id"])


def test_the_same_workbook_comes_back_with_red_cells_and_comments(made, known, tmp_path):
    path, design = made("learners", "rating")
    answers = sincere(design, {})
    bad = design.questions[4]
    reply = read_questionnaire(fill(path, design, answers | {bad: "x"}), known)
    back = tmp_path / "back" / "q.xlsx"
    mark_questionnaire(path, back, reply.faults)
    book = openpyxl.load_workbook(back)
    cell = book["Questions"].cell(bad.row, bad.column)
    assert cell.value == "x"
    assert cell.fill.fgColor.rgb.endswith("F4B6AC")
    assert cell.comment.text == "“x” is not a number. Write a number from 1 to 10."
    red = [c for row in book["Questions"].iter_rows() for c in row if c.comment]
    assert red == [cell]
    whole = openpyxl.load_workbook(path)["Questions"]
    there = {v.sqref: v.formula1 for v in whole.data_validations.dataValidation}
    assert {v.sqref: v.formula1 for v in book["Questions"].data_validations.dataValidation} == there
    assert book["Questions"]["E10"].value == whole["E10"].value  # hints are still formulas

    fill(back, design, {bad: 5})
    mended = read_questionnaire(back, known)
    assert mended.faults == ()
    mark_questionnaire(back, back, mended.faults)
    again = openpyxl.load_workbook(back)["Questions"].cell(bad.row, bad.column)
    assert again.comment is None
    assert again.fill.fgColor.rgb.endswith("FFF6CC")


@pytest.mark.parametrize("code", ["de", "fr", "es"])
@pytest.mark.parametrize("method", ["pairwise", "best-worst", "rating"])
def test_a_questionnaire_in_any_language_is_read_the_same(made, known, code, method):
    path, design = made("dimensions", method, "j07")
    english = read_questionnaire(fill(path, design, sincere(design, WORTH)), known)
    with speaking(code):
        path, design = made("dimensions", method, "j07")
    fill(path, design, sincere(design, WORTH))
    reply = read_questionnaire(path, known)
    assert reply == replace(english, language=code)
    texts = [str(c.value) for row in openpyxl.load_workbook(path).worksheets[0] for c in row]
    for left in ("Fill in", "Choose", "Look again", "times ▶", "Learners", "Legal basis"):
        assert not any(left in text for text in texts), left


def test_answers_that_were_translated_by_hand_are_read_by_their_meaning(made, known):
    path, design = made()
    answers = sincere(design, WORTH)
    book = openpyxl.load_workbook(path)
    words = {label(design, "pairwise", "1"): "beides gleich"}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in words:
                    cell.value = words[cell.value]
    book.save(path)
    said = {q: words.get(v, v) for q, v in answers.items()}
    reply = read_questionnaire(fill(path, design, said), known)
    assert reply.faults == ()
    assert len(reply.rows) == 17
