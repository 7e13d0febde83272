"""Sensitive topics are whole words of the brand's own, found in any case, in any text."""

import pytest

from analysis.sensitive_topics import SensitiveTopics


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ANIMAL   testing, still", ("animal testing",)),
        ("#AnimalTesting", ("animal testing",)),
        ("@animaltesting said so", ()),
        ("racism.", ("Racism",)),
        ("antiracism", ()),
        ("racisms", ()),
        ("layoffs and more layoffs", ("layoff*",)),
        ("laid off", ()),
        ("STRASSE", ("Straße",)),
        ("", ()),
        ("\x00\ud800\u202e" * 1_000_000, ()),
        ("rac\x00ism", ("Racism",)),
    ],
)
def test_topics_are_words(text: str, named: tuple[str, ...]) -> None:
    assert SensitiveTopics(["animal testing", "Racism", "layoff*", "Straße"]).named_in(text) == named


def test_topics_are_told_in_the_profiles_order_each_once() -> None:
    topics = SensitiveTopics(["layoff*", "fees"])
    assert topics.named_in("fees, layoffs, fees, layoff") == ("layoff*", "fees")


def test_signs_in_a_topic_are_signs() -> None:
    topics = SensitiveTopics(["(c++)?"])
    assert topics.named_in("c") == ()


def test_brand_without_topics_finds_none() -> None:
    assert SensitiveTopics(()).named_in("anything") == ()
