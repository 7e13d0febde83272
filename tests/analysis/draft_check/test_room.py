"""Reading the room: words of controversies, topics of headlines."""

import pytest

from analysis.draft_check.checking import load_checker
from analysis.draft_check.plain_text import read_plain
from analysis.draft_check.room import quotes, topics_of
from analysis.draft_check.term_files import LANGUAGES


@pytest.mark.parametrize(
    ("phrase", "text", "is_quoted"),
    [
        ("palm oil", "Our palm oil is sweet", True),
        ("palm oil", "Oil for your skin", False),
        ("tax", "taxi", False),
        ("áremelés", "Az áremelésről", True),
        ("peliriippuvuus", "peliriippuvuuden hoito", True),
        ("Görögországban", "Görögország szép", True),
        ("", "anything", False),
    ],
)
def test_controversy_is_quoted_in_any_form(phrase: str, text: str, is_quoted: bool) -> None:
    assert bool(list(quotes(read_plain(text), [phrase]))) is is_quoted


@pytest.mark.parametrize(
    ("headline", "topic"),
    [("Earthquake kills 300", "quake"), ("Árvíz: öten meghaltak", "flood"), ("Satama irtisanoo 300", "labour")],
)
def test_headline_has_its_topic(headline: str, topic: str) -> None:
    assert topic in topics_of([headline], load_checker().terms, LANGUAGES)
