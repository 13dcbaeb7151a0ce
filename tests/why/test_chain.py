"""What `mcanalysis why` prints."""

from __future__ import annotations

import json
import re

import pytest

from mcanalysis.errors import ParameterError
from mcanalysis.study import read_study
from mcanalysis.why import Explanation, explain
from mcanalysis.why.chain import cited_sources
from mcanalysis.why.claims import benefit_claims, dimension_claims, index_claims
from mcanalysis.why.findings import system_claims


@pytest.fixture(scope="module")
def every(a) -> list[Explanation]:
    """Explanations of some systems, and of all dimensions and benefits of two."""
    some = ("EU", "DE", "NZ", "SE", "AT", "BG", "MY", "US")
    found = [(*system_claims(a, s), *index_claims(a, s)) for s in some]
    for s in ("DE", "BG"):
        found += [dimension_claims(a, s, d) for d in a.dimensions]
        found += [benefit_claims(a, s, b) for b in a.study.benefits["benefit_id"]]
    return [Explanation("A title", c, cited_sources(a.study, c)) for c in found]


@pytest.mark.parametrize("width", [60, 100])
def test_no_line_is_wider_than_asked_but_for_an_address_that_cannot_break(every, width: int):
    for chain in every:
        for line in chain.as_text(width).splitlines():
            address = re.fullmatch(r" *\S*https?://\S+", line)
            assert len(line) <= width or address, line


def test_an_address_stands_whole_so_that_it_can_be_copied(every):
    for chain in every[:8]:
        text = chain.as_text(60)
        assert all(url in text for url in chain.sources["url"].dropna())


def test_text_has_every_sentence_value_formula_and_row(every):
    for chain in every:
        text = "".join(chain.as_text(100).split())
        for c in chain.claims:
            assert all("".join(said.split()) in text for said in (c.plain, c.value, c.formula))
        rows = sum(len(c.rows) for c in chain.claims)
        assert len(re.findall(r"\d{4}:level\d,(?:high|medium|low)confidence\[", text)) == rows


def test_the_chain_can_be_written_as_json(every):
    for chain in every:
        data = json.loads(json.dumps(chain.as_dict()))
        assert [c["sentence"] for c in data["claims"]] == [c.plain for c in chain.claims]
        assert "NaN" not in json.dumps(data)


def test_sources_are_those_that_the_claims_cite_in_order_and_once(every):
    for chain in every:
        cited = [s for c in chain.claims for s, _ in c.citations()]
        assert chain.sources["source_id"].tolist() == list(dict.fromkeys(cited))


def test_a_dimension_or_benefit_is_explained_under_its_name(study):
    assert explain(study, "DE", "credits-stackability", draws=200).title == (
        "Germany: Credits and stackability"
    )
    benefit = study.benefits.iloc[0]
    chain = explain(study, "DE", benefit["benefit_id"], draws=200)
    assert chain.title == f"Germany: {benefit['label']}"
    assert explain(study, "DE", draws=200).claims[-1].plain.startswith("Integration index")


def test_a_chain_says_first_whose_opinion_counts_and_that_it_is_invented(study):
    free, judged = (
        explain(study, "IE"),
        explain(study, "IE", panel="illustrative"),
    )
    assert free.opinion == ""
    assert free.as_dict()["opinion"] == ""
    assert judged.opinion.startswith("Illustrative: the judgements are invented, and may not be")
    text = " ".join(judged.as_text().split())
    assert text.index(judged.opinion) < text.index(judged.claims[0].plain)
    assert judged.as_dict()["opinion"] == judged.opinion
    assert any("where the panel puts" in c.plain for c in judged.claims)
    assert any(" if more than " in c.plain for c in free.claims)


def test_an_unknown_system_dimension_or_benefit_is_named_with_the_nearest(study):
    with pytest.raises(ParameterError, match=r'no system "CA_ON"\. Did you mean "CA-ON"\?'):
        explain(study, "CA_ON", draws=200)
    with pytest.raises(ParameterError, match=r'"recognitoin"\. Did you mean "recognition"\?'):
        explain(study, "DE", "recognitoin", draws=200)
    benefit = study.benefits["benefit_id"].iloc[0]
    with pytest.raises(ParameterError, match=rf'Did you mean "{benefit}"\?'):
        explain(study, "DE", benefit[:-1] + "x", draws=200)


def test_only_evidence_up_to_the_year_asked_for_is_shown(study):
    old = explain(study, "DE", "definition-strategy", as_of=2022, draws=200)
    assert (old.claims[0].rows["year"] <= 2022).all()
    assert "level 1 of 3" in old.claims[0].plain


def test_a_small_study_is_explained_too(folder):
    small = read_study(folder)
    for system in small.systems["system_id"]:
        for subject in (None, "recognition", "credits", "b1"):
            chain = explain(small, system, subject, min_dimensions=2, draws=200)
            assert chain.as_text()
            assert json.dumps(chain.as_dict())
