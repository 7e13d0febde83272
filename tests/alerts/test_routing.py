"""Who is told: nobody twice for nothing, nobody half a story, and never nobody for a page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.routing import escalation_due_at, recipients_for
from stormcone.config import EscalationSettings, EscalationStep, PersonSettings, RotaSettings
from stormcone.models import Level, Moment, Recipient, Rung, State, Transition
from stormcone.ports import ChannelSettings

AT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
PEOPLE = tuple(PersonSettings(id=name, channels=(f"{name}-hook", f"{name}-mail")) for name in ("ann", "bo", "cy"))
CHANNELS = tuple(
    ChannelSettings(id=name, type="console")
    for name in ("team", *(channel for person in PEOPLE for channel in person.channels))
)
OWNED = CHANNELS[1:]
ROTA = RotaSettings(people=("ann", "bo"), catch_all="cy")  # that week bo is primary, ann secondary
TEAM = Recipient(channel="team")


def of(*names: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(channel=f"{name}-{way}", person=name) for name in names for way in ("hook", "mail"))


def route(transition: Transition, **changes: Any) -> tuple[Recipient, ...]:
    given_settings: dict[str, Any] = {
        "config_people": PEOPLE,
        "config_channels": CHANNELS,
        "rota": ROTA,
        "escalation": EscalationSettings(),
        "at": AT,
        "told": {},
    }
    return recipients_for(transition, **{**given_settings, **changes})


@pytest.mark.parametrize("level", [Level.CALM, Level.WATCH])
def test_watch_stays_on_the_screen(make_transition: Callable[..., Transition], level: Level) -> None:
    assert route(make_transition(Moment.OPENED, level)) == ()


def test_warning_goes_to_shared_channels_only(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(Moment.OPENED, Level.WARN)) == (TEAM,)


def test_warning_without_a_shared_channel_goes_to_the_primary(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(Moment.OPENED, Level.WARN), config_channels=OWNED) == of("bo")


def test_page_goes_to_shared_channels_and_the_first_step(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition()) == (TEAM, *of("bo"))


@pytest.mark.parametrize(
    ("notify", "expected"),
    [
        (("primary",), of("bo")),
        (("secondary",), of("ann")),
        (("lead",), of("cy")),
        (("everyone",), of("ann", "bo", "cy")),
        (("cy", "primary", "bo"), of("cy", "bo")),
    ],
)
def test_names_of_a_step_are_resolved(
    make_transition: Callable[..., Transition], notify: tuple[str, ...], expected: tuple[Recipient, ...]
) -> None:
    ladder = EscalationSettings(steps=(EscalationStep(after_seconds=0, notify=notify),))
    assert route(make_transition(), escalation=ladder) == (TEAM, *expected)


def test_lead_without_a_catch_all_is_last_on_the_rota(make_transition: Callable[..., Transition]) -> None:
    ladder = EscalationSettings(steps=(EscalationStep(after_seconds=0, notify=("lead",)),))
    rota = RotaSettings(people=("ann", "bo", "cy"))
    assert route(make_transition(), escalation=ladder, rota=rota) == (TEAM, *of("cy"))


def test_without_people_a_page_goes_to_shared_channels(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(), config_people=(), rota=RotaSettings()) == tuple(
        Recipient(channel=channel.id) for channel in CHANNELS
    )


def test_page_with_an_empty_rota_reaches_everybody(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(), rota=RotaSettings()) == (TEAM, *of("ann", "bo", "cy"))


def test_channel_of_two_people_tells_each_by_name(make_transition: Callable[..., Transition]) -> None:
    pair = tuple(PersonSettings(id=name, channels=("both",)) for name in ("ann", "bo"))
    ladder = EscalationSettings(steps=(EscalationStep(after_seconds=0, notify=("everyone",)),))
    told = route(make_transition(), config_people=pair, config_channels=CHANNELS[:1], escalation=ladder)
    assert told == (TEAM, Recipient(channel="both", person="ann"), Recipient(channel="both", person="bo"))


def test_update_is_told_to_those_for_whom_the_level_is_new(make_transition: Callable[..., Transition]) -> None:
    update = make_transition(Moment.UPDATED, Level.PAGE)
    assert route(update, told={TEAM: Level.WARN}) == (TEAM, *of("bo"))
    assert route(update, told=dict.fromkeys(of("bo"), Level.PAGE)) == (TEAM,)
    assert route(update, told=dict.fromkeys((TEAM, *of("bo")), Level.PAGE)) == (TEAM,)


def test_escalation_goes_to_the_people_of_its_step_alone(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(Moment.ESCALATED, step=1), told={TEAM: Level.PAGE}) == of("ann")
    assert route(make_transition(Moment.ESCALATED, step=2)) == of("ann", "bo", "cy")
    assert route(make_transition(Moment.ESCALATED, step=99)) == of("ann", "bo", "cy")


def test_reminder_goes_to_the_current_step(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(Moment.REMINDER, step=1)) == of("ann")


@given(told=st.dictionaries(st.sampled_from((TEAM, *of("ann", "bo", "cy"))), st.sampled_from(Level)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("moment", [Moment.ACKNOWLEDGED, Moment.COOLING, Moment.RESOLVED])
def test_the_end_is_told_to_exactly_those_who_knew_of_it(
    make_transition: Callable[..., Transition], moment: Moment, told: dict[Recipient, Level]
) -> None:
    assert route(make_transition(moment), told=told) == tuple(told)


def test_reopened_page_tells_those_who_knew_and_those_on_call(make_transition: Callable[..., Transition]) -> None:
    told = dict.fromkeys((*of("ann"), TEAM), Level.PAGE)
    assert route(make_transition(Moment.REOPENED), told=told) == (*of("ann"), TEAM, *of("bo"))
    assert route(make_transition(Moment.REOPENED, Level.WARN), told=told) == (*of("ann"), TEAM)


def test_only_a_decision_that_ends_the_incident_is_told(make_transition: Callable[..., Transition]) -> None:
    told = {TEAM: Level.PAGE}
    assert route(make_transition(Moment.DECIDED), told=told) == ()
    assert route(make_transition(Moment.DECIDED, state=State.RESOLVED), told=told) == (TEAM,)


def test_test_reaches_every_channel_once(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(Moment.TEST)) == (TEAM, *of("ann", "bo", "cy"))


def test_steps_are_due_by_their_delay_from_the_page() -> None:
    ladder = EscalationSettings()
    due = [escalation_due_at(ladder, index, AT) for index in range(-1, 4)]
    assert due == [None, AT, AT + timedelta(minutes=5), AT + timedelta(minutes=20), None]


def again(make_transition: Callable[..., Transition], **changes: Any) -> Transition:
    return replace(make_transition(Moment.UPDATED, **changes), why="a new platform: spread to reddit")


def test_a_named_reason_pages_those_who_know_and_those_on_call(make_transition: Callable[..., Transition]) -> None:
    told = dict.fromkeys((TEAM, *of("ann")), Level.PAGE)
    assert route(again(make_transition), told=told) == (TEAM, *of("ann"), *of("bo"))
    everybody = dict.fromkeys((TEAM, *of("bo")), Level.PAGE)
    assert route(again(make_transition), told=everybody) == (TEAM, *of("bo"))


def test_what_somebody_has_pages_nobody_else(make_transition: Callable[..., Transition]) -> None:
    told = dict.fromkeys((TEAM, *of("ann")), Level.PAGE)
    taken = again(make_transition, acknowledged_by="ann", state=State.ACK)
    assert route(taken, told=told) == (TEAM, *of("ann"))


def test_whoever_has_it_is_reminded_alone(make_transition: Callable[..., Transition]) -> None:
    assert route(make_transition(Moment.REMINDER, step=2, acknowledged_by="cy")) == of("cy")
    assert route(make_transition(Moment.REMINDER, step=1, acknowledged_by="somebody else")) == of("ann")


@pytest.mark.parametrize("moment", [Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.COOLING])
def test_a_snoozed_incident_is_quiet(make_transition: Callable[..., Transition], moment: Moment) -> None:
    told = {TEAM: Level.WARN}
    quiet = make_transition(moment, snoozed_until=AT + timedelta(seconds=1))
    assert route(quiet, told=told) == ()
    assert route(make_transition(moment, snoozed_until=AT), told=told) != ()


@pytest.mark.parametrize("moment", [Moment.ACKNOWLEDGED, Moment.RESOLVED, Moment.REOPENED])
def test_a_snooze_hides_neither_the_end_nor_who_has_it(
    make_transition: Callable[..., Transition], moment: Moment
) -> None:
    quiet = make_transition(moment, Level.WARN, snoozed_until=AT + timedelta(hours=1))
    assert route(quiet, told={TEAM: Level.WARN}) == (TEAM,)


def people(**changes: dict[str, Any]) -> tuple[PersonSettings, ...]:
    """Return the three people, some of them with settings of their own."""
    return tuple(each.model_copy(update=changes.get(each.id, {})) for each in PEOPLE)


@pytest.mark.parametrize(
    ("bo", "reached"),
    [
        ({"min_severity": 4}, of("bo")),
        ({"min_severity": 5}, of("ann")),
        ({"brands": ("acme", "other")}, of("bo")),
        ({"brands": ("other",)}, of("ann")),
    ],
)
def test_a_page_nobody_of_a_step_asked_for_goes_to_the_next_step(
    make_transition: Callable[..., Transition], bo: dict[str, Any], reached: tuple[Recipient, ...]
) -> None:
    assert route(make_transition(severity=4), config_people=people(bo=bo)) == (TEAM, *reached)


def test_a_page_nobody_asked_for_reaches_everybody(make_transition: Callable[..., Transition]) -> None:
    deaf = people(**{name: {"min_severity": 5} for name in ("ann", "bo", "cy")})
    assert route(make_transition(severity=2), config_people=deaf) == (TEAM, *of("ann", "bo", "cy"))


def test_a_warning_the_primary_did_not_ask_for_stays_on_the_screen(make_transition: Callable[..., Transition]) -> None:
    bored = people(bo={"min_severity": 5})
    assert (
        route(make_transition(Moment.OPENED, Level.WARN, severity=2), config_people=bored, config_channels=OWNED) == ()
    )


QUIET = {"quiet_hours": "22:00-07:00", "quiet_pages": "next"}  # AT is ten past ten in the evening


@pytest.mark.parametrize(
    ("asleep", "woken"),
    [
        ({"bo": {"quiet_hours": "22:00-07:00"}}, of("bo")),
        ({"bo": QUIET}, of("ann")),
        ({"bo": QUIET, "ann": QUIET}, of("cy")),
        ({"bo": QUIET, "ann": {"min_severity": 5}}, of("cy")),
        ({"bo": QUIET, "ann": QUIET, "cy": QUIET}, of("bo")),
        ({"bo": QUIET | {"time_zone": "America/New_York"}}, of("bo")),
    ],
)
def test_a_page_in_quiet_hours_goes_to_the_next_where_the_person_wants_it(
    make_transition: Callable[..., Transition], asleep: dict[str, dict[str, Any]], woken: tuple[Recipient, ...]
) -> None:
    assert route(make_transition(severity=4), config_people=people(**asleep)) == (TEAM, *woken)


def test_the_ladder_is_climbed_as_it_was_when_the_incident_opened(make_transition: Callable[..., Transition]) -> None:
    ladder = (Rung(delay_seconds=0, notify=("cy",)), Rung(delay_seconds=60, notify=("bo",)))
    assert route(make_transition(ladder=ladder)) == (TEAM, *of("cy"))
    assert route(make_transition(Moment.ESCALATED, step=1, ladder=ladder)) == of("bo")


def test_way_round_a_broken_channel_gets_no_shared_copies(make_transition: Callable[..., Transition]) -> None:
    team, spare = (ChannelSettings(id=name, type="console") for name in ("team", "spare"))
    pager = ChannelSettings(id="ann-hook", type="console", fallback="spare")
    warning = make_transition(Moment.OPENED, Level.WARN)
    assert route(warning, config_channels=(pager, team, spare)) == (TEAM,)
    wanted = spare.model_copy(update={"shared": True})
    assert route(warning, config_channels=(pager, team, wanted)) == (TEAM, Recipient(channel="spare"))
    hushed = team.model_copy(update={"shared": False})
    assert route(warning, config_channels=(pager, hushed, wanted)) == (Recipient(channel="spare"),)


def test_only_shared_channel_stays_shared_though_it_is_a_fallback(make_transition: Callable[..., Transition]) -> None:
    team, pager = ChannelSettings(id="team", type="console"), ChannelSettings(id="ann-hook", type="x", fallback="team")
    assert route(make_transition(Moment.OPENED, Level.WARN), config_channels=(team, pager)) == (TEAM,)
