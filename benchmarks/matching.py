"""How fast are brands found in texts? `python -m benchmarks.matching [--brands 1000] [--texts 10000] [--json]`.

The matcher against the plain loop it stands for (every brand's pattern on every text), in one run, on invented texts as
Jetstream delivers them. Ends with 1 where the two disagree on any text, or the matcher is not faster.
"""

import argparse
import json
import random
import sys
import time
from collections.abc import Callable
from typing import Final

from stormcone.collecting import Matcher, pattern_of, plain
from stormcone.ports import WatchedAccount, WatchedBrand

_LETTERS: Final = "abcdefghijklmnoprstuvz"
_NAMED_SHARE: Final = 0.05  # of the texts name a brand; a stream of all posts names far fewer
_LOOPED_TEXTS: Final = 500  # the plain loop is timed on so many: it needs minutes for all


def brands(count: int, chance: random.Random) -> tuple[WatchedBrand, ...]:
    """Return so many brands, each with two keywords, a hashtag and an account."""
    made = []
    for number in range(count):
        name = _word(chance)
        keywords = (f"{name}{number}", f"{name} {_word(chance)}")
        account = WatchedAccount(handle=f"{name}_{number}")
        made.append(WatchedBrand(name=name, keywords=keywords, hashtags=(f"{name}day{number}",), accounts=(account,)))
    return tuple(made)


def texts(count: int, watched: tuple[WatchedBrand, ...], chance: random.Random) -> tuple[str, ...]:
    """Return so many posts of 5 to 40 words, some of which name a brand."""
    words = [_word(chance) for _ in range(5_000)]
    made = []
    for _ in range(count):
        post = [chance.choice(words) for _ in range(chance.randrange(5, 40))]
        if chance.random() < _NAMED_SHARE:
            brand = chance.choice(watched)
            named = chance.choice([*brand.keywords, f"#{brand.hashtags[0]}", f"@{brand.handles[0]}"])
            post.insert(chance.randrange(len(post)), named.upper())
        made.append(" ".join(post))
    return tuple(made)


def plain_loop(watched: tuple[WatchedBrand, ...]) -> Callable[[str], tuple[str, ...]]:
    """Return the plain way: every pattern on every text."""
    patterns = [(brand.name, pattern) for brand in watched if (pattern := pattern_of(brand)) is not None]
    return lambda text: tuple(name for name, pattern in patterns if pattern.search(plain(text)))


def _word(chance: random.Random) -> str:
    return "".join(chance.choice(_LETTERS) for _ in range(chance.randrange(3, 9)))


def _timed(find: Callable[[str], tuple[str, ...]], said: tuple[str, ...]) -> tuple[float, list[tuple[str, ...]]]:
    started = time.perf_counter()
    found = [find(text) for text in said]
    return len(said) / (time.perf_counter() - started), found


def main() -> None:
    """Print both speeds; exit with 1 where a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brands", type=int, default=1_000)
    parser.add_argument("--texts", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    chance = random.Random(1)
    watched = brands(arguments.brands, chance)
    said = texts(arguments.texts, watched, chance)
    matcher = Matcher(watched)
    speed, found = _timed(matcher.brands_in, said)
    looped = said[:_LOOPED_TEXTS]
    plain_speed, expected = _timed(plain_loop(watched), looped)
    disagreements = sum(mine != theirs for mine, theirs in zip(found[: len(looped)], expected, strict=True))
    told = {
        "brands": arguments.brands,
        "texts": arguments.texts,
        "naming_a_brand": sum(map(bool, found)),
        "texts_per_second": round(speed),
        "plain_loop_texts_per_second": round(plain_speed, 1),
        "times_faster": round(speed / plain_speed, 1),
        "disagreements": disagreements,
    }
    if arguments.json:
        print(json.dumps(told))
    else:
        print("\n".join(f"{key.replace('_', ' '):30} {value:>12,}" for key, value in told.items()))
    sys.exit(1 if disagreements or speed <= plain_speed else 0)


if __name__ == "__main__":
    main()
