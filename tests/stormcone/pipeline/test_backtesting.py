from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from stormcone.clock import ManualClock
from stormcone.config import BrandSettings, Config
from stormcone.mention_file import FileRow
from stormcone.models import NOTHING_KNOWN, Batch, Gap, Mention, Moment, Scores, Surroundings, Transition
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.backtesting import RememberingScorer, play_history
from stormcone.pipeline.replaying import Played, play
from stormcone.store import MEMORY_URL, Store, open_store
from stormcone.store.history import Stretch
from tests.fakes import AT, at
from tests.stormcone.pipeline.parts import WordScorer, make_calm, make_pipeline, make_storm

LATE = {"seen_at": at(30)}
STORM = [*make_calm(3), *make_storm(60, change=lambda n: LATE if n % 9 == 0 else {})]
GAP = Gap(platform="x", brand=None, started_at=at(-400), ended_at=at(-300))


def stored(mentions: list[Mention], *, is_backwards: bool = False) -> Store:
    """Return a store into which the mentions came in the order of collection, by a scorer that nobody else has."""
    pipeline, _ = make_pipeline()
    ordered = sorted(mentions, key=lambda mention: mention.seen_at, reverse=is_backwards)
    for start in range(0, len(ordered), 50):
        pipeline.ingest.take(Batch(mentions=tuple(ordered[start : start + 50])))
    pipeline.ingest.take(Batch(gaps=(GAP,)))
    return pipeline.store


def from_files(mentions: list[Mention], config: Config | None = None) -> list[Transition]:
    pipeline, clock = make_pipeline(start=AT - timedelta(days=30), config=config)
    records = [*((each, each.seen_at) for each in mentions), (GAP, GAP.ended_at)]
    rows = [FileRow(record=record, seen_at=seen_at, place="invented") for record, seen_at in records]
    return list(play(pipeline, clock, rows, poll_minutes=1, played=Played()))


def from_store(store: Store, stretch: Stretch | None = None, config: Config | None = None) -> list[Transition]:
    played = Played()
    return list(play_history(config or Config(), store, stretch or Stretch(), poll_minutes=1, played=played))


@pytest.mark.parametrize("is_backwards", [False, True])
def test_stored_history_tells_what_its_files_tell(is_backwards: bool) -> None:
    happened = from_store(stored(STORM, is_backwards=is_backwards))
    assert happened == from_files(STORM)
    assert Moment.RESOLVED in {each.moment for each in happened}


def test_another_budget_tells_what_files_tell_with_it() -> None:
    strict = Config(brand=(BrandSettings(name="acme", false_pages_per_month=0.01),))
    happened = from_store(stored(STORM), config=strict)
    assert happened == from_files(STORM, strict)
    assert happened != from_files(STORM)


def test_nothing_is_written_where_history_is_read() -> None:
    store = stored(STORM)
    with store.database.read() as connection:
        before = list(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]  # SQLite's own
    from_store(store)
    with store.database.read() as connection:
        assert list(connection.connection.dbapi_connection.iterdump()) == before  # type: ignore[union-attr]


def told(happened: list[Transition]) -> list[tuple[datetime, Moment, int, str, int]]:
    return [
        (each.at, each.moment, int(each.incident.level), each.incident.kind.value, each.incident.severity)
        for each in happened
    ]


def test_a_stretch_is_judged_as_if_its_past_had_been_watched() -> None:
    since = at(-60)
    part = from_store(stored(STORM), Stretch(brands=("acme",), since=since))
    whole = from_store(stored(STORM))
    assert told(part) == told(whole)
    assert all(each.at >= since for each in part)


def test_without_its_past_the_same_stretch_is_judged_otherwise() -> None:
    newborn = [each for each in STORM if each.seen_at >= at(-60)]
    assert [each.verdict for each in from_store(stored(newborn), Stretch(since=at(-60)))] != [
        each.verdict for each in from_store(stored(STORM), Stretch(since=at(-60)))
    ]


def test_what_came_late_is_no_part_of_the_past() -> None:
    """The sums of the real store hold it at the minute it was posted; a watcher of that time did not have it yet."""
    late = [*make_calm(3), *make_storm(60, change=lambda _: {"seen_at": at(20)})]
    happened = from_store(stored(late), Stretch(since=at(15)))
    assert happened[0].at == at(20)
    assert told(happened) == told(from_store(stored(late)))


def test_only_what_is_chosen_is_played() -> None:
    store, played, reports = stored(STORM), Played(), []
    list(
        play_history(
            Config(),
            store,
            Stretch(brands=("acme",), since=at(-1440), until=at(-720)),
            poll_minutes=1,
            played=played,
            report=lambda done, of, instant: reports.append((done, of, instant)),
        )
    )
    assert (played.mentions, played.brands, played.incidents) == (48, {"acme"}, 0)
    assert [done for done, _, _ in reports] == list(range(1, 3 * 96 - 48 + 1))
    assert {of for _, of, _ in reports} == {3 * 96 - 48}
    assert from_store(store, Stretch(since=at(10_000))) == []


def test_history_scored_anew_is_read_by_the_scorer_of_today() -> None:
    store = stored(STORM)
    happened = list(play_history(Config(), store, Stretch(), poll_minutes=1, played=Played(), is_rescored=True))
    clock = ManualClock(AT - timedelta(days=30))
    rows = [FileRow(record=each, seen_at=each.seen_at, place="invented") for each in STORM]
    rows.append(FileRow(record=GAP, seen_at=GAP.ended_at, place="invented"))
    pipeline = build_pipeline(Config(), open_store(MEMORY_URL), clock)
    assert happened == list(play(pipeline, clock, rows, poll_minutes=1, played=Played()))


def test_a_text_is_scored_once_however_often_it_is_played() -> None:
    asked: list[str] = []

    class Counting(WordScorer):
        def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
            asked.extend(mention.id for mention in mentions)
            return super().score(mentions, around)

    scorer = RememberingScorer(Counting())
    first = scorer.score(STORM[:5])
    assert scorer.score(STORM[2:6])[:3] == first[2:]
    assert asked == [mention.id for mention in STORM[:6]]
