"""Votes: one voice an author, copies folded, the stream and the threads apart."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analysis import voting
from analysis.voting import Ballot
from stormcone.models import Mention, Scores, Vote

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = "They moved my booking for the third time this week"


def scores(against: float, *, hostility: float | None = None) -> Scores:
    return Scores(
        p_negative=against,
        p_neutral=1 - against,
        p_positive=0.0,
        compound=None,
        hostility=against if hostility is None else hostility,
        cues=(),
        lang="en",
        scorer="test/1",
    )


def said(
    text: str, author: str | None = None, *, minutes: float = 0, thread: str | None = None, **more: object
) -> Mention:
    at = NOON + timedelta(minutes=minutes)
    facts = {"platform": "x", "posted_at": at, "seen_at": at, **more}
    return Mention(id="1", brand="acme", text=text, author=author, root_id=thread, **facts)  # type: ignore[arg-type]  # tests vary any fact


def cast(ballot: Ballot, *mentions: Mention, against: float = 0.5) -> list[Vote]:
    return [ballot.cast(each, scores(against)) for each in mentions]


def voices(votes: list[Vote]) -> float:
    return sum(vote.voice for vote in votes)


def distinct(number: int) -> str:
    return f"{LONG}, and this is story number {number}"


def test_one_author_shouting_fifty_times_is_one_voice_a_quarter_of_an_hour() -> None:
    votes = cast(Ballot(), *(said(distinct(n), "loud", minutes=n, thread="p1") for n in range(50)))
    assert voices(votes) == 4.0
    assert sum(vote.against for vote in votes) == 2.0
    assert sum(vote.thread_voice for vote in votes) == 1.0
    assert not any(vote.is_copy for vote in votes)


def test_vote_of_the_stream_lasts_fifteen_minutes_from_its_first_word() -> None:
    votes = cast(Ballot(), *(said(distinct(n), "a", minutes=minutes) for n, minutes in enumerate((0, 14, 15, 29, 30))))
    assert [vote.voice for vote in votes] == [1.0, 0.0, 1.0, 0.0, 1.0]


def test_forty_reposts_are_one_voice() -> None:
    first = said(LONG, "writer", thread="p1")
    reposts = [said(f"RT @writer: {LONG}", f"fan{n}", minutes=n, thread="p1") for n in range(1, 41)]
    votes = cast(Ballot(), first, *reposts)
    assert voices(votes) == sum(vote.thread_voice for vote in votes) == 1.0
    assert sum(vote.against for vote in votes) == sum(vote.thread_against for vote in votes) == 0.5
    assert [vote.is_copy for vote in votes] == [False] + [True] * 40


def test_repost_does_not_use_up_the_authors_own_vote() -> None:
    votes = cast(Ballot(), said(LONG, "writer"), said(LONG, "fan", minutes=1), said("my own words", "fan", minutes=2))
    assert [vote.voice for vote in votes] == [1.0, 0.0, 1.0]


def test_author_who_turns_hostile_adds_the_difference() -> None:
    ballot = Ballot()
    steps = [(0.2, 0.2), (0.9, 0.7), (0.5, 0.0), (1.0, 0.1)]
    for minutes, (against, added) in enumerate(steps):
        vote = ballot.cast(said(distinct(minutes), "a", minutes=minutes, thread="p1"), scores(against))
        assert vote.against == pytest.approx(added)
        assert vote.thread_against == pytest.approx(added)
        assert vote.voice == vote.thread_voice == float(minutes == 0)


def test_swearing_for_joy_below_a_post_is_no_mass_in_its_thread() -> None:
    vote = Ballot().cast(said(distinct(1), "fan", thread="p1"), scores(0.8, hostility=0.1))
    assert (vote.against, vote.thread_against) == (0.8, 0.1)


def test_short_words_and_pictures_of_many_people_are_many_voices() -> None:
    texts = ["ratio"] * 5 + ["😂😂"] * 5 + ["https://example.com/one-long-address-of-a-picture"] * 5
    votes = cast(Ballot(), *(said(text, f"a{n}") for n, text in enumerate(texts)))
    assert voices(votes) == 15.0
    assert not any(vote.is_copy for vote in votes)


def test_unknown_authors_are_voices_of_their_own_but_their_copies_are_not() -> None:
    votes = cast(Ballot(), said("ratio"), said("ratio"), said(distinct(1)), said(distinct(2)), said(distinct(2)))
    assert [vote.voice for vote in votes] == [1.0, 1.0, 1.0, 1.0, 0.0]


def test_author_repeating_themselves_is_no_copy() -> None:
    votes = cast(Ballot(), said(LONG, "a"), said(LONG, "a", minutes=90))
    assert [(vote.voice, vote.is_copy) for vote in votes] == [(1.0, False), (1.0, False)]


def test_writer_who_repeats_a_copied_text_is_still_its_writer() -> None:
    votes = cast(Ballot(), said(LONG, "a"), said(LONG, "b", minutes=1), said(LONG, "a", minutes=90))
    assert [(vote.voice, vote.is_copy) for vote in votes] == [(1.0, False), (0.0, True), (1.0, False)]


def test_same_name_on_another_platform_is_another_author() -> None:
    votes = cast(Ballot(), said("hello", "a"), said("hi there", "a", platform="reddit"))
    assert voices(votes) == 2.0


def test_text_that_returns_after_a_day_of_silence_is_news() -> None:
    votes = cast(Ballot(), said(LONG, "a"), said(LONG, "b", minutes=24 * 60 - 1), said(LONG, "c", minutes=48 * 60))
    assert [vote.is_copy for vote in votes] == [False, True, False]


def test_thread_remembers_an_author_for_a_week_while_the_stream_counts_anew() -> None:
    day = 24 * 60
    votes = cast(Ballot(), *(said(distinct(n), "a", minutes=n * day, thread="p1") for n in range(8)))
    assert [vote.voice for vote in votes] == [1.0] * 8
    assert [vote.thread_voice for vote in votes] == [1.0] + [0.0] * 6 + [1.0]


def test_threads_count_apart_and_free_mentions_in_none() -> None:
    votes = cast(Ballot(), said("one", "a", thread="p1"), said("two", "a", thread="p2"), said("three", "a"))
    assert [vote.thread_voice for vote in votes] == [1.0, 1.0, 0.0]
    assert voices(votes) == 1.0


def test_text_copied_within_a_thread_folds_days_later() -> None:
    votes = cast(Ballot(), said(LONG, "a", thread="p1"), said(LONG, "b", minutes=3 * 24 * 60, thread="p1"))
    assert (votes[1].voice, votes[1].thread_voice, votes[1].is_copy) == (1.0, 0.0, True)


def test_own_post_has_no_vote_and_its_reposts_are_copies() -> None:
    nothing = Vote(voice=0.0, against=0.0, thread_voice=0.0, thread_against=0.0, is_copy=False)
    own, repost = cast(Ballot(), said(LONG, "acme", is_own_post=True), said(f"RT @acme: {LONG}", "fan", minutes=1))
    assert own == nothing
    assert (repost.voice, repost.is_copy) == (0.0, True)


def test_forgetting_drops_old_threads_only() -> None:
    ballot = Ballot()
    cast(ballot, said("old", "a", thread="p1"), said("new", "a", minutes=30, thread="p2"))
    ballot.forget_before(NOON + timedelta(minutes=10))
    again = cast(ballot, said("old", "a", minutes=31, thread="p1"), said("new", "a", minutes=31, thread="p2"))
    assert [vote.thread_voice for vote in again] == [1.0, 0.0]
    assert voices(again) == 0.0


def test_restored_ballot_counts_on_as_if_never_stopped() -> None:
    draw = random.Random(11)
    stream = [
        said(draw.choice([LONG, "ratio", distinct(n % 9)]), draw.choice(["a", "b", "c", None]), minutes=n, thread="p1")
        for n in range(300)
    ]
    weights = [draw.random() for _ in stream]
    whole, restarted = Ballot(), Ballot()
    expected = [whole.cast(each, scores(weight)) for each, weight in zip(stream, weights, strict=True)]
    for each, weight in zip(stream[:200], weights[:200], strict=True):
        restarted.restore(each, scores(weight))
    rest = [restarted.cast(each, scores(w)) for each, w in zip(stream[200:], weights[200:], strict=True)]
    assert rest == expected[200:]
    assert {vote.voice for vote in expected[200:]} == {0.0, 1.0}


def test_late_rows_find_the_vote_of_their_own_hour() -> None:
    now = NOON + timedelta(minutes=300)
    late = [said(distinct(n), "a", minutes=n, seen_at=now) for n in range(5)]
    votes = cast(Ballot(), said("first word", "a", minutes=300), *late, said("next word", "a", minutes=301))
    assert [vote.voice for vote in votes] == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("year", [1, 9999])
def test_absurd_date_neither_raises_nor_wipes_the_memory(year: int) -> None:
    ballot = Ballot()
    absurd = said("from elsewhere", "b", posted_at=datetime(year, 1, 1, tzinfo=UTC))
    votes = cast(ballot, said("hello", "a"), absurd, said("hello again", "a", minutes=1))
    assert [vote.voice for vote in votes] == [1.0, 1.0, 0.0]


def test_memory_stays_bounded_by_age() -> None:
    ballot = Ballot()
    cast(ballot, *(said(distinct(n), f"a{n}", minutes=30 * n) for n in range(500)))
    assert len(ballot._stream._texts) <= 49
    assert len(ballot._stream._votes) <= 49


def test_memory_stays_bounded_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voting, "_MOST_ENTRIES", 10)
    ballot = Ballot()
    cast(ballot, *(said(distinct(n), f"a{n}", thread="p1") for n in range(100)))
    memories = (ballot._stream._texts, ballot._stream._votes, ballot._threads._texts, ballot._threads._votes)
    assert [len(memory) for memory in memories] == [10] * 4


def test_hostile_texts_and_names_are_counted_like_any_other() -> None:
    texts = ["\x00" * 50, "\ud800" * 50, "x" * 1_000_000, "\u202e" + LONG, "", "RT @: " * 99]
    votes = cast(Ballot(), *(said(text, f"\ud800\x00{n}") for n, text in enumerate(texts)))
    assert voices(votes) == 6.0


DAY_MINUTES = 24 * 60


def make_acquainted() -> Ballot:
    """Return a ballot that has heard thirty regulars, two days before noon."""
    ballot = Ballot()
    cast(ballot, *(said(distinct(n), f"regular {n}", minutes=-2 * DAY_MINUTES) for n in range(30)))
    return ballot


def own(identifier: str, **more: object) -> Mention:
    return replace(said("our news of the day", "acme", is_own_post=True, **more), id=identifier)  # type: ignore[arg-type]  # tests vary any fact


def test_voice_of_a_thread_is_a_stranger_unless_its_author_spoke_before_the_post() -> None:
    ballot = make_acquainted()
    votes = cast(
        ballot,
        own("p1", minutes=0),
        said("one", "regular 3", minutes=1, thread="p1"),
        said("two", "new", minutes=2),
        said("three", "new", minutes=3, thread="p1"),
        said("four", "new", minutes=4, thread="p1"),
        said("five", None, minutes=5, thread="p1"),
    )
    assert [vote.is_stranger for vote in votes] == [None, False, None, True, None, None]


def test_stranger_of_one_post_is_none_of_the_next() -> None:
    ballot = make_acquainted()
    (first,) = cast(ballot, said("one", "new", minutes=2, thread="p1"))
    cast(ballot, own("p2", minutes=60))
    (second,) = cast(ballot, said("two", "new", minutes=61, thread="p2"))
    assert (first.is_stranger, second.is_stranger) == (True, False)


def test_on_the_first_day_nobody_is_called_a_stranger() -> None:
    ballot = Ballot()
    votes = cast(ballot, *(said(distinct(n), f"a{n}", minutes=n, thread="p1") for n in range(300)))
    assert {vote.is_stranger for vote in votes} == {None}


def test_authors_told_by_another_ballot_are_known() -> None:
    fresh = Ballot(make_acquainted().authors)
    votes = cast(fresh, said("one", "regular 3", thread="p1"), said("two", "new", minutes=1, thread="p1"))
    assert [vote.is_stranger for vote in votes] == [False, True]


def test_restored_authors_are_known() -> None:
    ballot = Ballot()
    long_ago = NOON - timedelta(days=20)
    for number in range(30):
        ballot.restore_author(("x", f"regular {number}"), long_ago, last_at=long_ago, seen_at=long_ago)
    votes = cast(ballot, said("one", "regular 3", thread="p1"), said("two", "new", minutes=1, thread="p1"))
    assert [vote.is_stranger for vote in votes] == [False, True]


def test_first_words_of_a_voice_tell_whether_it_speaks_from_experience() -> None:
    votes = cast(
        Ballot(),
        said("my order never came, and nobody answers", "a", thread="p1"),
        said("who signed this off", "b", minutes=1, thread="p1"),
        said("RT @a: my order never came, and nobody answers", "c", minutes=2, thread="p1"),
        said("my parcel is lost too", "b", minutes=3, thread="p1"),
        said("my parcel is lost", "d", minutes=4),
    )
    assert [vote.is_personal for vote in votes] == [True, False, None, None, None]


def test_customer_who_goes_on_talking_with_the_brand_is_no_new_voice() -> None:
    ballot = Ballot()
    question = replace(said("where is my parcel", "ann", parent_id="p1", thread="p1"), id="q")
    answer = own("a", parent_id="q", thread="p1", minutes=1)
    reply = said("you said that last week, liars", "ann", parent_id="a", thread="p1", minutes=2)
    other = said("what an answer, liars", "bob", parent_id="a", thread="p1", minutes=3)
    first = ballot.cast(question, scores(0.2))
    ballot.cast(answer, scores(0.0))
    second, third = cast(ballot, reply, other, against=0.9)
    assert (first.thread_voice, first.thread_against) == (1.0, 0.2)
    assert (second.thread_voice, second.thread_against, second.is_copy) == (0.0, 0.0, False)
    assert second.against == pytest.approx(0.7)  # in the stream her insistence counts as ever
    assert (third.thread_voice, third.thread_against) == (1.0, 0.9)


def test_when_threads_began_is_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voting, "_MOST_THREADS", 10)
    ballot = Ballot()
    cast(ballot, *(said(distinct(n), f"a{n}", thread=f"p{n}") for n in range(100)))
    assert len(ballot._begun) == 10
