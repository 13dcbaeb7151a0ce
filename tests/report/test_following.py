from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pandas as pd
import pytest

from mcanalysis import language
from mcanalysis.errors import DataError
from mcanalysis.language import speaking
from mcanalysis.report import following
from mcanalysis.report.following import FIRST, NONE, STATE, News, follow
from mcanalysis.report.news import last_changes, newest_change, render_changes, render_feed
from mcanalysis.study import read_study
from tests.making import edit

PAGES = ["country/NA", "country/DE", "comparison/comparison"]
BEGAN = datetime(2026, 3, 12, 5, 0, 13, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
LINKS = [("All reports", "index.html"), ("Changes", "changes.html")]


@pytest.fixture
def run(folder: Path, tmp_path: Path):
    """Follow a run of the small study; each one begins a day later."""
    day = 0

    def once(done=PAGES, failing=(), usual=True, pages=PAGES) -> News:
        nonlocal day
        day += 1
        small = read_study(folder)
        digests = {p.name: p.read_text() for p in folder.glob("*.csv")}
        at = BEGAN + timedelta(days=day - 1)
        return follow(tmp_path / "out", small, digests, pages, done, failing, at, usual)

    return once


@pytest.fixture
def words(monkeypatch) -> dict[str, str]:
    """A table of words of our own, for every language but English."""
    own: dict[str, str] = {}
    monkeypatch.setattr(language, "words", lambda _: own)
    return own


def add_factor(folder: Path, key: str = "de-s2", said: str = "Another strength.") -> None:
    with (folder / "swot_factors.csv").open("a", encoding="utf-8") as rows:
        rows.write(f"{key},DE,strength,credits,{said},,news,p. 9,high\n")


def state(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "out" / STATE / "state.json").read_text(encoding="utf-8"))


def test_the_first_run_says_that_there_is_nothing_to_compare_with(run):
    news = run()
    assert (news.status, news.said) == ("first", FIRST)
    assert news.as_dict()["conclusions"] == []


def test_a_run_with_the_same_study_compares_nothing(run, monkeypatch):
    run()
    monkeypatch.setattr(following, "_differences", lambda *_: pytest.fail("compared"))
    monkeypatch.setattr(following, "_keep", lambda *_: pytest.fail("wrote the study"))
    assert (run().status, run().said) == ("none", NONE)


def test_a_run_tells_what_changed_since_the_run_before_with_rows_and_sources(run, folder):
    run()
    add_factor(folder)
    edit(folder, "indicators", "news,opening,medium", "news,opening,low")
    news = run()
    assert (news.status, news.said) == ("changed", "One conclusion changed.")
    (found,) = news.as_dict()["conclusions"]
    assert found["said"] == "Germany, SWOT factors: one added."
    (factor,) = (news.entry["factors"][i] for i in found["factors"])
    assert (factor["now"], factor["statement"]) == ("strength", "Another strength.")
    assert (factor["source"], factor["locator"]) == ("A page", "p. 9")
    (row,) = news.entry["rows"]
    assert (row["was"], row["now"]) == ("level 2", "level 2, low confidence")
    assert json.loads(json.dumps(news.as_dict())) == news.as_dict()


def test_rows_that_change_no_conclusion_are_told_so(run, folder):
    run()
    edit(folder, "indicators", "news,opening,medium", "news,opening,low")
    news = run()
    assert (news.status, news.said) == ("none", f"{NONE} One row moved.")
    assert run().said == NONE


def test_a_change_waits_until_all_pages_show_it(run, folder):
    """`report country --only DE` must not swallow what the other pages have not shown yet."""
    run()
    add_factor(folder)
    part = run(["country/DE"])
    assert part.status == "waiting"
    assert part.said == (
        "The study has changed. What that does to the conclusions is told when all pages show it: "
        "one of three pages does so far."
    )
    assert len(part.history) == 1
    news = run(["country/NA", "comparison/comparison"])
    assert news.said == "One conclusion changed."
    assert newest_change(news) == news.entry


def test_two_changes_of_which_the_first_was_never_shown_whole_are_told_together(run, folder):
    run()
    add_factor(folder)
    run(["country/DE"])
    add_factor(folder, "de-s3")
    assert run(["country/NA"]).status == "waiting"
    assert [c["said"] for c in run().entry["conclusions"]] == ["Germany, SWOT factors: two added."]


def test_a_change_that_is_taken_back_before_all_pages_show_it_is_none(run, folder):
    run()
    factors = folder / "swot_factors.csv"
    before = factors.read_text()
    add_factor(folder)
    assert run(["country/DE"]).status == "waiting"
    factors.write_text(before)
    assert run(["country/DE"]).said == NONE


def test_a_run_with_parameters_of_its_own_does_not_count(run, folder):
    run()
    add_factor(folder)
    assert run(usual=False).status == "waiting"
    assert run(PAGES[:2]).status == "waiting"
    assert run(PAGES[2:]).status == "changed"


def test_pages_that_never_ran_keep_the_first_run_waiting(run):
    news = run(["country/DE"])
    assert news.said == (
        "Nothing to compare with until all pages are made as the catalogue has them: one of three "
        "pages so far."
    )
    assert run(PAGES).status == "first"


def test_a_page_that_fails_does_not_hold_the_news_back_and_is_named(run, folder):
    run()
    add_factor(folder)
    news = run(failing=["Germany: <a page>"])
    assert news.status == "changed"
    html = render_changes(news, LINKS, "2026-03-12")
    assert "Germany: &lt;a page&gt;. These pages fail and show an earlier state" in html


@pytest.mark.parametrize("spoil", ["gone", "broken"])
def test_a_former_study_that_cannot_be_read_is_said_and_replaced(run, folder, tmp_path, spoil):
    run()
    kept = tmp_path / "out" / STATE / state(tmp_path)["folder"]
    if spoil == "gone":
        kept.rename(tmp_path / "away")
    else:
        (kept / "systems.csv").write_text("nonsense")
    add_factor(folder)
    news = run()
    assert news.status == "anew"
    assert news.said.startswith("The study of the run before can no longer be read")
    add_factor(folder, "de-s3")
    assert run().status == "changed"


def test_a_state_that_cannot_be_read_starts_again(run, tmp_path):
    run()
    (tmp_path / "out" / STATE / "state.json").write_text("{", encoding="utf-8")
    assert run().status == "first"


def test_only_the_study_of_the_last_run_is_kept(run, folder, tmp_path):
    run()
    (tmp_path / "out" / STATE / "study.part").mkdir()
    add_factor(folder)
    run()
    here = sorted(p.name for p in (tmp_path / "out" / STATE).iterdir())
    assert here == ["state.json", state(tmp_path)["folder"]]
    kept = read_study(tmp_path / "out" / STATE / here[1])
    pd.testing.assert_frame_equal(kept.swot_factors, read_study(folder).swot_factors)


def test_a_run_that_ends_before_it_is_recorded_is_told_by_the_next(run, folder, monkeypatch):
    run()
    add_factor(folder)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(following, "write_aside", full)
        with pytest.raises(OSError, match="No space left"):
            run()
    assert run().said == "One conclusion changed."


def test_a_full_disk_is_no_problem_of_the_study(run, folder, monkeypatch):
    import mcanalysis.study

    def full(*_: object) -> None:
        raise DataError([]) from OSError(28, "No space left on device")

    monkeypatch.setattr(mcanalysis.study, "write_study", full)
    with pytest.raises(OSError, match="No space left"):
        run()


def test_quiet_runs_in_a_row_count_as_one_and_the_history_has_an_end(run, folder, monkeypatch):
    monkeypatch.setattr(following, "MOST_RUNS", 3)
    for number in range(3):
        add_factor(folder, f"de-x{number}")
        run()
        run()
        news = run()
    assert [(h["kind"], h.get("runs")) for h in news.history] == [
        ("none", 2), ("changed", None), ("none", 2),
    ]  # fmt: skip
    assert news.history[0]["since"] < news.history[0]["at"]


def test_many_rows_are_kept_up_to_a_limit_and_the_rest_is_counted(run, folder, monkeypatch):
    monkeypatch.setattr(following, "MOST_ROWS", 2)
    run()
    for number in range(5):
        add_factor(folder, f"de-x{number}")
    news = run()
    assert len(news.entry["factors"]) == 2
    assert news.entry["more"] == {"rows": 0, "factors": 3}
    assert "and three more factors" in render_changes(news, LINKS, "2026-03-12")


@pytest.fixture
def told(run, folder) -> News:
    """A first run, a change, a quiet run."""
    run()
    add_factor(folder, said="A <b>bold</b> & new one.")
    edit(folder, "indicators", "DE,recognition,2024,2,", "DE,recognition,2024,3,")
    run()
    return run()


def test_the_page_has_the_newest_run_first_and_earlier_ones_below(told, read):
    html = render_changes(told, LINKS, "2026-03-12")
    heads = [said for tag, said in read(html).texts if tag == "h2"]
    assert heads == [
        "14 March 2026: no conclusion changed",
        "13 March 2026: one conclusion changed",
        "12 March 2026: first run",
    ]
    assert "Germany, SWOT factors: one added." in html
    assert "A &lt;b&gt;bold&lt;/b&gt; &amp; new one." in html
    assert html.count("<h1>") == 1
    ids = read(html).ids
    assert len(ids) == len(set(ids))
    assert {a["href"][1:] for a in read(html).all("a") if a["href"].startswith("#")} <= set(ids)


def test_the_page_leads_to_the_feed_in_its_head(told, read):
    html = render_changes(told, LINKS, "2026-03-12")
    (link,) = read(html).all("link")
    assert (link["rel"], link["type"], link["href"]) == (
        "alternate", "application/atom+xml", "changes.xml",
    )  # fmt: skip


def test_the_feed_has_one_entry_for_each_run_with_changes(told, read):
    feed = ET.fromstring(render_feed(told))
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}updated") == "2026-03-13T05:00:13+00:00"
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    (entry,) = feed.findall(f"{ATOM}entry")
    for part in (feed, entry):
        UUID(part.findtext(f"{ATOM}id"))
    assert entry.findtext(f"{ATOM}title") == "Germany, SWOT factors: one added."
    assert entry.findtext(f"{ATOM}updated") == "2026-03-13T05:00:13+00:00"
    content = entry.find(f"{ATOM}content")
    assert content.get("type") == "html"
    assert "A <b>bold</b> & new one." in read(content.text).text
    target = entry.find(f"{ATOM}link").get("href")
    assert target.partition("#")[2] in read(render_changes(told, LINKS, "2026-03-12")).ids


def test_a_quiet_run_leaves_the_feed_as_it_is(run, told):
    feed = render_feed(told)
    assert render_feed(run()) == feed


def test_the_same_runs_give_the_same_bytes(folder, tmp_path):
    def once(name: str) -> tuple[str, str]:
        small, out = read_study(folder), tmp_path / name
        follow(out, small, {"a": "1"}, PAGES, PAGES, [], BEGAN)
        more = replace(small, swot_factors=small.swot_factors.assign(quadrant="weakness"))
        news = follow(out, more, {"a": "2"}, PAGES, PAGES, [], BEGAN + timedelta(days=1))
        assert news.status == "changed"
        return render_changes(news, LINKS, "2026-03-12"), render_feed(news)

    assert once("one") == once("two")


def test_before_any_full_run_the_page_and_the_feed_are_there_too(run):
    news = run(["country/DE"])
    assert "Nothing to compare with until all pages are made" in render_changes(
        news, LINKS, "2026-03-12"
    )
    assert ET.fromstring(render_feed(news)).findall(f"{ATOM}entry") == []


def test_dates_of_several_quiet_days_are_told_as_a_span(run, read):
    run()
    run()
    html = render_changes(run(), LINKS, "2026-03-12")
    assert re.search("13 March 2026 to 14 March 2026: no conclusion changed", html)
    assert "Two runs in a row, the last at 05:00." in html


def test_the_page_of_each_language_reads_in_it_and_marks_the_evidence(told, read, words):
    words["{system}, SWOT factors: {changes}."] = "{system}, SWOT-Faktoren: {changes}."
    words["one conclusion changed"] = "eine Schlussfolgerung anders"
    with speaking("de"):
        html = render_changes(told, LINKS, "2026-03-12", root="../")
    assert "13. März 2026: eine Schlussfolgerung anders" in html
    assert '<span lang="en">A &lt;b&gt;bold&lt;/b&gt; &amp; new one.</span>' in html
    assert 'href="../changes.xml"' in html


def test_what_a_run_says_in_other_languages_is_kept_with_it(run, folder, words):
    words["{system}, SWOT factors: {changes}."] = "{system}, SWOT-Faktoren: {changes}."
    words["one added"] = "einer neu"
    run()
    add_factor(folder)
    with speaking("de"):  # whatever is spoken, the record itself is English
        news = run()
    assert news.said == "One conclusion changed."
    assert news.as_dict()["conclusions"][0]["said"] == "Germany, SWOT factors: one added."
    assert "translated" not in news.as_dict()
    feed = render_feed(news)
    with speaking("de"):
        assert "Germany, SWOT-Faktoren: einer neu." in render_changes(news, LINKS, "2026-03-12")
        assert render_feed(news) == feed


def test_a_run_of_the_time_before_languages_keeps_its_english_words_marked(told):
    old = replace(told, history=[
        {k: v for k, v in run.items() if k not in ("translated", "moved")} for run in told.history
    ])  # fmt: skip
    assert render_changes(old, LINKS, "2026-03-12") == render_changes(told, LINKS, "2026-03-12")
    with speaking("de"):
        html = render_changes(old, LINKS, "2026-03-12")
    assert '<span lang="en">Germany, SWOT factors: one added.</span>' in html


def test_a_system_has_an_anchor_at_the_newest_conclusion_about_it(run, folder, read):
    run()
    assert last_changes(run()) == {}
    add_factor(folder)
    run()
    add_factor(folder, "de-s3", "A third.")
    told = run()
    assert last_changes(told) == {"DE": told.history[0]["at"]}
    html = render_changes(told, LINKS, "2026-03-12")
    assert read(html).ids.count("DE") == 1
    assert html.index('<span id="DE">') < html.index("A third.") < html.index("Another strength.")
    unnamed = [
        {**h, "conclusions": [{**c, "systems": []} for c in h.get("conclusions", ())]}
        for h in told.history
    ]
    assert last_changes(replace(told, history=unnamed)) == {}
