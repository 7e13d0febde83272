"""Slack with a bot's token: one thread an incident, and what becomes of every answer."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from alerts.channels._slack_answers import answer_of
from alerts.channels.slack import Slack, SlackSettings
from stormcone.errors import DeliveryError, StoreError
from stormcone.models import Level, Moment, Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import assert_keeps_secrets, assert_refuses_private, failure

OK = b'{"ok": true, "ts": "1700.42"}'


class Memory:
    """Threads in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], str] = {}

    def first(self, channel: str, incident_id: int) -> str | None:
        return self.kept.get((channel, incident_id))

    def keep(self, channel: str, incident_id: int, receipt: str) -> None:
        self.kept.setdefault((channel, incident_id), receipt)


class Broken:
    """Threads in a store that does not answer."""

    def first(self, channel: str, incident_id: int) -> str | None:
        raise StoreError("locked")

    def keep(self, channel: str, incident_id: int, receipt: str) -> None:
        raise StoreError("locked")


def bot(url: str, threads: Any = None, **changes: Any) -> Slack:
    settings = {
        "id": "chat",
        "type": "slack",
        "token_env": "CHAT_TOKEN",
        "conversation": "C1",
        "base_url": url,
        "allow_private": True,
        **changes,
    }
    channel = Slack(SlackSettings.model_validate(settings), {"CHAT_TOKEN": "xoxb-planted\n"})
    channel.threads = threads or Memory()
    return channel


def said(receiver: Receiver, *bodies: bytes) -> None:
    receiver.answers = [200] * len(bodies)
    receiver.said = list(bodies)


def test_later_messages_answer_the_first(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    said(chat_receiver, OK, b'{"ok": true, "ts": "1701.7"}', OK)
    channel = bot(chat_receiver.url)
    channel.deliver(make_full_notice())
    channel.deliver(replace(make_full_notice(Moment.ESCALATED), urgency=Level.PAGE))
    channel.deliver(make_full_notice(Moment.RESOLVED))
    path, headers, _ = chat_receiver.requests[0]
    first, escalated, resolved = chat_receiver.messages
    assert path == "/api/chat.postMessage"
    assert headers["Authorization"] == "Bearer xoxb-planted"
    assert (first["channel"], first.get("thread_ts"), first["unfurl_links"]) == ("C1", None, False)
    assert (escalated["thread_ts"], escalated["reply_broadcast"]) == ("1700.42", True)
    assert (resolved["thread_ts"], resolved["reply_broadcast"]) == ("1700.42", False)


def test_other_incidents_and_messages_of_none_stand_alone(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice]
) -> None:
    said(chat_receiver, OK, OK, OK)
    memory = Memory()
    channel = bot(chat_receiver.url, memory)
    for notice in (make_full_notice(), replace(make_full_notice(), incident_id=8)):
        channel.deliver(notice)
    channel.deliver(replace(make_full_notice(Moment.DIGEST), incident_id=None))
    assert not any("thread_ts" in each for each in chat_receiver.messages)
    assert memory.kept == {("chat", 7): "1700.42", ("chat", 8): "1700.42"}


def test_thread_that_is_gone_begins_anew(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    said(chat_receiver, b'{"ok": false, "error": "thread_not_found"}', OK)
    memory = Memory()
    memory.keep("chat", 7, "1.1")
    bot(chat_receiver.url, memory).deliver(make_full_notice(Moment.RESOLVED))
    assert [each.get("thread_ts") for each in chat_receiver.messages] == ["1.1", None]


@pytest.mark.parametrize("receipt", [b'{"ok": true}', b'{"ok": true, "ts": "x\\" y"}', b'{"ok": true, "ts": 3}'])
def test_receipt_that_is_none_is_not_kept(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], receipt: bytes
) -> None:
    said(chat_receiver, receipt)
    memory = Memory()
    bot(chat_receiver.url, memory).deliver(make_full_notice())
    assert memory.kept == {}


def test_store_that_does_not_answer_costs_the_thread_and_no_message(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice]
) -> None:
    said(chat_receiver, OK)
    with structlog.testing.capture_logs() as logs:
        bot(chat_receiver.url, Broken()).deliver(make_full_notice())
    assert [each["event"] for each in logs] == ["thread_not_known", "thread_not_kept"]
    assert len(chat_receiver.messages) == 1


@pytest.mark.parametrize(
    ("answer", "permanent", "unsure"),
    [
        (b'{"ok": false, "error": "invalid_auth"}', True, False),
        (b'{"ok": false, "error": "not_in_channel"}', True, False),
        (b'{"ok": false, "error": "thread_not_found"}', True, False),
        (b'{"ok": false, "error": "rate_limited"}', False, False),
        (b'{"ok": false, "error": "internal_error"}', False, True),
        (b'{"ok": false, "error": "planted <!channel>"}', True, False),
        (b'{"ok": false, "error": ["planted"]}', True, False),
        (b'{"ok": "yes"}', True, False),
        (b"<html>planted</html>", False, True),
        (b"[" * 60_000, False, True),
        (b"", False, True),
    ],
)
def test_answers_are_judged_by_what_they_say(
    chat_receiver: Receiver,
    make_full_notice: Callable[..., Notice],
    answer: bytes,
    permanent: bool,
    unsure: bool,
) -> None:
    said(chat_receiver, answer)
    error = failure(bot(chat_receiver.url), make_full_notice())
    assert (error.permanent, error.is_unsure) == (permanent, unsure)
    assert "planted" not in str(error)


def test_status_counts_before_what_is_said(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [(429, "17")]
    busy = failure(bot(chat_receiver.url), make_full_notice())
    assert (busy.permanent, busy.retry_after_seconds) == (False, 17)


def test_token_and_inner_addresses_are_kept(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], caplog: pytest.LogCaptureFixture
) -> None:
    assert_keeps_secrets(bot(chat_receiver.url), make_full_notice(), chat_receiver, caplog)
    assert_refuses_private(bot(chat_receiver.url, allow_private=False), make_full_notice())
    empty = Slack(bot(chat_receiver.url).settings, {})
    assert empty.check() == "the environment variable CHAT_TOKEN is not set"
    with pytest.raises(DeliveryError, match="CHAT_TOKEN"):
        empty.deliver(make_full_notice())


@pytest.mark.parametrize(
    "keys",
    [
        {"token_env": "T"},
        {"conversation": "C1"},
        {"url_env": "U", "token_env": "T", "conversation": "C1"},
        {"url_env": "U", "conversation": "C1"},
    ],
)
def test_only_one_way_may_be_given(keys: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="either url_env, or token_env and conversation"):
        SlackSettings.model_validate({"id": "chat", "type": "slack", **keys})


def test_answer_names_nothing_unknown() -> None:
    assert answer_of(json.dumps({"ok": False, "error": "https://planted.test"}).encode()).problem == (
        "Slack did not take the message, for a reason unknown to us"
    )
