"""What is usual for a post: the pool for a first post, the brand's own habit later, no storm in it."""

import pytest

from analysis.post_prior import WATCHED_MINUTES, FinishedPost, WhoSpeaks, learn_prior, reply_curve


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


def test_quotes_of_earlier_posts_are_part_of_the_usual_ratio() -> None:
    quoted = [FinishedPost(voices=30, against=6, likes=160, quotes=10) for _ in range(40)]
    assert share_of(learn_prior(quoted).ratio) == pytest.approx(0.2, rel=0.05)


def test_threads_below_posts_nobody_collected_teach_only_where_there_are_no_others() -> None:
    answers = [FinishedPost(voices=1, against=1, likes=None, is_seen=False) for _ in range(30)]
    assert learn_prior([*posts(10), *answers]) == learn_prior(posts(10))
    assert learn_prior(answers).mean_replies < 3


def aged(*bands: tuple[float, float]) -> FinishedPost:
    replies, likes = (sum(each) for each in zip(*bands, strict=True))
    return FinishedPost(voices=replies, against=0.2 * replies, likes=int(likes), by_age=bands)


def test_replies_that_come_before_the_likes_are_usual_at_that_age() -> None:
    prior = learn_prior([aged((20, 20), (5, 30), (5, 50)) for _ in range(40)])
    young, later, old = prior.age_factors
    assert young > 2.5
    assert later < 0.7
    assert old < later
    ratios = [prior.usual_ratio(age) for age in (10, 60, 600)]
    assert ratios == [pytest.approx(each, rel=0.15) for each in (1.0, 0.5, 0.3)]


def test_brand_whose_likes_nobody_looked_at_has_no_habit_of_ages() -> None:
    for earlier in (posts(40), [], [aged((0, 0), (0, 0), (0, 0))] * 40):
        prior = learn_prior(earlier)
        assert set(prior.age_factors) == set(prior.age_factors_so_far) == {1.0}
    assert learn_prior([]).usual_ratio(10) is None


def test_one_post_hardly_makes_a_habit_of_ages() -> None:
    young, _, _ = learn_prior([aged((900, 1), (1, 900), (1, 900))]).age_factors
    assert 1 < young < 2


def who(*, named: int = 0, strangers: int = 0, told: int = 0, personal: int = 0) -> FinishedPost:
    speaks = WhoSpeaks(named=named, strangers=strangers, told=told, personal=personal)
    return FinishedPost(voices=40, against=8, likes=None, who=speaks)


def test_usual_shares_are_means_over_posts_with_a_bound_on_each() -> None:
    prior = learn_prior([who(named=20, strangers=5, told=10, personal=4)] * 9 + [who(named=4_000, strangers=4_000)])
    assert prior.strangers_share == pytest.approx((180 * 0.25 + 50) / 230)
    assert prior.personal_share == pytest.approx(0.4)


@pytest.mark.parametrize(
    "earlier",
    [[], [who()] * 10, [who(named=90, strangers=90)] * 2, [who(named=2, strangers=2)] * 40, [who(named=5)] * 3],
)
def test_too_little_known_makes_no_usual_share(earlier: list[FinishedPost]) -> None:
    assert learn_prior(earlier).strangers_share is None


def test_curve_rises_from_nothing_to_all() -> None:
    ages = (-5, 0, 1, 10, 60, 600, WATCHED_MINUTES, WATCHED_MINUTES + 1)
    shares = [reply_curve(age) for age in ages]
    assert shares[:2] == [0.0, 0.0]
    assert shares == sorted(shares)
    assert shares[-2:] == [1.0, 1.0]
