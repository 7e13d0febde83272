"""Quiet hours of a person: whether they last, and when they end, on the clock of the place the person lives in.

Pure: settings and an instant in, an instant out. Used by routing and announcing. Never holds a notice itself.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stormcone.config import PersonSettings


def quiet_until(person: PersonSettings, at: datetime) -> datetime | None:
    """Return the end of the quiet hours that last at an instant, in UTC; None where the person may be told.

    An end that the clock skips is that of the old offset, one that comes twice its first coming (fold=0, PEP 495).
    >>> ann = PersonSettings(id="ann", channels=("mail",), time_zone="Europe/Helsinki", quiet_hours="22:00-07:00")
    >>> print(quiet_until(ann, datetime(2026, 1, 5, 21, 0, tzinfo=UTC)))
    2026-01-06 05:00:00+00:00
    >>> print(quiet_until(ann, datetime(2026, 1, 6, 5, 0, tzinfo=UTC)))
    None
    """
    if person.quiet_hours is None:
        return None
    zone = ZoneInfo(person.time_zone)
    begins, ends = map(time.fromisoformat, person.quiet_hours.split("-"))
    today = at.astimezone(zone).date()
    for day in (today - timedelta(days=1), today):
        begun_at = datetime.combine(day, begins, tzinfo=zone).astimezone(UTC)
        last_day = day if begins < ends else day + timedelta(days=1)
        ended_at = datetime.combine(last_day, ends, tzinfo=zone).astimezone(UTC)
        if begun_at <= at < ended_at:
            return ended_at
    return None
