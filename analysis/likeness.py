"""Finds texts of nearly the same words among those of the last hours, however lightly each was edited.

Under the memory of company. A text becomes numbers for its words and neighbouring pairs of words; handles, links,
hashtags, emoji, case, punctuation and what it quotes do not count. Keeps numbers, never a text; who wrote, and why, is
not its business.
"""

import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from zlib import crc32

from stormcone.config import KindSettings

_READ_LIMIT = 600
_MOST_WORDS = 40
_KEYS = 6  # pairs of words under which a text is found
_FULL = 4  # texts under one key, from which it is a turn of speech that finds nothing
_COMPARED, _LEAST_SHARED = 3, 2  # texts that are compared in full, and keys they must share first
_PAIR_FACTOR, _MASK = 0x9E3779B1, 0xFFFFFFFF  # pairs are mixed as in Fibonacci hashing

_REPOST = "RT @"  # by habit, what follows is somebody else's
_LINK = re.compile(r"https?:\S*|www\.\S+", re.IGNORECASE)
_QUOTED = re.compile('"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|»[^«]*«')
_QUOTES = frozenset('"“„«»')
# Thai, kana and Han are written without spaces: every character is taken for a word, and two count as one.
_SPACELESS = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORDS = re.compile(rf"[{_SPACELESS}]|[@#]?[^\W_{_SPACELESS}]+")
_HAS_SIGNS = re.compile(f"[{_SPACELESS}]")
# Apostrophes, and what hides between letters.
_NOT_SEEN = str.maketrans("", "", "'\u2018\u2019\u200b\u200c\u200d\u2060\ufeff\u00ad")
# A table for bytes cuts an English text into words four times as fast as a pattern does.
_ASCII_WORDS = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) in "@#" else ord(" ") for code in range(128)
) + bytes(128)


def words_of(text: str) -> list[str]:
    """Return the words somebody says himself, folded, at most 40, without handles, links, hashtags and quotations.

    Args: text: anything, of any length; the first 600 characters are read.
    >>> words_of('@acme Do NOT buy this!! "the best rye" 🔥 #boycott https://example.com/a')
    ['do', 'not', 'buy', 'this']
    """
    text = text[:_READ_LIMIT].partition(_REPOST)[0]
    if "http" in text or "www." in text or "HTTP" in text:
        text = _LINK.sub(" ", text)
    if '"' in text or not (text.isascii() or _QUOTES.isdisjoint(text)):
        text = _QUOTED.sub(" ", text)
    if text.isascii():
        words = text.encode("ascii").translate(_ASCII_WORDS, b"'").decode("ascii").split()
    else:
        text = unicodedata.normalize("NFKC", text).translate(_NOT_SEEN).casefold()
        words = _WORDS.findall(text)
    if "@" in text or "#" in text:
        words = [word for word in words if word[0] not in "@#"]
    return words[:_MOST_WORDS]


def is_comparable(words: Sequence[str], least: int) -> bool:
    """Tell whether a text of at least so many words is long enough that two people hardly say it independently.

    >>> is_comparable("please delete this now".split(), 8)
    False
    >>> is_comparable("do not buy there they lie to their customers".split(), 8)
    True
    """
    if len(words) < least:
        return False
    signs = sum(len(word) == 1 and _HAS_SIGNS.match(word) is not None for word in words)
    return len(words) - signs / 2 >= least


@dataclass(slots=True, eq=False)
class LikeTexts:
    """Texts that are like their first one. size: how many of them are remembered; is_own: the brand's own words."""

    shingles: "array[int]"  # quoted: subscripted from Python 3.12 on
    keys: tuple[int, ...]
    is_own: bool
    size: int = 0
    joined_to: "LikeTexts | None" = None

    @property
    def family(self) -> "LikeTexts":
        """Whichever stands for these texts and all that others have joined to them."""
        first = self
        while first.joined_to is not None:
            first = first.joined_to
        if first is not self:
            self.joined_to = first
        return first

    def join(self, other: "LikeTexts") -> None:
        """Take these texts and the others for variants of one."""
        mine, theirs = self.family, other.family
        if mine is not theirs:
            theirs.joined_to = mine
            mine.is_own |= theirs.is_own


@dataclass(slots=True)
class Likeness:
    """Puts texts together that are alike; whoever remembers them says when one is forgotten.

    A text that is strictly like two others makes them one family: so the variants of a script find each other, although
    every account edits it anew.
    >>> likeness = Likeness(KindSettings())
    >>> first, _ = likeness.place("they cheat their customers do not buy share before it is deleted".split())
    >>> again, alike = likeness.place("they cheat their costumers do not buy share this before it is deleted".split())
    >>> first is again, round(alike, 2)
    (True, 0.66)
    """

    settings: KindSettings
    _by_key: dict[int, list[LikeTexts]] = field(default_factory=dict)

    def place(self, words: Sequence[str], *, is_own: bool = False) -> tuple[LikeTexts, float]:
        """Return the texts that `words` belong to, and how like the first of them they are, `alike_loosely` .. 1.

        Args: words: as `words_of` returns them, comparable.
        """
        hashes = [_hash(word) for word in words]
        pairs = {(first * _PAIR_FACTOR + second) & _MASK for first, second in pairwise(hashes)}
        keys = sorted(pairs)[:_KEYS]
        pairs.update(hashes)
        kin = self._like(keys, pairs)
        alike, found = max(kin, key=itemgetter(0), default=(1.0, None))
        if found is None:
            found = LikeTexts(shingles=array("L", pairs), keys=tuple(keys), is_own=is_own)
            self._file(found)
        for share, each in kin:
            if share >= self.settings.alike_strictly:
                each.join(found)
        found.size += 1
        return found, alike

    def forget(self, texts: LikeTexts) -> None:
        """One of `texts` is remembered no longer."""
        texts.size -= 1
        if texts.size:
            return
        for key in texts.keys:
            filed = self._by_key.get(key)
            if filed is not None and texts in filed:
                filed.remove(texts)
                if not filed:
                    del self._by_key[key]

    def _file(self, texts: LikeTexts) -> None:
        for key in texts.keys:
            filed = self._by_key.setdefault(key, [])
            if len(filed) < _FULL:
                filed.append(texts)

    def _like(self, keys: Iterable[int], shingles: set[int]) -> list[tuple[float, LikeTexts]]:
        shared: dict[LikeTexts, int] = {}
        for key in keys:
            for each in self._by_key.get(key, ()):
                shared[each] = shared.get(each, 0) + 1
        found = []
        likely = [each for each, count in shared.items() if count >= _LEAST_SHARED]
        for each in sorted(likely, key=shared.__getitem__, reverse=True)[:_COMPARED]:
            common = len(shingles.intersection(each.shingles))
            alike = common / (len(shingles) + len(each.shingles) - common)
            if alike >= self.settings.alike_loosely:
                found.append((alike, each))
        return found


@lru_cache(maxsize=32_768)
def _hash(word: str) -> int:
    """Return the same number on every machine and in every process, unlike hash()."""
    return crc32(word.encode("utf-8", "replace"))
