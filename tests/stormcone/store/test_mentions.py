import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from stormcone.errors import StoreError
from stormcone.mention_file import storable
from stormcone.models import Batch, BrandMinute, Confidence, Deletion, Engagement, Gap, Like, ScoredMention
from stormcone.store import CursorMove, Store, open_store
from tests.fakes import AT, at, make_mention, make_own_post, make_scored

HOSTILE_TEXTS = {
    "NUL": "stop\x00this",
    "lone surrogates": "\ud83d broken \udc00",
    "bidi controls": "\u202eesrever\u202c",
    "one megabyte": "x" * 1_000_000,
    "ten thousand emoji": "\U0001f525" * 10_000,
    "a formula": '=HYPERLINK("http://evil.test")',
    "quotes": "'; DROP TABLE mention; --",
    "every line end": "a\r\nb\u2028c\x0bd\x85",
}


def many(count: int) -> list[ScoredMention]:
    return [make_scored(make_mention(str(n), posted_at=at(n % 7))) for n in range(count)]


def minutes(store: Store, brand: str = "acme") -> tuple[BrandMinute, ...]:
    return store.reads.brand_minutes(brand, since=at(-1000), until=at(1000))


def total(store: Store) -> int:
    return sum(minute.mentions for minute in minutes(store))


def test_a_mention_reads_back_as_it_was_stored(store: Store) -> None:
    full = make_mention(
        likes=1,
        reposts=2,
        replies=3,
        quotes=2**63 - 1,
        author_followers=0,
        author_created_at=at(-9999),
        lang="fi",
        url="https://social.test/1",
        account="acme",
        seen_at=at(5),
    )
    bare = make_mention("2", author=None, parent_id=None, root_id=None)
    stored = [
        make_scored(full),
        make_scored(bare, hostility=0.0, is_copy=True, confidence=Confidence.LOW),
        make_scored(make_own_post()),
    ]
    store.mentions.save(stored, Batch())
    assert sorted(store.reads.mentions_since(AT), key=lambda each: each.mention.id) == stored


def test_an_answer_whose_thread_is_unknown_belongs_to_the_post_it_answers(store: Store) -> None:
    store.mentions.save([make_scored(make_mention(root_id=None, parent_id="above"))], Batch())
    found = store.reads.mention_named("x", "1", "acme")
    assert found is not None
    assert found.mention.root_id == "above"
    assert [minute.post_id for minute in store.reads.post_minutes("acme", since=AT, until=at(1))] == ["above"]


def test_a_post_that_names_two_brands_is_a_mention_of_each(store: Store) -> None:
    two = [make_scored(make_mention(brand=brand)) for brand in ("acme", "other")]
    assert len(store.mentions.save(two, Batch()).mentions) == 2
    assert store.reads.brands() == ("acme", "other")


def test_importing_twice_stores_once(store: Store) -> None:
    scored = many(1_203)  # more than one look-up
    first = store.mentions.save(scored, Batch()).mentions
    known = store.mentions.known_keys([each.mention for each in [*scored, make_scored(make_mention("new"))]])
    again = store.mentions.save(scored, Batch()).mentions
    assert (len(first), len(known), again) == (1_203, 1_203, ())
    assert total(store) == 1_203


def test_a_batch_that_is_partly_known_adds_only_the_rest_to_the_minutes(store: Store) -> None:
    scored = many(10)
    store.mentions.save(scored[:6], Batch())
    assert store.mentions.save(scored, Batch()).mentions == tuple(scored[6:])
    assert total(store) == 10


def test_a_mention_that_stands_twice_in_a_batch_is_stored_once(store: Store) -> None:
    scored = [make_scored(), make_scored(make_mention("2")), make_scored()]
    assert store.mentions.save(scored, Batch()).mentions == tuple(scored[:2])
    assert total(store) == 2


def test_a_batch_and_its_cursor_are_stored_together(store: Store) -> None:
    store.sources.register("x", poll_seconds=60, now=AT)
    cursor, version = store.sources.cursor("x")
    move = CursorMove(source="x", cursor="page 2", expected_version=version)
    store.mentions.save(many(3), Batch(), move=move)
    assert cursor is None
    assert store.sources.cursor("x") == ("page 2", version + 1)


def test_a_cursor_that_somebody_else_moved_leaves_nothing_of_the_batch(store: Store) -> None:
    store.sources.register("x", poll_seconds=60, now=AT)
    store.mentions.save([], Batch(), move=CursorMove(source="x", cursor="theirs", expected_version=0))
    late = CursorMove(source="x", cursor="ours", expected_version=0)
    batch = Batch(gaps=(Gap(platform="x", brand=None, started_at=AT, ended_at=at(5)),))
    with pytest.raises(StoreError, match="source x: its cursor was moved by another watcher"):
        store.mentions.save(many(3), batch, move=late)
    assert list(store.reads.mentions_since(at(-1000))) == []
    assert minutes(store) == ()
    assert store.reads.post_minutes("acme", since=at(-1000), until=at(1000)) == ()
    assert store.sources.gaps(since=at(-1000)) == ()
    assert store.sources.cursor("x") == ("theirs", 1)


def test_engagement_is_only_ever_appended(store: Store) -> None:
    def seen(minute: float, likes: int | None) -> Engagement:
        return Engagement(platform="x", post_id="post-1", brand="acme", seen_at=at(minute), likes=likes)

    looks = (seen(0, 5), seen(5, 9), seen(10, 7))
    store.mentions.save([], Batch(engagements=looks))
    store.mentions.save([], Batch(engagements=(seen(5, 1_000), seen(15, None))))
    assert store.reads.engagements_since(AT, brand="acme") == (*looks, seen(15, None))


def test_deletions_and_likes_are_taken_twice_without_harm(store: Store) -> None:
    batch = Batch(
        deletions=(Deletion(platform="x", id="post-1", brand="acme", seen_at=AT),),
        likes=(Like(platform="x", id="l", brand="acme", liked_at=AT, text="rude words"),),
    )
    store.mentions.save([make_scored(make_own_post())], batch)
    store.mentions.save([], batch)
    assert [post.is_deleted for post in store.reads.own_posts("acme", since=AT)] == [True]


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS.keys())
def test_a_text_made_storable_comes_back_unchanged(store: Store, text: str) -> None:
    kept = storable(text)
    store.mentions.save([make_scored(make_mention(text=kept, author=kept[:100]))], Batch())
    found = store.reads.mention_named("x", "1", "acme")
    assert found is not None
    assert (found.mention.text, found.mention.author) == (kept, kept[:100])


def test_a_text_no_database_can_hold_is_an_error_of_ours(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot hold a value") as raised:
        store.mentions.save([make_scored(), make_scored(make_mention("2", text="\ud800"))], Batch())
    assert len(str(raised.value).splitlines()) == 1
    assert list(store.reads.mentions_since(AT)) == []


@pytest.mark.postgres
def test_nul_in_a_text_is_an_error_of_ours_on_postgresql(postgres_url: str) -> None:
    store = open_store(postgres_url)
    with pytest.raises(StoreError, match="NUL"):
        store.mentions.save([make_scored(make_mention(text="\x00"))], Batch())
    store.close()


def test_a_count_wider_than_the_database_is_an_error_of_ours(store: Store) -> None:
    with pytest.raises(StoreError) as raised:
        store.mentions.save([make_scored(make_mention(likes=2**64))], Batch())
    assert len(str(raised.value).splitlines()) == 1


def test_history_revision_grows_when_history_was_rewritten(store: Store) -> None:
    before = store.mentions.history_revision()
    store.mentions.note_rewritten_history()
    assert store.mentions.history_revision() == before + 1


def _save_at_once(url: str, batches: Sequence[Sequence[ScoredMention]]) -> list[tuple[ScoredMention, ...]]:
    """Save every batch over a connection of its own, all starting at the same instant."""
    start = threading.Barrier(len(batches))

    def save(scored: Sequence[ScoredMention]) -> tuple[ScoredMention, ...]:
        mine = open_store(url)
        try:
            start.wait(timeout=30)
            return mine.mentions.save(scored, Batch()).mentions
        finally:
            mine.close()

    with ThreadPoolExecutor(len(batches)) as pool:
        return list(pool.map(save, batches))


def test_two_writers_of_the_same_mentions_store_each_once(store: Store, store_url: str) -> None:
    scored = many(600)
    # In opposite order: PostgreSQL would see each wait for the other.
    for results in (_save_at_once(store_url, [scored, scored[::-1]]), _save_at_once(store_url, [scored, scored])):
        counted = Counter(each.mention.id for stored in results for each in stored)
        assert set(counted.values()) <= {1}
    assert total(store) == 600
    assert sum(1 for _ in store.reads.mentions_since(at(-1000))) == 600


def test_two_writers_that_overlap_store_the_union(store: Store, store_url: str) -> None:
    scored = many(500)
    first, second = _save_at_once(store_url, [scored[:350], scored[150:][::-1]])
    assert len(first) + len(second) == 500
    assert total(store) == 500
