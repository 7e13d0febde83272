"""What own accounts like on Bluesky: told by the stream for these accounts, with the words of what was liked."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from stormcone.ports import Role, WatchedAccount, WatchedBrand
from tests.collectors.bluesky_watch import ACME, BEN, MIA, NOW, Watch
from tests.collectors.fake_bluesky import Answer, FakeBluesky, fake_bluesky

CHIEF, HELP = "did:plc:chief", "did:plc:help"
BRAND = WatchedBrand(
    name="Acme",
    accounts=(
        WatchedAccount(handle="acme.example"),
        WatchedAccount(handle="chief.example", role=Role.EXECUTIVE),
        WatchedAccount(handle="help.example", role=Role.SUPPORT),
    ),
)


@pytest.fixture
def network() -> Iterator[FakeBluesky]:
    with fake_bluesky(NOW - timedelta(hours=2)) as running:
        running.handles = {ACME: "acme.example", CHIEF: "chief.example", HELP: "help.example", MIA: "mia.example"}
        yield running


def watching(network: FakeBluesky, likes_seconds: float = 900) -> Watch:
    settings = {"jetstream_url": network.jetstream_url, "likes_seconds": likes_seconds}
    return Watch(network, brands=(BRAND,), settings=settings)


def like(network: FakeBluesky, did: str, uri: object, at: datetime, **commit: object) -> None:
    record: dict[str, Any] = {"subject": {"uri": uri, "cid": "bafy"}, "createdAt": at.isoformat()}
    said = {"operation": "create", "collection": "app.bsky.feed.like", "rkey": "1", "record": record, **commit}
    network.stream.append({"did": did, "time_us": int(at.timestamp() * 1_000_000), "kind": "commit", "commit": said})


def test_likes_of_official_and_executive_accounts_come_with_the_words_that_were_liked(network: FakeBluesky) -> None:
    cruel, kind = network.post(MIA, "1", "let them starve"), network.post(BEN, "2", "what a day")
    at = NOW - timedelta(hours=1)
    like(network, CHIEF, cruel, at)
    like(network, ACME, kind, at + timedelta(minutes=1))
    like(network, HELP, kind, at + timedelta(minutes=2))
    like(network, MIA, cruel, at + timedelta(minutes=3))
    watch = watching(network)
    batch = watch.poll()
    assert [(each.account, each.text, each.liked_at) for each in batch.likes] == [
        ("chief.example", "let them starve", at),
        ("acme.example", "what a day", at + timedelta(minutes=1)),
    ]
    (asked,) = [query for query in network.stream_queries if query["wantedCollections"] == ["app.bsky.feed.like"]]
    assert set(asked["wantedDids"]) == {ACME, CHIEF}
    assert batch.trouble is None


def test_likes_are_looked_at_every_quarter_of_an_hour_and_told_once(network: FakeBluesky) -> None:
    post = network.post(MIA, "1", "let them starve")
    watch = watching(network)
    watch.poll(after_seconds=60)
    like(network, CHIEF, post, NOW + timedelta(seconds=30))
    assert watch.poll(after_seconds=900).likes == ()
    assert [each.id for each in watch.poll(after_seconds=1_800).likes] == [post]
    assert watch.poll().likes == ()


@pytest.mark.parametrize(
    "malformed",
    [{"record": None}, {"record": {"subject": 7}}, {"operation": "delete"}, {"collection": "app.bsky.graph.follow"}],
)
def test_what_is_no_like_is_passed_over(network: FakeBluesky, malformed: dict[str, object]) -> None:
    post = network.post(MIA, "1", "let them starve")
    like(network, CHIEF, post, NOW - timedelta(minutes=9), **malformed)
    like(network, CHIEF, "at://did:plc:mia/app.bsky.feed.post/gone", NOW - timedelta(minutes=8))
    like(network, CHIEF, 7, NOW - timedelta(minutes=8))
    batch = watching(network).poll()
    assert (batch.likes, batch.trouble) == ((), None)


def test_words_that_cannot_be_asked_for_are_asked_for_again(network: FakeBluesky) -> None:
    post = network.post(MIA, "1", "let them starve")
    like(network, CHIEF, post, NOW - timedelta(minutes=9))
    network.faults["getPosts"] = Answer(status=503, body={})
    watch = watching(network)
    assert watch.poll().likes == ()
    network.faults.clear()
    assert [each.text for each in watch.poll().likes] == ["let them starve"]


def test_nobody_is_asked_where_it_is_switched_off(network: FakeBluesky) -> None:
    watching(network, likes_seconds=0).poll()
    assert [query["wantedCollections"] for query in network.stream_queries] == [["app.bsky.feed.post"]]
