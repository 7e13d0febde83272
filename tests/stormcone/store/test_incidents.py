from collections.abc import Sequence
from dataclasses import replace

import pytest

from stormcone.errors import StaleIncident, UsageError
from stormcone.journal import read_verdict, verdict_line
from stormcone.models import (
    Confidence,
    Decision,
    DecisionRecord,
    Evidence,
    Incident,
    Kind,
    Level,
    Moment,
    Notice,
    Recipient,
    State,
)
from stormcone.store import Store
from tests.fakes import AT, at, make_incident, make_notice, make_transition, make_verdict


def no_notices(_: Incident) -> Sequence[Notice]:
    return ()


def opened(store: Store, incident: Incident | None = None) -> Incident:
    return store.incidents.apply(make_transition(incident), notices_for=no_notices).incident


def evidence(mention_id: str, p_against: float = 0.5) -> Evidence:
    return Evidence(
        incident_id=0,
        captured_at=AT,
        platform="x",
        mention_id=mention_id,
        author=None,
        author_followers=7,
        text="=cmd|' /C calc'!A0",
        url=None,
        p_against=p_against,
        cues=("contempt", "a\nb", "\u202e"),
        confidence=Confidence.LOW,
        lang="hu",
    )


def number(incident: Incident) -> int:
    assert incident.id is not None
    return incident.id


def test_an_incident_reads_back_as_it_was_written(store: Store) -> None:
    full = make_incident(
        State.COOLING,
        Level.WARN,
        level_now=Level.CALM,
        pending_kind=Kind.SERVICE,
        cooling_since=at(1),
        settling_since=at(2),
        calm_since=at(3),
        resolved_at=at(4),
        acknowledged_by="ann",
        acknowledged_at=at(5),
        reopened_count=2,
        is_false_alarm=True,
        step=1,
        next_step_at=at(6),
    )
    for incident in (full, make_incident(post=None)):
        stored = opened(store, incident)
        assert replace(stored, id=None, version=0) == incident
        assert stored.version == 1
        assert store.incidents.get(number(stored)) == stored


def test_a_transition_is_stored_with_event_evidence_decision_and_notices(store: Store) -> None:
    record = DecisionRecord(at=at(2), incident_id=0, decision=Decision.HOLD, by="ann", why="cause unknown")
    seen: list[Incident] = []

    def notices_for(incident: Incident) -> Sequence[Notice]:
        seen.append(incident)
        return [make_notice(f"{incident.id}-{incident.version}-{n}", number(incident)) for n in range(2)]

    verdict = make_verdict()
    done = store.incidents.apply(
        make_transition(by="ann", why="hold: cause unknown"),
        notices_for=notices_for,
        verdict_json=verdict_line(verdict),
        pieces=[evidence("m1"), evidence("m2", 0.75), evidence("m1")],
        record=record,
    )
    identifier = number(done.incident)
    assert seen == [done.incident]
    (event,) = store.incidents.events(identifier)
    assert (event.moment, event.state, event.level, event.by) == (Moment.OPENED, State.OPEN, Level.PAGE, "ann")
    assert event.verdict_json is not None
    assert read_verdict(event.verdict_json).headline == verdict.headline
    assert store.incidents.evidence(identifier) == (
        replace(evidence("m2", 0.75), incident_id=identifier),
        replace(evidence("m1"), incident_id=identifier),
    )
    assert store.incidents.decisions(identifier) == (replace(record, incident_id=identifier),)
    assert [notice.key for notice in store.notices.of_incident(identifier)] == [
        f"{identifier}-1-0",
        f"{identifier}-1-1",
    ]


def test_a_message_that_cannot_be_made_leaves_nothing_behind(store: Store) -> None:
    def broken(_: Incident) -> Sequence[Notice]:
        raise KeyError("headline")

    record = DecisionRecord(at=AT, incident_id=0, decision=Decision.HOLD, by="ann", why="")
    with pytest.raises(KeyError):
        store.incidents.apply(make_transition(), notices_for=broken, pieces=[evidence("m")], record=record)
    assert store.incidents.live() == ()
    assert store.incidents.latest() == ()
    assert store.incidents.decisions() == ()
    first = number(opened(store))
    assert len(store.incidents.events(first)) == 1
    assert store.incidents.evidence(first) == ()


def test_a_failed_change_leaves_the_incident_as_it_was(store: Store) -> None:
    before = opened(store)

    def broken(_: Incident) -> Sequence[Notice]:
        raise KeyError("headline")

    with pytest.raises(KeyError):
        store.incidents.apply(make_transition(replace(before, severity=5)), notices_for=broken)
    assert store.incidents.get(number(before)) == before


def test_of_two_who_change_an_incident_the_second_is_told_to_look_again(store: Store) -> None:
    read = opened(store)
    first = store.incidents.touch(replace(read, severity=4))
    assert first.version == read.version + 1
    for change in (
        lambda: store.incidents.touch(replace(read, severity=5)),
        lambda: store.incidents.apply(make_transition(replace(read, severity=5)), notices_for=no_notices),
    ):
        with pytest.raises(StaleIncident, match=f"incident {read.id}: somebody else changed it first"):
            change()
    assert store.incidents.get(number(read)) == first
    assert len(store.incidents.events(number(read))) == 1


def test_one_incident_lives_on_a_post_and_one_on_the_stream(store: Store) -> None:
    for incident in (make_incident(), make_incident(post=None), make_incident(brand="other")):
        opened(store, incident)
        with pytest.raises(StaleIncident, match="somebody else opened this incident first"):
            opened(store, incident)
    assert len(store.incidents.live()) == 3
    opened(store, make_incident(post=("bluesky", "post-1")))


def test_a_resolved_incident_makes_room_and_cannot_come_back_beside_its_successor(store: Store) -> None:
    old = opened(store)
    resolved = store.incidents.touch(replace(old, state=State.RESOLVED, resolved_at=at(5)))
    new = opened(store)
    with pytest.raises(StaleIncident):
        store.incidents.touch(replace(resolved, state=State.REOPENED))
    assert store.incidents.live() == (new,)


def test_current_holds_the_living_and_the_lately_resolved(store: Store) -> None:
    def resolved(post: str, minutes: float) -> Incident:
        return opened(store, make_incident(State.RESOLVED, post=("x", post), resolved_at=at(minutes)))

    alive, _long_gone, lately = opened(store), resolved("a", 10), resolved("b", 11)
    assert store.incidents.current(resolved_after=at(10)) == (lately, alive)


def test_latest_is_newest_first_by_brand_and_time(store: Store) -> None:
    old = opened(store, make_incident(State.RESOLVED, opened_at=at(-60), updated_at=at(-50)))
    new = opened(store)
    other = opened(store, make_incident(brand="other", opened_at=at(1), updated_at=at(1)))
    assert store.incidents.latest() == (other, new, old)
    assert store.incidents.latest(limit=1) == (other,)
    assert store.incidents.latest(brand="acme") == (new, old)
    assert store.incidents.latest(brand="acme", since=AT) == (new,)


def test_an_incident_nobody_knows_is_a_wrong_question(store: Store) -> None:
    with pytest.raises(UsageError, match="incident 4711: there is none"):
        store.incidents.get(4711)


def test_told_names_everybody_once_in_the_order_they_were_told(store: Store) -> None:
    def first(incident: Incident) -> Sequence[Notice]:
        return [
            make_notice("b", number(incident), channel="mail", to="ann"),
            make_notice("c", number(incident), channel="hook", created_at=at(1)),
        ]

    def second(incident: Incident) -> Sequence[Notice]:
        return [
            make_notice("a", number(incident), channel="hook", created_at=at(2)),
            make_notice("d", number(incident), channel="mail", to="bob", created_at=at(2)),
        ]

    stored = store.incidents.apply(make_transition(), notices_for=first).incident
    store.incidents.apply(make_transition(stored, Moment.UPDATED), notices_for=second)
    assert store.incidents.told(number(stored)) == (
        Recipient(channel="mail", person="ann"),
        Recipient(channel="hook"),
        Recipient(channel="mail", person="bob"),
    )


def test_decisions_of_all_incidents_are_in_the_order_they_were_made(store: Store) -> None:
    records = []
    for minutes, brand in enumerate(("acme", "other")):
        record = DecisionRecord(at=at(minutes), incident_id=0, decision=Decision.STAND_BY, by="ann", why="why\nnot")
        done = store.incidents.apply(
            make_transition(make_incident(brand=brand), Moment.DECIDED), notices_for=no_notices, record=record
        )
        records.append(replace(record, incident_id=number(done.incident)))
    assert store.incidents.decisions() == tuple(records)
    assert store.incidents.decisions(records[1].incident_id) == (records[1],)
