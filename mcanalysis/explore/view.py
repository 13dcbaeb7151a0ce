"""A view: what it shows, what a reader can do with it, and the report that tells the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcanalysis.analysis import Analysis, analyse
from mcanalysis.errors import ParameterError
from mcanalysis.explore.controls import button, select
from mcanalysis.explore.drafts import open_drafts
from mcanalysis.markup import Block, with_sources
from mcanalysis.model import Study

if TYPE_CHECKING:
    from mcanalysis.explore.making import Making
    from mcanalysis.explore.stage import Stage

_NUMBER = count(1)
AT_REST = 60_000_000
"""Most draws times coded levels in a view; a report has no such limit."""


class View:
    """One question, with its controls and its answer.

    Parameters
    ----------
    study : Study, str or Path
        A folder or workbook; a study in memory can be looked at, but not edited.
    as_of, min_dimensions, draws, seed, panel
        See `analyse`.

    Attributes
    ----------
    state : dict
        What the controls say.
    """

    name = title = intro = report = ""

    def __init__(
        self,
        study: Study | str | Path = "data",
        *,
        as_of: int | None = None,
        min_dimensions: int = 8,
        draws: int = 100_000,
        seed: int = 1,
        panel: str | None = None,
    ) -> None:
        self.drafts = open_drafts(study)
        self.settings: dict[str, Any] = {
            "as_of": as_of, "min_dimensions": min_dimensions, "draws": draws, "seed": seed,
            "panel": panel,
        }  # fmt: skip
        self.uid = f"x{next(_NUMBER)}"
        self.stages: list[Stage] = []
        self.stale = True
        self.focus = ""
        self.making: Making | None = None
        self.state: dict[str, Any] = self.begin()

    # what a view is: for each question its own

    def begin(self) -> dict[str, Any]:
        """Return what the controls say at first."""
        return {}

    def frame(self) -> str:
        """Return the places of the parts."""
        return self.place("body")

    def draw(self) -> None:
        """Show every part."""
        raise NotImplementedError

    def parameters(self) -> dict[str, Any]:
        """Return the state as parameters: what ``mcanalysis report -p`` takes.

        Returns
        -------
        dict
            Name -> value, of those that differ from the defaults of the notebook.
        """
        usual = {"as_of": None, "min_dimensions": 8, "draws": 100_000, "seed": 1, "panel": None}
        own = {**self.settings, **self.own_parameters()}
        return {k: v for k, v in own.items() if k not in usual or v != usual[k]}

    def own_parameters(self) -> dict[str, Any]:
        """Return the parameters that only this view sets."""
        return {}

    def only(self) -> str:
        """Return the id of what the report is made for; empty where it is one page for all."""
        return ""

    # what all views share

    @property
    def study(self) -> Study:
        """The study with what is drafted."""
        return self.drafts.study

    @property
    def analysis(self) -> Analysis:
        """The first results of the study with what is drafted, worked out once for all views."""
        return _analysed(self.study, tuple({**self.settings, "draws": self.rest}.items()))

    @property
    def rest(self) -> int:
        """How many draws a view has: as many as asked for, fewer for a large study."""
        most = max(10_000, AT_REST // max(1, len(self.study.indicators)))
        return min(int(self.settings["draws"]), most)

    def command(self) -> list[str]:
        """Return the command that makes the report of this view.

        Examples
        --------
        >>> from mcanalysis.explore import swot_board
        >>> " ".join(swot_board("data", system="IE").command()[3:])
        'report country --only IE'
        """
        words = ["mcanalysis", "--study", str(self.drafts.path or "data"), "report", self.report]
        if self.only():
            words += ["--only", self.only()]
        for name, value in self.parameters().items():
            words += ["-p", f"{name}={written(value)}"]
        return words

    def place(self, part: str, kind: str = "", live: bool = False) -> str:
        """Return the place of a part in the frame of the view."""
        told = ' aria-live="polite"' if live else ""
        return f'<div data-part="{self.name}/{part}" class="{kind}"{told}></div>'

    def pick(self, name: str, label: str, choices: Mapping[str, str]) -> str:
        """Return a list whose choice is taken into the state at once."""
        return select(self.uid, name, label, choices, self.state[name], "set")

    def put(self, part: str, html: str | Block, quiet: bool = False) -> None:
        """Show a part on every stage; quietly: to those who open it later."""
        if isinstance(html, Block):
            html = with_sources(html) if html else f'<p class="none">{html.text}</p>'
        for stage in self.stages:
            stage.put(f"{self.name}/{part}", html, quiet)

    def refresh(self) -> None:
        """Show everything, if anything has changed since."""
        if self.stale:
            self.check()
            self.draw()
            self.put("report", self.report_bar())
            self.stale = False

    def check(self) -> None:
        """Put the state right where the study no longer has what was chosen."""

    def do(self, message: Mapping[str, Any]) -> None:
        """Do what a reader asked for.

        Parameters
        ----------
        message : mapping
            ``do``, what; ``name`` and ``value`` of the control; ``form``, its fields; ``live``,
            whether it still moves.
        """
        known = {name.removeprefix("do_"): name for name in dir(self) if name.startswith("do_")}
        act = str(message["do"])
        if act not in known:
            raise ParameterError(f'The view "{self.title}" knows no "{act}".')
        self.drafts.saved = ""
        getattr(self, known[act])(message)

    def redraw(self) -> None:
        """Show everything again."""
        self.stale = True
        self.refresh()

    def do_set(self, message: Mapping[str, Any]) -> None:
        """Take the value of a control into the state."""
        self.state[str(message["name"])] = message["value"]
        self.redraw()

    def do_typing(self, message: Mapping[str, Any]) -> None:
        """Keep what is typed into a form, as it is typed."""
        self.drafts.keep(str(message["name"]), dict(message["form"]))

    def do_save(self, _message: Mapping[str, Any]) -> None:
        """Merge all drafts into the study."""
        self.drafts.save()

    def do_insist(self, _message: Mapping[str, Any]) -> None:
        """Let drafts count although the study has changed on the disk."""
        self.drafts.insist()

    def do_undo(self, message: Mapping[str, Any]) -> None:
        """Take one draft back."""
        self.drafts.undo(int(message["value"]))

    def do_take(self, message: Mapping[str, Any]) -> None:
        """Go on with the drafts of an earlier kernel."""
        self.drafts.take_up(str(message["value"]))
        self.redraw()

    def do_discard(self, message: Mapping[str, Any]) -> None:
        """Forget the drafts of an earlier kernel."""
        self.drafts.discard(str(message["value"]))

    def do_report(self, _message: Mapping[str, Any]) -> None:
        """Make the report that tells what this view shows."""
        self.make_report()

    def do_page(self, message: Mapping[str, Any]) -> None:
        """Send the page that was made to the browser."""
        page = self.making.page if self.making else None
        if page is None or not page.is_file():
            raise ParameterError("The page is no longer there. Make the report again.")
        for stage in self.stages:
            stage.send_page(str(message["value"]), page.read_bytes())

    def make_report(self) -> Making:
        """Make the report of this view beside the published ones; the view shows how it goes.

        Returns
        -------
        Making
            The run in its own process; ``.wait()`` waits for its end.

        Raises
        ------
        ParameterError
            If there are drafts that the report would not know, or no ``reports.toml`` is found.
        """
        from mcanalysis.explore.making import Making

        if self.drafts.edits:
            raise ParameterError(
                "The report reads the study from its folder, which does not hold the drafts yet. "
                "Save them first."
            )
        self.check_report()
        if self.making is not None and self.making.running:
            return self.making
        self.making = Making(self.command(), self.drafts.path, self._told)
        self._told()
        return self.making

    def check_report(self) -> None:
        """Raise ParameterError where the report cannot be made of this state."""

    def report_bar(self) -> str:
        """Return the button that makes the report, and how far it is."""
        if not self.report:
            return ""
        told = self.making.as_html() if self.making else ""
        shown = " ".join(w if w.isalnum() or w[:1] == "-" else json.dumps(w, ensure_ascii=False)
                         for w in self.command()[3:])  # fmt: skip
        return (
            f'<div class="rep">{button(self.uid, "report", "Make the report", "", "main")} '
            f'<details id="{self.uid}-cmd"><summary>The same as a command</summary>'
            f"<code>mcanalysis {_safe(shown)}</code></details></div>{told}"
        )

    def _told(self) -> None:
        self.put("report", self.report_bar())
        for stage in self.stages:
            stage.flush()

    @property
    def stage(self) -> Stage:
        """The widget that shows this view."""
        if not self.stages:
            from mcanalysis.explore.stage import Stage

            Stage([self])
        return self.stages[0]

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.stage._repr_mimebundle_(**options)

    def __repr__(self) -> str:
        said = ", ".join(f"{k}={v!r}" for k, v in self.parameters().items())
        return f"{self.title} of {self.drafts.path or 'a study in memory'}" + (
            f" ({said})" if said else ""
        )


def written(value: Any) -> str:
    """Write a parameter as ``-p`` reads it.

    Examples
    --------
    >>> written(None), written(True), written(["DE", "IE"]), written([["a"], ["b", "c"]])
    ('none', 'yes', 'DE,IE', '[["a"], ["b", "c"]]')
    """
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _safe(text: str) -> str:
    from html import escape

    return escape(text)


_MEMORY: dict[tuple[int, tuple[tuple[str, Any], ...]], tuple[Study, Analysis]] = {}


def _analysed(study: Study, settings: tuple[tuple[str, Any], ...]) -> Analysis:
    """Analyse a study once; the last few are remembered."""
    key = id(study), settings
    if key not in _MEMORY:
        while len(_MEMORY) > 3:
            _MEMORY.pop(next(iter(_MEMORY)))
        # The study is kept beside its analysis: as long as it lives its id is no other's.
        _MEMORY[key] = study, analyse(study, **dict(settings))
    return _MEMORY[key][1]
