"""Asks the scheduler in use to pause its queue, or to go on: one signed request, because a person wants it now.

The signature, the addresses allowed and the time limit are those of the webhook channel. Called by whoever records a
person's act, never by the pipeline. Never tries again by itself, never says what the scheduler answered beyond whether
it accepted, and never shows its address.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from alerts.channels.webhook import Webhook, WebhookSettings
from alerts.cleaning import clean_for_sink
from alerts.posting import post
from stormcone.clock import Clock
from stormcone.config import PauseSettings
from stormcone.errors import ConfigError, DeliveryError
from stormcone.journal import iso

_SETTING: Final = "playbook.pause"
_NAME_CHARS: Final = 60
_WHY_CHARS: Final = 1000
_ANSWERED: Final = "the receiver answered"


class QueueEvent(StrEnum):
    """What a person asks of the scheduler."""

    PAUSE = "pause_queue"
    RESUME = "resume_queue"


class Reception(StrEnum):
    """What became of the request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # the scheduler answered that it will not, or cannot now
    UNREACHABLE = "unreachable"  # nothing was sent
    UNSURE = "unsure"  # sent, and not answered: it may have acted


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRequest:
    """What is asked, for which incident, by whom and why; cleaned where it is sent."""

    event: QueueEvent
    brand: str
    incident_id: int
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAnswer:
    """What became of it, and as one sentence with what to do; the sentence holds no address and no secret."""

    event: QueueEvent
    reception: Reception
    sentence: str


def ask_queue(
    settings: PauseSettings, secrets: Mapping[str, str], request: QueueRequest, *, clock: Clock | None = None
) -> QueueAnswer:
    """Send one request and say what became of it.

    Args: secrets: values by the name of their variable. clock: of the signature; None: the machine's.
    Raises: ConfigError: no scheduler is named, or a variable is not set; nothing was sent.
    """
    if settings.url_env is None:
        raise ConfigError(
            f"{_SETTING}.url_env",
            remedy="no scheduler is named; give url_env and secret_env, or do it by hand in the scheduler",
        )
    hook = _Hook(settings, secrets, clock)
    missing = hook.check()
    if missing:
        raise ConfigError(_SETTING, remedy=f"{missing}; set it, or do it by hand in the scheduler")
    try:
        hook.ask(request)
    except DeliveryError as error:
        return _failed(request.event, error)
    return QueueAnswer(
        event=request.event, reception=Reception.ACCEPTED, sentence="the scheduler accepted; look there whether it did"
    )


class _Hook(Webhook):
    """The webhook channel with another body; delivers no notices."""

    def __init__(self, settings: PauseSettings, secrets: Mapping[str, str], clock: Clock | None) -> None:
        own = WebhookSettings(
            id=_SETTING,
            type="webhook",
            url_env=settings.url_env,
            secret_env=settings.secret_env,
            allow_private=settings.allow_private,
            timeout_seconds=settings.timeout_seconds,
        )
        super().__init__(own, secrets, clock)

    def ask(self, request: QueueRequest) -> None:
        """Post the request. Raises: DeliveryError."""
        body = _body(request)
        now = self._clock.now()
        post(
            self.settings.id,
            self._url(),
            body=body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": "stormcone",
                "Idempotency-Key": f"{request.event.value}/{request.incident_id}/{iso(request.at)}",
                **self._signature(str(int(now.timestamp())), body),
            },
            timeout_seconds=self.settings.timeout_seconds,
            allow_private=self.settings.allow_private,
            now=now,
        )


def _body(request: QueueRequest) -> bytes:
    message = {
        "event": request.event.value,
        "brand": clean_for_sink(request.brand, max_chars=_NAME_CHARS),
        "incident": request.incident_id,
        "by": clean_for_sink(request.by, max_chars=_NAME_CHARS),
        "why": clean_for_sink(request.why, max_chars=_WHY_CHARS),
        "at": iso(request.at),
    }
    return json.dumps(message, ensure_ascii=False).encode()


def _failed(event: QueueEvent, error: DeliveryError) -> QueueAnswer:
    said = str(error).removeprefix(f"channel {error.channel}: ")
    verb = "pause" if event is QueueEvent.PAUSE else "resume"
    by_hand = f"{verb} the queue by hand in the scheduler"
    if error.is_unsure:
        reception, remedy = Reception.UNSURE, f"it may have acted all the same: look there, or {by_hand}"
    elif said.startswith(_ANSWERED):
        wait = error.retry_after_seconds
        again = "" if error.permanent else f"; try again{f' in {wait:.0f} s' if wait else ''}"
        reception, remedy = Reception.REFUSED, f"{by_hand}{again}"
    else:
        reception, remedy = Reception.UNREACHABLE, by_hand
    return QueueAnswer(event=event, reception=reception, sentence=f"{said}; {remedy}")
