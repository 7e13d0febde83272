"""Jetstream: read from a cursor to the present over a real websocket, filtered here, bounded, and left again."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from stormcone.errors import CollectError
from tests.collectors.bluesky_watch import ACME, BEN, MIA, NOW, Archive, Watch, ids_in
from tests.collectors.fake_bluesky import FakeBluesky, fake_bluesky


@pytest.fixture
def network() -> Iterator[FakeBluesky]:
    with fake_bluesky(NOW - timedelta(minutes=5)) as running:
        running.handles = {ACME: "acme.example", MIA: "mia.example", BEN: "ben.example"}
        yield running


def _watch(network: FakeBluesky, archive: Archive | None = None) -> Watch:
    return Watch(network, settings={"jetstream_url": network.jetstream_url}, archive=archive or Archive())


def _say(network: FakeBluesky, *uris: str) -> None:
    network.stream += [network.message(uri) for uri in uris]


def test_words_hashtags_names_quotes_and_answers_are_filtered_out_of_everything(network: FakeBluesky) -> None:
    own = f"at://{ACME}/app.bsky.feed.post/1"
    tag = {"features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "AcmeDay"}]}
    name = {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": ACME}]}
    found = [
        network.post(MIA, "2", "my ACME  tools broke"),
        network.post(MIA, "3", "what a day", facets=[tag]),
        network.post(MIA, "4", "they do not answer", facets=[name]),
        network.post(MIA, "5", "this!", embed={"$type": "app.bsky.embed.record", "record": {"uri": own}}),
        network.post(MIA, "6", "boo", reply={"parent": {"uri": own}, "root": {"uri": own}}),
    ]
    others = [network.post(BEN, str(number), f"the weather, part {number}") for number in range(10, 40)]
    _say(network, *found, *others)

    batch = _watch(network).poll()

    assert ids_in(batch) == found
    assert [mention.root_id for mention in batch.mentions] == [None, None, None, None, own]
    assert {mention.author for mention in batch.mentions} == {"mia.example"}
    assert batch.trouble is None


def test_an_own_post_is_seen_in_the_stream_even_if_nothing_else_answers(network: FakeBluesky) -> None:
    own = network.post(ACME, "1", "We raise our prices.")
    _say(network, own)

    [mention] = _watch(network).poll().mentions

    assert mention.is_own_post


def test_only_posts_are_asked_for_and_the_next_poll_goes_on_with_ten_seconds_of_overlap(network: FakeBluesky) -> None:
    first = network.post(MIA, "2", "acme tools, first", at=NOW - timedelta(seconds=200))
    _say(network, first)
    watch = _watch(network)
    watch.poll()
    late = network.post(MIA, "3", "acme tools, indexed late", at=NOW - timedelta(seconds=205))
    new = network.post(MIA, "4", "acme tools, new", at=NOW)
    _say(network, late, new)

    batch = watch.poll()

    assert set(ids_in(batch)) == {first, late, new}
    assert [query["wantedCollections"] for query in network.stream_queries] == [["app.bsky.feed.post"]] * 2
    begun, again = (int(query["cursor"][0]) for query in network.stream_queries)
    assert begun == (NOW - timedelta(minutes=10)).timestamp() * 1e6
    assert again == network.message(first)["time_us"] - 10_000_000


def test_every_deletion_in_the_stream_is_handed_on_as_the_store_knows_its_own(network: FakeBluesky) -> None:
    own, reply, stranger, fresh = (
        network.post(did, key, text)
        for did, key, text in ((ACME, "1", "hi"), (MIA, "2", "boo"), (BEN, "3", "rain"), (BEN, "4", "acme tools"))
    )
    _say(network, fresh)
    network.stream += [network.message(uri, "delete") for uri in (own, reply, stranger, fresh)]
    deletions = _watch(network).poll().deletions

    assert {deletion.id for deletion in deletions} == {own, reply, stranger, fresh}
    assert {deletion.brand for deletion in deletions} == {"Acme"}


def test_malformed_messages_are_counted_and_the_rest_is_read(network: FakeBluesky) -> None:
    good = network.post(MIA, "2", "acme tools")
    message = network.message(good)
    commit = message["commit"]
    network.stream = [
        "not json",
        "[]",
        {"time_us": "soon"},
        {"time_us": 10**18, "kind": "commit"},
        {**message, "commit": None},
        {**message, "commit": {**commit, "record": None}},
        {**message, "commit": {**commit, "record": {"text": "acme tools", "createdAt": "never"}}},
        {**message, "kind": "account", "commit": {}},
        {**message, "commit": {**commit, "rkey": "3", "record": {"text": "acme tools\x00\ud800", "createdAt": 5}}},
        message,
    ]

    batch = _watch(network).poll()

    assert good in ids_in(batch)
    assert "4 messages" in " ".join(skip.reason for skip in batch.skipped)
    for mention in batch.mentions:
        mention.text.encode()
        assert "\x00" not in mention.text


def test_a_post_dated_into_the_future_is_dated_when_it_was_seen(network: FakeBluesky) -> None:
    uri = network.post(MIA, "2", "acme tools")
    network.posts[uri]["record"]["createdAt"] = "2031-01-01T00:00:00Z"
    _say(network, uri)

    [mention] = _watch(network).poll().mentions

    assert mention.posted_at == datetime.fromisoformat(network.posts[uri]["indexedAt"])


def test_a_stream_that_has_forgotten_what_came_after_the_cursor_leaves_a_gap(network: FakeBluesky) -> None:
    first = network.post(MIA, "2", "acme tools", at=NOW - timedelta(minutes=1))
    _say(network, first)
    watch = _watch(network)
    watch.poll(after_seconds=4 * 86_400)
    later = network.post(MIA, "3", "acme tools", at=watch.clock.now() - timedelta(hours=24))
    network.stream = [network.message(later)]

    [gap] = watch.poll().gaps

    assert gap.brand is None
    assert (gap.started_at, gap.ended_at) == tuple(
        datetime.fromisoformat(network.posts[uri]["indexedAt"]) for uri in (first, later)
    )


def test_a_refused_stream_is_named_and_holds_nothing_up(network: FakeBluesky) -> None:
    network.stream_status = 503
    own = network.post(ACME, "1", "hi")

    batch = _watch(network).poll()

    assert ids_in(batch) == [own]
    assert "Jetstream" in (batch.trouble or "")


def test_a_stream_that_ends_early_keeps_what_came(network: FakeBluesky) -> None:
    found = network.post(MIA, "2", "acme tools")
    _say(network, found)
    network.closes_stream = True
    watch = _watch(network)

    assert ids_in(watch.poll()) == [found]
    assert '"jetstream"' in (watch.cursor or "")


def test_a_stream_where_nobody_listens_is_told(network: FakeBluesky) -> None:
    watch = Watch(network, settings={"jetstream_url": "ws://127.0.0.1:9/subscribe", "base_url": "http://127.0.0.1:9"})

    with pytest.raises(CollectError, match="cannot be reached"):
        watch.poll()


def test_a_stream_that_says_nothing_for_long_is_no_success(network: FakeBluesky) -> None:
    _say(network, network.post(MIA, "2", "acme tools"))
    watch = _watch(network)
    watch.poll(after_seconds=3600)
    network.stream = []

    assert "silent" in (watch.poll().trouble or "")


def test_no_thread_outlives_a_poll(network: FakeBluesky) -> None:
    _say(network, network.post(MIA, "2", "acme tools"))
    watch = _watch(network)
    before = {thread.ident for thread in threading.enumerate()}
    for _ in range(3):
        watch.poll()

    mine = [each for each in threading.enumerate() if each.ident not in before and "recv_events" in each.name]
    # The fake's side of the connections ends with the fake.
    assert [each for each in mine if "ClientConnection" in repr(each)] == []


def test_the_filter_keeps_up_with_the_whole_network(network: FakeBluesky) -> None:
    """The full stream has 20 to 60 posts a second; a poll each minute must read its 3,000 in a fraction of that."""
    quiet = [network.post(BEN, str(number), f"nothing about them, {number} " * 8) for number in range(4_000)]
    loud = [network.post(MIA, f"a{number}", f"acme tools, {number}") for number in range(20)]
    _say(network, *quiet, *loud)
    watch = _watch(network)
    started = time.perf_counter()

    batch = watch.poll()

    seconds = time.perf_counter() - started
    print(f"Jetstream: {len(network.stream) / seconds:,.0f} messages a second")  # noqa: T201 - the figure for the docs
    assert len(batch.mentions) == 20
    assert len(network.stream) / seconds > 300


def test_what_the_deadline_leaves_is_read_by_the_next_poll(network: FakeBluesky) -> None:
    start = NOW - timedelta(minutes=5)
    loud = [
        network.post(MIA, str(number), f"acme tools, {number}", at=start + timedelta(milliseconds=number))
        for number in range(6_000)
    ]
    _say(network, *loud)
    watch = _watch(network)

    first = watch.poll()
    second = watch.poll()

    assert first.has_more
    assert not second.has_more
    assert set(ids_in(first)) | set(ids_in(second)) == set(loud)


def test_the_present_is_where_a_poll_ends_though_the_stream_goes_on(network: FakeBluesky) -> None:
    old, new, next_one = (
        network.post(MIA, str(key), "acme tools", at=NOW + timedelta(seconds=key)) for key in (-20, -1, 5)
    )
    _say(network, old, new, next_one)

    assert ids_in(_watch(network).poll()) == [old, new]
