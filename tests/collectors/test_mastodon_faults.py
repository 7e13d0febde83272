"""The Mastodon collector against an instance that refuses, hangs, cuts off, closes and answers nonsense."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from collectors.mastodon import MastodonCollector, MastodonSettings
from stormcone.clock import ManualClock
from stormcone.errors import CollectError, RateLimited, Refused
from stormcone.models import Batch
from stormcone.pipeline.building import missing_secret
from stormcone.ports import Allowance, CollectorContext, EmptyArchive, StoredPost, WatchedBrand
from tests.collectors.fake_mastodon import Answer, FakeInstance, fake_instance, status

NOW = datetime(2026, 11, 3, 12, 5, tzinfo=UTC)
SECRET = "planted-token-5f0a"
TAG = "/api/v1/timelines/tag/acme"


@pytest.fixture
def instance() -> Iterator[FakeInstance]:
    with fake_instance() as running:
        yield running


def _collector(base_url: str, *, token: str | None = None, archive: EmptyArchive | None = None) -> MastodonCollector:
    context = CollectorContext(
        brands=(WatchedBrand(name="Acme", keywords=("acme",), hashtags=("acme",)),),
        clock=ManualClock(NOW),
        base_folder=".",
        secrets={"TOKEN": token} if token else {},
        archive=archive or EmptyArchive(),
    )
    settings = MastodonSettings(base_url=base_url, access_token_env="TOKEN", timeout_seconds=0.5)
    return MastodonCollector(settings, context)


def _poll(instance: FakeInstance, cursor: str | None = None, **how: Any) -> Batch:
    return _collector(instance.base_url, **how).poll(cursor, Allowance(), NOW + timedelta(seconds=2))


def test_429_says_how_long_to_stay_away(instance: FakeInstance) -> None:
    headers = {"X-RateLimit-Reset": "2026-11-03T12:10:00.5Z", "Date": "Tue, 03 Nov 2026 12:05:00 GMT"}
    instance.answering = lambda path, query: Answer(status=429, headers=headers)

    with pytest.raises(RateLimited) as caught:
        _poll(instance)

    assert caught.value.retry_after_seconds == pytest.approx(300.5)
    assert len(instance.requests) == 1


def test_429_with_retry_after_is_taken_at_its_word(instance: FakeInstance) -> None:
    instance.answering = lambda path, query: Answer(status=429, headers={"Retry-After": "120"})

    with pytest.raises(RateLimited) as caught:
        _poll(instance)

    assert caught.value.retry_after_seconds == 120


def test_429_without_a_time_leaves_it_to_growing_pauses(instance: FakeInstance) -> None:
    instance.answering = lambda path, query: Answer(status=429)

    with pytest.raises(RateLimited) as caught:
        _poll(instance)

    assert caught.value.retry_after_seconds is None
    assert len(instance.requests) == 1


def test_429_halfway_keeps_what_came_and_says_when_to_come_again(instance: FakeInstance) -> None:
    pages: dict[str | None, list[dict[str, Any]]] = {None: [status(number) for number in range(50, 10, -1)]}

    def answering(path: str, query: dict[str, str]) -> Answer:
        if query.get("max_id") in pages:
            return Answer(body=pages[query.get("max_id")])
        return Answer(status=429, headers={"Retry-After": "60"})

    instance.answering = answering
    batch = _poll(instance)

    assert len(batch.mentions) == 40
    assert batch.throttle_until == NOW + timedelta(seconds=60)
    assert len(batch.gaps) == 1
    assert "429" in (batch.trouble or "")


def test_the_last_requests_of_a_window_are_left_unused(instance: FakeInstance) -> None:
    headers = {"X-RateLimit-Remaining": "1", "Retry-After": "30"}
    instance.answering = lambda path, query: Answer(body=[status(1)], headers=headers)

    batch = _poll(instance, token=SECRET)

    assert len(instance.requests) == 1
    assert batch.throttle_until == NOW + timedelta(seconds=30)


@pytest.mark.parametrize("code", [401, 402, 403])
def test_a_refused_token_needs_a_person(instance: FakeInstance, code: int) -> None:
    instance.answering = lambda path, query: Answer(
        status=code, body={"error": f"The access token {SECRET} is invalid"}
    )

    with pytest.raises(Refused) as caught:
        _poll(instance, token=SECRET)

    assert str(code) in str(caught.value)
    assert "TOKEN" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("code", [401, 403, 422])
def test_a_timeline_closed_to_visitors_is_told_with_its_remedy(instance: FakeInstance, code: int) -> None:
    instance.answering = lambda path, query: Answer(status=code, body={"error": "This method requires a user"})

    with pytest.raises(Refused, match="access_token_env"):
        _poll(instance)


def test_a_closed_timeline_that_answers_with_nothing_is_found_out(instance: FakeInstance) -> None:
    access = {"hashtag_feeds": {"local": "disabled", "remote": "disabled"}}

    def answering(path: str, query: dict[str, str]) -> Answer:
        if path.startswith("/api/v2/instance"):
            return Answer(body={"domain": "x", "configuration": {"timelines_access": access}})
        return Answer()

    instance.answering = answering

    assert "timelines_access" in (_poll(instance).trouble or "")
    with pytest.raises(Refused, match="timelines_access"):
        _collector(instance.base_url).probe()


@pytest.mark.parametrize("code", [500, 502, 503, 504, 520])
def test_a_broken_instance_is_asked_again_next_time(instance: FakeInstance, code: int) -> None:
    instance.answering = lambda path, query: Answer(status=code, raw=b"<html>", headers={"Content-Type": "text/html"})

    with pytest.raises(CollectError, match=str(code)):
        _poll(instance)


def test_one_broken_list_does_not_hold_the_others_up(instance: FakeInstance) -> None:
    def answering(path: str, query: dict[str, str]) -> Answer:
        if path == "/api/v1/notifications":
            return Answer(status=503)
        return Answer(body=[status(1)] if path == TAG else {"statuses": []})

    instance.answering = answering
    batch = _poll(instance, token=SECRET)

    assert [mention.id for mention in batch.mentions] == ["1001"]
    assert "503" in (batch.trouble or "")


def test_a_hanging_instance_is_given_up_after_one_time_out(instance: FakeInstance) -> None:
    instance.answering = lambda path, query: Answer(hang=True)

    with pytest.raises(CollectError, match="cannot be reached"):
        _poll(instance, token=SECRET)

    assert len(instance.requests) == 1


def test_an_address_where_nobody_listens_is_told() -> None:
    with pytest.raises(CollectError, match="base_url"):
        _collector("http://127.0.0.1:9").poll(None, Allowance(), NOW + timedelta(seconds=2))


@pytest.mark.parametrize(
    "raw", [b"", b'[{"id": "1', b"null", b'{"statuses": []}', b'"words"', b"[[1]]", b"[1, 2]", b"\xff\xfe"]
)
def test_an_answer_of_another_form_is_an_error_and_moves_nothing(instance: FakeInstance, raw: bytes) -> None:
    instance.answering = lambda path, query: Answer(raw=raw)

    with pytest.raises(CollectError, match="mastodon"):
        _poll(instance)


def test_a_status_that_lacks_a_part_is_skipped_by_name(instance: FakeInstance) -> None:
    page = [status(4), {**status(3), "created_at": "soon"}, {**status(2), "account": None}, "nonsense", status(1)]
    instance.answering = lambda path, query: Answer(body=page)

    batch = _poll(instance)

    assert [mention.id for mention in batch.mentions] == ["1004", "1001"]
    assert {skip.place for skip in batch.skipped} == {"tag/acme"}
    assert len(batch.skipped) == 3


def test_a_late_status_with_an_older_id_is_found_two_minutes_later(instance: FakeInstance) -> None:
    shown = [status(number, at=NOW - timedelta(seconds=90 - number)) for number in (9, 3)]

    def answering(path: str, query: dict[str, str]) -> Answer:
        page = [each for each in shown if int(each["id"]) > int(query.get("min_id", "0"))]
        return Answer(body=page)

    instance.answering = answering
    cursor = _poll(instance).cursor
    shown.insert(1, status(6, at=NOW - timedelta(seconds=84)))

    assert "1006" in {mention.id for mention in _poll(instance, cursor).mentions}


class _Due(EmptyArchive):
    def due_for_check(self, *, checked_before: datetime, limit: int) -> list[StoredPost]:
        return [StoredPost(id="1001", brand="Acme", posted_at=NOW, is_own_post=False)]


@pytest.mark.parametrize("code", [401, 403, 429, 500])
def test_a_failed_lookup_says_nothing_about_the_post(instance: FakeInstance, code: int) -> None:
    instance.answering = lambda path, query: Answer() if path == TAG else Answer(status=code)

    batch = _poll(instance, archive=_Due())

    assert "/api/v1/statuses/1001" in instance.paths()
    assert batch.checks == ()


def _always(answer: Answer, path: str, query: dict[str, str]) -> Answer:
    return answer


def test_the_token_stands_in_no_log_and_no_message(instance: FakeInstance, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    for answer in (
        Answer(body=[status(1)]),
        Answer(status=401, body={"error": f"token {SECRET} is revoked"}),
        Answer(status=500, raw=SECRET.encode()),
        Answer(raw=f'["{SECRET}'.encode()),
        Answer(hang=True),
    ):
        instance.answering = partial(_always, answer)
        try:
            said.append(repr(_poll(instance, token=SECRET)))
        except CollectError as error:
            said.append(str(error))

    assert len(said) == 5
    assert SECRET not in "".join(said) + caplog.text


def test_a_source_without_a_token_lacks_nothing() -> None:
    assert missing_secret(MastodonSettings(), {}) is None
