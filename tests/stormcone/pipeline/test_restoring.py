from datetime import datetime, timedelta

import pytest

from stormcone.models import Batch, Gap, Level, Mention, Trust
from stormcone.pipeline.restoring import recount_votes, restore
from tests.fakes import AT, at, make_mention, make_own_post
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
            if each.signal in {"negative_share", "hostile_share", "cues", "strangers", "first_person"}
        ]
        assert len(said) == 8
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


def make_thread(post: str, since: datetime, authors: list[str]) -> list[Mention]:
    """Return an own post and a calm reply by each author, one a minute; every second one of a customer."""
    own = make_own_post(post, posted_at=since, seen_at=since, text=f"news {post}")
    replies = [
        make_mention(
            f"{post}-{n}",
            author=author,
            text=f"my order {post} {n} came today" if n % 2 else f"who wrote {post} {n}",
            parent_id=post,
            root_id=post,
            posted_at=since + timedelta(minutes=n + 1),
            seen_at=since + timedelta(minutes=n + 1),
        )
        for n, author in enumerate(authors)
    ]
    return [own, *replies]


def test_who_was_heard_weeks_before_a_restart_is_no_stranger_after_it() -> None:
    first, _ = make_pipeline()
    regulars = [f"regular {n}" for n in range(30)]
    history = make_thread("early", AT - timedelta(days=20), regulars)
    for number in range(4):  # each with ten regulars and ten strangers
        strangers = [f"stranger {number}.{n}" for n in range(10)]
        authors = [name for pair in zip(regulars, strangers, strict=False) for name in pair]
        history += make_thread(f"post {number}", AT - timedelta(days=15 - number), authors)
    storm = make_storm(
        60,
        AT,
        change=lambda n: {"author": regulars[n // 10]} if n % 10 == 0 else {"author_followers": 250_000 * (n == 7)},
    )
    first.ingest.take(Batch(mentions=tuple(history)))
    restarted, _ = make_pipeline(first.store)
    restore(restarted.store, restarted.brands, restarted.around, AT)
    play(restarted, storm, until=15)
    judged = restarted.brands.get("acme").watch.evaluate(at(20))
    assert judged is not None
    (post,) = judged.posts
    told = {each.signal: each for each in post.reasons}
    strangers_told, personal = told["strangers"], told["first_person"]
    assert strangers_told.expected == pytest.approx(0.5)
    assert "of 60 authors had never mentioned the brand before, usually 50%" in strangers_told.text
    assert strangers_told.surprise is not None
    assert strangers_told.surprise > 2
    assert personal.expected == pytest.approx(0.5)
    assert personal.surprise is not None
    assert personal.surprise < -2  # they shout about the post; nobody tells of an order
    assert told["reach"].text == "stranger-7 with 250,000 followers joined in"


def test_recounting_keeps_who_was_heard() -> None:
    pipeline, _ = make_pipeline()
    pipeline.ingest.take(Batch(mentions=tuple(make_calm(5))))
    recount_votes(pipeline.store, pipeline.brands, AT)
    (scored,) = (each for each in pipeline.store.reads.mentions_since(at(-15)))
    ballot = pipeline.brands.get("acme").ballot
    votes = [
        ballot.cast(make_mention(name, author=name, text=name, posted_at=at(1), seen_at=at(1)), scored.scores)
        for name in ("neighbour-0", "passer-by")
    ]
    assert [vote.is_stranger for vote in votes] == [False, True]
