"""What a detector made of one stream, beside the truth: when it watched, warned and paged, and what that was worth.

Built by `playing`, summed up by `benchmarks.testbed.figures`. Judges by labels only; knows no threshold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.published_rules import RuleOutcome
from benchmarks.testbed.labels import Plan, Stream
from stormcone.models import Kind, Level, Moment, Transition, Verdict

AFTERMATH = timedelta(hours=2)  # after the last message of a story, in which it may still be told
HORIZONS_HOURS = (1, 3, 6)
ASKED_AFTER_MINUTES = (30, 60, 120)  # after the onset, when a forecast is compared with what came

_MINUTE = timedelta(minutes=1)
_PEAK_LENGTH = timedelta(minutes=10)  # over which the fastest rate is told
_PEAK_AHEAD = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page that left. post: (platform, id), None for the brand's stream. why: its verdict in one line."""

    at: datetime
    kind: Kind
    post: tuple[str, str] | None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """A forecast and what came. after_minutes: since the onset. is_post: of the thread, not of the whole stream."""

    after_minutes: int
    horizon_hours: int
    is_post: bool
    low: float
    mid: float
    high: float
    came: int

    @property
    def factor_error(self) -> float:
        """By which factor the middle was wrong, >= 1; less than one mention counts as one."""
        mid, came = max(self.mid, 1.0), max(float(self.came), 1.0)
        return max(mid / came, came / mid)

    @property
    def is_covered(self) -> bool:
        """True where the interval holds what came."""
        return self.low <= self.came <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class ForetoldPeak:
    """An expected peak and the fastest ten minutes that came, in mentions a minute.

    came: of the ten minutes before the verdict and the six hours after it.
    """

    after_minutes: int
    is_post: bool
    low: float
    mid: float
    high: float
    came: float

    @property
    def is_covered(self) -> bool:
        """True where the bound holds; where nothing faster comes, the fastest so far was the peak: the lower end."""
        return self.came <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One stream, judged.

    reached: level -> minutes from the onset until an incident of the story first had it. hostile_before_page: hostile
    messages that were out by then. incidents: of the story, any level. kinds: that these incidents were given, in
    order. pages: within the story, of anything. false_pages: in the `calm_days`, and in a benign story. evidence: what
    was said when the story was first paged, and in the strongest verdicts on stream and post.
    """

    plan: Plan
    onset: datetime | None
    hostile: int
    reached: dict[Level, float]
    hostile_before_page: int | None
    incidents: int
    kinds: tuple[Kind, ...]
    pages: tuple[Page, ...]
    false_pages: tuple[Page, ...]
    calm_days: float
    evidence: tuple[str, ...]
    forecasts: tuple[Foretold, ...]
    rules: tuple[RuleOutcome, ...]
    peaks: tuple[ForetoldPeak, ...] = ()

    @property
    def page_minutes(self) -> float | None:
        """Minutes from the onset to the page, None where nobody was paged."""
        return self.reached.get(Level.PAGE)


def outcome_of(stream: Stream, told: Sequence[Transition], heard: "Heard", rules: Sequence[RuleOutcome]) -> Outcome:
    """Return the outcome of one stream from everything that was told about its brand, in order."""
    truth = stream.truth
    pages = tuple(pages_of(told))
    of_story = [each for each in told if _is_of_story(stream, each)]
    reached: dict[Level, float] = {}
    for each in of_story:
        for level in (Level.WATCH, Level.WARN, Level.PAGE):
            if truth.onset is not None and each.incident.level >= level:
                reached.setdefault(level, (each.at - truth.onset) / _MINUTE)
    paged_at = truth.onset + reached[Level.PAGE] * _MINUTE if truth.onset and Level.PAGE in reached else None
    calm_until = calm_end(stream)
    return Outcome(
        plan=stream.plan,
        onset=truth.onset,
        hostile=len(truth.hostile_at),
        reached=reached,
        hostile_before_page=None if paged_at is None else truth.hostile_before(paged_at),
        incidents=len({each.incident.id for each in of_story}),
        kinds=tuple(dict.fromkeys(each.incident.kind for each in of_story)),
        pages=tuple(page for page in pages if _is_in_story(stream, page.at)),
        false_pages=tuple(page for page in pages if page.at < calm_until),
        calm_days=(min(calm_until, stream.ends_at) - stream.starts_at) / timedelta(days=1),
        evidence=(*(_line(each) for each in _first_page(of_story)), *heard.strongest),
        forecasts=heard.foretold(stream),
        rules=tuple(rules),
        peaks=heard.peaks(stream),
    )


def calm_end(stream: Stream) -> datetime:
    """Return until when a page of this stream is false: the onset, or for ever where nothing happens that matters."""
    onset = stream.truth.onset
    return stream.ends_at + timedelta(days=1) if stream.truth.story.is_benign or onset is None else onset


def pages_of(told: Sequence[Transition]) -> Iterator[Page]:
    """Yield what a pager would have done: one page when an incident reaches that level, one when it is reopened."""
    paging: set[int | None] = set()
    for each in told:
        incident = each.incident
        if each.moment is Moment.RESOLVED or incident.level is not Level.PAGE:
            paging.discard(incident.id)
        elif incident.id not in paging or each.moment is Moment.REOPENED:
            paging.add(incident.id)
            why = _line(each.verdict) if each.verdict else ""
            yield Page(at=each.at, kind=incident.kind, post=incident.post, why=why)


def _is_in_story(stream: Stream, at: datetime) -> bool:
    truth = stream.truth
    return truth.onset is not None and truth.end is not None and truth.onset <= at <= truth.end + AFTERMATH


def _is_of_story(stream: Stream, told: Transition) -> bool:
    """Tell whether a transition is about the story: in its time, and not of another own post's thread."""
    is_news = told.moment in {Moment.OPENED, Moment.UPDATED, Moment.REOPENED}
    return is_news and told.incident.post in {None, stream.truth.post} and _is_in_story(stream, told.at)


class Heard:
    """Verdicts of one brand that are worth keeping: the strongest of the story, and those asked for a forecast."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._strongest: dict[bool, Verdict] = {}
        self._asked: dict[int, Verdict] = {}

    def hear(self, verdict: Verdict) -> None:
        """Take note of a verdict on the post of the story, or on the stream."""
        truth = self._stream.truth
        if truth.onset is None or not _is_in_story(self._stream, verdict.at):
            return
        if verdict.post not in {None, truth.post}:
            return
        known = self._strongest.get(verdict.post is None)
        if known is None or _strength(verdict) > _strength(known):
            self._strongest[verdict.post is None] = verdict
        for minutes in ASKED_AFTER_MINUTES:
            due = truth.onset + minutes * _MINUTE
            if due - 10 * _MINUTE < verdict.at <= due and self._is_better(verdict, self._asked.get(minutes)):
                self._asked[minutes] = verdict

    def _is_better(self, verdict: Verdict, known: Verdict | None) -> bool:
        """The thread's own forecast counts where there is one, otherwise the stream's; the newest of each."""
        return known is None or known.post is None or verdict.post is not None

    @property
    def strongest(self) -> tuple[str, ...]:
        """What the strongest verdicts of the story said, on the stream and on the post, a line each."""
        return tuple(map(_line, self._strongest.values()))

    def foretold(self, stream: Stream) -> tuple[Foretold, ...]:
        """Return the forecasts of a storm beside what came."""
        if not stream.truth.story.is_storm:
            return ()
        return tuple(
            Foretold(
                after_minutes=minutes,
                horizon_hours=hours,
                is_post=verdict.post is not None,
                low=band.low,
                mid=band.mid,
                high=band.high,
                came=stream.mentions_between(verdict.at, verdict.at + band.horizon, post=verdict.post),
            )
            for minutes, verdict in sorted(self._asked.items())
            for band in verdict.forecast.bands
            if (hours := band.horizon // timedelta(hours=1)) in HORIZONS_HOURS
        )

    def peaks(self, stream: Stream) -> tuple[ForetoldPeak, ...]:
        """Return the expected peaks of a storm beside the fastest ten minutes that came."""
        if not stream.truth.story.is_storm:
            return ()
        return tuple(
            ForetoldPeak(
                after_minutes=minutes,
                is_post=verdict.post is not None,
                low=peak.low,
                mid=peak.mid,
                high=peak.high,
                came=stream.most_within(
                    _PEAK_LENGTH, verdict.at - _PEAK_LENGTH, verdict.at + _PEAK_AHEAD, post=verdict.post
                )
                / (_PEAK_LENGTH / _MINUTE),
            )
            for minutes, verdict in sorted(self._asked.items())
            if (peak := verdict.forecast.peak) is not None
        )


def _strength(verdict: Verdict) -> tuple[int, float]:
    return verdict.level, verdict.against_now


def _first_page(of_story: Sequence[Transition]) -> list[Verdict]:
    paged = (each.verdict for each in of_story if each.incident.level is Level.PAGE)
    return [each for each in [next(paged, None)] if each is not None]


def _line(verdict: Verdict) -> str:
    """Return a verdict in one line, for whoever looks into a miss."""
    readings = "; ".join(
        f"{each.signal} {each.value:.3g}"
        + ("" if each.expected is None else f" of {each.expected:.3g}")
        + ("" if each.surprise is None else f" ({each.surprise:+.1f})")
        for each in verdict.reasons
    )
    where = "stream" if verdict.post is None else "post"
    return f"{verdict.at:%a %H:%M} {where} {verdict.level.word} {verdict.kind} {verdict.trust}: {readings}"
