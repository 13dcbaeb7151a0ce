"""How sure a rank is, in words: each agrees with the draws it is made from."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcanalysis import analyse
from mcanalysis.analysis import Analysis
from mcanalysis.robustness import confidence_table, rank_conditions, rank_systems, replay
from mcanalysis.study import read_study
from mcanalysis.why import Claim
from mcanalysis.why.sure import (
    FRACTIONS,
    HARDLY,
    MET,
    NEAR,
    TOLD,
    condition_claim,
    exact_to,
    opinion_in_words,
    rank_claim,
    share_in_words,
    share_of,
)
from mcanalysis.wording import percent

ORDERS = {"first three": 3, "first five": 5, "first ten": 10}


@pytest.fixture(scope="module")
def judged(study) -> Analysis:
    return analyse(study, panel="illustrative")


@pytest.fixture(scope="module")
def conditions(a, judged) -> dict[str | None, dict[str, Claim | None]]:
    """Conditions of every ranked system, by the panel."""
    return {made.panel: {s: condition_claim(made, s) for s in made.ranked} for made in (a, judged)}


@pytest.fixture(params=[None, "illustrative"])
def either(request, a, judged) -> Analysis:
    """The shipped study without and with a panel."""
    return a if request.param is None else judged


def share_said(words: str) -> float:
    return FRACTIONS[words] if words in FRACTIONS else int(words.removesuffix("%")) / 100


@settings(deadline=None, max_examples=40)
@given(st.floats(0.001, 0.999))
def test_a_limit_in_words_is_never_below_the_limit_and_little_above_it(limit: float):
    assert limit - 1e-9 <= share_said(share_in_words(limit)) <= limit + NEAR


def test_shares_are_of_all_priorities_only_where_weights_are_free(study, evidence):
    free = rank_systems(evidence, draws=100)
    assert share_of(free) == "of all priorities"
    assert share_of(rank_systems(evidence, draws=100, vary=["gaps"])) == "of the draws"
    equal = pd.Series(1 / 11, index=evidence.levels.columns)
    assert share_of(rank_systems(evidence, draws=100, weights=equal)) == "of the draws"
    order = rank_systems(evidence, draws=100, weights=["recognition"])
    assert share_of(order) == "of all priorities that keep the order of importance"
    panel = analyse(study, draws=100, panel="illustrative").ranking
    assert share_of(panel) == "of the panel's draws"


def test_a_share_is_as_exact_as_the_draws_allow(evidence):
    few, many = rank_systems(evidence, draws=100), rank_systems(evidence, draws=10_000)
    assert (exact_to(0.5, few), exact_to(0.5, many)) == (
        "exact to 9.8 points",
        "exact to 1.0 points",
    )
    assert exact_to(0.0, few) == exact_to(1.0, few) == ""


def test_the_place_of_a_system_is_said_with_its_share_of_the_draws(either):
    r, n = either.ranking, len(either.ranked)
    for s in either.ranked:
        shares, said = r.acceptability.loc[s], rank_claim(either, s).plain
        if shares[1] >= HARDLY:
            assert f"first in {percent(shares[1])} {share_of(r)}" in said
        elif "lower half" in said:
            share = shares.iloc[n // 2 :].sum()
            assert f"lower half in {percent(share)} {share_of(r)}" in said
            assert share > 0.9
        else:
            words = re.search(r"among the (first \w+) in", said)[1]
            share = shares.iloc[: ORDERS[words]].sum()
            assert f"in {percent(share)} {share_of(r)}" in said
            assert share >= 0.1
        assert ("never first" in said) == (shares[1] == 0)


def test_who_is_first_at_times_is_told_how_sure_that_is_with_favourable_weights(either):
    factors = confidence_table(either.evidence, either.ranking)["confidence_factor"]
    first = either.ranking.table["first_share"]
    for s in either.ranked:
        said = rank_claim(either, s).plain
        assert ("typical" in said) == (first[s] >= HARDLY), s
        if first[s] >= HARDLY:
            assert said.endswith(f"that put it first, in {percent(factors[s])}.")


@pytest.mark.slow
def test_conditions_hold_as_they_are_said_in_words(either, conditions):
    """Rounding a limit up may leave other draws than those it was found in."""
    r = either.ranking
    dimensions = {either.names.dimension(d).lower(): d for d in either.dimensions}
    systems = {either.names.in_sentence(s): s for s in either.ranked}
    again = replay(either.evidence, r)
    told = 0
    for s, claim in conditions[either.panel].items():
        if claim is None:
            continue
        at = again.systems.index(s)
        text = claim.plain
        for side in re.split(r"(?=surely (?:behind|ahead of) )", text)[1:]:
            behind = side.startswith("surely behind")
            for other, words, what in re.findall(
                r"(?:surely behind |surely ahead of |, and |, | and )([^,;]+?) (?:if|where the "
                r"panel puts) more than (.+?)(?: of all weight)? (?:lies on|on) "
                rf"({'|'.join(map(re.escape, dimensions))})",
                side,
            ):
                weight = again.drawn.weights[
                    : len(again.ranks), either.dimensions.index(dimensions[what])
                ]
                lead = np.sign(
                    again.ranks[:, again.systems.index(systems[other])] - again.ranks[:, at]
                )[weight > share_said(words)]
                won = (1 + (-lead if behind else lead)).mean() / 2
                # What is sure by a hair in some hundred draws may miss it in fewer.
                assert won >= r.threshold - 3 * np.sqrt(0.09 / len(lead)), (s, other, words)
                told += 1
        assert text.count("more than") <= TOLD
    assert told > 40


def test_conditions_told_are_those_that_a_reader_can_use(either, conditions):
    for s in either.ranked[::4]:
        claim = conditions[either.panel][s]
        found = rank_conditions(either.evidence, either.ranking, s)
        usable = found[
            found["met"].between(*MET) & (found["more_than"] > 1 / len(either.dimensions))
        ]
        assert (claim is None) == usable.empty
        if claim is not None:
            assert claim.plain.count("more than") == min(TOLD, len(usable))
            nearest = min(
                usable["other"], key=lambda o: abs(either.ranked.index(o) - either.ranked.index(s))
            )
            apart = abs(either.ranked.index(nearest) - either.ranked.index(s))
            near = [
                o
                for o in usable["other"]
                if abs(either.ranked.index(o) - either.ranked.index(s)) == apart
            ]
            assert any(either.names.in_sentence(o) in claim.plain for o in near)


def test_a_panel_puts_weight_and_weights_without_one_lie_somewhere(conditions):
    for panel, words, not_words in (
        (None, " of all weight lies on ", "the panel"),
        ("illustrative", "where the panel puts more than ", " lies on "),
    ):
        claims = [c for c in conditions[panel].values() if c]
        assert claims
        assert all(words in c.plain and not_words not in c.plain for c in claims)


def test_where_weights_do_not_vary_there_is_no_condition(study):
    fixed = analyse(study, draws=1000, vary=["gaps", "confidence"])
    assert all(condition_claim(fixed, s) is None for s in fixed.ranked)
    assert "typical" not in rank_claim(fixed, "NZ").plain


def test_with_one_ranked_system_there_is_no_place_to_speak_of(folder):
    small = read_study(folder)
    row = small.indicators.iloc[[0]].assign(dimension_id="credits")
    both = replace(small, indicators=pd.concat([small.indicators, row], ignore_index=True))
    alone = analyse(both, min_dimensions=2, draws=300)
    assert rank_claim(alone, "NA") is None
    assert condition_claim(alone, "NA") is None
    two = pd.concat([both.indicators, row.assign(system_id="DE", level=3)], ignore_index=True)
    pair = analyse(replace(both, indicators=two), min_dimensions=2, draws=300)
    assert rank_claim(pair, "DE").plain == "It is first in 100% of all priorities."
    assert rank_claim(pair, "NA").plain == "It is first in 0% of all priorities."


def test_whose_opinion_counts_is_said_and_nothing_where_it_is_nobodys(a, judged, study):
    assert opinion_in_words(a) == ""
    assert opinion_in_words(judged).startswith("the panel “illustrative” (24 judges): its weights")
    order = analyse(study, draws=100, order=["recognition", ["legislation", "provision-uptake"]])
    assert opinion_in_words(order) == (
        "an order of importance: recognition first, then legal basis, and provision and uptake, "
        "then all others"
    )
    panel = study.panels["illustrative"]
    other = replace(study, panels={"other": panel[panel["topic"] == "DE"]})
    silent = analyse(other, draws=100, panel="other")
    assert "it was not asked about the dimensions" in opinion_in_words(silent)
    assert share_of(silent.ranking) == "of all priorities"
