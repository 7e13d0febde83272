from datetime import UTC, datetime

import pytest

from alerts.quiet_hours import quiet_until
from stormcone.config import PersonSettings


def person(hours: str | None, zone: str = "Europe/Helsinki") -> PersonSettings:
    return PersonSettings(id="ann", channels=("mail",), time_zone=zone, quiet_hours=hours)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        (None, "2026-01-05T23:00", None),
        ("22:00-07:00", "2026-01-05T19:59", None),
        ("22:00-07:00", "2026-01-05T20:00", "2026-01-06T05:00"),
        ("22:00-07:00", "2026-01-06T04:59", "2026-01-06T05:00"),
        ("22:00-07:00", "2026-01-06T05:00", None),
        ("12:00-13:30", "2026-01-05T10:30", "2026-01-05T11:30"),
        ("12:00-13:30", "2026-01-05T11:30", None),
        # The night the clock goes forward (03:00 becomes 04:00) and the one it goes back (04:00 becomes 03:00).
        ("22:00-07:00", "2026-03-28T21:00", "2026-03-29T04:00"),
        ("22:00-07:00", "2026-10-24T20:00", "2026-10-25T05:00"),
        ("22:00-03:30", "2026-03-28T21:00", "2026-03-29T01:30"),  # an end that is skipped: by the old offset
        ("22:00-03:30", "2026-10-24T21:00", "2026-10-25T00:30"),  # an end that comes twice: the first
        ("22:00-03:30", "2026-10-25T01:00", None),
    ],
)
def test_quiet_hours_last_by_the_clock_of_the_person(hours: str | None, at: str, until: str | None) -> None:
    assert quiet_until(person(hours), utc(at)) == (utc(until) if until else None)


def test_the_same_instant_is_quiet_in_one_place_and_not_in_another() -> None:
    at = utc("2026-06-01T21:00")
    assert quiet_until(person("22:00-07:00", "Europe/London"), at) is not None
    assert quiet_until(person("22:00-07:00", "America/New_York"), at) is None
