"""A stream of which only the counts are known: how rare its volume is now, by its own history.

For sources that give numbers and no texts (a platform's count endpoint, a benchmark of counts). Level, season, spread
and tail are those of the brand's stream (analysis/stream.py); the score is what short and long windows agree on. Never
sees a clock, a label or the future, and says nothing about who is for or against a brand.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from analysis.baseline import Baseline
from analysis.scales import agreed_surprise
from analysis.season import HourOfWeek
from analysis.tail import EpisodeTail
from analysis.windows import volume_surprise
from stormcone.config import DetectorSettings

_UNKNOWN = (0.0, 0.0, 0.0)  # counts in neither side of a window


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeReading:
    """What a stream of counts says when a step has ended.

    storm_rate: expected episodes per step at least as stormy; None where nothing can be called rare: too little history
    yet, or the step itself is unknown. storm_score: standard deviations the windows agree on. usual: expected count of
    the step.
    """

    storm_rate: float | None
    storm_score: float
    usual: float

    def episodes_a_month(self, step_minutes: int) -> float | None:
        """Return the expected episodes in 30 days at least as stormy as now, to be compared with a budget of pages.

        >>> VolumeReading(storm_rate=0.001, storm_score=4.0, usual=2.0).episodes_a_month(60)
        0.72
        """
        return None if self.storm_rate is None else self.storm_rate * (30 * 24 * 60 // step_minutes)


@dataclass(slots=True, kw_only=True)
class VolumeStream:
    """Sequential detector of one stream of counts; call `close` once a step, in order.

    step_minutes: length of a step; a window shorter than one is one step.
    >>> stream = VolumeStream(settings=DetectorSettings(), step_minutes=5)
    >>> stream.close(datetime(2026, 1, 5, 9, 0), 3.0).storm_rate is None  # warming up is unknown, not calm
    True
    """

    settings: DetectorSettings
    step_minutes: int
    _baseline: Baseline = field(init=False)
    _tail: EpisodeTail = field(init=False)
    _window_steps: tuple[int, ...] = field(init=False)
    _recent: deque[tuple[float, float, float]] = field(init=False)  # count, expected mean and variance; newest first
    _unsettled: deque[tuple[HourOfWeek, float | None]] = field(default_factory=deque)
    _steps_learned: int = 0
    _counted: float = 0.0

    def __post_init__(self) -> None:
        settings, minutes = self.settings, self.step_minutes
        windows = settings.stream_windows_minutes
        self._window_steps = tuple(sorted({max(1, window // minutes) for window in windows}))
        self._recent = deque(maxlen=self._window_steps[-1])
        self._baseline = Baseline(
            half_life_steps=settings.level_half_life_hours * 60 / minutes, clip_spreads=settings.clip_spreads
        )
        self._tail = EpisodeTail(
            warm_up_steps=max(1, int((settings.warm_up_hours - settings.level_hours) * 60 / minutes)),
            quiet_steps=settings.episode_quiet_minutes // minutes,
            half_life_steps=settings.tail_half_life_days * 24 * 60 / minutes,
        )

    def close(self, local: datetime, count: float | None) -> VolumeReading:
        """End a step: say how rare it leaves the stream, then learn what is old enough to be settled.

        Args: local: the step's start in the brand's time zone. count: what came in it; None where nobody collected:
        such a step is unknown, neither calm nor stormy, and teaches nothing.
        """
        hour = HourOfWeek.of(local)
        expected = self._baseline.expect(hour)
        self._recent.appendleft(_UNKNOWN if count is None else (count, expected.mean, expected.variance))
        score = agreed_surprise(list(self._surprises()))
        rate = None
        if count is not None and self._has_level:
            rate = self._tail.rate(score) if self._counted >= self.settings.least_history_voices else None
            self._tail.learn(score)
        self._unsettled.append((hour, count))
        if len(self._unsettled) > self.settings.settle_minutes // self.step_minutes:
            self._learn(*self._unsettled.popleft())
        return VolumeReading(storm_rate=rate, storm_score=score, usual=expected.mean)

    def _surprises(self) -> Iterator[float]:
        """Yield the volume surprise of each window, shortest first; unknown steps are left out of both sides."""
        counted = mean = variance = 0.0
        for steps, (step_counted, step_mean, step_variance) in enumerate(self._recent, start=1):
            counted += step_counted
            mean += step_mean
            variance += step_variance
            if steps in self._window_steps:
                yield volume_surprise(counted, mean, variance)

    def _learn(self, hour: HourOfWeek, count: float | None) -> None:
        if count is None:
            return
        self._baseline.learn(hour, count)
        self._counted += count
        self._steps_learned += 1

    @property
    def _has_level(self) -> bool:
        """The first hours only find the level: until then everything looks rare, and would make the tail deaf."""
        return self._steps_learned * self.step_minutes >= self.settings.level_hours * 60
