"""What a panel is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.panels import METHODS, ask, topics_of
from mcanalysis.panels.asking import round_trip


def degrees(pairs, n: int) -> np.ndarray:
    return np.bincount(np.ravel(pairs), minlength=n)


def steps_between(pairs, n: int) -> int:
    """The most steps that it takes from one item to another over the pairs."""
    near = np.eye(n, dtype=int)
    for i, j in pairs:
        near[i, j] = near[j, i] = 1
    reach, steps = near, 1
    while not reach.all():
        reach, steps = (reach @ near > 0).astype(int), steps + 1
        assert steps <= n
    return steps


@pytest.mark.parametrize("n", range(2, 31))
@pytest.mark.parametrize("copy", [0, 1, 5])
def test_each_item_is_compared_three_times_and_all_are_linked(n, copy):
    pairs = round_trip(n, copy)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert all(i != j for i, j in pairs)
    assert len(pairs) == min(-(-3 * n // 2), n * (n - 1) // 2)
    assert degrees(pairs, n).min() == min(3, n - 1)
    assert steps_between(pairs, n) <= max(1, n // 4 + 1)


def test_without_any_one_answer_all_items_are_still_linked():
    pairs = round_trip(11)
    for left_out in range(len(pairs)):
        steps_between([p for k, p in enumerate(pairs) if k != left_out], 11)


def test_an_item_stands_on_the_left_about_as_often_as_on_the_right():
    for n in range(4, 20):
        left = np.bincount([i for i, _ in round_trip(n)], minlength=n)
        right = np.bincount([j for _, j in round_trip(n)], minlength=n)
        assert np.abs(left - right).max() <= 1


def test_copies_ask_for_other_pairs_and_together_for_all():
    copies = [{frozenset(p) for p in round_trip(11, copy)} for copy in range(5)]
    assert len(set.union(*copies)) == 55


@pytest.mark.parametrize(("method", "questions"), [*zip(METHODS, (17, 21, 11), strict=True)])
def test_of_eleven_dimensions_few_questions_are_asked(study, method, questions):
    assert ask(study, "dimensions", method).questions == questions


def test_a_system_is_asked_quadrant_by_quadrant_then_the_quadrants(study):
    asked = ask(study, "IE", "best-worst")
    assert asked.parts[-1].name == "groups"
    assert {part.method for part in asked.parts if len(part.items) == 2} <= {"pairwise"}
    coded = study.swot_factors[study.swot_factors["system_id"] == "IE"]
    in_parts = {item.id for part in asked.parts[:-1] for item in part.items}
    alone = coded.groupby("quadrant").filter(lambda f: len(f) == 1)["factor_id"]
    assert in_parts == set(coded["factor_id"]) - set(alone)


def test_every_topic_can_be_asked_in_every_way(study):
    for topic in topics_of(study):
        for method in METHODS:
            asked = ask(study, topic, method)
            assert asked.questions >= 1
            assert "{" not in asked.title


def test_an_unknown_topic_or_method_is_refused_with_the_nearest(study):
    with pytest.raises(ParameterError, match='Did you mean "dimensions"'):
        ask(study, "dimension")
    with pytest.raises(ParameterError, match='Did you mean "pairwise"'):
        ask(study, "dimensions", "pairwize")


def test_a_topic_with_one_item_has_nothing_to_weigh(study):
    few = replace(study, dimensions=study.dimensions.iloc[:1])
    with pytest.raises(ParameterError, match="one item only"):
        ask(few, "dimensions")
