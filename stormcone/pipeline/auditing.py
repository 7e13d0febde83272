"""The auditor: proves that what should happen next will, and tells people where it will not.

Looks at the store alone, beside those whose work it checks: every live incident has its next step ahead of it, no due
notice lies about, every channel delivers, detector and sender leave signs of life, the canary comes through. What is
wrong twice in a row is told once, a broken channel over the others, and its end to the same people. No sign is never
taken for a good sign.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts.source_notices import source_notices
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.models import Incident, Level, Moment, State
from stormcone.models.heartbeats import Heartbeat, Part, Pulse
from stormcone.store import Store, Told

EVERY_SECONDS: Final = 30.0
_PATIENCE: Final = timedelta(minutes=2)  # a due notice is tried within seconds
_TICKS: Final = 3
_LEAST_GRACE_SECONDS: Final = 60.0
_CHANNEL: Final = "channel "
_BROKEN_AFTER_SECONDS: Final = 30.0  # seen twice it is a minute: by then pages take the other way
_PREFIX: Final = "stormcone "  # no collector's name holds a blank
_log = structlog.get_logger(__name__)


def stuck_incidents(live: Iterable[Incident], *, now: datetime, grace: timedelta) -> Iterator[str]:
    """Yield one line for each live incident whose next step is not ahead of it.

    Args: grace: how late a step may be before it counts as missed.
    """
    for incident in live:
        due_at = incident.next_step_at
        if due_at is not None and due_at <= now - grace:
            yield f"incident {incident.id}: the step due at {due_at:%H:%M} UTC was not taken"
        elif due_at is None and _needs_step(incident):
            yield f"incident {incident.id}: nobody has it, and no next step is planned"


class Auditor:
    """Looks, remembers what it saw the last time, and tells.

    clock: of incidents and notices (simulated in a drill). real: of the machine, for signs of life. pace: simulated
    seconds in a real one; what is late by a real second may be late by many of a drill. names: the sources under watch.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        clock: Clock,
        real: Clock,
        *,
        pace: float = 1.0,
        names: Callable[[], set[str]],
    ) -> None:
        self._config = config
        self._store = store
        self._clock = clock
        self._real = real
        self._began_at = real.now()
        self._names = names
        lateness = max(_LEAST_GRACE_SECONDS, _TICKS * config.watch.tick_seconds, 5 * pace)
        self._grace = timedelta(seconds=lateness)
        self._patience = max(_PATIENCE, timedelta(seconds=10 * pace))
        self._before: frozenset[str] = frozenset()

    def look(self) -> None:
        """Look once, and tell what was wrong at the last look as well. Raises: StoreError."""
        troubles = self._troubles()
        told = self._store.telling.told()
        for subject, line in troubles.items():
            before = told.get(_PREFIX + subject)
            if subject in self._before and (before is None or not before.is_lost):
                self._tell(subject, line)
        for name, before in told.items():
            subject = name.removeprefix(_PREFIX)
            if name.startswith(_PREFIX) and before.is_lost and subject not in troubles:
                self._take_back(subject, before)
        self._before = frozenset(troubles)

    def why_not_well(self) -> str | None:
        """Return the first reason to withhold the outside heartbeat, None where all is well.

        Stricter than what is told: what was never heard of speaks against it, too. Raises: StoreError.
        """
        trouble = next(iter(self._troubles().values()), None)
        if trouble is not None:
            return trouble
        newest, now = self._store.heartbeats.newest(), self._real.now()
        for part in self._expected():
            sign = newest.get(part)
            if sign is None or sign.at < self._began_at or sign.pulse(now) is not Pulse.OK:
                return f"nothing is heard of the {part.value}"
        silent = self._silent_sources()
        return f"silent: {', '.join(silent)}" if silent else None

    def _expected(self) -> list[Part]:
        expected = [Part.DETECTOR, Part.SENDER, Part.AUDITOR]
        return [*expected, Part.CANARY] if self._config.watch.canary_minutes > 0 else expected

    def _silent_sources(self) -> list[str]:
        now, watched = self._clock.now(), self._names()
        return [each.name for each in self._store.sources.health() if each.name in watched and each.is_silent(now)]

    def _troubles(self) -> dict[str, str]:
        """Return what is wrong now, one line for each subject."""
        now = self._clock.now()
        stuck = list(stuck_incidents(self._store.incidents.live(), now=now, grace=self._grace))
        due_since = self._store.heartbeats.oldest_due(now)
        troubles = {"escalation": "; ".join(stuck[:3])} if stuck else {}
        if due_since is not None and due_since <= now - self._patience:
            troubles["outbox"] = f"messages due since {due_since:%H:%M} UTC have not been tried"
        troubles |= self._broken_channels(now)
        return troubles | dict(self._silent_parts(self._store.heartbeats.newest()))

    def _broken_channels(self, now: datetime) -> dict[str, str]:
        failing = self._store.channels.failing(now, for_seconds=_BROKEN_AFTER_SECONDS)
        lines = {}
        for channel in self._config.channels:
            if channel.id in failing:
                way = (
                    f"its pages go to {channel.fallback}" if channel.fallback else "its pages wait: it has no fallback"
                )
                line = f"channel {channel.id} has delivered nothing since {failing[channel.id]:%H:%M} UTC, {way}"
                lines[_CHANNEL + channel.id] = line
        return lines

    def _silent_parts(self, newest: Mapping[Part, Heartbeat]) -> Iterator[tuple[str, str]]:
        """Yield the parts that have been silent for too long, counted from our own start at the earliest."""
        now = self._real.now()
        for part in (Part.DETECTOR, Part.SENDER, Part.CANARY):
            sign = newest.get(part)
            if sign is None or part not in self._expected():
                continue
            since = max(sign.at, self._began_at)
            if Heartbeat(part=part, at=since, every_seconds=sign.every_seconds).pulse(now) is Pulse.SILENT:
                yield part.value, f"the {part.value} has given no sign of life since {sign.at:%H:%M} UTC"

    def _tell(self, subject: str, line: str) -> None:
        now = self._clock.now()
        channel = subject.removeprefix(_CHANNEL) if subject.startswith(_CHANNEL) else None
        level = Level.WARN if channel or subject == Part.CANARY.value else Level.PAGE
        remedy = "see `stormcone doctor --send-test`" if channel else "look at its log"
        headline = f"Stormcone itself is not well: {line}; {remedy}"
        notices = source_notices(
            self._config,
            source=_PREFIX + subject,
            moment=Moment.UNWELL,
            level=level,
            headline=headline,
            at=now,
            besides=channel,
        )
        self._store.telling.tell(Told(source=_PREFIX + subject, is_lost=True, lost_at=now, level=level), notices)
        _log.error("not_well", subject=subject, reason=line, told=len(notices))

    def _take_back(self, subject: str, before: Told) -> None:
        now = self._clock.now()
        told = self._store.telling.told_of_loss(before.lost_at) if before.lost_at else ()
        notices = (
            source_notices(
                self._config,
                source=_PREFIX + subject,
                moment=Moment.WELL_AGAIN,
                level=before.level,
                headline=f"Stormcone's {subject} is well again",
                at=now,
                told=told,
            )
            if told
            else ()
        )
        back = Told(source=_PREFIX + subject, is_lost=False, lost_at=before.lost_at, level=before.level)
        self._store.telling.tell(back, notices)
        _log.info("well_again", subject=subject, told=len(notices))


def _needs_step(incident: Incident) -> bool:
    """A page that nobody has taken is told to one more, or reminded of, until somebody does."""
    waits = incident.state in {State.OPEN, State.REOPENED} and incident.acknowledged_by is None
    return waits and incident.level is Level.PAGE
