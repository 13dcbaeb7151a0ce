from __future__ import annotations

import pytest

from mcanalysis import analyse
from mcanalysis.charts import rank_histogram, ranking_chart
from mcanalysis.errors import MethodError, ParameterError
from mcanalysis.study import read_study


def test_a_bar_spans_the_rank_interval_and_a_dot_stands_at_the_median(a, drawn):
    bars, dots = drawn["ranking_chart"].spec["data"]
    t = a.ranking.table
    assert bars["base"] == t["best_rank"].tolist()
    for base, width, worst in zip(bars["base"], bars["x"], t["worst_rank"], strict=True):
        assert base + width == pytest.approx(worst, abs=0.13)
    assert dots["x"] == t["median_rank"].tolist()
    assert bars["y"] == dots["y"] == sorted(set(dots["y"]))


def test_the_title_names_the_first_tier(a, drawn):
    t = a.ranking.table
    title = drawn["ranking_chart"].title
    assert all(a.names.in_sentence(s) in title for s in t.index[t["tier"] == 1])
    assert not [s for s in t.index[t["tier"] > 1] if a.names.in_sentence(s) in title]


def test_tiers_are_marked_and_said_to_be_no_headline(a, drawn):
    made = drawn["ranking_chart"]
    ticks = made.spec["layout"]["yaxis"]["ticktext"]
    tiers = a.ranking.table["tier"].nunique()
    assert [t for t in ticks if t.startswith("<b>Tier")] == [
        f"<b>Tier {n}</b>" for n in range(1, tiers + 1)
    ]
    assert "no headline" in made.note
    assert len(a.ranking.borderline) == made.note.count("%)")


def test_data_and_alternative_give_the_interval_of_every_ranked_system(a, drawn):
    made = drawn["ranking_chart"]
    for s, r in a.ranking.table.iterrows():
        assert f"{a.names.system(s)} {r['best_rank']:g} to {r['worst_rank']:g}" in made.alt
    others = len(a.ranked) - 1
    counts = made.data[["Surely ahead of", "Surely behind", "Cannot be told apart"]].sum(axis=1)
    assert (counts == others).all()


def test_a_histogram_sums_to_all_draws_and_marks_the_interval(a, drawn):
    bars = drawn["rank_histogram"].spec["data"][0]
    assert sum(bars["y"]) == pytest.approx(100)
    row = a.ranking.table.loc["DE"]
    inside = [c != bars["marker"]["color"][0] for c in bars["marker"]["color"]]
    best, worst = int(row["best_rank"]), int(row["worst_rank"])
    assert [n for n, within in enumerate(inside, 1) if within] == list(range(best, worst + 1))


def test_the_title_of_a_histogram_gives_the_most_frequent_rank(a, drawn):
    shares = a.ranking.acceptability.loc["DE"]
    mode = int(shares.to_numpy().argmax()) + 1
    assert f"comes {mode}th most often ({100 * shares.max():.0f}%)" in drawn["rank_histogram"].title


def test_a_chart_says_what_was_drawn_and_speaks_of_all_priorities_only_without_a_panel(a, study):
    judged = analyse(study, draws=2000, panel="illustrative")
    for made, of, drawn in (
        (a, "of all priorities", "draws (random weights, "),
        (judged, "of the panel's draws", "weights that vary as those of the panel's judges do"),
    ):
        assert drawn in ranking_chart(made).subtitle
        assert rank_histogram(made, "DE").title.endswith(of)
        assert all(of in text for text in ranking_chart(made).spec["data"][0]["text"])


def test_a_system_that_is_not_ranked_has_no_histogram_and_is_told_why(a):
    with pytest.raises(MethodError, match=r"Bulgaria has evidence on 1 of 11.* 8 are needed"):
        rank_histogram(a, "BG")
    with pytest.raises(ParameterError, match=r'Did you mean "CA-ON"\?'):
        rank_histogram(a, "CA_ON")


def test_with_nobody_ranked_there_is_no_ranking_but_a_word_on_what_to_do(folder):
    small = analyse(read_study(folder), min_dimensions=2, draws=200)
    with pytest.raises(MethodError, match="Lower min_dimensions"):
        ranking_chart(small)
