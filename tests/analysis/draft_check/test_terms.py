"""Phrases: endings, alternatives, gaps, hashtags, borrowed words, idioms."""

import pytest

from analysis.draft_check.plain_text import read_plain
from analysis.draft_check.term_files import LANGUAGES, TermTable, phrases_in, read_terms
from analysis.draft_check.terms import Terms, literal
from stormcone.errors import ConfigError


def found(phrase: str, text: str, *, language: str = "en", spoken: str = "en", endings: str = "s|ed|ing") -> list[str]:
    terms = Terms([TermTable(language=language, endings=endings, concepts={"it": (phrase,)})])
    return [text[hit.start : hit.end] for hit in terms.find(read_plain(text), {spoken})]


@pytest.mark.parametrize(
    ("phrase", "text", "hits"),
    [
        ("kill", "kill kills killer", ["kill"]),
        ("kill~", "kill kills killing skill killer", ["kill", "kills", "killing"]),
        ("kill*", "kill killer Killjoys", ["kill", "killer", "Killjoys"]),
        ("*tam", "berúgtam tam", ["berúgtam"]),
        ("slap|hit him|her", "HIT her, slap me", ["HIT her"]),
        ("beat … up", "beat them all up", ["beat them all up"]),
        ("beat … up", "beat one two three four five up", []),
        ("from * dollars", "from 400 dollars", ["from 400 dollars"]),
        ("earth day", "happy #EarthDay and #earthday", ["EarthDay", "#earthday"]),
        ("fuck", "fuuuuck", ["fuuuuck"]),
        ("shit", "sh1t", ["sh1t"]),
        ("don't post", "don\u2019t post", ["don\u2019t post"]),
    ],
)
def test_phrase_finds(phrase: str, text: str, hits: list[str]) -> None:
    assert found(phrase, text) == hits


def test_accents_may_be_missing_in_long_words_only() -> None:
    assert found("gyász*", "gyaszoljuk", language="hu", spoken="hu") == ["gyaszoljuk"]
    assert found("kár", "kar", language="hu", spoken="hu") == []


def test_short_english_word_is_not_borrowed() -> None:
    assert found("die", "die Frau", spoken="de") == []
    assert found("massacre", "massacre", spoken="fi") == ["massacre"]
    assert found("die", "#DieHard", spoken="hu") == ["Die"]


def test_idiom_lifts_what_it_holds_and_nothing_beside_it() -> None:
    table = TermTable(language="en", idioms=("killer deal",), concepts={"violence": ("killer",), "offer": ("deal",)})
    hits = Terms([table]).find(read_plain("killer deal by a killer"), {"en"})
    assert [(hit.concept, hit.first) for hit in literal(hits, frozenset({"violence"}))] == [
        ("offer", 1),
        ("violence", 4),
    ]


def test_phrase_cannot_begin_with_anything() -> None:
    with pytest.raises(ConfigError, match="begin with a word"):
        found("* dollars", "x")


def test_languages_have_the_same_concepts_and_topics() -> None:
    tables = [read_terms(language) for language in LANGUAGES]
    assert all(set(table.concepts) == set(tables[0].concepts) for table in tables)
    assert all(set(table.topics) == set(tables[0].topics) for table in tables)


def test_wrong_words_are_refused_by_key() -> None:
    with pytest.raises(ConfigError, match=r"en\.toml: joke"):
        phrases_in("en.toml", "joke", 3)
