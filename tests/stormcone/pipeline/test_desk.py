from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import pytest

from alerts.channels.console import ConsoleSettings
from analysis.background_feed import BackgroundFeed
from analysis.brand_watch import Verdicts
from analysis.voting import Ballot
from stormcone.acting import Acting
from stormcone.clock import ManualClock
from stormcone.config import Config, EscalationSettings, EscalationStep, PersonSettings, RotaSettings
from stormcone.errors import StaleIncident
from stormcone.models import Gap, HeldFor, Kind, Level, Moment, State, Trust, Verdict, WouldChange
from stormcone.pipeline.brands import Brands, WatchedBrand
from stormcone.pipeline.desk import Desk
from stormcone.pipeline.explaining import Explainer
from stormcone.pipeline.surroundings import Gatherer
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, POST, at, make_notice, make_transition, make_verdict
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm, play, spoil

CONFIG = Config(
    channels=tuple(ConsoleSettings(id=name, type="console") for name in ("team", "pager")),
    people=(PersonSettings(id="ann", channels=("pager",)), PersonSettings(id="bob", channels=("pager",))),
    rota=RotaSettings(people=("ann", "bob")),
    escalation=EscalationSettings(
        steps=(EscalationStep(after_minutes=0, notify=("ann",)), EscalationStep(after_minutes=5, notify=("bob",)))
    ),
)


class ScriptedWatch:
    """Judges as it was told to, once."""

    def __init__(self) -> None:
        self.verdicts: Verdicts | None = None
        self.gaps: list[Gap] = []

    def evaluate(self, _now: datetime, trust: Trust) -> Verdicts | None:
        judged, self.verdicts = self.verdicts, None
        return judged and replace(judged, stream=replace(judged.stream, trust=trust))

    def note_gap(self, gap: Gap) -> None:
        self.gaps.append(gap)

    def what_would_change(self, _verdict: Verdict) -> tuple[WouldChange, ...]:
        return ()


class ScriptedBrands(list[WatchedBrand]):
    """One brand, whatever it is called."""

    def __init__(self, only: WatchedBrand) -> None:
        super().__init__([only])

    def get(self, _name: str) -> WatchedBrand:
        return self[0]

    def note_incidents(self, live: Collection[str]) -> None:
        self[0].feed.note_incident(is_live=bool(live))


class Case:
    """A desk with one brand, whose detectors say what the test wants."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or open_store(MEMORY_URL)
        self.watch = ScriptedWatch()
        brands = cast("Brands", ScriptedBrands(WatchedBrand(cast("Any", self.watch), Ballot(), BackgroundFeed())))
        acting = Acting(config=CONFIG, store=self.store, clock=ManualClock(AT))
        self.desk = Desk(brands, acting, Gatherer(self.store), Explainer(self.store, brands, window_minutes=90))

    def see(
        self,
        minutes: float,
        stream: Level,
        posts: Sequence[Verdict] = (),
        *,
        carried: float = 0.0,
        is_wave: bool = False,
        **when: Any,
    ) -> list[tuple[Moment, Level]]:
        """Let a tick follow these verdicts; return what happened. Args: is_wave: of the stream's verdict."""
        verdict = make_verdict(stream, minutes, post=None, is_rare=stream > Level.WATCH)
        if is_wave:
            verdict = replace(verdict, kind=Kind.BRIGADE, is_wave=True)
        self.watch.verdicts = Verdicts(at=at(minutes), stream=verdict, posts=tuple(posts), carried_share=carried)
        return [(each.moment, each.incident.level) for each in self.desk.tick(at(minutes), **when)]


def test_a_thread_that_carries_the_surge_takes_the_incident_of_the_stream_over() -> None:
    case = Case()
    assert case.see(0, Level.WARN) == [(Moment.OPENED, Level.WARN)]
    happened = case.see(5, Level.PAGE, [make_verdict(Level.PAGE, 5)], carried=0.8)
    assert happened == [(Moment.UPDATED, Level.PAGE)]
    (incident,) = case.store.incidents.live()
    assert (incident.id, incident.post) == (1, POST)


def test_a_thread_that_carries_little_has_an_incident_of_its_own() -> None:
    case = Case()
    case.see(0, Level.WARN)
    case.see(5, Level.WARN, [make_verdict(Level.WARN, 5)], carried=0.1)
    assert {incident.post for incident in case.store.incidents.live()} == {None, POST}


def test_a_storm_in_a_thread_does_not_open_a_second_incident_for_the_stream() -> None:
    case = Case()
    for minutes in (0, 5, 10):
        case.see(minutes, Level.PAGE, [make_verdict(Level.PAGE, minutes)], carried=0.9)
    (incident,) = case.store.incidents.live()
    assert incident.post == POST


def test_what_people_say_elsewhere_of_a_post_under_storm_is_the_same_incident() -> None:
    case = Case()
    case.see(0, Level.WATCH, [make_verdict(Level.WARN)], carried=0.5)
    case.see(5, Level.WARN, [make_verdict(Level.WARN, 5)], carried=0.2)
    (incident,) = case.store.incidents.live()
    assert incident.post == POST


def test_a_page_of_the_stream_is_not_lost_where_a_thread_carries_it() -> None:
    case = Case()
    case.see(0, Level.WARN, [make_verdict(Level.WARN)], carried=0.8)
    assert case.see(5, Level.PAGE, [make_verdict(Level.WARN, 5)], carried=0.8) == [(Moment.UPDATED, Level.PAGE)]
    (incident,) = case.store.incidents.live()
    assert (incident.post, incident.level) == (POST, Level.PAGE)


def test_a_page_of_the_stream_does_not_lift_a_thread_that_is_an_arranged_wave() -> None:
    case = Case()
    case.see(0, Level.WARN, [make_verdict(Level.WARN, kind=Kind.BRIGADE)], carried=0.8)
    assert case.see(4, Level.PAGE, [make_verdict(Level.WARN, 4, kind=Kind.BRIGADE)], carried=0.8) == []


def test_silence_of_every_source_resolves_nothing_and_is_unknown() -> None:
    case = Case()
    case.see(0, Level.PAGE, [make_verdict(Level.PAGE)], carried=1.0)
    stale = [case.see(minutes, Level.CALM, stale_since=at(1)) for minutes in range(10, 300, 5)]
    assert {moment for each in stale for moment, _ in each} == {Moment.ESCALATED, Moment.REMINDER}
    assert case.store.incidents.get(1).state is State.OPEN
    assert case.watch.gaps[-1].started_at == at(1)
    heard = [case.see(minutes, Level.CALM) for minutes in range(300, 500, 5)]
    moments = [moment for each in heard for moment, _ in each if moment is not Moment.REMINDER]
    assert moments == [Moment.COOLING, Moment.RESOLVED]


def test_a_person_who_was_faster_breaks_no_tick() -> None:
    store = open_store(MEMORY_URL)
    case = Case(spoil(store, "incidents", "apply", StaleIncident("changed")))
    page = make_verdict(Level.PAGE)
    assert case.see(0, Level.CALM, [page]) == []
    assert case.see(5, Level.CALM, [make_verdict(Level.PAGE, 5)]) == [(Moment.OPENED, Level.PAGE)]


def test_a_person_who_was_faster_than_the_ladder_breaks_no_tick() -> None:
    store = open_store(MEMORY_URL)
    Case(store).see(0, Level.CALM, [make_verdict(Level.PAGE)])
    case = Case(spoil(store, "incidents", "apply", StaleIncident("changed")))
    assert case.see(6, Level.CALM, [make_verdict(Level.PAGE, 6, severity=5)]) == [(Moment.UPDATED, Level.PAGE)]
    assert case.see(7, Level.CALM) == [(Moment.ESCALATED, Level.PAGE)]


def test_the_ladder_goes_on_while_verdicts_wait() -> None:
    case = Case()
    case.see(0, Level.CALM, [make_verdict(Level.PAGE)])
    assert case.desk.escalate(at(4)) == ()
    (step,) = case.desk.escalate(at(5))
    assert step.moment is Moment.ESCALATED
    assert [(each.to, each.moment) for each in case.store.notices.of_incident(1)][-1] == ("bob", Moment.ESCALATED)


def test_a_page_is_stored_with_its_notices() -> None:
    case = Case()
    case.see(0, Level.CALM, [make_verdict(Level.PAGE)])
    notices = case.store.notices.of_incident(1)
    assert {(each.channel, each.to) for each in notices} == {("team", None), ("pager", "ann")}


def test_where_its_notices_cannot_be_written_a_transition_is_not_stored_either() -> None:
    case = Case()
    unreadable = make_notice(message_json="no message at all")
    case.store.incidents.apply(make_transition(), notices_for=lambda _: (unreadable,))
    before = (case.store.incidents.live(), case.store.incidents.events(1))
    with pytest.raises(ValueError, match="no message at all"):
        case.see(5, Level.CALM, [make_verdict(Level.PAGE, 5, severity=5)])
    assert (case.store.incidents.live(), case.store.incidents.events(1)) == before


def test_a_real_storm_pages_with_evidence_and_one_incident() -> None:
    pipeline, _ = make_pipeline()
    happened = play(pipeline, [*make_calm(2), *make_storm(60)], until=30)
    assert {each.incident.id for each in happened} == {1}
    assert (happened[-1].incident.level, happened[-1].incident.post) == (Level.PAGE, POST)
    kept = pipeline.store.incidents.evidence(1)
    assert len(kept) >= 12
    assert {piece.incident_id for piece in kept} == {1}
    assert all("shame" in piece.text and piece.cues == ("contempt",) for piece in kept)


def test_a_wave_in_the_middle_of_a_storm_is_no_second_incident_and_no_other_kind() -> None:
    case = Case()
    case.see(0, Level.CALM, [make_verdict(Level.PAGE)])
    assert case.see(3, Level.WARN, [make_verdict(Level.PAGE, 3)], is_wave=True) == []
    arranged = make_verdict(Level.WARN, 4, kind=Kind.BRIGADE, is_wave=True)
    assert case.see(4, Level.WARN, [arranged], is_wave=True) == []
    assert [(each.post, each.kind) for each in case.store.incidents.live()] == [(POST, Kind.BACKLASH)]


def test_a_wave_that_nothing_louder_accompanies_is_told() -> None:
    case = Case()
    assert case.see(0, Level.WARN, is_wave=True) == [(Moment.OPENED, Level.WARN)]
    assert [(each.post, each.kind) for each in case.store.incidents.live()] == [(None, Kind.BRIGADE)]


@pytest.mark.parametrize("judges", [True, False])
def test_what_was_held_back_leaves_when_its_time_has_come(*, judges: bool) -> None:
    case = Case()
    held = make_notice("held", held_until=at(10), held_for=HeldFor.BUNDLE)
    case.store.incidents.apply(make_transition(), notices_for=lambda _: [held])
    look = case.desk.tick if judges else case.desk.escalate
    left = []
    for minutes in (9, 10):
        look(at(minutes))
        due = case.store.notices.lease_due(now=at(minutes), owner="me", lease_seconds=40, limit=9)
        left.append("held" in {each.key for each in due})
    assert left == [False, True]
