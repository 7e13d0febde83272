"""The memory that explains a surge: windows, threads, reach, and bounds."""

from analysis.recents import _MOST, Recents
from tests.fakes import POST, at, make_mention, make_own_post, make_scored


def add(recents: Recents, identifier: str, minutes: float, *, hostility: float = 0.75, **changes: object) -> None:
    mention = make_mention(identifier, posted_at=at(minutes), author=f"author {identifier}", **changes)
    recents.add(make_scored(mention, hostility=hostility))


def test_window_holds_what_was_posted_in_it() -> None:
    recents = Recents()
    for number in range(10):
        add(recents, str(number), number)
    heard = recents.heard(since=at(2), until=at(5))
    assert heard.hostile_authors == 3
    assert heard.cues == {"contempt": 3, "demand": 3}


def test_person_counts_once_and_a_nameless_one_apart() -> None:
    recents = Recents()
    for number in range(5):
        recents.add(make_scored(make_mention(str(number), author="one")))
        recents.add(make_scored(make_mention(f"n{number}", author=None)))
    assert recents.heard(since=at(-1), until=at(1)).hostile_authors == 6


def test_three_who_shout_are_three_however_many_join_once() -> None:
    recents = Recents()
    for number in range(60):
        recents.add(make_scored(make_mention(str(number), author=f"troll {number % 3}")))
    recents.add(make_scored(make_mention("once", author="passer-by")))
    heard = recents.heard(since=at(-1), until=at(1))
    assert heard.hostile_authors == 4
    assert 3.0 <= heard.hostile_crowd < 3.2


def test_crowd_that_speaks_once_each_is_as_large_as_its_number() -> None:
    recents = Recents()
    for number in range(7):
        add(recents, str(number), 0)
    assert recents.heard(since=at(-1), until=at(1)).hostile_crowd == 7.0
    assert recents.heard(since=at(5), until=at(6)).hostile_crowd == 0.0


def test_thread_is_told_apart_from_the_rest() -> None:
    recents = Recents()
    add(recents, "1", 0)
    add(recents, "2", 0, parent_id="other", root_id="other")
    add(recents, "3", 0, parent_id=None, root_id=None)
    assert recents.heard(since=at(-1), until=at(1)).hostile_authors == 3
    assert recents.heard(since=at(-1), until=at(1), thread=POST).hostile_authors == 1


def test_reach_is_of_the_largest_account_against() -> None:
    recents = Recents()
    add(recents, "small", 0, author_followers=900)
    add(recents, "large", 0, author_followers=80_000)
    add(recents, "friend", 0, author_followers=5_000_000, hostility=0.125)
    add(recents, "unknown", 0)
    heard = recents.heard(since=at(-1), until=at(1))
    assert (heard.top_reach, heard.top_reach_author) == (80_000, "author large")


def test_silence_has_no_reach() -> None:
    heard = Recents().heard(since=at(-1), until=at(1))
    assert (heard.hostile_authors, heard.top_reach, heard.top_reach_author) == (0, None, None)


def test_own_posts_and_copies_are_no_voices() -> None:
    recents = Recents()
    recents.add(make_scored(make_own_post()))
    recents.add(make_scored(make_mention(), is_copy=True))
    assert not recents._notes


def test_memory_is_bounded_by_number() -> None:
    recents = Recents()
    scored = make_scored()
    for _ in range(_MOST + 50):
        recents.add(scored)
    assert len(recents._notes) == _MOST


def test_memory_is_bounded_by_time() -> None:
    recents = Recents()
    for number in range(10):
        add(recents, str(number), 30 * number)
    recents.forget_before(at(270))
    assert len(recents._notes) == 5
