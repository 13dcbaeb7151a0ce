"""Editions of the shipped study and of small ones, compared."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import analyse, read_study
from mcanalysis.change import CAUSES, apply_scenario
from mcanalysis.editions import changes_as_text, compare_editions
from mcanalysis.editions.record import FRAMES
from mcanalysis.editions.sentences import NONE, parts_in_tenths
from mcanalysis.errors import MethodError
from mcanalysis.robustness import rank_systems

DRAWS = 1000


@pytest.fixture(scope="module")
def now(study):
    return analyse(study, draws=DRAWS)


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The shipped study as files: a level raised, rows and a factor gone, others edited."""
    folder = tmp_path_factory.mktemp("editions") / "data"
    shutil.copytree("data", folder)
    study = read_study(folder)
    rows = study.indicators
    at = rows.query("system_id == 'DE' and dimension_id == 'recognition'")["year"].idxmax()
    rows.loc[at, "level"] = 3
    gone = rows.query("system_id == 'IE' and dimension_id == 'provision-uptake'").index
    rows.drop(index=gone).to_csv(folder / "indicators.csv", index=False)
    factors = study.swot_factors
    factors.loc[factors["factor_id"] == "de-s01", "quadrant"] = "weakness"
    factors.loc[factors["factor_id"] == "de-s02", "statement"] = "Another reading."
    factors.loc[factors["factor_id"] == "de-s05", "locator"] = "p. 1"
    new = factors.iloc[[0]].assign(factor_id="de-s99", system_id="DE")
    kept = factors[factors["factor_id"] != "de-t01"]
    pd.concat([kept, new]).to_csv(folder / "swot_factors.csv", index=False)
    return read_study(folder)


@pytest.fixture(scope="module")
def changes(now, edited):
    return compare_editions(now, analyse(edited, draws=DRAWS))


def test_an_edition_changes_nothing_against_itself(now, study):
    again = compare_editions(now, analyse(read_study("data"), draws=DRAWS))
    assert again.conclusions_changed == (NONE,)
    assert again.counts() == {}
    for name in set(FRAMES) - {"ranks"}:
        assert getattr(again, name).empty, name
    assert (again.ranks[["change", *CAUSES]] == 0).all(axis=None)


def test_rows_are_told_with_both_values(changes, now):
    rows = changes.rows.set_index(["system_id", "dimension_id"])
    assert set(rows.index) == {("DE", "recognition"), ("IE", "provision-uptake")}
    raised = rows.loc[("DE", "recognition")]
    assert (raised["kind"], raised["differs"]) == ("level", "level")
    assert (raised["old_level"], raised["new_level"], raised["change"]) == (1, 3, 2)
    gone = rows.loc[("IE", "provision-uptake")]
    assert gone["kind"] == "removed"
    assert gone["old_level"] == now.level("IE", "provision-uptake")
    assert pd.isna(gone["new_level"])
    assert pd.isna(gone["change"])


def test_rank_changes_add_up_and_name_the_own_evidence(changes, now):
    ranks = changes.ranks.set_index("system_id")
    assert set(ranks.index) == set(now.ranked)
    assert (ranks[list(CAUSES)].sum(axis=1) - ranks["change"]).abs().max() < 1e-9
    assert set(ranks.index[ranks["evidence"] != 0]) == {"DE", "IE"}
    assert ranks.loc["DE", "evidence"] < -1
    assert (ranks[["weights", "method"]] == 0).all(axis=None)
    assert ranks["old_rank"].to_dict() == now.ranking.table["mean_rank"].to_dict()
    germany = ranks.loc["DE"]
    inside = germany["old_best_rank"] <= germany["new_rank"] <= germany["old_worst_rank"]
    assert germany["crossed"] != inside


def test_the_index_is_told_where_it_or_its_interval_differs(changes, now):
    index = changes.index.set_index("system_id")
    assert set(index.index) == {"DE", "IE"}
    assert index.loc["DE", "change"] > 0
    assert index.loc["DE", "old_index"] == now.index.loc["DE", "index"]
    assert index.loc["IE", "new_coverage"] < index.loc["IE", "old_coverage"]


def test_benefits_and_stakeholders_are_those_of_the_changed_systems(changes):
    assert set(changes.benefits["system_id"]) == {"DE", "IE"}
    assert set(changes.groups["system_id"]) == {"DE", "IE"}
    germany = changes.groups[changes.groups["system_id"] == "DE"]
    assert (germany["change"] > 0).all()
    crossed = changes.benefits[changes.benefits["crossed"]]
    assert not crossed.empty
    third = (3 * crossed["new_realised"] + 1e-9).astype(int) + 1
    assert (crossed["new_third"] == third.clip(upper=3)).all()
    assert (crossed["old_third"] != crossed["new_third"]).all()


def test_factors_are_added_removed_moved_and_reworded(changes):
    kinds = changes.factors.set_index("factor_id")["kind"].to_dict()
    assert kinds == {
        "de-s01": "moved",
        "de-s02": "reworded",
        "de-s05": "told",
        "de-s99": "added",
        "de-t01": "removed",
    }
    moved = changes.factors.set_index("factor_id").loc["de-s01"]
    assert (moved["old_quadrant"], moved["new_quadrant"]) == ("strength", "weakness")


def test_factors_that_the_indicators_suggest_follow_the_levels(changes):
    derived = changes.derived.set_index(["system_id", "dimension_id"])
    new = derived.loc[("DE", "recognition")]
    assert (new["kind"], new["new_quadrant"]) == ("appeared", "strength")
    assert new["new_rule"].startswith("level 3, above the median")
    old = derived.loc[("IE", "provision-uptake")]
    assert old["kind"] == "disappeared"


def test_rows_that_count_in_neither_edition_are_told_with_the_tables(changes, study):
    rows = study.indicators.query("system_id == 'IE' and dimension_id == 'provision-uptake'")
    older = changes.tables[changes.tables["table"] == "indicators"]
    assert len(older) == len(rows) - 1
    assert set(older["kind"]) <= {"removed"}


def test_conclusions_say_what_moved_and_why(changes):
    said = changes.conclusions_changed
    ranks = changes.ranks.set_index("system_id").loc["DE"]
    first = next(s for s in said if s.startswith("Germany: expected rank"))
    assert f"from {ranks['old_rank']:.1f} to {ranks['new_rank']:.1f} (its own evidence −" in first
    assert any("the indicators now suggest a strength in Recognition" in s for s in said)
    assert said[-1] == (
        "Germany, SWOT factors: one added, one removed, one moved to another quadrant and one "
        "reworded."
    )


def test_pairs_are_those_whose_order_became_or_stopped_being_sure(now, changes):
    ahead = [a.ranking.ahead for a in (now, changes.new)]
    for row in changes.pairs.itertuples():
        shares = [side.loc[row.left, row.right] for side in ahead]
        assert [row.old_share, row.new_share] == shares
        sure = [share >= 0.9 for share in shares]
        assert sure == {"sure": [False, True], "unsure": [True, False]}[row.kind]
    listed = {frozenset(pair) for pair in changes.pairs[["left", "right"]].to_numpy().tolist()}
    sure = [(side >= 0.9).to_numpy() for side in (s.loc[now.ranked, now.ranked] for s in ahead)]
    differs = (sure[0] != sure[1]).sum()
    reversed_ = (changes.pairs["kind"] == "reversed").sum()
    assert differs == len(listed) + reversed_


def test_an_order_that_turns_round_is_told_from_the_new_side(study, now):
    dimensions = list(study.dimensions["dimension_id"])
    best, worst = now.ranked[0], now.ranked[-1]
    rows = [(best, d, 0) for d in dimensions] + [(worst, d, 3) for d in dimensions]
    bold = pd.DataFrame(rows, columns=["system_id", "dimension_id", "level"])
    changes = compare_editions(now, analyse(apply_scenario(study, bold), draws=DRAWS))
    turned = changes.pairs[changes.pairs["kind"] == "reversed"]
    assert (worst, best) in set(zip(turned["left"], turned["right"], strict=True))
    name = now.names.in_sentence
    said = "\n".join(changes.conclusions_changed)
    assert f"{name(worst)} has the best expected rank, no longer {name(best)}." in said
    assert "surely ahead of" in said
    assert "before surely behind." in said


def test_two_years_of_one_study_are_two_editions(study, now):
    old = analyse(study, as_of=2022, draws=DRAWS)
    changes = compare_editions(old, now)
    assert changes.settings.to_numpy().tolist() == [["as_of", 2022, 2026]]
    assert set(changes.systems["kind"]) == {"newly ranked"}
    assert set(changes.systems["system_id"]) == set(now.ranked) - set(old.ranked)
    assert changes.ranks["old_rank"].notna().sum() == len(old.ranked)
    assert changes.tables.empty
    assert changes.factors.empty
    newly = changes.ranks[changes.ranks["old_rank"].isna()]
    assert newly[["change", *CAUSES]].isna().all(axis=None)
    assert not newly["crossed"].any()
    assert "systems are newly ranked" in changes.conclusions_changed[0]
    back = compare_editions(now, old)
    assert set(back.systems["kind"]) == {"no longer ranked"}


def test_a_scenario_file_is_an_edition(study, now):
    bold = pd.DataFrame(
        {"system_id": ["DE"], "dimension_id": ["recognition"], "level": [3], "note": ["A law."]}
    ).astype({"level": "Int64"})
    named = replace(study, scenarios={"bold": bold})
    then = analyse(apply_scenario(named, "bold"), draws=DRAWS)
    changes = compare_editions(now, then)
    assert changes.rows["new_source_id"].to_list() == ["scenario-bold"]
    assert "scenario-bold" in set(changes.tables["key"])
    own = changes.ranks.set_index("system_id")["evidence"]
    assert own["DE"] < 0
    assert (own.drop("DE") == 0).all()


def without(study, dimension=None, system=None):
    """Return a study without a dimension, or without a system."""
    tables = study.tables()
    for name, frame in tables.items():
        if dimension is not None and "dimension_id" in frame:
            tables[name] = frame[frame["dimension_id"] != dimension].reset_index(drop=True)
        if system is not None and "system_id" in frame:
            tables[name] = frame[frame["system_id"] != system].reset_index(drop=True)
    return replace(study, **tables)


def test_a_dimension_that_only_one_edition_has_is_the_method(study, now):
    fewer = analyse(without(study, dimension="recognition"), draws=DRAWS)
    changes = compare_editions(fewer, now)
    ranks = changes.ranks[changes.ranks["change"].notna()]
    assert (ranks[list(CAUSES)].sum(axis=1) - ranks["change"]).abs().max() < 1e-9
    assert ranks["method"].abs().max() > 0
    name = now.names.dimension("recognition")
    assert changes.conclusions_changed[0] == f'A new dimension is compared: "{name}".'
    back = compare_editions(now, fewer)
    assert back.conclusions_changed[0] == f'The dimension "{name}" is no longer compared.'
    assert "changed" not in back.counts()["dimensions"]


def test_a_system_that_only_one_edition_has_is_company(study, now):
    fewer = analyse(without(study, system="NZ"), draws=DRAWS)
    back = compare_editions(now, fewer)
    ranks = back.ranks[back.ranks["change"].notna()]
    assert len(ranks) == 19
    assert (ranks["company"] == ranks["change"]).all()
    assert "New Zealand is no longer in the study." in back.conclusions_changed
    there = compare_editions(fewer, now)
    assert any(s.startswith("New Zealand is newly ranked: ") for s in there.conclusions_changed)
    assert "not in the study before" in there.conclusions_changed[0]
    text = changes_as_text(back)
    assert "New Zealand" in text


def test_another_rule_for_who_is_ranked_is_told_first(study, now):
    changes = compare_editions(now, analyse(study, draws=DRAWS, min_dimensions=10))
    assert changes.conclusions_changed[0] == (
        "A system needs evidence on ten dimensions to be ranked, before on eight."
    )
    ranks = changes.ranks[changes.ranks["change"].notna()]
    assert (ranks["method"] == ranks["change"]).all()


def test_other_weights_and_other_uncertainty_are_told_and_are_causes(now):
    weights = pd.Series(1 / len(now.dimensions), now.dimensions)
    ranking = rank_systems(now.evidence, 8, DRAWS, weights=weights, vary=("gaps", "confidence"))
    changes = compare_editions(now, replace(now, ranking=ranking))
    assert changes.conclusions_changed[:2] == (
        "What is varied: gaps, confidence; before weights, values, gaps, confidence.",
        "Systems are ranked under given weights, before under any weights.",
    )
    ranks = changes.ranks
    assert (ranks[list(CAUSES)].sum(axis=1) - ranks["change"]).abs().max() < 1e-9
    assert (ranks[["evidence", "company"]] == 0).all(axis=None)
    assert (ranks["method"] != 0).any()


def test_links_of_benefits_and_panels_are_told_column_by_column(study, now):
    links = study.benefit_enablers.copy()
    links.loc[0, "strength"] = 1
    panel = pd.DataFrame(
        {
            "judge_id": "j1", "stakeholder_id": "learners", "topic": "dimensions",
            "kind": "rating", "left": ["recognition"], "right": pd.NA, "value": 70.0,
            "illustrative": "yes",
        }
    )  # fmt: skip
    then = replace(study, benefit_enablers=links, panels={"delphi": panel})
    tables = compare_editions(now, analyse(then, draws=DRAWS)).tables
    link = tables[tables["table"] == "benefit_enablers"].iloc[0]
    assert link["key"] == f"{links['benefit_id'][0]}, {links['dimension_id'][0]}"
    assert (link["column"], link["old"], link["new"]) == ("strength", 2, 1)
    added = tables[tables["table"] == "panels/delphi"]
    assert added[["key", "kind"]].to_numpy().tolist() == [["j1, dimensions, recognition", "added"]]
    changed = replace(then, panels={"delphi": panel.assign(value=60.0)})
    again = compare_editions(analyse(then, draws=DRAWS), analyse(changed, draws=DRAWS)).tables
    assert again[["table", "column", "old", "new"]].to_numpy().tolist() == [
        ["panels/delphi", "value", 70.0, 60.0]
    ]


def test_small_studies_with_nobody_ranked_can_be_compared(folder):
    small = read_study(folder)
    old = analyse(small, min_dimensions=2, draws=50)
    new = analyse(small, min_dimensions=1, draws=50)
    changes = compare_editions(old, new)
    assert set(changes.systems["system_id"]) == {"NA", "DE"}
    back = compare_editions(new, old)
    assert back.pairs.empty
    for text in map(changes_as_text, (changes, back, compare_editions(old, old))):
        assert "Conclusions" in text
    json.dumps(back.as_dict())


def test_other_draws_are_refused(study, now):
    with pytest.raises(MethodError, match="analysed with draws 1000 and 500"):
        compare_editions(now, analyse(study, draws=500))
    with pytest.raises(MethodError, match="seed 1 and 2"):
        compare_editions(now, analyse(study, draws=DRAWS, seed=2))


def test_the_plain_form_holds_everything_and_is_strict_json(changes):
    found = changes.as_dict()
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text) == found
    for name in FRAMES:
        assert len(found[name]) == len(getattr(changes, name))
    assert found["conclusions_changed"] == list(changes.conclusions_changed)
    assert found["counts"]["rows"] == {"level": 1, "removed": 1}
    assert found["old"]["as_of"] == 2026


def test_text_has_conclusions_first_then_what_moved_then_counts(changes):
    text = changes_as_text(changes, 80)
    parts = [text.index(f"\n{t}\n") for t in ("Conclusions", "Levels", "Expected ranks", "Counts")]
    assert parts == sorted(parts)
    assert max(map(len, text.splitlines())) <= 80
    assert "  Germany, Recognition: 1 → 3. " in text
    assert "  Ireland, Provision and uptake: 3 → none. " in text


def test_long_parts_are_cut_and_counted(study, now):
    text = changes_as_text(compare_editions(analyse(study, as_of=2022, draws=DRAWS), now))
    assert "more (--format json has all)" in text
    levels = text[text.index("\nLevels\n") : text.index("\nExpected ranks\n")]
    assert sum(line[:2] == "  " and line[2] != " " for line in levels.splitlines()) == 21


def test_printed_parts_add_up_to_the_printed_change():
    assert parts_in_tenths(13.94, 12.06, [-1.66, 0.0, 0.0, -0.22]) == [-1.6, 0.0, 0.0, -0.2]
    assert parts_in_tenths(1.04, 1.06, [0.02, 0.0, 0.0, 0.0]) == [0.1, 0.0, 0.0, 0.0]
    assert parts_in_tenths(2.0, 2.0, [0.0, 0.0, 0.0, 0.0]) == [0.0, 0.0, 0.0, 0.0]
