"""Files that readers meet: moved into place whole, with a record of how each page came about."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

KEPT = ("sources", "charts", "page_sha256")
"""What a record tells of the page that stands there, also after a failed run."""


def write_aside(path: Path, content: bytes) -> None:
    """Write a file to the side, sync it and move it into place: no reader meets half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def read_record(path: Path) -> dict[str, Any]:
    """Read a run record; empty where there is none or it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def publish(page: Path, known: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
    """Put a page and its record in place; a failed one leaves the last good page as it is.

    Parameters
    ----------
    page : Path
        Place of the page without its ending.
    known : dict
        What was known before the run: report, item, title, key, parameters, seed, versions, inputs.
    result : dict
        From `run_task`.

    Returns
    -------
    dict
        The run record: what was known, started, seconds, status (``made`` or ``failed``), sources,
        charts and SHA-256 of the page that stands there; where it failed, error and since (when
        it began to fail).
    """
    kept, file = page.with_name(f"{page.name}.failed.ipynb"), page.with_name(f"{page.name}.json")
    record = {**known, "started": result["started"], "seconds": result["seconds"]}
    if result["error"] is None:
        html = result["html"].encode()
        write_aside(page.with_name(f"{page.name}.html"), html)
        record |= {
            "status": "made", "sources": list(result["sources"]), "charts": result["charts"],
            "page_sha256": hashlib.sha256(html).hexdigest(),
        }  # fmt: skip
    else:
        before = read_record(file)
        since = before.get("since") if before.get("status") == "failed" else None
        record |= {name: before[name] for name in KEPT if name in before}
        record |= {
            "status": "failed", "error": result["error"], "since": since or result["started"],
        }  # fmt: skip
        if result["notebook"] is not None:
            write_aside(kept, result["notebook"].encode())
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True)
    write_aside(file, f"{text}\n".encode())
    if result["error"] is None:
        kept.unlink(missing_ok=True)
    return record


def up_to_date(page: Path, key: str) -> bool:
    """Tell whether a page was made from just these inputs and is still as it was made."""
    record = read_record(page.with_name(f"{page.name}.json"))
    if record.get("status") != "made" or record.get("key") != key:
        return False
    try:
        html = page.with_name(f"{page.name}.html").read_bytes()
    except OSError:
        return False
    return hashlib.sha256(html).hexdigest() == record.get("page_sha256")
