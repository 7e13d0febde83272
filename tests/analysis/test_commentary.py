"""Who comments as a trade is told from who is concerned, in seven languages, by phrases that can be read."""

import tomllib
from pathlib import Path

import pytest

import analysis
from analysis.commentary import CommentaryPhrases, CommentaryReader
from analysis.likeness import words_of
from stormcone.errors import ConfigError

READER = CommentaryReader.load()
FILE = Path(analysis.__file__).with_name("commentary.toml")


def is_commentary(text: str, author: str | None = "somebody") -> bool:
    return READER.is_commentary(words_of(text), author)


@pytest.mark.parametrize(
    "text",
    [
        "This launch will be a CASE STUDY in how not to do marketing.",
        "PR teams take note: silence for nine hours is an answer too",
        "As a marketer I can only watch this through my fingers",
        "Crisis comms and brand safety in one screenshot",
        "I'm a reporter with the Millgate Post, may we use your picture?",
        "Ein Paradebeispiel für misslungene Krisenkommunikation",
        "Un caso de estudio sobre cómo no gestionar una crisis",
        "En tant que communicante, je suis sans voix",
        "Uma lição para as marcas que publicam sem ler",
        "Viestinnän ammattilaisena katson tätä kauhulla",
        "Kommunikációs szakemberként ezt nézni is rossz",
    ],
)
def test_trade_talks_about_the_storm(text: str) -> None:
    assert is_commentary(text)


@pytest.mark.parametrize(
    "text",
    [
        "who in your marketing team approved this? delete it",
        "what a PR disaster",
        "fire your social media manager",
        "I bought three of these. A case study in how not to treat people who pay you",
        "As a mother I find this vile. PR disaster, brand safety, whatever you call it",
        "Meine Bestellung fehlt seit Wochen, Fallbeispiel für schlechten Service",
        "",
        "🤡" * 10_000,
    ],
)
def test_customers_and_the_public_are_not_the_trade(text: str) -> None:
    assert not is_commentary(text)


def test_one_hint_is_enough_from_an_account_that_says_its_trade() -> None:
    assert is_commentary("what a PR disaster", author="the_marketing_letter")
    assert not is_commentary("this is vile, delete it", author="the_marketing_letter")
    assert not is_commentary("what a PR disaster", author=None)


def test_every_phrase_of_the_file_is_found_in_a_sentence() -> None:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    languages = {name: rows for name, rows in table.items() if name != "handles"}
    assert set(languages) == {"en", "de", "es", "fr", "pt", "fi", "hu"}
    missed = [
        phrase for rows in languages.values() for phrase in rows["sure"] if not is_commentary(f"Well, {phrase} bakers!")
    ]
    assert missed == []


def test_star_stands_for_any_ending() -> None:
    phrases = CommentaryPhrases(sure=("as a market*",), hint=(), concerned=(), handles=())
    reader = CommentaryReader(phrases)
    assert reader.is_commentary(words_of("as a marketing person, no"), None)
    assert not reader.is_commentary(words_of("as a mark of respect, no"), None)


def test_phrase_without_a_whole_word_is_refused() -> None:
    with pytest.raises(ConfigError, match="whole word"):
        CommentaryReader(CommentaryPhrases(sure=("marketin*",), hint=(), concerned=(), handles=()))
