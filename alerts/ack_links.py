"""Links that acknowledge an incident: short signed tokens, one for each notice, that expire.

A token names its incident and its end, and proves by HMAC-SHA256 that it was made for one notice of that incident: who
holds it was told. It is short, so that it fits into an SMS, and always the same for the same notice, so that retries
stay the same message. Pure: the key is handed in, and that a token was used already the store remembers. Never decides
what a link does.
"""

import hmac
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from stormcone.models import Incident, Moment

PATH: Final = "/ack"
_PURPOSE = b"stormcone acknowledge 1"
_MAC_BYTES = 16  # 128 bits: nobody guesses one
_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.([0-9a-f]{1,9})\.([A-Za-z0-9_-]{22})", re.ASCII)
# What asks somebody to act. The other moments say that somebody has, or that it is over.
_ASKING = {Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.REOPENED}


@dataclass(frozen=True, slots=True, kw_only=True)
class AckToken:
    """What a token says of itself, before its signature is compared. text: the token as it came."""

    incident_id: int
    expires_at: datetime
    text: str

    def is_expired(self, now: datetime) -> bool:
        """Return whether the token has ended at `now`."""
        return now >= self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class AckLinks:
    """Makes and proves links. key: secret of the database. public_url: how people reach the dashboard."""

    key: bytes
    public_url: str
    hours: float

    def link(self, notice_key: str, incident_id: int, *, at: datetime) -> str:
        """Return the address that acknowledges for the receiver of a notice.

        Args: at: when the notice was made; the link lasts `hours` from then on.
        >>> links = AckLinks(key=b"k", public_url="https://storm.example.org/", hours=24)
        >>> links.link("inc:7:opened:1:team:ann", 7, at=datetime(2026, 1, 1, tzinfo=UTC))
        'https://storm.example.org/ack/7.69570a80.VwjQepRnY5p6BmDzMvnNqg'
        """
        ends = int((at + timedelta(hours=self.hours)).timestamp())
        return f"{self.public_url.rstrip('/')}{PATH}/{_signed(self.key, notice_key, incident_id, ends)}"


def proves(key: bytes, token: AckToken, notice_key: str) -> bool:
    """Return whether the token was made for this notice; takes as long for a wrong one."""
    ends = int(token.expires_at.timestamp())
    return hmac.compare_digest(_signed(key, notice_key, token.incident_id, ends), token.text)


def read_token(text: str) -> AckToken | None:
    """Return what a token says, None where it is none at all. Nothing of it is proven yet.

    >>> read_token("7.69570a80.VwjQepRnY5p6BmDzMvnNqg").incident_id, read_token("7.x.y") is None
    (7, True)
    """
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    ends = datetime.fromtimestamp(int(found[2], 16), UTC)
    return AckToken(incident_id=int(found[1]), expires_at=ends, text=text)


def asks_for_acknowledgement(moment: Moment, incident: Incident) -> bool:
    """Return whether a notice of `moment` carries a link: somebody shall act, and nobody has the incident."""
    return moment in _ASKING and incident.state.is_live and incident.acknowledged_by is None


def _signed(key: bytes, notice_key: str, incident_id: int, ends: int) -> str:
    says = b"\0".join((_PURPOSE, notice_key.encode("utf-8", "surrogatepass"), b"%d" % incident_id, b"%d" % ends))
    mac = hmac.new(key, says, sha256).digest()[:_MAC_BYTES]
    return f"{incident_id}.{ends:x}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"
