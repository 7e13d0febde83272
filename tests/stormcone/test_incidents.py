from dataclasses import replace

import pytest

from stormcone.config import EscalationSettings, EscalationStep
from stormcone.errors import UsageError
from stormcone.incidents import Change, acknowledge, decide, observe
from stormcone.ladders import frozen
from stormcone.models import Decision, Kind, Level, Moment, State
from tests.fakes import at, make_incident, make_verdict
from tests.stormcone.lives import LADDER, RULES, Life, cooling, paged, resolved

CALM, WATCH, WARN, PAGE = Level


@pytest.mark.parametrize(
    ("level", "post", "is_rare", "opens"),
    [
        (CALM, ("x", "1"), True, False),
        (WATCH, ("x", "1"), False, True),
        (WATCH, None, False, False),
        (WATCH, None, True, True),
        (PAGE, ("x", "1"), False, True),
    ],
)
def test_an_own_post_under_watch_opens_and_everyday_watches_of_the_stream_do_not(
    level: Level, post: tuple[str, str] | None, *, is_rare: bool, opens: bool
) -> None:
    change = observe(None, make_verdict(level, post=post, is_rare=is_rare), RULES, LADDER)
    assert (change != Change()) is opens


def test_an_opened_incident_holds_what_the_verdict_said() -> None:
    verdict = make_verdict(PAGE, 3)
    change = observe(None, verdict, RULES, LADDER)
    assert change.transition is not None
    assert (change.transition.moment, change.transition.verdict) == (Moment.OPENED, verdict)
    assert change.transition.incident is change.incident
    expected = make_incident(
        opened_at=at(3),
        updated_at=at(3),
        next_step_at=at(8),
        ladder=frozen(LADDER),
        peak_velocity_per_minute=10.0,
        paged_velocity_per_minute=10.0,
        headline="acme: page",
    )
    assert change.incident == expected


@pytest.mark.parametrize(
    ("state", "verdicts", "after", "told"),
    [
        # each row: start, verdicts as (minutes, level, settling), the state after, what the last one told
        (State.OPEN, [(1, PAGE, False)], State.OPEN, None),
        (State.OPEN, [(10, WARN, True), (40, WARN, True)], State.COOLING, Moment.COOLING),
        (State.OPEN, [(10, WARN, True), (20, WARN, False), (40, WARN, True)], State.OPEN, None),
        (State.OPEN, [(10, CALM, False), (40, CALM, False)], State.COOLING, Moment.COOLING),
        (State.OPEN, [(10, CALM, False), (130, CALM, False)], State.RESOLVED, Moment.RESOLVED),
        (State.ACK, [(10, WARN, True), (40, WARN, True)], State.COOLING, Moment.COOLING),
        (State.ACK, [(10, PAGE, False)], State.ACK, None),
        (State.REOPENED, [(10, WARN, True), (40, WARN, True)], State.COOLING, Moment.COOLING),
        (State.REOPENED, [(10, CALM, False), (130, CALM, False)], State.RESOLVED, Moment.RESOLVED),
        (State.COOLING, [(10, CALM, False), (130, CALM, False)], State.RESOLVED, Moment.RESOLVED),
        (State.COOLING, [(10, CALM, False), (129, WATCH, True), (130, CALM, False)], State.COOLING, None),
        (State.COOLING, [(10, PAGE, False)], State.REOPENED, Moment.REOPENED),
        (State.COOLING, [(10, PAGE, True)], State.COOLING, None),
        (State.COOLING, [(10, WARN, False)], State.COOLING, None),
        (State.COOLING, [(9999, WARN, True)], State.COOLING, None),
    ],
)
def test_every_arrow_of_the_life_cycle(
    state: State, verdicts: list[tuple[float, Level, bool]], after: State, told: Moment | None
) -> None:
    life = Life(make_incident(state))
    moments = [life.see(level, minutes, is_settling=settling) for minutes, level, settling in verdicts]
    assert (life.now.state, moments[-1]) == (after, told)
    assert moments[:-1] == [None] * (len(moments) - 1)


def test_level_and_severity_only_rise_and_level_now_follows() -> None:
    life = Life()
    seen = []
    for minutes, (level, severity) in enumerate([(WATCH, 2), (PAGE, 3), (WARN, 5), (CALM, 1), (WARN, 4)]):
        moment = life.see(level, minutes, severity=severity)
        seen.append((moment, life.now.level, life.now.level_now, life.now.severity))
    assert seen == [
        (Moment.OPENED, WATCH, WATCH, 2),
        (Moment.UPDATED, PAGE, PAGE, 3),
        (Moment.UPDATED, PAGE, WARN, 5),
        (None, PAGE, CALM, 5),
        (None, PAGE, WARN, 5),
    ]


def test_the_headline_is_that_of_the_worst_news_not_of_the_calm_after() -> None:
    life = paged()
    for level, headline in [(WARN, "milder"), (CALM, "calm"), (WATCH, "again"), (PAGE, "as bad as before")]:
        life.see(level, 5, headline=headline)
        assert life.now.headline == {"milder": "acme: page", "calm": "acme: page"}.get(headline, headline)


@pytest.mark.parametrize(
    ("first", "seen", "believed"),
    [
        (Kind.BACKLASH, [Kind.SERVICE], Kind.BACKLASH),
        (Kind.BACKLASH, [Kind.SERVICE, Kind.SERVICE], Kind.SERVICE),
        (Kind.BACKLASH, [Kind.SERVICE, Kind.BACKLASH, Kind.SERVICE], Kind.BACKLASH),
        (Kind.BACKLASH, [Kind.SERVICE, Kind.BRIGADE], Kind.BACKLASH),
        (Kind.UNCLEAR, [Kind.PRAISE, Kind.PRAISE], Kind.PRAISE),
        (Kind.PRAISE, [Kind.BACKLASH, Kind.BACKLASH], Kind.BACKLASH),
        (Kind.BACKLASH, [Kind.PRAISE, Kind.PRAISE, Kind.PRAISE], Kind.BACKLASH),
    ],
)
def test_a_kind_is_believed_when_seen_twice_and_anger_stays_anger(
    first: Kind, seen: list[Kind], believed: Kind
) -> None:
    life = Life(make_incident(kind=first))
    moments = [life.see(PAGE, minutes, kind=kind) for minutes, kind in enumerate(seen)]
    assert life.now.kind is believed
    assert (moments[-1] is Moment.UPDATED) is (believed is not first)


def test_a_kind_that_comes_with_a_higher_level_is_believed_at_once() -> None:
    life = Life(make_incident(level=WARN))
    life.see(PAGE, 1, kind=Kind.SERVICE)
    assert (life.now.kind, life.now.pending_kind) == (Kind.SERVICE, None)


def test_a_calm_verdict_says_nothing_of_the_kind() -> None:
    life = paged()
    life.see_each(CALM, [1, 2], kind=Kind.PRAISE)
    assert life.now.kind is Kind.BACKLASH


def test_an_observation_that_tells_nothing_still_moves_the_inner_figures() -> None:
    life = paged()
    assert life.see(PAGE, 5, velocity_per_minute=29.0) is None
    assert (life.now.peak_velocity_per_minute, life.now.updated_at) == (29.0, at(5))
    life.see(PAGE, 6, velocity_per_minute=1.0)
    assert life.now.peak_velocity_per_minute == 29.0


@pytest.mark.parametrize(("velocity", "reopens"), [(6.0, True), (5.9, False)])
def test_a_cooling_incident_is_reopened_by_a_wave_near_its_peak(velocity: float, *, reopens: bool) -> None:
    life = cooling()
    moment = life.see(PAGE, 50, velocity_per_minute=velocity)
    assert moment is (Moment.REOPENED if reopens else None)
    if reopens:
        assert (life.now.reopened_count, life.now.step, life.now.next_step_at) == (1, 0, at(55))
        assert (life.now.cooling_since, life.now.settling_since, life.now.calm_since) == (None, None, None)


def test_a_wave_of_praise_while_cooling_does_not_reopen() -> None:
    life = cooling()
    assert life.see_each(WATCH, [50, 55, 60], kind=Kind.PRAISE, velocity_per_minute=50.0) == [None] * 3
    assert (life.now.state, life.now.kind) == (State.COOLING, Kind.BACKLASH)


def test_a_warning_that_first_pages_while_cooling_is_reopened_so_that_the_ladder_runs() -> None:
    life = Life(make_incident(State.COOLING, WARN))
    assert life.see(PAGE, 10, velocity_per_minute=1.0, is_settling=True) is Moment.REOPENED
    assert life.escalate(15)
    had = Life(make_incident(State.COOLING, WARN, acknowledged_by="ann", acknowledged_at=at(0)))
    assert had.see(PAGE, 10, velocity_per_minute=1.0, is_settling=True) is Moment.UPDATED
    assert (had.now.state, had.now.next_step_at) == (State.COOLING, None)


def test_who_had_a_reopened_incident_must_be_told_anew() -> None:
    life = cooling()
    life.ack(45)
    assert life.now.state is State.COOLING
    assert life.see(PAGE, 50) is Moment.REOPENED
    assert (life.now.acknowledged_by, life.now.acknowledged_at) == (None, None)
    life.ack(51, "bob")
    assert (life.now.state, life.now.acknowledged_by) == (State.ACK, "bob")


def test_an_incident_is_acknowledged_once() -> None:
    life = Life(replace(paged().now, id=7))
    transition = acknowledge(life.now, by="ann", at=at(3))
    assert (transition.moment, transition.by, transition.verdict) == (Moment.ACKNOWLEDGED, "ann", None)
    life.ack(3)
    assert (life.now.state, life.now.acknowledged_at, life.now.next_step_at) == (State.ACK, at(3), at(33))
    with pytest.raises(UsageError, match="incident 7: ann has acknowledged it already"):
        life.ack(4, "bob")


def test_what_is_over_cannot_be_acknowledged_or_decided() -> None:
    life = resolved()
    with pytest.raises(UsageError, match="it is resolved"):
        life.ack(131)
    for decision in Decision:
        with pytest.raises(UsageError, match="it is resolved"):
            life.decide(decision, 131)


@pytest.mark.parametrize("decision", [each for each in Decision if each is not Decision.FALSE_ALARM])
def test_a_decision_acknowledges_and_stops_the_ladder(decision: Decision) -> None:
    life = paged()
    transition = decide(life.now, decision, by="ann", why="=1+1", at=at(3))
    assert (transition.moment, transition.why) == (Moment.DECIDED, f"{decision.value}: =1+1")
    life.decide(decision, 3)
    assert (life.now.state, life.now.acknowledged_by, life.now.acknowledged_at) == (State.ACK, "ann", at(3))
    assert not life.escalate(999)


def test_a_decision_keeps_who_acknowledged_first_and_a_cooling_incident_cooling() -> None:
    life = cooling()
    life.ack(41, "bob")
    life.decide(Decision.HOLD, 42)
    assert (life.now.state, life.now.acknowledged_by) == (State.COOLING, "bob")
    assert decide(life.now, Decision.HOLD, by="ann", why="", at=at(43)).why == "hold"


def test_a_false_alarm_closes_and_the_same_surge_does_not_page_again() -> None:
    life = paged()
    life.decide(Decision.FALSE_ALARM, 3)
    assert (life.now.state, life.now.resolved_at, life.now.next_step_at) == (State.RESOLVED, at(3), None)
    assert life.see_each(PAGE, [4, 100, 3 + 360], velocity_per_minute=19.9) == [None] * 3
    assert life.see(PAGE, 5, velocity_per_minute=20.0) is Moment.REOPENED
    assert not life.now.is_false_alarm


def test_after_the_time_to_reopen_a_false_alarm_is_forgotten() -> None:
    life = paged()
    life.decide(Decision.FALSE_ALARM, 3)
    assert life.see(PAGE, 3 + 360.1) is Moment.OPENED


def test_the_ladder_is_climbed_at_its_exact_times_and_ends() -> None:
    life = paged()
    climbed = [
        (minutes, life.now.step, life.now.next_step_at)
        for minutes in (0, 4.99, 5, 6, 19.99, 20, 49.99, 50)
        if life.escalate(minutes)
    ]
    assert climbed == [(5, 1, at(20)), (20, 2, at(50)), (50, 2, at(80))]


def test_steps_missed_while_nobody_watched_are_climbed_one_by_one() -> None:
    life = paged()
    climbed = [(life.now.step, life.now.next_step_at) for _ in range(3) if life.escalate(60)]
    assert climbed == [(1, at(20)), (2, at(90))]


@pytest.mark.parametrize("stop", ["decide", "false alarm", "cooling", "resolved"])
def test_the_ladder_stops_when_somebody_has_it_or_it_is_over(stop: str) -> None:
    life = paged()
    if stop in {"decide", "false alarm"}:
        life.decide(Decision.FALSE_ALARM if stop == "false alarm" else Decision.HOLD, 1)
    else:
        life = cooling() if stop == "cooling" else resolved()
    assert life.now.next_step_at is None
    assert not life.escalate(9999)


def test_a_warning_has_no_ladder_until_it_pages() -> None:
    life = Life()
    life.see(WARN, 0)
    assert life.incident == replace(life.now, next_step_at=None)
    assert life.see(PAGE, 10) is Moment.UPDATED
    assert (life.now.step, life.now.next_step_at) == (0, at(15))


def test_an_acknowledged_warning_that_pages_starts_no_ladder_but_is_owed_a_decision() -> None:
    life = Life()
    life.see(WARN, 0)
    life.ack(1)
    assert life.see(PAGE, 10) is Moment.UPDATED
    assert (life.now.state, life.now.next_step_at) == (State.ACK, at(40))


def test_a_ladder_changed_while_an_incident_is_open_is_climbed_as_it_was() -> None:
    life = paged()
    life.ladder = EscalationSettings(steps=(EscalationStep(after_seconds=0, notify=("lead",)),))
    assert [life.now.step for _ in range(3) if life.escalate(60)] == [1, 2]


def test_a_ladder_of_one_step_goes_on_with_reminders() -> None:
    life = Life(ladder=EscalationSettings(steps=(EscalationStep(after_seconds=0, notify=("lead",)),)))
    life.see(PAGE, 0)
    assert life.now.next_step_at == at(30)
    assert life.escalate(30)
    assert (life.now.step, life.now.next_step_at) == (0, at(60))
