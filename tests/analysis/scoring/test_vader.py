"""VADER in less time: the same answers as the original, whatever is written, and linear in the text's length."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.scoring.vader import QuickVader, VaderReader, style_of

ORIGINAL = SentimentIntensityAnalyzer()
QUICK = QuickVader()


def test_style_is_one_row_a_text_also_for_none_and_for_nothing() -> None:
    reader = VaderReader()
    texts = ["", "WHY?! #now", "so good"]
    rows = style_of(texts, [reader.read(text) for text in texts])
    assert rows.shape == (3, 17)
    assert style_of([], []).shape == (0, 17)
    assert rows[1].tolist() != rows[2].tolist()


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
