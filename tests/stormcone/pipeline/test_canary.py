import pytest

from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.config.sections import ScoringSettings
from stormcone.errors import StoreBusy
from stormcone.models import Batch, Scores
from stormcone.models.heartbeats import CANARY
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.canary import TEXT, Canary, CanaryFailed
from stormcone.store import Store
from tests.fakes import AT, at, make_mention, make_scored
from tests.stormcone.pipeline.parts import WordScorer, make_pipeline, spoil


class DeafScorer(WordScorer):
    """Hears anger in nothing."""

    def _score(self, is_angry: bool) -> Scores:
        return super()._score(False)


def test_the_real_scorer_hears_it_and_nothing_of_it_stays(store: Store) -> None:
    pipeline = build_pipeline(Config(), store, ManualClock(AT))
    assert Canary(pipeline).fly().startswith("came through in ")
    assert store.reads.brands() == ()
    assert list(store.reads.mentions_since(at(-9), brand=CANARY)) == []
    assert store.reads.brand_minutes(CANARY, since=at(-9), until=at(9)) == ()


def test_no_detector_of_a_brand_ever_sees_it(store: Store) -> None:
    pipeline, _ = make_pipeline(store)
    pipeline.ingest.take(Batch(mentions=(make_mention(),)))
    Canary(pipeline).fly()
    assert len(list(pipeline.brands)) == 1
    assert pipeline.desk.tick(at(10)) == ()
    assert store.readings.newest(CANARY) is None
    assert store.mentions.history_revision() == 0


def test_it_flies_again_and_again(store: Store) -> None:
    pipeline, clock = make_pipeline(store)
    canary = Canary(pipeline)
    for minutes in (0, 15, 30):
        clock.move_to(at(minutes))
        canary.fly()


def test_what_a_killed_watcher_left_is_cleaned_first(store: Store) -> None:
    left = make_mention("left", brand=CANARY, platform=CANARY, parent_id=None, root_id=None)
    store.mentions.save([make_scored(left)], Batch())
    pipeline, _ = make_pipeline(store)
    Canary(pipeline).fly()
    assert store.reads.mention_named(CANARY, "left", CANARY) is None


def test_a_scorer_that_hears_nothing_is_found_out(store: Store) -> None:
    pipeline = build_pipeline(Config(), store, ManualClock(AT), scorer=DeafScorer())
    with pytest.raises(CanaryFailed, match="did not hear its anger"):
        Canary(pipeline).fly()
    assert store.heartbeats.forget_canary() == 0


def test_a_store_that_takes_nothing_is_found_out(sqlite_store: Store) -> None:
    spoilt = spoil(sqlite_store, "mentions", "save", StoreBusy("locked"))
    pipeline, _ = make_pipeline(spoilt)
    with pytest.raises(StoreBusy):
        Canary(pipeline).fly()


def test_where_english_is_not_read_it_is_counted_all_the_same(store: Store) -> None:
    config = Config(scoring=ScoringSettings(languages=("fi",)))
    pipeline = build_pipeline(config, store, ManualClock(AT), scorer=DeafScorer())
    assert Canary(pipeline).fly().startswith("came through in ")


def test_its_text_is_angry_at_nobody_in_particular() -> None:
    assert "@" not in TEXT
    assert "http" not in TEXT
