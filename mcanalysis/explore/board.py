"""The SWOT board of a system: filtered, opened to its sources, drafted and put in order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from mcanalysis.errors import ParameterError
from mcanalysis.explore.controls import area, button, checks, form, radios, select, submit
from mcanalysis.explore.drafts import Edit, as_text, edit
from mcanalysis.explore.sources import cited, source_fields, source_of
from mcanalysis.explore.view import View
from mcanalysis.frames import each_row
from mcanalysis.markup import Block, block, with_sources
from mcanalysis.model import CONFIDENCES, QUADRANTS, Study
from mcanalysis.swot import swot_matrix
from mcanalysis.tables import swot_board as board_of
from mcanalysis.tables.weighed import by_priority, priorities_of
from mcanalysis.weights import weigh_order

OWN = "workbench"
"""Panel that holds the order in which the analyst puts factors."""
JUDGE = "analyst"
_ITEM = re.compile(r'<li data-factor="([^"]*)">(.*?)</li>', re.S)


class SwotBoard(View):
    """Read, draft and order the strengths, weaknesses, opportunities and threats of a system."""

    name, title, report = "swot", "SWOT board", "country"
    intro = (
        "Each factor comes from a source: open it, set it right, add what is missing, put in order "
        "what matters most. Drafts are kept at once and join the study when you save."
    )

    def __init__(
        self, study: Study | str | Path = "data", system: str | None = None, **settings: Any
    ) -> None:
        self._first = system
        super().__init__(study, **settings)

    def begin(self) -> dict[str, Any]:
        """Start from the system asked for, else from the ranked one with most factors."""
        if self._first is not None:
            self.analysis.check_system(self._first)
        coded = self.study.swot_factors["system_id"].value_counts()
        first = self._first or (str(coded.index[0]) if len(coded) else self._systems()[0])
        return {"system": first, "who": "", "dimension": "", "confidence": "", "factor": None,
                "speaker": ""}  # fmt: skip

    def _systems(self) -> list[str]:
        return [str(s) for s in self.study.systems["system_id"]]

    def only(self) -> str:
        """Return the system."""
        return str(self.state["system"])

    def check(self) -> None:
        """Let go of a system or factor that is no longer there."""
        if self.state["system"] not in self._systems():
            self.state["system"] = self._systems()[0]
        known = set(self.study.swot_factors["factor_id"])
        if self.state["factor"] and self.state["factor"] not in known:
            self.state["factor"] = None

    def frame(self) -> str:
        """Put the controls above the form and the board."""
        return f"{self.place('form')}{self.place('draft')}{self.place('board')}"

    # what a reader does

    def do_set(self, message: Mapping[str, Any]) -> None:
        """Choose system or filter."""
        if message["name"] == "system":
            self.state["factor"] = None
        super().do_set(message)

    def do_edit(self, message: Mapping[str, Any]) -> None:
        """Open the form for a factor, or for a new one (no id)."""
        self.state["factor"] = str(message["value"])
        self.redraw()
        self.focus = f"#{self.uid}-f-statement"

    def do_close(self, _message: Mapping[str, Any]) -> None:
        """Put the form away; what was typed into it is forgotten."""
        self.drafts.keep(self._form_name(), {})
        self.state["factor"] = None
        self.redraw()
        self.focus = f"#{self.uid}-edit-"

    def do_factor(self, message: Mapping[str, Any]) -> None:
        """Draft the factor that stands in the form."""
        told = {str(k): str(v).strip() for k, v in message["form"].items()}
        lacking = [
            w for w in ("quadrant", "dimension_id", "statement", "confidence") if not told.get(w)
        ]
        if lacking:
            said = ", ".join(w.removesuffix("_id") for w in lacking)
            raise ParameterError(f"The factor lacks: {said}. Fill in each.")
        source, edits = source_of(self.study, told)
        old, system = self.state["factor"], self.state["system"]
        name = old or self._new_id(told["quadrant"])
        row = {**told, "factor_id": name, "system_id": system, "source_id": source}
        said = f"{'Factor' if old else 'New factor'} {name}: {told['statement']}"
        edits.append(edit(self.study, "swot_factors", row, said))
        order = self._order()
        if order:
            for ids in order.values():
                if name in ids:
                    ids.remove(name)
            order.setdefault(told["quadrant"], []).append(name)
            edits += self._order_edits(order)
        form_name = self._form_name()
        self.state["factor"] = None
        self.drafts.add(edits, form_name)
        self.focus = f"#{self.uid}-edit-{name}"

    def do_remove(self, message: Mapping[str, Any]) -> None:
        """Draft that a factor is taken off the board."""
        name = str(message["value"])
        edits = [edit(self.study, "swot_factors", None, f"Factor {name} taken off", factor_id=name)]
        order = self._order()
        if order:
            order = {q: [i for i in ids if i != name] for q, ids in order.items()}
            edits += self._order_edits({q: ids for q, ids in order.items() if ids})
        self.drafts.add(edits)

    def do_up(self, message: Mapping[str, Any]) -> None:
        """Put a factor one place up in its quadrant."""
        self._move(str(message["value"]), -1)
        self.focus = f"#{self.uid}-up-{message['value']}"

    def do_down(self, message: Mapping[str, Any]) -> None:
        """Put a factor one place down."""
        self._move(str(message["value"]), 1)
        self.focus = f"#{self.uid}-down-{message['value']}"

    def _move(self, name: str, by: int) -> None:
        order = self._order() or self._shown()
        for ids in order.values():
            if name in ids:
                at = ids.index(name)
                to = min(max(at + by, 0), len(ids) - 1)
                ids.insert(to, ids.pop(at))
        edits = self._order_edits(order)
        self.settings["panel"] = OWN
        self.drafts.add(edits)
        self.redraw()

    # the order that the analyst gives

    def _shown(self) -> dict[str, list[str]]:
        """Return the factors by quadrant in the order in which they stand on the board."""
        a, system = self.analysis, self.state["system"]
        found = priorities_of(a, system)
        matrix = swot_matrix(self.study, system)
        return {q: [str(r.factor_id) for r in each_row(by_priority(f, found))]
                for q, f in matrix.items() if len(f)}  # fmt: skip

    def _order(self) -> dict[str, list[str]]:
        """Return the analyst's own order, if there is one for this system."""
        rows = self.study.panels.get(OWN)
        if rows is None or not (rows["topic"] == self.state["system"]).any():
            return {}
        mine = rows[rows["topic"] == self.state["system"]].set_index("left")["value"]
        matrix = swot_matrix(self.study, self.state["system"])
        return {q: sorted(map(str, f["factor_id"]), key=lambda i: -float(mine.get(i, 0)))
                for q, f in matrix.items() if len(f)}  # fmt: skip

    def _order_edits(self, order: Mapping[str, Sequence[str]]) -> list[Edit]:
        """Return an order as ratings: rank-order centroids; the groups count the same."""
        system, study = self.state["system"], self.study
        who = self.state["speaker"] or str(study.stakeholders["stakeholder_id"].iloc[0])
        values: dict[str, float] = dict.fromkeys(order, 1.0)
        for ids in order.values():
            values |= {
                str(i): round(100 * w, 2)
                for i, w in weigh_order([[i] for i in ids]).weights.items()
            }
        rows = study.panels.get(OWN)
        gone = [] if rows is None else [
            str(left) for left in rows.loc[rows["topic"] == system, "left"] if left not in values
        ]  # fmt: skip
        said = f"Order of the factors of {self.analysis.names.system(system)}"
        table = f"panels.{OWN}"
        return [
            *(edit(study, table, None, said, judge_id=JUDGE, topic=system, left=i) for i in gone),
            *(
                edit(study, table, {"judge_id": JUDGE, "stakeholder_id": who, "topic": system,
                     "kind": "rating", "left": i, "value": as_text(v), "illustrative": "no"}, said)
                for i, v in values.items()
            ),
        ]  # fmt: skip

    def _new_id(self, quadrant: str) -> str:
        known = set(self.study.swot_factors["factor_id"])
        stem = f"{self.state['system'].lower()}-{quadrant[0]}"
        return next(n for i in range(1, 999) if (n := f"{stem}{i:02d}") not in known)

    # what it shows

    def draw(self) -> None:
        """Show controls, form and board."""
        a, s, uid = self.analysis, self.state, self.uid
        names = a.names
        systems = dict(sorted(((i, names.system(i)) for i in self._systems()), key=lambda i: i[1]))
        groups = {str(r.stakeholder_id): str(r.name) for r in each_row(self.study.stakeholders)}
        dimensions = {d: names.dimension(d) for d in a.dimensions}
        self.put(
            "form",
            f"<div class=ctls>{self.pick('system', 'System', systems)}"
            f"{self.pick('who', 'Concerns', {'': 'anybody', **groups})}"
            f"{self.pick('dimension', 'Dimension', {'': 'any', **dimensions})}"
            f"{self.pick('confidence', 'Confidence', {'': 'any', **{c: c for c in CONFIDENCES}})}"
            f"{button(uid, 'edit', 'Add a factor', '', 'main')}</div>",
        )
        self.put("draft", "" if s["factor"] is None else self._form())
        self.put("board", self._board())

    def _kept(self, row: Any) -> bool:
        s, groups = self.state, as_text(row.stakeholders).split(";")
        return (
            (not s["who"] or s["who"] in [g.strip() for g in groups])
            and (not s["dimension"] or s["dimension"] == row.dimension_id)
            and (not s["confidence"] or s["confidence"] == row.confidence)
        )

    def _board(self) -> str:
        a, study = self.analysis, self.study
        mine = study.swot_factors[study.swot_factors["system_id"] == self.state["system"]]
        rows = {str(r.factor_id): r for r in each_row(mine) if self._kept(r)}
        whole = board_of(a, self.state["system"])

        def item(found: re.Match[str]) -> str:
            name = found[1]
            if name not in rows:
                return ""
            return f'<li data-factor="{name}">{found[2]}{self._opened(rows[name])}</li>'

        html = _ITEM.sub(item, whole.html)
        shown: Block = block(study, html)
        left = len(mine) - len(rows)
        said = (
            f'<p class="note">{len(rows)} of {len(mine)} factors; {left} hidden by the filter.</p>'
        )
        return (said if left else "") + with_sources(shown)

    def _opened(self, row: Any) -> str:
        uid, name = self.uid, str(row.factor_id)
        short = str(row.statement)[:60]
        buttons = "".join(
            button(uid, do, label, name, "small", f"{label}: {short}")
            for do, label in (
                ("edit", "Edit"),
                ("up", "Up"),
                ("down", "Down"),
                ("remove", "Take off"),
            )
        )
        where = self.analysis.names.dimension(str(row.dimension_id))
        return (
            f'<details class="factor" id="{uid}-open-{escape(name)}"><summary>Source and edits'
            f'<span class="vh">: {escape(short)}</span></summary>'
            f"<p>{cited(self.study, row.source_id, row.locator)}</p>"
            f'<p class="meta">{escape(name)}, {escape(where)}, {escape(str(row.confidence))} '
            f'confidence</p><p class="btns">{buttons}</p></details>'
        )

    def _form_name(self) -> str:
        return f"factor {self.state['system']} {self.state['factor'] or 'new'}"

    def _form(self) -> str:
        a, study, uid, name = self.analysis, self.study, f"{self.uid}-f", self.state["factor"]
        row = study.swot_factors[study.swot_factors["factor_id"] == name]
        told = {} if row.empty else {str(k): as_text(v) for k, v in row.iloc[0].items()}
        told |= self.drafts.forms.get(self._form_name(), {})
        groups = {str(r.stakeholder_id): str(r.name) for r in each_row(study.stakeholders)}
        mine = study.swot_factors[study.swot_factors["system_id"] == self.state["system"]]
        content = (
            radios(
                uid,
                "quadrant",
                "Place on the board",
                {q: q for q in QUADRANTS},
                told.get("quadrant", ""),
            )
            + area(uid, "statement", "The factor, in a sentence", told.get("statement", ""))
            + select(
                uid,
                "dimension_id",
                "Dimension",
                {"": "choose", **{d: a.names.dimension(d) for d in a.dimensions}},
                told.get("dimension_id", ""),
            )
            + select(
                uid,
                "confidence",
                "How sure",
                {"": "choose", **{c: c for c in CONFIDENCES}},
                told.get("confidence", ""),
            )
            + source_fields(uid, study, told, list(mine["source_id"]))
            + checks(
                uid,
                "stakeholders",
                "Whom it concerns",
                groups,
                told.get("stakeholders", "").split(";"),
            )
        )
        where = a.names.in_sentence(self.state["system"])
        title = f"Set factor {name} right" if name else f"A new factor of {where}"
        buttons = submit("Keep as a draft") + button(uid, "close", "Put away")
        return form(self._form_name(), "factor", title, content, buttons)


def swot_board(
    study: Study | str | Path = "data", system: str | None = None, **settings: Any
) -> SwotBoard:
    """Read, draft and order the SWOT factors of a system.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    system : str, optional
        Id; by default the system with most factors.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    SwotBoard
        A view that shows itself in a cell; ``.parameters()`` is what ``mcanalysis report -p``
        takes.
    """
    return SwotBoard(study, system, **settings)
