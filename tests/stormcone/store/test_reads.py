import threading
from typing import Any

import pytest

from stormcone.models import Batch, Deletion, Engagement, ScoredMention
from stormcone.store import Store, open_store
from tests.fakes import AT, at, make_mention, make_own_post, make_scored


def save(store: Store, *scored: ScoredMention, batch: Batch | None = None) -> None:
    store.mentions.save(scored, batch or Batch())


def ids(found: tuple[ScoredMention, ...]) -> list[str]:
    return [each.mention.id for each in found]


def look(post: str, minutes: float, likes: int, brand: str = "acme") -> Engagement:
    return Engagement(platform="x", post_id=post, brand=brand, seen_at=at(minutes), likes=likes)


def test_own_posts_come_newest_first_with_what_their_threads_brought(store: Store) -> None:
    first, second = make_own_post("first"), make_own_post("second", posted_at=at(10))
    replies = [make_scored(make_mention(str(n), posted_at=at(n), root_id="first")) for n in range(3)]
    mild = make_scored(make_mention("mild", posted_at=at(1), root_id="first"), hostility=0.25)
    elsewhere = make_scored(make_mention("other brand", brand="other", root_id="first"))
    batch = Batch(
        engagements=(look("first", 1, 10), look("first", 9, 8), look("first", 5, 12), look("first", 99, 1, "other")),
        deletions=(Deletion(platform="x", id="second", brand="acme", seen_at=at(11)),),
    )
    save(store, *map(make_scored, (first, second)), *replies, mild, elsewhere, batch=batch)
    newest, oldest = store.reads.own_posts("acme", since=AT)
    assert (newest.mention, oldest.mention) == (second, first)
    assert (newest.replies, newest.voices, newest.engagement, newest.is_deleted) == (0, 0.0, None, True)
    assert (oldest.replies, oldest.voices, oldest.against, oldest.hostile) == (4, 4.0, 2.5, 3)
    assert (type(oldest.replies), type(oldest.hostile), type(oldest.voices)) == (int, int, float)
    assert oldest.engagement == look("first", 9, 8)
    assert not oldest.is_deleted


def test_posts_of_the_same_id_on_two_platforms_are_told_apart(store: Store) -> None:
    save(
        store,
        *(make_scored(make_own_post("1", platform=platform)) for platform in ("x", "bluesky")),
        make_scored(make_mention("r", platform="bluesky", root_id="1")),
        batch=Batch(
            engagements=(look("1", 1, 10),),
            deletions=(Deletion(platform="bluesky", id="1", brand="acme", seen_at=AT),),
        ),
    )
    found = {post.mention.platform: post for post in store.reads.own_posts("acme", since=AT)}
    assert (found["x"].replies, found["bluesky"].replies) == (0, 1)
    assert (found["x"].engagement, found["bluesky"].engagement) == (look("1", 1, 10), None)
    assert (found["x"].is_deleted, found["bluesky"].is_deleted) == (False, True)


def test_own_posts_are_limited_by_time_and_number(store: Store) -> None:
    save(store, *(make_scored(make_own_post(str(n), posted_at=at(n))) for n in range(5)))
    found = store.reads.own_posts("acme", since=at(1), limit=2)
    assert [post.mention.id for post in found] == ["4", "3"]
    assert len(store.reads.own_posts("acme", since=at(1))) == 4
    assert store.reads.own_posts("other", since=at(0)) == ()


def test_the_loudest_against_the_brand_come_first_each_text_once(store: Store) -> None:
    def reply(
        identifier: str, followers: int | None, minutes: float = 0, *, root: str = "post-1", **scores: Any
    ) -> ScoredMention:
        mention = make_mention(identifier, author_followers=followers, posted_at=at(minutes), root_id=root)
        return make_scored(mention, **scores)

    friendly = make_scored(make_mention("friendly", author_followers=10**6), hostility=0.25)
    save(
        store,
        friendly,
        make_scored(make_own_post("own", author_followers=10**6)),
        reply("copy", 10**6, is_copy=True),
        reply("early", 10**6, -1),
        reply("late", 10**6, 11),
        reply("unknown reach", None),
        reply("small", 5),
        reply("loud", 9_000, 10),
        reply("small but angrier", 5, hostility=0.875),
        reply("elsewhere", 100, root="post-2"),
    )
    loudest = store.reads.loudest("acme", since=AT, until=at(10))
    assert ids(loudest) == ["loud", "elsewhere", "small but angrier", "small", "unknown reach"]
    assert ids(store.reads.loudest("acme", since=AT, until=at(10), limit=2)) == ["loud", "elsewhere"]
    assert ids(store.reads.loudest("acme", since=AT, until=at(10), thread=("x", "post-2"))) == ["elsewhere"]
    assert store.reads.loudest("acme", since=AT, until=at(10), thread=("bluesky", "post-2")) == ()


def test_mentions_stream_oldest_first_within_the_time_asked(store: Store) -> None:
    save(
        store,
        *(make_scored(make_mention(str(n), posted_at=at(n))) for n in (3, 1, 2, 0)),
        make_scored(make_mention("same time", posted_at=at(1))),
        make_scored(make_mention("other", brand="other", posted_at=at(2))),
    )
    assert ids(tuple(store.reads.mentions_since(at(1), brand="acme", until=at(3)))) == ["1", "same time", "2"]
    assert ids(tuple(store.reads.mentions_since(at(2)))) == ["2", "other", "3"]


def test_who_streams_mentions_does_not_keep_others_from_writing(store: Store, store_url: str) -> None:
    save(store, *(make_scored(make_mention(str(n), posted_at=at(n))) for n in range(4_500)))
    writer = open_store(store_url, busy_timeout_seconds=1)
    stream = store.reads.mentions_since(AT)
    seen = [next(stream)]
    save(writer, make_scored(make_mention("written meanwhile", posted_at=at(9_000))))
    seen += stream
    assert len(seen) == 4_500  # the stream is what was there when it began
    assert writer.reads.mention_named("x", "written meanwhile", "acme") is not None
    writer.close()


def test_a_stream_given_up_half_way_gives_its_connection_back(store: Store) -> None:
    save(store, *(make_scored(make_mention(str(n))) for n in range(10)))
    for _ in range(40):  # more than the pool has connections
        stream = store.reads.mentions_since(AT)
        next(stream)
        stream.close()  # type: ignore[attr-defined]  # an iterator by type, a generator in truth
    assert len(list(store.reads.mentions_since(AT))) == 10


def test_readers_do_not_wait_for_a_writer(store: Store, store_url: str) -> None:
    save(store, make_scored())
    reader = open_store(store_url, busy_timeout_seconds=1)
    answered = threading.Event()

    def read() -> None:
        assert len(reader.reads.brand_minutes("acme", since=AT, until=at(1))) == 1
        answered.set()

    thread = threading.Thread(target=read)
    with store.database.write() as connection:
        connection.exec_driver_sql("UPDATE brand_minute SET mentions = 99")
        thread.start()
        assert answered.wait(30)
    thread.join(30)
    reader.close()


@pytest.mark.parametrize(("since", "until", "minutes"), [(0, 3, [0, 1, 2]), (1, 2, [1]), (1, 1, []), (3, 9, [])])
def test_minutes_are_asked_from_including_until_excluding(
    store: Store, since: float, until: float, minutes: list[int]
) -> None:
    save(store, *(make_scored(make_mention(str(n), posted_at=at(n + 0.5))) for n in range(3)))
    found = store.reads.brand_minutes("acme", since=at(since), until=at(until))
    assert [row.minute for row in found] == [at(minute) for minute in minutes]
    threads = store.reads.post_minutes("acme", since=at(since), until=at(until))
    assert [row.minute for row in threads] == [at(minute) for minute in minutes]


def test_the_minutes_of_one_thread_leave_out_the_others(store: Store) -> None:
    save(store, *(make_scored(make_mention(post, root_id=post)) for post in ("a", "b")))
    found = store.reads.post_minutes("acme", since=AT, until=at(1), post=("x", "b"))
    assert [row.post_id for row in found] == ["b"]
    assert store.reads.post_minutes("acme", since=AT, until=at(1), post=("bluesky", "b")) == ()


def test_a_mention_nobody_stored_is_none(store: Store) -> None:
    save(store, make_scored())
    assert store.reads.mention_named("x", "1", "other") is None
    assert store.reads.mention_named("x", "1", "acme") == make_scored()


def test_an_empty_store_has_nothing_to_say(store: Store) -> None:
    assert store.reads.brands() == ()
    assert store.reads.own_posts("acme", since=AT) == ()
    assert store.reads.engagements_since(AT, brand="acme") == ()


def test_the_newest_against_come_newest_first_copies_among_them(store: Store) -> None:
    hostile = [make_scored(make_mention(str(n), posted_at=at(n)), is_copy=n == 2) for n in range(4)]
    mild = make_scored(make_mention("mild", posted_at=at(9)), hostility=0.25)
    other = make_scored(make_mention("other", posted_at=at(9), brand="other"))
    free = make_scored(make_mention("free", posted_at=at(1.5), root_id=None, parent_id=None))
    save(store, *hostile, mild, other, free, make_scored(make_own_post(posted_at=at(9))))
    span = {"since": at(1), "until": at(10)}
    assert ids(store.reads.newest_against("acme", **span, limit=3)) == ["3", "2", "free"]
    assert ids(store.reads.newest_against("acme", **span, thread=("x", "post-1"), limit=9)) == ["3", "2", "1"]


def test_the_first_large_against_come_oldest_first(store: Store) -> None:
    sizes = (50, 90_000, None, 10_000, 9_999, 70_000)
    mentions = [make_mention(str(n), posted_at=at(n), author_followers=size) for n, size in enumerate(sizes)]
    save(store, *map(make_scored, mentions))
    found = store.reads.first_large_against("acme", since=AT, until=at(9), followers=10_000, limit=2)
    assert ids(found) == ["1", "3"]


def test_the_first_of_each_stretch_are_those_a_feed_would_take(store: Store) -> None:
    mentions = [make_scored(make_mention(str(n), posted_at=at(n), author=str(n)), hostility=0.25) for n in range(12)]
    copy = make_scored(make_mention("copy", posted_at=at(0.1)), is_copy=True)
    save(store, *mentions, copy, make_scored(make_own_post(posted_at=AT)))
    stretches = [(AT, at(5)), (at(5), at(6)), (at(20), at(25))]
    assert ids(tuple(store.reads.first_of("acme", stretches, limit=2))) == ["0", "1", "5"]


def test_authors_are_known_by_when_they_first_and_last_spoke(store: Store) -> None:
    said = [("ann", 3, None), ("ann", 1, None), ("ann", 9, "p"), ("bob", 4, None), ("old", -99, None), (None, 5, None)]
    save(
        store,
        *(
            make_scored(make_mention(str(n), author=author, posted_at=at(minute), seen_at=at(minute + 1), root_id=root))
            for n, (author, minute, root) in enumerate(said)
        ),
        make_scored(make_mention("elsewhere", author="bob", platform="reddit", posted_at=at(2), seen_at=at(2))),
        make_scored(make_mention("other", author="eve", brand="other", posted_at=at(2))),
        make_scored(make_own_post("own", posted_at=at(2))),
    )
    found = list(store.reads.authors_heard("acme", since=AT, limit=9))
    assert [(each.platform, each.author, each.first_at, each.last_at, each.seen_at) for each in found] == [
        ("reddit", "bob", at(2), at(2), at(2)),
        ("x", "bob", at(4), at(4), at(5)),
        ("x", "ann", at(1), at(9), at(2)),
    ]
    assert [each.author for each in store.reads.authors_heard("acme", since=AT, limit=1)] == ["ann"]
