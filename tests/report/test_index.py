from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from mcanalysis.report.index import Entry, render_index
from mcanalysis.study import read_study

INPUTS = {"indicators.csv": (421, "0123456789abcdef" * 4), "systems.csv": (53, "ab" * 32)}
RUN = {"made": 3, "unchanged": 50, "failed": 1}


def entry(system: str, name: str, **more: Any) -> Entry:
    made = Entry(
        "country", system, f"{name}: how microcredentials fit in", f"country/{system}.html",
        "made", None, None, True,
    )  # fmt: skip
    return replace(made, **more)


@pytest.fixture(scope="module")
def entries(study) -> list[Entry]:
    across = Entry(
        "comparison", None, "Microcredentials, compared", "comparison/comparison.html",
        "unchanged", None, None, True, "Who is ahead of whom?",
    )  # fmt: skip
    found = [
        entry(s, n) for s, n in zip(study.systems["system_id"], study.systems["name"], strict=True)
    ]
    failing = {
        "FR": {"status": "failed", "message": "cell 4: no <evidence>", "page_exists": False},
        "GR": {
            "status": "failed", "message": "too slow", "since": "2026-03-04T05:06:07+00:00",
        },
        "MT": {"page_exists": False, "status": "made"},
    }  # fmt: skip
    return [across, *(replace(e, **failing.get(str(e.item), {})) for e in found)]


@pytest.fixture(scope="module")
def html(study, entries) -> str:
    return render_index(study, entries, "2026-11-23", INPUTS, RUN)


def card(html: str, system: str) -> str:
    return re.search(rf'<li class="card[^"]*" data-find="{system}">.*?</li>', html, flags=re.S)[0]


def test_every_system_has_one_card_under_its_region(html, study):
    for region, rest in re.findall(r'<h3 class="reg">(.*?) <span>(.*?)</ul></div>', html, re.S):
        key = {"European Union": "eu", "Elsewhere": "other"}.get(region, "ehea-non-eu")
        some = study.systems[study.systems["region"] == key]
        assert sorted(re.findall('data-find="([^"]+)"', rest)) == sorted(some["system_id"])
        assert rest.startswith(f"{len(some)} systems")
    assert len(re.findall('data-find="', html)) == len(study.systems)


def test_in_a_region_systems_stand_by_name(html, study, read):
    names = study.systems.set_index("system_id")["name"]
    for region in html.split('<div class="region">')[1:]:
        found = [names[s].casefold() for s in re.findall('data-find="([^"]+)"', region)]
        assert found == sorted(found)


def test_pages_that_are_there_are_linked_and_no_others(html, entries, read):
    links = {a["href"] for a in read(html).all("a")}
    for e in entries:
        assert (e.href in links) == e.page_exists, e.href


def test_a_card_says_place_coverage_and_extremes(html, read):
    said = " ".join(read(card(html, "DE")).text.split())
    assert "Ranks 10th to 20th of 20" in said
    assert "11 of 11 dimensions" in said
    assert "Level 2 " in said
    assert "Level 0 framework" in said
    assert "one level risen" in said


def test_a_thin_system_is_not_given_a_rank(html, read):
    for system in ("AT", "BG"):
        said = read(card(html, system)).text
        assert "Too little evidence to rank" in said
        assert "Ranks" not in said
    assert "SWOT factors only" in read(card(html, "EU")).text


def test_levels_are_said_to_those_who_cannot_see_them(html, study, a, read):
    for system in ("DE", "BG"):
        said = read(card(html, system)).text
        for d in a.dimensions:
            level = a.level(system, d)
            value = "no evidence" if level is None else str(level)
            assert f"{a.names.short(d)} {value}" in said


def test_failures_are_named_with_reason_and_since(html, read):
    run = html.partition('<section id="run"')[2].partition("</section>")[0]
    said = " ".join(read(run).text.split())
    assert "France: how microcredentials fit in: cell 4: no <evidence>" in said
    assert "too slow (failed since 2026-03-04; the page is of an earlier run)" in said
    assert "failed" in read(card(html, "FR")).text
    assert "failed" not in read(card(html, "DE")).text


def test_the_last_run_is_counted(html, read):
    run = html.partition('<section id="run"')[2].partition("</section>")[0]
    said = read(run).text
    assert "three pages" in said
    assert "50 pages" in said
    assert "Not made yetone page" in said


def test_a_run_without_failures_says_none(study, read):
    made = render_index(study, [entry("DE", "Germany")], "2026-11-23", INPUTS, RUN)
    run = made.partition('<section id="run"')[2].partition("</section>")[0]
    assert "Failedno pages" in read(run).text


def test_data_are_listed_with_meaning_size_and_checksum(html, read):
    data = html.partition('<section id="data"')[2].partition("</section>")[0]
    said = read(data).text
    for name, (n, digest) in INPUTS.items():
        assert name in said
        assert str(n) in said
        assert digest[:12] in said
    assert "A national or sub-national education system" in said


def test_how_to_cite_names_edition_and_checksum(html, read):
    cite = html.partition('<section id="cite"')[2].partition("</section>")[0]
    assert "Edition of 23 November 2026. Data checksum 0123456789ab." in read(cite).text


def test_the_index_has_one_h1_headings_in_order_and_ids_once(html, read):
    page = read(html)
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h\d", t)]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert len(page.ids) == len(set(page.ids))
    inside = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
    assert inside <= set(page.ids)


def test_tables_have_captions_and_the_search_a_label(html, read):
    page = read(html)
    assert len(page.all("caption")) == len(page.all("table")) == 2
    assert {"for": "q"} in page.all("label")
    assert "q" in page.ids


def test_nothing_is_fetched_from_elsewhere(html, read):
    page = read(html)
    assert not [t for t, attrs in page.tags if "src" in attrs]
    assert not page.all("link")
    assert "url(" not in html.partition("</style>")[0]


def test_the_same_study_entries_and_run_give_the_same_bytes(study, entries, html):
    assert render_index(study, entries, "2026-11-23", INPUTS, RUN) == html


def test_names_titles_and_messages_are_text(study, read):
    evil = '<script>x</script>&"q" **b** ימי'
    evil_study = replace(
        study,
        systems=study.systems.assign(name=study.systems["system_id"] + evil),
        dimensions=study.dimensions.assign(short_name=evil),
    )
    entries = [
        entry("DE", evil, status="failed", message=evil, since=None),
        Entry(evil, None, evil, evil, "made", None, None, True, evil),
    ]
    page = read(render_index(evil_study, entries, "2026-11-23", {evil: (1, "ab" * 32)}, RUN))
    assert page.all("script") == [{"type": "application/ld+json"}, {}]
    text = page.text.replace("\u2060", "")  # parts the asterisks of a name
    assert text.count(evil) >= 6
    assert text.count("<script>") == text.lower().count(evil.lower())


def test_a_small_study_has_an_index_too(folder, read):
    small = read_study(folder)
    entries = [
        entry(s, n) for s, n in zip(small.systems["system_id"], small.systems["name"], strict=True)
    ]
    said = read(render_index(small, entries, "2024-05-01", INPUTS, RUN)).text
    assert "0 systems have enough evidence to be ranked" in said.replace("no systems", "0 systems")
    assert "None in the catalogue." in said


def test_the_index_leads_to_the_changes_and_to_their_feed(study, entries, read):
    newest = {"at": "2026-03-12T05:00:13+00:00", "conclusions": [{}, {}]}
    page = read(render_index(study, entries, "2026-11-23", INPUTS, {**RUN, "changes": newest}))
    (link,) = page.all("link")
    assert (link["rel"], link["href"]) == ("alternate", "changes.xml")
    assert sum(a["href"] == "changes.html" for a in page.all("a")) == 2
    assert "Conclusions12 March 2026: two conclusions changed." in page.text
    none = read(render_index(study, entries, "2026-11-23", INPUTS, {**RUN, "changes": {}}))
    assert "ConclusionsNone has changed yet." in none.text


def test_a_card_says_when_a_conclusion_about_its_system_changed_last(study, entries, html, read):
    changed = {"DE": "2026-03-12T05:00:13+00:00"}
    now = render_index(study, entries, "2026-11-23", INPUTS, RUN, changed=changed)
    assert "Conclusion changed 12 March 2026" in read(card(now, "DE")).text
    assert 'href="changes.html#DE"' in card(now, "DE")
    assert card(now, "AT") == card(html, "AT")
