"""Microsoft Teams: an adaptive card to a workflow's webhook (Power Automate, "when a webhook request is received").

Strangers' words stand in text runs, which know no markdown; a mention would need an entity beside the text, and none is
ever given. The links are buttons.
"""

import json
from typing import Any

from pydantic import Field

from alerts.channels._posting_channel import PostingChannel, PostingSettings
from alerts.channels._words import facts_of, fitting, links_of, sections_of, status_of, with_words
from alerts.message import Message
from alerts.unlinking import ZERO_WIDTH_SPACE
from stormcone.models import Level

CARD_BYTES = 28 * 1024

_COLOURS = {Level.PAGE: "attention", Level.WARN: "warning"}


class TeamsSettings(PostingSettings):
    """A [[channels]] entry of type "teams"."""

    url_env: str = Field(
        min_length=1, description="environment variable that holds the workflow's address (it is the secret)"
    )


class Teams(PostingChannel):
    """Posts to one Teams workflow."""

    Settings = TeamsSettings
    type = "teams"
    settings: TeamsSettings

    def address(self) -> str:
        """Return the workflow's address."""
        return self.secrets[self.settings.url_env]

    def body(self, message: Message) -> bytes:
        """Return the message as a card."""
        return teams_json(message)


def teams_json(message: Message) -> bytes:
    """Return the JSON of a message with one card, below 28 KB altogether."""
    return _bytes(fitting(with_words(message, escape), lambda each: len(_bytes(each)) <= CARD_BYTES))


def escape(text: str) -> str:
    r"""Return a text in which no `<at>` and no `{{DATE(...)}}` is left; nothing visible is changed.

    >>> escape("<at>all</at>")
    '<\u200bat>all<\u200b/at>'
    """
    return text.replace("<", f"<{ZERO_WIDTH_SPACE}").replace("{", f"{{{ZERO_WIDTH_SPACE}")


def _bytes(message: Message) -> bytes:
    return json.dumps(_envelope(message), ensure_ascii=False).encode()


def _envelope(message: Message) -> dict[str, Any]:
    body = [
        _text(status_of(message), weight="bolder", color=_COLOURS.get(message.level, "default")),
        _text(message.headline, size="large"),
        _text(facts_of(message), isSubtle=True, size="small"),
    ]
    for section in sections_of(message):
        body.append(_text(section.title, weight="bolder"))
        body.extend(_text(line if len(section.lines) == 1 else f"• {line}") for line in section.lines)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "fallbackText": f"{status_of(message)}: {message.headline}",
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": link.label, "url": link.url} for link in links_of(message)],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **style: str | bool) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}
