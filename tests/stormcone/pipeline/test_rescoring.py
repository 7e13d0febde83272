from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.models import NOTHING_KNOWN, Batch, Confidence, Mention, ScoredMention, Scores, Surroundings
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.rescoring import Rescored, Rescoring
from stormcone.store import Store
from tests.fakes import AT, POST, at, make_mention, make_own_post
from tests.stormcone.pipeline.parts import WordScorer, make_calm, make_storm
from tests.sums import assert_sums_equal_rows


class NewScorer(WordScorer):
    """Sees hostility in the word harbour instead, in awkward fractions, and says so where it guessed."""

    name = "words 2"

    def __init__(self, *, fails_at: int | None = None) -> None:
        self.read: list[str] = []
        self.given: list[Surroundings] = []
        self._fails_at = fails_at

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        self.given.append(around)
        if len(self.given) == self._fails_at:
            raise InterruptedError("killed")
        self.read += [mention.id for mention in mentions]
        return [self._judge(mention) for mention in mentions]

    def _judge(self, mention: Mention) -> Scores:
        against = 0.7 if "harbour" in mention.text else 0.1 + len(mention.id) / 100
        confidence = Confidence.LOW if mention.id.endswith("7") else Confidence.NORMAL
        return replace(
            self._score(is_angry=False),
            p_negative=against,
            p_neutral=1 - against,
            p_positive=0.0,
            hostility=against / 1.1,
            scorer=self.name,
            confidence=confidence,
        )


HISTORY = [*make_calm(22), make_own_post(), *make_storm(300)[1:]]  # 2,413: two chunks


def fill(store: Store, mentions: Sequence[Mention] = HISTORY, *, at_once: int = 500) -> None:
    """Let the first scorer collect history."""
    pipeline = build_pipeline(Config(), store, ManualClock(AT), scorer=WordScorer())
    for start in range(0, len(mentions), at_once):
        pipeline.ingest.take(Batch(mentions=tuple(mentions[start : start + at_once])))


def rows(store: Store) -> dict[tuple[str, str], ScoredMention]:
    return {
        (each.scored.mention.brand, each.scored.mention.id): each.scored
        for each in store.history.following(0, limit=10_000)
    }


def rescore(
    store: Store, scorer: NewScorer, *, brand: str | None = None, since: datetime | None = None, dry: bool = False
) -> Rescored:
    return Rescoring(store, scorer, is_dry_run=dry).run(brand=brand, since=since)


def test_history_is_as_if_the_new_scorer_had_collected_it(store: Store, sqlite_store: Store) -> None:
    fill(store)
    done = rescore(store, NewScorer())
    pipeline = build_pipeline(Config(), sqlite_store, ManualClock(AT), scorer=NewScorer())
    pipeline.ingest.take(Batch(mentions=tuple(HISTORY)))
    assert rows(store) == rows(sqlite_store)
    assert_sums_equal_rows(store)
    assert (done.read, dict(done.rescored)) == (2_413, {"words 1": 2_413})
    assert done.changed_side == 2_412  # all but the own post: the calm have turned hostile, the hostile calm
    assert done.changed == 2_413


def test_twice_is_a_no_op(store: Store) -> None:
    fill(store)
    rescore(store, NewScorer())
    before, again = rows(store), NewScorer()
    done = rescore(store, again)
    assert (done.read, done.rescored.total(), done.changed_side, done.changed) == (2_413, 0, 0, 0)
    assert again.read == []
    assert rows(store) == before


def test_what_was_interrupted_is_sound_and_finished_by_the_next_run(store: Store, sqlite_store: Store) -> None:
    for each in (store, sqlite_store):
        fill(each)
    with pytest.raises(InterruptedError):
        rescore(store, NewScorer(fails_at=2))
    assert {each.scores.scorer for each in rows(store).values()} == {"words 1", "words 2"}
    assert_sums_equal_rows(store)
    done = rescore(store, NewScorer())
    rescore(sqlite_store, NewScorer())
    assert done.rescored == {"words 1": 413}
    assert rows(store) == rows(sqlite_store)
    assert_sums_equal_rows(store)


def test_a_dry_run_counts_the_same_and_writes_nothing(store: Store) -> None:
    fill(store)
    before = rows(store)
    dry = rescore(store, NewScorer(), dry=True)
    assert rows(store) == before
    assert dry == rescore(store, NewScorer())


@pytest.mark.parametrize(("before", "rescored"), [("words 2+tiny 1", 0), ("words 2", 0), ("words 1+tiny 1", 1)])
def test_a_second_reading_is_neither_dropped_nor_missed(sqlite_store: Store, before: str, rescored: int) -> None:
    class First(WordScorer):
        name = before

    class Second(NewScorer):
        name = "words 2+tiny 2"

    for scorer in (NewScorer(), Second()):
        pipeline = build_pipeline(Config(), sqlite_store, ManualClock(AT), scorer=First())
        pipeline.ingest.take(Batch(mentions=(make_mention(scorer.name),)))
        assert rescore(sqlite_store, scorer).rescored.total() == rescored


def test_only_the_brand_that_was_named_is_scored_again(store: Store) -> None:
    fill(store, [make_mention("1"), make_mention("1", brand="bolt")])
    assert rescore(store, NewScorer(), brand="bolt").read == 1
    assert {key: each.scores.scorer for key, each in rows(store).items()} == {
        ("acme", "1"): "words 1",
        ("bolt", "1"): "words 2",
    }
    assert_sums_equal_rows(store)


def test_a_vote_that_began_before_since_is_not_counted_again(store: Store) -> None:
    spoken = [
        make_mention(str(n), text=f"number {n} saw the harbour", posted_at=at(n * 10), seen_at=at(n * 10))
        for n in range(3)
    ]
    fill(store, spoken)
    done = rescore(store, NewScorer(), since=at(5))
    found = rows(store)
    assert done.read == 2
    assert [found["acme", str(n)].scores.scorer for n in range(3)] == ["words 1", "words 2", "words 2"]
    assert [found["acme", str(n)].vote.thread_voice for n in range(3)] == [1.0, 0.0, 0.0]
    assert [found["acme", str(n)].vote.voice for n in range(3)] == [1.0, 0.0, 1.0]
    assert_sums_equal_rows(store)


def test_the_first_days_of_the_calendar_are_no_error(sqlite_store: Store) -> None:
    fill(sqlite_store, [make_mention()])
    first = datetime.min.replace(tzinfo=AT.tzinfo)
    assert rescore(sqlite_store, NewScorer(), since=first).read == 1
    assert rescore(sqlite_store, NewScorer(), since=AT + timedelta(days=1)).read == 0


def test_the_scorer_is_told_what_stood_around(sqlite_store: Store) -> None:
    own = make_own_post(text="look at our new cup")
    fill(sqlite_store, [make_mention("first"), own])  # the post was collected after its reply
    scorer = NewScorer()
    rescore(sqlite_store, scorer)
    assert scorer.given[0].posts == {POST: own}


def test_what_was_erased_keeps_the_scores_and_the_vote_it_had(sqlite_store: Store) -> None:
    fill(sqlite_store, make_storm(20))
    sqlite_store.retention.erase_words(before=AT + timedelta(minutes=2), at=AT, limit=5)
    erased = {key for key, each in rows(sqlite_store).items() if not each.mention.text}
    before = rows(sqlite_store)
    scorer = NewScorer()
    done = rescore(sqlite_store, scorer)
    after = rows(sqlite_store)
    assert len(erased) == 5
    assert {key: after[key] for key in erased} == {key: before[key] for key in erased}
    assert not {identifier for _, identifier in erased} & set(scorer.read)
    assert (done.read, done.rescored.total()) == (21, 16)
    assert_sums_equal_rows(sqlite_store)
