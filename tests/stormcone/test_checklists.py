"""Steps of the advised action: who, by when, from the moment it was first advised."""

from dataclasses import replace

from stormcone.checklists import StandingAdvice, checklist, standing_advice, verdicts_of
from stormcone.config import PlaybookRole, PlaybookSettings, PlaybookStep
from stormcone.journal import kept_line
from stormcone.models import Action, IncidentEvent, Level, Moment, Transition
from tests.fakes import AT, at, make_transition, make_verdict


def event(minutes: float, action: Action | None) -> IncidentEvent:
    """Return what happened so many minutes after AT; None: a person did it."""
    made = make_transition()
    verdict = make_verdict(Level.PAGE, minutes)
    if action is not None:
        verdict = replace(verdict, advice=replace(verdict.advice, action=action))
    line = kept_line(
        Transition(at=at(minutes), moment=Moment.UPDATED, incident=replace(made.incident, id=1), verdict=verdict)
    )
    return IncidentEvent(
        incident_id=1,
        at=at(minutes),
        moment=Moment.UPDATED if action else Moment.ACKNOWLEDGED,
        state=made.incident.state,
        level=made.incident.level,
        kind=made.incident.kind,
        severity=3,
        headline="x",
        by=None,
        why=None,
        verdict_json=line if action else None,
    )


def advised(action: Action, *also: Action) -> StandingAdvice:
    return StandingAdvice(advice=replace(make_verdict().advice, action=action, also=also), since=AT)


def test_time_runs_from_the_first_verdict_that_advised_it() -> None:
    events = [event(0, Action.MONITOR), event(5, Action.HOLD), event(6, None), event(20, Action.HOLD)]
    standing = standing_advice(verdicts_of(events))
    assert standing is not None
    assert (standing.advice.action, standing.since) == (Action.HOLD, at(5))


def test_advice_that_came_back_is_new() -> None:
    events = [event(0, Action.HOLD), event(5, Action.MONITOR), event(9, Action.HOLD)]
    standing = standing_advice(verdicts_of(events))
    assert standing is not None
    assert standing.since == at(9)


def test_where_no_verdict_was_kept_nothing_is_advised() -> None:
    broken = replace(event(1, Action.HOLD), verdict_json='{"at": 1}')
    assert standing_advice(verdicts_of([event(0, None), broken])) is None


def test_steps_come_in_order_with_the_further_actions_behind_and_none_twice() -> None:
    steps = checklist(advised(Action.DELETE_WITH_NOTICE, Action.PRESERVE_EVIDENCE, Action.ESCALATE), PlaybookSettings())
    assert [each.action for each in steps] == [Action.DELETE_WITH_NOTICE] * 5 + [Action.ESCALATE]
    assert steps[0].due_at == at(5)
    assert steps[0].is_late(at(6))
    assert not steps[0].is_late(at(5))


def test_a_step_names_the_person_who_holds_its_role() -> None:
    playbook = PlaybookSettings(roles=(PlaybookRole(role="Law or Records", name="Eeva"),))
    steps = checklist(advised(Action.DELETE_WITH_NOTICE), playbook)
    assert [each.who for each in steps][:2] == ["on call", "law or records (Eeva)"]


def test_own_steps_of_an_action_replace_the_shipped_ones_of_that_action_alone() -> None:
    own = PlaybookStep(action=Action.HOLD, who="lead", within_minutes=2, text="Call the plant.")
    steps = checklist(advised(Action.HOLD, Action.ESCALATE), PlaybookSettings(steps=(own,)))
    assert [each.action for each in steps] == [Action.HOLD, Action.ESCALATE]
    assert steps[0].text == "Call the plant."


def test_no_crisis_has_no_steps() -> None:
    assert checklist(advised(Action.NONE), PlaybookSettings()) == ()
