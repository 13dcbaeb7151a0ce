"""CSV files as other programs write them, to cells and back: encodings, delimiters, quotes."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from mcanalysis.study.cells import Cells, gather, refused, trim

DELIMITERS = (",", ";", "\t", "|")

_MEND = "Save the file as CSV UTF-8."


def read_csv(path: Path, where: str, known: Sequence[str]) -> Cells:
    """Read a CSV file as other programs write it.

    Parameters
    ----------
    path : Path
        The file.
    where : str
        Its name for messages.
    known : sequence of str
        Names of columns that are expected: the delimiter is the one that finds most of them.

    Returns
    -------
    Cells
        UTF-8, UTF-16 and UTF-32 by their mark, else strictly UTF-8, else Windows-1252 where the
        file holds no UTF-8 at all: a mix is refused, cell by cell. Delimiter comma, semicolon, tab
        or bar. Problems are inside.

    References
    ----------
    RFC 4180 (2005); a line ``sep=;`` above the header is obeyed and not counted, as in Excel.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        return refused(where, f"cannot be read ({error.strerror})", "Make the file readable.")
    stream = _stream(data, where)
    if isinstance(stream, Cells):
        return stream
    del data
    start = 0
    stated = re.fullmatch(r'"?sep=(.)"?\n?', stream.readline(16), re.IGNORECASE)
    if stated:
        delimiter = stated[1]
        start = stream.tell()
    else:
        found = {mark: _matches(stream, mark, known) for mark in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda mark: found[mark])
    stream.seek(start)
    return gather(where, _reader(stream, delimiter))


def write_csv(file: TextIO, header: Sequence[str], columns: Iterable[Sequence[str]]) -> None:
    """Write a table as RFC 4180: CRLF at the end of each row, quotes where they are needed."""
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(zip(*columns, strict=True))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a file beside `path` to write to, and move it into place when all went well.

    Yields
    ------
    Path
        An empty file in the same folder; it is gone afterwards, whatever happens.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    os.close(handle)
    aside = Path(name)
    try:
        yield aside
        # mkstemp makes files that only their owner can read; a study is for the whole team
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        aside.chmod(mode)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, which begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _stream(data: bytes, where: str) -> TextIO | Cells:
    """Open the bytes of a CSV file as text, or say why not."""
    if data.startswith(b"PK\x03\x04"):
        return refused(where, "is a workbook, not a CSV file", "Save the sheet as CSV UTF-8.")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                data = data.decode(encoding).encode()
            except UnicodeError:
                return refused(
                    where, f"begins like {encoding.upper()} but is damaged further on", _MEND
                )
            break
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        return refused(where, "holds zero bytes, so it is not a CSV text file", _MEND)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    encoding = "utf-8" if _is_utf8(data) or not _is_cp1252(data) else "cp1252"
    return io.TextIOWrapper(io.BytesIO(data), encoding, errors="surrogateescape", newline="")


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return True
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        # piece by piece: text takes up to four times the memory of its bytes
        for start in range(0, len(data), 1 << 20):
            decoder.decode(data[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


def _is_cp1252(data: bytes) -> bool:
    """Tell whether bytes are Windows-1252 and nothing else, no UTF-8 in between."""
    if _UTF8_LETTER.search(data):
        return False
    return not re.search(rb"[\x81\x8d\x8f\x90\x9d]", data)


def _reader(stream: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(stream, delimiter=delimiter, strict=True, skipinitialspace=True)


def _matches(stream: TextIO, delimiter: str, known: Sequence[str]) -> int:
    """Count the known names that the header has when it is cut at this delimiter."""
    stream.seek(0)
    try:
        header = next((row for row in _reader(stream, delimiter) if any(map(trim, row))), [])
    except csv.Error:
        return 0
    return len({trim(name) for name in header} & set(known))
