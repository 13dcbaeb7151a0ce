"""What is known: systems by dimensions; each cell opens its statement, source and history."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from mcanalysis.errors import ParameterError
from mcanalysis.explore.controls import area, button, form, radios, select, submit, text
from mcanalysis.explore.drafts import as_text, edit
from mcanalysis.explore.sources import cited, source_fields, source_of
from mcanalysis.explore.view import View
from mcanalysis.frames import each_row, row_of
from mcanalysis.marks import confidence, confidence_key, key
from mcanalysis.markup import table
from mcanalysis.model import CONFIDENCES, LEVELS, Study

RANKED, ALL = "ranked", "all"


class EvidenceMap(View):
    """See all levels at a glance, follow each to its source, and fill gaps."""

    name, title = "evidence", "Evidence"
    intro = (
        "Choose a cell to read what is known there, with source and history. A lone point is a "
        "gap: nothing was found, which is never level 0; open it to fill it."
    )

    def __init__(
        self,
        study: Study | str | Path = "data",
        system: str | None = None,
        dimension: str | None = None,
        **settings: Any,
    ) -> None:
        self._first = system, dimension
        super().__init__(study, **settings)

    def begin(self) -> dict[str, Any]:
        """Start from the ranked systems, with the cell asked for open."""
        system, dimension = self._first
        a = self.analysis
        if system is not None:
            a.check_system(system)
        if dimension is not None and dimension not in a.dimensions:
            raise ParameterError(
                f'There is no dimension "{dimension}". It knows: {", ".join(a.dimensions)}.'
            )
        shown = RANKED if a.ranked and system in (None, *a.ranked) else ALL
        cell = (system, dimension or a.dimensions[0]) if system else None
        return {"shown": shown, "cell": cell, "form": False}

    @property
    def report(self) -> str:  # type: ignore[override]
        """The report of the system whose cell is open, else the comparison."""
        return "country" if self.state["cell"] else "comparison"

    def only(self) -> str:
        """Return the system whose cell is open."""
        return str(self.state["cell"][0]) if self.state["cell"] else ""

    def check(self) -> None:
        """Let go of a cell that is no longer there."""
        cell = self.state["cell"]
        systems = set(self.study.systems["system_id"])
        if cell and (cell[0] not in systems or cell[1] not in self.analysis.dimensions):
            self.state["cell"] = None

    def frame(self) -> str:
        """Put the controls above the map, what is open below it."""
        return f"{self.place('form')}{self.place('map')}{self.place('cell', 'cell', live=True)}"

    # what a reader does

    def do_cell(self, message: Mapping[str, Any]) -> None:
        """Open a cell; a gap opens the form to fill it."""
        system, _, dimension = str(message["value"]).partition("|")
        self.state["cell"] = system, dimension
        self.state["form"] = self._fact() is None or self._form_name() in self.drafts.forms
        self.redraw()
        self.focus = f"#{self.uid}-opened"

    def do_edit(self, _message: Mapping[str, Any]) -> None:
        """Open the form for the cell."""
        self.state["form"] = True
        self.redraw()
        self.focus = f"#{self.uid}-statement"

    def do_close(self, _message: Mapping[str, Any]) -> None:
        """Put the form away, or what is open; what was typed is forgotten."""
        self.drafts.keep(self._form_name(), {})
        cell = self.state["cell"]
        if not self.state["form"] or self._fact() is None:
            self.state["cell"] = None
        self.state["form"] = False
        self.redraw()
        self.focus = f"#{self.uid}-c-{cell[0]}-{cell[1]}"

    def do_fill(self, message: Mapping[str, Any]) -> None:
        """Draft the row that stands in the form."""
        told = {str(k): str(v).strip() for k, v in message["form"].items()}
        lacking = [w for w in ("level", "year", "statement", "confidence") if not told.get(w)]
        if lacking:
            raise ParameterError(f"The evidence lacks: {', '.join(lacking)}. Fill in each.")
        source, edits = source_of(self.study, told)
        system, dimension = self.state["cell"]
        row = {**told, "system_id": system, "dimension_id": dimension, "source_id": source}
        names = self.analysis.names
        where = f"{names.system(system)}, {names.dimension(dimension)}"
        said = f"{where}, {told['year']}: level {told['level']}"
        edits.append(edit(self.study, "indicators", row, said))
        form_name, self.state["form"] = self._form_name(), False
        try:
            self.drafts.add(edits, form_name)
        except Exception:
            self.state["form"] = True
            raise
        self.focus = f"#{self.uid}-opened"

    def do_drop(self, message: Mapping[str, Any]) -> None:
        """Draft that a row is taken out."""
        system, dimension = self.state["cell"]
        year, names = str(message["value"]), self.analysis.names
        said = f"{names.system(system)}, {names.dimension(dimension)}, {year}: taken out"
        self.drafts.add([edit(self.study, "indicators", None, said, system_id=system,
                              dimension_id=dimension, year=year)])  # fmt: skip

    # what it shows

    def draw(self) -> None:
        """Show the map and what is open."""
        regions = dict.fromkeys(str(r) for r in self.study.systems["region"])
        choices = {
            RANKED: "ranked systems",
            ALL: "all systems",
            **{r: f"region: {r}" for r in regions},
        }
        self.put(
            "form",
            f"<div class=ctls>{self.pick('shown', 'Show', choices)}</div>",
        )
        self.put("map", self._map())
        self.put("cell", self._cell() if self.state["cell"] else "")

    def _systems(self) -> list[str]:
        a, shown = self.analysis, self.state["shown"]
        every = self.study.systems
        if shown == RANKED:
            return a.ranked
        some = every if shown == ALL else every[every["region"] == shown]
        ids = [str(s) for s in some["system_id"]]
        return [s for s in a.ranked if s in ids] + sorted(
            (s for s in ids if s not in a.ranked), key=a.names.system
        )

    def _map(self) -> str:
        a, systems = self.analysis, self._systems()
        facts = {(str(r.system_id), str(r.dimension_id)): r for r in each_row(a.evidence.rows)}
        drafted = {tuple(e["key"][:2]) for e in self.drafts.edits if e["table"] == "indicators"}
        head = "".join(
            f'<th scope="col"><span class="rot">{escape(a.names.short(d))}</span></th>'
            for d in a.dimensions
        )
        rows = []
        for s in systems:
            name = a.names.system(s)
            cells = []
            for d in a.dimensions:
                f = facts.get((s, d))
                kind = "g" if f is None else f"l{f.level}"
                said = "no evidence" if f is None else f"level {f.level}, {f.confidence} confidence"
                said += ", drafted" if (s, d) in drafted else ""
                inner = "" if f is None else f"<span>{f.level}</span>{_dots(str(f.confidence))}"
                on = ' aria-pressed="true"' if self.state["cell"] == (s, d) else ""
                cells.append(
                    f'<td class="{kind}{" drafted" if (s, d) in drafted else ""}">'
                    f'<button type="button" id="{self.uid}-c-{escape(s)}-{escape(d)}" '
                    f'data-do="cell" value="{escape(s)}|{escape(d)}" '
                    f'aria-label="{escape(f"{name}, {a.names.dimension(d)}: {said}")}"{on}>'
                    f"{inner}</button></td>"
                )
            rows.append(f'<tr><th scope="row">{escape(name)}</th>{"".join(cells)}</tr>')
        at = self.state["cell"]
        focus = f"{self.uid}-c-{at[0]}-{at[1]}" if at else ""
        shades = "".join(f'<i class="l{level}">{level}</i>' for level in LEVELS)
        return (
            key(f'<span class="sc">{shades} level</span>', confidence_key(), "framed: drafted")
            + f'<div class="scroll"><table class="emap" data-grid="{escape(focus)}">'
            "<caption class=vh>Levels by system and dimension; arrow keys move from cell to cell"
            f'</caption><thead><tr><th scope="col">System</th>{head}</tr></thead>'
            f"<tbody>{''.join(rows)}</tbody></table></div>"
        )

    def _fact(self) -> Any:
        """Return the row of the open cell that counts."""
        system, dimension = self.state["cell"]
        rows = self.analysis.evidence.rows
        rows = rows[(rows["system_id"] == system) & (rows["dimension_id"] == dimension)]
        return next(each_row(rows), None)

    def _cell(self) -> str:
        a, (system, dimension) = self.analysis, self.state["cell"]
        uid, fact = self.uid, self._fact()
        title = f"{a.names.system(system)}, {a.names.dimension(dimension).lower()}"
        manual = row_of(self.study.dimensions.set_index("dimension_id"), dimension)
        if fact is None:
            said = (
                '<p class="none">No evidence found. A gap stays a gap until a source says more.</p>'
            )
        else:
            said = (
                f"<p><b>Level {fact.level}</b> ({fact.year}, "
                f"{escape(str(fact.confidence))} confidence): "
                f"{escape(str(manual[f'level_{fact.level}']))}</p>"
                f"<p>{escape(str(fact.statement))}</p>"
                f"<p>{cited(self.study, fact.source_id, fact.locator)}</p>"
            )
        buttons = button(uid, "close", "Close")
        if not self.state["form"]:
            buttons = button(uid, "edit", "Set it right, or add a year", "", "main") + buttons
        return (
            f'<div class="opened"><h4 id="{uid}-opened" tabindex="-1">{escape(title)}</h4>'
            f'<p class="hint">{escape(str(manual["question"]))}</p>{said}{self._history()}'
            + (self._form(fact, manual) if self.state["form"] else f'<p class="btns">{buttons}</p>')
            + "</div>"
        )

    def _history(self) -> str:
        system, dimension = self.state["cell"]
        rows = self.study.indicators
        rows = rows[(rows["system_id"] == system) & (rows["dimension_id"] == dimension)]
        if rows.empty:
            return ""
        lines = [
            [str(r.year), str(r.level), confidence(str(r.confidence), words=True),
             escape(str(r.statement)), cited(self.study, r.source_id, r.locator),
             button(self.uid, "drop", "Take out", str(r.year), "small", f"Take out {r.year}")]
            for r in each_row(rows.sort_values("year", ascending=False))
        ]  # fmt: skip
        head = [
            "Year",
            ">Level",
            "Confidence",
            "Statement",
            "Source",
            '<span class="vh">Edit</span>',
        ]
        shown = table("All rows of this cell, newest first", head, lines, "plain small")
        count = f"History: {len(lines)} row{'s' if len(lines) > 1 else ''}"
        return (
            f'<details id="{self.uid}-history"><summary>{count}</summary>'
            f'<div class="scroll">{shown}</div></details>'
        )

    def _form_name(self) -> str:
        return f"indicator {' '.join(self.state['cell'])}"

    def _form(self, fact: Any, manual: Any) -> str:
        uid, study = self.uid, self.study
        told: dict[str, str] = {"comparable": "yes"}
        if fact is not None:
            told = {c: as_text(getattr(fact, c)) for c in study.indicators.columns}
        told |= self.drafts.forms.get(self._form_name(), {})
        mine = study.indicators[study.indicators["system_id"] == self.state["cell"][0]]
        levels = {str(n): f"{n}: {manual[f'level_{n}']}" for n in LEVELS}
        sure = {"": "choose", **{c: c for c in CONFIDENCES}}
        shows = {"yes": "yes", "no": "no"}
        content = (
            radios(uid, "level", "Highest level whose criterion is met", levels,
                   told.get("level", ""))
            + text(uid, "year", "Year described", told.get("year", ""), "number",
                   "a new year is added, one that is there set right")
            + select(uid, "confidence", "How sure", sure, told.get("confidence", ""))
            + select(uid, "comparable", "Shows change", shows, told.get("comparable", ""))
            + area(uid, "statement", "The fact, in a sentence", told.get("statement", ""))
            + source_fields(uid, study, told, list(mine["source_id"]))
        )  # fmt: skip
        title = "Fill the gap" if fact is None else "Set it right, or add a year"
        buttons = submit("Keep as a draft") + button(uid, "close", "Put away")
        return form(self._form_name(), "fill", title, content, buttons)


def _dots(level: str) -> str:
    return confidence(level)


def evidence(
    study: Study | str | Path = "data",
    system: str | None = None,
    dimension: str | None = None,
    **settings: Any,
) -> EvidenceMap:
    """See what is known, follow each level to its source, and fill gaps.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    system, dimension : str, optional
        Ids of the cell to open.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    EvidenceMap
        A view that shows itself in a cell; ``.parameters()`` is what ``mcanalysis report -p``
        takes.
    """
    return EvidenceMap(study, system, dimension, **settings)
