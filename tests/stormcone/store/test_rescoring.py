from dataclasses import replace

import pytest
from sqlalchemy import text

from stormcone.errors import StoreError
from stormcone.models import Batch, Confidence, ScoredMention
from stormcone.store import Store, StoredMention
from tests.fakes import at, make_mention, make_own_post, make_scored
from tests.sums import assert_sums_equal_rows


def collected(store: Store, *scored: ScoredMention) -> tuple[StoredMention, ...]:
    for each in scored:
        store.mentions.save([each], Batch())
    return store.history.following(0, limit=1_000)


def judged(stored: StoredMention, **scores: object) -> StoredMention:
    """Return a mention whose vote follows other scores."""
    after = replace(stored.scored.scores, scorer="invented 2", **scores)  # type: ignore[arg-type]  # names of fields
    vote = replace(stored.scored.vote, against=after.hostility, thread_against=after.hostility)
    return replace(stored, scored=replace(stored.scored, scores=after, vote=vote))


def test_history_is_read_in_the_order_of_collection_and_a_part_at_a_time(store: Store) -> None:
    late = make_scored(make_mention("late", posted_at=at(-60)))
    other = make_scored(make_mention("other", brand="bolt"))
    collected(store, make_scored(make_mention("1")), late, other, make_scored(make_mention("2")))
    first = store.history.following(0, limit=2)
    rest = store.history.following(first[-1].number, limit=10)
    assert [each.scored.mention.id for each in (*first, *rest)] == ["1", "late", "other", "2"]
    assert first[1].scored == late
    assert [each.scored.mention.id for each in store.history.following(0, brand="acme", since=at(0), limit=9)] == [
        "1",
        "2",
    ]
    assert store.history.following(rest[-1].number, limit=1) == ()


def test_new_scores_stand_in_the_rows_and_in_the_sums(store: Store) -> None:
    calm = make_scored(make_mention("calm"), hostility=0.25)
    own = make_scored(make_own_post())
    stored = collected(store, own, calm, make_scored(make_mention("same", posted_at=at(7))))
    changed = [
        judged(stored[0], hostility=0.5),
        judged(stored[1], hostility=1.0, p_negative=0.75, p_neutral=0.0, confidence=Confidence.LOW, cues=("demand",)),
    ]
    store.history.rewrite(changed)
    assert store.history.following(0, limit=9) == (*changed, stored[2])
    assert_sums_equal_rows(store)
    store.history.rewrite(changed)
    assert_sums_equal_rows(store)


def test_sums_that_come_to_nothing_are_exactly_nothing(store: Store) -> None:
    weights = (0.1, 0.2, 0.3)
    stored = collected(
        store, *(make_scored(make_mention(str(n)), hostility=weight) for n, weight in enumerate(weights))
    )
    for each in stored:  # one after the other: 0.1 + 0.2 + 0.3 - 0.1 - 0.2 - 0.3 is not nothing
        store.history.rewrite([judged(each, hostility=0.0)])
    (minute,) = store.reads.brand_minutes("acme", since=at(0), until=at(1))
    (thread,) = store.reads.post_minutes("acme", since=at(0), until=at(1))
    assert f"{minute.against:.0f} {thread.against:.0f}" == "0 0"
    assert (minute.against, thread.against) == (0.0, 0.0)


def test_what_was_rewritten_since_it_was_read_is_subtracted_as_it_is(store: Store) -> None:
    stored = collected(store, make_scored(hostility=0.25), make_scored(make_mention("2")))
    store.history.rewrite([judged(stored[0], hostility=1.0)])
    store.history.rewrite([judged(stored[0], hostility=0.5)])  # by somebody who read before
    assert_sums_equal_rows(store)


def test_a_mention_that_is_gone_is_left_out(store: Store) -> None:
    stored = collected(store, make_scored(), make_scored(make_mention("2")))
    gone = replace(stored[1], number=4_711)
    store.history.rewrite([gone])
    store.history.rewrite([judged(stored[0], hostility=0.0), gone])
    assert_sums_equal_rows(store)
    store.history.rewrite([])


def test_rows_and_sums_change_together_or_not_at_all(store: Store) -> None:
    stored = collected(store, make_scored(), make_scored(make_mention("2")))
    with store.database.write() as connection:
        connection.execute(text("ALTER TABLE post_minute RENAME TO hidden"))
    with pytest.raises(StoreError):
        store.history.rewrite([judged(each, hostility=0.0) for each in stored])
    with store.database.write() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO post_minute"))
    assert store.history.following(0, limit=9) == stored
    assert_sums_equal_rows(store)
