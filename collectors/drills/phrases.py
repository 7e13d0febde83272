"""Turns phrase pools into short posts that differ from each other, as people's do.

Used by the parts that write calm talk and storms. A pool is dealt like a deck of cards, slots are filled, some texts
get an opener or a closer, some lose a capital or a full stop. Never invents a word that stands in no data file.
"""

import random
from collections.abc import Mapping

from collectors.drills.scenario import SLOT, Pool, Scenario

_TRIES = 6
_LOWER_CASE_SHARE = 0.2
_NO_FULL_STOP_SHARE = 0.5
_TYPO_LETTERS = 5  # shorter words are seldom misspelt


class Phrasebook:
    """Writes texts of one scenario; remembers what was said so that crowds do not speak in chorus."""

    def __init__(self, scenario: Scenario, rng: random.Random) -> None:
        self._pools = scenario.pools
        self._slots: Mapping[str, tuple[str, ...]] = {
            **scenario.slots,
            "brand": (scenario.brand,),
            "handle": (f"@{scenario.handle}",),
            "hashtag": (f"#{scenario.hashtag}",),
        }
        self._rng = rng
        self._decks: dict[str, list[str]] = {}
        self._said: set[str] = set()

    def text_of(self, pool: str) -> str:
        """Return a new text of `pool`, not said before where that can be had within a few tries."""
        text = self._draw(pool)
        if self._pools[pool].is_as_written:
            return text
        for _ in range(_TRIES):
            if text not in self._said:
                break
            text = self._draw(pool)
        self._said.add(text)
        return text

    def choose(self, weights: Mapping[str, float]) -> str:
        """Return the name of a pool, chosen by weight."""
        return self._rng.choices(list(weights), weights=list(weights.values()))[0]

    def _draw(self, name: str) -> str:
        pool = self._pools[name]
        deck = self._decks.setdefault(name, [])
        if not deck:
            deck.extend(self._rng.sample(pool.templates, len(pool.templates)))
        text = self._filled(deck.pop())
        text = self._garnished(text[0].upper() + text[1:], pool)
        return text if pool.is_as_written else self._roughened(text, pool)

    def _roughened(self, text: str, pool: Pool) -> str:
        if pool.typo_share and self._rng.random() < pool.typo_share:
            text = self._misspelt(text)
        if self._rng.random() < _LOWER_CASE_SHARE:
            text = text.lower()
        if text.endswith(".") and not text.endswith("..") and self._rng.random() < _NO_FULL_STOP_SHARE:
            text = text[:-1]
        return text

    def _misspelt(self, text: str) -> str:
        """Swap two letters inside one word, as thumbs do."""
        words = text.split(" ")
        long = [number for number, word in enumerate(words) if len(word) >= _TYPO_LETTERS and word.isalpha()]
        if long:
            number = self._rng.choice(long)
            word, at = words[number], self._rng.randrange(1, len(words[number]) - 2)
            words[number] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return " ".join(words)

    def _garnished(self, text: str, pool: Pool) -> str:
        if pool.openers and self._rng.random() < pool.garnish_share:
            text = f"{self._filled(self._rng.choice(pool.openers))} {text}"
        if pool.closers and self._rng.random() < pool.garnish_share:
            text = f"{text} {self._filled(self._rng.choice(pool.closers))}"
        return text

    def _filled(self, template: str) -> str:
        return SLOT.sub(lambda slot: self._rng.choice(self._slots[slot[1]]), template)
