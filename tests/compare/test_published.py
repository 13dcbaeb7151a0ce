"""Normalisation and aggregation against what was published."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from mcanalysis.compare import (
    arithmetic_mean,
    competition_ranks,
    fixed_goalposts,
    geometric_mean,
    min_max,
    norm_scaling,
    piecewise_values,
    promethee_net_flow,
    topsis,
    z_score,
)

PLACE = Path(__file__).parents[1] / "reference" / "compare.json"
CASES = json.loads(PLACE.read_text(encoding="utf-8"))


def of(method):
    """Cases of a method, each named by author, year and table."""
    return [
        pytest.param(case, id=f"{case['author']} ({case['year'] or 'n.d.'}), {case['table']}")
        for case in CASES
        if case["method"] == method
    ]


def check(case, name, got, want=None):
    want = case["expected"][name] if want is None else want
    np.testing.assert_allclose(got, want, rtol=0, atol=case["tolerance"][name]["atol"])


def matrix_of(case):
    inputs = case["inputs"]
    return tuple(np.array(inputs[key], float) for key in ("matrix", "weights", "directions"))


def test_every_case_is_used():
    used = {
        "aggregation", "composite_index", "normalisation", "promethee2", "topsis",
        "value_function", "weighted_product", "weighted_sum",
    }  # fmt: skip
    assert {case["method"] for case in CASES} == used


@pytest.mark.parametrize("case", of("aggregation"))
def test_means_are_as_published(case):
    i = case["inputs"]
    check(case, "arithmetic", arithmetic_mean([i["x_a"]], i["w_a"])[0])
    check(case, "geometric", geometric_mean([i["x"]], [1, 1, 1], floor=0)[0])
    check(case, "geometric_weighted", geometric_mean([i["x"]], i["w_g"], floor=0)[0])


@pytest.mark.parametrize("case", of("weighted_sum"))
def test_a_weighted_sum_of_shares_of_the_maximum_is_as_published(case):
    matrix, weights, directions = matrix_of(case)
    share = fixed_goalposts(matrix, 0, matrix.max(axis=0), directions)
    # The printed weights sum to 1, so that a sum is a mean.
    assert weights.sum() == pytest.approx(1)
    check(case, "scores", arithmetic_mean(share, weights))


@pytest.mark.parametrize("case", of("weighted_product"))
def test_a_weighted_product_is_as_published(case):
    matrix, weights, directions = matrix_of(case)
    share = norm_scaling(matrix, order=1, directions=directions)
    score = geometric_mean(share, weights, floor=0)
    check(case, "log10_scores", np.log10(score) * weights.sum() / 100)


@pytest.mark.parametrize("case", of("topsis"))
def test_closeness_is_as_published(case):
    matrix, weights, directions = matrix_of(case)
    scale = {"minmax": min_max, "vector": norm_scaling}[case["inputs"]["normalization"]]
    values = scale(matrix, directions=directions)
    ends = values.max(axis=0), values.min(axis=0)
    check(case, "scores", topsis(values, weights, *ends))


@pytest.mark.parametrize("case", of("promethee2"))
def test_net_flows_are_as_published(case):
    matrix, weights, _ = matrix_of(case)
    q, p = (case["inputs"][key] or 0.0 for key in "qp")
    check(case, "net_flow", promethee_net_flow(matrix, weights, q, p))


@pytest.mark.parametrize("case", of("normalisation"))
def test_z_scores_and_min_max_are_as_published(case):
    i = case["inputs"]
    at = [i["units"].index(unit) for unit in i["report_units"]]
    x = np.column_stack([i["flights"], i["ship"]])
    check(case, "zscore_flights", (10 + 2 * z_score(x))[at, 0])
    check(case, "minmax_ship", (100 * min_max(x))[at, 1])


@pytest.mark.parametrize("case", of("composite_index"))
def test_a_pillar_from_raw_data_and_the_index_from_its_pillars_are_as_published(case):
    i, expected = case["inputs"], case["expected"]
    columns, scores = expected["columns"], expected["scores"]
    values = min_max(i["data"], i["directions"])
    political = dict(zip(i["units"], 100 * arithmetic_mean(values, [1, 1, 1]), strict=True))
    for unit, row in scores.items():
        check(case, "scores", political[unit], row[columns.index("Political")])
    for unit, want in expected["political_3sf"].items():
        check(case, "political_3sf", political[unit], want)

    table = np.array(list(scores.values()))
    tree = i["tree"]
    pillars = tree["Conn"] + tree["Sust"]
    x = table[:, [columns.index(p) for p in pillars]]
    weight = {p: 1 / 2 / len(tree[k]) for k in tree["Index"] for p in tree[k]}
    index = arithmetic_mean(x, [weight[p] for p in pillars])
    # Pillars are printed with two digits: both roundings may add up.
    np.testing.assert_allclose(index, table[:, columns.index("Index")], rtol=0, atol=0.0101)
    for half in tree["Index"]:
        own = [float(p in tree[half]) for p in pillars]
        want = table[:, columns.index(half)]
        np.testing.assert_allclose(arithmetic_mean(x, own), want, rtol=0, atol=0.0101)
    assert competition_ranks(index).tolist() == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("case", of("value_function"))
def test_a_piecewise_linear_value_function_is_as_published(case):
    i = case["inputs"]
    check(case, "values", piecewise_values(i["x"], i["cutoffs"], i["values"]))
