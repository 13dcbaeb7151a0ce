"""What if some levels were different: set them, see what moves, keep them as a scenario."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.errors import ParameterError, nearest
from mcanalysis.explore.controls import button, form, select, submit, text
from mcanalysis.explore.drafts import as_text, edit
from mcanalysis.explore.view import View
from mcanalysis.frames import each_row
from mcanalysis.markup import table
from mcanalysis.model import ID_PATTERN, LEVELS, Study
from mcanalysis.tables import gains_table, moved_table, suppose, swot_changes
from mcanalysis.why.what_if import WhatIf

TRIED = "what-if"
"""Name of what is assumed and has no name yet."""


class Scenario(View):
    """Assume levels and see which ranks, benefits and factors move."""

    name, title, report = "scenario", "Scenario", "scenario"
    intro = (
        "Assume that some levels were different and see what follows. Nothing here is evidence; "
        "what you assume is kept as a scenario of the study."
    )

    def __init__(
        self, study: Study | str | Path = "data", scenario: str | None = None, **settings: Any
    ) -> None:
        self._first = scenario
        super().__init__(study, **settings)

    def begin(self) -> dict[str, Any]:
        """Start from the scenario asked for, else from nothing."""
        state: dict[str, Any] = {"name": "", "rows": [], "system": "", "dimension": ""}
        if self._first is not None:
            if self._first not in self.study.scenarios:
                raise ParameterError(
                    f'The study has no scenario "{self._first}".'
                    f"{nearest(self._first, self.study.scenarios)} "
                    f"It knows: {', '.join(self.study.scenarios) or 'none'}."
                )
            state |= self._loaded(self._first)
        return state

    def _loaded(self, name: str) -> dict[str, Any]:
        rows = self.study.scenarios[name]
        return {"name": name, "rows": [
            {c: as_text(v) for c, v in zip(rows.columns, row, strict=True)}
            for row in rows.itertuples(index=False)
        ]}  # fmt: skip

    def own_parameters(self) -> dict[str, Any]:
        """Return the name of the scenario, once it has one."""
        return {"scenario": self.state["name"] or None} if self.state["name"] else {}

    def check_report(self) -> None:
        """Refuse what only this view knows: the report reads a saved scenario."""
        saved = self.study.scenarios.get(self.state["name"])
        if saved is None or self._loaded(self.state["name"])["rows"] != self.state["rows"]:
            raise ParameterError(
                "The report reads a scenario of the study. Give yours a name and save it first."
            )

    def what_if(self) -> WhatIf:
        """Suppose that what is assumed were so."""
        a = self.analysis
        rows = pd.DataFrame(
            self.state["rows"], columns=["system_id", "dimension_id", "level", "note"]
        )
        rows["level"] = rows["level"].astype("Int64")
        rows["note"] = rows["note"].replace("", pd.NA)
        name = self.state["name"] or TRIED
        return suppose(replace(a, study=replace(a.study, scenarios={name: rows})), name)

    def frame(self) -> str:
        """Put what is assumed above what follows."""
        return "".join(map(self.place, ("form", "rows", "moved", "gains", "swot")))

    def do_load(self, message: Mapping[str, Any]) -> None:
        """Start from a scenario of the study, or from nothing."""
        name = str(message["value"])
        self.state |= self._loaded(name) if name else {"name": "", "rows": []}
        self.redraw()

    def do_assume(self, message: Mapping[str, Any]) -> None:
        """Assume a level for a system on a dimension."""
        told = message["form"]
        problems = [f"Choose a {w}." for w in ("system", "dimension", "level") if not told.get(w)]
        if problems:
            raise ParameterError("\n".join(problems))
        row = {"system_id": told["system"], "dimension_id": told["dimension"],
               "level": told["level"], "note": told.get("note", "").strip()}  # fmt: skip
        at = row["system_id"], row["dimension_id"]
        rest = [r for r in self.state["rows"] if (r["system_id"], r["dimension_id"]) != at]
        self.state |= {"rows": [*rest, row], "system": at[0], "dimension": at[1]}
        self.drafts.keep("assume", {})
        self.focus = f"#{self.uid}-system"
        self._keep()

    def do_level(self, message: Mapping[str, Any]) -> None:
        """Change the level of something that is assumed."""
        self.state["rows"][int(str(message["name"]).removeprefix("row"))]["level"] = message[
            "value"
        ]
        self._keep()

    def do_drop(self, message: Mapping[str, Any]) -> None:
        """Assume one thing less."""
        del self.state["rows"][int(message["value"])]
        self._keep()

    def _keep(self) -> None:
        """Write down what is assumed, so that a restarted kernel knows it."""
        cells = [
            f"{r['system_id']}|{r['dimension_id']}|{r['level']}|{r['note']}"
            for r in self.state["rows"]
        ]
        self.drafts.keep("scenario", {"name": self.state["name"], "rows": "\n".join(cells)})
        self.redraw()

    def check(self) -> None:
        """Take up what an earlier kernel kept; leave out what the study no longer knows."""
        kept = self.drafts.forms.get("scenario")
        if kept and not self.state["rows"]:
            split = [line.split("|", 3) for line in kept["rows"].splitlines()]
            columns = ("system_id", "dimension_id", "level", "note")
            self.state |= {
                "name": kept["name"],
                "rows": [dict(zip(columns, r, strict=True)) for r in split],
            }
        systems = set(self.study.systems["system_id"])
        dimensions = set(self.study.dimensions["dimension_id"])
        self.state["rows"] = [
            r for r in self.state["rows"]
            if r["system_id"] in systems and r["dimension_id"] in dimensions
        ]  # fmt: skip

    def do_saveas(self, message: Mapping[str, Any]) -> None:
        """Save what is assumed as ``scenarios/NAME.csv`` of the study."""
        name = message["form"].get("name", "").strip()
        if not re.fullmatch(ID_PATTERN, name):
            raise ParameterError(
                f'"{name}" is no name for a scenario. Use letters, digits, "-" and "_".'
            )
        if not self.state["rows"]:
            raise ParameterError("Nothing is assumed yet. Set a level first.")
        table_name, study = f"scenarios.{name}", self.study
        old = self.study.scenarios.get(name, pd.DataFrame())
        at = {(r["system_id"], r["dimension_id"]) for r in self.state["rows"]}
        gone = [
            edit(study, table_name, None, f"{name}: {r.system_id} {r.dimension_id} taken out",
                 system_id=str(r.system_id), dimension_id=str(r.dimension_id))
            for r in each_row(old) if (r.system_id, r.dimension_id) not in at
        ]  # fmt: skip
        rows = [
            edit(
                study,
                table_name,
                r,
                f"Scenario {name}: level {r['level']} for {r['system_id']} {r['dimension_id']}",
            )
            for r in self.state["rows"]
        ]
        self.state["name"] = name
        self.drafts.add([*gone, *rows], "scenario")
        self.drafts.keep("saveas", {})
        self.drafts.save(table_name)
        self.redraw()

    def draw(self) -> None:
        """Show what is assumed and what follows."""
        a = self.analysis
        self.put("form", self._form(a))
        self.put("rows", self._rows(a))
        if not self.state["rows"]:
            for part in ("moved", "gains", "swot"):
                self.put(part, "")
            return
        w = self.what_if()
        self.put("moved", moved_table(w))
        self.put("gains", gains_table(w))
        self.put("swot", swot_changes(w))

    def _form(self, a: Analysis) -> str:
        systems = dict(
            sorted(
                ((str(s), a.names.system(str(s))) for s in self.study.systems["system_id"]),
                key=lambda i: i[1],
            )
        )
        dimensions = {d: a.names.dimension(d) for d in a.dimensions}
        levels = {str(level): f"level {level}" for level in LEVELS}
        named = {"": "nothing assumed", **{s: s for s in self.study.scenarios}}
        uid = self.uid
        return (
            "<div class=ctls>"
            + select(uid, "load", "Start from", named, self.state["name"], "load")
            + "</div>"
            + form(
                "assume", "assume", "Assume a level",
                select(uid, "system", "System", {"": "choose", **systems}, self.state["system"])
                + select(uid, "dimension", "Dimension", {"": "choose", **dimensions},
                         self.state["dimension"])
                + select(uid, "level", "Level", {"": "choose", **levels})
                + text(uid, "note", "What would have to happen"),
                submit("Assume it"),
            )
        )  # fmt: skip

    def _rows(self, a: Analysis) -> str:
        if not self.state["rows"]:
            return '<p class="none">Nothing is assumed yet: choose system, dimension and level.</p>'
        uid, lines = self.uid, []
        levels = {str(level): str(level) for level in LEVELS}
        for n, r in enumerate(self.state["rows"]):
            s, d = a.names.system(r["system_id"]), a.names.dimension(r["dimension_id"])
            now = a.level(r["system_id"], r["dimension_id"])
            picks = "".join(
                f"<option{' selected' if v == r['level'] else ''}>{v}</option>" for v in levels
            )
            lines.append([
                escape(s), escape(d), "no evidence" if now is None else str(now),
                f'<select id="{uid}-row{n}" name="row{n}" data-do="level" '
                f'aria-label="Level assumed for {escape(s)}, {escape(d)}">{picks}</select>',
                escape(r["note"]), button(uid, "drop", "Drop", str(n), "small", f"Drop {s}, {d}"),
            ])  # fmt: skip
        head = ["System", "Dimension", ">Coded", "Assumed", "What would have to happen",
                '<span class="vh">Drop</span>']  # fmt: skip
        name = text(uid, "name", "Name", self.state["name"], hint="letters, digits, - and _")
        return (
            table("What is assumed", head, lines, "plain assumed", hidden=False)
            + form("saveas", "saveas", "Keep it as a scenario of the study", name,
                   submit("Save the scenario"))
        )  # fmt: skip


def scenario(
    study: Study | str | Path = "data", scenario: str | None = None, **settings: Any
) -> Scenario:
    """Assume levels, see what moves, and keep them as a scenario.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    scenario : str, optional
        Name of a scenario of the study to start from.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    Scenario
        A view that shows itself in a cell; ``.parameters()`` is what ``mcanalysis report -p``
        takes.
    """
    return Scenario(study, scenario, **settings)
