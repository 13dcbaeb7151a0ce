"""Numbers, lists and names as they stand in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from mcanalysis.model import Study

_SMALL = (
    *("none", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def count(number: int, none: str = "none") -> str:
    """Write a number of things as a sentence has it: words up to twelve, digits above.

    Examples
    --------
    >>> count(7), count(12), count(13), count(0, none="no")
    ('seven', 'twelve', '13', 'no')
    """
    if number == 0:
        return none
    return _SMALL[number] if 0 < number <= 12 else grouped(number)


def counted(number: int, one: str, many: str | None = None, none: str = "no") -> str:
    """Write a number with its noun.

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

    Examples
    --------
    >>> lower_first("Legal basis"), lower_first("EU goals"), lower_first("A rule")
    ('legal basis', 'EU goals', 'a rule')
    """
    word = text.split(" ", 1)[0]
    return text if len(word) > 1 and not word[1].islower() else text[:1].lower() + text[1:]


def clause(sentence: str) -> str:
    """Return a statement as a clause inside a sentence.

    Examples
    --------
    >>> clause("It is so.")
    'It is so'
    """
    return verbatim(sentence.rstrip("."))


def grouped(number: int) -> str:
    r"""Write an integer with a narrow space between thousands.

    Examples
    --------
    >>> grouped(20000)
    '20\u202f000'
    """
    return f"{number:,}".replace(",", "\u202f")


def ordinal(number: int) -> str:
    """Write a rank.

    Examples
    --------
    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 21)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '21st']
    """
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
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{int(share * 100 + 0.5)}%"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Join words as a sentence does; a comma parts items that hold an "and" of their own.

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
    comma = "," if any(f" {last} " in item for item in items) else ""
    return f"{', '.join(items[:-1])}{comma} {last} {items[-1]}"


def listed_some(words: Sequence[str], most: int) -> str:
    """Join the first words and count the rest.

    Examples
    --------
    >>> listed_some(["a", "b", "c", "d"], 2), listed_some(["a", "b", "c"], 2)
    ('a, b and two more', 'a, b and c')
    """
    if len(words) <= most + 1:
        return listed(words)
    return listed([*words[:most], f"{count(len(words) - most)} more"])


def _spelt(names: pd.Series[str]) -> dict[str, str]:
    """Return names by id; ``**`` in a name is no emphasis of the sentence that it comes into."""
    return {str(i): n if pd.isna(n) else verbatim(n) for i, n in names.items()}


def verbatim(text: str) -> str:
    r"""Part the asterisks of a text by a sign of no width: a sentence has its own for emphasis.

    Examples
    --------
    >>> verbatim("a **b**")
    'a *\u2060*b*\u2060*'
    """
    return text.replace("**", "*\u2060*")


class Names:
    """Names of a study's rows by id, as text needs them.

    Parameters
    ----------
    study : Study

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> names = Names(read_study("data"))
    >>> names.system("NL"), names.in_sentence("NL"), names.dimension("legislation")
    ('Netherlands', 'the Netherlands', 'Legal basis')
    """

    def __init__(self, study: Study) -> None:
        systems = study.systems.set_index("system_id")
        self._system = _spelt(systems["short_name"])
        self._full = _spelt(systems["name"])
        self._article = _spelt(systems["article"])
        dimensions = study.dimensions.set_index("dimension_id")
        self._dimension = _spelt(dimensions["name"])
        self._short = _spelt(dimensions["short_name"])
        self._stakeholder = _spelt(study.stakeholders.set_index("stakeholder_id")["name"])
        self._benefit = _spelt(study.benefits.set_index("benefit_id")["label"])

    def system(self, system_id: str) -> str:
        """Name for lists and charts."""
        return str(self._system[system_id])

    def full(self, system_id: str) -> str:
        """Name in full, for titles."""
        return str(self._full[system_id])

    def in_sentence(self, system_id: str) -> str:
        """Name with its article, if it has one."""
        article = self._article[system_id]
        name = self.system(system_id)
        return name if pd.isna(article) else f"{article} {name}"

    def dimension(self, dimension_id: str) -> str:
        """Name of a dimension in full."""
        return str(self._dimension[dimension_id])

    def short(self, dimension_id: str) -> str:
        """Name of a dimension for charts."""
        return str(self._short[dimension_id])

    def stakeholder(self, stakeholder_id: str) -> str:
        """Name of a stakeholder group."""
        return str(self._stakeholder[stakeholder_id])

    def benefit(self, benefit_id: str) -> str:
        """Label of a benefit."""
        return str(self._benefit[benefit_id])
