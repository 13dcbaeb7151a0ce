"""The panel report."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mcanalysis import analyse, language, tables
from mcanalysis.errors import MethodError
from mcanalysis.language import speaking
from mcanalysis.weights import write_judgements, write_ratings
from mcanalysis.why.heard import CONSISTENT
from mcanalysis.why.judged import panel_claims

BLOCKS = [name for name in tables.__all__ if name.startswith("panel_")]


@pytest.fixture(scope="module")
def heard(study):
    return tables.hear(analyse(study, draws=2000, panel="illustrative"))


def of(study, panel: pd.DataFrame, **options):
    return tables.hear(
        analyse(replace(study, panels={"p": panel}), draws=500, panel="p", **options)
    )


def rated(study, groups: dict[str, int], seed: int = 1, pull: float = 0.0) -> pd.DataFrame:
    """Ratings of the dimensions; each group is pulled to one of its own."""
    random = np.random.default_rng(seed)
    items = list(study.dimensions["dimension_id"])
    speaks, columns = {}, {}
    for place, (group, n) in enumerate(groups.items()):
        for k in range(n):
            judge = f"{group}-{k}"
            columns[judge] = random.uniform(3, 6, len(items))
            columns[judge][place] += pull
            speaks[judge] = group
    return write_ratings(pd.DataFrame(columns, index=items), "dimensions", speaks)


def test_without_a_panel_there_is_nothing_to_hear(study):
    with pytest.raises(MethodError, match="needs a panel"):
        tables.hear(analyse(study, draws=100))


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_says_something_and_nothing_that_is_not_a_number(heard, name):
    block = getattr(tables, name)(heard)
    assert block.html
    assert not re.search(r"\bnan\b|\bNone\b|inf%", block.text)


def test_the_page_says_that_the_judgements_are_invented(heard):
    assert "invented" in tables.panel_head(heard).text


def test_weights_of_all_and_of_each_group_sum_to_one(heard):
    for t in heard.topics:
        assert t.found.weights.sum() == pytest.approx(1)
        assert t.weights.sum().to_numpy() == pytest.approx(np.ones(len(t.groups)))


def test_a_group_under_five_appears_nowhere_alone(study):
    heard = of(study, rated(study, {"learners": 6, "hei": 7, "government": 4}))
    assert list(heard.topics[0].groups) == ["hei", ""]
    text = "\n".join(getattr(tables, name)(heard).text for name in BLOCKS)
    assert "Government" not in text
    assert "All other judges" in text
    assert "smaller groups stand together" in text


def test_of_two_groups_of_which_one_is_small_neither_is_shown(study):
    heard = of(study, rated(study, {"learners": 6, "government": 4}))
    assert heard.topics[0].groups == {}
    assert heard.rankings == {}
    for name in ("panel_splits", "panel_holds"):
        assert not getattr(tables, name)(heard).html
    assert "Government" not in "\n".join(getattr(tables, name)(heard).text for name in BLOCKS)


def test_an_id_stands_beside_its_answers_but_not_beside_its_group(heard):
    text = tables.panel_consistency(heard).text
    assert "j05" in text
    assert not re.search("learners|institutions|employers", text.lower())


def test_groups_that_differ_plainly_are_said_to_and_others_not(study):
    def said(pull: float) -> str:
        heard = of(study, rated(study, {"learners": 9, "hei": 9}, pull=pull))
        return next(c.say for c in panel_claims(heard) if "differ most" in c.say)

    assert "; more than judges put into groups at random would." in said(20)
    assert "not clearly more than judges put into groups at random would." in said(0)


def test_a_pair_holds_only_if_every_group_settles_it(heard):
    held = heard.held_by_all()
    for ranking in heard.rankings.values():
        settled = ranking.ahead.loc[held.index, held.columns] >= ranking.threshold
        assert not (held & ~settled).to_numpy().any()
    assert not (held & held.T).to_numpy().any()
    title = tables.panel_holds(heard).text
    assert f"{int(held.to_numpy().sum())} of {len(held) * (len(held) - 1) // 2} pairs" in title


def test_what_one_group_alone_thinks_does_not_hold_for_all(study):
    heard = of(study, rated(study, {"learners": 8, "hei": 8}, pull=200))
    own = [int((r.ahead >= r.threshold).to_numpy().sum()) for r in heard.rankings.values()]
    assert int(heard.held_by_all().to_numpy().sum()) < min(own)


def test_the_answers_to_reconsider_bring_the_ratio_down(heard):
    assert (heard.contradictions["cr"] > CONSISTENT).all()
    last = heard.repairs.groupby(["part", "judge_id"])["cr_after"].last()
    assert (last <= CONSISTENT + 1e-6).all()
    assert len(last) == len(heard.contradictions)


def test_an_answer_below_one_is_told_from_its_greater_side(study):
    items = list(study.dimensions["dimension_id"])[:3]
    a = np.array([[1, 1 / 9, 1], [9, 1, 1 / 9], [1, 9, 1]])[:, :, None]
    rows = write_judgements(a, items, ["j1"], "dimensions", {"j1": "hei"})
    few = replace(
        study,
        dimensions=study.dimensions[study.dimensions["dimension_id"].isin(items)],
        indicators=study.indicators[study.indicators["dimension_id"].isin(items)],
        swot_factors=study.swot_factors[study.swot_factors["dimension_id"].isin(items)],
        benefit_enablers=study.benefit_enablers[study.benefit_enablers["dimension_id"].isin(items)],
    )
    text = tables.panel_consistency(of(few, rows, min_dimensions=2)).text
    assert "times as much as" in text
    assert "0.1" not in text.split("Answers to reconsider")[1].split("j1")[1].split("”")[1]


def test_a_topic_that_cannot_be_weighed_is_named_and_does_not_stop_the_page(study):
    said = rated(study, {"learners": 5, "hei": 5})
    gap = pd.DataFrame({"j1": [5.0]}, index=["h-outreach"])
    heard = of(study, pd.concat([said, write_ratings(gap, "hei", {"j1": "hei"})]))
    assert list(heard.silent) == ["hei"]
    assert "Not weighed" in tables.panel_in_short(heard).text


def test_a_panel_of_one_judge_is_shown_as_what_it_is(study):
    heard = of(study, rated(study, {"hei": 1}))
    for name in BLOCKS:
        assert " nan" not in getattr(tables, name)(heard).text, name
    assert "one judge" in tables.panel_head(heard).text


def test_one_judge_and_one_set_are_spoken_of_in_the_singular(study):
    said = of(study, rated(study, {"hei": 1}))
    assert "the one judge gives" in tables.panel_in_short(said).text
    pairs = study.panels["illustrative"]
    one = pairs[(pairs["topic"] == "dimensions") & (pairs["kind"] == "pairwise")]
    one = one[one["judge_id"] == one["judge_id"].iloc[0]]
    text = tables.panel_in_short(of(study, one)).text
    assert "he one set of comparisons" in text


def test_where_all_groups_say_the_same_none_is_said_to_differ(study):
    items = list(study.dimensions["dimension_id"])
    speaks = {f"{g}-{k}": g for g in ("learners", "hei") for k in range(5)}
    alike = pd.DataFrame(dict.fromkeys(speaks, np.arange(1.0, 1 + len(items))), index=items)
    heard = of(study, write_ratings(alike, "dimensions", speaks))
    assert "differ most" not in tables.panel_in_short(heard).text
    assert "consensus" in tables.panel_in_short(heard).text


def test_words_of_the_evidence_and_of_errors_tell_that_they_are_english(study):
    gap = pd.DataFrame({"j1": [5.0]}, index=["h-outreach"])
    rows = [study.panels["illustrative"], write_ratings(gap, "government", {"j1": "hei"})]
    heard = of(study, pd.concat(rows))
    board = heard.boards[0]
    with speaking("de"):
        html = tables.panel_in_short(heard).html + tables.panel_weights(heard).html
    first = str(board.factors.sort_values("rank")["factor_id"].iloc[0])
    words = study.swot_factors.set_index("factor_id").loc[first, "statement"]
    assert f'<span lang="en">{words.rstrip(".")}' in html
    assert re.search(r'government: <span lang="en">', html)


def test_what_was_heard_is_said_in_the_language_of_the_moment(heard, monkeypatch):
    german = {
        "Dimensions of integration": "Dimensionen der Einbindung",
        "all other judges": "alle anderen",
    }
    monkeypatch.setattr(language, "words", lambda code: german)
    with speaking("de"):
        assert heard.title("dimensions") == heard.topics[0].title == "Dimensionen der Einbindung"
        assert heard.inside("") == "alle anderen"
    assert heard.title("dimensions") == "Dimensions of integration"
