"""The reader's own priorities are in the address, and are said, in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcanalysis.tables.priorities import TOP
from tests.browsing import until

pytestmark = [pytest.mark.slow, pytest.mark.browser]
NEUTRAL = TOP // 2


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def address(site: Path) -> str:
    return (site / "comparison" / "comparison.html").as_uri()


def setting(page: Any) -> dict[str, int]:
    sliders = page.locator("#live input[type=range]").evaluate_all(
        "all => all.map(s => [s.id.slice(2), Number(s.value)])"
    )
    return {dimension: value for dimension, value in sliders if value != NEUTRAL}


def order(page: Any) -> list[str]:
    return page.locator("#live tbody tr").evaluate_all("rows => rows.map(r => r.innerText)")


def front(page: Any) -> list[tuple[str, str]]:
    said = page.locator("#live-said").inner_text()
    return re.findall(r"(\w[\w ()]*) \((\d+)\)", said.partition(": ")[2].partition(". ")[0])


def in_table(page: Any) -> list[tuple[str, str]]:
    rows = [row.split("\t") for row in order(page)]
    return [(name.strip(), rank.strip()) for rank, name, *_ in rows if int(rank) <= 3][:6]


def test_keys_move_a_slider_and_the_address_and_the_sentence_follow(page, address):
    page.goto(address)
    neutral = order(page)
    page.locator("#w-recognition").press("End")
    page.locator("#w-legislation").press("Home")
    until(page, "location.hash === '#priorities=legislation:0,recognition:10'")
    assert order(page) != neutral
    assert front(page) == in_table(page)
    assert page.locator("#live-said").get_attribute("role") == "status"
    page.locator("#w-recognition").press("ArrowLeft")
    until(page, "location.hash === '#priorities=legislation:0,recognition:9'")
    assert page.evaluate("history.length") == 2  # no step back for each move


def test_an_address_that_is_passed_on_shows_the_same_order(page, address):
    page.goto(address)
    page.locator("[name=preset]").nth(1).check()
    until(page, "location.hash.startsWith('#priorities=')")
    passed_on, shown = page.url, order(page)
    said = page.locator("#live-said").inner_text()
    page.goto("about:blank")
    page.goto(passed_on)
    assert order(page) == shown
    assert page.locator("#live-said").inner_text() == said
    assert page.locator("[name=preset]").nth(1).is_checked()
    assert page.evaluate("document.getElementById('live').getBoundingClientRect().top") < 900


def test_the_neutral_setting_leaves_no_trace_in_the_address(page, address):
    page.goto(f"{address}#priorities=recognition:10")
    assert setting(page) == {"recognition": 10}
    page.locator("[name=preset]").nth(0).check()
    until(page, "!location.hash")
    assert setting(page) == {}


@pytest.mark.parametrize(
    ("given", "read", "whole"),
    [
        ("recognition:10,legislation:0", {"recognition": 10, "legislation": 0}, True),
        ("", {}, True),
        ("recognition:99,legislation:0", {"legislation": 0}, False),
        ("atlantis:3,legislation:0", {"legislation": 0}, False),
        ("legislation", {}, False),
        ("legislation:-1,%E0%A4%A", {}, False),
        ("<img src=x onerror=alert(1)>:3", {}, False),
    ],
)
def test_what_an_address_holds_is_read_or_said_to_be_unknown(page, address, given, read, whole):
    failures = []
    page.on("pageerror", lambda e: failures.append(str(e)))
    page.goto(f"{address}#priorities={given}")
    assert setting(page) == read
    assert ("not known here" in page.locator("#live-said").inner_text()) != whole
    assert failures == []


def test_a_link_to_a_section_changes_no_setting_and_a_new_setting_does(page, address):
    page.goto(f"{address}#priorities=legislation:0")
    page.locator(".toc a").first.click()
    assert setting(page) == {"legislation": 0}
    page.evaluate("location.hash = '#priorities=recognition:10'")
    until(page, "document.getElementById('w-legislation').value === '5'")
    assert setting(page) == {"recognition": 10}


def test_without_any_weight_it_says_that_there_is_no_order(page, address):
    page.goto(address)
    data = json.loads(page.locator("#live-data").text_content())
    for slider in page.locator("#live input[type=range]").all():
        slider.press("Home")
    until(page, f"document.getElementById('live-said').textContent === {data['says']['none']!r}")


def test_without_scripts_the_sentence_is_that_of_the_neutral_order(browser, page, address):
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(address)
    page.goto(address)
    page.locator("#w-legislation").press("Home")
    page.locator("[name=preset]").nth(0).check()
    until(page, "!location.hash")
    page.wait_for_timeout(400)
    assert still.locator("#live-said").text_content() == page.locator("#live-said").text_content()
    assert still.locator("#live tbody tr").count() == len(order(page))
    context.close()


def test_on_a_phone_the_sentence_stays_in_sight_while_the_sliders_move(browser, address):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(address)
    for slider in page.locator("#live input[type=range]").all():
        slider.focus()
        slider.press("ArrowRight")
        said = page.locator("#live-said").bounding_box()
        at = slider.bounding_box()
        assert said["y"] >= -1
        assert said["y"] + said["height"] <= at["y"] + 1
    for slider in reversed(page.locator("#live input[type=range]").all()):
        slider.focus()
        said, at = page.locator("#live-said").bounding_box(), slider.bounding_box()
        assert said["y"] + said["height"] <= at["y"] + 1
    context.close()
