"""What is usual for a brand, and how sure a window's shares are beside it."""

from random import Random

import pytest

from analysis.usual import USUAL_WORTH, Said, UsualShares, compare, is_joyful, shrunk


@pytest.mark.parametrize("texts", [5, 20, 100])
def test_four_of_five_intervals_hold_the_true_share(texts: int) -> None:
    draw = Random(7)
    usual, held = 0.3, 0
    for _ in range(2_000):
        share = draw.betavariate(usual * USUAL_WORTH, (1 - usual) * USUAL_WORTH)
        angry = sum(draw.random() < share for _ in range(texts))
        found = shrunk(angry, texts, usual=usual)
        held += found.low <= share <= found.high
    assert 0.76 <= held / 2_000 <= 0.86


def test_three_angry_texts_are_pulled_to_the_usual_share_and_three_hundred_are_not() -> None:
    few, many = shrunk(3, 3, usual=0.2), shrunk(300, 300, usual=0.2)
    assert few.value < 0.4
    assert many.value > 0.93
    assert few.high - few.low > 3 * (many.high - many.low)


@pytest.mark.parametrize(("total", "texts"), [(0.0, 1.0), (1.0, 1.0), (9.0, 4.0), (0.0, 1e6)])
def test_interval_stays_a_share(total: float, texts: float) -> None:
    for usual in (0.0, 0.5, 1.0):
        found = shrunk(total, texts, usual=usual)
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_brand_teaches_its_own_shares_in_place_of_the_pool() -> None:
    usual = UsualShares(half_life_texts=1_000)
    for _ in range(100):
        usual.learn(texts=20, negative=2, hostile=1, cued=3)
    assert (usual.negative, usual.hostile, usual.cued) == pytest.approx((0.1, 0.05, 0.15), abs=0.01)


def test_one_storm_does_not_become_usual() -> None:
    usual = UsualShares(half_life_texts=1_000)
    for _ in range(100):
        usual.learn(texts=20, negative=2, hostile=1, cued=3)
    usual.learn(texts=5_000, negative=4_500, hostile=4_000, cued=4_000)
    assert usual.negative < 0.16


def test_silence_says_nothing_and_teaches_nothing() -> None:
    usual = UsualShares(half_life_texts=1_000)
    before = usual.negative
    usual.learn(texts=0, negative=0, hostile=0, cued=0)
    assert usual.negative == before
    assert compare(Said(), usual) is None


@pytest.mark.parametrize(("hostile", "cued", "joyful"), [(0, 2, True), (9, 2, False), (0, 30, False)])
def test_bad_words_without_hostility_and_cues_are_joy(hostile: float, cued: float, *, joyful: bool) -> None:
    usual = UsualShares(half_life_texts=1_000)
    for _ in range(100):
        usual.learn(texts=20, negative=4, hostile=1, cued=3)
    assert is_joyful(compare(Said(texts=60, negative=30, hostile=hostile, cued=cued), usual)) is joyful


def test_language_without_cues_is_never_called_joyful() -> None:
    usual = UsualShares(half_life_texts=100)
    for _ in range(100):
        usual.learn(texts=50, negative=12, hostile=0, cued=0)
    assert not is_joyful(compare(Said(texts=60, negative=40, hostile=0, cued=0), usual))
