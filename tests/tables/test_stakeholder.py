from __future__ import annotations

import re

import pytest

from mcanalysis import tables
from mcanalysis.benefits import implied_weights
from mcanalysis.errors import ParameterError
from mcanalysis.tables import held_back_table, serves_best, stakeholder_claims, stakeholder_head
from mcanalysis.texts import plain
from mcanalysis.wording import percent

GROUPS = ("learners", "hei", "employers")
each = pytest.mark.parametrize("group", GROUPS)


def ranked_groups(a, group: str):
    g = a.groups[(a.groups["stakeholder_id"] == group) & a.groups["system_id"].isin(a.ranked)]
    return g.sort_values("realised", ascending=False, kind="stable")


@each
def test_the_head_says_who_is_meant_with_a_source(a, group: str):
    row = a.study.stakeholders.set_index("stakeholder_id").loc[group]
    made = stakeholder_head(a, group)
    assert row["description"] in plain(made.html)
    assert list(made.sources) == [row["source_id"]]


@each
def test_those_who_serve_a_group_best_are_named_with_their_shares(a, group: str):
    g = ranked_groups(a, group)
    first = stakeholder_claims(a, group).text.split("\n")[0]
    for r in g.head(3).itertuples():
        assert a.names.system(r.system_id) in first
        assert percent(r.realised) in first
    assert f"against {percent(g['realised'].median())} in the median of 20" in first


@each
def test_what_holds_a_group_back_most_costs_most_on_average(a, group: str):
    w = implied_weights(a.study, group)
    cost = (w * (3 - a.evidence.levels.loc[a.ranked, list(w.index)]).mean() / 3).sort_values()
    worst = cost.index[-1]
    said = stakeholder_claims(a, group).text
    assert f"{a.names.dimension(worst)} holds" in said
    assert f"on average it costs {100 * cost.iloc[-1]:.0f} points" in said
    points = [float(p) for p in re.findall(r'<td role="cell" class=n>(\d+\.\d)</td>', (
        held_back_table(a, group).html
    ))]  # fmt: skip
    assert points == sorted(points, reverse=True)
    assert points[0] == pytest.approx(100 * cost.iloc[-1], abs=0.051)


@each
def test_every_link_of_a_dimension_to_a_benefit_is_told_with_its_reason(a, group: str):
    text = plain(held_back_table(a, group).html)
    mine = a.study.benefits[a.study.benefits["stakeholder_id"] == group]["benefit_id"]
    links = a.study.benefit_enablers[a.study.benefit_enablers["benefit_id"].isin(mine)]
    for r in links.itertuples():
        assert f"{a.names.benefit(r.benefit_id)} (strength {r.strength}): {r.rationale}" in text


@each
def test_the_best_three_show_the_facts_they_rest_on(a, group: str):
    html = serves_best(a, group).html
    names = re.findall("<h3>(.*?)</h3>", html)
    best = ranked_groups(a, group).head(3)["system_id"]
    assert names == [a.names.full(s) for s in best]
    assert html.count('class="src"') == 6
    assert re.findall(r'href="\{root\}country/(.*?)\.html"', html) == best.tolist()


@pytest.mark.parametrize("name", ["stakeholder_head", "stakeholder_claims", "held_back_table",
                                  "serves_best", "factors_naming"])  # fmt: skip
def test_an_unknown_group_is_named_with_the_nearest(a, name: str):
    with pytest.raises(ParameterError, match=r'Did you mean "employers"\?'):
        getattr(tables, name)(a, "employer")
