"""Measures what was left of storms that ended, a few at a time, and keeps it.

A job of the watcher, beside polling, ticking and sending; run once at its start, too. Reads the stored minutes of one
incident after the other, so that no tick ever waits for history. Judges nothing and tells nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from analysis.collected import Watched
from analysis.recovery import SHIFT_DAYS, USUAL_DAYS, recovery
from stormcone.clock import Clock
from stormcone.models import BrandMinute, Incident, Recovery, RecoveryRecord, Standing
from stormcone.store import Store

EVERY_SECONDS: Final = 600.0
_AT_ONCE: Final = 2  # incidents in one run: a busy brand's two months of minutes take two seconds to read
_SETTLE: Final = timedelta(minutes=30)  # late mentions have arrived by then; as the detector's settle_minutes
_BEFORE: Final = timedelta(days=USUAL_DAYS, hours=1)
_SILENCE: Final = timedelta(days=3)  # longer without any mention, before anybody watched: nothing was collected
_LEAST_WAIT: Final = timedelta(hours=1)
_WAIT_SHARE: Final = 4  # a storm that lasts is asked for again after a quarter of the time that has gone by


class Recovering:
    """Keeps the recovery records up to date."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def run(self) -> tuple[RecoveryRecord, ...]:
        """Measure the next incidents that are due, at most two.

        Returns: what was stored; nothing where no record is missing and no part has become known.
        Raises: StoreError: what was measured before it is stored.
        """
        now = self._clock.now()
        history = self._store.mentions.history_revision()
        records = []
        for incident in self._store.recoveries.due(now=now, history=history, limit=_AT_ONCE):
            record = self._measure(incident, now, history)
            self._store.recoveries.save(record)
            records.append(record)
        return tuple(records)

    def _measure(self, incident: Incident, now: datetime, history: int) -> RecoveryRecord:
        resolved_at = incident.resolved_at or incident.updated_at
        ended_at = max(resolved_at, incident.opened_at)  # a machine's clock may have been set back meanwhile
        watched = self._watched(incident, ended_at, now)
        identifier = incident.id or 0
        found = recovery(watched, opened_at=incident.opened_at, ended_at=ended_at, rng=Random(identifier))  # noqa: S311 - draws an interval, protects nothing
        return RecoveryRecord(
            incident_id=identifier,
            ended_at=resolved_at,
            measured_at=now,
            ask_again_at=_ask_again_at(found, ended_at, now),
            history=history,
            recovery=found,
        )

    def _watched(self, incident: Incident, ended_at: datetime, now: datetime) -> Watched:
        since = incident.opened_at - _BEFORE
        until = min(now - _SETTLE, ended_at + timedelta(days=max(SHIFT_DAYS), minutes=1))
        minutes = self._store.reads.brand_minutes(incident.brand, since=since, until=until)
        watched_since = self._store.recoveries.watched_since(incident.brand)
        return Watched(
            minutes=minutes,
            since=collected_since(minutes, incident.opened_at, watched_since),
            until=until,
            gaps=self._store.sources.gaps(since=since, brand=incident.brand),
        )


def collected_since(minutes: Sequence[BrandMinute], opened_at: datetime, watched_since: datetime | None) -> datetime:
    """Return the start of collection: when the detector first looked, or the first mention of those imported before.

    A lone mention of long ago, as a first poll brings it, is no collection: three silent days before anybody watched
    end what counts.
    Args: minutes: of one brand, oldest first. watched_since: None where nobody ever looked.
    """
    since = min(opened_at, watched_since or opened_at)
    for each in reversed(minutes):
        if since - each.minute > _SILENCE:
            break
        since = min(since, each.minute)
    return since


def _ask_again_at(found: Recovery, ended_at: datetime, now: datetime) -> datetime | None:
    """Return when a part that is still to come can be known; a storm that fades slowly is asked ever more rarely."""
    times = [
        ended_at + timedelta(days=shift.days) + _SETTLE + timedelta(minutes=1)
        for shift in found.shifts
        if shift.standing is Standing.NOT_YET
    ]
    if Standing.NOT_YET in {found.to_half.standing, found.to_baseline.standing}:
        times.append(now + max(_LEAST_WAIT, (now - ended_at) / _WAIT_SHARE))
    return max(min(times), now + _LEAST_WAIT) if times else None
