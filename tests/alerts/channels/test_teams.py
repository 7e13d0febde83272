"""Microsoft Teams: the card that is posted, and that nothing in it acts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.channels.teams import CARD_BYTES, Teams, TeamsSettings, teams_json
from alerts.message import Message
from stormcone.models import Moment, Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import assert_answers_are_judged, assert_keeps_secrets, assert_refuses_private


def teams(url: str, **changes: Any) -> Teams:
    settings = {"id": "chat", "type": "teams", "url_env": "CHAT_URL", "allow_private": True, **changes}
    address = f"{url}/workflows/planted/triggers/manual/paths/invoke?sig=planted"
    return Teams(TeamsSettings.model_validate(settings), {"CHAT_URL": address})


def card_of(posted: dict[str, Any]) -> dict[str, Any]:
    (attachment,) = posted["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card: dict[str, Any] = attachment["content"]
    return card


def test_message_is_a_card_of_literal_text(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [202]
    teams(chat_receiver.url).deliver(make_full_notice())
    assert chat_receiver.requests[0][0] == "/workflows/planted/triggers/manual/paths/invoke?sig=planted"
    (posted,) = chat_receiver.messages
    card = card_of(posted)
    assert posted["type"] == "message"
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}  # knows no markdown
    assert [block["inlines"][0]["text"] for block in card["body"]] == [
        "PAGE opened",
        "acme: replies turn against a post",
        "backlash, severity 4 of 5, on post x 123, 2026-11-21 22:10 UTC",
        "How sure",
        "The figures are complete: every source answered and there is enough history to compare with.",
        "How fast",
        (
            "42 mentions a minute over the last 30 minutes; 200 distinct voices where 12 is usual, 70% of them against "
            "the brand."
        ),
        "Why",
        "• 42 replies a minute where 3 are usual",
        "• 70 % speak against the brand where 10 % is usual",
        "Advice",
        "hold within 30 minutes, by 22:40 UTC. The cause is not known yet.",
        "Forecast",
        "Expected from here: 120 more mentions in 1 h (80 to 310).",
        "What people say",
        "• never again",
        "• shame on you",
        "• delete it",
    ]
    assert [(button["title"], button["url"]) for button in card["actions"]] == [
        ("Open the incident", "http://127.0.0.1:8501/incidents?incident=7"),
        ("Acknowledge", "http://127.0.0.1:8501/ack/token"),
    ]


def test_nothing_that_a_stranger_wrote_acts(make_full_message: Callable[..., Message]) -> None:
    evil = "<at>all</at> @team {{DATE(2017-02-14T06:00:00Z)}} [go](http://evil.test) evil.test"
    posted = teams_json(make_full_message(headline=f"acme {evil}", replies=(evil,), acknowledge=None)).decode()
    for live in ("<at>", "@team", "{{", "](http", "evil.test", "entities"):
        assert live not in posted
    assert posted.count("http://") == 2  # the schema's name, and our link


def test_too_large_a_card_drops_reasons_and_keeps_buttons(make_full_message: Callable[..., Message]) -> None:
    message = make_full_message(changes={"reasons": tuple(f"{n} {'<' * 275}" for n in range(30))})
    posted = teams_json(message)
    card = card_of(json.loads(posted))
    assert len(posted) <= CARD_BYTES
    assert len(card["actions"]) == 2
    assert "more on the screen" in posted.decode()


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_has_a_message(make_full_message: Callable[..., Message], moment: Moment) -> None:
    assert moment.value.replace("_", " ") in teams_json(make_full_message(moment)).decode().casefold()


def test_answers_secrets_and_addresses_are_treated_as_everywhere(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], caplog: pytest.LogCaptureFixture
) -> None:
    channel = teams(chat_receiver.url)
    assert_answers_are_judged(channel, make_full_notice(), chat_receiver)
    assert_keeps_secrets(channel, make_full_notice(), chat_receiver, caplog)
    assert_refuses_private(teams(chat_receiver.url, allow_private=False), make_full_notice())


def test_variable_is_required_by_name() -> None:
    with pytest.raises(ValidationError, match="url_env"):
        TeamsSettings.model_validate({"id": "chat", "type": "teams"})
    empty = Teams(TeamsSettings(id="chat", type="teams", url_env="CHAT_URL"), {})
    assert empty.check() == "the environment variable CHAT_URL is not set"
