from __future__ import annotations

import json
import re

from mcanalysis.language import speaking
from mcanalysis.tables import priorities
from mcanalysis.tables.priorities import TOP, presets


def test_starting_points_are_all_the_same_and_one_per_group(a):
    found = presets(a)
    assert len(found) == 1 + len(a.stakeholders)
    first, *rest = found.values()
    assert set(first) == {TOP // 2}
    for some in rest:
        assert len(some) == len(a.dimensions)
        assert max(some) == TOP
        assert min(some) >= 0


def test_a_panel_is_a_starting_point_and_its_draws_are_named(a, judged):
    found = presets(judged)
    assert len(found) == 2 + len(a.stakeholders)
    weights = judged.judged.weights[judged.dimensions]
    own = found["What the panel “illustrative” holds important"]
    assert own == [round(TOP * w / weights.max()) for w in weights]
    assert "In 90% of the panel's draws" in priorities(judged).html
    assert "all weightings" not in priorities(judged).html
    assert "In 90% of all priorities" in priorities(a).html


def test_there_is_a_labelled_slider_for_each_dimension(a):
    html = priorities(a).html
    sliders = re.findall(r'<input type="range" id="([^"]+)"', html)
    labels = re.findall(r'<label for="([^"]+)">', html)
    assert sliders == labels == [f"w-{d}" for d in a.dimensions]


def test_without_scripts_the_order_is_that_of_the_index_with_equals_at_the_same_rank(a):
    lines = re.findall(
        r'<tr role="row"><th[^>]*>(\d+)</th><td role="cell">(.*?)</td>', priorities(a).html
    )
    index = a.ranking.table["index"].round(9)
    ranks = index.rank(ascending=False, method="min").astype(int)
    expected = {a.names.system(s): r for s, r in ranks.items()}
    assert {name: int(rank) for rank, name in lines} == expected
    assert [int(rank) for rank, _ in lines] == sorted(ranks)


def test_beside_each_place_stands_the_interval_over_all_weightings(a):
    html = priorities(a).html
    for r in a.ranking.table.itertuples():
        assert f"{r.best_rank:g}–{r.worst_rank:g}</td>" in html


def test_numbers_and_what_the_script_says_are_in_the_language_of_the_page(a):
    with speaking("fr"):
        html = priorities(a).html
    data = json.loads(re.search(r'id="live-data">(.*?)</script>', html, flags=re.S)[1])
    assert data["says"]["percent"] == "{n}\u202f%"
    assert data["says"]["point"] == ","
    assert re.search(r"<output>9\u202f%</output>", html)
    first = a.ranking.table["index"].max()
    assert f">{first:.2f}<".replace(".", ",") in html
    assert not re.search(r">\d\.\d", html)


def test_the_script_gets_the_levels_and_gaps_as_gaps(a):
    text = re.search(r'id="live-data">(.*?)</script>', priorities(a).html, flags=re.S)[1]
    data = json.loads(text)
    assert [s["name"] for s in data["systems"]] == [a.names.system(s) for s in a.ranked]
    for s, row in zip(a.ranked, data["systems"], strict=True):
        assert row["levels"] == [a.level(s, d) for d in a.dimensions]
    assert any(None in row["levels"] for row in data["systems"])
