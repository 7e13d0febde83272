"""What is usual for a post: the pool for a first post, the brand's own habit later, no storm in it."""

import pytest

from analysis.post_prior import WATCHED_MINUTES, FinishedPost, learn_prior, reply_curve


def posts(count: int, *, voices: float = 40, against: float = 8, likes: int | None = 160) -> list[FinishedPost]:
    return [FinishedPost(voices=voices + number % 5, against=against, likes=likes) for number in range(count)]


def share_of(pair: tuple[float, float]) -> float:
    return pair[0] / sum(pair)


def test_first_post_gets_the_pool() -> None:
    prior = learn_prior([], against_share=0.3)
    assert (prior.mean_replies, prior.size, prior.posts) == (12.0, 1.0, 0)
    assert share_of(prior.against) == pytest.approx(0.3)
    assert share_of(prior.ratio) == pytest.approx(0.15)


def test_forty_posts_speak_for_themselves() -> None:
    prior = learn_prior(posts(40), against_share=0.3)
    assert prior.mean_replies == pytest.approx(42, rel=0.08)
    assert share_of(prior.against) == pytest.approx(8 / 42, rel=0.05)
    assert share_of(prior.ratio) == pytest.approx(0.2, rel=0.1)


def test_one_storm_of_the_past_is_not_the_norm() -> None:
    usual = learn_prior(posts(39), against_share=0.3)
    after = learn_prior([*posts(39), FinishedPost(voices=3000, against=2700, likes=100)], against_share=0.3)
    assert after.mean_replies < 1.2 * usual.mean_replies
    assert share_of(after.against) < share_of(usual.against) + 0.03


def test_even_brand_is_surer_of_the_number_than_an_uneven_one() -> None:
    uneven = [FinishedPost(voices=1 if number % 2 else 80, against=1, likes=None) for number in range(40)]
    assert learn_prior(posts(40), against_share=0.3).size > 4 * learn_prior(uneven, against_share=0.3).size


def test_unknown_likes_leave_the_pooled_ratio() -> None:
    assert share_of(learn_prior(posts(20, likes=None), against_share=0.3).ratio) == pytest.approx(0.15)


def test_post_without_replies_says_nothing_about_shares() -> None:
    prior = learn_prior([FinishedPost(voices=0, against=0, likes=5)] * 10, against_share=0.3)
    assert share_of(prior.against) == pytest.approx(0.3)
    assert share_of(prior.ratio) == pytest.approx(0.15)


def test_curve_rises_from_nothing_to_all() -> None:
    ages = (-5, 0, 1, 10, 60, 600, WATCHED_MINUTES, WATCHED_MINUTES + 1)
    shares = [reply_curve(age) for age in ages]
    assert shares[:2] == [0.0, 0.0]
    assert shares == sorted(shares)
    assert shares[-2:] == [1.0, 1.0]
