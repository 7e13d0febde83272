"""Hacker News: broken answers, hostile texts, thrift, and any order of failures, against a loopback search."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors._http import MOST_BYTES
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.ports import (
    Thrift,
    WatchedBrand,
)
from tests.collectors.fake_hackernews import ACME, NOW, QUIET, FakeSearch, T, Watch, comment, story
from tests.collectors.loopback import Asked, Loopback, Reply, loopback, seconds_of


@pytest.fixture
def search() -> FakeSearch:
    return FakeSearch()


@pytest.fixture
def server(search: FakeSearch) -> Iterator[Loopback]:
    with loopback(search) as running:
        yield running


def test_a_failure_on_a_later_page_keeps_what_came_and_is_named(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 60 * n, f"acme {n}", story_id=5) for n in range(1, 301)]
    search.faults += [None, Reply(status=503, body=b"busy")]
    watch = Watch(server.url)
    batch = watch.poll()
    assert len(batch.mentions) == 100
    assert "503" in (batch.trouble or "")
    watch.later(seconds=60)
    watch.poll()
    assert len(watch.ids) == 300


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(status=429, headers={"Retry-After": "120"}), RateLimited, "asks for patience"),
        (Reply(status=401), Refused, "401"),
        (Reply(status=403, body=b"<html>blocked"), Refused, "base_url"),
        (Reply(status=500), CollectError, "500"),
        (Reply(status=301, headers={"Location": "https://moved.example/api?k=1"}), CollectError, "moved.example"),
        (Reply(status=404), CollectError, "404"),
        (Reply(status=0), CollectError, "cannot be reached"),
        (Reply(body=b'{"hits": [{"objec', promised_bytes=900), CollectError, "cannot be reached"),
        (Reply(body=b'{"hits": [{"objec'), CollectError, "no whole JSON"),
        (Reply(body=b""), CollectError, "no whole JSON"),
        (Reply(body=b"[" * 100_000), CollectError, "no whole JSON"),
        (Reply(body=b'{"results": []}'), CollectError, "hits"),
        (Reply(body=b'{"hits": {}}'), CollectError, "hits"),
        (Reply(body=b"[]"), CollectError, "another form"),
        (Reply(body=b"abc", headers={"Content-Encoding": "gzip"}), CollectError, "cannot be reached"),
    ],
)
def test_an_answer_that_is_none_is_an_error_by_name(
    search: FakeSearch, server: Loopback, reply: Reply, kind: type[CollectError], said: str
) -> None:
    search.faults.append(reply)
    with pytest.raises(CollectError, match=said) as caught:
        Watch(server.url).poll()
    assert type(caught.value) is kind
    assert "k=1" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize("given", ["120", "Tue, 03 Nov 2026 15:02:00 GMT"])
def test_the_time_to_come_back_is_read(search: FakeSearch, server: Loopback, given: str) -> None:
    search.faults.append(Reply(status=429, headers={"Retry-After": given}))
    with pytest.raises(RateLimited) as caught:
        Watch(server.url).poll()
    assert caught.value.retry_after_seconds == 120


def test_without_a_time_to_come_back_none_is_invented(search: FakeSearch, server: Loopback) -> None:
    search.faults.append(Reply(status=429))
    with pytest.raises(RateLimited) as caught:
        Watch(server.url).poll()
    assert caught.value.retry_after_seconds is None


def test_patience_asked_for_midway_is_passed_on_with_what_came(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 60 * n, f"acme {n}", story_id=5) for n in range(1, 301)]
    search.faults += [None, Reply(status=429, headers={"Retry-After": "60"})]
    batch = Watch(server.url).poll()
    assert len(batch.mentions) == 100
    assert batch.throttle_until == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("reply", [Reply(hangs=True), Reply(body=b'{"hits": []}' * 9, drip_seconds=0.1)])
def test_a_hanging_or_dripping_answer_is_given_up_in_time(search: FakeSearch, server: Loopback, reply: Reply) -> None:
    search.faults.append(reply)
    watch = Watch(server.url, timeout=0.5)

    def poll() -> None:
        with pytest.raises(CollectError, match="cannot be reached"):
            watch.poll()

    assert 0.3 < seconds_of(poll) < 2.5


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(CollectError, match=r"127\.0\.0\.1:9.*cannot be reached"):
        Watch("http://127.0.0.1:9").poll()


def test_an_endless_answer_is_not_read_to_its_end(search: FakeSearch, server: Loopback) -> None:
    search.faults.append(Reply(body=b" " * (MOST_BYTES + 70_000)))
    with pytest.raises(CollectError, match="more than 8 MB"):
        Watch(server.url).poll()


def test_broken_hits_are_named_and_the_others_are_taken(search: FakeSearch, server: Loopback) -> None:
    broken: list[object] = [
        "no object",
        {"objectID": "8"},
        {"objectID": "9\n\x1b[31m", "created_at_i": 1},
        {"objectID": "7", "created_at_i": 10**30},
        {"objectID": "6", "created_at_i": T - 5, "title": ["acme"]},
    ]
    whole = {"objectID": 5, "created_at_i": T - 5, "title": "acme", "new_field": {"a": 1}}
    search.faults.append(Reply(body=json.dumps({"hits": [*broken, whole], "nbHits": 6, "nbPages": 1}).encode()))
    batch = Watch(server.url).poll()
    assert [mention.id for mention in batch.mentions] == ["5"]
    assert len(batch.skipped) == 5
    assert all(each.place.isprintable() and each.reason for each in batch.skipped)


def test_hostile_texts_are_kept_as_databases_can_hold_them(search: FakeSearch, server: Loopback) -> None:
    hostile = "acme \x00 \ud800 \u202e " + "<" * 50_000 + "😡" * 10_000 + "x" * 300_000
    search.items.append(comment(12, T - 10, hostile, story_id=5))
    watch = Watch(server.url)
    watch.poll()
    text = watch.stored["12", "Acme"].text
    assert "\x00" not in text
    text.encode()
    assert text.endswith("xxx")


def test_searching_is_the_first_thing_to_be_saved(search: FakeSearch, server: Loopback) -> None:
    search.items += [story(10, T - 300, "acme"), story(11, T - 200, "ours", author="acme_team")]
    watch = Watch(server.url, ACME)
    watch.poll(thrift=Thrift.NO_SEARCH)
    assert watch.ids == {"11"}
    watch.poll(thrift=Thrift.NONE)
    assert watch.ids == {"10", "11"}


def test_counts_only_asks_nothing(server: Loopback) -> None:
    watch = Watch(server.url, ACME)
    assert watch.poll(thrift=Thrift.COUNTS_ONLY).requests == 0
    assert server.asked == []


def test_sampling_takes_the_newest_page_and_admits_the_rest(search: FakeSearch, server: Loopback) -> None:
    search.items += [comment(n, T - 60 * n, f"we {n}", story_id=5, author="acme_team") for n in range(1, 301)]
    watch = Watch(server.url, ACME)
    batch = watch.poll(thrift=Thrift.SAMPLED)
    assert watch.ids == {str(n) for n in range(1, 101)}
    assert batch.is_saturated
    assert {gap.ended_at for gap in batch.gaps} == {NOW - timedelta(seconds=6_000)}


def test_a_cursor_of_somebody_else_is_named_and_replaced(search: FakeSearch, server: Loopback) -> None:
    search.items.append(story(12, T - 10, "acme now"))
    watch = Watch(server.url)
    watch.cursor = '{"words": 7}'
    batch = watch.poll()
    assert [skip.place for skip in batch.skipped] == ["cursor of collectors.hackernews"]
    assert watch.ids == {"12"}


def test_operators_of_the_search_are_not_sent(server: Loopback) -> None:
    Watch(server.url, WatchedBrand(name="A", keywords=('"Acme"  -Tools',))).poll()
    assert [each.query["query"] for each in server.asked] == ["acme tools"]


def test_two_brands_with_one_keyword_are_asked_for_once(server: Loopback) -> None:
    Watch(server.url, QUIET, WatchedBrand(name="Acme B", keywords=("ACME",))).poll()
    assert len(server.asked) == 1


def test_doctor_is_told_what_is_missing(server: Loopback) -> None:
    assert "keywords" in (Watch(server.url, WatchedBrand(name="Acme")).source.check() or "")
    assert Watch(server.url).source.check() is None


def test_probe_shows_whether_the_search_answers(search: FakeSearch, server: Loopback) -> None:
    source = Watch(server.url).source
    source.probe()
    search.faults.append(Reply(status=500))
    with pytest.raises(CollectError, match="500"):
        source.probe()


def test_no_proxy_of_the_environment_is_used(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    Watch(server.url).poll()
    assert len(server.asked) == 1


def test_texts_of_strangers_are_in_no_log(
    search: FakeSearch, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    search.items.append(story(12, T - 10, "acme planted-words"))
    with caplog.at_level(logging.DEBUG):
        Watch(server.url).poll()
    assert "planted-words" not in caplog.text


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[list[FakeSearch], Loopback]]:
    """One server for all examples of the property test; the newest search in the list answers."""
    searches: list[FakeSearch] = []

    def answer(asked: Asked) -> Reply:
        return searches[-1](asked)

    with loopback(answer) as running:
        yield searches, running


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "late", "edit", "poll", "crash", "fault", "meagre"]),
        st.integers(1, 130),
    ),
    min_size=3,
    max_size=14,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_what_is_served_is_stored(
    shared: tuple[list[FakeSearch], Loopback], steps: list[tuple[str, int]]
) -> None:
    searches, server = shared
    search = FakeSearch()
    searches.append(search)
    watch = Watch(server.url)
    number = 0
    for step, size in steps:
        watch.later(seconds=60)
        now = int(watch.clock.now().timestamp())
        if step in {"post", "late"}:
            for _ in range(size):
                number += 1
                back = 60 * (number % 90) if step == "late" else number % 50
                search.items.append(comment(number, now - back, f"acme {number}", story_id=5))
        elif step == "edit" and search.items:
            at = size % len(search.items)
            search.items[at] = search.items[at] | {"comment_text": f"acme changed {size}"}
        elif step == "fault":
            search.faults += [*([None] * (size % 4)), Reply(status=503 if size % 2 else 0)]
            _poll_quietly(watch)
            search.faults.clear()
        elif step == "crash":
            watch.poll(is_saved=False)
        elif step == "meagre":
            watch.poll(requests=1 + size % 3)
        else:
            watch.poll()
    for _ in range(4):
        watch.later(seconds=60)
        watch.poll()
    assert watch.ids == {str(each["objectID"]) for each in search.items}
    assert watch.texts == {str(each["objectID"]): each["comment_text"] for each in search.items}
    assert watch.poll().mentions == ()


def _poll_quietly(watch: Watch) -> None:
    try:
        watch.poll()
    except CollectError:
        return
