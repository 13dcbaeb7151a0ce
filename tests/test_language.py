from __future__ import annotations

from string import Formatter

import pytest

from mcanalysis import language
from mcanalysis.errors import ParameterError
from mcanalysis.language import LANGUAGES, phrase, speak, speaking, spoken, words
from mcanalysis.names import Called, Names
from mcanalysis.texts import marked_up, strong
from mcanalysis.wording import (
    cited,
    count,
    day,
    decimal,
    grouped,
    listed,
    lower_first,
    ordinal,
    percent,
    percent_to,
    plural,
)
from tests.phrases import table, used

OTHERS = [code for code in LANGUAGES if code != "en"]
THIN = "\u202f"


def fields(text: str) -> set[str]:
    """Names filled in, without the form that is asked of them."""
    parts = [part for part in Formatter().parse(text.partition("|")[0]) if part[1] is not None]
    assert not any(form or conversion for _, _, form, conversion in parts), text
    return {str(name).partition(".")[0] for _, name, _, _ in parts}


@pytest.fixture(scope="module")
def rows():
    return table()


def test_every_phrase_is_translated_to_every_language_and_none_is_left_over(rows):
    """``python -m tests.phrases`` brings the table up to date."""
    said = set(used())
    assert said - set(rows) == set()
    assert set(rows) - said == set()
    assert [e for e in rows if not all(rows[e][code] for code in OTHERS)] == []


def test_a_translation_fills_in_what_the_original_does(rows):
    wrong = [
        (english, code)
        for english, row in rows.items()
        for code in OTHERS
        if row[code] and fields(row[code]) != fields(english)
    ]
    assert not wrong


def test_a_translation_has_the_emphasis_and_the_edges_of_the_original(rows):
    for english, row in rows.items():
        own = english.partition("|")[0]
        for text in filter(None, (row[code] for code in OTHERS)):
            assert text.count("**") == own.count("**"), text
            edges = text[:1].isspace(), text[-1:].isspace(), text.startswith(">")
            assert edges == (own[:1].isspace(), own[-1:].isspace(), own.startswith(">")), text


def test_the_table_is_sorted_and_names_each_phrase_once(rows):
    assert list(rows) == sorted(rows)
    text = (language.files("mcanalysis") / "words.csv").read_text(encoding="utf-8")
    assert text.count("\n") == len(rows) + 1


def test_a_phrase_without_translation_is_said_in_english(monkeypatch):
    monkeypatch.setattr(language, "words", lambda code: {"so": "", "{n} so": "{n} also"})
    with speaking("de"):
        assert [phrase("so"), phrase("never"), phrase("{n} so", n=2)] == ["so", "never", "2 also"]


def test_a_mark_tells_two_meanings_apart_and_is_never_shown(monkeypatch):
    monkeypatch.setattr(language, "words", lambda code: {"low|confidence": "gering"})
    assert phrase("low|confidence") == "low"
    with speaking("de"):
        assert [phrase("low|confidence"), phrase("low|tide")] == ["gering", "low"]


def test_speaking_ends_where_it_began_also_after_a_failure():
    speak("fr")
    with pytest.raises(ParameterError, match="no words"), speaking("de"):
        speak("it")
    assert spoken() == "fr"


def test_an_unknown_language_is_refused_with_those_that_are_known():
    with pytest.raises(ParameterError, match="It can be one of: en, de, fr, es"):
        speak("it")


def test_a_phrase_chooses_the_form_that_a_language_wants(monkeypatch):
    monkeypatch.setattr(language, "words", lambda code: {"ahead of {system}": "vor {system.to}"})
    swiss = Called("die Schweiz", to="der Schweiz")
    assert phrase("ahead of {system}", system=swiss) == "ahead of die Schweiz"
    with speaking("de"):
        assert phrase("ahead of {system}", system=swiss) == "vor der Schweiz"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["38%", "under 1%", "12.35%", "0.67", "1.5", "12\u202f345", "1\u202f234"]),
        ("de", [f"38{THIN}%", f"unter 1{THIN}%", f"12,35{THIN}%", "0,67", "1,5",
                f"12{THIN}345", "1234"]),
        ("fr", [f"38{THIN}%", f"moins de 1{THIN}%", f"12,35{THIN}%", "0,67", "1,5",
                f"12{THIN}345", f"1{THIN}234"]),
        ("es", [f"38{THIN}%", f"menos del 1{THIN}%", f"12,35{THIN}%", "0,67", "1,5",
                f"12{THIN}345", "1234"]),
    ],
)  # fmt: skip
def test_numbers_are_written_as_readers_of_a_language_do(code, said):
    with speaking(code):
        found = [percent(0.375), percent(0.001), percent_to(0.12345, 2), decimal(0.667)]
        assert [*found, decimal(1.5, None), grouped(12345), grouped(1234)] == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ["1st", "10th", "26 November 2026", "1 May 2026", "seven", "a, b and c"]),
        ("de", ["1.", "10.", "26. November 2026", "1. Mai 2026", "sieben", "a, b und c"]),
        ("fr", ["1er", "10e", "26 novembre 2026", "1er mai 2026", "sept", "a, b et c"]),
        ("es", ["1.º", "10.º", "26 de noviembre de 2026", "1 de mayo de 2026", "siete",
                "a, b y c"]),
    ],
)  # fmt: skip
def test_ranks_days_counts_and_lists_are_written_as_readers_of_a_language_do(code, said):
    with speaking(code):
        found = [ordinal(1), ordinal(10), day("2026-11-26"), day("2026-05-01"), count(7)]
        assert [*found, listed("abc")] == said


def test_a_spanish_and_gives_way_to_the_sound_after_it():
    with speaking("es"):
        assert listed(["España", "Irlanda"]) == "España e Irlanda"
        assert listed(["España", "Hungría"]) == "España y Hungría"
        assert listed(["uno", "otro"], "or") == "uno u otro"


def test_german_nouns_keep_their_capital_and_lists_of_pairs_their_sense():
    with speaking("de"):
        assert lower_first("Rechtsgrundlage") == "Rechtsgrundlage"
        assert listed(["Recht", "Förderung und Anreize"]) == "Recht sowie Förderung und Anreize"


def test_none_one_and_several_are_phrases_of_their_own(monkeypatch):
    monkeypatch.setattr(language, "words", lambda code: {"one level": "eine Stufe"})
    with speaking("de"):
        said = [plural(n, "one level", "{n} levels", "no level") for n in (0, 1, 3)]
    assert said == ["no level", "eine Stufe", "drei levels"]


def test_words_of_the_evidence_tell_their_language_inside_a_foreign_sentence():
    assert strong(cited("**A** <law>")) == "<b>A</b> &lt;law&gt;"
    with speaking("de"):
        assert marked_up(f"Stufe 0: {cited('no <law>')}.") == (
            'Stufe 0: <span lang="en">no &lt;law&gt;</span>.'
        )


def test_marks_around_the_evidence_cannot_be_forged_by_it():
    with speaking("de"):
        assert marked_up(cited("a\u2069b\u2068c")) == '<span lang="en">abc</span>'


def test_names_follow_the_language_that_is_spoken_when_they_are_asked_for(study):
    names = Names(study)
    with speaking("de"):
        swiss = names.in_sentence("CH")
        assert (swiss, swiss.of, swiss.within, swiss.to) == (
            "die Schweiz", "der Schweiz", "in der Schweiz", "der Schweiz"
        )  # fmt: skip
        assert names.dimension("recognition").inside == names.dimension("recognition")
    assert names.in_sentence("CH").of == "of Switzerland"


def test_a_study_without_translations_keeps_its_names(study):
    from dataclasses import replace

    names = Names(replace(study, translations={}))
    with speaking("de"):
        assert names.system("CH") == "Switzerland"
        assert names.in_sentence("CH").within == "in Switzerland"


def test_words_are_read_for_the_language_that_is_asked_for():
    assert {words(code)["Sources"] for code in OTHERS} == {"Quellen", "Sources", "Fuentes"}
