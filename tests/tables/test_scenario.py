"""The page of a scenario: what its tables show agrees with what was compared."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from mcanalysis import analyse
from mcanalysis.change import Target
from mcanalysis.errors import MethodError, ParameterError
from mcanalysis.study import read_study
from mcanalysis.tables import (
    assumed_table,
    gains_table,
    moved_table,
    scenario_certainty,
    scenario_claims,
    scenario_head,
    suppose,
    swot_changes,
    target_steps,
)
from mcanalysis.why.what_if import WhatIf
from mcanalysis.why.what_it_takes import what_it_takes
from mcanalysis.wording import percent

VIEWS = [scenario_head, scenario_claims, assumed_table, moved_table, gains_table, swot_changes,
         scenario_certainty]  # fmt: skip
NEED_A_SCENARIO = [scenario_claims, assumed_table, moved_table, gains_table, swot_changes]


@pytest.fixture(scope="module")
def now(study):
    return analyse(study, draws=3000)


@pytest.fixture(scope="module")
def w(now) -> WhatIf:
    return suppose(now)


def assuming(study, *rows: tuple[str, str, int, str], **more) -> WhatIf:
    table = pd.DataFrame(rows, columns=["system_id", "dimension_id", "level", "note"])
    named = replace(study, scenarios={"bold": table.astype({"level": "Int64"})})
    return suppose(analyse(named, **{"draws": 60, **more}))


def text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def lines(html: str, kind: str) -> list[list[str]]:
    """Return the rows of the tables of a class as text, without labels for narrow screens."""
    html = re.sub(r'<span class="wl".*?</span>', "", html)
    found = []
    for table in re.findall(rf'<table class="{kind}".*?</table>', html, flags=re.S):
        body = table.partition("<tbody")[2]
        found += [
            [text(c).strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S)]
            for row in re.findall(r"<tr.*?</tr>", body, flags=re.S)
        ]
    return found


def test_before_anything_else_the_page_says_what_is_assumed_and_that_it_is_no_evidence(w):
    said = text(scenario_head(w).html)
    assert "What if: ten levels are assumed. Nothing here is evidence." in said
    assert "illustrative" in said
    assert "level 2 on recognition in ten systems" in said


def test_the_note_of_an_assumption_that_somebody_means_is_not_called_illustrative(study):
    w = assuming(study, ("DE", "recognition", 3, "A bill is before parliament."))
    assert "illustrative" not in text(scenario_head(w).html)
    assert "A bill is before parliament." in text(assumed_table(w).html)


def test_with_a_panel_both_banners_stand_at_the_head(study):
    html = scenario_head(suppose(analyse(study, draws=60, panel="illustrative"))).html
    assert html.count('class="notice warn"') == 2


def test_without_a_scenario_the_page_says_how_to_write_one_and_leaves_out_the_rest(study):
    w = suppose(analyse(replace(study, scenarios={}), draws=60))
    assert "scenarios/NAME.csv" in scenario_head(w).html
    for view in NEED_A_SCENARIO:
        assert not view(w)
        assert view(w).text


def test_each_assumed_level_stands_beside_what_is_coded_with_its_source(w):
    html = assumed_table(w).html
    rows = {r[0]: r for r in lines(html, "chg sup")}
    assert len(rows) == len(w.live)
    for r in w.live.itertuples():
        fact = w.now.rows(r.system_id).set_index("dimension_id").loc[r.dimension_id]
        name, levels, coded = rows[w.now.names.system(r.system_id)]
        assert re.match(rf"{r.coded} → to {r.level}\b", levels), name
        assert text(str(fact["statement"])) in coded.replace("&#x27;", "'")
    manual = w.now.study.dimensions.set_index("dimension_id").loc["recognition", "level_2"]
    assert manual in html


def test_ranked_systems_that_keep_a_gap_are_named(w):
    gaps = [s for s in w.now.ranked if w.now.level(s, "recognition") is None]
    assert gaps
    said = text(assumed_table(w).html)
    for s in gaps:
        assert w.now.names.system(s) in said.partition("Nothing is assumed for")[2]


def test_a_gap_that_is_filled_is_shown_as_a_gap(study, now):
    gap = next(d for d in now.dimensions if now.level("AT", d) is None)
    (row,) = lines(assumed_table(assuming(study, ("AT", gap, 2, "So."))).html, "chg")
    assert row[1].startswith("– → to 2")
    assert row[2] == "No evidence found."


def numbers(row: list[str]) -> list[float]:
    return [float(x.replace("−", "-")) for x in row]


def test_every_ranked_system_stands_in_the_table_and_its_figures_add_up(w):
    rows = lines(moved_table(w).html, "wif")
    assert len(rows) == len(w.now.ranked)
    for _, _, _, ranks, change, *parts in rows:
        old, new = numbers(ranks.split(" → to "))
        assert new - old == pytest.approx(numbers([change])[0])
        assert sum(numbers(parts)) == pytest.approx(numbers([change])[0])


def test_systems_that_move_by_half_a_place_stand_first_and_the_rest_is_folded_in(w):
    shown, _, folded = moved_table(w).html.partition('<details class="more-d">')
    far = int((w.changes.ranks["change"].abs() >= 0.5).sum())
    assert len(lines(shown, "wif")) == far
    assert len(lines(folded, "wif")) == len(w.now.ranked) - far


def test_intervals_are_written_beside_the_marks(w):
    ranks = w.changes.ranks.set_index("system_id")
    rows = {r[0].removesuffix(" assumed"): r for r in lines(moved_table(w).html, "wif")}
    for s, r in ranks.iterrows():
        said = rows[w.now.names.system(s)][2]
        assert said.startswith(f"{r['old_best_rank']}–{r['old_worst_rank']}")
        assert said.endswith(f"{r['new_best_rank']}–{r['new_worst_rank']}")


def test_shares_of_each_group_are_those_before_and_after(w):
    rows = {r[0]: r[1:] for r in lines(gains_table(w).html, "wif who3")}
    old, new = (
        a.groups.set_index(["system_id", "stakeholder_id"])["realised"]
        for a in (w.now, w.changes.new)
    )
    assert set(rows) == {w.now.names.system(s) for s in w.live["system_id"]}
    for s in w.live["system_id"]:
        for who, said in zip(w.now.stakeholders, rows[w.now.names.system(s)], strict=True):
            was, then = percent(old[s, who]), percent(new[s, who])
            assert said == (was if was == then else f"{was} → to {then}")


def test_every_benefit_that_passes_a_third_is_listed_with_its_systems(w):
    crossed = w.changes.benefits.query("crossed")
    said = " ".join(" ".join(r) for r in lines(gains_table(w).html, "chg ben3"))
    for b in crossed.itertuples():
        assert w.now.names.benefit(b.benefit_id) in said
        assert w.now.names.system(b.system_id) in said
    assert said.count("→") == len(crossed)


def test_every_suggestion_and_every_factor_to_reread_is_listed(w):
    html = swot_changes(w).html
    said = text(html)
    for d in w.changes.derived.itertuples():
        assert w.now.names.system(d.system_id) in said
    coded = w.now.study.swot_factors.set_index("factor_id")
    for f in w.factors.itertuples():
        assert coded.loc[f.factor_id, "statement"] in said
        assert f'data-source="{coded.loc[f.factor_id, "source_id"]}"' in html


def test_no_assumed_source_is_cited(w):
    for view in VIEWS:
        assert not [s for s in view(w).sources if s.startswith("scenario-")]


def test_how_exact_the_ranks_are_is_the_error_of_the_mean(w):
    said = float(re.search(r"exact to (\d\.\d\d) places", scenario_certainty(w).html)[1])
    share = w.changes.new.ranking.acceptability
    spread = max(
        sum(p * (k - sum(q * j for j, q in row.items())) ** 2 for k, p in row.items())
        for _, row in share.iterrows()
    )
    assert said >= 1.96 * (spread / w.now.ranking.draws) ** 0.5
    assert said <= 1.96 * (spread / w.now.ranking.draws) ** 0.5 + 0.05


def test_texts_of_the_study_are_escaped(study):
    w = assuming(study, ("DE", "recognition", 3, "<b>Bold</b> & <script>"))
    for view in VIEWS:
        assert "<script>" not in view(w).html
        assert "<b>Bold</b>" not in view(w).html


@pytest.mark.parametrize(
    "rows",
    [
        [("NA", "recognition", 3, "So.")],
        [("DE", "credits", 1, "So."), ("NA", "credits", 0, None)],
        [("DE", "recognition", 2, "As coded.")],
    ],
)
@pytest.mark.parametrize("bare", [False, True])
def test_small_studies_get_a_page(folder, rows, bare):
    small = read_study(folder)
    if bare:
        empty = ("benefits", "benefit_enablers", "swot_factors")
        small = replace(small, **{t: getattr(small, t).iloc[:0] for t in empty})
    w = assuming(small, *rows, min_dimensions=2)
    for view in VIEWS:
        bundle = view(w)._repr_mimebundle_()
        assert json.dumps(bundle, allow_nan=False)
        assert " nan" not in str(bundle["text/plain"])
    for s in ("NA", "DE", "EU", None):
        assert target_steps(w.now, s)._repr_mimebundle_()


# Targets


def test_a_set_is_shown_step_by_step_in_the_words_of_the_manual(now):
    html = target_steps(now, "DE").html
    found = what_it_takes(now, "DE", Target("realised", 0.5, "learners"))
    first = found.sets[found.sets["number"] == 1]
    manual = now.study.dimensions.set_index("dimension_id")
    assert html.count('<div class="solve">') == len(first)
    for s in first.itertuples():
        for level in range(s.coded + 1, s.level + 1):
            words = str(manual.loc[s.dimension_id, f"level_{level}"]).replace("'", "&#x27;")
            assert words in html


def test_who_stands_at_a_step_is_there_on_more_than_low_confidence(now):
    html = target_steps(now, "DE", rank=10).html
    for card in html.split('<div class="solve">')[1:]:
        if "Nobody alike" in card or "Nobody yet" in card:
            continue
        needed = int(re.search(r"</span>\s*(\d)</span>", card)[1])
        levels = [int(x) for x in re.findall(r'class="lvt">level (\d)', card)]
        assert levels
        assert min(levels) >= needed
        assert " low</span>" not in card


def test_sets_are_listed_up_to_five_and_the_rest_counted(now):
    found = what_it_takes(now, "DE", Target("rank", 10))
    html = target_steps(now, "DE", rank=10).html
    assert len(lines(html, "plain sets")) == 5
    assert f"{found.count - 5:,}".replace(",", "\u202f") + " more are not listed" in html


def test_what_is_assumed_of_weights_and_steps_is_said(study, now):
    assert "equal weights" in target_steps(now, "DE", rank=5).html
    judged = analyse(study, draws=60, panel="illustrative")
    assert "the panel&#x27;s weights" in target_steps(judged, "DE", rank=5).html.replace(
        "'", "&#x27;"
    )
    assert "weights" not in text(target_steps(now, "DE").html).partition("Assumed:")[2][:60]


def test_where_nothing_can_be_said_a_sentence_says_why(now):
    assert "No level of EU is coded" in target_steps(now, "EU").html
    assert "Bulgaria is not ranked" in target_steps(now, "BG", rank=3).html
    assert "is there already" in target_steps(now, "NZ", rank=3).html


def test_a_target_that_does_not_fit_is_refused(now):
    with pytest.raises(MethodError, match="The rank is 0"):
        target_steps(now, "DE", rank=0)
    with pytest.raises(MethodError, match=r'"learnes".*Did you mean "learners"'):
        target_steps(now, "DE", benefit="learnes")
    with pytest.raises(ParameterError, match="more than one target"):
        target_steps(now, "DE", rank=3, index=0.4)
    with pytest.raises(ParameterError, match='no system "GERMANY"'):
        target_steps(now, "GERMANY")
