"""The sender: leases due notices from the outbox, has them delivered, and records each after it arrived.

Small stages in a row: lease -> find the channel -> still wanted? -> deliver in the channel's lane -> judge -> record.
Recording comes last, so a crash in between repeats a notice (same key) and loses none. A slow or hanging channel delays
only itself; a page it cannot deliver takes the channel's fallback. Never decides who is told; the outbox is handed in,
so this knows no database.
"""

import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from alerts.backoff import wait_seconds
from alerts.cleaning import clean_for_sink
from alerts.lanes import Attempt, Lane
from alerts.outage import FALLBACK_AFTER_SECONDS, STALE_AFTER, copies_for, copy_mark, digest_of
from stormcone.clock import Clock
from stormcone.errors import DeliveryError, StoreError
from stormcone.models import Delivery, Moment, Notice, Outcome
from stormcone.ports import Channel, Outbox

_log = structlog.get_logger(__name__)

DETAIL_CHARS = 200
# A delivery is given up for good a little after the channel itself should have given up ...
BOUND_PER_TIMEOUT = 1.5
# ... and well before its lease ends: with leases of 1.5 times the bound, trials showed 5 repeats instead of 30.
LEASE_PER_BOUND = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """An attempt that is over, as it is to be recorded."""

    attempt: Attempt
    error: DeliveryError | None
    finished_at: datetime


class Sender:
    """Delivers what is due. One thread calls it, again and again; the channels' threads record on their own.

    Args: channels: by id. owner: names this process in leases. jitter: seeded by the caller. lease_seconds: how long a
        notice is ours. patience_seconds: how long one call waits at most until a channel is through with what it was
        given; what takes longer goes on beside it and shows up in a later call's answer. Waiting is in real seconds,
        since sockets wait in real time; instants that are recorded come from the clock.
    """

    def __init__(
        self,
        outbox: Outbox,
        channels: Mapping[str, Channel],
        clock: Clock,
        *,
        owner: str,
        jitter: random.Random,
        lease_seconds: float = 40,
        patience_seconds: float = 1,
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._owner = owner
        self._jitter = jitter
        self._lease_seconds = lease_seconds
        self._patience_seconds = patience_seconds
        self._lanes = {name: self._lane(channel) for name, channel in channels.items()}
        self._keeping = {name for name, channel in channels.items() if channel.keeps_cases}
        self._under_way: dict[str, Attempt] = {}
        self._unrecorded: dict[str, _Ended] = {}
        self._recorded: list[Delivery] = []
        self._changed = threading.Condition()
        # Threads that take turns here do not run into each other in a database with one writer, which makes them sleep.
        self._recording = threading.Lock()
        self._fallbacks = {
            name: channel.settings.fallback for name, channel in channels.items() if channel.settings.fallback
        }
        self._began_at: datetime | None = None

    def deliver_due(self, limit: int = 20) -> tuple[Delivery, ...]:
        """Lease up to `limit` due notices and deliver them.

        Returns: every try recorded since the last call: most of this call's, and late ends of earlier ones.
        Raises: StoreError: the outbox cannot be read.
        """
        self._give_up_overdue()
        self._record_late()
        self._take_other_ways(self._clock.now())
        asked_at = time.monotonic()  # a lease lasts from here: waiting for the database's lock uses it up
        leased = self._outbox.lease_due(
            now=self._clock.now(),
            owner=self._owner,
            lease_seconds=self._lease_seconds,
            limit=limit,
            without=[name for name, lane in self._lanes.items() if lane.is_full],
        )
        line: dict[str, list[str]] = {}
        for notice in leased:
            if self._dispatch(notice, asked_at):
                line.setdefault(notice.channel, []).append(notice.key)
        # The first channel that is done ends the wait: it may have more to do, whatever the others hang in.
        return self._await(list(line.values()), self._patience_seconds)

    def close(self, patience_seconds: float = 2) -> tuple[Delivery, ...]:
        """Wait a little for what is under way and end the lanes; what does not end in time is tried again later.

        Returns: tries recorded since the last call.
        """
        with self._changed:
            keys = list(self._under_way)
        recorded = self._await([keys], patience_seconds)
        for lane in self._lanes.values():
            lane.close()
        return recorded

    def _lane(self, channel: Channel) -> Lane:
        bound = min(BOUND_PER_TIMEOUT * channel.settings.timeout_seconds, self._lease_seconds / LEASE_PER_BOUND)
        return Lane(channel, bound_seconds=bound, settle=self._settle, release=self._forget, may_begin=self._may_begin)

    def _take_other_ways(self, now: datetime) -> None:
        """Have pages that a channel does not deliver go over its fallback, too.

        A sender that has just begun gives what waited for it a chance first.
        """
        began_at = self._began_at = self._began_at or now
        is_failed_only = now - began_at < timedelta(seconds=FALLBACK_AFTER_SECONDS)
        for name, other in self._fallbacks.items():
            unreached = self._outbox.unreached(
                name,
                copy_mark=copy_mark(other),
                now=now,
                waited_seconds=FALLBACK_AFTER_SECONDS,
                is_failed_only=is_failed_only,
            )
            copies = copies_for(unreached, other, now)
            if copies:
                self._outbox.add(copies)
                _log.warning("channel_broken", channel=name, fallback=other, pages=len(copies))

    def _may_begin(self, attempt: Attempt) -> bool:
        """Ask the outbox right before sending, and renew the lease; what waited too long is told in one digest instead.

        Where the outbox cannot be asked, what is left of the lease decides: better once too often than not at all.
        """
        notice, now, asked_at = attempt.notice, self._clock.now(), time.monotonic()
        try:
            is_stale = notice.moment is Moment.DIGEST or now - notice.created_at >= STALE_AFTER
            keeps_cases = notice.channel in self._keeping
            if is_stale and not keeps_cases:

                def digest(stale: Sequence[Notice]) -> Notice:
                    return digest_of(stale, now)

                self._outbox.fold(notice.channel, notice.to, created_until=now - STALE_AFTER, digest=digest)
            until = now + timedelta(seconds=self._lease_seconds)
            is_wanted = self._outbox.is_wanted(notice, is_only_if_live=is_stale and keeps_cases)
            if not (is_wanted and self._outbox.begin(notice, owner=self._owner, until=until)):
                return False
        except StoreError as error:
            _log.warning("not_rechecked", key=notice.key, error=type(error).__name__)
        else:
            attempt.start_by = self._start_by(asked_at)
        return True

    def _dispatch(self, notice: Notice, leased_at: float) -> bool:
        """Hand the notice to its lane; False if it is under way already (its lease ran out too early)."""
        attempt = Attempt(notice=notice, started_at=self._clock.now(), start_by=self._start_by(leased_at))
        with self._changed:
            if notice.key in self._under_way or notice.key in self._unrecorded:
                return False
            self._under_way[notice.key] = attempt
        lane = self._lanes.get(notice.channel)
        if lane is None:
            unknown = DeliveryError(notice.channel, "no [[channels]] entry has this id", permanent=True)
            self._settle(attempt, unknown)
        else:
            lane.put(attempt)
        return True

    def _start_by(self, leased_at: float) -> float:
        """Return until when a try may begin so that it ends, bound and all, before its lease; in monotonic seconds."""
        return leased_at + self._lease_seconds * (1 - 1 / LEASE_PER_BOUND)

    def _await(self, lines: Sequence[Sequence[str]], patience_seconds: float) -> tuple[Delivery, ...]:
        """Wait until one of the lines of keys is through. Returns: what was recorded meanwhile, of any line."""

        def is_through() -> bool:
            return not lines or any(not any(key in self._under_way for key in line) for line in lines)

        with self._changed:
            self._changed.wait_for(is_through, patience_seconds)
        self._give_up_overdue()
        with self._changed:
            recorded, self._recorded = self._recorded, []
        return tuple(recorded)

    def _give_up_overdue(self) -> None:
        for lane in self._lanes.values():
            lane.give_up_overdue()

    def _settle(self, attempt: Attempt, error: DeliveryError | None) -> None:
        """Record how an attempt ended, once; of one that was given up only a late arrival, which spares a repeat."""
        if not attempt.claim():
            _log.info("late_end", channel=attempt.notice.channel, key=attempt.notice.key, has_arrived=error is None)
            if error is None:
                self._keep(_Ended(attempt=attempt, error=None, finished_at=self._clock.now()))
            return
        self._keep(_Ended(attempt=attempt, error=error, finished_at=self._clock.now()))
        self._forget(attempt)

    def _record_late(self) -> None:
        """Record what could not be recorded when it ended: as long as we live it is not sent again for that."""
        with self._changed:
            late = list(self._unrecorded.values())
        for ended in late:
            self._keep(ended)

    def _keep(self, ended: _Ended) -> None:
        key = ended.attempt.notice.key
        try:
            delivery = self._record(ended)
        except StoreError as failure:
            _log.error("delivery_not_recorded", key=key, error=type(failure).__name__)
            with self._changed:
                self._unrecorded[key] = ended
        else:
            with self._changed:
                self._unrecorded.pop(key, None)
                self._recorded.append(delivery)

    def _record(self, ended: _Ended) -> Delivery:
        attempt, error = ended.attempt, ended.error
        notice, finished_at = attempt.notice, ended.finished_at
        unsure = notice.unsure + bool(error and error.is_unsure)
        wait = wait_seconds(notice.attempts, error, self._jitter, unsure=unsure) if error else None
        outcome = _outcome(error)
        detail = clean_for_sink(str(error), max_chars=DETAIL_CHARS) if error else None
        with self._recording:
            self._outbox.record_delivery(
                notice,
                outcome=outcome,
                started_at=attempt.started_at,
                finished_at=finished_at,
                detail=detail,
                next_try_at=None if wait is None else finished_at + timedelta(seconds=wait),
            )
        _log.info("delivery", channel=notice.channel, key=notice.key, outcome=outcome.value, tries=notice.attempts)
        return Delivery(
            key=notice.key, channel=notice.channel, outcome=outcome, started_at=attempt.started_at, detail=detail
        )

    def _forget(self, attempt: Attempt) -> None:
        with self._changed:
            self._under_way.pop(attempt.notice.key, None)
            self._changed.notify_all()


def _outcome(error: DeliveryError | None) -> Outcome:
    if error is None:
        return Outcome.OK
    if error.permanent:
        return Outcome.REFUSED
    return Outcome.UNSURE if error.is_unsure else Outcome.FAILED
