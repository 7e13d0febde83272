"""Whatever is held back, bundled and dropped: nobody hears of an end without its beginning, nobody is left waiting."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alerts.announcing import Announcer
from alerts.bundling import released
from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from alerts.storm_guard import HOUR
from stormcone.config import Config, EscalationSettings, PersonSettings, RotaSettings
from stormcone.models import (
    HeldFor,
    Lately,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    Silence,
    State,
    Transition,
)
from tests.fakes import make_incident, make_verdict

EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
CONFIG = Config(
    channels=tuple(ConsoleSettings(id=name, type="console") for name in ("team", "ann-pager", "bo-pager")),
    people=(
        PersonSettings(id="ann", channels=("ann-pager",), quiet_hours="22:00-07:00"),
        PersonSettings(id="bo", channels=("bo-pager",), quiet_hours="21:00-09:00", quiet_pages="next", min_severity=2),
    ),
    rota=RotaSettings(people=("ann", "bo")),
    escalation=EscalationSettings(pages_per_hour=2),
)
ASKING = (Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER)


@dataclass
class Known:
    """One incident as the machine drives it."""

    state: State
    level: Level
    severity: int
    version: int = 1


class Telling(RuleBasedStateMachine):
    """Incidents that come and go under silences, quiet hours, storms and bundles; a store of notices in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.now = EVENING
        self.incidents: dict[int, Known] = {}
        self.notices: dict[str, Notice] = {}
        self.silences: list[Silence] = []
        self.heard: dict[tuple[Recipient, int], list[Moment]] = {}
        self.folded: dict[str, list[Notice]] = {}

    @initialize()
    def begin(self) -> None:
        self.open(level=Level.PAGE, severity=3)

    @rule(level=st.sampled_from([Level.WATCH, Level.WARN, Level.PAGE]), severity=st.integers(1, 5))
    def open(self, level: Level, severity: int) -> None:
        number = len(self.incidents) + 1
        self.incidents[number] = Known(state=State.OPEN, level=level, severity=severity)
        self._tell(number, Moment.OPENED)

    @rule(data=st.data(), moment=st.sampled_from([*ASKING[1:], Moment.ACKNOWLEDGED, Moment.COOLING, Moment.RESOLVED]))
    def go_on(self, data: st.DataObject, moment: Moment) -> None:
        live = [number for number, each in self.incidents.items() if each.state is State.OPEN]
        if not live:
            return
        number = data.draw(st.sampled_from(live))
        known = self.incidents[number]
        if moment is Moment.UPDATED:
            known.level = data.draw(st.sampled_from([level for level in Level if level >= known.level]))
        if moment in {Moment.ESCALATED, Moment.REMINDER} and known.level is not Level.PAGE:
            return
        known.state = State.RESOLVED if moment is Moment.RESOLVED else known.state
        known.version += 1
        self._tell(number, moment, why="a new platform" if moment is Moment.UPDATED else None)

    @rule(minutes=st.sampled_from([5, 60, 600]), brand=st.sampled_from(["acme", "globex"]))
    def silence(self, minutes: int, brand: str) -> None:
        until = self.now + timedelta(minutes=minutes)
        self.silences.append(Silence(brand=brand, kind=None, begins_at=self.now, until=until, by="ann", why=""))

    @rule(seconds=st.sampled_from([1, 15, 120, 1800, 3600, 36_000]), delivers=st.booleans())
    def wait(self, seconds: int, *, delivers: bool) -> None:
        self.now += timedelta(seconds=seconds)
        if delivers:
            self._release()
            self._deliver()

    def _tell(self, number: int, moment: Moment, why: str | None = None) -> None:
        known = self.incidents[number]
        incident = make_incident(known.state, known.level, severity=known.severity, id=number, version=known.version)
        transition = Transition(at=self.now, moment=moment, incident=incident, verdict=make_verdict(), why=why)
        written = Announcer(config=CONFIG).notices(
            transition,
            incident,
            earlier=[each for each in self.notices.values() if each.incident_id == number],
            evidence=(),
            lately=self._lately(),
            silences=[each for each in self.silences if each.until > self.now],
        )
        self.notices |= {each.key: each for each in written}

    def _lately(self) -> list[Lately]:
        recent = [each for each in self.notices.values() if each.created_at > self.now - HOUR]
        found: dict[Recipient, Lately] = {}
        for each in recent:
            recipient = Recipient(channel=each.channel, person=each.to)
            known = found.get(recipient, Lately(recipient=recipient))
            if each.urgency is Level.PAGE and each.held_for is None:
                known = replace(known, pages=known.pages + 1)
            if each.moment is Moment.SUMMARY:
                known = replace(known, summary_at=each.created_at)
            if each.held_for is HeldFor.STORM and each.state is NoticeState.PENDING:
                known = replace(known, storm_until=each.held_until)
            if each.urgency is Level.WARN and each.held_for is None:
                known = replace(known, warned_at=each.created_at)
            found[recipient] = known
        return list(found.values())

    def _release(self) -> None:
        due = [
            each
            for each in self.notices.values()
            if each.state is NoticeState.PENDING and each.held_until is not None and each.held_until <= self.now
        ]
        over = {number for number, each in self.incidents.items() if each.state is State.RESOLVED}
        for release in released(due, over=over, now=self.now):
            for key in release.freed:
                self.notices[key] = replace(self.notices[key], held_until=None)
            told_in = release.message.key if release.message else None
            for key in (*release.folded, *release.dropped):
                bundle = told_in if key in release.folded else None
                self.notices[key] = replace(self.notices[key], state=NoticeState.SUPERSEDED, bundled_into=bundle)
            if release.message is not None:
                assert release.message.key not in self.notices
                self.notices[release.message.key] = release.message
                self.folded[release.message.key] = [self.notices[key] for key in release.folded]

    def _deliver(self) -> None:
        for each in sorted(self.notices.values(), key=lambda notice: notice.created_at):
            if each.state is not NoticeState.PENDING or each.held_until is not None:
                continue
            self.notices[each.key] = replace(each, state=NoticeState.SENT)
            for told in self.folded.get(each.key, [each]):
                recipient = Recipient(channel=each.channel, person=each.to)
                assert told.incident_id is not None
                self.heard.setdefault((recipient, told.incident_id), []).append(told.moment)

    @invariant()
    def nobody_hears_of_an_end_without_its_beginning(self) -> None:
        for moments in self.heard.values():
            assert moments[0] in ASKING

    @invariant()
    def whoever_heard_of_the_beginning_is_told_of_the_end(self) -> None:
        for (recipient, number), moments in self.heard.items():
            if self.incidents[number].state is State.RESOLVED and Moment.RESOLVED not in moments:
                assert any(
                    each.incident_id == number
                    and each.moment is Moment.RESOLVED
                    and (each.channel, each.to) == (recipient.channel, recipient.person)
                    and (each.state is NoticeState.PENDING or each.bundled_into is not None)
                    for each in self.notices.values()
                )

    @invariant()
    def what_waits_has_an_end_and_what_is_gone_was_told_or_is_over(self) -> None:
        for each in self.notices.values():
            assert (each.held_until is None) or each.held_for is not None
            if each.state is NoticeState.SUPERSEDED and each.bundled_into is None:
                assert each.held_for is HeldFor.SILENCE
                assert self.incidents[each.incident_id or 0].state is State.RESOLVED

    @invariant()
    def nobody_is_paged_more_than_twice_an_hour_one_by_one(self) -> None:
        pages = [each for each in self.notices.values() if each.urgency is Level.PAGE and each.held_for is None]
        for each in (each for each in pages if each.to is not None):
            window = [
                other
                for other in pages
                if (other.channel, other.to) == (each.channel, each.to)
                and each.created_at - HOUR < other.created_at <= each.created_at
            ]
            assert len(window) <= CONFIG.escalation.pages_per_hour

    def teardown(self) -> None:
        """After the longest wait everything has left."""
        self.silences = []
        for _ in range(3):
            self.now += timedelta(hours=24)
            self._release()
            self._deliver()
        assert all(each.state is not NoticeState.PENDING for each in self.notices.values())
        assert all(from_json(each.message_json).key == each.key for each in self.notices.values())
        self.nobody_hears_of_an_end_without_its_beginning()
        self.whoever_heard_of_the_beginning_is_told_of_the_end()


Telling.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTelling = Telling.TestCase
