"""YouTube: quota, closed places, keys, broken answers, and any order of failures, against a loopback API."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.ports import (
    WatchedAccount,
    WatchedBrand,
)
from tests.collectors.fake_youtube import (
    BOLT,
    KEY,
    NAMED,
    NOW,
    OWN,
    FakeYouTube,
    Watch,
    at,
    comment,
    error,
)
from tests.collectors.loopback import Asked, Loopback, Reply, loopback, seconds_of


@pytest.fixture
def api() -> FakeYouTube:
    return FakeYouTube()


@pytest.fixture
def server(api: FakeYouTube) -> Iterator[Loopback]:
    with loopback(api) as running:
        yield running


def test_a_used_up_quota_waits_until_midnight_in_california(api: FakeYouTube, server: Loopback) -> None:
    api.faults["channels"] = [error(403, "quotaExceeded")]
    with pytest.raises(RateLimited, match="midnight Pacific") as caught:
        Watch(server.url).poll()
    assert caught.value.retry_after_seconds == 17 * 3_600  # 15:00 UTC is 07:00 there in winter


def test_a_quota_used_up_midway_keeps_what_came(api: FakeYouTube, server: Loopback) -> None:
    for n in range(1, 251):
        api.thread(comment(f"c{n}", at(-60 * n), "shame"), video=OWN)
    api.faults["commentThreads"] = [None, error(403, "quotaExceeded")]
    watch = Watch(server.url)
    batch = watch.poll()
    assert len(batch.mentions) == 100
    assert batch.throttle_until == NOW + timedelta(hours=17)
    assert len(batch.gaps) == 1
    watch.later(hours=17)
    assert watch.poll().filled == batch.gaps
    assert len(watch.ids) == 250


def test_a_page_token_that_is_no_longer_good_begins_the_walk_again(api: FakeYouTube, server: Loopback) -> None:
    for n in range(1, 251):
        api.thread(comment(f"c{n}", at(-60 * n), "shame"), video=OWN)
    api.faults["commentThreads"] = [None, None, None, error(400, "invalidPageToken")]
    watch = Watch(server.url)
    left = watch.poll(requests=3).gaps
    watch.later(minutes=2)
    filled = [*watch.poll().filled, *watch.poll().filled]
    assert filled == list(left)
    assert len(watch.ids) == 250


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (error(400, "keyInvalid"), Refused, "YOUTUBE_API_KEY"),
        (error(400, "API_KEY_INVALID"), Refused, "YOUTUBE_API_KEY"),
        (error(403, "accessNotConfigured"), Refused, "accessNotConfigured"),
        (error(403, "forbidden"), Refused, "403"),
        (error(403, "rateLimitExceeded"), RateLimited, "patience"),
        (error(429, "somethingElse"), RateLimited, "429"),
        (Reply(status=401, body=b"<html>"), Refused, "401"),
        (error(500, "backendError"), CollectError, "500"),
        (Reply(status=0), CollectError, "cannot be reached"),
        (Reply(body=b'{"items": [{"id'), CollectError, "no whole JSON"),
        (Reply(body=b'{"items": [{"id', promised_bytes=500), CollectError, "cannot be reached"),
        (Reply(body=b'{"things": []}'), CollectError, "items"),
        (Reply(body=b"[]"), CollectError, "another form"),
        (Reply(status=302, headers={"Location": "http://127.0.0.1:9/"}), CollectError, "302"),
    ],
)
def test_an_answer_that_is_none_is_an_error_by_name(
    api: FakeYouTube, server: Loopback, reply: Reply, kind: type[CollectError], said: str
) -> None:
    api.faults["channels"] = [reply]
    with pytest.raises(CollectError, match=said) as caught:
        Watch(server.url).poll()
    assert type(caught.value) is kind
    assert KEY not in str(caught.value)
    assert len(server.asked) == 1


def test_a_hanging_api_is_given_up_in_time(api: FakeYouTube, server: Loopback) -> None:
    api.faults["channels"] = [Reply(hangs=True)]
    watch = Watch(server.url, timeout=0.5)

    def poll() -> None:
        with pytest.raises(CollectError, match="cannot be reached"):
            watch.poll()

    assert seconds_of(poll) < 2.5


@pytest.mark.parametrize("reason", ["commentsDisabled", "videoNotFound"])
def test_a_video_without_comments_is_named_and_the_others_go_on(
    api: FakeYouTube, server: Loopback, reason: str
) -> None:
    api.video(NAMED, at(-90_000), "A look around", channel="UCother")
    api.video("othervideo2", at(-90_000), "Another look", channel="UCother")
    api.thread(comment("c1", at(-60), "never again"), video="othervideo2", channel="UCother")
    api.closed[NAMED] = reason
    watch = Watch(server.url, BOLT, videos=(NAMED, "othervideo2"))
    batch = watch.poll()
    assert watch.ids == {"c1"}
    assert NAMED in (batch.trouble or "")
    assert reason in (batch.trouble or "")
    assert any(NAMED in skip.place for skip in batch.skipped)


def test_a_video_that_is_not_there_is_named(server: Loopback) -> None:
    batch = Watch(server.url, BOLT, videos=("nosuchvideo",)).poll()
    assert "nosuchvideo" in (batch.trouble or "")


def test_a_handle_nobody_has_is_named(server: Loopback) -> None:
    nobody = WatchedBrand(name="Acme", accounts=(WatchedAccount(handle="nobody"),))
    batch = Watch(server.url, nobody).poll()
    assert "nobody" in (batch.trouble or "")
    assert "accounts" in (batch.trouble or "")


def test_broken_items_are_named_and_the_others_are_taken(api: FakeYouTube, server: Loopback) -> None:
    api.thread(comment("c1", at(-60), "fine"), video=OWN)
    api.thread(comment("c2", at(-50), "broken", likeCount="many"), video=OWN)
    api.thread(comment("c3", at(-40), "broken", publishedAt="0001-01-01T00:00:00Z"), video=OWN)
    api.thread(comment("c4\x1b", at(-30), "dated", publishedAt="2026-11-03 14:00"), video=OWN)
    watch = Watch(server.url)
    batch = watch.poll()
    assert watch.ids == {"c1"}
    assert len(batch.skipped) == 3
    assert all(each.place.isprintable() for each in batch.skipped)


def test_hostile_texts_are_kept_as_databases_can_hold_them(api: FakeYouTube, server: Loopback) -> None:
    api.thread(comment("c1", at(-60), "a\x00b \ud83d \u202e " + "😡" * 10_000 + "x" * 1_000_000), video=OWN)
    watch = Watch(server.url)
    watch.poll()
    text = watch.stored["c1", "Acme"].text
    assert text.startswith("ab \ufffd")
    assert len(text.encode()) > 1_000_000


@pytest.mark.parametrize("key", [None, "", "  ", "k\u00e9y-value", "two\nlines"])
def test_without_a_usable_key_a_person_is_needed(server: Loopback, key: str | None) -> None:
    watch = Watch(server.url, key=key)
    with pytest.raises(Refused, match="YOUTUBE_API_KEY"):
        watch.poll()
    assert "YOUTUBE_API_KEY" in (watch.source.check() or "")
    assert server.asked == []


def test_doctor_is_told_what_is_missing(api: FakeYouTube, server: Loopback) -> None:
    assert "nothing to watch" in (Watch(server.url, BOLT).source.check() or "")
    watch = Watch(server.url)
    assert watch.source.check() is None
    watch.source.probe()
    with pytest.raises(Refused):
        Watch(server.url, key="wrong-key").source.probe()


def test_the_key_is_in_no_address_cursor_or_log(
    api: FakeYouTube, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    api.thread(comment("c1", at(-60), "fine"), video=OWN)
    api.faults["playlistItems"] = [error(500, "backendError", f"key {KEY} failed")]
    watch = Watch(server.url)
    with caplog.at_level(logging.DEBUG):
        with pytest.raises(CollectError):
            watch.poll()
        watch.poll()
    assert len(caplog.records) > 0
    assert KEY not in caplog.text
    assert KEY not in (watch.cursor or "")
    assert not [each for each in server.asked if KEY in each.line]


def test_a_cursor_of_somebody_else_is_named_and_replaced(api: FakeYouTube, server: Loopback) -> None:
    api.thread(comment("c1", at(-60), "fine"), video=OWN)
    watch = Watch(server.url)
    watch.cursor = "\x00"
    batch = watch.poll()
    assert [skip.place for skip in batch.skipped] == ["cursor of collectors.youtube"]
    assert watch.ids == {"c1"}


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[list[FakeYouTube], Loopback]]:
    """One server for all examples of the property test; the newest API in the list answers."""
    apis: list[FakeYouTube] = []

    def answer(asked: Asked) -> Reply:
        return apis[-1](asked)

    with loopback(answer) as running:
        yield apis, running


STEPS = st.lists(
    st.tuples(st.sampled_from(["post", "answer", "poll", "crash", "fault", "meagre"]), st.integers(1, 110)),
    min_size=3,
    max_size=10,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_what_is_served_is_stored(
    shared: tuple[list[FakeYouTube], Loopback], steps: list[tuple[str, int]]
) -> None:
    apis, server = shared
    api = FakeYouTube()
    apis.append(api)
    watch = Watch(server.url)
    for step_number, (step, size) in enumerate(steps):
        watch.later(seconds=60)
        now = watch.clock.now()
        if step == "post":
            for n in range(size):
                api.thread(comment(f"s{step_number}c{n}", at(-n % 50, now), "hm"), video=OWN)
        elif step == "answer" and api.threads:
            *_, top, answers = api.threads[size % len(api.threads)]
            answers += [comment(f"{top['id']}.{step_number}.{n}", at(0, now), "yes") for n in range(size)]
        elif step == "fault":
            api.faults["commentThreads"] = [*([None] * (size % 3)), Reply(status=503 if size % 2 else 0)]
            _poll_quietly(watch)
            api.faults.clear()
        elif step == "crash":
            watch.poll(is_saved=False)
        elif step == "meagre":
            watch.poll(requests=3 + size % 3)
        else:
            watch.poll()
    for _ in range(8):
        watch.later(seconds=60)
        watch.poll()
    assert watch.ids == {str(each["id"]) for *_, top, answers in api.threads for each in (top, *answers)}


def _poll_quietly(watch: Watch) -> None:
    try:
        watch.poll()
    except CollectError:
        return
