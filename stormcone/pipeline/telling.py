"""Tells people when a source goes silent and when it answers again: each change once, also across restarts.

Run by the watcher beside the ticks. Silence that lasts is told, a hiccup is not; a source that comes and goes is told
of twice an hour at most. Never polls; what is silent the health of the sources says.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from alerts.source_notices import source_notices
from stormcone.clock import Clock
from stormcone.config import Config
from stormcone.models import Level, Moment, SourceHealth, SourceState
from stormcone.store import Store, Told

_log = structlog.get_logger(__name__)
_MINUTES: Final = timedelta(minutes=2)  # shorter silence is told in seconds
_SETTLES: Final = timedelta(seconds=5)  # a machine that slept wakes into silence: the sources may answer first
_AGAIN: Final = timedelta(minutes=30)  # between two tellings of the loss of one source


class Telling:
    """Watches the sources' health for what people must be told.

    real: the machine's clock, which a drill does not hurry; silence counts once it has lasted a while on it.
    """

    def __init__(self, config: Config, store: Store, real: Clock) -> None:
        self._config = config
        self._store = store
        self._real = real
        self._silent_since: dict[str, datetime] = {}  # source -> when a look first found it silent, real time

    def look(self, now: datetime, names: Iterable[str]) -> None:
        """Tell what has changed among the named sources. Raises: StoreError: told at the next look."""
        watched = set(names)
        health = [each for each in self._store.sources.health() if each.name in watched]
        told = self._store.telling.told()
        silent = [each for each in health if each.is_silent(now)]
        lasting = self._lasting(silent, now)
        lost = [each for each in silent if each.name in lasting and _is_news(told.get(each.name), now)]
        if lost:
            self._tell_loss(lost, now, is_last=len(lasting) == len(health))
        silent_names = {each.name for each in silent}
        for each in health:
            before = told.get(each.name)
            if before is not None and before.is_lost and each.name not in silent_names:
                self._tell_return(each, before, now)

    def _lasting(self, silent: Sequence[SourceHealth], now: datetime) -> set[str]:
        """Return the names of those whose silence is no late poll of ours; a refusal leaves no doubt."""
        real = self._real.now()
        self._silent_since = {each.name: self._silent_since.get(each.name, real) for each in silent}
        return {
            each.name
            for each in silent
            if each.state(now) is SourceState.STOPPED or real - self._silent_since[each.name] >= _SETTLES
        }

    def _tell_loss(self, lost: Sequence[SourceHealth], now: datetime, *, is_last: bool) -> None:
        level = Level.PAGE if is_last else Level.WARN
        headline = "; ".join(_loss(each, now) for each in lost)
        if is_last:
            headline = f"no source answers any more, a storm would not be seen: {headline}"
        names = ", ".join(each.name for each in lost)
        notices = source_notices(
            self._config, source=names, moment=Moment.SOURCE_LOST, level=level, headline=headline, at=now
        )
        for each in lost:
            self._store.telling.tell(Told(source=each.name, is_lost=True, lost_at=now, level=level), notices)
        _log.warning("sources_lost", sources=names, told=len(notices))

    def _tell_return(self, health: SourceHealth, before: Told, now: datetime) -> None:
        told = self._store.telling.told_of_loss(before.lost_at) if before.lost_at else ()
        notices = (
            source_notices(
                self._config,
                source=health.name,
                moment=Moment.SOURCE_BACK,
                level=before.level,
                headline=f"{health.name} answers again",
                at=now,
                told=told,
            )
            if told
            else ()
        )
        back = Told(source=health.name, is_lost=False, lost_at=before.lost_at, level=before.level)
        self._store.telling.tell(back, notices)
        _log.info("source_back", source=health.name, told=len(notices))


def _is_news(told: Told | None, now: datetime) -> bool:
    if told is None:
        return True
    return not told.is_lost and (told.lost_at is None or now - told.lost_at >= _AGAIN)


def _loss(health: SourceHealth, now: datetime) -> str:
    """Return what is known of one loss, as one clause with the remedy the source's last error names."""
    silence = timedelta(seconds=health.lag_seconds(now))
    if health.state(now) is SourceState.STOPPED:
        return f"{health.name} refuses us ({health.last_error or 'no reason given'})"
    minutes = silence / timedelta(minutes=1)
    since = f"{minutes:.0f} minutes" if silence >= _MINUTES else f"{silence.total_seconds():.0f} seconds"
    reason = f" ({health.last_error})" if health.last_error else "; see `stormcone doctor`"
    return f"{health.name} has not answered for {since}{reason}"
