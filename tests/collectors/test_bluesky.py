"""The Bluesky collector with the real atproto and websockets clients against a fake network on loopback."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from collectors.bluesky import BlueskyCollector, BlueskySettings
from stormcone.clock import ManualClock
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.pipeline.building import missing_secret
from stormcone.ports import (
    Allowance,
    CollectorContext,
    Thrift,
    WatchedAccount,
)
from tests.collectors.bluesky_watch import ACME, BEN, BRAND, MIA, NOW, Archive, Watch, ids_in, stored
from tests.collectors.fake_bluesky import PASSWORD, Answer, FakeBluesky, fake_bluesky


@pytest.fixture
def network() -> Iterator[FakeBluesky]:
    with fake_bluesky(NOW - timedelta(minutes=5)) as running:
        running.handles = {ACME: "acme.example", MIA: "mia.example", BEN: "ben.example"}
        yield running


def test_without_a_login_own_posts_come_with_counts_and_the_answers_below_them(network: FakeBluesky) -> None:
    own = network.post(ACME, "1", "We raise our prices.")
    reply = network.post(MIA, "2", "no words", reply_to=own)
    nested = network.post(BEN, "3", "same", reply_to=reply, root=own)
    network.posts[own]["likeCount"] = 7

    batch = Watch(network).poll()
    by_id = {mention.id: mention for mention in batch.mentions}

    assert by_id[own].is_own_post
    assert by_id[own].author == "acme.example"
    assert (by_id[nested].root_id, by_id[nested].parent_id) == (own, reply)
    assert (by_id[reply].author, by_id[reply].author_followers) == ("mia.example", 1200)
    [counts] = batch.engagements
    assert (counts.likes, counts.replies) == (7, 1)
    assert network.asked("createSession") == []
    assert batch.trouble is None


def test_with_a_login_mentions_and_words_are_found_and_filtered_again(network: FakeBluesky) -> None:
    facet = {"features": [{"$type": "app.bsky.richtext.facet#mention", "did": ACME}]}
    named = network.post(MIA, "1", "@acme.example answer me", facets=[facet])
    words = network.post(BEN, "2", "my acme tools broke")
    network.post(BEN, "3", "an acme toolshed is another firm")
    network.notified = [named]

    batch = Watch(network, with_login=True).poll()

    assert sorted(ids_in(batch)) == sorted([named, words])
    assert {mention.account for mention in batch.mentions} == {"acme.example", None}


def test_the_login_is_kept_from_poll_to_poll_and_never_repeated(network: FakeBluesky) -> None:
    watch = Watch(network, with_login=True)
    for _ in range(5):
        watch.poll()

    assert len(network.asked("createSession")) == 1


def test_a_session_that_the_server_ended_is_renewed_once(network: FakeBluesky) -> None:
    watch = Watch(network, with_login=True)
    watch.poll(after_seconds=3600)
    network.valid_tokens.clear()
    words = network.post(BEN, "2", "my acme tools broke")

    assert words in ids_in(watch.poll())
    assert len(network.asked("createSession")) == 2


def test_a_refused_login_needs_a_person_and_is_not_tried_at_every_poll(network: FakeBluesky) -> None:
    network.faults["createSession"] = Answer(
        status=401, body={"error": "AuthenticationRequired", "message": f"Invalid password {PASSWORD}"}
    )
    watch = Watch(network, with_login=True)
    for _ in range(5):
        with pytest.raises(Refused, match="BLUESKY_APP_PASSWORD") as caught:
            watch.poll()
        watch.clock.move_to(watch.clock.now() + timedelta(seconds=60))
        assert PASSWORD not in str(caught.value)

    assert len(network.asked("createSession")) == 1
    watch.clock.move_to(watch.clock.now() + timedelta(minutes=10))
    del network.faults["createSession"]
    assert watch.poll().trouble is None


def test_an_own_feed_is_read_page_by_page_and_once_only(network: FakeBluesky) -> None:
    network.page_size = 10
    wanted = {
        network.post(ACME, str(number), f"post {number}", at=NOW - timedelta(hours=number)) for number in range(35)
    }
    watch = Watch(network)

    first, second = watch.poll(), watch.poll()

    assert set(ids_in(first)) == wanted
    assert len(first.mentions) == len(wanted)
    assert len(network.asked("getAuthorFeed")) == 4 + 1
    assert len(second.mentions) == 10


def test_posts_older_than_a_week_are_left_alone(network: FakeBluesky) -> None:
    network.page_size = 10
    for number in range(60):
        network.post(ACME, str(number), "old", at=NOW - timedelta(days=number))

    Watch(network).poll()

    assert len(network.asked("getAuthorFeed")) == 1


def test_a_walk_the_allowance_cut_off_is_a_gap_and_filled_later(network: FakeBluesky) -> None:
    network.page_size = 10
    wanted = {network.post(ACME, str(number), "hi", at=NOW - timedelta(hours=number)) for number in range(35)}
    watch = Watch(network)

    first = watch.poll(allowance=Allowance(requests=2))
    second = watch.poll()

    assert (len(first.mentions), len(first.gaps)) == (10, 1)
    assert second.filled == first.gaps
    assert set(ids_in(first)) | set(ids_in(second)) == wanted


def test_a_repost_by_the_brand_is_no_own_post(network: FakeBluesky) -> None:
    uri = network.post(ACME, "1", "mine")
    other = network.post(BEN, "2", "somebody else's words")
    reposted = {"post": network.posts[other], "reason": {"$type": "app.bsky.feed.defs#reasonRepost"}}
    network.faults["getAuthorFeed"] = Answer(body={"feed": [reposted, {"post": network.posts[uri]}]})

    assert ids_in(Watch(network).poll()) == [uri]


def test_a_quote_is_a_mention_beside_the_thread(network: FakeBluesky) -> None:
    own = network.post(ACME, "1", "We raise our prices.")
    embed = {"$type": "app.bsky.embed.recordWithMedia", "record": {"record": {"uri": own}}}
    quote = network.post(MIA, "2", "look at this", embed=embed)
    network.notified = [quote]

    found = {mention.id: mention for mention in Watch(network, with_login=True).poll().mentions}

    assert (found[quote].root_id, found[quote].account) == (None, "acme.example")


def test_a_deleted_own_post_is_missed_at_the_next_poll(network: FakeBluesky) -> None:
    gone, kept = (network.post(ACME, key, "hi") for key in ("1", "2"))
    watch = Watch(network, archive=Archive(own=[stored(gone), stored(kept)]))
    assert watch.poll(after_seconds=10).checks == ()
    del network.posts[gone]

    [check] = watch.poll().checks

    assert (check.id, check.is_there) == (gone, False)


def test_stored_posts_of_others_are_looked_up_together(network: FakeBluesky) -> None:
    gone, kept = (network.post(BEN, key, "boo") for key in ("1", "2"))
    del network.posts[gone]
    archive = Archive(due=[stored(uri, is_own_post=False) for uri in (gone, kept)])

    checks = Watch(network, archive=archive).poll().checks

    assert {(check.id, check.is_there) for check in checks} == {(gone, False), (kept, True)}
    assert len(network.asked("getPosts")) == 1


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502])
def test_a_failed_lookup_says_nothing_about_the_post(network: FakeBluesky, status: int) -> None:
    network.faults["getPosts"] = Answer(status=status)
    archive = Archive(due=[stored("at://did:plc:ben/app.bsky.feed.post/1", is_own_post=False)])

    batch = Watch(network, archive=archive).poll()

    assert len(network.asked("getPosts")) == 1
    assert batch.checks == ()


def test_an_empty_lookup_of_a_post_that_is_there_is_no_miss(network: FakeBluesky) -> None:
    uri = network.post(BEN, "1", "boo")
    network.faults["getPosts"] = Answer(body={"posts": []})

    assert Watch(network, archive=Archive(due=[stored(uri, is_own_post=False)])).poll().checks == ()


def test_a_hot_thread_of_somebody_else_is_read(network: FakeBluesky) -> None:
    root = network.post(MIA, "1", "my acme tools broke")
    answer = network.post(BEN, "2", "mine too", reply_to=root)
    watch = Watch(network, archive=Archive(hot=[stored(root, is_own_post=False)]))

    found = {mention.id: mention for mention in watch.poll().mentions}

    assert found[answer].root_id == root


def test_a_thread_without_news_is_not_read_again(network: FakeBluesky) -> None:
    own = network.post(ACME, "1", "hi", at=NOW - timedelta(hours=5))
    network.post(MIA, "2", "boo", reply_to=own)
    watch = Watch(network)
    watch.poll()
    watch.poll()
    assert len(network.asked("getPostThread")) == 1
    late = network.post(BEN, "3", "boo too", reply_to=own, at=NOW)

    assert late in ids_in(watch.poll())


def test_a_handle_nobody_has_is_named(network: FakeBluesky) -> None:
    brand = replace(BRAND, accounts=(WatchedAccount(handle="nobody.example"),))

    assert "nobody.example" in (Watch(network, brands=(brand,)).poll().trouble or "")


def test_counts_only_asks_nothing(network: FakeBluesky) -> None:
    batch = Watch(network, cursor="{}").poll(allowance=Allowance(thrift=Thrift.COUNTS_ONLY))

    assert (batch.cursor, network.requests) == ("{}", [])


def test_thrift_drops_the_search_first(network: FakeBluesky) -> None:
    Watch(network, with_login=True).poll(allowance=Allowance(thrift=Thrift.NO_SEARCH))

    assert network.asked("searchPosts") == []
    assert len(network.asked("listNotifications")) == 1


def test_429_says_when_to_come_again(network: FakeBluesky) -> None:
    reset = int(datetime.now(UTC).timestamp()) + 120
    network.faults["getProfiles"] = Answer(status=429, headers={"ratelimit-reset": str(reset)})

    with pytest.raises(RateLimited) as caught:
        Watch(network).poll()

    assert caught.value.retry_after_seconds == pytest.approx(120, abs=3)
    assert len(network.requests) == 1


def test_429_without_a_time_leaves_it_to_growing_pauses(network: FakeBluesky) -> None:
    network.faults["getProfiles"] = Answer(status=429)

    with pytest.raises(RateLimited) as caught:
        Watch(network).poll()

    assert caught.value.retry_after_seconds is None


def test_one_broken_list_does_not_hold_the_others_up(network: FakeBluesky) -> None:
    network.faults["listNotifications"] = Answer(status=503)
    words = network.post(BEN, "2", "my acme tools broke")

    batch = Watch(network, with_login=True).poll()

    assert ids_in(batch) == [words]
    assert "503" in (batch.trouble or "")


def test_a_hanging_server_is_given_up_after_one_time_out(network: FakeBluesky) -> None:
    network.faults["getProfiles"] = Answer(hang=True)

    with pytest.raises(CollectError, match="cannot be reached"):
        Watch(network).poll()

    assert len(network.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(raw=b'{"feed": [{"post"'),
        Answer(raw=b"[]"),
        Answer(body={"posts": []}),
        Answer(raw=b"<html>", headers={"Content-Type": "text/html"}),
    ],
)
def test_an_answer_of_another_form_is_named_and_moves_nothing(network: FakeBluesky, answer: Answer) -> None:
    network.faults["getAuthorFeed"] = answer

    batch = Watch(network).poll()

    assert "bluesky" in (batch.trouble or "")
    assert "own/acme.example" not in (batch.cursor or "")


def test_a_post_that_lacks_a_part_is_skipped_by_name(network: FakeBluesky) -> None:
    good = network.post(ACME, "1", "hi")
    view = network.posts[good]
    broken = [{"post": {**view, "uri": None}}, {"post": {**view, "record": {"text": 7}}}, {"post": "x"}]
    network.faults["getAuthorFeed"] = Answer(body={"feed": [*broken, {"post": view}]})

    batch = Watch(network).poll()

    assert ids_in(batch) == [good]
    assert len(batch.skipped) == 3


def test_the_password_and_the_session_stand_in_no_log_and_no_message(
    network: FakeBluesky, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    network.post(BEN, "2", "my acme tools broke")
    said = [repr(Watch(network, with_login=True).poll())]
    for fault in (Answer(status=401, body={"error": "x", "message": PASSWORD}), Answer(raw=PASSWORD.encode())):
        network.faults["createSession"] = fault
        with pytest.raises(CollectError) as caught:
            Watch(network, with_login=True).poll()
        said.append(str(caught.value))

    text = "".join(said) + caplog.text
    assert PASSWORD not in text
    assert all(token not in text for token in network.valid_tokens)


def test_half_a_login_is_said_before_the_first_poll(network: FakeBluesky) -> None:
    context = CollectorContext(
        brands=(BRAND,), clock=ManualClock(NOW), base_folder=".", secrets={"BLUESKY_HANDLE": "login.example"}
    )

    assert "BLUESKY_APP_PASSWORD" in (BlueskyCollector(BlueskySettings(), context).check() or "")
    assert Watch(network).collector.check() is None


def test_probe_logs_in_or_asks_for_a_profile(network: FakeBluesky) -> None:
    Watch(network).collector.probe()
    Watch(network, with_login=True).collector.probe()

    assert [method.rpartition(".")[2] for method, _ in network.requests] == ["getProfiles", "createSession"]


def test_a_source_without_a_login_lacks_nothing() -> None:
    assert missing_secret(BlueskySettings(), {}) is None
