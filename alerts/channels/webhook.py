"""Webhook: a signed JSON message to any address; the form other programs rely on.

The body is the webhook contract of alerts.message; `Idempotency-Key` is the notice's key, the same in every retry. The
signature is HMAC-SHA256 over timestamp, a dot and the raw body, so that a receiver can tell us from a stranger and a
fresh request from a replayed one. Never follows a redirect, never connects to a private address unless told to.
"""

import hashlib
import hmac
from collections.abc import Mapping

from pydantic import Field, model_validator

from alerts.message import from_json, webhook_json
from alerts.posting import post
from stormcone.clock import Clock, SystemClock
from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel, ChannelSettings


class WebhookSettings(ChannelSettings):
    """A [[channels]] entry of type "webhook"."""

    url: str | None = Field(default=None, description="where to post; or use url_env where the address is a secret")
    url_env: str | None = Field(default=None, description="environment variable that holds the address")
    secret_env: str | None = Field(
        default=None, description="environment variable that holds the key messages are signed with"
    )
    allow_private: bool = Field(
        default=False, description="true allows loopback and private addresses, refused otherwise"
    )

    @model_validator(mode="after")
    def _one_address(self) -> "WebhookSettings":
        if (self.url is None) == (self.url_env is None):
            raise ValueError("give either url or url_env")
        return self


class Webhook(Channel):
    """Posts the message as JSON."""

    Settings = WebhookSettings
    type = "webhook"
    settings: WebhookSettings

    def __init__(self, settings: ChannelSettings, secrets: Mapping[str, str], clock: Clock | None = None) -> None:
        super().__init__(settings, secrets)
        # Receivers compare the timestamp with their own clock, so it is real time even in a drill.
        self._clock = clock or SystemClock()

    def deliver(self, notice: Notice) -> None:
        """Post the notice's message. Raises: DeliveryError."""
        missing = self.check()
        if missing:
            raise DeliveryError(self.settings.id, missing, permanent=True)
        body = webhook_json(from_json(notice.message_json))
        now = self._clock.now()
        post(
            self.settings.id,
            self._url(),
            body=body,
            headers={
                "Content-Type": "application/json",
                "User-Agent": "stormcone",
                "Idempotency-Key": notice.key,
                **self._signature(str(int(now.timestamp())), body),
            },
            timeout_seconds=self.settings.timeout_seconds,
            allow_private=self.settings.allow_private,
            now=now,
        )

    def check(self) -> str | None:
        """Return which variable is missing, or None."""
        for name in (self.settings.url_env, self.settings.secret_env):
            if name and not self.secrets.get(name):
                return f"the environment variable {name} is not set"
        return None

    def _url(self) -> str:
        return self.secrets[self.settings.url_env] if self.settings.url_env else self.settings.url or ""

    def _signature(self, timestamp: str, body: bytes) -> dict[str, str]:
        headers = {"X-Stormcone-Timestamp": timestamp}
        if self.settings.secret_env:
            key = self.secrets[self.settings.secret_env].encode()
            signed = hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
            headers["X-Stormcone-Signature"] = f"sha256={signed}"
        return headers
