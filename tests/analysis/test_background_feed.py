"""What teaches a brand's background: the first of each half hour, two hours later, and no storm."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from analysis.background_feed import RIPE_AFTER, TAKEN_OF_STRETCH, BackgroundFeed, start_of_stretch
from stormcone.models import ScoredMention
from tests.fakes import AT, at, make_mention, make_own_post, make_scored

LATER = RIPE_AFTER / timedelta(minutes=1)


def said(text: str, minutes: float = 0, *, hostile: bool = False, **changes: Any) -> ScoredMention:
    mention = make_mention(f"{text} {minutes}", text=text, posted_at=at(minutes), seen_at=at(minutes))
    return make_scored(replace(mention, **changes), hostility=0.75 if hostile else 0.25)


def test_a_text_is_background_once_it_is_two_hours_old() -> None:
    feed = BackgroundFeed()
    feed.learn(said("late parcel"))
    feed.learn(said("nothing new", LATER - 1))
    assert feed.background.texts == 0
    feed.learn(said("nothing new", LATER))
    assert feed.background.count("late parcel") == pytest.approx(1, abs=0.01)
    assert feed.background.count("nothing new") == 0


def test_a_dense_half_hour_teaches_a_few_texts_and_the_next_one_again() -> None:
    feed = BackgroundFeed()
    for second in range(400):
        feed.learn(said(f"parcel {second}", second / 60))
    feed.learn(said("parcel again", 31))
    feed.learn(said("much later", 31 + LATER))
    assert feed.background.count("parcel") == pytest.approx(TAKEN_OF_STRETCH + 1, abs=0.1)


def test_own_posts_and_copies_teach_nothing() -> None:
    feed = BackgroundFeed()
    feed.learn(make_scored(make_own_post(text="our new parcel")))
    feed.learn(make_scored(make_mention(text="the parcel"), is_copy=True))
    feed.learn(said("much later", LATER))
    feed.learn(said("later still", 2 * LATER))
    assert feed.background.count("parcel") == 0
    assert feed.background.count("much later") == 1


def test_a_storm_does_not_become_its_own_background_not_even_its_first_minutes() -> None:
    feed = BackgroundFeed()
    feed.learn(said("you pulped the books", 0, hostile=True))
    feed.learn(said("lovely mugs", 1))
    feed.note_incident(is_live=True)
    feed.learn(said("books pulped again", 5, hostile=True))
    feed.note_incident(is_live=False)
    feed.learn(said("grumble as ever", 100, hostile=True))
    feed.learn(said("much later", 100 + LATER))
    assert feed.background.count("books") == 0
    assert feed.background.count("lovely mugs") == pytest.approx(1, abs=0.02)
    assert feed.background.count("grumble") == pytest.approx(1, abs=0.02)


def test_a_restored_feed_knows_what_the_one_before_knew() -> None:
    ran_on, restarted = BackgroundFeed(), BackgroundFeed()
    past = [said(f"parcel {n}", 7 * n, hostile=n % 3 == 0) for n in range(200)]
    opened, ended = at(700), at(900)
    for each in past:
        ran_on.note_incident(is_live=opened <= each.mention.posted_at <= ended)
        ran_on.learn(each)
    for each in past:
        restarted.restore(each, [(opened, ended)])
    for feed in (ran_on, restarted):
        feed.learn(said("now", 7 * 200 + LATER))
    for term in ("parcel", "parcel 99", "parcel 120", "parcel 0", "parcel 121"):
        assert restarted.background.count(term) == pytest.approx(ran_on.background.count(term)), term
    assert restarted.background.count("parcel 99") == 0
    assert restarted.background.count("parcel 121") > 0


def test_a_date_far_ahead_is_not_believed() -> None:
    feed = BackgroundFeed()
    feed.learn(said("from the future", 0, posted_at=AT + timedelta(days=4000)))
    feed.learn(said("today", 1))
    feed.learn(said("much later", 1 + LATER))
    assert feed.background.count("today") == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("text", ["\x00", "\ud800" * 9, "x " * 500_000, "😡" * 10_000, ""])
def test_hostile_texts_wait_and_are_learned_without_an_error(text: str) -> None:
    feed = BackgroundFeed()
    feed.learn(said(text))
    assert max(len(each.text) for each in feed._waiting) <= 4_000
    feed.learn(said("much later", LATER))
    assert feed.background.texts == pytest.approx(1, abs=0.01)


def test_memory_is_bounded_however_late_things_arrive() -> None:
    feed = BackgroundFeed()
    for n in range(3_000):
        feed.learn(said("old", -30 * n))
    assert len(feed._taken) <= 1_000
    assert len(feed._waiting) <= 10 * TAKEN_OF_STRETCH


def test_stretches_begin_on_the_half_hour() -> None:
    assert start_of_stretch(at(37.5)) == at(30)
    assert start_of_stretch(at(-1)) == at(-30)
    assert start_of_stretch(AT) == AT
