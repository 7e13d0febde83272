"""The sums of a week's complaints: how many were answered, how fast, and how long the others wait.

Below `analysis.complaints`, which says what a complaint is and which answer belongs to it. Counts only.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from analysis.intervals import wilson
from stormcone.models.complaints import (
    AnswerFigures,
    Answering,
    Complaint,
    ComplaintTalk,
    ComplaintWeek,
    HourAnswers,
    PlatformAnswers,
)

RATE_LEVEL: Final = 0.8  # of the interval of a response rate: as the other bands that are shown


def figures_of(complaints: Iterable[Complaint]) -> AnswerFigures:
    """Return counts, response rate and times of some complaints.

    >>> figures_of([]).rate is None
    True
    """
    waited: dict[Answering, list[float]] = {each: [] for each in Answering}
    for each in complaints:
        waited[each.answering].append(each.waited_minutes)
    answered, still_open = waited[Answering.ANSWERED], waited[Answering.OPEN]
    known = len(answered) + len(still_open)
    return AnswerFigures(
        complaints=sum(map(len, waited.values())),
        answered=len(answered),
        open=len(still_open),
        unknown=len(waited[Answering.UNKNOWN]),
        rate=wilson(len(answered), known, level=RATE_LEVEL) if known else None,
        median_minutes=median(answered) if answered else None,
        median_open_minutes=median(still_open) if still_open else None,
        longest_open_minutes=max(still_open, default=None),
    )


def week_of(
    talk: ComplaintTalk, complaints: Sequence[Complaint], *, collected: Collection[str], gaps: Mapping[str, float]
) -> ComplaintWeek:
    """Return the figures of a week, all together and by platform; hours are added by `hours_of`."""
    platforms = sorted({each.platform for each in complaints} | set(collected))
    return ComplaintWeek(
        brand=talk.brand,
        week=talk.week,
        measured_at=talk.until,
        figures=figures_of(complaints),
        platforms=tuple(
            PlatformAnswers(
                platform=platform,
                is_collected=platform in collected,
                figures=figures_of(each for each in complaints if each.platform == platform),
                gap_hours=gaps.get(platform, 0.0),
            )
            for platform in platforms
        ),
        hours=(),
        unanswered=tuple(
            sorted(
                (each for each in complaints if each.answering is Answering.OPEN),
                key=lambda each: (each.posted_at, each.platform, each.mention_id),
            )
        ),
        is_cut=talk.is_cut,
    )


def hours_of(complaints: Iterable[Complaint], zone: ZoneInfo) -> tuple[HourAnswers, ...]:
    """Return the figures by the hour of the day in which somebody complained, in a time zone."""
    by_hour: dict[int, list[Complaint]] = {}
    for each in complaints:
        by_hour.setdefault(each.posted_at.astimezone(zone).hour, []).append(each)
    return tuple(HourAnswers(hour=hour, figures=figures_of(by_hour[hour])) for hour in sorted(by_hour))


def gap_hours(talk: ComplaintTalk) -> dict[str, float]:
    """Return, by platform, how many hours of the time from the week's begin until now lie in a gap of the brand."""
    stretches: dict[str, list[tuple[datetime, datetime]]] = {}
    for gap in talk.gaps:
        start, end = max(gap.started_at, talk.since), min(gap.ended_at, talk.until)
        if start < end and gap.brand in {None, talk.brand}:
            stretches.setdefault(gap.platform, []).append((start, end))
    return {platform: _covered(each) / timedelta(hours=1) for platform, each in stretches.items()}


def _covered(stretches: list[tuple[datetime, datetime]]) -> timedelta:
    total, reached = timedelta(0), None
    for start, end in sorted(stretches):
        begins = start if reached is None else max(start, reached)
        if end > begins:
            total += end - begins
            reached = end
    return total
