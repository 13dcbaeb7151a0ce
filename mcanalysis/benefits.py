"""What microcredentials bring to each stakeholder, and what that depends on."""

from __future__ import annotations

import pandas as pd

from mcanalysis.compare import TOP, Evidence, bounds
from mcanalysis.errors import MethodError, nearest
from mcanalysis.model import Study


def _strengths(study: Study, dimensions: list[str]) -> pd.DataFrame:
    """Return benefits by dimensions: strength of the link, 0 where there is none."""
    wide = study.benefit_enablers.assign(strength=study.benefit_enablers["strength"].astype(float))
    wide = wide.pivot(index="benefit_id", columns="dimension_id", values="strength")
    return wide.reindex(index=list(study.benefits["benefit_id"]), columns=dimensions).fillna(0)


def realise_benefits(study: Study, evidence: Evidence) -> pd.DataFrame:
    """Tell how far each benefit is realised in each system through its enablers.

    Parameters
    ----------
    study : Study
    evidence : Evidence

    Returns
    -------
    DataFrame
        One row per system and benefit: system_id, benefit_id, stakeholder_id; realised, the
        strength-weighted mean of level / 3 over the enablers with evidence, in [0, 1], NaN where
        none has any; lower and upper, over every way to fill the gaps and every low-confidence
        level one lower or higher; coverage, the share of strength with evidence. A benefit
        without enablers has no value and may lie anywhere.

    Examples
    --------
    >>> from mcanalysis.compare import newest_evidence
    >>> from mcanalysis.study import read_study
    >>> study = read_study("data")
    >>> len(realise_benefits(study, newest_evidence(study))) == 52 * 19
    True
    """
    strength = _strengths(study, list(evidence.levels.columns)).T
    weight = strength.sum().where(lambda total: total > 0)
    low, high = bounds(evidence)
    known = evidence.levels.notna().astype(float) @ strength
    parts = {
        "realised": (evidence.levels.fillna(0) / TOP) @ strength / known.where(known > 0),
        "lower": ((low / TOP) @ strength / weight).fillna(0.0),
        "upper": ((high / TOP) @ strength / weight).fillna(1.0),
        "coverage": (known / weight).fillna(0.0),
    }
    frame = pd.DataFrame({name: wide.stack() for name, wide in parts.items()})
    frame.index = frame.index.set_names(["system_id", "benefit_id"])
    order = pd.MultiIndex.from_product([evidence.levels.index, strength.columns])
    frame = frame.reindex(order.set_names(["system_id", "benefit_id"])).reset_index()
    of = study.benefits.set_index("benefit_id")["stakeholder_id"]
    frame.insert(2, "stakeholder_id", frame["benefit_id"].map(of))
    return frame


def benefits_by_stakeholder(study: Study, benefits: pd.DataFrame) -> pd.DataFrame:
    """Average the benefits of each stakeholder in each system.

    Parameters
    ----------
    study : Study
    benefits : DataFrame
        From `realise_benefits`.

    Returns
    -------
    DataFrame
        One row per system and stakeholder with benefits, in the order of the study: system_id,
        stakeholder_id, realised (mean over the benefits that have a value; NaN where none has),
        lower, upper, coverage (means over all its benefits).
    """
    place = {s: i for i, s in enumerate(study.stakeholders["stakeholder_id"])}
    means = benefits.groupby(["system_id", "stakeholder_id"], sort=False)[
        ["realised", "lower", "upper", "coverage"]
    ].mean()
    table = means.reset_index()
    systems = {s: i for i, s in enumerate(dict.fromkeys(benefits["system_id"]))}
    order = table["system_id"].map(systems) * len(place) + table["stakeholder_id"].map(place)
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def held_back_by(study: Study, evidence: Evidence, system: str) -> pd.DataFrame:
    """Find what holds each benefit of a system back most.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system : str

    Returns
    -------
    DataFrame
        benefit_id, dimension_id, level, missing (strength times the share of the levels not
        reached): per benefit the dimension with the largest, at most two when equal; none where
        nothing is missing.
    """
    levels = _levels_of(evidence, system)
    links = study.benefit_enablers[["benefit_id", "dimension_id", "strength"]]
    links = links.assign(level=links["dimension_id"].map(levels).astype(float))
    links["missing"] = links["strength"].astype(float) * (TOP - links["level"]) / TOP
    links = links[links["missing"] > 0]
    most = links.groupby("benefit_id")["missing"].transform("max")
    top = links[(links["missing"] - most).abs() < 1e-9].groupby("benefit_id", sort=False).head(2)
    return top[["benefit_id", "dimension_id", "level", "missing"]].reset_index(drop=True)


def _levels_of(evidence: Evidence, system: str) -> pd.Series:
    if system not in evidence.levels.index:
        known = [str(s) for s in evidence.levels.index]
        raise MethodError(f'There is no evidence on a system "{system}".{nearest(system, known)}')
    return evidence.levels.loc[system]


def implied_weights(study: Study, stakeholder: str) -> pd.Series:
    """Return the weights that the benefits of a stakeholder imply for the dimensions.

    Parameters
    ----------
    study : Study
    stakeholder : str

    Returns
    -------
    Series
        dimension_id -> mean over the benefits of its share of the benefit's strength; together 1.
        Dimensions that enable nothing are left out.

    Raises
    ------
    MethodError
        If no benefit with enablers is the stakeholder's.
    """
    strength = _strengths(study, list(study.dimensions["dimension_id"]))
    mine = study.benefits.loc[study.benefits["stakeholder_id"] == stakeholder, "benefit_id"]
    strength = strength.loc[mine]
    strength = strength[strength.sum(axis=1) > 0]
    if strength.empty:
        known = list(dict.fromkeys(study.benefits["stakeholder_id"]))
        raise MethodError(
            f'No benefit with enablers is for "{stakeholder}".{nearest(stakeholder, known)}'
        )
    weights = strength.div(strength.sum(axis=1), axis=0).mean()
    return weights[weights > 0]


def next_steps(study: Study, evidence: Evidence, system: str, stakeholder: str) -> pd.DataFrame:
    """List what one level more would bring a stakeholder, dimension by dimension.

    Parameters
    ----------
    study : Study
    evidence : Evidence
    system, stakeholder : str

    Returns
    -------
    DataFrame
        One row per enabling dimension with evidence below level 3, most helpful first: level; gain,
        what one level adds to the mean share realised; shortfall, implied weight times the share
        of the levels not reached; criterion, the manual's words for the next level; took, systems
        whose comparable rows moved to it or beyond; reached, systems that stand there on more than
        low confidence (`;` lists).

    Raises
    ------
    MethodError
        If there is no evidence on the system, or no benefit for the stakeholder.
    """
    levels = _levels_of(evidence, system)
    weights = implied_weights(study, stakeholder)
    manual = study.dimensions.set_index("dimension_id")
    firm = evidence.levels.mask(evidence.low)
    rows = study.indicators[study.indicators["comparable"] == "yes"]
    rows = rows[rows["year"] <= evidence.as_of]
    found = []
    for d in manual.index:
        if d not in weights.index or pd.isna(levels[d]) or levels[d] >= TOP:
            continue
        level = int(levels[d])
        on = rows[rows["dimension_id"] == d].sort_values("year").groupby("system_id")["level"]
        moved = (on.first() <= level) & (on.last() >= level + 1)
        found.append(
            {
                "dimension_id": d,
                "level": level,
                "gain": weights[d] / TOP,
                "shortfall": weights[d] * (TOP - level) / TOP,
                "criterion": str(manual.at[d, f"level_{level + 1}"]),
                "took": ";".join(s for s in firm.index if moved.get(s, False)),
                "reached": ";".join(firm.index[firm[d] >= level + 1]),
            }
        )
    columns = ["dimension_id", "level", "gain", "shortfall", "criterion", "took", "reached"]
    table = pd.DataFrame(found, columns=columns).set_index("dimension_id")
    return table.sort_values(["gain", "shortfall"], ascending=False, kind="stable")


def leading_steps(study: Study, evidence: Evidence, systems: list[str]) -> pd.DataFrame:
    """Return the most helpful step of each system and stakeholder with benefits.

    Returns
    -------
    DataFrame
        system_id, stakeholder_id, dimension_id, gain; no row where no step is left.
    """
    gaining = list(dict.fromkeys(study.benefits["stakeholder_id"]))
    found = []
    for who in gaining:
        weights = implied_weights(study, who)
        levels = evidence.levels.loc[systems, list(weights.index)]
        open_ = levels.lt(TOP)
        gain = open_ * weights / TOP
        # Equal gains go to the larger shortfall; a hundredth of a level cannot change their order.
        lead = (gain + 1e-6 * (TOP - levels.fillna(TOP)) * weights).where(open_)
        for s in lead.index[open_.any(axis=1)]:
            d = str(lead.loc[s].idxmax())
            found.append([str(s), who, d, float(gain.at[s, d])])
    table = pd.DataFrame(found, columns=["system_id", "stakeholder_id", "dimension_id", "gain"])
    order = table["system_id"].map({s: i for i, s in enumerate(systems)})
    return table.loc[order.sort_values(kind="stable").index].reset_index(drop=True)
