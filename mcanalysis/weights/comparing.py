"""Pairwise comparisons of named items by named judges: checked, weighed, measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcanalysis.display import Card, Shown
from mcanalysis.errors import MethodError, nearest
from mcanalysis.weights.pairwise import (
    METHODS,
    Booleans,
    Floats,
    chunks,
    connected,
    inconsistency,
    least_inconsistent,
    logarithmic_least_squares,
)
from mcanalysis.weights.stated import check_items, refuse

ROUNDED = 0.05
"""Relative deviation that comes from writing 1/8 as 0.13, and is no contradiction."""
COMPLETIONS = ("logarithmic-least-squares", "least-inconsistent")


@dataclass(frozen=True, repr=False)
class PairwiseWeights(Shown):
    """Weights from pairwise comparisons, one column per judge.

    Attributes
    ----------
    weights : DataFrame, index item, columns judge_id
        Columns sum to 1.
    consistency : DataFrame, index judge_id
        ``method`` by which the weights were drawn, ``missing`` (comparisons not made),
        ``lambda_max``, ``ci``, ``random_index``, ``cr``, ``gci``; see `inconsistency`.
    matrices : array, shape (n, n, m)
        The judgements, exactly reciprocal, NaN where missing.
    method : str
        For complete matrices.
    completion : str
        For incomplete ones.
    random_index : str
        Name of the table.
    """

    weights: pd.DataFrame
    consistency: pd.DataFrame
    matrices: Floats
    method: str
    completion: str
    random_index: str

    def _card(self) -> Card:
        worst = self.consistency["cr"].max()
        figures = {"judges": self.weights.shape[1], "largest consistency ratio": f"{worst:.2f}"}
        return Card("Weights from pairwise comparisons", figures, self.weights)


def weigh_pairs(
    matrices: pd.DataFrame | Floats,
    items: Sequence[str] | None = None,
    judges: Sequence[str] | None = None,
    method: str = "eigenvector",
    completion: str = "logarithmic-least-squares",
    random_index: str = "alonso-lamata",
    scale: float = 9,
    copy: bool = True,
) -> PairwiseWeights:
    """Draw weights from pairwise comparisons (analytic hierarchy process).

    Parameters
    ----------
    matrices : DataFrame of one judge, or array, shape (n, n) or (n, n, m)
        ``a[i, j]``: how many times as important item i is as item j, 1/`scale` to `scale`; NaN
        where the comparison was not made. One of ``a[i, j]`` and ``a[j, i]`` is enough.
    items, judges : sequences of str, optional
        Names; numbered from 1 when left out.
    method : str
        For complete matrices: "eigenvector" (principal right eigenvector), "geometric-mean" (of the
        rows), "least-squares" (weighted, linear) or "column-mean".
    completion : str
        For matrices with missing judgements: "logarithmic-least-squares" takes the weights nearest
        to the judgements made; "least-inconsistent" fills the missing ones so that the largest
        eigenvalue is least, then applies `method`.
    random_index : str
        Table for the consistency ratio: see `random_index`.
    scale : float
        Strongest judgement; `numpy.inf` for none.
    copy : bool
        False: an array of floats is made reciprocal in place and kept in the result.

    Raises
    ------
    MethodError
        All that is wrong with the judgements of all judges: not positive, outside the scale, not
        reciprocal, not connected, nothing answered.

    References
    ----------
    Saaty, T. L. (1980), *The Analytic Hierarchy Process*. McGraw-Hill.
    Bozóki, S., Fülöp, J. & Rónyai, L. (2010), Mathematical and Computer Modelling 52, 318-333.

    Examples
    --------
    >>> a = pd.DataFrame([[1, 2, 8], [None, 1, 4], [None, None, 1]], dtype=float)
    >>> found = weigh_pairs(a, ["law", "credits", "funding"])
    >>> found.weights["1"].round(3).to_dict()
    {'law': 0.615, 'credits': 0.308, 'funding': 0.077}
    >>> found.random_index, float(found.consistency.loc["1", "random_index"])
    ('alonso-lamata', 0.5245)
    """
    _known("method", method, list(METHODS))
    _known("completion", completion, COMPLETIONS)
    if isinstance(matrices, pd.DataFrame) and items is None:
        items = [str(name) for name in matrices.index]
    a, items, judges = named(np.asarray(matrices, dtype=float), items, judges)
    a = check_matrices(a, items, judges, scale, copy)
    parts = [
        _weigh(a[:, :, part], method, completion, random_index) for part in chunks(len(judges))
    ]
    index = pd.Index(judges, name="judge_id")
    weights = np.concatenate([weights for weights, _ in parts], axis=1)
    frame = pd.DataFrame(weights, index=pd.Index(items, name="item"), columns=index)
    measured = pd.concat([measured for _, measured in parts]).set_axis(index)
    return PairwiseWeights(frame, measured, a, method, completion, random_index)


def _weigh(
    a: Floats, method: str, completion: str, random_index: str
) -> tuple[Floats, pd.DataFrame]:
    """Return the weights of some judges, and how consistent they are."""
    incomplete = np.isnan(a).any(axis=(0, 1))
    weights = np.empty(a.shape[1:])
    weights[:, ~incomplete] = METHODS[method](a[:, :, ~incomplete])
    drawn = method
    if incomplete.any():
        if completion == "logarithmic-least-squares":
            drawn = completion
            weights[:, incomplete] = logarithmic_least_squares(a[:, :, incomplete])
        else:
            drawn = f"{method}, {completion}"
            weights[:, incomplete] = METHODS[method](least_inconsistent(a[:, :, incomplete]))
    measured = pd.DataFrame(inconsistency(a, random_index))
    measured["missing"] = measured["missing"].astype(int)
    measured.insert(0, "method", np.where(incomplete, drawn, method))
    return weights, measured


def check_matrices(
    matrices: Floats,
    items: Sequence[str],
    judges: Sequence[str],
    scale: float = 9,
    copy: bool = True,
) -> Floats:
    """Return matrices made exactly reciprocal, or refuse them with all that is wrong.

    A judgement of which only one direction is given is filled in from it; two directions that are
    inverse but for rounding (.33 for 1/3) are balanced.

    Parameters
    ----------
    matrices : array, shape (n, n, m)
    items, judges : sequences of str
    scale : float
    copy : bool
        False: an array of floats is changed in place.

    Raises
    ------
    MethodError
        See `weigh_pairs`.
    """
    a = np.array(matrices, dtype=float, copy=True if copy else None)
    wrong: list[str] = []
    for part in chunks(a.shape[2]):
        a[:, :, part], told = _checked(a[:, :, part], items, judges[part], scale)
        wrong += told
    refuse(wrong)
    return a


def _checked(
    a: Floats, items: Sequence[str], judges: Sequence[str], scale: float
) -> tuple[Floats, list[str]]:
    """Return the matrices of some judges made reciprocal, and all that is wrong with them."""
    n = len(a)
    wrong: dict[int, list[str]] = {}

    def tell(where: Booleans, says: Callable[[int, int, int], str]) -> None:
        for i, j, k in np.argwhere(where).tolist():
            pair = f"judge {judges[k]}, {items[i]} over {items[j]}: {a[i, j, k]:.4g}"
            wrong.setdefault(k, []).append(f"{pair} {says(i, j, k)}")

    itself = np.eye(n, dtype=bool)[:, :, None]
    known = ~np.isnan(a)
    unreal = known & ~((a > 0) & np.isfinite(a))
    tell(unreal, lambda *_: "is not positive. Give how many times as important it is.")
    tell(itself & known & ~unreal & (a != 1), lambda *_: "is not 1. It is compared with itself.")
    a = np.where(unreal, np.nan, a)
    tell(
        ~itself & ((a > scale * (1 + 1e-9)) | (a < 1 / scale * (1 - ROUNDED))),
        lambda *_: f"is outside the scale. Use a number from 1/{scale:g} to {scale:g}.",
    )
    back = a.transpose(1, 0, 2)
    tell(
        np.triu(np.ones((n, n), bool), 1)[:, :, None] & (np.abs(np.log(a * back)) > ROUNDED),
        lambda i, j, k: (
            f"but {items[j]} over {items[i]} is {a[j, i, k]:.4g}: they are not inverse. "
            "Keep one of them."
        ),
    )
    a = balance(a)
    for k in set(np.flatnonzero(~connected(a)).tolist()) - set(wrong):
        if np.isnan(a[:, :, k]).sum() == n * (n - 1):
            wrong[k] = [f"judge {judges[k]} answered nothing. Leave the judge out, or ask again."]
        else:
            wrong[k] = [f"judge {judges[k]}: {_parts(a[:, :, k], items)}"]
    return a, [line for k in sorted(wrong) for line in wrong[k]]


def balance(matrices: Floats) -> Floats:
    """Make matrices exactly reciprocal: fill in the direction that was not given, else the mean."""
    a, back = matrices, matrices.transpose(1, 0, 2)
    a = np.where(np.isnan(a), 1 / back, np.where(np.isnan(back), a, np.sqrt(a / back)))
    return np.where(np.eye(len(a), dtype=bool)[:, :, None], 1.0, a)


def _parts(a: Floats, items: Sequence[str]) -> str:
    """Say which items no comparison links."""
    linked = np.linalg.matrix_power((~np.isnan(a)).astype(float), len(items)) > 0
    parts = list(dict.fromkeys(tuple(np.flatnonzero(row).tolist()) for row in linked))
    named = " | ".join(", ".join(items[i] for i in part) for part in parts)
    return (
        f"no comparison links {named}. Ask for {len(parts) - 1} more, one between each two parts."
    )


def named(
    a: Floats, items: Sequence[str] | None, judges: Sequence[str] | None
) -> tuple[Floats, list[str], list[str]]:
    """Return matrices with judges along the last axis, and a name for each item and judge."""
    if a.ndim == 2:
        a = a[:, :, None]
    if a.ndim != 3 or a.shape[0] != a.shape[1] or 0 in a.shape:
        raise MethodError(
            f"pairwise comparisons: an array of shape {a.shape} is no square matrix of items, with "
            "judges along the last axis. Hand in shape (items, items, judges)."
        )
    items = [str(i + 1) for i in range(len(a))] if items is None else list(items)
    judges = [str(k + 1) for k in range(a.shape[2])] if judges is None else list(judges)
    check_items("items", items)
    check_items("judges", judges)
    if (len(items), len(judges)) != (a.shape[0], a.shape[2]):
        raise MethodError(
            f"pairwise comparisons: {len(items)} items and {len(judges)} judges are named, the "
            f"array holds {a.shape[0]} and {a.shape[2]}. Name each, in order."
        )
    return a, items, judges


def _known(what: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        raise MethodError(
            f'{what}: "{word}" is not known.{nearest(word, known)} Use one of {", ".join(known)}.'
        )
