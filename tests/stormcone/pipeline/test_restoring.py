from datetime import timedelta

import pytest

from stormcone.models import Batch, Gap, Level, Trust
from stormcone.pipeline.restoring import recount_votes, restore
from tests.fakes import AT, at, make_mention
from tests.stormcone.pipeline.parts import make_calm, make_pipeline, make_storm, play


@pytest.mark.parametrize(
    ("hostile", "until", "level"), [(6, 5, Level.WATCH), (8, 5, Level.WARN), (60, 5, Level.PAGE), (60, 10, Level.PAGE)]
)
def test_after_a_restart_the_same_is_concluded_as_without(hostile: int, until: int, level: Level) -> None:
    mentions = [*make_calm(3), *make_storm(hostile, AT + timedelta(seconds=5))]
    ran_on, _ = make_pipeline()
    play(ran_on, [each for each in mentions if each.seen_at <= at(until)], until=until)
    restarted, _ = make_pipeline(ran_on.store)
    restore(restarted.store, restarted.brands, restarted.around, at(until))
    concluded = []
    for pipeline in (ran_on, restarted):
        judged = pipeline.brands.get("acme").watch.evaluate(at(until + 5))
        assert judged is not None
        (post,) = judged.posts
        said = [
            (each.signal, round(each.value, 2), round(each.expected or 0.0, 2))
            for verdict in (post, judged.stream)
            for each in verdict.reasons
            if each.signal in {"negative_share", "hostile_share", "cues"}
        ]
        assert len(said) == 6
        concluded.append((post.level, post.kind, judged.stream.level, round(post.voices_now), post.severity, said))
    assert concluded[0] == concluded[1]
    assert concluded[0][0] is level


def test_who_has_spoken_before_a_restart_has_no_new_vote_after_it() -> None:
    first, _ = make_pipeline()
    first.ingest.take(Batch(mentions=(make_mention(author="shouter"),)))
    second, _ = make_pipeline(first.store)
    restore(second.store, second.brands, second.around, at(1))
    shout = make_mention("2", author="shouter", text="and another thing", posted_at=at(1), seen_at=at(1))
    second.ingest.take(Batch(mentions=(shout,)))
    minutes = second.store.reads.brand_minutes("acme", since=AT, until=at(5))
    assert sum(minute.voices for minute in minutes) == 1


def test_a_gap_before_a_restart_is_still_unknown_after_it() -> None:
    first, _ = make_pipeline()
    first.ingest.take(Batch(mentions=tuple(make_calm(3))))
    first.ingest.take(Batch(gaps=(Gap(platform="x", brand="acme", started_at=at(-30), ended_at=at(-5)),)))
    second, _ = make_pipeline(first.store)
    restore(second.store, second.brands, second.around, AT)
    judged = second.brands.get("acme").watch.evaluate(at(5))
    assert judged is not None
    assert judged.stream.trust is Trust.GAP


def test_recounting_takes_back_votes_that_were_never_stored() -> None:
    pipeline, _ = make_pipeline()
    pipeline.ingest.take(Batch(mentions=(make_mention(author="stored"),)))
    ballot = pipeline.brands.get("acme").ballot
    scores = next(pipeline.store.reads.mentions_since(AT)).scores
    ballot.cast(make_mention("2", author="lost", text="one"), scores)
    recount_votes(pipeline.store, pipeline.brands, at(1))
    fresh = pipeline.brands.get("acme").ballot
    assert fresh.cast(make_mention("2", author="lost", text="one"), scores).voice == 1
    assert fresh.cast(make_mention("3", author="stored", text="two"), scores).voice == 0
