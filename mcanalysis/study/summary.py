"""What a study holds, and where it is thin."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcanalysis.model import CONFIDENCES, Study
from mcanalysis.study.places import table_of
from mcanalysis.study.reading import study_frames


def summarise_study(study: Study, min_dimensions: int = 8) -> dict[str, Any]:
    """Say what a study holds, and where it is thin.

    Parameters
    ----------
    study : Study
        A study as read.
    min_dimensions : int
        Systems with evidence on at least so many dimensions are ranked.

    Returns
    -------
    dict
        Plain values for JSON: ``rows`` by table; ``systems_by_dimensions``, most first; ``ranked``
        and ``not_ranked`` systems; ``oldest`` and ``newest`` evidence among the rows that count
        (the newest of each system and dimension); ``confidence`` of indicators and factors;
        ``unused_sources``; ``factors_without_stakeholders``.

    Examples
    --------
    >>> from mcanalysis.study import read_study
    >>> summary = summarise_study(read_study("data"))
    >>> summary["rows"]["indicators"], len(summary["ranked"])
    (421, 20)
    """
    frames = study_frames(study)
    by_year = study.indicators.sort_values("year", kind="stable")
    counts = by_year.drop_duplicates(["system_id", "dimension_id"], keep="last").sort_index()
    systems = study.systems["system_id"].tolist()
    covered = counts["system_id"].value_counts().reindex(systems, fill_value=0)
    used = {
        value
        for name, frame in frames.items()
        for column in table_of(name).columns
        if column.refers == "sources"
        for value in frame[column.name].dropna().unique()
    }
    alone = study.swot_factors["stakeholders"].isna()
    return {
        "rows": {name: len(frame) for name, frame in frames.items()},
        "systems_by_dimensions": [
            {"dimensions": number, "systems": covered.index[covered == number].tolist()}
            for number in sorted(set(covered.tolist()), reverse=True)
        ],
        "min_dimensions": min_dimensions,
        "ranked": covered.index[covered >= min_dimensions].tolist(),
        "not_ranked": covered.index[covered < min_dimensions].tolist(),
        "oldest": _of_year(counts, counts["year"].min()),
        "newest": _of_year(counts, counts["year"].max()),
        "confidence": {
            name: {level: int((frame["confidence"] == level).sum()) for level in CONFIDENCES}
            for name, frame in study.tables().items()
            if "confidence" in frame
        },
        "unused_sources": [id_ for id_ in study.sources["source_id"] if id_ not in used],
        "factors_without_stakeholders": study.swot_factors.loc[alone, "factor_id"].tolist(),
    }


def _of_year(rows: pd.DataFrame, year: Any) -> dict[str, Any]:
    chosen = rows[rows["year"] == year]
    where = zip(chosen["system_id"], chosen["dimension_id"], strict=True)
    return {"year": int(year), "where": [f"{system} {dimension}" for system, dimension in where]}
