from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from stormcone.config import EscalationSettings, EscalationStep, PersonSettings, RotaSettings, RotaTime


@pytest.mark.parametrize("handover", ["Mon 00:00", "Sun 23:59", "Wed 09:05"])
def test_a_handover_is_a_day_and_a_time(handover: str) -> None:
    assert RotaSettings(handover=handover).handover == handover


@pytest.mark.parametrize(
    "handover", ["", "Mon", "09:00", "mon 09:00", "Mon 9:00", "Mon 09:60", "Mon 24:00", "Mon 09:00 ", "Mon 09:00\n"]
)
def test_anything_else_is_no_handover(handover: str) -> None:
    with pytest.raises(ValidationError, match="Mon 09:00"):
        RotaSettings(handover=handover)


@pytest.mark.parametrize("zone", ["", "Mars", "Europe", "../Europe/Helsinki", "Europe/Helsinki\x00"])
def test_a_zone_nobody_knows_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="not a time zone"):
        RotaSettings(time_zone=zone)
    with pytest.raises(ValidationError, match="not a time zone"):
        PersonSettings(id="ann", channels=("mail",), time_zone=zone)


def test_a_person_without_a_channel_cannot_be_told() -> None:
    with pytest.raises(ValidationError, match="channels"):
        PersonSettings(id="ann", channels=())


def test_a_step_has_one_delay_in_one_unit() -> None:
    assert EscalationStep(after_minutes=2.5, notify=("lead",)).delay_seconds == 150
    assert EscalationStep(after_seconds=0, notify=("lead",)).delay_seconds == 0
    for delays in ({}, {"after_seconds": 1.0, "after_minutes": 1.0}):
        with pytest.raises(ValidationError, match="either after_seconds or after_minutes"):
            EscalationStep(notify=("lead",), **delays)
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        EscalationStep(after_seconds=-1, notify=("lead",))
    with pytest.raises(ValidationError, match="notify"):
        EscalationStep(after_seconds=1, notify=())


def test_a_ladder_rises_and_has_a_step() -> None:
    def ladder(*seconds: float) -> EscalationSettings:
        return EscalationSettings(steps=tuple(EscalationStep(after_seconds=s, notify=("lead",)) for s in seconds))

    assert len(ladder(0, 60, 60).steps) == 3
    with pytest.raises(ValidationError, match="rising order"):
        ladder(0, 60, 59)
    with pytest.raises(ValidationError, match="steps"):
        ladder()


def test_the_ladder_nobody_wrote_ends_with_everyone() -> None:
    steps = EscalationSettings().steps
    assert [step.delay_seconds for step in steps] == [0, 300, 1200]
    assert steps[-1].notify == ("everyone",)


@pytest.mark.parametrize("hours", ["22:00-07:00", "00:00-23:59", "12:00-13:30"])
def test_quiet_hours_are_two_times(hours: str) -> None:
    assert PersonSettings(id="ann", channels=("mail",), quiet_hours=hours).quiet_hours == hours


@pytest.mark.parametrize("hours", ["", "22-7", "22:00 - 07:00", "22:00-24:00", "07:00-07:00", "22:00-07:00\n"])
def test_anything_else_are_no_quiet_hours(hours: str) -> None:
    with pytest.raises(ValidationError, match="22:00-07:00"):
        PersonSettings(id="ann", channels=("mail",), quiet_hours=hours)


def test_a_person_hears_of_everything_at_any_hour_unless_told_otherwise() -> None:
    ann = PersonSettings(id="ann", channels=("mail",))
    assert (ann.min_severity, ann.brands, ann.quiet_hours, ann.quiet_pages) == (1, (), None, "through")
    for wrong in ({"min_severity": 0}, {"min_severity": 6}, {"quiet_pages": "never"}):
        with pytest.raises(ValidationError):
            PersonSettings(id="ann", channels=("mail",), **wrong)


def stretch(person: str, first: object, until: object) -> RotaTime:
    return RotaTime.model_validate({"person": person, "from": first, "until": until})


@pytest.mark.parametrize(
    ("said", "instant"),
    [
        (date(2026, 12, 24), datetime(2026, 12, 23, 22, tzinfo=UTC)),
        (datetime(2026, 12, 24, 9), datetime(2026, 12, 24, 7, tzinfo=UTC)),  # noqa: DTZ001 - what TOML calls local
        (datetime(2026, 12, 24, 9, tzinfo=UTC), datetime(2026, 12, 24, 9, tzinfo=UTC)),
    ],
)
def test_times_of_a_rota_are_those_of_its_zone(said: object, instant: datetime) -> None:
    begins, _ = stretch("ann", said, date(2027, 1, 1)).bounds("Europe/Helsinki")
    assert begins == instant


def test_a_stretch_ends_after_it_begins() -> None:
    with pytest.raises(ValidationError, match="`from` lies before `until`"):
        stretch("bo", date(2026, 1, 2), date(2026, 1, 2))


@pytest.mark.parametrize(
    ("changes", "is_gap"),
    [
        ({}, True),
        ({"catch_all": "cy"}, False),
        ({"overrides": (stretch("cy", date(2026, 1, 4), date(2026, 1, 6)),)}, False),
        ({"overrides": (stretch("cy", date(2026, 1, 4), date(2026, 1, 5)),)}, True),
    ],
)
def test_two_days_in_which_everybody_is_away_are_found_when_the_file_is_read(
    changes: dict[str, Any], *, is_gap: bool
) -> None:
    away = (stretch("ann", date(2026, 1, 1), date(2026, 1, 6)), stretch("bo", date(2026, 1, 4), date(2026, 1, 9)))
    uncovered = RotaSettings(people=("ann", "bo"), holidays=away, **changes).uncovered()
    assert (uncovered is not None) is is_gap
    assert uncovered is None or uncovered in {datetime(2026, 1, 4, tzinfo=UTC), datetime(2026, 1, 5, tzinfo=UTC)}
