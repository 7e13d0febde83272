"""From stored rows to figures: a hand-computed week and incident, and that other brands never move them."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stormcone.config import AccountSettings, BrandSettings
from stormcone.errors import UsageError
from stormcone.looking_back import look_at_complaints, look_at_incident
from stormcone.models import (
    Batch,
    Decision,
    DecisionRecord,
    Deletion,
    Gap,
    Incident,
    Moment,
    NoticeState,
    ScoredMention,
    State,
)
from stormcone.models.effects import Hand, IncidentEffect, Passed, Sayable, Turn
from stormcone.models.weeks import IsoWeek
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import (
    AT,
    POST,
    at,
    make_incident,
    make_mention,
    make_notice,
    make_own_post,
    make_scored,
    make_transition,
)

BRAND = BrandSettings(name="acme", accounts=(AccountSettings(platform="x", handle="acme", role="support"),))
WEEK = IsoWeek.of(AT, UTC)
NOW = at(300)


def own(identifier: str, minutes: float, **changes: Any) -> ScoredMention:
    told = {"posted_at": at(minutes), "seen_at": at(minutes), "account": "acme"}
    return make_scored(make_own_post(identifier, **(told | changes)))


def said(
    identifier: str, minutes: float, *, hostility: float = 0.75, cue: str | None = None, **changes: Any
) -> ScoredMention:
    told = {"posted_at": at(minutes), "seen_at": at(minutes), "author": f"author {identifier}"}
    scored = make_scored(make_mention(identifier, **(told | changes)), hostility=hostility)
    cues = (cue,) if cue else scored.scores.cues
    return replace(scored, scores=replace(scored.scores, cues=cues))


def storm() -> list[ScoredMention]:
    """Return a post, a hundred hostile replies in the hour before the answer and forty in the hour after, and more."""
    before = [said(f"b{n}", 0.6 * n) for n in range(100)]
    after = [said(f"a{n}", 60.5 + 1.5 * n) for n in range(40)]
    below = [said(f"s{n}", 61 + n, hostility=0.75 if n < 3 else 0.0, parent_id="s") for n in range(20)]
    return [own(POST[1], 0), own("s", 60, parent_id=POST[1], root_id=POST[1]), *before, *after, *below]


def customers() -> list[ScoredMention]:
    free = {"parent_id": None, "root_id": None}
    return [
        said("c1", 10, cue="refund", **free),
        said("c2", 20, cue="refund", **free),
        said("c3", 30, cue="refund", **free),
        said("c4", 40, cue="refund", platform="reddit", **free),
        own("r1", 25, parent_id="c1", root_id="c1"),
        own("r2", 65, parent_id="c2", root_id="c2"),
    ]


def opened(store: Store, **changes: Any) -> Incident:
    transition = make_transition(make_incident(opened_at=at(5), **changes), Moment.OPENED, at=at(5))
    notices = [make_notice(state=NoticeState.SENT, sent_at=at(6))]
    incident = store.incidents.apply(transition, notices_for=lambda _: notices).incident
    taken = replace(incident, state=State.ACK, acknowledged_by="ann", acknowledged_at=at(8))
    done = store.incidents.apply(
        make_transition(taken, Moment.ACKNOWLEDGED, at=at(8), by="ann", verdict=None), notices_for=lambda _: ()
    )
    return decide(store, done.incident, 40, Decision.RESPOND)


def decide(store: Store, incident: Incident, minutes: float, decision: Decision) -> Incident:
    record = DecisionRecord(at=at(minutes), incident_id=incident.id or 0, decision=decision, by="ann", why="because")
    transition = make_transition(incident, Moment.DECIDED, at=at(minutes), by="ann", verdict=None)
    return store.incidents.apply(transition, notices_for=lambda _: (), record=record).incident


def test_a_stored_week_is_what_is_counted_by_hand(store: Store) -> None:
    store.mentions.save(customers(), Batch())
    found = look_at_complaints(store, BRAND, WEEK, now=NOW)
    figures = found.figures
    assert (figures.complaints, figures.answered, figures.open, figures.unknown) == (4, 2, 1, 1)
    assert figures.median_minutes == 30  # of 15 and 45
    assert [(each.platform, each.is_collected) for each in found.platforms] == [("reddit", False), ("x", True)]
    (waiting,) = found.unanswered
    assert (waiting.mention_id, waiting.waited_minutes) == ("c3", 270)
    assert not found.is_cut


def test_the_week_before_and_after_has_nothing_of_it(store: Store) -> None:
    store.mentions.save(customers(), Batch())
    for week in (WEEK.previous, IsoWeek(year=2026, week=WEEK.week + 1)):
        assert look_at_complaints(store, BRAND, week, now=at(60 * 24 * 20)).figures.complaints == 0


def test_an_answer_of_the_next_week_still_counts(store: Store) -> None:
    late = own("r3", 60 * 24 * 9, parent_id="c3", root_id="c3")
    store.mentions.save([*customers(), late], Batch())
    assert look_at_complaints(store, BRAND, WEEK, now=at(60 * 24 * 8)).figures.answered == 2
    assert look_at_complaints(store, BRAND, WEEK, now=at(60 * 24 * 10)).figures.answered == 3


def test_a_stored_incident_is_what_is_counted_by_hand(store: Store) -> None:
    store.mentions.save([*storm(), *customers()], Batch())
    found = look_at_incident(store, opened(store), now=NOW)
    assert [(each.hand, each.minutes) for each in found.clock.times] == [
        (Hand.POSTED, 0.0),
        (Hand.DETECTED, 5.0),
        (Hand.NOTICED, 6.0),
        (Hand.ACKNOWLEDGED, 8.0),
        (Hand.DECIDED, 40.0),
        (Hand.ANSWERED, 60.0),
        (Hand.ANSWERED_BELOW, 60.0),
    ]
    assert found.answer is not None
    assert found.answer.id == "s"
    slope, tone = found.slope, found.tone
    assert slope is not None
    assert slope.before is not None
    assert slope.after is not None
    # The storm may be compared from the post on, an hour before the answer: a hundred, then 40 and 3 below the answer.
    assert (slope.window_minutes, slope.before.count, slope.after.count) == (60.0, 100, 43)
    assert slope.turn is Turn.FELL
    assert tone is not None
    assert tone.below is not None
    assert tone.before is not None
    assert (tone.below.value, tone.below.n) == (0.15, 20)
    assert (tone.before.value, tone.before.n, tone.turn) == (1.0, 100, Turn.FELL)
    (decided,) = found.decisions
    assert (decided.slope.window_minutes, found.echo, found.is_brand_wide) == (40.0, None, False)


def test_a_deleted_post_is_measured_by_what_is_said_of_the_brand(store: Store) -> None:
    free = {"parent_id": None, "root_id": None}
    echoes = [said(f"e{n}", 121 + n, text="they deleted it, I have screenshots", **free) for n in range(30)]
    gone = Deletion(platform=POST[0], id=POST[1], brand="acme", seen_at=at(120))
    store.mentions.save([*storm(), *echoes], Batch(deletions=(gone,)))
    incident = decide(store, opened(store), 110, Decision.DELETE)
    found = look_at_incident(store, incident, now=NOW)
    assert (found.is_brand_wide, found.is_gone_seen) == (True, True)
    assert found.echo is not None
    assert found.echo.gone_at == at(120)
    assert found.echo.told_by_hour == (30, 0, 0)
    assert (found.echo.told.turn, found.echo.quoted_by_hour) == (Turn.ROSE, (0, 0, 0))


def test_a_deletion_that_was_only_decided_is_said_so(store: Store) -> None:
    store.mentions.save(storm(), Batch())
    found = look_at_incident(store, decide(store, opened(store), 110, Decision.DELETE), now=NOW)
    assert found.echo is not None
    assert (found.echo.gone_at, found.is_gone_seen) == (at(110), False)


def test_a_person_may_name_the_statement(store: Store) -> None:
    store.mentions.save([*storm(), own("t", 90)], Batch())
    incident = opened(store)
    named = look_at_incident(store, incident, now=NOW, answer_id="t")
    assert named.answer is not None
    assert (named.answer.id, named.is_answer_assumed) == ("t", False)
    with pytest.raises(UsageError, match="no own post of acme has this id"):
        look_at_incident(store, incident, now=NOW, answer_id="b1")


def test_an_own_post_elsewhere_is_only_assumed_to_be_the_answer(store: Store) -> None:
    store.mentions.save([own(POST[1], 0), own("t", 90)], Batch())
    found = look_at_incident(store, opened(store), now=NOW)
    assert found.is_answer_assumed
    assert found.clock.of(Hand.ANSWERED_BELOW).standing is Passed.NOT_YET


def test_without_own_posts_there_is_no_effect_and_no_blame(store: Store) -> None:
    found = look_at_incident(store, opened(store), now=NOW)
    assert (found.answer, found.slope, found.tone) == (None, None, None)
    assert found.clock.of(Hand.ANSWERED).standing is Passed.UNKNOWN


def test_a_gap_on_another_platform_leaves_a_thread_known(store: Store) -> None:
    def gap(platform: str) -> Gap:
        return Gap(platform=platform, brand=None, started_at=at(30), ended_at=at(50))

    store.mentions.save(storm(), Batch(gaps=(gap("reddit"),)))
    incident = opened(store)
    assert standing(look_at_incident(store, incident, now=NOW)) is Sayable.KNOWN
    store.mentions.save([], Batch(gaps=(gap("x"),)))
    assert standing(look_at_incident(store, incident, now=NOW)) is Sayable.GAP


def standing(found: IncidentEffect) -> Sayable:
    assert found.slope is not None
    return found.slope.standing


@st.composite
def strangers_rows(draw: st.DrawFn) -> list[ScoredMention]:
    """Return mentions and own posts of other brands, on the same platforms, with the same ids, parents and authors."""
    rows = []
    for number in range(draw(st.integers(1, 25))):
        identifier = draw(st.sampled_from(["c1", "c3", "s", "r1", "b1", POST[1], f"n{number}"]))
        changes: dict[str, Any] = {
            "brand": draw(st.sampled_from(["other", "Acme", "acme ", ""])),
            "platform": draw(st.sampled_from(["x", "reddit"])),
            "parent_id": draw(st.sampled_from([None, "c1", "c3", "s", POST[1]])),
            "root_id": draw(st.sampled_from([None, "c3", POST[1]])),
            "author": draw(st.sampled_from(["acme", "author c3", None])),
            "text": draw(st.sampled_from(["I want my refund", "they deleted it", "this was not your best idea"])),
        }
        minutes = draw(st.floats(0, 290))
        make = own if draw(st.booleans()) else said
        rows.append(make(identifier, minutes, **changes))
    return rows


@settings(max_examples=25, deadline=None)
@given(rows=strangers_rows())
def test_figures_never_change_when_other_brands_are_talked_about(rows: list[ScoredMention]) -> None:
    store = open_store(MEMORY_URL)
    gone = Deletion(platform=POST[0], id=POST[1], brand="acme", seen_at=at(120))
    store.mentions.save([*storm(), *customers()], Batch(deletions=(gone,)))
    incident = opened(store)
    week, effect = look_at_complaints(store, BRAND, WEEK, now=NOW), look_at_incident(store, incident, now=NOW)
    gap = Gap(platform="x", brand="other", started_at=at(0), ended_at=at(200))
    store.mentions.save(rows, Batch(gaps=(gap,)))
    assert look_at_complaints(store, BRAND, WEEK, now=NOW) == week
    assert look_at_incident(store, incident, now=NOW) == effect
    store.close()
