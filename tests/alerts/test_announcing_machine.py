"""Whatever verdicts, people, clocks and broken channels do: a page nobody has goes on, no story lacks its beginning.

The real life cycle, the real announcing and the real outbox on a real database; a channel is a list of who heard
what. `STORMCONE_MACHINE_STEPS=100000 pytest tests/alerts/test_announcing_machine.py` runs a hundred thousand steps.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from alerts.storm_guard import HOUR
from stormcone.acting import Acting
from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config, DetectorSettings, EscalationSettings, PersonSettings, RotaSettings
from stormcone.incidents import escalate, observe
from stormcone.models import (
    Decision,
    Incident,
    Level,
    Moment,
    Notice,
    NoticeState,
    Outcome,
    Recipient,
    State,
)
from stormcone.store import open_store, rows
from stormcone.store.tables import notice
from tests.fakes import make_verdict

STEPS = int(os.environ.get("STORMCONE_MACHINE_STEPS", "240"))
STEPS_OF_EXAMPLE = 40
EVENING = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
RULES = DetectorSettings()
CONFIG = Config(
    brands=(BrandSettings(name="acme"), BrandSettings(name="globex")),
    channels=tuple(ConsoleSettings(id=name, type="console") for name in ("team", "ann-pager", "bo-pager")),
    people=(
        PersonSettings(id="ann", channels=("ann-pager",), quiet_hours="22:00-07:00"),
        PersonSettings(id="bo", channels=("bo-pager",), quiet_hours="21:00-09:00", quiet_pages="next", min_severity=2),
    ),
    rota=RotaSettings(people=("ann", "bo")),
    escalation=EscalationSettings(pages_per_hour=2),
)
LADDER = CONFIG.escalation
CHANNELS = tuple(each.id for each in CONFIG.channels)
ASKING = {Moment.OPENED, Moment.UPDATED, Moment.ESCALATED, Moment.REMINDER, Moment.REOPENED}
LEASE_SECONDS = 40
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - else every step waits for the disk
FOLDER = tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None)
NUMBERS = count()


@cache
def _template() -> Path:
    """Return a database that was migrated once: doing it for every example would take longer than the steps."""
    file = Path(FOLDER.name) / "template.db"
    open_store(f"sqlite:///{file}").close()
    return file


@dataclass(frozen=True)
class Heard:
    """Something that reached somebody. at: when it was written."""

    moment: Moment
    at: datetime


class Telling(RuleBasedStateMachine):
    """Incidents that come and go under silences, quiet hours, storms, bundles and channels that break."""

    def __init__(self) -> None:
        super().__init__()
        self.file = Path(FOLDER.name) / f"{next(NUMBERS)}.db"
        shutil.copy(_template(), self.file)
        self.store = open_store(f"sqlite:///{self.file}")
        self.clock = ManualClock(EVENING)
        self.acting = Acting(config=CONFIG, store=self.store, clock=self.clock)
        self.down: set[str] = set()
        self.posts = 0
        self.heard: defaultdict[tuple[Recipient, int], list[Heard]] = defaultdict(list)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @initialize()
    def begin(self) -> None:
        self.open(level=Level.PAGE, severity=3, brand="acme")

    @rule(
        level=st.sampled_from([Level.WATCH, Level.WARN, Level.PAGE]),
        severity=st.integers(1, 5),
        brand=st.sampled_from(["acme", "globex"]),
    )
    def open(self, level: Level, severity: int, brand: str) -> None:
        self.posts += 1
        post = ("x", f"post-{self.posts}")
        self._see(None, level=level, severity=severity, brand=brand, post=post, velocity=10.0, is_settling=False)

    @rule(
        data=st.data(),
        level=st.sampled_from(Level),
        severity=st.integers(1, 5),
        velocity=st.sampled_from([0.0, 10.0, 50.0, 500.0]),
        is_settling=st.booleans(),
    )
    def see(self, data: st.DataObject, level: Level, severity: int, velocity: float, *, is_settling: bool) -> None:
        current = self._drawn(data, self.store.incidents.current(resolved_after=self.now - timedelta(hours=6)))
        if current is not None:
            facts = {"brand": current.brand, "post": current.post}
            self._see(current, level=level, severity=severity, velocity=velocity, is_settling=is_settling, **facts)

    @rule(data=st.data(), by=st.sampled_from(["ann", "bo", "cy"]))
    def acknowledge(self, data: st.DataObject, by: str) -> None:
        current = self._drawn(data, [each for each in self.store.incidents.live() if each.acknowledged_by is None])
        if current is not None:
            self.acting.acknowledge(current.id or 0, by=by)

    @rule(data=st.data(), minutes=st.sampled_from([15, 240]))
    def snooze(self, data: st.DataObject, minutes: int) -> None:
        current = self._drawn(data, self.store.incidents.live())
        if current is not None:
            self.acting.snooze(current.id or 0, minutes=minutes, by="cy", why="")

    @rule(data=st.data(), decision=st.sampled_from([Decision.HOLD, Decision.FALSE_ALARM]))
    def decide(self, data: st.DataObject, decision: Decision) -> None:
        current = self._drawn(data, self.store.incidents.live())
        if current is not None:
            self.acting.decide(current.id or 0, decision, by="bo", why="")

    @rule(minutes=st.sampled_from([5, 60, 600]), brand=st.sampled_from(["acme", "globex"]))
    def silence(self, minutes: int, brand: str) -> None:
        self.acting.silence(brand=brand, kind=None, minutes=minutes, by="ann", why="")

    @rule(channel=st.sampled_from(CHANNELS))
    def break_or_mend(self, channel: str) -> None:
        self.down ^= {channel}

    @rule(seconds=st.sampled_from([1, 15, 120, 300, 1200, 3600, 36_000]))
    def wait(self, seconds: int) -> None:
        """Let time pass while no sender lives; the ladder goes on."""
        self.clock.move_to(self.now + timedelta(seconds=seconds))
        for live in self.store.incidents.live():
            current = live
            while transition := escalate(current, LADDER, at=self.now):
                current = self.acting.apply(transition).incident

    @rule(seconds=st.sampled_from([1, 300, 1200]))
    def wait_and_deliver(self, seconds: int) -> None:
        self.wait(seconds)
        self._deliver()

    @rule(by=st.sampled_from(["ann", "cy"]))
    def take_everything(self, by: str) -> None:
        """Somebody comes back from lunch."""
        for each in self.store.incidents.live():
            if each.acknowledged_by is None:
                self.acting.acknowledge(each.id or 0, by=by)

    @rule()
    def calm_everything(self) -> None:
        """Half an hour far below the peak, then calm for long enough: what random verdicts rarely bring about."""
        for minutes in (0, 30, RULES.resolve_minutes):
            self.wait(int(60 * minutes))
            for each in self.store.incidents.live():
                facts = {"brand": each.brand, "post": each.post}
                self._see(each, level=Level.CALM, severity=1, velocity=0.0, is_settling=True, **facts)

    def _drawn(self, data: st.DataObject, found: object) -> Incident | None:
        known = sorted(found, key=lambda each: each.id)  # type: ignore[call-overload]  # incidents that are stored
        return data.draw(st.sampled_from(known)) if known else None

    def _see(
        self,
        current: Incident | None,
        *,
        level: Level,
        severity: int,
        velocity: float,
        is_settling: bool,
        brand: str,
        post: tuple[str, str] | None,
    ) -> None:
        verdict = make_verdict(
            level,
            at=self.now,
            severity=severity,
            velocity_per_minute=velocity,
            is_settling=is_settling,
            brand=brand,
            post=post,
        )
        change = observe(current, verdict, RULES, LADDER)
        if change.transition is not None:
            self.acting.apply(change.transition)
        elif change.incident is not None:
            self.store.incidents.touch(change.incident)

    def _deliver(self) -> None:
        self.acting.release_held(self.now)
        for _ in range(30):
            leased = self.store.notices.lease_due(now=self.now, owner="me", lease_seconds=LEASE_SECONDS, limit=99)
            if not leased:
                return
            for each in leased:
                self._try(each)
        raise AssertionError("what is due never ends")

    def _try(self, each: Notice) -> None:
        until = self.now + timedelta(seconds=LEASE_SECONDS)
        if not (self.store.notices.is_wanted(each) and self.store.notices.begin(each, owner="me", until=until)):
            return
        is_down = each.channel in self.down
        self.store.notices.record_delivery(
            each,
            outcome=Outcome.FAILED if is_down else Outcome.OK,
            started_at=self.now,
            finished_at=self.now,
            detail="down" if is_down else None,
            next_try_at=self.now + timedelta(minutes=5) if is_down else None,
        )
        if is_down:
            return
        told = [other for other in self._notices() if other.bundled_into == each.key] or [each]
        for other in sorted(told, key=lambda found: found.created_at):
            assert other.incident_id is not None
            recipient = Recipient(channel=other.channel, person=other.to)
            self.heard[recipient, other.incident_id].append(Heard(other.moment, other.created_at))

    def _notices(self) -> list[Notice]:
        with self.store.database.read() as connection:
            return [rows.to_notice(row) for row in connection.execute(select(notice))]

    @invariant()
    def a_page_that_nobody_has_goes_on(self) -> None:
        for each in self.store.incidents.live():
            if each.state in {State.OPEN, State.REOPENED} and each.level is Level.PAGE:
                assert each.acknowledged_by is None
                assert each.next_step_at is not None
                assert each.next_step_at > self.now

    @invariant()
    def nobody_hears_of_an_end_without_its_beginning(self) -> None:
        for told in self.heard.values():
            assert told[0].moment in ASKING
            ends = [each.at for each in told if each.moment is Moment.RESOLVED]
            for end in ends:
                assert any(each.moment in ASKING and each.at <= end for each in told)

    @invariant()
    def nobody_hears_of_a_beginning_after_its_end(self) -> None:
        for told in self.heard.values():
            ended_at = None
            for each in told:
                assert ended_at is None or each.at >= ended_at
                ended_at = each.at if each.moment is Moment.RESOLVED else ended_at

    @invariant()
    def notices_keep_their_promises(self) -> None:
        notices = self._notices()
        self._whoever_heard_of_the_beginning_is_told_of_the_end(notices)
        self._nobody_is_paged_more_than_twice_an_hour_one_by_one(notices)
        assert all(each.held_until is None or each.held_for is not None for each in notices)

    def _whoever_heard_of_the_beginning_is_told_of_the_end(self, notices: list[Notice]) -> None:
        over = {each.id: each for each in self.store.incidents.latest(limit=999) if each.state is State.RESOLVED}
        for (recipient, number), told in self.heard.items():
            ended = over.get(number)
            if ended is None or ended.resolved_at is None:
                continue
            assert any(each.moment is Moment.RESOLVED and each.at >= ended.resolved_at for each in told) or any(
                each.incident_id == number
                and each.moment is Moment.RESOLVED
                and each.created_at >= ended.resolved_at
                and (each.channel, each.to) == (recipient.channel, recipient.person)
                and (each.state is NoticeState.PENDING or each.bundled_into is not None)
                for each in notices
            )

    def _nobody_is_paged_more_than_twice_an_hour_one_by_one(self, notices: list[Notice]) -> None:
        pages = [each for each in notices if each.urgency is Level.PAGE and each.held_for is None]
        for each in (each for each in pages if each.to is not None):
            window = [
                other
                for other in pages
                if (other.channel, other.to) == (each.channel, each.to)
                and each.created_at - HOUR < other.created_at <= each.created_at
            ]
            assert len(window) <= LADDER.pages_per_hour

    def teardown(self) -> None:
        """Everything leaves once the channels work again and the longest wait is over."""
        self.down = set()
        for _ in range(3):
            self.clock.move_to(self.now + timedelta(hours=24))
            self._deliver()
        notices = self._notices()
        assert all(each.state is not NoticeState.PENDING for each in notices)
        assert all(from_json(each.message_json).key == each.key for each in notices)
        self.nobody_hears_of_an_end_without_its_beginning()
        self.nobody_hears_of_a_beginning_after_its_end()
        self.notices_keep_their_promises()
        self.store.close()
        self.file.unlink()


Telling.TestCase.settings = settings(
    max_examples=max(1, STEPS // STEPS_OF_EXAMPLE),
    stateful_step_count=STEPS_OF_EXAMPLE,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
TestTelling = Telling.TestCase
