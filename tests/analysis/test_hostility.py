"""Hostility: sarcasm and demands told from friends with the same words; every sign by its name."""

import time
import tomllib
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.cleaning import for_scoring
from analysis.cues import CueGroup, CueHits
from analysis.hostility import HostilityReader

READER = HostilityReader.load(["en"])
VADER = SentimentIntensityAnalyzer()
REPLIES = tomllib.loads((Path(__file__).parent / "replies_en.toml").read_text(encoding="utf-8"))
POST = "We are proud to launch our recycled summer bottle, made with love by local families"


def read(
    text: str,
    *,
    negative: float = 0.2,
    positive: float = 0.3,
    language: str | None = "en",
    is_reply: bool = True,
    post_text: str | None = None,
) -> CueHits:
    return READER.read(
        for_scoring(text),
        language=language,
        p_negative=negative,
        p_positive=positive,
        is_reply=is_reply,
        has_link="http" in text,
        post_text=post_text,
    )


def read_with_polarity(text: str) -> float:
    """Polarity roughly as a calibrated model has it: it takes sarcasm for praise."""
    compound = VADER.polarity_scores(for_scoring(text))["compound"]
    return read(text, negative=0.2 - 0.2 * compound, positive=0.3 + 0.3 * compound).hostility


def area_under_curve(which: str) -> float:
    hostile = [read_with_polarity(text) for text in REPLIES[f"{which}hostile"]]
    friendly = [read_with_polarity(text) for text in REPLIES[f"{which}friendly"]]
    wins = sum((a > b) + (a == b) / 2 for a, b in product(hostile, friendly))
    return wins / (len(hostile) * len(friendly))


@pytest.mark.parametrize(
    ("which", "bound"), [("", 0.96), ("later_", 0.93), ("last_", 0.90), ("unseen_", 0.92), ("held_out_", 0.78)]
)
def test_hostile_replies_are_told_from_friendly_ones_with_the_same_words(which: str, bound: float) -> None:
    assert area_under_curve(which) >= bound


def test_few_friendly_replies_count_as_hostile() -> None:
    friendly = [text for name, texts in REPLIES.items() if name.endswith("friendly") for text in texts]
    wronged = [text for text in friendly if read_with_polarity(text) >= 0.5]
    assert len(friendly) > 250
    assert len(wronged) <= 0.05 * len(friendly), wronged


def test_most_plain_demands_and_worn_sarcasm_count_as_hostile() -> None:
    hostile = REPLIES["hostile"]
    assert sum(read_with_polarity(text) >= 0.5 for text in hostile) >= 0.7 * len(hostile)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Wow, amazing. Who approved this?", "praise beside a cue"),
        ("Amazing photo, your workers died for it", "praise beside bad news"),
        ("Great service, still waiting", "praise beside trouble"),
        ("Love the bottle, but you poisoned my well", "praise with a but"),
        ("Beautiful bottle 🙃", "praise with a mocking emoji"),
        ("So lovely while your factory leaks sewage https://example.com/news", "link beside praise"),
        ('Your "sustainable" bottle again', "scare quotes"),
        ("your 'values' again", "scare quotes"),
        ("READ 👏 YOUR 👏 OWN 👏 REPORT", "slow clap"),
        ("The river is polluted", "bad news at the brand's door"),
        ("the fucking thing again", "profanity"),
        ("you retards", "slur"),
    ],
)
def test_structure_is_named(text: str, name: str) -> None:
    hits = read(text)
    assert name in hits.names
    assert READER.group_of(name) in hits.groups


def test_every_contribution_of_the_post_itself_is_named() -> None:
    assert "quotes the post" in read("proud to launch recycled summer what, lead?", post_text=POST).names
    assert "quotes the post" in read("who wrote “made with love” and why", post_text=POST).names
    assert "scare quotes" in read('the "families" again', post_text=POST).names


def test_a_shared_post_is_no_quote() -> None:
    assert "quotes the post" not in read(POST, post_text=POST).names
    assert "quotes the post" not in read("a bottle for the summer", post_text=POST).names


def test_praise_outside_a_reply_that_speaks_to_nobody_is_no_sarcasm() -> None:
    text = "Amazing photo of a boycott"
    assert "praise beside a cue" in read(text).names
    assert "praise beside a cue" not in read(text, is_reply=False).names


def test_swearing_weighs_by_mood_and_address() -> None:
    joy = read("Fucking love this", positive=0.8, negative=0.1)
    mood = read("what a fucking mess", positive=0.1, negative=0.8)
    brand = read("your fucking ads", positive=0.1, negative=0.8)
    assert joy.hostility < 0.2 < mood.hostility < 0.5 < brand.hostility
    assert "profanity in anger" in mood.names
    assert "profanity at the brand" in brand.names
    assert read("fuck you", negative=0.6, positive=0.1).hostility > 0.7


@pytest.mark.parametrize(
    "text",
    [
        "never delete this, it made my day",
        "who approved this? give them a raise",
        "I'm dead 💀 this is hilarious",
        "crying 😭 love it",
        "bravo, well done team",
        "sorry I missed this",
        "wow, just wow, gorgeous",
        "imagine posting something this good",
        "thank you so much",
        "When do you open tomorrow?",
    ],
)
def test_a_friend_is_hardly_hostile_and_is_not_named(text: str) -> None:
    hits = read(text)
    assert hits.hostility < 0.2
    assert hits.names == ()


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Delete this. Now.", 0.5),
        ("who approved this", 0.5),
        ("I know where you live, love this ❤️", 0.9),
        ("shame on you, racists", 0.75),
        ("you have blood on your hands", 0.7),
        ("boycott this company", 0.6),
    ],
)
def test_plain_hostility_stays_plain(text: str, least: float) -> None:
    assert read(text).hostility >= least


def test_trouble_with_the_product_is_named_however_mild() -> None:
    hits = read("the app is down", is_reply=False)
    assert hits.groups == {CueGroup.SERVICE}
    assert hits.hostility < 0.2


def test_another_language_is_read_for_emoji_and_borrowed_words() -> None:
    assert read("ihr seid 🤡🤡🤡", language="xx").hostility >= 0.5
    assert "ratio" in read("ratio", language=None).names


def test_a_text_without_words_says_nothing() -> None:
    assert read("") == read("https://example.com/1") == read("\x00\u202e") == CueHits()


@pytest.mark.parametrize(
    "text",
    [
        "\x00" * 999,
        "\ud800\udfff",
        "a" * 1_000_000,
        "👏a" * 9_999,
        "“" * 999,
        "'" * 999,
        "=cmd|'/c calc'!A1",
        "İ'ß" * 400,
    ],
)
def test_hostile_text_is_read_like_any_other(text: str) -> None:
    assert 0.0 <= read(text, post_text=text).hostility <= 1.0
    assert (
        0.0
        <= READER.read(
            text[:1000],
            language="en",
            p_negative=1.0,
            p_positive=1.0,
            is_reply=False,
            has_link=True,
            post_text=text[:1000],
        ).hostility
        <= 1.0
    )


@given(
    st.text(st.characters(), max_size=120),
    st.none() | st.text(max_size=6),
    st.floats(0, 1),
    st.none() | st.text(max_size=80),
)
def test_no_text_raises(text: str, language: str | None, share: float, post_text: str | None) -> None:
    hits = read(text, language=language, negative=share, positive=1 - share, post_text=post_text)
    assert 0.0 <= hits.hostility <= 1.0
    assert bool(hits.names) == bool(hits.groups)
    assert all(READER.group_of(name) for name in hits.names)


def test_a_thousand_characters_cost_little_more_than_ten_short_texts() -> None:
    def seconds(text: str) -> float:
        taken = []
        for _ in range(5):
            started = time.perf_counter()
            read(text, positive=0.9, post_text=text)
            taken.append(time.perf_counter() - started)
        return min(taken)

    usual = seconds("Wow, amazing. The new bottle is here, who approved this and why? I like the colour of it a lot 🙃")
    pieces = ("imagine ", "so this is what ", "you owe ", "say you 'x ", '"a', "👏a", "no ")
    assert max(seconds((piece * 1000)[:1000]) for piece in pieces) < 100 * usual
