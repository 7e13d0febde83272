"""A thread: counts of replies by step, likes between looks, age, and what it teaches afterwards."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from analysis.post_prior import WhoSpeaks, learn_prior
from analysis.threads import Thread
from stormcone.models import Engagement, PostMinute, Vote
from tests.fakes import AT, POST, at


def make_thread() -> Thread:
    return Thread(key=POST, posted_at=AT, prior=learn_prior([], against_share=0.25), is_seen=True)


def make_vote(*, voice: float = 1.0, against: float = 0.875, is_copy: bool = False) -> Vote:
    return Vote(voice=voice, against=against, thread_voice=voice, thread_against=against, is_copy=is_copy)


def make_minute(*, replies: int, voices: float, against: float, hostile: int) -> PostMinute:
    return PostMinute(
        brand="acme",
        platform=POST[0],
        post_id=POST[1],
        minute=AT,
        replies=replies,
        voices=voices,
        against=against,
        hostile=hostile,
    )


def look(minutes: float, likes: int | None, *, replies: int | None = None, quotes: int | None = None) -> Engagement:
    return Engagement(
        platform=POST[0],
        post_id=POST[1],
        brand="acme",
        seen_at=at(minutes),
        likes=likes,
        replies=replies,
        quotes=quotes,
    )


def test_replies_are_summed_by_step_and_in_all() -> None:
    thread = make_thread()
    thread.add(10, make_vote())
    thread.add(11, make_vote(against=0.25))
    thread.add(11, make_vote(voice=0.0, against=0.0))
    assert (thread.replies, thread.voices, thread.against, thread.hostile_authors) == (3, 2, 1.125, 1)
    newest = thread.recent(11, 1)
    assert (newest.replies, newest.voices, newest.against, newest.hostile) == (2, 1, 0.25, 0)
    assert thread.recent(11, 2).replies == 3
    assert thread.recent(30, 6).replies == 0


def test_somebody_who_speaks_again_is_no_copy() -> None:
    thread = make_thread()
    thread.add(10, make_vote(voice=0.0, against=0.0))
    thread.add(10, make_vote(voice=0.0, against=0.0, is_copy=True))
    assert thread.recent(10, 1).copies == 1


def test_stored_minutes_count_the_same() -> None:
    thread = make_thread()
    thread.restore(10, make_minute(replies=5, voices=4.0, against=2.5, hostile=2))
    assert (thread.replies, thread.voices, thread.against, thread.hostile_authors) == (5, 4, 2.5, 2)


def test_repetitions_of_one_person_are_not_restored_as_a_crowd() -> None:
    thread = make_thread()
    thread.restore(10, make_minute(replies=50, voices=1.0, against=0.875, hostile=50))
    assert thread.hostile_authors == 1


def test_watch_steps_only_when_there_is_something_new() -> None:
    thread = make_thread()
    before = thread.step(at(5))
    thread.add(1, make_vote())
    after = thread.step(at(10))
    assert after != before
    assert thread.step(at(15)) == after


def test_likes_are_counted_between_looks_and_may_fall() -> None:
    up, down = make_thread(), make_thread()
    for thread, counts in ((up, (10, 20, 20)), (down, (10, 20, 5))):
        for number, likes in enumerate(counts, start=1):
            thread.add(number, make_vote())
            thread.engage(look(5 * number, likes))
            thread.step(at(5 * number))
    assert up.watch.evidence == down.watch.evidence
    assert down.likes == 5


def test_look_that_says_nothing_of_likes_leaves_them_unknown() -> None:
    thread = make_thread()
    thread.engage(look(5, None))
    assert thread.likes is None
    assert thread.finished().likes is None


def test_evidence_once_reached_is_kept_until_it_is_forgotten() -> None:
    thread = make_thread()
    for number in range(1, 5):
        for _ in range(9):
            thread.add(number, make_vote())
        thread.step(at(5 * number))
    reached = thread.most_evidence
    thread.engage(look(25, 900))
    thread.step(at(25))
    assert thread.watch.evidence.pile_on < reached == thread.most_evidence
    thread.forget_evidence()
    assert thread.most_evidence == -math.inf


def test_post_that_is_seen_after_its_replies_makes_the_thread_older() -> None:
    thread = Thread(key=POST, posted_at=at(20), prior=learn_prior([], against_share=0.25), is_seen=False)
    thread.meet(AT, is_seen=True)
    assert thread.is_seen
    assert thread.age_minutes(at(30)) == 30


def test_age_is_never_negative() -> None:
    assert make_thread().age_minutes(AT - timedelta(hours=1)) == 0


def test_finished_thread_teaches_its_sums() -> None:
    thread = make_thread()
    thread.add(10, make_vote())
    thread.engage(look(5, 12))
    finished = thread.finished()
    assert (finished.voices, finished.against, finished.likes) == (1, 0.875, 12)


@pytest.mark.parametrize(
    ("replies", "quotes", "uncollected"),
    [
        (10, 4, 4),  # every reply was collected, no quote
        (7, 4, 1),  # three of what was collected are quotes
        (2, 4, 0),  # all of them
        (90, 4, 4),  # replies were not collected: a pity, and no quotes
        (None, 4, 0),  # everything that was collected may be a quote
        (None, 30, 20),
        (10, None, None),
    ],
)
def test_quotes_that_were_collected_are_not_counted_twice(
    replies: int | None, quotes: int | None, uncollected: int | None
) -> None:
    thread = make_thread()
    for _ in range(10):
        thread.add(1, make_vote())
    thread.engage(look(5, 20, replies=replies, quotes=quotes))
    assert thread.quotes == uncollected
    assert thread.finished().quotes == (uncollected or 0)


def test_quotes_make_a_thread_more_suspicious_and_are_used_once() -> None:
    quoted, plain, repeated = make_thread(), make_thread(), make_thread()
    for number in range(1, 9):
        for thread, quotes in ((quoted, 12 * number), (plain, None), (repeated, 12)):
            for _ in range(2):
                thread.add(number, make_vote())
            thread.engage(look(5 * number, number, replies=2 * number, quotes=quotes))
            thread.step(at(5 * number))
    assert quoted.watch.evidence.composition > plain.watch.evidence.composition + 1
    assert quoted.watch.evidence.composition > repeated.watch.evidence.composition + 1
    assert quoted.watch.evidence.volume == plain.watch.evidence.volume


def test_quotes_that_were_taken_back_are_not_counted_again() -> None:
    thread = make_thread()
    for number, quotes in enumerate((8, 3, 8), start=1):
        thread.engage(look(5 * number, 10 * number, quotes=quotes))
        thread.step(at(5 * number))
    assert thread.quotes == 8


def make_told(*, is_stranger: bool | None, is_personal: bool | None) -> Vote:
    return replace(make_vote(), is_stranger=is_stranger, is_personal=is_personal)


def test_voices_are_told_apart_by_step_and_in_all() -> None:
    thread = make_thread()
    thread.add(10, make_told(is_stranger=True, is_personal=False))
    thread.add(11, make_told(is_stranger=False, is_personal=True))
    thread.add(11, make_told(is_stranger=None, is_personal=True))
    thread.add(11, make_vote(voice=0.0))
    assert thread.who == WhoSpeaks(named=2, strangers=1, told=3, personal=2)
    assert thread.recent(11, 1).who == WhoSpeaks(named=1, strangers=0, told=2, personal=2)
    assert thread.recent(11, 2).who == thread.who == thread.finished().who


def test_stored_minutes_tell_voices_apart_as_votes_do() -> None:
    thread = make_thread()
    minute = replace(
        make_minute(replies=5, voices=4.0, against=2.5, hostile=2), named=4, strangers=3, told=2, personal=1
    )
    thread.restore(10, minute)
    assert thread.recent(10, 1).who == thread.who == WhoSpeaks(named=4, strangers=3, told=2, personal=1)
