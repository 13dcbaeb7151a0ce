"""Claims on an index, a dimension, a benefit: each agrees with the rows that it shows."""

from __future__ import annotations

import re
from fractions import Fraction

import pandas as pd
import pytest

from mcanalysis.why.claims import Claim, benefit_claims, dimension_claims, index_claims
from mcanalysis.wording import percent


def test_a_claim_cites_each_place_once_in_order_of_its_rows():
    rows = pd.DataFrame(
        {"source_id": ["b", "a", "b"], "locator": ["p. 1", "p. 2", "p. 1"]},
    )
    claim = Claim("**So** it is.", "1", "1", rows, cites=(("c", ""), ("a", "p. 2")))
    assert claim.citations() == [("b", "p. 1"), ("a", "p. 2"), ("c", "")]
    assert claim.plain == "So it is."


def test_a_claim_without_rows_cites_what_it_names_only():
    assert Claim("So.", "1", "1").citations() == []


def test_the_formula_of_an_index_is_the_sum_over_the_rows_shown(a):
    for s in a.ranked:
        (claim,) = index_claims(a, s)
        levels = claim.rows["level"].tolist()
        assert f"({' + '.join(map(str, levels))}) / (3 × {len(levels)})" in claim.formula
        share = Fraction(int(sum(levels)), 3 * len(levels))
        said = float(re.search(r": \*\*(\d\.\d\d)\*\*", claim.say)[1])
        assert abs(said - share) <= Fraction(1, 200) + Fraction(1, 10**9)
        assert claim.value.startswith(f"{float(share):.4f}; ")


def test_the_bounds_of_an_index_are_those_of_gaps_and_low_confidence(a):
    most = 3 * len(a.dimensions)
    for s in a.evidence.levels.index:
        (claim,) = index_claims(a, s)
        low, high = 0, 3 * (len(a.dimensions) - len(claim.rows))
        for r in claim.rows.itertuples():
            doubt = r.confidence == "low"
            low += max(r.level - doubt, 0)
            high += min(r.level + doubt, 3)
        assert f"{low / most:.4f} to {high / most:.4f}" in claim.value


def test_without_gap_or_doubt_no_range_is_spoken_of(a):
    (claim,) = index_claims(a, "NZ")
    assert claim.plain == "Integration index of New Zealand: 0.85 on a scale from 0 to 1."


def test_a_thin_system_gets_a_range_and_no_index(a):
    for s in a.ranking.unranked.index:
        (claim,) = index_claims(a, s)
        assert "anywhere between" in claim.plain
        assert "would mislead and is not used" in claim.plain
        assert ";" not in claim.value


def test_a_system_without_levels_has_no_index(a):
    assert index_claims(a, "EU") == ()


def test_a_level_is_given_with_its_fact_and_the_words_of_the_manual(a):
    first, *_ = dimension_claims(a, "DE", "qualifications-framework")
    assert first.plain == "Germany stands at level 0 of 3 on qualifications framework."
    assert first.value == first.rows["statement"].iloc[0]
    manual = a.study.dimensions.set_index("dimension_id").loc["qualifications-framework"]
    assert first.formula == f"Level 0 of the coding manual: {manual['level_0']}"


def test_a_gap_is_not_found_and_never_level_0(a):
    for s in ("DE", "SE", "BG", "EU"):
        for d in a.dimensions:
            first = dimension_claims(a, s, d)[0]
            if a.level(s, d) is None:
                assert first.plain.startswith("No evidence was found for ")
                assert "never level 0" in first.value
                assert first.rows.empty
            else:
                assert f"level {a.level(s, d)} of 3" in first.plain
                assert first.rows["level"].tolist() == [a.level(s, d)]


def test_all_years_of_a_level_are_told_oldest_first(a):
    claim = dimension_claims(a, "DE", "definition-strategy")[1]
    years = [int(y) for y in re.findall(r"(\d{4}): level", claim.value)]
    assert years == sorted(years)
    assert len(years) == len(claim.rows) > 1
    assert "the newest counts" in claim.plain


def test_the_others_are_counted_from_the_rows_shown_without_the_system_itself(a):
    for s in ("DE", "NZ", "BG", "EU"):
        for d in a.dimensions:
            found = [c for c in dimension_claims(a, s, d) if "other ranked systems" in c.plain]
            for c in found:
                assert s not in set(c.rows["system_id"])
                high = int((c.rows["level"] >= 2).sum())
                assert c.plain == (
                    f"Of the {len(c.rows)} other ranked systems with evidence, {high} are at level "
                    f"2 or 3; their median is {c.rows['level'].median():g}."
                )


def test_a_benefit_is_the_weighted_mean_of_the_rows_shown(a):
    links = a.study.benefit_enablers.set_index(["benefit_id", "dimension_id"])["strength"]
    for s in ("SE", "BG"):
        for b in a.study.benefits["benefit_id"]:
            claim = benefit_claims(a, s, b)[0]
            if "cannot be said" in claim.plain:
                assert claim.rows.empty
                assert claim.value == "Anything from 0% to 100%."
                continue
            parts = [(links[b, r.dimension_id], r.level) for r in claim.rows.itertuples()]
            share = sum(w * v for w, v in parts) / 3 / sum(w for w, _ in parts)
            assert claim.value.startswith(f"{share:.4f}; ")
            assert f"**{percent(share)}**" in claim.say
            assert claim.formula.endswith(f"/ {sum(w for w, _ in parts)}.")


def test_what_holds_a_benefit_back_has_something_missing(a):
    found = [c for b in a.study.benefits["benefit_id"] for c in benefit_claims(a, "DE", b)]
    back = [c for c in found if c.plain.startswith("It is held back")]
    assert back
    for c in back:
        assert 1 <= len(c.rows) <= 2
        assert (c.rows["level"] < 3).all()


def test_the_links_of_a_benefit_are_called_a_judgement_and_none_is_cited_as_a_source(a):
    for b in a.study.benefits["benefit_id"]:
        claim = benefit_claims(a, "DE", b)[-1]
        links = a.study.benefit_enablers[a.study.benefit_enablers["benefit_id"] == b]
        assert claim.plain.startswith("The benefit depends on ")
        assert "an analyst's judgement" in claim.note
        assert all(str(r.rationale) in claim.formula for r in links.itertuples())
        assert "analyst-judgement" not in [s for s, _ in claim.citations()]


@pytest.mark.parametrize("system", ["DE", "BG", "EU"])
def test_every_claim_has_value_and_formula(a, system: str):
    claims = [
        *index_claims(a, system),
        *(c for d in a.dimensions for c in dimension_claims(a, system, d)),
        *(c for b in a.study.benefits["benefit_id"] for c in benefit_claims(a, system, b)),
    ]
    assert all(c.plain and c.value and c.formula for c in claims)
