"""Watches what the platforms themselves count, for times in which not every text is fetched.

Between the store's counts and the desk. A surge of mentions that nobody has read (the money is spent, the platform is
throttled, one query is dearer than another) is told as what it is: more than usual, by nobody knows whom. It never
pages, and says nothing where most of what was counted was read: then the texts know better.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from analysis.verdicts import surge_level
from analysis.volume_stream import VolumeReading, VolumeStream
from stormcone.config import BrandSettings, Config
from stormcone.models import Axis, Kind, Level, Reading, Verdict, Volume
from stormcone.store import Store

_SETTLED: Final = timedelta(minutes=2)  # a platform's newest minutes are counted late; X cuts off the last 30 seconds
_PATIENCE: Final = timedelta(minutes=15)  # counts are asked for every few minutes; what is not there then is unknown
_HISTORY: Final = timedelta(days=28)  # read at the start: enough for level, season and tail
_SHOWN: Final = timedelta(minutes=30)  # the window a person is told of
_READ_SHARE: Final = 0.8  # of what was counted: with so many texts read, the texts decide
_LEAST_UNREAD: Final = 8  # mentions; as many voices as a warn needs


@dataclass(slots=True, kw_only=True)
class _Counted:
    """One brand on one platform. closed_until: start of the first step that is not closed yet."""

    stream: VolumeStream
    closed_until: datetime
    newest: VolumeReading | None = None
    recent: dict[datetime, tuple[float, float]] = field(default_factory=dict)  # step -> counted, usual


class Counting:
    """The counts of every brand and platform that has any."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._step = timedelta(minutes=config.watch.bin_minutes)
        self._counted: dict[tuple[str, str], _Counted] = {}
        self._read_until: dict[str, datetime] = {}
        self._looked_at: dict[str, datetime] = {}
        self._lately: tuple[datetime, dict[str, dict[str, dict[datetime, int]]]] | None = None  # of every brand

    def weigh(self, verdict: Verdict) -> Verdict:
        """Return the verdict on a brand's stream, raised where a platform counts a surge that nobody has read.

        Raises: StoreError.
        """
        brand = self._config.brand_named(verdict.brand)
        until = self._floor(verdict.at - _SETTLED)
        self._close_steps(brand, until)
        for (name, platform), counted in self._counted.items():
            if name == brand.name:
                verdict = self._raised(verdict, brand, platform, counted, until)
        return verdict

    def _raised(
        self, verdict: Verdict, brand: BrandSettings, platform: str, counted: _Counted, until: datetime
    ) -> Verdict:
        if counted.newest is None or counted.closed_until < until - _PATIENCE:
            return verdict  # nobody counted lately: that is no calm, and no storm
        rate = counted.newest.episodes_a_month(self._config.watch.bin_minutes)
        level = surge_level(rate, brand.false_pages_per_month, self._config.detector)
        total = sum(count for count, _ in counted.recent.values())
        usual = sum(expected for _, expected in counted.recent.values())
        unread = total - self._read(brand.name, counted.closed_until)
        if level <= verdict.level or unread < max(_LEAST_UNREAD, (1 - _READ_SHARE) * total):
            return verdict
        text = (
            f"{platform} itself counts {total:,.0f} mentions within {_SHOWN // timedelta(minutes=1)} minutes, usually "
            f"{usual:,.1f}; most of their texts were not read"
        )
        told = Reading(signal="counted", axis=Axis.VOLUME, value=total, expected=usual, text=text)
        kind = Kind.UNCLEAR if verdict.level is Level.CALM else verdict.kind
        headline = f"{brand.name}: {text}" if verdict.level is Level.CALM else verdict.headline
        return replace(
            verdict, level=level, kind=kind, headline=headline, reasons=(told, *verdict.reasons), is_rare=True
        )

    def _read(self, brand: str, until: datetime) -> int:
        """Return how many mentions of the shown window were fetched, from wherever."""
        return sum(each.mentions for each in self._store.reads.brand_minutes(brand, since=until - _SHOWN, until=until))

    def _close_steps(self, brand: BrandSettings, until: datetime) -> None:
        """Close the steps up to `until` whose counts are there, or late for too long."""
        if self._looked_at.get(brand.name) == until:
            return  # counts come every few minutes; who looks more often need not ask
        self._looked_at[brand.name] = until
        since = self._read_until.get(brand.name, until - _HISTORY)
        found = self._found(brand.name, since, until)
        self._read_until[brand.name] = max(since, until - _PATIENCE)
        known = {platform for name, platform in self._counted if name == brand.name}
        for platform in sorted(known | set(found)):
            self._feed(brand, platform, found.get(platform, {}), until)

    def _found(self, brand: str, since: datetime, until: datetime) -> dict[str, dict[datetime, int]]:
        """Return platform -> minute -> count in [since, until).

        Brands come one by one and mostly ask for the same minutes, so these are read for all of them at once.
        """
        if since < until - _PATIENCE - self._step:
            return _by_platform(self._store.volumes.since(brand, since, until=until))
        if self._lately is None or self._lately[0] != until:
            found: dict[str, list[Volume]] = {}
            for each in self._store.volumes.of_all(self._read_until, until - _PATIENCE - self._step, until=until):
                found.setdefault(each.brand, []).append(each)
            self._lately = until, {name: _by_platform(volumes) for name, volumes in found.items()}
        minutes = self._lately[1].get(brand, {})
        return {
            platform: kept
            for platform, counts in minutes.items()
            if (kept := {minute: count for minute, count in counts.items() if minute >= since})
        }

    def _feed(self, brand: BrandSettings, platform: str, minutes: dict[datetime, int], until: datetime) -> None:
        """Close every step that has been counted; a step without any count is unknown."""
        key = (brand.name, platform)
        if key not in self._counted:
            stream = VolumeStream(settings=self._config.detector, step_minutes=self._config.watch.bin_minutes)
            self._counted[key] = _Counted(stream=stream, closed_until=self._floor(min(minutes)))
        counted = self._counted[key]
        while counted.closed_until < until:
            start = counted.closed_until
            found = [count for minute, count in minutes.items() if start <= minute < start + self._step]
            if not found and start > until - _PATIENCE:
                break
            count = float(sum(found)) if found else None
            reading = counted.stream.close(start.astimezone(brand.zone), count)
            counted.newest = reading if count is not None else None
            counted.recent[start] = (count or 0.0, reading.usual)
            counted.closed_until = start + self._step
        since = counted.closed_until - _SHOWN
        counted.recent = {start: kept for start, kept in counted.recent.items() if start >= since}

    def _floor(self, at: datetime) -> datetime:
        epoch = datetime.fromtimestamp(0, UTC)
        return at - (at - epoch) % self._step


def _by_platform(volumes: Iterable[Volume]) -> dict[str, dict[datetime, int]]:
    found: dict[str, dict[datetime, int]] = {}
    for each in volumes:
        found.setdefault(each.platform, {})[each.minute] = each.mentions
    return found
