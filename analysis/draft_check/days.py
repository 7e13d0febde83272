"""Knows on which days a cheerful word may wound, fixed ones and such that move.

Reads days.toml; asked with the date on which a draft goes out. Never asks a clock, never reads a text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from analysis.draft_check.term_files import phrases_in, read_toml
from stormcone.errors import ConfigError

_FILE: Final = "days.toml"
_ORDER: Final = ("first", "second", "third", "fourth", "last")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIXED: Final = re.compile(r"(\d\d)-(\d\d)")
_EASTER: Final = re.compile(r"easter ?([+-]\d{1,2})?")
_OF_MONTH: Final = re.compile(rf"({'|'.join(_ORDER)}) ({'|'.join(_WEEKDAYS)}) (\d\d?)")
_FROM: Final = re.compile(rf"({'|'.join(_WEEKDAYS)}) from (\d\d)-(\d\d)")
_WEEK: Final = 7
_LEAP_YEAR: Final = 2024


class DayKind(StrEnum):
    """What a day is about."""

    MOURNING = "mourning"
    CAUSE = "cause"
    FEAST = "feast"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveDay:
    """One [[day]]. languages: drafts in these are meant, empty: all. clash: concepts. words: phrases."""

    name: str
    when: str
    kind: DayKind
    languages: frozenset[str] = frozenset()
    clash: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def concept(self) -> str:
        """The concept under which the day's own words are found."""
        return f"day words:{self.when}:{self.name}"

    def is_on(self, day: date) -> bool:
        """Tell whether it falls on a date.

        >>> SensitiveDay(name="x", when="last mon 5", kind=DayKind.MOURNING).is_on(date(2026, 5, 25))
        True
        >>> SensitiveDay(name="x", when="easter -2", kind=DayKind.MOURNING).is_on(date(2027, 3, 26))
        True
        """
        return day == _date_of(self.when, day.year)


def read_days() -> tuple[SensitiveDay, ...]:
    """Return the days that come with Stormcone. Raises: ConfigError: the file is wrong; names the day."""
    return tuple(_day(row) for row in read_toml(_FILE).get("day", ()))


def _day(row: Mapping[str, Any]) -> SensitiveDay:
    name = str(row.get("name", "?"))
    try:
        day = SensitiveDay(
            name=row["name"],
            when=row["when"],
            kind=DayKind(row["kind"]),
            languages=frozenset(row.get("languages", ())),
            clash=frozenset(phrases_in(_FILE, name, row.get("clash", ""))),
            words=phrases_in(_FILE, name, row.get("words", "")),
        )
        _date_of(day.when, _LEAP_YEAR)
    except (KeyError, TypeError, ValueError) as error:
        remedy = f"every day needs name, when and kind, written as told at the top of the file: {error!r}"
        raise ConfigError(f"draft check: {_FILE}: {name}", remedy=remedy) from error
    return day


def _date_of(when: str, year: int) -> date:
    """Return the date of a day in a year. Raises: ValueError: `when` is not written as it should be."""
    if found := _FIXED.fullmatch(when):
        month, day = int(found[1]), int(found[2])
        return date(year, month, day)
    if found := _EASTER.fullmatch(when):
        return _easter(year) + timedelta(days=int(found[1] or 0))
    if found := _OF_MONTH.fullmatch(when):
        return _of_month(year, int(found[3]), _WEEKDAYS.index(found[2]), _ORDER.index(found[1]))
    if found := _FROM.fullmatch(when):
        first = date(year, int(found[2]), int(found[3]))
        return first + timedelta(days=(_WEEKDAYS.index(found[1]) - first.weekday()) % _WEEK)
    raise ValueError(f"{when!r} is no day")


def _of_month(year: int, month: int, weekday: int, order: int) -> date:
    if _ORDER[order] == "last":
        end = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return end - timedelta(days=(end.weekday() - weekday) % _WEEK)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % _WEEK + _WEEK * order)


def _easter(year: int) -> date:
    """Return Easter Sunday, Gregorian.

    Source: Meeus, Jones and Butcher's algorithm, Nature of 20 April 1876.
    """
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)
