"""The plotly.js of the pages: just the chart kinds that they draw, built in ``tools/plotly``."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from mcanalysis.errors import ReportError
from mcanalysis.wording import listed


@dataclass(frozen=True)
class Bundle:
    """plotly.js as the pages need it.

    Attributes
    ----------
    name : str
        Name of the file beside the pages; it changes with its content.
    version : str
        Of plotly.js.
    kinds : tuple of str
        Kinds of traces that it draws.
    script : str
        The script itself.
    packed : str
        The script, gzip and base64, for inside a page.
    """

    name: str
    version: str
    kinds: tuple[str, ...]
    script: str
    packed: str


@cache
def plotly_bundle() -> Bundle:
    """Read the bundle, once per process.

    Examples
    --------
    >>> plotly_bundle().kinds
    ('bar', 'heatmap', 'scatter')
    """
    content = (files("mcanalysis.report") / "template" / "plotly.min.js.gz").read_bytes()
    script = gzip.decompress(content)
    text = script.decode()
    head = re.match(r"/\*! plotly\.js (\S+): ([a-z0-9 ]+)\.", text)
    assert head  # the build writes it
    name = f"plotly-{head[1]}-{hashlib.sha256(script).hexdigest()[:8]}.min.js"
    kinds = tuple(head[2].split())
    return Bundle(name, head[1], kinds, text, base64.b64encode(content).decode())


def pack(text: str) -> str:
    """Pack a text for inside a page: gzip and base64, same text, same result."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def need_kinds(charts: Iterable[Mapping[str, Any]]) -> None:
    """Raise ReportError if a chart has a kind of trace that the pages cannot draw."""
    known = plotly_bundle().kinds
    problems = [
        f'Chart {chart["id"]}: pages draw no "{kind}".'
        for chart in charts
        for kind in dict.fromkeys(trace.get("type", "scatter") for trace in chart["data"])
        if kind not in known
    ]
    if problems:
        raise ReportError(
            f"{' '.join(problems)} They draw {listed(known)}. Draw it with one of these, or add "
            "the kind in tools/plotly/build.mjs."
        )
