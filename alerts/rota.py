"""Who is on call: people take over weekly, at a local time that daylight saving must not move.

Pure: settings and an instant in, names out. Used by routing, and by status to print who would be woken. Never knows a
channel, never reads a clock.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stormcone.config import RotaSettings

_FIRST_WEEK = date(1970, 1, 5)  # a Monday; the turn that begins in this ISO week belongs to people[0]
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Ids of [[people]]: who is told first, and who next (None: there is nobody else)."""

    primary: str
    secondary: str | None = None


def on_call(rota: RotaSettings, at: datetime) -> OnCall | None:
    """Return who is on call at an instant.

    A turn begins at the rota's local handover time each week. The secondary is whoever takes over next; with a single
    person it is the catch-all. Who stands in for somebody comes before all; who is away is passed over. Where nobody
    is left the catch-all is primary.

    Args: at: aware.
    Returns: None if the rota names nobody at all.
    Raises: ValueError: `at` is naive.
    >>> rota = RotaSettings(people=("ann", "bo"), handover="Mon 09:00", time_zone="Europe/Helsinki")
    >>> on_call(rota, datetime(2026, 1, 5, 6, 59, tzinfo=UTC))
    OnCall(primary='bo', secondary='ann')
    >>> on_call(rota, datetime(2026, 1, 5, 7, 0, tzinfo=UTC))
    OnCall(primary='ann', secondary='bo')
    """
    if at.tzinfo is None:
        raise ValueError(f"at must be an aware datetime, not {at!r}")
    there = _in_turn(rota, at)
    if not there:
        return OnCall(primary=rota.catch_all) if rota.catch_all else None
    secondary = there[1] if len(there) > 1 else rota.catch_all
    return OnCall(primary=there[0], secondary=secondary if secondary != there[0] else None)


def next_in_turn(rota: RotaSettings, at: datetime, after: str) -> tuple[str, ...]:
    """Return who may be called instead of somebody, nearest first, the catch-all last.

    >>> next_in_turn(RotaSettings(people=("ann", "bo", "cy")), datetime(2026, 1, 5, 9, tzinfo=UTC), "bo")
    ('cy', 'ann')
    """
    there = [*_in_turn(rota, at), *([rota.catch_all] if rota.catch_all else [])]
    place = there.index(after) + 1 if after in there else 0
    return tuple(dict.fromkeys(each for each in (*there[place:], *there[:place]) if each != after))


def _in_turn(rota: RotaSettings, at: datetime) -> list[str]:
    """Return who can be called, whose turn it is first; overrides before all."""
    there = rota.present(at)
    if not rota.people:
        return there
    first = _turn(rota, at) % len(rota.people)
    order = [*rota.people[first:], *rota.people[:first]]
    return sorted(there, key=lambda each: order.index(each) if each in _weekly(rota, at) else -1)


def _weekly(rota: RotaSettings, at: datetime) -> set[str]:
    """Return those who are called because of their turn."""
    return set(rota.people) - {each.person for each in rota.overrides if each.covers(at, rota.time_zone)}


def _turn(rota: RotaSettings, at: datetime) -> int:
    """Count the weeks from the first turn to the one running at `at`."""
    local_day = at.astimezone(ZoneInfo(rota.time_zone)).date()
    monday = local_day - timedelta(days=local_day.weekday())
    if at < _handover_in_week(rota, monday):
        monday -= timedelta(weeks=1)
    return (monday - _FIRST_WEEK).days // 7


def _handover_in_week(rota: RotaSettings, monday: date) -> datetime:
    """Return the handover instant of the week, in UTC.

    A local time that the clock skips means the instant it would have been by the old offset, one that comes twice
    means its first coming: the standard reading of fold=0 (PEP 495).
    """
    weekday, clock_time = rota.handover.split()
    day = monday + timedelta(days=_WEEKDAYS.index(weekday))
    local = datetime.combine(day, time.fromisoformat(clock_time), tzinfo=ZoneInfo(rota.time_zone))
    return local.astimezone(UTC)  # instants are compared in UTC: two times of one zone compare by wall clock
