"""Everything the Back-test page shows of one answer: the sentence, a row a page or warn, and the chart with its marks.

A finished run and store records in, one frozen view out. Reads rollups and incidents only; draws nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dashboard import wording
from dashboard.backtest_runner import Question, Run
from dashboard.context import OpenStore
from dashboard.figures import Frame, Happening, Occurrence, floor, frame_between
from stormcone.backtest import PastIncident, Replayed, in_fact, match, silenced, summary_sentence
from stormcone.models import Kind, Level
from stormcone.store.history import History, Stretch

# Width of a bar by length of the period, so that there are some hundred of them.
_BUCKETS = ((timedelta(days=2), 15), (timedelta(days=14), 60), (timedelta(days=92), 360))
_DAY_MINUTES = 1440
_SHOWN = 200  # rows of the table


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One page that would have been, or a warn that never became one. letter: its mark on the chart."""

    letter: str
    at: datetime
    level: Level
    kind: Kind
    severity: int
    after_opening: timedelta
    in_fact: str
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a back-test says. silenced: incidents that really paged and with this budget would not have."""

    sentence: str
    rows: tuple[AnswerRow, ...]
    silenced: tuple[PastIncident, ...]
    frame: Frame


def stored_span(opened: OpenStore, brand: str) -> tuple[datetime, datetime] | None:
    """Return the first and last minute of which anything of a brand is stored, or None. Raises: StoreError."""
    return History(opened.store.database).span((brand,))


def period(first_day: date, last_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the instants at which a period of whole local days begins and ends; the last day is part of it.

    >>> since, until = period(date(2026, 3, 1), date(2026, 3, 1), ZoneInfo("Europe/Helsinki"))
    >>> (until - since).total_seconds() / 3600
    24.0
    """
    return (
        datetime.combine(first_day, time(), zone).astimezone(ZoneInfo("UTC")),
        datetime.combine(last_day + timedelta(days=1), time(), zone).astimezone(ZoneInfo("UTC")),
    )


def read_answer(opened: OpenStore, run: Run, zone: ZoneInfo) -> Answer:
    """Return the view of a finished run. Raises: StoreError: the database cannot be read."""
    question = run.question
    stretch = Stretch(brands=(question.brand,), since=question.since, until=question.until)
    past = History(opened.store.database).incidents(stretch)
    told = [(each, at) for each in run.incidents for at in _told_at(each)]
    frame = _frame(opened, question, told)
    letters = {occurrence.at: marker.letter for marker in frame.markers for occurrence in marker.occurrences}
    return Answer(
        sentence=summary_sentence(run.incidents, budget=question.budget, days=_days(opened, question)),
        rows=tuple(
            AnswerRow(
                letter=letters.get(at, ""),
                at=at,
                level=each.level,
                kind=each.kind,
                severity=each.severity,
                after_opening=at - each.opened_at,
                in_fact=in_fact(at, match(each, past), clock=lambda instant: _clock(instant, zone)),
                headline=each.headline,
            )
            for each, at in told[:_SHOWN]
        ),
        silenced=silenced(run.incidents, past),
        frame=frame,
    )


def _told_at(each: Replayed) -> tuple[datetime, ...]:
    """Return when an incident would have left the screen: at every page, or at its warn."""
    if each.paged_at:
        return each.paged_at
    return (each.told_at,) if each.level is Level.WARN else ()


def _days(opened: OpenStore, question: Question) -> float:
    """Return the part of the period in which anything of the brand was collected, in days."""
    span = stored_span(opened, question.brand)
    if span is None:
        return 0.0
    return max(0.0, (min(question.until, span[1]) - max(question.since, span[0])) / timedelta(days=1))


def _frame(opened: OpenStore, question: Question, told: Sequence[tuple[Replayed, datetime]]) -> Frame:
    length = question.until - question.since
    bucket_minutes = next((minutes for most, minutes in _BUCKETS if length <= most), _DAY_MINUTES)
    since = floor(question.since, bucket_minutes)
    until = floor(question.until, bucket_minutes) + timedelta(minutes=bucket_minutes)
    store = opened.store
    return frame_between(
        since,
        until,
        bucket_minutes=bucket_minutes,
        tone=opened.screens.tone(question.brand, since=since, until=until, bucket_minutes=bucket_minutes),
        gaps=store.sources.gaps(since=since, brand=question.brand),
        occurrences=[
            Occurrence(at=at, what=Happening.WOULD_PAGE if each.paged_at else Happening.WOULD_WARN, label="")
            for each, at in told
        ],
    )


def _clock(instant: datetime, zone: ZoneInfo) -> str:
    return f"{wording.clock_time(instant, zone)} on {instant.astimezone(zone):%d %b}"
