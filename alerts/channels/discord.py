"""Discord: a line and an embed to a channel's webhook.

`allowed_mentions` allows none, whatever the text holds; on top of that every text is escaped. The deadline of the
advice is shown by the reader's own program as a countdown.
"""

import json
from datetime import timedelta
from typing import Any

from pydantic import Field

from alerts.channels._posting_channel import PostingChannel, PostingSettings
from alerts.channels._words import facts_of, fitting, links_of, sections_of, status_of, with_words
from alerts.message import Message
from stormcone.models import Level

CONTENT_CHARS = 2000
DESCRIPTION_CHARS = 4096

_MARKUP = str.maketrans({character: f"\\{character}" for character in "\\*_~`|<>[]()#-+@:"})
_COLOURS = {Level.PAGE: 0xC62828, Level.WARN: 0xEF8F00}
_CALM_COLOUR = 0x607D8B


class DiscordSettings(PostingSettings):
    """A [[channels]] entry of type "discord"."""

    url_env: str = Field(
        min_length=1, description="environment variable that holds the webhook's address (it is the secret)"
    )


class Discord(PostingChannel):
    """Posts to one Discord channel."""

    Settings = DiscordSettings
    type = "discord"
    settings: DiscordSettings

    def address(self) -> str:
        """Return the webhook's address."""
        return self.secrets[self.settings.url_env]

    def body(self, message: Message) -> bytes:
        """Return the message as a line and an embed."""
        return discord_json(message)


def discord_json(message: Message) -> bytes:
    """Return the JSON of a message: content of at most 2,000 characters, one embed of at most 4,096."""
    words = fitting(with_words(message, escape), lambda each: len(_description(each)) <= DESCRIPTION_CHARS)
    embed: dict[str, Any] = {
        "description": _description(words),
        "color": _COLOURS.get(message.level, _CALM_COLOUR),
        "timestamp": message.at.isoformat(),
    }
    return json.dumps(
        {
            "content": f"**{status_of(message)}** {words.headline}",
            "embeds": [embed],
            "allowed_mentions": {"parse": []},
        },
        ensure_ascii=False,
    ).encode()


def escape(text: str) -> str:
    r"""Return a text in which Discord finds no markup: a backslash before everything that could begin some.

    >>> print(escape("[x](y) <@1> **no**"))
    \[x\]\(y\) \<\@1\> \*\*no\*\*
    """
    return text.translate(_MARKUP)


def _description(message: Message) -> str:
    blocks = [facts_of(message)]
    for section in sections_of(message):
        lines = section.lines if len(section.lines) == 1 else [f"- {line}" for line in section.lines]
        if section.title == "Advice":
            lines = [*lines, *_countdown(message)]
        blocks.append("\n".join([f"**{section.title}**", *lines]))
    return "\n\n".join([*blocks, _links(message)])


def _countdown(message: Message) -> list[str]:
    if message.advice is None or message.advice.within_minutes <= 0:
        return []
    until = message.at + timedelta(minutes=message.advice.within_minutes)
    return [f"Time is up <t:{int(until.timestamp())}:R>"]


def _links(message: Message) -> str:
    return "\n".join(f"{link.label}: {link.url}" for link in links_of(message))
