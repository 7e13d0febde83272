"""The queue's hook against a real receiver on loopback: signed, bounded, said as it is, silent about its secrets."""

import hashlib
import hmac
import json
import logging
import socket
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
import structlog

from alerts.pausing import QueueAnswer, QueueEvent, QueueRequest, Reception, ask_queue
from stormcone.clock import ManualClock
from stormcone.config import PauseSettings
from stormcone.errors import ConfigError
from tests.alerts.schedulers import HANG, Scheduler

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
KEY = "planted-key-44d0"
REQUEST = QueueRequest(
    event=QueueEvent.PAUSE,
    brand="acme",
    incident_id=7,
    by="Ann",
    why="find out first",
    at=datetime(2026, 11, 22, 12, tzinfo=UTC),
)


def settings(**changes: object) -> PauseSettings:
    given = {"url_env": "QUEUE_URL", "secret_env": "QUEUE_KEY", "allow_private": True, "timeout_seconds": 5}
    return PauseSettings.model_validate(given | changes)


def ask(url: str, request: QueueRequest = REQUEST, **changes: object) -> QueueAnswer:
    secrets = {"QUEUE_URL": url, "QUEUE_KEY": KEY}
    return ask_queue(settings(**changes), secrets, request, clock=ManualClock(NOW))


def test_the_scheduler_gets_a_small_signed_message() -> None:
    with Scheduler() as scheduler:
        assert ask(scheduler.url).reception is Reception.ACCEPTED
    ((headers, body),) = scheduler.requests
    assert json.loads(body) == {
        "event": "pause_queue",
        "brand": "acme",
        "incident": 7,
        "by": "Ann",
        "why": "find out first",
        "at": "2026-11-22T12:00:00Z",
    }
    stamp = headers["X-Stormcone-Timestamp"]
    assert stamp == str(int(NOW.timestamp()))
    signed = hmac.new(KEY.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["X-Stormcone-Signature"] == f"sha256={signed}"
    assert headers["Idempotency-Key"] == "pause_queue/7/2026-11-22T12:00:00Z"


def test_resuming_says_so() -> None:
    with Scheduler() as scheduler:
        ask(scheduler.url, replace(REQUEST, event=QueueEvent.RESUME))
    assert json.loads(scheduler.requests[0][1])["event"] == "resume_queue"


def test_what_people_typed_is_cleaned_and_cut() -> None:
    nasty = "\u202ehalf \ud800\x00\n" + "😡" * 10_000
    with Scheduler() as scheduler:
        assert ask(scheduler.url, replace(REQUEST, by=nasty, why=nasty)).reception is Reception.ACCEPTED
    message = json.loads(scheduler.requests[0][1])
    assert message["by"].startswith("half 😡")
    assert (len(message["by"]), len(message["why"])) == (60, 1000)


@pytest.mark.parametrize("status", [302, 401, 403, 404, 410])
def test_a_refusal_is_told_with_status_and_what_to_do(status: int) -> None:
    with Scheduler(status) as scheduler:
        answer = ask(scheduler.url)
    assert answer.reception is Reception.REFUSED
    assert f"answered {status}" in answer.sentence
    assert "pause the queue by hand" in answer.sentence
    assert "try again" not in answer.sentence
    assert len(scheduler.requests) == 1  # a redirect is not followed


def test_a_scheduler_that_is_busy_says_when_to_try_again() -> None:
    with Scheduler(503, retry_after="20") as scheduler:
        answer = ask(scheduler.url, replace(REQUEST, event=QueueEvent.RESUME))
    assert answer.reception is Reception.REFUSED
    assert "answered 503" in answer.sentence
    assert "resume the queue by hand" in answer.sentence
    assert answer.sentence.endswith("try again in 20 s")
    assert len(scheduler.requests) == 1  # nobody tries again but a person


def test_nobody_listening_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = ask(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert answer.reception is Reception.UNREACHABLE
    assert "by hand" in answer.sentence


def test_silence_after_sending_is_unsure_not_a_failure() -> None:
    with Scheduler(HANG) as scheduler:
        answer = ask(scheduler.url, timeout_seconds=0.3)
    assert answer.reception is Reception.UNSURE
    assert "may have acted all the same" in answer.sentence
    assert len(scheduler.requests) == 1


def test_a_private_address_is_refused_unless_meant() -> None:
    with Scheduler() as scheduler:
        answer = ask(scheduler.url, allow_private=False)
    assert answer.reception is Reception.UNREACHABLE
    assert "allow_private = true" in answer.sentence
    assert scheduler.requests == []


@pytest.mark.parametrize("url", ["not an address", "ftp://queue.test/x", "file:///etc/passwd", "http://"])
def test_an_address_that_is_none_is_never_called(url: str) -> None:
    answer = ask(url)
    assert answer.reception is Reception.UNREACHABLE
    assert "not valid" in answer.sentence


def test_without_a_scheduler_one_line_says_what_to_set() -> None:
    with pytest.raises(ConfigError, match=r"^playbook\.pause\.url_env: no scheduler is named; give url_env"):
        ask_queue(PauseSettings(), {}, REQUEST)


@pytest.mark.parametrize("missing", ["QUEUE_URL", "QUEUE_KEY"])
def test_a_variable_that_is_not_set_is_named(missing: str) -> None:
    secrets = {"QUEUE_URL": "http://127.0.0.1:9/", "QUEUE_KEY": KEY}
    del secrets[missing]
    with pytest.raises(ConfigError, match=f"{missing} is not set"):
        ask_queue(settings(), secrets, REQUEST)


def test_no_answer_and_no_log_holds_address_or_key(caplog: pytest.LogCaptureFixture) -> None:
    stream = StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=stream))
    said = []
    try:
        with caplog.at_level(logging.DEBUG), Scheduler(200, 403, 500, 302, HANG) as scheduler:
            said += [ask(scheduler.url, timeout_seconds=0.5) for _ in range(5)]
            said.append(ask(scheduler.url, allow_private=False))
    finally:
        structlog.reset_defaults()
    told = stream.getvalue() + caplog.text + repr(said)
    assert len({each.reception for each in said}) == len(Reception)
    assert "planted" not in told
    assert KEY not in told
