import random

from benchmarks.matching import brands, plain_loop, texts
from stormcone.collecting import Matcher


def test_both_ways_find_the_same_brands() -> None:
    chance = random.Random(7)
    watched = brands(40, chance)
    said = texts(300, watched, chance)
    quick, slow = Matcher(watched).brands_in, plain_loop(watched)
    found = [quick(text) for text in said]
    assert found == [slow(text) for text in said]
    assert sum(map(bool, found)) > 5
