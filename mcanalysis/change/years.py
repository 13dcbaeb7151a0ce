"""What changed over the years that are coded and comparable."""

from __future__ import annotations

import pandas as pd

from mcanalysis.model import Study

_KEY = ["system_id", "dimension_id"]
_TOLD = ["year", "level", "statement", "source_id", "locator", "confidence"]


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
        source_id, locator, confidence; change, last level less first, `pd.NA` where no change is
        to be read. Rows marked ``comparable = no`` are left out of the comparison; where fewer than
        two others remain, first and last are told from all rows and change is missing.

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
    rows = rows.sort_values("year", kind="stable")
    rows = rows.assign(
        years=rows.groupby(_KEY)["year"].transform("size"),
        firm=rows["comparable"].eq("yes"),
    )
    rows["readable"] = rows.groupby(_KEY)["firm"].transform("sum") >= 2
    told = rows[(rows["years"] >= 2) & (rows["firm"] | ~rows["readable"])]
    first = told.drop_duplicates(_KEY, keep="first").set_index(_KEY)
    last = told.drop_duplicates(_KEY, keep="last").set_index(_KEY).reindex(first.index)
    table = first[["years"]].join(
        [first[_TOLD].add_prefix("first_"), last[_TOLD].add_prefix("last_")]
    )
    table["change"] = (last["level"] - first["level"]).where(first["readable"]).astype("Int64")
    order = pd.MultiIndex.from_product(
        [study.systems["system_id"], study.dimensions["dimension_id"]], names=_KEY
    )
    return table.loc[order[order.isin(table.index)]].reset_index()
