from __future__ import annotations

from mcanalysis import tables
from mcanalysis.marks import src
from mcanalysis.markup import number_sources, table
from mcanalysis.report.reading import taken_factors, taken_tables

HEAD = ("SWOT factors", "Factor", "Quadrant", "Statement", "Dimension", "Notes", "Sources")


def one(html: str):
    [found] = taken_tables(html)
    return found


def test_words_of_two_elements_do_not_run_into_one_number():
    found = one(table("c", ["s", "x"], [["DE", "<b>1</b><span>80%</span>"]]))
    assert found.rows == (("DE", "1 80%"),)


def test_what_screen_readers_pass_over_is_left_out_and_what_they_hear_is_kept():
    cell = (
        '<span aria-hidden="true">no<span>no</span></span><svg><rect x="1"/><text>no</text></svg>'
        '<span class="vh">level</span> 2<br>of 3'
    )
    assert one(table("c", ["s", "x"], [["DE", cell]])).rows == (("DE", "level 2 of 3"),)


def test_sources_have_a_column_and_pictures_none():
    mark = src("a", "p. 1") + src("b")
    html = number_sources(
        table("c", ["s", "Bar", "x", "Source"], [
            ["DE", '<i aria-hidden="true">drawn</i>', f"2 {mark}", src("a")], ["FR", "", "1", ""],
        ]), {},
    )  # fmt: skip
    found = one(html)
    assert found.head == ("s", "x", "Sources")
    assert found.rows == (("DE", "2", "1; 2"), ("FR", "1", ""))


def test_text_from_the_evidence_stays_as_it_is():
    evil = "&lt;/td&gt;&lt;table&gt; aria-hidden=&quot;true&quot; =1+1 &#x27; ימי ( a )"
    found = one(table("c", ["s", "x"], [["DE", evil]]))
    assert found.rows[0][1] == '</td><table> aria-hidden="true" =1+1 \' ימי (a)'


def test_cells_over_several_columns_keep_the_others_in_their_place():
    html = (
        "<table><caption>c</caption><thead><tr><th colspan=2>a</th><th>b</th></tr></thead>"
        "<tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>"
    )
    assert one(html).rows == (("1", "2", "3"),)
    assert one(html).head == ("a", "In words", "b")


def test_tables_inside_chains_are_left_out():
    assert taken_tables(table("Rows used", ["a"], [["1"]], "mini several")) == []


def test_every_figure_of_a_table_of_the_library_is_there(a):
    html = number_sources(tables.benefits_table(a, "DE").html, {})
    found = one(html)
    assert len(found.rows) == len(a.study.benefits) + a.study.benefits["stakeholder_id"].nunique()
    assert all(row[1].endswith("%") for row in found.rows)


def test_the_factors_of_a_board_are_those_of_the_study(a):
    found = taken_factors(number_sources(tables.swot_board(a, "DE").html, {}), HEAD)
    assert found is not None
    rows = a.study.swot_factors.set_index("factor_id")
    coded = rows.loc[rows["system_id"] == "DE", "quadrant"].to_dict()
    assert {row[0]: row[1] for row in found.rows} == coded
    for factor, _, statement, dimension, notes, source in found.rows:
        assert statement == rows.loc[factor, "statement"]
        assert dimension == a.names.short(rows.loc[factor, "dimension_id"])
        assert f"{rows.loc[factor, 'confidence']} confidence" in notes
        assert source.isdigit()


def test_a_page_without_a_board_has_no_factors():
    assert taken_factors("<p>Nothing</p>", HEAD) is None
