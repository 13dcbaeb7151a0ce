from __future__ import annotations

import re

import pytest
from plotly.offline import get_plotlyjs_version

from mcanalysis import charts
from mcanalysis.report.bundle import need_kinds, plotly_bundle


def test_the_bundle_is_of_the_version_that_plotly_brings():
    assert plotly_bundle().version == get_plotlyjs_version()
    assert f'.version="{get_plotlyjs_version()}"' in plotly_bundle().script


def test_every_kind_of_chart_of_ours_is_in_the_bundle(a):
    made = [
        charts.benefit_map(a, "learners"), charts.coverage_map(a), charts.dimension_maps(a),
        charts.evidence_map(a), charts.group_chart(a, "learners"), charts.profile_chart(a, "DE"),
        charts.rank_histogram(a, "DE"), charts.ranking_chart(a),
    ]  # fmt: skip
    assert len(made) == len(charts.__all__) - len(["Chart"])
    need_kinds(spec for chart in made for spec in chart.charts)
    used = {trace["type"] for chart in made for trace in chart.spec["data"]}
    assert used == set(plotly_bundle().kinds)


def test_its_name_tells_its_version_and_its_content():
    assert re.fullmatch(r"plotly-\d+\.\d+\.\d+-[0-9a-f]{8}\.min\.js", plotly_bundle().name)


def test_it_cannot_end_the_script_that_holds_it():
    assert "</script" not in plotly_bundle().script.lower()


@pytest.mark.parametrize("kind", ["sankey", "scattergl"])
def test_kinds_that_it_names_are_all_that_it_has(kind):
    assert f'moduleType:"trace",name:"{kind}"' not in plotly_bundle().script
    assert 'moduleType:"trace",name:"heatmap"' in plotly_bundle().script
