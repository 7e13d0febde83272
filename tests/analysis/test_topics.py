"""What they are angry about: phrases that set hostile texts apart, safe to show."""

import math
import time
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.background import Background
from analysis.cleaning import for_scoring
from analysis.topics import set_apart, topics

START = datetime(2026, 3, 2, tzinfo=UTC)
USUAL = (
    "where is my parcel, it was due in {place} yesterday",
    "the shop in {place} has lovely staff, thank you",
    "do you deliver to {place}?",
    "the delivery fee for {place} is a bit steep",
    "still waiting for a refund from the {place} shop",
    "love the new blue mugs, saw them in {place}",
)
PLACES = ("york", "leeds", "bath", "ely", "hull", "derby")
STORM = (
    "So you pulped the school books. Disgusting.",
    "imagine pulping school books while libraries close",
    "pulped school books and a smiling advert?! never again acme",
    "my kids need school books and you burn them",
    "the teachers asked for those books, you said no",
    "the teachers begged you. shame.",
    "you laughed at the teachers and call it a promotion",
    "how do you sleep, acme",
    "this is the worst thing i have seen from the brand",
    "the delivery was fine but this is vile",
)


def usual_background(count: int = 600) -> Background:
    rng, background = Random(7), Background(brand_words=["acme"])
    for number in range(count):
        text = rng.choice(USUAL).format(place=rng.choice(PLACES))
        background.add(text, START + timedelta(minutes=40 * number))
    return background


@pytest.mark.parametrize("background", [usual_background(), Background(brand_words=["acme"]), Background()])
def test_the_matter_comes_first_with_history_and_without(background: Background) -> None:
    found = topics(STORM, background)
    assert found[0].phrase == "school books"
    assert found[0].count == 4
    assert "teachers" in {topic.phrase for topic in found}
    assert {topic.phrase for topic in found}.isdisjoint({"the", "you", "acme", "books", "school", "delivery"})


def test_what_is_always_complained_about_is_no_topic_of_this_storm() -> None:
    background = usual_background()
    texts = [f"{place} again, where is my refund" for place in (*PLACES, "rye", "ayr")]
    new = [f"{text}, and why the recall" for text in texts]
    assert topics(new, background)[0].phrase == "recall"
    alone = {topic.phrase: topic.z for topic in topics(new, background, most=50)}
    cold = {topic.phrase: topic.z for topic in topics(new, Background(), most=50)}
    assert alone.get("refund", 0.0) < alone["recall"]
    assert cold["refund"] == pytest.approx(cold["recall"])


@pytest.mark.parametrize(
    ("texts", "matter", "function_words"),
    [
        (
            [f"{a}, die Gebühren verdoppelt und nichts gesagt" for a in ("toll", "wow", "ihr habt", "also")],
            "gebühren verdoppelt",
            "die und nichts",
        ),
        (
            [f"{a} las tarifas nuevas para todos" for a in ("que", "con", "otra vez", "por")],
            "tarifas nuevas",
            "las para",
        ),
        ([f"{a} les retards et la grève" for a in ("encore", "pour", "mais", "avec")], "grève", "les et la"),
        ([f"{a} il rincaro della benzina" for a in ("ma", "e", "con", "questo")], "rincaro della benzina", "il della"),
        ([f"{a} o aumento da gasolina" for a in ("mas", "com", "que", "por")], "aumento da gasolina", "o da"),
        ([f"{a} hogy a vonat megint" for a in ("de", "és", "mert", "csak")], "vonat megint", "hogy a"),
        ([f"{a} että juna on myöhässä" for a in ("ja", "mutta", "niin", "kun")], "juna on myöhässä", "että on"),
    ],
)
def test_function_words_of_other_languages_stay_out_from_the_first_hour(
    texts: list[str], matter: str, function_words: str
) -> None:
    found = {topic.phrase for topic in topics(texts, Background())}
    assert matter in found
    assert found.isdisjoint(function_words.split())


def test_a_phrase_stands_for_its_words_and_a_longer_one_for_both() -> None:
    texts = [f"{word} lukewarm oat milk" for word in ("more", "this", "only", "again")]
    assert [topic.phrase for topic in topics(texts, Background())] == ["lukewarm oat milk"]


def test_a_word_of_many_phrases_stands_for_itself() -> None:
    texts = [f"{one} mug {two}" for one, two in zip("abcdefgh", "stuvwxyz", strict=True)]
    texts = [text.replace(text[0], f"q{text[0]}q", 1) for text in texts]
    assert [topic.phrase for topic in topics(texts, Background())] == ["mug"]


def test_inflected_words_are_told_once() -> None:
    texts = [f"{word} libraries" for word in ("save", "our", "close", "poor")]
    texts += [f"{word} teacher" for word in ("my", "ask", "any")] + [
        f"{word} teachers" for word in ("ten", "her", "red")
    ]
    phrases = [topic.phrase for topic in topics(texts, Background())]
    assert len([phrase for phrase in phrases if phrase.startswith("teacher")]) == 1


def test_two_texts_are_no_topic_and_one_shouter_is_one_text() -> None:
    assert topics(["flooded cellar", "a flooded cellar"], Background()) == ()
    assert topics(["flooded " * 90, "nothing here"], Background()) == ()
    assert topics([], Background()) == ()


def test_most_bounds_and_order_is_by_z() -> None:
    found = topics(STORM * 2, usual_background(), most=3)
    assert len(found) == 3
    assert [topic.z for topic in found] == sorted((topic.z for topic in found), reverse=True)
    assert topics(STORM, usual_background(), most=0) == ()


@pytest.mark.parametrize(
    ("phrase", "language"),
    [("what a shitshow", None), ("scheiße", "de"), ("5550123456", None), ("555 012 345", None), ("2024", None)],
)
def test_swearing_and_numbers_of_people_are_not_shown(phrase: str, language: str | None) -> None:
    texts = [f"{word} {phrase}, flooded cellar" for word in ("one", "big", "my", "old")]
    assert [topic.phrase for topic in topics(texts, Background(), language=language)] == ["flooded cellar"]


@pytest.mark.parametrize(
    "hostile", ["\x00", "\ud83d", "\u202e", "<script>", "=cmd|' /C calc'!A0", "**", "[a](b)", "😡" * 999]
)
def test_hostile_signs_never_reach_a_phrase(hostile: str) -> None:
    texts = [f"{word} {hostile}flooded{hostile} cellar {hostile}" for word in ("one", "big", "my", "old")]
    for topic in topics(texts, Background()):
        assert all(word.replace("'", "").replace("-", "").isalnum() for word in topic.phrase.split(" "))
    assert any("cellar" in topic.phrase for topic in topics(texts, Background()))


@given(st.lists(st.text(max_size=60), max_size=12))
@settings(max_examples=60)
def test_any_texts_are_answered_with_sound_topics(texts: list[str]) -> None:
    for topic in topics(texts, Background()):
        assert 3 <= topic.count <= len(texts)
        assert topic.z >= 1.96


def test_order_of_texts_does_not_matter() -> None:
    background = usual_background(200)
    shuffled = list(STORM)
    Random(3).shuffle(shuffled)
    assert topics(shuffled, background) == topics(STORM, background)


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.floats(0.001, 0.999),
    st.floats(1, 1e5),
)
def test_the_score_is_finite_and_grows_with_the_count(count: int, others: int, share: float, weight: float) -> None:
    total = count + others + 1
    low = set_apart(count, total, share=share, weight=weight)
    assert math.isfinite(low)
    more = set_apart(count + 1, total, share=share, weight=weight)
    assert more > 0.99 * low or low < 0  # where nearly every text holds it, the variance grows as fast as the odds


def test_the_score_is_that_of_the_paper_worked_by_hand() -> None:
    """y1 = 6 of 10, a background of 180 of which 9 hold it (share .05), a0 = 20, a = 1."""
    delta = math.log(7 / 23) - math.log(10 / 190)
    error = math.sqrt(1 / 7 + 1 / 23 + 1 / 10 + 1 / 190)
    assert set_apart(6, 10, share=0.05, weight=180) == pytest.approx(delta / error)


def test_explaining_costs_little_more_than_reading_the_texts() -> None:
    background = usual_background(100)
    texts = [f"{text} {number}a" for number in range(50) for text in STORM]

    def seconds(rounds: int = 3) -> tuple[float, float]:
        reading, explaining = [], []
        for _ in range(rounds):
            started = time.perf_counter()
            for text in texts:
                for_scoring(text)
            reading.append(time.perf_counter() - started)
            started = time.perf_counter()
            topics(texts, background)
            explaining.append(time.perf_counter() - started)
        return min(reading), min(explaining)

    reading, explaining = seconds()
    assert explaining < 60 * reading
