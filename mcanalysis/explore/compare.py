"""Two to six systems side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from mcanalysis.errors import ParameterError
from mcanalysis.explore.controls import button, select
from mcanalysis.explore.view import View
from mcanalysis.frames import cell
from mcanalysis.markup import table
from mcanalysis.model import Study
from mcanalysis.tables import side_by_side
from mcanalysis.tables.profiles import chosen_systems
from mcanalysis.tables.robustness import whole

FEWEST, MOST = 2, 6


class Compare(View):
    """Set systems side by side, dimension by dimension, and pair by pair."""

    name, title, report = "compare", "Compare", "comparison"
    intro = "Two to six systems side by side: levels with their sources, and who is surely ahead."

    def __init__(
        self, study: Study | str | Path = "data", systems: Sequence[str] = (), **settings: Any
    ) -> None:
        self._first = list(systems)
        super().__init__(study, **settings)

    def begin(self) -> dict[str, Any]:
        """Start from the systems asked for, else from four spread over the ranking."""
        systems = chosen_systems(self.analysis, self._first)
        self._check(systems)
        return {"systems": systems}

    def _check(self, systems: Sequence[str]) -> None:
        if not FEWEST <= len(systems) <= MOST:
            raise ParameterError(
                f"{len(systems)} systems cannot be set side by side. Choose {FEWEST} to {MOST}."
            )

    def own_parameters(self) -> dict[str, Any]:
        """Return the systems."""
        return {"systems": list(self.state["systems"])}

    def check(self) -> None:
        """Leave out systems without evidence any more."""
        known = self.analysis.evidence.levels.index
        kept = [s for s in self.state["systems"] if s in known]
        self.state["systems"] = kept if len(kept) >= FEWEST else chosen_systems(self.analysis, None)

    def do_add(self, message: Mapping[str, Any]) -> None:
        """Set one more beside the others."""
        systems = [*self.state["systems"], str(message["value"])]
        self._check(systems)
        self.state["systems"] = chosen_systems(self.analysis, systems)
        self.redraw()

    def do_remove(self, message: Mapping[str, Any]) -> None:
        """Take one away."""
        systems = [s for s in self.state["systems"] if s != message["value"]]
        self._check(systems)
        self.state["systems"] = systems
        self.redraw()

    def frame(self) -> str:
        """Put the controls above levels and pairs."""
        return f"{self.place('form')}{self.place('levels')}{self.place('pairs')}"

    def draw(self) -> None:
        """Show the systems."""
        a, systems = self.analysis, self.state["systems"]
        names = a.names
        rest = {s: names.system(s) for s in a.evidence.levels.index if s not in systems}
        rest = dict(sorted(rest.items(), key=lambda item: item[1]))
        chips = "".join(
            button(self.uid, "remove", f"{names.system(s)} ×", s, "chip",
                   f"Take {names.system(s)} away")
            for s in systems
        )  # fmt: skip
        add = (
            select(self.uid, "add", "Set beside", {"": "choose a system", **rest}, "", "add")
            if len(systems) < MOST
            else ""
        )
        self.put(
            "form",
            f'<div class="ctls" data-focus tabindex="-1">{add}'
            f'<div class="chips">{chips}</div></div>',
        )
        self.put("levels", side_by_side(a, systems))
        self.put("pairs", self._pairs())

    def _pairs(self) -> str:
        a = self.analysis
        some = [s for s in self.state["systems"] if s in a.ranked]
        if len(some) < FEWEST:
            return '<p class="note">Fewer than two of these have enough evidence to be ranked.</p>'
        limit, ahead, name = a.ranking.threshold, a.ranking.ahead, a.names.system
        rows = []
        for s in some:
            cells = []
            for o in some:
                share = cell(ahead, s, o)
                sure = " <b>surely</b>" if share >= limit else ""
                cells.append("" if s == o else f"{whole(share, [limit])}%{sure}")
            t = a.ranking.table
            span = f"{cell(t, s, 'best_rank'):g}–{cell(t, s, 'worst_rank'):g}"
            rows.append([escape(name(s)), span, *cells])
        head = ["Ahead of", ">Rank in 90%", *(f">{escape(name(o))}" for o in some)]
        caption = "In what share of the draws the system of the row is ahead of that of the column"
        return (
            f'<div class="scroll">{table(caption, head, rows, "plain small", hidden=False)}</div>'
        )


def compare(
    study: Study | str | Path = "data", systems: Sequence[str] = (), **settings: Any
) -> Compare:
    """Set two to six systems side by side.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    systems : sequence of str
        Ids; by default four spread over the ranking.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    Compare
        A view that shows itself in a cell; ``.parameters()`` is what ``mcanalysis report -p``
        takes.
    """
    return Compare(study, systems, **settings)
