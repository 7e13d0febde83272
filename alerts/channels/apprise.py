"""Apprise: everything else. One address of the apprise library stands for SMS, ntfy, Signal or a hundred others.

The library is run in a child process for each notice: an answer that drips for ever ends with the process, no thread or
proxy setting of ours is shared with it, and it connects to no address inside unless told to. It reports whether a
service accepted, never why, so all but a bad address is tried again.
"""

import json
import os
import subprocess
import sys

from pydantic import Field

from alerts.channels._apprise_child import Ending, Errand
from alerts.channels._posting_channel import PostingSettings, missing_variable
from alerts.message import from_json
from alerts.short_text import short_text
from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel

# All that the child gets of our environment: no secret, no proxy.
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
# Starting the child takes about a second on a busy machine; the service has what is left.
_START_SECONDS = 2.0
_FEWEST_SECONDS = 0.5


class AppriseSettings(PostingSettings):
    """A [[channels]] entry of type "apprise"."""

    url_env: str = Field(
        min_length=1, description="environment variable that holds the service's apprise address, such as ntfys://topic"
    )
    timeout_seconds: float = Field(
        default=20, gt=0, description="seconds after which one delivery is given up and its process is ended"
    )


class AppriseChannel(Channel):
    """Sends the short form of a message to one service."""

    Settings = AppriseSettings
    type = "apprise"
    settings: AppriseSettings

    def deliver(self, notice: Notice) -> None:
        """Hand the short text to the service. Raises: DeliveryError."""
        missing = missing_variable(self.settings, self.secrets)
        if missing:
            raise DeliveryError(self.settings.id, missing, permanent=True)
        ending = self._run(short_text(from_json(notice.message_json)))
        if ending is not Ending.ARRIVED:
            raise DeliveryError(
                self.settings.id,
                ending.meaning,
                permanent=ending in (Ending.BAD_ADDRESS, Ending.PRIVATE_ADDRESS),
            )

    def check(self) -> str | None:
        """Return which variable is missing, or that apprise does not understand the address; sends nothing."""
        missing = missing_variable(self.settings, self.secrets)
        if missing:
            return missing
        ending = self._run(None)
        return None if ending is Ending.ARRIVED else ending.meaning

    def _run(self, body: str | None) -> Ending:
        seconds = self.settings.timeout_seconds
        errand = Errand(
            url=self.secrets[self.settings.url_env].strip(),
            body=body,
            allow_private=self.settings.allow_private,
            seconds=max(seconds - _START_SECONDS, _FEWEST_SECONDS),
        )
        environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "alerts.channels._apprise_child"],
                input=json.dumps(errand.as_words()).encode(),
                env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Ending.TOO_LATE
        except OSError as error:
            raise DeliveryError(self.settings.id, f"no process can be started ({type(error).__name__})") from error
        return Ending.of(done.returncode)
