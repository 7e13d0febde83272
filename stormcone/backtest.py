"""What a back-test says: when people would have been paged, and what really happened at that time.

Pure, between a replay and whoever shows it (command line, dashboard): transitions in, counted pages out, matched with
the incidents that are stored. Reads no store, plays nothing, formats no instant.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from stormcone.models import Incident, Kind, Level, Moment, Transition

MONTH_DAYS = 30  # as the detector counts its budget
_LEAST_DAYS = 7.0  # from so long on a rate a month says something
_NEAR = timedelta(hours=2)  # own definition: as long as an incident stays calm before it is resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One transition of a replay, in the fields of `stormcone replay --json`. post: id of the own post or None."""

    at: datetime
    brand: str
    incident: int
    post: str | None
    moment: Moment
    level: Level
    kind: Kind
    severity: int
    headline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One incident of a replay.

    level: the highest it reached; told_at, kind, severity, headline: when it first reached that. paged_at: every page,
    a reopening is one more. ended_at: None while it is live.
    """

    incident: int
    brand: str
    post: str | None
    opened_at: datetime
    told_at: datetime
    ended_at: datetime | None
    level: Level
    kind: Kind
    severity: int
    headline: str
    paged_at: tuple[datetime, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastIncident:
    """An incident as it is stored, and when people were first paged for it, None where they were not."""

    incident: Incident
    paged_at: datetime | None

    @property
    def post(self) -> str | None:
        """Id of the own post it hangs on, None for the brand's stream."""
        return self.incident.post[1] if self.incident.post else None

    @property
    def ended_at(self) -> datetime:
        """When it was resolved, or was last heard of."""
        return self.incident.resolved_at or self.incident.updated_at


class Pager:
    """Counts as a pager rings: when an incident reaches the level page, and when it is reopened there."""

    def __init__(self) -> None:
        self._paging: set[int | None] = set()

    def rings(self, incident: int | None, moment: Moment, level: Level) -> bool:
        """Take in the next transition of a replay. Returns: True where it pages.

        >>> pager = Pager()
        >>> [pager.rings(1, Moment.OPENED, level) for level in (Level.WARN, Level.PAGE, Level.PAGE)]
        [False, True, False]
        """
        if moment is Moment.RESOLVED or level is not Level.PAGE:
            self._paging.discard(incident)
            return False
        if incident in self._paging and moment is not Moment.REOPENED:
            return False
        self._paging.add(incident)
        return True


class Ledger:
    """The incidents of a replay, entered transition by transition."""

    def __init__(self) -> None:
        self._pager = Pager()
        self._incidents: dict[int, Replayed] = {}

    def enter(self, told: Told) -> None:
        """Take in the next transition."""
        page = (told.at,) if self._pager.rings(told.incident, told.moment, told.level) else ()
        before = self._incidents.get(told.incident)
        if before is None or told.level > before.level:
            self._incidents[told.incident] = Replayed(
                incident=told.incident,
                brand=told.brand,
                post=told.post,
                opened_at=before.opened_at if before else told.at,
                told_at=told.at,
                ended_at=None,
                level=told.level,
                kind=told.kind,
                severity=told.severity,
                headline=told.headline,
                paged_at=page,
            )
            return
        ended_at = told.at if told.moment is Moment.RESOLVED else None
        self._incidents[told.incident] = replace(before, ended_at=ended_at, paged_at=before.paged_at + page)

    @property
    def incidents(self) -> tuple[Replayed, ...]:
        """Every incident, in the order in which they opened."""
        return tuple(self._incidents.values())


def count_pages(incidents: Iterable[Replayed]) -> int:
    """Return how often people would have been paged."""
    return sum(len(each.paged_at) for each in incidents)


def count_warns(incidents: Iterable[Replayed]) -> int:
    """Return how many incidents would have got as far as warn, and no further."""
    return sum(each.level is Level.WARN for each in incidents)


def monthly(pages: int, days: float) -> float | None:
    """Return pages in a month of thirty days; None where the time is too short to say.

    >>> monthly(3, 45.0), monthly(3, 2.0)
    (2.0, None)
    """
    return pages / days * MONTH_DAYS if days >= _LEAST_DAYS else None


def told_of(transition: Transition) -> Told:
    """Return a transition of a replay as it is entered."""
    incident = transition.incident
    return Told(
        at=transition.at,
        brand=incident.brand,
        incident=incident.id or 0,
        post=incident.post[1] if incident.post else None,
        moment=transition.moment,
        level=incident.level,
        kind=incident.kind,
        severity=incident.severity,
        headline=incident.headline,
    )


def read_told(line: str) -> Told | None:
    """Return the transition of a line of `stormcone replay --json`, None for its summary.

    Raises: ValueError: it is no such line.
    """
    try:
        values = json.loads(line)
        if "summary" in values:
            return None
        return Told(
            at=datetime.fromisoformat(values["at"]),
            brand=values["brand"],
            incident=values["incident"],
            post=values["post"],
            moment=Moment(values["event"]),
            level=Level.from_word(values["level"]),
            kind=Kind(values["kind"]),
            severity=values["severity"],
            headline=values["headline"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"no line of a replay: {line[:80]!r}") from error


def match(replayed: Replayed, past: Iterable[PastIncident]) -> PastIncident | None:
    """Return the stored incident that was the same storm, None where there was none.

    The same brand, at the same time within two hours; one on the same own post before others, then the one that opened
    nearest. Source: own definition.
    """
    near = [each for each in past if each.incident.brand == replayed.brand and _is_near(replayed, each)]
    return min(
        near,
        key=lambda each: (each.post != replayed.post, abs(each.incident.opened_at - replayed.opened_at)),
        default=None,
    )


def silenced(incidents: Iterable[Replayed], past: Sequence[PastIncident]) -> tuple[PastIncident, ...]:
    """Return the stored incidents that did page and with these settings would not have."""
    paged = [each for each in incidents if each.paged_at]
    return tuple(
        each
        for each in past
        if each.paged_at is not None
        and not any(_is_near(other, each) and other.brand == each.incident.brand for other in paged)
    )


def summary_sentence(incidents: Sequence[Replayed], *, budget: float | None, days: float) -> str:
    """Return the answer in one sentence. Args: budget: None where the settings' own counts.

    >>> summary_sentence([], budget=1, days=42)
    'With 1 false page a month you would not have been paged in 42 days.'
    """
    pages, warns = count_pages(incidents), count_warns(incidents)
    settings = "these settings" if budget is None else f"{budget:g} false page{'' if budget == 1 else 's'} a month"
    done = f"would have been paged {times(pages)}" if pages else "would not have been paged"
    a_month = monthly(pages, days)
    rate = f" ({a_month:.1f} a month)" if pages and a_month is not None else ""
    warned = f"; {warns} incident{'' if warns == 1 else 's'} would have got as far as warn" if warns else ""
    return f"With {settings} you {done} in {length(days)}{rate}{warned}."


def in_fact(page: datetime, past: PastIncident | None, *, clock: Callable[[datetime], str]) -> str:
    """Return what really happened where a replay pages. Args: clock: writes an instant for the reader.

    >>> in_fact(datetime(2026, 1, 1), None, clock=str)
    'not paged: no incident'
    """
    if past is None:
        return "not paged: no incident"
    number = f"#{past.incident.id}"
    judged = ", called a false alarm" if past.incident.is_false_alarm else ""
    if past.paged_at is None:
        return f"not paged: {past.incident.level.word} {number}{judged}"
    minutes = round((past.paged_at - page) / timedelta(minutes=1))
    if abs(minutes) > _NEAR / timedelta(minutes=1):
        return f"paged at {clock(past.paged_at)} ({number}{judged})"
    later = "at the same time" if not minutes else f"{abs(minutes)} min {'later' if minutes > 0 else 'earlier'}"
    return f"paged {later} ({number}{judged})"


def times(count: int) -> str:
    """Return how often, in words.

    >>> times(1), times(3)
    ('once', '3 times')
    """
    return "once" if count == 1 else f"{count} times"


def length(days: float) -> str:
    """Return a stretch of time in days, in hours where it is short.

    >>> length(42.3), length(0.5), length(1.0)
    ('42 days', '12 hours', '24 hours')
    """
    return f"{days:.0f} days" if days >= 2 else f"{days * 24:.0f} hours"  # noqa: PLR2004 - below two days hours say more


def _is_near(replayed: Replayed, past: PastIncident) -> bool:
    ended_at = replayed.ended_at or max(replayed.told_at, *replayed.paged_at, replayed.opened_at)
    return past.incident.opened_at <= ended_at + _NEAR and past.ended_at >= replayed.opened_at - _NEAR
