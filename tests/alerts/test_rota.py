"""Handover happens at the local time that stands in the settings, in every week of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.rota import OnCall, next_in_turn, on_call
from stormcone.config import RotaSettings, RotaTime

HELSINKI = ZoneInfo("Europe/Helsinki")
TRIO = RotaSettings(people=("ann", "bo", "cy"), handover="Mon 09:00", time_zone="Europe/Helsinki", catch_all="zed")


def primary(rota: RotaSettings, at: datetime) -> str:
    duty = on_call(rota, at)
    assert duty is not None
    return duty.primary


def test_first_week_of_1970_belongs_to_the_first_person() -> None:
    rota = RotaSettings(people=("ann", "bo"), handover="Mon 00:00")
    assert on_call(rota, datetime(1970, 1, 5, tzinfo=UTC)) == OnCall(primary="ann", secondary="bo")
    assert on_call(rota, datetime(1970, 1, 4, 23, 59, tzinfo=UTC)) == OnCall(primary="bo", secondary="ann")


@pytest.mark.parametrize(
    "handover",
    [
        datetime(2026, 3, 30, 9, tzinfo=HELSINKI),  # the Monday after the clock went forward
        datetime(2026, 10, 26, 9, tzinfo=HELSINKI),  # the Monday after it went back
        datetime(2026, 7, 6, 9, tzinfo=HELSINKI),
        datetime(2027, 1, 4, 9, tzinfo=HELSINKI),  # after a year of 53 ISO weeks
    ],
)
def test_turn_changes_at_the_local_handover_and_lasts_a_local_week(handover: datetime) -> None:
    second = timedelta(seconds=1)
    before, after = primary(TRIO, handover.astimezone(UTC) - second), primary(TRIO, handover.astimezone(UTC))
    assert TRIO.people.index(after) == (TRIO.people.index(before) + 1) % 3
    following = (handover + timedelta(days=7)).astimezone(UTC)
    assert primary(TRIO, following - second) == after
    assert primary(TRIO, following) != after


@pytest.mark.parametrize(
    ("handover", "instant"),
    [
        ("Sun 03:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # 03:30 is skipped: the instant by the old offset
        ("Sun 03:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # 03:30 comes twice: its first coming
    ],
)
def test_handover_inside_a_clock_change_happens_once(handover: str, instant: datetime) -> None:
    rota = TRIO.model_copy(update={"handover": handover})
    minutes = [instant + timedelta(minutes=step) for step in range(-120, 121)]
    turns = [primary(rota, minute) for minute in minutes]
    assert [minute for minute, a, b in zip(minutes[1:], turns, turns[1:], strict=False) if a != b] == [instant]


@given(at=st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2060, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_everybody_comes_in_order_whatever_the_instant(at: datetime) -> None:
    now, later = on_call(TRIO, at), on_call(TRIO, at + timedelta(days=7, hours=2))
    assert now is not None
    assert later is not None
    assert now.secondary == TRIO.people[(TRIO.people.index(now.primary) + 1) % 3]
    assert later.primary in (now.secondary, TRIO.people[(TRIO.people.index(now.primary) + 2) % 3])


def test_answer_does_not_depend_on_the_zone_of_the_question(at: datetime) -> None:
    assert on_call(TRIO, at) == on_call(TRIO, at.astimezone(ZoneInfo("Asia/Tokyo")))


def test_alone_on_the_rota_the_catch_all_is_second(at: datetime) -> None:
    rota = RotaSettings(people=("ann",), catch_all="zed")
    assert on_call(rota, at) == OnCall(primary="ann", secondary="zed")
    assert on_call(rota.model_copy(update={"catch_all": "ann"}), at) == OnCall(primary="ann", secondary=None)


def test_without_people_the_catch_all_is_on_call(at: datetime) -> None:
    assert on_call(RotaSettings(catch_all="zed"), at) == OnCall(primary="zed", secondary=None)


def test_nobody_named_is_nobody(at: datetime) -> None:
    assert on_call(RotaSettings(), at) is None


def test_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        on_call(TRIO, datetime(2026, 1, 1))  # noqa: DTZ001 - the point of the test


MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)  # ann's week has begun in the morning


def away(person: str, first: str, until: str) -> RotaTime:
    return RotaTime.model_validate(
        {"person": person, "from": datetime.fromisoformat(first), "until": datetime.fromisoformat(until)}
    )


def trio(**changes: object) -> RotaSettings:
    return TRIO.model_copy(update=changes)


def test_who_stands_in_comes_before_whoever_has_the_week_and_only_for_that_time() -> None:
    rota = trio(overrides=(away("cy", "2026-01-05T12:00+00:00", "2026-01-05T18:00+00:00"),))
    first = primary(TRIO, MONDAY)
    assert on_call(rota, MONDAY) == OnCall(primary="cy", secondary=first)
    assert primary(rota, MONDAY - timedelta(seconds=1)) == primary(rota, MONDAY + timedelta(hours=6)) == first


def test_somebody_outside_the_rota_may_stand_in() -> None:
    rota = trio(overrides=(away("dan", "2026-01-05T12:00+00:00", "2026-01-05T18:00+00:00"),))
    assert primary(rota, MONDAY) == "dan"
    assert primary(RotaSettings(overrides=rota.overrides), MONDAY) == "dan"


def test_who_is_away_is_passed_over() -> None:
    duty = on_call(TRIO, MONDAY)
    assert duty is not None
    first, second = duty.primary, duty.secondary
    assert second is not None
    rota = trio(holidays=(away(first, "2026-01-05", "2026-01-07"),))
    assert primary(rota, MONDAY) == second
    assert primary(rota, MONDAY + timedelta(days=2)) == first
    without_second = trio(holidays=(away(second, "2026-01-05", "2026-01-07"),))
    assert on_call(without_second, MONDAY) == OnCall(
        primary=first, secondary=next(each for each in TRIO.people if each not in {first, second})
    )


def test_a_holiday_begins_and_ends_at_midnight_of_the_rota() -> None:
    first = primary(TRIO, MONDAY)
    holiday = RotaTime.model_validate(
        {"person": first, "from": datetime(2026, 1, 6).date(), "until": datetime(2026, 1, 7).date()}  # noqa: DTZ001 - a day
    )
    rota = trio(holidays=(holiday,))
    midnight = datetime(2026, 1, 5, 22, tzinfo=UTC)
    second = timedelta(seconds=1)
    assert primary(rota, midnight - second) == first != primary(rota, midnight)
    assert primary(rota, midnight + timedelta(days=1) - second) != first == primary(rota, midnight + timedelta(days=1))


def test_when_all_are_away_the_catch_all_is_called_and_without_one_nobody() -> None:
    holidays = tuple(away(each, "2026-01-05", "2026-01-07") for each in TRIO.people)
    assert on_call(trio(holidays=holidays), MONDAY) == OnCall(primary="zed")
    assert on_call(trio(holidays=holidays, catch_all=None), MONDAY) is None


def test_the_next_in_turn_are_all_others_and_the_catch_all_last() -> None:
    first = primary(TRIO, MONDAY)
    others = next_in_turn(TRIO, MONDAY, first)
    assert others[-1] == "zed"
    assert {*others} == {*TRIO.people, "zed"} - {first}
    assert next_in_turn(TRIO, MONDAY, "zed")[0] == first
    assert next_in_turn(TRIO, MONDAY, "a stranger")[0] == first
