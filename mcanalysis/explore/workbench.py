"""All views of a study together, behind tabs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mcanalysis.explore.benefits import benefits
from mcanalysis.explore.board import swot_board
from mcanalysis.explore.compare import compare
from mcanalysis.explore.evidence import evidence
from mcanalysis.explore.priorities import priorities
from mcanalysis.explore.scenario import scenario
from mcanalysis.explore.stage import Stage
from mcanalysis.explore.view import View
from mcanalysis.model import Study


class Workbench:
    """Six views on one stage; they share the study and what is drafted.

    Attributes
    ----------
    views : dict of str to View
        By name: priorities, swot, compare, benefits, scenario, evidence.
    stage : Stage
    """

    def __init__(self, study: Study | str | Path = "data", **settings: Any) -> None:
        first = priorities(study, **settings)
        # Views of a study in memory share its drafts as those of a folder do.
        shared: Study | str | Path = first.drafts.path or first.drafts.base
        makers = (swot_board, compare, benefits, scenario, evidence)
        made = [first, *(make(shared, **settings) for make in makers)]
        self.views: dict[str, View] = {view.name: view for view in made}
        self.stage = Stage(made)

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of the view that is shown."""
        return self.views[self.stage.shown].parameters()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.stage._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.views.values()))


def explore(study: Study | str | Path = "data", **settings: Any) -> Workbench:
    """Show all views of a study together.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    **settings
        as_of, min_dimensions, draws, seed, panel: see `analyse`.

    Returns
    -------
    Workbench
    """
    return Workbench(study, **settings)
