"""What a brand's mentions usually say: how many texts of about the last 30 days held a word or phrase.

The other side of the scale for topics. Fed by background_feed, bounded in memory, fading by itself. Keeps words and
counts, never a text or an author; has no clock.
"""

import math
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from heapq import nlargest
from itertools import islice
from operator import itemgetter
from typing import Final

from analysis.cleaning import for_scoring
from analysis.common_words import UNHEARD_SHARE, common_shares

HALF_LIFE_DAYS: Final = 10.0  # what is older than 30 days weighs an eighth of all
LONGEST_PHRASE: Final = 3  # words
_MOST_TERMS: Final = 6_000  # under a megabyte a brand
_SLACK: Final = 1.25  # how far the memory may outgrow its bound before it is cut: a cut sorts all of it
_POOL_TEXTS: Final = 100.0  # how many texts the common words stand for; a brand's own outweigh them within days
_BRAND_WORD_SHARE: Final = 0.9  # of texts that hold the brand's own name
_FUNCTION_WORD_SHARE: Final = 0.015  # of everyday texts: about the first hundred words of each language
_EVERYDAY_SHARE: Final = 0.15  # of the brand's texts; a carrier's "flight" stays below
_PHRASE_OF_WORD: Final = 0.5  # a phrase of common words is assumed in half as many texts as its rarest word
_FARTHEST: Final = 40.0  # half-lives between the oldest weight and the newest, before all are brought to date
_MOST_TERMS_A_TEXT: Final = 300  # a hundred words say what it is about
_LONGEST_WORD: Final = 30  # letters; longer ones are keys, links without a scheme, or a fist on the keyboard
_EMAIL: Final = re.compile(r"\S+@\S+")
_CLAUSE: Final = re.compile(r"[^\w\s'#&/-]+")
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def terms_of(text: str) -> dict[str, None]:
    """Return the words and the phrases of two and three words in a text, each once, in order of appearance.

    No phrase runs across the end of a clause. Words are letters, digits, inner apostrophes and hyphens: no sign that a
    screen, a sheet or a markup language could read as anything else.
    Args: text: anything, of any length; the first hundred words are read, without links, handles, e-mail addresses.
    >>> list(terms_of("Double delivery fees? @acme NO!"))
    ['double', 'double delivery', 'double delivery fees', 'delivery', 'delivery fees', 'fees', 'no']
    """
    return dict.fromkeys(islice(_terms(_EMAIL.sub(" . ", for_scoring(text)).lower()), _MOST_TERMS_A_TEXT))


def _terms(cleaned: str) -> Iterator[str]:
    for clause in _CLAUSE.split(cleaned):
        words = _WORD.findall(clause)
        for first, word in enumerate(words):
            phrase = word
            if len(word) > _LONGEST_WORD:
                continue
            yield phrase
            for other in words[first + 1 : first + LONGEST_PHRASE]:
                if len(other) > _LONGEST_WORD:
                    break
                phrase = f"{phrase} {other}"
                yield phrase


class Background:
    """How many texts of late held a term; a day-old text weighs a little less than one of today.

    Feed it every mention but the hostile ones of a live incident, so that a storm does not become its own background.
    Source: exponential decay without touching old counts: Cormode, Shkapenyuk, Srivastava, Xu, "Forward decay", ICDE
    2009. Bound: the lightest terms go now and then, in the manner of Manku, Motwani, "Approximate frequency counts over
    data streams", VLDB 2002; one that is gone is taken to weigh as much as the heaviest that ever went.
    >>> usual = Background(brand_words=["acme"])
    >>> usual.add("Where is my delivery, acme?", datetime(2026, 3, 2, tzinfo=UTC))
    >>> usual.count("my delivery")
    1.0
    """

    def __init__(self, *, brand_words: Collection[str] = (), most_terms: int = _MOST_TERMS) -> None:
        if most_terms < 1:
            raise ValueError(f"a background holds at least one term, not {most_terms}")
        self._brand_words = frozenset(word for each in brand_words for word in _WORD.findall(each.lower()))
        self._most_terms = most_terms
        self._terms: dict[str, float] = {}
        self._texts = 0.0
        self._unheard = 0.0
        self._landmark = 0.0  # half-lives since the epoch at which a text weighs one
        self._newest = -math.inf

    def add(self, text: str, posted_at: datetime) -> None:
        """Count the terms of one text, each once.

        Args: posted_at: aware; the earlier of publication and collection, as a date far ahead makes all else old.
        """
        at = _half_lives(posted_at)
        if not self._texts or at - self._landmark > _FARTHEST:
            self._move_landmark(at)
        self._newest = max(self._newest, at)
        weight = 2.0 ** (at - self._landmark)
        self._texts += weight
        for term in terms_of(text):
            self._terms[term] = self._terms.get(term, 0.0) + weight
        if len(self._terms) > self._most_terms * _SLACK:
            self._cut()

    @property
    def texts(self) -> float:
        """How many texts there are, faded to the newest one; 0 before the first."""
        return self._texts * self._faded

    def count(self, term: str) -> float:
        """Return how many texts held `term`, faded to the newest one; see above for one not in memory.

        The pool of common words is not counted here.
        """
        return self._terms.get(term, self._unheard) * self._faded

    def share(self, term: str) -> float:
        """Return the share of texts expected to hold `term`, above 0, below 1: own counts beside the pool's."""
        pooled = _POOL_TEXTS * self._pooled_share(term)
        return min(0.999, (self.count(term) + pooled) / (self.texts + _POOL_TEXTS))

    def is_everyday(self, word: str) -> bool:
        """Tell whether everybody uses a word anyway: a function word, the brand's name, or what many a text holds."""
        return self._pooled_share(word) >= _FUNCTION_WORD_SHARE or self.share(word) >= _EVERYDAY_SHARE

    @property
    def weight(self) -> float:
        """How many texts stand behind `share`, those of the pool included."""
        return self.texts + _POOL_TEXTS

    @property
    def _faded(self) -> float:
        return 2.0 ** (self._landmark - self._newest) if self._texts else 0.0

    def _move_landmark(self, at: float) -> None:
        """Bring all weights to date; what weighs nothing any more is dropped."""
        scale = 2.0 ** max(self._landmark - at, -1_000.0) if self._texts else 0.0
        self._landmark = at
        self._texts *= scale
        self._unheard *= scale
        least = 2.0**-_FARTHEST
        self._terms = {term: weight * scale for term, weight in self._terms.items() if weight * scale > least}

    def _cut(self) -> None:
        kept = nlargest(self._most_terms, self._terms.items(), key=itemgetter(1))
        self._unheard = max(self._unheard, kept[-1][1])
        self._terms = dict(kept)

    def _pooled_share(self, term: str) -> float:
        common = common_shares()
        words = term.split(" ")
        rarest = min(
            _BRAND_WORD_SHARE if word in self._brand_words else common.get(word, UNHEARD_SHARE) for word in words
        )
        return rarest if len(words) == 1 else max(UNHEARD_SHARE, rarest * _PHRASE_OF_WORD)


def _half_lives(instant: datetime) -> float:
    return (instant - _EPOCH).total_seconds() / 86_400 / HALF_LIFE_DAYS
