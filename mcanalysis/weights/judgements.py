"""A panel's table of judgements, read: checked, and arranged by item and judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from mcanalysis.errors import MethodError, nearest
from mcanalysis.frames import each_row
from mcanalysis.model import TABLES
from mcanalysis.weights.comparing import ROUNDED, balance
from mcanalysis.weights.pairwise import Booleans, Floats, chunks
from mcanalysis.weights.stated import refuse

Places = npt.NDArray[np.intp]

BEST_WORST = ("best-to-other", "other-to-worst")


@dataclass(frozen=True)
class Judgements:
    """What the judges of a panel said on one topic, checked.

    Attributes
    ----------
    topic : str
    items : list of str
        In the order asked for, else in that in which they first appear.
    stakeholders : Series, index judge_id
        Group each judge speaks for; missing where none is given.
    pairs : array, shape (n, n, judges)
        Pairwise comparisons, NaN where not made; see `weigh_pairs`.
    pair_judges : list of str
    ratings, best_to, to_worst : DataFrame, index item, columns judge_id
        Of the judges who were asked so; no columns where nobody was.
    """

    topic: str
    items: list[str]
    stakeholders: pd.Series
    pairs: Floats
    pair_judges: list[str]
    ratings: pd.DataFrame
    best_to: pd.DataFrame
    to_worst: pd.DataFrame


def read_judgements(
    panel: pd.DataFrame, topic: str, items: Sequence[str] | None = None, scale: float = 9
) -> Judgements:
    """Arrange a panel's table of judgements by item and judge.

    Parameters
    ----------
    panel : DataFrame
        Columns of the table ``panels``: judge_id, stakeholder_id, topic, kind (pairwise, rating,
        best-to-other: best on the left, other-to-worst: worst on the right), left, right, value.
        An empty value is a question that was not answered. The best against the worst belongs to
        both halves of best-worst judgements; to say it in one of them is enough, as the key of the
        table has no room for both.
    topic : str
        Rows on other topics are left out.
    items : sequence of str, optional
        What the topic is about; every item named in the table when left out.
    scale : float
        Strongest comparison.

    Raises
    ------
    MethodError
        All that is wrong: unknown topic, item or kind, a judge who answered nothing or in two ways
        (pairwise and rating), one question with two different answers, an item against itself, no
        positive number, one outside the scale.

    Examples
    --------
    >>> panel = pd.DataFrame(
    ...     [["j1", "hei", "dimensions", "pairwise", "law", "credits", 3.0]],
    ...     columns=["judge_id", "stakeholder_id", "topic", "kind", "left", "right", "value"],
    ... )
    >>> read_judgements(panel, "dimensions").pairs[0, 1].tolist()
    [3.0]
    """
    lacking = [c for c in ("judge_id", "topic", "kind", "left", "right", "value") if c not in panel]
    if lacking:
        raise MethodError(
            f"panel: column {', '.join(lacking)} is missing. Hand in a table with the columns "
            f"{', '.join(TABLES['panels'].column_names)}."
        )
    topics = [str(name) for name in panel["topic"].dropna().unique()]
    rows = _where(panel, panel["topic"] == topic)
    if rows.empty:
        raise MethodError(
            f'panel: nobody was asked about "{topic}".{nearest(topic, topics)} '
            f"It holds {', '.join(topics) or 'nothing'}."
        )
    nameless = int(rows["judge_id"].isna().sum())
    if nameless:
        raise MethodError(f"panel: {nameless} rows on {topic} name no judge. Fill in judge_id.")
    ends = [end for side in ("left", "right") for end in rows[side].dropna().unique()]
    named = [*dict.fromkeys(map(str, ends))] if items is None else list(items)
    judges = rows["judge_id"].astype(str)
    code, known = pd.factorize(judges)
    wrong: list[str] = []
    for part in chunks(len(known)):
        some = _where(rows, (code >= part.start) & (code < part.stop))
        wrong += _problems(some, topic, named, scale)
    refuse(wrong)
    kinds = {kind: _where(rows, rows["kind"] == kind) for kind in rows["kind"].dropna().unique()}
    group = (
        rows["stakeholder_id"].set_axis(judges).groupby(level=0, sort=False).first()
        if "stakeholder_id" in rows
        else pd.Series(pd.NA, index=pd.Index(judges.unique()), dtype="object")
    )
    pairs, pair_judges = _compared(kinds.get("pairwise", rows.iloc[:0]), named)
    best_to = _by_judge(kinds.get("best-to-other"), "right", named)
    to_worst = _by_judge(kinds.get("other-to-worst"), "left", named)
    if len(best_to.columns):
        _join_ends(best_to, to_worst, *(kinds[kind] for kind in BEST_WORST))
    return Judgements(
        topic,
        named,
        group.rename_axis("judge_id"),
        pairs,
        pair_judges,
        _by_judge(kinds.get("rating"), "left", named),
        best_to,
        to_worst,
    )


def _where(rows: pd.DataFrame, wanted: pd.Series | Booleans) -> pd.DataFrame:
    """Return some rows; the table itself, not a copy, where all are wanted."""
    return rows if wanted.all() else rows[wanted]


def _compared(rows: pd.DataFrame, items: Sequence[str]) -> tuple[Floats, list[str]]:
    """Arrange comparisons as matrices; an answer given in both directions counts as their mean."""
    judge, judges = pd.factorize(rows["judge_id"].astype(str))
    said = np.full((len(items), len(items), len(judges)), np.nan)
    for part in chunks(len(judges)):
        mine = (judge >= part.start) & (judge < part.stop) & rows["value"].notna().to_numpy()
        (left, right), value = _places(rows[mine], items), rows["value"].to_numpy(float)[mine]
        said[left, right, judge[mine]] = value
        said[:, :, part] = balance(said[:, :, part])
    return said, [str(name) for name in judges]


def _by_judge(rows: pd.DataFrame | None, item: str, items: Sequence[str]) -> pd.DataFrame:
    if rows is None:
        return pd.DataFrame(index=pd.Index(items, name="item"), dtype=float)
    rows = rows[~(rows["left"] == rows["right"]).fillna(False)]
    wide = rows.groupby([item, "judge_id"], sort=False)["value"].first().unstack("judge_id")
    judges = [str(j) for j in rows["judge_id"].unique()]
    return wide.reindex(index=pd.Index(items, name="item"), columns=judges).astype(float)


def _join_ends(
    best_to: pd.DataFrame, to_worst: pd.DataFrame, first: pd.DataFrame, last: pd.DataFrame
) -> None:
    """Fill in the best against the worst in one half where only the other says it."""
    best = dict(zip(first["judge_id"].astype(str), first["left"].astype(str), strict=True))
    worst = dict(zip(last["judge_id"].astype(str), last["right"].astype(str), strict=True))
    for judge in best_to.columns:
        there, here = best_to.loc[:, judge], to_worst.loc[:, judge]
        said = [float(there[worst[judge]]), float(here[best[judge]])]
        if np.isnan(said).any():
            both = said[1] if np.isnan(said[0]) else said[0]
            best_to.loc[worst[judge], judge] = to_worst.loc[best[judge], judge] = both


def _striking(rows: pd.DataFrame, items: Sequence[str], scale: float) -> pd.DataFrame:
    """Return all rows of the judges who have any that may be wrong, found without a loop."""
    value, pairwise = rows["value"], rows["kind"] == "pairwise"
    left, right = _places(rows, items)
    usual = (pairwise & (left >= 0) & (right >= 0) & (left != right)) | (
        (rows["kind"] == "rating") & (left >= 0)
    )
    lowest = np.where(pairwise, (1 - ROUNDED) / scale, 0)
    usual &= value.between(lowest, np.where(pairwise, scale, np.finfo(float).max))
    question = pd.DataFrame({"judge": rows["judge_id"], "kind": rows["kind"]})
    question["first"], question["second"] = np.minimum(left, right), np.maximum(left, right)
    usual &= ~question.duplicated(keep=False)
    judges = rows["judge_id"]
    same = rows.groupby("judge_id")["kind"].transform("nunique") == 1
    if "stakeholder_id" in rows:
        same &= rows.groupby("judge_id")["stakeholder_id"].transform("nunique") <= 1
    return rows[judges.isin(judges[~(usual & same)])]


def _places(rows: pd.DataFrame, items: Sequence[str]) -> tuple[Places, Places]:
    """Return the place of the left and right item among the items; -1 for none of them."""
    place = {item: i for i, item in enumerate(items)}
    left, right = (rows[side].map(place).fillna(-1) for side in ("left", "right"))
    return np.asarray(left, dtype=np.intp), np.asarray(right, dtype=np.intp)


def _problems(rows: pd.DataFrame, topic: str, items: Sequence[str], scale: float) -> list[str]:
    """Say all that is wrong with the rows of one topic, judge by judge."""
    wrong = []
    for judge, own in _striking(rows, items, scale).groupby("judge_id", sort=False):
        who = f"judge {judge}, topic {topic}"
        kinds = set(own["kind"])
        unknown = kinds - {"pairwise", "rating", *BEST_WORST}
        if unknown:
            wrong.append(
                f"{who}: kind {', '.join(sorted(map(str, unknown)))} is not known. Use pairwise, "
                "rating, best-to-other or other-to-worst."
            )
        elif len({"best-worst" if kind in BEST_WORST else kind for kind in kinds}) > 1:
            wrong.append(
                f"{who}: asked in several ways ({', '.join(sorted(kinds))}). Keep one, or give the "
                "second way a topic of its own."
            )
        elif kinds & set(BEST_WORST) and len(kinds) == 1:
            wrong.append(f"{who}: only {kinds.pop()} is answered. Both halves are needed.")
        if own["value"].isna().all():
            wrong.append(f"{who}: answered nothing. Leave the judge out, or ask again.")
            continue
        groups = list(own["stakeholder_id"].dropna().unique()) if "stakeholder_id" in own else []
        if len(groups) > 1:
            wrong.append(f"{who}: speaks for {' and for '.join(groups)}. Name one group.")
        wrong += _answer_problems(who, own, items, scale)
        wrong += _end_problems(who, own)
    return wrong


def _answer_problems(who: str, own: pd.DataFrame, items: Sequence[str], scale: float) -> list[str]:
    wrong = []
    said: dict[tuple[str, str, str], float] = {}
    for row in each_row(own.dropna(subset=["value"])):
        rating = row.kind == "rating"
        ends = [row.left] if rating else [row.left, row.right]
        question = f"{who}, {row.kind}, {' over '.join(map(str, ends))}"
        strange = [str(end) for end in ends if pd.isna(end) or end not in items]
        if strange:
            wrong.append(
                f"{question}: {', '.join(strange)} is no item of the topic."
                f"{nearest(strange[0], items)} The items are {', '.join(items)}."
            )
            continue
        lowest = 0 if rating else (1 - ROUNDED) / scale if row.kind == "pairwise" else 1
        highest = np.inf if rating else scale * (1 + 1e-9)
        if not rating and row.left == row.right:
            if row.value != 1:
                wrong.append(f"{question}: {row.value:g}. An item is as important as itself.")
            continue
        if row.value < 0 or (row.value == 0 and not rating) or np.isinf(row.value):
            wrong.append(
                f"{question}: {row.value:g} is not positive. "
                "Give how many times as important it is."
            )
            continue
        if not lowest <= row.value <= highest:
            least = f"1/{scale:g}" if row.kind == "pairwise" else "1"
            wrong.append(
                f"{question}: {row.value:g} is outside the scale. "
                f"Use a number from {least} to {scale:g}."
            )
            continue
        forward = (row.kind, row.left, "" if rating else row.right)
        earlier = said.get(forward)
        if earlier is None and row.kind == "pairwise":
            inverse = said.get((row.kind, row.right, row.left))
            earlier = None if inverse is None else 1 / inverse
        if earlier is None:
            said[forward] = row.value
        elif abs(row.value - earlier) > ROUNDED * earlier:
            wrong.append(
                f"{question}: {row.value:g} contradicts the earlier answer, {earlier:.3g}. "
                "Keep one of them."
            )
    return wrong


def _end_problems(who: str, own: pd.DataFrame) -> list[str]:
    """Say where a judge names several best or worst items."""
    wrong = []
    for kind, side, word in ((BEST_WORST[0], "left", "best"), (BEST_WORST[1], "right", "worst")):
        ends = own.loc[own["kind"] == kind, side].dropna().unique()
        if len(ends) > 1:
            wrong.append(f"{who}: {' and '.join(ends)} are both named as {word}. Name one.")
    return wrong
