"""What the text of a cell means for each kind of column, and what is wrong where it means nothing.

A spreadsheet leaves its marks: whole numbers as ``2.0`` or ``2,0``, which are read; ``1-3`` turned
into a date, ``#N/A`` and numbers that could be read in two ways, which are refused.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mcanalysis.errors import nearest
from mcanalysis.model import ID_PATTERN, Column

LONGEST = 100_000  # characters of a cell; longer ones are nearly always an unclosed quote

Complaint = tuple[str, str]  # reason, mend


def read_texts(
    column: Column, texts: Sequence[str] | np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], dict[int, Complaint]]:
    """Read the different texts of a column.

    Parameters
    ----------
    column : Column
        Says what they should be.
    texts : sequence of str
        Each once, without blanks at the ends; ``""`` is an empty cell.

    Returns
    -------
    values : ndarray of object
        Text, int (kind ``integer``) or float (``number``); None where empty or wrong.
    wrong : dict of int to (str, str)
        Position of each text that is wrong: reason and mend.

    Examples
    --------
    >>> level = Column("level", "The level", "integer", minimum=0, maximum=3)
    >>> values, wrong = read_texts(level, ["2,0", "x"])
    >>> values.tolist(), wrong[1][0]
    ([2, None], 'is not a whole number from 0 to 3')
    """
    values = np.empty(len(texts), dtype=object)
    wrong: dict[int, Complaint] = {}
    places: Sequence[int] = range(len(texts))
    if column.kind == "text":
        values[:] = texts
        # statements are many and nearly always fine: look closely at the few that may not be
        places = [i for i, text in enumerate(texts) if len(text) < 24 or _is_suspicious(text)]
    read = _KINDS[column.kind]
    for i in places:
        text = texts[i]
        if text:
            outcome = _garbled(text) or read(column, text)
            if isinstance(outcome, tuple):
                wrong[i] = outcome
            values[i] = None if isinstance(outcome, tuple) else outcome
        else:
            values[i] = None
            if column.required:
                wrong[i] = ("is empty", f"{write(column)}.")
    return values, wrong


def expected(column: Column) -> str:
    """Say what a cell of a column should be, as it reads after "is not".

    Examples
    --------
    >>> expected(Column("level", "", "integer", minimum=0, maximum=3))
    'a whole number from 0 to 3'
    """
    if column.kind == "integer":
        if column.maximum is None:
            return f"a whole number of {column.minimum or 0} or more"
        return f"a whole number from {column.minimum} to {column.maximum}"
    return _or(column.choices) if column.kind == "choice" else _WORDS[column.kind][0]


def write(column: Column) -> str:
    """Say what to write into a cell of a column, without the full stop.

    Examples
    --------
    >>> write(Column("level", "", "integer", False, minimum=0, maximum=3))
    'Write 0, 1, 2 or 3, or leave the cell empty'
    """
    low, high = column.minimum or 0, column.maximum
    if column.kind == "integer":
        few = high is not None and high - low < 10
        what = _or([str(n) for n in range(low, high + 1)]) if few and high else expected(column)
    else:
        what = _or(column.choices) if column.kind == "choice" else _WORDS[column.kind][1]
    escape = column.otherwise or ("" if column.required else "leave the cell empty")
    return f"Write {what}, or {escape}" if escape else f"Write {what}"


# what it is; what to write
_WORDS = {
    "text": ("text", "text"),
    "id": ("an id", "letters, digits, - and _, with a letter or digit first"),
    "list": ("a list of ids", "ids with ; between them"),
    "number": ("a number above 0", "a number above 0, such as 3 or 0.5"),
    "url": ("a web address", "an address that begins with http:// or https://"),
    "date": ("a day of the calendar", "the day as YYYY-MM-DD"),
}


def shown(text: str) -> str | None:
    """Give a text as a message can print it: one line, no control characters, not too long."""
    line = " ".join(text.split())
    line = "".join(letter if letter.isprintable() else "\ufffd" for letter in line)
    return (line if len(line) <= 60 else f"{line[:57]}...") or None


_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+")
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}(?:[.,]0+)?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_ID = re.compile(ID_PATTERN)
_URL = re.compile(r"https?://[^\s/?#]+\S*")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?: 00:00:00)?")

_BROKEN = re.compile(r"#(?:N/A|N/V|NV|[A-ZÄÖÜÉ0-9/]+[!?])|#{3,}")
_MONTHS = (
    "jan|janv|ene|gen|feb|févr|mar|mär|mrz|mars|mrt|apr|avr|abr|may|mai|maj|mei|mag|jun|juin|giu"
    "|jul|juil|lug|aug|août|ago|sep|sept|set|oct|okt|out|ott|nov|dec|dez|déc|dic"
)
# what a spreadsheet makes of 1-3: 1-Mar, 01. Mrz, Jan-03, or a date with a time
_MADE_DATE = re.compile(
    rf"(?i:[0-9]{{1,2}}(?:-(?:{_MONTHS})(?:-[0-9]{{2,4}})?|\. (?:{_MONTHS})\.?))"
    r"|(?:Jan|Feb|Mar|Mär|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sep|Oct|Okt|Nov|Dec|Dez)-[0-9]{2}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{8}"
)
_DATE = re.compile(
    rf"{_MADE_DATE.pattern}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    r"|[0-9]{1,2}[./][0-9]{1,2}[./](?:[0-9]{4}|[0-9]{2})?"
)
_DATE_MEND = "Format the column as text and type the value again."


def _is_suspicious(text: str) -> bool:
    return not text.isprintable() or "\ufffd" in text or len(text) > LONGEST


def _garbled(text: str) -> Complaint | None:
    """Find letters that were lost or never letters, and cells that a spreadsheet broke."""
    if _is_suspicious(text):
        if len(text) > LONGEST:
            return (
                f"has {len(text):,} characters, and a cell may have {LONGEST:,}",
                "Shorten it; if it holds other rows too, close the quotation mark before them.",
            )
        if re.search("[\ud800-\udfff]", text):
            return (
                "holds bytes that are not UTF-8",
                "Type the text again and save the file as CSV UTF-8.",
            )
        if "\ufffd" in text:
            return (
                "holds \ufffd, the mark of a letter that an earlier program could not read",
                "Type the letter again.",
            )
        if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", text):
            return "holds a control character", "Type the text again."
    if _BROKEN.fullmatch(text):
        return "is an error of a spreadsheet", "Type the value as text."
    return None


def _wrong(column: Column, text: str) -> Complaint:
    if _DATE.fullmatch(text):
        return "looks like a date that a spreadsheet made of something like 1-3", _DATE_MEND
    return f"is not {expected(column)}", f"{write(column)}."


def _text(column: Column, text: str) -> str | Complaint:
    return _wrong(column, text) if _MADE_DATE.fullmatch(text) else closed(text)


_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c",
          "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}  # fmt: skip


def closed(text: str) -> str:
    r"""End what a text leaves open of another direction of writing: it ends with its cell.

    References
    ----------
    Unicode Consortium (2024), *UAX #9: Unicode Bidirectional Algorithm*, sections 2.1 to 2.6.

    Examples
    --------
    >>> closed("a \u202eb")
    'a \u202eb\u202c'
    """
    if text.isprintable():
        return text
    due: list[str] = []
    for sign in text:
        if sign in _OPENS:
            due.append(_OPENS[sign])
        elif sign in due:
            # The end of an isolate ends what is open within; a lone end ends nothing.
            while due.pop() != sign:
                pass
    return text + "".join(reversed(due))


def _id(column: Column, text: str) -> str | Complaint:
    if _ID.fullmatch(text) and not _DATE.fullmatch(text):
        return text
    return _wrong(column, text)


def _integer(column: Column, text: str) -> int | Complaint:
    if _AMBIGUOUS.fullmatch(text) or not _WHOLE.fullmatch(text):
        return _wrong(column, text)
    number = int(re.split("[.,]", text)[0])
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    return number if low <= number <= high else _wrong(column, text)


def _number(column: Column, text: str) -> float | Complaint:
    if _AMBIGUOUS.fullmatch(text):
        decimal, plain = text.replace(",", ".", 1), text.replace(",", "")
        return f"could mean {decimal} or {plain}", f"Write {decimal} or {plain}."
    if not _NUMBER.fullmatch(text):
        return _wrong(column, text)
    number = float(text.replace(",", "."))
    return number if 0 < number < math.inf else _wrong(column, text)


def _choice(column: Column, text: str) -> str | Complaint:
    if text in column.choices:
        return text
    reason, mend = _wrong(column, text)
    return reason, f"{nearest(text.casefold(), column.choices)} {mend}".strip()


def _list(column: Column, text: str) -> str | Complaint:
    parts = [part.strip() for part in text.split(";")]
    if not all(_ID.fullmatch(part) for part in parts):
        return _wrong(column, text)
    if len(set(parts)) < len(parts):
        return "names something twice", "Keep one of each."
    return ";".join(parts)


def _url(column: Column, text: str) -> str | Complaint:
    return text if _URL.fullmatch(text) else _wrong(column, text)


def _date(column: Column, text: str) -> str | Complaint:
    stated = _DAY.fullmatch(text)
    try:
        return datetime.date.fromisoformat(stated[1] if stated else "").isoformat()
    except ValueError:
        return f"is not {expected(column)}", f"{write(column)}."


_KINDS: dict[str, Callable[[Column, str], str | int | float | Complaint]] = {
    "text": _text,
    "id": _id,
    "integer": _integer,
    "number": _number,
    "choice": _choice,
    "list": _list,
    "url": _url,
    "date": _date,
}


def _or(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
