"""An ISO week of a brand: Monday to Sunday in the brand's own time zone.

What weekly figures are counted over. Records and calendar only; knows no clock.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

_NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class IsoWeek:
    """A week by its ISO year and number.

    Raises: ValueError: the year has no such week.
    """

    year: int
    week: int

    def __post_init__(self) -> None:
        date.fromisocalendar(self.year, self.week, 1)

    @classmethod
    def parse(cls, text: str) -> "IsoWeek":
        """Return the week that a text names. Raises: ValueError: it names none.

        >>> IsoWeek.parse("2026-W46").name
        '2026-W46'
        """
        match = _NAME.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no ISO week such as 2026-W46")
        return cls(year=int(match[1]), week=int(match[2]))

    @classmethod
    def of(cls, instant: datetime, zone: tzinfo) -> "IsoWeek":
        """Return the week in which an instant lies, in a time zone.

        >>> IsoWeek.of(datetime(2027, 1, 3, 12, tzinfo=UTC), UTC).name
        '2026-W53'
        """
        year, week, _ = instant.astimezone(zone).isocalendar()
        return cls(year=year, week=week)

    @property
    def name(self) -> str:
        """The week as it is written: 2026-W46."""
        return f"{self.year:04}-W{self.week:02}"

    @property
    def previous(self) -> "IsoWeek":
        """The week before."""
        monday = date.fromisocalendar(self.year, self.week, 1) - timedelta(days=7)
        year, week, _ = monday.isocalendar()
        return IsoWeek(year=year, week=week)

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return the first instant of the week and that of the next one, in UTC; clock changes are counted.

        >>> from zoneinfo import ZoneInfo
        >>> [each.isoformat() for each in IsoWeek(year=2026, week=43).bounds(ZoneInfo("Europe/Helsinki"))]
        ['2026-10-18T21:00:00+00:00', '2026-10-25T22:00:00+00:00']
        """
        monday = date.fromisocalendar(self.year, self.week, 1)
        return _midnight(monday, zone), _midnight(monday + timedelta(days=7), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
