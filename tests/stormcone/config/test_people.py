import pytest
from pydantic import ValidationError

from stormcone.config import EscalationSettings, EscalationStep, PersonSettings, RotaSettings


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
