from typing import Any

from sqlalchemy import event

from stormcone.models import Batch, Deletion, Incident, Moment, Notice, NoticeState, ScoredMention
from stormcone.store import Store
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


def save(store: Store, *scored: ScoredMention, **batch: Any) -> None:
    store.mentions.save(scored, Batch(**batch))


def own(identifier: str, minutes: float, **changes: Any) -> ScoredMention:
    return make_scored(make_own_post(identifier, posted_at=at(minutes), seen_at=at(minutes), **changes))


def said(
    identifier: str, minutes: float, *, hostility: float = 0.75, is_copy: bool = False, **changes: Any
) -> ScoredMention:
    mention = make_mention(identifier, posted_at=at(minutes), seen_at=at(minutes), **changes)
    return make_scored(mention, hostility=hostility, is_copy=is_copy)


def opened(store: Store, *notices: Notice, **changes: Any) -> Incident:
    transition = make_transition(make_incident(**changes), Moment.OPENED)
    return store.incidents.apply(transition, notices_for=lambda _: notices).incident


def test_the_first_notice_that_arrived_counts_alone_or_in_a_bundle(store: Store) -> None:
    sent = NoticeState.SENT
    incident = opened(
        store,
        make_notice("waits"),
        make_notice("late", state=sent, sent_at=at(9)),
        make_notice("bundled", state=NoticeState.SUPERSEDED, bundled_into="digest"),
    )
    store.notices.add([make_notice("digest", incident_id=None, moment=Moment.DIGEST, state=sent, sent_at=at(4))])
    assert store.aftermath.notified_at(incident.id or 0) == at(4)


def test_what_has_not_arrived_told_nobody(store: Store) -> None:
    incident = opened(store, make_notice("waits"), make_notice("bundled", bundled_into="digest"))
    store.notices.add([make_notice("digest", incident_id=None, moment=Moment.DIGEST)])
    assert store.aftermath.notified_at(incident.id or 0) is None


def test_the_first_answer_is_in_the_thread_or_to_nobody(store: Store) -> None:
    incident = opened(store)
    save(
        store,
        own("before", -5),
        own("support", 2, parent_id="somebody", root_id="somebody"),
        own("elsewhere", 3, parent_id=POST[1], root_id=POST[1], platform="reddit"),
        own("other", 4, brand="other"),
        own("statement", 6),
        own("reply", 8, parent_id=POST[1], root_id=None),
        own("deeper", 9, parent_id="r", root_id=POST[1]),
    )
    first, below = (
        store.aftermath.first_answer(incident, until=at(99)),
        store.aftermath.first_answer_below(incident, until=at(99)),
    )
    assert first is not None
    assert below is not None
    assert (first.id, below.id) == ("statement", "reply")
    assert store.aftermath.first_answer(incident, until=at(6)) is None


def test_without_an_own_post_any_answer_counts(store: Store) -> None:
    incident = opened(store, post=None)
    save(store, own("support", 2, parent_id="somebody", root_id="somebody"))
    first = store.aftermath.first_answer(incident, until=at(99))
    assert first is not None
    assert first.id == "support"
    assert store.aftermath.first_answer_below(incident, until=at(99)) is None


def test_hostile_times_are_of_others_in_the_thread(store: Store) -> None:
    save(
        store,
        said("1", 1),
        said("2", 2, hostility=0.25),
        said("3", 3, is_copy=True),
        said("4", 4, parent_id="other", root_id="other"),
        said("5", 5, platform="reddit"),
        said("6", 6, brand="other"),
        own("7", 7, root_id=POST[1]),
        said("8", 60),
    )
    times = store.aftermath.hostile_times
    assert times("acme", since=AT, until=at(60), thread=POST) == (at(1),)
    assert times("acme", since=AT, until=at(60)) == (at(1), at(4), at(5))


def test_everything_said_is_streamed_in_order(store: Store) -> None:
    save(store, said("2", 2, text="b"), said("1", 1, text="a", is_copy=True), own("3", 3))
    assert [(each.at, each.text) for each in store.aftermath.said("acme", since=AT, until=at(9))] == [
        (at(1), "a"),
        (at(2), "b"),
    ]
    assert [each.mention.id for each in store.aftermath.mentions("acme", since=AT, until=at(2), thread=POST)] == ["1"]


def test_deletions_and_own_posts_are_found_by_name(store: Store) -> None:
    assert not store.aftermath.has_own_posts("acme")
    save(
        store,
        own(POST[1], 0),
        own("s", 1, platform="reddit"),
        deletions=(Deletion(platform="x", id=POST[1], brand="acme", seen_at=at(30)),),
    )
    assert store.aftermath.gone_at("acme", POST) == at(30)
    assert store.aftermath.gone_at("other", POST) is None
    assert store.aftermath.has_own_posts("acme")
    found = store.aftermath.own_post("acme", "s")
    assert found is not None
    assert found.platform == "reddit"
    assert store.aftermath.own_post("acme", "s", platform="x") is None
    assert store.aftermath.own_post("other", "s") is None


def test_no_query_reads_a_whole_table(sqlite_store: Store) -> None:
    incident = opened(sqlite_store)
    save(sqlite_store, own(POST[1], 0), said("1", 1))
    statements: list[tuple[str, Any]] = []

    @event.listens_for(sqlite_store.database.engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        statements.append((statement, parameters))

    aftermath = sqlite_store.aftermath
    aftermath.notified_at(incident.id or 0)
    aftermath.first_answer(incident, until=at(9))
    aftermath.first_answer_below(incident, until=at(9))
    aftermath.own_post("acme", "s")
    aftermath.has_own_posts("acme")
    aftermath.hostile_times("acme", since=AT, until=at(9), thread=POST)
    aftermath.mentions("acme", since=AT, until=at(9), thread=POST)
    list(aftermath.said("acme", since=AT, until=at(9)))
    asked = list(statements)
    assert len(asked) == 8
    with sqlite_store.database.read() as connection:
        for statement, parameters in asked:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert not any(line.startswith(("SCAN mention", "SCAN notice")) for line in plan), plan
