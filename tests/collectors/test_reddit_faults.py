"""Whatever Reddit answers instead of an answer: named, bounded, nothing lost, no secret told."""

import logging
import time
from datetime import timedelta

import pytest

from stormcone.clock import SystemClock
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch
from stormcone.ports import Allowance, WatchedBrand
from tests.collectors.fake_reddit import TOKEN, FakeReddit, Fault, served
from tests.collectors.reddit_desk import NOW, SECRET, SECRETS, Desk, desk, stored

NAMELESS = [WatchedBrand(name="Acme")]  # one subreddit, no search, no account: two requests a poll


def talk(at: Desk, comments: int, *, after: timedelta = timedelta(minutes=4)) -> str:
    head = at.world.submit("acme", "talk")
    at.world.comment(head, "first")
    at.poll()
    for number in range(comments):
        at.world.comment(head, f"number {number}", at=NOW + after + timedelta(seconds=number / 10))
    at.pass_time(minutes=5)
    return head


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17),
        ({"retry-after": "Tue, 03 Nov 2026 15:00:40 GMT"}, 40),
        ({"x-ratelimit-reset": "250"}, 250),
        ({"x-ratelimit-reset": "soon"}, None),
    ],
)
def test_429_says_how_long_where_reddit_does(headers: dict[str, str], seconds: float | None) -> None:
    with desk(brands=NAMELESS) as at:
        at.world.faults = [Fault(path="/r/acme", status=429, times=9, headers=headers)]
        with pytest.raises(RateLimited) as caught:
            at.poll()
        assert caught.value.retry_after_seconds == seconds
        assert len(at.world.paths("/r/acme")) == 1


def test_429_in_the_middle_keeps_what_came_and_loses_nothing() -> None:
    with desk(brands=NAMELESS) as at:
        talk(at, 350)
        at.world.faults = [Fault(path="comments", skip=2, status=429, headers={"retry-after": "30"})]
        batch = at.poll()
        assert batch.throttle_until == at.clock.now() + timedelta(seconds=30)
        assert len(batch.gaps) == 1
        assert "429" in (batch.trouble or "")
        after = at.poll(minutes=1)
        assert after.filled == batch.gaps
        assert at.ids == set(at.world.posts)


def test_used_up_window_is_waited_for_outside() -> None:
    with desk() as at:
        at.world.faults = [
            Fault(path="/user", headers={"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "240"}),
        ]
        started = time.monotonic()
        batch = at.poll()
        assert batch.throttle_until == NOW + timedelta(seconds=240)
        with pytest.raises(RateLimited) as caught:
            at.poll(minutes=1)
        assert caught.value.retry_after_seconds == 180
        assert at.world.requests == []
        assert time.monotonic() - started < 5
        assert at.poll(minutes=3).trouble is None


def test_few_requests_left_make_nobody_sleep() -> None:
    with desk() as at:
        limits = {"x-ratelimit-remaining": "5", "x-ratelimit-used": "595", "x-ratelimit-reset": "600"}
        at.world.faults = [Fault(path="", times=99, headers=limits)]
        started = time.monotonic()
        assert at.poll().requests == 6
        assert time.monotonic() - started < 5


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
def test_5xx_is_asked_once_and_names_the_place(status: int) -> None:
    with desk(brands=NAMELESS) as at:
        at.world.faults = [Fault(path="/r/acme", times=99, status=status)]
        with pytest.raises(CollectError, match=f"{status}.*/r/acme/new") as caught:
            at.poll()
        assert not isinstance(caught.value, Refused | RateLimited)
        assert len(at.world.paths("/r/acme")) == 2


def test_place_that_fails_does_not_stop_the_others() -> None:
    with desk() as at:
        said = at.world.submit("acme", "talk")
        at.world.faults = [Fault(path="/search", status=503), Fault(path="/user", times=2, status=500)]
        batch = at.poll()
        assert {each.id for each in batch.mentions} == {said}
        assert "503" in (batch.trouble or "")
        assert "500" in (batch.trouble or "")


@pytest.mark.parametrize("status", [403, 404, 302])
def test_closed_subreddit_is_named_and_the_others_go_on(status: int) -> None:
    with desk(subreddits=("gone", "acme")) as at:
        said = at.world.submit("acme", "talk")
        at.world.closed = {"/r/gone": status}
        batch = at.poll()
        assert {each.id for each in batch.mentions} == {said}
        assert f"r/gone comments: {status} (banned)" in (batch.trouble or "")
        assert "collectors.reddit.subreddits" in (batch.trouble or "")


def test_suspended_own_account_is_named() -> None:
    with desk() as at:
        at.world.closed = {"/user/acme_team": 404}
        assert "u/acme_team submissions: 404" in (at.poll().trouble or "")


def test_everything_closed_needs_a_person() -> None:
    with desk() as at:
        at.world.closed = {"/": 403}
        with pytest.raises(Refused, match="403"):
            at.poll()


def test_wrong_key_needs_a_person() -> None:
    with desk() as at:
        at.world.secret_ok = False
        with pytest.raises(Refused, match=r"401.*prefs/apps"):
            at.poll()
        assert len(at.world.requests) == 1


def test_revoked_key_is_tried_anew_once() -> None:
    with desk() as at:
        at.poll()
        at.world.tokens_ok = False
        with pytest.raises(Refused, match="401"):
            at.poll(minutes=1)
        assert len(at.world.requests) == 3


def test_token_that_ran_out_is_renewed() -> None:
    with desk(brands=NAMELESS) as at:
        at.poll()
        at.world.faults = [Fault(path="/r/acme", status=401)]
        said = at.world.submit("acme", "talk")
        batch = at.poll(minutes=1)
        assert {each.id for each in batch.mentions} == {said}
        assert batch.trouble is None


def test_missing_variable_is_named() -> None:
    with desk(secrets={"REDDIT_CLIENT_ID": "an-app"}) as at:
        assert "REDDIT_CLIENT_SECRET" in (at.collector.check() or "")
        with pytest.raises(Refused, match="REDDIT_CLIENT_SECRET"):
            at.poll()
        assert at.world.requests == []


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"error": 3}', b'{"access_token": 1, "scope": "*"}'])
def test_changed_answer_to_the_key_is_named(body: bytes) -> None:
    with desk() as at:
        at.world.faults = [Fault(path="access_token", times=9, body=body)]
        with pytest.raises(CollectError, match=r"access_token|key"):
            at.poll()


@pytest.mark.parametrize("fault", [Fault(path="", times=99, hang_seconds=20), Fault(path="", times=99, drip=True)])
def test_request_that_hangs_or_drips_is_given_up_and_ends_the_poll(fault: Fault) -> None:
    clock = SystemClock()
    world = FakeReddit(clock.now)
    for number in range(20):
        world.submit("acme", f"number {number}")
    with served(world) as url:
        at = Desk(world, url, clock, timeout_seconds=0.5)
        world.faults = [fault]
        started = time.monotonic()
        with pytest.raises(CollectError, match="cannot be reached"):
            at.ask()
        assert time.monotonic() - started < 3
        assert len(world.requests) == 1


def test_nobody_there_is_named() -> None:
    with desk() as at:
        pass
    with pytest.raises(CollectError, match="cannot be reached"):
        at.poll()


def test_connection_that_was_hung_up_is_tried_once_more() -> None:
    with desk(brands=NAMELESS) as at:
        at.poll()
        said = at.world.submit("acme", "talk")
        at.world.faults = [Fault(path="/r/acme/new", drop=True)]
        batch = at.poll(minutes=1)
        assert {each.id for each in batch.mentions} == {said}
        assert (batch.trouble, batch.requests) == (None, 3)
        at.world.faults = [Fault(path="/r/acme/new", drop=True, times=9)]
        with pytest.raises(CollectError, match=r"cannot be reached|broke off"):
            at.poll(minutes=1)
        assert len(at.world.requests) <= 4


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path="/r/acme", times=9, truncate=True),
        Fault(path="/r/acme", times=9, body=b'{"kind": "Listing", "data": {"chil'),
        Fault(path="/r/acme", times=9, body=b"<html>whoa there</html>"),
        Fault(path="/r/acme", times=9, body=b""),
        Fault(path="/r/acme", times=9, change=lambda answer: answer["data"]),
        Fault(path="/r/acme", times=9, change=lambda answer: {"kind": "Listing", "data": {"items": []}}),
        Fault(path="/r/acme", times=9, body=b"null"),
    ],
    ids=["truncated", "half", "html", "nothing", "unwrapped", "renamed", "null"],
)
def test_answer_that_is_no_listing_is_named_and_the_mark_stays(fault: Fault) -> None:
    with desk(brands=NAMELESS) as at:
        at.world.submit("acme", "talk")
        at.world.faults = [fault]
        with pytest.raises(CollectError, match="r/acme"):
            at.poll()
        at.world.faults = []
        at.poll(minutes=1)
        assert at.ids == set(at.world.posts)


def spoil(answer: dict[str, object]) -> dict[str, object]:
    children = answer["data"]["children"]  # type: ignore[index]  # a listing
    del children[0]["data"]["created_utc"]
    children[1]["data"]["author"] = 7
    children[2]["data"] = None
    children[3]["kind"] = "t9"
    children[4]["data"]["created_utc"] = 1e300
    children[5]["data"]["name"] = "../../etc"
    children[6] = "nothing"
    return answer


def test_malformed_items_are_skipped_by_name() -> None:
    with desk(brands=NAMELESS) as at:
        for number in range(9):
            at.world.submit("acme", f"number {number}")
        at.world.faults = [Fault(path="/r/acme/new", change=spoil)]
        batch = at.poll()
        assert len(batch.mentions) == 2
        assert len(batch.skipped) == 7
        assert all("r/acme submissions" in each.place for each in batch.skipped)
        assert "created_utc" in batch.skipped[0].reason


def test_empty_page_is_no_failure() -> None:
    with desk() as at:
        assert at.poll() == Batch(cursor="{}", requests=6)


def test_failed_lookup_checks_nothing() -> None:
    with desk(brands=NAMELESS) as at:
        name = at.world.submit("pics", "a cat")
        at.shelf.due = [stored(name)]
        at.world.faults = [Fault(path="/api/info", times=9, status=503)]
        assert at.poll().checks == ()


def test_tree_that_breaks_off_keeps_its_comments_and_is_read_again() -> None:
    with desk(subreddits=()) as at:
        at.world.inline = 50
        own = at.world.submit("pics", "We are here", author="acme_team")
        for number in range(300):
            at.world.comment(own, f"number {number}")
        at.world.faults = [Fault(path="morechildren", skip=1, status=500)]
        batch = at.poll()
        assert len(batch.mentions) == 151
        assert len(batch.gaps) == 1
        at.poll(minutes=1)
        assert at.ids == set(at.world.posts)


def test_deadline_ends_a_poll_between_two_requests() -> None:
    with desk() as at:
        at.world.submit("acme", "talk")
        batch = at.collector.poll(None, Allowance(), at.clock.now())
        assert (batch.requests, batch.mentions) == (0, ())


def test_probe_signs_in_and_asks_once() -> None:
    with desk() as at:
        at.collector.probe()
        assert at.world.paths() == ["/api/v1/access_token", "/r/all/new"]
        at.world.closed = {"/r": 503}
        with pytest.raises(CollectError):
            at.collector.probe()


def test_check_names_what_is_missing() -> None:
    with desk() as at:
        assert at.collector.check() is None
    with desk(subreddits=(), brands=[]) as at:
        assert "keywords" in (at.collector.check() or "")
    with desk(base_url="https://oauth.reddit.com") as at:
        assert "YOUR_NAME" in (at.collector.check() or "")


def test_praw_ini_and_variables_of_others_change_nothing(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("praw_username", "mallory")
    monkeypatch.setenv("praw_password", "mallory")
    monkeypatch.setenv("praw_site", "elsewhere")
    monkeypatch.setenv("praw_oauth_url", "http://127.0.0.1:9")
    with desk() as at:
        at.poll()
        grant = next(query for path, query in at.world.requests if "access_token" in path)
        assert grant == {"grant_type": "client_credentials"}


def test_secrets_are_in_no_log_and_no_message(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    for fault in (
        Fault(path="access_token", status=500, body=f'{{"message": "{SECRET}"}}'.encode()),
        Fault(path="/r/acme/new", status=403, body=f'{{"reason": "{TOKEN}"}}'.encode()),
        Fault(path="/r/acme/new", times=2, truncate=True),
        Fault(path="/r/acme/new", status=500),
    ):
        with desk() as at:
            at.world.submit("acme", "talk")
            at.world.faults = [fault]
            try:
                batch = at.poll()
                told += [str(batch), str(batch.trouble)]
            except CollectError as error:
                told.append(repr(error))
    everything = "\n".join([*told, caplog.text, *(repr(record.__dict__) for record in caplog.records)])
    assert "GET" in caplog.text  # something was logged at all
    for secret in (SECRET, TOKEN):
        assert secret not in everything
    assert SECRETS["REDDIT_CLIENT_SECRET"] == SECRET
