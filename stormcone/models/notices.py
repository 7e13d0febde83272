"""A notice: one message about one transition to one recipient over one channel, and each try to deliver it.

Written in the transaction of its transition (outbox), leased and delivered by `alerts`, recorded after it arrived.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stormcone.models.incidents import Moment
from stormcone.models.levels import Level


class NoticeState(StrEnum):
    """Where a notice stands. PENDING covers leased rows: a lease that ran out makes them due again."""

    PENDING = "pending"
    SENT = "sent"
    SUPERSEDED = "superseded"
    DEAD = "dead"


class HeldFor(StrEnum):
    """Why a notice waits although nothing is wrong; what waited together leaves as one message."""

    QUIET_HOURS = "quiet_hours"
    SILENCE = "silence"
    STORM = "storm"  # the person was paged as often this hour as a person can bear
    BUNDLE = "bundle"


class Outcome(StrEnum):
    """How one try to deliver ended."""

    OK = "ok"
    FAILED = "failed"
    UNSURE = "unsure"  # sent, and not answered: it may have arrived
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
    incident_id: None where it tells of a source or of several incidents. urgency: the level it asks attention at, None
    for an end. held_until, held_for: it is not sent before; then alone, or as part of the message `bundled_into`.
    unsure: tries of which nobody knows whether they arrived; counted before each is sent, so that a crash counts too.
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
    urgency: Level | None = None
    held_until: datetime | None = None
    held_for: HeldFor | None = None
    bundled_into: str | None = None
    unsure: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What one recipient was told within the last hour.

    pages: how many single messages asked for attention at page. summary_at: when the last summary was written.
    storm_until: until when pages wait for the next one. warned_at: when the last single warn was written.
    """

    recipient: Recipient
    pages: int = 0
    summary_at: datetime | None = None
    storm_until: datetime | None = None
    warned_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What becomes of notices that have waited for long enough, for one recipient.

    message: the one that tells of the rest, None where they go alone. freed, folded, dropped: keys of those that go
    alone, those told in `message`, and those that are no longer worth telling.
    """

    message: Notice | None = None
    freed: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to deliver one notice."""

    key: str
    channel: str
    outcome: Outcome
    started_at: datetime
    detail: str | None = None
