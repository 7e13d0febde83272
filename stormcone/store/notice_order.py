"""Which notices may leave now, and in which order: conditions on rows of the outbox, as SQL.

Part of the store, beside the outbox that asks them. An end never overtakes the beginning its reader waits for, and
nobody hears of an end without one. Never opens a transaction.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Text, and_, exists, literal, or_

from stormcone.models import Moment, Notice, NoticeState
from stormcone.store.tables import notice

_LONGEST_WAIT: Final = timedelta(hours=1, minutes=1)  # a receiver is granted an hour; more says the clock jumped back
_RELEASE_GRACE: Final = timedelta(minutes=1)  # what was held and never released leaves all the same
ENDINGS: Final = (Moment.ACKNOWLEDGED, Moment.COOLING, Moment.RESOLVED)
_ENDINGS: Final = tuple(moment.value for moment in ENDINGS)
_OVERTAKEABLE: Final = (Moment.ESCALATED.value, Moment.REMINDER.value)
_WAITS: Final = notice.c.state == NoticeState.PENDING.value


def is_due(now: datetime, lasting: timedelta, without: Collection[str]) -> ColumnElement[bool]:
    """Return the condition under which a notice may be leased."""
    is_free = or_(
        notice.c.lease_until.is_(None),
        notice.c.lease_until <= now,
        notice.c.lease_until > now + 2 * lasting,
    )
    is_time = or_(
        notice.c.next_try_at.is_(None),
        notice.c.next_try_at <= now,
        and_(notice.c.last_error.is_not(None), notice.c.next_try_at > now + _LONGEST_WAIT),
    )
    is_released = or_(notice.c.held_until.is_(None), notice.c.held_until <= now - _RELEASE_GRACE)
    return and_(_WAITS, is_free, is_time, is_released, is_its_turn(), notice.c.channel.not_in(without))


def is_its_turn() -> ColumnElement[bool]:
    """Return the condition under which a notice overtakes nothing: an end waits for what its reader must read first."""
    earlier, bundle = notice.alias("earlier"), notice.alias("bundle")
    waits = and_(earlier.c.state == NoticeState.PENDING.value, earlier.c.held_until.is_(None))
    is_in_one_that_waits = (bundle.c.key == earlier.c.bundled_into, bundle.c.state == NoticeState.PENDING.value)
    is_before = and_(
        earlier.c.incident_id == notice.c.incident_id,
        earlier.c.channel == notice.c.channel,
        _is_same(earlier.c.to, notice.c.to),
        or_(waits, exists().where(*is_in_one_that_waits)),
        earlier.c.moment.not_in(_ENDINGS),
        earlier.c.created_at <= notice.c.created_at,
    )
    return or_(notice.c.moment.not_in(_ENDINGS), ~exists().where(is_before))


def is_out_of_place(leased: Notice) -> ColumnElement[bool]:
    """Return whether a notice is an end to whoever heard of no beginning, or of later news, or is news after an end."""
    other = notice.alias("other")
    theirs = (
        other.c.incident_id == leased.incident_id,
        other.c.channel == leased.channel,
        _is_same(other.c.to, literal(leased.to, Text)),
    )
    was_sent = other.c.state == NoticeState.SENT.value
    if leased.moment not in ENDINGS:
        is_end = (other.c.moment == Moment.RESOLVED.value, other.c.created_at >= leased.created_at)
        return exists().where(*theirs, was_sent, *is_end)
    news = (*theirs, other.c.moment.not_in(_ENDINGS))
    has_arrived = or_(was_sent, other.c.bundled_into.is_not(None), other.c.unsure > 0)
    will_arrive = and_(other.c.state == NoticeState.PENDING.value, other.c.moment.not_in(_OVERTAKEABLE))
    has_beginning = exists().where(*news, other.c.created_at <= leased.created_at, or_(has_arrived, will_arrive))
    return or_(~has_beginning, exists().where(*theirs, was_sent, other.c.created_at > leased.created_at))


def _is_same(one: ColumnElement[str | None], other: ColumnElement[str | None]) -> ColumnElement[bool]:
    return one.is_not_distinct_from(other)
