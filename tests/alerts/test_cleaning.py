"""What strangers write must not deceive, break or link; whatever they write."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.cleaning import MAX_MARKS_PER_BASE, clean_for_sink, defang, quote

HOSTILE = (
    "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u200c\u200d\u2060\ufeff\x00\x07\x1b\x85\x9b\ud800\udfff"
    "\U000e0041\U000e007f\u0301\u0335\u20dd\u0e47\u0903\ufe0f\U0001f468\U0001f469\u2764\u1100\u1161 \n\tabé.:/w"
)
hostile_texts = st.text(alphabet=st.one_of(st.sampled_from(HOSTILE), st.characters()), max_size=400)
FORBIDDEN = {
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    *map(chr, range(0xE0000, 0xE0080)),
    *("\u200e", "\u200f", "\u061c", "\u200b", "\u200c", "\u2060", "\ufeff"),
}


@given(text=hostile_texts, max_chars=st.integers(1, 300))
def test_cleaned_text_is_one_visible_bounded_line(text: str, max_chars: int) -> None:
    cleaned = clean_for_sink(text, max_chars=max_chars)
    assert len(cleaned) <= max_chars
    assert not FORBIDDEN & set(cleaned)
    assert not [each for each in cleaned if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")]
    assert cleaned == " ".join(cleaned.split())
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode()


@given(text=hostile_texts)
def test_no_base_carries_a_tower_of_marks(text: str) -> None:
    tower = 0
    for each in clean_for_sink(text, max_chars=280):
        tower = tower + 1 if unicodedata.category(each) in ("Mn", "Me") else 0
        assert tower <= MAX_MARKS_PER_BASE


@given(text=hostile_texts, max_chars=st.integers(1, 300))
def test_cleaning_twice_changes_nothing(text: str, max_chars: int) -> None:
    once = clean_for_sink(text, max_chars=max_chars)
    assert clean_for_sink(once, max_chars=max_chars) == once


@given(text=hostile_texts)
def test_defanged_text_holds_no_link(text: str) -> None:
    harmless = defang(f"{text}http://a.test{text}www.b.test").lower()
    assert "http://" not in harmless
    assert "www." not in harmless
    assert defang(harmless) == harmless


def test_plain_text_stays_as_it_is() -> None:
    text = "Überraschung: das geht so nicht! 今日は, नमस्ते, ไม่ดี, привет"
    assert clean_for_sink(text, max_chars=280) == unicodedata.normalize("NFC", text)


def test_joined_emoji_survive_and_stray_joiners_go() -> None:
    family, rescue = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\u2764\ufe0f\u200d\U0001f525"
    assert clean_for_sink(f"{family} a\u200db {rescue}", max_chars=80) == f"{family} ab {rescue}"


def test_line_feeds_part_words() -> None:
    assert clean_for_sink("one\ntwo\u2028three\x85four", max_chars=80) == "one two three four"


def test_a_cut_text_says_so() -> None:
    assert clean_for_sink("x" * 281, max_chars=280) == "x" * 279 + "…"
    assert clean_for_sink("x" * 280, max_chars=280) == "x" * 280


def test_nothing_visible_is_empty() -> None:
    assert clean_for_sink("\u200b\x00 \u202e" * 1000, max_chars=80) == ""


def test_less_than_one_character_is_refused() -> None:
    with pytest.raises(ValueError, match="max_chars"):
        clean_for_sink("a", max_chars=0)


@pytest.mark.parametrize("megabyte", ["a" * 10**6, "e\u0301\u0302" * 333_000, "\u202e" * 10**6, "\U0001f600" * 10**6])
def test_a_megabyte_costs_about_a_millisecond(megabyte: str) -> None:
    def spent() -> float:
        began = time.perf_counter()
        clean_for_sink(megabyte, max_chars=280)
        return time.perf_counter() - began

    assert min(spent() for _ in range(20)) < 0.005


@pytest.mark.parametrize(
    ("link", "harmless"),
    [
        ("https://evil.test:80/a.b?c=d.e", "hxxps://evil[.]test:80/a.b?c=d.e"),
        ("HTTP://EVIL.TEST", "hxxp://EVIL[.]TEST"),
        ("éhttp://evil.test", "éhxxp://evil[.]test"),
        ("ftp://evil.test", "ftp[:]//evil[.]test"),
        ("http://evil。test", "hxxp://evil[.]test"),
        ("www.evil.test/a", "www[.]evil[.]test/a"),
        ("http://a.testhttps://evil.test", "hxxp://a[.]testhttps[:]//evil[.]test"),
        ("www.a.testhttp://evil.test", "www[.]a[.]testhttp[:]//evil[.]test"),
        ("no link at all. none", "no link at all. none"),
    ],
)
def test_links_are_defanged(link: str, harmless: str) -> None:
    assert defang(link) == harmless


def test_a_quote_stays_within_its_length_although_defanging_lengthens() -> None:
    assert len(quote("www.a.b.c " * 14, max_chars=140)) == 140
