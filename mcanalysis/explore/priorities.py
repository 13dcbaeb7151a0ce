"""Whose priorities lead where: sliders for the dimensions, and how sure the ranking is."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from threading import Thread
from typing import Any

import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.errors import ParameterError
from mcanalysis.explore.controls import button, slider
from mcanalysis.explore.view import View
from mcanalysis.marks import interval, key
from mcanalysis.markup import table
from mcanalysis.model import Study
from mcanalysis.robustness import Ranking, Weights, rank_systems
from mcanalysis.tables.priorities import TOP, presets
from mcanalysis.tables.robustness import whole
from mcanalysis.why.draws import exact_to
from mcanalysis.wording import (
    capital,
    count,
    counted,
    grouped,
    listed,
    listed_some,
    ordinal,
    percent,
)

MOVING = 1_500_000
"""Most draws times levels while a slider moves."""
MEANINGS = {
    "order": "only the order of importance",
    "weights": "exactly these weights",
}


class Priorities(View):
    """Set how much each dimension counts and see the ranking that follows, with its uncertainty."""

    name, title, report = "priorities", "Priorities", "robustness"
    intro = (
        "Weights are opinions. Move the sliders, or start from what a group's benefits need, and "
        "see who ranks where, and how sure that is."
    )

    def begin(self) -> dict[str, Any]:
        """Start from no opinion."""
        self._known: tuple[Analysis, dict[str, list[int]]] | None = None
        self._turn = 0
        self._resting: Thread | None = None
        return {"start": "All the same", "meaning": "order", "at": {}}

    def frame(self) -> str:
        """Put the controls on the left, the ranking on the right."""
        said = self.place("said", "said", live=True)
        return (
            f'<div class="duo">{self.place("form")}<div>{said}{self.place("ranking")}</div></div>'
        )

    @property
    def positions(self) -> dict[str, int]:
        """Where each slider stands, from 0 to 10."""
        start = dict(
            zip(self.analysis.dimensions, self._starts()[self.state["start"]], strict=True)
        )
        return {**start, **self.state["at"]}

    def _starts(self) -> dict[str, list[int]]:
        if self._known is None or self._known[0] is not self.analysis:
            self._known = self.analysis, presets(self.analysis)
        return self._known[1]

    def check(self) -> None:
        """Forget a starting point and dimensions that are no longer there."""
        if self.state["start"] not in self._starts():
            self.state["start"] = "All the same"
        known = set(self.analysis.dimensions)
        self.state["at"] = {d: v for d, v in self.state["at"].items() if d in known}

    @property
    def weights(self) -> Weights:
        """What the sliders say of the weights: nothing where all stand the same."""
        at = self.positions
        if len(set(at.values())) == 1 and self.state["meaning"] == "order":
            return self.analysis.ranking.weights
        if self.state["meaning"] == "weights":
            total = sum(at.values())
            if not total:
                raise ParameterError("Every slider stands at 0. Move at least one up.")
            return pd.Series(at, dtype=float) / total
        return self._order()

    def _order(self) -> list[list[str]]:
        at = self.positions
        steps = sorted(set(at.values()), reverse=True)
        return [[d for d, v in at.items() if v == step] for step in steps]

    def own_parameters(self) -> dict[str, Any]:
        """Return the order of importance, or the weights, that the sliders say."""
        at = self.positions
        if self.state["meaning"] == "weights":
            return {"weights": dict(at), "panel": None}
        if len(set(at.values())) == 1:
            return {}
        return {"order": self._order(), "panel": None}

    @property
    def draws(self) -> tuple[int, int]:
        """How many draws there are while a slider moves, and at rest: fewer for large studies."""
        cells = max(1, len(self.analysis.ranked) * len(self.analysis.dimensions))
        return min(self.rest, max(250, min(2_000, MOVING // cells))), self.rest

    def ranking(self, draws: int | None = None, threads: int | None = None) -> Ranking:
        """Rank the systems under these priorities."""
        s = self.settings
        return rank_systems(
            self.analysis.evidence, s["min_dimensions"], draws or s["draws"], s["seed"],
            weights=self.weights, threads=threads,
        )  # fmt: skip

    def do_weigh(self, message: Mapping[str, Any]) -> None:
        """Move a slider: fewer draws while it moves."""
        name = str(message["name"])
        if name not in self.analysis.dimensions:
            raise ParameterError(f'There is no dimension "{name}".')
        self.state["at"][name] = min(TOP, max(0, round(float(message["value"]))))
        self._turn += 1
        self._show(self.ranking(self.draws[0]))
        self.put("form", self._form(), quiet=True)
        shares = self._shares()
        for stage in self.stages:
            # The sliders are not put anew while a hand is on one: only what stands beside them.
            stage.beside = {
                f"{self.uid}-{d}": [shares[d], f"{v} of {TOP}, {shares[d]}"]
                for d, v in self.positions.items()
            }

    def do_rest(self, _message: Mapping[str, Any]) -> None:
        """Rank with all draws once the sliders rest; a move meanwhile goes before."""
        self.put("report", self.report_bar())
        turn = self._turn

        def work() -> None:
            ranking = self.ranking(self.draws[1], threads=1)
            if turn == self._turn:
                self._show(ranking)
                for stage in self.stages:
                    stage.flush()

        self._resting = Thread(target=work, daemon=True)
        self._resting.start()

    def settle(self) -> None:
        """Wait until the ranking stands at rest."""
        if self._resting is not None:
            self._resting.join()

    def do_set(self, message: Mapping[str, Any]) -> None:
        """Choose a starting point, or what the sliders mean."""
        if message["name"] == "start":
            self.state["at"] = {}
            self.state["meaning"] = "weights" if message["value"] != "All the same" else "order"
        super().do_set(message)

    def do_reset(self, _message: Mapping[str, Any]) -> None:
        """Go back to no opinion."""
        self.state = self.begin()
        self.redraw()

    def draw(self) -> None:
        """Show sliders and ranking."""
        self._turn += 1
        self.put("form", self._form())
        self._show(self.ranking(self.draws[1]))

    def _form(self) -> str:
        at, starts = self.positions, {label: label for label in self._starts()}
        shares = self._shares()
        names = self.analysis.names
        sliders = "".join(
            slider(self.uid, d, names.dimension(d), v, TOP, shares[d]) for d, v in at.items()
        )
        return (
            f"<div class=ctls>{self.pick('start', 'Start from', starts)}"
            f"{self.pick('meaning', 'The sliders say', MEANINGS)}"
            f"</div><fieldset><legend>How much each dimension counts</legend>{sliders}</fieldset>"
            f"{button(self.uid, 'reset', 'All the same again', '', 'small')}"
        )

    def _shares(self) -> dict[str, str]:
        at = self.positions
        if self.state["meaning"] == "order":
            places = [sum(w > v for w in at.values()) + 1 for v in at.values()]
            same = len(set(at.values())) == 1
            return {d: "–" if same else f"{p}." for d, p in zip(at, places, strict=True)}
        total = sum(at.values()) or 1
        return {d: f"{100 * v / total:.0f}%" for d, v in at.items()}

    def _show(self, ranking: Ranking) -> None:
        self.put("ranking", self._table(ranking))
        if ranking.draws >= self.draws[1]:
            self.put("said", f"<p>{escape(self._said(ranking), quote=False)}</p>")

    def _said(self, r: Ranking) -> str:
        a, t = self.analysis, r.table
        if t.empty:
            return "No system has enough evidence to be ranked."
        first = t["first_share"].sort_values(ascending=False, kind="stable")
        top = [
            f"{a.names.in_sentence(str(s))} in {percent(v)}" for s, v in first.head(3).items() if v
        ]
        exact = exact_to(float(first.iloc[0]), r)
        settled, pairs = int(t["ahead_of"].sum()), len(t) * (len(t) - 1) // 2
        return (
            f"First: {listed(top)} of the draws{f' ({exact})' if exact else ''}. "
            f"{capital(count(settled, 'none'))} of {counted(pairs, 'pair')} settled."
        )

    def _table(self, r: Ranking) -> str:
        a, t = self.analysis, r.table.sort_values("mean_rank", kind="stable")
        n = len(t)
        if not n:
            return '<p class="none">No system has enough evidence to be ranked.</p>'
        scale, plain = max(n - 1, 1), a.ranking.table["mean_rank"]
        rows = []
        for s, best, worst, mean, share in zip(
            t.index, t["best_rank"], t["worst_rank"], t["mean_rank"], t["first_share"], strict=True
        ):
            tick = (plain[s] - 1) / scale if s in plain.index else None
            mark = interval((best - 1) / scale, (worst - 1) / scale, (mean - 1) / scale, tick)
            span = f"{best:g}" if best == worst else f"{best:g}–{worst:g}"
            first = "–" if not share else "&lt;1%" if share < 0.01 else f"{whole(share)}%"
            rows.append([escape(a.names.system(str(s))), mark, span, f"{mean:.1f}", first])
        ends = (
            f'<span class="ax" aria-hidden="true"><span>1st</span><span>{ordinal(n)}</span></span>'
        )
        head = ["System", f'<span class="vh">Rank, drawn</span>{ends}', ">Nine of ten",
                ">Expected", ">First in"]  # fmt: skip
        most = self.settings["draws"]
        live = f"{grouped(r.draws)} draws" + (
            f", {grouped(self.draws[1])} at rest" if r.draws < self.draws[1]
            else f" (the report has {grouped(most)})" if r.draws < most else ""
        )  # fmt: skip
        note = listed_some([a.names.system(str(s)) for s in r.unranked.index], 3)
        return (
            key(
                f"{interval(0.1, 0.8, 0.4, kind='k')} rank in nine of ten draws; dot: expected",
                f"{interval(0, 0, tick=0.5, kind='k tick')} expected with no opinion at all",
            )
            + table("Ranking under these priorities", head, rows, "rank live-rank")
            + f'<p class="note">{live}: levels 1 and 2 are worth what may be, gaps and doubtful '
            "levels are drawn"
            + (f"; too little evidence to rank: {escape(note)}" if note else "")
            + ".</p>"
        )


def priorities(study: Study | str | Path = "data", **settings: Any) -> Priorities:
    """Set priorities and see the ranking that follows, with its robustness.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    Priorities
        A view that shows itself in a cell; ``.parameters()`` is what ``mcanalysis report -p``
        takes.
    """
    return Priorities(study, **settings)
