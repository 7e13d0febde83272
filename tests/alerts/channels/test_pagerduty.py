"""PagerDuty: one incident of ours is one of theirs, whatever happens in between."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from alerts.channels.pagerduty import PagerDuty, PagerDutySettings, action_of, pagerduty_json, severity_of
from alerts.message import Message
from stormcone.models import Level, Moment, Notice
from tests.alerts.channels.receiving import Receiver
from tests.alerts.channels.sameness import assert_answers_are_judged, assert_keeps_secrets, assert_refuses_private

ACTIONS = {
    Moment.OPENED: "trigger",
    Moment.UPDATED: "trigger",
    Moment.ESCALATED: "trigger",
    Moment.REMINDER: "trigger",
    Moment.REOPENED: "trigger",
    Moment.ACKNOWLEDGED: "acknowledge",
    Moment.RESOLVED: "resolve",
    Moment.SOURCE_LOST: "trigger",
    Moment.SOURCE_BACK: "resolve",
    Moment.UNWELL: "trigger",
    Moment.WELL_AGAIN: "resolve",
    Moment.DIGEST: "trigger",
    Moment.SUMMARY: "trigger",
    Moment.TEST: "trigger",
    Moment.COOLING: None,
    Moment.DECIDED: None,
    Moment.SNOOZED: None,
    Moment.EXPLAINED: None,
}


def pagerduty(url: str, **changes: Any) -> PagerDuty:
    settings = {
        "id": "chat",
        "type": "pagerduty",
        "key_env": "PD_KEY",
        "base_url": url,
        "allow_private": True,
        **changes,
    }
    return PagerDuty(PagerDutySettings.model_validate(settings), {"PD_KEY": "planted-key"})


def event(message: Message) -> dict[str, Any]:
    body = pagerduty_json(message, "key")
    assert body is not None
    decoded: dict[str, Any] = json.loads(body)
    return decoded


def test_page_triggers_with_all_that_is_known(chat_receiver: Receiver, make_full_notice: Callable[..., Notice]) -> None:
    chat_receiver.answers = [202]
    pagerduty(chat_receiver.url).deliver(make_full_notice())
    assert chat_receiver.requests[0][0] == "/v2/enqueue"
    (posted,) = chat_receiver.messages
    assert posted == {
        "routing_key": "planted-key",
        "event_action": "trigger",
        "dedup_key": "stormcone:7",
        "client": "Stormcone",
        "client_url": "http://127.0.0.1:8501/incidents?incident=7",
        "links": [
            {"href": "http://127.0.0.1:8501/incidents?incident=7", "text": "Open the incident"},
            {"href": "http://127.0.0.1:8501/ack/token", "text": "Acknowledge"},
        ],
        "payload": {
            "summary": "[PAGE opened] acme: replies turn against a post",
            "source": "acme",
            "severity": "critical",
            "timestamp": "2026-11-21T22:10:00+00:00",
            "component": "x",
            "class": "backlash",
            "custom_details": {
                "What": "backlash, severity 4 of 5, on post x 123, 2026-11-21 22:10 UTC",
                "How sure": "The figures are complete: every source answered and there is enough history to compare "
                "with.",
                "How fast": "42 mentions a minute over the last 30 minutes; 200 distinct voices where 12 is usual, "
                "70% of them against the brand.",
                "Why": "42 replies a minute where 3 are usual\n70 % speak against the brand where 10 % is usual",
                "Advice": "hold within 30 minutes, by 22:40 UTC. The cause is not known yet.",
                "Forecast": "Expected from here: 120 more mentions in 1 h (80 to 310).",
                "What people say": "never again\nshame on you\ndelete it",
            },
        },
    }


def test_life_of_an_incident_is_one_incident_there(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice]
) -> None:
    chat_receiver.answers = [202] * 6
    channel = pagerduty(chat_receiver.url)
    for moment in (
        Moment.OPENED,
        Moment.ESCALATED,
        Moment.ACKNOWLEDGED,
        Moment.COOLING,  # not sent: the receiver would fail on a seventh request
        Moment.RESOLVED,
        Moment.REOPENED,
        Moment.RESOLVED,
    ):
        channel.deliver(make_full_notice(moment))
    assert [posted["event_action"] for posted in chat_receiver.messages] == [
        *("trigger", "trigger", "acknowledge", "resolve", "trigger", "resolve"),
    ]
    assert {posted["dedup_key"] for posted in chat_receiver.messages} == {"stormcone:7"}


@pytest.mark.parametrize("moment", Moment)
def test_every_moment_has_its_action(moment: Moment) -> None:
    assert action_of(moment) == ACTIONS[moment]


def test_end_says_no_more_than_it_needs(make_full_message: Callable[..., Message]) -> None:
    assert set(event(make_full_message(Moment.RESOLVED))) == {"routing_key", "event_action", "dedup_key"}


@pytest.mark.parametrize(
    ("moment", "level", "severity", "word"),
    [
        (Moment.OPENED, Level.PAGE, 5, "critical"),
        (Moment.OPENED, Level.PAGE, 4, "critical"),
        (Moment.OPENED, Level.PAGE, 3, "error"),
        (Moment.OPENED, Level.WARN, 5, "warning"),
        (Moment.OPENED, Level.WATCH, 5, "info"),
        (Moment.SOURCE_LOST, Level.PAGE, 1, "critical"),
        (Moment.SOURCE_LOST, Level.WARN, 1, "warning"),
        (Moment.TEST, Level.PAGE, 5, "info"),
        (Moment.DIGEST, Level.PAGE, 5, "info"),
    ],
)
def test_severity_follows_level_and_severity(
    make_full_message: Callable[..., Message], moment: Moment, level: Level, severity: int, word: str
) -> None:
    assert severity_of(make_full_message(moment, level, severity=severity)) == word


def test_source_is_an_incident_of_its_own(make_full_message: Callable[..., Message]) -> None:
    lost = make_full_message(Moment.SOURCE_LOST, changes={"incident": "source-reddit", "platform": "reddit"})
    back = make_full_message(Moment.SOURCE_BACK, changes={"incident": "source-reddit"})
    assert event(lost)["dedup_key"] == event(back)["dedup_key"] == "stormcone:source-reddit"
    assert event(lost)["payload"]["custom_details"]["What"] == "source reddit, 2026-11-21 22:10 UTC"
    assert event(lost)["links"][0]["text"] == "Open the dashboard"


@pytest.mark.parametrize("moment", [Moment.DIGEST, Moment.SUMMARY, Moment.TEST])
def test_digest_hides_no_later_one(make_full_message: Callable[..., Message], moment: Moment) -> None:
    several = [make_full_message(moment, changes={"incident": "several", "key": key}) for key in ("a", "b", "b")]
    first, second, repeat = [event(each)["dedup_key"] for each in several]
    assert first != second == repeat
    assert event(several[0])["payload"]["severity"] == ("critical" if moment is Moment.SUMMARY else "info")


def test_long_texts_stay_within_the_limits(make_full_message: Callable[..., Message]) -> None:
    posted = event(make_full_message(changes={"headline": "@" * 10**6, "incident": "9" * 400, "brand": ""}))
    assert len(posted["payload"]["summary"]) <= 1024
    assert len(posted["dedup_key"]) == 255
    assert posted["payload"]["source"] == "stormcone"


def test_answers_secrets_and_addresses_are_treated_as_everywhere(
    chat_receiver: Receiver, make_full_notice: Callable[..., Notice], caplog: pytest.LogCaptureFixture
) -> None:
    channel = pagerduty(chat_receiver.url)
    assert_answers_are_judged(channel, make_full_notice(), chat_receiver)
    assert_keeps_secrets(channel, make_full_notice(), chat_receiver, caplog)
    assert_refuses_private(pagerduty(chat_receiver.url, allow_private=False), make_full_notice())


def test_missing_variable_is_named() -> None:
    with pytest.raises(ValidationError, match="key_env"):
        PagerDutySettings.model_validate({"id": "chat", "type": "pagerduty"})
    empty = PagerDuty(PagerDutySettings(id="chat", type="pagerduty", key_env="PD_KEY"), {})
    assert empty.check() == "the environment variable PD_KEY is not set"
