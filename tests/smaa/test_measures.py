"""Central weights, confidence, holistic acceptability and causes against cases and closed forms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mcanalysis import smaa

properly = settings(deadline=None, max_examples=40)
REFERENCE = Path(__file__).parents[1] / "reference" / "smaa.json"
CASES = json.loads(REFERENCE.read_text(encoding="utf-8"))


def model_of(levels, low=None, vary=smaa.VARY):
    x = np.array(levels, float)
    doubt = np.zeros(x.shape, bool) if low is None else np.array(low, bool)
    weights = lambda g, n: smaa.draw_weights(g, n, x.shape[1])  # noqa: E731
    return smaa.Uncertain(x, doubt, weights, frozenset(vary))


def test_a_dominated_alternative_has_no_central_weights_as_published_for_smaa_2023():
    case = CASES["dominated"]
    found = smaa.tally(model_of([[3, 3, 3], [0, 0, 0]]), 20_000, seed=1)
    central, _ = smaa.central_weights(found)
    np.testing.assert_allclose(central[0], case["central_weights"][0], atol=0.005)
    assert case["central_weights"][1] == [None] * 3
    assert np.isnan(central[1]).all()
    factors = smaa.confidence_factors(model_of([[3, 3, 3], [0, 0, 0]]), central, 1000, 1)
    assert factors[0] == case["confidence_factor"][0] == 1
    assert np.isnan(factors[1])


def test_confidence_is_full_where_only_weights_are_uncertain():
    model = model_of([[3, 0, 1], [0, 3, 1], [1, 1, 3]], vary=["weights"])
    central, _ = smaa.central_weights(smaa.tally(model, 5000, 1))
    assert smaa.confidence_factors(model, central, 500, 1).tolist() == [1, 1, 1]


def test_confidence_is_the_chance_that_the_evidence_bears_it_out():
    # With its own weights the first wins unless the gap of the second is filled with level 3.
    model = model_of([[2, 2], [np.nan, 2]])
    factors = smaa.confidence_factors(model, np.full((2, 2), 0.5), 100_000, 1)
    assert factors[0] == pytest.approx(0.75, abs=0.006)
    # A tie counts for both: the second is first with level 2 or 3.
    assert factors[1] == pytest.approx(0.5, abs=0.006)


@properly
@given(arrays.arrays(float, (4, 5), elements=st.floats(0.01, 1)))
def test_holistic_acceptability_lies_between_always_last_and_always_first(shares):
    shares /= shares.sum(axis=1, keepdims=True)
    found = smaa.holistic_acceptability(shares)
    first, last = smaa.holistic_acceptability(np.array([[1.0, 0, 0, 0, 0], [0, 0, 0, 0, 1.0]]))
    assert first == 1
    assert ((found <= 1 + 1e-12) & (found >= last - 1e-12)).all()


def ishigami(x, a, b):
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_are_those_of_ishigami_and_homma_1990():
    case = CASES["ishigami"]
    rng = np.random.default_rng(1)
    one, other = rng.uniform(-np.pi, np.pi, (2, 400_000, 3))
    base, second = (ishigami(x, case["a"], case["b"]) for x in (one, other))
    for i in range(3):
        mixed = one.copy()
        mixed[:, i] = other[:, i]
        first, total, error = smaa.sobol_indices(
            base, second, ishigami(mixed, case["a"], case["b"])
        )
        assert first == pytest.approx(case["first_order"][i], abs=0.01)
        assert total == pytest.approx(case["total_order"][i], abs=0.01)
        assert 0 <= error < 0.01


def test_what_does_not_vary_has_no_causes():
    flat = np.ones((10, 2))
    assert all((part == 0).all() for part in smaa.sobol_indices(flat, flat, flat))


def test_the_only_uncertainty_explains_all_of_a_rank():
    model = model_of([[np.nan, 0], [1, 0], [2, 0]], vary=["gaps"])
    model = smaa.Uncertain(model.levels, model.low, np.array([0.5, 0.5]), model.vary)
    found = smaa.rank_variance(model, 20_000, 1)
    assert list(found) == ["gaps"]
    first, total, _ = found["gaps"]
    np.testing.assert_allclose(first, 1, atol=0.03)
    np.testing.assert_allclose(total, 1, atol=0.03)


def test_weights_values_and_gaps_together_explain_no_more_than_all():
    model = model_of(
        [[np.nan, 2, 1], [1, 2, np.nan], [3, 0, 1], [0, 2, 3]], [[False, True, True]] * 4
    )
    found = smaa.rank_variance(model, 40_000, 1)
    assert list(found) == list(smaa.VARY)
    first = sum(f for f, _, _ in found.values())
    total = sum(t for _, t, _ in found.values())
    assert (first <= 1.03).all()
    assert (total >= 0.97).all()


def test_equal_parts_are_equal_and_in_order():
    drawn = np.random.default_rng(0).random(1000)
    part = smaa.equal_parts(drawn)
    assert np.bincount(part).tolist() == [100] * 10
    assert drawn[part == 0].max() < drawn[part == 1].min()


@properly
@given(
    arrays.arrays(np.int64, 40, elements=st.integers(1, 9)),
    arrays.arrays(np.int64, 40, elements=st.integers(0, 3)),
)
def test_the_explained_share_lies_between_nothing_and_all(result, part):
    share = smaa.explained_share(result, part)
    assert -1e-12 <= share <= 1 + 1e-12
    within = sum(((result[part == p] - result[part == p].mean()) ** 2).sum() for p in set(part))
    assert share * result.var() * 40 + within == pytest.approx(result.var() * 40)
    both = smaa.explained_share(np.stack([result, 2 * result], axis=1), part)
    np.testing.assert_allclose(both, share, atol=1e-12)


def test_the_error_of_a_share_is_that_of_a_count():
    np.testing.assert_allclose(smaa.standard_error(np.array([0.5, 0.1]), 100), [0.05, 0.03])


def test_the_errors_of_central_weights_and_holistic_acceptability_are_their_spread_over_seeds():
    model = model_of([[3, 0, 1], [0, 3, 1], [1, 1, 3]])
    counted = [smaa.tally(model, 2000, seed) for seed in range(60)]
    central, error = map(np.array, zip(*map(smaa.central_weights, counted), strict=True))
    np.testing.assert_allclose(central.std(axis=0), error.mean(axis=0), rtol=0.35)
    shares = [c.ranks / c.draws for c in counted]
    spread = np.std([smaa.holistic_acceptability(s) for s in shares], axis=0)
    expected = np.mean([smaa.holistic_error(s, 2000) for s in shares], axis=0)
    np.testing.assert_allclose(spread, expected, rtol=0.35)
