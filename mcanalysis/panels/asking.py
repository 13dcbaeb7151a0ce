"""What a panel is asked: the items of a topic, and the fewest questions that weigh them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from mcanalysis.errors import ParameterError, nearest
from mcanalysis.frames import each_row
from mcanalysis.model import QUADRANTS, Study
from mcanalysis.names import Names
from mcanalysis.panels.phrases import say
from mcanalysis.swot import swot_matrix

DIMENSIONS = "dimensions"
"""Topic under which a panel judges the dimensions."""
METHODS = ("pairwise", "best-worst", "rating")
EACH_IN = 3
"""Comparisons in which each item takes part: one to link it, the others to check its answers."""
SCALE = 9
"""Strongest comparison."""
HIGHEST_RATING = 10


@dataclass(frozen=True)
class Item:
    """What is judged: its id, its name in a question, and what is meant by it."""

    id: str
    label: str
    meaning: str


@dataclass(frozen=True)
class Part:
    """Items that are judged against each other, in one way.

    Attributes
    ----------
    name : str
        "" for a topic that is asked in one go; else a quadrant, or "groups".
    heading : str
    method : str
        One of `METHODS`.
    items : tuple of Item
    pairs : tuple of (int, int)
        Places of the items that are compared; none unless pairwise.
    """

    name: str
    heading: str
    method: str
    items: tuple[Item, ...]
    pairs: tuple[tuple[int, int], ...] = ()

    @property
    def questions(self) -> int:
        """How many answers are asked for."""
        n = len(self.items)
        return {"pairwise": len(self.pairs), "best-worst": 2 * n - 1, "rating": n}[self.method]


@dataclass(frozen=True)
class Questionnaire:
    """What one judge is asked.

    Attributes
    ----------
    topic, title : str
    parts : tuple of Part
    groups : dict of str to str
        Stakeholder id -> name, of which a judge chooses one.
    """

    topic: str
    title: str
    parts: tuple[Part, ...]
    groups: dict[str, str]

    @property
    def questions(self) -> int:
        """How many answers are asked for, the group left out."""
        return sum(part.questions for part in self.parts)


def topics_of(study: Study) -> list[str]:
    """List what a panel can be asked about: the dimensions, stakeholders' benefits, factors."""
    gaining, coded = set(study.benefits["stakeholder_id"]), set(study.swot_factors["system_id"])
    return [
        DIMENSIONS,
        *(str(s) for s in study.stakeholders["stakeholder_id"] if s in gaining),
        *(str(s) for s in study.systems["system_id"] if s in coded),
    ]


def ask(study: Study, topic: str, method: str = "pairwise", copy: int = 0) -> Questionnaire:
    """Lay out the questions on a topic, as few as the method allows.

    Ratings need one answer per item, best-worst comparisons two per item (less one, as the best
    against the worst is said once). Of pairwise comparisons n - 1 would link n items, but could not
    show whether they fit together: each item takes part in `EACH_IN` comparisons, along a circle of
    all items and across it, so that any two are linked over few others and every answer is checked
    by others. Copies go round the circle in other orders: together they ask for more pairs.

    Parameters
    ----------
    study : Study
    topic : str
        "dimensions", a stakeholder (its benefits) or a system (its SWOT factors: those of each
        quadrant, then the quadrants).
    method : str
        "pairwise", "best-worst" (two items are compared pairwise) or "rating".
    copy : int
        Number of the copy.

    Returns
    -------
    Questionnaire

    Raises
    ------
    ParameterError
        For an unknown topic or method (names the nearest), or fewer than two items.

    References
    ----------
    Szádoczki, Z., Bozóki, S. & Tekile, H. A. (2022), *Filling in pattern designs for incomplete
    pairwise comparison matrices: (quasi-)regular graphs with minimal diameter*. Omega 107, 102557.
    Rezaei, J. (2016), Omega 64, 126-130. Kurttila, M. et al. (2000), Forest Policy and Economics 1.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> [ask(study, "dimensions", method).questions for method in METHODS]
    [17, 21, 11]
    """
    if method not in METHODS:
        raise ParameterError(
            f'method: "{method}" is not known.{nearest(method, METHODS)} '
            f"Use one of {', '.join(METHODS)}."
        )
    known = topics_of(study)
    if topic not in known:
        raise ParameterError(
            f'There is nothing to ask about "{topic}".{nearest(topic, known)} '
            f"Topics are: {', '.join(known)}."
        )
    title, found = _items(study, topic)
    parts = tuple(
        _part(name, heading, items, method, copy) for name, heading, items in found if items[1:]
    )
    if not parts:
        raise ParameterError(f'topic "{topic}": it has one item only, nothing to weigh it against.')
    names = Names.of(study)
    groups = {str(s): str(names.stakeholder(str(s))) for s in study.stakeholders["stakeholder_id"]}
    if not groups:
        raise ParameterError("stakeholders.csv names no group that a judge could speak for.")
    return Questionnaire(topic, title, parts, groups)


def _items(study: Study, topic: str) -> tuple[str, list[tuple[str, str, tuple[Item, ...]]]]:
    """Return the title of a topic and name, heading and items of each part."""
    names = Names.of(study)
    if topic == DIMENSIONS:
        items = [
            Item(d, str(names.dimension(d)), names.text("dimensions", d, "question"))
            for d in map(str, study.dimensions["dimension_id"])
        ]
        return say("title_dimensions"), [("", "", tuple(items))]
    if topic in set(study.stakeholders["stakeholder_id"]):
        own = study.benefits[study.benefits["stakeholder_id"] == topic]
        items = [
            Item(b, str(names.benefit(b)), names.text("benefits", b, "description"))
            for b in map(str, own["benefit_id"])
        ]
        who = names.stakeholder(topic).inside
        return say("title_benefits", who=who), [("", "", tuple(items))]
    board = {q: f for q, f in swot_matrix(study, topic).items() if len(f)}
    found = [
        (q, say(f"part_{q}"),
         tuple(Item(r.factor_id, r.statement, "") for r in each_row(f)))
        for q, f in board.items()
    ]  # fmt: skip
    groups = tuple(Item(q, say(q), "") for q in QUADRANTS if q in board)
    title = say("title_factors", system=names.in_sentence(topic))
    return title, [*found, ("groups", say("part_groups"), groups)]


def _part(name: str, heading: str, items: tuple[Item, ...], method: str, copy: int) -> Part:
    if method == "best-worst" and len(items) == 2:
        method = "pairwise"
    pairs = round_trip(len(items), copy) if method == "pairwise" else ()
    return Part(name, heading, method, items, pairs)


def round_trip(n: int, copy: int = 0) -> tuple[tuple[int, int], ...]:
    """Choose the pairs of n items to compare: neighbours on a circle, then those across it.

    Parameters
    ----------
    n : int
    copy : int
        The circle takes every k-th item, k by the number of the copy.

    Returns
    -------
    tuple of (int, int)
        Each item in three pairs, one of them in four where n is odd; all pairs up to four items.
        The side on which an item stands changes from pair to pair.

    Examples
    --------
    >>> round_trip(3), len(round_trip(11)), round_trip(5, 1)[:2]
    (((0, 1), (2, 0), (1, 2)), 17, ((0, 2), (2, 4)))
    """
    if n <= EACH_IN + 1:
        pairs = list(combinations(range(n), 2))
    else:
        steps = [k for k in range(1, n // 2 + 1) if _coprime(k, n)]
        k = steps[copy % len(steps)]
        circle = [(k * place) % n for place in range(n)]
        half, across = n // 2, -(-n // 2)
        pairs = [(circle[i], circle[(i + 1) % n]) for i in range(n)]
        pairs += [(circle[i], circle[(i + half) % n]) for i in range(across)]
    return tuple(_balanced(pairs))


def _coprime(a: int, b: int) -> bool:
    while b:
        a, b = b, a % b
    return a == 1


def _balanced(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Let each item stand on the left about as often as on the right."""
    left: dict[int, int] = {}
    for i, j in pairs:
        if left.get(i, 0) > left.get(j, 0):
            i, j = j, i
        left[i], left[j] = left.get(i, 0) + 1, left.get(j, 0) - 1
        yield i, j
