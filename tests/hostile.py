"""A study whose every text tries to be something else: markup, script, formula, a turned line.

`write_hostile` makes the folder and gives back what each cell says, so that a test of any output
(page, workbook, CSV, JSON-LD) can look for the texts again: see `unlike`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pandas as pd

from mcanalysis.model import TABLES, TRANSLATABLE
from mcanalysis.study import read_study, write_study

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "", '=HYPERLINK("javascript:hacked=1")')
MARKUP = (
    "</script><script>window.hacked=1</script>",
    '<img src=x onerror="window.hacked=1">',
    "<!-- not closed",
    '" onmouseover="window.hacked=1" x="',
    "' autofocus onfocus='window.hacked=1' x='",
    '<a href="javascript:window.hacked=1">press</a>',
    "[press](javascript:window.hacked=1) ![x](data:text/html,<script>window.hacked=1</script>)",
    '<a href="data:text/html;base64,PHNjcmlwdD4=">press</a>',
    "]]> <![CDATA[ <svg onload=window.hacked=1>",
    "</style></title></textarea></table></details></svg><style>*{display:none}</style>",
    "{{ 7*7 }} {% raw %} {root} ${7*7} @@ink@@ #17212b",
    "**bold** __x__ `code` # head $x^2$ $$y$$ \\(z\\) \\n \\u003c",
    "&amp; &lt;b&gt; &#x3c; &nbsp; %3Cscript%3E",
    "<b>b</b><br><i>i</i><sup>2</sup><span style='color:#ff0000'>red</span>",
    "<iframe srcdoc='<script>parent.hacked=1</script>'></iframe><base href='//x.example'>",
    "a\tb\nc;d,e|f",
    "</li></td></tr></ul></section></main><form action=//x.example><input name=q id=q>",
)
SHAPES = (
    "\u202eturned",
    "\u2067isolated",
    "\u202bembedded ימי שלום 12",
    "w" * 400,
    "zero\u200bwidth\u200d\u2060\ufeffjoined",
    "👩\u200d👩\u200d👧 🇪🇺 é̂̃́",
    "学分 微证书 السلام 34",
)
ADDRESS = "https://example.org/{n}/\"><script>window.hacked=1</script>'onclick='{long}"
REFUSED = ("\x07", "\x1b[31m", "\x85", "\ufffe")
"""Signs that no text may hold; of a file with a NUL nothing is read."""
SYSTEMS = (
    *("DE", "BE-FL", "FI", "EE", "CZ", "IE", "NL", "ES", "PT", "SI"),
    *("AT", "FR", "ZA", "BG", "EU"),
)


def write_hostile(folder: Path, systems: Iterable[str] = SYSTEMS) -> dict[int, str]:
    """Write a cut of the shipped study with a hostile text in every cell of text.

    Returns
    -------
    dict
        Number -> the part of a cell between ⟦ and ⟧, which begins with the number. Before it stands
        what would be a formula.
    """
    study = read_study("data")
    kept = set(systems)
    cut = {
        name: frame[frame["system_id"].isin(kept)]
        for name in ("systems", "indicators", "swot_factors")
        for frame in [getattr(study, name)]
    }
    supposed = {n: f[f["system_id"].isin(kept)] for n, f in study.scenarios.items()}
    study = replace(study, **cut, scenarios=supposed, translations={})
    numbers, said = count(1), {}

    def text() -> str:
        n = next(numbers)
        inside = f"{n} {MARKUP[n % len(MARKUP)]} {SHAPES[n % len(SHAPES)]}"
        said[n] = inside
        return f"{FORMULAS[n % len(FORMULAS)]}⟦{inside}⟧"

    done = {}
    for name in ("systems", "dimensions", "indicators", "swot_factors", "stakeholders", "benefits",
                 "benefit_enablers", "sources"):  # fmt: skip
        frame = getattr(study, name).copy()
        for column in TABLES[name].columns:
            if column.kind == "text":
                frame[column.name] = [text() for _ in range(len(frame))]
            elif column.kind == "url":
                frame[column.name] = [
                    ADDRESS.format(n=n, long="u" * 400) for n in range(len(frame))
                ]
        done[name] = frame
    supposed = {
        name: frame.assign(note=[text() for _ in range(len(frame))])
        for name, frame in study.scenarios.items()
    }
    names = [
        (table, row, column, text())
        for table, columns in TRANSLATABLE.items()
        for row in list(done[table].iloc[:, 0])[::2]  # the others fall back to the original
        for column in columns
    ]
    german = pd.DataFrame(names, columns=list(TABLES["translations"].column_names))
    study = replace(study, **done, scenarios=supposed, translations={"de": german})
    write_study(study, folder)
    return said


def squeezed(text: str) -> str:
    """Leave out what may differ: blanks and joiners (labels are broken into lines), capitals."""
    return re.sub(r"[\s\u2060\ufeff]+", "", text).casefold()


def unlike(text: str, said: dict[int, str]) -> tuple[list[str], int]:
    """Find what begins as one of the texts and does not go on like it; and count those that do."""
    text = squeezed(text)
    known = {str(n): squeezed(inside) for n, inside in said.items()}
    wrong, right = [], 0
    for start in (m.end() for m in re.finditer("⟦", text)):
        number = re.match(r"\d+", text[start:])
        # Two numbers may run together where a text begins with a digit: none of ours does.
        inside = known.get(number.group()) if number else None
        if inside is not None and text.startswith(inside, start):
            right += 1
        else:
            wrong.append(text[start - 10 : start + 120])
    return wrong, right
