"""Files that readers meet: moved into place whole, with a record of how each page came about.

A run may be killed between any two steps. Each step leaves files that are whole, and each page is
judged by its record *and* its own bytes, so the next run ends right whatever the last one managed:

- page or its workbook in place, record not yet: the record names other inputs or other bytes, the
  page is made again;
- failed notebook in place, record not yet: the same; `tidy` removes the notebook once the page is
  good;
- page removed, record not yet: the record still names the page as ours, and is removed then;
- index not yet: every run writes the index anew from the records, whatever it made.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

KEPT = ("sources", "charts", "page_sha256", "workbook_sha256", "pdf")
"""What a record tells of the page that stands there, also after a failed run."""
BESIDE = (".html", ".xlsx", ".pdf", ".failed.ipynb", ".json")
"""Endings of the files that a page may have; its record is removed last."""
_ASIDE = re.compile(r"\..+\.[a-z0-9_]{8}\.part")


def write_aside(path: Path, content: bytes) -> None:
    """Write a file to the side, sync it and move it into place: no reader meets half of it.

    Raises
    ------
    OSError
        With the name of the file; what stood there before is as it was.
    """
    try:
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
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), str(path)) from error


def _sync_folder(folder: Path) -> None:
    """Make a move outlast a power cut; where folders cannot be synced, the system sees to it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folders: Iterable[Path]) -> None:
    """Remove what killed runs left half written; only a run that holds the site may do that."""
    for folder in folders:
        with contextlib.suppress(FileNotFoundError):
            for entry in list(os.scandir(folder)):
                if _ASIDE.fullmatch(entry.name):
                    os.unlink(entry.path)


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
        What was known before the run: report, item, title, key, parameters, seed, versions, inputs;
        and digest of what the page cites.
    result : dict
        From `run_task`.

    Returns
    -------
    dict
        The run record: what was known, started, seconds, status (``made`` or ``failed``), sources,
        charts and SHA-256 of the page that stands there and of its workbook; where it failed, error
        and since (when it began to fail). What `pdf` noted stays while the page is the same.
    """
    kept, file = page.with_name(f"{page.name}.failed.ipynb"), page.with_name(f"{page.name}.json")
    record = {**known, "started": result["started"], "seconds": result["seconds"]}
    if result["error"] is None:
        html, workbook = result["html"].encode(), result["workbook"]
        record |= {
            "status": "made", "sources": list(result["sources"]), "charts": result["charts"],
            "page_sha256": hashlib.sha256(html).hexdigest(),
        }  # fmt: skip
        if workbook is None:
            beside(page, ".xlsx").unlink(missing_ok=True)
        else:
            write_aside(beside(page, ".xlsx"), workbook)
            record["workbook_sha256"] = hashlib.sha256(workbook).hexdigest()
        before = read_record(file)
        if "pdf" in before and before.get("page_sha256") == record["page_sha256"]:
            record["pdf"] = before["pdf"]
        else:  # it shows the page as it was
            beside(page, ".pdf").unlink(missing_ok=True)
        write_aside(beside(page, ".html"), html)
    else:
        before = read_record(file)
        since = before.get("since") if before.get("status") == "failed" else None
        record |= _of_page(page, before)
        record |= {
            "status": "failed", "error": result["error"], "since": since or result["started"],
        }  # fmt: skip
        if result["notebook"] is not None:
            write_aside(kept, result["notebook"].encode())
    write_record(page, record)
    if result["error"] is None:
        tidy(page)
    return record


def write_record(page: Path, record: Mapping[str, Any]) -> None:
    """Write the run record of a page."""
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True)
    write_aside(beside(page, ".json"), f"{text}\n".encode())


def _of_page(page: Path, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is known of the page that stands there, which may be newer than its record."""
    found = digest_of(page)
    if found == before.get("page_sha256"):
        return {name: before[name] for name in KEPT if name in before}
    return {"page_sha256": found} if found else {}


def beside(page: Path, ending: str) -> Path:
    """Return a file of a page; what it is made for may hold a dot."""
    return page.with_name(f"{page.name}{ending}")


def digest_of(page: Path, ending: str = ".html") -> str | None:
    """Return the SHA-256 of a file of a page; None where there is none."""
    try:
        return hashlib.sha256(beside(page, ending).read_bytes()).hexdigest()
    except OSError:
        return None


def tidy(page: Path) -> None:
    """Remove the failed notebook of a page that is good: its run was killed before it could."""
    page.with_name(f"{page.name}.failed.ipynb").unlink(missing_ok=True)


def up_to_date(
    page: Path, key: str, cited: Callable[[list[str]], str | None] = lambda _: None
) -> bool:
    """Tell whether a page was made from just these inputs and is still as it was made.

    Parameters
    ----------
    page : Path
        Place of the page without its ending.
    key : str
        Of what it would be made from now.
    cited : callable
        Digest of what the sources that it cites say now; by default of nothing.
    """
    record = read_record(page.with_name(f"{page.name}.json"))
    if record.get("status") != "made" or record.get("key") != key:
        return False
    if record.get("cited") != cited(record.get("sources", [])):
        return False
    found = digest_of(page)
    if found is None or found != record.get("page_sha256"):
        return False
    return "workbook_sha256" not in record or digest_of(page, ".xlsx") == record["workbook_sha256"]
