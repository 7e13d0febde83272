"""Discord: what is posted, and that it mentions nobody."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.channels.discord import CONTENT_CHARS, DESCRIPTION_CHARS, Discord, DiscordSettings, discord_json
from alerts.message import Message
from stormcone.models import Level, Moment, Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import assert_answers_are_judged, assert_keeps_secrets, assert_refuses_private


def discord(url: str, **changes: Any) -> Discord:
    settings = {"id": "chat", "type": "discord", "url_env": "CHAT_URL", "allow_private": True, **changes}
    return Discord(DiscordSettings.model_validate(settings), {"CHAT_URL": f"{url}/api/webhooks/1/planted"})


def test_message_is_a_line_and_an_embed(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [204]
    discord(chat_receiver.url).deliver(make_full_notice())
    assert chat_receiver.requests[0][0] == "/api/webhooks/1/planted"
    (posted,) = chat_receiver.messages
    assert posted["content"] == "**PAGE opened** acme\\: replies turn against a post"
    assert posted["allowed_mentions"] == {"parse": []}
    (embed,) = posted["embeds"]
    assert embed["timestamp"] == "2026-11-21T22:10:00+00:00"
    assert embed["description"] == (
        "backlash, severity 4 of 5, on post x 123, 2026-11-21 22:10 UTC\n\n"
        "**How sure**\nThe figures are complete\\: every source answered and there is enough history to compare "
        "with.\n\n"
        "**How fast**\n42 mentions a minute over the last 30 minutes; 200 distinct voices where 12 is usual, 70% of "
        "them against the brand.\n\n"
        "**Why**\n- 42 replies a minute where 3 are usual\n- 70 % speak against the brand where 10 % is usual\n\n"
        "**Advice**\nhold within 30 minutes, by 22:40 UTC. The cause is not known yet.\n"
        "Time is up <t:1795300800:R>\n\n"
        "**Forecast**\nExpected from here\\: 120 more mentions in 1 h \\(80 to 310\\).\n\n"
        "**What people say**\n- never again\n- shame on you\n- delete it\n\n"
        "Open the incident: http://127.0.0.1:8501/incidents?incident=7\n"
        "Acknowledge: http://127.0.0.1:8501/ack/token"
    )


def test_nothing_that_a_stranger_wrote_acts(make_full_message: Callable[..., Message]) -> None:
    evil = "@everyone @here <@123> <@&4> [go](http://evil.test) ![p](https://evil.test/p.png) discord.gg/evil"
    posted = discord_json(make_full_message(headline=f"acme {evil}", replies=(evil,), acknowledge=None)).decode()
    for live in ("@everyone", "@here", "<@", "](http", "evil.test", "discord.gg"):
        assert live not in posted
    assert posted.count("http") == 1
    assert json.loads(posted)["content"] == (
        "**PAGE opened** acme \\@\u200beveryone \\@\u200bhere \\<\\@\u200b123\\> \\<\\@\u200b&4\\> "
        "\\[go\\]\\(hxxp\\://evil\\[.\\]test\\) !\\[p\\]\\(hxxps\\://evil\\[.\\]test/p\\[.\\]png\\) "
        "discord\\[.\\]gg/evil"
    )


def test_advice_without_a_deadline_counts_nothing_down(make_full_message: Callable[..., Message]) -> None:
    assert b"<t:" not in discord_json(make_full_message(changes={"advice": None}))


def test_too_much_text_drops_reasons_and_keeps_links(make_full_message: Callable[..., Message]) -> None:
    message = make_full_message(
        changes={"reasons": tuple(f"{n} {'*' * 270}" for n in range(30)), "headline": "[" * 280}
    )
    posted = json.loads(discord_json(message))
    description = posted["embeds"][0]["description"]
    assert len(posted["content"]) <= CONTENT_CHARS
    assert len(description) <= DESCRIPTION_CHARS
    assert "more on the screen" in description
    assert description.endswith("Acknowledge: http://127.0.0.1:8501/ack/token")


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_has_a_message(make_full_message: Callable[..., Message], moment: Moment) -> None:
    assert moment.value.replace("_", " ") in discord_json(make_full_message(moment)).decode().casefold()


def test_levels_have_colours_of_their_own(make_full_message: Callable[..., Message]) -> None:
    colours = {
        json.loads(discord_json(make_full_message(level=level)))["embeds"][0]["color"]
        for level in (Level.WATCH, Level.WARN, Level.PAGE)
    }
    assert len(colours) == 3


def test_answers_secrets_and_addresses_are_treated_as_everywhere(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], caplog: pytest.LogCaptureFixture
) -> None:
    channel = discord(chat_receiver.url)
    assert_answers_are_judged(channel, make_full_notice(), chat_receiver)
    assert_keeps_secrets(channel, make_full_notice(), chat_receiver, caplog)
    assert_refuses_private(discord(chat_receiver.url, allow_private=False), make_full_notice())


def test_variable_is_required_by_name() -> None:
    with pytest.raises(ValidationError, match="url_env"):
        DiscordSettings.model_validate({"id": "chat", "type": "discord"})
    empty = Discord(DiscordSettings(id="chat", type="discord", url_env="CHAT_URL"), {})
    assert empty.check() == "the environment variable CHAT_URL is not set"
