from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.errors import MethodError, ParameterError
from mcanalysis.study import read_study


def test_ranked_are_the_systems_with_enough_dimensions(a):
    known = a.evidence.levels.notna().sum(axis=1)
    assert set(a.ranked) == set(known.index[known >= 8])
    assert set(a.ranking.unranked.index) == set(known.index[known < 8])


def test_a_level_is_a_whole_number_or_none(a):
    assert a.level("DE", "qualifications-framework") == 0
    assert a.level("BG", "recognition") is None
    assert a.level("EU", "recognition") is None


def test_rows_are_one_per_dimension_in_the_order_of_the_study(a):
    for system in ("DE", "NZ", "BG"):
        found = a.rows(system)["dimension_id"].tolist()
        assert found == [d for d in a.dimensions if d in found]
    assert a.rows("EU").empty


def test_stakeholders_are_those_that_have_benefits_in_the_order_of_the_study(a):
    assert a.stakeholders == ["learners", "hei", "employers"]


def test_an_unknown_name_is_named_with_the_nearest_and_all_that_are_known(a):
    with pytest.raises(ParameterError, match=r'no system "GB_ENG"\. Did you mean "GB-ENG"\?.*NZ'):
        a.check_system("GB_ENG")
    with pytest.raises(ParameterError, match=r'"learner"\. Did you mean "learners"\?.*employers'):
        a.check_stakeholder("learner")


def test_a_known_stakeholder_without_benefits_is_refused(a):
    other = next(s for s in a.study.stakeholders["stakeholder_id"] if s not in a.stakeholders)
    with pytest.raises(ParameterError, match="It knows: learners, hei, employers"):
        a.check_stakeholder(other)


def test_as_of_leaves_later_evidence_out_everywhere(study):
    old = analyse(study, as_of=2021, draws=200)
    assert old.evidence.as_of == 2021
    assert old.evidence.rows["year"].max() <= 2021
    assert old.changes["last_year"].max() <= 2021
    assert set(old.benefits["system_id"]) <= set(old.evidence.levels.index)


def test_the_same_seed_gives_the_same_analysis_and_zero_is_a_seed(study):
    one, two = (analyse(study, draws=500, seed=0).ranking.table for _ in range(2))
    assert one.equals(two)
    assert not one.equals(analyse(study, draws=500, seed=2).ranking.table)


def test_order_of_the_rows_in_a_file_does_not_matter(study):
    shuffled = replace(study, indicators=study.indicators.sample(frac=1, random_state=3))
    one, two = analyse(study, draws=300), analyse(shuffled, draws=300)
    assert one.ranking.table.equals(two.ranking.table)
    assert one.groups.equals(two.groups)


@pytest.mark.parametrize("given", [{"min_dimensions": 99}, {"draws": 0}, {"as_of": 1800}])
def test_a_parameter_out_of_range_says_so(study, given: dict[str, int]):
    with pytest.raises(MethodError, match=r"\w"):
        analyse(study, **given)


def test_a_small_study_may_have_nobody_to_rank(folder):
    small = analyse(read_study(folder), min_dimensions=2, draws=200)
    assert small.ranked == []
    assert set(small.ranking.unranked.index) == {"NA", "DE"}


# Whose opinion counts


def test_without_a_panel_or_an_order_no_opinion_counts(a):
    assert a.panel is None
    assert a.judged is None
    assert a.judgements.empty
    assert not a.invented
    assert a.ranking.weights is None


def test_a_panel_lends_its_judges_weights_to_the_ranks_and_not_to_the_index(study, a):
    panel = analyse(study, panel="illustrative", draws=2000)
    assert panel.invented
    assert panel.judged.judges.shape == (11, 24)
    pd.testing.assert_frame_equal(panel.ranking.weights, panel.judged.judges)
    pd.testing.assert_frame_equal(panel.index, a.index)
    # What judges agree on is known, so fewer pairs are open.
    assert panel.ranking.table["undecided"].sum() < a.ranking.table["undecided"].sum()


def test_a_panel_that_was_not_asked_about_the_dimensions_leaves_the_ranks(study):
    rows = study.panels["illustrative"]
    part = replace(study, panels={"some": rows[rows["topic"] == "learners"]})
    found = analyse(part, panel="some", draws=500)
    assert found.judged is None
    assert len(found.judgements) == (rows["topic"] == "learners").sum()
    pd.testing.assert_frame_equal(found.ranking.ahead, analyse(part, draws=500).ranking.ahead)


def test_an_order_of_importance_and_what_varies_reach_the_ranking(study):
    found = analyse(study, order=["recognition"], vary=["weights", "values"], draws=500)
    assert found.ranking.vary == ("weights", "values")
    central = found.ranking.central.dropna()
    assert (central["recognition"] >= central.max(axis=1)).all()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"panel": "ilustrative"}, 'no panel "ilustrative".*illustrative'),
        ({"panel": "illustrative", "order": ["recognition"]}, "Keep one of them"),
    ],
)
def test_a_panel_that_is_not_there_or_contradicts_an_order_is_refused(study, options, said):
    with pytest.raises(ParameterError, match=said):
        analyse(study, draws=10, **options)


def test_weights_that_are_given_count_as_they_are(study):
    a = analyse(study, draws=300, weights={"recognition": 3, "credits-stackability": 1})
    assert a.ranking.weights["recognition"] == 0.75
    assert a.ranking.weights.sum() == 1
    assert "weights" not in a.ranking.vary


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"recogniton": 1}, 'Did you mean "recognition"'),
        ({"recognition": -1}, '"recognition" is -1'),
        ({"recognition": True}, '"recognition" is True'),
        ({"recognition": 0}, "all are 0"),
        ({}, "all are 0"),
    ],
)
def test_weights_that_are_none_are_refused(study, weights, said):
    with pytest.raises(ParameterError, match=said):
        analyse(study, draws=300, weights=weights)
