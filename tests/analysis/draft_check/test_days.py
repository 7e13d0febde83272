"""Days on which a word may wound: fixed ones, such that move, and files that are wrong."""

from datetime import date

import pytest

from analysis.draft_check.days import DayKind, SensitiveDay, read_days


def on(when: str, day: date) -> bool:
    return SensitiveDay(name="x", when=when, kind=DayKind.MOURNING).is_on(day)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("09-11", date(2026, 9, 11)),
        ("easter", date(2024, 3, 31)),
        ("easter -2", date(2025, 4, 18)),
        ("easter -2", date(2038, 4, 23)),
        ("last mon 5", date(2026, 5, 25)),
        ("last mon 12", date(2026, 12, 28)),
        ("third mon 1", date(2027, 1, 18)),
        ("third sun 5", date(2026, 5, 17)),
        ("second sun 11", date(2026, 11, 8)),
        ("sat from 10-31", date(2026, 10, 31)),
        ("sat from 10-31", date(2027, 11, 6)),
    ],
)
def test_day_falls_on_its_date_only(when: str, day: date) -> None:
    assert on(when, day)
    assert not on(when, day.replace(day=day.day - 1))


@pytest.mark.parametrize("when", ["02-30", "fifth mon 1", "soon", "easter tomorrow"])
def test_wrong_day_is_refused(when: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        on(when, date(2026, 1, 1))


@pytest.mark.parametrize(
    "name",
    ["Memorial Day", "Good Friday", "Holocaust Remembrance Day", "Earth Day", "the day of the 13 martyrs of Arad"],
)
def test_known_days_come_with_stormcone(name: str) -> None:
    assert name in {day.name for day in read_days()}


def test_names_and_dates_are_used_once() -> None:
    concepts = [day.concept for day in read_days()]
    assert len(concepts) == len(set(concepts))
