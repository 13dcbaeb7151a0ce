from __future__ import annotations

import re
from itertools import combinations

import pytest

from mcanalysis.benefits import compare_orders
from mcanalysis.tables import stakeholder_orders
from mcanalysis.tables.orders import EXPLAINED, NOTABLE, _agreement_claim, _reason_claims
from mcanalysis.texts import plain


@pytest.fixture(scope="module")
def found(a):
    return compare_orders(a.study, a.evidence, a.ranked)


def test_each_group_orders_all_ranked_systems(a):
    html = stakeholder_orders(a).html.partition('<table class="stk"')[2].partition("</table>")[0]
    lines = re.findall(r'<tr role="row"><th scope="row".*?</tr>', html, flags=re.S)
    assert len(lines) == len(a.ranked)
    ranks = [[int(n) for n in re.findall(r'<span class="n">(\d+)</span>', x)] for x in lines]
    for n, group in enumerate(a.stakeholders):
        g = a.groups[(a.groups["stakeholder_id"] == group) & a.groups["system_id"].isin(a.ranked)]
        expected = g["realised"].round(12).rank(ascending=False, method="min").astype(int)
        assert sorted(r[n] for r in ranks) == sorted(expected)


def test_the_title_names_who_divides_the_groups_most_and_where_it_stands(a, found):
    title = stakeholder_orders(a).text.split("\n")[0]
    widest = found.widest["beyond"].idxmax()
    assert a.names.in_sentence(widest) in title
    for group, rank in found.ranks.loc[widest].items():
        assert re.search(rf"\b{rank}\w\w for {a.names.stakeholder(group).lower()}", title)


def test_pairs_in_the_same_order_are_those_of_the_shares(a, found):
    (claim,) = _agreement_claim(a, found)
    shares = found.shares
    for one, other in combinations(a.stakeholders, 2):
        same, told = 0, 0
        for s, t in combinations(a.ranked, 2):
            x = shares.at[s, one] - shares.at[t, one]
            y = shares.at[s, other] - shares.at[t, other]
            told += x * y != 0
            same += x * y > 0
        both = f"{a.names.stakeholder(one).lower()} and {a.names.stakeholder(other).lower()}"
        assert re.search(rf"{both} (?:put )?{100 * same / told:.0f}\b", claim.plain)
    for r in found.agreement.itertuples():
        assert f"{r.tau_b:.2f}" in claim.value


def test_the_reasons_add_up_to_the_difference(a, found):
    claims = _reason_claims(a, found)
    widest = found.widest.sort_values("beyond", ascending=False).head(EXPLAINED)
    assert len(claims) == EXPLAINED
    for claim, (system, r) in zip(claims, widest.iterrows(), strict=True):
        assert claim.plain.startswith(f"{a.names.system(system)} stands")
        assert f"by {100 * r['beyond']:.0f} points" in claim.plain
        every, _, total = claim.value.partition("By dimension: ")[2].partition("; together ")
        parts = [float(p) for p in re.findall(r"([+-]\d+\.\d)(?:;|$)", every)]
        assert sum(parts) == pytest.approx(float(total.rstrip(".")), abs=0.05 * len(parts) + 0.05)


def test_dimensions_that_are_named_add_or_take_notably_and_show_their_rows(a, found):
    for claim in _reason_claims(a, found):
        system = next(s for s in a.ranked if claim.plain.startswith(f"{a.names.system(s)} stands"))
        parts = found.reasons[found.reasons["system_id"] == system]
        named = {d for d in a.dimensions if f"{a.names.dimension(d).lower()} (" in claim.plain}
        size = parts.set_index("dimension_id")["contribution"]
        assert all(abs(size[d]) >= NOTABLE for d in named)
        known = {d for d in named if a.level(system, d) is not None}
        assert set(claim.rows["dimension_id"]) == known


def test_the_reasons_stand_under_the_table_as_sentences_to_pull_on(a):
    html = stakeholder_orders(a).html
    assert html.count('<details class="chain">') == 1 + EXPLAINED
    assert "Kendall's tau-b" in plain(html)
