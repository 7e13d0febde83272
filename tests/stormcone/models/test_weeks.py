from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from stormcone.models.weeks import IsoWeek

HELSINKI = ZoneInfo("Europe/Helsinki")


def test_a_week_begins_on_monday_in_the_zone_of_the_brand() -> None:
    since, until = IsoWeek(year=2026, week=46).bounds(HELSINKI)
    assert since == datetime(2026, 11, 8, 22, tzinfo=UTC)
    assert until == datetime(2026, 11, 15, 22, tzinfo=UTC)


def test_a_week_in_which_clocks_change_is_an_hour_longer() -> None:
    since, until = IsoWeek(year=2026, week=43).bounds(HELSINKI)
    assert (until - since).total_seconds() == (7 * 24 + 1) * 3600


def test_sunday_night_belongs_to_another_week_in_another_zone() -> None:
    late_sunday = datetime(2026, 11, 15, 22, 30, tzinfo=UTC)
    assert IsoWeek.of(late_sunday, UTC).name == "2026-W46"
    assert IsoWeek.of(late_sunday, HELSINKI).name == "2026-W47"


def test_the_week_before_the_first_is_the_last_of_the_year_before() -> None:
    assert IsoWeek.parse("2021-W01").previous.name == "2020-W53"


@pytest.mark.parametrize(
    "text", ["2026-W54", "2025-W53", "2026-W00", "2026W46", "2026-46", "", "٢٠٢٦-W46", "2026-W46\n"]
)
def test_what_is_no_week_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="week"):
        IsoWeek.parse(text)


def test_weeks_are_in_order() -> None:
    assert IsoWeek.parse("2025-W52") < IsoWeek.parse("2026-W01") < IsoWeek.parse("2026-W46")
