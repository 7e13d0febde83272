"""X when it fails: each failure is a named state, costs bounded time, loses nothing and tells no secret."""

import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from collectors.x import XCollector
from stormcone.clock import ManualClock
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.ports import Allowance, WatchedAccount, WatchedBrand
from tests.collectors.fake_x import TOKEN, FakeX, Fault, epoch
from tests.collectors.x_watch import ACME, HOURS, MINUTES, SECONDS, START, XWatch, after


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def x(clock: ManualClock) -> Iterator[FakeX]:
    with FakeX(clock) as world:
        world.user("acme")
        yield world


def chatter(x: FakeX, count: int = 130) -> None:
    own = x.post("acme", "Good morning", at=START - HOURS)
    for number in range(count):
        at = START - 10 * MINUTES + number * SECONDS
        x.post("someone", f"@acme hello {number}" if number % 3 else f"hm {number}", at=at, reply_to=own)


def settled(watch: XWatch, clock: ManualClock, polls: int = 3) -> None:
    for _ in range(polls):
        after(clock, MINUTES)
        watch.poll()


def test_429_on_everything_raises_when_to_come_back_after_one_request(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    reset = {"x-rate-limit-reset": str(epoch(START) + 300), "x-rate-limit-remaining": "0"}
    x.fail(Fault(status=429, times=99, headers=reset))
    with pytest.raises(RateLimited) as told:
        watch.poll()
    assert told.value.retry_after_seconds == 300
    assert len(x.log) == 1


def test_429_without_a_time_raises_without_one(clock: ManualClock, x: FakeX) -> None:
    x.fail(Fault(status=429))
    with pytest.raises(RateLimited) as told:
        XWatch(x.url, clock).poll()
    assert told.value.retry_after_seconds is None
    assert len(x.log) == 1


def test_429_in_mid_walk_keeps_what_was_read_and_fills_the_rest_later(clock: ManualClock, x: FakeX) -> None:
    chatter(x, 330)
    watch = XWatch(x.url, clock)
    reset = {"x-rate-limit-reset": str(epoch(START) + 120)}
    x.fail(Fault(path="/mentions", spared=1, status=429, headers=reset))
    batch = watch.poll()
    assert batch.throttle_until == START + 120 * SECONDS
    assert batch.mentions
    assert watch.shelf.gaps
    settled(watch, clock)
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps


def test_429_without_a_time_in_mid_poll_lets_pauses_grow(clock: ManualClock, x: FakeX) -> None:
    chatter(x)
    watch = XWatch(x.url, clock)
    x.fail(Fault(path="/mentions", status=429, times=3))
    pauses = []
    for _ in range(3):
        batch = watch.poll()
        assert batch.throttle_until is not None
        pauses.append(batch.throttle_until - clock.now())
        after(clock, MINUTES)
    assert pauses == [2 * MINUTES, 4 * MINUTES, 8 * MINUTES]
    assert watch.poll().throttle_until is None
    assert watch.shelf.ids == x.served()


def test_used_up_endpoint_is_left_alone_until_its_reset(clock: ManualClock, x: FakeX) -> None:
    chatter(x, 330)
    watch = XWatch(x.url, clock)
    x.limit["/mentions"] = (1, START + 5 * MINUTES)
    first = watch.poll()
    assert len(x.asked("/mentions")) == 1
    assert "mentions until 12:05:00" in (first.trouble or "")
    assert x.asked("search")
    after(clock, MINUTES)
    watch.poll()
    assert len(x.asked("/mentions")) == 1
    x.limit.clear()
    after(clock, 5 * MINUTES)
    watch.poll()
    assert len(x.asked("/mentions")) > 1
    settled(watch, clock, 1)
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps


@pytest.mark.parametrize(("status", "word"), [(401, "key is not accepted"), (402, "no credits"), (403, "may not do")])
def test_refusal_names_the_variable_and_sends_few_requests(
    clock: ManualClock, x: FakeX, status: int, word: str
) -> None:
    x.fail(Fault(status=status, times=99))
    with pytest.raises(Refused, match=f"{word}.*X_BEARER_TOKEN"):
        XWatch(x.url, clock).poll()
    assert len(x.log) <= 4


def test_refusal_in_mid_poll_is_met_first_at_the_next_poll(clock: ManualClock, x: FakeX) -> None:
    chatter(x)
    watch = XWatch(x.url, clock)
    x.fail(Fault(path="/mentions", status=402, times=2))
    batch = watch.poll()
    assert "402" in (batch.trouble or "")
    assert batch.mentions
    after(clock, MINUTES)
    asked = len(x.log)
    with pytest.raises(Refused, match="402"):
        watch.poll()
    assert len(x.log) == asked + 1
    settled(watch, clock)
    assert watch.shelf.ids == x.served()


def test_likes_that_are_refused_leave_the_rest_alone(clock: ManualClock, x: FakeX) -> None:
    chatter(x)
    watch = XWatch(x.url, clock)
    x.fail(Fault(path="/liked_tweets", status=403, times=9))
    batch = watch.poll()
    assert "likes_seconds = 0" in (batch.trouble or "")
    settled(watch, clock)
    assert watch.shelf.ids == x.served()
    assert len(x.asked("liked_tweets")) == 1


def test_unknown_handle_is_named_and_asked_again_hourly(clock: ManualClock, x: FakeX) -> None:
    brand = WatchedBrand(name="Acme", accounts=(*ACME.accounts, WatchedAccount(handle="acmee")))
    watch = XWatch(x.url, clock, brands=(brand,))
    for _ in range(3):
        assert "@acmee: Could not find user" in (watch.poll().trouble or "")
        after(clock, MINUTES)
    assert len(x.asked("users/by")) == 1
    x.user("acmee")
    after(clock, HOURS)
    assert watch.poll().trouble is None


def test_suspended_account_is_named(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    x.users.clear()
    after(clock, MINUTES)
    trouble = watch.poll().trouble or ""
    assert "own posts of @acme: User has been suspended" in trouble


def test_hanging_request_is_given_up_and_the_others_answer(clock: ManualClock, x: FakeX) -> None:
    chatter(x)
    watch = XWatch(x.url, clock, timeout_seconds=0.3)
    x.fail(Fault(path="/mentions", hang=threading.Event()))
    began = time.monotonic()
    batch = watch.poll()
    assert time.monotonic() - began < 6
    assert "mentions of @acme" in (batch.trouble or "")
    assert batch.mentions
    settled(watch, clock)
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps


def test_second_hanging_request_ends_the_poll(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock, timeout_seconds=0.2)
    stuck = threading.Event()
    x.fail(Fault(times=99, hang=stuck))
    with pytest.raises(CollectError, match="cannot be reached"):
        watch.poll()
    assert len(x.log) == 2


def test_dripping_answer_is_given_up_in_time(clock: ManualClock, x: FakeX) -> None:
    chatter(x, 10)
    watch = XWatch(x.url, clock, timeout_seconds=0.5)
    x.fail(Fault(path="/mentions", drip=True))
    began = time.monotonic()
    assert "mentions of @acme" in (watch.poll().trouble or "")
    assert time.monotonic() - began < 6


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="/mentions", truncate=True),
        Fault(path="/mentions", body=b'{"data": [{"id": "1", "te'),
        Fault(path="/mentions", body=b"<html>a captive portal</html>"),
        Fault(path="/mentions", body=b"[]"),
        Fault(path="/mentions", body=b'{"posts": [], "meta": {"result_count": 3}}'),
        Fault(path="/mentions", body=b'{"data": {}, "meta": {"result_count": 3}}'),
        Fault(path="/mentions", body=b"\xff\xfe\x00"),
        Fault(path="/mentions", status=500, body=b'"a bare string"'),
        Fault(path="/mentions", status=503, body=b'{"errors": [7, null], "detail": 3}'),
        Fault(path="/mentions", status=400, body=b'{"errors": [{"message": "max_results"}]}'),
        Fault(path="/mentions", status=404),
    ],
    ids=lambda fault: f"{fault.status}-{(fault.body or b'')[:12]!r}",
)
def test_broken_answer_is_named_and_nothing_is_lost(clock: ManualClock, x: FakeX, fault: Fault) -> None:
    chatter(x, 60)
    watch = XWatch(x.url, clock)
    x.fail(Fault(path=fault.path, status=fault.status, body=fault.body, truncate=fault.truncate))
    batch = watch.poll()
    assert "mentions of @acme" in (batch.trouble or "")
    settled(watch, clock, 2)
    assert watch.shelf.ids == x.served()
    assert not watch.shelf.gaps


def test_malformed_posts_are_skipped_by_name(clock: ManualClock, x: FakeX) -> None:
    body = (
        b'{"data": [7, {"id": "x"}, {"id": "2028258985374646272", "author_id": "1"},'
        b'{"id": "2028258985374646273", "author_id": "9", "text": "@acme \\u0000 \\ud800 ok", "public_metrics": 3,'
        b'"created_at": "2026-03-02T11:00:00.000Z"},'
        b'{"id": "2028258985374646274", "author_id": "9", "text": "a", "created_at": "soon"}],'
        b'"meta": {"result_count": 5}}'
    )
    x.fail(Fault(path="/mentions", body=body))
    batch = XWatch(x.url, clock).poll()
    assert [each.text for each in batch.mentions] == ["@acme  \ufffd ok"]
    assert [each.place.split(", ")[1] for each in batch.skipped] == [f"post {n} of a page" for n in (1, 2, 3, 5)]


def test_mark_that_x_does_not_take_is_reset_with_a_gap(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock)
    watch.poll()
    after(clock, timedelta(days=3))
    post = x.post("someone", "I loathe acme tools", at=clock.now() - 2 * HOURS)
    words = b'{"errors": [{"message": "\'since_id\' must be a tweet id created after [2026-03-04]"}]}'
    x.fail(Fault(path="search/recent", status=400, body=words))
    assert "since_id" in (watch.poll().trouble or "")
    assert {gap.ended_at for gap in watch.shelf.gaps} == {clock.now() - timedelta(days=1)}
    after(clock, MINUTES)
    watch.poll()
    assert str(post) in watch.shelf.ids


def test_unreadable_cursor_is_named_and_walked_anew(clock: ManualClock, x: FakeX) -> None:
    chatter(x, 5)
    watch = XWatch(x.url, clock)
    watch.cursor = "{broken"
    assert [each.place for each in watch.poll().skipped] == ["cursor of collectors.x"]
    assert watch.shelf.ids == x.served()


def test_nobody_at_the_address_is_named_without_a_traceback(clock: ManualClock) -> None:
    with FakeX(clock) as closed:
        url = closed.url
    with pytest.raises(CollectError, match=r"127\.0\.0\.1.*check base_url"):
        XWatch(url, clock).poll()


def test_redirect_is_not_followed(clock: ManualClock, x: FakeX) -> None:
    with FakeX(clock) as elsewhere:
        x.fail(Fault(status=302, times=9, headers={"location": f"{elsewhere.url}/2/users/by?usernames=acme"}))
        with pytest.raises(CollectError):
            XWatch(x.url, clock).poll()
        assert not elsewhere.log


def test_page_that_leads_to_itself_ends_the_walk(clock: ManualClock, x: FakeX) -> None:
    body = b'{"data": [], "meta": {"result_count": 0, "next_token": "again"}}'
    x.fail(Fault(path="/mentions", times=99, body=body))
    batch = XWatch(x.url, clock).poll()
    assert "leads to itself" in (batch.trouble or "")
    assert len(x.asked("/mentions")) == 2


def test_token_is_sent_and_never_told(
    clock: ManualClock, x: FakeX, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    chatter(x, 5)
    told = []
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="tweepy.client"):
        watch = XWatch(x.url, clock)
        for status in (200, 401, 402, 429, 500):
            echo = b'{"detail": "Bearer ' + TOKEN.encode() + b' is not liked", "title": "no"}'
            x.faults[:] = [Fault(status=status, times=99, body=echo)] if status != 200 else []
            try:
                told.append(str(watch.poll().trouble) + watch.fetch().__repr__() + str(watch.cursor))
            except CollectError as error:
                told.append(f"{error!r} {error.__cause__!r} {error.__context__}")
            after(clock, MINUTES)
    assert x.keys == {f"Bearer {TOKEN}"}
    assert len(told) == 5
    everything = " ".join([*told, caplog.text, *capfd.readouterr()])
    assert "500" in everything
    assert TOKEN not in everything


def test_missing_token_is_named_before_anything_is_sent(clock: ManualClock, x: FakeX) -> None:
    watch = XWatch(x.url, clock, secrets={})
    assert "X_BEARER_TOKEN" in (watch.collector.check() or "")
    with pytest.raises(Refused, match="X_BEARER_TOKEN"):
        watch.poll()
    assert not x.log


@pytest.mark.parametrize(
    ("settings", "brands", "word"),
    [
        ({"base_url": "http://x.example"}, (ACME,), "unencrypted"),
        ({}, (WatchedBrand(name="Acme"),), "names an account, keyword"),
        ({}, (WatchedBrand(name="Acme", keywords=("long " * 120,)),), "too long"),
    ],
)
def test_settings_that_cannot_work_are_named(
    clock: ManualClock, settings: dict[str, str], brands: tuple[WatchedBrand, ...], word: str
) -> None:
    watch = XWatch(settings.get("base_url", "http://127.0.0.1:9"), clock, brands=brands)
    assert word in (watch.collector.check() or "")


def test_probe_says_whether_the_key_is_good_and_costs_nothing(clock: ManualClock, x: FakeX) -> None:
    collector: XCollector = XWatch(x.url, clock).collector
    assert collector.check() is None
    collector.probe()
    assert x.cost() == 0
    x.fail(Fault(status=401))
    with pytest.raises(Refused):
        collector.probe()


def test_deadline_ends_the_poll(x: FakeX) -> None:
    class Running(ManualClock):
        """A clock that goes on by two seconds whenever somebody looks."""

        def now(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as ManualClock
            self.move_to(super().now() + 2 * SECONDS)
            return super().now()

    watch = XWatch(x.url, Running(START))
    batch = watch.fetch(Allowance())
    assert "time for one poll is over" in (batch.trouble or "")
    assert len(x.log) < 5
