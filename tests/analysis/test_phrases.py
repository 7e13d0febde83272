"""Phrases: found together, left to right, in bounded time whatever the text."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cue_files import read_table
from analysis.phrases import PhraseTree, fold_accents

PHRASES = [phrase for row in read_table("en").cues for phrase in row.phrases]
EVERYTHING = PhraseTree(PHRASES)


def found(phrases: list[str], text: str) -> list[str]:
    return [phrases[number] for _, number in PhraseTree(phrases).find(text)]


def test_longer_of_two_phrases_with_one_beginning_is_found() -> None:
    assert found(["read the", "read the room"], "read the room, read the news") == ["read the room", "read the"]


def test_a_phrase_with_a_gap_hides_no_shorter_one() -> None:
    assert found(["so … people died", "people died"], "so nice while people died") == [
        "so … people died",
        "people died",
    ]


@pytest.mark.parametrize("text", ["dont go", "don't go", "don't  go", "don't-go", "dontgo", "#dontgo!"])
def test_signs_may_be_more_fewer_or_missing(text: str) -> None:
    assert found(["don't go"], text) == ["don't go"]


@pytest.mark.parametrize("text", ["adon't go", "don't gone", "do not go", "don't .... go"])
def test_words_must_be_whole_and_close(text: str) -> None:
    assert found(["don't go"], text) == []


def test_a_phrase_may_begin_with_any_word_or_an_apostrophe() -> None:
    assert found(["* of shame", "'tis"], "walk of shame, tis true") == ["* of shame", "'tis"]


def test_gaps_at_the_ends_and_empty_phrases_are_ignored() -> None:
    assert found(["… go …", "", "…"], "let it go now") == ["… go …"]


@pytest.mark.parametrize("marks", ["([{\\^$.|?+", "a(b", "c++"])
def test_signs_of_patterns_are_signs(marks: str) -> None:
    assert found([f"x{marks}"], f"say x{marks} now") == [f"x{marks}"]


@pytest.mark.parametrize(
    "piece",
    [
        "imagine ",
        "a",
        "so this is what ",
        "you owe ",
        "nothing says ",
        "who ",
        "tell me you ",
        "' ",
        "say you 'x ",
        "wo",
        "not a ",
    ],
)
def test_a_thousand_characters_of_beginnings_are_read_in_linear_steps(piece: str) -> None:
    text = (piece * 1000)[:1000]
    words = len(re.findall(r"\w+", text))
    assert len(list(EVERYTHING.find(text))) <= 2 * words


def test_beginnings_of_phrases_cost_little_more_than_other_words() -> None:
    def seconds(text: str) -> float:
        taken = []
        for _ in range(5):
            started = time.perf_counter()
            list(EVERYTHING.find(text))
            taken.append(time.perf_counter() - started)
        return min(taken)

    usual = seconds(("the weather is mild and the shop opens at nine " * 30)[:1000])
    worst = max(seconds((piece * 1000)[:1000]) for piece in ("imagine ", "so this is what ", "you owe ", "who ", "a"))
    assert worst < 40 * usual


def test_accents_fold() -> None:
    assert fold_accents("őrült Çà, straße") == "orult Ca, straße"


@given(st.text(max_size=60))
def test_any_phrase_of_letters_is_found_in_itself(text: str) -> None:
    words = re.findall(r"[a-z]+", text.casefold())
    if words:
        phrase = " ".join(words)
        assert found([phrase], f"so, {phrase}!") == [phrase]
