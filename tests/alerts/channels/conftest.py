"""What the tests of several channels share."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from alerts.message import Links, Message, build_message, from_json, to_json
from stormcone.models import Evidence, Level, Moment, Notice, Recipient, Transition
from tests.alerts.channels.receiving import Receiver, receiving

PUBLIC_URL = "http://127.0.0.1:8501"


@pytest.fixture
def chat_receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def make_full_message(
    make_transition: Callable[..., Transition], make_evidence: Callable[[str], Evidence]
) -> Callable[..., Message]:
    """Return a maker of messages that hold everything a message can hold."""

    def make(
        moment: Moment = Moment.OPENED,
        level: Level = Level.PAGE,
        *,
        replies: tuple[str, ...] = ("never again", "shame on you", "delete it"),
        acknowledge: str | None = f"{PUBLIC_URL}/ack/token",
        changes: dict[str, Any] | None = None,
        **facts: Any,
    ) -> Message:
        message = build_message(
            make_transition(moment, level, **facts),
            incident_id=7,
            recipient=Recipient(channel="chat", person="ann"),
            public_url=PUBLIC_URL,
            step=0,
            evidence=tuple(map(make_evidence, replies)),
        )
        links = Links(incident=message.links.incident, acknowledge=acknowledge)
        return replace(message, links=links, **(changes or {}))

    return make


@pytest.fixture
def make_full_notice(
    make_full_message: Callable[..., Message], make_notice: Callable[..., Notice]
) -> Callable[..., Notice]:
    """Return a maker of notices over the channel "chat" that carry such a message."""

    def make(moment: Moment = Moment.OPENED, **facts: Any) -> Notice:
        message = make_full_message(moment, **facts)
        assert from_json(to_json(message)) == message
        return replace(make_notice("chat", moment=moment), key=message.key, message_json=to_json(message))

    return make
