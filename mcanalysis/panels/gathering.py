"""Many filled questionnaires to one panel of a study."""

from __future__ import annotations

import json
import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from mcanalysis.errors import ParameterError, Problem
from mcanalysis.language import speaking
from mcanalysis.model import QUADRANTS, TABLES, Study
from mcanalysis.panels.forms import read_export
from mcanalysis.panels.mapping import FormMapping
from mcanalysis.panels.marking import mark_export, mark_questionnaire
from mcanalysis.panels.reading import read_questionnaire
from mcanalysis.panels.replies import Fault, Reply
from mcanalysis.study import data_package, write_study
from mcanalysis.study.files import replacing, write_csv
from mcanalysis.study.places import is_workbook

MANY = 200
"""Files from which on several processes read them."""
CHUNK = 25
"""Files that a process reads at a time."""


@dataclass(frozen=True)
class Gathered:
    """What was gathered from filled questionnaires.

    Attributes
    ----------
    panel : DataFrame
        Columns of the table ``panels``.
    full, part, none : int
        Questionnaires without a fault, with some answers that count, with none.
    skipped : int
        Replies to a form that were not sent off.
    problems : tuple of Problem
        In the order of the files.
    marked : tuple of Path
        Workbooks that were given back.
    """

    panel: pd.DataFrame
    full: int
    part: int
    none: int
    skipped: int
    problems: tuple[Problem, ...]
    marked: tuple[Path, ...]


def gather_panel(
    study: Study,
    files: Sequence[Path],
    form: FormMapping | None = None,
    back: Path | None = None,
    illustrative: bool = False,
    progress: Callable[[int], object] = lambda _: None,
) -> Gathered:
    """Read, check and put together filled questionnaires.

    Judges without an id of their own are numbered in the order of the files and replies, so that
    the same files give the same ids. Whoever answered twice on a topic counts once.

    Parameters
    ----------
    study : Study
    files : sequence of Path
        Workbooks made by `write_questionnaire`; with `form` also exports of that form (.csv).
    form : FormMapping, optional
    back : Path, optional
        Folder for copies of faulty questionnaires, faults marked; none are written without it.
    illustrative : bool
        The answers are invented.
    progress : callable
        Is told how many more files were read.

    Returns
    -------
    Gathered

    Raises
    ------
    ParameterError
        For a file of a kind that nothing can be read from.
    """
    _check_files(files, form)
    known = _known(study)
    rows, seen = _Rows(), dict[tuple[str, str], str]()
    counts = [0, 0, 0]
    problems: list[Problem] = []
    marked: list[Path] = []
    skipped = 0
    targets = _targets(files, back)
    books = [path for path in files if path.suffix.lower() == ".xlsx"]
    read = _read_all(books, known, targets)
    for path in files:
        if path.suffix.lower() == ".xlsx":
            replies, table = [next(read)], None
        else:
            assert form is not None
            export = read_export(path, form, known)
            replies, table = list(export.replies), export.rows
            skipped += export.skipped
        again = [_count(reply, seen, rows, counts) for reply in replies]
        faults = [fault for reply in again for fault in reply.faults]
        problems += [fault.problem for fault in faults]
        target = targets.get(path)
        if target and faults and any(reply.topic for reply in again):
            if table is not None:
                mark_export(table, target, faults)
            elif again[0] is not replies[0]:
                _mark(path, target, again[0], known)
            marked.append(target)
        progress(1)
    full, part, none = counts
    panel = rows.table(illustrative)
    return Gathered(panel, full, part, none, skipped, tuple(problems), tuple(marked))


def _check_files(files: Sequence[Path], form: FormMapping | None) -> None:
    wrong = []
    for path in files:
        kind = path.suffix.lower()
        if kind == ".csv" and form is None:
            wrong.append(f"{path} is the export of a form. Name its mapping file with --form.")
        elif kind not in (".xlsx", ".csv"):
            wrong.append(f"{path} is neither an .xlsx questionnaire nor a .csv export. Save it so.")
    if wrong:
        raise ParameterError("\n".join(wrong))


def _known(study: Study) -> frozenset[str]:
    """Return every id that an answer can name."""
    ids = (
        study.dimensions["dimension_id"], study.benefits["benefit_id"],
        study.swot_factors["factor_id"], study.stakeholders["stakeholder_id"],
    )  # fmt: skip
    return frozenset([*QUADRANTS, *(str(i) for own in ids for i in own)])


def _targets(files: Sequence[Path], back: Path | None) -> dict[Path, Path]:
    """Choose a name for the marked copy of each file; the same name twice gets a number."""
    if back is None:
        return {}
    taken: dict[str, int] = {}
    targets = {}
    for path in files:
        name = path.with_suffix(".xlsx").name
        taken[name] = taken.get(name, 0) + 1
        number = f"-{taken[name]}" if taken[name] > 1 else ""
        targets[path] = back / f"{path.stem}{number}.xlsx"
    return targets


def _read_all(
    books: Sequence[Path], known: frozenset[str], targets: dict[Path, Path]
) -> Iterator[Reply]:
    """Read workbooks in order, many of them by several processes."""
    read = partial(_read_one, known=known)
    pairs = [(path, targets.get(path)) for path in books]
    if len(books) < MANY:
        yield from map(read, pairs)
        return
    with ProcessPoolExecutor(_cores(), get_context("spawn")) as pool:
        try:
            yield from pool.map(read, pairs, chunksize=CHUNK)
        except BrokenProcessPool:
            raise ParameterError(
                "The processes that read questionnaires have ended. In a script, read them below "
                '`if __name__ == "__main__":`, as each process begins with what stands above it; '
                "else look whether memory is short."
            ) from None


def _read_one(pair: tuple[Path, Path | None], known: frozenset[str]) -> Reply:
    path, target = pair
    reply = read_questionnaire(path, known)
    if target is not None and reply.faults and reply.topic:
        _mark(path, target, reply, known)
    return reply


def _mark(path: Path, target: Path, reply: Reply, known: frozenset[str]) -> None:
    """Give a questionnaire back, its faults said in the language in which it asks."""
    with speaking(reply.language):
        own = read_questionnaire(path, known).faults
    mark_questionnaire(path, target, [*own, *reply.faults[len(own) :]])


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(reply: Reply, seen: dict[tuple[str, str], str], rows: _Rows, counts: list[int]) -> Reply:
    """Let a reply count, unless its judge has answered on the topic before."""
    key = reply.judge, reply.topic
    if reply.judge and reply.topic and key in seen:
        wrong = Problem(
            reply.where, *_named(reply), reply.judge, f"has answered in {seen[key]} already",
            "Keep one of the two, or give each judge a code of its own.",
        )  # fmt: skip
        reply = replace(reply, rows=(), faults=(*reply.faults, Fault(wrong, *reply.place)))
    elif reply.judge and reply.topic:
        seen[key] = reply.where
    rows.add(reply)  # one without answers keeps its number: it may be mended
    counts[0 if not reply.faults else 1 if reply.rows else 2] += 1
    return reply


def _named(reply: Reply) -> tuple[int, str]:
    row, column = reply.place
    return row, chr(64 + column) if column <= 26 else str(column)


class _Rows:
    """Judgements as numbers, so that those of many judges take little room."""

    def __init__(self) -> None:
        self.ids: dict[str | None, int] = {None: 0}
        self.columns = {name: array("i") for name in ("reply", "topic", "kind", "left", "right")}
        self.values = array("d")
        self.judges: list[str] = []
        self.groups = array("i")

    def add(self, reply: Reply) -> None:
        """Add a reply; one without judgements keeps its number too."""
        number, topic = len(self.judges), self._code(reply.topic)
        self.judges.append(reply.judge)
        self.groups.append(self._code(reply.group or None))
        for kind, left, right, value in reply.rows:
            for name, code in zip(
                self.columns,
                (number, topic, self._code(kind), self._code(left), self._code(right)),
                strict=True,
            ):
                self.columns[name].append(code)
            self.values.append(value)

    def _code(self, text: str | None) -> int:
        return self.ids.setdefault(text, len(self.ids))

    def table(self, illustrative: bool) -> pd.DataFrame:
        """Return the rows as a table of the study."""
        texts = np.array(list(self.ids), dtype=object)
        judges = np.array(_numbered(self.judges), dtype=object)
        reply = np.array(self.columns["reply"], dtype=np.intp)
        groups = np.array(self.groups, dtype=np.intp)
        # Each column is laid out as it stays, one after the other: many judges, no second copy.
        found = {
            name: pd.Series(texts[np.array(self.columns[name], dtype=np.intp)])
            for name in ("topic", "kind", "left", "right")
        }
        found["judge_id"] = pd.Series(judges[reply] if len(judges) else judges)
        found["stakeholder_id"] = pd.Series(texts[groups[reply]] if len(groups) else judges)
        found["value"] = pd.Series(np.array(self.values, dtype=float))
        marks = np.full(len(reply), "yes" if illustrative else None, dtype=object)
        found["illustrative"] = pd.Series(marks, dtype="str" if illustrative else object)
        columns = TABLES["panels"].column_names
        return pd.DataFrame({name: found[name] for name in columns}, copy=False)


def _numbered(judges: Sequence[str]) -> list[str]:
    """Give a number to each judge without an id."""
    taken, width = set(judges), max(2, len(str(len(judges))))
    numbers = (f"j{n:0{width}d}" for n in range(1, 2 * len(judges) + 1))
    free = (name for name in numbers if name not in taken)
    return [judge or next(free) for judge in judges]


def write_panel(study: Study, path: Path, name: str, panel: pd.DataFrame) -> Path:
    """Write a panel into a study, all of it or nothing.

    Parameters
    ----------
    study : Study
        As it was read from `path`.
    path : Path
        Folder or workbook of the study.
    name : str
        Name of the panel; one of that name is replaced.
    panel : DataFrame
        Columns of the table ``panels``.

    Returns
    -------
    Path
        The file that holds it.
    """
    grown = replace(study, panels=dict(sorted({**study.panels, name: panel}.items())))
    if is_workbook(path):
        write_study(grown, path)
        return path
    target = path / "panels" / f"{name}.csv"
    target.parent.mkdir(exist_ok=True)
    columns = [
        ["" if pd.isna(v) else f"{v:.15g}" if isinstance(v, float) else str(v) for v in panel[c]]
        for c in panel
    ]
    with replacing(target) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, list(panel.columns), columns)
    package = path / "datapackage.json"
    if package.is_file():
        with replacing(package) as aside:
            text = json.dumps(data_package(grown), indent=2, ensure_ascii=False)
            aside.write_text(f"{text}\n", encoding="utf-8", newline="\n")
    return target
