"""Slack: a message of blocks, to an incoming webhook or, with a bot's token, as one thread an incident.

Every text object is `verbatim` and escaped, so nothing a stranger wrote links or calls anybody; previews are off. An
incoming webhook returns no name of the message it made, so with one an incident's messages follow each other in the
channel. A bot is told the name: what comes later answers the first message, and stands in the channel, too, where it
asks somebody to act.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import structlog
from pydantic import Field, model_validator

from alerts.channels._posting_channel import PostingChannel, PostingSettings
from alerts.channels._slack_answers import answer_of
from alerts.channels._words import Section, facts_of, fitting, links_of, sections_of, status_of, with_words
from alerts.message import Message, from_json
from stormcone.errors import DeliveryError, StoreError
from stormcone.models import Notice

_log = structlog.get_logger(__name__)

TEXT_CHARS = 3000  # of one text object; Slack refuses the whole message beyond it

_RECEIPT = re.compile(r"[0-9]{1,20}\.[0-9]{1,20}")  # how Slack names a message
_NOWHERE: Mapping[str, object] = MappingProxyType({})


class SlackSettings(PostingSettings):
    """A [[channels]] entry of type "slack"."""

    url_env: str | None = Field(
        default=None,
        min_length=1,
        description="environment variable that holds the incoming webhook's address (it is the secret)",
    )
    token_env: str | None = Field(
        default=None, min_length=1, description="instead: environment variable that holds a bot's token, for threads"
    )
    conversation: str | None = Field(
        default=None,
        min_length=1,
        description="with token_env: id of the Slack channel the bot writes to, as C0123ABCD",
    )
    base_url: str = Field(default="https://slack.com", description="with token_env: where Slack's Web API is served")

    @model_validator(mode="after")
    def _one_way(self) -> "SlackSettings":
        if (self.url_env is None) == (self.token_env is None) or (self.token_env is None) != (
            self.conversation is None
        ):
            raise ValueError("give either url_env, or token_env and conversation")
        return self


class Slack(PostingChannel):
    """Posts to one Slack channel."""

    Settings = SlackSettings
    type = "slack"
    settings: SlackSettings

    def address(self) -> str:
        """Return the webhook's address, or that of chat.postMessage."""
        if self.settings.url_env is not None:
            return self.secrets[self.settings.url_env]
        return f"{self.settings.base_url.rstrip('/')}/api/chat.postMessage"

    def body(self, message: Message) -> bytes:
        """Return the message as blocks."""
        return slack_json(message)

    def deliver(self, notice: Notice) -> None:
        """Post the notice's message, with a bot into its incident's thread. Raises: DeliveryError."""
        if self.settings.token_env is None:
            super().deliver(notice)
            return
        self._refuse_without_secrets()
        first = self._first(notice)
        try:
            receipt = self._say(notice, first)
        except _ThreadGone:
            first, receipt = None, self._say(notice, None)
        if first is None and receipt is not None:
            self._keep(notice, receipt)

    def _say(self, notice: Notice, first: str | None) -> str | None:
        """Post with the bot's token. Returns: the name of the new message. Raises: DeliveryError, _ThreadGone."""
        place: dict[str, object] = {"channel": self.settings.conversation}
        if first is not None:
            place |= {"thread_ts": first, "reply_broadcast": notice.urgency is not None}
        token = self.secrets[self.settings.token_env or ""].strip()
        answer = answer_of(
            self._post(
                notice,
                slack_json(from_json(notice.message_json), place),
                {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"},
            )
        )
        if answer.problem is None:
            return answer.receipt if answer.receipt and _RECEIPT.fullmatch(answer.receipt) else None
        if first is not None and answer.is_thread_gone:
            raise _ThreadGone
        raise DeliveryError(self.settings.id, answer.problem, permanent=answer.is_permanent, is_unsure=answer.is_unsure)

    def _first(self, notice: Notice) -> str | None:
        if notice.incident_id is None:
            return None
        try:
            return self.threads.first(self.settings.id, notice.incident_id)
        except StoreError as error:  # the message counts, its place does not
            _log.warning("thread_not_known", channel=self.settings.id, key=notice.key, error=type(error).__name__)
            return None

    def _keep(self, notice: Notice, receipt: str) -> None:
        if notice.incident_id is None:
            return
        try:
            self.threads.keep(self.settings.id, notice.incident_id, receipt)
        except StoreError as error:
            _log.warning("thread_not_kept", channel=self.settings.id, key=notice.key, error=type(error).__name__)


class _ThreadGone(Exception):
    """The message that was to be answered is no longer there."""


def slack_json(message: Message, place: Mapping[str, object] = _NOWHERE) -> bytes:
    """Return the JSON of a message with blocks of at most 3,000 characters each.

    Args: place: keys that say where it stands; a webhook's address says it all.
    """
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
            **place,
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
