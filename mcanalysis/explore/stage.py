"""What stands on the screen: one widget that shows the parts of views and tells them what is done.

All that is seen is markup made in Python; the script only puts parts in place and sends what a
reader does, one message at a time, so that of many moves of a slider the newest wins.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from threading import RLock
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from mcanalysis.errors import McAnalysisError
from mcanalysis.explore.controls import button
from mcanalysis.markup import notebook_style

if TYPE_CHECKING:
    from mcanalysis.explore.view import View


def _own(name: str) -> str:
    return (files("mcanalysis.explore") / name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    return notebook_style() + _own("stage.css")


class Stage(anywidget.AnyWidget):
    """The widget of one view, or of several behind tabs.

    Attributes
    ----------
    views : sequence of View
    parts : dict
        Markup by name of its place, ``view/part``.
    """

    _esm = _own("stage.js")
    _css = _style()
    frame = traitlets.Unicode().tag(sync=True)
    parts = traitlets.Dict().tag(sync=True)

    def __init__(self, views: Sequence[View]) -> None:
        self.views = {view.name: view for view in views}
        self.shown = views[0].name
        self._lock = RLock()  # some answers come from threads
        self._news: dict[str, str] = {}
        self.beside: dict[str, list[str]] = {}
        self.uid = views[0].uid
        for view in views:
            view.stages.append(self)
            view.drafts.watchers.append(self._changed)
        # All is in place before the widget opens, so that its first state is whole.
        self._open(self.shown)
        self._drafts()
        self._news, self.beside = {}, {}
        super().__init__(frame=_frame(views), layout={"width": "100%"})
        self.on_msg(lambda _, content, __: self.hear(content))

    def put(self, name: str, html: str, quiet: bool = False) -> None:
        """Show markup in a place, with the answer to what a reader did; or only keep it."""
        if self.parts.get(name, "") != html:
            # In place, so that only what differs goes over the wire; a page that is opened again
            # asks for the whole.
            self.parts[name] = html
            if not quiet:
                self._news[name] = html

    def hear(self, message: Mapping[str, Any]) -> None:
        """Do what a reader asked for; what goes wrong is shown where it was asked for."""
        with self._lock:
            self._hear(message)

    def _hear(self, message: Mapping[str, Any]) -> None:
        name = str(message.get("view", "")) or self.shown
        view = self.views[name]
        view.focus = ""
        try:
            if message["do"] == "open":
                self._open(str(message["value"]))
            else:
                view.do(message)
            if message["do"] not in ("typing", "page"):
                self.put(f"{name}/alert", "")
        except McAnalysisError as error:
            self.put(f"{name}/alert", alert(str(error)))
        except Exception as error:
            told = "".join(traceback.format_exception(error))
            said = f"This did not work ({type(error).__name__}: {error}). What you typed is kept."
            self.put(f"{name}/alert", alert(said, told))
        self._drafts()
        self._flush(done=message.get("n"), focus=view.focus)

    def send_page(self, number: str, page: bytes) -> None:
        """Send a page that was made, to be opened from the browser's memory."""
        self.send({"page": number}, [page])

    def flush(self) -> None:
        """Send what has changed without being asked, as while a report is made."""
        with self._lock:
            self._flush()

    def _open(self, name: str) -> None:
        self.shown = name
        self.views[name].refresh()

    def _changed(self) -> None:
        for view in self.views.values():
            view.stale = True
        self.views[self.shown].refresh()
        self._drafts()
        self._flush()

    def _drafts(self) -> None:
        view = next(iter(self.views.values()))
        self.put("drafts", draft_bar(view))

    def _flush(self, **more: Any) -> None:
        more |= {"parts": self._news, "beside": self.beside}
        self._news, self.beside = {}, {}
        if any(more.values()):
            self.send({k: v for k, v in more.items() if v})


def alert(said: str, more: str = "") -> str:
    """Return a message that a screen reader says at once."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in said.splitlines())
    told = f"<details><summary>What happened</summary><pre>{escape(more)}</pre></details>"
    return f'<div class="notice warn"><ul>{lines}</ul>{told if more else ""}</div>'


def _frame(views: Sequence[View]) -> str:
    """Return the places of the parts: drafts above, then the views, behind tabs if several."""
    top = '<div data-part="drafts" class="drafts" data-view="" hidden></div>'
    if len(views) == 1:
        return top + _panel(views[0], "")
    uid = views[0].uid
    tabs = "".join(
        f'<button type="button" role="tab" id="{uid}-tab-{v.name}" data-do="open" value="{v.name}" '
        f'aria-controls="{uid}-panel-{v.name}" aria-selected="{str(n == 0).lower()}" '
        f'tabindex="{0 if n == 0 else -1}">{escape(v.title)}</button>'
        for n, v in enumerate(views)
    )
    panels = "".join(
        f'<div role="tabpanel" id="{uid}-panel-{v.name}" aria-labelledby="{uid}-tab-{v.name}"'
        f"{'' if n == 0 else ' hidden'}>{_panel(v, uid)}</div>"
        for n, v in enumerate(views)
    )
    return f'{top}<div role="tablist" aria-label="Views" class="tabs">{tabs}</div>{panels}'


def _panel(view: View, inside: str) -> str:
    head = "" if inside else f"<h3 class=vt>{escape(view.title)}</h3>"
    return (
        f'<div class="view {view.name}" data-view="{view.name}" role="group" '
        f'aria-label="{escape(view.title)}">{head}<p class="intro">{escape(view.intro)}</p>'
        f'<div data-part="{view.name}/alert" role="alert" hidden></div>{view.frame()}'
        f'<div data-part="{view.name}/report" class="making" role="status"></div></div>'
    )


def draft_bar(view: View) -> str:
    """Return what is drafted, and the drafts that another kernel left."""
    drafts, uid, said = view.drafts, view.uid, []
    for file, told in drafts.waiting():
        edits, forms = len(told["edits"]), len(told["forms"])
        what = [
            f"{n} {w}{'s' if n > 1 else ''}" for n, w in ((edits, "edit"), (forms, "form")) if n
        ]
        when = re.sub(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*", r"\1 \2 UTC", str(told.get("written")))
        said.append(
            f'<div class="notice" role="status"><b>Not saved yet, from an earlier session:</b> '
            f"{' and '.join(what)}, last written {escape(when)}. "
            f"{button(uid, 'take', 'Take them up again', file.name, 'main')} "
            f"{button(uid, 'discard', 'Discard', file.name)}</div>"
        )
    if drafts.edits:
        n = len(drafts.edits)
        rows = "".join(
            f"<li>{escape(e['said'])} "
            + button(uid, "undo", "Take back", str(i), "small", f"Take back: {e['said']}")
            + "</li>"
            for i, e in enumerate(drafts.edits)
        )
        said.append(
            f'<div class="draftbar"><b>{n} draft{"s" if n > 1 else ""}</b> shown here, not yet in '
            f"the study. {button(uid, 'save', 'Save into the study', '', 'main')} "
            f'<details id="{uid}-drafts"><summary>What is drafted</summary><ul>{rows}</ul>'
            f"{button(uid, 'insist', 'Insist on mine where the study has changed', '', 'small')}"
            f"</details></div>"
        )
    if drafts.saved:
        said.append(f'<p class="saved" role="status">{escape(drafts.saved)}</p>')
    return "".join(said)
