"""What a brand's mentions usually say: counted once a text, fading, bounded."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.background import HALF_LIFE_DAYS, Background, terms_of
from analysis.cleaning import for_scoring

START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def test_no_phrase_runs_across_the_end_of_a_clause() -> None:
    assert "refund now" not in terms_of("give me a refund. Now!")
    assert "refund now" in terms_of("give me a refund now")


def test_links_handles_and_addresses_are_no_terms() -> None:
    terms = terms_of("@acme see https://example.com/abc or write to jo.doe@example.org today")
    assert [term for term in terms if " " not in term] == ["see", "or", "write", "to", "today"]
    assert "to today" not in terms


@given(
    st.text(max_size=300) | st.sampled_from(["\x00=1+1", "\ud800" * 50, "\u202eabc", "<b>hey</b> **you**", "😡" * 9999])
)
def test_terms_hold_nothing_but_words(text: str) -> None:
    for term in terms_of(text):
        assert all(word.replace("'", "").replace("-", "").isalnum() for word in term.split(" "))
        term.encode("utf-8")


def test_a_megabyte_costs_no_more_than_a_few_paragraphs() -> None:
    assert len(terms_of("every word differs " + " ".join(map(str, range(200_000))))) <= 300


def test_one_text_counts_a_word_once() -> None:
    usual = Background()
    usual.add("refund refund refund", START)
    usual.add("a refund", START)
    assert usual.count("refund") == usual.texts == 2.0


def test_what_is_a_month_old_weighs_an_eighth() -> None:
    usual = Background()
    usual.add("lost parcel", day(0))
    usual.add("late train", day(3 * HALF_LIFE_DAYS))
    assert usual.count("lost parcel") == pytest.approx(1 / 8)
    assert usual.texts == pytest.approx(9 / 8)


def test_order_of_arrival_does_not_matter() -> None:
    texts = [("lost parcel", 0.0), ("late train", 4.0), ("lost train", 9.0)]
    forward, backward = Background(), Background()
    for text, at in texts:
        forward.add(text, day(at))
    for text, at in reversed(texts):
        backward.add(text, day(at))
    for term in ("lost parcel", "late", "train"):
        assert forward.count(term) == pytest.approx(backward.count(term))


def test_years_pass_without_overflow() -> None:
    usual = Background()
    for year in range(12):
        usual.add("same old words", day(365 * year))
        usual.add(f"new{year}", day(365 * year))
    assert usual.count("same old words") == pytest.approx(1.0)
    assert usual.count("new0") == pytest.approx(0.0, abs=1e-9)
    assert len(usual._terms) < 30


def test_memory_is_bounded_and_keeps_what_is_common() -> None:
    usual = Background(most_terms=200)
    for number in range(2_000):
        usual.add(f"parcel rare{number} odd{number}", START)
        assert len(usual._terms) <= 200 * 1.25 + 6
    assert usual.count("parcel") == 2_000
    assert usual.count("never heard") <= 2.0


@given(st.lists(st.text(alphabet="abc ", max_size=12), max_size=80))
@settings(max_examples=50)
def test_a_bounded_count_never_claims_more_than_was_heard(texts: list[str]) -> None:
    bounded = Background(most_terms=10)
    exact: Counter[str] = Counter()
    for text in texts:
        bounded.add(text, START)
        exact.update(terms_of(text).keys())
    assert all(weight <= exact[term] + 1e-9 for term, weight in bounded._terms.items())
    assert bounded.count("z") <= max(exact.values(), default=0)


def test_before_the_first_text_function_words_are_common_already() -> None:
    usual = Background(brand_words=["Acme Air"])
    for word in ("the", "und", "que", "est", "che", "não", "hogy", "että", "acme", "air"):
        assert usual.is_everyday(word), word
    for word in ("parcel", "gebühren", "avion", "juna"):
        assert not usual.is_everyday(word), word


def test_own_texts_outweigh_the_pool() -> None:
    usual = Background()
    assert usual.share("parcel") < 0.01
    for _ in range(400):
        usual.add("my parcel", START)
    assert 0.7 < usual.share("parcel") < 1.0
    assert usual.is_everyday("parcel")


def test_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one term"):
        Background(most_terms=0)


def test_adding_costs_little_beside_cleaning() -> None:
    """Relative to what every mention pays anyway; measured 4 times as much."""
    text = "Where on earth is my parcel, it was promised for Monday and nobody at the shop answers the phone! 📦"
    usual = Background()

    def seconds(work: Callable[[], object]) -> float:
        taken = []
        for _ in range(5):
            started = time.perf_counter()
            for _ in range(200):
                work()
            taken.append(time.perf_counter() - started)
        return min(taken)

    assert seconds(lambda: usual.add(text, START)) < 20 * seconds(lambda: for_scoring(text))
