"""Scoring: VADER as it is, calibrated shares, hostile texts, and the same answers as the original."""

import random
import time
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.sentiment import UNKNOWN, QuickVader, VaderScorer
from stormcone.models import Mention, Scores
from stormcone.ports import Scorer

AT = datetime(2026, 3, 1, tzinfo=UTC)
SCORER: Scorer = VaderScorer()
ORIGINAL = SentimentIntensityAnalyzer()
QUICK = QuickVader()


def mention(text: str, lang: str | None = None) -> Mention:
    return Mention(platform="x", id="1", brand="acme", posted_at=AT, seen_at=AT, text=text, lang=lang)


def score(text: str, lang: str | None = None) -> Scores:
    return SCORER.score([mention(text, lang)])[0]


def shares(scores: Scores) -> tuple[float, float, float]:
    return scores.p_negative, scores.p_neutral, scores.p_positive


def test_shares_follow_the_words_and_add_up_to_one() -> None:
    angry, plain, happy = (score(text) for text in ("I hate this, awful", "The shop opens at nine", "I love it, great"))
    assert angry.p_negative > 0.6 > plain.p_negative > happy.p_negative
    assert happy.p_positive > 0.6 > plain.p_positive > angry.p_positive
    assert all(sum(shares(scores)) == pytest.approx(1.0) for scores in (angry, plain, happy))


def test_compound_is_vaders_own() -> None:
    text = "The food was great, but the staff was VERY rude!"
    assert score(text, "en").compound == ORIGINAL.polarity_scores(text)["compound"] != 0


def test_sarcasm_that_reads_as_praise_is_hostile_all_the_same() -> None:
    scores = score("wow. just wow, amazing. who approved this 🙃")
    assert scores.compound is not None
    assert scores.compound > 0.5
    assert scores.hostility > 0.5
    assert scores.cues == ("who approved this", "sarcastic smile")
    assert scores.p_against == scores.hostility


@pytest.mark.parametrize("lang", [None, "en", "en-GB", "EN_us", "und", "", "zxx", "qme"])
def test_english_and_unnamed_languages_are_read(lang: str | None) -> None:
    assert score("this is awful", lang).compound == ORIGINAL.polarity_scores("this is awful")["compound"]


@pytest.mark.parametrize("lang", ["de", "hu", "pt-BR", "enm", "ja"])
def test_another_language_is_unknown_rather_than_guessed(lang: str) -> None:
    scores = score("die awful Sache 🤡", lang)
    assert scores.compound is None
    assert shares(scores) == UNKNOWN
    assert scores.lang == lang
    assert scores.cues == ("clown emoji",)


@pytest.mark.parametrize("text", ["これはひどい", "это ужасно, ok", "هذا فظيع"])
def test_another_script_without_a_tag_is_not_taken_for_english(text: str) -> None:
    assert score(text).compound is None


@pytest.mark.parametrize("text", ["", "   ", "https://example.com/1", "@acme", "\x00\u202e"])
def test_text_without_words_says_nothing_either_way(text: str) -> None:
    scores = score(text)
    assert shares(scores) == UNKNOWN
    assert (scores.compound, scores.hostility, scores.cues) == (0.0, 0.0, ())


def test_scores_come_in_order_and_do_not_depend_on_the_batch() -> None:
    texts = ["awful", "", "lovely", "delete this", "furchtbar"]
    batch = [mention(text, "de" if text == "furchtbar" else None) for text in texts]
    together = SCORER.score(batch)
    assert together == [SCORER.score([each])[0] for each in batch]
    assert {scores.scorer for scores in together} == {"vader-calibrated/1"}
    assert SCORER.score([]) == []


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 1_000,
        "\ud800\udfff broken \udc00",
        "awful " * 200_000,
        "a" * 1_000_000,
        "\u202eevil\u2066 text\u2069" * 100,
        "z" + "\u0300\u0315" * 100_000,
        "=cmd|'/c calc'!A1",
        "<script>alert(1)</script>",
        "but " * 500,
        "no or nor never this so without doubt least at the shit " * 50,
        "kind of",
    ],
)
def test_hostile_text_is_scored_like_any_other(text: str) -> None:
    assert sum(shares(score(text))) == pytest.approx(1.0)


@given(st.text(st.characters(), max_size=200), st.none() | st.text(max_size=6))
def test_no_text_and_no_language_tag_raises(text: str, lang: str | None) -> None:
    scores = score(text, lang)
    assert np.isfinite(shares(scores)).all()
    assert 0.0 <= scores.hostility <= 1.0


def fastest_seconds(text: str) -> float:
    """Best of several, so that a busy machine does not decide."""
    taken = []
    for _ in range(7):
        started = time.perf_counter()
        score(text)
        taken.append(time.perf_counter() - started)
    return min(taken)


@pytest.mark.parametrize("emoji", ["😂", "😂😭🙃💀🔥😡"])
def test_ten_thousand_emoji_cost_little_more_than_a_hundred(emoji: str) -> None:
    draw = random.Random(3)
    wall = "".join(draw.choice(emoji) for _ in range(10_000))
    assert fastest_seconds(wall) < 50 * fastest_seconds(wall[:100])


def test_wall_of_emoji_takes_linear_time_where_the_original_does_not() -> None:
    wall = "😂😭" * 150
    started = time.perf_counter()
    original = ORIGINAL.polarity_scores(wall)
    original_seconds = time.perf_counter() - started
    started = time.perf_counter()
    assert QUICK.polarity_scores(wall) == original
    assert time.perf_counter() - started < original_seconds / 2


# Words that reach every branch of the original: negations, boosters, idioms, contrasts, shouting, emoticons, emoji.
_BRANCHES = """
never so this without doubt not isn't don't no nor or least at very kind of sort extremely barely but BUT good GOOD
great bad awful hate love shit the bomb bad ass yeah right kiss death to die for beating heart broken hand mouth green
blue cut mustard upper okay x :) :( ;-) <3 !!! ??? ? ! 😂 ❤ 😡 it's a
"""
_WORDS = st.one_of(
    st.sampled_from(_BRANCHES.split()),
    st.sampled_from(sorted(ORIGINAL.lexicon)[::37]),
    st.sampled_from(["Good", "bad,", "“fine”", "é", "😂lol", "great😡", "\n", "\u2028", "  "]),
    st.text(max_size=4),
)


@settings(max_examples=400)
@given(st.lists(_WORDS, max_size=14), st.sampled_from([" ", " ", "  ", "\t", ""]))
def test_quick_vader_answers_exactly_as_the_original(words: list[str], between: str) -> None:
    text = between.join(words)
    assert QUICK.polarity_scores(text) == ORIGINAL.polarity_scores(text)


@pytest.mark.parametrize("idiom", ["kiss of death", "to die for", "the bomb", "bad ass", "yeah right", "broken heart"])
@pytest.mark.parametrize(
    "before", ["", "one", "one two", "one two three", "one never so this", "but not without doubt"]
)
@pytest.mark.parametrize("behind", ["", "great", "kind of good but bad"])
def test_quick_vader_knows_the_idioms_wherever_they_stand(idiom: str, before: str, behind: str) -> None:
    text = f"{before} {idiom} {behind}"
    assert QUICK.polarity_scores(text) == ORIGINAL.polarity_scores(text)
