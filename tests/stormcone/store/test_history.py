from datetime import timedelta
from pathlib import Path

import pytest

from stormcone.errors import StoreError, StoreReadOnly
from stormcone.models import Batch, Deletion, Engagement, Gap, Level, Like, Mention, Moment, ScoredMention
from stormcone.store import SCRATCH_URL, Store, open_store
from stormcone.store.history import History, Recorded, Stretch
from tests.fakes import AT, at, make_incident, make_mention, make_scored, make_transition


def save(store: Store, *mentions: Mention, **beside: object) -> None:
    store.mentions.save([make_scored(each) for each in mentions], Batch(**beside))  # type: ignore[arg-type]  # kinds of rows


def seen(identifier: str, minutes: float, *, brand: str = "acme", posted: float | None = None) -> Mention:
    return make_mention(
        identifier, brand=brand, seen_at=at(minutes), posted_at=at(minutes if posted is None else posted)
    )


def names(found: list[Recorded]) -> list[str]:
    return [each.record.mention.id if isinstance(each.record, ScoredMention) else "beside" for each in found]


def test_history_comes_in_the_order_of_collection_with_its_scores(store: Store) -> None:
    save(store, seen("late", 50, posted=1), seen("second", 20))
    save(store, seen("first", 10))
    recording = History(store.database).recording(Stretch())
    found = list(recording)
    assert (names(found), recording.mentions) == (["first", "second", "late"], 3)
    assert found[0].record == make_scored(seen("first", 10))
    assert list(recording) == found


def test_all_that_was_collected_stands_where_it_was_seen(store: Store) -> None:
    beside = {
        "engagements": (Engagement(platform="x", post_id="p", brand="acme", seen_at=at(15), likes=3),),
        "deletions": (Deletion(platform="x", id="1", brand="acme", seen_at=at(3000)),),
        "likes": (Like(platform="x", id="l", brand="acme", liked_at=at(5), text="lovely"),),
        "gaps": (
            Gap(platform="x", brand=None, started_at=at(-60), ended_at=at(12)),
            Gap(platform="x", brand="other", started_at=at(-60), ended_at=at(13)),
        ),
    }
    save(store, seen("1", 10), seen("2", 20), **beside)
    found = list(History(store.database).recording(Stretch(brands=("acme",))))
    assert [type(each.record) for each in found] == [Like, ScoredMention, Gap, Engagement, ScoredMention, Deletion]
    assert [each.at for each in found] == [at(5), at(10), at(12), at(15), at(20), at(3000)]


def test_a_stretch_is_bounded_by_brand_and_collection(store: Store) -> None:
    save(store, seen("before", 9, posted=9), seen("in", 10, posted=1), seen("at the end", 20))
    save(store, seen("theirs", 15, brand="other"))
    stretch = Stretch(brands=("acme",), since=at(10), until=at(20))
    assert names(list(History(store.database).recording(stretch))) == ["in"]


def test_more_than_one_chunk_comes_whole(store: Store) -> None:
    save(store, *(seen(str(n), n / 10) for n in range(1201)))
    assert names(list(History(store.database).recording(Stretch()))) == [str(n) for n in range(1201)]


def test_the_span_is_that_of_the_brands_asked_for(store: Store) -> None:
    save(store, seen("1", 10), seen("2", 70), seen("3", 900, brand="other"))
    history = History(store.database)
    assert history.span(("acme",)) == (at(10), at(70))
    assert history.span(("acme", "other")) == (at(10), at(900))
    assert history.span(("nobody",)) is None


def test_past_incidents_come_with_their_first_page(store: Store) -> None:
    opened = make_transition(make_incident(level=Level.WARN))
    stored = store.incidents.apply(opened, notices_for=lambda _: ()).incident
    paged = make_transition(
        make_incident(id=stored.id, version=stored.version, updated_at=at(30)), Moment.UPDATED, at=at(7)
    )
    store.incidents.apply(paged, notices_for=lambda _: ())
    history = History(store.database)
    (found,) = history.incidents(Stretch(brands=("acme",), since=at(20), until=at(60)))
    assert (found.incident.id, found.paged_at, found.ended_at) == (stored.id, at(7), at(30))
    assert history.incidents(Stretch(since=at(31))) == ()
    assert history.incidents(Stretch(until=AT)) == ()
    assert history.incidents(Stretch(brands=("other",))) == ()


def test_a_store_opened_to_be_read_cannot_be_written(store: Store, store_url: str) -> None:
    save(store, seen("1", 10))
    reader = open_store(store_url, is_read_only=True)
    assert names(list(History(reader.database).recording(Stretch()))) == ["1"]
    with pytest.raises(StoreReadOnly):
        save(reader, seen("2", 20))
    reader.close()
    assert names(list(History(store.database).recording(Stretch()))) == ["1"]


def test_a_file_of_any_name_can_be_opened_to_be_read_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "odd #name?%41"
    folder.mkdir()
    writer = open_store("sqlite:///a.db", folder=str(folder))
    save(writer, seen("1", 10))
    writer.close()
    before = (folder / "a.db").read_bytes()
    reader = open_store("sqlite:///a.db", folder=str(folder), is_read_only=True)
    assert names(list(History(reader.database).recording(Stretch()))) == ["1"]
    reader.close()
    assert (folder / "a.db").read_bytes() == before


def test_a_store_to_be_read_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such database"):
        open_store("sqlite:///gone.db", folder=str(tmp_path), is_read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_tables_that_are_not_up_to_date_are_refused_instead_of_upgraded(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    open_store("sqlite:///new.db", folder=str(tmp_path)).close()
    with pytest.raises(StoreError):
        open_store("sqlite:///empty.db", folder=str(tmp_path), is_read_only=True)
    assert (tmp_path / "empty.db").stat().st_size == 0


def test_scratch_stores_do_not_see_each_other() -> None:
    one, other = open_store(SCRATCH_URL), open_store(SCRATCH_URL)
    save(one, seen("1", 10))
    assert (one.reads.brands(), other.reads.brands()) == (("acme",), ())
    assert one.reads.brand_minutes("acme", since=AT, until=AT + timedelta(hours=1))[0].mentions == 1
