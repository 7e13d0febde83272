"""Console: one line a notice on the terminal; for drills, demos and first steps.

Never breaks on a text: it is cleaned before, nothing in it is left that a terminal would link, and characters that it
cannot show become question marks.
"""

import sys
from collections.abc import Mapping
from typing import TextIO

from alerts.cleaning import quote
from alerts.message import Message, from_json
from stormcone.errors import DeliveryError
from stormcone.models import Notice
from stormcone.ports import Channel, ChannelSettings

LINE_CHARS = 600


class ConsoleSettings(ChannelSettings):
    """A [[channels]] entry of type "console"."""


class Console(Channel):
    """Prints notices."""

    Settings = ConsoleSettings
    type = "console"

    def __init__(self, settings: ChannelSettings, secrets: Mapping[str, str], stream: TextIO | None = None) -> None:
        super().__init__(settings, secrets)
        self._stream = stream

    def deliver(self, notice: Notice) -> None:
        """Print the notice's line. Raises: DeliveryError: the terminal is gone."""
        stream = self._stream or sys.stdout  # looked up late: a command may have redirected it
        encoding = getattr(stream, "encoding", None) or "utf-8"
        line = console_line(from_json(notice.message_json)).encode(encoding, "replace").decode(encoding)
        try:
            stream.write(f"{line}\n")
            stream.flush()
        except (OSError, ValueError) as error:  # a closed stream raises ValueError
            raise DeliveryError(self.settings.id, "standard output cannot be written to") from error


def console_line(message: Message) -> str:
    """Return the message as one line."""
    to = f" to={message.to}" if message.to else ""
    return quote(
        f"{message.at:%Y-%m-%d %H:%M:%S} notice={message.level.word} event={message.event}{to} "
        f"brand={message.brand} {message.headline}",
        max_chars=LINE_CHARS,
    )
