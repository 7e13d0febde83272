from collections.abc import Sequence
from dataclasses import replace

import pytest

from stormcone.clock import ManualClock
from stormcone.config import Config
from stormcone.errors import StoreBusy
from stormcone.models import NOTHING_KNOWN, Batch, Confidence, Mention, Moment, Scores, State, Surroundings
from stormcone.pipeline import build_pipeline
from stormcone.pipeline.restoring import restore
from stormcone.pipeline.surroundings import Gatherer
from stormcone.store import MEMORY_URL, Store, open_store
from tests.fakes import AT, POST, at, make_incident, make_mention, make_own_post, make_scored, make_transition
from tests.stormcone.pipeline.parts import WordScorer, make_pipeline, make_storm, play, spoil

OWN = make_own_post(text="look at our new cup")
REPLY = make_mention("reply")


class Counting:
    """Stands before the read door and counts how often posts are asked for."""

    def __init__(self, store: Store) -> None:
        self._reads = store.reads
        self.asked: list[int] = []

    def own_posts_named(self, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Mention]:
        self.asked.append(len(places))
        return self._reads.own_posts_named(places)


def counted() -> tuple[Store, Gatherer, Counting]:
    store = open_store(MEMORY_URL)
    reads = Counting(store)
    return store, Gatherer(replace(store, reads=reads)), reads  # type: ignore[arg-type]  # a stand-in


def saved(store: Store, *mentions: Mention) -> None:
    store.mentions.save([make_scored(each) for each in mentions], Batch())


def test_the_post_of_a_thread_comes_from_the_batch_itself() -> None:
    _, gatherer, reads = counted()
    around = gatherer.gather([REPLY], [OWN, REPLY])
    assert around.posts == {POST: OWN}
    assert reads.asked == []


def test_a_post_that_is_not_at_hand_is_asked_for_once() -> None:
    store, gatherer, reads = counted()
    saved(store, OWN, make_mention("stranger's", root_id=None, parent_id=None))
    for _ in range(2):
        around = gatherer.gather([REPLY, make_mention("2", root_id="stranger's")], [])
        assert around.posts == {POST: OWN}
    assert reads.asked == [2]


def test_a_post_that_nobody_knew_is_looked_at_again_once_it_appears() -> None:
    store, gatherer, reads = counted()
    assert gatherer.gather([REPLY], [REPLY]).posts == {}
    gatherer.gather([], [OWN])
    assert gatherer.gather([REPLY], [REPLY]).posts == {POST: OWN}
    assert reads.asked == [1]
    saved(store, OWN)
    gatherer.gather([], [make_own_post(str(n)) for n in range(2_000)])  # which drive it out of memory
    assert gatherer.gather([REPLY], [REPLY]).posts == {POST: OWN}
    assert reads.asked == [1, 1]


def test_an_own_reply_that_is_answered_directly_is_known_where_it_is_at_hand() -> None:
    _, gatherer, _ = counted()
    apology = make_own_post("apology", parent_id="reply", root_id=POST[1], text="we are sorry")
    around = gatherer.gather([make_mention("2", parent_id="apology")], [OWN, apology])
    assert around.posts == {POST: OWN, ("x", "apology"): apology}


def test_a_megabyte_is_not_kept_of_a_post() -> None:
    _, gatherer, _ = counted()
    (post,) = gatherer.gather([REPLY], [replace(OWN, text="word " * 200_000)]).posts.values()
    assert len(post.text) == 4_000


def test_authors_have_the_language_they_wrote_in_last_as_far_as_it_was_read_well() -> None:
    _, gatherer, _ = counted()

    def wrote(lang: str | None, confidence: Confidence = Confidence.NORMAL, **changes: object) -> None:
        scored = make_scored(make_mention(**changes), confidence=confidence)  # type: ignore[arg-type]  # of Mention
        gatherer.learn([replace(scored, scores=replace(scored.scores, lang=lang))])

    wrote("en")
    wrote("hu")
    wrote("fi", Confidence.LOW)
    wrote(None)
    wrote("de", platform="y")
    wrote("es", author=None)
    fresh = [
        make_mention("1"),
        make_mention("2", platform="y"),
        make_mention("3", author="new"),
        make_mention("4", author=None),
    ]
    assert gatherer.gather(fresh, ()).author_langs == {("x", "stranger"): "hu", ("y", "stranger"): "de"}
    gatherer.forget()
    assert gatherer.gather(fresh, ()).author_langs == {}


def test_memory_is_bounded() -> None:
    _, gatherer, _ = counted()
    for start in range(0, 104_000, 4_000):
        gatherer.learn([make_scored(make_mention(author=f"author {n}")) for n in range(start, start + 4_000)])
    gatherer.gather([], [make_own_post(str(n)) for n in range(2_500)])
    first, last = (
        make_mention("1", author="author 0", root_id="0"),
        make_mention("2", author="author 103999", root_id="2499"),
    )
    around = gatherer.gather([first, last], ())
    assert list(around.author_langs) == [("x", "author 103999")]
    assert list(around.posts) == [("x", "2499")]


def test_posts_with_an_open_incident_are_watched_also_before_the_first_tick() -> None:
    store, gatherer, _ = counted()
    applied = store.incidents.apply(make_transition(make_incident()), notices_for=lambda _: ())
    assert gatherer.gather((), ()).watched == {POST}
    store.incidents.apply(
        make_transition(replace(applied.incident, state=State.RESOLVED, resolved_at=at(5))), notices_for=lambda _: ()
    )
    assert gatherer.gather((), ()).watched == {POST}  # the desk tells, nobody asks again
    gatherer.forget()
    assert gatherer.gather((), ()).watched == frozenset()


class Noting(WordScorer):
    """Keeps the surroundings it was given."""

    def __init__(self) -> None:
        self.given: list[Surroundings] = []

    def score(self, mentions: Sequence[Mention], around: Surroundings = NOTHING_KNOWN) -> list[Scores]:
        self.given.append(around)
        return super().score(mentions, around)


def test_the_scorer_is_told_of_the_post_its_incident_and_its_authors() -> None:
    scorer = Noting()
    pipeline = build_pipeline(Config(), open_store(MEMORY_URL), ManualClock(AT), scorer=scorer)
    storm = make_storm(60)
    opened = play(pipeline, storm, until=20)
    assert opened
    assert scorer.given[0].posts == {POST: storm[0]}
    assert scorer.given[0].watched == frozenset()
    pipeline.ingest.take(Batch(mentions=(make_mention("late", author="stranger-3", seen_at=at(21), posted_at=at(21)),)))
    assert scorer.given[-1] == Surroundings(
        posts={POST: storm[0]}, author_langs={("x", "stranger-3"): "en"}, watched=frozenset({POST})
    )


def test_a_post_is_watched_no_more_once_its_incident_is_over() -> None:
    pipeline, _ = make_pipeline()
    play(pipeline, make_storm(60), until=20)
    over = next(
        minutes
        for minutes in range(20, 900, 5)
        if any(done.moment is Moment.RESOLVED for done in pipeline.desk.tick(at(minutes)))
    )
    assert pipeline.around.gather((), ()).watched == frozenset()
    pipeline.desk.tick(at(over + 5))
    assert pipeline.around.gather((), ()).watched == frozenset()


def test_languages_and_posts_are_known_again_after_a_restart() -> None:
    first, _ = make_pipeline()
    first.ingest.take(Batch(mentions=(OWN, REPLY)))
    second, _ = make_pipeline(first.store)
    restore(second.store, second.brands, second.around, at(1))
    around = second.around.gather([REPLY], ())
    assert (around.posts, around.author_langs) == ({POST: OWN}, {("x", "stranger"): "en"})


def test_what_could_not_be_stored_teaches_no_language() -> None:
    store = open_store(MEMORY_URL)
    pipeline, _ = make_pipeline(spoil(store, "mentions", "save", StoreBusy("locked")))
    with pytest.raises(StoreBusy):
        pipeline.ingest.take(Batch(mentions=(REPLY,)))
    assert pipeline.around.gather([REPLY], ()).author_langs == {}
