"""The brand's stream: every voice about the brand, step by step, against what this hour of the week usually brings.

Fed with voices in steps of a few minutes (own posts set apart, one vote an author, copies folded), asked how surprising
the last half hour to one and a half hours are. Knows counts only; which words were said is the business of scorers and
signals. Never sees a clock, a label or the future.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.baseline import Baseline
from analysis.composition import ShareBaseline
from analysis.scales import agreed_surprise
from analysis.tail import EpisodeTail
from analysis.usual import UsualShares
from analysis.windows import Step, WindowSum, add_up
from stormcone.config import DetectorSettings
from stormcone.models import StepReading

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOTHING = Step()
_KEPT_DAYS = 1  # late mentions still find their step
_LEARNED_DAYS = 28  # a longer silence teaches nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReading:
    """What the stream says at one instant.

    window: the most surprising one of half an hour and more: a shorter one counts, but explains little. storm_rate:
    expected episodes per step at least as stormy as the windows agree it is, volume and composition taken together;
    None while warming up: too little history to call anything rare. unknown_share: part of the longest window that
    nobody collected. step: the step that ended, None between two ends.
    """

    at: datetime
    window: WindowSum
    storm_rate: float | None
    storm_score: float
    unknown_share: float
    step: StepReading | None

    @property
    def is_warming_up(self) -> bool:
        """True while the stream's history is too short to call anything rare."""
        return self.storm_rate is None


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
    _steps: defaultdict[int, Step] = field(default_factory=lambda: defaultdict(Step))
    _widths: dict[int, int] = field(init=False)  # of each window, steps -> minutes
    _longest: int = field(init=False)  # steps
    _next: int | None = None  # the first step not yet closed
    _first: int = 0
    _has_closed: bool = False
    _has_started_over: bool = False
    _voices_learned: float = 0.0
    _steps_learned: int = 0

    def __post_init__(self) -> None:
        windows = sorted(self.settings.stream_windows_minutes)
        self._widths = {max(1, minutes // self.step_minutes): minutes for minutes in windows}
        self._longest = max(self._widths)
        self._start_over()

    def index_of(self, instant: datetime) -> int:
        """Return the number of the step an instant falls into."""
        return int((instant - _EPOCH).total_seconds() // (60 * self.step_minutes))

    def step_at(self, instant: datetime) -> Step | None:
        """Return the step to add a mention to; None where it is older than what is kept."""
        index = self.index_of(instant)
        if self._next is None or (index < self._next and not self._has_closed):
            self._next = self._first = index
        if index < self._next - self._kept_steps or (index < self._first and not self._has_started_over):
            self.missed_history = True
            return None
        return self._steps[index]

    def mark_unknown(self, started_at: datetime, ended_at: datetime) -> None:
        """Nobody collected between these instants: steps that lie mostly inside are unknown, not zero."""
        half = timedelta(minutes=self.step_minutes / 2)
        for index in range(self.index_of(started_at), self.index_of(ended_at) + 1):
            inside = min(ended_at, self._ends_at(index)) - max(started_at, self._ends_at(index - 1))
            if inside > half and (self._next is None or index >= self._next - self._kept_steps):
                self._steps[index].is_unknown = True

    def due(self, now: datetime) -> range:
        """Return the steps that have ended by `now` and are not yet closed."""
        if self._next is None:
            return range(0)
        newest = self.index_of(now)
        return range(max(self._next, newest - _LEARNED_DAYS * self._steps_a_day), newest)

    def close(self, index: int) -> StreamReading:
        """End step `index`: say how surprising it leaves the stream, and learn what is old enough to be settled."""
        self._refuse_empty_history(index)
        self._expect(index, 1.0)
        reading = self._read(index, self._ends_at(index), has_ended=True)
        if self._has_level and not self._peek(index).is_unknown:  # silence of the collector is no calm
            self._tail.learn(reading.storm_score)
        self._learn(index - self.settings.settle_minutes // self.step_minutes)
        self._next, self._has_closed = index + 1, True
        self._steps.pop(index - self._kept_steps - 1, None)
        return reading

    def look(self, now: datetime) -> StreamReading:
        """Say how surprising the stream is in the middle of a step; teaches nothing."""
        index = self.index_of(now)
        begun = now - self._ends_at(index - 1)
        self._expect(index, begun / timedelta(minutes=self.step_minutes))
        return self._read(index, now, has_ended=False)

    def said(self, index: int, steps: int) -> tuple[float, float]:
        """Return the voices, and the mass of them against the brand, of the `steps` that end with step `index`."""
        last = self._last(index, steps)
        return sum(step.voices for step in last), sum(step.against for step in last)

    def _read(self, index: int, at: datetime, *, has_ended: bool) -> StreamReading:
        newest_first = self._last(index, self._longest)
        windows = add_up(newest_first, steps=self._widths, share=self.share)
        scores = [self._storm_score(window) for window in windows]
        score = agreed_surprise(scores)
        rate = self._tail.rate(score) if self._has_level else None
        is_known = rate is not None and self._voices_learned >= self.settings.least_history_voices
        return StreamReading(
            at=at,
            window=self._shown(windows, scores),
            storm_rate=rate if is_known else None,
            storm_score=score,
            unknown_share=sum([step.is_unknown for step in newest_first]) / self._longest,
            step=self._step_reading(newest_first[0], is_known=is_known) if has_ended else None,
        )

    def _shown(self, windows: list[WindowSum], scores: list[float]) -> WindowSum:
        """Return the most surprising window that is long enough to explain something."""
        best = max(
            range(len(windows)),
            key=lambda each: (windows[each].minutes >= self.settings.post_window_minutes, scores[each]),
        )
        return windows[best]

    def _step_reading(self, step: Step, *, is_known: bool) -> StepReading:
        return StepReading(
            minutes=self.step_minutes,
            voices=step.voices,
            against=step.against,
            usual_voices=step.expected_mean if is_known else None,
            spread_voices=math.sqrt(step.expected_variance) if is_known else None,
        )

    def _storm_score(self, window: WindowSum) -> float:
        """Volume counts in full only where the composition is not better than usual."""
        if window.volume_surprise <= 0:
            return 0.0
        tilt = max(-1.0, min(window.share_surprise, self.settings.share_surprise_cap))
        return max(0.0, window.volume_surprise + self.settings.share_weight * tilt)

    def _last(self, index: int, steps: int) -> list[Step]:
        """Return the steps that end with `index`, newest first; never creates one."""
        get = self._steps.get
        return [get(each, _NOTHING) for each in range(index, index - steps, -1)]

    def _expect(self, index: int, part: float) -> None:
        """Write down what the step, or its first part, should bring, before it teaches anything."""
        expected, step = self.baseline.expect(self._local(index)), self._steps[index]
        step.expected_mean, step.expected_variance = expected.mean * part, expected.variance * part

    def _learn(self, index: int) -> None:
        step = self._peek(index)
        if step.is_unknown:
            return
        self.baseline.learn(self._local(index), step.voices)
        self.share.learn(voices=step.voices, against=step.against, positive=step.positive)
        self.usual.learn(texts=step.mentions, negative=step.negative, hostile=step.hostile, cued=step.cued)
        self._voices_learned += step.voices
        self._steps_learned += 1

    def _refuse_empty_history(self, index: int) -> None:
        """Start over where the last hour brought more voices than all history: that was no history.

        The edge of a collection looks like the steepest of all storms; it is one only where enough was heard before.
        """
        settings = self.settings
        just_started = index - self._first < settings.warm_up_hours * 60 // self.step_minutes
        if self._voices_learned >= settings.history_voices or (self._has_started_over and just_started):
            return
        recent = sum(step.voices for step in self._last(index, 60 // self.step_minutes))
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
            half_life_steps=settings.tail_half_life_days * self._steps_a_day,
        )
        self._voices_learned = 0.0
        self._steps_learned = 0

    @property
    def _has_level(self) -> bool:
        """The first hours only find the level: until then everything looks rare, and would make the tail deaf."""
        return self._steps_learned * self.step_minutes >= self.settings.level_hours * 60

    @property
    def _steps_a_day(self) -> int:
        return 24 * 60 // self.step_minutes

    @property
    def _kept_steps(self) -> int:
        return _KEPT_DAYS * self._steps_a_day

    def _peek(self, index: int) -> Step:
        return self._steps.get(index, _NOTHING)  # never creates the step it asks for

    def _local(self, index: int) -> datetime:
        return (_EPOCH + timedelta(minutes=self.step_minutes * index)).astimezone(self.zone)

    def _ends_at(self, index: int) -> datetime:
        return _EPOCH + timedelta(minutes=self.step_minutes * (index + 1))
