"""The panel that ships is invented, says so, and comes from its generator."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mcanalysis.errors import MethodError
from mcanalysis.model import QUADRANTS, TABLES
from mcanalysis.study import read_study, write_study
from mcanalysis.weights import illustrative_panel, reconsider_judgements, weigh_panel

SHIPPED = Path("data/panels/illustrative.csv")
GROUPS = ["learners", "hei", "employers"]


@pytest.fixture(scope="module")
def panel(study):
    return illustrative_panel(study)


def of(panel, topic, items):
    """Judgements between the items of one set."""
    mine = panel[panel["topic"] == topic]
    return mine[mine["left"].isin(items) & mine["right"].isin(items)]


def test_the_shipped_panel_is_what_the_generator_makes_of_the_shipped_study(study, panel):
    shipped = study.panels["illustrative"]
    pd.testing.assert_frame_equal(shipped, panel.astype(shipped.dtypes))
    assert SHIPPED.stat().st_size < 150_000
    assert panel.to_csv(index=False, float_format="%g", lineterminator="\n") == SHIPPED.read_text(
        encoding="utf-8"
    )


def test_every_row_is_marked_as_invented_and_no_judge_has_a_name(panel):
    assert (panel["illustrative"] == "yes").all()
    assert panel["judge_id"].str.fullmatch(r"j\d\d").all()
    assert panel["stakeholder_id"].isin(GROUPS).all()
    assert list(panel.columns) == TABLES["panels"].column_names


def test_0_is_a_seed_and_other_seeds_make_other_panels(study, panel):
    none = illustrative_panel(study, seed=0)
    pd.testing.assert_frame_equal(none, illustrative_panel(study, seed=0))
    for one, two in ((none, panel), (none, illustrative_panel(study, seed=2))):
        assert not one["value"].equals(two["value"])


def test_every_group_has_judges_and_nobody_is_asked_too_much(panel):
    dimensions = panel[panel["topic"] == "dimensions"]
    judges = dimensions.groupby("stakeholder_id")["judge_id"].nunique()
    assert judges.to_dict() == dict.fromkeys(GROUPS, 8)
    assert dimensions.groupby("judge_id").size().max() <= 25
    assert dimensions["kind"].value_counts()["pairwise"] == 21 * 25
    for group in GROUPS:
        asked = panel.loc[panel["topic"] == group, "stakeholder_id"]
        assert set(asked) == {group}


@pytest.mark.parametrize("seed", [1, 0, 7])
def test_the_dimensions_can_be_weighed_and_most_judges_are_consistent(study, seed):
    items = list(study.dimensions["dimension_id"])
    found = weigh_panel(illustrative_panel(study, seed), "dimensions", items)
    cr = found.consistency["cr"].dropna()
    assert len(cr) == 21
    assert (cr <= 0.1).mean() > 0.6
    assert cr.max() < 0.3
    assert cr.min() > 0
    assert found.consistency["kind"].value_counts().to_dict() == {"pairwise": 21, "best-worst": 3}
    assert list(found.groups.columns) == GROUPS
    assert 0.1 < found.concordance.w < 0.7
    assert found.splits["between"].max() > 2 * found.splits["by_chance"].max()


def test_some_judges_of_the_shipped_panel_are_inconsistent_and_can_be_asked_again(study, panel):
    items = list(study.dimensions["dimension_id"])
    found = weigh_panel(panel, "dimensions", items)
    cr = found.consistency["cr"]
    over = list(cr.index[cr > 0.1])
    assert over
    for judge in over:
        matrix = found.pairs.matrices[:, :, list(found.pairs.weights.columns).index(judge)]
        steps = reconsider_judgements(matrix, items)
        assert steps["cr_after"].iloc[-1] == pytest.approx(0.1, abs=1e-6)


def test_groups_favour_the_dimensions_that_their_benefits_depend_on(study, panel):
    found = weigh_panel(panel, "dimensions", list(study.dimensions["dimension_id"])).groups
    links = study.benefit_enablers.merge(study.benefits, on="benefit_id")
    implied = links.pivot_table(
        index="dimension_id", columns="stakeholder_id", values="strength", aggfunc="sum"
    ).reindex(found.index)
    implied = implied.astype(float).fillna(0)
    for group in GROUPS:
        assert np.corrcoef(found[group], implied[group])[0, 1] > 0.6


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_rates_its_own_benefits(study, panel, group):
    benefits = list(study.benefits.loc[study.benefits["stakeholder_id"] == group, "benefit_id"])
    found = weigh_panel(panel, group, benefits)
    assert found.consistency["kind"].eq("rating").all()
    assert len(found.judges.columns) == 8
    values = panel.loc[panel["topic"] == group, "value"]
    assert values.between(1, 100).all()


@pytest.mark.parametrize("system", ["DE", "IE"])
def test_the_factors_of_each_quadrant_and_the_quadrants_can_be_weighed(study, panel, system):
    factors = study.swot_factors[study.swot_factors["system_id"] == system]
    worst = []
    for quadrant in QUADRANTS:
        names = list(factors.loc[factors["quadrant"] == quadrant, "factor_id"])
        found = weigh_panel(of(panel, system, names), system, names)
        assert 6 <= len(found.judges.columns) <= 9
        asked = of(panel, system, names).groupby("judge_id").size()
        assert (asked <= 15).all()
        if len(names) <= 6:
            assert (asked == len(names) * (len(names) - 1) // 2).all()
        worst.append(found.consistency["cr"].max())
    groups = weigh_panel(of(panel, system, QUADRANTS), system, QUADRANTS)
    assert len(groups.judges.columns) >= 6
    assert max(*worst, groups.consistency["cr"].max()) < 0.5


def test_some_judges_of_the_second_system_compare_the_top_factors_instead(study, panel):
    factors = study.swot_factors.set_index("factor_id")["quadrant"]
    mine = panel[panel["topic"] == "IE"]
    sides = mine["left"].map(factors), mine["right"].map(factors)
    across = mine[sides[0].notna() & (sides[0] != sides[1])]
    tops = sorted({*across["left"], *across["right"]})
    assert sorted(factors[tops]) == sorted(QUADRANTS)
    assert across.groupby("judge_id").size().eq(6).all()
    by_group = set(of(panel, "IE", QUADRANTS)["judge_id"])
    assert not by_group & set(across["judge_id"])
    assert set(mine["judge_id"]) == by_group | set(across["judge_id"])
    for top in tops:
        names = list(factors.index[(factors == factors[top]) & factors.index.str.startswith("ie-")])
        assert weigh_panel(of(panel, "IE", names), "IE", names).weights.idxmax() == top


def test_a_panel_of_a_small_study_can_be_written_read_and_weighed(folder, tmp_path):
    small = read_study(folder)
    panel = illustrative_panel(small, judges_per_group=5)
    write_study(replace(small, panels={"illustrative": panel}), tmp_path / "with")
    back = read_study(tmp_path / "with").panels["illustrative"]
    found = weigh_panel(back, "dimensions", ["recognition", "credits"])
    assert len(found.judges.columns) == 5
    assert set(panel["stakeholder_id"]) == {"learners"}
    # Two quadrants with one factor each: only the quadrants can be compared.
    swot = panel[panel["topic"] == "DE"]
    assert {*swot["left"], *swot["right"]} == {"strength", "threat"}


def test_a_study_without_benefits_has_judges_of_all_stakeholders(folder):
    small = read_study(folder)
    bare = replace(
        small, benefits=small.benefits.iloc[:0], benefit_enablers=small.benefit_enablers.iloc[:0]
    )
    panel = illustrative_panel(bare, systems=[])
    assert set(panel["topic"]) == {"dimensions"}
    assert set(panel["stakeholder_id"]) == {"learners", "hei"}


def test_nothing_to_compare_gives_no_rows(folder):
    small = read_study(folder)
    single = replace(small, dimensions=small.dimensions.iloc[:1], benefits=small.benefits.iloc[:0])
    assert illustrative_panel(single, systems=["NA"]).empty


def test_a_large_set_of_items_is_compared_in_a_circle(study):
    many = study.dimensions.loc[study.dimensions.index.repeat(3)].reset_index(drop=True)
    many["dimension_id"] = [f"d{i}" for i in range(len(many))]
    panel = illustrative_panel(replace(study, dimensions=many), systems=[])
    found = weigh_panel(panel, "dimensions", list(many["dimension_id"]))
    assert found.judges.shape == (33, 24)


def test_too_few_judges_and_no_stakeholders_are_refused(folder):
    small = read_study(folder)
    with pytest.raises(MethodError, match="4 judges per group are too few"):
        illustrative_panel(small, judges_per_group=4)
    with pytest.raises(MethodError, match="names no stakeholders"):
        illustrative_panel(replace(small, stakeholders=small.stakeholders.iloc[:0]))
