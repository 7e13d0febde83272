"""A notice: one message about one transition to one recipient over one channel, and each try to deliver it.

Written in the transaction of its transition (outbox), leased and delivered by `alerts`, recorded after it arrived.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stormcone.models.incidents import Moment


class NoticeState(StrEnum):
    """Where a notice stands. PENDING covers leased rows: a lease that ran out makes them due again."""

    PENDING = "pending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DEAD = "dead"


class Outcome(StrEnum):
    """How one try to deliver ended."""

    OK = "ok"
    FAILED = "failed"
    REFUSED = "refused"  # permanent: the same again cannot help


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Who is told over which channel; person None means a channel that belongs to nobody in particular."""

    channel: str
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message to one recipient.

    key: unique and the same in every retry, so that receivers can fold repeats. message_json: the message as it was
    when the transition happened (alerts.message), so a late delivery still tells the truth of its time.
    incident_id: None where it tells of a source.
    """

    key: str
    incident_id: int | None
    moment: Moment
    to: str | None
    channel: str
    message_json: str
    created_at: datetime
    state: NoticeState = NoticeState.PENDING
    attempts: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    last_error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to deliver one notice."""

    key: str
    channel: str
    outcome: Outcome
    started_at: datetime
    detail: str | None = None
