from datetime import timedelta
from typing import Any

from sqlalchemy import event

from stormcone.models import Batch, ScoredMention
from stormcone.models.complaints import AnsweringAccount
from stormcone.store import Store
from tests.fakes import AT, at, make_mention, make_own_post, make_scored


def save(store: Store, *scored: ScoredMention) -> None:
    store.mentions.save(scored, Batch())


def own(identifier: str, minutes: float, **changes: Any) -> ScoredMention:
    return make_scored(make_own_post(identifier, posted_at=at(minutes), seen_at=at(minutes), **changes))


def test_only_what_others_say_against_the_brand_in_the_time_is_read(store: Store) -> None:
    def said(identifier: str, minutes: float, hostility: float = 0.75, **changes: Any) -> ScoredMention:
        mention = make_mention(identifier, posted_at=at(minutes), seen_at=at(minutes), **changes)
        return make_scored(mention, hostility=hostility)

    save(
        store,
        said("later", 9),
        said("first", 1),
        said("friendly", 2, hostility=0.0),
        said("early", -1),
        said("end", 10),
        said("other", 3, brand="other"),
        own("own", 4),
    )
    found = store.complaints.against("acme", since=AT, until=at(10))
    assert [each.mention.id for each in found] == ["first", "later"]
    assert [each.mention.id for each in store.complaints.against("acme", since=AT, until=at(10), limit=1)] == ["first"]


def test_answers_are_own_posts_that_answer_something(store: Store) -> None:
    save(store, own("statement", 1), own("late", 5, parent_id="9"), own("answer", 3, parent_id="7", root_id="7"))
    found = store.complaints.answers("acme", since=AT, until=at(5))
    assert [(each.id, each.parent_id) for each in found] == [("answer", "7")]


def test_who_only_goes_on_below_own_posts_was_not_seen_answering(store: Store) -> None:
    save(
        store,
        own("p", 1),
        own("thread", 2, parent_id="p", root_id="p", account="acme"),
        own("a", 3, parent_id="7", root_id="7", account="acmehelp", platform="reddit"),
        own("b", 4, parent_id="8", root_id="8", account="acmehelp", platform="reddit"),
        own("c", 5, parent_id="8", root_id="8", brand="other"),
    )
    assert store.complaints.seen_answering("acme", since=AT, until=at(60)) == (
        AnsweringAccount(platform="reddit", handle="acmehelp"),
    )


def test_conversations_are_followed_upwards(store: Store) -> None:
    rows = [
        make_scored(make_mention("1", parent_id=None, root_id=None)),
        make_scored(make_mention("2", parent_id="1", root_id="1")),
        make_scored(make_mention("3", parent_id="2", root_id="1")),
        make_scored(make_mention("2", brand="other", parent_id="1", root_id="1")),
        make_scored(make_mention("1", platform="reddit", parent_id=None, root_id=None)),
    ]
    save(store, *rows)
    below = make_own_post("a", parent_id="3", root_id=None)
    found = store.complaints.above("acme", [below, make_mention("9", parent_id="not stored", root_id="9")])
    places = {(each.mention.platform, each.mention.id, each.mention.brand) for each in found}
    assert places == {("x", "1", "acme"), ("x", "2", "acme"), ("x", "3", "acme")}
    assert store.complaints.above("acme", []) == ()


def test_no_query_reads_a_whole_table(sqlite_store: Store) -> None:
    statements: list[tuple[str, Any]] = []
    engine = sqlite_store.database.engine

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        statements.append((statement, parameters))

    save(sqlite_store, own("p", 1), own("a", 3, parent_id="7", root_id="7"))
    statements.clear()
    until = AT + timedelta(days=7)
    sqlite_store.complaints.against("acme", since=AT, until=until)
    sqlite_store.complaints.answers("acme", since=AT, until=until)
    sqlite_store.complaints.seen_answering("acme", since=AT, until=until)
    sqlite_store.complaints.above("acme", [make_mention("1")])
    asked = list(statements)
    assert len(asked) == 4
    with sqlite_store.database.read() as connection:
        for statement, parameters in asked:
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert any("USING INDEX" in line or "COVERING INDEX" in line for line in plan), plan
            assert not any(line.startswith("SCAN mention") for line in plan), plan
