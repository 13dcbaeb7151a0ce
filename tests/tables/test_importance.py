from __future__ import annotations

import re
from dataclasses import replace

import pytest

from mcanalysis import analyse
from mcanalysis.benefits import importance_against_realisation
from mcanalysis.errors import ParameterError
from mcanalysis.tables import importance_across, importance_table
from mcanalysis.tables.importance import FOLLOWS
from mcanalysis.texts import plain
from mcanalysis.wording import percent

GROUPS = ("learners", "hei", "employers")


def held(a, group: str, system: str):
    return importance_against_realisation(a.study, a.benefits, a.judgements, group, system)


def lines_of(html: str) -> list[str]:
    found = re.findall(r'<tr role="row"><th scope="row".*?</tr>', html, flags=re.S)
    return [" ".join(plain(line).split()) for line in found]


@pytest.mark.parametrize("system", ["DE", "IE", "HR"])
def test_each_benefit_stands_once_with_importance_quadrant_and_how_sure(judged, system: str):
    lines = lines_of(importance_table(judged, system).html)
    assert len(lines) == len(judged.study.benefits)
    for group in GROUPS:
        for benefit, r in held(judged, group, system).table.iterrows():
            name = judged.names.benefit(str(benefit))
            (line,) = [x for x in lines if x.startswith(f"{name} {percent(r['importance'])} ")]
            if r["quadrant"] not in FOLLOWS:
                assert line.endswith("not known")
                continue
            assert FOLLOWS[r["quadrant"]].replace("**", "") in " ".join(line.split())
            assert line.endswith("(not sure)") == (not r["sure"])


def test_what_needs_concentrating_on_comes_first_in_each_group(judged):
    order = [said.split("**")[1] for said in FOLLOWS.values()]
    for body in importance_table(judged, "DE").html.split("<tbody")[1:]:
        places = [order.index(f) for f in re.findall("<b>([a-z ]+)</b>", body) if f in order]
        assert places == sorted(places)


def test_the_title_names_what_is_important_and_below_average(judged):
    title = importance_table(judged, "DE").text
    for group in GROUPS:
        table = held(judged, group, "DE").table.query("quadrant == 'concentrate here'")
        if len(table):
            first = table["importance"].idxmax()
            assert judged.names.benefit(str(first)).lower() in title


def test_without_a_panel_or_without_enough_evidence_there_is_nothing(a, judged, study):
    assert not importance_table(a, "DE")
    assert not importance_across(a, "learners")
    for system in ("BG", "AT", "EU"):
        assert not importance_table(judged, system)
    panel = study.panels["illustrative"]
    other = replace(study, panels={"p": panel[panel["topic"] == "learners"]})
    partly = analyse(other, draws=100, panel="p")
    assert "Employers" not in importance_table(partly, "DE").html
    assert importance_across(partly, "learners")
    assert not importance_across(partly, "employers")


@pytest.mark.parametrize("group", GROUPS)
def test_across_systems_those_below_average_are_counted_and_named(judged, group: str):
    html = importance_across(judged, group).html
    lines = lines_of(html)
    tables = {s: held(judged, group, s).table for s in judged.ranked}
    importance = tables["DE"]["importance"].sort_values(ascending=False, kind="stable")
    assert len(lines) == len(importance)
    for line, (benefit, share) in zip(lines, importance.items(), strict=True):
        assert line.startswith(judged.names.benefit(str(benefit)))
        assert f" {percent(share)} " in line
        below = {
            s: bool(t.at[benefit, "sure"])
            for s, t in tables.items()
            if t.at[benefit, "quadrant"] in ("concentrate here", "low priority")
        }
        sure = sum(below.values())
        assert (f"{sure} surely below average" in line) == (sure > 0)
        for s, certain in below.items():
            assert f"{judged.names.system(s)}{'' if certain else ' (not sure)'}" in line


def test_invented_judgements_are_called_so(judged):
    for made in (importance_table(judged, "DE"), importance_across(judged, "hei")):
        assert "invented)" in plain(made.html)


def test_unknown_names_are_named_with_the_nearest(judged):
    with pytest.raises(ParameterError, match=r'Did you mean "GB-ENG"\?'):
        importance_table(judged, "GB_ENG")
    with pytest.raises(ParameterError, match=r'Did you mean "employers"\?'):
        importance_across(judged, "employer")
