"""Nearly the same texts are found however they were edited; what people say independently is not."""

import random

import pytest

from analysis.likeness import Likeness, is_comparable, words_of
from stormcone.config import KindSettings
from tests.analysis.crowds import SCRIPT, edited

SETTINGS = KindSettings()

OTHER = "my order of nine plum cakes came late and nobody at the counter could tell me why"


def alike(first: str, second: str) -> float:
    """Return how like `second` is to `first`, 0 where they are not put together."""
    likeness = Likeness(SETTINGS)
    texts, _ = likeness.place(words_of(first))
    again, share = likeness.place(words_of(second))
    return share if texts is again else 0.0


@pytest.mark.parametrize("seed", range(20))
def test_two_edits_emoji_and_hashtags_leave_a_text_the_same(seed: int) -> None:
    assert alike(SCRIPT, edited(SCRIPT, random.Random(seed))) >= SETTINGS.alike_strictly


@pytest.mark.parametrize(
    "changed",
    [
        SCRIPT.upper(),
        f"@someone @else {SCRIPT} https://example.com/x 🚫🚫",
        SCRIPT.replace(" ", "  ").replace(",", " ..."),
        SCRIPT.replace("e", "e\u200b"),
        "".join(chr(ord(each) + 0xFEE0) if each.isalpha() else each for each in SCRIPT),
    ],
)
def test_disguises_do_not_count(changed: str) -> None:
    assert alike(SCRIPT, changed) == 1.0


def test_other_words_on_the_same_matter_are_another_text() -> None:
    assert alike(SCRIPT, "do not buy bread from people who treat their customers like this, they will delete it") == 0.0
    assert alike(SCRIPT, OTHER) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "delete this", "who approved this?", "you should be ashamed of yourselves", "", "🔥" * 10_000,
        "#boycott " * 40, "@a " * 500, '"' + SCRIPT + '" disgusting', f"“{SCRIPT}” 🤡", "请删除这个帖子",
        "https://example.com/" + "a" * 1_000_000,
    ],
)  # fmt: skip
def test_short_texts_quotations_hashtags_and_links_are_not_compared(text: str) -> None:
    assert not is_comparable(words_of(text), SETTINGS.alike_words)


def test_variants_of_a_script_become_one_family() -> None:
    between = "they cheat their customers every single day do not buy bread there and tell all your friends"
    first = between.replace("they cheat their customers", "those bakers fool everybody")
    second = between.replace("tell all your friends", "warn each neighbour too")
    likeness = Likeness(SETTINGS)
    ends = [likeness.place(words_of(text))[0] for text in (first, second)]
    assert ends[0].family is not ends[1].family
    likeness.place(words_of(between))
    assert ends[0].family is ends[1].family


def test_what_follows_a_mark_of_repost_is_not_the_writers() -> None:
    assert words_of("look at this RT @someone: " + SCRIPT) == ["look", "at", "this"]


def test_text_without_spaces_is_compared_by_its_signs() -> None:
    script = "这家面包店欺骗所有顾客请不要再去那里买面包了请转发"
    assert is_comparable(words_of(script), SETTINGS.alike_words)
    assert alike(script, script + "🔥🔥") == 1.0


@pytest.mark.parametrize(
    "text", ["word " * 200_000, "\x00\ud800\u202e" + SCRIPT, "a" * 1_000_000, '"' * 1_000_000, "é" * 90_000]
)
def test_hostile_texts_are_cut_and_never_raise(text: str) -> None:
    words = words_of(text)
    assert len(words) <= 40
    if is_comparable(words, SETTINGS.alike_words):
        Likeness(SETTINGS).place(words)


def test_forgotten_texts_are_found_no_more_and_leave_nothing_behind() -> None:
    likeness = Likeness(SETTINGS)
    first, _ = likeness.place(words_of(SCRIPT))
    likeness.place(words_of(SCRIPT))
    likeness.forget(first)
    assert likeness.place(words_of(SCRIPT))[0] is first
    likeness.forget(first)
    likeness.forget(first)
    assert likeness.place(words_of(SCRIPT))[0] is not first
    assert len(likeness._by_key) == 6
