"""Polls one source: cursor in, batch out, everything saved in one transaction, and its health noted.

Run by the watcher, one job a source; a source that fails or hangs delays only itself. Every failure ends as a named
state of the source. Never retries on its own: the next poll is the retry, and when that is its pace says.
"""

import logging
import random
import threading
import traceback
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from stormcone.clock import Clock
from stormcone.collecting import hide_secrets, is_hot
from stormcone.errors import CollectError, RateLimited, Refused, StoreError
from stormcone.journal import iso
from stormcone.models import Batch
from stormcone.pipeline.ingest import Ingest, Taken
from stormcone.pipeline.pacing import Pace
from stormcone.pipeline.spending import Exhausted, Ledger
from stormcone.ports import Collector
from stormcone.store import CursorMove, Store

_log = structlog.get_logger(__name__)
_POLL_TIMEOUTS = 3  # requests that may time out one after the other before a poll is late
_DRILL_SECONDS = 0.5  # of real time, in which a poll of a drill ends on a busy machine
_FIRST_POLL = timedelta(seconds=5)  # a source that hangs at the start must not keep the others from being judged
_DOUBT = "so many posts were missing at once that the platform is doubted; they count as deleted when it lasts"
_PAGES = 50  # polls in a row while a source says that more is waiting


class Poller:
    """One source under watch.

    pace: simulated seconds in a real one. needs: what a person must provide before it can be polled at all, as one
    line; such a source is stopped from the start.
    """

    def __init__(
        self,
        name: str,
        collector: Collector,
        store: Store,
        ingest: Ingest,
        clock: Clock,
        lock: threading.Lock,
        *,
        pace: float = 1.0,
        needs: str | None = None,
    ) -> None:
        self.name = name
        self._collector = collector
        self._store = store
        self._ingest = ingest
        self._clock = clock
        self._lock = lock  # ingest and desk share the detectors
        self._speed = pace
        self._needs = needs
        self._ledger = Ledger(name, collector, store)
        self._pace = Pace(poll_seconds=self.poll_seconds, jitter=random.Random(name))  # noqa: S311 - spreads polls, protects nothing
        self._wait_until: datetime | None = None  # the source asked to be left alone until then
        self._last_reason = ""  # told in the log once, not at every poll
        self._behind_until: datetime | None = None  # more is waiting, and should have come by then

    @property
    def poll_seconds(self) -> float:
        """The source's polling interval."""
        return self._collector.settings.poll_seconds

    @property
    def is_due(self) -> bool:
        """True when the source may and should be asked now."""
        return self._pace.is_due(self._clock.now())

    @property
    def _expected_seconds(self) -> float:
        """How often to expect an answer: a drill's clock runs faster than any poll, which makes no source stale."""
        return self.poll_seconds if self._speed <= 1 else max(self.poll_seconds, _DRILL_SECONDS * self._speed)

    @property
    def _patience(self) -> timedelta:
        """How long the next part of a backlog may take."""
        return timedelta(seconds=self.poll_seconds + _POLL_TIMEOUTS * self._collector.settings.timeout_seconds)

    @property
    def is_behind(self) -> bool:
        """True while more is waiting than one poll brings; False once the rest does not come."""
        return self._behind_until is not None and self._clock.now() < self._behind_until

    def register(self) -> None:
        """Make the source known before its first poll; a wait it asked for outlives a restart.

        Until that poll is over, but for a few seconds at most, the source counts as behind: what came while nobody
        watched is not silence.
        """
        now = self._clock.now()
        self._behind_until = now + _FIRST_POLL
        before = next((each for each in self._store.sources.health() if each.name == self.name), None)
        self._store.sources.register(self.name, poll_seconds=self._expected_seconds, now=now)
        if self._needs is not None:
            self._failed(self._needs, is_stopped=True)
        elif before is not None and before.waiting_until is not None and now < before.waiting_until:
            self._pace.wait_until(before.waiting_until)
            self._failed(before.last_error or "asked to wait", waiting_until=before.waiting_until)

    def poll_when_due(self) -> str | None:
        """Poll if it is time. Returns: None, or one line saying why the source did not answer."""
        return self.poll() if self.is_due else None

    def poll(self) -> str | None:
        """Poll until nothing more is waiting. Returns: None, or one line saying why the source did not answer."""
        if self._needs is not None:
            return self._needs
        if self._wait_until is not None and self._clock.now() < self._wait_until:
            return f"{self.name}: asked to be left alone until {iso(self._wait_until)}"
        started = self._clock.now()
        asked_until: datetime | None = None
        for _ in range(_PAGES):
            try:
                batch = self._poll_once()
            except Exception as error:  # noqa: BLE001 # border: a plug-in's bug must not take other sources down
                return self._gave_up(error)
            if isinstance(batch, Exhausted):
                self._pace.wait_until(batch.until)
                return self._failed(batch.reason, waiting_until=batch.until)
            asked_until = batch.throttle_until
            if not self._has_more(batch):
                break
        if asked_until is None:
            self._pace.answered(started, is_hot=self._is_hot())
        else:
            self._pace.throttled(self._clock.now(), asked_until)
        return None

    def _has_more(self, batch: Batch) -> bool:
        now = self._clock.now()
        self._behind_until = now + self._patience if batch.has_more else None
        self._wait_until = batch.throttle_until
        return batch.has_more and (batch.throttle_until is None or batch.throttle_until <= now)

    def _is_hot(self) -> bool:
        """Tell whether a thread is so lively that a minute is long."""
        try:
            return any(is_hot(post) for post in self._collector.context.archive.hot_threads(limit=1))
        except StoreError:
            return False  # only asks for a quicker poll; whatever is wrong shows at the next write

    def _poll_once(self) -> Batch | Exhausted:
        started = self._clock.now()
        allowance = self._ledger.reserve(started)
        if isinstance(allowance, Exhausted):
            return allowance
        cursor, version = self._store.sources.cursor(self.name)
        deadline = started + timedelta(seconds=_POLL_TIMEOUTS * self._collector.settings.timeout_seconds)
        batch = self._collector.poll(cursor, allowance, deadline)
        with self._lock:
            move = CursorMove(
                source=self.name, cursor=batch.cursor, expected_version=version, polled_at=self._clock.now()
            )
            booked = replace(batch, cost_usd=self._ledger.rest(batch.cost_usd))
            taken = self._ingest.take(booked, move=move)
        self._note(batch, taken, started)
        return batch

    def _note(self, batch: Batch, taken: Taken, started: datetime) -> None:
        trouble = self._clean(batch.trouble or (_DOUBT if taken.looked.is_doubted else ""))
        is_news, self._last_reason = trouble != self._last_reason, trouble
        self._store.sources.record_success(
            self.name,
            at=self._clock.now(),
            waiting_until=batch.throttle_until,
            trouble=trouble or None,
        )
        for skip in batch.skipped:
            _log.warning("row_skipped", source=self.name, place=skip.place, reason=skip.reason)
        if trouble and is_news:
            _log.warning("part_unanswered", source=self.name, reason=trouble)
        if taken.read:
            seconds = (self._clock.now() - started).total_seconds()
            _log.info("polled", source=self.name, stored=taken.stored, known=taken.known, seconds=round(seconds, 3))

    def _gave_up(self, error: Exception) -> str:
        """Name what went wrong, and say when it is tried again."""
        now = self._clock.now()
        if isinstance(error, CollectError):
            self._settle(error.requests, now)
        match error:
            case RateLimited():
                seconds = error.retry_after_seconds
                until = None if seconds is None else now + timedelta(seconds=seconds)
                waits_until = self._pace.throttled(now, until)
                return self._failed(str(error), waiting_until=until or waits_until)
            case Refused():
                self._pace.refused(now)
                return self._failed(str(error), is_stopped=True)
            case CollectError() | StoreError():
                self._pace.failed(now)
                return self._failed(str(error))
            case _:
                self._pace.failed(now)
                return self._failed(f"{self.name}: internal error ({_place(error)}); report it to its author")

    def _settle(self, requests: int, now: datetime) -> None:
        """Count what a failed poll has sent."""
        try:
            self._ledger.settle(now, requests=requests)
        except StoreError as error:
            _log.warning("requests_not_counted", source=self.name, requests=requests, reason=str(error))

    def _failed(self, reason: str, *, waiting_until: datetime | None = None, is_stopped: bool = False) -> str:
        self._behind_until, self._wait_until = None, waiting_until
        reason = self._clean(reason)
        is_news, self._last_reason = reason != self._last_reason, reason
        _log.log(logging.WARNING if is_news else logging.DEBUG, "poll_failed", source=self.name, reason=reason)
        try:
            self._store.sources.record_failure(
                self.name, error=reason, waiting_until=waiting_until, is_stopped=is_stopped
            )
        except StoreError as error:
            _log.warning("poll_failure_not_recorded", source=self.name, reason=str(error))
        return reason

    def _clean(self, text: str) -> str:
        """Return a message without the source's secrets, whatever library put them there."""
        return hide_secrets(text, self._collector.context.secrets)


def _place(error: Exception) -> str:
    """Return kind and place of a bug; never its message, which may hold a secret or a stranger's words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, line {frame.lineno}"
