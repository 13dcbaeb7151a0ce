"""What a page may do: its content security policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

NOTHING = "'none'"


def policy(scripts: Iterable[str], style: str, *, loads: bool = False) -> str:
    """Return the content security policy of a page, for a ``meta`` element.

    Nothing is allowed (no connection, frame, font, object, form, other base) but the scripts and
    the stylesheet given, by their hashes, and pictures that the page makes itself. Lengths of bars
    are style attributes; they are the only style of the page that has no hash.

    Parameters
    ----------
    scripts : iterable of str
        Text of each script that runs in the page.
    style : str
        Text of the style element.
    loads : bool
        Whether these scripts load another one. It is trusted because they are: ``'self'`` would
        trust all of a host, and means nothing certain for a file.

    Returns
    -------
    str

    Examples
    --------
    >>> policy([], "p { color: red }").split("; ")[:3]
    ["default-src 'none'", "base-uri 'none'", "form-action 'none'"]
    """
    run = " ".join([*(["'strict-dynamic'"] if loads else []), *map(_hash, scripts)])
    return "; ".join(
        [
            "default-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "img-src data: blob:",
            f"script-src {run or NOTHING}",
            f"style-src {_hash(style)} {_hash('')}",  # plotly fills an empty element by CSSOM
            "style-src-attr 'unsafe-inline'",
        ]
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
