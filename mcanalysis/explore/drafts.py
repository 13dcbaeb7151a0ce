"""What is typed and not yet in the study: written at once to the side, merged into it on save."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from mcanalysis.errors import DataError, ParameterError, Problem
from mcanalysis.model import Study
from mcanalysis.study import read_study, study_frames, study_of, write_study
from mcanalysis.study.files import replacing
from mcanalysis.study.places import is_workbook, table_of, where

Row = dict[str, str]
"""Cells by column, as text; empty where there is nothing."""


class Edit(dict[str, Any]):
    """One row that is to be different: table, key, row (None: taken out), was (None: new), said."""

    @property
    def at(self) -> tuple[str, tuple[str, ...]]:
        """Table and key: a later edit of the same row takes the place of an earlier one."""
        return self["table"], tuple(self["key"])


class Drafts:
    """The edits of one study in this kernel.

    Parameters
    ----------
    study : Study
        As it is on the disk.
    path : Path or None
        Its folder or workbook; None for a study in memory, which cannot be edited.

    Attributes
    ----------
    study : Study
        With the edits in it.
    edits : list of Edit
        In the order in which they were made.
    forms : dict
        What stands in forms that were not sent yet: name of the form -> its fields.
    """

    def __init__(self, study: Study, path: Path | None = None) -> None:
        self.path = path
        self.base = self.study = study
        self.edits: list[Edit] = []
        self.forms: dict[str, Row] = {}
        self.saved = ""
        self.watchers: list[Callable[[], None]] = []
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        self._name = f"{stamp}-{os.getpid()}.json"

    @property
    def folder(self) -> Path | None:
        """Where drafts are written: hidden, in the folder of the study or beside its workbook."""
        if self.path is None:
            return None
        if is_workbook(self.path):
            return self.path.with_name(f".{self.path.stem}.drafts")
        return self.path / ".drafts"

    @property
    def file(self) -> Path | None:
        """The file of this kernel."""
        return None if self.folder is None else self.folder / self._name

    def keep(self, form: str, fields: Row) -> None:
        """Write down what stands in a form; nothing in it: forget the form."""
        if any(fields.values()):
            self.forms[form] = dict(fields)
        else:
            self.forms.pop(form, None)
        self._write()

    def add(self, edits: Iterable[Edit], form: str = "") -> None:
        """Draft some edits, if the study stays sound with them.

        Parameters
        ----------
        edits : iterable of Edit
        form : str
            The form they come from, which is empty afterwards.

        Raises
        ------
        DataError
            With all problems; nothing is drafted then, and the form stays as it is.
        ParameterError
            If the study was not opened by its path.
        """
        if self.path is None:
            raise ParameterError(
                "This study is in memory only, so that edits would be lost. Open it by its path: "
                'explore.explore("data").'
            )
        edits = list(edits)
        study = with_edits(self.study, edits, self.path)
        for edit in edits:
            first = next((e for e in self.edits if e.at == edit.at), edit)
            edit["was"] = first["was"]
            self.edits = [e for e in self.edits if e.at != edit.at]
            if edit["row"] != edit["was"]:
                self.edits.append(edit)
        self.forms.pop(form, None)
        self._now(study)

    def undo(self, number: int) -> None:
        """Take an edit back; those that need its row go on only if they can stand without it."""
        rest = [e for i, e in enumerate(self.edits) if i != number]
        study = with_edits(self.base, rest, self.path or Path())
        self.edits = rest
        self._now(study)

    def save(self, only: str = "") -> int:
        """Merge the edits into the study on the disk, after the full check.

        Parameters
        ----------
        only : str, optional
            The one table whose edits are saved; the others stay drafts.

        Returns
        -------
        int
            How many edits were saved.

        Raises
        ------
        DataError
            If the study on the disk has problems, would have some with the edits, or an edited row
            has changed there meanwhile. Nothing is written then, no edit is lost.
        """
        chosen = [e for e in self.edits if only in ("", e["table"])]
        if self.path is None or not chosen:
            return 0
        disk = read_study(self.path)
        clashes = [e for e in chosen if not e.get("mine") and found(disk, e) != e["was"]]
        if clashes:
            raise DataError([_clash(e, self.path) for e in clashes])
        merged = with_edits(disk, chosen, self.path)
        rest = [e for e in self.edits if e not in chosen]
        after = with_edits(merged, rest, self.path)
        write_study(merged, self.path)
        self.edits, self.base = rest, merged
        n = len(chosen)
        self.saved = f"Saved: {n} row{'s' if n != 1 else ''} of {self.path}."
        self._now(after)
        return n

    def insist(self) -> None:
        """Let every edit count, although its row was changed on the disk meanwhile."""
        for edit in self.edits:
            edit["mine"] = True
        self._write()

    def reread(self) -> None:
        """Read the study from the disk again and put the edits on top."""
        if self.path is not None:
            self.base = read_study(self.path)
            self._now(with_edits(self.base, self.edits, self.path))

    def waiting(self) -> list[tuple[Path, dict[str, Any]]]:
        """Return the drafts of other kernels, a restarted one among them, oldest first."""
        if self.folder is None or not self.folder.is_dir():
            return []
        files = sorted(f for f in self.folder.glob("*.json") if f.name != self._name)
        return [(file, told) for file in files if (told := _read(file))]

    def take_up(self, name: str) -> None:
        """Go on with the drafts of another kernel: they become those of this one.

        Raises
        ------
        DataError
            If the study would have problems with them; they stay where they are.
        """
        for file, told in self.waiting():
            if file.name == name:
                edits = [Edit(e) for e in told["edits"]]
                mine = [e for e in self.edits if e.at not in {x.at for x in edits}]
                study = with_edits(self.base, [*edits, *mine], self.path or Path())
                self.edits = [*edits, *mine]
                self.forms = {**told["forms"], **self.forms}
                self._now(study)
                file.unlink(missing_ok=True)

    def discard(self, name: str) -> None:
        """Forget the drafts of another kernel."""
        for file, _ in self.waiting():
            if file.name == name:
                file.unlink(missing_ok=True)
        self._tell()

    def _now(self, study: Study) -> None:
        self.study = study
        self._write()
        self._tell()

    def _tell(self) -> None:
        for watcher in list(self.watchers):
            watcher()

    def _write(self) -> None:
        try:
            self._write_file()
        except OSError as error:
            raise ParameterError(
                f"Drafts cannot be written to {self.folder} ({error.strerror}): what you typed is "
                "in this kernel only. Make the folder writable, then go on."
            ) from error

    def _write_file(self) -> None:
        if self.file is None or self.folder is None:
            return
        if not self.edits and not self.forms:
            self.file.unlink(missing_ok=True)
            if self.folder.is_dir() and not any(self.folder.iterdir()):
                self.folder.rmdir()
            return
        self.folder.mkdir(exist_ok=True)
        told = {
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "edits": self.edits,
            "forms": self.forms,
        }
        with replacing(self.file) as aside:
            aside.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")


_OPEN: dict[Path, Drafts] = {}


def open_drafts(study: Study | str | Path) -> Drafts:
    """Return the drafts of a study: one for each path, so that all views of it show the same."""
    if isinstance(study, Study):
        return Drafts(study)
    path = Path(study).resolve()
    if path in _OPEN:
        _OPEN[path].reread()
    else:
        _OPEN[path] = Drafts(read_study(path), path)
    return _OPEN[path]


def edit(study: Study, table: str, row: Mapping[str, Any] | None, said: str, **key: str) -> Edit:
    """Make an edit of a row of a table; `key` names the row where it is to be taken out."""
    columns, names = table_of(table).column_names, table_of(table).key
    full = None if row is None else {c: as_text(row.get(c)).strip() for c in columns}
    made = Edit(table=table, key=[(full or key).get(k, "") for k in names], row=full, said=said)
    made["was"] = found(study, made)
    return made


def found(study: Study, edit: Edit) -> Row | None:
    """Return the row of a study that an edit is about, as text; None if there is none."""
    frame = study_frames(study).get(edit["table"])
    if frame is None:
        return None
    rows = frame[_at(frame, edit)]
    return None if rows.empty else {str(c): as_text(v) for c, v in rows.iloc[0].items()}


def with_edits(study: Study, edits: Sequence[Edit], path: Path) -> Study:
    """Return a study with edits in it, checked as a whole.

    New rows stand below the last one of the same system (or other first part of the key).

    Raises
    ------
    DataError
        If the study has problems with them.
    """
    if not edits:
        return study
    frames = study_frames(study)
    for each in edits:
        table = table_of(each["table"])
        frame = frames.get(each["table"], pd.DataFrame(columns=table.column_names))
        frame = frame.astype(object)
        at = _at(frame, each)
        rows = frame.to_dict("records")
        place = int(at.to_numpy().argmax()) if at.any() else len(rows)
        if at.any():
            rows.pop(place)
        elif len(rows):
            beside = frame[_group(table.column_names)].map(as_text).eq(_of(each, table)).to_numpy()
            place = int(beside.nonzero()[0][-1]) + 1 if beside.any() else len(rows)
        if each["row"] is not None:
            rows.insert(place, each["row"])
        frames[each["table"]] = pd.DataFrame(rows, columns=table.column_names, dtype=object)
    kept = {n: f for n, f in frames.items() if len(f) or "." not in n}
    return study_of(kept, path)


def _group(columns: Sequence[str]) -> str:
    return "system_id" if "system_id" in columns else columns[0]


def _of(edit: Edit, table: Any) -> str:
    row = edit["row"] or edit["was"] or {}
    return str(row.get(_group(table.column_names), ""))


def _at(frame: pd.DataFrame, edit: Edit) -> pd.Series:
    """Tell which row of a frame has the key of an edit."""
    at = pd.Series(True, index=frame.index)
    for column, value in zip(table_of(edit["table"]).key, edit["key"], strict=True):
        at &= frame[column].map(as_text).eq(value)
    return at


def as_text(value: Any) -> str:
    """Write a cell as text; empty where there is nothing.

    Examples
    --------
    >>> as_text(pd.NA), as_text(3), as_text(2.0)
    ('', '3', '2')
    """
    if value is None or pd.isna(value):
        return ""
    return f"{value!r}".removesuffix(".0") if isinstance(value, float) else str(value)


def _clash(edit: Edit, path: Path) -> Problem:
    return Problem(
        where(edit["table"], path), None, None, " ".join(filter(None, edit["key"])),
        "was changed in the study after you had drafted it",
        "Take your draft back to keep what is there, or insist on yours below.",
    )  # fmt: skip


def _read(file: Path) -> dict[str, Any] | None:
    """Read a file of drafts; None for one that is no such thing."""
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return told if isinstance(told["edits"], list) and isinstance(told["forms"], dict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
