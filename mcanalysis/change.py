"""What changed over the years that are coded and comparable."""

from __future__ import annotations

import pandas as pd

from mcanalysis.model import Study

_TOLD = ("year", "level", "statement", "source_id", "locator", "confidence")


def changes_over_time(study: Study, as_of: int | None = None) -> pd.DataFrame:
    """Compare the first and the newest level of each system and dimension with several years.

    Parameters
    ----------
    study : Study
    as_of : int, optional
        Rows that describe a later year are left out.

    Returns
    -------
    DataFrame
        One row per system and dimension with two or more years, in the order of the study:
        system_id, dimension_id, years (how many); first_ and last_ year, level, statement,
        source_id, locator, confidence; change, last level less first, missing (`pd.NA`) where no
        change is to be read. Rows marked ``comparable = no`` count only where fewer than two
        others are left.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> table = changes_over_time(read_study("data"))
    >>> germany = table[table["system_id"] == "DE"]
    >>> len(germany), int((germany["change"] != 0).sum())
    (6, 1)
    """
    rows = study.indicators
    if as_of is not None:
        rows = rows[rows["year"] <= as_of]
    systems = {s: i for i, s in enumerate(study.systems["system_id"])}
    dimensions = {d: i for i, d in enumerate(study.dimensions["dimension_id"])}
    rows = rows.sort_values("year", kind="stable")
    found = []
    for (system, dimension), some in rows.groupby(["system_id", "dimension_id"], sort=False):
        if len(some) < 2:
            continue
        firm = some[some["comparable"] == "yes"]
        told = firm if len(firm) >= 2 else some
        first, last = told.iloc[0], told.iloc[-1]
        change = int(last["level"]) - int(first["level"]) if len(firm) >= 2 else pd.NA
        found.append(
            {"system_id": system, "dimension_id": dimension, "years": len(some),
             **{f"first_{c}": first[c] for c in _TOLD}, **{f"last_{c}": last[c] for c in _TOLD},
             "change": change}
        )  # fmt: skip
    columns = ["system_id", "dimension_id", "years", *(f"first_{c}" for c in _TOLD),
               *(f"last_{c}" for c in _TOLD), "change"]  # fmt: skip
    table = pd.DataFrame(found, columns=columns).astype({"change": "Int64"})
    order = table["system_id"].map(systems) * len(dimensions) + table["dimension_id"].map(
        dimensions
    )
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
