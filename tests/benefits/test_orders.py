"""How the stakeholders' orders differ: by hand, on the shipped evidence, and what always holds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis.benefits import (
    benefits_by_stakeholder,
    compare_orders,
    dimension_weights,
    enabler_strengths,
    implied_weights,
    kendall_tau_b,
    realise_benefits,
    realised_shares,
)
from mcanalysis.compare import Evidence, ranked_systems
from mcanalysis.errors import MethodError

properly = settings(deadline=None, max_examples=40)
NONE = np.nan


@pytest.fixture(scope="module")
def small(study):
    """Learners gain from a alone, employers from b alone, the hei from both."""
    return replace(
        study,
        dimensions=study.dimensions.iloc[:2].assign(dimension_id=["a", "b"]),
        benefits=pd.DataFrame(
            [["l", "learners"], ["h", "hei"], ["e", "employers"]],
            columns=["benefit_id", "stakeholder_id"],
        ),
        benefit_enablers=pd.DataFrame(
            [["l", "a", 2], ["h", "a", 1], ["h", "b", 1], ["e", "b", 3]],
            columns=["benefit_id", "dimension_id", "strength"],
        ).astype({"strength": "Int64"}),
    )


def with_levels(**levels):
    frame = pd.DataFrame(levels, index=["a", "b"], dtype=float).T
    return Evidence(pd.DataFrame(), frame, frame.isna() & False, 2030)


# By hand


def test_orders_and_reasons_by_hand(small):
    evidence = with_levels(X=[3, 0], Y=[0, 3], Z=[3, 3])
    found = compare_orders(small, evidence, ["X", "Y", "Z"])
    assert found.shares["learners"].to_list() == [1, 0, 1]
    assert found.shares["hei"].to_list() == [0.5, 0.5, 1]
    assert found.ranks["learners"].to_list() == [1, 3, 1]
    assert found.ranks["employers"].to_list() == [3, 1, 1]
    tau = found.agreement.set_index(["one", "other"])["tau_b"]
    assert tau["learners", "hei"] == pytest.approx(0.5)
    assert tau["learners", "employers"] == pytest.approx(-0.5)
    x = found.widest.loc["X"]
    assert x[["more", "less", "rank_more", "rank_less"]].to_list() == [
        "learners", "employers", 1, 3,
    ]  # fmt: skip
    assert x[["difference", "usual", "beyond"]].to_list() == pytest.approx([1, 0, 1])
    reasons = found.reasons.set_index(["system_id", "dimension_id"])
    # Learners have all weight on a: level 1 against 2/3 in the mean system; employers on b.
    assert reasons.loc[("X", "a"), "contribution"] == pytest.approx(1 - 2 / 3)
    assert reasons.loc[("X", "b"), "contribution"] == pytest.approx(-(0 - 2 / 3))
    assert reasons.loc[("X", "b"), ["weight_more", "weight_less"]].to_list() == [0, 1]


def test_a_gap_gives_its_weight_to_the_dimensions_that_are_known(small):
    found = compare_orders(small, with_levels(X=[3, NONE], Y=[1, 2]), ["X", "Y"])
    assert np.isnan(found.shares.loc["X", "employers"])
    assert found.shares.loc["X", "hei"] == 1
    assert pd.isna(found.ranks.loc["X", "employers"])
    told = found.agreement.set_index(["one", "other"])
    assert told.loc[("learners", "employers"), "systems"] == 1
    assert np.isnan(told.loc[("learners", "employers"), "tau_b"])
    assert set(found.widest.loc["X", ["more", "less"]]) == {"learners", "hei"}
    gap = found.reasons.query("system_id == 'X' and dimension_id == 'b'").iloc[0]
    assert np.isnan(gap["level"])
    assert (gap["weight_more"], gap["weight_less"]) == (0, 0)


def test_a_system_that_one_stakeholder_alone_ranks_is_left_out(small):
    only = replace(small, benefits=small.benefits.query("benefit_id != 'h'"))
    only = replace(only, benefit_enablers=only.benefit_enablers.query("benefit_id != 'h'"))
    found = compare_orders(only, with_levels(X=[3, NONE], Y=[1, 2]), ["X", "Y"])
    assert found.widest.index.to_list() == ["Y"]
    assert set(found.reasons["system_id"]) == {"Y"}
    nobody = compare_orders(only, with_levels(X=[3, NONE]), ["X"])
    assert nobody.widest.empty
    assert nobody.reasons.empty


def test_tau_by_hand():
    ranks = np.array([1.0, 2, 3, 4])
    assert kendall_tau_b(ranks, ranks) == 1
    assert kendall_tau_b(ranks, -ranks) == -1
    # Kendall (1945): five pairs agree, one is tied in one order only.
    assert kendall_tau_b(ranks, np.array([1.0, 1, 2, 3])) == pytest.approx(5 / np.sqrt(6 * 5))
    assert np.isnan(kendall_tau_b(ranks, np.ones(4)))
    assert kendall_tau_b(np.array([1, NONE, 2]), np.array([1, 0, 2.0])) == 1


def test_what_cannot_be_compared_is_refused(small, study, evidence):
    with pytest.raises(MethodError, match='no system with evidence "EU"'):
        compare_orders(study, evidence, ["DE", "EU"])
    with pytest.raises(MethodError, match="more than once"):
        compare_orders(study, evidence, ["DE", "DE"])
    alone = replace(small, benefits=small.benefits.iloc[:1])
    with pytest.raises(MethodError, match="1 stakeholders have benefits"):
        compare_orders(alone, with_levels(X=[1, 1]), ["X"])


# The shipped evidence


def test_shares_are_those_of_the_benefits(study, evidence):
    systems = list(evidence.levels.index)
    found = compare_orders(study, evidence, systems)
    table = benefits_by_stakeholder(study, realise_benefits(study, evidence))
    wide = table.pivot(index="system_id", columns="stakeholder_id", values="realised")
    np.testing.assert_allclose(
        found.shares, wide.loc[systems, found.shares.columns], rtol=0, atol=1e-11
    )


def test_contributions_add_up_to_what_lies_beyond_the_usual_difference(study, evidence):
    for systems in (ranked_systems(evidence), list(evidence.levels.index)):
        found = compare_orders(study, evidence, systems)
        total = found.reasons.groupby("system_id")["contribution"].sum()
        widest = found.widest
        np.testing.assert_allclose(total[widest.index], widest["beyond"], rtol=0, atol=1e-12)
        np.testing.assert_allclose(
            widest["difference"] - widest["usual"], widest["beyond"], rtol=0, atol=1e-12
        )
        apart = [
            found.shares.loc[s, w.more] - found.shares.loc[s, w.less] for s, w in widest.iterrows()
        ]
        np.testing.assert_allclose(widest["difference"], apart, rtol=0, atol=1e-11)
        assert (widest["beyond"] >= 0).all()


def test_without_gaps_the_weights_are_the_implied_ones(study, evidence):
    links = enabler_strengths(study)
    for who in ("learners", "hei", "employers"):
        own = links[study.benefits["stakeholder_id"].eq(who).to_numpy()].to_numpy()
        weights = pd.Series(dimension_weights(np.ones((1, 11)), own)[0], index=links.columns)
        implied = implied_weights(study, who)
        np.testing.assert_allclose(weights[implied.index], implied)
        assert weights.sum() == pytest.approx(1)


def test_no_pair_of_stakeholders_is_further_apart_than_the_widest(study, evidence):
    systems = ranked_systems(evidence)
    found = compare_orders(study, evidence, systems)
    who = list(found.shares.columns)
    for a in who:
        for b in who:
            apart = found.shares[a] - found.shares[b]
            beyond = apart - apart.mean()
            assert (beyond <= found.widest["beyond"] + 1e-9).all()


# What always holds


@properly
@given(
    arrays.arrays(float, (3, 4), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, NONE])),
    arrays.arrays(float, (3, 4), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0])),
)
def test_weights_times_levels_are_the_mean_share_realised(levels, strengths):
    weights = dimension_weights(levels, strengths)
    shares = realised_shares(levels, strengths)
    valued = ~np.isnan(shares)
    mean = np.nan_to_num(shares).sum(axis=1) / np.maximum(valued.sum(axis=1), 1)
    some = valued.any(axis=1)
    assert np.isnan(weights[~some]).all()
    np.testing.assert_allclose(weights[some].sum(axis=1), 1)
    got = (weights * np.nan_to_num(levels) / 3).sum(axis=1)
    np.testing.assert_allclose(got[some], mean[some], atol=1e-12)


@properly
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=8))
def test_tau_is_symmetric_bounded_and_does_not_hang_on_the_order(pairs):
    x, y = np.array(pairs, float).T
    tau = kendall_tau_b(x, y)
    assert np.isnan(tau) == (len(set(x)) == 1 or len(set(y)) == 1)
    for other in (kendall_tau_b(y, x), kendall_tau_b(x[::-1], y[::-1]), -kendall_tau_b(x, -y)):
        assert other == pytest.approx(tau, nan_ok=True)
    assert np.isnan(tau) or -1 <= tau <= 1
