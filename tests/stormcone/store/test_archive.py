from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from stormcone.clock import ManualClock
from stormcone.models import Batch, Check, Deletion, Engagement, Mention
from stormcone.ports import Archive, StoredPost
from stormcone.store import Store
from tests.fakes import AT, at, make_incident, make_mention, make_own_post, make_scored, make_transition
from tests.stormcone.store.remembered import piece


def archive(store: Store, minutes: float = 0.0, *brands: str) -> Archive:
    return store.archive("x", brands=brands or ("acme",), clock=ManualClock(at(minutes)))


def save(store: Store, *mentions: Mention, **beside: object) -> None:
    store.mentions.save([make_scored(each) for each in mentions], Batch(**beside))  # type: ignore[arg-type]  # kinds of rows


def check(identifier: str, minutes: float, *, is_there: bool = True) -> Check:
    return Check(platform="x", id=identifier, brand="acme", seen_at=at(minutes), is_there=is_there)


def ids(posts: Sequence[StoredPost]) -> list[str]:
    return [post.id for post in posts]


def replies(root: str, count: int, minutes: float = 0.0, **changes: object) -> list[Mention]:
    told = {"root_id": root, "parent_id": root, "posted_at": at(minutes), "seen_at": at(minutes)} | changes
    return [make_mention(f"{root}.{minutes}.{n}.{told.get('brand')}", author=f"a{n}", **told) for n in range(count)]


def test_own_posts_come_newest_first_with_what_a_ladder_needs(store: Store) -> None:
    old = make_own_post("old", posted_at=at(-60), account="acme", url="https://social.test/old")
    new = make_own_post("new", posted_at=at(-5))
    looks = [Engagement(platform="x", post_id="old", brand="acme", seen_at=at(m), likes=1) for m in (-50, -20)]
    save(store, old, new, make_own_post("ancient", posted_at=at(-9_999)), engagements=tuple(looks))
    save(store, *replies("old", 3, -10), *replies("old", 2, -31))
    found = archive(store).own_posts(since=at(-100))
    assert found == (
        StoredPost(id="new", brand="acme", posted_at=at(-5), is_own_post=True),
        StoredPost(
            id="old",
            brand="acme",
            posted_at=at(-60),
            is_own_post=True,
            account="acme",
            url="https://social.test/old",
            counted_at=at(-20),
            replies_lately=3,
        ),
    )


def test_own_posts_of_others_and_deleted_ones_are_left_out(store: Store) -> None:
    gone = Deletion(platform="x", id="gone", brand="acme", seen_at=AT)
    strangers = [make_own_post("elsewhere", platform="y"), make_own_post("theirs", brand="bolt")]
    save(store, make_own_post("here"), make_own_post("gone"), make_mention(), *strangers, deletions=(gone,))
    assert ids(archive(store).own_posts(since=at(-1))) == ["here"]
    assert ids(archive(store, 0, "acme", "bolt").own_posts(since=at(-1))) == ["theirs", "here"]


def test_hot_threads_come_busiest_first_own_or_not(store: Store) -> None:
    save(store, make_own_post("own", posted_at=at(-300)), make_mention("free", root_id=None, parent_id=None))
    save(store, *replies("own", 2, -3), *replies("free", 3, -2), *replies("unseen", 4, -20), *replies("cold", 9, -31))
    hot = archive(store).hot_threads(limit=3)
    assert [(post.id, post.is_own_post, post.replies_lately) for post in hot] == [
        ("unseen", False, 4),
        ("free", False, 3),
        ("own", True, 2),
    ]
    assert hot[0].posted_at == at(-20)  # nobody knows when it was published: the first answer is the best guess
    assert ids(archive(store).hot_threads(limit=1)) == ["unseen"]
    assert archive(store, 60).hot_threads(limit=9) == ()


def test_a_thread_of_two_brands_comes_once_as_that_of_whose_post_it_is(store: Store) -> None:
    save(store, make_own_post("root"), *replies("root", 1, -1), *replies("root", 5, -1, brand="bolt"))
    (post,) = archive(store, 0, "acme", "bolt").hot_threads(limit=5)
    assert (post.brand, post.is_own_post, post.replies_lately) == ("acme", True, 1)


def test_posts_of_others_are_due_once_nobody_has_looked_for_long(store: Store) -> None:
    save(store, *(make_mention(str(n), seen_at=at(-n)) for n in (10, 30, 20)), make_own_post(), make_mention("fresh"))
    due = archive(store).due_for_check(checked_before=at(-5), limit=9)
    assert ids(due) == ["30", "20", "10"]
    assert ids(archive(store).due_for_check(checked_before=at(-15), limit=1)) == ["30"]
    save(store, checks=(check("30", 1),))
    assert ids(archive(store).due_for_check(checked_before=at(-5), limit=9)) == ["20", "10"]
    assert ids(archive(store).due_for_check(checked_before=at(5), limit=9)) == ["20", "10", "fresh", "30"]


def test_a_post_that_was_missed_comes_first_and_soon_again(store: Store) -> None:
    save(store, make_mention("old", seen_at=at(-9_999)), make_mention("missed", seen_at=at(-9_999)))
    save(store, checks=(check("missed", 0, is_there=False),))
    day_ago = at(-1_440)
    assert ids(archive(store, 14).due_for_check(checked_before=day_ago, limit=9)) == ["old"]
    assert ids(archive(store, 16).due_for_check(checked_before=day_ago, limit=9)) == ["missed", "old"]
    assert ids(archive(store, 1).due_for_check(checked_before=at(0.5), limit=1)) == ["missed"]


def test_what_is_kept_as_evidence_is_looked_up_before_the_rest_and_after_its_words_are_old(store: Store) -> None:
    save(store, make_mention("older", seen_at=at(-90)), make_mention("shown", seen_at=at(-60)))
    pieces = (piece(make_mention("shown")),)
    store.incidents.apply(make_transition(make_incident()), notices_for=lambda _: (), pieces=pieces)
    assert ids(archive(store).due_for_check(checked_before=AT, limit=9)) == ["shown", "older"]
    assert store.retention.erase_words(before=at(1), at=AT, limit=9) == 2
    assert ids(archive(store).due_for_check(checked_before=AT, limit=9)) == ["shown"]
    save(store, deletions=(Deletion(platform="x", id="shown", brand="acme", seen_at=AT),))
    assert archive(store).due_for_check(checked_before=AT, limit=9) == ()


@pytest.mark.parametrize(
    "ask",
    [
        lambda asked: asked.own_posts(since=at(-100)),
        lambda asked: asked.hot_threads(limit=5),
        lambda asked: asked.due_for_check(checked_before=AT, limit=5),
    ],
    ids=["own posts", "hot threads", "due for check"],
)
def test_no_question_reads_a_whole_table(sqlite_store: Store, ask: Callable[[Archive], object]) -> None:
    save(sqlite_store, *replies("unseen", 50, -1), make_own_post())
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(sqlite_store.database.engine, "before_cursor_execute", note)
    ask(archive(sqlite_store))
    event.remove(sqlite_store.database.engine, "before_cursor_execute", note)
    with sqlite_store.database.read() as connection:
        plans = [
            row.detail
            for statement, parameters in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert any("SEARCH mention" in plan for plan in plans)
    assert [plan for plan in plans if plan.startswith("SCAN")] == []
