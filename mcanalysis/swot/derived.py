"""What the indicators say of a system's factors: for, against, and what nobody coded."""

from __future__ import annotations

import pandas as pd

from mcanalysis.compare import Evidence, check_known, peer_range
from mcanalysis.frames import each_row
from mcanalysis.language import phrase
from mcanalysis.model import Study
from mcanalysis.swot.board import swot_matrix
from mcanalysis.wording import decimal


def disagreements(study: Study, evidence: Evidence, system: str, ranked: list[str]) -> pd.DataFrame:
    """Find the factors that point the other way than the level of their dimension.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system : str
    ranked : list of str
        Systems whose median is the measure; the system itself is left out.

    Returns
    -------
    DataFrame
        Columns of the factor, level and median: each strength on a dimension where the level is
        below the median of the others, each weakness where it is above; strengths first, in the
        order of the dimensions. Empty where nothing disagrees or there is no evidence.

    Raises
    ------
    MethodError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> disagreements(study, evidence, "DE", ranked_systems(evidence))["factor_id"].to_list()
    ['de-s05', 'de-s02', 'de-s09', 'de-s01']
    """
    board = swot_matrix(study, system)
    level = evidence.levels.T.reindex(columns=[system])[system]
    median = peer_range(evidence, ranked, leave_out=system)["median"]
    factors = pd.concat([board["strength"], board["weakness"]], ignore_index=True)
    factors = factors.assign(
        level=factors["dimension_id"].map(level).astype(float),
        median=factors["dimension_id"].map(median).astype(float),
    )
    below = (factors["quadrant"] == "strength") & (factors["level"] < factors["median"])
    above = (factors["quadrant"] == "weakness") & (factors["level"] > factors["median"])
    return factors[below | above].reset_index(drop=True)


def derived_factors(evidence: Evidence, system: str, ranked: list[str]) -> pd.DataFrame:
    """Derive strengths and weaknesses of a system from its levels, by a declared rule.

    A level above the median of the other ranked systems suggests a strength, one below it a
    weakness, a low-confidence level neither. Opportunities and threats lie outside the system and
    cannot be derived from its indicators.

    Parameters
    ----------
    evidence : Evidence
    system : str
    ranked : list of str

    Returns
    -------
    DataFrame
        Columns of the row of evidence, quadrant, median (of the others; NaN rows are left out) and
        rule (what made it one), in the order of the dimensions. May be empty.

    Raises
    ------
    MethodError
        If there is no evidence on the system.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> evidence = newest_evidence(read_study("data"))
    >>> derived_factors(evidence, "DE", ranked_systems(evidence))["quadrant"].to_list()
    ['weakness', 'weakness', 'weakness', 'strength']
    """
    check_known("system with evidence", [system], evidence.levels.index)
    rows = evidence.rows
    rows = rows[(rows["system_id"] == system) & (rows["confidence"] != "low")]
    median = peer_range(evidence, ranked, leave_out=system)["median"]
    rows = rows.assign(median=rows["dimension_id"].map(median).astype(float))
    level = rows["level"].astype(float)
    above, below = level > rows["median"], level < rows["median"]
    rows = rows.assign(quadrant=above.map({True: "strength", False: "weakness"}))[above | below]
    rule = [
        _held(float(r.level), r.median, 1 if r.quadrant == "strength" else -1)
        for r in each_row(rows)
    ]
    return rows.assign(rule=rule).reset_index(drop=True)


FINDINGS = ("contradiction", "blind spot", "agreement", "unsupported")
"""What can come of holding coded factors against the indicators."""


def hold_against(study: Study, evidence: Evidence, system: str, ranked: list[str]) -> pd.DataFrame:
    """Hold the coded strengths and weaknesses of a system against what its indicators suggest.

    A dimension suggests a strength where the level is above the median of the other ranked
    systems, a weakness where it is below. At the median it suggests a strength in motion where the
    level has risen and a weakness in motion where it has fallen: from the oldest to the newest row
    that is comparable, not after ``evidence.as_of`` and not of low confidence, the newest being the
    row that counts. A low-confidence level suggests nothing.

    Parameters
    ----------
    study : Study
    evidence : Evidence
        Of this study.
    system : str
    ranked : list of str
        Systems whose median is the measure; the system itself is left out.

    Returns
    -------
    DataFrame
        One row per finding, in the order of the dimensions, strengths before weaknesses:

        - finding: "agreement", a factor is coded where the indicators suggest one; "blind spot",
          none is; "contradiction", a factor is coded in the quadrant opposite to a level above or
          below the median; "unsupported", a factor is coded and the indicators suggest neither
          (no level, one of low confidence, or one at the median that has not moved its way).
          A contradiction leaves a blind spot as well where the suggested quadrant is empty.
        - dimension_id; quadrant that is coded or, for a blind spot, suggested; factor_ids (`;` list
          of those coded there); level (NaN for a gap), median (NaN where no other has a level);
        - rule, what was compared, in words;
        - year, source_id, locator, confidence of the row behind the level, missing for a gap;
          since, the year of the row that a change was read from, missing where none was.

    Raises
    ------
    MethodError
        If the study has no such system.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence, ranked_systems
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> evidence = newest_evidence(study)
    >>> found = hold_against(study, evidence, "DE", ranked_systems(evidence))
    >>> found["finding"].value_counts().to_dict()
    {'unsupported': 8, 'agreement': 4, 'contradiction': 2, 'blind spot': 1}
    """
    board = swot_matrix(study, system)
    row_of = evidence.rows[evidence.rows["system_id"] == system].set_index("dimension_id")
    facts = row_of.reindex(study.dimensions["dimension_id"]).astype({"level": float})
    facts["median"] = peer_range(evidence, ranked, leave_out=system)["median"].astype(float)
    earlier = _earlier(study, evidence, system).reindex(facts.index)
    facts["before"], facts["since"] = earlier["level"], earlier["year"]
    found = []
    for f in each_row(facts):
        firm = pd.notna(f.level) and pd.notna(f.median) and f.confidence != "low"
        side = int(f.level > f.median) - int(f.level < f.median) if firm else 0
        moved = 0
        if firm and pd.notna(f.before):
            moved = int(f.level > f.before) - int(f.level < f.before)
        suggested = {1: "strength", -1: "weakness"}.get(side or moved)
        rule = _rule(f.level, f.median, f.confidence, side, f.before if moved else None, f.since)
        for quadrant in ("strength", "weakness"):
            some = board[quadrant]
            ids = some.loc[some["dimension_id"] == f.Index, "factor_id"]
            if suggested == quadrant:
                finding = "agreement" if len(ids) else "blind spot"
            elif len(ids):
                finding = "contradiction" if side else "unsupported"
            else:
                continue
            found.append(
                {
                    "finding": finding,
                    "dimension_id": f.Index,
                    "quadrant": quadrant,
                    "factor_ids": ";".join(ids),
                    "level": f.level,
                    "median": f.median,
                    "rule": rule,
                    "year": f.year,
                    "source_id": f.source_id,
                    "locator": f.locator,
                    "confidence": f.confidence,
                    "since": f.since if moved else pd.NA,
                }
            )
    columns = ["finding", "dimension_id", "quadrant", "factor_ids", "level", "median", "rule",
               "year", "source_id", "locator", "confidence", "since"]  # fmt: skip
    table = pd.DataFrame(found, columns=columns).astype({"level": float, "median": float})
    return table.astype({"year": "Int64", "since": "Int64"})


def _earlier(study: Study, evidence: Evidence, system: str) -> pd.DataFrame:
    """Return dimension -> level and year of the oldest row that the level may be compared with."""
    rows = study.indicators[study.indicators["system_id"] == system]
    rows = rows[rows["year"] <= evidence.as_of]
    firm = (rows["comparable"] == "yes") & (rows["confidence"] != "low")
    newest = rows.groupby("dimension_id")["year"].max()
    rows = rows[firm].sort_values("year", kind="stable")
    by = rows.groupby("dimension_id")
    first, last = by.first(), by["year"].last()
    kept = (first["year"] < last) & (last == newest.reindex(last.index))
    return first.loc[kept, ["level", "year"]]


def _rule(
    level: float, median: float, confidence: str, side: int, before: float | None, since: int
) -> str:
    """Say what was compared."""
    if pd.isna(level):
        return phrase("no level")
    at = decimal(level, None)
    if pd.isna(median):
        return phrase("level {level}, and no other ranked system has one", level=at)
    if confidence == "low":
        return phrase("level {level}, of low confidence", level=at)
    said = _held(level, median, side)
    if before is None:
        return said
    since_then = {"before": decimal(before, None), "year": since}
    if level > before:
        return f"{said}, {phrase('up from {before} in {year}', **since_then)}"
    return f"{said}, {phrase('down from {before} in {year}', **since_then)}"


def _held(level: float, median: float, side: int) -> str:
    """Say on which side of the median of the others a level is."""
    both = {"level": decimal(level, None), "median": decimal(median, None)}
    if side > 0:
        return phrase("level {level}, above the median {median} of the ranked systems", **both)
    if side < 0:
        return phrase("level {level}, below the median {median} of the ranked systems", **both)
    return phrase("level {level}, at the median {median} of the ranked systems", **both)
