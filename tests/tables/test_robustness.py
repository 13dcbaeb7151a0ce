"""The matrices of the robustness page: what they show is what the draws say."""

from __future__ import annotations

import re

import pytest

from mcanalysis import analyse
from mcanalysis.tables import head_to_head, rank_shares, robustness_claims, robustness_head
from mcanalysis.tables.robustness import SHOWN, whole
from mcanalysis.texts import plain
from mcanalysis.wording import count, counted


def squeezed(html: str) -> str:
    return " ".join(plain(html).split())


def lines(html: str) -> list[list[str]]:
    """Cells of each row of the body of the first table, as markup."""
    body = html.partition("<tbody")[2].partition("</tbody>")[0]
    return [
        re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S)
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, flags=re.S)
    ]


@pytest.fixture(scope="module")
def weights_only(study):
    return analyse(study, draws=2000, vary=["weights"])


def test_the_head_says_how_many_draws_and_how_exact_a_share_is(a):
    text = squeezed(robustness_head(a).html)
    assert "20 systems ranked, 100 000 draws, each share exact to 0.4 points or better" in text
    assert "weights of the dimensions picked at random" in text
    assert "The same in all draws" not in text


def test_the_head_says_what_is_not_varied(weights_only):
    text = squeezed(robustness_head(weights_only).html)
    assert (
        "The same in all draws: equal steps between levels, gaps left out and doubtful levels as "
        "coded." in text
    )
    assert "filled at random" not in text


def test_the_head_warns_of_invented_judgements(study):
    a = analyse(study, draws=500, panel="illustrative")
    html = robustness_head(a).html
    assert "<b>Illustrative: the judgements on this page are invented.</b>" in html
    assert "as one of the panel's judges might set them" in html


def test_the_head_names_an_order_of_importance_as_what_weights_keep(study):
    a = analyse(study, draws=500, order=[["recognition"]])
    assert "that keep the order of importance" in robustness_head(a).html
    fixed = analyse(study, draws=500, order=[["recognition"]], vary=["gaps"])
    assert "the weights that stand for the order of importance" in robustness_head(fixed).html


def test_each_rank_that_a_system_takes_often_has_its_share_and_the_others_none(a):
    order = a.ranking.table.sort_values("mean_rank").index
    rows = lines(rank_shares(a).html)
    assert [f'aria-hidden="true">{s}</span>' in r[0] for s, r in zip(order, rows, strict=True)]
    for s, row in zip(order, rows, strict=True):
        for share, drawn in zip(a.ranking.acceptability.loc[s], row[2:-1], strict=True):
            seen = re.fullmatch(r'<span class="v l[h123]">(\d+)</span>', drawn)
            assert bool(seen) == (share >= SHOWN)
            if seen:
                assert abs(int(seen[1]) - 100 * share) <= 1
            else:
                assert drawn == f'<span class="vh">{"never" if share == 0 else "under 5"}</span>'


def test_beside_the_ranks_stand_interval_and_holistic_acceptability(a):
    t = a.ranking.table.sort_values("mean_rank")
    for (_, r), row in zip(t.iterrows(), lines(rank_shares(a).html), strict=True):
        assert row[1] == f"{r['best_rank']:g}–{r['worst_rank']:g}"
        assert row[-1] == f"{r['holistic']:.2f}"


def test_the_title_counts_who_holds_one_rank_and_who_none(a):
    peak = a.ranking.acceptability.max(axis=1)
    (firm,) = (a.names.in_sentence(s) for s in peak.index[peak > 0.5])
    assert rank_shares(a).text == (
        f"Only {firm} takes one rank in more than half of the draws; for {(peak < 0.25).sum()} of "
        "20 no rank reaches a quarter"
    )


@pytest.mark.parametrize(
    ("share", "limits", "said"),
    [(0.0, (), "0"), (1.0, (), "100"), (0.9999, (), "99"), (0.0001, (), "1"),
     (0.499, (0.5,), "49"), (0.5, (0.5,), "50"), (0.8999, (0.9, 0.7), "89"), (0.695, (), "70")],
)  # fmt: skip
def test_a_share_never_looks_as_if_it_had_reached_a_limit(share, limits, said):
    assert whole(share, limits) == said


def test_each_pair_shows_both_sides_and_marks_what_is_sure_by_more_than_shade(a):
    order = list(a.ranking.table.sort_values("mean_rank").index)
    limit, ahead = a.ranking.threshold, a.ranking.ahead
    rows = lines(head_to_head(a).html)
    framed = 0
    for s, row in zip(order, rows, strict=True):
        for o, drawn in zip(order, row[1:], strict=True):
            share = ahead.loc[s, o]
            if s == o:
                assert "itself" in drawn
                continue
            assert ("surely ahead" in drawn) == ("sure" in drawn.split('"')[1]) == (share >= limit)
            assert ("surely behind" in drawn) == (share <= 1 - limit)
            number = int(re.search(r"(\d+)(?:</span>)+$", drawn)[1])
            assert abs(number - 100 * share) <= 1
            framed += share >= limit
    assert framed == a.ranking.table["ahead_of"].sum()
    assert head_to_head(a).text == (
        f"{framed} of {counted(190, 'pair')} are settled; in the other {count(190 - framed)} "
        "neither is surely ahead"
    )


def test_columns_of_pairs_are_read_out_by_name(a):
    head = head_to_head(a).html.partition("</thead>")[0]
    for s in a.ranked:
        assert f'<span class="vh">{a.names.system(s)}</span>' in head


@pytest.mark.parametrize("make", [rank_shares, head_to_head])
def test_a_wide_table_scrolls_in_a_region_that_the_keyboard_reaches(a, make):
    html = make(a).html
    assert '<div class="scroll" tabindex="0" role="region" aria-label="Share of the draws' in html


def test_with_nobody_to_compare_the_page_says_so(study):
    a = analyse(study, draws=100, min_dimensions=11, as_of=2018)
    assert len(a.ranked) < 2
    for made in (rank_shares(a), head_to_head(a), robustness_claims(a)):
        assert not made
        assert made.text == "Fewer than two systems have enough evidence to be ranked."
