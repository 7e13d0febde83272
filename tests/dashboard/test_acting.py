from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.message import build_message, from_json, to_json
from dashboard.acting import record_acknowledgement, record_decision
from dashboard.context import Context, OpenStore
from stormcone.errors import UsageError
from stormcone.models import (
    Decision,
    Incident,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    State,
    Transition,
)
from tests.dashboard.seeding import PEOPLE, Scene, write_config

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    return write_config(tmp_path, more=PEOPLE)


@pytest.fixture
def incident(config_path: Path) -> Incident:
    scene = Scene(config_path, NOW)
    opened = scene.with_incident(level=Level.PAGE)
    scene.close()
    return opened


@pytest.fixture
def context(config_path: Path, incident: Incident) -> Iterator[Context]:
    opened = Context(config_path)
    yield opened
    opened.close()


def page_ann(opened: OpenStore, incident: Incident) -> str:
    """Write the page's notice as the watcher does; return its key."""
    current = opened.store.incidents.get(incident.id or 0)
    paged = Transition(at=NOW, moment=Moment.UPDATED, incident=current)
    ann = Recipient(channel="hook", person="ann")

    def notices_for(stored: Incident) -> list[Notice]:
        identifier = stored.id or 0
        message = build_message(
            Transition(at=NOW, moment=Moment.UPDATED, incident=stored),
            incident_id=identifier,
            recipient=ann,
            public_url="http://127.0.0.1:8501",
            step=0,
            evidence=(),
        )
        return [
            Notice(
                key=message.key,
                incident_id=identifier,
                moment=Moment.UPDATED,
                to=ann.person,
                channel=ann.channel,
                message_json=to_json(message),
                created_at=NOW,
            )
        ]

    opened.store.incidents.apply(paged, notices_for=notices_for)
    (notice,) = opened.store.notices.of_incident(incident.id or 0)
    return notice.key


def tell(opened: OpenStore, context: Context, incident: Incident) -> None:
    """Page the person on call the way the watcher does, so that somebody can be told of the end."""
    acknowledged = record_acknowledgement(opened, context.config, incident.id or 0, by="Ann")
    assert acknowledged.incident.state is State.ACK


def test_decision_is_kept_with_who_and_why(context: Context, incident: Incident) -> None:
    opened = context.open()
    done = record_decision(opened, context.config, incident.id, Decision.HOLD, by="Ann", why="no facts yet")
    assert done.incident.state is State.ACK
    assert done.incident.acknowledged_by == "Ann"
    (kept,) = opened.store.incidents.decisions(incident.id)
    assert (kept.decision, kept.by, kept.why) == (Decision.HOLD, "Ann", "no facts yet")
    assert opened.store.incidents.events(incident.id)[-1].moment is Moment.DECIDED


def test_decision_that_ends_nothing_is_told_to_nobody(context: Context, incident: Incident) -> None:
    opened = context.open()
    record_decision(opened, context.config, incident.id, Decision.RESPOND, by="Ann", why="answered")
    assert opened.store.notices.of_incident(incident.id) == ()


def test_false_alarm_is_told_to_those_who_had_been_told(context: Context, incident: Incident) -> None:
    opened = context.open()
    paged = page_ann(opened, incident)
    record_decision(opened, context.config, incident.id, Decision.FALSE_ALARM, by="Ann", why="a game show")
    notices = opened.store.notices.of_incident(incident.id)
    (ended,) = [each for each in notices if each.key != paged]
    message = from_json(ended.message_json)
    assert (ended.channel, ended.to, ended.state) == ("hook", "ann", NoticeState.PENDING)
    assert message.event is Moment.RESOLVED
    assert message.links.incident == f"http://127.0.0.1:8501/incidents?incident={incident.id}"
    assert opened.store.incidents.get(incident.id).state is State.RESOLVED


def test_acknowledging_twice_says_who_has_it(context: Context, incident: Incident) -> None:
    opened = context.open()
    tell(opened, context, incident)
    with pytest.raises(UsageError, match="Ann has acknowledged it already"):
        record_acknowledgement(opened, context.config, incident.id, by="Bo")


def test_resolved_incident_takes_no_decision(context: Context, incident: Incident) -> None:
    opened = context.open()
    record_decision(opened, context.config, incident.id, Decision.FALSE_ALARM, by="Ann", why="none")
    with pytest.raises(UsageError, match="resolved"):
        record_decision(opened, context.config, incident.id, Decision.HOLD, by="Bo", why="late")


def test_names_and_reasons_are_cleaned_before_they_are_kept(context: Context, incident: Incident) -> None:
    opened = context.open()
    record_decision(opened, context.config, incident.id, Decision.HOLD, by="An\x00n\u202e", why="w" * 5000)
    (kept,) = opened.store.incidents.decisions(incident.id)
    assert kept.by == "Ann"
    assert len(kept.why) == 1000
