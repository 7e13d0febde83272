"""Invented transitions and notices that several tests of alerts build on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.message import build_message, to_json
from stormcone.models import (
    Action,
    Advice,
    Axis,
    Because,
    Evidence,
    Forecast,
    ForecastBand,
    Incident,
    Kind,
    Level,
    Moment,
    Notice,
    Reading,
    Recipient,
    State,
    Transition,
    Trust,
    Verdict,
)

AT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def make_verdict() -> Callable[..., Verdict]:
    def make(**changes: Any) -> Verdict:
        facts: dict[str, Any] = {
            "brand": "acme",
            "at": AT,
            "level": Level.PAGE,
            "kind": Kind.BACKLASH,
            "severity": 4,
            "headline": "acme: replies turn against a post",
            "reasons": (
                Reading(
                    signal="velocity",
                    axis=Axis.VOLUME,
                    value=42.0,
                    expected=3.0,
                    text="42 replies a minute where 3 are usual",
                ),
                Reading(
                    signal="against",
                    axis=Axis.COMPOSITION,
                    value=0.7,
                    expected=0.1,
                    text="70 % speak against the brand where 10 % is usual",
                ),
            ),
            "trust": Trust.SETTLED,
            "forecast": Forecast(bands=(ForecastBand(horizon=timedelta(hours=1), low=80, mid=120, high=310),)),
            "advice": Advice(
                action=Action.HOLD,
                within_minutes=30,
                because=(Because(rule="hold-first", text="The cause is not known yet.", source="house rule"),),
            ),
            "post": ("x", "123"),
            "voices_now": 200.0,
            "voices_usual": 12.0,
            "against_now": 140.0,
            "velocity_per_minute": 42.0,
        }
        return Verdict(**{**facts, **changes})

    return make


@pytest.fixture
def make_transition(make_verdict: Callable[..., Verdict]) -> Callable[..., Transition]:
    def make(
        moment: Moment = Moment.OPENED, level: Level = Level.PAGE, *, verdict: Verdict | None = None, **changes: Any
    ) -> Transition:
        facts: dict[str, Any] = {
            "brand": "acme",
            "state": State.OPEN,
            "level": level,
            "level_now": level,
            "kind": Kind.BACKLASH,
            "severity": 4,
            "headline": "acme: replies turn against a post",
            "opened_at": AT,
            "updated_at": AT,
            "post": ("x", "123"),
            "version": 3,
        }
        return Transition(
            at=AT,
            moment=moment,
            incident=Incident(**{**facts, **changes}),
            verdict=verdict or make_verdict(level=level),
        )

    return make


@pytest.fixture
def make_evidence() -> Callable[[str], Evidence]:
    def make(text: str) -> Evidence:
        return Evidence(
            incident_id=7,
            captured_at=AT,
            platform="x",
            mention_id="9",
            author="someone",
            author_followers=None,
            text=text,
            url=None,
            p_against=0.9,
            cues=(),
        )

    return make


@pytest.fixture
def make_notice(make_transition: Callable[..., Transition]) -> Callable[..., Notice]:
    def make(
        channel: str = "hook",
        *,
        person: str | None = "ann",
        moment: Moment = Moment.OPENED,
        level: Level = Level.PAGE,
        attempts: int = 1,
        **changes: Any,
    ) -> Notice:
        message = build_message(
            make_transition(moment, level, **changes),
            incident_id=7,
            recipient=Recipient(channel=channel, person=person),
            public_url="http://127.0.0.1:8501",
            step=0,
            evidence=(),
        )
        return Notice(
            key=message.key,
            incident_id=7,
            moment=moment,
            to=person,
            channel=channel,
            message_json=to_json(message),
            created_at=AT,
            attempts=attempts,
        )

    return make
