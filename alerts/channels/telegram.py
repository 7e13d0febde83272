"""Telegram: a plain text by a bot, without markup and without previews.

No `parse_mode` is given, so the text is shown as it is; what Telegram would link or call on its own is taken apart
before.
"""

import json

from pydantic import Field

from alerts.channels._posting_channel import PostingChannel, PostingSettings
from alerts.channels._words import fitting, with_words
from alerts.message import Message
from alerts.plain_text import plain_text

TEXT_UNITS = 4096  # UTF-16 units: an emoji counts as two


class TelegramSettings(PostingSettings):
    """A [[channels]] entry of type "telegram"."""

    token_env: str = Field(min_length=1, description="environment variable that holds the bot's token")
    chat_id: int | str = Field(description="number of the chat, or @name of a public channel")
    base_url: str = Field(default="https://api.telegram.org", description="where the Bot API is served")


class Telegram(PostingChannel):
    """Writes to one Telegram chat."""

    Settings = TelegramSettings
    type = "telegram"
    settings: TelegramSettings

    def address(self) -> str:
        """Return the address of sendMessage; the token is a part of it."""
        token = self.secrets[self.settings.token_env].strip()
        return f"{self.settings.base_url.rstrip('/')}/bot{token}/sendMessage"

    def body(self, message: Message) -> bytes:
        """Return the parameters of sendMessage."""
        return telegram_json(message, self.settings.chat_id)


def telegram_json(message: Message, chat_id: int | str) -> bytes:
    """Return the JSON of a text of at most 4,096 UTF-16 units."""
    text = plain_text(fitting(with_words(message, str), lambda each: _units(plain_text(each)) <= TEXT_UNITS))
    return json.dumps(
        {"chat_id": chat_id, "text": text, "link_preview_options": {"is_disabled": True}}, ensure_ascii=False
    ).encode()


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
