"""An explanation names the matter, who carried it and replies that show it; one shouter is not many."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.background import Background
from analysis.explaining import by_surprise, explain
from stormcone.models import Axis, Kind, Level, Lever, Reading, ScoredMention, WouldChange
from tests.fakes import at, make_mention, make_own_post, make_scored

WOULD = WouldChange(lever=Lever.PLANNED, now=0, needed=1, level=Level.WATCH, kind=Kind.CAMPAIGN, text="so it would.")


def said(
    number: int, text: str, *, followers: int | None = 80, author: str | None = None, **changes: Any
) -> ScoredMention:
    mention = make_mention(
        str(number),
        text=text,
        author=author or f"author {number}",
        author_followers=followers,
        posted_at=at(number),
        url=f"https://social.test/{number}",
    )
    return make_scored(replace(mention, **changes))


STORM = [
    said(1, "so you pulped the school books of poor kids"),
    said(2, "imagine pulping school books, shame on you", followers=40_000),
    said(3, "my kids need school books, not smiling adverts", followers=None),
    said(4, "school books in a skip, what were you thinking", followers=900_000),
]


def test_it_names_the_matter_the_carriers_and_typical_replies() -> None:
    told = explain(STORM[::-1], Background(), would_change=(WOULD,))
    assert told.phrases[0].phrase == "school books"
    assert (told.texts, told.phrases[0].count) == (4, 4)
    assert told.carriers.first_amplifier is not None
    assert told.carriers.first_amplifier.mention_id == "2"
    assert [each.followers for each in told.carriers.top_reach] == [900_000, 40_000]
    assert told.carriers.known_share == 0.75
    assert len(told.exemplars) == 3
    assert {each.text for each in told.exemplars} <= {each.mention.text for each in STORM}
    assert told.exemplars[0].url is not None
    assert told.would_change == (WOULD,)


def test_one_person_who_repeats_himself_is_no_topic() -> None:
    shouter = [said(n, f"flooded cellar, answer me {n}", author="one") for n in range(9)]
    told = explain(shouter, Background())
    assert (told.texts, told.phrases) == (1, ())


def test_two_texts_of_one_author_make_no_phrase_across_them() -> None:
    pairs = [
        [said(2 * n, "about the flooded", author=f"a{n}"), said(2 * n + 1, "cellar door", author=f"a{n}")]
        for n in range(4)
    ]
    phrases = {topic.phrase for topic in explain([each for pair in pairs for each in pair], Background()).phrases}
    assert phrases == {"flooded", "cellar door"}


def test_nameless_authors_are_different_people() -> None:
    texts = ("your flooded cellar", "a flooded cellar again", "the cellar is flooded cellar")
    told = explain(
        [replace(said(n, text), mention=replace(said(n, text).mention, author=None)) for n, text in enumerate(texts)],
        Background(),
    )
    assert told.texts == 3
    assert told.phrases[0].phrase == "flooded cellar"


def test_friends_own_posts_and_copies_are_not_read_but_copies_carry() -> None:
    others = [
        make_scored(make_mention("7", text="school books are lovely", author="friend"), hostility=0.25),
        make_scored(make_own_post(text="school books for all")),
        replace(said(8, "school books in a skip", followers=2_000_000), vote=replace(STORM[0].vote, is_copy=True)),
    ]
    told = explain([*STORM, *others], Background())
    assert told.phrases[0].count == 4
    assert told.carriers.top_reach[0].is_copy
    assert told.carriers.top_reach[0].followers == 2_000_000


def test_the_first_large_account_is_found_although_newer_ones_fill_what_is_read() -> None:
    newest = [said(100 + n, "school books in a skip again") for n in range(600)][::-1]
    told = explain(newest, Background(), large=[said(1, "shame about the school books", followers=70_000)])
    assert told.texts == 500
    assert told.carriers.first_amplifier is not None
    assert told.carriers.first_amplifier.mention_id == "1"


def test_how_many_followers_are_known_is_not_flattered_by_the_large_ones() -> None:
    unknown = [said(n, "school books", followers=None) for n in range(3)]
    assert explain(unknown, Background(), large=[said(9, "books", followers=70_000)]).carriers.known_share == 0


def test_nothing_hostile_is_an_empty_explanation() -> None:
    told = explain([], Background())
    assert (told.texts, told.phrases, told.exemplars, told.carriers.first_amplifier) == (0, (), (), None)


@pytest.mark.parametrize("text", ["\x00" * 99, "\ud800 flooded", "😡" * 10_000, "x " * 500_000, "=cmd()|<b>**"])
def test_hostile_texts_are_explained_without_an_error(text: str) -> None:
    told = explain([said(n, text) for n in range(5)], Background())
    for topic in told.phrases:
        assert topic.phrase.replace(" ", "").replace("'", "").replace("-", "").isalnum()


def test_the_reading_furthest_from_usual_comes_first_and_context_is_left_out() -> None:
    def reading(signal: str, surprise: float | None) -> Reading:
        return Reading(signal=signal, axis=Axis.VOLUME, value=1, expected=None, text=signal, surprise=surprise)

    readings = [reading("a", 1.0), reading("b", -6.0), reading("c", None), reading("d", 3.0)]
    assert [each.signal for each in by_surprise(readings)] == ["b", "d", "a"]
