from __future__ import annotations

import pytest

from mcanalysis.texts import plain, settled, strong


def test_only_a_pair_of_asterisks_is_emphasis():
    assert strong("**a** < b ** c") == "<b>a</b> &lt; b ** c"


def test_a_terminal_gets_text_without_pictures_and_styles():
    html = "<style>p{}</style><p>a<svg><text>9</text></svg></p><ul><li>b &amp; c</li></ul>"
    assert plain(html) == "a\nb & c"


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("<p>ahead of שלום, 12</p>", "<p>ahead of <bdi>שלום</bdi>, 12</p>"),
        ("<b>שלום ימי</b> 3", "<b><bdi>שלום ימי</bdi></b> 3"),
        ("<b>\u202ex\u202c</b> y", "<b><bdi>\u202ex\u202c</bdi></b> y"),
        ('<a title="שלום">x</a>', '<a title="שלום">x</a>'),
        ("<script>שלום</script>é", "<script>שלום</script>é"),
        ("<style>" + "w" * 60 + "</style>", "<style>" + "w" * 60 + "</style>"),
        ("plain &amp; short", "plain &amp; short"),
        ("a " + "w" * 30 + " b", f'a <span class="long">{"w" * 30}</span> b'),
        ("&lt;" + "w" * 30, f'<span class="long">&lt;{"w" * 30}</span>'),
    ],
)
def test_what_is_written_from_the_right_is_kept_apart_and_long_words_may_break(given, made):
    assert settled(given) == made
