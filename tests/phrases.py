"""The table of words, brought up to the source: ``python -m tests.phrases``.

New phrases come in without translation, those that are used no more go. ``python -m tests.phrases
left country DE`` makes a page with every phrase and name in brackets and prints what stands outside
them: words that no translator can reach.
"""

from __future__ import annotations

import ast
import csv
import json
import re
import sys
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "mcanalysis" / "words.csv"
COLUMNS = ("en", "de", "fr", "es", "note")
_PLACES = {"phrase": (0,), "marked": (0,), "plural": (1, 2, 3)}
_NAMED = {"plural": ("one", "many", "none")}
_IN_TEMPLATE = re.compile(r'phrase\("((?:[^"\\]|\\.)*)"')
_SHOWN = ("text", "name", "hovertemplate", "ticktext", "customdata", "hovertext", "title")


def in_python(source: str, where: str) -> Iterator[str]:
    """Find the literals that are said; a text that is put together cannot be translated."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        given = [node.args[i] for i in _PLACES.get(name, ()) if i < len(node.args)]
        given += [k.value for k in node.keywords if k.arg in _NAMED.get(name, ())]
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value
            assert not isinstance(value, ast.JoinedStr | ast.BinOp), f"{where}, {node.lineno}"


def in_notebook(text: str) -> Iterator[str]:
    """Find what a page takes from the text cells of a notebook, as `report.page` does."""
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "markdown" or source.lstrip().startswith("# "):
            continue
        heading = re.match(r"##\s+(.+?)\s*(?:\n|$)(.*)", source, flags=re.S)
        yield from filter(None, (p.strip() for p in (heading.groups() if heading else [source])))


def used() -> dict[str, list[str]]:
    """Return phrase -> places where it is said."""
    from mcanalysis.markup import STYLE_WORDS
    from mcanalysis.model import TABLES
    from mcanalysis.report.catalogue import read_catalogue

    found: dict[str, list[str]] = {}

    def note(phrases: Iterator[str], where: str) -> None:
        for text in phrases:
            places = found.setdefault(text, [])
            if where not in places:
                places.append(where)

    package = ROOT / "mcanalysis"
    for path in sorted(package.rglob("*")):
        where = path.relative_to(package).as_posix()
        if path.suffix == ".py":
            note(in_python(path.read_text(encoding="utf-8"), where), where)
        elif path.suffix == ".j2":
            note(iter(_IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))), where)
        elif path.suffix == ".css":
            note(iter(STYLE_WORDS.findall(path.read_text(encoding="utf-8"))), where)
    for report in read_catalogue(ROOT / "reports.toml"):
        said = (report.title, report.description, report.name.capitalize())
        note(filter(None, said), "reports.toml")
        note(in_notebook(report.notebook.read_text(encoding="utf-8")), report.notebook.name)
    note((table.meaning for table in TABLES.values() if not table.folder), "model.py")
    return found


def table() -> dict[str, dict[str, str]]:
    """Return English text -> row of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row for row in csv.DictReader(file)}


def update() -> str:
    """Write the table anew; say what changed."""
    before, now = table(), used()
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for english in sorted(now):
            row = before.get(english, dict.fromkeys(COLUMNS, ""))
            writer.writerow({**row, "en": english, "note": ", ".join(now[english])})
    new, gone = len(now.keys() - before.keys()), len(before.keys() - now.keys())
    open_ = sum(not all(table()[e][c] for c in COLUMNS[1:4]) for e in now)
    return f"{len(now)} phrases: {new} new, {gone} gone, {open_} not translated"


class _Outside(HTMLParser):
    """Collects texts outside brackets, but for evidence, code and what no reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.depth, self.open = 0, [("", False)]

    def _take(self, text: str, depth: int = 0) -> int:
        outside = ""
        for letter in text:
            depth += (letter == "⟦") - (letter == "⟧")
            outside += letter if not depth and letter != "⟧" else " "
        if re.search(r"[^\W\d_]{2,}", outside):
            self.found.append(" ".join(outside.split()))
        return depth

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = dict(attrs)
        silent = self.open[-1][1] or kept.get("lang") == "en" or tag in ("style", "code", "title")
        if kept.get("class") == "sources" or (tag == "script" and kept.get("class") != "spec"):
            silent = True
        if tag not in ("meta", "link", "input", "br", "img", "wbr"):
            self.open.append((tag, silent))
        for name in ("aria-label", "title", "alt", "placeholder", "data-label"):
            if kept.get(name) and not silent:
                self._take(str(kept[name]))

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, silent = self.open[-1]
        if tag == "script" and not silent:
            for text in _said(json.loads(data)):
                self._take(re.sub(r"<[^>]+>|%\{[^}]*\}", " ", unescape(text)))
        elif not silent:
            self.depth = self._take(data, self.depth)


def _said(value: object, key: str = "") -> Iterator[str]:
    """Go through what a chart shows."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _said(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner, key)
    elif isinstance(value, str) and key in _SHOWN:
        yield value


def left(report: str, item: str | None = None) -> list[str]:
    """Return the texts of a page that are neither phrases nor names of the study nor evidence."""
    from mcanalysis.report.engine import load_libraries

    load_libraries()  # first of all, so that this process can fork
    from mcanalysis import language, read_study
    from mcanalysis.names import Names
    from mcanalysis.report.catalogue import plan, read_catalogue
    from mcanalysis.report.execution import run_task
    from mcanalysis.report.page import PageContext

    class Bracketed(dict):
        def get(self, english: str) -> str:
            text, _, _ = english.partition("|")
            return f"⟦{text}⟧"

    def bracketed(self: Names, table: str, row: str, column: str) -> str:
        return f"⟦{self._tables[table][row].get(column, row)}⟧"

    language.words, Names._find = (lambda _: Bracketed()), bracketed
    study = read_study(ROOT / "data")
    only = [item] if item else []
    (job,) = plan(read_catalogue(ROOT / "reports.toml"), study, [report], only, {"language": "de"})
    context = PageContext(
        report, item, job.title, job.parameters, {}, "2026-01-01", {"mcanalysis": ""}, "../", "",
        language="de",
    )  # fmt: skip
    made = run_task({
        "notebook": str(job.report.notebook), "study": str(ROOT / "data"),
        "parameters": dict(job.parameters), "context": vars(context),
    })  # fmt: skip
    assert made["error"] is None, made["error"]
    page = _Outside()
    page.feed(made["html"])
    return list(dict.fromkeys(page.found))


if __name__ == "__main__":
    command = sys.argv[1:2]
    said = left(*sys.argv[2:]) if command == ["left"] else [update()]
    sys.stdout.writelines(f"{line}\n" for line in said)
