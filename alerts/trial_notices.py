"""A message that only asks whether it arrives: what `stormcone doctor --send-test` sends over a channel.

Says in its first words that it is a test and that nothing is to be done. Pure; who sends it, and what came of it,
others know.
"""

from datetime import datetime
from urllib.parse import quote as percent_encoded

from alerts.cleaning import clean_for_sink, quote
from alerts.message import HEADLINE_CHARS, NAME_CHARS, Links, Message, to_json
from stormcone.config import Config
from stormcone.models import Kind, Level, Moment, Notice


def trial_notice(config: Config, channel: str, *, at: datetime) -> Notice:
    """Return the test of a channel; two tests of different seconds are different messages."""
    key = f"test:{percent_encoded(channel, safe='')}:{at:%Y%m%dT%H%M%SZ}"
    brand = config.brands[0].name if config.brands else "stormcone"
    shown = clean_for_sink(channel, max_chars=NAME_CHARS)
    message = Message(
        key=key,
        event=Moment.TEST,
        incident="test",
        brand=clean_for_sink(brand, max_chars=NAME_CHARS),
        post=None,
        level=Level.CALM,
        severity=1,
        kind=Kind.UNCLEAR,
        headline=quote(f"TEST of Stormcone's channel {shown} ({brand}); nothing to do", max_chars=HEADLINE_CHARS),
        to=None,
        step=0,
        at=at,
        links=Links(incident=config.dashboard.public_url.rstrip("/"), acknowledge=None),
    )
    return Notice(
        key=key,
        incident_id=None,
        moment=Moment.TEST,
        to=None,
        channel=channel,
        message_json=to_json(message),
        created_at=at,
        attempts=1,
    )
