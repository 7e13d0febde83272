"""Slack: what is posted, and that nothing in it acts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.channels.slack import TEXT_CHARS, Slack, SlackSettings, escape, slack_json
from alerts.message import Message
from stormcone.models import Moment, Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import assert_answers_are_judged, assert_keeps_secrets, assert_refuses_private


def slack(url: str, **changes: Any) -> Slack:
    settings = {"id": "chat", "type": "slack", "url_env": "CHAT_URL", "allow_private": True, **changes}
    return Slack(SlackSettings.model_validate(settings), {"CHAT_URL": f"{url}/services/T0/planted"})


def texts(posted: dict[str, Any]) -> list[str]:
    return [
        text["text"]
        for block in posted["blocks"]
        for text in ([block["text"]] if block["type"] == "section" else block["elements"])
    ]


def test_message_says_everything_in_blocks(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [200]
    notice = make_full_notice()
    slack(chat_receiver.url).deliver(notice)
    path, headers, _ = chat_receiver.requests[0]
    (posted,) = chat_receiver.messages
    assert path == "/services/T0/planted"
    assert headers["Idempotency-Key"] == notice.key
    assert posted["text"] == "PAGE opened: acme: replies turn against a post"
    assert texts(posted) == [
        "*PAGE opened*\nacme: replies turn against a post",
        "backlash, severity 4 of 5, on post x 123, 2026-11-21 22:10 UTC",
        "*How sure*\nThe figures are complete: every source answered and there is enough history to compare with.",
        (
            "*How fast*\n42 mentions a minute over the last 30 minutes; 200 distinct voices where 12 is usual, 70% of "
            "them against the brand."
        ),
        "*Why*\n• 42 replies a minute where 3 are usual\n• 70 % speak against the brand where 10 % is usual",
        "*Advice*\nhold within 30 minutes, by 22:40 UTC. The cause is not known yet.",
        "*Forecast*\nExpected from here: 120 more mentions in 1 h (80 to 310).",
        "*What people say*\n• never again\n• shame on you\n• delete it",
        (
            "<http://127.0.0.1:8501/incidents?incident=7|Open the incident> · "
            "<http://127.0.0.1:8501/ack/token|Acknowledge>"
        ),
    ]
    assert posted["unfurl_links"] is posted["unfurl_media"] is False


def test_nothing_that_a_stranger_wrote_acts(make_full_message: Callable[..., Message]) -> None:
    evil = "<!channel> <@U123> <http://evil.test|click> @here evil.test & co"
    posted = slack_json(make_full_message(headline=f"acme {evil}", replies=(evil,), acknowledge=None)).decode()
    assert "<!" not in posted
    assert "<@" not in posted
    assert "@here" not in posted
    assert posted.count("<http") == 1
    assert "evil.test" not in posted
    assert (
        "&lt;!channel&gt; &lt;@\u200bU123&gt; &lt;hxxp://evil[.]test|click&gt; @\u200bhere evil[.]test &amp; co"
        in posted
    )


def test_all_text_is_verbatim(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [200]
    slack(chat_receiver.url).deliver(make_full_notice())
    elements = [each.get("text") or each["elements"][0] for each in chat_receiver.messages[0]["blocks"]]
    assert all(each["verbatim"] is True for each in elements)


def test_too_long_a_block_says_less_rather_than_half(make_full_message: Callable[..., Message]) -> None:
    message = make_full_message(changes={"reasons": tuple(f"{n} {'&' * 270}" for n in range(30))})
    shown = texts(json.loads(slack_json(message)))
    (why,) = [text for text in shown if text.startswith("*Why*")]
    assert len(why) <= TEXT_CHARS
    assert why.splitlines()[1].startswith("• 0 &amp;")
    assert why.splitlines()[-1].startswith("• and ")
    assert "on the screen" in why.splitlines()[-1]


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_has_a_message(make_full_message: Callable[..., Message], moment: Moment) -> None:
    assert moment.value.replace("_", " ") in slack_json(make_full_message(moment)).decode().casefold()


def test_digest_lists_what_happened(make_full_message: Callable[..., Message]) -> None:
    lines = tuple(f"acme: number {n}" for n in range(30))
    shown = texts(json.loads(slack_json(make_full_message(Moment.DIGEST, changes={"reasons": lines}))))
    (listed,) = [text for text in shown if text.startswith("*What happened*")]
    assert listed.splitlines()[1:] == [*(f"• acme: number {n}" for n in range(20)), "• and 10 more on the screen"]
    assert shown[-1].startswith("<http://127.0.0.1:8501/incidents?incident=7|Open the latest incident>")


def test_ampersand_is_escaped_once() -> None:
    assert escape("&lt;") == "&amp;lt;"


def test_answers_secrets_and_addresses_are_treated_as_everywhere(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], caplog: pytest.LogCaptureFixture
) -> None:
    channel = slack(chat_receiver.url)
    assert_answers_are_judged(channel, make_full_notice(), chat_receiver)
    assert_keeps_secrets(channel, make_full_notice(), chat_receiver, caplog)
    assert_refuses_private(slack(chat_receiver.url, allow_private=False), make_full_notice())


def test_variable_is_required_by_name() -> None:
    with pytest.raises(ValidationError, match="url_env"):
        SlackSettings.model_validate({"id": "chat", "type": "slack"})
    empty = Slack(SlackSettings(id="chat", type="slack", url_env="CHAT_URL"), {})
    assert empty.check() == "the environment variable CHAT_URL is not set"
