"""The sums of screens on both databases (the fixture `store` of tests/conftest.py)."""

from datetime import UTC, datetime, timedelta

from stormcone.models import Batch, Confidence, Mention, ScoredMention, Scores, Vote
from stormcone.store import Store
from stormcone.store.screens import Screens

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def mention(
    number: int,
    minute: int,
    *,
    author: str | None,
    followers: int | None,
    against: float,
    confidence: Confidence = Confidence.NORMAL,
) -> ScoredMention:
    at = START + timedelta(minutes=minute, seconds=7)
    return ScoredMention(
        mention=Mention(
            platform="file",
            id=f"m{number}",
            brand="acme",
            posted_at=at,
            seen_at=at,
            text="invented",
            author=author,
            author_followers=followers,
        ),
        scores=Scores(
            p_negative=against,
            p_neutral=1 - against,
            p_positive=0.0,
            compound=None,
            hostility=0.0,
            cues=(),
            lang=None,
            scorer="test",
            confidence=confidence,
        ),
        vote=Vote(voice=1.0, against=against, thread_voice=0.0, thread_against=0.0, is_copy=False),
    )


def screens(store: Store) -> Screens:
    found = (
        mention(1, 0, author="a", followers=100, against=0.9),
        mention(2, 4, author="a", followers=120, against=0.8, confidence=Confidence.LOW),
        mention(3, 6, author="b", followers=None, against=0.7),
        mention(4, 7, author="c", followers=9_000, against=0.1),
        mention(5, 8, author=None, followers=50, against=0.9, confidence=Confidence.NONE),
    )
    store.mentions.save(found, Batch())
    return Screens(store.database)


def test_tone_is_summed_per_bucket(store: Store) -> None:
    buckets = screens(store).tone("acme", since=START, until=START + timedelta(hours=1), bucket_minutes=5)
    assert [(each.start, each.mentions) for each in buckets] == [(START, 2), (START + timedelta(minutes=5), 3)]
    assert abs(buckets[0].negative - 1.7) < 1e-9


def test_totals_end_before_until(store: Store) -> None:
    totals = screens(store).totals("acme", since=START, until=START + timedelta(minutes=6))
    assert (totals.mentions, totals.voices, totals.first_minute) == (2, 2.0, START)


def test_totals_say_which_part_is_a_guess(store: Store) -> None:
    totals = screens(store).totals("acme", since=START, until=START + timedelta(hours=1))
    assert (totals.unsure, totals.unsure_share) == (2, 0.4)


def test_totals_of_silence_name_no_minute(store: Store) -> None:
    totals = screens(store).totals("nobody", since=START, until=START + timedelta(hours=1))
    assert (totals.mentions, totals.against, totals.first_minute) == (0, 0.0, None)
    assert totals.unsure_share == 0.0


def test_reach_counts_each_hostile_author_once_and_says_what_is_unknown(store: Store) -> None:
    reach = screens(store).hostile_reach("acme", since=START, until=START + timedelta(hours=1))
    assert (reach.followers, reach.authors, reach.known) == (120, 2, 1)


def test_incident_without_notices_has_no_deliveries(store: Store) -> None:
    assert screens(store).deliveries(1) == ()
