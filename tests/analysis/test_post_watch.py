"""The watch on one own post: ordinary threads and hits stay small, pile-ons do not, whoever polls how often."""

import math
import random
import statistics
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from analysis.post_prior import FinishedPost, PostPrior, learn_prior
from analysis.post_watch import PostWatch
from tests.analysis.simulator import Habit, SimulatedThread, ordinary_thread, pile_on, viral_hit

PAGE = math.log(60)  # what a page needs at 30 posts a month and budget 1
HABIT = Habit()


@cache
def make_prior(seed: int = 1, habit: Habit = HABIT) -> PostPrior:
    rng = random.Random(f"prior {seed}")
    return learn_prior([ordinary_thread(rng, habit).finished() for _ in range(30)])


def watched(
    thread: SimulatedThread, *, step: int = 5, likes_every: int | None = 5, prior: PostPrior | None = None
) -> tuple[float, float | None]:
    """Return the most evidence a thread reached, and the age at which it would page."""
    watch = PostWatch(prior=prior or make_prior())
    most, paged_at, unseen_likes = -math.inf, None, 0
    for age, voices, against, likes in thread.steps(step):
        unseen_likes += likes
        looks = likes_every is not None and age % likes_every == 0
        watch.step(age_minutes=age, voices=voices, against=against, new_likes=float(unseen_likes) if looks else None)
        unseen_likes = 0 if looks else unseen_likes
        most = max(most, watch.evidence.pile_on)
        if paged_at is None and watch.evidence.pile_on >= PAGE:
            paged_at = age
    return most, paged_at


def many(
    make: Callable[[random.Random], SimulatedThread], number: int, *, step: int, likes_every: int | None
) -> list[tuple[float, float | None]]:
    return [
        watched(make(random.Random(seed)), step=step, likes_every=likes_every, prior=make_prior(seed % 8))
        for seed in range(number)
    ]


def delays(
    make: Callable[[random.Random], SimulatedThread], number: int, onset: float, *, step: int, likes_every: int | None
) -> list[float]:
    """Return minutes from onset to page, infinite where there is none."""
    found = many(make, number, step=step, likes_every=likes_every)
    return [math.inf if at is None else at - onset for _, at in found]


@pytest.mark.parametrize(("number", "step", "likes_every"), [(400, 5, 5), (100, 1, 1), (100, 1, 15), (100, 5, None)])
def test_evidence_of_ordinary_threads_stays_small(number: int, step: int, likes_every: int | None) -> None:
    most = [
        each for each, _ in many(lambda rng: ordinary_thread(rng, HABIT), number, step=step, likes_every=likes_every)
    ]
    assert sum(each > math.log(100) for each in most) <= 0.02 * number
    assert sum(each > math.log(2) for each in most) <= 0.1 * number
    assert max(most) > -3  # it looks at all


@pytest.mark.parametrize(("step", "likes_every"), [(5, 5), (1, 1), (1, 15)])
def test_friendly_hit_with_likes_does_not_page(step: int, likes_every: int) -> None:
    most = [each for each, _ in many(lambda rng: viral_hit(rng, HABIT), 60, step=step, likes_every=likes_every)]
    assert sum(each >= PAGE for each in most) <= 1


@pytest.mark.parametrize(("step", "likes_every"), [(5, 5), (1, 1), (1, 15)])
def test_pile_on_is_found_within_half_an_hour(step: int, likes_every: int) -> None:
    found = delays(lambda rng: pile_on(rng, HABIT, onset_minutes=20), 40, 20, step=step, likes_every=likes_every)
    assert statistics.median(found) <= 25
    assert sum(delay <= 35 for delay in found) >= 38


def test_pile_on_whose_sarcasm_is_half_missed_is_still_found() -> None:
    found = delays(lambda rng: pile_on(rng, HABIT, onset_minutes=20, weakened=0.6), 40, 20, step=5, likes_every=5)
    assert statistics.median(found) <= 30
    assert sum(delay < 60 for delay in found) >= 36


def test_turn_after_five_ordinary_hours_is_found_too() -> None:
    found = delays(lambda rng: pile_on(rng, HABIT, onset_minutes=300), 40, 300, step=5, likes_every=5)
    assert statistics.median(found) <= 30


def test_volume_alone_and_anger_alone_are_both_too_little() -> None:
    loud, angry = PostWatch(prior=make_prior()), PostWatch(prior=make_prior())
    for age in range(5, 65, 5):
        loud.step(age_minutes=age, voices=25, against=6, new_likes=200)
    angry.step(age_minutes=600, voices=5, against=4.5, new_likes=5)
    assert loud.evidence.pile_on < PAGE < loud.evidence.volume
    assert angry.evidence.pile_on < PAGE


def test_likes_without_voices_speak_against_a_pile_on() -> None:
    quiet, liked = PostWatch(prior=make_prior()), PostWatch(prior=make_prior())
    for watch in (quiet, liked):
        watch.step(age_minutes=5, voices=8, against=6, new_likes=2)
    before = liked.evidence.composition
    liked.step(age_minutes=10, voices=0, against=0, new_likes=150)
    quiet.step(age_minutes=10, voices=0, against=0, new_likes=None)
    assert quiet.evidence.composition == before
    assert liked.evidence.composition < before - 0.5


def test_voices_between_two_looks_at_the_likes_are_held_against_all_of_them() -> None:
    at_once, split = PostWatch(prior=make_prior()), PostWatch(prior=make_prior())
    at_once.step(age_minutes=20, voices=20, against=5, new_likes=4)
    split.step(age_minutes=19, voices=19, against=4.75, new_likes=None)
    split.step(age_minutes=20, voices=1, against=0.25, new_likes=4)
    assert split.evidence.composition == pytest.approx(at_once.evidence.composition, abs=2.0)
    assert split.evidence.composition > 0


def test_start_over_drops_the_bets_and_keeps_the_age() -> None:
    watch, fresh = PostWatch(prior=make_prior()), PostWatch(prior=make_prior())
    for age in range(300, 600, 5):
        watch.step(age_minutes=age, voices=1, against=0.9, new_likes=0)
    assert watch.evidence.pile_on > PAGE
    watch.start_over()
    assert watch.evidence.pile_on < -40
    for each in (watch, fresh):
        each.step(age_minutes=605, voices=6, against=5, new_likes=1)
    assert watch.evidence.volume > fresh.evidence.volume + 1  # five late minutes bring less than the first ten hours


def test_step_at_the_same_or_an_earlier_age_is_taken_without_an_error() -> None:
    watch = PostWatch(prior=make_prior())
    watch.step(age_minutes=30, voices=2, against=1, new_likes=None)
    watch.step(age_minutes=30, voices=1, against=1, new_likes=None)
    watch.step(age_minutes=10, voices=1, against=1, new_likes=0)
    assert math.isfinite(watch.evidence.pile_on)


def test_expected_voices_of_both_days_are_the_prior_mean() -> None:
    watch = PostWatch(prior=make_prior())
    assert watch.expected_voices(0, 2880) == pytest.approx(watch.prior.mean_replies)
    assert watch.expected_voices(0, 30) > watch.expected_voices(30, 60) > 0


def test_quotes_that_are_only_counted_speak_as_voices_per_like() -> None:
    """The evidence for an abnormal composition is that of as many replies; that for volume is untouched."""
    counted, plain = PostWatch(prior=make_prior()), PostWatch(prior=make_prior())
    for age in range(5, 65, 5):
        counted.step(age_minutes=age, voices=3, against=1.5, new_likes=2, new_quotes=8)
        plain.step(age_minutes=age, voices=3, against=1.5, new_likes=2)
    assert counted.evidence.composition > plain.evidence.composition + 1
    assert counted.evidence.volume == plain.evidence.volume


def test_quotes_wait_for_a_look_at_the_likes() -> None:
    waited, at_once = PostWatch(prior=make_prior()), PostWatch(prior=make_prior())
    for age, quotes in ((5, 4), (10, 6)):
        waited.step(age_minutes=age, voices=0, against=0, new_likes=None, new_quotes=quotes)
    waited.step(age_minutes=15, voices=0, against=0, new_likes=3)
    for age in (5, 10):
        at_once.step(age_minutes=age, voices=0, against=0, new_likes=None)
    at_once.step(age_minutes=15, voices=0, against=0, new_likes=3, new_quotes=10)
    assert waited.evidence == at_once.evidence


def test_young_post_with_as_many_replies_per_like_as_young_posts_have_is_ordinary() -> None:
    """Where a public answers first and likes later, half an hour of replies alone is no ratio."""
    earlier = [
        FinishedPost(
            voices=30, against=6, likes=likes, by_age=((20.0, 0.2 * likes), (5.0, 0.3 * likes), (5.0, 0.5 * likes))
        )
        for likes in (80, 120) * 20
    ]
    plain = [replace(post, by_age=()) for post in earlier]
    of_its_age, of_any_age = PostWatch(prior=learn_prior(earlier)), PostWatch(prior=learn_prior(plain))
    for watch in (of_its_age, of_any_age):
        for age in range(5, 35, 5):
            watch.step(age_minutes=age, voices=10, against=6, new_likes=8)
    assert of_its_age.evidence.composition < of_any_age.evidence.composition - 1
    assert of_its_age.by_age == [(60, 48), (0, 0), (0, 0)]


def test_what_an_age_brought_survives_a_new_start() -> None:
    watch = PostWatch(prior=make_prior())
    watch.step(age_minutes=10, voices=5, against=2, new_likes=4)
    watch.start_over()
    watch.step(age_minutes=60, voices=1, against=0, new_likes=9)
    assert watch.by_age == [(5, 4), (1, 9), (0, 0)]
