from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.announcing import Announcer
from alerts.channels.console import ConsoleSettings
from alerts.message import from_json
from alerts.storm_guard import GATHER
from stormcone.config import Config, EscalationSettings, PersonSettings, RotaSettings
from stormcone.models import (
    Evidence,
    HeldFor,
    Kind,
    Lately,
    Level,
    Moment,
    Notice,
    NoticeState,
    Recipient,
    Silence,
    Transition,
)

CONFIG = Config(
    channels=tuple(ConsoleSettings(id=name, type="console") for name in ("team", "pager")),
    people=(PersonSettings(id="ann", channels=("pager",)),),
    rota=RotaSettings(people=("ann",)),
)
Make = Callable[..., Transition]


def announced(transition: Transition, *earlier: Notice, evidence: tuple[Evidence, ...] = ()) -> tuple[Notice, ...]:
    return Announcer(config=CONFIG).notices(transition, transition.incident, earlier=earlier, evidence=evidence)


def test_a_page_is_written_to_the_shared_channel_and_to_whoever_is_on_call(make_transition: Make) -> None:
    transition = make_transition(id=7)
    notices = announced(transition)
    assert [(each.channel, each.to) for each in notices] == [("team", None), ("pager", "ann")]
    assert {(each.incident_id, each.moment, each.created_at) for each in notices} == {(7, Moment.OPENED, transition.at)}


def test_the_message_is_frozen_with_the_key_of_its_notice(
    make_transition: Make, make_evidence: Callable[..., Evidence]
) -> None:
    (notice, _) = announced(make_transition(id=7), evidence=(make_evidence("shame on you"),))
    message = from_json(notice.message_json)
    assert message.key == notice.key
    assert (message.incident, message.level, message.brand) == ("7", Level.PAGE, "acme")
    assert message.links.incident == "http://127.0.0.1:8501/incidents?incident=7"
    assert "shame on you" in message.replies[0]


def test_the_same_transition_gives_the_same_keys_and_a_later_one_others(make_transition: Make) -> None:
    first, again = (announced(make_transition(id=7, version=3)) for _ in range(2))
    later = announced(make_transition(id=7, version=4))
    assert [each.key for each in first] == [each.key for each in again]
    assert {each.key for each in first} & {each.key for each in later} == set()


def test_the_end_is_written_to_exactly_those_who_know_of_the_beginning(make_transition: Make) -> None:
    told = announced(make_transition(id=7))
    ended = make_transition(Moment.RESOLVED, id=7, version=4)
    assert [(each.channel, each.to) for each in announced(ended, told[1])] == [("pager", "ann")]
    assert announced(ended) == ()


def test_a_watch_is_written_to_nobody(make_transition: Make) -> None:
    assert announced(make_transition(level=Level.WATCH, id=7)) == ()


def test_an_incident_that_is_not_stored_cannot_be_announced(make_transition: Make) -> None:
    with pytest.raises(ValueError, match="has an id"):
        announced(make_transition(id=None))


NIGHT = CONFIG.model_copy(
    update={
        "people": (PersonSettings(id="ann", channels=("pager",), quiet_hours="22:00-07:00"),),
        "channels": CONFIG.channels[1:],
    }
)
MORNING = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # the end of the night after `at`
PAGER, TEAM = Recipient(channel="pager", person="ann"), Recipient(channel="team")


def holds(notices: Sequence[Notice]) -> dict[str, tuple[datetime | None, HeldFor | None]]:
    return {each.channel: (each.held_until, each.held_for) for each in notices}


def with_lately(transition: Transition, *lately: Lately, config: Config = CONFIG, **known: Any) -> tuple[Notice, ...]:
    known = {"earlier": (), "evidence": (), **known}
    return Announcer(config=config).notices(transition, transition.incident, lately=lately, **known)


def silence(until: datetime, **changes: Any) -> Silence:
    facts = {"brand": "acme", "kind": None, "begins_at": until - timedelta(days=1), "by": "ann", "why": ""}
    return Silence(**{**facts, "until": until, **changes})


def test_in_quiet_hours_a_warn_waits_for_their_end_and_a_page_does_not(make_transition: Make) -> None:
    warned = with_lately(make_transition(level=Level.WARN, id=7), config=NIGHT)
    assert holds(warned) == {"pager": (MORNING, HeldFor.QUIET_HOURS)}
    assert holds(with_lately(make_transition(id=7), config=NIGHT)) == {"pager": (None, None)}


def test_the_end_of_what_waits_waits_with_it(make_transition: Make) -> None:
    warned = with_lately(make_transition(level=Level.WARN, id=7), config=NIGHT)
    later = replace(make_transition(Moment.RESOLVED, Level.WARN, id=7, version=3), at=MORNING)
    assert holds(with_lately(later, config=NIGHT, earlier=warned)) == {"pager": (MORNING, HeldFor.QUIET_HOURS)}
    sent = [replace(each, held_until=None, state=NoticeState.SENT) for each in warned]
    assert holds(with_lately(later, config=NIGHT, earlier=sent)) == {"pager": (None, None)}


def test_the_end_is_told_to_those_who_read_the_beginning_in_a_digest(make_transition: Make) -> None:
    warned = with_lately(make_transition(level=Level.WARN, id=7), config=NIGHT)
    told = [replace(each, state=NoticeState.SUPERSEDED, bundled_into="digest:1") for each in warned]
    ended = make_transition(Moment.RESOLVED, Level.WARN, id=7, version=3)
    assert [each.channel for each in with_lately(ended, config=NIGHT, earlier=told)] == ["pager"]
    overtaken = [replace(each, state=NoticeState.SUPERSEDED) for each in warned]
    assert with_lately(ended, config=NIGHT, earlier=overtaken) == ()


def test_the_seventh_page_within_an_hour_waits_for_the_summary(make_transition: Make, at: datetime) -> None:
    page = make_transition(id=7)
    busy = [Lately(recipient=PAGER, pages=6), Lately(recipient=TEAM, pages=99)]
    assert holds(with_lately(page, *busy)) == {"team": (None, None), "pager": (at + GATHER, HeldFor.STORM)}
    assert holds(with_lately(page, Lately(recipient=PAGER, pages=5)))["pager"] == (None, None)
    cooling = make_transition(Moment.COOLING, id=7, version=4)
    sent = [replace(each, state=NoticeState.SENT) for each in with_lately(page)]
    assert holds(with_lately(cooling, *busy, earlier=sent)) == {"team": (None, None), "pager": (None, None)}


def test_warns_that_follow_one_within_minutes_are_gathered(make_transition: Make, at: datetime) -> None:
    warn = make_transition(level=Level.WARN, id=7)
    first = at - timedelta(seconds=90)
    until = (first + timedelta(minutes=2), HeldFor.BUNDLE)
    assert holds(with_lately(warn, Lately(recipient=TEAM, warned_at=first))) == {"team": until}
    assert holds(with_lately(warn, Lately(recipient=TEAM, warned_at=at - timedelta(minutes=2)))) == {
        "team": (None, None)
    }
    assert holds(with_lately(warn)) == {"team": (None, None)}
    never = CONFIG.model_copy(update={"escalation": EscalationSettings(bundle_minutes=0)})
    assert holds(with_lately(warn, Lately(recipient=TEAM, warned_at=at), config=never)) == {"team": (None, None)}


def test_a_silence_holds_back_what_it_covers_and_not_the_end_of_what_was_told(
    make_transition: Make, at: datetime
) -> None:
    page, end = make_transition(id=7), at + timedelta(hours=3)
    held = (end, HeldFor.SILENCE)
    assert holds(with_lately(page, silences=(silence(end),))) == {"team": held, "pager": held}
    assert holds(with_lately(page, silences=(silence(end, brand=None, kind=page.incident.kind),))) == {
        "team": held,
        "pager": held,
    }
    others = (silence(end, brand="globex"), silence(end, kind=Kind.PRAISE), silence(at))
    assert set(holds(with_lately(page, silences=others)).values()) == {(None, None)}
    sent = [replace(each, state=NoticeState.SENT) for each in with_lately(page)]
    ended = make_transition(Moment.RESOLVED, id=7, version=4)
    assert set(holds(with_lately(ended, silences=(silence(end),), earlier=sent)).values()) == {(None, None)}


@pytest.mark.parametrize(
    ("moment", "why", "urgency"),
    [
        (Moment.OPENED, None, Level.PAGE),
        (Moment.UPDATED, "level up: page", Level.PAGE),
        (Moment.UPDATED, None, None),
        (Moment.ESCALATED, None, Level.PAGE),
        (Moment.RESOLVED, None, None),
        (Moment.ACKNOWLEDGED, None, None),
    ],
)
def test_only_what_asks_for_attention_counts_as_a_page(
    make_transition: Make, moment: Moment, why: str | None, urgency: Level | None
) -> None:
    told = [replace(each, state=NoticeState.SENT) for each in with_lately(make_transition(id=7))]
    transition = replace(make_transition(moment, id=7, version=2), why=why)
    assert {each.urgency for each in with_lately(transition, earlier=told)} == {urgency}
