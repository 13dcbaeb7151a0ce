from __future__ import annotations

import re

import pytest

from mcanalysis.frames import each_row
from mcanalysis.identifiers import COUNTRIES, country, identifiers


def rows_of(study):
    sources = study.sources.set_index("source_id")
    return {str(i): dict(row.dropna()) for i, row in sources.iterrows()}


def test_every_shipped_system_has_the_country_of_the_authority_table(study):
    found = {str(row.system_id): country(str(row.system_id)) for row in each_row(study.systems)}
    assert None not in found.values()
    assert found["GR"] == (f"{COUNTRIES}GRC", True)
    assert found["EU"] == (f"{COUNTRIES}EUR", True)
    assert {s for s, known in found.items() if known and not known[1]} == {
        s for s in found if "-" in s
    }
    own = [known[0] for known in found.values() if known and known[1]]
    assert len(set(own)) == len(own)
    assert all(re.fullmatch(f"{COUNTRIES}[A-Z]{{3}}", uri) for uri in own)


@pytest.mark.parametrize("system", ["", "XX", "de", "DEU", "utopia", "DE-", "DE-1234", "D E"])
def test_an_id_that_names_no_country_has_none(system):
    assert country(system) is None


def test_identifiers_of_the_shipped_sources_are_those_they_state_and_no_others(study):
    found = {name: i for name, row in rows_of(study).items() if (i := identifiers(row))}
    assert found == {
        "eu-council-rec-2022": {"CELEX": "32022H0627(02)"},
        "eu-swd-2021-367": {"CELEX": "52021SC0367"},
        "it-oecd-2019": {"ISBN": "9789264311978"},
        "gbsct-frontiers-2025": {"DOI": "10.3389/feduc.2025.1536431"},
    }


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("doi:10.1016/S0140-6736(05)71146-6.", "10.1016/S0140-6736(05)71146-6"),
        ("(see 10.5281/zenodo.123)", "10.5281/zenodo.123"),
        ("https://x.org/doi/10.1080/abc.2020/full?x=1#y", "10.1080/abc.2020"),
        ("https://x.org/10.1/abc", None),
        ("version 3.10.1234/5", None),
        ("10.1234", None),
    ],
)
def test_a_doi_ends_where_the_text_around_it_begins(text, doi):
    assert identifiers({"note": text}).get("DOI") == doi


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("ISBN 978-3-16-148410-0, p. 3", "9783161484100"),
        ("ISBN 978 3 16 148410 0", "9783161484100"),
        ("ISBN 978-3-16-148410-1", None),  # check digit
        ("call 9783161484100123", None),
        ("id 19783161484100", None),
    ],
)
def test_an_isbn_has_thirteen_digits_and_a_right_check_digit(text, isbn):
    assert identifiers({"title": text}).get("ISBN") == isbn


@pytest.mark.parametrize(
    ("url", "celex"),
    [
        ("https://e.eu/?uri=CELEX%3A02013R1303-20210630", "02013R1303-20210630"),
        ("https://e.eu/?uri=celex:32018L0822R(01)", "32018L0822R(01)"),
        ("https://e.eu/?uri=OJ:C:2022:243", None),
    ],
)
def test_a_celex_number_is_read_from_an_address(url, celex):
    assert identifiers({"url": url}).get("CELEX") == celex


def test_an_identifier_may_stand_in_a_place_that_is_cited():
    assert identifiers({"title": "A"}, ["p. 3", "CELEX 32006H0962"]) == {"CELEX": "32006H0962"}
