"""What makes pages: the code of this package and the libraries below it, told apart by digest."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from mcanalysis import __version__

_PACKAGES = ("papermill", "nbclient", "nbconvert", "plotly", "pandas", "numpy", "ipykernel")


def library_digest() -> str:
    """Return the SHA-256 of the package: code, template, words; not the study that ships in it."""
    root = Path(str(files("mcanalysis")))
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_relative_to(root / "shipped"):
            continue
        if path.suffix in (".py", ".j2", ".js", ".css", ".json", ".csv", ".gz"):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def versions() -> dict[str, str]:
    """Return the versions of this package, of Python and of the libraries that shape a page."""
    found = {name: version(name) for name in _PACKAGES}
    return {"mcanalysis": __version__, "python": platform.python_version(), **found}
