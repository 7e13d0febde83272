"""Hashing: the same features alone and in a batch, at every machine, and none across two texts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import for_scoring
from analysis.scoring.ngrams import Features, features_of, hash_words, tokens_of

TEXTS = st.lists(st.text(max_size=60).map(for_scoring), max_size=6)


def of_text(features: Features, row: int) -> dict[str, list[int]]:
    kinds = {"words": features.words, "pairs": features.pairs, "runs": features.runs}
    return {name: sorted(grams.hashes[grams.rows == row].tolist()) for name, grams in kinds.items()}


@given(TEXTS)
def test_a_text_has_the_same_features_alone_and_in_any_batch(texts: list[str]) -> None:
    together = features_of(texts)
    for row, text in enumerate(texts):
        assert of_text(together, row) == of_text(features_of([text]), 0)


def test_hashes_are_the_same_on_every_machine() -> None:
    features = features_of(["delete this"])
    assert features.words.hashes.tolist() == [2917769863446959994, 14873482003279317608]
    assert features.words.buckets(18).max() < 1 << 18


def test_negation_marks_words_up_to_the_end_of_the_clause() -> None:
    plain, negated = (hash_words(["good"], negated=flag)[0] for flag in (False, True))
    assert negated in features_of(["that is not good"]).words.hashes
    assert plain in features_of(["no, good"]).words.hashes
    assert plain in features_of(["not one two three four good"]).words.hashes


def test_runs_stay_within_a_word_and_its_borders() -> None:
    features = features_of(["ab cd"])
    # " ab", "ab ", " ab ", " cd", "cd ", " cd "
    assert features.runs.rows.tolist() == [0] * 6


def test_features_of_one_text_have_length_one_together() -> None:
    features = features_of(["one two three", "one"])
    for grams in (features.words, features.runs):
        squares = np.bincount(grams.rows, weights=grams.shares(2) ** 2, minlength=2)
        assert squares == pytest.approx([1.0, 1.0])


def test_salt_gives_the_same_words_other_hashes() -> None:
    features = features_of(["gift", "gift"])
    salted = features.salted(np.array([1, 2], dtype=np.uint64))
    assert features.words.hashes[0] == features.words.hashes[1]
    assert salted.words.hashes[0] != salted.words.hashes[1]
    assert salted.words.hashes[0] != features.words.hashes[0]


@pytest.mark.parametrize(
    ("text", "tokens"), [("", []), ("  ", []), ("it's 5pm!!", ["it's", "5pm", "!", "!"]), ("😂x", ["😂", "x"])]
)
def test_tokens_are_words_and_single_signs(text: str, tokens: list[str]) -> None:
    assert tokens_of(text) == tokens


def test_batch_without_texts_has_no_features() -> None:
    features = features_of([])
    assert (features.count, features.words.rows.size, features.pairs.rows.size, features.runs.rows.size) == (0, 0, 0, 0)
