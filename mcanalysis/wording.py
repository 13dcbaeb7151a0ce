"""Numbers, lists and clauses as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mcanalysis.language import ORIGINAL, phrase, spoken

_SMALL = {
    "en": "none one two three four five six seven eight nine ten eleven twelve",
    "de": "keine eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "aucun un deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "ninguno uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
}
_LAST = {
    "and": {"en": "and", "de": "und", "fr": "et", "es": "y"},
    "or": {"en": "or", "de": "oder", "fr": "ou", "es": "o"},
}
_CITED = ("\u2068", "\u2069")  # Unicode's marks around text of another language


def count(number: int, none: str | None = None) -> str:
    """Write a number of things as a sentence has it: words up to twelve, digits above.

    What a one or a none is, changes with its noun in many languages: where a number can be 0 or 1,
    use `plural`.

    Examples
    --------
    >>> count(7), count(12), count(13), count(0, none="no")
    ('seven', 'twelve', '13', 'no')
    """
    if number == 0 and none is not None:
        return none
    return _SMALL[spoken()].split()[number] if 0 <= number <= 12 else grouped(number)


def plural(number: int, one: str, many: str, none: str | None = None, **fields: object) -> str:
    """Choose the phrase for a number of things; ``{n}`` in it is the number as `count` writes it.

    Parameters
    ----------
    number : int
    one, many : str
        What is said of one thing and of several, as literals, see `phrase`.
    none : str, optional
        What is said of no thing; by default `many`.
    **fields
        For the phrase; ``n`` where the number is to be written otherwise.

    Examples
    --------
    >>> [plural(n, "one level moved", "{n} levels moved", "no level moved") for n in (0, 1, 2)]
    ['no level moved', 'one level moved', 'two levels moved']
    >>> plural(3, "{n} page", "{n} pages", n=3)
    '3 pages'
    """
    chosen = one if number == 1 else none if number == 0 and none is not None else many
    return phrase(chosen, **{"n": count(number), **fields})


def counted(number: int, one: str, many: str | None = None, none: str = "no") -> str:
    """Write a number with its noun in English; `plural` does so in every language.

    Examples
    --------
    >>> counted(1, "system"), counted(3, "system"), counted(2, "party", "parties")
    ('one system', 'three systems', 'two parties')
    """
    return f"{count(number, none)} {one if number == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """Begin with a capital letter and leave the rest as it is.

    Examples
    --------
    >>> capital("the EU")
    'The EU'
    """
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Begin with a small letter, unless the first word is an abbreviation or a name.

    In German nothing changes: nouns keep their capital.

    Examples
    --------
    >>> lower_first("Legal basis"), lower_first("EU goals"), lower_first("A rule")
    ('legal basis', 'EU goals', 'a rule')
    """
    word = text.split(" ", 1)[0]
    if spoken() == "de" or (len(word) > 1 and not word[1].islower()):
        return text
    return text[:1].lower() + text[1:]


def clause(sentence: str) -> str:
    """Return a statement as a clause inside a sentence.

    Examples
    --------
    >>> clause("It is so.")
    'It is so'
    """
    return verbatim(sentence.rstrip("."))


def cited(text: str) -> str:
    """Mark words of the evidence inside a sentence of another language; see `texts.marked_up`.

    Examples
    --------
    >>> cited("A law is in force.")
    'A law is in force.'
    """
    if spoken() == ORIGINAL:
        return text
    for mark in _CITED:
        text = text.replace(mark, "")
    return text.join(_CITED)


def grouped(number: int) -> str:
    r"""Write an integer with a narrow space between thousands.

    Examples
    --------
    >>> grouped(20000)
    '20\u202f000'
    """
    if spoken() in ("de", "es") and -10_000 < number < 10_000:
        return str(number)
    return f"{number:,}".replace(",", "\u202f")


def decimal(value: float, places: int | None = 2, sign: bool = False) -> str:
    """Write a number with so many decimals; None: as many as it takes, six digits at most.

    Examples
    --------
    >>> decimal(0.6667), decimal(0.25, 3, sign=True), decimal(1.5, None)
    ('0.67', '+0.250', '1.5')
    """
    form = "g" if places is None else f".{places}f"
    text = f"{value:{'+' if sign else ''}{form}}"
    return text if spoken() == "en" else text.replace(".", ",")


def ordinal(number: int) -> str:
    """Write a rank.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st']
    """
    other = {"de": ".", "fr": "er" if number == 1 else "e", "es": ".º"}.get(spoken())
    if other:
        return f"{number}{other}"
    suffix = (
        "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{suffix}"


def percent(share: float) -> str:
    """Write a share as a whole per cent; a share that is not 0 or 1 is never written as if it were.

    Examples
    --------
    >>> percent(0.375), percent(0.001), percent(0.999), percent(1.0)
    ('38%', 'under 1%', 'over 99%', '100%')
    """
    if 0 < share < 0.005:
        return phrase("under {share}", share=percent(0.01))
    if 0.995 <= share < 1:
        return phrase("over {share}", share=percent(0.99))
    return f"{int(share * 100 + 0.5)}{percent_sign()}"


def percent_to(share: float, places: int) -> str:
    """Write a share as a per cent with so many decimals.

    Examples
    --------
    >>> percent_to(0.12345, 2)
    '12.35%'
    """
    return f"{decimal(100 * share, places)}{percent_sign()}"


def percent_sign() -> str:
    """Return what stands behind the number of a per cent, with the space before it."""
    return "%" if spoken() == "en" else "\u202f%"


def day(iso: str) -> str:
    """Write an ISO date as a reader does.

    Examples
    --------
    >>> day("2026-11-23")
    '23 November 2026'
    """
    year, month, number = iso.split("-")
    language = spoken()
    named = _MONTHS[language].split()[int(month) - 1]
    n = ordinal(int(number)) if language == "de" or (language, number) == ("fr", "01") else None
    of = " de " if language == "es" else " "
    return of.join((n or str(int(number)), named, year))


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does; a comma parts items that hold an "and" of their own.

    Parameters
    ----------
    words : iterable of str
    last : str
        ``and`` or ``or``.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    >>> listed(["funding and incentives", "law"])
    'funding and incentives, and law'
    """
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    language = spoken()
    last = _LAST[last][language]
    comma = "," if any(f" {last} " in item for item in items) else ""
    if language == "de" and comma and last == "und":
        comma, last = "", "sowie"
    if language == "es":
        last = _euphonic(last, items[-1].casefold())
    return f"{', '.join(items[:-1])}{comma} {last} {items[-1]}"


def _euphonic(last: str, word: str) -> str:
    """Keep a Spanish "y" or "o" from running into the same sound of the next word."""
    sound = word.removeprefix("h")
    if last == "y" and sound.startswith(("i", "í")) and not word.startswith("hie"):
        return "e"
    return "u" if last == "o" and sound.startswith(("o", "ó")) else last


def clauses(*parts: str) -> str:
    """Join clauses by semicolons; French keeps a space before them.

    Examples
    --------
    >>> clauses("this is so", "that is not")
    'this is so; that is not'
    """
    return ("\u202f; " if spoken() == "fr" else "; ").join(parts)


def listed_some(words: Sequence[str], most: int) -> str:
    """Join the first words and count the rest.

    Examples
    --------
    >>> listed_some(["a", "b", "c", "d"], 2), listed_some(["a", "b", "c"], 2)
    ('a, b and two more', 'a, b and c')
    """
    if len(words) <= most + 1:
        return listed(words)
    return listed([*words[:most], phrase("{n} more", n=count(len(words) - most))])


def verbatim(text: str) -> str:
    r"""Part the asterisks of a text by a sign of no width: a sentence has its own for emphasis.

    Examples
    --------
    >>> verbatim("a **b**")
    'a *\u2060*b*\u2060*'
    """
    return text.replace("**", "*\u2060*")
