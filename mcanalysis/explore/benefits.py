"""What microcredentials bring to whom, and what holds it back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcanalysis.explore.view import View
from mcanalysis.markup import Block
from mcanalysis.model import Study
from mcanalysis.tables import (
    benefits_table,
    held_back_table,
    importance_across,
    importance_table,
    serves_best,
    stakeholder_head,
    stakeholder_orders,
)

EVERY = "every"


class Benefits(View):
    """See the benefits of one group over all systems, or of all groups in one system."""

    name, title = "benefits", "Benefits"
    intro = "A benefit is there to the degree that the levels it depends on are reached."

    def __init__(
        self,
        study: Study | str | Path = "data",
        stakeholder: str | None = None,
        system: str | None = None,
        **settings: Any,
    ) -> None:
        self._first = stakeholder, system
        super().__init__(study, **settings)

    def begin(self) -> dict[str, Any]:
        """Start from the group asked for, else the first, over all systems."""
        who, where = self._first
        a = self.analysis
        if who is not None:
            a.check_stakeholder(who)
        if where is not None:
            a.check_system(where)
        return {"stakeholder": who or next(iter(a.stakeholders), ""), "system": where or EVERY}

    @property
    def report(self) -> str:  # type: ignore[override]
        """The report of the group, or of the system."""
        return "stakeholders" if self.state["system"] == EVERY else "country"

    def only(self) -> str:
        """Return the group, or the system."""
        return str(self.state["stakeholder" if self.state["system"] == EVERY else "system"])

    def check(self) -> None:
        """Go back to the first group and all systems where the chosen ones are gone."""
        a = self.analysis
        if self.state["stakeholder"] not in a.stakeholders:
            self.state["stakeholder"] = next(iter(a.stakeholders), "")
        if self.state["system"] not in a.evidence.levels.index:
            self.state["system"] = EVERY

    def do_set(self, message: Mapping[str, Any]) -> None:
        """Choose a group or a system; a group is looked at over all systems."""
        if message["name"] == "stakeholder":
            self.state["system"] = EVERY
        super().do_set(message)

    def frame(self) -> str:
        """Put the controls above what serves, holds back and is held important."""
        return self.place("form") + "".join(
            self.place(p) for p in ("head", "first", "second", "third")
        )

    def draw(self) -> None:
        """Show the benefits."""
        a, s = self.analysis, self.state
        if not a.stakeholders:
            self.put("head", '<p class="none">The study names no benefits.</p>')
            return
        groups = {i: a.names.stakeholder(i) for i in a.stakeholders}
        systems = {i: a.names.system(str(i)) for i in a.evidence.levels.index}
        systems = dict(sorted(systems.items(), key=lambda item: item[1]))
        self.put(
            "form",
            f"<div class=ctls>{self.pick('stakeholder', 'Group', groups)}"
            f"{self.pick('system', 'System', {EVERY: 'all ranked systems', **systems})}"
            "</div>",
        )
        parts: list[Block]
        if s["system"] == EVERY:
            who = s["stakeholder"]
            parts = [stakeholder_head(a, who), serves_best(a, who), held_back_table(a, who)]
            parts.append(importance_across(a, who) if a.panel else stakeholder_orders(a))
        else:
            parts = [benefits_table(a, s["system"]), importance_table(a, s["system"]), Block(""),
                     Block("")]  # fmt: skip
        for place, part in zip(("head", "first", "second", "third"), parts, strict=True):
            self.put(place, part if part or part.text else "")


def benefits(
    study: Study | str | Path = "data",
    stakeholder: str | None = None,
    system: str | None = None,
    **settings: Any,
) -> Benefits:
    """See what microcredentials bring to a group, or in a system, and what holds it back.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    stakeholder, system : str, optional
        Ids; by default the first group over all ranked systems.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    Benefits
        A view that shows itself in a cell; ``.parameters()`` is what ``mcanalysis report -p``
        takes.
    """
    return Benefits(study, stakeholder, system, **settings)
