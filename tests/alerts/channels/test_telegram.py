"""Telegram: the text that is sent, and that nothing in it acts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.channels.telegram import TEXT_UNITS, Telegram, TelegramSettings, telegram_json
from alerts.message import Message
from stormcone.models import Moment, Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import assert_answers_are_judged, assert_keeps_secrets, assert_refuses_private


def telegram(url: str, **changes: Any) -> Telegram:
    settings = {
        "id": "chat",
        "type": "telegram",
        "token_env": "BOT_TOKEN",
        "chat_id": -1001,
        "base_url": f"{url}/",
        "allow_private": True,
        **changes,
    }
    return Telegram(TelegramSettings.model_validate(settings), {"BOT_TOKEN": "42:planted\n"})


def test_text_is_sent_plain_and_without_preview(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice]
) -> None:
    chat_receiver.answers = [200]
    telegram(chat_receiver.url).deliver(make_full_notice())
    assert chat_receiver.requests[0][0] == "/bot42:planted/sendMessage"
    (posted,) = chat_receiver.messages
    assert set(posted) == {"chat_id", "text", "link_preview_options"}  # above all, no parse_mode
    assert posted["chat_id"] == -1001
    assert posted["link_preview_options"] == {"is_disabled": True}
    assert posted["text"].startswith("acme: replies turn against a post (page, severity 4 of 5")
    for part in (
        "The figures are complete",
        "42 mentions a minute",
        "Advice: hold within 30 minutes, by 22:40 UTC.",
        "Expected from here: 120 more",
        "- never again\n- shame on you\n- delete it",
        "Incident: http://127.0.0.1:8501/incidents?incident=7\nAcknowledge: http://127.0.0.1:8501/ack/token\n",
    ):
        assert part in posted["text"]


def test_nothing_that_a_stranger_wrote_acts(make_full_message: Callable[..., Message]) -> None:
    evil = "@somebody evil.test/a http://evil.test tg://resolve?domain=evil 10.0.0.1 a@evil.test"
    message = make_full_message(headline=f"acme {evil}", replies=(evil,), acknowledge=None)
    text = json.loads(telegram_json(message, 1))["text"]
    for live in ("@somebody", "evil.test", "tg://", "10.0.0.1", "@evil"):
        assert live not in text
    assert text.count("http://") == 1


def test_length_counts_as_telegram_counts(make_full_message: Callable[..., Message]) -> None:
    smile = "\U0001f600"
    message = make_full_message(changes={"reasons": tuple(f"{n} {smile * 270}" for n in range(12))})
    text = json.loads(telegram_json(message, 1))["text"]
    assert TEXT_UNITS - 600 < len(text.encode("utf-16-le")) // 2 <= TEXT_UNITS
    assert "more on the screen" in text
    assert text.endswith("Acknowledge: http://127.0.0.1:8501/ack/token\n")


def test_public_channel_may_be_named(make_full_message: Callable[..., Message]) -> None:
    assert json.loads(telegram_json(make_full_message(), "@ours"))["chat_id"] == "@ours"


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_has_a_message(make_full_message: Callable[..., Message], moment: Moment) -> None:
    assert "2026-11-21 22:10 UTC." in json.loads(telegram_json(make_full_message(moment), 1))["text"]


def test_answers_secrets_and_addresses_are_treated_as_everywhere(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], caplog: pytest.LogCaptureFixture
) -> None:
    channel = telegram(chat_receiver.url)
    assert_answers_are_judged(channel, make_full_notice(), chat_receiver)
    assert_keeps_secrets(channel, make_full_notice(), chat_receiver, caplog)
    assert_refuses_private(telegram(chat_receiver.url, allow_private=False), make_full_notice())


@pytest.mark.parametrize("key", ["token_env", "chat_id"])
def test_keys_are_required_by_name(key: str) -> None:
    given = {"id": "chat", "type": "telegram", "token_env": "BOT_TOKEN", "chat_id": 1}
    del given[key]
    with pytest.raises(ValidationError, match=key):
        TelegramSettings.model_validate(given)


def test_missing_variable_is_named() -> None:
    empty = Telegram(TelegramSettings(id="chat", type="telegram", token_env="BOT_TOKEN", chat_id=1), {})
    assert empty.check() == "the environment variable BOT_TOKEN is not set"
