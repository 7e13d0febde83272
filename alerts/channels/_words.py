"""What channels share when they put a message into a chat: whose words are escaped, how it is split, what goes first.

Stands between the stored message and a channel's own form. A channel hands in its escaping; every text that may hold a
stranger's words passes through it, our own links do not. Where the platform's limit is too small, less is said rather
than half a sentence. Pure; sends nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from urllib.parse import quote as percent_encoded

from alerts.cleaning import quote
from alerts.message import SENTENCE_CHARS, AdviceLine, Message
from alerts.plain_text import OF_OURSELVES, OF_SEVERAL, OF_SOURCES
from alerts.unlinking import unmention
from stormcone.models import Moment

MAX_REASONS = 20
_URL_SAFE = ":/?#[]@!$&'()*+,;=%~-._"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a message: a title of ours, and lines that may hold a stranger's words."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of ours, with the words it stands under."""

    label: str
    url: str


@lru_cache(maxsize=64)  # the same sentences go out over several channels
def still(text: str) -> str:
    r"""Return a text as one line that links and calls nobody by itself, before any escaping.

    >>> still("see https://evil.test or evil.test @here")
    'see hxxps://evil[.]test or evil[.]test @\u200bhere'
    """
    return unmention(quote(text, max_chars=SENTENCE_CHARS))


def with_words(message: Message, escape: Callable[[str], str]) -> Message:
    """Return the message with every text in it stilled and then escaped; links and key stay as they are."""

    def said(text: str) -> str:
        return escape(still(text))

    def maybe(text: str | None) -> str | None:
        return said(text) if text else None

    return replace(
        message,
        brand=said(message.brand),
        post=maybe(message.post),
        headline=said(message.headline),
        platform=maybe(message.platform),
        certainty=maybe(message.certainty),
        pace=maybe(message.pace),
        about=maybe(message.about),
        reasons=_reasons(message.reasons, said),
        advice=replace(message.advice, because=said(message.advice.because)) if message.advice else None,
        forecast=maybe(message.forecast),
        replies=tuple(said(each) for each in message.replies),
    )


def fitting(message: Message, fits: Callable[[Message], bool]) -> Message:
    """Return the message, or as much of it as fits; headline, advice and links are never given up.

    Reasons go first, the last of them first: they are on the screen. What people say goes after them.
    """
    shown = message
    for shown in _shorter(message):
        if fits(shown):
            break
    return shown


def status_of(message: Message) -> str:
    """Return what happened, at which level, in words of ours: "PAGE opened"."""
    if message.event is Moment.TEST:
        return "TEST"
    return f"{message.level.word.upper()} {message.event.value.replace('_', ' ')}"


def facts_of(message: Message) -> str:
    """Return kind, severity, place and time as one line."""
    time = f"{message.at:%Y-%m-%d %H:%M} UTC"
    if message.event in OF_SEVERAL | OF_OURSELVES:
        return time
    if message.event in OF_SOURCES:
        return f"source {message.platform or 'unknown'}, {time}"
    where = f"on post {message.platform} {message.post}" if message.post else "about the brand"
    return f"{message.kind}, severity {message.severity} of 5, {where}, {time}"


def sections_of(message: Message) -> tuple[Section, ...]:
    """Return the parts of the message in reading order; parts without content are left out."""
    parts: tuple[tuple[str, tuple[str | None, ...]], ...] = (
        ("How sure", (message.certainty,)),
        ("How fast", (message.pace,)),
        ("What about", (message.about,)),
        ("What happened" if message.event in OF_SEVERAL else "Why", message.reasons),
        ("Advice", _advice(message, message.advice) if message.advice else ()),
        ("Forecast", (message.forecast,)),
        ("What people say", message.replies),
    )
    return tuple(
        Section(title=title, lines=lines) for title, given in parts if (lines := tuple(line for line in given if line))
    )


def links_of(message: Message) -> tuple[Link, ...]:
    """Return our links, with everything percent-encoded that could end an address early."""
    if message.event in OF_SOURCES | OF_OURSELVES:
        place = "Open the dashboard"
    else:
        place = "Open the latest incident" if message.event in OF_SEVERAL else "Open the incident"
    links = [Link(label=place, url=_encoded(message.links.incident))]
    if message.links.acknowledge:
        links.append(Link(label="Acknowledge", url=_encoded(message.links.acknowledge)))
    return tuple(links)


def _reasons(reasons: tuple[str, ...], said: Callable[[str], str]) -> tuple[str, ...]:
    left_out = len(reasons) - MAX_REASONS
    more = (f"and {left_out} more on the screen",) if left_out > 0 else ()
    return (*map(said, reasons[:MAX_REASONS]), *more)


def _shorter(message: Message) -> Iterator[Message]:
    yield message
    reasons = message.reasons
    for count in reversed(range(len(reasons))):
        message = replace(message, reasons=(*reasons[:count], f"and {len(reasons) - count} more on the screen"))
        yield message
    for count in reversed(range(len(message.replies))):
        message = replace(message, replies=message.replies[:count])
        yield message
    message = replace(message, about=None)
    yield message
    yield replace(message, certainty=None, pace=None, forecast=None)


def _advice(message: Message, advice: AdviceLine) -> tuple[str, ...]:
    action = advice.action.value.replace("_", " ")
    if advice.within_minutes > 0:
        until = message.at + timedelta(minutes=advice.within_minutes)
        action = f"{action} within {advice.within_minutes} minutes, by {until:%H:%M} UTC"
    return (f"{action}. {advice.because}".rstrip(),)


def _encoded(url: str) -> str:
    return percent_encoded(url, safe=_URL_SAFE, errors="replace")
