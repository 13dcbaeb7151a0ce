"""What if some levels were different: a scenario held against the study as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from mcanalysis.analysis import Analysis, analyse
from mcanalysis.change import CAUSES, apply_scenario, scenario_rows
from mcanalysis.editions import Changes, compare_editions
from mcanalysis.editions.sentences import parts_in_tenths
from mcanalysis.frames import each_row
from mcanalysis.language import marked, phrase
from mcanalysis.swot import hold_against
from mcanalysis.wording import count, listed, listed_some, ordinal

_CELL = ["system_id", "dimension_id"]
_LABEL = "illustrative"
"""What the note of an assumption begins with that nobody proposes."""
_SUGGESTED = {
    ("appeared", "strength"): marked("a strength in {dimension}"),
    ("appeared", "weakness"): marked("a weakness in {dimension}"),
    ("disappeared", "strength"): marked("no longer a strength in {dimension}"),
    ("disappeared", "weakness"): marked("no longer a weakness in {dimension}"),
    ("turned", "strength"): marked("a strength in {dimension} instead of the opposite"),
    ("turned", "weakness"): marked("a weakness in {dimension} instead of the opposite"),
}


@dataclass(frozen=True, eq=False)
class WhatIf:
    """A scenario with what it does, compared once for a whole page.

    Attributes
    ----------
    now : Analysis
        Of the study as it is.
    scenario : str or None
        Name of the scenario; None where the study has none: then nothing is assumed.
    rows : DataFrame
        What each row of the scenario does, see `scenario_rows`.
    changes : Changes
        From now to the study with the levels that are assumed.
    factors : DataFrame
        Coded strengths and weaknesses on which the levels speak otherwise then, or that are about
        a level that is assumed: factor_id, system_id, dimension_id, quadrant; old, new (finding,
        see `hold_against`); old_rule, new_rule.
    """

    now: Analysis
    scenario: str | None
    rows: pd.DataFrame
    changes: Changes
    factors: pd.DataFrame

    @property
    def live(self) -> pd.DataFrame:
        """Rows of the scenario that differ from what is coded."""
        return self.rows[self.rows["effect"] != "nothing"]

    @property
    def illustrative(self) -> bool:
        """Whether every note says that the assumption is illustrative."""
        notes = self.live["note"].fillna("").str.lower()
        return len(notes) > 0 and bool(notes.str.startswith(_LABEL).all())


def suppose(a: Analysis, scenario: str | None = None) -> WhatIf:
    """Suppose that the levels of a scenario were so, and compare with the study as it is.

    Parameters
    ----------
    a : Analysis
    scenario : str, optional
        Name of one of the study's scenarios; by default the first. A study without any can be
        looked at too: then nothing is assumed and nothing changes.

    Returns
    -------
    WhatIf
        Both sides with the same date, draws, seed and weights.

    Raises
    ------
    MethodError
        If the study has no such scenario (names the nearest).

    Examples
    --------
    >>> from mcanalysis import read_study
    >>> w = suppose(analyse(read_study("data"), draws=1000))
    >>> w.scenario, len(w.live), w.illustrative
    ('recognition-in-the-eu', 10, True)
    """
    scenario = next(iter(a.study.scenarios), None) if scenario is None else scenario
    if scenario is None:
        none = pd.DataFrame(columns=[*_CELL, "year", "coded", "level", "note", "effect"])
        return WhatIf(a, None, none, compare_editions(a, a), _factors(a, a, none))
    r, year = a.ranking, a.evidence.as_of
    rows = scenario_rows(a.study, scenario, year)
    order = r.weights if isinstance(r.weights, list | tuple) else None
    given = dict(r.weights) if isinstance(r.weights, pd.Series) else None
    then = analyse(
        apply_scenario(a.study, scenario, year),
        as_of=year,
        min_dimensions=r.min_dimensions,
        draws=r.draws,
        seed=r.seed,
        panel=a.panel,
        order=order,
        weights=given,
        vary=r.vary,
    )
    live = rows[rows["effect"] != "nothing"]
    return WhatIf(a, scenario, rows, compare_editions(a, then), _factors(a, then, live))


def _factors(now: Analysis, then: Analysis, live: pd.DataFrame) -> pd.DataFrame:
    """List the coded factors that would have to be read again."""
    columns = ["factor_id", *_CELL, "quadrant", "old", "new", "old_rule", "new_rule"]
    coded = now.study.swot_factors
    if set(now.ranked) == set(then.ranked):
        # In the same company the levels speak otherwise only where some are assumed.
        coded = coded[coded["dimension_id"].isin(live["dimension_id"])]
    systems = [s for s in {*then.ranked, *live["system_id"]} if s in set(coded["system_id"])]
    found = []
    for s in sorted(systems) if len(live) else ():
        old, new = (
            hold_against(a.study, a.evidence, s, a.ranked).assign(system_id=s) for a in (now, then)
        )
        both = old.merge(new, on=[*_CELL, "quadrant"], suffixes=("_old", "_new"))
        found.append(both[both["factor_ids_old"] != ""])
    if not found:
        return pd.DataFrame(columns=columns)
    table = pd.concat(found, ignore_index=True)
    table = table.rename(
        columns={f"{what}_{side}": f"{side}{tail}" for side in ("old", "new")
                 for what, tail in (("finding", ""), ("rule", "_rule"))}
    )  # fmt: skip
    solved = {"raises": "weakness", "lowers": "strength"}
    about = live.assign(quadrant=live["effect"].map(solved))[[*_CELL, "quadrant"]]
    is_about = table[[*_CELL, "quadrant"]].merge(about, how="left", indicator=True)
    table = table[(table["old"] != table["new"]) | is_about["_merge"].eq("both").to_numpy()]
    table = table.assign(factor_id=table["factor_ids_old"].str.split(";"))
    return table.explode("factor_id", ignore_index=True)[columns]


def assumed_in_words(w: WhatIf) -> str:
    """Say on what, where and to which level something is assumed.

    Examples
    --------
    >>> from mcanalysis import read_study
    >>> assumed_in_words(suppose(analyse(read_study("data"), draws=100)))
    'level 2 on recognition in ten systems'
    """
    live, names = w.live, w.now.names
    dimensions, levels = live["dimension_id"].unique(), live["level"].unique()
    on = listed_some([names.dimension(d).inside for d in dimensions], 2)
    systems = live["system_id"].unique()
    if len(systems) == 1:
        where = names.in_sentence(systems[0]).within
    elif len(systems) < 4:
        where = phrase("in {systems}", systems=listed(names.in_sentence(s) for s in systems))
    else:
        where = phrase("in {n} systems", n=count(len(systems)))
    if len(levels) == 1:
        return phrase(
            "level {level} on {dimensions} {where}", level=levels[0], dimensions=on, where=where
        )
    return phrase("other levels on {dimensions} {where}", dimensions=on, where=where)


def evidence_on(w: WhatIf, cells: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that count now on some systems and dimensions."""
    return w.now.evidence.rows.merge(cells[_CELL].drop_duplicates(), on=_CELL)


def moved(w: WhatIf) -> pd.DataFrame:
    """Return the systems that are ranked now and then, those that move most first.

    Returns
    -------
    DataFrame
        Columns of ``Changes.ranks``; the causes are in tenths, and add up to the difference of the
        rounded ranks.
    """
    ranks = w.changes.ranks[w.changes.ranks["change"].notna()]
    order = ranks["change"].abs().sort_values(ascending=False, kind="stable").index
    ranks = ranks.loc[order].reset_index(drop=True)
    tenths = [
        parts_in_tenths(r.old_rank, r.new_rank, [getattr(r, c) for c in CAUSES])
        for r in each_row(ranks)
    ]
    parts = pd.DataFrame(tenths, columns=list(CAUSES), index=ranks.index, dtype=float)
    return ranks.assign(**{c: parts[c] for c in CAUSES})


def place_in_words(best: int, worst: int) -> str:
    """Say a rank interval.

    Examples
    --------
    >>> place_in_words(2, 18), place_in_words(1, 1)
    ('2nd to 18th', '1st')
    """
    if best == worst:
        return ordinal(best)
    return phrase("{best} to {worst}|ranks", best=ordinal(best), worst=ordinal(worst))


def gains(w: WhatIf) -> pd.Series:
    """Return by how much the share in place changes for each stakeholder, the most first.

    Returns
    -------
    Series
        stakeholder_id -> mean change of the share realised over the systems with assumed levels
        and a share on both sides; those without such systems are left out.
    """
    old, new = (
        a.groups[a.groups["system_id"].isin(w.live["system_id"])].set_index(
            ["system_id", "stakeholder_id"]
        )["realised"].astype(float)
        for a in (w.now, w.changes.new)
    )  # fmt: skip
    change = (new - old).dropna().groupby("stakeholder_id").mean()
    change = change.reindex([s for s in w.now.stakeholders if s in change.index])
    return change.sort_values(ascending=False, kind="stable")


def suggested(w: WhatIf) -> Iterator[tuple[str, str, str, pd.DataFrame]]:
    """Go through what the indicators suggest otherwise then, by dimension.

    Yields
    ------
    tuple of str, str, str, DataFrame
        kind (``appeared``, ``disappeared``, ``turned``), quadrant (the new one, or the old one
        that disappeared), dimension_id, rows of ``Changes.derived``.
    """
    derived = w.changes.derived
    quadrant = derived["new_quadrant"].fillna(derived["old_quadrant"])
    for (d, kind, q), some in derived.assign(q=quadrant).groupby(
        ["dimension_id", "kind", "q"], sort=False
    ):
        yield str(kind), str(q), str(d), some


def suggestion_in_words(w: WhatIf, kind: str, quadrant: str, dimension: str) -> str:
    """Say what the indicators suggest then."""
    return phrase(_SUGGESTED[kind, quadrant], dimension=w.now.names.dimension(dimension).inside)
