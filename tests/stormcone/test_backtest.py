import json
from dataclasses import replace

import pytest

from stormcone.backtest import (
    Ledger,
    PastIncident,
    Replayed,
    Told,
    count_pages,
    count_warns,
    in_fact,
    match,
    read_told,
    silenced,
    summary_sentence,
    told_of,
)
from stormcone.journal import transition_line
from stormcone.models import Kind, Level, Moment
from tests.fakes import POST, at, make_incident, make_transition


def told(minutes: float, moment: Moment, level: Level, *, incident: int = 1, severity: int = 2) -> Told:
    return Told(
        at=at(minutes),
        brand="acme",
        incident=incident,
        post=POST[1],
        moment=moment,
        level=level,
        kind=Kind.BACKLASH,
        severity=severity,
        headline=f"{level.word} at {minutes}",
    )


def entered(*lines: Told) -> tuple[Replayed, ...]:
    ledger = Ledger()
    for line in lines:
        ledger.enter(line)
    return ledger.incidents


def past(minutes: float, *, level: Level = Level.PAGE, paged: float | None = None, **changes: object) -> PastIncident:
    incident = make_incident(level=level, id=7, opened_at=at(minutes), updated_at=at(minutes + 60), **changes)
    return PastIncident(incident=incident, paged_at=None if paged is None else at(paged))


STORM = (
    told(0, Moment.OPENED, Level.WARN),
    told(10, Moment.UPDATED, Level.PAGE, severity=3),
    told(20, Moment.UPDATED, Level.PAGE, severity=4),
    told(60, Moment.COOLING, Level.PAGE),
    told(90, Moment.REOPENED, Level.PAGE),
    told(300, Moment.RESOLVED, Level.PAGE),
)


def test_a_storm_is_paged_when_it_gets_there_and_again_when_it_comes_back() -> None:
    (found,) = entered(*STORM)
    assert found.paged_at == (at(10), at(90))
    assert (found.opened_at, found.told_at, found.ended_at) == (at(0), at(10), at(300))
    assert (found.severity, found.headline) == (3, "page at 10")
    assert (count_pages([found]), count_warns([found])) == (2, 0)


def test_a_warn_is_none_of_the_pages() -> None:
    found = entered(told(0, Moment.OPENED, Level.WATCH), told(5, Moment.UPDATED, Level.WARN))
    assert (count_pages(found), count_warns(found)) == (0, 1)
    assert found[0].told_at == at(5)


def test_a_line_for_machines_is_entered_like_the_transition_it_tells() -> None:
    transition = make_transition(make_incident(id=4))
    assert read_told(transition_line(transition)) == told_of(transition)
    assert read_told(json.dumps({"summary": {}})) is None


@pytest.mark.parametrize("line", ["", "[]", "{}", "no json", '{"at": 3}', "null"])
def test_what_is_no_line_of_a_replay_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no line of a replay"):
        read_told(line)


def test_the_stored_incident_of_the_same_storm_is_found() -> None:
    (found,) = entered(*STORM)
    same_post, of_stream = past(30, paged=35), past(1, post=None)
    assert match(found, [of_stream, same_post]) is same_post
    assert match(found, [of_stream]) is of_stream
    assert match(found, [past(1000)]) is None
    assert match(found, [replace(same_post, incident=replace(same_post.incident, brand="other"))]) is None


def test_what_paged_in_fact_and_would_not_is_named() -> None:
    (found,) = entered(*STORM)
    warned = entered(told(0, Moment.OPENED, Level.WARN))
    paged, never = past(0, paged=10), past(0, level=Level.WARN)
    assert silenced([found], [paged, never]) == ()
    assert silenced(warned, [paged, never]) == (paged,)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (None, "not paged: no incident"),
        (past(0, level=Level.WARN), "not paged: warn #7"),
        (past(0, paged=10), "paged at the same time (#7)"),
        (past(0, paged=18), "paged 8 min later (#7)"),
        (past(0, paged=7, is_false_alarm=True), "paged 3 min earlier (#7, called a false alarm)"),
        (past(0, paged=400), "paged at 18:40 (#7)"),
    ],
)
def test_what_happened_in_fact_is_said_beside_a_page(stored: PastIncident | None, said: str) -> None:
    assert in_fact(at(10), stored, clock=lambda instant: f"{instant:%H:%M}") == said


@pytest.mark.parametrize(
    ("incidents", "budget", "days", "said"),
    [
        (
            entered(*STORM),
            1,
            42.0,
            "With 1 false page a month you would have been paged 2 times in 42 days (1.4 a month).",
        ),
        (entered(*STORM[:3]), 0.5, 1.0, "With 0.5 false pages a month you would have been paged once in 24 hours."),
        (
            entered(told(0, Moment.OPENED, Level.WARN)),
            None,
            3.0,
            "With these settings you would not have been paged in 3 days; 1 incident would have got as far as warn.",
        ),
    ],
)
def test_the_answer_is_one_sentence(
    incidents: tuple[Replayed, ...], budget: float | None, days: float, said: str
) -> None:
    assert summary_sentence(incidents, budget=budget, days=days) == said
