"""The palette of the stylesheet, measured: light, dark, in grey, for colour-blind eyes."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import pytest

from mcanalysis.charts.record import COLOURS
from mcanalysis.marks import DOTS, QUADRANT_LETTER, confidence, letters, pips, steps
from mcanalysis.markup import stylesheet
from mcanalysis.model import CONFIDENCES, QUADRANTS
from tests.colours import BLINDNESS, contrast, difference, grey, seen_with

TEXT, MARK = 4.5, 3.0  # W3C (2023), WCAG 2.2, success criteria 1.4.3 and 1.4.11
APART = 10.0  # CIE 1976; 2.3 is just noticeable side by side (Mahy et al. 1994)
SWOT = "SWOT"
LEVELS = ("l0", "l1", "l2", "l3")


def palettes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{\s*color-scheme[^}]*\}|:root \{[^}]*\}", stylesheet())[:2]
    declared = [dict(re.findall(r"--(\w[\w-]*): (#[0-9a-f]{6})", part)) for part in (light, dark)]
    return {"light": declared[0], "dark": {**declared[0], **declared[1]}}


PALETTES = palettes()
both = pytest.mark.parametrize("scheme", PALETTES)


def test_dark_has_a_colour_of_its_own_for_each_of_light():
    assert len(PALETTES["light"]) > 20
    assert set(PALETTES["light"]) == set(PALETTES["dark"])
    same = {n for n, c in PALETTES["light"].items() if PALETTES["dark"][n] == c}
    assert same == set()


@both
def test_writing_stands_out_from_every_ground_it_is_set_on(scheme):
    p = PALETTES[scheme]
    grounds = ("paper", "wash", "accent-wash")
    pairs = [(ink, ground) for ink in ("ink", "ink2", "ink3", "accent") for ground in grounds]
    pairs += [(f"{level}t", level) for level in LEVELS]
    pairs += [("on", quadrant) for quadrant in SWOT] + [("W", "paper"), ("paper", "accent")]
    faint = {pair: round(contrast(p[pair[0]], p[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < TEXT} == {}


@both
def test_marks_stand_out_from_paper(scheme):
    p = PALETTES[scheme]
    marks = {n: round(contrast(p[n], p["paper"]), 2) for n in ("accent", "range", "edge", *SWOT)}
    assert {name: ratio for name, ratio in marks.items() if ratio < MARK} == {}
    # Edges of fields and folded parts stand on a wash, too.
    assert contrast(p["edge"], p["wash"]) >= MARK


@both
def test_a_value_and_its_range_are_told_apart_by_an_edge_of_paper(scheme):
    # Dot on bar: two blues; the rim of the dot is paper, and each stands out from that.
    p = PALETTES[scheme]
    assert min(contrast(p["accent"], p["paper"]), contrast(p["range"], p["paper"])) >= MARK
    assert "border: 1.5px solid var(--paper)" in stylesheet()


@both
def test_levels_grow_darker_or_lighter_step_by_step_in_grey(scheme):
    greys = [contrast(grey(PALETTES[scheme][level]), PALETTES[scheme]["paper"]) for level in LEVELS]
    assert all(after / before >= 1.25 for before, after in pairwise(greys)), greys


@both
@pytest.mark.parametrize("eyes", [*BLINDNESS, "grey"])
def test_levels_can_be_told_apart_by_every_eye(scheme, eyes):
    p = PALETTES[scheme]
    seen = [grey(p[n]) if eyes == "grey" else seen_with(eyes, p[n]) for n in LEVELS]
    assert min(difference(a, b) for a, b in combinations(seen, 2)) >= APART


@both
@pytest.mark.parametrize("eyes", BLINDNESS)
def test_what_is_marked_and_what_is_not_can_be_told_apart_by_every_eye(scheme, eyes):
    p = PALETTES[scheme]
    seen = {n: seen_with(eyes, p[n]) for n in ("accent", "edge", "paper", "W")}
    assert min(difference(seen["accent"], seen[n]) for n in ("edge", "paper", "W")) >= APART


@pytest.mark.parametrize("kind", BLINDNESS)
def test_grey_stays_grey_for_every_eye(kind):
    # Each row of a published matrix sums to 1.
    assert all(abs(sum(row) - 1) < 1e-5 for row in BLINDNESS[kind])
    assert difference(seen_with(kind, "#808080"), "#808080") < 0.5


def test_measures_agree_with_published_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)  # WCAG 2.2, "contrast ratio"
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert difference("#ff0000", "#00ff00") == pytest.approx(170.6, abs=0.2)  # CIE Lab, D65
    # Red and green of equal weight fall together for protanopes and deuteranopes, not tritanopes.
    near = {k: difference(seen_with(k, "#b05030"), seen_with(k, "#707030")) for k in BLINDNESS}
    assert near["tritanopia"] > 1.5 * max(near["protanopia"], near["deuteranopia"])


def test_charts_use_the_palette_of_the_page():
    # A chart tells a colour from its twin by the last digits, which nobody sees.
    for name, colour in COLOURS.items():
        assert difference(colour, PALETTES["light"][name]) < 2.3, name


# Colour is never alone


def test_a_quadrant_has_its_letter():
    assert set(QUADRANT_LETTER) == set(QUADRANTS)
    assert len(set(QUADRANT_LETTER.values())) == len(QUADRANTS)


def test_confidence_is_dots_and_words():
    assert set(DOTS) == set(CONFIDENCES)
    assert len({confidence(c).partition(">")[0] for c in CONFIDENCES}) == len(CONFIDENCES)
    assert all(f"{c} confidence" in confidence(c) for c in CONFIDENCES)


def test_levels_and_gaps_differ_in_shape(study):
    shapes = [re.sub(r'class="(on|off)"', "", pips([v])) for v in (None, 0, 1, 2, 3)]
    assert len(set(shapes)) == len(shapes)
    assert len({steps(v) for v in (None, 0, 1, 2, 3)}) == 5
    assert re.search(r"\.sg \{[^}]*stroke-dasharray", stylesheet())


def test_stakeholders_have_letters(study):
    given = [letter for letter, _ in letters(study).values()]
    assert len(set(given)) == len(study.stakeholders)


def test_a_level_in_a_map_is_written_in_its_tile(a):
    from mcanalysis import charts

    for made in (charts.evidence_map(a), charts.benefit_map(a, "learners")):
        heat = next(d for d in made.spec["data"] if d["type"] == "heatmap")
        known = sum(v is not None for row in heat["z"] for v in row)
        written = made.spec["layout"].get("annotations", [])
        texts = [d["text"] for d in made.spec["data"] if "text" in d.get("mode", "")]
        assert len(written) + sum(map(len, texts)) >= known, made.name
