"""PagerDuty: Events API v2, where one incident of ours is one of theirs.

The dedup key is the incident, so a repeated or second trigger folds into the first, an acknowledgement silences it
there too, and the end resolves it. After a resolve, a reopened incident triggers anew and pages again. Moments that ask
nobody to act (cooling) are not sent: a trigger would wake somebody if a person had closed it over there.
"""

import hashlib
import json
from enum import StrEnum
from typing import Any

from pydantic import Field

from alerts.channels._posting_channel import PostingChannel, PostingSettings
from alerts.channels._words import facts_of, links_of, sections_of, status_of, with_words
from alerts.message import Message
from stormcone.models import Level, Moment

SUMMARY_CHARS = 1024
DEDUP_CHARS = 255

_GRAVE = 4  # from this severity on a page is critical


class EventAction(StrEnum):
    """What PagerDuty is told to do."""

    TRIGGER = "trigger"
    ACKNOWLEDGE = "acknowledge"
    RESOLVE = "resolve"


_ENDING = {
    Moment.ACKNOWLEDGED: EventAction.ACKNOWLEDGE,
    Moment.RESOLVED: EventAction.RESOLVE,
    Moment.SOURCE_BACK: EventAction.RESOLVE,
    Moment.WELL_AGAIN: EventAction.RESOLVE,
}
_OF_THEIR_OWN = {Moment.DIGEST, Moment.SUMMARY, Moment.TEST}
_QUIET = {Moment.COOLING, Moment.DECIDED, Moment.SNOOZED, Moment.EXPLAINED}


class PagerDutySettings(PostingSettings):
    """A [[channels]] entry of type "pagerduty"."""

    key_env: str = Field(min_length=1, description="environment variable that holds the service's integration key")
    base_url: str = Field(
        default="https://events.pagerduty.com",
        description="where the Events API is served (EU: events.eu.pagerduty.com)",
    )


class PagerDuty(PostingChannel):
    """Sends events to one PagerDuty service."""

    Settings = PagerDutySettings
    type = "pagerduty"
    keeps_cases = True
    settings: PagerDutySettings

    def address(self) -> str:
        """Return the address of the Events API."""
        return f"{self.settings.base_url.rstrip('/')}/v2/enqueue"

    def body(self, message: Message) -> bytes | None:
        """Return the event, or None for moments that ask nobody to act."""
        return pagerduty_json(message, self.secrets[self.settings.key_env].strip())


def action_of(moment: Moment) -> EventAction | None:
    """Return what a moment means to PagerDuty; None where nothing is to be done there.

    >>> [action_of(moment) for moment in (Moment.REOPENED, Moment.RESOLVED, Moment.COOLING)]
    [<EventAction.TRIGGER: 'trigger'>, <EventAction.RESOLVE: 'resolve'>, None]
    """
    return None if moment in _QUIET else _ENDING.get(moment, EventAction.TRIGGER)


def severity_of(message: Message) -> str:
    """Return critical, error, warning or info, the words PagerDuty routes by."""
    if message.event in (Moment.TEST, Moment.DIGEST):
        return "info"
    if message.level is Level.PAGE:
        is_blind = message.event in (Moment.SOURCE_LOST, Moment.UNWELL)
        return "critical" if message.severity >= _GRAVE or is_blind else "error"
    return "warning" if message.level is Level.WARN else "info"


def dedup_key_of(message: Message) -> str:
    """Return a key for the incident or source; for what is of several, for the notice: no digest hides a later one."""
    if message.event in _OF_THEIR_OWN:
        return f"stormcone:{hashlib.sha256(message.key.encode()).hexdigest()[:32]}"
    return f"stormcone:{message.incident}"[:DEDUP_CHARS]


def pagerduty_json(message: Message, routing_key: str) -> bytes | None:
    """Return the event's JSON, None where the moment has no meaning there."""
    action = action_of(message.event)
    if action is None:
        return None
    event: dict[str, Any] = {
        "routing_key": routing_key,
        "event_action": action.value,
        "dedup_key": dedup_key_of(message),
    }
    if action is EventAction.TRIGGER:
        event.update(_trigger(message))
    return json.dumps(event, ensure_ascii=False).encode()


def _trigger(message: Message) -> dict[str, Any]:
    words = with_words(message, str)
    summary = f"[{status_of(message)}] {words.headline}"
    details = {section.title: "\n".join(section.lines) for section in sections_of(words)}
    links = links_of(message)
    return {
        "client": "Stormcone",
        "client_url": links[0].url,
        "links": [{"href": link.url, "text": link.label} for link in links],
        "payload": {
            "summary": summary[:SUMMARY_CHARS],
            "source": words.brand or "stormcone",
            "severity": severity_of(message),
            "timestamp": message.at.isoformat(),
            "component": words.platform or "brand",
            "class": message.kind.value,
            "custom_details": {"What": facts_of(words), **details},
        },
    }
