"""Slack: a message of blocks to an incoming webhook.

Every text object is `verbatim` and escaped, so nothing a stranger wrote links or calls anybody; previews are off. An
incoming webhook returns no name of the message it made, so an incident's messages follow each other in the channel
instead of forming a thread.
"""

import json
from typing import Any

from pydantic import Field

from alerts.channels._posting_channel import PostingChannel, PostingSettings
from alerts.channels._words import Section, facts_of, fitting, links_of, sections_of, status_of, with_words
from alerts.message import Message

TEXT_CHARS = 3000  # of one text object; Slack refuses the whole message beyond it


class SlackSettings(PostingSettings):
    """A [[channels]] entry of type "slack"."""

    url_env: str = Field(
        min_length=1, description="environment variable that holds the incoming webhook's address (it is the secret)"
    )


class Slack(PostingChannel):
    """Posts to one Slack channel."""

    Settings = SlackSettings
    type = "slack"
    settings: SlackSettings

    def address(self) -> str:
        """Return the webhook's address."""
        return self.secrets[self.settings.url_env]

    def body(self, message: Message) -> bytes:
        """Return the message as blocks."""
        return slack_json(message)


def slack_json(message: Message) -> bytes:
    """Return the JSON of a message with blocks of at most 3,000 characters each."""
    words = fitting(with_words(message, escape), lambda each: max(map(len, _texts(each))) <= TEXT_CHARS)
    title, *rest = map(_section, _texts(words))
    facts = {"type": "context", "elements": [_mrkdwn(facts_of(words))]}
    return json.dumps(
        {
            # What notifications and screen readers say in place of the blocks.
            "text": f"{status_of(words)}: {words.headline}",
            "blocks": [title, facts, *rest],
            "unfurl_links": False,
            "unfurl_media": False,
        },
        ensure_ascii=False,
    ).encode()


def escape(text: str) -> str:
    """Return a text in which Slack finds no markup that acts: its three control characters as entities.

    >>> escape("<!channel> & <@U123>")
    '&lt;!channel&gt; &amp; &lt;@U123&gt;'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _texts(message: Message) -> list[str]:
    links = " · ".join(f"<{escape(link.url)}|{link.label}>" for link in links_of(message))
    return [f"*{status_of(message)}*\n{message.headline}", *map(_titled, sections_of(message)), links]


def _titled(section: Section) -> str:
    lines = section.lines if len(section.lines) == 1 else [f"• {line}" for line in section.lines]
    return "\n".join([f"*{section.title}*", *lines])


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}
