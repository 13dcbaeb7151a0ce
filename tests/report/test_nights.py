"""Five nights of a schedule with changing evidence, by the command that a scheduler gives."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from tests.test_pages import open_all, sideways, violations

pytestmark = pytest.mark.slow

ACTS = Path(__file__).parents[1] / "notebooks" / "acts.ipynb"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """What each night said: exit code, messages, summary, page of changes, feed."""
    place = tmp_path_factory.mktemp("nights")
    shutil.copytree("data", place / "data")
    shutil.copy(ACTS, place / "acts.ipynb")
    (place / "reports.toml").write_text(
        '[groups]\nnotebook = "acts.ipynb"\ntitle = "Groups"\n'
        'schedule = "@daily"\n'
        '[all]\nnotebook = "acts.ipynb"\ntitle = "All of it"\nschedule = "@daily"\n'
    )
    return [night(place, change) for change in (None, raise_a_level, None, rewrite, fail_and_rank)]


def night(place: Path, change) -> dict:
    if change:
        change(place)
    command = [sys.executable, "-m", "mcanalysis", "report", "--format", "json"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=300)
    out = place / "reports"
    return {
        "code": done.returncode, "messages": done.stderr,
        "summary": json.loads(done.stdout), "good": (out / "all" / "all.html").read_bytes(),
        "place": out / "changes.html",
        "page": (out / "changes.html").read_text(encoding="utf-8"),
        "index": (out / "index.html").read_text(encoding="utf-8"),
        "entries": ET.fromstring((out / "changes.xml").read_bytes()).findall(f"{ATOM}entry"),
    }  # fmt: skip


def edited(place: Path, table: str, change) -> None:
    file = place / "data" / f"{table}.csv"
    frame = pd.read_csv(file, dtype=str, keep_default_na=False)
    change(frame).to_csv(file, index=False)


def raise_a_level(place: Path) -> None:
    def change(rows: pd.DataFrame) -> pd.DataFrame:
        of = (rows["system_id"] == "DE") & (rows["dimension_id"] == "recognition")
        return rows.assign(level=rows["level"].mask(of, "3"))

    edited(place, "indicators", change)


def rewrite(place: Path) -> None:
    """Correct a note on a source, add a factor for Ireland."""

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        new = rows.iloc[[0]].assign(factor_id="ie-new", system_id="IE", statement="Quite new.")
        return pd.concat([rows, new])

    edited(place, "swot_factors", change)
    edited(place, "sources", lambda rows: rows.assign(note="checked again"))


def fail_and_rank(place: Path) -> None:
    """Break a notebook; take evidence from Estonia until it is no longer ranked."""
    (place / "acts.ipynb").rename(place / "good.ipynb")
    text = (place / "good.ipynb").read_text(encoding="utf-8")
    (place / "acts.ipynb").write_text(
        text.replace(r"print(\"the end\")", r"1 + \"x\""), encoding="utf-8"
    )

    def change(rows: pd.DataFrame) -> pd.DataFrame:
        dimensions = rows.loc[rows["system_id"] == "EE", "dimension_id"].unique()[:4]
        return rows[~((rows["system_id"] == "EE") & rows["dimension_id"].isin(dimensions))]

    edited(place, "indicators", change)


def said(night: dict) -> list[str]:
    return [found["said"] for found in night["summary"]["changes"]["conclusions"]]


def test_the_first_night_has_nothing_to_compare_with(nights):
    first = nights[0]
    assert first["code"] == 0
    assert first["messages"].splitlines()[-1] == "First run, nothing to compare with."
    assert first["summary"]["changes"]["status"] == "first"
    assert first["entries"] == []


def test_the_second_night_tells_what_one_level_did_and_where_it_comes_from(nights):
    second = nights[1]
    first, *_ = said(second)
    assert re.match(
        r"Germany: expected rank from 16\.\d to 1\d\.\d \(its own evidence −\d\.\d\)", first
    )
    assert any("no longer surely ahead of Germany" in s for s in said(second))
    assert "Germany: the indicators now suggest a strength in Recognition." in said(second)
    (row,) = second["summary"]["changes"]["rows"]
    assert (row["system"], row["was"], row["now"]) == ("Germany", "level 1", "level 3")
    assert row["source"] in second["page"]
    assert "conclusions changed. See reports/changes.html" in second["messages"]
    assert f"- {first}" in second["messages"]
    assert len(second["entries"]) == 1


def test_a_night_without_change_says_so_in_one_line_and_does_nothing(nights):
    third = nights[2]
    counts, told = third["messages"].splitlines()
    assert counts.startswith("0 made, 2 unchanged, 0 failed in ")
    assert told == "No conclusion changed."
    assert third["summary"]["changes"]["conclusions"] == []
    assert third["entries"][0].findtext(f"{ATOM}id") == nights[1]["entries"][0].findtext(
        f"{ATOM}id"
    )
    assert len(third["entries"]) == 1
    assert "no conclusion changed" in third["page"]


def test_the_fourth_night_tells_of_a_factor_and_not_of_a_note(nights):
    fourth = nights[3]
    assert said(fourth) == ["Ireland, SWOT factors: one added."]
    assert fourth["summary"]["changes"]["factors"][0]["statement"] == "Quite new."
    assert "Quite new." in fourth["page"]
    assert re.search(r"Also differs: sources\.csv \(\d+ changed\)", fourth["page"])
    assert len(fourth["entries"]) == 2


def test_the_fifth_night_keeps_the_last_good_page_and_tells_who_is_no_longer_ranked(nights):
    fifth = nights[4]
    assert fifth["code"] == fifth["summary"]["exit_code"] == 1
    assert fifth["good"] == nights[3]["good"]
    assert fifth["summary"]["failed"] == 2
    for page in fifth["summary"]["pages"]:
        assert (page["status"], page["since"] is not None) == ("failed", True)
        assert "TypeError" in page["message"]
    assert said(fifth)[0].startswith("Estonia is no longer ranked: evidence on ")
    assert sum("instead of 20, none for its own evidence: " in s for s in said(fifth)) == 1
    assert not any("(the others −0" in s for s in said(fifth))
    assert "These pages fail and show an earlier state" in fifth["page"]
    assert len(fifth["entries"]) == 3


def test_the_page_tells_of_all_nights_the_newest_first(nights):
    heads = re.findall("<h2[^>]*>[^:<]+: ([^<]+)</h2>", nights[4]["page"])
    assert [re.sub("^[a-z0-9]+ c", "c", h) for h in heads] == [
        "conclusions changed",
        "conclusion changed",
        "conclusion changed",
        "conclusions changed",
        "first run",
    ]
    assert 'href="changes.html"' in nights[4]["index"]
    assert 'type="application/atom+xml"' in nights[4]["index"]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_with_changes_meets_wcag_on_a_wide_screen_and_on_a_phone(nights, browser, scheme):
    context = browser.new_context(color_scheme=scheme)
    page, heard = context.new_page(), []
    page.on("request", lambda r: r.url.startswith("file:") or heard.append(r.url))
    page.on("console", lambda m: m.type in ("error", "warning") and heard.append(m.text))
    page.goto(nights[4]["place"].as_uri())
    assert violations(page) == []
    open_all(page)
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == []
        assert sideways(page) == [], width
    assert heard == []
    context.close()
