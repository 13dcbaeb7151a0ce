"""Priorities of a system's factors from a panel (A'WOT)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.compare import check_known
from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError, nearest
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.model import QUADRANTS, TABLES, Study
from mcanalysis.swot.board import swot_matrix
from mcanalysis.weights import PanelWeights, weigh_hierarchy, weigh_panel
from mcanalysis.weights.judgements import BEST_WORST

WAYS = ("groups", "top-factors")
"""Ways to weigh the groups: against each other, or each by its most important factor."""
_MEASURES = ["part", "judge_id", "items", "kind", "missing", "lambda_max", "cr", "gci", "input_cr"]


@dataclass(frozen=True, repr=False)
class SwotPriorities(Shown):
    """Priorities of the factors of a system, with each step to them.

    Attributes
    ----------
    system : str
    factors : DataFrame
        factor_id, quadrant, local (within its quadrant, sums to 1 there), group (of its quadrant),
        global (group times local; sums to 1 over all), rank (competition rank by global, 1 is the
        highest; ties share the better rank). In the order of the board.
    groups : DataFrame, index quadrant
        Quadrants with factors: priority (sums to 1), factors and judges (how many; 0 judges where
        a single factor left nothing to compare), top (factor_id with the highest local priority).
    consistency : DataFrame
        One row per part (a quadrant, "groups", "top-factors") and judge who answered it: items
        (how many), kind of question, missing (comparisons not made), lambda_max, cr, gci of
        pairwise comparisons, input_cr of best-worst ones; NaN where a measure does not apply.
    consensus : Series, index part
        Consensus of the judges, see `measure_consensus`; NaN for a single judge.
    method : str
        How the groups were weighed: "groups", "top-factors", or "single-group" where only one
        quadrant has factors.
    answered : tuple of str
        The ways that were asked for and answered.
    judges : tuple of str
        Ids of all who answered something.
    parts : dict of str to PanelWeights
        All that follows from the judgements on each part; none for a group of one factor.
    notes : tuple of str
        What a reader should know.
    """

    system: str
    factors: pd.DataFrame
    groups: pd.DataFrame
    consistency: pd.DataFrame
    consensus: pd.Series
    method: str
    answered: tuple[str, ...]
    judges: tuple[str, ...]
    parts: dict[str, PanelWeights]
    notes: tuple[str, ...]

    def _card(self) -> Card:
        figures = {"judges": len(self.judges), "groups weighed by": self.method}
        table = self.factors.sort_values("rank", kind="stable").set_index("factor_id")
        return Card(
            f"Priorities of the SWOT factors of {self.system}",
            figures,
            table[["quadrant", "local", "group", "global", "rank"]],
            " ".join(self.notes),
        )


def prioritise_factors(
    study: Study,
    panel: pd.DataFrame,
    system: str,
    by: str | None = None,
    aggregation: str = "priorities",
    judge_weights: Mapping[str, float] | None = None,
    random_index: str = "alonso-lamata",
) -> SwotPriorities:
    """Weigh the factors of a system by a panel's judgements (A'WOT).

    Parameters
    ----------
    study : Study
    panel : DataFrame
        Columns of the table ``panels``. The rows whose topic is the system belong here: factors of
        one quadrant against each other (or rated) give local priorities; the groups, named
        strength, weakness, opportunity and threat, against each other (or rated), or one factor of
        each group against the others', give group priorities. Each part may be asked in its own
        way and be answered by other judges.
    system : str
    by : str, optional
        "groups" or "top-factors"; by default the way that was answered, "groups" if both were.
    aggregation, judge_weights, random_index
        See `weigh_panel`; `judge_weights` names every judge on the topic.

    Returns
    -------
    SwotPriorities
        A group with a single factor gives it local priority 1. A group without factors has no
        priority: those of the others are divided by their sum.

    Raises
    ------
    MethodError
        All that is wrong: a name that is no factor of the system, a factor that nobody judged, a
        judge who answered nothing, a factor compared with a group, several factors of a group
        among a judge's top factors, groups that nobody compared, and what `weigh_panel` refuses.

    References
    ----------
    Kurttila, M., Pesonen, M., Kangas, J. & Kajanus, M. (2000), *Utilizing the analytic hierarchy
    process (AHP) in SWOT analysis: a hybrid method and its application to a forest-certification
    case*. Forest Policy and Economics 1, 41-52.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> said = [("ua-s01", 2.0), ("ua-w01", 1.0), ("ua-o01", 3.0), ("ua-t01", 1.0)]
    >>> said += [("strength", 3.0), ("weakness", 1.0), ("opportunity", 4.0), ("threat", 2.0)]
    >>> panel = pd.DataFrame(said, columns=["left", "value"]).assign(
    ...     judge_id="j1", topic="UA", kind="rating", right=None
    ... )
    >>> found = prioritise_factors(read_study("data"), panel, "UA")
    >>> found.method, found.factors["global"].round(3).to_list()
    ('groups', [0.3, 0.1, 0.4, 0.2])
    """
    board = {q: f["factor_id"].tolist() for q, f in swot_matrix(study, system).items() if len(f)}
    if not board:
        raise MethodError(f"{system}: no factors are coded. Add rows to swot_factors.csv.")
    quadrant_of = {factor: q for q, factors in board.items() for factor in factors}
    rows, wrong = _read(panel, system, by, judge_weights)
    rows["part"], problems = _parts(rows, system, quadrant_of)
    wrong += problems
    told, tops, problems = _as_groups(rows[rows["part"] == "top-factors"], system, quadrant_of)
    wrong += problems
    asked: dict[str, tuple[pd.DataFrame, list[str]]] = {}
    for q, factors in board.items():
        if len(factors) > 1:
            own = rows[rows["part"] == q]
            wrong += _unjudged(own, f"{system}, {q}", factors)
            asked[q] = own, factors
    for way, own in ((WAYS[0], rows[rows["part"] == "groups"]), (WAYS[1], told)):
        if len(board) > 1 and len(own):
            named = {*board, *own["left"], *own["right"]}
            asked[way] = own, [q for q in QUADRANTS if q in named]
    answered = tuple(way for way in WAYS if len(board) > 1 and (rows["part"] == way).any())
    wrong += _unweighed(system, by, answered, len(board))
    parts: dict[str, PanelWeights] = {}
    for part, (own, items) in asked.items():
        if own.empty:
            continue
        topic = f"{system}, {part}"
        shares = judge_weights and {j: judge_weights.get(j, 1.0) for j in own["judge_id"]}
        try:
            parts[part] = weigh_panel(
                own.assign(topic=topic),
                topic,
                items,
                aggregation,
                shares,
                random_index=random_index,
            )
        except MethodError as error:
            lines = str(error).splitlines()
            wrong += [line if topic in line else f"{topic}: {line}" for line in lines]
    if wrong:
        raise MethodError("\n".join(dict.fromkeys(wrong)))
    method = (by or answered[0]) if len(board) > 1 else "single-group"
    return _together(system, board, parts, method, answered, rows, tops)


def _read(
    panel: pd.DataFrame, system: str, by: str | None, judge_weights: Mapping[str, float] | None
) -> tuple[pd.DataFrame, list[str]]:
    """Return the answered rows on a system, and what is wrong with judges and options."""
    lacking = [c for c in ("judge_id", "topic", "kind", "left", "right", "value") if c not in panel]
    if lacking:
        raise MethodError(
            f"panel: column {', '.join(lacking)} is missing. Hand in a table with the columns "
            f"{', '.join(TABLES['panels'].column_names)}."
        )
    check_known("topic of the panel", [system], panel["topic"].dropna().unique())
    if by is not None and by not in WAYS:
        raise MethodError(f'by: "{by}" is not known.{nearest(by, WAYS)} Use {" or ".join(WAYS)}.')
    rows = panel[panel["topic"] == system]
    judges = [str(judge) for judge in rows["judge_id"].dropna().unique()]
    rows = rows[rows["value"].notna()].reset_index(drop=True)
    silent = [judge for judge in judges if judge not in set(rows["judge_id"])]
    wrong = [
        f"{system}: judge {judge} answered nothing. Leave the judge out, or ask again."
        for judge in silent
    ]
    if judge_weights is not None:
        wrong += [
            f"judge weights: judge {j} has none. Name one."
            for j in judges
            if j not in judge_weights
        ]
        wrong += [
            f"judge weights: no judge is called {j}.{nearest(str(j), judges)}"
            for j in judge_weights
            if j not in judges
        ]
    return rows, wrong


def _parts(
    rows: pd.DataFrame, system: str, quadrant_of: Mapping[str, str]
) -> tuple[pd.Series, list[str]]:
    """Tell which part each row answers, and name what fits none."""
    two = rows["kind"].isin(["pairwise", *BEST_WORST])
    left, right = rows["left"], rows["right"].where(two, rows["left"])
    inner, outer = left.map(quadrant_of), right.map(quadrant_of)
    groups = left.isin(QUADRANTS) & right.isin(QUADRANTS)
    factors = inner.notna() & outer.notna()
    part = pd.Series("", index=rows.index)
    part[groups] = "groups"
    part[factors] = inner[factors].where(inner[factors] == outer[factors], "top-factors")
    known = [*quadrant_of, *QUADRANTS]
    names = pd.unique(pd.concat([left, right]).dropna().astype(str))
    wrong = [
        f"{system}: {name} is no factor of the system and no group.{nearest(name, known)}"
        for name in names
        if name not in known
    ]
    for row in each_row(rows.assign(right=right)[part == ""]):
        who = f"{system}: judge {row.judge_id}, {row.kind}, {row.left} over {row.right}"
        if pd.isna(row.left) or pd.isna(row.right):
            wrong.append(f"{who}: an item is missing. Name both.")
        elif row.left in known and row.right in known:
            wrong.append(
                f"{who}: a factor is compared with a group. "
                "Compare factors with factors, and groups with groups."
            )
    return part, wrong


def _as_groups(
    rows: pd.DataFrame, system: str, quadrant_of: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """Let each group's chosen factor stand for it.

    Returns the rows told of groups, the factor (judge_id, factor_id, quadrant) that each judge
    chose, and where a judge chose several of a group.
    """
    chosen = pd.concat(
        [rows[["judge_id", side]].set_axis(["judge_id", "factor_id"], axis=1)
         for side in ("left", "right")]
    ).drop_duplicates()  # fmt: skip
    chosen["quadrant"] = chosen["factor_id"].map(quadrant_of)
    wrong = [
        f"{system}, top-factors: judge {judge} compares {' and '.join(sorted(own))} of one group "
        f"({q}) with other groups. Keep the one that matters most."
        for (judge, q), own in chosen.groupby(["judge_id", "quadrant"])["factor_id"]
        if len(own) > 1
    ]
    sides = {side: rows[side].map(quadrant_of) for side in ("left", "right")}
    told = rows.assign(**sides)
    return told.iloc[:0] if wrong else told, chosen, wrong


def _unjudged(rows: pd.DataFrame, what: str, factors: Sequence[str]) -> list[str]:
    named = set(rows["left"]) | set(rows["right"])
    return [
        f"{what}: nobody judged {factor}. Ask for it, or take it off the board."
        for factor in factors
        if factor not in named
    ]


def _unweighed(system: str, by: str | None, answered: Sequence[str], groups: int) -> list[str]:
    if groups == 1 or (by is None and answered) or by in answered:
        return []
    if answered:
        return [f'{system}: nobody answered by "{by}". Use "{answered[0]}".']
    return [
        f"{system}: nobody compared the groups. Ask to compare {', '.join(QUADRANTS)}, "
        "or the most important factor of each."
    ]


def _together(
    system: str,
    board: Mapping[str, list[str]],
    parts: dict[str, PanelWeights],
    method: str,
    answered: tuple[str, ...],
    rows: pd.DataFrame,
    tops: pd.DataFrame,
) -> SwotPriorities:
    """Multiply group and local priorities, and gather what was measured on the way."""
    local = {
        q: parts[q].weights if q in parts else pd.Series({f[0]: 1.0}) for q, f in board.items()
    }
    only = pd.Series(1.0, index=list(board))
    priority = parts[method].weights.reindex(list(board)) if method in parts else only
    if not priority.sum() > 0:
        raise MethodError(
            f"{system}: the judges give all weight to groups without factors. Code their factors, "
            "or ask again."
        )
    priority = priority / priority.sum()
    told = weigh_hierarchy(priority, local)
    factors = pd.DataFrame(
        {
            "factor_id": told["item"],
            "quadrant": told["group"],
            "local": told["local_weight"],
            "group": told["group_weight"],
            "global": told["weight"],
            # Equal up to the noise of an iteration is a tie.
            "rank": told["weight"].round(10).rank(method="min", ascending=False).astype(int),
        }
    )
    groups = pd.DataFrame(
        {
            "priority": priority,
            "factors": [len(f) for f in board.values()],
            "judges": [len(parts[q].judges.columns) if q in parts else 0 for q in board],
            "top": [str(local[q].idxmax()) for q in board],
        },
        index=pd.Index(list(board), name="quadrant"),
    )
    measured = [
        found.consistency.reset_index().assign(part=part, items=len(found.weights))
        for part, found in parts.items()
    ]
    consistency = pd.concat(measured, ignore_index=True) if measured else pd.DataFrame()
    consensus = {part: found.consensus.consensus for part, found in parts.items()}
    return SwotPriorities(
        system,
        factors,
        groups,
        consistency.reindex(columns=_MEASURES),
        pd.Series(consensus, name="consensus", dtype=float).rename_axis("part"),
        method,
        answered,
        tuple(str(judge) for judge in rows["judge_id"].unique()),
        parts,
        (*_both(parts, method, answered), *_not_top(parts, tops, local)),
    )


def _both(
    parts: Mapping[str, PanelWeights], method: str, answered: Sequence[str]
) -> tuple[str, ...]:
    if len(answered) < 2:
        return ()
    groups, tops = (len(parts[way].judges.columns) for way in WAYS)
    said = phrase(
        "Judges who compared the groups: {groups}; who compared their top factors: {tops}.",
        groups=groups,
        tops=tops,
    )
    used = (
        phrase("The groups themselves are used.")
        if method == WAYS[0]
        else phrase("The top factors are used.")
    )
    return (f"{said} {used}",)


def _not_top(
    parts: Mapping[str, PanelWeights], tops: pd.DataFrame, local: Mapping[str, pd.Series]
) -> list[str]:
    """Tell where a factor stood for its group that is the top neither of judge nor of panel."""
    notes = []
    for row in each_row(tops):
        weighed = [local[row.quadrant]]
        if row.quadrant in parts and row.judge_id in parts[row.quadrant].judges:
            weighed.append(parts[row.quadrant].judges[row.judge_id])
        if not any(np.isclose(w[row.factor_id], w.max()) for w in weighed):
            notes.append(
                phrase(
                    "Judge {judge} compared {factor} for its group, where {other} has the highest "
                    "local priority.",
                    judge=row.judge_id,
                    factor=row.factor_id,
                    other=str(weighed[0].idxmax()),
                )
            )
    return notes
