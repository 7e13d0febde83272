from datetime import timedelta

import pytest

from stormcone.errors import StoreBusy
from stormcone.models import Batch, Gap, Trust
from stormcone.store import MEMORY_URL, CursorMove, Store, open_store
from tests.fakes import AT, at, make_mention
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm, spoil


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
