from datetime import timedelta

import pytest

from stormcone.collecting import due_posts, is_hot
from stormcone.ports import StoredPost
from tests.fakes import AT


def post(*, replies_lately: int = 0, counted: timedelta | None = None, **changes: object) -> StoredPost:
    return StoredPost(
        id="1",
        brand="acme",
        posted_at=AT,
        is_own_post=bool(changes.get("is_own_post", True)),
        counted_at=None if counted is None else AT + counted,
        replies_lately=replies_lately,
    )


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(minutes=30), timedelta(minutes=1)),
        (timedelta(hours=5), timedelta(minutes=5)),
        (timedelta(days=3), timedelta(hours=1)),
    ],
)
def test_a_post_is_looked_at_less_often_the_older_it_is(age: timedelta, pause: timedelta) -> None:
    seen = post(counted=age)
    assert due_posts([seen], AT + age + pause) == (seen,)
    assert due_posts([seen], AT + age + pause / 2) == ()


def test_a_hot_thread_is_looked_at_each_minute_until_it_is_a_week_old() -> None:
    hot = post(counted=timedelta(days=3), replies_lately=5)
    assert is_hot(hot)
    assert due_posts([hot], AT + timedelta(days=3, minutes=1)) == (hot,)
    assert due_posts([hot], AT + timedelta(days=7)) == ()


def test_a_post_that_was_never_looked_at_is_due_at_once_and_others_wait_their_turn() -> None:
    fresh, seen = post(), post(counted=timedelta(minutes=1))
    assert due_posts([seen, fresh], AT + timedelta(minutes=3)) == (fresh, seen)


def test_a_post_of_somebody_else_has_no_ladder() -> None:
    assert due_posts([post(is_own_post=False)], AT) == ()
