"""What becomes of notices while a channel is out of order: a page takes another way, stale news becomes one digest.

Used by delivery. Pure: notices in, notices out; which of them wait, the outbox knows. Never decides who is told: the
other way is named in the settings.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote as percent_encoded

from alerts.cleaning import clean_for_sink, quote
from alerts.message import HEADLINE_CHARS, NAME_CHARS, Message, from_json, to_json
from stormcone.models import Level, Moment, Notice, NoticeState

# A page that did not arrive for so long goes the other way too: looked for every second, within the promised minute.
FALLBACK_AFTER_SECONDS: Final = 50.0
STALE_AFTER: Final = timedelta(minutes=10)  # older than this, several notices to one recipient become one digest
_MOST_LINES: Final = 30
_COPY: Final = ":via:"
_MOST_COPIES: Final = 2  # one after the other
_ASKING: Final = {
    *(Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.REOPENED),
    *(Moment.SOURCE_LOST, Moment.UNWELL, Moment.SUMMARY),
}


def copy_mark(channel: str) -> str:
    """Return what the key of a copy for `channel` has behind the key of the notice.

    >>> copy_mark("ann's phone")
    ':via:ann%27s%20phone'
    """
    return f"{_COPY}{percent_encoded(channel, safe='')}"


def copies_for(notices: Sequence[Notice], channel: str, now: datetime) -> list[Notice]:
    """Return the pages among `notices` as they go over another channel.

    A copy is copied once more at most: two channels that stand in for each other must not send a page in circles.
    Args: channel: the other way. now: when the copies are written.
    """
    pages = [each for each in notices if each.moment in _ASKING and each.key.count(_COPY) < _MOST_COPIES]
    return [_copy(each, channel, now) for each in pages if from_json(each.message_json).level is Level.PAGE]


def digest_of(notices: Sequence[Notice], now: datetime) -> Notice:
    """Return one notice in place of several that waited too long: one line for each incident, its latest news.

    Args: notices: to one recipient over one channel, oldest first, at least one.
    """
    first = notices[0]
    # An earlier digest was written after what it tells, and before the rest was old enough to be told.
    in_order = sorted(notices, key=lambda each: each.moment is not Moment.DIGEST)
    messages = [from_json(each.message_json) for each in in_order]
    lines: dict[str, str] = {}
    for message in messages:
        earlier = dict.fromkeys(message.reasons) if message.event is Moment.DIGEST else ()
        for line in earlier or (_line(message),):
            name = line.partition(":")[0]
            lines.pop(name, None)  # what happened last stands last
            lines[name] = line
    names = dict.fromkeys(message.brand for message in messages)
    brands = clean_for_sink(", ".join(names), max_chars=NAME_CHARS)
    key = _digest_key(first, [each.key for each in notices])
    news = "1 incident" if len(lines) == 1 else f"{len(lines)} incidents"
    message = replace(
        messages[-1],
        key=key,
        event=Moment.DIGEST,
        incident="several",
        brand=brands,
        post=None,
        platform=None,
        level=max(each.level for each in messages),
        severity=max(each.severity for each in messages),
        headline=quote(f"{brands}: {news} that could not be told here in time", max_chars=HEADLINE_CHARS),
        step=0,
        at=now,
        links=replace(messages[-1].links, acknowledge=None),
        certainty=None,
        pace=None,
        about=None,
        reasons=tuple(lines.values())[-_MOST_LINES:],
        advice=None,
        forecast=None,
        replies=(),
        course=None,
    )
    return Notice(
        key=key,
        incident_id=None,
        moment=Moment.DIGEST,
        to=first.to,
        channel=first.channel,
        message_json=to_json(message),
        created_at=now,
    )


def _copy(notice: Notice, channel: str, now: datetime) -> Notice:
    key = f"{notice.key}{copy_mark(channel)}"
    return replace(
        notice,
        key=key,
        channel=channel,
        message_json=to_json(replace(from_json(notice.message_json), key=key)),
        created_at=now,
        state=NoticeState.PENDING,
        attempts=0,
        next_try_at=None,
        last_error=None,
    )


def _line(message: Message) -> str:
    told = f"incident {message.incident}: {message.event.value} at {message.at:%Y-%m-%d %H:%M} UTC"
    return quote(f"{told}, {message.level.word}: {message.headline}", max_chars=HEADLINE_CHARS)


def _digest_key(first: Notice, keys: Sequence[str]) -> str:
    person = "-" if first.to is None else percent_encoded(first.to, safe="")
    told = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
    return f"digest:{percent_encoded(first.channel, safe='')}:{person}:{told}"
