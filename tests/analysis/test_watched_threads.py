"""Threads under watch: opened once, finished after two days, and a finished one is not opened again by a late reply."""

from datetime import UTC, datetime, timedelta

from analysis.threads import PostKey
from analysis.watched_threads import WatchedThreads

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
KEY: PostKey = ("x", "post")


def test_post_that_comes_after_its_replies_finds_their_thread() -> None:
    threads = WatchedThreads()
    opened = threads.answered(KEY, START + timedelta(minutes=9))
    assert opened is not None
    assert not opened.is_seen
    assert threads.open(KEY, START, is_seen=True) is opened
    assert (opened.is_seen, opened.posted_at) == (True, START)
    assert len(list(threads)) == 1


def test_finished_thread_is_watched_no_more_and_no_reply_opens_it_again() -> None:
    threads = WatchedThreads()
    threads.open(KEY, START, is_seen=True)
    threads.step(START + DAY)
    assert threads.get(KEY) is not None
    threads.step(START + 3 * DAY)
    assert threads.get(KEY) is None
    assert threads.answered(KEY, START + 3 * DAY) is None


def test_peak_is_the_most_since_it_was_forgotten() -> None:
    threads = WatchedThreads()
    thread = threads.open(KEY, START, is_seen=True)
    assert [threads.peak(thread, velocity) for velocity in (1.0, 5.0, 2.0)] == [1.0, 5.0, 5.0]
    threads.forget_peak(thread)
    assert threads.peak(thread, 2.0) == 2.0


def test_rare_poster_counts_as_one_post_a_day_and_old_posts_count_no_more() -> None:
    threads = WatchedThreads()
    assert threads.posts_a_month(START) == 30
    for number in range(50):
        threads.open(("x", str(number)), START, is_seen=True)
    assert threads.posts_a_month(START + DAY) == 50
    assert threads.posts_a_month(START + 31 * DAY) == 30
    assert threads.get(None) is None


def test_post_nobody_has_seen_is_not_counted_until_it_is_seen() -> None:
    threads = WatchedThreads()
    for number in range(50):
        threads.answered(("x", str(number)), START)
    assert threads.posts_a_month(START + DAY) == 30
    for number in range(40):
        threads.open(("x", str(number)), START, is_seen=True)
        threads.open(("x", str(number)), START, is_seen=True)
    assert threads.posts_a_month(START + DAY) == 40
