"""Cleaning: what is kept for the scorer, what cannot hurt it, and which texts count as one."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import fingerprint, for_scoring

SENTENCE = "They moved my booking for the third time this week"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("plain words, kept as they are!", "plain words, kept as they are!"),
        ("see https://example.com/a?b=1 and www.example.org now", "see and now"),
        ("look http", "look"),
        ("@brand @other.example.social Sorry", "Sorry"),
        ("@name@host.example hello", "hello"),
        ("@brand.Delete this", ".Delete this"),
        ("write to me@example.com", "write to me@example.com"),
        ("noooooooo!!!!!!!", "nooo!!!"),
        ("  spaces \t and\nlines  ", "spaces and lines"),
        ("can\u2019t", "can't"),
        ("cafe\u0301", "café"),
        ("❤\ufe0f 👍🏽", "❤ 👍"),
        ("👩\u200d💻", "👩💻"),
        ("r\u200bat\u2060io", "ratio"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("half \ud83d of a pair", "half of a pair"),
        ("", ""),
        ("https://example.com", ""),
    ],
)
def test_scorer_sees_words_only(text: str, kept: str) -> None:
    assert for_scoring(text) == kept


def test_long_text_is_cut_to_a_thousand_characters() -> None:
    assert len(for_scoring("word " * 200_000)) <= 1_000


def test_links_do_not_use_up_the_thousand_characters() -> None:
    assert for_scoring("https://example.com/" + "x" * 1_500 + " delete this") == "delete this"


def test_emoji_wall_is_cut_and_words_behind_it_stay() -> None:
    draw = random.Random(7)
    wall = "".join(draw.choice("😀🤡🙃") for _ in range(2_000))
    kept = for_scoring(wall + " shame")
    assert kept.endswith(" shame")
    assert 90 < len(kept) - len(" shame") <= 100


def test_run_of_one_emoji_counts_as_three_of_the_hundred() -> None:
    assert for_scoring("😀" * 3_000 + "🤡") == "😀😀😀🤡"


def test_exactly_a_hundred_emoji_stay() -> None:
    assert for_scoring("😀🤡" * 50) == "😀🤡" * 50
    assert for_scoring("😀🤡" * 50 + "🙃") == "😀🤡" * 50


def test_stacked_accents_are_thinned_and_neighbours_stay() -> None:
    assert for_scoring("z" + "\u0315\u0300" * 5_000) in {"z\u0315\u0300\u0315", "z\u0300\u0315\u0315"}
    assert for_scoring("z\u0315\u0300\u0315\u0300🤡 there").endswith("🤡 there")


@given(st.text(st.characters(), max_size=300))
def test_any_text_gives_something_that_can_be_stored_and_cleaned_again(text: str) -> None:
    kept = for_scoring(text)
    kept.encode("utf-8")
    assert len(kept) <= 1_000
    assert "\x00" not in kept
    assert unicodedata.is_normalized("NFC", kept) or not unicodedata.is_normalized("NFC", text)
    assert 0 <= fingerprint(text) < 2**63


@pytest.mark.parametrize(
    "copy",
    [
        SENTENCE.upper(),
        f"RT @traveller: {SENTENCE}",
        f"{SENTENCE}!!! 😡 https://example.com/photo",
        f"@brand {SENTENCE.replace(' ', '  ')}",
        SENTENCE.replace("third", "thi\u200brd"),
        "\U0001d413" + SENTENCE[1:],
    ],
)
def test_near_copies_share_a_fingerprint(copy: str) -> None:
    assert fingerprint(copy) == fingerprint(SENTENCE) != 0


@pytest.mark.parametrize("other", [SENTENCE + " too", SENTENCE.replace("third", "fourth"), SENTENCE + " 4711"])
def test_other_words_and_numbers_are_another_text(other: str) -> None:
    assert fingerprint(other) != fingerprint(SENTENCE)


@pytest.mark.parametrize(
    "text", ["", "ratio", "lol lol lol", "😂😂😂", "https://example.com/abcdefghijklmnopqrstuvw", "@brand"]
)
def test_short_and_wordless_texts_cannot_be_compared(text: str) -> None:
    assert fingerprint(text) == 0


def test_twenty_letters_can_be_compared_and_nineteen_cannot() -> None:
    assert fingerprint("abcde fghij klmno pqrst") != 0
    assert fingerprint("abcde fghij klmno pqrs") == 0


def test_reposts_of_one_short_text_are_copies_of_each_other() -> None:
    assert fingerprint("RT @someone: ratio") == fingerprint(" RT @someone:  ratio ") != 0
    assert fingerprint("RT @someone: ratio") != fingerprint("RT @another: ratio")


def test_fingerprint_is_the_same_on_every_machine() -> None:
    assert fingerprint("They cancelled my flight, AGAIN!") == 4_865_051_680_853_373_832
