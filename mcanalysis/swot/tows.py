"""Pairs of inside and outside factors that belong together."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from mcanalysis.errors import MethodError
from mcanalysis.frames import each_row
from mcanalysis.model import CONFIDENCES, Study
from mcanalysis.swot.board import swot_matrix
from mcanalysis.swot.priorities import SwotPriorities

GROUPS = {
    "use": ("strength", "opportunity"),
    "mend": ("weakness", "opportunity"),
    "guard": ("strength", "threat"),
    "retreat": ("weakness", "threat"),
}
"""The four groups of pairs: SO, WO, ST and WT strategies of Weihrich."""
SHOWN = 2
"""Pairs shown per group."""


def _named(value: Any) -> frozenset[str]:
    """Return the parts of a `;` list; none for a missing one."""
    return frozenset() if pd.isna(value) else frozenset(s.strip() for s in str(value).split(";"))


Shared = dict[tuple[str, str], dict[str, dict[str, float]]]


def shared_benefits(study: Study) -> Shared:
    """Return which benefits two dimensions enable both, and how strongly.

    Returns
    -------
    dict
        (dimension, dimension) -> stakeholder_id -> benefit_id -> the smaller of the two strengths.
    """
    links = study.benefit_enablers[["benefit_id", "dimension_id", "strength"]]
    links = links.merge(study.benefits[["benefit_id", "stakeholder_id"]], on="benefit_id")
    both = links.merge(links, on=["benefit_id", "stakeholder_id"], suffixes=("", "_b"))
    found: Shared = {}
    for r in each_row(both):
        by = found.setdefault((r.dimension_id, r.dimension_id_b), {})
        by.setdefault(r.stakeholder_id, {})[r.benefit_id] = float(min(r.strength, r.strength_b))
    return found


def tows_pairs(
    study: Study,
    system: str,
    priorities: SwotPriorities | None = None,
    shared: Shared | None = None,
) -> pd.DataFrame:
    """Pair the inside factors of a system with the outside factors that belong to them.

    Two factors are related when they lie on the same dimension, else when their dimensions enable
    the same benefits of a stakeholder whom both name.

    Parameters
    ----------
    study : Study
    system : str
    priorities : SwotPriorities, optional
        Of the same system, from `prioritise_factors`.
    shared : dict, optional
        From `shared_benefits`, where it is there already.

    Returns
    -------
    DataFrame
        All related pairs: group (use, mend, guard, retreat), inside, outside (factor_id), relation
        (same dimension, shared benefits), strength (sum over the shared benefits of the smaller
        enabling strength), stakeholders (`;` list that both name), benefits (`;` list), priority
        (product of the global priorities of both; NaN without), shown.
        Within a group: same dimension first, then strength, then the number of stakeholders that
        both name, then confidence, then ids. With priorities, strength times priority takes the
        place of strength, and priority alone decides where that is equal. Shown are the first two
        of a group in which no factor and no dimension comes twice.

    Raises
    ------
    MethodError
        If the study has no such system, or the priorities are another system's or lack a factor.

    References
    ----------
    Weihrich, H. (1982), *The TOWS matrix: a tool for situational analysis*. Long Range Planning
    15(2), 54-66.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> pairs = tows_pairs(read_study("data"), "DE")
    >>> pairs.loc[pairs["group"] == "guard", "relation"].value_counts().to_dict()
    {'same dimension': 7, 'shared benefits': 7}
    """
    board, shared = swot_matrix(study, system), shared or shared_benefits(study)
    weight = {} if priorities is None else _global(priorities, system, board)
    order = list(study.stakeholders["stakeholder_id"])
    found: list[list[Any]] = []
    for group, (inside, outside) in GROUPS.items():
        pairs = []
        for f, g in product(each_row(board[inside]), each_row(board[outside])):
            named = _named(f.stakeholders) & _named(g.stakeholders)
            both = [who for who in order if who in named]
            by = shared.get((f.dimension_id, g.dimension_id), {})
            benefits = {b: s for who in both for b, s in by.get(who, {}).items()}
            same = f.dimension_id == g.dimension_id
            if same or benefits:
                strength = sum(benefits.values())
                doubt = CONFIDENCES.index(f.confidence) + CONFIDENCES.index(g.confidence)
                priority = weight[f.factor_id] * weight[g.factor_id] if weight else np.nan
                # Rounded, so that what is equal but for floating point is equal.
                first = (round(-strength * priority, 12), round(-priority, 12))
                near = first if weight else (-strength,)
                place = (not same, *near, -len(both), doubt, f.factor_id, g.factor_id)
                relation = "same dimension" if same else "shared benefits"
                row = [f.factor_id, g.factor_id, relation, strength, ";".join(both),
                       ";".join(benefits), priority]  # fmt: skip
                two, on = {f.factor_id, g.factor_id}, {f.dimension_id, g.dimension_id}
                pairs.append((place, two, on, row))
        pairs.sort(key=lambda pair: pair[0])
        names: set[str] = set()
        dimensions: set[str] = set()
        shown = 0
        for _, two, on, row in pairs:
            show = shown < SHOWN and names.isdisjoint(two) and dimensions.isdisjoint(on)
            if show:
                names, dimensions, shown = names | two, dimensions | on, shown + 1
            found.append([group, *row, show])
    columns = ["group", "inside", "outside", "relation", "strength", "stakeholders", "benefits",
               "priority", "shown"]  # fmt: skip
    kinds = {"strength": float, "priority": float, "shown": bool}
    return pd.DataFrame(found, columns=columns).astype(kinds)


def _global(
    priorities: SwotPriorities, system: str, board: dict[str, pd.DataFrame]
) -> dict[str, float]:
    """Return factor_id -> global priority, if there is one for each factor of the board."""
    if priorities.system != system:
        raise MethodError(
            f"The priorities are those of {priorities.system}, not of {system}. "
            "Hand in those of the same system."
        )
    table = priorities.factors
    weight = dict(zip(table["factor_id"], table["global"].astype(float), strict=True))
    without = [f for some in board.values() for f in some["factor_id"] if f not in weight]
    if without:
        raise MethodError(
            f"{system}: no priority for {', '.join(without)}. Draw the priorities from this study."
        )
    return weight
