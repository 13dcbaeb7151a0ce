"""The formulas that tell a judge whether answers fit together."""

from __future__ import annotations

import re
import shutil
import subprocess

import numpy as np
import openpyxl
import pytest

from mcanalysis.panels import ask
from mcanalysis.panels.hints import residual_projection
from mcanalysis.panels.layout import CHECK
from mcanalysis.panels.phrases import ENGLISH, say
from mcanalysis.weights.pairwise import geometric_consistency
from tests.panels.filling import fill, label, sincere


@pytest.mark.parametrize("topic", ["dimensions", "learners", "employers"])
def test_the_formula_gives_the_geometric_consistency_index_of_the_library(study, topic):
    part = ask(study, topic).parts[0]
    n, m = len(part.items), len(part.pairs)
    logs = np.random.default_rng(1).normal(0, 1, m)
    a = np.full((n, n, 1), np.nan)
    a[range(n), range(n)] = 1
    for (i, j), y in zip(part.pairs, logs, strict=True):
        a[i, j], a[j, i] = np.exp(y), np.exp(-y)
    left_over = residual_projection(part) @ logs
    index = (left_over**2).sum() / (m - n + 1)
    assert index == pytest.approx(geometric_consistency(a)[0], abs=1e-9)


def test_what_other_answers_say_is_what_they_say_without_that_answer(study):
    part = ask(study, "dimensions").parts[0]
    logs = np.random.default_rng(2).normal(0, 1, len(part.pairs))
    projection = residual_projection(part)
    others = logs[4] - (projection @ logs)[4] / projection[4, 4]
    sides = np.zeros((len(logs), len(part.items)))
    for row, (i, j) in enumerate(part.pairs):
        sides[row, i], sides[row, j] = 1, -1
    rest = [row for row in range(len(logs)) if row != 4]
    worth = np.linalg.lstsq(sides[rest], logs[rest], rcond=None)[0]
    i, j = part.pairs[4]
    assert others == pytest.approx(worth[i] - worth[j])


@pytest.mark.parametrize("method", ["pairwise", "best-worst", "rating"])
def test_no_formula_is_longer_than_a_spreadsheet_takes(made, method):
    for topic in ("dimensions", "learners", "DE"):
        path, _ = made(topic, method)
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert len(cell.value) < 8000
                        for text in re.findall(r'"((?:[^"]|"")*)"', cell.value):
                            assert len(text) <= 255


def test_phrases_are_whole_and_fields_are_named():
    for key, phrase in ENGLISH.items():
        assert phrase.strip(), key
        assert "{}" not in phrase


needs_office = pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice recalculates the formulas"
)


def recalculated(path, folder):
    """The values of a workbook as LibreOffice works them out."""
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(folder / 'user').as_uri()}",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "done"),
         str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return openpyxl.load_workbook(folder / "done" / path.name, data_only=True)


@needs_office
@pytest.mark.slow
def test_in_a_spreadsheet_the_hint_names_the_answer_that_does_not_fit(made, tmp_path):
    path, design = made()
    worth = {q.left: w for q, w in zip(design.questions[1:8], (1, 1, 2, 2, 3, 3, 4), strict=True)}
    answers = sincere(design, worth)
    pairs = [q for q in design.questions if q.kind == "pairwise"]
    fill(path, design, answers)
    sheet = recalculated(path, tmp_path)["Questions"]
    hints = [c.value for c in sheet["E"] if c.value]
    assert hints == [say("pairs_fit")]
    wrong = pairs[3]
    answers[wrong] = label(design, "pairwise", "9" if "right" in answers[wrong] else "1/9")
    book = recalculated(fill(path, design, answers), tmp_path)
    hints = {c.row: c.value for c in book["Questions"]["E"] if c.value}
    assert hints.pop(pairs[0].row - 1) == say("pairs_clash")
    assert list(hints) == [wrong.row]
    assert hints[wrong.row].startswith(say("look_again"))
    assert book[CHECK]["A3"].value > 0.37


@needs_office
@pytest.mark.slow
def test_in_a_spreadsheet_open_answers_are_counted(made, tmp_path):
    for method, questions in (("pairwise", 17), ("best-worst", 21), ("rating", 11)):
        path, _ = made(method=method, name=f"{method}.xlsx")
        sheet = recalculated(path, tmp_path)["Questions"]
        assert say("open", open=questions) in [c.value for c in sheet["E"]]
