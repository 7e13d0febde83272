"""Swear words: found in their spellings, innocent words left alone, in each language its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.profanity import Profanity, Swearing


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("this is bullshit", "en"),
        ("FUCK this", "en"),
        ("what the f*ck", "en"),
        ("f**k off", "en"),
        ("you absolute sh*ts", "en"),
        ("wtf", None),
        ("absolute wankers", "en"),
        ("so eine scheiße", "de"),
        ("vaya mierda", "es"),
        ("quel connard", "fr"),
        ("que merda", "pt"),
        ("a kurva életbe", "hu"),
        ("voi vittu", "fi"),
        ("fuck das", "de"),
        ("fuck to", "pl"),
    ],
)
def test_swearing_is_heard(text: str, language: str | None) -> None:
    assert Profanity.of(language).find(text) is Swearing.PROFANITY


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("a cocktail in Scunthorpe with the class of Penistone", "en"),
        ("shiitake, niggling doubts and a snigger", "en"),
        ("damn good, hell yes, what a crap day, my ass", "en"),
        ("Dick and the cock crowed at the tit", "en"),
        ("spick and span", "en"),
        ("5 * 3 is 15 - fun", "en"),
        ("u kunt hier terecht", "nl"),
        ("le train a du retard", "fr"),
        ("Kike juega hoy", "es"),
        ("la disputa de la computadora", "es"),
        ("jag är ett fan", "sv"),
        ("egyszerűen szép", "hu"),
        ("", "en"),
    ],
)
def test_innocent_words_are_left_alone(text: str, language: str) -> None:
    assert Profanity.of(language).find(text) is Swearing.NONE


def test_a_slur_outweighs_swearing() -> None:
    assert Profanity.of("en").find("fucking retards") is Swearing.SLUR


def test_words_are_compiled_once_for_each_language() -> None:
    assert Profanity.of("de") is Profanity.of("de")
    assert Profanity.of("qq") is Profanity.of("zz")


@given(st.text(max_size=80), st.none() | st.text(max_size=3))
def test_no_text_and_no_language_raises(text: str, language: str | None) -> None:
    assert Profanity.of(language).find(text) in Swearing
