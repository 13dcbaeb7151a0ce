"""Which priorities put whom first, and which uncertainty decides a rank."""

from __future__ import annotations

import re

import pytest

from mcanalysis import analyse
from mcanalysis.robustness import confidence_table
from mcanalysis.tables import supporters, what_matters
from mcanalysis.tables.reasons import SUPPORTED
from mcanalysis.texts import plain
from mcanalysis.why.robust import KINDS, variation


def squeezed(html: str) -> str:
    return " ".join(plain(html).split())


def test_systems_that_are_first_now_and_then_stand_with_share_and_error(a):
    sure = confidence_table(a.evidence, a.ranking)
    some = sure[sure["first_share"] >= SUPPORTED].sort_values("first_share", ascending=False)
    text = squeezed(supporters(a).html)
    first = " ".join(
        f"{100 * r.first_share:.1f}% ± {-(-1960 * r.error // 1) / 10:.1f}"
        for r in some.itertuples()
    )
    assert f"First in {first} " in text
    with_weights = " ".join(f"{100 * v:.1f}% ± " for v in some["confidence_factor"])
    assert text.index("First with these weights") < text.index(with_weights.split(" ")[0])
    head = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', supporters(a).html)
    assert head[1:] == [a.names.system(s) for s in some.index]
    rest = sure.drop(index=some.index)["first_share"]
    assert f"{(rest == 0).sum() and 'five systems never are'}" in text


def test_weights_of_supporters_are_the_central_weights(a):
    rows = re.findall(r'<tr role="row"><th scope="row"[^>]*>(.*?)</tr>', supporters(a).html)[2:]
    assert len(rows) == len(a.dimensions)
    for d, row in zip(a.dimensions, rows, strict=True):
        numbers = [int(n) for n in re.findall(r"<span>(\d+)</span></span></td>", row)]
        for s, n in zip(["NZ", "HR", "IE"], numbers, strict=True):
            assert abs(n - 100 * a.ranking.central.loc[s, d]) <= 0.51


def test_the_title_names_what_a_supporter_leans_on_and_who_needs_nothing(a):
    title = supporters(a).text
    central = a.ranking.central
    assert title.startswith("New Zealand needs no special priorities to be first; ")
    for s in ("HR", "IE"):
        lean = a.names.dimension(central.loc[s].idxmax()).lower()
        assert f"first where {lean} counts more than usual" in title


def test_with_fixed_weights_there_are_no_supporters(study):
    made = supporters(analyse(study, draws=200, vary=["gaps"]))
    assert not made
    assert made.text.startswith("Weights are not varied")


def test_parts_of_a_bar_are_those_of_the_variation_and_are_read_out(a):
    split = variation(a)
    html = what_matters(a).html
    bars = re.findall(r'<span class="parts".*?</span></span><span class="vh">(.*?)</span>', html)
    order = [s for s in a.ranking.table.sort_values("mean_rank").index if s in split.index]
    assert len(bars) == len(order)
    for s, said in zip(order, bars, strict=True):
        expected = [f"{KINDS.get(k, k)} {100 * v:.0f}" for k, v in split.loc[s].items()]
        assert said == ", ".join(expected)


def test_the_title_counts_ranks_by_what_decides_them(a):
    lead = variation(a).drop(columns="together").idxmax(axis=1).value_counts()
    words = {11: "eleven", 8: "eight", 1: "one"}
    assert what_matters(a).text == (
        f"Priorities matter most for {words[lead['weights']]} of 20 ranks, gaps for "
        f"{words[lead['gaps']]} and low confidence for {words[lead['confidence']]}"
    )


@pytest.mark.parametrize("vary", [["weights"], []])
def test_a_single_uncertainty_is_not_set_against_others(study, vary):
    made = what_matters(analyse(study, draws=200, vary=vary))
    assert not made
    assert "nothing to compare" in made.text
