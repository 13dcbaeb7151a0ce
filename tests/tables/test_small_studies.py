"""Tables and charts of studies with few dimensions, few or no ranked systems, no benefits."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from mcanalysis import analyse, charts, tables
from mcanalysis.charts import Chart
from mcanalysis.errors import MethodError
from mcanalysis.markup import Block
from mcanalysis.study import read_study

NEED_RANKED = {"benefit_map", "evidence_map", "group_chart", "rank_histogram", "ranking_chart",
               "side_by_side"}  # fmt: skip


def calls(a) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Go through every table and chart of an analysis with every system or group."""
    for module in (tables, charts):
        for name in module.__all__:
            if name in {"Chart", "hear", "suppose"}:
                continue
            wants = inspect.signature(getattr(module, name)).parameters
            if next(iter(wants)) != "a":
                continue
            if "system" in wants:
                yield from ((name, (a, s)) for s in a.study.systems["system_id"])
            elif "stakeholder" in wants:
                yield from ((name, (a, s)) for s in a.stakeholders)
            else:
                yield name, (a,)


def tried(a) -> tuple[set[str], set[str]]:
    """Return the names of what can be shown, and of what says how to mend that it cannot."""
    shown, refused = set(), {}
    for name, given in calls(a):
        make = getattr(tables, name, None) or getattr(charts, name)
        try:
            made = make(*given)
        except MethodError as error:
            refused[name] = str(error)
            continue
        if not isinstance(made, Block | Chart):
            continue  # what other tables are made from
        bundle = made._repr_mimebundle_()
        assert json.dumps(bundle, allow_nan=False)
        assert " nan" not in str(bundle["text/plain"])
        shown.add(name)
    for said in refused.values():
        assert "Lower min_dimensions" in said or "Fill tile_column" in said
    return shown, set(refused)


@pytest.fixture
def small(folder):
    return read_study(folder)


def with_more(study, *systems: str):
    """Add a level on the second dimension for some systems."""
    row = study.indicators.iloc[[0]].assign(dimension_id="credits")
    more = [row.assign(system_id=s) for s in systems]
    return replace(study, indicators=pd.concat([study.indicators, *more], ignore_index=True))


def test_with_nobody_ranked_only_what_needs_a_ranking_refuses_and_says_how_to_mend(small):
    shown, refused = tried(analyse(small, min_dimensions=2, draws=100))
    assert refused == NEED_RANKED
    assert {"ranking", "comparison_claims", "priorities", "profile_chart"} <= shown


def test_with_one_system_ranked_everything_can_be_shown(small):
    a = analyse(with_more(small, "NA"), min_dimensions=2, draws=100)
    assert a.ranked == ["NA"]
    _, refused = tried(a)
    assert refused == {"rank_histogram"}


def test_with_two_systems_ranked_everything_can_be_shown(small):
    a = analyse(with_more(small, "NA", "DE"), min_dimensions=2, draws=100)
    assert sorted(a.ranked) == ["DE", "NA"]
    _, refused = tried(a)
    assert refused == {"rank_histogram"}


@pytest.mark.parametrize("systems", [(), ("NA", "DE")])
def test_without_benefits_and_factors_the_rest_can_be_shown(small, systems: tuple[str, ...]):
    bare = replace(
        with_more(small, *systems),
        benefits=small.benefits.iloc[:0],
        benefit_enablers=small.benefit_enablers.iloc[:0],
        swot_factors=small.swot_factors.iloc[:0],
    )
    a = analyse(bare, min_dimensions=2, draws=100)
    assert a.stakeholders == []
    shown, _ = tried(a)
    assert {"swot_board", "profile_table", "comparison_head", "dimension_maps"} <= shown


def test_without_places_only_the_maps_refuse(small):
    nowhere = with_more(small, "NA", "DE")
    nowhere = replace(nowhere, systems=nowhere.systems.assign(tile_column=pd.NA))
    _, refused = tried(analyse(nowhere, min_dimensions=2, draws=100))
    assert refused == {"coverage_map", "dimension_maps", "rank_histogram"}


def test_with_a_panel_that_judged_little_everything_can_be_shown(small):
    """Two factors, one benefit, two dimensions: nothing to compare in most groups."""
    said = [
        *(("dimensions", d, v) for d, v in (("recognition", 3.0), ("credits", 1.0))),
        *(("DE", item, 2.0) for item in ("de-s1", "de-t1", "strength", "threat")),
        ("learners", "b1", 1.0),
    ]
    panel = pd.DataFrame(said, columns=["topic", "left", "value"]).assign(
        judge_id="j1", stakeholder_id="learners", kind="rating", right=None, illustrative="no"
    )
    for systems in ((), ("NA",), ("NA", "DE")):
        judged = replace(with_more(small, *systems), panels={"p": panel})
        a = analyse(judged, min_dimensions=2, draws=300, panel="p")
        _, refused = tried(a)
        assert refused <= NEED_RANKED
        heard = tables.hear(a)
        for name in (name for name in tables.__all__ if name.startswith("panel_")):
            assert " nan" not in getattr(tables, name)(heard).text, name
