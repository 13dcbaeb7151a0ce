"""Compare two editions of a study, table by table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from mcanalysis.analysis import Analysis
from mcanalysis.change import Basis, split_rank_change
from mcanalysis.change.causes import same_weights
from mcanalysis.compare import TOP
from mcanalysis.editions.record import Changes
from mcanalysis.editions.sentences import NONE, conclusions
from mcanalysis.errors import MethodError
from mcanalysis.language import phrase
from mcanalysis.model import TABLES, Study
from mcanalysis.robustness import Weights
from mcanalysis.swot import derived_factors

_CELL = ["system_id", "dimension_id"]
SAME = 1e-9
"""Numbers that differ by less are the same: sums in another order differ by rounding."""


def compare_editions(old: Analysis, new: Analysis) -> Changes:
    """Tell what differs between two editions, what it does to the results, and why.

    Parameters
    ----------
    old, new : Analysis
        Of two studies, of one at two dates, or of a study and the same with a scenario applied.
        Systems and dimensions may differ; draws and seed may not.

    Returns
    -------
    Changes

    Raises
    ------
    MethodError
        If the two were made with other draws, seed or threshold: then they differ by chance.

    Examples
    --------
    >>> from mcanalysis import analyse, read_study
    >>> from mcanalysis.change import apply_scenario
    >>> study = read_study("data")
    >>> bold = pd.DataFrame({"system_id": "DE", "dimension_id": ["recognition"], "level": [3]})
    >>> then = analyse(apply_scenario(study, bold), draws=2000)
    >>> changes = compare_editions(analyse(study, draws=2000), then)
    >>> changes.rows[["system_id", "kind", "change"]].to_numpy().tolist()
    [['DE', 'level', 2]]
    >>> changes.conclusions_changed[0].startswith("Germany: expected rank from 16.")
    True
    """
    for name in ("draws", "seed", "threshold"):
        one, other = getattr(old.ranking, name), getattr(new.ranking, name)
        if one != other:
            raise MethodError(
                f"The editions were analysed with {name} {one} and {other}. Use the same for both."
            )
    rows = _rows(old, new)
    ranks = _ranks(old, new)
    shares = ["realised", "lower", "upper"]
    benefit = ["system_id", "benefit_id", "stakeholder_id"]
    changes = Changes(
        old=old,
        new=new,
        conclusions_changed=(),
        settings=_settings(old, new),
        rows=rows,
        systems=_systems(old, new),
        index=_numbers(
            old.index.reset_index(names="system_id"),
            new.index.reset_index(names="system_id"),
            ["system_id"],
            ["index", "lower", "upper", "coverage"],
        ),
        ranks=ranks,
        pairs=_pairs(old, new),
        benefits=_thirds(_numbers(old.benefits, new.benefits, benefit, shares)),
        groups=_thirds(_numbers(old.groups, new.groups, [benefit[0], benefit[2]], shares)),
        factors=_factors(old.study, new.study),
        derived=_derived(old, new, list(ranks["system_id"])),
        tables=_tables(old, new),
    )
    said = tuple(found.said for found in conclusions(changes))
    return replace(changes, conclusions_changed=said or (phrase(NONE),))


def _both(
    old: pd.DataFrame, new: pd.DataFrame, key: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring two tables to the same rows: those of the new, then those that only the old has."""
    one, other = old.set_index(list(key)), new.set_index(list(key))
    keys = other.index.append(one.index.difference(other.index, sort=False))
    return one.reindex(keys), other.reindex(keys)


def _differences(
    old: pd.DataFrame, new: pd.DataFrame, key: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    """List the rows that differ: key, kind, differs, old_ and new_ columns."""
    before, after = (side[[*key, *columns]].assign(there=True) for side in (old, new))
    one, other = _both(before, after, key)
    same = pd.DataFrame(
        {
            c: one[c].eq(other[c]).fillna(False).astype(bool) | (one[c].isna() & other[c].isna())
            for c in columns
        },
        index=one.index,
    )
    differs = [";".join(np.array(columns)[~row]) for row in same.to_numpy(bool)]
    kind = np.select([one["there"].isna(), other["there"].isna()], ["added", "removed"], "changed")
    table = pd.concat(
        [
            pd.DataFrame({"kind": kind, "differs": differs}, index=one.index, dtype=object),
            one[list(columns)].add_prefix("old_"),
            other[list(columns)].add_prefix("new_"),
        ],
        axis=1,
    )
    return table[(table["differs"] != "") | (table["kind"] != "changed")].reset_index()


def _numbers(
    old: pd.DataFrame, new: pd.DataFrame, key: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    """List the rows in which a number differs: key, change of the first, old_ and new_ columns."""
    one, other = (
        side[list(columns)].astype(float)
        for side in _both(old[[*key, *columns]], new[[*key, *columns]], key)
    )
    apart = (other - one).abs().gt(SAME) | (one.isna() != other.isna())
    table = pd.concat(
        [
            (other[columns[0]] - one[columns[0]]).rename("change"),
            one.add_prefix("old_"),
            other.add_prefix("new_"),
        ],
        axis=1,
    )
    return table[apart.any(axis=1)].reset_index()


def _settings(old: Analysis, new: Analysis) -> pd.DataFrame:
    found = [
        ("as_of", old.evidence.as_of, new.evidence.as_of),
        ("min_dimensions", old.ranking.min_dimensions, new.ranking.min_dimensions),
        ("vary", ", ".join(old.ranking.vary), ", ".join(new.ranking.vary)),
    ]
    differ = [row for row in found if row[1] != row[2]]
    if not same_weights(old.ranking.weights, new.ranking.weights):
        differ.append(("weights", _known(old.ranking.weights), _known(new.ranking.weights)))
    return pd.DataFrame(differ, columns=["setting", "old", "new"])


def _known(weights: Weights) -> str:
    """Say what kind of thing is known of the weights."""
    if weights is None:
        return "any weights"
    if isinstance(weights, pd.Series):
        return "given weights"
    if isinstance(weights, pd.DataFrame):
        return f"a panel of {weights.shape[1]}"
    return "an order of importance"


def _rows(old: Analysis, new: Analysis) -> pd.DataFrame:
    columns = [c for c in TABLES["indicators"].column_names if c not in _CELL]
    table = _differences(old.evidence.rows, new.evidence.rows, _CELL, columns)
    change = (table["new_level"] - table["old_level"]).astype("Int64")
    kind = table["kind"].where(table["kind"] != "changed", "told")
    table["kind"] = kind.where(change.fillna(0) == 0, "level")
    table.insert(4, "change", change)
    return table


def _systems(old: Analysis, new: Analysis) -> pd.DataFrame:
    known = [a.evidence.levels.notna().sum(axis=1) for a in (old, new)]
    known = [
        n.reindex(a.study.systems["system_id"], fill_value=0)
        for n, a in zip(known, (old, new), strict=True)
    ]
    found = [(s, "newly ranked") for s in new.ranked if s not in old.ranked]
    found += [(s, "no longer ranked") for s in old.ranked if s not in new.ranked]
    table = pd.DataFrame(found, columns=["system_id", "kind"])
    for name, n in zip(("old_dimensions", "new_dimensions"), known, strict=True):
        table[name] = table["system_id"].map(n).astype("Int64")
    return table


def _ranks(old: Analysis, new: Analysis) -> pd.DataFrame:
    columns = ["mean_rank", "best_rank", "worst_rank"]
    one, other = (
        a.ranking.table[columns].rename_axis("system_id").sort_values("mean_rank", kind="stable")
        for a in (old, new)
    )
    one, other = _both(one.reset_index(), other.reset_index(), ["system_id"])
    before, after = (
        Basis(a.evidence, a.ranking.min_dimensions, a.ranking.weights, a.ranking.vary)
        for a in (old, new)
    )
    parts = split_rank_change(before, after, draws=new.ranking.draws, seed=new.ranking.seed)
    table = pd.concat([one.add_prefix("old_"), other.add_prefix("new_")], axis=1)
    table = table.rename(columns={"old_mean_rank": "old_rank", "new_mean_rank": "new_rank"})
    at = table["new_rank"]
    table.insert(0, "change", at - table["old_rank"])
    table["crossed"] = (at < table["old_best_rank"]) | (at > table["old_worst_rank"])
    ends = [f"{side}_{end}_rank" for side in ("old", "new") for end in ("best", "worst")]
    table[ends] = table[ends].astype("Int64")
    return table.join(parts.drop(columns=["old_rank", "new_rank", "total"])).reset_index()


def _pairs(old: Analysis, new: Analysis) -> pd.DataFrame:
    threshold, draws = new.ranking.threshold, new.ranking.draws
    both = sorted(set(old.ranked) & set(new.ranked))
    was, now = (a.ranking.ahead.loc[both, both].to_numpy() for a in (old, new))
    sure_was, sure_now = was >= threshold, now >= threshold
    # The standard error of the difference of two independent shares at the threshold, twice.
    error = 2 * np.sqrt(2 * threshold * (1 - threshold) / draws)
    found = []
    for kind, some in {
        "reversed": sure_now & sure_was.T,
        "sure": sure_now & ~sure_was & ~sure_was.T,
        "unsure": sure_was & ~sure_now & ~sure_now.T,
    }.items():
        found += [
            (both[i], both[j], kind, was[i, j], now[i, j], abs(now[i, j] - was[i, j]) <= error)
            for i, j in np.argwhere(some)
        ]
    columns = ["left", "right", "kind", "old_share", "new_share", "chance"]
    return pd.DataFrame(found, columns=columns).astype({"chance": bool})


def _thirds(table: pd.DataFrame) -> pd.DataFrame:
    """Tell in which third of the scale the share realised was and is, and whether it moved."""
    thirds = {
        f"{side}_third": np.floor(table[f"{side}_realised"] * TOP + SAME).clip(upper=TOP - 1) + 1
        for side in ("old", "new")
    }
    one, other = thirds.values()
    crossed = one.notna() & other.notna() & (one != other)
    return table.assign(**{k: v.astype("Int64") for k, v in thirds.items()}, crossed=crossed)


def _factors(old: Study, new: Study) -> pd.DataFrame:
    key = ["factor_id", "system_id"]
    columns = [c for c in TABLES["swot_factors"].column_names if c not in key]
    table = _differences(old.swot_factors, new.swot_factors, key, columns)
    kind = table["kind"].mask(table["kind"] == "changed", "told")
    for told, column in (("reworded", "statement"), ("moved", "quadrant")):
        changed = table["kind"].eq("changed") & table["differs"].str.contains(column)
        kind = kind.mask(changed, told)
    return table.assign(kind=kind)


def _derived(old: Analysis, new: Analysis, systems: list[str]) -> pd.DataFrame:
    """Compare what the indicators suggest, for systems with evidence in both editions."""
    columns = ["quadrant", "rule"]
    both = [s for s in systems if all(s in a.evidence.levels.index for a in (old, new))]

    def suggested(a: Analysis) -> pd.DataFrame:
        found = [derived_factors(a.evidence, s, a.ranked)[[*_CELL, *columns]] for s in both]
        return pd.concat(found) if found else pd.DataFrame(columns=[*_CELL, *columns])

    table = _differences(suggested(old), suggested(new), _CELL, columns)
    table = table[table["differs"].str.contains("quadrant")]
    kinds = {"added": "appeared", "removed": "disappeared", "changed": "turned"}
    return (
        table.assign(kind=table["kind"].map(kinds)).drop(columns="differs").reset_index(drop=True)
    )


def _frames(study: Study) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return the tables of a study by the name of their file, with what each of them is."""
    frames = {name: (name, frame) for name, frame in study.tables().items()}
    for folder in ("panels", "scenarios"):
        some = getattr(study, folder)
        frames |= {f"{folder}/{name}": (folder, frame) for name, frame in some.items()}
    del frames["swot_factors"]
    return frames


def _tables(old: Analysis, new: Analysis) -> pd.DataFrame:
    one, other = _frames(old.study), _frames(new.study)
    counted = {
        tuple(row)
        for a in (old, new)
        for row in a.evidence.rows[[*_CELL, "year"]].to_numpy().tolist()
    }
    found: list[tuple[object, ...]] = []
    for name in dict.fromkeys([*other, *one]):
        what = (other.get(name) or one[name])[0]
        key = list(TABLES[what].key)
        columns = [c for c in TABLES[what].column_names if c not in key]
        empty = pd.DataFrame(columns=[*key, *columns], dtype=object)
        before, after = (side[name][1] if name in side else empty for side in (one, other))
        if before is after:
            continue
        table = _differences(before, after, key, columns)
        for row in table.to_dict("records"):
            values = [row[k] for k in key]
            if what == "indicators" and tuple(values) in counted:
                continue
            about = (name, ", ".join(str(v) for v in values if not pd.isna(v)), row["kind"])
            if row["kind"] != "changed":
                found.append((*about, None, None, None))
                continue
            found += [
                (*about, c, row[f"old_{c}"], row[f"new_{c}"]) for c in row["differs"].split(";")
            ]
    return pd.DataFrame(found, columns=["table", "key", "kind", "column", "old", "new"])
