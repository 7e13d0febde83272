"""The sender: leases due notices from the outbox, has them delivered, and records each after it arrived.

Small stages in a row: lease -> find the channel -> deliver in the channel's lane -> judge -> record. Recording comes
last, so a crash in between repeats a notice (same key) and loses none. A slow or hanging channel delays only itself.
Never decides who is told; the outbox is handed in, so this knows no database.
"""

import random
import threading
import time
from collections.abc import Mapping
from datetime import timedelta

import structlog

from alerts.backoff import wait_seconds
from alerts.cleaning import clean_for_sink
from alerts.lanes import Attempt, Lane
from stormcone.clock import Clock
from stormcone.errors import DeliveryError, StoreError
from stormcone.models import Delivery, Notice, Outcome
from stormcone.ports import Channel, Outbox

_log = structlog.get_logger(__name__)

DETAIL_CHARS = 200
# A delivery is given up for good a little after the channel itself should have given up ...
BOUND_PER_TIMEOUT = 1.5
# ... and well before its lease ends: with leases of 1.5 times the bound, trials showed 5 repeats instead of 30.
LEASE_PER_BOUND = 1.5


class Sender:
    """Delivers what is due. One thread calls it, again and again; the channels' threads record on their own.

    Args: channels: by id. owner: names this process in leases. jitter: seeded by the caller. lease_seconds: how long a
        notice is ours. patience_seconds: how long one call waits for its deliveries; what takes longer goes on
        beside it and shows up in a later call's answer. Waiting is in real seconds, since sockets wait in real time;
        instants that are recorded come from the clock.
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
        self._under_way: dict[str, Attempt] = {}
        self._recorded: list[Delivery] = []
        self._changed = threading.Condition()

    def deliver_due(self, limit: int = 20) -> tuple[Delivery, ...]:
        """Lease up to `limit` due notices and deliver them.

        Returns: every try recorded since the last call: most of this call's, and late ends of earlier ones.
        Raises: StoreError: the outbox cannot be read.
        """
        self._give_up_overdue()
        leased = self._outbox.lease_due(
            now=self._clock.now(), owner=self._owner, lease_seconds=self._lease_seconds, limit=limit
        )
        keys = [notice.key for notice in leased if self._dispatch(notice)]
        return self._await(keys, self._patience_seconds)

    def close(self, patience_seconds: float = 2) -> tuple[Delivery, ...]:
        """Wait a little for what is under way and end the lanes; what does not end in time is tried again later.

        Returns: tries recorded since the last call.
        """
        with self._changed:
            keys = list(self._under_way)
        recorded = self._await(keys, patience_seconds)
        for lane in self._lanes.values():
            lane.close()
        return recorded

    def _lane(self, channel: Channel) -> Lane:
        bound = min(BOUND_PER_TIMEOUT * channel.settings.timeout_seconds, self._lease_seconds / LEASE_PER_BOUND)
        return Lane(channel, bound_seconds=bound, settle=self._settle, release=self._forget)

    def _dispatch(self, notice: Notice) -> bool:
        """Hand the notice to its lane; False if it is under way already (its lease ran out too early)."""
        usable_seconds = self._lease_seconds * (1 - 1 / LEASE_PER_BOUND)
        attempt = Attempt(notice=notice, started_at=self._clock.now(), start_by=time.monotonic() + usable_seconds)
        with self._changed:
            if notice.key in self._under_way:
                return False
            self._under_way[notice.key] = attempt
        lane = self._lanes.get(notice.channel)
        if lane is None:
            unknown = DeliveryError(notice.channel, "no [[channels]] entry has this id", permanent=True)
            self._settle(attempt, unknown)
        else:
            lane.put(attempt)
        return True

    def _await(self, keys: list[str], patience_seconds: float) -> tuple[Delivery, ...]:
        with self._changed:
            self._changed.wait_for(lambda: not any(key in self._under_way for key in keys), patience_seconds)
        self._give_up_overdue()
        with self._changed:
            recorded, self._recorded = self._recorded, []
        return tuple(recorded)

    def _give_up_overdue(self) -> None:
        for lane in self._lanes.values():
            lane.give_up_overdue()

    def _settle(self, attempt: Attempt, error: DeliveryError | None) -> None:
        """Record how an attempt ended, once: the late end of one that was given up is ignored."""
        if not attempt.claim():
            _log.info("late_end_ignored", channel=attempt.notice.channel, key=attempt.notice.key)
            return
        try:
            delivery = self._record(attempt, error)
        except StoreError as failure:
            # The notice stays leased and is tried again: a repeat, never a loss.
            _log.error("delivery_not_recorded", key=attempt.notice.key, error=type(failure).__name__)
        else:
            with self._changed:
                self._recorded.append(delivery)
        finally:
            self._forget(attempt)

    def _record(self, attempt: Attempt, error: DeliveryError | None) -> Delivery:
        notice, finished_at = attempt.notice, self._clock.now()
        wait = wait_seconds(notice.attempts, error, self._jitter) if error else None
        outcome = _outcome(error)
        detail = clean_for_sink(str(error), max_chars=DETAIL_CHARS) if error else None
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
    return Outcome.REFUSED if error.permanent else Outcome.FAILED
