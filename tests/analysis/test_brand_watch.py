"""One brand under watch: storms on posts and on the stream, restarts, gaps, and looking often."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from analysis.brand_watch import BrandWatch, Verdicts
from analysis.cues import CueTable
from analysis.verdicts import Judge
from stormcone.config import BrandSettings, DetectorSettings
from stormcone.models import BrandMinute, Engagement, Gap, Level, PostMinute, ScoredMention, Trust
from stormcone.plugins import discover
from stormcone.ports import Signal
from tests.analysis.simulator import Habit, ordinary_thread, pile_on, poisson, viral_hit
from tests.fakes import make_mention, make_own_post, make_scored

START = datetime(2026, 3, 2, tzinfo=UTC)
SIGNALS = [signal() for signal in discover("analysis.signals", Signal, key="name").values()]  # type: ignore[type-abstract]  # a role to look for
SETTINGS = DetectorSettings()
HABIT = Habit()
DAYS = 3
STORM_AT = START + timedelta(days=DAYS)
LEVELS = (Level.CALM, Level.WATCH, Level.WARN, Level.PAGE)

Told = ScoredMention | Engagement


def make_watch() -> BrandWatch:
    judge = Judge(SETTINGS, SIGNALS, CueTable.load("en"))
    return BrandWatch(BrandSettings(name="acme"), SETTINGS, judge, step_minutes=5)


def when(told: Told) -> datetime:
    return told.seen_at if isinstance(told, Engagement) else told.mention.posted_at


def voice(identifier: str, at: datetime, against: float, *, post: str | None) -> ScoredMention:
    mention = make_mention(
        identifier, posted_at=at, seen_at=at, author=f"author {identifier}", parent_id=post, root_id=post
    )
    return make_scored(mention, hostility=against)


def calm_stream(rng: random.Random, *, days: float = DAYS) -> list[Told]:
    told: list[Told] = []
    for minute in range(int(days * 1440)):
        for number in range(poisson(rng, 0.3)):
            against = rng.uniform(0.5, 0.9) if rng.random() < 0.15 else rng.uniform(0.0, 0.3)
            told.append(voice(f"c{minute}.{number}", START + timedelta(minutes=minute), against, post=None))
    return told


def thread(post: str, at: datetime, replies: Iterable[tuple[float, float]], likes: Sequence[float]) -> list[Told]:
    """Return an own post with its replies and a look at its likes every five minutes."""
    own = make_own_post(post, posted_at=at, seen_at=at)
    told: list[Told] = [make_scored(own, voice=0.0)]
    told += [
        voice(f"{post}.{number}", at + timedelta(minutes=minute), mass, post=post)
        for number, (minute, mass) in enumerate(replies)
    ]
    for age in range(5, 600, 5):
        seen = sum(minute <= age for minute in likes)
        told.append(
            Engagement(platform="x", post_id=post, brand="acme", seen_at=at + timedelta(minutes=age), likes=seen)
        )
    return told


def history(seed: int = 1) -> list[Told]:
    rng = random.Random(seed)
    told = calm_stream(rng)
    for day in range(DAYS - 1):
        usual = ordinary_thread(rng, HABIT)
        told += thread(f"usual {day}", START + timedelta(days=day, hours=12), usual.replies, usual.likes)
    return told


def watch_all(
    watch: BrandWatch, told: Iterable[Told], *, until: datetime, since: datetime = START, poll_minutes: int = 1
) -> list[Verdicts]:
    """Feed everything at its time and look at every poll; return what was concluded."""
    waiting = sorted((each for each in told if since <= when(each) < until), key=when)
    verdicts, next_one, now = [], 0, since
    while now < until:
        now += timedelta(minutes=poll_minutes)
        while next_one < len(waiting) and when(waiting[next_one]) < now:
            each = waiting[next_one]
            if isinstance(each, Engagement):
                watch.engage(each)
            else:
                watch.feed(each)
            next_one += 1
        verdict = watch.evaluate(now)
        if verdict is not None:
            verdicts.append(verdict)
    return verdicts


def storm() -> list[Told]:
    bad = pile_on(random.Random(7), HABIT, onset_minutes=20)
    return thread("bad", STORM_AT, bad.replies, bad.likes)


def levels_of_posts(verdicts: Sequence[Verdicts]) -> set[Level]:
    return {verdict.level for each in verdicts for verdict in each.posts}


def test_nothing_heard_is_no_verdict() -> None:
    assert make_watch().evaluate(START) is None


def test_calm_days_page_nobody() -> None:
    verdicts = watch_all(make_watch(), history(), until=STORM_AT, poll_minutes=5)
    assert Level.PAGE not in {each.stream.level for each in verdicts} | levels_of_posts(verdicts)
    assert verdicts[10].stream.trust is Trust.WARMING_UP
    assert verdicts[-1].stream.trust is Trust.SETTLED


def test_pile_on_on_a_post_pages_within_half_an_hour_and_carries_the_surge() -> None:
    watch = make_watch()
    verdicts = watch_all(watch, [*history(), *storm()], until=STORM_AT + timedelta(hours=2), poll_minutes=5)
    paged = [each for each in verdicts if any(verdict.level is Level.PAGE for verdict in each.posts)]
    assert STORM_AT + timedelta(minutes=20) < paged[0].at <= STORM_AT + timedelta(minutes=55)
    assert paged[-1].posts[0].post == ("x", "bad")
    assert paged[-1].carried_share > 0.8


def test_first_post_of_a_new_brand_is_protected_too() -> None:
    verdicts = watch_all(make_watch(), storm(), since=STORM_AT, until=STORM_AT + timedelta(hours=2))
    assert Level.PAGE in levels_of_posts(verdicts)
    assert {each.stream.trust for each in verdicts} == {Trust.WARMING_UP}


def test_friendly_hit_pages_nobody() -> None:
    hit = viral_hit(random.Random(3), HABIT)
    told = [*history(), *thread("hit", STORM_AT, hit.replies, hit.likes)]
    verdicts = watch_all(make_watch(), told, until=STORM_AT + timedelta(hours=6), poll_minutes=5)
    after = [each for each in verdicts if each.at > STORM_AT]
    assert Level.PAGE not in {each.stream.level for each in after} | levels_of_posts(after)


def test_likes_that_catch_up_do_not_end_an_incident_in_the_middle() -> None:
    bad = pile_on(random.Random(7), HABIT, onset_minutes=20)
    applause = [60 + 0.05 * number for number in range(1200)]
    told = thread("bad", STORM_AT, bad.replies, [*bad.likes, *applause])
    verdicts = watch_all(make_watch(), told, since=STORM_AT, until=STORM_AT + timedelta(minutes=140))
    levels = [verdict.level for each in verdicts for verdict in each.posts]
    first = levels.index(Level.PAGE)
    assert set(levels[first:]) == {Level.PAGE}


def test_looking_often_changes_nothing_at_the_ends_of_steps() -> None:
    told = [*history(), *storm()]
    calm, nervous = make_watch(), make_watch()
    end = STORM_AT + timedelta(hours=6)  # long enough for the surge to settle
    watch_all(calm, told, until=STORM_AT, poll_minutes=5)
    watch_all(nervous, told, until=STORM_AT, poll_minutes=5)
    seldom = watch_all(calm, told, since=STORM_AT, until=end, poll_minutes=5)
    often = [each for each in watch_all(nervous, told, since=STORM_AT, until=end) if each.stream.step is not None]
    assert [each.at for each in often] == [each.at for each in seldom]
    assert {each.stream.is_settling for each in often} == {True, False}
    for one, other in zip(seldom, often, strict=True):
        assert one.stream.level is other.stream.level
        assert one.stream.is_settling is other.stream.is_settling
        assert one.stream.voices_now == other.stream.voices_now


def test_gap_reaches_the_verdict_and_stale_sources_win() -> None:
    watch = make_watch()
    watch_all(watch, history(), until=STORM_AT, poll_minutes=5)
    watch.note_gap(Gap(platform="x", brand=None, started_at=STORM_AT, ended_at=STORM_AT + timedelta(minutes=30)))
    verdict = watch.evaluate(STORM_AT + timedelta(minutes=30))
    assert verdict is not None
    assert verdict.stream.trust is Trust.GAP
    stale = watch.evaluate(STORM_AT + timedelta(minutes=35), Trust.STALE)
    assert stale is not None
    assert stale.stream.trust is Trust.STALE


def brand_minutes(told: Iterable[Told]) -> list[BrandMinute]:
    """Return what the store would keep of the stream."""
    by_minute: defaultdict[datetime, list[ScoredMention]] = defaultdict(list)
    for each in told:
        if isinstance(each, ScoredMention) and not each.mention.is_own_post:
            by_minute[when(each).replace(second=0, microsecond=0)].append(each)
    return [
        BrandMinute(
            brand="acme",
            minute=minute,
            mentions=len(kept),
            own_posts=0,
            negative=sum(each.scores.p_negative for each in kept),
            neutral=sum(each.scores.p_neutral for each in kept),
            positive=sum(each.scores.p_positive for each in kept),
            voices=sum(each.vote.voice for each in kept),
            against=sum(each.vote.against for each in kept),
            hostile=sum(each.scores.hostility >= 0.5 for each in kept),
            copies=0,
        )
        for minute, kept in sorted(by_minute.items())
    ]


def post_minutes(told: Iterable[Told], post: str) -> list[PostMinute]:
    """Return what the store would keep of a thread."""
    replies, against, hostile = Counter[datetime](), defaultdict[datetime, float](float), Counter[datetime]()
    for each in told:
        if isinstance(each, ScoredMention) and each.mention.root_id == post:
            minute = when(each).replace(second=0, microsecond=0)
            replies[minute] += 1
            against[minute] += each.vote.thread_against
            hostile[minute] += each.scores.hostility >= 0.5
    return [
        PostMinute(
            brand="acme",
            platform="x",
            post_id=post,
            minute=minute,
            replies=count,
            voices=float(count),
            against=against[minute],
            hostile=hostile[minute],
        )
        for minute, count in sorted(replies.items())
    ]


def restored(told: Sequence[Told], now: datetime) -> BrandWatch:
    watch = make_watch()
    before = [each for each in told if when(each) < now]
    watch.restore(brand_minutes(before), until=now)
    for post in ("usual 0", "usual 1", "bad"):
        opened = [e for e in before if isinstance(e, ScoredMention) and e.mention.id == post]
        if opened:
            looks = [each for each in before if isinstance(each, Engagement) and each.post_id == post]
            minutes = post_minutes(before, post)
            watch.restore_thread(("x", post), when(opened[0]), minutes=minutes, looks=looks, is_seen=True, until=now)
    for each in before:
        if isinstance(each, ScoredMention) and when(each) >= now - timedelta(hours=2):
            watch.remember(each)
    return watch


@pytest.mark.parametrize("minutes", [0, 30, 60, 120, 240])
def test_restart_at_any_moment_of_a_storm_comes_to_the_same_levels(minutes: int) -> None:
    told = [*history(), *storm()]
    now = STORM_AT + timedelta(minutes=minutes)
    stayed = make_watch()
    watch_all(stayed, told, until=now, poll_minutes=5)
    later = now + timedelta(minutes=30)
    expected = watch_all(stayed, told, since=now, until=later, poll_minutes=5)[-1]
    found = watch_all(restored(told, now), told, since=now, until=later, poll_minutes=5)[-1]
    assert found.stream.level is expected.stream.level
    assert found.stream.is_settling is expected.stream.is_settling
    assert found.stream.voices_usual == pytest.approx(expected.stream.voices_usual, rel=0.05)
    assert {each.post: each.level for each in found.posts} == {each.post: each.level for each in expected.posts}


def test_thread_is_retired_after_two_days_and_teaches_the_next_prior() -> None:
    watch = make_watch()
    told = thread("old", START, [(minute, 0.25) for minute in range(1, 200)], [])
    watch_all(watch, told, until=START + timedelta(hours=10), poll_minutes=60)
    watch.evaluate(START + timedelta(hours=49))
    watch.feed(make_scored(make_own_post("new", posted_at=START + timedelta(hours=50))))
    assert [(each.key, each.prior.mean_replies > 40) for each in watch._threads] == [(("x", "new"), True)]
    watch.feed(voice("late", START + timedelta(hours=51), 0.75, post="old"))
    assert [each.key for each in watch._threads] == [("x", "new")]


def test_history_that_came_too_late_is_flagged() -> None:
    watch = make_watch()
    watch_all(watch, calm_stream(random.Random(1), days=2), until=START + timedelta(days=2), poll_minutes=5)
    assert not watch.missed_history
    watch.feed(voice("ancient", START - timedelta(days=9), 0.25, post=None))
    assert watch.missed_history


def stormy_watch(*gaps: Gap | None, filled: Gap | None = None) -> Verdicts:
    """Return what half an hour of storm looks like with such gaps in it."""
    watch = make_watch()
    watch_all(watch, history(), until=STORM_AT, poll_minutes=5)
    for number in range(60):
        watch.feed(voice(f"s{number}", STORM_AT + timedelta(seconds=30 * number), 0.9, post=None))
    for gap in gaps:
        if gap is not None:
            watch.note_gap(gap)
    if filled is not None:
        watch.note_filled(filled)
    judged = watch.evaluate(STORM_AT + timedelta(minutes=30))
    assert judged is not None
    return judged


def test_a_gap_of_one_place_leaves_what_the_others_bring_as_a_lower_bound() -> None:
    whole = Gap(platform="x", brand=None, started_at=STORM_AT, ended_at=STORM_AT + timedelta(minutes=30))
    part = replace(whole, place="r/acme")
    seen = [stormy_watch(gap) for gap in (None, part, whole)]
    assert [each.stream.trust for each in seen] == [Trust.SETTLED, Trust.GAP, Trust.GAP]
    assert seen[1].stream.level == seen[0].stream.level > seen[2].stream.level
    assert seen[1].stream.voices_now == seen[0].stream.voices_now > seen[2].stream.voices_now


def test_a_gap_that_is_filled_is_unknown_no_more_and_others_of_its_time_stay() -> None:
    whole = Gap(platform="x", brand=None, started_at=STORM_AT, ended_at=STORM_AT + timedelta(minutes=30))
    part = replace(whole, place="r/acme")
    assert stormy_watch(whole, filled=whole).stream.trust is Trust.SETTLED
    both = stormy_watch(part, whole, filled=whole)
    assert (both.stream.trust, both.stream.level) == (Trust.GAP, stormy_watch(None).stream.level)
