"""The brand's stream: every voice about the brand, step by step, against what this hour of the week usually brings.

Fed with voices in steps of a few minutes (own posts set apart, one vote an author, copies folded), asked how surprising
the last half hour to one and a half hours are. Knows counts only; which words were said is the business of scorers and
signals. Never sees a clock, a label or the future.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from analysis.baseline import Baseline
from analysis.composition import ShareBaseline
from analysis.scales import agreed_surprise
from analysis.season import HourOfWeek
from analysis.step_book import StepBook
from analysis.tail import EpisodeTail
from analysis.usual import UsualShares
from analysis.windows import Step, Totals, WindowSum, volume_surprise
from stormcone.config import DetectorSettings
from stormcone.models import StepReading

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS: Final = 24 * 60 * 60
_KEPT_DAYS = 1  # late mentions still find their step
_LEARNED_DAYS = 28  # a longer silence teaches nothing more


@dataclass(slots=True, kw_only=True)
class StreamReading:
    """What the stream says at one instant. Not frozen, as windows: one is made at every step.

    window: the most surprising one of half an hour and more: a shorter one counts, but explains little. storm_rate:
    expected episodes per step at least as stormy as the windows agree it is, volume and composition taken together;
    None while warming up: too little history to call anything rare. unknown_share: part of the longest window that
    was not collected, or not everywhere. ended: the step that ended, None between two ends.
    """

    at: datetime
    window: WindowSum
    storm_rate: float | None
    storm_score: float
    unknown_share: float
    step_minutes: int
    ended: Step | None

    @property
    def is_warming_up(self) -> bool:
        """True while the stream's history is too short to call anything rare."""
        return self.storm_rate is None

    @property
    def step(self) -> StepReading | None:
        """The step that ended beside what was expected of it, as far as that is known; None between two ends."""
        step, is_known = self.ended, not self.is_warming_up
        if step is None:
            return None
        return StepReading(
            minutes=self.step_minutes,
            voices=step.voices,
            against=step.against,
            usual_voices=step.expected_mean if is_known else None,
            spread_voices=math.sqrt(step.expected_variance) if is_known else None,
        )


@dataclass(slots=True, kw_only=True)
class BrandStream:
    """Sequential detector of one brand's stream."""

    settings: DetectorSettings
    zone: ZoneInfo
    step_minutes: int
    baseline: Baseline = field(init=False)
    share: ShareBaseline = field(init=False)
    usual: UsualShares = field(init=False)
    missed_history: bool = False  # something older than what can still be learned came in: restore from the store
    _tail: EpisodeTail = field(init=False)
    _book: StepBook = field(init=False)
    _step: timedelta = field(init=False)
    _step_seconds: int = field(init=False)
    _back: tuple[int, ...] = field(init=False)  # none, then the steps of each window, shortest first
    _minutes: tuple[int, ...] = field(init=False)  # of each window
    _explaining: Sequence[int] = field(init=False)  # the windows that are long enough to explain something
    _most_tilt: float = field(init=False)
    _share_weight: float = field(init=False)
    _least_voices: float = field(init=False)
    _settle_steps: int = field(init=False)
    _level_steps: float = field(init=False)  # until then everything looks rare, and would make the tail deaf
    _day_steps: int = field(init=False)
    _kept_steps: int = field(init=False)
    _next: int | None = None  # the first step not yet closed
    _first: int = 0
    _has_closed: bool = False
    _has_started_over: bool = False
    _voices_learned: float = 0.0
    _steps_learned: int = 0

    def __post_init__(self) -> None:
        settings, minutes = self.settings, self.step_minutes
        self._step = timedelta(minutes=minutes)
        self._step_seconds = 60 * minutes
        windows = {max(1, each // minutes): each for each in sorted(settings.stream_windows_minutes)}
        self._back, self._minutes = (0, *windows), tuple(windows.values())
        long = [each for each, wide in enumerate(self._minutes) if wide >= settings.post_window_minutes]
        self._explaining = long or range(len(windows))
        self._most_tilt, self._share_weight = settings.share_surprise_cap, settings.share_weight
        self._least_voices = settings.least_history_voices
        self._settle_steps = settings.settle_minutes // minutes
        self._level_steps = settings.level_hours * 60 / minutes
        self._day_steps = 24 * 60 // minutes
        self._kept_steps = _KEPT_DAYS * self._day_steps
        self._book = StepBook(longest=self._back[-1])
        self._start_over()

    def index_of(self, instant: datetime) -> int:
        """Return the number of the step an instant falls into."""
        since = instant - _EPOCH
        return (since.days * _DAY_SECONDS + since.seconds) // self._step_seconds

    def step_at(self, instant: datetime) -> Step | None:
        """Return the step to add a mention to, at once; None where it is older than what is kept."""
        index = self.index_of(instant)
        if self._next is None or (index < self._next and not self._has_closed):
            self._next = self._first = index
        if index < self._next - self._kept_steps or (index < self._first and not self._has_started_over):
            self.missed_history = True
            return None
        return self._book.open(index)

    def mark_unknown(self, started_at: datetime, ended_at: datetime, *, is_partial: bool = False) -> None:
        """Nobody collected between these instants: steps that lie mostly inside are unknown, not zero.

        Args: is_partial: somebody did, but not everywhere: what came is a lower bound.
        """
        for step in self._inside(started_at, ended_at):
            if is_partial:
                step.is_partial = True
            else:
                step.is_unknown = True

    def mark_known(self, started_at: datetime, ended_at: datetime) -> None:
        """What was not collected between these instants is there now."""
        for step in self._inside(started_at, ended_at):
            step.is_unknown = step.is_partial = False

    def _inside(self, started_at: datetime, ended_at: datetime) -> Iterator[Step]:
        """Yield the steps that are still kept and lie mostly between two instants, opened for a change."""
        half = self._step / 2
        for index in range(self.index_of(started_at), self.index_of(ended_at) + 1):
            inside = min(ended_at, self._ends_at(index)) - max(started_at, self._ends_at(index - 1))
            if inside > half and (self._next is None or index >= self._next - self._kept_steps):
                yield self._book.open(index)

    def due(self, now: datetime) -> range:
        """Return the steps that have ended by `now` and are not yet closed."""
        if self._next is None:
            return range(0)
        newest = self.index_of(now)
        return range(max(self._next, newest - _LEARNED_DAYS * self._day_steps), newest)

    def close(self, index: int) -> StreamReading:
        """End step `index`: say how surprising it leaves the stream, and learn what is old enough to be settled."""
        if self._voices_learned < self.settings.history_voices:
            self._refuse_empty_history(index)
        step = self._expect(index, 1.0)
        reading = self._read(index, self._ends_at(index), ended=step)
        if self._steps_learned >= self._level_steps and not (
            step.is_unknown or step.is_partial
        ):  # silence of the collector is no calm
            self._tail.learn(reading.storm_score)
        self._learn(index - self._settle_steps)
        self._next, self._has_closed = index + 1, True
        self._book.drop(index - self._kept_steps - 1)
        return reading

    def look(self, now: datetime) -> StreamReading:
        """Say how surprising the stream is in the middle of a step; teaches nothing."""
        index = self.index_of(now)
        self._expect(index, (now - self._ends_at(index - 1)) / self._step)
        return self._read(index, now, ended=None)

    def said(self, index: int, steps: int) -> tuple[float, float]:
        """Return the voices, and the mass of them against the brand, of the `steps` that end with step `index`."""
        last = self._book.last(index, steps)
        return sum(step.voices for step in last), sum(step.against for step in last)

    def _read(self, index: int, at: datetime, *, ended: Step | None) -> StreamReading:
        now, *befores = self._book.totals(index, back=self._back)
        scores = self._storm_scores(befores, now)
        best = max(self._explaining, key=scores.__getitem__)
        before, score = befores[best], agreed_surprise(scores)
        is_known = self._steps_learned >= self._level_steps and self._voices_learned >= self._least_voices
        share_surprise = self.share.surprise(now.voices - before.voices, now.against - before.against)
        return StreamReading(
            at=at,
            window=WindowSum(self._minutes[best], before, now, share_surprise),
            storm_rate=self._tail.rate(score) if is_known else None,
            storm_score=score,
            unknown_share=now.unseen_since(befores[-1]) / self._book.longest,
            step_minutes=self.step_minutes,
            ended=ended,
        )

    def _storm_scores(self, befores: Sequence[Totals], now: Totals) -> list[float]:
        """Return the score of each window; volume counts in full only where the company is not better than usual."""
        scores = []
        for before in befores:
            voices, expected = now.voices - before.voices, now.expected_voices - before.expected_voices
            if voices <= expected:
                scores.append(0.0)  # calm, whatever is said
                continue
            surprise = volume_surprise(voices, expected, now.variance_voices - before.variance_voices)
            tilt = self.share.surprise(voices, now.against - before.against)
            score = surprise + self._share_weight * max(-1.0, min(tilt, self._most_tilt))
            scores.append(score if surprise > 0 and score > 0 else 0.0)
        return scores

    def _expect(self, index: int, part: float) -> Step:
        """Write down what the step, or its first part, should bring, before it teaches anything."""
        step = self._book.open(index)
        step.hour = hour = self._hour_of(index)
        expected = self.baseline.expect(hour)
        step.expected_mean, step.expected_variance = expected.mean * part, expected.variance * part
        return step

    def _learn(self, index: int) -> None:
        step = self._book.peek(index)
        if step.is_unknown or step.is_partial:
            return
        self.baseline.learn(step.hour or self._hour_of(index), step.voices)
        self.share.learn(voices=step.voices, against=step.against, positive=step.positive)
        self.usual.learn(texts=step.mentions, negative=step.negative, hostile=step.hostile, cued=step.cued)
        self._voices_learned += step.voices
        self._steps_learned += 1

    def _refuse_empty_history(self, index: int) -> None:
        """Start over where the last hour brought more voices than all history: that was no history.

        The edge of a collection looks like the steepest of all storms; it is one only where enough was heard before.
        """
        settings = self.settings
        if self._has_started_over and index - self._first < settings.warm_up_hours * 60 // self.step_minutes:
            return
        recent = sum(step.voices for step in self._book.last(index, 60 // self.step_minutes))
        if recent > max(self._voices_learned, settings.edge_voices):
            self._start_over()
            self._first, self._has_started_over = index, True

    def _start_over(self) -> None:
        settings = self.settings
        self.baseline = Baseline(
            half_life_steps=settings.level_half_life_hours * 60 / self.step_minutes, clip_spreads=settings.clip_spreads
        )
        self.share = ShareBaseline(half_life_voices=settings.share_half_life_voices)
        self.usual = UsualShares(half_life_texts=settings.share_half_life_voices)
        self._tail = EpisodeTail(
            warm_up_steps=int((settings.warm_up_hours - settings.level_hours) * 60 / self.step_minutes),
            quiet_steps=settings.episode_quiet_minutes // self.step_minutes,
            half_life_steps=settings.tail_half_life_days * self._day_steps,
        )
        self._voices_learned = 0.0
        self._steps_learned = 0

    def _hour_of(self, index: int) -> HourOfWeek:
        return _hour_of_week(index, self.step_minutes, self.zone)

    def _ends_at(self, index: int) -> datetime:
        return _EPOCH + self._step * (index + 1)


@lru_cache(maxsize=_LEARNED_DAYS * 24 * 12)
def _hour_of_week(index: int, step_minutes: int, zone: ZoneInfo) -> HourOfWeek:
    """Return the local hour of a step; kept, because all brands of a zone ask twice for the same steps."""
    return HourOfWeek.of(datetime.fromtimestamp(60 * step_minutes * index, zone))
