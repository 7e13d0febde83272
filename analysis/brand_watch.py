"""One brand under watch: its stream and the threads of its own posts, fed with scored mentions, asked for verdicts.

The one door of the analysis that the pipeline uses, live, in replays and after a restart alike. Holds all state of the
detectors in memory; the store holds what it is rebuilt from. Time comes with the data and the question; there is no
clock here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.company import CompanyMemory, may_hold_wave
from analysis.crossing import Crossings
from analysis.recents import Recents
from analysis.stream import BrandStream, StreamReading
from analysis.threads import PostKey, Thread
from analysis.usual import is_joyful
from analysis.verdicts import Case, Evidence, Judge, is_quiet, rate_of_evidence
from analysis.views import in_company, post_view, stream_view
from analysis.watched_threads import WatchedThreads
from analysis.what_if import what_would_change
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.models import (
    BrandMinute,
    BudgetStanding,
    Engagement,
    Gap,
    Level,
    PostMinute,
    ScoredMention,
    Trust,
    Verdict,
    WouldChange,
)

_MONTH_DAYS = 30
_GAPS_KEPT = timedelta(days=2)  # longer than any window; what is filled later only teaches
_PEAK_HALF_LIFE = timedelta(minutes=70)  # how fast the stream's peak velocity is forgotten once the surge is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """What a step concluded: the brand's stream, and every thread that is worth a word.

    carried_share: part of the stream that spoke in those threads, 0..1; see _carried.
    """

    at: datetime
    stream: Verdict
    posts: tuple[Verdict, ...]
    carried_share: float


class BrandWatch:
    """Detectors of one brand."""

    def __init__(
        self,
        brand: BrandSettings,
        settings: DetectorSettings,
        judge: Judge,
        *,
        step_minutes: int,
        competitors: Sequence[BrandSettings] = (),
    ) -> None:
        self.brand = brand
        self._settings = settings
        self._judge = judge
        self._step_minutes = step_minutes
        self._stream = BrandStream(settings=settings, zone=brand.zone, step_minutes=step_minutes)
        self._threads = WatchedThreads()
        self._recents = Recents()
        self._company = CompanyMemory(own_names=(brand.name, *brand.keywords, *brand.hashtags), settings=judge.kinds)
        self._crossings = Crossings(brand, competitors, window_minutes=judge.severity.crossing_minutes)
        self._gaps: list[Gap] = []
        self._stream_peak = 0.0
        self._stream_peak_at: datetime | None = None
        self._has_news = False
        self._is_stirred = False
        self._cases: dict[PostKey | None, Case] = {}  # what the newest verdicts were made of
        self.budget: BudgetStanding | None = None  # set by the pipeline, from what people decided

    def begin(self, now: datetime) -> None:
        """Start counting now: a silent brand is calm or warming up, not unheard of."""
        self._stream.step_at(now)

    def feed(self, scored: ScoredMention) -> None:
        """Take in a mention or an own post that is new in the store."""
        m, vote = scored.mention, scored.vote
        self._has_news = True
        self._crossings.add(scored)
        self._company.add(scored)
        if m.is_own_post:
            if m.root_id in {None, m.id} and m.parent_id is None:
                self._threads.open((m.platform, m.id), m.posted_at, is_seen=True)
            self._stream.step_at(m.posted_at)  # an own post starts the clock of a silent brand too
            return
        self._recents.add(scored)
        step = self._stream.step_at(m.posted_at)
        if step is not None:
            step.mentions += 1
            step.voices += vote.voice
            step.against += vote.against
            step.positive += scored.scores.p_positive * vote.voice
            step.hostile += scored.scores.hostility >= 0.5  # noqa: PLR2004 - definition of hostile, see store.rollups
            step.negative += scored.scores.p_negative
            step.cued += bool(scored.scores.cues)
            step.copies += vote.is_copy
        if m.thread_id is not None:
            thread = self._threads.answered((m.platform, m.thread_id), m.posted_at)
            if thread is not None:
                thread.add(self._stream.index_of(m.posted_at), vote)

    def engage(self, seen: Engagement) -> None:
        """Take in what a look at an own post's counts said."""
        thread = self._threads.get((seen.platform, seen.post_id))
        if thread is not None:
            thread.engage(seen)

    def note_gap(self, gap: Gap) -> None:
        """Nobody collected then: unknown, never zero. Of one place among several it is a lower bound."""
        since = gap.ended_at - _GAPS_KEPT
        self._gaps = [*(each for each in self._gaps if each.ended_at > since), gap]
        self._mark(gap)

    def note_filled(self, filled: Gap) -> None:
        """What was left out then has been collected after all; other gaps of that time stay."""
        self._gaps = [each for each in self._gaps if not filled.covers(each)]
        self._stream.mark_known(filled.started_at, filled.ended_at)
        for gap in self._gaps:
            if gap.started_at < filled.ended_at and filled.started_at < gap.ended_at:
                self._mark(gap)

    def _mark(self, gap: Gap) -> None:
        self._stream.mark_unknown(gap.started_at, gap.ended_at, is_partial=bool(gap.place))

    def restore(self, minutes: Sequence[BrandMinute], until: datetime) -> None:
        """Learn from stored minutes, oldest first, as if they had been watched; no verdict is made."""
        for minute in minutes:
            self._learn_steps(minute.minute)
            step = self._stream.step_at(minute.minute)
            if step is not None:
                step.mentions += minute.mentions
                step.voices += minute.voices
                step.against += minute.against
                step.positive += minute.positive * minute.voices / max(minute.mentions, 1)
                step.hostile += minute.hostile
                step.negative += minute.negative
                step.cued += minute.cued
                step.copies += minute.copies
        self._learn_steps(until)
        self._has_news = True  # what was restored is judged at the next look, not only when somebody speaks again

    def _learn_steps(self, until: datetime) -> None:
        for index in self._stream.due(until):
            self._note_velocity(self._stream.close(index))

    def restore_thread(
        self,
        key: PostKey,
        posted_at: datetime,
        *,
        minutes: Sequence[PostMinute],
        looks: Sequence[Engagement],
        is_seen: bool,
        until: datetime,
    ) -> None:
        """Rebuild the thread of an own post from its stored minutes and engagement, each oldest first."""
        thread = self._threads.open(key, posted_at, is_seen=is_seen)
        told: list[tuple[datetime, PostMinute | Engagement]] = [(each.minute, each) for each in minutes]
        told += [(each.seen_at, each) for each in looks]
        last = posted_at
        for at, each in sorted(told, key=lambda pair: pair[0]):
            if self._stream.index_of(at) != self._stream.index_of(last):
                thread.step(at)
            last = at
            if isinstance(each, PostMinute):
                thread.restore(self._stream.index_of(at), each)
            else:
                thread.engage(each)
        thread.step(until)
        self._threads.retire(until)

    def remember(self, scored: ScoredMention) -> None:
        """Take a stored mention into the memory that explains, without counting it again."""
        self._recents.add(scored)
        self._company.add(scored)

    def remember_crossing(self, scored: ScoredMention) -> None:
        """Take a stored mention or own post of the last two days into the memory that shows what a storm draws in."""
        self._crossings.add(scored)

    @property
    def missed_history(self) -> bool:
        """True once something too old to be learned on the way came in; a restore from the store learns it."""
        return self._stream.missed_history

    def evaluate(self, now: datetime, trust: Trust = Trust.SETTLED) -> Verdicts | None:
        """Close every step that ended by `now`, and judge what is there now.

        Returns: None between two steps where nothing was heard since the last call, or nothing worth a word.
        """
        reading: StreamReading | None = None
        for index in self._stream.due(now):
            reading = self._stream.close(index)
            self._threads.step(reading.at)
        if reading is None:
            if not self._has_news:
                return None
            reading = self._stream.look(now)
            self._threads.step(now)
            if self._is_everyday(reading):
                self._has_news = False
                return None
        self._has_news = False
        self._recents.forget_before(now)
        self._company.forget_before(now)
        self._crossings.forget_before(now)
        posts_a_month = self._threads.posts_a_month(reading.at)
        self._cases.clear()
        judged = (self._judge_thread(thread, reading, trust, posts_a_month) for thread in self._threads)
        posts = tuple(verdict for verdict in judged if verdict is not None)
        stream = self._judge_stream(reading, trust)
        self._is_stirred = stream.level > Level.CALM or bool(posts)
        return Verdicts(at=reading.at, stream=stream, posts=posts, carried_share=self._carried(reading, stream, posts))

    def _is_everyday(self, reading: StreamReading) -> bool:
        """True where neither stream nor thread is worth a verdict, and none was the last time either."""
        if self._is_stirred or (reading.storm_rate is not None and reading.storm_rate < 1.0):
            return False
        posts_a_month = self._threads.posts_a_month(reading.at)
        return all(
            self._is_below_watch(rate_of_evidence(thread.most_evidence, posts_a_month)) for thread in self._threads
        )

    def _is_below_watch(self, monthly_rate: float) -> bool:
        return monthly_rate > self.brand.false_pages_per_month * self._settings.watch_factor

    def _carried(self, reading: StreamReading, stream: Verdict, posts: Sequence[Verdict]) -> float:
        """Return the largest share: of the voices and of the mass against in two windows, and of an arranged wave.

        The windows are the stream's own, and the newest, where a young thread shows. A busy brand's stream hides a
        small pile-on among its voices, and shows it in what is said against the brand.
        """
        index = self._newest(reading)
        threads = [thread for verdict in posts if (thread := self._threads.get(verdict.post)) is not None]
        shares = [0.0]
        for steps in {reading.window.minutes // self._step_minutes, self._post_steps}:
            said = [thread.recent(index, steps) for thread in threads]
            voices, against = self._stream.said(index, steps)
            shares.append(sum(each.voices for each in said) / max(voices, 1.0))
            shares.append(sum(each.against for each in said) / max(against, 1.0))
        if stream.level < Level.WARN:  # nothing else is told of the stream that this could hide
            shares.append(self._company.share_of_wave(thread.key for thread in threads))
        return min(1.0, max(shares))

    @property
    def _post_steps(self) -> int:
        return self._settings.post_window_minutes // self._step_minutes

    def _judge_stream(self, reading: StreamReading, trust: Trust) -> Verdict:
        window = reading.window
        since = reading.at - timedelta(minutes=window.minutes)
        heard = self._recents.heard(since=since, until=reading.at)
        view = stream_view(reading, self._stream, heard)
        rate = reading.storm_rate
        is_everyday = rate is None or self._is_below_watch(rate * self._steps_a_month)
        if not is_everyday or may_hold_wave(view, self._judge.kinds):
            view = in_company(view, self._company.measure(since=since, until=reading.at))
        velocity = view.mentions / view.window_minutes
        surprise = min(0.0, window.share_surprise) if is_joyful(view.said) else window.share_surprise
        self._note_velocity(reading)
        return self._judged(
            Case(
                at=reading.at,
                brand=self.brand,
                view=view,
                evidence=Evidence(
                    monthly_rate=None if rate is None else rate * self._steps_a_month,
                    is_composition_abnormal=surprise >= self._settings.abnormal_share_surprise,
                    share_surprise=surprise,
                    arranged_accounts=self._company.wave(since=since, until=reading.at),
                ),
                trust=_trust(trust, reading),
                post=None,
                posted_at=None,
                usual_mentions_per_minute=(view.usual_voices or 0.0) / view.window_minutes,
                is_settling=velocity < self._settings.settling_share * self._stream_peak,
                step=reading.step,
                crossing=self._crossings.measure(reading.at),
                budget=self.budget,
            )
        )

    def _judged(self, case: Case) -> Verdict:
        self._cases[case.post] = case
        return self._judge.judge(case)

    def what_would_change(self, verdict: Verdict) -> tuple[WouldChange, ...]:
        """Return what would change a verdict of the newest evaluation; nothing of a calm or an overruled one."""
        case = self._cases.get(verdict.post) if verdict.level > Level.CALM else None
        if case is None or case.at != verdict.at or self._judge.rule(case).level is not verdict.level:
            return ()
        return what_would_change(case, self._judge)

    def _note_velocity(self, reading: StreamReading) -> None:
        """Follow the stream's peak, which fades with time, however often somebody looks."""
        faded = self._stream_peak
        if self._stream_peak_at is not None:
            faded *= 0.5 ** ((reading.at - self._stream_peak_at) / _PEAK_HALF_LIFE)
        self._stream_peak = max(reading.window.mentions / reading.window.minutes, faded)
        self._stream_peak_at = reading.at

    def _judge_thread(
        self, thread: Thread, reading: StreamReading, trust: Trust, posts_a_month: float
    ) -> Verdict | None:
        """Return a verdict on a thread, None while its evidence is everyday."""
        rate = rate_of_evidence(thread.most_evidence, posts_a_month)
        if self._is_below_watch(rate):
            self._threads.forget_peak(thread)
            return None
        index = self._newest(reading)
        steps = self._settings.post_window_minutes // self._step_minutes
        recent = thread.recent(index, steps)
        if self._has_gone_quiet(thread, index, steps):
            thread.forget_evidence()
        since = reading.at - timedelta(minutes=self._settings.post_window_minutes)
        heard = self._recents.heard(since=since, until=reading.at, thread=thread.key)
        view = post_view(
            thread,
            recent,
            heard,
            reading.at,
            window_minutes=self._settings.post_window_minutes,
            usual=self._stream.usual,
        )
        view = in_company(view, self._company.measure(since=since, until=reading.at, thread=thread.key))
        velocity = view.mentions / view.window_minutes
        return self._judged(
            Case(
                at=reading.at,
                brand=self.brand,
                view=view,
                evidence=Evidence(
                    monthly_rate=rate,
                    is_composition_abnormal=True,
                    share_surprise=self._settings.abnormal_share_surprise,
                    arranged_accounts=self._company.wave(since=since, until=reading.at, thread=thread.key),
                ),
                trust=trust,
                post=thread.key,
                posted_at=thread.posted_at,
                usual_mentions_per_minute=(view.usual_voices or 0.0) / view.window_minutes,
                is_settling=velocity < self._settings.settling_share * self._threads.peak(thread, velocity),
                crossing=self._crossings.measure(reading.at, thread.key),
                budget=self.budget,
            )
        )

    def _has_gone_quiet(self, thread: Thread, index: int, steps: int) -> bool:
        """Return whether every window of a stretch was quiet, so that a storm's last few keep no old evidence alive."""
        first = index - self._settings.forget_quiet_minutes // self._step_minutes + steps
        windows = (thread.recent(each, steps) for each in range(index, min(first, index) - 1, -1))
        return all(is_quiet(window.against, self._settings) for window in windows)

    def _newest(self, reading: StreamReading) -> int:
        """Return the step a reading's windows end with: the one that ended, or the one that has begun."""
        return self._stream.index_of(reading.at) - (reading.step is not None)

    @property
    def _steps_a_month(self) -> float:
        return _MONTH_DAYS * 24 * 60 / self._step_minutes


def _trust(trust: Trust, reading: StreamReading) -> Trust:
    if trust is not Trust.SETTLED:
        return trust
    if reading.is_warming_up:
        return Trust.WARMING_UP
    return Trust.GAP if reading.unknown_share > 0 else Trust.SETTLED
