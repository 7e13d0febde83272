from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from stormcone.config import DetectorSettings, EscalationSettings
from stormcone.incidents import acknowledge, decide, escalate, observe, snooze
from stormcone.models import Decision, Incident, Kind, Level, Moment, State, Transition
from tests.fakes import AT, make_verdict

RULES = DetectorSettings()
LADDER = EscalationSettings()
AFTERMATH = timedelta(hours=RULES.aftermath_hours)
WAITING = {State.OPEN, State.REOPENED}


class IncidentLife(RuleBasedStateMachine):
    """Random verdicts, people and ticks; whatever they do, an incident stays one that a team can rely on."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = AT
        self.incident: Incident | None = None

    @rule(
        minutes=st.sampled_from([0, 1, 5, 30, 60, 120, 400, 1500]),
        level=st.sampled_from(Level),
        kind=st.sampled_from(Kind),
        severity=st.integers(1, 5),
        velocity=st.sampled_from([0.0, 1.0, 5.0, 10.0, 50.0]),
        is_settling=st.booleans(),
        is_angry=st.booleans(),
    )
    def see(
        self,
        minutes: int,
        level: Level,
        kind: Kind,
        severity: int,
        velocity: float,
        *,
        is_settling: bool,
        is_angry: bool,
    ) -> None:
        self.clock += timedelta(minutes=minutes)
        verdict = make_verdict(
            level,
            at=self.clock,
            kind=kind,
            severity=severity,
            velocity_per_minute=velocity,
            is_settling=is_settling,
            is_angry=is_angry,
        )
        change = observe(self.incident, verdict, RULES, LADDER)
        assert change.transition is None or change.transition.incident is change.incident
        if change.incident is None:
            return
        if self.incident is not None and change.incident.opened_at == self.incident.opened_at:
            self._compare(self.incident, change.incident, change.transition)
        self.incident = change.incident

    @precondition(lambda self: self.incident is not None)
    @rule(is_calm=st.booleans())
    def settle(self, *, is_calm: bool) -> None:
        """Half an hour far below the peak: what random verdicts rarely bring about."""
        level = Level.CALM if is_calm else min(self.known.level, Level.WARN)
        for minutes in (0, 30):
            self.see(minutes, level, self.known.kind, 1, 0.0, is_settling=True, is_angry=True)

    @precondition(lambda self: self.incident is not None and self.incident.state.is_live)
    @rule(seconds=st.integers(0, 600))
    def acknowledge(self, seconds: int) -> None:
        self.clock += timedelta(seconds=seconds)
        if self.known.acknowledged_by is None:
            self._take(acknowledge(self.known, by="ann", at=self.clock))

    @precondition(lambda self: self.incident is not None and self.incident.state.is_live)
    @rule(minutes=st.sampled_from([1, 15, 240]))
    def snooze(self, minutes: int) -> None:
        self._take(snooze(self.known, minutes=minutes, by="cy", why="", at=self.clock))
        assert self.known.is_snoozed(self.clock)

    @precondition(lambda self: self.incident is not None and self.incident.state.is_live)
    @rule(decision=st.sampled_from(Decision))
    def decide(self, decision: Decision) -> None:
        self._take(decide(self.known, decision, by="bob", why="", at=self.clock))

    @precondition(lambda self: self.incident is not None)
    @rule(minutes=st.sampled_from([0, 1, 5, 15, 60]))
    def tick(self, minutes: int) -> None:
        self.clock += timedelta(minutes=minutes)
        due = self.known.next_step_at
        climbed = 0
        while transition := escalate(self.known, LADDER, at=self.clock):
            climbed += 1
            assert climbed <= len(LADDER.steps) + 1, "what is due is told once, however late"
            before, after = self.known, transition.incident
            is_let_go = before.acknowledged_by is not None and after.acknowledged_by is None
            if transition.moment is Moment.REMINDER:
                assert after.step == before.step
            else:
                assert transition.moment is Moment.ESCALATED
                assert after.step == (0 if is_let_go else before.step + 1) < len(LADDER.steps)
            assert not is_let_go or before.is_reminded
            assert not after.is_snoozed(self.clock)
            self._take(transition)
        assert (climbed > 0) is (due is not None and due <= self.clock)
        assert self.known.next_step_at is None or self.known.next_step_at > self.clock

    @property
    def known(self) -> Incident:
        assert self.incident is not None
        return self.incident

    def _take(self, transition: Transition) -> None:
        assert transition.at == self.clock
        self._compare(self.known, transition.incident, transition)
        self.incident = transition.incident

    @staticmethod
    def _compare(before: Incident, after: Incident, transition: Transition | None) -> None:
        assert after.updated_at >= before.updated_at
        assert after.peak_velocity_per_minute >= before.peak_velocity_per_minute
        assert after.severity >= before.severity
        if before.state.is_live:
            assert after.level >= before.level
        if after.state is not before.state:
            assert transition is not None
        is_back = transition is not None and transition.moment is Moment.REOPENED
        assert before.reopened_count <= after.reopened_count <= before.reopened_count + is_back
        assert (after.reopened_count > 0) is ("wave" in after.headline.lower())
        if is_back:
            assert transition is not None
            assert transition.why
            assert transition.verdict is not None
            is_late = before.resolved_at is not None and transition.at - before.resolved_at > AFTERMATH
            assert is_late or transition.verdict.is_angry or transition.incident.level < Level.PAGE

    @invariant()
    def what_cools_or_is_over_waits_for_nothing(self) -> None:
        if self.incident is not None and self.incident.state not in {*WAITING, State.ACK}:
            assert self.incident.next_step_at is None

    @invariant()
    def a_page_nobody_has_always_has_a_next_step(self) -> None:
        incident = self.incident
        if incident is None or incident.state not in WAITING:
            return
        assert incident.acknowledged_by is None
        assert (incident.next_step_at is not None) is (incident.level is Level.PAGE)
        assert incident.step < len(incident.ladder) == len(LADDER.steps)

    @invariant()
    def times_are_in_order(self) -> None:
        incident = self.incident
        if incident is None:
            return
        started: list[datetime | None] = [incident.settling_since, incident.calm_since, incident.cooling_since]
        for instant in (*started, incident.acknowledged_at, incident.resolved_at, incident.updated_at):
            assert instant is None or incident.opened_at <= instant <= self.clock
        assert incident.calm_since is None or incident.settling_since is not None
        assert (incident.state is State.RESOLVED) is (incident.resolved_at is not None)
        assert (incident.state is State.ACK) <= (incident.acknowledged_by is not None)


IncidentLife.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestIncidentLife = IncidentLife.TestCase
