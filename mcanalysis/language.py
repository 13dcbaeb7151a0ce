"""The language of pages: our words in English, German, French and Spanish.

The English text in the code is the key of ``words.csv``, which a translator edits; what is not in
it, or not translated yet, is said in English. A key may end in ``|`` and a mark that tells two
meanings of a word apart: the mark is never shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from io import StringIO

from mcanalysis.errors import ParameterError, nearest

LANGUAGES = {"en": "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
"""Code -> what its speakers call it."""
ORIGINAL = "en"
"""Language of the code and of the evidence."""
_now = [ORIGINAL]  # of the process: a notebook speaks in one cell and shows in others


def speak(language: str) -> None:
    """Set the language in which this process speaks from now on.

    Parameters
    ----------
    language : str
        ``en``, ``de``, ``fr`` or ``es``.

    Raises
    ------
    ParameterError
        If it is none of them.

    Examples
    --------
    >>> speak("en")
    """
    check_language(language)
    _now[0] = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for a while.

    Examples
    --------
    >>> from mcanalysis.wording import percent
    >>> with speaking("de"):
    ...     percent(0.375).split()
    ['38', '%']
    """
    before = spoken()
    speak(language)
    try:
        yield
    finally:
        _now[0] = before


def spoken() -> str:
    """Return the code of the language that is spoken now."""
    return _now[0]


def check_language(language: str) -> None:
    """Raise ParameterError, naming the nearest, if there are no words in a language."""
    if language not in LANGUAGES:
        raise ParameterError(
            f'There are no words in the language "{language}".{nearest(language, LANGUAGES)} '
            f"It can be one of: {', '.join(LANGUAGES)}."
        )


def phrase(english: str, /, **fields: object) -> str:
    """Say a sentence, a clause or a word of ours in the language that is spoken.

    Parameters
    ----------
    english : str
        Always a literal, or what `marked` marked: `tests/phrases.py` finds it in the source.
        ``{name}`` is filled in; an attribute may be asked for, ``{system.of}``.
    **fields
        As they are to be read: numbers, lists and names come from `wording` and `names`.

    Returns
    -------
    str

    Examples
    --------
    >>> phrase("Level {level} of 3", level=2), phrase("high|confidence")
    ('Level 2 of 3', 'high')
    """
    text = english if _now[0] == ORIGINAL else words(_now[0]).get(english) or english
    if "|" in text:
        text = text.partition("|")[0]
    return text.format_map(fields) if fields else text


def marked(english: str) -> str:
    """Return a text that `phrase` says later: for constants, which are made before a language is.

    Examples
    --------
    >>> WORDS = {"eu": marked("European Union")}
    >>> phrase(WORDS["eu"])
    'European Union'
    """
    return english


def words(language: str) -> dict[str, str]:
    """Return English text -> text of ``words.csv`` in a language; untranslated ones are empty."""
    return _words()[language]


@cache
def _words() -> dict[str, dict[str, str]]:
    text = (files("mcanalysis") / "words.csv").read_text(encoding="utf-8")
    columns = {name: said for name, *said in zip(*csv.reader(StringIO(text)), strict=True)}
    return {code: dict(zip(columns["en"], columns[code], strict=True)) for code in LANGUAGES}
