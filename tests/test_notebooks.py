"""Notebooks are thin: they say what they want to know and call the library. nbval runs them."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted(Path("notebooks").glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
PLOTLY = "application/vnd.plotly.v1+json"
HEAVY = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While,
         ast.With, ast.Try, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)  # fmt: skip
READS_FILES = {"open", "read_text", "read_bytes", "read_csv", "read_excel", "read_json", "exec",
               "eval"}  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def code_cells(path: Path) -> list[dict[str, Any]]:
    return [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]


def lines_of(path: Path) -> list[tuple[str, ast.Module]]:
    """Return text and syntax of the code cells after the parameters."""
    return [(source(cell), ast.parse(source(cell))) for cell in code_cells(path)[1:]]


def test_the_notebooks_of_the_reports_and_the_workbench_are_there():
    reports = {"country", "comparison", "robustness", "scenario", "stakeholders", "panel"}
    assert {p.stem for p in NOTEBOOKS} == {*reports, "workbench"}


@every_notebook
def test_outputs_are_stripped_and_the_kernel_is_one_that_everybody_has(path):
    notebook = read(path)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in code_cells(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@every_notebook
def test_a_notebook_opens_with_its_title_and_then_its_parameters(path):
    first, second = read(path)["cells"][:2]
    assert first["cell_type"] == "markdown"
    assert source(first).startswith("# ")
    assert second["cell_type"] == "code"
    assert second["metadata"]["tags"] == ["parameters"]


@every_notebook
def test_every_parameter_has_a_type_a_default_and_a_comment(path):
    text = source(code_cells(path)[0])
    statements = ast.parse(text).body
    lines = text.splitlines()
    assert len(statements) == len(lines)
    for statement, line in zip(statements, lines, strict=True):
        assert isinstance(statement, ast.AnnAssign), line
        assert statement.value is not None, line
        ast.literal_eval(statement.value)
        assert len(line.partition("#")[2].split()) >= 3, f"say what it is: {line}"


@every_notebook
def test_every_parameter_is_used(path):
    named = {s.target.id for s in ast.parse(source(code_cells(path)[0])).body}
    used = {
        node.id
        for _, tree in lines_of(path)
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
    }
    assert named <= used


@every_notebook
def test_code_is_at_most_a_dozen_cells_of_five_lines_that_call_the_library(path):
    cells = lines_of(path)
    assert 1 <= len(cells) <= 12
    for text, tree in cells:
        assert len([line for line in text.splitlines() if line.strip()]) <= 5, text
        for node in ast.walk(tree):
            assert not isinstance(node, HEAVY), text
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                assert isinstance(node, ast.ImportFrom), text
                assert node.module == "mcanalysis", text
            if isinstance(node, ast.Call):
                called = node.func
                name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
                assert name not in READS_FILES, text


@every_notebook
def test_a_reader_is_told_what_to_look_at(path):
    cells = read(path)["cells"]
    headings = [source(c) for c in cells if c["cell_type"] == "markdown"]
    assert len(headings) >= 5
    assert all(text.startswith("#") for text in headings)


@pytest.mark.slow
def test_charts_of_the_workbench_show_themselves_in_jupyterlab():
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(Path("notebooks") / "workbench.ipynb", as_version=4)
    where = {"metadata": {"path": "notebooks"}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    charted = [cell for cell in notebook.cells if cell.source.startswith("charts.")]
    assert charted
    for cell in charted:
        (output,) = cell.outputs
        assert output.data[PLOTLY]["data"], cell.source
        assert output.data[PLOTLY]["layout"]["title"]["text"], cell.source
        assert output.data["text/plain"], cell.source
    tables = [cell for cell in notebook.cells if cell.source.startswith("tables.")]
    for cell in tables:
        (output,) = cell.outputs
        assert output.data["text/html"].startswith("<div"), cell.source
