"""Languages of mentions: who has the word first, what is inherited from whom, and what stays open."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import for_scoring
from analysis.language import LanguageReader, LanguageReading, LanguageSource
from stormcone.models import NOTHING_KNOWN, Confidence, Mention, Surroundings

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HUNGARIAN = "Egy hete várok a csomagomra, és senki sem válaszol"
FINNISH = "Olen odottanut pakettiani viikon eikä kukaan vastaa"
ENGLISH = "I have been waiting for my parcel since last week and nobody answers"
TURKISH = "Bu ürün gerçekten çok kötü, bir daha asla almam"
READER = LanguageReader()
_ids = count(1)


def mention(
    text: str,
    *,
    lang: str | None = None,
    author: str | None = None,
    parent_id: str | None = None,
    root_id: str | None = None,
    platform: str = "plaza",
) -> Mention:
    return Mention(
        platform=platform,
        id=str(next(_ids)),
        brand="Zorvexa",
        posted_at=NOON,
        seen_at=NOON,
        text=text,
        lang=lang,
        author=author,
        parent_id=parent_id,
        root_id=root_id,
    )


def own_post(post_id: str, text: str, *, lang: str | None = None, platform: str = "plaza") -> Mention:
    return replace(mention(text, lang=lang, platform=platform), id=post_id, is_own_post=True)


def read(
    *mentions: Mention, around: Surroundings = NOTHING_KNOWN, reader: LanguageReader = READER
) -> list[LanguageReading]:
    return reader.read(mentions, [for_scoring(one.text) for one in mentions], around)


def reading(lang: str | None, source: LanguageSource, confidence: Confidence = Confidence.NORMAL) -> LanguageReading:
    return LanguageReading(lang=lang, confidence=confidence, source=source)


ASSUMED = reading("en", LanguageSource.DEFAULT, Confidence.LOW)
UNKNOWN = reading(None, LanguageSource.UNKNOWN, Confidence.NONE)


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("hu", "hu"),
        ("en-GB", "en"),
        ("en_US", "en"),
        ("EN", "en"),
        (" fi ", "fi"),
        ("pt-BR", "pt"),
        ("zh-Hant-TW", "zh"),
        ("in", "id"),
        ("iw", "he"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("no", "no"),
        ("fil", "tl"),
        ("tr", "tr"),
    ],
)
def test_tag_of_the_platform_wins(tag: str, lang: str) -> None:
    assert read(mention(HUNGARIAN, lang=tag)) == [reading(lang, LanguageSource.PLATFORM)]


@pytest.mark.parametrize(
    "tag",
    [None, "", " ", "und", "UND", "zxx", "mul", "qme", "qht", "qam", "qct", "qst", "english", "e", "-", "\x00", "?"],
)
def test_tag_that_names_no_language_is_none(tag: str | None) -> None:
    assert read(mention(HUNGARIAN, lang=tag)) == [reading("hu", LanguageSource.DETECTED)]


def test_text_says_more_than_its_thread_and_its_author() -> None:
    around = Surroundings(posts={("plaza", "p1"): own_post("p1", ENGLISH)}, author_langs={("plaza", "ann"): "en"})
    answer = mention(FINNISH, author="ann", root_id="p1")
    assert read(answer, around=around) == [reading("fi", LanguageSource.DETECTED)]


@pytest.mark.parametrize("text", ["ratio", "lol", "wow", "L", "L + ratio", "omg", "mdr", "hahaha", "iPhone 15 Pro"])
def test_word_of_every_language_that_stands_alone_is_taken_for_the_default(text: str) -> None:
    assert read(mention(text)) == [ASSUMED]


@pytest.mark.parametrize("text", ["delete this", "who approved this", "read the room", "tone deaf", "this aged well"])
def test_short_english_is_english(text: str) -> None:
    assert [one.lang for one in read(mention(text))] == ["en"]


@pytest.mark.parametrize(("text", "lang"), [("szégyelljétek", "hu"), ("hävetkää", "fi"), ("quelle honte", "fr")])
def test_a_word_or_two_are_enough_where_they_are_plain(text: str, lang: str) -> None:
    assert read(mention(text)) == [reading(lang, LanguageSource.DETECTED)]


def test_without_a_default_the_word_of_every_language_stays_open() -> None:
    reader = LanguageReader(["en", "hu"], default=None)
    assert read(mention("L + ratio"), reader=reader) == [UNKNOWN]


@pytest.mark.parametrize("text", ["", "😂😂😂", "🤡", "...", "12345", "https://example.com", "@zorvexa", "#ratio"])
def test_text_without_words_has_no_language(text: str) -> None:
    assert read(mention(text)) == [UNKNOWN]


def test_text_without_words_has_the_language_of_its_thread() -> None:
    around = Surroundings(posts={("plaza", "p1"): own_post("p1", HUNGARIAN)})
    assert read(mention("🤡", root_id="p1"), around=around) == [reading("hu", LanguageSource.THREAD)]


def test_short_text_has_the_language_its_author_wrote_last() -> None:
    around = Surroundings(author_langs={("plaza", "ann"): "nb"})
    assert read(mention("lol", author="ann"), around=around) == [reading("no", LanguageSource.AUTHOR)]


def test_author_of_the_same_name_elsewhere_is_somebody_else() -> None:
    around = Surroundings(author_langs={("plaza", "ann"): "hu"})
    assert read(mention("lol", author="ann", platform="square"), around=around) == [ASSUMED]


def test_short_text_has_the_language_of_the_authors_other_texts() -> None:
    short, *_ = read(mention("lol", author="bea"), mention(HUNGARIAN, author="bea"), mention(ENGLISH, author="cid"))
    assert short == reading("hu", LanguageSource.AUTHOR)


def test_author_comes_before_thread() -> None:
    around = Surroundings(posts={("plaza", "p1"): own_post("p1", ENGLISH)}, author_langs={("plaza", "ann"): "fi"})
    assert read(mention("lol", author="ann", root_id="p1"), around=around) == [reading("fi", LanguageSource.AUTHOR)]


@pytest.mark.parametrize("post", [own_post("p1", HUNGARIAN), own_post("p1", "wow", lang="hu")])
def test_short_answer_has_the_language_of_the_own_post(post: Mention) -> None:
    around = Surroundings(posts={("plaza", "p1"): post})
    assert read(mention("lol", root_id="p1"), around=around) == [reading("hu", LanguageSource.THREAD)]


def test_own_post_in_the_same_batch_counts_too() -> None:
    assert read(own_post("p1", HUNGARIAN), mention("lol", parent_id="p1"))[1] == reading("hu", LanguageSource.THREAD)


def test_nearer_post_counts_more_than_the_root() -> None:
    around = Surroundings(posts={("plaza", "p1"): own_post("p1", ENGLISH), ("plaza", "p2"): own_post("p2", HUNGARIAN)})
    answer = mention("lol", root_id="p1", parent_id="p2")
    assert read(answer, around=around) == [reading("hu", LanguageSource.THREAD)]


def test_thread_without_a_known_post_speaks_by_its_majority() -> None:
    replies = [mention(text, root_id="p9") for text in ("lol", FINNISH, HUNGARIAN, HUNGARIAN)]
    assert read(*replies)[0] == reading("hu", LanguageSource.THREAD)


def test_order_of_a_batch_is_no_matter() -> None:
    replies = [mention(text, root_id="p9") for text in ("lol", FINNISH, HUNGARIAN)]
    assert read(*replies) == read(*reversed(replies))[::-1]


def test_guesses_are_not_inherited() -> None:
    assert read(mention("lol", root_id="p9"), mention("ratio", root_id="p9")) == [ASSUMED, ASSUMED]


def test_language_nobody_here_reads_is_inherited_as_well() -> None:
    assert read(mention("lol", author="dan"), mention(TURKISH, author="dan")) == [
        reading("tr", LanguageSource.AUTHOR),
        reading("tr", LanguageSource.DETECTED),
    ]


@pytest.mark.parametrize(("text", "lang"), [("это позор", "ru"), ("هذا عار عليكم", "ar"), ("ντροπή σας", "el")])
def test_other_script_is_never_english(text: str, lang: str) -> None:
    around = Surroundings(posts={("plaza", "p1"): own_post("p1", ENGLISH)})
    assert read(mention(text, root_id="p1"), around=around) == [reading(lang, LanguageSource.DETECTED)]


def test_script_nobody_knows_stays_open_even_in_an_english_thread() -> None:
    around = Surroundings(posts={("plaza", "p1"): own_post("p1", ENGLISH)})
    assert read(mention("ᚠᚢᚦᚨᚱᚲ ᚷᚹᚺᚾᛁᛃ", root_id="p1"), around=around) == [UNKNOWN]


def test_nothing_in_gives_nothing_out() -> None:
    assert read() == []


def test_each_mention_needs_its_text() -> None:
    with pytest.raises(ValueError, match="zip"):
        READER.read([mention("lol")], [], NOTHING_KNOWN)


def test_default_must_be_configured() -> None:
    with pytest.raises(ValueError, match="'en'; it must be one of"):
        LanguageReader(["hu", "fi"])


def test_configured_codes_are_brought_up_to_date() -> None:
    assert LanguageReader(["en", "nb", "no"]).languages == ("en", "no")


def test_package_at_work_is_named() -> None:
    assert READER.package.split("-")[0] in {"eldc", "py3langid"}


@given(text=st.text(st.characters(exclude_categories=()), max_size=200), tag=st.none() | st.text(max_size=8))
def test_any_text_and_tag_get_one_consistent_answer(text: str, tag: str | None) -> None:
    one = mention(text, lang=tag)
    for texts in ([text], [for_scoring(text)]):
        (answer,) = READER.read([one], texts, NOTHING_KNOWN)
        assert (
            (answer.lang is None) == (answer.confidence is Confidence.NONE) == (answer.source is LanguageSource.UNKNOWN)
        )
