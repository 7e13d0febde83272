"""What channels that post one JSON request share: secrets, guarded posting, and the key that folds repeats.

A channel says where and what; this sends it through `alerts.posting`, which judges the answer. Never retries, never
puts an address into an error.
"""

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import Field

from alerts.message import Message, from_json
from alerts.posting import post
from stormcone.clock import Clock, SystemClock
from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel, ChannelSettings


class PostingSettings(ChannelSettings):
    """Keys that every posting channel takes."""

    allow_private: bool = Field(
        default=False, description="true allows loopback and private addresses, refused otherwise"
    )


class PostingChannel(Channel):
    """Posts a message as JSON to one address."""

    settings: PostingSettings

    def __init__(self, settings: ChannelSettings, secrets: Mapping[str, str], clock: Clock | None = None) -> None:
        super().__init__(settings, secrets)
        # A Retry-After that names a date is compared with real time, even in a drill.
        self._clock = clock or SystemClock()

    @abstractmethod
    def address(self) -> str:
        """Return where to post; asked for only once no secret is missing."""

    @abstractmethod
    def body(self, message: Message) -> bytes | None:
        """Return the request's JSON, or None where the receiver has no use for this moment."""

    def deliver(self, notice: Notice) -> None:
        """Post the notice's message. Raises: DeliveryError."""
        self._refuse_without_secrets()
        body = self.body(from_json(notice.message_json))
        if body is not None:
            self._post(notice, body)

    def _refuse_without_secrets(self) -> None:
        missing = self.check()
        if missing:
            raise DeliveryError(self.settings.id, missing, permanent=True)

    def _post(self, notice: Notice, body: bytes, headers: Mapping[str, str] = MappingProxyType({})) -> bytes:
        """Post a body, and return what was answered. Raises: DeliveryError."""
        usual = {"Content-Type": "application/json", "User-Agent": "stormcone", "Idempotency-Key": notice.key}
        return post(
            self.settings.id,
            self.address(),
            body=body,
            headers={**usual, **headers},
            timeout_seconds=self.settings.timeout_seconds,
            allow_private=self.settings.allow_private,
            now=self._clock.now(),
        )

    def check(self) -> str | None:
        """Return which variable is missing, or None."""
        return missing_variable(self.settings, self.secrets)


def missing_variable(settings: ChannelSettings, secrets: Mapping[str, str]) -> str | None:
    """Return one line naming the first variable that the settings name and the environment lacks, or None."""
    named: list[tuple[str, Any]] = [(key, value) for key, value in settings if key.endswith("_env")]
    for _, name in named:
        if name and not secrets.get(name):
            return f"the environment variable {name} is not set"
    return None
