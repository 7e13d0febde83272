from datetime import timedelta

import pytest

from stormcone.errors import StoreBusy
from stormcone.models import Batch, BilledRead, Check, Edit, Gap, ScoredMention, Trust
from stormcone.store import MEMORY_URL, CursorMove, Store, open_store
from tests.fakes import AT, POST, at, make_mention, make_own_post
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm, spoil
from tests.sums import assert_sums_equal_rows


def voices(store: Store) -> float:
    """Return the sum of voices that the store counts in the storm's hour."""
    minutes = store.reads.brand_minutes("acme", since=AT, until=AT + timedelta(hours=1))
    return sum(minute.voices for minute in minutes)


def test_overlapping_pages_are_stored_and_heard_once() -> None:
    pipeline, _ = make_pipeline()
    storm = tuple(make_storm(6))
    first = pipeline.ingest.take(Batch(mentions=storm[:5]))
    second = pipeline.ingest.take(Batch(mentions=storm[2:] + storm[-1:]))
    assert (first.read, first.stored, first.known) == (5, 5, 0)
    assert (second.read, second.stored, second.known) == (6, 2, 4)
    assert voices(pipeline.store) == 6


def test_what_another_process_stored_meanwhile_is_known_and_not_fed() -> None:
    pipeline, _ = make_pipeline()
    other, _ = make_pipeline(pipeline.store)
    other.ingest.take(Batch(mentions=(make_mention(),)))
    taken = pipeline.ingest.take(Batch(mentions=(make_mention(), make_mention("2", author="another"))))
    assert (taken.stored, taken.known) == (1, 1)
    judged = pipeline.brands.get("acme").watch.evaluate(at(5))
    assert judged is not None
    assert judged.stream.velocity_per_minute * 30 == pytest.approx(1)


def test_a_page_that_could_not_be_stored_passes_and_its_authors_are_heard_the_next_time() -> None:
    storm = Batch(mentions=tuple(make_storm(20)))
    sound, _ = make_pipeline()
    sound.ingest.take(storm)
    store = open_store(MEMORY_URL)
    pipeline, _ = make_pipeline(spoil(store, "mentions", "save", StoreBusy("locked"), StoreBusy("locked")))
    for _ in range(2):
        with pytest.raises(StoreBusy):
            pipeline.ingest.take(storm)
    assert pipeline.brands.get("acme").watch.evaluate(at(10)) is None
    taken = pipeline.ingest.take(storm)
    assert (taken.stored, taken.known) == (21, 0)
    assert voices(store) == voices(sound.store) == 20


def test_votes_that_were_stored_still_count_after_a_failure() -> None:
    store = open_store(MEMORY_URL)
    first, _ = make_pipeline(store)
    first.ingest.take(Batch(mentions=(make_mention(author="shouter"),)))
    pipeline, _ = make_pipeline(spoil(store, "mentions", "save", StoreBusy("locked")))
    again = Batch(mentions=(make_mention("2", author="shouter", text="shame, I said"),))
    with pytest.raises(StoreBusy):
        pipeline.ingest.take(again)
    pipeline.ingest.take(again)
    assert voices(store) == 1


def test_nothing_is_stored_where_another_watcher_moved_the_cursor() -> None:
    pipeline, _ = make_pipeline()
    pipeline.store.sources.register("x", poll_seconds=60, now=AT)
    move = CursorMove(source="x", cursor="b", expected_version=0)
    pipeline.ingest.take(Batch(), move=move)
    with pytest.raises(Exception, match="another watcher"):
        pipeline.ingest.take(Batch(mentions=(make_mention(),)), move=move)
    assert pipeline.store.reads.brands() == ()


@pytest.mark.parametrize("brand", ["acme", None])
def test_a_gap_makes_the_window_unknown(brand: str | None) -> None:
    pipeline, _ = make_pipeline()
    pipeline.ingest.take(Batch(mentions=tuple(make_calm(3))))
    watch = pipeline.brands.get("acme").watch
    before = watch.evaluate(at(1))
    pipeline.ingest.take(Batch(gaps=(Gap(platform="x", brand=brand, started_at=at(5), ended_at=at(25)),)))
    after = watch.evaluate(at(30))
    assert before is not None
    assert after is not None
    assert (before.stream.trust, after.stream.trust) == (Trust.SETTLED, Trust.GAP)


def edit(text: str, identifier: str = "1", minutes: float = 1) -> Edit:
    return Edit(platform="x", id=identifier, brand="acme", edited_at=at(minutes), text=text)


def stored(store: Store, identifier: str = "1") -> ScoredMention:
    found = store.reads.mention_named("x", identifier, "acme")
    assert found is not None
    return found


def test_an_edited_mention_is_scored_again_and_weighs_what_it_says_now() -> None:
    pipeline, _ = make_pipeline()
    pipeline.ingest.take(Batch(mentions=(make_own_post(), make_mention(text="lovely"), make_mention("2", author="b"))))
    before = stored(pipeline.store).vote
    taken = pipeline.ingest.take(Batch(edits=(edit("shame on you"), edit("of a post nobody knows", "unknown"))))
    found = stored(pipeline.store)
    assert (taken.edited, taken.read) == (1, 0)
    assert (found.mention.text, found.scores.hostility) == ("shame on you", 0.875)
    assert (before.against, before.thread_against) == (0.125, 0.0)
    assert (found.vote.voice, found.vote.against, found.vote.thread_against) == (1.0, 0.875, 0.875)
    assert_sums_equal_rows(pipeline.store)
    assert pipeline.ingest.take(Batch(edits=(edit("shame on you"),))).edited == 0


def test_an_edit_leaves_a_vote_that_began_elsewhere_where_it_was() -> None:
    pipeline, _ = make_pipeline()
    shouter = (make_mention(text="shame"), make_mention("2", text="shame again", posted_at=at(1), seen_at=at(1)))
    pipeline.ingest.take(Batch(mentions=shouter))
    before = stored(pipeline.store, "2").vote
    pipeline.ingest.take(Batch(edits=(edit("sorry, that was rude", "2", 2),)))
    assert stored(pipeline.store, "2").vote == before
    assert stored(pipeline.store, "2").scores.hostility == 0.0
    assert_sums_equal_rows(pipeline.store)


def test_a_mention_that_comes_with_its_edit_is_read_as_it_stands_now() -> None:
    pipeline, _ = make_pipeline()
    batch = Batch(mentions=(make_mention(text="lovely"),), edits=(edit("shame on you", minutes=2), edit("hm")))
    assert pipeline.ingest.take(batch).mentions == 1
    assert stored(pipeline.store).mention.text == "shame on you"
    assert stored(pipeline.store).scores.hostility == 0.875


def test_replies_to_an_edited_own_post_are_read_beside_its_new_text() -> None:
    pipeline, _ = make_pipeline()
    pipeline.ingest.take(Batch(mentions=(make_own_post(),)))
    pipeline.ingest.take(Batch(edits=(edit("what we really meant", POST[1]),)))
    around = pipeline.around.gather([make_mention()], [])
    assert around.posts[POST].text == "what we really meant"


def test_what_could_not_be_stored_is_edited_the_next_time() -> None:
    store = open_store(MEMORY_URL)
    first, _ = make_pipeline(store)
    first.ingest.take(Batch(mentions=(make_mention(text="lovely"),)))
    pipeline, _ = make_pipeline(spoil(store, "mentions", "save", StoreBusy("locked")))
    with pytest.raises(StoreBusy):
        pipeline.ingest.take(Batch(edits=(edit("shame"),)))
    assert stored(store).mention.text == "lovely"
    assert pipeline.ingest.take(Batch(edits=(edit("shame"),))).edited == 1


def test_a_poll_tells_what_it_cost_and_whether_the_platform_is_to_be_doubted() -> None:
    pipeline, _ = make_pipeline()
    pipeline.store.sources.register("x", poll_seconds=60, now=AT)
    many = tuple(make_storm(12))
    checks = tuple(Check(platform="x", id=each.id, brand="acme", seen_at=at(30), is_there=False) for each in many)
    move = CursorMove(source="x", cursor="a", expected_version=0, polled_at=at(30))
    reads = (BilledRead(thing="post 1", price_usd=0.25),) * 2
    taken = pipeline.ingest.take(Batch(mentions=many, checks=checks, requests=3, billed=reads), move=move)
    assert (taken.looked.is_doubted, taken.looked.missing, taken.cost_usd) == (True, 13, 0.25)
    assert pipeline.store.spending.spent("x", at=at(30)).requests_today == 3
