"""Cron expressions: read, checked, and said as cron, systemd and GitHub Actions take them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mcanalysis.errors import ParameterError, nearest

SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_PART = re.compile(r"(\*|\w+(?:-\w+)?)(?:/(\w+))?")


@dataclass(frozen=True)
class Field:
    """One of the five fields: its name, the numbers it can hold, names for some of them."""

    name: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()

    def number(self, word: str) -> int | None:
        """Return what a number or a name stands for, or None."""
        if word.isascii() and word.isdigit():
            return int(word)
        return self.words.index(word.lower()) + self.lowest if word.lower() in self.words else None

    @property
    def known(self) -> str:
        """What the field can hold, for messages."""
        some = f", or {self.words[0]} to {self.words[-1]}" if self.words else ""
        return f"{self.lowest} to {self.highest}{some}"


FIELDS = (
    Field("minute", 0, 59),
    Field("hour", 0, 23),
    Field("day of the month", 1, 31),
    Field("month", 1, 12, tuple(_MONTHS)),
    Field("day of the week", 0, 7, tuple(_DAYS)),
)


@dataclass(frozen=True)
class Cron:
    """When to run.

    Attributes
    ----------
    minutes, hours, days, months, weekdays : tuple of int
        The numbers that each field stands for, ascending; Sunday is 0.
    fields : tuple of str
        The same as five texts of numbers only, which every cron reads alike: names, 7 and @daily
        are gone.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    fields: tuple[str, ...]

    @property
    def line(self) -> str:
        """The five fields as a crontab has them."""
        return " ".join(self.fields)

    @property
    def either_day(self) -> bool:
        """Whether a day that fits one of the two fields of days is enough, as cron has it."""
        return not (self.fields[2].startswith("*") or self.fields[4].startswith("*"))

    def on_calendar(self) -> tuple[str, ...]:
        """Return the same times for systemd: it asks for both fields of days, so there may be two.

        Examples
        --------
        >>> read_cron("*/15 8-18 * * mon-fri").on_calendar()
        ('Mon,Tue,Wed,Thu,Fri *-*-* 08,09,10,11,12,13,14,15,16,17,18:00,15,30,45:00',)
        >>> read_cron("0 5 1 * sun").on_calendar()
        ('*-*-01 05:00:00', 'Sun *-*-* 05:00:00')
        """

        def some(numbers: tuple[int, ...], all_of: int) -> str:
            return "*" if len(numbers) == all_of else ",".join(f"{n:02}" for n in numbers)

        days = ",".join(_DAYS[n].capitalize() for n in sorted(self.weekdays, key=lambda n: n or 7))
        week = f"{days} " if len(self.weekdays) < 7 else ""
        time = f"{some(self.hours, 24)}:{some(self.minutes, 60)}:00"
        months, month_days = some(self.months, 12), some(self.days, 31)
        if self.either_day:
            return (f"*-{months}-{month_days} {time}", f"{week}*-{months}-* {time}")
        return (f"{week}*-{months}-{month_days} {time}",)


def read_cron(text: str) -> Cron:
    """Read a cron expression.

    Parameters
    ----------
    text : str
        Minute, hour, day of the month, month, day of the week; each ``*``, a number, a name of
        three letters, a range, a list of these, with a step after ``/``. Or ``@hourly``,
        ``@daily``, ``@weekly``, ``@monthly``, ``@yearly``.

    Returns
    -------
    Cron

    Raises
    ------
    ParameterError
        With every field that is wrong, what it can hold, how to mend it; or if no day ever fits.

    References
    ----------
    crontab(5) of Debian's cron 3.0: where both fields of days are restricted, one that fits is
    enough; a field that begins with ``*`` does not restrict.

    Examples
    --------
    >>> read_cron("@daily").line, read_cron("0 5 * jan-mar fri-sun").line
    ('0 0 * * *', '0 5 * 1-3 0,5-6')
    """
    words = text.split()
    if len(words) == 1 and words[0].startswith("@"):
        word = words[0].lower()
        if word not in SHORTHANDS:
            raise ParameterError(
                f'"{text}" is no time that comes again.{nearest(word, SHORTHANDS)} It can be one '
                f"of: {', '.join(SHORTHANDS)}."
            )
        words = SHORTHANDS[word].split()
    if len(words) != len(FIELDS):
        raise ParameterError(
            f'"{text}" has {len(words)} of five fields: {", ".join(f.name for f in FIELDS)}. Write '
            '"0 5 * * *" for every day at 05:00.'
        )
    problems, read = [], []
    for field, word in zip(FIELDS, words, strict=True):
        numbers: set[int] = set()
        for found in _numbers(field, word):
            if isinstance(found, str):
                problems.append(f'{field.name} "{word}": {found}')
            else:
                numbers.update(found)
        if field.highest == 7:
            numbers = {n % 7 for n in numbers}
        read.append(tuple(sorted(numbers)))
    if problems:
        raise ParameterError("\n".join(problems))
    minutes, hours, days, months, weekdays = read
    said = tuple(_said(f, w, n) for f, w, n in zip(FIELDS, words, read, strict=True))
    cron = Cron(minutes, hours, days, months, weekdays, said)
    # Of a leap year, so that 29 February is a day that comes.
    longest = max(calendar.monthrange(2024, month)[1] for month in cron.months)
    if not cron.either_day and min(cron.days) > longest:
        raise ParameterError(
            f'"{text}" never comes: the longest month named has {longest} days. Name another day '
            "of the month or another month."
        )
    return cron


def _numbers(field: Field, word: str) -> Iterator[set[int] | str]:
    """Give the numbers that each part of a field stands for, or say what is wrong with it."""
    for part in word.split(","):
        match = _PART.fullmatch(part)
        if not match:
            yield f'"{part}" is not a number, a range (1-5) or *. It can hold {field.known}.'
            continue
        span, by = match.groups()
        first, _, last = (span if span != "*" else f"{field.lowest}-{field.highest}").partition("-")
        start, end = field.number(first), field.number(last or first)
        if by and not last:
            end = field.highest
        if by is not None and not (by.isascii() and by.isdigit() and int(by)):
            yield f'the step "{by}" is not a whole number from 1. Write */15 for every fifteenth.'
            continue
        unknown = [w for w, n in ((first, start), (last or first, end)) if n is None]
        if start is None or end is None:
            hint = nearest(unknown[0], field.words)
            yield f'"{unknown[0]}" is unknown.{hint} It can hold {field.known}.'
            continue
        if field.highest == 7 and last and end == 0:
            end = 7
        outside = [n for n in (start, end) if not field.lowest <= n <= field.highest]
        if outside:
            yield f"{outside[0]} is out of range. It can hold {field.known}."
        elif end < start:
            yield (
                f'the range "{span}" runs backwards. Write its two ends apart: '
                f"{first}-{field.highest},{field.lowest}-{last}."
            )
        else:
            yield set(range(start, end + 1, int(by or 1)))


def _said(field: Field, word: str, numbers: tuple[int, ...]) -> str:
    """Write a field in numbers; one that begins with a star goes on to do so, see `either_day`."""
    if word.startswith("*"):
        plain = re.sub(r"[A-Za-z]+", lambda name: str(field.number(name[0])), word)
        return "*" if plain in ("*", "*/1") else plain
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][-1] + 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
