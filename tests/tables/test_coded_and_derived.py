from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mcanalysis.swot import hold_against
from mcanalysis.tables.coded_and_derived import against_levels
from mcanalysis.texts import plain
from mcanalysis.wording import capital, count


def ids(found) -> list[str]:
    return [i for some in found["factor_ids"] for i in some.split(";") if i]


def parts(html: str) -> dict[str, str]:
    """Return the lists of the box by the beginning of their heading."""
    pieces = re.split("<h4>", html)[1:]
    return {piece.split(",")[0].split(":")[0]: piece.partition("</ul>")[0] for piece in pieces}


def test_every_system_with_levels_and_factors_inside_has_the_box_and_no_other(a):
    inside = a.study.swot_factors["quadrant"].isin(["strength", "weakness"])
    coded = set(a.study.swot_factors.loc[inside, "system_id"])
    for s in a.study.systems["system_id"]:
        assert bool(against_levels(a, s)) == (s in coded and not a.rows(s).empty), s


def test_the_title_counts_the_factors_that_agree_and_contradict(a):
    for s in a.study.systems["system_id"]:
        html = against_levels(a, s)
        if not html:
            continue
        found = hold_against(a.study, a.evidence, s, a.ranked)
        agree, contrary = (
            len(ids(found[found["finding"] == kind])) for kind in ("agreement", "contradiction")
        )
        title = re.search("<h3>(.*?)</h3>", html)[1]
        assert title.startswith(
            f"{capital(count(agree))} of {count(len(ids(found)))} coded strengths"
        )
        assert f", {count(contrary)} the other way" in title
        blind = int((found["finding"] == "blind spot").sum())
        assert (f"{count(blind)} more" in title) == (blind > 0)


def test_each_contradiction_is_shown_in_full_with_its_source(a):
    factors = a.study.swot_factors.set_index("factor_id")
    for s in a.study.systems["system_id"]:
        found = hold_against(a.study, a.evidence, s, a.ranked)
        against = ids(found[found["finding"] == "contradiction"])
        box = parts(against_levels(a, s)).get("The other way", "")
        assert box.count("<li>") == len(against)
        for f in against:
            assert factors.loc[f, "statement"] in plain(box)
            assert f'data-source="{factors.loc[f, "source_id"]}"' in box


def test_each_blind_spot_is_named_with_level_median_and_source(a):
    for s in ("DE", "IE", "HU"):
        found = hold_against(a.study, a.evidence, s, a.ranked)
        blind = found[found["finding"] == "blind spot"]
        assert len(blind)
        items = re.findall(
            "<li>(.*?)</li>",
            parts(against_levels(a, s))["Suggested by the levels"],
            flags=re.S,
        )
        for item, r in zip(items, blind.itertuples(), strict=True):
            assert f"{a.names.dimension(r.dimension_id)}: {r.rule}" in plain(item)
            assert f'data-source="{r.source_id}"' in item
            assert f'class="sw {r.quadrant[0].upper()}"' in item


def test_what_the_levels_say_nothing_of_is_counted_by_reason(a):
    text = " ".join(plain(against_levels(a, "DE")).split())
    assert text.endswith(
        "The levels neither support nor contradict eight others: there the level is at the median "
        "and has not moved that way (four) or of low confidence (four)."
    )
    for s in a.study.systems["system_id"]:
        said = against_levels(a, s).partition("neither support")[2]
        found = hold_against(a.study, a.evidence, s, a.ranked)
        n = len(ids(found[found["finding"] == "unsupported"]))
        assert bool(said) == (n > 0 and bool(against_levels(a, s)))
        if said:
            words = {count(k): k for k in range(30)}
            assert sum(words[w] for w in re.findall(r"\((\w+)\)", said)) == n


def test_texts_of_the_study_are_escaped(a):
    strange = a.study.swot_factors.assign(statement="<b>&")
    html = against_levels(replace(a, study=replace(a.study, swot_factors=strange)), "DE")
    assert "&lt;b&gt;&amp;" in html
    assert "<b>&" not in html


@pytest.mark.parametrize("system", ["EU", "BG"])
def test_without_levels_or_factors_there_is_no_box(a, system: str):
    assert against_levels(a, system) == ""
