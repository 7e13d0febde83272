"""What people are told of a source that has gone silent, of Stormcone itself not being well, and of the end of both.

Silence looks like calm, so it is told like an incident: one source to the shared channels (without any, to whoever is
on call), all of them at once to the people a page would wake. A channel that is broken is told over the others. Pure;
whether something is silent or broken others have decided.
"""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote as percent_encoded

from alerts.cleaning import clean_for_sink, quote
from alerts.message import HEADLINE_CHARS, NAME_CHARS, Links, Message, to_json
from alerts.routing import recipients_of_level
from stormcone.config import Config
from stormcone.models import Kind, Level, Moment, Notice, Recipient


def source_notices(
    config: Config,
    *,
    source: str,
    moment: Moment,
    level: Level,
    headline: str,
    at: datetime,
    told: Sequence[Recipient] = (),
    besides: str | None = None,
) -> tuple[Notice, ...]:
    """Return the notices that tell of a loss or return.

    Args: moment: SOURCE_LOST or SOURCE_BACK; UNWELL or WELL_AGAIN of a part of Stormcone. level: WARN, or PAGE where no
        source answers any more. headline: one line with name, time and remedy. told: who was told of the loss; only
        they hear of the return. besides: a channel that cannot be used, since it is the one that is broken.
    """
    recipients = tuple(told) or _recipients(config, level, at, besides)
    return tuple(
        Notice(
            key=_key(source, moment, at, recipient),
            incident_id=None,
            moment=moment,
            to=recipient.person,
            channel=recipient.channel,
            message_json=to_json(_message(config, source, moment, level, headline, at, recipient)),
            created_at=at,
        )
        for recipient in recipients
    )


def _recipients(config: Config, level: Level, at: datetime, besides: str | None) -> tuple[Recipient, ...]:
    """Return who is told; where all of them sit behind the broken channel, who would be paged, or the way round it."""
    for asked in (level, Level.PAGE):
        found = tuple(each for each in recipients_of_level(config, asked, at) if each.channel != besides)
        if found:
            return found
    others = (each.fallback for each in config.channels if each.id == besides and each.fallback)
    return tuple(Recipient(channel=other) for other in others)


def _message(
    config: Config, source: str, moment: Moment, level: Level, headline: str, at: datetime, recipient: Recipient
) -> Message:
    name = clean_for_sink(source, max_chars=NAME_CHARS)
    brands = clean_for_sink(", ".join(brand.name for brand in config.brands), max_chars=NAME_CHARS)
    return Message(
        key=_key(source, moment, at, recipient),
        event=moment,
        incident=f"source-{name}",
        brand=brands,
        post=None,
        level=level,
        severity=1,
        kind=Kind.UNCLEAR,
        headline=quote(headline, max_chars=HEADLINE_CHARS),
        to=recipient.person,
        step=0,
        at=at,
        links=Links(incident=config.dashboard.public_url.rstrip("/"), acknowledge=None),
        platform=name,
    )


def _key(source: str, moment: Moment, at: datetime, recipient: Recipient) -> str:
    """Return a key that the same loss told to the same recipient always has."""
    person = "-" if recipient.person is None else percent_encoded(recipient.person, safe="")
    names = (percent_encoded(source, safe=""), moment.value, f"{at:%Y%m%dT%H%M%SZ}")
    return ":".join(("src", *names, percent_encoded(recipient.channel, safe=""), person))
