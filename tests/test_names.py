from __future__ import annotations

from mcanalysis.names import Names


def test_a_name_takes_its_article_in_a_sentence_only(study):
    names = Names(study)
    assert (names.system("NL"), names.in_sentence("NL")) == ("Netherlands", "the Netherlands")
    assert names.in_sentence("DE") == "Germany"
