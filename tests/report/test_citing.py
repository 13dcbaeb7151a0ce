from __future__ import annotations

import json
import re

import pytest

from mcanalysis.report.citing import ADDRESS, Work, as_bibtex, as_csl, as_text, checksum

HOSTILE = '}, x = {\\input{y}} & % $ # _ ~ ^ "q" </script> ימי'


@pytest.fixture
def work() -> Work:
    return Work("mcanalysis-country-DE", HOSTILE, "2026-03-01", "Edition of 1 March 2026.", "de")


def test_a_bibtex_entry_keeps_its_braces_whatever_the_title(work):
    entry = as_bibtex(work)
    bare = re.sub(r"\\text\w+\{\}", "", entry)
    depth = 0
    for n, sign in enumerate(bare.removeprefix("@misc")):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth > 0 or n == len(bare) - len("@misc") - 1
    assert depth == 0
    assert re.findall(r"^  (\w+) = ", entry, flags=re.M) == [
        "title", "howpublished", "year", "month", "note", "language",
    ]  # fmt: skip
    assert "month = mar" in entry
    assert not re.search(r"(?<!\\)[&%$#_]", entry.replace(ADDRESS, ""))


def test_csl_json_is_json_with_the_title_as_it_is(work):
    for address in ("", ',\n  "URL": "https://x.org/DE.html"'):
        [item] = json.loads(as_csl(work).replace(ADDRESS, address))
        assert item["title"] == HOSTILE
        assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
        assert ("URL" in item) == bool(address)


def test_a_title_that_is_a_question_gets_no_full_stop():
    work = Work("k", "What if?", "2026-03-01", "Edition 1.")
    assert as_text(work).startswith("What if? In: ")


def test_the_checksum_is_that_of_the_facts_where_there_are_some():
    assert checksum({"a.csv": (1, "a" * 64), "indicators.csv": (1, "b" * 64)}) == "b" * 12
    assert checksum({"study.xlsx": (1, "c" * 64)}) == "c" * 12
    assert checksum({}) == ""
