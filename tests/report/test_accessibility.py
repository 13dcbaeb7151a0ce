"""WCAG 2.2 AA in a real browser: what axe-core finds, and what it cannot see."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.colours import contrast
from tests.test_pages import CHARTED, KINDS, Visits, open_all, sideways, violations

pytestmark = [pytest.mark.slow, pytest.mark.browser]
every_kind = pytest.mark.parametrize("kind", KINDS)
every_charted = pytest.mark.parametrize("kind", CHARTED)
PHONE = 320


@pytest.fixture
def visit(browser: Any, site: Path) -> Iterator[Visits]:
    visits = Visits(browser, site)
    yield visits
    visits.end()


@every_kind
def test_a_page_meets_wcag_on_the_smallest_screen_closed_and_open_light_and_dark(visit, kind):
    page = visit(kind, PHONE)
    assert violations(page) == []
    open_all(page)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert violations(page) == []


@every_kind
def test_a_page_meets_wcag_in_the_dark_on_a_wide_screen(visit, kind):
    page = visit(kind, color_scheme="dark")
    open_all(page)
    assert violations(page) == []


# Text alternatives

PICTURES = """() => [...document.querySelectorAll('.plot')].map((plot) => ({
  id: plot.id, role: plot.getAttribute('role'), said: plot.getAttribute('aria-label') || '',
  title: plot.closest('figure').querySelector('.ft').textContent,
  data: [...plot.closest('figure').querySelectorAll('details.data :is(td, th)')]
    .map((cell) => cell.textContent.trim()).filter(Boolean),
}))"""


@every_charted
def test_the_text_alternative_of_a_chart_says_what_it_shows(visit, kind):
    pictures = visit(kind).evaluate(PICTURES)
    assert pictures
    for picture in pictures:
        said = picture["said"].casefold()
        assert picture["role"] == "img"
        assert len(said.split()) >= 12, picture["id"]
        assert not said.startswith(("chart", "a chart", "picture", "graph", "image", "figure"))
        names = {cell.casefold() for cell in picture["data"] if not cell[0].isdigit()}
        assert any(name in said for name in names if len(name) > 3), (picture["id"], said)
        assert any(c.isdigit() for c in said), picture["id"]


def test_no_two_charts_of_a_page_say_the_same(visit):
    for kind in CHARTED:
        said = [picture["said"] for picture in visit(kind).evaluate(PICTURES)]
        assert len(set(said)) == len(said)


UNSAID = """() => [...document.querySelectorAll('main svg, main .iv, main .bar, main .cf > i')]
  .filter((mark) => mark.checkVisibility() && !mark.closest('.plot, [aria-hidden=true] .key, .key'))
  .filter((mark) => {
    const hidden = mark.closest('[aria-hidden=true]');
    if (!hidden && mark.tagName === 'svg' && !mark.getAttribute('aria-label')) return true;
    const row = mark.closest('tr, li, p, dd, figure, summary');
    const words = row.cloneNode(true);
    for (const part of words.querySelectorAll('[aria-hidden=true]')) part.remove();
    return !/[\\p{L}\\p{N}]/u.test(words.textContent);
  }).map((mark) => mark.outerHTML.slice(0, 160))"""


@every_kind
def test_every_small_picture_stands_beside_words_that_say_it(visit, kind):
    page = visit(kind)
    open_all(page)
    assert page.evaluate(UNSAID) == []


# Contrast inside pictures, which axe does not see

WRITTEN = """(plot) => {
  const frame = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('svg text')].filter((e) => e.textContent.trim()).map((e) => {
    const box = e.getBoundingClientRect(), style = getComputedStyle(e);
    return { text: e.textContent, colour: style.fill, opacity: style.fillOpacity * style.opacity,
      box: [box.left - frame.left, box.top - frame.top, box.width, box.height] };
  }).filter(({ box: [x, y, w, h] }) => w && h && x > 0 && y > 0 && x + w < frame.width
    && y + h < frame.height);
}"""
GROUNDS = """async ([picture, boxes]) => {
  const image = await createImageBitmap(await (await fetch(picture)).blob());
  const pen = new OffscreenCanvas(image.width, image.height).getContext('2d');
  pen.drawImage(image, 0, 0);
  return boxes.map((box) => {
    const [x, y, w, h] = box.map(Math.round), seen = new Map();
    const { data } = pen.getImageData(x, y, w, h);
    for (let i = 0; i < data.length; i += 4) {
      const colour = `rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`;
      seen.set(colour, (seen.get(colour) || 0) + 1);
    }
    return [...seen].sort((one, other) => other[1] - one[1])[0][0]; // letters are thin
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", [*CHARTED, "how sure"])
def test_what_is_written_in_a_chart_stands_out_from_the_mark_under_it(browser, visit, kind, scheme):
    page, blank = visit(kind, color_scheme=scheme), browser.new_page()
    faint, grounds = [], set()
    for plot in page.locator(".plot").all():
        plot.scroll_into_view_if_needed()
        written = plot.evaluate(WRITTEN)
        picture = base64.b64encode(plot.screenshot()).decode()
        boxes = [one["box"] for one in written]
        found = blank.evaluate(GROUNDS, [f"data:image/png;base64,{picture}", boxes])
        for one, ground in zip(written, found, strict=True):
            grounds.add(ground)
            ratio = contrast(one["colour"], ground)
            if one["opacity"] < 1 or ratio < 4.5:
                faint.append((plot.get_attribute("id"), one["text"], ground, round(ratio, 2)))
    blank.close()
    assert faint == []
    assert kind not in ("comparison", "group") or len(grounds) > 3  # cells of several levels


# Keyboard

FOCUSABLE = """() => [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex]')]
  .filter((e) => e.checkVisibility({visibilityProperty: true}) && e.tabIndex >= 0
    && !e.disabled)"""
FOCUSED = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const lines = [...e.getClientRects()], line = lines[0] || box;
  const x = line.left + Math.min(line.width, 40) / 2;
  // The middle of what can be in sight of it: a table may be higher than the screen.
  const y = (Math.max(line.top, 0) + Math.min(line.bottom, innerHeight)) / 2;
  const there = document.elementFromPoint(x, y);
  return {
    at: window.order.indexOf(e), html: e.outerHTML.slice(0, 120),
    top: box.top + scrollY, outline: style.outlineStyle, width: parseFloat(style.outlineWidth),
    colour: style.outlineColor, ground: getComputedStyle(document.body).backgroundColor,
    seen: !!there && (there === e || e.contains(there) || there.contains(e)),
  };
}"""


@every_kind
def test_the_keyboard_goes_through_a_page_as_it_is_read_and_out_again(visit, kind):
    page = visit(kind, PHONE)
    radios = "input[type=radio]"
    page.evaluate(f"window.order = ({FOCUSABLE})()")
    stops = page.evaluate("window.order.length")
    # A group of radio buttons is one stop.
    spare = page.evaluate(
        f"""() => {{ const all = [...document.querySelectorAll('{radios}')];
          return all.length - new Set(all.map((r) => r.name)).size; }}"""
    )
    passed = []
    for _ in range(stops - spare):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
    order = [stop["at"] for stop in passed]
    assert order == sorted(set(order)), "not in the order of the page, or held fast"
    assert len(order) == stops - spare
    assert -1 not in order
    up = [
        (one["html"], other["html"])
        for one, other in pairwise(passed[1:])
        if other["top"] < one["top"] - 24
    ]
    assert up == [], "the focus goes up the page"
    assert [stop["html"] for stop in passed if not stop["seen"]] == []
    faint = [
        stop["html"]
        for stop in passed
        if stop["outline"] == "none"
        or stop["width"] < 2
        or contrast(stop["colour"], stop["ground"]) < 3
    ]
    assert faint == []
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["at"] in (-1, 0), "no way out"


TARGETS = """() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, summary')]
    .filter((e) => e.checkVisibility() && !e.closest('.vh, .skip'));
  // Within a sentence a target may be as high as its line.
  const inline = (e) => {
    if (getComputedStyle(e).display !== 'inline') return false;
    const around = e.closest('p, li, dd, td, .m, .say');
    return around && around.textContent.trim().length > e.textContent.trim().length + 2;
  };
  const boxes = all.map((e) => (e.closest('label') || e).getBoundingClientRect());
  const small = (b) => b.width < 23.5 || b.height < 23.5;
  const middle = (b) => [b.left + b.width / 2, b.top + b.height / 2];
  const near = ([x, y], b) => {
    const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
    return Math.hypot(dx, dy);
  };
  return all.filter((e, i) => {
    if (!small(boxes[i]) || inline(e)) return false;
    const own = middle(boxes[i]);
    return boxes.some((b, j) => j !== i && all[j].closest('label') !== (e.closest('label') || 0)
      && (near(own, b) < 11.9
          || small(b) && Math.hypot(own[0] - middle(b)[0], own[1] - middle(b)[1]) < 23.8));
  }).map((e) => e.outerHTML.slice(0, 160));
}"""


@every_kind
def test_what_can_be_pressed_is_large_enough_or_stands_apart(visit, kind):
    page = visit(kind)
    open_all(page)
    for width in (1280, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TARGETS) == [], width


# Size, spacing, motion

CUT = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const own = node.parentElement;
    if (!node.data.trim() || !own.checkVisibility()
        || own.closest('.vh, .scroll, .plot, svg, script, style')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    let hidden = false;
    for (let e = own; e && e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.clipPath !== 'none') { hidden = true; break; } // meant for screen readers only
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
      const frame = e.getBoundingClientRect();
      if (box.right > frame.right + 1 || box.bottom > frame.bottom + 1
          || box.left < frame.left - 1 || box.top < frame.top - 1)
        found.push('cut: ' + e.className + ': ' + node.data.trim().slice(0, 60));
    }
    if (!hidden && box.right > document.documentElement.clientWidth + 1)
      found.push('outside: ' + own.className + ': ' + node.data.trim().slice(0, 60));
  }
  return found;
}"""
OVERLAID = """() => {
  const lines = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode());) {
    const own = node.parentElement;
    if (!node.data.trim() || !own.checkVisibility() || own.closest('.plot, svg, script, style')
        || own.closest('.scroll')) continue;
    let hidden = false;
    for (let e = own; e && e !== document.body; e = e.parentElement)
      if (getComputedStyle(e).clipPath !== 'none' || e.matches('.skip')) hidden = true;
    if (hidden) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(own).fontSize);
    for (const box of range.getClientRects()) {
      const middle = (box.top + box.bottom) / 2; // the letters, without the leading
      if (box.width > 1) lines.push({l: box.left, r: box.right, t: middle - size * .36,
                                     b: middle + size * .36, own, said: node.data.trim()});
    }
  }
  lines.sort((a, b) => a.t - b.t);
  const found = [];
  lines.forEach((one, i) => {
    for (const other of lines.slice(i + 1)) {
      if (other.t > one.b - 3) break;
      if (Math.min(one.r, other.r) - Math.max(one.l, other.l) > 2)
        found.push(one.said.slice(0, 40) + ' / ' + other.said.slice(0, 40));
    }
  });
  return [...new Set(found)];
}"""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""


@every_kind
@pytest.mark.parametrize("width", [1280, PHONE])
def test_wider_spacing_of_text_cuts_nothing(visit, kind, width):
    page = visit(kind, width, bypass_csp=True)
    open_all(page)
    page.add_style_tag(content=SPACED)
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAID) == []
    assert sideways(page) == []


@every_kind
def test_a_page_of_twice_the_size_is_whole(visit, kind):
    page = visit(kind, 640, device_scale_factor=2)
    open_all(page)
    assert page.evaluate(CUT) == []
    assert page.evaluate(OVERLAID) == []
    assert sideways(page) == []


@every_kind
def test_nothing_moves_for_who_asked_for_stillness(visit, kind):
    page = visit(kind, reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((e) => {
          const s = getComputedStyle(e);
          return s.scrollBehavior === 'smooth' || s.animationName !== 'none'
            || s.transitionDuration.split(',').some((t) => parseFloat(t) > 0);
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert moving == []
