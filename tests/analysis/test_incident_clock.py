from typing import Any

from analysis.incident_clock import clock_of
from stormcone.models import Decision, DecisionRecord, IncidentEvent, Kind, Level, Moment, State
from stormcone.models.effects import ClockFacts, Hand, Passed
from tests.fakes import at, make_incident, make_own_post


def event(minutes: float, moment: Moment, by: str | None = None) -> IncidentEvent:
    return IncidentEvent(
        incident_id=1,
        at=at(minutes),
        moment=moment,
        state=State.OPEN,
        level=Level.PAGE,
        kind=Kind.BACKLASH,
        severity=3,
        headline="acme: page",
        by=by,
        why=None,
        verdict_json=None,
    )


def decided(minutes: float, decision: Decision = Decision.RESPOND) -> DecisionRecord:
    return DecisionRecord(at=at(minutes), incident_id=1, decision=decision, by="ann", why="")


def facts(**changes: Any) -> ClockFacts:
    told: dict[str, Any] = {
        "incident": make_incident(opened_at=at(12)),
        "post": make_own_post(),
        "events": (),
        "decisions": (),
        "notified_at": None,
        "answer": None,
        "answer_below": None,
        "is_own_collected": True,
    }
    return ClockFacts(**(told | changes))


def test_every_instant_is_measured_from_the_post() -> None:
    reply = make_own_post("s", posted_at=at(60), account="acme", parent_id="post-1")
    clock = clock_of(
        facts(
            events=(
                event(12, Moment.OPENED),
                event(20, Moment.ACKNOWLEDGED, "ann"),
                event(30, Moment.ACKNOWLEDGED, "bob"),
            ),
            decisions=(decided(45, Decision.HOLD), decided(50)),
            notified_at=at(13),
            answer=reply,
            answer_below=reply,
        )
    )
    assert [(each.hand.value, each.minutes, each.by) for each in clock.times] == [
        ("posted", 0.0, None),
        ("detected", 12.0, None),
        ("noticed", 13.0, None),
        ("acknowledged", 20.0, "ann"),
        ("decided", 45.0, "ann"),
        ("answered", 60.0, "acme"),
        ("answered_below", 60.0, "acme"),
    ]
    assert clock.minutes_between(Hand.DETECTED, Hand.DECIDED) == 33.0


def test_what_has_not_happened_may_still_while_the_incident_lives() -> None:
    clock = clock_of(facts())
    assert clock.of(Hand.DECIDED).standing is Passed.NOT_YET
    assert clock.of(Hand.DECIDED).minutes is None
    assert clock.minutes_between(Hand.POSTED, Hand.ANSWERED) is None


def test_after_the_end_what_did_not_happen_never_did() -> None:
    clock = clock_of(facts(incident=make_incident(State.RESOLVED, resolved_at=at(200))))
    assert {clock.of(hand).standing for hand in (Hand.NOTICED, Hand.ACKNOWLEDGED, Hand.DECIDED, Hand.ANSWERED)} == {
        Passed.NEVER
    }


def test_where_own_posts_are_not_collected_an_answer_is_unknown() -> None:
    clock = clock_of(facts(is_own_collected=False, post=None))
    assert clock.of(Hand.ANSWERED).standing is Passed.UNKNOWN
    assert clock.of(Hand.POSTED).standing is Passed.UNKNOWN


def test_without_an_own_post_the_clock_starts_at_the_detection() -> None:
    clock = clock_of(facts(incident=make_incident(opened_at=at(12), post=None), post=None, notified_at=at(14)))
    assert clock.of(Hand.POSTED).standing is Passed.NONE
    assert clock.of(Hand.ANSWERED_BELOW).standing is Passed.NONE
    assert (clock.of(Hand.DETECTED).minutes, clock.of(Hand.NOTICED).minutes) == (0.0, 2.0)
