"""The usual share against a brand: pooled at first, its own later, unmoved by one storm."""

import pytest

from analysis.composition import POOLED_AGAINST_SHARE, POOLED_POSITIVE_SHARE, ShareBaseline


def make_share(*, hours: int = 0, voices: float = 10, against: float = 3) -> ShareBaseline:
    share = ShareBaseline(half_life_voices=1000)
    for _ in range(hours):
        share.learn(voices=voices, against=against, positive=voices / 5)
    return share


def test_new_brand_starts_from_the_pool() -> None:
    share = make_share()
    assert share.against_share == pytest.approx(POOLED_AGAINST_SHARE)
    assert share.positive_share == pytest.approx(POOLED_POSITIVE_SHARE)


def test_own_share_takes_over() -> None:
    share = make_share(hours=200, against=5)
    assert share.against_share == pytest.approx(0.5, abs=0.01)
    assert share.positive_share == pytest.approx(0.2, abs=0.01)


def test_usual_company_is_no_surprise_and_an_angry_crowd_is() -> None:
    share = make_share(hours=100)
    assert abs(share.surprise(voices=40, against=12)) < 0.5
    assert share.surprise(voices=40, against=28) > 4
    assert share.surprise(voices=40, against=2) < -2


def test_same_share_surprises_more_in_a_larger_crowd() -> None:
    share = make_share(hours=100)
    assert share.surprise(voices=100, against=50) > share.surprise(voices=10, against=5)


def test_nobody_is_no_surprise() -> None:
    assert make_share().surprise(voices=0, against=0) == 0.0


def test_nobody_teaches_nothing() -> None:
    share = make_share()
    share.learn(voices=0, against=0, positive=0)
    assert share.against_share == POOLED_AGAINST_SHARE


def test_storm_of_a_thousand_teaches_no_more_than_fifty() -> None:
    large, small = make_share(hours=100), make_share(hours=100)
    large.learn(voices=1000, against=900, positive=0)
    small.learn(voices=50, against=45, positive=0)
    assert large.against_share == pytest.approx(small.against_share, rel=0.02)
    assert large.against_share < 0.36


def test_bursts_of_like_minded_voices_widen_the_spread() -> None:
    even, bursty = make_share(), make_share()
    for number in range(200):
        even.learn(voices=10, against=3, positive=2)
        bursty.learn(voices=10, against=6 if number % 2 else 0, positive=2)
    assert bursty.surprise(voices=40, against=28) < even.surprise(voices=40, against=28) / 2
